//! Files of every kind that people have: read, or told what to do first.

use crate::harness::Folder;

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
        .write("P6.cha", "@UTF8\n@Begin\n*BEN:\tIt was “odd” at first.\n@End\n");
    folder
}

#[test]
fn a_quote_is_found_in_every_format() {
    let folder = study();
    let ran = folder.run(&["search", "\"odd at first\"", "--limit", "0", "--format", "jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for id in 1..=6 {
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
    folder.write("a.pdf", "%PDF-1.7").write("b.doc", "x").write("c.mp3", "ID3");
    let ran = folder.run(&["info"]);
    let (_, end) = ran.out.split_once("\nCould not be read\n").unwrap();
    insta::assert_snapshot!(end);
}
