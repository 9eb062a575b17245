//! Small talk at the two ends of interviews: greetings, thanks, goodbyes, "can you hear me".
//!
//! Passages of participants come in; which of them are small talk goes out. No list of words
//! says so, but their place and their words: short passages that begin or end an interview,
//! in words that other interviews begin or end with and that are rare elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::Words;
use crate::corpus::ParticipantPassage;
use crate::terms::TokenKind;

/// Passages at an end of an interview whose words tell how interviews begin or end.
const N_AT_END: usize = 2;
/// The most passages at an end that are small talk.
const MAX_RUN: usize = 3;
/// The most words of a passage that is small talk.
const MAX_WORDS: u32 = 25;
/// The fewest interviews that can tell what is said at their ends.
const MIN_TRANSCRIPTS: usize = 4;
/// The share of the other interviews, and the fewest of them, that begin or end with a word
/// which makes a passage small talk.
const SHARE: f64 = 0.2;
const MIN_WITH_WORD: usize = 2;
/// How many times as common as everywhere such a word is there.
const COMMONER: f64 = 6.0;
/// Words of all talk that are mixed into those at the ends: of few words none is certain.
const MIXED_IN: f64 = 50.0;

/// A passage's words.
type Said<'a> = Vec<&'a str>;

/// Tells which passages are small talk, by their places in the input.
///
/// # Formula
/// A passage of at most 25 words, one of the last three (or first three) of its interview
/// that are all small talk, is small talk if `Σ ln(q[w] / p[w]) > 0` over its words, and one
/// of them stands at that end of a fifth of the other interviews with `e[w] / n ≥ 6 p[w]`.
/// `p[w]` is the share of a word in all talk of participants, `e[w]` how often it is said in
/// the last two passages of the other interviews that are as short, `n` how much is said
/// there, and `q[w] = (e[w] + 50 p[w]) / (n + 50)`.
pub(super) fn small_talk(passages: &[ParticipantPassage], words: Words<'_>) -> BTreeSet<usize> {
    let talk = in_all_talk(passages, words);
    let n_said = talk.values().sum::<usize>().max(1) as f64;
    let share = |word: &str| talk[word] as f64 / n_said;
    let mut small = BTreeSet::new();
    for is_last in [false, true] {
        let interviews = ends(passages, is_last);
        if interviews.len() < MIN_TRANSCRIPTS {
            break;
        }
        let at_end = AtEnds::count(&interviews, passages, words);
        for (interview, places) in interviews.iter().enumerate() {
            for &at in places {
                let is_short = passages[at].n_words <= MAX_WORDS;
                let (likelihood, is_typical) =
                    at_end.weigh(interview, &said(&passages[at], words), &share);
                if !is_short || !is_typical || likelihood <= 0.0 {
                    break;
                }
                small.insert(at);
            }
        }
    }
    small
}

/// How often each word is said by participants.
fn in_all_talk<'a>(passages: &[ParticipantPassage], words: Words<'a>) -> BTreeMap<&'a str, usize> {
    let mut talk: BTreeMap<&str, usize> = BTreeMap::new();
    // By transcript: a form is looked up once in each, however often it is said.
    for of_one in passages.chunk_by(|a, b| a.row.transcript == b.row.transcript) {
        let analysis = &words.analyses[of_one[0].row.transcript as usize];
        let mut n_said = vec![0; analysis.forms.len()];
        for form in of_one.iter().flat_map(|passage| forms_said(passage, words)) {
            n_said[form] += 1;
        }
        for (form, n) in n_said.into_iter().enumerate().filter(|(_, n)| *n > 0) {
            *talk.entry(&analysis.forms[form]).or_default() += n;
        }
    }
    talk
}

/// The words that a passage's own speaker says, function words too.
fn said<'a>(passage: &ParticipantPassage, words: Words<'a>) -> Said<'a> {
    let analysis = &words.analyses[passage.row.transcript as usize];
    forms_said(passage, words).map(|form| &analysis.forms[form]).collect()
}

/// The same, by their places among the forms of its transcript.
fn forms_said(passage: &ParticipantPassage, words: Words<'_>) -> impl Iterator<Item = usize> {
    let analysis = &words.analyses[passage.row.transcript as usize];
    let tokens = analysis.passages[passage.row.place as usize].iter();
    let is_word = |kind| matches!(kind, TokenKind::Content | TokenKind::Stop);
    tokens.filter(move |token| token.is_own && is_word(token.kind)).map(|token| token.form as usize)
}

/// By interview, the places of the passages at one end, from the end inwards.
fn ends(passages: &[ParticipantPassage], is_last: bool) -> Vec<Vec<usize>> {
    let places: Vec<usize> = (0..passages.len()).collect();
    let of = |at: usize| passages[at].row.transcript;
    let interviews = places.chunk_by(|a, b| of(*a) == of(*b));
    interviews
        .map(|interview| {
            let n = interview.len().min(MAX_RUN);
            if is_last {
                interview[interview.len() - n..].iter().rev().copied().collect()
            } else {
                interview[..n].to_vec()
            }
        })
        .collect()
}

