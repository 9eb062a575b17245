//! The Python module `leitmotif._native`: what the package in `src/python/leitmotif` stands on.
//!
//! A folder comes in; a session holds it open. What is asked of it is a `Question` and
//! what is done to it an `Act`, both written as JSON, and so is each answer, so that it is what
//! the command prints. Tables go out as Arrow streams, without a copy. The package gives all
//! of this its names, types and documentation; there is nothing here that works out anything.
//!
//! No name on the key goes out: answers, warnings and errors pass through `Snapshot::shown`.

mod advice;
mod batch;
mod error;
mod question;
mod table;
mod wait;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::Serialize;

use self::error::{Refusal, warn};
use self::question::Answered;
use self::table::NativeTable;
use self::wait::wait_for;
use crate::answers::schema::DescribedAnswer;
use crate::answers::{FileRemark, Unshown};
use crate::base::{Diagnose as _, Diagnostic, Remedy, Warned};
use crate::codebook::act::Act;
use crate::session::{Decided, Opened, Seen, Session};
use crate::study::{self, StudyError};

/// The module, which Python finds under this name.
#[pymodule(name = "_native")]
mod native {
    #[pymodule_export]
    use super::batch::{
        NativeBatch, NativeFitting, NativeModel, NativePlacing, NativePlan, NativeProposals,
        NativeRows, NativeSetup, NativeShard, NativeSpread, NativeTally, NativeTeaching,
        NativeTerms, add_up, begin_index, has_key, own_text, passages_of, usual_language,
    };
    #[pymodule_export]
    use super::table::NativeTable;
    #[pymodule_export]
    use super::{NativeStudy, open, run_command, schema};
}

/// Opens the study in `root`; warns of what could not be used.
#[pyfunction]
fn open(
    py: Python<'_>,
    root: PathBuf,
    store: Option<PathBuf>,
    pseudonyms: bool,
    coder: Option<String>,
) -> PyResult<NativeStudy> {
    let opened = wait_for(py, move |waiting| -> Result<Session, Box<(Diagnostic, _)>> {
        let opened = study::find_root(Some(&root), &root)
            .and_then(|root| Session::open(&root, store.as_deref(), waiting));
        let opened = opened.map_err(|error| {
            let hides = study::pseudonyms_of_unopened(&root, store.as_deref());
            let hides = hides.filter(|_| pseudonyms);
            let refused = match &error {
                StudyError::NoTranscripts { refused, .. } => refused.clone(),
                _ => Vec::new(),
            };
            let told = Unshown::new((error.diagnostic(), refused));
            Box::new(told.shown(hides.as_deref()))
        });
        let Opened { session, .. } = opened?;
        if !pseudonyms {
            session.show_originals();
        }
        Ok(session)
    })?;
    match opened {
        Ok(session) => {
            let found = session.snapshot().found();
            warn(py, &crate::cli::advice::together(&found, "study.info()"))?;
            Ok(NativeStudy { session: Arc::new(session), coder })
        }
        Err(why) => {
            let (told, refused) = *why;
            warn(py, &refused)?;
            Err(Refusal::of_study(told).raised(py))
        }
    }
}

/// Runs the command line on `args`, the first of which is its name; returns its exit code.
#[pyfunction]
fn run_command(py: Python<'_>, args: Vec<OsString>) -> u8 {
    py.detach(|| crate::cli::run_with(args))
}

/// The JSON Schema of a command's answer, or of an act, as JSON.
#[pyfunction]
fn schema(py: Python<'_>, command: &str) -> PyResult<String> {
    if command == "act" {
        return Ok(crate::answers::schema::act().to_string());
    }
    let Some(answer) = DescribedAnswer::of(command) else {
        let known = crate::answers::schema::ANSWERS.iter().map(|answer| answer.command);
        let remedy = Remedy::nearest(command, known, || Remedy::new("name a command, as `themes`"));
        let unknown = Diagnostic::new(format!("there is no schema of `{command}`")).with(remedy);
        return Err(Refusal::mistake(unknown).raised(py));
    };
    Ok(answer.schema().to_string())
}

/// An open study.
#[pyclass(frozen)]
struct NativeStudy {
    session: Arc<Session>,
    /// Who decides, unless an act says otherwise.
    coder: Option<String>,
}

