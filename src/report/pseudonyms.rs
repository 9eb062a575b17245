//! The key of pseudonyms and what a scan proposes. These answers show names: they
//! are for the researcher's own eyes, and no name is hidden in them.

use std::io::{self, Write};

use super::info::count;
use super::layout::{table, wrap};
use super::{TableFormat, markdown, safe_cell, write_json};
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
    let head = ["name", "pseudonym", "rule", "places"];
    let row = |row: &KeyRow| {
        [row.name.clone(), row.pseudonym.clone(), row.rule.to_owned(), row.n_places.to_string()]
    };
    let rows: Vec<[String; 4]> = answer.names.iter().map(row).collect();
    match format {
        TableFormat::Text if rows.is_empty() => {
            writeln!(out, "no name is on the list; `leitmotif pseudonyms scan` proposes some")
        }
        TableFormat::Text => {
            write_rows(out, &head, &rows, &[3])?;
            writeln!(out)?;
            writeln!(out, "The key is {}.", answer.file)?;
            let advice = "Whoever has it knows who is who: keep it apart from what you share.";
            wrap(advice, columns).iter().try_for_each(|line| writeln!(out, "{line}"))
        }
        TableFormat::Json => write_json(out, answer),
        TableFormat::Csv => write_csv(out, &head, &rows),
        TableFormat::Md => write_markdown(out, &head, &rows),
    }
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
    let head = ["kind", "text", "times", "for example"];
    let row = |leak: &Leak| {
        let place = format!("{}:{}", leak.transcript, leak.line);
        [leak.kind.name().to_owned(), leak.text.clone(), leak.count.to_string(), place]
    };
    let rows: Vec<[String; 4]> = answer.found.iter().map(row).collect();
    match format {
        TableFormat::Text => {
            if !rows.is_empty() {
                write_rows(out, &head, &rows, &[2])?;
                writeln!(out)?;
            }
            let left = if answer.is_of_leaks { ", left in what is shown" } else { "" };
            let said =
                format!("{} that may give somebody away{left}.", count(rows.len() as u64, "text"));
            for paragraph in std::iter::once(&said).chain(&answer.notes) {
                wrap(paragraph, columns).iter().try_for_each(|line| writeln!(out, "{line}"))?;
            }
            Ok(())
        }
        TableFormat::Json => write_json(out, answer),
        TableFormat::Csv => write_csv(out, &head, &rows),
        TableFormat::Md => write_markdown(out, &head, &rows),
    }
}

fn write_rows<const N: usize>(
    out: &mut impl Write,
    head: &[&str; N],
    rows: &[[String; N]],
    right: &[usize],
) -> io::Result<()> {
    let rows: Vec<Vec<String>> = std::iter::once(head.map(str::to_owned).to_vec())
        .chain(rows.iter().map(|row| row.to_vec()))
        .collect();
    table(&rows, right).iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn write_csv<const N: usize>(
    out: &mut impl Write,
    head: &[&str; N],
    rows: &[[String; N]],
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(head)?;
    for row in rows {
        table.write_record(row.iter().map(|cell| safe_cell(cell).into_owned()))?;
    }
    table.flush()
}

fn write_markdown<const N: usize>(
    out: &mut impl Write,
    head: &[&str; N],
    rows: &[[String; N]],
) -> io::Result<()> {
    writeln!(out, "| {} |", head.join(" | "))?;
    writeln!(out, "|{}", " --- |".repeat(N))?;
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| markdown(cell)).collect();
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}
