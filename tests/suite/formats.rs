//! Files of every kind that people have: read, or told what to do first.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::harness::{Folder, pdf};

/// A short interview in each text format, as programs write it. Ben says the same in all.
fn study() -> Folder {
    let folder = Folder::new();
    folder
        .write("study.toml", "language = \"en\"\n")
        .write(
            "P1.rtf",
            "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl\\f0 Helvetica;}{\\info{\\title no talk}}\\f0 Ada: So how was it?\\\nBen: It was \\'93odd\\'94 at first.\\\n\
             Ada: Why was that?\\\nBen: I had no idea.\\\n}",
        )
        .write(
            "P2.html",
            "<!DOCTYPE html><title>no talk</title><nav>Home</nav><p>Ada: So how was it?<p>Ben: It was &ldquo;odd&rdquo; at\nfirst.\
             <p>Ada: Why was that?<p>Ben: I had no idea.",
        )
        .write(
            "P3.eaf",
            "<ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID=\"t1\" TIME_VALUE=\"61000\"/><TIME_SLOT TIME_SLOT_ID=\"t2\" TIME_VALUE=\"65000\"/>\
             </TIME_ORDER><TIER TIER_ID=\"Ben\"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a1\" TIME_SLOT_REF1=\"t1\" TIME_SLOT_REF2=\"t2\">\
             <ANNOTATION_VALUE>It was “odd” at first.</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>",
        )
        .write(
            "P4.TextGrid",
            "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n0\n9\n<exists>\n1\n\"IntervalTier\"\n\"Ben\"\n0\n9\n1\n2.5\n4\n\"It was “odd” at first.\"\n",
        )
        .write("P5.sbv", "0:00:01.500,0:00:04.000\nBen: It was “odd” at\nfirst.\n\n0:00:05.000,0:00:06.000\nBen: I had no idea.\n")
        .write("P6.cha", "@UTF8\n@Begin\n*BEN:\tIt was “odd” at first.\n@End\n")
        .write("P7.pdf", pdf(&["Ada: So how was it?", "Ben: It was \\223odd\\224 at first.", "Ada: Why was that?", "Ben: I had no idea."]));
    folder
}

