//! Finds quotes: the index over all passages, queries, ranking.
//!
//! A [`Query`](crate::query::Query) comes in, is evaluated over the postings of the
//! index ([`evaluate`]) and its passages are ranked ([`rank`]). Questions are asked of a
//! [`Finder`](finder::Finder); hits and lines of a concordance go out.

pub mod answer;
pub mod boilerplate;
pub mod concordance;
pub mod evaluate;
mod fields;
pub mod finder;
mod hits;
pub mod index;
pub mod matches;
pub mod matching;
pub mod naming;
mod near;
mod packed;
mod paired;
pub mod rank;
pub mod similar;

use std::path::PathBuf;

use crate::base::{Diagnose, Remedy};
use crate::corpus::CorpusError;
use crate::query::parse::QueryError;

/// Why a search failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The folder of the index cannot be written.
    #[error("the index folder `{}` cannot be written: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the file system says.
        source: std::io::Error,
    },
    /// The query cannot be read, or asks for what the study does not have.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A text or lines that are not there.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// A quote whose speakers are in no group.
    #[error("no speaker in these lines of `{id}` belongs to a group")]
    NoGroup {
        /// The transcript.
        id: String,
    },
    /// The query matches so much that nobody could read it.
    #[error("the query matches millions of places")]
    TooMuch,
    /// The index itself failed.
    #[error("the index failed: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// Reading the index failed.
    #[error("the index cannot be read: {0}")]
    Read(#[from] std::io::Error),
}

impl Diagnose for SearchError {
    fn remedy(&self) -> Option<Remedy> {
        Some(Remedy::new(match self {
            Self::Query(error) => return error.remedy(),
            Self::Corpus(error) => return error.remedy(),
            Self::NoGroup { .. } => {
                "put transcripts into sub-folders, or give cases.csv a column `group`"
            }
            Self::TooMuch => "write more letters of each word, or ask for parts of it one by one",
            Self::Folder { .. } | Self::Index(_) | Self::Read(_) => {
                "delete the folder `.leitmotif/index`; it will be made again"
            }
        }))
    }
}
