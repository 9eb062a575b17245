//! Phrases that name a theme as people say it: "turn the camera on", "time from the event".
//!
//! The terms of a theme and its evidence come in; the phrase that says most of the terms,
//! and that a good part of its people use, joins the terms.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Words;
use super::describe::{N_TERMS, ThemeTerm, is_word};
use super::naming::{MIN_NAMING_SHARE, NEARLY};
use crate::corpus::ParticipantPassage;
use crate::features::counts::carries_theme;
use crate::terms::{AnalyzedToken, TokenKind, WordClass};

/// The most words of a phrase.
const MAX_WORDS: usize = 4;
/// What a word that is no term costs, in the unit of weights.
const UNKNOWN: f64 = 0.5;

/// What stands in a row somewhere in the evidence, in whatever order and form.
#[derive(Debug, Default)]
struct Said {
    /// Who says it so.
    forms: BTreeMap<String, BTreeSet<u32>>,
    cases: BTreeSet<u32>,
    places: BTreeSet<usize>,
}

impl Said {
    /// As most people say it; of equals the longest, which leaves least open ("afraid of the
    /// dog", not "afraid the dog"), then the first in the alphabet.
    fn mostly(&self) -> String {
        let by_people =
            self.forms.iter().min_by_key(|(form, cases)| Reverse((cases.len(), form.len())));
        by_people.map_or_else(String::new, |(form, _)| form.clone())
    }
}

/// The talk that phrases are sought in.
#[derive(Clone, Copy)]
pub(crate) struct SaidOf<'a> {
    /// The passages of it.
    pub evidence: &'a BTreeSet<usize>,
    /// All passages, and their words.
    pub passages: &'a [ParticipantPassage],
    pub words: Words<'a>,
}

/// Adds the best phrase of the evidence to the terms of a theme, if it says about as much as
/// the strongest of them: one with a naming word at both ends, said by two people or more, and
/// by three in ten of those who speak.
pub(crate) fn add_phrase(terms: &mut Vec<ThemeTerm>, talk: SaidOf<'_>) {
    let Some(strongest) = terms.first().map(|term| term.weight) else { return };
    let of_cases = talk.cases().len();
    let best = talk.best_phrase(terms, |n, _| share(n, of_cases) >= MIN_NAMING_SHARE, |_| true);
    let Some(best) = best.filter(|best| best.weight >= NEARLY * strongest) else { return };
    // What is known in another order or form is the same phrase.
    terms.retain(|known| known.columns().collect::<BTreeSet<_>>() != best.columns().collect());
    terms.insert(terms.partition_point(|known| known.weight >= best.weight), best);
    terms.truncate(N_TERMS);
}

/// The best phrase that people say a word of a theme in: a third of those who say the word, in a
/// third of the passages that do. What fewer say names only them.
pub(crate) fn phrase_with(
    word: &ThemeTerm,
    terms: &[ThemeTerm],
    talk: SaidOf<'_>,
) -> Option<ThemeTerm> {
    let says = |stems: &[u64]| word.stems.iter().all(|stem| stems.contains(stem));
    let stands_for_it = |n: usize, places: usize| {
        n >= word.cases.len().div_ceil(3) && places >= word.said_in.len().div_ceil(3)
    };
    let is_known = |term: &&ThemeTerm| {
        term.is_phrase && says(&term.stems) && stands_for_it(term.cases.len(), term.said_in.len())
    };
    let best = talk.best_phrase(terms, stands_for_it, says).filter(|best| best.weight > 0.0);
    best.or_else(|| terms.iter().find(is_known).cloned())
}

