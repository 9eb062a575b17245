//! The table of somebody who codes apart: a stretch of lines with a code a row.
//!
//! ```text
//! transcript,lines,code
//! participants/P07,112-118,Joining > No travel
//! P08,12,No travel
//! ```
//!
//! Lines are those that are shown with a transcript, from 1; codes are those of the
//! codebook, by name or path, or new ones. A row without code says that the
//! transcript was read and nothing found in it. What comes in with a column `coder`
//! was coded by whom it names; all else by whom the file is named after.

use super::ExchangeError;
use super::columns::{CODE, CODER, LINES, SOURCE, Table, cell};
use crate::base::{Diagnostic, Lines, Remedy};
use crate::codebook::edit::checked_name;
use crate::codebook::{Codebook, CodebookError, PATH_SEPARATOR};
use crate::files::tables::Row;

/// A row of a table of codings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodedLines {
    /// The line of the file that has it, from 1.
    pub line: usize,
    /// The transcript, as the file names it.
    pub transcript: String,
    /// Its lines, as they are written; see [`lines`](Self::lines).
    pub said: String,
    /// The code, by name or path; may be empty.
    pub code: String,
    /// Who coded; may be empty.
    pub coder: String,
}

impl CodedLines {
    /// The lines that were coded.
    ///
    /// # Errors
    /// A [`Diagnostic`] of this row if they are none.
    pub fn lines(&self) -> Result<Lines, Diagnostic> {
        parse_lines(&self.said).ok_or_else(|| {
            Diagnostic::new(format!("`{}` is not a line or a range of lines", self.said))
                .on_line(self.line)
                .with(Remedy::new("write two numbers from 1, such as 112-118, or one"))
        })
    }

    /// The path of its code from the root: of the code that `codebook` has under
    /// this name, path or number, else as it is written.
    ///
    /// # Errors
    /// [`CodebookError`] if several codes have the name, or none can have it.
    pub fn path(&self, codebook: &Codebook) -> Result<Vec<String>, CodebookError> {
        match codebook.code_named(&self.code) {
            Ok(code) => {
                let path = codebook.path(code.id);
                Ok(path.split(PATH_SEPARATOR).map(str::to_owned).collect())
            }
            Err(CodebookError::Unknown { .. }) if !self.code.starts_with('#') => {
                self.code.split('>').map(checked_name).collect()
            }
            Err(error) => Err(error),
        }
    }
}

/// `112-118`, `112–118` or `112`.
fn parse_lines(text: &str) -> Option<Lines> {
    let (first, last) = text.split_once(['-', '–']).unwrap_or((text, text));
    let number = |part: &str| part.trim().parse::<u32>().ok().filter(|&n| n > 0);
    let lines = Lines { first: number(first)?, last: number(last)? };
    (lines.first <= lines.last).then_some(lines)
}

/// Reads a table of codings.
///
/// # Errors
/// [`ExchangeError::BadTable`] if it is none.
pub fn read(bytes: &[u8]) -> Result<Vec<CodedLines>, ExchangeError> {
    rows(&Table::read(bytes)?).ok_or_else(|| ExchangeError::BadTable {
        problem: "a table of codings has the columns transcript, lines and code".to_owned(),
        advice: "write them into its first line",
    })
}

/// The rows of a table of codings; `None` if it is a table of another kind.
pub(super) fn rows(table: &Table) -> Option<Vec<CodedLines>> {
    let transcript = Some(table.column(SOURCE)?);
    let (lines, code) = (Some(table.column(LINES)?), Some(table.column(CODE)?));
    let coder = table.column(CODER);
    let row = |row: &Row| CodedLines {
        line: row.line,
        transcript: cell(row, transcript).to_owned(),
        said: cell(row, lines).to_owned(),
        code: cell(row, code).to_owned(),
        coder: cell(row, coder).to_owned(),
    };
    Some(table.rows.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codebook::{CodeKind, edit};

    #[test]
    fn a_table_of_codings_is_read_whatever_its_columns_are_called() {
        let rows = read(b"Lines;Code;Transcript;Coder\n 12-14 ;A > B; P01 ;Ann\n7;;P02\n").unwrap();
        let row = |line, transcript: &str, said: &str, code: &str, coder: &str| CodedLines {
            line,
            transcript: transcript.to_owned(),
            said: said.to_owned(),
            code: code.to_owned(),
            coder: coder.to_owned(),
        };
        assert_eq!(rows, [row(2, "P01", "12-14", "A > B", "Ann"), row(3, "P02", "7", "", "")]);
        assert!(read(b"transcript,code\nP01,A\n").is_err());
    }

    #[test]
    fn lines_are_two_numbers_or_one() {
        let lines = |first, last| Some(Lines { first, last });
        assert_eq!(parse_lines("112-118"), lines(112, 118));
        assert_eq!(parse_lines("112 – 118"), lines(112, 118));
        assert_eq!(parse_lines("12"), lines(12, 12));
        for text in ["", "0", "5-4", "4-", "a", "-3", "1-2-3"] {
            assert_eq!(parse_lines(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_is_that_of_the_codebook_or_a_new_one() {
        let mut codebook = Codebook::default();
        edit::put_code_at(&mut codebook, &["A", "B"], CodeKind::Code).unwrap();
        let path = |code: &str| {
            let row = read(format!("transcript,lines,code\nP01,1,{code}\n").as_bytes()).unwrap();
            row[0].path(&codebook).ok()
        };
        let names = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
        assert_eq!(path("b"), names(&["A", "B"]));
        assert_eq!(path("#2"), names(&["A", "B"]));
        assert_eq!(path("A >  C"), names(&["A", "C"]));
        assert_eq!(path("#7"), None);
        assert_eq!(path("A > "), None);
    }
}
