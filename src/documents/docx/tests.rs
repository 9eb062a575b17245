use std::io::Read;

use proptest::prelude::*;

use super::super::archive::{MAX_MB, OLE_START, TIGHT_MB, read_bounded};
use super::super::tests::pack as archive;
use super::*;
use crate::files::SourceError;
use crate::sources::tests::render;
use crate::text::{Declared, RawTranscript};

fn parse(bytes: &[u8]) -> Result<RawTranscript, SourceError> {
    let read = document(bytes).map_err(SourceError::whole)?;
    crate::sources::document::read(read, &Declared::default())
}

fn word(body: &str) -> Vec<u8> {
    let xml = format!("<?xml version=\"1.0\"?><w:document><w:body>{body}</w:body></w:document>");
    archive(&[("word/document.xml", xml.as_bytes())])
}

#[track_caller]
fn check(body: &str, expected: &str) {
    assert_eq!(render(parse(&word(body))), expected, "\n--- body\n{body}");
}

/// The plain text that the body becomes.
#[track_caller]
fn check_text(body: &str, expected: &str) {
    assert_eq!(parse(&word(body)).unwrap().text, expected, "\n--- body\n{body}");
}

const TURN: &str = "<w:p><w:r><w:t>Interviewer: Hi.</w:t></w:r></w:p>";

#[test]
fn paragraphs_are_lines() {
    check(
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>Siân: It </w:t></w:r><w:hyperlink><w:r>\
         <w:t>was &amp; is &#x1F44D; &odd; R&D</w:t></w:r></w:hyperlink></w:p><w:p/>\
         <w:p><w:r><w:t>王芳: No</w:t><w:noBreakHyphen/><w:t>no.</w:t><w:sym w:char=\"F04A\"/></w:r></w:p>\
         <w:p><w:r><w:t>Siân: So.</w:t></w:r></w:p><w:p><w:r><w:t>王芳: Ah.</w:t></w:r></w:p>",
        "Word document, `Name:` turns\nSiân||It was & is 👍 &odd; R&D\n王芳||No\u{2011}no.\nSiân||So.\n王芳||Ah.",
    );
    check_text(
        "<w:p><w:r><w:t>a\nb</w:t><w:br/><w:t>c</w:t><w:tab/><w:t>d</w:t><w:cr/></w:r></w:p><w:p></w:p>",
        "a b\nc\td\n\n\n",
    );
}

#[test]
fn teams_writes_a_turn_a_paragraph() {
    let body = "<w:p><w:r><w:t>Ada Quill   0:04</w:t><w:br/><w:t>So how?</w:t></w:r></w:p>";
    let raw = parse(&word(body)).unwrap();
    assert_eq!(
        (raw.layout.as_str(), raw.text.as_str()),
        ("Teams Word transcript", "Ada Quill   0:04\nSo how?\n")
    );
}

#[test]
fn tracked_changes_are_accepted() {
    check_text(
        "<w:p><w:r><w:t>a</w:t></w:r><w:ins><w:r><w:t>b</w:t></w:r></w:ins><w:del><w:r><w:delText>c</w:delText>\
         <w:t>d</w:t></w:r></w:del><w:moveFrom><w:r><w:t>e</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>f</w:t>\
         </w:r></w:moveTo></w:p><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>g</w:t></w:r></w:p>\
         <w:p><w:r><w:t>h</w:t></w:r></w:p>",
        "abf\ngh\n",
    );
}

#[test]
fn a_text_box_is_told_once_and_fields_keep_their_result() {
    let boxed = "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>";
    check_text(
        &format!(
            "<w:p><w:r><w:t>a</w:t><mc:AlternateContent><mc:Choice>{boxed}</mc:Choice><mc:Fallback>{boxed}\
             </mc:Fallback></mc:AlternateContent><a:t>drawn</a:t><w:instrText>PAGE</w:instrText><w:t>1</w:t></w:r></w:p>"
        ),
        "box\na1\n",
    );
    check_text(
        &format!(
            "<w:p><mc:AlternateContent><mc:Fallback>{boxed}</mc:Fallback></mc:AlternateContent></w:p>"
        ),
        "box\n\n",
    );
}

fn table(rows: &[&[&str]]) -> String {
    let cell = |words: &&str| format!("<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>");
    let row =
        |cells: &&[&str]| format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>());
    format!("<w:tbl>{}</w:tbl>", rows.iter().map(row).collect::<String>())
}

#[test]
fn a_wide_table_is_read_as_a_table() {
    let body = table(&[&["Speaker", "Text"], &["Ada", "So how?"], &["Ben", "It was odd."]]);
    check(&body, "Word table, one row for each turn\nAda||So how?\nBen||It was odd.");
    let body = table(&[&["Ada", "So how?"], &["Ben:", "It was odd."]]);
    check(&body, "Word table, one row for each turn\nAda||So how?\nBen||It was odd.");
    let deleted = body.replacen("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>", 1);
    check(&deleted, "Word table, one row for each turn\nBen||It was odd.");
}

#[test]
fn a_narrow_table_is_paragraphs() {
    check_text(&table(&[&["Ada: Hi."], &["Ben: No."]]), "Ada: Hi.\nBen: No.\n");
    let inner = table(&[&["a", "b"]]);
    check_text(&format!("<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"), "a\nb\n");
}

