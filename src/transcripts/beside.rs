//! Which files of a study are no interviews of their own: what goes with a study, and the
//! same interview once more.
//!
//! The speakers and roles of all transcripts come in; those go out in which nobody is to be
//! counted, each with the reason:
//!
//! ```text
//! Interview guide v3, Consent form   by its name, where it names nobody who speaks
//! questions.txt                      most of it asks, and nobody is named
//! old/P01                            what P01 holds, word for word
//! P01_english, P01_clean             by its name and its length another version of P01
//! ```
//!
//! Only where most transcripts that name somebody are interviews; and what a person declares
//! counts.

use std::collections::BTreeMap;

use super::cases::{TranscriptSpeakers, stem_of};
use super::roles::{Role, RoleGuess};
use super::sessions::versions;
use super::{Speaker, UNNAMED};

/// Words in the name of a file that is no interview.
const DOCUMENTS: &[&str] = &[
    "guide",
    "guideline",
    "guidelines",
    "consent",
    "assent",
    "fieldnotes",
    "summary",
    "summaries",
    "debrief",
    "memo",
    "memos",
    "agenda",
    "recruitment",
    "flyer",
    "proposal",
    "plan",
    "overview",
    "demographics",
    "codebook",
    "themes",
    "conventions",
    "leitfaden",
    "interviewleitfaden",
    "einwilligung",
    "einwilligungserklärung",
    "einverständniserklärung",
    "zusammenfassung",
    "feldnotizen",
    "résumé",
    "synthèse",
    "consentement",
    "guión",
    "guion",
    "guía",
    "guia",
    "consentimiento",
    "resumen",
    "roteiro",
    "consentimento",
    "resumo",
    "traccia",
    "consenso",
    "riassunto",
    "sintesi",
    "leidraad",
    "toestemming",
    "samenvatting",
    "intervjuguide",
    "samtycke",
    "samtykke",
    "sammanfattning",
];
/// The same, of two words that follow each other.
const PAIRS: &[[&str; 2]] = &[
    ["field", "notes"],
    ["information", "sheet"],
    ["analysis", "notes"],
    ["transcription", "key"],
    ["interview", "log"],
    ["interview", "protocol"],
    ["interview", "questions"],
    ["interview", "schedule"],
    ["interview", "script"],
    ["topic", "list"],
];
/// So many questions are no chance.
const QUESTIONS: u32 = 3;
/// The fewest words that are the same by no chance.
const SAME_WORDS: u32 = 100;

/// Why a transcript is no interview of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// It is called like what goes with a study.
    Named,
    /// Most of it asks, and nobody answers.
    Asks,
    /// It holds the words of that transcript and no others.
    Copies(usize),
    /// It is another version of that transcript: a translation, or one that was edited.
    IsVersionOf(usize),
}

