//! Speakers whom a question names: "What did Grad F think of it?"

use std::collections::{BTreeMap, BTreeSet};

use crate::terms::fold;

/// Titles before names; who has one is not named by it.
const TITLES: &[&str] = &[
    "the",
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "sir",
    "herr",
    "frau",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "sr",
    "sra",
    "señor",
    "señora",
    "dott",
    "sig",
    "signora",
    "pan",
    "pani",
];
/// The share of a label, by rarity of its words, that a question must hold.
const NAMED_SHARE: f64 = 0.45;
/// Passages over which what a named speaker says fades to a third.
const REACH: f64 = 2.0;

/// The words of a label or of a question as names are compared: folded, no
/// titles, and a single letter only if it is a capital, since "a" names nobody.
pub fn name_words(text: &str) -> Vec<String> {
    let is_name = |word: &&str| {
        let mut chars = word.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => only.is_uppercase() || only.is_numeric(),
            (first, _) => first.is_some(),
        }
    };
    text.split(|c: char| !c.is_alphanumeric())
        .filter(is_name)
        .map(|word| fold(&word.to_lowercase()).into_owned())
        .filter(|word| !TITLES.contains(&word.as_str()))
        .collect()
}

/// A speaker: the places of the transcript, and of the speaker in it.
pub type SpeakerPlace = (usize, usize);

/// The labels of some transcripts, ready to be compared with questions.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The words of each distinct label.
    labels: Vec<Vec<String>>,
    /// Who has it.
    speakers: Vec<Vec<SpeakerPlace>>,
    /// The labels in which each word stands.
    having: BTreeMap<String, Vec<usize>>,
}

/// Whom a question names.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Named {
    /// By the words of a label: the share of it that the question holds, and who has it.
    pub shares: BTreeMap<Vec<String>, (f64, Vec<SpeakerPlace>)>,
    /// The question's words that are names in it.
    pub words: BTreeSet<String>,
}

impl Names {
    /// Gathers labels.
    pub fn new<'l>(labels: impl Iterator<Item = (SpeakerPlace, &'l str)>) -> Self {
        let mut speakers: BTreeMap<Vec<String>, Vec<SpeakerPlace>> = BTreeMap::new();
        for (speaker, label) in labels {
            speakers.entry(name_words(label)).or_default().push(speaker);
        }
        speakers.remove(&Vec::new());
        let (labels, speakers) = speakers.into_iter().unzip();
        let mut names = Self { labels, speakers, having: BTreeMap::new() };
        for (at, words) in names.labels.iter().enumerate() {
            for word in words.iter().collect::<BTreeSet<_>>() {
                names.having.entry(word.clone()).or_default().push(at);
            }
        }
        names
    }

    /// Whom a question names.
    ///
    /// # Formula
    /// A label is named by the share of the rarity of its words that stand in
    /// the question, `ln((1 + n) / (0.5 + n[w]))` with `n` labels, `n[w]` of
    /// them with the word; named enough is 0.45, so that "F" names "Grad F"
    /// where there are several "Grad", and "Marketing" names its owner.
    pub fn named_in(&self, question: &str) -> Named {
        let asked: BTreeSet<String> = name_words(question).into_iter().collect();
        let mut named = Named::default();
        let n = self.labels.len() as f64;
        let rarity = |word: &String| ((1.0 + n) / (0.5 + self.having[word].len() as f64)).ln();
        let having: BTreeSet<usize> =
            asked.iter().filter_map(|word| self.having.get(word)).flatten().copied().collect();
        for at in having {
            let label = &self.labels[at];
            let sum = |words: &mut dyn Iterator<Item = &String>| {
                words.map(rarity).fold(0.0, |sum, rarity| sum + rarity)
            };
            let found = sum(&mut label.iter().filter(|word| asked.contains(*word)));
            let share = found / sum(&mut label.iter());
            if share >= NAMED_SHARE {
                named.words.extend(label.iter().filter(|word| asked.contains(*word)).cloned());
                named.shares.insert(label.clone(), (share, self.speakers[at].clone()));
            }
        }
        named
    }
}

/// How much each passage of a transcript is a named speaker's: its own share
/// and, fading, those of the passages around it, whose speakers talk with the
/// one named. `own` and the result are `0.0..=1.0`, one entry a passage.
///
/// # Formula
/// `Σ own[q] e^(-|p - q| / 2) / Σ e^(-|p - q| / 2)` over the passages `q`.
pub fn smoothed(own: &[f64]) -> Vec<f64> {
    let fade = (-1.0 / REACH).exp();
    let mut sums: Vec<(f64, f64)> = own.iter().map(|&x| (x, 1.0)).collect();
    let mut pass = |order: &mut dyn Iterator<Item = usize>| {
        let (mut sum, mut n) = (0.0, 0.0);
        for at in order {
            sums[at].0 += sum;
            sums[at].1 += n;
            (sum, n) = ((sum + own[at]) * fade, (n + 1.0) * fade);
        }
    };
    pass(&mut (0..own.len()));
    pass(&mut (0..own.len()).rev());
    sums.into_iter().map(|(sum, n)| sum / n).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(labels: &[&str], question: &str) -> Vec<String> {
        let names = Names::new(labels.iter().map(|label| ((0, 0), *label)));
        names.named_in(question).shares.into_keys().map(|words| words.join(" ")).collect()
    }

    #[test]
    fn a_name_is_known_by_what_sets_it_apart() {
        let grads = ["Grad F", "Grad A", "Grad C", "Professor B"];
        assert_eq!(named(&grads, "What did Grad F think of a microphone?"), ["grad f"]);
        assert_eq!(named(&grads, "what a grad wants"), Vec::<String>::new());
        assert_eq!(
            named(&["Lynne Neagle AM", "Siân Gwenllian AM"], "Ms Sian Gwenllian's view"),
            ["sian gwenllian am"]
        );
        assert_eq!(named(&["Marketing", "User Interface"], "Marketing's opinion"), ["marketing"]);
        assert_eq!(named(&["Dr Hughes"], "a doctor, dr or not"), Vec::<String>::new());
        assert_eq!(named(&[""], "anybody"), Vec::<String>::new());
    }

    #[test]
    fn those_who_talk_with_a_named_speaker_gain_less_than_the_speaker() {
        let f = (-0.5_f64).exp();
        let found = smoothed(&[1.0, 0.0, 0.0]);
        let expected = [1.0 / (1.0 + f + f * f), f / (1.0 + 2.0 * f), f * f / (1.0 + f + f * f)];
        for (x, y) in found.iter().zip(expected) {
            assert!((x - y).abs() < 1e-12, "{found:?}");
        }
    }
}
