//! Decisions are kept, come back, and survive what befalls their files.

use std::fs;

use rusqlite::Connection;

use super::database::{MIGRATIONS, insert, migrate, open_database, open_read_only};
use super::*;
use crate::codebook::decision::Decision;
use crate::codebook::history::History;
use crate::codebook::{CodeKind, Verb, edit};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tempfile::TempDir;

const NOW: &str = "2026-11-25T10:00:00Z";

/// Adds a code of this name, as a command would.
fn decide(folder: &Path, name: &str, now: &str) -> Result<Vec<String>, StoreError> {
    let (mut writer, records) = Writer::open(folder, "a test", now)?;
    let history = History::replay(&records).unwrap();
    let changes = edit::add_code(history.codebook(), name, CodeKind::Code, None).unwrap();
    let decision = history.decide((Verb::AddCode, name.to_owned()), changes, ("Ann", now));
    writer.append(&[(decision.number, Record::new(&decision))])?;
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
        let numbered: Vec<(u32, Record)> = (1..).zip(records).collect();
        insert(&mut connection, &numbered).unwrap();
        drop(connection);
        assert_eq!(names(folder.path()), ["tea", "stairs"]);
        decide(folder.path(), "chapel", "2026-11-26T10:00:00Z").unwrap();
        assert_eq!(names(folder.path()), ["tea", "stairs", "chapel"]);
        let copy = format!("study-2026-11-26-schema-{version}.db");
        assert!(backup::list(folder.path()).contains(&copy));
        let copy = open_read_only(&folder.path().join("backups").join(copy)).unwrap();
        let found: i64 = copy.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
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
fn a_clock_that_was_ahead_for_days_drives_no_new_copy_out() {
    let folder = store_of(&["tea"]);
    for day in 1..=12 {
        decide(folder.path(), &format!("late {day}"), &format!("2099-01-{day:02}T10:00:00Z"))
            .unwrap();
    }
    for day in 1..=3 {
        decide(folder.path(), &format!("now {day}"), &format!("2026-02-{day:02}T10:00:00Z"))
            .unwrap();
    }
    let copies = backup::list(folder.path());
    assert_eq!(copies.len(), 10, "{copies:?}");
    for day in 1..=3 {
        assert!(copies.contains(&format!("study-2026-02-{day:02}.db")), "{copies:?}");
    }
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
    assert_eq!(restored.from, ["backups/study-2026-11-26.db"]);
    // The copy was made before that day's first decision.
    assert_eq!(names(folder.path()), ["tea", "stairs"]);
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(restore(empty.path(), "a test"), Err(StoreError::NothingToRestore { .. })));
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
            "`journal.jsonl` did not have all decisions; the old file is kept as `journal.damaged-1.jsonl` and a new one is written"
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
    let error = writer.append(&[(2, Record::new(&decision))]).unwrap_err();
    assert!(matches!(error, StoreError::NotKept { .. }), "{error}");
    drop(writer);
    assert_eq!(names(folder.path()), ["tea"]);
    decide(folder.path(), "stairs", NOW).unwrap();
    assert_eq!(names(folder.path()), ["tea", "stairs"]);
}

/// A store with acts of several kinds, undone and done again among them.
fn busy_store() -> TempDir {
    let folder = store_of(&["tea", "stairs", "chapel", "clock", "garden", "kettle", "river"]);
    let turn = |act: fn(&History) -> Decision| {
        let (mut writer, records) = Writer::open(folder.path(), "a test", NOW).unwrap();
        let decision = act(&History::replay(&records).unwrap());
        writer.append(&[(decision.number, Record::new(&decision))]).unwrap();
    };
    turn(|history| history.undo(("Ann", NOW)).unwrap());
    turn(|history| history.undo(("Ann", NOW)).unwrap());
    turn(|history| history.redo(("Ann", NOW)).unwrap());
    decide(folder.path(), "window", NOW).unwrap();
    // Longer than a page of the database.
    turn(|history| {
        let long = "a long name ".repeat(500);
        history.decide((Verb::AddCode, long), Vec::new(), ("Ann", NOW))
    });
    decide(folder.path(), "the last one", NOW).unwrap();
    folder
}

/// Made once: it takes longer than all that is done to it.
static BUSY: std::sync::OnceLock<TempDir> = std::sync::OnceLock::new();

/// Damages bytes: a bit, a cut end, a line that is dropped, or a stretch of noise.
fn damage(bytes: &mut Vec<u8>, (kind, at, bit): (u8, f64, u8)) {
    if bytes.is_empty() {
        return;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
    let at = ((bytes.len() - 1) as f64 * at) as usize;
    match kind {
        0 => bytes.truncate(at),
        1 => {
            let start = bytes[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |it| it + 1);
            let end = bytes[at..].iter().position(|&byte| byte == b'\n').map_or(at, |it| at + it);
            if end - start < 9_000 {
                bytes.drain(start..=end.min(bytes.len() - 1));
            }
        }
        2 => {
            let end = (at + 200).min(bytes.len());
            bytes[at..end].fill(0xa5);
        }
        _ => bytes[at] ^= 1 << bit,
    }
}

/// Whether the text of a record stands in these bytes with its hash.
fn is_intact(bytes: &[u8], record: &Record) -> bool {
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    has(&format!("{}{}", record.body, record.hash))
        || has(&format!("{{\"hash\":\"{}\",\"decision\":{}}}", record.hash, record.body))
}

proptest! {
    // The same damages each time: a gate must not depend on luck. With other numbers it
    // looks for more.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(55),
        ..ProptestConfig::with_cases(48)
    })]

    #[test]
    fn every_decision_that_is_whole_in_one_file_is_restored(
        on_database in prop::collection::vec((0_u8..12, 0.0..1.0_f64, 0_u8..8), 0..5),
        on_journal in prop::collection::vec((0_u8..12, 0.0..1.0_f64, 0_u8..8), 0..5),
    ) {
        let busy = BUSY.get_or_init(busy_store);
        let folder = tempfile::tempdir().unwrap();
        for name in [DATABASE, journal::NAME] {
            fs::copy(busy.path().join(name), folder.path().join(name)).unwrap();
        }
        let all = read(folder.path()).unwrap();
        let mut files = Vec::new();
        for (name, damages) in [(DATABASE, on_database), (journal::NAME, on_journal)] {
            let path = folder.path().join(name);
            let mut bytes = fs::read(&path).unwrap();
            for one in damages {
                damage(&mut bytes, one);
            }
            fs::write(&path, &bytes).unwrap();
            files.push(bytes);
        }
        let intact: Vec<bool> =
            all.iter().map(|record| files.iter().any(|bytes| is_intact(bytes, record))).collect();
        match restore(folder.path(), "a test") {
            Ok(restored) => {
                let now = read(folder.path()).unwrap();
                for (at, record) in all.iter().enumerate() {
                    let is_back = now.get(at) == Some(record);
                    prop_assert!(is_back || !intact[at], "decision {}", at + 1);
                    let is_lost = now.get(at).is_some_and(Record::is_lost);
                    prop_assert!(is_back || is_lost || now.len() <= at, "decision {}", at + 1);
                    if let Some(restored) = &restored && is_lost {
                        prop_assert!(restored.lost.contains(&(at + 1)));
                    }
                }
                History::replay(&now).unwrap();
                prop_assert_eq!(restore(folder.path(), "a test").unwrap(), None);
                decide(folder.path(), "and on it goes", NOW).unwrap();
            }
            Err(error) => prop_assert!(!intact.contains(&true), "{}", error),
        }
    }
}
