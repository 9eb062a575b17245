//! The points of all passages, kept between runs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::snapshot::Derived;
use super::{Snapshot, StudyError};
use crate::features::context::TalkPassage;
use crate::features::counts::{TermCounts, carries_theme, count_terms};
use crate::features::space::{Space, SpaceParams, place_passages};
use crate::features::tfidf::{Rarity, tf_idf};
use crate::store::cache::{load, save};
use crate::terms::Analysis;
use crate::transcripts::roles::Role;

/// The words of all transcripts and their counts.
pub struct StudyTerms {
    /// By transcript.
    pub analyses: Vec<Analysis>,
    /// The document-term matrix over all passages.
    pub counts: TermCounts,
}

impl StudyTerms {
    /// A term as it is most often spoken by those who are counted.
    pub fn spoken(&self, term: u32) -> String {
        let mut forms: BTreeMap<&str, usize> = BTreeMap::new();
        for (analysis, columns) in self.analyses.iter().zip(&self.counts.columns) {
            for token in analysis.passages.iter().flatten().filter(|token| carries_theme(token)) {
                if columns[token.form as usize] == Some(term) {
                    *forms.entry(&analysis.forms[token.form as usize]).or_default() += 1;
                }
            }
        }
        let best = forms.into_iter().max_by(|(a, m), (b, n)| m.cmp(n).then_with(|| b.cmp(a)));
        best.map_or_else(String::new, |(form, _)| form.to_owned())
    }
}

/// Where the passages of a study lie, and what places further words there.
#[derive(Debug, Serialize, Deserialize)]
pub struct StudySpace {
    /// The points of all passages, shape `(n_passages, rank)`.
    #[serde(with = "dense")]
    pub points: Array2<f32>,
    /// See [`Space::directions`]; a row for each of `vocabulary`.
    #[serde(with = "dense")]
    pub directions: Array2<f32>,
    /// The stems, in alphabetical order.
    pub vocabulary: Vec<String>,
    /// How rare they are.
    pub rarity: Rarity,
    /// Whether it is not kept yet.
    #[serde(skip)]
    is_new: bool,
}

/// What the points depend on: the words, who asks, and the parameters.
pub(super) type SpaceKey = (String, String, SpaceParams);

impl StudySpace {
    /// Counts of known stems become weights; see [`Rarity::weigh`].
    pub fn weigh(&self, counts: &BTreeMap<String, u32>) -> Vec<(u32, f64)> {
        let place = |stem: &String| self.vocabulary.binary_search(stem).ok();
        let counts = counts.iter().filter_map(|(stem, &count)| Some((place(stem)?, count)));
        self.rarity.weigh(counts)
    }
}

/// Matrices in the stored format: shape and values, row by row.
mod dense {
    use ndarray::Array2;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        matrix: &Array2<f32>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        (matrix.dim(), matrix.iter().copied().collect::<Vec<f32>>()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Array2<f32>, D::Error> {
        let (shape, values) = <((usize, usize), Vec<f32>)>::deserialize(deserializer)?;
        Array2::from_shape_vec(shape, values).map_err(D::Error::custom)
    }
}

impl Snapshot {
    /// The words of all transcripts and the counts of their terms.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn terms(&self) -> Result<Arc<StudyTerms>, StudyError> {
        let Derived { times, terms, .. } = &*self.derived;
        if let Some(terms) = terms.get() {
            return Ok(Arc::clone(terms));
        }
        let load = || -> Result<Vec<Analysis>, StudyError> {
            let transcripts = (0..self.corpus.transcripts.len()).into_par_iter();
            transcripts.map(|t| Ok((*self.corpus.words(t)?).clone())).collect()
        };
        let analyses = times.run("load words", load)?;
        let counts = times.run("count terms", || count_terms(&analyses));
        Ok(Arc::clone(terms.get_or_init(|| Arc::new(StudyTerms { analyses, counts }))))
    }

    /// The point of every passage of the study: remembered, or made from the words.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn space(&self) -> Result<Arc<StudySpace>, StudyError> {
        let Derived { times, space, .. } = &*self.derived;
        if let Some(space) = space.get() {
            return Ok(Arc::clone(space));
        }
        let talk = self.talk();
        let found = match load::<(SpaceKey, StudySpace)>(&self.space_path()) {
            Some((known, space))
                if known == self.space_key(&talk)
                    && space.points.nrows() == self.corpus.n_passages() =>
            {
                space
            }
            _ => {
                let terms = self.terms()?;
                let params = SpaceParams::default();
                times.run("place passages", || {
                    let rarity = Rarity::of(&terms.counts.counts, params.min_passages);
                    let weights = tf_idf(&terms.counts.counts, &rarity);
                    let Space { points, directions } = place_passages(&weights, &talk, &params);
                    let vocabulary = terms.counts.vocabulary.clone();
                    StudySpace { points, directions, vocabulary, rarity, is_new: true }
                })
            }
        };
        Ok(Arc::clone(space.get_or_init(|| Arc::new(found))))
    }

    /// Keeps what was worked out for the next time. A study that cannot be written to
    /// is only slower then.
    pub(super) fn keep_derived(&self) {
        self.keep_groundwork();
        if let Some(space) = self.derived.space.get().filter(|space| space.is_new) {
            save(&self.space_path(), &(self.space_key(&self.talk()), &**space)).ok();
        }
    }

    fn space_path(&self) -> PathBuf {
        self.folder.store.join("cache").join("space")
    }

    pub(super) fn space_key(&self, talk: &[TalkPassage]) -> SpaceKey {
        (self.revision.to_string(), self.talk_hash(talk), SpaceParams::default())
    }

    /// All passages of the study, in order.
    pub(super) fn talk(&self) -> Vec<TalkPassage> {
        let mut talk = Vec::with_capacity(self.corpus.n_passages());
        for ((transcript, known), roles) in
            (0_u32..).zip(&self.corpus.transcripts).zip(&self.corpus.roles)
        {
            talk.extend(known.passages.iter().map(|passage| TalkPassage {
                transcript,
                n_words: passage.n_words,
                is_asked: roles[usize::from(passage.speaker)].role == Role::Interviewer,
            }));
        }
        talk
    }

    /// Stands for which transcripts there are, in which order, and who asks in them.
    fn talk_hash(&self, talk: &[TalkPassage]) -> String {
        let mut hasher = blake3::Hasher::new();
        for transcript in &self.corpus.transcripts {
            hasher.update(transcript.id.as_bytes());
            hasher.update(&[0]);
            hasher.update(&transcript.number.to_le_bytes());
        }
        let asked: Vec<u8> = talk.iter().map(|passage| u8::from(passage.is_asked)).collect();
        hasher.update(&asked);
        hasher.finalize().to_hex()[..16].to_owned()
    }
}
