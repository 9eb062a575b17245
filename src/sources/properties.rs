//! Laws of all readers: words in are words out, or told; no damage is a defect of ours.

#![expect(clippy::format_collect, reason = "a small file is made piece by piece")]

use proptest::prelude::*;

use super::tests::pack;
use super::{RawTranscript, SourceError, SourceProblem, read};

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

const KINDS: [&str; 13] = [
    "odt", "ods", "xlsx", "rtf", "html", "eaf", "TextGrid", "exb", "ttml", "tei", "cha", "sbv",
    "lrc",
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
