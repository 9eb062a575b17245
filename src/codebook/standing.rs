//! Where quotations stand in texts that have changed since they were made.
//!
//! Words and a text come in; the places where they stand go out. A quotation whose
//! words stand there once has moved; any other is stale, with the reason.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation as _;

use super::{Place, Quotation, QuotationId};
use crate::base::{Diagnostic, Span};
use crate::transcripts::Transcript;

/// Where a quotation stands in the transcripts of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Where it was made.
    Here,
    /// The transcript has changed; its words are found once.
    Moved(Place),
    /// Its words cannot be found, or not for certain; with the reason.
    Stale(String),
}

/// A quotation with where it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standings {
    /// By quotation.
    pub of: BTreeMap<QuotationId, Standing>,
    /// What people must know: transcripts that changed after they were coded.
    pub warnings: Vec<Diagnostic>,
}

impl Standings {
    /// Quotations whose place is certain, with it.
    pub fn here<'a>(&'a self, quotations: &[&'a Quotation]) -> Vec<(&'a Quotation, &'a Place)> {
        let placed = quotations.iter().map(|quotation| (*quotation, self.place_of(quotation)));
        placed.filter_map(|(quotation, place)| Some((quotation, place?))).collect()
    }

    /// Where a quotation is now; `None` if that is not certain.
    pub fn place_of<'a>(&'a self, quotation: &'a Quotation) -> Option<&'a Place> {
        match self.of.get(&quotation.id)? {
            Standing::Here => Some(&quotation.place),
            Standing::Moved(place) => Some(place),
            Standing::Stale(_) => None,
        }
    }
}

/// Where `words` begin in `text`, in bytes; occurrences may overlap.
pub(crate) fn occurrences(text: &str, words: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let Some(first) = words.chars().next() else { return found };
    let mut from = 0;
    while let Some(at) = text[from..].find(words) {
        found.push(from + at);
        from += at + first.len_utf8();
    }
    found
}

/// Where `words` stand in `text`, in bytes, whatever white space is between them:
/// as whole words, or if they are nowhere so, within words.
pub(crate) fn words_in(text: &str, words: &str) -> Vec<(usize, usize)> {
    let mut parts = words.split_whitespace();
    let Some(first) = parts.next() else { return Vec::new() };
    let end_at = |start: usize| {
        parts.clone().try_fold(start + first.len(), |end, part| {
            let rest = &text[end..];
            let next = rest.trim_start();
            let is_next = next.len() < rest.len() && next.starts_with(part);
            is_next.then(|| end + (rest.len() - next.len()) + part.len())
        })
    };
    let starts = occurrences(text, first).into_iter();
    let found: Vec<(usize, usize)> =
        starts.filter_map(|start| Some((start, end_at(start)?))).collect();
    let whole: Vec<(usize, usize)> =
        found.iter().copied().filter(|&range| is_whole(text, range)).collect();
    if whole.is_empty() { found } else { whole }
}

/// Whether a range of bytes begins and ends at borders of words (UAX 29).
pub(crate) fn is_whole(text: &str, (start, end): (usize, usize)) -> bool {
    let is_border = |at: usize| {
        let from = text[..at].rfind(char::is_whitespace).unwrap_or(0);
        let to = text[at..].find(char::is_whitespace).map_or(text.len(), |n| at + n);
        let around = &text[from..to];
        at == to || around.split_word_bound_indices().any(|(border, _)| from + border == at)
    };
    is_border(start) && is_border(end)
}

/// A span without white space at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let words = span.of(text);
    let start = span.start as usize + (words.len() - words.trim_start().len());
    Span::new(start, start + words.trim().len())
}

/// The talk in a stretch of a transcript, without the labels and times at its start;
/// `None` if nobody speaks there.
pub(crate) fn talk_in(transcript: &Transcript, lines: Span) -> Option<Span> {
    let mut talk = transcript.turns.iter().filter_map(|turn| {
        let (start, end) = (turn.span.start.max(lines.start), turn.span.end.min(lines.end));
        (start < end).then_some(Span { start, end })
    });
    let first = talk.next()?;
    let last = talk.next_back().unwrap_or(first);
    Some(trimmed(&transcript.text, Span { start: first.start, end: last.end }))
}

#[cfg(test)]
mod tests {
    use super::{occurrences, words_in};

    #[test]
    fn words_are_found_as_whole_words_first() {
        assert_eq!(occurrences("ha ha ha", "ha ha"), [0, 3]);
        assert_eq!(occurrences("éé", ""), [0_usize; 0]);
        assert_eq!(words_in("ha ha ha", "ha ha"), [(0, 5), (3, 8)]);
        assert_eq!(words_in("I agreed, yes, I agree", "I agree"), [(15, 22)]);
        // Whoever picks a part of a word gets it, if it is no word elsewhere.
        assert_eq!(words_in("I agreed", "agree"), [(2, 7)]);
        assert_eq!(words_in("I don't", "don"), [(2, 5)]);
        assert_eq!(words_in("So it\r\n  was, aye", " it was, "), [(3, 13)]);
        assert_eq!(words_in("so itwas", "it was"), [(0, 0); 0]);
        assert_eq!(words_in("anything", " \n"), [(0, 0); 0]);
        // No spaces: each ideograph is a word.
        assert_eq!(words_in("我不知道", "知"), [(6, 9)]);
    }
}
