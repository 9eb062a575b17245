//! From candidate to theme: what a person does with a suggestion.
//!
//! Candidates are named by the version that lists them and their number there. The
//! suggestion of that version comes in again from memory; if it is not what the
//! version says any more, the person is told instead of getting something else.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::proposal::{Proposal, known_code};
use crate::answers::{Hit, ThemeAnswer};
use crate::base::{Remedy, Task};
use crate::codebook::act::{Act, CandidateId, ThemeId};
use crate::codebook::decision::{Change, Verb};
use crate::codebook::edit::{self, CodeEdit, Quote};
use crate::codebook::{
    CodeId, Codebook, CodebookError, Origin, Place, QuotationId, RejectionId, normal_path,
};
use crate::corpus::{CorpusError, ParticipantPassage};
use crate::listing::{Listed, Numbering};
use crate::study::{Snapshot, StudyError};
use crate::themes::naming::name_to_start_from;

/// Quotations with which a candidate is accepted, unless a person says otherwise.
pub const N_QUOTES: usize = 6;

/// A codebook to which changes are made one after the other.
struct Draft {
    codebook: Codebook,
    changes: Vec<Change>,
}

impl Draft {
    fn new(codebook: &Codebook) -> Self {
        Self { codebook: codebook.clone(), changes: Vec::new() }
    }

    fn take(&mut self, changes: Vec<Change>) {
        self.codebook.apply_all(&changes);
        self.changes.extend(changes);
    }
}

/// The suggestion that a person decides on, with what was decided before it.
struct Suggested<'a> {
    study: &'a Snapshot,
    listed: Arc<Listed>,
    /// By participants' passage: where it stands.
    places: Vec<Place>,
}

impl<'a> Suggested<'a> {
    /// The suggestion of a version, if it is what would be listed now.
    fn of_version(
        study: &'a Snapshot,
        version: u32,
        codebook: &Codebook,
    ) -> Result<Self, StudyError> {
        let kept = study.known_version(version)?;
        let listed = study.listed(&kept.params, Numbering::CarriedOn)?;
        if listed.kept_number() != Some(version) {
            return Err(StudyError::Outdated { version });
        }
        Self::new(study, listed, codebook)
    }

    /// The suggestion as study.toml asks for it.
    fn usual(study: &'a Snapshot, codebook: &Codebook) -> Result<Self, StudyError> {
        let listed = study.listed(&study.theme_params(None), Numbering::CarriedOn)?;
        Self::new(study, listed, codebook)
    }

    fn new(
        study: &'a Snapshot,
        listed: Arc<Listed>,
        codebook: &Codebook,
    ) -> Result<Self, StudyError> {
        // What a person names by a number must be what that person was shown.
        let known = study.codebook()?;
        if known.codes != codebook.codes || known.rejections != codebook.rejections {
            return refuse(
                "somebody else has changed the themes in the meantime".to_owned(),
                Remedy::by(Task::SuggestThemes, "look at them again, then decide"),
            );
        }
        let corpus = &study.corpus;
        let place = |passage: &ParticipantPassage| {
            let (t, at) = (passage.row.transcript as usize, passage.row.place as usize);
            corpus.place(t, corpus.transcripts[t].passages[at].span)
        };
        let places = listed.numbered.passages.iter().map(place).collect();
        Ok(Self { study, listed, places })
    }

    fn themes(&self) -> &[ThemeAnswer] {
        &self.listed.answer.themes
    }

    fn theme(&self, number: usize) -> Result<&ThemeAnswer, StudyError> {
        let theme = self.themes().iter().find(|theme| theme.id == number);
        theme.ok_or_else(|| unknown_theme(&number.to_string(), std::iter::empty()))
    }

    /// A candidate theme that nobody has decided on.
    fn candidate(&self, id: CandidateId) -> Result<&ThemeAnswer, StudyError> {
        let number = id.number;
        if let Some(code) = id.code {
            return refuse(
                format!("`{number}.{code}` is a code under a candidate, not a theme of its own"),
                Remedy::new("accept it first"),
            );
        }
        let theme = self.theme(number)?;
        if let Some(accepted) = &theme.accepted {
            return refuse(
                format!("candidate {number} is the theme “{}” already", accepted.path),
                rename_or_undo(),
            );
        }
        Ok(theme)
    }

