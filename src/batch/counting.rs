//! How often terms are said, part by part.

use std::collections::BTreeMap;

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use sprs::CsMatI;

use super::plan::Voices;
use super::reading::Talk;
use super::{BatchError, packed, unpacked};
use crate::features::context::TalkPassage;
use crate::features::counts::{TermCounts, count_terms, count_words};
use crate::features::meaning::{forms_said, meanings_of};
use crate::features::recurrence::{Recurrence, recurrences};
use crate::features::space::SpaceParams;
use crate::features::tfidf::{Rarity, tf_idf};
use crate::passages::Passage;

/// A transcript as steps with the transcripts see it.
pub(super) struct Heard {
    pub(super) talk: Talk,
    pub(super) voices: Voices,
    /// The counts of its own terms.
    pub(super) counts: TermCounts,
}

impl Heard {
    pub(super) fn of(talk: &[u8], voices: &[u8]) -> Result<Self, BatchError> {
        Self::with(talk, unpacked(voices, "voices")?)
    }

    pub(super) fn with(talk: &[u8], voices: Voices) -> Result<Self, BatchError> {
        let mut talk: Talk = unpacked(talk, "passages")?;
        talk.words.leave_out(&voices.left_out.spans);
        let counts = count_terms(std::slice::from_ref(&talk.words));
        Ok(Self { talk, voices, counts })
    }

    /// Its passages as far as their neighbours are concerned; it is the `t`th.
    pub(super) fn talk(&self, t: u32) -> Vec<TalkPassage> {
        let passage = |passage: &crate::passages::Passage| TalkPassage {
            transcript: t,
            n_words: passage.n_words,
            is_asked: self.voices.speakers[usize::from(passage.speaker)].is_asked,
        };
        self.talk.passages.iter().map(passage).collect()
    }
}

impl Heard {
    /// The passages that count of participants: place, passage, case.
    pub(super) fn of_participants(&self) -> impl Iterator<Item = (u32, &Passage, &str)> {
        let left_out = &self.voices.left_out.passages;
        let places = (0_u32..).zip(&self.talk.passages);
        places.filter(|(place, _)| !left_out.contains(place)).filter_map(|(place, passage)| {
            let voice = &self.voices.speakers[usize::from(passage.speaker)];
            Some((place, passage, voice.case.as_deref()?))
        })
    }
}

/// What is counted: a stem in so many passages, or a form of it, said so often.
pub type Said = (String, Option<String>, u64);

/// The words of all passages, counted under no stem.
pub(super) const WORDS: &str = "words";
/// The passages that have words, counted under no stem.
pub(super) const PASSAGES: &str = "passages";

/// How often a stem came back near by ([`Recurrence::near`]), and how often by chance
/// ([`Recurrence::by_chance`]), counted as forms that nobody can say.
const CAME_BACK: &str = "came back";
const BY_CHANCE: &str = "by chance";

/// How often terms are said in some transcripts.
#[derive(Debug, Default)]
pub struct Tally {
    counted: BTreeMap<(String, Option<String>), u64>,
}

impl Tally {
    /// Adds a transcript: what a [`FileRead`](super::FileRead) carries of its talk, and its
    /// [`Voices`].
    ///
    /// # Errors
    /// [`BatchError::Row`] if it cannot be read.
    pub fn add(&mut self, talk: &[u8], voices: &[u8]) -> Result<(), BatchError> {
        let Heard { talk, voices, counts } = Heard::of(talk, voices)?;
        let mut n_passages = vec![0_u64; counts.vocabulary.len()];
        for &column in counts.counts.indices() {
            n_passages[column as usize] += 1;
        }
        for (stem, n) in counts.vocabulary.iter().zip(n_passages) {
            *self.counted.entry((stem.clone(), None)).or_default() += n;
        }
        let recurrences = recurrences(&counts.counts, [talk.passages.len()]);
        for (stem, came_back) in counts.vocabulary.iter().zip(recurrences) {
            let Recurrence { near, by_chance } = came_back;
            for (what, n) in
                [(CAME_BACK, near), (BY_CHANCE, by_chance)].into_iter().filter(|(_, n)| *n > 0)
            {
                *self.counted.entry((stem.clone(), Some(what.to_owned()))).or_default() += n;
            }
        }
        let words = std::slice::from_ref(&talk.words);
        for ((column, form), n) in forms_said(words, &[voices.is_english], &counts) {
            let stem = counts.vocabulary[column as usize].clone();
            *self.counted.entry((stem, Some(form.to_owned()))).or_default() += u64::from(n);
        }
        Ok(())
    }

