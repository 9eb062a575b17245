//! Numbered versions of the suggestion, so that themes keep their numbers and
//! names while interviews are added.
//!
//! A suggestion comes in, with what was suggested before; the numbers and
//! labels under which its themes are listed go out. A [`Version`] cannot be derived
//! again, since the interviews of then may have changed; without them, numbering
//! starts anew.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::answers::{SAME_THEME, ThemeAnswer};
use crate::corpus::{Corpus, ParticipantPassage};
use crate::ingest::Known;
use crate::themes::naming::unlike;
use crate::themes::{CandidateTheme, Suggestion, ThemeParams};

/// Likeness from which on a theme has not changed, and keeps its label.
const UNCHANGED: f64 = 0.75;

/// What was suggested once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Its number, from 1.
    pub number: u32,
    /// How it was asked for; versions of one series were asked for alike.
    pub params: ThemeParams,
    /// The themes as they were listed.
    pub themes: Vec<VersionTheme>,
    /// The transcripts, in the order of the study.
    pub transcripts: Vec<VersionTranscript>,
}

/// A theme of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionTheme {
    /// Its number in the list.
    pub id: usize,
    /// Its label.
    pub label: String,
    /// How many passages.
    pub n_passages: usize,
    /// How many cases speak of it.
    pub n_cases: usize,
    /// How many cases there were.
    pub of_cases: usize,
    /// Whether a person had accepted it, and given it its label.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_accepted: bool,
    /// The labels of the codes under it, by their numbers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<usize, String>,
}

/// A transcript of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionTranscript {
    /// Its id.
    pub id: String,
    /// Stands for its text.
    pub content: String,
    /// By participants' passage, in order: the number of its theme, 0 for none.
    pub themes: Vec<usize>,
}

/// How the passages of two versions' themes overlap, over the transcripts that
/// both have alike. Themes are named by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Overlap {
    pub(super) both: BTreeMap<(usize, usize), usize>,
    pub(super) before: BTreeMap<usize, usize>,
    pub(super) now: BTreeMap<usize, usize>,
}

impl Overlap {
    /// Compares transcripts of an earlier version with those of now.
    pub(super) fn new(before: &[VersionTranscript], now: &[VersionTranscript]) -> Self {
        let mut overlap = Self::default();
        for (old, transcript) in known_of(before, now).into_iter().zip(now) {
            let Some(old) = old.filter(|old| old.is_same(transcript)) else { continue };
            for (&old, &new) in old.themes.iter().zip(&transcript.themes) {
                if old > 0 {
                    *overlap.before.entry(old).or_default() += 1;
                }
                if new > 0 {
                    *overlap.now.entry(new).or_default() += 1;
                }
                if old > 0 && new > 0 {
                    *overlap.both.entry((old, new)).or_default() += 1;
                }
            }
        }
        overlap
    }

    /// The themes that are the same before and now, with their likeness.
    pub(super) fn same(&self) -> Vec<(usize, usize, f64)> {
        let likeness = |(&(old, new), &n): (&(usize, usize), &usize)| {
            (old, new, n as f64 / (self.before[&old] + self.now[&new] - n) as f64)
        };
        self.both.iter().map(likeness).filter(|(.., likeness)| *likeness > SAME_THEME).collect()
    }
}

impl VersionTheme {
    /// What is kept of a listed theme.
    pub(super) fn of(theme: &ThemeAnswer) -> Self {
        Self {
            id: theme.id,
            label: theme.label.clone(),
            n_passages: theme.n_passages,
            n_cases: theme.n_cases,
            of_cases: theme.of_cases,
            is_accepted: theme.accepted.is_some(),
            codes: theme.codes.iter().map(|code| (code.id, code.label.clone())).collect(),
        }
    }
}

impl VersionTranscript {
    /// Whether the other has the same text, cut into the same passages.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.content == other.content && self.themes.len() == other.themes.len()
    }
}

/// What each transcript of now was before: the one of its name; where there was none, the only
/// one of its text whose name is gone, since its file was renamed.
pub(super) fn known_of<'v>(
    before: &'v [VersionTranscript],
    now: &[VersionTranscript],
) -> Vec<Option<&'v VersionTranscript>> {
    let by_id: BTreeMap<&str, &VersionTranscript> =
        before.iter().map(|transcript| (transcript.id.as_str(), transcript)).collect();
    let left: BTreeSet<&str> = now.iter().map(|transcript| transcript.id.as_str()).collect();
    let mut gone: BTreeMap<&str, Vec<&VersionTranscript>> = BTreeMap::new();
    for transcript in before.iter().filter(|transcript| !left.contains(transcript.id.as_str())) {
        gone.entry(&transcript.content).or_default().push(transcript);
    }
    let mut n_of: BTreeMap<&str, usize> = BTreeMap::new();
    for transcript in now {
        *n_of.entry(&transcript.content).or_default() += 1;
    }
    let renamed = |transcript: &VersionTranscript| match gone.get(transcript.content.as_str()) {
        Some(of) if of.len() == 1 && n_of[transcript.content.as_str()] == 1 => Some(of[0]),
        _ => None,
    };
    let known = |transcript: &VersionTranscript| {
        by_id.get(transcript.id.as_str()).copied().or_else(|| renamed(transcript))
    };
    now.iter().map(known).collect()
}

