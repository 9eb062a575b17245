//! Names: what is shown instead of them, and what may still tell who somebody is.

use std::collections::BTreeMap;

use askama::Template;

use crate::answers::{KeyRow, Leak};
use crate::pseudonyms::identifying::Identifying;
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
    /// What may tell who somebody is: the words, and where they stand.
    found: Vec<(Leak, String)>,
    /// Names on the key that can still be seen somewhere.
    n_leaking: usize,
    notes: Vec<String>,
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
    page(&NamesPage {
        frame: Frame::of(visit, "Study", "Names")?,
        hidden: hidden.into_values().collect(),
        names,
        found: scan.found.into_iter().map(|leak| (leak.clone(), place(&leak))).collect(),
        n_leaking,
        notes: scan.notes,
    })
}
