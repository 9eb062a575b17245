//! The report as a Word file.
//!
//! Headings, quotes and tables use Word's own style names, so that a reader can
//! restyle the whole and find the contents in the navigation pane.

use std::io::{self, Seek, Write};

use docx_rs::{
    AlignmentType, Docx, Footer, LineSpacing, PageMargin, PageNum, Paragraph, Run, RunFonts,
    Shading, Style, StyleType, Table, TableCell, TableLayoutType, TableRow, WidthType,
};

use super::coreq::cell;
use super::docx_pictures::Pictures;
use super::{evidence_line, groups_cell, interval_cell, meaning_cell, readable, source, words};
use crate::answers::document::{CitedQuote, Document, Node};
use crate::report::chart::{self, Picture};

/// Half-points: the size of body text.
const BODY: usize = 22;
/// Half-points: the size of tables and of where a quote is from.
const SMALL: usize = 18;
/// Twentieths of a point: the width between the margins of an A4 page.
const WIDTH: usize = 9_638;
const GREY: &str = "595959";

/// Writes the whole report.
///
/// # Errors
/// If the writer fails.
pub fn write_docx(out: &mut (impl Write + Seek), document: &Document) -> io::Result<()> {
    let mut page = Page { docx: styled(), n_paragraphs: 0, pictures: Pictures::default() };
    page.add(&document.title, "Title");
    if document.parts.methods {
        page.add("Methods", "Heading1");
        for paragraph in &document.methods {
            page.add(paragraph, "BodyText");
        }
    }
    if !document.notes.is_empty() {
        page.add("Notes", "Heading1");
        for note in &document.notes {
            page.add(note, "BodyText");
        }
    }
    if !document.nodes.is_empty() {
        page.add("Themes at a glance", "Heading1");
        overview(&mut page, document);
        if document.parts.pictures {
            for picture in chart::reported_in_parts(document) {
                page.picture(picture);
            }
        }
        page.add("Themes and quotes", "Heading1");
        for node in &document.nodes {
            add_node(&mut page, document, node);
        }
    }
    if !document.candidates.is_empty() {
        page.add("Candidates not decided", "Heading1");
        page.add("Suggested by the program, and not yet accepted or rejected.", "BodyText");
        let rows = document.candidates.iter().map(|candidate| {
            vec![
                candidate.id.to_string(),
                candidate.label.clone(),
                format!("{} of {}", candidate.prevalence.n, candidate.prevalence.of),
                candidate.n_passages.to_string(),
            ]
        });
        page.table(&["Number", "Candidate", "Participants", "Passages"], &[1, 5, 2, 2], rows);
    }
    if !document.memos.is_empty() {
        page.add("Memos", "Heading1");
        for memo in &document.memos {
            page.add(&format!("On {}", memo.about), "Heading2");
            let day = memo.at.split('T').next().unwrap_or_default();
            page.add(&format!("{}, {day}", memo.coder), "Evidence");
            for line in memo.text.lines().filter(|line| !line.trim().is_empty()) {
                page.add(line, "BodyText");
            }
        }
    }
    if document.has_further() {
        page.add("Appendix: further quotes", "Heading1");
        for node in &document.nodes {
            let further = document.further(node);
            if !further.is_empty() {
                page.add(&node.path, "Heading2");
                for &at in &further {
                    page.quote(&document.quotes[at]);
                }
            }
        }
    }
    if !document.nodes.is_empty() && document.parts.codebook {
        page.add("Appendix: codebook", "Heading1");
        codebook(&mut page, document);
    }
    if !document.nodes.is_empty() && !document.matrix.is_empty() && document.parts.matrix {
        page.add("Appendix: who is quoted under each theme and code (1: quoted)", "Heading1");
        matrix(&mut page, document);
    }
    if document.parts.coreq {
        page.add("Appendix: COREQ checklist", "Heading1");
        let rows = document.coreq.iter().map(|item| {
            vec![item.number.to_string(), item.domain.to_owned(), item.name.to_owned(), cell(item)]
        });
        page.table(&["Item", "Domain", "Topic", "Reported"], &[1, 3, 4, 8], rows);
    }
    let Page { docx, pictures, .. } = page;
    let mut file = docx.build();
    pictures.put_into(&mut file);
    file.pack(out).map_err(io::Error::other)
}

