//! Who says what of the themes that are listed.

use serde::Serialize;

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
