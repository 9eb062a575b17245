//! What people decide in awkward studies: renamed files, like names, odd numbers.

use std::fs;
use std::sync::{Arc, Mutex};

use leitmotif::codebook::act::{Act, NewFile};
use leitmotif::codebook::edit::CodeEdit;
use leitmotif::codebook::{CodeId, CodeKind};
use leitmotif::session::{Person, Session};
use leitmotif::study::StudyError;
use serde_json::Value;

use crate::harness::{Folder, Ran, interview};

fn json(folder: &Folder, args: &[&str]) -> Value {
    serde_json::from_str(&folder.run(&[args, &["--format", "json"]].concat()).out).unwrap()
}

/// A study of transcripts, each of one name and what is said.
fn study(talks: &[(&str, &str)]) -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for (name, talk) in talks {
        folder.write(&format!("{name}.txt"), talk);
    }
    folder
}

/// Runs a command that must succeed, with or without warnings.
#[track_caller]
fn act(folder: &Folder, args: &[&str]) -> Ran {
    let ran = folder.run(&[args, &["--coder", "Efa"]].concat());
    assert!(ran.code < 2, "{args:?}: {}", ran.err);
    ran
}

#[track_caller]
fn refused(folder: &Folder, args: &[&str]) -> String {
    let ran = folder.run(args);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
    ran.err
}

fn quote(folder: &Folder, transcript: &str, lines: &str, more: &[&str]) {
    let args = ["quote", "add", "--transcript", transcript, "--lines", lines];
    act(folder, &[&args, more].concat());
}

/// Each quotation: its transcript, how it stands and why.
fn standings(folder: &Folder) -> Vec<String> {
    let listed = json(folder, &["quote", "list"]);
    let shown = listed.as_array().unwrap().iter().map(|quotation| {
        let at = quotation["at"]["transcript"].as_str().unwrap_or("-");
        let reason = quotation["reason"].as_str().unwrap_or("");
        format!("{at} {} {reason}", quotation["standing"].as_str().unwrap()).trim().to_owned()
    });
    shown.collect()
}

#[test]
fn a_quotation_follows_its_file_not_its_name() {
    let folder = study(&[
        ("Ann", "Interviewer: Was it?\nAnn: Yes, exactly so. The choir helped.\n"),
        ("Cid", "Interviewer: Was it?\nCid: Yes, exactly so. The garden helped.\n"),
    ]);
    act(&folder, &["code", "add", "Agreement"]);
    quote(&folder, "Ann", "2", &["--words", "Yes, exactly so.", "--code", "Agreement"]);
    let rename = |from: &str, to: &str| {
        fs::rename(folder.path().join(from), folder.path().join(to)).unwrap();
    };
    rename("Ann.txt", "Dora.txt");
    rename("Cid.txt", "Ann.txt");
    assert_eq!(standings(&folder), ["Dora moved"]);
    // Two files could be the one: nobody knows which.
    fs::copy(folder.path().join("Dora.txt"), folder.path().join("Eve.txt")).unwrap();
    assert_eq!(
        standings(&folder),
        ["- stale its transcript has another name now, and is there 2 times: `Dora`, `Eve`"]
    );
    fs::remove_file(folder.path().join("Eve.txt")).unwrap();
    act(&folder, &["quote", "reanchor"]);
    assert_eq!(standings(&folder), ["Dora here"]);
}

#[test]
fn words_are_not_found_again_within_other_words() {
    let folder = study(&[(
        "Ann",
        "Interviewer: And?\nAnn: I agree. So it was.\nInterviewer: And?\nAnn: We said ha ha then.\n",
    )]);
    act(&folder, &["code", "add", "Talk"]);
    quote(&folder, "Ann", "2", &["--words", "I agree", "--code", "Talk"]);
    quote(&folder, "Ann", "4", &["--words", "ha ha", "--code", "Talk"]);
    folder.write(
        "Ann.txt",
        "Interviewer: And?\nAnn: I agreed. So it was.\nInterviewer: And?\nAnn: We said ha ha ha.\n",
    );
    assert_eq!(
        standings(&folder),
        [
            "- stale its words are there only within other words",
            "- stale its words are there 2 times"
        ]
    );
    assert_eq!(
        refused(
            &folder,
            &[
                "quote",
                "add",
                "--transcript",
                "Ann",
                "--lines",
                "4",
                "--words",
                "ha ha",
                "--code",
                "Talk"
            ]
        ),
        "error: `ha ha` stands more than once in these lines of `Ann`\n  hint: give fewer lines or more words\n"
    );
}

