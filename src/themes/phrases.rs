//! Phrases that name a theme as people say it: "turn the camera on", "time from the event".
//!
//! The terms of a theme and its evidence come in; the phrase that says most of the terms,
//! and that a good part of its people use, joins the terms.

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

/// A phrase of the evidence.
#[derive(Debug, Default)]
struct Said {
    stems: BTreeSet<u64>,
    cases: BTreeSet<u32>,
    places: BTreeSet<usize>,
}

/// Adds the best phrase of `evidence` to the terms of a theme, if it says about as much as
/// the strongest of them.
///
/// A phrase is two to four words in a row with nothing between them but a space, a naming
/// word at both ends, and said by two people or more, and by three in ten of those who speak.
///
/// # Formula
/// `Σ w[s] √(n / N) - ½ u`: `w[s]` is the weight of the strongest term with the stem `s`, over
/// the stems of the phrase that any term has; `u` are the stems that none has; `n` of `N`
/// cases say it.
pub(crate) fn add_phrase(
    terms: &mut Vec<ThemeTerm>,
    evidence: &BTreeSet<usize>,
    passages: &[ParticipantPassage],
    words: Words<'_>,
) {
    let Some(strongest) = terms.first().map(|term| term.weight) else { return };
    let mut weights: BTreeMap<u64, f64> = BTreeMap::new();
    for (stem, weight) in terms.iter().flat_map(|term| term.stems.iter().map(|s| (*s, term.weight)))
    {
        let most = weights.entry(stem).or_default();
        *most = most.max(weight);
    }
    let of_passages = evidence.len();
    let evidence = || evidence.iter().map(|&at| (at, &passages[at]));
    let of_cases = evidence().map(|(_, passage)| passage.row.case).collect::<BTreeSet<_>>().len();
    let is_enough = |n: usize| n >= 2.min(of_cases) && share(n, of_cases) >= MIN_NAMING_SHARE;
    // Few phrases are said by enough people, so these are told first, by their hashes: as
    // often as another case says one, that many cases say it at most.
    let mut most: HashMap<u64, (u32, usize)> = HashMap::new();
    for (_, passage) in evidence() {
        each_phrase(passage, words, &mut |forms, _| {
            let (last, n) = most.entry(hash_of(forms)).or_insert((passage.row.case, 1));
            *n += usize::from(*last != passage.row.case);
            *last = passage.row.case;
        });
    }
    let mut said: BTreeMap<String, Said> = BTreeMap::new();
    for (at, passage) in evidence() {
        each_phrase(passage, words, &mut |forms, stems| {
            if is_enough(most[&hash_of(forms)].1) {
                let phrase = said.entry(forms.join(" ")).or_default();
                phrase.stems.extend(stems);
                phrase.cases.insert(passage.row.case);
                phrase.places.insert(at);
            }
        });
    }
    let scored = said.into_iter().filter(|(_, said)| is_enough(said.cases.len())).map(
        |(term, Said { stems, cases, places })| {
            let known = stems.iter().filter_map(|stem| weights.get(stem));
            let n_unknown = stems.len() - known.clone().count();
            let weight = known.sum::<f64>() * share(cases.len(), of_cases).sqrt();
            let said_in = places.into_iter().filter_map(|at| u32::try_from(at).ok()).collect();
            let (stems, cases) = (stems.into_iter().collect(), cases.into_iter().collect());
            let weight = weight - UNKNOWN * n_unknown as f64;
            let (is_phrase, topical) = (true, 1.0);
            ThemeTerm {
                term,
                weight,
                cases,
                said_in,
                of_passages,
                of_cases,
                stems,
                is_phrase,
                topical,
            }
        },
    );
    // Of equals the first in the alphabet.
    let best = scored.reduce(|best, next| if next.weight > best.weight { next } else { best });
    let Some(best) = best.filter(|best| best.weight >= NEARLY * strongest) else { return };
    terms.retain(|known| known.term != best.term);
    terms.insert(terms.partition_point(|known| known.weight >= best.weight), best);
    terms.truncate(N_TERMS);
}

fn share(n: usize, of: usize) -> f64 {
    n as f64 / of.max(1) as f64
}

/// What is told the words of a phrase, and the stems that these have.
type Note<'n> = dyn FnMut(&[&str], &mut dyn Iterator<Item = u64>) + 'n;

fn hash_of(forms: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    forms.hash(&mut hasher);
    hasher.finish()
}

/// Tells `note` the phrases that a passage's own speaker says: their words, and the stems
/// that these have.
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
    let is_inside = |token: &AnalyzedToken| {
        token.is_own && matches!(token.kind, TokenKind::Content | TokenKind::Stop)
    };
    // A comma or the end of a sentence takes more than one byte.
    let follows = |a: &AnalyzedToken, b: &AnalyzedToken| {
        b.position == a.position + 1 && b.span.start == a.span.end + 1
    };
    for first in (0..tokens.len()).filter(|&at| is_end(&tokens[at])) {
        for last in first + 1..tokens.len().min(first + MAX_WORDS) {
            if !is_inside(&tokens[last]) || !follows(&tokens[last - 1], &tokens[last]) {
                break;
            }
            if is_end(&tokens[last]) {
                let row = &tokens[first..=last];
                let mut forms = [""; MAX_WORDS];
                for (form, token) in forms.iter_mut().zip(row) {
                    *form = &analysis.forms[token.form as usize];
                }
                note(&forms[..row.len()], &mut row.iter().filter_map(stem));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::themes::invented::Invented;

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
        };
        let mut terms = vec![term("garden", 3.0), term("gate", 2.0)];
        let evidence: BTreeSet<usize> = (0..4).collect();
        add_phrase(&mut terms, &evidence, &talk.passages, talk.words());
        let found: Vec<&str> = terms.iter().map(|term| term.term.as_str()).collect();
        assert_eq!(found, ["garden gate", "garden", "gate"]);
        // (3 + 2) √(3 / 4).
        assert!((terms[0].weight - 4.330_127).abs() < 1e-6, "{}", terms[0].weight);
        assert_eq!(terms[0].cases, [0, 1, 2]);
        // One of four is not enough.
        let mut terms = vec![term("garden", 3.0)];
        add_phrase(&mut terms, &BTreeSet::from([0, 3]), &talk.passages, talk.words());
        assert_eq!(terms.len(), 1);
    }
}
