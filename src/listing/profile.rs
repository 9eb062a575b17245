//! What is told of each candidate theme: who speaks of it and where, in whose
//! words, and how far to trust it.
//!
//! A suggestion comes in with the corpus that it is about; [`ThemeAnswer`]s and the
//! pairs of themes that go together come out.

use std::collections::{BTreeMap, BTreeSet};

use unicode_segmentation::UnicodeSegmentation;

use super::Numbered;
use super::questions::{answered, come_from_questions, question_before};
use super::quotes::pick_quote;
use crate::answers::{
    Band, GroupAnswer, Hit, InContext, Provenance, TermAnswer, ThemeAnswer, TogetherAnswer,
    WithoutAnswer, round,
};
use crate::base::Span;
use crate::base::proportions::wilson;
use crate::corpus::{Corpus, CorpusError, ParticipantPassage};
use crate::features::counts::carries_theme;
use crate::terms::{AnalyzedToken, TokenKind, points_back};
use crate::themes::describe::ThemeTerm;
use crate::themes::stability::{Stability, Without};
use crate::themes::{CandidateTheme, Words};
use crate::transcripts::cases::{Sittings, cases_in};

/// Quotes that are kept for each theme.
const N_QUOTES: usize = 6;
/// Of these, those that are mostly shown.
const N_SHOWN: usize = 2;
/// Quotes that are kept of those that also touch other themes.
const N_ALSO_SAID: usize = 2;
/// Quotes that are kept for each code.
const N_CODE_QUOTES: usize = 3;
/// Terms of which it is told whether they come from the questions.
const N_STRONGEST: usize = 10;
/// The share of a theme's passages, the most typical, among which those that also
/// touch other themes are sought: they must be close to the theme.
const CLOSE: f64 = 0.75;
/// How well its quote stands alone at least.
const ALONE: f64 = 0.5;
/// The fewest words of such a passage.
const MIN_WORDS_ALSO: u32 = 8;
/// The fewest words behind the first of a quote that can do without the question before.
const MIN_WORDS_ALONE: usize = 5;
/// Pairs of themes that are kept.
const N_PAIRS: usize = 20;

/// What is looked up again and again while themes are described.
pub struct Profiler<'a> {
    corpus: &'a Corpus,
    words: Words<'a>,
    numbered: &'a Numbered,
    /// How many cases speak.
    of_cases: usize,
    /// Those of each group.
    groups: BTreeMap<&'a str, Sittings>,
}

impl<'a> Profiler<'a> {
    /// Looks at the themes of a suggestion, as they are numbered.
    pub(super) fn new(corpus: &'a Corpus, words: Words<'a>, numbered: &'a Numbered) -> Self {
        let (of_cases, groups) = (corpus.speaking().len(), corpus.groups_who_speak());
        Self { corpus, words, numbered, of_cases, groups }
    }

