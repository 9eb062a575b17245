//! What sets a candidate theme apart: its terms as spoken.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Words;
use super::uses::{MIN_PASSAGES, Packed, Use, narrow, spoken, uses_of};
use crate::corpus::Row;
use crate::features::recurrence::Recurrence;

/// How many terms of a theme are kept: as many as are shown.
pub(super) const N_TERMS: usize = 10;
/// Log-likelihood ratio above which two words stand together more often than
/// chance would have it: one in a thousand.
const STUCK: f64 = 10.83;
/// The strength of the prior, in uses of terms: a term needs about this many
/// uses in its theme before its share is taken at face value.
const PRIOR_USES: f64 = 500.0;
/// How much more a phrase counts than a word: it says more.
const PHRASE_BONUS: f64 = 1.5;

/// By how many standard deviations a term sets its theme apart at least: less is chance.
const MIN_APART: f64 = 2.0;

/// Whether a form is letters, as words are.
pub(super) fn is_word(form: &str) -> bool {
    form.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
}

/// A term of a theme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThemeTerm {
    /// As people mostly say it.
    pub term: String,
    /// How much it sets the theme apart; see [`TermUses::of_themes`].
    pub weight: f64,
    /// The cases that use it in the theme, rising.
    pub cases: Vec<u32>,
    /// The passages of the theme's evidence that say it, rising.
    pub(super) said_in: Vec<u32>,
    /// How many passages are evidence of the theme.
    pub(super) of_passages: usize,
    /// How many cases speak of the theme.
    pub(super) of_cases: usize,
    pub(super) stems: Vec<u64>,
    pub(super) is_phrase: bool,
    /// How much it is talked about; see [`TermUse::topical`].
    pub(super) topical: f64,
    /// How many cases say it, of the theme or of anything else; of a phrase that was sought in
    /// the evidence, those who say it there.
    pub(super) everywhere: usize,
}

impl ThemeTerm {
    #[cfg(test)]
    pub(crate) fn of_columns(columns: &[u64]) -> Self {
        let stems = columns.iter().map(|column| column + 1).collect();
        let is_phrase = columns.len() > 1;
        let cases = vec![0, 1];
        let said_in = vec![0, 1];
        let (term, of_cases, of_passages) = (String::new(), 2, 2);
        Self {
            term,
            weight: 1.0,
            cases,
            said_in,
            of_passages,
            of_cases,
            stems,
            is_phrase,
            topical: 1.0,
            everywhere: 2,
        }
    }

    /// Whether it sets the theme apart by more than chance may.
    pub fn is_telling(&self) -> bool {
        self.apart() >= MIN_APART
    }

    /// Whether it is made of words: the number of a task, such as "c.iii" or "q1", names
    /// nothing.
    pub(super) fn is_worded(&self) -> bool {
        self.term.split(' ').all(is_word)
    }

    /// How well it names the theme: more than what sets it apart, what much of it says.
    pub(super) fn naming_weight(&self) -> f64 {
        self.weight * (self.said_in.len() as f64 / self.of_passages.max(1) as f64).sqrt()
    }

    /// How far it sets the theme apart, however many use it: in standard deviations, times how
    /// much it is talked about.
    pub(super) fn apart(&self) -> f64 {
        let bonus = if self.is_phrase { PHRASE_BONUS } else { 1.0 };
        self.weight * self.of_cases as f64 / (self.cases.len() as f64 * bonus)
    }

    /// Whether a passage of the evidence says it, a phrase as it stands.
    pub(crate) fn is_said_in(&self, passage: usize) -> bool {
        u32::try_from(passage).is_ok_and(|passage| self.said_in.binary_search(&passage).is_ok())
    }

    /// The columns of its stems in the document-term matrix.
    pub fn columns(&self) -> impl Iterator<Item = usize> {
        self.stems.iter().map(|stem| usize::try_from(stem - 1).expect("columns fit 21 bits"))
    }
}

