//! A study as tidy tables: one row one observation, typed columns, ids that join.
//!
//! [`DataAnswer`], as it is shown, comes in; a folder of files goes out: a file a table,
//! `README.md` and `datapackage.json`, which says the same for programs
//! (<https://datapackage.org>). Each column is declared once, in `tables`, with its name,
//! what it means and its values: files and descriptions are made of that.
//!
//! Texts are verbatim. No cell gets an apostrophe in front, as the tables for spreadsheets
//! do: what R and Python read must be what was said.

#[cfg(feature = "python")]
mod arrow;
mod describe;
mod parquet;
mod tables;

use std::collections::BTreeSet;
use std::io;

use crate::answers::{DataAnswer, GivenName, ThemeAnswer};

pub use tables::{candidates, tables};

/// The version of the tables: raised when a table or column is renamed, taken away or means
/// something else; new ones do not raise it.
pub const TABLES_VERSION: u32 = 1;

/// The file that tells people what the tables hold.
const README: &str = "README.md";
/// The file that tells programs.
const PACKAGE: &str = "datapackage.json";

/// How the tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FileFormat {
    /// Text, a line a row; UTF-8, decimal points, an empty cell where nothing is known.
    #[default]
    Csv,
    /// Typed and compressed columns.
    Parquet,
}

impl FileFormat {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// Who made what a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeBy {
    /// It stands in the transcripts and in `cases.csv`.
    Study,
    /// The program suggests it.
    Program,
    /// People decided it.
    People,
}

/// A table: columns of one length. What one is of people's and what the program suggests are
/// never rows of one table, unless a column says which.
#[derive(Debug, Clone, PartialEq)]
pub struct TidyTable {
    /// The name of its file, without ending.
    pub name: &'static str,
    /// What a row is, in a sentence.
    pub about: &'static str,
    /// Who made it.
    pub made_by: MadeBy,
    /// The columns that are different in every row.
    pub key: &'static [&'static str],
    /// Columns with the table and the column that they point to.
    pub links: &'static [(&'static str, &'static str, &'static str)],
    /// The columns.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it means.
    pub about: String,
    /// Its values, a row each.
    pub values: Values,
}

/// The values of a column; `None` where nothing is known or nothing fits.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Words.
    Text(Vec<Option<String>>),
    /// Whole numbers.
    Whole(Vec<Option<i64>>),
    /// Numbers.
    Number(Vec<Option<f64>>),
    /// Yes or no.
    Flag(Vec<Option<bool>>),
}

impl Values {
    /// How many rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Whole(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Flag(values) => values.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A value as CSV writes it.
    fn cell(&self, row: usize) -> String {
        fn or_empty<T>(value: Option<&T>, write: impl Fn(&T) -> String) -> String {
            value.map_or_else(String::new, write)
        }
        match self {
            Self::Text(values) => values[row].clone().unwrap_or_default(),
            Self::Whole(values) => or_empty(values[row].as_ref(), i64::to_string),
            // `1.0`, so that readers take a column of them for numbers with a point.
            Self::Number(values) => or_empty(values[row].as_ref(), |value| format!("{value:?}")),
            Self::Flag(values) => or_empty(values[row].as_ref(), bool::to_string),
        }
    }
}

impl TidyTable {
    /// How many rows it has.
    pub fn n_rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// Writes it as CSV.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_csv(&self, out: impl io::Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(self.columns.iter().map(|column| &column.name))?;
        for row in 0..self.n_rows() {
            writer.write_record(self.columns.iter().map(|column| column.values.cell(row)))?;
        }
        writer.flush()
    }

    fn bytes(&self, format: FileFormat) -> io::Result<Vec<u8>> {
        match format {
            FileFormat::Csv => {
                let mut bytes = Vec::new();
                self.write_csv(&mut bytes)?;
                Ok(bytes)
            }
            FileFormat::Parquet => parquet::bytes(self),
        }
    }
}

