//! The report as Markdown.

use std::io::{self, Write};

use super::super::markdown;
use super::super::tables::Table;
use super::coreq::cell;
use super::{evidence_line, groups_cell, interval_cell, meaning_cell, source, words};
use crate::answers::document::{CitedQuote, Document, Node};

/// Writes the whole report.
///
/// # Errors
/// If the writer fails.
pub fn write_markdown(out: &mut impl Write, document: &Document) -> io::Result<()> {
    writeln!(out, "# {}", markdown(&document.title))?;
    if document.parts.methods {
        section(out, "Methods")?;
        for paragraph in &document.methods {
            writeln!(out, "\n{}", markdown(paragraph))?;
        }
    }
    if !document.notes.is_empty() {
        section(out, "Notes")?;
        writeln!(out)?;
        for note in &document.notes {
            writeln!(out, "- {}", markdown(note))?;
        }
    }
    if !document.nodes.is_empty() {
        section(out, "Themes at a glance")?;
        write_overview(out, document)?;
        section(out, "Themes and quotes")?;
        for node in &document.nodes {
            write_node(out, document, node, &document.chosen(node))?;
        }
    }
    if !document.candidates.is_empty() {
        section(out, "Candidates not decided")?;
        writeln!(out, "\nSuggested by the program, and not yet accepted or rejected.\n")?;
        let rows = document.candidates.iter().map(|candidate| {
            vec![
                candidate.id.to_string(),
                candidate.label.clone(),
                format!("{} of {}", candidate.prevalence.n, candidate.prevalence.of),
                candidate.n_passages.to_string(),
            ]
        });
        Table::new(["Number", "Candidate", "Participants", "Passages"], rows)
            .write_markdown(out)?;
    }
    if !document.memos.is_empty() {
        section(out, "Memos")?;
        for memo in &document.memos {
            let day = memo.at.split('T').next().unwrap_or_default();
            writeln!(out, "\n**On {}** ({}, {day})", markdown(&memo.about), markdown(&memo.coder))?;
            for paragraph in memo.text.split('\n').filter(|line| !line.trim().is_empty()) {
                writeln!(out, "\n{}", markdown(paragraph))?;
            }
        }
    }
    if document.has_further() {
        section(out, "Appendix: further quotes")?;
        for node in &document.nodes {
            let further = document.further(node);
            if !further.is_empty() {
                writeln!(out, "\n### {}", markdown(&node.path))?;
                further.iter().try_for_each(|&at| write_quote(out, &document.quotes[at]))?;
            }
        }
    }
    if !document.nodes.is_empty() && document.parts.codebook {
        section(out, "Appendix: codebook")?;
        writeln!(out)?;
        write_codebook(out, document)?;
    }
    if !document.nodes.is_empty() && !document.matrix.is_empty() && document.parts.matrix {
        section(out, "Appendix: who is quoted under each theme and code (1: quoted)")?;
        writeln!(out)?;
        write_matrix(out, document)?;
    }
    if !document.parts.coreq {
        return Ok(());
    }
    section(out, "Appendix: COREQ checklist")?;
    writeln!(out)?;
    let rows = document.coreq.iter().map(|item| {
        vec![item.number.to_string(), item.domain.to_owned(), item.name.to_owned(), cell(item)]
    });
    Table::new(["Item", "Domain", "Topic", "Reported"], rows).write_markdown(out)
}

/// Writes the quotes alone, theme by theme.
///
/// # Errors
/// If the writer fails.
pub fn write_quotes(out: &mut impl Write, document: &Document) -> io::Result<()> {
    writeln!(out, "# {}", markdown(&document.title))?;
    document.nodes.iter().try_for_each(|node| write_node(out, document, node, &node.quotes))
}

fn section(out: &mut impl Write, heading: &str) -> io::Result<()> {
    writeln!(out, "\n## {heading}")
}

/// A theme or code with these of its quotes.
fn write_node(
    out: &mut impl Write,
    document: &Document,
    node: &Node,
    quotes: &[usize],
) -> io::Result<()> {
    let marks = "#".repeat((node.depth + 3).min(6));
    writeln!(out, "\n{marks} {}", markdown(&node.name))?;
    if !node.definition.is_empty() {
        writeln!(out, "\n{}", markdown(&node.definition))?;
    }
    writeln!(out, "\n{}", markdown(&evidence_line(node)))?;
    for &at in quotes {
        write_quote(out, &document.quotes[at])?;
    }
    Ok(())
}

fn write_quote(out: &mut impl Write, quote: &CitedQuote) -> io::Result<()> {
    writeln!(out, "\n> “{}” {}", markdown(&words(quote)), markdown(&source(quote)))
}

fn write_overview(out: &mut impl Write, document: &Document) -> io::Result<()> {
    writeln!(out)?;
    let mut headings = vec!["Theme or code", "Participants", "Interval"];
    if document.has_groups() {
        headings.push("By group");
    }
    headings.push("Quotations");
    let rows = document.nodes.iter().map(|node| {
        let mut row = vec![
            node.path.clone(),
            format!("{} of {}", node.prevalence.n, node.prevalence.of),
            interval_cell(&node.prevalence.interval),
        ];
        if document.has_groups() {
            row.push(groups_cell(&node.groups));
        }
        row.push(node.n_quotations.to_string());
        row
    });
    Table::new(headings, rows).write_markdown(out)
}

/// Writes the codebook as a table.
///
/// # Errors
/// If the writer fails.
pub fn write_codebook(out: &mut impl Write, document: &Document) -> io::Result<()> {
    let headings =
        ["Theme or code", "Kind", "Definition", "Include", "Exclude", "Quotations", "Participants"];
    let rows = document.nodes.iter().map(|node| {
        vec![
            node.path.clone(),
            node.kind.to_owned(),
            meaning_cell(node),
            node.include.clone(),
            node.exclude.clone(),
            node.n_quotations.to_string(),
            node.prevalence.n.to_string(),
        ]
    });
    Table::new(headings, rows).write_markdown(out)
}

/// Writes who speaks of what, 1 or 0.
///
/// # Errors
/// If the writer fails.
pub fn write_matrix(out: &mut impl Write, document: &Document) -> io::Result<()> {
    let mut headings = vec!["Participant"];
    if document.has_groups() {
        headings.push("Group");
    }
    headings.extend(document.nodes.iter().map(|node| node.path.as_str()));
    let rows = document.matrix.iter().map(|row| {
        let mut cells = vec![row.case.clone()];
        if document.has_groups() {
            cells.push(row.group.clone().unwrap_or_default());
        }
        cells.extend(row.n_quotations.iter().map(|&n| u8::from(n > 0).to_string()));
        cells
    });
    Table::new(headings, rows).write_markdown(out)
}
