//! Names: what is shown instead of them, and what may still tell who somebody is.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use crate::answers::{KeyRow, Leak};
use crate::pseudonyms::identifying::Identifying;
use crate::study::Snapshot;
use crate::transcripts::roles::Role;
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Reply, Visit};
use crate::web::words;

#[derive(Template)]
#[template(path = "names.html")]
struct NamesPage {
    frame: Frame,
    hidden: Vec<Hidden>,
    /// The names themselves, if somebody asks for them.
    names: Vec<KeyRow>,
    /// What may tell who somebody is.
    found: Vec<Found>,
    /// Names on the key that can still be seen somewhere.
    n_leaking: usize,
    notes: Vec<String>,
}

/// Words that may tell who somebody is.
struct Found {
    leak: Leak,
    /// The address of a place where they stand.
    place: String,
    /// What could be shown instead, of somebody who speaks; may be empty.
    shown_as: String,
}

impl NamesPage {
    /// Those who speak and are not hidden yet.
    fn who_speak(&self) -> Vec<&Found> {
        self.found.iter().filter(|found| !found.shown_as.is_empty()).collect()
    }
}

/// What could be shown instead of those who speak, by their labels: participants by the name
/// of their case, unless that is their own name, and else by a number.
fn shown_as(study: &Snapshot) -> BTreeMap<&str, String> {
    let corpus = &study.corpus;
    let speakers = corpus.transcripts.iter().map(|known| known.speakers.iter());
    let labels: BTreeSet<&str> = speakers.flatten().map(|it| it.label.as_str()).collect();
    let is_name = |id: &str| labels.iter().any(|label| label.contains(id) || id.contains(label));
    let mut shown_as = BTreeMap::new();
    let mut asking: BTreeSet<&str> = BTreeSet::new();
    for (t, known) in corpus.transcripts.iter().enumerate() {
        for (s, speaker) in known.speakers.iter().enumerate() {
            let label = speaker.label.as_str();
            match (corpus.roles[t][s].role, corpus.cases.of_speaker[t][s]) {
                (Role::Interviewer, _) => drop(asking.insert(label)),
                (Role::Participant, Some(case)) => {
                    let id = &corpus.cases.cases[case].id;
                    let number = format!("Participant {}", case + 1);
                    shown_as.insert(label, if is_name(id) { number } else { id.clone() });
                }
                _ => {}
            }
        }
    }
    for (number, label) in (1..).zip(&asking) {
        let one = "Interviewer".to_owned();
        shown_as.insert(label, if asking.len() == 1 { one } else { format!("{one} {number}") });
    }
    shown_as
}

/// What is shown instead of names.
struct Hidden {
    pseudonym: String,
    n_names: usize,
    n_places: usize,
}

/// The key without its names, unless they are asked for, and what is not on it.
pub(in crate::web) fn show(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let mut names = study.key()?.names;
    let is_of_key = names.iter().any(|row| !row.pseudonym.is_empty());
    let mut scan = study.scan(is_of_key)?;
    let is_asked = !visit.asked("show").is_empty();
    let n_all = scan.found.len();
    scan.found.retain(|leak| is_asked || leak.kind != Identifying::Listed);
    if visit.is_json {
        return Reply::json(&scan);
    }
    let mut hidden: BTreeMap<String, Hidden> = BTreeMap::new();
    for row in names.iter().filter(|row| !row.pseudonym.is_empty()) {
        let of = hidden.entry(row.pseudonym.clone()).or_insert_with(|| Hidden {
            pseudonym: row.pseudonym.clone(),
            n_names: 0,
            n_places: 0,
        });
        of.n_names += 1;
        of.n_places += row.n_places;
    }
    if !is_asked {
        names.clear();
    }
    let n_leaking = n_all - scan.found.len();
    let place = |leak: &Leak| {
        let transcript = words::encoded(&study.shown_text(&leak.transcript));
        format!("/read/{transcript}?lines={}#here", leak.line)
    };
    let mut shown_as = shown_as(study);
    let found = scan.found.into_iter().map(|leak| Found {
        place: place(&leak),
        shown_as: shown_as.remove(leak.text.as_str()).unwrap_or_default(),
        leak,
    });
    page(&NamesPage {
        frame: Frame::of(visit, "Study", "Names")?,
        hidden: hidden.into_values().collect(),
        names,
        found: found.collect(),
        n_leaking,
        notes: scan.notes,
    })
}
