//! What would be proposed for a code, against what was coded.
//!
//! For each passage that people judged, whether they coded it and whether it would be
//! proposed comes in; counts, shares with intervals and kappa go out.

use super::agreement::Ratings;
use crate::answers::{CountedShare, ProposalAgreement};
use crate::base::proportions::wilson;

/// Compares one code. `judged` says of each passage whether people coded it, and whether it
/// would be proposed; `code` is its path and number.
pub fn proposal_agreement((path, id): (String, u32), judged: &[[bool; 2]]) -> ProposalAgreement {
    let n = |pair: [bool; 2]| judged.iter().filter(|one| **one == pair).count();
    let [both, only_coded, only_proposed, neither] =
        [[true, true], [true, false], [false, true], [false, false]].map(n);
    let mut ratings = Ratings::new(2);
    for pair in judged {
        ratings.add(&pair.map(|is_yes| Some(u32::from(is_yes))), 1);
    }
    let share = |n: usize, of: usize| CountedShare { n, of, interval: wilson(n, of) };
    ProposalAgreement {
        code: path,
        code_id: id,
        both,
        only_coded,
        only_proposed,
        neither,
        found: share(both, both + only_coded),
        right: share(both, both + only_proposed),
        kappa: ratings.kappa().into(),
    }
}

/// What the reader of such a comparison must know.
pub fn proposal_notes() -> Vec<String> {
    [
        "Proposed: at a probability of 0.50 or more, judged by what is learnt from other transcripts only, and without the rules that you keep with codes. A passage in a transcript that somebody has coded counts as not coded if nobody gave it the code.",
        "The machine is no coder: it counts words and understands nothing. These figures say how far its proposals can be trusted for a code: `finds` says how many of your passages it would propose, `right` how many of its proposals you coded.",
        "Intervals (95 %, Wilson) take passages as independent, which those of one person are not: the true ones are wider. A passage that it would propose and that you did not code may also be one that you overlooked.",
    ]
    .map(str::to_owned)
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_agrees_with_a_case_worked_by_hand() {
        let cells =
            [([true, true], 20), ([true, false], 5), ([false, true], 10), ([false, false], 15)];
        let judged: Vec<[bool; 2]> =
            cells.iter().flat_map(|(pair, n)| std::iter::repeat_n(*pair, *n)).collect();
        let answer = proposal_agreement(("Odd".to_owned(), 1), &judged);
        let ProposalAgreement { both, only_coded, only_proposed, neither, .. } = answer;
        assert_eq!([both, only_coded, only_proposed, neither], [20, 5, 10, 15]);
        // "Cohen's kappa", Wikipedia: (.7 - .5) / .5.
        assert!((answer.kappa.value.unwrap() - 0.4).abs() < 1e-9);
        assert_eq!((answer.found.n, answer.found.of), (20, 25));
        assert_eq!((answer.right.n, answer.right.of), (20, 30));
        let nothing = proposal_agreement(("Odd".to_owned(), 1), &[[false, false]; 3]);
        assert_eq!((nothing.found.of, nothing.kappa.value), (0, None));
    }
}
