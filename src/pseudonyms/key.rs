//! Pseudonyms: the key of a study's names, and how text is shown without them.
//!
//! A [`PseudonymList`] comes in, as it is kept in `pseudonyms.csv`; a
//! [`Pseudonyms`] goes out, which shows any text without the names on it.
//! Transcripts stay as they are: what is shown is made anew each time.
//!
//! # What counts as the name
//!
//! - Whole words, of which accents and case do not matter. Where the name has a
//!   space, a hyphen, an apostrophe or a full stop after an initial, the text may
//!   have any of these, a line break or nothing: `Mary Ann`, `Mary-Ann`,
//!   `Maryann`. Names in file names (`SianPowell_2`) are words too.
//! - With `’s`, which stays, and with a plural or genitive `s` or `es`.
//! - In languages whose names have cases (German, Russian, Finnish, Hungarian,
//!   Greek, Turkish, Romanian, Tamil): a word with a capital that starts as the
//!   name does, has at most four letters more, and has the same stem. In
//!   Russian and Greek the last two letters of the name may change.
//! - Where two names fit, the longer one; a line break inside a name is kept, so
//!   that lines keep their numbers.
//! - A word that is a function word of the language (`Will`, `May`) is the name
//!   only with a capital.
//! - In terms and labels, where no sentence stands around them, also single words of
//!   a name, and names with a capital in small letters; see [`Pseudonyms::shown_term`].

mod parts;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use aho_corasick::AhoCorasick;

use self::parts::Parts;
pub use self::parts::Talk;
use super::list::{PseudonymList, Rule};
use super::words::{key, keys, lowered, pieces};
use crate::base::{LineIndex, Span};
use crate::terms::Language;
use crate::terms::TokenKind;
use crate::terms::{Analyzer, AnalyzerParams};
use crate::transcripts::Transcript;

/// A name, ready to be found.
#[derive(Debug)]
struct Name {
    /// As listed.
    listed: String,
    pseudonym: String,
    /// Its words, folded.
    keys: Vec<String>,
    /// What stands between them, as listed.
    gaps: Vec<String>,
    /// All its words as one, folded.
    joined: String,
    /// Its last word, lower-cased, with accents: what a stemmer expects.
    last: String,
    needs_capital: bool,
    /// Whether it is written in letters that have capitals, with one.
    has_capital: bool,
}

/// What is shown instead of a stretch of text; positions count characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The name in the original.
    pub from: Range<usize>,
    /// The pseudonym in what is shown.
    pub to: Range<usize>,
}

/// A text without names, and how its positions answer to the original's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownText<'t> {
    /// What is shown; borrowed if it holds no name.
    pub text: Cow<'t, str>,
    /// In order.
    pub edits: Vec<Edit>,
    /// The same in bytes.
    pub byte_edits: Vec<Edit>,
}

impl ShownText<'_> {
    /// A half-open range of characters of the original, in what is shown; one
    /// that cuts a name holds the whole pseudonym. Order is kept.
    pub fn range(&self, range: [usize; 2]) -> [usize; 2] {
        let sides: Vec<_> = self.edits.iter().map(|edit| (&edit.from, &edit.to)).collect();
        moved(&sides, range)
    }

    /// As [`range`](Self::range), in bytes.
    pub fn byte_range(&self, range: [usize; 2]) -> [usize; 2] {
        let sides: Vec<_> = self.byte_edits.iter().map(|edit| (&edit.from, &edit.to)).collect();
        moved(&sides, range)
    }

    /// A half-open range of characters of what is shown, in the original; one that
    /// cuts a pseudonym holds the whole name.
    pub fn original(&self, range: [usize; 2]) -> [usize; 2] {
        let sides: Vec<_> = self.edits.iter().map(|edit| (&edit.to, &edit.from)).collect();
        moved(&sides, range)
    }
}

/// Moves a range from the first side of edits to the second.
fn moved(edits: &[(&Range<usize>, &Range<usize>)], [start, end]: [usize; 2]) -> [usize; 2] {
    let after = |n_edits: usize, at: usize| match n_edits.checked_sub(1).map(|last| edits[last]) {
        Some((from, to)) => to.end + (at - from.end),
        None => at,
    };
    let next = edits.partition_point(|(from, _)| from.end <= start);
    let moved_start = match edits.get(next) {
        Some((from, to)) if from.start <= start => to.start,
        _ => after(next, start),
    };
    if start >= end {
        return [moved_start, moved_start];
    }
    let next = edits.partition_point(|(from, _)| from.end < end);
    let moved_end = match edits.get(next) {
        Some((from, to)) if from.start < end => to.end,
        _ => after(next, end),
    };
    [moved_start, moved_end]
}

