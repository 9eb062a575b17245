//! TF-IDF weights.

use sprs::CsMatI;

use super::counts::CountMatrix;
use super::lsa::WeightMatrix;
use super::recurrence::Recurrence;

/// How rare each term is, and how much it is talked about: what a count is weighted by.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct Rarity {
    /// By term: `ln((1 + n) / (1 + df)) + 1`; 0 for terms that do not count. Perhaps times how
    /// it comes back; see [`times`](Self::times).
    pub idf: Vec<f64>,
}

impl Rarity {
    /// Counts in how many passages each term stands; terms in fewer than
    /// `min_passages` do not count.
    pub fn of(counts: &CountMatrix, min_passages: usize) -> Self {
        let mut frequencies = vec![0_usize; counts.cols()];
        for &term in counts.indices() {
            frequencies[term as usize] += 1;
        }
        Self::of_frequencies(frequencies.into_iter(), counts.rows(), min_passages)
    }

    /// The same, where it is known in how many of `n_passages` each term stands.
    pub fn of_frequencies(
        frequencies: impl Iterator<Item = usize>,
        n_passages: usize,
        min_passages: usize,
    ) -> Self {
        let n = n_passages as f64;
        let idf = |df: usize| {
            if df >= min_passages { ((1.0 + n) / (1.0 + df as f64)).ln() + 1.0 } else { 0.0 }
        };
        Self { idf: frequencies.map(idf).collect() }
    }

    /// Weighs terms also by how often they come back near by: by the power `power` of
    /// [`Recurrence::ratio`]. Recurrences are by term.
    #[must_use]
    pub fn times(mut self, recurrences: impl IntoIterator<Item = Recurrence>, power: f64) -> Self {
        for (idf, recurrence) in self.idf.iter_mut().zip(recurrences) {
            *idf *= recurrence.ratio().powf(power);
        }
        self
    }

    /// Weighs the counts of one passage and scales them to length 1; empty if
    /// none of its terms counts.
    pub fn weigh(&self, counts: impl Iterator<Item = (usize, u32)>) -> Vec<(u32, f64)> {
        let mut weighted: Vec<(u32, f64)> = counts
            .filter(|(term, _)| self.idf[*term] > 0.0)
            .map(|(term, count)| (narrow(term), (1.0 + f64::from(count).ln()) * self.idf[term]))
            .collect();
        let length = weighted.iter().fold(0.0, |sum, (_, weight)| sum + weight * weight).sqrt();
        for (_, weight) in &mut weighted {
            *weight /= length;
        }
        weighted
    }
}

/// Weights raw term counts by TF-IDF and scales rows to length 1.
///
/// # Shapes
/// `counts` is `(n_passages, n_terms)`, and so is the result; columns of terms
/// that do not count are empty. A row without any other term stays all zero.
/// Weights have no unit and lie in `0.0..=1.0`.
///
/// # Formula
/// `w[p, t] = (1 + ln tf[p, t]) * (ln((1 + n) / (1 + df[t])) + 1)`, and 0
/// where the count is 0.
///
/// # Source
/// Salton and Buckley (1988), "Term-weighting approaches in automatic text
/// retrieval", <https://doi.org/10.1016/0306-4573(88)90021-0>. The smoothed
/// `idf` is scikit-learn's (`smooth_idf=True`, `sublinear_tf=True`).
pub fn tf_idf(counts: &CountMatrix, rarity: &Rarity) -> WeightMatrix {
    let (mut starts, mut places, mut values) = (vec![0], Vec::new(), Vec::new());
    for row in counts.outer_iterator() {
        for (term, weight) in rarity.weigh(row.iter().map(|(term, &count)| (term, count))) {
            places.push(term);
            #[expect(
                clippy::cast_possible_truncation,
                reason = "weights need no more than seven digits"
            )]
            values.push(weight as f32);
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
            let weights = tf_idf(&triplets.to_csr(), &Rarity::of(&triplets.to_csr(), min_passages));
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
        let weights = tf_idf(&triplets.to_csr(), &Rarity::of(&triplets.to_csr(), 1));
        // a: (1 + ln 2)(ln(4/2) + 1) = 2.866747; b: ln(4/3) + 1 = 1.287682; length 3.142669.
        let close = |x: f32, y: f64| (f64::from(x) - y).abs() < 1e-6;
        assert!(close(weights[[0, 0]], 0.912_202), "{}", weights[[0, 0]]);
        assert!(close(weights[[0, 1]], 0.409_742), "{}", weights[[0, 1]]);
        assert!(close(weights[[1, 1]], 1.0) && close(weights[[2, 2]], 1.0));
        // Terms of one passage only are left out, and "c" has no other.
        let weights = tf_idf(&triplets.to_csr(), &Rarity::of(&triplets.to_csr(), 2));
        assert_eq!(weights.nnz(), 2);
        assert!(close(weights[[0, 1]], 1.0));
    }
}
