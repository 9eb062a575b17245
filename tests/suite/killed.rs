//! Processes that are killed, and studies that are moved: no command is locked out,
//! and nothing is said to be decided that is not.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use leitmotif::base::Seed;
use leitmotif::codebook::act::Act;
use leitmotif::session::{Person, Session};

use crate::harness::{Folder, interview};

const TOPICS: [&str; 6] = ["garden", "chapel", "clock", "kettle", "stairs", "river"];

fn study() -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for (n, topic) in (1..).zip(TOPICS) {
        folder.write(&format!("P{n}.txt"), interview("Ann", topic, 40));
    }
    folder
}

/// Adds a line to two transcripts, so that the index has to take out and put in.
fn change(folder: &Folder, round: usize) {
    for topic in &TOPICS[..2] {
        let n = TOPICS.iter().position(|known| known == topic).unwrap() + 1;
        let more = format!("Ann: And then, {round}, the {topic} again.\n");
        folder.write(&format!("P{n}.txt"), interview("Ann", topic, 40) + &more);
    }
}

fn start(folder: &Folder, args: &[&str]) -> std::process::Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leitmotif"));
    command.arg("--study").arg(folder.path()).args(args);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// The names of the files that take passages out of the index.
fn deletions(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path().join(".leitmotif/index")).into_iter().flatten();
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| name.rsplit_once('.').is_some_and(|(_, end)| end == "del")).collect()
}

/// Expects that everything goes on, with at most a warning that the index was built
/// anew, which is said once.
#[track_caller]
fn goes_on(folder: &Folder, round: usize) -> bool {
    // What is decided never looks at the index.
    folder.answer(&["log"]);
    folder.answer(&["code", "add", &format!("code {round}"), "--coder", "Efa"]);
    let found = folder.run(&["search", "garden", "--limit", "3"]);
    let is_rebuilt = found.err.contains("the index could not be used and was built anew");
    assert_eq!(found.code, i32::from(is_rebuilt), "{}", found.err);
    assert_eq!(folder.answer(&["search", "garden", "--limit", "3"]), found.out);
    is_rebuilt
}

#[test]
fn a_process_killed_in_an_index_commit_locks_no_command_out() {
    let folder = study();
    folder.answer(&["index"]);
    for round in 0..8 {
        change(&folder, round);
        let before = deletions(&folder);
        let mut child = start(&folder, &["index"]);
        let begun = Instant::now();
        // The worst moment: what is taken out is written, and not yet committed.
        while child.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(20) {
            if deletions(&folder).iter().any(|name| !before.contains(name)) {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        goes_on(&folder, round);
    }
}

#[test]
fn a_process_killed_at_any_moment_locks_no_command_out() {
    let folder = study();
    for round in 0..12 {
        if round % 4 == 0 {
            // As at the very beginning.
            fs::remove_dir_all(folder.path().join(".leitmotif/index")).ok();
            fs::remove_dir_all(folder.path().join(".leitmotif/cache")).ok();
        }
        change(&folder, round);
        let mut child = start(&folder, &["index"]);
        std::thread::sleep(Duration::from_millis(7 * round as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        goes_on(&folder, round);
    }
}

/// All files below a folder, by their paths in it.
fn files_below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            let is_folder = entry.file_type().unwrap().is_dir();
            found.push(entry.path().strip_prefix(folder).unwrap().display().to_string());
            open.extend(is_folder.then(|| entry.path()));
        }
    }
    found
}

/// What is half written, in a study or beside what it exports.
fn half_written(folder: &Folder) -> Vec<String> {
    let mut found = files_below(folder.path());
    let is_half = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.starts_with(".half-") || name.starts_with("half") || name == "changing.json"
    };
    found.retain(|path| is_half(path) || path.ends_with("db-journal"));
    found
}

