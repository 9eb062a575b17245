//! The rules of the codebook: what a person asks for becomes changes.
//!
//! Each function takes the codebook as it stands and returns the [`Change`]s that
//! carry the request out, or a [`CodebookError`] and no change at all.

mod bounds;
mod merging;

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthStr as _;

use super::{
    Change, Code, CodeId, CodeKind, Codebook, CodebookError, Coding, Color, Memo, MemoId,
    MemoTarget, Origin, PATH_SEPARATOR, Place, Quotation, QuotationId, Refusal, RefusalId,
    Rejection, RejectionId, Stance, is_path, normal_path, see_memos, see_quotations, see_refusals,
};
use crate::base::{Remedy, Task, has_unseen, one_line};

pub use bounds::resize_quotation;
pub use merging::merge;

/// The longest name of a code, in characters.
const MAX_NAME: usize = 200;
/// How deep codes may stand under each other.
const MAX_DEPTH: usize = 50;

/// What to change of a code; `None` leaves it as it is.
#[derive(
    Debug, Clone, PartialEq, Eq, Default, schemars::JsonSchema, serde::Serialize, serde::Deserialize,
)]
#[serde(default, deny_unknown_fields)]
pub struct CodeEdit {
    /// Its name.
    pub name: Option<String>,
    /// What it means.
    pub definition: Option<String>,
    /// What it holds.
    pub include: Option<String>,
    /// What it does not hold.
    pub exclude: Option<String>,
    /// A query for its passages; empty takes it away. Whoever makes it has read it.
    pub rule: Option<String>,
    /// Its colour.
    pub color: Option<Color>,
    /// What it stands under; `Some(None)` puts it at the top.
    pub parent: Option<Option<CodeId>>,
    /// Theme or code.
    pub kind: Option<CodeKind>,
}

/// A quote to keep: where it stands and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Where.
    pub place: Place,
    /// Its words, byte for byte.
    pub text: String,
}

fn refused<T>(problem: String, advice: &str) -> Result<T, CodebookError> {
    Err(CodebookError::Refused { problem, remedy: Remedy::new(advice) })
}

fn is_gone(what: &'static str, number: u32, remedy: Remedy) -> CodebookError {
    CodebookError::Unknown { what, name: format!("#{number}"), remedy }
}

/// A name without white space at its ends or twice inside.
///
/// # Errors
/// [`CodebookError::BadName`] if nothing of it can be seen, if it is too long, a
/// number, or holds `>`, which separates the names of a path, or a control
/// character.
pub fn checked_name(name: &str) -> Result<String, CodebookError> {
    let folded = one_line(name);
    let bad = |rule| Err(CodebookError::BadName { name: name.to_owned(), rule });
    if folded.is_empty() || folded.width() == 0 {
        return bad("a name needs at least one letter");
    }
    if folded.chars().count() > MAX_NAME {
        return bad("a name can have at most 200 characters; put the rest into the definition");
    }
    if folded.contains('>') {
        return bad("a name cannot contain `>`, which separates the names of a path");
    }
    if has_unseen(&folded) {
        return bad("it contains an invisible character; type the name again");
    }
    // `3`, `#3` and `3.` are how people name the code with this number.
    let digits = folded.trim_matches(['#', '.', ' ']);
    if folded == "#" || !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) {
        return bad("a name cannot be a number, since codes have numbers");
    }
    Ok(folded)
}

impl Codebook {
    /// The code with this number; it may have gone since somebody asked for it.
    fn code(&self, id: CodeId) -> Result<&Code, CodebookError> {
        let remedy = || Remedy::by(Task::ListCodes, "see which there are");
        self.codes.get(&id).ok_or_else(|| is_gone("code", id.0, remedy()))
    }

    fn quotation(&self, id: QuotationId) -> Result<&Quotation, CodebookError> {
        self.quotations.get(&id).ok_or_else(|| is_gone("quotation", id.0, see_quotations()))
    }

