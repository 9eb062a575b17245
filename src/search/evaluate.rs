//! Finds everything that matches a query, over the postings of the index.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use fixedbitset::FixedBitSet;

use super::SearchError;
use super::index::{IndexReader, Posting, WordField};
use super::matches::{Match, any_of, near_each_other, one_after_the_other};
use crate::query::{FieldTest, PhraseWord, Query};
use crate::terms::{Analyzer, Token, TokenKind, fold};

/// The most places in the talk that one query may gather before it is refused,
/// in any study and for each passage of a large one.
const MAX_GATHERED: usize = 4_000_000;
const MAX_GATHERED_EACH: usize = 4;
/// The most letters that wildcards and slips may be compared with in one query.
const MAX_COMPARED: usize = 60_000_000;
/// The share of passages up to which a word is rare, so that its family joins it.
const RARE_SHARE: f64 = 0.02;
/// The share of passages up to which a word of a family joins a rare one.
const KIN_SHARE: f64 = 0.05;
/// The most ways in which a phrase may be written.
const MAX_SPELLINGS: usize = 64;
/// A comparison that counts letters costs about so much more than one that
/// looks at them in order.
const FUZZY_COST: usize = 12;

/// What a query finds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The passages, by their places among all passages of the study.
    pub passages: FixedBitSet,
    /// Where in the talk something matches, in order, each place once; a
    /// query of fields alone has none.
    pub matches: Vec<Match>,
}

/// One sought part of a query, for ranking: how often it stands where.
#[derive(Debug, Clone)]
pub struct Sought {
    /// The part, as printed.
    pub name: String,
    /// Its words, if it is a bare word: their weight may be looked up.
    pub words: Vec<String>,
    /// The stems of a bare word in a ranked query, without accents.
    pub stems: Vec<String>,
    /// Stems of its family that stand beside it.
    pub kin: Vec<String>,
    /// Where it stands in two words: "e-mail".
    pub apart: Vec<Match>,
    /// The passages that hold it, in order.
    pub postings: Vec<Posting>,
}

/// Tests a field for every passage of the study.
pub type FieldSet<'a> = dyn Fn(&FieldTest) -> Result<FixedBitSet, SearchError> + 'a;

/// Evaluates queries over one study.
pub struct Evaluator<'a> {
    pub(super) reader: &'a IndexReader,
    analyzers: &'a [Analyzer],
    pub(super) transcript_of: &'a [u32],
    field_set: &'a FieldSet<'a>,
    known: BTreeMap<Lookup, Rc<Vec<Match>>>,
    n_gathered: usize,
    most_gathered: usize,
    n_compared: usize,
    sought: Vec<Sought>,
    empty: Vec<String>,
}

/// What is looked up in the index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lookup {
    Stem(String),
    Exact(String),
    Wildcard(String),
    Fuzzy(String, u8),
}

impl<'a> Evaluator<'a> {
    /// `transcript_of` tells the transcript of every passage, and `analyzers`
    /// are those of the languages spoken.
    pub fn new(
        reader: &'a IndexReader,
        analyzers: &'a [Analyzer],
        transcript_of: &'a [u32],
        field_set: &'a FieldSet<'a>,
    ) -> Self {
        Self {
            reader,
            analyzers,
            transcript_of,
            field_set,
            known: BTreeMap::new(),
            n_gathered: 0,
            most_gathered: MAX_GATHERED + MAX_GATHERED_EACH * transcript_of.len(),
            n_compared: 0,
            sought: Vec::new(),
            empty: Vec::new(),
        }
    }

    /// Finds every passage that matches.
    ///
    /// # Errors
    /// [`SearchError`] if a field's value is not known, if the query would
    /// gather too much, or if the index cannot be read.
    pub fn find(&mut self, query: &Query) -> Result<Found, SearchError> {
        let mut found = self.evaluate(query, true)?;
        let passages = &found.passages;
        found.matches.retain(|found| passages.contains(found.passage as usize));
        Ok(found)
    }

