//! Random numbers that are the same on every machine.

use serde::{Deserialize, Serialize};

/// The start of a stream of random numbers; recorded with every result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed(pub u64);

impl Seed {
    /// The stream that starts here.
    pub fn numbers(self) -> Numbers {
        Numbers { state: self.0 }
    }
}

/// A stream of random numbers: `SplitMix64` of Steele, Lea and Flood (2014),
/// <https://doi.org/10.1145/2714064.2660195>.
#[derive(Debug, Clone)]
pub struct Numbers {
    state: u64,
}

impl Numbers {
    /// The next 64 random bits.
    pub fn next_bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0.0..1.0`.
    pub fn next_uniform(&mut self) -> f64 {
        (self.next_bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number of mean 0 and variance 1, near enough to normal: the sum of
    /// twelve uniform ones. Only additions, so no platform differs.
    pub fn next_normal(&mut self) -> f64 {
        (0..12).map(|_| self.next_uniform()).fold(-6.0, |sum, x| sum + x)
    }

    /// A number in `0..n`; `n` must not be 0.
    pub fn next_below(&mut self, n: usize) -> usize {
        let wide = u128::from(self.next_bits()) * (n as u128);
        usize::try_from(wide >> 64).expect("the product's upper half is under n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // Reference values for the seed 1234567.
        let mut numbers = Seed(1_234_567).numbers();
        assert_eq!(numbers.next_bits(), 6_457_827_717_110_365_317);
        assert_eq!(numbers.next_bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_stay_in_their_ranges() {
        let mut numbers = Seed(1).numbers();
        assert!((0..1000).all(|_| (0.0..1.0).contains(&numbers.next_uniform())));
        assert!((0..1000).all(|_| numbers.next_below(7) < 7));
    }
}