    /// The answer about one theme, with its codes; what is `shown` above is quoted later.
    fn of_theme(
        &self,
        (id, code_ids): (usize, &[usize]),
        theme: &CandidateTheme,
        n_quotes: usize,
        shown: &[Provenance],
    ) -> Result<ThemeAnswer, CorpusError> {
        // What counts is evidence; what only stands beside it is told apart.
        let (says, beside): (Vec<usize>, Vec<usize>) =
            theme.passages.iter().partition(|at| theme.evidence.contains(at));
        let mut by_case: BTreeMap<u32, usize> = BTreeMap::new();
        for &at in &says {
            *by_case.entry(self.numbered.passages[at].row.case).or_default() += 1;
        }
        let only_beside: BTreeSet<u32> = beside
            .iter()
            .map(|&at| self.numbered.passages[at].row.case)
            .filter(|case| !by_case.contains_key(case))
            .collect();
        let largest = by_case.iter().max_by_key(|(case, n)| (**n, std::cmp::Reverse(**case)));
        let largest_share = largest.map_or(0.0, |(_, n)| *n as f64 / says.len() as f64);
        let largest_case = largest.map_or_else(String::new, |(case, _)| self.case_id(*case));
        let sought = Sought::of(theme);
        let quotes = self.typical_quotes(&says, &sought, n_quotes, shown)?;
        let also_said = if n_quotes == N_QUOTES {
            self.also_said(&says, &sought, &quotes)?
        } else {
            Vec::new()
        };
        let terms = self.term_answers(theme);
        let strongest = &terms[..terms.len().min(N_STRONGEST)];
        let n_asked = strongest.iter().filter(|term| term.from_questions).count();
        let stability = theme.stability.as_ref();
        let mean = stability.map(Stability::mean);
        let mut trials: Vec<&Without> =
            stability.map_or_else(Vec::new, |it| it.trials.iter().collect());
        trials.sort_by(|a, b| a.cases.cmp(&b.cases));
        let without = |trial: &Without| WithoutAnswer {
            cases: trial.cases.iter().map(|&case| self.case_id(case)).collect(),
            jaccard: trial.jaccard,
        };
        let without: Vec<WithoutAnswer> = trials.into_iter().map(without).collect();
        let mut codes: Vec<ThemeAnswer> = Vec::with_capacity(theme.codes.len());
        // Two codes with one quote read as one.
        let mut shown: Vec<Provenance> =
            quotes.iter().take(N_SHOWN).map(|hit| hit.at.clone()).collect();
        for (&number, code) in code_ids.iter().zip(&theme.codes) {
            let answer = self.of_theme((number, &[]), code, N_CODE_QUOTES, &shown)?;
            shown.extend(answer.quotes.first().map(|hit| hit.at.clone()));
            codes.push(answer);
        }
        let in_order = says.iter().min().zip(says.iter().max());
        let (first, last) = match in_order {
            Some((&first, &last)) => (Some(self.provenance(first)?), Some(self.provenance(last)?)),
            None => (None, None),
        };
        Ok(ThemeAnswer {
            id,
            label: theme.label.clone(),
            accepted: None,
            from_questions: n_asked as f64 / strongest.len().max(1) as f64,
            terms,
            n_passages: says.len(),
            n_cases: by_case.len(),
            n_cases_once: by_case.values().filter(|n| **n == 1).count(),
            of_cases: self.of_cases,
            in_context: InContext { n_passages: beside.len(), n_cases: only_beside.len() },
            largest_share,
            largest_case,
            interval: wilson(by_case.len(), self.of_cases),
            groups: self
                .groups(&says.iter().map(|&at| self.numbered.passages[at].row.sitting()).collect()),
            position: self.position(&says),
            first,
            last,
            stability: mean,
            band: mean.map(Band::of),
            depends_on: mean.map_or_else(Vec::new, |mean| hanging(mean, &without)),
            without,
            quotes,
            also_said,
            uncoded: None,
            codes,
        })
    }

