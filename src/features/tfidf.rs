//! TF-IDF weights.

use sprs::CsMatI;

use super::counts::CountMatrix;
use super::lsa::WeightMatrix;

/// Weights raw term counts by TF-IDF and scales rows to length 1.
///
/// # Shapes
/// `counts` is `(n_passages, n_terms)`, and so is the result; columns of terms
/// in fewer than `min_passages` passages are empty. A row without any other
/// term stays all zero. Weights have no unit and lie in `0.0..=1.0`.
///
/// # Formula
/// `w[p, t] = (1 + ln tf[p, t]) * (ln((1 + n) / (1 + df[t])) + 1)`, and 0
/// where the count is 0.
///
/// # Source
/// Salton and Buckley (1988), "Term-weighting approaches in automatic text
/// retrieval", <https://doi.org/10.1016/0306-4573(88)90021-0>. The smoothed
/// `idf` is scikit-learn's (`smooth_idf=True`, `sublinear_tf=True`).
pub fn tf_idf(counts: &CountMatrix, min_passages: usize) -> WeightMatrix {
    let mut frequencies = vec![0_usize; counts.cols()];
    for &term in counts.indices() {
        frequencies[term as usize] += 1;
    }
    let n = counts.rows() as f64;
    let idf: Vec<f64> =
        frequencies.iter().map(|&df| ((1.0 + n) / (1.0 + df as f64)).ln() + 1.0).collect();
    let (mut starts, mut places, mut values) = (vec![0], Vec::new(), Vec::new());
    for row in counts.outer_iterator() {
        let weighted: Vec<(u32, f64)> = row
            .iter()
            .filter(|(term, _)| frequencies[*term] >= min_passages)
            .map(|(term, &count)| (narrow(term), (1.0 + f64::from(count).ln()) * idf[term]))
            .collect();
        let length = weighted.iter().fold(0.0, |sum, (_, weight)| sum + weight * weight).sqrt();
        for (term, weight) in weighted {
            places.push(term);
            #[expect(
                clippy::cast_possible_truncation,
                reason = "weights need no more than seven digits"
            )]
            values.push((weight / length) as f32);
        }
        starts.push(places.len());
    }
    CsMatI::new((counts.rows(), counts.cols()), starts, places, values)
}

fn narrow(term: usize) -> u32 {
    u32::try_from(term).expect("columns were numbered in 32 bits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sprs::TriMatI;

    proptest! {
        #[test]
        fn rows_have_length_one_or_none(
            counts in prop::collection::btree_map((0..12_usize, 0..9_usize), 1..40_u32, 0..60),
            min_passages in 1..4_usize,
        ) {
            let mut triplets = TriMatI::<u32, u32>::new((12, 9));
            for ((row, column), count) in counts {
                triplets.add_triplet(row, column, count);
            }
            let weights = tf_idf(&triplets.to_csr(), min_passages);
            for row in weights.outer_iterator() {
                let squares = row.iter().fold(0.0, |sum, (_, &weight)| sum + f64::from(weight).powi(2));
                prop_assert!(row.nnz() == 0 || (squares - 1.0).abs() < 1e-5, "{squares}");
                prop_assert!(row.iter().all(|(_, weight)| (0.0..=1.0 + 1e-6).contains(weight)));
            }
        }
    }

    #[test]
    fn weights_agree_with_a_case_worked_by_hand() {
        // Passages: "a a b", "b", "c". n = 3; df: a 1, b 2, c 1.
        let mut triplets = TriMatI::<u32, u32>::new((3, 3));
        for (row, column, count) in [(0, 0, 2), (0, 1, 1), (1, 1, 1), (2, 2, 1)] {
            triplets.add_triplet(row, column, count);
        }
        let weights = tf_idf(&triplets.to_csr(), 1);
        // a: (1 + ln 2)(ln(4/2) + 1) = 2.866747; b: ln(4/3) + 1 = 1.287682; length 3.142669.
        let close = |x: f32, y: f64| (f64::from(x) - y).abs() < 1e-6;
        assert!(close(weights[[0, 0]], 0.912_202), "{}", weights[[0, 0]]);
        assert!(close(weights[[0, 1]], 0.409_742), "{}", weights[[0, 1]]);
        assert!(close(weights[[1, 1]], 1.0) && close(weights[[2, 2]], 1.0));
        // Terms of one passage only are left out, and "c" has no other.
        let weights = tf_idf(&triplets.to_csr(), 2);
        assert_eq!(weights.nnz(), 2);
        assert!(close(weights[[0, 1]], 1.0));
    }
}
