//! What people decide: codes and themes, quotations, memos, and the decisions
//! that made them.
//!
//! Decisions come in, one after the other; the [`Codebook`] that they add up to
//! goes out. [`edit`] holds the rules: what a person asks for becomes
//! [`Change`]s, or an error that names what does not exist. [`history`] replays,
//! undoes and redoes. Nothing here opens a file or reads a clock.
//!
//! ```
//! use leitmotif::codebook::{Codebook, CodeKind, edit};
//!
//! let mut codebook = Codebook::default();
//! let changes = edit::add_code(&codebook, "Easier to join", CodeKind::Theme, None)?;
//! codebook.apply_all(&changes);
//! assert_eq!(codebook.code_named("easier to join")?.name, "Easier to join");
//! # Ok::<(), leitmotif::codebook::CodebookError>(())
//! ```

pub mod act;
pub mod decision;
pub mod edit;
pub mod history;
pub mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::{Diagnose, Remedy, Span, Task, one_line};

pub use decision::{Change, Decision, FileChange, TextEdit, Verb};

/// The number of a code or theme; never given twice.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
pub struct CodeId(pub u32);

/// The number of a quotation; never given twice.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
pub struct QuotationId(pub u32);

/// The number of a memo; never given twice.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
pub struct MemoId(pub u32);

/// The number of a rejected candidate; never given twice.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
pub struct RejectionId(pub u32);

/// The number of a rejected proposal; never given twice.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
pub struct RefusalId(pub u32);

/// Whether a node of the codebook is a theme or a code.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum CodeKind {
    /// A pattern that a person has accepted; it stands above codes.
    Theme,
    /// A label that a person attaches to quotations.
    Code,
}

impl CodeKind {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Theme => "theme",
            Self::Code => "code",
        }
    }
}

/// A colour such as `#1f77b4`.
///
/// Invariant: a `#` and six hexadecimal digits in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color(String);

impl FromStr for Color {
    type Err = CodebookError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        let is_color = digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit());
        if !is_color {
            return Err(CodebookError::BadColor { text: text.to_owned() });
        }
        Ok(Self(format!("#{}", digits.to_ascii_lowercase())))
    }
}

impl TryFrom<String> for Color {
    type Error = CodebookError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Color> for String {
    fn from(color: Color) -> Self {
        color.0
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A code, or a theme above codes.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Code {
    /// Its number.
    pub id: CodeId,
    /// Theme or code.
    pub kind: CodeKind,
    /// What it stands under; a theme stands under themes only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CodeId>,
    /// Its name; no two under the same parent have one name.
    pub name: String,
    /// What it means.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub definition: String,
    /// What it holds, for coders in doubt.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub include: String,
    /// What it does not hold.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exclude: String,
    /// A query for its passages, in the language of `search`; empty if it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// The colour in which it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<Color>,
    /// The candidate that it was accepted from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

impl Code {
    /// A code of which nothing is said but its name.
    pub fn new(id: CodeId, kind: CodeKind, parent: Option<CodeId>, name: String) -> Self {
        Self {
            id,
            kind,
            parent,
            name,
            definition: String::new(),
            include: String::new(),
            exclude: String::new(),
            rule: String::new(),
            color: None,
            origin: None,
        }
    }
}

/// The candidate theme that a person has judged.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Origin {
    /// The version of the suggestion; see `themes --since`.
    pub version: u32,
    /// The number under which the candidate was listed.
    pub candidate: u32,
    /// Its label.
    pub label: String,
    /// The passages that it was made of: what later suggestions grow from.
    pub passages: Vec<Place>,
}

/// A place in the text of a transcript, as it was when somebody chose it.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
pub struct Place {
    /// The transcript's id.
    pub transcript: String,
    /// The checksum of the transcript's text; another one now: the place is stale.
    pub checksum: String,
    /// Its bytes.
    pub span: Span,
}

/// Which side a quotation is on, in a person's judgement.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// It tells of a benefit.
    Benefit,
    /// It tells of a drawback.
    Drawback,
    /// It tells of both.
    Mixed,
}

impl Stance {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 3] = [Self::Benefit, Self::Drawback, Self::Mixed];

    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Benefit => "benefit",
            Self::Drawback => "drawback",
            Self::Mixed => "mixed",
        }
    }
}

/// A stretch of talk that a person keeps, under one or more codes; under none only
/// if another tool kept it so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotation {
    /// Its number.
    pub id: QuotationId,
    /// Where it stands.
    pub place: Place,
    /// Its words, byte for byte: they find it again in a file that has changed.
    pub text: String,
    /// The codes that were given to it, in the order of their numbers and coders.
    pub codings: Vec<Coding>,
    /// The side that a person put it on; `None` if nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stance: Option<Stance>,
    /// Who made it.
    pub coder: String,
}