/// What was decided, for programs.
#[derive(Serialize)]
struct Done {
    /// The number of the decision; none for what the log does not hold.
    decision: Option<u32>,
    says: String,
    undo: Option<u32>,
    notes: Vec<String>,
    skipped: Vec<FileRemark>,
    revision: usize,
}

#[pymethods]
impl NativeStudy {
    /// Answers a question; both are JSON.
    fn ask<'py>(&self, py: Python<'py>, question: &str) -> PyResult<Bound<'py, PyBytes>> {
        let asked = question::parse(question).map_err(|refusal| self.raised(py, refusal))?;
        let session = Arc::clone(&self.session);
        let Answered { json, warnings } =
            self.worked(py, move |waiting| asked.answer(&session, waiting))?;
        warn(py, &warnings)?;
        Ok(PyBytes::new(py, &json))
    }

    /// Carries out an act, as a person who has seen so many decisions.
    fn act<'py>(
        &self,
        py: Python<'py>,
        act: &str,
        coder: Option<&str>,
        revision: Option<usize>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let act: Act = serde_json::from_str(act).map_err(|error| {
            let problem = question::in_plain_words(&error);
            let problem = Diagnostic::new(format!("this is no act: {problem}"));
            let remedy = Remedy::new("see what it may hold: `leitmotif.schema(\"act\")`");
            self.raised(py, Refusal::mistake(problem.with(remedy)))
        })?;
        let person = crate::cli::person(coder.or(self.coder.as_deref()), "python");
        // What is kept must be told, so that Ctrl-C waits for the end of it.
        let done = py.detach(|| -> Result<Vec<u8>, Refusal> {
            let seen = Seen::from(match revision {
                Some(seen) => seen,
                None => self.session.snapshot().n_decisions()?,
            });
            let decided = self.session.act(&person, seen.clone(), &act)?;
            let study = self.session.snapshot();
            let Decided { decision, says, undo, notes, skipped } = study.shown(decided);
            let decision = decision.map(|decision| decision.number);
            let seen = decision.map_or_else(|| seen.clone(), |number| seen.clone().with(number));
            let done = Done {
                decision,
                says,
                undo,
                notes,
                skipped: skipped.iter().map(advice::remark).collect(),
                revision: seen.n,
            };
            question::json(&done)
        });
        let done = done.map_err(|refusal| self.raised(py, refusal))?;
        Ok(PyBytes::new(py, &done))
    }

    /// How many decisions the study holds.
    #[getter]
    fn revision(&self, py: Python<'_>) -> PyResult<usize> {
        let counted = py.detach(|| -> Result<usize, Refusal> {
            self.session.catch_up()?;
            Ok(self.session.snapshot().n_decisions()?)
        });
        counted.map_err(|refusal| self.raised(py, refusal))
    }

    /// The folder of the transcripts.
    #[getter]
    fn root(&self) -> PathBuf {
        self.session.snapshot().root().to_owned()
    }

    /// Whether names are replaced by pseudonyms.
    #[getter]
    fn has_pseudonyms(&self) -> bool {
        self.session.snapshot().pseudonyms().is_some()
    }

    /// All tables, in the order in which they are described.
    fn tables(&self, py: Python<'_>) -> PyResult<Vec<NativeTable>> {
        let session = Arc::clone(&self.session);
        let (tables, warnings) = self.worked(py, move |waiting| {
            session.catch_up().ok();
            let study = session.snapshot();
            let params = study.theme_params(None);
            study.prepare_themes(&params, waiting)?;
            let Warned { value: data, warnings } = study.shown(session.data(&params)?);
            let tables: Vec<_> = study.tables(&data)?.iter().map(NativeTable::new).collect();
            session.keep_derived();
            Ok((tables, warnings))
        })?;
        warn(py, &warnings)?;
        Ok(tables)
    }
}

impl NativeStudy {
    /// The study as it is now.
    fn snapshot(&self) -> study::Snapshot {
        self.session.snapshot()
    }

    /// What a piece of work gives, while other threads of Python go on.
    fn worked<T: Send + 'static>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&wait::Waiting) -> Result<T, Refusal> + Send + 'static,
    ) -> PyResult<T> {
        wait_for(py, work)?.map_err(|refusal| self.raised(py, refusal))
    }

    /// The exception that tells why something cannot be done, without names on the key.
    fn raised(&self, py: Python<'_>, refusal: Refusal) -> PyErr {
        let study = self.session.snapshot();
        refusal.map(|told| study.shown(Unshown::new(told))).raised(py)
    }
}
