//! How fine to cut: of communities found coarsely and finely, those that hold.
//!
//! Talk has no one grain: one idea is told in two stories, another fills half of an interview.
//! A graph of passages and the same without some people come in; communities found at
//! several resolutions go out, those that are found again when people are left out, and of
//! a whole and its parts the parts.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::communities::{CommunitySearch, Membership, PassageGraph};
use super::stability::{Again, Trials, likeness_of, mean, most_like};
use crate::answers::Band;

/// The resolutions at which communities are sought: the first, how many times finer the next
/// is, and how many there are. Nine between the same ends, twice the work, agree with coders as
/// well (`benches/RESULTS.md`).
const RESOLUTIONS: (f64, f64, i32) = (0.5, 1.45, 5);
/// The share of the smaller of two communities that both may hold without being in each
/// other's way: at their edges communities of two resolutions always differ a little.
const SHARED: f64 = 0.25;

/// A community found at one resolution.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cut {
    /// Its passages.
    pub(super) members: BTreeSet<usize>,
    /// By trial: how much of it is found again; `None` where nobody can be left out.
    pub(super) likeness: Option<Vec<f64>>,
    /// The mean of that, `0.0..=1.0`; where nobody can be left out, how like it is to what the
    /// neighbouring resolutions find.
    holds: f64,
    /// The place of its resolution, that of the start there, and its number.
    from: (usize, usize, usize),
}

impl Cut {
    fn is_in_the_way_of(&self, other: &Self) -> bool {
        let both = self.members.intersection(&other.members).count();
        both as f64 > SHARED * self.members.len().min(other.members.len()) as f64
    }

    /// Of two the one that holds better, else the one that was found first.
    fn better(&self, other: &Self) -> Ordering {
        other.holds.total_cmp(&self.holds).then(self.from.cmp(&other.from))
    }
}

/// What is found at one resolution.
struct Tried {
    /// By start that finds others, the best first. Which start is best by the links tells
    /// little of a single community: what holds without some people does.
    found: Vec<Membership>,
    again: Again,
}

/// The communities of a graph at several resolutions, on all passages and in every trial.
pub(super) struct Cuts {
    tried: Vec<Tried>,
    all: Vec<Cut>,
}

impl Cuts {
    /// Finds them; no start counts that finds more than `most`.
    pub(super) fn find(
        graph: &PassageGraph,
        trials: &Trials,
        most: usize,
        search: &CommunitySearch,
    ) -> Self {
        let (first, finer, n) = RESOLUTIONS;
        let resolutions: Vec<f64> = (0..n).map(|step| first * finer.powi(step)).collect();
        let at = |&resolution: &f64| {
            let mut found = graph.each_at_resolution(resolution, search);
            found.retain(|found| found.count <= most);
            if trials.n() == 0 {
                found.truncate(1);
            }
            if found.is_empty() {
                return None;
            }
            Some(Tried { found, again: trials.at_resolution(resolution, search) })
        };
        let tried: Vec<Tried> = resolutions.par_iter().filter_map(at).collect();
        let cuts = (0..tried.len()).into_par_iter().flat_map_iter(|at| cuts(&tried, at, trials));
        let all = cuts.collect();
        Self { tried, all }
    }

    /// Those to keep: see [`choose`].
    pub(super) fn that_hold(&self, least: f64) -> Vec<&Cut> {
        choose(&self.all, least)
    }
}

/// The communities of one resolution.
fn cuts(tried: &[Tried], at: usize, trials: &Trials) -> Vec<Cut> {
    let Tried { found, again } = &tried[at];
    let sides = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
    let sides: Vec<&Membership> =
        sides.filter_map(|side| tried.get(side)).map(|side| &side.found[0]).collect();
    let mut cuts = Vec::new();
    for (start, here) in found.iter().enumerate() {
        let likeness = trials.likeness(here, &|trial| again[trial].clone());
        let like = |side: &&Membership| likeness_of(&most_like(here, &side.community, &|_| true));
        let like: Vec<Vec<f64>> =
            if likeness.is_empty() { sides.iter().map(like).collect() } else { Vec::new() };
        for (community, members) in here.members().into_iter().enumerate() {
            let likeness = likeness.get(community).cloned();
            let of_sides = || mean(&like.iter().map(|of| of[community]).collect::<Vec<_>>());
            let holds = likeness.as_deref().map_or_else(of_sides, mean);
            cuts.push(Cut { members, likeness, holds, from: (at, start, community) });
        }
    }
    cuts
}