#[test]
fn picked_words_cross_line_ends_and_leave_labels_out() {
    let folder = study(&[(
        "Ann",
        "Interviewer: And?\r\nAnn: Well, the choir\r\nsang of Ann and Bo.\r\nInterviewer: Aye?\r\nAnn: Aye.\r\n",
    )]);
    act(&folder, &["code", "add", "Talk"]);
    quote(&folder, "Ann", "2-3", &["--words", "the choir sang", "--code", "Talk"]);
    // Her label is no talk, so her name is said once only.
    quote(&folder, "Ann", "2-3", &["--words", "Ann", "--code", "Talk"]);
    let listed = json(&folder, &["quote", "list"]);
    assert_eq!(
        (&listed[0]["text"], &listed[1]["text"]),
        (&"the choir\r\nsang".into(), &"Ann".into())
    );
    let add = ["quote", "add", "--transcript", "Ann", "--lines", "5", "--code", "Talk", "--words"];
    for words in ["Ann", "Ann: Aye"] {
        assert_eq!(
            refused(&folder, &[&add[..], &[words]].concat()),
            format!(
                "error: nobody says `{words}` in these lines of `Ann`\n  hint: speaker labels and times cannot be part of a quotation\n"
            )
        );
    }
}

#[test]
fn notes_numbers_and_targets_are_taken_at_their_word() {
    let folder = study(&[("Ann", "Interviewer: And?\nAnn: Aye, so it was.\n")]);
    let said = act(&folder, &["code", "add", "Y", "--definition", ""]).out;
    assert_eq!(said, "Decision 1: added code “Y”.\n");
    act(&folder, &["code", "add", "Z", "--definition", "Last.", "--color", "#1f77b4"]);
    let codes = json(&folder, &["codebook"]);
    assert_eq!(
        (&codes[0]["name"], &codes[1]["definition"], &codes[1]["color"]),
        (&"Y".into(), &"Last.".into(), &"#1f77b4".into())
    );
    assert_eq!(json(&folder, &["log"]).as_array().unwrap().len(), 2);
    for name in ["3.", "\u{200b}", "a\u{7}b"] {
        assert!(
            refused(&folder, &["code", "add", name]).contains("cannot be used as a name"),
            "{name:?}"
        );
    }
    assert_eq!(
        refused(&folder, &["memo", "add", "Ask", "--on", "study:foo"]),
        "error: a memo cannot be on `study:foo`\n  hint: write study, code:NAME, quote:7, transcript:P07 or case:P07\n"
    );
    act(&folder, &["memo", "add", "Ask", "--on", "study"]);
    for command in ["undo", "redo"] {
        assert!(refused(&folder, &[command, "0"]).contains("'0'"));
    }
    assert_eq!(
        refused(&folder, &["code", "merge", "Y", "#1"]),
        "error: at least two codes are needed to merge\n  hint: list each of them once\n"
    );
    act(&folder, &["undo", "3"]);
    assert_eq!(json(&folder, &["codebook"]), serde_json::json!([]));
}

#[test]
fn a_merger_of_codes_with_like_children_leaves_no_name_twice() {
    let folder =
        study(&[("Ann", "Interviewer: And?\nAnn: Aye, so it was.\nInterviewer: Oh?\nAnn: Yes.\n")]);
    for (name, under) in [("A", ""), ("B", ""), ("C", ""), ("x", "B"), ("X", "C")] {
        let under: &[&str] = if under.is_empty() { &[] } else { &["--under", under] };
        act(&folder, &[&["code", "add", name], under].concat());
    }
    quote(&folder, "Ann", "2", &["--code", "C > X"]);
    act(&folder, &["code", "merge", "A", "B", "C"]);
    let codes = json(&folder, &["codebook"]);
    let paths: Vec<&Value> = codes.as_array().unwrap().iter().map(|code| &code["path"]).collect();
    assert_eq!(paths, ["A", "A > x"]);
    let listed = json(&folder, &["quote", "list", "--code", "x"]);
    assert_eq!(listed[0]["text"], "Aye, so it was.");
}

