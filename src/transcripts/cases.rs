//! Whom the transcripts are about, and what is known of them.
//!
//! An interview with one participant is about one case, named after the
//! transcript. A conversation of several is about each of them. `cases.csv`
//! (`table`) adds attributes, and joins transcripts or speakers that are one person.

mod table;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use table::{CASE_COLUMNS, CaseTable, CasesError, SPEAKER_COLUMNS, TRANSCRIPT_COLUMNS};

use table::CaseRow;

use super::beside::versions_of;
use super::header::NamedPart;
use super::in_head::people_in_heads;
use super::people::{Labels, People, n_transcripts};
use super::roles::{Role, RoleGuess};
use super::sessions::{is_of_session, of_diaries, of_one, part_of_all, people_of_sessions};
use super::{TranscriptSpeakers, UNNAMED, normal_label, stem_of};
use crate::base::{Remedy, natural_order};
use crate::labels::{Part, part_of};

/// Somebody whom transcripts are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The name, unique in the study.
    pub id: String,
    /// What is known: `group`, `age`, `site` … Values that differ between interviews stand
    /// side by side, `after; before`.
    pub attributes: BTreeMap<String, String>,
}

impl Case {
    /// The attribute `group`, if the case has one.
    pub fn group(&self) -> Option<&str> {
        self.attributes.get("group").map(String::as_str)
    }

    /// The value of the attribute with a name that [`field_name`] has made.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let named = self.attributes.iter().find(|(known, _)| field_name(known) == name);
        named.map(|(_, value)| value.as_str())
    }
}

/// The form in which names of attributes are compared: lower case, and `-` for
/// what a name in a query cannot hold.
pub fn field_name(name: &str) -> String {
    let parts: Vec<String> = name
        .split(|c: char| !is_name_char(c) || c == '-' || c == '_')
        .filter(|part| !part.is_empty())
        .map(str::to_lowercase)
        .collect();
    parts.join("-")
}

/// Whether a name in a query may hold a character.
pub fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// People in single interviews: places of transcripts and of the cases in them.
pub type Sittings = BTreeSet<(usize, usize)>;

/// The cases of sittings.
pub fn cases_in<'s>(sittings: impl IntoIterator<Item = &'s (usize, usize)>) -> BTreeSet<usize> {
    sittings.into_iter().map(|&(_, case)| case).collect()
}

/// The cases of a study, and who is which.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cases {
    /// All cases, in natural order of their ids.
    pub cases: Vec<Case>,
    /// By transcript and speaker: the place in `cases`; `None` for
    /// interviewers and others.
    pub of_speaker: Vec<Vec<Option<usize>>>,
    /// Attributes that differ between interviews of one case, by name: what is told of each
    /// transcript and speaker.
    pub varying: BTreeMap<String, Vec<Vec<Option<String>>>>,
    /// Transcripts that are several interviews with one person, as the names of their
    /// files tell and nobody set.
    pub sessions: BTreeSet<usize>,
    /// Transcripts that may be, in groups; each is another case.
    pub may_be_sessions: Vec<Vec<usize>>,
    /// Who is one case in several transcripts only because they have one label there,
    /// by transcript and speaker, where nobody set it.
    pub by_label: BTreeSet<(usize, usize)>,
    /// Who is one case in several transcripts because their heads name this person, by
    /// transcript and speaker, where nobody set it.
    pub by_head: BTreeSet<(usize, usize)>,
    /// Transcripts whose heads name one person by a code, in groups; each is another case.
    pub may_be_by_head: Vec<Vec<usize>>,
    /// Who is not named, `Unknown Speaker`, and counts as the only participant of the
    /// transcript, by transcript and speaker, where nobody set it.
    pub unnamed: BTreeSet<(usize, usize)>,
    /// The only participants of transcripts whose one label looks like a name and is taken
    /// for a part.
    pub under_part: BTreeSet<(usize, usize)>,
    /// Values of attributes, by name, that are written in several ways and count as the first.
    pub respelled: Vec<(String, Vec<String>)>,
}