    fn memo(&self, id: MemoId) -> Result<&Memo, CodebookError> {
        self.memos.get(&id).ok_or_else(|| is_gone("memo", id.0, see_memos()))
    }

    pub(crate) fn next_code(&self) -> CodeId {
        CodeId(self.last.code + 1)
    }

    fn next_quotation(&self) -> QuotationId {
        QuotationId(self.last.quotation + 1)
    }

    fn check_free(
        &self,
        name: &str,
        parent: Option<CodeId>,
        but: &BTreeSet<CodeId>,
    ) -> Result<(), CodebookError> {
        let wanted = normal_path(name);
        let taken = self.codes.values().find(|code| {
            code.parent == parent && !but.contains(&code.id) && is_path(&code.name, &wanted)
        });
        match taken {
            Some(code) => {
                Err(CodebookError::Taken { what: code.kind.name(), path: self.path(code.id) })
            }
            None => Ok(()),
        }
    }

    fn check_parent(&self, kind: CodeKind, parent: Option<CodeId>) -> Result<(), CodebookError> {
        let Some(above) = parent.map(|id| self.code(id)).transpose()? else { return Ok(()) };
        if kind == CodeKind::Theme && above.kind == CodeKind::Code {
            let problem = format!("a theme cannot be put under the code `{}`", above.name);
            return refused(problem, "put it under a theme, or make it a code");
        }
        Ok(())
    }
}

/// Adds a code or theme without quotations or notes.
///
/// # Errors
/// [`CodebookError`] if the name is bad or taken, or the parent cannot hold it.
pub fn add_code(
    codebook: &Codebook,
    name: &str,
    kind: CodeKind,
    parent: Option<CodeId>,
) -> Result<Vec<Change>, CodebookError> {
    let code = new_code(codebook, codebook.next_code(), name, kind, parent)?;
    Ok(vec![Change::PutCode(code)])
}

/// Adds a code or theme with what `notes` say of it: its definition, what it holds
/// and does not hold, and its colour.
///
/// # Errors
/// As [`add_code`].
pub fn add_code_with(
    codebook: &Codebook,
    (name, kind, parent): (&str, CodeKind, Option<CodeId>),
    notes: CodeEdit,
) -> Result<Vec<Change>, CodebookError> {
    let mut code = new_code(codebook, codebook.next_code(), name, kind, parent)?;
    code.definition = notes.definition.unwrap_or_default();
    code.include = notes.include.unwrap_or_default();
    code.exclude = notes.exclude.unwrap_or_default();
    code.rule = notes.rule.as_deref().map(one_line).unwrap_or_default();
    code.color = notes.color;
    Ok(vec![Change::PutCode(code)])
}

fn new_code(
    codebook: &Codebook,
    id: CodeId,
    name: &str,
    kind: CodeKind,
    parent: Option<CodeId>,
) -> Result<Code, CodebookError> {
    let name = checked_name(name)?;
    codebook.check_free(&name, parent, &BTreeSet::new())?;
    codebook.check_parent(kind, parent)?;
    Ok(Code::new(id, kind, parent, name))
}

