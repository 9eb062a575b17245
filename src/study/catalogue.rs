//! What is remembered of every file between two runs.
//!
//! All of it is derived and may be deleted.

use serde::{Deserialize, Serialize};

use crate::base::Diagnostic;
use crate::ingest::Known;

/// All files as they were when last read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Catalogue {
    /// What the index's last commit carries if it belongs to this catalogue.
    pub(crate) revision: String,
    /// The number that the next new transcript gets.
    pub(crate) next_number: u32,
    /// Labels that were declared when the files were read.
    pub(crate) declared: Vec<String>,
    /// Files that one person was said to tell then, as paths or patterns.
    pub(crate) told: Vec<String>,
    /// One entry a file, in natural order of their paths.
    pub(crate) entries: Vec<Entry>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) n_bytes: u64,
    pub(crate) modified_ns: i128,
    pub(crate) hash: [u8; 32],
    pub(crate) content: Content,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Content {
    Transcript(Box<Known>),
    /// No transcript, and why.
    Refused(Diagnostic),
}

impl Content {
    /// What is known of the transcript, if it is one.
    pub(crate) fn transcript(&self) -> Option<&Known> {
        match self {
            Self::Transcript(known) => Some(known),
            Self::Refused(_) => None,
        }
    }
}
