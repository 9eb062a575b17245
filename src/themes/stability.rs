//! How far a suggestion depends on single people: communities are found again
//! with each of them left out.
//!
//! Neighbours of passages and their cases come in; the communities without some of them, and
//! the stability of every theme, go out.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::communities::{CommunitySearch, Membership, PassageGraph, n_communities};
use super::links::Neighbours;
use crate::base::{Progress, Stopped};

/// The most trials; of more cases several are left out at once.
pub const MAX_TRIALS: usize = 20;
/// The most trials with many passages, which differ less.
const MAX_LARGE_TRIALS: usize = 6;
/// Passages from which on there are fewer trials.
const MANY_PASSAGES: usize = 4_000;
/// The fewest cases of which one can be left out: of two, one alone remains,
/// and nothing recurs across people.
const MIN_CASES: usize = 3;

/// A theme's stability: how much of it is found again, trial by trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stability {
    /// One a trial, of one trial at least.
    pub trials: Vec<Without>,
}

/// How much of a theme is found again without some cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Without {
    /// The cases that were left out, rising: one alone, or several at once.
    pub cases: Vec<u32>,
    /// The likeness (Jaccard) of the theme to the one of the trial that is most like it,
    /// `0.0..=1.0`.
    pub jaccard: f64,
}

impl Stability {
    /// The mean over all trials, `0.0..=1.0`.
    pub fn mean(&self) -> f64 {
        mean(&self.trials.iter().map(|trial| trial.jaccard).collect::<Vec<_>>())
    }
}

/// By trial: the communities that were found in it, by passage.
pub(super) type Again = Vec<Vec<Option<usize>>>;
/// By community: the one most like it, and how like, `0.0..=1.0`.
pub(super) type MostLike = Vec<Option<(usize, f64)>>;

/// Graphs without some cases each.
#[derive(Debug, Serialize, Deserialize)]
pub struct Trials {
    /// By passage: its trial, the one in which it is left out.
    trial_of: Vec<usize>,
    graphs: Vec<PassageGraph>,
    /// By trial: the cases left out, rising.
    left_out: Vec<Vec<u32>>,
}

impl Trials {
    /// Prepares the trials of passages whose cases are `case_of`, each linked to its
    /// `n_links` nearest; none where fewer than three cases speak. Cases are left out in the
    /// order in which they come.
    ///
    /// # Errors
    /// [`Stopped`] if `progress` says so.
    pub fn new(
        neighbours: &Neighbours,
        n_links: usize,
        case_of: &[u32],
        progress: &dyn Progress,
    ) -> Result<Self, Stopped> {
        let mut known = BTreeSet::new();
        let cases: Vec<u32> = case_of.iter().copied().filter(|case| known.insert(*case)).collect();
        let most = if case_of.len() > MANY_PASSAGES { MAX_LARGE_TRIALS } else { MAX_TRIALS };
        let n = if cases.len() < MIN_CASES { 0 } else { cases.len().min(most) };
        let place: BTreeMap<u32, usize> =
            cases.iter().enumerate().map(|(at, case)| (*case, at % n.max(1))).collect();
        let trial_of: Vec<usize> = case_of.iter().map(|case| place[case]).collect();
        let graph = |trial: usize| {
            progress.go_on()?;
            let links = neighbours.links(n_links, &|at| trial_of[at] != trial);
            Ok(PassageGraph::new(trial_of.len(), &links))
        };
        let graphs = (0..n).into_par_iter().map(graph).collect::<Result<_, Stopped>>()?;
        let mut left_out = vec![Vec::new(); n];
        for (case, trial) in place.into_iter().filter(|(_, trial)| *trial < n) {
            left_out[trial].push(case);
        }
        Ok(Self { trial_of, graphs, left_out })
    }

    /// How many there are; none where nobody can be left out.
    pub(super) fn n(&self) -> usize {
        self.graphs.len()
    }

