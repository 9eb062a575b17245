//! The key of pseudonyms and what a scan proposes. These answers show names: they
//! are for the researcher's own eyes, and no name is hidden in them.

use std::io::{self, Write};

use super::TableFormat;
use super::info::count;
use super::layout::write_wrapped;
use super::tables::{Table, write_table};
use crate::answers::{KeyAnswer, KeyRow, Leak, ScanAnswer};

/// Writes the key.
///
/// # Errors
/// If the writer fails.
pub fn write_key(
    out: &mut impl Write,
    answer: &KeyAnswer,
    format: TableFormat,
    columns: usize,
) -> io::Result<()> {
    let row = |row: &KeyRow| {
        vec![row.name.clone(), row.pseudonym.clone(), row.rule.to_owned(), row.n_places.to_string()]
    };
    let table = Table::new(["name", "pseudonym", "rule", "places"], answer.names.iter().map(row));
    write_table(out, answer, format, &table, |out| {
        if answer.names.is_empty() {
            return writeln!(
                out,
                "no name is on the list; `leitmotif pseudonyms scan` proposes some"
            );
        }
        table.write_text(out, "", &[3])?;
        writeln!(out)?;
        writeln!(out, "The key is {}.", answer.file)?;
        let advice = "Whoever has it knows who is who: keep it apart from what you share.";
        write_wrapped(out, advice, columns)
    })
}

/// Writes what a scan found.
///
/// # Errors
/// If the writer fails.
pub fn write_scan(
    out: &mut impl Write,
    answer: &ScanAnswer,
    format: TableFormat,
    columns: usize,
) -> io::Result<()> {
    let row = |leak: &Leak| {
        let place = format!("{}:{}", leak.transcript, leak.line);
        vec![leak.kind.name().to_owned(), leak.text.clone(), leak.count.to_string(), place]
    };
    let table = Table::new(["kind", "text", "times", "for example"], answer.found.iter().map(row));
    write_table(out, answer, format, &table, |out| {
        if !answer.found.is_empty() {
            table.write_text(out, "", &[2])?;
            writeln!(out)?;
        }
        let left = if answer.is_of_leaks { ", left in what is shown" } else { "" };
        let n = count(answer.found.len() as u64, "text");
        let said = format!("{n} that may give somebody away{left}.");
        let mut paragraphs = std::iter::once(&said).chain(&answer.notes);
        paragraphs.try_for_each(|paragraph| write_wrapped(out, paragraph, columns))
    })
}