/// The communities to keep, those that hold best first.
///
/// Only those count that hold to `least` at least. From the smallest to the largest, each is
/// kept unless two that are kept are in its way, or one that holds as well; so parts that hold
/// are kept rather than their whole, and a whole that holds rather than parts that do not.
///
/// # Source
/// Clusters of several densities are chosen from a hierarchy by how long they persist in
/// Campello, Moulavi and Sander (2013), <https://doi.org/10.1007/978-3-642-37456-2_14>; here
/// communities need not be nested, and the finer ones go first: a whole always holds a little
/// better, and readers find it less coherent (`benches/RESULTS.md`).
fn choose(cuts: &[Cut], least: f64) -> Vec<&Cut> {
    let mut order: Vec<&Cut> = cuts.iter().filter(|cut| cut.holds >= least).collect();
    order.sort_by(|a, b| a.members.len().cmp(&b.members.len()).then(a.better(b)));
    let mut kept: Vec<&Cut> = Vec::new();
    for cut in order {
        let (in_the_way, others): (Vec<&Cut>, Vec<&Cut>) =
            kept.iter().copied().partition(|known| known.is_in_the_way_of(cut));
        let is_better = match in_the_way[..] {
            [] => true,
            [known] => cut.holds > known.holds,
            _ => false,
        };
        if is_better {
            kept = others;
            kept.push(cut);
        }
    }
    kept.sort_by(|a, b| a.better(b));
    kept
}

/// By passage of `n`: the first of these communities that holds it.
pub(super) fn first_of<'a>(
    n: usize,
    communities: impl IntoIterator<Item = &'a BTreeSet<usize>>,
) -> Vec<Option<usize>> {
    let mut first = vec![None; n];
    for (community, members) in communities.into_iter().enumerate() {
        for &at in members {
            first[at].get_or_insert(community);
        }
    }
    first
}

/// The communities to suggest, at most `most`, and by trial what of each was found again;
/// `None` if there are not two that hold to .6, under which Hennig (2007) trusts none.
pub(super) fn steadiest(
    graph: &PassageGraph,
    trials: &Trials,
    most: usize,
    search: &CommunitySearch,
) -> Option<(Membership, Again)> {
    let cuts = Cuts::find(graph, trials, most, search);
    let mut kept = cuts.that_hold(Band::TRUSTED);
    kept.truncate(most);
    if kept.len() < 2 {
        return None;
    }
    let n = graph.n_passages();
    let mut whole = Membership::of(first_of(n, kept.iter().map(|cut| &cut.members)));
    for at in 0..n {
        let Some(community) = whole.community[at] else { continue };
        let (resolution, start, _) = kept[community].from;
        let found = &cuts.tried[resolution].found[start];
        whole.weight[at] = found.weight[at];
        whole.second[at] = found.second[at].and_then(|(second, share)| {
            let place = kept.iter().position(|cut| cut.from == (resolution, start, second))?;
            Some((place, share))
        });
    }
    let of_trial = |trial: usize| {
        let counterpart = |cut: &&Cut| -> BTreeSet<usize> {
            let (resolution, start, community) = cut.from;
            let Tried { found, again } = &cuts.tried[resolution];
            let like = trials.most_like(&found[start], trial, &again[trial])[community];
            let like = like.map(|(like, _)| like);
            (0..n).filter(|&at| like.is_some() && again[trial][at] == like).collect()
        };
        first_of(n, &kept.iter().map(counterpart).collect::<Vec<_>>())
    };
    let again = (0..trials.n()).into_par_iter().map(of_trial).collect();
    Some((graph.keep(&whole), again))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(members: std::ops::Range<usize>, holds: f64, from: usize) -> Cut {
        Cut { members: members.collect(), likeness: None, holds, from: (from, 0, 0) }
    }

    fn kept(cuts: &[Cut], least: f64) -> Vec<usize> {
        choose(cuts, least).iter().map(|cut| cut.from.0).collect()
    }

    #[test]
    fn parts_that_hold_are_kept_rather_than_their_whole() {
        let cuts =
            [cut(0..20, 0.9, 0), cut(0..9, 0.7, 1), cut(9..20, 0.75, 2), cut(30..40, 0.6, 3)];
        assert_eq!(kept(&cuts, 0.6), [2, 1, 3]);
        // One of the parts does not hold, and the whole does better than the other.
        assert_eq!(kept(&cuts, 0.71), [0]);
        // The part does better than the whole.
        assert_eq!(kept(&[cut(0..20, 0.7, 0), cut(0..9, 0.8, 1)], 0.6), [1]);
    }

    #[test]
    fn a_few_passages_at_the_edge_do_not_set_two_against_each_other() {
        let cuts = [cut(0..8, 0.8, 0), cut(6..14, 0.9, 1)];
        assert_eq!(kept(&cuts, 0.5), [1, 0]);
        let first = first_of(15, [&cuts[1].members, &cuts[0].members]);
        let expected = |at: usize| match at {
            6..14 => Some(0),
            0..6 => Some(1),
            _ => None,
        };
        assert_eq!(first, (0..15).map(expected).collect::<Vec<_>>());
        // Three of eight are more than a quarter.
        assert_eq!(kept(&[cut(0..8, 0.8, 0), cut(5..13, 0.9, 1)], 0.5), [1]);
    }
}