#[test]
fn a_quote_is_found_in_every_format() {
    let folder = study();
    let ran = folder.run(&["search", "\"odd at first\"", "--limit", "0", "--format", "jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for id in 1..=7 {
        assert!(ran.out.contains(&format!("\"P{id}\"")), "P{id} is missing in {}", ran.out);
    }
    let info = folder.run(&["info"]).out;
    assert!(!info.contains("Could not be read"), "{info}");
}

#[test]
fn a_report_in_rtf_is_checked_against_the_transcripts() {
    let folder = study();
    let report = "{\\rtf1\\ansi\\uc1 Ben said \\u8220?It was \\u8216?odd\\u8217? at first\\u8221? (P1).\\par}";
    let outside = Folder::new();
    outside.write("report.rtf", report);
    let path = outside.path().join("report.rtf");
    let ran = folder.run(&["verify", path.to_str().unwrap()]);
    assert!(ran.out.contains("1 quote"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_report_in_pdf_is_checked_against_the_transcripts() {
    let folder = study();
    let outside = Folder::new();
    let words = ["As Ben said, \\223I had no", "idea\\224 (P1), and \\223I had an idea\\224 (P1)."];
    outside.write("report.pdf", pdf(&words));
    let path = outside.path().join("report.pdf");
    let ran = folder.run(&["verify", path.to_str().unwrap()]);
    assert!(ran.out.contains("2 quotes, 1 exact, 1 altered"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_pdf_is_read_in_a_process_of_its_own_and_one_that_breaks_it_is_refused() {
    let answer = |file: &[u8]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_leitmotif"))
            .arg("read-pdf")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(file).ok();
        child.wait_with_output().unwrap().stdout
    };
    let file = pdf(&["Ada: So how was it?"]);
    let told = String::from_utf8_lossy(&answer(&file)).into_owned();
    assert!(told.contains("Ada: So how was it?"), "{told}");
    // Parts within parts without end.
    let deep = [&file[..9], b"1 0 obj\n", &b"[".repeat(3_000_000), b"\nendobj\n"].concat();
    let folder = study();
    folder.write("deep.pdf", deep).write("empty.pdf", "%PDF-1.7\nnothing");
    let ran = folder.run(&["info"]);
    assert!(ran.out.contains("7 transcripts"), "{}", ran.out);
    let (_, end) = ran.out.split_once("\nCould not be read\n").unwrap();
    for name in ["deep.pdf", "empty.pdf"] {
        assert!(end.contains(&format!("{name}: the file cannot be opened")), "{end}");
    }
}

#[test]
fn a_folder_of_recordings_and_projects_says_what_to_do_first() {
    let folder = Folder::new();
    folder.write("P1.mp3", "ID3").write("P2.m4a", "x").write("coding.nvpx", "x");
    let ran = folder.run(&["themes"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err);
}

#[test]
fn kinds_that_are_not_read_say_how_to_save_them() {
    let folder = study();
    folder.write("a.pages", "x").write("b.doc", "x").write("c.mp3", "ID3");
    let ran = folder.run(&["info"]);
    let (_, end) = ran.out.split_once("\nCould not be read\n").unwrap();
    insta::assert_snapshot!(end);
}

#[test]
fn of_files_of_one_name_one_is_read_and_the_others_are_told() {
    let folder = Folder::new();
    let talk =
        "Ada: So how was it?\nBen: It was odd at first.\nAda: And then?\nBen: Then it was fine.\n";
    let cues = "1\n00:00:01,000 --> 00:00:02,000\nSo how was it?\n\n2\n00:00:02,000 --> 00:00:04,000\nIt was odd at \
        first.\n\n3\n00:00:04,000 --> 00:00:05,000\nAnd then?\n\n4\n00:00:05,000 --> 00:00:06,000\nThen it was fine.\n";
    folder
        .write("P1.txt", talk)
        .write("P1.srt", cues)
        .write("P1.vtt", format!("WEBVTT\n\n{}", cues.replace(",000", ".000")))
        .write("P2.srt", cues)
        .write("P2.vtt", format!("WEBVTT\n\n{}", cues.replace(",000", ".000")))
        .write("P3.txt", talk)
        .write(
            "P3.md",
            format!("{talk}Ada: Tell me more of the faces there.\nBen: They were many.\n"),
        );
    let ran = folder.run(&["info"]);
    let (_, remarks) = ran.out.split_once("\nRemarks on what was read\n").unwrap();
    insta::assert_snapshot!(remarks);
    // Who names people is read, then what has times.
    let row = |id: &str| ran.out.lines().find(|line| line.trim_start().starts_with(id)).unwrap();
    assert!(row("P1 ").ends_with("plain text, `Name:` turns"), "{}", row("P1 "));
    assert!(row("P2 ").ends_with("WebVTT"), "{}", row("P2 "));
    assert!(row("P3 ").ends_with("Markdown, `Name:` turns"), "{}", row("P3 "));
    assert!(ran.out.contains("3 transcripts, 3 cases"), "{}", ran.out);
}

#[test]
fn sessions_of_one_person_are_one_participant() {
    let folder = Folder::new();
    let talk = |label: &str| {
        format!(
            "Interviewer: So how was it?\n{label}: It was odd at first.\nInterviewer: And then?\n{label}: Fine.\n"
        )
    };
    for name in ["P01_T1", "P01_T2", "P02_T1", "P02_T2"] {
        folder.write(&format!("{name}.txt"), talk("Participant"));
    }
    let ran = folder.run(&["info"]);
    assert!(ran.out.contains("4 transcripts, 2 cases"), "{}", ran.out);
    assert!(ran.out.contains("P01_T1 and P01_T2 are taken for interviews with one"), "{}", ran.out);
    // What the researcher set is not told as a guess.
    folder.write("cases.csv", "transcript,case\nP01_T1,P01\nP01_T2,P01\n");
    let ran = folder.run(&["info"]);
    assert!(ran.out.contains("4 transcripts, 2 cases"), "{}", ran.out);
    assert!(ran.out.contains("P02_T1 and P02_T2 are taken for interviews with one"), "{}", ran.out);
}

#[test]
fn one_label_of_several_people_is_no_silent_join() {
    let folder = Folder::new();
    let talk = |label: &str| {
        format!(
            "Interviewer: So how was it?\n{label}: It was odd at first.\nInterviewer: And then?\n{label}: Fine.\n"
        )
    };
    for name in ["north", "south", "west"] {
        folder.write(&format!("{name}.txt"), talk("Village Elder"));
    }
    let ran = folder.run(&["info"]);
    assert!(ran.out.contains("3 transcripts, 3 cases"), "{}", ran.out);
    assert!(ran.out.contains("`Village Elder` is asked in 3 transcripts, and no"), "{}", ran.out);
    folder.write("east.txt", talk("Bo Lund"));
    let ran = folder.run(&["info"]);
    assert!(ran.out.contains("4 transcripts, 2 cases"), "{}", ran.out);
    assert!(ran.out.contains("`Village Elder` in 3 transcripts counts as one"), "{}", ran.out);
    // What the researcher set is not told.
    folder.write("cases.csv", "transcript,case\nnorth,N\nsouth,S\nwest,W\n");
    let ran = folder.run(&["info"]);
    assert!(ran.out.contains("4 transcripts, 4 cases"), "{}", ran.out);
    assert!(!ran.out.contains("Village Elder` in"), "{}", ran.out);
}
