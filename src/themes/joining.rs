//! How further passages join the themes of a suggestion, without making it anew.
//!
//! What was learnt of the themes stays: their middles, their words, and how much of them a
//! passage must say. The point and the words of a passage come in; where it belongs goes out.
//! Of passages that are linked, communities tell more; so do small talk and other people's
//! words where the passage stands among them. Here each passage is alone.

use std::collections::BTreeMap;

use ndarray::{Array1, ArrayView1};
use serde::{Deserialize, Serialize};

use super::Place;
use super::evidence::EvidenceTest;
use crate::features::counts::TermCounts;
use crate::features::space::SpaceParams;
use crate::features::tfidf::Rarity;

/// What is known of the themes of a suggestion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Joining {
    /// The stems of the passages that the themes were found in, in alphabetical order.
    vocabulary: Vec<String>,
    rarity: Rarity,
    /// By theme: the middle of its linked passages, of length 1.
    centres: Vec<Vec<f32>>,
    tests: Vec<EvidenceTest>,
}

impl Joining {
    pub(super) fn new(
        counts: &TermCounts,
        centres: Vec<Array1<f32>>,
        tests: Vec<EvidenceTest>,
    ) -> Self {
        Self {
            vocabulary: counts.vocabulary.clone(),
            rarity: Rarity::of(&counts.counts, SpaceParams::default().min_passages),
            centres: centres.into_iter().map(|centre| centre.to_vec()).collect(),
            tests,
        }
    }

    /// The theme that a passage lies nearest to, if any, and whether its own words, as stems
    /// with their counts, are evidence of it.
    pub fn join(&self, point: &ArrayView1<'_, f32>, words: &BTreeMap<&str, u32>) -> (Place, bool) {
        let centres = self.centres.iter().map(|centre| ArrayView1::from(&centre[..]));
        let Some(place) = nearest(point, centres) else { return (Place::default(), false) };
        let column =
            |stem: &str| self.vocabulary.binary_search_by(|known| (**known).cmp(stem)).ok();
        let counts = words.iter().filter_map(|(stem, &n)| Some((column(stem)?, n)));
        let weighed = self.rarity.weigh(counts);
        (place, place.theme.is_some_and(|theme| self.tests[theme].holds(&weighed)))
    }
}

/// The theme that a point lies nearest to; none if it lies near none.
pub(super) fn nearest<'a>(
    point: &ArrayView1<'_, f32>,
    centres: impl Iterator<Item = ArrayView1<'a, f32>>,
) -> Option<Place> {
    let likeness = centres.enumerate().map(|(theme, centre)| (point.dot(&centre), theme));
    let best = likeness.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let (likeness, theme) = best.filter(|(likeness, _)| *likeness > 0.0)?;
    let weight = f64::from(likeness).clamp(0.0, 1.0);
    Some(Place { theme: Some(theme), weight, ..Place::default() })
}
