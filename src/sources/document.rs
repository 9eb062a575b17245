//! Documents of running text, whatever program wrote them: Word, `OpenDocument`, RTF, web
//! pages.
//!
//! The [`Block`]s of a document come in; a [`RawTranscript`] goes out. Its words become
//! plain text, which is then read as a text file is. A table of two or more columns that
//! holds most of the words is read as a table, one row for each turn; other tables are
//! paragraphs. A [`Collector`] makes the blocks while a reader goes through its file.

use std::collections::{BTreeMap, BTreeSet};

use super::labels::MAX_CHARS;
use super::time::parse_timing;
use super::{Declared, RawTranscript, SourceError, SourceProblem, columns, txt};
use crate::base::{Diagnostic, Remedy, words_in};

/// From how many words on a line beside a table is more than a title.
const TITLE_WORDS: usize = 12;
/// How many tables may stand in each other and still be tables.
const MAX_TABLES: usize = 30;

/// What a kind of document is called, for people.
#[derive(Debug)]
pub(super) struct Kind {
    /// A whole one: "Word document".
    pub(super) document: &'static str,
    /// Before another word: "Word table".
    pub(super) short: &'static str,
}

impl Kind {
    /// Names the layout of the text within such a document.
    fn layout(&self, layout: &str) -> String {
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

/// The blocks of a document as a transcript. A label in `declared` is a speaker's also
/// where it stands only once.
///
/// # Errors
/// [`SourceError`] if nobody says a word in it.
pub(super) fn read(
    blocks: &[Block],
    kind: &Kind,
    declared: &Declared,
) -> Result<RawTranscript, SourceError> {
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
            let mixed = txt::parse_with(mixed_text(blocks), false, declared).ok();
            let is_named = |raw: &RawTranscript| raw.turns.iter().any(|it| it.label.is_some());
            if let Some(mixed) = mixed.filter(is_named) {
                return Ok(RawTranscript {
                    layout: format!("{}, tables and text", kind.document),
                    ..mixed
                });
            }
        }
        // A few words above the table are its title; below and between its rows none are.
        let n_above: usize = blocks
            .iter()
            .take_while(|block| !is_main(block))
            .flat_map(Block::lines)
            .map(|line| words_in(&line))
            .sum();
        if n_above > TITLE_WORDS || n_above < n_outside {
            let first = others().find(|line| words_in(line) > 0).unwrap_or_default();
            let first: String = first.trim().chars().take(60).collect();
            let problem =
                format!("{n_outside} words outside the table are not read, first `{first}`");
            raw.warnings.push(
                Diagnostic::new(problem)
                    .with(Remedy::new("put them into rows of the table, or remove the table")),
            );
        }
        raw.layout = kind.layout(&raw.layout);
        return Ok(raw);
    }

    let text: String = blocks.iter().map(Block::as_text).collect();
    if text.trim().is_empty() {
        return Err(SourceError::whole(SourceProblem::NoSpeech));
    }
    let paragraphs = || {
        let all = blocks.iter().filter_map(|block| match block {
            Block::Paragraph(words) | Block::SetApart(words) => Some(words),
            Block::Table(_) => None,
        });
        all.filter(|words| !words.trim().is_empty())
    };
    let n_teams = paragraphs().filter(|words| is_teams_turn(words)).count();
    let mut raw = txt::parse_styled(text, declared, &lines_set_apart(blocks))?;
    raw.layout = if n_teams > 0 && n_teams * 2 >= paragraphs().count() {
        format!("Teams {} transcript", kind.short)
    } else {
        kind.layout(&raw.layout)
    };
    Ok(raw)
}

/// Tells of words in footnotes and endnotes, which are no part of the talk.
pub(super) fn tell_of_notes(n_words: usize) -> Option<Diagnostic> {
    (n_words > 0).then(|| {
        Diagnostic::new(format!("{n_words} words in footnotes are not read"))
            .with(Remedy::new("if they were spoken, put them into the text"))
    })
}

/// Tells that a file which was read as far as it goes ends in the middle.
pub(super) fn cut_warning() -> Diagnostic {
    Diagnostic::new("the file ends in the middle; what is there was read")
        .with(Remedy::new("copy or export the file again"))
}

/// The numbers of the lines, from 1, that a document sets apart by their type.
fn lines_set_apart(blocks: &[Block]) -> BTreeSet<usize> {
    let mut set_apart = BTreeSet::new();
    let mut next = 1;
    for block in blocks {
        let n_lines = block.as_text().matches('\n').count();
        if matches!(block, Block::SetApart(_)) {
            set_apart.extend(next..next + n_lines);
        }
        next += n_lines;
    }
    set_apart
}

