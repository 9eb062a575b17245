//! What questions have worked out and the next ones need not: of one state of the texts, in
//! memory or beside them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::StudyError;
use crate::answers::ProposedMore;
use crate::listing::{Listed, Numbering};
use crate::search::finder::KnownThemes;
use crate::themes::ThemeParams;
use crate::transcripts::cases::Cases;
use crate::transcripts::roles::RoleGuess;

/// Answers that are remembered at once.
const MAX_REMEMBERED: usize = 4;

/// Which themes every passage was last put in: what search shows beside a hit.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LastThemes {
    /// Stands for the texts that they are of.
    pub(crate) revision: String,
    /// Stands for who is asked in them, and who is one person.
    pub(crate) who: String,
    pub(crate) themes: KnownThemes,
}

/// The last list of themes, since people decide on what they have just been shown.
#[derive(Default)]
pub(crate) struct LastListed(pub(crate) Mutex<Option<(ListKey, Arc<Listed>)>>);

/// What a list depends on beside the texts: how it is asked for, the decisions, and
/// the versions before it.
#[derive(PartialEq)]
pub(crate) struct ListKey {
    pub(crate) params: ThemeParams,
    pub(crate) numbering: Numbering,
    pub(crate) decided: String,
    pub(crate) versions: Vec<u32>,
}

/// The last answers to questions that pages ask again and again, each with all that it
/// depends on beside the texts. The last one used stands last.
pub(crate) struct LastAnswers<Q, A>(Mutex<Vec<Remembered<Q, A>>>);

/// What a list and a question were answered with.
type Remembered<Q, A> = ((ListKey, Q), Arc<A>);

impl<Q, A> Default for LastAnswers<Q, A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Q: PartialEq, A: Clone> LastAnswers<Q, A> {
    /// What was answered to this question, or what is found now.
    pub(crate) fn of(
        &self,
        asked: (ListKey, Q),
        find: impl FnOnce() -> Result<A, StudyError>,
    ) -> Result<A, StudyError> {
        let take = || {
            let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let at = last.iter().position(|(known, _)| *known == asked)?;
            let known = last.remove(at);
            let answer = Arc::clone(&known.1);
            last.push(known);
            Some(answer)
        };
        if let Some(answer) = take() {
            return Ok((*answer).clone());
        }
        // Others may ask meanwhile: nothing is held while it is worked out.
        let answer = find()?;
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() == MAX_REMEMBERED {
            last.remove(0);
        }
        last.push((asked, Arc::new(answer.clone())));
        Ok(answer)
    }
}

/// By code: what it was learnt from, and what was proposed; nothing if it has too few
/// quotations to tell.
pub(crate) type Learnt = BTreeMap<u32, (String, Option<ProposedMore>)>;

/// What was proposed for codes last.
#[derive(Default)]
pub(crate) struct LastProgress {
    pub(crate) learnt: Learnt,
    /// Whether it is not kept under `cache` yet.
    pub(crate) is_new: bool,
}

/// Stands for the roles of all speakers and for their cases.
pub(crate) fn who_is_who(roles: &[Vec<RoleGuess>], cases: &Cases) -> String {
    let mut hasher = blake3::Hasher::new();
    for (roles, cases) in roles.iter().zip(&cases.of_speaker) {
        for (guess, case) in roles.iter().zip(cases) {
            hasher.update(format!("{} {case:?} ", guess.role.name()).as_bytes());
        }
        hasher.update(b"/");
    }
    hasher.finalize().to_hex()[..16].to_owned()
}
