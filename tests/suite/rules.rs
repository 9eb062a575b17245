//! The rule of a code: suggested, kept, and what comes of it.

use serde_json::Value;

use crate::harness::Folder;
use crate::propose::{act, coded, proposals, refused};

fn rule(folder: &Folder) -> Value {
    let args = ["code", "rule", "Company", "--format", "json", "--limit", "0"];
    serde_json::from_str(&folder.answer(&args)).unwrap()
}

#[test]
fn a_rule_is_suggested_with_what_it_finds_and_misses() {
    let folder = coded();
    let answer = rule(&folder);
    assert_eq!((&answer["code"], &answer["kept"]), (&"Company".into(), &Value::Null));
    let found = &answer["suggested"];
    let query = found["query"].as_str().unwrap();
    assert!(query.split(" OR ").count() <= 5, "{query}");
    assert_eq!(found["n_covered"], 6, "{query}");
    assert_eq!((&found["n_quotations"], &found["n_cases"]), (&6.into(), &3.into()));
    // It finds what nobody has coded yet, and no talk of trains.
    let others = found["others"].as_array().unwrap();
    assert_eq!(found["n_others"], others.len());
    assert_eq!((others.len(), &found["n_other_cases"]), (6, &3.into()), "{query}");
    assert!(others.iter().all(|it| it["text"].as_str().unwrap().contains("kettle")));
    // A query of `search` finds the same.
    let counted = folder.answer(&["search", &format!("({query}) AND role:participant")]);
    assert!(counted.contains("12 passages"), "{query}: {counted}");
    let shown = folder.answer(&["code", "rule", "company", "--limit", "1"]);
    assert!(shown.starts_with("Company\n  It has no rule yet.\n\n  Suggested: "), "{shown}");
    let joined = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(joined.contains("Covers 6 of 6 quotations, of 3 of 3 participants, and finds 6 passages that are not coded with it, of 3 participants."), "{shown}");
    assert!(shown.contains("that are not coded with it, 1 of 6:\n"), "{shown}");
    assert!(shown.contains("\n  leitmotif code rule Company "), "{shown}");
    // Nothing was decided, and asking again says the same, on any number of threads and
    // without what is remembered.
    std::fs::remove_dir_all(folder.path().join(".leitmotif/cache")).unwrap();
    let args = ["code", "rule", "Company", "--format", "json", "--limit", "0", "--threads", "3"];
    assert_eq!(serde_json::from_str::<Value>(&folder.answer(&args)).unwrap(), answer);
}

#[test]
fn a_code_without_quotations_has_no_rule_to_suggest() {
    let folder = coded();
    act(&folder, &["code", "add", "Empty"]);
    let shown = folder.answer(&["code", "rule", "Empty"]);
    assert!(shown.contains("No rule to suggest"), "{shown}");
}

