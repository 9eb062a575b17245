//! Reads Word files (`.docx`).
//!
//! The bytes of an archive come in; a [`RawTranscript`] goes out. The words of
//! the main document become plain text, which is then read as a text file is:
//!
//! ```text
//! document  = (paragraph | table)*
//! paragraph = run*                      one line, or several where it has line breaks
//! run       = words | tab | line break | hyphen that does not break
//! table     = row*, row = cell*, cell = (paragraph | table)*
//! ```
//!
//! So `Ada Quill   0:04⏎So how did it start?`, which Teams writes as one
//! paragraph with a line break, becomes two lines. A table of two or more
//! columns that holds most of the words is read as a table, one row for each turn; other
//! tables are paragraphs. Of tracked changes the result of accepting all is
//! kept. Headers, footnotes, comments and the instructions of fields are no
//! part of the talk and left out; a text box is told once.
//!
//! An archive may be made to unpack to far more than it is; so it is read up to
//! a bound, and only the parts that are needed.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use super::labels::MAX_CHARS;
use super::time::parse_timing;
use super::{RawTranscript, SourceError, SourceProblem, columns, txt};
use crate::base::{Diagnostic, Remedy, words_in};
use crate::files::encoding;

/// The most that a part of the archive may unpack to, in MB.
const MAX_MB: u64 = 200;
/// A part beyond this size, in MB, must not be packed more tightly than
/// [`MAX_RATIO`]: words never are.
const TIGHT_MB: u64 = 20;
/// How many times larger than packed a large part may be.
const MAX_RATIO: u64 = 400;
/// From how many words on a line beside a table is more than a title.
const TITLE_WORDS: usize = 12;
/// How deep elements may stand in each other.
const MAX_DEPTH: usize = 10_000;

/// The first bytes of a zip archive.
pub(super) const ZIP_START: &[u8] = b"PK\x03\x04";
/// The first bytes of old Word files, and of new ones with a password.
pub(super) const OLE_START: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// Reads a Word file.
///
/// # Errors
/// [`SourceError`] if the archive or its document is damaged, locked, too
/// large, or not of Word.
pub(super) fn parse(bytes: &[u8]) -> Result<RawTranscript, SourceError> {
    let xml = unpack(bytes).map_err(SourceError::whole)?;
    let blocks = blocks_of(&xml).map_err(SourceError::whole)?;

    // A table that goes on after a heading is still one table.
    let width = |table: &[Vec<String>]| table.iter().map(Vec::len).max().unwrap_or(0);
    let mut n_words_of: BTreeMap<usize, usize> = BTreeMap::new();
    for table in blocks.iter().filter_map(Block::as_table) {
        let n_words: usize = table.iter().flatten().map(|cell| words_in(cell)).sum();
        *n_words_of.entry(width(table)).or_default() += n_words;
    }
    let main = n_words_of.iter().max_by_key(|(_, n_words)| **n_words).map(|(width, _)| *width);
    let is_main = |block: &&Block| block.as_table().map(width) == main && main.is_some();
    let rows: Vec<Vec<String>> =
        blocks.iter().filter(is_main).filter_map(Block::as_table).flatten().cloned().collect();
    let others = || blocks.iter().filter(|block| !is_main(block)).flat_map(Block::lines);
    let n_outside: usize = others().map(|line| words_in(&line)).sum();
    let in_main = main.and_then(|width| n_words_of.get(&width)).copied().unwrap_or(0);
    let as_table = if in_main > n_outside { columns::parse_rows(&rows, 1).ok() } else { None };
    // Beside a table of talk titles and fields may stand, and talk as well.
    let is_talk = |line: &String| {
        words_in(line) > TITLE_WORDS || (line.ends_with(['.', '?', '!']) && words_in(line) > 3)
    };
    if let Some(mut raw) = as_table {
        if n_outside > 3 * TITLE_WORDS || others().any(|line| is_talk(&line)) {
            let mixed = txt::parse(mixed_text(&blocks), false).ok();
            let is_named = |raw: &RawTranscript| raw.turns.iter().any(|it| it.label.is_some());
            if let Some(mixed) = mixed.filter(is_named) {
                return Ok(RawTranscript {
                    layout: "Word document, tables and text".to_owned(),
                    ..mixed
                });
            }
            raw.warnings.push(
                Diagnostic::new(format!("{n_outside} words outside the table are not read"))
                    .with(Remedy::new("put them into rows of the table, or remove the table")),
            );
        }
        raw.layout = layout_in_word(&raw.layout);
        return Ok(raw);
    }

    let mut is_teams = 0_usize;
    let mut n_paragraphs = 0_usize;
    let mut text = String::new();
    for block in &blocks {
        match block {
            Block::Paragraph(words) => {
                n_paragraphs += usize::from(!words.trim().is_empty());
                is_teams += usize::from(is_teams_turn(words));
                text.push_str(words);
                text.push('\n');
            }
            Block::Table(_) => {
                for line in block.lines() {
                    text.push_str(&line);
                    text.push('\n');
                }
            }
        }
    }
    if text.trim().is_empty() {
        return Err(SourceError::whole(SourceProblem::NoSpeech));
    }
    let mut raw = txt::parse(text, false)?;
    raw.layout = if is_teams > 0 && is_teams * 2 >= n_paragraphs {
        "Teams Word transcript".to_owned()
    } else {
        layout_in_word(&raw.layout)
    };
    Ok(raw)
}

