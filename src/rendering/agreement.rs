//! Agreement of coders, for people and for spreadsheets.

use std::io::{self, Write};

use super::info::{count, number};
use super::layout::{decimal, interval_cell, write_wrapped};
use super::tables::{Table, write_csv};
use super::{TableFormat, markdown, write_json};
use crate::answers::{
    AgreementAnswer, Coefficients, CountedShare, Figure, ProposalAgreement,
    ProposalAgreementAnswer, UnitAgreement,
};

/// `0.62`, or the reason.
fn shown(figure: &Figure) -> String {
    match figure.value {
        Some(value) => decimal(value, 2),
        None => figure.reason.clone().unwrap_or_default(),
    }
}

fn percent(figure: &Figure) -> String {
    figure.value.map_or_else(|| shown(figure), |value| format!("{:.1} %", 100.0 * value))
}

/// Writes agreement by code and over all codes.
///
/// # Errors
/// If the writer fails.
pub fn write_agreement(
    out: &mut impl Write,
    answer: &AgreementAnswer,
    format: TableFormat,
    columns: usize,
) -> io::Result<()> {
    match format {
        TableFormat::Text => write_text(out, answer, columns),
        TableFormat::Json => write_json(out, answer),
        TableFormat::Csv => write_csv(out, rows(answer)),
        TableFormat::Md => write_markdown(out, answer),
    }
}

fn heading(answer: &AgreementAnswer, unit: &UnitAgreement) -> String {
    let names: Vec<&str> = answer.coders.iter().map(String::as_str).collect();
    format!(
        "Agreement of {} on {} {} of participants’ talk in {}",
        names.join(" and "),
        number(unit.n_units),
        if unit.n_units == 1 { unit.unit.trim_end_matches('s') } else { unit.unit },
        count(answer.transcripts.len() as u64, "transcript"),
    )
}

/// A unit's table. Of two coders each has a column of what it
/// alone coded; of more, there is one of what some coded.
fn table(answer: &AgreementAnswer, unit: &UnitAgreement) -> Table {
    let is_pair = answer.coders.len() == 2;
    let mut head = vec!["code".to_owned()];
    if is_pair {
        head.push("both".to_owned());
        head.extend(answer.coders.iter().map(|coder| format!("only {coder}")));
        head.push("neither".to_owned());
    } else {
        head.extend(["all", "some", "none"].map(str::to_owned));
    }
    let n_cells = head.len() - 1;
    head.extend(["agree", "kappa", "alpha"].map(str::to_owned));
    let figures = |figures: &Coefficients| {
        [percent(&figures.agreement), shown(&figures.kappa), shown(&figures.alpha)]
    };
    let mut rows = Vec::new();
    for code in &unit.codes {
        let mut row = vec![code.code.clone(), number(code.all)];
        if is_pair {
            row.extend(code.only.iter().map(|n| number(*n)));
        } else {
            row.push(number(code.some));
        }
        row.push(number(code.none));
        row.extend(figures(&code.coefficients));
        rows.push(row);
    }
    if unit.codes.len() > 1 {
        let mut row = vec!["all codes, pooled".to_owned()];
        row.extend(vec![String::new(); n_cells]);
        row.extend(figures(&unit.pooled));
        rows.push(row);
    }
    Table::new(head.iter().map(String::as_str), rows)
}

fn write_text(out: &mut impl Write, answer: &AgreementAnswer, columns: usize) -> io::Result<()> {
    for unit in &answer.units {
        write_wrapped(out, &heading(answer, unit), columns)?;
        writeln!(out)?;
        let table = table(answer, unit);
        table.write_text(out, "  ", &(1..table.n_columns()).collect::<Vec<_>>())?;
        writeln!(out)?;
    }
    answer.notes.iter().try_for_each(|note| write_wrapped(out, note, columns))
}

/// All units in one table, which says in its first column which it is.
fn rows(answer: &AgreementAnswer) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (at, unit) in answer.units.iter().enumerate() {
        for (line, row) in table(answer, unit).rows().iter().enumerate() {
            if at == 0 || line > 0 {
                let first = if line == 0 { "unit" } else { unit.unit };
                rows.push(std::iter::once(first.to_owned()).chain(row.iter().cloned()).collect());
            }
        }
    }
    rows
}

fn write_markdown(out: &mut impl Write, answer: &AgreementAnswer) -> io::Result<()> {
    for unit in &answer.units {
        writeln!(out, "{}\n", markdown(&heading(answer, unit)))?;
        table(answer, unit).write_numbers(out)?;
        writeln!(out)?;
    }
    answer.notes.iter().try_for_each(|note| writeln!(out, "{}\n", markdown(note)))
}

/// Writes how far proposals go with what was coded, code by code.
///
/// # Errors
/// If the writer fails.
pub fn write_proposal_agreement(
    out: &mut impl Write,
    answer: &ProposalAgreementAnswer,
    format: TableFormat,
    columns: usize,
) -> io::Result<()> {
    let row = |code: &ProposalAgreement| {
        vec![
            code.code.clone(),
            share_of(&code.found),
            share_of(&code.right),
            number(code.neither as u64),
            shown(&code.kappa),
        ]
    };
    let table =
        Table::new(["code", "finds", "right", "neither", "kappa"], answer.codes.iter().map(row));
    let heading = format!(
        "What would be proposed and what was coded, in passages of participants in {}",
        count(answer.transcripts.len() as u64, "transcript")
    );
    let too_few = (!answer.too_few.is_empty())
        .then(|| format!("Fewer than three quotations: {}.", answer.too_few.join(", ")));
    let notes = too_few.iter().chain(&answer.notes);
    match format {
        TableFormat::Json => write_json(out, answer),
        TableFormat::Csv => proposal_counts(answer).write_csv(out),
        TableFormat::Text => {
            write_wrapped(out, &heading, columns)?;
            writeln!(out)?;
            table.write_text(out, "  ", &(1..table.n_columns()).collect::<Vec<_>>())?;
            notes.into_iter().try_for_each(|note| {
                writeln!(out)?;
                write_wrapped(out, note, columns)
            })
        }
        TableFormat::Md => {
            writeln!(out, "{}\n", markdown(&heading))?;
            table.write_numbers(out)?;
            notes.into_iter().try_for_each(|note| writeln!(out, "\n{}", markdown(note)))
        }
    }
}

/// What was coded and proposed, in numbers for a spreadsheet.
fn proposal_counts(answer: &ProposalAgreementAnswer) -> Table {
    let row = |code: &ProposalAgreement| {
        let counts = [code.both, code.only_coded, code.only_proposed, code.neither];
        let counts = counts.map(|n| n.to_string());
        std::iter::once(code.code.clone()).chain(counts).chain([shown(&code.kappa)]).collect()
    };
    let head = ["code", "both", "only coded", "only proposed", "neither", "kappa"];
    Table::new(head, answer.codes.iter().map(row))
}

/// `7 of 12 (32–81 %)`.
fn share_of(share: &CountedShare) -> String {
    if share.of == 0 {
        return "0 of 0".to_owned();
    }
    format!("{} of {} ({})", share.n, share.of, interval_cell(share.interval))
}
