//! The smaller themes inside a theme.
//!
//! The passages of a theme come in, with their graph; the parts into which it falls
//! go out, named by what sets them apart from each other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::communities::{CommunitySearch, PassageGraph};
use super::describe::{TermUses, ThemeTerm, labels};
use super::stability::{Stability, Trials};
use super::{CandidateTheme, Words};
use crate::corpus::ParticipantPassage;
use crate::corpus::Row;

/// The fewest passages of a sub-theme.
const MIN_PASSAGES_A_SUBTHEME: usize = 6;
/// The most sub-themes of a theme.
const MAX_SUBTHEMES: usize = 6;

/// How themes fall into sub-themes, by their linked passages. Passages are named by
/// their places in the input.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Divisions(pub(super) BTreeMap<Vec<usize>, Vec<Subtheme>>);

/// A sub-theme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Subtheme {
    label: String,
    terms: Vec<ThemeTerm>,
    /// In the order of the study.
    passages: Vec<usize>,
    stability: Option<Stability>,
}

impl Subtheme {
    /// As a candidate, its passages in the order that `ranked` gives them.
    pub(super) fn candidate(&self, ranked: &dyn Fn(&[usize]) -> Vec<usize>) -> CandidateTheme {
        CandidateTheme {
            label: self.label.clone(),
            terms: self.terms.clone(),
            passages: ranked(&self.passages),
            stability: self.stability,
            subthemes: Vec::new(),
            accepted: None,
        }
    }
}

/// The sub-themes of a theme, the largest first. `members` are its linked passages, by
/// their places among those that are `linked`.
pub(super) fn subthemes(
    members: &[usize],
    linked: &[usize],
    (graph, trials): (&PassageGraph, &Trials),
    search: &CommunitySearch,
    passages: &[ParticipantPassage],
    words: Words,
) -> Vec<Subtheme> {
    let parts = parts(graph, trials, members, search);
    let (mut rows, mut part_of): (Vec<Row>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    for (part, (of_part, _)) in parts.iter().enumerate() {
        rows.extend(of_part.iter().map(|&at| passages[linked[at]].row));
        part_of.extend(of_part.iter().map(|_| Some(part)));
    }
    let uses = TermUses::of(&rows, words);
    let terms = uses.of_themes(&part_of, parts.len());
    if terms.iter().any(Vec::is_empty) {
        // What no words tell apart is no division that a reader could follow.
        return Vec::new();
    }
    let mut found: Vec<Subtheme> = labels(&terms)
        .into_iter()
        .zip(terms)
        .zip(parts)
        .map(|((label, terms), (of_part, stability))| {
            let passages = of_part.into_iter().map(|at| linked[at]).collect();
            Subtheme { label, terms, passages, stability }
        })
        .collect();
    found.sort_by_key(|part| std::cmp::Reverse(part.passages.len()));
    found
}

/// Passages of a sub-theme, and its stability.
type Part = (Vec<usize>, Option<Stability>);

/// The parts into which a theme falls; none if it does not, or if the parts
/// would not hold without one person or another.
fn parts(
    graph: &PassageGraph,
    trials: &Trials,
    members: &[usize],
    search: &CommunitySearch,
) -> Vec<Part> {
    let most = (members.len() / MIN_PASSAGES_A_SUBTHEME).min(MAX_SUBTHEMES);
    if most < 2 {
        return Vec::new();
    }
    let search = CommunitySearch { unassigned: 0.0, ..*search };
    let graph = graph.inside(members);
    let trials = trials.inside(members);
    let Some((found, holds)) = trials.steadiest(&graph, most, &search) else {
        return Vec::new();
    };
    let again = |trial| trials.graph(trial).at_resolution(found.resolution, &search).community;
    let stability = trials.stability(&found, &again);
    let parts: Vec<Part> = (0..found.count)
        .filter(|&part| holds[part])
        .map(|part| {
            let of_part = (0..members.len()).filter(|&at| found.community[at] == Some(part));
            (of_part.map(|at| members[at]).collect(), stability.get(part).copied())
        })
        .filter(|(of_part, _): &Part| of_part.len() >= MIN_PASSAGES_A_SUBTHEME)
        .collect();
    // One part alone is no division.
    if parts.len() > 1 { parts } else { Vec::new() }
}
