//! Candidate themes of a study with their evidence.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use super::anchors::{AcceptedTheme, Decided, keep_accepted};
use super::evidence::Evidence;
use super::features::StudyTerms;
use super::versions::{Version, VersionTheme, carry_on};
use super::{Snapshot, StudyError};
use crate::answers::{Band, Hit, PassageAnswer, ThemesAnswer, Unshown};
use crate::corpus::{ParticipantPassage, not_own};
use crate::features::space::SpaceParams;
use crate::store::cache::{load, save};
use crate::themes::{CandidateTheme, Place, Suggestion, ThemeParams, Words};

/// Whether themes keep the numbers and labels of the last suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbering {
    /// They do.
    #[default]
    CarriedOn,
    /// They are numbered anew, the most widespread first.
    Afresh,
}

/// Which themes every passage was last put in: what search shows beside a hit.
#[derive(Debug, Serialize, Deserialize)]
pub struct LastThemes {
    revision: String,
    /// The themes of every passage of the study, by their numbers.
    pub themes_of: Vec<Vec<u32>>,
    /// The number and the label of each theme.
    pub labels: Vec<(u32, String)>,
}

/// A suggestion with the numbers under which its themes are listed.
pub(super) struct Numbered {
    pub(super) suggestion: Suggestion,
    /// By theme.
    pub(super) ids: Vec<usize>,
    /// The passages that it is about.
    pub(super) passages: Vec<ParticipantPassage>,
    pub(super) last: Option<Version>,
    /// The themes that people have accepted.
    accepted: Vec<AcceptedTheme>,
    /// What people must know about their decisions.
    notes: Vec<String>,
}

/// A suggestion as it is listed, and what would be kept of it.
pub(super) struct Listed {
    pub(super) numbered: Numbered,
    /// Without a version.
    pub(super) answer: ThemesAnswer,
    /// Without a number.
    pub(super) version: Version,
}

impl Snapshot {
    /// How themes are suggested: as many as asked for, else as study.toml says.
    pub fn theme_params(&self, count: Option<NonZeroUsize>) -> ThemeParams {
        ThemeParams { count: count.or(self.settings.themes.count), ..ThemeParams::default() }
    }