/// A name that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundName {
    /// The place of the name among the names.
    name: usize,
    /// Its bytes.
    pub at: Range<usize>,
}

/// Shows text without the names of a study.
#[derive(Default)]
pub struct Pseudonyms {
    names: Vec<Name>,
    /// Names by their first words, in every spelling of breaks.
    by_start: HashMap<String, Vec<usize>>,
    /// Names by the first letters of all their words as one.
    by_letters: HashMap<String, Vec<usize>>,
    /// Finds pseudonyms: what is shown is never changed again.
    shown: Option<AhoCorasick>,
    /// Stems names where they have cases, and whether endings may change.
    stemmers: Vec<(Analyzer, bool)>,
    /// Single words of names.
    parts: Parts,
}

/// The languages in which names take endings beyond `s` and that have a
/// stemmer, and whether the end of the name may change.
fn inflects_names(language: Language) -> Option<bool> {
    match language {
        Language::Russian | Language::Greek => Some(true),
        Language::Finnish
        | Language::German
        | Language::Hungarian
        | Language::Romanian
        | Language::Tamil
        | Language::Turkish => Some(false),
        _ => None,
    }
}

/// Letters that a case may add to a name.
const MAX_ENDING: usize = 4;
/// Letters by which names are looked up for their endings.
const START_LETTERS: usize = 3;
/// Letters at the end of a name that a case may change, where it may.
const CHANGING_LETTERS: usize = 2;

impl Pseudonyms {
    /// Makes a list ready for texts in these languages.
    pub fn new(list: &PseudonymList, languages: &[Language]) -> Self {
        let analyzers: Vec<Analyzer> = languages
            .iter()
            .map(|&language| Analyzer::new(language, &AnalyzerParams::default()))
            .collect();
        let is_function_word = |word: &str| {
            let is_one = |kind| matches!(kind, TokenKind::Stop | TokenKind::Filler);
            analyzers.iter().any(|analyzer| is_one(analyzer.kind(word)))
        };
        let mut found = Self::default();
        for entry in list.entries.iter().filter(|entry| entry.rule != Rule::Ignore) {
            let pieces = pieces(&entry.name);
            let Some(last) = pieces.last() else { continue };
            let keys = keys(&entry.name);
            let lower = entry.name.to_lowercase();
            let is_capital = |c: char| c.is_uppercase();
            let name = Name {
                listed: entry.name.clone(),
                pseudonym: entry.pseudonym.clone(),
                joined: keys.concat(),
                needs_capital: entry.rule == Rule::Capital
                    || (keys.len() == 1 && is_function_word(&lower)),
                has_capital: entry.name[pieces[0].clone()].starts_with(is_capital),
                last: lowered(&entry.name[last.clone()]),
                gaps: pieces
                    .windows(2)
                    .map(|pair| entry.name[pair[0].end..pair[1].start].to_owned())
                    .collect(),
                keys,
            };
            let at = found.names.len();
            for n in 1..=name.keys.len() {
                found.by_start.entry(name.keys[..n].concat()).or_default().push(at);
            }
            let start: String = name.joined.chars().take(START_LETTERS).collect();
            found.by_letters.entry(start).or_default().push(at);
            found.parts.add(&entry.name, &entry.pseudonym, name.needs_capital);
            found.names.push(name);
        }
        let shown: Vec<&str> = found.names.iter().map(|name| name.pseudonym.as_str()).collect();
        found.shown = AhoCorasick::new(&shown).ok().filter(|_| !shown.is_empty());
        let with_endings =
            languages.iter().zip(analyzers).filter_map(|(&l, a)| Some((a, inflects_names(l)?)));
        found.stemmers = with_endings.collect();
        found
    }

    /// Whether there is no name to find.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// A transcript as it is shown, with the `places` in it.
    pub fn shown_transcript(&self, transcript: &Transcript, places: &mut [Span]) -> Transcript {
        let mut transcript = transcript.clone();
        let original = std::mem::take(&mut transcript.text);
        let shown = self.show(&original);
        let moved = |span: Span| {
            let [start, end] = shown.byte_range([span.start as usize, span.end as usize]);
            Span::new(start, end)
        };
        for turn in &mut transcript.turns {
            turn.span = moved(turn.span);
            for (at, _) in &mut turn.cues {
                *at = moved(Span { start: *at, end: *at }).start;
            }
        }
        for place in places {
            *place = moved(*place);
        }
        for speaker in &mut transcript.speakers {
            speaker.label = self.apply(&speaker.label).into_owned();
        }
        transcript.lines = LineIndex::new(&shown.text);
        transcript.text = shown.text.into_owned();
        transcript
    }

