//! Whether one side of a matter outweighs the other.

use super::proportions::wilson;

/// Which of two counts outweighs the other beyond chance: `Some(true)` the
/// first, `Some(false)` the second, `None` neither: Wilson's 95 % interval of
/// the share of the first holds one half.
pub fn outweighs(first: usize, second: usize) -> Option<bool> {
    let interval = wilson(first, first + second);
    if interval.low > 0.5 {
        Some(true)
    } else if interval.high < 0.5 {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_quotes_lean_nowhere() {
        // 3 of 3: the interval is .438 to 1; 4 of 4: .510 to 1; 8 of 10: .490; 9 of 10: .596.
        assert_eq!(outweighs(3, 0), None);
        assert_eq!(outweighs(4, 0), Some(true));
        assert_eq!(outweighs(8, 2), None);
        assert_eq!(outweighs(9, 1), Some(true));
        assert_eq!(outweighs(1, 9), Some(false));
        assert_eq!(outweighs(0, 0), None);
    }
}