impl Cases {
    /// The value of the attribute with a name that [`field_name`] has made, of a speaker in
    /// a transcript.
    pub fn value(&self, t: usize, s: usize, name: &str) -> Option<&str> {
        let case = self.of_speaker[t][s]?;
        match self.varying.iter().find(|(known, _)| field_name(known) == name) {
            Some((_, values)) => values[t][s].as_deref(),
            None => self.cases[case].attribute(name),
        }
    }

    /// Whether the attribute of this name differs between interviews of a case.
    pub fn differs(&self, name: &str, case: usize) -> bool {
        let Some(values) = self.varying.get(name) else { return false };
        let speakers = self.of_speaker.iter().flatten().zip(values.iter().flatten());
        let mut told =
            speakers.filter(|(of, _)| **of == Some(case)).filter_map(|(_, it)| it.as_ref());
        let first = told.next();
        told.any(|value| Some(value) != first)
    }

    /// The group of a speaker in a transcript.
    pub fn group(&self, t: usize, s: usize) -> Option<&str> {
        let case = self.of_speaker[t][s]?;
        let varying = self.varying.get("group");
        varying.map_or_else(|| self.cases[case].group(), |values| values[t][s].as_deref())
    }

    /// The cases by what is told of each speaker of each transcript, in the interviews in
    /// which it is.
    pub fn by<'c>(
        &'c self,
        told: impl Fn(usize, usize) -> Option<&'c str>,
    ) -> BTreeMap<&'c str, Sittings> {
        let mut found: BTreeMap<&str, Sittings> = BTreeMap::new();
        for (t, speakers) in self.of_speaker.iter().enumerate() {
            for (s, case) in speakers.iter().enumerate() {
                if let (Some(case), Some(value)) = (*case, told(t, s)) {
                    found.entry(value).or_default().insert((t, case));
                }
            }
        }
        found
    }

    /// The same of some transcripts only, in this order; all cases stay.
    #[must_use]
    pub fn of_sample(&self, sample: &[usize]) -> Self {
        let place: BTreeMap<usize, usize> = sample.iter().copied().zip(0..).collect();
        let at = |t: &usize| place.get(t).copied();
        let speakers = |of: &BTreeSet<(usize, usize)>| {
            of.iter().filter_map(|(t, s)| Some((at(t)?, *s))).collect()
        };
        let groups = |of: &[Vec<usize>]| {
            of.iter()
                .map(|group| group.iter().filter_map(at).collect::<Vec<usize>>())
                .filter(|group| group.len() > 1)
                .collect()
        };
        Self {
            cases: self.cases.clone(),
            of_speaker: sample.iter().map(|&t| self.of_speaker[t].clone()).collect(),
            varying: (self.varying.iter())
                .map(|(name, of)| (name.clone(), sample.iter().map(|&t| of[t].clone()).collect()))
                .collect(),
            sessions: self.sessions.iter().filter_map(at).collect(),
            may_be_sessions: groups(&self.may_be_sessions),
            by_label: speakers(&self.by_label),
            by_head: speakers(&self.by_head),
            may_be_by_head: groups(&self.may_be_by_head),
            unnamed: speakers(&self.unnamed),
            under_part: speakers(&self.under_part),
            respelled: self.respelled.clone(),
        }
    }
}

