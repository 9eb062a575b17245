//! From candidate to theme: what a person does with a suggestion.
//!
//! A number in the list of `leitmotif themes` comes in, or the name of a theme; a
//! decision goes out. Numbers are those of the last suggestion, which is made
//! again: it is the same as long as the study is.

use std::collections::BTreeMap;

use super::decisions::{Decided, Person};
use super::themes::Numbering;
use super::{Study, StudyError};
use crate::answers::{Hit, ThemeAnswer, ThemesAnswer};
use crate::base::{Lines, nearest};
use crate::codebook::decision::{Change, Verb};
use crate::codebook::edit::{self, Quote};
use crate::codebook::{CodeId, Codebook, CodebookError, Origin, Place, QuotationId, normal_path};
use crate::themes::ThemeParams;
use crate::transcripts::Transcript;

/// Quotations with which a candidate is accepted, unless a person says otherwise.
pub const N_QUOTES: usize = 6;

/// What a name or number stands for.
enum Named {
    /// A theme of the codebook.
    Accepted(CodeId),
    /// A candidate of the last suggestion, by its place in it.
    Candidate(usize),
}

/// The last suggestion, made again, with the places of its passages.
struct Suggested {
    answer: ThemesAnswer,
    /// By passage of the answer.
    places: Vec<Place>,
    /// What was decided when it was made.
    codebook: Codebook,
}

impl Suggested {
    /// Whether the codebook is still the one that the suggestion follows from: what
    /// a person names by a number must be what that person was shown.
    fn check_current(&self, codebook: &Codebook) -> Result<(), StudyError> {
        let is_same = self.codebook.codes == codebook.codes
            && self.codebook.rejections == codebook.rejections;
        if is_same {
            return Ok(());
        }
        refuse(
            "somebody has decided on themes meanwhile".to_owned(),
            "look at `leitmotif themes` again, then decide",
        )
    }

    /// The place of the theme or candidate with this number or label.
    fn place_named(&self, which: &str) -> Option<usize> {
        let number: Option<usize> = which.trim().trim_end_matches('.').parse().ok();
        let wanted = normal_path(which);
        self.answer
            .themes
            .iter()
            .position(|theme| number == Some(theme.id) || normal_path(&theme.label) == wanted)
    }

    /// A candidate, or a sub-theme of one, as what a decision is about.
    fn origin(&self, theme: &ThemeAnswer, part: Option<&ThemeAnswer>) -> Origin {
        let is_inside = |at: &usize| {
            let passage = &self.answer.passages[*at];
            passage.theme == Some(theme.id)
                && part.is_none_or(|part| passage.subtheme == Some(part.id))
        };
        let passages = (0..self.places.len()).filter(is_inside);
        Origin {
            version: self.answer.version.unwrap_or(0),
            candidate: u32::try_from(theme.id).unwrap_or(u32::MAX),
            label: part.unwrap_or(theme).label.clone(),
            passages: passages.map(|at| self.places[at].clone()).collect(),
        }
    }
}

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

impl Study {
    /// How themes were last suggested; as study.toml says if they never were.
    pub fn last_theme_params(&self) -> ThemeParams {
        self.shown_version().map_or_else(|| self.theme_params(None), |version| version.params)
    }

    /// Makes a theme of a candidate, with its `n_quotes` most typical quotes.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if there is no such candidate, or the name is bad
    /// or taken.
    pub fn accept_theme(
        &mut self,
        person: &Person,
        candidate: &str,
        (name, under): (Option<&str>, Option<&str>),
        n_quotes: usize,
    ) -> Result<Decided, StudyError> {
        let suggested = self.suggested()?;
        let at = Self::candidate_named(&suggested, candidate)?;
        let (origin, quotes) = self.evidence_of(&suggested, at, n_quotes)?;
        let name = name.unwrap_or(&suggested.answer.themes[at].label);
        self.decide(person, |_, codebook| {
            suggested.check_current(codebook)?;
            let parent = under.map(|under| codebook.code_named(under).map(|code| code.id));
            let about = format!(
                "theme “{name}” from candidate {}, with {}",
                origin.candidate,
                n_quotations(quotes.len())
            );
            let (_, changes) =
                edit::accept(codebook, origin, (name, parent.transpose()?), quotes, &person.coder)?;
            Ok((Verb::AcceptTheme, about, changes))
        })
    }

    /// Puts a candidate aside, so that it is not suggested again.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if there is no such candidate.
    pub fn reject_theme(
        &mut self,
        person: &Person,
        candidate: &str,
        reason: &str,
    ) -> Result<Decided, StudyError> {
        let suggested = self.suggested()?;
        let at = Self::candidate_named(&suggested, candidate)?;
        let (origin, _) = self.evidence_of(&suggested, at, 0)?;
        self.decide(person, |_, codebook| {
            suggested.check_current(codebook)?;
            let about = format!("candidate {} “{}”", origin.candidate, origin.label);
            Ok((Verb::RejectTheme, about, edit::reject(codebook, origin, reason)))
        })
    }

