//! The list of candidate themes that a person sees and decides on.
//!
//! A suggestion comes in, with what people decided and what was listed before; the
//! list goes out, numbered and told with its evidence, and what a version keeps of it.

pub mod growth;
mod in_vivo;
pub mod numbering;
pub mod profile;
pub mod questions;
pub mod quotes;
mod uncoded;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use rayon::prelude::*;

use self::in_vivo::clause_of;
use self::numbering::{Version, VersionTheme, carry_on, number_codes, version_transcripts};
use self::profile::Profiler;
use self::questions::question_of;
use self::uncoded::Coded;
use crate::answers::{Hit, PassageAnswer, ThemesAnswer, UncodedEvidence};
use crate::codebook::Codebook;
use crate::codebook::standing::Standings;
use crate::corpus::{Corpus, CorpusError, ParticipantPassage};
use crate::features::space::SpaceParams;
use crate::themes::decided::{AcceptedTheme, Decided, keep_accepted};
use crate::themes::describe::ThemeTerm;
use crate::themes::naming::{Standing, as_in, names_under};
use crate::themes::{
    CandidateTheme, Place, SaidOf, Suggestion, ThemeParams, Words, add_phrase, by_passage,
    phrase_with,
};

/// The fewest participants that a code has evidence from, where there are so many.
const MIN_CODE_CASES: usize = 3;
/// The share of the passages of a code that say it by their own words, at least: what mostly
/// stands near each other in the talk is no idea.
const SAID: f64 = 1.0 / 3.0;
/// The share of a theme's evidence above which a code says what the theme says, and is none
/// beneath it.
const WHOLE: f64 = 0.6;
/// Quotes of each theme that no code covers.
const N_UNCODED: usize = 3;

/// Whether themes keep the numbers and labels of the last suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbering {
    /// They do.
    #[default]
    CarriedOn,
    /// They are numbered anew, the most widespread first.
    Afresh,
}

/// The talk that a list is about, and what people decided on it.
#[derive(Clone, Copy)]
pub struct Talk<'a> {
    /// All transcripts.
    pub corpus: &'a Corpus,
    /// Their words.
    pub words: Words<'a>,
    /// What people decided.
    pub codebook: &'a Codebook,
    /// Where its quotations are now.
    pub standings: &'a Standings,
}

/// A suggestion with the numbers under which its themes are listed.
#[derive(Debug, Clone)]
pub struct Numbered {
    /// The suggestion, in the order of the list.
    pub suggestion: Suggestion,
    /// By theme.
    pub ids: Vec<usize>,
    /// By theme: those of its codes, rising.
    pub code_ids: Vec<Vec<usize>>,
    /// The passages that it is about.
    pub passages: Vec<ParticipantPassage>,
    /// By passage: the themes that it is evidence of, by their places, rising.
    says: Vec<Vec<usize>>,
    /// By passage: the codes that it carries, as the places of the theme and in it.
    carries: Vec<Vec<(usize, usize)>>,
    /// The last version that was asked for alike.
    last: Option<Version>,
    /// The themes that people have accepted.
    accepted: Vec<AcceptedTheme>,
    /// What people must know about their decisions.
    notes: Vec<String>,
}

/// A suggestion as it is listed, and what would be kept of it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The suggestion with its numbers.
    pub numbered: Numbered,
    /// Without a version.
    pub answer: ThemesAnswer,
    /// Without a number.
    pub version: Version,
}

