//! Suggests candidate themes: what recurs in the talk of several people.
//!
//! Points of passages come in (see [`features::space`](crate::features::space));
//! [`CandidateTheme`]s go out, each with its passages, terms and a label to
//! start from. Passages of different interviews are linked to their nearest,
//! and the communities of that graph are the candidates. They are proposals:
//! only people make themes.

pub mod anchors;
pub mod communities;
pub mod describe;
pub mod links;
pub mod questions;
pub mod quotes;
pub mod stability;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::base::Seed;
use crate::corpus::{ParticipantPassage, Row};
use crate::features::counts::TermCounts;
use crate::terms::Analysis;
use anchors::Anchors;
use communities::{CommunitySearch, Membership, PassageGraph};
use describe::{ThemeTerm, labels, theme_terms};
use links::{LinkParams, Neighbours};
use stability::{Stability, Trials};

/// How themes are suggested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ThemeParams {
    /// How many themes; chosen from the data if `None`.
    pub count: Option<NonZeroUsize>,
    /// Nearest passages that each passage is linked to.
    pub links: usize,
    /// How far each passage is drawn to those near it before it is linked,
    /// `0.0..=1.0`: what several people say outweighs what is one person's own.
    pub drawn: f32,
    /// Share of the passages, those torn most between two themes, that are
    /// left unassigned.
    pub unassigned: f64,
    /// Start of the random order of Leiden.
    pub seed: Seed,
}

impl Default for ThemeParams {
    fn default() -> Self {
        Self { count: None, links: 30, drawn: 0.4, unassigned: 0.05, seed: Seed(0) }
    }
}

/// Passages that are linked with each other; of a larger study the longest,
/// and the others join the theme they lie nearest to.
const MAX_LINKED: usize = 12_000;
/// Passages away at which two of one interview may be linked, where there is
/// no other interview: nearer ones share their context.
const APART: u32 = 8;
/// The fewest passages that a theme is sought in.
const MIN_PASSAGES_A_THEME: usize = 4;
/// The most themes that are chosen from the data: more would not be read.
const MAX_CHOSEN: usize = 20;
/// Themes that are suggested where none holds without one person or another.
const FEW: usize = 4;
/// The fewest passages of a sub-theme.
const MIN_PASSAGES_A_SUBTHEME: usize = 6;
/// The most sub-themes of a theme.
const MAX_SUBTHEMES: usize = 6;
/// The fewest words of a passage that can found a theme.
const MIN_WORDS: u32 = 5;

/// A theme that the machine proposes.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateTheme {
    /// A name to start from.
    pub label: String,
    /// What sets it apart, strongest first.
    pub terms: Vec<ThemeTerm>,
    /// Its passages, by their places in the input, most typical first; those of
    /// which it is the second theme are among them.
    pub passages: Vec<usize>,
    /// How much of it is found again when people are left out; `None` if there
    /// are too few.
    pub stability: Option<Stability>,
    /// Smaller themes inside it; none where it does not fall apart.
    pub subthemes: Vec<Self>,
    /// Its place in [`Anchors::accepted`], if a person has accepted it.
    pub accepted: Option<usize>,
}

/// Where a passage belongs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Place {
    /// The theme, by its place in [`Suggestion::themes`].
    pub theme: Option<usize>,
    /// How well it fits its theme, or would fit the nearest: the share of its
    /// links that go there, `0.0..=1.0`.
    pub weight: f64,
    /// Another theme that it belongs to, with the share.
    pub second: Option<(usize, f64)>,
    /// The place of its sub-theme in the theme.
    pub subtheme: Option<usize>,
}

/// What was suggested.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The candidates, the most widespread first.
    pub themes: Vec<CandidateTheme>,
    /// By passage of the input.
    pub places: Vec<Place>,
    /// How many links the graph has.
    pub n_links: usize,
    /// Candidates that are not listed because they were rejected.
    pub n_rejected: usize,
}

