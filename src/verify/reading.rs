//! Reads reports: documents, web pages, Markdown, plain text, tables and JSON become
//! [`Paragraph`]s.

use super::markdown::markdown;
use super::quotes::{Paragraph, ParagraphKind};
use crate::base::{Diagnose, FilePlace, Remedy, ends_sentence, is_taken_out};
use crate::documents::{self, StyledParagraph, pdf, web_paragraphs};
use crate::files::SourceProblem;
use crate::files::decode_text;
use crate::files::tables::{Table, unguarded};
use crate::text::without_pages;

/// Why a report cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// Its ending is of no report.
    #[error("reports of this kind cannot be read")]
    Ending,
    /// Its content cannot be read.
    #[error("the report cannot be read: {problem}")]
    Content {
        /// What is wrong.
        problem: SourceProblem,
    },
    /// A table without quotes.
    #[error("the table has no column with quotes; its columns are {0}")]
    NoColumn(String),
    /// A table or JSON that is damaged.
    #[error("{problem}")]
    Damaged {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

impl Diagnose for ReportError {
    fn place(&self) -> Option<FilePlace> {
        match self {
            Self::Damaged { line, .. } => {
                Some(FilePlace { path: String::new(), line: Some(*line) })
            }
            _ => None,
        }
    }

    fn remedy(&self) -> Option<Remedy> {
        let advice = match self {
            Self::Content { problem } => return problem.remedy(),
            Self::Ending => {
                "save it as .docx, .odt, .rtf, .pdf, .html, .md, .txt, .xlsx, .csv or .json"
            }
            Self::NoColumn(_) => "call the column `quote`",
            Self::Damaged { .. } => "save the report again",
        };
        Some(Remedy::new(advice))
    }
}

/// Reads a report by the ending of its name.
///
/// # Errors
/// [`ReportError`] with a remedy.
pub fn paragraphs(bytes: &[u8], name: &str) -> Result<Vec<Paragraph>, ReportError> {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    let text = || decode_text(bytes).map_err(|problem| ReportError::Content { problem });
    match ending.as_str() {
        "docx" | "odt" | "rtf" | "pdf" => {
            let read = if pdf::is_pdf(bytes) {
                pdf_paragraphs(bytes)
            } else {
                documents::paragraphs(bytes)
            };
            let read = read.map_err(|problem| ReportError::Content { problem });
            Ok(styled(read?))
        }
        "html" | "htm" => Ok(styled(web_paragraphs(&text()?))),
        "xlsx" | "ods" => {
            let read = documents::tables(bytes).map_err(|problem| ReportError::Content { problem });
            sheets(&read?)
        }
        "md" | "markdown" => Ok(markdown(&text()?)),
        "txt" => Ok(plain(&text()?)),
        "csv" => cells_of(&Table::cells_of(&text()?, None)),
        "tsv" => cells_of(&Table::cells_of(&text()?, Some('\t'))),
        "json" => json(&text()?),
        "jsonl" => {
            let mut found = Vec::new();
            for (line, text) in (1..).zip(text()?.lines()) {
                if !text.trim().is_empty() {
                    found.extend(json(text).map_err(|error| match error {
                        ReportError::Damaged { problem, .. } => {
                            ReportError::Damaged { line, problem }
                        }
                        error => error,
                    })?);
                }
            }
            Ok(found)
        }
        _ => Err(ReportError::Ending),
    }
}

/// Reads all paragraphs of a PDF, in order: stretches between empty lines, also over the
/// end of a page and what stands on every page.
///
/// # Errors
/// [`SourceProblem`] if it is damaged, locked or a scan.
fn pdf_paragraphs(bytes: &[u8]) -> Result<Vec<StyledParagraph>, SourceProblem> {
    let text = without_pages(&pdf::text(bytes)?);
    let mut found: Vec<StyledParagraph> = Vec::new();
    let mut is_open = false;
    for line in text.lines().filter(|line| !is_taken_out(line)) {
        let is_empty = line.trim().is_empty();
        match found.last_mut().filter(|_| is_open) {
            Some(open) if !is_empty => {
                open.text.push('\n');
                open.text.push_str(line);
            }
            _ if is_empty => {}
            _ => {
                let text = line.to_owned();
                found.push(StyledParagraph { style: String::new(), text, line: None });
            }
        }
        is_open = !is_empty || (is_open && found.last().is_some_and(|it| !ends_sentence(&it.text)));
    }
    Ok(found)
}

/// The paragraphs of a document, block quotes by the names of their styles.
fn styled(read: Vec<StyledParagraph>) -> Vec<Paragraph> {
    let paragraphs = (1..).zip(read).map(|(number, paragraph)| {
        // `Quote`, `IntenseQuote`, `Zitat`, `BlockText` …
        let style = paragraph.style.to_lowercase();
        let is_block = ["quote", "zitat", "citat", "citation", "cita", "blocktext"]
            .iter()
            .any(|name| style.contains(name));
        Paragraph {
            place: match paragraph.line {
                Some(line) => format!("line {line}"),
                None => format!("paragraph {number}"),
            },
            text: paragraph.text,
            kind: if is_block { ParagraphKind::Block } else { ParagraphKind::Plain },
        }
    });
    paragraphs.filter(|paragraph| !paragraph.text.trim().is_empty()).collect()
}

fn plain(text: &str) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    let mut is_open = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            is_open = false;
            continue;
        }
        match found.last_mut().filter(|_| is_open) {
            Some(last) => {
                last.text.push('\n');
                last.text.push_str(line);
            }
            None => found.push(Paragraph {
                place: format!("line {number}"),
                text: line.to_owned(),
                kind: ParagraphKind::Plain,
            }),
        }
        is_open = true;
    }
    found
}

