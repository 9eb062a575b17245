//! Tables: rows of cells become CSV, Markdown, or lines for people.

use std::io::{self, Write};

use serde::Serialize;

use super::{TableFormat, layout, markdown, write_json};

/// A heading with rows below it.
#[derive(Debug, Clone)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table of these rows, which have as many cells as the heading.
    pub fn new<'h>(
        head: impl IntoIterator<Item = &'h str>,
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> Self {
        let head = head.into_iter().map(str::to_owned).collect();
        Self { rows: std::iter::once(head).chain(rows).collect() }
    }

    /// How many columns it has.
    pub fn n_columns(&self) -> usize {
        self.rows[0].len()
    }

    /// The heading.
    pub fn head(&self) -> &[String] {
        &self.rows[0]
    }

    /// The rows below it.
    pub fn body(&self) -> &[Vec<String>] {
        &self.rows[1..]
    }

    /// Heading and rows.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// The same with these of its columns, in this order.
    #[must_use]
    pub fn with_columns(&self, columns: &[usize]) -> Self {
        let row = |row: &Vec<String>| columns.iter().map(|&at| row[at].clone()).collect();
        Self { rows: self.rows.iter().map(row).collect() }
    }

    /// Writes it as CSV.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        write_csv(out, &self.rows)
    }

    /// Writes it as Markdown, all columns to the left.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_markdown(&self, out: &mut impl Write) -> io::Result<()> {
        self.write_aligned(out, " --- |")
    }

    /// Writes it as Markdown, all columns but the first to the right.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_numbers(&self, out: &mut impl Write) -> io::Result<()> {
        self.write_aligned(out, " ---: |")
    }

    fn write_aligned(&self, out: &mut impl Write, rule: &str) -> io::Result<()> {
        for (at, row) in self.rows.iter().enumerate() {
            let cells: Vec<String> = row.iter().map(|cell| markdown(cell)).collect();
            writeln!(out, "| {} |", cells.join(" | "))?;
            if at == 0 {
                writeln!(out, "| --- |{}", rule.repeat(self.n_columns() - 1))?;
            }
        }
        Ok(())
    }

    /// Writes it for people, its columns lined up behind an indent; `right` names
    /// those that are numbers.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_text(
        &self,
        out: &mut impl Write,
        indent: &str,
        right: &[usize],
    ) -> io::Result<()> {
        let lines = layout::table(&self.rows, right);
        lines.iter().try_for_each(|line| writeln!(out, "{indent}{line}"))
    }
}

/// Writes an answer that is one table; `text` writes it for people.
///
/// # Errors
/// If the writer fails.
pub fn write_table<W: Write>(
    out: &mut W,
    answer: &impl Serialize,
    format: TableFormat,
    table: &Table,
    text: impl FnOnce(&mut W) -> io::Result<()>,
) -> io::Result<()> {
    match format {
        TableFormat::Text => text(out),
        TableFormat::Json => write_json(out, answer),
        TableFormat::Csv => table.write_csv(out),
        TableFormat::Md => table.write_markdown(out),
    }
}

/// Writes rows, the heading among them, as CSV that no spreadsheet takes for
/// formulas.
///
/// # Errors
/// If the writer fails.
pub fn write_csv<C: AsRef<str>>(
    out: &mut impl Write,
    rows: impl IntoIterator<Item = impl IntoIterator<Item = C>>,
) -> io::Result<()> {
    write_rows(csv::Writer::from_writer(out), rows)
}

/// Writes rows by a writer of CSV, so that no spreadsheet takes them for formulas.
///
/// # Errors
/// If the writer fails.
pub(crate) fn write_rows<C: AsRef<str>>(
    mut writer: csv::Writer<impl Write>,
    rows: impl IntoIterator<Item = impl IntoIterator<Item = C>>,
) -> io::Result<()> {
    for row in rows {
        writer.write_record(row.into_iter().map(|cell| safe_cell(cell.as_ref()).into_owned()))?;
    }
    writer.flush()
}

/// A cell of a table that no spreadsheet takes for a formula.
///
/// # Source
/// OWASP, "CSV injection", <https://owasp.org/www-community/attacks/CSV_Injection>.
pub fn safe_cell(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}