/// A paragraph of a Word file, also of a table or a text box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordParagraph {
    /// The name of its style in the file, such as `Quote`; empty without one.
    pub style: String,
    /// Its words.
    pub text: String,
}

/// Reads all paragraphs of a Word file, in order, with their styles.
///
/// # Errors
/// [`SourceProblem`] if the archive or its document is damaged, locked, too
/// large, or not of Word.
pub fn word_paragraphs(bytes: &[u8]) -> Result<Vec<WordParagraph>, SourceProblem> {
    Ok(collect(&unpack(bytes)?)?.styled)
}

/// A document of tables and paragraphs as one text; a table of turns as its turns.
fn mixed_text(blocks: &[Block]) -> String {
    let as_text = |block: &Block| match block {
        Block::Paragraph(words) => format!("{words}\n"),
        Block::Table(rows) => columns::parse_rows(rows, 1)
            .map_or_else(|_| block.lines().join("\n") + "\n", |raw| raw.text),
    };
    blocks.iter().map(as_text).collect()
}

/// Names the layout of the text within a Word file.
fn layout_in_word(layout: &str) -> String {
    if let Some(rest) = layout.strip_prefix("plain text") {
        format!("Word document{rest}")
    } else if let Some(rest) = layout.strip_prefix("CSV ") {
        format!("Word {rest}")
    } else {
        format!("Word document, {layout}")
    }
}

/// Whether a paragraph is a turn as Teams writes it: `Ada Quill   0:04⏎words`.
fn is_teams_turn(paragraph: &str) -> bool {
    paragraph.split_once('\n').is_some_and(|(head, words)| {
        let (name, time) = head.trim().rsplit_once(char::is_whitespace).unwrap_or_default();
        !name.trim().is_empty() && !words.trim().is_empty() && parse_timing(time).is_some()
    })
}

/// A row of a table that is read as text: `Ada: words` for two cells.
fn row_as_line(row: &[String]) -> String {
    let cells: Vec<&str> =
        row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    match cells.as_slice() {
        [name, words] if !name.contains('\n') && name.chars().count() <= MAX_CHARS => {
            format!("{}: {words}", name.trim_end_matches(':').trim_end())
        }
        cells => cells.join("\t"),
    }
}

/// Finds the main document in the archive, and decodes it.
fn unpack(bytes: &[u8]) -> Result<String, SourceProblem> {
    if bytes.is_empty() {
        return Err(SourceProblem::Empty);
    }
    if bytes.starts_with(OLE_START) {
        return Err(SourceProblem::Protected);
    }
    if !bytes.starts_with(b"PK") {
        return Err(SourceProblem::BadArchive("it is not a zip archive".to_owned()));
    }
    // The table of contents of an archive is its last part.
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| match error {
        ZipError::InvalidArchive(_) | ZipError::Io(_) => {
            SourceProblem::Truncated("the archive has no readable table of contents".to_owned())
        }
        error => archive_problem(&error),
    })?;
    let path = match part(&mut archive, "_rels/.rels")? {
        Some(relations) => document_path(&relations),
        None => None,
    };
    let path = path.unwrap_or_else(|| "word/document.xml".to_owned());
    let xml = match part(&mut archive, &path)? {
        Some(xml) => Some(xml),
        None => part(&mut archive, "word/document.xml")?,
    };
    xml.ok_or_else(|| SourceProblem::BadArchive("it does not contain a Word document".to_owned()))
}

