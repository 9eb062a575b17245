//! What machines read is what `leitmotif schema` says, for every command.

use std::collections::{BTreeMap, BTreeSet};

use leitmotif::answers::schema::{ANSWERS, FORMAT_VERSION};
use serde_json::Value;

use crate::harness::{Folder, Ran, interview};

/// What is wrong with a value by a schema; nothing may be in it that the schema does not
/// name, so that no field is forgotten. Knows the words that our schemas use, and no other.
fn faults(root: &Value, schema: &Value, value: &Value, place: &str, faults: &mut Vec<String>) {
    const KNOWN: &[&str] = &[
        "$schema",
        "$id",
        "$defs",
        "$ref",
        "title",
        "description",
        "x-format-version",
        "type",
        "format",
        "default",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "prefixItems",
        "minItems",
        "maxItems",
        "anyOf",
        "oneOf",
        "enum",
        "const",
        "minimum",
        "maximum",
    ];
    let Some(words) = schema.as_object() else {
        if schema == &Value::Bool(false) {
            faults.push(format!("{place}: nothing may be here"));
        }
        return;
    };
    for word in words.keys() {
        assert!(KNOWN.contains(&word.as_str()), "{place}: `{word}` is not checked");
    }
    if let Some(Value::String(target)) = words.get("$ref") {
        let target = root.pointer(target.trim_start_matches('#')).unwrap();
        self::faults(root, target, value, place, faults);
        return;
    }
    for several in ["anyOf", "oneOf"].iter().filter_map(|word| words.get(*word)) {
        let mut fewest: Option<Vec<String>> = None;
        for one in several.as_array().unwrap() {
            let mut found = Vec::new();
            self::faults(root, one, value, place, &mut found);
            if fewest.as_ref().is_none_or(|fewest| found.len() < fewest.len()) {
                fewest = Some(found);
            }
        }
        faults.extend(fewest.into_iter().flatten());
    }
    if words.get("const").is_some_and(|only| only != value) {
        faults.push(format!("{place}: {value} is not {}", words["const"]));
    }
    if words.get("enum").is_some_and(|all| !all.as_array().unwrap().contains(value)) {
        faults.push(format!("{place}: {value} is none of {}", words["enum"]));
    }
    let is = |kind: &str| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("`{other}` is not checked"),
    };
    let kinds: Vec<&str> = match words.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().map(|kind| kind.as_str().unwrap()).collect(),
        Some(kind) => vec![kind.as_str().unwrap()],
        None => Vec::new(),
    };
    if !kinds.is_empty() && !kinds.iter().any(|kind| is(kind)) {
        faults.push(format!("{place}: {value} is no {}", kinds.join(" or ")));
    }
    let is_beyond = |word: &str, test: fn(f64, f64) -> bool| {
        let ends = value.as_f64().zip(words.get(word).and_then(Value::as_f64));
        ends.is_some_and(|(value, end)| test(value, end))
    };
    if is_beyond("minimum", |value, end| value < end)
        || is_beyond("maximum", |value, end| value > end)
    {
        faults.push(format!("{place}: {value} is beyond what is possible"));
    }
    if let Value::Object(fields) = value {
        let named = words.get("properties").and_then(Value::as_object);
        for (name, field) in fields {
            let place = format!("{place}.{name}");
            match (named.and_then(|named| named.get(name)), words.get("additionalProperties")) {
                (Some(schema), _) | (None, Some(schema)) => {
                    self::faults(root, schema, field, &place, faults);
                }
                (None, None) if kinds.contains(&"object") => {
                    faults.push(format!("{place}: the schema does not name it"));
                }
                (None, None) => {}
            }
        }
        for name in words.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !fields.contains_key(name.as_str().unwrap()) {
                faults.push(format!("{place}: {name} is missing"));
            }
        }
    }
    if let Value::Array(items) = value {
        let first = words.get("prefixItems").and_then(Value::as_array);
        for (at, item) in items.iter().enumerate() {
            let own = first.and_then(|first| first.get(at)).or_else(|| words.get("items"));
            if let Some(schema) = own {
                self::faults(root, schema, item, &format!("{place}[{at}]"), faults);
            }
        }
        let n = |word: &str| words.get(word).and_then(Value::as_u64);
        let len = items.len() as u64;
        if n("minItems").is_some_and(|least| len < least)
            || n("maxItems").is_some_and(|most| len > most)
        {
            faults.push(format!("{place}: {len} items"));
        }
    }
}

