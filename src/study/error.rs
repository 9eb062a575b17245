//! Why a study cannot do what was asked of it.

use std::io;
use std::path::{Path, PathBuf};

use super::SettingsError;
use crate::base::{Diagnose, Diagnostic, FilePlace, Remedy, Stopped, Task};
use crate::codebook::CodebookError;
use crate::compare::coders::AgreementError;
use crate::compare::groups::AttributeError;
use crate::corpus::CorpusError;
use crate::exchange::ExchangeError;
use crate::files::find::plain;
use crate::pseudonyms::PseudonymError;
use crate::search::SearchError;
use crate::store::StoreError;
use crate::transcripts::cases::CasesError;
use crate::verify::ReportError;

/// Why a study cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The folder is missing or is a file.
    #[error("`{}` is not a folder", .0.display())]
    NoFolder(PathBuf),
    /// Nothing to read.
    #[error(
        "no transcript in `{}`\n  looked for {looked_for} files, also in folders inside it",
        folder.display()
    )]
    NoTranscripts {
        /// The study's folder.
        folder: PathBuf,
        /// The endings.
        looked_for: String,
        /// The files that were found and could not be read.
        refused: Vec<Diagnostic>,
    },
    /// A mistake in `study.toml`.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A mistake in `cases.csv`.
    #[error(transparent)]
    Cases(#[from] CasesError),
    /// A file of the study itself cannot be read.
    #[error("`{path}` cannot be read: {problem}")]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// The derived data cannot be written.
    #[error("`{}` cannot be written: {problem}", path.display())]
    Store {
        /// What was to be written.
        path: PathBuf,
        /// What the file system says.
        problem: String,
    },
    /// A text or lines that are not there.
    #[error(transparent)]
    Corpus(CorpusError),
    /// The query cannot be read or answered, or the index failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// A transcript that the study does not have.
    #[error("there is no transcript `{id}`")]
    UnknownTranscript {
        /// What was asked for.
        id: String,
        /// The nearest, or where the list is.
        remedy: Remedy,
    },
    /// A transcript that is left out, since another one is the same word for word, on other
    /// lines.
    #[error("`{id}` is not read: it is the same interview as `{of}`, word for word")]
    Copy {
        /// What was asked for.
        id: String,
        /// What is read in its place.
        of: String,
    },
    /// An attribute by which nothing can be compared.
    #[error(transparent)]
    NoComparison(#[from] AttributeError),
    /// Coders that cannot be compared.
    #[error(transparent)]
    NoAgreement(#[from] AgreementError),
    /// No program is known that could name candidates.
    #[error("study.toml names no program that gives names")]
    NoNamer,
    /// A version of the themes that is not kept.
    #[error("there is no version {number} of the themes")]
    UnknownVersion {
        /// What was asked for.
        number: u32,
        /// The first and the last that there is.
        known: Option<(u32, u32)>,
    },
    /// A version of the themes that says something else than would be listed now.
    #[error("the themes are not those of version {version} any more")]
    Outdated {
        /// The version.
        version: u32,
    },
    /// Somebody has changed what an act is about after its person looked.
    #[error("{coder} has decided meanwhile: {did} (decision {number})")]
    Conflict {
        /// The decision.
        number: u32,
        /// Who made it.
        coder: String,
        /// What it did.
        did: String,
    },
    /// What a person marked is not what is shown there now.
    #[error("`{id}` is shown otherwise than when you marked it; nothing was kept")]
    StaleSelection {
        /// The transcript.
        id: String,
    },
    /// A candidate that a person looked at is not what is listed under its number now.
    #[error("candidate {number} is not the one that you looked at any more")]
    StaleCandidate {
        /// Its number.
        number: usize,
    },
    /// A file that an act would change back was changed by hand since.
    #[error("`{path}` was changed outside Leitmotif since")]
    ChangedByHand {
        /// The file, inside the study.
        path: String,
    },
    /// A file of the study that an act would change cannot be written.
    #[error("this file cannot be changed: {problem}")]
    NotChanged {
        /// The file, inside the study.
        path: String,
        /// Why not.
        problem: String,
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
    #[error("the key of names `{}` is missing, so nothing is shown", file.display())]
    NoKey {
        /// Where it should be.
        file: PathBuf,
    },
    /// A folder that holds no index to search.
    #[error("there is no index that can be searched in `{}`: {problem}", folder.display())]
    NoIndex {
        /// The folder.
        folder: PathBuf,
        /// Why not.
        problem: &'static str,
    },
    /// An index whose names are on a key that is not there: they would be shown.
    #[error("names in this index are on the key of its study, so nothing is shown without it")]
    NamesHidden,
    /// A report that is not there.
    #[error("`{}` cannot be read: {problem}", path.display())]
    NoReport {
        /// The report.
        path: PathBuf,
        /// What the file system says.
        problem: String,
    },
    /// A report that cannot be understood.
    #[error("{error}")]
    Report {
        /// The report.
        path: PathBuf,
        /// Why.
        error: ReportError,
    },
    /// A report that cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The work was stopped before its end; nothing is half-written.
    #[error("stopped before the end")]
    Stopped,
}

impl From<CorpusError> for StudyError {
    fn from(error: CorpusError) -> Self {
        match error {
            CorpusError::Stopped(stopped) => stopped.into(),
            error => Self::Corpus(error),
        }
    }
}

impl From<Stopped> for StudyError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// Whose fault it is that something cannot be done: what a page, a program or a person
/// does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// What was asked for is not there.
    Unknown,
    /// Somebody has changed it since it was looked at.
    Stale,
    /// It cannot be asked for like this.
    Mistake,
    /// Another process is deciding.
    Held,
    /// The store is not where it was.
    Moved,
    /// There is no room to keep it.
    NotKept,
    /// The study cannot be read or written.
    Study,
}

impl StudyError {
    /// What a refusal of the disk becomes, for a path that is written.
    pub(crate) fn cannot_write(path: &Path) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Store { path: path.clone(), problem: plain(&error) }
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::UnknownTranscript { .. }
            | Self::Copy { .. }
            | Self::UnknownVersion { .. }
            | Self::Codebook(CodebookError::Unknown { .. }) => Fault::Unknown,
            Self::Conflict { .. }
            | Self::Outdated { .. }
            | Self::ChangedByHand { .. }
            | Self::StaleSelection { .. }
            | Self::StaleCandidate { .. } => Fault::Stale,
            Self::Codebook(_)
            | Self::Settings(_)
            | Self::NotChanged { .. }
            | Self::Cases(_)
            | Self::Corpus(_)
            | Self::NoComparison(_)
            | Self::NoAgreement(_)
            | Self::NoIndex { .. }
            | Self::NamesHidden
            | Self::NoReport { .. }
            | Self::Report { .. }
            | Self::Pseudonym(_)
            | Self::Search(
                SearchError::Query(_)
                | SearchError::NoGroup { .. }
                | SearchError::TooMuch
                | SearchError::Corpus(_),
            ) => Fault::Mistake,
            Self::Decisions(StoreError::Held { .. }) => Fault::Held,
            Self::Decisions(StoreError::Moved { .. }) => Fault::Moved,
            Self::Decisions(StoreError::NotKept { .. }) => Fault::NotKept,
            _ => Fault::Study,
        }
    }
}

