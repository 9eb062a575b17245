//! Reads `EXMARaLDA` transcripts (`.exb`).
//!
//! A decoded text comes in; a [`RawTranscript`] goes out. Tiers of the type `t` hold what
//! speakers said, in events between two points of a common time line; others describe or
//! annotate it: they are told, and not read.
//!
//! ```text
//! speaker   id, abbreviation
//! tli       id, seconds?
//! tier      speaker, type t | d | a | …
//!   event   start, end                 words
//! ```

use std::collections::BTreeMap;

use quick_xml::events::BytesStart;

use super::{Said, in_order, ms_of_seconds, span, unread_tiers};
use crate::documents::xml::{self, Visitor, attribute};
use crate::files::SourceError;
use crate::text::RawTranscript;

/// Reads an `EXMARaLDA` transcript.
///
/// # Errors
/// [`SourceError`] if it is damaged, or nobody speaks in it.
pub(crate) fn parse(text: &str) -> Result<RawTranscript, SourceError> {
    let mut file = Exmaralda::default();
    xml::walk(text, &mut file).map_err(SourceError::whole)?;
    file.fill_times();
    let mut said = Vec::new();
    for tier in file.tiers.iter().filter(|tier| tier.is_talk) {
        let label = file.speakers.get(&tier.speaker).filter(|name| !name.trim().is_empty());
        let label = label.or(Some(&tier.speaker)).filter(|name| !name.is_empty());
        for event in tier.joined() {
            let ms = |point: &String| file.times.get(point).copied().flatten();
            said.push(Said {
                label: label.cloned(),
                words: event.words,
                time: span(ms(&event.start), ms(&event.end)),
            });
        }
    }
    let others = file.tiers.iter().filter(|tier| !tier.is_talk);
    let unread = others.flat_map(|tier| {
        tier.events.iter().map(|event| (tier.name.as_str(), event.words.as_str()))
    });
    let warnings = unread_tiers(unread).into_iter().collect();
    in_order(said, "EXMARaLDA transcript", warnings)
}

/// A file as far as it is read.
#[derive(Debug, Default)]
struct Exmaralda {
    speakers: BTreeMap<String, String>,
    /// Points of the time line in order, and their milliseconds.
    points: Vec<String>,
    times: BTreeMap<String, Option<u64>>,
    tiers: Vec<Tier>,
    /// The speaker whose abbreviation is being read.
    speaker: String,
    takes: Takes,
}

/// What words are read as.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Takes {
    #[default]
    Nothing,
    Abbreviation,
    Event,
}

#[derive(Debug, Default)]
struct Tier {
    speaker: String,
    name: String,
    is_talk: bool,
    events: Vec<Event>,
}

#[derive(Debug, Default, Clone)]
struct Event {
    start: String,
    end: String,
    words: String,
}

impl Tier {
    /// Its events, with those put together that part a word. Where most events end with a
    /// space, one that does not goes on in the next.
    fn joined(&self) -> Vec<Event> {
        let ends = |event: &&Event| event.words.ends_with(char::is_whitespace);
        let has_spaces = self.events.iter().filter(ends).count() * 2 > self.events.len();
        let mut joined: Vec<Event> = Vec::new();
        for event in &self.events {
            match joined.last_mut() {
                Some(last) if has_spaces && last.end == event.start && !ends(&&*last) => {
                    last.words.push_str(&event.words);
                    last.end.clone_from(&event.end);
                }
                _ => joined.push(event.clone()),
            }
        }
        joined
    }
}

impl Exmaralda {
    /// A point without a time is told as the one before it.
    fn fill_times(&mut self) {
        let mut latest = None;
        for point in &self.points {
            let time = self.times.entry(point.clone()).or_default();
            *time = time.or(latest);
            latest = *time;
        }
    }
}

impl Visitor for Exmaralda {
    fn open(&mut self, name: &str, tag: &BytesStart<'_>) -> bool {
        let value = |name: &str| attribute(tag, name).unwrap_or_default();
        match name {
            "speaker" => self.speaker = value("id"),
            "abbreviation" => self.takes = Takes::Abbreviation,
            "tli" => {
                self.points.push(value("id"));
                self.times.insert(value("id"), ms_of_seconds(&value("time")));
            }
            "tier" => self.tiers.push(Tier {
                speaker: value("speaker"),
                name: attribute(tag, "display-name").unwrap_or_else(|| value("id")),
                is_talk: value("type") == "t",
                events: Vec::new(),
            }),
            "event" => {
                self.takes = Takes::Event;
                let event = Event { start: value("start"), end: value("end"), ..Event::default() };
                if let Some(tier) = self.tiers.last_mut() {
                    tier.events.push(event);
                }
            }
            "ud-information" | "meta-information" => return false,
            _ => {}
        }
        true
    }

    fn close(&mut self, name: &str) {
        if matches!(name, "event" | "abbreviation") {
            self.takes = Takes::Nothing;
        }
    }

    fn words(&mut self, words: &str) {
        match self.takes {
            Takes::Nothing => {}
            Takes::Abbreviation => {
                self.speakers.entry(self.speaker.clone()).or_default().push_str(words);
            }
            Takes::Event => {
                let event = self.tiers.last_mut().and_then(|tier| tier.events.last_mut());
                if let Some(event) = event {
                    event.words.push_str(words);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::tests::cut_everywhere;
    use crate::sources::tests::render;

    #[test]
    fn tiers_of_talk_are_read_in_order_of_time() {
        let file = "<basic-transcription><head><meta-information><project-name>x</project-name></meta-information>\
            <speakertable><speaker id=\"SPK0\"><abbreviation>ADA</abbreviation></speaker>\
            <speaker id=\"SPK1\"><abbreviation>BEN</abbreviation></speaker></speakertable></head><basic-body>\
            <common-timeline><tli id=\"T0\" time=\"0.5\"/><tli id=\"T1\" time=\"1.25\"/><tli id=\"T2\"/>\
            <tli id=\"T3\" time=\"4.0\"/></common-timeline>\
            <tier id=\"TIE0\" speaker=\"SPK0\" category=\"v\" type=\"t\" display-name=\"ADA [v]\">\
            <event start=\"T0\" end=\"T1\">So how </event><event start=\"T1\" end=\"T2\">was th</event>\
            <event start=\"T2\" end=\"T3\">at? </event></tier>\
            <tier id=\"TIE1\" speaker=\"SPK1\" category=\"v\" type=\"t\" display-name=\"BEN [v]\">\
            <event start=\"T2\" end=\"T3\">Odd. </event></tier>\
            <tier id=\"TIE2\" speaker=\"SPK0\" category=\"en\" type=\"a\" display-name=\"ADA [en]\">\
            <event start=\"T0\" end=\"T3\">a note</event></tier></basic-body></basic-transcription>";
        assert_eq!(
            render(parse(file)),
            "EXMARaLDA transcript\nADA|500-1250,1250-4000|So how was that?\nBEN|1250-4000|Odd.\n\
             warning : 2 words of tiers beside the talk are not read: `ADA [en]`"
        );
        cut_everywhere(file.as_bytes(), "a.exb");
    }
}
