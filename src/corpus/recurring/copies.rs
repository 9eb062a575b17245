//! Which transcripts are the same interview twice: a file and its edited copy.
//!
//! The words of all transcripts come in; pairs of transcripts go out that share most of
//! their runs of words. So that a guide that is read out to everybody makes no copies,
//! they must share most of what each of their speakers says.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Read, Run};
use crate::base::{Progress, Stopped};

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
type Place = (Run, u32);

/// Finds the transcripts that are copies of an earlier one.
pub(super) fn find_copies(read: &[Read], progress: &dyn Progress) -> Result<Vec<Copied>, Stopped> {
    let long_enough: Vec<(u32, &Read)> =
        (0..).zip(read).filter(|(_, read)| has_enough_runs(read)).collect();
    let n_runs: usize = read.iter().map(|read| read.words.len()).sum();
    let mut shared: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    // In parts, so that many runs take no more memory than few.
    let n_parts = n_runs.div_ceil(BUCKETS).max(1);
    for part in 0..n_parts {
        let each_run = |note: &mut dyn FnMut(u32, Run, usize)| {
            for &(t, read) in &long_enough {
                for (_, run) in read.runs() {
                    let (part_of_run, bucket) = bucket(&run, n_parts);
                    if part_of_run == part {
                        note(t, run, bucket);
                    }
                }
            }
        };
        // Most runs stand once only, and need not be sorted with the others.
        let mut n_in = vec![0_u8; BUCKETS];
        progress.go_on()?;
        each_run(&mut |_, _, bucket| n_in[bucket] = n_in[bucket].saturating_add(1));
        let mut places: Vec<Place> = Vec::new();
        progress.go_on()?;
        each_run(&mut |t, run, bucket| {
            if n_in[bucket] > 1 {
                places.push((run, t));
            }
        });
        progress.go_on()?;
        places.sort_unstable();
        places.dedup();
        let same = places.chunk_by(|a, b| a.0 == b.0);
        for same in same.filter(|same| same.len() <= MAX_TRANSCRIPTS) {
            for (at, (_, first)) in same.iter().enumerate() {
                for (_, second) in &same[at + 1..] {
                    *shared.entry((*first, *second)).or_default() += 1;
                }
            }
        }
    }
    // Each has as many runs as copies must have, or more.
    shared.retain(|_, n_shared| 100 * *n_shared >= MIN_PERCENT * MIN_RUNS);
    let mut copied: Vec<Copied> = Vec::new();
    let mut is_copy = vec![false; read.len()];
    for ((first, second), n_shared) in shared {
        let (first, second) = (first as usize, second as usize);
        if is_copy[second] {
            continue;
        }
        let [of_first, of_second] = [first, second].map(|t| distinct(read[t].runs()));
        let percent = 100 * n_shared / of_first.len().min(of_second.len());
        let (short, of_long) =
            if of_first.len() < of_second.len() { (first, of_second) } else { (second, of_first) };
        if percent >= MIN_PERCENT && read[short].is_all_in(&of_long) {
            is_copy[second] = true;
            copied.push(Copied { first, second, percent });
        }
    }
    Ok(copied)
}

/// Whether a transcript has [`MIN_RUNS`] different runs.
fn has_enough_runs(read: &Read) -> bool {
    let mut seen = BTreeSet::new();
    read.runs().any(|(_, run)| {
        seen.insert(run);
        seen.len() == MIN_RUNS
    })
}

/// One of `n_parts` and one of the numbers under [`BUCKETS`], mostly others for another run.
fn bucket(run: &Run, n_parts: usize) -> (usize, usize) {
    // The multiplier of Fibonacci hashing: 2^64 over the golden ratio.
    let mix = |hash: u64, word: &u32| {
        (hash.rotate_left(5) ^ u64::from(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    };
    let hash = run.iter().fold(0, mix);
    let part = (hash & ((1 << 42) - 1)) % n_parts as u64;
    let [part, bucket] =
        [part, hash >> 42].map(|n| usize::try_from(n).expect("there are fewer than runs"));
    (part, bucket)
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
