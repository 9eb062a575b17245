//! `cases.csv`: attributes of people, and who is one person.
//!
//! The text of the table comes in; rows go out, and which speakers each is about.
//!
//! # The table
//!
//! ```text
//! transcript,role,region        a row a transcript: by id, or by file name if that is unique
//! participants/P01,GP,Wales
//!
//! transcript,speaker,case,age   a row a speaker; without `transcript`, of every transcript
//! FG1,Ada,ada,41
//! ```
//!
//! Columns that say which: `transcript` (also `file`, `interview`), `speaker`
//! (also `name`), `case` (also `id`, `participant`; `Ada` and `ada` are one). Every other
//! column is an attribute. A `role` of `interviewer`, `participant` or `other` in a row of a
//! speaker decides the speaker's role; `group` replaces the sub-folder.
//!
//! A row of a speaker in a transcript counts before rows of the speaker or of the transcript
//! alone; two rows that tell as closely and differ are a mistake. What is told of one interview
//! holds for all those of the person, unless it differs between interviews of anybody (`wave`,
//! `date`): then it is told of interviews ([`Cases::varying`](super::Cases::varying)).

use std::collections::{BTreeMap, BTreeSet};

use super::field_name;
use crate::base::{Diagnose, FilePlace, Remedy, Task, all_seen};
use crate::files::find::id_of;
use crate::files::tables::Table;
use crate::transcripts::people::People;
use crate::transcripts::roles::{DeclaredRoles, Role, RoleGuess};
use crate::transcripts::{TranscriptSpeakers, UNNAMED, normal_label, stem_of};

/// A row of `cases.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CaseRow {
    pub(super) line: usize,
    pub(super) transcript: Option<String>,
    pub(super) speaker: Option<String>,
    pub(super) case: Option<String>,
    pub(super) attributes: BTreeMap<String, String>,
}

impl CaseRow {
    /// Whether it is about one speaker of one transcript.
    pub(super) fn is_close(&self) -> bool {
        self.transcript.is_some() && self.speaker.is_some()
    }

    /// What it tells of whom it is about, the case too.
    pub(super) fn told(&self) -> impl Iterator<Item = (&str, &str)> {
        let of = self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        of.chain(self.case.as_deref().map(|case| ("case", case)))
    }
}

/// `cases.csv`, read but not yet matched with transcripts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseTable {
    pub(super) rows: Vec<CaseRow>,
    /// Files that are there and are no transcripts, without their endings.
    left_out: Vec<String>,
}

/// A mistake in `cases.csv`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct CasesError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
    /// What helps.
    pub remedy: Remedy,
}

impl Diagnose for CasesError {
    fn place(&self) -> Option<FilePlace> {
        Some(FilePlace { path: "cases.csv".to_owned(), line: Some(self.line) })
    }

    fn remedy(&self) -> Option<Remedy> {
        Some(self.remedy.clone())
    }
}

/// Names of the column that names a transcript.
pub const TRANSCRIPT_COLUMNS: &[&str] = &["transcript", "file", "interview", "filename"];
/// Names of the column that names a speaker.
pub const SPEAKER_COLUMNS: &[&str] = &["speaker", "name"];
/// Names of the column that names a case.
pub const CASE_COLUMNS: &[&str] = &["case", "id", "participant"];

