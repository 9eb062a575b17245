//! Why decisions cannot be read or kept, and what helps.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::base::{Diagnose, Remedy, Task};

/// Why decisions cannot be read or kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process writes, and did not stop in time.
    #[error("the study is in use by {by}")]
    Held {
        /// Which process, on which machine, since when.
        by: String,
    },
    /// The database, or a journal that holds more than it, cannot be trusted.
    #[error("`{}` is damaged: {problem}", path.display())]
    Damaged {
        /// The database or the journal.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The database is gone, or holds less than the journal.
    #[error(
        "`{}` does not have {} that `journal.jsonl` has", path.display(), decisions(*n_lost))]
    Behind {
        /// The database.
        path: PathBuf,
        /// How many.
        n_lost: usize,
    },
    /// The database is of a version to come.
    #[error(
        "`{}` was written by a later version of Leitmotif (schema {found}; this version knows up to {known})",
        path.display()
    )]
    Later {
        /// The database.
        path: PathBuf,
        /// Its version.
        found: usize,
        /// Ours.
        known: usize,
    },
    /// A decision is of a version to come.
    #[error(
        "`{}` contains decision {number}, which a later version of Leitmotif wrote{}",
        path.display(),
        if version.is_empty() { String::new() } else { format!(" ({version})") }
    )]
    LaterDecision {
        /// The database or the journal.
        path: PathBuf,
        /// The number of the decision.
        number: u32,
        /// The version that wrote it, empty if it does not say.
        version: String,
    },
    /// Another program keeps its own there.
    #[error("`{}` is a database of another program", path.display())]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// The database could not take the decision, for example on a full disk.
    #[error("the decision was not kept: {problem}")]
    NotKept {
        /// What the system says.
        problem: String,
    },
    /// A file of the store cannot be read or written.
    #[error("`{}` cannot be used: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        problem: String,
    },
    /// The study was moved or renamed after it was opened.
    #[error("nothing was decided: `{}` is not there any more", path.display())]
    Moved {
        /// Where the store was.
        path: PathBuf,
    },
    /// There is nothing to restore from.
    #[error("nothing to restore in `{}`: {problem}", path.display())]
    NothingToRestore {
        /// The folder.
        path: PathBuf,
        /// What was looked at.
        problem: String,
    },
}

impl Diagnose for StoreError {
    fn remedy(&self) -> Option<Remedy> {
        Some(match self {
            Self::Held { .. } => Remedy::new("wait until it has finished; nothing was changed"),
            Self::Damaged { .. } => Remedy::by(
                Task::Restore,
                "make it again from the undamaged parts of `study.db`, `journal.jsonl` and the backups; the damaged file is kept",
            ),
            Self::Behind { n_lost, .. } => Remedy::by(
                Task::Restore,
                if *n_lost == 1 { "bring it back" } else { "bring them back" },
            ),
            Self::Later { .. } | Self::LaterDecision { .. } => {
                Remedy::new("install the later version")
            }
            Self::Foreign { .. } => {
                Remedy::new("move it to another place; nothing was written to it")
            }
            Self::NotKept { .. } => Remedy::new(
                "free some space on the disk, or check that you may write to `.leitmotif`; earlier decisions are safe",
            ),
            Self::File { .. } => {
                Remedy::new("check that you may write there and that the disk is not full")
            }
            Self::Moved { .. } => {
                Remedy::new("the study was moved or renamed meanwhile: open it where it is now")
            }
            Self::NothingToRestore { .. } => Remedy::new(
                "look for a copy of `study.db` or `journal.jsonl` in your own backups; to start again without decisions, move both files to another place",
            ),
        })
    }
}

impl StoreError {
    pub(super) fn file(path: &Path) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File { path: path.clone(), problem: plain(&error) }
    }

    /// An error of the database at `path`: damage, or a file that cannot be used.
    pub(super) fn database(path: &Path) -> impl Fn(rusqlite::Error) -> Self {
        let path = path.to_owned();
        move |error| {
            let problem = plain_database(&error);
            match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    Self::Damaged { path: path.clone(), problem }
                }
                _ => Self::File { path: path.clone(), problem },
            }
        }
    }
}

/// `1 decision`, `2 decisions`.
pub(super) fn decisions(n: usize) -> String {
    format!("{n} decision{}", if n == 1 { "" } else { "s" })
}

/// What an error of the system says, for people.
pub(super) fn plain(error: &io::Error) -> String {
    crate::files::find::plain(error)
}

pub(super) fn plain_database(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(code, None) => code.to_string(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}
