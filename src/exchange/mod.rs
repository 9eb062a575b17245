//! Other tools' projects and codebooks, in and out.
//!
//! A [`Bundle`] goes out as bytes of another tool's format ([`refi`]); bytes come
//! in and a [`Received`] comes out ([`refi`], [`taguette`], [`qualcoder`], [`tables`],
//! [`codings`]), with
//! everything that could not be taken over as a warning. Its texts are matched with
//! the transcripts that are here ([`matching`]), its quotations placed in them
//! ([`placing`]), and all of it becomes changes of the codebook ([`merging`]) and rows
//! of a `cases.csv` ([`cases`]). Tables for people who go on in R or Python are made of
//! answers (`tidy`). Nothing here knows the study's folder or carries a
//! change out: `session` does, by a person's act.
//!
//! ```
//! use std::io::Cursor;
//!
//! use leitmotif::exchange::{Bundle, SourceText, refi};
//!
//! let text = "Ada: It was, um, odd. \u{1f642}\r\n".to_owned();
//! let sources = vec![SourceText { id: "P01".to_owned(), text, is_markdown: false }];
//! let bundle = Bundle { name: "Balint".to_owned(), sources, ..Bundle::default() };
//! let mut file = Cursor::new(Vec::new());
//! refi::write_project(&mut file, &bundle, "2026-01-05T10:00:00Z")?;
//! let received = refi::read_project(file.get_ref())?;
//! assert_eq!(received.value.bundle, bundle);
//! # Ok::<(), leitmotif::exchange::ExchangeError>(())
//! ```

mod archive;
pub mod cases;
pub mod coder;
pub mod codings;
mod columns;
mod databases;
pub mod hiding;
pub mod matching;
pub mod merging;
mod names;
pub mod placing;
mod positions;
pub mod qualcoder;
pub mod refi;
pub mod tables;
pub mod taguette;
mod words;
mod xml;

use std::collections::BTreeMap;
use std::fmt;

use crate::base::{Diagnose, Remedy, Task};
use crate::codebook::{CodeKind, Codebook};

pub use codings::CodedLines;
pub use names::safe_id;
pub use positions::{Counting, LineEnds, Unit};
pub use words::{Words, squashed};

/// Who coded, where a file does not say.
pub const UNKNOWN_CODER: &str = "unknown";

/// What travels between tools: texts, cases and what people decided.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bundle {
    /// The name of the study.
    pub name: String,
    /// The transcripts with their plain text, in natural order of their ids.
    pub sources: Vec<SourceText>,
    /// Whom the transcripts are about.
    pub cases: Vec<BundleCase>,
    /// Codes, quotations and memos. Places carry the ids and checksums of
    /// `sources`.
    pub codebook: Codebook,
}

/// The plain text of a transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// The transcript's id, such as `participants/P01`.
    pub id: String,
    /// The text; quotations are spans of its bytes.
    pub text: String,
    /// Whether it is Markdown, in which headings are no speech.
    pub is_markdown: bool,
}

/// Somebody whom transcripts are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleCase {
    /// The case's id.
    pub id: String,
    /// What is known of them.
    pub attributes: BTreeMap<String, String>,
    /// The ids of the transcripts in which they speak.
    pub sources: Vec<String>,
}

/// What came in from another tool's file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Received {
    /// The program that wrote the file, in its own words; may be empty.
    pub origin: String,
    /// What could be taken over.
    pub bundle: Bundle,
    /// How the positions in each text were counted.
    pub readings: Vec<Reading>,
    /// Quotes that come without the text they were taken from.
    pub loose: Vec<LooseQuote>,
    /// Lines with their codes, of transcripts that are here.
    pub coded: Vec<CodedLines>,
}

/// How the positions of selections in one text were counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The transcript's id.
    pub source: String,
    /// How many selections the file has in this text.
    pub n_selections: usize,
    /// How many of them are confirmed and came in.
    pub n_confirmed: usize,
    /// How many of those by words that the file keeps beside the positions.
    pub n_by_words: usize,
    /// The way of counting under which they are right; `None` if it makes no
    /// difference in this text.
    pub counting: Option<Counting>,
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.n_selections == 1 { "" } else { "s" };
        write!(f, "{}: {} selection{plural}", self.source, self.n_selections)?;
        if self.n_confirmed < self.n_selections {
            write!(f, ", {} confirmed", self.n_confirmed)?;
        }
        match &self.counting {
            Some(counting) => write!(f, ", positions read as {counting}"),
            None => Ok(()),
        }
    }
}

/// A quote with its codes, to be found again by its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LooseQuote {
    /// The line of the file that has it, from 1.
    pub line: usize,
    /// The name of the text it was taken from, as the file has it; may be empty.
    pub source: String,
    /// Its words; white space may differ from the text.
    pub words: String,
    /// The paths of its codes, from the root.
    pub codes: Vec<Vec<String>>,
    /// Who coded it.
    pub coder: String,
}

