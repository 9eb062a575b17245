//! `QualCoder`: a project comes in, which is a folder `….qda` or a zip of it.
//!
//! # The database, `data.qda` in that folder
//!
//! ```text
//! project     memo
//! source      id, name, fulltext, memo, owner, date      no text: a picture or recording
//! code_cat    catid, name, memo, supercatid              categories, under each other
//! code_name   cid, name, memo, catid, color [, supercid]
//! code_text   cid, fid, seltext, pos0, pos1, owner, date, memo, important
//! annotation  fid, pos0, pos1, memo, owner, date
//! cases       caseid, name, memo;  case_text  caseid, fid
//! attribute   name, attr_type (`case` or `file`), value, id
//! journal     name, jentry, owner, date
//! ```
//!
//! Categories become codes with codes under them, what is said of a code its definition,
//! annotations and journals memos, and what is marked as important is shown first. Each
//! selection is confirmed by its words (`seltext`). What is coded in pictures and recordings
//! has no seat here and is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use rusqlite::{Connection, Row};

use super::archive::Archive;
use super::databases::{self, Given, Intake, all, coder, text};
use super::names::{Unique, safe_id, without_ending};
use super::positions::{Claim, Trial};
use super::words::{SHOWN, shortened};
use super::{BundleCase, ExchangeError, Received, SourceText};
use crate::base::files::read_file;
use crate::base::{Span, Warned, natural_order};
use crate::codebook::{CodeId, Coding, Color, MemoTarget, Place, checksum_of};

/// The name of the database in a project.
const DATABASE: &str = "data.qda";

/// Reads a project: its folder, a zip of it, or the database in it. It is only read.
///
/// # Errors
/// [`ExchangeError::NotQualCoder`] if it is none, or is damaged.
pub fn read_project(path: &Path) -> Result<Warned<Received>, ExchangeError> {
    let inside = path.join(DATABASE);
    let unpacked = unpacked(path)?;
    let database = match &unpacked {
        Some(file) => file.path(),
        None if path.is_dir() => &inside,
        None => path,
    };
    let read = databases::open(database).and_then(|database| read(&database));
    read.map_err(|error| ExchangeError::NotQualCoder(error.to_string()))
}

/// The database of a project that is packed, in a file that vanishes.
fn unpacked(path: &Path) -> Result<Option<tempfile::NamedTempFile>, ExchangeError> {
    let mut start = [0; 2];
    let is_packed = path.is_file()
        && std::fs::File::open(path)
            .and_then(|mut file| std::io::Read::read_exact(&mut file, &mut start))
            .is_ok_and(|()| start == *b"PK");
    if !is_packed {
        return Ok(None);
    }
    let bytes = read_file(path)?;
    let mut archive = Archive::open(&bytes)?;
    let is_database = |entry: &String| entry.rsplit('/').next() == Some(DATABASE);
    let missing = || ExchangeError::NotQualCoder(format!("it does not contain `{DATABASE}`"));
    let entry = archive.paths().iter().position(is_database).ok_or_else(missing)?;
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(&archive.read(entry)?)?;
    Ok(Some(file))
}

/// A text, and what is said of it.
struct Source {
    number: i64,
    id: String,
    text: String,
    marks: Vec<Mark>,
}

/// A stretch of a text with a code, or with a note alone.
struct Mark {
    claim: Claim,
    code: Option<i64>,
    memo: String,
    coder: String,
    date: String,
    is_important: bool,
}

fn read(database: &Connection) -> Result<Warned<Received>, rusqlite::Error> {
    let mut intake = Intake::of("QualCoder");
    for memo in all(database, "SELECT memo FROM project", [], |row| text(row, 0))? {
        intake.memo(MemoTarget::Study, &memo, ("", ""));
    }
    let journals = "SELECT name, jentry, owner, date FROM journal ORDER BY jid";
    for [name, entry, owner, date] in all(database, journals, [], |row| texts(row, 0))? {
        let entry = if entry.trim().is_empty() { entry } else { format!("{name}\n\n{entry}") };
        intake.memo(MemoTarget::Study, &entry, (&owner, &date));
    }
    let codes = codes(database, &mut intake)?;
    let sources = sources(database, &mut intake)?;
    quotations(&sources, &codes, &mut intake);
    cases(database, &sources, &mut intake)?;
    for (table, one, more) in [
        ("code_image", "coding in a picture", "codings in pictures"),
        ("code_av", "coding in a recording", "codings in recordings"),
        ("graph", "graph", "graphs"),
    ] {
        // Older projects have no such table.
        let count = format!("SELECT count(*) FROM {table}");
        let n = all(database, &count, [], |row| row.get::<_, i64>(0)).unwrap_or_default();
        match n.first() {
            None | Some(0) => {}
            Some(1) => intake.warn("", format!("left out: 1 {one}"), ""),
            Some(n) => intake.warn("", format!("left out: {n} {more}"), ""),
        }
    }
    Ok(intake.finish())
}

