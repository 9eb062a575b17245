//! What the tables hold, for people (Markdown) and for programs (a Data Package).

use serde_json::{Map, Value, json};

use super::{Column, FileFormat, MadeBy, TABLES_VERSION, TidyTable, Values};
use crate::answers::DataAnswer;
use crate::base::count;

impl MadeBy {
    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Program => "program",
            Self::People => "people",
        }
    }

    /// The heading over tables of this kind, and what holds of them.
    fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Study => ("The study", "What stands in the transcripts and in `cases.csv`."),
            Self::Program => (
                "Suggested by the program",
                "Nobody has decided this, except where `state` is accepted.",
            ),
            Self::People => (
                "Decided by people",
                "What the program proposed is here only where a person accepted it; \
                 `is_proposed` tells.",
            ),
        }
    }
}

impl Column {
    /// Its type, as Data Packages name it.
    pub fn kind(&self) -> &'static str {
        match self.values {
            Values::Text(_) => "string",
            Values::Whole(_) => "integer",
            Values::Number(_) => "number",
            Values::Flag(_) => "boolean",
        }
    }
}

/// The README of a folder of tables.
pub(super) fn readme(
    data: &DataAnswer,
    tables: &[TidyTable],
    format: FileFormat,
    is_hiding: bool,
) -> Vec<u8> {
    let ending = format.ending();
    let names = if is_hiding {
        "Names are replaced by pseudonyms."
    } else {
        "Names are as they were said: no pseudonyms are in use."
    };
    let version = data.themes.version.map_or_else(
        || "a list that is not kept".to_owned(),
        |version| format!("version {version}"),
    );
    let mut parts = vec![format!(
        "# Tables of the study {}\n\nWritten by Leitmotif {} (tables version {TABLES_VERSION}). The \
         candidates are those of {version}. {names}\n\n{}",
        data.study,
        env!("CARGO_PKG_VERSION"),
        rules(format),
    )];
    for made_by in [MadeBy::Study, MadeBy::Program, MadeBy::People] {
        let (heading, holds) = made_by.told();
        parts.push(format!("## {heading}\n\n{holds}\n\n"));
        let made = tables.iter().filter(|table| table.made_by == made_by);
        parts.extend(made.map(|table| about(table, ending)));
    }
    let (python, r) = examples(format);
    parts.push(format!(
        "## In Python and R\n\n\
         How many participants say each candidate, counted again from the evidence:\n\n\
         ```python\nimport pandas as pd\n\nevidence = {python}\n{PYTHON}\n```\n\n\
         ```r\nevidence <- {r}\n{R}\n```\n",
    ));
    parts.concat().into_bytes()
}

/// How values are written.
fn rules(format: FileFormat) -> &'static str {
    match format {
        FileFormat::Parquet => {
            "Every column has its type, and a value may be absent where nothing is known or \
             nothing fits. Texts are verbatim. `datapackage.json` describes the same columns for \
             programs.\n\n"
        }
        FileFormat::Csv => {
            "Files are UTF-8, with commas, decimal points, and `true` or `false`. An empty cell \
             means that nothing is known or nothing fits. Texts are verbatim: a cell may begin \
             with `=` or `-`, so open these files in R, Python or a database. For a spreadsheet, \
             `leitmotif export report.xlsx` is safer. `datapackage.json` describes the same \
             columns for programs.\n\n"
        }
    }
}

/// How the table of evidence is read in Python and in R.
fn examples(format: FileFormat) -> (&'static str, &'static str) {
    match format {
        FileFormat::Csv => (
            "pd.read_csv(\"evidence.csv\", dtype={\"candidate\": str})",
            "read.csv(\"evidence.csv\", colClasses = c(candidate = \"character\"))",
        ),
        FileFormat::Parquet => {
            ("pd.read_parquet(\"evidence.parquet\")", "arrow::read_parquet(\"evidence.parquet\")")
        }
    }
}

const PYTHON: &str = "said = evidence[evidence[\"kind\"] == \"evidence\"]\n\
    print(said.groupby(\"candidate\")[\"case\"].nunique())";

const R: &str = "said <- unique(subset(evidence, kind == \"evidence\")[c(\"candidate\", \"case\")])\n\
    table(said$candidate)";

/// A table in words, with its columns.
fn about(table: &TidyTable, ending: &str) -> String {
    let rows = count(table.n_rows() as u64, "row");
    let row = |column: &Column| {
        let link = table.links.iter().find(|(name, ..)| *name == column.name);
        let joins =
            link.map_or_else(String::new, |(_, other, of)| format!(" Joins `{other}.{of}`."));
        let key = if table.key.contains(&column.name.as_str()) { " (key)" } else { "" };
        // A line or a bar in the name of an attribute would break the table.
        let name = column.name.replace(['|', '\n', '\r', '`'], " ");
        let meaning = column.about.replace(['|', '\n', '\r'], " ");
        format!("| `{name}`{key} | {} | {meaning}{joins} |\n", column.kind())
    };
    let columns: String = table.columns.iter().map(row).collect();
    format!(
        "### {}.{ending}\n\n{} It has {rows}.\n\n| Column | Type | Meaning |\n| --- | --- | --- |\n\
         {columns}\n",
        table.name, table.about,
    )
}

/// The description of the tables for programs.
///
/// # Source
/// <https://specs.frictionlessdata.io/tabular-data-package/>
pub(super) fn package(data: &DataAnswer, tables: &[TidyTable], format: FileFormat) -> Vec<u8> {
    let package = json!({
        "profile": "data-package",
        "name": "leitmotif-tables",
        "title": data.study,
        "description": "Tables of a Leitmotif study; README.md explains them.",
        "leitmotif": {
            "version": env!("CARGO_PKG_VERSION"),
            "tables_version": TABLES_VERSION,
            "themes_version": data.themes.version,
        },
        "resources": tables.iter().map(|table| resource(table, format)).collect::<Vec<_>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&package).expect("text and numbers can be written");
    bytes.push(b'\n');
    bytes
}

fn resource(table: &TidyTable, format: FileFormat) -> Value {
    let field = |column: &Column| {
        let mut field = Map::new();
        field.insert("name".to_owned(), json!(column.name));
        field.insert("type".to_owned(), json!(column.kind()));
        field.insert("description".to_owned(), json!(column.about));
        if table.key.contains(&column.name.as_str()) {
            field.insert("constraints".to_owned(), json!({ "required": true }));
        }
        field
    };
    let link = |(column, other, of): &(&str, &str, &str)| {
        // A table that points to itself has an empty name, by the specification.
        let other = if *other == table.name { "" } else { other };
        json!({ "fields": column, "reference": { "resource": other, "fields": of } })
    };
    json!({
        "profile": match format {
            FileFormat::Csv => "tabular-data-resource",
            FileFormat::Parquet => "data-resource",
        },
        "name": table.name,
        "path": format!("{}.{}", table.name, format.ending()),
        "description": table.about,
        "format": format.ending(),
        "schema": {
            "fields": table.columns.iter().map(field).collect::<Vec<_>>(),
            "primaryKey": table.key,
            "foreignKeys": table.links.iter().map(link).collect::<Vec<_>>(),
            "missingValues": [""],
        },
    })
}