    /// The parts of the queries so far that say what is sought, with where they stand.
    pub fn take_sought(&mut self) -> Vec<Sought> {
        std::mem::take(&mut self.sought)
    }

    /// The sought parts of the queries so far that stand nowhere.
    pub fn take_empty(&mut self) -> Vec<String> {
        std::mem::take(&mut self.empty)
    }

    /// How often a bare word stands in which passages, without its places; the word's
    /// postings are noted as sought. Where `may_widen` allows it, a rare word is joined
    /// by its family.
    ///
    /// # Errors
    /// [`SearchError`] if the index cannot be read.
    pub fn note_word(
        &mut self,
        words: &[String],
        may_widen: &dyn Fn(&str) -> bool,
    ) -> Result<(), SearchError> {
        let other = other_spelling(words);
        match (words, other) {
            ([word], other) => self.note_one(word, other, may_widen),
            // "well" and "being" say nothing alone.
            (_, Some(joined)) if words.iter().any(|word| self.stems(word).is_empty()) => {
                self.note_one(&joined.concat(), Some(words.to_vec()), may_widen)
            }
            (_, joined) => {
                for word in words {
                    self.note_one(word, None, may_widen)?;
                }
                let joined = joined.unwrap_or_default().concat();
                if self.postings(&self.stems(&joined))?.is_empty() {
                    return Ok(());
                }
                self.note_one(&joined, None, &|_| false)
            }
        }
    }

    /// Notes a word; `apart` is the same in two.
    fn note_one(
        &mut self,
        word: &str,
        apart: Option<Vec<String>>,
        may_widen: &dyn Fn(&str) -> bool,
    ) -> Result<(), SearchError> {
        let mut stems = self.stems(word);
        if stems.is_empty() || self.sought.iter().any(|known| known.stems == stems) {
            return Ok(());
        }
        let mut postings = self.postings(&stems)?;
        let apart = match apart {
            Some(words) if self.are_known(&words)? => self.words_in_a_row(&words)?,
            _ => Vec::new(),
        };
        if !apart.is_empty() {
            postings = added(postings, postings_of(&apart));
        }
        let mut kin = Vec::new();
        let rare = self.transcript_of.len() as f64 * RARE_SHARE;
        if postings.len() as f64 <= rare && may_widen(word) {
            kin = self.kin(word, &stems)?;
            postings = added(postings, self.postings(&kin)?);
        }
        stems.sort();
        self.note(Sought {
            name: word.to_owned(),
            words: vec![word.to_owned()],
            stems,
            kin,
            apart,
            postings,
        });
        Ok(())
    }

    /// A word as it is most often spoken, of the words that have a stem.
    ///
    /// # Errors
    /// [`SearchError`] if the index cannot be read.
    pub fn spoken(&self, stem: &str) -> Result<Option<String>, SearchError> {
        let n_letters = stem.chars().count();
        let beginning: String = stem.chars().take(n_letters.saturating_sub(1).max(1)).collect();
        let words = self.reader.words_from(WordField::Exact, &beginning)?;
        let is_form = |word: &str| {
            let mut stems = self.analyzers.iter().map(|analyzer| analyzer.stem(word));
            stems.any(|of_word| fold(&of_word) == stem)
        };
        let forms = words.into_iter().filter(|(word, _)| is_form(word));
        let best = forms.max_by(|(a, m), (b, n)| m.cmp(n).then_with(|| b.cmp(a)));
        Ok(best.map(|(word, _)| word))
    }

    /// The stems of other words of a word's family that are said in the study.
    fn kin(&self, word: &str, stems: &[String]) -> Result<Vec<String>, SearchError> {
        let mut kin = BTreeSet::new();
        for analyzer in self.analyzers {
            let family = analyzer.family(word);
            for beginning in family.beginnings() {
                let found = self.reader.words_from(WordField::Stem, beginning)?;
                kin.extend(found.into_keys().filter(|stem| family.has(stem)));
            }
        }
        let mut said = Vec::new();
        for stem in kin.into_iter().filter(|stem| !stems.contains(stem)) {
            let n_passages = self.reader.postings(WordField::Stem, &stem)?.len();
            // "unseen" is not to be drowned by "see".
            if n_passages > 0 && n_passages as f64 <= self.transcript_of.len() as f64 * KIN_SHARE {
                said.push(stem);
            }
        }
        Ok(said)
    }

