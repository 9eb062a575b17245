//! Keeps what people decided: the only thing of a study that cannot be rebuilt.
//!
//! [`Record`]s go in, one after the other, and come out again. They are kept
//! twice: in `study.db`, which any `SQLite` program reads, and as plain lines in
//! `journal.jsonl`. A record counts as kept once [`Writer::append`] returns. It
//! goes to the database first: a journal that tells of more than the database
//! holds means that the database was lost or replaced, and is refused until
//! [`restore()`] has set both right. No line of a journal is ever lost, but for a
//! last one that was cut off: a journal that cannot stay as it is, is kept under
//! another name.
//!
//! Hashes show accidents and not intent; see [`decision`](crate::codebook::decision).
//! A decision that was damaged everywhere leaves its place: the row and the line of its
//! number hold `null` and what is known of its hash.
//!
//! # The files
//!
//! | File | Holds |
//! | --- | --- |
//! | `study.db` | table `decision(number, body, hash)`; view `decided` for people |
//! | `journal.jsonl` | a line a decision: `{"hash":"…","decision":{…}}` |
//! | `versions/` | what was suggested; see [`versions`] |
//! | `backups/` | copies of `study.db`, daily and before each migration |
//! | `lock`, `holder` | who writes just now |
//!
//! # The schema
//!
//! | Version | What came |
//! | --- | --- |
//! | 1 | `decision`, whose rows can be neither changed nor deleted |
//! | 2 | the view `decided`: time, coder, verb and object of each decision |
//!
//! `user_version` holds the version. A database of a later version is refused.

mod backup;
pub mod cache;
mod database;
mod error;
mod journal;
mod lock;
mod restore;
pub mod versions;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use self::database::{
    DATABASE, MIGRATIONS, check, insert, migrate, open_database, open_read_only, records_of,
    rows_of,
};
use self::error::{decisions, plain, plain_database};
use crate::base::files::{FileStamp, stamp_of};
use crate::codebook::decision::Record;

pub use error::StoreError;
pub use lock::WAIT;
pub use restore::{Restored, restore};

/// Whether anything was ever decided in the store `folder`, read or not.
pub fn holds_decisions(folder: &Path) -> bool {
    [DATABASE, journal::NAME].iter().any(|name| folder.join(name).is_file())
}

/// Reads all decisions in the store `folder`, oldest first; none if nobody has
/// decided anything.
///
/// # Errors
/// [`StoreError`] if the database is damaged, of a later version or of another
/// program, or if the journal holds more than it.
pub fn read(folder: &Path) -> Result<Vec<Record>, StoreError> {
    let path = folder.join(DATABASE);
    // The journal first: what is decided meanwhile goes to the database before it.
    let journalled = journal::read(folder)?;
    let records = if path.is_file() {
        // Reading may have to finish what a crash left half done, which writes; a
        // folder that cannot be written to is read as it is.
        let connection = open_database(&path, false).or_else(|error| match error {
            StoreError::Foreign { .. } => Err(error),
            _ => open_read_only(&path),
        })?;
        records_of(&connection, &path)?
    } else {
        Vec::new()
    };
    compare(folder, &journalled, &records)?;
    Ok(records)
}

/// What the files of a store's decisions are like. Where it is the same as it was, nobody
/// has decided anything since: the journal grows with each decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp([Option<FileStamp>; 2]);

impl Stamp {
    /// What they are like now in the store `folder`.
    pub fn of(folder: &Path) -> Self {
        Self([DATABASE, journal::NAME].map(|name| stamp_of(&folder.join(name))))
    }
}

/// The right to change what stands beside the decisions; while it is held nobody else
/// writes.
#[derive(Debug)]
pub struct Held {
    _lock: lock::Lock,
}

/// Waits until no other process writes to the store `folder`.
///
/// # Errors
/// [`StoreError::Held`] if one goes on; [`StoreError`] if the folder cannot be written to.
pub fn hold(folder: &Path, holder: &str) -> Result<Held, StoreError> {
    Ok(Held { _lock: lock::Lock::take(folder, holder)? })
}

/// How the journal stands to a database that holds all that it tells.
enum Fit {
    /// It has the same records, or the first of them.
    Part,
    /// It has to be written anew; with the reason, for people.
    Other(String),
}

