//! Only what is new or changed is read again.

use std::fs;

use crate::harness::{Folder, interview};

fn study() -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for (at, name) in ["Ann", "Bo", "Cid"].iter().enumerate() {
        folder.write(&format!("P{at}.txt"), interview(name, "garden", 6));
    }
    folder
}

#[track_caller]
fn check(folder: &Folder, expected: &str) {
    let shown = folder.answer(&["index"]);
    assert_eq!(shown.lines().last().unwrap().split(':').next().unwrap(), expected, "{shown}");
}

#[test]
fn an_unchanged_study_is_not_read_again() {
    let folder = study();
    check(&folder, "read 3 transcripts");
    // The same length and time with other bytes: whoever reads them finds nobody talking.
    let path = folder.path().join("P1.txt");
    let data = fs::metadata(&path).unwrap();
    let past = data.modified().unwrap() - std::time::Duration::from_hours(1);
    fs::File::open(&path).unwrap().set_modified(past).unwrap();
    check(&folder, "read 0 transcripts, 3 unchanged");
    fs::write(&path, vec![b' '; usize::try_from(data.len()).unwrap()]).unwrap();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_modified(past).unwrap();
    check(&folder, "read 0 transcripts, 3 unchanged");
}

#[test]
fn a_touched_file_is_compared_by_its_content() {
    let folder = study();
    check(&folder, "read 3 transcripts");
    folder.write("P1.txt", interview("Bo", "garden", 6));
    check(&folder, "read 0 transcripts, 3 unchanged");
}

#[test]
fn one_new_file_costs_one_reading() {
    let folder = study();
    check(&folder, "read 3 transcripts");
    folder.write("P9.txt", interview("Dee", "choir", 6));
    let shown = folder.answer(&["index"]);
    assert_eq!(
        shown,
        "P9: plain text, `Name:` turns, 2 speakers, 12 turns, 264 words\nread 1 transcript, 3 unchanged: 48 passages in total\n"
    );
    assert!(folder.answer(&["search", "choir", "--limit", "1"]).contains("P9"));
}

#[test]
fn changed_and_removed_files_leave_no_trace() {
    let folder = study();
    folder.answer(&["themes"]);
    folder.write("P1.txt", interview("Bo", "choir", 6));
    fs::remove_file(folder.path().join("P2.txt")).unwrap();
    check(&folder, "read 1 transcript, 1 unchanged, 1 removed");
    let fresh = Folder::new();
    fresh.write("study.toml", "language = \"en\"\n");
    fresh
        .write("P0.txt", interview("Ann", "garden", 6))
        .write("P1.txt", interview("Bo", "choir", 6));
    // Numbers of themes and versions are history, unless they are numbered afresh.
    let themes = |folder: &Folder| {
        let shown = folder.answer(&["themes", "--afresh", "--format", "json"]);
        let mut answer: serde_json::Value = serde_json::from_str(&shown).unwrap();
        answer["version"].take();
        answer
    };
    assert_eq!(themes(&folder), themes(&fresh));
    let args = ["search", "garden kettle", "--format", "jsonl", "--limit", "0"];
    assert_eq!(folder.answer(&args), fresh.answer(&args));
    // Without its memory a study starts anew.
    fs::remove_dir_all(folder.path().join(".leitmotif")).unwrap();
    fs::remove_dir_all(fresh.path().join(".leitmotif")).unwrap();
    let args = ["themes", "--format", "json"];
    assert_eq!(folder.answer(&args), fresh.answer(&args));
}

#[test]
fn new_stop_words_take_effect_without_reading_again() {
    let folder = study();
    assert!(folder.answer(&["search", "kettle"]).contains("kettle"));
    folder.write("study.toml", "language = \"en\"\nstop_words = [\"kettle\"]\n");
    let err = folder.run(&["search", "kettle"]).err;
    assert!(
        err.starts_with("nothing found for `kettle`\n  these are all very common words"),
        "{err}"
    );
    // As spoken, it is found whatever carries a theme.
    assert!(folder.answer(&["search", "\"kettle\""]).contains("kettle"));
}

