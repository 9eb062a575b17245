//! Which files of a study are no interviews of their own: what goes with a study, and the
//! same interview once more.
//!
//! The speakers of all transcripts come in; those that are another one word for word go out,
//! to be left out of the study:
//!
//! ```text
//! old/P01, P01 (1), Copy of P01      by its name a copy of P01, which it is word for word
//! ```
//!
//! And of the speakers and roles of the others those in which nobody is to be counted, each
//! with the reason:
//!
//! ```text
//! Interview guide v3, Consent form   by its name, where it names nobody who speaks
//! questions.txt                      most of it asks, and nobody is named
//! P01_english, P01_clean             by its name and its length another version of P01
//! ```
//!
//! Only where most transcripts that name somebody are interviews; and what a person declares
//! counts. [`roles_of`] is the one way to the roles of a study: nobody counts in such files.

use std::collections::BTreeMap;

use super::people::People;
use super::roles::{DeclaredRoles, Role, RoleGuess, guess_roles};
use super::sessions::versions;
use super::{Speaker, TranscriptSpeakers, UNNAMED, normal_label, stem_of};
use crate::labels::{Part, part_in};

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
/// The same, of those who answer.
const SAME_ANSWERS: u32 = 50;

/// Why a transcript is no interview of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// It is called like what goes with a study.
    Named,
    /// Most of it asks, and nobody answers.
    Asks,
    /// It is another version of that transcript: a translation, or one that was edited.
    IsVersionOf(usize),
}

