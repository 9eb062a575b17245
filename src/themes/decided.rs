//! How what people decided steers the suggestion: accepted themes keep their
//! number, name and quotes, and grow; rejected candidates are not suggested again.
//!
//! A codebook comes in, with where its quotations are now; [`Anchors`] go out, and
//! the names and numbers that accepted themes keep.

use std::collections::{BTreeMap, BTreeSet};

use super::Suggestion;
use super::anchors::Anchors;
use super::naming::unlike;
use crate::answers::{AcceptedAnswer, Hit, ThemeAnswer};
use crate::codebook::standing::Standings;
use crate::codebook::{Code, CodeId, CodeKind, Codebook, Place};
use crate::corpus::{Corpus, CorpusError, ParticipantPassage};

/// What people decided about the passages of a suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decided {
    /// For the suggestion, by the places of its passages.
    pub anchors: Anchors,
    /// The accepted themes, in the order of `anchors`.
    pub themes: Vec<AcceptedTheme>,
    /// The greatest number of a candidate that a person has decided on.
    pub last_number: usize,
    /// What people must know about what they decided.
    pub notes: Vec<String>,
}

/// A theme that a person has accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedTheme {
    /// Its number in the codebook.
    pub code: CodeId,
    /// The number under which it is listed; `None` if parts of one candidate would
    /// share it.
    number: Option<usize>,
    name: String,
}

impl Decided {
    /// What the decisions in `codebook` say about `passages`.
    pub fn of(
        corpus: &Corpus,
        codebook: &Codebook,
        standings: &Standings,
        passages: &[ParticipantPassage],
    ) -> Self {
        // Themes that were made by hand grow from their quotations.
        let quoted_codes: BTreeSet<CodeId> = codebook
            .quotations
            .values()
            .flat_map(|quotation| quotation.codings.iter().map(|coding| coding.code))
            .collect();
        let accepted: Vec<&Code> = codebook
            .codes
            .values()
            .filter(|code| code.kind == CodeKind::Theme)
            .filter(|code| {
                code.origin.is_some() || !codebook.family(code.id).is_disjoint(&quoted_codes)
            })
            .collect();
        let last_number = accepted
            .iter()
            .filter_map(|code| code.origin.as_ref())
            .chain(codebook.rejections.values().map(|rejection| &rejection.candidate))
            .map(|origin| origin.candidate as usize)
            .max()
            .unwrap_or(0);
        if accepted.is_empty() && codebook.rejections.is_empty() {
            return Self::default();
        }
        let finder = PassageFinder::new(corpus, passages);
        let mut notes = Vec::new();
        // The words that people chose count for more than what they came from.
        let mut theme_of: BTreeMap<usize, usize> = BTreeMap::new();
        for (theme, code) in accepted.iter().enumerate() {
            let Some(origin) = &code.origin else { continue };
            let found: Vec<usize> =
                origin.passages.iter().filter_map(|place| finder.find(place)).collect();
            let n_gone = origin.passages.len() - found.len();
            if n_gone > 0 {
                notes.push(format!(
                    "{n_gone} of the {} passages that “{}” was accepted from stand in transcripts that have changed since, and no longer hold it",
                    origin.passages.len(),
                    code.name
                ));
            }
            for at in found {
                theme_of.entry(at).or_insert(theme);
            }
        }
        let mut quoted: BTreeMap<usize, usize> = BTreeMap::new();
        for quotation in codebook.quotations.values() {
            let Some(place) = standings.place_of(quotation) else { continue };
            let owners = quotation.codings.iter().filter_map(|coding| {
                let owner = owner(codebook, coding.code, &accepted)?;
                accepted.iter().position(|theme| theme.id == owner)
            });
            if let (Some(theme), Some(at)) = (owners.min(), finder.find(place)) {
                quoted.entry(at).or_insert(theme);
            }
        }
        theme_of.extend(quoted);
        let mut of_theme = vec![BTreeSet::new(); accepted.len()];
        for (at, theme) in theme_of {
            of_theme[theme].insert(at);
        }
        let rejected = codebook.rejections.values().map(|rejection| {
            let places = &rejection.candidate.passages;
            let found: BTreeSet<usize> =
                places.iter().filter_map(|place| finder.find(place)).collect();
            // Too little of it is left to tell what it was.
            if 2 * found.len() >= places.len() { found } else { BTreeSet::new() }
        });
        let number = |code: &Code| code.origin.as_ref().map(|origin| origin.candidate as usize);
        let themes = accepted
            .iter()
            .map(|code| {
                let shares = accepted.iter().filter(|other| number(other) == number(code)).count();
                AcceptedTheme {
                    code: code.id,
                    number: number(code).filter(|_| shares == 1),
                    name: code.name.clone(),
                }
            })
            .collect();
        let rejected = rejected.filter(|passages| !passages.is_empty()).collect();
        Self { anchors: Anchors { accepted: of_theme, rejected }, themes, last_number, notes }
    }
}

