//! Names are in no answer, in whatever command, format and spelling; and people
//! find by pseudonym what they are shown.

use std::fs;
use std::path::Path;

use leitmotif::session::Session;
use serde_json::Value;

use crate::harness::Folder;

/// Names of a small invented study, in every spelling that stands in it.
const NAMES: &[&str] = &["siân", "sian", "powell", "abergavenny", "ruth", "calloway", "bowen"];

/// Four interviews about evenings on a screen, with names in labels, file names,
/// folders, attributes and talk, and the key to them.
fn study() -> Folder {
    let folder = Folder::new();
    let talk = |name: &str, other: &str| {
        let mut text = String::new();
        for (turn, topic) in
            ["camera", "kettle", "travel", "camera", "silence", "travel"].iter().enumerate()
        {
            text.push_str(&format!("Ruth Calloway: And what about the {topic}, {name}?\n"));
            text.push_str(&format!(
                "{name}: Well, the {topic} was strange at first, and then {other}’s group in Abergavenny \
                 found that the {topic} helped the evening. I told Sian\nPowell about the {topic} \
                 number {turn}, and SIÂN laughed in ABERGAVENNY with the dog asleep in the kitchen.\n"
            ));
        }
        text
    };
    folder
        .write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Ruth Calloway\"]\n")
        .write("Abergavenny/Siân Powell.txt", talk("Siân Powell", "Ruth"))
        .write("Abergavenny/P2.txt", talk("Huw Bowen", "Siân"))
        .write("online/P3.txt", talk("Mair", "Bowen"))
        .write("online/P4.txt", talk("Elin", "Siân Powell"))
        .write("cases.csv", "transcript,met\nAbergavenny/P2,Siân Powell\nonline/P3,nobody\n")
        .write(
            ".leitmotif/pseudonyms.csv",
            "name,pseudonym,rule\nSiân Powell,P07,\nSiân,P07,\nPowell,P07,\nHuw Bowen,P2,\nBowen,P2,\n\
             Ruth Calloway,[leader],\nRuth,[leader],\nAbergavenny,[town],\nDog,,ignore\n",
        );
    folder
}

#[track_caller]
fn holds_no_name(shown: &str, what: &[&str]) {
    let lower = shown.to_lowercase();
    for name in NAMES {
        assert!(!lower.contains(name), "{what:?} shows `{name}`:\n{shown}");
    }
}

