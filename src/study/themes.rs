//! Candidate themes of a study with their evidence.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use super::catalogue::{load, save};
use super::features::StudyTerms;
use super::{Study, StudyError};
use crate::base::{Lines, Span, TimeSpan};
use crate::features::space::SpaceParams;
use crate::report::answers::{
    GroupAnswer, Hit, PassageAnswer, Provenance, TermAnswer, ThemeAnswer, ThemesAnswer, round,
};
use crate::themes::describe::Row;
use crate::themes::quotes::pick_quote;
use crate::themes::{CandidateTheme, ParticipantPassage, Suggestion, ThemeParams, suggest_themes};
use crate::transcripts::Transcript;
use crate::transcripts::roles::Role;

/// Quotes that are kept for each theme.
const N_QUOTES: usize = 6;

/// Which theme every passage was last put in: what search shows beside a hit.
#[derive(Debug, Serialize, Deserialize)]
pub struct LastThemes {
    revision: String,
    /// The theme of every passage of the study, by its number from 1.
    pub theme_of: Vec<Option<u32>>,
    /// The label of each theme.
    pub labels: Vec<String>,
}

impl Study {
    /// How themes are suggested: as many as asked for, else as study.toml says.
    pub fn theme_params(&self, count: Option<NonZeroUsize>) -> ThemeParams {
        ThemeParams { count: count.or(self.settings.themes.count), ..ThemeParams::default() }
    }

