//! Opens tables: CSV and its kin, as spreadsheets and people write them.
//!
//! Bytes or text come in; a [`Table`] goes out, its rows with their lines in the
//! file. Whoever reads a table in this program opens it here, so that all tables
//! may be of the same kinds:
//!
//! - in any encoding, with or without a byte order mark;
//! - cut by comma, semicolon, tab or bar. Spreadsheets may name the sign on a
//!   first line of its own (`sep=;`); else the one that cuts the rows most evenly
//!   is taken;
//! - with rows of any length. Rows in which nothing stands are left out.
//!
//! ```
//! use leitmotif::files::tables::Table;
//!
//! let table = Table::read(b"sep=;\nname;pseudonym\nSi\xe2n;P07\n")?;
//! let (head, rows) = table.split_head().expect("it has rows");
//! assert_eq!(head.place_of(&["pseudonym"]), Some(1));
//! assert_eq!((rows[0].line, rows[0].cell(0)), (3, "Siân"));
//! # Ok::<(), leitmotif::files::SourceProblem>(())
//! ```

use std::ops::Range;

use csv::{ReaderBuilder, Trim};

use super::encoding::MARK;
use super::{SourceProblem, decode_text};

/// How many characters and rows are looked at to find the delimiter.
const SAMPLE: (usize, usize) = (20_000, 40);

/// A table of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What stands between its cells.
    pub delimiter: char,
    /// Its rows, the heading among them; none is blank.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: usize,
    /// Its cells, without white space around them.
    pub cells: Vec<String>,
}

impl Table {
    /// Opens the table of a file.
    ///
    /// # Errors
    /// [`SourceProblem::Binary`] if it is no text.
    pub fn read(bytes: &[u8]) -> Result<Self, SourceProblem> {
        Ok(Self::parse(&decode_text(bytes)?, None))
    }

    /// Opens the table of a text; one without rows if nothing stands in it. Without
    /// a `delimiter`, which is an ASCII sign, it is found.
    pub fn parse(text: &str, delimiter: Option<char>) -> Self {
        let (head, body, delimiter) = opened(text, delimiter);
        let n_skipped = head.matches('\n').count();
        let rows = read_rows(body, delimiter, usize::MAX);
        let below = |row: Row| Row { line: row.line.saturating_add(n_skipped), ..row };
        Self { delimiter, rows: rows.into_iter().map(below).collect() }
    }

    /// The cells of every row of such a text, blank ones too: as a spreadsheet numbers them.
    pub fn cells_of(text: &str, delimiter: Option<char>) -> Vec<Vec<String>> {
        let (_, body, delimiter) = opened(text, delimiter);
        let records = read_records(body, delimiter, usize::MAX).into_iter();
        records.map(|(_, cells)| cells).collect()
    }

    /// The `text` of this table with other cells in one of its rows, or with a row more
    /// if there is none at this place; all else is as it was, byte for byte.
    pub fn with_row(&self, text: &str, place: usize, cells: &[String]) -> String {
        let is_special = |c: char| c == self.delimiter || matches!(c, '"' | '\n' | '\r');
        let quoted = |cell: &String| {
            let is_plain = !cell.contains(is_special) && cell.trim() == cell;
            if is_plain { cell.clone() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
        };
        let cells: Vec<String> = cells.iter().map(quoted).collect();
        let row = cells.join(&self.delimiter.to_string());
        if let Some(span) = self.spans(text).get(place) {
            return format!("{}{row}{}", &text[..span.start], &text[span.end..]);
        }
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { end };
        format!("{text}{gap}{row}{end}")
    }

    /// Where the rows stand in the text, without their line ends.
    fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let (from, _) = body_of(text);
        let records = read_records(&text[from..], self.delimiter, usize::MAX).into_iter();
        let filled = records.filter(|(_, cells)| is_filled(cells));
        filled.map(|(span, _)| span.start + from..span.end + from).collect()
    }

    /// The heading and the rows below it; `None` if nothing stands in the table.
    pub fn split_head(&self) -> Option<(&Row, &[Row])> {
        self.rows.split_first()
    }
}

impl Row {
    /// What stands in a column; nothing if the row is shorter.
    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }

    /// The column that has the first of these names that any has, whatever its case.
    pub fn place_of(&self, names: &[&str]) -> Option<usize> {
        let place = |name: &&str| self.cells.iter().position(|cell| cell.to_lowercase() == **name);
        names.iter().find_map(place)
    }
}

/// A cell without the apostrophe that keeps a spreadsheet from calculating it.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(bare) if bare.starts_with(['=', '+', '-', '@', '\t', '\r']) => bare,
        _ => cell,
    }
}

/// What stands above the rows of a text, the rows, and their delimiter.
fn opened(text: &str, delimiter: Option<char>) -> (&str, &str, char) {
    let (from, named) = body_of(text);
    let (head, body) = text.split_at(from);
    (head, body, delimiter.or(named).unwrap_or_else(|| find_delimiter(body)))
}

fn is_filled(cells: &[String]) -> bool {
    cells.iter().any(|cell| !cell.is_empty())
}

/// Where the rows of a text begin, and the delimiter if its first line names one.
fn body_of(text: &str) -> (usize, Option<char>) {
    let bare = text.trim_start_matches(MARK);
    let from = text.len() - bare.len();
    let first = bare.split_inclusive('\n').next().unwrap_or_default();
    let named = first.trim_end_matches(['\r', '\n']).strip_prefix("sep=");
    let named = named.and_then(|sign| sign.parse::<char>().ok()).filter(char::is_ascii);
    if named.is_some() { (from + first.len(), named) } else { (from, None) }
}

