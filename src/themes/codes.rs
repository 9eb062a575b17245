//! Candidate codes: what several people say in like words, finer than a theme.
//!
//! The links between passages come in; the codes go out, each with the passages that
//! carry it and the terms that set it apart. A passage may carry several codes, or none.
//! They do not depend on what people decided.
//!
//! # Method
//! Communities of a graph with few links are the cores of codes. A passage also carries
//! a code if it lies much nearer to the core, as *other* people speak of it, than
//! passages do on average: by [`NEAR`] standard deviations.

use std::collections::{BTreeMap, BTreeSet};

use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::communities::{CommunitySearch, PassageGraph};
use super::describe::{TermUses, ThemeTerm};
use super::evidence::OwnWords;
use super::links::Neighbours;
use super::stability::{Stability, Trials};
use super::{CandidateTheme, ThemeParams};
use crate::corpus::ParticipantPassage;

/// By how much fewer links a passage has than where themes are sought: few, so that small
/// groups stand out.
const FEWER_LINKS: usize = 2;
/// Passages that one code stands for, in the mean: about one in ten is sought.
const PASSAGES_A_CODE: usize = 10;
/// The most codes that are sought: more would not be read.
const MAX_CODES: usize = 40;
/// The fewest cases in the core of a code, where there are so many.
const MIN_CASES: usize = 3;
/// Standard deviations above the mean from which on a passage carries a code. Between
/// 1.75 and 2.5 agreement with human coders hardly changes (`benches/RESULTS.md`).
const NEAR: f64 = 2.0;
/// Words from which on a passage can be typical.
const SUBSTANCE: f64 = 40.0;

/// A candidate code. Passages are named by their places in the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct CandidateCode {
    terms: Vec<ThemeTerm>,
    /// The community that it was found as, in the order of the study.
    pub(super) core: Vec<usize>,
    /// All that carry it, most typical first.
    passages: Vec<usize>,
    /// Those that say it by their own words.
    evidence: BTreeSet<usize>,
    stability: Option<Stability>,
}

impl CandidateCode {
    /// As a candidate without a name.
    pub(super) fn candidate(&self) -> CandidateTheme {
        CandidateTheme {
            label: String::new(),
            named_by: Vec::new(),
            is_named: false,
            terms: self.terms.clone(),
            passages: self.passages.clone(),
            evidence: self.evidence.clone(),
            stability: self.stability,
            codes: Vec::new(),
            accepted: None,
        }
    }
}

/// Finds the candidate codes of a study. `linked` are the places of the passages that
/// `neighbours` are of.
pub(super) fn candidate_codes(
    points: &Array2<f32>,
    passages: &[ParticipantPassage],
    linked: &[usize],
    neighbours: &Neighbours,
    (own_words, terms, small_talk): (&OwnWords, &TermUses, &BTreeSet<usize>),
    params: &ThemeParams,
) -> Vec<CandidateCode> {
    let count = (linked.len() / PASSAGES_A_CODE).clamp(1, MAX_CODES);
    let n_links = params.links.div_ceil(FEWER_LINKS);
    let graph = PassageGraph::new(linked.len(), &neighbours.links(n_links, &|_| true));
    // A quarter of the mean size at least.
    let search = CommunitySearch::new(params.unassigned, params.seed);
    let search = &CommunitySearch { min_per_mille: 250 / count, ..search };
    let found = graph.communities(count, search);
    let case_of: Vec<u32> = linked.iter().map(|&at| passages[at].row.case).collect();
    let trials = Trials::new(neighbours, n_links, &case_of);
    let again = trials.at_resolution(found.resolution, search);
    let stability = trials.stability(&found, &|trial| again[trial].clone());

    let mut cores = vec![Vec::new(); found.count];
    for (&at, community) in linked.iter().zip(&found.community) {
        if let Some(community) = *community {
            cores[community].push(at);
        }
    }
    let n_cases = case_of.iter().collect::<BTreeSet<_>>().len();
    let speaking = |core: &[usize]| {
        core.iter().map(|&at| passages[at].row.case).collect::<BTreeSet<_>>().len()
    };
    let stability = (0..found.count).map(|community| stability.get(community).copied());
    let (cores, stability): (Vec<Vec<usize>>, Vec<Option<Stability>>) = cores
        .into_iter()
        .zip(stability)
        .filter(|(core, _)| speaking(core) >= MIN_CASES.min(n_cases))
        .unzip();

    let mut carried: Vec<(Vec<usize>, BTreeSet<usize>)> = cores
        .par_iter()
        .map(|core| {
            let mut carriers = carriers(points, passages, core);
            carriers.retain(|at| !small_talk.contains(at));
            let evidence = own_words.evidence(&carriers);
            (carriers, evidence)
        })
        .collect();
    let evidence = carried.iter().map(|(_, evidence)| evidence);
    let mut terms = terms.of_themes(&by_passage(passages.len(), evidence), cores.len());
    terms.par_iter_mut().zip(&mut carried).for_each(|(terms, (_, evidence))| {
        own_words.keep_said(evidence, terms);
    });
    terms
        .into_iter()
        .zip(cores.into_iter().zip(carried))
        .zip(stability)
        .map(|((terms, (core, (passages, evidence))), stability)| CandidateCode {
            terms,
            core,
            passages,
            evidence,
            stability,
        })
        .collect()
}

