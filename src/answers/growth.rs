//! What became of themes since an earlier version.

use schemars::JsonSchema;
use serde::Serialize;

use super::quotes::Hit;

/// The answer of `themes --since N`.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct GrowthAnswer {
    /// The number of the version that this one is compared with.
    pub since: u32,
    /// The number of this version.
    pub version: Option<u32>,
    /// Whether both were asked for in the same way.
    pub is_asked_alike: bool,
    /// Transcripts that are new.
    pub added: Vec<String>,
    /// Transcripts whose text has changed.
    pub changed: Vec<String>,
    /// Transcripts that are gone.
    pub gone: Vec<String>,
    /// How many cases speak in new and changed transcripts.
    pub of_new_cases: usize,
    /// What became of each theme.
    pub changes: Vec<ThemeChange>,
    /// The researcher's own codes in new transcripts, by proposals; empty without a code
    /// that has enough quotations, or without a new transcript.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<CodeGrowth>,
}

/// In which new transcripts a code probably occurs. Nothing counts until a person accepts
/// it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct CodeGrowth {
    /// The code's path.
    pub code: String,
    /// Its number.
    pub code_id: u32,
    /// New transcripts in which a passage is proposed for it, as probable as not or more.
    pub proposed_in: Vec<String>,
    /// New transcripts in which it is quoted already.
    pub quoted_in: Vec<String>,
    /// How many transcripts are new.
    pub of_new: usize,
}

/// What became of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GrowthKind {
    /// There was none like it.
    New,
    /// A larger share of the participants speaks of it.
    Stronger,
    /// A smaller share does.
    Weaker,
    /// Neither.
    Held,
    /// It was several themes.
    Merged,
    /// It is several themes now.
    Split,
    /// It is no theme any more.
    Gone,
}

/// A theme by its number and label in its own version.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct NamedTheme {
    /// The number.
    pub id: usize,
    /// The label.
    pub label: String,
}

/// How widespread a theme is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize)]
pub struct ThemeSize {
    /// How many cases speak of it.
    pub n_cases: usize,
    /// How many cases there are.
    pub of_cases: usize,
    /// How many passages.
    pub n_passages: usize,
}

/// A list of themes as it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionAnswer {
    /// Its number.
    pub number: u32,
    /// Its themes and candidates.
    pub themes: Vec<ThemeOfVersion>,
    /// The transcripts of then.
    pub transcripts: Vec<String>,
}

/// A theme or candidate as it was listed once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThemeOfVersion {
    /// Its number in the list.
    pub id: usize,
    /// Its label.
    pub label: String,
    /// Whether a person had accepted it.
    pub is_accepted: bool,
    /// How widespread it was.
    pub size: ThemeSize,
}

/// What became of one theme, with the new interviews' quotes behind it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct ThemeChange {
    /// What.
    pub kind: GrowthKind,
    /// Its number now; `None` if it is not listed any more.
    pub id: Option<usize>,
    /// Its label now, or then.
    pub label: String,
    /// The earlier themes that it was.
    pub from: Vec<NamedTheme>,
    /// The themes of now that hold its passages.
    pub into: Vec<NamedTheme>,
    /// How widespread it was.
    pub before: Option<ThemeSize>,
    /// How widespread it is.
    pub now: Option<ThemeSize>,
    /// Cases of new and changed transcripts that speak of it.
    pub n_new_cases: usize,
    /// Passages of new and changed transcripts.
    pub n_new_passages: usize,
    /// Their quotes.
    pub quotes: Vec<Hit>,
}
