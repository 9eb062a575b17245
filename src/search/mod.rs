//! Finds quotes: the index over all passages, queries, ranking.
pub mod boilerplate;
pub mod index;
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
    /// The index itself failed.
    #[error("the index failed: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// Reading the index failed.
    #[error("the index cannot be read: {0}")]
    Read(#[from] std::io::Error),
}