/// By passage of `n`: the sets that it is in, rising.
pub(super) fn by_passage<'a>(
    n: usize,
    sets: impl Iterator<Item = &'a BTreeSet<usize>>,
) -> Vec<Vec<usize>> {
    let mut found = vec![Vec::new(); n];
    for (at, set) in sets.enumerate() {
        for &passage in set {
            found[passage].push(at);
        }
    }
    found
}

/// The passages that carry the code with this core, most typical first.
fn carriers(points: &Array2<f32>, passages: &[ParticipantPassage], core: &[usize]) -> Vec<usize> {
    let nearness = nearness(points, passages, core);
    let n = nearness.len().max(1) as f64;
    let mean = nearness.iter().sum::<f64>() / n;
    let variance = nearness.iter().map(|near| (near - mean).powi(2)).sum::<f64>() / n;
    let bar = mean + NEAR * variance.sqrt();
    let is_core: BTreeSet<usize> = core.iter().copied().collect();
    let typical = |at: usize| {
        // A short passage may lie at the centre by its context alone.
        nearness[at] * (f64::from(passages[at].n_words) / SUBSTANCE).min(1.0)
    };
    let mut found: Vec<usize> = (0..passages.len())
        .filter(|at| is_core.contains(at) || (variance > 0.0 && nearness[*at] >= bar))
        .collect();
    found.sort_by(|&a, &b| typical(b).total_cmp(&typical(a)).then(a.cmp(&b)));
    found
}

/// How near each passage is to a core as other people speak of it (cosine,
/// `-1.0..=1.0`): the core without the passages of its own case, or, where one case
/// alone speaks, without the passage itself.
fn nearness(points: &Array2<f32>, passages: &[ParticipantPassage], core: &[usize]) -> Vec<f64> {
    let none = Array1::<f32>::zeros(points.len_of(Axis(1)));
    let mut whole = none.clone();
    let mut of_case: BTreeMap<u32, Array1<f32>> = BTreeMap::new();
    for &at in core {
        let point = points.row(passages[at].passage);
        whole += &point;
        *of_case.entry(passages[at].row.case).or_insert_with(|| none.clone()) += &point;
    }
    let unit = |mut centre: Array1<f32>| {
        let length = centre.dot(&centre).sqrt();
        // What is left of a core of one voice is rounding.
        if length > 1e-4 {
            centre /= length;
        } else {
            centre.fill(0.0);
        }
        centre
    };
    let is_core: BTreeSet<usize> = core.iter().copied().collect();
    let is_one_voice = of_case.len() < 2;
    let without: BTreeMap<u32, Array1<f32>> =
        of_case.iter().map(|(case, own)| (*case, unit(&whole - own))).collect();
    let all = unit(whole.clone());
    let near = |(at, passage): (usize, &ParticipantPassage)| {
        let point = points.row(passage.passage);
        if is_one_voice && is_core.contains(&at) {
            return f64::from(point.dot(&unit(&whole - &point)));
        }
        let centre = without.get(&passage.row.case).filter(|_| !is_one_voice).unwrap_or(&all);
        f64::from(point.dot(centre))
    };
    passages.iter().enumerate().map(near).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Row;
    use ndarray::array;

    fn passages(cases: &[u32]) -> Vec<ParticipantPassage> {
        (0..)
            .zip(cases)
            .map(|(place, &case)| ParticipantPassage {
                passage: place as usize,
                row: Row { transcript: case, place, case },
                n_words: 40,
            })
            .collect()
    }

    #[test]
    fn nearness_leaves_out_what_the_speaker_says() {
        // Case 0 says (1, 0), case 1 says (0, 1), case 2 is not in the core.
        let points = array![[1.0_f32, 0.0], [0.0, 1.0], [0.6, 0.8]];
        let near = nearness(&points, &passages(&[0, 1, 2]), &[0, 1]);
        // 0 is compared with (0, 1), 1 with (1, 0), 2 with (1, 1)/√2: 1.4/√2 = 0.98995.
        let expected = [0.0, 0.0, 0.989_949_5];
        assert!(near.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{near:?}");
    }

    #[test]
    fn where_one_case_speaks_a_passage_is_compared_with_the_others() {
        let points = array![[1.0_f32, 0.0], [0.6, 0.8], [0.0, 1.0]];
        let near = nearness(&points, &passages(&[0, 0, 0]), &[0, 1]);
        // 0 with (.6, .8), 1 with (1, 0), 2 with (1.6, .8) of length 1.788854.
        let expected = [0.6, 0.6, 0.447_213_6];
        assert!(near.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{near:?}");
    }

    #[test]
    fn a_passage_carries_a_code_if_it_lies_much_nearer_than_most() {
        // Of twenty passages 0 and 1 are the core; 2 says the same, the rest does not.
        let mut points = Array2::<f32>::zeros((20, 2));
        for (at, mut point) in points.axis_iter_mut(Axis(0)).enumerate() {
            point[usize::from(at > 2)] = 1.0;
        }
        let cases: Vec<u32> = (0..20).collect();
        assert_eq!(carriers(&points, &passages(&cases), &[0, 1]), [0, 1, 2]);
    }
}
