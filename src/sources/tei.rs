//! Reads TEI-XML: transcripts of speech and plays, and running text.
//!
//! A decoded text comes in; a [`RawTranscript`] goes out. `u` and `sp` are turns, of whom `who` names; where
//! there is none, paragraphs are read as those of a Word file are.
//!
//! ```text
//! person, participant   id, persName           in the header
//! when                  id, interval, since    a point of the time line
//! u                     who, start?, end?      words, w (a word), pc (a sign)
//! sp                    who?, speaker, (p | l | ab)*
//! ```
//!
//! The header, notes, and the second of two readings (`choice`) are left out; what happens
//! besides (`incident`, `vocal`, `stage` …) is told in brackets.

use std::collections::BTreeMap;

use quick_xml::events::BytesStart;

use super::document;
use crate::base::one_line;
use crate::documents::xml::{self, Visitor, local_attribute};
use crate::documents::{Block, Document, Kind};
use crate::files::SourceError;
use crate::text::{Declared, RawTranscript};
use crate::timed::{Said, as_it_stands, in_order, ms_of_seconds, span, unread_tiers};

/// What these files are called.
const TEI: Kind = Kind { document: "TEI text", short: "TEI" };
/// What a file is called in which turns are marked.
const LAYOUT: &str = "TEI transcript";
/// Elements in which something is told that nobody says.
const BESIDE: &[&str] = &["incident", "vocal", "kinesic", "event", "stage", "writing"];
/// Elements that end a line where nobody is named.
const LINES: &[&str] = &["p", "head", "l", "ab", "item", "row", "div", "lg", "list"];

/// Reads a TEI file.
///
/// # Errors
/// [`SourceError`] if it is damaged, or nobody speaks in it.
pub(super) fn parse(text: &str, declared: &Declared) -> Result<RawTranscript, SourceError> {
    let mut file = Tei::default();
    xml::walk(text, &mut file).map_err(SourceError::whole)?;
    file.end_line();
    if !file.has_turns {
        let Tei { blocks, .. } = file;
        return document::read(Document { kind: TEI, blocks, warnings: Vec::new() }, declared);
    }
    let beside = file.blocks.iter().filter_map(|block| match block {
        Block::Paragraph(words) | Block::SetApart(words, _) => {
            Some(("text outside the turns", words.as_str()))
        }
        Block::Table(_) => None,
    });
    let warnings = unread_tiers(beside).into_iter().collect();
    let times = &file.times;
    let ms = |point: &Option<String>| times.get(point.as_deref()?.trim_start_matches('#')).copied();
    let said = file.turns.iter().map(|turn| {
        let by_code = turn.who.as_deref().map(|who| {
            let names: Vec<&str> = who
                .split_whitespace()
                .map(|code| code.rsplit_once('#').map_or(code, |(_, code)| code))
                .map(|code| file.names.get(code).map_or(code, |name| name.trim()))
                .collect();
            names.join(" and ")
        });
        let spoken = turn.speaker.trim().trim_end_matches([':', '.']).to_owned();
        let label = Some(spoken).filter(|it| !it.is_empty()).or(by_code);
        Said { label, words: turn.words.clone(), time: span(ms(&turn.start), ms(&turn.end)) }
    });
    let said: Vec<Said> = said.collect();
    // Where some have no time, the order of the file is all that is known.
    let is_timed = said.iter().all(|it| it.time.is_some());
    if is_timed { in_order(said, LAYOUT, warnings) } else { as_it_stands(said, LAYOUT, warnings) }
}

/// A file as far as it is read.
#[expect(clippy::struct_excessive_bools, reason = "each says what is open")]
#[derive(Default)]
struct Tei {
    /// Names of people by their codes, and the one that is being read.
    names: BTreeMap<String, String>,
    person: String,
    is_name: bool,
    is_header: bool,
    /// Milliseconds by point.
    times: BTreeMap<String, u64>,
    turns: Vec<Turn>,
    has_turns: bool,
    /// How many turns are open: one, or none.
    n_open: usize,
    is_speaker: bool,
    /// Whether a reading of each open `choice` was read.
    choices: Vec<bool>,
    /// The open line outside any turn, and the finished ones.
    line: String,
    blocks: Vec<Block>,
    is_body: bool,
}

#[derive(Default)]
struct Turn {
    who: Option<String>,
    speaker: String,
    words: String,
    start: Option<String>,
    end: Option<String>,
}

impl Tei {
    fn out(&mut self) -> &mut String {
        match self.turns.last_mut() {
            Some(turn) if self.n_open > 0 => &mut turn.words,
            _ => &mut self.line,
        }
    }

    fn part(&mut self) {
        let out = self.out();
        if !out.is_empty() && !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    }

    fn end_line(&mut self) {
        let folded = one_line(&std::mem::take(&mut self.line));
        if !folded.is_empty() {
            self.blocks.push(Block::Paragraph(folded));
        }
    }
}

