//! Proves where selections stand.
//!
//! The standard counts positions in Unicode code points, but tools count as
//! their programming language does: in UTF-16 units, with a line end of two
//! signs counted as one, or the byte order mark as a sign. A text and the
//! selections in it come in; for each selection goes out the span of bytes that
//! is confirmed, or a [`Doubt`].
//!
//! All ways of counting are tried. Words that the file keeps beside a selection
//! tell which is right; where there are none, selections should start and end
//! where words do. Ways that do equally well must agree about a selection, else
//! it is in doubt. Nothing is guessed.

use std::collections::BTreeMap;
use std::fmt;

use unicode_normalization::char::is_combining_mark;

use super::Reading;
use super::words::{Words, squashed};
use crate::base::{LineIndex, Span, is_unspaced};

/// From how many signs on words are hardly a label that happens to be in the text.
const LONG: usize = 12;

/// What one position counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Unicode code points, as the standard says.
    CodePoints,
    /// UTF-16 units: two for an emoji.
    Utf16,
}

/// How much a line end counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineEnds {
    /// Each of its signs.
    AsTheyAre,
    /// One, also where it is CRLF.
    One,
    /// Two, also where it is LF.
    Two,
}

/// A way to count positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counting {
    /// What one position counts.
    pub unit: Unit,
    /// How much a line end counts.
    pub line_ends: LineEnds,
    /// Whether a byte order mark at the start of the file counts.
    pub counts_mark: bool,
}

impl fmt::Display for Counting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.unit {
            Unit::CodePoints => "code points",
            Unit::Utf16 => "UTF-16",
        })?;
        f.write_str(match self.line_ends {
            LineEnds::AsTheyAre => "",
            LineEnds::One => ", CRLF as one",
            LineEnds::Two => ", line ends as two",
        })?;
        f.write_str(if self.counts_mark { ", byte order mark counted" } else { "" })
    }
}

impl Counting {
    /// What the standard says, and this tool writes.
    pub(super) const STANDARD: Self =
        Self { unit: Unit::CodePoints, line_ends: LineEnds::AsTheyAre, counts_mark: false };

    /// All ways, what the standard says first.
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for counts_mark in [false, true] {
            for unit in [Unit::CodePoints, Unit::Utf16] {
                for line_ends in [LineEnds::AsTheyAre, LineEnds::One, LineEnds::Two] {
                    all.push(Self { unit, line_ends, counts_mark });
                }
            }
        }
        all
    }

    /// The bytes of positions, given in rising order, without those inside a
    /// character or behind the end.
    fn bytes_of(self, text: &str, has_mark: bool, positions: &[i64]) -> Bytes {
        let mut found = BTreeMap::new();
        let mut wanted = positions.iter().copied().peekable();
        let mut position = i64::from(has_mark && self.counts_mark);
        let mut signs = text.char_indices().peekable();
        loop {
            let next = signs.next();
            let byte = next.map_or(text.len(), |(byte, _)| byte);
            while wanted.next_if(|&at| at < position).is_some() {}
            if let Some(at) = wanted.next_if_eq(&position) {
                found.insert(at, byte);
            }
            if wanted.peek().is_none() {
                return Bytes { found, end: i64::MAX };
            }
            let Some((_, sign)) = next else { return Bytes { found, end: position } };
            position += match (sign, self.line_ends, self.unit) {
                ('\r', LineEnds::One | LineEnds::Two, _)
                    if signs.peek().is_some_and(|(_, after)| *after == '\n') =>
                {
                    signs.next();
                    if self.line_ends == LineEnds::One { 1 } else { 2 }
                }
                ('\n', LineEnds::Two, _) => 2,
                (sign, _, Unit::Utf16) => i64::from(sign > '\u{ffff}') + 1,
                _ => 1,
            };
        }
    }
}

/// Where positions are in a text.
struct Bytes {
    found: BTreeMap<i64, usize>,
    /// The position behind the text; more if the text was not read to its end.
    end: i64,
}

