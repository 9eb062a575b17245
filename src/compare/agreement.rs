//! Agreement of coders: percent, Cohen's kappa, Krippendorff's alpha.
//!
//! What each coder says of each unit comes in, counted by pattern; coefficients
//! go out, or the reason why there is none. A coefficient is never `NaN`: where
//! its formula divides by 0, it is [`Undefined`], and the reason is for people.
//!
//! ```
//! use leitmotif::compare::agreement::Ratings;
//!
//! let mut ratings = Ratings::new(2);
//! ratings.add(&[Some(1), Some(1)], 20);
//! ratings.add(&[Some(1), Some(0)], 5);
//! ratings.add(&[Some(0), Some(1)], 10);
//! ratings.add(&[Some(0), Some(0)], 15);
//! assert!((ratings.kappa()? - 0.4).abs() < 1e-9);
//! # Ok::<(), leitmotif::compare::agreement::Undefined>(())
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use crate::answers::{Figure, round};

/// Why a coefficient has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Undefined {
    /// No unit was looked at by two coders.
    #[error("not defined: no unit was coded by two")]
    NoUnits,
    /// There are not two coders.
    #[error("not defined: there is one coder")]
    OneCoder,
    /// Kappa compares two coders.
    #[error("not defined: kappa compares two coders")]
    ManyCoders,
    /// Everybody gives this value to every unit, so that chance alone would
    /// agree as well.
    #[error("not defined: both always {}", if *.0 == 0 { "no" } else { "yes" })]
    NoVariation(u32),
    /// No code has a value to pool.
    #[error("not defined: no code varies")]
    NothingToPool,
}

/// A coefficient, or the reason why there is none.
pub type Coefficient = Result<f64, Undefined>;

impl From<Coefficient> for Figure {
    fn from(coefficient: Coefficient) -> Self {
        match coefficient {
            Ok(value) => Self { value: Some(round(value)), reason: None },
            Err(reason) => Self { value: None, reason: Some(reason.to_string()) },
        }
    }
}

/// What coders say of units: a value (0 for no, 1 for yes) or nothing, where a
/// coder has not looked. Units of one pattern are counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ratings {
    n_coders: usize,
    patterns: BTreeMap<Vec<Option<u32>>, u64>,
}

/// The four cells of two coders and a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Cells {
    /// Units that all coders who looked gave the code.
    pub all: u64,
    /// Units that some gave it.
    pub some: u64,
    /// Units that none gave it.
    pub none: u64,
}

impl Ratings {
    /// Starts without units.
    pub fn new(n_coders: usize) -> Self {
        Self { n_coders, patterns: BTreeMap::new() }
    }

    /// Adds `n` units of which the coders say `values`, one a coder.
    ///
    /// # Panics
    /// If there are not as many values as coders.
    pub fn add(&mut self, values: &[Option<u32>], n: u64) {
        assert_eq!(values.len(), self.n_coders, "one value a coder");
        if n > 0 {
            *self.patterns.entry(values.to_vec()).or_insert(0) += n;
        }
    }

    /// Adds the units of `universe`, which are yes where a coder's spans hold
    /// them and no elsewhere; `None` for a coder who has not looked. `measure`
    /// says how many units a stretch has. Spans are in any order and may overlap.
    pub fn add_spans(
        &mut self,
        universe: &[Range<u32>],
        coded: &[Option<Vec<Range<u32>>>],
        measure: impl Fn(Range<u32>) -> u64,
    ) {
        let universe = joined(universe);
        let coded: Vec<Option<Vec<Range<u32>>>> =
            coded.iter().map(|spans| spans.as_deref().map(joined)).collect();
        let of_coders = coded.iter().flatten();
        let mut ends: Vec<u32> = of_coders
            .chain(std::iter::once(&universe))
            .flatten()
            .flat_map(|span| [span.start, span.end])
            .collect();
        ends.sort_unstable();
        ends.dedup();
        let holds = |spans: &[Range<u32>], at: u32| {
            let next = spans.partition_point(|span| span.end <= at);
            spans.get(next).is_some_and(|span| span.start <= at)
        };
        for pair in ends.windows(2).filter(|pair| holds(&universe, pair[0])) {
            let value = |spans: &Option<Vec<Range<u32>>>| {
                spans.as_ref().map(|spans| u32::from(holds(spans, pair[0])))
            };
            let values: Vec<Option<u32>> = coded.iter().map(value).collect();
            self.add(&values, measure(pair[0]..pair[1]));
        }
    }

