//! Which transcripts are the same interview twice: a file and its edited copy.
//!
//! The words of all transcripts come in; pairs of transcripts go out that share most of
//! their runs of words. So that a guide that is read out to everybody makes no copies,
//! they must share most of what each of their speakers says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Read, Run};

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
/// What stands in more transcripts is a way of speaking, or read out.
const MAX_TRANSCRIPTS: usize = 12;

/// Among how many numbers runs are spread to tell which may be in two transcripts.
const BUCKETS: usize = 1 << 22;

/// A run of words, with the place of the transcript.
type Place = (Run, usize);

/// Finds the transcripts that are copies of an earlier one.
pub(super) fn find_copies(read: &[Read]) -> Vec<Copied> {
    let runs: Vec<Vec<Run>> = read.iter().map(|read| distinct(read.runs())).collect();
    // Most runs are in one transcript only, and need not be sorted with the others.
    let mut n_in = vec![0_u8; BUCKETS];
    for run in runs.iter().flatten() {
        let n = &mut n_in[bucket(run)];
        *n = n.saturating_add(1);
    }
    let n_in = &n_in;
    let mut places: Vec<Place> = (0..)
        .zip(&runs)
        .filter(|(_, runs)| runs.len() >= MIN_RUNS)
        .flat_map(|(t, runs)| runs.iter().map(move |run| (*run, t)))
        .filter(|(run, _)| n_in[bucket(run)] > 1)
        .collect();
    places.sort_unstable();
    let n = read.len();
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for same in places.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() <= MAX_TRANSCRIPTS) {
        for (at, (_, first)) in same.iter().enumerate() {
            for (_, second) in &same[at + 1..] {
                *shared.entry((*first, *second)).or_default() += 1;
            }
        }
    }
    let mut copied: Vec<Copied> = Vec::new();
    let mut is_copy = vec![false; n];
    for ((first, second), n_shared) in shared {
        let percent = 100 * n_shared / runs[first].len().min(runs[second].len());
        if is_copy[second] || percent < MIN_PERCENT {
            continue;
        }
        let (short, long) =
            if runs[first].len() < runs[second].len() { (first, second) } else { (second, first) };
        if read[short].is_all_in(&runs[long]) {
            is_copy[second] = true;
            copied.push(Copied { first, second, percent });
        }
    }
    copied
}

/// One of the numbers under [`BUCKETS`], mostly another one for another run.
fn bucket(run: &Run) -> usize {
    // The multiplier of Fibonacci hashing: 2^64 over the golden ratio.
    let mix = |hash: u64, word: &u32| {
        (hash.rotate_left(5) ^ u64::from(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    };
    let hash = run.iter().fold(0, mix);
    usize::try_from(hash >> 42).expect("22 bits are left")
}

fn distinct(runs: impl Iterator<Item = (usize, Run)>) -> Vec<Run> {
    let mut runs: Vec<Run> = runs.map(|(_, run)| run).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

impl Read {
    /// Whether most of what each speaker says is among other runs, which are in order.
    fn is_all_in(&self, other: &[Run]) -> bool {
        let mut of_speaker: Vec<Vec<(usize, Run)>> = Vec::new();
        for (at, run) in self.runs() {
            let turn = self.turns.partition_point(|turn| turn.end <= at);
            let speaker = self.speakers.get(turn).copied().map_or(0, usize::from);
            if of_speaker.len() <= speaker {
                of_speaker.resize(speaker + 1, Vec::new());
            }
            of_speaker[speaker].push((at, run));
        }
        let of_speaker = of_speaker.into_iter().map(|runs| distinct(runs.into_iter()));
        of_speaker.filter(|runs| runs.len() >= MIN_RUNS_OF_SPEAKER).all(|runs| {
            let n_in = runs.iter().filter(|run| other.binary_search(run).is_ok()).count();
            100 * n_in >= MIN_PERCENT * runs.len()
        })
    }
}