impl Numbered {
    /// Numbers the themes of a suggestion about `passages`. `series` are the versions
    /// that were asked for alike, the newest first.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn new(
        (corpus, words): (&Corpus, Words<'_>),
        mut suggestion: Suggestion,
        passages: Vec<ParticipantPassage>,
        decided: Decided,
        mut series: Vec<Version>,
        numbering: Numbering,
    ) -> Result<Self, CorpusError> {
        head_with_questions(corpus, words, &passages, &mut suggestion.themes)?;
        put_in_order(&mut suggestion, &passages);
        let places: Vec<usize> = (1..=suggestion.themes.len()).collect();
        let mut ids = match numbering {
            Numbering::CarriedOn if !series.is_empty() => {
                let now = version_transcripts(corpus, &suggestion, &passages, &places);
                carry_on(&mut suggestion, &now, &series, decided.last_number)
            }
            _ => places,
        };
        let Decided { themes: accepted, notes, .. } = decided;
        keep_accepted(&mut suggestion, &mut ids, &accepted);
        leave_out_slight_codes(&mut suggestion.themes, &passages);
        suggestion.themes.par_iter_mut().flat_map(|theme| &mut theme.codes).for_each(|code| {
            let talk = SaidOf { evidence: &code.evidence, passages: &passages, words };
            add_phrase(&mut code.terms, talk);
        });
        for theme in &mut suggestion.themes {
            let terms: Vec<&[ThemeTerm]> = theme.codes.iter().map(|code| &code.terms[..]).collect();
            let in_phrase = |at: usize, word: &ThemeTerm| {
                let evidence = &theme.codes[at].evidence;
                phrase_with(word, terms[at], SaidOf { evidence, passages: &passages, words })
            };
            let names = names_under(&theme.terms, &terms, &in_phrase);
            let mut used = BTreeSet::new();
            for (code, name) in theme.codes.iter_mut().zip(names) {
                (code.label, code.named_by) = (name.label, name.terms);
                code.is_named = name.standing != Standing::None;
                if name.standing == Standing::SaidElsewhere
                    && let Some(clause) = clause_of((corpus, words), &passages, code, &mut used)?
                {
                    code.label = as_in(&clause);
                }
            }
            // What cannot be named says too little beside the name of its theme.
            theme.codes.retain(|code| code.is_named);
            leave_out_namesakes(&mut theme.codes);
        }
        let known = if numbering == Numbering::CarriedOn { &series[..] } else { &[] };
        let themes = suggestion.themes.iter_mut().zip(&ids);
        let code_ids = themes.map(|(theme, &id)| number_codes(&mut theme.codes, id, corpus, known));
        let code_ids = code_ids.collect();
        let last = if series.is_empty() { None } else { Some(series.swap_remove(0)) };
        let evidence = suggestion.themes.iter().map(|theme| &theme.evidence);
        let says = by_passage(passages.len(), evidence);
        let mut carries = vec![Vec::new(); passages.len()];
        for (at, theme) in suggestion.themes.iter().enumerate() {
            for (place, code) in theme.codes.iter().enumerate() {
                for &passage in &code.passages {
                    carries[passage].push((at, place));
                }
            }
        }
        Ok(Self { suggestion, ids, code_ids, passages, says, carries, last, accepted, notes })
    }

    /// The themes that a passage is evidence of, by their places, rising.
    pub fn says(&self, at: usize) -> &[usize] {
        &self.says[at]
    }

    /// The codes that a passage carries, as the places of the theme and in it.
    pub fn carries(&self, at: usize) -> &[(usize, usize)] {
        &self.carries[at]
    }

    /// What tells of its themes.
    pub fn profiler<'a>(&'a self, corpus: &'a Corpus, words: Words<'a>) -> Profiler<'a> {
        Profiler::new(corpus, words, self)
    }

    /// Says of each theme what there is to say. `settings` are kept with the answer.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn list(
        self,
        talk: Talk<'_>,
        params: &ThemeParams,
        settings: &serde_json::Value,
    ) -> Result<Listed, CorpusError> {
        let profiler = self.profiler(talk.corpus, talk.words);
        let Self { suggestion, ids, passages, .. } = &self;
        let (coded, uncoded) = Coded::find(&talk, passages).unzip();
        let mut themes = Vec::with_capacity(suggestion.themes.len());
        for (at, theme) in suggestion.themes.iter().enumerate() {
            let mut answer = profiler.of(at)?;
            if let Some(coded) = &coded {
                let quotes = profiler.quotes_of(at, &|known| !coded.covers(known), N_UNCODED)?;
                answer.uncoded = Some(UncodedEvidence { quotes, ..coded.left_of(theme) });
                for (answer, code) in answer.codes.iter_mut().zip(&theme.codes) {
                    answer.uncoded = Some(coded.left_of(code));
                }
            }
            if let Some(place) = theme.accepted {
                let accepted = &self.accepted[place];
                accepted.mark(talk.corpus, talk.codebook, talk.standings, &mut answer)?;
            }
            themes.push(answer);
        }
        let passage_answer = |at: usize| {
            let (passage, place): (&ParticipantPassage, &Place) =
                (&passages[at], &suggestion.places[at]);
            let transcript = &talk.corpus.transcripts[passage.row.transcript as usize];
            let lines = transcript.passages[passage.row.place as usize].lines;
            PassageAnswer {
                transcript: transcript.id.clone(),
                lines: [lines.first, lines.last],
                theme: place.theme.map(|theme| ids[theme]),
                weight: if place.theme.is_some() { place.weight } else { 0.0 },
                also: place.second.map(|(theme, _)| ids[theme]),
                codes: self.carries[at]
                    .iter()
                    .map(|&(theme, code)| [ids[theme], self.code_ids[theme][code]])
                    .collect(),
                evidence: self.says[at].iter().map(|&theme| ids[theme]).collect(),
            }
        };
        let answer = ThemesAnswer {
            notes: self.notes_on(talk.corpus, params),
            passages: (0..passages.len()).map(passage_answer).collect(),
            together: profiler.together(),
            version: None,
            names: Vec::new(),
            codes: Vec::new(),
            uncoded,
            asked: params.count.map(NonZeroUsize::get),
            parameters: serde_json::json!({
                "version": env!("CARGO_PKG_VERSION"),
                "space": SpaceParams::default(),
                "themes": params,
                "count": suggestion.themes.len(),
                "n_passages": passages.len(),
                "n_links": suggestion.n_links,
                "settings": settings,
            }),
            themes,
        };
        let version = Version {
            number: 0,
            params: params.clone(),
            themes: answer.themes.iter().map(VersionTheme::of).collect(),
            transcripts: version_transcripts(talk.corpus, suggestion, passages, ids),
        };
        Ok(Listed { numbered: self, answer, version })
    }

    /// What the suggestion cannot know.
    fn notes_on(&self, corpus: &Corpus, params: &ThemeParams) -> Vec<String> {
        let Self { suggestion, passages, .. } = self;
        let mut notes = corpus.role_notes().notes;
        let speaking: BTreeSet<u32> = passages.iter().map(|passage| passage.row.case).collect();
        let n_cases = speaking.len();
        if n_cases == 0 {
            notes.push(
                "nobody who speaks counts as a participant, so nothing can be suggested: write \
                 under `[roles]` in study.toml who is asked"
                    .to_owned(),
            );
        } else if n_cases == 1 {
            notes.push("there is one participant: what recurs across people cannot be known yet; these are topics of one conversation".to_owned());
        } else if corpus.transcripts.len() == 1 {
            notes.push(
                "there is one conversation: what recurs across interviews cannot be known yet"
                    .to_owned(),
            );
        } else if n_cases < 4 {
            notes.push(format!(
                "there are {n_cases} participants: a theme may depend on one of them"
            ));
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
        notes.extend(self.notes.iter().cloned());
        if suggestion.n_rejected > 0 {
            notes.push(match suggestion.n_rejected {
                1 => "1 rejected candidate is not suggested again".to_owned(),
                n => format!("{n} rejected candidates are not suggested again"),
            });
        }
        if suggestion.themes.is_empty() && !passages.is_empty() {
            notes.push(
                "no passages of different people are near enough to suggest a theme".to_owned(),
            );
        }
        notes
    }
}