    /// The text as it is shown; borrowed if it holds no name.
    pub fn apply<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.show(text).text
    }

    /// The text as it is shown, with the positions of what was changed.
    pub fn show<'t>(&self, text: &'t str) -> ShownText<'t> {
        let found = self.find(text);
        if found.is_empty() {
            return ShownText {
                text: Cow::Borrowed(text),
                edits: Vec::new(),
                byte_edits: Vec::new(),
            };
        }
        let mut shown = String::with_capacity(text.len());
        let mut edits = Vec::with_capacity(found.len());
        let mut byte_edits = Vec::with_capacity(found.len());
        let (mut done, mut n_from, mut n_to) = (0, 0, 0);
        for FoundName { name, at } in found {
            let before = &text[done..at.start];
            let n_before = before.chars().count();
            let original = &text[at.clone()];
            let mut instead = self.names[name].pseudonym.clone();
            // Lines keep their numbers.
            for line in original.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
                instead.push_str(if line.ends_with("\r\n") { "\r\n" } else { "\n" });
            }
            let is_digit = |c: char| c.is_numeric();
            if instead.ends_with(is_digit) && text[at.end..].starts_with(is_digit) {
                instead.push('-');
            }
            let from = n_from + n_before..n_from + n_before + original.chars().count();
            let to = n_to + n_before..n_to + n_before + instead.chars().count();
            (done, n_from, n_to) = (at.end, from.end, to.end);
            shown.push_str(before);
            let byte = shown.len();
            shown.push_str(&instead);
            byte_edits.push(Edit { from: at, to: byte..shown.len() });
            edits.push(Edit { from, to });
        }
        shown.push_str(&text[done..]);
        ShownText { text: Cow::Owned(shown), edits, byte_edits }
    }

    /// The names that are shown as this, in the order of the list; none if it is
    /// no pseudonym. Case and accents do not matter.
    pub fn names_shown_as(&self, pseudonym: &str) -> Vec<&str> {
        let wanted = keys(pseudonym);
        let names = self.names.iter().filter(|name| keys(&name.pseudonym) == wanted);
        names.map(|name| name.listed.as_str()).collect()
    }

    /// All pseudonyms, each once, in alphabetical order, with their names.
    pub fn by_pseudonym(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut by_pseudonym: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for name in &self.names {
            by_pseudonym.entry(&name.pseudonym).or_default().push(&name.listed);
        }
        by_pseudonym
    }

    /// The listed name that was found.
    pub fn name_of(&self, found: &FoundName) -> &str {
        &self.names[found.name].listed
    }

    /// The names in a text, in order, none overlapping another.
    pub fn find(&self, text: &str) -> Vec<FoundName> {
        if self.names.is_empty() {
            return Vec::new();
        }
        let pieces = pieces(text);
        let is_shown = self.shown_pieces(text, &pieces);
        let mut found = Vec::new();
        let mut at = 0;
        while at < pieces.len() {
            match self.name_at(text, &pieces, &is_shown, at) {
                Some((name, end)) => {
                    found.push(FoundName { name, at: pieces[at].start..pieces[end - 1].end });
                    at = end;
                }
                None => at += 1,
            }
        }
        found
    }

    /// Which pieces of a text are of a pseudonym.
    fn shown_pieces(&self, text: &str, pieces: &[Range<usize>]) -> Vec<bool> {
        let mut is_shown = vec![false; pieces.len()];
        let found = self.shown.iter().flat_map(|automaton| automaton.find_overlapping_iter(text));
        for found in found {
            let touched = pieces.partition_point(|piece| piece.end <= found.start())
                ..pieces.partition_point(|piece| piece.start < found.end());
            let is_whole = pieces[touched.clone()]
                .iter()
                .all(|piece| piece.start >= found.start() && piece.end <= found.end());
            if is_whole {
                is_shown[touched].fill(true);
            }
        }
        is_shown
    }

    /// The longest name that starts with a piece, and the piece after it.
    fn name_at(
        &self,
        text: &str,
        pieces: &[Range<usize>],
        is_shown: &[bool],
        at: usize,
    ) -> Option<(usize, usize)> {
        if is_shown[at] {
            return None;
        }
        let word = &text[pieces[at].clone()];
        let first = key(word);
        let start: String = first.chars().take(START_LETTERS).collect();
        let exact = self.by_start.get(&first).into_iter().flatten();
        let inflected = self.by_letters.get(&start).into_iter().flatten();
        let mut best: Option<(usize, bool, usize)> = None;
        for &name in exact.chain(inflected) {
            let Some((end, is_exact)) =
                self.fits(&self.names[name], text, pieces, is_shown, at, &first)
            else {
                continue;
            };
            let better = best.is_none_or(|(e, x, n)| {
                (end, is_exact, std::cmp::Reverse(name)) > (e, x, std::cmp::Reverse(n))
            });
            if better {
                best = Some((end, is_exact, name));
            }
        }
        best.map(|(end, _, name)| (name, end))
    }

    /// Whether a name stands at a piece: the piece after it, and whether it
    /// stands there without an ending.
    fn fits(
        &self,
        name: &Name,
        text: &str,
        pieces: &[Range<usize>],
        is_shown: &[bool],
        at: usize,
        first: &str,
    ) -> Option<(usize, bool)> {
        let is_capital = text[pieces[at].clone()].starts_with(char::is_uppercase);
        if name.needs_capital && name.has_capital && !is_capital {
            return None;
        }
        let mut next_key = 0;
        let mut next = at;
        loop {
            let piece = pieces.get(next).filter(|_| !is_shown[next])?;
            if next > at {
                let before = &pieces[next - 1];
                // A mail address has marks between its words that no name has.
                let is_as_listed = text[before.end..piece.start] == name.gaps[next_key - 1];
                if !is_as_listed && !joins(text, before, piece) {
                    return None;
                }
            }
            let word = &text[piece.clone()];
            let key: Cow<'_, str> = if next == at { first.into() } else { key(word).into() };
            let mut rest = key.as_ref();
            let is_alone = next_key + 1 == name.keys.len();
            while let Some(part) = name.keys.get(next_key) {
                let Some(after) = rest.strip_prefix(part.as_str()) else { break };
                next_key += 1;
                rest = after;
                if rest.is_empty() {
                    break;
                }
            }
            next += 1;
            let is_end = next_key == name.keys.len();
            if rest.is_empty() {
                if is_end {
                    return Some((next, true));
                }
                continue;
            }
            let takes_ending = if is_end {
                is_plural(&name.joined, rest) || self.is_inflected(name, word, is_capital)
            } else {
                // The end of the name itself may change.
                is_alone && self.is_inflected(name, word, is_capital)
            };
            return takes_ending.then_some((next, false));
        }
    }

    /// Whether a word is the last word of a name with the ending of a case.
    fn is_inflected(&self, name: &Name, word: &str, is_capital: bool) -> bool {
        if self.stemmers.is_empty() || (name.has_capital && !is_capital) {
            return false;
        }
        let word = lowered(word);
        let (n_name, n_word) = (name.last.chars().count(), word.chars().count());
        let n_common = word.chars().zip(name.last.chars()).take_while(|(a, b)| a == b).count();
        self.stemmers.iter().any(|(analyzer, may_change)| {
            let n_changed = if *may_change { CHANGING_LETTERS } else { 0 };
            n_common >= START_LETTERS.max(n_name.saturating_sub(n_changed))
                && n_word <= n_common + MAX_ENDING
                && {
                    // A stemmer may take an ending off the bare name too: "Иван".
                    let stem = analyzer.stem(&word);
                    stem == name.last || stem == analyzer.stem(&name.last)
                }
        })
    }
}

/// Whether a name has a plural or genitive with these letters.
fn is_plural(name: &str, ending: &str) -> bool {
    name.chars().nth(2).is_some() && matches!(ending, "s" | "es")
}

/// Whether what stands between two words leaves them one name.
fn joins(text: &str, before: &Range<usize>, after: &Range<usize>) -> bool {
    let between = &text[before.end..after.start];
    let mut n_lines = 0;
    let mut n_marks = 0;
    for c in between.chars() {
        match c {
            '\n' => n_lines += 1,
            c if c.is_whitespace() => {}
            '-' | '\u{ad}' | '\u{2010}'..='\u{2013}' | '\'' | '’' | '‘' | 'ʼ' | '_' => {
                n_marks += 1;
            }
            // "J. Smith", "St. Asaph": a sentence seldom ends in so short a word.
            '.' if text[before.clone()].chars().count() <= 3 => n_marks += 1,
            _ => return false,
        }
    }
    n_lines <= 1 && n_marks <= 1
}

#[cfg(test)]
mod tests;
