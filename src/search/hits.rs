//! Ranked passages as hits: where they end, what is marked in them, what stands
//! around them.

use std::collections::BTreeSet;

use super::SearchError;
use super::finder::{Finder, Text};
use super::index::is_stemmed;
use super::matches::{Match, in_passages};
use crate::answers::{ContextAnswer, Hit, round};
use crate::base::Span;
use crate::corpus::{in_characters, not_own};
use crate::passages::Passage;
use crate::passages::sentences::sentences;
use crate::terms::{Analysis, fold};
use crate::transcripts::{Transcript, Turn};

/// A sentence is no longer than this where a match runs on into it, in words.
const MAX_SENTENCE_WORDS: usize = 120;

/// What is marked in a hit.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Stems, without accents, of words that are sought in any form.
    pub(super) stems: BTreeSet<String>,
    /// Places that match, in order.
    pub(super) matches: Vec<Match>,
}

impl Finder<'_> {
    /// Turns ranked passages into answers, with what matches marked.
    pub(super) fn hits(
        &self,
        ranked: &[(usize, f64)],
        marks: &Marks,
        n_context: usize,
    ) -> Result<Vec<Hit>, SearchError> {
        let mut hits = Vec::with_capacity(ranked.len());
        for (rank, &(passage, score)) in ranked.iter().enumerate() {
            let (t, place) = self.corpus.place_of(passage);
            let themes = self.themes.as_ref().map_or(&[][..], |last| &last.themes_of[passage]);
            let themes = themes.iter().map(|&id| id as usize).collect();
            let text = Text::of(self.corpus, t)?;
            let passages = &self.corpus.transcripts[t].passages;
            let number = u32::try_from(passage).unwrap_or(u32::MAX);
            let matches = in_passages(&marks.matches, number..number.saturating_add(1));
            let mut marked = sought_words(&text.analysis, place, &marks.stems);
            let runs = matches.iter().flat_map(Match::runs);
            marked.extend(runs.filter_map(|run| text.span_of(place, run)));
            let span = hit_span(&passages[place..], &text.transcript, &marked);
            let mut hit = self.corpus.hit(t, &text.transcript, place, span, themes);
            hit.highlights = in_characters(&text.transcript.text, span, marked);
            hit.others = not_own(&text.transcript, &passages[place], span);
            if n_context > 0 {
                (hit.before, hit.after) = context(&text.transcript, span, n_context);
            }
            hits.push(Hit { rank: rank + 1, score: round(score), ..hit });
        }
        Ok(hits)
    }
}

/// The first passage, and the sentence of the next one that a match runs on into.
fn hit_span(passages: &[Passage], transcript: &Transcript, marked: &[Span]) -> Span {
    let mut span = passages[0].span;
    let reach = marked.iter().map(|mark| mark.end).max().unwrap_or(0);
    for next in &passages[1..] {
        if reach <= span.end {
            break;
        }
        let words = next.span.of(&transcript.text);
        let ends = sentences(words, MAX_SENTENCE_WORDS, transcript.line_ends).into_iter();
        let mut ends = ends.map(|sentence| next.span.start + sentence.end);
        span.end = ends.find(|end| *end >= reach).unwrap_or(next.span.end);
    }
    span
}

/// The words of a passage whose stems are sought.
fn sought_words(analysis: &Analysis, place: usize, stems: &BTreeSet<String>) -> Vec<Span> {
    if stems.is_empty() {
        return Vec::new();
    }
    let is_sought = |form: u32| stems.contains(fold(&analysis.stems[form as usize]).as_ref());
    let tokens = analysis.passages[place].iter();
    tokens
        .filter(|token| is_stemmed(token.kind) && is_sought(token.form))
        .map(|token| token.span)
        .collect()
}

/// `n` turns before and after a span, and what it leaves of its own turns.
fn context(
    transcript: &Transcript,
    span: Span,
    n: usize,
) -> (Vec<ContextAnswer>, Vec<ContextAnswer>) {
    let turns = &transcript.turns;
    let first = turns.partition_point(|turn| turn.span.end <= span.start);
    let last = turns.partition_point(|turn| turn.span.start < span.end);
    let answer = |turn: &Turn, part: Span| {
        let text = part.of(&transcript.text);
        let blank = text.len() - text.trim_start().len();
        let part =
            Span::new(part.start as usize + blank, part.start as usize + blank + text.trim().len());
        let lines = transcript.lines.lines_of(part);
        (!text.trim().is_empty()).then(|| ContextAnswer {
            speaker: transcript.speakers[usize::from(turn.speaker)].label.clone(),
            lines: [lines.first, lines.last],
            text: part.of(&transcript.text).to_owned(),
        })
    };
    let whole = |turn: &Turn| answer(turn, turn.span);
    let mut before: Vec<ContextAnswer> =
        turns[first.saturating_sub(n)..first].iter().filter_map(whole).collect();
    if let Some(turn) = turns.get(first).filter(|turn| turn.span.start < span.start) {
        before.extend(answer(turn, Span { start: turn.span.start, end: span.start }));
    }
    let mut after = Vec::new();
    if let Some(turn) = turns[..last].last().filter(|turn| turn.span.end > span.end) {
        after.extend(answer(turn, Span { start: span.end, end: turn.span.end }));
    }
    after.extend(turns[last..(last + n).min(turns.len())].iter().filter_map(whole));
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources;

    #[test]
    fn context_is_whole_turns_and_the_rest_of_the_own_one() {
        let file = "A: One. Two. Three.\nB: Why?\nA: Four.\nB: And?\n";
        let transcript = Transcript::new(sources::read(file.as_bytes(), "P.txt").unwrap());
        let at = file.find("Two.").unwrap();
        let (before, after) = context(&transcript, Span::new(at, at + 4), 1);
        let shown = |turns: &[ContextAnswer]| -> Vec<String> {
            turns.iter().map(|turn| format!("{} {}", turn.speaker, turn.text)).collect()
        };
        assert_eq!(shown(&before), ["A One."]);
        assert_eq!(shown(&after), ["A Three.", "B Why?"]);
    }
}
