//! What goes wrong, for people: one type, whatever shows it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something a person should know: what is wrong, where, and what helps.
///
/// Nothing in it names a command or a button: whoever shows it adds what the
/// [`Task`] of its remedy is called there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Where it is; `None` if it is in no file.
    pub place: Option<FilePlace>,
    /// What is wrong: lower case, no final period.
    pub problem: String,
    /// What helps, where something does.
    pub remedy: Option<Remedy>,
}

/// A file, or a line of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FilePlace {
    /// The file, as a path inside the study where it is there.
    pub path: String,
    /// The line, from 1, where one can be named.
    pub line: Option<usize>,
}

/// What helps against a problem.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Remedy {
    /// What to do, in words that hold wherever it is shown.
    pub advice: String,
    /// What in this program does it, where something does.
    pub task: Option<Task>,
}

/// Something that a person can have done, on the command line or on a page.
///
/// Whoever shows a remedy says by what: a command, a button, a page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Task {
    /// Name the folder of the study.
    ChooseStudy,
    /// Keep derived data and decisions in another folder.
    MoveStore,
    /// Write over a file that is there.
    Overwrite,
    /// Choose what of a report is written.
    ChooseContents,
    /// See the transcripts, cases and speakers, with their roles.
    ListTranscripts,
    /// Read what `study.toml` may hold.
    ReadSettings,
    /// Read a transcript with its line numbers.
    ReadTranscript(String),
    /// Have candidate themes suggested.
    SuggestThemes,
    /// Have candidates counted and not codes.
    CountCandidates,
    /// Put interviews in the order of what is known of them.
    OrderInterviews,
    /// Make a theme of a candidate.
    AcceptCandidate,
    /// Give a theme or code another name.
    RenameTheme,
    /// See which candidates were rejected.
    ListRejected,
    /// See the codebook.
    ListCodes,
    /// Make a code.
    AddCode,
    /// Keep a quotation under a code.
    AddQuotation,
    /// See quotations with their numbers.
    ListQuotations,
    /// See quotations whose words are not where they were.
    ListStaleQuotations,
    /// Keep the new places of quotations that were found again.
    ReanchorQuotations,
    /// Have passages proposed for a code.
    Propose,
    /// See which proposals were rejected.
    ListRefusals,
    /// See memos with their numbers.
    ListMemos,
    /// See what was decided.
    ListDecisions,
    /// Undo the last decision.
    Undo,
    /// Build the record of decisions anew from what is whole.
    Restore,
    /// See the key of names.
    ListPseudonyms,
    /// Take a name off the key.
    RemovePseudonym(String),
    /// Have names proposed for the key.
    ScanNames,
    /// Find the quotes of a report again.
    VerifyReport,
}

impl Diagnostic {
    /// A problem that is in no file, without a remedy.
    pub fn new(problem: impl Into<String>) -> Self {
        Self { place: None, problem: problem.into(), remedy: None }
    }

    /// The same, in a file; in none if neither path nor line is known.
    #[must_use]
    pub fn in_file(self, path: impl Into<String>, line: Option<usize>) -> Self {
        let place = FilePlace { path: path.into(), line };
        let is_known = !place.path.is_empty() || line.is_some();
        Self { place: is_known.then_some(place), ..self }
    }

    /// The same, on a line of a file that is named later; see [`of_file`](Self::of_file).
    #[must_use]
    pub fn on_line(self, line: impl Into<Option<usize>>) -> Self {
        self.in_file("", line.into())
    }

    /// The same, of this file, on the line that it is on.
    #[must_use]
    pub fn of_file(self, path: impl Into<String>) -> Self {
        let line = self.line();
        self.in_file(path, line)
    }

    /// All of it without the name of a task, for comparing in tests.
    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        let place = self.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
        let remedy = self.remedy.as_ref();
        let hint = remedy.map_or_else(String::new, |it| format!("\n  hint: {}", it.advice));
        format!("{place}{}{hint}", self.problem)
    }

    /// The line, where one can be named.
    pub fn line(&self) -> Option<usize> {
        self.place.as_ref().and_then(|place| place.line)
    }

    /// The same, with what helps, if anything is said of it.
    #[must_use]
    pub fn with(self, remedy: impl Into<Option<Remedy>>) -> Self {
        let remedy = remedy.into();
        let is_said = |it: &Remedy| !it.advice.is_empty() || it.task.is_some();
        Self { remedy: remedy.filter(is_said), ..self }
    }
}

impl Remedy {
    /// What a person does without this program, or with whatever they have before
    /// them.
    pub fn new(advice: impl Into<String>) -> Self {
        Self { advice: advice.into(), task: None }
    }

    /// What a task of this program does.
    pub fn by(task: Task, advice: impl Into<String>) -> Self {
        Self { advice: advice.into(), task: Some(task) }
    }

    /// The known name that `typed` most likely means; else what `otherwise` says.
    pub fn nearest<'n>(
        typed: &str,
        known: impl IntoIterator<Item = &'n str>,
        otherwise: impl FnOnce() -> Self,
    ) -> Self {
        super::nearest(typed, known)
            .map_or_else(otherwise, |near| Self::new(format!("did you mean `{near}`?")))
    }
}

/// An error that says where it is and what helps; what is wrong is its text, which
/// holds no advice.
pub trait Diagnose: std::error::Error {
    /// Where it is.
    fn place(&self) -> Option<FilePlace> {
        None
    }

    /// What helps.
    fn remedy(&self) -> Option<Remedy> {
        None
    }

    /// All of it.
    fn diagnostic(&self) -> Diagnostic {
        Diagnostic { place: self.place(), problem: self.to_string(), remedy: self.remedy() }
    }
}

impl fmt::Display for FilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.path.as_str(), self.line) {
            ("", Some(line)) => write!(f, "line {line}"),
            (path, Some(line)) => write!(f, "{path}:{line}"),
            (path, None) => write!(f, "{path}"),
        }
    }
}
