//! What people do to codes, quotations and memos by hand.
//!
//! What a person asks for comes in, with the names of codes, quotations and
//! memos as they are written; a decision that is kept goes out, with its entry in
//! the log.

use super::decisions::{Decided, Person, now};
use super::{Study, StudyError};
use crate::base::Lines;
use crate::codebook::decision::{Change, Verb};
use crate::codebook::edit::{self, CodeEdit, Quote};
use crate::codebook::{Code, CodeKind, Codebook, CodebookError};

impl Study {
    /// Makes a code or theme under the one named `under`, with its notes.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if the name is bad or taken, or there is no `under`.
    pub fn add_code(
        &mut self,
        person: &Person,
        (name, kind, under): (&str, CodeKind, Option<&str>),
        notes: CodeEdit,
    ) -> Result<Decided, StudyError> {
        self.decide(person, |_, codebook| {
            let parent = under.map(|under| codebook.code_named(under)).transpose()?;
            let new = (name, kind, parent.map(|code| code.id));
            let changes = edit::add_code_with(codebook, new, notes)?;
            Ok((Verb::AddCode, format!("{} “{name}”", kind.name()), changes))
        })
    }

    /// Changes a code; `under` names what it is to stand under, `Some(None)` puts
    /// it at the top.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if there is no such code, or it cannot be so.
    pub fn edit_code(
        &mut self,
        person: &Person,
        code: &str,
        under: Option<Option<&str>>,
        change: CodeEdit,
    ) -> Result<Decided, StudyError> {
        self.decide(person, |_, codebook| {
            let known = codebook.code_named(code)?;
            let parent = match under {
                None => change.parent,
                Some(None) => Some(None),
                Some(Some(under)) => Some(Some(codebook.code_named(under)?.id)),
            };
            let (verb, about) = match &change.name {
                Some(name) => (Verb::Rename, format!("“{}” to “{name}”", known.name)),
                None => (Verb::EditCode, format!("{} “{}”", known.kind.name(), known.name)),
            };
            let changes = edit::edit_code(codebook, known.id, CodeEdit { parent, ..change })?;
            Ok((verb, about, changes))
        })
    }

    /// Makes one code of several, which keeps the first one's number, and its name
    /// unless another is given.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if one does not exist, or they cannot be merged.
    pub fn merge_codes(
        &mut self,
        person: &Person,
        codes: &[String],
        name: Option<&str>,
    ) -> Result<Decided, StudyError> {
        self.decide(person, |_, codebook| {
            let found = codes_named(codebook, codes)?;
            let ids: Vec<_> = found.iter().map(|code| code.id).collect();
            let changes = edit::merge(codebook, &ids, name)?;
            let into = name.or(found.first().map(|code| code.name.as_str())).unwrap_or_default();
            let about = format!("{} into “{into}”", names_of(&found, " and "));
            Ok((Verb::Merge, about, changes))
        })
    }

    /// Takes a code out, with the quotations that have no other.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if it does not exist, or codes stand under it and
    /// `with_children` is false.
    pub fn remove_code(
        &mut self,
        person: &Person,
        code: &str,
        with_children: bool,
    ) -> Result<Decided, StudyError> {
        self.decide(person, |_, codebook| {
            let known = codebook.code_named(code)?;
            let changes = edit::remove_code(codebook, known.id, with_children)?;
            let is_gone = |change: &&Change| matches!(change, Change::DropQuotation(_));
            let with = match changes.iter().filter(is_gone).count() {
                0 => String::new(),
                n => format!(", with {n} of its quotations"),
            };
            let about = format!("{} “{}”{with}", known.kind.name(), codebook.path(known.id));
            Ok((Verb::RemoveCode, about, changes))
        })
    }

    /// Keeps the talk in lines of a transcript, or `words` of it, under codes.
    ///
    /// # Errors
    /// [`StudyError::UnknownTranscript`]; what [`quote_at`](Self::quote_at) says;
    /// [`StudyError::Codebook`] if a code does not exist.
    pub fn add_quotation(
        &mut self,
        person: &Person,
        (transcript, lines, words): (&str, Lines, Option<&str>),
        codes: &[String],
    ) -> Result<Decided, StudyError> {
        let t = self.transcript_named(transcript)?;
        let quote = self.quote_at(t, lines, words)?;
        self.decide(person, |study, codebook| {
            let found = codes_named(codebook, codes)?;
            let ids: Vec<_> = found.iter().map(|code| code.id).collect();
            let (id, changes) = edit::add_quotation(codebook, quote, &ids, &person.coder)?;
            let place = match (lines.first, lines.last) {
                (first, last) if first == last => format!("line {first}"),
                (first, last) => format!("lines {first}-{last}"),
            };
            let about = format!(
                "{} {place} as {} (quotation {})",
                study.transcripts[t].id,
                names_of(&found, ", "),
                id.0
            );
            Ok((Verb::AddQuotation, about, changes))
        })
    }

