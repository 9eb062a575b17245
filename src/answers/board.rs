//! Who says what of the themes that are listed.

use serde::Serialize;

use super::figures::{Band, rounded};
use super::quotes::Hit;

/// Who says how much of each theme: the dots of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VoicesAnswer {
    /// Those who speak as participants, group by group.
    pub people: Vec<VoiceAnswer>,
    /// One row a theme, in the order in which they are listed.
    pub themes: Vec<ThemeVoices>,
    /// Participants' passages that fit no theme.
    pub n_uncovered: usize,
}

/// Somebody who speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VoiceAnswer {
    /// The case.
    pub case: String,
    /// Its group.
    pub group: Option<String>,
}

/// Who says how much of a theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThemeVoices {
    /// The number under which it is listed.
    pub id: usize,
    /// Stands for what a person is shown of it: its label and its evidence. What is
    /// decided with another key was not looked at.
    pub key: String,
    /// By person: how many passages are evidence.
    pub n_passages: Vec<usize>,
}

/// The passages of one theme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidenceAnswer {
    /// The number under which the theme is listed.
    pub id: usize,
    /// The passages whose own words say it, in the order of the study.
    pub evidence: Vec<Hit>,
    /// Those that belong to it only by what is said around them, and count for nothing.
    pub in_context: Vec<Hit>,
}

/// What to hold beside each other to see where a theme ends.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ComparisonAnswer {
    /// The passage outside its evidence that is nearest to it.
    pub would_join: Option<Hit>,
    /// The passage of its evidence that is nearest to that one.
    pub nearest: Option<Hit>,
    /// The passage of its evidence that is farthest from the rest of it.
    pub farthest: Option<Hit>,
}

/// Where in each interview a theme is said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DispersionAnswer {
    /// The number under which the theme is listed.
    pub id: usize,
    /// Its label.
    pub label: String,
    /// Whether a person has accepted it.
    pub is_accepted: bool,
    /// The transcripts in which participants speak, in the order of the study.
    pub interviews: Vec<InterviewPlaces>,
}

/// Where a theme is said in one transcript.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InterviewPlaces {
    /// The transcript.
    pub transcript: String,
    /// Its passages that are evidence of the theme.
    pub places: Vec<PlaceAnswer>,
}

/// A passage by its place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PlaceAnswer {
    /// First and last line.
    pub lines: [u32; 2],
    /// Where among all passages of its transcript it stands: 0 for the first, 1 for the
    /// last.
    #[serde(serialize_with = "rounded")]
    pub position: f64,
}

/// How alike the themes are that are listed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MapAnswer {
    /// The themes, in the order in which they are listed.
    pub themes: Vec<MapTheme>,
    /// By theme and theme: the cosine between the means of their evidence, 1 for a theme
    /// and itself.
    pub similarities: Vec<Vec<f64>>,
}

impl MapAnswer {
    /// The map of some of its themes, by their numbers.
    #[must_use]
    pub fn only(self, is_in: &dyn Fn(usize) -> bool) -> Self {
        let kept: Vec<bool> = self.themes.iter().map(|theme| is_in(theme.id)).collect();
        let row = |row: Vec<f64>| {
            row.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(value, _)| value).collect()
        };
        let rows = self.similarities.into_iter().zip(&kept).filter(|(_, kept)| **kept);
        Self {
            similarities: rows.map(|(values, _)| row(values)).collect(),
            themes: self.themes.into_iter().filter(|theme| is_in(theme.id)).collect(),
        }
    }
}

/// A theme of a map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MapTheme {
    /// The number under which it is listed.
    pub id: usize,
    /// Its label.
    pub label: String,
    /// Whether a person has accepted it.
    pub is_accepted: bool,
    /// How many passages are evidence of it.
    pub n_passages: usize,
    /// How many cases they are from.
    pub n_cases: usize,
    /// How many cases there are.
    pub of_cases: usize,
    /// How well it holds without some people; `None` if there are too few.
    pub band: Option<Band>,
}