    /// Adds all words of a transcript, those too that carry no theme; beside the stems, under
    /// none, how many words passages have ([`WORDS`]) and how many have any ([`PASSAGES`]).
    pub(super) fn add_words(&mut self, heard: &Heard) {
        let words = count_words(std::slice::from_ref(&heard.talk.words));
        for row in words.counts.outer_iterator() {
            for (column, _) in row.iter() {
                *self.counted.entry((words.vocabulary[column].clone(), None)).or_default() += 1;
            }
        }
        for passage in heard.talk.passages.iter().filter(|passage| passage.n_words > 0) {
            for (what, n) in [(WORDS, u64::from(passage.n_words)), (PASSAGES, 1)] {
                *self.counted.entry((String::new(), Some(what.to_owned()))).or_default() += n;
            }
        }
    }

    /// What was counted.
    pub fn counted(self) -> impl Iterator<Item = Said> {
        self.counted.into_iter().map(|((stem, form), n)| (stem, form, n))
    }
}

/// The terms of a study, and how rare they are.
#[derive(Debug, Serialize, Deserialize)]
pub struct Lexicon {
    /// The stems, in alphabetical order.
    pub vocabulary: Vec<String>,
    /// In how many passages each stands.
    pub frequencies: Vec<u64>,
    rarity: Rarity,
}

impl Lexicon {
    /// From all that was counted in `n_passages`, each stem and form once; with what the
    /// stems mean.
    pub fn new(mut said: Vec<Said>, n_passages: usize) -> (Self, Array2<f64>) {
        said.sort();
        let (mut vocabulary, mut frequencies) = (Vec::new(), Vec::new());
        for (stem, _, n) in said.iter().filter(|(_, form, _)| form.is_none()) {
            vocabulary.push(stem.clone());
            frequencies.push(*n);
        }
        let column = |stem: &String| vocabulary.binary_search(stem).ok();
        let mut recurrences = vec![Recurrence::default(); vocabulary.len()];
        let forms = said.iter().filter_map(|(stem, form, n)| {
            let column = column(stem)?;
            match form.as_deref()? {
                CAME_BACK => recurrences[column].near = *n,
                BY_CHANCE => recurrences[column].by_chance = *n,
                form => return Some((column, form, *n)),
            }
            None
        });
        let meanings = meanings_of(forms, vocabulary.len());
        let wide = |n: &u64| usize::try_from(*n).unwrap_or(usize::MAX);
        let SpaceParams { min_passages, recurrence, .. } = SpaceParams::default();
        let rarity = Rarity::of_frequencies(frequencies.iter().map(wide), n_passages, min_passages)
            .times(recurrences, recurrence);
        (Self { vocabulary, frequencies, rarity }, meanings)
    }

    /// The same, as an engine carries it.
    pub fn packed(&self) -> Vec<u8> {
        packed(self)
    }

    /// From what an engine carries.
    ///
    /// # Errors
    /// [`BatchError::Row`] if it cannot be read.
    pub fn unpacked(bytes: &[u8]) -> Result<Self, BatchError> {
        unpacked(bytes, "terms")
    }

    /// Weighs the words of a transcript; what an engine carries of them. Terms that are not
    /// known do not count.
    ///
    /// # Errors
    /// [`BatchError::Row`] if it cannot be read.
    pub fn weigh(&self, talk: &[u8], voices: &[u8]) -> Result<Vec<u8>, BatchError> {
        Ok(packed(&self.weighed(&Heard::of(talk, voices)?)))
    }

    pub(super) fn weighed(&self, heard: &Heard) -> Weighed {
        let TermCounts { vocabulary, counts, .. } = &heard.counts;
        let column = |stem: &String| {
            self.vocabulary.binary_search(stem).ok().and_then(|at| u32::try_from(at).ok())
        };
        let columns: Vec<Option<u32>> = vocabulary.iter().map(column).collect();
        // Both vocabularies are in alphabetical order, so that columns stay rising.
        let (mut starts, mut places, mut values) = (vec![0], Vec::new(), Vec::new());
        for row in counts.outer_iterator() {
            for (column, &n) in row.iter() {
                if let Some(column) = columns[column] {
                    places.push(column);
                    values.push(n);
                }
            }
            starts.push(places.len());
        }
        let shape = (counts.rows(), self.vocabulary.len());
        let weights = tf_idf(&CsMatI::new(shape, starts, places, values), &self.rarity);
        Weighed {
            talk: heard.talk(0),
            starts: weights.indptr().raw_storage().to_vec(),
            columns: weights.indices().to_vec(),
            weights: weights.data().to_vec(),
        }
    }
}

/// The weights of a transcript's passages, row by row.
#[derive(Serialize, Deserialize)]
pub(super) struct Weighed {
    pub(super) talk: Vec<TalkPassage>,
    pub(super) starts: Vec<usize>,
    pub(super) columns: Vec<u32>,
    pub(super) weights: Vec<f32>,
}
