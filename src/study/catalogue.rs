//! What is remembered of every file between two runs.
//!
//! All of it is derived and may be deleted.

use serde::{Deserialize, Serialize};

use crate::base::Diagnostic;
use crate::ingest::Known;

/// All files as they were when last read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Catalogue {
    /// What the index's last commit carries if it belongs to this catalogue.
    pub(super) revision: String,
    /// The number that the next new transcript gets.
    pub(super) next_number: u32,
    /// Labels that were declared when the files were read.
    pub(super) declared: Vec<String>,
    /// Files that one person was said to tell then, as paths or patterns.
    pub(super) told: Vec<String>,
    /// One entry a file, in natural order of their paths.
    pub(super) entries: Vec<Entry>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) n_bytes: u64,
    pub(super) modified_ns: i128,
    pub(super) hash: [u8; 32],
    pub(super) content: Content,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Content {
    Transcript(Box<Known>),
    /// No transcript, and why.
    Refused(Diagnostic),
}

impl Content {
    /// What is known of the transcript, if it is one.
    pub(super) fn transcript(&self) -> Option<&Known> {
        match self {
            Self::Transcript(known) => Some(known),
            Self::Refused(_) => None,
        }
    }
}
