//! Text that fits a terminal.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use crate::answers::Interval;

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Breaks text at white space into lines of at most `columns` columns; a word
/// that is longer stands alone.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && width(&line) + 1 + width(word) > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Writes text in lines of at most `columns` columns.
///
/// # Errors
/// If the writer fails.
pub fn write_wrapped(out: &mut impl Write, text: &str, columns: usize) -> io::Result<()> {
    write_hanging(out, ["", ""], text, columns)
}

/// Writes text in lines of at most `columns` columns, the first and the other ones
/// behind these indents.
///
/// # Errors
/// If the writer fails.
pub fn write_hanging(
    out: &mut impl Write,
    [first, others]: [&str; 2],
    text: &str,
    columns: usize,
) -> io::Result<()> {
    let lines = wrap(text, columns.saturating_sub(others.len()));
    lines
        .iter()
        .enumerate()
        .try_for_each(|(at, line)| writeln!(out, "{}{line}", if at == 0 { first } else { others }))
}

/// Cuts text to at most `columns` columns, with `…` if anything is left out.
pub fn shorten(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let fits = |end: &usize| width(&text[..*end]) < columns;
    let end = text.char_indices().map(|(at, _)| at).take_while(fits).last().unwrap_or(0);
    format!("{}…", text[..end].trim_end())
}

/// Cuts text to its last columns, at most `columns`, with `…` if anything is left out.
pub fn shorten_left(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut from = text.len();
    for (at, _) in text.char_indices().rev() {
        if width(&text[at..]) + 1 > columns {
            break;
        }
        from = at;
    }
    if columns == 0 { String::new() } else { format!("…{}", text[from..].trim_start()) }
}

/// A bar of `n` of `of`, `columns` wide.
pub fn bar(n: usize, of: usize, columns: usize) -> String {
    let full = (n * columns + of / 2).checked_div(of).unwrap_or(0);
    let full = full.max(usize::from(n > 0)).min(columns);
    format!("{}{}", "█".repeat(full), "░".repeat(columns - full))
}

/// A decimal as every answer shows it: `0.82`, never `.82`, and `0.00` for what rounds
/// to a zero with a sign.
pub fn decimal(value: f64, digits: usize) -> String {
    let shown = format!("{value:.digits$}");
    let is_zero = shown.bytes().all(|b| matches!(b, b'-' | b'0' | b'.'));
    if is_zero { shown.trim_start_matches('-').to_owned() } else { shown }
}

/// An interval of shares in whole percent: `23–67 %`.
pub fn interval_cell(interval: Interval) -> String {
    format!("{:.0}–{:.0} %", 100.0 * interval.low, 100.0 * interval.high)
}

/// Pads text to `columns` columns on the right.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// A table whose columns are as wide as they need to be; `right` names the
/// columns that are numbers. The last column is not padded.
pub fn table(rows: &[Vec<String>], right: &[usize]) -> Vec<String> {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..n_columns)
        .map(|at| {
            rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0)
        })
        .collect();
    let cell = |(at, text): (usize, &String)| {
        if right.contains(&at) {
            format!("{}{text}", " ".repeat(widths[at] - width(text)))
        } else if at + 1 == n_columns {
            text.clone()
        } else {
            pad(text, widths[at])
        }
    };
    rows.iter()
        .map(|row| {
            row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_keep_every_word() {
        assert_eq!(wrap("one two  three\nfour", 9), ["one two", "three", "four"]);
        assert_eq!(wrap("a longerthannine b", 9), ["a", "longerthannine", "b"]);
        assert_eq!(wrap("王芳 王芳 王芳", 9), ["王芳 王芳", "王芳"]);
    }

    #[test]
    fn decimals_have_one_form() {
        assert_eq!(
            [0.125, 1.0, -0.001, -0.5].map(|value| decimal(value, 2)),
            ["0.12", "1.00", "0.00", "-0.50"]
        );
    }

    #[test]
    fn a_bar_shows_a_little_and_never_too_much() {
        assert_eq!(bar(0, 10, 4), "░░░░");
        assert_eq!(bar(1, 100, 4), "█░░░");
        assert_eq!(bar(10, 10, 4), "████");
        assert_eq!(bar(0, 0, 2), "░░");
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(shorten("ease of access", 9), "ease of…");
        assert_eq!(shorten("access", 6), "access");
        assert_eq!(shorten_left("ease of access", 10), "…of access");
        assert_eq!(shorten_left("ease of access", 9), "…f access");
        assert_eq!(shorten_left("access", 6), "access");
    }

    #[test]
    fn columns_line_up() {
        let rows =
            [["P1", "9", "x"], ["Siân", "10", "yy"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(table(&rows, &[1]), ["P1     9  x", "Siân  10  yy"]);
    }
}