    /// Suggests candidate themes with their evidence. Nothing is kept: the answer has
    /// a version if what it says was listed before.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn suggest_themes(
        &self,
        params: &ThemeParams,
        numbering: Numbering,
    ) -> Result<Unshown<ThemesAnswer>, StudyError> {
        let listed = self.listed(params, numbering)?;
        let version = listed.kept_number();
        Ok(Unshown::new(ThemesAnswer { version, ..listed.answer }))
    }

    /// A suggestion as it is listed.
    pub(super) fn listed(
        &self,
        params: &ThemeParams,
        numbering: Numbering,
    ) -> Result<Listed, StudyError> {
        let terms = self.terms()?;
        let numbered = self.number_themes(&terms, params, numbering)?;
        let run = || self.describe(&numbered, &terms, params);
        let answer = self.derived.times.run("evidence", run)?;
        let version = Version {
            number: 0,
            params: params.clone(),
            themes: answer
                .themes
                .iter()
                .map(|theme| VersionTheme {
                    id: theme.id,
                    label: theme.label.clone(),
                    n_passages: theme.n_passages,
                    n_cases: theme.n_cases,
                    of_cases: theme.of_cases,
                    is_accepted: theme.accepted.is_some(),
                })
                .collect(),
            transcripts: self.version_transcripts(
                &numbered.suggestion,
                &numbered.passages,
                &numbered.ids,
            ),
        };
        Ok(Listed { numbered, answer, version })
    }

    /// Suggests candidate themes and numbers them.
    pub(super) fn number_themes(
        &self,
        terms: &StudyTerms,
        params: &ThemeParams,
        numbering: Numbering,
    ) -> Result<Numbered, StudyError> {
        let space = self.space()?;
        let passages = self.corpus.participant_passages();
        let decided = self.decided(&passages)?;
        let words = Words { analyses: &terms.analyses, counts: &terms.counts };
        let mut suggestion = self.derived.times.run("themes", || {
            let remembered = self.groundwork(&space, &passages, words, params);
            remembered.suggest(&space, words, &decided.anchors)
        });
        leave_out_slight_parts(&mut suggestion, &passages);
        let places: Vec<usize> = (1..=suggestion.themes.len()).collect();
        let mut series = self.series(params);
        let mut ids = match numbering {
            Numbering::CarriedOn if !series.is_empty() => {
                let now = self.version_transcripts(&suggestion, &passages, &places);
                carry_on(&mut suggestion, &now, &series, decided.last_number)
            }
            _ => places,
        };
        keep_accepted(&mut suggestion, &mut ids, &decided.themes);
        let last = if series.is_empty() { None } else { Some(series.swap_remove(0)) };
        let Decided { themes: accepted, notes, .. } = decided;
        Ok(Numbered { suggestion, ids, passages, last, accepted, notes })
    }

    /// The evidence of numbered themes.
    fn describe(
        &self,
        numbered: &Numbered,
        terms: &StudyTerms,
        params: &ThemeParams,
    ) -> Result<ThemesAnswer, StudyError> {
        let Numbered { suggestion, ids, passages, .. } = numbered;
        let mut evidence = Evidence::new(self, terms, suggestion, passages, ids);
        let mut themes = Vec::with_capacity(suggestion.themes.len());
        let standings = self.standings()?;
        for (&id, theme) in ids.iter().zip(&suggestion.themes) {
            let mut answer = evidence.of(id, theme)?;
            if let Some(place) = theme.accepted {
                self.mark_accepted(&numbered.accepted[place], &standings, &mut answer)?;
            }
            themes.push(answer);
        }
        let answer = |(passage, place): (&ParticipantPassage, &Place)| {
            let transcript = &self.corpus.transcripts[passage.row.transcript as usize];
            let lines = transcript.passages[passage.row.place as usize].lines;
            PassageAnswer {
                transcript: transcript.id.clone(),
                lines: [lines.first, lines.last],
                theme: place.theme.map(|theme| ids[theme]),
                weight: if place.theme.is_some() { place.weight } else { 0.0 },
                also: place.second.map(|(theme, _)| ids[theme]),
                subtheme: place.subtheme.map(|subtheme| subtheme + 1),
            }
        };
        Ok(ThemesAnswer {
            notes: self.notes(numbered, params),
            themes,
            passages: passages.iter().zip(&suggestion.places).map(answer).collect(),
            together: evidence.together(),
            version: None,
            asked: params.count.map(NonZeroUsize::get),
            parameters: serde_json::json!({
                "version": env!("CARGO_PKG_VERSION"),
                "space": SpaceParams::default(),
                "themes": params,
                "count": suggestion.themes.len(),
                "n_passages": passages.len(),
                "n_links": suggestion.n_links,
                "settings": *self.settings,
            }),
        })
    }

    /// The `n` most typical quotes of a theme that is listed under `id`.
    pub(super) fn more_quotes(
        &self,
        listed: &Listed,
        id: usize,
        n: usize,
    ) -> Result<Vec<Hit>, StudyError> {
        let terms = self.terms()?;
        let Numbered { suggestion, ids, passages, .. } = &listed.numbered;
        let Some(at) = ids.iter().position(|known| *known == id) else { return Ok(Vec::new()) };
        let mut evidence = Evidence::new(self, &terms, suggestion, passages, ids);
        evidence.quotes_of(&suggestion.themes[at], &|_| true, n)
    }

    /// The participants' passages that fit no candidate theme, in the order of
    /// the study.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn unassigned(&self, params: &ThemeParams) -> Result<Unshown<Vec<Hit>>, StudyError> {
        let terms = self.terms()?;
        let numbered = self.number_themes(&terms, params, Numbering::CarriedOn)?;
        let mut hits = Vec::new();
        let places = numbered.passages.iter().zip(&numbered.suggestion.places);
        for (passage, _) in places.filter(|(_, place)| place.theme.is_none()) {
            let row = passage.row;
            let transcript = &*self.corpus.text(row.transcript as usize)?;
            let known = &self.corpus.transcripts[row.transcript as usize];
            let known = &known.passages[row.place as usize];
            let hit = self.corpus.hit(
                row.transcript as usize,
                transcript,
                row.place as usize,
                known.span,
                Vec::new(),
            );
            let others = not_own(transcript, known, known.span);
            hits.push(Hit { rank: hits.len() + 1, others, ..hit });
        }
        Ok(Unshown::new(hits))
    }

    /// What the suggestion cannot know.
    fn notes(&self, numbered: &Numbered, params: &ThemeParams) -> Vec<String> {
        let Numbered { suggestion, passages, .. } = numbered;
        let mut notes = Vec::new();
        let speaking: BTreeSet<u32> = passages.iter().map(|passage| passage.row.case).collect();
        let n_cases = speaking.len();
        if n_cases == 1 {
            notes.push("there is one participant: what recurs across people cannot be known yet; these are topics of one conversation".to_owned());
        } else if self.corpus.transcripts.len() == 1 {
            notes.push(
                "there is one conversation: what recurs across interviews cannot be known yet"
                    .to_owned(),
            );
        } else if n_cases < 4 {
            notes
                .push(format!("there are {n_cases} participants: a theme may hang on one of them"));
        }
        if let Some(wanted) = params.count
            && suggestion.themes.len() + suggestion.n_rejected != wanted.get()
        {
            let n_listed = suggestion.themes.len();
            let is_decided = suggestion.n_rejected > 0
                || suggestion.themes.iter().any(|theme| theme.accepted.is_some());
            notes.push(if is_decided {
                format!(
                    "{wanted} themes were asked for; with what was decided, {n_listed} are listed"
                )
            } else {
                format!("{wanted} themes were asked for; the talk falls into {n_listed}")
            });
        }
        notes.extend(numbered.notes.iter().cloned());
        if suggestion.n_rejected > 0 {
            notes.push(format!(
                "not suggested again, since rejected: {}; `leitmotif theme rejected` lists what was",
                suggestion.n_rejected
            ));
        }
        if suggestion.themes.is_empty() && !passages.is_empty() {
            notes.push(
                "no passages of different people are near enough to suggest a theme".to_owned(),
            );
        }
        notes
    }

    /// Keeps which themes every passage is in, for the hits of searches.
    pub(super) fn remember(&self, answer: &ThemesAnswer, passages: &[ParticipantPassage]) {
        let narrow = |id: usize| u32::try_from(id).unwrap_or(u32::MAX);
        let mut themes_of = vec![Vec::new(); self.corpus.n_passages()];
        for (passage, answer) in passages.iter().zip(&answer.passages) {
            let ids = answer.theme.into_iter().chain(answer.also);
            themes_of[passage.passage] = ids.map(narrow).collect();
        }
        let labels =
            answer.themes.iter().map(|theme| (narrow(theme.id), theme.label.clone())).collect();
        let last = LastThemes { revision: self.revision.to_string(), themes_of, labels };
        // A study that cannot be written to shows no themes beside its hits.
        save(&self.folder.store.join("cache").join("themes"), &last).ok();
    }

    /// The themes as they were last suggested; `None` if the transcripts have
    /// changed since.
    pub fn last_themes(&self) -> Option<LastThemes> {
        let last: LastThemes = load(&self.folder.store.join("cache").join("themes"))?;
        let is_current =
            *last.revision == *self.revision && last.themes_of.len() == self.corpus.n_passages();
        is_current.then_some(last)
    }
}

