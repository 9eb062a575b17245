//! The key of pseudonyms and what a scan finds. These answers show names: they
//! are for the researcher's own eyes, and no name is hidden in them.

use std::io::{self, Write};

use super::TableFormat;
use super::info::number;
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
                "no names in the key yet; `leitmotif pseudonyms scan` lists possible names"
            );
        }
        table.write_text(out, "", &[3])?;
        writeln!(out)?;
        writeln!(out, "The key is {}.", answer.file)?;
        let advice = "It tells who is who: do not store it with anything you share.";
        write_wrapped(out, advice, columns)
    })
}

/// `129 names or details that may identify somebody`.
pub fn identifying(n: usize) -> String {
    let what = if n == 1 { "name or detail" } else { "names or details" };
    format!("{} {what} that may identify somebody", number(n as u64))
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
        let left = if answer.is_of_leaks { ", still visible" } else { "" };
        let said = format!("{}{left}.", identifying(answer.found.len()));
        let mut paragraphs = std::iter::once(&said).chain(&answer.notes);
        paragraphs.try_for_each(|paragraph| write_wrapped(out, paragraph, columns))
    })
}