impl Listed {
    /// The number under which it is kept; `None` if its series does not say the same
    /// last.
    pub fn kept_number(&self) -> Option<u32> {
        let last = self.numbered.last.as_ref()?;
        let number = last.number;
        (*last == Version { number, ..self.version.clone() }).then_some(number)
    }

    /// The same list, once it is kept as the last version of its series.
    #[must_use]
    pub fn kept_as(mut self, number: u32) -> Self {
        self.numbered.last = Some(Version { number, ..self.version.clone() });
        self
    }

    /// The `n` most typical quotes of the theme that is listed under `id`.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn more_quotes(
        &self,
        corpus: &Corpus,
        words: Words<'_>,
        id: usize,
        n: usize,
    ) -> Result<Vec<Hit>, CorpusError> {
        let ids = &self.numbered.ids;
        let Some(at) = ids.iter().position(|known| *known == id) else { return Ok(Vec::new()) };
        self.numbered.profiler(corpus, words).quotes_of(at, &|_| true, n)
    }
}

/// Names themes by the question that they answer, if most of their name comes from it; no
/// question names two.
fn head_with_questions(
    corpus: &Corpus,
    words: Words<'_>,
    passages: &[ParticipantPassage],
    themes: &mut [CandidateTheme],
) -> Result<(), CorpusError> {
    let mut used = BTreeSet::new();
    for theme in themes {
        let question = question_of(corpus, words, passages, theme)?;
        if let Some(question) = question.filter(|question| used.insert(question.clone())) {
            theme.label = format!("asked: “{question}”");
            theme.is_named = true;
        }
    }
    Ok(())
}

/// Lists themes by how many people say them, then by their evidence, and those without a good
/// name last: of eleven a reader found one coherent (`benches/RESULTS.md`).
fn put_in_order(suggestion: &mut Suggestion, passages: &[ParticipantPassage]) {
    let mut order: Vec<usize> = (0..suggestion.themes.len()).collect();
    order.sort_by_key(|&at| {
        let theme = &suggestion.themes[at];
        let people: BTreeSet<u32> =
            theme.evidence.iter().map(|&at| passages[at].row.case).collect();
        let is_nameless = !theme.is_named && theme.accepted.is_none();
        (is_nameless, Reverse((people.len(), theme.evidence.len())))
    });
    suggestion.reorder(&order);
}

