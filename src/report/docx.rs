//! The report as a Word file.
//!
//! Headings, quotes and tables use Word's own style names, so that a reader can
//! restyle the whole and find the contents in the navigation pane.

use std::io::{self, Seek, Write};

use docx_rs::{
    AlignmentType, Docx, FieldCharType, Footer, InstrText, LineSpacing, PageMargin, PageNum,
    Paragraph, Run, RunFonts, Shading, Style, StyleType, Table, TableCell, TableLayoutType,
    TableRow, WidthType,
};

use super::docx_pictures::Pictures;
use super::figures::{Figure, Figures};
use super::sections::{self, Section};
use super::{evidence_line, source, words};
use crate::answers::document::{CitedQuote, Document, Node};
use crate::rendering::readable;
use crate::rendering::tables::Table as Cells;

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
    let figures = Figures::of(document);
    page.add(&document.title, "Title");
    for section in Section::of(document) {
        let (_, heading, _) = section.names();
        page.add(heading, "Heading1");
        add_section(&mut page, (document, &figures), section);
    }
    let Page { docx, pictures, .. } = page;
    let mut file = docx.build();
    pictures.put_into(&mut file);
    file.pack(out).map_err(io::Error::other)
}

fn add_section(page: &mut Page, (document, figures): (&Document, &Figures), section: Section) {
    match section {
        Section::Methods => page.add_all(&document.methods),
        Section::Notes => page.add_all(&document.notes),
        Section::Overview => {
            overview(page, document);
            figures.of_all().for_each(|figure| page.figure(figure));
        }
        Section::Themes => {
            for node in &document.nodes {
                add_node(page, document, node);
                figures.of_node(node).for_each(|figure| page.figure(figure));
            }
        }
        Section::Candidates => {
            page.add("Suggested by the program, and not yet accepted or rejected.", "BodyText");
            page.table(&sections::candidates(document), &[1, 5, 2, 2]);
        }
        Section::Memos => {
            for memo in &document.memos {
                page.add(&format!("On {}", memo.about), "Heading2");
                page.add(&format!("{}, {}", memo.coder, memo.day()), "Evidence");
                page.add_all(memo.text.lines().filter(|line| !line.trim().is_empty()));
            }
        }
        Section::FurtherQuotes => {
            for (node, further) in document.further_by_node() {
                page.add(&node.path, "Heading2");
                for at in further {
                    page.quote(&document.quotes[at]);
                }
            }
        }
        // A page has no room for the participants, who stand in the overview.
        Section::Codebook => {
            let codebook = sections::codebook(document).with_columns(&[0, 1, 2, 3, 4, 5]);
            page.table(&codebook, &[5, 2, 5, 4, 4, 2]);
        }
        Section::Matrix => matrix(page, document),
        Section::Figures => {
            for (figure, table) in figures.tables() {
                let caption = run(&format!("Figure {}. {}", figure.number, figure.caption));
                let caption = page.paragraph("Caption").keep_next(true).add_run(caption);
                page.push(caption);
                for table in in_widths(table) {
                    page.table(&table, &shares(&table));
                }
            }
        }
        Section::Coreq => page.table(&sections::checklist(document), &[1, 3, 4, 8]),
    }
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
        // No heading stands at the foot of a page alone.
        let is_head = style.starts_with("Heading");
        let paragraph = self.paragraph(style).keep_next(is_head).add_run(run(text));
        self.push(paragraph);
    }

    fn add_all(&mut self, paragraphs: impl IntoIterator<Item = impl AsRef<str>>) {
        paragraphs.into_iter().for_each(|text| self.add(text.as_ref(), "BodyText"));
    }

    /// A picture with its caption, whose number is a field: Word makes a list of them.
    fn figure(&mut self, figure: &Figure) {
        for (part, picture) in figure.parts.iter().enumerate() {
            let image = self.pictures.add(figure.label(part), picture);
            let paragraph = self.paragraph("BodyText").keep_next(true);
            self.push(paragraph.add_run(Run::new().add_image(image)));
            let below = self.paragraph("Caption");
            if part > 0 {
                self.push(below.add_run(run(&format!(
                    "{}. {}",
                    figure.label(part),
                    figure.caption
                ))));
                continue;
            }
            let label = figure.label(part);
            let (before, after) = label.split_at("Figure ".len());
            let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
            let number = Run::new()
                .add_field_char(FieldCharType::Begin, false)
                .add_instr_text(InstrText::Unsupported(" SEQ Figure \\* ARABIC ".to_owned()))
                .add_field_char(FieldCharType::Separate, false)
                .add_text(figure.number.to_string())
                .add_field_char(FieldCharType::End, false);
            let below = below.add_run(run(before)).add_run(number);
            self.push(below.add_run(run(&format!("{after}. {}", figure.caption))));
        }
    }

    fn quote(&mut self, quote: &CitedQuote) {
        let paragraph = self
            .paragraph("Quote")
            .add_run(run(&format!("“{}” ", words(quote))))
            .add_run(run(&source(quote)).size(SMALL).color(GREY).disable_italic());
        self.push(paragraph);
    }

    /// Adds a table whose columns have these shares of the page's width.
    fn table(&mut self, table: &Cells, shares: &[usize]) {
        let all: usize = shares.iter().sum();
        let widths: Vec<usize> = shares.iter().map(|share| WIDTH * share / all).collect();
        let mut rows = Vec::new();
        for (at, row) in table.rows().iter().enumerate() {
            let cells = row.iter().zip(&widths).map(|(text, &width)| {
                let mut cell = TableCell::new().width(width, WidthType::Dxa);
                if at == 0 {
                    cell = cell.shading(Shading::new().fill("F0F0F0"));
                    return cell
                        .add_paragraph(self.paragraph("TableText").add_run(run(text).bold()));
                }
                for line in lines(text) {
                    cell = cell.add_paragraph(self.paragraph("TableText").add_run(run(line)));
                }
                cell
            });
            rows.push(TableRow::new(cells.collect()).cant_split());
        }
        let table = Table::new(rows)
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
    let fonts = RunFonts::new().ascii("Calibri").hi_ansi("Calibri").cs("Calibri");
    let style =
        |id: &str, name: &str| Style::new(id, StyleType::Paragraph).name(name).based_on("Normal");
    let after = |room| LineSpacing::new().after(room);
    let quote = style("Quote", "Quote").italic().indent(Some(567), None, Some(567), None);
    let mut docx = Docx::new()
        .page_size(11_906, 16_838)
        .page_margin(PageMargin::new().top(1_134).bottom(1_134).left(1_134).right(1_134))
        .default_size(BODY)
        .default_fonts(fonts)
        .add_style(style("BodyText", "Body Text").line_spacing(after(120)))
        .add_style(
            style("Title", "Title").next("BodyText").size(40).bold().line_spacing(after(240)),
        )
        .add_style(quote.line_spacing(after(120).before(60)))
        .add_style(style("Evidence", "Evidence").size(SMALL).color(GREY))
        .add_style(style("Caption", "caption").size(SMALL).line_spacing(after(240).before(60)))
        .add_style(style("TableText", "Table Text").size(SMALL).line_spacing(after(20).before(20)));
    for (level, size) in [(1, 32), (2, 28), (3, 26), (4, 24), (5, 22), (6, 22)] {
        docx = docx.add_style(
            style(&format!("Heading{level}"), &format!("heading {level}"))
                .next("BodyText")
                .size(size)
                .bold()
                .outline_lvl(level - 1)
                .line_spacing(after(80).before(240)),
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
    page.add_all(node.definition.lines().filter(|line| !line.trim().is_empty()));
    page.add(&evidence_line(node), "Evidence");
    for at in document.chosen(node) {
        page.quote(&document.quotes[at]);
    }
}

fn overview(page: &mut Page, document: &Document) {
    let overview = sections::overview(document, "95 % interval");
    if document.has_groups() {
        page.table(&overview.with_columns(&[0, 1, 2, 4, 3]), &[6, 2, 2, 2, 5]);
    } else {
        page.table(&overview, &[6, 2, 2, 2]);
    }
    page.add(
        "Participants who are quoted under a theme or code, or under one below it, with the 95 % interval (Wilson).",
        "Evidence",
    );
}

/// Columns of the matrix that fit a page; beyond them a list says the same.
const MAX_COLUMNS: usize = 12;

/// A table in tables that fit a page, of which each has the first column.
fn in_widths(table: &Cells) -> Vec<Cells> {
    let others: Vec<usize> = (1..table.n_columns()).collect();
    let with_first = |these: &[usize]| table.with_columns(&[&[0], these].concat());
    others.chunks(MAX_COLUMNS - 1).map(with_first).collect()
}

/// Widths of columns by what stands in them.
fn shares(table: &Cells) -> Vec<usize> {
    let longest = |at: usize| table.rows().iter().map(|row| row[at].chars().count()).max();
    (0..table.n_columns()).map(|at| longest(at).unwrap_or(0).clamp(8, 40)).collect()
}

fn matrix(page: &mut Page, document: &Document) {
    if document.nodes.len() > MAX_COLUMNS {
        let rows = document.matrix.iter().map(|row| {
            let of_row = document.nodes.iter().zip(&row.n_quotations).filter(|(_, n)| **n > 0);
            let paths: Vec<&str> = of_row.map(|(node, _)| node.path.as_str()).collect();
            vec![row.case.clone(), row.group.clone().unwrap_or_default(), paths.join("; ")]
        });
        let list = Cells::new(["Participant", "Group", "Quoted under"], rows);
        page.table(&list, &[2, 2, 9]);
        return;
    }
    let matrix = sections::matrix(document);
    let first = matrix.n_columns() - document.nodes.len();
    let columns: Vec<usize> = std::iter::once(0).chain(first..matrix.n_columns()).collect();
    page.table(&matrix.with_columns(&columns), &vec![1; columns.len()]);
}
