use std::fmt::Write as _;

use lopdf::{EncryptionState, EncryptionVersion, Permissions};

use super::*;
use crate::files::SourceProblem;
use crate::sources::read;
use crate::sources::tests::cut_everywhere;
use crate::sources::tests::render;
use crate::text::RawTranscript;

/// The fonts that [`pdf`] gives to each page: Latin letters with two that differ, letters
/// of two bytes by a map of the file, and one of which nothing is told.
const FONTS: [&str; 6] = [
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[1/fi/uni0175/uni00AD]>>>>",
    "<</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/Identity-H/DescendantFonts[5 0 R]/ToUnicode 6 0 R>>",
    "<</Type/Font/Subtype/CIDFontType2/BaseFont/Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 600/W[1[500 550]3 9 520]>>",
    "<</Length 189>>stream\n/CIDInit /ProcSet findresource begin\nbegincmap\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n2 beginbfrange\n<0001> <0003> <0041>\n<0004> <0005> [<0142> <00F3>]\nendbfrange\nendcmap\nend\nendstream",
    "<</Type/Font/Subtype/Type0/BaseFont/None/Encoding/Identity-H/DescendantFonts[5 0 R]>>",
    "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\nx\nendstream",
];

/// A PDF of pages with these contents. Objects: 1 catalog, 2 pages, 3 to 8 fonts and a
/// picture, then for each page itself and its content, then `more`.
fn pdf_with(pages: &[String], page_entries: &str, more: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|at| format!("{} 0 R", 9 + 2 * at)).collect();
    let kids = kids.join(" ");
    let first_more = 9 + 2 * pages.len();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!(
            "<</Type/Pages/Kids[{kids}]/Count {}/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R/F2 4 0 R/F3 7 0 R>>/XObject<</Im 8 0 R/Fm {first_more} 0 R>>>>>>",
            pages.len()
        ),
    ];
    objects.extend(FONTS.map(str::to_owned));
    for (at, content) in pages.iter().enumerate() {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R{page_entries}/Contents {} 0 R>>",
            10 + 2 * at
        ));
        objects.push(format!("<</Length {}>>stream\n{content}\nendstream", content.len()));
    }
    objects.extend_from_slice(more);
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(file.len());
        writeln!(file, "{number} 0 obj\n{object}\nendobj").unwrap();
    }
    let start = file.len();
    writeln!(file, "xref\n0 {}\n0000000000 65535 f ", objects.len() + 1).unwrap();
    for place in places {
        writeln!(file, "{place:010} 00000 n ").unwrap();
    }
    writeln!(file, "trailer<</Root 1 0 R/Size {}>>\nstartxref\n{start}\n%%EOF", objects.len() + 1)
        .unwrap();
    file.into_bytes()
}

fn pdf(pages: &[String]) -> Vec<u8> {
    pdf_with(pages, "", &[])
}

/// Ten words, so that no line comes again.
const WORDS: [&str; 10] = [
    "river", "mill", "station", "market", "school", "chapel", "harbour", "bakery", "bridge", "weir",
];

/// Draws a line at a place.
fn at(x: u32, y: u32, words: &str) -> String {
    format!("BT /F1 12 Tf {x} {y} Td ({words}) Tj ET\n")
}

/// Draws lines below each other, from the top of a page.
fn page(lines: &[&str]) -> String {
    (0..).zip(lines).map(|(row, line)| at(72, 720 - 14 * row, line)).collect()
}

#[track_caller]
fn check(file: &[u8], expected: &str) {
    assert_eq!(render(read(file, "P1.pdf")), expected);
}

#[test]
fn lines_are_read_from_top_to_bottom_however_they_were_drawn() {
    let page = at(72, 600, "Ben: It was odd at first.")
        + &at(72, 640, "Ada: So how was it?")
        + &at(300, 560, "no idea.")
        + &at(72, 560, "Ben: I had really and truly")
        + &at(72, 580, "Ada: And why?");
    let expected = "PDF, `Name:` turns\nAda||So how was it?\nBen||It was odd at first.\n\
                    Ada||And why?\nBen||I had really and truly no idea.";
    check(&pdf(&[page]), expected);
}

#[test]
fn every_way_of_drawing_text_is_read() {
    let page = "BT /F1 12 Tf 14 TL 1 0 0 1 72 700 Tm [(A) 60 (da: So) -400 (how)] TJ ( was it?) Tj \
                (Ben: It was odd) ' 0 0 ( at first.) \" 0 -14 TD [(Ada:) -300 (And then?)] TJ T* \
                /F1 6 Tf 2 0 0 2 72 644 Tm (Ben: Fine.) Tj ET";
    let expected = "PDF, `Name:` turns\nAda||So how was it?\nBen||It was odd\nat first.\n\
                    Ada||And then?\nBen||Fine.";
    check(&pdf(&[page.to_owned()]), expected);
}

