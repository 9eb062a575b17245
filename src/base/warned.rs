//! Trouble that does not stop the work.

use super::Diagnostic;

/// A result with the warnings that came up on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warned<T> {
    /// What was asked for, as far as it could be had.
    pub value: T,
    /// What a person should know about it.
    pub warnings: Vec<Diagnostic>,
}
