//! Memory of the suggestion: what it rests on, whatever people decided.
//!
//! It is kept in memory for as long as the texts are the same, and under `cache`
//! for the parameters that the study itself asks for. After a decision only
//! steering and describing run.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use super::derived::SpaceKey;
use super::{Snapshot, StudyError};
use crate::base::Progress;
use crate::corpus::ParticipantPassage;
use crate::features::space::StudySpace;
use crate::store::cache::{load, save};
use crate::themes::groundwork::Groundwork;
use crate::themes::{ThemeParams, Words};

/// Groundworks that are remembered at once: those of the study and of a few
/// explorations.
const MAX_REMEMBERED: usize = 4;

impl Snapshot {
    /// How themes are suggested: as many as asked for, else as study.toml says.
    pub fn theme_params(&self, count: Option<NonZeroUsize>) -> ThemeParams {
        ThemeParams { count: count.or(self.settings.themes.count), ..ThemeParams::default() }
    }

    /// What a suggestion rests on: remembered, or found now.
    ///
    /// # Errors
    /// [`StudyError::Stopped`] if it is stopped while it is found.
    pub(crate) fn groundwork(
        &self,
        space: &StudySpace,
        passages: &[ParticipantPassage],
        words: Words<'_>,
        params: &ThemeParams,
        progress: &dyn Progress,
    ) -> Result<Arc<Groundwork>, StudyError> {
        let mut remembered =
            self.derived.groundworks.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = remembered.iter().position(|(known, ..)| known == params) {
            let known = remembered.remove(at);
            let groundwork = Arc::clone(&known.1);
            remembered.push(known);
            return Ok(groundwork);
        }
        let kept = self.kept_groundwork(params).filter(|kept| kept.is_of(passages, params));
        let is_new = kept.is_none();
        let find = || Groundwork::find(&space.points, passages, words, params, progress);
        let groundwork = Arc::new(kept.map_or_else(find, Ok)?);
        if remembered.len() == MAX_REMEMBERED {
            remembered.remove(0);
        }
        remembered.push((params.clone(), Arc::clone(&groundwork), is_new));
        Ok(groundwork)
    }

    fn kept_groundwork(&self, params: &ThemeParams) -> Option<Groundwork> {
        if *params != self.theme_params(None) {
            return None;
        }
        let kept: (SpaceKey, Groundwork) = load(&self.groundwork_path())?;
        (kept.0 == self.groundwork_key()).then_some(kept.1)
    }

    /// Keeps what the study itself asks for, if it is new. A study that cannot be
    /// written to is only slower the next time.
    pub(crate) fn keep_groundwork(&self) {
        let params = self.theme_params(None);
        let mut remembered =
            self.derived.groundworks.0.lock().unwrap_or_else(PoisonError::into_inner);
        let usual = remembered.iter_mut().find(|(known, ..)| *known == params);
        if let Some((_, groundwork, is_new)) = usual
            && std::mem::take(is_new)
        {
            save(&self.groundwork_path(), &(self.groundwork_key(), &**groundwork)).ok();
        }
    }

    fn groundwork_path(&self) -> PathBuf {
        self.folder.store.join("cache").join("groundwork")
    }

    /// What a groundwork depends on beside its passages and parameters, which it knows.
    fn groundwork_key(&self) -> SpaceKey {
        self.space_key(&self.corpus.talk())
    }
}