impl Visitor for Tei {
    fn open(&mut self, name: &str, tag: &BytesStart<'_>) -> bool {
        let value = |name: &str| local_attribute(tag, name);
        if let Some(is_read) = self.choices.last_mut()
            && matches!(
                name,
                "orig" | "reg" | "sic" | "corr" | "abbr" | "expan" | "seg" | "unclear"
            )
            && std::mem::replace(is_read, true)
        {
            return false;
        }
        match name {
            "teiHeader" => self.is_header = true,
            "person" | "participant" | "personGrp" => self.person = value("id").unwrap_or_default(),
            "persName" | "name" if self.is_header => {
                // The first name of a person counts.
                self.is_name = !self.person.is_empty() && !self.names.contains_key(&self.person);
            }
            "when" => {
                let ms = value("interval").and_then(|it| match value("unit").as_deref() {
                    Some("ms") => it.parse().ok(),
                    _ => ms_of_seconds(it.trim_end_matches('s')),
                });
                let since = value("since").unwrap_or_default();
                let since = self.times.get(since.trim_start_matches('#')).copied().unwrap_or(0);
                let clock = value("absolute").and_then(|it| crate::labels::time::parse_timing(&it));
                let ms = ms.map(|ms: u64| ms.saturating_add(since)).or(clock);
                self.times.extend(value("id").zip(ms.or(Some(0))));
            }
            "body" | "front" | "back" => self.is_body = true,
            "note" | "timeline" | "fw" | "del" | "surplus" if !self.is_header => {
                // The time line itself has no words, and its points are needed.
                return name == "timeline";
            }
            "choice" => self.choices.push(false),
            "u" | "sp" if !self.is_header => {
                self.end_line();
                self.has_turns = true;
                self.n_open += 1;
                let (who, start, end) = (value("who"), value("start"), value("end"));
                self.turns.push(Turn { who, start, end, ..Turn::default() });
            }
            "speaker" => self.is_speaker = true,
            "w" | "lb" | "seg" | "s" | "pb" => self.part(),
            name if BESIDE.contains(&name) && self.is_body => {
                self.part();
                self.out().push('[');
            }
            name if LINES.contains(&name) && self.is_body => {
                self.part();
                if self.n_open == 0 {
                    self.end_line();
                }
            }
            _ => {}
        }
        true
    }

    fn close(&mut self, name: &str) {
        match name {
            "teiHeader" => self.is_header = false,
            "persName" | "name" => self.is_name = false,
            "person" | "participant" => self.person.clear(),
            "choice" => {
                self.choices.pop();
            }
            "u" | "sp" if !self.is_header => self.n_open = self.n_open.saturating_sub(1),
            "speaker" => self.is_speaker = false,
            name if BESIDE.contains(&name) && self.is_body => {
                let out = self.out();
                let n_kept = out.trim_end().len();
                out.truncate(n_kept);
                // What has no description says nothing.
                if out.ends_with('[') {
                    out.pop();
                } else {
                    out.push(']');
                }
                out.push(' ');
            }
            name if LINES.contains(&name) && self.is_body && self.n_open == 0 => self.end_line(),
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if self.is_header {
            if self.is_name {
                self.names.entry(self.person.clone()).or_default().push_str(words);
            }
        } else if self.is_speaker {
            if let Some(turn) = self.turns.last_mut().filter(|_| self.n_open > 0) {
                turn.speaker.push_str(words);
            }
        } else if self.is_body {
            // A word after `[` begins where the bracket does.
            let words = if self.out().ends_with('[') { words.trim_start() } else { words };
            self.out().push_str(words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::cut_everywhere;
    use super::*;
    use crate::sources::tests::render;

    #[track_caller]
    fn check(body: &str, expected: &str) {
        let file = format!(
            "<?xml version=\"1.0\"?><TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><teiHeader><titleStmt><title>Not said</title>\
             </titleStmt><particDesc><person xml:id=\"A\"><persName>Ada Quill</persName></person></particDesc></teiHeader>\
             <text>{body}</text></TEI>"
        );
        assert_eq!(render(parse(&file, &Declared::default())), expected);
        cut_everywhere(file.as_bytes(), "a.xml");
    }

    #[test]
    fn utterances_have_names_and_times() {
        check(
            "<timeline unit=\"s\"><when xml:id=\"T0\"/><when xml:id=\"T1\" interval=\"1.5\" since=\"#T0\"/></timeline>\
             <body><u who=\"#A\" start=\"#T0\" end=\"#T1\"><w>So</w><w>how</w><pc>?</pc> <vocal><desc>laughs</desc></vocal></u>\
             <u who=\"#B\" start=\"#T1\">It was <choice><orig>odd</orig><reg>strange</reg></choice>,\n <pause/> I think.</u></body>",
            "TEI transcript\nAda Quill|0-1500|So how? [laughs]\nB|1500-|It was odd, I think.",
        );
    }

    #[test]
    fn speeches_have_speakers_and_text_beside_them_is_told() {
        check(
            "<body><head>Interview three</head><sp who=\"#A\"><speaker>Ada:</speaker><p>So how?</p><p>And why?</p></sp>\
             <sp><speaker>Ben</speaker><l>Odd.</l></sp></body>",
            "TEI transcript\nAda||So how? And why?\nBen||Odd.\n\
             warning : 2 words of tiers beside the talk are not read: `text outside the turns`",
        );
    }

    #[test]
    fn running_text_is_read_as_text() {
        check(
            "<body><div><p>Ada: So how?</p><p>Ben: Odd.</p><p>Ada: Yes?</p><p>Ben: <hi>Very</hi> odd.</p></div></body>",
            "TEI text, `Name:` turns\nAda||So how?\nBen||Odd.\nAda||Yes?\nBen||Very odd.",
        );
    }
}
