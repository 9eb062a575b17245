//! Links between passages of different people: the graph that themes are
//! communities of.

use std::cmp::Ordering;

use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;

use crate::base::{Progress, Stopped};

/// Rows that one task compares with all others.
const BLOCK_ROWS: usize = 256;
/// Rows that these are compared with at once: their likeness stays in the cache.
const BLOCK_COLUMNS: usize = 512;
/// Values of a row that are passed over at once if none is near.
const GLANCE: usize = 16;

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

/// How passages are linked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkParams {
    /// Nearest passages that each passage is linked to.
    pub n_links: usize,
    /// How far each passage is drawn to those that are near it before it is
    /// linked, `0.0..=1.0`.
    pub drawn: f32,
}

/// Passages with those that may be near them, from which links are found with or
/// without some of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbours {
    points: Array2<f32>,
    /// The nearest passages, nearest first: more than are linked, so that some
    /// may be left out.
    near: Vec<Vec<u32>>,
    /// These and the nearest ones once passages are drawn together, by number.
    candidates: Vec<Vec<u32>>,
    params: LinkParams,
}

impl Neighbours {
    /// Finds the nearest passages that `may_link` allows, twice as many as each
    /// passage asks for.
    ///
    /// `points` is `(n_passages, dimensions)` with rows of length 1. A theme is
    /// what recurs across people: inside one interview passages are near for the
    /// wrong reasons, so callers allow links between interviews only.
    ///
    /// # Errors
    /// [`Stopped`] if `progress` says so.
    pub fn new(
        points: Array2<f32>,
        params: LinkParams,
        may_link: &(dyn Fn(usize, usize) -> bool + Sync),
        progress: &dyn Progress,
    ) -> Result<Self, Stopped> {
        let n_near = 2 * params.n_links;
        let near = nearest_passages(&points, n_near, may_link, progress)?;
        let mut neighbours = Self { points, candidates: near.clone(), near, params };
        let drawn = neighbours.drawn(params.n_links, &vec![true; neighbours.near.len()]);
        let near = nearest_passages(&drawn, n_near, may_link, progress)?;
        neighbours.candidates.par_iter_mut().zip(near).for_each(|(candidates, near)| {
            candidates.extend(near);
            candidates.sort_unstable();
            candidates.dedup();
        });
        Ok(neighbours)
    }