/// Finds the people behind the labels of all transcripts.
pub fn find_people(transcripts: &[TranscriptSpeakers<'_>]) -> People {
    struct Owned {
        labels: Vec<String>,
        is_phrase: Vec<bool>,
        asks: Vec<bool>,
        n_turns: Vec<u32>,
        turns: Vec<[u32; 2]>,
    }
    let owned = |t: &TranscriptSpeakers<'_>| {
        let signs = t.speakers.iter().zip(t.signs);
        Owned {
            labels: t.speakers.iter().map(|speaker| speaker.label.clone()).collect(),
            is_phrase: t.signs.iter().map(|signs| signs.is_phrase).collect(),
            asks: signs.map(|(speaker, signs)| 2 * signs.n_asks >= speaker.n_turns).collect(),
            n_turns: t.speakers.iter().map(|speaker| speaker.n_turns).collect(),
            turns: t.signs.iter().map(|signs| signs.turns).collect(),
        }
    };
    let all: Vec<Owned> = transcripts.iter().map(owned).collect();
    let labels = transcripts.iter().zip(&all).map(|(transcript, owned)| Labels {
        labels: &owned.labels,
        named: transcript.named,
        is_phrase: &owned.is_phrase,
        asks: &owned.asks,
        n_turns: &owned.n_turns,
        turns: &owned.turns,
    });
    People::find(&labels.collect::<Vec<_>>())
}

/// From so many folders on that all hold one transcript, they are no groups.
const OWN_FOLDERS: usize = 3;