/// A selection as a file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    /// The position of the first sign.
    pub(super) start: i64,
    /// The position behind the last sign.
    pub(super) end: i64,
    /// What may be its words, perhaps shortened: name and description.
    pub(super) words: Vec<String>,
}

/// Why a selection is not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It holds nothing.
    Empty,
    /// It ends behind the text.
    OutOfRange,
    /// It starts or ends inside a character or a line end.
    Cuts,
    /// Its words stand at this line, but its positions point elsewhere.
    Elsewhere {
        /// The line of its words, from 1.
        line: u32,
    },
    /// The file keeps its words, and they are others.
    WordsDiffer,
    /// Ways of counting that are equally likely disagree.
    Ambiguous,
    /// It cuts words, and nothing tells that the counting is right.
    CutsWords,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it has no words"),
            Self::OutOfRange => f.write_str("it ends after the end of the text"),
            Self::Cuts => f.write_str("it starts or ends inside a character"),
            Self::Elsewhere { line } => {
                write!(f, "its words are at line {line}, but its positions point to another place")
            }
            Self::WordsDiffer => f.write_str("its words are not those at its positions"),
            Self::Ambiguous => f.write_str(
                "its positions can be read in two ways, and it is not clear which is right",
            ),
            Self::CutsWords => {
                f.write_str("it starts or ends inside a word, and its positions cannot be checked")
            }
        }
    }
}

/// How the span of a claim fits what the file says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fit {
    span: Span,
    /// Whether its words are those that the file keeps.
    has_words: bool,
    /// How many of its ends are inside a word.
    n_cut: u8,
    /// How many of its ends are no white space.
    n_close: u8,
}

/// What each way of counting makes of the selections in one text.
#[derive(Debug)]
pub(super) struct Trial<'t> {
    text: &'t str,
    claims: &'t [Claim],
    /// Whether the file says that it counts as the standard does and keeps words.
    is_standard: bool,
    countings: Vec<Counting>,
    /// By counting, by claim.
    fits: Vec<Vec<Result<Fit, Doubt>>>,
    /// The places of the countings that do best.
    best: Vec<usize>,
}

/// What is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proof {
    /// By claim.
    pub(super) spans: Vec<Result<Span, Doubt>>,
    /// How many are confirmed by their words.
    pub(super) n_by_words: usize,
    /// The counting, if it makes a difference.
    pub(super) counting: Option<Counting>,
}

impl Proof {
    /// What is told of the text with this id, all selections of which were claimed.
    pub(super) fn reading(&self, source: &str) -> Reading {
        Reading {
            source: source.to_owned(),
            n_selections: self.spans.len(),
            n_confirmed: self.spans.iter().filter(|span| span.is_ok()).count(),
            n_by_words: self.n_by_words,
            counting: self.counting,
        }
    }
}

impl<'t> Trial<'t> {
    /// Tries all ways of counting; the standard's alone if `is_standard`.
    pub(super) fn new(
        text: &'t str,
        has_mark: bool,
        claims: &'t [Claim],
        is_standard: bool,
    ) -> Self {
        let mut positions: Vec<i64> =
            claims.iter().flat_map(|claim| [claim.start, claim.end]).collect();
        positions.sort_unstable();
        positions.dedup();
        let countings = if is_standard { vec![Counting::STANDARD] } else { Counting::all() };
        let fits: Vec<Vec<Result<Fit, Doubt>>> = countings
            .iter()
            .map(|counting| {
                let bytes = counting.bytes_of(text, has_mark, &positions);
                claims.iter().map(|claim| fit(text, claim, &bytes)).collect()
            })
            .collect();
        let score = |fits: &Vec<Result<Fit, Doubt>>| {
            let known = || fits.iter().filter_map(|fit| fit.as_ref().ok());
            let n_words = known().filter(|fit| fit.has_words).count();
            let n_whole: usize = known().map(|fit| usize::from(2 - fit.n_cut)).sum();
            let n_close: usize = known().map(|fit| usize::from(fit.n_close)).sum();
            (n_words, n_whole, n_close)
        };
        let scores: Vec<_> = fits.iter().map(score).collect();
        let most = scores.iter().max().copied().unwrap_or_default();
        let best = (0..scores.len()).filter(|&at| scores[at] == most).collect();
        Self { text, claims, is_standard, countings, fits, best }
    }