#[test]
fn letters_are_told_by_the_font_its_differences_or_the_map_of_the_file() {
    let page = page(&["Ada: Si\\342n, the \\001lm at T\\002r?", "Ben: Yes.", "Ada: Why?"])
        + "BT /F1 12 Tf 72 650 Td (Ben: ) Tj /F2 12 Tf <00010002000300040005> Tj ET";
    let expected = "PDF, `Name:` turns\nAda||Siân, the film at Tŵr?\nBen||Yes.\nAda||Why?\n\
                    Ben||ABCłó";
    check(&pdf(&[page]), expected);
}

#[test]
fn letters_that_nothing_tells_are_told() {
    let talk = page(&["Ada: So how was it?", "Ben: It was odd.", "Ada: Why?"]);
    let unknown = "BT /F3 12 Tf 72 600 Td <000100020003> Tj ET";
    let raw = read(&pdf(&[talk + unknown]), "P1.pdf").unwrap();
    assert_eq!(
        raw.warnings[0].text(),
        "the file does not tell some letters on page 1; `\u{fffd}` stands for them\n  hint: open it in \
         the program that made it, or in Word or LibreOffice, and save it as .docx"
    );
    check(
        &pdf(&[unknown.repeat(20) + &page(&["Ada: So"])]),
        "error the file does not tell which letters its signs are",
    );
}

#[test]
fn what_stands_on_every_page_is_no_talk() {
    let pages: Vec<String> = (1..)
        .zip(&WORDS[..4])
        .map(|(number, place)| {
            let lines = [
                &*format!("{place} was at last, it froze."),
                &*format!("Ada: What of the {place}?"),
                &*format!("Ben: We lived near the {place}, and in the winter,"),
                &*format!("as I have told you of the {place}, when the"),
            ];
            let lines: Vec<&str> = lines.into_iter().skip(usize::from(number == 1)).collect();
            at(200, 760, "The Mill Papers, an invented talk")
                + &page(&lines)
                + &at(300, 40, &number.to_string())
        })
        .collect();
    let raw = read(&pdf(&pages), "P1.pdf").unwrap();
    let said: Vec<String> = raw
        .turns
        .iter()
        .map(|turn| turn.span.of(&raw.text).split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        said[1],
        "We lived near the river, and in the winter, as I have told you of the river, when the \
         mill was at last, it froze."
    );
    assert!(!said.concat().contains("Papers"), "{said:?}");
    // A report is checked by its paragraphs, which go on over pages too.
    let paragraphs = crate::verify::paragraphs(&pdf(&pages), "report.pdf").unwrap();
    assert!(
        paragraphs.iter().any(|it| it.text.contains("when the\nmill was at last")),
        "{paragraphs:?}"
    );
}

#[test]
fn a_word_that_was_cut_is_whole_again_if_the_file_tells_how() {
    let page = page(&[
        "Ada: So the conversation was in a well-known place, was it, as we have an under-",
        "standing of it? Was the conver-",
        "sation long, in this well-",
        "known place? And I was go-",
        "ing home, a soft\\003",
        "ware engineer.",
    ]);
    let expected = "Ada: So the conversation was in a well-known place, was it, as we have an under-\n\
                    standing of it? Was the conversation\nlong, in this well-known\nplace? And I was go-\n\
                    ing home, a software\nengineer.\n";
    assert_eq!(read(&pdf(&[page]), "P1.pdf").unwrap().text, expected);
}

#[test]
fn two_columns_are_read_one_after_the_other_and_told() {
    let rows: String = (0..)
        .zip(WORDS)
        .map(|(row, word)| {
            let y = 700 - 14 * row;
            at(72, y, &format!("left {word} we lived in a small house near"))
                + &at(320, y, &format!("right {word} the ice was gone and my mother"))
        })
        .collect();
    let raw = read(&pdf(&[rows]), "P1.pdf").unwrap();
    assert!(
        raw.text.find("left weir").unwrap() < raw.text.find("right river").unwrap(),
        "{}",
        raw.text
    );
    assert!(raw.warnings[0].problem.starts_with("two columns on page 1"), "{:?}", raw.warnings);
    // Names beside what they say are none.
    let rows: String = (0..)
        .zip(WORDS)
        .map(|(row, word)| {
            let name = if row % 2 == 0 { "Ada:" } else { "Ben:" };
            at(72, 700 - 14 * row, name)
                + &at(150, 700 - 14 * row, &format!("Well, it was odd at the {word}."))
        })
        .collect();
    let raw = read(&pdf(&[rows]), "P1.pdf").unwrap();
    assert_eq!((raw.turns.len(), raw.warnings.len()), (10, 0), "{}", raw.text);
}

