//! A study goes out to other tools and comes in again, driven as people do.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::harness::Folder;

fn atlas() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/refi-qda");
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: `{}` is not here", path.display());
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
        eprintln!("skipped: `xmllint` is not here");
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
    first.answer(&["export", a.to_str().unwrap()]);
    check_valid(&a);
    let second = Folder::new();
    let ran = second.run(&["import", a.to_str().unwrap()]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    second.answer(&["export", b.to_str().unwrap()]);
    check_valid(&b);
    assert_eq!(bare(&a), bare(&b));
    // A second time nothing is new.
    let again = second.answer(&["import", a.to_str().unwrap()]);
    assert!(
        again.ends_with("The codebook holds all of it already; nothing was decided.\n"),
        "{again}"
    );
    // The whole of it is undone at once.
    second.answer(&["undo"]);
    assert_eq!(second.answer(&["codebook", "--format", "json"]).matches("\"id\"").count(), 0);
}

const TALK: &str = "Int: How was it? \u{1f642}\r\nSiân: It was \u{1f44d}\u{1f3fd} e\u{301}trange at first, with all the faces.\r\n\
    Int: And then?\r\nSiân: Then it was שלום עולם, and we laughed about it.\r\n";

#[test]
fn a_study_goes_out_and_comes_in_again() {
    let study = Folder::new();
    study.write("participants/P01.txt", [b"\xef\xbb\xbf", TALK.as_bytes()].concat());
    study.write("participants/P02.txt", TALK.replace("Siân", "Owain").replace("\r\n", "\n"));
    study.write("leaders/L01.txt", TALK.replace("Siân", "Ada"));
    study.write(
        "cases.csv",
        "transcript,region\nparticipants/P01,\"Wales, north\"\nleaders/L01,Kent\n",
    );
    study.answer(&["code", "add", "Easier > No travel"]);
    study.answer(&["code", "add", "Oddness"]);
    for (id, code, words) in [
        ("participants/P01", "No travel", "e\u{301}trange at first"),
        ("participants/P01", "Oddness", "e\u{301}trange at first"),
        ("participants/P02", "Oddness", "It was \u{1f44d}\u{1f3fd} e\u{301}trange"),
    ] {
        let ran = study.run(&[
            "quote",
            "add",
            "--transcript",
            id,
            "--lines",
            "2-2",
            "--words",
            words,
            "--code",
            code,
            "--coder",
            "Ann",
        ]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    for on in ["study", "code:Oddness", "quote:1", "transcript:participants/P02", "case:P01"] {
        study.answer(&["memo", "add", "A note <to> self", "--on", on, "--coder", "Bea"]);
    }
    check_round_trip(&study, &Folder::new());
}

#[test]
fn the_sample_study_goes_out_and_comes_in_again() {
    let study = Folder::sample();
    study.answer(&["theme", "accept", "1", "--as", "Easier to join"]);
    study.answer(&["theme", "accept", "2"]);
    study.answer(&["code", "add", "Joining"]);
    let away = Folder::new();
    let path = away.path().join("a.qdpx");
    let out = study.answer(&["export", path.to_str().unwrap()]);
    assert!(
        out.contains("REFI-QDA has no place for: 2 links from themes to their candidates."),
        "{out}"
    );
    check_valid(&path);
    let ran = study.run(&["export", path.to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("the file is there already"), "{}", ran.err);
    let second = Folder::new();
    let ran = second.run(&["import", path.to_str().unwrap()]);
    eprintln!("{}{}", ran.out, ran.err);
    let (a, b) = (study.answer(&["codebook"]), second.answer(&["codebook"]));
    eprintln!("{a}\n{b}");
}

#[test]
fn the_project_of_atlas_ti_with_texts_travels() {
    let Some(shared) = atlas() else { return };
    let published = shared.join("atlasti8-mac.qdpx");
    let folder = Folder::new();
    // As published: its archive holds no texts, which is told for each selection.
    let ran = folder.run(&["import", published.to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("no transcript in `STUDY`"), "{}", ran.err);
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
    eprintln!("{}{}", ran.out, ran.err);
    assert!(!ran.err.contains("selection “"), "{}", ran.err);
    check_round_trip(&study, &Folder::new());
}