    /// The stems under which a bare word is found; none if it is a function word.
    fn stems(&self, word: &str) -> Vec<String> {
        let lookups = self.lookups(word).into_iter();
        let stem = |lookup| if let Lookup::Stem(stem) = lookup { Some(stem) } else { None };
        lookups.filter_map(stem).collect()
    }

    fn postings(&self, stems: &[String]) -> Result<Vec<Posting>, SearchError> {
        let mut postings = Vec::new();
        for stem in stems {
            postings = added(postings, self.reader.postings(WordField::Stem, stem)?);
        }
        Ok(postings)
    }

    /// Whether each of these words is said anywhere.
    fn are_known(&self, words: &[String]) -> Result<bool, SearchError> {
        for word in words {
            if self.reader.n_holding(WordField::Exact, &normal(word))? == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn note(&mut self, sought: Sought) {
        let Sought { name, postings, .. } = &sought;
        if postings.is_empty() && !self.empty.contains(name) {
            self.empty.push(name.clone());
        }
        if self.sought.iter().all(|known| known.name != *name) {
            self.sought.push(sought);
        }
    }

    fn evaluate(&mut self, query: &Query, is_sought: bool) -> Result<Found, SearchError> {
        match query {
            Query::Field(test) => {
                let passages = (self.field_set)(test)?;
                if passages.is_clear() && is_sought {
                    self.empty.push(query.to_string());
                }
                Ok(Found { passages, matches: Vec::new() })
            }
            Query::Not(part) => {
                let mut passages = self.evaluate(part, false)?.passages;
                passages.toggle_range(..);
                Ok(Found { passages, matches: Vec::new() })
            }
            Query::And(parts) => self.all(parts.iter(), is_sought),
            Query::Or(parts) => self.any(parts.iter(), is_sought),
            Query::Beside(parts) => {
                let (filters, sought): (Vec<&Query>, Vec<&Query>) =
                    parts.iter().partition(|part| part.is_filter());
                if sought.is_empty() {
                    return self.all(filters.into_iter(), is_sought);
                }
                let mut found = self.any(sought.into_iter(), is_sought)?;
                for filter in filters {
                    let passages = self.evaluate(filter, is_sought)?.passages;
                    found.passages.intersect_with(&passages);
                }
                Ok(found)
            }
            leaf => {
                let matches = self.places(leaf)?;
                if is_sought {
                    let words =
                        if let Query::Word(words) = leaf { words.clone() } else { Vec::new() };
                    self.note(Sought {
                        name: leaf.to_string(),
                        words,
                        stems: Vec::new(),
                        kin: Vec::new(),
                        apart: Vec::new(),
                        postings: postings_of(&matches),
                    });
                }
                Ok(Found { passages: self.passages_of(&matches), matches })
            }
        }
    }

    fn all<'q>(
        &mut self,
        parts: impl Iterator<Item = &'q Query>,
        is_sought: bool,
    ) -> Result<Found, SearchError> {
        let mut all: Option<Found> = None;
        let mut lists = Vec::new();
        for part in parts {
            let mut found = self.evaluate(part, is_sought)?;
            lists.push(std::mem::take(&mut found.matches));
            all = Some(match all {
                None => found,
                Some(mut all) => {
                    all.passages.intersect_with(&found.passages);
                    all
                }
            });
        }
        let mut all = all.unwrap_or_default();
        all.matches = self.joined(lists)?;
        let passages = &all.passages;
        all.matches.retain(|found| passages.contains(found.passage as usize));
        Ok(all)
    }

    fn any<'q>(
        &mut self,
        parts: impl Iterator<Item = &'q Query>,
        is_sought: bool,
    ) -> Result<Found, SearchError> {
        let mut any = Found { passages: self.nothing(), matches: Vec::new() };
        let mut lists = Vec::new();
        for part in parts {
            let found = self.evaluate(part, is_sought)?;
            any.passages.union_with(&found.passages);
            let passages = found.passages;
            let mut matches = found.matches;
            // What a filter of this part alone took out does not come back.
            matches.retain(|found| passages.contains(found.passage as usize));
            lists.push(matches);
        }
        any.matches = self.joined(lists)?;
        Ok(any)
    }

