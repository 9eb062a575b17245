//! Latent semantic analysis: a truncated singular value decomposition.

use faer::{Mat, Side};
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2, Axis, Slice};
use rayon::prelude::*;
use sprs::{CsMatI, CsMatViewI};

use super::counts::rows_of;
use crate::base::{Progress, Seed, Stopped};

/// Sparse weights, passages by terms, row by row.
pub type WeightMatrix = CsMatI<f32, u32, usize>;

/// Rows that one task multiplies; fixed, so that sums never depend on the
/// number of threads.
const BLOCK_ROWS: usize = 512;
/// Columns beyond the wanted rank that the random start spans.
const OVERSAMPLE: usize = 12;
/// Power iterations; flat spectra, such as those of text, need several.
const N_POWER: usize = 4;
/// Directions whose squared length is under this share of the longest are noise of rounding.
const RANK_TOLERANCE: f64 = 1e-12;

/// The leading singular triplets of a sparse matrix.
#[derive(Debug, Clone)]
pub struct Lsa {
    /// Left singular vectors, shape `(n_rows, rank)`, orthonormal columns.
    pub left: Array2<f64>,
    /// Singular values, largest first, length `rank`.
    pub values: Vec<f64>,
    /// Right singular vectors, shape `(n_columns, rank)`, orthonormal columns.
    pub right: Array2<f64>,
}

impl Lsa {
    /// Finds the `rank` leading singular triplets of `matrix`.
    ///
    /// Fewer come back if the matrix has fewer that differ from zero. The sign
    /// of each pair of vectors is chosen so that the entry of `right` that is
    /// largest in size is positive. The answer depends on `seed` in the last
    /// digits only, and not on the number of threads or the order of the rows, each of which
    /// gets the same vector wherever it stands.
    ///
    /// # Errors
    /// [`Stopped`] if `progress` says so.
    pub fn fit(
        matrix: &WeightMatrix,
        rank: usize,
        seed: Seed,
        progress: &dyn Progress,
    ) -> Result<Self, Stopped> {
        let order = by_content(matrix);
        let matrix = rows_of(matrix, &order);
        let transposed: WeightMatrix = matrix.transpose_view().to_csr();
        let mut subspace = Subspace::start((matrix.rows(), matrix.cols()), rank, seed);
        while subspace.is_moving() {
            progress.go_on()?;
            let across = product(matrix.view(), &subspace.basis);
            progress.go_on()?;
            subspace.turn(&product(transposed.view(), &across));
        }
        drop(transposed);
        progress.go_on()?;
        // The matrix seen from the basis is narrow: B = A Q.
        let seen = product(matrix.view(), &subspace.basis);
        let Singular { values, right, vectors } = subspace.end(&gram(&seen));
        let mut left = blocks_turned(seen, &vectors.view());
        put_back(&mut left, order);
        Ok(Self { left, values, right })
    }
}

/// The rows in an order that depends on what they hold alone: sums over them are then the same
/// to the last bit, whatever order they came in.
fn by_content(matrix: &WeightMatrix) -> Vec<usize> {
    let key = |row: usize| {
        let row = matrix.outer_view(row).expect("the row is one of the matrix");
        let (columns, weights) = row.into_raw_storage();
        (columns, weights.iter().map(|weight| weight.to_bits()))
    };
    let mut order: Vec<usize> = (0..matrix.rows()).collect();
    order.par_sort_by(|&a, &b| {
        let ((columns, weights), (other_columns, other_weights)) = (key(a), key(b));
        columns.cmp(other_columns).then_with(|| weights.cmp(other_weights))
    });
    order
}

/// Moves each row of a matrix to the place that `order` has for it, without a second matrix.
fn put_back(rows: &mut Array2<f64>, mut order: Vec<usize>) {
    for at in 0..order.len() {
        while order[at] != at {
            let to = order[at];
            (0..rows.ncols()).for_each(|column| rows.swap((at, column), (to, column)));
            order.swap(at, to);
        }
    }
}

