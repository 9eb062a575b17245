//! What databases of other programs have in common: how they are opened and read, and what
//! becomes of what stands in them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Params, Row};

use super::names::{Unique, code_name};
use super::{Received, UNKNOWN_CODER};
use crate::base::{Diagnostic, Remedy, Warned};
use crate::codebook::{
    Change, Code, CodeId, CodeKind, Coding, Color, Memo, MemoId, MemoTarget, Place, Quotation,
    QuotationId,
};

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
    let views = all(&database, views, [], |row| row.get::<_, String>(0))?;
    match views.iter().find(|name| READ.contains(&name.to_lowercase().as_str())) {
        None => Ok(database),
        Some(name) => {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
            let problem = format!("its table `{name}` is a view");
            Err(rusqlite::Error::SqliteFailure(code, Some(problem)))
        }
    }
}

/// All rows of a query.
///
/// # Errors
/// What `SQLite` says if there is no such table, or `read` refuses a row.
pub(super) fn all<T>(
    database: &Connection,
    query: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T, rusqlite::Error>,
) -> Result<Vec<T>, rusqlite::Error> {
    database.prepare(query)?.query_map(params, read)?.collect()
}

/// A text of a row; none is an empty one.
///
/// # Errors
/// What `SQLite` says if something else stands there.
pub(super) fn text(row: &Row<'_>, at: usize) -> Result<String, rusqlite::Error> {
    Ok(row.get::<_, Option<String>>(at)?.unwrap_or_default())
}

/// Somebody's name, as it stands in a row.
pub(super) fn coder(named: &str) -> String {
    let name = named.trim();
    if name.is_empty() { UNKNOWN_CODER.to_owned() } else { name.to_owned() }
}

/// A code as a database has it.
pub(super) struct Given<K> {
    pub(super) key: K,
    pub(super) parent: Option<K>,
    pub(super) name: String,
    pub(super) definition: String,
    pub(super) color: Option<Color>,
}

/// What is taken over of a project, so far.
pub(super) struct Intake {
    pub(super) received: Received,
    warnings: Vec<Diagnostic>,
}

impl Intake {
    /// Nothing yet, of a project that this program wrote.
    pub(super) fn of(program: &str) -> Self {
        let received = Received { origin: program.to_owned(), ..Received::default() };
        Self { received, warnings: Vec::new() }
    }

    /// What was taken over, and what was not.
    pub(super) fn finish(self) -> Warned<Received> {
        Warned { value: self.received, warnings: self.warnings }
    }

    pub(super) fn warn(&mut self, path: &str, problem: String, hint: &str) {
        self.warnings.push(Diagnostic::new(problem).in_file(path, None).with(Remedy::new(hint)));
    }

    fn apply(&mut self, change: &Change) {
        self.received.bundle.codebook.apply(change);
    }

    /// Takes a note over, unless it is blank; with who wrote it when, where that is known.
    pub(super) fn memo(&mut self, about: MemoTarget, text: &str, (who, when): (&str, &str)) {
        let text = text.trim();
        if !text.is_empty() {
            let id = MemoId(number_after(self.received.bundle.codebook.memos.len()));
            let (text, coder, at) = (text.to_owned(), coder(who), time_of(when));
            self.apply(&Change::PutMemo(Memo { id, about, text, coder, at }));
        }
    }

    /// Takes a stretch of a text over, and tells its number.
    pub(super) fn quotation(
        &mut self,
        place: Place,
        text: String,
        codings: BTreeSet<Coding>,
        coder: String,
    ) -> QuotationId {
        let id = QuotationId(number_after(self.received.bundle.codebook.quotations.len()));
        let codings = codings.into_iter().collect();
        let quotation = Quotation { id, place, text, codings, stance: None, coder };
        self.apply(&Change::PutQuotation(quotation));
        id
    }

    /// Makes codes of those of a database, each under its parent; `what` they are called there.
    /// Those under each other in a circle stand at the top.
    pub(super) fn codes<K: Ord + Copy>(
        &mut self,
        mut waiting: Vec<Given<K>>,
        what: &str,
    ) -> BTreeMap<K, CodeId> {
        let known: BTreeSet<K> = waiting.iter().map(|given| given.key).collect();
        let mut codes: BTreeMap<K, CodeId> = BTreeMap::new();
        let mut siblings: BTreeMap<Option<CodeId>, Unique> = BTreeMap::new();
        while !waiting.is_empty() {
            let is_there = |parent: K| codes.contains_key(&parent) || !known.contains(&parent);
            let is_ready = |given: &Given<K>| given.parent.is_none_or(is_there);
            let (mut ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_ready);
            waiting = rest;
            if ready.is_empty() {
                ready = std::mem::take(&mut waiting);
            }
            for given in ready {
                let id = CodeId(number_after(codes.len()));
                let parent = given.parent.and_then(|parent| codes.get(&parent).copied());
                let name = siblings.entry(parent).or_default().take(&code_name(&given.name));
                if name != given.name {
                    let problem = format!("the {what} `{}` is called `{name}` here", given.name);
                    let hint =
                        "a name cannot contain `>` and must differ from the others at its level";
                    self.warnings.push(Diagnostic::new(problem).with(Remedy::new(hint)));
                }
                let (definition, color) = (given.definition, given.color);
                let code = Code::new(id, CodeKind::Code, parent, name);
                self.apply(&Change::PutCode(Code { definition, color, ..code }));
                codes.insert(given.key, id);
            }
        }
        codes
    }
}

/// The number of what follows so many others.
fn number_after(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(0) + 1
}

/// A time as databases write it, `2024-01-05 10:00:00`, for a memo; empty if it is none. They do
/// not tell the zone.
fn time_of(written: &str) -> String {
    let at = format!("{}Z", written.trim()).parse::<jiff::Timestamp>();
    at.map_or_else(|_| String::new(), |at| at.to_string())
}
