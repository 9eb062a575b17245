//! Agreement of coders.

use schemars::JsonSchema;
use serde::Serialize;

use super::Interval;

/// The answer of `agreement`.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct AgreementAnswer {
    /// Who is compared.
    pub coders: Vec<String>,
    /// Ids of the transcripts in which they are.
    pub transcripts: Vec<String>,
    /// On lines and on characters of participants' talk.
    pub units: Vec<UnitAgreement>,
    /// What the reader must know.
    pub notes: Vec<String>,
}

/// Agreement on one kind of unit.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct UnitAgreement {
    /// `lines` or `characters`.
    pub unit: &'static str,
    /// How many two coders or more have looked at.
    pub n_units: u64,
    /// By code.
    pub codes: Vec<CodeAgreement>,
    /// Over all codes.
    pub pooled: Coefficients,
}

/// Agreement on one code.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct CodeAgreement {
    /// The code's path.
    pub code: String,
    /// Units that all coders gave the code.
    pub all: u64,
    /// Units that some gave it.
    pub some: u64,
    /// Units that none gave it.
    pub none: u64,
    /// Units that one coder alone gave it, by coder.
    pub only: Vec<u64>,
    /// The coefficients.
    #[serde(flatten)]
    pub coefficients: Coefficients,
}

/// Percent agreement, kappa and alpha.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct Coefficients {
    /// The share of agreement, 0 to 1.
    pub agreement: Figure,
    /// Cohen's kappa.
    pub kappa: Figure,
    /// Krippendorff's alpha, nominal.
    pub alpha: Figure,
}

/// A coefficient, or why there is none.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct Figure {
    /// The value, rounded to six digits.
    pub value: Option<f64>,
    /// Why there is none.
    pub reason: Option<String>,
}

/// The answer of `agreement --with proposals`.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct ProposalAgreementAnswer {
    /// Ids of the transcripts in which it is compared: those that somebody has coded.
    pub transcripts: Vec<String>,
    /// By code, in the order of the codebook: those with three quotations or more.
    pub codes: Vec<ProposalAgreement>,
    /// Paths of the codes that are used and have fewer.
    pub too_few: Vec<String>,
    /// What the reader must know.
    pub notes: Vec<String>,
}

/// What would be proposed for a code, against what was coded, in passages of participants.
/// Each is judged by what was learnt from other transcripts.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct ProposalAgreement {
    /// The code's path.
    pub code: String,
    /// Its number.
    pub code_id: u32,
    /// Passages that were coded and would be proposed: as probable as not, or more.
    pub both: usize,
    /// Passages that were coded and would not be proposed.
    pub only_coded: usize,
    /// Passages that would be proposed and were not coded.
    pub only_proposed: usize,
    /// All others.
    pub neither: usize,
    /// Of the coded passages, the share that would be proposed.
    pub found: CountedShare,
    /// Of the passages that would be proposed, the share that was coded.
    pub right: CountedShare,
    /// Cohen's kappa.
    pub kappa: Figure,
}

/// A share of passages.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema, Serialize)]
pub struct CountedShare {
    /// How many.
    pub n: usize,
    /// Of how many.
    pub of: usize,
    /// Wilson's 95 % interval of the share.
    pub interval: Interval,
}
