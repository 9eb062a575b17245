//! Finds quotes: the index over all passages, queries, ranking.
//!
//! A query comes in as typed ([`parse`]), is evaluated over the postings of the
//! index ([`evaluate`]) and its passages are ranked ([`rank`]). What the
//! language holds is written down in [`query`].

pub mod boilerplate;
pub mod evaluate;
pub mod index;
pub mod matches;
pub mod naming;
pub mod parse;
pub mod query;
pub mod rank;

use std::path::PathBuf;

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
    Query(#[from] parse::QueryError),
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
