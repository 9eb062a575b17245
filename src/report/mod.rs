//! Values become text for people and JSON for machines.
//!
//! Answers come in, bytes go out to any [`std::io::Write`]. The shapes of the
//! JSON are a contract; see [`answers`].

pub mod answers;
pub mod info;
pub mod layout;
pub mod quotes;
pub mod themes;

use std::io::{self, Write};

use serde::Serialize;

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object.
    Json,
    /// A JSON object a line.
    Jsonl,
}

/// Writes one value as a line of JSON.
///
/// # Errors
/// If the writer fails.
pub fn write_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}
