//! What people should know about who is who, in words.
//!
//! Roles, people and cases of all transcripts come in; one line for the top of an
//! answer and notes on what may be wrong go out.

use std::collections::{BTreeMap, BTreeSet};

use super::beside::{Beside, no_interviews};
use super::cases::Cases;
use super::people::People;
use super::roles::{Role, RoleGuess, names_a_part};
use super::sessions::versions;
use super::{Speaker, TranscriptSpeakers, UNNAMED, normal_label, stem_of};
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

/// A participant who says fewer words, a smaller share of those of the transcripts in which
/// they speak, and less than half of what participants say on average, hardly speaks.
const FEW_WORDS: u64 = 30;
const FEW_PERCENT: u64 = 1;

/// Says in words who is who; `ids` are those of the transcripts, `speakers` who talks in
/// them.
pub fn role_notes(
    ids: &[&str],
    speakers: &[&[Speaker]],
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
    let shown = listed_as(&names, shown_name);
    let part = if names.len() == 1 { "the interviewer" } else { "interviewers" };
    // Nobody counts in what is no interview.
    let counts = |t: usize| roles[t].iter().any(|guess| guess.role != Role::Other);
    let n_counting = (0..roles.len()).filter(|&t| counts(t)).count();
    let place = format!("in {n_with} of {}", count(n_counting as u64, "transcript"));
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
        notes.push(format!("it is not clear who interviews in {}", listed(&doubtful)));
    }
    if n_with > 0 && !without.is_empty() {
        notes.push(format!(
            "there is no interviewer in {}, though others have one: all that is said there \
             counts as the participants' words",
            listed(&without)
        ));
    }
    for (name, spellings) in &cases.respelled {
        let spelled: Vec<String> = spellings.iter().map(|it| format!("`{it}`")).collect();
        let spelled: Vec<&str> = spelled.iter().map(String::as_str).collect();
        notes.push(format!(
            "`{name}` is written {}: all count as {}",
            listed_as(&spelled, str::to_owned),
            spelled[0]
        ));
    }
    if cases.cases.len() > n_counting {
        let few = who_hardly_speaks(speakers, cases);
        let few = if few.is_empty() {
            String::new()
        } else {
            format!("; {} hardly said anything", listed(&few))
        };
        notes.push(format!(
            "there are more participants ({}) than transcripts ({}): unless groups were \
             interviewed, some may be the same person or an interviewer{few}",
            cases.cases.len(),
            n_counting
        ));
    }
    notes.extend(sessions(ids, cases));
    notes.extend(may_be_sessions(ids, cases));
    notes.extend(may_be_by_head(ids, cases));
    notes.extend(in_groups_too(ids, speakers, cases));
    notes.extend(by_label(speakers, cases));
    notes.extend(by_head(cases));
    notes.extend(under_part(speakers, cases));
    notes.extend(varying(cases));
    notes.extend(unnamed(ids, speakers, cases));
    // Of those that are sure, only one counts already.
    let mut versions = versions(ids);
    versions.retain(|&(one, other)| counts(one) && counts(other));
    if let Some(&(one, other)) = versions.first() {
        let more = match versions.len() - 1 {
            0 => String::new(),
            n => format!(", and {n} more like it"),
        };
        notes.push(format!(
            "{} and {} may be one interview in two versions, by their names{more}: each \
             counts; list those that you do not want under `ignore` in study.toml",
            ids[one], ids[other]
        ));
    }
    RoleNotes { line, is_guessed, notes }
}

/// Tells of transcripts that count as several of one person by the names of their files.
fn sessions(ids: &[&str], cases: &Cases) -> Option<String> {
    let mut of_case: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &t in &cases.sessions {
        let speakers = &cases.of_speaker[t];
        for case in speakers.iter().flatten().copied().collect::<BTreeSet<usize>>() {
            of_case.entry(case).or_default().push(t);
        }
    }
    let several: Vec<&Vec<usize>> = of_case.values().filter(|of| of.len() > 1).collect();
    let first = several.first()?;
    let shown: Vec<&str> = first.iter().map(|&t| ids[t]).collect();
    let others = match several.len() - 1 {
        0 => String::new(),
        n => format!(", and so are those of {}", count(n as u64, "other")),
    };
    Some(format!(
        "{} are taken for interviews with one person, by their names{others}: each counts as \
         one participant; if they are different people, name the cases in cases.csv",
        listed(&shown)
    ))
}