    /// The communities of each trial at one resolution. Trials are many, and what one start
    /// misses counts against what is told of stability: one start each is enough.
    pub(super) fn at_resolution(&self, resolution: f64, search: &CommunitySearch) -> Again {
        let once = &CommunitySearch { n_starts: 1, ..*search };
        let found = self.graphs.par_iter().map(|graph| graph.at_resolution(resolution, once));
        found.map(|found| found.community).collect()
    }

    /// The graph of a trial.
    pub(super) fn graph(&self, trial: usize) -> &PassageGraph {
        &self.graphs[trial]
    }

    /// Forgets what can be made again.
    pub(super) fn slim(&mut self) {
        self.graphs.iter_mut().for_each(PassageGraph::slim);
    }

    /// How much of each community of `found` is found again: by community, by trial; empty
    /// without trials. `again` gives the communities of a trial, by passage, found as those of
    /// `found` were.
    ///
    /// # Formula
    /// For a community `C` and a trial that leaves passages `L` out, the
    /// greatest `|C \ L ∩ D| / |C \ L ∪ D|` over the communities `D` of the
    /// trial; 0 if nothing of `C` is left. Hennig (2007) resamples passages;
    /// here people are left out, since passages of one person are no
    /// independent evidence.
    pub(super) fn likeness(
        &self,
        found: &Membership,
        again: &(dyn Fn(usize) -> Vec<Option<usize>> + Sync),
    ) -> Vec<Vec<f64>> {
        if self.n() == 0 {
            return Vec::new();
        }
        let of_trial = |trial: usize| likeness_of(&self.most_like(found, trial, &again(trial)));
        let by_trial: Vec<Vec<f64>> = (0..self.n()).into_par_iter().map(of_trial).collect();
        (0..found.count)
            .map(|community| by_trial.iter().map(|likeness| likeness[community]).collect())
            .collect()
    }

    /// The stability of a community that is found again this much in each trial.
    pub(super) fn stability(&self, likeness: &[f64]) -> Stability {
        let trials = self.left_out.iter().zip(likeness);
        let trials = trials.map(|(cases, &jaccard)| Without { cases: cases.clone(), jaccard });
        Stability { trials: trials.collect() }
    }

    /// For each community of `found` the one of a trial that is most like it.
    pub(super) fn most_like(
        &self,
        found: &Membership,
        trial: usize,
        again: &[Option<usize>],
    ) -> MostLike {
        most_like(found, again, &|at| self.trial_of[at] != trial)
    }
}

/// For each community of `found` the one of `trial` most like it and how like, over the
/// passages that are kept; `None` if nothing of it is left.
pub(super) fn most_like(
    found: &Membership,
    trial: &[Option<usize>],
    is_kept: &dyn Fn(usize) -> bool,
) -> MostLike {
    let mut both: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut size_here = vec![0; found.count];
    let mut size_there = vec![0; n_communities(trial)];
    for at in (0..found.community.len()).filter(|&at| is_kept(at)) {
        let (here, there) = (found.community[at], trial[at]);
        if let Some(here) = here {
            size_here[here] += 1;
        }
        if let Some(there) = there {
            size_there[there] += 1;
        }
        if let (Some(here), Some(there)) = (here, there) {
            *both.entry((here, there)).or_default() += 1;
        }
    }
    let mut best: MostLike = vec![None; found.count];
    for ((here, there), n) in both {
        let jaccard = n as f64 / (size_here[here] + size_there[there] - n) as f64;
        // Of equally like ones the first.
        if best[here].is_none_or(|(_, known)| jaccard > known) {
            best[here] = Some((there, jaccard));
        }
    }
    best
}

/// How like, of each.
pub(super) fn likeness_of(most_like: &MostLike) -> Vec<f64> {
    most_like.iter().map(|like| like.map_or(0.0, |(_, likeness)| likeness)).collect()
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum, x| sum + x) / values.len().max(1) as f64
}
