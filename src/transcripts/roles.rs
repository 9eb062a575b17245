//! Who interviews and who is interviewed.
//!
//! Interviewers' words are context, never evidence, so a wrong guess here
//! spoils everything after it. It is shown with its reason by `info`, and
//! `study.toml` or `cases.csv` overrule it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Speaker, normal_label};
use crate::sources::labels::{Part, part_of};

/// The part that a speaker plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Asks; context, never evidence.
    Interviewer,
    /// Is asked; the talk that themes come from.
    Participant,
    /// Neither: an interpreter, a passer-by, the system's own messages.
    Other,
}

impl Role {
    /// The word for people and for machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Interviewer => "interviewer",
            Self::Participant => "participant",
            Self::Other => "other",
        }
    }

    /// Reads a role from what people write in tables.
    pub fn parse(word: &str) -> Option<Self> {
        match normal_label(word).as_str() {
            "interviewer" | "moderator" | "researcher" | "facilitator" => Some(Self::Interviewer),
            "participant" | "interviewee" | "respondent" => Some(Self::Participant),
            "other" | "none" | "ignore" | "interpreter" => Some(Self::Other),
            _ => None,
        }
    }
}

/// A role with the reason for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGuess {
    /// The role.
    pub role: Role,
    /// Why, for people.
    pub reason: String,
}

/// Whether a label says what somebody does in the interview and not who it is:
/// `Interviewer`, `Participant 2`, `P07`, `Speaker 1`.
pub fn names_a_part(label: &str) -> bool {
    let normal = normal_label(label);
    normal.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(|word| {
        let bare = word.trim_end_matches(|c: char| c.is_numeric());
        bare.chars().count() <= 2 || part_of(bare).is_some_and(|part| part != Part::Unsaid)
    })
}

/// Who asks is told by questions only if there are enough of them.
const MIN_QUESTIONS: u32 = 3;
/// The share of turns with a question from which a speaker may be the one who asks.
const MIN_QUESTION_SHARE: f64 = 0.25;
/// How much more often than anybody else the one who asks must ask.
const ASKS_TIMES_MORE: f64 = 2.0;
/// The share of a conversation's words above which nobody is taken for the interviewer.
const MAX_WORD_SHARE: f64 = 0.65;

/// What people declared: normal label → role, and where they said so.
pub type DeclaredRoles = BTreeMap<String, RoleGuess>;

/// Guesses the role of every speaker of every transcript.
///
/// `transcripts` holds the speakers of each transcript; the answer has the
/// same shape. In order: what is declared; the label's own word; in conversations
/// of two or three, the one who asks clearly more questions than the rest.
/// Evidence is added up over all transcripts in which a named speaker
/// appears, so that one quiet interview does not flip an interviewer's role.
pub fn guess_roles(transcripts: &[&[Speaker]], declared: &DeclaredRoles) -> Vec<Vec<RoleGuess>> {
    let mut totals: BTreeMap<String, Evidence> = BTreeMap::new();
    let mut here: Vec<Vec<Evidence>> = Vec::with_capacity(transcripts.len());
    for speakers in transcripts {
        let evidence: Vec<Evidence> = evidence_of(speakers);
        for (speaker, evidence) in speakers.iter().zip(&evidence) {
            totals.entry(normal_label(&speaker.label)).or_default().add(evidence);
        }
        here.push(evidence);
    }
    let guess = |label: &str, here: &Evidence| {
        let normal = normal_label(label);
        if let Some(known) = declared.get(&normal) {
            return known.clone();
        }
        if let Some(known) = by_label(&normal) {
            return known;
        }
        // `Speaker 1` is a different person in each file.
        let evidence = if is_generic(&normal) { here } else { &totals[&normal] };
        evidence.guess()
    };
    let pairs = transcripts.iter().zip(&here);
    pairs
        .map(|(speakers, here)| {
            let mut roles: Vec<RoleGuess> =
                speakers.iter().zip(here).map(|(s, e)| guess(&s.label, e)).collect();
            let nobody_left = roles.iter().all(|guess| guess.role != Role::Participant);
            if nobody_left
                && !speakers.iter().any(|s| declared.contains_key(&normal_label(&s.label)))
            {
                // Somebody must be interviewed: whoever talks most, unless people said otherwise.
                let most = (0..roles.len())
                    .max_by_key(|&at| (speakers[at].n_words, std::cmp::Reverse(at)));
                if let Some(most) = most {
                    roles[most] = participant("the only one who could be the participant");
                }
            }
            roles
        })
        .collect()
}

