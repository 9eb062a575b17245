//! A transcript as it is read on a page, and what people coded in it.

use serde::Serialize;

use crate::codebook::act::TurnChar;

/// A transcript as it is read: turns, and the stretches that are coded in them. Its texts
/// are those that are shown, so its positions count in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadingAnswer {
    /// The transcript's id.
    pub transcript: String,
    /// Stands for the whole text as it is shown: another text, or another pseudonym, and it
    /// is another one.
    pub text_key: String,
    /// How many turns the transcript has.
    pub n_turns: usize,
    /// The turns that were asked for.
    pub turns: Vec<TurnAnswer>,
    /// The quotations in them, in the order of their places.
    pub marks: Vec<MarkAnswer>,
    /// Quotations of this transcript whose words are not found in it any more.
    pub n_stale: usize,
}

/// One speaker's unbroken talk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TurnAnswer {
    /// Its place in the transcript, from 0.
    pub n: usize,
    /// The speaker's label as written; empty if the file has none.
    pub speaker: String,
    /// The case; `None` for interviewers and others.
    pub case: Option<String>,
    /// `interviewer`, `participant` or `other`.
    pub role: &'static str,
    /// First and last line.
    pub lines: [u32; 2],
    /// When it starts, in milliseconds of the recording.
    pub start_ms: Option<u64>,
    /// How many characters it has.
    pub n_chars: usize,
    /// The words, verbatim.
    pub text: String,
}

/// A quotation in the talk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MarkAnswer {
    /// Its number.
    pub quotation: u32,
    /// Its codes.
    pub codes: Vec<MarkCode>,
    /// Where it starts.
    pub from: TurnChar,
    /// The character after its last one.
    pub to: TurnChar,
    /// First and last line.
    pub lines: [u32; 2],
    /// The words, verbatim.
    pub text: String,
    /// `here`, or `moved` if it was found again in a changed text.
    pub standing: &'static str,
}

/// A code of a quotation.
#[derive(Debug, Clone, PartialEq, Eq, schemars::JsonSchema, Serialize)]
pub struct MarkCode {
    /// Its number.
    pub id: u32,
    /// Its names from the root.
    pub path: String,
    /// Who gave it.
    pub coder: String,
}
