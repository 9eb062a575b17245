//! How many transcripts have which runs of words.
//!
//! Talk comes in; the runs and short sentences that most transcripts have go out. Those that
//! a quarter has are kept with their counts, and so a transcript that is added is counted
//! alone: what less than a quarter had, no majority has until half as many have been added.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::are_most;
use super::talk::{Run, Talk};
use crate::base::{Progress, Stopped};

/// How often a transcript that has something may have it, on average.
const MAX_TIMES: u32 = 2;
/// A run that one in so many transcripts has is kept.
const KEPT_OF: usize = 4;
/// Among how many numbers runs are spread at most: two to the power of this.
const MAX_SPREAD_BITS: u32 = 22;

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Tally {
    /// How many transcripts were counted when all runs were seen.
    n_at_first: usize,
    /// How many transcripts are counted.
    n: usize,
    seen: BTreeMap<Run, Seen>,
}

/// Where a run or a short sentence was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    n_transcripts: u32,
    n: u32,
    is_always_at_edge: bool,
}

impl Seen {
    fn recurs(&self, of: usize) -> bool {
        self.is_always_at_edge
            && are_most(self.n_transcripts as usize, of)
            && self.n <= MAX_TIMES * self.n_transcripts
    }
}

impl Tally {
    /// Counts in all of them, in any order.
    pub(super) fn of(talks: &[&Talk], progress: &dyn Progress) -> Result<Self, Stopped> {
        let n = talks.len();
        let least = n.div_ceil(KEPT_OF);
        let spread = Spread::of(talks, progress)?;
        let is_frequent = |run: Run| spread.n_transcripts(run) >= least;
        let mut seen: HashMap<Run, (Seen, usize)> = HashMap::new();
        for (t, talk) in talks.iter().enumerate() {
            progress.go_on()?;
            for (run, is_at_edge) in counted(talk).filter(|(run, _)| is_frequent(*run)) {
                let first =
                    || (Seen { n_transcripts: 0, n: 0, is_always_at_edge: true }, usize::MAX);
                let (seen, last) = seen.entry(run).or_insert_with(first);
                seen.n += 1;
                seen.is_always_at_edge &= is_at_edge;
                seen.n_transcripts += u32::from(std::mem::replace(last, t) != t);
            }
        }
        let kept = seen.into_iter().map(|(run, (seen, _))| (run, seen));
        let seen = kept.filter(|(_, seen)| seen.n_transcripts as usize >= least).collect();
        Ok(Self { n_at_first: n, n, seen })
    }

    /// How many were counted alone.
    pub(super) fn n_added(&self) -> usize {
        self.n - self.n_at_first
    }

    /// Whether so many more can be counted alone.
    pub(super) fn takes(&self, n_more: usize) -> bool {
        2 * (self.n_added() + n_more) <= self.n_at_first
    }

    /// Counts in one more transcript.
    pub(super) fn add(&mut self, talk: &Talk) {
        self.n += 1;
        let mut is_new: HashSet<Run> = HashSet::new();
        for (run, is_at_edge) in counted(talk) {
            if let Some(seen) = self.seen.get_mut(&run) {
                seen.n += 1;
                seen.is_always_at_edge &= is_at_edge;
                seen.n_transcripts += u32::from(is_new.insert(run));
            }
        }
    }

    /// What recurs.
    pub(super) fn recurring(&self) -> Runs {
        let recurs = self.seen.iter().filter(|(_, seen)| seen.recurs(self.n));
        Runs::new(recurs.map(|(run, _)| *run).collect())
    }
}

/// What is counted in a talk, each with whether it stands where it may recur.
fn counted(talk: &Talk) -> impl Iterator<Item = (Run, bool)> + '_ {
    let short = talk.sentences.iter().filter(|sentence| sentence.is_short());
    let short = short.map(|sentence| (talk.whole(sentence), sentence.is_at_edge));
    talk.runs().map(|(_, run)| (run, true)).chain(short)
}

/// At most how many transcripts have a run, by its first bits: most runs stand in one only, and
/// need no place of their own.
struct Spread {
    n_bits: u32,
    n_transcripts: Vec<u32>,
}

impl Spread {
    fn of(talks: &[&Talk], progress: &dyn Progress) -> Result<Self, Stopped> {
        let n_runs: usize = talks.iter().map(|talk| talk.n_words()).sum();
        let n_bits = (n_runs.max(1).ilog2() + 1).min(MAX_SPREAD_BITS);
        let mut last = vec![u32::MAX; 1 << n_bits];
        let mut n_transcripts = vec![0; 1 << n_bits];
        for (t, talk) in (0..).zip(talks) {
            progress.go_on()?;
            for (run, _) in counted(talk) {
                let place = first_bits(run, n_bits);
                n_transcripts[place] += u32::from(std::mem::replace(&mut last[place], t) != t);
            }
        }
        Ok(Self { n_bits, n_transcripts })
    }

    fn n_transcripts(&self, run: Run) -> usize {
        self.n_transcripts[first_bits(run, self.n_bits)] as usize
    }
}

fn first_bits(run: Run, n_bits: u32) -> usize {
    usize::try_from(run >> (Run::BITS - n_bits)).expect("a few bits are a place")
}

/// Runs among which others are looked up.
#[derive(PartialEq)]
pub(super) struct Runs {
    /// In order.
    runs: Vec<Run>,
    /// Whether one of them begins with these bits: nearly all talk is none of them.
    begins: Vec<bool>,
}

impl Runs {
    /// How many bits of a run are looked at first.
    const N_BITS: u32 = 16;

    fn new(runs: Vec<Run>) -> Self {
        let mut begins = vec![false; 1 << Self::N_BITS];
        for run in &runs {
            begins[first_bits(*run, Self::N_BITS)] = true;
        }
        Self { runs, begins }
    }

    /// The place of a run among them.
    pub(super) fn place_of(&self, run: Run) -> Option<usize> {
        let may_be = self.begins[first_bits(run, Self::N_BITS)];
        if may_be { self.runs.binary_search(&run).ok() } else { None }
    }

    pub(super) fn len(&self) -> usize {
        self.runs.len()
    }
}