    /// The places of the countings that do best.
    pub(super) fn best(&self) -> &[usize] {
        &self.best
    }

    /// Decides about each selection. `shared` are the places of the countings
    /// that do best in all texts of the project: a tool counts in one way.
    pub(super) fn prove(&self, shared: &[usize]) -> Proof {
        let both: Vec<usize> = self.best.iter().copied().filter(|at| shared.contains(at)).collect();
        let best = if both.is_empty() { &self.best } else { &both };
        let Some(&chosen) = best.first() else {
            return Proof { spans: Vec::new(), n_by_words: 0, counting: None };
        };
        let n_by_words = self.fits[chosen]
            .iter()
            .filter(|fit| fit.as_ref().is_ok_and(|fit| fit.has_words))
            .count();
        let mut words = None;
        let spans: Vec<Result<Span, Doubt>> = (0..self.claims.len())
            .map(|claim| {
                let fit = self.fits[chosen][claim].clone()?;
                if fit.has_words {
                    return Ok(fit.span);
                }
                let words = words.get_or_insert_with(|| Words::new(self.text));
                if let Some(line) = self.elsewhere(words, &self.claims[claim]) {
                    return Err(Doubt::Elsewhere { line });
                }
                if self.is_standard
                    && self.claims[claim].words.iter().any(|said| !squashed(said).is_empty())
                {
                    return Err(Doubt::WordsDiffer);
                }
                let same = |at: &usize| {
                    self.fits[*at][claim].as_ref().is_ok_and(|other| other.span == fit.span)
                };
                if !best.iter().all(same) {
                    return Err(Doubt::Ambiguous);
                }
                let is_certain = n_by_words > 0 || (0..self.countings.len()).all(|at| same(&at));
                if fit.n_cut > 0 && !is_certain {
                    return Err(Doubt::CutsWords);
                }
                Ok(fit.span)
            })
            .collect();
        let differs = |fits: &Vec<Result<Fit, Doubt>>| *fits != self.fits[chosen];
        let counting = self.fits.iter().any(differs).then_some(self.countings[chosen]);
        Proof { spans, n_by_words, counting }
    }

    /// The line where the words of a claim stand, if they stand anywhere: then
    /// they are words and no label that somebody made up.
    fn elsewhere(&self, words: &Words, claim: &Claim) -> Option<u32> {
        let mut long = claim.words.iter().map(|said| unshortened(said)).filter(|said| {
            // A label such as “tea” may well be a word of the text.
            squashed(said).chars().count() >= LONG
        });
        let place = long.find_map(|said| words.find(said, 1).pop())?;
        Some(LineIndex::new(self.text).line_of(place.start))
    }
}

/// What a tool left of words that it shortened.
fn unshortened(said: &str) -> &str {
    let said = said.trim();
    said.strip_suffix('…').or_else(|| said.strip_suffix("...")).unwrap_or(said)
}

/// Whether a span holds the words that a file keeps of it, perhaps shortened.
pub(super) fn is_said(words: &str, said: &str) -> bool {
    let (words, start) = (squashed(words), squashed(unshortened(said)));
    let is_start = !start.is_empty() && words.starts_with(&start);
    // Without dots at its end, a long start of the words is a shortened form too.
    let is_short = unshortened(said) != said.trim() || start.chars().count() >= LONG;
    words == squashed(said) && !words.is_empty() || is_start && is_short
}

