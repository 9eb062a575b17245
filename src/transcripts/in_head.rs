//! Which transcripts are of one person, by who is named at the heads of their files.
//!
//! Of each transcript the names in its head come in, with the label of the one participant
//! where there is only one; the people go out whom several heads name as who is asked:
//!
//! ```text
//! Interviewee: Rosa Blum    in two files: one person, whatever the labels are
//! Participant ID: 07        in two files: perhaps one, and only told
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::header::NamedPart;
use super::normal_label;
use super::people::full_name;
use super::roles::is_generic;
use super::sessions::is_of_all;
use crate::labels::Part;

/// Who is one person by the heads of files.
#[derive(Debug, Default)]
pub(super) struct InHeads {
    /// Transcripts whose heads name somebody whom others name too: what the person is known
    /// by, and the name as it is shown.
    pub(super) one: Vec<(usize, String, String)>,
    /// Transcripts whose heads name somebody by one code, in groups.
    pub(super) may_be: Vec<Vec<usize>>,
}

/// Finds the people whom several heads name. `labels` are those of the only participants,
/// `keys` what these are known by already.
pub(super) fn people_in_heads(
    named: &[&[NamedPart]],
    labels: &[Option<&str>],
    keys: &[Option<&str>],
) -> InHeads {
    let mut full: BTreeMap<String, (String, Vec<usize>)> = BTreeMap::new();
    let mut codes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for t in (0..named.len()).filter(|&t| labels[t].is_some() && keys[t].is_none()) {
        let Some(name) = asked_alone(named[t]) else { continue };
        if let Some((key, shown)) = full_name(name) {
            full.entry(key).or_insert_with(|| (shown, Vec::new())).1.push(t);
        } else if is_code(name) {
            codes.entry(normal_label(name)).or_default().push(t);
        }
    }
    // Two names as labels are two people.
    let agree = |of: &[usize]| {
        let labels = of.iter().filter_map(|&t| labels[t].map(normal_label));
        labels.filter(|label| !is_generic(label)).collect::<BTreeSet<String>>().len() < 2
    };
    let mut found = InHeads::default();
    for (key, (name, of)) in full {
        if of.len() < 2 || !agree(&of) {
            continue;
        }
        if is_of_all(of.len(), named.len()) {
            found.may_be.push(of);
        } else {
            found.one.extend(of.into_iter().map(|t| (t, key.clone(), name.clone())));
        }
    }
    found.may_be.extend(codes.into_values().filter(|of| of.len() > 1 && agree(of)));
    found
}

/// The one name that a head gives to who is asked.
fn asked_alone(named: &[NamedPart]) -> Option<&str> {
    let asked = named.iter().filter(|named| named.part == Part::Answers);
    let names: BTreeSet<&str> = asked.map(|named| named.name.as_str()).collect();
    names.first().copied().filter(|_| names.len() == 1)
}

/// Whether a name is a code of a participant: `P07`, `HCW-11`, `07`. `34` may be an age.
fn is_code(name: &str) -> bool {
    let has = |is: fn(char) -> bool| name.chars().any(is);
    !name.contains(' ')
        && has(char::is_numeric)
        && (has(char::is_alphabetic) || name.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which transcripts are of one person, then which may be, of heads that name who is
    /// asked and the labels of the participants.
    #[track_caller]
    fn check(files: &[(&str, &str)], one: &[(usize, &str)], may_be: &[&[usize]]) {
        let heads: Vec<Vec<NamedPart>> = (files.iter())
            .map(|(name, _)| vec![NamedPart { part: Part::Answers, name: (*name).to_owned() }])
            .collect();
        let heads: Vec<&[NamedPart]> = heads.iter().map(Vec::as_slice).collect();
        let labels: Vec<Option<&str>> = files.iter().map(|(_, label)| Some(*label)).collect();
        let found = people_in_heads(&heads, &labels, &vec![None; files.len()]);
        let shown: Vec<(usize, &str)> =
            found.one.iter().map(|(t, _, name)| (*t, name.as_str())).collect();
        assert_eq!(shown, one, "{files:?}");
        assert_eq!(found.may_be, may_be, "{files:?}");
    }

    #[test]
    fn a_full_name_in_two_heads_is_one_person() {
        check(
            &[("Rosa Blum", "Answer"), ("Emil Fuchs", "Answer"), ("Mrs Rosa Blum", "Answer")],
            &[(0, "Rosa Blum"), (2, "Rosa Blum")],
            &[],
        );
        // The labels name two people, or all have one head.
        check(&[("Rosa Blum", "Ada"), ("Rosa Blum", "Bea")], &[], &[]);
        check(&[("Rosa Blum", "A"); 3], &[], &[&[0, 1, 2]]);
    }

    #[test]
    fn a_code_in_two_heads_is_only_told() {
        check(&[("07", "P"), ("P2", "P"), ("07", "P"), ("34", "P"), ("34", "P")], &[], &[&[0, 2]]);
    }
}