/// Tells of transcripts that may be several of one person by the names of their files.
fn may_be_sessions(ids: &[&str], cases: &Cases) -> Option<String> {
    let first = cases.may_be_sessions.first()?;
    let shown: Vec<&str> = first.iter().map(|&t| ids[t]).collect();
    let others = match cases.may_be_sessions.len() - 1 {
        0 => String::new(),
        n => format!(", and so may those of {}", count(n as u64, "other")),
    };
    Some(format!(
        "{} may be interviews with one person, by their names{others}: each counts as another \
         participant; if they are one person, name the case in cases.csv",
        listed(&shown)
    ))
}

/// Tells of transcripts whose heads name one person by a code.
fn may_be_by_head(ids: &[&str], cases: &Cases) -> Option<String> {
    let first = cases.may_be_by_head.first()?;
    let shown: Vec<&str> = first.iter().map(|&t| ids[t]).collect();
    let others = match cases.may_be_by_head.len() - 1 {
        0 => String::new(),
        n => format!(", and so do those of {}", count(n as u64, "other")),
    };
    Some(format!(
        "the heads of {} name the same participant{others}: each counts as another; if it is one \
         person, name the case in cases.csv",
        listed(&shown)
    ))
}

/// Tells of participants whose label names a file of their own, and who speak under it in
/// other transcripts as somebody else: `P01` of `P01.txt` in a group.
fn in_groups_too(ids: &[&str], speakers: &[&[Speaker]], cases: &Cases) -> Option<String> {
    let mut of_label: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (t, (speakers, of)) in speakers.iter().zip(&cases.of_speaker).enumerate() {
        for (speaker, case) in speakers.iter().zip(of) {
            if let Some(case) = case {
                of_label.entry(normal_label(&speaker.label)).or_default().push((t, *case));
            }
        }
    }
    let others = |t: usize| {
        let of = of_label.get(&normal_label(stem_of(ids[t])))?;
        let own = of.iter().find(|(known, _)| *known == t)?.1;
        let is_alone = cases.of_speaker[t].iter().flatten().all(|case| *case == own);
        of.iter().find(|(_, case)| is_alone && *case != own).map(|(other, _)| (t, *other))
    };
    let found: Vec<(usize, usize)> = (0..speakers.len()).filter_map(others).collect();
    let &(t, other) = found.first()?;
    let more = match found.len() - 1 {
        0 => String::new(),
        n => format!(", and so it is with {}", count(n as u64, "other")),
    };
    Some(format!(
        "`{}` speaks in {} and in {}{more}: each counts as another participant; if it is one \
         person, name the case in cases.csv",
        stem_of(ids[t]),
        ids[t],
        ids[other]
    ))
}

/// Tells of participants who are one case in several transcripts by the heads of the files.
fn by_head(cases: &Cases) -> Option<String> {
    let of = |&(t, s): &(usize, usize)| {
        let case = cases.of_speaker[t][s]?;
        Some((t, case, cases.cases[case].id.as_str()))
    };
    several(cases.by_head.iter().filter_map(of)).map(|(named, counts, they)| {
        format!(
            "{named} {counts}, by the heads of the files; if {they} are different people, name the \
             cases in cases.csv"
        )
    })
}

/// Tells of participants who are one case in several transcripts by a label alone.
fn by_label(speakers: &[&[Speaker]], cases: &Cases) -> Option<String> {
    let of = |&(t, s): &(usize, usize)| {
        Some((t, cases.of_speaker[t][s]?, speakers.get(t)?.get(s)?.label.as_str()))
    };
    several(cases.by_label.iter().filter_map(of)).map(|(named, counts, they)| {
        format!(
            "{named} {counts}, by the label alone; if {they} are different people, name the cases \
             in cases.csv"
        )
    })
}

/// Who is one case in several of the transcripts, that of most first, and the words that go
/// on: a transcript, the case, and what to call it come in.
fn several<'c>(
    of: impl Iterator<Item = (usize, usize, &'c str)>,
) -> Option<(String, &'static str, &'static str)> {
    let mut of_case: BTreeMap<usize, (&str, BTreeSet<usize>)> = BTreeMap::new();
    for (t, case, name) in of {
        of_case.entry(case).or_insert((name, BTreeSet::new())).1.insert(t);
    }
    let mut several: Vec<(&str, usize)> =
        of_case.values().map(|(name, of)| (*name, of.len())).collect();
    several.retain(|(_, n)| *n > 1);
    several.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let told: Vec<String> =
        several.iter().map(|(name, n)| format!("`{name}` in {n} transcripts")).collect();
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    let (counts, they) = match told.len() {
        0 => return None,
        1 => ("counts as one participant", "they"),
        _ => ("count as one participant each", "some"),
    };
    Some((listed(&told), counts, they))
}

