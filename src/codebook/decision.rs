//! Decisions: what a person did, when, and what it changed.
//!
//! A decision is kept as the JSON text that was written once, with a hash over
//! it and the hash before it, so that none can be altered, dropped or slipped in
//! unseen. The text is what counts: it is never written again.
//!
//! The hashes need no key, and so they show accidents, not intent: a bit that
//! flipped, a line that an editor changed, a decision that is missing between others.
//! Whoever can write the files can compute all hashes anew, or take the last
//! decisions out of every file, and nothing in the study shows it. What shows it is
//! the last hash ([`Seal`](super::history::Seal)), kept where they cannot write.

use serde::{Deserialize, Serialize};

use super::{
    Code, CodeId, Memo, MemoId, Quotation, QuotationId, Refusal, RefusalId, Rejection, RejectionId,
};

/// What a person did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Made a theme of a candidate.
    AcceptTheme,
    /// Put a candidate aside.
    RejectTheme,
    /// Took a rejection back.
    TakeBackRejection,
    /// Made one of several.
    Merge,
    /// Made several of one.
    Split,
    /// Gave another name.
    Rename,
    /// Made a code or theme.
    AddCode,
    /// Changed a code's definition, notes, rule, colour or place.
    EditCode,
    /// Took a code out of the codebook.
    RemoveCode,
    /// Kept a quotation.
    AddQuotation,
    /// Gave a quotation a further code, or took one from it.
    CodeQuotation,
    /// Gave a quotation another code instead of one it had.
    MoveQuotation,
    /// Let a quotation be shown first, or no longer.
    PinQuotation,
    /// Put a quotation on a side: benefit, drawback or both.
    SetStance,
    /// Removed a quotation.
    RemoveQuotation,
    /// Found quotations again in a changed transcript.
    Reanchor,
    /// Kept a passage that was proposed for a code as a quotation of it.
    AcceptProposal,
    /// Judged that a passage does not carry the code that it was proposed for.
    RejectProposal,
    /// Took that back.
    TakeBackProposal,
    /// Wrote a memo.
    AddMemo,
    /// Changed a memo.
    EditMemo,
    /// Removed a memo.
    RemoveMemo,
    /// Took in another tool's or study's work.
    Import,
    /// Undid a decision.
    Undo,
    /// Did again what was undone.
    Redo,
    /// Nobody knows: the decision was damaged everywhere, and only its place is left.
    Lost,
}

impl Verb {
    /// As people read it, in the past.
    pub fn past(self) -> &'static str {
        match self {
            Self::AcceptTheme => "accepted",
            Self::RejectTheme => "rejected",
            Self::TakeBackRejection => "restored the rejected candidate",
            Self::Merge => "merged",
            Self::Split => "split",
            Self::Rename => "renamed",
            Self::AddCode => "added",
            Self::EditCode | Self::EditMemo => "edited",
            Self::RemoveCode | Self::RemoveQuotation | Self::RemoveMemo => "removed",
            Self::AddQuotation | Self::CodeQuotation => "coded",
            Self::MoveQuotation => "moved",
            Self::PinQuotation => "pinned",
            Self::SetStance => "set",
            Self::Reanchor => "updated the places of",
            Self::AddMemo => "wrote",
            Self::AcceptProposal => "accepted the proposal",
            Self::RejectProposal => "rejected the proposal",
            Self::TakeBackProposal => "restored the rejected proposal",
            Self::Import => "imported",
            Self::Undo => "undid",
            Self::Redo => "redid",
            Self::Lost => "lost",
        }
    }
}

/// One change of the codebook. Values are whole, so that replaying needs nothing
/// else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Adds a code or replaces the one with its number.
    PutCode(Code),
    /// Takes a code out.
    DropCode(CodeId),
    /// Adds a quotation or replaces the one with its number.
    PutQuotation(Quotation),
    /// Takes a quotation out.
    DropQuotation(QuotationId),
    /// Adds a memo or replaces the one with its number.
    PutMemo(Memo),
    /// Takes a memo out.
    DropMemo(MemoId),
    /// Adds a rejection.
    PutRejection(Rejection),
    /// Takes a rejection out.
    DropRejection(RejectionId),
    /// Adds a rejected proposal, or replaces the one with its number.
    PutRefusal(Refusal),
    /// Takes a rejected proposal out.
    DropRefusal(RefusalId),
}

/// Something that a person decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its place among all decisions of the study, from 1.
    pub number: u32,
    /// When, in UTC (RFC 3339).
    pub at: String,
    /// Who.
    pub coder: String,
    /// What was done.
    pub verb: Verb,
    /// To what, for people: `theme “Easier to join” from candidate 3`.
    pub about: String,
    /// The decision that this one undoes or does again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
    /// What it changed; nothing for undo and redo.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The version of Leitmotif.
    pub version: String,
    /// The hash of the decision before, empty for the first.
    pub previous: String,
}

/// A decision as it was written, with its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The JSON text of the [`Decision`].
    pub body: String,
    /// [`hash_of`] the text.
    pub hash: String,
}

/// The BLAKE3 hash of a decision's text, in hexadecimal. The text holds the hash
/// of the decision before, which chains them.
pub fn hash_of(body: &str) -> String {
    blake3::hash(body.as_bytes()).to_hex().to_string()
}

/// The text in the place of a decision that was lost.
const LOST: &str = "null";

impl Record {
    /// Holds the place of a decision that was damaged everywhere; `hash` is what is
    /// known of its hash, by which the next one follows from it.
    pub fn lost(hash: String) -> Self {
        Self { body: LOST.to_owned(), hash }
    }

    /// Whether it only holds the place of a decision that was lost.
    pub fn is_lost(&self) -> bool {
        self.body == LOST
    }

    /// Writes a decision down.
    pub fn new(decision: &Decision) -> Self {
        let body = serde_json::to_string(decision).expect("a decision has text keys only");
        let hash = hash_of(&body);
        Self { body, hash }
    }

    /// Reads it again, and checks the hash.
    ///
    /// # Errors
    /// What is wrong, for people.
    pub fn read(&self) -> Result<Decision, String> {
        if hash_of(&self.body) != self.hash {
            return Err("its hash does not fit its text".to_owned());
        }
        serde_json::from_str(&self.body).map_err(|error| error.to_string())
    }
}
