//! What came in becomes changes of the codebook that is here.

use std::collections::{BTreeMap, BTreeSet};

use super::matching::Match;
use super::placing::Incoming;
use super::{Bundle, Counts, Received};
use crate::base::{Diagnostic, Remedy};
use crate::codebook::{
    Change, Code, CodeId, CodeKind, Codebook, Coding, Memo, MemoId, MemoTarget, Place, Quotation,
    QuotationId, is_path, normal_path,
};
use crate::corpus::Corpus;
use crate::transcripts::normal_label;

/// What an import changes.
pub struct Merged {
    /// The changes, one after the other.
    pub changes: Vec<Change>,
    /// How much is new.
    pub new: Counts,
    /// What is kept as it is here, and what is about something that is not.
    pub warnings: Vec<Diagnostic>,
}

/// Adds what came in to a codebook: codes of one name under one parent are one,
/// and so are quotations of one place. Memos without a time are given `at`.
pub fn merge(
    codebook: &Codebook,
    corpus: &Corpus,
    received: &Received,
    incoming: &Incoming,
    places: &BTreeMap<String, Match>,
    at: &str,
) -> Merged {
    let mut merger = Merger {
        after: codebook.clone(),
        merged: Merged { changes: Vec::new(), new: Counts::default(), warnings: Vec::new() },
    };
    let codes = merger.codes(&received.bundle.codebook);
    let quotations = merger.quotations(incoming, &codes);
    let numbers = Numbers { codes, quotations };
    merger.memos(corpus, &received.bundle, &numbers, places, at);
    merger.merged
}

/// By number in the file, the number in the study.
struct Numbers {
    codes: BTreeMap<CodeId, CodeId>,
    quotations: BTreeMap<QuotationId, QuotationId>,
}

struct Merger {
    after: Codebook,
    merged: Merged,
}

impl Merger {
    fn put(&mut self, change: Change) {
        self.after.apply(&change);
        self.merged.changes.push(change);
    }

    /// By number in the file, the number in the study.
    fn codes(&mut self, from: &Codebook) -> BTreeMap<CodeId, CodeId> {
        let mut codes: BTreeMap<CodeId, CodeId> = BTreeMap::new();
        for (_, code) in from.tree() {
            let parent = code.parent.and_then(|parent| codes.get(&parent).copied());
            let wanted = normal_path(&code.name);
            let known = self
                .after
                .codes
                .values()
                .find(|known| known.parent == parent && is_path(&known.name, &wanted));
            if let Some(known) = known {
                let mut filled = known.clone();
                let mut is_other = false;
                for (own, theirs) in [
                    (&mut filled.definition, &code.definition),
                    (&mut filled.include, &code.include),
                    (&mut filled.exclude, &code.exclude),
                    (&mut filled.rule, &code.rule),
                ] {
                    if own.is_empty() {
                        own.clone_from(theirs);
                    }
                    is_other |= !theirs.is_empty() && own != theirs;
                }
                if is_other {
                    let name = &known.name;
                    let problem = format!("the code `{name}` has another description in the file");
                    let hint = "the description in this study is kept";
                    self.merged.warnings.push(Diagnostic::new(problem).with(Remedy::new(hint)));
                }
                filled.color = filled.color.or_else(|| code.color.clone());
                codes.insert(code.id, known.id);
                if filled != *known {
                    self.put(Change::PutCode(filled));
                }
                continue;
            }
            let id = CodeId(self.after.last.code + 1);
            let may_be =
                parent.is_none_or(|parent| self.after.codes[&parent].kind == CodeKind::Theme);
            let kind = if may_be { code.kind } else { CodeKind::Code };
            let counted = match kind {
                CodeKind::Theme => &mut self.merged.new.themes,
                CodeKind::Code => &mut self.merged.new.codes,
            };
            *counted += 1;
            codes.insert(code.id, id);
            self.put(Change::PutCode(Code { id, kind, parent, ..code.clone() }));
        }
        codes
    }

