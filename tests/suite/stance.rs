//! Benefits and drawbacks: the sides that people put quotations on.

use serde_json::{Value, json};

use crate::harness::{Folder, interview};

fn study() -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for (group, name) in [
        ("leaders", "Ann"),
        ("leaders", "Bo"),
        ("leaders", "Cid"),
        ("members", "Dee"),
        ("members", "Eli"),
        ("members", "Fay"),
    ] {
        folder.write(&format!("{group}/{name}.txt"), interview(name, "garden", 3));
    }
    folder.answer(&["code", "add", "Travel", "--theme"]);
    folder.answer(&["code", "add", "Petrol", "--under", "Travel"]);
    for (transcript, line, code) in [
        ("Ann", "2", "Travel"),
        ("Ann", "4", "Petrol"),
        ("Bo", "2", "Petrol"),
        ("Dee", "2", "Travel"),
    ] {
        let place = ["quote", "add", "--transcript", transcript, "--lines", line];
        folder.answer(&[&place[..], &["--code", code]].concat());
    }
    folder
}

fn answer(folder: &Folder, args: &[&str]) -> Value {
    serde_json::from_str(&folder.answer(&[args, &["--format", "json"]].concat())).unwrap()
}

#[test]
fn people_on_each_side_are_counted_alike_everywhere() {
    let folder = study();
    let said = folder.answer(&["quote", "stance", "1", "benefit", "--coder", "Efa"]);
    assert_eq!(said, "Decision 7: set the stance of quotation 1 to benefit.\n");
    for (quotation, side) in [("2", "benefit"), ("3", "drawback"), ("4", "mixed")] {
        folder.answer(&["quote", "stance", quotation, side]);
    }
    // Ann stands on one side with two quotations, and is one person.
    let side = |stance: &str, n_quotations: usize, leaders: usize, members: usize| {
        json!({
            "stance": stance,
            "n_quotations": n_quotations,
            "n_cases": leaders + members,
            "groups": [
                {"name": "leaders", "n_cases": leaders, "of_cases": 3},
                {"name": "members", "n_cases": members, "of_cases": 3},
            ],
        })
    };
    let travel =
        json!([side("benefit", 2, 1, 0), side("drawback", 1, 1, 0), side("mixed", 1, 0, 1)]);
    let petrol = json!([side("benefit", 1, 1, 0), side("drawback", 1, 1, 0)]);
    let codes = answer(&folder, &["codebook"]);
    assert_eq!((&codes[0]["stances"], &codes[1]["stances"]), (&travel, &petrol));
    let compared = answer(&folder, &["compare", "--by", "group"]);
    assert_eq!(
        compared["stances"],
        json!([
            {"code": 1, "path": "Travel", "stances": travel},
            {"code": 2, "path": "Travel > Petrol", "stances": petrol},
        ])
    );
    let report = folder.path().parent().unwrap().join("stance-report.json");
    folder.answer(&["export", report.to_str().unwrap(), "--overwrite"]);
    let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(report["nodes"][0]["stances"], travel);

    let codebook = folder.answer(&["codebook"]);
    assert!(codebook.contains("benefit 1, drawback 1, mixed 1 participant"), "{codebook}");
    let compared = folder.answer(&["compare", "--by", "group"]);
    assert!(compared.contains("Benefits and drawbacks, as you marked them"), "{compared}");
    let quotes = folder.answer(&["quote", "list"]);
    assert!(quotes.contains("stance: drawback"), "{quotes}");
}

#[test]
fn a_stance_is_a_decision_that_is_undone_like_any_other() {
    let folder = study();
    let stances = |folder: &Folder| -> Vec<Value> {
        let quotes = answer(folder, &["quote", "list"]);
        quotes.as_array().unwrap().iter().map(|quote| quote["stance"].clone()).collect()
    };
    assert!(stances(&folder).iter().all(Value::is_null));
    folder.answer(&["quote", "stance", "1", "drawback"]);
    folder.answer(&["quote", "stance", "1", "none"]);
    assert!(stances(&folder).iter().all(Value::is_null));
    folder.answer(&["undo"]);
    assert_eq!(stances(&folder)[0], "drawback");
    let ran = folder.run(&["quote", "stance", "1", "drawback"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.starts_with("error: the stance of quotation 1 is drawback already\n"),
        "{}",
        ran.err
    );
    // What nobody judged is on no side: nothing is shown.
    folder.answer(&["undo"]);
    assert!(!folder.answer(&["compare", "--by", "group"]).contains("Benefits"));
}
