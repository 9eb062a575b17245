//! Communities of the graph of links: passages that belong together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use leiden_rs::{
    GraphData, GraphDataBuilder, Leiden, LeidenConfig, LeidenOutput, Partition, QualityType,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::links::Link;
use crate::base::{Progress, Seed};

/// Resolutions between which the one for a wanted count is sought.
const RESOLUTIONS: (f64, f64) = (0.02, 12.0);
/// Resolutions that are tried at once; fixed, so that the answer does not
/// depend on the number of threads.
const TRIED_AT_ONCE: u32 = 4;
/// How often the range is narrowed.
const N_ROUNDS: usize = 5;
/// A community with fewer of a thousand passages is chance, not a theme.
const MIN_PER_MILLE: usize = 15;
/// The fewest passages of a community.
const MIN_PASSAGES: usize = 5;
/// Links above which fewer starts are made: large graphs differ less by start.
const MANY_LINKS: usize = 60_000;
/// Iterations of Leiden; it seldom needs more.
const MAX_ITERATIONS: usize = 10;

/// The share of its links that a passage's second community has at least.
const MIN_SECOND_SHARE: f64 = 0.3;

/// How communities are found.
#[derive(Clone, Copy)]
pub struct CommunitySearch<'s> {
    /// The share of passages, those torn most between two communities, that
    /// are left unassigned.
    pub unassigned: f64,
    /// The start of the random order in which passages are moved.
    pub seed: Seed,
    /// Random starts of Leiden: one start may end in a poor corner, and which one must not
    /// decide what is suggested.
    pub n_starts: u64,
    /// The fewest of a thousand linked passages that make a community.
    pub min_per_mille: usize,
    /// Says whether nobody waits for what is found; it finds nothing then.
    pub progress: &'s dyn Progress,
}

impl<'s> CommunitySearch<'s> {
    /// A search that is worth its time for the final answer.
    pub fn new(unassigned: f64, seed: Seed, progress: &'s dyn Progress) -> Self {
        Self { unassigned, seed, n_starts: 5, min_per_mille: MIN_PER_MILLE, progress }
    }
}

/// Where each passage belongs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Membership {
    /// By passage: the community, numbered from 0 without gaps; `None` if it
    /// has no link or is torn between two.
    pub community: Vec<Option<usize>>,
    /// By passage: the share of its links' weight that goes to its community,
    /// `0.0..=1.0`.
    pub weight: Vec<f64>,
    /// By passage: another community that a good share of its links go to, with
    /// the share.
    pub second: Vec<Option<(usize, f64)>>,
    /// How many communities there are: the wanted count where the graph has a
    /// resolution that gives it, else the nearest.
    pub count: usize,
    /// The resolution at which they were found.
    pub resolution: f64,
    /// By community: its number before passages moved to where most of their
    /// links go.
    pub from: Vec<usize>,
}

impl Membership {
    /// No community among `n` passages.
    pub fn none(n: usize) -> Self {
        Self {
            community: vec![None; n],
            weight: vec![0.0; n],
            second: vec![None; n],
            count: 0,
            resolution: RESOLUTIONS.0,
            from: Vec::new(),
        }
    }

    /// Communities by passage, of which no more is known.
    pub(super) fn of(community: Vec<Option<usize>>) -> Self {
        let count = n_communities(&community);
        let none = Self::none(community.len());
        Self { community, count, ..none }
    }

    /// The passages of each community.
    pub(super) fn members(&self) -> Vec<BTreeSet<usize>> {
        let mut members = vec![BTreeSet::new(); self.count];
        for (at, community) in self.community.iter().enumerate() {
            if let Some(community) = *community {
                members[community].insert(at);
            }
        }
        members
    }