/// Changes a code.
///
/// # Errors
/// [`CodebookError`] if the name is bad or taken, or the code would stand under
/// itself or a theme under a code, or is gone.
pub fn edit_code(
    codebook: &Codebook,
    id: CodeId,
    edit: CodeEdit,
) -> Result<Vec<Change>, CodebookError> {
    let known = codebook.code(id)?;
    let mut code = known.clone();
    if let Some(parent) = edit.parent {
        if parent.is_some_and(|parent| codebook.family(id).contains(&parent)) {
            let problem = format!("`{}` cannot be put under itself", code.name);
            return refused(problem, "choose a code that is not below it");
        }
        code.parent = parent;
    }
    if let Some(name) = edit.name {
        code.name = checked_name(&name)?;
    }
    if let Some(kind) = edit.kind {
        code.kind = kind;
        let holds_theme = |child: &&Code| child.kind == CodeKind::Theme;
        if kind == CodeKind::Code && codebook.children(Some(id)).iter().any(holds_theme) {
            let problem = format!("there are themes under `{}`, so it cannot be a code", code.name);
            return refused(problem, "move them elsewhere first");
        }
    }
    codebook.check_free(&code.name, code.parent, &BTreeSet::from([id]))?;
    codebook.check_parent(code.kind, code.parent)?;
    code.definition = edit.definition.unwrap_or(code.definition);
    code.include = edit.include.unwrap_or(code.include);
    code.exclude = edit.exclude.unwrap_or(code.exclude);
    code.rule = edit.rule.as_deref().map_or(code.rule, one_line);
    code.color = edit.color.or(code.color);
    if code == *known {
        return refused(
            format!("this would not change `{}`", known.name),
            "give at least one new value",
        );
    }
    Ok(vec![Change::PutCode(code)])
}

/// Takes a code out of the codebook. Quotations that have no other code go with
/// it, and memos about what goes.
///
/// # Errors
/// [`CodebookError::Refused`] if codes stand under it and `with_children` is false;
/// [`CodebookError::Unknown`] if it is gone.
pub fn remove_code(
    codebook: &Codebook,
    id: CodeId,
    with_children: bool,
) -> Result<Vec<Change>, CodebookError> {
    let name = &codebook.code(id)?.name;
    let family = codebook.family(id);
    if family.len() > 1 && !with_children {
        let problem =
            format!("there are codes under `{name}`: {}", names_of(&family, id, codebook));
        return refused(problem, "move them first, or remove them too");
    }
    let mut changes = Vec::new();
    for quotation in codebook.quotations.values() {
        let codings: Vec<Coding> = quotation
            .codings
            .iter()
            .filter(|coding| !family.contains(&coding.code))
            .cloned()
            .collect();
        if codings.len() == quotation.codings.len() {
            continue;
        }
        changes.push(if codings.is_empty() {
            Change::DropQuotation(quotation.id)
        } else {
            Change::PutQuotation(Quotation { codings, ..quotation.clone() })
        });
    }
    let gone: BTreeSet<QuotationId> = changes
        .iter()
        .filter_map(|change| match change {
            Change::DropQuotation(id) => Some(*id),
            _ => None,
        })
        .collect();
    for memo in codebook.memos.values() {
        let is_gone = match &memo.about {
            MemoTarget::Code(code) => family.contains(code),
            MemoTarget::Quotation(quotation) => gone.contains(quotation),
            _ => false,
        };
        if is_gone {
            changes.push(Change::DropMemo(memo.id));
        }
    }
    let is_about = |refusal: &&Refusal| family.contains(&refusal.code);
    let refused = codebook.refusals.values().filter(is_about);
    changes.extend(refused.map(|refusal| Change::DropRefusal(refusal.id)));
    changes.extend(family.into_iter().map(Change::DropCode));
    Ok(changes)
}

fn names_of(family: &BTreeSet<CodeId>, but: CodeId, codebook: &Codebook) -> String {
    let names: Vec<String> = family
        .iter()
        .filter(|id| **id != but)
        .filter_map(|id| codebook.codes.get(id))
        .map(|code| format!("`{}`", code.name))
        .collect();
    names.join(", ")
}

/// Codings without doubles: one of a code by a coder, pinned if any was, proposed if all
/// were.
fn joined(codings: impl Iterator<Item = Coding>) -> Vec<Coding> {
    let mut known: BTreeMap<(CodeId, String), Coding> = BTreeMap::new();
    for coding in codings {
        let one = known
            .entry((coding.code, coding.coder.clone()))
            .or_insert_with(|| Coding { is_pinned: false, ..coding.clone() });
        one.is_pinned |= coding.is_pinned;
        one.is_proposed &= coding.is_proposed;
    }
    known.into_values().collect()
}

