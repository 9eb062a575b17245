//! Reads the text of PDF files.
//!
//! Bytes come in; the lines of its pages go out. A PDF says where on a page each character
//! is drawn; [`fonts`] and [`maps`] tell which it is, [`glyphs`] where, and [`mod@lines`] makes lines of
//! them, with the ends of pages between them:
//!
//! ```text
//! file  → page*          lopdf: objects, streams, encryption
//! page  → glyph*         `BT /F1 12 Tf 72 720 Td (Ada: So) Tj ET`
//! glyph → line*          by height, then along the line; two columns, paragraphs
//! line  → "Ada: So"      a word that was cut at the end of a line is whole again
//! ```
//!
//! Whatever is in the file is read [`apart`] from this process, with limits of time and memory.
//! A page of pictures without text is a scan, and told.

pub(crate) mod apart;
mod fonts;
mod glyphs;
mod lines;
mod maps;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use lopdf::xref::XrefRecovery;
use lopdf::{Document as Objects, LoadOptions, Object};
use serde::{Deserialize, Serialize};

use super::{Block, Document, Kind};
use crate::base::{Diagnostic, Remedy};
use crate::files::{RECOGNISE, SourceProblem};

/// What these files are called.
const PDF: Kind = Kind { document: "PDF", short: "PDF" };
/// How such a file begins, after what mail programs may put before it.
pub(crate) const START: &[u8] = b"%PDF-";
/// The most bytes that one part of a file may unpack to.
const MAX_STREAM: usize = 64 << 20;
/// The most pages that are read.
const MAX_PAGES: usize = 20_000;
/// What helps with a file that is not read well.
const MAKE_AGAIN: &str =
    "open it in the program that made it, or in Word or LibreOffice, and save it as .docx";

/// What is read of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct File {
    pages: Vec<Page>,
    /// Whether its list of parts is damaged, so that they were sought.
    is_repaired: bool,
}

/// What is read of one page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is told on its own")]
struct Page {
    lines: Vec<String>,
    has_picture: bool,
    has_columns: bool,
    has_cells: bool,
    is_cut: bool,
}

impl Page {
    fn has_words(&self) -> bool {
        self.lines.iter().any(|line| line.contains(char::is_alphanumeric))
    }

    fn n_unknown(&self) -> usize {
        self.lines.iter().flat_map(|line| line.matches(fonts::UNKNOWN)).count()
    }
}

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Refused {
    /// It asks for a password.
    Locked,
    /// Holds what is wrong.
    Damaged(String),
}

impl From<Refused> for SourceProblem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Locked => Self::Locked,
            Refused::Damaged(what) => Self::BadArchive(what),
        }
    }
}

/// Whether these are the bytes of a PDF.
pub(crate) fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    head.windows(START.len()).any(|it| it == START)
}

/// Reads a PDF: each line is a paragraph, with one that holds a form feed between two pages.
///
/// # Errors
/// [`SourceProblem`] if it is damaged, locked or a scan.
pub(crate) fn document(bytes: &[u8]) -> Result<Document, SourceProblem> {
    let File { pages, is_repaired } = read(bytes)?;
    let blocks = lines(&pages).map(|it| Block::Paragraph(it.to_owned())).collect();
    let mut warnings = doubts(&pages);
    if is_repaired {
        let problem = "the file is damaged; what could be found in it was read";
        let advice = "copy or export the file again, and compare";
        warnings.push(Diagnostic::new(problem).with(Remedy::new(advice)));
    }
    Ok(Document { kind: PDF, blocks, warnings })
}

/// The lines of all pages as one text, with a form feed on a line between two pages.
///
/// # Errors
/// As for [`document`].
pub(crate) fn text(bytes: &[u8]) -> Result<String, SourceProblem> {
    let pages = read(bytes)?.pages;
    Ok(lines(&pages).fold(String::new(), |text, line| text + line + "\n"))
}

/// The lines of all pages, with one that holds a form feed between two pages.
fn lines(pages: &[Page]) -> impl Iterator<Item = &str> {
    pages.iter().enumerate().flat_map(|(at, page)| {
        let end = (at > 0).then_some("\u{c}");
        end.into_iter().chain(page.lines.iter().map(String::as_str))
    })
}

/// Reads the pages apart from this process, and makes sure that they hold text.
fn read(bytes: &[u8]) -> Result<File, SourceProblem> {
    if !is_pdf(bytes) {
        return Err(SourceProblem::BadArchive("it does not begin as a PDF does".to_owned()));
    }
    let mut file = apart::read(bytes)?;
    let pages = &mut file.pages;
    if !pages.iter().any(Page::has_words) {
        let n_pictures = pages.iter().filter(|page| page.has_picture).count();
        return Err(match n_pictures {
            0 => SourceProblem::NoSpeech,
            n => SourceProblem::Scanned(n),
        });
    }
    let n_unknown: usize = pages.iter().map(Page::n_unknown).sum();
    let n_letters = |page: &Page| -> usize {
        page.lines.iter().map(|line| line.chars().filter(|c| c.is_alphanumeric()).count()).sum()
    };
    if n_unknown > pages.iter().map(n_letters).sum() {
        return Err(SourceProblem::UnknownLetters);
    }
    join_words(pages);
    Ok(file)
}

