//! What a person does becomes changes of the codebook.
//!
//! An [`Act`] comes in, with the study as its person saw it and the codebook as it is
//! now; a [`Proposal`] goes out: what was done to what, and the changes.

use super::proposal::{Proposal, gone, known_code};
use super::{adding, candidates, people};
use crate::base::{Remedy, Task};
use crate::codebook::act::{Act, Pick};
use crate::codebook::decision::{Change, Verb};
use crate::codebook::edit::{self, Quote};
use crate::codebook::standing::Standing;
use crate::codebook::{
    Code, CodeId, CodeKind, Codebook, CodebookError, Memo, MemoId, MemoTarget, Place, Quotation,
    QuotationId, Stance,
};
use crate::questions::reading::place_of;
use crate::study::{Snapshot, StudyError};

/// What an act comes to in the codebook as it is now; `by` is who acts, and when.
///
/// # Errors
/// What the codebook refuses, or what is not there any more.
pub(super) fn propose(
    act: &Act,
    study: &Snapshot,
    codebook: &Codebook,
    by: (&str, &str),
) -> Result<Proposal, StudyError> {
    let (coder, now) = by;
    if matches!(act, Act::ReanchorQuotations) {
        return reanchor(study, codebook);
    }
    // One quotation a place, also where its transcript has changed since.
    let codebook = &*study.corpus.as_it_stands(codebook)?;
    Ok(match act {
        Act::AddCode { name, kind, under, notes } => {
            check_rule(study, codebook, (None, *under), notes.rule.as_deref())?;
            let changes = edit::add_code_with(codebook, (name, *kind, *under), notes.clone())?;
            Proposal::new(Verb::AddCode, format!("{} “{name}”", kind.name()), changes)
        }
        Act::EditCode { code, change } => {
            let known = known_code(codebook, *code)?;
            check_rule(study, codebook, (Some(*code), known.parent), change.rule.as_deref())?;
            let this = format!("{} “{}”", known.kind.name(), known.name);
            let (verb, about) = match (&change.name, change.rule.as_deref().map(str::trim)) {
                (Some(name), _) => (Verb::Rename, format!("“{}” to “{name}”", known.name)),
                (None, Some("")) => (Verb::EditCode, format!("{this}: no rule")),
                (None, Some(rule)) => (Verb::EditCode, format!("{this}: the rule is `{rule}`")),
                (None, None) => (Verb::EditCode, this),
            };
            Proposal::new(verb, about, edit::edit_code(codebook, *code, change.clone())?)
        }
        Act::MergeCodes { codes, name } => {
            let found = known_codes(codebook, codes)?;
            let changes = edit::merge(codebook, codes, name.as_deref())?;
            let first = found.first().map(|code| code.name.as_str());
            let into = name.as_deref().or(first).unwrap_or_default();
            let about = format!("{} into “{into}”", names_of(&found, " and "));
            Proposal::new(Verb::Merge, about, changes)
        }
        Act::RemoveCode { code, with_children } => {
            let known = known_code(codebook, *code)?;
            let changes = edit::remove_code(codebook, *code, *with_children)?;
            let is_gone = |change: &&Change| matches!(change, Change::DropQuotation(_));
            let with = match changes.iter().filter(is_gone).count() {
                0 => String::new(),
                n => format!(", with {n} of its quotations"),
            };
            let about = format!("{} “{}”{with}", known.kind.name(), codebook.path(*code));
            Proposal::new(Verb::RemoveCode, about, changes)
        }
        Act::AddQuotation { pick, codes } => {
            let (quote, place) = picked(study, pick)?;
            let found = known_codes(codebook, codes)?;
            let (id, changes) = edit::add_quotation(codebook, quote, codes, coder)?;
            let about = format!("{place} as {} (quotation {})", names_of(&found, ", "), id.0);
            Proposal::new(Verb::AddQuotation, about, changes)
        }
        Act::AddQuotations { picks, codes, new_code } => {
            add_quotations(study, codebook, picks, (codes, new_code.as_deref()), coder)?
        }
        Act::ResizeQuotation { quotation, selection } => {
            let (quote, place) = study.selected(selection)?;
            let changes = edit::resize_quotation(codebook, *quotation, quote)?;
            let about = format!("the bounds of quotation {} to {place}", quotation.0);
            Proposal::new(Verb::MoveQuotation, about, changes)
        }
        Act::AddSelection { selection, codes, new_code } => {
            let (quote, place) = study.selected(selection)?;
            add_selection(codebook, (quote, &place), codes, new_code.as_deref(), coder)?
        }
        Act::CodeQuotation { quotation, code } => {
            let known = known_quotation(codebook, *quotation)?;
            let code = known_code(codebook, *code)?;
            let quote = Quote { place: known.place.clone(), text: known.text.clone() };
            let (_, changes) = edit::add_quotation(codebook, quote, &[code.id], coder)?;
            let about = format!("quotation {} as “{}”", known.id.0, code.name);
            Proposal::new(Verb::CodeQuotation, about, changes)
        }
        Act::UncodeQuotation { quotation, code } => {
            let code = known_code(codebook, *code)?;
            let about = format!("quotation {} as no longer “{}”", quotation.0, code.name);
            let changes = edit::uncode_quotation(codebook, *quotation, code.id)?;
            Proposal::new(Verb::CodeQuotation, about, changes)
        }
        Act::MoveQuotation { quotation, from, to } => {
            let (from, to) = (known_code(codebook, *from)?, known_code(codebook, *to)?);
            let about = format!("quotation {} from “{}” to “{}”", quotation.0, from.name, to.name);
            let changes = edit::move_quotation(codebook, *quotation, from.id, to.id)?;
            Proposal::new(Verb::MoveQuotation, about, changes)
        }
        Act::PinQuotation { quotation, code, is_pinned } => {
            let code = code.map(|code| known_code(codebook, code)).transpose()?;
            let under = code.map_or_else(String::new, |code| format!(" under “{}”", code.name));
            let no_longer = if *is_pinned { "" } else { ", no longer" };
            let about = format!("quotation {}{under}{no_longer}", quotation.0);
            let code = code.map(|code| code.id);
            let changes = edit::pin_quotation(codebook, *quotation, code, *is_pinned)?;
            Proposal::new(Verb::PinQuotation, about, changes)
        }
        Act::SetStance { quotation, stance } => {
            let known = known_quotation(codebook, *quotation)?;
            let to = stance.map_or("none", Stance::name);
            let about = format!("the stance of quotation {} to {to}", known.id.0);
            let changes = edit::set_stance(codebook, known.id, *stance)?;
            Proposal::new(Verb::SetStance, about, changes)
        }
        Act::RemoveQuotation { quotation } => {
            let known = known_quotation(codebook, *quotation)?;
            let about = format!("quotation {} in {}", known.id.0, known.place.transcript);
            let changes = edit::remove_quotation(codebook, known.id)?;
            Proposal::new(Verb::RemoveQuotation, about, changes)
        }
        Act::AcceptProposal { pick, code } => {
            let (quote, place) = picked(study, pick)?;
            let code = known_code(codebook, *code)?;
            let (id, changes) = edit::accept_proposal(codebook, quote, code.id, coder)?;
            let about = format!("{place} as “{}” (quotation {})", code.name, id.0);
            Proposal::new(Verb::AcceptProposal, about, changes)
        }
        Act::RejectProposal { pick, code, reason } => {
            let (quote, place) = picked(study, pick)?;
            let code = known_code(codebook, *code)?;
            let (id, changes) = edit::reject_proposal(codebook, quote, code.id, reason, coder)?;
            let about = format!("{place} as “{}” (number {})", code.name, id.0);
            Proposal::new(Verb::RejectProposal, about, changes)
        }
        Act::RestoreProposal { refusal } => {
            let found = codebook.refusal_named(&refusal.0.to_string())?;
            let code = known_code(codebook, found.code)?;
            let about = format!("{} for “{}”", found.id.0, code.name);
            Proposal::new(Verb::TakeBackProposal, about, vec![Change::DropRefusal(found.id)])
        }
        Act::AddMemo { about, text } => {
            let on = memo_on(codebook, about);
            let (id, changes) = edit::add_memo(codebook, about.clone(), text, (coder, now))?;
            Proposal::new(Verb::AddMemo, format!("memo {} on {on}", id.0), changes)
        }
        Act::EditMemo { memo, text } => {
            let id = known_memo(codebook, *memo)?.id;
            let changes = edit::edit_memo(codebook, id, text)?;
            Proposal::new(Verb::EditMemo, format!("memo {}", id.0), changes)
        }
        Act::RemoveMemo { memo } => {
            let id = known_memo(codebook, *memo)?.id;
            Proposal::new(Verb::RemoveMemo, format!("memo {}", id.0), vec![Change::DropMemo(id)])
        }
        Act::SetRoles { roles } => people::set_roles(study, roles)?,
        Act::SetAttributes { values } => people::set_attributes(study, values)?,
        Act::SetSetting { setting } => adding::set_setting(study, setting)?,
        Act::LeaveOut { file } => adding::leave_out(study, codebook, file)?,
        Act::TakeIn { file } => adding::take_in(study, file)?,
        act => candidates::propose(act, study, codebook, coder)?,
    })
}