impl Beside {
    /// The reason, for people.
    pub(super) fn reason(self, transcripts: &[TranscriptSpeakers<'_>]) -> String {
        match self {
            Self::Named => "no interview, by the name of the file".to_owned(),
            Self::Asks => "no interview: nearly all of it asks".to_owned(),
            Self::Copies(first) => format!("the same, word for word, as {}", transcripts[first].id),
            Self::IsVersionOf(first) => format!("another version of {}", transcripts[first].id),
        }
    }
}

/// Finds the transcripts, by their places, that are no interviews of their own.
pub(super) fn no_interviews(
    transcripts: &[TranscriptSpeakers<'_>],
    roles: &[Vec<RoleGuess>],
) -> Vec<(usize, Beside)> {
    let is_declared = |t: usize| roles[t].iter().any(|guess| guess.is_declared);
    let mut copies = copies(transcripts);
    for (t, first) in other_versions(transcripts) {
        copies.entry(t).or_insert(Beside::IsVersionOf(first));
    }
    let open = |t: &usize| !is_declared(*t) && !copies.contains_key(t);
    let about = |t: usize| Some((t, about(&transcripts[t])?));
    let found: Vec<(usize, Beside)> =
        (0..transcripts.len()).filter(open).filter_map(about).collect();
    let has_interviewer = |t: &usize| roles[*t].iter().any(|guess| guess.role == Role::Interviewer);
    let is_named = |t: &usize| !is_unnamed(&transcripts[*t]) && !copies.contains_key(t);
    let others = || (0..transcripts.len()).filter(is_named);
    let n_interviews = others().filter(has_interviewer).count();
    let are_usual = n_interviews > 0 && 2 * n_interviews >= others().count();
    let mut told: Vec<(usize, Beside)> = if are_usual { found } else { Vec::new() };
    let copied = copies.iter().filter(|(t, _)| !is_declared(**t));
    told.extend(copied.map(|(&t, &why)| (t, why)));
    told.sort_unstable_by_key(|(t, _)| *t);
    told
}

/// Whether a transcript names nobody.
fn is_unnamed(transcript: &TranscriptSpeakers<'_>) -> bool {
    matches!(transcript.speakers, [one] if one.label == UNNAMED)
}

/// Why a transcript that names nobody is no talk.
fn about(transcript: &TranscriptSpeakers<'_>) -> Option<Beside> {
    if !is_unnamed(transcript) {
        return None;
    }
    let lower = stem_of(transcript.id).to_lowercase();
    let words = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let is_pair = |pair: &[&str]| PAIRS.iter().any(|known| pair == known);
    if words.iter().any(|word| DOCUMENTS.contains(word)) || words.windows(2).any(is_pair) {
        return Some(Beside::Named);
    }
    let [asking, all] = transcript.signs.first()?.n_questions;
    (asking >= QUESTIONS && 2 * asking > all).then_some(Beside::Asks)
}

/// The transcripts in which everybody says what somebody says in an earlier one, word for
/// word, with that one.
fn copies(transcripts: &[TranscriptSpeakers<'_>]) -> BTreeMap<usize, Beside> {
    let mut first: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
    let mut copies = BTreeMap::new();
    for (t, transcript) in transcripts.iter().enumerate() {
        let n_words: u32 = transcript.speakers.iter().map(|speaker| speaker.n_words).sum();
        if n_words < SAME_WORDS {
            continue;
        }
        let mut said: Vec<u64> = transcript.signs.iter().map(|signs| signs.all_words).collect();
        said.sort_unstable();
        if said.first().is_none_or(|&first| first == 0) {
            continue;
        }
        let of = *first.entry(said).or_insert(t);
        if of != t {
            copies.insert(t, Beside::Copies(of));
        }
    }
    copies
}

/// By how much versions of one interview differ in turns, and in words.
const OTHER_TURNS: f64 = 0.25;
const OTHER_WORDS: f64 = 0.4;

/// The transcripts that are another version of one of the same name, by their names and
/// since they are nearly as long, with that one.
fn other_versions(transcripts: &[TranscriptSpeakers<'_>]) -> Vec<(usize, usize)> {
    let ids: Vec<&str> = transcripts.iter().map(|transcript| transcript.id).collect();
    let sum = |t: usize, of: fn(&Speaker) -> u32| -> f64 {
        transcripts[t].speakers.iter().map(of).map(f64::from).sum()
    };
    let is_near = |one: f64, other: f64, by: f64| (one - other).abs() <= by * one.max(other);
    let is_version = |&(one, other): &(usize, usize)| {
        let n_turns = |t: usize| sum(t, |speaker| speaker.n_turns);
        let n_words = |t: usize| sum(t, |speaker| speaker.n_words);
        transcripts[one].speakers.len() == transcripts[other].speakers.len()
            && n_words(one).min(n_words(other)) >= f64::from(SAME_WORDS)
            && is_near(n_turns(one), n_turns(other), OTHER_TURNS)
            && is_near(n_words(one), n_words(other), OTHER_WORDS)
    };
    versions(&ids).into_iter().filter(is_version).collect()
}