/// The texts of a row from a column on.
fn texts<const N: usize>(row: &Row<'_>, from: usize) -> Result<[String; N], rusqlite::Error> {
    let mut texts = [const { String::new() }; N];
    for (at, to) in (from..).zip(&mut texts) {
        *to = text(row, at)?;
    }
    Ok(texts)
}

/// Makes codes of categories and codes, by the numbers of codes.
fn codes(
    database: &Connection,
    intake: &mut Intake,
) -> Result<BTreeMap<i64, CodeId>, rusqlite::Error> {
    // Whether it is a category, and its number.
    type Key = (bool, i64);
    let query = "SELECT catid, name, memo, supercatid FROM code_cat ORDER BY catid";
    let mut given: Vec<Given<Key>> = all(database, query, [], |row| {
        let parent = row.get::<_, Option<i64>>(3)?.map(|parent| (true, parent));
        let [name, definition] = texts(row, 1)?;
        Ok(Given { key: (true, row.get(0)?), parent, name, definition, color: None })
    })?;
    let is_nested = database.prepare("SELECT supercid FROM code_name").is_ok();
    let above = if is_nested { "supercid" } else { "NULL" };
    let query =
        format!("SELECT cid, name, memo, catid, color, {above} FROM code_name ORDER BY cid");
    given.extend(all(database, &query, [], |row| {
        let category = row.get::<_, Option<i64>>(3)?.map(|category| (true, category));
        let code = row.get::<_, Option<i64>>(5)?.map(|code| (false, code));
        let color = text(row, 4)?.parse::<Color>().ok();
        let [name, definition] = texts(row, 1)?;
        Ok(Given { key: (false, row.get(0)?), parent: code.or(category), name, definition, color })
    })?);
    let codes = intake.codes(given, "code").into_iter();
    Ok(codes.filter(|((is_category, _), _)| !is_category).map(|((_, n), id)| (n, id)).collect())
}

/// Reads the texts with what is marked in them.
fn sources(database: &Connection, intake: &mut Intake) -> Result<Vec<Source>, rusqlite::Error> {
    let query = "SELECT id, name, fulltext, memo, owner, date FROM source ORDER BY id";
    let rows = all(database, query, [], |row| Ok((row.get(0)?, texts(row, 1)?)))?;
    let (mut unique, mut sources) = (Unique::default(), Vec::new());
    let mut silent = Vec::new();
    for (number, [name, words, memo, owner, date]) in rows {
        if words.trim().is_empty() {
            silent.push(name);
            continue;
        }
        let id = unique.take(&safe_id(without_ending(name.trim())));
        intake.memo(MemoTarget::Transcript(id.clone()), &memo, (&owner, &date));
        sources.push(Source { number, id, text: words, marks: Vec::new() });
    }
    if let Some(first) = silent.first() {
        let problem = match silent.len() {
            1 => format!("left out: 1 file without text (`{first}`)"),
            n => format!("left out: {n} files without text, first `{first}`"),
        };
        intake.warn("", problem, "pictures and recordings are not imported, only texts");
    }
    let codings = "SELECT fid, pos0, pos1, seltext, memo, owner, date, cid, important \
                   FROM code_text ORDER BY fid, pos0, pos1, cid, owner";
    let notes = "SELECT fid, pos0, pos1, '', memo, owner, date, NULL, NULL \
                 FROM annotation ORDER BY fid, pos0, pos1, owner";
    let places: BTreeMap<i64, usize> =
        sources.iter().enumerate().map(|(at, source)| (source.number, at)).collect();
    let mut lost = 0;
    for query in [codings, notes] {
        let marks = all(database, query, [], |row| {
            let [words, memo, owner, date] = texts(row, 3)?;
            let mark = Mark {
                claim: Claim { start: row.get(1)?, end: row.get(2)?, words: vec![words] },
                code: row.get(7)?,
                memo,
                coder: coder(&owner),
                date,
                is_important: row.get::<_, Option<i64>>(8)? == Some(1),
            };
            Ok((row.get::<_, i64>(0)?, mark))
        })?;
        for (number, mark) in marks {
            match places.get(&number) {
                Some(&at) => sources[at].marks.push(mark),
                None => lost += 1,
            }
        }
    }
    if lost > 0 {
        let noun = if lost == 1 { "selection" } else { "selections" };
        intake.warn("", format!("left out: {lost} {noun} in files that are not imported"), "");
    }
    sources.sort_by(|a, b| natural_order(&a.id, &b.id));
    let source = |source: &Source| SourceText {
        id: source.id.clone(),
        text: source.text.clone(),
        is_markdown: false,
    };
    intake.received.bundle.sources = sources.iter().map(source).collect();
    Ok(sources)
}

