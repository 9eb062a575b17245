//! From a score to a probability that keeps its promise.
//!
//! Scores of passages that were not learnt from come in, with whether people gave them
//! the code; the curve goes out that tells from a score how probable the code is.

use super::logistic::{sigmoid, softplus};

/// How probable a code is at a score: `1 / (1 + e^-(slope score + base))`.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Curve {
    /// How fast the odds grow with the score; above 0, so that the order stays.
    pub slope: f64,
    /// The logarithm of the odds at a score of 0.
    pub base: f64,
}

impl Curve {
    /// What can be said before anything is learnt, of a code's words alone.
    ///
    /// It is rough: fitted to the names of 110 codes in three studies, where it was
    /// steeper in one (.9, -4.2) than in the others (.4, -2.9 and .5, -3.5).
    pub const OF_WORDS: Self = Self { slope: 0.5, base: -3.15 };

    /// The probability at a score, in `0.0..=1.0`.
    pub fn at(self, score: f64) -> f64 {
        sigmoid(self.slope * score + self.base)
    }

    /// Fits the curve to scores and to whether each was right; `None` without one of
    /// either kind.
    ///
    /// # Formula
    /// The highest likelihood of the curve, where a right score counts as `(n + 1) / (n +
    /// 2)` right, `n` being the right ones, and a wrong one as `1 / (m + 2)`: few cases
    /// give no certainty. A slope under that of [`OF_WORDS`](Self::OF_WORDS) is not
    /// believed, and the base is fitted to that one.
    ///
    /// # Source
    /// Platt (1999), "Probabilistic outputs for support vector machines"; the steps are
    /// those of Lin, Lin and Weng (2007), <https://doi.org/10.1007/s10994-007-5018-6>. The
    /// least slope is ours: with five quotations the fit is flat one time in ten, and a
    /// list in which all is equally probable has lost its order.
    pub fn fit(scored: &[(f64, bool)]) -> Option<Self> {
        let n_right = scored.iter().filter(|(_, is_right)| *is_right).count() as f64;
        let n_wrong = scored.len() as f64 - n_right;
        if n_right == 0.0 || n_wrong == 0.0 {
            return None;
        }
        let aims = [1.0 / (n_wrong + 2.0), (n_right + 1.0) / (n_right + 2.0)];
        let likelihood = Likelihood { scored, aims };
        let base = ((n_right + 1.0) / (n_wrong + 1.0)).ln();
        let curve = likelihood.climb(Self { slope: 0.0, base }, true);
        let least = Self::OF_WORDS.slope;
        if curve.slope >= least {
            return Some(curve);
        }
        let mean = scored.iter().fold(0.0, |sum, (score, _)| sum + score) / scored.len() as f64;
        Some(likelihood.climb(Self { slope: least, base: base - least * mean }, false))
    }
}

/// How well a curve tells right scores from wrong ones.
struct Likelihood<'a> {
    scored: &'a [(f64, bool)],
    /// What a wrong and a right score should be told as.
    aims: [f64; 2],
}

