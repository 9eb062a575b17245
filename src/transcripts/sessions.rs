//! Which transcripts are several interviews with one person, by the names of their files.
//!
//! Ids of transcripts come in, with the label of the one participant where there is only
//! one; for each the code of the person goes out, where two transcripts or more have it:
//!
//! ```text
//! P01_T1, P01_T2                     a participant's code, and a session
//! 2024-03-01_P07, 2024-05-02_P07     the code that also labels the participant
//! ```
//!
//! A name tells it only so plainly: `interview_1` and `interview_2` are two people.

use std::collections::BTreeMap;

use super::normal_label;

/// What codes of participants are made of, before their number.
const CODES: [&str; 16] = [
    "p",
    "pp",
    "id",
    "tn",
    "ip",
    "pt",
    "pid",
    "participant",
    "subject",
    "subj",
    "sub",
    "respondent",
    "resp",
    "patient",
    "proband",
    "teilnehmer",
];
/// What sessions are called, before their number.
const SESSIONS: [&str; 15] = [
    "t",
    "session",
    "sess",
    "time",
    "visit",
    "wave",
    "round",
    "part",
    "interview",
    "int",
    "sitzung",
    "teil",
    "sesión",
    "séance",
    "sessie",
];
/// Sessions without a number.
const NAMED_SESSIONS: [&str; 8] =
    ["pre", "post", "baseline", "followup", "before", "after", "first", "second"];

/// The code of the person of each transcript that is one of several of that person.
/// `labels` are those of the only participant of each, if there is only one.
pub(super) fn people_of_sessions(ids: &[&str], labels: &[Option<&str>]) -> Vec<Option<String>> {
    let found: Vec<Option<&str>> =
        ids.iter().zip(labels).map(|(id, label)| person_of(id, (*label)?)).collect();
    // As it is written first.
    let mut counts: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for person in found.iter().flatten() {
        counts.entry(normal_label(person)).or_insert((0, person)).0 += 1;
    }
    let several = |person: &str| {
        let (n, written) = counts[&normal_label(person)];
        (n > 1).then(|| written.to_owned())
    };
    found.into_iter().map(|person| several(person?)).collect()
}

/// The code of a person in the name of a file.
fn person_of<'i>(id: &'i str, label: &str) -> Option<&'i str> {
    let stem = id.rsplit('/').next().unwrap_or(id);
    let words: Vec<&str> = stem.split(['_', '-', ' ', '.']).filter(|it| !it.is_empty()).collect();
    let label = normal_label(label);
    let is_code = |word: &str| {
        let (letters, number) = numbered(word);
        !number.is_empty() && !letters.is_empty() && letters.chars().count() <= MAX_CODE
    };
    let labelled = words.iter().find(|word| is_code(word) && normal_label(word) == label);
    labelled.copied().or_else(|| {
        let (person, session) = (words.first()?, &words[1..]);
        let (letters, number) = numbered(person);
        let is_person = CODES.contains(&normal_label(letters).as_str()) && !number.is_empty();
        (is_person && is_session(session)).then_some(*person)
    })
}

/// The most letters of a code.
const MAX_CODE: usize = 3;

/// A word without the digits that it ends with, and these.
fn numbered(word: &str) -> (&str, &str) {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    (letters, &word[letters.len()..])
}

/// Whether words name a session: `T1`, `session 2`, `post`.
fn is_session(words: &[&str]) -> bool {
    let lower: Vec<String> = words.iter().map(|word| normal_label(word)).collect();
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_digit());
    match &lower[..] {
        [one] => {
            let (letters, number) = numbered(one);
            NAMED_SESSIONS.contains(&one.as_str())
                || (SESSIONS.contains(&letters) && is_number(number))
        }
        [word, number] => SESSIONS.contains(&word.as_str()) && is_number(number),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ids: &[&str], label: &str, expected: &[&str]) {
        let found = people_of_sessions(ids, &vec![Some(label); ids.len()]);
        let shown: Vec<String> = found.into_iter().map(Option::unwrap_or_default).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn sessions_of_a_participant_are_of_one_person() {
        check(&["P01_T1", "P01_T2", "P02_T1"], "Participant", &["P01", "P01", ""]);
        check(&["w/p3 session 1", "w/P3-session-2"], "Participant", &["p3", "p3"]);
        check(&["tn07_pre", "tn07_post"], "B", &["tn07", "tn07"]);
    }

    #[test]
    fn a_code_that_is_label_and_name_is_one_person() {
        check(&["2024-03-01_P07", "2024-05-02_P07", "2024-05-02"], "P07", &["P07", "P07", ""]);
        check(&["March P07", "May P07"], "Participant", &["", ""]);
    }

    #[test]
    fn numbers_alone_tell_no_person() {
        check(&["interview_1", "interview_2"], "Participant", &["", ""]);
        check(&["Harbour_part1", "Harbour_part2"], "Participant", &["", ""]);
        check(&["site1_T1", "site1_T2"], "Participant", &["", ""]);
    }
}