/// Says which case every participant is, with the attributes of all cases.
///
/// `roles` has the shape of the transcripts' speakers. A transcript in a
/// sub-folder has the folder's name as `group`, unless the table has one, or every
/// transcript has a folder of its own.
///
/// # Errors
/// [`CasesError`] for a row that names no transcript or speaker.
pub fn assign_cases(
    transcripts: &[TranscriptSpeakers<'_>],
    roles: &[Vec<RoleGuess>],
    people: &People,
    table: &CaseTable,
) -> Result<Cases, CasesError> {
    let mut people = people.clone();
    people.join_with_middle_names();
    let people = &people;
    let mut matches = table.matches(transcripts, people)?;
    // What is told of a version in which nobody counts is told of the interview.
    let has_row: BTreeSet<usize> = matches.iter().map(|(_, t, _)| *t).collect();
    let versions = if has_row.is_empty() { Vec::new() } else { versions_of(transcripts, roles) };
    for (version, first) in versions.into_iter().filter(|(_, first)| !has_row.contains(first)) {
        let rows = matches.iter().filter(|(_, t, s)| *t == version && s.is_none());
        let rows: Vec<_> = rows.map(|(row, ..)| (*row, first, None)).collect();
        matches.extend(rows);
    }
    let mut stems: BTreeMap<&str, usize> = BTreeMap::new();
    for transcript in transcripts {
        *stems.entry(stem_of(transcript.id)).or_default() += 1;
    }
    // A folder for each file tells no group.
    let folder = |id: &'_ str| id.split_once('/').map(|(folder, _)| folder.to_owned());
    let mut folders: BTreeMap<String, usize> = BTreeMap::new();
    for folder in transcripts.iter().filter_map(|transcript| folder(transcript.id)) {
        *folders.entry(folder).or_default() += 1;
    }
    let has_groups = folders.len() < OWN_FOLDERS || folders.values().any(|n| *n > 1);

    // Who is asked in several transcripts under a full name is one case of that name.
    let mut asked: Vec<Vec<Option<String>>> = (people.keys.iter().zip(roles))
        .map(|(keys, roles)| {
            let of = keys.iter().zip(roles);
            of.map(|(key, role)| key.clone().filter(|_| role.role == Role::Participant)).collect()
        })
        .collect();
    let mut full_names: BTreeMap<String, String> = BTreeMap::new();
    for (key, name) in people.keys.iter().flatten().zip(people.names.iter().flatten()) {
        if let Some(key) = key {
            full_names.entry(key.clone()).or_insert_with(|| name.clone());
        }
    }

    // Of one participant a transcript, the name of the file may tell whose session it is.
    let alone: Vec<Option<usize>> = (0..transcripts.len())
        .map(|t| {
            let mut asked = (0..transcripts[t].speakers.len())
                .filter(|&s| roles[t][s].role == Role::Participant)
                .filter(|&s| people.first[t][s] == s);
            asked.next().filter(|_| asked.next().is_none())
        })
        .collect();
    let label_alone = |t: usize| Some(transcripts[t].speakers[alone[t]?].label.as_str());
    let mut labels: Vec<Option<&str>> = (0..transcripts.len()).map(label_alone).collect();
    let ids: Vec<&str> = transcripts.iter().map(|transcript| transcript.id).collect();
    let mut sessions = people_of_sessions(&ids, &labels);
    for (person, of_diary) in sessions.iter_mut().zip(of_diaries(&ids, &labels)) {
        *person = of_diary.or(person.take());
    }
    for (label, _) in labels.iter_mut().zip(&sessions).filter(|(_, person)| person.is_some()) {
        *label = None;
    }

    // So may its head.
    let named: Vec<&[NamedPart]> = transcripts.iter().map(|transcript| transcript.named).collect();
    let keys: Vec<Option<&str>> =
        (0..transcripts.len()).map(|t| asked[t][alone[t]?].as_deref()).collect();
    let in_heads = people_in_heads(&named, &labels, &keys);
    let mut by_head: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (t, key, name) in in_heads.one {
        let is_alone = |s: &usize| Some(people.first[t][*s]) == alone[t];
        for s in (0..transcripts[t].speakers.len()).filter(is_alone) {
            asked[t][s] = Some(key.clone());
            by_head.insert((t, s));
        }
        full_names.entry(key).or_insert(name);
        labels[t] = None;
    }
    let mut may_be_by_head = in_heads.may_be;
    let of_one = of_one(&ids, &labels);
    for (t, person) in of_one.one {
        sessions[t] = Some(person);
    }
    let mut may_be_sessions = of_one.may_be;
    // The person of several files and a file of that name elsewhere are two.
    let people_of_several: BTreeSet<&str> = sessions.iter().flatten().map(String::as_str).collect();
    let short = |id: &str| {
        let stem = stem_of(id);
        let is_taken = stems[stem] > 1 || people_of_several.contains(stem);
        if is_taken { id.to_owned() } else { stem.to_owned() }
    };

    // A label that the head of no file gives to somebody may be a part.
    let in_head = |t: usize, s: usize| {
        by_head.contains(&(t, s)) || people.in_head[t].contains(&Some(people.first[t][s]))
    };
    let unnamed =
        |t: usize| alone[t].filter(|&s| !in_head(t, s)).and_then(|s| asked[t][s].as_deref());
    let part = part_of_all(&ids, &(0..transcripts.len()).map(unnamed).collect::<Vec<_>>());
    let mut under_part: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (t, keys) in asked.iter_mut().enumerate() {
        for (s, key) in
            keys.iter_mut().enumerate().filter(|(_, key)| key.is_some() && **key == part)
        {
            *key = None;
            under_part.insert((t, s));
        }
    }
    let n_asked = n_transcripts(&asked);
    let mut by_label: BTreeSet<(usize, usize)> = BTreeSet::new();

    // Names by default; rows of the table rename and describe.
    let mut names: Vec<Vec<Option<String>>> = Vec::with_capacity(transcripts.len());
    let mut known: BTreeMap<(usize, usize), BTreeMap<String, String>> = BTreeMap::new();
    let mut of_session: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut unnamed: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (t, transcript) in transcripts.iter().enumerate() {
        let is_participant = |s: &usize| roles[t][*s].role == Role::Participant;
        let participants: Vec<usize> =
            (0..transcript.speakers.len()).filter(is_participant).collect();
        let first = &people.first[t];
        let words = |person: usize| -> u64 {
            let own = participants.iter().filter(|&&s| first[s] == person);
            own.map(|&s| u64::from(transcript.speakers[s].n_words)).sum()
        };
        let all_words: u64 =
            participants.iter().map(|&s| u64::from(transcript.speakers[s].n_words)).sum();
        // A partner who calls from the kitchen does not make it a group interview.
        let mut main: BTreeSet<usize> = participants
            .iter()
            .map(|&s| first[s])
            .filter(|&p| words(p) * 20 >= all_words)
            .collect();
        let mut of_speaker = vec![None; transcript.speakers.len()];
        // Whoever it was beside the only one who is asked, it was rather that one.
        let is_anybody =
            |s: &usize| part_of(&normal_label(&transcript.speakers[*s].label)) == Some(Part::Stray);
        let mut somebody = participants.iter().filter(|s| !is_anybody(s)).map(|&s| first[s]);
        let only = somebody.next().filter(|one| somebody.all(|other| other == *one));
        main.retain(|&person| only.is_none_or(|only| person == only));
        let strays = participants.iter().copied().filter(|s| only.is_some() && is_anybody(s));
        let strays: BTreeSet<usize> = strays.collect();
        for &s in &participants {
            let label = &transcript.speakers[s].label;
            let of_file = transcript.attributes.get(label);
            let own_row = of_file.is_some();
            let recurs = asked[t][s].as_ref().filter(|key| n_asked.get(key.as_str()) > Some(&1));
            of_speaker[s] = Some(if let Some(key) = recurs {
                if !in_head(t, s) {
                    by_label.insert((t, s));
                }
                full_names.get(key.as_str()).unwrap_or(&people.names[t][s]).clone()
            } else if (main.len() == 1 && main.contains(&first[s]) && !own_row) || label == UNNAMED
            {
                let person = sessions[t].clone();
                if person.is_some() {
                    of_session.insert((t, s));
                }
                person.unwrap_or_else(|| short(transcript.id))
            } else {
                format!("{}/{}", short(transcript.id), people.names[t][s])
            });
            let attributes = known.entry((t, s)).or_default();
            if let Some(folder) = folder(transcript.id).filter(|_| has_groups) {
                attributes.insert("group".to_owned(), folder);
            }
            attributes.extend(of_file.into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())));
        }
        for &s in &strays {
            of_speaker[s] = only.and_then(|only| of_speaker[only].clone());
            unnamed.insert((t, s));
        }
        names.push(of_speaker);
    }
    // The folder of a session is no group of people, nor of those who came to one alone.
    let folder_of = |&(t, _): &(usize, usize)| folder(transcripts[t].id);
    let of_sessions = of_session.iter().filter_map(folder_of).filter(|it| is_of_session(it));
    let of_sessions: BTreeSet<String> = of_sessions.collect();
    for (place, attributes) in &mut known {
        let folder = folder_of(place).filter(|folder| of_sessions.contains(folder));
        if folder.is_some() && attributes.get("group") == folder.as_ref() {
            attributes.remove("group");
        }
    }
    matches.sort_by_key(|&(row_idx, ..)| table.rows[row_idx].is_close());
    let mut told: BTreeMap<(usize, usize, &str), &CaseRow> = BTreeMap::new();
    // `Ada` and `ada` are one case, as it is written first.
    let mut spelled: BTreeMap<String, &String> = BTreeMap::new();
    for case in table.rows.iter().filter_map(|row| row.case.as_ref()) {
        spelled.entry(normal_label(case)).or_insert(case);
    }
    for (row_idx, t, speaker) in matches {
        let row = &table.rows[row_idx];
        let everyone = 0..transcripts[t].speakers.len();
        let first = &people.first[t];
        for s in everyone.filter(|&s| speaker.is_none_or(|only| first[only] == first[s])) {
            if names[t][s].is_none() {
                continue;
            }
            for (name, value) in row.told() {
                let before =
                    told.insert((t, s, name), row).filter(|it| it.is_close() == row.is_close());
                if let Some(before) = before
                    && let Some((_, other)) =
                        before.told().find(|(known, it)| *known == name && *it != value)
                {
                    let about = transcripts[t].id;
                    return Err(CasesError {
                        line: row.line,
                        problem: format!(
                            "`{name}` of {about} is `{value}` here, and `{other}` in line {}",
                            before.line
                        ),
                        remedy: Remedy::new("correct one of the rows, or name the speaker in each"),
                    });
                }
            }
            let by_speaker = row.speaker.as_ref().filter(|_| row.transcript.is_none());
            if let Some(case) = row.case.as_ref().or(by_speaker) {
                let case = spelled.get(&normal_label(case)).copied().unwrap_or(case);
                names[t][s] = Some(case.clone());
                of_session.remove(&(t, s));
                by_label.remove(&(t, s));
                by_head.remove(&(t, s));
                unnamed.remove(&(t, s));
                under_part.remove(&(t, s));
                may_be_sessions.retain(|of| !of.contains(&t));
                may_be_by_head.retain(|of| !of.contains(&t));
            }
            let attributes = known.entry((t, s)).or_default();
            for (name, value) in &row.attributes {
                let name = if name.eq_ignore_ascii_case("group") { "group" } else { name };
                attributes.insert(name.to_owned(), value.clone());
            }
        }
    }

    let ids: BTreeSet<&String> = names.iter().flatten().flatten().collect();
    let mut ids: Vec<&String> = ids.into_iter().collect();
    ids.sort_by(|a, b| natural_order(a, b));
    let mut cases: Vec<Case> =
        ids.iter().map(|id| Case { id: (*id).clone(), attributes: BTreeMap::new() }).collect();
    let place: BTreeMap<&String, usize> =
        ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let of_speaker: Vec<Vec<Option<usize>>> = names
        .iter()
        .map(|speakers| speakers.iter().map(|name| name.as_ref().map(|name| place[name])).collect())
        .collect();
    let respelled = spell_alike(&mut known);
    let mut values: BTreeMap<&str, BTreeMap<usize, BTreeSet<&str>>> = BTreeMap::new();
    for ((t, s), attributes) in &known {
        for (name, value) in attributes {
            if let Some(case) = of_speaker[*t][*s] {
                values.entry(name).or_default().entry(case).or_default().insert(value);
            }
        }
    }
    let mut varying: BTreeMap<String, Vec<Vec<Option<String>>>> = BTreeMap::new();
    for (&name, by_case) in &values {
        for (&case, told) in by_case {
            let mut told: Vec<&str> = told.iter().copied().collect();
            told.sort_by(|a, b| natural_order(a, b));
            cases[case].attributes.insert(name.to_owned(), told.join("; "));
        }
        if by_case.values().any(|told| told.len() > 1) {
            let value = |t: usize, s: usize| known.get(&(t, s))?.get(name).cloned();
            let of = |(t, of): (usize, &Vec<_>)| (0..of.len()).map(|s| value(t, s)).collect();
            varying.insert(name.to_owned(), of_speaker.iter().enumerate().map(of).collect());
        }
    }
    let sessions = of_session.into_iter().map(|(t, _)| t).collect();
    Ok(Cases {
        cases,
        of_speaker,
        varying,
        sessions,
        may_be_sessions,
        by_label,
        by_head,
        may_be_by_head,
        unnamed,
        under_part,
        respelled,
    })
}

