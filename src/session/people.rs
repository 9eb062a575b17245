//! Who plays which part, and what is known of each case: kept in `study.toml` and
//! `cases.csv`, as a person would write it there.

use std::path::Path;

use super::proposal::Proposal;
use super::settings_edit::with_role;
use crate::base::files::read_file;
use crate::base::{Remedy, Task, has_unseen};
use crate::codebook::act::{CASES_FILE, SETTINGS_FILE, SetAttribute, SetRole};
use crate::codebook::{Change, CodebookError, FileChange, Verb};
use crate::files::encoding::MARK;
use crate::files::find::plain;
use crate::files::tables::{Row, Table};
use crate::ingest::speakers_of;
use crate::study::{Settings, Snapshot, StudyError, refused};
use crate::transcripts::cases::{
    CASE_COLUMNS, CaseTable, Cases, SPEAKER_COLUMNS, TRANSCRIPT_COLUMNS, assign_cases, field_name,
};
use crate::transcripts::roles::Role;
use crate::transcripts::{normal_label, stem_of};

/// A file of the study's own that is being changed.
pub(super) struct OwnFile {
    name: &'static str,
    before: Option<String>,
    /// Without the mark that some programs put before a text.
    pub(super) text: String,
}

impl OwnFile {
    /// Reads it as it is now.
    ///
    /// # Errors
    /// [`StudyError::Unreadable`] if it is no text in UTF-8: it could not be put back.
    pub(super) fn read(root: &Path, name: &'static str) -> Result<Self, StudyError> {
        let unreadable =
            |problem: String| StudyError::Unreadable { path: name.to_owned(), problem };
        let before = match read_file(&root.join(name)) {
            Ok(bytes) => Some(String::from_utf8(bytes).map_err(|_other_encoding| {
                unreadable("it is not a text in UTF-8; save it as one to change it here".to_owned())
            })?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(unreadable(plain(&error))),
        };
        let text = before.as_deref().unwrap_or_default();
        let text = text.strip_prefix(MARK).unwrap_or(text).to_owned();
        Ok(Self { name, before, text })
    }

    /// What has changed in it, if anything has.
    pub(super) fn change(&self) -> Option<Change> {
        let before = self.before.as_deref().unwrap_or_default();
        let mark = if before.starts_with(MARK) { MARK.to_string() } else { String::new() };
        let after = mark + &self.text;
        let change = FileChange::edited(self.name, self.before.as_deref(), &after);
        (before != after).then_some(Change::PutFile(change))
    }
}

/// Writes down who plays which part.
///
/// # Errors
/// What is not there, or says so already.
pub(super) fn set_roles(study: &Snapshot, roles: &[SetRole]) -> Result<Proposal, StudyError> {
    let root = &study.folder.root;
    let mut settings = OwnFile::read(root, SETTINGS_FILE)?;
    // Read only where it is to be changed: it may be in an encoding that cannot be.
    let mut cases: Option<OwnFile> = None;
    let mut said = Vec::with_capacity(roles.len());
    for SetRole { speaker, transcript, role } in roles {
        let t = transcript.as_ref().map(|id| study.transcript_named(id)).transpose()?;
        let label = speaker_named(study, speaker, t)?;
        let to = role.map_or("what the talk tells", Role::name);
        match t {
            None => {
                settings.text = with_role(&settings.text, &label, *role)?;
                said.push(format!("“{label}” to {to}"));
            }
            Some(t) => {
                let cases = match &mut cases {
                    Some(cases) => cases,
                    none => none.insert(OwnFile::read(root, CASES_FILE)?),
                };
                cases.text = with_role_in(study, &cases.text, t, &label, *role)?;
                let is_in_settings = Settings::parse(&settings.text)?.roles.names(&label);
                let to = if role.is_none() && is_in_settings { "what study.toml says" } else { to };
                let id = &study.corpus.transcripts[t].id;
                said.push(format!("“{label}” in {id} to {to}"));
            }
        }
    }
    let changes = [settings.change(), cases.and_then(|cases| cases.change())];
    let changes: Vec<Change> = changes.into_iter().flatten().collect();
    if changes.is_empty() {
        return Err(roles_stay(study, roles)?);
    }
    let what = if said.len() == 1 { "the role of" } else { "the roles of" };
    Ok(Proposal::new(Verb::SetRoles, format!("{what} {}", said.join(", ")), changes))
}

/// Why nothing has to be written: it is there already, or somebody's role, which the talk
/// is to tell, is declared elsewhere.
fn roles_stay(study: &Snapshot, roles: &[SetRole]) -> Result<StudyError, StudyError> {
    let corpus = &study.corpus;
    for SetRole { speaker, transcript, .. } in roles.iter().filter(|it| it.role.is_none()) {
        let t = transcript.as_ref().map(|id| study.transcript_named(id)).transpose()?;
        let label = speaker_named(study, speaker, t)?;
        let is_meant = |known: &str| normal_label(known) == normal_label(&label);
        let told = t.map_or(0..corpus.transcripts.len(), |t| t..t + 1).find_map(|t| {
            let known = corpus.transcripts[t].speakers.iter().zip(&corpus.people.names[t]);
            let mut known = known.zip(&corpus.roles[t]).filter(|(_, told)| told.is_declared);
            known.find(|((it, name), _)| is_meant(&it.label) || is_meant(name))
        });
        if let Some((_, told)) = told {
            let is_general = t.is_some() && told.reason == SETTINGS_FILE;
            let advice = if is_general {
                "choose a role for this transcript, or let the talk tell it in all of them"
            } else {
                "change it there"
            };
            let problem = format!("“{label}” stays {}: {} says so", told.role.name(), told.reason);
            return Ok(refused(problem, advice));
        }
    }
    Ok(said_already())
}

/// The label or name that a person means, as it is written or shown, in one transcript or
/// anywhere.
fn speaker_named(study: &Snapshot, name: &str, t: Option<usize>) -> Result<String, StudyError> {
    let corpus = &study.corpus;
    let places = t.map_or(0..corpus.transcripts.len(), |t| t..t + 1);
    let known: Vec<&str> = places
        .flat_map(|t| {
            let names = corpus.people.names[t].iter().map(String::as_str);
            names.chain(corpus.transcripts[t].speakers.iter().map(|it| it.label.as_str()))
        })
        .filter(|known| !known.is_empty())
        .collect();
    let tests: [&dyn Fn(&str) -> bool; 3] =
        [&|known| known == name, &|known| normal_label(known) == normal_label(name), &|known| {
            study.shown_text(known) == name
        }];
    for test in tests {
        let mut meant: Vec<&str> = known.iter().copied().filter(|known| test(known)).collect();
        meant.sort_unstable();
        meant.dedup_by_key(|known| normal_label(known));
        match meant[..] {
            [] => {}
            [one] => return Ok(one.to_owned()),
            _ => {
                let problem = format!("`{name}` stands for {} speakers", meant.len());
                return Err(refused(problem, "give their names different pseudonyms"));
            }
        }
    }
    let list = || Remedy::by(Task::ListTranscripts, "see who speaks");
    let remedy = Remedy::nearest(name, known, list);
    Err(CodebookError::Unknown { what: "speaker", name: name.to_owned(), remedy }.into())
}

/// The table of cases as it is being changed.
struct Editing {
    text: String,
    table: Table,
}

impl Editing {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), table: Table::parse(text, None) }
    }

    fn head(&self) -> Row {
        self.table.rows.first().cloned().unwrap_or_default()
    }

    /// The column with one of these names, made if there is none.
    fn column(&mut self, names: &[&str]) -> usize {
        let mut head = self.head();
        head.place_of(names).unwrap_or_else(|| {
            head.cells.push(names[0].to_owned());
            self.text = self.table.with_row(&self.text, 0, &head.cells);
            self.table = Table::parse(&self.text, Some(self.delimiter()));
            head.cells.len() - 1
        })
    }

    fn delimiter(&self) -> char {
        // One column tells none.
        if self.table.delimiter.is_ascii_graphic() || self.table.delimiter == '\t' {
            self.table.delimiter
        } else {
            ','
        }
    }

    /// Fills cells of a row in; of a new one behind all others if there is none there.
    fn put(&mut self, row: usize, cells: &[(usize, &str)]) {
        let mut all = self.table.rows.get(row).cloned().unwrap_or_default().cells;
        for (column, value) in cells {
            if all.len() <= *column {
                all.resize(column + 1, String::new());
            }
            (*value).clone_into(&mut all[*column]);
        }
        self.text = self.table.with_row(&self.text, row, &all);
        self.table = Table::parse(&self.text, Some(self.delimiter()));
    }

    /// The rows below the heading that name a transcript, with their places.
    fn rows_of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = (usize, &'a Row)> {
        let column = self.head().place_of(TRANSCRIPT_COLUMNS);
        let is_meant = move |row: &Row| {
            let cell = column.map_or("", |column| row.cell(column)).replace('\\', "/");
            let bare = crate::files::find::id_of(&cell);
            [id, stem_of(id)].iter().any(|it| *it == cell || *it == bare)
        };
        self.table.rows.iter().enumerate().skip(1).filter(move |(_, row)| is_meant(row))
    }
}