/// Leaves of terms what is said in `evidence`, where fewer passages are that; terms that none of
/// them says are left out. `case_of` gives the case of a passage.
pub(super) fn only_of(
    terms: &mut Vec<ThemeTerm>,
    evidence: &BTreeSet<usize>,
    case_of: impl Fn(usize) -> u32,
) {
    let of_cases = evidence.iter().map(|&at| case_of(at)).collect::<BTreeSet<u32>>().len();
    for term in &mut *terms {
        let before = term.cases.len() as f64 / term.of_cases.max(1) as f64;
        term.said_in.retain(|&at| evidence.contains(&(at as usize)));
        let cases = term.said_in.iter().map(|&at| case_of(at as usize));
        term.cases = cases.collect::<BTreeSet<u32>>().into_iter().collect();
        (term.of_passages, term.of_cases) = (evidence.len(), of_cases);
        term.weight *= term.cases.len() as f64 / of_cases.max(1) as f64 / before;
    }
    terms.retain(|term| !term.said_in.is_empty());
}

/// What passages say that may describe a theme, whichever themes there are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TermUses {
    /// By passage: its case.
    cases: Vec<u32>,
    /// In order.
    terms: Vec<TermUse>,
}

/// A term with all its uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct TermUse {
    term: Packed,
    /// Whether it is a plain word.
    is_plain: bool,
    /// How much it is talked about: the square root of how many times oftener than by chance
    /// it comes back near by in what participants say ([`Recurrence::ratio`]).
    topical: f64,
    /// How many passages use it.
    n: u32,
    /// How many cases do.
    n_cases: u32,
    /// The forms in which it is said, in alphabetical order.
    forms: Vec<String>,
    /// For each use by how much its passage exceeds the one before, and its form.
    uses: Vec<(u32, u32)>,
}

impl TermUses {
    /// Finds the terms of passages that at least three of them use, by at least two
    /// cases where there are two.
    ///
    /// A term is a word or a phrase: two or three words that follow each other, a
    /// word with its particle ("camera off"), or two words with one or two linking
    /// words between ("ease of access"), if they stand together more often than
    /// chance would have it.
    pub fn of(rows: &[Row], Words { analyses, counts }: Words) -> Self {
        let uses = uses_of(rows, (analyses, counts));
        // Of each row its place among those of its transcript, and how many these are.
        let places: Vec<(usize, usize)> = rows
            .chunk_by(|a, b| a.transcript == b.transcript)
            .flat_map(|of| (0..of.len()).map(|place| (place, of.len())))
            .collect();
        let topical = |passages: &[u32]| {
            let mut found = Recurrence::default();
            let transcript = |row: u32| rows[row as usize].transcript;
            for of in passages.chunk_by(|a, b| transcript(*a) == transcript(*b)) {
                let places_of = of.iter().map(|&row| places[row as usize].0);
                found.add(places_of, places[of[0] as usize].1);
            }
            found.ratio().sqrt()
        };
        let cases: Vec<u32> = rows.iter().map(|row| row.case).collect();
        let min_cases = min_cases(&cases);
        // One group a term; uses of a term stand together now.
        let groups: Vec<&[Use]> = uses.chunk_by(|a, b| a.term == b.term).collect();
        let words = groups.iter().filter(|group| !group[0].term.is_phrase());
        let n_words = words.map(|group| group.len()).sum();
        let known = |group: &&[Use]| {
            let term = group[0].term;
            let is_plain = 2 * group.iter().filter(|used| used.is_plain()).count() >= group.len();
            let is_particle = !term.is_phrase() && term.stems().next().is_none();
            if group.len() < MIN_PASSAGES
                || is_particle
                || (term.is_phrase() && !is_stuck(group, is_plain, &groups, n_words))
            {
                return None;
            }
            let mut passages: Vec<u32> = group.iter().map(|used| used.row).collect();
            passages.dedup();
            let speaking: BTreeSet<u32> = passages.iter().map(|&row| cases[row as usize]).collect();
            if passages.len() < MIN_PASSAGES || speaking.len() < min_cases {
                return None;
            }
            let said: Vec<Cow<'_, str>> =
                group.iter().map(|used| spoken(*used, rows, analyses)).collect();
            let mut forms: Vec<&str> = said.iter().map(|form| &**form).collect();
            forms.sort_unstable();
            forms.dedup();
            let mut last = 0;
            let uses = group.iter().zip(&said).map(|(used, said)| {
                let step = used.row - last;
                last = used.row;
                (step, narrow(forms.partition_point(|form| *form < &**said)))
            });
            let uses = uses.collect();
            let forms = forms.into_iter().map(str::to_owned).collect();
            let is_plain = is_plain && !term.is_phrase();
            Some(TermUse {
                term,
                is_plain,
                topical: topical(&passages),
                n: narrow(passages.len()),
                n_cases: narrow(speaking.len()),
                forms,
                uses,
            })
        };
        let terms = groups.par_iter().filter_map(known).collect();
        Self { cases, terms }
    }