/// Makes a new code beside `from` and moves quotations to it.
///
/// # Errors
/// [`CodebookError`] if the name is bad or taken, if a quotation does not have
/// the code, or if one of them is gone.
pub fn split(
    codebook: &Codebook,
    from: CodeId,
    name: &str,
    quotations: &[QuotationId],
) -> Result<Vec<Change>, CodebookError> {
    if quotations.is_empty() {
        return refused(
            "no quotation was chosen for the new code".to_owned(),
            "choose the quotations to move",
        );
    }
    let known = codebook.code(from)?;
    let new = new_code(codebook, codebook.next_code(), name, known.kind, known.parent)?;
    let mut changes = vec![Change::PutCode(new.clone())];
    for id in quotations {
        let quotation = codebook.quotation(*id)?;
        changes.push(recode(codebook, quotation, from, new.id)?);
    }
    Ok(changes)
}

/// Gives a quotation the code `to` in place of `from`, by the same coders.
///
/// # Errors
/// [`CodebookError::Refused`] if it does not have `from`;
/// [`CodebookError::Unknown`] if it or `to` is gone.
pub fn move_quotation(
    codebook: &Codebook,
    id: QuotationId,
    from: CodeId,
    to: CodeId,
) -> Result<Vec<Change>, CodebookError> {
    codebook.code(to)?;
    Ok(vec![recode(codebook, codebook.quotation(id)?, from, to)?])
}

fn recode(
    codebook: &Codebook,
    quotation: &Quotation,
    from: CodeId,
    to: CodeId,
) -> Result<Change, CodebookError> {
    if !quotation.codings.iter().any(|coding| coding.code == from) {
        return lacks_code(codebook, quotation, from);
    }
    let moved = |coding: &Coding| Coding {
        code: if coding.code == from { to } else { coding.code },
        ..coding.clone()
    };
    let codings = joined(quotation.codings.iter().map(moved));
    Ok(Change::PutQuotation(Quotation { codings, ..quotation.clone() }))
}

fn lacks_code<T>(
    codebook: &Codebook,
    quotation: &Quotation,
    code: CodeId,
) -> Result<T, CodebookError> {
    let of: BTreeSet<String> = quotation
        .codings
        .iter()
        .map(|coding| format!("`{}`", codebook.path(coding.code)))
        .collect();
    Err(CodebookError::Refused {
        problem: format!(
            "quotation {} does not have the code `{}`",
            quotation.id.0,
            codebook.path(code)
        ),
        remedy: Remedy::new(format!("it has {}", of.into_iter().collect::<Vec<_>>().join(", "))),
    })
}

/// Keeps a quote under codes. A quotation at the same place gets them too; one
/// quotation a place.
///
/// # Errors
/// [`CodebookError::Refused`] if no code is given, or it has all of them already;
/// [`CodebookError::Unknown`] if a code is gone.
pub fn add_quotation(
    codebook: &Codebook,
    quote: Quote,
    codes: &[CodeId],
    coder: &str,
) -> Result<(QuotationId, Vec<Change>), CodebookError> {
    if codes.is_empty() {
        return Err(CodebookError::Refused {
            problem: "a quotation needs a code".to_owned(),
            remedy: Remedy::by(Task::AddCode, "give one, or add a new one"),
        });
    }
    let new = codes.iter().map(|&code| Coding::by_hand(code, coder)).collect();
    add_codings(codebook, quote, new, coder)
}