/// Refuses a rule of a code, under another, that cannot be asked of the study or that asks
/// for its own code; an empty one takes a rule away.
fn check_rule(
    study: &Snapshot,
    codebook: &Codebook,
    (code, mut under): (Option<CodeId>, Option<CodeId>),
    rule: Option<&str>,
) -> Result<(), StudyError> {
    let Some(rule) = rule.filter(|rule| !rule.trim().is_empty()) else { return Ok(()) };
    study.rule_matches(rule)?;
    let mut own = code.map(|code| codebook.family(code)).unwrap_or_default();
    while let Some(above) = under.filter(|above| own.insert(*above)) {
        under = codebook.codes.get(&above).and_then(|code| code.parent);
    }
    study.check_circle(codebook, &own, rule)
}

/// A quotation of a stretch that was marked, and the code that is made for it: one
/// decision.
fn add_selection(
    codebook: &Codebook,
    (quote, place): (Quote, &str),
    codes: &[CodeId],
    new_code: Option<&str>,
    coder: &str,
) -> Result<Proposal, StudyError> {
    let Coded { after, codes, mut changes, names } = coded(codebook, codes, new_code)?;
    let (id, added) = edit::add_quotation(&after, quote, &codes, coder)?;
    changes.extend(added);
    let about = format!("{place} as {names} (quotation {})", id.0);
    Ok(Proposal::new(Verb::AddQuotation, about, changes))
}

