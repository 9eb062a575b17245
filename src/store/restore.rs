//! Builds the store anew, decision by decision, from wherever each is whole.
//!
//! The bytes of the database, the journal and the backups come in; a chain of
//! decisions goes out. A decision is whole where the hash of its text stands beside
//! it, or in the decision that follows it: so a bit that flipped in one costs that
//! one, in that file, and nothing else. Of a decision that is whole nowhere, the
//! place is kept, and its number is reported; those after it hold.
//!
//! Where files tell of different histories, the one that goes on to the higher
//! number counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde::de::IgnoredAny;

use super::database::{
    DATABASE, MIGRATIONS, insert, migrate, open_database, open_read_only, records_of,
};
use super::error::StoreError;
use super::{Fit, backup, compare, free_name, journal, later_decision, lock, put_aside};
use crate::base::files::{read_file, sync_folder};
use crate::codebook::decision::{Record, hash_of};
use crate::codebook::history::{BrokenChain, History};

/// How the text of every decision begins.
const START: &str = "{\"number\":";
/// How far from its text the hash of a decision may stand, in bytes.
const NEAR: usize = 96;

/// What a restoration did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// How many decisions were restored, those that the store had among them.
    pub n_decisions: usize,
    /// The files they were taken from, the one that holds most first.
    pub from: Vec<String>,
    /// The numbers of decisions that were whole nowhere.
    pub lost: Vec<usize>,
    /// Where the old database is kept, if there was one.
    pub kept: Option<String>,
    /// What could not be used, for people.
    pub problems: Vec<String>,
}

/// A decision that is whole somewhere.
struct Whole {
    record: Record,
    previous: String,
    /// The files that hold it, by their places among all.
    sources: BTreeSet<usize>,
}

/// Builds `study.db` anew from every decision that is whole in the database, the
/// journal or a backup, and writes the journal anew if it does not fit. Files that
/// are replaced are kept under another name. `None` if the database has all that is
/// told already.
///
/// # Errors
/// [`StoreError::NothingToRestore`] if no decision is found anywhere;
/// [`StoreError::Foreign`], [`StoreError::Later`] and
/// [`StoreError::LaterDecision`], where less than there is would be kept.
pub fn restore(folder: &Path, holder: &str) -> Result<Option<Restored>, StoreError> {
    let _lock = lock::Lock::take(folder, holder)?;
    let mut problems = Vec::new();
    let journalled = journal::read(folder)?;
    if let Some(later) = &journalled.later {
        return Err(later_decision(&folder.join(journal::NAME), later));
    }
    problems.extend(journalled.problem());
    let mut names = vec![DATABASE.to_owned(), journal::NAME.to_owned()];
    // The newest first: it knows the most.
    let copies = backup::list(folder).into_iter().rev();
    names.extend(copies.map(|copy| format!("{}/{copy}", backup::FOLDER)));
    let mut found = Found::default();
    let mut own = None;
    let mut foreign = None;
    for (source, name) in names.iter().enumerate() {
        let path = folder.join(name);
        if !path.exists() {
            continue;
        }
        // What cannot be read to its end is read as far as it can.
        let bytes = read_file(&path).unwrap_or_default();
        found.take_bytes(&bytes, source);
        if name == journal::NAME {
            continue;
        }
        match open_read_only(&path).and_then(|it| records_of(&it, &path).map(|rows| (it, rows))) {
            Ok((_, records)) => {
                for record in &records {
                    found.take_row(record.clone(), source);
                }
                if source == 0 {
                    own = Some(records);
                }
            }
            Err(error @ StoreError::Foreign { .. }) if source == 0 => {
                problems.push(error.to_string());
                foreign = Some(error);
            }
            Err(error @ StoreError::Later { .. }) if has_more_than_ours(&path) => {
                return Err(error);
            }
            Err(error) => {
                found.take_rows(&path, bytes.len(), source);
                if source == 0 {
                    problems.push(error.to_string());
                }
            }
        }
    }
    // With decisions of ours beside it, it is our database with its head damaged; it is
    // put aside either way, and never written to.
    if let Some(error) = foreign.filter(|_| !found.candidates.iter().any(|it| it.is_attested)) {
        return Err(error);
    }
    let Chain { records, from, mut lost } = found.chain();
    let later = |(record, sources): (&Record, &BTreeSet<usize>)| {
        Some((journal::later_of(record)?, *sources.first()?))
    };
    if let Some((later, source)) = records.iter().zip(&from).find_map(later) {
        return Err(later_decision(&folder.join(&names[source]), &later));
    }
    // What cannot be carried out in its turn is no decision of this history.
    let mut records = records;
    if let Err(BrokenChain { number, problem }) = History::replay(&records) {
        problems.push(format!("decision {number} and what follows it cannot be used: {problem}"));
        lost.extend(number..=records.len());
        records.truncate(number - 1);
    }
    if records.is_empty() {
        let problem = if problems.is_empty() {
            "there are no decisions in it".to_owned()
        } else {
            problems.join("; ")
        };
        return Err(StoreError::NothingToRestore { path: folder.to_owned(), problem });
    }
    let is_whole = own.as_ref() == Some(&records) && takes_decisions(&folder.join(DATABASE));
    if is_whole && compare(folder, &journalled, &records).is_ok() {
        return Ok(None);
    }
    let used = cover(&from[..records.len()], own.is_some());
    // The database first: it is what the journal is judged by.
    let kept = if is_whole { None } else { rebuild(folder, &records)? };
    match compare(folder, &journalled, &records) {
        Ok(Fit::Part) => drop(journal::complete(folder, &journalled, &records)?),
        Ok(Fit::Other(_)) | Err(_) => {
            let (kept, _) = journal::replace(folder, &records)?;
            problems.push(format!(
                "`{}` is kept as `{kept}` with all that could not be used; a new file is written",
                journal::NAME
            ));
        }
    }
    Ok(Some(Restored {
        n_decisions: records.iter().filter(|record| !record.is_lost()).count(),
        from: used.into_iter().map(|source| names[source].clone()).collect(),
        lost,
        kept,
        problems,
    }))
}

