//! Figures that several answers hold, and how they are rounded.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// Values over random orders: a share of 5 %, one half and 95 % are not larger.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema, Serialize)]
pub struct Spread {
    /// The fifth percentile.
    pub low: f64,
    /// The median.
    pub median: f64,
    /// The 95th percentile.
    pub high: f64,
}

impl Spread {
    /// The spread of values, by nearest rank; `None` of none.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        // The nearest rank of p is ceil(p n), counted from 1.
        let at = |percent: usize| values[(percent * values.len()).div_ceil(100).max(1) - 1];
        (!values.is_empty()).then(|| Self { low: at(5), median: at(50), high: at(95) })
    }
}

/// Rounds to six digits after the point.
pub fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(super) fn rounded<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(round(*value))
}

#[expect(clippy::ref_option, reason = "serde asks for a reference")]
pub(super) fn rounded_or_none<S: Serializer>(
    value: &Option<f64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.map(round).serialize(serializer)
}

/// What a mean likeness means.
///
/// # Source
/// Hennig (2007), "Cluster-wise assessment of cluster stability",
/// <https://doi.org/10.1016/j.csda.2006.11.025>, and the documentation of
/// `clusterboot` in his package fpc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Band {
    /// Under 0.6: not to be trusted.
    Dissolving,
    /// 0.6 to 0.75: a pattern, but which passages belong to it is doubtful.
    Doubtful,
    /// 0.75 to 0.85: valid.
    Valid,
    /// 0.85 and more.
    Steady,
}

impl Band {
    /// The mean likeness under which no theme is trusted.
    pub const TRUSTED: f64 = 0.6;

    /// Its name, as in machine-readable answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dissolving => "dissolving",
            Self::Doubtful => "doubtful",
            Self::Valid => "valid",
            Self::Steady => "steady",
        }
    }

    /// The band of a mean likeness.
    pub fn of(mean: f64) -> Self {
        match mean {
            mean if mean >= 0.85 => Self::Steady,
            mean if mean >= 0.75 => Self::Valid,
            mean if mean >= Self::TRUSTED => Self::Doubtful,
            _ => Self::Dissolving,
        }
    }
}