    /// The same with `first` as the communities, but for passages that `moved`
    /// puts elsewhere, with the share of their links that go there.
    #[must_use]
    pub fn moved(
        &self,
        first: &[Option<usize>],
        moved: impl Iterator<Item = (usize, Option<usize>, f64)>,
        second: impl Fn(usize) -> Second,
    ) -> Self {
        let mut community = first.to_vec();
        let mut weight = self.weight.clone();
        for (at, to, share) in moved {
            community[at] = to;
            weight[at] = share;
        }
        let (community, second, from) = renumber(&community, (0..first.len()).map(second));
        Self { community, weight, second, count: from.len(), resolution: self.resolution, from }
    }
}

/// A graph of passages, in a form worth keeping; what the search of communities
/// needs of it is made once it is asked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct PassageGraph {
    n: usize,
    n_links: usize,
    /// The weights that links have.
    weights: Vec<f32>,
    /// By passage: how many later ones it is linked to, and for each of these by how
    /// much its number exceeds the one before, and the place of the weight.
    packed: Vec<u32>,
    #[serde(skip)]
    neighbours: OnceLock<Vec<Vec<(u32, f32)>>>,
    #[serde(skip)]
    graph: OnceLock<Option<GraphData>>,
}

impl PassageGraph {
    /// Builds the graph of `n` passages; links come in the order of their passages.
    pub fn new(n: usize, links: &[Link]) -> Self {
        let (mut weights, mut place_of) = (Vec::new(), BTreeMap::new());
        let mut packed = Vec::with_capacity(n + 2 * links.len());
        let mut rest = links;
        for from in 0..n {
            let n_later = rest.iter().take_while(|link| link.from as usize == from).count();
            packed.push(narrow(n_later));
            let (later, others) = rest.split_at(n_later);
            rest = others;
            let mut last = 0;
            for link in later {
                let weight = *place_of.entry(link.weight.to_bits()).or_insert_with(|| {
                    weights.push(link.weight);
                    narrow(weights.len() - 1)
                });
                packed.extend([link.to - last, weight]);
                last = link.to;
            }
        }
        Self {
            n,
            n_links: links.len(),
            weights,
            packed,
            neighbours: OnceLock::new(),
            graph: OnceLock::new(),
        }
    }

    /// How many passages it has.
    pub fn n_passages(&self) -> usize {
        self.n
    }

    /// How many links it has.
    pub fn n_links(&self) -> usize {
        self.n_links
    }

    /// Forgets what can be made again.
    pub(super) fn slim(&mut self) {
        self.neighbours.take();
        self.graph.take();
    }

    /// How many starts a search makes.
    fn n_starts(&self, search: &CommunitySearch) -> u64 {
        if self.n_links > MANY_LINKS { 1 } else { search.n_starts }
    }

    fn links(&self) -> Vec<Link> {
        let mut links = Vec::with_capacity(self.n_links);
        let mut packed = self.packed.iter().copied();
        for from in 0..narrow(self.n) {
            let mut to = 0;
            for _ in 0..packed.next().unwrap_or(0) {
                let (Some(step), Some(weight)) = (packed.next(), packed.next()) else { break };
                to += step;
                links.push(Link { from, to, weight: self.weights[weight as usize] });
            }
        }
        links
    }

    /// By passage: those that it is linked to, rising, with the weights.
    fn neighbours(&self) -> &[Vec<(u32, f32)>] {
        self.neighbours.get_or_init(|| {
            let mut neighbours = vec![Vec::new(); self.n];
            for link in self.links() {
                neighbours[link.from as usize].push((link.to, link.weight));
                neighbours[link.to as usize].push((link.from, link.weight));
            }
            neighbours
        })
    }

    /// What Leiden reads; `None` without links.
    fn graph(&self) -> Option<&GraphData> {
        let graph = self.graph.get_or_init(|| {
            let mut builder = GraphDataBuilder::new(self.n);
            for link in self.links() {
                // Links join two different passages that exist, with a positive weight.
                builder
                    .add_edge(link.from as usize, link.to as usize, f64::from(link.weight))
                    .expect("links are between passages of the graph");
            }
            if self.n_links == 0 { None } else { builder.build().ok() }
        });
        graph.as_ref()
    }

