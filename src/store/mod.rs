//! Keeps what people decided: the only thing of a study that cannot be rebuilt.
//!
//! [`Record`]s go in, one after the other, and come out again. They are kept
//! twice: in `study.db`, which any `SQLite` program reads, and as plain lines in
//! `journal.jsonl`. A record counts as kept once [`Writer::append`] returns. It
//! goes to the database first: a journal that tells of more than the database
//! holds means that the database was lost or replaced, and is refused until
//! [`restore`] has set both right. No line of a journal is ever lost, but for a
//! last one that was cut off: a journal that cannot stay as it is, is kept under
//! another name.
//!
//! # The files
//!
//! | File | Holds |
//! | --- | --- |
//! | `study.db` | table `decision(number, body, hash)`; view `decided` for people |
//! | `journal.jsonl` | a line a decision: `{"hash":"…","decision":{…}}` |
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
mod journal;
mod lock;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use crate::codebook::decision::Record;
use crate::codebook::history::{BrokenChain, History};

pub use lock::WAIT;

/// The database.
const DATABASE: &str = "study.db";
/// `LMTF`, which tells our databases from others.
const APPLICATION_ID: i32 = 0x4c4d_5446;

/// What each version of the schema adds.
const MIGRATIONS: &[&str] = &[
    "CREATE TABLE decision (
         number INTEGER PRIMARY KEY CHECK (number > 0),
         body TEXT NOT NULL,
         hash TEXT NOT NULL UNIQUE
     ) STRICT;
     CREATE TRIGGER decision_stays BEFORE UPDATE ON decision
     BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
     CREATE TRIGGER decision_remains BEFORE DELETE ON decision
     BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;",
    "CREATE VIEW decided AS
     SELECT number, body ->> '$.at' AS at, body ->> '$.coder' AS coder,
            body ->> '$.verb' AS verb, body ->> '$.about' AS about
     FROM decision ORDER BY number;",
];

/// Why decisions cannot be read or kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process writes, and did not stop in time.
    #[error("the study is held by {by}\n  hint: wait until it is done; nothing was changed")]
    Held {
        /// Which process, on which machine, since when.
        by: String,
    },
    /// The database, or a journal that holds more than it, cannot be trusted.
    #[error(
        "`{}` is damaged: {problem}\n  hint: `leitmotif restore` rebuilds it from what is whole in `study.db`, `journal.jsonl` and the backups; the damaged file is kept",
        path.display()
    )]
    Damaged {
        /// The database or the journal.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The database is gone, or holds less than the journal.
    #[error(
        "`{}` lacks {} that `journal.jsonl` holds\n  hint: `leitmotif restore` brings {} back",
        path.display(),
        decisions(*n_lost),
        if *n_lost == 1 { "it" } else { "them" }
    )]
    Behind {
        /// The database.
        path: PathBuf,
        /// How many.
        n_lost: usize,
    },
    /// The database is of a version to come.
    #[error(
        "`{}` was written by a later version of Leitmotif (schema {found}, known are up to {known})\n  hint: install the later version",
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
        "`{}` holds decision {number}, which a later version of Leitmotif wrote{}\n  hint: install the later version",
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
    #[error(
        "`{}` is a database of another program\n  hint: move it away; nothing was written to it",
        path.display()
    )]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// The database could not take the decision, for example on a full disk.
    #[error("the decision was not kept: {problem}\n  hint: {hint}")]
    NotKept {
        /// What the system says.
        problem: String,
        /// What to do.
        hint: &'static str,
    },
    /// A file of the store cannot be read or written.
    #[error("`{}` cannot be used: {problem}\n  hint: check that you may write there and that the disk has room", path.display())]
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
    #[error("nothing to restore in `{}`: {problem}\n  hint: look for a copy of `study.db` or `journal.jsonl` in your own backups; to begin anew, move what is left of both away", path.display())]
    NothingToRestore {
        /// The folder.
        path: PathBuf,
        /// What was looked at.
        problem: String,
    },
}

