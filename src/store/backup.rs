//! Copies of the database: one a day, one before each migration, the last ten.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::StoreError;

/// The folder of the copies.
pub(super) const FOLDER: &str = "backups";
/// How many are kept.
const N_KEPT: usize = 10;
/// Pages that are copied at once: all of them.
const PAGES: i32 = 10_000;

/// Copies the database unless it was copied today already.
pub(super) fn daily(connection: &Connection, folder: &Path, now: &str) -> Result<(), StoreError> {
    copy(connection, folder, &format!("study-{}.db", day(now)))
}

/// Copies the database before its schema changes from `version`.
pub(super) fn before_migration(
    connection: &Connection,
    folder: &Path,
    version: usize,
    now: &str,
) -> Result<(), StoreError> {
    copy(connection, folder, &format!("study-{}-schema-{version}.db", day(now)))
}

/// The day of a time such as `2026-11-25T10:02:11Z`.
fn day(now: &str) -> &str {
    now.get(..10).unwrap_or(now)
}

/// The copies, oldest first.
pub(super) fn list(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder.join(FOLDER)) else { return Vec::new() };
    let name = |entry: fs::DirEntry| entry.file_name().into_string().ok();
    let is_copy = |name: &String| {
        name.starts_with("study-")
            && Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("db"))
    };
    let mut names: Vec<String> = entries.flatten().filter_map(name).filter(is_copy).collect();
    names.sort();
    names
}

fn copy(connection: &Connection, folder: &Path, name: &str) -> Result<(), StoreError> {
    let backups = folder.join(FOLDER);
    let path = backups.join(name);
    // Half a copy must not look like one.
    let half = backups.join("half");
    for left in [&half, &backups.join("half-journal")] {
        if left.exists() {
            fs::remove_file(left).map_err(StoreError::file(left))?;
        }
    }
    if path.exists() {
        return Ok(());
    }
    fs::create_dir_all(&backups).map_err(StoreError::file(&backups))?;
    let wrong = StoreError::database(&half);
    let mut target = Connection::open(&half).map_err(&wrong)?;
    Backup::new(connection, &mut target)
        .and_then(|backup| backup.run_to_completion(PAGES, Duration::ZERO, None))
        .map_err(&wrong)?;
    drop(target);
    fs::rename(&half, &path).map_err(StoreError::file(&path))?;
    let mut names = list(folder);
    // Copies of days to come were made while the clock was wrong: they go first, and do not
    // drive out those that are made now.
    names.sort_by_key(|other| other.as_str() <= name);
    for old in &names[..names.len().saturating_sub(N_KEPT)] {
        let old = backups.join(old);
        fs::remove_file(&old).map_err(StoreError::file(&old))?;
    }
    Ok(())
}
