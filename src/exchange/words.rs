//! Finds words again in a text whose white space may differ.

use crate::base::{Span, is_unseen, one_line};

/// Signs of words that are shown where they are told of.
pub(super) const SHOWN: usize = 60;

/// Words in one line, with `…` if more than so many signs are left out at the end.
pub(super) fn shortened(words: &str, most: usize) -> String {
    let mut line = one_line(words);
    if let Some((cut, _)) = line.char_indices().nth(most) {
        line.truncate(line[..cut].trim_end().len());
        line.push('…');
    }
    line
}

/// Words without white space and signs that cannot be seen: what stays the same
/// when a tool breaks lines anew.
pub fn squashed(words: &str) -> String {
    words.chars().filter(|c| is_seen(*c)).collect()
}

fn is_seen(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !is_unseen(c)
}

/// A text made ready to find words in it.
#[derive(Debug, Clone)]
pub struct Words {
    squashed: String,
    /// For each byte of `squashed` the byte of the text where its sign starts.
    starts: Vec<u32>,
}

impl Words {
    /// Makes a text ready.
    pub fn new(text: &str) -> Self {
        let mut squashed = String::with_capacity(text.len());
        let mut starts = Vec::with_capacity(text.len());
        for (at, c) in text.char_indices().filter(|(_, c)| is_seen(*c)) {
            squashed.push(c);
            let start = Span::new(at, at).start;
            starts.extend(std::iter::repeat_n(start, c.len_utf8()));
        }
        Self { squashed, starts }
    }

    /// Where these words stand, white space aside, up to `most` places. A place
    /// starts and ends with a sign that is seen.
    pub fn find(&self, words: &str, most: usize) -> Vec<Span> {
        let wanted = squashed(words);
        let mut found = Vec::new();
        if wanted.is_empty() {
            return found;
        }
        let mut from = 0;
        while found.len() < most {
            let Some(at) = self.squashed[from..].find(&wanted).map(|at| from + at) else { break };
            let last = at + wanted.len() - 1;
            let last_len = wanted.chars().next_back().map_or(0, char::len_utf8);
            let start = self.starts[at];
            found.push(Span { start, end: self.starts[last] + Span::new(0, last_len).end });
            from = at + self.squashed[at..].chars().next().map_or(1, char::len_utf8);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_across_line_breaks() {
        let text = "Ada: It was\r\n  odd 🙂 at first.\r\nBo: It was odd\u{feff} 🙂 too.";
        let words = Words::new(text);
        let found: Vec<&str> =
            words.find("It was odd 🙂", 9).into_iter().map(|span| span.of(text)).collect();
        assert_eq!(found, ["It was\r\n  odd 🙂", "It was odd\u{feff} 🙂"]);
        assert_eq!(words.find("odd 🙂 too", 9).len(), 1);
        assert!(words.find("nowhere", 9).is_empty() && words.find(" \n", 9).is_empty());
    }

    #[test]
    fn places_may_overlap_and_are_bounded() {
        let words = Words::new("na na na");
        assert_eq!(words.find("nana", 9).len(), 2);
        assert_eq!(words.find("na", 2).len(), 2);
    }
}