    /// How many units two coders or more have looked at.
    pub fn n_units(&self) -> u64 {
        self.pairable().map(|(_, n)| n).sum()
    }

    /// The units by whether all, some or none of those who looked say yes.
    pub fn cells(&self) -> Cells {
        let mut cells = Cells::default();
        for (values, n) in self.pairable() {
            let n_yes = values.iter().flatten().filter(|value| **value > 0).count();
            if n_yes == 0 {
                cells.none += n;
            } else if n_yes == values.iter().flatten().count() {
                cells.all += n;
            } else {
                cells.some += n;
            }
        }
        cells
    }

    /// The units that the coder at this place says yes to and no other does.
    pub fn only(&self, coder: usize) -> u64 {
        let is_alone = |values: &&[Option<u32>]| {
            let yes = |value: &Option<u32>| value.is_some_and(|value| value > 0);
            yes(&values[coder]) && values.iter().filter(|value| yes(value)).count() == 1
        };
        self.pairable().filter(|(values, _)| is_alone(values)).map(|(_, n)| n).sum()
    }

    /// The share of agreement, `0.0..=1.0`: of two coders, the share of units of
    /// which both say the same; of more, the share of pairs of values that are
    /// the same, each unit weighted by how many looked at it.
    ///
    /// # Errors
    /// [`Undefined`] without units or without two coders.
    pub fn agreement(&self) -> Coefficient {
        self.coincidences().map(|table| 1.0 - table.observed())
    }

    /// Cohen's kappa of two coders over the units that both have looked at,
    /// `-1.0..=1.0`.
    ///
    /// # Formula
    /// `(po - pe) / (1 - pe)`, `po` the share of units of which both say the
    /// same, `pe` the sum over values of the product of both coders' shares.
    /// Where both always say the same one thing, `pe` is 1 and there is no kappa.
    ///
    /// # Errors
    /// [`Undefined`], with the reason.
    ///
    /// # Source
    /// Cohen (1960), <https://doi.org/10.1177/001316446002000104>.
    pub fn kappa(&self) -> Coefficient {
        let (observed, expected) = self.kappa_parts()?;
        if let Some(value) = self.only_value() {
            return Err(Undefined::NoVariation(value));
        }
        Ok((observed - expected) / (1.0 - expected))
    }

    /// Observed and expected agreement of two coders.
    fn kappa_parts(&self) -> Result<(f64, f64), Undefined> {
        match self.n_coders {
            0 | 1 => return Err(Undefined::OneCoder),
            2 => {}
            _ => return Err(Undefined::ManyCoders),
        }
        let n = self.n_units();
        if n == 0 {
            return Err(Undefined::NoUnits);
        }
        let mut same = 0;
        let mut totals: BTreeMap<u32, [u64; 2]> = BTreeMap::new();
        for (values, count) in self.pairable() {
            let pair = [values[0].unwrap_or(0), values[1].unwrap_or(0)];
            same += if pair[0] == pair[1] { count } else { 0 };
            for (coder, value) in pair.into_iter().enumerate() {
                totals.entry(value).or_default()[coder] += count;
            }
        }
        let n = n as f64;
        let expected = totals.values().map(|[a, b]| *a as f64 / n * (*b as f64 / n)).sum();
        Ok((same as f64 / n, expected))
    }

    /// Krippendorff's alpha for nominal values, of two coders or more with
    /// missing values; at most 1.
    ///
    /// # Formula
    /// `1 - Do / De` over the coincidence matrix `o`: a unit with `m` values adds
    /// `1 / (m - 1)` for each ordered pair of them; units with one value are left
    /// out. `Do = Σ o[c,k] / n` and `De = Σ n[c] n[k] / (n (n - 1))` over `c ≠ k`.
    /// Where all values are the same, `De` is 0 and there is no alpha.
    ///
    /// # Errors
    /// [`Undefined`], with the reason.
    ///
    /// # Source
    /// Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability",
    /// <https://repository.upenn.edu/asc_papers/43>.
    pub fn alpha(&self) -> Coefficient {
        let table = self.coincidences()?;
        if let Some(value) = self.only_value() {
            return Err(Undefined::NoVariation(value));
        }
        Ok(1.0 - table.observed() / table.expected())
    }