/// Reads one part of the archive as text; `None` if it is not there.
fn part(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
) -> Result<Option<String>, SourceProblem> {
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(archive_problem(&error)),
    };
    let bytes = read_bounded(file.compressed_size(), file)?;
    let decoded =
        encoding::decode(&bytes).map_err(|problem| SourceProblem::BadXml(problem.to_string()))?;
    Ok(Some(decoded.text))
}

/// Reads up to the bound. Sizes that the archive itself tells are not trusted.
fn read_bounded(packed: u64, reader: impl Read) -> Result<Vec<u8>, SourceProblem> {
    let mut bytes = Vec::new();
    let most = MAX_MB * 1_000_000;
    let tight = TIGHT_MB * 1_000_000;
    let bound = packed.saturating_mul(MAX_RATIO).clamp(tight, most);
    reader.take(bound + 1).read_to_end(&mut bytes).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => {
            SourceProblem::Truncated("a part of the archive ends early".to_owned())
        }
        _ => SourceProblem::BadArchive(error.to_string()),
    })?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size <= bound) {
        Ok(bytes)
    } else {
        Err(SourceProblem::UnpacksTooLarge(bound / 1_000_000))
    }
}

/// Tells people what is wrong with an archive.
fn archive_problem(error: &ZipError) -> SourceProblem {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            SourceProblem::Protected
        }
        error => SourceProblem::BadArchive(error.to_string()),
    }
}

