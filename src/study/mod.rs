//! The façade: opens a study folder, keeps what is derived up to date, and
//! runs the stages. `cli` calls this and nothing below it.
//!
//! A folder comes in; transcripts, cases, candidate themes and quotes go out.
//! The main type is [`Study`].

mod acts;
pub mod agreement;
mod anchors;
pub mod candidates;
mod catalogue;
pub mod codebook;
pub mod compare;
pub mod concordance;
pub mod decisions;
pub mod document;
mod evidence;
pub mod exchange;
pub mod features;
mod fields;
pub mod growth;
pub mod pseudonyms;
pub mod saturation;
pub mod search;
pub mod settings;
pub mod similar;
pub mod themes;
mod update;
pub mod verify;
pub mod versions;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::base::{Diagnostic, Lines, Span, Warned};
use crate::codebook::CodebookError;
use crate::codebook::history::History;
use crate::exchange::ExchangeError;
use crate::ingest::Known;
use crate::passages::Passage;
use crate::pseudonyms::PseudonymError;
use crate::search::SearchError;
use crate::search::index::{IndexReader, PassageIndex};
use crate::search::naming::Names;
use crate::search::parse::QueryError;
use crate::sources;
use crate::store::StoreError;
use crate::terms::{Analysis, Analyzer, Language, analyze};
use crate::transcripts::Transcript;
use crate::transcripts::cases::{Case, Cases, CasesError};
use crate::transcripts::roles::{Role, RoleGuess};
use crate::verify::ReportError;

pub use settings::{Settings, SettingsError};
pub use update::UpdateReport;

/// The folder of derived data and decisions inside a study.
pub const STORE: &str = ".leitmotif";

