//! The two files that hold what was decided: whatever befalls either, what the
//! other holds stays, and people are told.

use std::fs;
use std::path::{Path, PathBuf};

use leitmotif::codebook::decision::hash_of;
use rusqlite::Connection;

use crate::harness::Folder;

const NAMES: [&str; 6] = ["tea", "stairs", "chapel", "clock", "garden", "kettle"];

/// A study with a code of each name, decided one after the other.
fn study_of(names: &[&str]) -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    folder.write("Ann.txt", "Interviewer: And?\nAnn: It was yellow.\n");
    for name in names {
        add(&folder, name);
    }
    folder
}

#[track_caller]
fn add(folder: &Folder, name: &str) -> String {
    folder.answer(&["code", "add", name, "--coder", "Efa"])
}

fn database(folder: &Folder) -> PathBuf {
    folder.path().join(".leitmotif/study.db")
}

fn journal(folder: &Folder) -> PathBuf {
    folder.path().join(".leitmotif/journal.jsonl")
}

fn lines(folder: &Folder) -> Vec<String> {
    let text = fs::read_to_string(journal(folder)).unwrap();
    text.split_inclusive('\n').map(str::to_owned).collect()
}

/// How many codes there are.
#[track_caller]
fn n_codes(folder: &Folder) -> usize {
    let codes = folder.answer(&["codebook", "--format", "json"]);
    serde_json::from_str::<Vec<serde_json::Value>>(&codes).unwrap().len()
}

/// Expects that reading and writing fail with `problem` and change nothing.
#[track_caller]
fn refuses(folder: &Folder, problem: &str) {
    let before = files(folder.path());
    for args in [&["codebook"][..], &["code", "add", "x", "--coder", "Efa"]] {
        let ran = folder.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(problem), "{args:?}: {}", ran.err);
    }
    assert_eq!(files(folder.path()), before);
}