impl CaseTable {
    /// Reads the text of `cases.csv`.
    ///
    /// # Errors
    /// [`CasesError`] with the line of a row that cannot be used.
    pub fn parse(text: &str) -> Result<Self, CasesError> {
        let error = |line: usize, problem: String, advice: &str| CasesError {
            line,
            problem,
            remedy: Remedy::new(advice),
        };
        let table = Table::parse(text, None);
        let (header, body) = table
            .split_head()
            .map_or((&[][..], &[][..]), |(head, body)| (head.cells.as_slice(), body));
        let place = |names: &[&str]| {
            header.iter().position(|name| names.contains(&name.to_lowercase().as_str()))
        };
        let (transcript, speaker, case) =
            (place(TRANSCRIPT_COLUMNS), place(SPEAKER_COLUMNS), place(CASE_COLUMNS));
        if transcript.or(speaker).or(case).is_none() {
            let problem = "no column says which transcript or speaker a row is about".to_owned();
            return Err(error(1, problem, "name one column `transcript` or `speaker`"));
        }
        for (at, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if header[..at].iter().any(|other| field_name(other) == field_name(name)) {
                let problem = format!("two columns are called `{name}`");
                return Err(error(1, problem, "give each column a name of its own"));
            }
        }
        let mut rows = Vec::new();
        for row in body {
            let line = row.line;
            let cell =
                |at: usize| Some(row.cell(at)).filter(|it| !it.is_empty()).map(str::to_owned);
            if row.cells.len() > header.len() {
                let problem = format!(
                    "the row has {} cells, the heading has {}",
                    row.cells.len(),
                    header.len()
                );
                return Err(error(
                    line,
                    problem,
                    "put a cell that holds a comma into double quotes",
                ));
            }
            let is_key = |at: usize| [transcript, speaker, case].contains(&Some(at));
            let attributes = (0..header.len()).filter(|&at| !is_key(at) && !header[at].is_empty());
            let attributes =
                attributes.filter_map(|at| Some((all_seen(&header[at]), all_seen(&cell(at)?))));
            let attributes = attributes.collect();
            let row = CaseRow {
                line,
                transcript: transcript.and_then(cell),
                speaker: speaker.and_then(cell),
                case: case.and_then(cell),
                attributes,
            };
            if row.transcript.as_ref().or(row.speaker.as_ref()).or(row.case.as_ref()).is_none() {
                let problem = "the row has no transcript and no speaker".to_owned();
                return Err(error(line, problem, "fill in its transcript or speaker"));
            }
            rows.push(row);
        }
        Ok(Self { rows, left_out: Vec::new() })
    }

