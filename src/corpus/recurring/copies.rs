//! Which transcripts are the same interview twice: a file and its edited copy.
//!
//! A sketch of each transcript's runs of words comes in; pairs of transcripts go out that
//! share most of them. So that a guide that is read out to everybody makes no copies, they
//! must share most of what each of their speakers says.
//!
//! A sketch is the runs with the smallest numbers, which are as good as drawn by lot, and the
//! same in every transcript that has them (Broder 1997, "On the resemblance and containment of
//! documents"). Whatever a sketch suggests is looked up in all runs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::talk::{Run, Talk};

/// Two transcripts that seem to be one interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// The first, by its place in the study.
    pub first: usize,
    /// The other one; it is the other one of one pair only.
    pub second: usize,
    /// How many in a hundred of the runs of words of the shorter one are in both.
    pub percent: usize,
}

/// The fewest runs of a transcript that can be told to be another one's copy.
const MIN_RUNS: usize = 60;
/// The fewest runs of a speaker who must be in both.
const MIN_RUNS_OF_SPEAKER: usize = 20;
/// How many in a hundred runs must be in both.
const MIN_PERCENT: usize = 50;
/// How many in a hundred of a sketch must be, where few runs stand for all.
const MIN_PERCENT_OF_SKETCH: usize = 25;
/// What stands in more transcripts is a way of speaking, or read out.
const MAX_TRANSCRIPTS: usize = 12;

/// The first bits of the smallest runs of a transcript, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Sketch(Vec<u32>);

impl Sketch {
    /// How many runs it holds of a transcript that has more.
    const SIZE: usize = 256;

    pub(super) fn of(talk: &Talk) -> Self {
        let mut first: Vec<u32> =
            talk.distinct_runs().into_iter().map(|run| (run >> 32) as u32).collect();
        first.dedup();
        first.truncate(Self::SIZE);
        Self(first)
    }

    /// Up to where it holds all runs.
    fn reach(&self) -> u32 {
        if self.0.len() < Self::SIZE { u32::MAX } else { self.0[Self::SIZE - 1] }
    }

    fn n_up_to(&self, reach: u32) -> usize {
        self.0.partition_point(|run| *run <= reach)
    }
}

/// Finds the transcripts that are copies of an earlier one, by the sketches of all. `talk` is
/// asked for both of a pair.
pub(super) fn find_copies<'t, E>(
    sketches: &[Sketch],
    talk: &dyn Fn(usize) -> Result<Cow<'t, Talk>, E>,
) -> Result<Vec<Copied>, E> {
    let mut copied: Vec<Copied> = Vec::new();
    let mut is_copy = vec![false; sketches.len()];
    for (first, second) in alike(sketches) {
        if is_copy[second] {
            continue;
        }
        let [one, other] = [talk(first)?, talk(second)?];
        if let Some(percent) = shared_percent(&one, &other) {
            is_copy[second] = true;
            copied.push(Copied { first, second, percent });
        }
    }
    Ok(copied)
}

/// The pairs whose sketches share enough, in order.
fn alike(sketches: &[Sketch]) -> Vec<(usize, usize)> {
    let long_enough = (0_u32..).zip(sketches).filter(|(_, it)| it.0.len() >= MIN_RUNS);
    let mut places: Vec<(u32, u32)> =
        long_enough.flat_map(|(t, it)| it.0.iter().map(move |run| (*run, t))).collect();
    places.sort_unstable();
    let mut n_shared: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    let same = places.chunk_by(|a, b| a.0 == b.0);
    for same in same.filter(|same| same.len() <= MAX_TRANSCRIPTS) {
        for (at, (_, first)) in same.iter().enumerate() {
            for (_, second) in &same[at + 1..] {
                *n_shared.entry((*first, *second)).or_default() += 1;
            }
        }
    }
    let are_alike = |((first, second), n_shared): ((u32, u32), usize)| {
        let (first, second) = (first as usize, second as usize);
        let reach = sketches[first].reach().min(sketches[second].reach());
        let n = sketches[first].n_up_to(reach).min(sketches[second].n_up_to(reach));
        (100 * n_shared >= MIN_PERCENT_OF_SKETCH * n).then_some((first, second))
    };
    n_shared.into_iter().filter_map(are_alike).collect()
}

/// How many in a hundred of the shorter one's runs are in both, if they are copies.
fn shared_percent(one: &Talk, other: &Talk) -> Option<usize> {
    let (of_one, of_other) = (one.distinct_runs(), other.distinct_runs());
    let (short, of_short, of_long) = if of_one.len() < of_other.len() {
        (one, of_one, of_other)
    } else {
        (other, of_other, of_one)
    };
    let percent_in_long = |runs: &[Run]| {
        let n_in = runs.iter().filter(|run| of_long.binary_search(run).is_ok()).count();
        100 * n_in / runs.len()
    };
    let by_speaker = short.runs_by_speaker();
    let are_in_long = by_speaker
        .iter()
        .filter(|runs| runs.len() >= MIN_RUNS_OF_SPEAKER)
        .all(|runs| percent_in_long(runs) >= MIN_PERCENT);
    let percent = percent_in_long(&of_short);
    (percent >= MIN_PERCENT && are_in_long).then_some(percent)
}