impl StoreError {
    fn file(path: &Path) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File { path: path.clone(), problem: plain(&error) }
    }

    /// An error of the database at `path`: damage, or a file that cannot be used.
    fn database(path: &Path) -> impl Fn(rusqlite::Error) -> Self {
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
fn decisions(n: usize) -> String {
    format!("{n} decision{}", if n == 1 { "" } else { "s" })
}

/// What an error of the system says, for people.
fn plain(error: &io::Error) -> String {
    crate::sources::find::plain(error)
}

fn plain_database(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(code, None) => code.to_string(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
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
                    format!("its only line is cut off, and `{DATABASE}` holds no decision");
                return Err(StoreError::Damaged { path: folder.join(journal::NAME), problem });
            }
            return Ok(Fit::Part);
        }
        if sound.starts_with(records) {
            let n_lost = sound.len() - records.len();
            return Err(StoreError::Behind { path: folder.join(DATABASE), n_lost });
        }
        return Ok(Fit::Other(format!("`{}` did not hold what was decided", journal::NAME)));
    };
    let held: BTreeSet<&str> = records.iter().map(|record| record.hash.as_str()).collect();
    let is_held = |record: &Record| held.contains(record.hash.as_str());
    let n_told = sound.len() + damage.left.len() + damage.n_unreadable;
    if sound.iter().chain(&damage.left).all(is_held) && n_told <= records.len() {
        return Ok(Fit::Other(format!(
            "`{}` was damaged at line {}, and `{DATABASE}` holds all that it told",
            journal::NAME,
            damage.line
        )));
    }
    let problem = format!(
        "line {} does not follow from those before it, and `{DATABASE}` holds {} while the journal tells of {n_told}",
        damage.line,
        decisions(records.len()),
    );
    Err(StoreError::Damaged { path: folder.join(journal::NAME), problem })
}

fn later_decision(path: &Path, later: &journal::Later) -> StoreError {
    let (number, version) = (later.number, later.version.clone());
    StoreError::LaterDecision { path: path.to_owned(), number, version }
}

/// Refuses a database that another program made. Its first bytes tell, so that
/// nothing has to be opened that `SQLite` would write to.
///
/// The places are those of the file format: <https://www.sqlite.org/fileformat2.html>.
fn refuse_foreign(path: &Path) -> Result<(), StoreError> {
    let mut head = Vec::new();
    // What cannot be read here cannot be opened either, and that tells why.
    if let Ok(file) = fs::File::open(path) {
        file.take(105).read_to_end(&mut head).map_err(StoreError::file(path))?;
    }
    if head.len() < 105 || !head.starts_with(b"SQLite format 3\0") {
        return Ok(());
    }
    let is_ours = head[68..72] == APPLICATION_ID.to_be_bytes();
    // Nothing is in it: the first page is a leaf without cells, and no log holds more.
    let is_empty = head[100] == 13 && head[103..105] == [0, 0] && head[18..20] == [1, 1];
    if is_ours || is_empty {
        return Ok(());
    }
    Err(StoreError::Foreign { path: path.to_owned() })
}

/// Opens the database, or makes it.
fn open_database(path: &Path, create: bool) -> Result<Connection, StoreError> {
    refuse_foreign(path)?;
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let wrong = StoreError::database(path);
    let connection = Connection::open_with_flags(path, flags).map_err(&wrong)?;
    connection.busy_timeout(WAIT).map_err(&wrong)?;
    // One file that can be copied, also on a synchronised or network folder; and
    // a commit that has reached the disk, with its folder, when it returns.
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get(0))
        .map_err(&wrong)?;
    if !mode.eq_ignore_ascii_case("delete") {
        let problem = format!("it keeps its journal as `{mode}`");
        return Err(StoreError::File { path: path.to_owned(), problem });
    }
    connection.pragma_update(None, "synchronous", "EXTRA").map_err(&wrong)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(&wrong)?;
    Ok(connection)
}