/// A document of tables and paragraphs as one text; a table of turns as its turns.
fn mixed_text(blocks: &[Block]) -> String {
    let table = |block: &Block| columns::parse_rows(block.as_table()?, 1).ok();
    let text = |block: &Block| table(block).map_or_else(|| block.as_text(), |raw| raw.text);
    blocks.iter().map(text).collect()
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

/// A part of the document's body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Block {
    Paragraph(String),
    /// A paragraph that is bold, in italics or underlined as a whole.
    SetApart(String),
    /// Rows of cells; at least one row has two.
    Table(Vec<Vec<String>>),
}

impl Block {
    fn as_table(&self) -> Option<&[Vec<String>]> {
        match self {
            Self::Table(rows) => Some(rows),
            Self::Paragraph(_) | Self::SetApart(_) => None,
        }
    }

    fn as_text(&self) -> String {
        self.lines().join("\n") + "\n"
    }

    /// Its lines as text; a row is one.
    fn lines(&self) -> Vec<String> {
        match self {
            Self::Paragraph(words) | Self::SetApart(words) => vec![words.clone()],
            Self::Table(rows) => rows.iter().map(|row| row_as_line(row)).collect(),
        }
    }
}

/// A table that is being read.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<Vec<String>>,
    pub(super) is_row_deleted: bool,
}

/// Collects the blocks of a document.
#[derive(Debug, Default)]
pub(super) struct Collector {
    pub(super) blocks: Vec<Block>,
    pub(super) tables: Vec<Table>,
    /// Tables that are open within too many others: they only arrange lines.
    n_too_deep: usize,
    /// Paragraphs that are open: one, or more within text boxes.
    pub(super) paragraphs: Vec<Paragraph>,
    /// A paragraph whose end was deleted goes on in the next one.
    pub(super) carried: String,
    pub(super) is_in_words: bool,
    /// Whether the words that come are bold, in italics or underlined.
    pub(super) is_set_apart: bool,
    /// All paragraphs in order, whatever they stand in.
    pub(super) styled: Vec<StyledParagraph>,
}

/// A paragraph that is being read.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub(super) words: String,
    pub(super) style: String,
    /// Its line in the file, where lines mean something there.
    pub(super) line: Option<u64>,
    pub(super) is_end_deleted: bool,
    /// How many letters and digits of it are set apart, and how many are not.
    n_signs: [usize; 2],
}

impl Paragraph {
    /// Whether all its words are set apart by their type.
    fn is_set_apart(&self) -> bool {
        self.n_signs[0] > 0 && self.n_signs[1] == 0
    }
}

impl Collector {
    pub(super) fn push(&mut self, words: &str) {
        let place = usize::from(!self.is_set_apart);
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.words.push_str(words);
            paragraph.n_signs[place] += words.chars().filter(|c| c.is_alphanumeric()).count();
        }
    }

    pub(super) fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        if paragraph.is_end_deleted {
            self.carried = paragraph.words;
        } else {
            let text = paragraph.words.clone();
            let is_set_apart = paragraph.is_set_apart() && self.tables.is_empty();
            let (style, line) = (paragraph.style, paragraph.line);
            self.styled.push(StyledParagraph { style, text, line });
            if is_set_apart {
                self.blocks.push(Block::SetApart(paragraph.words));
            } else {
                self.add_line(paragraph.words);
            }
        }
    }

    /// Adds a finished line to the open cell, or to the document.
    pub(super) fn add_line(&mut self, line: String) {
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

    pub(super) fn end_row(&mut self) {
        if let Some(table) = self.tables.last_mut()
            && std::mem::take(&mut table.is_row_deleted)
        {
            table.rows.pop();
        }
    }

    pub(super) fn begin_table(&mut self) {
        if self.tables.len() < MAX_TABLES {
            self.tables.push(Table::default());
        } else {
            self.n_too_deep += 1;
        }
    }

    pub(super) fn begin_row(&mut self) {
        if let Some(table) = self.tables.last_mut().filter(|_| self.n_too_deep == 0) {
            table.rows.push(Vec::new());
        }
    }

    pub(super) fn begin_cell(&mut self) {
        let table = self.tables.last_mut().filter(|_| self.n_too_deep == 0);
        if let Some(row) = table.and_then(|table| table.rows.last_mut()) {
            row.push(String::new());
        }
    }

    pub(super) fn begin_paragraph(&mut self, style: String) {
        let words = std::mem::take(&mut self.carried);
        self.paragraphs.push(Paragraph { words, style, ..Paragraph::default() });
    }

    pub(super) fn end_table(&mut self) {
        if self.n_too_deep > 0 {
            self.n_too_deep -= 1;
            return;
        }
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