#[track_caller]
fn check(schema: &Value, value: &Value, command: &str) {
    let mut found = Vec::new();
    faults(schema, schema, value, "answer", &mut found);
    assert!(found.is_empty(), "`{command}`:\n{}", found.join("\n"));
}

fn schema_of(folder: &Folder, command: &str) -> Value {
    let args: Vec<&str> = ["schema"].into_iter().chain(command.split(' ')).collect();
    serde_json::from_str(&folder.answer(&args)).unwrap()
}

/// A study with something of each kind: groups, times, codes of two coders, a stance, memos,
/// rejections, pseudonyms, a version before the last.
fn study() -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n[themes]\ncount = 2\n");
    let names = ["Ann", "Bo", "Cid", "Dee", "Eve", "Fay", "Gus", "Hal"];
    for (at, name) in names.iter().enumerate() {
        let (first, second) = if at % 2 == 0 { ("garden", "choir") } else { ("choir", "garden") };
        let talk = interview(name, first, 8) + &interview(name, second, 8);
        let group = if at < 4 { "north" } else { "south" };
        folder.write(&format!("{group}/{name}.txt"), talk);
    }
    folder.write("cases.csv", "transcript,age\nAnn,41\nBo,52\n");
    folder.answer(&["themes"]);
    folder.write("south/Ida.txt", interview("Ida", "garden", 8) + &interview("Ida", "choir", 8));
    folder.answer(&["themes"]);
    let act = |args: &[&str]| folder.answer(&[args, &["--coder", "Efa"]].concat());
    act(&["theme", "accept", "1", "--as", "Growing"]);
    act(&["theme", "reject", "2", "--because", "too wide"]);
    act(&["code", "add", "Outside", "--definition", "In the garden"]);
    for (name, lines, coder) in [
        ("Ann", ["2", "4", "6", "8"], "Efa"),
        ("Cid", ["2", "4", "6", "8"], "Efa"),
        ("Ann", ["2", "4", "10", "8"], "Una"),
        ("Cid", ["2", "12", "6", "8"], "Una"),
    ] {
        for line in lines {
            let quote = ["quote", "add", "--transcript", name, "--lines", line];
            folder.answer(&[&quote[..], &["--code", "Outside", "--coder", coder]].concat());
        }
    }
    act(&["quote", "stance", "1", "benefit"]);
    act(&["memo", "add", "A note", "--on", "study"]);
    act(&["pseudonyms", "add", "Hal", "P8"]);
    act(&["propose", "--code", "Outside"]);
    act(&["propose", "reject", "1", "--because", "no"]);
    folder
}

/// How each answer is asked for.
fn asked<'a>(command: &'a str, report: &'a str) -> Vec<&'a str> {
    let own: &[&str] = match command.strip_suffix(" --format jsonl").unwrap_or(command) {
        "info" => &["info"],
        "themes" => &["themes"],
        "themes --since" => &["themes", "--since", "1"],
        "themes --unassigned" => &["themes", "--unassigned"],
        "search" => &["search", "garden", "--context", "1"],
        "search --kwic" => &["search", "garden", "--kwic"],
        "similar" => &["similar", "--transcript", "Ann", "--lines", "2"],
        "propose" => &["propose", "--code", "Outside"],
        "propose rejected" => &["propose", "rejected"],
        "compare" => &["compare"],
        "saturation" => &["saturation"],
        "theme rejected" => &["theme", "rejected"],
        "code rule" => &["code", "rule", "Outside"],
        "quote list" => &["quote", "list"],
        "memo list" => &["memo", "list"],
        "codebook" => &["codebook"],
        "log" => &["log"],
        "verify" => return vec!["verify", report, "--format", "json"],
        "agreement" => &["agreement", "Efa", "Una"],
        "agreement --with proposals" => &["agreement", "--with", "proposals"],
        "pseudonyms list" => &["pseudonyms", "list"],
        "pseudonyms scan" => &["pseudonyms", "scan"],
        other => panic!("say how `{other}` is asked for"),
    };
    let lines = command.ends_with("jsonl");
    [own, &["--format", if lines { "jsonl" } else { "json" }]].concat()
}

