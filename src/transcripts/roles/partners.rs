//! With how many people everybody talks who come less often.
//!
//! The voices of all transcripts come in; they go out with the number of their partners:
//! who talks with ever different people rather asks them.

use std::collections::{BTreeMap, BTreeSet};

use super::Voice;
use crate::labels::{Part, part_in};
use crate::transcripts::normal_label;
use crate::transcripts::people::n_transcripts;

/// Of the partners' words, the share that must be of people who come less often.
const NEW_PARTNERS: f64 = 0.7;

/// Whether somebody who is in so many transcripts comes less often than another.
fn comes_less(n: usize, than: usize) -> bool {
    n * 10 <= than * 7
}

/// Counts in how many transcripts everybody speaks, and with how many partners who come
/// less often. A label such as `Participant` is somebody else in each file.
pub(super) fn count_partners(files: &mut [Vec<Voice>]) {
    let keys: Vec<Vec<Option<String>>> =
        files.iter().map(|voices| voices.iter().map(|voice| voice.key.clone()).collect()).collect();
    let n_files = n_transcripts(&keys);
    let of = |key: &Option<String>| {
        key.as_deref().and_then(|key| n_files.get(key)).copied().unwrap_or(1)
    };
    let mut partners: BTreeMap<&str, (BTreeSet<String>, f64, f64)> = BTreeMap::new();
    for (t, (voices, keys)) in files.iter().zip(&keys).enumerate() {
        for (v, key) in keys.iter().enumerate() {
            let Some(name) = key.as_deref().filter(|_| of(key) > 1) else { continue };
            let entry = partners.entry(name).or_default();
            for (other, voice) in voices.iter().enumerate().filter(|(other, _)| *other != v) {
                entry.2 += voice.n_words;
                if comes_less(of(&keys[other]), of(key)) {
                    entry.1 += voice.n_words;
                    let own = || format!("{t} {other}");
                    entry.0.insert(keys[other].clone().unwrap_or_else(own));
                }
            }
        }
    }
    let found: BTreeMap<String, (usize, usize)> = partners
        .into_iter()
        .map(|(key, (distinct, new, all))| {
            let n = if new >= NEW_PARTNERS * all { distinct.len() } else { 0 };
            (key.to_owned(), (n, n_files[key]))
        })
        .collect();
    for voice in files.iter_mut().flatten() {
        if let Some((n, n_files)) = voice.key.as_ref().and_then(|key| found.get(key)) {
            (voice.n_partners, voice.n_files) = (*n, *n_files);
        }
    }
}

/// The fewest letters and digits of a code that is given out once in a study, `TOR004`;
/// `P1` may be somebody else in each transcript.
const LONG_CODE: (usize, usize) = (2, 2);
/// The fewest partners of a shorter code that is one person in all transcripts.
const MANY_PARTNERS: usize = 3;

/// The same of people who are known by a code, `TOR004` or `A1`: a code is one person only
/// if nearly all who talk with it come less often, by their labels. A long one then counts as
/// a name; how a short one asks in other transcripts may be carried over, no more.
pub(super) fn count_partners_of_codes(files: &mut [Vec<Voice>]) {
    let label = |voice: &Voice| normal_label(&voice.name);
    let mut n_files: BTreeMap<String, usize> = BTreeMap::new();
    for voices in files.iter() {
        for label in voices.iter().map(label).collect::<BTreeSet<String>>() {
            *n_files.entry(label).or_default() += 1;
        }
    }
    let mut partners: BTreeMap<String, (BTreeSet<String>, f64, f64)> = BTreeMap::new();
    for voices in files.iter() {
        let labels: Vec<String> = voices.iter().map(label).collect();
        let n_files: Vec<usize> = labels.iter().map(|label| n_files[label]).collect();
        // Nobody comes less often than whoever comes once.
        let is_asked = |v: &usize| n_files[*v] > 1 && is_code(&voices[*v]);
        for v in (0..voices.len()).filter(is_asked) {
            let entry = partners.entry(labels[v].clone()).or_default();
            for (o, other) in voices.iter().enumerate().filter(|(o, _)| *o != v) {
                entry.2 += other.n_words;
                if comes_less(n_files[o], n_files[v]) {
                    entry.1 += other.n_words;
                    entry.0.insert(labels[o].clone());
                }
            }
        }
    }
    for voice in files.iter_mut().flatten() {
        let normal = label(voice);
        let Some((distinct, new, all)) = partners.get(&normal).filter(|_| is_code(voice)) else {
            continue;
        };
        let (n, is_one) = (distinct.len(), *new >= NEW_PARTNERS * all);
        let is_long = is_long_code(&normal);
        if is_one && n >= if is_long { 2 } else { MANY_PARTNERS } {
            voice.key = Some(format!("code {normal}"));
            voice.n_files = n_files[&normal];
            voice.n_partners = if is_long { n } else { 0 };
        }
    }
}

/// Whether somebody is known by a code and by no name or part.
fn is_code(voice: &Voice) -> bool {
    let normal = normal_label(&voice.name);
    let letters = normal.trim_end_matches(|c: char| c.is_numeric());
    let is_part = matches!(part_in(letters), Some(part) if part != Part::Anybody)
        || letters.chars().count() > 2 && part_in(letters).is_some();
    voice.key.is_none()
        && letters.len() < normal.len()
        && !letters.is_empty()
        && letters.chars().all(char::is_alphabetic)
        && !is_part
}

/// Whether a code has the letters and digits of one that is given out once.
fn is_long_code(normal: &str) -> bool {
    let letters = normal.trim_end_matches(|c: char| c.is_numeric());
    let n_letters = letters.chars().count();
    n_letters >= LONG_CODE.0 && normal.chars().count() - n_letters >= LONG_CODE.1
}
