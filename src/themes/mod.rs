//! Suggests candidate themes: what recurs in the talk of several people.
//!
//! Points of passages come in (see [`features::space`](crate::features::space));
//! [`CandidateTheme`]s go out, each with its passages, terms and a label to
//! start from. Passages of different interviews are linked to their nearest,
//! and the communities of that graph are the candidates. They are proposals:
//! only people make themes.

pub mod communities;
pub mod describe;
pub mod links;
pub mod quotes;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use ndarray::{Array1, Array2, Axis};
use serde::{Deserialize, Serialize};

use crate::base::Seed;
use crate::features::counts::TermCounts;
use crate::terms::Analysis;
use communities::{CommunityParams, PassageGraph};
use describe::{Row, ThemeTerm, labels, theme_terms};
use links::link_passages;

/// How themes are suggested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ThemeParams {
    /// How many themes; chosen from the data if `None`.
    pub count: Option<NonZeroUsize>,
    /// Nearest passages that each passage is linked to.
    pub links: usize,
    /// Share of the passages, those torn most between two themes, that are
    /// left unassigned.
    pub unassigned: f64,
    /// Start of the random order of Leiden.
    pub seed: Seed,
}

impl Default for ThemeParams {
    fn default() -> Self {
        Self { count: None, links: 30, unassigned: 0.05, seed: Seed(0) }
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
/// The fewest words of a passage that can found a theme.
const MIN_WORDS: u32 = 5;

/// A participant's passage.
#[derive(Debug, Clone, Copy)]
pub struct ParticipantPassage {
    /// Its row among all passages of the study.
    pub passage: usize,
    /// The place of its transcript, its place there, and its case.
    pub row: Row,
    /// The speaker's own words in it.
    pub n_words: u32,
}

/// A theme that the machine proposes.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateTheme {
    /// A name to start from.
    pub label: String,
    /// What sets it apart, strongest first.
    pub terms: Vec<ThemeTerm>,
    /// Its passages, by their places in the input, most typical first.
    pub passages: Vec<usize>,
}

/// What was suggested.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The candidates, the most widespread first.
    pub themes: Vec<CandidateTheme>,
    /// By passage of the input: the place of its theme in `themes`.
    pub theme_of: Vec<Option<usize>>,
    /// By passage of the input: how well it fits its theme, `0.0..=1.0`.
    pub weight: Vec<f64>,
    /// How many links the graph has.
    pub n_links: usize,
}

/// Suggests candidate themes.
///
/// `points` has a row for every passage of the study, in its order; `passages`
/// are those of participants. The answer depends neither on the number of
/// threads nor on the order in which files lie on the disk.
pub fn suggest_themes(
    points: &Array2<f32>,
    passages: &[ParticipantPassage],
    analyses: &[Analysis],
    counts: &TermCounts,
    params: &ThemeParams,
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
    let links = link_passages(&own_points, params.links, &may_link);
    let graph = PassageGraph::new(linked.len(), &links);
    let most = (linked.len() / MIN_PASSAGES_A_THEME).clamp(1, MAX_CHOSEN);
    let count = params
        .count
        .map_or_else(|| graph.steadiest_count(4.min(most), most, params.seed), NonZeroUsize::get);
    let found = graph.communities(&CommunityParams {
        count,
        unassigned: params.unassigned,
        seed: params.seed,
    });

    let mut theme_of: Vec<Option<usize>> = vec![None; passages.len()];
    let mut weight = vec![0.0; passages.len()];
    for (at, &passage) in linked.iter().enumerate() {
        theme_of[passage] = found.community[at];
        weight[passage] = found.weight[at];
    }
    let centres = centres(points, passages, &theme_of, found.count);
    join_nearest(points, passages, &linked, &centres, &mut theme_of, &mut weight);

    // The most widespread first, then the one with more passages.
    let mut cases: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); found.count];
    let mut sizes = vec![0_usize; found.count];
    for (passage, theme) in passages.iter().zip(&theme_of) {
        if let Some(theme) = *theme {
            cases[theme].insert(passage.row.case);
            sizes[theme] += 1;
        }
    }
    let mut order: Vec<usize> = (0..found.count).collect();
    order.sort_by(|&a, &b| {
        cases[b].len().cmp(&cases[a].len()).then(sizes[b].cmp(&sizes[a])).then(a.cmp(&b))
    });
    let place: BTreeMap<usize, usize> =
        order.iter().enumerate().map(|(new, &old)| (old, new)).collect();
    for theme in theme_of.iter_mut().flatten() {
        *theme = place[theme];
    }

    let rows: Vec<Row> = passages.iter().map(|passage| passage.row).collect();
    let terms = theme_terms(&rows, &theme_of, found.count, analyses, counts);
    let labels = labels(&terms);
    let mut members: Vec<Vec<(f64, usize)>> = vec![Vec::new(); found.count];
    for (at, theme) in theme_of.iter().enumerate() {
        if let Some(theme) = *theme {
            let likeness = f64::from(points.row(passages[at].passage).dot(&centres[order[theme]]));
            // A short passage may lie at the centre by its context alone.
            let substance = (f64::from(passages[at].n_words) / 40.0).min(1.0);
            members[theme].push((likeness * substance * (0.5 + 0.5 * weight[at]), at));
        }
    }
    let themes = labels
        .into_iter()
        .zip(terms)
        .zip(members)
        .map(|((label, terms), mut members)| {
            members.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            CandidateTheme {
                label,
                terms,
                passages: members.into_iter().map(|(_, at)| at).collect(),
            }
        })
        .collect();
    Suggestion { themes, theme_of, weight, n_links: links.len() }
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
    theme_of: &[Option<usize>],
    n: usize,
) -> Vec<Array1<f32>> {
    let mut centres = vec![Array1::<f32>::zeros(points.len_of(Axis(1))); n];
    for (passage, theme) in passages.iter().zip(theme_of) {
        if let Some(theme) = *theme {
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
    theme_of: &mut [Option<usize>],
    weight: &mut [f64],
) {
    let linked: BTreeSet<usize> = linked.iter().copied().collect();
    for at in (0..passages.len()).filter(|at| !linked.contains(at)) {
        let point = points.row(passages[at].passage);
        let likeness = centres.iter().enumerate().map(|(theme, centre)| (point.dot(centre), theme));
        let best = likeness.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((likeness, theme)) = best.filter(|(likeness, _)| *likeness > 0.0) {
            theme_of[at] = Some(theme);
            weight[at] = f64::from(likeness).clamp(0.0, 1.0);
        }
    }
}
