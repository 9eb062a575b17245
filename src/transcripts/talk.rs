//! What the talk of a transcript tells of who asks and who answers.
//!
//! A [`Transcript`] and its language come in; one [`Signs`] a speaker goes out. They
//! are counted once, when a file is read; [`roles`](super::roles) weighs them over the
//! whole study. What asks is told by [`asking`](crate::labels::asking).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Transcript;
use super::people::name_words;
use crate::base::{Table, words_in};
use crate::labels::asking::{Told, Words, has_mark, is_between, sentences};
use crate::labels::{Part, is_surname, part_of};

/// What somebody's talk in one transcript tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Signs {
    /// Turns that ask the others something, or invite them to tell.
    pub n_asks: u32,
    /// Words for the one who is talked to: `you`, `your`.
    pub n_you: u32,
    /// Words for the one who talks: `I`, `my`.
    pub n_me: u32,
    /// Mentions of others by the words of their labels.
    pub n_names: u32,
    /// Sentences that end in a question mark, and all sentences.
    pub n_questions: [u32; 2],
    /// Their first and their last turn, from 0, among all of the transcript.
    pub turns: [u32; 2],
    /// Whether the first turn is theirs.
    pub opens: bool,
    /// Whether the last turn is theirs.
    pub closes: bool,
    /// Whether the label is no name but words that are also said as such: `User
    /// Interface`.
    pub is_phrase: bool,
    /// The words of the longest turn.
    pub longest: u32,
    /// A number for all words that are said: the same for the same words.
    pub all_words: u64,
    /// The part that somebody claims near the beginning: `I'll be the note taker`.
    pub claims: Option<Part>,
}

/// How people say which part they play.
const CLAIMS: [&str; 26] = [
    "i'll be the",
    "i'll be your",
    "i will be the",
    "i will be your",
    "i'm the",
    "i'm your",
    "i am the",
    "i am your",
    "ich bin die",
    "ich bin der",
    "je suis le",
    "je suis la",
    "je serai le",
    "je serai la",
    "soy el",
    "soy la",
    "seré el",
    "seré la",
    "sou o",
    "sou a",
    "sono il",
    "sono la",
    "ik ben de",
    "jag är",
    "jeg er",
    "я",
];
/// The turns of a transcript in which people say so.
const OPENING_TURNS: usize = 20;

/// Counts what the talk of every speaker tells. `code` is the language's code of ISO
/// 639-1.
pub fn signs(transcript: &Transcript, code: &str) -> Vec<Signs> {
    let language = Words::of(code);
    let labels: Vec<Vec<String>> =
        transcript.speakers.iter().map(|speaker| name_words(&speaker.label)).collect();
    let mut named: Table<&str, Vec<usize>> = Table::default();
    for (s, words) in labels.iter().enumerate() {
        for word in words.iter().filter(|word| word.chars().count() > 2) {
            named.entry(word).or_default().push(s);
        }
    }
    let mut is_said_small: BTreeMap<&str, bool> = BTreeMap::new();
    let mut signs = vec![Signs::default(); transcript.speakers.len()];
    let mut said = vec![blake3::Hasher::new(); transcript.speakers.len()];
    let mut all_lower = String::new();
    for (at, turn) in transcript.turns.iter().enumerate() {
        let words = turn.span.of(&transcript.text);
        let said = &mut said[usize::from(turn.speaker)];
        let of_speaker = &mut signs[usize::from(turn.speaker)];
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        of_speaker.turns =
            [if of_speaker.longest == 0 { place } else { of_speaker.turns[0] }, place];
        let told = Told::by(words, language.as_ref());
        of_speaker.n_asks += u32::from(told.asks);
        of_speaker.n_me += told.n_me;
        of_speaker.n_you += told.n_you;
        let n_words = u32::try_from(words_in(words)).unwrap_or(u32::MAX);
        of_speaker.longest = of_speaker.longest.max(n_words);
        if at < OPENING_TURNS {
            of_speaker.claims = of_speaker.claims.or_else(|| claimed(words));
        }
        for sentence in sentences(words).filter(|it| it.contains(char::is_alphabetic)) {
            of_speaker.n_questions[0] += u32::from(has_mark(sentence));
            of_speaker.n_questions[1] += 1;
        }
        for word in words.split(is_between).filter(|word| !word.is_empty()) {
            let from = all_lower.len();
            if word.is_ascii() {
                all_lower.push_str(word);
                all_lower[from..].make_ascii_lowercase();
            } else {
                all_lower.push_str(&word.to_lowercase());
            }
            let found = named.get_key_value(&all_lower[from..]);
            all_lower.push('\0');
            if let Some((known, speakers)) = found {
                if word.starts_with(char::is_lowercase) {
                    is_said_small.insert(known, true);
                } else if !speakers.contains(&usize::from(turn.speaker)) {
                    of_speaker.n_names += 1;
                }
            }
        }
        said.update(all_lower.as_bytes());
        all_lower.clear();
    }
    if let (Some(first), Some(last)) = (transcript.turns.first(), transcript.turns.last()) {
        signs[usize::from(first.speaker)].opens = true;
        signs[usize::from(last.speaker)].closes = true;
    }
    for (signs, said) in signs.iter_mut().zip(said) {
        let first = said.finalize().as_bytes().first_chunk().copied();
        signs.all_words = u64::from_le_bytes(first.unwrap_or_default());
    }
    for (signs, words) in signs.iter_mut().zip(&labels) {
        signs.is_phrase =
            words.len() > 1 && words.iter().all(|word| is_said_small.contains_key(word.as_str()));
    }
    signs
}

/// The part that somebody claims to play: one of those who make the interview, or write
/// it down. A `host` or a `client` may be one elsewhere.
fn claimed(turn: &str) -> Option<Part> {
    let lower = turn.to_lowercase().replace('’', "'");
    let words: Vec<&str> = lower.split(is_between).filter(|word| !word.is_empty()).collect();
    let is_asking = |word: &str| {
        let stems = ["interview", "moder", "facilit", "entrevist", "intervist", "enquêt"];
        stems.iter().any(|stem| word.starts_with(stem))
    };
    let part_at = |at: usize| {
        let (one, two) = (words.get(at)?, words.get(at..at + 2).map(|two| two.join(" ")));
        let is_crew = |word: &str| part_of(word) == Some(Part::Neither) && !is_surname(word);
        if two.is_some_and(|two| is_crew(&two)) || is_crew(one) {
            return Some(Part::Neither);
        }
        (part_of(one) == Some(Part::Asks) && is_asking(one)).then_some(Part::Asks)
    };
    let after = |at: usize| {
        let claim = |claim: &&str| {
            let n = claim.split(' ').count();
            words.get(at..at + n).is_some_and(|words| words.join(" ") == **claim).then_some(n)
        };
        CLAIMS.iter().find_map(claim).map(|n| at + n)
    };
    // `I'll be the secondary interviewer`.
    (0..words.len()).filter_map(after).find_map(|at| part_at(at).or_else(|| part_at(at + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_say_which_part_they_play() {
        for (turn, expected) in [
            ("And I'm Katie Byer and I'll be the secondary interviewer.", Some(Part::Asks)),
            ("I’ll be the note taker today.", Some(Part::Neither)),
            ("Ich bin die Protokollantin.", Some(Part::Neither)),
            ("I'm the host of a small hotel.", None),
            ("I am the oldest of six.", None),
            ("I'll be the first to say that the interviewer was late.", None),
            ("I'm the", None),
        ] {
            assert_eq!(claimed(turn), expected, "{turn}");
        }
    }
}
