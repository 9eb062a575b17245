//! Laws of all readers: words in are words out, or told; no damage is a defect of ours.

#![expect(clippy::format_collect, reason = "a small file is made piece by piece")]

use proptest::prelude::*;

use super::read;
use crate::documents::tests::pack;
use crate::files::{SourceError, SourceProblem};
use crate::text::RawTranscript;

/// What people say in the files below: labels, words.
type Talk = Vec<(&'static str, String)>;

fn talk() -> impl Strategy<Value = Talk> {
    let turn = (prop::sample::select(vec!["Ada", "Siân"]), "[a-zé王🙂]{1,6}( [a-z]{1,6}){0,5}");
    prop::collection::vec(turn, 4..12).prop_map(|turns| {
        // Whoever speaks only once may be a heading; so the first four take turns.
        let turns = turns.into_iter().enumerate().map(|(at, (who, said))| match at {
            0 | 2 => ("Ada", said),
            1 | 3 => ("Siân", said),
            _ => (who, said),
        });
        // Every turn says of itself which it is, so that none can be taken for another.
        let number =
            |(at, (who, said)): (usize, (&'static str, String))| (who, format!("w{at}x {said}."));
        turns.enumerate().map(number).collect()
    })
}

/// The name of a file and its bytes.
fn file_of(kind: &str, talk: &Talk) -> (String, Vec<u8>) {
    let each = |one: &dyn Fn(usize, &str, &str) -> String| -> String {
        (0..).zip(talk).map(|(at, (who, said))| one(at, who, said)).collect()
    };
    let tiers = |one: &dyn Fn(usize, &str) -> String, who: &str| -> String {
        let turns = (0..).zip(talk).filter(|(_, (label, _))| *label == who);
        turns.map(|(at, (_, said))| one(at, said)).collect()
    };
    let clock = |at: usize| format!("00:{:02}:{:02}", at / 60, at % 60);
    let text = match kind {
        "odt" => {
            let body = each(&|_, who, said| format!("<text:p>{who}:<text:s/>{said}</text:p>\n"));
            let xml = format!("<a><office:text>{body}</office:text></a>");
            return ("a.odt".to_owned(), pack(&[("content.xml", xml.as_bytes())]));
        }
        "ods" => {
            let cell = |words: &str| {
                format!("<table:table-cell><text:p>{words}</text:p></table:table-cell>")
            };
            let rows = each(&|_, who, said| {
                format!("<table:table-row>{}{}</table:table-row>", cell(who), cell(said))
            });
            let head =
                format!("<table:table-row>{}{}</table:table-row>", cell("Speaker"), cell("Text"));
            let xml = format!(
                "<a><office:spreadsheet><table:table>{head}{rows}</table:table></office:spreadsheet></a>"
            );
            return ("a.ods".to_owned(), pack(&[("content.xml", xml.as_bytes())]));
        }
        "xlsx" => {
            let cell = |words: &str| format!("<c t=\"inlineStr\"><is><t>{words}</t></is></c>");
            let rows = each(&|_, who, said| format!("<row>{}{}</row>", cell(who), cell(said)));
            let sheet = format!("<w><row>{}{}</row>{rows}</w>", cell("Speaker"), cell("Text"));
            let book = b"<w><sheet name=\"a\" r:id=\"r1\"/></w>".as_slice();
            let relations = b"<r><Relationship Id=\"r1\" Target=\"s.xml\"/></r>".as_slice();
            let parts = [
                ("xl/workbook.xml", book),
                ("xl/_rels/workbook.xml.rels", relations),
                ("xl/s.xml", sheet.as_bytes()),
            ];
            return ("a.xlsx".to_owned(), pack(&parts));
        }
        "rtf" => {
            let sign = |c: char| {
                if c.is_ascii() {
                    c.to_string()
                } else {
                    c.encode_utf16(&mut [0; 2])
                        .iter()
                        .map(|unit| format!("\\u{}?", unit.cast_signed()))
                        .collect()
                }
            };
            let coded = |text: &str| text.chars().map(sign).collect::<String>();
            let body =
                each(&|_, who, said| format!("{{\\b {}: }}{}\\par\n", coded(who), coded(said)));
            format!("{{\\rtf1\\ansi\\uc1{{\\fonttbl{{\\f0 A;}}}}{body}}}")
        }
        "html" => format!(
            "<!DOCTYPE html><title>t</title><body>{}",
            each(&|_, who, said| format!("<p><b>{who}:</b>\n {said}</p>\n"))
        ),
        "eaf" => {
            let slots: String = (0..=talk.len())
                .map(|at| format!("<TIME_SLOT TIME_SLOT_ID=\"t{at}\" TIME_VALUE=\"{at}000\"/>"))
                .collect();
            let note = |at: usize, said: &str| {
                format!(
                    "<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a{at}\" TIME_SLOT_REF1=\"t{at}\" TIME_SLOT_REF2=\"t{}\"><ANNOTATION_VALUE>{said}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>",
                    at + 1
                )
            };
            let tier = |who: &str| format!("<TIER TIER_ID=\"{who}\">{}</TIER>", tiers(&note, who));
            format!(
                "<ANNOTATION_DOCUMENT>{slots}{}{}</ANNOTATION_DOCUMENT>",
                tier("Siân"),
                tier("Ada")
            )
        }
        "TextGrid" => {
            let n = |who: &str| talk.iter().filter(|(label, _)| *label == who).count();
            let interval = |at: usize, said: &str| format!("{at}\n{}\n\"{said}\"\n", at + 1);
            let tier = |who: &str| {
                format!("\"IntervalTier\"\n\"{who}\"\n0\n99\n{}\n{}", n(who), tiers(&interval, who))
            };
            format!(
                "\"ooTextFile\"\n\"TextGrid\"\n0\n99\n<exists>\n2\n{}{}",
                tier("Siân"),
                tier("Ada")
            )
        }
        "exb" => {
            let points: String =
                (0..=talk.len()).map(|at| format!("<tli id=\"T{at}\" time=\"{at}\"/>")).collect();
            let event = |at: usize, said: &str| {
                format!("<event start=\"T{at}\" end=\"T{}\">{said} </event>", at + 1)
            };
            let tier = |who: &str| {
                format!("<tier speaker=\"{who}\" type=\"t\">{}</tier>", tiers(&event, who))
            };
            format!(
                "<basic-transcription>{points}{}{}</basic-transcription>",
                tier("Siân"),
                tier("Ada")
            )
        }
        "trs" => {
            let people =
                ["Siân", "Ada"].map(|who| format!("<Speaker id=\"{who}\" name=\"{who}\"/>"));
            let turn = |at: usize, who: &str, said: &str| {
                let end = at + 1;
                format!(
                    "<Turn speaker=\"{who}\" startTime=\"{at}\" endTime=\"{end}\">{said}</Turn>"
                )
            };
            format!("<Trans><Speakers>{}</Speakers>{}</Trans>", people.concat(), each(&turn))
        }
        "ttml" => format!(
            "<tt><body>{}</body></tt>",
            each(&|at, who, said| format!(
                "<p begin=\"{at}s\" end=\"{}s\" ttm:agent=\"{who}\">{said}</p>\n",
                at + 1
            ))
        ),
        "tei" => format!(
            "<TEI><text><body>{}</body></text></TEI>",
            each(&|_, who, said| format!("<u who=\"#{who}\">{said}</u>\n"))
        ),
        "cha" => {
            format!("@UTF8\n@Begin\n{}@End\n", each(&|_, who, said| format!("*{who}:\t{said}\n")))
        }
        "sbv" => {
            each(&|at, who, said| format!("{}.000,{}.500\n{who}: {said}\n\n", clock(at), clock(at)))
        }
        _ => each(&|at, who, said| format!("[{:02}:{:02}.00]{who}: {said}\n", at / 60, at % 60)),
    };
    (format!("a.{kind}"), text.into_bytes())
}

const KINDS: [&str; 14] = [
    "odt", "ods", "xlsx", "rtf", "html", "eaf", "TextGrid", "exb", "trs", "ttml", "tei", "cha",
    "sbv", "lrc",
];

fn words_of(raw: &RawTranscript) -> Vec<String> {
    let said = raw.turns.iter().flat_map(|turn| turn.span.of(&raw.text).split_whitespace());
    said.map(str::to_owned).collect()
}

fn is_defect(read: &Result<RawTranscript, SourceError>) -> bool {
    matches!(read, Err(SourceError { problem: SourceProblem::Internal(_), .. }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_word_is_read_and_by_whom(talk in talk(), kind in prop::sample::select(KINDS.to_vec())) {
        let (name, bytes) = file_of(kind, &talk);
        let raw = read(&bytes, &name).unwrap();
        let said: Vec<String> =
            talk.iter().flat_map(|(_, said)| said.split_whitespace()).map(str::to_owned).collect();
        prop_assert_eq!(words_of(&raw), said, "{} {}", kind, String::from_utf8_lossy(&bytes));
        for (at, (who, _)) in talk.iter().enumerate() {
            let word = format!("w{at}x");
            let turn = raw.turns.iter().find(|turn| turn.span.of(&raw.text).split_whitespace().any(|it| it == word));
            prop_assert_eq!(turn.and_then(|turn| turn.label.as_deref()), Some(*who), "{}", kind);
        }
    }

    #[test]
    fn no_damage_is_a_defect(
        talk in talk(),
        kind in prop::sample::select(KINDS.to_vec()),
        cut in any::<prop::sample::Index>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        piece in prop::sample::select(vec!["", "{", "}", "\\u-1?", "\\bin9 ", "<p>", "</p>", "<table>", "\"", "&#0;", "<![CDATA[", "-->", "\0"]),
    ) {
        let (name, whole) = file_of(kind, &talk);
        let at = cut.index(whole.len());
        prop_assert!(!is_defect(&read(&whole[..at], &name)), "{} cut at {}", kind, at);
        let mut changed = [&whole[..at], piece.as_bytes(), &whole[at..]].concat();
        for (place, byte) in flips {
            let place = place.index(changed.len());
            changed[place] = byte;
        }
        let read = read(&changed, &name);
        prop_assert!(!is_defect(&read), "{} {:?}", kind, read.err());
    }
}

/// What is told of a file, a line each.
fn told(file: &[u8], name: &str) -> String {
    let raw = read(file, name).unwrap();
    raw.warnings.iter().map(|it| format!("{} {}\n", it.line().unwrap_or(0), it.problem)).collect()
}

#[test]
fn words_that_nobody_reads_are_told() {
    let talk = "Ann: Why?\nBen: It was wet.\nAnn: Oh.\nBen: Yes.\n";
    let above = |line: &str| format!("{line}\n\n{talk}");
    let md = "**Ann:** Why?\n\n**Ben:** It was wet.\n\n**Ann:** Oh.\n\n**Ben:** Yes.\n\n";
    for (name, file, expected) in [
        // A name, or a time, shows that somebody says it, however short it is.
        ("a.txt", above("Cy: well"), "1 2 words before the first speaker belong to no turn\n"),
        ("a.txt", above("[00:12.00] well"), "before the first speaker belong to no turn\n"),
        ("a.txt", above("[00:085:12] well"), "before the first speaker belong to no turn\n"),
        ("a.txt", above("Cy Reed\twell"), "before the first speaker belong to no turn\n"),
        ("a.md", format!("### Interviewer\nwell\n\n{md}"), "before the first speaker belong to no turn"),
        ("a.txt", above("Interview 3\nInterviewee: Ben Lund\nSlides: https://example.org"), ""),
        // What was given to somebody else.
        ("a.txt", format!("{talk}Cy Reed\tNot me.\n"), "like a speaker who is not known, first `Cy Reed`"),
        ("a.txt", format!("{talk}Cy [00:12] Not me.\n"), "like a speaker who is not known, first `Cy`"),
        ("a.txt", format!("{talk}\n[End of tape 1]\n\nCy went on.\n"), "8 3 words below the end of the record"),
        ("a.md", format!("{md}| a | b |\n|---|---|\n| x | y |\n"), "9 4 words in tables are not read"),
        ("a.lrc", "[ti:x]\nwell\n[00:01.00]Ann: Why?\n".to_owned(), "2 1 words before the first time"),
        ("a.html", "<p>Ann: Why?<p>Ben: So.<nav>x <p>Ann: Oh.".to_owned(), "0 `<nav>` has no end; 3 words"),
        ("a.json", r#"[{"speaker":"Ann","text":"Why?","more":"it was wet"}]"#.to_owned(), "the key `more` beside"),
        ("a.json", r#"{"turns":[{"text":"Why?"}],"b":[{"text":"So"}]}"#.to_owned(), "the list `b` holds words"),
        ("a.csv", "speaker,text,notes\nAnn,Why?,\nBen,So.,it was wet\n".to_owned(), "1 the column `notes` holds"),
        ("a.csv", "speaker,text,\nAnn,Why?,\nBen,So.,wet\n".to_owned(), "1 the column `` holds words"),
        ("a.csv", "speaker,text\nAnn,Why?\nBen,\"So.\nAnn: Oh.\"\n".to_owned(), "1 cell of words with a speaker's name in it"),
        ("a.csv", "speaker,text\nAnn,Why?\nIt was as wet as can be here,\n".to_owned(), "only where speakers are named"),
        ("a.csv", "who,question,answer\nBen,Why?,So.,And more.\nBen,How?,Ah.\n".to_owned(), "more cells than columns"),
        ("a.rtf", r"{\rtf1 Ann: Why?\par Ben: So.{\footnote He meant rain.}\par}".to_owned(), "0 3 words in footnotes"),
        ("a.textgrid", "\"ooTextFile\" \"TextGrid\" 0 9 <exists> 1 \"IntervalTier\" \"Ann\" 0 9 1 0 1 \"So \"odd\" it\"".to_owned(), "a quote within words"),
    ] {
        let told = told(file.as_bytes(), name);
        assert!(told.contains(expected) && expected.is_empty() == told.is_empty(), "{name}: {file}: {told}");
    }
}

#[test]
fn words_beside_the_talk_of_a_document_are_told() {
    let word = |body: &str| format!("<w:document><w:body>{body}</w:body></w:document>");
    let line = |words: &str| format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>");
    let row = |who: &str, words: &str| {
        format!("<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>", line(who), line(words))
    };
    let table =
        format!("<w:tbl>{}{}</w:tbl>", row("Ann", "Why was it wet?"), row("Ben", "So it was."));
    let notes =
        format!("<w:footnotes><w:footnote>{}</w:footnote></w:footnotes>", line("He meant rain."));
    for (body, expected) in [
        (line("Interview 3") + &table, ""),
        (
            table.clone() + &line("Ann: Oh."),
            "0 2 words outside the table are not read, first `Ann: Oh.`\n",
        ),
    ] {
        let file = crate::documents::tests::pack(&[("word/document.xml", word(&body).as_bytes())]);
        assert_eq!(told(&file, "a.docx"), expected, "{body}");
    }
    let parts = [("word/document.xml", word(&table)), ("word/footnotes.xml", notes)];
    let parts = parts.each_ref().map(|(name, part)| (*name, part.as_bytes()));
    assert_eq!(
        told(&crate::documents::tests::pack(&parts), "a.docx"),
        "0 3 words in footnotes are not read\n"
    );
    let text = "<office:document-content><office:text><text:p>Ann: Why?</text:p><text:p>Ben: So.<text:note>\
        <text:note-citation>1</text:note-citation><text:note-body><text:p>He meant rain.</text:p></text:note-body>\
        </text:note></text:p></office:text></office:document-content>";
    let file = crate::documents::tests::pack(&[("content.xml", text.as_bytes())]);
    assert!(told(&file, "a.odt").starts_with("0 3 words in footnotes are not read\n"));
}

#[test]
fn rows_of_a_table_in_a_text_are_turns_of_those_who_speak_outside() {
    let md = "**Ann:** Why?\n\n**Ben:** It was wet.\n\n| Who | Words |\n|---|---|\n| Ann | Oh? |\n| Ben | Yes. |\n\n\
        **Ann:** So.\n\n**Ben:** Ja.\n";
    let raw = read(md.as_bytes(), "a.md").unwrap();
    let turns: Vec<_> = raw.turns.iter().map(|turn| turn.span.of(&raw.text)).collect();
    assert_eq!(turns, ["Why?", "It was wet.", "Oh?", "Yes.", "So.", "Ja."]);
    assert_eq!(raw.turns[2].label.as_deref(), Some("Ann"));
}

#[test]
fn a_term_without_an_end_names_who_speaks() {
    let page = "<html><dl><dt>Ann<dd>Why?<dt>Ben<dd>So.<dt>Ann<dd>Oh.<dt>Ben<dd>Ja.</dl></html>";
    let raw = read(page.as_bytes(), "a.html").unwrap();
    assert_eq!(raw.text, "Ann: Why?\nBen: So.\nAnn: Oh.\nBen: Ja.\n");
}