    /// Links every passage that `is_kept` to its `n_links` nearest ones of these, at most
    /// as many as they were found for.
    ///
    /// First each is drawn to those near it, so that what several people say
    /// outweighs what is one person's own. Then two passages are linked if either
    /// is among the other's nearest; the weight grows with the neighbours they
    /// share (Jarvis and Patrick 1973, <https://doi.org/10.1109/T-C.1973.223640>),
    /// which tells near by meaning from near by chance. Links come in the order of
    /// their passages. Those left out have no part in any of it.
    pub fn links(&self, n_links: usize, is_kept: &(dyn Fn(usize) -> bool + Sync)) -> Vec<Link> {
        let kept: Vec<bool> = (0..self.near.len()).map(is_kept).collect();
        let drawn = self.drawn(n_links, &kept);
        let nearest = |(at, candidates): (usize, &Vec<u32>)| -> Vec<u32> {
            let point = drawn.row(at);
            let allowed = candidates.iter().filter(|&&to| kept[at] && kept[to as usize]);
            let mut ranked: Vec<(f32, u32)> =
                allowed.map(|&to| (point.dot(&drawn.row(to as usize)), to)).collect();
            keep_first(&mut ranked, n_links, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            ranked.into_iter().map(|(_, to)| to).collect()
        };
        let nearest: Vec<Vec<u32>> = self.candidates.par_iter().enumerate().map(nearest).collect();
        link_nearest(&nearest, n_links)
    }

    /// The nearest of the passages that are kept.
    fn first_kept(&self, n_links: usize, kept: &[bool]) -> Vec<Vec<u32>> {
        let first = |(near, &is_kept): (&Vec<u32>, &bool)| {
            let near = near.iter().copied().filter(|&to| is_kept && kept[to as usize]);
            near.take(n_links).collect()
        };
        self.near.par_iter().zip(kept).map(first).collect()
    }

    /// The points, each drawn to the mean of those it is linked to, by the weights of
    /// the links, and scaled to length 1: a step of the graph convolution of Wu et
    /// al. (2019), <https://proceedings.mlr.press/v97/wu19e.html>, that keeps a
    /// share of the point itself.
    fn drawn(&self, n_links: usize, kept: &[bool]) -> Array2<f32> {
        let mut linked = vec![Vec::new(); kept.len()];
        for link in link_nearest(&self.first_kept(n_links, kept), n_links) {
            linked[link.from as usize].push((link.to, link.weight));
            linked[link.to as usize].push((link.from, link.weight));
        }
        let mut drawn = self.points.clone();
        drawn.axis_iter_mut(Axis(0)).into_par_iter().zip(&linked).for_each(
            |(mut point, linked)| {
                let mut mean = Array1::<f32>::zeros(point.len());
                for &(to, weight) in linked {
                    mean.scaled_add(weight, &self.points.row(to as usize));
                }
                let length = mean.dot(&mean).sqrt();
                if length > 0.0 {
                    point *= 1.0 - self.params.drawn;
                    point.scaled_add(self.params.drawn / length, &mean);
                    let length = point.dot(&point).sqrt();
                    if length > 0.0 {
                        point /= length;
                    }
                }
            },
        );
        drawn
    }
}

/// Links each passage to its `nearest`, in the order of the passages.
fn link_nearest(nearest: &[Vec<u32>], n_links: usize) -> Vec<Link> {
    let mut later: Vec<Vec<u32>> = vec![Vec::new(); nearest.len()];
    for (from, neighbours) in (0_u32..).zip(nearest) {
        for &to in neighbours {
            later[from.min(to) as usize].push(from.max(to));
        }
    }
    let links = |is_near: &mut Vec<bool>, (from, mut later): (usize, Vec<u32>)| -> Vec<Link> {
        later.sort_unstable();
        later.dedup();
        nearest[from].iter().for_each(|&to| is_near[to as usize] = true);
        let link = |to: u32| {
            let shared = nearest[to as usize].iter().filter(|&&at| is_near[at as usize]).count();
            let from = u32::try_from(from).expect("rows were numbered in 32 bits");
            Link { from, to, weight: (shared + 1) as f32 / n_links.max(1) as f32 }
        };
        let links = later.into_iter().map(link).collect();
        nearest[from].iter().for_each(|&to| is_near[to as usize] = false);
        links
    };
    let of_one: Vec<Vec<Link>> =
        later.into_par_iter().enumerate().map_init(|| vec![false; nearest.len()], links).collect();
    of_one.concat()
}

/// Keeps the first `n` in an order of values that are all unlike, not sorted.
fn keep_first<T>(values: &mut Vec<T>, n: usize, order: impl FnMut(&T, &T) -> Ordering) {
    if n < values.len() {
        values.select_nth_unstable_by(n, order);
        values.truncate(n);
    }
}

/// For each row the `n` nearest allowed rows, nearest first; ties go to the
/// earlier row. A row without a direction has none.
fn nearest_passages(
    points: &Array2<f32>,
    n: usize,
    may_link: &(dyn Fn(usize, usize) -> bool + Sync),
    progress: &dyn Progress,
) -> Result<Vec<Vec<u32>>, Stopped> {
    let is_empty: Vec<bool> =
        points.axis_iter(Axis(0)).map(|row| row.iter().all(|&x| x == 0.0)).collect();
    let blocks: Result<Vec<Vec<Vec<u32>>>, Stopped> = points
        .axis_chunks_iter(Axis(0), BLOCK_ROWS)
        .into_par_iter()
        .enumerate()
        .map(|(block, rows)| {
            progress.go_on()?;
            let first_row = block * BLOCK_ROWS;
            let mut nearest: Vec<Nearest> = rows.outer_iter().map(|_| Nearest::of(n)).collect();
            let columns = points.axis_chunks_iter(Axis(0), BLOCK_COLUMNS).enumerate();
            for (tile, columns) in columns {
                let likeness = rows.dot(&columns.t());
                let likeness = likeness.as_standard_layout();
                let rows = (first_row..).zip(likeness.outer_iter()).zip(&mut nearest);
                for ((row, likeness), nearest) in rows.filter(|((row, _), _)| !is_empty[*row]) {
                    let likeness = likeness.to_slice().expect("rows lie one after another");
                    let may_link =
                        |other: usize| !is_empty[other] && other != row && may_link(row, other);
                    nearest.see(tile * BLOCK_COLUMNS, likeness, &may_link);
                }
            }
            Ok(nearest.into_iter().map(Nearest::ranked).collect())
        })
        .collect();
    Ok(blocks?.concat())
}

/// The rows that are nearest to one, of those seen so far.
struct Nearest {
    n: usize,
    /// More than `n` for a while, since it is cheaper to part many at once.
    best: Vec<(f32, u32)>,
    /// What has at most this likeness is none of them.
    bar: f32,
}

impl Nearest {
    fn of(n: usize) -> Self {
        Self { n, best: Vec::with_capacity(4 * n), bar: f32::NEG_INFINITY }
    }

