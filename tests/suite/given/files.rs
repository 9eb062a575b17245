//! The files that hold a talk: documents with its text, and formats of tools.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use leitmotif::base::Numbers;

use super::layouts::clock;
use super::slips::{Mess, Row, Slip};

/// Writes turns as a file: its ending and bytes.
type Writes = fn(&[Row], &Mess, &mut Numbers) -> (&'static str, Vec<u8>);

/// The formats of tools.
pub(super) const FILES: [(&str, Writes); 23] = [
    ("voices", |rows, mess, _| {
        let cue = |row: &Row| format!("<v {}>{}</v>", row.label, row.words);
        ("vtt", format!("WEBVTT\n\n{}", cues(&whole(rows, mess), mess, '.', "-->", &cue)).into())
    }),
    ("voices left open", |rows, mess, _| {
        let cue = |row: &Row| format!("<v {}>{}", row.label, row.words);
        ("vtt", format!("WEBVTT\n\n{}", cues(&whole(rows, mess), mess, '.', "-->", &cue)).into())
    }),
    ("`Name:` cues", |rows, mess, _| {
        ("vtt", format!("WEBVTT\n\n{}", cues(&joined(rows, mess), mess, '.', "-->", &named)).into())
    }),
    ("`Name:` cues", |rows, mess, _| {
        ("srt", cues(&joined(rows, mess), mess, ',', "-->", &named).into())
    }),
    ("`[Name]` cues", |rows, mess, _| {
        let cue = |row: &Row| format!("[{}] {}", row.label, row.words);
        ("srt", cues(&whole(rows, mess), mess, ',', "-->", &cue).into())
    }),
    ("names above", |rows, mess, _| {
        let cue = |row: &Row| format!("{}\n{}", row.label, row.words);
        ("srt", cues(&whole(rows, mess), mess, ',', "-->", &cue).into())
    }),
    ("cues of two", |rows, mess, _| {
        let pair = |pair: &[Row]| Row {
            words: pair.iter().map(|row| format!("- {}\n", named(row))).collect(),
            ..pair[0].clone()
        };
        let rows: Vec<Row> = rows.chunks(2).map(pair).collect();
        ("srt", cues(&rows, mess, ',', "-->", &|row| row.words.trim_end().to_owned()).into())
    }),
    ("subtitles", |rows, mess, _| {
        let cue = |row: &Row| {
            format!(
                "{}.000,{}.000\n{}\n\n",
                clock(row.at, false),
                clock(row.at + 4, false),
                named(row)
            )
        };
        ("sbv", joined(rows, mess).iter().map(cue).collect::<String>().into())
    }),
    ("lines with times", |rows, mess, _| {
        let cue = |row: &Row| format!("[{:02}:{:02}.00]{}\n", row.at / 60, row.at % 60, named(row));
        ("lrc", joined(rows, mess).iter().map(cue).collect::<String>().into())
    }),
    ("a column for who speaks", |rows, mess, dice| {
        let (ending, sign) = [("csv", ","), ("csv", ";"), ("tsv", "\t")][dice.next_below(3)];
        let lines = whole(rows, mess).into_iter().map(|row| {
            let words = match sign {
                "\t" => row.words.replace('\n', " "),
                _ => format!("\"{}\"", row.words),
            };
            format!("{}{sign}{}{sign}{words}\n", clock(row.at, false), row.label)
        });
        let head = ["start", "speaker", "text"].join(sign);
        (ending, format!("{head}\n{}", lines.collect::<String>()).into())
    }),
    ("`Name:` in a column", |rows, mess, _| {
        let line = |row: &Row| format!("{},\"{}\"\n", clock(row.at, false), named(row));
        let lines: String = joined(rows, mess).iter().map(line).collect();
        ("csv", format!("start,text\n{lines}").into())
    }),
    ("segments", |rows, mess, _| {
        let one = |row: &Row| {
            format!(
                "{{\"start\":{},\"end\":{},\"speaker\":{:?},\"text\":{:?}}}",
                row.at,
                row.at + 4,
                row.label,
                row.words
            )
        };
        let all: Vec<String> = whole(rows, mess).iter().map(one).collect();
        ("json", format!("{{\"segments\":[{}]}}", all.join(",")).into())
    }),
    ("segments that name nobody", |rows, mess, _| {
        let one = |row: &Row| {
            format!("{{\"start\":{},\"end\":{},\"text\":{:?}}}", row.at, row.at + 4, named(row))
        };
        let all: Vec<String> = joined(rows, mess).iter().map(one).collect();
        ("json", format!("{{\"segments\":[{}]}}", all.join(",")).into())
    }),
    ("tiers", |rows, mess, _| {
        let tier = |(label, rows): (String, Vec<Row>)| {
            let one = |(n, row): (usize, &Row)| {
                format!(
                    "intervals [{n}]:\nxmin = {}\nxmax = {}\ntext = \"{}\"\n",
                    row.at,
                    row.at + 3,
                    row.words
                )
            };
            let all: String = (1..).zip(&rows).map(one).collect();
            format!(
                "item [1]:\nclass = \"IntervalTier\"\nname = \"{label}\"\nxmin = 0\nxmax = 9999\nintervals: size = {}\n{all}",
                rows.len()
            )
        };
        let tiers = by_label(&whole(rows, mess));
        let n = tiers.len();
        let tiers: String = tiers.into_iter().map(tier).collect();
        let head = "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0\nxmax = 9999\ntiers? <exists>\n";
        ("TextGrid", format!("{head}size = {n}\nitem []:\n{tiers}").into())
    }),
    ("tiers", |rows, mess, _| {
        let rows = whole(rows, mess);
        let slot = |(n, row): (usize, &Row)| {
            format!(
                "<TIME_SLOT TIME_SLOT_ID=\"a{n}\" TIME_VALUE=\"{}\"/><TIME_SLOT TIME_SLOT_ID=\"b{n}\" TIME_VALUE=\"{}\"/>",
                row.at * 1000,
                row.at * 1000 + 3000
            )
        };
        let slots: String = rows.iter().enumerate().map(slot).collect();
        let tier = |(label, of): (String, Vec<Row>)| {
            let one = |row: &Row| {
                let n = rows.iter().position(|it| it.at == row.at).unwrap();
                format!(
                    "<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID=\"n{n}\" TIME_SLOT_REF1=\"a{n}\" TIME_SLOT_REF2=\"b{n}\">\
                     <ANNOTATION_VALUE>{}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>",
                    row.words
                )
            };
            format!("<TIER TIER_ID=\"{label}\">{}</TIER>", of.iter().map(one).collect::<String>())
        };
        let tiers: String = by_label(&rows).into_iter().map(tier).collect();
        (
            "eaf",
            format!(
                "<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{tiers}</ANNOTATION_DOCUMENT>"
            )
            .into(),
        )
    }),
    ("tiers", |rows, mess, _| {
        let rows = whole(rows, mess);
        let slot = |row: &Row| {
            let (from, to) = (row.at, row.at + 2);
            format!("<tli id=\"T{from}\" time=\"{from}.0\"/><tli id=\"T{to}\" time=\"{to}.0\"/>")
        };
        let slots: String = rows.iter().map(slot).collect();
        let tiers = by_label(&rows);
        let person = |(n, (label, _)): (usize, &(String, Vec<Row>))| {
            format!("<speaker id=\"S{n}\"><abbreviation>{label}</abbreviation></speaker>")
        };
        let people: String = tiers.iter().enumerate().map(person).collect();
        let tier = |(n, (label, of)): (usize, &(String, Vec<Row>))| {
            let one = |row: &Row| {
                format!(
                    "<event start=\"T{}\" end=\"T{}\">{}</event>",
                    row.at,
                    row.at + 2,
                    row.words
                )
            };
            format!(
                "<tier id=\"TIE{n}\" speaker=\"S{n}\" category=\"v\" type=\"t\" display-name=\"{label} [v]\">{}</tier>",
                of.iter().map(one).collect::<String>()
            )
        };
        let tiers: String = tiers.iter().enumerate().map(tier).collect();
        (
            "exb",
            format!(
                "<basic-transcription><head><speakertable>{people}</speakertable></head><basic-body>\
                 <common-timeline>{slots}</common-timeline>{tiers}</basic-body></basic-transcription>"
            )
            .into(),
        )
    }),
    ("main tiers", |rows, mess, _| {
        let line = |row: &Row| format!("*{}:\t{}\n", row.label, row.words.replace('\n', "\n\t"));
        let lines: String = whole(rows, mess).iter().map(line).collect();
        ("cha", format!("@UTF8\n@Begin\n@Languages:\teng\n{lines}@End\n").into())
    }),
    ("utterances", |rows, mess, _| {
        let rows = whole(rows, mess);
        let people = by_label(&rows);
        let id = |label: &str| people.iter().position(|(it, _)| it == label).unwrap();
        let person = |(label, _): &(String, Vec<Row>)| {
            format!("<person xml:id=\"S{}\"><persName>{label}</persName></person>", id(label))
        };
        let line = |row: &Row| format!("<u who=\"#S{}\">{}</u>\n", id(&row.label), row.words);
        let (persons, lines): (String, String) =
            (people.iter().map(person).collect(), rows.iter().map(line).collect());
        (
            "tei",
            format!(
                "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><teiHeader><particDesc>{persons}</particDesc></teiHeader>\
                 <text><body>{lines}</body></text></TEI>"
            )
            .into(),
        )
    }),
    ("`Name:` lines", |rows, mess, _| {
        let line = |row: &Row| {
            format!(
                "<p begin=\"{}.000\" end=\"{}.000\">{}</p>\n",
                clock(row.at, false),
                clock(row.at + 4, false),
                named(row).replace('\n', "<br/>")
            )
        };
        let lines: String = joined(rows, mess).iter().map(line).collect();
        (
            "ttml",
            format!("<tt xmlns=\"http://www.w3.org/ns/ttml\"><body><div>{lines}</div></body></tt>")
                .into(),
        )
    }),
    ("a table", |rows, mess, _| {
        (
            "docx",
            docx(&format!(
                "<w:tbl>{}</w:tbl>",
                whole(rows, mess)
                    .iter()
                    .map(|row| {
                        format!(
                            "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>",
                            paragraphs(&row.label),
                            paragraphs(&row.words)
                        )
                    })
                    .collect::<String>()
            )),
        )
    }),
    ("a table", |rows, mess, _| {
        let row = |row: &Row| format!("<tr><td>{}</td><td>{}</td></tr>\n", row.label, row.words);
        let lines: String = whole(rows, mess).iter().map(row).collect();
        ("html", format!("<!DOCTYPE html><html><body><table>{lines}</table></body></html>").into())
    }),
    ("a list of terms", |rows, mess, _| {
        let row = |row: &Row| format!("<dt>{}</dt><dd>{}</dd>\n", row.label, row.words);
        let lines: String = whole(rows, mess).iter().map(row).collect();
        ("html", format!("<!DOCTYPE html><html><body><dl>{lines}</dl></body></html>").into())
    }),
    ("bold names", |rows, mess, _| {
        let row = |row: &Row| format!("<p><b>{}:</b> {}</p>\n", row.label, row.words);
        let lines: String = whole(rows, mess).iter().map(row).collect();
        ("html", format!("<!DOCTYPE html><html><body>{lines}</body></html>").into())
    }),
];

/// A turn with its label before it.
fn named(row: &Row) -> String {
    if row.label.is_empty() { row.words.clone() } else { format!("{}: {}", row.label, row.words) }
}

/// The rows of a format in which each has its speaker: nothing but words may be spoilt in them.
fn whole(rows: &[Row], _mess: &Mess) -> Vec<Row> {
    // A blank line would end a cue.
    let row = |row: &Row| Row { words: row.words.replace("\n\n", "\n"), ..row.clone() };
    rows.iter().map(row).collect()
}

/// The rows of a format in which names stand among the words; two turns may stand in one row.
fn joined(rows: &[Row], mess: &Mess) -> Vec<Row> {
    let mut rows = whole(rows, mess);
    if mess.slips.contains(&Slip::OneParagraph) {
        let at = rows.len() / 2;
        let next = rows.remove(at + 1);
        rows[at].words = format!("{} {}", rows[at].words, named(&next));
    }
    if mess.slips.contains(&Slip::NoColon) {
        let at = rows.len() / 3;
        rows[at].words = format!("{} {}", rows[at].label, rows[at].words);
        rows[at].label.clear();
    }
    rows
}

/// Numbered cues.
fn cues(
    rows: &[Row],
    mess: &Mess,
    sign: char,
    arrow: &str,
    words: &dyn Fn(&Row) -> String,
) -> String {
    let lost = mess.slips.contains(&Slip::BlankLost).then_some(rows.len() / 2);
    let cue = |(n, row): (usize, &Row)| {
        let (from, to) = (clock(row.at, false), clock(row.at + 4, false));
        let blank = if lost == Some(n) { "" } else { "\n" };
        format!("{n}\n{from}{sign}000 {arrow} {to}{sign}000\n{}\n{blank}", words(row))
    };
    let text: String = (1..).zip(rows).map(cue).collect();
    if mess.slips.contains(&Slip::Windows) { text.replace('\n', "\r\n") } else { text }
}

/// The turns of each label, in the order of the first ones.
fn by_label(rows: &[Row]) -> Vec<(String, Vec<Row>)> {
    let mut of: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for row in rows {
        let turns = of.entry(&row.label).or_default();
        if turns.is_empty() {
            order.push(&row.label);
        }
        turns.push(row.clone());
    }
    order.iter().map(|label| ((*label).to_owned(), of[label].clone())).collect()
}

/// A file that holds a text, by chance of one kind or another, and its name.
pub(super) fn holding(text: &str, is_markdown: bool, dice: &mut Numbers) -> (String, Vec<u8>) {
    if is_markdown {
        return ("P01.md".to_owned(), text.into());
    }
    let is_plain = text.contains('\r') || dice.next_below(2) == 0;
    let (ending, bytes) = match dice.next_below(4) {
        _ if is_plain || text.contains('\t') || text.contains("    ") => ("txt", text.into()),
        0 => ("docx", docx(&paragraphs(text))),
        1 => {
            let line = |line: &str| format!("<text:p>{}</text:p>", spaced(&escaped(line)));
            let lines: String = text.lines().map(line).collect();
            let body = format!(
                "<office:document-content><office:body><office:text>{lines}</office:text></office:body></office:document-content>"
            );
            (
                "odt",
                pack(&[
                    ("mimetype", "application/vnd.oasis.opendocument.text"),
                    ("content.xml", &body),
                ]),
            )
        }
        2 => {
            let sign = |c: char| match c {
                '\\' | '{' | '}' => format!("\\{c}"),
                '\t' => "\\tab ".to_owned(),
                '\n' => "\\par\n".to_owned(),
                c if c.is_ascii() => c.to_string(),
                c => format!("\\u{}?", c as u32),
            };
            let body: String = text.chars().map(sign).collect();
            ("rtf", format!("{{\\rtf1\\ansi\\uc1{{\\fonttbl\\f0 Arial;}}\\f0 {body}}}").into())
        }
        _ => {
            let line = |line: &str| format!("<p>{}</p>\n", escaped(line).replace("  ", "&nbsp; "));
            let lines: String = text.lines().map(line).collect();
            ("html", format!("<!DOCTYPE html><html><body>{lines}</body></html>").into())
        }
    };
    (format!("P01.{ending}"), bytes)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Blanks as `OpenDocument` writes them.
fn spaced(text: &str) -> String {
    text.replace("  ", " <text:s/>").replace('\t', "<text:tab/>")
}

/// The lines of a text as paragraphs of Word.
fn paragraphs(text: &str) -> String {
    let line = |line: &str| {
        let words = escaped(line).replace('\t', "</w:t><w:tab/><w:t xml:space=\"preserve\">");
        format!("<w:p><w:r><w:t xml:space=\"preserve\">{words}</w:t></w:r></w:p>")
    };
    text.lines().map(line).collect()
}

fn docx(body: &str) -> Vec<u8> {
    let document = format!("<w:document xmlns:w=\"x\"><w:body>{body}</w:body></w:document>");
    pack(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &document)])
}

fn pack(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
