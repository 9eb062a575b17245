//! What comes into a study by its page beside interviews: another program's codes, settings,
//! and what new interviews change of the list of themes.

use std::fs;

use crate::harness::{Folder, interview};
use crate::web::{Workbench, n_decisions};
use crate::web_study::hand_over;

const CODES: &str = "transcript,lines,code\nAnn,1,Tea > Kettle\nAnn,999,Nothing\n";

fn study() -> Folder {
    let folder = Folder::new();
    for (name, topic) in [("Ann", "kettle"), ("Bob", "garden")] {
        folder.write(&format!("{name}.txt"), interview(name, topic, 6));
    }
    folder
}

#[test]
fn another_programs_codes_come_in_and_what_has_no_place_is_listed() {
    let folder = study();
    let workbench = Workbench::open(&folder, &[]);
    let sent = hand_over(&workbench, ("/bring", "file"), &[("codes.csv", CODES.as_bytes())]);
    assert_eq!((sent.status, &*sent.header("location")), (303, "/study#told"), "{}", sent.body);
    workbench.wait();
    let page = workbench.page("/study");
    assert!(
        page.contains("<h2>Brought in</h2>") && page.contains("Undo takes all of it"),
        "{page}"
    );
    assert!(page.contains("1 thing to look at") && page.contains("999"), "{page}");
    assert!(workbench.page("/codebook").contains("Kettle"));
    // It is told once, and undone as one.
    assert!(!workbench.page("/study").contains("Brought in"));
    workbench.act("/history", "", "/do/undo", &[]);
    assert!(!workbench.page("/codebook").contains("Kettle"));
}

#[test]
fn what_a_project_leaves_out_is_told_before_it_is_saved() {
    let folder = study();
    folder.answer(&["code", "add", "Tea"]);
    folder.answer(&["quote", "add", "--transcript", "Ann", "--lines", "2", "--code", "Tea"]);
    let workbench = Workbench::open(&folder, &[]);
    let file = workbench.get("/report/file?as=qdpx");
    assert!(file.header("content-disposition").contains(".qdpx"), "{}", file.body);
    folder.write("Ann.txt", interview("Ann", "harbour", 6));
    workbench.act("/study", "", "/do/read-again", &[]);
    workbench.wait();
    let page = workbench.page("/report/file?as=qdpx");
    assert!(page.contains("is not exported") && page.contains("What helps"), "{page}");
    let file = workbench.get("/report/file?as=qdpx&told=1");
    assert!(file.header("content-disposition").contains(".qdpx"), "{}", file.body);
}

#[test]
fn what_no_program_writes_is_refused_and_nothing_comes_of_it() {
    let folder = study();
    let workbench = Workbench::open(&folder, &[]);
    let bring =
        |name: &str, bytes: &[u8]| hand_over(&workbench, ("/bring", "file"), &[(name, bytes)]);
    let refused = bring("photo.jpg", b"x");
    assert!(
        refused.status == 422 && refused.body.contains("none of the files"),
        "{}",
        refused.body
    );
    for name in ["../../a.qdpx", "a.qdc", "b.sqlite3", "c.qda"] {
        let refused = bring(name, b"no project");
        assert!(refused.status >= 400, "{name}: {}", refused.body);
        assert!(!refused.body.contains("/tmp"), "{name}: {}", refused.body);
    }
    assert_eq!(n_decisions(&folder), 0);
    // Work goes on as before.
    assert!(workbench.page("/study").contains("2 transcripts"));
}

#[test]
fn settings_are_set_and_taken_back_with_their_comments_kept() {
    let folder = study();
    folder.write("study.toml", "# Ours\n");
    let workbench = Workbench::open(&folder, &[]);
    let file = || fs::read_to_string(folder.path().join("study.toml")).unwrap();
    let set = |after: &str, filled: &[(&str, &str)]| {
        let page = workbench.act("/study/settings", after, "/do/setting", filled);
        workbench.wait();
        page
    };
    let page = set("id=\"language\"", &[("language", "German")]);
    assert!(page.contains("<option selected>German</option>"), "{page}");
    set("id=\"stop-words\"", &[("setting", "stop-word"), ("is", "yes"), ("word", "Balint")]);
    let page = set("id=\"told\"", &[("setting", "told"), ("is", "yes"), ("file", "Bob")]);
    assert!(page.contains("It is an interview") && page.contains("balint"), "{page}");
    let text = file();
    assert!(text.starts_with("# Ours\n"), "{text}");
    for line in ["language = \"German\"", "stop_words = [\"balint\"]", "told = [\"Bob.txt\"]"] {
        assert!(text.contains(line), "{text}");
    }
    let page = workbench.page("/study/settings");
    let unknown = [("language", "Klingon")];
    assert_eq!(workbench.send(&page, "id=\"language\"", "/do/setting", &unknown).status, 422);
    for _ in 0..3 {
        workbench.act("/history", "", "/do/undo", &[]);
        workbench.wait();
    }
    assert_eq!(file(), "# Ours\n");
}

#[test]
fn the_board_says_what_new_interviews_add_and_shows_the_list_as_it_was() {
    // P07 comes later.
    let folder = Folder::sample();
    let held = fs::read_dir(folder.path().join("participants")).unwrap().flatten();
    let held = held.map(|it| it.path()).find(|it| it.file_stem().unwrap() == "P07").unwrap();
    let (name, bytes) = (held.file_name().unwrap().to_owned(), fs::read(&held).unwrap());
    fs::remove_file(&held).unwrap();
    let cases = fs::read_to_string(folder.path().join("cases.csv")).unwrap();
    let others = cases.lines().filter(|line| !line.contains("P07"));
    folder.write("cases.csv", others.map(|line| format!("{line}\n")).collect::<String>());
    folder.answer(&["theme", "accept", "1", "--as", "Kept"]);
    folder.answer(&["themes"]);
    folder.answer(&["theme", "accept", "2", "--as", "Kept too"]);
    let workbench = Workbench::open(&folder, &[]);
    assert!(!workbench.page("/themes").contains("in interviews since version"));
    let name = name.to_str().unwrap();
    let sent = hand_over(&workbench, ("/files", "files"), &[(name, &bytes)]);
    assert_eq!(sent.status, 303);
    workbench.wait();
    let board = workbench.page("/themes");
    assert!(board.contains("+1 in interviews since version"), "{board}");
    let before = workbench.page("/themes?version=1");
    assert!(before.contains("Version 1, as it was listed") && !before.contains("/do/accept"));
    let json = workbench.json("/themes.json?version=1");
    assert_eq!(
        before.matches("<tr><td class=\"n\">").count(),
        json["themes"].as_array().unwrap().len()
    );
    assert_eq!(workbench.get("/themes?version=99").status, 404);
}
