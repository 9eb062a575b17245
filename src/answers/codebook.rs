//! The codebook, its quotations and memos, the log.

use schemars::JsonSchema;
use serde::Serialize;

use super::quotes::Provenance;
use crate::codebook::{Code, Stance};

/// A code or theme with what is coded under it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct CodeAnswer {
    /// The code.
    #[serde(flatten)]
    pub code: Code,
    /// Its names from the root: `Joining > No travel`.
    pub path: String,
    /// How deep it stands; 0 at the top.
    pub depth: usize,
    /// Quotations with this code or one under it whose place is certain.
    pub n_quotations: usize,
    /// Those that are stale: what is counted leaves them out.
    pub n_stale: usize,
    /// Cases that speak in the former.
    pub n_cases: usize,
    /// Cases of the study that speak as participants.
    pub of_cases: usize,
    /// How many of them are on each side that people put quotations on.
    pub stances: Vec<StanceAnswer>,
}

/// A side, in people's judgement: benefit, drawback or mixed.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct StanceAnswer {
    /// Which.
    pub stance: Stance,
    /// Quotations on it.
    pub n_quotations: usize,
    /// Cases that speak in them.
    pub n_cases: usize,
    /// The same by group, in the order of their names; none without groups.
    pub groups: Vec<GroupCount>,
}

/// How many of a group.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct GroupCount {
    /// The group.
    pub name: String,
    /// How many of its cases.
    pub n_cases: usize,
    /// How many it has.
    pub of_cases: usize,
}

/// A quotation with where it stands now.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct QuotationAnswer {
    /// Its number.
    pub id: u32,
    /// Who says it and where; `None` if it is stale.
    pub at: Option<Provenance>,
    /// Its words, byte for byte.
    pub text: String,
    /// Its bytes in the transcript of now; `None` if it is stale.
    pub bytes: Option<[u32; 2]>,
    /// The side that a person put it on.
    pub stance: Option<Stance>,
    /// The paths of its codes with their coders.
    pub codes: Vec<CodingAnswer>,
    /// `here`, `moved` or `stale`.
    pub standing: &'static str,
    /// Why it is stale.
    pub reason: Option<String>,
}

/// A code of a quotation.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct CodingAnswer {
    /// The path of the code.
    pub code: String,
    /// Its number in the codebook.
    pub code_id: u32,
    /// Who gave it.
    pub coder: String,
    /// Whether it is shown first.
    pub is_pinned: bool,
    /// Whether it was proposed, and accepted by the coder.
    pub is_proposed: bool,
}

/// A memo with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct MemoAnswer {
    /// Its number.
    pub id: u32,
    /// What it is about, for people: `theme “Easier to join”`.
    pub about: String,
    /// The note.
    pub text: String,
    /// Who wrote it.
    pub coder: String,
    /// When, in UTC.
    pub at: String,
}

/// A decision in the log.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct LogEntry {
    /// Its number.
    pub number: u32,
    /// When, in UTC.
    pub at: String,
    /// Who.
    pub coder: String,
    /// What was done, for machines.
    pub verb: crate::codebook::Verb,
    /// To what.
    pub about: String,
    /// Whether it holds; not if it was undone.
    pub holds: bool,
    /// The version of Leitmotif.
    pub version: String,
}

/// A candidate that was rejected.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct RejectionAnswer {
    /// Its number.
    pub id: u32,
    /// Its label.
    pub label: String,
    /// Its number in the list of then.
    pub candidate: u32,
    /// Why.
    pub reason: String,
}
