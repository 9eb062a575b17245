//! Reads reports: Word files, HTML, Markdown, plain text, CSV and JSON become
//! [`Paragraph`]s.

use super::quotes::{Paragraph, ParagraphKind};
use crate::base::Diagnose;
use crate::sources::{SourceProblem, decode_text, word_paragraphs};

/// Why a report cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// Its ending is of no report.
    #[error(
        "reports of this kind cannot be read\n  hint: save it as .docx, .html, .md, .txt, .csv or .json"
    )]
    Ending,
    /// Its content cannot be read.
    #[error("the report cannot be read: {problem}{}", hint(problem))]
    Content {
        /// What is wrong.
        problem: SourceProblem,
    },
    /// A table without quotes.
    #[error("no column of the table holds quotes\n  hint: name it `quote`; there are {0}")]
    NoColumn(String),
    /// A table or JSON that is damaged.
    #[error("line {line}: {problem}\n  hint: save the report again")]
    Damaged {
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        problem: String,
    },
}

fn hint(problem: &SourceProblem) -> String {
    problem.remedy().map_or_else(String::new, |remedy| format!("\n  hint: {}", remedy.advice))
}

/// Reads a report by the ending of its name.
///
/// # Errors
/// [`ReportError`] with a remedy.
pub fn paragraphs(bytes: &[u8], name: &str) -> Result<Vec<Paragraph>, ReportError> {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    let text = || decode_text(bytes).map_err(|problem| ReportError::Content { problem });
    match ending.as_str() {
        "docx" => word(bytes).map_err(|problem| ReportError::Content { problem }),
        "html" | "htm" => Ok(html(&text()?)),
        "md" | "markdown" => Ok(markdown(&text()?)),
        "txt" => Ok(plain(&text()?)),
        "csv" => table(&text()?, None),
        "tsv" => table(&text()?, Some(b'\t')),
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

fn word(bytes: &[u8]) -> Result<Vec<Paragraph>, SourceProblem> {
    let read = word_paragraphs(bytes)?;
    let paragraphs = (1..).zip(read).map(|(number, paragraph)| {
        // `Quote`, `IntenseQuote`, `Zitat`, `BlockText` …
        let style = paragraph.style.to_lowercase();
        let is_block = ["quote", "zitat", "citat", "citation", "cita", "blocktext"]
            .iter()
            .any(|name| style.contains(name));
        Paragraph {
            place: format!("paragraph {number}"),
            text: paragraph.text,
            kind: if is_block { ParagraphKind::Block } else { ParagraphKind::Plain },
        }
    });
    Ok(paragraphs.filter(|paragraph| !paragraph.text.trim().is_empty()).collect())
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

fn markdown(text: &str) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    let mut open: Option<bool> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let mut rest = line.trim_start();
        let mut is_block = false;
        while let Some(quoted) = rest.strip_prefix('>') {
            rest = quoted.trim_start();
            is_block = true;
        }
        if rest.is_empty() {
            open = None;
            continue;
        }
        let starts = rest.starts_with('#')
            || rest.starts_with("- ")
            || rest.starts_with("* ")
            || rest.starts_with('|');
        let rest = rest.trim_start_matches('#').trim_start();
        let text = without_markup(rest);
        match found.last_mut().filter(|_| open == Some(is_block) && !starts) {
            Some(last) => {
                last.text.push('\n');
                last.text.push_str(&text);
            }
            None => found.push(Paragraph {
                place: format!("line {number}"),
                text,
                kind: if is_block { ParagraphKind::Block } else { ParagraphKind::Plain },
            }),
        }
        open = Some(is_block);
    }
    found
}

/// A line of Markdown as it is read: escapes are what they stand for, marks of
/// emphasis are gone.
fn without_markup(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match c {
            '\\' if next.is_some_and(|next| next.is_ascii_punctuation()) => {
                last = chars.next().unwrap_or_default();
                text.push(last);
                continue;
            }
            '*' | '`' => {}
            // Within a word it is a letter of a name: `first_line`.
            '_' if !(last.is_alphanumeric() && next.is_some_and(char::is_alphanumeric)) => {}
            c => text.push(c),
        }
        last = c;
    }
    text
}

/// Elements that start a paragraph of their own.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "blockquote",
    "li",
    "ul",
    "ol",
    "table",
    "tr",
    "td",
    "th",
    "caption",
    "section",
    "article",
    "main",
    "nav",
    "header",
    "footer",
    "aside",
    "figure",
    "figcaption",
    "pre",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "body",
    "html",
    "head",
    "title",
    "hr",
    "form",
];