    /// The communities at one resolution of the modularity of Reichardt and
    /// Bornholdt (2006), <https://doi.org/10.1103/PhysRevE.74.016110>, found by
    /// the Leiden algorithm of Traag, Waltman and van Eck (2019),
    /// <https://doi.org/10.1038/s41598-019-41695-z>, of each start that finds others: the best
    /// first, of equally good ones that of the first start. Small ones are dissolved.
    fn partitions(&self, resolution: f64, search: &CommunitySearch) -> Vec<Vec<Option<usize>>> {
        let Some(graph) = self.graph() else { return Vec::new() };
        let starts: Vec<u64> =
            (0..self.n_starts(search)).map(|start| search.seed.0.wrapping_add(start)).collect();
        let run = |seed: &u64| {
            if search.progress.is_stopped() {
                return None;
            }
            let config = LeidenConfig::builder()
                .quality(QualityType::RBConfiguration)
                .resolution(resolution)
                .seed(*seed)
                .max_iterations(MAX_ITERATIONS)
                // The parallel variants take another path through the graph.
                .parallel_local_moving_threshold(usize::MAX)
                .parallel_aggregation_threshold(usize::MAX)
                .build();
            Leiden::new(config).run(graph).ok()
        };
        let found: Vec<Option<LeidenOutput>> = starts.par_iter().map(run).collect();
        let mut found: Vec<LeidenOutput> = found.into_iter().flatten().collect();
        found.sort_by(|a, b| b.quality.total_cmp(&a.quality));
        let mut unlike: Vec<Vec<Option<usize>>> = Vec::new();
        for found in found {
            let found = self.large_enough(&found.partition, search);
            if !unlike.contains(&found) {
                unlike.push(found);
            }
        }
        unlike
    }

    /// By passage: its community, if that is no chance.
    fn large_enough(&self, found: &Partition, search: &CommunitySearch) -> Vec<Option<usize>> {
        let community_of = |at: usize| {
            if self.neighbours()[at].is_empty() { None } else { Some(found.community_of(at)) }
        };
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        for community in (0..self.n).filter_map(community_of) {
            *sizes.entry(community).or_default() += 1;
        }
        let min_size = self.min_size(search);
        sizes.retain(|_, size| *size >= min_size);
        let kept: BTreeMap<usize, usize> = sizes.into_keys().zip(0..).collect();
        (0..self.n).map(|at| kept.get(&community_of(at)?).copied()).collect()
    }

    /// The communities that the best start finds at one resolution, with every passage where
    /// most of its links go.
    pub fn at_resolution(&self, resolution: f64, search: &CommunitySearch) -> Membership {
        let best = self.partitions(resolution, search).into_iter().next();
        self.settle(&best.unwrap_or_else(|| vec![None; self.n]), resolution, search)
    }

    /// The same of each start that finds others, the best first.
    pub(super) fn each_at_resolution(
        &self,
        resolution: f64,
        search: &CommunitySearch,
    ) -> Vec<Membership> {
        let partitions = self.partitions(resolution, search);
        partitions.iter().map(|found| self.settle(found, resolution, search)).collect()
    }

    /// Lets passages without a community join one if more than half of their links go there.
    pub(super) fn keep(&self, found: &Membership) -> Membership {
        let first = &found.community;
        let joined = (0..first.len()).filter(|&at| first[at].is_none()).filter_map(|at| {
            let (best, share) = self.most_links(at, first)?;
            Some((at, Some(best).filter(|_| share > 0.5), share))
        });
        found.moved(first, joined, |at| found.second[at])
    }