#[test]
fn a_declared_speaker_counts_where_the_label_stands_once() {
    let folder = study();
    // Where most lines have no label, a label that stands once is no speaker's.
    let told = "So there it was.\nAnd so it went on.\n".repeat(20);
    let once = "Blodwen: The tea is ready, all of you.\n";
    folder.write("P0.txt", interview("Ann", "garden", 6) + &told + once);
    let speakers = |folder: &Folder| folder.answer(&["info"]).contains("\n  Blodwen ");
    let ran = folder.run(&["info"]);
    assert!(!ran.out.contains("\n  Blodwen "), "{}", ran.out);
    let told = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("like a speaker who is not known, first `Blodwen`"), "{told}");
    folder.write("study.toml", "language = \"en\"\n[roles]\nother = [\"Blodwen\"]\n");
    // The label is known only after reading with the declaration.
    assert!(speakers(&folder));
}

#[test]
fn a_version_that_lacks_a_theme_is_read_as_far_as_it_goes() {
    let folder = study();
    folder.answer(&["themes"]);
    let path = folder.path().join(".leitmotif/versions/0001.json");
    let mut version: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let gone = version["themes"].as_array_mut().unwrap().remove(0);
    fs::write(&path, version.to_string()).unwrap();
    let ran = folder.run(&["themes", "--since", "1", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let changes = answer["changes"].as_array().unwrap();
    let new =
        changes.iter().filter(|change| change["before"].is_null() && !change["now"].is_null());
    assert_eq!(new.count(), 1, "theme {gone} is as if it were new: {changes:?}");
}

#[test]
fn new_interviews_are_told_by_ones_own_codes() {
    let folder = crate::propose::study();
    let later: Vec<(&str, String)> = ["Eve", "Fay"]
        .into_iter()
        .map(|name| {
            let path = folder.path().join(format!("{name}.txt"));
            let text = fs::read_to_string(&path).unwrap();
            fs::remove_file(path).unwrap();
            (name, text)
        })
        .collect();
    folder.answer(&["themes"]);
    for (name, text) in &later {
        folder.write(&format!("{name}.txt"), text);
    }
    let since = || {
        let shown = folder.answer(&["themes", "--since", "1", "--format", "json"]);
        serde_json::from_str::<serde_json::Value>(&shown).unwrap()
    };
    // Without codes nothing is said of them.
    let before = since();
    assert_eq!(before.get("codes"), None);
    assert!(!folder.answer(&["themes", "--since", "1"]).contains("Your codes"));
    folder.answer(&["code", "add", "No kettle"]);
    for (name, line) in [("Ann", "2"), ("Ann", "8"), ("Bo", "6"), ("Bo", "12"), ("Cid", "4")] {
        let at = ["--transcript", name, "--lines", line, "--code", "No kettle"];
        folder.answer(&[&["quote", "add"], &at[..]].concat());
    }
    let code = since()["codes"][0].clone();
    assert_eq!(code["proposed_in"], serde_json::json!(["Eve", "Fay"]));
    assert_eq!((&code["of_new"], &code["quoted_in"]), (&2.into(), &serde_json::json!([])));
    let shown = folder.answer(&["themes", "--since", "1"]);
    assert!(shown.contains("No kettle: proposed in 2 of 2 new interviews (Eve, Fay)"), "{shown}");
    assert!(shown.contains("leitmotif propose --code \"No kettle\" --in Eve\n"), "{shown}");
    assert!(shown.contains("nothing counts until you accept it"), "{shown}");
    // What is decided there is decided.
    for line in ["6", "12"] {
        let at = ["--transcript", "Eve", "--lines", line, "--code", "No kettle"];
        folder.answer(&[&["quote", "add"], &at[..]].concat());
    }
    let code = since()["codes"][0].clone();
    assert_eq!(code["quoted_in"], serde_json::json!(["Eve"]));
    assert_eq!(code["proposed_in"], serde_json::json!(["Fay"]));
}
