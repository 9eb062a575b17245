//! Reads `OpenDocument` texts (`.odt`) and spreadsheets (`.ods`).
//!
//! An archive comes in; the paragraphs and tables of `content.xml` go out:
//!
//! ```text
//! text      = (p | h | list | table)*
//! p         = words, `s` (spaces), `tab`, `line-break`, span*, text box
//! sheet     = row*, row = cell*, each perhaps `repeated`
//! ```
//!
//! Footnotes, comments, deleted words, tables of contents and what is hidden are no part of the
//! talk and left out; so are the numbers of lists, which the file does not hold. Of a
//! spreadsheet each cell is read as it is shown.

use std::collections::BTreeMap;

use quick_xml::events::BytesStart;

use super::archive::{Archive, has, part};
use super::xml::{self, Visitor, local_attribute};
use super::{Collector, Document, Kind, Office, Sheet, StyledParagraph, Types, tell_of_notes};
use crate::base::words_in;
use crate::files::SourceProblem;

/// What these files are called.
const OPEN_DOCUMENT: Kind = Kind { document: "OpenDocument text", short: "OpenDocument" };
/// The most spaces that one element may stand for.
const MAX_SPACES: usize = 1_000;
/// The most cells or rows that one repeated element may stand for.
const MAX_REPEATED: usize = 1_000;
/// The most bytes that one repeated element may become.
const MAX_COPIED: usize = 20_000;
/// Elements that are no part of what a page shows.
const LEFT_OUT: &[&str] = &[
    "note-citation",
    "tracked-changes",
    "annotation",
    "annotation-end",
    "table-of-content",
    "illustration-index",
    "table-index",
    "object-index",
    "user-index",
    "alphabetical-index",
    "bibliography",
    "ruby-text",
    "forms",
    "hidden-text",
    "title",
    "desc",
    "meta",
    "settings",
    "master-styles",
    "database-ranges",
    "named-expressions",
    "content-validations",
    "object",
];

/// How far a style goes back at most to others.
const MAX_PARENTS: usize = 8;

/// Reads a text or a spreadsheet.
///
/// # Errors
/// [`SourceProblem`] if its document is damaged, locked or too large.
pub(super) fn office(archive: &mut Archive<'_>) -> Result<Office, SourceProblem> {
    let content = content_of(archive)?;
    if content.is_sheets {
        return Ok(Office::Sheets(content.sheets, "OpenDocument spreadsheet"));
    }
    let warnings = tell_of_notes(words_in(&content.notes)).into_iter().collect();
    Ok(Office::Text(Document { kind: OPEN_DOCUMENT, blocks: content.collector.blocks, warnings }))
}

/// Reads all paragraphs of a text, in order, with their styles.
pub(super) fn paragraphs(archive: &mut Archive<'_>) -> Result<Vec<StyledParagraph>, SourceProblem> {
    Ok(content_of(archive)?.collector.styled)
}

/// Reads the sheets of a spreadsheet.
pub(super) fn sheets(archive: &mut Archive<'_>) -> Result<Vec<Sheet>, SourceProblem> {
    Ok(content_of(archive)?.sheets)
}

fn content_of(archive: &mut Archive<'_>) -> Result<Content, SourceProblem> {
    const MANIFEST: &str = "META-INF/manifest.xml";
    const STYLES: &str = "styles.xml";
    let is_locked = has(archive, MANIFEST)
        && part(archive, MANIFEST)?.is_some_and(|it| it.contains("encryption-data"));
    if is_locked {
        return Err(SourceProblem::Protected);
    }
    let xml = part(archive, "content.xml")?;
    let missing = || SourceProblem::BadArchive("it does not contain a document".to_owned());
    let xml = xml.ok_or_else(missing)?;
    let styles = if has(archive, STYLES) { part(archive, STYLES)? } else { None };
    read_content(&xml, styles.as_deref())
}

