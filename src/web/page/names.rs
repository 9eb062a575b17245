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
/// of their case, unless that tells a name, and else by a number. A label that several people
/// have, or one person in several roles, has none: one would be shown as another.
fn shown_as(study: &Snapshot) -> BTreeMap<&str, String> {
    let corpus = &study.corpus;
    let mut who: BTreeMap<String, BTreeSet<(bool, Option<usize>)>> = BTreeMap::new();
    let mut labels: BTreeSet<&str> = BTreeSet::new();
    for (t, known) in corpus.transcripts.iter().enumerate() {
        for (s, speaker) in known.speakers.iter().enumerate() {
            let asks = corpus.roles[t][s].role == Role::Interviewer;
            let case = corpus.cases.of_speaker[t][s].filter(|_| !asks);
            labels.insert(&speaker.label);
            who.entry(speaker.label.to_lowercase()).or_default().insert((asks, case));
        }
    }
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        words.filter(|word| word.chars().any(char::is_alphabetic)).collect()
    };
    let named: BTreeSet<String> = labels.iter().flat_map(|label| words(label)).collect();
    let tells = |id: &str| study.shown_text(id) != id || !words(id).is_disjoint(&named);
    let asking: BTreeSet<&String> =
        who.iter().filter(|(_, of)| of.contains(&(true, None))).map(|(label, _)| label).collect();
    let mut shown_as = BTreeMap::new();
    for label in labels {
        let folded = label.to_lowercase();
        let [only] = Vec::from_iter(&who[&folded])[..] else { continue };
        let shown = match *only {
            (true, _) if asking.len() == 1 => "Interviewer".to_owned(),
            (true, _) => {
                format!("Interviewer {}", asking.iter().filter(|it| ***it <= folded).count())
            }
            (false, Some(case)) => {
                let id = &corpus.cases.cases[case].id;
                if tells(id) { format!("Participant {}", case + 1) } else { id.clone() }
            }
            (false, None) => continue,
        };
        shown_as.insert(label, shown);
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
