//! What databases of other programs have in common: how they are opened, codes under codes,
//! times.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::names::{Unique, code_name};
use crate::base::{Diagnostic, Remedy};
use crate::codebook::{Change, Code, CodeId, CodeKind, Codebook, Color};

/// The tables that are read of them.
const READ: &[&str] = &[
    "annotation",
    "attribute",
    "case_text",
    "cases",
    "code_av",
    "code_cat",
    "code_image",
    "code_name",
    "code_text",
    "commands",
    "documents",
    "graph",
    "highlight_tags",
    "highlights",
    "journal",
    "project",
    "projects",
    "source",
    "tags",
];

/// Opens a database of another program; it is only read.
///
/// # Errors
/// What `SQLite` says if it is none.
pub(super) fn open(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags)?;
    // A file from elsewhere may hold views that call functions.
    database.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;")?;
    // A table may be made up by a view, which need not end.
    let views = "SELECT name FROM sqlite_master WHERE type = 'view'";
    let mut views = database.prepare(views)?;
    let named = views.query_map([], |row| row.get::<_, String>(0))?;
    for name in named {
        let name = name?;
        if READ.contains(&name.to_lowercase().as_str()) {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
            let problem = format!("its table `{name}` is a view");
            return Err(rusqlite::Error::SqliteFailure(code, Some(problem)));
        }
    }
    drop(views);
    Ok(database)
}

/// A code as a database has it.
pub(super) struct Given<K> {
    pub(super) key: K,
    pub(super) parent: Option<K>,
    pub(super) name: String,
    pub(super) definition: String,
    pub(super) color: Option<Color>,
}

/// Makes codes of those of a database, each under its parent; `what` they are called there. Those
/// under each other in a circle stand at the top.
pub(super) fn put_codes<K: Ord + Copy>(
    mut waiting: Vec<Given<K>>,
    what: &str,
    codebook: &mut Codebook,
    warnings: &mut Vec<Diagnostic>,
) -> BTreeMap<K, CodeId> {
    let known: BTreeSet<K> = waiting.iter().map(|given| given.key).collect();
    let mut codes: BTreeMap<K, CodeId> = BTreeMap::new();
    let mut siblings: BTreeMap<Option<CodeId>, Unique> = BTreeMap::new();
    while !waiting.is_empty() {
        let is_ready = |given: &Given<K>| {
            given
                .parent
                .is_none_or(|parent| codes.contains_key(&parent) || !known.contains(&parent))
        };
        let (mut ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_ready);
        waiting = rest;
        if ready.is_empty() {
            ready = std::mem::take(&mut waiting);
        }
        for given in ready {
            let id = CodeId(u32::try_from(codes.len()).unwrap_or(0) + 1);
            let parent = given.parent.and_then(|parent| codes.get(&parent).copied());
            let name = siblings.entry(parent).or_default().take(&code_name(&given.name));
            if name != given.name {
                let problem = format!("the {what} `{}` is called `{name}` here", given.name);
                let hint = "a name cannot contain `>` and must differ from the others at its level";
                warnings.push(Diagnostic::new(problem).with(Remedy::new(hint)));
            }
            codebook.apply(&Change::PutCode(Code {
                id,
                kind: CodeKind::Code,
                parent,
                name,
                definition: given.definition,
                include: String::new(),
                exclude: String::new(),
                rule: String::new(),
                color: given.color,
                origin: None,
            }));
            codes.insert(given.key, id);
        }
    }
    codes
}

/// A time as databases write it, `2024-01-05 10:00:00`, for a memo; empty if it is none. They do
/// not tell the zone.
pub(super) fn time_of(written: &str) -> String {
    let at = format!("{}Z", written.trim()).parse::<jiff::Timestamp>();
    at.map_or_else(|_| String::new(), |at| at.to_string())
}