    /// The community that most of a passage's links go to, with the share of all
    /// its links that do; `None` without any.
    pub fn most_links(&self, at: usize, community: &[Option<usize>]) -> Option<(usize, f64)> {
        let mut shares: BTreeMap<usize, f64> = BTreeMap::new();
        let mut all = 0.0;
        for &(other, weight) in &self.neighbours()[at] {
            all += f64::from(weight);
            if let Some(theirs) = community[other as usize] {
                *shares.entry(theirs).or_default() += f64::from(weight);
            }
        }
        // Of equally many the first.
        let best = shares.into_iter().rev().max_by(|a, b| a.1.total_cmp(&b.1));
        best.map(|(community, share)| (community, share / all))
    }

    /// The fewest passages that make a community.
    fn min_size(&self, search: &CommunitySearch) -> usize {
        let n_linked = self.neighbours().iter().filter(|neighbours| !neighbours.is_empty()).count();
        (n_linked * search.min_per_mille).div_ceil(1000).max(MIN_PASSAGES)
    }

    /// Finds `count` communities, and lets every passage go
    /// where most of its links go.
    ///
    /// Resolutions are tried until one gives the wanted count. If none does,
    /// communities of the next finer one are joined, those first that are
    /// linked most; if there is none, the nearest count is all there is.
    pub fn communities(&self, count: usize, search: &CommunitySearch) -> Membership {
        let mut nearest: Option<Membership> = None;
        let mut finer: Option<Membership> = None;
        let (mut low, mut high) = RESOLUTIONS;
        for _ in 0..N_ROUNDS {
            let step = (high / low).powf(1.0 / f64::from(TRIED_AT_ONCE + 1));
            let tried: Vec<f64> =
                (1..=TRIED_AT_ONCE).map(|at| low * step.powi(at.cast_signed())).collect();
            let found: Vec<Membership> = tried
                .par_iter()
                .map(|&resolution| self.at_resolution(resolution, search))
                .collect();
            // Finer resolutions give more communities, nearly always.
            let counts: Vec<usize> = found.iter().map(|membership| membership.count).collect();
            let below = tried.iter().zip(&counts).filter(|(_, n)| **n < count).map(|(r, _)| *r);
            low = below.fold(low, f64::max);
            let above = tried.iter().zip(&counts).find(|(r, n)| **n > count && **r > low);
            high = above.map_or(high, |(r, _)| *r);
            for membership in found {
                let n = membership.count;
                if n > count && finer.as_ref().is_none_or(|known| n < known.count) {
                    finer = Some(membership.clone());
                }
                let off = n.abs_diff(count);
                if nearest.as_ref().is_none_or(|known| off < known.count.abs_diff(count)) {
                    nearest = Some(membership);
                }
            }
            if counts.contains(&count) || high <= low {
                break;
            }
        }
        let nearest = nearest.unwrap_or_else(|| Membership::none(self.n));
        match finer {
            Some(finer) if nearest.count != count => {
                let joined = self.joined(finer.community, count);
                let joined = self.settle(&joined, finer.resolution, search);
                if joined.count == count { joined } else { nearest }
            }
            _ => nearest,
        }
    }

    /// Joins communities, two at a time, until `count` are left: always the two
    /// whose passages have most weight of links on average; ties go to the
    /// first.
    fn joined(&self, mut community: Vec<Option<usize>>, count: usize) -> Vec<Option<usize>> {
        loop {
            let n = n_communities(&community);
            if n <= count.max(1) {
                return community;
            }
            let mut sizes = vec![0.0_f64; n];
            let mut weights: BTreeMap<(usize, usize), f64> = BTreeMap::new();
            for (at, own) in
                community.iter().enumerate().filter_map(|(at, own)| Some((at, (*own)?)))
            {
                sizes[own] += 1.0;
                for &(other, weight) in &self.neighbours()[at] {
                    if let Some(theirs) = community[other as usize].filter(|theirs| own < *theirs) {
                        *weights.entry((own, theirs)).or_default() += f64::from(weight);
                    }
                }
            }
            let mean = |((a, b), weight): (&(usize, usize), &f64)| {
                (weight / (sizes[*a] * sizes[*b]), *a, *b)
            };
            let best = weights
                .iter()
                .map(mean)
                .max_by(|x, y| x.0.total_cmp(&y.0).then((y.1, y.2).cmp(&(x.1, x.2))));
            // Without any link between two there is nothing to join them for.
            let Some((_, into, gone)) = best else { return community };
            for own in community.iter_mut().flatten() {
                if *own == gone {
                    *own = into;
                } else if *own > gone {
                    *own -= 1;
                }
            }
        }
    }