/// A code that somebody gave to a quotation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Coding {
    /// The code or theme.
    pub code: CodeId,
    /// Who gave it.
    pub coder: String,
    /// Whether it is shown first.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_pinned: bool,
    /// Whether it was proposed, and accepted by the coder.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_proposed: bool,
}

impl Coding {
    /// A code that somebody gave without being asked whether it fits.
    pub fn by_hand(code: CodeId, coder: impl Into<String>) -> Self {
        Self { code, coder: coder.into(), is_pinned: false, is_proposed: false }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// What a memo is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MemoTarget {
    /// The whole study.
    Study,
    /// A code or theme.
    Code(CodeId),
    /// A quotation.
    Quotation(QuotationId),
    /// A transcript, by its id.
    Transcript(String),
    /// A case, by its id.
    Case(String),
}

/// A note that a person writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memo {
    /// Its number.
    pub id: MemoId,
    /// What it is about.
    pub about: MemoTarget,
    /// The note.
    pub text: String,
    /// Who wrote it.
    pub coder: String,
    /// When it was written, in UTC (RFC 3339).
    pub at: String,
}

/// A candidate that a person does not want to see again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Its number.
    pub id: RejectionId,
    /// The candidate.
    pub candidate: Origin,
    /// Why, in a person's words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A passage that was proposed for a code and that a person judged not to carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Its number.
    pub id: RefusalId,
    /// The code that it does not carry.
    pub code: CodeId,
    /// Where it stands.
    pub place: Place,
    /// Its words, byte for byte: they find it again in a file that has changed.
    pub text: String,
    /// Who rejected it.
    pub coder: String,
    /// Why, in a person's words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// Everything that people have decided, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codebook {
    /// Codes and themes.
    pub codes: BTreeMap<CodeId, Code>,
    /// Quotations.
    pub quotations: BTreeMap<QuotationId, Quotation>,
    /// Memos.
    pub memos: BTreeMap<MemoId, Memo>,
    /// Rejected candidates.
    pub rejections: BTreeMap<RejectionId, Rejection>,
    /// Rejected proposals.
    pub refusals: BTreeMap<RefusalId, Refusal>,
    /// The greatest numbers ever given, also to what is gone.
    pub(crate) last: LastNumbers,
}

/// The greatest number of each kind that was ever given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct LastNumbers {
    pub(crate) code: u32,
    pub(crate) quotation: u32,
    pub(crate) memo: u32,
    pub(crate) rejection: u32,
    pub(crate) refusal: u32,
}

/// What a person asked for cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodebookError {
    /// No code has this name or number.
    #[error("there is no {what} `{name}`")]
    Unknown {
        /// `code`, `theme`, `quotation` …
        what: &'static str,
        /// What was asked for.
        name: String,
        /// The nearest, or where the list is.
        remedy: Remedy,
    },
    /// Several codes have this name.
    #[error("`{name}` is the name of {n} codes")]
    Ambiguous {
        /// The name.
        name: String,
        /// How many.
        n: usize,
        /// Their paths with their numbers.
        which: String,
    },
    /// A name is blank or holds what names cannot hold.
    #[error("`{name}` cannot be used as a name")]
    BadName {
        /// What was given.
        name: String,
        /// What a name is.
        rule: &'static str,
    },
    /// A sibling has the name.
    #[error("a {what} `{path}` already exists")]
    Taken {
        /// `code` or `theme`.
        what: &'static str,
        /// Its path.
        path: String,
    },
    /// No colour.
    #[error("`{text}` is not a colour")]
    BadColor {
        /// What was given.
        text: String,
    },
    /// What was asked for makes no sense.
    #[error("{problem}")]
    Refused {
        /// What is wrong.
        problem: String,
        /// What to do.
        remedy: Remedy,
    },
}

impl Diagnose for CodebookError {
    fn remedy(&self) -> Option<Remedy> {
        Some(match self {
            Self::Unknown { remedy, .. } | Self::Refused { remedy, .. } => remedy.clone(),
            Self::Ambiguous { which, .. } => {
                Remedy::new(format!("say which by its path or number: {which}"))
            }
            Self::BadName { rule, .. } => Remedy::new(*rule),
            Self::Taken { .. } => Remedy::new("choose another name, or merge the two"),
            Self::BadColor { .. } => Remedy::new("write six hexadecimal digits, such as #1f77b4"),
        })
    }
}

/// Where quotations are listed with their numbers and codes.
fn see_quotations() -> Remedy {
    Remedy::by(Task::ListQuotations, "see them with their numbers and codes")
}

/// Where memos are listed with their numbers.
fn see_memos() -> Remedy {
    Remedy::by(Task::ListMemos, "see them with their numbers")
}

