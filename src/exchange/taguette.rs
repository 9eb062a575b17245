//! Taguette: a project (`SQLite`) or a table of highlights (CSV) comes in.
//!
//! # The database
//!
//! ```text
//! projects        id, name, description
//! documents       id, project_id, name, description, contents (HTML)
//! tags            id, project_id, path, description [, parent_id]
//! highlights      id, document_id, start_offset, end_offset, snippet (HTML)
//! highlight_tags  highlight_id, tag_id
//! commands        user_login, payload (JSON: who added which highlight)
//! ```
//!
//! Offsets count bytes (UTF-8) of the text of the HTML: of all text nodes,
//! white space between elements included. The text that comes in has a line a
//! paragraph. Each highlight is confirmed by its snippet.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, Row};

use super::databases::{self, Given as GivenCode, Intake, all, text};
use super::names::{Unique, safe_id, without_ending};
use super::words::{SHOWN, shortened};
use super::{ExchangeError, Reading, Received, SourceText, UNKNOWN_CODER, squashed};
use crate::base::{Span, Warned, natural_order};
use crate::codebook::{CodeId, Coding, MemoTarget, Place, checksum_of};
use crate::files::entities;

/// Reads a project that Taguette exports as `SQLite`. The file is only read.
///
/// # Errors
/// [`ExchangeError::NotTaguette`] if it is another or a damaged database,
/// [`ExchangeError::SeveralProjects`] if it is the database of a whole
/// installation.
pub fn read_project(path: &Path) -> Result<Warned<Received>, ExchangeError> {
    let damaged = |error: rusqlite::Error| ExchangeError::NotTaguette(error.to_string());
    let database = databases::open(path).map_err(damaged)?;
    let projects = "SELECT id, name, description FROM projects ORDER BY id";
    let project = |row: &Row<'_>| {
        Ok(Project { number: row.get(0)?, name: text(row, 1)?, about: text(row, 2)? })
    };
    match &all(&database, projects, [], project).map_err(damaged)?[..] {
        [] => Err(ExchangeError::NotTaguette("it does not contain a project".to_owned())),
        [project] => read(&database, project).map_err(damaged),
        several => {
            let names = several.iter().map(|project| format!("`{}`", project.name)).collect();
            Err(ExchangeError::SeveralProjects { names })
        }
    }
}

struct Project {
    number: i64,
    name: String,
    about: String,
}

struct Document {
    number: i64,
    id: String,
    text: String,
    runs: Runs,
}

