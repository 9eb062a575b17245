//! Pseudonyms: the key of a study's names, and how text is shown without them.
//!
//! A [`PseudonymList`] comes in, as it is kept in `pseudonyms.csv`; a
//! [`Pseudonyms`] goes out, which shows any text without the names on it.
//! Transcripts stay as they are: what is shown is made anew each time.
//!
//! # The table
//!
//! ```text
//! name,pseudonym,rule
//! Siân Powell,P07,           any case, and the endings that names take
//! Siân,P07,                  several names may share a pseudonym
//! Abergavenny,[town],
//! Grace,P03,capital          only where it starts with a capital: grace stays
//! Zoom,,ignore               looked at, and no name
//! ```
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

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use aho_corasick::AhoCorasick;
use unicode_normalization::char::is_combining_mark;

use crate::base::{Diagnose, FilePlace, Remedy, Task};
use crate::sources::tables::{Row, Table};
use crate::terms::Language;
use crate::terms::TokenKind;
use crate::terms::fold;
use crate::terms::{Analyzer, AnalyzerParams};

/// When a word is taken for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Rule {
    /// In any case.
    #[default]
    AnyCase,
    /// Only with a capital.
    Capital,
    /// Never: somebody looked at it, and it gives nobody away.
    Ignore,
}

impl Rule {
    const NAMES: &[(Self, &str)] =
        &[(Self::AnyCase, "any"), (Self::Capital, "capital"), (Self::Ignore, "ignore")];

    /// As it stands in the table.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(rule, _)| *rule == self).map_or("", |(_, name)| name)
    }
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PseudonymEntry {
    /// The name as it is said.
    pub name: String,
    /// What is shown instead; empty for a name to ignore.
    pub pseudonym: String,
    /// When a word is taken for it.
    pub rule: Rule,
}

/// The key: names with what is shown instead. It gives people away, and goes
/// into no answer but its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PseudonymList {
    /// In the order of the table.
    pub entries: Vec<PseudonymEntry>,
}

/// What is wrong with the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PseudonymError {
    /// A row of the table.
    #[error("{problem}")]
    Row {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
        /// What helps.
        remedy: Option<Remedy>,
    },
    /// Nothing that could be found in talk.
    #[error("`{name}` is no name")]
    BadName {
        /// What was given.
        name: String,
    },
    /// Nothing that could be shown.
    #[error("`{pseudonym}` is no pseudonym")]
    BadPseudonym {
        /// What was given.
        pseudonym: String,
    },
    /// The name has another pseudonym.
    #[error("`{name}` is shown as `{pseudonym}` already")]
    Taken {
        /// The name.
        name: String,
        /// What it is shown as.
        pseudonym: String,
    },
    /// A name would be seen in what is shown instead of one.
    #[error("the pseudonym `{pseudonym}` shares words with the name `{name}`")]
    Shared {
        /// The pseudonym.
        pseudonym: String,
        /// The name.
        name: String,
    },
    /// The name is not on the list.
    #[error("`{name}` is not on the list")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest, or where the list is.
        remedy: Remedy,
    },
}

impl Diagnose for PseudonymError {
    fn place(&self) -> Option<FilePlace> {
        let Self::Row { line, .. } = self else { return None };
        Some(FilePlace { path: "pseudonyms.csv".to_owned(), line: Some(*line) })
    }

    fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::Row { remedy, .. } => remedy.clone(),
            Self::BadName { .. } => Some(Remedy::new("a name has two letters or more")),
            Self::BadPseudonym { .. } => {
                Some(Remedy::new("give letters or digits on one line, such as P07 or [town]"))
            }
            Self::Taken { name, .. } => {
                Some(Remedy::by(Task::RemovePseudonym(name.clone()), "take that back first"))
            }
            Self::Shared { .. } => Some(Remedy::new(
                "choose a pseudonym that is part of no name, such as P07 or [town]",
            )),
            Self::Unknown { remedy, .. } => Some(remedy.clone()),
        }
    }
}

