//! What a person can do to a study, as a value.
//!
//! An [`Act`] names what it is about by its number, never by "what was shown last",
//! so that it means the same whoever carries it out and whenever. It is plain data:
//! a command, a page or another program makes one, and a study's session carries it
//! out.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::edit::CodeEdit;
use super::{
    Change, CodeId, CodeKind, MemoId, MemoTarget, QuotationId, RefusalId, RejectionId, Stance,
};
use crate::base::Lines;
use crate::transcripts::roles::Role;

/// The file of the study's settings.
pub const SETTINGS_FILE: &str = "study.toml";
/// The file of its cases.
pub const CASES_FILE: &str = "cases.csv";

/// A candidate: the version of the suggestion that lists it, and its number there.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
pub struct CandidateId {
    /// The number of the version.
    pub version: u32,
    /// The number in its list.
    pub number: usize,
    /// The number of a code under it, if that is meant and not the theme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<usize>,
}

/// A theme that a person names: one of the codebook, or a candidate.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeId {
    /// One of the codebook.
    Accepted(CodeId),
    /// One that is proposed.
    Candidate(CandidateId),
}

/// A stretch of a transcript that a person picks.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Pick {
    /// The transcript's id.
    pub transcript: String,
    /// Its lines.
    pub lines: Lines,
    /// Words in these lines, as they are written or shown there; all that is said if
    /// left out.
    pub words: Option<String>,
}

/// A place in the talk as it is shown.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
pub struct TurnChar {
    /// The turn, from 0.
    pub turn: usize,
    /// The character of the turn, from 0: a Unicode scalar value.
    pub char: usize,
}

/// A stretch of the talk that a person marks as it is shown: where, and the very words.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Selection {
    /// The transcript's id.
    pub transcript: String,
    /// Stands for the text as it was shown; see `answers::ReadingAnswer`.
    pub text_key: String,
    /// Where it starts.
    pub from: TurnChar,
    /// Where it ends: the character after the last one.
    pub to: TurnChar,
    /// The words, one text a turn. They must be what stands there, byte for byte: no
    /// position is trusted alone.
    pub shown: Vec<String>,
}

/// The part that somebody plays, as a person says it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct SetRole {
    /// Who: a label, as it is written or shown.
    pub speaker: String,
    /// The id of the one transcript in which it holds; all if left out.
    pub transcript: Option<String>,
    /// The part: `interviewer`, `participant` or `other`; as the talk tells if left out.
    #[schemars(with = "Option<String>")]
    pub role: Option<Role>,
}

/// What is known of a case, as a person says it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct SetAttribute {
    /// The case: its id, as it is written or shown.
    pub case: String,
    /// The name of the attribute.
    pub attribute: String,
    /// Its value; none if empty.
    pub value: String,
}

/// What holds for the study as a whole, as a person says it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "setting", rename_all = "kebab-case")]
pub enum SetSetting {
    /// The language of all transcripts.
    Language {
        /// Its code or English name; each transcript's own, as it reads, if left out.
        language: Option<String>,
    },
    /// Whether one person tells a text, so that nobody asks in it.
    Told {
        /// Its path inside the study, or the id of its transcript.
        file: String,
        /// Whether it is so.
        is_told: bool,
    },
    /// Whether a word carries no theme in this study.
    StopWord {
        /// The word.
        word: String,
        /// Whether it is so.
        is_stopped: bool,
    },
}

