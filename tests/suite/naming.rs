//! Candidates that a program of the researcher's names.
#![cfg(unix)]

use std::fs;

use serde_json::Value;

use crate::harness::{Folder, interview};

/// A study with two topics, and a program that notes what it is asked.
fn study(answer: &str) -> Folder {
    let folder = Folder::new();
    for name in ["Ann", "Bo", "Cid", "Dee", "Eve", "Flo"] {
        let text = interview(name, "garden", 10) + &interview(name, "choir", 10);
        folder.write(&format!("{name}.txt"), text);
    }
    folder.write(
        "study.toml",
        "language = \"en\"\n[themes]\ncount = 2\n[naming]\ncommand = [\"sh\", \"namer.sh\"]\n",
    );
    folder.write(
        "namer.sh",
        format!("cat >> .leitmotif/asked\necho >> .leitmotif/asked\n{answer}\n"),
    );
    folder
}

fn asked(folder: &Folder) -> Vec<Value> {
    let text = fs::read_to_string(folder.path().join(".leitmotif/asked")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn names(folder: &Folder) -> Vec<Value> {
    let answer: Value =
        serde_json::from_str(&folder.answer(&["themes", "--format", "json"])).unwrap();
    answer["names"].as_array().cloned().unwrap_or_default()
}

#[test]
fn candidates_are_named_once_a_version_and_only_when_asked_for() {
    let folder = study("echo 'A strange evening'; echo 'more'");
    folder.write(".leitmotif/pseudonyms.csv", "name,pseudonym,rule\nAnn,P1,\n");
    assert!(names(&folder).is_empty() && asked(&folder).is_empty());
    let shown = folder.answer(&["themes", "--name"]);
    assert!(shown.contains("   name by sh namer.sh: A strange evening\n"), "{shown}");
    let all = names(&folder);
    let n_asked = asked(&folder).len();
    assert!(n_asked >= 2 && all.len() == n_asked, "{all:?}");
    assert_eq!((&all[0]["theme"], &all[0]["is_in_their_words"]), (&1.into(), &true.into()));
    let given = &asked(&folder)[0];
    assert!(!given["terms"].as_array().unwrap().is_empty(), "{given}");
    assert!(given["quotes"][0].as_str().unwrap().contains("kettle"), "{given}");
    // The same list has the same names, and nothing is run for it.
    assert_eq!(folder.answer(&["themes", "--name"]), shown);
    assert_eq!(folder.answer(&["themes"]), shown);
    assert_eq!(asked(&folder).len(), n_asked);
    // An accepted theme has the name that its person gave.
    folder.answer(&["theme", "accept", "1"]);
    assert!(names(&folder).iter().all(|name| name["theme"] != 1));
    // Another program is asked for its own names.
    let settings = fs::read_to_string(folder.path().join("study.toml")).unwrap();
    folder.write("study.toml", settings.replace("namer.sh\"", "namer.sh\", \"again\""));
    let shown = folder.answer(&["themes", "--name"]);
    assert!(shown.contains("name by sh namer.sh again: A strange evening"), "{shown}");
}

#[test]
fn a_name_in_other_words_is_marked() {
    let folder = study("echo 'Zeppelins at dusk'");
    let shown = folder.answer(&["themes", "--name"]);
    assert!(
        shown.contains("name by sh namer.sh: Zeppelins at dusk (not in their words)"),
        "{shown}"
    );
}

#[test]
fn a_program_that_fails_costs_one_warning_and_no_label() {
    let folder = study("exit 3");
    let before = folder.answer(&["themes"]);
    let ran = folder.run(&["themes", "--name"]);
    assert_eq!((ran.code, &ran.out), (1, &before));
    assert_eq!(ran.err.matches("warning: ").count(), 1, "{}", ran.err);
    assert!(ran.err.contains("the program `sh` named 0 of "), "{}", ran.err);
    // It is asked again, since nothing is kept.
    folder.write("namer.sh", "echo Garden");
    assert!(folder.answer(&["themes", "--name"]).contains("name by sh namer.sh: Garden\n"));
    folder.write("study.toml", "language = \"en\"\n[themes]\ncount = 2\n");
    let ran = folder.run(&["themes", "--name"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("names no program"), "{}", ran.err);
}
