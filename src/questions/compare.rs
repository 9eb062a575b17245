//! Groups compared, and whether further interviews still bring something new.

use crate::answers::{CompareAnswer, SaturationAnswer, Unshown};
use crate::compare::groups::{compare_groups, compared_stances, groups_by, who_speak};
use crate::compare::interviews::{
    Counted, Interviews, SaturationParams, Unit, counted_candidates, counted_codes,
};
use crate::corpus::ParticipantPassage;
use crate::features::counts::count_said;
use crate::listing::{Listed, Numbered, Numbering};
use crate::study::{Snapshot, StudyError};
use crate::themes::ThemeParams;

/// Quotes that are kept for each group of a theme.
const N_QUOTES: usize = 3;

impl Snapshot {
    /// Compares groups of cases by an attribute: themes and terms.
    ///
    /// # Errors
    /// [`StudyError::NoComparison`] if the attribute does not exist or makes no groups.
    pub fn compare(
        &self,
        attribute: &str,
        params: &ThemeParams,
    ) -> Result<Unshown<CompareAnswer>, StudyError> {
        let asked = (self.list_key(params, Numbering::CarriedOn)?, attribute.to_owned());
        let find = || self.compared(attribute, params);
        Ok(Unshown::new(self.derived.comparisons.of(asked, find)?))
    }

    fn compared(&self, attribute: &str, params: &ThemeParams) -> Result<CompareAnswer, StudyError> {
        // A mistyped attribute is told before anything is worked out.
        let groups = groups_by(&self.corpus, attribute)?;
        let terms = self.terms()?;
        let listed = self.listed(params, Numbering::CarriedOn)?;
        let Listed { numbered, answer: suggested, .. } = &*listed;
        let passages = &numbered.passages;
        let (groups, silent) = who_speak(groups, passages);
        let (words, said) = (count_said(&terms.analyses), self.corpus.all_of_participants());
        let spoken = |column: u32| {
            let stem = &words.vocabulary[column as usize];
            let term = terms.counts.vocabulary.binary_search(stem).ok();
            term.and_then(|term| u32::try_from(term).ok())
                .map_or_else(String::new, |term| terms.spoken(term))
        };
        let counted = (&said[..], &words.counts);
        let mut answer =
            compare_groups(attribute, (&groups, &silent), passages, suggested, counted, &spoken);
        answer.is_listed = *params == self.theme_params(None);
        answer.stances =
            compared_stances(&self.corpus, self.codebook()?, &self.standings()?, &groups)?;
        let profiler = numbered.profiler(&self.corpus, terms.words());
        for (at, answer) in answer.themes.iter_mut().enumerate() {
            for (cell, group) in answer.cells.iter_mut().zip(&groups) {
                let is_meant =
                    |passage: &ParticipantPassage| group.sittings.contains(&passage.row.sitting());
                cell.quotes = profiler.quotes_of(at, &is_meant, N_QUOTES)?;
            }
        }
        Ok(answer)
    }

    /// Counts what each interview adds to the codes that people gave to quotations,
    /// or to the candidate themes where there are none.
    ///
    /// # Errors
    /// [`StudyError::NoComparison`] for an attribute that does not exist;
    /// [`StudyError::Decisions`] if the decisions cannot be read.
    pub fn saturation(
        &self,
        asked: &SaturationParams,
        params: &ThemeParams,
    ) -> Result<Unshown<SaturationAnswer>, StudyError> {
        let key = (self.list_key(params, Numbering::CarriedOn)?, asked.clone());
        let find = || self.saturated(asked, params);
        Ok(Unshown::new(self.derived.saturations.of(key, find)?))
    }

    fn saturated(
        &self,
        asked: &SaturationParams,
        params: &ThemeParams,
    ) -> Result<SaturationAnswer, StudyError> {
        // Mistyped attributes are told before anything is worked out.
        let interviews = Interviews::new(&self.corpus, &self.modified_ns, asked)?;
        let codes = if asked.is_of_candidates { None } else { self.counted_codes()? };
        let counted = match codes {
            Some(codes) => codes,
            None => self.counted_candidates(params)?,
        };
        Ok(interviews.saturation(counted, params.seed))
    }

    fn counted_codes(&self) -> Result<Option<Counted>, StudyError> {
        let codebook = self.codebook()?;
        if codebook.quotations.values().all(|quotation| quotation.codings.is_empty()) {
            return Ok(None);
        }
        Ok(counted_codes(&self.corpus, codebook, &self.standings()?))
    }

    fn counted_candidates(&self, params: &ThemeParams) -> Result<Counted, StudyError> {
        let numbered = self.numbered(params, Numbering::CarriedOn)?;
        let themes = &numbered.suggestion.themes;
        let is_whole = |theme: usize| themes[theme].codes.is_empty();
        let n = numbered.passages.len();
        let units: Vec<Vec<Unit>> = (0..n).map(|at| units(&numbered, at, &is_whole)).collect();
        let sizes = (themes.len(), themes.iter().map(|theme| theme.codes.len()).sum());
        Ok(counted_candidates(&self.corpus, &numbered.passages, &units, sizes))
    }
}

/// The themes and codes (0 for none) that a passage is evidence of: codes where the theme
/// has any.
fn units(numbered: &Numbered, at: usize, is_whole: &dyn Fn(usize) -> bool) -> Vec<Unit> {
    let whole = numbered.says(at).iter().filter(|&&theme| is_whole(theme));
    let codes = numbered.carries(at).iter().copied();
    let codes = codes.filter(|&(theme, code)| {
        numbered.suggestion.themes[theme].codes[code].evidence.contains(&at)
    });
    whole.map(|&theme| (theme, 0)).chain(codes.map(|(theme, code)| (theme, code + 1))).collect()
}
