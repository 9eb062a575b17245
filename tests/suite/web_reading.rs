//! Reading and quotes in the workbench without scripts: what pages offer, and what their
//! forms decide.

use serde_json::Value;

use crate::harness::{Folder, interview};
use crate::web::{Workbench, picks, small_study};

/// Two interviews, and a code with a quotation.
fn coded() -> Folder {
    let folder = Folder::new();
    for (name, topic) in [("Ann", "kettle"), ("Bob", "window")] {
        folder.write(&format!("{name}.txt"), interview(name, topic, 4));
    }
    folder.write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Interviewer\"]\n");
    folder.answer(&["code", "add", "Tea", "--definition", "What is drunk."]);
    folder.answer(&["quote", "add", "--transcript", "Ann", "--lines", "2", "--code", "Tea"]);
    folder
}

fn quotations(folder: &Folder) -> Vec<Value> {
    let listed = folder.run(&["quote", "list", "--format", "json"]).out;
    serde_json::from_str(&listed).unwrap()
}

fn last_decision(folder: &Folder) -> String {
    let log: Value = serde_json::from_str(&folder.answer(&["log", "--format", "json"])).unwrap();
    let log = log.as_array().unwrap();
    log.last().unwrap()["about"].as_str().unwrap().to_owned()
}

#[test]
fn quotes_that_are_ticked_are_coded_as_one_decision() {
    let folder = coded();
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/quotes?q=%22strange%22");
    // Each person's best comes first, with how many more there are, and codes stand by.
    assert!(page.contains("3 more from <bdi>Ann</bdi>"), "{page}");
    assert!(page.contains("3 more from <bdi>Bob</bdi>"), "{page}");
    assert_eq!(page.matches("class=\"coded-as\"").count(), 1, "{page}");
    let ticks = picks(&page);
    assert_eq!(ticks.len(), 8);
    let code = |picks: &[&String], code: &str| {
        let page = workbench.page("/quotes?q=%22strange%22");
        let picks = picks.iter().map(|pick| ("pick", pick.as_str()));
        let fields: Vec<(&str, &str)> = picks.chain([("code", code)]).collect();
        workbench.send(&page, "id=\"ticked\"", "/do/code-passages", &fields)
    };
    let all: Vec<&String> = ticks.iter().collect();
    assert_eq!(code(&all, "Odd").status, 303);
    assert_eq!(last_decision(&folder), "8 passages as “Odd”, a new code");
    assert_eq!(quotations(&folder).len(), 8);
    workbench.act("/history", "", "/do/undo", &[]);
    assert_eq!(quotations(&folder).len(), 1);
    // What has the code already is counted, and nothing is coded twice by one person.
    assert_eq!(code(&all[..1], "Tea").status, 303);
    assert!(last_decision(&folder).contains(" as “Tea” (quotation "));
    assert_eq!(code(&all, "Tea").status, 303);
    assert_eq!(last_decision(&folder), "7 passages as “Tea” (1 more had it already)");
    let refused = code(&all, "Tea");
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(code(&[], "Tea").status, 422);
}

#[test]
fn bounds_are_moved_and_codes_stay() {
    let folder = coded();
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/read/Ann");
    let reading = workbench.json("/read/Ann.json");
    let words = reading["turns"][1]["text"].as_str().unwrap();
    let some: String = words.chars().skip(6).take(10).collect();
    let shown = serde_json::to_string(&[&some]).unwrap();
    let mut fields = vec![("from", "1:6"), ("to", "1:16"), ("shown", &shown), ("quotation", "1")];
    let moved = workbench.send_to(&page, "id=\"coding\"", "/do/resize-quotation", &fields);
    assert_eq!(moved.status, 303, "{}", moved.body);
    let quotation = &quotations(&folder)[0];
    assert_eq!((&quotation["text"], &quotation["id"]), (&some.as_str().into(), &1.into()));
    assert_eq!(quotation["codes"][0]["code"], "Tea");
    assert_eq!(last_decision(&folder), "the bounds of quotation 1 to Ann line 2");
    // Words that do not stand there move nothing, and the same bounds are no change.
    let page = workbench.page("/read/Ann");
    let again = workbench.send_to(&page, "id=\"coding\"", "/do/resize-quotation", &fields);
    assert_eq!(again.status, 422, "{}", again.body);
    fields[0].1 = "1:7";
    let stale = workbench.send_to(&page, "id=\"coding\"", "/do/resize-quotation", &fields);
    assert_eq!(stale.status, 409, "{}", stale.body);
    workbench.act("/history", "", "/do/undo", &[]);
    assert_eq!(quotations(&folder)[0]["text"], words);
}