/// A space of terms that turns towards the leading right singular vectors of a matrix `A`
/// whose rows may lie anywhere: all it asks for are sums over rows.
///
/// While it [moves](Self::is_moving) it asks for `AᵀA Q` of its basis `Q`, the sum of
/// [`there_and_back`] over parts of the rows; then for `(AQ)ᵀ(AQ)`, the sum of [`seen_gram`].
///
/// # Source
/// Randomised subspace iteration: Halko, Martinsson and Tropp (2011),
/// "Finding structure with randomness", algorithms 4.4 and 5.1,
/// <https://doi.org/10.1137/090771806>, with bases on the side of the
/// columns. They are made orthonormal by the eigenvectors of their Gram
/// matrix, twice, which unlike a QR of a tall matrix runs in fixed blocks
/// on all threads.
#[derive(Debug, Clone)]
pub struct Subspace {
    /// Shape `(n_columns, width)`, orthonormal columns. Kept on the side of the terms, which
    /// is the shorter one where it matters.
    pub basis: Array2<f64>,
    rank: usize,
    n_turns: usize,
}

/// What a [`Subspace`] ends as.
#[derive(Debug, Clone)]
pub struct Singular {
    /// Singular values, largest first, length `rank`.
    pub values: Vec<f64>,
    /// Right singular vectors, shape `(n_columns, rank)`, orthonormal columns.
    pub right: Array2<f64>,
    /// What `A Q` is multiplied by to give the left ones.
    vectors: Array2<f64>,
}

impl Subspace {
    /// A random one, for the `rank` leading triplets of a matrix of this shape.
    pub fn start((n_rows, n_columns): (usize, usize), rank: usize, seed: Seed) -> Self {
        let width = (rank + OVERSAMPLE).min(n_rows).min(n_columns);
        let mut random = seed.numbers();
        let start = Array2::from_shape_simple_fn((n_columns, width), || random.next_normal());
        Self { basis: orthonormal(&start), rank, n_turns: 0 }
    }

    /// Whether it is to be turned once more.
    pub fn is_moving(&self) -> bool {
        self.n_turns < N_POWER
    }

    /// Turns it by `AᵀA Q`.
    pub fn turn(&mut self, there_and_back: &Array2<f64>) {
        self.basis = orthonormal(there_and_back);
        self.n_turns += 1;
    }

    /// Finds the singular values in it by `(AQ)ᵀ(AQ)`.
    pub fn end(self, seen_gram: &Array2<f64>) -> Singular {
        let (values, vectors) = eigen(seen_gram);
        let largest = values.first().copied().unwrap_or(0.0);
        let rank = values
            .iter()
            .take(self.rank)
            .filter(|&&value| value > RANK_TOLERANCE * largest && value > 0.0)
            .count();
        let values: Vec<f64> = values[..rank].iter().map(|value| value.sqrt()).collect();
        let mut vectors = vectors.slice_axis(Axis(1), Slice::from(..rank)).to_owned();
        let mut right = blocks_dot(&self.basis, &vectors.view());
        for (at, &value) in values.iter().enumerate() {
            let mut column = right.column_mut(at);
            let largest =
                column.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(0.0);
            if largest < 0.0 {
                column *= -1.0;
            }
            let scale = if largest < 0.0 { -1.0 / value } else { 1.0 / value };
            vectors.column_mut(at).mapv_inplace(|x| x * scale);
        }
        Singular { values, right, vectors }
    }
}

/// What some rows `A` add to `AᵀA Q`.
pub fn there_and_back(rows: &WeightMatrix, basis: &Array2<f64>) -> Array2<f64> {
    let transposed: WeightMatrix = rows.transpose_view().to_csr();
    product(transposed.view(), &product(rows.view(), basis))
}

/// What some rows `A` add to `(AQ)ᵀ(AQ)`.
pub fn seen_gram(rows: &WeightMatrix, basis: &Array2<f64>) -> Array2<f64> {
    gram(&product(rows.view(), basis))
}

/// A sparse matrix times a dense one, row blocks side by side.
pub(super) fn product(sparse: CsMatViewI<'_, f32, u32, usize>, dense: &Array2<f64>) -> Array2<f64> {
    let mut result = Array2::zeros((sparse.rows(), dense.ncols()));
    result.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(row, mut target)| {
        let Some(entries) = sparse.outer_view(row) else { return };
        // Written before it is read: fresh memory that is read first is mapped twice,
        // and all threads stop for the second time.
        target.fill(0.0);
        for (column, &weight) in entries.iter() {
            target.scaled_add(f64::from(weight), &dense.row(column));
        }
    });
    result
}

