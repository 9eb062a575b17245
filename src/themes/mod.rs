//! Suggests candidate themes: what recurs in the talk of several people.
//!
//! Points of passages come in (see [`features::space`](crate::features::space));
//! [`CandidateTheme`]s go out, each with its passages, terms and a label to
//! start from. Passages of different interviews are linked to their nearest,
//! and the communities of that graph are the candidates. They are proposals:
//! only people make themes.

pub mod anchors;
mod codes;
pub mod communities;
pub mod decided;
pub mod describe;
pub mod evidence;
mod grain;
pub mod groundwork;
#[cfg(test)]
mod invented;
pub mod joining;
pub mod links;
pub mod naming;
pub mod nearness;
mod phrases;
mod small_talk;
pub mod stability;
mod steering;
mod uses;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::Seed;
use crate::features::counts::TermCounts;
use crate::terms::Analysis;
pub(crate) use codes::by_passage;
use describe::ThemeTerm;
pub(crate) use phrases::{SaidOf, add_phrase, phrase_with};
use stability::Stability;

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

/// A theme that the machine proposes.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateTheme {
    /// A name to start from.
    pub label: String,
    /// The terms in it.
    pub named_by: Vec<ThemeTerm>,
    /// Whether it names it; else it says that these terms do not.
    pub is_named: bool,
    /// What sets it apart, strongest first.
    pub terms: Vec<ThemeTerm>,
    /// Its passages, by their places in the input, most typical first; those of
    /// which it is the second theme are among them.
    pub passages: Vec<usize>,
    /// Those that say it by their own words; all that counts is counted by them.
    pub evidence: BTreeSet<usize>,
    /// How much of it is found again when people are left out; `None` if there
    /// are too few.
    pub stability: Option<Stability>,
    /// The candidate codes that it groups; none under a code.
    pub codes: Vec<Self>,
    /// Its place in [`Anchors::accepted`](anchors::Anchors::accepted), if a person has accepted it.
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

/// What passages say, where a theme is described anew.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// By transcript.
    pub analyses: &'a [Arc<Analysis>],
    /// The document-term matrix over all passages.
    pub counts: &'a TermCounts,
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