/// What a speaker's talk tells about the role.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    /// Conversations in which the speaker clearly asks most.
    asking: u32,
    /// Conversations of two or three in which anybody asks at all.
    telling: u32,
    /// Turns with a question, and all such turns in the conversation.
    questions: u32,
    all_questions: u32,
}

impl Evidence {
    fn add(&mut self, other: &Self) {
        self.asking += other.asking;
        self.telling += other.telling;
        self.questions += other.questions;
        self.all_questions += other.all_questions;
    }

    fn guess(&self) -> RoleGuess {
        if 2 * self.asking > self.telling {
            let share = 100.0 * f64::from(self.questions) / f64::from(self.all_questions.max(1));
            let reason = format!(
                "asks {share:.0} % of the questions ({} of {})",
                self.questions, self.all_questions
            );
            RoleGuess { role: Role::Interviewer, reason }
        } else if self.telling == 0 {
            participant("nothing says otherwise")
        } else {
            participant("asks few questions")
        }
    }
}

/// Looks at who asks in one conversation.
fn evidence_of(speakers: &[Speaker]) -> Vec<Evidence> {
    // A speaker of a stray turn or two does not make it another kind of conversation.
    let all_words: u64 = speakers.iter().map(|speaker| u64::from(speaker.n_words)).sum();
    let is_minor = |speaker: &Speaker| u64::from(speaker.n_words) * 50 < all_words;
    let major: Vec<usize> = (0..speakers.len()).filter(|&at| !is_minor(&speakers[at])).collect();
    let mut evidence = vec![Evidence::default(); speakers.len()];
    let n_all: u32 = speakers.iter().map(|speaker| speaker.n_questions).sum();
    if !(2..=3).contains(&major.len()) || n_all < MIN_QUESTIONS {
        return evidence;
    }
    for &at in &major {
        let speaker = &speakers[at];
        let others = major.iter().filter(|&&other| other != at);
        let most_else = others.map(|&other| speakers[other].n_questions).max().unwrap_or(0);
        let share = f64::from(speaker.n_questions) / f64::from(speaker.n_turns.max(1));
        let is_asking = speaker.n_questions >= MIN_QUESTIONS
            && share >= MIN_QUESTION_SHARE
            && f64::from(speaker.n_questions) >= ASKS_TIMES_MORE * f64::from(most_else)
            && f64::from(speaker.n_words) <= MAX_WORD_SHARE * all_words.max(1) as f64;
        evidence[at] = Evidence {
            asking: u32::from(is_asking),
            telling: 1,
            questions: speaker.n_questions,
            all_questions: n_all,
        };
    }
    evidence
}

fn participant(reason: &str) -> RoleGuess {
    RoleGuess { role: Role::Participant, reason: reason.to_owned() }
}

/// The role that a label itself names, numbers and punctuation aside.
fn by_label(normal: &str) -> Option<RoleGuess> {
    let bare =
        normal.trim_matches(|c: char| c.is_numeric() || c.is_whitespace() || "#:.()[]".contains(c));
    let first = bare.split([' ', '/', '(', ',']).next().unwrap_or_default();
    let is = |part: Part| {
        let names_it = |word: &&str| part_of(word) == Some(part);
        let whole = Some(bare).filter(names_it);
        // The letters `i` and `a` begin other words.
        whole.or_else(|| Some(first).filter(|word| word.len() > 2).filter(names_it))
    };
    let guess =
        |role: Role, word: &str| RoleGuess { role, reason: format!("the label says `{word}`") };
    if let Some(word) = is(Part::Asks) {
        Some(guess(Role::Interviewer, word))
    } else if part_of(bare) == Some(Part::Neither) {
        Some(guess(Role::Other, first))
    } else {
        is(Part::Answers).map(|_| guess(Role::Participant, first))
    }
}

