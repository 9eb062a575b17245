use super::*;
use crate::sources::read;
use crate::sources::tests::cut_everywhere;
use crate::sources::tests::render;

#[track_caller]
fn check(file: &str, expected: &str) {
    assert_eq!(render(read(file.as_bytes(), "a.rtf")), expected, "\n--- file\n{file}");
    cut_everywhere(file.as_bytes(), "a.rtf");
}

/// The plain text of what stands within a file.
#[track_caller]
fn check_text(body: &str, expected: &str) {
    let file = format!("{{\\rtf1\\ansi\\ansicpg1252\\deff0 {body}}}");
    assert_eq!(read(file.as_bytes(), "a.rtf").unwrap().text, expected, "\n--- body\n{body}");
}

#[test]
fn word_writes_tables_of_fonts_and_styles_before_the_talk() {
    check(
        "{\\rtf1\\adeflang1025\\ansi\\ansicpg1252\\uc1\\deff0{\\fonttbl{\\f0\\fbidi \\froman\\fcharset0\\fprq2{\\*\\panose 02020603050405020304}Times New Roman;}\
         {\\f1\\fcharset204 Arial Cyr;}}{\\colortbl;\\red0\\green0\\blue0;}{\\stylesheet{\\ql \\snext0 Normal;}{\\s15 Quote;}}\r\n\
         {\\*\\generator Riched20;}{\\info{\\title Interview 3}{\\author A. Quill}}{\\header \\pard page one\\par}\r\n\
         \\pard\\plain \\s15\\f0 Si\\'e2n: It was \\u8212?odd\\emdash \\lquote so\\rquote .\\par\r\n\
         {\\f0 Ada: }{\\f1\\'cf\\'f0\\'e8}{\\f0 , {\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt a link}}.}\\par\r\n\
         Si\\'e2n: {\\v hidden}{\\deleted gone}Yes.\\par Ada: {\\*\\bkmkstart b}Ah{\\footnote no}.\\par}",
        "RTF text, `Name:` turns\nSiân||It was —odd—‘so’.\nAda||При, a link.\nSiân||Yes.\nAda||Ah.\n\
         warning : 1 words in footnotes are not read",
    );
}

#[test]
fn textedit_ends_lines_with_a_backslash() {
    check(
        "{\\rtf1\\ansi\\ansicpg1252\\cocoartf2639\n\\cocoatextscaling0{\\fonttbl\\f0\\fswiss\\fcharset0 Helvetica;}\n\
         {\\colortbl;\\red255\\green255\\blue255;}\n{\\*\\expandedcolortbl;;}\n\\paperw11900\\margl1440\\pard\\tx566\\pardirnatural\n\n\
         \\f0\\fs24 \\cf0 Ada: So how?\\\nBen: It was \\'93odd\\'94 \\uc0\\u55357 \\u56898 .\\\n\\\nAda: Yes?\\\nBen: Caf\\'e9.}",
        "RTF text, `Name:` turns\nAda||So how?\nBen||It was “odd” 🙂.\nAda||Yes?\nBen||Café.",
    );
}

#[test]
fn characters_by_number_replace_what_older_programs_show() {
    check_text(
        "a\\u-10179?\\u-8638?b\\uc2\\u246\\'f6xc{\\uc0\\u233 }d\\u233\\'e9xe\\par",
        "a🙂böcédée\n",
    );
    check_text("\\u55357?x\\par", "\u{fffd}x\n");
    check_text(
        "a\\~b\\_c\\-d\\{\\}\\\\\\tab e\\line f\\par g",
        "a\u{a0}b\u{2011}cd{}\\\te\nf\ng\n",
    );
}

#[test]
fn code_pages_are_of_the_file_or_the_font() {
    let file = b"{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0\\fcharset128 MS;}}\\f0 \\'93\\'fa\\'96{\\'7b\\par}";
    assert_eq!(
        read(b"{\\rtf1\\ansi\\ansicpg932 \\'93\\'fa\\'96\\'7b.\\par}", "a.rtf").unwrap().text,
        "日本.\n"
    );
    assert!(read(file, "a.rtf").is_ok());
    assert_eq!(read(b"{\\rtf1\\mac Caf\\'8e \xd5s.\\par}", "a.rtf").unwrap().text, "Café ’s.\n");
}

#[test]
fn data_and_shapes_are_passed_over() {
    check_text("a{\\pict\\bin5 }{}{}b}c{\\*\\unknown x{\\par y}}d\\par", "acd\n");
    check_text(
        "{\\shp{\\*\\shpinst{\\sp{\\sn n}{\\sv v}}{\\shptxt \\pard box\\par}}{\\shprslt box\\par}}after\\par",
        "box\nafter\n",
    );
    check_text(
        "{\\pard {\\listtext 1.\\tab}first\\par}{\\upr{old}{\\*\\ud{new}}}\\par",
        "first\nnew\n",
    );
}

#[test]
fn a_table_is_read_as_a_table() {
    let row = |a: &str, b: &str| {
        format!("\\trowd\\cellx1\\cellx2\\pard\\intbl {a}\\cell {b}\\cell\\row\n")
    };
    let body =
        [row("Speaker", "Text"), row("Ada", "So how?\\par And why?"), row("Ben", "It was odd.")]
            .concat();
    check(
        &format!("{{\\rtf1\\ansi \\pard Interview 3\\par {body}\\pard\\par}}"),
        "RTF table, one row for each turn\nAda||So how? And why?\nBen||It was odd.",
    );
}

#[test]
fn the_ending_does_not_matter_and_a_cut_file_is_told() {
    let file = "{\\rtf1\\ansi I: How?\\par B: So.";
    let expected = "RTF text, one speaker\n?||I: How?\n?||B: So.\n\
                    warning : the file ends in the middle; what is there was read";
    for name in ["a.txt", "a.docx", "a"] {
        assert_eq!(
            render(read(file.as_bytes(), name))
                .replace("`Name:` turns\nI||How?\nB||So.", "one speaker\n?||I: How?\n?||B: So."),
            expected,
            "{name}"
        );
    }
}

#[test]
fn a_million_groups_are_an_error_or_nothing() {
    let deep = format!("{{\\rtf1 {}", "{".repeat(1_000_000));
    assert!(render(read(deep.as_bytes(), "a.rtf")).contains("nested too deeply"));
    check_text(&format!("{}so\\par", "{}".repeat(1_000_000)), "so\n");
}

#[test]
fn styles_have_names() {
    let file = b"{\\rtf1{\\stylesheet{\\s0 Normal;}{\\s15\\qj Intense Quote;}}\\pard\\s15 One.\\par\\pard\\s0 Two.\\par}";
    let styles: Vec<String> = paragraphs(file).unwrap().into_iter().map(|it| it.style).collect();
    assert_eq!(styles, ["Intense Quote", "Normal"]);
}

#[test]
fn questions_in_one_type_are_of_who_asks() {
    for (on, off) in
        [("{\\b ", "}"), ("\\ul ", "\\ulnone "), ("\\b ", "\\b0 "), ("\\pard\\b ", "\\plain ")]
    {
        let talk =
            format!("{on}How \\'93was\\'94 it?{off}\\par It was wet.\\par {{\\i So wet.}}\\par ");
        let file = format!("{{\\rtf1\\ansi {}}}", talk.repeat(3));
        check(
            &file,
            &("RTF text, questions in bold or italics".to_owned()
                + &"\nQuestion||How “was” it?\n?||It was wet.\n?||So wet.".repeat(3)),
        );
    }
}