    /// A candidate, or a code of one, as what a decision is about.
    fn origin(&self, version: u32, theme: &ThemeAnswer, part: Option<&ThemeAnswer>) -> Origin {
        let is_inside = |at: &usize| {
            let passage = &self.listed.answer.passages[*at];
            passage.theme == Some(theme.id)
                && part.is_none_or(|part| passage.codes.contains(&[theme.id, part.id]))
        };
        let passages = (0..self.places.len()).filter(is_inside);
        Origin {
            version,
            candidate: u32::try_from(theme.id).unwrap_or(u32::MAX),
            label: part.unwrap_or(theme).label.clone(),
            passages: passages.map(|at| self.places[at].clone()).collect(),
        }
    }

    /// The greatest number that a theme of any version has.
    fn last_number(&self) -> u32 {
        let numbers = self.study.version_numbers().into_iter();
        let versions = numbers.filter_map(|number| self.study.version(number));
        let taken = versions.flat_map(|version| version.themes).map(|theme| theme.id);
        let taken = taken.chain(self.themes().iter().map(|theme| theme.id)).max();
        u32::try_from(taken.unwrap_or(0)).unwrap_or(u32::MAX)
    }

    /// Quotes of an answer as quotes to keep.
    fn quotes(&self, hits: &[Hit]) -> Result<Vec<Quote>, StudyError> {
        let mut quotes: Vec<Quote> = Vec::with_capacity(hits.len());
        for hit in hits {
            let id = &hit.at.transcript;
            let gone = || CorpusError::TextGone { id: id.clone() };
            let t = self.study.corpus.with_id(id).ok_or_else(gone)?;
            let place = self.study.corpus.place(t, hit.span);
            let quote = Quote { place, text: hit.text.clone() };
            if !quotes.contains(&quote) {
                quotes.push(quote);
            }
        }
        Ok(quotes)
    }

    /// The `n` most typical quotes of a candidate, as quotes to keep.
    fn typical(&self, theme: &ThemeAnswer, n: usize) -> Result<Vec<Quote>, StudyError> {
        if n <= theme.quotes.len() {
            return self.quotes(&theme.quotes[..n]);
        }
        let terms = self.study.terms()?;
        self.quotes(&self.listed.more_quotes(&self.study.corpus, terms.words(), theme.id, n)?)
    }
}

/// What an act on themes and candidates comes to.
pub(super) fn propose(
    act: &Act,
    study: &Snapshot,
    codebook: &Codebook,
    coder: &str,
) -> Result<Proposal, StudyError> {
    match act {
        Act::AcceptTheme { candidate, name, under, n_quotes } => {
            accept(study, codebook, *candidate, (name.as_deref(), *under), *n_quotes, coder)
        }
        Act::RenameTheme { theme: ThemeId::Candidate(candidate), name } => {
            accept(study, codebook, *candidate, (Some(name), None), N_QUOTES, coder)
        }
        Act::RenameTheme { theme: ThemeId::Accepted(id), name } => {
            let known = known_code(codebook, *id)?;
            let about = format!("“{}” to “{name}”", known.name);
            let edit = CodeEdit { name: Some(name.clone()), ..CodeEdit::default() };
            Ok(Proposal::new(Verb::Rename, about, edit::edit_code(codebook, *id, edit)?))
        }
        Act::RejectTheme { candidate, reason } => {
            let suggested = Suggested::of_version(study, candidate.version, codebook)?;
            let theme = suggested.candidate(*candidate)?;
            let origin = suggested.origin(candidate.version, theme, None);
            let about = format!("candidate {} “{}”", origin.candidate, origin.label);
            let changes = edit::reject(codebook, origin, reason);
            Ok(Proposal::new(Verb::RejectTheme, about, changes))
        }
        Act::RestoreCandidate { rejection } => {
            let found = codebook
                .rejections
                .get(rejection)
                .ok_or_else(|| unknown_rejection(codebook, &rejection.0.to_string()))?;
            let about = format!("“{}”", found.candidate.label);
            let changes = vec![Change::DropRejection(found.id)];
            Ok(Proposal::new(Verb::TakeBackRejection, about, changes))
        }
        Act::MergeThemes { themes, name } => merge(study, codebook, themes, name.as_deref(), coder),
        Act::SplitByCodes { theme } => split_by_codes(study, codebook, *theme, coder),
        Act::SplitByQuotations { theme, quotations, name } => {
            let from = &known_code(codebook, *theme)?.name;
            let changes = edit::split(codebook, *theme, name, quotations)?;
            let about = format!("“{name}” off “{from}” with {}", n_quotations(quotations.len()));
            Ok(Proposal::new(Verb::Split, about, changes))
        }
        act => unreachable!("{act:?} is carried out elsewhere"),
    }
}

