//! Whether further interviews still bring something new.

use crate::answers::Spread;
use crate::base::Seed;

/// How saturation is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SaturationRule {
    /// Interviews whose themes are the measure of what is new.
    pub base: usize,
    /// Interviews over which new themes are added up.
    pub run: usize,
    /// The share of new themes up to which there is saturation, `0.0..=1.0`.
    pub threshold: f64,
}

/// A run of interviews after the base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SaturationRun {
    /// Its first interview, from 1.
    pub first: usize,
    /// Its last interview.
    pub last: usize,
    /// Themes that are new in it.
    pub n_new: usize,
    /// New themes divided by the themes of the base; none if the base has none.
    pub ratio: f64,
}

/// How many themes are new in each interview: those that no earlier one has.
/// `themes_of` are the themes of the interviews, in the order in which they were
/// made.
pub fn new_themes(themes_of: &[Vec<usize>]) -> Vec<usize> {
    let mut known = std::collections::BTreeSet::new();
    themes_of
        .iter()
        .map(|themes| themes.iter().filter(|theme| known.insert(**theme)).count())
        .collect()
}

/// The runs of a study whose interviews bring `n_new` new themes each.
///
/// # Formula
/// `S = (N[b+k] + … + N[b+k+r-1]) / B`, with `B` the themes of the `b` interviews
/// of the base, for each `k` from 1: runs overlap. The denominator is fixed; it
/// does not grow with the themes that are found.
///
/// # Source
/// Guest, Namey and Chen (2020), "A simple method to assess and report thematic
/// saturation in qualitative research", <https://doi.org/10.1371/journal.pone.0232076>.
pub fn saturation_runs(n_new: &[usize], base: usize, run: usize) -> Vec<SaturationRun> {
    if run == 0 || n_new.len() < base + run {
        return Vec::new();
    }
    let of_base: usize = n_new[..base].iter().sum();
    (base..=n_new.len() - run)
        .map(|first| {
            let n_new = n_new[first..first + run].iter().sum::<usize>();
            let ratio = if of_base == 0 { f64::NAN } else { n_new as f64 / of_base as f64 };
            SaturationRun { first: first + 1, last: first + run, n_new, ratio }
        })
        .collect()
}

/// The interviews after which there is saturation, without those of the run
/// that shows it: 6 of "6+2"; `None` if there is none yet.
pub fn saturated_after(n_new: &[usize], rule: SaturationRule) -> Option<usize> {
    saturation_runs(n_new, rule.base, rule.run)
        .iter()
        .find(|run| run.ratio <= rule.threshold)
        .map(|run| run.first - 1)
}

/// What is found in `n_orders` random orders of the interviews: the themes
/// known after each interview, and after how many interviews there is
/// saturation by `rule`, of the orders in which there is.
pub fn random_orders(
    themes_of: &[Vec<usize>],
    rule: SaturationRule,
    n_orders: usize,
    seed: Seed,
) -> (Vec<Spread>, Vec<f64>) {
    let mut numbers = seed.numbers();
    let mut order: Vec<usize> = (0..themes_of.len()).collect();
    let mut known: Vec<Vec<f64>> = vec![Vec::with_capacity(n_orders); themes_of.len()];
    let mut after = Vec::new();
    for _ in 0..n_orders {
        // Fisher and Yates: every order is equally likely.
        for at in (1..order.len()).rev() {
            order.swap(at, numbers.next_below(at + 1));
        }
        let themes: Vec<Vec<usize>> = order.iter().map(|&at| themes_of[at].clone()).collect();
        let n_new = new_themes(&themes);
        let mut sum = 0;
        for (known, n) in known.iter_mut().zip(&n_new) {
            sum += n;
            known.push(sum as f64);
        }
        after.extend(saturated_after(&n_new, rule).map(|n| n as f64));
    }
    (known.into_iter().filter_map(Spread::of).collect(), after)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the paper: 37 themes in four interviews, then 4, 3,
    /// 1, 0; the ninth and tenth bring 1 and 0.
    const N_NEW: [usize; 10] = [20, 9, 5, 3, 4, 3, 1, 0, 1, 0];

    #[test]
    fn runs_agree_with_the_published_example() {
        let ratios = |run: usize| -> Vec<f64> {
            saturation_runs(&N_NEW, 4, run).iter().map(|run| run.ratio).collect()
        };
        for (ratio, n_new) in ratios(2).into_iter().zip([7.0, 4.0, 1.0, 1.0, 1.0]) {
            assert!((ratio - n_new / 37.0).abs() < 1e-9);
        }
        for (ratio, n_new) in ratios(3).into_iter().zip([8.0, 4.0, 2.0, 1.0]) {
            assert!((ratio - n_new / 37.0).abs() < 1e-9);
        }
        assert_eq!((ratios(2).len(), ratios(3).len()), (5, 4));
    }

    #[track_caller]
    fn check(run: usize, threshold: f64, expected: Option<usize>) {
        let rule = SaturationRule { base: 4, run, threshold };
        assert_eq!(saturated_after(&N_NEW, rule), expected);
    }

    #[test]
    fn saturation_agrees_with_the_published_example() {
        // "6+2" and "7+3" at 5 %.
        check(2, 0.05, Some(6));
        check(3, 0.05, Some(7));
        check(2, 0.0, None);
        // Without the ninth: the eighth alone is no run of two.
        let rule = SaturationRule { base: 4, run: 2, threshold: 0.05 };
        assert_eq!(saturated_after(&N_NEW[..8], rule), Some(6));
        assert_eq!(saturated_after(&N_NEW[..5], rule), None);
    }

    #[test]
    fn a_theme_is_new_once() {
        let themes = [vec![1, 2], vec![2], vec![3, 1], vec![], vec![4]];
        assert_eq!(new_themes(&themes), [2, 0, 1, 0, 1]);
    }

    #[test]
    fn orders_do_not_matter_where_all_interviews_say_the_same() {
        let themes: Vec<Vec<usize>> = vec![vec![1, 2, 3]; 7];
        let rule = SaturationRule { base: 4, run: 2, threshold: 0.0 };
        let (known, after) = random_orders(&themes, rule, 50, Seed(0));
        assert!(known.iter().all(|spread| (spread.low, spread.high) == (3.0, 3.0)));
        assert_eq!(after, [4.0; 50]);
    }

    #[test]
    fn a_spread_is_by_nearest_rank() {
        let spread = Spread::of((1..=20).map(f64::from).collect()).unwrap();
        assert_eq!((spread.low, spread.median, spread.high), (1.0, 10.0, 19.0));
        assert_eq!(Spread::of(Vec::new()), None);
    }
}
