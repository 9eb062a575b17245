//! Memory of the suggestion: what it rests on, whatever people decided.
//!
//! It is kept in memory for as long as the texts are the same, and under `cache`
//! for the parameters that the study itself asks for. After a decision only
//! steering and describing run.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::Snapshot;
use super::features::SpaceKey;
use crate::corpus::ParticipantPassage;
use crate::features::space::StudySpace;
use crate::store::cache::{load, save};
use crate::themes::anchors::Anchors;
use crate::themes::groundwork::Groundwork;
use crate::themes::subthemes::Divisions;
use crate::themes::{Suggestion, ThemeParams, Words};

/// Groundworks that are remembered at once: those of the study and of a few
/// explorations.
const MAX_REMEMBERED: usize = 4;

/// All groundworks of one state of the texts, the last one used last.
#[derive(Default)]
pub(super) struct Remembered(Mutex<Vec<(ThemeParams, Arc<Grounds>)>>);

/// A groundwork, and the divisions of themes that were found on it.
pub(super) struct Grounds {
    groundwork: Groundwork,
    found: Mutex<Found>,
}

/// Divisions, and whether some of them, or all of it, are not kept yet.
struct Found {
    divisions: Divisions,
    is_new: bool,
}

impl Grounds {
    /// The suggestion around what people decided.
    pub(super) fn suggest(
        &self,
        space: &StudySpace,
        words: Words<'_>,
        anchors: &Anchors,
    ) -> Suggestion {
        // A panic elsewhere leaves whole divisions behind.
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let suggestion = self.groundwork.suggest(&space.points, words, anchors, &found.divisions);
        if suggestion.divisions != found.divisions {
            *found = Found { divisions: suggestion.divisions.clone(), is_new: true };
        }
        suggestion
    }
}

impl Snapshot {
    /// What a suggestion rests on: remembered, or found now.
    pub(super) fn groundwork(
        &self,
        space: &StudySpace,
        passages: &[ParticipantPassage],
        words: Words<'_>,
        params: &ThemeParams,
    ) -> Arc<Grounds> {
        let mut remembered =
            self.derived.groundworks.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = remembered.iter().position(|(known, _)| known == params) {
            let known = remembered.remove(at);
            let grounds = Arc::clone(&known.1);
            remembered.push(known);
            return grounds;
        }
        let kept = self.kept_groundwork(params).filter(|kept| kept.0.is_of(passages, params));
        let (groundwork, divisions, is_new) = if let Some((groundwork, divisions)) = kept {
            (groundwork, divisions, false)
        } else {
            let found = Groundwork::find(&space.points, passages, words, params);
            (found, Divisions::default(), true)
        };
        let found = Mutex::new(Found { divisions, is_new });
        let grounds = Arc::new(Grounds { groundwork, found });
        if remembered.len() == MAX_REMEMBERED {
            remembered.remove(0);
        }
        remembered.push((params.clone(), Arc::clone(&grounds)));
        grounds
    }

    fn kept_groundwork(&self, params: &ThemeParams) -> Option<(Groundwork, Divisions)> {
        if *params != self.theme_params(None) {
            return None;
        }
        let kept: (SpaceKey, Groundwork, Divisions) = load(&self.groundwork_path())?;
        (kept.0 == self.groundwork_key()).then_some((kept.1, kept.2))
    }

    /// Keeps what the study itself asks for, if it is new. A study that cannot be
    /// written to is only slower the next time.
    pub(super) fn keep_groundwork(&self) {
        let params = self.theme_params(None);
        let remembered = self.derived.groundworks.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((_, grounds)) = remembered.iter().find(|(known, _)| *known == params) else {
            return;
        };
        let mut found = grounds.found.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut found.is_new) {
            let kept = (self.groundwork_key(), &grounds.groundwork, &found.divisions);
            save(&self.groundwork_path(), &kept).ok();
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
