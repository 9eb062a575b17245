//! Why something is refused, as an exception of the package.

use pyo3::prelude::*;
use pyo3::types::PyType;

use super::advice::hint;
use crate::base::{Diagnose as _, Diagnostic};
use crate::codebook::CodebookError;
use crate::study::{Fault, StudyError};

/// Where the exceptions are declared.
const ERRORS: &str = "leitmotif._errors";

/// Why something is refused.
pub(super) struct Refusal {
    /// The name of its exception.
    kind: &'static str,
    told: Box<Diagnostic>,
}

impl Refusal {
    /// Something that cannot be asked for like this.
    pub(super) fn mistake(told: Diagnostic) -> Self {
        Self { kind: "RequestError", told: Box::new(told) }
    }

    /// Why a study cannot be opened.
    pub(super) fn of_study(told: Diagnostic) -> Self {
        Self { kind: "StudyError", told: Box::new(told) }
    }

    /// The same, with what `change` makes of what is told.
    pub(super) fn map(self, change: impl FnOnce(Diagnostic) -> Diagnostic) -> Self {
        Self { told: Box::new(change(*self.told)), ..self }
    }

    /// The exception that tells it.
    pub(super) fn raised(&self, py: Python<'_>) -> PyErr {
        let made = class(py, self.kind).and_then(|class| class.call1(told(&self.told)));
        made.map_or_else(|broken| broken, PyErr::from_value)
    }
}

impl From<StudyError> for Refusal {
    fn from(error: StudyError) -> Self {
        let kind = match error.fault() {
            Fault::Unknown | Fault::Mistake => "RequestError",
            Fault::Stale => "Conflict",
            Fault::Held | Fault::Moved | Fault::NotKept | Fault::Study => "StudyError",
        };
        Self { kind, told: Box::new(error.diagnostic()) }
    }
}

impl From<CodebookError> for Refusal {
    fn from(error: CodebookError) -> Self {
        StudyError::from(error).into()
    }
}

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyType>> {
    Ok(py.import(ERRORS)?.getattr(name)?.cast_into()?)
}

/// The problem, its place and its remedy.
fn told(diagnostic: &Diagnostic) -> (&str, Option<String>, Option<String>) {
    let Diagnostic { place, problem, remedy } = diagnostic;
    (problem, place.as_ref().map(ToString::to_string), remedy.as_ref().map(hint))
}

/// Warns of what was left out; the place of the caller is the one that the package was called
/// from.
pub(super) fn warn(py: Python<'_>, diagnostics: &[Diagnostic]) -> PyResult<()> {
    if diagnostics.is_empty() {
        return Ok(());
    }
    let warn = py.import(ERRORS)?.getattr("warn")?;
    diagnostics.iter().try_for_each(|one| warn.call1(told(one)).map(drop))
}
