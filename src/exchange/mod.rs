//! Other tools' projects and codebooks, in and out.
//!
//! A [`Bundle`] goes out as bytes of another tool's format; bytes come in and a
//! [`Bundle`] comes out, with everything that could not be taken over as a
//! warning. Nothing here knows the study's folder or changes its codebook:
//! `study` does, by a person's act.

use std::collections::BTreeMap;

use crate::codebook::Codebook;

/// What travels between tools: texts, cases and what people decided.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bundle {
    /// The name of the study.
    pub name: String,
    /// The transcripts with their plain text, in natural order of their ids.
    pub sources: Vec<SourceText>,
    /// Whom the transcripts are about.
    pub cases: Vec<BundleCase>,
    /// Codes, quotations and memos. Places carry the ids and checksums of
    /// `sources`.
    pub codebook: Codebook,
}

/// The plain text of a transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// The transcript's id, such as `participants/P01`.
    pub id: String,
    /// The text; quotations are spans of its bytes.
    pub text: String,
}

/// Somebody whom transcripts are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleCase {
    /// The case's id.
    pub id: String,
    /// What is known of them.
    pub attributes: BTreeMap<String, String>,
    /// The ids of the transcripts in which they speak.
    pub sources: Vec<String>,
}