/// Why a study cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The folder is missing or is a file.
    #[error("`{}` is not a folder\n  hint: give the folder that holds the transcripts", .0.display())]
    NoFolder(PathBuf),
    /// Nothing to read.
    #[error(
        "no transcript in `{}`\n  looked for: {looked_for} files, also in sub-folders\n  hint: {hint}",
        folder.display()
    )]
    NoTranscripts {
        /// The study's folder.
        folder: PathBuf,
        /// The endings.
        looked_for: String,
        /// What to do.
        hint: String,
        /// The files that were found and could not be read.
        refused: Vec<Diagnostic>,
    },
    /// Two files with one id.
    #[error(
        "`{first}` and `{second}` would both be the transcript `{id}`\n  hint: rename one of them, or list it under `ignore` in study.toml"
    )]
    SameId {
        /// The id that both would have.
        id: String,
        /// One file.
        first: String,
        /// The other file.
        second: String,
    },
    /// A mistake in `study.toml`.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A mistake in `cases.csv`.
    #[error(transparent)]
    Cases(#[from] CasesError),
    /// A file of the study itself cannot be read.
    #[error(
        "`{path}` cannot be read: {problem}\n  hint: check that you may read it and that it is a text in UTF-8"
    )]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// The derived data cannot be written.
    #[error("`{}` cannot be written: {problem}\n  hint: give another place for it with `--store DIR`", path.display())]
    Store {
        /// What was to be written.
        path: PathBuf,
        /// What the file system says.
        problem: String,
    },
    /// The query cannot be read, or asks for what the study does not have.
    #[error(transparent)]
    Query(QueryError),
    /// The query matches too much.
    #[error("{0}\n  hint: write more letters of each word, or ask for parts of it one by one")]
    TooMuch(SearchError),
    /// The index failed.
    #[error("{0}\n  hint: delete the folder `.leitmotif/index`; it is built again")]
    Search(SearchError),
    /// A transcript that the study does not have.
    #[error("there is no transcript `{id}`\n  hint: {hint}")]
    UnknownTranscript {
        /// What was asked for.
        id: String,
        /// The nearest, or where the list is.
        hint: String,
    },
    /// An attribute by which nothing can be compared.
    #[error("{problem}\n  hint: {hint}")]
    NoComparison {
        /// What is wrong.
        problem: String,
        /// What to do.
        hint: String,
    },
    /// Coders that cannot be compared.
    #[error("{problem}\n  hint: {hint}")]
    NoAgreement {
        /// What is wrong.
        problem: String,
        /// What to do.
        hint: String,
    },
    /// A version of the themes that is not kept.
    #[error("there is no version {number} of the themes\n  hint: {hint}")]
    UnknownVersion {
        /// What was asked for.
        number: u32,
        /// Which there are.
        hint: String,
    },
    /// What was asked for cannot be done with the codebook as it is.
    #[error(transparent)]
    Codebook(#[from] CodebookError),
    /// What people decided cannot be read or kept.
    #[error(transparent)]
    Decisions(#[from] StoreError),
    /// A file of another tool that cannot be read or written.
    #[error("`{}`: {error}", path.display())]
    Exchange {
        /// The file.
        path: PathBuf,
        /// Why.
        error: ExchangeError,
    },
    /// A mistake in the key of pseudonyms, or in what is to be put there.
    #[error(transparent)]
    Pseudonym(#[from] PseudonymError),
    /// The key that study.toml names is missing: names would be shown.
    #[error(
        "the key of pseudonyms `{}` is missing\n  hint: put it back, or write a file there with the line `name,pseudonym,rule`",
        file.display()
    )]
    NoKey {
        /// Where it should be.
        file: PathBuf,
    },
    /// A report that is not there.
    #[error("`{}` cannot be read: {problem}\n  hint: give the path of the report", path.display())]
    NoReport {
        /// The report.
        path: PathBuf,
        /// What the file system says.
        problem: String,
    },
    /// A report that cannot be understood.
    #[error("`{}`: {error}", path.display())]
    Report {
        /// The report.
        path: PathBuf,
        /// Why.
        error: ReportError,
    },
    /// A report that cannot be written.
    #[error(transparent)]
    Write(#[from] document::WriteError),
    /// A quote whose speakers are in no group.
    #[error(
        "nobody who speaks in these lines of `{id}` is in a group\n  hint: put transcripts into sub-folders, or give cases.csv a column `group`"
    )]
    NoGroup {
        /// The transcript.
        id: String,
    },
    /// Lines that a transcript does not have.
    #[error(
        "`{id}` has no lines {first}-{last}\n  hint: it has {n_lines} lines; `leitmotif show {id}` prints them"
    )]
    UnknownLines {
        /// The transcript.
        id: String,
        /// The first line asked for.
        first: u32,
        /// The last line asked for.
        last: u32,
        /// How many lines there are.
        n_lines: u32,
    },
}

impl From<SearchError> for StudyError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Query(error) => Self::Query(error),
            SearchError::TooMuch => Self::TooMuch(error),
            error => Self::Search(error),
        }
    }
}

