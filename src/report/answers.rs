//! The machine-readable answers: a contract with whatever reads them.
//!
//! Scores, weights and shares are rounded to six digits after the point, since
//! logarithms may differ in the last bit between platforms. `lines` count from
//! 1 in the transcript's plain text, both ends included; `highlights` count
//! Unicode scalar values of `text`, half-open.

use serde::{Serialize, Serializer};

/// A quote that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// The place in the list, from 1.
    pub rank: usize,
    /// How well it fits; falls with the rank. No unit.
    #[serde(serialize_with = "rounded")]
    pub score: f64,
    /// The transcript's id.
    pub transcript: String,
    /// The case that it is about; `None` for interviewers and others.
    pub case: Option<String>,
    /// The speaker's label as written.
    pub speaker: String,
    /// `interviewer`, `participant` or `other`.
    pub role: &'static str,
    /// First and last line.
    pub lines: [u32; 2],
    /// When it was said, in milliseconds of the recording.
    pub start_ms: Option<u64>,
    /// When it was over.
    pub end_ms: Option<u64>,
    /// The words, verbatim.
    pub text: String,
    /// What matched in `text`.
    pub highlights: Vec<[usize; 2]>,
    /// Ids of the candidate themes that the passage belongs to.
    pub themes: Vec<usize>,
}

/// The answer of `themes`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThemesAnswer {
    /// The candidate themes, the most widespread first.
    pub themes: Vec<ThemeAnswer>,
    /// Every passage of a participant, in the order of the study.
    pub passages: Vec<PassageAnswer>,
    /// What the suggestion cannot know, for people.
    pub notes: Vec<String>,
    /// All that is needed to repeat it.
    pub parameters: serde_json::Value,
}

/// A candidate theme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThemeAnswer {
    /// The number under which it is listed, from 1.
    pub id: usize,
    /// A name to start from, in words as spoken.
    pub label: String,
    /// What sets it apart, strongest first.
    pub terms: Vec<TermAnswer>,
    /// How many passages.
    pub n_passages: usize,
    /// How many cases speak of it.
    pub n_cases: usize,
    /// How many cases there are.
    pub of_cases: usize,
    /// The largest share of its passages that one case has.
    #[serde(serialize_with = "rounded")]
    pub largest_share: f64,
    /// The case that has it.
    pub largest_case: String,
    /// How many cases of each group speak of it.
    pub groups: Vec<GroupAnswer>,
    /// How well it survives when cases are left out; `None` if not measured.
    pub stability: Option<f64>,
    /// Typical quotes, from different cases.
    pub quotes: Vec<Hit>,
    /// Quotes that stand apart; empty if not looked for.
    pub apart: Vec<Hit>,
    /// Smaller themes inside this one; empty if not looked for.
    pub subthemes: Vec<Self>,
}

/// A term of a theme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TermAnswer {
    /// As spoken.
    pub term: String,
    /// How much it sets the theme apart.
    #[serde(serialize_with = "rounded")]
    pub weight: f64,
}

/// Prevalence in one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupAnswer {
    /// The group's name.
    pub name: String,
    /// How many of its cases speak of the theme.
    pub n_cases: usize,
    /// How many cases it has.
    pub of_cases: usize,
}

/// Where a participant's passage belongs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PassageAnswer {
    /// The transcript's id.
    pub transcript: String,
    /// First and last line.
    pub lines: [u32; 2],
    /// The theme's id; `None` if it fits none.
    pub theme: Option<usize>,
    /// How well it fits, 0 to 1.
    #[serde(serialize_with = "rounded")]
    pub weight: f64,
}

/// Rounds to six digits after the point.
pub fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn rounded<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(round(*value))
}
