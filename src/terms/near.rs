//! Words of near meaning, of any study: exhaustion and tired, drinks and beer.
//!
//! A common English word comes in, and how near it is to another. The table holds 45,000
//! words, each with 64 numbers that a language model gave it; `scripts/make_word_table`
//! makes it, and `near/LICENSE` says of what. Nothing is known of other languages.

use std::sync::LazyLock;

/// The words, one a line, in alphabetical order.
static WORDS: &str = include_str!("near/words.txt");
/// The numbers of each word, in the same order: signed bytes.
static NUMBERS: &[u8] = include_bytes!("near/vectors.bin");
/// How many numbers a word has.
pub const N_NUMBERS: usize = 64;

/// A word of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearWord {
    numbers: &'static [u8; N_NUMBERS],
    length: f64,
}

impl NearWord {
    /// A word in lower case; none if the table does not hold it.
    pub fn of(word: &str) -> Option<Self> {
        static LINES: LazyLock<Vec<&str>> = LazyLock::new(|| WORDS.lines().collect());
        let row = LINES.binary_search(&word).ok()?;
        let (rows, _) = NUMBERS.as_chunks();
        rows.get(row).map(|numbers| Self { numbers, length: dot(numbers, numbers).sqrt() })
    }

    /// Its numbers, scaled to length 1.
    pub fn numbers(self) -> impl Iterator<Item = f64> {
        self.numbers.iter().map(move |&x| f64::from(x.cast_signed()) / self.length.max(1.0))
    }

    /// How near two words are in meaning, `-1.0..=1.0`: the cosine of their numbers.
    /// From about 0.45 on they are used of the same things.
    pub fn nearness(self, other: Self) -> f64 {
        dot(self.numbers, other.numbers) / (self.length * other.length).max(1.0)
    }
}

/// Exact, since it is summed in whole numbers.
fn dot(a: &[u8; N_NUMBERS], b: &[u8; N_NUMBERS]) -> f64 {
    let product = |(a, b): (&u8, &u8)| i32::from(a.cast_signed()) * i32::from(b.cast_signed());
    f64::from(a.iter().zip(b).map(product).sum::<i32>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn nearness(word: &str, other: &str) -> f64 {
        NearWord::of(word).unwrap().nearness(NearWord::of(other).unwrap())
    }

    #[test]
    fn every_word_has_its_numbers() {
        let lines: Vec<&str> = WORDS.lines().collect();
        assert!(lines.is_sorted() && lines.len() > 40_000);
        assert_eq!(lines.len() * N_NUMBERS, NUMBERS.len());
        for word in [lines[0], "kettle", lines[lines.len() - 1]] {
            assert!((nearness(word, word) - 1.0).abs() < 1e-12, "{word}");
        }
        assert_eq!((NearWord::of("Kettle"), NearWord::of("")), (None, None));
    }

    #[test]
    fn words_used_of_the_same_things_are_near() {
        for (word, near, far) in [
            ("exhaustion", "tired", "kettle"),
            ("beer", "alcohol", "teacher"),
            ("embarrassment", "awkward", "train"),
            ("fee", "pay", "silence"),
        ] {
            let (near, far) = (nearness(word, near), nearness(word, far));
            assert!(near > 0.45 && far < 0.3, "{word}: {near} {far}");
        }
    }
}