#[test]
fn no_answer_shows_a_name() {
    let folder = study();
    folder.answer(&["themes", "--count", "2"]);
    for act in [
        &["theme", "accept", "1", "--as", "Siân’s evenings"][..],
        &["code", "add", "In Abergavenny", "--definition", "Powell’s town"],
        &["quote", "add", "--transcript", "P07", "--lines", "2-3", "--code", "In Abergavenny"],
        &["quote", "add", "--transcript", "P07", "--lines", "8-9", "--code", "In Abergavenny"],
        &["quote", "add", "--transcript", "P2", "--lines", "2-3", "--code", "In Abergavenny"],
        &["code", "rule", "In Abergavenny", "abergavenny OR \"Siân Powell\" OR powell OR camera"],
        &["propose", "--code", "In Abergavenny"],
        &["propose", "accept", "1"],
        &["propose", "reject", "2", "--because", "Siân Powell’s own"],
        &["memo", "add", "Ask Siân Powell", "--on", "transcript:Abergavenny/Siân Powell"],
    ] {
        let ran = folder.run(act);
        assert_eq!(ran.code, 0, "{act:?} {}", ran.err);
        holds_no_name(&ran.out, act);
    }
    let asked: &[&[&str]] = &[
        &["info"],
        &["info", "--format", "json"],
        &["index"],
        &["themes"],
        &["themes", "--format", "json"],
        &["themes", "--format", "jsonl"],
        &["themes", "--unassigned", "--format", "json"],
        &["themes", "--since", "1", "--format", "json"],
        &["search", "camera"],
        &["search", "Siân Powell camera", "--limit", "0", "-C", "2"],
        &["search", "\"Siân Powell\"", "--limit", "0", "--format", "jsonl"],
        &["search", "Powell", "--kwic", "--limit", "0", "--format", "json"],
        &["search", "abergavenny", "--kwic", "--sort", "left"],
        &["search", "speaker:Siân", "--format", "csv"],
        &["search", "group:Abergavenny kettle", "--format", "md"],
        &["similar", "--transcript", "Siân Powell", "--lines", "2-3", "--format", "json"],
        &["propose", "--format", "json", "--limit", "0"],
        &["propose", "--code", "in abergavenny", "--in", "[town]/P2"],
        &["code", "rule", "In Abergavenny"],
        &["code", "rule", "In Abergavenny", "--limit", "0", "--format", "json"],
        &["agreement", "--with", "proposals"],
        &["agreement", "--with", "proposals", "--format", "json"],
        &["propose", "rejected"],
        &["propose", "rejected", "--format", "csv"],
        &["compare"],
        &["compare", "--format", "json"],
        &["compare", "--by", "met", "--format", "csv"],
        &["saturation", "--format", "json"],
        &["show", "P07"],
        &["show", "[town]/P07", "--lines", "2-3"],
        &["codebook"],
        &["codebook", "--format", "json"],
        &["quote", "list"],
        &["quote", "list", "--format", "json"],
        &["memo", "list", "--format", "csv"],
        &["log"],
        &["log", "--format", "json"],
        &["theme", "rejected", "--format", "json"],
    ];
    for args in asked {
        let ran = folder.run(args);
        assert!(ran.code < 2, "{args:?} {}", ran.err);
        assert!(!ran.out.is_empty(), "{args:?} {}", ran.err);
        holds_no_name(&ran.out, args);
        holds_no_name(&ran.err, args);
    }
    // What went wrong is told without names, too.
    let ran = folder.run(&["show", "Siân Powel"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `P07`"), "{}", ran.err);
}

#[test]
fn why_a_study_cannot_be_opened_is_told_without_names() {
    let folder = study();
    for (file, content) in [
        ("cases.csv", "transcript,met\nSiân Powell 7,nobody\n"),
        ("study.toml", "[roles]\nother = [\"Siân Powell\"]\nparticipant = [\"Ruth Bowen\"]\n"),
    ] {
        folder.write(file, content);
        let ran = folder.run(&["info"]);
        assert_eq!(ran.code, 2, "{file}: {}", ran.out);
        assert!(ran.err.starts_with(&format!("error: {file}:")), "{}", ran.err);
        holds_no_name(&ran.err, &[file]);
        let shown = folder.run(&["info", "--originals"]).err.to_lowercase();
        assert!(NAMES.iter().any(|name| shown.contains(name)), "{shown}");
    }
}

#[test]
fn what_is_shown_can_be_searched() {
    let folder = study();
    let count = |query: &str| {
        let ran = folder.run(&["search", query, "--kwic", "--limit", "0", "--format", "jsonl"]);
        assert_eq!(ran.code, 0, "{query}: {}", ran.err);
        ran.out.lines().count()
    };
    // As often as it is shown, labels left out.
    let mut n_shown = 0;
    for id in ["P07", "P2", "P3", "P4"] {
        let shown = folder.answer(&["show", id]);
        n_shown += shown.matches("P07").count() - shown.matches("P07: ").count();
    }
    assert!(n_shown > 50, "{n_shown}");
    assert_eq!(count("P07"), n_shown);
    assert_eq!(count("[town]"), count("Abergavenny"));
    assert_eq!(count("\"laughed in [town]\""), count("\"laughed in Abergavenny\""));
    assert_eq!(count("\"told p07\""), 24);
    assert_eq!(count("camera speaker:P07"), count("camera speaker:\"Siân Powell\""));
    assert_eq!(count("camera transcript:P07"), count("camera transcript:\"Siân Powell\""));
    assert_eq!(count("camera case:P07"), count("camera transcript:\"Siân Powell\" speaker:Siân"));
    assert_eq!(count("camera group:[town]"), count("camera group:Abergavenny"));
}

#[test]
fn marks_stand_on_what_is_shown() {
    let folder = study();
    let out = folder.answer(&[
        "search",
        "\"Sian Powell\" AND camera",
        "--limit",
        "0",
        "--format",
        "jsonl",
    ]);
    let mut n_marked = 0;
    for line in out.lines() {
        let hit: Value = serde_json::from_str(line).unwrap();
        let text: Vec<char> = hit["text"].as_str().unwrap().chars().collect();
        let spans = hit["highlights"].as_array().unwrap();
        for span in spans {
            let at = |end: usize| span[end].as_u64().unwrap() as usize;
            let marked: String = text[at(0)..at(1)].iter().collect();
            let marked = marked.trim().to_lowercase();
            assert!(["p07", "camera"].contains(&marked.as_str()), "{marked}");
            n_marked += 1;
        }
    }
    assert!(n_marked > 10, "{n_marked}");
}

#[test]
fn lines_keep_their_numbers_and_originals_can_be_shown() {
    let folder = study();
    let file = fs::read_to_string(folder.path().join("Abergavenny/Siân Powell.txt")).unwrap();
    let original = folder.answer(&["show", "P07", "--originals"]);
    let shown = folder.answer(&["show", "P07"]);
    assert_eq!(shown.lines().count(), file.lines().count());
    for (line, written) in original.lines().zip(file.lines()) {
        assert_eq!(line.trim_start().split_once("  ").unwrap().1, written);
    }
    insta::assert_snapshot!(shown.lines().take(3).collect::<Vec<_>>().join("\n"), @r"
    1  [leader]: And what about the camera, P07?
    2  P07: Well, the camera was strange at first, and then [leader]’s group in [town] found that the camera helped the evening. I told P07
    3   about the camera number 0, and P07 laughed in [town] with the dog asleep in the kitchen.
    ");
    // A quotation is kept as it was said, and picked as it is shown.
    folder.answer(&["code", "add", "Laughing"]);
    let words = "P07 laughed in [town]";
    folder.answer(&[
        "quote",
        "add",
        "--transcript",
        "P07",
        "--lines",
        "3",
        "--words",
        words,
        "--code",
        "Laughing",
    ]);
    let kept = folder.answer(&["quote", "list", "--format", "csv", "--originals"]);
    assert!(kept.contains("SIÂN laughed in ABERGAVENNY"), "{kept}");
    let kept = folder.answer(&["quote", "list", "--format", "csv"]);
    assert!(kept.contains(words), "{kept}");
}

#[test]
fn the_key_is_kept_by_commands() {
    let folder = study();
    fs::remove_file(folder.path().join(".leitmotif/pseudonyms.csv")).unwrap();
    assert!(folder.answer(&["search", "Siân"]).contains("Siân"));
    insta::assert_snapshot!(folder.answer(&["pseudonyms", "scan"]), @r"
    kind           text           times  for example
    speaker        Ruth Calloway     24  Abergavenny/P2:1
    speaker        Elin               6  online/P4:2
    speaker        Huw Bowen          6  Abergavenny/P2:2
    speaker        Mair               6  online/P3:2
    speaker        Siân Powell        6  Abergavenny/Siân Powell:2
    possible name  Siân              54  Abergavenny/P2:2
    possible name  Abergavenny       48  Abergavenny/P2:2
    possible name  Bowen              6  online/P3:2
    possible name  Ruth               6  Abergavenny/Siân Powell:2

    9 names or details that may identify somebody.
    What has no form of its own, such as a rare illness or an unusual post, is not
    found by this: read what you share.
    ");
    let added = folder.run(&["pseudonyms", "add", "Siân Powell", "P07"]);
    insta::assert_snapshot!(format!("{}{}", added.out, added.err), @"Siân Powell is shown as P07 in 42 places");
    folder.answer(&["pseudonyms", "add", "Siân", "P07"]);
    folder.answer(&["pseudonyms", "add", "Abergavenny", "[town]"]);
    folder.answer(&["pseudonyms", "ignore", "Mair", "Elin"]);
    insta::assert_snapshot!(folder.answer(&["pseudonyms", "list"]), @r"
    name         pseudonym  rule    places
    Siân Powell  P07        any         42
    Siân         P07        any         30
    Abergavenny  [town]     any         48
    Mair                    ignore       0
    Elin                    ignore       0

    The key is STUDY/.leitmotif/pseudonyms.csv.
    It tells who is who: do not store it with anything you share.
    ");
    insta::assert_snapshot!(folder.answer(&["pseudonyms", "scan", "--leaks"]), @r"
    kind           text           times  for example
    speaker        Ruth Calloway     24  [town]/P2:1
    speaker        Huw Bowen          6  [town]/P2:2
    possible name  Bowen              6  online/P3:2
    possible name  Ruth               6  [town]/P07:2

    4 names or details that may identify somebody, still visible.
    What has no form of its own, such as a rare illness or an unusual post, is not
    found by this: read what you share.
    ");
    let ran = folder.run(&["pseudonyms", "add", "Ruth", "Siân"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @r"
    error: the pseudonym `Siân` shares words with the name `Siân Powell`
      hint: choose a pseudonym that is part of no name, such as P07 or [town]
    ");
    assert_eq!(folder.answer(&["pseudonyms", "remove", "sian"]), "Siân is no longer hidden\n");
}

#[test]
fn a_key_that_is_named_and_missing_stops_the_run() {
    let folder = study();
    folder.write("study.toml", "language = \"en\"\npseudonyms = \"../elsewhere/key.csv\"\n");
    let ran = folder.run(&["search", "camera"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("is missing") && ran.out.is_empty(), "{}", ran.err);
    // One that lies where nobody reads it is told of, and is no transcript.
    let folder = study();
    fs::rename(
        folder.path().join(".leitmotif/pseudonyms.csv"),
        folder.path().join("pseudonyms.csv"),
    )
    .unwrap();
    let ran = folder.run(&["index"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("is a key of names in a place where it is not used"), "{}", ran.err);
    folder.write("study.toml", "language = \"en\"\npseudonyms = \"pseudonyms.csv\"\n");
    holds_no_name(&folder.answer(&["search", "camera"]), &["search"]);
}

#[test]
fn a_text_to_be_shared_is_looked_through() {
    let folder = study();
    let study =
        Session::open(folder.path(), None, &|_: usize, _: usize| {}).unwrap().session.snapshot();
    let shared = "P07 met Ruth in [town].\nMair rang 029 2087 4000 on 12 March 2021, or wrote to \
                  m@example.org.\nPowellish things; a dog; [leader] of P2; Elin’s.";
    let found: Vec<String> = study
        .leaks(shared)
        .unwrap()
        .iter()
        .map(|leak| format!("{}:{} {} {}", leak.line, leak.kind.name(), leak.text, leak.count))
        .collect();
    insta::assert_snapshot!(found.join("\n"), @r"
    1:name in the key Ruth 1
    3:similar to a name in the key Powellish 1
    3:possible name Elin 1
    2:possible name Mair 1
    2:mail address m@example.org 1
    2:phone number 029 2087 4000 1
    2:date 12 March 2021 1
    ");
    assert!(study.leaks("P07 met [leader] in [town], and the dog.").unwrap().is_empty());
}

#[test]
fn projects_for_other_tools_hold_no_name() {
    let folder = study();
    folder.answer(&["code", "add", "Told by Siân"]);
    let words = ["--lines", "2", "--words", "the camera was strange"];
    let whole = ["quote", "add", "--transcript", "P07", "--code", "Told by Siân"];
    folder.answer(&[&whole[..], &words].concat());
    folder.answer(&[
        "quote",
        "add",
        "--transcript",
        "P2",
        "--lines",
        "2-3",
        "--code",
        "Told by Siân",
    ]);
    let beside = Folder::new();
    let path = beside.path().join("out.qdpx");
    let ran = folder.run(&["export", path.to_str().unwrap()]);
    assert!(ran.code < 2, "{}", ran.err);
    // Taken in by an empty study, every quotation is confirmed and none names anybody.
    let other = Folder::new();
    let ran = other.run(&["import", path.to_str().unwrap()]);
    assert!(ran.code < 2, "{}", ran.err);
    let kept = other.run(&["quote", "list", "--format", "json"]);
    holds_no_name(&kept.out, &["quote", "list"]);
    let kept: Value = serde_json::from_str(&kept.out).unwrap();
    let quotes: Vec<&Value> = kept.as_array().unwrap().iter().collect();
    assert_eq!(quotes.len(), 2, "{kept}");
    assert!(quotes.iter().any(|quote| quote["text"] == "the camera was strange"), "{kept}");
    let info = other.run(&["info", "--format", "json"]);
    holds_no_name(&info.out, &["info"]);
    let original = beside.path().join("originals.qdpx");
    folder.run(&["--originals", "export", original.to_str().unwrap()]);
    let third = Folder::new();
    third.run(&["import", original.to_str().unwrap()]);
    assert!(third.run(&["quote", "list"]).out.contains("Abergavenny"));
}

#[test]
fn two_transcripts_with_one_pseudonym_are_told_of() {
    let folder = study();
    folder.write(
        "Abergavenny/Powell.txt",
        "Interviewer: So?\nA: Well, a camera.\nInterviewer: Why?\nA: It was odd.\n",
    );
    let ran = folder.run(&["index"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("2 transcripts are shown as `[town]/P07`"), "{}", ran.err);
}

/// Every text in a file: of an archive, that of all its parts.
fn texts_of(path: &Path) -> String {
    let bytes = fs::read(path).unwrap();
    if !bytes.starts_with(b"PK") {
        return String::from_utf8(bytes).unwrap();
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut texts = String::new();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).unwrap();
        texts += &std::io::read_to_string(entry).unwrap_or_default();
    }
    texts
}

#[test]
fn no_export_holds_a_name_and_reports_still_verify() {
    let folder = study();
    folder.answer(&["themes", "--count", "2"]);
    for act in [
        &["theme", "accept", "1", "--as", "Siân’s evenings"][..],
        &["quote", "add", "--transcript", "P2", "--lines", "2-3", "--code", "Siân’s evenings"],
        &["memo", "add", "Ask Siân Powell", "--on", "transcript:P2"],
    ] {
        assert_eq!(folder.run(act).code, 0, "{act:?}");
    }
    let out = tempfile::tempdir().unwrap();
    for name in ["r.docx", "r.html", "r.md", "r.xlsx", "r.csv", "r.json", "r.qdpx", "r.qdc"] {
        let path = out.path().join(name);
        let ran = folder.run(&["export", path.to_str().unwrap(), "--memos", "--candidates"]);
        assert_ne!(ran.code, 2, "{name} {}", ran.err);
        holds_no_name(&texts_of(&path), &[name]);
        holds_no_name(&ran.out, &[name]);
        if matches!(name, "r.docx" | "r.html" | "r.md" | "r.csv" | "r.json") {
            let ran = folder.run(&["verify", path.to_str().unwrap()]);
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name} {}", ran.out);
        }
    }
    // A project without names is whole: every selection stands where it says.
    let other = tempfile::tempdir().unwrap();
    let mut import = std::process::Command::new(env!("CARGO_BIN_EXE_leitmotif"));
    let project = out.path().join("r.qdpx");
    let ran = import.arg("--study").arg(other.path()).arg("import").arg(&project).output().unwrap();
    assert_eq!(String::from_utf8(ran.stderr).unwrap(), "");
    // Originals are exported when a person asks for them.
    let path = out.path().join("o.md");
    folder.run(&["export", path.to_str().unwrap(), "--originals"]);
    assert!(texts_of(&path).contains("SIÂN laughed"));
    let ran = folder.run(&["verify", path.to_str().unwrap(), "--originals"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
}

#[test]
fn words_of_a_name_on_the_key_are_no_terms_and_no_labels() {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    let sentence = |name: &str, n: usize| {
        format!(
            "Interviewer: And then, number {n}?\n\
             Part: When {name} came to the ward I was in the garden, and {name} told me about the \
             green bread of week {n}, near Palmer.\n"
        )
    };
    for p in 0..8 {
        let (group, name) =
            if p < 4 { ("gpA", "Rhodri Vaughan-Pryce") } else { ("gpB", "the manager") };
        let text: String = (0..12).map(|n| sentence(name, n)).collect();
        folder.write(&format!("{group}/p{p}.txt"), text.replace("Part:", &format!("Part{p}:")));
    }
    // What was listed and decided before a name was on the key is shown without it too.
    folder.answer(&["themes", "--count", "2"]);
    let ran = folder.run(&["theme", "accept", "1"]);
    assert!(ran.code < 2, "{ran:?}");
    folder.answer(&["code", "add", "Pryce in the garden"]);
    for coder in ["Ann", "Ben"] {
        let act = ["quote", "add", "--transcript", "p0", "--lines", "2", "--coder", coder];
        folder.answer(&[&act[..], &["--code", "Pryce in the garden"]].concat());
    }
    folder.answer(&["pseudonyms", "add", "Rhodri Vaughan-Pryce", "P01"]);
    folder.answer(&["pseudonyms", "add", "Rose Green", "P02"]);
    folder.answer(&["pseudonyms", "add", "Palmer", "P99", "--capital"]);
    let mut told = String::new();
    for asked in [
        &["themes", "--count", "2"][..],
        &["themes"],
        &["compare", "--by", "group"],
        &["similar", "--text", "Rhodri Vaughan-Pryce came to the ward"],
        &["codebook"],
        &["search", "--kwic", "garden"],
        &["agreement"],
        &["log"],
        &["theme", "rejected"],
        &["propose"],
        &["info"],
    ] {
        for format in ["text", "json"] {
            told.push_str(&folder.run(&[asked, &["--format", format]].concat()).out);
            told.push_str(&folder.run(asked).out);
        }
    }
    let away = Folder::new();
    for name in ["r.md", "r.qdpx", "r.qdc"] {
        let path = away.path().join(name);
        let ran = folder.run(&["export", path.to_str().unwrap(), "--candidates"]);
        assert!(ran.code < 2, "{ran:?}");
        told.push_str(&texts_of(&path));
    }
    let told = told.to_lowercase();
    for part in ["rhodri", "vaughan", "pryce", "palmer"] {
        assert!(!told.contains(part), "{part}: {told}");
    }
    // A word like others stays one, though it is also in a name.
    assert!(told.contains("green bread") && told.contains("p01"), "{told}");
}

#[test]
fn a_coder_on_the_key_is_hidden_like_everybody() {
    let folder = study();
    folder.answer(&["pseudonyms", "add", "Gwen Coder", "C1"]);
    for act in [
        &["--coder", "Gwen Coder", "code", "add", "Kettle"][..],
        &["--coder", "Gwen Coder", "memo", "add", "To be read."],
    ] {
        folder.answer(act);
    }
    for shown in [&["log"][..], &["log", "--format", "json"], &["memo", "list"]] {
        let shown = folder.answer(shown);
        assert!(!shown.contains("Gwen"), "{shown}");
        assert!(shown.contains("C1"), "{shown}");
    }
    let project = tempfile::tempdir().unwrap();
    let path = project.path().join("study.qdpx");
    // That names are still visible in it is told.
    assert_eq!(folder.run(&["export", path.to_str().unwrap()]).code, 0);
    assert!(!texts_of(&path).contains("Gwen"));
}

#[test]
fn a_file_that_is_called_by_a_word_of_a_hidden_name_is_cited_without_it() {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for (file, name, topic) in [
        ("prosser-2", "Gwenllian Prosser", "kettle"),
        ("Bo/second", "Bo Lund", "garden"),
        ("kettle-1", "Ann Kettle", "bicycle"),
    ] {
        folder.write(&format!("{file}.txt"), crate::harness::interview(name, topic, 6));
    }
    for (name, pseudonym) in [("Gwenllian Prosser", "P1"), ("Ann Kettle", "P3")] {
        folder.answer(&["pseudonyms", "add", name, pseudonym]);
    }
    let found = folder.answer(&["search", "kettle", "--format", "jsonl"]);
    assert!(found.contains("\"transcript\":\"P1-2\"") && !found.contains("rosser"), "{found}");
    // What is also said in small letters outside the name is a word like others.
    let info = folder.answer(&["info", "--format", "json"]);
    assert!(info.contains("\"kettle-1\"") && !info.contains("rosser"), "{info}");
    // It is asked for as it is shown.
    assert!(folder.answer(&["show", "P1-2"]).contains("kettle"));
}