    /// Finds for each theme the terms that set it apart, and that at least two of its
    /// cases use where two cases speak.
    ///
    /// `themes_of` are the themes that each passage is evidence of. Plain words (`WordClass::Plain`) stand
    /// in phrases only, unless a theme has no other term. Uses are counted by
    /// passage, so that repeating a word proves nothing.
    ///
    /// # Formula
    /// The z-score of the log-odds ratio with an informative Dirichlet prior:
    /// `δ = ln (y+a)/(n+A-y-a) - ln (y'+a)/(n'+A-y'-a)`,
    /// `z = δ / sqrt(1/(y+a) + 1/(y'+a))`, with `y` of `n` uses in the theme, `y'`
    /// of `n'` elsewhere, and the prior `a` of `A` in the proportion of all uses;
    /// times the share of the theme's cases that use the term, so that what many
    /// say outranks what one says often; times how much the term is talked about
    /// (the square root of [`Recurrence::ratio`]); times 1.5 for a phrase.
    ///
    /// # Source
    /// Monroe, Colaresi and Quinn (2008), "Fightin' Words",
    /// <https://doi.org/10.1093/pan/mpn018>.
    pub fn of_themes(&self, themes_of: &[Vec<usize>], n_themes: usize) -> Vec<Vec<ThemeTerm>> {
        let min_cases = min_cases(&self.cases);
        let tallies: Vec<Vec<Tally>> =
            self.terms.par_iter().map(|term| term.tally(&self.cases, themes_of)).collect();
        let mut uses_of = vec![0.0; n_themes];
        let mut all = 0.0;
        for (term, tallies) in self.terms.iter().zip(&tallies) {
            for tally in tallies {
                uses_of[tally.theme] += tally.rows.len() as f64;
            }
            all += f64::from(term.n);
        }
        let describe = |theme: usize| {
            let said = (0..themes_of.len()).filter(|row| themes_of[*row].contains(&theme));
            let of_passages = said.clone().count();
            let of_cases = said.map(|row| self.cases[row]).collect::<BTreeSet<u32>>().len();
            let mut scored: Vec<Scored> = Vec::new();
            let mut plain: Vec<Scored> = Vec::new();
            let mut common: Vec<Scored> = Vec::new();
            for (term, tallies) in self.terms.iter().zip(&tallies) {
                let Ok(at) = tallies.binary_search_by_key(&theme, |tally| tally.theme) else {
                    continue;
                };
                let Tally { rows, cases, .. } = &tallies[at];
                if cases.len() < min_cases || rows.len() < 2 {
                    continue;
                }
                let n = rows.len() as f64;
                let apart = log_odds_z(n, uses_of[theme], f64::from(term.n), all);
                let bonus = if term.term.is_phrase() { PHRASE_BONUS } else { 1.0 };
                let share = cases.len() as f64 / of_cases.max(1) as f64;
                let weight = apart * share * bonus * term.topical;
                if weight > 0.0 {
                    let list = if term.is_plain { &mut plain } else { &mut scored };
                    list.push(Scored { weight, term, rows, cases });
                }
                let weight = cases.len() as f64 + n / (1.0 + all);
                common.push(Scored { weight, term, rows, cases });
            }
            // With one theme nothing sets it apart; what most people say names it.
            let lists = [scored, plain, common];
            let list = lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default();
            let text = |term: &TermUse| term.mostly(themes_of, theme);
            without_repeats(list, (of_passages, of_cases), &text)
        };
        (0..n_themes).into_par_iter().map(describe).collect()
    }
}

