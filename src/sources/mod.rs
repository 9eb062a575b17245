//! Reads interview files, whatever tool wrote them.
//!
//! Bytes come in; a [`RawTranscript`] goes out: one plain text, the turns in
//! it as byte spans with the label of who speaks, and the times that the file
//! tells. One parser a format, each a pure function of its bytes; [`read`]
//! picks it by the file's ending and content.
//!
//! # The plain text
//!
//! Of a text file the plain text is the file: decoded, without a byte order
//! mark, otherwise byte for byte (a lone `\r` of old Macs becomes `\n`), so
//! that its lines are the lines an editor shows. Of a Word file it is the
//! paragraphs, one a line, with soft line breaks as line ends. Of timed and
//! tabular formats (VTT, SRT, CSV, JSON) it is one turn a line,
//! `Speaker: words`, where consecutive cues of one speaker are one turn.
//!
//! ```
//! use leitmotif::sources::read;
//!
//! let file = "WEBVTT\n\n00:01.000 --> 00:02.500\n<v Siân>It was, um, odd.</v>\n";
//! let raw = read(file.as_bytes(), "P01.vtt")?;
//! assert_eq!(raw.text, "Siân: It was, um, odd.\n");
//! assert_eq!(raw.turns[0].span.of(&raw.text), "It was, um, odd.");
//! # Ok::<(), leitmotif::sources::SourceError>(())
//! ```

mod builder;
mod columns;
mod docx;
mod encoding;
mod error;
pub mod find;
mod json;
mod srt;
mod time;
mod txt;
mod vtt;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use error::{SourceError, SourceProblem};

use crate::base::{Span, TimeSpan, Warning};

/// What a parser makes of one file.
///
/// Invariant: the turns lie in `text` in order, do not overlap, cut no
/// character, and none is blank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawTranscript {
    /// What the file was recognised as, for people: "Zoom WebVTT".
    pub layout: String,
    /// The plain text that every later position points into.
    pub text: String,
    /// The turns, in order.
    pub turns: Vec<RawTurn>,
    /// Attributes of speakers, by label, where the file has them (the other
    /// columns of a survey).
    pub attributes: BTreeMap<String, BTreeMap<String, String>>,
    /// The language that the file itself names (ISO 639-1 or 639-3), if any.
    pub language: Option<String>,
    /// What could not be used, with lines of the original file. Paths are
    /// empty here: the caller knows the path.
    pub warnings: Vec<Warning>,
}

/// One speaker's unbroken talk, as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawTurn {
    /// The speaker's label as written, trimmed, without its colon; `None` if
    /// the file does not say who speaks.
    pub label: Option<String>,
    /// The words, without label and times.
    pub span: Span,
    /// The times of the turn's cues, in order: the cue's first byte and when
    /// it was said. Empty if the file has no times.
    pub cues: Vec<(u32, TimeSpan)>,
}

/// Reads one file. `name` is its file name; the ending and the first bytes
/// decide which parser reads it.
///
/// # Errors
/// [`SourceError`] if the file is no transcript; nothing in a file panics.
pub fn read(bytes: &[u8], name: &str) -> Result<RawTranscript, SourceError> {
    let _ = name;
    let decoded = encoding::decode(bytes).map_err(SourceError::whole)?;
    txt::parse(decoded.text, false)
}

/// Endings of the files that can be read.
pub const ENDINGS: &[&str] = &["txt", "text", "md", "markdown", "docx", "vtt", "srt", "csv", "tsv", "tab", "json"];

/// Whether a file with this ending (lower case) may be a transcript.
pub fn is_transcript_ending(ending: &str) -> bool {
    ENDINGS.contains(&ending)
}

/// Decodes a small text file of the study itself, such as `cases.csv`.
///
/// # Errors
/// [`SourceProblem::Binary`] if it is no text.
pub fn decode_text(bytes: &[u8]) -> Result<String, SourceProblem> {
    match encoding::decode(bytes) {
        Ok(decoded) => Ok(decoded.text),
        Err(SourceProblem::Empty) => Ok(String::new()),
        Err(problem) => Err(problem),
    }
}