#[test]
fn a_code_in_hand_is_defined_and_proposed_beside_the_talk() {
    let folder = Folder::new();
    for name in ["Ann", "Bob", "Cid"] {
        let talk = ["kettle", "harbour"].map(|topic| interview(name, topic, 2)).concat();
        folder.write(&format!("{name}.txt"), talk);
    }
    folder.write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Interviewer\"]\n");
    folder.answer(&["code", "add", "Kettles", "--definition", "What is boiled in a kettle."]);
    for (name, line) in [("Ann", "2"), ("Ann", "4"), ("Bob", "2"), ("Bob", "4")] {
        let code = ["--lines", line, "--code", "Kettles"];
        folder.answer(&[&["quote", "add", "--transcript", name][..], &code].concat());
    }
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/read/Cid?hand=1");
    assert!(page.contains("<bdi>What is boiled in a kettle.</bdi>"), "{page}");
    let proposed = |page: &str| page.matches("/do/accept-proposal").count();
    let n = proposed(&page);
    assert!(n > 1, "{page}");
    assert_eq!(proposed(&workbench.page("/read/Cid")), 0);
    let page = workbench.act("/read/Cid?hand=1", "", "/do/accept-proposal", &[]);
    assert!(page.contains("accepted the proposal"), "{page}");
    assert_eq!(quotations(&folder).len(), 5);
    // One comes back to the code that was in hand.
    assert!(page.contains("aria-label=\"Code in hand\""), "{page}");
    let page = workbench.act("/read/Cid?hand=1", "", "/do/reject-proposal", &[]);
    assert!(page.contains("rejected the proposal"), "{page}");
    assert_eq!((quotations(&folder).len(), proposed(&page)), (5, n - 2));
}

#[test]
fn what_is_said_in_a_transcript_is_found_and_stepped_through() {
    let folder = coded();
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/read/Ann?find=dog&at=3");
    assert!(page.contains("“dog”: 3 of 4"), "{page}");
    assert!(
        page.contains("find=dog&amp;at=2#here") || page.contains("find=dog&#38;at=2#here"),
        "{page}"
    );
    assert!(
        page.split("id=\"t5\"").next().unwrap().ends_with("class=\"turn participant target\" ")
    );
    assert!(workbench.page("/read/Ann?find=giraffe").contains("is not said in this transcript"));
    assert!(workbench.page("/read/Ann?find=dog+AND").contains("What helps"));
}

#[test]
fn fields_and_their_values_are_offered() {
    let folder = coded();
    let workbench = Workbench::open(&folder, &[]);
    let fields = workbench.json("/quotes/fields.json");
    let field = |name: &str| {
        let found = fields.as_array().unwrap().iter().find(|it| it["name"] == name);
        found.unwrap_or_else(|| panic!("{name}: {fields}"))["values"].clone()
    };
    assert_eq!(field("case"), serde_json::json!(["Ann", "Bob"]));
    assert_eq!(field("role"), serde_json::json!(["interviewer", "participant"]));
    assert_eq!(field("code"), serde_json::json!(["Tea"]));
}

#[test]
fn a_long_transcript_comes_in_sections() {
    let folder = Folder::new();
    folder.write("Ann.txt", interview("Ann", "kettle", 400));
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/read/Ann");
    assert_eq!(page.matches("<article class=\"turn").count(), 50);
    assert_eq!(page.matches("class=\"part away\"").count(), 15);
    let page = workbench.page("/read/Ann?lines=421");
    assert!(page.contains("id=\"t420\"") && page.contains("id=\"t400\""), "{page}");
    assert!(!page.contains("id=\"t399\""));
    let part = workbench.page("/part/Ann?section=15");
    assert!(part.contains("id=\"t750\"") && part.contains("id=\"t799\""), "{part}");
    // A section that is not there is the last one.
    assert!(workbench.page("/part/Ann?section=99").contains("id=\"t799\""));
}

#[test]
fn an_empty_study_says_in_every_place_what_comes_first() {
    let workbench = Workbench::open(&Folder::new(), &[]);
    for (path, next) in [
        ("/study", "Add the files"),
        ("/read", "<a href=\"/study\">Study</a> says how to add some"),
        ("/themes", "<a href=\"/study#files\">Add interviews on Study</a>"),
        ("/compare", "<a href=\"/study#cases\">Study, Participants</a>"),
        ("/report", "There is nothing to report yet"),
    ] {
        let page = workbench.page(path);
        assert!(page.contains(next), "{path}: {page}");
        assert!(!page.contains("0 participants") && !page.contains("0 passages"), "{path}");
    }
}

/// A pointer often leaves a letter out: what was marked is kept as it was, and comes into the
/// report as it was.
#[test]
fn half_a_word_that_was_marked_stops_no_report() {
    let folder = small_study();
    let workbench = Workbench::open(&folder, &[]);
    let reading = workbench.json("/read/Ann.json");
    let words = reading["turns"][1]["text"].as_str().unwrap();
    let part: String = words.chars().skip(7).take(29).collect();
    assert!(part.starts_with("he kettle was") && part.ends_with("firs"), "{part}");
    let shown = serde_json::to_string(&[&part]).unwrap();
    let filled = [("from", "1:7"), ("to", "1:36"), ("shown", shown.as_str()), ("code", "Tea")];
    let sent = workbench.send(&workbench.page("/read/Ann"), "id=\"coding\"", "/do/code", &filled);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let page = workbench.page("/report");
    assert!(page.contains("1 quote"), "{page}");
    for kind in ["docx", "html", "md"] {
        let file = workbench.get(&format!("/report/file?as={kind}&short=1"));
        assert_eq!(file.status, 200, "{kind}: {}", file.body);
    }
}