/// The table of cases with the role that somebody plays in one transcript.
fn with_role_in(
    study: &Snapshot,
    text: &str,
    t: usize,
    label: &str,
    role: Option<Role>,
) -> Result<String, StudyError> {
    let id = study.corpus.transcripts[t].id.as_str();
    let mut editing = Editing::new(text);
    let [transcript, speaker] = [TRANSCRIPT_COLUMNS, SPEAKER_COLUMNS].map(|it| editing.column(it));
    let column = editing.column(&["role"]);
    let is_meant =
        |(_, row): &(usize, &Row)| normal_label(row.cell(speaker)) == normal_label(label);
    let row = editing.rows_of(id).find(is_meant).map(|(at, _)| at);
    if row.is_none() && role.is_none() {
        return Ok(text.to_owned());
    }
    let cells = [(transcript, id), (speaker, label), (column, role.map_or("", Role::name))];
    match row {
        Some(row) => editing.put(row, &cells[2..]),
        None => editing.put(editing.table.rows.len(), &cells),
    }
    let speakers = speakers_of(&study.corpus.transcripts);
    let table = CaseTable::parse(&editing.text)?;
    let declared = table.declared_roles(&speakers);
    let told = declared.get(&(Some(t), normal_label(label))).map(|told| told.role);
    if told == role { Ok(editing.text) } else { Err(not_from_here()) }
}

