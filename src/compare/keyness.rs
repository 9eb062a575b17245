//! Words that set one group's talk apart from another's.

/// How often a word is said by two groups, and how many words each says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordCounts {
    /// Of the word, by the first group and by the second.
    pub of_word: [usize; 2],
    /// Of all words counted.
    pub of_all: [usize; 2],
}

/// The log-likelihood of a word's difference: 0 and more, without a sign.
/// 3.84 is the 5 % level of one test.
///
/// # Formula
/// `G² = 2 (a ln(a / E₁) + b ln(b / E₂))`, `E₁ = c (a + b) / (c + d)`, `E₂ =
/// d (a + b) / (c + d)`, with `0 ln 0 = 0`.
///
/// # Source
/// Rayson and Garside (2000), "Comparing corpora using frequency profiling",
/// <https://doi.org/10.3115/1117729.1117730>.
pub fn log_likelihood(counts: WordCounts) -> f64 {
    let [a, b] = counts.of_word.map(|n| n as f64);
    let [c, d] = counts.of_all.map(|n| n as f64);
    let part = |n: f64, all: f64| {
        let expected = all * (a + b) / (c + d);
        if n > 0.0 { n * (n / expected).ln() } else { 0.0 }
    };
    (2.0 * (part(a, c) + part(b, d))).max(0.0)
}

/// The z-score of a word's log-odds between two groups with a prior from the
/// talk of both: positive where the first group says it more. `prior_words` is the weight
/// of the prior, in words.
///
/// # Formula
/// `δ = ln((y₁ + α) / (n₁ + α₀ - y₁ - α)) - ln((y₂ + α) / (n₂ + α₀ - y₂ - α))`, `z =
/// δ / √(1 / (y₁ + α) + 1 / (y₂ + α))` with `α = α₀ (y₁ + y₂) / (n₁ + n₂)`.
///
/// # Source
/// Monroe, Colaresi and Quinn (2008), "Fightin' Words",
/// <https://doi.org/10.1093/pan/mpn018>, equations 15, 16 and 22.
pub fn fightin_words(counts: WordCounts, prior_words: f64) -> f64 {
    let [y1, y2] = counts.of_word.map(|n| n as f64);
    let [n1, n2] = counts.of_all.map(|n| n as f64);
    let prior = prior_words * (y1 + y2) / (n1 + n2);
    let odds = |y: f64, n: f64| ((y + prior) / (n + prior_words - y - prior)).ln();
    let variance = 1.0 / (y1 + prior) + 1.0 / (y2 + prior);
    (odds(y1, n1) - odds(y2, n2)) / variance.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likelihoods_agree_with_cases_worked_by_hand() {
        let close = |x: f64, y: f64| assert!((x - y).abs() < 1e-9, "{x} is not {y}");
        // As often in both: no difference.
        close(log_likelihood(WordCounts { of_word: [10, 20], of_all: [1000, 2000] }), 0.0);
        // 10 against 0 in equal corpora: 2 · 10 ln 2.
        let alone = WordCounts { of_word: [10, 0], of_all: [1000, 1000] };
        close(log_likelihood(alone), 20.0 * 2.0_f64.ln());
        // 30 and 10 in equal corpora: 2 (30 ln 1.5 + 10 ln .5).
        let counts = WordCounts { of_word: [30, 10], of_all: [500, 500] };
        close(log_likelihood(counts), 2.0 * (30.0 * 1.5_f64.ln() + 10.0 * 0.5_f64.ln()));
    }

    #[test]
    fn z_scores_agree_with_a_case_worked_by_hand() {
        // y = 3, 1; n = 10, 10; α₀ = 10, so α = 10 · 4/20 = 2:
        // δ = ln(5/15) - ln(3/17), variance 1/5 + 1/3.
        let counts = WordCounts { of_word: [3, 1], of_all: [10, 10] };
        let z = ((5.0_f64 / 15.0).ln() - (3.0_f64 / 17.0).ln()) / (8.0_f64 / 15.0).sqrt();
        assert!((fightin_words(counts, 10.0) - z).abs() < 1e-12);
        let turned = WordCounts { of_word: [1, 3], of_all: [10, 10] };
        assert!((fightin_words(turned, 10.0) + z).abs() < 1e-12);
    }
}
