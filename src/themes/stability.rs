//! How far a suggestion depends on single people: communities are found again
//! with each of them left out.
//!
//! Neighbours of passages and their cases come in; the communities that hold
//! whoever is left out, and the stability of every theme, go out.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::communities::{CommunitySearch, Membership, PassageGraph, n_communities};
use super::links::Neighbours;
use crate::answers::Band;

/// The most trials; of more cases several are left out at once.
pub const MAX_TRIALS: usize = 20;
/// The most trials with many passages, which differ less.
const MAX_LARGE_TRIALS: usize = 6;
/// Passages from which on there are fewer trials.
const MANY_PASSAGES: usize = 4_000;
/// The fewest cases of which one can be left out: of two, one alone remains,
/// and nothing recurs across people.
const MIN_CASES: usize = 3;
/// Resolutions that are compared when the communities that hold are sought.
const N_RESOLUTIONS: i32 = 9;

/// A theme's stability: how much of it is found again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stability {
    /// The mean likeness (Jaccard) of the theme to the one most like it, over
    /// all trials; `0.0..=1.0`.
    pub mean: f64,
    /// The least of them.
    pub least: f64,
    /// The case without which it is least; `None` if several were left out at
    /// once.
    pub least_without: Option<u32>,
}

/// Graphs without some cases each.
#[derive(Debug, Serialize, Deserialize)]
pub struct Trials {
    /// By passage: its trial, the one in which it is left out.
    trial_of: Vec<usize>,
    graphs: Vec<PassageGraph>,
    /// By trial: the case left out, if it is one alone.
    left_out: Vec<Option<u32>>,
}

impl Trials {
    /// Prepares the trials of passages whose cases are `case_of`, each linked to its
    /// `n_links` nearest; none where fewer than three cases speak.
    pub fn new(neighbours: &Neighbours, n_links: usize, case_of: &[u32]) -> Self {
        let cases: Vec<u32> =
            case_of.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let most = if case_of.len() > MANY_PASSAGES { MAX_LARGE_TRIALS } else { MAX_TRIALS };
        let n = if cases.len() < MIN_CASES { 0 } else { cases.len().min(most) };
        let place: BTreeMap<u32, usize> =
            cases.iter().enumerate().map(|(at, case)| (*case, at % n.max(1))).collect();
        let trial_of: Vec<usize> = case_of.iter().map(|case| place[case]).collect();
        let graphs = (0..n)
            .into_par_iter()
            .map(|trial| {
                PassageGraph::new(
                    trial_of.len(),
                    &neighbours.links(n_links, &|at| trial_of[at] != trial),
                )
            })
            .collect();
        let left_out = (0..n).map(|at| Some(cases[at]).filter(|_| n == cases.len())).collect();
        Self { trial_of, graphs, left_out }
    }

