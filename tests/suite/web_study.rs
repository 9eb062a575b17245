//! What people do to files, people and names on the page of the study: acts like all
//! others, kept whole, undone to the first and done again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use leitmotif::codebook::FileChange;
use serde_json::Value;

use crate::harness::{Folder, interview};
use crate::web::{Answer, Workbench, encoded, hidden, n_decisions, small_study};

const SETTINGS: &str = "# Ours, by hand\nlanguage = \"en\" # all of it\n";

pub(crate) fn study() -> Folder {
    let folder = small_study();
    folder.write("study.toml", SETTINGS);
    folder
}

/// All files of a study but what is derived and decided.
fn files(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.path().to_owned()];
    while let Some(inside) = open.pop() {
        for entry in fs::read_dir(inside).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder.path()).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && name != ".leitmotif" {
                open.push(path);
            } else if path.is_file() {
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

fn text(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

/// Sends the form that adds files as a browser does.
fn add(workbench: &Workbench, files: &[(&str, &[u8])]) -> Answer {
    hand_over(workbench, ("/files", "files"), files)
}

/// Sends a form of Study, with files in its field.
pub(crate) fn hand_over(
    workbench: &Workbench,
    (action, field): (&str, &str),
    files: &[(&str, &[u8])],
) -> Answer {
    let page = workbench.page("/study");
    let start = format!("action=\"{action}\"");
    let form = page.split(&start).nth(1).unwrap().split("</form>").next().unwrap();
    let mut body = Vec::new();
    for (name, value) in hidden(form) {
        let head =
            format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(head.bytes());
    }
    for (name, bytes) in files {
        let head = format!(
            "--XX\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    let mut request = format!(
        "POST {action} HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\n\
         Content-Type: multipart/form-data; boundary=XX\r\nContent-Length: {}\r\n\r\n",
        workbench.port,
        workbench.cookie,
        body.len()
    )
    .into_bytes();
    request.extend(body);
    workbench.ask_raw(&request)
}

/// Sends fields to an act, with the key and number of a page of now.
fn ask(workbench: &Workbench, verb: &str, fields: &[(&str, &str)]) -> Answer {
    let page = hidden(&workbench.page("/history"));
    let of_page = |name: &str| page.iter().find(|(known, _)| known == name).unwrap().1.clone();
    let (key, pulse) = (of_page("key"), workbench.json("/pulse"));
    let mut body = format!("key={key}&rev={}", pulse["rev"]);
    for (name, value) in fields {
        body += &format!("&{}={}", encoded(name), encoded(value));
    }
    let json = [("Accept", "application/json")];
    workbench.ask("POST", &format!("/do/{verb}"), &json, &body)
}

fn roles(workbench: &Workbench) -> BTreeMap<String, String> {
    let info = workbench.json("/study.json");
    let speakers = info["transcripts"].as_array().unwrap().iter().flat_map(|it| {
        it["speakers"].as_array().unwrap().iter().map(|speaker| {
            let text = |name: &str| speaker[name].as_str().unwrap().to_owned();
            (text("name"), text("role"))
        })
    });
    speakers.collect()
}

#[test]
fn what_is_done_to_files_and_people_is_an_act_and_undone() {
    let folder = study();
    let before = files(&folder);
    let workbench = Workbench::open(&folder, &[]);

    // Who asks is confirmed by one button, and changed for one person.
    let page = workbench.act("/study", "id=\"who\"", "/do/roles", &[]);
    assert!(!page.contains("That is right"), "{page}");
    let settings = format!("{SETTINGS}\n[roles]\ninterviewer = [\"Interviewer\"]\n");
    assert_eq!(text(&folder, "study.toml"), settings);
    workbench.act("/study", "<bdi>Cid</bdi></th><td><span", "/do/roles", &[("role", "other")]);
    assert_eq!(roles(&workbench)["Cid"], "other");
    let changed = text(&folder, "study.toml");
    assert!(changed.contains("\nother = [\"Cid\"]\n"), "{changed}");
    // The same again is no decision.
    assert_eq!(ask(&workbench, "roles", &[("speaker", "Cid"), ("role", "other")]).status, 422);
    assert_eq!(ask(&workbench, "roles", &[("speaker", "Dot"), ("role", "other")]).status, 404);

    // Attributes go into a table, several at once.
    let fields = [
        ("new", "region"),
        ("case", "Ann"),
        ("attribute", ""),
        ("was", ""),
        ("value", "North, far"),
        ("case", "Bob"),
        ("attribute", ""),
        ("was", ""),
        ("value", "South"),
    ];
    assert_eq!(ask(&workbench, "attributes", &fields).status, 200);
    assert_eq!(text(&folder, "cases.csv"), "transcript,region\nAnn,\"North, far\"\nBob,South\n");
    let page = workbench.page("/study");
    assert!(page.contains("value=\"North, far\""), "{page}");
    let fields = [("case", "Bob"), ("attribute", "region"), ("was", "South"), ("value", "")];
    assert_eq!(ask(&workbench, "attributes", &fields).status, 200);
    assert_eq!(text(&folder, "cases.csv"), "transcript,region\nAnn,\"North, far\"\nBob,\n");

    // Files come in whole and over no other; what is passed over is told.
    let dot = interview("Dot", "garden", 6);
    let ann = interview("Ann", "attic", 6);
    let added = add(
        &workbench,
        &[
            ("Dot.txt", dot.as_bytes()),
            ("Ann.txt", ann.as_bytes()),
            ("talk.mp3", b"ID3"),
            ("again.txt", before["Bob.txt"].as_slice()),
            (
                "../../Eve.txt",
                b"Interviewer: And?\nEve: It was so.\nInterviewer: Aye?\nEve: Aye.\n",
            ),
        ],
    );
    assert_eq!(added.status, 303, "{}", added.body);
    let page = workbench.page("/study");
    for told in ["Not added", "Ann.txt", "talk.mp3", "here already, as Bob"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!workbench.page("/study").contains("Not added"));
    assert_eq!(text(&folder, "Dot.txt"), dot);
    assert!(folder.path().join("Eve.txt").is_file());
    assert_eq!(files(&folder)["Ann.txt"], before["Ann.txt"]);
    assert_eq!(add(&workbench, &[("talk.mp3", b"ID3")]).status, 422);

    // One is left out, and the file stays.
    workbench.act("/study", "value=\"Ann\"><bdi>", "/do/leave-out", &[]);
    assert!(!workbench.page("/read").contains("href=\"/read/Bob\""));
    assert!(text(&folder, "study.toml").contains("ignore = [\"Bob.txt\"]"));

    // All of it goes back at once, and comes again.
    let after = files(&folder);
    assert_eq!(n_decisions(&folder), 6);
    let page = workbench.act("/history", "value=\"1\"", "/do/undo-to", &[]);
    assert!(page.contains("and 5 decisions after it"), "{page}");
    assert_eq!(files(&folder), before);
    let removed = fs::read_dir(folder.path().join(".leitmotif/removed")).unwrap().count();
    assert_eq!(removed, 2);
    assert_eq!(roles(&workbench)["Cid"], "participant");
    workbench.act("/history", "value=\"6\"", "/do/redo-to", &[]);
    assert_eq!(files(&folder), after);

    // What was changed by hand since is not lost.
    let by_hand = format!("{}stop_words = []\n", text(&folder, "study.toml"));
    folder.write("study.toml", by_hand.replace("stop_words = []\n", "# by hand\n"));
    let refused = ask(&workbench, "undo", &[]);
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("was changed outside Leitmotif since"), "{}", refused.body);
    assert!(text(&folder, "study.toml").ends_with("# by hand\n"));
    // What the study could not be read with is not kept.
    folder.write("study.toml", "langauge = \"en\"\n");
    let refused = ask(&workbench, "take-in", &[("file", "Bob.txt")]);
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(text(&folder, "study.toml"), "langauge = \"en\"\n");
    folder.write("study.toml", SETTINGS);
    assert_eq!(n_decisions(&folder), 8);
}

#[test]
fn a_role_in_one_transcript_goes_into_the_table() {
    let folder = study();
    folder.write("cases.csv", "transcript;region\r\nAnn;North\r\n");
    let workbench = Workbench::open(&folder, &[]);
    let fields = [("transcript", "Ann"), ("speaker", "Ann"), ("role", "other")];
    assert_eq!(ask(&workbench, "roles", &fields).status, 200);
    assert_eq!(roles(&workbench)["Ann"], "other");
    assert_eq!(
        text(&folder, "cases.csv"),
        "transcript;region;speaker;role\r\nAnn;North\r\nAnn;;Ann;other\r\n"
    );
    // The row that is there is changed, and no other.
    let fields = [("transcript", "Ann"), ("speaker", "Ann"), ("role", "participant")];
    assert_eq!(ask(&workbench, "roles", &fields).status, 200);
    assert_eq!(
        text(&folder, "cases.csv"),
        "transcript;region;speaker;role\r\nAnn;North\r\nAnn;;Ann;participant\r\n"
    );
    assert_eq!(ask(&workbench, "undo", &[]).status, 200);
    assert_eq!(ask(&workbench, "undo", &[]).status, 200);
    assert_eq!(text(&folder, "cases.csv"), "transcript;region\r\nAnn;North\r\n");
    // A command sees the files of now, and the page what a command decides.
    assert!(folder.answer(&["redo"]).contains("redid"));
    assert_eq!(roles(&workbench)["Ann"], "other");
    // Rows of a file that is left out are no mistake.
    assert_eq!(ask(&workbench, "leave-out", &[("file", "Ann")]).status, 200);
    assert!(!roles(&workbench).contains_key("Ann"));
    assert_eq!(folder.run(&["info"]).code, 0);
    assert_eq!(ask(&workbench, "take-in", &[("file", "Ann.txt")]).status, 200);
    assert_eq!(roles(&workbench)["Ann"], "other");
}

#[test]
fn a_table_of_a_spreadsheet_is_changed_and_doubles_are_not_added() {
    let folder = study();
    folder.write("cases.csv", "\u{feff}transcript,region\r\nAnn,North\r\n");
    folder.write("study.toml", format!("{SETTINGS}ignore = [\"old*\"]\n"));
    let workbench = Workbench::open(&folder, &[]);
    let fields = [("case", "Ann"), ("attribute", "region"), ("was", "North"), ("value", "South")];
    assert_eq!(ask(&workbench, "attributes", &fields).status, 200);
    assert_eq!(text(&folder, "cases.csv"), "\u{feff}transcript,region\r\nAnn,South\r\n");
    assert_eq!(ask(&workbench, "undo", &[]).status, 200);
    assert_eq!(text(&folder, "cases.csv"), "\u{feff}transcript,region\r\nAnn,North\r\n");
    // A role of everywhere stands in the settings: another encoding of the table is no matter.
    folder.write("cases.csv", b"transcript,region\nAnn,Caf\xe9\n");
    assert_eq!(ask(&workbench, "roles", &[("speaker", "Cid"), ("role", "other")]).status, 200);
    // The same interview twice in one upload counts once; what is never read is not added.
    let dot = interview("Dot", "garden", 6);
    let files =
        [("Dot.txt", dot.as_bytes()), ("Dot (1).txt", dot.as_bytes()), ("old.txt", b"I: A?")];
    assert_eq!(add(&workbench, &files).status, 303);
    let page = workbench.page("/study");
    for told in ["here already, as Dot", "leaves it out"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(folder.path().join("Dot.txt").is_file());
    assert!(!folder.path().join("Dot (1).txt").exists() && !folder.path().join("old.txt").exists());
}

/// Waits until all work is done.
fn rest(workbench: &Workbench) {
    let start = Instant::now();
    while !workbench.json("/pulse")["job"].is_null() {
        assert!(start.elapsed() < Duration::from_mins(2));
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Numbers below others, by chance that can be repeated.
pub(crate) fn dice(seed: usize) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |n| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    }
}

/// What the store and the folder say.
pub(crate) fn everything(folder: &Folder) -> (BTreeMap<String, Vec<u8>>, Value, Value) {
    let json = |args: &[&str]| serde_json::from_str(&folder.run(args).out).unwrap();
    (
        files(folder),
        json(&["codebook", "--format", "json"]),
        json(&["memo", "list", "--format", "json"]),
    )
}

/// An act of a person who does whatever comes to mind.
fn random_act(workbench: &Workbench, n: usize, random: &mut dyn FnMut(usize) -> usize) -> Answer {
    let name = ["Ann", "Bob", "Cid"][random(3)];
    let word = format!("word {n}");
    match random(9) {
        0 | 1 => ask(workbench, "add-code", &[("name", &word)]),
        2 => ask(workbench, "memo", &[("about", "study"), ("text", &word)]),
        3 => {
            let role = ["interviewer", "participant", "other", ""][random(4)];
            ask(workbench, "roles", &[("speaker", name), ("role", role)])
        }
        4 => {
            let all = [("case", name), ("attribute", "region"), ("was", "?"), ("value", &word)];
            ask(workbench, "attributes", &all)
        }
        5 => {
            let new = interview(&format!("Guest {n}"), "harbour", 3);
            add(workbench, &[(&format!("guest {n}.txt"), new.as_bytes())])
        }
        6 => ask(workbench, "leave-out", &[("file", name)]),
        7 => ask(workbench, "take-in", &[("file", &format!("{name}.txt"))]),
        _ => ask(workbench, ["undo", "redo"][random(2)], &[]),
    }
}

#[test]
fn restart_and_find_everything() {
    let folder = study();
    let mut random = dice(7);
    let mut port = None;
    for round in 0..6 {
        let mut workbench = Workbench::open(&folder, &[]);
        // An open window finds it again.
        assert_eq!(*port.get_or_insert(workbench.port), workbench.port);
        for n in 0..3 {
            let (before, was) = (n_decisions(&folder), files(&folder));
            let answer = random_act(&workbench, 100 * round + n, &mut random);
            let is_done = answer.status < 400;
            workbench.child.kill().unwrap();
            workbench.child.wait().unwrap();
            assert_eq!(n_decisions(&folder), before + usize::from(is_done), "{}", answer.body);
            if !is_done {
                assert_eq!(files(&folder), was);
            }
            workbench = Workbench::open(&folder, &[]);
        }
        // Nothing is left half done.
        assert!(!folder.path().join(".leitmotif/changing.json").exists());
        assert!(files(&folder).keys().all(|name| !Path::new(name).starts_with(".half")));
    }
    let before = everything(&folder);
    let workbench = Workbench::open(&folder, &[]);
    assert_eq!(workbench.json("/pulse")["rev"], Value::from(n_decisions(&folder)));
    drop(workbench);
    assert_eq!(everything(&folder), before);
}

#[test]
fn an_act_that_was_interrupted_is_told_and_gone() {
    let folder = study();
    folder.answer(&["code", "add", "Tea"]);
    let hash = |text: &str| FileChange::hash_of(text.as_bytes());
    let after = format!("{SETTINGS}stop_words = [\"tea\"]\n");
    let change = serde_json::json!({
        "path": "study.toml", "before": hash(SETTINGS), "after": hash(&after),
        "edit": { "at": SETTINGS.len(), "old": "", "new": "stop_words = [\"tea\"]\n" },
    });
    let note = serde_json::json!({ "record": "none", "changes": [change] });
    folder.write("study.toml", &after);
    folder.write(".leitmotif/changing.json", note.to_string());
    let ran = folder.run(&["codebook"]);
    assert!(ran.err.contains("interrupted before it was kept"), "{}", ran.err);
    assert_eq!(text(&folder, "study.toml"), SETTINGS);
    assert_eq!(folder.run(&["codebook"]).err, "");
}

#[test]
fn no_answer_tells_a_name_that_is_hidden() {
    let folder = Folder::new();
    let names = ["Ruth Calloway", "Siân Prys"];
    for (id, name) in ["P01", "P02"].iter().zip(["Siân Prys", "Bob"]) {
        let talk = interview(name, "kettle", 6).replace("Interviewer:", "Ruth Calloway:");
        folder.write(&format!("{id}.txt"), talk);
    }
    folder.write("study.toml", "language = \"en\"\n");
    for (name, pseudonym) in names.iter().zip(["Asker", "Person 1"]) {
        folder.answer(&["pseudonyms", "add", name, pseudonym]);
    }
    let workbench = Workbench::open(&folder, &[]);
    let mut bodies = Vec::new();
    let asks = [("speaker", "Asker"), ("role", "interviewer")];
    bodies.push(ask(&workbench, "roles", &asks));
    bodies.push(ask(&workbench, "roles", &[("speaker", "Person 1"), ("role", "participant")]));
    bodies.push(ask(&workbench, "roles", &[("speaker", "Nobody"), ("role", "participant")]));
    let value = [("case", "P01"), ("attribute", "friend"), ("was", ""), ("value", "Siân Prys")];
    bodies.push(ask(&workbench, "attributes", &value));
    let new = interview("Siân Prys", "harbour", 3);
    bodies.push(add(&workbench, &[("Siân Prys.txt", new.as_bytes()), ("Siân Prys.mp3", b"ID3")]));
    assert_eq!(bodies.iter().map(|it| it.status).collect::<Vec<_>>(), [200, 200, 404, 200, 303]);
    // The file says what was meant.
    let settings = text(&folder, "study.toml");
    assert!(names.iter().all(|name| settings.contains(name)), "{settings}");
    rest(&workbench);
    for path in [
        "/study",
        "/study.json",
        "/read",
        "/read/P01",
        "/read/P01.json",
        "/history",
        "/history.json",
        "/pulse",
        "/themes",
        "/quotes?q=kettle",
        "/compare",
        "/report",
        "/codebook",
    ] {
        bodies.push(workbench.get(path));
    }
    // What is marked where a name is hidden is the name.
    let reading = workbench.json("/read/P01.json");
    let words = reading["turns"][1]["text"].as_str().unwrap().chars().take(4).collect::<String>();
    let page = workbench.page("/read/P01");
    let shown = serde_json::to_string(&[&words]).unwrap();
    let marked = [("from", "1:0"), ("to", "1:4"), ("shown", &shown), ("code", "Talk")];
    bodies.push(workbench.send(&page, "id=\"coding\"", "/do/code", &marked));
    assert_eq!(bodies.last().unwrap().status, 303, "{}", bodies.last().unwrap().body);
    bodies.push(workbench.get("/history"));
    bodies.push(ask(&workbench, "undo-to", &[("number", "1")]));
    check_hidden(&bodies, &["Ruth", "Calloway", "Siân", "Prys"]);
}

/// No name is in anything that was answered.
#[track_caller]
fn check_hidden(answers: &[Answer], names: &[&str]) {
    for answer in answers {
        for name in names {
            let is_there = answer.body.contains(name) || answer.head.contains(name);
            assert!(!is_there, "{name}: {}", answer.body);
        }
    }
}

#[test]
fn a_study_begins_with_an_empty_folder() {
    let folder = Folder::new();
    let workbench = Workbench::open(&folder, &[]);
    assert!(workbench.page("/study").contains("There is no transcript in this folder yet"));
    for path in [
        "/help",
        "/history",
        "/codebook",
        "/memos",
        "/read",
        "/report",
        "/quotes",
        "/compare",
        "/themes",
    ] {
        let answer = workbench.get(path);
        assert!(answer.status < 500, "{path}: {}", answer.body);
    }
    assert_eq!(workbench.get("/help").status, 200);
    let talk = [interview("Ann", "kettle", 6), interview("Bob", "kettle", 6)];
    let added =
        add(&workbench, &[("Ann.txt", talk[0].as_bytes()), ("Bob.txt", talk[1].as_bytes())]);
    assert_eq!(added.status, 303, "{}", added.body);
    assert!(workbench.page("/study").contains("2 transcripts"));
    rest(&workbench);
    assert!(workbench.page("/read/Ann").contains("kettle"));
}

#[test]
fn the_door_answers_what_is_too_long_and_doubled() {
    let folder = study();
    let workbench = Workbench::open(&folder, &[]);
    let long = workbench.get(&format!("/quotes?q={}", "a".repeat(9_000)));
    assert_eq!(long.status, 414);
    assert!(long.body.contains("This address is too long."), "{}", long.body);
    let long = workbench.ask("GET", "/study", &[("X-Long", &"a".repeat(9_000))], "");
    assert_eq!(long.status, 431);
    let own = format!("http://127.0.0.1:{}", workbench.port);
    let twice = [("Origin", own.as_str()), ("Origin", "http://evil.example")];
    assert_eq!(workbench.ask("GET", "/study", &twice[..1], "").status, 200);
    assert_eq!(workbench.ask("GET", "/study", &twice, "").status, 403);
    // Files are not taken without the key of a page.
    let body = "--XX\r\nContent-Disposition: form-data; name=\"files\"; filename=\"Eve.txt\"\r\n\r\nEve: Aye.\r\n--XX--\r\n";
    let request = format!(
        "POST /files HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\nContent-Type: multipart/form-data; boundary=XX\r\nContent-Length: {}\r\n\r\n{body}",
        workbench.port,
        workbench.cookie,
        body.len()
    );
    assert_eq!(workbench.ask_raw(request.as_bytes()).status, 403);
    assert!(!folder.path().join("Eve.txt").exists());
}

#[test]
fn pages_that_are_read_only_have_no_form_that_does_anything() {
    let folder = study();
    folder.answer(&["code", "add", "Tea"]);
    let workbench = Workbench::open(&folder, &["--read-only"]);
    for path in ["/study", "/history", "/codebook", "/codebook/1", "/read/Ann", "/report"] {
        let page = workbench.page(path);
        assert!(!page.contains("method=\"post\""), "{path}: {page}");
    }
    let mut workbench = workbench;
    assert_eq!(workbench.ask("POST", "/do/quit", &[], "key=0").status, 403);
    assert!(workbench.child.try_wait().unwrap().is_none());
}

#[test]
fn a_folder_that_cannot_be_read_again_leaves_the_study_open() {
    let folder = study();
    let workbench = Workbench::open(&folder, &[]);
    let read_again = || {
        let page = workbench.page("/study");
        assert_eq!(workbench.send(&page, "", "/do/read-again", &[]).status, 303);
        rest(&workbench);
        workbench.page("/study")
    };
    folder.write("study.toml", "langauge = \"en\"\n");
    let page = read_again();
    for told in ["Not read again", "<code>langauge</code> is not a setting", "3 transcripts"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(workbench.page("/read/Ann").contains("kettle"));
    assert!(!workbench.page("/study").contains("Not read again"));
    folder.write("study.toml", SETTINGS);
    folder.write("Dot.txt", interview("Dot", "garden", 6));
    assert!(read_again().contains("4 transcripts"));
}

#[test]
fn a_role_that_the_talk_is_to_tell_here_is_told_by_the_settings_and_said_so() {
    let folder = study();
    folder.write("study.toml", "[roles]\ninterviewer = [\"Interviewer\"]\n");
    let workbench = Workbench::open(&folder, &[]);
    let role = |role: &str| {
        let fields = [("transcript", "Ann"), ("speaker", "Interviewer"), ("role", role)];
        ask(&workbench, "roles", &fields)
    };
    let refused = role("");
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["says"], "“Interviewer” stays interviewer: study.toml says so");
    assert!(!folder.path().join("cases.csv").exists());
    // A role of its own is taken back, and the settings hold again.
    assert_eq!(role("other").status, 200);
    let taken_back = role("");
    assert_eq!(taken_back.status, 200, "{}", taken_back.body);
    let says = taken_back.json()["says"].as_str().unwrap().to_owned();
    assert!(says.ends_with("“Interviewer” in Ann to what study.toml says"), "{says}");
    assert_eq!(roles(&workbench)["Interviewer"], "interviewer");
    // In a table it is the same.
    folder.write("cases.csv", "speaker,role\nCid,other\n");
    let fields = [("speaker", "Cid"), ("role", "")];
    let refused = ask(&workbench, "roles", &fields);
    assert_eq!(refused.status, 422, "{}", refused.body);
}

#[test]
fn a_file_is_left_out_though_the_settings_name_who_speaks_only_there() {
    let folder = study();
    folder.write("study.toml", "[roles]\ninterviewer = [\"Interviewer\"]\nother = [\"Cid\"]\n");
    let workbench = Workbench::open(&folder, &[]);
    let out = ask(&workbench, "leave-out", &[("file", "Cid")]);
    assert_eq!(out.status, 200, "{}", out.body);
    folder.answer(&["info"]);
    assert!(text(&folder, "study.toml").contains("other = [\"Cid\"]"));
    assert_eq!(ask(&workbench, "take-in", &[("file", "Cid.txt")]).status, 200);
    assert_eq!(roles(&workbench)["Cid"], "other");
    // Who speaks in no file at all is a mistake as before.
    folder.write("study.toml", "ignore = [\"Cid.txt\"]\n[roles]\nother = [\"Cyd\"]\n");
    let ran = folder.run(&["info"]);
    assert!(ran.code == 2 && ran.err.contains("`Cyd` speaks in no transcript"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn settings_that_are_a_link_are_changed_where_they_are_and_read_only_ones_refused() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let (folder, shared) = (study(), Folder::new());
    fs::rename(folder.path().join("study.toml"), shared.path().join("ours.toml")).unwrap();
    symlink(shared.path().join("ours.toml"), folder.path().join("study.toml")).unwrap();
    let workbench = Workbench::open(&folder, &[]);
    let role = || ask(&workbench, "roles", &[("speaker", "Cid"), ("role", "other")]);
    assert_eq!(role().status, 200);
    assert!(folder.path().join("study.toml").is_symlink());
    assert!(text(&shared, "ours.toml").contains("other = [\"Cid\"]"));
    assert_eq!(ask(&workbench, "undo", &[]).status, 200);
    assert_eq!(text(&shared, "ours.toml"), SETTINGS);
    let mode = |mode| fs::Permissions::from_mode(mode);
    fs::set_permissions(shared.path().join("ours.toml"), mode(0o444)).unwrap();
    let refused = role();
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(refused.json()["says"], "study.toml: this file cannot be changed: it is read-only");
    assert_eq!(n_decisions(&folder), 2);
    assert_eq!(text(&shared, "ours.toml"), SETTINGS);
}
