//! Bad input: a clear message, nothing lost, the rest goes on.

use crate::harness::{Folder, interview};

fn study() -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    folder
        .write("P1.txt", interview("Ann", "garden", 6))
        .write("P2.txt", interview("Bo", "garden", 6));
    folder
}

#[test]
fn damaged_files_are_reported_and_the_rest_goes_on() {
    let folder = study();
    folder
        .write("a.txt", "")
        .write("b.txt", b"\x00\x01\x02\x03binary\x00\x00")
        .write("c.pdf", "%PDF-1.4");
    folder
        .write("d.docx", b"PK\x03\x04 cut off")
        .write("e.vtt", "WEBVTT\n\nNOTE nothing here\n")
        .write("f.json", "{\"segments\": [");
    folder
        .write("g.csv", "age,site\n40,3\n")
        .write("h.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old");
    let ran = folder.run(&["themes", "--quotes", "0"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("garden"), "{}", ran.out);
    insta::assert_snapshot!(ran.err);
    // The second run says the same without reading them again.
    assert_eq!(folder.run(&["themes", "--quotes", "0"]).err, ran.err);
}

#[test]
fn a_folder_without_a_transcript_says_what_was_looked_for() {
    let folder = Folder::new();
    folder.write("photo.jpg", b"\xff\xd8\xff");
    let ran = folder.run(&["themes"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @r"
    error: no transcript in `STUDY`
      looked for .cha .csv .dfxp .docx .eaf .exb .htm .html .json .lrc .markdown .md .ods .odt .pdf .rtf .sbv .srt .tab .tei .text .textgrid .trs .tsv .ttml .txt .vtt .xlsx .xml files, also in folders inside it
      hint: put the transcripts there, or name their folder: `--study DIR`
    ");
}

#[test]
fn a_folder_that_does_not_exist_is_named() {
    let folder = Folder::new();
    let ran = folder.run(&["--study", "nowhere", "info"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
}

#[test]
fn a_mistake_in_a_table_or_the_settings_names_its_line() {
    let folder = study();
    folder.write("cases.csv", "transcript,age\nP1,40\nP11,50\n");
    let ran = folder.run(&["info"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @r"
    error: cases.csv:3: `P11` is not a transcript of this study
      hint: did you mean `P1`?
    ");
    folder
        .write("cases.csv", "transcript,age\nP1,40\n")
        .write("study.toml", "\nlanguge = \"en\"\n");
    let ran = folder.run(&["info"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @r"
    error: study.toml:2: `languge` is not a setting
      hint: did you mean `language`?
    ");
}

#[cfg(unix)]
#[test]
fn links_that_lead_back_or_nowhere_are_reported() {
    use std::os::unix::fs::symlink;
    let folder = study();
    symlink(folder.path(), folder.path().join("loop")).unwrap();
    symlink(folder.path().join("gone.txt"), folder.path().join("dangling.txt")).unwrap();
    let ran = folder.run(&["index"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @r"
    warning: dangling.txt: the file cannot be read: no such file or directory
      hint: perhaps it is a link to a file that no longer exists: remove it, or restore the file
    warning: loop/: the folder was read before under another name
      hint: remove the link that leads back to it
    ");
}

#[test]
fn a_store_that_cannot_be_written_says_where_to_put_it() {
    let folder = study();
    folder.write(".leitmotif", "a file where the folder should be");
    let ran = folder.run(&["index"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("hint: give another place for it: `--store DIR`"), "{}", ran.err);
}

#[test]
fn a_real_file_is_read_to_its_cut_off_last_line() {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    let mut text = String::new();
    for turn in 0..20_000 {
        let speaker = ["Siân Prydderch", "Łukasz", "王芳", "Ó Briain", "Interviewer"][turn % 5];
        text.push_str(&format!(
            "{speaker}: Turn {turn} about the evening 😀 and the group, diolch yn fawr.\r\n"
        ));
    }
    text.push_str("Siân Prydderch: and then the recording st");
    folder.write("long.txt", &text);
    let shown = folder.answer(&["index"]);
    assert!(
        shown.starts_with("long: plain text, `Name:` turns, 5 speakers, 20,001 turns"),
        "{shown}"
    );
    assert!(
        folder
            .answer(&["search", "recording", "--limit", "1"])
            .contains("and then the recording st")
    );
}

/// Polish is a language that words are not stemmed in.
const POLISH: &str = "\
Badaczka: Jak pani pamięta pierwsze spotkanie w świetlicy i co było wtedy najtrudniejsze?
Badana: Na początku nikt nic nie mówił, a potem ktoś przyniósł ciasto i zrobiło się lżej.
Badaczka: A co zmieniło się później, kiedy zaczęliście spotykać się przez internet?
Badana: Zniknęły przerwy na herbatę, i dopiero wtedy zrozumiałam, że to one były najważniejsze.
";

#[test]
fn a_language_that_is_not_supported_is_named_and_not_told_as_english() {
    let folder = Folder::new();
    folder.write("a.txt", POLISH).write("b.txt", "A: Tak.\nB: Nie.\n");
    let ran = folder.run(&["info"]);
    assert!(
        ran.out.contains("\nlanguages: Polish (not supported) 1, not recognised 1\n"),
        "{ran:?}"
    );
    // The answer of `info` holds its remarks; other commands tell them beside theirs.
    assert_eq!(ran.err, "");
    let err = folder.run(&["show", "a"]).err;
    assert!(err.contains("the language is Polish, which is not supported;"), "{err}");
    assert!(err.contains("Tamil, Turkish"), "{err}");
    // Whoever says in the settings what it is, or takes that back, is told so.
    for language in ["language = \"en\"\n", ""] {
        folder.write("study.toml", language);
        let err = folder.run(&["show", "a"]).err;
        assert_eq!(err.contains("the language is Polish"), language.is_empty(), "{err}");
    }
}

#[test]
fn what_was_read_with_a_remark_is_not_listed_as_not_read() {
    let folder = Folder::new();
    folder.write("a.txt", POLISH).write("notes.pages", "PK");
    let out = folder.run(&["info"]).out;
    let (_, end) = out.split_once("\nCould not be read\n").unwrap();
    insta::assert_snapshot!(end);
}
