//! Which words talk is about: those that come back near by.
//!
//! Who speaks of pensions says "pension" again in the next answers; who says "remember" or
//! "possible" says it anywhere. Counts of terms come in, with which passages follow each
//! other; how often each term came back goes out, and how often chance would have it.

use super::counts::CountMatrix;

/// Passages after one among which its words may come back.
const NEAR: usize = 3;
/// What is added to both numbers: a term that is said a few times tells nothing by it.
const PRIOR: f64 = 2.0;
/// The most times oftener than by chance that make a difference.
const MOST: f64 = 4.0;
/// Parts of one in which expectations are added up, so that no order of sums changes them.
const PARTS: u64 = 1_000_000;

/// How often a term came back near by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recurrence {
    /// Pairs of passages of one transcript, at most three apart, that both say it.
    pub near: u64,
    /// How many there would be if the passages that say it stood anywhere in their
    /// transcript, in millionths.
    pub by_chance: u64,
}

impl Recurrence {
    /// Adds a transcript of `n` passages, of which those at `places`, rising, say the term.
    ///
    /// # Formula
    /// Of `m` saying it, `p m (m - 1) / (n (n - 1))` pairs are expected by chance, where the
    /// transcript has `p` pairs of passages at most three apart.
    pub fn add(&mut self, places: impl Iterator<Item = usize> + Clone, n: usize) {
        let (mut m, mut later) = (0_u64, places);
        while let Some(place) = later.next() {
            m += 1;
            self.near += later.clone().take_while(|later| later - place <= NEAR).count() as u64;
        }
        let n = n as u64;
        let pairs: u64 = (1..=NEAR as u64).map(|apart| n.saturating_sub(apart)).sum();
        if m > 1 {
            let parts =
                u128::from(PARTS * pairs) * u128::from(m * (m - 1)) / u128::from(n * (n - 1));
            self.by_chance += u64::try_from(parts).expect("there are no more than pairs");
        }
    }

    /// How many times oftener than by chance the term came back, `0.0..=4.0`; near 1 where it
    /// is said too seldom to tell.
    ///
    /// # Formula
    /// `min((near + 2) / (by_chance + 2), 4)`
    ///
    /// # Source
    /// The idea, that words of a topic come back much oftener than chance would have it and
    /// others do not: Church (2000), "Empirical Estimates of Adaptation",
    /// <https://aclanthology.org/C00-1027/>.
    pub fn ratio(self) -> f64 {
        let by_chance = self.by_chance as f64 / PARTS as f64;
        ((self.near as f64 + PRIOR) / (by_chance + PRIOR)).min(MOST)
    }
}

/// How often each term came back near by, by column. `n_passages` are the rows of each
/// transcript, which follow each other in `counts`.
pub fn recurrences(
    counts: &CountMatrix,
    n_passages: impl IntoIterator<Item = usize>,
) -> Vec<Recurrence> {
    let mut found = vec![Recurrence::default(); counts.cols()];
    let mut end = 0;
    for n in n_passages {
        let start = end;
        end += n;
        let terms = |place: usize| {
            let row = counts.outer_view(start + place).expect("each passage has a row");
            row.into_raw_storage().0.iter().map(move |&term| (term, place))
        };
        let mut said: Vec<(u32, usize)> = (0..n).flat_map(terms).collect();
        said.sort_unstable();
        for said in said.chunk_by(|a, b| a.0 == b.0) {
            found[said[0].0 as usize].add(said.iter().map(|(_, place)| *place), n);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use sprs::TriMatI;

    fn counts(rows: &[&[usize]], n_terms: usize) -> CountMatrix {
        let mut triplets = TriMatI::<u32, u32>::new((rows.len(), n_terms));
        for (row, terms) in rows.iter().enumerate() {
            for &term in *terms {
                triplets.add_triplet(row, term, 2);
            }
        }
        triplets.to_csr()
    }

    #[test]
    fn what_comes_back_near_by_is_told_from_what_comes_back_anywhere() {
        // Term 0 stands in passages 0, 1 and 2 of ten, term 1 in 0, 4 and 8; 2 in one of each
        // transcript, at their border.
        let rows: [&[usize]; 12] =
            [&[0, 1], &[0], &[0], &[], &[1], &[], &[], &[], &[1], &[2], &[2], &[]];
        let found = recurrences(&counts(&rows, 4), [10, 2]);
        // Ten passages have 9 + 8 + 7 = 24 pairs; by chance 24 · 3 · 2 / (10 · 9) = 1.6.
        assert_eq!(found[0], Recurrence { near: 3, by_chance: 1_600_000 });
        assert_eq!(found[1], Recurrence { near: 0, by_chance: 1_600_000 });
        assert_eq!(found[2..], [Recurrence::default(); 2]);
        assert!((found[0].ratio() - 5.0 / 3.6).abs() < 1e-9);
        assert!((found[1].ratio() - 2.0 / 3.6).abs() < 1e-9);
        assert!((found[3].ratio() - 1.0).abs() < 1e-9);
        assert!((Recurrence { near: 90, by_chance: 0 }.ratio() - MOST).abs() < 1e-9);
    }

    #[test]
    fn what_every_passage_says_comes_back_as_often_as_by_chance() {
        for n in 1..9 {
            let rows = vec![&[0][..]; n];
            let found = recurrences(&counts(&rows, 1), [n]);
            assert_eq!(found[0].by_chance, found[0].near * PARTS, "{n} passages");
        }
    }
}