    /// The communities of each trial at one resolution, by passage.
    pub(super) fn at_resolution(
        &self,
        resolution: f64,
        search: &CommunitySearch,
    ) -> Vec<Vec<Option<usize>>> {
        let found = self.graphs.par_iter().map(|graph| graph.at_resolution(resolution, search));
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

    /// How much of each community of `found` is found again: by trial, by
    /// community.
    ///
    /// # Formula
    /// For a community `C` and a trial that leaves passages `L` out, the
    /// greatest `|C \ L ∩ D| / |C \ L ∪ D|` over the communities `D` of the
    /// trial; 0 if nothing of `C` is left. Hennig (2007) resamples passages;
    /// here people are left out, since passages of one person are no
    /// independent evidence.
    fn likeness(
        &self,
        found: &Membership,
        again: &(dyn Fn(usize) -> Vec<Option<usize>> + Sync),
    ) -> Vec<Vec<f64>> {
        (0..self.graphs.len())
            .into_par_iter()
            .map(|trial| {
                let is_kept = |at: usize| self.trial_of[at] != trial;
                best_likeness(found, &again(trial), &is_kept)
            })
            .collect()
    }

    /// The stability of each community of `found`; empty without trials. `again`
    /// gives the communities of a trial, by passage, found as those of `found` were.
    pub fn stability(
        &self,
        found: &Membership,
        again: &(dyn Fn(usize) -> Vec<Option<usize>> + Sync),
    ) -> Vec<Stability> {
        let likeness = self.likeness(found, again);
        if likeness.is_empty() {
            return Vec::new();
        }
        (0..found.count)
            .map(|community| {
                let of_trials: Vec<f64> = likeness.iter().map(|of| of[community]).collect();
                let least = (0..of_trials.len())
                    .min_by(|&a, &b| of_trials[a].total_cmp(&of_trials[b]))
                    .expect("there are trials");
                Stability {
                    mean: mean(&of_trials),
                    least: of_trials[least],
                    least_without: self.left_out[least],
                }
            })
            .collect()
    }

    /// The communities to suggest, and which of them hold when people are left
    /// out: those of the resolution at which most hold.
    ///
    /// Communities are found over a range of resolutions, on all passages and in
    /// every trial. One holds if its mean likeness is .6 at least, under which
    /// Hennig (2007) trusts none. Of equally many those with more passages count;
    /// no resolution counts that gives more than `most`. `None` if there are not
    /// two that hold. Without trials, neighbouring resolutions take their place.
    pub(super) fn steadiest(
        &self,
        graph: &PassageGraph,
        most: usize,
        search: &CommunitySearch,
    ) -> Option<Steady> {
        let resolutions: Vec<f64> =
            (0..N_RESOLUTIONS).map(|step| 0.5 * 1.22_f64.powi(step)).collect();
        let found: Vec<Membership> = resolutions
            .par_iter()
            .map(|&resolution| graph.at_resolution(resolution, search))
            .collect();
        // Trials are many; one start each is enough to compare resolutions.
        let once = CommunitySearch { n_starts: 1, ..*search };
        let likeness = |at: usize, again: &[Vec<Option<usize>>]| -> Vec<Vec<f64>> {
            if !self.graphs.is_empty() {
                return self.likeness(&found[at], &|trial| again[trial].clone());
            }
            let sides = [at.checked_sub(1), Some(at + 1).filter(|&next| next < found.len())];
            let sides = sides.into_iter().flatten();
            sides.map(|side| best_likeness(&found[at], &found[side].community, &|_| true)).collect()
        };
        let steady = |at: usize| -> Steady {
            let again = self.at_resolution(found[at].resolution, &once);
            let likeness = likeness(at, &again);
            let of = |community: usize| -> Vec<f64> {
                likeness.iter().map(|of| of[community]).collect()
            };
            let holds = |community: usize| Band::of(mean(&of(community))) > Band::Dissolving;
            let holds = (0..found[at].count).map(holds).collect();
            Steady { found: found[at].clone(), holds, again }
        };
        let worth = |at: usize, holds: &[bool]| {
            let assigned = found[at].community.iter().flatten();
            let n_passages = assigned.filter(|&&community| holds[community]).count();
            (holds.iter().filter(|holds| **holds).count(), n_passages, Reverse(at))
        };
        // Trials take long. Where more communities are found, more may hold; what could not
        // be the best if all of them held is not tried.
        let most_worth = |at: usize| worth(at, &vec![true; found[at].count]);
        let mut order: Vec<usize> =
            (0..found.len()).filter(|&at| found[at].count <= most).collect();
        order.sort_by_key(|&at| Reverse(most_worth(at)));
        let mut best = None;
        for at in order {
            if best.as_ref().is_none_or(|(known, _)| most_worth(at) > *known) {
                let steady = steady(at);
                let worth = worth(at, &steady.holds);
                if worth.0 > 1 && best.as_ref().is_none_or(|(known, _)| worth > *known) {
                    best = Some((worth, steady));
                }
            }
        }
        best.map(|(_, steady)| steady)
    }

    /// The communities of each trial, found as those of a resolution; `known` were found
    /// with one start.
    pub(super) fn again(
        &self,
        resolution: f64,
        search: &CommunitySearch,
        known: Option<Vec<Vec<Option<usize>>>>,
    ) -> Vec<Vec<Option<usize>>> {
        known
            .filter(|_| self.graphs.iter().all(|graph| graph.n_starts(search) == 1))
            .unwrap_or_else(|| self.at_resolution(resolution, search))
    }
}

/// What [`Trials::steadiest`] chooses.
pub(super) struct Steady {
    pub(super) found: Membership,
    /// Which of the communities hold.
    pub(super) holds: Vec<bool>,
    /// The communities of each trial, found with one start.
    pub(super) again: Vec<Vec<Option<usize>>>,
}

/// For each community of `found` its greatest likeness to one of `trial`, over
/// the passages that are kept.
fn best_likeness(
    found: &Membership,
    trial: &[Option<usize>],
    is_kept: &dyn Fn(usize) -> bool,
) -> Vec<f64> {
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
    let mut best = vec![0.0; found.count];
    for ((here, there), n) in both {
        let jaccard = n as f64 / (size_here[here] + size_there[there] - n) as f64;
        best[here] = f64::max(best[here], jaccard);
    }
    best
}

fn mean(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum, x| sum + x) / values.len().max(1) as f64
}
