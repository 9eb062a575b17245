//! The order of proposals.
//!
//! Passages with their probabilities come in; they go out in the order in which people
//! read them: the most probable first, and of those that are equally probable the one of
//! whoever has said least of it so far (constant comparison).

use std::collections::BTreeMap;

/// A passage that may be proposed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proposed {
    /// The passage, among all of the study.
    pub passage: usize,
    /// Its case.
    pub case: u32,
    /// How much it is like passages that carry the code.
    pub score: f64,
    /// How probable the code is, in whole percent: finer differences are none that
    /// anybody could stand by.
    pub percent: u8,
}

/// Rounds a probability to whole percent.
pub fn percent_of(probability: f64) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 100 fits, and a cast of anything else saturates"
    )]
    let percent = (probability * 100.0).round() as u8;
    percent.min(100)
}

/// Puts proposals in order. `quoted` says how many quotations of the code each case has.
pub fn in_order(mut proposed: Vec<Proposed>, quoted: &BTreeMap<u32, usize>) -> Vec<Proposed> {
    proposed.sort_by(|a, b| {
        (b.percent.cmp(&a.percent))
            .then_with(|| b.score.total_cmp(&a.score))
            .then(a.passage.cmp(&b.passage))
    });
    let mut told = quoted.clone();
    let mut ordered = Vec::with_capacity(proposed.len());
    for alike in proposed.chunk_by(|a, b| a.percent == b.percent) {
        // The next of a case waits until the others have had as many.
        let mut turns: Vec<(usize, &Proposed)> = alike
            .iter()
            .map(|one| {
                let turn = told.entry(one.case).or_default();
                *turn += 1;
                (*turn, one)
            })
            .collect();
        turns.sort_by_key(|(turn, _)| *turn);
        ordered.extend(turns.into_iter().map(|(_, one)| *one));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn proposed(passage: usize, case: u32, percent: u8) -> Proposed {
        Proposed { passage, case, score: f64::from(percent) - passage as f64 / 100.0, percent }
    }

    #[test]
    fn of_equally_probable_ones_those_who_said_least_come_first() {
        // Case 0 has a quotation already; all but the first are equally probable.
        let all = [(0, 0, 90), (1, 0, 70), (2, 0, 70), (3, 1, 70), (4, 1, 70), (5, 2, 70)];
        let all = all.map(|(passage, case, percent)| proposed(passage, case, percent));
        let order: Vec<usize> = in_order(all.to_vec(), &BTreeMap::from([(0, 1)]))
            .iter()
            .map(|one| one.passage)
            .collect();
        assert_eq!(order, [0, 3, 5, 4, 1, 2]);
    }

    #[test]
    fn probabilities_are_whole_percent() {
        assert_eq!(
            [0.0, 0.004, 0.006, 0.716, 1.0, 2.0, -1.0].map(percent_of),
            [0, 0, 1, 72, 100, 100, 0]
        );
        assert_eq!(percent_of(f64::NAN), 0);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_less_probable_comes_first(
            all in prop::collection::vec((0..5_u32, 0..4_u8), 0..40),
        ) {
            let all: Vec<Proposed> =
                all.iter().enumerate().map(|(at, (case, p))| proposed(at, *case, *p)).collect();
            let order = in_order(all.clone(), &BTreeMap::new());
            prop_assert!(order.is_sorted_by(|a, b| a.percent >= b.percent));
            let mut passages: Vec<usize> = order.iter().map(|one| one.passage).collect();
            passages.sort_unstable();
            prop_assert_eq!(passages, (0..all.len()).collect::<Vec<_>>());
        }
    }
}
