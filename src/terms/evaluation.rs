//! Words of evaluation: what people call good or bad.
//!
//! A language comes in, its lexicon goes out, where there is one. The lexicon is
//! data with its own licence, beside this file.

use std::collections::{BTreeMap, BTreeSet};

use super::language::Language;
use super::{Analysis, AnalyzedToken};

/// Words before an evaluation in which a negation turns it round.
const NEGATION_REACH: u32 = 3;

const ENGLISH: &str = include_str!("evaluation.en.txt");

/// Which way something is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// As good.
    Benefit,
    /// As bad.
    Drawback,
}

impl Side {
    /// The other side.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Benefit => Self::Drawback,
            Self::Drawback => Self::Benefit,
        }
    }
}

/// The words of evaluation of one language.
pub struct Lexicon {
    sides: BTreeMap<&'static str, Side>,
    negations: BTreeSet<&'static str>,
}

/// What the words of a transcript say as evaluations.
#[derive(Debug)]
pub struct Evaluations {
    /// By form of the [`Analysis`].
    side_of: Vec<Option<Side>>,
    /// By form.
    is_negation: Vec<bool>,
}

/// A word by which something is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evaluation {
    /// Its place among the tokens of its passage.
    pub token: usize,
    /// Which way it evaluates where it stands.
    pub side: Side,
    /// Whether a negation has turned it round.
    pub is_turned: bool,
}

impl Lexicon {
    /// The lexicon of a language; `None` where there is none.
    pub fn of(language: Language) -> Option<Self> {
        let text = match language {
            Language::English => ENGLISH,
            _ => return None,
        };
        let mut sides = BTreeMap::new();
        let mut negations = BTreeSet::new();
        for line in text.lines() {
            let (sign, words) = line.split_at(line.len().min(1));
            match sign {
                "!" => negations.extend(words.split_whitespace()),
                "+" => sides.extend(words.split_whitespace().map(|word| (word, Side::Benefit))),
                "-" => sides.extend(words.split_whitespace().map(|word| (word, Side::Drawback))),
                _ => {}
            }
        }
        Some(Self { sides, negations })
    }

    /// Looks up the words of a transcript.
    pub fn look_up(&self, analysis: &Analysis) -> Evaluations {
        let is_negation: Vec<bool> =
            analysis.forms.iter().map(|form| self.negations.contains(form.as_str())).collect();
        let side_of =
            analysis.forms.iter().map(|form| self.sides.get(form.as_str()).copied()).collect();
        Evaluations { side_of, is_negation }
    }
}

impl Evaluations {
    /// The evaluations in a passage, in the words of its own speaker: the place
    /// of each among `tokens`, and its side. A negation up to three words
    /// before it turns it round: "not easy" is a drawback.
    pub fn in_passage(&self, tokens: &[AnalyzedToken]) -> Vec<Evaluation> {
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.is_own) {
            let Some(side) = self.side_of[token.form as usize] else { continue };
            let near = tokens[..at].iter().rev();
            let near = near.take_while(|before| token.position - before.position <= NEGATION_REACH);
            let n_negations =
                near.filter(|before| before.is_own && self.is_negation[before.form as usize]);
            let is_turned = n_negations.count() % 2 == 1;
            let side = if is_turned { side.turned() } else { side };
            found.push(Evaluation { token: at, side, is_turned });
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources;
    use crate::terms::{Analyzer, AnalyzerParams, analyze};
    use crate::transcripts::Transcript;

    #[track_caller]
    fn check(said: &str, expected: &str) {
        let file = format!("Interviewer: And?\nSiân: {said}\nInterviewer: Good.\nSiân: Yes.\n");
        let transcript = Transcript::new(sources::read(file.as_bytes(), "P.txt").unwrap());
        let passages = crate::passages::cut(&transcript);
        let analyzer = Analyzer::new(Language::English, &AnalyzerParams::default());
        let analysis = analyze(&transcript, &passages, &analyzer);
        let lexicon = Lexicon::of(Language::English).unwrap();
        let evaluations = lexicon.look_up(&analysis);
        let mut shown = Vec::new();
        for (passage, tokens) in passages.iter().zip(&analysis.passages) {
            if transcript.speakers[usize::from(passage.speaker)].label == "Siân" {
                for found in evaluations.in_passage(tokens) {
                    let sign = if found.side == Side::Benefit { '+' } else { '-' };
                    shown.push(format!("{sign}{}", tokens[found.token].span.of(&transcript.text)));
                }
            }
        }
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn words_of_judgement_have_a_side_and_negations_turn_it() {
        check(
            "It was easier to join, and really helpful, but I missed the room.",
            "+easier +helpful -missed",
        );
        check("It is not that difficult and never awkward.", "+difficult +awkward");
        check("You cannot not enjoy it, not a good thing to say.", "+enjoy -good");
        check("We hardly missed a thing. The train leaves at nine.", "+missed");
    }

    #[test]
    fn no_word_is_on_both_sides() {
        let lexicon = Lexicon::of(Language::English).unwrap();
        for line in ENGLISH.lines() {
            let side = match line.chars().next() {
                Some('+') => Side::Benefit,
                Some('-') => Side::Drawback,
                _ => continue,
            };
            for word in line[1..].split_whitespace() {
                assert_eq!(lexicon.sides.get(word), Some(&side), "{word}");
                assert!(!lexicon.negations.contains(word), "{word}");
            }
        }
    }
}