/// How much of each kind there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Transcripts.
    pub sources: usize,
    /// Cases.
    pub cases: usize,
    /// Themes.
    pub themes: usize,
    /// Codes that are no themes.
    pub codes: usize,
    /// Quotations.
    pub quotations: usize,
    /// Codes given to quotations.
    pub codings: usize,
    /// Memos.
    pub memos: usize,
    /// People who coded or wrote.
    pub coders: usize,
}

impl Counts {
    /// Counts what a bundle holds.
    pub fn of(bundle: &Bundle) -> Self {
        let codebook = &bundle.codebook;
        let themes = codebook.codes.values().filter(|code| code.kind == CodeKind::Theme).count();
        Self {
            sources: bundle.sources.len(),
            cases: bundle.cases.len(),
            themes,
            codes: codebook.codes.len() - themes,
            quotations: codebook.quotations.len(),
            codings: codebook.quotations.values().map(|quotation| quotation.codings.len()).sum(),
            memos: codebook.memos.len(),
            coders: codebook.coders().len(),
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.sources, "transcript"),
            (self.cases, "case"),
            (self.themes, "theme"),
            (self.codes, "code"),
            (self.quotations, "quotation"),
            (self.codings, "coding"),
            (self.memos, "memo"),
            (self.coders, "coder"),
        ];
        let said: Vec<String> = counts
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!("{n} {what}{}", if n == 1 { "" } else { "s" }))
            .collect();
        if said.is_empty() { f.write_str("nothing") } else { f.write_str(&said.join(", ")) }
    }
}

/// Why a file cannot be taken in, or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// No zip archive, or a damaged one.
    #[error("the file cannot be read as a project archive: {0}")]
    BadArchive(String),
    /// An archive without a project.
    #[error("the archive does not contain `project.qde`")]
    NoProject,
    /// A path in the archive points out of it.
    #[error("the archive is refused: its entry `{0}` points out of the archive")]
    UnsafePath(String),
    /// An archive of too many files.
    #[error("the archive is refused: it has {n} entries, more than {most}")]
    TooManyEntries {
        /// How many.
        n: usize,
        /// How many are read.
        most: usize,
    },
    /// Something that unpacks to far more than texts are.
    #[error("the archive is refused: `{path}` unpacks to more than {most_mb} MB")]
    TooLarge {
        /// The entry.
        path: String,
        /// The bound, in MB.
        most_mb: u64,
    },
    /// The file declares entities of its own, which could name other files.
    #[error("`{0}` is refused: it declares a document type, which could load other files")]
    DocumentType(String),
    /// Broken XML.
    #[error("`{path}` is damaged: {problem}")]
    BadXml {
        /// The file or entry.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// XML of another kind.
    #[error("`{path}` contains `{found}`, not {expected}")]
    OtherXml {
        /// The file or entry.
        path: String,
        /// The root element.
        found: String,
        /// What should be there.
        expected: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A codebook without codes cannot be written.
    #[error("there is no code to write")]
    NoCodes,
    /// No project of `QualCoder`.
    #[error("the file is not a project of QualCoder: {0}")]
    NotQualCoder(String),
    /// No project of Taguette.
    #[error("the file is not a project of Taguette: {0}")]
    NotTaguette(String),
    /// A database of Taguette with several projects.
    #[error("the database contains {} projects: {}", names.len(), names.join(", "))]
    SeveralProjects {
        /// Their names.
        names: Vec<String>,
    },
    /// A table that cannot be used.
    #[error("the table cannot be used: {problem}")]
    BadTable {
        /// What is wrong.
        problem: String,
        /// What to do.
        advice: &'static str,
    },
    /// The file cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// The file system or the writer refused.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl Diagnose for ExchangeError {
    fn remedy(&self) -> Option<Remedy> {
        Some(Remedy::new(match self {
            Self::BadArchive(_) => "export the project again; a `.qdpx` file is a zip archive",
            Self::NoProject => "export the project again as REFI-QDA (`.qdpx`)",
            Self::UnsafePath(_) | Self::DocumentType(_) => {
                "programs for qualitative analysis do not write this; ask where the file comes from"
            }
            Self::TooManyEntries { .. } => "export fewer sources at a time",
            Self::TooLarge { .. } => "no interview is that long; ask where the file comes from",
            Self::BadXml { .. } => "export it again; this file is incomplete",
            Self::OtherXml { advice, .. } | Self::BadTable { advice, .. } => advice,
            Self::NoCodes => return Some(Remedy::by(Task::AddCode, "make one")),
            Self::NotQualCoder(_) => {
                "name the folder of the project, which ends in `.qda` and holds `data.qda`"
            }
            Self::NotTaguette(_) => {
                "in Taguette, choose `Export this project` under `Project info`"
            }
            Self::SeveralProjects { .. } => {
                "in Taguette, choose `Export this project` under `Project info` for each"
            }
            Self::Unreadable(_) => "check that the file exists and that you may read it",
            Self::Io(_) => return None,
        }))
    }
}
