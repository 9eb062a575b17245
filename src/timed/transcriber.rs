//! Reads Transcriber files (`.trs`), as spoken corpora and oral histories keep them.
//!
//! A decoded text comes in; a [`RawTranscript`] goes out. Noises, remarks and topics are no
//! speech.
//!
//! ```text
//! Speaker   id, name
//! Turn      speaker: none, or one or more ids; startTime, endTime in seconds
//!   Sync    time: when the words behind it begin
//!   Who     nb: which of the turn's speakers says the words behind it, from 1
//! ```

use std::collections::BTreeMap;

use quick_xml::events::BytesStart;

use super::{Said, as_it_stands, ms_of_seconds, span};
use crate::base::{Diagnostic, Remedy, count, words_in};
use crate::documents::xml::{self, Visitor, attribute};
use crate::files::SourceError;
use crate::text::RawTranscript;

/// Reads a Transcriber file.
///
/// # Errors
/// [`SourceError`] if it is damaged, or nobody speaks in it.
pub(crate) fn parse(text: &str) -> Result<RawTranscript, SourceError> {
    let mut file = Transcriber::default();
    xml::walk(text, &mut file).map_err(SourceError::whole)?;
    let Transcriber { names, said, n_outside, .. } = file;
    let n_named = |name: &String| names.values().filter(|other| *other == name).count();
    // Two people of one name, `Unknown`, are told apart by their ids.
    let is_own = |name: &&String| !name.trim().is_empty() && n_named(name) == 1;
    let name = |id: &String| names.get(id).filter(is_own).unwrap_or(id).clone();
    let said = said.into_iter().map(|piece| {
        // Who of several says it, or all of them at once.
        let one = piece.nth.and_then(|nth| piece.speakers.get(nth.checked_sub(1)?));
        let all: Vec<String> =
            one.map_or(&piece.speakers[..], std::slice::from_ref).iter().map(name).collect();
        let label = (!all.is_empty()).then(|| all.join("/"));
        Said { label, words: piece.words, time: span(piece.start_ms, piece.end_ms) }
    });
    let outside = (n_outside > 0).then(|| {
        let n = count(n_outside as u64, "word");
        Diagnostic::new(format!("{n} outside the turns, not read"))
            .with(Remedy::new("if somebody says them, put them into a turn"))
    });
    as_it_stands(said, "Transcriber transcript", outside.into_iter().collect())
}

/// Words between two marks of a turn.
#[derive(Debug, Default, Clone)]
struct Piece {
    speakers: Vec<String>,
    nth: Option<usize>,
    start_ms: Option<u64>,
    end_ms: Option<u64>,
    words: String,
}

/// A file as far as it is read.
#[derive(Debug, Default)]
struct Transcriber {
    names: BTreeMap<String, String>,
    said: Vec<Piece>,
    /// Where in `said` the words since the last time begin.
    since: usize,
    is_turn: bool,
    /// Words that stand in no turn.
    n_outside: usize,
    end_ms: Option<u64>,
}

impl Transcriber {
    /// The next words of the turn that is read, without any.
    fn of_turn(&self) -> Piece {
        let last = self.said.last();
        last.map_or_else(Piece::default, |last| Piece {
            speakers: last.speakers.clone(),
            start_ms: last.start_ms,
            end_ms: last.end_ms,
            ..Piece::default()
        })
    }

    /// Ends the words that wait for their time, and begins others of the same turn.
    fn go_on(&mut self, end_ms: Option<u64>, next: Piece) {
        self.said[self.since..].iter_mut().for_each(|piece| piece.end_ms = end_ms);
        self.since = self.said.len();
        self.said.push(next);
    }
}