/// Quotations of several stretches: one decision. Those that have the codes are counted;
/// if all have, that is the refusal.
fn add_quotations(
    study: &Snapshot,
    codebook: &Codebook,
    picks: &[Pick],
    (codes, new_code): (&[CodeId], Option<&str>),
    coder: &str,
) -> Result<Proposal, StudyError> {
    let Coded { mut after, codes, mut changes, names } = coded(codebook, codes, new_code)?;
    let mut added = Vec::new();
    let mut refusal = CodebookError::Refused {
        problem: "nothing is ticked".to_owned(),
        remedy: Remedy::new("tick the quotes that you mean"),
    };
    for pick in picks {
        let (quote, place) = picked(study, pick)?;
        match edit::add_quotation(&after, quote, &codes, coder) {
            Ok((id, more)) => {
                after.apply_all(&more);
                changes.extend(more);
                added.push((place, id));
            }
            Err(refused @ CodebookError::Refused { .. }) => refusal = refused,
            Err(error) => return Err(error.into()),
        }
    }
    let had = match picks.len() - added.len() {
        0 => String::new(),
        n => format!(" ({n} more had it already)"),
    };
    let about = match added.as_slice() {
        [] => return Err(refusal.into()),
        [(place, id)] => format!("{place} as {names} (quotation {}){had}", id.0),
        _ => format!("{} passages as {names}{had}", added.len()),
    };
    Ok(Proposal::new(Verb::AddQuotation, about, changes))
}