    /// The answer about the theme at a place of the list, with its codes.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn of(&self, at: usize) -> Result<ThemeAnswer, CorpusError> {
        let numbers = (self.numbered.ids[at], &self.numbered.code_ids[at][..]);
        self.of_theme(numbers, &self.numbered.suggestion.themes[at], N_QUOTES, &[])
    }

    /// Typical quotes of the theme at a place of the list, of evidence that `is_meant`.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn quotes_of(
        &self,
        at: usize,
        is_meant: &dyn Fn(&ParticipantPassage) -> bool,
        n_quotes: usize,
    ) -> Result<Vec<Hit>, CorpusError> {
        let theme = &self.numbered.suggestion.themes[at];
        let meant = theme.passages.iter().filter(|at| theme.evidence.contains(at));
        let meant = meant.copied().filter(|&at| is_meant(&self.numbered.passages[at]));
        self.typical_quotes(&meant.collect::<Vec<_>>(), &Sought::of(theme), n_quotes, &[])
    }

    fn case_id(&self, case: u32) -> String {
        self.corpus.cases.cases[case as usize].id.clone()
    }

    /// Prevalence in each group.
    fn groups(&self, who: &Sittings) -> Vec<GroupAnswer> {
        let count = |(name, members): (&&str, &Sittings)| {
            let n_cases = cases_in(members.intersection(who)).len();
            let of_cases = cases_in(members).len();
            let interval = wilson(n_cases, of_cases);
            GroupAnswer { name: (*name).to_owned(), n_cases, of_cases, interval }
        };
        self.groups.iter().map(count).collect()
    }

    /// The median place of passages in their transcripts, 0 to 1.
    fn position(&self, passages: &[usize]) -> f64 {
        let places = passages.iter().map(|&at| {
            let row = self.numbered.passages[at].row;
            let n = self.corpus.transcripts[row.transcript as usize].passages.len();
            f64::from(row.place) / n.saturating_sub(1).max(1) as f64
        });
        median(places.collect())
    }

    fn term_answers(&self, theme: &CandidateTheme) -> Vec<TermAnswer> {
        let answered = answered(self.corpus, &self.numbered.passages, &theme.passages);
        let from_questions = come_from_questions(&theme.terms, &answered, self.words.counts);
        let terms = theme.terms.iter().zip(from_questions);
        terms
            .map(|(term, from_questions)| TermAnswer {
                term: term.term.clone(),
                weight: term.weight,
                n_cases: term.cases.len(),
                from_questions,
            })
            .collect()
    }

    /// Typical quotes of passages, one a person before anybody has a second, those first that say
    /// most of the name, and of these what is not `shown` above; `passages` are in order, the most
    /// typical first.
    fn typical_quotes(
        &self,
        passages: &[usize],
        sought: &Sought<'_>,
        n_quotes: usize,
        shown: &[Provenance],
    ) -> Result<Vec<Hit>, CorpusError> {
        // The best few of each person are looked at; the rest are less typical.
        let n_unsaid = |at| sought.names.iter().filter(|term| !term.is_said_in(at)).count();
        let mut by_name: Vec<(usize, usize, usize)> =
            passages.iter().enumerate().map(|(place, &at)| (n_unsaid(at), place, at)).collect();
        by_name.sort_unstable();
        let mut of_case: BTreeMap<u32, usize> = BTreeMap::new();
        let mut ranked: Vec<(usize, bool, usize, usize)> = Vec::new();
        for &(unsaid, place, at) in &by_name {
            let n = of_case.entry(self.numbered.passages[at].row.case).or_default();
            *n += 1;
            if *n <= 2 {
                // Whether it says anything of the name matters more than how much.
                ranked.push((*n, unsaid == sought.names.len(), place, at));
            }
        }
        ranked.sort_unstable();
        let mut quotes: Vec<((bool, bool, bool), f64, Hit)> = Vec::new();
        for &(turn, _, place, at) in ranked.iter().take(3 * n_quotes) {
            let Some(Quote { says, is_named, alone, hit }) = self.quote(at, sought)? else {
                continue;
            };
            // Second quotes of a person come last, before them what says nothing of the name, and
            // what is shown above; then what is typical by place, telling by its own words, and
            // clear without others.
            let last = (turn > 1, !is_named, shown.contains(&hit.at));
            quotes.push((last, alone * (1.0 + says) / (1.0 + (place as f64).sqrt()), hit));
        }
        quotes.sort_by(|(last, score, hit), (other_last, other_score, other)| {
            let by_score = other_score.total_cmp(score);
            last.cmp(other_last)
                .then(by_score)
                .then_with(|| hit.at.transcript.cmp(&other.at.transcript))
        });
        let mut kept: Vec<(f64, Hit)> = Vec::with_capacity(n_quotes);
        for (_, score, hit) in quotes {
            if kept.len() < n_quotes && kept.iter().all(|(_, other)| !alike(&other.text, &hit.text))
            {
                kept.push((score, hit));
            }
        }
        Ok(numbered(kept))
    }

    /// Quotes that are close to the theme and touch other themes most.
    fn also_said(
        &self,
        says: &[usize],
        sought: &Sought<'_>,
        quotes: &[Hit],
    ) -> Result<Vec<Hit>, CorpusError> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a count is a count"
        )]
        let n_close = (says.len() as f64 * CLOSE).ceil() as usize;
        let mut ranked: Vec<(f64, usize)> = says[..n_close]
            .iter()
            .filter(|&&at| self.numbered.passages[at].n_words >= MIN_WORDS_ALSO)
            .map(|&at| (1.0 - self.numbered.suggestion.places[at].weight, at))
            .filter(|(touches, _)| *touches > 0.0)
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut found: Vec<(f64, Hit)> = Vec::new();
        let mut quoted = BTreeSet::new();
        for (touches, at) in ranked.into_iter().take(4 * N_QUOTES) {
            if found.len() == N_ALSO_SAID {
                break;
            }
            let Some(Quote { says, alone, hit, .. }) = self.quote(at, sought)? else { continue };
            let mut known = quotes.iter().chain(found.iter().map(|(_, hit)| hit));
            let is_new = known.all(|known| !alike(&known.text, &hit.text));
            if is_new
                && alone >= ALONE
                && says > 0.0
                && quoted.insert(self.numbered.passages[at].row.case)
            {
                found.push((touches, hit));
            }
        }
        Ok(numbered(found))
    }

    /// The stretch of a passage that says most of what is `sought`.
    fn quote(&self, at: usize, sought: &Sought<'_>) -> Result<Option<Quote>, CorpusError> {
        let row = self.numbered.passages[at].row;
        let (t, place) = (row.transcript as usize, row.place as usize);
        let transcript = &*self.corpus.text(t)?;
        let passage = &self.corpus.transcripts[t].passages[place];
        let analysis = &self.words.analyses[t];
        let tokens = &analysis.passages[place];
        let columns = &self.words.counts.columns[t];
        let is_in = |span: Span, token: &AnalyzedToken| {
            span.start <= token.span.start && token.span.end <= span.end
        };
        let said = |span: Span| -> BTreeSet<usize> {
            let said = tokens.iter().filter(|token| is_in(span, token) && carries_theme(token));
            said.filter_map(|token| columns[token.form as usize]).map(|it| it as usize).collect()
        };
        let pieces = self.corpus.own_talk(t, transcript, passage);
        let language = self.corpus.transcripts[t].language;
        let points_back = |sentence: &str| points_back(language, sentence);
        let Some((span, alone)) = pick_quote(
            (&transcript.text, transcript.line_ends),
            &pieces,
            |span| sought.worth(&said(span)),
            points_back,
        ) else {
            return Ok(None);
        };
        let themes = self.numbered.says(at).iter().map(|&theme| self.numbered.ids[theme]);
        let mut hit = self.corpus.hit(t, transcript, place, span, themes.collect());
        let needs_question =
            points_back(&hit.text) || hit.text.unicode_words().count() <= MIN_WORDS_ALONE;
        // Only the first words of an answer stand right behind its question.
        if needs_question && pieces.first().is_some_and(|piece| piece.start == span.start) {
            hit.question = question_before(self.corpus, row)?;
        }
        let n_words = tokens.iter().filter(|token| is_in(span, token)).count().max(1);
        let n_marked = tokens
            .iter()
            .filter(|token| is_in(span, token) && token.kind == TokenKind::Marker)
            .count();
        let spoken = 1.0 - n_marked as f64 / n_words as f64;
        let said = said(span);
        let (says, is_named) = (sought.weight(&said), sought.is_named_by(&said));
        Ok(Some(Quote { says, is_named, alone: alone * spoken, hit }))
    }

    /// Who says a passage and where.
    fn provenance(&self, at: usize) -> Result<Provenance, CorpusError> {
        let row = self.numbered.passages[at].row;
        let t = row.transcript as usize;
        let passage = &self.corpus.transcripts[t].passages[row.place as usize];
        let time = self.corpus.text(t)?.time_of(passage.turns(), passage.span);
        Ok(self.corpus.provenance(t, passage.speaker, passage.lines, time))
    }

    /// Pairs of themes that are spoken of together: those that passages share, and
    /// those that answers share more often than chance would have it.
    pub fn together(&self) -> Vec<TogetherAnswer> {
        let n = self.numbered.ids.len();
        let mut in_passages: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut cases: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); n];
        let passages = self.numbered.passages.iter().enumerate();
        let says = passages.map(|(at, passage)| (passage, self.numbered.says(at)));
        for (passage, says) in says.clone() {
            for (at, &theme) in says.iter().enumerate() {
                cases[theme].insert(passage.row.case);
                for &other in &says[at + 1..] {
                    *in_passages.entry((theme, other)).or_default() += 1;
                }
            }
        }
        // An answer is a participant's talk between two questions.
        let answers = says.collect::<Vec<_>>();
        let answers = answers.chunk_by(|(a, _), (b, _)| {
            a.row.transcript == b.row.transcript && a.row.place + 1 == b.row.place
        });
        let (mut n_answers, mut of_theme) = (0, vec![0; n]);
        let mut in_answers: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for answer in answers {
            let themes: BTreeSet<usize> =
                answer.iter().flat_map(|(_, says)| says.iter().copied()).collect();
            n_answers += 1;
            for &theme in &themes {
                of_theme[theme] += 1;
                for &other in themes.range(theme + 1..) {
                    *in_answers.entry((theme, other)).or_default() += 1;
                }
            }
        }
        let mut pairs: Vec<TogetherAnswer> = in_answers
            .into_iter()
            .filter(|((a, b), both)| {
                let is_shared = in_passages.get(&(*a, *b)).is_some_and(|n| *n > 1);
                is_shared || (*both > 1 && *both * n_answers > of_theme[*a] * of_theme[*b])
            })
            .map(|((a, b), n_answers)| TogetherAnswer {
                themes: [self.numbered.ids[a], self.numbered.ids[b]],
                n_passages: in_passages.get(&(a, b)).copied().unwrap_or(0),
                n_answers,
                n_cases: (&cases[a] & &cases[b]).len(),
            })
            .collect();
        pairs.sort_by_key(|pair| {
            (std::cmp::Reverse((pair.n_passages, pair.n_answers)), pair.themes)
        });
        pairs.truncate(N_PAIRS);
        pairs
    }
}

