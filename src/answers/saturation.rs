//! After how many interviews little is new.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::figures::{Spread, rounded};
use crate::base::Diagnostic;

/// The answer of `saturation`.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct SaturationAnswer {
    /// What is counted, for people.
    pub counted: String,
    /// What is counted, in a word: `codes` or `candidates`.
    pub unit: &'static str,
    /// By what the interviews are ordered.
    pub order: String,
    /// The rule of the random orders.
    pub base: usize,
    /// Its run.
    pub run: usize,
    /// One of all interviews, and one a group.
    pub groups: Vec<GroupSaturation>,
    /// What the reader must know, with what helps; in JSON in words.
    #[serde(serialize_with = "in_words")]
    #[schemars(with = "Vec<String>")]
    pub notes: Vec<Diagnostic>,
}

fn in_words<S: Serializer>(notes: &[Diagnostic], serializer: S) -> Result<S::Ok, S::Error> {
    let in_words = |Diagnostic { problem, remedy, .. }: &Diagnostic| match remedy {
        Some(remedy) => format!("{problem}; {}", remedy.advice),
        None => problem.clone(),
    };
    serializer.collect_seq(notes.iter().map(in_words))
}

/// Saturation among the interviews of a group.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct GroupSaturation {
    /// The group; `None` for all interviews.
    pub group: Option<String>,
    /// The interviews in order.
    pub interviews: Vec<InterviewAnswer>,
    /// Where each rule finds saturation.
    pub rules: Vec<RuleAnswer>,
    /// After how many interviews, in random orders; `None` if never, or if there
    /// are too few.
    pub in_random_orders: Option<Spread>,
    /// The share of random orders in which there is saturation.
    #[serde(serialize_with = "rounded")]
    pub share_saturated: f64,
    /// Interviews that are missing for the rule asked for.
    pub n_missing: usize,
}

/// What an interview brings.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct InterviewAnswer {
    /// The transcript's id.
    pub transcript: String,
    /// How many themes it holds.
    pub n_themes: usize,
    /// How many of them no earlier interview holds.
    pub n_new: usize,
    /// How many are known after it.
    pub n_known: usize,
    /// How many are known after as many interviews in random orders.
    pub random: Option<Spread>,
}

/// Saturation by one rule.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct RuleAnswer {
    /// Interviews of the base.
    pub base: usize,
    /// Interviews of a run.
    pub run: usize,
    /// The threshold, 0 to 1.
    pub threshold: f64,
    /// After how many interviews, without the run; `None` if not yet.
    pub after: Option<usize>,
    /// The share of new themes in the last run; `None` if there are too few
    /// interviews.
    pub last_ratio: Option<f64>,
}
