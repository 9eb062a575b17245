//! The report as Markdown.

use std::io::{self, Write};

use super::sections::{self, Section};
use super::{evidence_line, source, words};
use crate::answers::document::{CitedQuote, Document, Node};
use crate::rendering::markdown;

/// Writes the whole report.
///
/// # Errors
/// If the writer fails.
pub fn write_markdown(out: &mut impl Write, document: &Document) -> io::Result<()> {
    writeln!(out, "# {}", markdown(&document.title))?;
    // Markdown holds no pictures.
    for section in Section::of(document).filter(|section| *section != Section::Figures) {
        let (_, heading, _) = section.names();
        writeln!(out, "\n## {heading}")?;
        write_section(out, document, section)?;
    }
    Ok(())
}

fn write_section(out: &mut impl Write, document: &Document, section: Section) -> io::Result<()> {
    match section {
        Section::Methods => {
            let mut paragraphs = document.methods.iter();
            paragraphs.try_for_each(|paragraph| writeln!(out, "\n{}", markdown(paragraph)))
        }
        Section::Notes => {
            writeln!(out)?;
            document.notes.iter().try_for_each(|note| writeln!(out, "- {}", markdown(note)))
        }
        Section::Overview => {
            writeln!(out)?;
            sections::overview(document, "Interval").write_markdown(out)
        }
        Section::Themes => {
            let mut nodes = document.nodes.iter();
            nodes.try_for_each(|node| write_node(out, document, node, &document.chosen(node)))
        }
        Section::Candidates => {
            writeln!(out, "\nSuggested by the program, and not yet accepted or rejected.\n")?;
            sections::candidates(document).write_markdown(out)
        }
        Section::Memos => document.memos.iter().try_for_each(|memo| {
            let (about, coder) = (markdown(&memo.about), markdown(&memo.coder));
            writeln!(out, "\n**On {about}** ({coder}, {})", memo.day())?;
            let mut paragraphs = memo.text.split('\n').filter(|line| !line.trim().is_empty());
            paragraphs.try_for_each(|paragraph| writeln!(out, "\n{}", markdown(paragraph)))
        }),
        Section::FurtherQuotes => document.further_by_node().try_for_each(|(node, quotes)| {
            writeln!(out, "\n### {}", markdown(&node.path))?;
            quotes.iter().try_for_each(|&at| write_quote(out, &document.quotes[at]))
        }),
        Section::Codebook => {
            writeln!(out)?;
            sections::codebook(document).write_markdown(out)
        }
        Section::Matrix => {
            writeln!(out)?;
            sections::matrix(document).write_markdown(out)
        }
        Section::Figures => Ok(()),
        Section::Coreq => {
            writeln!(out)?;
            sections::checklist(document).write_markdown(out)
        }
    }
}

/// Writes the quotes alone, theme by theme.
///
/// # Errors
/// If the writer fails.
pub fn write_quotes(out: &mut impl Write, document: &Document) -> io::Result<()> {
    writeln!(out, "# {}", markdown(&document.title))?;
    document.nodes.iter().try_for_each(|node| write_node(out, document, node, &node.quotes))
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
    quotes.iter().try_for_each(|&at| write_quote(out, &document.quotes[at]))
}

fn write_quote(out: &mut impl Write, quote: &CitedQuote) -> io::Result<()> {
    writeln!(out, "\n> “{}” {}", markdown(&words(quote)), markdown(&source(quote)))
}
