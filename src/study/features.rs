//! The points of all passages, kept between runs.

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use super::derived::{Derived, SpaceKey, StudyTerms};
use super::{Snapshot, StudyError};
use crate::base::{Progress, Stopped};
use crate::features::context::TalkPassage;
use crate::features::counts::count_terms;
use crate::features::meaning::meanings;
use crate::features::recurrence::recurrences;
use crate::features::space::{Space, SpaceParams, StudySpace, place_passages};
use crate::features::tfidf::{Rarity, tf_idf};
use crate::store::cache::{load, save};
use crate::terms::{Analysis, Language};

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
        let load = || -> Result<Vec<Arc<Analysis>>, StudyError> {
            let transcripts = (0..self.corpus.transcripts.len()).into_par_iter();
            transcripts.map(|t| Ok(self.corpus.words(t)?)).collect()
        };
        let analyses = times.run("load words", load)?;
        let counts = times.run("count terms", || count_terms(&analyses));
        Ok(Arc::clone(terms.get_or_init(|| Arc::new(StudyTerms { analyses, counts }))))
    }

    /// The point of every passage of the study: remembered, or made from the words.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone; [`StudyError::Stopped`] if `progress` says so.
    pub fn space(&self, progress: &dyn Progress) -> Result<Arc<StudySpace>, StudyError> {
        let Derived { times, space, .. } = &*self.derived;
        if let Some((space, _)) = space.get() {
            return Ok(Arc::clone(space));
        }
        let talk = self.corpus.talk();
        let (found, is_new) = match load::<(SpaceKey, StudySpace)>(&self.space_path()) {
            Some((known, space))
                if known == self.space_key(&talk)
                    && space.points.nrows() == self.corpus.n_passages() =>
            {
                (space, false)
            }
            _ => {
                let terms = self.terms()?;
                let params = SpaceParams::default();
                let place = || -> Result<StudySpace, Stopped> {
                    let counts = &terms.counts.counts;
                    let n_passages = terms.analyses.iter().map(|words| words.passages.len());
                    let recurrences = recurrences(counts, n_passages);
                    let rarity = Rarity::of(counts, params.min_passages)
                        .times(recurrences, params.recurrence);
                    progress.go_on()?;
                    let weights = tf_idf(counts, &rarity);
                    let transcripts = self.corpus.transcripts.iter();
                    let is_english: Vec<bool> =
                        transcripts.map(|known| known.language == Language::English).collect();
                    let meanings = meanings(&terms.analyses, &is_english, &terms.counts);
                    let Space { points, directions } =
                        place_passages(&weights, &meanings, &talk, &params, progress)?;
                    let vocabulary = terms.counts.vocabulary.clone();
                    Ok(StudySpace { points, directions, vocabulary, rarity })
                };
                (times.run("place passages", place)?, true)
            }
        };
        Ok(Arc::clone(&space.get_or_init(|| (Arc::new(found), is_new)).0))
    }

    /// Keeps what was worked out for the next time. A study that cannot be written to
    /// is only slower then.
    pub(crate) fn keep_derived(&self) {
        self.keep_groundwork();
        if let Some((space, true)) = self.derived.space.get() {
            save(&self.space_path(), &(self.space_key(&self.corpus.talk()), &**space)).ok();
        }
    }

    fn space_path(&self) -> PathBuf {
        self.folder.store.join("cache").join("space")
    }

    pub(crate) fn space_key(&self, talk: &[TalkPassage]) -> SpaceKey {
        (self.revision.to_string(), self.talk_hash(talk), SpaceParams::default())
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
