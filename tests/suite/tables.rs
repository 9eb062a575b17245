//! A study as tables: every number is that of other answers, ids join, and nothing that is
//! there is written over.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{Folder, skipped};
use crate::propose;

type Row = BTreeMap<String, String>;

fn rows(folder: &Path, table: &str) -> Vec<Row> {
    csv::Reader::from_path(folder.join(format!("{table}.csv")))
        .unwrap()
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Writes the tables of a study into a folder of `desk`.
fn export(folder: &Folder, desk: &Folder, more: &[&str]) -> std::path::PathBuf {
    let path = desk.path().join("tables");
    folder.answer(&[&["export", "tables", path.to_str().unwrap()], more].concat());
    path
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}

/// How many rows there are of each value of a column.
fn counts<'a>(rows: impl IntoIterator<Item = &'a Row>, column: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row[column].clone()).or_default() += 1;
    }
    counts
}

/// The candidates of an answer with their ids in tables.
fn candidates(answer: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    for theme in answer["themes"].as_array().unwrap() {
        found.push((theme["id"].to_string(), theme));
        for code in theme["subthemes"].as_array().unwrap() {
            found.push((format!("{}.{}", theme["id"], code["id"]), code));
        }
    }
    found
}

#[test]
fn every_number_is_that_of_themes() {
    let (folder, desk) = (Folder::sample(), Folder::new());
    folder.answer(&["theme", "accept", "2", "--as", "Second"]);
    let answer = json(&folder.answer(&["themes", "--format", "json"]));
    let path = export(&folder, &desk, &[]);
    let listed = rows(&path, "candidates");
    let known = candidates(&answer);
    assert_eq!(listed.len(), known.len());
    assert!(known.iter().any(|(id, _)| id.contains('.')), "a code under a theme");
    let evidence = rows(&path, "evidence");
    let said: Vec<&Row> = evidence.iter().filter(|row| row["kind"] == "evidence").collect();
    let beside: Vec<&Row> = evidence.iter().filter(|row| row["kind"] == "context").collect();
    let people = rows(&path, "participants_candidates");
    let say = |id: &str| {
        people.iter().filter(|row| row["candidate"] == id && row["says_it"] == "true").count()
    };
    let (n_said, n_beside) =
        (counts(said.iter().copied(), "candidate"), counts(beside.iter().copied(), "candidate"));
    let all_terms = rows(&path, "terms");
    let groups = rows(&path, "groups");
    for (row, (id, theme)) in listed.iter().zip(&known) {
        assert_eq!(&row["candidate"], id);
        assert_eq!(row["label"], theme["label"].as_str().unwrap());
        let is_accepted = !theme["accepted"].is_null();
        assert_eq!(row["state"], if is_accepted { "accepted" } else { "suggested" });
        for (column, value) in [
            ("n_passages", &theme["n_passages"]),
            ("n_cases", &theme["n_cases"]),
            ("of_cases", &theme["of_cases"]),
            ("n_passages_in_context", &theme["in_context"]["n_passages"]),
            ("n_cases_in_context", &theme["in_context"]["n_cases"]),
            ("low", &theme["interval"]["low"]),
            ("high", &theme["interval"]["high"]),
            ("largest_share", &theme["largest_share"]),
            ("position", &theme["position"]),
            ("from_questions", &theme["from_questions"]),
            ("stability", &theme["stability"]),
        ] {
            match value.as_f64() {
                Some(value) => {
                    assert!((number(row, column) - value).abs() < 1e-6, "{id} {column}: {row:?}");
                }
                None => assert_eq!(row[column], "", "{id} {column}"),
            }
        }
        // The same numbers, counted again from the other tables.
        let n = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        assert_eq!(n_said.get(id).copied().unwrap_or(0), n(&theme["n_passages"]), "{id}");
        let n_context = n(&theme["in_context"]["n_passages"]);
        assert_eq!(n_beside.get(id).copied().unwrap_or(0), n_context, "{id}");
        assert_eq!(say(id), n(&theme["n_cases"]), "{id}");
        let of_cases = people.iter().filter(|row| &row["candidate"] == id).count();
        assert_eq!(of_cases, n(&theme["of_cases"]));
        let terms: Vec<&str> = all_terms
            .iter()
            .filter(|row| &row["candidate"] == id)
            .map(|row| row["term"].as_str())
            .collect();
        let known: Vec<&str> = theme["terms"]
            .as_array()
            .unwrap()
            .iter()
            .map(|term| term["term"].as_str().unwrap())
            .collect();
        assert_eq!(terms, known);
        for group in theme["groups"].as_array().unwrap() {
            let is_it = |row: &&Row| &row["candidate"] == id && row["group"] == group["name"];
            let row = groups.iter().find(is_it).unwrap();
            assert_eq!(row["n_cases"], group["n_cases"].to_string());
        }
    }
    // Each passage that counts is one of the answer, in its order, with the same themes.
    let passages = rows(&path, "passages");
    let counted: Vec<&Row> = passages.iter().filter(|row| row["is_counted"] == "true").collect();
    let listed = answer["passages"].as_array().unwrap();
    assert_eq!(counted.len(), listed.len());
    let mut of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in said.iter().filter(|row| !row["candidate"].contains('.')) {
        of.entry(row["passage"].as_str()).or_default().insert(row["candidate"].as_str());
    }
    for (row, known) in counted.iter().zip(listed) {
        assert_eq!(row["transcript"], known["transcript"].as_str().unwrap());
        assert_eq!(row["first_line"], known["lines"][0].to_string());
        let themes: BTreeSet<String> =
            known["evidence"].as_array().unwrap().iter().map(Value::to_string).collect();
        let told = of.get(row["passage"].as_str()).cloned().unwrap_or_default();
        assert_eq!(told.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), themes);
        if let Some(theme) = known["theme"].as_u64() {
            let is_it =
                |it: &&Row| it["passage"] == row["passage"] && it["candidate"] == theme.to_string();
            let place = evidence.iter().find(is_it).unwrap();
            assert!((number(place, "weight") - known["weight"].as_f64().unwrap()).abs() < 1e-6);
        }
    }
    // The table of `themes` is the same one.
    let table = folder.answer(&["themes", "--format", "csv"]);
    assert_eq!(fs::read_to_string(path.join("candidates.csv")).unwrap(), table);
}