/// Reads at most `n_most` rows; blank ones are left out.
fn read_rows(text: &str, delimiter: char, n_most: usize) -> Vec<Row> {
    let (mut line, mut read) = (1, 0);
    let records = read_records(text, delimiter, n_most).into_iter();
    let row = |(span, cells): (Range<usize>, Vec<String>)| {
        line += text[read..span.start].matches('\n').count();
        read = span.start;
        Row { line, cells }
    };
    records.filter(|(_, cells)| is_filled(cells)).map(row).collect()
}

/// The cells of at most `n_most` rows, blank ones too, with where each stands in the text,
/// without its line end.
fn read_records(text: &str, delimiter: char, n_most: usize) -> Vec<(Range<usize>, Vec<String>)> {
    let mut reader = ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
    let mut record = csv::StringRecord::new();
    let mut records = Vec::new();
    for _ in 0..n_most {
        let from = place(reader.position().byte());
        let is_there = reader.read_record(&mut record);
        if !is_there.expect("text in memory has rows of any length") {
            break;
        }
        // The reader may stand before the end of the last line, and before blank ones.
        let read = &text[from..place(reader.position().byte())];
        let start = from + read.len() - read.trim_start_matches(['\r', '\n']).len();
        let end = from + read.trim_end_matches(['\r', '\n']).len();
        records.push((start..end, record.iter().map(str::to_owned).collect()));
    }
    records
}

/// Finds the delimiter: the one that cuts most rows into the same number of
/// cells, and of two such the one with more cells.
fn find_delimiter(text: &str) -> char {
    let (n_chars, n_rows) = SAMPLE;
    let head = text.char_indices().nth(n_chars).map_or(text, |(at, _)| &text[..at]);
    let score = |delimiter: &char| {
        let rows = read_rows(head, *delimiter, n_rows);
        let width = rows.first().map_or(0, |row| row.cells.len());
        if width < 2 {
            return (0, 0);
        }
        let n_even = rows.iter().filter(|row| row.cells.len() == width).count();
        (n_even * 100 / rows.len().max(1), width)
    };
    // The last of equals is taken, so the most usual one stands last.
    ['|', ';', '\t', ','].into_iter().max_by_key(score).unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, delimiter: char, rows: &[(usize, &[&str])]) {
        let table = Table::parse(text, None);
        let found: Vec<(usize, Vec<&str>)> = table
            .rows
            .iter()
            .map(|row| (row.line, row.cells.iter().map(String::as_str).collect()))
            .collect();
        let expected: Vec<(usize, Vec<&str>)> =
            rows.iter().map(|(line, cells)| (*line, cells.to_vec())).collect();
        assert_eq!((table.delimiter, found), (delimiter, expected), "{text:?}");
    }

    #[test]
    fn the_delimiter_is_named_or_found() {
        check("sep=,\r\na,b\r\n", ',', &[(2, &["a", "b"])]);
        check("\u{feff}sep=\t\na;1\tb;2\n", '\t', &[(2, &["a;1", "b;2"])]);
        check("a;b\n1,5;2\n", ';', &[(1, &["a", "b"]), (2, &["1,5", "2"])]);
        check("one\ntwo, three\n", ',', &[(1, &["one"]), (2, &["two", "three"])]);
        check("", ',', &[]);
    }

    #[test]
    fn blank_rows_are_left_out_and_lines_are_those_of_the_file() {
        let text = " a ,\"b\nc\"\n\n,,\nd\n";
        check(text, ',', &[(1, &["a", "b\nc"]), (5, &["d"])]);
        assert_eq!(Table::cells_of(text, None), [vec!["a", "b\nc"], vec![""; 3], vec!["d"]]);
    }

    #[test]
    fn a_row_is_changed_and_all_else_stays() {
        let text = "\u{feff}sep=;\r\na ; b\r\n\r\n 1;\"x\r\ny\" \r\n;;\r\n2; z";
        let table = Table::parse(text, None);
        assert_eq!(table.rows.len(), 3);
        let with =
            |place: usize, cells: [&str; 2]| table.with_row(text, place, &cells.map(str::to_owned));
        assert_eq!(with(1, ["1", "x;\"y\""]), text.replace(" 1;\"x\r\ny\" ", "1;\"x;\"\"y\"\"\""));
        assert_eq!(with(2, ["2", " w"]), text.replace("2; z", "2;\" w\""));
        assert_eq!(with(3, ["3", "v"]), format!("{text}\r\n3;v\r\n"));
        let bare = Table::parse("\u{feff}a,b\n1,2\n", None);
        let cells = ["c".to_owned()];
        assert_eq!(bare.with_row("\u{feff}a,b\n1,2\n", 0, &cells), "\u{feff}c\n1,2\n");
        assert_eq!(Table::default().with_row("", 0, &cells), "c\n");
    }

    #[test]
    fn columns_are_found_by_the_first_of_their_names() {
        let row = Row { line: 1, cells: ["Code", "Path", ""].map(str::to_owned).to_vec() };
        assert_eq!(row.place_of(&["path", "code"]), Some(1));
        assert_eq!(row.place_of(&["name"]), None);
        assert_eq!((row.cell(1), row.cell(9)), ("Path", ""));
    }

    #[test]
    fn no_bytes_but_binary_ones_are_refused() {
        assert_eq!(Table::read(b"").unwrap().rows, []);
        assert_eq!(Table::read(b"%PDF-1.7\n"), Err(SourceProblem::Binary));
        assert_eq!(unguarded("'=1"), "=1");
        assert_eq!(unguarded("'tis"), "'tis");
    }
}