impl Diagnose for StudyError {
    fn remedy(&self) -> Option<Remedy> {
        let advice = match self {
            Self::NoFolder(_) => "give the folder that holds the transcripts",
            Self::NoTranscripts { refused, .. } if refused.is_empty() => {
                return Some(Remedy::by(
                    Task::ChooseStudy,
                    "put the transcripts there, or name their folder",
                ));
            }
            Self::NoTranscripts { .. } => "the files named above were found, but could not be read",
            Self::Unreadable { .. } => "check that you may read it and that it is a text in UTF-8",
            Self::Store { .. } => {
                return Some(Remedy::by(Task::MoveStore, "give another place for it"));
            }
            Self::UnknownTranscript { remedy, .. } => return Some(remedy.clone()),
            Self::Copy { of, .. } => {
                return Some(Remedy::new(format!("name `{of}` and its lines, which are others")));
            }
            Self::NoComparison(error) => return error.remedy(),
            Self::UnknownVersion { known, .. } => {
                return Some(match known {
                    Some((first, last)) if first < last => {
                        Remedy::new(format!("versions {first} to {last} are saved"))
                    }
                    Some((only, _)) => Remedy::new(format!("only version {only} is saved")),
                    None => Remedy::by(Task::SuggestThemes, "none is kept yet; have themes listed"),
                });
            }
            Self::NoNamer => "write `[naming]` and `command = [\"./namer.sh\"]` there",
            Self::Outdated { .. } => {
                return Some(Remedy::by(Task::SuggestThemes, "look at them again, then decide"));
            }
            Self::StaleSelection { .. } => "look at the text as it is now, and mark it again",
            Self::StaleCandidate { .. } => "look at it again, then decide",
            Self::Conflict { .. } => "look again, then decide",
            Self::ChangedByHand { .. } => {
                "nothing was done, so that no change is lost; make the change in the file yourself"
            }
            Self::NotChanged { .. } => {
                "let yourself write to it, or make the change there yourself; nothing was done"
            }
            Self::NoKey { .. } => {
                "put it back, or write a file there with the line `name,pseudonym,rule`"
            }
            Self::NoIndex { .. } => {
                "have it written anew, into a folder of its own that every machine sees"
            }
            Self::NamesHidden => return Some(Remedy::by(Task::ChooseStudy, "name that study")),
            Self::NoReport { .. } => "give the path of the report",
            Self::Cases(error) => return error.remedy(),
            Self::Corpus(error) => return error.remedy(),
            Self::Search(error) => return error.remedy(),
            Self::Pseudonym(error) => return error.remedy(),
            Self::Codebook(error) => return error.remedy(),
            Self::Decisions(error) => return error.remedy(),
            Self::NoAgreement(error) => return error.remedy(),
            Self::Exchange { error, .. } => return error.remedy(),
            Self::Settings(error) => return error.remedy(),
            Self::Write(error) => return error.remedy(),
            Self::Report { error, .. } => return error.remedy(),
            _ => return None,
        };
        Some(Remedy::new(advice))
    }