/// Makes quotations of what is confirmed: one a place.
fn quotations(sources: &[Source], codes: &BTreeMap<i64, CodeId>, intake: &mut Intake) {
    for source in sources.iter().filter(|source| !source.marks.is_empty()) {
        let claims: Vec<Claim> = source.marks.iter().map(|mark| mark.claim.clone()).collect();
        // Python counts as the standard does.
        let trial = Trial::new(&source.text, false, &claims, true);
        let proof = trial.prove(trial.best());
        let mut places: BTreeMap<Span, Vec<&Mark>> = BTreeMap::new();
        for (mark, span) in source.marks.iter().zip(&proof.spans) {
            match span {
                Ok(span) => places.entry(*span).or_default().push(mark),
                Err(doubt) => {
                    let short = shortened(&mark.claim.words.concat(), SHOWN);
                    let problem = format!("selection “{short}” is not imported: {doubt}");
                    intake.warn(&source.id, problem, "");
                }
            }
        }
        intake.received.readings.push(proof.reading(&source.id));
        let checksum = checksum_of(&source.text);
        for (span, marks) in places {
            let coding = |mark: &&Mark| {
                let code = *codes.get(&mark.code?)?;
                let is_pinned = mark.is_important;
                Some(Coding { is_pinned, ..Coding::by_hand(code, mark.coder.clone()) })
            };
            let codings = marks.iter().filter_map(coding).collect();
            let place = Place { transcript: source.id.clone(), checksum: checksum.clone(), span };
            let text = span.of(&source.text).to_owned();
            let id = intake.quotation(place, text, codings, marks[0].coder.clone());
            for mark in marks {
                intake.memo(MemoTarget::Quotation(id), &mark.memo, (&mark.coder, &mark.date));
            }
        }
    }
}