/// The document as far as it is written.
struct Page {
    docx: Docx,
    n_paragraphs: u32,
    pictures: Pictures,
}

impl Page {
    /// A paragraph whose identifier depends on its place alone.
    fn paragraph(&mut self, style: &str) -> Paragraph {
        self.n_paragraphs += 1;
        Paragraph::new().id(format!("{:08x}", self.n_paragraphs)).style(style)
    }

    fn push(&mut self, paragraph: Paragraph) {
        self.docx = std::mem::take(&mut self.docx).add_paragraph(paragraph);
    }

    fn add(&mut self, text: &str, style: &str) {
        let paragraph = self.paragraph(style).add_run(run(text));
        self.push(paragraph);
    }

    fn picture(&mut self, picture: Picture) {
        let image = self.pictures.add(picture);
        let paragraph = self.paragraph("BodyText").add_run(Run::new().add_image(image));
        self.push(paragraph);
    }

    fn quote(&mut self, quote: &CitedQuote) {
        let paragraph = self
            .paragraph("Quote")
            .add_run(run(&format!("“{}” ", words(quote))))
            .add_run(run(&source(quote)).size(SMALL).color(GREY).disable_italic());
        self.push(paragraph);
    }

    /// Adds a table whose columns have these shares of the page's width.
    fn table(
        &mut self,
        headings: &[&str],
        shares: &[usize],
        rows: impl Iterator<Item = Vec<String>>,
    ) {
        let all: usize = shares.iter().sum();
        let widths: Vec<usize> = shares.iter().map(|share| WIDTH * share / all).collect();
        let head: Vec<TableCell> = headings
            .iter()
            .zip(&widths)
            .map(|(heading, &width)| {
                let paragraph = self.paragraph("TableText").add_run(run(heading).bold());
                TableCell::new()
                    .width(width, WidthType::Dxa)
                    .shading(Shading::new().fill("F0F0F0"))
                    .add_paragraph(paragraph)
            })
            .collect();
        let mut all_rows = vec![TableRow::new(head).cant_split()];
        for row in rows {
            let cells = row
                .iter()
                .zip(&widths)
                .map(|(cell, &width)| {
                    let mut of_cell = TableCell::new().width(width, WidthType::Dxa);
                    for line in lines(cell) {
                        let paragraph = self.paragraph("TableText").add_run(run(line));
                        of_cell = of_cell.add_paragraph(paragraph);
                    }
                    of_cell
                })
                .collect();
            all_rows.push(TableRow::new(cells).cant_split());
        }
        let table = Table::new(all_rows)
            .set_grid(widths)
            .width(WIDTH, WidthType::Dxa)
            .layout(TableLayoutType::Fixed);
        self.docx = std::mem::take(&mut self.docx).add_table(table);
        // Two tables in a row would grow into one.
        self.add("", "BodyText");
    }
}

/// The lines of a cell; a cell needs one paragraph at least.
fn lines(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() { vec![""] } else { lines }
}

fn run(text: &str) -> Run {
    Run::new().add_text(readable(text))
}