#[test]
fn a_rule_is_kept_shown_undone_and_removed() {
    let folder = coded();
    let keep = |query: &str| act(&folder, &["code", "rule", "Company", query]);
    let said = keep("hurried OR  \"kettle on\"");
    assert_eq!(
        said,
        "Decision 8: edited code “Company”: the rule is `hurried OR  \"kettle on\"`.\n"
            .replace("  ", " ")
    );
    let kept = rule(&folder)["kept"].clone();
    assert_eq!(kept["query"], "hurried OR \"kettle on\"");
    assert_eq!((&kept["n_covered"], &kept["n_others"]), (&6.into(), &6.into()));
    assert!(folder.answer(&["codebook"]).contains("\n   rule: hurried OR \"kettle on\"\n"));
    let codes: Value =
        serde_json::from_str(&folder.answer(&["codebook", "--format", "json"])).unwrap();
    assert_eq!(codes[0]["rule"], kept["query"]);

    // A mistake is refused with its place, and nothing is kept.
    let ran = folder.run(&["code", "rule", "Company", "tea NEAR/x kettle"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("tea NEAR/x kettle\n      ^^^^^^"), "{}", ran.err);
    let ran = folder.run(&["code", "rule", "Company", "group:nowhere"]);
    assert!(ran.code == 2 && ran.err.contains("group:nowhere"), "{}", ran.err);
    refused(
        &folder.run(&["code", "rule", "Company", "hurried OR \"kettle on\""]),
        "error: this would not change `Company`\n  hint: give at least one new value\n",
    );

    // No words are a slip, not a wish to remove the rule.
    assert_eq!(folder.run(&["code", "rule", "Company", ""]).code, 2);
    let gone = act(&folder, &["code", "rule", "Company", "--remove"]);
    assert_eq!(gone, "Decision 9: edited code “Company”: no rule.\n");
    assert_eq!(rule(&folder)["kept"], Value::Null);
    act(&folder, &["undo"]);
    assert_eq!(rule(&folder)["kept"], kept);
    act(&folder, &["undo", "2"]);
    assert_eq!(rule(&folder)["kept"], Value::Null);
}

#[test]
fn proposals_say_where_the_rule_led() {
    let folder = coded();
    let before = proposals(&folder, &[]);
    assert_eq!(before[0]["because"]["rule"], serde_json::json!([]));
    act(&folder, &["code", "rule", "Company", "\"nobody hurr* home\" OR tea"]);
    let after = proposals(&folder, &[]);
    assert_eq!(after[0]["because"]["rule"], serde_json::json!(["tea", "nobody hurried home"]));
    let shown = folder.answer(&["propose", "--code", "Company", "--limit", "1"]);
    assert!(shown.contains("rule: tea, nobody hurried home\n"), "{shown}");
    // What matches comes first, and what does not says nothing of it.
    let of_rule = |it: &Value| !it["because"]["rule"].as_array().unwrap().is_empty();
    assert_eq!(after.iter().take_while(|it| of_rule(it)).count(), 6);
    assert_eq!(after.iter().filter(|it| of_rule(it)).count(), 6);
}

#[test]
fn a_code_with_a_rule_alone_is_proposed_by_it() {
    let folder = coded();
    act(&folder, &["code", "add", "Zzz"]);
    let listed = || folder.answer(&["propose", "--code", "Zzz", "--format", "jsonl"]);
    assert_eq!(listed(), "");
    act(&folder, &["code", "rule", "Zzz", "platform"]);
    let first: Value = serde_json::from_str(listed().lines().next().unwrap()).unwrap();
    assert_eq!(first["because"]["rule"], serde_json::json!(["platform"]));
}

#[test]
fn a_rule_travels_with_the_codebook() {
    let (folder, beside) = (coded(), Folder::new());
    act(&folder, &["code", "rule", "Company", "\"kettle on\" OR tea"]);
    for file in ["codes.qdc", "study.qdpx", "codebook.csv"] {
        let path = beside.path().join(file);
        let path = path.to_str().unwrap();
        if file == "codebook.csv" {
            let table = folder.answer(&["codebook", "--format", "csv"]);
            std::fs::write(path, table).unwrap();
        } else {
            folder.answer(&["export", path]);
        }
        let other = crate::propose::study();
        act(&other, &["import", path]);
        let codes = other.answer(&["codebook", "--format", "json"]);
        let codes: Value = serde_json::from_str(&codes).unwrap();
        assert_eq!(codes[0]["rule"], "\"kettle on\" OR tea", "{file}");
    }
    let path = beside.path().join("report.html");
    folder.answer(&["export", path.to_str().unwrap()]);
    let page = std::fs::read_to_string(path).unwrap();
    assert!(page.contains("Rule: &quot;kettle on&quot; OR tea"), "{page}");
}

#[test]
fn a_rule_that_asks_for_its_own_code_is_refused() {
    let folder = coded();
    act(&folder, &["code", "add", "Near"]);
    act(&folder, &["code", "add", "Under", "--under", "Company"]);
    act(&folder, &["code", "rule", "Near", "kettle AND code:Company"]);
    for (code, query, problem) in [
        (
            "Company",
            "hurried OR code:company",
            "“Company”, which its own code is part of, or is itself",
        ),
        ("Company", "NOT code:Com*", "“Company”, which its own code is part of, or is itself"),
        ("Under", "code:Company", "“Company”, which its own code is part of, or is itself"),
        ("Company", "code:Near", "“Near”, whose rule asks for “Company”"),
        ("Under", "code:Near", "“Near”, whose rule asks for “Company”"),
    ] {
        refused(
            &folder.run(&["code", "rule", code, query]),
            &format!(
                "error: the rule asks for {problem}\n  hint: ask for words, or for another code\n"
            ),
        );
    }
}
