//! Where two words of a question follow each other.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::SearchError;
use super::evaluate::{Evaluator, Lookup, count_in};
use super::index::{Posting, WordField};

/// The most passages that may hold one or the other of two words, to look where they
/// follow each other: more take long to read and say little.
const MAX_PAIRED: usize = 12_000;

/// A transcript and a position in it as one number, and the passage.
type Place = (u64, u32);

/// A word of a pair.
struct PairedWord {
    /// What it is looked up as.
    lookups: BTreeSet<Lookup>,
    /// Where it stands, once that was read.
    places: Option<Rc<Vec<Place>>>,
}

impl Lookup {
    /// The word of the index that it is, if it is one.
    fn word(&self) -> Option<(WordField, &str)> {
        match self {
            Self::Stem(stem) => Some((WordField::Stem, stem)),
            Self::Exact(word) => Some((WordField::Exact, word)),
            Self::Wildcard(_) | Self::Fuzzy(..) => None,
        }
    }
}

/// Looks for pairs of words, each word read once.
pub(super) struct Pairs<'e, 'i> {
    evaluator: &'e Evaluator<'i>,
    known: BTreeMap<String, PairedWord>,
}

impl<'e, 'i> Pairs<'e, 'i> {
    pub(super) fn new(evaluator: &'e Evaluator<'i>) -> Self {
        Self { evaluator, known: BTreeMap::new() }
    }

    /// How often two words follow each other where; nothing if both are so common that
    /// this says little.
    ///
    /// # Errors
    /// [`SearchError`] if the index cannot be read.
    pub(super) fn find(&mut self, first: &str, second: &str) -> Result<Vec<Posting>, SearchError> {
        let mut n_holding = 0;
        for word in [first, second] {
            n_holding += self.n_holding(word)?;
        }
        if n_holding > MAX_PAIRED {
            return Ok(Vec::new());
        }
        let (first, second) = (self.places_of(first)?, self.places_of(second)?);
        let mut postings: Vec<Posting> = Vec::new();
        let mut next = 0;
        for (place, passage) in first.iter() {
            // Each word of a transcript has its own position, so the next one stands behind it.
            while second.get(next).is_some_and(|(other, _)| *other <= *place) {
                next += 1;
            }
            if second.get(next).is_some_and(|(other, _)| *other == place + 1) {
                count_in(&mut postings, *passage);
            }
        }
        Ok(postings)
    }

    /// How many passages hold a word of a pair.
    fn n_holding(&mut self, word: &str) -> Result<usize, SearchError> {
        if !self.known.contains_key(word) {
            let lookups = self.evaluator.lookups(word);
            self.known.insert(word.to_owned(), PairedWord { lookups, places: None });
        }
        let mut n_holding = 0;
        for (field, word) in self.known[word].lookups.iter().filter_map(Lookup::word) {
            n_holding += self.evaluator.reader.n_holding(field, word)?;
        }
        Ok(n_holding)
    }

    /// Where a word of a pair stands, in order, each place once.
    fn places_of(&mut self, word: &str) -> Result<Rc<Vec<Place>>, SearchError> {
        let Some(PairedWord { lookups, places }) = self.known.get_mut(word) else {
            return Ok(Rc::default());
        };
        if let Some(places) = places {
            return Ok(Rc::clone(places));
        }
        let mut found: Vec<Place> = Vec::new();
        for (field, word) in lookups.iter().filter_map(Lookup::word) {
            self.evaluator.reader.each_place(field, word, &mut |passage, position| {
                let transcript = self.evaluator.transcript_of[passage as usize];
                found.push((u64::from(transcript) << 32 | u64::from(position), passage));
            })?;
        }
        if !found.is_sorted() {
            found.sort_unstable();
        }
        found.dedup();
        Ok(Rc::clone(places.insert(Rc::new(found))))
    }
}
