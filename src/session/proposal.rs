//! What an act comes to, before it is decided.

use crate::base::{Diagnostic, Remedy, Task};
use crate::codebook::decision::{Change, Verb};
use crate::codebook::{Code, CodeId, Codebook, CodebookError};

/// What an act comes to.
pub(super) struct Proposal {
    /// What was done.
    pub(super) verb: Verb,
    /// To what, for people.
    pub(super) about: String,
    /// What changes.
    pub(super) changes: Vec<Change>,
    /// What was asked for and is not part of it, with the reason.
    pub(super) skipped: Vec<Diagnostic>,
}

impl Proposal {
    pub(super) fn new(verb: Verb, about: impl Into<String>, changes: Vec<Change>) -> Self {
        Self { verb, about: about.into(), changes, skipped: Vec::new() }
    }
}

/// The code with this number, if it is there still.
pub(super) fn known_code(codebook: &Codebook, id: CodeId) -> Result<&Code, CodebookError> {
    codebook.codes.get(&id).ok_or_else(|| gone("code", id.0))
}

pub(super) fn gone(what: &'static str, number: u32) -> CodebookError {
    CodebookError::Unknown {
        what,
        name: number.to_string(),
        remedy: Remedy::by(Task::ListCodes, "somebody has removed it just now; see what there is"),
    }
}
