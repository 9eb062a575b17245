//! The comparison of a report for people and for tables.

use std::io::{self, Write};

use super::info::count;
use super::layout::{write_hanging, write_wrapped};
use super::quotes::{PROVENANCE_HEADINGS, provenance, provenance_cells};
use super::tables::Table;
use super::{TableFormat, markdown, write_json};
use crate::answers::{Verdict, VerifiedQuote, VerifyAnswer};
use crate::base::one_line;

/// Writes what became of the quotes: those that need a look, or all.
///
/// # Errors
/// If the writer fails.
pub fn write_verification(
    out: &mut impl Write,
    answer: &VerifyAnswer,
    format: TableFormat,
    all: bool,
    columns: usize,
) -> io::Result<()> {
    match format {
        TableFormat::Json => write_json(out, answer),
        TableFormat::Csv => table(answer).write_csv(out),
        TableFormat::Text => {
            write_wrapped(out, &summary(answer), columns)?;
            for quote in answer.quotes.iter().filter(|quote| all || quote.is_wrong()) {
                writeln!(out)?;
                for (line, indent) in lines(quote) {
                    write_hanging(out, [indent; 2], &line, columns)?;
                }
            }
            Ok(())
        }
        TableFormat::Md => {
            writeln!(out, "{}", markdown(&summary(answer)))?;
            for quote in answer.quotes.iter().filter(|quote| all || quote.is_wrong()) {
                writeln!(out)?;
                for (at, (line, indent)) in lines(quote).into_iter().enumerate() {
                    let mark = if at == 0 { "- " } else { indent };
                    writeln!(out, "{mark}{}  ", markdown(&line))?;
                }
            }
            Ok(())
        }
    }
}

/// How many quotes are word for word, and how many are not.
pub fn summary(answer: &VerifyAnswer) -> String {
    if answer.quotes.is_empty() {
        return format!(
            "{}: no quotes found. A quote is a text of four words or more between quotation marks, a block quote, or a cell of a column named quote.",
            answer.report
        );
    }
    let mut parts = Vec::new();
    for (n, what) in [
        (answer.n_exact, "exact"),
        (answer.n_shortened, "shortened, with […]"),
        (answer.n_altered, "altered"),
        (answer.n_unknown, "not found"),
    ] {
        if n > 0 {
            parts.push(format!("{n} {what}"));
        }
    }
    let misplaced = match answer.n_misplaced {
        0 => String::new(),
        1 => "; 1 has a wrong participant, line or time".to_owned(),
        n => format!("; {n} have a wrong participant, line or time"),
    };
    let quotes = count(answer.quotes.len() as u64, "quote");
    format!("{}: {quotes}, {}{misplaced}.", answer.report, parts.join(", "))
}

/// What is said about a quote, line by line with the indent of each.
pub fn lines(quote: &VerifiedQuote) -> Vec<(String, &'static str)> {
    let mut lines = vec![
        (format!("{}: {}", quote.place, quote.verdict.name()), ""),
        (format!("“{}”", one_line(&quote.text)), "  "),
    ];
    for difference in &quote.differences {
        let line = match (difference.report.as_str(), difference.transcript.as_str()) {
            (report, "") => format!("the transcript does not have “{report}”"),
            ("", transcript) => format!("the report leaves out “{transcript}” without a mark"),
            (report, transcript) => {
                format!("the report has “{report}”, the transcript “{transcript}”")
            }
        };
        lines.push((line, "    "));
    }
    for problem in &quote.problems {
        lines.push((problem.clone(), "    "));
    }
    if let Some(at) = &quote.at {
        let found = if quote.verdict == Verdict::Altered { "nearest" } else { "found" };
        let more = match quote.n_more {
            0 => String::new(),
            1 => ", and in 1 more place".to_owned(),
            n => format!(", and in {n} more places"),
        };
        let transcript =
            if at.case.is_some() { format!(", {}", at.transcript) } else { String::new() };
        lines.push((format!("{found}: {}{transcript}{more}", provenance(at)), "    "));
    } else {
        lines.push(("there are no similar words in the transcripts".to_owned(), "    "));
    }
    lines
}

fn table(answer: &VerifyAnswer) -> Table {
    let head = ["number", "place", "verdict", "quote", "beside", "differences", "problems"];
    let rows = answer.quotes.iter().map(|quote| {
        let differences = quote
            .differences
            .iter()
            .map(|difference| format!("“{}” for “{}”", difference.report, difference.transcript));
        let cells = [
            quote.number.to_string(),
            quote.place.clone(),
            quote.verdict.name().to_owned(),
            quote.text.clone(),
            quote.beside.clone(),
            differences.collect::<Vec<_>>().join("; "),
            quote.problems.join("; "),
        ];
        let at = quote.at.as_ref().map(provenance_cells).unwrap_or_default();
        cells.into_iter().chain(at).collect()
    });
    Table::new(head.into_iter().chain(PROVENANCE_HEADINGS), rows)
}