fn open_read_only(path: &Path) -> Result<Connection, StoreError> {
    refuse_foreign(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags).map_err(StoreError::database(path))
}

/// Whether the database is whole, and of a version that we know; returns the
/// version.
fn check(connection: &Connection, path: &Path) -> Result<usize, StoreError> {
    let wrong = StoreError::database(path);
    let found: String =
        connection.pragma_query_value(None, "quick_check", |row| row.get(0)).map_err(&wrong)?;
    if found != "ok" {
        return Err(StoreError::Damaged { path: path.to_owned(), problem: found });
    }
    let version: i64 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(&wrong)?;
    let version = usize::try_from(version).unwrap_or(usize::MAX);
    if version > MIGRATIONS.len() {
        return Err(StoreError::Later {
            path: path.to_owned(),
            found: version,
            known: MIGRATIONS.len(),
        });
    }
    Ok(version)
}

fn records_of(connection: &Connection, path: &Path) -> Result<Vec<Record>, StoreError> {
    match check(connection, path)? {
        0 => Ok(Vec::new()),
        _ => rows_of(connection, path),
    }
}

fn rows_of(connection: &Connection, path: &Path) -> Result<Vec<Record>, StoreError> {
    let wrong = StoreError::database(path);
    let damaged = |problem: String| StoreError::Damaged { path: path.to_owned(), problem };
    let mut rows = connection
        .prepare("SELECT number, body, hash FROM decision ORDER BY number")
        .map_err(&wrong)?;
    let rows = rows
        .query_map([], |row| {
            Ok((row.get::<_, i64>(0)?, Record { body: row.get(1)?, hash: row.get(2)? }))
        })
        .map_err(&wrong)?;
    let mut records = Vec::new();
    for row in rows {
        let (number, record) = row.map_err(&wrong)?;
        if usize::try_from(number) != Ok(records.len() + 1) {
            return Err(damaged(format!("decision {} is missing", records.len() + 1)));
        }
        records.push(record);
    }
    Ok(records)
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
                notes.push(format!("{reason}; it is kept as `{kept}` and written anew"));
                journal
            }
        };
        Ok((
            Self { folder: folder.to_owned(), path, connection, journal, notes, _lock: lock },
            records,
        ))
    }

    /// Keeps a decision, as the `number`-th. Once this returns, it is on the disk.
    ///
    /// # Errors
    /// [`StoreError::NotKept`]; nothing was changed then.
    pub fn append(&mut self, number: u32, record: &Record) -> Result<(), StoreError> {
        insert(&mut self.connection, &[(number, record)]).map_err(|error| {
            StoreError::NotKept {
                problem: plain_database(&error),
                hint: "make room on the disk, or check that you may write to `.leitmotif`; what was decided before is safe",
            }
        })?;
        // The database has it: a journal that cannot be written is completed when
        // the store is opened next.
        if let Err(error) = journal::append(&mut self.journal, record) {
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

fn insert(connection: &mut Connection, records: &[(u32, &Record)]) -> Result<(), rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (number, record) in records {
        transaction.execute(
            "INSERT INTO decision (number, body, hash) VALUES (?1, ?2, ?3)",
            (number, &record.body, &record.hash),
        )?;
    }
    transaction.commit()
}

fn migrate(
    connection: &mut Connection,
    version: usize,
    migrations: &[&str],
) -> Result<(), rusqlite::Error> {
    for (next, migration) in (1_i64..).zip(migrations).skip(version) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", next)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.commit()?;
    }
    Ok(())
}

/// What a restoration did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// How many decisions the store has now.
    pub n_decisions: usize,
    /// The file they were taken from.
    pub from: String,
    /// Where the old database is kept, if there was one.
    pub kept: Option<String>,
    /// What could not be used, for people.
    pub problems: Vec<String>,
}