/// Where rejected proposals are listed with their numbers.
fn see_refusals() -> Remedy {
    Remedy::by(Task::ListRefusals, "see them with their numbers")
}

/// What stands between the names of a path: `Joining > No travel`.
pub const PATH_SEPARATOR: &str = " > ";

/// The checksum of a transcript's plain text that [`Place`]s carry: the first 16
/// bytes of its BLAKE3 hash, in hexadecimal.
pub fn checksum_of(text: &str) -> String {
    let hash = blake3::hash(text.as_bytes()).to_hex();
    hash[..32].to_owned()
}

impl Codebook {
    /// Carries out a change.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::PutCode(code) => {
                self.last.code = self.last.code.max(code.id.0);
                self.codes.insert(code.id, code.clone());
            }
            Change::DropCode(id) => drop(self.codes.remove(id)),
            Change::PutQuotation(quotation) => {
                self.last.quotation = self.last.quotation.max(quotation.id.0);
                self.quotations.insert(quotation.id, quotation.clone());
            }
            Change::DropQuotation(id) => drop(self.quotations.remove(id)),
            Change::PutMemo(memo) => {
                self.last.memo = self.last.memo.max(memo.id.0);
                self.memos.insert(memo.id, memo.clone());
            }
            Change::DropMemo(id) => drop(self.memos.remove(id)),
            Change::PutRejection(rejection) => {
                self.last.rejection = self.last.rejection.max(rejection.id.0);
                self.rejections.insert(rejection.id, rejection.clone());
            }
            Change::DropRejection(id) => drop(self.rejections.remove(id)),
            Change::PutRefusal(refusal) => {
                self.last.refusal = self.last.refusal.max(refusal.id.0);
                self.refusals.insert(refusal.id, refusal.clone());
            }
            Change::DropRefusal(id) => drop(self.refusals.remove(id)),
            // Files are no part of the codebook.
            Change::PutFile(_) => {}
        }
    }

    /// Carries out changes, one after the other.
    pub fn apply_all(&mut self, changes: &[Change]) {
        for change in changes {
            self.apply(change);
        }
    }

    /// Whether nothing is decided.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
            && self.quotations.is_empty()
            && self.memos.is_empty()
            && self.rejections.is_empty()
            && self.refusals.is_empty()
    }

    /// The names from the root to a code: `Joining > No travel`.
    pub fn path(&self, id: CodeId) -> String {
        let mut names = Vec::new();
        let mut next = Some(id);
        while let Some(code) = next.and_then(|id| self.codes.get(&id)) {
            names.push(code.name.as_str());
            next = code.parent;
        }
        names.reverse();
        names.join(PATH_SEPARATOR)
    }

    /// The codes directly under `parent`, by name.
    pub fn children(&self, parent: Option<CodeId>) -> Vec<&Code> {
        let mut found: Vec<&Code> =
            self.codes.values().filter(|code| code.parent == parent).collect();
        found.sort_by_key(|code| (code.kind, code.name.to_lowercase(), code.id));
        found
    }

    /// All codes with their depth, every parent before its children, as a
    /// codebook is printed.
    pub fn tree(&self) -> Vec<(usize, &Code)> {
        let mut listed = Vec::with_capacity(self.codes.len());
        let mut open: Vec<(usize, &Code)> =
            self.children(None).into_iter().rev().map(|code| (0, code)).collect();
        while let Some((depth, code)) = open.pop() {
            listed.push((depth, code));
            let children = self.children(Some(code.id)).into_iter().rev();
            open.extend(children.map(|child| (depth + 1, child)));
        }
        listed
    }

    /// A code and everything under it.
    pub fn family(&self, id: CodeId) -> BTreeSet<CodeId> {
        let mut family = BTreeSet::from([id]);
        let mut open = vec![id];
        while let Some(parent) = open.pop() {
            for code in self.codes.values().filter(|code| code.parent == Some(parent)) {
                if family.insert(code.id) {
                    open.push(code.id);
                }
            }
        }
        family
    }

    /// The quotations with any of these codes, pinned ones first, then in the
    /// order of their places.
    pub fn quotations_of(&self, codes: &BTreeSet<CodeId>) -> Vec<&Quotation> {
        let is_meant = |coding: &&Coding| codes.contains(&coding.code);
        let mut found: Vec<(bool, &Quotation)> = self
            .quotations
            .values()
            .filter(|quotation| quotation.codings.iter().any(|coding| is_meant(&coding)))
            .map(|quotation| {
                let mut codings = quotation.codings.iter().filter(is_meant);
                (codings.any(|coding| coding.is_pinned), quotation)
            })
            .collect();
        found.sort_by(|(p, a), (q, b)| {
            q.cmp(p).then_with(|| a.place.cmp(&b.place)).then(a.id.cmp(&b.id))
        });
        found.into_iter().map(|(_, quotation)| quotation).collect()
    }

    /// The code with this name, path (`Joining > No travel`) or number (`#12`);
    /// case and white space do not matter. A number alone is none: themes are
    /// listed under other numbers.
    ///
    /// # Errors
    /// [`CodebookError::Unknown`] with the nearest name;
    /// [`CodebookError::Ambiguous`] if several have the name.
    pub fn code_named(&self, name: &str) -> Result<&Code, CodebookError> {
        let wanted = normal_path(name);
        let by_path = self.codes.values().filter(|code| normal_path(&self.path(code.id)) == wanted);
        let by_name = self.codes.values().filter(|code| normal_path(&code.name) == wanted);
        let mut found: Vec<&Code> = by_path.collect();
        if found.is_empty() {
            found = by_name.collect();
        }
        if let [code] = found[..] {
            return Ok(code);
        }
        if found.len() > 1 {
            let which: Vec<String> = found
                .iter()
                .map(|code| format!("`{}` (#{})", self.path(code.id), code.id.0))
                .collect();
            return Err(CodebookError::Ambiguous {
                name: name.to_owned(),
                n: found.len(),
                which: which.join(", "),
            });
        }
        let number = wanted.strip_prefix('#').and_then(|number| number.parse().ok());
        if let Some(code) = number.and_then(|number| self.codes.get(&CodeId(number))) {
            return Ok(code);
        }
        let paths: Vec<String> = self.codes.values().map(|code| self.path(code.id)).collect();
        let names = self.codes.values().map(|code| code.name.as_str());
        let near = names.chain(paths.iter().map(String::as_str));
        let remedy = Remedy::nearest(name, near, || {
            if self.codes.is_empty() {
                Remedy::by(Task::AddCode, "there are no codes yet; add one")
            } else {
                Remedy::by(Task::ListCodes, "see which there are")
            }
        });
        Err(CodebookError::Unknown { what: "code", name: name.to_owned(), remedy })
    }

    /// The quotation with this number (`7`, `#7`).
    ///
    /// # Errors
    /// [`CodebookError::Unknown`].
    pub fn quotation_named(&self, name: &str) -> Result<&Quotation, CodebookError> {
        let number = name.trim().trim_start_matches('#').parse().ok();
        number.and_then(|number| self.quotations.get(&QuotationId(number))).ok_or_else(|| {
            CodebookError::Unknown {
                what: "quotation",
                name: name.to_owned(),
                remedy: see_quotations(),
            }
        })
    }

    /// The rejected proposal with this number (`7`, `#7`).
    ///
    /// # Errors
    /// [`CodebookError::Unknown`].
    pub fn refusal_named(&self, name: &str) -> Result<&Refusal, CodebookError> {
        let number = name.trim().trim_start_matches('#').parse().ok();
        number.and_then(|number| self.refusals.get(&RefusalId(number))).ok_or_else(|| {
            CodebookError::Unknown {
                what: "rejected proposal",
                name: name.to_owned(),
                remedy: see_refusals(),
            }
        })
    }

    /// The memo with this number.
    ///
    /// # Errors
    /// [`CodebookError::Unknown`].
    pub fn memo_named(&self, name: &str) -> Result<&Memo, CodebookError> {
        let number = name.trim().trim_start_matches('#').parse().ok();
        number.and_then(|number| self.memos.get(&MemoId(number))).ok_or_else(|| {
            CodebookError::Unknown { what: "memo", name: name.to_owned(), remedy: see_memos() }
        })
    }

    /// Everybody who coded or wrote, by name.
    pub fn coders(&self) -> BTreeSet<&str> {
        let of_quotations = self.quotations.values().flat_map(|quotation| {
            let of_codings = quotation.codings.iter().map(|coding| coding.coder.as_str());
            of_codings.chain([quotation.coder.as_str()])
        });
        of_quotations.chain(self.memos.values().map(|memo| memo.coder.as_str())).collect()
    }
}

/// Folds what may differ between two spellings of one name or path.
pub fn normal_path(name: &str) -> String {
    let parts = name.split('>').map(one_line);
    parts.collect::<Vec<_>>().join(PATH_SEPARATOR).to_lowercase()
}

/// Whether `name`, made normal, is a path that is so already. Of thousands of codes nearly all
/// are told apart by their first letters.
pub(crate) fn is_path(name: &str, normal: &str) -> bool {
    if !name.is_ascii() || !normal.is_ascii() || name.contains('>') {
        return normal_path(name) == normal;
    }
    let mut words = normal.split(' ').filter(|word| !word.is_empty());
    let is_next = |word: &str| words.next().is_some_and(|known| known.eq_ignore_ascii_case(word));
    name.split_whitespace().all(is_next) && words.next().is_none()
}
