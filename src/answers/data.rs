//! A study as data for other programs: what tables are made of.

use super::codebook::{CodeAnswer, QuotationAnswer};
use super::info::{CaseInfo, TranscriptInfo};
use super::quotes::Hit;
use super::themes::ThemesAnswer;

/// A study at one moment, with what is needed to join its parts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DataAnswer {
    /// The name of the study.
    pub study: String,
    /// The candidate themes.
    pub themes: ThemesAnswer,
    /// Which passages belong to each theme and code under it, in the order of the list.
    pub evidence: Vec<EvidenceData>,
    /// The transcripts, with who speaks in them.
    pub transcripts: Vec<TranscriptInfo>,
    /// Whom they are about.
    pub cases: Vec<CaseData>,
    /// All passages of all speakers, in the order of the study.
    pub passages: Vec<PassageData>,
    /// The codes, every parent before its children.
    pub codes: Vec<CodeAnswer>,
    /// What people quoted, in the order of the places.
    pub quotations: Vec<QuotationAnswer>,
    /// The passages that each quotation touches, by their places in `passages`; none of one
    /// that is stale.
    pub quoted: Vec<QuotedData>,
    /// How often each case speaks under each code.
    pub coded: Vec<CodedData>,
}

/// A case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseData {
    /// Who it is and what is known.
    pub case: CaseInfo,
    /// Whether it speaks as a participant, so that it is one of those who are counted.
    pub is_participant: bool,
}

/// A passage of anybody's.
#[derive(Debug, Clone, PartialEq)]
pub struct PassageData {
    /// Its words, and who says them and where.
    pub hit: Hit,
    /// Its place in its transcript, from 1.
    pub number: usize,
    /// The speaker's own words in it.
    pub n_words: u32,
    /// Whether themes are made of it: a participant says it, and it is not the same in most
    /// transcripts.
    pub is_counted: bool,
}

/// A passage that belongs to a candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EvidenceData {
    /// The number of the theme.
    pub theme: usize,
    /// The number of the code under it, if it is one of its passages.
    pub code: Option<usize>,
    /// The passage, by its place among all.
    pub passage: usize,
    /// Whether its own words say it; else it belongs by what is said around it.
    pub is_evidence: bool,
    /// How well it fits the theme, 0 to 1; `None` for codes, and where only a code under the
    /// theme brought it there.
    pub weight: Option<f64>,
}

/// A passage that a quotation touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotedData {
    /// The number of the quotation.
    pub quotation: u32,
    /// The passage, by its place among all.
    pub passage: usize,
}

/// How often a case speaks under a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodedData {
    /// The case, by its place among all.
    pub case: usize,
    /// The number of the code.
    pub code: u32,
    /// Quotations with the code or one under it in which the case speaks.
    pub n_quotations: usize,
}
