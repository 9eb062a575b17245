//! The files of a study, before anybody asks what is said in them.
//!
//! A folder comes in; the files that may be transcripts go out ([`find`]). Bytes come in;
//! text ([`encoding`]), the rows of a table ([`tables`]) or why not ([`SourceError`]) go
//! out. Every room that opens a file of a person's opens it here, so that one encoding,
//! one kind of table and one limit hold for all.

pub mod encoding;
pub mod entities;
mod error;
pub mod find;
pub mod tables;

pub use encoding::decode_text;
pub(crate) use error::RECOGNISE;
pub use error::{SourceError, SourceProblem};

/// The size of the largest file that is read, in MB.
const MAX_MB: u64 = 256;
/// The size of the largest file that is read, in bytes.
///
/// A day of talk takes a megabyte. Positions in a text are 32 bits wide, and no
/// encoding makes a text sixteen times as long as its file.
pub const MAX_BYTES: u64 = MAX_MB * 1024 * 1024;

/// How long a PDF may take to be read, in seconds.
pub(crate) const MAX_PDF_SECONDS: u64 = 30;

/// The endings of the files that are read, without the dot, in lower case.
pub const ENDINGS: &[&str] = &[
    "cha", "csv", "dfxp", "docx", "eaf", "exb", "htm", "html", "json", "lrc", "markdown", "md",
    "ods", "odt", "pdf", "rtf", "sbv", "srt", "tab", "tei", "text", "textgrid", "trs", "tsv",
    "ttml", "txt", "vtt", "xlsx", "xml",
];

/// Tells whether files with this ending are read; upper case does not matter.
pub fn is_transcript_ending(ending: &str) -> bool {
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}
