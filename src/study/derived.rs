//! What is worked out of the texts of a study, each once, and how long it took.
//!
//! It is empty when a study is opened; the questions fill it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::remembered::{LastAnswers, LastListed, LastProgress};
use crate::answers::{CompareAnswer, SaturationAnswer};
use crate::compare::interviews::SaturationParams;
use crate::features::counts::{TermCounts, carries_theme};
use crate::features::space::{SpaceParams, StudySpace};
use crate::propose::wording::Wording;
use crate::search::finder::Searcher;
use crate::terms::Analysis;
use crate::themes::groundwork::Groundwork;
use crate::themes::{ThemeParams, Words};

/// What is worked out of the texts, each once.
#[derive(Default)]
pub(crate) struct Derived {
    pub(crate) times: StageTimes,
    pub(crate) terms: OnceLock<Arc<StudyTerms>>,
    /// With it, whether it is not kept yet.
    pub(crate) space: OnceLock<(Arc<StudySpace>, bool)>,
    /// What proposals rest on.
    pub(crate) wording: OnceLock<Arc<Wording>>,
    /// What suggestions rest on.
    pub(crate) groundworks: Remembered,
    /// What was listed last.
    pub(crate) last_listed: LastListed,
    /// What was proposed for codes last; `None` before it is looked for.
    pub(crate) last_progress: Mutex<Option<LastProgress>>,
    /// The last comparisons, by attribute, and the last curves of saturation.
    pub(crate) comparisons: LastAnswers<String, CompareAnswer>,
    pub(crate) saturations: LastAnswers<SaturationParams, SaturationAnswer>,
    /// What every search needs.
    pub(crate) searching: OnceLock<Searcher>,
}

/// How long each stage took, in the order in which they ended.
#[derive(Debug, Default)]
pub struct StageTimes(Mutex<Vec<(&'static str, Duration)>>);

impl StageTimes {
    /// Runs a stage and notes how long it took.
    pub(crate) fn run<T>(&self, name: &'static str, stage: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = stage();
        // A panic elsewhere leaves whole entries behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((name, start.elapsed()));
        value
    }

    /// Names and durations so far.
    pub fn so_far(&self) -> Vec<(&'static str, Duration)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The words of all transcripts and their counts.
pub struct StudyTerms {
    /// By transcript.
    pub analyses: Vec<Arc<Analysis>>,
    /// The document-term matrix over all passages.
    pub counts: TermCounts,
}

impl StudyTerms {
    /// What themes are described by.
    pub(crate) fn words(&self) -> Words<'_> {
        Words { analyses: &self.analyses, counts: &self.counts }
    }

    /// A term as it is most often spoken by those who are counted; empty for the name of
    /// somebody who speaks.
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

/// What the points depend on: the words, who asks, and the parameters.
pub(crate) type SpaceKey = (String, String, SpaceParams);

/// All groundworks of one state of the texts, the last one used last, and whether they
/// were found now.
#[derive(Default)]
pub(crate) struct Remembered(pub(super) Mutex<Vec<(ThemeParams, Arc<Groundwork>, bool)>>);
