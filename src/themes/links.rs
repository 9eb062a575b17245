//! Links between passages of different people: the graph that themes are
//! communities of.

use ndarray::{Array2, ArrayView1, Axis};
use rayon::prelude::*;

/// Rows that one task compares with all others.
const BLOCK_ROWS: usize = 128;

/// A link between two passages, by their rows; `from < to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// One passage.
    pub from: u32,
    /// The other.
    pub to: u32,
    /// How many nearest passages the two share, and 1, divided by the number
    /// of links a passage asks for.
    pub weight: f32,
}

/// The nearest passages of every passage, nearest first: more than are linked, so that
/// some may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbours {
    nearest: Vec<Vec<u32>>,
    n_links: usize,
}

impl Neighbours {
    /// Finds the nearest passages that `may_link` allows, twice as many as the
    /// `n_links` that each passage asks for.
    ///
    /// `points` is `(n_passages, dimensions)` with rows of length 1. A theme is
    /// what recurs across people: inside one interview passages are near for the
    /// wrong reasons, so callers allow links between interviews only.
    pub fn new(
        points: &Array2<f32>,
        n_links: usize,
        may_link: &(dyn Fn(usize, usize) -> bool + Sync),
    ) -> Self {
        Self { nearest: nearest_passages(points, 2 * n_links, may_link), n_links }
    }

    /// Links every passage that `is_kept` to its nearest ones of these.
    ///
    /// Two passages are linked if either is among the other's nearest; the weight
    /// grows with the neighbours they share (Jarvis and Patrick 1973,
    /// <https://doi.org/10.1109/T-C.1973.223640>), which tells near by meaning
    /// from near by chance. Links come in the order of their passages.
    pub fn links(&self, is_kept: &(dyn Fn(usize) -> bool + Sync)) -> Vec<Link> {
        let kept: Vec<bool> = (0..self.nearest.len()).map(is_kept).collect();
        let nearest: Vec<Vec<u32>> = self
            .nearest
            .par_iter()
            .zip(&kept)
            .map(|(neighbours, &is_kept)| {
                let kept = neighbours.iter().copied().filter(|&to| is_kept && kept[to as usize]);
                kept.take(self.n_links).collect()
            })
            .collect();
        link_nearest(nearest, self.n_links)
    }
}

fn link_nearest(nearest: Vec<Vec<u32>>, n_links: usize) -> Vec<Link> {
    let n = nearest.len();
    let mut linked: Vec<Vec<u32>> = nearest.clone();
    for (from, neighbours) in (0_u32..).zip(&nearest) {
        for &to in neighbours {
            linked[to as usize].push(from);
        }
    }
    linked.par_iter_mut().for_each(|neighbours| {
        neighbours.sort_unstable();
        neighbours.dedup();
    });
    let sorted: Vec<Vec<u32>> = nearest
        .into_par_iter()
        .map(|mut neighbours| {
            neighbours.sort_unstable();
            neighbours
        })
        .collect();
    let of_one: Vec<Vec<Link>> = (0..n)
        .into_par_iter()
        .map(|from| {
            let later = linked[from].iter().filter(|&&to| to as usize > from);
            later
                .map(|&to| {
                    let shared = n_shared(&sorted[from], &sorted[to as usize]);
                    let from = u32::try_from(from).expect("rows were numbered in 32 bits");
                    Link { from, to, weight: (shared + 1) as f32 / n_links.max(1) as f32 }
                })
                .collect()
        })
        .collect();
    of_one.concat()
}

fn n_shared(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                n += 1;
                i += 1;
                j += 1;
            }
        }
    }
    n
}