    fn place(&self) -> Option<FilePlace> {
        match self {
            Self::Cases(error) => error.place(),
            Self::Pseudonym(error) => error.place(),
            Self::Settings(error) => error.place(),
            Self::Report { path, error } => {
                let line = error.place().and_then(|place| place.line);
                Some(FilePlace { path: path.display().to_string(), line })
            }
            Self::NoAgreement(error) => error.place(),
            Self::NotChanged { path, .. } => Some(FilePlace { path: path.clone(), line: None }),
            _ => None,
        }
    }
}

/// Why a report is not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The kind of file cannot hold the contents alone.
    #[error("a .{ending} file does not hold {contents} alone")]
    Contents {
        /// The ending.
        ending: String,
        /// What was asked for.
        contents: &'static str,
    },
    /// A table does not hold a whole report.
    #[error("a .csv file holds one table, not the whole report")]
    WholeTable,
    /// The file would be one of the study's, or take the place of one.
    #[error("`{}` is inside the study, where nothing is exported", .0.display())]
    InsideStudy(PathBuf),
    /// Something is there already.
    #[error("there is a file `{}` already", .0.display())]
    Exists(PathBuf),
    /// The folder holds files that are none of these tables.
    #[error("`{}` holds `{other}`, which was not exported as a table", path.display())]
    OtherFiles {
        /// The folder.
        path: PathBuf,
        /// The name of such a file.
        other: String,
    },
    /// Pseudonyms leave two with one name, so that rows could not be told apart.
    #[error("two {what} are both shown as `{name}`")]
    SameName {
        /// What there are two of.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// The file system refuses.
    #[error("`{}` cannot be written: {problem}", path.display())]
    Failed {
        /// The path.
        path: PathBuf,
        /// What it says.
        problem: String,
    },
}

impl Diagnose for WriteError {
    fn remedy(&self) -> Option<Remedy> {
        Some(match self {
            Self::Contents { .. } => Remedy::new("write it as .csv or .md"),
            Self::WholeTable => Remedy::by(
                Task::ChooseContents,
                "ask for quotes, codebook or matrix, or write it as .xlsx",
            ),
            Self::InsideStudy(_) => Remedy::new("write it outside the study’s folder"),
            Self::Exists(_) => Remedy::by(Task::Overwrite, "choose another name, or write over it"),
            Self::OtherFiles { .. } => Remedy::new("choose a new folder; nothing was changed"),
            Self::SameName { .. } => Remedy::new("give them different pseudonyms"),
            Self::Failed { .. } => {
                Remedy::new("check that the folder exists and that the disk is not full")
            }
        })
    }
}

/// A problem with what a person asks for.
pub(crate) fn refused(problem: impl Into<String>, advice: &str) -> StudyError {
    CodebookError::Refused { problem: problem.into(), remedy: Remedy::new(advice) }.into()
}
