//! Pseudonyms in what goes to another tool.
//!
//! A [`Bundle`] as it was said comes in; the same as it is shown goes out, its places
//! moved with its texts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Bundle, SourceText};
use crate::answers::HideNames as _;
use crate::base::Span;
use crate::codebook::{Codebook, MemoTarget, Place, checksum_of};
use crate::pseudonyms::{Pseudonyms, ShownText};

/// What goes to another tool, with pseudonyms for names: texts, and with them the
/// places of quotations, ids, codes, memos and attributes.
pub fn with_pseudonyms(mut bundle: Bundle, pseudonyms: &Pseudonyms) -> Bundle {
    bundle.name.hide_names(pseudonyms);
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut texts: BTreeMap<String, (String, ShownText<'_>)> = BTreeMap::new();
    for source in &bundle.sources {
        // Two transcripts that one pseudonym names are two still.
        let shown = pseudonyms.apply(&source.id).into_owned();
        let others = (2..).map(|n| format!("{shown} ({n})"));
        let mut free = std::iter::once(shown.clone()).chain(others);
        let id = free.find(|id| !taken.contains(id)).expect("numbers do not run out");
        taken.insert(id.clone());
        ids.insert(source.id.clone(), id);
        let text = pseudonyms.show(&source.text);
        texts.insert(source.id.clone(), (checksum_of(&text.text), text));
    }
    let new_id = |id: &mut String| match ids.get(id) {
        Some(shown) => shown.clone_into(id),
        None => id.hide_names(pseudonyms),
    };
    let move_place = |place: &mut Place| {
        if let Some((checksum, shown)) = texts.get(&place.transcript) {
            let span = [place.span.start as usize, place.span.end as usize];
            let [start, end] = shown.byte_range(span);
            place.span = Span::new(start, end);
            checksum.clone_into(&mut place.checksum);
        }
        new_id(&mut place.transcript);
    };
    // What is called by terms may be called by a single word of a name.
    let hide_term = |term: &mut String| *term = pseudonyms.shown_term(term).into_owned();
    let Codebook { codes, quotations, memos, rejections, refusals, last: _ } = &mut bundle.codebook;
    // What was proposed and rejected goes into no file.
    refusals.clear();
    let origins = codes.values_mut().map(|code| {
        hide_term(&mut code.name);
        code.definition.hide_names(pseudonyms);
        code.include.hide_names(pseudonyms);
        code.exclude.hide_names(pseudonyms);
        code.rule.hide_names(pseudonyms);
        code.origin.as_mut()
    });
    let rejected = rejections.values_mut().map(|rejection| {
        rejection.reason.hide_names(pseudonyms);
        Some(&mut rejection.candidate)
    });
    for origin in origins.chain(rejected).flatten() {
        hide_term(&mut origin.label);
        origin.passages.iter_mut().for_each(&move_place);
    }
    for quotation in quotations.values_mut() {
        quotation.coder.hide_names(pseudonyms);
        quotation.codings.iter_mut().for_each(|coding| coding.coder.hide_names(pseudonyms));
        let transcript = quotation.place.transcript.clone();
        move_place(&mut quotation.place);
        match texts.get(&transcript) {
            Some((_, shown)) => {
                quotation.place.span.of(&shown.text).clone_into(&mut quotation.text);
            }
            None => quotation.text.hide_names(pseudonyms),
        }
    }
    for memo in memos.values_mut() {
        memo.text.hide_names(pseudonyms);
        memo.coder.hide_names(pseudonyms);
        match &mut memo.about {
            MemoTarget::Transcript(id) => new_id(id),
            MemoTarget::Case(id) => id.hide_names(pseudonyms),
            MemoTarget::Study | MemoTarget::Code(_) | MemoTarget::Quotation(_) => {}
        }
    }
    for case in &mut bundle.cases {
        case.id.hide_names(pseudonyms);
        case.attributes.values_mut().for_each(|value| value.hide_names(pseudonyms));
        case.sources.iter_mut().for_each(new_id);
    }
    let shown = bundle.sources.iter().map(|source| SourceText {
        id: ids[&source.id].clone(),
        text: texts[&source.id].1.text.clone().into_owned(),
        is_markdown: source.is_markdown,
    });
    bundle.sources = shown.collect();
    bundle
}