/// The middle of numbers, or half way between the two in the middle; 0 of none.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match numbers.len() {
        0 => 0.0,
        n if n % 2 == 1 => numbers[middle],
        _ => f64::midpoint(numbers[middle - 1], numbers[middle]),
    }
}

/// The cases that a theme depends on: it is stable on the whole, but lost without each of them
/// alone. Of several who are left out at once, nobody knows who it is.
fn hanging(mean: f64, without: &[WithoutAnswer]) -> Vec<String> {
    let is_stable = Band::of(mean) > Band::Dissolving;
    let alone = |trial: &&WithoutAnswer| is_stable && trial.is_lost() && trial.cases.len() == 1;
    without.iter().filter(alone).flat_map(|trial| trial.cases.clone()).collect()
}

fn numbered(quotes: Vec<(f64, Hit)>) -> Vec<Hit> {
    let ranked = (1..).zip(quotes);
    ranked.map(|(rank, (score, hit))| Hit { rank, score: round(score), ..hit }).collect()
}

/// A stretch of a passage.
struct Quote {
    /// How much of the terms it says, in the unit of their weights.
    says: f64,
    /// Whether it says one of the terms of the name, or there is none.
    is_named: bool,
    /// How well it stands alone, `0.0..=1.0`.
    alone: f64,
    hit: Hit,
}