fn read(database: &Connection, project: &Project) -> Result<Warned<Received>, rusqlite::Error> {
    let mut intake = Intake::of("Taguette");
    project.name.clone_into(&mut intake.received.bundle.name);
    intake.memo(MemoTarget::Study, &project.about, ("", ""));
    let tags = tags(database, project.number, &mut intake)?;
    let documents = documents(database, project.number, &mut intake)?;
    let mut given = Given { codes: BTreeMap::new(), coders: coders(database, project.number) };
    let query = "SELECT highlight_id, tag_id FROM highlight_tags";
    let of_highlights = all(database, query, [], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
    for (highlight, tag) in of_highlights {
        given.codes.entry(highlight).or_default().extend(tags.get(&tag));
    }
    for document in &documents {
        highlights(database, document, &given, &mut intake)?;
    }
    Ok(intake.finish())
}

/// What is given to highlights, by their numbers.
struct Given {
    codes: BTreeMap<i64, Vec<CodeId>>,
    /// Who added them, where the database tells.
    coders: BTreeMap<i64, String>,
}

fn coders(database: &Connection, project: i64) -> BTreeMap<i64, String> {
    let query = "SELECT user_login, payload FROM commands WHERE project_id = ?1 ORDER BY id";
    let commands = all(database, query, [project], |row| Ok((text(row, 0)?, text(row, 1)?)));
    let added = |(login, payload): (String, String)| {
        let payload: serde_json::Value = serde_json::from_str(&payload).ok()?;
        let highlight = payload["highlight_id"].as_i64()?;
        (payload["type"] == "highlight_add").then_some((highlight, login))
    };
    commands.unwrap_or_default().into_iter().filter_map(added).collect()
}

/// Makes codes of tags; newer projects have tags under tags.
fn tags(
    database: &Connection,
    project: i64,
    intake: &mut Intake,
) -> Result<BTreeMap<i64, CodeId>, rusqlite::Error> {
    let is_nested = database.prepare("SELECT parent_id FROM tags").is_ok();
    let parent = if is_nested { "parent_id" } else { "NULL" };
    let query = format!(
        "SELECT id, path, description, {parent} FROM tags WHERE project_id = ?1 ORDER BY id"
    );
    let given = all(database, &query, [project], |row| {
        let (name, definition) = (text(row, 1)?, text(row, 2)?);
        Ok(GivenCode { key: row.get(0)?, parent: row.get(3)?, name, definition, color: None })
    })?;
    Ok(intake.codes(given, "tag"))
}

fn documents(
    database: &Connection,
    project: i64,
    intake: &mut Intake,
) -> Result<Vec<Document>, rusqlite::Error> {
    let query = "SELECT id, name, contents, description, created FROM documents \
                 WHERE project_id = ?1 ORDER BY id";
    let rows = all(database, query, [project], |row| {
        let created = text(row, 4).unwrap_or_default();
        Ok((row.get(0)?, text(row, 1)?, text(row, 2)?, text(row, 3)?, created))
    })?;
    let mut unique = Unique::default();
    let mut documents = Vec::new();
    for (number, name, contents, description, created) in rows {
        let id = unique.take(&safe_id(without_ending(name.trim())));
        let (text, runs) = text_of(&contents);
        intake.memo(MemoTarget::Transcript(id.clone()), &description, ("", &created));
        documents.push(Document { number, id, text, runs });
    }
    documents.sort_by(|a, b| natural_order(&a.id, &b.id));
    let source = |document: &Document| SourceText {
        id: document.id.clone(),
        text: document.text.clone(),
        is_markdown: false,
    };
    intake.received.bundle.sources = documents.iter().map(source).collect();
    Ok(documents)
}

/// Makes quotations of what is confirmed: one a place.
fn highlights(
    database: &Connection,
    document: &Document,
    given: &Given,
    intake: &mut Intake,
) -> Result<(), rusqlite::Error> {
    let query = "SELECT id, start_offset, end_offset, snippet FROM highlights \
                 WHERE document_id = ?1 ORDER BY start_offset, end_offset, id";
    let rows = all(database, query, [document.number], |row| {
        Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, text(row, 3)?))
    })?;
    let (mut n_by_words, mut n_confirmed) = (0, 0);
    let mut places: BTreeMap<Span, (BTreeSet<Coding>, &str)> = BTreeMap::new();
    for (highlight, start, end, snippet) in &rows {
        let (said, _) = text_of(snippet);
        let wanted = squashed(&said);
        let place = document.runs.span(&document.text, *start, *end).and_then(|span| {
            let is_said = wanted.is_empty() || wanted == squashed(span.of(&document.text));
            if is_said { Ok(span) } else { Err("its words are not those at its positions") }
        });
        let span = match place {
            Ok(span) => span,
            Err(reason) => {
                let short = shortened(&said, SHOWN);
                let problem = format!("highlight {highlight} “{short}” is not imported: {reason}");
                intake.warn(&document.id, problem, "");
                continue;
            }
        };
        n_confirmed += 1;
        n_by_words += usize::from(!wanted.is_empty());
        let (codings, coder) = places.entry(span).or_default();
        *coder = given.coders.get(highlight).map_or(UNKNOWN_CODER, String::as_str);
        let codes = given.codes.get(highlight).into_iter().flatten();
        codings.extend(codes.map(|&code| Coding::by_hand(code, *coder)));
    }
    let checksum = checksum_of(&document.text);
    for (span, (codings, coder)) in places {
        let place = Place { transcript: document.id.clone(), checksum: checksum.clone(), span };
        intake.quotation(place, span.of(&document.text).to_owned(), codings, coder.to_owned());
    }
    if !rows.is_empty() {
        intake.received.readings.push(Reading {
            source: document.id.clone(),
            n_selections: rows.len(),
            n_confirmed,
            n_by_words,
            counting: None,
        });
    }
    Ok(())
}

/// Where the text of HTML went: runs of bytes that moved together.
#[derive(Debug, Default)]
struct Runs {
    /// First byte in the HTML's text, first byte in ours, length.
    runs: Vec<(usize, usize, usize)>,
    /// The length of the HTML's text.
    end: usize,
}

impl Runs {
    fn push(&mut self, from: usize, to: usize, length: usize) {
        if let Some((start, goal, known)) = self.runs.last_mut()
            && *start + *known == from
            && *goal + *known == to
        {
            *known += length;
            return;
        }
        self.runs.push((from, to, length));
    }

    /// The bytes of our text for offsets of Taguette.
    fn span(&self, text: &str, start: i64, end: i64) -> Result<Span, &'static str> {
        let out = "it ends after the end of the text";
        let start = usize::try_from(start).or(Err(out))?;
        let end = usize::try_from(end).or(Err(out))?;
        if end > self.end {
            return Err(out);
        }
        let first = self.runs.partition_point(|(from, _, length)| from + length <= start);
        let last = self.runs.partition_point(|(from, ..)| *from < end);
        let empty = "it has no words";
        let Some((from, to, _)) = self.runs.get(first).filter(|_| start < end) else {
            return Err(empty);
        };
        let Some((end_from, end_to, length)) = last.checked_sub(1).map(|last| self.runs[last])
        else {
            return Err(empty);
        };
        let from = to + start.saturating_sub(*from);
        let to = end_to + (end - end_from).min(length);
        match text.get(from..to) {
            Some(words) if !words.trim().is_empty() => Ok(Span::new(from, to)),
            Some(_) => Err(empty),
            None if from >= to => Err(empty),
            None => Err("it starts or ends inside a character"),
        }
    }
}