impl SaidOf<'_> {
    /// The cases of the evidence.
    fn cases(self) -> BTreeSet<u32> {
        self.evidence.iter().map(|&at| self.passages[at].row.case).collect()
    }

    /// The best of the phrases whose stems are `wanted`, said by two people or more, and by so many
    /// cases in so many passages that it is `common`, as a term beside `terms`; of equals the first
    /// by its stems. What has the same stems in a row is one phrase, in whatever form.
    ///
    /// # Formula
    /// `Σ w[s] √(n / N) - ½ u`: `w[s]` is the weight of the strongest term with the stem `s`, over
    /// the stems of the phrase that any term has; `u` are the stems that none has; `n` of `N`
    /// cases say it.
    fn best_phrase(
        self,
        terms: &[ThemeTerm],
        common: impl Fn(usize, usize) -> bool,
        wanted: impl Fn(&[u64]) -> bool,
    ) -> Option<ThemeTerm> {
        let mut weights: BTreeMap<u64, f64> = BTreeMap::new();
        for term in terms {
            for stem in &term.stems {
                let most = weights.entry(*stem).or_default();
                *most = most.max(term.weight);
            }
        }
        let of_passages = self.evidence.len();
        let said = || self.evidence.iter().map(|&at| (at, &self.passages[at]));
        let of_cases = self.cases().len();
        let is_enough = |n: usize, places: usize| n >= 2.min(of_cases) && common(n, places);
        // Few phrases are said by enough people, so these are told first, by their hashes: as
        // often as another case says one, that many cases say it at most.
        let mut most: HashMap<u64, (u32, usize)> = HashMap::new();
        for (_, passage) in said() {
            each_phrase(passage, self.words, &mut |_, stems| {
                let (last, n) = most.entry(hash_of(stems)).or_insert((passage.row.case, 1));
                *n += usize::from(*last != passage.row.case);
                *last = passage.row.case;
            });
        }
        let mut phrases: BTreeMap<Vec<u64>, Said> = BTreeMap::new();
        for (at, passage) in said() {
            each_phrase(passage, self.words, &mut |forms, stems| {
                if wanted(stems) && is_enough(most[&hash_of(stems)].1, usize::MAX) {
                    let said = phrases.entry(stems.to_vec()).or_default();
                    said.forms.entry(forms.join(" ")).or_default().insert(passage.row.case);
                    said.cases.insert(passage.row.case);
                    said.places.insert(at);
                }
            });
        }
        let enough =
            phrases.into_iter().filter(|(_, it)| is_enough(it.cases.len(), it.places.len()));
        let scored = enough.map(|(mut stems, said)| {
            stems.sort_unstable();
            stems.dedup();
            let known = stems.iter().filter_map(|stem| weights.get(stem));
            let n_unknown = stems.len() - known.clone().count();
            let weight = known.sum::<f64>() * share(said.cases.len(), of_cases).sqrt();
            ThemeTerm {
                everywhere: said.cases.len(),
                term: said.mostly(),
                weight: weight - UNKNOWN * n_unknown as f64,
                cases: said.cases.into_iter().collect(),
                said_in: said.places.into_iter().filter_map(|at| u32::try_from(at).ok()).collect(),
                of_passages,
                of_cases,
                stems,
                is_phrase: true,
                topical: 1.0,
            }
        });
        scored.reduce(|best, next| if next.weight > best.weight { next } else { best })
    }
}

fn share(n: usize, of: usize) -> f64 {
    n as f64 / of.max(1) as f64
}

/// What is told the words of a phrase, and the stems that these have, in order.
type Note<'n> = dyn FnMut(&[&str], &[u64]) + 'n;

fn hash_of(stems: &[u64]) -> u64 {
    let mut hasher = DefaultHasher::new();
    stems.hash(&mut hasher);
    hasher.finish()
}

