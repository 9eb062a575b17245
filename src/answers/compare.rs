//! Themes and terms of groups beside each other.

use schemars::JsonSchema;
use serde::Serialize;

use super::codebook::StanceAnswer;
use super::figures::rounded;
use super::quotes::Hit;
use super::themes::{AcceptedAnswer, TogetherAnswer};
use crate::base::proportions::Interval;

/// The answer of `compare`.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct CompareAnswer {
    /// The attribute.
    pub by: String,
    /// Whether its themes are those that the study lists, so that their numbers name them
    /// in a search; another number of themes is only looked at.
    pub is_listed: bool,
    /// Its values, with how many cases that speak have each.
    pub groups: Vec<GroupSize>,
    /// Cases that speak and do not have the attribute; they are left out.
    pub n_without: usize,
    /// What cannot be said, for people.
    pub notes: Vec<String>,
    /// The themes and candidates, as they are listed.
    pub themes: Vec<ComparedTheme>,
    /// Codes with quotations that people put on a side, and how many of each group are
    /// on which.
    pub stances: Vec<ComparedStances>,
    /// Pairs of themes that are spoken of together, over all participants.
    pub together: Vec<TogetherAnswer>,
    /// Terms that more people of one group use, group by group.
    pub terms: Vec<ComparedTerm>,
}

/// A group and its size.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct GroupSize {
    /// The value of the attribute.
    pub name: String,
    /// How many cases have it.
    pub of_cases: usize,
}

/// A theme or candidate in each group.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct ComparedTheme {
    /// The number under which it is listed.
    pub id: usize,
    /// Its label.
    pub label: String,
    /// Its place in the codebook if a person has accepted it; `None` for a candidate.
    pub accepted: Option<AcceptedAnswer>,
    /// One a group.
    pub cells: Vec<GroupCell>,
    /// The differences; none of groups that are too small.
    pub contrasts: Vec<GroupContrast>,
}

/// The sides of a code, in people's judgement.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct ComparedStances {
    /// The number of the code or theme in the codebook.
    pub code: u32,
    /// Its names from the root.
    pub path: String,
    /// The sides, each by group.
    pub stances: Vec<StanceAnswer>,
}

/// How many of a group speak of a theme.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct GroupCell {
    /// The group.
    pub group: String,
    /// How many of its cases speak of it.
    pub n_cases: usize,
    /// How many it has.
    pub of_cases: usize,
    /// Wilson's 95 % interval of the share.
    pub interval: Interval,
    /// Typical quotes of its cases.
    pub quotes: Vec<Hit>,
}

/// A difference between a group and another, or all others.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct GroupContrast {
    /// The group.
    pub group: String,
    /// The other group, or `all others`.
    pub against: String,
    /// The share of the first minus that of the second, -1 to 1.
    #[serde(serialize_with = "rounded")]
    pub difference: f64,
    /// Newcombe's 95 % interval of the difference.
    pub interval: Interval,
    /// Fisher's exact test, two-sided.
    #[serde(serialize_with = "rounded")]
    pub p: f64,
    /// `p` adjusted over all differences shown (Benjamini and Hochberg).
    #[serde(serialize_with = "rounded")]
    pub q: f64,
}

/// A term that more people of one group use than of the others.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct ComparedTerm {
    /// The group that uses it more.
    pub group: String,
    /// The term as spoken.
    pub term: String,
    /// How many cases of the group use it.
    pub n_cases: usize,
    /// How many cases the group has.
    pub of_cases: usize,
    /// How many others use it.
    pub n_others: usize,
    /// How many others there are.
    pub of_others: usize,
    /// Fisher's exact test of who uses it, two-sided, for one term alone.
    #[serde(serialize_with = "rounded")]
    pub p: f64,
    /// The z-score of its log-odds over words.
    #[serde(serialize_with = "rounded")]
    pub z: f64,
    /// The log-likelihood over words.
    #[serde(serialize_with = "rounded")]
    pub log_likelihood: f64,
}