/// Keeps a quote under the codes of new codings of one coder.
fn add_codings(
    codebook: &Codebook,
    quote: Quote,
    new: Vec<Coding>,
    coder: &str,
) -> Result<(QuotationId, Vec<Change>), CodebookError> {
    for coding in &new {
        codebook.code(coding.code)?;
    }
    let known = codebook.quotations.values().find(|known| known.place == quote.place);
    let quotation = known.cloned().unwrap_or_else(|| Quotation {
        id: codebook.next_quotation(),
        place: quote.place,
        text: quote.text,
        codings: Vec::new(),
        stance: None,
        coder: coder.to_owned(),
    });
    let codings = joined(quotation.codings.iter().cloned().chain(new));
    if codings.len() == quotation.codings.len() {
        return Err(CodebookError::Refused {
            problem: format!(
                "quotation {} already has this code, given by {coder}",
                quotation.id.0
            ),
            remedy: see_quotations(),
        });
    }
    let id = quotation.id;
    Ok((id, vec![Change::PutQuotation(Quotation { codings, ..quotation })]))
}

/// Takes a code from a quotation; the quotation goes with its last one.
///
/// # Errors
/// [`CodebookError::Refused`] if it does not have the code;
/// [`CodebookError::Unknown`] if it is gone.
pub fn uncode_quotation(
    codebook: &Codebook,
    id: QuotationId,
    code: CodeId,
) -> Result<Vec<Change>, CodebookError> {
    let quotation = codebook.quotation(id)?;
    let codings: Vec<Coding> =
        quotation.codings.iter().filter(|coding| coding.code != code).cloned().collect();
    if codings.len() == quotation.codings.len() {
        return lacks_code(codebook, quotation, code);
    }
    if codings.is_empty() {
        return remove_quotation(codebook, id);
    }
    Ok(vec![Change::PutQuotation(Quotation { codings, ..quotation.clone() })])
}

/// Lets a quotation go, with the memos about it.
///
/// # Errors
/// [`CodebookError::Unknown`] if it is gone.
pub fn remove_quotation(
    codebook: &Codebook,
    id: QuotationId,
) -> Result<Vec<Change>, CodebookError> {
    codebook.quotation(id)?;
    let memos = codebook.memos.values().filter(|memo| memo.about == MemoTarget::Quotation(id));
    let memos = memos.map(|memo| Change::DropMemo(memo.id));
    Ok(memos.chain([Change::DropQuotation(id)]).collect())
}

/// Lets a quotation be shown first under a code (all its codes if `None`), or no
/// longer.
///
/// # Errors
/// [`CodebookError::Refused`] if nothing would change;
/// [`CodebookError::Unknown`] if it is gone.
pub fn pin_quotation(
    codebook: &Codebook,
    id: QuotationId,
    code: Option<CodeId>,
    is_pinned: bool,
) -> Result<Vec<Change>, CodebookError> {
    let quotation = codebook.quotation(id)?;
    if let Some(code) = code
        && !quotation.codings.iter().any(|coding| coding.code == code)
    {
        return lacks_code(codebook, quotation, code);
    }
    let pinned = |coding: &Coding| {
        let is_meant = code.is_none_or(|code| coding.code == code);
        Coding { is_pinned: if is_meant { is_pinned } else { coding.is_pinned }, ..coding.clone() }
    };
    let codings: Vec<Coding> = quotation.codings.iter().map(pinned).collect();
    if codings == quotation.codings {
        let state = if is_pinned { "already pinned" } else { "not pinned" };
        return Err(CodebookError::Refused {
            problem: format!("quotation {} is {state}", id.0),
            remedy: see_quotations(),
        });
    }
    Ok(vec![Change::PutQuotation(Quotation { codings, ..quotation.clone() })])
}

/// Puts a quotation on a side, or on none.
///
/// # Errors
/// [`CodebookError::Refused`] if it is there already;
/// [`CodebookError::Unknown`] if it is gone.
pub fn set_stance(
    codebook: &Codebook,
    id: QuotationId,
    stance: Option<Stance>,
) -> Result<Vec<Change>, CodebookError> {
    let quotation = codebook.quotation(id)?;
    if quotation.stance == stance {
        let problem = match stance {
            Some(stance) => {
                format!("the stance of quotation {} is {} already", id.0, stance.name())
            }
            None => format!("quotation {} has no stance", id.0),
        };
        return Err(CodebookError::Refused { problem, remedy: see_quotations() });
    }
    Ok(vec![Change::PutQuotation(Quotation { stance, ..quotation.clone() })])
}

