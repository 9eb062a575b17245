//! Reads Excel workbooks (`.xlsx`).
//!
//! An archive comes in; its sheets go out, their cells as they are shown. A workbook keeps its
//! words apart from its sheets:
//!
//! ```text
//! xl/workbook.xml              sheet name, relation   in order
//! xl/_rels/workbook.xml.rels   relation, path of the sheet
//! xl/sharedStrings.xml         words by number
//! xl/styles.xml                which numbers are times
//! xl/worksheets/sheet1.xml     row*, row = cell*, cell = place, type, style, value
//! ```
//!
//! A time is read as `h:mm:ss`, a date as `2024-03-05`; comments and formulas are left out,
//! the result of a formula is kept.

use std::collections::BTreeMap;

use quick_xml::events::BytesStart;

use super::Sheet;
use super::archive::{Archive, MAX_MB, part};
use super::xml::{self, Visitor, attribute, local_attribute};
use crate::files::SourceProblem;

/// The most columns that a sheet may have, as in Excel.
const MAX_COLUMNS: usize = 16_384;
/// How many empty cells may stand before a filled one in all; a file may place its cells
/// anywhere, and rows must not become longer than what is in them.
const MAX_GAPS: usize = 2_000_000;

/// Reads the sheets of a workbook.
///
/// # Errors
/// [`SourceProblem`] if a part is damaged or too large.
pub(super) fn sheets(archive: &mut Archive<'_>) -> Result<Vec<Sheet>, SourceProblem> {
    let mut book = Book::default();
    for name in ["xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml"] {
        if let Some(xml) = part(archive, name)? {
            xml::walk(&xml, &mut book)?;
        }
    }
    let workbook = part(archive, "xl/workbook.xml")?.unwrap_or_default();
    xml::walk(&workbook, &mut book)?;
    let mut found = Vec::new();
    for (name, relation) in std::mem::take(&mut book.sheets) {
        let Some(target) = book.targets.get(&relation) else { continue };
        let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        if let Some(xml) = part(archive, &path)? {
            xml::walk(&xml, &mut book)?;
            found.push(Sheet { name, rows: std::mem::take(&mut book.rows) });
        }
        if book.n_bytes > MAX_MB * 1_000_000 {
            return Err(SourceProblem::UnpacksTooLarge(MAX_MB));
        }
    }
    Ok(found)
}

/// A workbook as far as it is read.
#[derive(Default)]
struct Book {
    /// Paths by relation.
    targets: BTreeMap<String, String>,
    /// Names and relations of the sheets.
    sheets: Vec<(String, String)>,
    shared: Vec<String>,
    /// Codes of formats by their numbers.
    formats: BTreeMap<u32, String>,
    /// What numbers are in cells of each style.
    styles: Vec<Shown>,
    is_in_cell_styles: bool,
    rows: Vec<Vec<String>>,
    n_gaps: usize,
    /// Bytes of all cells.
    n_bytes: u64,
    /// The open cell: its type and style.
    kind: String,
    style: usize,
    /// Words of the open cell or shared string.
    words: String,
    takes_words: bool,
}

/// What a number of a cell is shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Number,
    Time,
    Date,
}

/// What a format makes of numbers, by its code.
fn shown_by(code: &str) -> Shown {
    // Words in quotes, colours and units in brackets are no letters of the format.
    let mut bare = String::new();
    let (mut in_quotes, mut in_brackets) = (false, false);
    let is_elapsed = ["[h", "[m", "[s"].iter().any(|it| code.to_ascii_lowercase().contains(it));
    for sign in code.chars() {
        match sign {
            '"' => in_quotes = !in_quotes,
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            sign if !in_quotes && !in_brackets => bare.push(sign.to_ascii_lowercase()),
            _ => {}
        }
    }
    let has = |letters: &[char]| bare.contains(letters);
    if has(&['y', 'd']) {
        Shown::Date
    } else if is_elapsed || has(&['h', 's']) {
        Shown::Time
    } else {
        Shown::Number
    }
}

/// What one of the formats that need no code makes of numbers.
fn shown_by_number(number: u32) -> Option<Shown> {
    match number {
        14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57..=58 => Some(Shown::Date),
        18..=21 | 32..=35 | 45..=47 | 55..=56 => Some(Shown::Time),
        0..=163 => Some(Shown::Number),
        _ => None,
    }
}