/// A coded study with two groups and two themes.
fn coded() -> Folder {
    let folder = propose::coded().asking_for(2);
    let rows = "Ann,north\nBo,north\nCid,north\nDora,south\nEve,south\nFay,south\n";
    folder.write("cases.csv", format!("transcript,group\n{rows}"));
    folder
}

#[test]
fn ids_are_unique_and_join() {
    let (folder, desk) = (coded(), Folder::new());
    let path = export(&folder, &desk, &[]);
    let package = json(&fs::read_to_string(path.join("datapackage.json")).unwrap());
    let resources = package["resources"].as_array().unwrap();
    let mut n_links = 0;
    for resource in resources {
        let name = resource["name"].as_str().unwrap();
        let table = rows(&path, name);
        assert!(!table.is_empty(), "{name} has no row");
        let key: Vec<&str> = resource["schema"]["primaryKey"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| column.as_str().unwrap())
            .collect();
        let keys: BTreeSet<Vec<&String>> =
            table.iter().map(|row| key.iter().map(|column| &row[*column]).collect()).collect();
        assert_eq!(keys.len(), table.len(), "{name}");
        for link in resource["schema"]["foreignKeys"].as_array().unwrap() {
            let (column, to) = (link["fields"].as_str().unwrap(), &link["reference"]);
            let other = Some(to["resource"].as_str().unwrap()).filter(|other| !other.is_empty());
            let other = rows(&path, other.unwrap_or(name));
            let known: BTreeSet<&String> =
                other.iter().map(|row| &row[to["fields"].as_str().unwrap()]).collect();
            for row in table.iter().filter(|row| !row[column].is_empty()) {
                assert!(known.contains(&row[column]), "{name}.{column}: {row:?}");
                n_links += 1;
            }
        }
        // What the file holds is what is described, in this order.
        let head = csv::Reader::from_path(path.join(resource["path"].as_str().unwrap()))
            .unwrap()
            .headers()
            .unwrap()
            .clone();
        let fields = resource["schema"]["fields"].as_array().unwrap();
        assert!(head.iter().eq(fields.iter().map(|field| field["name"].as_str().unwrap())));
        let readme = fs::read_to_string(path.join("README.md")).unwrap();
        for field in fields {
            assert!(readme.contains(field["description"].as_str().unwrap()), "{name}: {field}");
        }
    }
    assert!(n_links > 100, "{n_links}");
}