    /// Suggests candidate themes with their evidence.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn suggest_themes(&mut self, params: &ThemeParams) -> Result<ThemesAnswer, StudyError> {
        let terms = self.terms()?;
        self.suggest_from(&terms, params)
    }

    /// As [`suggest_themes`](Self::suggest_themes), from words that were read before.
    pub(super) fn suggest_from(
        &mut self,
        terms: &StudyTerms,
        params: &ThemeParams,
    ) -> Result<ThemesAnswer, StudyError> {
        let space = self.space(Some(terms))?;
        let passages = self.participant_passages();
        let mut times = std::mem::take(&mut self.times);
        let suggestion = times.run("themes", || {
            suggest_themes(&space.points, &passages, &terms.analyses, &terms.counts, params)
        });
        let answer = times.run("quotes", || self.describe(&suggestion, &passages, terms, params));
        self.times = times;
        self.remember(&suggestion, &passages);
        answer
    }

    /// The passages of participants, in the order of the study.
    pub fn participant_passages(&self) -> Vec<ParticipantPassage> {
        let mut passages = Vec::new();
        for (t, transcript) in (0_u32..).zip(&self.transcripts) {
            for (place, passage) in (0_u32..).zip(&transcript.passages) {
                let case = self.cases.of_speaker[t as usize][usize::from(passage.speaker)];
                if let Some(case) = case
                    && self.role_of(t as usize, passage.speaker) == Role::Participant
                {
                    let case = u32::try_from(case).expect("cases are fewer than bytes");
                    passages.push(ParticipantPassage {
                        passage: (self.offsets[t as usize] + place) as usize,
                        row: Row { transcript: t, place, case },
                        n_words: passage.n_words,
                    });
                }
            }
        }
        passages
    }

    fn describe(
        &self,
        suggestion: &Suggestion,
        passages: &[ParticipantPassage],
        terms: &StudyTerms,
        params: &ThemeParams,
    ) -> Result<ThemesAnswer, StudyError> {
        let speaking: BTreeSet<u32> = passages.iter().map(|passage| passage.row.case).collect();
        let mut texts: BTreeMap<u32, Transcript> = BTreeMap::new();
        let mut themes = Vec::with_capacity(suggestion.themes.len());
        for (at, theme) in suggestion.themes.iter().enumerate() {
            let quotes = self.quotes(at + 1, theme, passages, terms, &mut texts)?;
            themes.push(self.evidence(at + 1, theme, quotes, passages, &speaking));
        }
        let passage_answers = passages
            .iter()
            .zip(&suggestion.theme_of)
            .zip(&suggestion.weight)
            .map(|((passage, theme), weight)| {
                let transcript = &self.transcripts[passage.row.transcript as usize];
                let lines = transcript.passages[passage.row.place as usize].lines;
                PassageAnswer {
                    transcript: transcript.id.clone(),
                    lines: [lines.first, lines.last],
                    theme: theme.map(|theme| theme + 1),
                    weight: if theme.is_some() { *weight } else { 0.0 },
                }
            })
            .collect();
        Ok(ThemesAnswer {
            notes: self.notes(suggestion, passages, params, speaking.len()),
            themes,
            passages: passage_answers,
            parameters: serde_json::json!({
                "version": env!("CARGO_PKG_VERSION"),
                "space": SpaceParams::default(),
                "themes": params,
                "count": suggestion.themes.len(),
                "n_passages": passages.len(),
                "n_links": suggestion.n_links,
                "settings": self.settings,
            }),
        })
    }

    /// What the suggestion cannot know.
    fn notes(
        &self,
        suggestion: &Suggestion,
        passages: &[ParticipantPassage],
        params: &ThemeParams,
        n_cases: usize,
    ) -> Vec<String> {
        let mut notes = Vec::new();
        if n_cases == 1 {
            notes.push("there is one participant: what recurs across people cannot be known yet; these are topics of one conversation".to_owned());
        } else if self.transcripts.len() == 1 {
            notes.push(
                "there is one conversation: what recurs across interviews cannot be known yet"
                    .to_owned(),
            );
        } else if n_cases < 4 {
            notes
                .push(format!("there are {n_cases} participants: a theme may hang on one of them"));
        }
        if let Some(wanted) = params.count
            && suggestion.themes.len() != wanted.get()
        {
            notes.push(format!(
                "{wanted} themes were asked for; the talk falls into {}",
                suggestion.themes.len()
            ));
        }
        if suggestion.themes.is_empty() && !passages.is_empty() {
            notes.push(
                "no passages of different people are near enough to suggest a theme".to_owned(),
            );
        }
        notes
    }

    fn evidence(
        &self,
        id: usize,
        theme: &CandidateTheme,
        quotes: Vec<Hit>,
        passages: &[ParticipantPassage],
        speaking: &BTreeSet<u32>,
    ) -> ThemeAnswer {
        let mut by_case: BTreeMap<u32, usize> = BTreeMap::new();
        for &at in &theme.passages {
            *by_case.entry(passages[at].row.case).or_default() += 1;
        }
        let largest = by_case.iter().max_by_key(|(case, n)| (**n, std::cmp::Reverse(**case)));
        let case = |case: u32| &self.cases.cases[case as usize];
        let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for &speaker in speaking {
            let Some(group) = case(speaker).group() else { continue };
            let counted = groups.entry(group).or_default();
            counted.1 += 1;
            counted.0 += usize::from(by_case.contains_key(&speaker));
        }
        ThemeAnswer {
            id,
            label: theme.label.clone(),
            terms: theme
                .terms
                .iter()
                .map(|term| TermAnswer { term: term.term.clone(), weight: term.weight })
                .collect(),
            n_passages: theme.passages.len(),
            n_cases: by_case.len(),
            of_cases: speaking.len(),
            largest_share: largest.map_or(0.0, |(_, n)| *n as f64 / theme.passages.len() as f64),
            largest_case: largest
                .map_or_else(String::new, |(largest, _)| case(*largest).id.clone()),
            groups: groups
                .into_iter()
                .map(|(name, (n_cases, of_cases))| GroupAnswer {
                    name: name.to_owned(),
                    n_cases,
                    of_cases,
                })
                .collect(),
            stability: None,
            quotes,
            apart: Vec::new(),
            subthemes: Vec::new(),
        }
    }

    /// Typical quotes, one a person before anybody has a second.
    fn quotes(
        &self,
        theme_id: usize,
        theme: &CandidateTheme,
        passages: &[ParticipantPassage],
        terms: &StudyTerms,
        texts: &mut BTreeMap<u32, Transcript>,
    ) -> Result<Vec<Hit>, StudyError> {
        let weights: BTreeMap<&str, f64> = theme
            .terms
            .iter()
            .flat_map(|term| term.term.split(' ').map(|word| (word, term.weight)))
            .collect();
        // The best few of each person are looked at; the rest are less typical.
        let mut of_case: BTreeMap<u32, usize> = BTreeMap::new();
        let mut ranked: Vec<(usize, f64, usize)> = Vec::new();
        for (place, &at) in theme.passages.iter().enumerate() {
            let n = of_case.entry(passages[at].row.case).or_default();
            *n += 1;
            if *n <= 2 {
                ranked.push((*n, place as f64, at));
            }
        }
        ranked.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut quotes: Vec<(f64, Hit)> = Vec::new();
        for &(turn, place, at) in ranked.iter().take(3 * N_QUOTES) {
            let row = passages[at].row;
            let known = &self.transcripts[row.transcript as usize];
            let transcript = match texts.entry(row.transcript) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    entry.insert(self.read_transcript(row.transcript as usize)?)
                }
            };
            let passage = &known.passages[row.place as usize];
            let analysis = &terms.analyses[row.transcript as usize];
            let tokens = &analysis.passages[row.place as usize];
            let stems: BTreeMap<&str, f64> = stem_weights(analysis, &weights);
            let worth = |span: Span| {
                let inside =
                    tokens.iter().filter(|t| t.span.start >= span.start && t.span.end <= span.end);
                let mut seen = BTreeSet::new();
                inside
                    .filter(|token| seen.insert(token.form))
                    .filter_map(|token| stems.get(analysis.stems[token.form as usize].as_str()))
                    .fold(0.0, |sum, weight| sum + weight)
            };
            let pieces: Vec<Span> =
                passage.own_pieces(transcript).map(|(_, piece)| piece).collect();
            let Some(span) = pick_quote(&transcript.text, &pieces, worth) else { continue };
            let says = worth(span);
            let hit = self.hit(
                row.transcript as usize,
                transcript,
                row.place as usize,
                span,
                vec![theme_id],
            );
            // Typical by place and telling by its own words; second quotes of a person come last.
            let score = (1.0 + says) / (1.0 + place.sqrt()) / if turn == 1 { 1.0 } else { 100.0 };
            let is_new = quotes.iter().all(|(_, other)| !alike(&other.text, &hit.text));
            if is_new {
                quotes.push((score, hit));
            }
        }
        quotes.sort_by(|a, b| {
            b.0.total_cmp(&a.0).then_with(|| a.1.at.transcript.cmp(&b.1.at.transcript))
        });
        quotes.truncate(N_QUOTES);
        let ranked = quotes.into_iter().enumerate();
        Ok(ranked
            .map(|(at, (score, hit))| Hit { rank: at + 1, score: round(score), ..hit })
            .collect())
    }

    /// Who says something and where.
    pub(super) fn provenance(
        &self,
        t: usize,
        speaker: u16,
        lines: Lines,
        time: Option<TimeSpan>,
    ) -> Provenance {
        let known = &self.transcripts[t];
        let case = self.case_of(t, speaker);
        Provenance {
            transcript: known.id.clone(),
            case: case.map(|case| case.id.clone()),
            group: case.and_then(|case| case.group()).map(str::to_owned),
            speaker: known.speakers[usize::from(speaker)].label.clone(),
            role: self.role_of(t, speaker).name(),
            lines: [lines.first, lines.last],
            start_ms: time.map(|time| time.start_ms),
        }
    }

    /// A span of a passage as an answer.
    pub(super) fn hit(
        &self,
        t: usize,
        transcript: &Transcript,
        place: usize,
        span: Span,
        themes: Vec<usize>,
    ) -> Hit {
        let passage = &self.transcripts[t].passages[place];
        let time = transcript.time_of(passage.turns(), span);
        Hit {
            rank: 0,
            score: 0.0,
            at: self.provenance(t, passage.speaker, transcript.lines.lines_of(span), time),
            end_ms: time.and_then(|time| time.end_ms),
            text: span.of(&transcript.text).to_owned(),
            highlights: Vec::new(),
            others: Vec::new(),
            themes,
            before: Vec::new(),
            after: Vec::new(),
            ties: Vec::new(),
        }
    }

    /// Keeps which theme every passage is in, for the hits of searches.
    fn remember(&self, suggestion: &Suggestion, passages: &[ParticipantPassage]) {
        let mut theme_of = vec![None; self.n_passages()];
        for (passage, theme) in passages.iter().zip(&suggestion.theme_of) {
            theme_of[passage.passage] = theme.and_then(|theme| u32::try_from(theme + 1).ok());
        }
        let labels = suggestion.themes.iter().map(|theme| theme.label.clone()).collect();
        let last = LastThemes { revision: self.revision.clone(), theme_of, labels };
        // A study that cannot be written to shows no themes beside its hits.
        save(&self.store.join("cache").join("themes"), &last).ok();
    }

    /// The themes as they were last suggested; `None` if the transcripts have
    /// changed since.
    pub fn last_themes(&self) -> Option<LastThemes> {
        let last: LastThemes = load(&self.store.join("cache").join("themes"))?;
        let is_current = last.revision == self.revision && last.theme_of.len() == self.n_passages();
        is_current.then_some(last)
    }
}

/// What the stems of a transcript are worth, from words as spoken.
fn stem_weights<'a>(
    analysis: &'a crate::terms::Analysis,
    weights: &BTreeMap<&str, f64>,
) -> BTreeMap<&'a str, f64> {
    let mut stems = BTreeMap::new();
    for (form, stem) in analysis.forms.iter().zip(&analysis.stems) {
        if let Some(&weight) = weights.get(form.as_str()) {
            stems.insert(stem.as_str(), weight);
        }
    }
    stems
}

/// Whether two quotes say nearly the same words.
fn alike(a: &str, b: &str) -> bool {
    let words =
        |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<BTreeSet<String>>();
    let (a, b) = (words(a), words(b));
    let shared = a.intersection(&b).count();
    shared * 10 >= 7 * a.len().min(b.len()).max(1)
}