/// A number of days as it is shown.
fn show(value: &str, shown: Shown) -> String {
    let days = value.trim().parse::<f64>().ok().filter(|days| (0.0..3_000_000.0).contains(days));
    let (Some(days), false) = (days, shown == Shown::Number) else { return value.to_owned() };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
    let ms = (days * 86_400_000.0).round() as u64;
    let (seconds, rest) = (ms / 1000, ms % 1000);
    if shown == Shown::Time {
        let clock = format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        return if rest == 0 { clock } else { format!("{clock}.{rest:03}") };
    }
    let (year, month, day) = date_of(seconds / 86_400);
    let date = format!("{year:04}-{month:02}-{day:02}");
    match seconds % 86_400 {
        0 => date,
        of_day => format!("{date} {:02}:{:02}", of_day / 3600, of_day / 60 % 60),
    }
}

/// The date of a day, counted from 30 December 1899, after H. Hinnant's `civil_from_days`.
fn date_of(day: u64) -> (u64, u64, u64) {
    // 693,899 days lie between 1 March of the year 0 and that day.
    let shifted = day + 693_899;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// The column, from 0, of a place such as `AB12`.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_uppercase);
    let number =
        letters.take(4).fold(0_usize, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1);
    number.checked_sub(1).filter(|&column| column < MAX_COLUMNS)
}

impl Book {
    /// Makes place for a cell and opens it.
    fn open_cell(&mut self, tag: &BytesStart<'_>) {
        let Some(row) = self.rows.last_mut() else { return };
        let column = attribute(tag, "r").and_then(|place| column_of(&place)).unwrap_or(row.len());
        let n_gaps = column.saturating_sub(row.len());
        self.n_gaps += n_gaps;
        if self.n_gaps <= MAX_GAPS {
            row.extend(std::iter::repeat_n(String::new(), n_gaps));
        }
        self.kind = attribute(tag, "t").unwrap_or_default();
        self.style = attribute(tag, "s").and_then(|it| it.parse().ok()).unwrap_or(0);
        self.words.clear();
    }

    fn close_cell(&mut self) {
        let value = std::mem::take(&mut self.words);
        let shown = self.styles.get(self.style).copied().unwrap_or(Shown::Number);
        let words = match self.kind.as_str() {
            "s" => {
                let at = value.trim().parse::<usize>().ok();
                at.and_then(|at| self.shared.get(at)).cloned().unwrap_or_default()
            }
            "b" => (if value.trim() == "1" { "TRUE" } else { "FALSE" }).to_owned(),
            "" | "n" => show(&value, shown),
            _ => value,
        };
        // A few long words may be shown in millions of cells.
        self.n_bytes = self.n_bytes.saturating_add(words.len() as u64);
        if let Some(row) = self.rows.last_mut().filter(|_| self.n_bytes <= MAX_MB * 1_000_000) {
            row.push(words);
        }
    }
}

impl Visitor for Book {
    fn open(&mut self, name: &str, tag: &BytesStart<'_>) -> bool {
        match name {
            "Relationship" => {
                self.targets.extend(attribute(tag, "Id").zip(attribute(tag, "Target")));
            }
            "sheet" => {
                let named = attribute(tag, "name").unwrap_or_default();
                self.sheets.extend(local_attribute(tag, "id").map(|id| (named, id)));
            }
            "numFmt" => {
                let number = attribute(tag, "numFmtId").and_then(|it| it.parse().ok());
                self.formats.extend(number.zip(attribute(tag, "formatCode")));
            }
            "cellXfs" => self.is_in_cell_styles = true,
            "xf" if self.is_in_cell_styles => {
                let number = attribute(tag, "numFmtId").and_then(|it| it.parse().ok()).unwrap_or(0);
                let by_code = self.formats.get(&number).map(|code| shown_by(code));
                let shown = by_code.or_else(|| shown_by_number(number));
                self.styles.push(shown.unwrap_or(Shown::Number));
            }
            "si" => self.words.clear(),
            // How words are pronounced, and formulas.
            "rPh" | "f" => return false,
            "row" => self.rows.push(Vec::new()),
            "c" => self.open_cell(tag),
            "t" | "v" => self.takes_words = true,
            _ => {}
        }
        true
    }

    fn close(&mut self, name: &str) {
        match name {
            "cellXfs" => self.is_in_cell_styles = false,
            "si" => self.shared.push(std::mem::take(&mut self.words)),
            "c" => self.close_cell(),
            "t" | "v" => self.takes_words = false,
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if self.takes_words {
            self.words.push_str(words);
        }
    }
}

#[cfg(test)]
mod tests;