impl Beside {
    /// The reason, for people.
    pub(super) fn reason(self, transcripts: &[TranscriptSpeakers<'_>]) -> String {
        match self {
            Self::Named => "no interview, by the name of the file".to_owned(),
            Self::Asks => "no interview: nearly all of it asks".to_owned(),
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
    let versions = all_versions(transcripts);
    let open = |t: &usize| !is_declared(*t) && !versions.contains_key(t);
    let about = |t: usize| Some((t, about(&transcripts[t])?));
    let found: Vec<(usize, Beside)> =
        (0..transcripts.len()).filter(open).filter_map(about).collect();
    let has_interviewer = |t: &usize| roles[*t].iter().any(|guess| guess.role == Role::Interviewer);
    let is_named = |t: &usize| !is_unnamed(&transcripts[*t]) && !versions.contains_key(t);
    let others = || (0..transcripts.len()).filter(is_named);
    let n_interviews = others().filter(has_interviewer).count();
    let are_usual = n_interviews > 0 && 2 * n_interviews >= others().count();
    let mut told: Vec<(usize, Beside)> = if are_usual { found } else { Vec::new() };
    let versions = versions.into_iter().filter(|(t, _)| !is_declared(*t));
    told.extend(versions.map(|(t, first)| (t, Beside::IsVersionOf(first))));
    told.sort_unstable_by_key(|(t, _)| *t);
    told
}

/// The part that everybody plays, as far as it can be told; nobody asks or is asked in a
/// transcript that is no interview of its own. By transcript and speaker.
pub fn roles_of(
    transcripts: &[TranscriptSpeakers<'_>],
    people: &People,
    declared: &DeclaredRoles,
) -> Vec<Vec<RoleGuess>> {
    let mut roles = guess_roles(transcripts, people, declared);
    for (t, why) in no_interviews(transcripts, &roles) {
        let guess = RoleGuess {
            role: Role::Other,
            reason: why.reason(transcripts),
            is_doubtful: false,
            is_declared: false,
        };
        roles[t].fill(guess);
    }
    roles
}

/// The transcripts in which nobody counts since they are versions, each with the one that counts.
pub(super) fn versions_of(
    transcripts: &[TranscriptSpeakers<'_>],
    roles: &[Vec<RoleGuess>],
) -> Vec<(usize, usize)> {
    let found = no_interviews(transcripts, roles).into_iter();
    let version = |(t, why)| match why {
        Beside::IsVersionOf(first) => Some((t, first)),
        Beside::Named | Beside::Asks => None,
    };
    found.filter_map(version).collect()
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

/// The transcripts that are another version of one that counts, each with that one.
fn all_versions(transcripts: &[TranscriptSpeakers<'_>]) -> BTreeMap<usize, usize> {
    let mut versions = labelled_otherwise(transcripts);
    let stands_for = |t: usize| versions.get(&t).copied().unwrap_or(t);
    let others = other_versions(transcripts).into_iter();
    let others: BTreeMap<usize, usize> =
        others.map(|(t, first)| (stands_for(t), stands_for(first))).collect();
    let others = that_count(&others, |t| first_coded(&transcripts[t]));
    for first in versions.values_mut() {
        *first = others.get(first).copied().unwrap_or(*first);
    }
    versions.extend(others);
    versions
}

/// Of pairs of a version and the one of its name, the same with the one of the lowest `rank`
/// in its place; of several the one that was.
fn that_count<R: Ord>(
    pairs: &BTreeMap<usize, usize>,
    rank: impl Fn(usize) -> R,
) -> BTreeMap<usize, usize> {
    let mut of_first: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (&t, &first) in pairs.iter().filter(|(t, first)| t != first) {
        // `P1-en-clean` is one of `P1-en`, which is one of `P1`.
        let first = pairs.get(&first).copied().unwrap_or(first);
        of_first.entry(first).or_insert_with(|| vec![first]).push(t);
    }
    let mut counting = BTreeMap::new();
    for same in of_first.into_values() {
        let best = same.iter().copied().min_by_key(|&t| rank(t));
        let best = best.expect("a first one is of its versions");
        counting.extend(same.into_iter().filter(|&t| t != best).map(|t| (t, best)));
    }
    counting
}

/// The place of a transcript among those that were coded: what counts must not change what
/// was coded.
fn first_coded(transcript: &TranscriptSpeakers<'_>) -> u32 {
    transcript.coded.unwrap_or(u32::MAX)
}

/// How many speakers have a number for a name, or none, as programs give them.
fn n_nameless(transcript: &TranscriptSpeakers<'_>) -> usize {
    let is_nameless = |speaker: &&Speaker| {
        let label = normal_label(&speaker.label);
        // `P` may be whoever takes part.
        let n_letters = label.chars().filter(|c| c.is_alphabetic()).count();
        let is_anybody = matches!(part_in(&label), Some(Part::Anybody | Part::Stray));
        n_letters == 0 || (n_letters > 1 && is_anybody)
    };
    transcript.speakers.iter().filter(is_nameless).count()
}

/// The transcripts in which everybody says, under the same label, what somebody says in another
/// of that name, word for word, each with that one.
///
/// The one that was coded first counts. If none was, it does not depend on which others there
/// are: the one with the fewest words in its name, since a copy has the name of its original
/// and more, then the one with the shorter path, then the first in natural order.
pub fn copies(transcripts: &[TranscriptSpeakers<'_>]) -> BTreeMap<usize, usize> {
    that_count(&said_alike(transcripts, normal_label), |t| first_coded(&transcripts[t]))
}

/// The transcripts of the words of another of that name, whoever is said to say them. The one
/// that was coded first counts, then the one in which most have a name or a part of their
/// own: `Dr Evans` was a person's correction of `Speaker 1`.
fn labelled_otherwise(transcripts: &[TranscriptSpeakers<'_>]) -> BTreeMap<usize, usize> {
    let rank = |t: usize| (first_coded(&transcripts[t]), n_nameless(&transcripts[t]));
    that_count(&said_alike(transcripts, |_| String::new()), rank)
}

/// As [`copies`], of which labels what `told` tells of them must be the same.
fn said_alike(
    transcripts: &[TranscriptSpeakers<'_>],
    told: impl Fn(&str) -> String,
) -> BTreeMap<usize, usize> {
    let words = |t: usize| -> Vec<String> {
        let lower = stem_of(transcripts[t].id).to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let has_name = |of: &[String], other: &[String]| {
        !other.is_empty() && of.windows(other.len()).any(|words| words == other)
    };
    let mut plainest: Vec<usize> = (0..transcripts.len()).collect();
    plainest.sort_by_cached_key(|&t| (words(t).len(), transcripts[t].id.chars().count()));
    let mut known: BTreeMap<Vec<(String, u64)>, Vec<usize>> = BTreeMap::new();
    let mut copies = BTreeMap::new();
    for t in plainest {
        let transcript = &transcripts[t];
        // Whoever asks a list of questions says the same to everybody.
        let asks = |at: &usize| {
            let [asked, of] = transcript.signs.get(*at).map_or([0; 2], |signs| signs.n_questions);
            f64::from(asked) / f64::from(of.max(1))
        };
        let places = (0..transcript.speakers.len()).rev().filter(|at| asks(at) > 0.0);
        let asker = places.max_by(|a, b| asks(a).total_cmp(&asks(b)));
        let speakers = transcript.speakers.iter().enumerate();
        let answers =
            speakers.filter(|(at, _)| transcript.speakers.len() == 1 || Some(*at) != asker);
        if answers.map(|(_, speaker)| speaker.n_words).sum::<u32>() < SAME_ANSWERS {
            continue;
        }
        let said = transcript.speakers.iter().zip(transcript.signs);
        let mut said: Vec<(String, u64)> =
            said.map(|(speaker, signs)| (told(&speaker.label), signs.all_words)).collect();
        said.sort_unstable();
        if said.is_empty() || said.iter().any(|(_, words)| *words == 0) {
            continue;
        }
        let same = known.entry(said).or_default();
        match same.iter().find(|&&other| has_name(&words(t), &words(other))) {
            Some(&first) => drop(copies.insert(t, first)),
            None => same.push(t),
        }
    }
    copies
}

/// By how much versions of one interview differ in turns, and in words.
const OTHER_TURNS: f64 = 0.25;
const OTHER_WORDS: f64 = 0.4;

/// The transcripts that are another version of one of the same name, by their names and
/// since they are nearly as long, each with that one.
fn other_versions(transcripts: &[TranscriptSpeakers<'_>]) -> Vec<(usize, usize)> {
    let ids: Vec<&str> = transcripts.iter().map(|transcript| transcript.id).collect();
    let sum = |t: usize, of: fn(&Speaker) -> u32| -> f64 {
        transcripts[t].speakers.iter().map(of).map(f64::from).sum()
    };
    // `nurse_de` and `nurse_fr` may be two nurses, `B1_de` and `B1_fr` are one participant.
    let is_one = |one: &str, other: &str| {
        let code = one.rsplit(['-', '_', '.', ' ', '/']).nth(1).unwrap_or_default();
        let is_code = code.len() < 5
            && code.starts_with(char::is_alphabetic)
            && code.ends_with(|c: char| c.is_ascii_digit());
        is_code || one.starts_with(other) || other.starts_with(one)
    };
    let is_near = |one: f64, other: f64, by: f64| (one - other).abs() <= by * one.max(other);
    let is_version = |&(one, other): &(usize, usize)| {
        let n_turns = |t: usize| sum(t, |speaker| speaker.n_turns);
        let n_words = |t: usize| sum(t, |speaker| speaker.n_words);
        is_one(ids[one], ids[other])
            && transcripts[one].speakers.len() == transcripts[other].speakers.len()
            && n_words(one).min(n_words(other)) >= f64::from(SAME_WORDS)
            && is_near(n_turns(one), n_turns(other), OTHER_TURNS)
            && is_near(n_words(one), n_words(other), OTHER_WORDS)
    };
    let found = versions(&ids).into_iter().filter(is_version);
    found.map(|(first, version)| (version, first)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::transcripts::talk::Signs;

    /// Shows which of files are no interviews: each with its name, whether it names who asks
    /// and who answers, the questions among ten sentences, and what tells its words.
    #[track_caller]
    fn check(files: &[(&str, bool, u32, u64)], expected: &[(usize, Beside)]) {
        let found =
            with_speakers(files, |transcripts| no_interviews(transcripts, &roles(transcripts)));
        assert_eq!(found, expected, "{files:?}");
    }

    fn roles(transcripts: &[TranscriptSpeakers<'_>]) -> Vec<Vec<RoleGuess>> {
        let guess = |role: Role| RoleGuess { is_declared: false, ..RoleGuess::declared(role, "") };
        let of = |transcript: &TranscriptSpeakers<'_>| {
            let asked = vec![guess(Role::Participant)];
            let is_one = transcript.speakers.len() == 1;
            if is_one { asked } else { [vec![guess(Role::Interviewer)], asked].concat() }
        };
        transcripts.iter().map(of).collect()
    }

    fn with_speakers<T>(
        files: &[(&str, bool, u32, u64)],
        ask: impl FnOnce(&[TranscriptSpeakers<'_>]) -> T,
    ) -> T {
        let attributes = BTreeMap::new();
        let labels = |is_named: bool| if is_named { vec!["I", "P"] } else { vec![UNNAMED] };
        let speakers: Vec<Vec<Speaker>> = files
            .iter()
            .map(|(_, is_named, ..)| {
                let one =
                    |label: &str| Speaker { label: label.to_owned(), n_turns: 9, n_words: 90 };
                labels(*is_named).into_iter().map(one).collect()
            })
            .collect();
        let signs: Vec<Vec<Signs>> = files
            .iter()
            .zip(&speakers)
            .map(|((_, _, n, words), of)| {
                let n_questions = [*n, 10];
                vec![Signs { n_questions, all_words: *words, ..Signs::default() }; of.len()]
            })
            .collect();
        let transcripts: Vec<TranscriptSpeakers<'_>> = (0..files.len())
            .map(|t| TranscriptSpeakers {
                id: files[t].0,
                speakers: &speakers[t],
                attributes: &attributes,
                signs: &signs[t],
                named: &[],
                coded: None,
            })
            .collect();
        ask(&transcripts)
    }

    #[test]
    fn what_goes_with_a_study_is_no_interview() {
        check(
            &[
                ("P1", true, 4, 1),
                ("Interview guide v3", false, 0, 2),
                ("Field notes", false, 0, 3),
                ("what we ask", false, 8, 4),
                ("Ada", false, 2, 5),
            ],
            &[(1, Beside::Named), (2, Beside::Named), (3, Beside::Asks)],
        );
        // Where nobody is named anywhere, it may be one.
        check(&[("Ada", false, 1, 1), ("guide", false, 0, 2)], &[]);
        check(&[("P1", true, 1, 1), ("guide", true, 0, 2)], &[]);
    }

    #[test]
    fn of_copies_the_one_with_the_plainest_name_counts() {
        let copies = |names: &[&str]| -> Vec<(usize, usize)> {
            let files: Vec<_> = names.iter().map(|name| (*name, true, 1, 7)).collect();
            with_speakers(&files, |transcripts| copies(transcripts).into_iter().collect())
        };
        for copy in ["Copy of P02", "Kopie von P02", "P02 (1)", "P02 copy", "backup/P02"] {
            assert_eq!(copies(&[copy, "P02"]), [(0, 1)], "{copy}");
            assert_eq!(copies(&["P02", copy]), [(1, 0)], "{copy}");
        }
        assert_eq!(copies(&["Copy of P02", "P02", "P02 (1)"]), [(0, 1), (2, 1)]);
        assert_eq!(copies(&["north/P02", "old/P02"]), [(0, 1)]);
        assert_eq!(copies(&["a", "b"]), []);
    }

    #[test]
    fn the_same_words_under_other_labels_are_a_version_and_no_copy() {
        let files = [("P02", true, 1, 7), ("P02 raw", true, 1, 7)];
        with_speakers(&files, |transcripts| {
            let other =
                |label: &str, n_words| Speaker { label: label.to_owned(), n_turns: 9, n_words };
            let named = |n_words| [other("I", 90), other("Ben Smith", n_words)];
            let (long, short) = (named(90), named(40));
            let with =
                |speakers| [transcripts[0], TranscriptSpeakers { speakers, ..transcripts[1] }];
            assert_eq!(copies(&with(&long)), BTreeMap::new());
            assert_eq!(labelled_otherwise(&with(&long)), BTreeMap::from([(1, 0)]));
            // Two people may give the same short answers to the same questions.
            assert_eq!(labelled_otherwise(&with(&short)), BTreeMap::new());
        });
    }

    #[test]
    fn of_versions_the_one_that_was_coded_counts_then_the_one_that_names_people() {
        let files = [("P02", true, 1, 7), ("P02 corrected", true, 1, 7), ("P02-en", true, 1, 8)];
        with_speakers(&files, |known| {
            let label = |label: &str| Speaker { label: label.to_owned(), n_turns: 9, n_words: 90 };
            let raw = [label("Speaker 1"), label("Speaker 2")];
            let with = |coded: [Option<u32>; 3]| {
                let all = [TranscriptSpeakers { speakers: &raw, ..known[0] }, known[1], known[2]];
                let mut places = 0..;
                all_versions(&all.map(|it| TranscriptSpeakers {
                    coded: coded[places.next().unwrap_or_default()],
                    ..it
                }))
            };
            let of = |first: usize| {
                (0..3).filter(|&t| t != first).map(|t| (t, first)).collect::<BTreeMap<_, _>>()
            };
            assert_eq!(with([None, None, None]), of(1));
            assert_eq!(with([Some(3), None, None]), of(0));
            assert_eq!(with([None, None, Some(9)]), of(2));
            assert_eq!(with([Some(8), Some(4), Some(9)]), of(1));
        });
    }

    #[test]
    fn versions_count_once() {
        check(&[("P1", true, 1, 7), ("P1-en", true, 1, 8)], &[(1, Beside::IsVersionOf(0))]);
        check(&[("B1_de", true, 1, 7), ("B1_fr", true, 1, 8)], &[(1, Beside::IsVersionOf(0))]);
        check(&[("nurse_de", true, 1, 7), ("nurse_fr", true, 1, 8)], &[]);
    }
}
