//! Quotes of a report, found again or not.

use schemars::JsonSchema;
use serde::Serialize;

use super::quotes::Provenance;

/// What a quote turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Word for word.
    Exact,
    /// Word for word but for what is marked as left out or put in.
    Shortened,
    /// Like something that is said, and not the same.
    Altered,
    /// Like nothing that is said.
    Unknown,
}

impl Verdict {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Shortened => "shortened",
            Self::Altered => "altered",
            Self::Unknown => "not found",
        }
    }
}

/// The answer of `verify`.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct VerifyAnswer {
    /// The name of the report.
    pub report: String,
    /// How many quotes are word for word.
    pub n_exact: usize,
    /// How many are shortened with marks.
    pub n_shortened: usize,
    /// How many are altered.
    pub n_altered: usize,
    /// How many are like nothing that is said.
    pub n_unknown: usize,
    /// How many of the others stand elsewhere than the report says.
    pub n_misplaced: usize,
    /// The quotes in the order of the report.
    pub quotes: Vec<VerifiedQuote>,
}

/// A quote of the report, compared.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct VerifiedQuote {
    /// Its place among the quotes, from 1.
    pub number: usize,
    /// Where it stands in the report.
    pub place: String,
    /// As the report has it.
    pub text: String,
    /// What the report says beside it.
    pub beside: String,
    /// What it turned out to be.
    pub verdict: Verdict,
    /// Where it stands, or the nearest that stands anywhere.
    pub at: Option<Provenance>,
    /// Further places where the same is said.
    pub n_more: usize,
    /// The words that differ.
    pub differences: Vec<Difference>,
    /// What the report says beside it and does not fit.
    pub problems: Vec<String>,
}

impl VerifiedQuote {
    /// Whether a reader of the report should look at it.
    pub fn is_wrong(&self) -> bool {
        self.verdict >= Verdict::Altered || !self.problems.is_empty()
    }
}

impl VerifyAnswer {
    /// Whether every quote is as it should be.
    pub fn is_clean(&self) -> bool {
        !self.quotes.iter().any(VerifiedQuote::is_wrong)
    }
}

/// Words that differ.
#[derive(Debug, Clone, PartialEq, Eq, schemars::JsonSchema, serde::Serialize)]
pub struct Difference {
    /// In the report; empty if it leaves them out.
    pub report: String,
    /// In the transcript; empty if it does not have them.
    pub transcript: String,
}
