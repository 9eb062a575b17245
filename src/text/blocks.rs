//! Tells the people apart who have one label in several interviews of one file.
//!
//! Which interview of the file each turn is in comes in, with its label; for every label
//! that is somebody else's in each, `Participant` beside `Interviewer`, a label of the
//! interview goes out: `Participant 2`.

use std::collections::{BTreeMap, BTreeSet};

use crate::labels::{Part, fold, is_role, part_in};

/// The fewest turns of an interview among several.
const MIN_TURNS: usize = 3;
/// The share of the interviews that hold so many turns of so many people.
const NEARLY_ALL: f64 = 0.8;

/// The turns of one file: which interview each is in, from 0, and who speaks.
pub(super) type Turns<'t> = [(usize, &'t str)];

/// The labels, folded, of those who talk in several of the interviews; none unless nearly
/// all interviews are talk of at least two people, and share one of them.
pub(crate) fn shared(turns: &Turns<'_>) -> BTreeSet<String> {
    let mut blocks: BTreeMap<usize, (usize, BTreeSet<&str>)> = BTreeMap::new();
    let mut of_label: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (block, label) in turns {
        let (n_turns, people) = blocks.entry(*block).or_default();
        *n_turns += 1;
        people.insert(label);
        of_label.entry(fold(label)).or_default().insert(*block);
    }
    of_label.retain(|_, blocks| blocks.len() > 1);
    let is_talk = |(n_turns, people): &&(usize, BTreeSet<&str>)| {
        *n_turns >= MIN_TURNS
            && people.len() > 1
            && people.iter().any(|label| of_label.contains_key(&fold(label)))
    };
    let n_talk = blocks.values().filter(is_talk).count();
    if blocks.len() > 1 && n_talk as f64 >= NEARLY_ALL * blocks.len() as f64 {
        of_label.into_keys().collect()
    } else {
        BTreeSet::new()
    }
}

/// Of shared labels those that are somebody else's in each interview: parts and codes
/// beside a label of who asks. Without one it is not known who is the same.
pub(crate) fn given_anew(shared: &BTreeSet<String>) -> BTreeSet<String> {
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

/// What stands behind a label that is given anew, by interview: its name, written so that no
/// label made of it is that of anybody else. `anew` and `labels`, all those of the file, are
/// folded.
pub(crate) fn behind(
    names: &[String],
    anew: &BTreeSet<String>,
    labels: &BTreeSet<String>,
) -> Vec<String> {
    let mut taken = labels.clone();
    let free = |name: &String| {
        let plain = [format!(" {name}"), format!(", interview {name}")];
        let counted = (2..).map(|n| format!(", interview {name} ({n})"));
        let made = |behind: &String| -> Vec<String> {
            anew.iter().map(|label| fold(&format!("{label}{behind}"))).collect()
        };
        let mut ways = plain.into_iter().chain(counted);
        let found = ways.find(|way| !made(way).iter().any(|label| taken.contains(label)));
        let found = found.unwrap_or_default();
        taken.extend(made(&found));
        found
    };
    names.iter().map(free).collect()
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

    #[test]
    fn a_label_of_an_interview_is_that_of_nobody_else() {
        let set = |of: &[&str]| of.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>();
        let behind = |names: &[&str], labels: &[&str]| {
            let names: Vec<String> = names.iter().map(|it| (*it).to_owned()).collect();
            super::behind(&names, &set(&["r"]), &set(labels))
        };
        assert_eq!(behind(&["7", "9"], &["r", "i"]), [" 7", " 9"]);
        assert_eq!(behind(&["1", "2"], &["r", "i", "r 2"]), [" 1", ", interview 2"]);
        assert_eq!(
            behind(&["E1", "e1", "E1"], &["r"]),
            [" E1", ", interview e1", ", interview E1 (2)"]
        );
    }
}
