//! Short hashes that are the same on every machine and in every run, and tables of words that
//! use them: those of the standard library withstand whoever picks words that collide, which
//! nobody does in his own transcripts, and are slower for it.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A table that is looked up and never walked through.
pub type Table<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

/// The same without values.
pub type Set<K> = HashSet<K, BuildHasherDefault<Quick>>;

/// One number for several in their order, beginning with a `seed`. Its first bits are mixed best.
pub fn hash_of(numbers: &[u32], seed: u64) -> u64 {
    let mut hash = Quick(seed);
    for number in numbers {
        hash.write_u32(*number);
    }
    hash.0
}

/// One number for words in their order.
pub fn hash_of_words<'w>(words: impl IntoIterator<Item = &'w str>) -> u64 {
    let mut hash = Quick::default();
    for word in words {
        hash.write(word.as_bytes());
        hash.write_u8(u8::MAX);
    }
    hash.0
}

/// Hashes eight bytes at a time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quick(u64);

impl Quick {
    /// The multiplier is that of Fibonacci hashing, 2^64 over the golden ratio.
    fn mix(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            self.mix(u64::from_le_bytes(*eight));
        }
        if !rest.is_empty() {
            self.mix(rest.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.mix(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.mix(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    fn finish(&self) -> u64 {
        // The first bits are mixed best, and tables look at the last ones.
        self.0.rotate_left(26)
    }
}