/// Builds `study.db` anew from the longest unbroken chain of decisions in the
/// journal, the database itself and its backups, and writes the journal anew if
/// it does not fit. Whole lines behind damage in the journal are used where they
/// follow. Files that are replaced are kept under another name. `None` if the
/// database has all that is told already.
///
/// # Errors
/// [`StoreError::NothingToRestore`] if no decision is found anywhere;
/// [`StoreError::Foreign`], [`StoreError::Later`] and
/// [`StoreError::LaterDecision`], where less than there is would be kept.
pub fn restore(folder: &Path, holder: &str) -> Result<Option<Restored>, StoreError> {
    let _lock = lock::Lock::take(folder, holder)?;
    let path = folder.join(DATABASE);
    let mut problems = Vec::new();
    let mut sources: Vec<(String, Vec<Record>)> = Vec::new();
    let own = if path.exists() { read_own(&path, &mut problems)? } else { None };
    if let Some(records) = &own {
        sources.push((DATABASE.to_owned(), records.clone()));
    }
    let journalled = journal::read(folder)?;
    if let Some(later) = &journalled.later {
        return Err(later_decision(&folder.join(journal::NAME), later));
    }
    problems.extend(journalled.problem());
    sources.push((journal::NAME.to_owned(), journalled.records.clone()));
    for copy in backup::list(folder) {
        let name = format!("{}/{copy}", backup::FOLDER);
        let at = folder.join(&name);
        match open_read_only(&at).and_then(|found| records_of(&found, &at)) {
            Ok(records) => sources.push((name, records)),
            Err(error @ StoreError::Later { .. }) => return Err(error),
            // Another copy may do.
            Err(_) => {}
        }
    }
    let left = journalled.damage.as_ref().map_or(&[][..], |damage| &damage.left);
    // The longest chain counts; of equally long ones the first in this order.
    let mut best: (String, Vec<Record>, usize) = (String::new(), Vec::new(), 0);
    for (name, mut records) in sources {
        if let Some(later) = records.iter().find_map(journal::later_of) {
            return Err(later_decision(&folder.join(&name), &later));
        }
        let whole = unbroken(&records);
        if whole < records.len() {
            problems.push(format!("`{name}` holds a broken chain after decision {whole}"));
        }
        records.truncate(whole);
        records.extend(left.iter().cloned());
        // Those that follow; mostly none.
        records.truncate(unbroken(&records));
        if records.len() > best.1.len() {
            best = (name, records, whole);
        }
    }
    let (from, records, n_from) = best;
    if records.is_empty() {
        let problem = if problems.is_empty() {
            "no decision is kept there".to_owned()
        } else {
            problems.join("; ")
        };
        return Err(StoreError::NothingToRestore { path: folder.to_owned(), problem });
    }
    if records.len() > n_from {
        problems.push(format!(
            "the last {} stood whole behind the damage in `{}`",
            decisions(records.len() - n_from),
            journal::NAME
        ));
    }
    let is_whole = own.as_ref() == Some(&records);
    if is_whole && compare(folder, &journalled, &records).is_ok() {
        return Ok(None);
    }
    // The database first: it is what the journal is judged by.
    let kept = if is_whole { None } else { rebuild(folder, &records)? };
    match compare(folder, &journalled, &records) {
        Ok(Fit::Part) => drop(journal::complete(folder, &journalled, &records)?),
        Ok(Fit::Other(_)) | Err(_) => {
            let (kept, _) = journal::replace(folder, &records)?;
            problems.push(format!(
                "`{}` is kept as `{kept}`, with all that could not be used, and written anew",
                journal::NAME
            ));
        }
    }
    Ok(Some(Restored { n_decisions: records.len(), from, kept, problems }))
}

/// The records of the database that is to be restored; `None` if it is damaged.
fn read_own(path: &Path, problems: &mut Vec<String>) -> Result<Option<Vec<Record>>, StoreError> {
    match open_read_only(path).and_then(|connection| records_of(&connection, path)) {
        Ok(records) => Ok(Some(records)),
        Err(error @ (StoreError::Foreign { .. } | StoreError::Later { .. })) => Err(error),
        Err(error) => {
            let text = error.to_string();
            problems.push(text.lines().next().unwrap_or_default().to_owned());
            Ok(None)
        }
    }
}

