//! Logistic regression on sparse rows: the one solver.
//!
//! Rows with their classes come in, the weights of their columns go out. The loss is
//! convex and is brought to its one lowest point, so that the answer depends on no
//! random start, no order and no number of threads.

use crate::features::lsa::WeightMatrix;

/// How far a fit goes, and how freely weights grow.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticParams {
    /// How much the rows count against small weights: `C` of the formula of [`fit`].
    pub freedom: f64,
    /// The share of its first length at which a gradient counts as none.
    pub tolerance: f64,
    /// The most steps of Newton.
    pub max_steps: usize,
    /// The most steps towards the direction of one of these.
    pub max_inner_steps: usize,
}

impl Default for LogisticParams {
    fn default() -> Self {
        Self { freedom: 10.0, tolerance: 1e-3, max_steps: 50, max_inner_steps: 50 }
    }
}

/// Rows with the columns of several matrices side by side, and last a column of ones.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a, const N: usize> {
    /// The matrices, all with as many rows.
    pub blocks: [&'a WeightMatrix; N],
}

impl<const N: usize> Rows<'_, N> {
    /// How many columns there are, with that of ones.
    pub fn n_columns(&self) -> usize {
        self.blocks.iter().map(|block| block.cols()).sum::<usize>() + 1
    }

    /// The product of a row with one weight a column.
    pub fn product(&self, row: usize, weights: &[f64]) -> f64 {
        let mut sum = weights[weights.len() - 1];
        self.each(row, |column, value| sum += value * weights[column]);
        sum
    }

    fn add_to(&self, row: usize, times: f64, sums: &mut [f64]) {
        self.each(row, |column, value| sums[column] += times * value);
        let last = sums.len() - 1;
        sums[last] += times;
    }

    fn each(&self, row: usize, mut see: impl FnMut(usize, f64)) {
        let mut first = 0;
        for block in self.blocks {
            if let Some(entries) = block.outer_view(row) {
                for (column, &value) in entries.iter() {
                    see(first + column, f64::from(value));
                }
            }
            first += block.cols();
        }
    }
}

/// A row to learn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// The row.
    pub row: usize,
    /// Whether it is of the class.
    pub is_one: bool,
}

/// Fits weights that tell examples of the class from others; `None` if either is
/// lacking.
///
/// # Shapes
/// The weights are one a column of `rows`, the last that of the column of ones.
///
/// # Formula
/// The lowest point of `½ |w|² + C Σ s[i] ln(1 + e^(-y[i] (x[i] · w)))`, `y` being 1 or -1
/// and `s[i] = n / 2 n[class of i]`: both classes count alike, however few are of one.
///
/// # Source
/// Lin, Weng and Keerthi (2008), "Trust region Newton method for large-scale logistic
/// regression", JMLR 9, <https://jmlr.org/papers/v9/lin08b.html>; ours searches along the
/// direction in place of a trust region. The weights of classes are scikit-learn's
/// (`class_weight="balanced"`).
pub fn fit<const N: usize>(
    rows: &Rows<'_, N>,
    examples: &[Example],
    params: &LogisticParams,
) -> Option<Vec<f64>> {
    let n_ones = examples.iter().filter(|example| example.is_one).count();
    let n = examples.len();
    if n_ones == 0 || n_ones == n {
        return None;
    }
    let half = params.freedom * n as f64 / 2.0;
    let loss = Loss {
        rows,
        examples,
        of_ones: half / n_ones as f64,
        of_others: half / (n - n_ones) as f64,
    };
    let mut weights = vec![0.0; rows.n_columns()];
    let mut least = None;
    for _ in 0..params.max_steps {
        let products = loss.products(&weights);
        let gradient = loss.gradient(&weights, &products);
        let length = length_of(&gradient);
        if length <= params.tolerance * *least.get_or_insert(length) {
            break;
        }
        let direction = loss.newton(&gradient, &products, params.max_inner_steps);
        if !loss.descend(&mut weights, &products, &direction, &gradient) {
            break;
        }
    }
    Some(weights)
}

