//! The singular vectors of a matrix whose rows lie on many machines.

use ndarray::{Array2, Axis};

use super::counting::{Lexicon, Said, Weighed};
use super::{BatchError, packed, unpacked};
use crate::features::lsa::{Subspace, WeightMatrix, seen_gram, there_and_back};
use crate::features::space::{Placing, SpaceParams};

/// Terms of which a sum is carried at once.
const BLOCK_TERMS: usize = 1_024;

/// The weights of some transcripts, stacked.
#[derive(Default)]
pub struct Rows {
    starts: Vec<usize>,
    columns: Vec<u32>,
    weights: Vec<f32>,
    talk: Vec<crate::features::context::TalkPassage>,
    n_transcripts: u32,
}

impl Rows {
    /// Adds what [`Lexicon::weigh`] gives of a transcript.
    ///
    /// # Errors
    /// [`BatchError::Row`] if it cannot be read.
    pub fn add(&mut self, weighed: &[u8]) -> Result<(), BatchError> {
        self.stack(unpacked(weighed, "weights")?);
        Ok(())
    }

    pub(super) fn stack(&mut self, Weighed { talk, starts, columns, weights }: Weighed) {
        let from = self.columns.len();
        self.starts.extend(starts[..starts.len() - 1].iter().map(|start| from + start));
        self.columns.extend(columns);
        self.weights.extend(weights);
        let transcript = self.n_transcripts;
        self.talk.extend(
            talk.into_iter().map(|it| crate::features::context::TalkPassage { transcript, ..it }),
        );
        self.n_transcripts += 1;
    }

    fn matrix(&self, n_terms: usize) -> WeightMatrix {
        let shape = (self.starts.len(), n_terms);
        let starts = self.starts.iter().copied().chain([self.columns.len()]).collect();
        WeightMatrix::new(shape, starts, self.columns.clone(), self.weights.clone())
    }

    pub(super) fn place(&self, placing: &Placing) -> Array2<f32> {
        placing.place(&self.matrix(placing.n_terms()), &self.talk)
    }
}

/// What some rows add to the sum that a [`Fitting`] asks for, in blocks with their numbers.
///
/// # Errors
/// [`BatchError::Row`] if `asked` cannot be read.
pub fn products(rows: &Rows, asked: &[u8]) -> Result<Vec<(u32, Vec<u8>)>, BatchError> {
    let (is_last, shape, values): (bool, (usize, usize), Vec<f64>) = unpacked(asked, "bases")?;
    let basis = matrix_of(shape, values)?;
    let matrix = rows.matrix(basis.nrows());
    let sum = if is_last { seen_gram(&matrix, &basis) } else { there_and_back(&matrix, &basis) };
    let blocks = sum.axis_chunks_iter(Axis(0), BLOCK_TERMS);
    let packed = blocks.map(|block| block.iter().flat_map(|x| x.to_le_bytes()).collect());
    Ok((0..).zip(packed).collect())
}

/// Adds up blocks of one number, in the order in which they come.
///
/// # Errors
/// [`BatchError::Row`] if they are of different lengths.
pub fn add_up(blocks: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, BatchError> {
    let mut sum: Vec<f64> = Vec::new();
    for block in blocks {
        let values = numbers(block.as_ref());
        if sum.is_empty() {
            sum = values.collect();
        } else if sum.len() * 8 == block.as_ref().len() {
            sum.iter_mut().zip(values).for_each(|(sum, x)| *sum += x);
        } else {
            return Err(BatchError::Row { what: "sums" });
        }
    }
    Ok(sum.iter().flat_map(|x| x.to_le_bytes()).collect())
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = f64> {
    let (eights, _) = bytes.as_chunks::<8>();
    eights.iter().map(|eight| f64::from_le_bytes(*eight))
}

fn matrix_of(shape: (usize, usize), values: Vec<f64>) -> Result<Array2<f64>, BatchError> {
    Array2::from_shape_vec(shape, values).ok().ok_or(BatchError::Row { what: "sums" })
}

/// The search for the singular vectors, on the driver.
pub struct Fitting {
    lexicon: Lexicon,
    meanings: Array2<f64>,
    subspace: Subspace,
    params: SpaceParams,
}

impl Fitting {
    /// From all that was counted ([`Tally`](super::Tally)) in `n_passages`.
    pub fn new(said: Vec<Said>, n_passages: usize) -> Self {
        let params = SpaceParams::default();
        let (lexicon, meanings) = Lexicon::new(said, n_passages);
        let shape = (n_passages, lexicon.vocabulary.len());
        let subspace = Subspace::start(shape, params.dimensions, params.seed);
        Self { lexicon, meanings, subspace, params }
    }

    /// The terms.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Whether more than one sum is asked for.
    pub fn is_moving(&self) -> bool {
        self.subspace.is_moving()
    }

    /// What [`products`] asks for.
    pub fn asked(&self) -> Vec<u8> {
        let basis = self.subspace.basis.as_standard_layout();
        let values = basis.as_slice().unwrap_or_default();
        packed(&(!self.is_moving(), basis.dim(), values))
    }

    fn sum(&self, blocks: &[Vec<u8>], n_rows: usize) -> Result<Array2<f64>, BatchError> {
        let values = blocks.iter().flat_map(|block| numbers(block)).collect();
        matrix_of((n_rows, self.subspace.basis.ncols()), values)
    }

    /// Goes on with the sum over all rows, its blocks in order.
    ///
    /// # Errors
    /// [`BatchError::Row`] if a block is missing.
    pub fn turn(&mut self, blocks: &[Vec<u8>]) -> Result<(), BatchError> {
        let sum = self.sum(blocks, self.lexicon.vocabulary.len())?;
        self.subspace.turn(&sum);
        Ok(())
    }

    /// Ends with the last sum: the terms, and what places passages.
    ///
    /// # Errors
    /// [`BatchError::Row`] if a block is missing.
    pub fn end(self, blocks: &[Vec<u8>]) -> Result<(Lexicon, Placing), BatchError> {
        let sum = self.sum(blocks, self.subspace.basis.ncols())?;
        Ok((self.lexicon, Placing::new(self.subspace.end(&sum), self.meanings, self.params)))
    }
}

/// What places passages, as an engine carries it.
pub fn pack_placing(placing: &Placing) -> Vec<u8> {
    packed(placing)
}

/// The same, from what an engine carries.
///
/// # Errors
/// [`BatchError::Row`] if it cannot be read.
pub fn unpack_placing(bytes: &[u8]) -> Result<Placing, BatchError> {
    unpacked(bytes, "places")
}

/// The points of a transcript's passages from its weights: single numbers, row by row.
///
/// # Errors
/// [`BatchError::Row`] if it cannot be read.
pub fn place(placing: &Placing, weighed: &[u8]) -> Result<Vec<u8>, BatchError> {
    let mut rows = Rows::default();
    rows.add(weighed)?;
    Ok(rows.place(placing).iter().flat_map(|x| x.to_le_bytes()).collect())
}