/// The fewest cases of a term.
fn min_cases(cases: &[u32]) -> usize {
    if cases.iter().any(|case| *case != cases[0]) { 2 } else { 1 }
}

/// How often a theme uses a term.
struct Tally {
    theme: usize,
    /// Passages, rising.
    rows: Vec<u32>,
    /// Their cases, rising.
    cases: Vec<u32>,
}

impl TermUse {
    /// The passage and the form of each use.
    fn uses(&self) -> impl Iterator<Item = (usize, usize)> {
        self.uses.iter().scan(0, |row, &(step, form)| {
            *row += step as usize;
            Some((*row, form as usize))
        })
    }

    /// Its uses by theme, the themes rising.
    fn tally(&self, cases: &[u32], themes_of: &[Vec<usize>]) -> Vec<Tally> {
        let mut last = None;
        let passages = self.uses().filter(|(row, _)| last.replace(*row) != Some(*row));
        let of_theme = passages.flat_map(|(row, _)| themes_of[row].iter().map(move |t| (*t, row)));
        let mut found: Vec<(usize, usize)> = of_theme.collect();
        found.sort_unstable();
        let tally = |of: &[(usize, usize)]| {
            let mut cases: Vec<u32> = of.iter().map(|(_, row)| cases[*row]).collect();
            cases.sort_unstable();
            cases.dedup();
            Tally { theme: of[0].0, rows: of.iter().map(|(_, row)| narrow(*row)).collect(), cases }
        };
        found.chunk_by(|a, b| a.0 == b.0).map(tally).collect()
    }

    /// The form in which a theme's passages mostly say it; ties go to the form that
    /// comes first in the alphabet.
    fn mostly(&self, themes_of: &[Vec<usize>], theme: usize) -> String {
        let mut n_of = vec![0_u32; self.forms.len()];
        for (_, form) in self.uses().filter(|(row, _)| themes_of[*row].contains(&theme)) {
            n_of[form] += 1;
        }
        let most = (0..n_of.len()).rev().max_by_key(|&form| n_of[form]);
        most.map_or_else(String::new, |form| self.forms[form].clone())
    }
}

/// A term that may describe a theme.
struct Scored<'a> {
    weight: f64,
    term: &'a TermUse,
    rows: &'a [u32],
    cases: &'a [u32],
}

/// The strongest terms, without those that are no news beside the others: a
/// phrase says more than its words.
fn without_repeats(
    mut scored: Vec<Scored>,
    (of_passages, of_cases): (usize, usize),
    text: &dyn Fn(&TermUse) -> String,
) -> Vec<ThemeTerm> {
    scored
        .sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.term.term.cmp(&b.term.term)));
    let mut kept: Vec<ThemeTerm> = Vec::new();
    for Scored { weight, term: used, rows, cases } in scored {
        if kept.len() == N_TERMS {
            break;
        }
        let stems: Vec<u64> = used.term.stems().collect();
        let is_covered = kept.iter().any(|known| {
            let (short, long) = if known.stems.len() < stems.len() {
                (&known.stems, &stems)
            } else {
                (&stems, &known.stems)
            };
            !short.is_empty() && short.iter().all(|stem| long.contains(stem)) && known.is_phrase
        });
        if is_covered {
            continue;
        }
        let is_phrase = used.term.is_phrase();
        if is_phrase {
            kept.retain(|known| {
                let mut inside = known.stems.iter();
                let is_inside = !known.stems.is_empty() && inside.all(|stem| stems.contains(stem));
                !(is_inside && known.weight < 1.5 * weight)
            });
        }
        let (term, said_in, cases) = (text(used), rows.to_vec(), cases.to_vec());
        let (topical, everywhere) = (used.topical, used.n_cases as usize);
        kept.push(ThemeTerm {
            term,
            weight,
            cases,
            said_in,
            of_passages,
            of_cases,
            stems,
            is_phrase,
            topical,
            everywhere,
        });
    }
    kept
}

