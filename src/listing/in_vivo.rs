//! What stands in the place of a name that no words make: how one of the participants says it.
//!
//! The terms of a candidate and its evidence come in; the clause that says most of them goes out,
//! byte for byte.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use unicode_segmentation::UnicodeSegmentation;

use super::profile::Sought;
use super::quotes::MAX_SENTENCE_WORDS;
use crate::base::{LineEnds, Span};
use crate::corpus::{Corpus, CorpusError, ParticipantPassage};
use crate::features::counts::carries_theme;
use crate::passages::sentences::sentences;
use crate::terms::{AnalyzedToken, TokenKind, points_back};
use crate::themes::{CandidateTheme, Words};

/// Words of a clause.
const LENGTH: RangeInclusive<usize> = 4..=10;
/// Clauses of about so many words read best.
const BEST: usize = 6;
/// What each word more or less costs, as a share.
const OFF: f64 = 0.05;
/// What a clause counts that needs what was said before it.
const POINTS_BACK: f64 = 0.6;
/// What one counts that breaks off: with a function word at its end, where the sentence goes on.
const BREAKS_OFF: f64 = 0.5;
/// Passages that are looked at, the most typical first.
const N_LOOKED_AT: usize = 24;

/// The clause of the evidence of a candidate that says most of its terms, of equals the first of
/// the most typical passage; `None` where no clause of four to ten words says one of them that is
/// not `used` yet.
///
/// # Errors
/// [`CorpusError::TextGone`] if a text is not remembered any more.
pub(super) fn clause_of(
    (corpus, words): (&Corpus, Words<'_>),
    passages: &[ParticipantPassage],
    candidate: &CandidateTheme,
    used: &mut BTreeSet<String>,
) -> Result<Option<String>, CorpusError> {
    let sought = Sought::of(candidate);
    let mut best: Option<(f64, String)> = None;
    let evidence = candidate.passages.iter().filter(|at| candidate.evidence.contains(at));
    for &at in evidence.take(N_LOOKED_AT) {
        let row = passages[at].row;
        let (t, place) = (row.transcript as usize, row.place as usize);
        let transcript = corpus.text(t)?;
        let passage = &corpus.transcripts[t].passages[place];
        let tokens = &words.analyses[t].passages[place];
        let columns = &words.counts.columns[t];
        let talk = corpus.own_talk(t, &transcript, passage);
        for clause in clauses(&transcript.text, transcript.line_ends, &talk) {
            let text = clause.of(&transcript.text);
            let n_words = text.unicode_words().count();
            if !LENGTH.contains(&n_words) {
                continue;
            }
            let inside = |token: &&AnalyzedToken| {
                clause.start <= token.span.start && token.span.end <= clause.end
            };
            let mut said: BTreeSet<usize> = BTreeSet::new();
            let mut n_marked = 0;
            let goes_on = !transcript.text[clause.end as usize..].starts_with(is_end);
            let mut whole = 1.0;
            for token in tokens.iter().filter(inside) {
                whole = if goes_on && token.kind == TokenKind::Stop { BREAKS_OFF } else { 1.0 };
                n_marked += usize::from(token.kind == TokenKind::Marker);
                if carries_theme(token) {
                    said.extend(columns[token.form as usize].map(|column| column as usize));
                }
            }
            let says = sought.weight(&said);
            let back =
                if points_back(corpus.transcripts[t].language, text) { POINTS_BACK } else { 1.0 };
            let spoken = 1.0 - n_marked as f64 / n_words as f64;
            let worth = says * back * whole * spoken / (1.0 + OFF * n_words.abs_diff(BEST) as f64);
            // One word of many says what it is about only beside another.
            if said.len() > 1
                && worth > 0.0
                && !used.contains(text)
                && best.as_ref().is_none_or(|(known, _)| worth > *known)
            {
                best = Some((worth, text.to_owned()));
            }
        }
    }
    let clause = best.map(|(_, clause)| clause);
    used.extend(clause.clone());
    Ok(clause)
}

/// Marks that end a clause.
const MARKS: &str = ",;:–—()[]\"„“”«»…";
/// Marks that end a sentence.
fn is_end(c: char) -> bool {
    matches!(c, '.' | '?' | '!' | '…')
}

/// The clauses of pieces of talk, without the marks around them, each on one line.
fn clauses(text: &str, line_ends: LineEnds, pieces: &[Span]) -> Vec<Span> {
    let is_mark = |c: char| MARKS.contains(c);
    let is_edge = |c: char| c.is_whitespace() || is_mark(c) || is_end(c);
    let mut found = Vec::new();
    for piece in pieces {
        for sentence in sentences(piece.of(text), MAX_SENTENCE_WORDS, line_ends) {
            let (said, start) = (sentence.of(piece.of(text)), piece.start + sentence.start);
            let marks = said.match_indices(is_mark).map(|(at, mark)| (at, at + mark.len()));
            let mut from = 0;
            for (end, next) in marks.chain([(said.len(), said.len())]) {
                let clause = said[from..end].trim_start_matches(is_edge);
                let first = start as usize + end - clause.len();
                let clause = clause.trim_end_matches(is_edge);
                let span = Span::new(first, first + clause.len());
                if !clause.is_empty()
                    && !clause.contains(['\n', '\r'])
                    && is_whole(text, *piece, span)
                {
                    found.push(span);
                }
                from = next;
            }
        }
    }
    found
}

/// Whether a clause of a piece of talk cuts neither a number or a word, `1,200`, nor a name,
/// `Mary (Polly) Ash`: what is hidden as a whole must not be shown by half.
fn is_whole(text: &str, piece: Span, clause: Span) -> bool {
    let before = &text[piece.start as usize..clause.start as usize];
    let (inside, after) = (clause.of(text), &text[clause.end as usize..piece.end as usize]);
    let is_cut = |left: &str, right: &str| {
        let rest = right.trim_start_matches(|c: char| !c.is_alphanumeric());
        let known = left.trim_end_matches(|c: char| !c.is_alphanumeric());
        let between = [&left[known.len()..], &right[..right.len() - rest.len()]].concat();
        let begins = known.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let is_name = |word: &str| word.starts_with(char::is_uppercase);
        // `I` is a word of its own.
        let is_longer = rest.chars().nth(1).is_some_and(char::is_alphanumeric);
        let is_apart = between.contains(char::is_whitespace);
        !known.is_empty()
            && !rest.is_empty()
            && (!is_apart
                || (is_name(begins) && is_name(rest) && is_longer && !between.contains(is_end)))
    };
    !is_cut(before, inside) && !is_cut(inside, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found = clauses(text, LineEnds::Spoken, &[Span::new(0, text.len())]);
        assert_eq!(found.iter().map(|clause| clause.of(text)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_clause_ends_at_marks_and_stands_on_one_line() {
        check(
            "Well, I don't mind a silence – it’s quiet (mostly). „Wait“ … No!",
            &["Well", "I don't mind a silence", "it’s quiet", "mostly", "Wait", "No"],
        );
        check("We sat\nthere, and waited.", &["We sat", "there", "and waited"]);
    }

    #[test]
    fn a_clause_cuts_no_number_and_no_name() {
        check("At 10:30 I held 1,200 of £5, or 20%.", &["or 20%"]);
        check("I saw Mary (Polly) Ash, and she saw me.", &["and she saw me"]);
        check("She is a Smith–Jones. Ada came.", &["Ada came"]);
        check("Then Ash, Ben came, but late.", &["but late"]);
    }
}