fn accept(
    study: &Snapshot,
    codebook: &Codebook,
    candidate: CandidateId,
    (name, under): (Option<&str>, Option<CodeId>),
    n_quotes: usize,
    coder: &str,
) -> Result<Proposal, StudyError> {
    let suggested = Suggested::of_version(study, candidate.version, codebook)?;
    if let Some(number) = candidate.code {
        return accept_code(
            codebook,
            &suggested,
            candidate,
            number,
            (name, under),
            n_quotes,
            coder,
        );
    }
    let theme = suggested.candidate(candidate)?;
    let quotes = suggested.typical(theme, n_quotes)?;
    let origin = suggested.origin(candidate.version, theme, None);
    let name = name.map_or_else(|| name_to_start_from(&theme.label), str::to_owned);
    let about = format!(
        "theme “{name}” from candidate {}, with {}",
        origin.candidate,
        n_quotations(quotes.len())
    );
    let (_, changes) = edit::accept(codebook, origin, (&name, under), quotes, coder)?;
    Ok(Proposal::new(Verb::AcceptTheme, about, changes))
}

/// Makes a theme of a code under a candidate, or under a theme that was accepted.
fn accept_code(
    codebook: &Codebook,
    suggested: &Suggested<'_>,
    candidate: CandidateId,
    number: usize,
    (name, under): (Option<&str>, Option<CodeId>),
    n_quotes: usize,
    coder: &str,
) -> Result<Proposal, StudyError> {
    let theme = suggested.theme(candidate.number)?;
    let which = format!("{}.{number}", candidate.number);
    let Some(code) = theme.codes.iter().find(|code| code.id == number) else {
        return Err(unknown_theme(&which, std::iter::empty()));
    };
    let quotes = suggested.quotes(&code.quotes[..n_quotes.min(code.quotes.len())])?;
    let mut origin = suggested.origin(candidate.version, theme, Some(code));
    origin.candidate = suggested.last_number().saturating_add(1);
    let under = under.or(theme.accepted.as_ref().map(|accepted| CodeId(accepted.code)));
    let name =
        free_name(codebook, &name.map_or_else(|| name_to_start_from(&code.label), str::to_owned));
    let about = format!("theme “{name}” from code {which}, with {}", n_quotations(quotes.len()));
    let inside = origin.passages.clone();
    let (_, mut changes) = edit::accept(codebook, origin, (&name, under), quotes, coder)?;
    changes.extend(
        theme
            .accepted
            .as_ref()
            .and_then(|whole| without_part(codebook, CodeId(whole.code), &inside)),
    );
    Ok(Proposal::new(Verb::AcceptTheme, about, changes))
}

/// What a part holds, the whole holds no longer.
fn without_part(codebook: &Codebook, whole: CodeId, inside: &[Place]) -> Option<Change> {
    let mut whole = codebook.codes.get(&whole)?.clone();
    whole.origin.as_mut()?.passages.retain(|place| !inside.contains(place));
    Some(Change::PutCode(whole))
}

fn merge(
    study: &Snapshot,
    codebook: &Codebook,
    themes: &[ThemeId],
    name: Option<&str>,
    coder: &str,
) -> Result<Proposal, StudyError> {
    let mut draft = Draft::new(codebook);
    let (mut ids, mut names) = (Vec::new(), Vec::new());
    let mut suggested: BTreeMap<u32, Suggested<'_>> = BTreeMap::new();
    for (at, theme) in themes.iter().enumerate() {
        if themes[..at].contains(theme) {
            let which = match theme {
                ThemeId::Accepted(id) => known_code(codebook, *id)?.name.clone(),
                ThemeId::Candidate(candidate) => candidate.number.to_string(),
            };
            return refuse(
                format!("`{which}` is named twice"),
                Remedy::new("name each theme once"),
            );
        }
        let id = match *theme {
            ThemeId::Accepted(id) => id,
            ThemeId::Candidate(candidate) => {
                let version = candidate.version;
                if let std::collections::btree_map::Entry::Vacant(entry) = suggested.entry(version)
                {
                    entry.insert(Suggested::of_version(study, version, codebook)?);
                }
                let suggested = &suggested[&version];
                let theme = suggested.candidate(candidate)?;
                let quotes = suggested.typical(theme, N_QUOTES)?;
                let origin = suggested.origin(version, theme, None);
                let label = free_name(&draft.codebook, &name_to_start_from(&origin.label));
                let new = (label.as_str(), None);
                let (id, changes) = edit::accept(&draft.codebook, origin, new, quotes, coder)?;
                draft.take(changes);
                id
            }
        };
        names.push(format!("“{}”", known_code(&draft.codebook, id)?.name));
        ids.push(id);
    }
    let changes = edit::merge(&draft.codebook, &ids, name)?;
    draft.take(changes);
    let into = &known_code(&draft.codebook, ids[0])?.name;
    let about = format!("{} into “{into}”", names.join(" and "));
    Ok(Proposal::new(Verb::Merge, about, draft.changes))
}

