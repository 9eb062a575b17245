//! Short hashes that are the same on every machine and in every run.

/// FNV-1a of bytes, <http://www.isthe.com/chongo/tech/comp/fnv/>: for words, which are short.
pub fn fnv1a(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, mix)
}

/// One number for several in their order. Its first bits are mixed best: the multiplier is that
/// of Fibonacci hashing, 2^64 over the golden ratio.
pub fn hash_of(numbers: &[u32], seed: u64) -> u64 {
    let mix = |hash: u64, number: &u32| {
        (hash.rotate_left(5) ^ u64::from(*number)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    };
    numbers.iter().fold(seed, mix)
}