    fn joined(&mut self, lists: Vec<Vec<Match>>) -> Result<Vec<Match>, SearchError> {
        self.gather(lists.iter().map(Vec::len).sum())?;
        Ok(any_of(lists))
    }

    fn gather(&mut self, n: usize) -> Result<(), SearchError> {
        self.n_gathered += n;
        if self.n_gathered > self.most_gathered { Err(SearchError::TooMuch) } else { Ok(()) }
    }

    fn nothing(&self) -> FixedBitSet {
        FixedBitSet::with_capacity(self.transcript_of.len())
    }

    fn passages_of(&self, matches: &[Match]) -> FixedBitSet {
        let mut passages = self.nothing();
        for found in matches {
            passages.insert(found.passage as usize);
        }
        passages
    }

    /// Where words, phrases and what is near each other stand.
    fn places(&mut self, query: &Query) -> Result<Vec<Match>, SearchError> {
        match query {
            Query::Word(words) => {
                let found = self.words_in_a_row(words)?;
                match other_spelling(words) {
                    Some(other) if other.len() == 1 || self.are_known(&other)? => {
                        let other = self.words_in_a_row(&other)?;
                        self.joined(vec![found, other])
                    }
                    _ => Ok(found),
                }
            }
            Query::Phrase { words, near } => self.phrase(words, *near),
            Query::Wildcard(pattern) => {
                Ok(self.look_up(Lookup::Wildcard(normal(pattern)))?.to_vec())
            }
            Query::Fuzzy { word, edits } => {
                Ok(self.look_up(Lookup::Fuzzy(normal(word), *edits))?.to_vec())
            }
            Query::Near { left, right, most } => {
                let (left, right) = (self.places(left)?, self.places(right)?);
                self.gather(left.len() + right.len())?;
                let transcript_of = |passage: u32| self.transcript_of[passage as usize];
                Ok(near_each_other(&[left, right], u32::from(*most), &transcript_of))
            }
            Query::Or(parts) | Query::Beside(parts) => {
                let lists: Result<Vec<Vec<Match>>, SearchError> =
                    parts.iter().map(|part| self.places(part)).collect();
                self.joined(lists?)
            }
            // The parser lets nothing else stand near something.
            Query::Field(_) | Query::Not(_) | Query::And(_) => Ok(Vec::new()),
        }
    }

    /// Where words follow each other, each in any of its forms.
    fn words_in_a_row(&mut self, words: &[String]) -> Result<Vec<Match>, SearchError> {
        let mut slots = Vec::new();
        for (distance, word) in (0_u32..).zip(words) {
            let lists: Result<Vec<Vec<Match>>, SearchError> = self
                .lookups(word)
                .into_iter()
                .map(|lookup| Ok(self.look_up(lookup)?.to_vec()))
                .collect();
            slots.push((distance, any_of(lists?)));
        }
        Ok(self.in_a_row(slots))
    }

