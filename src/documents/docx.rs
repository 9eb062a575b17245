//! Reads Word files (`.docx`).
//!
//! The bytes of an archive come in; the paragraphs and tables of the main document go out:
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
//! part of the talk and left out, footnotes with a word about it; a text box is told once.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::archive::{self, part};
use super::xml::{self, MAX_DEPTH, attribute, split_name};
use super::{Block, Collector, Document, Kind, StyledParagraph, Type, Types, tell_of_notes};
use crate::base::words_in;
use crate::files::SourceProblem;

/// What Word files are called.
const WORD: Kind = Kind { document: "Word document", short: "Word" };

/// Reads a Word file.
///
/// # Errors
/// [`SourceProblem`] if the archive or its document is damaged, locked, too
/// large, or not of Word.
pub(super) fn document(bytes: &[u8]) -> Result<Document, SourceProblem> {
    let blocks = blocks_of(&unpack(bytes)?)?;
    let warnings = tell_of_notes(words_of_notes(bytes)?).into_iter().collect();
    Ok(Document { kind: WORD, blocks, warnings })
}

/// How many words stand in footnotes and endnotes.
fn words_of_notes(bytes: &[u8]) -> Result<usize, SourceProblem> {
    let mut archive = archive::open(bytes)?;
    let mut n_words = 0;
    for path in ["word/footnotes.xml", "word/endnotes.xml"] {
        if let Some(xml) = part(&mut archive, path)? {
            let mut notes = Notes::default();
            xml::walk(&xml, &mut notes)?;
            n_words += words_in(&notes.words);
        }
    }
    Ok(n_words)
}

/// The words of footnotes.
#[derive(Default)]
struct Notes {
    words: String,
    is_in_words: bool,
}

impl xml::Visitor for Notes {
    fn open(&mut self, name: &str, _: &BytesStart<'_>) -> bool {
        self.is_in_words |= name == "t";
        true
    }

    fn close(&mut self, name: &str) {
        self.is_in_words &= name != "t";
        if name == "p" {
            self.words.push(' ');
        }
    }

    fn words(&mut self, words: &str) {
        if self.is_in_words {
            self.words.push_str(words);
        }
    }
}

/// Reads all paragraphs of a Word file, in order, with their styles.
///
/// # Errors
/// [`SourceProblem`] if the archive or its document is damaged, locked, too
/// large, or not of Word.
pub(super) fn paragraphs(bytes: &[u8]) -> Result<Vec<StyledParagraph>, SourceProblem> {
    Ok(collect(&unpack(bytes)?)?.styled)
}

/// Finds the main document in the archive, and decodes it.
fn unpack(bytes: &[u8]) -> Result<String, SourceProblem> {
    let mut archive = archive::open(bytes)?;
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

/// The main document that the relations of the package name.
fn document_path(relations: &str) -> Option<String> {
    let target = xml::first_of(relations, |tag| {
        attribute(tag, "Type").filter(|kind| kind.ends_with("/officeDocument"))?;
        attribute(tag, "Target")
    })?;
    Some(target.trim_start_matches("./").trim_start_matches('/').to_owned())
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
    let (mut skips_properties, mut skips_type) = (false, false);
    loop {
        let event = reader.read_event().map_err(|error| xml::problem_of(&error))?;
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
                    skips_type = local == "rPr";
                    continue;
                }
                stack.push(open(local, is_word, &mut collector));
            }
            Event::Empty(tag) => {
                let name = tag.name();
                let (found, local) = split_name(name.as_ref());
                if skipped > 0 {
                    note_deletion(local, skips_properties, &stack, &mut collector);
                    // Within, a change tells of the type before it.
                    if let Some(of) = type_of(local, &tag).filter(|_| skips_type && skipped == 1) {
                        collector.types[of as usize] = true;
                    }
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
                collector.push(&xml::sign_of(&name));
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

/// Starts an element of the document.
fn open(local: &str, is_word: bool, collector: &mut Collector) -> Open {
    match local {
        "AlternateContent" => Open::Versions(false),
        _ if !is_word => Open::Other,
        "p" => {
            collector.begin_paragraph(String::new());
            Open::Paragraph
        }
        "r" => {
            collector.types = Types::default();
            Open::Other
        }
        "t" => {
            collector.is_in_words = true;
            Open::Words
        }
        "tbl" => {
            collector.begin_table();
            Open::Table
        }
        "tr" => {
            collector.begin_row();
            Open::Row
        }
        "tc" => {
            collector.begin_cell();
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
        "tc" => collector.begin_cell(),
        _ => {}
    }
}

/// The type in which a property of a run sets its words.
fn type_of(local: &str, tag: &BytesStart<'_>) -> Option<Type> {
    let value = || ["w:val", "val"].into_iter().find_map(|name| attribute(tag, name));
    let of = match local {
        "b" => Type::Bold,
        "u" => Type::Underlined,
        "i" => Type::Italics,
        "rStyle" => match &*value()? {
            "Strong" => Type::Bold,
            "Emphasis" => Type::Italics,
            _ => return None,
        },
        _ => return None,
    };
    let is_off = value().is_some_and(|it| matches!(&*it, "0" | "false" | "none" | "off"));
    (!is_off).then_some(of)
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
