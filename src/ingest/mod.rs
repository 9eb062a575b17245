//! From the bytes of a file to what the study knows of it.
//!
//! Bytes come in; a transcript, its passages and the analysis of its words go out,
//! and what is remembered of them without the text ([`Known`]). Nothing here opens
//! a file, so that another machine can do it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::Diagnostic;
use crate::passages::Passage;
use crate::terms::Language;
use crate::transcripts::Speaker;

/// What is known of a transcript without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The number under which the index knows it.
    pub number: u32,
    /// The id: the path without its ending.
    pub id: String,
    /// What the file was recognised as.
    pub layout: String,
    /// Who talks.
    pub speakers: Vec<Speaker>,
    /// How many turns.
    pub n_turns: u32,
    /// How many words, split at white space.
    pub n_words: u32,
    /// How long the recording is, where the file tells.
    pub duration_ms: Option<u64>,
    /// The language whose stems are used.
    pub language: Language,
    /// Why this language, for people.
    pub language_reason: String,
    /// The passages.
    pub passages: Vec<Passage>,
    /// What could not be used.
    pub warnings: Vec<Diagnostic>,
    /// Attributes that the file gives to speakers, by label.
    pub attributes: BTreeMap<String, BTreeMap<String, String>>,
    /// The name under which its text is kept.
    pub text_key: String,
    /// The name under which its words are kept.
    pub terms_key: String,
}