/// Spells values of an attribute that differ by case, blanks or Unicode form only as most
/// transcripts and speakers have them; these come out, by attribute, the one that is kept first.
fn spell_alike(
    known: &mut BTreeMap<(usize, usize), BTreeMap<String, String>>,
) -> Vec<(String, Vec<String>)> {
    let mut spelled: BTreeMap<(String, String), BTreeMap<String, usize>> = BTreeMap::new();
    for (name, value) in known.values().flatten() {
        let spellings = spelled.entry((name.clone(), normal_label(value))).or_default();
        *spellings.entry(value.clone()).or_default() += 1;
    }
    spelled.retain(|_, spellings| spellings.len() > 1);
    let mut respelled: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for (value, spellings) in spelled {
        let mut spellings: Vec<(String, usize)> = spellings.into_iter().collect();
        spellings.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| natural_order(a, b)));
        respelled.insert(value, spellings.into_iter().map(|(spelling, _)| spelling).collect());
    }
    for (name, value) in known.values_mut().flatten() {
        if let Some(spellings) = respelled.get(&(name.clone(), normal_label(value))) {
            value.clone_from(&spellings[0]);
        }
    }
    respelled.into_iter().map(|((name, _), spellings)| (name, spellings)).collect()
}

#[cfg(test)]
mod tests;
