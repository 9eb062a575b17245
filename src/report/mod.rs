//! The report of a study: what people decided, with its evidence, for a reader
//! who does not have the program.
//!
//! A [`Document`] comes in, made of plain values by [`gather`]; it goes out as
//! Markdown, one HTML page, a Word file, a workbook, tables in CSV, or JSON.
//! Every quote carries where it stands and a [`Proof`](crate::answers::document::Proof), so that
//! [`verify`](crate::verify) finds it again. Nothing here reads a clock:
//! the same document gives the same bytes.

pub mod coreq;
pub mod docx;
mod docx_pictures;
pub mod figures;
pub mod gather;
pub mod html;
pub mod markdown;
pub mod methods;
mod sections;
pub mod tables;
pub mod xlsx;

use std::io::{self, Seek, Write};

use crate::answers::document::{CitedQuote, Document, GroupPrevalence, Node, Prevalence};
use crate::base::one_line;
use crate::rendering::info::count;
use crate::rendering::layout::interval_cell;
use crate::rendering::{quotes, readable};

/// Where a quote comes from with its proof, in brackets:
/// `(P07, leaders, lines 112–118, 00:21:40; proof 3f2a91c0:1234-1456)`.
fn source(quote: &CitedQuote) -> String {
    format!("({}; proof {})", quotes::provenance(&quote.at), quote.proof)
}

/// A quote's words in one line: white space is folded, the words are untouched.
fn words(quote: &CitedQuote) -> String {
    readable(&one_line(&quote.text)).into_owned()
}

/// What of the report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// All of it.
    Report,
    /// Quotes; in a table, one row for each quote and code.
    Quotes,
    /// One row for each theme or code, with its definition.
    Codebook,
    /// One row for each participant and one column for each theme or code: 1 if the
    /// participant is quoted under it.
    Matrix,
}

/// A kind of file that a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A Word file.
    Docx,
    /// One HTML page.
    Html,
    /// Markdown.
    Md,
    /// A workbook.
    Xlsx,
    /// A table.
    Csv,
    /// All values.
    Json,
}

impl FileKind {
    /// The kind of file with this ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        Some(match ending.to_lowercase().as_str() {
            "docx" => Self::Docx,
            "html" | "htm" => Self::Html,
            "md" | "markdown" => Self::Md,
            "xlsx" => Self::Xlsx,
            "csv" => Self::Csv,
            "json" => Self::Json,
            _ => return None,
        })
    }

    /// Whether it can hold these contents alone.
    pub fn holds(self, contents: Contents) -> bool {
        match contents {
            Contents::Report => self != Self::Csv,
            _ => matches!(self, Self::Md | Self::Csv),
        }
    }

    /// What it holds if nothing is said.
    pub fn usual(self) -> Contents {
        if self == Self::Csv { Contents::Quotes } else { Contents::Report }
    }
}

/// Writes a report as a kind of file that [`holds`](FileKind::holds) the contents.
///
/// # Errors
/// If the writer fails.
pub fn write_document(
    out: &mut (impl Write + Seek + Send),
    document: &Document,
    kind: FileKind,
    contents: Contents,
) -> io::Result<()> {
    match (kind, contents) {
        (FileKind::Docx, _) => docx::write_docx(out, document),
        (FileKind::Html, _) => html::write_html(out, document),
        (FileKind::Xlsx, _) => xlsx::write_xlsx(out, document),
        (FileKind::Json, _) => crate::rendering::write_json(out, document),
        (FileKind::Csv, contents) => tables::write_csv(out, document, contents),
        (FileKind::Md, Contents::Report) => markdown::write_markdown(out, document),
        (FileKind::Md, Contents::Quotes) => markdown::write_quotes(out, document),
        (FileKind::Md, Contents::Codebook) => sections::codebook(document).write_markdown(out),
        (FileKind::Md, Contents::Matrix) => sections::matrix(document).write_markdown(out),
    }
}

/// `7 of 16 participants (44 %, 95 % interval 23–67 %)`.
fn prevalence_line(prevalence: &Prevalence) -> String {
    if prevalence.of == 0 {
        return "no participants".to_owned();
    }
    let Prevalence { n, of, interval } = prevalence;
    let share = 100.0 * (*n as f64 / *of as f64);
    let word = if *of == 1 { "participant" } else { "participants" };
    format!("{n} of {of} {word} ({share:.0} %, 95 % interval {})", interval_cell(*interval))
}

/// `leaders 2 of 4, participants 5 of 12`.
fn groups_cell(groups: &[GroupPrevalence]) -> String {
    let cells = groups
        .iter()
        .map(|group| format!("{} {} of {}", group.name, group.prevalence.n, group.prevalence.of));
    cells.collect::<Vec<_>>().join(", ")
}

/// What a node means, with the query for its passages.
fn meaning_cell(node: &Node) -> String {
    let rule = if node.rule.is_empty() { String::new() } else { format!("Rule: {}", node.rule) };
    let parts = [node.definition.as_str(), &rule];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What a node rests on, for people.
fn evidence_line(node: &Node) -> String {
    let quotations = count(node.n_quotations as u64, "quotation");
    if node.n_quotations == 0 {
        return "No quotations yet.".to_owned();
    }
    let mut parts = vec![format!("{}, {quotations}", prevalence_line(&node.prevalence))];
    if node.groups.len() > 1 {
        parts.push(format!("by group: {}", groups_cell(&node.groups)));
    }
    for side in &node.stances {
        let people = count(side.n_cases as u64, "participant");
        let groups: Vec<String> = side
            .groups
            .iter()
            .map(|group| format!("{} {} of {}", group.name, group.n_cases, group.of_cases))
            .collect();
        let groups =
            if groups.len() > 1 { format!(" ({})", groups.join(", ")) } else { String::new() };
        parts.push(format!("{}: {people}{groups}", side.stance.name()));
    }
    if let Some((case, n)) = &node.largest
        && node.n_quotations > 1
    {
        let share = if *n == node.n_quotations { "all" } else { "most" };
        parts.push(format!("{share} from one participant: {n} ({case})"));
    }
    let line = format!("{}.", parts.join("; "));
    let Some(accepted) = &node.accepted else { return line };
    let from = format!("{line} Accepted from the candidate {}", accepted.label);
    match &accepted.size {
        None => format!("{from}."),
        Some(size) => format!(
            "{from}, with evidence from {} of {} in {}.",
            size.n_cases,
            count(size.of_cases as u64, "participant"),
            count(size.n_passages as u64, "passage"),
        ),
    }
}

#[cfg(test)]
mod tests;