/// Reads the pages in this process.
fn read_here(bytes: &[u8]) -> Result<File, Refused> {
    let options = LoadOptions::with_max_decompressed_size(MAX_STREAM);
    let document = Objects::load_mem_with_options(bytes, options).map_err(|error| match error {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => Refused::Locked,
        error => Refused::Damaged(error.to_string()),
    })?;
    if document.is_encrypted() {
        return Err(Refused::Locked);
    }
    let ids: Vec<_> = document.page_iter().take(MAX_PAGES).collect();
    if ids.is_empty() {
        return Err(Refused::Damaged("it holds no page".to_owned()));
    }
    let page = |id| {
        let drawn = glyphs::read_page(&document, id);
        let found = lines::lines_of(drawn.glyphs);
        Page {
            lines: found.text,
            has_picture: drawn.has_picture,
            has_columns: found.has_columns,
            has_cells: found.has_cells,
            is_cut: drawn.is_cut,
        }
    };
    let is_repaired = document.xref_recovery == Some(XrefRecovery::Reconstructed);
    Ok(File { pages: ids.into_iter().map(page).collect(), is_repaired })
}

/// Makes words whole that were cut with a hyphen at the end of a line, where the file
/// tells how: by a soft hyphen, or because the word stands elsewhere in it, in one piece
/// or with the hyphen. Of others nobody knows.
fn join_words(pages: &mut [Page]) {
    let is_inside = |c: char| c.is_alphanumeric() || c == '-';
    let words: BTreeSet<String> = pages
        .iter()
        .flat_map(|page| &page.lines)
        .flat_map(|line| line.split(|c| !is_inside(c)))
        .filter(|word| !word.ends_with('-'))
        .map(str::to_lowercase)
        .collect();
    for page in pages {
        for at in 1..page.lines.len() {
            let (before, after) = page.lines.split_at_mut(at);
            let (Some(line), Some(next)) = (before.last_mut(), after.first_mut()) else { continue };
            let Some(hyphen) = line.chars().next_back().filter(|c| "-\u{2010}\u{ad}".contains(*c))
            else {
                continue;
            };
            let bare = &line[..line.len() - hyphen.len_utf8()];
            let head = bare.rsplit(|c| !is_inside(c)).next().unwrap_or_default().to_lowercase();
            let tail: String = next.chars().take_while(|c| is_inside(*c)).collect();
            if head.is_empty() || !tail.starts_with(char::is_lowercase) {
                continue;
            }
            let is_one = hyphen == '\u{ad}' || words.contains(&(head.clone() + &tail));
            if !is_one && !words.contains(&format!("{head}-{tail}")) {
                continue;
            }
            let (moved, rest) = next.split_once(' ').unwrap_or((next, ""));
            let hyphen = if is_one { "" } else { "-" };
            *line = format!("{bare}{hyphen}{moved}");
            *next = rest.to_owned();
        }
        for line in &mut page.lines {
            line.retain(|c| c != '\u{ad}');
        }
    }
}

/// What may not have been read as it is meant, by the numbers of pages.
fn doubts(pages: &[Page]) -> Vec<Diagnostic> {
    let tell = |is_meant: &dyn Fn(&Page) -> bool, problem: &str, advice: &str| {
        let numbers: Vec<usize> =
            (1..).zip(pages).filter(|(_, it)| is_meant(it)).map(|(number, _)| number).collect();
        (!numbers.is_empty()).then(|| {
            Diagnostic::new(problem.replace("{pages}", &page_numbers(&numbers)))
                .with(Remedy::new(advice))
        })
    };
    [
        tell(
            &|page| page.has_picture && !page.has_words(),
            "no text on {pages}, only pictures; if these are scans, what they say is not read",
            RECOGNISE,
        ),
        tell(&|page| page.is_cut, "some words on {pages} cannot be read", MAKE_AGAIN),
        tell(
            &|page| page.n_unknown() > 0,
            "the file does not tell some letters on {pages}; `\u{fffd}` stands for them",
            MAKE_AGAIN,
        ),
        tell(
            &|page| page.has_columns,
            "two columns on {pages}; one was read after the other",
            "check the order of what is said there; if it is wrong, save the file as .docx or .txt",
        ),
        tell(
            &|page| page.has_cells,
            "words stand beside each other on {pages}, as in a table; each line was read across",
            MAKE_AGAIN,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Pages by their numbers: `page 3`, `pages 1, 3 to 5`.
fn page_numbers(numbers: &[usize]) -> String {
    let ranges: Vec<String> = numbers
        .chunk_by(|a, b| a + 1 == *b)
        .map(|range| match range {
            [one] => one.to_string(),
            [first, second] => format!("{first}, {second}"),
            _ => format!("{} to {}", range[0], range[range.len() - 1]),
        })
        .collect();
    let noun = if numbers.len() == 1 { "page" } else { "pages" };
    format!("{noun} {}", ranges.join(", "))
}

/// A finite number of the file.
fn number(object: &Object) -> Option<f64> {
    object.as_float().ok().map(f64::from).filter(|it| it.is_finite())
}