fn not_from_here() -> StudyError {
    refused(
        "cases.csv is written in a way in which it cannot be changed from here",
        "change it in a spreadsheet, then have the folder read again",
    )
}

/// How many of several attributes a decision tells of.
const TOLD: usize = 3;

/// Writes down what is known of cases.
///
/// # Errors
/// What is not there, or says so already.
pub(super) fn set_attributes(
    study: &Snapshot,
    values: &[SetAttribute],
) -> Result<Proposal, StudyError> {
    let mut file = OwnFile::read(&study.folder.root, CASES_FILE)?;
    let mut said = Vec::with_capacity(values.len());
    for value in values {
        let (text, about) = with_attribute(study, &file.text, value)?;
        file.text = text;
        said.push(about);
    }
    let mut told: Vec<String> = said.iter().take(TOLD).cloned().collect();
    if said.len() > TOLD {
        told.push(format!("and {} more", said.len() - TOLD));
    }
    let about = told.join("; ");
    let changes: Vec<Change> = file.change().into_iter().collect();
    if changes.is_empty() {
        return Err(said_already());
    }
    Ok(Proposal::new(Verb::SetAttribute, about, changes))
}

fn said_already() -> StudyError {
    refused("this is written there already", "nothing needs to be done")
}

/// The table of cases with an attribute of one of them, and what has changed.
fn with_attribute(
    study: &Snapshot,
    text: &str,
    SetAttribute { case, attribute, value }: &SetAttribute,
) -> Result<(String, String), StudyError> {
    let (attribute, value) = (attribute.trim(), value.trim());
    let name = field_name(attribute);
    let is_key = [TRANSCRIPT_COLUMNS, SPEAKER_COLUMNS, CASE_COLUMNS].concat();
    if has_unseen(attribute) || has_unseen(value) {
        let problem = "an attribute contains an invisible character";
        return Err(refused(problem, "type it again"));
    }
    if name.is_empty() || is_key.contains(&name.as_str()) {
        return Err(refused(
            format!("`{attribute}` cannot be the name of an attribute"),
            "choose a word such as `region`",
        ));
    }
    if name == "role" && Role::parse(value).is_some() {
        return Err(refused("a role is no attribute", "say who asks and who is asked"));
    }
    let before = cases_by(study, text)?;
    let at = case_named(study, &before, case)?;
    let id = before.cases[at].id.clone();
    let known = Editing::new(text).head();
    let header = known.cells.iter().find(|it| field_name(it) == name).cloned();
    let header = header.unwrap_or_else(|| attribute.to_owned());
    let key = if name == "group" { "group".to_owned() } else { header.clone() };
    let mut expected = before.clone();
    let attributes = &mut expected.cases[at].attributes;
    let old = attributes.remove(&key);
    if !value.is_empty() {
        attributes.insert(key.clone(), value.to_owned());
    }
    if expected == before {
        return Err(said_already());
    }
    let is_right = |text: &String| cases_by(study, text).is_ok_and(|cases| cases == expected);
    let new = tries(study, text, (&before, at), (&header, value)).find(is_right);
    let about = match (old, value) {
        (_, "") => format!("{key} of {id} to nothing"),
        (None, value) => format!("{key} of {id} to “{value}”"),
        (Some(old), value) => format!("{key} of {id} from “{old}” to “{value}”"),
    };
    Ok((new.ok_or_else(not_from_here)?, about))
}