/// `matrixᵀ matrix`, added up in the order of the blocks.
fn gram(matrix: &Array2<f64>) -> Array2<f64> {
    let parts: Vec<Array2<f64>> = matrix
        .axis_chunks_iter(Axis(0), BLOCK_ROWS)
        .into_par_iter()
        .map(|block| block.t().dot(&block))
        .collect();
    parts.into_iter().fold(Array2::zeros((matrix.ncols(), matrix.ncols())), |sum, part| sum + part)
}

/// A tall matrix times a small one.
fn blocks_dot(tall: &Array2<f64>, small: &ArrayView2<'_, f64>) -> Array2<f64> {
    let mut result = Array2::zeros((tall.nrows(), small.ncols()));
    result
        .axis_chunks_iter_mut(Axis(0), BLOCK_ROWS)
        .into_par_iter()
        .zip(tall.axis_chunks_iter(Axis(0), BLOCK_ROWS).into_par_iter())
        .for_each(|(mut target, block)| general_mat_mul(1.0, &block, small, 0.0, &mut target));
    result
}

/// A tall matrix times a small one that is not wider, in the place of the tall one, which may
/// be most of what is in memory.
fn blocks_turned(mut tall: Array2<f64>, small: &ArrayView2<'_, f64>) -> Array2<f64> {
    let columns = Slice::from(..small.ncols());
    tall.axis_chunks_iter_mut(Axis(0), BLOCK_ROWS).into_par_iter().for_each(|mut block| {
        let mut turned = Array2::zeros((block.nrows(), small.ncols()));
        general_mat_mul(1.0, &block, small, 0.0, &mut turned);
        block.slice_axis_mut(Axis(1), columns).assign(&turned);
    });
    tall.slice_axis_inplace(Axis(1), columns);
    tall
}

/// Eigenvalues, largest first, and eigenvectors of a symmetric matrix.
fn eigen(symmetric: &Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    let n = symmetric.nrows();
    if n == 0 {
        return (Vec::new(), Array2::zeros((0, 0)));
    }
    let matrix = Mat::from_fn(n, n, |i, j| symmetric[[i, j]]);
    let Ok(found) = matrix.self_adjoint_eigen(Side::Lower) else {
        // Only matrices with entries that are no numbers do not converge.
        return (vec![0.0; n], Array2::zeros((n, n)));
    };
    let values = (0..n).rev().map(|at| found.S().column_vector()[at]).collect();
    let vectors = Array2::from_shape_fn((n, n), |(i, j)| found.U()[(i, n - 1 - j)]);
    (values, vectors)
}