/// Moves quotations to where their words stand now.
///
/// # Errors
/// [`CodebookError::Unknown`] if one is gone.
pub fn reanchor(
    codebook: &Codebook,
    places: &[(QuotationId, Place)],
) -> Result<Vec<Change>, CodebookError> {
    let moved = places.iter().map(|(id, place)| {
        let known = codebook.quotation(*id)?.clone();
        Ok(Change::PutQuotation(Quotation { place: place.clone(), ..known }))
    });
    moved.collect()
}

/// Writes a memo.
///
/// # Errors
/// [`CodebookError::Refused`] if it is blank; [`CodebookError::Unknown`] if what
/// it is about is gone.
pub fn add_memo(
    codebook: &Codebook,
    about: MemoTarget,
    text: &str,
    (coder, at): (&str, &str),
) -> Result<(MemoId, Vec<Change>), CodebookError> {
    match about {
        MemoTarget::Code(code) => {
            codebook.code(code)?;
        }
        MemoTarget::Quotation(quotation) => {
            codebook.quotation(quotation)?;
        }
        MemoTarget::Study | MemoTarget::Transcript(_) | MemoTarget::Case(_) => {}
    }
    let id = MemoId(codebook.last.memo + 1);
    let memo =
        Memo { id, about, text: checked_text(text)?, coder: coder.to_owned(), at: at.to_owned() };
    Ok((id, vec![Change::PutMemo(memo)]))
}

/// Changes the text of a memo.
///
/// # Errors
/// [`CodebookError::Refused`] if it is blank or as before;
/// [`CodebookError::Unknown`] if it is gone.
pub fn edit_memo(
    codebook: &Codebook,
    id: MemoId,
    text: &str,
) -> Result<Vec<Change>, CodebookError> {
    let known = codebook.memo(id)?;
    let text = checked_text(text)?;
    if text == known.text {
        return refused(format!("memo {} already has this text", id.0), "give the new text");
    }
    Ok(vec![Change::PutMemo(Memo { text, ..known.clone() })])
}

fn checked_text(text: &str) -> Result<String, CodebookError> {
    let text = text.trim();
    if text.is_empty() {
        return refused("the memo is empty".to_owned(), "give its text");
    }
    Ok(text.to_owned())
}

/// Makes a theme of a candidate, with the quotes that a person saw.
///
/// # Errors
/// [`CodebookError`] if the name is bad or taken, or the parent cannot hold it.
pub fn accept(
    codebook: &Codebook,
    candidate: Origin,
    (name, parent): (&str, Option<CodeId>),
    quotes: Vec<Quote>,
    coder: &str,
) -> Result<(CodeId, Vec<Change>), CodebookError> {
    let id = codebook.next_code();
    let mut theme = new_code(codebook, id, name, CodeKind::Theme, parent)?;
    theme.origin = Some(candidate);
    let mut changes = vec![Change::PutCode(theme)];
    let mut after = codebook.clone();
    after.apply_all(&changes);
    for quote in quotes {
        let (_, more) = add_quotation(&after, quote, &[id], coder)?;
        after.apply_all(&more);
        changes.extend(more);
    }
    Ok((id, changes))
}

/// Puts a candidate aside, so that it is not suggested again.
pub fn reject(codebook: &Codebook, candidate: Origin, reason: &str) -> Vec<Change> {
    let id = RejectionId(codebook.last.rejection + 1);
    vec![Change::PutRejection(Rejection { id, candidate, reason: reason.trim().to_owned() })]
}

