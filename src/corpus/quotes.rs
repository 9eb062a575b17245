//! Stretches of the talk as answers: who says them and where.

use std::collections::BTreeMap;

use super::{Corpus, CorpusError};
use crate::answers::{Hit, Provenance};
use crate::base::{Lines, Span, TimeSpan};
use crate::codebook::Place;
use crate::passages::Passage;
use crate::transcripts::Transcript;
use crate::transcripts::roles::Role;

impl Corpus {
    /// Who says something and where.
    pub fn provenance(
        &self,
        t: usize,
        speaker: u16,
        lines: Lines,
        time: Option<TimeSpan>,
    ) -> Provenance {
        let known = &self.transcripts[t];
        let case = self.case_of(t, speaker);
        Provenance {
            transcript: known.id.clone(),
            case: case.map(|case| case.id.clone()),
            group: self.cases.group(t, usize::from(speaker)).map(str::to_owned),
            speaker: known.speakers[usize::from(speaker)].label.clone(),
            role: self.role_of(t, speaker).name(),
            lines: [lines.first, lines.last],
            start_ms: time.map(|time| time.start_ms),
            is_one_of_several: self.cases.of_speaker[t][usize::from(speaker)]
                .is_some_and(|case| self.in_several.contains(&case)),
        }
    }

    /// Who speaks at a place that stands, and where it is.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if there is no such transcript, or no text of it.
    pub fn provenance_at(&self, place: &Place) -> Result<Provenance, CorpusError> {
        let gone = || CorpusError::TextGone { id: place.transcript.clone() };
        let t = self.with_id(&place.transcript).ok_or_else(gone)?;
        let transcript = &*self.text(t)?;
        let is_touched = |span: Span| span.start < place.span.end && place.span.start < span.end;
        let touched: Vec<usize> = (0..transcript.turns.len())
            .filter(|&turn| is_touched(transcript.turns[turn].span))
            .collect();
        let lines = transcript.lines.lines_of(place.span);
        let (Some(&first), Some(&last)) = (touched.first(), touched.last()) else {
            // A quotation of a heading or a time: nobody says it.
            return Ok(Provenance {
                transcript: place.transcript.clone(),
                case: None,
                group: None,
                speaker: String::new(),
                role: Role::Other.name(),
                lines: [lines.first, lines.last],
                start_ms: None,
                is_one_of_several: false,
            });
        };
        // Of several speakers the one whose words they mostly are.
        let mut said: BTreeMap<u16, u32> = BTreeMap::new();
        for &turn in &touched {
            let turn = &transcript.turns[turn];
            let end = turn.span.end.min(place.span.end);
            *said.entry(turn.speaker).or_default() += end - turn.span.start.max(place.span.start);
        }
        let speaker = said.iter().max_by_key(|(speaker, n)| (**n, std::cmp::Reverse(**speaker)));
        let speaker = speaker.map_or(transcript.turns[first].speaker, |(speaker, _)| *speaker);
        let time = transcript.time_of(first..last + 1, place.span);
        Ok(self.provenance(t, speaker, lines, time))
    }

    /// A whole passage as an answer; `passage` is its place among all of the study.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if its text is not remembered any more.
    pub fn passage_hit(&self, passage: usize, rank: usize) -> Result<Hit, CorpusError> {
        let (t, place) = self.place_of(passage);
        let text = &*self.text(t)?;
        let passage = &self.transcripts[t].passages[place];
        let hit = self.hit(t, text, place, passage.span, Vec::new());
        Ok(Hit { rank, others: not_own(text, passage, passage.span), ..hit })
    }

    /// A span of a passage as an answer.
    pub fn hit(
        &self,
        t: usize,
        transcript: &Transcript,
        place: usize,
        span: Span,
        themes: Vec<usize>,
    ) -> Hit {
        let passage = &self.transcripts[t].passages[place];
        let time = transcript.time_of(passage.turns(), span);
        Hit {
            rank: 0,
            score: 0.0,
            at: self.provenance(t, passage.speaker, transcript.lines.lines_of(span), time),
            span,
            end_ms: time.and_then(|time| time.end_ms),
            text: span.of(&transcript.text).to_owned(),
            highlights: Vec::new(),
            others: Vec::new(),
            themes,
            before: Vec::new(),
            after: Vec::new(),
            question: None,
            ties: Vec::new(),
        }
    }
}

/// Marked bytes as characters of the hit's text, in order, joined where they overlap.
pub fn in_characters(text: &str, span: Span, mut marked: Vec<Span>) -> Vec<[usize; 2]> {
    marked.retain(|mark| span.start <= mark.start && mark.end <= span.end);
    marked.sort_unstable_by_key(|mark| (mark.start, mark.end));
    let mut joined: Vec<Span> = Vec::with_capacity(marked.len());
    for mark in marked {
        match joined.last_mut() {
            Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
            _ => joined.push(mark),
        }
    }
    let (mut byte, mut chars) = (span.start as usize, 0);
    let mut chars_to = |to: u32| {
        chars += text[byte..to as usize].chars().count();
        byte = to as usize;
        chars
    };
    joined.into_iter().map(|mark| [chars_to(mark.start), chars_to(mark.end)]).collect()
}

/// What of a passage its speaker did not say, in characters of the hit's text.
pub fn not_own(transcript: &Transcript, passage: &Passage, span: Span) -> Vec<[usize; 2]> {
    let mut others: Vec<Span> = Vec::new();
    let mut end = span.start;
    for (_, piece) in passage.own_pieces(transcript) {
        if end < piece.start {
            others.push(Span { start: end, end: piece.start });
        }
        end = piece.end;
    }
    // What a match runs on into is the same turn.
    if end < passage.span.end {
        others.push(Span { start: end, end: passage.span.end });
    }
    in_characters(&transcript.text, span, others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_characters_and_are_joined() {
        let text = "Siân 😀 said nothing at all.";
        let span = Span::new(0, text.len());
        let mark = |word: &str| {
            let at = text.find(word).unwrap();
            Span::new(at, at + word.len())
        };
        let marked = vec![mark("nothing at"), mark("said"), mark("at all")];
        let shown: Vec<String> = in_characters(text, span, marked)
            .into_iter()
            .map(|[start, end]| text.chars().skip(start).take(end - start).collect())
            .collect();
        assert_eq!(shown, ["said", "nothing at all"]);
    }
}