/// Whether the schema and its indexes are sound enough to write to: what is damaged in
/// them may let every decision be read and none be added.
fn takes_decisions(path: &Path) -> bool {
    let tried = open_database(path, false).and_then(|connection| {
        let insert = "INSERT INTO decision (number, body, hash) VALUES (?1, ?2, ?3)";
        connection.prepare(insert).map(drop).map_err(StoreError::database(path))?;
        let found: String = connection
            .pragma_query_value(None, "integrity_check", |row| row.get(0))
            .map_err(StoreError::database(path))?;
        let damaged = || StoreError::Damaged { path: path.to_owned(), problem: found.clone() };
        if found == "ok" { Ok(()) } else { Err(damaged()) }
    });
    !matches!(tried, Err(StoreError::Damaged { .. }))
}

/// A text that looks like a decision.
struct Candidate {
    body: String,
    source: usize,
    /// Whether its hash stands beside it.
    is_attested: bool,
}

/// All that was found in all files.
#[derive(Default)]
struct Found {
    candidates: Vec<Candidate>,
    /// Numbers that were read somewhere, also of decisions that are not whole.
    numbers: BTreeSet<usize>,
}

/// The decisions of one history, in order.
struct Chain {
    records: Vec<Record>,
    /// By record, the files that hold it.
    from: Vec<BTreeSet<usize>>,
    lost: Vec<usize>,
}

impl Found {
    /// Looks for decisions anywhere in the bytes of a file, whatever the file is.
    fn take_bytes(&mut self, bytes: &[u8], source: usize) {
        let mut at = 0;
        while let Some(next) = find(&bytes[at..], START.as_bytes()) {
            let start = at + next;
            at = start + START.len();
            let digits: Vec<u8> =
                bytes[at..].iter().copied().take_while(u8::is_ascii_digit).take(9).collect();
            let number = std::str::from_utf8(&digits).ok().and_then(|text| text.parse().ok());
            self.numbers.extend::<Option<usize>>(number);
            let mut values =
                serde_json::Deserializer::from_slice(&bytes[start..]).into_iter::<IgnoredAny>();
            if !matches!(values.next(), Some(Ok(_))) {
                continue;
            }
            let end = start + values.byte_offset();
            let Ok(body) = std::str::from_utf8(&bytes[start..end]) else { continue };
            let hash = hash_of(body);
            let around = [
                &bytes[start.saturating_sub(NEAR)..start],
                &bytes[end..bytes.len().min(end + NEAR)],
            ];
            let is_attested = around.into_iter().any(|near| find(near, hash.as_bytes()).is_some());
            self.candidates.push(Candidate { body: body.to_owned(), source, is_attested });
            if is_attested {
                at = end;
            }
        }
    }

    /// Takes a row of a database.
    fn take_row(&mut self, record: Record, source: usize) {
        if !record.is_lost() {
            let is_attested = hash_of(&record.body) == record.hash;
            self.candidates.push(Candidate { body: record.body, source, is_attested });
        }
    }

    /// Takes those rows of a damaged database that can still be read.
    fn take_rows(&mut self, path: &Path, n_bytes: usize, source: usize) {
        let Ok(connection) = open_read_only(path) else { return };
        let Ok(mut row) = connection.prepare("SELECT body, hash FROM decision WHERE number = ?1")
        else {
            return;
        };
        // No row is shorter than its hash.
        for number in 1..=i64::try_from(n_bytes / 64).unwrap_or(0) {
            let record =
                row.query_row([number], |row| Ok(Record { body: row.get(0)?, hash: row.get(1)? }));
            if let Ok(record) = record {
                self.take_row(record, source);
            }
        }
    }

