//! A transcript as it is read on a page, and what a person marks in it.
//!
//! Positions count in the text as it is shown. They come back with the words that the
//! person saw: if these are not there, byte for byte, nothing is kept.

use std::ops::Range;
use std::sync::Arc;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};

use crate::answers::{MarkAnswer, MarkCode, ReadingAnswer, TurnAnswer};
use crate::base::{Lines, Remedy, Span};
use crate::codebook::act::{Selection, TurnChar};
use crate::codebook::edit::Quote;
use crate::codebook::standing::Standing;
use crate::codebook::{Codebook, CodebookError, Coding, Quotation};
use crate::study::{Snapshot, StudyError};
use crate::transcripts::roles::Role;
use crate::transcripts::{Transcript, Turn};

/// Which turns of a transcript are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadPart {
    /// Turns by their places, from 0; those that are there of them.
    Turns(Range<usize>),
    /// So many turns, from the one before a line on.
    FromLine(u32, usize),
}

/// How much of a transcript is coded.
#[derive(Debug, Clone, PartialEq)]
pub struct Coded {
    /// Words of participants.
    pub n_words: usize,
    /// Of these, words in quotations with a code.
    pub n_coded: usize,
    /// Where these quotations stand: starts and ends, 0 at the start of the transcript, 1 at
    /// its end.
    pub places: Vec<[f64; 2]>,
}

/// Hexadecimal digits that stand for a text as it is shown.
const KEY_DIGITS: usize = 16;

