//! A study goes out to other tools and comes in again, driven as people do.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::harness::{Folder, interview, skipped};

fn atlas() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/refi-qda");
    if path.is_dir() {
        return Some(path);
    }
    skipped(&path.display().to_string());
    None
}

fn entries(path: &Path) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    (0..zip.len())
        .map(|number| {
            let entry = zip.by_index(number).unwrap();
            let name = entry.name().unwrap().into_owned();
            (name, std::io::read_to_string(entry).unwrap())
        })
        .collect()
}

/// The project without identifiers, times, and the name of the study.
fn bare(path: &Path) -> String {
    let guid =
        regex::Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap();
    let time = regex::Regex::new("DateTime=\"[^\"]*\"").unwrap();
    let name = regex::Regex::new("(<Project [^>]*?)name=\"[^\"]*\"").unwrap();
    let mut all: Vec<String> = entries(path)
        .iter()
        .map(|(entry, text)| {
            let text = if entry == "project.qde" { text.as_str() } else { return text.clone() };
            let text = guid.replace_all(text, "GUID");
            let text = time.replace_all(&text, "TIME");
            name.replace(&text, "${1}name").into_owned()
        })
        .collect();
    all[1..].sort();
    all.join("\n---\n")
}

#[track_caller]
fn check_valid(project: &Path) {
    let Some(shared) = atlas() else { return };
    if Command::new("xmllint").arg("--version").output().is_err() {
        skipped("xmllint");
        return;
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &entries(project)[0].1).unwrap();
    let output = Command::new("xmllint")
        .args(["--noout", "--schema"])
        .arg(shared.join("Project-mrt2019.xsd"))
        .arg(file.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Out of one study, into an empty folder, out again: equal but for ids and times.
fn check_round_trip(first: &Folder, folder: &Folder) {
    let (a, b) = (folder.path().join("a.qdpx"), folder.path().join("b.qdpx"));
    // Texts may be warned of; nothing of the project may be.
    let run = |study: &Folder, args: &[&str]| {
        let ran = study.run(args);
        assert!(ran.code < 2 && !ran.err.contains("quotation"), "{args:?}: {}", ran.err);
        ran.out
    };
    run(first, &["export", a.to_str().unwrap()]);
    check_valid(&a);
    let second = Folder::new();
    run(&second, &["import", a.to_str().unwrap()]);
    run(&second, &["export", b.to_str().unwrap()]);
    check_valid(&b);
    assert_eq!(bare(&a), bare(&b));
    // A second time nothing is new.
    let again = run(&second, &["import", a.to_str().unwrap()]);
    assert!(
        again.ends_with("The codebook already has all of it, so there is no new decision.\n"),
        "{again}"
    );
    // The whole of it is undone at once.
    run(&second, &["undo"]);
    assert_eq!(run(&second, &["codebook", "--format", "json"]).matches("\"id\"").count(), 0);
}

const TALK: &str = "Int: How was it for you, when you first joined the group online? \u{1f642}\r\n\
    Siân: It was \u{1f44d}\u{1f3fd} e\u{301}trange at first, with all the faces on the screen.\r\n\
    Int: And then what happened, once you had been there for a few weeks?\r\n\
    Siân: Then it was שלום עולם, and we laughed about it, and it was much easier to join than the drive to the hospital.\r\n";

#[test]
fn a_study_goes_out_and_comes_in_again() {
    let study = Folder::new();
    // With a byte order mark, with line ends of Windows and of others.
    study.write("participants/P01.txt", [b"\xef\xbb\xbf", TALK.as_bytes()].concat());
    study.write("participants/P02.txt", TALK.replace("Siân", "Owain").replace("\r\n", "\n"));
    study.write("leaders/L01.txt", TALK.replace("Siân", "Ada"));
    study.write(
        "cases.csv",
        "transcript,region\nparticipants/P01,\"Wales, north\"\nleaders/L01,Kent\n",
    );
    study.answer(&["code", "add", "Easier", "--theme", "--include", "no drive\nno room"]);
    study.answer(&["code", "add", "No travel", "--under", "Easier", "--color", "#1f77b4"]);
    study.answer(&["code", "add", "Oddness", "--definition", "faces & \"screens\" <all>"]);
    let strange = "e\u{301}trange at first";
    for (id, code, words, coder) in [
        ("participants/P01", "No travel", strange, "Ann"),
        ("participants/P01", "Oddness", strange, "Bea"),
        ("participants/P02", "Oddness", "It was \u{1f44d}\u{1f3fd} e\u{301}trange", "Ann"),
    ] {
        let quote = ["quote", "add", "--transcript", id, "--lines", "2-2", "--words", words];
        study.answer(&[&quote[..], &["--code", code, "--coder", coder]].concat());
    }
    for on in ["study", "code:Oddness", "quote:1", "transcript:participants/P02", "case:P01"] {
        study.answer(&["memo", "add", "A note <to> self", "--on", on, "--coder", "Bea"]);
    }
    check_round_trip(&study, &Folder::new());
}

/// Forty decisions on the sample study, out, in, and out again.
#[test]
fn a_study_of_forty_decisions_travels() {
    let study = Folder::sample();
    let decide = |args: &[&str]| {
        let ran = study.run(args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
        usize::from(ran.out.starts_with("Decision "))
    };
    let mut n = decide(&["theme", "accept", "1", "--as", "Easier to join"]);
    n += decide(&["theme", "accept", "2", "--as", "Second"]);
    n += decide(&["theme", "accept", "3", "--as", "Third"]);
    n += decide(&["theme", "reject", "4"]);
    for (number, above) in
        ["Easier to join", "Easier to join", "Second", "Third"].iter().enumerate()
    {
        n += decide(&["code", "add", &format!("Code {number}"), "--under", above]);
    }
    for t in 1..=6 {
        for (part, coder) in [("P", "Ann"), ("L", "Bea")] {
            let id = format!("{part}0{t}");
            let code = format!("Code {}", t % 4);
            let quote = ["quote", "add", "--transcript", &id, "--lines", "8-10", "--code", &code];
            n += decide(&[&quote[..], &["--coder", coder]].concat());
        }
    }
    for t in 1..=6 {
        let id = format!("P0{t}");
        let quote = ["quote", "add", "--transcript", &id, "--lines", "8-10", "--code", "Second"];
        n += decide(&[&quote[..], &["--coder", "Bea"]].concat());
        n += decide(&["memo", "add", &format!("Note {t}"), "--on", &format!("case:{id}")]);
    }
    n += decide(&["memo", "add", "Ask again", "--on", "theme:Third", "--coder", "Ann"]);
    n += decide(&["memo", "add", "The whole", "--coder", "Ann"]);
    n += decide(&["memo", "add", "One quote", "--on", "quote:2"]);
    n += decide(&["undo"]);
    n += decide(&["redo"]);
    n += decide(&["undo"]);
    n += decide(&["memo", "add", "A leader", "--on", "transcript:leaders/L01"]);
    n += decide(&["memo", "add", "Another quote", "--on", "quote:3"]);
    assert_eq!(n, 40);
    check_round_trip(&study, &Folder::new());
}

#[test]
fn an_export_says_what_it_leaves_and_overwrites_nothing() {
    let study = Folder::sample();
    study.answer(&["theme", "accept", "1", "--as", "Easier to join"]);
    let away = Folder::new();
    let path = away.path().join("a.qdpx");
    let path = path.to_str().unwrap();
    let out = study.answer(&["export", path]);
    assert!(
        out.contains("Not exported, because REFI-QDA has no place for it: 1 link from a theme to its candidate, the times of 6 transcripts, 1 role from study.toml."),
        "{out}"
    );
    let ran = study.run(&["export", path]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is a file"), "{}", ran.err);
    study.answer(&["export", path, "--overwrite"]);
    let ran = study.run(&["export", "a.xyz"]);
    assert!(ran.code == 2 && ran.err.contains("cannot write `.xyz`"), "{}", ran.err);
    let ran = study.run(&["import", "a.xyz"]);
    assert!(ran.code == 2 && ran.err.contains("cannot import `"), "{}", ran.err);
    let ran = study.run(&["import", "nowhere.qdpx"]);
    assert_eq!(
        (ran.code, ran.err.contains("hint: check that the file exists")),
        (2, true),
        "{}",
        ran.err
    );
}

#[test]
fn an_export_never_overwrites_the_study() {
    let study = Folder::sample();
    study.answer(&["code", "add", "Easier"]);
    let desk = Folder::new();
    let mut ways = vec![study.path().to_owned(), study.path().join("participants/..")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(study.path(), desk.path().join("link")).unwrap();
        ways.push(desk.path().join("link"));
    }
    let files = [
        ("participants/P01.txt", "qdpx"),
        (".leitmotif/study.db", "json"),
        (".leitmotif/journal.jsonl", "md"),
        (".leitmotif/pseudonyms.csv", "qdc"),
        ("cases.csv", "csv"),
        ("study.toml", "docx"),
        ("new.qdpx", "qdpx"),
        ("leaders/new.docx", "docx"),
    ];
    for way in &ways {
        for (name, kind) in files {
            let path = way.join(name);
            let before = std::fs::read(&path).ok();
            let ran = study.run(&["export", path.to_str().unwrap(), "--as", kind, "--overwrite"]);
            assert_eq!(ran.code, 2, "{name} {}", ran.out);
            assert!(ran.err.contains("is inside the study"), "{name}: {}", ran.err);
            assert!(std::fs::read(&path).ok() == before, "{name}");
        }
    }
    // So is a link, outside, to a file of the study.
    #[cfg(unix)]
    {
        let link = desk.path().join("P01.qdpx");
        std::os::unix::fs::symlink(study.path().join("participants/P01.txt"), &link).unwrap();
        let ran = study.run(&["export", link.to_str().unwrap(), "--overwrite"]);
        assert!(ran.err.contains("is inside the study"), "{}", ran.err);
    }
    // A store that lies elsewhere is one of the study's folders too.
    let store = desk.path().to_str().unwrap();
    let path = desk.path().join(".leitmotif/study.db");
    let path = path.to_str().unwrap();
    let ran = study.run(&["--store", store, "export", path, "--as", "qdpx", "--overwrite"]);
    assert!(ran.err.contains("is inside the study"), "{}", ran.err);
}

#[test]
fn what_is_here_already_is_matched_and_never_changed() {
    let away = Folder::new();
    let first = Folder::new();
    first.write("P01.txt", TALK);
    first.answer(&["code", "add", "Oddness"]);
    for words in ["at first", "And then"] {
        let lines = if words == "at first" { "2-2" } else { "3-3" };
        let quote = ["quote", "add", "--transcript", "P01", "--lines", lines, "--words", words];
        first.answer(&[&quote[..], &["--code", "Oddness"]].concat());
    }
    let path = away.path().join("a.qdpx");
    first.answer(&["export", path.to_str().unwrap()]);
    // The same interview, typed anew: one of the two quotes does not stand there.
    let second = Folder::new();
    let changed = TALK.replace("\r\n", "\n\n").replace("And then what", "So what");
    second.write("interviews/p01.md", &changed);
    let ran = second.run(&["import", path.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.err,
        "warning: P01: quotation “And then” is not imported: the transcript with this name is different, and does not contain its words\n"
    );
    assert!(ran.out.contains("1 quotation was found by its words"), "{}", ran.out);
    let left = std::fs::read_to_string(second.path().join("interviews/p01.md")).unwrap();
    assert_eq!(left, changed);
    assert!(!second.path().join("P01.txt").exists());
    let list = second.answer(&["quote", "list", "--format", "json"]);
    assert!(list.contains("at first"), "{list}");
}

#[test]
fn names_from_elsewhere_stay_inside_the_folder() {
    let away = Folder::new();
    let path = away.path().join("a.qdpx");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    zip.start_file("project.qde", SimpleFileOptions::default()).unwrap();
    let talk = TALK.replace("\r\n", "&#13;&#10;");
    let source = |guid: u32, name: &str, extra: &str| {
        format!(
            "<TextSource guid=\"{guid}\" name=\"{name}\"><PlainTextContent>{talk}{extra}</PlainTextContent></TextSource>"
        )
    };
    let xml = format!(
        "<Project name=\"x\" origin=\"Other 1\"><Variables><Variable guid=\"v\" name=\"id\"/></Variables>\
         <Cases><Case guid=\"c\" name=\"Ada\"><VariableValue><VariableRef targetGUID=\"v\"/><TextValue>=1+1, &quot;x&quot;</TextValue></VariableValue><SourceRef targetGUID=\"1\"/></Case></Cases>\
         <Sources>{}{}{}{}</Sources></Project>",
        source(1, "../../evil.txt", "1"),
        source(2, "P01.docx", "2"),
        source(3, "p01", "3"),
        source(4, "con:aux?", "4"),
    );
    zip.write_all(xml.as_bytes()).unwrap();
    zip.finish().unwrap();
    let study = Folder::new();
    study.write("kept.txt", TALK);
    study.write("P01.vtt", "no transcript");
    let out = study.run(&["import", path.to_str().unwrap()]).out;
    let mut files: Vec<String> = std::fs::read_dir(study.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    // `P01.txt` would be one transcript with `P01.vtt`.
    let expected = [
        ".leitmotif",
        "P01 (2).txt",
        "P01.vtt",
        "cases.csv",
        "con-aux-.txt",
        "evil.txt",
        "kept.txt",
        "p01 (2) (2).txt",
    ];
    assert_eq!(files, expected, "{out}");
    let table = std::fs::read_to_string(study.path().join("cases.csv")).unwrap();
    assert_eq!(table, "transcript,case,id (attribute)\nevil,Ada,\"=1+1, \"\"x\"\"\"\n");
    let text = std::fs::read_to_string(study.path().join("evil.txt")).unwrap();
    assert_eq!(text, format!("{TALK}1"));
}

#[test]
fn a_project_of_taguette_comes_in() {
    let away = Folder::new();
    let path = away.path().join("a.sqlite3");
    let database = rusqlite::Connection::open(&path).unwrap();
    let html = TALK.lines().map(|line| format!("<p>{line}</p>")).collect::<Vec<_>>().join("\n");
    let start = TALK.replace('\r', "").find("at first").unwrap();
    database
        .execute_batch(&format!(
            "CREATE TABLE projects (id, name, description);
             CREATE TABLE documents (id, name, description, created, project_id, contents);
             CREATE TABLE tags (id, project_id, path, description);
             CREATE TABLE highlights (id, document_id, start_offset, end_offset, snippet);
             CREATE TABLE highlight_tags (highlight_id, tag_id);
             INSERT INTO projects VALUES (1, 'Balint', '');
             INSERT INTO documents VALUES (1, 'P01.docx', '', '', 1, '{html}');
             INSERT INTO tags VALUES (1, 1, 'odd', 'strange');
             INSERT INTO highlights VALUES (1, 1, {start}, {}, '<p>at first</p>');
             INSERT INTO highlight_tags VALUES (1, 1);",
            start + "at first".len()
        ))
        .unwrap();
    drop(database);
    let study = Folder::new();
    let out = study.answer(&["import", path.to_str().unwrap()]);
    let out = out.replace(away.path().to_str().unwrap(), "AWAY");
    insta::assert_snapshot!(out, @r"
    Read AWAY/a.sqlite3 (from Taguette): 1 transcript, 1 code, 1 quotation, 1 coding, 1 coder.
      P01: 1 selection
    New files in the study: P01.txt.
    Decision 1: imported “a.sqlite3”: 1 code, 1 quotation, 1 coding.
    ");
    check_round_trip(&study, &Folder::new());
}

#[test]
fn a_project_of_qualcoder_comes_in_as_a_folder_or_packed() {
    let away = Folder::new();
    away.write("balint.qda/documents/P01.docx", "x");
    let path = away.path().join("balint.qda");
    let text = TALK.replace('\r', "");
    let start = text[..text.find("at first").unwrap()].chars().count();
    rusqlite::Connection::open(path.join("data.qda"))
        .unwrap()
        .execute_batch(&format!(
            "CREATE TABLE project (databaseversion, date, memo, about);
             CREATE TABLE source (id, name, fulltext, mediapath, memo, owner, date);
             CREATE TABLE code_cat (catid, name, owner, date, memo, supercatid);
             CREATE TABLE code_name (cid, name, memo, catid, owner, date, color);
             CREATE TABLE code_text (ctid, cid, fid, seltext, pos0, pos1, owner, date, memo, avid, important);
             CREATE TABLE annotation (anid, fid, pos0, pos1, memo, owner, date);
             CREATE TABLE cases (caseid, name, memo, owner, date);
             CREATE TABLE case_text (id, caseid, fid, pos0, pos1, owner, date, memo);
             CREATE TABLE attribute (attrid, name, attr_type, value, id, date, owner);
             CREATE TABLE journal (jid, name, jentry, date, owner);
             INSERT INTO project VALUES ('v6', '', 'About groups', 'QualCoder');
             INSERT INTO source VALUES (1, 'P01.docx', '{text}', NULL, NULL, 'ada', '');
             INSERT INTO code_cat VALUES (1, 'Feelings', 'ada', '', NULL, NULL);
             INSERT INTO code_name VALUES (1, 'odd', 'strange', 1, 'ada', '', '#FFD700');
             INSERT INTO code_text VALUES (1, 1, 1, 'at first', {start}, {}, 'bo', '', 'so it began', NULL, 1);",
            start + "at first".len()
        ))
        .unwrap();
    let study = Folder::new();
    let out = study.answer(&["import", path.to_str().unwrap()]);
    let out = out.replace(away.path().to_str().unwrap(), "AWAY");
    insta::assert_snapshot!(out, @r"
    Read AWAY/balint.qda (from QualCoder): 1 transcript, 2 codes, 1 quotation, 1 coding, 2 memos, 2 coders.
      P01: 1 selection
    New files in the study: P01.txt.
    Decision 1: imported “balint.qda”: 2 codes, 1 quotation, 1 coding, 2 memos.
    ");
    // Packed, it is the same, so that there is nothing to decide.
    let mut zip = zip::ZipWriter::new(std::fs::File::create(away.path().join("b.qda")).unwrap());
    zip.start_file("balint.qda/data.qda", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, &std::fs::read(path.join("data.qda")).unwrap()).unwrap();
    zip.finish().unwrap();
    let again = study.answer(&["import", away.path().join("b.qda").to_str().unwrap()]);
    assert!(again.contains("already has all of it"), "{again}");
    let ran = study.run(&["import", away.path().to_str().unwrap(), "--as", "qualcoder"]);
    assert!(ran.err.contains("is not a project of QualCoder"), "{}", ran.err);
}

#[test]
fn tables_and_codebooks_come_in() {
    let study = Folder::new();
    study.write("P01.txt", TALK);
    let away = Folder::new();
    away.write(
        "codes.csv",
        "code,parent,kind,definition\nNo travel,Easier,,no drive\nEasier,,theme,\n",
    );
    away.write(
        "highlights.csv",
        "id,document,tag,content\n1,P01.docx,No travel,at first\n2,P01.docx,Oddness,nowhere at all\n",
    );
    let path = |name: &str| away.path().join(name).to_str().unwrap().to_owned();
    let out = study.answer(&["import", &path("codes.csv")]);
    assert!(out.contains("imported “codes.csv”: 1 theme, 1 code"), "{out}");
    let ran = study.run(&["import", &path("highlights.csv")]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.err,
        "warning: P01.docx: quotation “nowhere at all” is not imported: its words were not found\n"
    );
    let codebook = study.answer(&["codebook"]);
    assert!(codebook.contains("Easier") && codebook.contains("Oddness"), "{codebook}");
    study.answer(&["export", &path("a.qdc")]);
    let second = Folder::new();
    second.write("P01.txt", TALK);
    second.answer(&["import", &path("a.qdc")]);
    assert_eq!(second.answer(&["codebook", "--format", "csv"]).lines().count(), 5);
}

#[test]
fn codings_of_a_table_are_not_lost_in_silence() {
    let study = Folder::sample();
    let table = study.path().join("codes.csv");
    let out = study.answer(&["import", table.to_str().unwrap()]);
    insta::assert_snapshot!(out, @r"
    Read STUDY/codes.csv: 34 codes, 205 quotations, 266 codings.
    Decision 1: imported “codes.csv”: 34 codes, 205 quotations, 266 codings.
    ");
    // What came in is what was compared before it came in.
    let table = table.to_str().unwrap();
    let answer = study.answer(&["agreement", "codes", "--file", table, "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    for unit in answer["units"].as_array().unwrap() {
        assert_eq!(unit["pooled"]["alpha"]["value"], 1.0, "{unit}");
    }
    let again = study.answer(&["import", table]);
    assert!(again.contains("The codebook already has all of it"), "{again}");
    study.answer(&["undo"]);
    assert_eq!(study.answer(&["codebook", "--format", "json"]).matches("\"id\"").count(), 0);
}

#[test]
fn a_row_of_codings_that_has_no_place_is_listed_with_its_line() {
    let study = Folder::new();
    study.write("P01.txt", TALK);
    study.answer(&["code", "add", "Easier", "--theme"]);
    study.answer(&["code", "add", "No travel", "--under", "Easier"]);
    let away = Folder::new();
    away.write(
        "ben.csv",
        "transcript;lines;code;coder\nP01.txt;4;no travel;\nP01;2-4;Oddness > Faces;Ann\n\
         P01;3;;\nP09;3;Oddness;\nP01;3-9;Oddness;\nP01;two;Oddness;\nP01;2;#12;\nP01;2;Oddness;Ann\n",
    );
    let path = away.path().join("ben.csv");
    let ran = study.run(&["import", path.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @r"
    warning: ben.csv:5: there is no transcript `P09`
      hint: did you mean `P01`?
    warning: ben.csv:6: `P01` has no lines 3-9
      hint: it has 4 lines; read them with their numbers: `leitmotif show P01`
    warning: ben.csv:7: `two` is not a line or a range of lines
      hint: write two numbers from 1, such as 112-118, or one
    warning: ben.csv:8: there is no code `#12`
      hint: see which there are: `leitmotif codebook`
    ");
    insta::assert_snapshot!(ran.out.replace(away.path().to_str().unwrap(), "AWAY"), @r"
    Read AWAY/ben.csv: 4 codes, 3 quotations, 3 codings.
    Decision 3: imported “ben.csv”: 2 codes, 3 quotations, 3 codings.
    ");
    let list = study.answer(&["quote", "list", "--format", "csv"]);
    for part in ["Easier > No travel", "Oddness > Faces", "ben", "Ann"] {
        assert!(list.contains(part), "{part}: {list}");
    }
}

#[test]
fn an_import_tells_of_damaged_transcripts() {
    let study = Folder::new();
    study.write("P01.txt", TALK);
    study.write("P02.docx", "no archive");
    let away = Folder::new();
    away.write("codes.csv", "code,definition\nEasier,\n");
    let ran = study.run(&["import", away.path().join("codes.csv").to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.starts_with("warning: P02.docx: "), "{}", ran.err);
    assert!(ran.out.contains("imported “codes.csv”: 1 code"), "{}", ran.out);
}

#[test]
fn the_project_of_atlas_ti_with_texts_travels() {
    let Some(shared) = atlas() else { return };
    let published = shared.join("atlasti8-mac.qdpx");
    let folder = Folder::new();
    // As published: its archive holds no texts, which is told for each selection.
    let ran = folder.run(&["import", published.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("there is no transcript in `STUDY` yet"), "{}", ran.err);
    let lost = "is not imported: its text is not in the archive";
    assert_eq!(ran.err.matches(lost).count(), 8, "{}", ran.err);
    // With texts, it comes in.
    let project = folder.path().join("filled.qdpx");
    let xml = entries(&published).remove(0).1;
    let mut zip = ZipWriter::new(std::fs::File::create(&project).unwrap());
    zip.start_file("Project.qde", SimpleFileOptions::default()).unwrap();
    zip.write_all(xml.as_bytes()).unwrap();
    let selection = regex::Regex::new("(?s)<(?:TextSource|Representation) plainTextPath=\"internal://([^\"]*)\"[^>]*?(/>|>(.*?)</(?:TextSource|Representation)>)").unwrap();
    let part = regex::Regex::new("<PlainTextSelection startPosition=\"([0-9]+)\"[^>]*?endPosition=\"([0-9]+)\"[^>]*?name=\"([^\"]*)\"").unwrap();
    for source in selection.captures_iter(&xml) {
        let mut text: Vec<char> = "Ada: la la la la.\n".chars().cycle().take(1300).collect();
        for one in part.captures_iter(source.get(3).map_or("", |m| m.as_str())) {
            let (start, end): (usize, usize) = (one[1].parse().unwrap(), one[2].parse().unwrap());
            let words: Vec<char> = one[3].trim_end_matches('…').chars().collect();
            if words.len() == end - start || one[3].ends_with('…') {
                text.splice(start..start + words.len(), words);
            }
        }
        zip.start_file(format!("Sources/{}", &source[1]), SimpleFileOptions::default()).unwrap();
        zip.write_all(text.into_iter().collect::<String>().as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let study = Folder::new();
    let ran = study.run(&["import", project.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    assert!(!ran.err.contains("selection “"), "{}", ran.err);
    check_round_trip(&study, &Folder::new());
}

#[test]
fn an_import_prints_no_name_that_is_on_the_key() {
    let folder = Folder::new();
    folder
        .write("study.toml", "language = \"en\"\n")
        .write("P1.txt", interview("Siân", "camera", 3));
    folder.answer(&["pseudonyms", "add", "Siân", "P07"]);
    let table = Folder::new();
    table.write("Siân.csv", "transcript,lines,code\nP1,2,Told by Siân\nP1,99,Told by Siân\n");
    let ran = folder.run(&["import", table.path().join("Siân.csv").to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let told = format!("{}{}", ran.out, ran.err);
    assert!(told.contains("P07"), "{told}");
    assert!(!told.contains("Told by Siân") && !told.contains("“Siân"), "{told}");
}

#[test]
fn as_many_quotes_are_kept_as_are_asked_for() {
    let folder = Folder::sample();
    folder.answer(&["theme", "accept", "1", "--as", "First", "--quotes", "10"]);
    let kept: serde_json::Value =
        serde_json::from_str(&folder.answer(&["quote", "list", "--format", "json"])).unwrap();
    assert_eq!(kept.as_array().unwrap().len(), 10);
}

/// A codebook of another program: a code, and a group with a code in it.
const CODEBOOK: &str = r#"<?xml version="1.0"?>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="another program"><Codes>
<Code guid="00000010-0000-4000-8000-000000000000" name="Arriving" isCodable="true"/>
<Code guid="00000011-0000-4000-8000-000000000000" name="Barriers" isCodable="false">
<Code guid="00000012-0000-4000-8000-000000000000" name="Travel" isCodable="true"/></Code>
</Codes><Sets/></CodeBook>"#;

#[test]
fn a_codebook_comes_in_before_the_first_transcript() {
    let elsewhere = Folder::new();
    elsewhere.write("codes.qdc", CODEBOOK);
    let folder = Folder::new();
    let codes = elsewhere.path().join("codes.qdc");
    let ran = folder.run(&["import", codes.to_str().unwrap()]);
    assert!(ran.out.contains("3 codes"), "{ran:?}");
    let no_transcript =
        "warning: there is no transcript in `STUDY` yet\n  hint: put the transcripts there\n";
    assert_eq!((ran.code, ran.err.as_str()), (1, no_transcript));
    // The study is one now, and nothing that is asked of it goes wrong.
    for asked in [
        &["codebook"][..],
        &["info"],
        &["themes"],
        &["search", "travel"],
        &["saturation"],
        &["log"],
        &["code", "list"],
        &["quote", "list"],
        &["pseudonyms", "scan", "--leaks"],
        &["similar", "the way to the clinic"],
        &["compare", "--by", "group"],
        &["themes", "--count", "3"],
        &["undo"],
        &["redo"],
    ] {
        let ran = folder.run(asked);
        assert!(ran.code < 2 || ran.err.contains("error: "), "{asked:?}: {ran:?}");
        assert!(!ran.err.contains("panicked"), "{asked:?}: {ran:?}");
    }
    folder.write("P1.txt", interview("Ann", "garden", 6));
    assert!(folder.run(&["codebook"]).out.contains("Travel"));
}

#[test]
fn times_and_roles_that_a_project_loses_are_listed() {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Jonas\"]\n");
    folder.write(
        "captions.vtt",
        "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Jonas>What did you plant this year?\n\n\
         00:05.000 --> 00:09.000\n<v Pia>Willows, since the soil stays wet all winter.\n",
    );
    folder.write(
        "stamped.md",
        "**Jonas:** 00:00:02\n\nWhat came after the willows?\n\n\
         **Pia:** 00:00:07\n\nThen we dug the pond, and the frogs came.\n\n\
         **Jonas:** 00:00:12\n\nAnd the winter after that?\n\n\
         **Pia:** 00:00:15\n\nIt froze, and we skated.\n",
    );
    let away = Folder::new();
    let project = away.path().join("p.qdpx");
    let ran = folder.run(&["export", project.to_str().unwrap()]);
    assert!(ran.out.contains("the times of 1 transcript, 1 role from study.toml"), "{ran:?}");
}