/// An orthonormal basis of the columns' span; narrower if they depend on each other.
fn orthonormal(matrix: &Array2<f64>) -> Array2<f64> {
    let once = |matrix: &Array2<f64>| {
        let (values, mut vectors) = eigen(&gram(matrix));
        let largest = values.first().copied().unwrap_or(0.0);
        let rank =
            values.iter().filter(|&&value| value > RANK_TOLERANCE * largest && value > 0.0).count();
        for (at, value) in values[..rank].iter().enumerate() {
            vectors.column_mut(at).mapv_inplace(|x| x / value.sqrt());
        }
        blocks_dot(matrix, &vectors.slice_axis(Axis(1), Slice::from(..rank)))
    };
    once(&once(matrix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(matrix: &WeightMatrix, rank: usize, seed: Seed) -> Lsa {
        Lsa::fit(matrix, rank, seed, &|_, _| {}).unwrap()
    }
    use sprs::TriMatI;

    fn sparse(n_rows: usize, n_columns: usize) -> WeightMatrix {
        let mut random = Seed(7).numbers();
        let mut triplets = TriMatI::<f32, u32>::new((n_rows, n_columns));
        for row in 0..n_rows {
            for column in 0..n_columns {
                let topic = if row % 5 == column % 5 { 0.5 } else { 0.05 };
                if random.next_uniform() < topic {
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "a test value between 0 and 1"
                    )]
                    triplets.add_triplet(row, column, random.next_uniform() as f32);
                }
            }
        }
        triplets.to_csr()
    }

    #[test]
    fn singular_values_agree_with_an_exact_solver() {
        let matrix = sparse(150, 90);
        let ours = fit(&matrix, 6, Seed(1));
        let wide = sprs::CsMatI::<f64, u32, u64>::new(
            (150, 90),
            matrix.indptr().raw_storage().iter().map(|&at| at as u64).collect(),
            matrix.indices().to_vec(),
            matrix.data().iter().map(|&x| f64::from(x)).collect(),
        );
        let exact = single_svdlib::svd(&wide, 6).unwrap();
        for (ours, exact) in ours.values.iter().zip(exact.s.iter()).take(5) {
            assert!((ours - exact).abs() < 1e-3 * exact, "{ours} {exact}");
        }
    }

    #[test]
    fn a_matrix_of_known_rank_is_rebuilt() {
        // Rank 2: the outer products of (1, 2, 3) and (0, 1, 0, 1), and of (1, 0, -1) and (2, 0, 0, 0).
        let mut triplets = TriMatI::<f32, u32>::new((3, 4));
        for (row, column, value) in [
            (0, 0, 2.0),
            (2, 0, -2.0),
            (0, 1, 1.0),
            (1, 1, 2.0),
            (2, 1, 3.0),
            (0, 3, 1.0),
            (1, 3, 2.0),
            (2, 3, 3.0),
        ] {
            triplets.add_triplet(row, column, value);
        }
        let matrix: WeightMatrix = triplets.to_csr();
        let lsa = fit(&matrix, 3, Seed(0));
        assert_eq!(lsa.values.len(), 2);
        let scaled = &lsa.left * &ndarray::Array1::from(lsa.values.clone());
        let rebuilt = scaled.dot(&lsa.right.t());
        for ((row, column), value) in rebuilt.indexed_iter() {
            let expected = f64::from(matrix.get(row, column).copied().unwrap_or(0.0));
            assert!((value - expected).abs() < 1e-9, "{row} {column} {value} {expected}");
        }
    }

    #[test]
    fn sums_over_parts_of_the_rows_give_the_same() {
        let matrix = sparse(150, 90);
        let whole = fit(&matrix, 6, Seed(1));
        let parts: Vec<WeightMatrix> = [(0, 40), (40, 41), (41, 150)]
            .map(|(from, to)| matrix.slice_outer(from..to).to_owned())
            .to_vec();
        let sum = |of: &dyn Fn(&WeightMatrix) -> Array2<f64>| {
            parts.iter().map(of).reduce(|sum, part| sum + part).unwrap()
        };
        let mut subspace = Subspace::start((150, 90), 6, Seed(1));
        while subspace.is_moving() {
            let next = sum(&|part| there_and_back(part, &subspace.basis));
            subspace.turn(&next);
        }
        let found = subspace.clone().end(&sum(&|part| seen_gram(part, &subspace.basis)));
        for (a, b) in found.right.iter().zip(&whole.right) {
            assert!((a - b).abs() < 1e-9, "{a} {b}");
        }
    }

    #[test]
    fn threads_do_not_change_a_bit() {
        let matrix = sparse(1500, 200);
        let on = |n: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
            pool.install(|| fit(&matrix, 10, Seed(3)).left)
        };
        assert_eq!(on(1), on(4));
    }

    #[test]
    fn the_order_of_rows_does_not_change_a_bit() {
        let matrix = sparse(1500, 200);
        let order: Vec<usize> = (0..1500).map(|at| (at * 7 + 3) % 1500).collect();
        let (here, there) = (&matrix, &rows_of(&matrix, &order));
        let (here, there) = (fit(here, 10, Seed(3)), fit(there, 10, Seed(3)));
        assert_eq!(here.right, there.right);
        for (row, &at) in there.left.outer_iter().zip(&order) {
            assert_eq!(row, here.left.row(at));
        }
    }

    #[test]
    fn nothing_in_gives_nothing_out() {
        let lsa = fit(&WeightMatrix::zero((0, 0)), 5, Seed(0));
        assert_eq!(lsa.values.len(), 0);
        let lsa = fit(&WeightMatrix::zero((4, 3)), 5, Seed(0));
        assert_eq!((lsa.values.len(), lsa.left.dim()), (0, (4, 0)));
    }
}
