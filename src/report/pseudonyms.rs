//! The key of pseudonyms and what a scan proposes. These answers show names: they
//! are for the researcher's own eyes, and go through no [`HideNames`](super::names).

use std::io::{self, Write};

use serde::Serialize;

use super::info::count;
use super::layout::{table, wrap};
use super::{TableFormat, markdown, safe_cell, write_json};
use crate::terms::identifying::Identifying;
use crate::terms::pseudonyms::PseudonymEntry;

/// The answer of `pseudonyms list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyAnswer {
    /// Where the key is kept.
    pub file: String,
    /// Its rows.
    pub names: Vec<KeyRow>,
}

/// A row of the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyRow {
    /// The name.
    pub name: String,
    /// What is shown instead; empty for a name to ignore.
    pub pseudonym: String,
    /// `any`, `capital` or `ignore`.
    pub rule: &'static str,
    /// In how many places it stands in the talk.
    pub n_places: usize,
}

impl KeyRow {
    /// A row with its count.
    pub fn new(entry: &PseudonymEntry, n_places: usize) -> Self {
        Self {
            name: entry.name.clone(),
            pseudonym: entry.pseudonym.clone(),
            rule: entry.rule.name(),
            n_places,
        }
    }
}

/// The answer of `pseudonyms scan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScanAnswer {
    /// Whether it is about what is left with pseudonyms in place.
    pub is_of_leaks: bool,
    /// What may give somebody away, by kind, the most frequent first.
    pub found: Vec<Leak>,
    /// What the reader must know.
    pub notes: Vec<String>,
}

/// Words that may give somebody away.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Leak {
    /// As what.
    pub kind: Identifying,
    /// The words.
    pub text: String,
    /// How often.
    pub count: usize,
    /// The transcript of one place, as its file is named; empty for a text that
    /// is none.
    pub transcript: String,
    /// The line there, from 1.
    pub line: u32,
}

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
