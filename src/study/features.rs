//! The points of all passages, kept between runs.

use std::collections::BTreeMap;

use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Study, StudyError};
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
}

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

impl Study {
    /// Reads the words of all transcripts and counts their terms.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn terms(&mut self) -> Result<StudyTerms, StudyError> {
        let mut times = std::mem::take(&mut self.times);
        let analyses: Result<Vec<Analysis>, StudyError> = times.run("load words", || {
            (0..self.transcripts.len())
                .into_par_iter()
                .map(|transcript| self.read_analysis(transcript))
                .collect()
        });
        let counted = analyses.map(|analyses| {
            let counts = times.run("count terms", || count_terms(&analyses));
            StudyTerms { analyses, counts }
        });
        self.times = times;
        counted
    }

    /// The point of every passage of the study: remembered, or made from the
    /// words.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn space(&mut self, terms: Option<&StudyTerms>) -> Result<StudySpace, StudyError> {
        let params = SpaceParams::default();
        let path = self.store.join("cache").join("space");
        let talk = self.talk();
        let key = (self.revision.clone(), self.talk_hash(&talk), params.clone());
        if let Some((known, space)) = load::<((String, String, SpaceParams), StudySpace)>(&path)
            && known == key
            && space.points.nrows() == self.n_passages()
        {
            return Ok(space);
        }
        let own;
        let terms = if let Some(terms) = terms {
            terms
        } else {
            own = self.terms()?;
            &own
        };
        let mut times = std::mem::take(&mut self.times);
        let space = times.run("place passages", || {
            let rarity = Rarity::of(&terms.counts.counts, params.min_passages);
            let weights = tf_idf(&terms.counts.counts, &rarity);
            let Space { points, directions } = place_passages(&weights, &talk, &params);
            StudySpace { points, directions, vocabulary: terms.counts.vocabulary.clone(), rarity }
        });
        self.times = times;
        // A study that cannot be written to is only slower the next time.
        save(&path, &(key, &space)).ok();
        Ok(space)
    }

    /// All passages of the study, in order.
    pub(super) fn talk(&self) -> Vec<TalkPassage> {
        let mut talk = Vec::with_capacity(self.n_passages());
        for ((transcript, known), roles) in (0_u32..).zip(&self.transcripts).zip(&self.roles) {
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
        for transcript in &self.transcripts {
            hasher.update(transcript.id.as_bytes());
            hasher.update(&[0]);
            hasher.update(&transcript.number.to_le_bytes());
        }
        let asked: Vec<u8> = talk.iter().map(|passage| u8::from(passage.is_asked)).collect();
        hasher.update(&asked);
        hasher.finalize().to_hex()[..16].to_owned()
    }
}