    /// Gives a quotation a further code.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if one of them does not exist, or it has the code.
    pub fn code_quotation(
        &mut self,
        person: &Person,
        quotation: &str,
        code: &str,
    ) -> Result<Decided, StudyError> {
        self.decide(person, |_, codebook| {
            let known = codebook.quotation_named(quotation)?;
            let code = codebook.code_named(code)?;
            let quote = Quote { place: known.place.clone(), text: known.text.clone() };
            let (_, changes) = edit::add_quotation(codebook, quote, &[code.id], &person.coder)?;
            let about = format!("quotation {} as “{}”", known.id.0, code.name);
            Ok((Verb::CodeQuotation, about, changes))
        })
    }

    /// Takes a code from a quotation.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if it does not exist or does not have the code.
    pub fn uncode_quotation(
        &mut self,
        person: &Person,
        quotation: &str,
        code: &str,
    ) -> Result<Decided, StudyError> {
        self.decide(person, |_, codebook| {
            let known = codebook.quotation_named(quotation)?;
            let code = codebook.code_named(code)?;
            let about = format!("quotation {} as no longer “{}”", known.id.0, code.name);
            let changes = edit::uncode_quotation(codebook, known.id, code.id)?;
            Ok((Verb::CodeQuotation, about, changes))
        })
    }

    /// Gives a quotation the code `to` in place of `from`.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if it does not exist or does not have `from`.
    pub fn move_quotation(
        &mut self,
        person: &Person,
        quotation: &str,
        (from, to): (&str, &str),
    ) -> Result<Decided, StudyError> {
        self.decide(person, |_, codebook| {
            let known = codebook.quotation_named(quotation)?;
            let (from, to) = (codebook.code_named(from)?, codebook.code_named(to)?);
            let about = format!("quotation {} from “{}” to “{}”", known.id.0, from.name, to.name);
            let changes = edit::move_quotation(codebook, known.id, from.id, to.id)?;
            Ok((Verb::MoveQuotation, about, changes))
        })
    }

    /// Lets a quotation be shown first under a code (all its codes if `None`), or
    /// no longer.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if it does not exist, or nothing would change.
    pub fn pin_quotation(
        &mut self,
        person: &Person,
        quotation: &str,
        code: Option<&str>,
        is_pinned: bool,
    ) -> Result<Decided, StudyError> {
        self.decide(person, |_, codebook| {
            let known = codebook.quotation_named(quotation)?;
            let code = code.map(|code| codebook.code_named(code)).transpose()?;
            let under = code.map_or_else(String::new, |code| format!(" under “{}”", code.name));
            let no_longer = if is_pinned { "" } else { ", no longer" };
            let about = format!("quotation {}{under}{no_longer}", known.id.0);
            let code = code.map(|code| code.id);
            let changes = edit::pin_quotation(codebook, known.id, code, is_pinned)?;
            Ok((Verb::PinQuotation, about, changes))
        })
    }

    /// Lets a quotation go.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if it does not exist.
    pub fn remove_quotation(
        &mut self,
        person: &Person,
        quotation: &str,
    ) -> Result<Decided, StudyError> {
        self.decide(person, |_, codebook| {
            let known = codebook.quotation_named(quotation)?;
            let about = format!("quotation {} in {}", known.id.0, known.place.transcript);
            Ok((Verb::RemoveQuotation, about, edit::remove_quotation(codebook, known.id)?))
        })
    }

    /// Writes a memo on what `on` names, as [`memo_target`](Self::memo_target)
    /// reads it.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if it is blank, or `on` names nothing.
    pub fn add_memo(
        &mut self,
        person: &Person,
        text: &str,
        on: &str,
    ) -> Result<Decided, StudyError> {
        self.decide(person, |study, codebook| {
            let about = study.memo_target(codebook, on)?;
            let (id, changes) = edit::add_memo(codebook, about, text, (&person.coder, &now()))?;
            Ok((Verb::AddMemo, format!("memo {} on {on}", id.0), changes))
        })
    }

    /// Changes the text of a memo.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if it does not exist, or the text is blank or as
    /// before.
    pub fn edit_memo(
        &mut self,
        person: &Person,
        memo: &str,
        text: &str,
    ) -> Result<Decided, StudyError> {
        self.decide(person, |_, codebook| {
            let id = codebook.memo_named(memo)?.id;
            Ok((Verb::EditMemo, format!("memo {}", id.0), edit::edit_memo(codebook, id, text)?))
        })
    }

    /// Lets a memo go.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if it does not exist.
    pub fn remove_memo(&mut self, person: &Person, memo: &str) -> Result<Decided, StudyError> {
        self.decide(person, |_, codebook| {
            let id = codebook.memo_named(memo)?.id;
            Ok((Verb::RemoveMemo, format!("memo {}", id.0), vec![Change::DropMemo(id)]))
        })
    }
}

fn codes_named<'a>(
    codebook: &'a Codebook,
    names: &[String],
) -> Result<Vec<&'a Code>, CodebookError> {
    names.iter().map(|name| codebook.code_named(name)).collect()
}

fn names_of(codes: &[&Code], between: &str) -> String {
    let names: Vec<String> = codes.iter().map(|code| format!("“{}”", code.name)).collect();
    names.join(between)
}
