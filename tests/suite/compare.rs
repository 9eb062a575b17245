//! Groups compared on real folders.

use serde_json::Value;

use crate::harness::{Folder, interview};

fn compared(folder: &Folder, args: &[&str]) -> Value {
    let mut all = vec!["compare", "--format", "json"];
    all.extend(args);
    serde_json::from_str(&folder.answer(&all)).unwrap()
}

#[test]
fn groups_are_compared_theme_by_theme() {
    let folder = Folder::sample().asking_for(10);
    insta::assert_snapshot!(folder.answer(&["compare", "--count", "10"]));
    let answer = compared(&folder, &["--count", "10"]);
    let themes: Value =
        serde_json::from_str(&folder.answer(&["themes", "--count", "10", "--format", "json"]))
            .unwrap();
    for (theme, known) in
        answer["themes"].as_array().unwrap().iter().zip(themes["themes"].as_array().unwrap())
    {
        assert_eq!(theme["label"], known["label"]);
        // The same people as `themes` counts, and as the search of a cell finds.
        for (cell, group) in
            theme["cells"].as_array().unwrap().iter().zip(known["groups"].as_array().unwrap())
        {
            assert_eq!(
                (&cell["group"], &cell["n_cases"], &cell["of_cases"]),
                (&group["name"], &group["n_cases"], &group["of_cases"])
            );
        }
    }
    let query = "theme:1 group:leaders";
    let hits = folder.answer(&["search", query, "--limit", "0", "--format", "jsonl"]);
    let cases: std::collections::BTreeSet<String> = hits
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["case"].to_string())
        .collect();
    assert_eq!(Value::from(cases.len()), answer["themes"][0]["cells"][0]["n_cases"]);
}