#[test]
fn an_act_on_what_somebody_changed_meanwhile_is_a_conflict_and_no_lost_update() {
    let folder = study(&[("Ann", "Interviewer: And the garden?\nAnn: We dug all of it.\n")]);
    let open = || Session::open(folder.path(), None, &|_: usize, _: usize| ()).unwrap().session;
    let (ann, ben) = (open(), open());
    let person = |name: &str| Person { coder: name.to_owned(), command: "a page".to_owned() };
    let add = |name: &str| Act::AddCode {
        name: name.to_owned(),
        kind: CodeKind::Code,
        under: None,
        notes: CodeEdit::default(),
    };
    let rename = |name: &str| Act::EditCode {
        code: CodeId(1),
        change: CodeEdit { name: Some(name.to_owned()), ..CodeEdit::default() },
    };
    ann.act(&person("Ann"), 0, &add("Digging")).map(drop).unwrap();
    ben.catch_up().unwrap();
    let seen = ben.snapshot().n_decisions().unwrap();
    assert_eq!(seen, 1);
    ann.act(&person("Ann"), 1, &rename("Spadework")).map(drop).unwrap();
    // Ben renames what he saw as “Digging”.
    let Err(conflict) = ben.act(&person("Ben"), seen, &rename("Earth")) else {
        panic!("the update of Ann is lost");
    };
    assert!(matches!(conflict, StudyError::Conflict { number: 2, .. }), "{conflict}");
    // What nobody touched goes on, and whoever looks again may decide.
    let seen = ben.snapshot().n_decisions().unwrap();
    assert_eq!(seen, 2);
    ben.act(&person("Ben"), 1, &add("Watering")).map(drop).unwrap();
    ben.act(&person("Ben"), 3, &rename("Earth")).map(drop).unwrap();
    let codes = json(&folder, &["codebook"]);
    let names: Vec<&str> =
        codes.as_array().unwrap().iter().map(|code| code["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Earth", "Watering"]);
}

fn person(name: &str) -> Person {
    Person { coder: name.to_owned(), command: "a page".to_owned() }
}

fn open(folder: &Folder) -> leitmotif::session::Opened {
    Session::open(folder.path(), None, &|_: usize, _: usize| ()).unwrap()
}

/// While a folder is read again in one window, a file comes in from another.
#[test]
fn a_study_that_was_opened_while_a_file_came_in_knows_it() {
    let folder = study(&[("Ann", &interview("Ann", "garden", 4))]);
    let other = Arc::new(open(&folder).session);
    folder.write("Bob.txt", interview("Bob", "garden", 4));
    let adding = Mutex::new(None);
    let meanwhile = |_: usize, _: usize| {
        let other = Arc::clone(&other);
        let bytes = interview("Cid", "kettle", 4).into_bytes();
        let files = vec![NewFile { name: "Cid.txt".to_owned(), bytes }];
        let mut adding = adding.lock().unwrap();
        adding.get_or_insert_with(|| {
            let act = Act::AddFiles { folder: None, files };
            std::thread::spawn(move || other.act(&person("Ann"), 0, &act).map(drop))
        });
    };
    let opened = Session::open(folder.path(), None, &meanwhile).unwrap().session;
    adding.into_inner().unwrap().unwrap().join().unwrap().unwrap();
    opened.catch_up().unwrap();
    let snapshot = opened.snapshot();
    assert_eq!(snapshot.n_decisions().unwrap(), 1);
    let ids: Vec<&str> = snapshot.corpus.transcripts.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["Ann", "Bob", "Cid"]);
}