/// The elements that begin a line.
const BLOCKS: &str = "p div li ul ol h1 h2 h3 h4 h5 h6 tr table blockquote pre hr body html";

/// The text of HTML, a line a paragraph, and where it went.
fn text_of(html: &str) -> (String, Runs) {
    // As every reader of HTML does first.
    let html = html.replace("\r\n", "\n").replace('\r', "\n");
    let (mut text, mut runs) = (String::new(), Runs::default());
    let mut rest = html.as_str();
    let mut at = 0;
    let mut add = |text: &mut String, sign: char| {
        let length = sign.len_utf8();
        let is_blank = matches!(sign, ' ' | '\n' | '\t' | '\u{c}');
        let is_at_start = text.is_empty() || text.ends_with('\n');
        if !is_blank || !is_at_start {
            runs.push(at, text.len(), length);
            // A line end inside a paragraph is a blank on the page.
            text.push(if is_blank { ' ' } else { sign });
        }
        at += length;
    };
    while let Some(sign) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->").map_or("", |(_, after)| after);
        } else if sign == '<' && is_tag(&rest[1..]) {
            let length = tag_length(rest);
            let name: String = rest[1..length]
                .trim_start_matches('/')
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect::<String>()
                .to_ascii_lowercase();
            rest = &rest[length..];
            let is_block = BLOCKS.split(' ').any(|block| block == name);
            if name == "br" || is_block && !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
        } else if let Some((signs, length)) = entities::at_start(rest) {
            signs.chars().for_each(|sign| add(&mut text, sign));
            rest = &rest[length..];
        } else {
            add(&mut text, sign);
            rest = &rest[sign.len_utf8()..];
        }
    }
    runs.end = at;
    (text, runs)
}

fn is_tag(after: &str) -> bool {
    after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!' || c == '?')
}

