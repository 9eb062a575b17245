//! Shares of few people, and differences between them, with intervals.

use serde::Serialize;

/// A 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, schemars::JsonSchema, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The standard normal quantile of two-sided 95 %.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// The score interval of a share, `n` of `of`, in `0.0..=1.0`; all of it if
/// `of` is 0.
///
/// # Formula
/// `(p + z²/2m ± z √(p(1-p)/m + z²/4m²)) / (1 + z²/m)` with `p = n / m`.
///
/// # Source
/// Wilson (1927), <https://doi.org/10.2307/2276774>; method 3 of Newcombe (1998),
/// <https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C857::AID-SIM777%3E3.0.CO;2-E>.
pub fn wilson(n: usize, of: usize) -> Interval {
    if of == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let (m, z2) = (of as f64, Z_95 * Z_95);
    let p = n as f64 / m;
    let middle = p + z2 / (2.0 * m);
    let half = Z_95 * (p * (1.0 - p) / m + z2 / (4.0 * m * m)).sqrt();
    let scale = 1.0 + z2 / m;
    // The ends of 0 and all are exact; rounding must not move them.
    let low = if n == 0 { 0.0 } else { (middle - half) / scale };
    let high = if n == of { 1.0 } else { (middle + half) / scale };
    Interval { low, high }
}

/// The interval of the difference of two shares, first minus second.
///
/// # Formula
/// With `(lᵢ, uᵢ)` the score intervals: `d - √((p₁-l₁)² + (u₂-p₂)²)` to
/// `d + √((u₁-p₁)² + (p₂-l₂)²)`.
///
/// # Source
/// Method 10 of Newcombe (1998), "Interval estimation for the difference
/// between independent proportions",
/// <https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I>.
pub fn newcombe(first: (usize, usize), second: (usize, usize)) -> Interval {
    let share = |(n, of): (usize, usize)| n as f64 / of.max(1) as f64;
    let (p1, p2) = (share(first), share(second));
    let (a, b) = (wilson(first.0, first.1), wilson(second.0, second.1));
    let d = p1 - p2;
    Interval { low: d - (p1 - a.low).hypot(b.high - p2), high: d + (a.high - p1).hypot(p2 - b.low) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn close(interval: Interval, low: f64, high: f64, within: f64) {
        let is_close = (interval.low - low).abs() < within && (interval.high - high).abs() < within;
        assert!(is_close, "{interval:?} is not {low} to {high}");
    }

    #[test]
    fn shares_agree_with_published_examples() {
        // Newcombe (1998), table I, method 3, printed to four digits.
        close(wilson(81, 263), 0.2553, 0.3662, 5e-5);
        close(wilson(15, 148), 0.0624, 0.1605, 5e-5);
        close(wilson(0, 20), 0.0, 0.1611, 5e-5);
        close(wilson(1, 29), 0.0061, 0.1718, 5e-5);
        // 0 of m: the upper end is z² / (m + z²).
        let z2 = 3.841_458_820_694_124;
        close(wilson(0, 20), 0.0, z2 / (20.0 + z2), 1e-9);
        close(wilson(20, 20), 20.0 / (20.0 + z2), 1.0, 1e-9);
        // Half of m: 1/2 ± z / 2√(m + z²).
        let half = 1.959_963_984_540_054 / (2.0 * (10.0_f64 + z2).sqrt());
        close(wilson(5, 10), 0.5 - half, 0.5 + half, 1e-9);
        close(wilson(0, 0), 0.0, 1.0, 1e-9);
    }

    #[test]
    fn differences_agree_with_published_examples() {
        // Newcombe (1998), table II, method 10.
        close(newcombe((56, 70), (48, 80)), 0.0524, 0.3339, 5e-5);
        close(newcombe((9, 10), (3, 10)), 0.1705, 0.8090, 5e-5);
        close(newcombe((5, 56), (0, 29)), -0.0381, 0.1926, 5e-5);
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_share(of in 1..200_usize, n in 0..200_usize) {
            let n = n.min(of);
            let Interval { low, high } = wilson(n, of);
            let p = n as f64 / of as f64;
            prop_assert!((0.0..=p).contains(&low) && (p..=1.0).contains(&high), "{low} {p} {high}");
        }
    }
}