/// Keeps a proposed passage as a quotation of its code. Whoever rejected the same passage
/// for it before has changed their mind.
///
/// # Errors
/// As [`add_quotation`].
pub fn accept_proposal(
    codebook: &Codebook,
    quote: Quote,
    code: CodeId,
    coder: &str,
) -> Result<(QuotationId, Vec<Change>), CodebookError> {
    let is_same = |refusal: &&Refusal| refusal.code == code && refusal.place == quote.place;
    let refused = codebook.refusals.values().filter(is_same);
    let mut taken_back: Vec<Change> =
        refused.map(|refusal| Change::DropRefusal(refusal.id)).collect();
    let coding = Coding { is_proposed: true, ..Coding::by_hand(code, coder) };
    let (id, changes) = add_codings(codebook, quote, vec![coding], coder)?;
    taken_back.extend(changes);
    Ok((id, taken_back))
}

/// Keeps that a proposed passage does not carry its code.
///
/// # Errors
/// [`CodebookError::Refused`] if it is rejected already, or quoted with the code;
/// [`CodebookError::Unknown`] if the code is gone.
pub fn reject_proposal(
    codebook: &Codebook,
    quote: Quote,
    code: CodeId,
    reason: &str,
    coder: &str,
) -> Result<(RefusalId, Vec<Change>), CodebookError> {
    let name = &codebook.code(code)?.name;
    let meets = |place: &Place| {
        let (a, b) = (place.span, quote.place.span);
        place.transcript == quote.place.transcript
            && place.checksum == quote.place.checksum
            && a.start < b.end
            && b.start < a.end
    };
    let has_code = |known: &&Quotation| known.codings.iter().any(|coding| coding.code == code);
    let quoted = codebook.quotations.values().filter(has_code).find(|known| meets(&known.place));
    if let Some(known) = quoted {
        return Err(CodebookError::Refused {
            problem: format!("quotation {} has the code `{name}` there", known.id.0),
            remedy: Remedy::by(Task::ListQuotations, "take the code from the quotation instead"),
        });
    }
    let is_known = |known: &&Refusal| known.code == code && known.place == quote.place;
    if let Some(known) = codebook.refusals.values().find(is_known) {
        return Err(CodebookError::Refused {
            problem: format!("this is rejected for `{name}` already (number {})", known.id.0),
            remedy: see_refusals(),
        });
    }
    let id = RefusalId(codebook.last.refusal + 1);
    let (coder, reason) = (coder.to_owned(), reason.trim().to_owned());
    let Quote { place, text } = quote;
    Ok((id, vec![Change::PutRefusal(Refusal { id, code, place, text, coder, reason })]))
}

/// The code at a path; makes it, and what is missing above, and returns these changes too.
///
/// # Errors
/// [`CodebookError`] if a name is bad or a theme would stand under a code; some of the path
/// may be there then.
pub fn put_code_at(
    codebook: &mut Codebook,
    path: &[&str],
    kind: CodeKind,
) -> Result<(CodeId, Vec<Change>), CodebookError> {
    let bad = |rule| CodebookError::BadName { name: path.join(PATH_SEPARATOR), rule };
    if path.len() > MAX_DEPTH {
        return Err(bad("a path has at most 50 names"));
    }
    let mut changes = Vec::new();
    let mut parent = None;
    for name in path {
        let wanted = normal_path(&checked_name(name)?);
        let is_known = |code: &&Code| code.parent == parent && is_path(&code.name, &wanted);
        if let Some(known) = codebook.codes.values().find(is_known) {
            parent = Some(known.id);
            continue;
        }
        let next = codebook.next_code();
        let more = add_code(codebook, name, kind, parent)?;
        codebook.apply_all(&more);
        changes.extend(more);
        parent = Some(next);
    }
    let id = parent.ok_or_else(|| bad("a path has at least one name"))?;
    Ok((id, changes))
}

#[cfg(test)]
mod tests;