/// Kills processes at any moment of what they do: `LEITMOTIF_KILLS` of them. What was
/// acknowledged is there, files are the old or the new ones, and nothing half is left once
/// the same has been done again.
#[test]
fn whatever_is_killed_is_whole_or_gone_and_leaves_nothing_half() {
    const KINDS: [&str; 5] = ["index", "decide", "export", "import", "migrate"];
    let n_kills = std::env::var("LEITMOTIF_KILLS").ok().and_then(|n| n.parse().ok());
    let n_kills: usize = n_kills.unwrap_or(60);
    let old_store = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/stores/version-1.db");
    let desk = Folder::new();
    let folder = study();
    folder.answer(&["code", "add", "tea", "--coder", "Efa"]);
    let out = |name: &str| desk.path().join(name).to_str().unwrap().to_owned();
    let (report, tables, project, codings) =
        (out("r.html"), out("tables"), out("p.qdpx"), out("codings.csv"));
    let exports: [&[&str]; 3] = [
        &["export", &report, "--overwrite"],
        &["export", "tables", &tables, "--overwrite"],
        &["export", &project, "--overwrite"],
    ];
    for args in exports {
        folder.answer(args);
    }
    let mut numbers = Seed(31).numbers();
    let mut longest = [Duration::from_millis(300); KINDS.len()];
    let mut acknowledged = vec!["tea".to_owned()];
    let mut n_killed = [0; KINDS.len()];
    for round in 0.. {
        if n_killed.iter().sum::<usize>() == n_kills {
            break;
        }
        let kind = round % KINDS.len();
        let code = format!("code {round}");
        let migrated = Folder::new();
        let (study, args): (&Folder, Vec<&str>) = match KINDS[kind] {
            "index" => {
                change(&folder, round);
                (&folder, vec!["index"])
            }
            "decide" => (&folder, vec!["code", "add", &code, "--coder", "Efa"]),
            "export" => (&folder, exports[round / KINDS.len() % exports.len()].to_vec()),
            "import" => {
                desk.write("codings.csv", format!("transcript,lines,code\nP1,2,{code}\n"));
                (&folder, vec!["import", &codings, "--coder", "Efa"])
            }
            _ => {
                migrated.write("Ann.txt", interview("Ann", "garden", 4));
                migrated.write(".leitmotif/study.db", fs::read(&old_store).unwrap());
                (&migrated, vec!["code", "add", &code, "--coder", "Efa"])
            }
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_leitmotif"));
        command.arg("--study").arg(study.path()).args(&args);
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(longest[kind].mul_f64(numbers.next_uniform()));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        if output.status.code().is_some() {
            // It ended before: the next one of its kind is killed sooner.
            longest[kind] = begun.elapsed().min(longest[kind]).mul_f64(0.8);
        } else {
            n_killed[kind] += 1;
            longest[kind] = longest[kind].mul_f64(1.15);
        }
        let said = String::from_utf8(output.stdout).unwrap();
        if matches!(KINDS[kind], "decide" | "import") && said.contains("Decision ") {
            acknowledged.push(code.clone());
        }
        // The next run: the same, to its end, or the same decision refused as there already.
        let again = study.run(&args);
        assert!(again.code < 2 || again.err.contains("already"), "{args:?}: {}", again.err);
        assert_eq!(half_written(study), Vec::<String>::new(), "{args:?}");
        assert_eq!(half_written(&desk), Vec::<String>::new(), "{args:?}");
        if KINDS[kind] == "migrate" {
            let codes = study.run(&["codebook"]).out;
            assert!(codes.contains("Zeppelin") && codes.contains(&code), "{codes}");
        }
    }
    let codebook = folder.run(&["codebook", "--format", "json"]).out;
    let codes: Vec<serde_json::Value> = serde_json::from_str(&codebook).unwrap();
    let is_kept = |name: &String| codes.iter().any(|code| code["name"] == **name);
    let lost: Vec<&String> = acknowledged.iter().filter(|name| !is_kept(name)).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    assert!(n_killed.iter().all(|n| *n > 0), "{n_killed:?}");
    assert_eq!(folder.answer(&["restore"]), "Nothing to restore: `study.db` is complete.\n");
    if n_kills > 60 {
        let told = format!("killed, of {KINDS:?}: {n_killed:?}, {} codes kept\n", codes.len());
        std::io::Write::write_all(&mut std::io::stderr(), told.as_bytes()).unwrap();
    }
}

#[test]
fn an_index_that_cannot_be_used_is_built_anew_and_said_once() {
    let folder = study();
    let whole = folder.answer(&["search", "garden", "--limit", "3"]);
    let index = folder.path().join(".leitmotif/index");
    fs::write(index.join("meta.json"), "{ not a commit").unwrap();
    folder.answer(&["log"]);
    let ran = folder.run(&["search", "garden", "--limit", "3"]);
    assert_eq!((ran.code, &ran.out), (1, &whole), "{}", ran.err);
    assert!(ran.err.starts_with("warning: the index could not be used and was built anew"));
    assert_eq!(folder.answer(&["search", "garden", "--limit", "3"]), whole);
    // One that is only gone is no trouble, nor a file where it should be.
    fs::remove_dir_all(&index).unwrap();
    assert_eq!(folder.answer(&["search", "garden", "--limit", "3"]), whole);
}

#[test]
fn what_is_decided_makes_no_index() {
    let folder = study();
    folder.answer(&["code", "add", "tea", "--coder", "Efa"]);
    for args in [&["log"][..], &["codebook"], &["memo", "list"], &["undo"], &["info"]] {
        folder.run(args);
    }
    assert!(!folder.path().join(".leitmotif/index").exists());
}

fn person() -> Person {
    Person { coder: "Efa".to_owned(), command: "code".to_owned() }
}

#[test]
fn a_study_renamed_while_open_decides_nothing_under_its_old_name() {
    let folder = Folder::new();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    folder.write("old/P1.txt", interview("Ann", "garden", 6));
    let session = Session::open(&old, None, &|_: usize, _: usize| {}).unwrap().session;
    fs::rename(&old, &new).unwrap();
    let error = session.act(&person(), 0, &Act::Undo).err().unwrap().to_string();
    assert!(error.starts_with("nothing was decided: `"), "{error}");
    assert!(!old.exists());
    // Another study that has the old name now is not the one that was opened.
    folder.write("old/P1.txt", interview("Bo", "garden", 6));
    drop(Session::open(&old, None, &|_: usize, _: usize| {}).unwrap());
    assert!(session.act(&person(), 0, &Act::Undo).is_err());
    assert!(!old.join(".leitmotif/study.db").exists());
}

#[test]
fn an_open_study_keeps_its_texts_while_others_read_changed_files() {
    let folder = study();
    let session = Session::open(folder.path(), None, &|_: usize, _: usize| {}).unwrap().session;
    let texts = || fs::read_dir(folder.path().join(".leitmotif/cache/texts")).unwrap().count();
    assert_eq!(texts(), TOPICS.len());
    change(&folder, 1);
    folder.answer(&["index"]);
    assert_eq!(texts(), TOPICS.len() + 2);
    let snapshot = session.snapshot();
    for t in 0..TOPICS.len() {
        snapshot.corpus.text(t).unwrap();
    }
    drop((snapshot, session));
    change(&folder, 2);
    folder.answer(&["index"]);
    assert_eq!(texts(), TOPICS.len());
}