    fn phrase(
        &mut self,
        words: &[PhraseWord],
        near: Option<u8>,
    ) -> Result<Vec<Match>, SearchError> {
        let spellings = self.spellings(words, near)?;
        // Each language may cut a word in its own way: "l'atelier" is two in French.
        let cut = |words: &Vec<PhraseWord>| {
            self.analyzers.iter().map(|analyzer| cut_words(words, analyzer)).collect()
        };
        let cuts: BTreeSet<Vec<PhraseWord>> =
            spellings.iter().flat_map(|words| -> Vec<_> { cut(words) }).collect();
        let mut lists = Vec::new();
        for words in &cuts {
            lists.push(self.phrase_as_cut(words, near)?);
        }
        if lists.len() > 1 { self.joined(lists) } else { Ok(lists.pop().unwrap_or_default()) }
    }

    /// A phrase in every way in which it may be written, as far as it is said so: `e-mail`,
    /// `email` and `e mail` are one.
    fn spellings(
        &mut self,
        words: &[PhraseWord],
        near: Option<u8>,
    ) -> Result<Vec<Vec<PhraseWord>>, SearchError> {
        let spoken = |words: &[String]| -> Vec<PhraseWord> {
            words.iter().cloned().map(PhraseWord::Spoken).collect()
        };
        let mut spellings: Vec<Vec<PhraseWord>> = vec![Vec::new()];
        let mut rest = words;
        while let [word, after @ ..] = rest {
            rest = after;
            let mut ways = vec![vec![word.clone()]];
            match (word, after) {
                (PhraseWord::Joined(parts), _) => {
                    ways = vec![spoken(parts)];
                    let whole = [parts.concat()];
                    ways.extend(self.are_known(&whole)?.then(|| spoken(&whole)));
                }
                (PhraseWord::Spoken(first), [PhraseWord::Spoken(second), after @ ..])
                    if other_spelling(&[format!("{first}{second}")])
                        .is_some_and(|parts| parts == [first.as_str(), second.as_str()]) =>
                {
                    let whole = [format!("{first}{second}")];
                    if self.are_known(&whole)? {
                        ways = vec![spoken(&[first.clone(), second.clone()]), spoken(&whole)];
                        rest = after;
                    }
                }
                // Words near each other may stand in any order, and parts of one may not.
                (PhraseWord::Spoken(word), _) if near.is_none() => {
                    let parts = other_spelling(std::slice::from_ref(word)).unwrap_or_default();
                    if !parts.is_empty()
                        && self.are_known(&parts)?
                        && !self.phrase_as_cut(&spoken(&parts), None)?.is_empty()
                    {
                        ways.push(spoken(&parts));
                    }
                }
                _ => {}
            }
            spellings = spellings
                .iter()
                .flat_map(|begun| ways.iter().map(|way| [begun.as_slice(), way].concat()))
                .take(MAX_SPELLINGS)
                .collect();
        }
        Ok(spellings)
    }

    fn phrase_as_cut(
        &mut self,
        words: &[PhraseWord],
        near: Option<u8>,
    ) -> Result<Vec<Match>, SearchError> {
        let mut slots: Vec<(u32, Vec<Match>)> = Vec::new();
        for (distance, word) in (0_u32..).zip(words) {
            let lookup = match word {
                PhraseWord::Spoken(word) => Lookup::Exact(normal(word)),
                PhraseWord::Wildcard(pattern) => Lookup::Wildcard(normal(pattern)),
                // Written out before it is cut.
                PhraseWord::Any | PhraseWord::Joined(_) => continue,
            };
            slots.push((distance, self.look_up(lookup)?.to_vec()));
        }
        let Some(near) = near else { return Ok(self.in_a_row(slots)) };
        let slots: Vec<Vec<Match>> = slots.into_iter().map(|(_, list)| list).collect();
        let transcript_of = |passage: u32| self.transcript_of[passage as usize];
        Ok(near_each_other(&slots, u32::from(near), &transcript_of))
    }

    fn in_a_row(&self, mut slots: Vec<(u32, Vec<Match>)>) -> Vec<Match> {
        if let [(_, only)] = slots.as_mut_slice() {
            return std::mem::take(only);
        }
        one_after_the_other(&slots, &|passage| self.transcript_of[passage as usize])
    }