#[test]
fn one_talkative_person_makes_no_group() {
    let folder = Folder::new();
    for (group, name) in
        [("a", "P1"), ("a", "P2"), ("a", "P3"), ("b", "P4"), ("b", "P5"), ("b", "P6")]
    {
        let mut talk = interview("Ann", "garden", 8);
        if name == "P1" {
            talk += &"Ann: The zeppelin, always the zeppelin, and once more the zeppelin above the town.\n".repeat(20);
        }
        if group == "b" {
            talk += "Ann: And then we had a very long winter with the children.\n";
        }
        folder.write(&format!("{group}/{name}.txt"), talk);
    }
    let answer = compared(&folder, &[]);
    let terms: Vec<&str> = answer["terms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|term| term["term"].as_str().unwrap())
        .collect();
    assert!(terms.contains(&"winter") && !terms.contains(&"zeppelin"), "{terms:?}");
}

#[test]
fn a_group_of_two_says_nothing() {
    let folder = Folder::new();
    for (group, name) in
        [("few", "P1"), ("few", "P2"), ("many", "P3"), ("many", "P4"), ("many", "P5")]
    {
        folder.write(&format!("{group}/{name}.txt"), interview("Ann", "garden", 8));
    }
    let answer = compared(&folder, &[]);
    assert_eq!(answer["notes"][0], "few has 2 participants: too few to describe as a group");
    let themes = answer["themes"].as_array().unwrap();
    assert!(themes.iter().all(|theme| theme["contrasts"].as_array().unwrap().is_empty()));
}

#[test]
fn tests_of_significance_are_shown_on_request_only() {
    let folder = Folder::sample();
    let shown = |more: &[&str]| folder.answer(&[&["compare", "--count", "6"], more].concat());
    let is_tested = |text: &str| text.contains("Fisher") && text.contains("  p 0.");
    assert!(!shown(&[]).contains("Fisher") && !shown(&[]).contains("  p 0."));
    assert!(is_tested(&shown(&["--statistics"])), "{}", shown(&["--statistics"]));
    let table = shown(&["--format", "csv"]);
    assert!(table.starts_with("kind,") && table.contains(",p,q\n"), "{table}");
}

#[test]
fn attributes_that_make_no_groups_are_refused() {
    let folder = Folder::sample();
    let err = |by: &str| {
        let ran = folder.run(&["compare", "--by", by]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        ran.err
    };
    insta::assert_snapshot!(["regoin", "years in practice"].map(err).join("\n"), @r"
    error: no case has the attribute `regoin`
      hint: did you mean `region`?

    error: `years in practice` has 16 different values
      hint: combine them into at most 12 values in a column of cases.csv
    ");
    // More than two groups: each against all others.
    let answer = compared(&folder, &["--by", "region", "--count", "6"]);
    let contrasts = answer["themes"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|theme| theme["contrasts"].as_array().unwrap());
    assert!(contrasts.into_iter().all(|contrast| contrast["against"] == "all others"));
}

#[test]
fn tables_keep_their_numbers() {
    let table = Folder::sample().answer(&["compare", "--count", "6", "--format", "csv"]);
    let head = table.lines().next().unwrap();
    assert!(head.starts_with("kind,id,label,group,n,of,share_low"), "{head}");
    assert!(!table.contains("'-0."), "{table}");
}

#[test]
fn before_and_after_of_the_same_people_are_two_groups_and_not_tested() {
    let folder = Folder::new();
    let mut table = "transcript,wave\n".to_owned();
    for p in 1..7 {
        for (session, wave, topic) in [("T1", "before", "garden"), ("T2", "after", "harbour")] {
            folder.write(&format!("P{p}_{session}.txt"), interview("Ann", topic, 8));
            table += &format!("P{p}_{session},{wave}\n");
        }
    }
    folder.write("cases.csv", &table);
    let answer = compared(&folder, &["--by", "wave"]);
    let sizes: Vec<&Value> = answer["groups"].as_array().unwrap().iter().collect();
    assert_eq!(sizes.len(), 2, "{answer}");
    assert!(sizes.iter().all(|group| group["of_cases"] == 6), "{answer}");
    let note = answer["notes"][0].as_str().unwrap();
    assert!(note.starts_with("6 participants are in several groups"), "{note}");
    assert!(answer["terms"].as_array().unwrap().is_empty());
    let themes = answer["themes"].as_array().unwrap();
    assert!(!themes.is_empty());
    for theme in themes {
        assert!(theme["contrasts"].as_array().unwrap().is_empty());
    }
    // What was said after counts there alone.
    let said =
        |query: &str| folder.run(&["search", query, "--limit", "0", "--format", "jsonl"]).out;
    assert_eq!(said("wave:after AND garden"), "");
    let n_after = said("wave:after AND harbour").lines().count();
    assert!(n_after > 0);
    assert_eq!(n_after, said("role:participant AND harbour").lines().count());
    assert!(folder.answer(&["info"]).contains("`wave` differs between interviews"));
}

#[test]
fn the_same_code_at_two_sites_is_two_participants_and_told() {
    let folder = Folder::new();
    for site in ["siteA", "siteB"] {
        for p in 1..4 {
            let talk = interview("Ann", "garden", 8).replace("Ann:", &format!("P0{p}:"));
            folder.write(&format!("{site}/P0{p}.txt"), talk.replace("garden", site));
        }
    }
    let info: Value = serde_json::from_str(&folder.answer(&["info", "--format", "json"])).unwrap();
    assert_eq!(info["cases"].as_array().unwrap().len(), 6);
    let quotes = folder.answer(&["search", "\"siteB\"", "--limit", "0", "--format", "jsonl"]);
    assert!(quotes.contains("\"case\":\"siteB/P01\"") && !quotes.contains("siteA"), "{quotes}");
    assert!(
        folder.answer(&["info"]).contains("siteA/P01 and siteB/P01 may be interviews with one"),
        "{}",
        folder.answer(&["info"])
    );
}

#[test]
fn a_word_is_said_by_as_many_as_a_search_finds_also_in_what_most_transcripts_share() {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Interviewer\"]\n");
    for p in 0..6 {
        let group = ["north", "south"][p % 2];
        let mut talk = interview("Ann", "garden", 6);
        // Four of six say the same sentence, one of them nothing else of it.
        if p != 1 && p != 3 {
            talk += "Interviewer: Is that so?\nAnn: I agree that the zeppelin keeps what is said in the shed.\n";
        }
        if group == "north" && p > 0 {
            talk += "Interviewer: And then?\nAnn: Our zeppelin was a good zeppelin.\n";
        }
        folder.write(&format!("{group}/P0{p}.txt"), talk);
    }
    let answer = compared(&folder, &[]);
    let terms = answer["terms"].as_array().unwrap();
    let zeppelin = terms.iter().find(|term| term["term"] == "zeppelin").unwrap();
    for (group, n) in [("north", "n_cases"), ("south", "n_others")] {
        let found = folder.answer(&[
            "search",
            &format!("zeppelin AND group:{group}"),
            "--format",
            "jsonl",
            "--limit",
            "99",
        ]);
        let hits = found.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let cases: std::collections::BTreeSet<String> =
            hits.map(|hit| hit["case"].to_string()).collect();
        assert_eq!(zeppelin[n].as_u64(), Some(cases.len() as u64), "{group}: {zeppelin}");
    }
    assert_eq!((&zeppelin["n_cases"], &zeppelin["n_others"]), (&3.into(), &1.into()));
}