/// Reads a document, with the styles that its own go back to.
fn read_content(xml: &str, styles: Option<&str>) -> Result<Content, SourceProblem> {
    let mut named = Content::default();
    if let Some(styles) = styles {
        xml::walk(styles, &mut named)?;
    }
    let mut content =
        Content { types_of: named.types_of, based_on: named.parents, ..Content::default() };
    xml::walk(xml, &mut content)?;
    Ok(content)
}

/// A document as far as it is read.
#[derive(Default)]
struct Content {
    collector: Collector,
    /// The parents of the styles that the file makes for itself, and those of the named ones.
    parents: BTreeMap<String, String>,
    based_on: BTreeMap<String, String>,
    /// The types that styles set or take away, and the style that is being read.
    types_of: BTreeMap<String, [Option<bool>; 3]>,
    style: String,
    /// The types of the words of each paragraph and span that is open.
    types: Vec<Types>,
    is_sheets: bool,
    sheets: Vec<Sheet>,
    /// The words of all footnotes, and how many elements of one are open.
    notes: String,
    n_in_note: usize,
    /// How often the cells that are open, and their rows, are repeated.
    repeated: Vec<usize>,
    /// Whether white space was the last thing read in the paragraph.
    is_after_space: bool,
}

impl Content {
    fn cell(&mut self, tag: &BytesStart<'_>) {
        let n = number(tag, "number-columns-repeated").clamp(1, MAX_REPEATED);
        self.repeated.push(n);
        self.collector.begin_cell();
    }

    /// Repeats the last cell, if anything stands in it.
    fn end_cell(&mut self) {
        let n = self.repeated.pop().unwrap_or(1);
        let row = self.collector.tables.last_mut().and_then(|table| table.rows.last_mut());
        if let Some(row) = row {
            let cell = row.last().cloned().unwrap_or_default();
            // Spreadsheets fill their last row and column with empty cells.
            let n = if cell.is_empty() { n.min(64) } else { n.min(MAX_COPIED / cell.len()) };
            let n = n.max(1);
            row.extend(std::iter::repeat_n(cell, n - 1));
        }
    }

    fn end_row(&mut self) {
        let n = self.repeated.pop().unwrap_or(1);
        self.collector.end_row();
        if let Some(table) = self.collector.tables.last_mut() {
            let row = table.rows.last().cloned().unwrap_or_default();
            let n_bytes: usize = row.iter().map(|cell| cell.len() + 24).sum();
            let n = n.min(MAX_COPIED / n_bytes.max(1)).max(1);
            if row.iter().any(|cell| !cell.is_empty()) {
                table.rows.extend(std::iter::repeat_n(row, n - 1));
            }
        }
    }
}

impl Content {
    /// Begins words of a style within others.
    fn begin_types(&mut self, tag: &BytesStart<'_>, outer: Types) {
        let style = local_attribute(tag, "style-name").unwrap_or_default();
        let set = self.types_set(&style);
        let types = std::array::from_fn(|at| set[at].unwrap_or(outer[at]));
        self.types.push(types);
        self.collector.types = types;
    }

    /// What a style sets or takes away, or those do that it goes back to.
    fn types_set(&self, style: &str) -> [Option<bool>; 3] {
        let parent_of = |style: &String| {
            let parent = self.parents.get(style).or_else(|| self.based_on.get(style));
            parent.filter(|parent| *parent != style).cloned()
        };
        let line = std::iter::successors(Some(style.to_owned()), parent_of).take(MAX_PARENTS);
        line.fold([None; 3], |set, style| {
            let own = self.types_of.get(&style).copied().unwrap_or(match style.as_str() {
                "Strong_20_Emphasis" => [Some(true), None, None],
                "Emphasis" => [None, None, Some(true)],
                _ => [None; 3],
            });
            std::array::from_fn(|at| set[at].or(own[at]))
        })
    }