fn fit(text: &str, claim: &Claim, bytes: &Bytes) -> Result<Fit, Doubt> {
    if claim.start >= claim.end {
        return Err(Doubt::Empty);
    }
    if claim.start < 0 || claim.end > bytes.end {
        return Err(Doubt::OutOfRange);
    }
    let place = |position| bytes.found.get(&position).copied().ok_or(Doubt::Cuts);
    let (from, to) = (place(claim.start)?, place(claim.end)?);
    let words = text.get(from..to).ok_or(Doubt::Cuts)?;
    if words.trim().is_empty() {
        return Err(Doubt::Empty);
    }
    let cuts = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at..].chars().next();
        before.is_some_and(is_of_word)
            && after.is_some_and(|sign| is_of_word(sign) || is_combining_mark(sign))
    };
    let is_close = |sign: Option<char>| u8::from(sign.is_some_and(|sign| !sign.is_whitespace()));
    Ok(Fit {
        span: Span::new(from, to),
        has_words: claim.words.iter().any(|said| is_said(words, said)),
        n_cut: u8::from(cuts(from)) + u8::from(cuts(to)),
        n_close: is_close(words.chars().next()) + is_close(words.chars().next_back()),
    })
}

/// Whether a sign belongs to a word of a script that puts blanks between words.
fn is_of_word(sign: char) -> bool {
    sign.is_alphanumeric() && !is_unspaced(sign)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The positions of `words` in `text` as a tool that counts so would write them.
    pub(super) fn count(text: &str, words: &str, counting: Counting, has_mark: bool) -> (i64, i64) {
        let start = text.find(words).unwrap();
        let length = |text: &str| {
            let mut n = 0;
            let mut signs = text.chars().peekable();
            while let Some(sign) = signs.next() {
                let is_crlf = sign == '\r' && signs.peek() == Some(&'\n');
                n += match (counting.line_ends, counting.unit) {
                    (LineEnds::One, _) if is_crlf => {
                        signs.next();
                        1
                    }
                    (LineEnds::Two, _) if is_crlf => {
                        signs.next();
                        2
                    }
                    (LineEnds::Two, _) if sign == '\n' => 2,
                    (_, Unit::Utf16) => i64::try_from(sign.len_utf16()).unwrap(),
                    _ => 1,
                };
            }
            n
        };
        let mark = i64::from(has_mark && counting.counts_mark);
        let from = mark + length(&text[..start]);
        (from, from + length(words))
    }

    const TEXT: &str =
        "Ada: Hello 🙂 there.\r\nBo: It was 👍🏽 odd at first.\r\nAda: e\u{301}trange, no?\r\n";

    fn claims(said: &[(&str, &str)], counting: Counting, has_mark: bool) -> Vec<Claim> {
        let claim = |(words, name): &(&str, &str)| {
            let (start, end) = count(TEXT, words, counting, has_mark);
            Claim { start, end, words: vec![(*name).to_owned()] }
        };
        said.iter().map(claim).collect()
    }

    fn confirmed(claims: &[Claim], has_mark: bool) -> String {
        let trial = Trial::new(TEXT, has_mark, claims, false);
        let proof = trial.prove(trial.best());
        let shown: Vec<String> = proof
            .spans
            .iter()
            .map(|span| match span {
                Ok(span) => span.of(TEXT).to_owned(),
                Err(doubt) => format!("! {doubt}"),
            })
            .collect();
        let counting = proof.counting.map_or("any".to_owned(), |counting| counting.to_string());
        format!("{counting}: {}", shown.join(" | "))
    }

    #[test]
    fn words_tell_every_way_of_counting() {
        for counting in Counting::all() {
            let said = [("It was 👍🏽 odd", "It was 👍🏽 odd"), ("trange, no?", "trange, no?")];
            let shown = confirmed(&claims(&said, counting, true), true);
            // As they are and as two is the same in a text of CRLF alone.
            let line_ends = match counting.line_ends {
                LineEnds::Two => LineEnds::AsTheyAre,
                other => other,
            };
            let named = Counting { line_ends, ..counting };
            assert_eq!(shown, format!("{named}: It was 👍🏽 odd | trange, no?"));
        }
    }

    #[test]
    fn borders_of_words_tell_where_no_words_are_kept() {
        for unit in [Unit::CodePoints, Unit::Utf16] {
            let counting = Counting { unit, ..Counting::STANDARD };
            let said = [("Hello", ""), ("It was", "7f3a"), ("odd at first.", ""), ("no?", "")];
            let shown = confirmed(&claims(&said, counting, false), false);
            assert_eq!(shown, format!("{counting}: Hello | It was | odd at first. | no?"));
        }
    }

    #[test]
    fn what_is_not_confirmed_says_why() {
        let shown = |start, end, name: &str| {
            let mut all = claims(&[("It was 👍🏽 odd", "It was 👍🏽 odd")], Counting::STANDARD, false);
            all.push(Claim { start, end, words: vec![name.to_owned()] });
            confirmed(&all, false)
        };
        let known = "code points: It was 👍🏽 odd";
        assert_eq!(shown(5, 5, ""), format!("{known} | ! it has no words"));
        assert_eq!(shown(-4, 5, ""), format!("{known} | ! it ends after the end of the text"));
        assert_eq!(shown(5, 9000, ""), format!("{known} | ! it ends after the end of the text"));
        let elsewhere = "its words are at line 2, but its positions point to another place";
        assert_eq!(shown(0, 10, "odd at first. A…"), format!("{known} | ! {elsewhere}"));
        // A label that somebody made up is no evidence against a confirmed counting.
        assert_eq!(shown(5, 10, "greetings and all that"), format!("{known} | Hello"));
    }

    #[test]
    fn two_ways_that_are_equally_likely_are_a_doubt() {
        let text = "🙂 a b c d";
        let claims = [Claim { start: 4, end: 5, words: Vec::new() }];
        let trial = Trial::new(text, false, &claims, false);
        // Code points: `b`. UTF-16: a blank before it, which is no selection.
        assert_eq!(trial.prove(trial.best()).spans, [Ok(Span::new(7, 8))]);
        let text = "🙂.. x";
        let claims = [Claim { start: 2, end: 3, words: Vec::new() }];
        let trial = Trial::new(text, false, &claims, false);
        assert_eq!(trial.prove(trial.best()).spans, [Err(Doubt::Ambiguous)]);
        // The rest of the project tells.
        assert_eq!(trial.prove(&[0, 1, 2]).spans, [Ok(Span::new(5, 6))]);
    }

    #[test]
    fn a_selection_that_cuts_words_needs_proof() {
        let text = "🙂 Hello there";
        // UTF-16: “Hel”. Code points: “ell”, which is worse.
        let claims = [Claim { start: 3, end: 6, words: Vec::new() }];
        let trial = Trial::new(text, false, &claims, false);
        assert_eq!(trial.prove(trial.best()).spans, [Err(Doubt::CutsWords)]);
        // Where all ways of counting agree, there is nothing to prove.
        let claims = [Claim { start: 2, end: 4, words: Vec::new() }];
        let trial = Trial::new("Hello there", false, &claims, false);
        let proof = trial.prove(trial.best());
        assert_eq!((proof.spans, proof.counting), (vec![Ok(Span::new(2, 4))], None));
    }

    #[test]
    fn shortened_words_are_known() {
        assert!(is_said("It was\r\n odd at first", "It was odd…"));
        assert!(is_said("It was odd at first", "It was odd at first"));
        assert!(is_said("Yes.", "Yes."));
        assert!(!is_said("It was odd at first", "It was"));
        assert!(!is_said("It was odd at first", "…") && !is_said("", "") && !is_said("a", ""));
    }

    proptest! {
        #[test]
        fn the_standard_finds_every_span_again(
            text in "([a-zé ]|🙂|\r\n|\n|e\u{301}|שלום|\u{feff}){1,60}",
            ends in proptest::collection::vec((0..400_usize, 0..400_usize), 1..8),
        ) {
            let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let mut expected = Vec::new();
            let mut claims = Vec::new();
            for (a, b) in ends {
                let (a, b) = (a % bytes.len(), b % bytes.len());
                let (a, b) = (a.min(b), a.max(b));
                let words = &text[bytes[a]..bytes[b]];
                if words.trim().is_empty() {
                    continue;
                }
                expected.push(Ok(Span::new(bytes[a], bytes[b])));
                let (start, end) = (i64::try_from(a).unwrap(), i64::try_from(b).unwrap());
                claims.push(Claim { start, end, words: Vec::new() });
            }
            let trial = Trial::new(&text, false, &claims, true);
            prop_assert_eq!(trial.prove(trial.best()).spans, expected);
        }
    }
}
