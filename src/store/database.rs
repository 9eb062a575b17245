//! The database: opened with care, checked, brought up to the latest schema.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::StoreError;
use super::lock::WAIT;
use crate::codebook::decision::Record;

/// The database.
pub(super) const DATABASE: &str = "study.db";
/// `LMTF`, which tells our databases from others.
pub(super) const APPLICATION_ID: i32 = 0x4c4d_5446;

/// What each version of the schema adds.
pub(super) const MIGRATIONS: &[&str] = &[
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

/// Refuses a database that another program made. Its first bytes tell, so that
/// nothing has to be opened that `SQLite` would write to.
///
/// The places are those of the file format: <https://www.sqlite.org/fileformat2.html>.
pub(super) fn refuse_foreign(path: &Path) -> Result<(), StoreError> {
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
pub(super) fn open_database(path: &Path, create: bool) -> Result<Connection, StoreError> {
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

pub(super) fn open_read_only(path: &Path) -> Result<Connection, StoreError> {
    refuse_foreign(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags).map_err(StoreError::database(path))
}

/// Whether the database is whole, and of a version that we know; returns the
/// version.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<usize, StoreError> {
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

pub(super) fn records_of(connection: &Connection, path: &Path) -> Result<Vec<Record>, StoreError> {
    match check(connection, path)? {
        0 => Ok(Vec::new()),
        _ => rows_of(connection, path),
    }
}

pub(super) fn rows_of(connection: &Connection, path: &Path) -> Result<Vec<Record>, StoreError> {
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

pub(super) fn insert(
    connection: &mut Connection,
    records: &[(u32, Record)],
) -> Result<(), rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (number, record) in records {
        transaction.execute(
            "INSERT INTO decision (number, body, hash) VALUES (?1, ?2, ?3)",
            (number, &record.body, &record.hash),
        )?;
    }
    transaction.commit()
}

pub(super) fn migrate(
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