/// How long each stage took, in the order in which they ran.
#[derive(Debug, Clone, Default)]
pub struct StageTimes {
    /// Name and duration.
    pub stages: Vec<(&'static str, Duration)>,
}

impl StageTimes {
    /// Runs a stage and notes how long it took.
    pub(crate) fn run<T>(&mut self, name: &'static str, stage: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = stage();
        self.stages.push((name, start.elapsed()));
        value
    }
}

/// One research project: a folder of transcripts and what is derived from it.
pub struct Study {
    root: PathBuf,
    store: PathBuf,
    /// What `study.toml` says.
    pub settings: Settings,
    /// The transcripts, in natural order of their ids.
    pub transcripts: Vec<Known>,
    /// The place of each transcript's first passage among all passages.
    pub offsets: Vec<u32>,
    /// The role of every speaker of every transcript.
    pub roles: Vec<Vec<RoleGuess>>,
    /// Whom the transcripts are about.
    pub cases: Cases,
    /// Files that are no transcripts by their names, with the reason.
    pub left_alone: Vec<(String, &'static str)>,
    /// How long the stages took.
    pub times: StageTimes,
    /// The key of pseudonyms.
    key: pseudonyms::Key,
    revision: String,
    /// When each transcript's file was last changed, in nanoseconds since 1970.
    modified_ns: Vec<i128>,
    /// The labels of all speakers, once a question has been asked.
    names: OnceLock<Names>,
    /// What people decided, once it has been asked for.
    history: OnceLock<History>,
    /// What every search needs, once there has been one.
    searching: OnceLock<Searching>,
}

/// The index, opened, and the passages as far as ranking goes.
struct Searching {
    index: IndexReader,
    /// Words of each passage.
    n_words: Vec<u32>,
    /// The passages of each transcript among all passages.
    ranges: Vec<Range<usize>>,
    /// The transcript of each passage.
    transcript_of: Vec<u32>,
    /// By what each passage's score is multiplied, for who says it.
    gains: Vec<f64>,
    /// The languages spoken, and what stems their words.
    analyzers: Vec<Analyzer>,
}

impl Study {
    /// Finds the folder of the study: `given`, else the nearest folder from
    /// `working` upward that holds `.leitmotif`, else `working`.
    ///
    /// # Errors
    /// [`StudyError::NoFolder`] if `given` is no folder.
    pub fn find_root(given: Option<&Path>, working: &Path) -> Result<PathBuf, StudyError> {
        if let Some(given) = given {
            return if given.is_dir() {
                Ok(given.to_owned())
            } else {
                Err(StudyError::NoFolder(given.to_owned()))
            };
        }
        let holds_store = |folder: &&Path| folder.join(STORE).is_dir();
        Ok(working.ancestors().find(holds_store).unwrap_or(working).to_owned())
    }