/// Headings of columns that hold quotes.
const QUOTES: &[&str] = &[
    "quote",
    "quotes",
    "quotation",
    "quotations",
    "extract",
    "excerpt",
    "segment",
    "verbatim",
    "text",
    "content",
];
/// Headings of columns that name a participant; the first that is filled counts, since
/// a speaker's label may be another's name.
const WHO: &[&str] = &["case", "participant", "participants", "speaker", "who"];
/// Headings of other columns that say where a quote is from.
const BESIDE: &[&str] = &["group", "transcript", "document", "file", "source"];

/// The quotes of the sheets of a workbook that have a column for them.
fn sheets(sheets: &[Vec<Vec<String>>]) -> Result<Vec<Paragraph>, ReportError> {
    let mut found = Vec::new();
    let mut refused = None;
    let mut is_read = false;
    for rows in sheets.iter().filter(|rows| !rows.is_empty()) {
        match cells_of(rows) {
            Ok(quotes) => {
                is_read = true;
                found.extend(quotes);
            }
            Err(error) => {
                refused.get_or_insert(error);
            }
        }
    }
    match refused {
        Some(error) if !is_read => Err(error),
        _ => Ok(found),
    }
}

/// The quotes of a table, whose first row names its columns.
fn cells_of(rows: &[Vec<String>]) -> Result<Vec<Paragraph>, ReportError> {
    let (names, rows) =
        rows.split_first().map_or((&[][..], rows), |(head, rest)| (&head[..], rest));
    let headings: Vec<String> =
        names.iter().map(|heading| heading.trim().to_lowercase().replace(' ', "_")).collect();
    let column = QUOTES.iter().find_map(|name| headings.iter().position(|known| known == name));
    let Some(column) = column else {
        let names: Vec<String> = headings.iter().map(|name| format!("`{name}`")).collect();
        return Err(ReportError::NoColumn(names.join(", ")));
    };
    let place_of =
        |names: &[&str]| headings.iter().position(|known| names.contains(&known.as_str()));
    let (first, last) = (place_of(&["first_line", "lines", "line"]), place_of(&["last_line"]));
    let (start, proof) = (place_of(&["start", "time", "timestamp"]), place_of(&["proof"]));
    let mut found = Vec::new();
    for (row, record) in (2..).zip(rows) {
        let cell = |at: Option<usize>| {
            at.and_then(|at| record.get(at))
                .map(|cell| unguarded(cell))
                .filter(|cell| !cell.trim().is_empty())
        };
        let mut beside: Vec<String> = (0..headings.len())
            .filter(|&at| at != column && BESIDE.contains(&headings[at].as_str()))
            .filter_map(|at| cell(Some(at)).map(str::to_owned))
            .collect();
        let who = WHO.iter().find_map(|name| cell(place_of(&[*name])));
        beside.extend(who.map(str::to_owned));
        match (cell(first), cell(last)) {
            (Some(first), Some(last)) => beside.push(format!("lines {first}-{last}")),
            (Some(first), None) => beside.push(format!("lines {first}")),
            _ => {}
        }
        beside.extend([cell(start), cell(proof)].into_iter().flatten().map(str::to_owned));
        if let Some(text) = cell(Some(column)) {
            found.push(Paragraph {
                place: format!("row {row}"),
                text: text.to_owned(),
                kind: ParagraphKind::Cell(beside.join("; ")),
            });
        }
    }
    Ok(found)
}

/// Finds every object with a `text` and a `transcript`.
fn json(text: &str) -> Result<Vec<Paragraph>, ReportError> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        ReportError::Damaged { line: error.line(), problem: "it is not JSON".to_owned() }
    })?;
    let mut found = Vec::new();
    let mut open = vec![&value];
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::Array(values) => open.extend(values.iter().rev()),
            serde_json::Value::Object(fields) => {
                let word = |name: &str| fields.get(name).and_then(serde_json::Value::as_str);
                if let (Some(text), Some(transcript)) = (word("text"), word("transcript")) {
                    let mut beside = vec![transcript.to_owned()];
                    beside
                        .extend(["case", "group"].into_iter().filter_map(word).map(str::to_owned));
                    let lines = fields.get("lines").and_then(serde_json::Value::as_array);
                    if let Some([first, last]) = lines.map(Vec::as_slice) {
                        beside.push(format!("lines {first}-{last}"));
                    }
                    if let Some(proof) = fields.get("proof").filter(|proof| proof.is_object())
                        && let (Some(checksum), Some([start, end])) = (
                            proof["checksum"].as_str(),
                            proof["chars"].as_array().map(Vec::as_slice),
                        )
                    {
                        beside.push(format!("{checksum}:{start}-{end}"));
                    }
                    found.push(Paragraph {
                        place: format!("quote {}", found.len() + 1),
                        text: text.to_owned(),
                        kind: ParagraphKind::Cell(beside.join("; ")),
                    });
                } else {
                    let values: Vec<&serde_json::Value> = fields.values().collect();
                    open.extend(values.into_iter().rev());
                }
            }
            _ => {}
        }
    }
    Ok(found)
}