#[test]
fn what_people_coded_is_apart_and_counts_as_in_the_codebook() {
    let (folder, desk) = (propose::coded(), Folder::new());
    propose::proposals(&folder, &[]);
    propose::act(&folder, &["propose", "accept", "1"]);
    folder.answer(&["code", "add", "Tea", "--under", "Company"]);
    let path = export(&folder, &desk, &[]);
    let codebook = json(&folder.answer(&["codebook", "--format", "json"]));
    let people = rows(&path, "participants_codes");
    let listed = rows(&path, "codes");
    assert_eq!(listed.len(), codebook.as_array().unwrap().len());
    for (row, code) in listed.iter().zip(codebook.as_array().unwrap()) {
        for column in ["n_quotations", "n_stale", "n_cases", "of_cases"] {
            assert_eq!(row[column], code[column].to_string(), "{column}");
        }
        let is_quoted = |it: &&Row| it["code"] == row["code"] && it["is_quoted"] == "true";
        assert_eq!(people.iter().filter(is_quoted).count().to_string(), row["n_cases"]);
    }
    // One coding came from a proposal, and says so; all others were found by the coder.
    let codings = rows(&path, "codings");
    let proposed = counts(&codings, "is_proposed");
    assert_eq!((proposed["true"], proposed["false"]), (1, 6), "{codings:?}");
    // What no code covers is what joins with no quotation.
    let quoted: BTreeSet<String> =
        rows(&path, "quoted_passages").into_iter().map(|row| row["passage"].clone()).collect();
    let passages = rows(&path, "passages");
    let left = passages
        .iter()
        .filter(|row| row["is_counted"] == "true" && !quoted.contains(&row["passage"]));
    let answer = json(&folder.answer(&["themes", "--format", "json"]));
    assert_eq!(left.count().to_string(), answer["uncoded"]["n_passages"].to_string());
    // Words of quotations and passages are those of the transcripts.
    let text = fs::read_to_string(folder.path().join("Ann.txt")).unwrap();
    for row in rows(&path, "quotations").iter().chain(&passages) {
        assert!(row["transcript"] != "Ann" || text.contains(&row["text"]), "{row:?}");
    }
}

/// All files of a folder by name.
fn files(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(path).unwrap().map(Result::unwrap);
    let file = |entry: fs::DirEntry| {
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
    };
    entries.map(file).collect()
}

#[test]
fn threads_do_not_change_a_table() {
    let (folder, desk, other) = (coded(), Folder::new(), Folder::new());
    let one = files(&export(&folder, &desk, &["--threads", "1"]));
    assert!(one.len() > 10);
    assert_eq!(one, files(&export(&folder, &other, &["--threads", "4"])));
}

#[test]
fn nothing_is_written_over_and_nothing_is_left_half() {
    let (folder, desk) = (propose::study(), Folder::new());
    let path = export(&folder, &desk, &[]);
    let before = files(&path);
    let again = |more: &[&str]| {
        let ran = folder.run(&[&["export", "tables", path.to_str().unwrap()], more].concat());
        (ran.code, ran.err)
    };
    let (code, err) = again(&[]);
    assert!(code == 2 && err.contains("--overwrite"), "{err}");
    fs::write(path.join("terms.csv"), "old").unwrap();
    assert_eq!(again(&["--overwrite"]), (0, String::new()));
    assert_eq!(files(&path), before);
    // A folder with anything else in it is somebody's own.
    fs::write(path.join("notes.txt"), "mine").unwrap();
    let (code, err) = again(&["--overwrite"]);
    assert!(code == 2 && err.contains("notes.txt") && err.contains("hint: "), "{err}");
    assert_eq!(fs::read(path.join("notes.txt")).unwrap(), b"mine");
    // Nor does anything go into the study, and no folder is left beside.
    let ran = folder.run(&["export", "tables", folder.path().join("out").to_str().unwrap()]);
    assert!(ran.code == 2 && ran.err.contains("inside the study"), "{}", ran.err);
    assert_eq!(fs::read_dir(desk.path()).unwrap().count(), 1);
}