impl AcceptedTheme {
    /// Adds what a person has decided to the answer about an accepted theme: its
    /// place in the codebook, and its quotations before other quotes.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn mark(
        &self,
        corpus: &Corpus,
        codebook: &Codebook,
        standings: &Standings,
        answer: &mut ThemeAnswer,
    ) -> Result<(), CorpusError> {
        let mut kept: Vec<Hit> = Vec::new();
        for quotation in codebook.quotations_of(&codebook.family(self.code)) {
            let Some(place) = standings.place_of(quotation) else { continue };
            kept.push(Hit {
                rank: 0,
                score: 0.0,
                at: corpus.provenance_at(place)?,
                span: place.span,
                end_ms: None,
                text: quotation.text.clone(),
                highlights: Vec::new(),
                others: Vec::new(),
                themes: vec![answer.id],
                before: Vec::new(),
                after: Vec::new(),
                question: None,
                ties: Vec::new(),
            });
        }
        let n_kept = kept.len();
        let is_new = |hit: &Hit| {
            kept[..n_kept].iter().all(|known| {
                known.at.transcript != hit.at.transcript || !known.text.contains(&hit.text)
            })
        };
        let others: Vec<Hit> = answer.quotes.iter().filter(|hit| is_new(hit)).cloned().collect();
        let room = answer.quotes.len().saturating_sub(n_kept);
        kept.extend(others.into_iter().take(room));
        for (rank, hit) in (1..).zip(&mut kept) {
            hit.rank = rank;
        }
        answer.quotes = kept;
        answer.accepted =
            Some(AcceptedAnswer { code: self.code.0, path: codebook.path(self.code) });
        Ok(())
    }
}

/// Lists accepted themes under the numbers and names that people know them by.
/// `ids` are the numbers of the suggestion's themes; both are put in order again.
pub fn keep_accepted(
    suggestion: &mut Suggestion,
    ids: &mut Vec<usize>,
    accepted: &[AcceptedTheme],
) {
    for at in 0..suggestion.themes.len() {
        let Some(theme) = suggestion.themes[at].accepted.map(|place| &accepted[place]) else {
            continue;
        };
        suggestion.themes[at].label.clone_from(&theme.name);
        suggestion.themes[at].is_named = true;
        if let Some(number) = theme.number {
            if let Some(other) = ids.iter().position(|id| *id == number) {
                ids[other] = ids[at];
            }
            ids[at] = number;
        }
    }
    // A candidate must not have the name of an accepted theme.
    let mut labels: BTreeSet<String> = accepted.iter().map(|theme| theme.name.clone()).collect();
    for theme in suggestion.themes.iter_mut().filter(|theme| theme.accepted.is_none()) {
        theme.label = unlike(&theme.label, &mut labels);
    }
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by_key(|&at| ids[at]);
    suggestion.reorder(&order);
    *ids = order.into_iter().map(|at| ids[at]).collect();
}

/// The accepted theme that a code is or stands under, the nearest one.
fn owner(codebook: &Codebook, code: CodeId, accepted: &[&Code]) -> Option<CodeId> {
    let mut next = Some(code);
    while let Some(id) = next {
        if accepted.iter().any(|theme| theme.id == id) {
            return Some(id);
        }
        next = codebook.codes.get(&id)?.parent;
    }
    None
}

/// Finds the passage that a place lies in.
struct PassageFinder<'a> {
    corpus: &'a Corpus,
    /// By transcript: its id, checksum and passages, by their places in the input.
    transcripts: BTreeMap<&'a str, (&'a str, Vec<usize>)>,
    passages: &'a [ParticipantPassage],
}

impl<'a> PassageFinder<'a> {
    fn new(corpus: &'a Corpus, passages: &'a [ParticipantPassage]) -> Self {
        let mut transcripts: BTreeMap<&str, (&str, Vec<usize>)> = BTreeMap::new();
        for (at, passage) in passages.iter().enumerate() {
            let known = &corpus.transcripts[passage.row.transcript as usize];
            let entry = transcripts.entry(&known.id).or_insert((&known.checksum, Vec::new()));
            entry.1.push(at);
        }
        Self { corpus, transcripts, passages }
    }

    /// The passages of the transcript that a place is in: by its id, or, if the
    /// file has another name now, by its text.
    fn transcript(&self, place: &Place) -> Option<&[usize]> {
        let is_meant = |known: &&(&str, Vec<usize>)| known.0 == place.checksum;
        let by_id = self.transcripts.get(place.transcript.as_str()).filter(is_meant);
        let mut by_text = self.transcripts.values().filter(is_meant);
        let only = || by_text.next().filter(|_| by_text.next().is_none());
        by_id.or_else(only).map(|(_, passages)| passages.as_slice())
    }

    /// The passage that holds most of a place; `None` if the transcript has changed
    /// since or no participant speaks there.
    fn find(&self, place: &Place) -> Option<usize> {
        let passages = self.transcript(place)?;
        let shared = |at: usize| {
            let row = self.passages[at].row;
            let known = &self.corpus.transcripts[row.transcript as usize];
            let span = known.passages[row.place as usize].span;
            span.end.min(place.span.end).saturating_sub(span.start.max(place.span.start))
        };
        let best = passages.iter().map(|&at| (shared(at), std::cmp::Reverse(at))).max()?;
        (best.0 > 0).then_some(best.1.0)
    }
}