/// What quotes of a theme should say.
pub(super) struct Sought<'a> {
    /// What the stems of its terms are worth, by their columns.
    weights: BTreeMap<usize, f64>,
    /// The terms of its name.
    names: &'a [ThemeTerm],
}

impl<'a> Sought<'a> {
    pub(super) fn of(theme: &'a CandidateTheme) -> Self {
        let mut weights = BTreeMap::new();
        for term in &theme.terms {
            for column in term.columns() {
                let known = weights.entry(column).or_insert(term.weight);
                *known = f64::max(*known, term.weight);
            }
        }
        Self { weights, names: &theme.named_by }
    }

    /// How much of the terms these columns say.
    pub(super) fn weight(&self, said: &BTreeSet<usize>) -> f64 {
        said.iter().filter_map(|column| self.weights.get(column)).sum()
    }

    fn is_named_by(&self, said: &BTreeSet<usize>) -> bool {
        let says = |term: &ThemeTerm| term.columns().all(|column| said.contains(&column));
        self.names.is_empty() || self.names.iter().any(says)
    }

    /// What a stretch is worth that says these columns: twice as much if it says the name.
    fn worth(&self, said: &BTreeSet<usize>) -> f64 {
        self.weight(said) * if self.is_named_by(said) { 2.0 } else { 1.0 }
    }
}

/// Whether two quotes say nearly the same words.
fn alike(a: &str, b: &str) -> bool {
    let words =
        |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<BTreeSet<String>>();
    let (a, b) = (words(a), words(b));
    let shared = a.intersection(&b).count();
    shared * 10 >= 7 * a.len().min(b.len()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_half_way() {
        assert!(median(Vec::new()).abs() < 1e-9);
        assert!((median(vec![0.9, 0.1, 0.4]) - 0.4).abs() < 1e-9);
        assert!((median(vec![1.0, 0.2, 0.0, 0.5]) - 0.35).abs() < 1e-9);
    }

    #[test]
    fn a_theme_depends_on_each_case_without_whom_it_is_lost() {
        let trial = |cases: &[&str], jaccard| {
            let cases = cases.iter().map(|&case| case.to_owned()).collect();
            WithoutAnswer { cases, jaccard }
        };
        let others = [trial(&["A"], 0.9), trial(&["B"], 0.4), trial(&["C"], 0.5)];
        assert_eq!(hanging(0.6, &others), ["B"]);
        let several = [trial(&["A"], 0.9), trial(&["B"], 0.4), trial(&["C"], 0.4)];
        assert_eq!(hanging(0.6, &several), ["B", "C"]);
        // What is not stable at all depends on nobody.
        assert!(hanging(0.2, &several).is_empty());
        // Of several who are left out at once, nobody knows who it is.
        assert!(hanging(0.6, &[trial(&["A", "B"], 0.1)]).is_empty());
    }

    #[test]
    fn quotes_that_share_most_words_are_alike() {
        assert!(alike("I miss the stairs of it", "well I miss the stairs"));
        assert!(!alike("I miss the stairs on the way down", "I miss the kettle and the biscuits"));
    }
}