    /// Opens the study in `root` and brings derived data up to date. `store` is
    /// the folder that holds `.leitmotif`, if not the study's own.
    /// `progress` is told the files done and the files to do.
    ///
    /// # Errors
    /// [`StudyError`]; trouble with single files is in the report's warnings.
    pub fn open(
        root: &Path,
        store: Option<&Path>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Warned<(Self, UpdateReport)>, StudyError> {
        update::open(root, store.unwrap_or(root).join(STORE), progress)
    }

    /// Where the study's files are.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// How many passages all transcripts have.
    pub fn n_passages(&self) -> usize {
        self.transcripts.iter().map(|transcript| transcript.passages.len()).sum()
    }

    /// The transcript and the place in it of a passage of the study.
    pub fn place_of(&self, passage_idx: usize) -> (usize, usize) {
        let transcript = self.offsets.partition_point(|&offset| offset as usize <= passage_idx) - 1;
        (transcript, passage_idx - self.offsets[transcript] as usize)
    }

    /// A passage of the study.
    pub fn passage(&self, passage_idx: usize) -> &Passage {
        let (transcript, place) = self.place_of(passage_idx);
        &self.transcripts[transcript].passages[place]
    }

    /// The case that a passage is about; `None` for interviewers and others.
    pub fn case_of(&self, transcript: usize, speaker: u16) -> Option<&Case> {
        self.cases.of_speaker[transcript][usize::from(speaker)].map(|case| &self.cases.cases[case])
    }

    /// The role of a speaker.
    pub fn role_of(&self, transcript: usize, speaker: u16) -> Role {
        self.roles[transcript][usize::from(speaker)].role
    }

    /// The place of the transcript with this id, or with this file name if
    /// only one has it.
    ///
    /// # Errors
    /// [`StudyError::UnknownTranscript`] with the nearest known id.
    pub fn transcript_named(&self, id: &str) -> Result<usize, StudyError> {
        let stem = crate::transcripts::cases::stem_of;
        let bare = sources::find::id_of(id);
        let by = |test: &dyn Fn(&str) -> bool| {
            let mut found = (0..self.transcripts.len()).filter(|&t| test(&self.transcripts[t].id));
            found.next().filter(|_| found.next().is_none())
        };
        let found = by(&|known| known == id)
            .or_else(|| by(&|known| known == bare))
            .or_else(|| by(&|known| stem(known) == id))
            .or_else(|| by(&|known| self.as_pseudonym(known) == id))
            .or_else(|| by(&|known| self.as_pseudonym(stem(known)) == id));
        found.ok_or_else(|| {
            let ids = self.transcripts.iter().flat_map(|t| [t.id.as_str(), stem(&t.id)]);
            let hint = crate::base::nearest(id, ids).map_or_else(
                || "`leitmotif info` lists the transcripts".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            StudyError::UnknownTranscript { id: id.to_owned(), hint }
        })
    }

    /// Reads a transcript's text from the derived data, or again from its file.
    ///
    /// # Errors
    /// [`StudyError::Unreadable`] if both are gone.
    pub fn read_transcript(&self, transcript: usize) -> Result<Transcript, StudyError> {
        update::read_transcript(self, transcript)
    }

    /// Reads a transcript's words from the derived data, or makes them again.
    ///
    /// # Errors
    /// [`StudyError::Unreadable`] if the text is gone.
    pub fn read_analysis(&self, transcript: usize) -> Result<Analysis, StudyError> {
        let known = &self.transcripts[transcript];
        if let Some(analysis) =
            crate::store::cache::load(&update::terms_path(&self.store, &known.terms_key))
        {
            return Ok(analysis);
        }
        let text = self.read_transcript(transcript)?;
        let analyzer = self.analyzer(transcript);
        Ok(analyze(&text, &known.passages, &analyzer))
    }

    /// The analyzer of a transcript's language.
    pub fn analyzer(&self, transcript: usize) -> Analyzer {
        Analyzer::new(self.transcripts[transcript].language, &self.settings.analyzer())
    }

    /// The bytes of lines of a transcript.
    ///
    /// # Errors
    /// [`StudyError::UnknownLines`] if it has no such lines.
    pub fn lines_span(
        &self,
        t: usize,
        text: &Transcript,
        lines: Lines,
    ) -> Result<Span, StudyError> {
        text.lines.span_of(lines).ok_or_else(|| StudyError::UnknownLines {
            id: self.transcripts[t].id.clone(),
            first: lines.first,
            last: lines.last,
            n_lines: text.lines.n_lines(),
        })
    }

    /// Opens the index for reading, once.
    fn searching(&self) -> Result<&Searching, StudyError> {
        if let Some(searching) = self.searching.get() {
            return Ok(searching);
        }
        let folder = self.store.join("index");
        let index = PassageIndex::open(&folder, &self.revision);
        let index = index.ok_or_else(|| StudyError::Store {
            path: folder,
            problem: "the index is not current".to_owned(),
        })?;
        let n_numbers = self.transcripts.iter().map(|t| t.number as usize + 1).max().unwrap_or(0);
        let mut offsets = vec![None; n_numbers];
        for (transcript, &offset) in self.transcripts.iter().zip(&self.offsets) {
            offsets[transcript.number as usize] = Some(offset);
        }
        let range = |(known, &offset): (&Known, &u32)| {
            offset as usize..offset as usize + known.passages.len()
        };
        let passages = || {
            (0..)
                .zip(&self.transcripts)
                .flat_map(|(t, known)| known.passages.iter().map(move |p| (t, p)))
        };
        let languages: BTreeSet<Language> = self.transcripts.iter().map(|t| t.language).collect();
        let analyzer = |language| Analyzer::new(language, &self.settings.analyzer());
        let searching = Searching {
            index: index.reader(&offsets)?,
            n_words: passages().map(|(_, passage)| passage.n_words).collect(),
            ranges: self.transcripts.iter().zip(&self.offsets).map(range).collect(),
            transcript_of: passages().map(|(t, _)| t).collect(),
            gains: passages()
                .map(|(t, passage)| match self.role_of(t as usize, passage.speaker) {
                    Role::Interviewer => search::INTERVIEWER_GAIN,
                    Role::Participant | Role::Other => 1.0,
                })
                .collect(),
            analyzers: languages.into_iter().map(analyzer).collect(),
        };
        Ok(self.searching.get_or_init(|| searching))
    }
}