impl Likelihood<'_> {
    fn aim(&self, is_right: bool) -> f64 {
        self.aims[usize::from(is_right)]
    }

    /// The logarithm of the likelihood, below 0: what is to be as little as it can be.
    fn loss(&self, curve: Curve) -> f64 {
        self.scored.iter().fold(0.0, |sum, &(score, is_right)| {
            let x = curve.slope * score + curve.base;
            sum + softplus(x) - self.aim(is_right) * x
        })
    }

    /// Goes from a curve to the best one, by Newton's steps; the slope stays unless it is
    /// free.
    fn climb(&self, mut curve: Curve, is_slope_free: bool) -> Curve {
        /// More steps than any such curve has needed.
        const MAX_STEPS: usize = 100;
        let mut now = self.loss(curve);
        for _ in 0..MAX_STEPS {
            let Some(next) = self.step(curve, now, is_slope_free) else { break };
            (curve, now) = (next, self.loss(next));
        }
        curve
    }

    /// One step of Newton, halved until it gains; `None` at the top.
    fn step(&self, curve: Curve, now: f64, is_slope_free: bool) -> Option<Curve> {
        /// The least that a step must gain, as a share of what its slope promises.
        const SHARE: f64 = 1e-4;
        /// Keeps the second derivatives from vanishing.
        const FLOOR: f64 = 1e-12;
        /// A gradient as short as this is none.
        const FLAT: f64 = 1e-7;
        const MAX_HALVINGS: i32 = 30;
        let (mut g, mut h) = ([0.0; 2], [FLOOR, 0.0, FLOOR]);
        for &(score, is_right) in self.scored {
            let p = curve.at(score);
            let (error, bend) = (p - self.aim(is_right), p * (1.0 - p));
            g = [g[0] + error * score, g[1] + error];
            h = [h[0] + bend * score * score, h[1] + bend * score, h[2] + bend];
        }
        if !is_slope_free {
            (g[0], h[0], h[1]) = (0.0, 1.0, 0.0);
        }
        if g[0].abs() < FLAT && g[1].abs() < FLAT {
            return None;
        }
        let whole = h[0] * h[2] - h[1] * h[1];
        let by = [(h[1] * g[1] - h[2] * g[0]) / whole, (h[1] * g[0] - h[0] * g[1]) / whole];
        let promised = g[0] * by[0] + g[1] * by[1];
        let stepped = |halvings: i32| {
            let part = 0.5_f64.powi(halvings);
            let next = Curve { slope: curve.slope + part * by[0], base: curve.base + part * by[1] };
            (self.loss(next) <= now + SHARE * part * promised).then_some(next)
        };
        (0..MAX_HALVINGS).find_map(stepped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_curve_through_two_scores_agrees_with_a_case_worked_by_hand() {
        // At 0 one of four is right, at 1 three of four. Aims: right 5/6, wrong 1/6, so
        // that a mean of 1/3 is aimed at 0, and of 2/3 at 1: odds of 1 : 2 and 2 : 1.
        let at = |score: f64, n: usize| (0..4).map(move |case| (score, case < n));
        let scored: Vec<(f64, bool)> = at(0.0, 1).chain(at(1.0, 3)).collect();
        let curve = Curve::fit(&scored).unwrap();
        assert!((curve.base + 2.0_f64.ln()).abs() < 1e-6, "{curve:?}");
        assert!((curve.slope - 2.0 * 2.0_f64.ln()).abs() < 1e-6, "{curve:?}");
        assert!((curve.at(0.5) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn one_kind_gives_no_curve_and_a_wrong_order_the_least_slope() {
        assert_eq!(Curve::fit(&[(1.0, true)]), None);
        assert_eq!(Curve::fit(&[]), None);
        let upside_down = [(2.0, false), (1.0, false), (0.0, true), (-1.0, true)];
        let curve = Curve::fit(&upside_down).unwrap();
        assert!((curve.slope - 0.5).abs() < 1e-12, "{curve:?}");
        // As much is promised as is aimed at: two of four.
        let promised = upside_down.iter().fold(0.0, |sum, (score, _)| sum + curve.at(*score));
        assert!((promised - 2.0).abs() < 1e-6, "{promised}");
    }

    proptest! {
        #[test]
        fn as_much_is_promised_as_is_aimed_at(
            scored in prop::collection::vec((-3.0_f64..3.0, any::<bool>()), 2..40),
        ) {
            let Some(curve) = Curve::fit(&scored) else { return Ok(()) };
            prop_assert!(curve.slope >= Curve::OF_WORDS.slope);
            let n = scored.iter().filter(|(_, is_right)| *is_right).count() as f64;
            let m = scored.len() as f64 - n;
            let aimed = n * (n + 1.0) / (n + 2.0) + m / (m + 2.0);
            let promised = scored.iter().fold(0.0, |sum, (score, _)| sum + curve.at(*score));
            prop_assert!((aimed - promised).abs() < 1e-4, "{aimed} {promised}");
        }

        #[test]
        fn a_higher_score_is_never_less_probable(
            scored in prop::collection::vec((-3.0_f64..3.0, any::<bool>()), 2..40),
            a in -9.0_f64..9.0,
            more in 0.0_f64..5.0,
        ) {
            let curve = Curve::fit(&scored).unwrap_or(Curve::OF_WORDS);
            prop_assert!((0.0..=1.0).contains(&curve.at(a)) && curve.at(a) <= curve.at(a + more));
        }
    }
}