impl Snapshot {
    /// Turns of a transcript as they are shown, with what is coded in them.
    ///
    /// # Errors
    /// [`StudyError::UnknownTranscript`]; [`StudyError`] if remembered data are gone.
    pub fn reading(&self, id: &str, part: &ReadPart) -> Result<ReadingAnswer, StudyError> {
        let t = self.transcript_named(id)?;
        let (original, codebook) = (self.corpus.text(t)?, self.codebook()?);
        let standings = self.standings()?;
        let mut standing_here: Vec<(&Quotation, &'static str, Span)> = Vec::new();
        let mut n_stale = 0;
        let own_id = &self.corpus.transcripts[t].id;
        for quotation in codebook.quotations.values() {
            match &standings.of[&quotation.id] {
                Standing::Here if quotation.place.transcript == *own_id => {
                    standing_here.push((quotation, "here", quotation.place.span));
                }
                Standing::Moved(place) if place.transcript == *own_id => {
                    standing_here.push((quotation, "moved", place.span));
                }
                Standing::Stale(_) if quotation.place.transcript == *own_id => n_stale += 1,
                _ => {}
            }
        }
        standing_here.sort_by_key(|(quotation, _, span)| (*span, quotation.id));
        let mut spans: Vec<Span> = standing_here.iter().map(|(_, _, span)| *span).collect();
        let shown = match self.pseudonyms() {
            Some(pseudonyms) => Arc::new(pseudonyms.shown_transcript(&original, &mut spans)),
            None => original,
        };
        let n_turns = shown.turns.len();
        let wanted = match part {
            ReadPart::Turns(turns) => turns.start.min(n_turns)..turns.end.min(n_turns),
            ReadPart::FromLine(line, n) => {
                let is_before = |turn: &Turn| shown.lines.lines_of(turn.span).last < *line;
                let first = shown.turns.partition_point(is_before).saturating_sub(1);
                first..first.saturating_add(*n).min(n_turns)
            }
        };
        let marks =
            standing_here.into_iter().zip(spans).filter_map(|((quotation, word, _), span)| {
                let (from, to) = turns_at(&shown, span)?;
                let is_read = from.turn < wanted.end && to.turn >= wanted.start;
                is_read.then(|| self.mark(codebook, quotation, (word, span), (from, to), &shown))
            });
        let marks = marks.collect();
        Ok(ReadingAnswer {
            transcript: self.hidden(own_id.clone()),
            text_key: text_key(&shown),
            n_turns,
            turns: wanted.map(|n| self.turn_answer(t, n, &shown)).collect(),
            marks,
            n_stale,
        })
    }

    /// How much of what participants say in a transcript is coded, and where in it.
    ///
    /// # Errors
    /// As [`reading`](Self::reading).
    pub fn coded_in(&self, id: &str) -> Result<Coded, StudyError> {
        let t = self.transcript_named(id)?;
        let (transcript, codebook) = (self.corpus.text(t)?, self.codebook()?);
        let own_id = &self.corpus.transcripts[t].id;
        let standings = self.standings()?;
        let place = |quotation: &Quotation| match &standings.of[&quotation.id] {
            Standing::Here => Some(quotation.place.clone()),
            Standing::Moved(place) => Some(place.clone()),
            Standing::Stale(_) => None,
        };
        let coded = codebook.quotations.values().filter(|it| !it.codings.is_empty());
        let places = coded.filter_map(place).filter(|place| place.transcript == *own_id);
        let mut spans: Vec<Span> = places.map(|place| place.span).collect();
        spans.sort();
        let is_coded = |at: usize| {
            let holds = |span: &Span| span.start as usize <= at && at < span.end as usize;
            spans.iter().any(holds)
        };
        let (mut n_words, mut n_coded) = (0, 0);
        for turn in &transcript.turns {
            if self.corpus.role_of(t, turn.speaker) == Role::Participant {
                for (at, _) in turn.span.of(&transcript.text).unicode_word_indices() {
                    n_words += 1;
                    n_coded += usize::from(is_coded(turn.span.start as usize + at));
                }
            }
        }
        let whole = transcript.text.len().max(1) as f64;
        let part = |span: Span| [f64::from(span.start) / whole, f64::from(span.end) / whole];
        Ok(Coded { n_words, n_coded, places: spans.into_iter().map(part).collect() })
    }

    /// How many bytes the sections of a transcript have, of so many turns each: how long
    /// each will about be.
    ///
    /// # Errors
    /// As [`reading`](Self::reading).
    pub fn section_sizes(&self, id: &str, n_turns: usize) -> Result<Vec<usize>, StudyError> {
        let transcript = self.corpus.text(self.transcript_named(id)?)?;
        let size = |turns: &[Turn]| turns.iter().map(|turn| turn.span.len()).sum();
        Ok(transcript.turns.chunks(n_turns).map(size).collect())
    }

    /// For each of these places, a transcript and a stretch of it, the codes of the
    /// quotations that share words with it, each once.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if the decisions cannot be read.
    pub fn codes_at<'a>(
        &self,
        places: impl Iterator<Item = (&'a str, Span)>,
    ) -> Result<Vec<Vec<MarkCode>>, StudyError> {
        let (codebook, standings) = (self.codebook()?, self.standings()?);
        let all: Vec<&Quotation> = codebook.quotations.values().collect();
        let here = standings.here(&all);
        let codes = |(transcript, span): (&str, Span)| -> Result<Vec<MarkCode>, StudyError> {
            let id = &self.corpus.transcripts[self.transcript_named(transcript)?].id;
            let mut codes: Vec<MarkCode> = Vec::new();
            for (quotation, place) in &here {
                let meets = place.transcript == *id
                    && place.span.start < span.end
                    && span.start < place.span.end;
                for coding in quotation.codings.iter().filter(|_| meets) {
                    if !codes.iter().any(|known| known.id == coding.code.0) {
                        codes.push(self.mark_code(codebook, coding));
                    }
                }
            }
            Ok(codes)
        };
        places.map(codes).collect()
    }

    fn mark_code(&self, codebook: &Codebook, coding: &Coding) -> MarkCode {
        self.hidden(MarkCode {
            id: coding.code.0,
            path: codebook.path(coding.code),
            coder: coding.coder.clone(),
        })
    }

    fn turn_answer(&self, t: usize, n: usize, shown: &Transcript) -> TurnAnswer {
        let turn = &shown.turns[n];
        let text = turn.span.of(&shown.text).to_owned();
        let lines = shown.lines.lines_of(turn.span);
        let speaker = &self.corpus.transcripts[t].speakers[usize::from(turn.speaker)];
        let case = self.corpus.case_of(t, turn.speaker);
        TurnAnswer {
            n,
            speaker: self.hidden(speaker.label.clone()),
            case: case.map(|case| self.hidden(case.id.clone())),
            role: self.corpus.role_of(t, turn.speaker).name(),
            lines: [lines.first, lines.last],
            start_ms: turn.cues.first().map(|(_, time)| time.start_ms),
            n_chars: text.chars().count(),
            text,
        }
    }

    fn mark(
        &self,
        codebook: &Codebook,
        quotation: &Quotation,
        (standing, span): (&'static str, Span),
        (from, to): (TurnChar, TurnChar),
        shown: &Transcript,
    ) -> MarkAnswer {
        let lines = shown.lines.lines_of(span);
        let codes = quotation.codings.iter().map(|coding| self.mark_code(codebook, coding));
        MarkAnswer {
            quotation: quotation.id.0,
            codes: codes.collect(),
            from,
            to,
            lines: [lines.first, lines.last],
            text: span.of(&shown.text).to_owned(),
            standing,
        }
    }

    /// The words that a person marked, and where they stand: `P07 line 3`.
    ///
    /// # Errors
    /// [`StudyError::StaleSelection`] if they are not what is shown there now;
    /// [`StudyError::Codebook`] if nothing is marked.
    pub(crate) fn selected(&self, selection: &Selection) -> Result<(Quote, String), StudyError> {
        let t = self.transcript_named(&selection.transcript)?;
        let original = self.corpus.text(t)?;
        let shown = self.shown_transcript(t)?;
        let stale = || StudyError::StaleSelection { id: selection.transcript.clone() };
        if text_key(&shown) != selection.text_key {
            return Err(stale());
        }
        let span = marked(&shown, selection).ok_or_else(stale)?;
        if span.of(&shown.text).trim().is_empty() {
            let problem = "no words are marked".to_owned();
            let remedy = Remedy::new("mark the words that you want to keep");
            return Err(CodebookError::Refused { problem, remedy }.into());
        }
        let span = match self.pseudonyms() {
            None => span,
            Some(pseudonyms) => {
                let n_chars = |at: u32| shown.text[..at as usize].chars().count();
                let mapped = pseudonyms.show(&original.text);
                let [from, to] = mapped.original([n_chars(span.start), n_chars(span.end)]);
                Span::new(byte_of(&original.text, from), byte_of(&original.text, to))
            }
        };
        let lines = original.lines.lines_of(span);
        let text = span.of(&original.text).to_owned();
        let place = place_of(&self.corpus.transcripts[t].id, lines);
        Ok((Quote { place: self.corpus.place(t, span), text }, place))
    }
}

/// What stands for a text as it is shown.
fn text_key(shown: &Transcript) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(shown.text.as_bytes());
    for turn in &shown.turns {
        hasher.update(&turn.span.start.to_le_bytes());
        hasher.update(&turn.span.end.to_le_bytes());
    }
    hasher.finalize().to_hex()[..KEY_DIGITS].to_owned()
}

/// The byte of a character of a text; its end if there are not so many.
fn byte_of(text: &str, n: usize) -> usize {
    text.char_indices().nth(n).map_or(text.len(), |(at, _)| at)
}

/// The turns that a span touches, with the characters at which it starts and ends.
fn turns_at(shown: &Transcript, span: Span) -> Option<(TurnChar, TurnChar)> {
    let first = shown.turns.partition_point(|turn| turn.span.end <= span.start);
    let last = shown.turns.partition_point(|turn| turn.span.start < span.end).checked_sub(1)?;
    if first > last {
        return None;
    }
    let char_at = |n: usize, at: u32| {
        let turn = shown.turns[n].span;
        let at = at.clamp(turn.start, turn.end);
        let char = shown.text[turn.start as usize..at as usize].chars().count();
        TurnChar { turn: n, char }
    };
    Some((char_at(first, span.start), char_at(last, span.end)))
}

/// The bytes of what was marked, moved out to whole characters as people see them;
/// `None` if other words stand there.
fn marked(shown: &Transcript, selection: &Selection) -> Option<Span> {
    let Selection { from, to, shown: words, .. } = selection;
    let turns = shown.turns.get(from.turn..=to.turn)?;
    if turns.len() != words.len() {
        return None;
    }
    let (first, last) = (turns.first()?.span, turns.last()?.span);
    let at = |turn: Span, char: usize| {
        let text = turn.of(&shown.text);
        let is_in = char <= text.chars().count();
        is_in.then(|| turn.start as usize + byte_of(text, char))
    };
    let (start, end) = (at(first, from.char)?, at(last, to.char)?);
    for (n, (turn, words)) in turns.iter().zip(words).enumerate() {
        let from = if n == 0 { start } else { turn.span.start as usize };
        let to = if n + 1 == turns.len() { end } else { turn.span.end as usize };
        if shown.text.get(from..to)? != words {
            return None;
        }
    }
    let start =
        first.start as usize + edge(first.of(&shown.text), start - first.start as usize, true);
    let end = last.start as usize + edge(last.of(&shown.text), end - last.start as usize, false);
    Some(Span::new(start, end))
}

/// The edge of the character, as people see it, in which a byte lies.
fn edge(text: &str, at: usize, is_start: bool) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    if cursor.is_boundary(text, 0).unwrap_or(true) {
        return at;
    }
    let moved =
        if is_start { cursor.prev_boundary(text, 0) } else { cursor.next_boundary(text, 0) };
    moved.ok().flatten().unwrap_or(at)
}