impl PseudonymList {
    /// Reads the table; a first line that names no column is a row.
    ///
    /// # Errors
    /// [`PseudonymError::Row`] with the line of the first row that cannot be used.
    pub fn parse(text: &str) -> Result<Self, PseudonymError> {
        let table = Table::parse(text, None);
        let is_heading = |row: &Row| row.cell(0).eq_ignore_ascii_case("name");
        let n_headings = usize::from(table.rows.first().is_some_and(is_heading));
        let mut list = Self::default();
        for row in &table.rows[n_headings..] {
            let cell = |at: usize| row.cell(at);
            let bad = |problem: String, advice: &str| {
                let remedy = Some(Remedy::new(advice));
                PseudonymError::Row { line: row.line, problem, remedy }
            };
            let wanted = cell(2).to_lowercase();
            let rule = match wanted.as_str() {
                "" => Rule::AnyCase,
                wanted => {
                    let known = Rule::NAMES.iter().find(|(_, name)| *name == wanted);
                    known.map(|(rule, _)| *rule).ok_or_else(|| {
                        let problem = format!("`{}` is no rule", cell(2));
                        bad(problem, "leave it empty, or write `capital` or `ignore`")
                    })?
                }
            };
            if rule != Rule::Ignore && cell(1).is_empty() {
                let problem = format!("`{}` has no pseudonym", cell(0));
                return Err(bad(problem, "give it one, or write `ignore` into the third column"));
            }
            let entry =
                PseudonymEntry { name: cell(0).to_owned(), pseudonym: cell(1).to_owned(), rule };
            list.check(&entry).map_err(|error| PseudonymError::Row {
                line: row.line,
                problem: error.to_string(),
                remedy: error.remedy(),
            })?;
            list.put(entry);
        }
        Ok(list)
    }

    /// Writes the table.
    pub fn write(&self) -> String {
        let mut table = csv::Writer::from_writer(Vec::new());
        let head = ["name", "pseudonym", "rule"];
        let rows = self.entries.iter().map(|entry| {
            let rule = if entry.rule == Rule::AnyCase { "" } else { entry.rule.name() };
            [entry.name.as_str(), entry.pseudonym.as_str(), rule]
        });
        for row in std::iter::once(head).chain(rows) {
            table.write_record(row).expect("memory takes every row");
        }
        let bytes = table.into_inner().expect("memory takes every row");
        String::from_utf8(bytes).expect("the cells are text")
    }

    /// Adds a name, or changes the rule of one that has this pseudonym.
    ///
    /// # Errors
    /// [`PseudonymError`] if it cannot be found or shown, or has another pseudonym.
    pub fn add(&mut self, entry: PseudonymEntry) -> Result<(), PseudonymError> {
        self.check(&entry)?;
        self.put(entry);
        Ok(())
    }

    /// Takes a name off the list.
    ///
    /// # Errors
    /// [`PseudonymError::Unknown`] with the nearest name.
    pub fn remove(&mut self, name: &str) -> Result<PseudonymEntry, PseudonymError> {
        let key = keys(name);
        let at = self.entries.iter().position(|entry| keys(&entry.name) == key);
        at.map(|at| self.entries.remove(at)).ok_or_else(|| {
            let names = self.entries.iter().map(|entry| entry.name.as_str());
            let remedy = Remedy::nearest(name, names, || {
                Remedy::by(Task::ListPseudonyms, "see which there are")
            });
            PseudonymError::Unknown { name: name.to_owned(), remedy }
        })
    }

    /// Whether the name stands on the list, with a pseudonym or to be ignored.
    pub fn has(&self, name: &str) -> bool {
        let key = keys(name);
        self.entries.iter().any(|entry| keys(&entry.name) == key)
    }

    fn put(&mut self, entry: PseudonymEntry) {
        let key = keys(&entry.name);
        match self.entries.iter_mut().find(|known| keys(&known.name) == key) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }

    fn check(&self, entry: &PseudonymEntry) -> Result<(), PseudonymError> {
        let name = keys(&entry.name);
        if name.concat().chars().nth(1).is_none() || entry.name.contains('\n') {
            return Err(PseudonymError::BadName { name: entry.name.clone() });
        }
        if entry.rule == Rule::Ignore {
            return Ok(());
        }
        if keys(&entry.pseudonym).is_empty() || entry.pseudonym.contains(['\n', '\r']) {
            return Err(PseudonymError::BadPseudonym { pseudonym: entry.pseudonym.clone() });
        }
        let known = self.entries.iter().filter(|known| known.rule != Rule::Ignore);
        for known in known.chain(std::iter::once(entry)) {
            if keys(&known.name) == name && known.pseudonym != entry.pseudonym {
                return Err(PseudonymError::Taken {
                    name: known.name.clone(),
                    pseudonym: known.pseudonym.clone(),
                });
            }
            for (one, other) in [(known, entry), (entry, known)] {
                if shares_words(&one.pseudonym, &keys(&other.name)) {
                    return Err(PseudonymError::Shared {
                        pseudonym: one.pseudonym.clone(),
                        name: other.name.clone(),
                    });
                }
            }
        }
        Ok(())
    }
}

