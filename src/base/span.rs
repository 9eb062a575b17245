//! Positions: bytes and lines of a text, times of a recording.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A half-open range of bytes of one transcript's text.
///
/// Four bytes a side: a transcript of four gigabytes is no interview.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// Makes a span from byte positions.
    ///
    /// # Panics
    /// If a position is over four gigabytes; `sources` refuses such files.
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |at: usize| u32::try_from(at).expect("a transcript is under four gigabytes");
        Self { start: narrow(start), end: narrow(end) }
    }

    /// The span as a range that can index a `str`.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Borrows the words at this span. `text` must be the text it was made for.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// The length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A stretch of the recording, in milliseconds from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TimeSpan {
    /// When the first word is said.
    pub start_ms: u64,
    /// When the last word is over, where the file tells.
    pub end_ms: Option<u64>,
}

/// A time of the recording: `00:21:40`.
pub fn clock(ms: u64) -> String {
    let seconds = ms / 1000;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Lines as people cite them: `line 4`, `lines 112–118`.
pub fn lines_cited([first, last]: [u32; 2]) -> String {
    if first == last { format!("line {first}") } else { format!("lines {first}–{last}") }
}

/// Lines of a text, counted from 1, both ends included: what people cite.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
pub struct Lines {
    /// The first line.
    pub first: u32,
    /// The last line.
    pub last: u32,
}

/// Finds the line of a byte. Only `\n` ends a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineIndex {
    /// Where each line starts, in bytes; the first is 0.
    starts: Vec<u32>,
    /// The length of the text in bytes.
    end: u32,
}

impl LineIndex {
    /// Finds the lines of `text`.
    pub fn new(text: &str) -> Self {
        let after = |(at, _): (usize, &str)| Span::new(at + 1, at + 1).start;
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(after)).collect();
        Self { starts, end: Span::new(text.len(), text.len()).end }
    }

    /// The line of a byte, from 1.
    pub fn line_of(&self, byte: u32) -> u32 {
        let before = self.starts.partition_point(|&start| start <= byte);
        u32::try_from(before).expect("a text has fewer lines than bytes")
    }

    /// The lines that a span touches. An empty span touches the line it stands in.
    pub fn lines_of(&self, span: Span) -> Lines {
        let last_byte = if span.is_empty() { span.start } else { span.end - 1 };
        Lines { first: self.line_of(span.start), last: self.line_of(last_byte) }
    }

    /// The bytes of `lines`, without the line end of the last one; `None` if
    /// the text has no such lines.
    pub fn span_of(&self, lines: Lines) -> Option<Span> {
        if lines.first == 0 || lines.last < lines.first || lines.last > self.n_lines() {
            return None;
        }
        let start = self.starts[lines.first as usize - 1];
        let end = self.starts.get(lines.last as usize).map_or(self.end, |&next| next - 1);
        Some(Span { start, end })
    }

    /// How many lines the text has; a final `\n` opens no further line.
    pub fn n_lines(&self) -> u32 {
        let n = u32::try_from(self.starts.len()).expect("a text has fewer lines than bytes");
        if n > 1 && self.starts[self.starts.len() - 1] == self.end { n - 1 } else { n }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one_and_end_at_newlines_only() {
        let text = "a\u{2028}b\r\nc\n\nd\n";
        let index = LineIndex::new(text);
        assert_eq!(index.n_lines(), 4);
        let at = |needle: &str| index.line_of(u32::try_from(text.find(needle).unwrap()).unwrap());
        assert_eq!((at("a"), at("b"), at("c"), at("d")), (1, 1, 2, 4));
    }

    #[test]
    fn a_line_range_is_turned_into_bytes_and_back() {
        let text = "one\ntwo\nthree";
        let index = LineIndex::new(text);
        let span = index.span_of(Lines { first: 2, last: 3 }).unwrap();
        assert_eq!(span.of(text), "two\nthree");
        assert_eq!(index.lines_of(span), Lines { first: 2, last: 3 });
        assert_eq!(index.span_of(Lines { first: 2, last: 4 }), None);
        assert_eq!(index.span_of(Lines { first: 0, last: 1 }), None);
    }
}
