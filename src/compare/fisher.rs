//! Fisher's exact test of a table of two by two.

/// The two-sided p-value of a table of counts, `0.0..=1.0`.
///
/// # Formula
/// The sum of the hypergeometric probabilities of all tables with the same
/// margins that are no more likely than this one (to a factor of 1 + 10⁻⁷, so
/// that rounding breaks no tie).
///
/// # Source
/// Fisher (1935), "The design of experiments"; the two-sided sum is that of
/// R's `fisher.test`.
pub fn fisher_exact(table: [[usize; 2]; 2]) -> f64 {
    let [[a, b], [c, d]] = table;
    let (row, column, all) = (a + b, a + c, a + b + c + d);
    let logs = log_factorials(all);
    let log_choose = |n: usize, k: usize| logs[n] - logs[k] - logs[n - k];
    let log_p =
        |k: usize| log_choose(column, k) + log_choose(all - column, row - k) - log_choose(all, row);
    let least = (row + column).saturating_sub(all);
    let observed = log_p(a) + 1e-7;
    let as_unlikely = (least..=row.min(column)).map(log_p).filter(|log_p| *log_p <= observed);
    as_unlikely.map(f64::exp).fold(0.0, |sum, p| sum + p).min(1.0)
}

/// `ln 0!` to `ln n!`.
fn log_factorials(n: usize) -> Vec<f64> {
    let mut logs = vec![0.0; n + 1];
    for k in 1..=n {
        logs[k] = logs[k - 1] + (k as f64).ln();
    }
    logs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn p_values_agree_with_published_examples() {
        let close = |x: f64, y: f64| assert!((x - y).abs() < 1e-9, "{x} is not {y}");
        // The lady tasting tea, Fisher (1935): (1 + 16 + 16 + 1) / 70.
        close(fisher_exact([[3, 1], [1, 3]]), 34.0 / 70.0);
        close(fisher_exact([[4, 0], [0, 4]]), 2.0 / 70.0);
        // 1 of 3 against 0 of 2: every table is as likely or less.
        close(fisher_exact([[1, 2], [0, 2]]), 1.0);
        // Twins and convictions, Fisher (1962), as in R's manual: 0.0005367241.
        let p = fisher_exact([[2, 10], [15, 3]]);
        assert!((p - 0.000_536_724_1).abs() < 5e-11, "{p}");
        close(fisher_exact([[0, 0], [0, 0]]), 1.0);
    }

    proptest! {
        #[test]
        fn the_order_of_groups_and_of_answers_does_not_matter(
            a in 0..30_usize, b in 0..30_usize, c in 0..30_usize, d in 0..30_usize,
        ) {
            let p = fisher_exact([[a, b], [c, d]]);
            prop_assert!((0.0..=1.0).contains(&p));
            for same in [[[c, d], [a, b]], [[b, a], [d, c]], [[a, c], [b, d]]] {
                prop_assert!((fisher_exact(same) - p).abs() < 1e-9);
            }
        }
    }
}
