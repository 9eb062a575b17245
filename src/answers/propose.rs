//! Passages that are proposed for codes, and where one stands with each code.

use schemars::JsonSchema;
use serde::Serialize;

use super::quotes::{Hit, Provenance};

/// The answer of `propose`.
#[derive(Debug, Clone, PartialEq, Default, JsonSchema, Serialize)]
pub struct ProposalsAnswer {
    /// The passages, most probable first.
    pub proposals: Vec<ProposalAnswer>,
    /// Where one stands with each code that was asked for.
    pub standings: Vec<CodeStanding>,
}

/// A passage in which a code probably occurs. Nothing is coded until a person accepts it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct ProposalAnswer {
    /// The passage; its `score` is the probability.
    #[serde(flatten)]
    pub hit: Hit,
    /// The path of the code.
    pub code: String,
    /// The number of the code.
    pub code_id: u32,
    /// How probably the code occurs in it, `0.0..=1.0` in hundredths: of passages with .6
    /// about six of ten carry it.
    pub probability: f64,
    /// Whether the probability is a rough guess: the code has fewer than three quotations.
    pub is_rough: bool,
    /// Why.
    pub because: Because,
}

/// Why a passage is proposed.
#[derive(Debug, Clone, PartialEq, Default, JsonSchema, Serialize)]
pub struct Because {
    /// Words of the passage that tell the code from others, strongest first.
    pub words: Vec<String>,
    /// Such words that are said around it and not in it.
    pub around: Vec<String>,
    /// Words of the code's own name and definition that are said in it, else around it.
    pub name: Vec<String>,
    /// Words of the passage that the code's rule finds, as spoken; empty without a rule.
    pub rule: Vec<String>,
    /// The quotations of the code that it is most like, most like first.
    pub quotations: Vec<LikeQuotation>,
    /// Words of the passage that speak against the code, strongest first, where it is less
    /// probable than not.
    pub against: Vec<String>,
}

/// A quotation that a passage is like.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct LikeQuotation {
    /// Its number.
    pub id: u32,
    /// Who says it and where.
    pub at: Provenance,
    /// Its words, byte for byte.
    pub text: String,
    /// The cosine between the words of both with the talk around them, `0.0..=1.0`.
    pub likeness: f64,
}

/// Where one stands with a code. It never says that nothing is left to find.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct CodeStanding {
    /// The path of the code.
    pub code: String,
    /// Its number.
    pub code_id: u32,
    /// Quotations with this code or one under it.
    pub n_quotations: usize,
    /// Cases that speak in them.
    pub n_cases: usize,
    /// Cases of the study that speak as participants.
    pub of_cases: usize,
    /// Proposals that were accepted.
    pub n_accepted: usize,
    /// Proposals that were rejected.
    pub n_rejected: usize,
    /// The last proposals that were judged, ten at most.
    pub n_last: usize,
    /// How many of these were accepted.
    pub n_last_accepted: usize,
    /// Passages that are not decided on and carry the code more probably than not.
    pub n_probable: usize,
    /// Whether probabilities are a rough guess.
    pub is_rough: bool,
}

/// A passage that a person judged not to carry the code that it was proposed for.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct RefusalAnswer {
    /// Its number.
    pub id: u32,
    /// The path of the code.
    pub code: String,
    /// Who says it and where; `None` if it is not found in the changed transcript.
    pub at: Option<Provenance>,
    /// Its words, byte for byte.
    pub text: String,
    /// Why, in a person's words; may be empty.
    pub reason: String,
    /// Who rejected it.
    pub coder: String,
}