    /// By number in the file, the number in the study.
    fn quotations(
        &mut self,
        incoming: &Incoming,
        codes: &BTreeMap<CodeId, CodeId>,
    ) -> BTreeMap<QuotationId, QuotationId> {
        let mut at: BTreeMap<Place, QuotationId> = self
            .after
            .quotations
            .values()
            .map(|quotation| (quotation.place.clone(), quotation.id))
            .collect();
        let mut numbers = BTreeMap::new();
        for quotation in &incoming.quotations {
            let given = quotation.codings.iter().filter_map(|coding| {
                Some(Coding { code: *codes.get(&coding.code)?, ..coding.clone() })
            });
            let next = QuotationId(self.after.last.quotation + 1);
            let id = *at.entry(quotation.place.clone()).or_insert(next);
            numbers.extend(quotation.id.map(|old| (old, id)));
            let known = self.after.quotations.get(&id);
            let mut codings: Vec<Coding> =
                known.map_or_else(Vec::new, |known| known.codings.clone());
            let n_known = codings.len();
            for coding in given {
                let is_same =
                    |known: &Coding| known.code == coding.code && known.coder == coding.coder;
                if !codings.iter().any(is_same) {
                    codings.push(coding);
                }
            }
            if known.is_some() && codings.len() == n_known {
                continue;
            }
            codings.sort();
            self.merged.new.quotations += usize::from(known.is_none());
            self.merged.new.codings += codings.len() - n_known;
            let coder = known.map_or(&quotation.coder, |known| &known.coder).clone();
            self.put(Change::PutQuotation(Quotation {
                id,
                place: quotation.place.clone(),
                text: quotation.text.clone(),
                codings,
                stance: known.and_then(|known| known.stance).or(quotation.stance),
                coder,
            }));
        }
        numbers
    }

    fn memos(
        &mut self,
        corpus: &Corpus,
        bundle: &Bundle,
        numbers: &Numbers,
        places: &BTreeMap<String, Match>,
        at: &str,
    ) {
        let id_of = |source: &String| {
            places.get(source).map(|found| corpus.transcripts[found.t].id.clone())
        };
        let mut known: BTreeSet<(MemoTarget, String, String)> = self
            .after
            .memos
            .values()
            .map(|memo| (memo.about.clone(), memo.text.clone(), memo.coder.clone()))
            .collect();
        for memo in bundle.codebook.memos.values() {
            let about = match &memo.about {
                MemoTarget::Study => Some(MemoTarget::Study),
                MemoTarget::Code(code) => numbers.codes.get(code).copied().map(MemoTarget::Code),
                MemoTarget::Quotation(quotation) => {
                    numbers.quotations.get(quotation).copied().map(MemoTarget::Quotation)
                }
                MemoTarget::Transcript(source) => id_of(source).map(MemoTarget::Transcript),
                MemoTarget::Case(case) => {
                    let mut known = corpus.cases.cases.iter();
                    let wanted = normal_label(case);
                    if let Some(known) = known.find(|known| normal_label(&known.id) == wanted) {
                        Some(MemoTarget::Case(known.id.clone()))
                    } else {
                        // A case that the study does not have is told by its transcript.
                        let of = bundle.cases.iter().find(|known| known.id == *case);
                        match of.map(|of| of.sources.as_slice()) {
                            Some([only]) => id_of(only).map(MemoTarget::Transcript),
                            _ => None,
                        }
                    }
                }
            };
            let about = about.unwrap_or_else(|| {
                let short: String =
                    memo.text.split_whitespace().take(8).collect::<Vec<_>>().join(" ");
                self.merged.warnings.push(
                    Diagnostic::new(format!(
                        "the memo “{short} …” is about something that is not imported"
                    ))
                    .with(Remedy::new("it is kept as a memo about the whole study")),
                );
                MemoTarget::Study
            });
            if !known.insert((about.clone(), memo.text.clone(), memo.coder.clone())) {
                continue;
            }
            let written = if memo.at.is_empty() { at } else { &memo.at };
            self.merged.new.memos += 1;
            let id = MemoId(self.after.last.memo + 1);
            let at = written.to_owned();
            self.put(Change::PutMemo(Memo { id, about, at, ..memo.clone() }));
        }
    }
}