    /// Moves every passage to the community with the largest share of its
    /// links, and leaves those unassigned that are torn most.
    fn settle(
        &self,
        first: &[Option<usize>],
        resolution: f64,
        search: &CommunitySearch,
    ) -> Membership {
        let count = n_communities(first);
        let settled: Vec<Option<Settled>> = self
            .neighbours()
            .par_iter()
            .map(|neighbours| {
                let mut shares = vec![0.0_f64; count];
                let mut all = 0.0;
                for &(other, weight) in neighbours {
                    if let Some(community) = first[other as usize] {
                        shares[community] += f64::from(weight);
                        all += f64::from(weight);
                    }
                }
                // Of equals the first.
                let most = |but: Option<usize>| {
                    let others = (0..count).rev().filter(|&at| Some(at) != but);
                    others.max_by(|&a, &b| shares[a].total_cmp(&shares[b]))
                };
                let best = most(None)?;
                let second = most(Some(best));
                let of_second = second.map_or(0.0, |second| shares[second] / all);
                (all > 0.0).then(|| Settled {
                    community: best,
                    share: shares[best] / all,
                    second: second
                        .filter(|_| of_second >= MIN_SECOND_SHARE)
                        .map(|second| (second, of_second)),
                    margin: shares[best] / all - of_second,
                })
            })
            .collect();
        let mut margins: Vec<(f64, usize)> = settled
            .iter()
            .enumerate()
            .filter_map(|(at, found)| found.as_ref().map(|found| (found.margin, at)))
            .collect();
        margins.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a count is a count"
        )]
        let n_torn = (margins.len() as f64 * search.unassigned.clamp(0.0, 1.0)) as usize;
        let mut community: Vec<Option<usize>> =
            settled.iter().map(|found| Some(found.as_ref()?.community)).collect();
        for &(margin, at) in &margins[..n_torn] {
            // Nobody who goes wholly one way is torn.
            if margin < 0.5 {
                community[at] = None;
            }
        }
        // What lost its passages to others, but for fewer than half of what makes a
        // community, is no theme any more.
        let mut sizes = vec![0; count];
        for found in community.iter().flatten() {
            sizes[*found] += 1;
        }
        let min_size = self.min_size(search).div_ceil(2);
        for found in &mut community {
            *found = found.filter(|&community| sizes[community] >= min_size);
        }
        let (community, second, from) = renumber(
            &community,
            settled.iter().map(|found| found.as_ref().and_then(|found| found.second)),
        );
        let weight = settled.iter().map(|found| found.as_ref().map_or(0.0, |found| found.share));
        Membership {
            community,
            weight: weight.collect(),
            second,
            count: from.len(),
            resolution,
            from,
        }
    }
}

/// Where the links of a passage go.
struct Settled {
    community: usize,
    /// The share of its links that go there.
    share: f64,
    /// Another community with a good share, and the share.
    second: Option<(usize, f64)>,
    /// By how much the best share exceeds the next.
    margin: f64,
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).expect("passages were numbered in 32 bits")
}

/// How many communities there are, numbered without gaps.
pub(super) fn n_communities(communities: &[Option<usize>]) -> usize {
    communities.iter().flatten().max().map_or(0, |most| most + 1)
}

/// A second community of a passage, with its share of the links.
pub type Second = Option<(usize, f64)>;