/// What is said at one end of interviews.
struct AtEnds<'a> {
    /// By interview: how often each word is said.
    of: Vec<BTreeMap<&'a str, usize>>,
    /// By word: how often it is said, and in how many interviews.
    all: BTreeMap<&'a str, (usize, usize)>,
    n_words: usize,
}

impl<'a> AtEnds<'a> {
    fn count(interviews: &[Vec<usize>], passages: &[ParticipantPassage], words: Words<'a>) -> Self {
        let mut counted = Self { of: Vec::new(), all: BTreeMap::new(), n_words: 0 };
        for places in interviews {
            let mut own: BTreeMap<&str, usize> = BTreeMap::new();
            let short = places.iter().take(N_AT_END);
            for &at in short.filter(|at| passages[**at].n_words <= MAX_WORDS) {
                for word in said(&passages[at], words) {
                    *own.entry(word).or_default() += 1;
                }
            }
            for (&word, &n) in &own {
                let all = counted.all.entry(word).or_default();
                *all = (all.0 + n, all.1 + 1);
                counted.n_words += n;
            }
            counted.of.push(own);
        }
        counted
    }

    /// How much likelier words of an interview are at this end of the others than everywhere,
    /// and whether one of them is typical of it. `share` is that of a word in all talk.
    fn weigh(&self, interview: usize, said: &[&str], share: &dyn Fn(&str) -> f64) -> (f64, bool) {
        let own = &self.of[interview];
        let n = (self.n_words - own.values().sum::<usize>()) as f64;
        let n_others = (self.of.len() - 1) as f64;
        let (mut likelihood, mut is_typical) = (0.0, false);
        for word in said {
            let (mut times, mut n_with) = self.all.get(word).copied().unwrap_or_default();
            if let Some(own) = own.get(word) {
                (times, n_with) = (times - own, n_with - 1);
            }
            let (times, share) = (times as f64, share(word));
            likelihood += ((times + MIXED_IN * share) / (n + MIXED_IN) / share).ln();
            is_typical |= n_with >= MIN_WITH_WORD
                && n_with as f64 >= SHARE * n_others
                && times >= COMMONER * share * n;
        }
        (likelihood, is_typical)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::themes::invented::Invented;

    /// The small talk of interviews, as the participants say it.
    fn check(interviews: &[String], expected: &[&str]) {
        let talk = Invented::new(interviews);
        let found = small_talk(&talk.passages, talk.words());
        let found: Vec<&str> = found.iter().map(|&at| own_words(&talk.texts[at])).collect();
        assert_eq!(found, expected);
    }

    /// What a passage says, without listeners' words around it.
    fn own_words(text: &str) -> &str {
        text.trim().rsplit("Participant: ").next().unwrap_or_default()
    }

    /// An interview about something, with what is said last.
    fn interview(about: &str, last: &[&str]) -> String {
        let turn = |turn: usize| {
            format!(
                "Interviewer: What came of the {about} after that, in year {turn}?\n\
                 Participant: The {about} was in the long field, and number {turn} of the neighbours \
                 came to see how the {about} was doing. We stood there for an hour, as one did.\n"
            )
        };
        let last = last.iter().map(|last| format!("Interviewer: I see.\nParticipant: {last}\n"));
        (0..12).map(turn).chain(last).collect()
    }

    #[test]
    fn a_farewell_is_known_by_its_place_and_by_what_others_say_there() {
        let interviews = [
            interview("barley", &["Thank you so much, goodbye."]),
            interview("turnips", &["Right, thank you. Goodbye now."]),
            interview("wheat", &["Goodbye, and thank you."]),
            interview("cows", &["Thank you. You know the way. Goodbye."]),
            // The same words in the middle of an interview are talk.
            interview("hay", &["Thank you, goodbye."])
                + &interview("hay", &["Thank you, goodbye."]),
            // Short and last, in no words of the others: what somebody says about the field.
            interview("oats", &["Nobody cut the oats again, ever."]),
        ];
        check(
            &interviews,
            &[
                "Thank you so much, goodbye.",
                "Right, thank you. Goodbye now.",
                "Goodbye, and thank you.",
                "Thank you. You know the way. Goodbye.",
                "Thank you, goodbye.",
            ],
        );
        // Three interviews tell nothing of how interviews end.
        check(&interviews[..3], &[]);
    }

    #[test]
    fn the_weight_of_words_agrees_with_a_case_worked_by_hand() {
        // The other interviews end in ten words, five of them "bye", in two of two.
        let own = BTreeMap::from([("bye", 1)]);
        let others = BTreeMap::from([("bye", (6, 3)), ("now", (5, 2))]);
        let at_end =
            AtEnds { of: vec![own, BTreeMap::new(), BTreeMap::new()], all: others, n_words: 11 };
        let share = |word: &str| if word == "bye" { 0.01 } else { 0.02 };
        // ln((5 + .5) / 60 / .01) + ln((0 + 1) / 60 / .02) = 2.21557 - 0.18232.
        let (likelihood, is_typical) = at_end.weigh(0, &["bye", "field"], &share);
        assert!((likelihood - 2.033_25).abs() < 1e-4 && is_typical, "{likelihood}");
        let (likelihood, is_typical) = at_end.weigh(0, &["field"], &share);
        assert!((likelihood + 0.182_32).abs() < 1e-4 && !is_typical, "{likelihood}");
    }
}