/// The fewest passages of a sub-theme that is told.
const MIN_SUBTHEME_PASSAGES: usize = 10;
/// The fewest participants, where there are so many.
const MIN_SUBTHEME_CASES: usize = 3;

/// The fewest terms: one word does not tell what a part is about.
const MIN_SUBTHEME_TERMS: usize = 2;

/// Leaves out sub-themes of a handful of passages, of one or two people or with
/// a single term, and those that are not found again when people are left out;
/// with them the only one that would be left, since one part is no division.
fn leave_out_slight_parts(suggestion: &mut Suggestion, passages: &[ParticipantPassage]) {
    let n_cases = |of: &mut dyn Iterator<Item = usize>| {
        of.map(|at| passages[at].row.case).collect::<BTreeSet<u32>>().len()
    };
    let min_cases = MIN_SUBTHEME_CASES.min(n_cases(&mut (0..passages.len())));
    let is_told = |part: &CandidateTheme| {
        part.terms.len() >= MIN_SUBTHEME_TERMS
            && part.passages.len() >= MIN_SUBTHEME_PASSAGES
            && n_cases(&mut part.passages.iter().copied()) >= min_cases
            && part.stability.is_none_or(|found| Band::of(found.mean) > Band::Dissolving)
    };
    // By theme and old place: the new place.
    let mut new: Vec<Vec<Option<usize>>> = Vec::with_capacity(suggestion.themes.len());
    for theme in &mut suggestion.themes {
        let is_told: Vec<bool> = theme.subthemes.iter().map(is_told).collect();
        let n_told = is_told.iter().filter(|told| **told).count();
        let mut next = 0;
        let places = is_told.iter().map(|&told| {
            let place = (told && n_told > 1).then_some(next);
            next += usize::from(place.is_some());
            place
        });
        let places: Vec<Option<usize>> = places.collect();
        let mut kept = places.iter().map(Option::is_some);
        theme.subthemes.retain(|_| kept.next() == Some(true));
        new.push(places);
    }
    for place in &mut suggestion.places {
        place.subtheme = match (place.theme, place.subtheme) {
            (Some(theme), Some(part)) => new[theme][part],
            _ => None,
        };
    }
}