/// Whether a pseudonym, or words that run on into it or out of it, could be read
/// as the name: then one could not be told from the other in what is shown.
fn shares_words(pseudonym: &str, name: &[String]) -> bool {
    let pieces = pieces(pseudonym);
    let shown: Vec<String> = pieces.iter().map(|piece| key(&pseudonym[piece.clone()])).collect();
    let is_open_start = pieces.first().is_some_and(|piece| piece.start == 0);
    let is_open_end = pieces.last().is_some_and(|piece| piece.end == pseudonym.len());
    let most = shown.len().min(name.len());
    let runs_in = |n: usize| shown[shown.len() - n..] == name[..n];
    let runs_out = |n: usize| shown[..n] == name[name.len() - n..];
    shown.concat() == name.concat()
        || shown.windows(name.len()).any(|part| part == name)
        || (is_open_start && is_open_end && name.windows(shown.len()).any(|part| part == shown))
        || (is_open_end && (1..=most).any(runs_in))
        || (is_open_start && (1..=most).any(runs_out))
}

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
        let mut is_shown = vec![false; pieces.len()];
        if let Some(automaton) = &self.shown {
            for found in automaton.find_overlapping_iter(text) {
                let touched = pieces.partition_point(|piece| piece.end <= found.start())
                    ..pieces.partition_point(|piece| piece.start < found.end());
                let is_whole = pieces[touched.clone()]
                    .iter()
                    .all(|piece| piece.start >= found.start() && piece.end <= found.end());
                if is_whole {
                    is_shown[touched].fill(true);
                }
            }
        }
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

/// What is compared of a word: lower case, no accents.
fn key(word: &str) -> String {
    fold(&lowered(word)).into_owned()
}

/// A word in lower case, without characters that are not seen.
fn lowered(word: &str) -> String {
    let lower = word.to_lowercase();
    if lower.is_ascii() { lower } else { lower.chars().filter(|c| !is_unseen(*c)).collect() }
}

/// What is compared of a name.
fn keys(name: &str) -> Vec<String> {
    pieces(name).into_iter().map(|piece| key(&name[piece])).collect()
}

/// Soft hyphens, joiners and marks of direction.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Scripts that put no space between words: each character may start a name.
fn is_unspaced(c: char) -> bool {
    matches!(
        u32::from(c),
        0x0e00..=0x0eff
            | 0x1000..=0x109f
            | 0x1780..=0x17ff
            | 0x2e80..=0x9fff
            | 0xac00..=0xd7af
            | 0xf900..=0xfaff
            | 0x2_0000..=0x3_ffff
    )
}

/// What stands before a capital inside a name that is one word: `McLeod`.
const NAME_STARTS: &[&str] = &["mc", "mac", "de", "di", "la", "le", "du", "van", "von", "fitz"];

#[derive(Clone, Copy, PartialEq)]
enum PieceKind {
    Letters,
    Digits,
    /// Of a script without spaces.
    Alone,
}