/// Suggests candidate themes.
///
/// `points` has a row for every passage of the study, in its order; `passages`
/// are those of participants, and `anchors` what people have decided about them.
/// The answer depends neither on the number of threads nor on the order in which
/// files lie on the disk.
pub fn suggest_themes(
    points: &Array2<f32>,
    passages: &[ParticipantPassage],
    analyses: &[Analysis],
    counts: &TermCounts,
    params: &ThemeParams,
    anchors: &Anchors,
) -> Suggestion {
    let linked = linked_passages(passages);
    let rows: Vec<usize> = linked.iter().map(|&at| passages[at].passage).collect();
    let own_points = points.select(Axis(0), &rows);
    let row = |at: usize| passages[linked[at]].row;
    let n_transcripts = passages.iter().map(|p| p.row.transcript).collect::<BTreeSet<_>>().len();
    let n_cases = passages.iter().map(|p| p.row.case).collect::<BTreeSet<_>>().len();
    let may_link = |a: usize, b: usize| {
        let (a, b) = (row(a), row(b));
        if n_transcripts > 1 {
            a.transcript != b.transcript && a.case != b.case
        } else if n_cases > 1 {
            a.case != b.case
        } else {
            a.place.abs_diff(b.place) >= APART
        }
    };
    let link_params = LinkParams { n_links: params.links, drawn: params.drawn };
    let neighbours = Neighbours::new(own_points, link_params, &may_link);
    let links = neighbours.links(&|_| true);
    let graph = PassageGraph::new(linked.len(), &links);
    let case_of: Vec<u32> = (0..linked.len()).map(|at| row(at).case).collect();
    let trials = Trials::new(&neighbours, &case_of);
    let search = CommunitySearch::new(params.unassigned, params.seed);
    let anchored = anchors.theme_of(passages.len());
    let steering = Steering {
        theme_of: linked.iter().map(|&at| anchored[at]).collect(),
        n_themes: anchors.accepted.len(),
    };
    let found = steering.communities(&graph, &trials, params.count, &search);

    let mut places = vec![Place::default(); passages.len()];
    for (at, &passage) in linked.iter().enumerate() {
        places[passage] = Place {
            theme: found.community[at],
            weight: found.weight[at],
            second: found.second[at],
            subtheme: None,
        };
    }
    let centres = centres(points, passages, &places, found.count);
    join_nearest(points, passages, &linked, &centres, &mut places);
    // What a person put into a theme stays there, however little it says.
    for (place, &anchor) in places.iter_mut().zip(&anchored) {
        let theme = (0..found.count).find(|&t| steering.accepted(&found, t) == anchor);
        if let Some(theme) = theme.filter(|_| anchor.is_some()) {
            *place = Place { theme: Some(theme), weight: 1.0, ..*place };
        }
    }

    // What was rejected is not suggested again; its passages stay unassigned.
    let is_listed = |theme: usize| {
        let members = (0..passages.len()).filter(|&at| places[at].theme == Some(theme));
        steering.accepted(&found, theme).is_some()
            || !anchors.is_rejected(&members.collect(), passages)
    };
    let is_listed: Vec<bool> = (0..found.count).map(is_listed).collect();
    for place in &mut places {
        place.second = place.second.filter(|(theme, _)| is_listed[*theme]);
        if place.theme.is_some_and(|theme| !is_listed[theme]) {
            *place = Place::default();
        }
    }
    let mut order = by_spread(passages, &places, found.count);
    order.retain(|&old| is_listed[old]);
    let n_listed = order.len();
    let mut new = vec![0; found.count];
    for (place, &old) in order.iter().enumerate() {
        new[old] = place;
    }
    for place in &mut places {
        place.theme = place.theme.map(|theme| new[theme]);
        place.second = place.second.map(|(theme, share)| (new[theme], share));
    }
    let stability =
        trials.stability(&found, &|graph| steering.at_resolution(graph, found.resolution, &search));
    let rows: Vec<Row> = passages.iter().map(|passage| passage.row).collect();
    let theme_of: Vec<Option<usize>> = places.iter().map(|place| place.theme).collect();
    let terms = theme_terms(&rows, &theme_of, n_listed, analyses, counts);
    let labels = labels(&terms);
    let parts: Vec<Vec<Part>> = (0..n_listed)
        .into_par_iter()
        .map(|theme| {
            let members: Vec<usize> =
                (0..linked.len()).filter(|&at| theme_of[linked[at]] == Some(theme)).collect();
            let parts = subthemes(&graph, &trials, &members, &search);
            let passages_of = |part: Vec<usize>| part.into_iter().map(|at| linked[at]).collect();
            parts.into_iter().map(|(part, stability)| (passages_of(part), stability)).collect()
        })
        .collect();
    let typical = |theme: usize, at: usize| {
        let likeness = f64::from(points.row(passages[at].passage).dot(&centres[order[theme]]));
        // A short passage may lie at the centre by its context alone.
        let substance = (f64::from(passages[at].n_words) / 40.0).min(1.0);
        let place = &places[at];
        let weight = match place.second {
            Some((second, share)) if second == theme => share,
            _ => place.weight,
        };
        likeness * substance * (0.5 + 0.5 * weight)
    };
    let ranked = |theme: usize, members: &mut dyn Iterator<Item = usize>| -> Vec<usize> {
        let mut members: Vec<(f64, usize)> = members.map(|at| (typical(theme, at), at)).collect();
        members.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        members.into_iter().map(|(_, at)| at).collect()
    };
    let mut themes = Vec::with_capacity(n_listed);
    let mut subtheme_of = vec![None; passages.len()];
    for (theme, (label, terms)) in labels.into_iter().zip(terms).enumerate() {
        let mut members = (0..passages.len()).filter(|&at| places[at].belongs_to(theme));
        let subthemes = describe_parts(&parts[theme], &rows, analyses, counts, &|part| {
            ranked(theme, &mut part.iter().copied())
        });
        for (part, subtheme) in subthemes.iter().enumerate() {
            for &at in &subtheme.passages {
                subtheme_of[at] = Some(part);
            }
        }
        themes.push(CandidateTheme {
            label,
            terms,
            passages: ranked(theme, &mut members),
            // What a person has accepted does not depend on who else speaks.
            stability: match steering.accepted(&found, order[theme]) {
                None => stability.get(order[theme]).copied(),
                Some(_) => None,
            },
            accepted: steering.accepted(&found, order[theme]),
            subthemes,
        });
    }
    for (place, subtheme) in places.iter_mut().zip(subtheme_of) {
        place.subtheme = subtheme;
    }
    Suggestion {
        themes,
        places,
        n_links: links.len(),
        n_rejected: is_listed.iter().filter(|is_listed| !**is_listed).count(),
    }
}

