//! Whether lines are broken to fit a page, and what was taken out of one.
//!
//! Stretches of talk come in; whether their line ends are the writer's or the page's
//! goes out ([`LineEnds`]).

use serde::{Deserialize, Serialize};

/// What the ends of lines in talk mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum LineEnds {
    /// Each is the end of what is said.
    #[default]
    Spoken,
    /// They fit the text to a page: talk goes on across them, up to a blank line.
    Page,
}

/// The fewest lines inside stretches that go on: fewer tell nothing.
const MIN_LINES: usize = 3;
/// The widths of a page, in characters.
const WIDTHS: std::ops::RangeInclusive<usize> = 45..=160;
/// How much of the width a line fills at least, with the next word: letters differ in
/// width.
const FILLED: f64 = 0.8;
/// The share of lines that fill the page.
const SHARE_FILLED: f64 = 0.85;
/// The share of line ends that stand inside a sentence.
const SHARE_INSIDE: f64 = 0.5;

impl LineEnds {
    /// Tells what the line ends mean in stretches of talk, such as turns.
    ///
    /// On a page a line ends where the next word would not fit, and mostly inside a
    /// sentence.
    pub fn of<'t>(stretches: impl IntoIterator<Item = &'t str>) -> Self {
        let mut widths = Vec::new();
        let mut filled_to = Vec::new();
        for stretch in stretches {
            let lines: Vec<&str> = stretch.lines().map(str::trim).collect();
            for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| !line.is_empty())) {
                let width = pair[0].chars().count();
                widths.push(width);
                if !ends_sentence(pair[0]) {
                    let next = pair[1].split_whitespace().next().unwrap_or_default();
                    filled_to.push(width + 1 + next.chars().count());
                }
            }
        }
        widths.sort_unstable();
        let Some(&width) = widths.get(widths.len() * 9 / 10) else { return Self::Spoken };
        let n_filled =
            filled_to.iter().filter(|&&filled| filled as f64 >= FILLED * width as f64).count();
        let is_share = |n: usize, of: usize, share: f64| n as f64 >= share * of as f64;
        let is_page = filled_to.len() >= MIN_LINES
            && WIDTHS.contains(&width)
            && is_share(filled_to.len(), widths.len(), SHARE_INSIDE)
            && is_share(n_filled, filled_to.len(), SHARE_FILLED);
        if is_page { Self::Page } else { Self::Spoken }
    }
}

/// Whether a line ends as a sentence does.
pub fn ends_sentence(line: &str) -> bool {
    let closing = ['"', '”', '’', '»', '\'', ')', ']', '“', '*', '_'];
    let line = line.trim_end().trim_end_matches(closing);
    line.ends_with(['.', '?', '!', '…', '。', '？', '！', '।', '؟', '۔', '։', '།', '။', '\u{37e}'])
}

/// A line of as many bytes that holds nothing, in place of one that was taken out: talk
/// goes on across it, as it does not across a blank line. [`is_taken_out`] knows it.
pub fn taken_out(line: &str) -> String {
    if line.is_empty() { String::new() } else { "\t".to_owned() + &" ".repeat(line.len() - 1) }
}

/// Whether a line holds nothing but the trace of one that was taken out, or the end of
/// a page.
pub fn is_taken_out(line: &str) -> bool {
    line.starts_with(['\t', '\u{c}']) && line.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stretches: &[&str], expected: LineEnds) {
        assert_eq!(LineEnds::of(stretches.iter().copied()), expected, "{stretches:?}");
    }

    const PAGE: &str = "We lived in a small house near the river, and my father, who had been a\n\
        carpenter in the old country before the first war began, mended the boats of\n\
        the fishermen who came up from the coast each spring when the ice was gone. My\n\
        mother kept bees and sold the honey in the market, where she met the woman who\n\
        would later hide my brother and me in her cellar for two winters.";

    #[test]
    fn lines_that_end_where_the_next_word_would_not_fit_are_of_a_page() {
        check(&["Where did you live?", PAGE], LineEnds::Page);
        // Two short turns of two lines tell nothing.
        check(&["We lived in a small house near\nthe river, and my father"], LineEnds::Spoken);
    }

    #[test]
    fn lines_that_somebody_broke_are_spoken() {
        let sentences = PAGE.replace('\n', ".\n");
        check(&[&sentences], LineEnds::Spoken);
        let units = "so we went out\nand then in the evening we came back to the house by the lake\n\
            well\nand my sister had a dog\nthat barked at everybody who came by the road\nyes\nand so on";
        check(&[units], LineEnds::Spoken);
        check(&[&PAGE.replace('\n', "\n\n")], LineEnds::Spoken);
    }

    #[test]
    fn what_was_taken_out_is_known_by_its_line() {
        let line = taken_out("Siân 12");
        assert_eq!(line.len(), "Siân 12".len());
        assert!(is_taken_out(&line) && is_taken_out("\u{c}") && !is_taken_out("  "));
        assert!(!is_taken_out("\tSo.") && taken_out("").is_empty());
    }
}
