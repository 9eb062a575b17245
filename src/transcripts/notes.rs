//! What people should know about who is who, in words.
//!
//! Roles, people and cases of all transcripts come in; one line for the top of an
//! answer and notes on what may be wrong go out.

use std::collections::BTreeSet;

use super::cases::Cases;
use super::people::People;
use super::roles::{Role, RoleGuess, names_a_part};
use crate::base::count;

/// Who is who, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleNotes {
    /// Whom the program takes for the interviewer.
    pub line: String,
    /// Whether people should look at it: a role is guessed and not declared.
    pub is_guessed: bool,
    /// What may be wrong.
    pub notes: Vec<String>,
}

/// How many names and transcripts are listed in words.
const LISTED: usize = 3;

/// Says in words who is who; `ids` are those of the transcripts.
pub fn role_notes(
    ids: &[&str],
    people: &People,
    roles: &[Vec<RoleGuess>],
    cases: &Cases,
) -> RoleNotes {
    let mut interviewers: Vec<(&str, BTreeSet<usize>)> = Vec::new();
    let (mut without, mut doubtful) = (Vec::new(), Vec::new());
    let mut is_guessed = false;
    for (t, roles) in roles.iter().enumerate() {
        let present: BTreeSet<usize> = (0..roles.len())
            .filter(|&s| roles[s].role != Role::Other)
            .map(|s| people.first[t][s])
            .collect();
        let asking: Vec<usize> =
            (0..roles.len()).filter(|&s| roles[s].role == Role::Interviewer).collect();
        for &s in &asking {
            is_guessed |= !roles[s].is_declared;
            let name = people.names[t][s].as_str();
            match interviewers.iter_mut().find(|(known, _)| *known == name) {
                Some((_, of)) => drop(of.insert(t)),
                None => interviewers.push((name, BTreeSet::from([t]))),
            }
        }
        if asking.is_empty() && present.len() > 1 {
            without.push(ids[t]);
        }
        if roles.iter().any(|guess| guess.is_doubtful) {
            doubtful.push(ids[t]);
        }
    }
    interviewers.sort_by_key(|(_, of)| std::cmp::Reverse(of.len()));
    let n_with = interviewers.iter().flat_map(|(_, of)| of).collect::<BTreeSet<_>>().len();
    let names: Vec<&str> = interviewers.iter().map(|(name, _)| *name).collect();
    let is_guessed = is_guessed || !doubtful.is_empty();
    let shown = listed(&names, shown_name);
    let part = if names.len() == 1 { "the interviewer" } else { "interviewers" };
    let place = format!("in {n_with} of {}", count(ids.len() as u64, "transcript"));
    let line = if names.is_empty() {
        "I take nobody for an interviewer: whoever speaks counts as a participant".to_owned()
    } else if is_guessed {
        format!("I take {shown} for {part} {place}")
    } else {
        let is = if names.len() == 1 { "is" } else { "are" };
        format!("{shown} {is} {part} {place}, as you set it")
    };
    let mut notes = Vec::new();
    if !doubtful.is_empty() {
        notes.push(format!("it is not clear who interviews in {}", listed(&doubtful, shown_id)));
    }
    if n_with > 0 && !without.is_empty() {
        notes.push(format!(
            "there is no interviewer in {}, though others have one: all that is said there \
             counts as the participants' words",
            listed(&without, shown_id)
        ));
    }
    if cases.cases.len() > ids.len() {
        notes.push(format!(
            "there are more participants ({}) than transcripts ({}): unless groups were \
             interviewed, some may be the same person or an interviewer",
            cases.cases.len(),
            ids.len()
        ));
    }
    RoleNotes { line, is_guessed, notes }
}

fn shown_id(id: &str) -> String {
    id.to_owned()
}

/// A speaker's name; a label that only tells a part is marked as a label.
fn shown_name(name: &str) -> String {
    match name {
        "" => "(not named)".to_owned(),
        part if names_a_part(part) => format!("`{part}`"),
        name => name.to_owned(),
    }
}

/// The first few of a list, in words.
fn listed(names: &[&str], shown: fn(&str) -> String) -> String {
    let name = |name: &&str| shown(name);
    let n_shown = if names.len() == LISTED + 1 { names.len() } else { LISTED };
    let mut shown: Vec<String> = names.iter().take(n_shown).map(name).collect();
    if names.len() > n_shown {
        shown.push(format!("{} others", names.len() - n_shown));
    }
    let last = shown.pop().unwrap_or_default();
    if shown.is_empty() { last } else { format!("{} and {last}", shown.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcripts::cases::Case;

    /// Tells of transcripts `a`, `b` …, each with its speakers and `i`, `p` or `?`.
    fn told(files: &[&[(&str, char)]], n_cases: usize) -> RoleNotes {
        let ids = ["a", "b", "c", "d"];
        let guess = |&(_, role): &(&str, char)| RoleGuess {
            role: if role == 'i' { Role::Interviewer } else { Role::Participant },
            reason: String::new(),
            is_doubtful: role == '?',
            is_declared: false,
        };
        let roles: Vec<Vec<RoleGuess>> =
            files.iter().map(|file| file.iter().map(guess).collect()).collect();
        let names =
            |file: &&[(&str, char)]| file.iter().map(|(name, _)| (*name).to_owned()).collect();
        let people = People {
            first: files.iter().map(|file| (0..file.len()).collect()).collect(),
            names: files.iter().map(names).collect(),
            ..People::default()
        };
        let case =
            |n: usize| Case { id: n.to_string(), attributes: std::collections::BTreeMap::new() };
        let cases = Cases { cases: (0..n_cases).map(case).collect(), of_speaker: Vec::new() };
        role_notes(&ids[..files.len()], &people, &roles, &cases)
    }

    #[test]
    fn the_first_line_says_whom_the_program_takes_for_the_interviewer() {
        let one: &[_] = &[("Ruth", 'i'), ("Bo", 'p')];
        assert_eq!(
            told(&[one, one], 2).line,
            "I take Ruth for the interviewer in 2 of 2 transcripts"
        );
        let two: &[_] = &[("I", 'i'), ("Bo", 'p')];
        assert_eq!(
            told(&[one, two], 2).line,
            "I take Ruth and `I` for interviewers in 2 of 2 transcripts"
        );
    }

    #[test]
    fn a_transcript_without_interviewer_where_others_have_one_is_told() {
        let one: &[_] = &[("Ruth", 'i'), ("Bo", 'p')];
        let none: &[_] = &[("Ada", '?'), ("Cy", '?')];
        let notes = told(&[one, none], 3).notes;
        assert_eq!(notes.len(), 3, "{notes:?}");
        assert!(notes[0].starts_with("it is not clear who interviews in b"));
        assert!(notes[1].starts_with("there is no interviewer in b, though others have one"));
        assert!(notes[2].starts_with("there are more participants (3) than transcripts (2)"));
    }
}