/// Tells of a label that may be a name and is taken for a part.
fn under_part(speakers: &[&[Speaker]], cases: &Cases) -> Option<String> {
    let of: BTreeSet<usize> = cases.under_part.iter().map(|&(t, _)| t).collect();
    let &(t, s) = cases.under_part.first()?;
    let label = &speakers.get(t)?.get(s)?.label;
    Some(format!(
        "`{label}` is asked in {}, and no file name tells that it is one person: each counts as \
         another participant; if it is one person, name the case in cases.csv",
        count(of.len() as u64, "transcript")
    ))
}

/// Tells of attributes that differ between interviews of one participant.
fn varying(cases: &Cases) -> Option<String> {
    let names: Vec<String> = cases.varying.keys().map(|name| format!("`{name}`")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (name, of) = cases.varying.first_key_value()?;
    let mut values: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for (case, value) in cases.of_speaker.iter().flatten().zip(of.iter().flatten()) {
        if let (Some(case), Some(value)) = (case, value) {
            values.entry(*case).or_default().insert(value);
        }
    }
    let (first, told) = values.into_iter().find(|(_, told)| told.len() > 1)?;
    let told: Vec<String> = told.iter().map(|value| format!("`{value}`")).collect();
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    let differ = if names.len() == 1 { "differs" } else { "differ" };
    Some(format!(
        "{} {differ} between interviews of one participant (`{name}` of {} is {}): each interview \
         counts under its own, and a participant can be in several groups",
        listed(&names),
        cases.cases[first].id,
        listed(&told)
    ))
}

/// Tells of those who are not named and count as the only participant.
fn unnamed(ids: &[&str], speakers: &[&[Speaker]], cases: &Cases) -> Option<String> {
    let &(t, s) = cases.unnamed.first()?;
    let of: BTreeSet<usize> = cases.unnamed.iter().map(|&(t, _)| t).collect();
    let of: Vec<&str> = of.into_iter().map(|t| ids[t]).collect();
    Some(format!(
        "`{}` is taken for the only participant in {}: if it is somebody else, name the case or \
         the role in cases.csv",
        speakers.get(t)?.get(s)?.label,
        listed(&of)
    ))
}

/// Of all words, the share from which on interviewers say too much: answers may have been
/// read as theirs. Doctors in consultations say up to 0.60 of them.
const TALKS: f64 = 2.0 / 3.0;
/// Of the sentences of somebody who is not named, the share of questions from which on
/// several people may speak: of what one person tells, fewer ask.
const ASKED: f64 = 0.04;
/// From how many words on a text tells who speaks by its sentences, and from how many words a
/// sentence on these have no signs.
const MANY_WORDS: u32 = 200;
const ENDLESS: u32 = 100;

/// Says in words where what was said may be given to the wrong people, the most harmful
/// first.
pub fn voice_notes(
    transcripts: &[TranscriptSpeakers<'_>],
    roles: &[Vec<RoleGuess>],
) -> Vec<String> {
    let pairs = || transcripts.iter().zip(roles);
    let said = |role: Role| -> f64 {
        let of = |(t, roles): (&TranscriptSpeakers<'_>, &Vec<RoleGuess>)| {
            t.speakers
                .iter()
                .zip(roles)
                .filter(|(_, guess)| guess.role == role)
                .map(|(speaker, _)| f64::from(speaker.n_words))
                .sum::<f64>()
        };
        pairs().map(of).sum()
    };
    let (asked, told) = (said(Role::Interviewer), said(Role::Participant));
    let is_set =
        roles.iter().flatten().all(|guess| guess.role != Role::Interviewer || guess.is_declared);
    let mut notes = Vec::new();
    if asked > TALKS * (asked + told) && !is_set {
        notes.push(format!(
            "interviewers say {:.0} % of the words: answers may have been read as theirs, and \
             would then be missing from all themes; look at a transcript as it was read",
            100.0 * asked / (asked + told)
        ));
    }
    // The only one who speaks, and is not named.
    let is_lone = |(t, roles): &(&TranscriptSpeakers<'_>, &Vec<RoleGuess>)| {
        matches!(t.speakers, [one] if one.label == UNNAMED) && roles[0].role == Role::Participant
    };
    let is_mixed = |(t, _): &(&TranscriptSpeakers<'_>, &Vec<RoleGuess>)| {
        let Some([asking, all]) = t.signs.first().map(|signs| signs.n_questions) else {
            return false;
        };
        // Without the signs of sentences nothing tells either.
        let n_words = t.speakers[0].n_words;
        let is_endless = n_words > MANY_WORDS && n_words > all.saturating_mul(ENDLESS);
        is_endless || asking > 1 && f64::from(asking) >= ASKED * f64::from(all)
    };
    let mixed = pairs().filter(|pair| is_lone(pair) && is_mixed(pair));
    let mixed: Vec<&str> = mixed.map(|(t, _)| t.id).collect();
    if !mixed.is_empty() {
        notes.push(format!(
            "several people may speak in {}, and nothing there says who: all of it counts as \
             the words of one participant; write `Name:` before each turn",
            listed(&mixed)
        ));
    }
    let has_interviewer = |(_, roles): &(&TranscriptSpeakers<'_>, &Vec<RoleGuess>)| {
        roles.iter().any(|guess| guess.role == Role::Interviewer)
    };
    let unnamed = pairs().filter(|pair| is_lone(pair) && !is_mixed(pair));
    let unnamed: Vec<&str> = unnamed.map(|(t, _)| t.id).collect();
    if !unnamed.is_empty() && 2 * pairs().filter(has_interviewer).count() >= transcripts.len() {
        let (name, counts) =
            if unnamed.len() == 1 { ("names", "it counts") } else { ("name", "each counts") };
        notes.push(format!(
            "{} {name} nobody who speaks, though others do: {counts} as one participant; \
             what is no interview can be listed under `ignore` in study.toml",
            listed(&unnamed)
        ));
    }
    notes.extend(not_counted(transcripts, roles));
    notes
}

/// Tells of transcripts in which nobody is counted: what goes with a study, and versions.
fn not_counted(transcripts: &[TranscriptSpeakers<'_>], roles: &[Vec<RoleGuess>]) -> Vec<String> {
    let found = no_interviews(transcripts, roles);
    let mut notes = Vec::new();
    let of = |(t, why): &(usize, Beside)| {
        matches!(why, Beside::Named | Beside::Asks).then_some(transcripts[*t].id)
    };
    let documents: Vec<&str> = found.iter().filter_map(of).collect();
    if !documents.is_empty() {
        let (names, they) =
            if documents.len() == 1 { ("names", "it seems") } else { ("name", "they seem") };
        notes.push(format!(
            "{} {names} nobody who speaks, and {they} to be no interview, by the name of the file \
             or since nearly all of it asks: nobody is counted there. If somebody is interviewed \
             in it, give cases.csv the columns `transcript` and `role`, and its row \
             `participant`",
            listed(&documents)
        ));
    }
    let mut versions = found.iter().filter_map(|&(t, why)| match why {
        Beside::IsVersionOf(first) => Some((t, first)),
        Beside::Named | Beside::Asks => None,
    });
    if let Some((version, first)) = versions.next() {
        let others = match versions.count() {
            0 => String::new(),
            n => format!(", and so is it with {}", count(n as u64, "other")),
        };
        let coded = if transcripts[first].coded.is_some() { ", which was coded" } else { "" };
        let (version, first) = (transcripts[version].id, transcripts[first].id);
        notes.push(format!(
            "{version} is another version of {first}, by its name{others}: only {first} counts{coded}; \
             if you want the other, list {first} under `ignore` in study.toml",
        ));
    }
    notes
}

/// The participants who say almost nothing, and may be no persons.
fn who_hardly_speaks<'c>(speakers: &[&[Speaker]], cases: &'c Cases) -> Vec<&'c str> {
    let mut said = vec![(0_u64, 0_u64); cases.cases.len()];
    for (speakers, of_speaker) in speakers.iter().zip(&cases.of_speaker) {
        let all: u64 = speakers.iter().map(|speaker| u64::from(speaker.n_words)).sum();
        let mut own: BTreeMap<usize, u64> = BTreeMap::new();
        for (speaker, case) in speakers.iter().zip(of_speaker) {
            if let Some(case) = case {
                *own.entry(*case).or_default() += u64::from(speaker.n_words);
            }
        }
        for (case, n_words) in own {
            said[case] = (said[case].0 + n_words, said[case].1 + all);
        }
    }
    let (in_all, n) = (said.iter().map(|(n_words, _)| n_words).sum::<u64>(), said.len() as u64);
    let is_little = |(n_words, all): (u64, u64)| {
        n_words < FEW_WORDS && 100 * n_words < FEW_PERCENT * all && 2 * n_words * n < in_all
    };
    let few = cases.cases.iter().zip(said).filter(|(_, said)| is_little(*said));
    few.map(|(case, _)| case.id.as_str()).collect()
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
pub fn listed(names: &[&str]) -> String {
    listed_as(names, shown_id)
}

fn listed_as(names: &[&str], shown: fn(&str) -> String) -> String {
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
    use crate::transcripts::Speaker;
    use crate::transcripts::cases::Case;
    use crate::transcripts::talk::Signs;

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
        let cases = Cases { cases: (0..n_cases).map(case).collect(), ..Cases::default() };
        role_notes(&ids[..files.len()], &[], &people, &roles, &cases)
    }

    /// Label, role, words, questions and sentences.
    type Voice<'a> = (&'a str, Role, u32, [u32; 2]);

    /// Notes on transcripts `a`, `b` …
    fn voices(files: &[&[Voice<'_>]]) -> Vec<String> {
        let nothing = std::collections::BTreeMap::new();
        let speaker = |&(label, _, n_words, _): &Voice<'_>| Speaker {
            label: label.to_owned(),
            n_turns: 1,
            n_words,
        };
        let speakers: Vec<Vec<Speaker>> =
            files.iter().map(|file| file.iter().map(speaker).collect()).collect();
        let sign = |&(.., n_questions): &Voice<'_>| Signs { n_questions, ..Signs::default() };
        let signs: Vec<Vec<Signs>> =
            files.iter().map(|file| file.iter().map(sign).collect()).collect();
        let roles: Vec<Vec<RoleGuess>> = files
            .iter()
            .map(|file| file.iter().map(|&(_, role, ..)| guess(role)).collect())
            .collect();
        let transcripts: Vec<TranscriptSpeakers<'_>> = (0..files.len())
            .map(|t| TranscriptSpeakers {
                id: ["a", "b"][t],
                speakers: &speakers[t],
                attributes: &nothing,
                signs: &signs[t],
                named: &[],
                coded: None,
            })
            .collect();
        voice_notes(&transcripts, &roles)
    }

    fn guess(role: Role) -> RoleGuess {
        RoleGuess { role, reason: String::new(), is_doubtful: false, is_declared: false }
    }

    #[test]
    fn interviewers_who_say_most_are_told() {
        let file = |asked: u32, told: u32| {
            [("I", Role::Interviewer, asked, [0, 0]), ("P", Role::Participant, told, [0, 0])]
        };
        assert!(voices(&[&file(60, 40), &file(70, 40)]).is_empty());
        let notes = voices(&[&file(90, 10), &file(60, 40)]);
        assert_eq!(notes.len(), 1);
        assert!(notes[0].starts_with("interviewers say 75 % of the words"), "{notes:?}");
    }

    #[test]
    fn questions_in_a_text_without_names_are_told() {
        let mixed: &[_] = &[("", Role::Participant, 400, [4, 40])];
        let alone: &[_] = &[("", Role::Participant, 400, [1, 40])];
        let named: &[_] = &[("Ada", Role::Participant, 400, [4, 40])];
        assert!(voices(&[alone, named]).is_empty());
        let notes = voices(&[alone, mixed]);
        assert_eq!(notes.len(), 1);
        assert!(notes[0].starts_with("several people may speak in b, and nothing"), "{notes:?}");
        // A recogniser that sets no signs.
        let endless: &[_] = &[("", Role::Participant, 400, [0, 1])];
        assert_eq!(voices(&[alone, endless]).len(), 1);
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
    fn participants_who_hardly_speak_are_named() {
        let speaker =
            |label: &str, n_words: u32| Speaker { label: label.to_owned(), n_turns: 2, n_words };
        let case = |id: &str| Case { id: id.to_owned(), attributes: BTreeMap::new() };
        let cases = Cases {
            cases: ["Bo", "Cy", "Eve"].map(case).to_vec(),
            of_speaker: vec![vec![None, Some(0), Some(1), Some(2)]],
            ..Cases::default()
        };
        let of = [speaker("I", 900), speaker("Bo", 5000), speaker("Cy", 9), speaker("Eve", 40)];
        assert_eq!(who_hardly_speaks(&[&of], &cases), ["Cy"]);
        // In a survey nobody says much.
        let cases = Cases {
            cases: (0..150).map(|n| case(&n.to_string())).collect(),
            of_speaker: vec![(0..150).map(Some).collect()],
            ..Cases::default()
        };
        let of: Vec<Speaker> = (0..150).map(|n| speaker(&n.to_string(), 13)).collect();
        assert!(who_hardly_speaks(&[&of], &cases).is_empty());
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