/// A file that is handed over.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct NewFile {
    /// Its name; of a path the last part counts.
    pub name: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// Something that a person does.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Act {
    /// Makes a theme of a candidate, with its most typical quotes.
    AcceptTheme {
        /// The candidate.
        candidate: CandidateId,
        /// The theme's name; the candidate's label if left out.
        name: Option<String>,
        /// The theme that it is to stand under.
        under: Option<CodeId>,
        /// How many of its quotes become quotations.
        n_quotes: usize,
    },
    /// Puts a candidate aside, so that it is not suggested again.
    RejectTheme {
        /// The candidate.
        candidate: CandidateId,
        /// Why.
        reason: String,
    },
    /// Takes a rejection back: the candidate may be suggested again.
    RestoreCandidate {
        /// The rejection.
        rejection: RejectionId,
    },
    /// Gives a theme another name; a candidate is accepted under it.
    RenameTheme {
        /// The theme.
        theme: ThemeId,
        /// The name.
        name: String,
    },
    /// Makes one theme of several; the first one's number stays, and its name unless
    /// another is given.
    MergeThemes {
        /// The themes, each once.
        themes: Vec<ThemeId>,
        /// The name.
        name: Option<String>,
    },
    /// Makes a theme of each candidate code. Quotations of the theme that lie in one go to it.
    SplitByCodes {
        /// The theme.
        theme: ThemeId,
    },
    /// Moves picked quotations of a theme to a new theme beside it.
    SplitByQuotations {
        /// The theme.
        theme: CodeId,
        /// The quotations.
        quotations: Vec<QuotationId>,
        /// The name of the new theme.
        name: String,
    },
    /// Makes a code or theme.
    AddCode {
        /// Its name.
        name: String,
        /// Theme or code.
        kind: CodeKind,
        /// What it stands under.
        under: Option<CodeId>,
        /// Its definition, notes and colour.
        notes: CodeEdit,
    },
    /// Changes a code.
    EditCode {
        /// The code.
        code: CodeId,
        /// What of it.
        change: CodeEdit,
    },
    /// Makes one code of several; the first one's number stays, and its name unless
    /// another is given.
    MergeCodes {
        /// The codes.
        codes: Vec<CodeId>,
        /// The name.
        name: Option<String>,
    },
    /// Takes a code out, with the quotations that have no other.
    RemoveCode {
        /// The code.
        code: CodeId,
        /// Whether codes under it go too.
        with_children: bool,
    },
    /// Keeps a stretch of a transcript under codes.
    AddQuotation {
        /// The stretch.
        pick: Pick,
        /// The codes.
        codes: Vec<CodeId>,
    },
    /// Keeps several stretches of transcripts under codes; those that have them all stay.
    AddQuotations {
        /// The stretches.
        picks: Vec<Pick>,
        /// The codes.
        codes: Vec<CodeId>,
        /// The name of a code that is made for them.
        new_code: Option<String>,
    },
    /// Keeps a stretch that was marked in the text under codes.
    AddSelection {
        /// The stretch.
        selection: Selection,
        /// The codes.
        codes: Vec<CodeId>,
        /// The name of a code that is made for it.
        new_code: Option<String>,
    },
    /// Gives a quotation the bounds of a stretch that was marked in the text.
    ResizeQuotation {
        /// The quotation.
        quotation: QuotationId,
        /// The stretch.
        selection: Selection,
    },
    /// Gives a quotation a further code.
    CodeQuotation {
        /// The quotation.
        quotation: QuotationId,
        /// The code.
        code: CodeId,
    },
    /// Takes a code from a quotation.
    UncodeQuotation {
        /// The quotation.
        quotation: QuotationId,
        /// The code.
        code: CodeId,
    },
    /// Gives a quotation one code in place of another.
    MoveQuotation {
        /// The quotation.
        quotation: QuotationId,
        /// The code that it has.
        from: CodeId,
        /// The code that it is to have.
        to: CodeId,
    },
    /// Lets a quotation be shown first, or no longer.
    PinQuotation {
        /// The quotation.
        quotation: QuotationId,
        /// Under which code; all its codes if left out.
        code: Option<CodeId>,
        /// Whether it is shown first.
        is_pinned: bool,
    },
    /// Puts a quotation on a side, or on none.
    SetStance {
        /// The quotation.
        quotation: QuotationId,
        /// The side.
        stance: Option<Stance>,
    },
    /// Removes a quotation.
    RemoveQuotation {
        /// The quotation.
        quotation: QuotationId,
    },
    /// Keeps a passage that was proposed for a code as a quotation of it.
    AcceptProposal {
        /// The passage.
        pick: Pick,
        /// The code.
        code: CodeId,
    },
    /// Judges that a passage does not carry the code that it was proposed for: it is not
    /// proposed again, and teaches what the code is not.
    RejectProposal {
        /// The passage.
        pick: Pick,
        /// The code.
        code: CodeId,
        /// Why.
        reason: String,
    },
    /// Takes such a judgement back: the passage may be proposed again.
    RestoreProposal {
        /// The rejected proposal.
        refusal: RefusalId,
    },
    /// Keeps the new places of quotations whose words are found once in a changed
    /// transcript.
    ReanchorQuotations,
    /// Writes a memo.
    AddMemo {
        /// What it is about.
        about: MemoTarget,
        /// The note.
        text: String,
    },
    /// Changes the text of a memo.
    EditMemo {
        /// The memo.
        memo: MemoId,
        /// The note.
        text: String,
    },
    /// Removes a memo.
    RemoveMemo {
        /// The memo.
        memo: MemoId,
    },
    /// Undoes the last decision that holds.
    Undo,
    /// Undoes the decision of this number and all after it.
    UndoTo {
        /// The number.
        number: u32,
    },
    /// Redoes the decision that was undone last.
    Redo,
    /// Redoes what was undone, up to the decision of this number.
    RedoTo {
        /// The number.
        number: u32,
    },
    /// Says who asks, who is asked and who is neither: in `study.toml`, and for one
    /// transcript in `cases.csv`.
    SetRoles {
        /// Who is what.
        roles: Vec<SetRole>,
    },
    /// Gives cases attributes: in `cases.csv`.
    SetAttributes {
        /// What of whom.
        values: Vec<SetAttribute>,
    },
    /// Sets what holds for the study as a whole: in `study.toml`.
    SetSetting {
        /// What.
        setting: SetSetting,
    },
    /// Lets a file be no transcript: in `study.toml`. The file stays where it is.
    LeaveOut {
        /// Its path inside the study, or the id of its transcript.
        file: String,
    },
    /// Lets a file that was left out be a transcript again.
    TakeIn {
        /// Its path, as `study.toml` has it.
        file: String,
    },
    /// Puts files into the study's folder, none in the place of another one. Those that
    /// cannot be transcripts are passed over, and told.
    AddFiles {
        /// The folder inside the study's own; its own if left out.
        folder: Option<String>,
        /// The files.
        files: Vec<NewFile>,
    },
    /// Shows a name as something else from now on, or never proposes it again.
    AddPseudonym {
        /// The name, as it is said.
        name: String,
        /// What is shown instead; nothing for a word that is no name.
        pseudonym: String,
        /// Whether only a word with a capital is the name.
        with_capital: bool,
    },
    /// Shows a name as it is again.
    RemovePseudonym {
        /// The name.
        name: String,
    },
}