fn styled() -> Docx {
    let fonts = || RunFonts::new().ascii("Calibri").hi_ansi("Calibri").cs("Calibri");
    let mut docx = Docx::new()
        .page_size(11_906, 16_838)
        .page_margin(PageMargin::new().top(1_134).bottom(1_134).left(1_134).right(1_134))
        .default_size(BODY)
        .default_fonts(fonts())
        .add_style(
            Style::new("BodyText", StyleType::Paragraph)
                .name("Body Text")
                .based_on("Normal")
                .line_spacing(LineSpacing::new().after(120)),
        )
        .add_style(
            Style::new("Title", StyleType::Paragraph)
                .name("Title")
                .based_on("Normal")
                .next("BodyText")
                .size(40)
                .bold()
                .line_spacing(LineSpacing::new().after(240)),
        )
        .add_style(
            Style::new("Quote", StyleType::Paragraph)
                .name("Quote")
                .based_on("Normal")
                .italic()
                .indent(Some(567), None, Some(567), None)
                .line_spacing(LineSpacing::new().before(60).after(120)),
        )
        .add_style(
            Style::new("Evidence", StyleType::Paragraph)
                .name("Evidence")
                .based_on("Normal")
                .size(SMALL)
                .color(GREY),
        )
        .add_style(
            Style::new("TableText", StyleType::Paragraph)
                .name("Table Text")
                .based_on("Normal")
                .size(SMALL)
                .line_spacing(LineSpacing::new().before(20).after(20)),
        );
    for (level, size) in [(1, 32), (2, 28), (3, 26), (4, 24), (5, 22), (6, 22)] {
        docx = docx.add_style(
            Style::new(format!("Heading{level}"), StyleType::Paragraph)
                .name(format!("heading {level}"))
                .based_on("Normal")
                .next("BodyText")
                .size(size)
                .bold()
                .outline_lvl(level - 1)
                .line_spacing(LineSpacing::new().before(240).after(80)),
        );
    }
    let number =
        Paragraph::new().id("7f000001").align(AlignmentType::Center).add_page_num(PageNum::new());
    docx.footer(Footer::new().add_paragraph(number))
}

fn add_node(page: &mut Page, document: &Document, node: &Node) {
    let style = format!("Heading{}", (node.depth + 2).min(6));
    let heading = page.paragraph(&style).keep_next(true).add_run(run(&node.name));
    page.push(heading);
    for line in node.definition.lines().filter(|line| !line.trim().is_empty()) {
        page.add(line, "BodyText");
    }
    page.add(&evidence_line(node), "Evidence");
    for at in document.chosen(node) {
        page.quote(&document.quotes[at]);
    }
}

fn overview(page: &mut Page, document: &Document) {
    let has_groups = document.has_groups();
    let headings = ["Theme or code", "Participants", "95 % interval", "Quotations", "By group"];
    let n_columns = if has_groups { 5 } else { 4 };
    let rows = document.nodes.iter().map(|node| {
        let mut row = vec![
            node.path.clone(),
            format!("{} of {}", node.prevalence.n, node.prevalence.of),
            interval_cell(&node.prevalence.interval),
            node.n_quotations.to_string(),
        ];
        if has_groups {
            row.push(groups_cell(&node.groups));
        }
        row
    });
    page.table(&headings[..n_columns], &[6, 2, 2, 2, 5][..n_columns], rows);
    page.add(
        "Participants who are quoted under a theme or code, or under one below it, with the 95 % interval (Wilson).",
        "Evidence",
    );
}

fn codebook(page: &mut Page, document: &Document) {
    let headings = ["Theme or code", "Kind", "Definition", "Include", "Exclude", "Quotations"];
    let rows = document.nodes.iter().map(|node| {
        vec![
            node.path.clone(),
            node.kind.to_owned(),
            meaning_cell(node),
            node.include.clone(),
            node.exclude.clone(),
            node.n_quotations.to_string(),
        ]
    });
    page.table(&headings, &[5, 2, 5, 4, 4, 2], rows);
}

/// Columns of the matrix that fit a page; beyond them a list says the same.
const MAX_COLUMNS: usize = 12;

fn matrix(page: &mut Page, document: &Document) {
    if document.nodes.len() > MAX_COLUMNS {
        let rows = document.matrix.iter().map(|row| {
            let of_row = document.nodes.iter().zip(&row.n_quotations).filter(|(_, n)| **n > 0);
            let paths: Vec<&str> = of_row.map(|(node, _)| node.path.as_str()).collect();
            vec![row.case.clone(), row.group.clone().unwrap_or_default(), paths.join("; ")]
        });
        page.table(&["Participant", "Group", "Quoted under"], &[2, 2, 9], rows);
        return;
    }
    let mut headings = vec!["Participant"];
    headings.extend(document.nodes.iter().map(|node| node.path.as_str()));
    let rows = document.matrix.iter().map(|row| {
        let mut cells = vec![row.case.clone()];
        cells.extend(row.n_quotations.iter().map(|&n| u8::from(n > 0).to_string()));
        cells
    });
    let shares = vec![1; headings.len()];
    page.table(&headings, &shares, rows);
}