/// The words of a text, in bytes: runs of letters, runs of digits; also where a
/// capital follows a small letter, as in file names.
pub(super) fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::with_capacity(text.len() / 5);
    let mut open: Option<(usize, PieceKind)> = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if let Some((start, kind)) = open {
            let goes_on = match kind {
                _ if is_combining_mark(c) || is_unseen(c) => true,
                PieceKind::Letters => {
                    c.is_alphabetic()
                        && !is_unspaced(c)
                        && !(c.is_uppercase()
                            && before.is_lowercase()
                            && !NAME_STARTS.contains(&text[start..at].to_lowercase().as_str()))
                }
                PieceKind::Digits => c.is_numeric(),
                PieceKind::Alone => false,
            };
            if goes_on {
                before = if is_combining_mark(c) || is_unseen(c) { before } else { c };
                continue;
            }
            found.push(start..at);
        }
        open = if c.is_alphabetic() {
            let kind = if is_unspaced(c) { PieceKind::Alone } else { PieceKind::Letters };
            Some((at, kind))
        } else if c.is_numeric() {
            Some((at, PieceKind::Digits))
        } else {
            None
        };
        before = c;
    }
    found.extend(open.map(|(start, _)| start..text.len()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(rows: &[(&str, &str)]) -> PseudonymList {
        let mut list = PseudonymList::default();
        for (name, pseudonym) in rows {
            let (name, pseudonym) = ((*name).to_owned(), (*pseudonym).to_owned());
            list.add(PseudonymEntry { name, pseudonym, rule: Rule::AnyCase }).unwrap();
        }
        list
    }

    #[track_caller]
    fn check(rows: &[(&str, &str)], language: Language, text: &str, expected: &str) {
        let pseudonyms = Pseudonyms::new(&list(rows), &[language]);
        assert_eq!(pseudonyms.apply(text), expected);
    }

    #[test]
    fn names_are_found_in_every_spelling() {
        let rows =
            [("Siân Powell", "P07"), ("Siân", "P07"), ("Powell", "P07"), ("Abergavenny", "[town]")];
        check(
            &rows,
            Language::English,
            "Sian and SIÂN, Sia\u{302}n’s dog, siân powell, Siân-Powell, the Powells; Powellite.",
            "P07 and P07, P07’s dog, P07, P07, the P07; Powellite.",
        );
        check(&rows, Language::English, "In ABERGAVENNY? Aber\u{ad}gavenny.", "In [town]? [town].");
        check(
            &rows,
            Language::English,
            "SianPowell_2, sian2, interview-sian",
            "P07_2, P07-2, interview-P07",
        );
        check(
            &[("Mary Ann", "P1"), ("O’Brien", "P2"), ("J. Smith", "P3")],
            Language::English,
            "Maryann, Mary-Ann, mary ann. Mary, Ann. OBrien, O'Brien, J Smith, J.Smith.",
            "P1, P1, P1. Mary, Ann. P2, P2, P3, P3.",
        );
        check(
            &[("sian@example.org", "[mail]"), ("12 March 2021", "[date]")],
            Language::English,
            "Write to Sian@example.org on 12 March\n2021, or sian.",
            "Write to [mail] on [date]\n, or sian.",
        );
    }

    #[test]
    fn a_line_break_inside_a_name_stays() {
        let rows = [("Siân Powell", "P07")];
        check(&rows, Language::English, "with Siân\r\nPowell and", "with P07\r\n and");
        check(&rows, Language::English, "with Siân\nPowell", "with P07\n");
        // Two paragraphs are no name.
        check(&rows, Language::English, "Siân\n\nPowell", "Siân\n\nPowell");
    }

    #[test]
    fn the_longest_name_wins() {
        let rows = [
            ("Ruth", "P1"),
            ("Ruth Calloway", "[leader]"),
            ("Ruth Calloway Hospital", "[hospital]"),
        ];
        check(
            &rows,
            Language::English,
            "Ruth, Ruth Calloway, Ruth Calloway Hospital, Ruth Calloway hospitals",
            "P1, [leader], [hospital], [hospital]",
        );
    }

    #[test]
    fn words_that_only_look_like_names_stay() {
        check(
            &[("Ina", "P1"), ("Will", "P2"), ("Ann", "P3")],
            Language::English,
            "I will go in a minute with Will and Ina. Annual plans; Anna.",
            "I will go in a minute with P2 and P1. Annual plans; Anna.",
        );
        let mut grace = list(&[]);
        let entry = PseudonymEntry {
            name: "Grace".to_owned(),
            pseudonym: "P4".to_owned(),
            rule: Rule::Capital,
        };
        grace.add(entry).unwrap();
        let pseudonyms = Pseudonyms::new(&grace, &[Language::English]);
        assert_eq!(pseudonyms.apply("with grace, Grace, GRACE"), "with grace, P4, P4");
    }

    #[test]
    fn names_take_the_endings_of_their_language() {
        check(
            &[("Müller", "P1")],
            Language::German,
            "Müllers, bei Müllern, müllern",
            "P1, bei P1, müllern",
        );
        check(
            &[("Иван", "P1"), ("Анна", "P2")],
            Language::Russian,
            "с Иваном и Анной, у Анны, Ивана, Ивану",
            "с P1 и P2, у P2, P1, P1",
        );
        check(&[("Pekka", "P1")], Language::Finnish, "Pekkalle", "P1");
        check(&[("Ayşe", "P1")], Language::Turkish, "Ayşe'nin, AYŞE", "P1'nin, P1");
        // English has no such endings: Anne is somebody else.
        check(&[("Ann", "P1")], Language::English, "Anne and Ann", "Anne and P1");
        check(&[("王芳", "P1")], Language::English, "我和王芳说", "我和P1说");
    }

    #[test]
    fn positions_follow() {
        let pseudonyms = Pseudonyms::new(
            &list(&[("Siân Powell", "P7"), ("Bo", "Person")]),
            &[Language::English],
        );
        let text = "😀 Siân Powell met Bo at ten";
        let shown = pseudonyms.show(text);
        assert_eq!(shown.text, "😀 P7 met Person at ten");
        let part = |[start, end]: [usize; 2]| -> String {
            shown.text.chars().skip(start).take(end - start).collect()
        };
        let place = |words: &str| {
            let at = text.find(words).unwrap();
            let start = text[..at].chars().count();
            [start, start + words.chars().count()]
        };
        for (original, expected) in [
            ("😀", "😀"),
            ("Siân Powell", "P7"),
            ("Powell met", "P7 met"),
            ("Siân", "P7"),
            (" met ", " met "),
            ("Bo at", "Person at"),
            ("ten", "ten"),
        ] {
            assert_eq!(part(shown.range(place(original))), expected, "{original}");
            let bytes = |words: &str| text.find(words).map(|at| [at, at + words.len()]).unwrap();
            let [from, to] = shown.byte_range(bytes(original));
            assert_eq!(&shown.text[from..to], expected, "{original}");
            assert_eq!(part(shown.range(shown.original(shown.range(place(original))))), expected);
        }
    }

    #[test]
    fn a_table_reads_back_and_mistakes_are_named() {
        let text =
            "name,pseudonym,rule\nSiân Powell,P07,\n\"Grace, the\",P03,capital\nZoom,,ignore\n";
        let list = PseudonymList::parse(text).unwrap();
        assert_eq!(list.write(), text);
        assert_eq!(
            PseudonymList::parse("\u{feff}Siân Powell;P07\r\n\r\n").unwrap().entries.len(),
            1
        );
        let mistake = |text: &str| PseudonymList::parse(text).unwrap_err().to_string();
        assert_eq!(
            mistake("name,pseudonym\nSiân,\n"),
            "pseudonyms.csv:2: `Siân` has no pseudonym\n  hint: give it one, or write `ignore` into the third column"
        );
        assert_eq!(
            mistake("name,pseudonym\nSiân,P1\nSian,P2\n"),
            "pseudonyms.csv:3: `Siân` is shown as `P1` already\n  hint: take that back first"
        );
        assert_eq!(
            mistake("J,P1\n"),
            "pseudonyms.csv:1: `J` is no name\n  hint: a name has two letters or more"
        );
        assert_eq!(
            mistake("name,pseudonym,rule\nJo,P1,capitals\n"),
            "pseudonyms.csv:2: `capitals` is no rule\n  hint: leave it empty, or write `capital` or `ignore`"
        );
    }

    #[test]
    fn no_pseudonym_may_be_read_as_a_name() {
        let refused = |rows: &[(&str, &str)]| {
            let mut list = PseudonymList::default();
            rows.iter().any(|(name, pseudonym)| {
                let (name, pseudonym) = ((*name).to_owned(), (*pseudonym).to_owned());
                list.add(PseudonymEntry { name, pseudonym, rule: Rule::AnyCase }).is_err()
            })
        };
        assert!(refused(&[("Ann", "Mary"), ("Mary", "P1")]));
        assert!(refused(&[("Ann", "Mary"), ("mary jones", "P1")]));
        assert!(refused(&[("Ann", "Old Mary"), ("Mary Jones", "P1")]));
        assert!(refused(&[("Leeds", "[Leeds]")]));
        assert!(!refused(&[
            ("University of Leeds", "[university]"),
            ("Ann", "Mary"),
            ("Jo", "Mary")
        ]));
    }

    #[test]
    fn a_list_says_what_is_near() {
        let mut list = list(&[("Siân Powell", "P07")]);
        assert_eq!(
            list.remove("Sian Powel").unwrap_err().diagnostic().text(),
            "`Sian Powel` is not on the list\n  hint: did you mean `Siân Powell`?"
        );
        assert_eq!(list.remove("sian  powell").unwrap().pseudonym, "P07");
        assert!(list.entries.is_empty());
    }

    fn words() -> impl Strategy<Value = String> {
        let word = proptest::sample::select(vec![
            "siân",
            "Sian",
            "POWELL",
            "powell",
            "Ruth",
            "mary",
            "Ann",
            "anns",
            "will",
            "Will",
            "P7",
            "[town]",
            "Leeds",
            "of",
            "McLeod",
            "RuthPowell",
            "x9",
            "王芳",
            "😀",
            "dog",
            "Sia\u{302}n",
            "Person",
        ]);
        let gap = proptest::sample::select(vec![
            " ", "-", "’", ", ", ". ", "\n", "\r\n", "", "  ", "_", "’s ", "\n\n",
        ]);
        proptest::collection::vec((word, gap), 0..14)
            .prop_map(|parts| parts.into_iter().flat_map(|(word, gap)| [word, gap]).collect())
    }

    fn sample() -> Pseudonyms {
        let rows = [
            ("Siân", "P7"),
            ("Siân Powell", "P7"),
            ("Powell", "Person"),
            ("Ruth", "P"),
            ("Mary Ann", "Bo Q"),
            ("Will", "[x]"),
            ("University of Leeds", "[university]"),
            ("Leeds", "[town]"),
            ("McLeod", "P8"),
            ("王芳", "P9"),
        ];
        Pseudonyms::new(&list(&rows), &[Language::English, Language::German])
    }

    proptest! {
        #[test]
        fn what_is_shown_stays_as_it_is(text in words()) {
            let pseudonyms = sample();
            let once = pseudonyms.apply(&text).into_owned();
            prop_assert!(matches!(pseudonyms.apply(&once), Cow::Borrowed(_)), "{:?} {:?}", once, pseudonyms.apply(&once));
            prop_assert_eq!(once.matches('\n').count(), text.matches('\n').count());
        }

        #[test]
        fn no_name_is_left(text in words()) {
            let shown = sample().apply(&text).into_owned();
            // Cut without the help of the matcher.
            let bare: String = shown.chars().filter(|c| *c != '\u{302}').collect();
            let words: Vec<&str> = bare.split(|c: char| !c.is_alphanumeric()).collect();
            for name in ["sian", "powell", "ruth", "leeds", "mcleod"] {
                let is_name = |word: &&str| word.replace('â', "a").to_lowercase() == name;
                prop_assert!(!words.iter().any(is_name), "{:?} {}", shown, name);
            }
            // "will" is a word, and "Ruthpowell" is somebody else.
            for name in ["Will", "RuthPowell"] {
                prop_assert!(!words.contains(&name), "{:?} {}", shown, name);
            }
            prop_assert!(!shown.contains("王芳") && !shown.contains("Mary Ann"), "{:?}", shown);
        }

        #[test]
        fn positions_keep_their_order(text in words(), a in 0..60_usize, b in 0..60_usize) {
            let pseudonyms = sample();
            let shown = pseudonyms.show(&text);
            let n = text.chars().count();
            let (a, b) = (a.min(b).min(n), a.max(b).min(n));
            let [start, end] = shown.range([a, b]);
            prop_assert!(start <= end && end <= shown.text.chars().count());
            prop_assert_eq!(shown.range([0, n]), [0, shown.text.chars().count()]);
            prop_assert!(shown.range([0, a])[1] <= shown.range([0, b])[1]);
            // What no name touches is shown as it is.
            let touched = shown.edits.iter().any(|edit| edit.from.start < b && a < edit.from.end);
            if !touched {
                let part = |text: &str, a: usize, b: usize| text.chars().skip(a).take(b - a).collect::<String>();
                prop_assert_eq!(part(&text, a, b), part(&shown.text, start, end));
            }
        }

        #[test]
        fn any_text_is_shown(text in ".*") {
            let pseudonyms = sample();
            let shown = pseudonyms.show(&text);
            if shown.edits.is_empty() {
                prop_assert!(matches!(shown.text, Cow::Borrowed(same) if same == text));
            }
        }
    }
}
