//! Candidate codes: what several people say in like words, finer than a theme.
//!
//! The communities of passages come in; the codes go out, each with the passages that
//! carry it and the terms that set it apart. They do not depend on what people decided.
//!
//! # Method
//! The passages of each theme are weighed anew, by how rare a word is *within the theme*, and
//! without their context: what all of them say, and what was asked, tells none from another.
//! Passages of different people that lie near each other by these words are linked, and the
//! communities of that graph that hold without some people, the finest first, are the codes. So
//! no passage carries two codes of a theme, and what is evidence of a code is evidence of the
//! theme that it stands under.

use std::collections::BTreeSet;

use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::communities::{CommunitySearch, Membership, PassageGraph};
use super::describe::{TermUses, ThemeTerm};
use super::evidence::OwnWords;
use super::grain::{Cut, Cuts, first_of};
use super::links::{LinkParams, Neighbours};
use super::stability::{Stability, Trials};
use super::{CandidateTheme, Place, ThemeParams};
use crate::base::{Progress, Stopped};
use crate::corpus::{ParticipantPassage, Row};
use crate::features::counts::{CountMatrix, rows_of};
use crate::features::lsa::Lsa;
use crate::features::tfidf::{Rarity, tf_idf};

/// Passages that one code stands for, in the mean, at least.
const PASSAGES_A_CODE: usize = 8;
/// The most codes that are sought; a good part of them turn out to be slight, or to have no name.
const MAX_CODES: usize = 60;
/// How much of a code is found again when people are left out, at least: what is less is
/// dissolved, says the source of [`Band`](crate::answers::Band), and readers found one in four
/// of such codes coherent, three in five of the others (`benches/RESULTS.md`).
const HOLDS: f64 = 0.5;
/// The fewest cases in the core of a code, where there are so many.
const MIN_CASES: usize = 3;
/// Directions in which the passages of a theme are compared.
const DIMENSIONS: usize = 20;
/// Nearest passages that each is linked to, as a share of those that one code stands for.
const LINKS: f64 = 0.75;
/// Words from which on a passage can be typical.
const SUBSTANCE: f64 = 40.0;

/// A candidate code. Passages are named by their places in the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct CandidateCode {
    terms: Vec<ThemeTerm>,
    /// Those that carry it, most typical first.
    pub(super) passages: Vec<usize>,
    /// Those that say it by their own words.
    evidence: BTreeSet<usize>,
    stability: Option<Stability>,
}

impl CandidateCode {
    /// As a candidate without a name under a theme, with what of it lies in the theme.
    pub(super) fn under(&self, theme: usize, places: &[Place]) -> CandidateTheme {
        let is_inside = |at: &usize| places[*at].belongs_to(theme);
        CandidateTheme {
            label: String::new(),
            named_by: Vec::new(),
            is_named: false,
            terms: self.terms.clone(),
            passages: self.passages.iter().copied().filter(is_inside).collect(),
            evidence: self.evidence.iter().copied().filter(is_inside).collect(),
            stability: self.stability.clone(),
            codes: Vec::new(),
            accepted: None,
        }
    }
}

/// What candidate codes are sought in.
pub(super) struct Ground<'a> {
    pub(super) passages: &'a [ParticipantPassage],
    /// The places of the passages that are linked.
    pub(super) linked: &'a [usize],
    /// Their communities.
    pub(super) found: &'a Membership,
    /// Of which two passages there may be a link.
    pub(super) may_link: &'a (dyn Fn(Row, Row) -> bool + Sync),
    pub(super) counts: &'a CountMatrix,
    pub(super) own_words: &'a OwnWords,
    pub(super) terms: &'a TermUses,
    /// The places of passages that only greet, thank or take leave.
    pub(super) small_talk: &'a BTreeSet<usize>,
    /// Says whether nobody waits for them any more.
    pub(super) progress: &'a dyn Progress,
}

/// Finds the candidate codes of a study, theme by theme, unless it is stopped.
pub(super) fn candidate_codes(
    ground: &Ground<'_>,
    params: &ThemeParams,
) -> Result<Vec<CandidateCode>, Stopped> {
    let Ground { passages, linked, found, own_words, .. } = *ground;
    let of_a_code = PASSAGES_A_CODE.max(linked.len().div_ceil(MAX_CODES));
    let n_cases = |of: &mut dyn Iterator<Item = usize>| {
        of.map(|at| passages[at].row.case).collect::<BTreeSet<_>>().len()
    };
    let least = MIN_CASES.min(n_cases(&mut linked.iter().copied()));
    let of_theme = |theme: usize| {
        let belongs = |at: &usize| {
            let second = found.second[*at].map(|(second, _)| second);
            [found.community[*at], second].contains(&Some(theme))
        };
        let members = (0..linked.len()).filter(belongs).map(|at| linked[at]);
        let members: Vec<usize> = members.filter(|at| !ground.small_talk.contains(at)).collect();
        let said = own_words.evidence(&members);
        let mut parts = parts(ground, &members, of_a_code, params)?;
        parts.retain(|(part, _)| n_cases(&mut part.iter().copied()) >= least);
        let with_evidence = parts.into_iter().map(|(part, stability)| {
            let evidence = &own_words.evidence(&part) & &said;
            (part, evidence, stability)
        });
        Ok(with_evidence.collect())
    };
    let parts: Result<Vec<Vec<_>>, Stopped> =
        (0..found.count).into_par_iter().map(of_theme).collect();
    let mut parts = parts?.concat();
    let evidence = parts.iter().map(|(_, evidence, _)| evidence);
    let mut terms = ground.terms.of_themes(&by_passage(passages.len(), evidence), parts.len());
    terms.par_iter_mut().zip(&mut parts).for_each(|(terms, (_, evidence, _))| {
        own_words.keep_said(evidence, terms);
    });
    let codes = terms.into_iter().zip(parts);
    Ok(codes
        .map(|(terms, (passages, evidence, stability))| CandidateCode {
            terms,
            passages,
            evidence,
            stability,
        })
        .collect())
}