/// Puts a database of these records in the place of the one that is there;
/// returns the name under which that is kept.
fn rebuild(folder: &Path, records: &[Record]) -> Result<Option<String>, StoreError> {
    let path = folder.join(DATABASE);
    let fresh = folder.join("study.new.db");
    for half in ["study.new.db", "study.new.db-journal"].map(|name| folder.join(name)) {
        if half.exists() {
            fs::remove_file(&half).map_err(StoreError::file(&half))?;
        }
    }
    let wrong = StoreError::database(&fresh);
    let mut connection = open_database(&fresh, true)?;
    migrate(&mut connection, 0, MIGRATIONS).map_err(&wrong)?;
    let numbered: Vec<(u32, &Record)> = (1..).zip(records).collect();
    insert(&mut connection, &numbered).map_err(&wrong)?;
    drop(connection);
    // A copy is kept, so that there is a database at any time.
    let kept = if path.exists() { Some(keep_copy(folder, DATABASE)?) } else { None };
    // What a crash left belongs to the old file: `SQLite` would write it into the
    // new one, so it has to be gone, on the disk too, before that has the name.
    for leftover in ["study.db-journal", "study.db-wal", "study.db-shm"] {
        if folder.join(leftover).exists() {
            put_aside(folder, leftover)?;
        }
    }
    sync_folder(folder);
    fs::rename(&fresh, &path).map_err(StoreError::file(&path))?;
    sync_folder(folder);
    Ok(kept)
}

/// How many of the records, from the first, are an unbroken chain.
fn unbroken(records: &[Record]) -> usize {
    match History::replay(records) {
        Ok(_) => records.len(),
        Err(BrokenChain { number, .. }) => number - 1,
    }
}

/// Renames a file of the store so that it is kept; returns its new name.
fn put_aside(folder: &Path, name: &str) -> Result<String, StoreError> {
    let old = folder.join(name);
    let new = free_name(folder, name);
    fs::rename(&old, folder.join(&new)).map_err(StoreError::file(&old))?;
    Ok(new)
}

/// Copies a file of the store so that it is kept, or else renames it; returns the
/// new name.
fn keep_copy(folder: &Path, name: &str) -> Result<String, StoreError> {
    let new = free_name(folder, name);
    let copy = folder.join(&new);
    let copied = fs::copy(folder.join(name), &copy)
        .and_then(|_| fs::File::options().write(true).open(&copy)?.sync_all());
    if copied.is_ok() {
        return Ok(new);
    }
    // What cannot be read to its end, or has no room twice, can still be renamed.
    fs::remove_file(&copy).ok();
    put_aside(folder, name)
}

/// The first name for a file that is kept which nothing has yet.
fn free_name(folder: &Path, name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "old"));
    let free = (1..).map(|number| format!("{stem}.damaged-{number}.{ending}"));
    free.into_iter().find(|name| !folder.join(name).exists()).expect("numbers do not run out")
}

