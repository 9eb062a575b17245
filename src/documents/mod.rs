//! Documents, whatever packs them: Word, `OpenDocument`, RTF, PDF, web pages, workbooks.
//!
//! The bytes of a file come in; a `Document` goes out: its paragraphs and tables in order,
//! without what no page shows as talk. Of a workbook its `Sheet`s go out, their cells as they
//! are shown, and of a report to be verified its [`StyledParagraph`]s. Nobody asks here who
//! speaks: that is told from the words, wherever they stand.
//!
//! ```text
//! archive, xml, html, rtf, pdf    what files are packed in; a PDF in a process of its own
//! docx, odt, html, rtf, pdf       → collector → Document
//! odt, xlsx                       → Sheet
//! ```
//!
//! ```
//! use leitmotif::documents::web_paragraphs;
//!
//! let paragraphs = web_paragraphs("<p>It was <b>odd</b>.</p><blockquote>So it was.</blockquote>");
//! assert_eq!(paragraphs[0].text, "It was odd.");
//! ```

pub(crate) mod archive;
mod collector;
mod docx;
mod html;
mod odt;
pub(crate) mod pdf;
mod rtf;
mod xlsx;
pub(crate) mod xml;

use collector::Collector;
pub(crate) use html::document as web_page;
pub use html::web_paragraphs;
pub(crate) use pdf::document as pdf_document;
pub(crate) use rtf::document as rich_text;

use crate::base::{Diagnostic, Remedy};
use crate::files::SourceProblem;

/// A document as far as it is read.
#[derive(Debug)]
pub(crate) struct Document {
    /// What it is called.
    pub(crate) kind: Kind,
    /// Its body, in order.
    pub(crate) blocks: Vec<Block>,
    /// What of it is not read, or not as it is meant.
    pub(crate) warnings: Vec<Diagnostic>,
}

/// What a file of an office program holds.
#[derive(Debug)]
pub(crate) enum Office {
    /// Running text.
    Text(Document),
    /// A workbook, and what it is called.
    Sheets(Vec<Sheet>, &'static str),
}

/// One sheet of a workbook.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) rows: Vec<Vec<String>>,
}

/// What a kind of document is called, for people.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    /// A whole one: "Word document".
    pub(crate) document: &'static str,
    /// Before another word: "Word table".
    pub(crate) short: &'static str,
}

impl Kind {
    /// Names the layout of the text within such a document.
    pub(crate) fn layout(&self, layout: &str) -> String {
        if let Some(rest) = layout.strip_prefix("plain text") {
            format!("{}{rest}", self.document)
        } else if let Some(rest) = layout.strip_prefix("CSV ") {
            format!("{} {rest}", self.short)
        } else {
            format!("{}, {layout}", self.document)
        }
    }
}

/// A paragraph of a document, also of a table or a text box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StyledParagraph {
    /// The name of its style in the file, such as `Quote`; empty without one.
    pub style: String,
    /// Its words.
    pub text: String,
    /// Its line in the file, where people can see lines there.
    pub line: Option<u64>,
}

/// The type by which a line or a paragraph is set apart as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Bold,
    Underlined,
    Italics,
    /// Found in the words, where no document tells of another.
    Capitals,
}

/// Which of bold type, underlining and italics words are in.
pub(crate) type Types = [bool; 3];

impl Type {
    /// Those that [`Types`] tell of, in that order, which is also that of their strength.
    pub(crate) const OF_WORDS: [Self; 3] = [Self::Bold, Self::Underlined, Self::Italics];
}

/// A part of the document's body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Block {
    Paragraph(String),
    /// A paragraph that is in one type as a whole.
    SetApart(String, Type),
    /// Rows of cells; at least one row has two.
    Table(Vec<Vec<String>>),
}

impl Block {
    pub(crate) fn as_table(&self) -> Option<&[Vec<String>]> {
        match self {
            Self::Table(rows) => Some(rows),
            Self::Paragraph(_) | Self::SetApart(..) => None,
        }
    }
}

/// Tells of words in footnotes and endnotes, which are no part of the talk.
pub(crate) fn tell_of_notes(n_words: usize) -> Option<Diagnostic> {
    (n_words > 0).then(|| {
        Diagnostic::new(format!("{n_words} words in footnotes are not read"))
            .with(Remedy::new("if they were spoken, put them into the text"))
    })
}

/// Tells that a file which was read as far as it goes ends in the middle.
pub(crate) fn cut_warning() -> Diagnostic {
    Diagnostic::new("the file ends in the middle; what is there was read")
        .with(Remedy::new("copy or export the file again"))
}

/// Whether these are the bytes of a file of an office program: an archive.
pub(crate) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(archive::ZIP_START) || bytes.starts_with(archive::OLE_START)
}

/// Whether these are the bytes of an RTF file.
pub(crate) fn is_rtf(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(rtf::START)
}

/// Whether an archive is an `OpenDocument` file, and whether it is an Excel workbook.
fn office_of(archive: &archive::Archive<'_>) -> (bool, bool) {
    (archive::has(archive, "content.xml"), archive::has(archive, "xl/workbook.xml"))
}

/// Reads a file of an office program, by what is in it.
///
/// # Errors
/// [`SourceProblem`] if it is damaged, locked or too large.
pub(crate) fn office(bytes: &[u8]) -> Result<Office, SourceProblem> {
    let mut opened = archive::open(bytes)?;
    match office_of(&opened) {
        (true, _) => odt::office(&mut opened),
        (_, true) => Ok(Office::Sheets(xlsx::sheets(&mut opened)?, "Excel workbook")),
        _ => docx::document(bytes).map(Office::Text),
    }
}

/// Reads all paragraphs of a document of Word, `OpenDocument` or RTF, in order, with
/// their styles.
///
/// # Errors
/// [`SourceProblem`] if it is damaged, locked, too large, or no such document.
pub fn paragraphs(bytes: &[u8]) -> Result<Vec<StyledParagraph>, SourceProblem> {
    if is_rtf(bytes) {
        return rtf::paragraphs(bytes);
    }
    let mut opened = archive::open(bytes)?;
    match office_of(&opened) {
        (true, _) => odt::paragraphs(&mut opened),
        _ => docx::paragraphs(bytes),
    }
}

/// Reads the sheets of a workbook of Excel or `OpenDocument` as rows of cells.
///
/// # Errors
/// [`SourceProblem`] if it is damaged, locked, too large, or no workbook.
pub fn tables(bytes: &[u8]) -> Result<Vec<Vec<Vec<String>>>, SourceProblem> {
    let mut opened = archive::open(bytes)?;
    let sheets = match office_of(&opened) {
        (true, _) => odt::sheets(&mut opened)?,
        _ => xlsx::sheets(&mut opened)?,
    };
    Ok(sheets.into_iter().map(|sheet| sheet.rows).collect())
}

#[cfg(test)]
pub(crate) mod tests {
    /// An archive of these parts.
    pub(crate) fn pack(parts: &[(&str, &[u8])]) -> Vec<u8> {
        use std::io::Write as _;
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }
}