#[test]
fn the_package_says_where_the_document_is() {
    let relations = br#"<Relationships><Relationship Type="http://x/officeDocument" Target="/word/document2.xml"/></Relationships>"#;
    let xml = format!("<document><body>{}</body></document>", TURN.replace("w:", ""));
    let file = archive(&[("_rels/.rels", relations), ("word/document2.xml", xml.as_bytes())]);
    assert_eq!(render(parse(&file)), "Word document, `Name:` turns\nInterviewer||Hi.");
}

#[test]
fn damage_says_what_is_wrong() {
    let check = |file: &[u8], expected: &str| assert_eq!(render(parse(file)), expected);
    check(b"", "error the file is empty");
    check(b"hello", "error the file cannot be opened: it is not a zip archive");
    check(
        OLE_START,
        "error the file is protected by a password, or is an old Office file (`.doc`, `.xls`)",
    );
    let other = archive(&[("content.xml", b"<a/>")]);
    check(&other, "error the file cannot be opened: it does not contain a Word document");
    let sheet = archive(&[("word/document.xml", b"<x:workbook></x:workbook>")]);
    check(&sheet, "error the file cannot be opened: `workbook` is not a Word document");
    let half = archive(&[("word/document.xml", b"<w:document><w:body>")]);
    check(&half, "error the file is incomplete: the document inside ends early");
    check(&word("<w:p></w:p>"), "error no speech was found in this file");
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    let zeros = std::io::repeat(b' ').take(MAX_MB * 2_000_000);
    assert_eq!(read_bounded(1_000, zeros), Err(SourceProblem::UnpacksTooLarge(TIGHT_MB)));
    let zeros = std::io::repeat(b' ').take(MAX_MB * 2_000_000);
    assert_eq!(read_bounded(u64::MAX, zeros), Err(SourceProblem::UnpacksTooLarge(MAX_MB)));
}

#[test]
fn deep_nesting_is_an_error() {
    let body = "<w:x>".repeat(50_000);
    assert!(render(parse(&word(&body))).contains("nested too deeply"));
}

#[test]
fn a_cut_or_changed_file_never_panics() {
    let file = word(TURN);
    for end in 0..file.len() {
        assert!(parse(&file[..end]).is_err(), "cut at byte {end}");
        let mut changed = file.clone();
        changed[end] ^= 0x55;
        // Any answer will do, as long as there is one.
        drop(parse(&changed));
    }
}

proptest! {
    #[test]
    fn no_xml_panics(parts in proptest::collection::vec(
        prop_oneof![
            "\\PC{0,5}",
            proptest::sample::select(vec![
                "<w:p>", "</w:p>", "<w:t>", "</w:t>", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>",
                "</w:tc>", "<w:del>", "</w:del>", "<w:p/>", "<w:tc/>", "<w:br/>", "&amp;", "&", "<![CDATA[x]]>",
                "<mc:AlternateContent>", "<mc:Choice>", "</mc:Choice>", "<w:pPr>", "</w:pPr>",
            ]).prop_map(str::to_owned),
        ],
        0..30,
    )) {
        let xml = format!("<w:document>{}", parts.concat());
        drop(blocks_of(&xml));
        drop(blocks_of(&format!("{xml}</w:document>")));
    }
}

#[test]
fn questions_in_bold_or_italics_are_of_who_asks() {
    let paragraph = |type_: &str, words: &str| {
        format!("<w:p><w:r><w:rPr>{type_}</w:rPr><w:t>{words}</w:t></w:r></w:p>")
    };
    for type_ in ["<w:b/>", "<w:i/>", "<w:rStyle w:val=\"Strong\"/>"] {
        let talk: String =
            ["How was it?", "Tell me of the boat:", "And then?", "Right, I see", "Why?"]
                .iter()
                .map(|asked| {
                    paragraph(type_, asked) + &paragraph("<w:b w:val=\"0\"/>", "It was wet.")
                })
                .collect();
        let read = render(parse(&word(&talk)));
        assert_eq!(
            read,
            "Word document, questions in bold or italics\nQuestion||How was it?\n?||It was wet.\n\
             Question||Tell me of the boat:\n?||It was wet.\nQuestion||And then?\n?||It was wet.\n\
             Question||Right, I see\n?||It was wet.\nQuestion||Why?\n?||It was wet.\nwarning 3: 2 \
             lines set apart as the questions are, asking nothing",
            "{type_}"
        );
    }
    // Who asks does so in one type: what is in another is the answer's, and told if it asks.
    let turn = |asked: &str, stressed: &str| {
        paragraph("<w:b/>", asked) + &paragraph("", "It was wet.") + &paragraph("<w:i/>", stressed)
    };
    let turns = [turn("How?", "So wet."), turn("Go on:", "Is that so?"), turn("Why?", "Well.")];
    let read = render(parse(&word(&(turns.concat() + &turn("And then?", "We left.")))));
    for said in
        ["Question||Go on:\n?||It was wet.\n?||Is that so?\n", "?||So wet.\n", "?||We left.\n"]
    {
        assert!(read.contains(said), "{read}");
    }
    assert!(read.contains("6: 1 line in another type than the questions"), "{read}");
    // A label in bold is a label.
    let turn = paragraph("<w:b/>", "I: How was it?") + &paragraph("", "B: It was wet.");
    assert!(render(parse(&word(&turn.repeat(4)))).starts_with("Word document, `Name:` turns\nI||"));
}