/// By passage of `n`: the sets that it is in, rising.
pub(crate) fn by_passage<'a>(
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

/// A part of a theme: its members, most typical first, and how stable it is.
type Part = (Vec<usize>, Option<Stability>);

/// The parts of a theme of these members, most typical first, each with how stable it is.
fn parts(
    ground: &Ground<'_>,
    members: &[usize],
    of_a_code: usize,
    params: &ThemeParams,
) -> Result<Vec<Part>, Stopped> {
    let count = members.len() / of_a_code;
    if count < 2 {
        return Ok(Vec::new());
    }
    let progress = ground.progress;
    let row = |at: usize| ground.passages[members[at]].row;
    let rows: Vec<usize> = members.iter().map(|&at| ground.passages[at].passage).collect();
    let points = points(ground.counts, &rows, params, progress)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a count is a count"
    )]
    let n_links = ((LINKS * of_a_code as f64).ceil() as usize).min(params.links);
    let may_link = |a: usize, b: usize| (ground.may_link)(row(a), row(b));
    let links = LinkParams { n_links, drawn: params.drawn };
    let neighbours = Neighbours::new(points.clone(), links, &may_link, progress)?;
    let graph = PassageGraph::new(members.len(), &neighbours.links(n_links, &|_| true));
    let case_of: Vec<u32> = (0..members.len()).map(|at| row(at).case).collect();
    let trials = Trials::new(&neighbours, n_links, &case_of, progress)?;
    let search = CommunitySearch::new(params.unassigned, params.seed, progress);
    // A quarter of the mean size at least.
    let search = CommunitySearch { min_per_mille: 250 / count, ..search };
    let cuts = Cuts::find(&graph, &trials, members.len(), &search);
    progress.go_on()?;
    let kept = cuts.that_hold(HOLDS);
    let first = first_of(members.len(), kept.iter().map(|cut| &cut.members));
    let part = |(place, cut): (usize, &Cut)| {
        let of: Vec<usize> = (0..members.len()).filter(|&at| first[at] == Some(place)).collect();
        let mut centre = Array1::<f32>::zeros(points.ncols());
        for &at in &of {
            centre += &points.row(at);
        }
        let typical = |at: usize| {
            let substance = f64::from(ground.passages[members[at]].n_words) / SUBSTANCE;
            f64::from(points.row(at).dot(&centre)) * substance.min(1.0)
        };
        let mut ranked: Vec<(f64, usize)> =
            of.into_iter().map(|at| (typical(at), members[at])).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        (
            ranked.into_iter().map(|(_, at)| at).collect(),
            cut.likeness.as_deref().map(|likeness| trials.stability(likeness)),
        )
    };
    Ok(kept.into_iter().enumerate().map(part).collect())
}

/// Where the passages of a theme lie by their own words, rows of the matrix of counts: shape
/// `(n_passages, rank)`, rows of length 1, or 0 where a passage shares no word with another.
fn points(
    counts: &CountMatrix,
    rows: &[usize],
    params: &ThemeParams,
    progress: &dyn Progress,
) -> Result<Array2<f32>, Stopped> {
    let counts = rows_of(counts, rows);
    let weights = tf_idf(&counts, &Rarity::of(&counts, 2));
    let lsa = Lsa::fit(&weights, DIMENSIONS, params.seed, progress)?;
    let mut points = lsa.left;
    for (mut column, value) in points.axis_iter_mut(Axis(1)).zip(&lsa.values) {
        column *= *value;
    }
    for mut point in points.axis_iter_mut(Axis(0)) {
        let length = point.dot(&point).sqrt();
        if length > 1e-9 {
            point /= length;
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "nearness needs no more than seven digits")]
    Ok(points.mapv(|x| x as f32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sprs::TriMatI;

    #[test]
    fn within_a_theme_passages_lie_apart_by_what_not_all_of_them_say() {
        // All say 0; two say 1 and two say 2; the last says what nobody else does.
        let said: [&[usize]; 6] = [&[0, 1], &[9], &[0, 1], &[0, 2], &[0, 2], &[0, 3]];
        let mut triplets = TriMatI::<u32, u32>::new((said.len(), 10));
        for (row, terms) in said.iter().enumerate() {
            for &term in *terms {
                triplets.add_triplet(row, term, 1);
            }
        }
        let rows = [0, 2, 3, 4, 5];
        let points =
            points(&triplets.to_csr(), &rows, &ThemeParams::default(), &|_, _| {}).unwrap();
        let near = |a: usize, b: usize| points.row(a).dot(&points.row(b));
        assert!(near(0, 1) > 0.99 && near(2, 3) > 0.99, "{points}");
        assert!(near(0, 2) < 0.5 && near(1, 3) < 0.5, "{points}");
    }
}
