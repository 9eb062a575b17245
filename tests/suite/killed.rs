//! Processes that are killed, and studies that are moved: no command is locked out,
//! and nothing is said to be decided that is not.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use leitmotif::codebook::act::Act;
use leitmotif::study::{Person, Session};

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