    /// The same table, in which rows may also name these files: they are left out of the
    /// study, so their rows are about nobody, and no mistake.
    #[must_use]
    pub fn leaving_out<'p>(self, paths: impl IntoIterator<Item = &'p String>) -> Self {
        let left_out = paths.into_iter().map(|path| id_of(path).to_owned()).collect();
        Self { left_out, ..self }
    }

    /// Whether a row names a file that is left out.
    fn is_left_out(&self, row: &CaseRow) -> bool {
        let named = row.transcript.as_ref().or(row.case.as_ref());
        let named = named.map(|name| name.replace('\\', "/"));
        named.is_some_and(|name| {
            let is_meant = |id: &String| {
                [id.as_str(), stem_of(id)].iter().any(|id| *id == name || *id == id_of(&name))
            };
            self.left_out.iter().any(is_meant)
        })
    }

    /// Whether the table says of one transcript what it does not say of another.
    pub fn tells_apart(
        &self,
        transcripts: &[TranscriptSpeakers<'_>],
        one: usize,
        other: usize,
    ) -> bool {
        let by_name = Places::new(transcripts);
        let of = |t: usize| {
            let is_of = |row: &&CaseRow| {
                row.transcript.as_ref().is_some_and(|name| by_name.of(name).contains(&t))
            };
            let told =
                |row: &CaseRow| (row.speaker.clone(), row.case.clone(), row.attributes.clone());
            self.rows.iter().filter(is_of).map(told).collect::<BTreeSet<_>>()
        };
        let told = of(one);
        !told.is_empty() && told != of(other)
    }

    /// The roles that rows of speakers declare.
    pub fn declared_roles(&self, transcripts: &[TranscriptSpeakers<'_>]) -> DeclaredRoles {
        let mut declared = DeclaredRoles::new();
        let by_name = Places::new(transcripts);
        for row in &self.rows {
            let role = row.attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case("role"));
            let role = role.and_then(|(_, value)| Role::parse(value));
            // Nobody can write the label of whom the file does not name.
            let unnamed = UNNAMED.to_owned();
            let is_unnamed = row.transcript.is_some() && role == Some(Role::Participant);
            let speaker = row.speaker.as_ref().or(is_unnamed.then_some(&unnamed));
            if let (Some(speaker), Some(role)) = (speaker, role) {
                let told = RoleGuess::declared(role, &format!("cases.csv, line {}", row.line));
                let places = row.transcript.as_ref().map(|name| by_name.of(name));
                let places = places
                    .map_or_else(|| vec![None], |all| all.iter().copied().map(Some).collect());
                for place in places {
                    declared.insert((place, normal_label(speaker)), told.clone());
                }
            }
        }
        declared
    }

    /// Finds the transcripts and speakers that each row is about:
    /// (row, transcript, speaker or all participants of it).
    pub(super) fn matches(
        &self,
        transcripts: &[TranscriptSpeakers<'_>],
        people: &People,
    ) -> Result<Vec<(usize, usize, Option<usize>)>, CasesError> {
        let by_name = Places::new(transcripts);
        // By label, then by name: the first speaker of each transcript.
        let mut by_label: BTreeMap<String, BTreeMap<usize, usize>> = BTreeMap::new();
        for (t, (transcript, names)) in transcripts.iter().zip(&people.names).enumerate() {
            let labels = transcript.speakers.iter().map(|speaker| &speaker.label);
            for (s, label) in labels.enumerate().chain(names.iter().enumerate()) {
                by_label.entry(normal_label(label)).or_default().entry(t).or_insert(s);
            }
        }
        let mut found = Vec::new();
        for (row_idx, row) in self.rows.iter().enumerate() {
            // A single `case` column names a transcript or a speaker.
            let lone_case = row.transcript.is_none() && row.speaker.is_none();
            let (named, label) =
                if lone_case { (&row.case, None) } else { (&row.transcript, row.speaker.as_ref()) };
            let label = label.map(|label| normal_label(label));
            let everywhere = |label: &str| {
                let places = by_label.get(label).into_iter().flatten();
                places.map(move |(&t, &s)| (row_idx, t, Some(s)))
            };
            let n_before = found.len();
            if let Some(name) = named {
                let places = by_name.of(name);
                if places.len() > 1 && !places.iter().any(|&t| transcripts[t].id == name) {
                    let ids: Vec<&str> = places.iter().map(|&t| transcripts[t].id).collect();
                    return Err(CasesError {
                        line: row.line,
                        problem: format!("`{name}` could be {}", ids.join(" or ")),
                        remedy: Remedy::new("write the path of the transcript, without its ending"),
                    });
                }
                for &t in places {
                    match &label {
                        Some(label) => {
                            let s = by_label.get(label).and_then(|of| of.get(&t));
                            found.extend(s.map(|&s| (row_idx, t, Some(s))));
                        }
                        None => found.push((row_idx, t, None)),
                    }
                }
                if lone_case && places.is_empty() {
                    found.extend(everywhere(&normal_label(name)));
                }
                if places.is_empty() && found.len() == n_before {
                    if self.is_left_out(row) {
                        continue;
                    }
                    return Err(Self::unknown(row, name, transcripts, lone_case));
                }
            } else if let Some(label) = &label {
                found.extend(everywhere(label));
            }
            if found.len() == n_before {
                let name = row.speaker.as_deref().unwrap_or_default();
                return Err(Self::unknown(row, name, transcripts, true));
            }
        }
        Ok(found)
    }

    fn unknown(
        row: &CaseRow,
        name: &str,
        transcripts: &[TranscriptSpeakers<'_>],
        speakers: bool,
    ) -> CasesError {
        let ids = transcripts.iter().flat_map(|t| [t.id, stem_of(t.id)]);
        let labels = transcripts
            .iter()
            .filter(|_| speakers)
            .flat_map(|t| t.speakers.iter().map(|s| s.label.as_str()));
        CasesError {
            line: row.line,
            problem: if speakers && row.transcript.is_none() {
                format!("`{name}` is neither a transcript nor a speaker of this study")
            } else {
                format!("`{name}` is not a transcript of this study")
            },
            remedy: Remedy::nearest(name, ids.chain(labels), || {
                Remedy::by(Task::ListTranscripts, "see which there are")
            }),
        }
    }
}

/// The transcripts by what cells may name them, in lower case: by id, by file name.
struct Places {
    by_id: BTreeMap<String, Vec<usize>>,
    by_stem: BTreeMap<String, Vec<usize>>,
}

impl Places {
    fn new(transcripts: &[TranscriptSpeakers<'_>]) -> Self {
        let mut places = Self { by_id: BTreeMap::new(), by_stem: BTreeMap::new() };
        for (t, transcript) in transcripts.iter().enumerate() {
            let id = transcript.id;
            places.by_id.entry(id.to_lowercase()).or_default().push(t);
            places.by_stem.entry(stem_of(id).to_lowercase()).or_default().push(t);
        }
        places
    }

    /// The transcripts that a cell may name: by id, by path, or by file name.
    fn of(&self, name: &str) -> &[usize] {
        let name = name.replace('\\', "/").to_lowercase();
        let bare = match name.rsplit_once('.') {
            Some((bare, ending)) if ending.len() <= 4 => bare,
            _ => &name,
        };
        [&self.by_id, &self.by_stem]
            .into_iter()
            .find_map(|by| by.get(&name).or_else(|| by.get(bare)))
            .map_or(&[], Vec::as_slice)
    }
}