/// The length of the tag that starts here; a `>` in quotes does not end it.
fn tag_length(html: &str) -> usize {
    let mut quote = None;
    for (at, sign) in html.char_indices() {
        match (quote, sign) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(sign),
            (Some(open), sign) if open == sign => quote = None,
            _ => {}
        }
    }
    html.len()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    const SCHEMA: &str = "
        CREATE TABLE projects (id INTEGER PRIMARY KEY, name VARCHAR, description TEXT, created DATETIME);
        CREATE TABLE documents (id INTEGER PRIMARY KEY, name VARCHAR, description TEXT, filename VARCHAR, created DATETIME, project_id INTEGER, text_direction VARCHAR, contents TEXT);
        CREATE TABLE tags (id INTEGER PRIMARY KEY, project_id INTEGER, path VARCHAR, description TEXT);
        CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER, start_offset INTEGER, end_offset INTEGER, snippet TEXT);
        CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
        CREATE TABLE commands (id INTEGER PRIMARY KEY, date DATETIME, user_login VARCHAR, project_id INTEGER, document_id INTEGER, payload TEXT);
        INSERT INTO projects VALUES (1, 'Balint', 'About groups', '2024-01-01 10:00:00.000000');
    ";

    const HTML: &str = "<h1>Talk</h1>\n<p>Ada: It was <em>odd</em> 🙂 &amp; new.</p>\n<p>Bo: e\u{301}trange<br>really</p>";

    /// The offset of words in the text of the HTML, all its text nodes joined.
    fn offsets(words: &str) -> (usize, usize) {
        let raw = "Talk\nAda: It was odd 🙂 & new.\nBo: e\u{301}trangereally";
        let start = raw.find(words).unwrap();
        (start, start + words.len())
    }

    fn database(sql: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let database = Connection::open(folder.path().join("a.sqlite3")).unwrap();
        database.execute_batch(sql).unwrap();
        folder
    }

    fn read(sql: &str) -> Result<Warned<Received>, ExchangeError> {
        read_project(&database(sql).path().join("a.sqlite3"))
    }

    #[test]
    fn a_project_comes_in_with_every_highlight_confirmed() {
        let mut sql = SCHEMA.to_owned();
        write!(
            sql,
            "INSERT INTO documents VALUES (7, 'P01.docx', 'loud', 'P01.docx', '2024-01-01 10:00:00', 1, 'LEFT_TO_RIGHT', '{HTML}');
             INSERT INTO tags VALUES (1, 1, 'odd.start', 'at first'), (2, 1, 'new', '');
             INSERT INTO commands VALUES (1, '', 'ada', 1, 7, '{{\"type\": \"highlight_add\", \"highlight_id\": 1, \"tags\": [1]}}');"
        )
        .unwrap();
        let all = [
            (1, "It was odd 🙂 & new.", "<p>It was <em>odd</em> 🙂 &amp; new.</p>"),
            (2, "new.\nBo: e\u{301}trange", "<p>new.</p>\n<p>Bo: e\u{301}trange</p>"),
            (3, "really", "<p>nothing like it</p>"),
            (4, "trangereally", ""),
        ];
        for (number, words, snippet) in all {
            let (start, end) = offsets(words);
            write!(
                sql,
                "INSERT INTO highlights VALUES ({number}, 7, {start}, {end}, '{snippet}');
                 INSERT INTO highlight_tags VALUES ({number}, 1), ({number}, 2);"
            )
            .unwrap();
        }
        sql.push_str("INSERT INTO highlights VALUES (5, 7, 18, 4000, ''), (6, 7, 4, 5, '');");
        let Warned { value, warnings } = read(&sql).unwrap();
        let told: Vec<String> = warnings.iter().map(crate::base::Diagnostic::text).collect();
        assert_eq!(
            told,
            [
                "P01: highlight 6 “” is not imported: it has no words",
                "P01: highlight 5 “” is not imported: it ends after the end of the text",
                "P01: highlight 3 “nothing like it” is not imported: its words are not those at its positions",
            ]
        );
        let text = "Talk\nAda: It was odd 🙂 & new.\nBo: e\u{301}trange\nreally\n";
        assert_eq!(value.bundle.sources[0].text, text);
        let quotations: Vec<(&str, &str, usize)> = value
            .bundle
            .codebook
            .quotations
            .values()
            .map(|quotation| {
                assert_eq!(quotation.place.span.of(text), quotation.text);
                (quotation.text.as_str(), quotation.coder.as_str(), quotation.codings.len())
            })
            .collect();
        assert_eq!(
            quotations,
            [
                ("It was odd 🙂 & new.", "ada", 2),
                ("new.\nBo: e\u{301}trange", "unknown", 2),
                ("trange\nreally", "unknown", 2),
            ]
        );
        let memos: Vec<(&MemoTarget, &str)> = value
            .bundle
            .codebook
            .memos
            .values()
            .map(|memo| (&memo.about, memo.text.as_str()))
            .collect();
        assert_eq!(
            memos,
            [
                (&MemoTarget::Study, "About groups"),
                (&MemoTarget::Transcript("P01".to_owned()), "loud"),
            ]
        );
        assert_eq!(value.readings[0].to_string(), "P01: 6 selections, 3 confirmed");
    }

    #[test]
    fn tags_under_tags_are_codes_under_codes() {
        let sql = format!(
            "{SCHEMA} ALTER TABLE tags ADD COLUMN parent_id INTEGER;
             INSERT INTO tags VALUES (1, 1, 'child', '', 2), (2, 1, 'parent', '', NULL), (3, 1, 'a', '', 4), (4, 1, 'b', '', 3);"
        );
        let received = read(&sql).unwrap().value;
        let codebook = &received.bundle.codebook;
        let paths: Vec<String> =
            codebook.codes.values().map(|code| codebook.path(code.id)).collect();
        assert_eq!(paths, ["parent", "parent > child", "a", "a > b"]);
    }

    #[test]
    fn other_files_are_told_apart() {
        let error = read("CREATE TABLE a (b)").unwrap_err().to_string();
        assert!(
            error.starts_with("the file is not a project of Taguette: no such table"),
            "{error}"
        );
        let two = format!("{SCHEMA} INSERT INTO projects VALUES (2, 'Other', '', '');");
        let error = read(&two).unwrap_err().to_string();
        assert!(
            error.starts_with("the database contains 2 projects: `Balint`, `Other`"),
            "{error}"
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite3");
        std::fs::write(&path, b"nothing of the kind, but long enough to be a header of one")
            .unwrap();
        assert!(matches!(read_project(&path), Err(ExchangeError::NotTaguette(_))));
        assert!(matches!(
            read_project(&folder.path().join("b")),
            Err(ExchangeError::NotTaguette(_))
        ));
    }

    proptest! {
        #[test]
        fn any_html_and_any_offsets_are_safe(
            html in "(<p>|</p>|<br/>|<|>|&amp;|&#x1f642;|&|<!--|-->|\r\n|\n| |[a-z]{1,3}|🙂|é){0,30}",
            start in -2..60_i64,
            length in -2..60_i64,
        ) {
            let (text, runs) = text_of(&html);
            if let Ok(span) = runs.span(&text, start, start + length) {
                prop_assert!(!span.of(&text).trim().is_empty());
            }
        }
    }
}