/// Whether a label is given out anew in each file.
pub fn is_generic(normal: &str) -> bool {
    let bare =
        normal.trim_matches(|c: char| c.is_numeric() || c.is_whitespace() || "#:._-".contains(c));
    bare.is_empty() || matches!(part_of(bare), Some(Part::Answers | Part::Anybody))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources;
    use crate::transcripts::Transcript;

    fn roles(files: &[&str], declared: &DeclaredRoles) -> Vec<Vec<String>> {
        let transcripts: Vec<Transcript> = files
            .iter()
            .map(|text| Transcript::new(sources::read(text.as_bytes(), "P.txt").unwrap()))
            .collect();
        let borrowed: Vec<&[Speaker]> = transcripts.iter().map(|t| &*t.speakers).collect();
        let guessed = guess_roles(&borrowed, declared);
        let show = |(t, roles): (&Transcript, Vec<RoleGuess>)| {
            let pairs = t.speakers.iter().zip(roles);
            pairs.map(|(s, g)| format!("{}: {} ({})", s.label, g.role.name(), g.reason)).collect()
        };
        transcripts.iter().zip(guessed).map(show).collect()
    }

    const INTERVIEW: &str = "Ada Quill: How did it start?\nRowan: It was odd at first, you know, all the faces.\n\
        Ada Quill: And then?\nRowan: Then it was fine. I liked it. It went on for years.\nAda Quill: Why is that?\n\
        Rowan: No idea, really, I never thought about it much.\nAda Quill: Right.\nRowan: There we are.\n";

    #[test]
    fn the_label_tells() {
        let text = "INTERVIEWER 1: So.\nPatient: Yes.\nINTERVIEWER 1: And.\nPatient: No.\n";
        assert_eq!(
            roles(&[text], &DeclaredRoles::new()),
            [[
                "INTERVIEWER 1: interviewer (the label says `interviewer`)",
                "Patient: participant (the label says `patient`)"
            ]]
        );
    }

    #[test]
    fn whoever_asks_is_the_interviewer() {
        assert_eq!(
            roles(&[INTERVIEW], &DeclaredRoles::new()),
            [[
                "Ada Quill: interviewer (asks 100 % of the questions (3 of 3))",
                "Rowan: participant (asks few questions)"
            ]]
        );
    }

    #[test]
    fn a_named_interviewer_keeps_the_role_in_an_interview_without_questions() {
        let quiet = "Ada Quill: Go on.\nIfor: Well, it rained? And I said so? And they left?\nAda Quill: Yes.\nIfor: That is all.\n";
        let found = roles(&[INTERVIEW, INTERVIEW, quiet], &DeclaredRoles::new());
        assert!(found[2][0].starts_with("Ada Quill: interviewer"), "{found:?}");
    }

    #[test]
    fn a_declaration_overrules_every_guess() {
        let declared = RoleGuess { role: Role::Participant, reason: "study.toml".to_owned() };
        let found = roles(&[INTERVIEW], &DeclaredRoles::from([("ada quill".to_owned(), declared)]));
        assert_eq!(found[0][0], "Ada Quill: participant (study.toml)");
    }

    #[test]
    fn a_meeting_of_four_has_no_interviewer() {
        let text = "Ann: Why?\nBob: So.\nCid: No.\nDee: Yes.\nAnn: How?\nBob: Ah.\nCid: Oh.\nDee: Um.\nAnn: What?\nBob: It.\n";
        assert!(
            roles(&[text], &DeclaredRoles::new())[0]
                .iter()
                .all(|line| line.contains(": participant"))
        );
    }

    #[test]
    fn somebody_is_always_the_participant() {
        let text = "Interviewer: Hello there, all of you.\nResearcher: Hi.\nInterviewer: So.\nResearcher: Yes.\n";
        let found = roles(&[text], &DeclaredRoles::new());
        assert_eq!(
            found[0][0],
            "Interviewer: participant (the only one who could be the participant)"
        );
    }
}