/// What is to be as small as it can be.
struct Loss<'a, const N: usize> {
    rows: &'a Rows<'a, N>,
    examples: &'a [Example],
    /// What an example of the class counts, with `C`.
    of_ones: f64,
    /// The same of another.
    of_others: f64,
}

impl<const N: usize> Loss<'_, N> {
    fn count_of(&self, example: Example) -> f64 {
        if example.is_one { self.of_ones } else { self.of_others }
    }

    fn products(&self, weights: &[f64]) -> Vec<f64> {
        self.examples.iter().map(|example| self.rows.product(example.row, weights)).collect()
    }

    fn at(&self, weights: &[f64], products: &[f64]) -> f64 {
        let of_one = |(example, &product): (&Example, &f64)| {
            self.count_of(*example) * softplus(if example.is_one { -product } else { product })
        };
        let of_examples = self.examples.iter().zip(products).map(of_one);
        of_examples.fold(dot(weights, weights) / 2.0, |sum, loss| sum + loss)
    }

    fn gradient(&self, weights: &[f64], products: &[f64]) -> Vec<f64> {
        let mut gradient = weights.to_vec();
        for (example, &product) in self.examples.iter().zip(products) {
            let error = sigmoid(product) - f64::from(u8::from(example.is_one));
            self.rows.add_to(example.row, self.count_of(*example) * error, &mut gradient);
        }
        gradient
    }

    /// The step to the lowest point of the parabola that touches the loss here, by
    /// conjugate gradients.
    fn newton(&self, gradient: &[f64], products: &[f64], max_steps: usize) -> Vec<f64> {
        let curves: Vec<f64> = (self.examples.iter().zip(products))
            .map(|(example, &product)| {
                let p = sigmoid(product);
                self.count_of(*example) * p * (1.0 - p)
            })
            .collect();
        let mut step = vec![0.0; gradient.len()];
        let mut rest: Vec<f64> = gradient.iter().map(|x| -x).collect();
        let mut direction = rest.clone();
        let mut squares = dot(&rest, &rest);
        let enough = squares * 1e-2;
        for _ in 0..max_steps {
            if squares <= enough {
                break;
            }
            let curved = self.curved(&curves, &direction);
            let by = squares / dot(&direction, &curved);
            add(&mut step, by, &direction);
            add(&mut rest, -by, &curved);
            let before = std::mem::replace(&mut squares, dot(&rest, &rest));
            let keep = squares / before;
            for (x, &r) in direction.iter_mut().zip(&rest) {
                *x = r + keep * *x;
            }
        }
        step
    }

    /// The product of the second derivatives with a vector.
    fn curved(&self, curves: &[f64], vector: &[f64]) -> Vec<f64> {
        let mut sums = vector.to_vec();
        for (example, curve) in self.examples.iter().zip(curves) {
            let product = self.rows.product(example.row, vector);
            self.rows.add_to(example.row, curve * product, &mut sums);
        }
        sums
    }

    /// Goes along a direction as far as the loss falls with it; whether it does.
    fn descend(
        &self,
        weights: &mut Vec<f64>,
        products: &[f64],
        direction: &[f64],
        gradient: &[f64],
    ) -> bool {
        /// The share of the fall that the gradient promises, as Armijo asks for it.
        const SHARE: f64 = 1e-4;
        const MAX_HALVINGS: usize = 30;
        let now = self.at(weights, products);
        let slope = dot(gradient, direction);
        let mut step = 1.0;
        for _ in 0..MAX_HALVINGS {
            let mut next = weights.clone();
            add(&mut next, step, direction);
            if self.at(&next, &self.products(&next)) <= now + SHARE * step * slope {
                *weights = next;
                return true;
            }
            step /= 2.0;
        }
        false
    }
}

/// `1 / (1 + e^-x)`, in `0.0..=1.0`.
pub fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

/// `ln(1 + e^x)` without overflow.
pub(super) fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (x, y)| sum + x * y)
}

