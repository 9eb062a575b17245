//! Lists that people decide on: kept, so that they can say by number which they mean.
//!
//! What a list holds is asked of the [`Snapshot`](crate::study::Snapshot); here it becomes a version, or is
//! remembered as the list that was shown last. A study that cannot be written to
//! remembers none.

use std::sync::PoisonError;

use super::Session;
use crate::answers::{DataAnswer, ProposalsAnswer, ThemeAnswer, ThemesAnswer, Unshown};
use crate::base::{Progress, Warned};
use crate::codebook::CodeId;
use crate::codebook::act::CandidateId;
use crate::listing::Numbering;
use crate::propose::ProposeParams;
use crate::questions::propose::ShownProposal;
use crate::questions::voices::key_of;
use crate::store::cache::save;
use crate::study::StudyError;
use crate::themes::ThemeParams;

impl Session {
    /// Lists candidate themes, and keeps what was listed as a version, so that people
    /// can name what they saw.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone. A study that cannot be written to
    /// has no memory of its themes: the answer then has no version.
    pub fn list_themes(
        &self,
        params: &ThemeParams,
        numbering: Numbering,
    ) -> Result<Unshown<ThemesAnswer>, StudyError> {
        let snapshot = self.snapshot();
        let listed = snapshot.listed(params, numbering)?;
        let version = snapshot.keep_version(&listed, numbering).ok();
        Ok(Unshown::new(snapshot.listed_as(version, &listed)))
    }

    /// Lists candidate themes to decide on, and keeps them: their version and the list.
    ///
    /// # Errors
    /// As [`list_themes`](Self::list_themes); [`StudyError::Store`] if the version
    /// cannot be kept.
    pub fn themes_to_decide_on(
        &self,
        params: &ThemeParams,
    ) -> Result<(u32, Vec<ThemeAnswer>), StudyError> {
        let snapshot = self.snapshot();
        let listed = snapshot.listed(params, Numbering::CarriedOn)?;
        let version = snapshot
            .keep_version(&listed, Numbering::CarriedOn)
            .map_err(StudyError::cannot_write(&snapshot.folder.store.join("versions")))?;
        Ok((version, listed.answer.themes.clone()))
    }

    /// The candidate with this number, kept in a version, if it is what a person was
    /// shown: `key` is that of [`Snapshot::voices`](crate::study::Snapshot::voices).
    ///
    /// # Errors
    /// [`StudyError::StaleCandidate`] if it is not; [`StudyError::Store`] if the version
    /// cannot be kept.
    pub fn candidate_as_shown(
        &self,
        params: &ThemeParams,
        number: usize,
        key: &str,
    ) -> Result<CandidateId, StudyError> {
        let (version, _) = self.themes_to_decide_on(params)?;
        let listed = self.snapshot().listed(params, Numbering::CarriedOn)?;
        if key_of(&listed.answer, number) != key {
            return Err(StudyError::StaleCandidate { number });
        }
        Ok(CandidateId { version, number, code: None })
    }

    /// Adds to an answer the codes that people made, with what is coded and what is proposed,
    /// and keeps what was learnt. A study that cannot be written to learns it again.
    /// `progress` is told the codes learnt and those to learn, and may stop it.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone, or decisions cannot be read;
    /// [`StudyError::Stopped`].
    pub fn with_codes(
        &self,
        answer: Unshown<ThemesAnswer>,
        progress: &dyn Progress,
    ) -> Result<Unshown<ThemesAnswer>, StudyError> {
        let snapshot = self.snapshot();
        let answer = snapshot.with_codes(answer, progress)?;
        let mut last =
            snapshot.derived.last_progress.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = last.as_mut()
            && std::mem::take(&mut last.is_new)
        {
            save(&snapshot.progress_path(), &last.learnt).ok();
        }
        drop(last);
        Ok(answer)
    }

    /// Proposes passages, and remembers the list, so that people can say by its numbers
    /// which they mean. A study that cannot be written to remembers none.
    ///
    /// # Errors
    /// As [`Snapshot::propose`](crate::study::Snapshot::propose).
    pub fn list_proposals(
        &self,
        params: &ProposeParams,
    ) -> Result<Unshown<ProposalsAnswer>, StudyError> {
        let snapshot = self.snapshot();
        let answer = snapshot.propose(params)?.unseen();
        let listed = answer.proposals.iter().map(|proposal| {
            let pick = snapshot.pick(&proposal.hit)?;
            let known = snapshot.corpus.with_id(&pick.transcript);
            let checksum = known.map(|t| snapshot.corpus.transcripts[t].checksum.clone());
            let (code, checksum) = (CodeId(proposal.code_id), checksum.unwrap_or_default());
            Ok(ShownProposal { pick, code, checksum })
        });
        let listed: Vec<ShownProposal> = listed.collect::<Result<_, StudyError>>()?;
        save(&snapshot.shown_proposals(), &listed).ok();
        Ok(Unshown::new(answer))
    }

    /// The study as data: candidates with their passages, and what people coded, apart. The
    /// list is kept as a version, so that the numbers that go out are found again.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone or the decisions cannot be read.
    pub fn data(&self, params: &ThemeParams) -> Result<Unshown<Warned<DataAnswer>>, StudyError> {
        let themes = self.list_themes(params, Numbering::CarriedOn)?.unseen();
        self.snapshot().data(params, themes)
    }
}
