//! What people have decided about passages, which steers the next suggestion.
//!
//! Accepted themes stay as they are and grow: their passages are fixed, and others
//! join where most of their links go. Rejected candidates are not suggested again.

use std::collections::BTreeSet;

use crate::answers::SAME_THEME;
use crate::corpus::ParticipantPassage;

/// What people have decided, by the places of passages in the input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Anchors {
    /// By accepted theme: the passages that are fixed in it. A passage is in one
    /// theme at most.
    pub accepted: Vec<BTreeSet<usize>>,
    /// By rejected candidate: the passages that it was made of.
    pub rejected: Vec<BTreeSet<usize>>,
}

impl Anchors {
    /// By passage of `n`: the accepted theme that it is fixed in.
    pub(super) fn theme_of(&self, n: usize) -> Vec<Option<usize>> {
        let mut theme_of = vec![None; n];
        for (theme, passages) in self.accepted.iter().enumerate() {
            for &at in passages.iter().filter(|&&at| at < n) {
                theme_of[at] = Some(theme);
            }
        }
        theme_of
    }

    /// Whether a candidate of these passages is one that was rejected.
    ///
    /// Interviews in which nothing was rejected are left aside: they may have come
    /// later.
    pub(super) fn is_rejected(
        &self,
        members: &BTreeSet<usize>,
        passages: &[ParticipantPassage],
    ) -> bool {
        let transcript = |at: &usize| passages[*at].row.transcript;
        self.rejected.iter().any(|rejected| {
            let known: BTreeSet<u32> = rejected.iter().map(transcript).collect();
            let here: BTreeSet<usize> =
                members.iter().copied().filter(|at| known.contains(&transcript(at))).collect();
            let both = here.intersection(rejected).count();
            let either = here.len() + rejected.len() - both;
            both as f64 > SAME_THEME * either as f64
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Row;

    #[test]
    fn a_candidate_is_the_rejected_one_if_most_of_both_is_shared() {
        // Passages 0 to 5 are of transcript 0, 6 to 9 of a later one.
        let passages: Vec<ParticipantPassage> = (0..10)
            .map(|at| ParticipantPassage {
                passage: at as usize,
                row: Row { transcript: u32::from(at > 5), place: at, case: u32::from(at > 5) },
                n_words: 20,
            })
            .collect();
        let anchors =
            Anchors { rejected: vec![BTreeSet::from([0, 1, 2, 3])], ..Anchors::default() };
        let check = |members: &[usize], expected: bool| {
            let members = members.iter().copied().collect();
            assert_eq!(anchors.is_rejected(&members, &passages), expected, "{members:?}");
        };
        check(&[0, 1, 2, 3], true);
        // 3 of 5 in both; new passages do not count against it.
        check(&[1, 2, 3, 4, 6, 7, 8, 9], true);
        // 2 of 4 is not more than half.
        check(&[0, 1], false);
        check(&[6, 7], false);
    }
}