/// The files of the store that hold decisions, in full.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder.join(".leitmotif")).unwrap().map(Result::unwrap);
    let mut files: Vec<_> = entries
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, _)| name.starts_with("study.") || name.starts_with("journal."))
        .map(|(name, path)| (name, fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn an_editor_that_ends_lines_otherwise_loses_nothing() {
    for (mark, end) in [("", "\r\n"), ("\u{feff}", "\n"), ("\u{feff}", "\r\n")] {
        let folder = study_of(&NAMES[..3]);
        let text = format!("{mark}{}", lines(&folder).concat().replace('\n', end));
        fs::write(journal(&folder), &text).unwrap();
        fs::remove_file(database(&folder)).unwrap();
        refuses(&folder, "does not have 3 decisions that `journal.jsonl` has");
        assert_eq!(folder.answer(&["restore"]), "Restored 3 decisions from `journal.jsonl`.\n");
        assert!(add(&folder, "x").starts_with("Decision 4"));
        assert!(fs::read_to_string(journal(&folder)).unwrap().starts_with(&text));
        assert_eq!(n_codes(&folder), 4);
    }
}

#[test]
fn a_damaged_first_line_does_not_look_like_an_empty_study() {
    let folder = study_of(&NAMES[..3]);
    let damaged = lines(&folder).concat().replacen("tea", "tee", 1);
    fs::write(journal(&folder), &damaged).unwrap();
    fs::remove_file(database(&folder)).unwrap();
    refuses(&folder, "journal.jsonl` is damaged: line 1 ");
    // A backup holds the first decision, and what follows it stands in the journal.
    let backups = folder.path().join(".leitmotif/backups");
    let ran = folder.run(&["restore"]);
    assert!(ran.out.starts_with("Restored 3 decisions from "), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("` and `journal.jsonl`.") || ran.out.contains("journal.jsonl` and `"));
    assert_eq!((n_codes(&folder), lines(&folder).len()), (3, 3));
    // Where nothing holds it, nothing is made up, and nothing is lost.
    fs::write(journal(&folder), &damaged).unwrap();
    fs::remove_file(database(&folder)).unwrap();
    fs::remove_dir_all(backups).unwrap();
    let ran = folder.run(&["restore"]);
    let told = "Restored 2 decisions from `journal.jsonl`.\nDamaged in every file, and lost: 1.\n";
    assert_eq!(ran.out, told);
    assert_eq!(n_codes(&folder), 2);
    assert!(folder.answer(&["log"]).contains("lost"));
    assert!(add(&folder, "x").starts_with("Decision 4"));
    fs::remove_file(database(&folder)).unwrap();
    fs::write(journal(&folder), "{\"hash\":\"12").unwrap();
    refuses(&folder, "journal.jsonl` is damaged: its only line is incomplete");
}

#[test]
fn lines_behind_a_damaged_one_are_kept() {
    let folder = study_of(&NAMES[..3]);
    let old = fs::read(database(&folder)).unwrap();
    for name in &NAMES[3..] {
        add(&folder, name);
    }
    let newest = fs::read(database(&folder)).unwrap();
    let damaged = lines(&folder).concat().replace("clock", "clack");
    fs::write(journal(&folder), &damaged).unwrap();
    fs::write(database(&folder), old).unwrap();
    refuses(&folder, "and the journal has 6");
    let ran = folder.run(&["restore"]);
    let told = "Restored 5 decisions from `journal.jsonl`.\nDamaged in every file, and lost: 4.\n";
    assert!(ran.out.starts_with(told), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("is kept as `journal.damaged-1.jsonl`"), "{}", ran.err);
    let kept = folder.path().join(".leitmotif/journal.damaged-1.jsonl");
    assert_eq!(fs::read_to_string(kept).unwrap(), damaged);
    assert_eq!((n_codes(&folder), lines(&folder).len()), (5, 6));
    assert!(add(&folder, "x").starts_with("Decision 7"));
    // With a database that holds all, the damage is set right in passing.
    fs::write(journal(&folder), &damaged).unwrap();
    fs::write(database(&folder), newest).unwrap();
    assert_eq!(n_codes(&folder), 6);
    let ran = folder.run(&["code", "add", "x", "--coder", "Efa"]);
    assert!(ran.out.starts_with("Decision 7"), "{} {}", ran.out, ran.err);
    assert!(ran.err.contains("is kept as `journal.damaged-2.jsonl`"), "{}", ran.err);
    assert_eq!(lines(&folder).len(), 7);
}

#[test]
fn whole_lines_behind_the_damage_are_used_where_they_follow() {
    let folder = study_of(&NAMES[..4]);
    let old = fs::read(database(&folder)).unwrap();
    for name in &NAMES[4..] {
        add(&folder, name);
    }
    let damaged = lines(&folder).concat().replace("clock", "clack");
    fs::write(journal(&folder), damaged).unwrap();
    fs::write(database(&folder), old).unwrap();
    refuses(&folder, "and the journal has 6");
    let ran = folder.run(&["restore"]);
    assert!(ran.out.starts_with("Restored 6 decisions"), "{} {}", ran.out, ran.err);
    assert_eq!((n_codes(&folder), lines(&folder).len()), (6, 6));
    assert!(folder.answer(&["restore"]).starts_with("Nothing to restore"));
}

#[test]
fn a_database_behind_the_journal_is_not_shown_as_the_study() {
    let folder = study_of(&NAMES[..2]);
    let old = fs::read(database(&folder)).unwrap();
    add(&folder, "chapel");
    fs::write(database(&folder), old).unwrap();
    refuses(&folder, "study.db` does not have 1 decision that `journal.jsonl` has");
    fs::write(database(&folder), "").unwrap();
    refuses(&folder, "study.db` does not have 3 decisions that `journal.jsonl` has");
    assert_eq!(folder.run(&["restore"]).code, 0);
    assert_eq!(n_codes(&folder), 3);
}

#[test]
fn a_line_that_stands_twice_is_no_dead_end() {
    let folder = study_of(&NAMES[..3]);
    let whole = lines(&folder);
    for twice in [2, 1] {
        let mut twisted = whole.clone();
        twisted.insert(twice, whole[twice].clone());
        fs::write(journal(&folder), twisted.concat()).unwrap();
        assert_eq!(n_codes(&folder), 3);
        assert!(folder.answer(&["restore"]).starts_with("Nothing to restore"));
        let ran = folder.run(&["code", "add", "x", "--coder", "Efa"]);
        assert!(ran.out.starts_with("Decision 4"), "{} {}", ran.out, ran.err);
        assert!(ran.err.contains(".jsonl` and a new one is written"), "{}", ran.err);
        assert_eq!(lines(&folder).len(), 4);
        fs::remove_file(database(&folder)).unwrap();
        fs::write(journal(&folder), whole.concat()).unwrap();
        folder.answer(&["restore"]);
    }
}

#[test]
fn the_database_of_another_program_is_left_alone() {
    for mode in ["delete", "wal"] {
        let folder = study_of(&[]);
        fs::create_dir_all(folder.path().join(".leitmotif")).unwrap();
        let other = Connection::open(database(&folder)).unwrap();
        other.pragma_update(None, "journal_mode", mode).unwrap();
        other.execute_batch("CREATE TABLE recipe (name TEXT)").unwrap();
        drop(other);
        refuses(&folder, "study.db` is a database of another program");
        let before = files(folder.path());
        let ran = folder.run(&["restore"]);
        assert!(ran.err.contains("is a database of another program"), "{}", ran.err);
        assert_eq!(files(folder.path()), before);
    }
}

/// The line of a decision that a later version made after those of `lines`.
fn later_line(lines: &[String]) -> String {
    let last = lines.last().unwrap();
    let (hash, body) = last.split_once("\",\"decision\":").unwrap();
    let hash = hash.strip_prefix("{\"hash\":\"").unwrap();
    let body = body.trim_end().strip_suffix('}').unwrap();
    let mut decision: serde_json::Value = serde_json::from_str(body).unwrap();
    decision["number"] = (lines.len() + 1).into();
    decision["previous"] = hash.into();
    decision["verb"] = "sing".into();
    decision["version"] = "9.0.0".into();
    let body = decision.to_string();
    format!("{{\"hash\":\"{}\",\"decision\":{body}}}\n", hash_of(&body))
}

#[test]
fn a_decision_of_a_later_version_is_neither_damage_nor_cut() {
    let folder = study_of(&NAMES[..2]);
    let mut written = lines(&folder);
    written.push(later_line(&written));
    fs::write(journal(&folder), written.concat()).unwrap();
    let told = "contains decision 3, which a later version of Leitmotif wrote (9.0.0)";
    refuses(&folder, told);
    fs::remove_file(database(&folder)).unwrap();
    refuses(&folder, told);
    let ran = folder.run(&["restore"]);
    assert!(ran.code == 2 && ran.err.contains(told), "{}", ran.err);
    assert_eq!(lines(&folder), written);
}

#[test]
#[cfg(unix)]
fn what_a_crash_left_is_gone_before_the_new_database_has_its_name() {
    let folder = study_of(&NAMES[..2]);
    fs::write(database(&folder), "nothing of use").unwrap();
    // A leftover that cannot be renamed: the new name is a link to nowhere.
    let store = folder.path().join(".leitmotif");
    fs::create_dir(store.join("study.db-journal")).unwrap();
    let taken = store.join("study.damaged-1.db-journal");
    std::os::unix::fs::symlink("nowhere", &taken).unwrap();
    assert_eq!(folder.run(&["restore"]).code, 2);
    assert_eq!(fs::read(database(&folder)).unwrap(), b"nothing of use");
    fs::remove_file(taken).unwrap();
    assert_eq!(folder.run(&["restore"]).code, 0);
    assert!(!store.join("study.db-journal").exists());
    assert_eq!(n_codes(&folder), 2);
}

#[test]
fn the_last_hash_is_printed_to_be_kept_elsewhere() {
    let folder = study_of(&[]);
    assert_eq!(folder.answer(&["log", "--seal"]), "0\n");
    for name in &NAMES[..2] {
        add(&folder, name);
    }
    let last = lines(&folder)[1].clone();
    let hash = last.strip_prefix("{\"hash\":\"").unwrap()[..64].to_owned();
    assert_eq!(folder.answer(&["log", "--seal"]), format!("2 {hash}\n"));
}