/// Makes new names in a folder last, where the system can.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = fs::File::open(folder) {
        // Some systems cannot do this for folders; they need not.
        folder.sync_all().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codebook::{CodeKind, Verb, edit};
    use tempfile::TempDir;

    const NOW: &str = "2026-11-25T10:00:00Z";

    /// Adds a code of this name, as a command would.
    fn decide(folder: &Path, name: &str, now: &str) -> Result<Vec<String>, StoreError> {
        let (mut writer, records) = Writer::open(folder, "a test", now)?;
        let history = History::replay(&records).unwrap();
        let changes = edit::add_code(history.codebook(), name, CodeKind::Code, None).unwrap();
        let decision = history.decide((Verb::AddCode, name.to_owned()), changes, ("Ann", now));
        writer.append(decision.number, &Record::new(&decision))?;
        Ok(writer.notes)
    }

    fn names(folder: &Path) -> Vec<String> {
        let history = History::replay(&read(folder).unwrap()).unwrap();
        history.codebook().codes.values().map(|code| code.name.clone()).collect()
    }

    fn store_of(names: &[&str]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            assert_eq!(decide(folder.path(), name, NOW).unwrap(), [""; 0]);
        }
        folder
    }

    #[test]
    fn decisions_come_back_in_order() {
        let folder = store_of(&["tea", "stairs", "chapel"]);
        assert_eq!(names(folder.path()), ["tea", "stairs", "chapel"]);
        let lines = String::from_utf8(fs::read(folder.path().join(journal::NAME)).unwrap());
        assert_eq!(lines.unwrap().lines().count(), 3);
        // Any SQLite program reads them.
        let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
        let shown: String = connection
            .query_row("SELECT group_concat(number || verb || about) FROM decided", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(shown, "1add-codetea,2add-codestairs,3add-codechapel");
    }

    #[test]
    fn a_decision_can_be_neither_changed_nor_deleted() {
        let folder = store_of(&["tea"]);
        let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
        for act in ["UPDATE decision SET body = ''", "DELETE FROM decision"] {
            let error = connection.execute(act, []).unwrap_err().to_string();
            assert!(error.starts_with("a decision is never"), "{error}");
        }
    }

    #[test]
    fn an_old_schema_is_copied_and_then_brought_up_to_date() {
        for version in 1..MIGRATIONS.len() {
            let folder = store_of(&["tea", "stairs"]);
            let path = folder.path().join(DATABASE);
            let records = read(folder.path()).unwrap();
            fs::remove_file(&path).unwrap();
            let mut connection = open_database(&path, true).unwrap();
            migrate(&mut connection, 0, &MIGRATIONS[..version]).unwrap();
            let numbered: Vec<(u32, &Record)> = (1..).zip(&records).collect();
            insert(&mut connection, &numbered).unwrap();
            drop(connection);
            assert_eq!(names(folder.path()), ["tea", "stairs"]);
            decide(folder.path(), "chapel", "2026-11-26T10:00:00Z").unwrap();
            assert_eq!(names(folder.path()), ["tea", "stairs", "chapel"]);
            let copy = format!("study-2026-11-26-schema-{version}.db");
            assert!(backup::list(folder.path()).contains(&copy));
            let copy = open_read_only(&folder.path().join("backups").join(copy)).unwrap();
            let found: i64 =
                copy.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
            assert_eq!(usize::try_from(found).unwrap(), version);
        }
    }

    #[test]
    fn a_later_schema_is_refused() {
        let folder = store_of(&["tea"]);
        let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        drop(connection);
        assert!(matches!(read(folder.path()), Err(StoreError::Later { found: 99, .. })));
        assert!(matches!(
            decide(folder.path(), "stairs", NOW),
            Err(StoreError::Later { found: 99, .. })
        ));
    }

    #[test]
    fn the_last_ten_daily_copies_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        for day in 1..=13 {
            decide(folder.path(), &format!("day {day}"), &format!("2026-11-{day:02}T08:00:00Z"))
                .unwrap();
            decide(folder.path(), &format!("late {day}"), &format!("2026-11-{day:02}T20:00:00Z"))
                .unwrap();
        }
        let copies = backup::list(folder.path());
        assert_eq!(copies.len(), 10);
        assert_eq!(
            (copies[0].as_str(), copies[9].as_str()),
            ("study-2026-11-04.db", "study-2026-11-13.db")
        );
    }

    #[test]
    fn a_damaged_database_is_kept_and_restored_from_the_journal() {
        for damage in ["cut", "noise", "gone", "other file"] {
            let folder = store_of(&["tea", "stairs", "chapel"]);
            let path = folder.path().join(DATABASE);
            let mut bytes = fs::read(&path).unwrap();
            match damage {
                "cut" => fs::write(&path, &bytes[..bytes.len() / 3]).unwrap(),
                "noise" => {
                    let middle = bytes.len() / 4..bytes.len();
                    bytes[middle].fill(0xa5);
                    fs::write(&path, &bytes).unwrap();
                }
                "gone" => fs::remove_file(&path).unwrap(),
                _ => fs::write(&path, b"this is no database at all").unwrap(),
            }
            let error = read(folder.path()).unwrap_err();
            let is_told =
                matches!(error, StoreError::Damaged { .. } | StoreError::Behind { n_lost: 3, .. });
            assert!(is_told, "{damage}: {error}");
            assert!(decide(folder.path(), "clock", NOW).is_err(), "{damage}");
            let restored = restore(folder.path(), "a test").unwrap().unwrap();
            assert_eq!(restored.n_decisions, 3, "{damage}");
            assert_eq!(restored.kept.is_some(), damage != "gone");
            assert_eq!(names(folder.path()), ["tea", "stairs", "chapel"], "{damage}");
            decide(folder.path(), "clock", NOW).unwrap();
            assert_eq!(restore(folder.path(), "a test").unwrap(), None);
        }
    }

    #[test]
    fn without_the_journal_a_backup_restores_what_it_has() {
        let folder = store_of(&["tea", "stairs"]);
        decide(folder.path(), "chapel", "2026-11-26T10:00:00Z").unwrap();
        fs::remove_file(folder.path().join(journal::NAME)).unwrap();
        fs::write(folder.path().join(DATABASE), b"damaged").unwrap();
        let restored = restore(folder.path(), "a test").unwrap().unwrap();
        assert_eq!(restored.from, "backups/study-2026-11-26.db");
        // The copy was made before that day's first decision.
        assert_eq!(names(folder.path()), ["tea", "stairs"]);
        let empty = tempfile::tempdir().unwrap();
        assert!(matches!(
            restore(empty.path(), "a test"),
            Err(StoreError::NothingToRestore { .. })
        ));
    }

    #[test]
    fn a_journal_that_lags_or_lies_is_set_right() {
        let folder = store_of(&["tea", "stairs", "chapel"]);
        let path = folder.path().join(journal::NAME);
        let whole = fs::read(&path).unwrap();
        for cut in (0..whole.len()).step_by(97) {
            fs::write(&path, &whole[..cut]).unwrap();
            drop(Writer::open(folder.path(), "a test", NOW).unwrap());
            assert_eq!(fs::read(&path).unwrap(), whole, "cut at {cut}");
        }
        let other = store_of(&["quite", "other"]);
        fs::copy(other.path().join(journal::NAME), &path).unwrap();
        let (writer, _) = Writer::open(folder.path(), "a test", NOW).unwrap();
        assert_eq!(
            writer.notes,
            [
                "`journal.jsonl` did not hold what was decided; it is kept as `journal.damaged-1.jsonl` and written anew"
            ]
        );
        assert_eq!(fs::read(&path).unwrap(), whole);
    }

    #[test]
    fn a_full_disk_keeps_what_was_decided_before() {
        let folder = store_of(&["tea"]);
        let (mut writer, records) = Writer::open(folder.path(), "a test", NOW).unwrap();
        let pages: i64 =
            writer.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        // SQLite answers as it does when the disk has no further page.
        writer.connection.pragma_update(None, "max_page_count", pages).unwrap();
        let history = History::replay(&records).unwrap();
        let long = "x".repeat(100_000);
        let decision = history.decide((Verb::AddCode, long), Vec::new(), ("Ann", NOW));
        let error = writer.append(2, &Record::new(&decision)).unwrap_err();
        assert!(matches!(error, StoreError::NotKept { .. }), "{error}");
        drop(writer);
        assert_eq!(names(folder.path()), ["tea"]);
        decide(folder.path(), "stairs", NOW).unwrap();
        assert_eq!(names(folder.path()), ["tea", "stairs"]);
    }
}
