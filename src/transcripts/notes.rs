//! What people should know about who is who, in words.
//!
//! Roles, people and cases of all transcripts come in; one line for the top of an
//! answer and notes on what may be wrong go out.

use std::collections::BTreeSet;

use super::cases::Cases;
use super::people::People;
use super::roles::{Role, RoleGuess};

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
    let line = match names[..] {
        [] => "I take nobody for an interviewer: whoever speaks counts as a participant".to_owned(),
        [one] => {
            format!("I take {one} for the interviewer in {n_with} of {} transcripts", ids.len())
        }
        _ => format!(
            "I take {} for the interviewers in {n_with} of {} transcripts",
            listed(&names),
            ids.len()
        ),
    };
    let mut notes = Vec::new();
    if !doubtful.is_empty() {
        notes.push(format!("it is not clear who interviews in {}", listed(&doubtful)));
    }
    if n_with > 0 && !without.is_empty() {
        notes.push(format!(
            "there is no interviewer in {}, though others have one: all that is said there \
             counts as the participants' words",
            listed(&without)
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
    RoleNotes { line, is_guessed: is_guessed || !doubtful.is_empty(), notes }
}

/// The first few of a list, in words.
fn listed(names: &[&str]) -> String {
    let name =
        |name: &&str| if name.is_empty() { "(not named)".to_owned() } else { (*name).to_owned() };
    let mut shown: Vec<String> = names.iter().take(LISTED).map(name).collect();
    match names.len() - shown.len() {
        0 => {}
        1 => shown.push(name(&names[LISTED])),
        n => shown.push(format!("{n} others")),
    }
    let last = shown.pop().unwrap_or_default();
    if shown.is_empty() { last } else { format!("{} and {last}", shown.join(", ")) }
}
