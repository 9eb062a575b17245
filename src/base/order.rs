//! The order in which people list things.

use std::cmp::Ordering;

/// Compares names as people sort them: runs of digits by their number, so
/// that `P2` stands before `P10`. Equal only if the strings are.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (x, y) = (leading_digits(left), leading_digits(right));
        if !x.is_empty() && !y.is_empty() {
            let (m, n) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
            let order = m.len().cmp(&n.len()).then_with(|| m.cmp(n));
            if order != Ordering::Equal {
                return order;
            }
            (left, right) = (&left[x.len()..], &right[y.len()..]);
            continue;
        }
        let (mut rest_left, mut rest_right) = (left.chars(), right.chars());
        match (rest_left.next(), rest_right.next()) {
            (Some(c), Some(d)) if c == d => {
                (left, right) = (rest_left.as_str(), rest_right.as_str());
            }
            (Some(c), Some(d)) => return c.cmp(&d),
            // Only leading zeros can differ here.
            (None, None) => return a.cmp(b),
            (c, d) => return c.is_some().cmp(&d.is_some()),
        }
    }
}

fn leading_digits(text: &str) -> &str {
    &text[..text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len()]
}

/// The known name that `typed` most likely means, if one is near enough.
///
/// Near enough is a Jaro–Winkler likeness of 0.75, on lower-cased names.
pub fn nearest<'n>(typed: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let typed = typed.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&typed, &name.to_lowercase());
    let best = known.into_iter().map(|name| (likeness(name), name));
    let best = best.max_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| y.cmp(x)));
    best.filter(|(likeness, _)| *likeness >= 0.75).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let mut names = ["P10", "P2", "P02", "L1/b", "P1", "L1", "p1", "P"];
        names.sort_by(|a, b| natural_order(a, b));
        assert_eq!(names, ["L1", "L1/b", "P", "P1", "P02", "P2", "P10", "p1"]);
    }

    #[test]
    fn a_slip_of_the_finger_finds_its_name() {
        assert_eq!(nearest("langauge", ["language", "ignore"]), Some("language"));
        assert_eq!(nearest("zzz", ["language", "ignore"]), None);
    }
}