/// Whether the words of a phrase belong together: they follow each other more
/// often than chance would have it, and a phrase with a plain word at one end
/// holds at least half of the uses of its rarer word.
fn is_stuck(group: &[Use], is_plain: bool, groups: &[&[Use]], n_words: usize) -> bool {
    let parts: Vec<u64> = group[0].term.parts().collect();
    let n_of = |part: u64| {
        let word = Packed::new(&[part]);
        groups.binary_search_by_key(&word, |group| group[0].term).map_or(0, |at| groups[at].len())
    };
    let (both, first, last) = (group.len(), n_of(parts[0]), n_of(parts[parts.len() - 1]));
    let rarer = first.min(last);
    (!is_plain || 2 * both >= rarer)
        && both * n_words > first * last
        && log_likelihood(both, first.max(both), last.max(both), n_words) > STUCK
}

/// The log-likelihood ratio of two words that stand together `both` times and
/// `first` and `last` times in all, of `n` words.
///
/// # Source
/// Dunning (1993), "Accurate Methods for the Statistics of Surprise and
/// Coincidence", <https://aclanthology.org/J93-1003/>.
fn log_likelihood(both: usize, first: usize, last: usize, n: usize) -> f64 {
    let cells = [
        (both, first, last),
        (first - both, first, n.saturating_sub(last)),
        (last - both, n.saturating_sub(first), last),
        ((n + both).saturating_sub(first + last), n.saturating_sub(first), n.saturating_sub(last)),
    ];
    let of_cell = |(seen, row, column): (usize, usize, usize)| {
        let expected = row as f64 * column as f64 / n as f64;
        if seen == 0 { 0.0 } else { seen as f64 * (seen as f64 / expected).ln() }
    };
    2.0 * cells.into_iter().map(of_cell).fold(0.0, |sum, x| sum + x)
}

fn log_odds_z(here: f64, all_here: f64, both: f64, all_both: f64) -> f64 {
    let prior = PRIOR_USES * both / all_both;
    let (there, all_there) = (both - here, all_both - all_here);
    let log_odds = |y: f64, n: f64| ((y + prior) / (n + PRIOR_USES - y - prior)).ln();
    let delta = log_odds(here, all_here) - log_odds(there, all_there);
    delta / (1.0 / (here + prior) + 1.0 / (there + prior)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_agrees_with_a_case_worked_by_hand() {
        // 8 of a theme's 40 uses, 2 of the other 160; the prior is 500 · 10/200 = 25.
        // δ = ln(33/507) - ln(27/633) = 0.422630; variance 1/33 + 1/27.
        let expected = ((33.0_f64 / 507.0).ln() - (27.0_f64 / 633.0).ln())
            / (1.0_f64 / 33.0 + 1.0 / 27.0).sqrt();
        assert!((log_odds_z(8.0, 40.0, 10.0, 200.0) - expected).abs() < 1e-9);
        assert!((expected - 1.628_634_633).abs() < 1e-8);
    }

    #[test]
    fn a_log_likelihood_agrees_with_a_case_worked_by_hand() {
        // 10 together, 20 and 15 in all, of 1,000 words: seen 10, 10, 5, 975 where
        // 0.3, 19.7, 14.7, 965.3 are expected.
        let cells = [(10.0_f64, 0.3_f64), (10.0, 19.7), (5.0, 14.7), (975.0, 965.3)];
        let expected =
            2.0 * cells.iter().map(|(seen, expected)| seen * (seen / expected).ln()).sum::<f64>();
        assert!((log_likelihood(10, 20, 15, 1_000) - expected).abs() < 1e-9);
        assert!((expected - 65.283_538_707).abs() < 1e-8);
        // As often as chance would have it.
        assert!(log_likelihood(5, 50, 100, 1_000).abs() < 1e-9);
    }
}