/// Tells `note` the phrases that a passage's own speaker says: two to four words in a row with
/// nothing between them but a space, a naming word at both ends.
fn each_phrase(passage: &ParticipantPassage, words: Words<'_>, note: &mut Note<'_>) {
    let t = passage.row.transcript as usize;
    let analysis = &words.analyses[t];
    let tokens = &analysis.passages[passage.row.place as usize];
    let stem = |token: &AnalyzedToken| {
        let column = words.counts.columns[t][token.form as usize];
        column.filter(|_| carries_theme(token)).map(|column| u64::from(column) + 1)
    };
    let is_end = |token: &AnalyzedToken| {
        let form = token.form as usize;
        stem(token).is_some()
            && analysis.classes[form] == WordClass::Naming
            && is_word(&analysis.forms[form])
    };
    // "The patient's" waits for what is the patient's.
    let is_owner = |token: &AnalyzedToken| {
        let form = &analysis.forms[token.form as usize];
        form.ends_with("'s") || form.ends_with("’s")
    };
    let is_inside = |token: &AnalyzedToken| {
        token.is_own && matches!(token.kind, TokenKind::Content | TokenKind::Stop)
    };
    // A comma or the end of a sentence takes more than one byte.
    let follows = |a: &AnalyzedToken, b: &AnalyzedToken| {
        b.position == a.position + 1 && b.span.start == a.span.end + 1
    };
    let mut stems: Vec<u64> = Vec::with_capacity(MAX_WORDS);
    for first in (0..tokens.len()).filter(|&at| is_end(&tokens[at])) {
        for last in first + 1..tokens.len().min(first + MAX_WORDS) {
            if !is_inside(&tokens[last]) || !follows(&tokens[last - 1], &tokens[last]) {
                break;
            }
            let row = &tokens[first..=last];
            stems.clear();
            stems.extend(row.iter().filter_map(stem));
            if is_end(&tokens[last])
                && !is_owner(&tokens[last])
                && stems.iter().any(|stem| *stem != stems[0])
            {
                let mut forms = [""; MAX_WORDS];
                for (form, token) in forms.iter_mut().zip(row) {
                    *form = &analysis.forms[token.form as usize];
                }
                note(&forms[..row.len()], &stems);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::themes::invented::Invented;

    #[test]
    fn a_word_is_not_shown_in_a_phrase_that_few_of_its_people_say() {
        let say = |text: &str| format!("Interviewer: And?\nParticipant: {text}\n");
        let mut texts =
            vec![say("We painted the garden gate."), say("I remember the garden gate.")];
        let rest = ["The gate was open.", "No gate.", "Mind the gate.", "A gate of iron.", "Gate."];
        texts.extend(rest.map(say));
        let talk = Invented::new(&texts);
        let column = talk.counts.vocabulary.binary_search(&"gate".to_owned()).unwrap() as u64;
        let found = |n: u32| {
            let mut word = ThemeTerm::of_columns(&[column]);
            (word.cases, word.said_in) = ((0..n).collect(), (0..n).collect());
            let evidence: BTreeSet<usize> = (0..n as usize).collect();
            let words = talk.words();
            let talk = SaidOf { evidence: &evidence, passages: &talk.passages, words };
            phrase_with(&word, std::slice::from_ref(&word), talk).map(|phrase| phrase.term)
        };
        // Two of six, and two of seven.
        assert_eq!(found(6).as_deref(), Some("garden gate"));
        assert_eq!(found(7), None);
    }

    #[test]
    fn the_best_phrase_agrees_with_a_case_worked_by_hand() {
        let say = |text: &str| format!("Interviewer: And?\nParticipant: {text}\n");
        let talk = Invented::new(&[
            say("We painted the garden gate."),
            say("There was a garden gate, and no wall."),
            say("I remember the garden gate."),
            // What a comma keeps apart is no phrase.
            say("I had the garden, gate and all."),
        ]);
        let column = |stem: &str| talk.counts.vocabulary.binary_search(&stem.to_owned()).unwrap();
        let term = |stem: &str, weight: f64| ThemeTerm {
            term: stem.to_owned(),
            weight,
            cases: vec![0, 1, 2, 3],
            said_in: vec![0, 1, 2, 3],
            of_passages: 4,
            of_cases: 4,
            stems: vec![column(stem) as u64 + 1],
            is_phrase: false,
            topical: 1.0,
            everywhere: 4,
        };
        let mut terms = vec![term("garden", 3.0), term("gate", 2.0)];
        let evidence: BTreeSet<usize> = (0..4).collect();
        let words = talk.words();
        add_phrase(&mut terms, SaidOf { evidence: &evidence, passages: &talk.passages, words });
        let found: Vec<&str> = terms.iter().map(|term| term.term.as_str()).collect();
        assert_eq!(found, ["garden gate", "garden", "gate"]);
        // (3 + 2) √(3 / 4).
        assert!((terms[0].weight - 4.330_127).abs() < 1e-6, "{}", terms[0].weight);
        assert_eq!(terms[0].cases, [0, 1, 2]);
        // One of four is not enough.
        let mut terms = vec![term("garden", 3.0)];
        let evidence = BTreeSet::from([0, 3]);
        add_phrase(&mut terms, SaidOf { evidence: &evidence, passages: &talk.passages, words });
        assert_eq!(terms.len(), 1);
    }
}