/// Numbers communities without gaps, in the order of their first passages; a
/// second one counts where both it and the first are kept. The last value holds
/// the old number of each.
fn renumber(
    communities: &[Option<usize>],
    second: impl Iterator<Item = Second>,
) -> (Vec<Option<usize>>, Vec<Second>, Vec<usize>) {
    let mut new: BTreeMap<usize, usize> = BTreeMap::new();
    let mut from = Vec::new();
    for community in communities.iter().flatten() {
        let next = new.len();
        if let std::collections::btree_map::Entry::Vacant(entry) = new.entry(*community) {
            entry.insert(next);
            from.push(*community);
        }
    }
    let first: Vec<Option<usize>> =
        communities.iter().map(|old| old.and_then(|old| new.get(&old).copied())).collect();
    let second = second.zip(&first).map(|(second, first)| {
        let (old, share) = second.filter(|_| first.is_some())?;
        Some((*new.get(&old)?, share))
    });
    let second = second.collect();
    (first, second, from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rings of five passages each, linked inside, with one faint link to the next.
    fn rings(n: u32) -> PassageGraph {
        let mut links = Vec::new();
        for ring in 0..n {
            for a in 0..5 {
                for b in a + 1..5 {
                    links.push(Link { from: ring * 5 + a, to: ring * 5 + b, weight: 1.0 });
                }
            }
            if ring + 1 < n {
                links.push(Link { from: ring * 5 + 4, to: ring * 5 + 5, weight: 0.1 });
            }
        }
        PassageGraph::new(n as usize * 5 + 1, &links)
    }

    #[test]
    fn planted_groups_are_found_and_loners_stay_alone() {
        let graph = rings(4);
        let found = graph.communities(4, &CommunitySearch::new(0.0, Seed(0), &|_, _| {}));
        let expected: Vec<Option<usize>> = (0..20).map(|at| Some(at / 5)).chain([None]).collect();
        assert_eq!(found.community, expected);
        assert!(found.weight[0] > 0.99 && found.weight[20] == 0.0);
    }

    #[test]
    fn a_count_that_no_resolution_gives_is_reached_by_joining() {
        // Rings fall apart all at once; three of four are had by joining two.
        let graph = rings(4);
        for count in 2..=4 {
            let found = graph.communities(count, &CommunitySearch::new(0.0, Seed(0), &|_, _| {}));
            assert_eq!(found.count, count);
        }
    }

    #[test]
    fn what_does_not_hold_is_let_go_and_its_passages_follow_their_links() {
        let graph = rings(3);
        let found = graph.communities(3, &CommunitySearch::new(0.0, Seed(0), &|_, _| {}));
        // Without the middle ring: its passages link to each other, so they stay
        // unassigned; the faint links out are under half. A passage of the first is open.
        let of_ring = |at: usize| [Some(0), None, Some(1)][at / 5].filter(|_| at != 1);
        let first = (0..15).map(of_ring).chain([None]).collect();
        let kept = graph.keep(&Membership::of(first));
        let expected: Vec<Option<usize>> =
            (0..15).map(|at| [Some(0), None, Some(1)][at / 5]).chain([None]).collect();
        assert_eq!((kept.community, kept.count, kept.from), (expected, 2, vec![0, 1]));
        // Passage 4: four links of weight 1 inside, one of .1 to the next ring.
        let (best, share) = graph.most_links(4, &found.community).unwrap();
        assert_eq!(best, 0);
        assert!((share - 4.0 / 4.1).abs() < 1e-6);
        assert_eq!(graph.most_links(15, &found.community), None);
    }

    #[test]
    fn a_graph_without_links_has_no_community() {
        let graph = PassageGraph::new(3, &[]);
        let found = graph.communities(2, &CommunitySearch::new(0.1, Seed(0), &|_, _| {}));
        assert_eq!((found.community, found.count), (vec![None; 3], 0));
    }
}
