//! Conversational context: what a passage is about stands also around it.
//!
//! The passages of a study come in, in the order of the talk; the passages that
//! say what one of them is about go out, each with its weight. What was said
//! before counts more than what comes after, and the last question that was
//! asked counts however long ago it was: a long answer stays about it.

use std::collections::BTreeMap;
use std::ops::Range;

/// A passage as far as its neighbours are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TalkPassage {
    /// The place of its transcript.
    pub transcript: u32,
    /// Its speaker's own words.
    pub n_words: u32,
    /// Whether an interviewer says it.
    pub is_asked: bool,
}

/// How much the passages around one count, beside 1 for itself.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContextParams {
    /// Weights of the passages one, two, … before it.
    pub before: Vec<f64>,
    /// Weights of the passages one, two, … after it.
    pub after: Vec<f64>,
    /// What the last question before it weighs, besides what it weighs by its
    /// distance; interviewers' own passages have none.
    pub asked: f64,
    /// The fewest words of a question: "And then?" asks on about what was asked
    /// before.
    pub asked_words: u32,
}

impl Default for ContextParams {
    fn default() -> Self {
        Self { before: vec![0.7, 0.5, 0.3], after: vec![0.3], asked: 0.7, asked_words: 8 }
    }
}

impl ContextParams {
    /// The passages around those `at` these rows, which are of one transcript,
    /// with their weights, in the order of the talk. `talk` are all passages.
    pub fn around(&self, at: Range<usize>, talk: &[TalkPassage]) -> Vec<(usize, f64)> {
        let Some(own) = talk.get(at.start).filter(|_| !at.is_empty()) else { return Vec::new() };
        let is_near = |near: &usize| talk[*near].transcript == own.transcript;
        let mut weights: BTreeMap<usize, f64> = BTreeMap::new();
        let earlier = (0..at.start).rev().take_while(is_near);
        let later = (at.end..talk.len()).take_while(is_near);
        weights.extend(earlier.clone().zip(self.before.iter().copied()));
        weights.extend(later.zip(self.after.iter().copied()));
        let is_question =
            |near: &usize| talk[*near].is_asked && talk[*near].n_words >= self.asked_words;
        if !own.is_asked
            && let Some(question) = earlier.clone().find(is_question)
        {
            *weights.entry(question).or_default() += self.asked;
        }
        weights.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passages of one transcript after another: a capital asks.
    fn talk(transcripts: &[&str]) -> Vec<TalkPassage> {
        let of_one = |(transcript, letters): (u32, &&str)| -> Vec<TalkPassage> {
            let passage = |letter: char| TalkPassage {
                transcript,
                n_words: if letter.eq_ignore_ascii_case(&'s') { 2 } else { 20 },
                is_asked: letter.is_uppercase(),
            };
            letters.chars().map(passage).collect()
        };
        (0..).zip(transcripts).flat_map(of_one).collect()
    }

    fn params() -> ContextParams {
        ContextParams { before: vec![0.5, 0.25], after: vec![0.125], asked: 1.0, asked_words: 8 }
    }

    #[test]
    fn what_was_said_before_and_the_last_question_count() {
        let talk = talk(&["QaaaSa", "a"]);
        let around = |at: Range<usize>| params().around(at, &talk);
        // The question stands right before the answer, and counts twice.
        assert_eq!(around(1..2), [(0, 1.5), (2, 0.125)]);
        assert_eq!(around(3..4), [(0, 1.0), (1, 0.25), (2, 0.5), (4, 0.125)]);
        // A short question asks on; another transcript is not near.
        assert_eq!(around(5..6), [(0, 1.0), (3, 0.25), (4, 0.5)]);
        // A question is about what stands around it.
        assert_eq!(around(4..5), [(2, 0.25), (3, 0.5), (5, 0.125)]);
        // Several passages are surrounded as one.
        assert_eq!(around(2..4), [(0, 1.25), (1, 0.5), (4, 0.125)]);
        assert_eq!(around(6..7), []);
        assert_eq!(around(3..3), []);
    }
}
