//! The key of names, texts as they are shown, and what may identify somebody.
//!
//! A key and texts come in; texts with pseudonyms go out, with where their
//! positions went ([`Pseudonyms`]), and what in a text may give somebody away
//! ([`identifying`]).

pub mod identifying;
mod key;
mod list;
mod words;

pub use key::*;
pub use list::*;
