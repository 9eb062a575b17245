//! Line ranges as people type them.

use std::str::FromStr;

use crate::base::Lines;

/// `112-118`, `112–118` or `112`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineRange(pub(crate) Lines);

impl FromStr for LineRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once(['-', '–']).unwrap_or((text, text));
        let number = |part: &str| part.trim().parse::<u32>().ok().filter(|&n| n > 0);
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Ok(Self(Lines { first, last })),
            _ => Err("write lines as one number or two, such as `112-118`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_or_two_numbers() {
        let parse =
            |text: &str| text.parse::<LineRange>().map(|range| (range.0.first, range.0.last)).ok();
        assert_eq!(parse("3-9"), Some((3, 9)));
        assert_eq!(parse("3–9"), Some((3, 9)));
        assert_eq!(parse("4"), Some((4, 4)));
        for bad in ["9-3", "0-2", "a", "", "1-2-3", "-1"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