#[test]
fn cells_of_a_table_are_told() {
    let rows: String = (0..)
        .zip(WORDS)
        .map(|(row, word)| {
            let y = 700 - 14 * row;
            at(30, y, &format!("What of the {word}"))
                + &at(150, y, &format!("The {word} was not so bad"))
                + &at(330, y, &format!("Nid oedd {word} yn ddrwg"))
        })
        .collect();
    let raw = read(&pdf(&[rows]), "P1.pdf").unwrap();
    assert!(raw.warnings[0].problem.contains("as in a table"), "{:?}", raw.warnings);
}

#[test]
fn pages_that_are_turned_and_drawings_inside_drawings_are_read() {
    let turned = "BT /F1 12 Tf 0 1 -1 0 100 72 Tm (Ada: So how was it?) Tj ET\n\
                  BT /F1 12 Tf 0 1 -1 0 120 72 Tm (Ben: It was odd.) Tj ET /Fm Do";
    let form = "<</Type/XObject/Subtype/Form/Matrix[0 1 -1 0 140 72]/Length 41>>stream\n\
                BT /F1 12 Tf (Ada: And then?) Tj ET /Fm Do\nendstream";
    let expected = "PDF, `Name:` turns\nAda||So how was it?\nBen||It was odd.\nAda||And then?";
    let raw = read(&pdf_with(&[turned.to_owned()], "/Rotate 90", &[form.to_owned()]), "a.pdf");
    let raw = raw.unwrap();
    // A drawing that draws itself ends.
    assert!(raw.warnings[0].problem.starts_with("some words on page 1"), "{:?}", raw.warnings);
    let first = render(Ok(RawTranscript { warnings: Vec::new(), ..raw }));
    assert!(first.starts_with(expected), "{first}");
}

#[test]
fn scanned_pages_say_so() {
    let scan = || "q 612 0 0 792 0 0 cm /Im Do Q".to_owned();
    check(
        &pdf(&[scan(), scan()]),
        "error the file holds no text, only pictures on 2 pages: it seems to be a scan",
    );
    check(&pdf(&[String::new()]), "error no speech was found in this file");
    let talk = page(&["Ada: So how was it?", "Ben: It was odd.", "Ada: Why?"]);
    let raw = read(&pdf(&[talk, scan(), String::new(), scan(), scan(), scan()]), "P1.pdf").unwrap();
    assert_eq!(
        raw.warnings[0].problem,
        "no text on pages 2, 4 to 6, only pictures; if these are scans, what they say is not read"
    );
}

#[test]
fn a_locked_file_says_so_and_one_that_opens_without_a_password_is_read() {
    let lock = |password: &str| {
        let mut document = Objects::load_mem(&pdf(&[page(&["Ada: So how was it?"])])).unwrap();
        document.trailer.set("ID", vec![Object::string_literal("a"), Object::string_literal("b")]);
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password: password,
            key_length: 128,
            permissions: Permissions::default(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        let mut file = Vec::new();
        document.save_to(&mut file).unwrap();
        file
    };
    check(&lock("secret"), "error the file is protected by a password");
    assert_eq!(read(&lock(""), "P1.pdf").unwrap().text, "Ada: So how was it?\n");
}

#[test]
fn damaged_files_are_refused_and_no_cut_is_a_defect() {
    let file = pdf(&[page(&["Ada: So how was it?", "Ben: It was odd."])]);
    cut_everywhere(&file, "a.pdf");
    check(b"P1: Hello.\n", "error the file cannot be opened: it does not begin as a PDF does");
    let problem = |file: &[u8]| read(file, "a.pdf").unwrap_err().problem;
    assert!(matches!(problem(b"%PDF-1.7"), SourceProblem::BadArchive(_)));
    // What is left of a list of parts that is damaged.
    let place = file.windows(4).position(|it| it == b"xref").unwrap();
    let raw = read(&file[..place], "a.pdf").unwrap();
    assert!(raw.warnings.iter().any(|it| it.problem.starts_with("the file is damaged")));
    // The name does not matter where the bytes tell.
    assert!(read(&file, "a.docx").is_ok() && read(&file, "a").is_ok());
}
