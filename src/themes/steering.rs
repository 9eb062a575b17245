//! Lets themes that people have accepted take their places among the communities.
//!
//! Communities that were found as if nothing were decided come in; the same with
//! accepted themes around their fixed passages go out.

use super::communities::{Membership, PassageGraph};

/// Communities around what people have accepted.
pub(super) struct Steering {
    /// By linked passage: the accepted theme that it is fixed in.
    theme_of: Vec<Option<usize>>,
    n_themes: usize,
}

impl Steering {
    /// Of the passages that are `linked`; `anchored` has the accepted theme of each
    /// passage of the input.
    pub(super) fn new(linked: &[usize], anchored: &[Option<usize>], n_themes: usize) -> Self {
        Self { theme_of: linked.iter().map(|&at| anchored[at]).collect(), n_themes }
    }

    /// Whether there is anything to steer by.
    pub(super) fn is_idle(&self) -> bool {
        self.n_themes == 0
    }

    /// Puts fixed passages where they belong. If they are more than half of a
    /// community, the rest of it goes where most of its links go; so does what is
    /// unassigned, if more than half of its links go to an accepted theme. All
    /// else stays where it would be if nothing were decided: what a person does to
    /// one theme must not reshuffle the others.
    pub(super) fn around(&self, graph: &PassageGraph, found: Membership) -> Membership {
        if self.is_idle() {
            return found;
        }
        let mut fixed_in = vec![vec![0_usize; self.n_themes]; found.count];
        let mut sizes = vec![0_usize; found.count];
        for (community, theme) in found.community.iter().zip(&self.theme_of) {
            let Some(community) = *community else { continue };
            sizes[community] += 1;
            if let Some(theme) = *theme {
                fixed_in[community][theme] += 1;
            }
        }
        let place_of = |community: usize| {
            let fixed = &fixed_in[community];
            let n_fixed: usize = fixed.iter().sum();
            let most = (0..self.n_themes).max_by_key(|&theme| (fixed[theme], usize::MAX - theme));
            let most = most.filter(|_| 2 * n_fixed > sizes[community]);
            most.unwrap_or(self.n_themes + community)
        };
        let place_of: Vec<usize> = (0..found.count).map(place_of).collect();
        let first: Vec<Option<usize>> = found
            .community
            .iter()
            .zip(&self.theme_of)
            .map(|(community, theme)| theme.or_else(|| community.map(|at| place_of[at])))
            .collect();
        let is_open = |at: &usize| {
            let is_of_candidate = |community: usize| place_of[community] >= self.n_themes;
            self.theme_of[*at].is_none() && !found.community[*at].is_some_and(is_of_candidate)
        };
        let joined = (0..first.len()).filter(is_open).filter_map(|at| {
            let (best, share) = graph.most_links(at, &first)?;
            let joins = first[at].is_some() || (best < self.n_themes && share > 0.5);
            Some((at, if joins { Some(best) } else { None }, share))
        });
        let second = |at: usize| {
            let (second, share) = found.second[at]?;
            Some((place_of[second], share)).filter(|(second, _)| first[at] != Some(*second))
        };
        found.moved(&first, joined, second)
    }

    /// The accepted theme that a community grew from.
    pub(super) fn accepted(&self, found: &Membership, community: usize) -> Option<usize> {
        Some(found.from[community]).filter(|&from| from < self.n_themes)
    }
}
