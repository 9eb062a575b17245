//! Reports written, edited by hand, and verified.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Folder, Ran};

/// A study with a few decisions, and a folder beside it to write to.
struct Decided {
    study: Folder,
    beside: TempDir,
}

impl Decided {
    fn sample() -> Self {
        let study = Folder::sample();
        for args in [
            &["theme", "accept", "1", "--as", "Easier to join"][..],
            &["code", "add", "No travel", "--under", "Easier to join"],
            &["quote", "add", "--transcript", "P01", "--lines", "6-10", "--code", "No travel"],
            &["memo", "add", "Ask about travel next time"],
        ] {
            let mut all = vec!["--coder", "AM"];
            all.extend(args);
            study.answer(&all);
        }
        Self { study, beside: TempDir::new().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.beside.path().join(name)
    }

    fn export(&self, name: &str, more: &[&str]) -> Ran {
        let path = self.path(name);
        let mut args = vec!["export", path.to_str().unwrap()];
        args.extend(more);
        let ran = self.study.run(&args);
        let beside = self.beside.path().to_str().unwrap();
        Ran {
            out: ran.out.replace(beside, "BESIDE"),
            err: ran.err.replace(beside, "BESIDE"),
            ..ran
        }
    }

    fn verify(&self, name: &str) -> (i32, Value) {
        let path = self.path(name);
        let ran = self.study.run(&["verify", path.to_str().unwrap(), "--format", "json"]);
        (ran.code, serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err)))
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_report_in_every_format_verifies_clean() {
    let decided = Decided::sample();
    for name in ["r.docx", "r.html", "r.md", "r.csv", "r.json", "r.xlsx"] {
        let ran = decided.export(name, &[]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name}");
        assert!(ran.out.starts_with(&format!("Wrote BESIDE/{name}: ")), "{}", ran.out);
        let (code, answer) = decided.verify(name);
        assert_eq!(code, 0, "{name}: {answer:#}");
        assert!(answer["quotes"].as_array().unwrap().len() >= 6, "{name}: {answer:#}");
    }
    // Nothing half-written is left, and the same decisions give the same bytes.
    assert_eq!(names(decided.beside.path()).len(), 6);
    for name in ["r.docx", "r.xlsx"] {
        let first = fs::read(decided.path(name)).unwrap();
        decided.export(name, &["--overwrite"]);
        assert_eq!(first, fs::read(decided.path(name)).unwrap(), "{name}");
    }
}

#[test]
fn what_a_hand_altered_is_found() {
    let decided = Decided::sample();
    decided.export("r.md", &["--what", "quotes"]);
    let report = fs::read_to_string(decided.path("r.md")).unwrap();
    let quote = report.lines().find(|line| line.starts_with("> “")).unwrap();
    let words: Vec<&str> = quote.split(' ').collect();
    let altered = quote.replacen(words[4], "zeppelin", 1);
    fs::write(decided.path("r.md"), report.replacen(quote, &altered, 1)).unwrap();
    let (code, answer) = decided.verify("r.md");
    assert_eq!((code, &answer["n_altered"], &answer["n_unknown"]), (1, &1.into(), &0.into()));
    let wrong = answer["quotes"].as_array().unwrap().iter().find(|q| q["verdict"] == "altered");
    assert_eq!(wrong.unwrap()["differences"][0]["report"], "zeppelin");
}

#[test]
fn a_report_is_never_read_as_a_transcript_nor_written_over() {
    let decided = Decided::sample();
    let inside = decided.study.path().join("report.docx");
    let ran = decided.study.run(&["export", inside.to_str().unwrap()]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    insta::assert_snapshot!(ran.err, @r"
    error: `STUDY/report.docx` is inside the study, where nothing is exported
      hint: write it outside the study’s folder
    ");
    assert!(!inside.exists());
    decided.export("r.md", &[]);
    fs::write(decided.path("r.md"), "edited by hand").unwrap();
    let ran = decided.export("r.md", &[]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @r"
    error: there is a file `BESIDE/r.md` already
      hint: choose another name, or write over it: `--overwrite`
    ");
    assert_eq!(fs::read_to_string(decided.path("r.md")).unwrap(), "edited by hand");
}

#[test]
fn a_report_holds_the_pictures_that_are_asked_for() {
    let folder = Folder::sample();
    let out = Folder::new();
    for id in ["1", "2"] {
        folder.answer(&["theme", "accept", id, "--as", &format!("Theme {id}")]);
    }
    let write = |name: &str, args: &[&str]| {
        let path = out.path().join(name);
        let args = [&["export", path.to_str().unwrap()][..], args].concat();
        folder.answer(&args);
        fs::read(path).unwrap()
    };
    let page = |name: &str, args: &[&str]| String::from_utf8(write(name, args)).unwrap();
    let all = ["--pictures", "quoted,matrix,map,saturation,dispersion"];
    let full = page("all.html", &all);
    // One for all of each kind, and one a theme of the last.
    for number in 1..=6 {
        assert!(full.contains(&format!("<figcaption>Figure {number}. ")), "{number}");
    }
    assert_eq!(full.matches("<svg").count(), full.matches("<figure>").count());
    assert!(!full.contains("Figure 7") && full.contains("Where it is said: Theme 2"));
    // Each has its table, but the first, which stands below that; none names a candidate.
    assert_eq!(full.matches("<div id=\"values-").count(), 5);
    let themes: serde_json::Value =
        serde_json::from_str(&folder.answer(&["themes", "--format", "json"])).unwrap();
    let candidate = themes["themes"][4]["label"].as_str().unwrap();
    assert!(!full.contains(candidate), "{candidate}");
    let with = page("with.html", &[&all[..], &["--candidates"]].concat());
    assert!(with.contains(&format!("5. {candidate}")), "{candidate}");
    let usual = page("usual.html", &[]);
    assert_eq!(usual.matches("<figure>").count(), 1);
    assert!(!page("none.html", &["--no-pictures"]).contains("<svg"));
    let word = write("all.docx", &all);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(word)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let is_of = |name: &&String, what: &str| name.starts_with(&format!("word/media/{what}"));
    let drawings = names.iter().filter(|name| is_of(name, "drawing")).count();
    let images: Vec<&String> = names.iter().filter(|name| is_of(name, "rIdImage")).collect();
    assert!(drawings >= 6 && images.len() == drawings, "{names:?}");
    for name in images {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
        assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 2_000, "{name}");
    }
    let mut text = String::new();
    let mut document = archive.by_name("word/document.xml").unwrap();
    std::io::Read::read_to_string(&mut document, &mut text).unwrap();
    assert!(text.contains("SEQ Figure") && text.contains("name=\"Figure 2\""));
    let checked = folder.run(&["verify", out.path().join("all.docx").to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}", checked.out);
}

#[test]
fn parts_of_a_report_can_be_had_alone() {
    let decided = Decided::sample();
    let ran = decided.export("codebook.csv", &["--what", "codebook"]);
    assert_eq!(ran.out, "Wrote BESIDE/codebook.csv: 1 theme and 1 code.\n");
    let table = fs::read_to_string(decided.path("codebook.csv")).unwrap();
    assert!(table.contains("Easier to join > No travel"), "{table}");
    decided.export("matrix.csv", &["--what", "matrix"]);
    let table = fs::read_to_string(decided.path("matrix.csv")).unwrap();
    let row = table.lines().find(|line| line.starts_with("P01,")).unwrap();
    assert!(row.ends_with(",1,1"), "{row}");
    let refused = |name: &str, what: &str| decided.export(name, &["--what", what]).err;
    insta::assert_snapshot!(
        [refused("r.docx", "matrix"), refused("r.csv", "report"), decided.export("r.odt", &[]).err].join("\n"),
        @r"
    error: a .docx file does not hold the matrix alone
      hint: write it as .csv or .md

    error: a .csv file holds one table, not the whole report
      hint: ask for quotes, codebook or matrix, or write it as .xlsx: `--what`

    error: cannot write `.odt`
      hint: choose .docx, .html, .md, .xlsx, .csv, .json, .qdpx or .qdc
    "
    );
}

#[test]
fn memos_and_candidates_are_shown_only_if_asked_for() {
    let decided = Decided::sample();
    decided.export("r.md", &[]);
    let report = fs::read_to_string(decided.path("r.md")).unwrap();
    assert!(!report.contains("Ask about travel") && !report.contains("Candidates not decided"));
    decided.export("more.md", &["--memos", "--candidates", "--title", "Groups"]);
    let report = fs::read_to_string(decided.path("more.md")).unwrap();
    assert!(report.starts_with("# Groups\n"), "{report}");
    assert!(report.contains("Ask about travel") && report.contains("## Candidates not decided"));
    assert!(report.contains("1 candidate was accepted (AM)"), "{report}");
    assert!(report.contains("1 quotation was chosen by hand (AM)"), "{report}");
}

#[test]
fn names_are_hidden_in_reports_which_verify_all_the_same() {
    let decided = Decided::sample();
    decided.study.run(&["pseudonyms", "add", "Dilwyn", "Colleague"]);
    for name in ["r.docx", "r.html", "r.md", "r.csv", "r.json"] {
        assert_eq!(decided.export(name, &[]).code, 0, "{name}");
        if name != "r.docx" {
            let report = fs::read_to_string(decided.path(name)).unwrap();
            assert!(report.contains("Colleague") && !report.contains("Dilwyn"), "{report}");
        }
        let (code, answer) = decided.verify(name);
        assert_eq!(code, 0, "{name}: {answer:#}");
    }
    // A name that somebody typed in again is an alteration.
    let report = fs::read_to_string(decided.path("r.md")).unwrap();
    fs::write(decided.path("r.md"), report.replace("Colleague", "Dilwyn")).unwrap();
    assert_eq!(decided.verify("r.md").0, 1);
}

#[test]
fn a_study_without_decisions_says_so() {
    let study = Folder::sample();
    let beside = TempDir::new().unwrap();
    let path = beside.path().join("r.md");
    let ran = study.run(&["export", path.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("there are no decisions yet"), "{}", ran.err);
    let ran = study.run(&["verify", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("no quotes found"), "{}", ran.out);
    let ran = study.run(&["verify", beside.path().join("none.md").to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("hint: give the path of the report"), "{}", ran.err);
}

#[test]
fn candidates_that_were_merged_are_counted_in_the_methods() {
    let study = Folder::sample().asking_for(8);
    study.answer(&["themes"]);
    study.answer(&["--coder", "AM", "theme", "merge", "1", "4", "--as", "Faces and rooms"]);
    study.answer(&["--coder", "AM", "theme", "rename", "2", "Doors"]);
    let written = Decided { study, beside: TempDir::new().unwrap() };
    written.export("report.md", &[]);
    let report = fs::read_to_string(written.path("report.md")).unwrap();
    assert!(report.contains("3 candidates were accepted (AM)."), "{report}");
    // Six of each; whichever theme they went to, they are counted once.
    assert!(report.contains("18 quotations were kept with accepted candidates."), "{report}");
}