    fn end_types(&mut self) {
        self.types.pop();
        self.collector.types = self.types.last().copied().unwrap_or_default();
    }
}

fn number(tag: &BytesStart<'_>, name: &str) -> usize {
    local_attribute(tag, name).and_then(|value| value.parse().ok()).unwrap_or(1)
}

impl Visitor for Content {
    fn open(&mut self, name: &str, tag: &BytesStart<'_>) -> bool {
        if LEFT_OUT.contains(&name) {
            return false;
        }
        if self.n_in_note > 0 || name == "note" {
            self.n_in_note += 1;
            self.notes.push(' ');
            return true;
        }
        match name {
            "style" => {
                let named = local_attribute(tag, "name");
                let parent = local_attribute(tag, "parent-style-name");
                self.style = named.clone().unwrap_or_default();
                self.parents.extend(named.zip(parent));
            }
            "text-properties" => {
                let is = |name: &str, plain: &str| Some(local_attribute(tag, name)? != plain);
                let types = [
                    is("font-weight", "normal"),
                    is("text-underline-style", "none"),
                    is("font-style", "normal"),
                ];
                // Bullets and numbers have types of their own.
                let style = std::mem::take(&mut self.style);
                if !style.is_empty() {
                    self.types_of.insert(style, types);
                }
            }
            "span" => {
                let outer = self.types.last().copied().unwrap_or_default();
                self.begin_types(tag, outer);
            }
            "spreadsheet" => self.is_sheets = true,
            "p" | "h" => {
                let style = local_attribute(tag, "style-name").unwrap_or_default();
                let style = self.parents.get(&style).cloned().unwrap_or(style);
                // Headings are set apart as such.
                if name == "h" {
                    self.types.push(Types::default());
                    self.collector.types = Types::default();
                } else {
                    self.begin_types(tag, Types::default());
                }
                self.collector.begin_paragraph(style);
                self.is_after_space = true;
            }
            "s" => {
                let n = number(tag, "c").clamp(1, MAX_SPACES);
                self.collector.push(&" ".repeat(n));
            }
            "tab" => self.collector.push("\t"),
            "line-break" => self.collector.push("\n"),
            "table" => self.collector.begin_table(),
            "table-row" => {
                self.repeated.push(number(tag, "number-rows-repeated").clamp(1, MAX_REPEATED));
                self.collector.begin_row();
            }
            "table-cell" | "covered-table-cell" => self.cell(tag),
            _ => {}
        }
        if matches!(name, "s" | "tab" | "line-break") {
            self.is_after_space = name != "s";
        }
        true
    }

    fn close(&mut self, name: &str) {
        if self.n_in_note > 0 {
            self.n_in_note -= 1;
            return;
        }
        match name {
            "p" | "h" => {
                self.collector.end_paragraph();
                self.end_types();
            }
            "style" => self.style.clear(),
            "span" => self.end_types(),
            "table-cell" | "covered-table-cell" => self.end_cell(),
            "table-row" => self.end_row(),
            "table" if self.is_sheets && self.collector.tables.len() == 1 => {
                let rows = self.collector.tables.pop().unwrap_or_default().rows;
                self.sheets.push(Sheet { name: String::new(), rows });
            }
            "table" => self.collector.end_table(),
            _ => {}
        }
    }

    /// White space of the file is one space on the page, and none where a line begins.
    fn words(&mut self, words: &str) {
        if self.n_in_note > 0 {
            return self.notes.push_str(words);
        }
        if self.collector.paragraphs.is_empty() {
            return;
        }
        let mut shown = String::with_capacity(words.len());
        for sign in words.chars() {
            let is_space = matches!(sign, ' ' | '\t' | '\n' | '\r');
            if !is_space {
                shown.push(sign);
            } else if !self.is_after_space {
                shown.push(' ');
            }
            self.is_after_space = is_space;
        }
        self.collector.push(&shown);
    }
}

#[cfg(test)]
mod tests;