/// The transcripts of a suggestion whose themes have the numbers `ids`.
pub fn version_transcripts(
    corpus: &Corpus,
    suggestion: &Suggestion,
    passages: &[ParticipantPassage],
    ids: &[usize],
) -> Vec<VersionTranscript> {
    let mut found: Vec<VersionTranscript> = corpus
        .transcripts
        .iter()
        .map(|known| VersionTranscript {
            id: known.id.clone(),
            content: known.text_key.clone(),
            themes: Vec::new(),
        })
        .collect();
    for (passage, place) in passages.iter().zip(&suggestion.places) {
        let id = place.theme.map_or(0, |theme| ids[theme]);
        found[passage.row.transcript as usize].themes.push(id);
    }
    found
}

/// Lists the themes of a suggestion as they were listed before: the same themes
/// under the same numbers in the same order, unchanged ones under the same label,
/// new ones behind them. Returns their numbers, rising.
///
/// `now` are the transcripts of the suggestion, its themes numbered by their
/// places from 1; `series` the versions of before, the newest first; numbers up to
/// `taken` are not given again.
pub fn carry_on(
    suggestion: &mut Suggestion,
    now: &[VersionTranscript],
    series: &[Version],
    taken: usize,
) -> Vec<usize> {
    let n = suggestion.themes.len();
    let mut id_of: Vec<Option<usize>> = vec![None; n];
    let mut is_kept = vec![false; n];
    let mut labels: BTreeSet<String> = BTreeSet::new();
    let mut next = taken;
    for version in series {
        // What was not there last may have been there before, as after an undo.
        for (old, new, likeness) in Overlap::new(&version.transcripts, now).same() {
            let at = new - 1;
            if id_of[at].is_some() || id_of.contains(&Some(old)) {
                continue;
            }
            id_of[at] = Some(old);
            let known = version.themes.iter().find(|theme| theme.id == old);
            let known = known.filter(|known| likeness >= UNCHANGED && !known.is_accepted);
            if let Some(known) = known.filter(|known| !labels.contains(&known.label)) {
                suggestion.themes[at].label.clone_from(&known.label);
                labels.insert(known.label.clone());
                is_kept[at] = true;
            }
        }
        next = version.themes.iter().map(|theme| theme.id).fold(next, usize::max);
    }
    let ids: Vec<usize> = id_of
        .iter()
        .map(|id| {
            id.unwrap_or_else(|| {
                next = next.saturating_add(1);
                next
            })
        })
        .collect();
    // A new label must not be one that an unchanged theme keeps.
    for at in (0..n).filter(|&at| !is_kept[at]) {
        let label = std::mem::take(&mut suggestion.themes[at].label);
        suggestion.themes[at].label = unlike(&label, &mut labels);
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&at| ids[at]);
    suggestion.reorder(&order);
    order.into_iter().map(|at| ids[at]).collect()
}

/// Numbers the codes of the theme with this number, and lists them by their numbers: a label
/// keeps the number that it had while the same interviews were there, and no other label gets
/// it, so that a number means what it meant when it was last shown.
///
/// `series` are the versions of before, the newest first.
pub(super) fn number_codes(
    codes: &mut Vec<CandidateTheme>,
    theme: usize,
    corpus: &Corpus,
    series: &[Version],
) -> Vec<usize> {
    let is_of_now = |version: &&Version| {
        let then = version.transcripts.iter();
        let is_same = |(then, now): (&VersionTranscript, &Known)| {
            then.id == now.id && then.content == now.text_key
        };
        then.len() == corpus.transcripts.len() && then.zip(&corpus.transcripts).all(is_same)
    };
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut next = 1;
    for version in series.iter().take_while(is_of_now) {
        for theme in version.themes.iter().filter(|known| known.id == theme) {
            for (&number, label) in &theme.codes {
                known.entry(label).or_insert(number);
                next = next.max(number + 1);
            }
        }
    }
    let number = |code: &CandidateTheme| {
        known.remove(code.label.as_str()).unwrap_or_else(|| {
            next += 1;
            next - 1
        })
    };
    let mut numbers: Vec<usize> = codes.iter().map(number).collect();
    let mut order: Vec<usize> = (0..codes.len()).collect();
    order.sort_by_key(|&at| numbers[at]);
    *codes = order.iter().map(|&at| codes[at].clone()).collect();
    numbers.sort_unstable();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcript(id: &str, themes: &[usize]) -> VersionTranscript {
        VersionTranscript { id: id.to_owned(), content: id.to_owned(), themes: themes.to_vec() }
    }

    #[test]
    fn themes_are_the_same_where_most_of_their_passages_are() {
        let before = [transcript("A", &[1, 1, 1, 2, 2, 0]), transcript("B", &[1, 2, 2])];
        let now = [
            transcript("A", &[5, 5, 5, 6, 5, 6]),
            transcript("C", &[6, 6, 6, 6]),
            // B has other words now.
            VersionTranscript { content: "other".to_owned(), ..transcript("B", &[6, 5, 5]) },
        ];
        let overlap = Overlap::new(&before, &now);
        // Only A counts: 1 has 3 passages there, 5 has 4, 3 in both; 2 and 6 share 1 of 3.
        assert_eq!(overlap.same(), [(1, 5, 0.75)]);
    }
}