    /// Takes a rejection back: the candidate may be suggested again.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if nothing of the name or number was rejected.
    pub fn take_back_rejection(
        &mut self,
        person: &Person,
        which: &str,
    ) -> Result<Decided, StudyError> {
        self.decide(person, |_, codebook| {
            let wanted = normal_path(which);
            let number = wanted.trim_start_matches('#').parse().ok();
            let found = codebook.rejections.values().rfind(|rejection| {
                number == Some(rejection.id.0) || normal_path(&rejection.candidate.label) == wanted
            });
            let Some(found) = found else {
                let labels = codebook.rejections.values().map(|r| r.candidate.label.as_str());
                let hint = nearest(which, labels).map_or_else(
                    || "`leitmotif theme rejected` lists what was".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let name = which.to_owned();
                return Err(
                    CodebookError::Unknown { what: "rejected candidate", name, hint }.into()
                );
            };
            let about = format!("“{}”", found.candidate.label);
            Ok((Verb::TakeBackRejection, about, vec![Change::DropRejection(found.id)]))
        })
    }

    /// Gives a theme another name; a candidate is accepted under it.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if there is no such theme, or the name is bad or taken.
    pub fn rename_theme(
        &mut self,
        person: &Person,
        which: &str,
        name: &str,
    ) -> Result<Decided, StudyError> {
        let suggested = self.suggested_if_needed(&[which])?;
        match self.theme_named(suggested.as_ref(), which)? {
            Named::Candidate(_) => self.accept_theme(person, which, (Some(name), None), N_QUOTES),
            Named::Accepted(id) => self.decide(person, |_, codebook| {
                let known = known_code(codebook, id, which)?;
                let about = format!("“{}” to “{name}”", known.name);
                let edit = edit::CodeEdit { name: Some(name.to_owned()), ..Default::default() };
                Ok((Verb::Rename, about, edit::edit_code(codebook, id, edit)?))
            }),
        }
    }

    /// Makes one theme of several themes and candidates; the first one's number
    /// stays, and its name unless another is given.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if one does not exist, or they cannot be merged.
    pub fn merge_themes(
        &mut self,
        person: &Person,
        which: &[&str],
        name: Option<&str>,
    ) -> Result<Decided, StudyError> {
        let suggested = self.suggested_if_needed(which)?;
        let mut parts = Vec::new();
        let mut named = std::collections::BTreeSet::new();
        for &which in which {
            let is_new = match self.theme_named(suggested.as_ref(), which)? {
                Named::Accepted(id) => named.insert((true, id.0 as usize)),
                Named::Candidate(at) => named.insert((false, at)),
            };
            if !is_new {
                return refuse(format!("`{which}` is named twice"), "name each theme once");
            }
            parts.push(match self.theme_named(suggested.as_ref(), which)? {
                Named::Accepted(id) => (Some(id), None),
                Named::Candidate(at) => {
                    let suggested = suggested.as_ref().expect("a candidate is of a suggestion");
                    (None, Some(self.evidence_of(suggested, at, N_QUOTES)?))
                }
            });
        }
        self.decide(person, |_, codebook| {
            if let Some(suggested) = &suggested {
                suggested.check_current(codebook)?;
            }
            let mut draft = Draft::new(codebook);
            let (mut ids, mut names) = (Vec::new(), Vec::new());
            for (id, candidate) in parts {
                let id = match (id, candidate) {
                    (Some(id), _) => id,
                    (None, Some((origin, quotes))) => {
                        let label = free_name(&draft.codebook, &origin.label);
                        let (id, changes) = edit::accept(
                            &draft.codebook,
                            origin,
                            (&label, None),
                            quotes,
                            &person.coder,
                        )?;
                        draft.take(changes);
                        id
                    }
                    (None, None) => continue,
                };
                names.push(format!("“{}”", known_code(&draft.codebook, id, "")?.name));
                ids.push(id);
            }
            let changes = edit::merge(&draft.codebook, &ids, name)?;
            draft.take(changes);
            let into = &known_code(&draft.codebook, ids[0], "")?.name;
            let about = format!("{} into “{into}”", names.join(" and "));
            Ok((Verb::Merge, about, draft.changes))
        })
    }

    /// Makes a theme of each sub-theme of a candidate or theme. Quotations of the
    /// theme that lie in a sub-theme go to it.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if it does not exist or has no sub-themes.
    pub fn split_by_subtheme(
        &mut self,
        person: &Person,
        which: &str,
    ) -> Result<Decided, StudyError> {
        let suggested = self.suggested()?;
        let (at, from) = match self.theme_named(Some(&suggested), which)? {
            Named::Candidate(at) => (at, None),
            Named::Accepted(id) => {
                let codebook = self.codebook()?;
                known_code(codebook, id, which)?;
                let is_listed = |theme: &ThemeAnswer| {
                    theme.accepted.as_ref().is_some_and(|accepted| accepted.code == id.0)
                };
                let listed = suggested.answer.themes.iter().position(is_listed);
                let Some(at) = listed else {
                    return refuse(
                        format!("`{which}` is not in the last suggestion, so it has no sub-themes"),
                        "split it by picked quotations: `--quotes 4,7 --into NAME`",
                    );
                };
                (at, Some(id))
            }
        };
        let theme = &suggested.answer.themes[at];
        if theme.subthemes.is_empty() {
            return refuse(
                format!("`{}` has no sub-themes", theme.label),
                "accept it, then split it by picked quotations: `--quotes 4,7 --into NAME`",
            );
        }
        // Each part is a theme of its own, with a number of its own.
        let taken = self.version_numbers().into_iter().filter_map(|number| self.version(number));
        let taken = taken.flat_map(|version| version.themes).map(|theme| theme.id);
        let taken = taken.chain(suggested.answer.themes.iter().map(|theme| theme.id)).max();
        let taken = u32::try_from(taken.unwrap_or(0)).unwrap_or(u32::MAX);
        let mut parts = Vec::new();
        for (number, part) in (1..).zip(&theme.subthemes) {
            let mut origin = suggested.origin(theme, Some(part));
            origin.candidate = taken.saturating_add(number);
            let quotes = self.quotes_at(&part.quotes)?;
            parts.push((part.label.clone(), origin, quotes));
        }
        let label = theme.label.clone();
        self.decide(person, |_, codebook| {
            suggested.check_current(codebook)?;
            let mut draft = Draft::new(codebook);
            let mut names = Vec::new();
            for (label, origin, quotes) in parts {
                let inside = origin.passages.clone();
                let name = free_name(&draft.codebook, &label);
                let parent = from.and_then(|from| draft.codebook.codes.get(&from)?.parent);
                let (id, changes) =
                    edit::accept(&draft.codebook, origin, (&name, parent), quotes, &person.coder)?;
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
                // What the part holds, the whole holds no longer.
                if let Some(whole) = from.and_then(|from| draft.codebook.codes.get(&from)) {
                    let mut whole = whole.clone();
                    if let Some(origin) = &mut whole.origin {
                        origin.passages.retain(|place| !inside.contains(place));
                    }
                    draft.take(vec![Change::PutCode(whole)]);
                }
            }
            let about = format!("“{label}” into {}", names.join(", "));
            Ok((Verb::Split, about, draft.changes))
        })
    }

    /// Moves picked quotations of a theme to a new theme beside it.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if the theme or a quotation does not exist, or the
    /// name is bad or taken.
    pub fn split_by_quotes(
        &mut self,
        person: &Person,
        which: &str,
        quotes: &[&str],
        name: &str,
    ) -> Result<Decided, StudyError> {
        let suggested = self.suggested_if_needed(&[which])?;
        let Named::Accepted(id) = self.theme_named(suggested.as_ref(), which)? else {
            return refuse(
                format!("`{which}` is a candidate, and has no quotations of its own yet"),
                "accept it first: `leitmotif theme accept`",
            );
        };
        self.decide(person, |_, codebook| {
            let from = &known_code(codebook, id, which)?.name;
            let found = quotes.iter().map(|quote| Ok(codebook.quotation_named(quote)?.id));
            let found = found.collect::<Result<Vec<QuotationId>, CodebookError>>()?;
            let changes = edit::split(codebook, id, name, &found)?;
            let about = format!("“{name}” off “{from}” with {}", n_quotations(found.len()));
            Ok((Verb::Split, about, changes))
        })
    }

    fn suggested(&mut self) -> Result<Suggested, StudyError> {
        let params = self.last_theme_params();
        let answer = self.suggest_themes(&params, Numbering::CarriedOn)?;
        let mut checksums: BTreeMap<u32, String> = BTreeMap::new();
        let mut places = Vec::with_capacity(answer.passages.len());
        for passage in self.participant_passages() {
            let t = passage.row.transcript;
            if let std::collections::btree_map::Entry::Vacant(entry) = checksums.entry(t) {
                let transcript = self.read_transcript(t as usize)?;
                entry.insert(crate::codebook::checksum_of(&transcript.text));
            }
            let known = &self.transcripts[t as usize];
            places.push(Place {
                transcript: known.id.clone(),
                checksum: checksums[&t].clone(),
                span: known.passages[passage.row.place as usize].span,
            });
        }
        Ok(Suggested { answer, places, codebook: self.codebook()?.clone() })
    }

    /// The last suggestion, if one of the names is no theme of the codebook.
    fn suggested_if_needed(&mut self, which: &[&str]) -> Result<Option<Suggested>, StudyError> {
        let codebook = self.codebook()?;
        let is_known = |which: &&str| accepted(codebook, which).is_ok();
        if which.iter().all(is_known) { Ok(None) } else { self.suggested().map(Some) }
    }

    /// What a number of the list, `#` and a number of the codebook, or a name
    /// stands for.
    fn theme_named(&self, suggested: Option<&Suggested>, which: &str) -> Result<Named, StudyError> {
        let codebook = self.codebook()?;
        match accepted(codebook, which) {
            Ok(id) => return Ok(Named::Accepted(id)),
            Err(error @ CodebookError::Ambiguous { .. }) => return Err(error.into()),
            Err(_) => {}
        }
        if let Some(suggested) = suggested
            && let Some(at) = suggested.place_named(which)
        {
            return Ok(match &suggested.answer.themes[at].accepted {
                Some(accepted) => Named::Accepted(CodeId(accepted.code)),
                None => Named::Candidate(at),
            });
        }
        let names = codebook.codes.values().map(|code| code.name.as_str());
        let themes = suggested.map(|suggested| suggested.answer.themes.as_slice());
        let labels = themes.unwrap_or_default().iter().map(|theme| theme.label.as_str());
        Err(unknown_theme(which, names.chain(labels)))
    }

    fn candidate_named(suggested: &Suggested, which: &str) -> Result<usize, StudyError> {
        let themes = &suggested.answer.themes;
        let Some(at) = suggested.place_named(which) else {
            let labels = themes.iter().map(|theme| theme.label.as_str());
            return Err(unknown_theme(which, labels));
        };
        if let Some(accepted) = &themes[at].accepted {
            return refuse(
                format!("candidate {} is the theme “{}” already", themes[at].id, accepted.path),
                "`leitmotif theme rename` gives it another name, `leitmotif undo` takes back what was decided last",
            );
        }
        Ok(at)
    }

    /// Where a candidate comes from, and its most typical quotes.
    fn evidence_of(
        &self,
        suggested: &Suggested,
        at: usize,
        n_quotes: usize,
    ) -> Result<(Origin, Vec<Quote>), StudyError> {
        let theme = &suggested.answer.themes[at];
        let quotes = &theme.quotes[..theme.quotes.len().min(n_quotes)];
        Ok((suggested.origin(theme, None), self.quotes_at(quotes)?))
    }

    /// Quotes of an answer as places.
    fn quotes_at(&self, hits: &[Hit]) -> Result<Vec<Quote>, StudyError> {
        let mut texts: BTreeMap<usize, Transcript> = BTreeMap::new();
        let mut quotes: Vec<Quote> = Vec::with_capacity(hits.len());
        for hit in hits {
            let t = self.transcript_named(&hit.at.transcript)?;
            if let std::collections::btree_map::Entry::Vacant(entry) = texts.entry(t) {
                entry.insert(self.read_transcript(t)?);
            }
            let transcript = &texts[&t];
            let [first, last] = hit.at.lines;
            let lines = self.lines_span(t, transcript, Lines { first, last })?;
            let start = lines.of(&transcript.text).find(&hit.text);
            let start = lines.start as usize + start.expect("a quote stands in its lines");
            let span = crate::base::Span::new(start, start + hit.text.len());
            let quote = Quote { place: self.place(t, transcript, span), text: hit.text.clone() };
            if !quotes.contains(&quote) {
                quotes.push(quote);
            }
        }
        Ok(quotes)
    }
}

/// The theme of the codebook that `#` and a number, or a name stands for; a number
/// alone is one of the list of themes.
fn accepted(codebook: &Codebook, which: &str) -> Result<CodeId, CodebookError> {
    Ok(codebook.code_named(which.trim())?.id)
}

fn known_code<'a>(
    codebook: &'a Codebook,
    id: CodeId,
    which: &str,
) -> Result<&'a crate::codebook::Code, CodebookError> {
    codebook.codes.get(&id).ok_or_else(|| CodebookError::Unknown {
        what: "theme",
        name: which.to_owned(),
        hint: "somebody has removed it just now; `leitmotif codebook` lists what there is"
            .to_owned(),
    })
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
    let hint = nearest(which, names).map_or_else(
        || "`leitmotif themes` lists the candidates, `leitmotif codebook` the themes".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    CodebookError::Unknown { what: "theme", name: which.to_owned(), hint }.into()
}

fn refuse<T>(problem: String, hint: &str) -> Result<T, StudyError> {
    Err(CodebookError::Refused { problem, hint: hint.to_owned() }.into())
}

fn n_quotations(n: usize) -> String {
    match n {
        0 => "no quotation".to_owned(),
        1 => "1 quotation".to_owned(),
        n => format!("{n} quotations"),
    }
}