/// The cases of the study with another table of them.
fn cases_by(study: &Snapshot, text: &str) -> Result<Cases, StudyError> {
    let (corpus, table) = (&study.corpus, CaseTable::parse(text));
    // A table in which nothing stands is none.
    let table = if text.trim().is_empty() { CaseTable::default() } else { table? };
    let table = table.leaving_out(study.settings.ignore.iter().chain(corpus.copies()));
    let speakers = speakers_of(&corpus.transcripts);
    Ok(assign_cases(&speakers, &corpus.roles, &corpus.people, &table)?)
}

/// The case with this id, as it is written or shown.
fn case_named(study: &Snapshot, cases: &Cases, name: &str) -> Result<usize, StudyError> {
    let ids = || cases.cases.iter().map(|case| case.id.as_str());
    let exact = ids().position(|id| id == name);
    let shown: Vec<usize> = (0..cases.cases.len())
        .filter(|&at| study.shown_text(&cases.cases[at].id) == name)
        .collect();
    match (exact, &shown[..]) {
        (Some(at), _) => Ok(at),
        (None, [at]) => Ok(*at),
        _ => {
            let list = || Remedy::by(Task::ListTranscripts, "see which there are");
            let remedy = Remedy::nearest(name, ids(), list);
            Err(CodebookError::Unknown { what: "case", name: name.to_owned(), remedy }.into())
        }
    }
}

/// Texts of the table in which a case might have this attribute, the least changed ones
/// first: which rows are about a case depends on all of them.
fn tries<'a>(
    study: &'a Snapshot,
    text: &'a str,
    (cases, at): (&'a Cases, usize),
    (header, value): (&'a str, &'a str),
) -> impl Iterator<Item = String> + 'a {
    let corpus = &study.corpus;
    let id = cases.cases[at].id.as_str();
    let of_case = move |t: usize| {
        let speakers = (0..).zip(&cases.of_speaker[t]);
        speakers.filter(move |(_, case)| **case == Some(at)).map(move |(s, _): (usize, _)| (t, s))
    };
    let places: Vec<(usize, usize)> = (0..cases.of_speaker.len()).flat_map(of_case).collect();
    let with_column = move || {
        let mut editing = Editing::new(text);
        if editing.table.rows.is_empty() {
            editing.column(TRANSCRIPT_COLUMNS);
        }
        let lower = header.to_lowercase();
        let column = editing.head().place_of(&[lower.as_str()]);
        let column = column.unwrap_or_else(|| editing.column(&[header]));
        (editing, column)
    };
    // Rows that name the case, its transcripts or its speakers.
    let mut rows: Vec<usize> = Vec::new();
    let editing = Editing::new(text);
    for (row, cells) in editing.table.rows.iter().enumerate().skip(1) {
        let names = |name: &str| cells.cells.iter().any(|cell| !cell.is_empty() && cell == name);
        let is_speaker =
            places.iter().any(|&(t, s)| names(&corpus.transcripts[t].speakers[s].label));
        let is_transcript = places.iter().any(|&(t, _)| {
            editing.rows_of(&corpus.transcripts[t].id).any(|(known, _)| known == row)
        });
        if names(id) || is_speaker || is_transcript {
            rows.push(row);
        }
    }
    let all = rows.clone();
    let single = rows.into_iter().map(move |row| {
        let (mut editing, column) = with_column();
        editing.put(row, &[(column, value)]);
        editing.text
    });
    let together = std::iter::once(all).map(move |rows| {
        let (mut editing, column) = with_column();
        for row in rows {
            editing.put(row, &[(column, value)]);
        }
        editing.text
    });
    let new = [false, true].into_iter().flat_map(move |has_speaker| {
        let new_row = move |(t, s): (usize, usize)| {
            let (mut editing, column) = with_column();
            let known = &corpus.transcripts[t];
            let transcript = editing.column(TRANSCRIPT_COLUMNS);
            let mut cells = vec![(transcript, known.id.as_str()), (column, value)];
            if has_speaker {
                cells.push((editing.column(SPEAKER_COLUMNS), known.speakers[s].label.as_str()));
            }
            editing.put(editing.table.rows.len(), &cells);
            editing.text
        };
        places.clone().into_iter().map(new_row)
    });
    single.chain(together).chain(new)
}
