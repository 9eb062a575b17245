//! Agreement of coders.

use serde::Serialize;

/// The answer of `agreement`.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coefficients {
    /// The share of agreement, 0 to 1.
    pub agreement: Figure,
    /// Cohen's kappa.
    pub kappa: Figure,
    /// Krippendorff's alpha, nominal.
    pub alpha: Figure,
}

/// A coefficient, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The value, rounded to six digits.
    pub value: Option<f64>,
    /// Why there is none.
    pub reason: Option<String>,
}