#[test]
fn who_holds_the_study_ends_its_own_act_and_keeps_nobody_out() {
    let folder = study(&[("Ann", &interview("Ann", "garden", 4))]);
    folder.answer(&["code", "add", "Tea"]);
    folder.write(".leitmotif/changing.json", r#"{"record":"none","changes":[]}"#);
    let lock = fs::File::create(folder.path().join(".leitmotif/lock")).unwrap();
    lock.lock().unwrap();
    assert!(folder.answer(&["codebook"]).contains("Tea"));
    assert!(folder.path().join(".leitmotif/changing.json").exists());
    drop(lock);
    // Whose owner is gone is ended by whoever comes next.
    assert!(folder.run(&["codebook"]).err.contains("was interrupted"));
    assert!(!folder.path().join(".leitmotif/changing.json").exists());
}

#[test]
fn a_label_that_is_declared_makes_only_those_files_be_read_in_which_it_changes_something() {
    let folder = study(&[
        ("Ann", &interview("Ann", "garden", 4)),
        ("Bob", &interview("Bob", "garden", 4)),
        ("Notes", "Zed: we went home, all of us\nand it was late by then\n"),
    ]);
    assert_eq!(open(&folder).report.n_read, 3);
    let texts = || fs::read_dir(folder.path().join(".leitmotif/cache/texts")).unwrap().count();
    for (roles, read) in [
        ("interviewer = [\"Interviewer\"]", &[][..]),
        ("interviewer = [\"Interviewer\"]\nother = [\"Zed\"]", &["Notes"]),
        ("other = [\"Zed\"]", &[]),
        ("", &["Notes"]),
    ] {
        folder.write("study.toml", format!("language = \"en\"\n[roles]\n{roles}\n"));
        assert_eq!(open(&folder).report.read, read, "{roles}");
        assert_eq!(open(&folder).report.n_read, 0);
        assert_eq!(texts(), 3);
    }
}

/// How often the database was written to: the change counter of its file format.
fn n_writes(folder: &Folder) -> u32 {
    let bytes = fs::read(folder.path().join(".leitmotif/study.db")).unwrap();
    u32::from_be_bytes(bytes[24..28].try_into().unwrap())
}

#[test]
fn acts_that_wait_are_kept_together() {
    let folder = study(&[("Ann", "Ann: We boiled the kettle.\n"), ("Bob", "Bob: It rained.\n")]);
    act(&folder, &["code", "add", "First"]);
    let before = n_writes(&folder);
    let opened = Session::open(folder.path(), None, &|_: usize, _: usize| {}).unwrap();
    let session = Arc::new(opened.session);
    let add = |name: &str| Act::AddCode {
        name: name.to_owned(),
        kind: CodeKind::Code,
        under: None,
        notes: CodeEdit::default(),
    };
    let mut acts: Vec<Act> = (0..8).map(|n| add(&format!("Code {n}"))).collect();
    // One that the codebook refuses, and one that changes a file, are told by themselves.
    acts.push(add("First"));
    acts.push(Act::LeaveOut { file: "Bob".to_owned() });
    // Whoever has the first turn waits for another process; the others for that turn.
    let held = fs::File::options().write(true).open(folder.path().join(".leitmotif/lock")).unwrap();
    held.lock().unwrap();
    let act_of = |act: Act| {
        let session = Arc::clone(&session);
        std::thread::spawn(move || {
            let person = Person { coder: "Ann".to_owned(), command: "serve".to_owned() };
            session.act(&person, 1, &act).map(|decided| session.snapshot().shown(decided))
        })
    };
    let threads: Vec<_> = acts.into_iter().map(act_of).collect();
    std::thread::sleep(std::time::Duration::from_millis(500));
    drop(held);
    let done: Vec<_> = threads.into_iter().map(|it| it.join().unwrap()).collect();
    assert!(done[8].is_err() && done.iter().enumerate().all(|(n, it)| n == 8 || it.is_ok()));
    let mut numbers: Vec<u32> =
        done.iter().flatten().map(|it| it.decision.as_ref().unwrap().number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (2..=10).collect::<Vec<_>>());
    // The file is changed by a decision that is kept alone; few turns did all.
    let written = n_writes(&folder) - before;
    assert!((2..=4).contains(&written), "{written} writes");
    drop(session);
    let again = Session::open(folder.path(), None, &|_: usize, _: usize| {}).unwrap().session;
    assert_eq!(again.snapshot().codebook().unwrap().codes.len(), 9);
    assert!(fs::read_to_string(folder.path().join("study.toml")).unwrap().contains("Bob"));
}