    /// The one value that is ever given, if there is only one.
    fn only_value(&self) -> Option<u32> {
        let mut values = self.pairable().flat_map(|(values, _)| values.iter().flatten());
        let first = values.next()?;
        values.all(|value| value == first).then_some(*first)
    }

    /// The units of which two coders or more say something.
    fn pairable(&self) -> impl Iterator<Item = (&[Option<u32>], u64)> {
        let is_pairable =
            |(values, _): &(&Vec<Option<u32>>, &u64)| values.iter().flatten().count() >= 2;
        self.patterns.iter().filter(is_pairable).map(|(values, n)| (values.as_slice(), *n))
    }

    fn coincidences(&self) -> Result<Coincidences, Undefined> {
        if self.n_coders < 2 {
            return Err(Undefined::OneCoder);
        }
        let mut table = Coincidences::default();
        for (values, n) in self.pairable() {
            let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
            for value in values.iter().flatten() {
                *counts.entry(*value).or_insert(0) += 1;
            }
            let n_values: u64 = counts.values().sum();
            let n_same: u64 = counts.values().map(|count| count * (count - 1)).sum();
            table.same += n as f64 * n_same as f64 / (n_values - 1) as f64;
            for (value, count) in counts {
                *table.totals.entry(value).or_insert(0) += n * count;
            }
        }
        if table.totals.is_empty() { Err(Undefined::NoUnits) } else { Ok(table) }
    }
}

/// What alpha needs of a coincidence matrix.
#[derive(Debug, Default)]
struct Coincidences {
    /// The sum of the diagonal.
    same: f64,
    /// How often each value is given in units that two have looked at.
    totals: BTreeMap<u32, u64>,
}

impl Coincidences {
    fn n(&self) -> f64 {
        self.totals.values().sum::<u64>() as f64
    }

    /// `Do`.
    fn observed(&self) -> f64 {
        1.0 - self.same / self.n()
    }

    /// `De`; 0 if there is one value.
    fn expected(&self) -> f64 {
        let n = self.n();
        let same: f64 = self.totals.values().map(|c| *c as f64 * (*c as f64 - 1.0)).sum();
        1.0 - same / (n * (n - 1.0))
    }
}

/// Kappa over several codes: the mean of observed and of expected agreement go
/// into the formula, so that rare codes do not swing the result as a mean of
/// kappas would let them. Codes that never vary add nothing.
///
/// # Errors
/// [`Undefined::NothingToPool`] if no code varies; the reason of the first code
/// if kappa has no meaning here.
///
/// # Source
/// De Vries, Elliott, Kanouse and Teleki (2008), "Using pooled kappa to summarize
/// interrater agreement across many items", <https://doi.org/10.1177/1525822X08317166>.
pub fn pooled_kappa(codes: &[Ratings]) -> Coefficient {
    let mut above = 0.0;
    let mut possible = 0.0;
    for code in codes {
        let (observed, expected) = code.kappa_parts()?;
        if code.only_value().is_none() {
            above += observed - expected;
            possible += 1.0 - expected;
        }
    }
    if possible > 0.0 { Ok(above / possible) } else { Err(Undefined::NothingToPool) }
}

/// Alpha over several codes: `1 - ΣDo / ΣDe`, pooled as [`pooled_kappa`] is.
///
/// # Errors
/// As [`pooled_kappa`].
pub fn pooled_alpha(codes: &[Ratings]) -> Coefficient {
    let mut observed = 0.0;
    let mut expected = 0.0;
    for code in codes {
        let table = code.coincidences()?;
        if code.only_value().is_none() {
            observed += table.observed();
            expected += table.expected();
        }
    }
    if expected > 0.0 { Ok(1.0 - observed / expected) } else { Err(Undefined::NothingToPool) }
}

/// The mean share of agreement over several codes.
///
/// # Errors
/// As [`Ratings::agreement`]; [`Undefined::NothingToPool`] without a code.
pub fn mean_agreement(codes: &[Ratings]) -> Coefficient {
    let mut sum = 0.0;
    for code in codes {
        sum += code.agreement()?;
    }
    if codes.is_empty() { Err(Undefined::NothingToPool) } else { Ok(sum / codes.len() as f64) }
}

