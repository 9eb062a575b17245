//! Reads documents as transcripts, whatever program wrote them.
//!
//! A [`Document`] comes in; a [`RawTranscript`] goes out. Its words become
//! plain text, which is then read as a text file is. A table of two or more columns that
//! holds most of the words is read as a table, one row for each turn; other tables are
//! paragraphs.

use std::collections::BTreeMap;

use super::columns;
use super::plain::{parse_styled, parse_with};
use crate::base::{Diagnostic, Remedy, words_in};
use crate::documents::{Block, Document, Kind, Type};
use crate::files::{SourceError, SourceProblem};
use crate::labels::MAX_CHARS;
use crate::labels::time::parse_timing;
use crate::text::{Declared, RawTranscript};

/// From how many words on a line beside a table is more than a title.
const TITLE_WORDS: usize = 12;

/// The blocks of a document as a transcript. A label in `declared` is a speaker's also
/// where it stands only once.
///
/// # Errors
/// [`SourceError`] if nobody says a word in it.
pub(crate) fn read(document: Document, declared: &Declared) -> Result<RawTranscript, SourceError> {
    let mut raw = read_blocks(&document.blocks, document.kind, declared)?;
    raw.warnings.extend(document.warnings);
    Ok(raw)
}

/// The blocks of a document as a transcript, by the rules of [`read`].
fn read_blocks(
    blocks: &[Block],
    kind: Kind,
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
    let others = || blocks.iter().filter(|block| !is_main(block)).flat_map(lines);
    let n_outside: usize = others().map(|line| words_in(&line)).sum();
    let in_main = main.and_then(|width| n_words_of.get(&width)).copied().unwrap_or(0);
    let as_table = if in_main > n_outside { columns::parse_rows(&rows, 1).ok() } else { None };
    // Beside a table of talk titles and fields may stand, and talk as well.
    let is_talk = |line: &String| {
        words_in(line) > TITLE_WORDS || (line.ends_with(['.', '?', '!']) && words_in(line) > 3)
    };
    if let Some(mut raw) = as_table {
        if n_outside > 3 * TITLE_WORDS || others().any(|line| is_talk(&line)) {
            let mixed = parse_with(mixed_text(blocks), false, declared).ok();
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
            .flat_map(lines)
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

    let text: String = blocks.iter().map(as_text).collect();
    if text.trim().is_empty() {
        return Err(SourceError::whole(SourceProblem::NoSpeech));
    }
    let paragraphs = || {
        let all = blocks.iter().filter_map(|block| match block {
            Block::Paragraph(words) | Block::SetApart(words, _) => Some(words),
            Block::Table(_) => None,
        });
        all.filter(|words| !words.trim().is_empty())
    };
    let n_teams = paragraphs().filter(|words| is_teams_turn(words)).count();
    let mut raw = parse_styled(text, false, lines_set_apart(blocks), declared)?;
    raw.layout = if n_teams > 0 && n_teams * 2 >= paragraphs().count() {
        format!("Teams {} transcript", kind.short)
    } else {
        kind.layout(&raw.layout)
    };
    Ok(raw)
}

/// The lines, by their numbers from 1, that a document sets apart by their type.
fn lines_set_apart(blocks: &[Block]) -> BTreeMap<usize, Type> {
    let mut set_apart = BTreeMap::new();
    let mut next = 1;
    for block in blocks {
        let n_lines = as_text(block).matches('\n').count();
        if let Block::SetApart(_, of) = block {
            set_apart.extend((next..next + n_lines).map(|line| (line, *of)));
        }
        next += n_lines;
    }
    set_apart
}

/// A document of tables and paragraphs as one text; a table of turns as its turns.
fn mixed_text(blocks: &[Block]) -> String {
    let table = |block: &Block| columns::parse_rows(block.as_table()?, 1).ok();
    let text = |block: &Block| table(block).map_or_else(|| as_text(block), |raw| raw.text);
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

/// A block as text.
fn as_text(block: &Block) -> String {
    lines(block).join("\n") + "\n"
}

/// The lines of a block as text; a row is one.
fn lines(block: &Block) -> Vec<String> {
    match block {
        Block::Paragraph(words) | Block::SetApart(words, _) => vec![words.clone()],
        Block::Table(rows) => rows.iter().map(|row| row_as_line(row)).collect(),
    }
}