/// Compares the journal with the records of the database.
///
/// # Errors
/// [`StoreError::Behind`] or, where lines cannot be read, [`StoreError::Damaged`]
/// if the journal tells of decisions that the database does not hold;
/// [`StoreError::LaterDecision`] if one of them or of these is of a later version.
fn compare(
    folder: &Path,
    journalled: &journal::Journal,
    records: &[Record],
) -> Result<Fit, StoreError> {
    if let Some(later) = &journalled.later {
        return Err(later_decision(&folder.join(journal::NAME), later));
    }
    // What stands in the journal too has been looked at.
    let same = |(at, record): &(usize, &Record)| journalled.records.get(*at) == Some(*record);
    let mut others = records.iter().enumerate().filter(|numbered| !same(numbered));
    if let Some(later) = others.find_map(|(_, record)| journal::later_of(record)) {
        return Err(later_decision(&folder.join(DATABASE), &later));
    }
    let sound = &journalled.records;
    let Some(damage) = &journalled.damage else {
        if records.starts_with(sound) {
            // A decision is written down only once the database has it.
            if records.is_empty() && journalled.is_torn {
                let problem =
                    format!("its only line is incomplete, and `{DATABASE}` has no decision");
                return Err(StoreError::Damaged { path: folder.join(journal::NAME), problem });
            }
            return Ok(Fit::Part);
        }
        if sound.starts_with(records) {
            let n_lost = sound.len() - records.len();
            return Err(StoreError::Behind { path: folder.join(DATABASE), n_lost });
        }
        return Ok(Fit::Other(format!("`{}` did not have all decisions", journal::NAME)));
    };
    let held: BTreeSet<&str> = records.iter().map(|record| record.hash.as_str()).collect();
    let is_held = |record: &Record| held.contains(record.hash.as_str());
    let n_told = sound.len() + damage.left.len() + damage.n_unreadable;
    if sound.iter().chain(&damage.left).all(is_held) && n_told <= records.len() {
        return Ok(Fit::Other(format!(
            "`{}` was damaged at line {}; `{DATABASE}` has all its decisions",
            journal::NAME,
            damage.line
        )));
    }
    let problem = format!(
        "line {} does not fit the lines before it; `{DATABASE}` has {} and the journal has {n_told}",
        damage.line,
        decisions(records.len()),
    );
    Err(StoreError::Damaged { path: folder.join(journal::NAME), problem })
}

fn later_decision(path: &Path, later: &journal::Later) -> StoreError {
    let (number, version) = (later.number, later.version.clone());
    StoreError::LaterDecision { path: path.to_owned(), number, version }
}

/// The one process that may add decisions, for as long as it lives.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    path: PathBuf,
    connection: Connection,
    journal: fs::File,
    /// What was found and mended when the store was opened, for people.
    pub notes: Vec<String>,
    _lock: lock::Lock,
}

impl Writer {
    /// Waits for its turn, opens the store `folder`, brings it up to the latest schema, and returns it with all decisions.
    /// `holder` is what another process is told meanwhile; `now` is the time in
    /// UTC (RFC 3339), after which backups are named.
    ///
    /// # Errors
    /// [`StoreError::Held`] if another process writes for longer than [`WAIT`];
    /// else as [`read`].
    pub fn open(folder: &Path, holder: &str, now: &str) -> Result<(Self, Vec<Record>), StoreError> {
        // Whoever decides has opened the study, which made the folder. One that is made
        // here would be a second store, where the study was and is no more.
        if !folder.is_dir() {
            return Err(StoreError::Moved { path: folder.to_owned() });
        }
        let lock = lock::Lock::take(folder, holder)?;
        let path = folder.join(DATABASE);
        let journalled = journal::read(folder)?;
        if !path.exists() {
            compare(folder, &journalled, &[])?;
        }
        let mut connection = open_database(&path, true)?;
        let version = check(&connection, &path)?;
        let records = if version == 0 { Vec::new() } else { rows_of(&connection, &path)? };
        let fit = compare(folder, &journalled, &records)?;
        if version > 0 && version < MIGRATIONS.len() {
            backup::before_migration(&connection, folder, version, now)?;
        }
        migrate(&mut connection, version, MIGRATIONS).map_err(StoreError::database(&path))?;
        let mut notes = Vec::new();
        // What can be decided is worth more than a copy of what was.
        if !records.is_empty()
            && let Err(error) = backup::daily(&connection, folder, now)
        {
            let text = error.to_string();
            notes.push(format!("no backup today: {}", text.lines().next().unwrap_or_default()));
        }
        let journal = match fit {
            Fit::Part => journal::complete(folder, &journalled, &records)?,
            Fit::Other(reason) => {
                let (kept, journal) = journal::replace(folder, &records)?;
                notes.push(format!(
                    "{reason}; the old file is kept as `{kept}` and a new one is written"
                ));
                journal
            }
        };
        Ok((
            Self { folder: folder.to_owned(), path, connection, journal, notes, _lock: lock },
            records,
        ))
    }

    /// Keeps decisions, each with its number, all or none. Once this returns, they are on
    /// the disk.
    ///
    /// # Errors
    /// [`StoreError::NotKept`]; nothing was changed then.
    pub fn append(&mut self, records: &[(u32, Record)]) -> Result<(), StoreError> {
        insert(&mut self.connection, records)
            .map_err(|error| StoreError::NotKept { problem: plain_database(&error) })?;
        // The database has them: a journal that cannot be written is completed when
        // the store is opened next.
        if let Err(error) = journal::append(&mut self.journal, records) {
            self.notes.push(format!(
                "`{}` could not be written ({}); the decision is safe in `study.db`",
                self.folder.join(journal::NAME).display(),
                plain(&error)
            ));
        }
        Ok(())
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Renames a file of the store so that it is kept; returns its new name.
fn put_aside(folder: &Path, name: &str) -> Result<String, StoreError> {
    let old = folder.join(name);
    let new = free_name(folder, name);
    fs::rename(&old, folder.join(&new)).map_err(StoreError::file(&old))?;
    Ok(new)
}

/// The first name for a file that is kept which nothing has yet.
fn free_name(folder: &Path, name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "old"));
    let free = (1..).map(|number| format!("{stem}.damaged-{number}.{ending}"));
    free.into_iter().find(|name| !folder.join(name).exists()).expect("numbers do not run out")
}

#[cfg(test)]
mod tests;