    /// Puts the decisions that are whole in order, from the last to the first.
    fn chain(self) -> Chain {
        let mut whole: BTreeMap<usize, Vec<Whole>> = BTreeMap::new();
        let mut attested: BTreeSet<String> = BTreeSet::new();
        let mut left: Vec<(String, Candidate)> = self
            .candidates
            .into_iter()
            .map(|candidate| (hash_of(&candidate.body), candidate))
            .collect();
        // A decision without its hash counts once the next one tells of it, and that
        // may be one that counts only now.
        loop {
            let n_left = left.len();
            let (now, later): (Vec<_>, Vec<_>) = left
                .into_iter()
                .partition(|(hash, candidate)| candidate.is_attested || attested.contains(hash));
            left = later;
            for (hash, Candidate { body, source, .. }) in now {
                let record = Record { body, hash };
                let Some(link) = journal::link_of(&record) else { continue };
                attested.insert(link.previous.clone());
                let same = whole.entry(link.number as usize).or_default();
                match same.iter_mut().find(|known| known.record.hash == record.hash) {
                    Some(known) => drop(known.sources.insert(source)),
                    None => same.push(Whole {
                        record,
                        previous: link.previous,
                        sources: BTreeSet::from([source]),
                    }),
                }
            }
            if left.len() == n_left {
                break;
            }
        }
        // How many decisions before each are whole without a gap.
        let mut depths: BTreeMap<String, usize> = BTreeMap::new();
        for same in whole.values() {
            for known in same {
                let depth = depths.get(&known.previous).copied().unwrap_or(0) + 1;
                depths.insert(known.record.hash.clone(), depth);
            }
        }
        // A number with a damaged digit is no decision that anybody made.
        let n_whole: usize = whole.values().map(Vec::len).sum();
        let is_number = |number: &usize| *number > 0 && *number <= 2 * n_whole + 1000;
        let last = whole.keys().copied().rfind(is_number).unwrap_or(0);
        let (mut records, mut from, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        let mut expected: Option<String> = None;
        for number in (1..=last).rev() {
            let same = whole.remove(&number).unwrap_or_default();
            let picked = match &expected {
                Some(hash) => same.into_iter().find(|known| known.record.hash == *hash),
                // Of equally deep ones the first: the files come in this order.
                None => same.into_iter().rev().max_by_key(|known| depths[&known.record.hash]),
            };
            if let Some(known) = picked {
                expected = Some(known.previous);
                records.push(known.record);
                from.push(known.sources);
            } else {
                let hash = expected.take().filter(|hash| !hash.is_empty());
                records.push(Record::lost(hash.unwrap_or_else(|| format!("lost-{number}"))));
                from.push(BTreeSet::new());
                lost.push(number);
            }
        }
        records.reverse();
        from.reverse();
        lost.reverse();
        // Behind the last whole one nothing follows, so that no place is kept.
        lost.extend((last + 1..).take_while(|number| self.numbers.contains(number)));
        Chain { records, from, lost }
    }
}

/// A few files that together hold all records; the database is named last among
/// equals where it is damaged.
fn cover(from: &[BTreeSet<usize>], is_database_whole: bool) -> Vec<usize> {
    let mut left: Vec<&BTreeSet<usize>> = from.iter().filter(|it| !it.is_empty()).collect();
    let mut used = Vec::new();
    while !left.is_empty() {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for &source in left.iter().copied().flatten() {
            *counts.entry(source).or_default() += 1;
        }
        let rank = |source: usize| {
            (source == 0 && !is_database_whole, std::cmp::Reverse(counts[&source]), source)
        };
        // What only the damaged database holds is taken from there all the same.
        let Some(best) = counts.keys().copied().min_by_key(|&source| rank(source)) else { break };
        left.retain(|sources| !sources.contains(&best));
        used.push(best);
    }
    used
}

/// Where a text first stands in bytes.
fn find(bytes: &[u8], text: &[u8]) -> Option<usize> {
    let first = *text.first()?;
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|&byte| byte == first) {
        at += next;
        if bytes[at..].starts_with(text) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Whether a database that says that it is of a later version has anything that ours
/// has not; else only its version number is damaged.
fn has_more_than_ours(path: &Path) -> bool {
    let names = |connection: &Connection| -> rusqlite::Result<BTreeSet<String>> {
        let mut names = connection.prepare("SELECT name FROM sqlite_master")?;
        names.query_map([], |row| row.get(0))?.collect()
    };
    let ours = Connection::open_in_memory().and_then(|mut connection| {
        migrate(&mut connection, 0, MIGRATIONS)?;
        names(&connection)
    });
    let theirs = open_read_only(path).ok().and_then(|connection| names(&connection).ok());
    match (ours, theirs) {
        (Ok(ours), Some(theirs)) => ours != theirs,
        _ => true,
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
    let numbered: Vec<(u32, Record)> = (1..).zip(records.iter().cloned()).collect();
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
