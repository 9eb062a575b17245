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

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Code, CodeId, Memo, MemoId, Quotation, QuotationId, Refusal, RefusalId, Rejection, RejectionId,
};

/// What a person did.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
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
    /// Said who asks, who is asked and who is neither.
    SetRoles,
    /// Gave a case an attribute, or took it.
    SetAttribute,
    /// Said what holds for the study as a whole.
    SetSetting,
    /// Let a file be no transcript.
    LeaveOut,
    /// Let such a file be a transcript again.
    TakeIn,
    /// Put files into the study's folder.
    AddFiles,
    /// Undid a decision.
    Undo,
    /// Undid a decision and all after it.
    UndoTo,
    /// Redid what was undone.
    Redo,
    /// Redid what was undone, up to a decision.
    RedoTo,
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
            Self::AddCode | Self::AddFiles => "added",
            Self::EditCode | Self::EditMemo => "edited",
            Self::RemoveCode | Self::RemoveQuotation | Self::RemoveMemo => "removed",
            Self::AddQuotation | Self::CodeQuotation => "coded",
            Self::MoveQuotation => "moved",
            Self::PinQuotation => "pinned",
            Self::SetStance | Self::SetRoles | Self::SetAttribute | Self::SetSetting => "set",
            Self::LeaveOut => "left out",
            Self::TakeIn => "included again",
            Self::Reanchor => "updated the places of",
            Self::AddMemo => "wrote",
            Self::AcceptProposal => "accepted the proposal",
            Self::RejectProposal => "rejected the proposal",
            Self::TakeBackProposal => "restored the rejected proposal",
            Self::Import => "imported",
            Self::Undo | Self::UndoTo => "undid",
            Self::Redo | Self::RedoTo => "redid",
            Self::Lost => "lost",
        }
    }
}

/// One change of the codebook, or of a file of the study. Values are whole, so that replaying needs nothing
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
    /// Adds a file to the study's folder, changes it or takes it away.
    PutFile(FileChange),
}

/// What became of a file of the study's folder.
///
/// A changed text is kept as the one stretch that differs. Other bytes stand in the
/// folder or are kept by the store, under their hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// The path inside the folder, with `/` between its parts.
    pub path: String,
    /// The hash of what it held before; `None` if there was no such file.
    pub before: Option<String>,
    /// The hash of what it holds now; `None` if there is no such file.
    pub after: Option<String>,
    /// What differs, if it is a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<TextEdit>,
}

/// The stretch in which two texts differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextEdit {
    /// Where it starts, in bytes.
    pub at: usize,
    /// What stood there.
    pub old: String,
    /// What stands there.
    pub new: String,
}

impl FileChange {
    /// A file that is new, with these bytes.
    pub fn added(path: impl Into<String>, bytes: &[u8]) -> Self {
        Self { path: path.into(), before: None, after: Some(Self::hash_of(bytes)), edit: None }
    }

    /// A text that was changed, or made where there was none.
    pub fn edited(path: impl Into<String>, before: Option<&str>, after: &str) -> Self {
        Self {
            path: path.into(),
            before: before.map(|text| Self::hash_of(text.as_bytes())),
            after: Some(Self::hash_of(after.as_bytes())),
            edit: Some(TextEdit::between(before.unwrap_or_default(), after)),
        }
    }

    /// What takes it back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let edit = |edit: &TextEdit| TextEdit {
            at: edit.at,
            old: edit.new.clone(),
            new: edit.old.clone(),
        };
        Self {
            path: self.path.clone(),
            before: self.after.clone(),
            after: self.before.clone(),
            edit: self.edit.as_ref().map(edit),
        }
    }

    /// Stands for the bytes of a file.
    pub fn hash_of(bytes: &[u8]) -> String {
        blake3::hash(bytes).to_hex()[..32].to_owned()
    }
}

impl TextEdit {
    /// What differs between two texts.
    fn between(old: &str, new: &str) -> Self {
        let common = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| {
            a.zip(b).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum::<usize>()
        };
        let at = common(&mut old.chars(), &mut new.chars());
        let (old, new) = (&old[at..], &new[at..]);
        let end = common(&mut old.chars().rev(), &mut new.chars().rev());
        let without_end = |text: &str| text[..text.len() - end].to_owned();
        Self { at, old: without_end(old), new: without_end(new) }
    }

    /// Carries it out; `None` if the text is not the one that was edited.
    pub fn apply(&self, text: &str) -> Option<String> {
        let (head, rest) = text.split_at_checked(self.at)?;
        let tail = rest.strip_prefix(self.old.as_str())?;
        Some(format!("{head}{}{tail}", self.new))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_text_is_kept_as_what_differs_and_goes_back() {
        for (before, after) in [
            ("a = 1\nb = 2\n", "a = 1\nb = 22\n"),
            ("", "new\n"),
            ("Siân, ünd", "Sian, ünd"),
            ("aaa", "aa"),
            ("same", "same"),
        ] {
            let change = FileChange::edited("study.toml", Some(before), after);
            let there = change.edit.as_ref().and_then(|edit| edit.apply(before));
            assert_eq!(there.as_deref(), Some(after));
            let back = change.reversed().edit.and_then(|edit| edit.apply(after));
            assert_eq!(back.as_deref(), Some(before));
        }
        let change = FileChange::edited("study.toml", Some("a = 1\nb = 2\n"), "a = 1\nb = 22\n");
        let edit = change.edit.unwrap();
        assert_eq!((edit.at, edit.old.as_str(), edit.new.as_str()), (11, "", "2"));
        assert_eq!(edit.apply("ö"), None);
    }
}