/// The same stretches in order, without gaps of nothing and without overlap.
fn joined(spans: &[Range<u32>]) -> Vec<Range<u32>> {
    let mut spans: Vec<Range<u32>> =
        spans.iter().filter(|span| !span.is_empty()).cloned().collect();
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    let mut joined: Vec<Range<u32>> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn two(cells: [u64; 4]) -> Ratings {
        let mut ratings = Ratings::new(2);
        let patterns = [[1, 1], [1, 0], [0, 1], [0, 0]];
        for (pattern, n) in patterns.iter().zip(cells) {
            ratings.add(&pattern.map(Some), n);
        }
        ratings
    }

    /// One string a coder, one character a unit; `.` where nothing is said.
    fn table(coders: &[&str]) -> Ratings {
        let mut ratings = Ratings::new(coders.len());
        for unit in 0..coders[0].len() {
            let value = |row: &&str| match row.as_bytes()[unit] {
                b'.' => None,
                value => Some(u32::from(value)),
            };
            ratings.add(&coders.iter().map(value).collect::<Vec<_>>(), 1);
        }
        ratings
    }

    #[track_caller]
    fn close(found: Coefficient, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn kappa_agrees_with_published_examples() {
        // "Cohen's kappa", Wikipedia: 50 proposals, 20 both yes, 15 both no.
        // po = 35/50 = .7; pe = 25/50·30/50 + 25/50·20/50 = .5; (.7-.5)/.5 = .4.
        close(two([20, 5, 10, 15]).kappa(), 0.4);
        close(two([20, 5, 10, 15]).agreement(), 0.7);
        // There too: same po = .6, but pe = .6·.7 + .4·.3 = .54, and .6·.3 + .4·.7 = .46.
        close(two([45, 15, 25, 15]).kappa(), 0.06 / 0.46);
        close(two([25, 35, 5, 35]).kappa(), 0.14 / 0.54);
        // Disagreement throughout, evenly: po = 0, pe = .5.
        close(two([0, 5, 5, 0]).kappa(), -1.0);
        // One says always no: pe = po, and kappa is 0, not undefined.
        close(two([0, 5, 0, 15]).kappa(), 0.0);
    }

    #[test]
    fn alpha_agrees_with_krippendorffs_examples() {
        // Krippendorff (2011), A: binary, two observers, 10 units. 10 zeros and 2
        // ones coincide, 4 + 4 do not; n₀ = 14, n₁ = 6: 1 - 19·4/(14·6) = 8/84 = .095.
        close(table(&["0100000010", "1110010000"]).alpha(), 8.0 / 84.0);
        // B: nominal, two observers, 12 units. n = 24, 18 coincide, totals 4, 6, 6,
        // 6, 2: (23·18 - 104)/(24·23 - 104) = 310/448 = .692.
        close(table(&["aabbdcccedda", "babbbccceddd"]).alpha(), 310.0 / 448.0);
        // C: nominal, four observers, 12 units, missing values. The last unit has
        // one value and is left out: n = 40, 32 coincide, totals 9, 13, 10, 5, 3:
        // (39·32 - 344)/(40·39 - 344) = 904/1216 = .743.
        let four = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."];
        close(table(&four).alpha(), 904.0 / 1216.0);
        close(table(&four).agreement(), 32.0 / 40.0);
        assert_eq!(table(&four).n_units(), 11);
        assert_eq!(table(&four).kappa(), Err(Undefined::ManyCoders));
    }

    #[test]
    fn pooling_takes_means_before_dividing() {
        // po .7, pe .5 and po .6, pe .54: ((.7+.6) - (.5+.54)) / (2 - 1.04).
        let codes = [two([20, 5, 10, 15]), two([45, 15, 25, 15])];
        close(pooled_kappa(&codes), 0.26 / 0.96);
        close(mean_agreement(&codes), 0.65);
        // A code that nobody gave changes no coefficient.
        let with_unused = [codes[0].clone(), two([0, 0, 0, 50]), codes[1].clone()];
        close(pooled_kappa(&with_unused), 0.26 / 0.96);
        close(pooled_alpha(&codes[..1]), codes[0].alpha().unwrap());
        let alpha = pooled_alpha(&codes).unwrap();
        close(pooled_alpha(&with_unused), alpha);
        assert_eq!(pooled_kappa(&[]), Err(Undefined::NothingToPool));
        assert_eq!(pooled_alpha(&with_unused[1..2]), Err(Undefined::NothingToPool));
    }

    #[test]
    fn what_cannot_be_computed_says_why() {
        let never = two([0, 0, 0, 9]);
        assert_eq!(never.kappa(), Err(Undefined::NoVariation(0)));
        assert_eq!(never.alpha(), Err(Undefined::NoVariation(0)));
        close(never.agreement(), 1.0);
        assert_eq!(never.alpha().unwrap_err().to_string(), "not defined: both always no");
        let always = two([9, 0, 0, 0]);
        assert_eq!(always.kappa().unwrap_err().to_string(), "not defined: both always yes");
        // One unit of two values: n = 2, so that n - 1 = 1; nothing divides by 0.
        close(two([0, 1, 0, 0]).alpha(), 0.0);
        for none in [Ratings::new(2), table(&["0.", ".1"])] {
            assert_eq!(none.kappa(), Err(Undefined::NoUnits));
            assert_eq!(none.alpha(), Err(Undefined::NoUnits));
            assert_eq!(none.agreement(), Err(Undefined::NoUnits));
        }
        assert_eq!(table(&["01"]).alpha(), Err(Undefined::OneCoder));
        assert_eq!(table(&["01"]).kappa(), Err(Undefined::OneCoder));
        assert_eq!(table(&["01"]).agreement(), Err(Undefined::OneCoder));
    }

    #[test]
    fn spans_become_units() {
        let mut ratings = Ratings::new(2);
        // Ten units in two stretches; the second coder's span reaches out of them.
        let first = Some(vec![0..2, 1..4]);
        let second = Some(vec![3..11, 11..12]);
        ratings
            .add_spans(&[0..5, 10..15], &[first, second], |span| u64::from(span.end - span.start));
        assert_eq!(ratings, two([1, 3, 3, 3]));
        assert_eq!(ratings.cells(), Cells { all: 1, some: 6, none: 3 });
        assert_eq!((ratings.only(0), ratings.only(1)), (3, 3));
    }

    fn spans() -> impl Strategy<Value = Vec<Range<u32>>> {
        proptest::collection::vec((0..40_u32, 0..9_u32), 0..6)
            .prop_map(|spans| spans.into_iter().map(|(start, n)| start..start + n).collect())
    }

    proptest! {
        #[test]
        fn spans_count_as_units_one_by_one(universe in spans(), a in spans(), b in spans()) {
            let mut ratings = Ratings::new(2);
            let coded = [Some(a.clone()), Some(b.clone())];
            ratings.add_spans(&universe, &coded, |span| u64::from(span.end - span.start));
            let holds = |spans: &[Range<u32>], at| spans.iter().any(|span| span.contains(&at));
            let mut one_by_one = Ratings::new(2);
            for at in (0..60).filter(|at| holds(&universe, *at)) {
                let values = [&a, &b].map(|spans| Some(u32::from(holds(spans, at))));
                one_by_one.add(&values, 1);
            }
            prop_assert_eq!(ratings, one_by_one);
        }

        #[test]
        fn coefficients_are_numbers_and_know_no_order(cells in proptest::array::uniform4(0..30_u64)) {
            let ratings = two(cells);
            let turned = two([cells[0], cells[2], cells[1], cells[3]]);
            let inverted = two([cells[3], cells[2], cells[1], cells[0]]);
            for other in [&turned, &inverted] {
                for (x, y) in [(ratings.kappa(), other.kappa()), (ratings.alpha(), other.alpha())] {
                    match (x, y) {
                        (Ok(x), Ok(y)) => {
                            prop_assert!((x - y).abs() < 1e-9 && (-1.0 - 1e-9..=1.0 + 1e-9).contains(&x));
                        }
                        (Err(_), Err(_)) => {}
                        differing => prop_assert!(false, "{differing:?}"),
                    }
                }
            }
            // Of many units alpha is Scott's pi, with both coders' shares pooled.
            let n: u64 = cells.iter().sum();
            if let Ok(alpha) = ratings.alpha() {
                let yes = (2 * cells[0] + cells[1] + cells[2]) as f64;
                let no = 2.0 * n as f64 - yes;
                let by_hand = 1.0
                    - (2.0 * n as f64 - 1.0) * (cells[1] + cells[2]) as f64 / (yes * no);
                prop_assert!((alpha - by_hand).abs() < 1e-9);
            }
        }
    }
}
