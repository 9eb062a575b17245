//! Titles that number an interview or a participant.

use crate::labels::{Part, bare_words, fold, part_of};

/// What the heading above the talk is called, before a note in brackets.
pub(crate) const TALK: [&str; 19] = [
    "interview",
    "the interview",
    "full interview",
    "transcript",
    "the transcript",
    "interview transcript",
    "full transcript",
    "transcription",
    "transkript",
    "transkription",
    "interviewtranskript",
    "gespräch",
    "entrevista",
    "transcripción",
    "transcrição",
    "entretien",
    "intervista",
    "trascrizione",
    "transcriptie",
];
/// How words for an interview begin, as titles hold them.
pub(crate) const INTERVIEWS: [&str; 6] =
    ["interview", "entrevist", "entretien", "intervist", "gespräch", "oral history"];

/// The number of an interview that a line heads: `INTERVIEW 2`, `Entrevista n.º 3`.
pub(crate) fn heads_interview(words: &str) -> Option<u32> {
    let folded = fold(words);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let mut words = INTERVIEWS.iter().chain(&["transcript", "transkript"]);
    let rest = words.find_map(|word| bare.strip_prefix(word))?;
    let number = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    let between = &rest[..rest.len() - number.len()];
    let is_plain = between.chars().filter(|c| c.is_alphabetic()).count() <= 4;
    let (number, title) = number.split_at(number.bytes().take_while(u8::is_ascii_digit).count());
    let is_title = title.is_empty() || title.starts_with([':', ' ', ',']);
    // `Interviewer 2: So` is somebody who speaks.
    let first = bare.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let is_speaker = part_of(first) == Some(Part::Asks) && !TALK.contains(&first);
    number.parse().ok().filter(|_| is_plain && is_title && !is_speaker && number.len() < 4)
}

/// Whether words begin with the number of a participant: `Participant 2 (Ben)`.
pub(crate) fn heads_participant(words: &str) -> bool {
    let folded = fold(words);
    let mut told = bare_words(&folded);
    told.next().and_then(part_of) == Some(Part::Answers)
        && told.next().is_some_and(|second| second.starts_with(|c: char| c.is_ascii_digit()))
}