fn split_by_codes(
    study: &Snapshot,
    codebook: &Codebook,
    theme: ThemeId,
    coder: &str,
) -> Result<Proposal, StudyError> {
    let (suggested, theme, from) = match theme {
        ThemeId::Candidate(candidate) => {
            let suggested = Suggested::of_version(study, candidate.version, codebook)?;
            let theme = suggested.candidate(candidate)?.clone();
            (suggested, theme, None)
        }
        ThemeId::Accepted(id) => {
            let suggested = Suggested::usual(study, codebook)?;
            let name = &known_code(codebook, id)?.name;
            let is_listed = |theme: &&ThemeAnswer| {
                theme.accepted.as_ref().is_some_and(|accepted| accepted.code == id.0)
            };
            let Some(theme) = suggested.themes().iter().find(is_listed).cloned() else {
                return refuse(
                    format!("`{name}` is not in the last suggestion, so it has no codes"),
                    Remedy::new("split it by picked quotations"),
                );
            };
            (suggested, theme, Some(id))
        }
    };
    if theme.codes.is_empty() {
        return refuse(
            format!("`{}` has no codes", theme.label),
            Remedy::new("accept it, then split it by choosing quotations"),
        );
    }
    // Each part is a theme of its own, with a number of its own.
    let taken = suggested.last_number();
    let version = suggested.listed.kept_number().unwrap_or(0);
    let mut draft = Draft::new(codebook);
    let mut names = Vec::new();
    for (number, part) in (1..).zip(&theme.codes) {
        let mut origin = suggested.origin(version, &theme, Some(part));
        origin.candidate = taken.saturating_add(number);
        let quotes = suggested.quotes(&part.quotes)?;
        let inside = origin.passages.clone();
        let name = free_name(&draft.codebook, &name_to_start_from(&part.label));
        let parent = from.and_then(|from| draft.codebook.codes.get(&from)?.parent);
        let (id, changes) = edit::accept(&draft.codebook, origin, (&name, parent), quotes, coder)?;
        draft.take(changes);
        if let Some(from) = from {
            let moved: Vec<QuotationId> = draft
                .codebook
                .quotations
                .values()
                .filter(|quotation| {
                    quotation.codings.iter().any(|coding| coding.code == from)
                        && inside.iter().any(|place| touch(place, &quotation.place))
                })
                .map(|quotation| quotation.id)
                .collect();
            for quotation in moved {
                let changes = edit::move_quotation(&draft.codebook, quotation, from, id)?;
                draft.take(changes);
            }
        }
        names.push(format!("“{name}”"));
        let whole = from.and_then(|from| without_part(&draft.codebook, from, &inside));
        draft.take(whole.into_iter().collect());
    }
    let about = format!("“{}” into {}", theme.label, names.join(", "));
    Ok(Proposal::new(Verb::Split, about, draft.changes))
}