/// For each row the `n` nearest allowed rows, nearest first; ties go to the
/// earlier row. A row without a direction has none.
fn nearest_passages(
    points: &Array2<f32>,
    n: usize,
    may_link: &(dyn Fn(usize, usize) -> bool + Sync),
) -> Vec<Vec<u32>> {
    let is_empty: Vec<bool> =
        points.axis_iter(Axis(0)).map(|row| row.iter().all(|&x| x == 0.0)).collect();
    let blocks: Vec<Vec<Vec<u32>>> = points
        .axis_chunks_iter(Axis(0), BLOCK_ROWS)
        .into_par_iter()
        .enumerate()
        .map(|(block, rows)| {
            let likeness = rows.dot(&points.t());
            let first = block * BLOCK_ROWS;
            let best = |(row, likeness): (usize, ArrayView1<'_, f32>)| {
                let row = first + row;
                if is_empty[row] {
                    Vec::new()
                } else {
                    best_of(row, &likeness, n, &is_empty, may_link)
                }
            };
            likeness.axis_iter(Axis(0)).enumerate().map(best).collect()
        })
        .collect();
    blocks.concat()
}

fn best_of(
    row: usize,
    likeness: &ArrayView1<'_, f32>,
    n: usize,
    is_empty: &[bool],
    may_link: &(dyn Fn(usize, usize) -> bool + Sync),
) -> Vec<u32> {
    // The list is short, so keeping it sorted is cheaper than a heap.
    let mut best: Vec<(f32, u32)> = Vec::with_capacity(n + 1);
    for (other, &value) in (0_u32..).zip(likeness) {
        if best.len() == n && value <= best[n - 1].0 {
            continue;
        }
        if is_empty[other as usize] || other as usize == row || !may_link(row, other as usize) {
            continue;
        }
        let at = best.partition_point(|(known, _)| *known >= value);
        best.insert(at, (value, other));
        best.truncate(n);
    }
    best.into_iter().map(|(_, other)| other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_join_the_nearest_of_other_people() {
        // Two directions; rows 0 to 2 are one person's, 3 to 5 another's.
        let points = ndarray::arr2(&[
            [1.0, 0.0],
            [0.98, 0.2],
            [0.0, 1.0],
            [1.0, 0.0],
            [0.1, 0.99],
            [0.0, 0.0_f32],
        ]);
        let other = |a: usize, b: usize| (a < 3) != (b < 3);
        let links = Neighbours::new(&points, 1, &other).links(&|_| true);
        let shown: Vec<(u32, u32, f32)> =
            links.iter().map(|link| (link.from, link.to, link.weight)).collect();
        // 0 and 1 are both nearest to 3, 2 to 4; a row of zeros has no place.
        assert_eq!(shown, [(0, 3, 1.0), (1, 3, 1.0), (2, 4, 1.0)]);
    }

    #[test]
    fn shared_neighbours_make_a_link_heavier() {
        let points = ndarray::arr2(&[[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0_f32]]);
        let links = Neighbours::new(&points, 2, &|_, _| true).links(&|_| true);
        // 0 → {1, 2}, 1 → {0, 2}, 2 → {0, 1}, 3 → {0, 1} (ties to the earlier).
        let weight =
            |a: u32, b: u32| links.iter().find(|l| (l.from, l.to) == (a, b)).map(|l| l.weight);
        assert_eq!(weight(0, 1), Some(1.0));
        assert_eq!(weight(0, 3), Some(1.0));
        assert_eq!(weight(2, 3), None);
    }

    #[test]
    fn what_is_left_out_is_replaced_by_the_next_nearest() {
        let points = ndarray::arr2(&[[1.0, 0.0], [0.9, 0.43], [0.7, 0.71], [0.0, 1.0_f32]]);
        let neighbours = Neighbours::new(&points, 1, &|_, _| true);
        let shown = |links: Vec<Link>| -> Vec<(u32, u32)> {
            links.iter().map(|link| (link.from, link.to)).collect()
        };
        assert_eq!(shown(neighbours.links(&|_| true)), [(0, 1), (1, 2), (2, 3)]);
        assert_eq!(shown(neighbours.links(&|at| at != 1)), [(0, 2), (2, 3)]);
    }
}
