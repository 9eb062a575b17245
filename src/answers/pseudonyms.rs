//! The key of names and what a scan proposes. These answers show names: they are
//! for the researcher's own eyes.

use schemars::JsonSchema;
use serde::Serialize;

use crate::pseudonyms::PseudonymEntry;
use crate::pseudonyms::identifying::Identifying;

/// The answer of `pseudonyms list`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct KeyAnswer {
    /// Where the key is kept.
    pub file: String,
    /// Its rows.
    pub names: Vec<KeyRow>,
}

/// A row of the key.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct KeyRow {
    /// The name.
    pub name: String,
    /// What is shown instead; empty for a name to ignore.
    pub pseudonym: String,
    /// `any`, `capital` or `ignore`.
    pub rule: &'static str,
    /// In how many places it stands in the talk.
    pub n_places: usize,
}

impl KeyRow {
    /// A row with its count.
    pub fn new(entry: &PseudonymEntry, n_places: usize) -> Self {
        Self {
            name: entry.name.clone(),
            pseudonym: entry.pseudonym.clone(),
            rule: entry.rule.name(),
            n_places,
        }
    }
}

/// The answer of `pseudonyms scan`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct ScanAnswer {
    /// Whether it is about what is left with pseudonyms in place.
    pub is_of_leaks: bool,
    /// What may give somebody away, by kind, the most frequent first.
    pub found: Vec<Leak>,
    /// What the reader must know.
    pub notes: Vec<String>,
}

/// Words that may give somebody away.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize)]
pub struct Leak {
    /// As what.
    pub kind: Identifying,
    /// The words.
    pub text: String,
    /// How often.
    pub count: usize,
    /// The transcript of one place, as its file is named; empty for a text that
    /// is none.
    pub transcript: String,
    /// The line there, from 1.
    pub line: u32,
}