impl Snapshot {
    /// What a number of the list, `#` and a number of the codebook, or a name stands
    /// for; `listed` is the list, once it has been asked for.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] with the nearest name.
    pub fn theme_named(
        &self,
        which: &str,
        list: impl FnOnce() -> Result<(u32, Vec<ThemeAnswer>), StudyError>,
    ) -> Result<ThemeId, StudyError> {
        let codebook = self.codebook()?;
        match codebook.code_named(which.trim()) {
            Ok(code) => return Ok(ThemeId::Accepted(code.id)),
            Err(error @ CodebookError::Ambiguous { .. }) => return Err(error.into()),
            Err(_) => {}
        }
        let (version, themes) = list()?;
        let which_number = which.trim().trim_end_matches('.');
        if let Some((number, code)) = which_number.split_once('.')
            && let (Ok(number), Ok(code)) = (number.parse(), code.parse())
            && themes.iter().any(|theme| theme.id == number)
        {
            return Ok(ThemeId::Candidate(CandidateId { version, number, code: Some(code) }));
        }
        let number: Option<usize> = which_number.parse().ok();
        let wanted = normal_path(which);
        let named = themes
            .iter()
            .find(|theme| number == Some(theme.id) || normal_path(&theme.label) == wanted);
        if let Some(theme) = named {
            return Ok(match &theme.accepted {
                Some(accepted) => ThemeId::Accepted(CodeId(accepted.code)),
                None => ThemeId::Candidate(CandidateId { version, number: theme.id, code: None }),
            });
        }
        let names = codebook.codes.values().map(|code| code.name.as_str());
        Err(unknown_theme(which, names.chain(themes.iter().map(|theme| theme.label.as_str()))))
    }

    /// The error that a theme is no candidate any more.
    pub fn is_theme_already(&self, which: &str, code: CodeId) -> StudyError {
        let path = self.codebook().map(|codebook| codebook.path(code)).unwrap_or_default();
        CodebookError::Refused {
            problem: format!("candidate {which} is the theme “{path}” already"),
            remedy: rename_or_undo(),
        }
        .into()
    }

    /// The error that a candidate is no theme yet.
    pub fn is_no_theme_yet(&self, which: &str) -> StudyError {
        CodebookError::Refused {
            problem: format!("`{which}` is a candidate, and has no quotations of its own yet"),
            remedy: Remedy::by(Task::AcceptCandidate, "accept it first"),
        }
        .into()
    }

    /// The rejection of a candidate with this number among rejections, or this label.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] with the nearest label.
    pub fn rejection_named(&self, which: &str) -> Result<RejectionId, StudyError> {
        let codebook = self.codebook()?;
        let wanted = normal_path(which);
        let number = wanted.trim_start_matches('#').parse().ok();
        let found = codebook.rejections.values().rfind(|rejection| {
            number == Some(rejection.id.0) || normal_path(&rejection.candidate.label) == wanted
        });
        Ok(found.ok_or_else(|| unknown_rejection(codebook, which))?.id)
    }
}

/// A name that no theme at the top has: the label, or the label with a number.
fn free_name(codebook: &Codebook, label: &str) -> String {
    let is_taken = |name: &str| {
        codebook.codes.values().any(|code| normal_path(&code.name) == normal_path(name))
    };
    let numbered = (2..).map(|number| format!("{label} ({number})"));
    let mut names = std::iter::once(label.to_owned()).chain(numbered);
    names.find(|name| !is_taken(name)).expect("numbers do not run out")
}

fn touch(a: &Place, b: &Place) -> bool {
    a.transcript == b.transcript
        && a.checksum == b.checksum
        && a.span.start < b.span.end
        && b.span.start < a.span.end
}

fn unknown_theme<'a>(which: &str, names: impl Iterator<Item = &'a str>) -> StudyError {
    let remedy = Remedy::nearest(which, names, || {
        Remedy::by(Task::SuggestThemes, "see the candidates and themes")
    });
    CodebookError::Unknown { what: "theme", name: which.to_owned(), remedy }.into()
}

fn unknown_rejection(codebook: &Codebook, which: &str) -> StudyError {
    let labels = codebook.rejections.values().map(|r| r.candidate.label.as_str());
    let remedy =
        Remedy::nearest(which, labels, || Remedy::by(Task::ListRejected, "see what was rejected"));
    CodebookError::Unknown { what: "rejected candidate", name: which.to_owned(), remedy }.into()
}

fn rename_or_undo() -> Remedy {
    Remedy::by(Task::RenameTheme, "give it another name, or undo what was decided last")
}

fn refuse<T>(problem: String, remedy: Remedy) -> Result<T, StudyError> {
    Err(CodebookError::Refused { problem, remedy }.into())
}

fn n_quotations(n: usize) -> String {
    match n {
        0 => "no quotation".to_owned(),
        1 => "1 quotation".to_owned(),
        n => format!("{n} quotations"),
    }
}