impl Visitor for Transcriber {
    fn open(&mut self, name: &str, tag: &BytesStart<'_>) -> bool {
        let value = |name: &str| attribute(tag, name).unwrap_or_default();
        match name {
            "Speaker" => {
                self.names.insert(value("id"), value("name"));
            }
            "Turn" => {
                self.is_turn = true;
                self.end_ms = ms_of_seconds(&value("endTime"));
                self.since = self.said.len();
                let speakers = value("speaker").split_whitespace().map(str::to_owned).collect();
                let start_ms = ms_of_seconds(&value("startTime"));
                self.said.push(Piece { speakers, start_ms, ..Piece::default() });
            }
            "Sync" if self.is_turn => {
                let time = ms_of_seconds(&value("time"));
                let next = Piece { start_ms: time, nth: None, ..self.of_turn() };
                self.go_on(time, next);
            }
            "Who" if self.is_turn => {
                let next = Piece { nth: value("nb").parse().ok(), ..self.of_turn() };
                self.said.push(next);
            }
            // Within the words of a turn a noise parts them.
            _ if self.is_turn => self.words(" "),
            _ => {}
        }
        true
    }

    fn close(&mut self, name: &str) {
        if name == "Turn" && std::mem::take(&mut self.is_turn) {
            let end_ms = self.end_ms;
            self.said[self.since..].iter_mut().for_each(|piece| piece.end_ms = end_ms);
        }
    }

    fn words(&mut self, words: &str) {
        match self.said.last_mut().filter(|_| self.is_turn) {
            Some(piece) => piece.words.push_str(words),
            None => self.n_outside += words_in(words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::tests::cut_everywhere;
    use crate::sources::tests::render;

    #[test]
    fn people_of_one_name_and_two_at_once_are_told_apart_and_no_word_is_lost_in_silence() {
        let file = "<Trans><Speakers><Speaker id=\"a\" name=\"Unknown\"/><Speaker id=\"b\" name=\"Unknown\"/>\
            <Speaker id=\"c\" name=\"Ada\"/></Speakers><Episode><Section>left over\
            <Turn speaker=\"a\" startTime=\"0\" endTime=\"1\">Why?</Turn>\
            <Turn speaker=\"b\" startTime=\"1\" endTime=\"2\">It was wet.</Turn>\
            <Turn speaker=\"a c\" startTime=\"2\" endTime=\"3\">Oh.</Turn></Section></Episode></Trans>";
        let read = render(parse(file));
        assert!(
            read.contains("a|0-1000|Why?\nb|1000-2000|It was wet.\na/Ada|2000-3000|Oh."),
            "{read}"
        );
        assert!(read.contains("2 words outside the turns"), "{read}");
    }

    #[test]
    fn turns_have_their_speakers_and_times_also_where_two_talk_at_once() {
        let file = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE Trans SYSTEM \"trans-14.dtd\">\n\
            <Trans><Speakers><Speaker id=\"spk1\" name=\"Ada Quill\"/><Speaker id=\"spk2\" name=\"\"/>\
            </Speakers><Episode><Section type=\"report\" startTime=\"0\" endTime=\"9\">\n\
            <Turn startTime=\"0\" endTime=\"1\"><Sync time=\"0\"/>\n</Turn>\n\
            <Turn speaker=\"spk2\" startTime=\"1\" endTime=\"2.5\">\n<Sync time=\"1\"/>\nWhen was\n\
            <Event desc=\"rire\" type=\"noise\"/>\nthat?\n</Turn>\n\
            <Turn speaker=\"spk1\" startTime=\"2.5\" endTime=\"6\"><Sync time=\"2.5\"/>In spring.\n\
            <Sync time=\"4\"/>\nIt was wet.</Turn>\n\
            <Turn speaker=\"spk1 spk2\" startTime=\"6\" endTime=\"9\"><Sync time=\"6\"/><Who nb=\"1\"/>\
            Very.\n<Who nb=\"2\"/>\nOh.</Turn></Section></Episode></Trans>";
        assert_eq!(
            render(parse(file)),
            "Transcriber transcript\nspk2|1000-2500|When was that?\n\
             Ada Quill|2500-4000,4000-6000,6000-9000|In spring. It was wet. Very.\n\
             spk2|6000-9000|Oh."
        );
        cut_everywhere(file.as_bytes(), "a.trs");
    }
}