/// The files of a folder of tables, with their names. `is_hiding` tells whether names are
/// replaced by pseudonyms in `data`.
///
/// # Errors
/// If a table cannot be written.
pub fn files(
    data: &DataAnswer,
    format: FileFormat,
    is_hiding: bool,
) -> io::Result<Vec<(String, Vec<u8>)>> {
    let tables = tables(data);
    let mut files = Vec::with_capacity(tables.len() + 2);
    files.push((README.to_owned(), describe::readme(data, &tables, format, is_hiding)));
    files.push((PACKAGE.to_owned(), describe::package(data, &tables, format)));
    for table in &tables {
        files.push((format!("{}.{}", table.name, format.ending()), table.bytes(format)?));
    }
    Ok(files)
}

/// How many tables there are.
pub fn n_tables() -> usize {
    tables(&DataAnswer::default()).len()
}

/// Whether a file is one that [`files`] writes, by its name.
pub fn is_ours(name: &str) -> bool {
    let stem = name.strip_suffix(".csv").or_else(|| name.strip_suffix(".parquet"));
    let is_table = |stem| tables(&DataAnswer::default()).iter().any(|table| table.name == stem);
    [README, PACKAGE].contains(&name) || stem.is_some_and(is_table)
}

/// A name under which two transcripts or two cases are shown, with what they are: rows about
/// them could not be told apart.
pub fn same_names(data: &DataAnswer) -> Option<(&'static str, String)> {
    fn twice<'a>(mut names: impl Iterator<Item = &'a String>) -> Option<String> {
        let mut seen = BTreeSet::new();
        names.find(|name| !seen.insert(*name)).cloned()
    }
    let transcript = twice(data.transcripts.iter().map(|transcript| &transcript.id));
    let case = twice(data.cases.iter().map(|case| &case.case.id));
    let is_of = |what| move |name| (what, name);
    transcript.map(is_of("transcripts")).or_else(|| case.map(is_of("cases")))
}

/// What stands for a candidate: `3`, and `3.2` for the second code under it.
fn candidate_id(theme: usize, code: Option<usize>) -> String {
    code.map_or_else(|| theme.to_string(), |code| format!("{theme}.{code}"))
}

/// The candidates in the order of the list: each theme, then its codes.
fn in_order(themes: &[ThemeAnswer]) -> impl Iterator<Item = (usize, Option<usize>, &ThemeAnswer)> {
    themes.iter().flat_map(|theme| {
        let codes = theme.codes.iter().map(|code| (theme.id, Some(code.id), code));
        std::iter::once((theme.id, None, theme)).chain(codes)
    })
}

/// The name that a program gave to a candidate.
fn given_name(names: &[GivenName], theme: usize, code: Option<usize>) -> Option<String> {
    names.iter().find(|name| name.is_of(theme, code)).map(|name| name.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of every type, with a value and with none.
    pub(super) fn example() -> TidyTable {
        let column =
            |name: &str, values| Column { name: name.to_owned(), about: String::new(), values };
        TidyTable {
            name: "passages",
            about: "",
            made_by: MadeBy::Study,
            key: &[],
            links: &[],
            columns: vec![
                column("text", Values::Text(vec![Some("=1, \"he\"\nsaid".to_owned()), None])),
                column("weight", Values::Number(vec![Some(1.0), Some(0.82)])),
                column("is_counted", Values::Flag(vec![Some(true), None])),
                column("n", Values::Whole(vec![None, Some(3)])),
            ],
        }
    }

    #[test]
    fn cells_are_verbatim_and_empty_where_nothing_is_known() {
        let table = example();
        let mut bytes = Vec::new();
        table.write_csv(&mut bytes).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "text,weight,is_counted,n\n\"=1, \"\"he\"\"\nsaid\",1.0,true,\n,0.82,,3\n"
        );
    }

    #[test]
    fn only_files_of_an_export_are_ours() {
        assert!(is_ours("README.md") && is_ours("passages.csv") && is_ours("codes.parquet"));
        assert!(!is_ours("readme.md") && !is_ours("letters.csv") && !is_ours("passages.docx"));
    }
}