#[test]
fn every_answer_is_what_its_schema_says() {
    let (folder, desk) = (study(), Folder::new());
    let report = desk.path().join("report.json");
    let report = report.to_str().unwrap();
    assert!(folder.run(&["export", report, "--memos", "--candidates"]).code < 2);
    for answer in ANSWERS {
        let command = answer.command;
        let schema = schema_of(&folder, command);
        assert_eq!(schema["x-format-version"], FORMAT_VERSION);
        let printed = if command == "export report.json" {
            std::fs::read_to_string(report).unwrap()
        } else {
            let Ran { code, out, err } = folder.run(&asked(command, report));
            assert!(code < 2, "`{command}`: {err}");
            out
        };
        let values: Vec<Value> =
            printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        // Where all passages fit a theme there is nothing to list.
        let may_be_empty = command.starts_with("themes --unassigned");
        assert!(may_be_empty || !values.is_empty(), "`{command}` printed nothing");
        assert!(command.ends_with("jsonl") || values.len() == 1, "`{command}`");
        for value in &values {
            let is_list = value.as_array().is_some_and(Vec::is_empty);
            assert!(!is_list || may_be_empty, "`{command}` has nothing to check");
            check(&schema, value, command);
        }
    }
}

#[test]
fn a_wrong_answer_is_told() {
    let folder = Folder::new();
    let schema = schema_of(&folder, "search --format jsonl");
    let wrong = serde_json::json!({ "rank": "1", "lines": [1, 2, 3], "colour": 1 });
    let mut found = Vec::new();
    faults(&schema, &schema, &wrong, "hit", &mut found);
    for part in ["rank", "lines: 3", "colour: the schema does not", "\"text\" is missing"] {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part}: {found:?}");
    }
    let ran = folder.run(&["schema", "serach"]);
    assert!(ran.code == 2 && ran.err.contains("search"), "{}", ran.err);
}

/// A schema as a line: `integer`, `[Hit]`, `string or null`.
fn shape(schema: &Value) -> String {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        return target.rsplit('/').next().unwrap().to_owned();
    }
    let all = |word: &str| schema.get(word).and_then(Value::as_array);
    if let Some(several) = all("anyOf").or_else(|| all("oneOf")) {
        return several.iter().map(shape).collect::<Vec<_>>().join(" or ");
    }
    if let Some(only) = schema.get("const") {
        return only.to_string();
    }
    if let Some(words) = all("enum") {
        return words.iter().map(Value::to_string).collect::<Vec<_>>().join(" or ");
    }
    let kinds = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().map(|kind| kind.as_str().unwrap()).collect(),
        Some(kind) => vec![kind.as_str().unwrap()],
        None => vec!["anything"],
    };
    let told = kinds.into_iter().map(|kind| match kind {
        "array" => match (all("prefixItems"), schema.get("items")) {
            (Some(items), _) => {
                format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(", "))
            }
            (None, Some(items)) => match schema.get("minItems") {
                Some(n) => format!("[{n} of {}]", shape(items)),
                None => format!("[{}]", shape(items)),
            },
            (None, None) => "[anything]".to_owned(),
        },
        "object" => match schema.get("additionalProperties") {
            Some(of) => format!("{{name: {}}}", shape(of)),
            None => "object".to_owned(),
        },
        kind => kind.to_owned(),
    });
    told.collect::<Vec<_>>().join(" or ")
}

/// A type with a line a field; `?` marks one that may be absent.
fn fields(name: &str, schema: &Value) -> String {
    let Some(fields) = schema.get("properties").and_then(Value::as_object) else {
        return format!("{name}: {}\n", shape(schema));
    };
    let required: BTreeSet<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|name| name.as_str().unwrap())
        .collect();
    let mut told = format!("{name}\n");
    for (field, of) in fields {
        let mark = if required.contains(field.as_str()) { "" } else { "?" };
        told += &format!("  {field}{mark}: {}\n", shape(of));
    }
    told
}

/// Whoever changes an answer changes this; a field that is renamed or gone is a new version.
#[test]
fn the_shapes_of_answers_are_a_contract() {
    let mut told = format!("format version {FORMAT_VERSION}\n\n");
    let mut parts: BTreeMap<String, String> = BTreeMap::new();
    for answer in ANSWERS {
        let schema = answer.schema();
        told += &fields(answer.command, &schema);
        for (name, part) in schema.get("$defs").and_then(Value::as_object).into_iter().flatten() {
            let part = fields(name, part);
            if let Some(known) = parts.insert(name.clone(), part.clone()) {
                assert_eq!(known, part, "two types are called {name}");
            }
        }
    }
    told += "\n";
    for part in parts.values() {
        told += part;
    }
    insta::assert_snapshot!(told);
}
