//! Puts a document together while its reader goes through the file.

use super::{Block, StyledParagraph, Type, Types};

/// How many tables may stand in each other and still be tables.
const MAX_TABLES: usize = 30;

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
    /// The types that the words that come are in.
    pub(super) types: Types,
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
    /// How many letters and digits it has, and how many of them are in each type.
    n_signs: usize,
    n_of: [usize; 3],
}

impl Paragraph {
    /// The type that all its words are in.
    fn set_apart(&self) -> Option<Type> {
        let is_whole = |n: &usize| *n > 0 && *n == self.n_signs;
        self.n_of.iter().position(is_whole).map(|at| Type::OF_WORDS[at])
    }
}

impl Collector {
    pub(super) fn push(&mut self, words: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.words.push_str(words);
            let n = words.chars().filter(|c| c.is_alphanumeric()).count();
            paragraph.n_signs += n;
            for (n_of, is_in) in paragraph.n_of.iter_mut().zip(self.types) {
                *n_of += if is_in { n } else { 0 };
            }
        }
    }

    pub(super) fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        if paragraph.is_end_deleted {
            self.carried = paragraph.words;
        } else {
            let text = paragraph.words.clone();
            let set_apart = paragraph.set_apart().filter(|_| self.tables.is_empty());
            let (style, line) = (paragraph.style, paragraph.line);
            self.styled.push(StyledParagraph { style, text, line });
            if let Some(of) = set_apart {
                self.blocks.push(Block::SetApart(paragraph.words, of));
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
