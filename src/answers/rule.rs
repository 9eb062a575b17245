//! The rule of a code: a query, with what it finds and what it misses.

use schemars::JsonSchema;
use serde::Serialize;

use super::quotes::{Hit, Provenance};

/// The answer of `code rule`.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct CodeRuleAnswer {
    /// The path of the code.
    pub code: String,
    /// Its number.
    pub code_id: u32,
    /// The rule that is kept with it.
    pub kept: Option<RuleFound>,
    /// The rule that its quotations suggest; `None` if no simple one finds them and little
    /// else.
    pub suggested: Option<RuleFound>,
}

/// What a rule finds.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct RuleFound {
    /// The rule, in the language of `search`.
    pub query: String,
    /// Quotations of the code, or of one under it, in which the rule finds words.
    pub n_covered: usize,
    /// All its quotations whose place is certain.
    pub n_quotations: usize,
    /// Cases that speak in the former.
    pub n_cases_covered: usize,
    /// Cases that speak in the latter.
    pub n_cases: usize,
    /// Participants' passages that the rule finds and no quotation of the code touches.
    pub n_others: usize,
    /// Cases that say them.
    pub n_other_cases: usize,
    /// How many of these passages were rejected for the code.
    pub n_refused: usize,
    /// Quotations that it misses: as many as asked for.
    pub missed: Vec<MissedQuotation>,
    /// Of those other passages as many as asked for, of different cases first.
    pub others: Vec<Hit>,
}

/// A quotation that a rule misses.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct MissedQuotation {
    /// Its number.
    pub id: u32,
    /// Who says it and where.
    pub at: Provenance,
    /// Its words, byte for byte.
    pub text: String,
}