/// Reads cases with their texts and attributes; those of a text are those of its case.
fn cases(
    database: &Connection,
    sources: &[Source],
    intake: &mut Intake,
) -> Result<(), rusqlite::Error> {
    let query = "SELECT id, attr_type, name, value FROM attribute ORDER BY attrid";
    let mut values: BTreeMap<(bool, i64), BTreeMap<String, String>> = BTreeMap::new();
    for (id, [of, name, value]) in
        all(database, query, [], |row| Ok((row.get(0)?, texts(row, 1)?)))?
    {
        if !value.trim().is_empty() {
            values.entry((of == "case", id)).or_default().insert(name, value);
        }
    }
    let ids: BTreeMap<i64, &String> = sources.iter().map(|it| (it.number, &it.id)).collect();
    let mut texts_of: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    let places = "SELECT caseid, fid FROM case_text";
    for (case, number) in all(database, places, [], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?
    {
        texts_of.entry(case).or_default().extend(ids.get(&number).map(|&id| id.clone()));
    }
    let query = "SELECT caseid, name, memo, owner, date FROM cases ORDER BY caseid";
    let rows = all(database, query, [], |row| Ok((row.get(0)?, texts(row, 1)?)))?;
    let mut cases: Vec<BundleCase> = Vec::new();
    for (number, [name, memo, owner, date]) in rows {
        let sources = texts_of.remove(&number).unwrap_or_default().into_iter().collect();
        intake.memo(MemoTarget::Case(name.clone()), &memo, (&owner, &date));
        let attributes = values.remove(&(true, number)).unwrap_or_default();
        cases.push(BundleCase { id: name, attributes, sources });
    }
    for source in sources {
        let Some(own) = values.remove(&(false, source.number)) else { continue };
        let alone = [source.id.clone()];
        match cases.iter_mut().find(|case| case.sources == alone) {
            Some(case) => {
                for (name, value) in own {
                    case.attributes.entry(name).or_insert(value);
                }
            }
            None => cases.push(BundleCase {
                id: source.id.clone(),
                attributes: own,
                sources: alone.to_vec(),
            }),
        }
    }
    cases.sort_by(|a, b| natural_order(&a.id, &b.id));
    intake.received.bundle.cases = cases;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Diagnostic;

    const SCHEMA: &str = "
        CREATE TABLE project (databaseversion text, date text, memo text, about text);
        CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text);
        CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer);
        CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text, supercid integer);
        CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, date text, memo text, avid integer, important integer);
        CREATE TABLE code_image (imid integer primary key);
        CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text);
        CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text);
        CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer);
        CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text, id integer);
        CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text);
        INSERT INTO project VALUES ('v11', '2026-01-05', 'About groups', 'QualCoder 3');
        INSERT INTO source VALUES (1, 'P01.docx', 'Ada: It was 🙂 odd.
Bo: Yes.', '/documents/P01.docx', 'loud', 'ada', '2026-01-05 10:00:00'), (2, 'tape.mp3', NULL, '/audio/tape.mp3', '', 'ada', '');
        INSERT INTO code_cat VALUES (1, 'Feelings', 'ada', '', 'what is felt', NULL), (2, 'First', 'ada', '', '', 1);
        INSERT INTO code_name VALUES (1, 'odd', 'strange > new', 2, 'ada', '', '#FFD700', NULL), (2, 'very', '', NULL, 'ada', '', 'red', 1);
        INSERT INTO code_image VALUES (1), (2);
        INSERT INTO cases VALUES (1, 'Ada', 'a nurse', 'ada', '');
        INSERT INTO case_text VALUES (1, 1, 1, 0, 27);
        INSERT INTO attribute VALUES (1, 'age', 'case', '40', 1), (2, 'site', 'file', 'Bangor', 1), (3, 'none', 'case', '', 1);
        INSERT INTO journal VALUES (1, 'Week 1', 'Begun.', '2026-01-05 10:00:00', 'bo');";

    fn read_sql(more: &str) -> Warned<Received> {
        let database = Connection::open_in_memory().unwrap();
        database.execute_batch(SCHEMA).unwrap();
        database.execute_batch(more).unwrap();
        read(&database).unwrap()
    }

    #[test]
    fn codes_stand_under_categories_and_codes_with_what_is_said_of_them() {
        let codebook = read_sql("").value.bundle.codebook;
        let codes: Vec<(String, &str, bool)> = codebook
            .codes
            .values()
            .map(|code| (codebook.path(code.id), code.definition.as_str(), code.color.is_some()))
            .collect();
        assert_eq!(
            codes,
            [
                ("Feelings".to_owned(), "what is felt", false),
                ("Feelings > First".to_owned(), "", false),
                ("Feelings > First > odd".to_owned(), "strange > new", true),
                ("Feelings > First > odd > very".to_owned(), "", false),
            ]
        );
    }

    #[test]
    fn selections_come_in_if_their_words_are_there_and_the_rest_is_told() {
        let Warned { value, warnings } = read_sql(
            "INSERT INTO code_text VALUES (1, 1, 1, '🙂 odd', 12, 17, 'bo', '', 'a smile', NULL, 1),
             (2, 2, 1, '🙂 odd', 12, 17, 'ada', '', '', NULL, NULL),
             (3, 1, 1, 'nothing of it', 3, 9, 'bo', '', '', NULL, 0), (4, 1, 2, 'x', 0, 1, 'bo', '', '', NULL, 0);
             INSERT INTO annotation VALUES (1, 1, 5, 7, 'who?', 'bo', '2026-01-06 10:00:00');",
        );
        let coding = |it: &Coding| format!(" {} {} {}", it.code.0, it.coder, it.is_pinned);
        let quotations: Vec<String> = value
            .bundle
            .codebook
            .quotations
            .values()
            .map(|it| it.text.clone() + &it.codings.iter().map(coding).collect::<Vec<_>>().concat())
            .collect();
        assert_eq!(quotations, ["It", "🙂 odd 3 bo true 4 ada false"]);
        let told: Vec<String> = warnings.iter().map(Diagnostic::text).collect();
        assert_eq!(
            told,
            [
                "left out: 1 file without text (`tape.mp3`)\n  hint: pictures and recordings are not imported, only texts",
                "left out: 1 selection in files that are not imported",
                "P01: selection “nothing of it” is not imported: its words are not those at its positions",
                "left out: 2 codings in pictures",
            ]
        );
        let memos: Vec<&str> =
            value.bundle.codebook.memos.values().map(|memo| memo.text.as_str()).collect();
        assert_eq!(
            memos,
            ["About groups", "Week 1\n\nBegun.", "loud", "who?", "a smile", "a nurse"]
        );
        let case = &value.bundle.cases[0];
        let attributes: Vec<&str> = case.attributes.values().map(String::as_str).collect();
        assert_eq!((case.id.as_str(), attributes), ("Ada", vec!["40", "Bangor"]));
    }

    #[test]
    fn other_files_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.qda");
        for content in
            [&b"nothing of the kind, but long enough to be a header"[..], b"PK\x03\x04", b""]
        {
            std::fs::write(&path, content).unwrap();
            assert!(read_project(&path).is_err());
        }
        assert!(
            read_project(folder.path()).is_err() && read_project(&folder.path().join("b")).is_err()
        );
    }
}
