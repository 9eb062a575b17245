//! Quotes that were found, with who says them and where.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Span;

use super::figures::rounded;
use super::reading::MarkCode;

/// Who says something and where: what every quotation carries.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Provenance {
    /// The transcript's id.
    pub transcript: String,
    /// The case that it is about; `None` for interviewers and others.
    pub case: Option<String>,
    /// The group of the case.
    pub group: Option<String>,
    /// The speaker's label as written.
    pub speaker: String,
    /// `interviewer`, `participant` or `other`.
    pub role: &'static str,
    /// First and last line.
    pub lines: [u32; 2],
    /// When it was said, in milliseconds of the recording.
    pub start_ms: Option<u64>,
    /// Whether the case speaks in other transcripts too: its name alone does not say which.
    #[serde(skip)]
    pub is_one_of_several: bool,
}

/// A quote that was found.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct Hit {
    /// The place in the list, from 1.
    pub rank: usize,
    /// How well it fits. No unit. Falls with the rank in a search; quotes of a theme that say
    /// nothing of its name, or repeat a person or what is quoted above, come later whatever it is.
    #[serde(serialize_with = "rounded")]
    pub score: f64,
    /// Who says it and where.
    #[serde(flatten)]
    pub at: Provenance,
    /// Its bytes in the transcript; for whoever decides on it, so no part of what is
    /// printed.
    #[serde(skip)]
    pub span: Span,
    /// When it was over.
    pub end_ms: Option<u64>,
    /// The words, verbatim.
    pub text: String,
    /// What matched in `text`.
    pub highlights: Vec<[usize; 2]>,
    /// What in `text` the speaker did not say: listeners' words, with labels
    /// and times of turns between.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<[usize; 2]>,
    /// Ids of the candidate themes that the passage belongs to.
    pub themes: Vec<usize>,
    /// The talk before it, as far as it was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<ContextAnswer>,
    /// The talk after it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<ContextAnswer>,
    /// The question that it answers, where it cannot be understood without: verbatim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Words that tie it to the quote that it is like, strongest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ties: Vec<String>,
}

/// Talk around a quote: a turn, or the part of one that the quote leaves.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct ContextAnswer {
    /// The speaker's label as written.
    pub speaker: String,
    /// First and last line.
    pub lines: [u32; 2],
    /// The words, verbatim.
    pub text: String,
}

/// The answer of `search`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchAnswer {
    /// The quotes, best first.
    pub hits: Vec<Hit>,
    /// How much matches in all; `None` if the query is ranked, since then
    /// passages come back that hold none of its words.
    pub totals: Option<Totals>,
    /// The parts of the query that are found nowhere.
    pub nowhere: Vec<String>,
    /// Whether the query holds nothing but function words to rank by.
    pub is_empty: bool,
    /// Words that were looked for beside those of the query, as spoken: of their families,
    /// then of near meaning, the nearest first.
    pub also: Vec<String>,
    /// How many of all hits are the best of somebody and stand first, if people come first.
    pub n_of_people: Option<usize>,
}

/// How much matches a query, whatever of it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, JsonSchema, Serialize)]
pub struct Totals {
    /// Places in the talk; 0 for a query of fields alone.
    pub n_matches: usize,
    /// Passages.
    pub n_passages: usize,
    /// Cases whose own talk matches.
    pub n_cases: usize,
    /// Cases of the study.
    pub of_cases: usize,
    /// Transcripts.
    pub n_transcripts: usize,
}

/// The answer of `search --kwic`: every match in its context.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Concordance {
    /// The matches in the order asked for.
    pub lines: Vec<ConcordanceLine>,
    /// How much matches in all.
    pub totals: Totals,
    /// By case, in the order of the study; those without a match too.
    pub by_case: Vec<Frequency>,
    /// By group.
    pub by_group: Vec<Frequency>,
    /// Matches in the talk of interviewers and others.
    pub n_of_others: usize,
    /// The parts of the query that are found nowhere.
    pub nowhere: Vec<String>,
}

/// A match in its context.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct ConcordanceLine {
    /// Who says it and where.
    #[serde(flatten)]
    pub at: Provenance,
    /// What the same turn says before it, verbatim.
    pub left: String,
    /// What matched, verbatim.
    pub matched: String,
    /// What the same turn says after it, verbatim.
    pub right: String,
    /// Where what matched stands in its transcript.
    #[serde(skip)]
    pub span: Span,
    /// The codes of the quotations that share words with what matched.
    pub codes: Vec<MarkCode>,
}

/// How often something is said.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct Frequency {
    /// The case or the group.
    pub name: String,
    /// How often.
    pub n_matches: usize,
    /// How many of its cases say it.
    pub n_cases: usize,
    /// How many cases it has.
    pub of_cases: usize,
    /// Words that its cases say, split at white space.
    pub n_words: usize,
}

impl Frequency {
    /// Matches in a thousand words; 0 if nothing is said.
    pub fn per_thousand(&self) -> f64 {
        1000.0 * self.n_matches as f64 / self.n_words.max(1) as f64
    }
}

/// A hit to try things on.
#[cfg(test)]
pub(crate) fn example_hit(text: &str, highlights: &[[usize; 2]]) -> Hit {
    Hit {
        rank: 1,
        score: 1.0,
        at: Provenance {
            transcript: "participants/P07".to_owned(),
            case: Some("P07".to_owned()),
            group: Some("leaders".to_owned()),
            speaker: "Siân".to_owned(),
            role: "participant",
            lines: [112, 118],
            start_ms: Some(1_300_000),
            is_one_of_several: false,
        },
        span: Span::new(0, text.len()),
        end_ms: None,
        text: text.to_owned(),
        highlights: highlights.to_vec(),
        others: Vec::new(),
        themes: Vec::new(),
        before: Vec::new(),
        after: Vec::new(),
        question: None,
        ties: Vec::new(),
    }
}
