//! Counts trouble that recurs in the rows of a table, so that it is told once.

use crate::base::{Diagnostic, Remedy, count};
use crate::files::tables::Row;

/// Trouble that recurs: how often, and where first.
#[derive(Debug, Default)]
pub(super) struct Tally {
    n: u64,
    line: Option<usize>,
}

impl Tally {
    pub(super) fn add(&mut self, line: usize) {
        self.n += 1;
        self.line.get_or_insert(line);
    }

    /// What is told of it: how many of `one` there are, and what is wrong with them.
    pub(super) fn warn(&self, one: &str, problem: &str, hint: &str) -> Option<Diagnostic> {
        self.line.map(|line| {
            let problem = format!("{} {problem}", count(self.n, one));
            Diagnostic::new(problem).on_line(line).with(Remedy::new(hint))
        })
    }
}

/// Rows that have too few cells, or too many.
#[derive(Debug, Default)]
pub(super) struct Width {
    short: Tally,
    long: Tally,
}

impl Width {
    /// Notes a row with less than `least` cells, or more than `most` with anything in them.
    pub(super) fn compare(&mut self, row: &Row, least: usize, most: usize) {
        if row.cells.len() < least {
            self.short.add(row.line);
        }
        if row.cells.iter().skip(most).any(|cell| !cell.is_empty()) {
            self.long.add(row.line);
        }
    }

    pub(super) fn warn(&self) -> impl Iterator<Item = Diagnostic> {
        let hint = "check the quotes and delimiters in that line";
        let quotes = "put quotes around text with delimiters";
        let short = self.short.warn("row", "with too few cells", hint);
        short.into_iter().chain(self.long.warn("row", "with more cells than columns", quotes))
    }
}
