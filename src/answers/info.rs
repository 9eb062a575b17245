//! The study at a glance.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::{Diagnostic, Lines, Remedy};

/// The answer of `info`.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct InfoAnswer {
    /// The study's folder, as given.
    pub study: String,
    /// Whom the program takes for the interviewer, in words.
    pub who: String,
    /// Whether that is a guess: no person has said so.
    pub is_guessed: bool,
    /// What may be wrong with who is who.
    pub notes: Vec<String>,
    /// One row a transcript.
    pub transcripts: Vec<TranscriptInfo>,
    /// Whom they are about.
    pub cases: Vec<CaseInfo>,
    /// What is the same in most transcripts, and so is kept out of themes, evidence and
    /// counts; it can be read and found like all else.
    pub kept_out: Vec<KeptOut>,
    /// Files that could not be read, with the reason.
    pub not_read: Vec<FileRemark>,
    /// What there is to know of files that were read.
    pub remarks: Vec<FileRemark>,
    /// Files that are not transcripts by their names, and copies of others that are left out,
    /// with the reason.
    pub not_transcripts: Vec<(String, String)>,
    /// How many passages.
    pub n_passages: usize,
}

/// Words that stand in most transcripts.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct KeptOut {
    /// The words, as they stand at the first place.
    pub text: String,
    /// In how many transcripts they stand, the same or nearly the same.
    pub n_transcripts: usize,
    /// Where they stand.
    pub places: Vec<KeptOutPlace>,
}

/// A place of words that stand in most transcripts.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct KeptOutPlace {
    /// The transcript.
    pub transcript: String,
    /// The lines.
    pub lines: Lines,
}

/// What is told of a file.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct FileRemark {
    /// The place and what is wrong there.
    pub problem: String,
    /// What helps, where something does.
    pub hint: Option<String>,
}

impl FileRemark {
    /// A problem with its place, and what helps, as `hint` says it where it is shown.
    pub fn of(diagnostic: &Diagnostic, hint: impl FnOnce(&Remedy) -> String) -> Self {
        let Diagnostic { place, problem, remedy } = diagnostic;
        let place = place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
        Self { problem: format!("{place}{problem}"), hint: remedy.as_ref().map(hint) }
    }
}

/// One transcript.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct TranscriptInfo {
    /// The id.
    pub id: String,
    /// What the file was recognised as.
    pub layout: String,
    /// The language that is spoken, as far as it is known, and how it is known.
    pub language: [String; 2],
    /// How many turns.
    pub n_turns: u32,
    /// How many words.
    pub n_words: u32,
    /// How long, in milliseconds, where the file tells.
    pub duration_ms: Option<u64>,
    /// Who talks.
    pub speakers: Vec<SpeakerInfo>,
}

/// One speaker of one transcript.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct SpeakerInfo {
    /// The label as written.
    pub label: String,
    /// The fullest name of the same person in the transcript.
    pub name: String,
    /// The role.
    pub role: &'static str,
    /// Why this role, for people.
    pub reason: String,
    /// Whether the talk leaves the role open.
    pub is_doubtful: bool,
    /// The case; `None` for interviewers and others.
    pub case: Option<String>,
    /// How many words.
    pub n_words: u32,
}

/// One case.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct CaseInfo {
    /// The id.
    pub id: String,
    /// What is known.
    pub attributes: std::collections::BTreeMap<String, String>,
}

/// The text of a transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptText {
    /// All of it: pseudonyms keep line breaks, and a name may run on over one.
    pub text: String,
    /// The lines that were asked for.
    pub lines: Lines,
}