#[test]
fn two_people_under_one_pseudonym_are_refused() {
    let (folder, desk) = (propose::study(), Folder::new());
    folder.write(
        ".leitmotif/pseudonyms.csv",
        "name,pseudonym,rule\nAnn,Somebody,\nBo,Somebody,\nCid,C3,\n",
    );
    let path = desk.path().join("tables");
    let ran = folder.run(&["export", "tables", path.to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("both shown as `Somebody`") && ran.err.contains("hint: "),
        "{}",
        ran.err
    );
    assert!(!path.exists());
    // With a pseudonym each there is no name in any file.
    folder.write(
        ".leitmotif/pseudonyms.csv",
        "name,pseudonym,rule\nAnn,A1,\nBo,B2,\nCid,C3,\nDora,D4,\nEve,E5,\nFay,F6,\n",
    );
    assert!(folder.run(&["export", "tables", path.to_str().unwrap()]).code < 2);
    for (name, bytes) in files(&path) {
        let text = String::from_utf8(bytes).unwrap();
        for hidden in ["Ann", "Bo,", "Bo#", "Cid", "Dora", "Eve", "Fay"] {
            assert!(!text.contains(hidden), "{name} shows {hidden}:\n{text}");
        }
    }
}

#[test]
fn the_columns_are_a_contract() {
    let (folder, desk) = (propose::coded(), Folder::new());
    folder.write("cases.csv", "transcript,age,ward,Case (old)\nAnn,41,007,x\nBo,,12,\n");
    let path = export(&folder, &desk, &[]);
    let package = json(&fs::read_to_string(path.join("datapackage.json")).unwrap());
    let mut told = format!("tables version {}\n", package["leitmotif"]["tables_version"]);
    for resource in package["resources"].as_array().unwrap() {
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let fields: Vec<String> = fields
            .iter()
            .map(|field| format!("{} {}", text(&field["name"]), text(&field["type"])))
            .collect();
        told += &format!("{}: {}\n", text(&resource["path"]), fields.join(", "));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn parquet_holds_what_csv_holds() {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::Field;

    let (folder, desk, other) = (coded(), Folder::new(), Folder::new());
    let (csv, typed) =
        (export(&folder, &desk, &[]), export(&folder, &other, &["--format", "parquet"]));
    let names: Vec<String> = files(&csv).into_keys().filter(|name| name.ends_with("csv")).collect();
    assert!(names.len() > 10);
    for name in names {
        let table = name.strip_suffix(".csv").unwrap();
        let file = fs::File::open(typed.join(format!("{table}.parquet"))).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let typed: Vec<Row> = reader
            .get_row_iter(None)
            .unwrap()
            .map(|row| {
                let cells = row.unwrap().into_columns().into_iter();
                let cell = |(column, value): (String, Field)| match value {
                    Field::Null => (column, String::new()),
                    Field::Str(text) => (column, text),
                    Field::Double(number) => (column, format!("{number:?}")),
                    value => (column, value.to_string()),
                };
                cells.map(cell).collect()
            })
            .collect();
        assert_eq!(typed, rows(&csv, table), "{table}");
    }
}

/// Whether a program is here with what the notebooks use; says so where not.
fn has(program: &str, asks: &[&str]) -> bool {
    let ran = std::process::Command::new(program).args(asks).output();
    let is_here = ran.is_ok_and(|ran| ran.status.success());
    if !is_here {
        skipped(&format!("{program} {}", asks.join(" ")));
    }
    is_here
}

#[test]
fn notebooks_count_the_same_as_the_program() {
    let (folder, desk) = (Folder::sample(), Folder::new());
    let python = std::env::var("LEITMOTIF_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let notebooks = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/notebook");
    let answer = desk.path().join("themes.json");
    fs::write(&answer, folder.answer(&["themes", "--format", "json"])).unwrap();
    for (program, asks, notebook, format, last) in [
        (
            python.as_str(),
            ["-c", "import duckdb, pandas, polars, pyarrow"],
            "tables.py",
            "parquet",
            "pandas, polars, DuckDB and leitmotif agree",
        ),
        ("Rscript", ["-e", "library(jsonlite)"], "tables.R", "csv", "R and leitmotif agree"),
    ] {
        if !has(program, &asks) {
            continue;
        }
        let tables = export(&folder, &desk, &["--format", format, "--overwrite"]);
        let ran = std::process::Command::new(program)
            .arg(notebooks.join(notebook))
            .args([&tables, &answer])
            .output()
            .unwrap();
        let out = String::from_utf8_lossy(&ran.stdout);
        let err = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(out.lines().last(), Some(last), "{notebook}: {out}{err}");
    }
}
