//! How what people decided steers the suggestion: accepted themes keep their
//! number, name and quotes, and grow; rejected candidates are not suggested again.

use std::collections::{BTreeMap, BTreeSet};

use super::decisions::{Standing, Standings};
use super::{Study, StudyError};
use crate::codebook::{Code, CodeId, CodeKind, Codebook, Place, checksum_of};
use crate::report::answers::{AcceptedAnswer, Hit, ThemeAnswer};
use crate::themes::anchors::Anchors;
use crate::themes::{ParticipantPassage, Suggestion};
use crate::transcripts::Transcript;

/// What people decided about the passages of a suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Decided {
    /// For the suggestion, by the places of its passages.
    pub(super) anchors: Anchors,
    /// The accepted themes, in the order of `anchors`.
    pub(super) themes: Vec<AcceptedTheme>,
}

/// A theme that a person has accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AcceptedTheme {
    pub(super) code: CodeId,
    /// The number under which it is listed; `None` if parts of one candidate would
    /// share it.
    number: Option<usize>,
    name: String,
}

impl Study {
    /// What people decided about `passages`.
    pub(super) fn decided(&self, passages: &[ParticipantPassage]) -> Result<Decided, StudyError> {
        let codebook = self.codebook()?;
        let accepted: Vec<&Code> = codebook
            .codes
            .values()
            .filter(|code| code.kind == CodeKind::Theme && code.origin.is_some())
            .collect();
        if accepted.is_empty() && codebook.rejections.is_empty() {
            return Ok(Decided::default());
        }
        let finder = PassageFinder::new(self, passages)?;
        let standings = self.standings()?;
        // The words that people chose count for more than what they came from.
        let mut theme_of: BTreeMap<usize, usize> = BTreeMap::new();
        for (theme, code) in accepted.iter().enumerate() {
            let from_candidate = code.origin.iter().flat_map(|origin| &origin.passages);
            for at in from_candidate.filter_map(|place| finder.find(place)) {
                theme_of.entry(at).or_insert(theme);
            }
        }
        let mut quoted: BTreeMap<usize, usize> = BTreeMap::new();
        for (theme, code) in accepted.iter().enumerate() {
            for place in places_of(codebook, code.id, &standings) {
                if let Some(at) = finder.find(place) {
                    quoted.entry(at).or_insert(theme);
                }
            }
        }
        theme_of.extend(quoted);
        let mut of_theme = vec![BTreeSet::new(); accepted.len()];
        for (at, theme) in theme_of {
            of_theme[theme].insert(at);
        }
        let rejected = codebook.rejections.values().map(|rejection| {
            let places = rejection.candidate.passages.iter();
            places.filter_map(|place| finder.find(place)).collect::<BTreeSet<usize>>()
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
        Ok(Decided { anchors: Anchors { accepted: of_theme, rejected }, themes })
    }

    /// Adds what a person has decided to the answer about an accepted theme: its
    /// place in the codebook, and its quotations before other quotes.
    pub(super) fn mark_accepted(
        &self,
        theme: &AcceptedTheme,
        answer: &mut ThemeAnswer,
    ) -> Result<(), StudyError> {
        let codebook = self.codebook()?;
        let standings = self.standings()?;
        let mut texts: BTreeMap<usize, Transcript> = BTreeMap::new();
        let mut kept: Vec<Hit> = Vec::new();
        for quotation in codebook.quotations_of(&codebook.family(theme.code)) {
            let place = match &standings.of[&quotation.id] {
                Standing::Here => &quotation.place,
                Standing::Moved(place) => place,
                Standing::Stale(_) => continue,
            };
            kept.push(Hit {
                rank: 0,
                score: 0.0,
                at: self.provenance_at(place, &mut texts)?,
                end_ms: None,
                text: quotation.text.clone(),
                highlights: Vec::new(),
                others: Vec::new(),
                themes: vec![answer.id],
                before: Vec::new(),
                after: Vec::new(),
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
            Some(AcceptedAnswer { code: theme.code.0, path: codebook.path(theme.code) });
        Ok(())
    }
}

/// Lists accepted themes under the numbers and names that people know them by.
/// `ids` are the numbers of the suggestion's themes; both are put in order again.
pub(super) fn keep_accepted(
    suggestion: &mut Suggestion,
    ids: &mut Vec<usize>,
    accepted: &[AcceptedTheme],
) {
    for at in 0..suggestion.themes.len() {
        let Some(theme) = suggestion.themes[at].accepted.map(|place| &accepted[place]) else {
            continue;
        };
        suggestion.themes[at].label.clone_from(&theme.name);
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
        let label = theme.label.clone();
        let mut number = 2;
        while !labels.insert(theme.label.clone()) {
            theme.label = format!("{label} ({number})");
            number += 1;
        }
    }
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by_key(|&at| ids[at]);
    suggestion.reorder(&order);
    *ids = order.into_iter().map(|at| ids[at]).collect();
}

/// The places of the quotations of a theme and the codes under it, as they stand.
fn places_of<'a>(
    codebook: &'a Codebook,
    code: CodeId,
    standings: &'a Standings,
) -> impl Iterator<Item = &'a Place> {
    codebook.quotations_of(&codebook.family(code)).into_iter().filter_map(|quotation| {
        match &standings.of[&quotation.id] {
            Standing::Here => Some(&quotation.place),
            Standing::Moved(place) => Some(place),
            Standing::Stale(_) => None,
        }
    })
}

/// Finds the passage that a place lies in.
struct PassageFinder<'a> {
    study: &'a Study,
    /// By transcript: its id, checksum and passages, by their places in the input.
    transcripts: BTreeMap<&'a str, (String, Vec<usize>)>,
    passages: &'a [ParticipantPassage],
}

impl<'a> PassageFinder<'a> {
    fn new(study: &'a Study, passages: &'a [ParticipantPassage]) -> Result<Self, StudyError> {
        let mut transcripts: BTreeMap<&str, (String, Vec<usize>)> = BTreeMap::new();
        for (at, passage) in passages.iter().enumerate() {
            let t = passage.row.transcript as usize;
            let id = study.transcripts[t].id.as_str();
            if !transcripts.contains_key(id) {
                let checksum = checksum_of(&study.read_transcript(t)?.text);
                transcripts.insert(id, (checksum, Vec::new()));
            }
            transcripts.entry(id).or_default().1.push(at);
        }
        Ok(Self { study, transcripts, passages })
    }

    /// The passage that holds most of a place; `None` if the transcript has changed
    /// since or no participant speaks there.
    fn find(&self, place: &Place) -> Option<usize> {
        let (checksum, passages) = self.transcripts.get(place.transcript.as_str())?;
        if *checksum != place.checksum {
            return None;
        }
        let shared = |at: usize| {
            let row = self.passages[at].row;
            let known = &self.study.transcripts[row.transcript as usize];
            let span = known.passages[row.place as usize].span;
            span.end.min(place.span.end).saturating_sub(span.start.max(place.span.start))
        };
        let best = passages.iter().map(|&at| (shared(at), std::cmp::Reverse(at))).max()?;
        (best.0 > 0).then_some(best.1.0)
    }
}