fn length_of(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

fn add(to: &mut [f64], times: f64, what: &[f64]) {
    for (x, y) in to.iter_mut().zip(what) {
        *x += times * y;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sprs::TriMatI;

    fn matrix(rows: &[&[f32]]) -> WeightMatrix {
        let mut triplets = TriMatI::<f32, u32>::new((rows.len(), rows[0].len()));
        for (row, values) in rows.iter().enumerate() {
            for (column, &value) in values.iter().enumerate().filter(|(_, value)| **value != 0.0) {
                triplets.add_triplet(row, column, value);
            }
        }
        triplets.to_csr()
    }

    fn examples(classes: &[bool]) -> Vec<Example> {
        classes.iter().enumerate().map(|(row, &is_one)| Example { row, is_one }).collect()
    }

    const EXACT: LogisticParams =
        LogisticParams { freedom: 1.0, tolerance: 1e-12, max_steps: 100, max_inner_steps: 100 };

    #[test]
    fn two_mirrored_rows_agree_with_a_case_worked_by_hand() {
        // x = 1 is of the class and x = -1 is not; C = 1. By symmetry the bias is 0, and
        // w is where w = 2 / (1 + e^w): w = 0.674831614.
        let x = matrix(&[&[1.0], &[-1.0]]);
        let found = fit(&Rows { blocks: [&x] }, &examples(&[true, false]), &EXACT).unwrap();
        assert!((found[0] - 0.674_831_614_342_399_4).abs() < 1e-9, "{found:?}");
        assert!(found[1].abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn both_classes_count_alike() {
        // The class thrice as often at the same place pulls no more than once.
        let few = matrix(&[&[1.0], &[-1.0]]);
        let many = matrix(&[&[1.0], &[-1.0], &[-1.0], &[-1.0]]);
        // n doubles with the rows, so half the freedom is the same loss.
        let half = LogisticParams { freedom: 0.5, ..EXACT };
        let a = fit(&Rows { blocks: [&few] }, &examples(&[true, false]), &EXACT).unwrap();
        let b =
            fit(&Rows { blocks: [&many] }, &examples(&[true, false, false, false]), &half).unwrap();
        assert!(a.iter().zip(&b).all(|(x, y)| (x - y).abs() < 1e-9), "{a:?} {b:?}");
    }

    #[test]
    fn one_class_teaches_nothing() {
        let x = matrix(&[&[1.0], &[-1.0]]);
        assert_eq!(fit(&Rows { blocks: [&x] }, &examples(&[true, true]), &EXACT), None);
        assert_eq!(fit(&Rows { blocks: [&x] }, &[], &EXACT), None);
    }

    proptest! {
        #[test]
        fn the_gradient_vanishes_and_no_step_goes_lower(
            values in prop::collection::vec((-2.0_f32..2.0, -2.0_f32..2.0, any::<bool>()), 2..12),
        ) {
            let cells: Vec<[f32; 2]> = values.iter().map(|(a, b, _)| [*a, *b]).collect();
            let (left, right) = (
                matrix(&cells.iter().map(|row| &row[..1]).collect::<Vec<_>>()),
                matrix(&cells.iter().map(|row| &row[1..]).collect::<Vec<_>>()),
            );
            let rows = Rows { blocks: [&left, &right] };
            let examples = examples(&values.iter().map(|(.., class)| *class).collect::<Vec<_>>());
            let Some(weights) = fit(&rows, &examples, &EXACT) else { return Ok(()) };
            let ones = examples.iter().filter(|example| example.is_one).count() as f64;
            let half = examples.len() as f64 / 2.0;
            let loss = Loss {
                rows: &rows,
                examples: &examples,
                of_ones: half / ones,
                of_others: half / (examples.len() as f64 - ones),
            };
            let products = loss.products(&weights);
            prop_assert!(length_of(&loss.gradient(&weights, &products)) < 1e-6);
            let lowest = loss.at(&weights, &products);
            for column in 0..weights.len() {
                for by in [-0.01, 0.01] {
                    let mut other = weights.clone();
                    other[column] += by;
                    prop_assert!(loss.at(&other, &loss.products(&other)) > lowest);
                }
            }
        }
    }
}
