//! The parts of a quote: what it gives word for word, between the marks by which
//! people say that they left something out or put something in.

use std::ops::Range;

use super::words::{Corpus, MAX_BRACKET, fold_marks, fold_word, words};

/// What is taken for a mark rather than for words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Marks {
    /// Nothing: brackets and dots may stand in the transcript.
    None,
    /// `[…]`, `(...)`, and square brackets that no transcript has.
    Brackets,
    /// These and bare dots.
    Dots,
}

/// A word of a quote.
#[derive(Debug, Clone)]
pub(super) struct QuoteWord {
    /// Its bytes in [`Quoted::text`].
    pub(super) range: Range<usize>,
    /// The number of its form; `None` if nobody says it.
    pub(super) id: Option<u32>,
    /// Whether its first letter may be of the other case.
    pub(super) is_case_free: bool,
}

/// A quote as it is compared.
#[derive(Debug, Clone)]
pub(super) struct Quoted {
    /// Its text; `[I]t` became `It`.
    pub(super) text: String,
    /// Its words.
    pub(super) words: Vec<QuoteWord>,
    /// The words of each part; none is empty.
    pub(super) parts: Vec<Range<usize>>,
    /// Whether it says that something is not verbatim.
    pub(super) is_marked: bool,
}

impl Quoted {
    pub(super) fn new(text: &str, corpus: &Corpus<'_>, marks: Marks) -> Self {
        let (text, mut changed) = with_letters(text);
        let mut pieces = Vec::new();
        let mut start = 0;
        let mut at = 0;
        let mut is_marked = !changed.is_empty();
        while at < text.len() {
            match mark_at(&text, at, corpus, marks) {
                Some(length) => {
                    pieces.push(start..at);
                    at += length;
                    start = at;
                    is_marked = true;
                }
                None => at += text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        pieces.push(start..text.len());
        let mut quoted =
            Self { text: String::new(), words: Vec::new(), parts: Vec::new(), is_marked };
        for piece in pieces {
            let first = quoted.words.len();
            for range in words(&text[piece.clone()]) {
                let range = piece.start + range.start..piece.start + range.end;
                let is_case_free = quoted.words.is_empty() || changed.remove(&range.start);
                let id = corpus.id_of(&text[range.clone()]);
                quoted.words.push(QuoteWord { range, id, is_case_free });
            }
            if quoted.words.len() > first {
                quoted.parts.push(first..quoted.words.len());
            }
        }
        quoted.text = text;
        quoted
    }

    pub(super) fn word(&self, at: usize) -> &str {
        &self.text[self.words[at].range.clone()]
    }

    /// What stands between a word and the next one.
    pub(super) fn between(&self, at: usize) -> &str {
        &self.text[self.words[at].range.end..self.words[at + 1].range.start]
    }

    /// Whether a word is the transcript's in every letter.
    pub(super) fn is_same_word(&self, at: usize, other: &str) -> bool {
        let word = self.word(at);
        if word == other {
            return true;
        }
        let (a, b) = (fold_word(word), fold_word(other));
        // A quote may start in the middle of a sentence, and a sentence of the
        // report with it; only the case of its first letter is its own.
        let rest = |text: &str| text.chars().skip(1).collect::<String>();
        a == b
            || (self.words[at].is_case_free
                && a.to_lowercase() == b.to_lowercase()
                && rest(&a) == rest(&b))
    }

    /// Whether what stands after a word is the transcript's.
    pub(super) fn is_same_between(&self, at: usize, other: &str) -> bool {
        let between = self.between(at);
        between == other || fold_marks(between) == fold_marks(other)
    }
}

/// Whether brackets hold nothing but dots.
fn is_ellipsis(content: &str) -> bool {
    let content = content.trim();
    content.is_empty() || content.chars().all(|c| matches!(c, '.' | '…' | ' ' | '\u{a0}'))
}

/// The length of the mark at a byte, if there is one.
fn mark_at(text: &str, at: usize, corpus: &Corpus<'_>, marks: Marks) -> Option<usize> {
    let rest = &text[at..];
    let inside = |close: char| {
        let end = rest[..rest.floor_char_boundary(MAX_BRACKET + close.len_utf8())].find(close)?;
        Some((&rest[1..end], end + 1))
    };
    match rest.chars().next()? {
        _ if marks == Marks::None => None,
        '[' => {
            let (content, length) = inside(']')?;
            (is_ellipsis(content) || !corpus.has_bracket(content)).then_some(length)
        }
        '(' => inside(')').filter(|(content, _)| is_ellipsis(content)).map(|(_, length)| length),
        '…' if marks == Marks::Dots => Some('…'.len_utf8()),
        '.' if marks == Marks::Dots => {
            let dots = rest.find(|c| !matches!(c, '.' | ' ')).unwrap_or(rest.len());
            let n_dots = rest[..dots].matches('.').count();
            (n_dots >= 3).then(|| rest[..dots].trim_end().len())
        }
        _ => None,
    }
}

/// Takes the brackets off single letters at the start of a word, `[I]t`, and
/// tells where these words start.
fn with_letters(text: &str) -> (String, std::collections::BTreeSet<usize>) {
    let mut plain = String::with_capacity(text.len());
    let mut changed = std::collections::BTreeSet::new();
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let mut chars = rest[open + 1..].chars();
        let letter = chars.next().filter(|c| c.is_alphabetic());
        let is_letter = chars.next() == Some(']') && chars.next().is_some_and(char::is_alphabetic);
        plain.push_str(&rest[..open]);
        if let Some(letter) = letter.filter(|_| is_letter) {
            changed.insert(plain.len());
            plain.push(letter);
            rest = &rest[open + 1 + letter.len_utf8() + 1..];
        } else {
            plain.push('[');
            rest = &rest[open + 1..];
        }
    }
    plain.push_str(rest);
    (plain, changed)
}