/// Leaves out codes with evidence of one or two people, without a term that sets them apart,
/// that few passages say by their own words, and those that say what their theme says. The
/// rest is listed by how many people say it.
fn leave_out_slight_codes(themes: &mut [CandidateTheme], passages: &[ParticipantPassage]) {
    let n_cases = |of: &mut dyn Iterator<Item = usize>| {
        of.map(|at| passages[at].row.case).collect::<BTreeSet<u32>>().len()
    };
    let min_cases = MIN_CODE_CASES.min(n_cases(&mut (0..passages.len())));
    let n_saying = |code: &CandidateTheme| n_cases(&mut code.evidence.iter().copied());
    for theme in themes {
        let of_theme = theme.evidence.len() as f64;
        theme.codes.retain(|code| {
            let n = code.evidence.len() as f64;
            code.terms.iter().any(ThemeTerm::is_telling)
                && n >= SAID * code.passages.len() as f64
                && n <= WHOLE * of_theme
                && n_saying(code) >= min_cases
        });
        theme.codes.sort_by_key(|code| Reverse((n_saying(code), code.evidence.len())));
    }
}

/// Leaves out codes that share two terms of their name with one before, which more people
/// say.
fn leave_out_namesakes(codes: &mut Vec<CandidateTheme>) {
    let mut kept: Vec<CandidateTheme> = Vec::new();
    for code in std::mem::take(codes) {
        let shared = |known: &CandidateTheme| {
            let is_shared = |term: &&ThemeTerm| known.named_by.iter().any(|t| t.term == term.term);
            code.named_by.iter().filter(is_shared).count()
        };
        if kept.iter().all(|known| shared(known) < 2) {
            kept.push(code);
        }
    }
    *codes = kept;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Row;

    /// Of these passages, of which the first `n_saying` are evidence.
    fn candidate(passages: &[usize], n_saying: usize) -> CandidateTheme {
        let mut term = ThemeTerm::of_columns(&[0]);
        term.weight = 9.0;
        CandidateTheme {
            label: String::new(),
            named_by: Vec::new(),
            is_named: true,
            terms: vec![term],
            passages: passages.to_vec(),
            evidence: passages[..n_saying].iter().copied().collect(),
            stability: None,
            codes: Vec::new(),
            accepted: None,
        }
    }

    /// One a case.
    fn passages() -> Vec<ParticipantPassage> {
        let passage = |case| ParticipantPassage {
            passage: case as usize,
            row: Row { transcript: case, place: 0, case },
            n_words: 20,
        };
        (0..20).map(passage).collect()
    }

    /// Whether a code is listed under a theme of passages 0 to 9, one a case.
    #[track_caller]
    fn check(code: CandidateTheme, expected: bool) {
        let mut theme = candidate(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 10);
        theme.codes = vec![code];
        let mut themes = [theme];
        leave_out_slight_codes(&mut themes, &passages());
        assert_eq!(themes[0].codes.len(), usize::from(expected));
    }

    #[test]
    fn a_code_that_two_thirds_of_its_passages_do_not_say_is_not_listed() {
        check(candidate(&[0, 1, 2, 3, 4, 5, 6, 7, 8], 3), true);
        check(candidate(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3), false);
    }

    #[test]
    fn a_code_that_says_what_its_theme_says_is_not_listed() {
        check(candidate(&[0, 1, 2, 3, 4, 5], 6), true);
        check(candidate(&[0, 1, 2, 3, 4, 5, 6], 7), false);
    }

    #[test]
    fn a_code_of_two_people_is_not_listed() {
        check(candidate(&[0, 1, 2], 3), true);
        check(candidate(&[0, 1], 2), false);
    }

    #[test]
    fn what_most_people_say_is_listed_first() {
        let [few, many] = [candidate(&[0, 1, 2], 1), candidate(&[3, 4], 2)];
        let mut suggestion = Suggestion {
            themes: vec![few.clone(), many.clone()],
            places: Vec::new(),
            n_links: 0,
            n_rejected: 0,
        };
        put_in_order(&mut suggestion, &passages());
        assert_eq!(suggestion.themes, [many, few]);
    }

    #[test]
    fn themes_without_a_good_name_are_listed_last() {
        let passages = passages();
        let mut left = candidate(&[0, 2], 2);
        left.is_named = false;
        let named = candidate(&[1], 1);
        let mut suggestion = Suggestion {
            themes: vec![left.clone(), named.clone()],
            places: vec![Place { theme: Some(0), ..Place::default() }],
            n_links: 0,
            n_rejected: 0,
        };
        put_in_order(&mut suggestion, &passages);
        assert_eq!(suggestion.themes, [named.clone(), left.clone()]);
        assert_eq!(suggestion.places[0].theme, Some(1));
        // What a person has accepted has the name that they gave.
        suggestion.themes = vec![CandidateTheme { accepted: Some(0), ..left }, named];
        let before = suggestion.clone();
        put_in_order(&mut suggestion, &passages);
        assert_eq!(suggestion, before);
    }
}