/// Codes for quotations, with one that is made for them, and what they are called.
struct Coded {
    after: Codebook,
    codes: Vec<CodeId>,
    changes: Vec<Change>,
    names: String,
}

fn coded(
    codebook: &Codebook,
    codes: &[CodeId],
    new_code: Option<&str>,
) -> Result<Coded, CodebookError> {
    let (mut after, mut codes) = (codebook.clone(), codes.to_vec());
    let mut changes = Vec::new();
    if let Some(name) = new_code {
        codes.push(codebook.next_code());
        changes = edit::add_code(codebook, name, CodeKind::Code, None)?;
        after.apply_all(&changes);
    }
    let made = if new_code.is_some() { ", a new code" } else { "" };
    let names = format!("{}{made}", names_of(&known_codes(&after, &codes)?, ", "));
    Ok(Coded { after, codes, changes, names })
}

/// The words that a person picks, and where: `P07 lines 3-5`.
fn picked(study: &Snapshot, pick: &Pick) -> Result<(Quote, String), StudyError> {
    let Pick { transcript, lines, words } = pick;
    let t = study.transcript_named(transcript)?;
    let quote = study.quote_at(t, *lines, words.as_deref())?;
    Ok((quote, place_of(&study.corpus.transcripts[t].id, *lines)))
}

/// The new places of quotations whose words are found once.
fn reanchor(study: &Snapshot, codebook: &Codebook) -> Result<Proposal, StudyError> {
    let standings = study.corpus.standings(codebook)?;
    let moved = standings.of.into_iter().filter_map(|(id, standing)| match standing {
        Standing::Moved(place) => Some((id, place)),
        _ => None,
    });
    let moved: Vec<(QuotationId, Place)> = moved.collect();
    if moved.is_empty() {
        return Err(CodebookError::Refused {
            problem: "no quotation has a new place".to_owned(),
            remedy: Remedy::by(Task::ListStaleQuotations, "see those that are not found"),
        }
        .into());
    }
    let about = match moved.len() {
        1 => "1 quotation in a changed transcript".to_owned(),
        n => format!("{n} quotations in changed transcripts"),
    };
    Ok(Proposal::new(Verb::Reanchor, about, edit::reanchor(codebook, &moved)?))
}

/// What a memo is on, as its decision says it.
fn memo_on(codebook: &Codebook, about: &MemoTarget) -> String {
    match about {
        MemoTarget::Study => "study".to_owned(),
        MemoTarget::Code(id) => {
            let known = codebook.codes.get(id);
            let kind = known.map_or("code", |code| code.kind.name());
            format!("{kind}:{}", known.map_or("", |code| code.name.as_str()))
        }
        MemoTarget::Quotation(id) => format!("quote:{}", id.0),
        MemoTarget::Transcript(id) => format!("transcript:{id}"),
        MemoTarget::Case(id) => format!("case:{id}"),
    }
}

fn known_codes<'a>(codebook: &'a Codebook, ids: &[CodeId]) -> Result<Vec<&'a Code>, CodebookError> {
    ids.iter().map(|id| known_code(codebook, *id)).collect()
}

fn known_quotation(codebook: &Codebook, id: QuotationId) -> Result<&Quotation, CodebookError> {
    codebook.quotations.get(&id).ok_or_else(|| gone("quotation", id.0))
}

fn known_memo(codebook: &Codebook, id: MemoId) -> Result<&Memo, CodebookError> {
    codebook.memos.get(&id).ok_or_else(|| gone("memo", id.0))
}

fn names_of(codes: &[&Code], between: &str) -> String {
    let names: Vec<String> = codes.iter().map(|code| format!("“{}”", code.name)).collect();
    names.join(between)
}