/// Communities around what people have accepted.
struct Steering {
    /// By linked passage: the accepted theme that it is fixed in.
    theme_of: Vec<Option<usize>>,
    n_themes: usize,
}

impl Steering {
    /// Finds as many communities as are asked for, else those that hold, and lets
    /// accepted themes take their places among them.
    fn communities(
        &self,
        graph: &PassageGraph,
        trials: &Trials,
        count: Option<NonZeroUsize>,
        search: &CommunitySearch,
    ) -> Membership {
        let most = (self.theme_of.len() / MIN_PASSAGES_A_THEME).clamp(1, MAX_CHOSEN);
        let found = match count {
            Some(count) => graph.communities(count.get(), search),
            None => match trials.steadiest(graph, most, search) {
                Some((found, holds)) => graph.keep(&found, &holds),
                // Where nothing holds, a few themes, marked as dissolving, tell more
                // than none.
                None => graph.communities(FEW.min(most), search),
            },
        };
        self.around(graph, found)
    }

    /// The communities at one resolution.
    fn at_resolution(
        &self,
        graph: &PassageGraph,
        resolution: f64,
        search: &CommunitySearch,
    ) -> Membership {
        self.around(graph, graph.at_resolution(resolution, search))
    }

    /// Puts fixed passages where they belong. If they are more than half of a
    /// community, the rest of it goes where most of its links go; so does what is
    /// unassigned, if more than half of its links go to an accepted theme. All
    /// else stays where it would be if nothing were decided: what a person does to
    /// one theme must not reshuffle the others.
    fn around(&self, graph: &PassageGraph, found: Membership) -> Membership {
        if self.n_themes == 0 {
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
    fn accepted(&self, found: &Membership, community: usize) -> Option<usize> {
        Some(found.from[community]).filter(|&from| from < self.n_themes)
    }
}

impl Suggestion {
    /// Lists the themes in another order: `order` are their places.
    pub fn reorder(&mut self, order: &[usize]) {
        let mut new = vec![0; order.len()];
        for (place, &old) in order.iter().enumerate() {
            new[old] = place;
        }
        self.themes = order.iter().map(|&old| self.themes[old].clone()).collect();
        for place in &mut self.places {
            place.theme = place.theme.map(|theme| new[theme]);
            place.second = place.second.map(|(theme, share)| (new[theme], share));
        }
    }
}

impl Place {
    /// Whether the passage is of this theme, first or second.
    pub fn belongs_to(&self, theme: usize) -> bool {
        self.theme == Some(theme) || self.second.is_some_and(|(second, _)| second == theme)
    }
}

/// Communities by how many cases speak of them, then by their passages.
fn by_spread(passages: &[ParticipantPassage], places: &[Place], n: usize) -> Vec<usize> {
    let mut cases: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); n];
    let mut sizes = vec![0_usize; n];
    for (passage, place) in passages.iter().zip(places) {
        let second = place.second.map(|(theme, _)| theme);
        for theme in [place.theme, second].into_iter().flatten() {
            cases[theme].insert(passage.row.case);
            sizes[theme] += 1;
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| {
        cases[b].len().cmp(&cases[a].len()).then(sizes[b].cmp(&sizes[a])).then(a.cmp(&b))
    });
    order
}

/// Passages of a sub-theme, and its stability.
type Part = (Vec<usize>, Option<Stability>);

/// The parts into which a theme falls; none if it does not, or if the parts
/// would not hold without one person or another.
fn subthemes(
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
    let stability =
        trials.stability(&found, &|graph| graph.at_resolution(found.resolution, &search));
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

/// Names the parts of a theme by what sets them apart from each other.
fn describe_parts(
    parts: &[Part],
    rows: &[Row],
    analyses: &[Analysis],
    counts: &TermCounts,
    ranked: &dyn Fn(&[usize]) -> Vec<usize>,
) -> Vec<CandidateTheme> {
    let mut own_rows = Vec::new();
    let mut part_of = Vec::new();
    for (part, (passages, _)) in parts.iter().enumerate() {
        own_rows.extend(passages.iter().map(|&at| rows[at]));
        part_of.extend(passages.iter().map(|_| Some(part)));
    }
    let terms = theme_terms(&own_rows, &part_of, parts.len(), analyses, counts);
    if terms.iter().any(Vec::is_empty) {
        // What no words tell apart is no division that a reader could follow.
        return Vec::new();
    }
    let mut found: Vec<CandidateTheme> = labels(&terms)
        .into_iter()
        .zip(terms)
        .zip(parts)
        .map(|((label, terms), (passages, stability))| CandidateTheme {
            label,
            terms,
            passages: ranked(passages),
            stability: *stability,
            subthemes: Vec::new(),
            accepted: None,
        })
        .collect();
    found.sort_by_key(|part| std::cmp::Reverse(part.passages.len()));
    found
}

/// The places of the passages that are linked: those that say anything, and
/// of very many the longest.
fn linked_passages(passages: &[ParticipantPassage]) -> Vec<usize> {
    let mut linked: Vec<usize> =
        (0..passages.len()).filter(|&at| passages[at].n_words >= MIN_WORDS).collect();
    if linked.is_empty() {
        linked = (0..passages.len()).collect();
    }
    if linked.len() > MAX_LINKED {
        linked.sort_by_key(|&at| (std::cmp::Reverse(passages[at].n_words), at));
        linked.truncate(MAX_LINKED);
        linked.sort_unstable();
    }
    linked
}

/// The middle of each theme's passages, of length 1.
fn centres(
    points: &Array2<f32>,
    passages: &[ParticipantPassage],
    places: &[Place],
    n: usize,
) -> Vec<Array1<f32>> {
    let mut centres = vec![Array1::<f32>::zeros(points.len_of(Axis(1))); n];
    for (passage, place) in passages.iter().zip(places) {
        if let Some(theme) = place.theme {
            centres[theme] += &points.row(passage.passage);
        }
    }
    for centre in &mut centres {
        let length = centre.dot(centre).sqrt();
        if length > 0.0 {
            *centre /= length;
        }
    }
    centres
}

/// Lets the passages that were not linked join the theme they lie nearest to.
fn join_nearest(
    points: &Array2<f32>,
    passages: &[ParticipantPassage],
    linked: &[usize],
    centres: &[Array1<f32>],
    places: &mut [Place],
) {
    let linked: BTreeSet<usize> = linked.iter().copied().collect();
    for at in (0..passages.len()).filter(|at| !linked.contains(at)) {
        let point = points.row(passages[at].passage);
        let likeness = centres.iter().enumerate().map(|(theme, centre)| (point.dot(centre), theme));
        let best = likeness.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((likeness, theme)) = best.filter(|(likeness, _)| *likeness > 0.0) {
            let weight = f64::from(likeness).clamp(0.0, 1.0);
            places[at] = Place { theme: Some(theme), weight, ..Place::default() };
        }
    }
}
