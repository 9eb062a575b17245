//! REFI-QDA 1.0: projects (`.qdpx`) and codebooks (`.qdc`) that the programs of
//! the field exchange (ATLAS.ti, MAXQDA, `NVivo`, `QualCoder`, Quirkos …).
//!
//! # How a study is written
//!
//! ```text
//! project.qde          the XML below
//! sources/<guid>.txt   a transcript: its plain text, byte for byte, UTF-8
//!
//! User                 a coder
//! Code                 a code or theme, nested; Description holds definition,
//!                      `Inclusion: …` and `Exclusion: …`, a blank line between
//! Set                  a theme: named as its code, lists it and all codes beneath
//! Variable, Case       an attribute; a case with its values and transcripts
//! TextSource           a transcript, named by its id
//! PlainTextSelection   a quotation: code points, named by its words
//! Coding               a code that somebody gave to it
//! Note, NoteRef        a memo, and what it is about; a Link where it is about a case
//! ```
//!
//! Identifiers are made from what they stand for (UUID version 5), so that the
//! same study gives the same bytes. The candidate that a theme was accepted
//! from, rejected candidates and pins have no place in the format; [`stays`]
//! counts them.
//!
//! # How a project is read
//!
//! Each selection is confirmed against its text; see [`Reading`](super::Reading).
//! Texts of PDF files and transcripts of recordings come in as texts; pictures,
//! recordings, links between quotations and graphs do not, and are counted in
//! the warnings.
//!
//! # Source
//! REFI-QDA standard 1.5, schemas of 18 March 2019, <https://www.qdasoftware.org>.

mod description;
mod elements;
mod read;
mod texts;
mod write;

pub use read::{read_codebook, read_project};
pub use write::{stays, write_codebook, write_project};

#[cfg(test)]
mod tests;
