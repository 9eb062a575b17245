//! Makes one code of several.
//!
//! A codebook and codes of it come in; the changes go out that put their quotations, memos
//! and rejected proposals under one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{checked_name, joined, refused};
use crate::codebook::{
    Change, Code, CodeId, CodeKind, Codebook, CodebookError, Coding, Memo, MemoTarget, Quotation,
    Refusal, normal_path,
};

/// Makes one code of several: quotations, codes below, memos and definitions go
/// to the first, which gets the new name, if one is given. Codes below that have
/// one name become one too.
///
/// # Errors
/// [`CodebookError`] if there are not two, one is named twice, one stands under
/// another, or one is gone.
pub fn merge(
    codebook: &Codebook,
    codes: &[CodeId],
    name: Option<&str>,
) -> Result<Vec<Change>, CodebookError> {
    let distinct: BTreeSet<CodeId> = codes.iter().copied().collect();
    let Some((&into, rest)) = codes.split_first().filter(|_| distinct.len() > 1) else {
        return refused(
            "at least two codes are needed to merge".to_owned(),
            "list each of them once",
        );
    };
    for (at, &id) in codes.iter().enumerate() {
        let code = codebook.code(id)?;
        if codes[..at].contains(&id) {
            return refused(
                format!("`{}` is in the list twice", code.name),
                "list each of them once",
            );
        }
        let family = codebook.family(id);
        let below = codes.iter().find(|other| **other != id && family.contains(other));
        if let Some(&below) = below {
            let problem = format!("`{}` is under `{}`", codebook.code(below)?.name, code.name);
            return refused(problem, "move it to another place first, or remove it");
        }
    }
    let mut merger = Merger { codes: codebook.codes.clone(), heirs: BTreeMap::new() };
    merger.take_in(into, rest);
    if let Some(merged) = merger.codes.get_mut(&into) {
        if let Some(name) = name {
            merged.name = checked_name(name)?;
            codebook.check_free(&merged.name, merged.parent, &distinct)?;
        }
        codebook.check_parent(merged.kind, merged.parent)?;
    }
    let Merger { codes, heirs } = merger;
    let is_new = |code: &&Code| codebook.codes.get(&code.id) != Some(code);
    let mut changes: Vec<Change> =
        codes.values().filter(is_new).cloned().map(Change::PutCode).collect();
    let moved = |coding: &Coding| {
        let code = heirs.get(&coding.code).copied().unwrap_or(coding.code);
        Coding { code, ..coding.clone() }
    };
    for quotation in codebook.quotations.values() {
        if quotation.codings.iter().any(|coding| heirs.contains_key(&coding.code)) {
            let codings = joined(quotation.codings.iter().map(moved));
            changes.push(Change::PutQuotation(Quotation { codings, ..quotation.clone() }));
        }
    }
    for memo in codebook.memos.values() {
        if let MemoTarget::Code(code) = &memo.about
            && let Some(&heir) = heirs.get(code)
        {
            let about = MemoTarget::Code(heir);
            changes.push(Change::PutMemo(Memo { about, ..memo.clone() }));
        }
    }
    for refusal in codebook.refusals.values() {
        if let Some(&code) = heirs.get(&refusal.code) {
            changes.push(Change::PutRefusal(Refusal { code, ..refusal.clone() }));
        }
    }
    changes.extend(heirs.into_keys().map(Change::DropCode));
    Ok(changes)
}

/// Codes while some of them become one.
struct Merger {
    /// Those that are left.
    codes: BTreeMap<CodeId, Code>,
    /// Those that are gone, with the ones that took them in.
    heirs: BTreeMap<CodeId, CodeId>,
}

impl Merger {
    /// Lets a code take in others, none of which stands under another of them.
    fn take_in(&mut self, into: CodeId, others: &[CodeId]) {
        let mut open: VecDeque<(CodeId, CodeId)> =
            others.iter().map(|&other| (into, other)).collect();
        while let Some((into, other)) = open.pop_front() {
            let Some(gone) = self.codes.remove(&other) else { continue };
            self.heirs.insert(other, into);
            if let Some(heir) = self.codes.get_mut(&into) {
                inherit(heir, gone);
            }
            let below = self.codes.values().filter(|code| code.parent == Some(other));
            let below: Vec<(CodeId, String)> =
                below.map(|code| (code.id, normal_path(&code.name))).collect();
            for (id, name) in below {
                let like = self
                    .codes
                    .values()
                    .find(|code| code.parent == Some(into) && normal_path(&code.name) == name);
                if let Some(like) = like {
                    open.push_back((like.id, id));
                } else if let Some(code) = self.codes.get_mut(&id) {
                    code.parent = Some(into);
                }
            }
        }
    }
}

/// The query that finds what either of two finds; an empty one finds nothing.
fn either(one: &str, other: &str) -> String {
    match (one, other) {
        ("", rule) | (rule, "") => rule.to_owned(),
        _ if one == other => one.to_owned(),
        _ => format!("({one}) OR ({other})"),
    }
}

/// Gives a code what another says of itself.
fn inherit(heir: &mut Code, gone: Code) {
    for (text, more) in [
        (&mut heir.definition, &gone.definition),
        (&mut heir.include, &gone.include),
        (&mut heir.exclude, &gone.exclude),
    ] {
        if !more.is_empty() && !text.contains(more.as_str()) {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(more);
        }
    }
    heir.rule = either(&heir.rule, &gone.rule);
    heir.color = heir.color.take().or(gone.color);
    if gone.kind == CodeKind::Theme {
        heir.kind = CodeKind::Theme;
    }
    match (&mut heir.origin, gone.origin) {
        (Some(known), Some(more)) => {
            known.passages.extend(more.passages);
            known.passages.sort();
            known.passages.dedup();
        }
        (known @ None, more) => *known = more,
        (Some(_), None) => {}
    }
}