/// Lines of a transcript: `P07 lines 3-5`.
pub(crate) fn place_of(id: &str, lines: Lines) -> String {
    match (lines.first, lines.last) {
        (first, last) if first == last => format!("{id} line {first}"),
        (first, last) => format!("{id} lines {first}-{last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources;

    const TALK: &str =
        "Interviewer: And?\nAnn: So so, 👩‍👩‍👧 e\u{301}t so.\nInterviewer: Aye?\nAnn: So it was.\n";

    fn transcript() -> Transcript {
        Transcript::new(sources::read(TALK.as_bytes(), "Ann.txt").unwrap())
    }

    /// What is kept if this is marked.
    #[track_caller]
    fn check(from: (usize, usize), to: (usize, usize), words: &[&str], expected: Option<&str>) {
        let shown = transcript();
        let place = |(turn, char)| TurnChar { turn, char };
        let selection = Selection {
            transcript: "Ann".to_owned(),
            text_key: text_key(&shown),
            from: place(from),
            to: place(to),
            shown: words.iter().map(|&words| words.to_owned()).collect(),
        };
        assert_eq!(marked(&shown, &selection).map(|span| span.of(&shown.text)), expected);
    }

    #[test]
    fn what_is_marked_is_kept_byte_for_byte_or_not_at_all() {
        // The second "so" of the turn, not the first.
        check((1, 3), (1, 5), &["so"], Some("so"));
        check((1, 0), (1, 2), &["so"], None);
        check((1, 3), (1, 5), &["So"], None);
        check((1, 3), (1, 5), &[], None);
        check((9, 0), (9, 1), &["x"], None);
        check((1, 3), (1, 500), &["so"], None);
        check((1, 5), (1, 3), &["so"], None);
    }

    #[test]
    fn bounds_move_out_to_whole_characters() {
        // Five scalar values make the family, and an accent is no letter of its own.
        check((1, 8), (1, 9), &["\u{200d}"], Some("👩‍👩‍👧"));
        check((1, 13), (1, 14), &["e"], Some("e\u{301}"));
    }

    #[test]
    fn what_is_marked_may_cross_turns() {
        check((1, 17), (3, 2), &["so.", "Aye?", "So"], Some("so.\nInterviewer: Aye?\nAnn: So"));
    }

    #[test]
    fn a_quotation_is_shown_where_it_was_marked() {
        let shown = transcript();
        let at = shown.text.find("👩").unwrap();
        let span = Span::new(at, shown.text.find("Aye").unwrap() + 1);
        let place = |turn, char| TurnChar { turn, char };
        assert_eq!(turns_at(&shown, span), Some((place(1, 7), place(2, 1))));
        let label = shown.text.rfind("Ann").unwrap();
        assert_eq!(turns_at(&shown, Span::new(label, label + 3)), None);
    }
}