    /// What a bare word is looked up as: its stem in each language, or itself
    /// where it is a function word there.
    pub(super) fn lookups(&self, word: &str) -> BTreeSet<Lookup> {
        let mut lookups = BTreeSet::new();
        for analyzer in self.analyzers {
            let tokens = analyzer.tokens(word);
            // Of "l'atelier" only the second word was asked for.
            let names = |token: &Token| token.kind == TokenKind::Content;
            let has_name = tokens.iter().any(names);
            for token in tokens.iter().filter(|token| !has_name || names(token)) {
                let spoken = token.span.of(word);
                lookups.insert(match token.kind {
                    TokenKind::Content
                    | TokenKind::Number
                    | TokenKind::Name
                    | TokenKind::Recurring => {
                        Lookup::Stem(fold(&analyzer.stem(spoken)).into_owned())
                    }
                    TokenKind::Stop | TokenKind::Filler | TokenKind::Marker => {
                        Lookup::Exact(normal(spoken))
                    }
                });
            }
        }
        lookups
    }

    fn look_up(&mut self, lookup: Lookup) -> Result<Rc<Vec<Match>>, SearchError> {
        let found = self.fetch(lookup)?;
        self.gather(found.len())?;
        Ok(found)
    }

    /// Reads places, each list once.
    fn fetch(&mut self, lookup: Lookup) -> Result<Rc<Vec<Match>>, SearchError> {
        if let Some(known) = self.known.get(&lookup) {
            return Ok(Rc::clone(known));
        }
        let found = match &lookup {
            Lookup::Stem(stem) => self.read(WordField::Stem, stem)?,
            Lookup::Exact(word) => self.read(WordField::Exact, word)?,
            Lookup::Wildcard(pattern) => {
                let glob = Glob::new(pattern);
                self.read_all(pattern.len(), |word| glob.matches(word))?
            }
            Lookup::Fuzzy(sought, edits) => {
                let n = sought.chars().count();
                let is_like = |word: &str| {
                    // Bytes bound characters from above, which is quick to see.
                    word.len() + usize::from(*edits) >= n
                        && word.chars().count().abs_diff(n) <= usize::from(*edits)
                        && strsim::osa_distance(sought, word) <= usize::from(*edits)
                };
                self.read_all(sought.len() * FUZZY_COST, is_like)?
            }
        };
        let found = Rc::new(found);
        self.known.insert(lookup, Rc::clone(&found));
        Ok(found)
    }

    fn read(&self, field: WordField, word: &str) -> Result<Vec<Match>, SearchError> {
        let mut found = Vec::new();
        self.reader.each_place(field, word, &mut |passage, position| {
            found.push(Match::word(passage, position));
        })?;
        Ok(any_of(vec![found]))
    }

    /// Reads the places of every word as spoken that passes.
    fn read_all(
        &mut self,
        cost: usize,
        mut passes: impl FnMut(&str) -> bool,
    ) -> Result<Vec<Match>, SearchError> {
        let vocabulary = self.reader.vocabulary()?;
        self.n_compared += cost * vocabulary.len();
        if self.n_compared > MAX_COMPARED {
            return Err(SearchError::TooMuch);
        }
        let mut found = Vec::new();
        for word in vocabulary.iter().filter(|word| passes(word)) {
            self.reader.each_place(WordField::Exact, word, &mut |passage, position| {
                found.push(Match::word(passage, position));
            })?;
            if self.n_gathered + found.len() > self.most_gathered {
                return Err(SearchError::TooMuch);
            }
        }
        Ok(any_of(vec![found]))
    }
}

/// The form in which words as spoken are indexed.
fn normal(word: &str) -> String {
    fold(&word.to_lowercase()).into_owned()
}

/// The same word written as one where a hyphen parts it, and `email` as `e-mail`.
/// "a", "i" and "o" may stand before any word.
fn other_spelling(words: &[String]) -> Option<Vec<String>> {
    let [word] = words else { return Some(vec![words.concat()]) };
    let first = word.chars().next().filter(char::is_ascii_alphabetic)?;
    let rest = &word[1..];
    let is_parted = !"aioAIO".contains(first) && rest.chars().nth(2).is_some();
    is_parted.then(|| vec![first.to_string(), rest.to_owned()])
}