/// The main document that the relations of the package name.
fn document_path(relations: &str) -> Option<String> {
    let mut reader = Reader::from_str(relations);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let is_main =
                    attribute(&tag, "Type").is_some_and(|kind| kind.ends_with("/officeDocument"));
                if is_main {
                    let target = attribute(&tag, "Target")?;
                    return Some(
                        target.trim_start_matches("./").trim_start_matches('/').to_owned(),
                    );
                }
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// The value of an attribute.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok()??;
    found
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// A part of the document's body.
#[derive(Debug, PartialEq, Eq)]
enum Block {
    Paragraph(String),
    /// Rows of cells; at least one row has two.
    Table(Vec<Vec<String>>),
}

impl Block {
    fn as_table(&self) -> Option<&[Vec<String>]> {
        match self {
            Self::Table(rows) => Some(rows),
            Self::Paragraph(_) => None,
        }
    }

    /// Its lines as text; a row is one.
    fn lines(&self) -> Vec<String> {
        match self {
            Self::Paragraph(words) => vec![words.clone()],
            Self::Table(rows) => rows.iter().map(|row| row_as_line(row)).collect(),
        }
    }
}

/// A table that is being read.
#[derive(Debug, Default)]
struct Table {
    rows: Vec<Vec<String>>,
    is_row_deleted: bool,
}

/// Collects the blocks of a document.
#[derive(Debug, Default)]
struct Collector {
    blocks: Vec<Block>,
    tables: Vec<Table>,
    /// Paragraphs that are open: one, or more within text boxes.
    paragraphs: Vec<Paragraph>,
    /// A paragraph whose end was deleted goes on in the next one.
    carried: String,
    is_in_words: bool,
    /// All paragraphs in order, whatever they stand in.
    styled: Vec<WordParagraph>,
}

/// A paragraph that is being read.
#[derive(Debug, Default)]
struct Paragraph {
    words: String,
    style: String,
    is_end_deleted: bool,
}

impl Collector {
    fn push(&mut self, words: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.words.push_str(words);
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        if paragraph.is_end_deleted {
            self.carried = paragraph.words;
        } else {
            let text = paragraph.words.clone();
            self.styled.push(WordParagraph { style: paragraph.style, text });
            self.add_line(paragraph.words);
        }
    }

    /// Adds a finished line to the open cell, or to the document.
    fn add_line(&mut self, line: String) {
        let cell = self.tables.last_mut().and_then(|table| table.rows.last_mut()?.last_mut());
        match cell {
            Some(cell) => {
                if !cell.is_empty() {
                    cell.push('\n');
                }
                cell.push_str(&line);
            }
            None => self.blocks.push(Block::Paragraph(line)),
        }
    }

    fn end_row(&mut self) {
        if let Some(table) = self.tables.last_mut()
            && std::mem::take(&mut table.is_row_deleted)
        {
            table.rows.pop();
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else { return };
        let is_wide = table.rows.iter().any(|row| row.len() > 1);
        if is_wide && self.tables.is_empty() {
            self.blocks.push(Block::Table(table.rows));
        } else {
            // A table of one column, or one within a cell, only arranges lines.
            for line in table.rows.into_iter().flatten() {
                self.add_line(line);
            }
        }
    }
}

/// An element that is open, as far as it matters for what is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Paragraph,
    Words,
    Table,
    Row,
    /// `mc:AlternateContent`, and whether one of its versions was read.
    Versions(bool),
    Other,
}

/// Reads the blocks of a document, without recursion: a damaged file may nest
/// without end.
fn blocks_of(xml: &str) -> Result<Vec<Block>, SourceProblem> {
    Ok(collect(xml)?.blocks)
}

/// Reads a document.
fn collect(xml: &str) -> Result<Collector, SourceProblem> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().allow_dangling_amp = true;
    let mut collector = Collector::default();
    let mut stack: Vec<Open> = Vec::new();
    // The prefix of Word's own elements; drawings have a `p` and a `t` too.
    let mut prefix: Option<String> = None;
    // Within an element that is left out: how deep.
    let mut skipped: usize = 0;
    let mut skips_properties = false;
    loop {
        let event = reader.read_event().map_err(|error| {
            let is_cut = matches!(error, quick_xml::Error::Syntax(_));
            let message = error.to_string();
            if is_cut {
                SourceProblem::Truncated(format!("the document inside ends early, {message}"))
            } else {
                SourceProblem::BadXml(message)
            }
        })?;
        match event {
            Event::Start(tag) => {
                let name = tag.name();
                let (found, local) = split_name(name.as_ref());
                if skipped > 0 {
                    skipped += 1;
                    note_deletion(local, skips_properties, &stack, &mut collector);
                    continue;
                }
                if stack.len() >= MAX_DEPTH {
                    return Err(SourceProblem::BadXml(
                        "its elements are nested too deeply".to_owned(),
                    ));
                }
                if prefix.is_none() {
                    if local != "document" {
                        let problem = format!("`{local}` is not a Word document");
                        return Err(SourceProblem::BadArchive(problem));
                    }
                    prefix = Some(found.to_owned());
                }
                let is_word = prefix.as_deref() == Some(found);
                let is_left_out = match local {
                    "Choice" | "Fallback" => match stack.last_mut() {
                        Some(Open::Versions(is_read)) => std::mem::replace(is_read, true),
                        _ => false,
                    },
                    "del" | "moveFrom" | "delText" | "instrText" | "delInstrText" | "pPr"
                    | "rPr" | "sectPr" | "tblPr" | "tblGrid" | "trPr" | "tcPr" | "tblPrEx"
                    | "sdtPr" | "sdtEndPr" | "rt" => is_word,
                    _ => false,
                };
                if is_left_out {
                    skipped = 1;
                    skips_properties = matches!(local, "pPr" | "trPr");
                    continue;
                }
                stack.push(open(local, is_word, &mut collector));
            }
            Event::Empty(tag) => {
                let name = tag.name();
                let (found, local) = split_name(name.as_ref());
                if skipped > 0 {
                    note_deletion(local, skips_properties, &stack, &mut collector);
                    if local == "pStyle" && skips_properties {
                        note_style(&tag, &mut collector);
                    }
                } else if prefix.as_deref() == Some(found) {
                    empty(local, &mut collector);
                }
            }
            Event::End(_) => {
                if skipped > 0 {
                    skipped -= 1;
                    continue;
                }
                match stack.pop() {
                    Some(Open::Paragraph) => collector.end_paragraph(),
                    Some(Open::Words) => collector.is_in_words = false,
                    Some(Open::Row) => collector.end_row(),
                    Some(Open::Table) => collector.end_table(),
                    Some(Open::Versions(_) | Open::Other) | None => {}
                }
            }
            Event::Text(text) if skipped == 0 && collector.is_in_words => {
                // A line end in the XML is a space on the page.
                collector.push(&text.xml10_content().replace(['\n', '\t'], " "));
            }
            Event::CData(text) if skipped == 0 && collector.is_in_words => {
                collector.push(&text.xml10_content().replace(['\n', '\t'], " "));
            }
            Event::GeneralRef(name) if skipped == 0 && collector.is_in_words => {
                let sign = name.resolve_char_ref().ok().flatten();
                let known = quick_xml::escape::resolve_xml_entity(&name);
                match (sign, known) {
                    (Some('\n' | '\r' | '\t'), _) => collector.push(" "),
                    (Some(sign), _) => collector.push(sign.encode_utf8(&mut [0; 4])),
                    (None, Some(known)) => collector.push(known),
                    (None, None) => {
                        let literal: &str = &name;
                        collector.push(&format!("&{literal};"));
                    }
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !stack.is_empty() || skipped > 0 {
        return Err(SourceProblem::Truncated("the document inside ends early".to_owned()));
    }
    if prefix.is_none() {
        return Err(SourceProblem::BadXml("it is empty".to_owned()));
    }
    if !collector.carried.is_empty() {
        let carried = std::mem::take(&mut collector.carried);
        collector.add_line(carried);
    }
    Ok(collector)
}

/// Splits `w:p` into its prefix and its name.
fn split_name(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// Starts an element of the document.
fn open(local: &str, is_word: bool, collector: &mut Collector) -> Open {
    match local {
        "AlternateContent" => Open::Versions(false),
        _ if !is_word => Open::Other,
        "p" => {
            let words = std::mem::take(&mut collector.carried);
            collector.paragraphs.push(Paragraph { words, ..Paragraph::default() });
            Open::Paragraph
        }
        "t" => {
            collector.is_in_words = true;
            Open::Words
        }
        "tbl" => {
            collector.tables.push(Table::default());
            Open::Table
        }
        "tr" => {
            if let Some(table) = collector.tables.last_mut() {
                table.rows.push(Vec::new());
            }
            Open::Row
        }
        "tc" => {
            if let Some(row) = collector.tables.last_mut().and_then(|table| table.rows.last_mut()) {
                row.push(String::new());
            }
            Open::Other
        }
        _ => {
            empty(local, collector);
            Open::Other
        }
    }
}

/// Writes the sign that an element without content stands for.
fn empty(local: &str, collector: &mut Collector) {
    match local {
        "br" | "cr" => collector.push("\n"),
        "tab" | "ptab" => collector.push("\t"),
        "noBreakHyphen" => collector.push("\u{2011}"),
        // An empty paragraph is an empty line, and an empty cell an empty cell.
        "p" => {
            let words = std::mem::take(&mut collector.carried);
            collector.add_line(words);
        }
        "tc" => {
            if let Some(row) = collector.tables.last_mut().and_then(|table| table.rows.last_mut()) {
                row.push(String::new());
            }
        }
        _ => {}
    }
}

/// Notes the style of the paragraph whose properties are being read.
fn note_style(tag: &BytesStart<'_>, collector: &mut Collector) {
    let values = ["w:val", "val"].into_iter().find_map(|name| attribute(tag, name));
    if let (Some(paragraph), Some(style)) = (collector.paragraphs.last_mut(), values) {
        paragraph.style = style;
    }
}

/// Marks a paragraph's end or a row as deleted: it is told in the properties.
fn note_deletion(local: &str, is_in_properties: bool, stack: &[Open], collector: &mut Collector) {
    if !is_in_properties || !matches!(local, "del" | "moveFrom") {
        return;
    }
    match stack.last() {
        Some(Open::Paragraph) => {
            if let Some(paragraph) = collector.paragraphs.last_mut() {
                paragraph.is_end_deleted = true;
            }
        }
        Some(Open::Row) => {
            if let Some(table) = collector.tables.last_mut() {
                table.is_row_deleted = true;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
