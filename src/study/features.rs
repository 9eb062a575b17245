//! The points of all passages, kept between runs.

use ndarray::Array2;
use rayon::prelude::*;

use super::catalogue::{load, save};
use super::{Study, StudyError};
use crate::features::counts::{TermCounts, count_terms};
use crate::features::space::{SpaceParams, place_passages};
use crate::features::tfidf::tf_idf;
use crate::terms::Analysis;

/// The words of all transcripts and their counts.
pub struct StudyTerms {
    /// By transcript.
    pub analyses: Vec<Analysis>,
    /// The document-term matrix over all passages.
    pub counts: TermCounts,
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

    /// The point of every passage of the study, shape `(n_passages, rank)`:
    /// remembered, or made from the words.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn points(&mut self, terms: Option<&StudyTerms>) -> Result<Array2<f32>, StudyError> {
        let params = SpaceParams::default();
        let path = self.store.join("cache").join("points");
        let key = (self.revision.clone(), self.ids_hash(), params.clone());
        if let Some((known, shape, values)) =
            load::<((String, String, SpaceParams), (usize, usize), Vec<f32>)>(&path)
            && known == key
            && let Ok(points) = Array2::from_shape_vec(shape, values)
            && points.nrows() == self.n_passages()
        {
            return Ok(points);
        }
        let own;
        let terms = if let Some(terms) = terms {
            terms
        } else {
            own = self.terms()?;
            &own
        };
        let mut times = std::mem::take(&mut self.times);
        let points = times.run("place passages", || {
            let weights = tf_idf(&terms.counts.counts, params.min_passages);
            let passages = || {
                self.transcripts
                    .iter()
                    .zip(0_u32..)
                    .flat_map(|(t, at)| t.passages.iter().map(move |p| (at, p)))
            };
            let n_words: Vec<u32> = passages().map(|(_, passage)| passage.n_words).collect();
            let transcript_of: Vec<u32> = passages().map(|(transcript, _)| transcript).collect();
            place_passages(&weights, &n_words, &transcript_of, &params)
        });
        self.times = times;
        // A study that cannot be written to is only slower the next time.
        save(&path, &(key, points.dim(), points.iter().copied().collect::<Vec<f32>>())).ok();
        Ok(points)
    }

    /// Stands for which transcripts there are and in which order.
    fn ids_hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for transcript in &self.transcripts {
            hasher.update(transcript.id.as_bytes());
            hasher.update(&[0]);
            hasher.update(&transcript.number.to_le_bytes());
        }
        hasher.finalize().to_hex()[..16].to_owned()
    }
}
