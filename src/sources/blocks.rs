//! Tells the people apart who have one label in several interviews of one file.
//!
//! Which interview of the file each turn is in comes in, with its label; for every label
//! that is somebody else's in each, `Participant` beside `Interviewer`, a label of the
//! interview goes out: `Participant 2`.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::labels::{Part, fold, is_role, part_in};

/// The fewest turns of an interview among several.
const MIN_TURNS: usize = 3;
/// The share of the interviews that hold so many turns of so many people.
const NEARLY_ALL: f64 = 0.8;

/// The turns of one file: which interview each is in, from 0, and who speaks.
pub(super) type Turns<'t> = [(usize, &'t str)];

/// The labels, folded, of those who talk in several of the interviews; none unless nearly
/// all interviews are talk of at least two people, and share one of them.
pub(super) fn shared(turns: &Turns<'_>) -> BTreeSet<String> {
    let mut n_turns: BTreeMap<usize, usize> = BTreeMap::new();
    let mut of_label: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (block, label) in turns {
        *n_turns.entry(*block).or_default() += 1;
        of_label.entry(fold(label)).or_default().insert(*block);
    }
    of_label.retain(|_, blocks| blocks.len() > 1);
    let is_talk = |block: &usize| {
        let people: BTreeSet<&str> =
            turns.iter().filter(|(of, _)| of == block).map(|(_, label)| *label).collect();
        n_turns[block] >= MIN_TURNS
            && people.len() > 1
            && people.iter().any(|label| of_label.contains_key(&fold(label)))
    };
    let n_talk = n_turns.keys().filter(|block| is_talk(block)).count();
    if n_turns.len() > 1 && n_talk as f64 >= NEARLY_ALL * n_turns.len() as f64 {
        of_label.into_keys().collect()
    } else {
        BTreeSet::new()
    }
}

/// Of shared labels those that are somebody else's in each interview: parts and codes
/// beside a label of who asks. Without one it is not known who is the same.
pub(super) fn given_anew(shared: &BTreeSet<String>) -> BTreeSet<String> {
    let asks = |label: &&String| matches!(part_in(label), Some(Part::Asks | Part::Leads));
    if !shared.iter().any(|label| asks(&label)) {
        return BTreeSet::new();
    }
    let is_anew = |label: &&String| match part_in(label) {
        Some(Part::Asks | Part::Leads | Part::Neither | Part::Stray) => false,
        Some(_) => true,
        None => is_role(label),
    };
    shared.iter().filter(is_anew).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The labels that are given anew, of interviews one after the other.
    fn anew(blocks: &[&[&str]]) -> Vec<String> {
        let turns: Vec<(usize, &str)> = blocks
            .iter()
            .enumerate()
            .flat_map(|(block, labels)| labels.iter().map(move |label| (block, *label)))
            .collect();
        given_anew(&shared(&turns)).into_iter().collect()
    }

    #[test]
    fn a_part_beside_who_asks_is_somebody_else_in_each_interview() {
        let one: &[&str] = &["Interviewer", "Participant", "Interviewer", "Participant"];
        assert_eq!(anew(&[one, one]), ["participant"]);
        assert_eq!(anew(&[&["Q", "A", "Q"], &["Q", "A", "Q"]]), ["a"]);
        // A name is somebody, and of two names nobody is known to ask.
        assert!(anew(&[&["I", "Ada", "I"], &["I", "Ada", "I"]]).is_empty());
        assert!(anew(&[&["S1", "S2", "S1"], &["S1", "S2", "S1"]]).is_empty());
        // A block without talk is no interview.
        assert!(anew(&[one, &["Participant"]]).is_empty());
    }
}