/// What of the study an act is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActTargets {
    codes: BTreeSet<CodeId>,
    quotations: BTreeSet<QuotationId>,
    memos: BTreeSet<MemoId>,
    rejections: BTreeSet<RejectionId>,
    refusals: BTreeSet<RefusalId>,
    files: BTreeSet<&'static str>,
}

impl Act {
    /// Whether it undoes or redoes: what it is about depends on every other decision.
    pub fn is_turn(&self) -> bool {
        matches!(self, Self::Undo | Self::UndoTo { .. } | Self::Redo | Self::RedoTo { .. })
    }

    /// What of the study it replaces or removes: if somebody changed that after
    /// the person looked, the act no longer means what was meant.
    pub fn targets(&self) -> ActTargets {
        let mut targets = ActTargets::default();
        let accepted = |theme: &ThemeId| match theme {
            ThemeId::Accepted(code) => Some(*code),
            ThemeId::Candidate(_) => None,
        };
        match self {
            Self::RenameTheme { theme, .. } | Self::SplitByCodes { theme } => {
                targets.codes.extend(accepted(theme));
            }
            Self::MergeThemes { themes, .. } => {
                targets.codes.extend(themes.iter().filter_map(accepted));
            }
            Self::SplitByQuotations { theme, quotations, .. } => {
                targets.codes.insert(*theme);
                targets.quotations.extend(quotations);
            }
            Self::EditCode { code, .. } | Self::RemoveCode { code, .. } => {
                targets.codes.insert(*code);
            }
            Self::MergeCodes { codes, .. } => targets.codes.extend(codes),
            Self::UncodeQuotation { quotation, .. }
            | Self::MoveQuotation { quotation, .. }
            | Self::ResizeQuotation { quotation, .. }
            | Self::SetStance { quotation, .. }
            | Self::RemoveQuotation { quotation } => {
                targets.quotations.insert(*quotation);
            }
            Self::EditMemo { memo, .. } | Self::RemoveMemo { memo } => {
                targets.memos.insert(*memo);
            }
            Self::RestoreCandidate { rejection } => {
                targets.rejections.insert(*rejection);
            }
            Self::RestoreProposal { refusal } => {
                targets.refusals.insert(*refusal);
            }
            Self::SetRoles { roles } => {
                let file = |role: &SetRole| match role.transcript {
                    Some(_) => CASES_FILE,
                    None => SETTINGS_FILE,
                };
                targets.files.extend(roles.iter().map(file));
            }
            Self::SetAttributes { .. } => {
                targets.files.insert(CASES_FILE);
            }
            Self::SetSetting { .. } | Self::LeaveOut { .. } | Self::TakeIn { .. } => {
                targets.files.insert(SETTINGS_FILE);
            }
            Self::AcceptTheme { .. }
            | Self::RejectTheme { .. }
            | Self::AddCode { .. }
            | Self::AddQuotation { .. }
            | Self::AddQuotations { .. }
            | Self::AddSelection { .. }
            | Self::CodeQuotation { .. }
            | Self::PinQuotation { .. }
            | Self::AcceptProposal { .. }
            | Self::RejectProposal { .. }
            | Self::ReanchorQuotations
            | Self::AddMemo { .. }
            | Self::Undo
            | Self::UndoTo { .. }
            | Self::Redo
            | Self::RedoTo { .. }
            | Self::AddFiles { .. }
            | Self::AddPseudonym { .. }
            | Self::RemovePseudonym { .. } => {}
        }
        targets
    }
}

impl ActTargets {
    /// Whether a change replaces or removes one of them.
    pub fn is_touched_by(&self, change: &Change) -> bool {
        match change {
            Change::PutCode(code) => self.codes.contains(&code.id),
            Change::DropCode(id) => self.codes.contains(id),
            Change::PutQuotation(quotation) => self.quotations.contains(&quotation.id),
            Change::DropQuotation(id) => self.quotations.contains(id),
            Change::PutMemo(memo) => self.memos.contains(&memo.id),
            Change::DropMemo(id) => self.memos.contains(id),
            Change::PutRejection(rejection) => self.rejections.contains(&rejection.id),
            Change::DropRejection(id) => self.rejections.contains(id),
            Change::PutRefusal(refusal) => self.refusals.contains(&refusal.id),
            Change::DropRefusal(id) => self.refusals.contains(id),
            Change::PutFile(file) => self.files.contains(file.path.as_str()),
        }
    }
}