/// The counts of both lists, in order.
fn added(mut postings: Vec<Posting>, more: Vec<Posting>) -> Vec<Posting> {
    if more.is_empty() {
        return postings;
    }
    postings.extend(more);
    postings.sort_by_key(|posting| posting.passage);
    postings.dedup_by(|next, first| {
        let same = next.passage == first.passage;
        if same {
            first.count += next.count;
        }
        same
    });
    postings
}

/// How often each passage holds a match.
pub fn postings_of(matches: &[Match]) -> Vec<Posting> {
    let mut postings: Vec<Posting> = Vec::new();
    for found in matches {
        count_in(&mut postings, found.passage);
    }
    postings
}

/// Counts one more in a passage, none of which comes later than it.
pub(super) fn count_in(postings: &mut Vec<Posting>, passage: u32) {
    match postings.last_mut() {
        Some(last) if last.passage == passage => last.count += 1.0,
        _ => postings.push(Posting { passage, count: 1.0 }),
    }
}

/// A pattern of letters, `*` for any and `?` for one.
pub struct Glob {
    pattern: Vec<char>,
    head: String,
}

impl Glob {
    /// Makes the pattern.
    pub fn new(pattern: &str) -> Self {
        let head = pattern.split(['*', '?']).next().unwrap_or_default().to_owned();
        Self { pattern: pattern.chars().collect(), head }
    }

    /// Whether all of a text fits.
    pub fn matches(&self, text: &str) -> bool {
        if !text.starts_with(&self.head) {
            return false;
        }
        // The last `*` is the only one that need ever take more letters.
        let (mut at, mut rest) = (0, text);
        let mut retry: Option<(usize, &str)> = None;
        loop {
            let next = rest.chars().next();
            match (self.pattern.get(at), next) {
                (Some('*'), _) => {
                    at += 1;
                    retry = Some((at, rest));
                    continue;
                }
                (Some(&wanted), Some(c)) if wanted == '?' || wanted == c => {
                    at += 1;
                    rest = &rest[c.len_utf8()..];
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            let Some((after_star, from)) = retry else { return false };
            let Some(c) = from.chars().next() else { return false };
            rest = &from[c.len_utf8()..];
            at = after_star;
            retry = Some((at, rest));
        }
    }
}

/// The words of a phrase as a language cuts them.
fn cut_words(words: &[PhraseWord], analyzer: &Analyzer) -> Vec<PhraseWord> {
    let cut = |word: &PhraseWord| match word {
        PhraseWord::Spoken(spoken) => match analyzer.tokens(spoken).as_slice() {
            [] | [_] => vec![word.clone()],
            tokens => {
                let pieces = tokens.iter().map(|token| token.span.of(spoken).to_owned());
                pieces.map(PhraseWord::Spoken).collect()
            }
        },
        PhraseWord::Wildcard(_) | PhraseWord::Joined(_) | PhraseWord::Any => vec![word.clone()],
    };
    words.iter().flat_map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_any_letters_or_one() {
        for (pattern, fitting, other) in [
            ("silen*", &["silen", "silence", "silenced"][..], &["asilence", "sile"][..]),
            ("*less", &["less", "useless", "lessless"], &["lesson"]),
            ("wom?n", &["woman", "women"], &["womn", "womaan"]),
            ("a*b*c", &["abc", "aXbYbc", "abcc"], &["ab", "acb"]),
            ("?é*", &["sé", "béta"], &["é"]),
            ("o*o", &["oo", "ono"], &["o"]),
        ] {
            let glob = Glob::new(pattern);
            assert!(fitting.iter().all(|text| glob.matches(text)), "{pattern}");
            assert!(!other.iter().any(|text| glob.matches(text)), "{pattern}");
        }
    }
}
