//! Many tests at once.

/// Adjusts p-values so that of those under `q` at most the share `q` is
/// expected to be false; in the order of the input, `0.0..=1.0`.
///
/// # Formula
/// The i-th smallest of m becomes the least of `p[j] m / j` over `j ≥ i`.
///
/// # Source
/// Benjamini and Hochberg (1995), <https://doi.org/10.1111/j.2517-6161.1995.tb02031.x>.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let m = p_values.len() as f64;
    let mut adjusted = vec![1.0; p_values.len()];
    let mut least: f64 = 1.0;
    for (rank, &at) in (1..).zip(&order).collect::<Vec<_>>().into_iter().rev() {
        least = least.min(p_values[at] * m / f64::from(rank));
        adjusted[at] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjusted_values_agree_with_a_case_worked_by_hand() {
        // m = 4; .005·4/1 = .02, .01·4/2 = .02, .03·4/3 = .04, .04·4/4 = .04.
        let found = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.005]);
        for (x, y) in found.iter().zip([0.02, 0.04, 0.04, 0.02]) {
            assert!((x - y).abs() < 1e-12, "{found:?}");
        }
        // Benjamini and Hochberg (1995), section 3.2: of the 15 p-values the four
        // smallest are rejected at .05, where Bonferroni rejects three.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        assert_eq!(benjamini_hochberg(&p).iter().filter(|q| **q <= 0.05).count(), 4);
        assert!(benjamini_hochberg(&[]).is_empty());
    }
}