fn html(text: &str) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    let mut open = String::new();
    let (mut line, mut depth) = (1_usize, 0_usize);
    let mut started = 1;
    let mut rest = text;
    let mut is_preformatted = 0_usize;
    let mut close = |open: &mut String, depth: usize, started: usize| {
        let text = std::mem::take(open);
        if !text.trim().is_empty() {
            let kind = if depth > 0 { ParagraphKind::Block } else { ParagraphKind::Plain };
            found.push(Paragraph {
                place: format!("line {started}"),
                text: text.trim().to_owned(),
                kind,
            });
        }
    };
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("<!--") {
            let end = comment.find("-->").map_or(rest.len(), |end| 4 + end + 3);
            line += rest[..end].matches('\n').count();
            rest = &rest[end..];
            continue;
        }
        let is_tag = c == '<'
            && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        if is_tag {
            let end = tag_end(rest);
            let tag = &rest[1..end];
            line += rest[..end].matches('\n').count();
            rest = &rest[end..];
            let tag = tag.trim_end_matches('>');
            let is_end = tag.starts_with('/');
            let name: String = tag
                .trim_start_matches('/')
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect::<String>()
                .to_ascii_lowercase();
            match name.as_str() {
                "script" | "style" | "template" if !is_end => {
                    let lower = rest.to_ascii_lowercase();
                    let end = lower.find(&format!("</{name}")).unwrap_or(rest.len());
                    line += rest[..end].matches('\n').count();
                    rest = &rest[end..];
                }
                "br" => open.push('\n'),
                "q" => open.push(if is_end { '”' } else { '“' }),
                name if BLOCKS.contains(&name) => {
                    close(&mut open, depth, started);
                    if name == "blockquote" {
                        depth = if is_end { depth.saturating_sub(1) } else { depth + 1 };
                    }
                    if name == "pre" {
                        is_preformatted = usize::from(!is_end);
                    }
                }
                _ => {}
            }
            continue;
        }
        if open.trim().is_empty() && !c.is_whitespace() {
            started = line;
        }
        if c == '&'
            && let Some((sign, length)) = entity(rest)
        {
            open.push_str(&sign);
            rest = &rest[length..];
            continue;
        }
        line += usize::from(c == '\n');
        // A line end of the file is a space on the page.
        open.push(if c == '\n' && is_preformatted == 0 { ' ' } else { c });
        rest = &rest[c.len_utf8()..];
    }
    close(&mut open, depth, started);
    found
}

/// The length of a tag; `>` within a quoted attribute does not end it.
fn tag_end(text: &str) -> usize {
    let mut quote: Option<char> = None;
    let mut last = '\0';
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') if last == '=' => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        if !c.is_whitespace() {
            last = c;
        }
    }
    text.len()
}

/// The sign that an entity stands for, and its length.
fn entity(text: &str) -> Option<(String, usize)> {
    let end = text.find(';').filter(|&end| end <= 12)?;
    let name = &text[1..end];
    let sign = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code)?
    } else {
        match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" => '\u{a0}',
            "shy" => '\u{ad}',
            "ldquo" => '“',
            "rdquo" => '”',
            "bdquo" => '„',
            "lsquo" => '‘',
            "rsquo" => '’',
            "sbquo" => '‚',
            "laquo" => '«',
            "raquo" => '»',
            "hellip" => '…',
            "ndash" => '–',
            "mdash" => '—',
            "acirc" => 'â',
            "agrave" => 'à',
            "aacute" => 'á',
            "auml" => 'ä',
            "ccedil" => 'ç',
            "eacute" => 'é',
            "egrave" => 'è',
            "ecirc" => 'ê',
            "euml" => 'ë',
            "iacute" => 'í',
            "icirc" => 'î',
            "iuml" => 'ï',
            "ntilde" => 'ñ',
            "oacute" => 'ó',
            "ocirc" => 'ô',
            "ouml" => 'ö',
            "oslash" => 'ø',
            "aring" => 'å',
            "aelig" => 'æ',
            "szlig" => 'ß',
            "uacute" => 'ú',
            "ucirc" => 'û',
            "uuml" => 'ü',
            "Auml" => 'Ä',
            "Ouml" => 'Ö',
            "Uuml" => 'Ü',
            "Eacute" => 'É',
            _ => return None,
        }
    };
    Some((sign.to_string(), end + 1))
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

fn table(text: &str, delimiter: Option<u8>) -> Result<Vec<Paragraph>, ReportError> {
    let head = text.lines().next().unwrap_or_default();
    let count = |mark: u8| head.bytes().filter(|&b| b == mark).count();
    let delimiter = delimiter.unwrap_or_else(|| {
        [b';', b'\t', b','].into_iter().max_by_key(|&mark| count(mark)).unwrap_or(b',')
    });
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let damaged = |error: &csv::Error| ReportError::Damaged {
        line: error.position().map_or(1, csv::Position::line),
        problem: "the row cannot be read".to_owned(),
    };
    let headings: Vec<String> = reader
        .headers()
        .map_err(|error| damaged(&error))?
        .iter()
        .map(|heading| {
            heading.trim().trim_start_matches('\u{feff}').to_lowercase().replace(' ', "_")
        })
        .collect();
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
    for (row, record) in (2..).zip(reader.records()) {
        let record = record.map_err(|error| damaged(&error))?;
        let cell = |at: Option<usize>| {
            at.and_then(|at| record.get(at))
                .map(without_guard)
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

/// A cell without the apostrophe that keeps a spreadsheet from taking it for a formula.
fn without_guard(cell: &str) -> &str {
    cell.strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']))
        .unwrap_or(cell)
}

/// Finds every object with a `text` and a `transcript`.
fn json(text: &str) -> Result<Vec<Paragraph>, ReportError> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        ReportError::Damaged { line: error.line() as u64, problem: "it is no JSON".to_owned() }
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