    /// Looks at the likeness of the rows from `first` on, which come after those seen.
    fn see(&mut self, first: usize, likeness: &[f32], may_link: &dyn Fn(usize) -> bool) {
        for (at, some) in likeness.chunks(GLANCE).enumerate() {
            let n_near = some.iter().fold(0_u32, |n, &value| n + u32::from(value > self.bar));
            if n_near == 0 {
                continue;
            }
            for (other, &value) in (first + at * GLANCE..).zip(some) {
                if value > self.bar && may_link(other) {
                    let other = u32::try_from(other).expect("rows were numbered in 32 bits");
                    self.best.push((value, other));
                }
            }
            if self.best.len() >= 4 * self.n {
                keep_first(&mut self.best, self.n, |a, b| nearer(*a, *b));
                // Of equals the earlier rows, which were seen before.
                let least = self.best.iter().map(|(value, _)| *value).reduce(f32::min);
                self.bar = least.unwrap_or(f32::INFINITY);
            }
        }
    }

    /// The nearest first.
    fn ranked(mut self) -> Vec<u32> {
        self.best.sort_unstable_by(|a, b| nearer(*a, *b));
        self.best.truncate(self.n);
        self.best.into_iter().map(|(_, other)| other).collect()
    }
}

/// Which of two rows is nearer; of equals the earlier.
fn nearer(a: (f32, u32), b: (f32, u32)) -> Ordering {
    b.0.partial_cmp(&a.0).unwrap_or(Ordering::Equal).then(a.1.cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Links between points as they are.
    fn plainly(n_links: usize) -> LinkParams {
        LinkParams { n_links, drawn: 0.0 }
    }

    fn neighbours(
        points: Array2<f32>,
        params: LinkParams,
        may_link: &(dyn Fn(usize, usize) -> bool + Sync),
    ) -> Neighbours {
        Neighbours::new(points, params, may_link, &|_, _| {}).unwrap()
    }

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
        let links = neighbours(points, plainly(1), &other).links(1, &|_| true);
        let shown: Vec<(u32, u32, f32)> =
            links.iter().map(|link| (link.from, link.to, link.weight)).collect();
        // 0 and 1 are both nearest to 3, 2 to 4; a row of zeros has no place.
        assert_eq!(shown, [(0, 3, 1.0), (1, 3, 1.0), (2, 4, 1.0)]);
    }

    #[test]
    fn shared_neighbours_make_a_link_heavier() {
        let points = ndarray::arr2(&[[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0_f32]]);
        let links = neighbours(points, plainly(2), &|_, _| true).links(2, &|_| true);
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
        let neighbours = neighbours(points, plainly(1), &|_, _| true);
        let shown = |links: Vec<Link>| -> Vec<(u32, u32)> {
            links.iter().map(|link| (link.from, link.to)).collect()
        };
        assert_eq!(shown(neighbours.links(1, &|_| true)), [(0, 1), (1, 2), (2, 3)]);
        assert_eq!(shown(neighbours.links(1, &|at| at != 1)), [(0, 2), (2, 3)]);
    }

    #[test]
    fn passages_are_drawn_to_their_neighbours_by_hand() {
        // 0 and 1 are linked, and so are 1 and 2; 3 is left out.
        let points = ndarray::arr2(&[[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [0.8, 0.6_f32]]);
        let params = LinkParams { n_links: 1, drawn: 0.5 };
        let neighbours = neighbours(points, params, &|_, _| true);
        let drawn = neighbours.drawn(1, &[true, true, true, false]);
        // 0: (1, 0) / 2 + (.6, .8) / 2 = (.8, .4), of length .894427.
        // 1: its links weigh (shared + 1) / 1 = 1; their mean (1, 1) has length 1.414214:
        // (.6, .8) / 2 + (.707107, .707107) / 2 = (.653553, .753553), of length .997484.
        let expected = [[0.894_427, 0.447_214], [0.655_202, 0.755_455], [0.316_228, 0.948_683]];
        for (row, expected) in drawn.axis_iter(Axis(0)).zip(expected) {
            for (x, y) in row.iter().zip(expected) {
                assert!((f64::from(*x) - y).abs() < 1e-5, "{drawn}");
            }
        }
        // Who is left out draws nobody, and is linked to nobody.
        assert_eq!(drawn.row(3), neighbours.points.row(3));
        let links = neighbours.links(1, &|at| at != 3);
        assert!(links.iter().all(|link| link.to != 3), "{links:?}");
    }
}
