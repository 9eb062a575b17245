//! Trouble that does not stop the work.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something a person should know: where, what, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Warning {
    /// The file, as a path inside the study; empty if it is about no file.
    pub path: String,
    /// The line of that file, from 1, where one can be named.
    pub line: Option<usize>,
    /// What is wrong: lower case, no final period.
    pub problem: String,
    /// The remedy.
    pub hint: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}", self.path)?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            write!(f, ": ")?;
        }
        write!(f, "{}", self.problem)?;
        if !self.hint.is_empty() {
            write!(f, "\n  hint: {}", self.hint)?;
        }
        Ok(())
    }
}

/// A result with the warnings that came up on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warned<T> {
    /// What was asked for, as far as it could be had.
    pub value: T,
    /// What a person should know about it.
    pub warnings: Vec<Warning>,
}
