//! Who says what of the themes that are listed, and which candidate a person means.

use super::{Session, Snapshot, StudyError};
use crate::answers::{
    EvidenceAnswer, ThemeVoices, ThemesAnswer, Unshown, VoiceAnswer, VoicesAnswer,
};
use crate::codebook::act::CandidateId;
use crate::themes::ThemeParams;
use crate::themes::listing::{Listed, Numbering};

/// Hexadecimal digits that stand for a candidate as it is listed.
const KEY_DIGITS: usize = 12;

impl Snapshot {
    /// Who says how much of each theme that is listed.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn voices(&self, params: &ThemeParams) -> Result<Unshown<VoicesAnswer>, StudyError> {
        let listed = self.listed(params, Numbering::CarriedOn)?;
        let cases = &self.corpus.cases.cases;
        let mut speaking: Vec<usize> = self.corpus.speaking().into_iter().collect();
        speaking.sort_by_key(|&case| (cases[case].group(), case));
        let person = |&case: &usize| VoiceAnswer {
            case: cases[case].id.clone(),
            group: cases[case].group().map(str::to_owned),
        };
        let theme = |id: usize| {
            let mut n_passages = vec![0; speaking.len()];
            for (passage, answer) in listed.numbered.passages.iter().zip(&listed.answer.passages) {
                if answer.evidence.contains(&id) {
                    let case = passage.row.case as usize;
                    if let Some(at) = speaking.iter().position(|&known| known == case) {
                        n_passages[at] += 1;
                    }
                }
            }
            ThemeVoices { id, key: key_of(&listed.answer, id), n_passages }
        };
        let passages = &listed.answer.passages;
        Ok(Unshown::new(VoicesAnswer {
            people: speaking.iter().map(person).collect(),
            themes: listed.answer.themes.iter().map(|it| theme(it.id)).collect(),
            n_uncovered: passages.iter().filter(|passage| passage.theme.is_none()).count(),
        }))
    }

    /// All passages of a theme that is listed.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn evidence(
        &self,
        params: &ThemeParams,
        id: usize,
    ) -> Result<Unshown<EvidenceAnswer>, StudyError> {
        let listed = self.listed(params, Numbering::CarriedOn)?;
        let Listed { numbered, answer, .. } = &*listed;
        let (mut evidence, mut in_context) = (Vec::new(), Vec::new());
        for (passage, place) in numbered.passages.iter().zip(&answer.passages) {
            if place.evidence.contains(&id) {
                evidence.push(self.corpus.passage_hit(passage.passage, evidence.len() + 1)?);
            } else if place.theme == Some(id) || place.also == Some(id) {
                in_context.push(self.corpus.passage_hit(passage.passage, in_context.len() + 1)?);
            }
        }
        Ok(Unshown::new(EvidenceAnswer { id, evidence, in_context }))
    }
}

impl Session {
    /// The candidate with this number, kept in a version, if it is what a person was
    /// shown: `key` is that of [`Snapshot::voices`].
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
}

/// What stands for a theme as it is listed: its label and its evidence.
fn key_of(answer: &ThemesAnswer, id: usize) -> String {
    let mut hasher = blake3::Hasher::new();
    for theme in answer.themes.iter().filter(|theme| theme.id == id) {
        hasher.update(theme.label.as_bytes());
    }
    for passage in answer.passages.iter().filter(|passage| passage.evidence.contains(&id)) {
        hasher.update(passage.transcript.as_bytes());
        for line in passage.lines {
            hasher.update(&line.to_le_bytes());
        }
    }
    hasher.finalize().to_hex()[..KEY_DIGITS].to_owned()
}
