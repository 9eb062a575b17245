//! Whether further interviews bring anything new.

use serde_json::Value;

use crate::harness::{Folder, interview};

fn saturation(folder: &Folder, args: &[&str]) -> Value {
    let all = [&["saturation", "--format", "json"], args].concat();
    serde_json::from_str(&folder.answer(&all)).unwrap()
}

fn garden(folder: &Folder, n: usize) {
    let mut cases = String::from("transcript,date\n");
    for at in 0..n {
        let talk = interview("Ann", "garden", 8) + &interview("Ann", "choir", 8);
        folder.write(&format!("P{at}.txt"), talk);
        cases += &format!("P{at},2024-03-{:02}\n", 28 - at);
    }
    folder
        .write("cases.csv", cases)
        .write("study.toml", "language = \"en\"\n[themes]\ncount = 2\n");
}

#[test]
fn what_each_interview_adds_is_counted_in_their_order() {
    let folder = Folder::new();
    garden(&folder, 7);
    let answer = saturation(&folder, &["--order", "date"]);
    let all = &answer["groups"][0];
    let ids: Vec<&str> = all["interviews"]
        .as_array()
        .unwrap()
        .iter()
        .map(|interview| interview["transcript"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["P6", "P5", "P4", "P3", "P2", "P1", "P0"]);
    // All say the same: the first brings every theme, but for a code of chance.
    let n_new: Vec<u64> = all["interviews"]
        .as_array()
        .unwrap()
        .iter()
        .map(|interview| interview["n_new"].as_u64().unwrap())
        .collect();
    assert!(n_new[0] > 1, "{n_new:?}");
    assert!(n_new[1..].iter().sum::<u64>() <= 1, "{n_new:?}");
    assert!(all["rules"].as_array().unwrap().iter().all(|rule| {
        rule["after"] == rule["base"]
            || 7 < rule["base"].as_u64().unwrap() + rule["run"].as_u64().unwrap()
    }));
    assert_eq!((&all["share_saturated"], &all["n_missing"]), (&Value::from(1.0), &Value::from(0)));
}

#[test]
fn too_few_interviews_say_how_many_are_missing() {
    let folder = Folder::new();
    garden(&folder, 4);
    assert_eq!(saturation(&folder, &["--order", "date"])["groups"][0]["n_missing"], 2);
    let shown = folder.answer(&["saturation", "--order", "date"]);
    assert!(shown.contains("2 more interviews are needed"), "{shown}");
    assert!(shown.contains("candidate theme"), "what is counted is said: {shown}");
}

#[test]
fn groups_are_looked_at_apart() {
    let folder = Folder::sample();
    let answer = saturation(&folder, &["--by", "group"]);
    let groups: Vec<&Value> =
        answer["groups"].as_array().unwrap().iter().map(|group| &group["group"]).collect();
    assert_eq!(groups, [&Value::Null, &"leaders".into(), &"participants".into()]);
    let n = |at: usize| answer["groups"][at]["interviews"].as_array().unwrap().len();
    assert_eq!((n(0), n(1), n(2)), (16, 6, 10));
}

#[test]
fn tables_hold_what_people_see() {
    let folder = Folder::sample();
    let shown = folder.answer(&["saturation"]);
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    let csv = folder.answer(&["saturation", "--format", "csv"]);
    assert!(csv.lines().filter(|line| line.contains("participants/P0")).count() >= 9, "{csv}");
    let md = folder.answer(&["saturation", "--format", "md"]);
    assert!(md.contains("| --- |") || md.contains("|---"), "{md}");
    // The same orders are drawn every time.
    assert_eq!(shown, folder.answer(&["saturation"]));
}

#[test]
fn a_mistyped_column_is_named_with_its_nearest() {
    let folder = Folder::sample();
    let ran = folder.run(&["saturation", "--order", "regoin"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("did you mean `region`?"), "{}", ran.err);
}

/// Eight interviews of one line each, A1 to A8, in the order of their dates.
fn coded() -> Folder {
    let folder = Folder::new();
    let mut cases = String::from("transcript,date\n");
    for at in 1..=8 {
        let talk = format!(
            "Interviewer: And then, in week {at}?\nAnn: We sang in week {at}, all of us.\n"
        );
        folder.write(&format!("A{at}.txt"), talk);
        cases += &format!("A{at},2024-03-0{at}\n");
    }
    folder.write("cases.csv", cases).write("study.toml", "language = \"en\"\n");
    // `Above` has no quotation of its own, so it is not counted.
    folder.answer(&["code", "add", "Above", "--theme"]);
    for code in ["a", "b", "c", "d", "e", "f"] {
        folder.answer(&["code", "add", code, "--under", "Above"]);
    }
    let codes: [&[&str]; 8] =
        [&["a", "b"], &["b", "c"], &["a"], &["d"], &["a", "e"], &["b"], &["d"], &["c"]];
    for (at, codes) in (1..).zip(codes) {
        let transcript = format!("A{at}");
        let add = ["quote", "add", "--transcript", &transcript, "--lines", "2"];
        let codes = codes.iter().flat_map(|code| ["--code", code]);
        folder.answer(&add.into_iter().chain(codes).collect::<Vec<_>>());
    }
    folder
}

fn numbers(answer: &Value, field: &str) -> Vec<u64> {
    let interviews = answer["groups"][0]["interviews"].as_array().unwrap();
    interviews.iter().map(|interview| interview[field].as_u64().unwrap()).collect()
}

#[test]
fn codes_are_counted_where_there_are_any() {
    let folder = coded();
    let answer = saturation(&folder, &["--order", "date"]);
    assert_eq!(
        (&answer["counted"], &answer["unit"]),
        (&"5 codes of the codebook".into(), &"codes".into())
    );
    assert_eq!(numbers(&answer, "n_themes"), [2, 2, 1, 1, 2, 1, 1, 1]);
    assert_eq!(numbers(&answer, "n_new"), [2, 1, 0, 1, 1, 0, 0, 0]);
    assert_eq!(numbers(&answer, "n_known"), [2, 3, 3, 4, 5, 5, 5, 5]);
    assert_eq!(answer["notes"], serde_json::json!([]));
    // Base 4 has 4 codes. Runs of two bring 1 (interviews 5 and 6): 25 %; then 6
    // and 7 bring none: saturation at 5+2. Base 5 has 5: 6 and 7 bring none: 5+2.
    let after = |base: u64, run: u64| {
        let rules = answer["groups"][0]["rules"].as_array().unwrap();
        let of =
            |rule: &&Value| rule["base"] == base && rule["run"] == run && rule["threshold"] == 0.05;
        rules.iter().find(of).unwrap()["after"].clone()
    };
    assert_eq!((after(4, 2), after(5, 2), after(6, 2)), (5.into(), 5.into(), 6.into()));
    let shown = folder.answer(&["saturation", "--order", "date"]);
    assert!(shown.contains("Saturation reached at 5+2 interviews"), "{shown}");
    assert!(!shown.contains("candidate"), "{shown}");
    let shown = folder.answer(&["saturation", "--order", "date", "--candidates"]);
    assert!(shown.contains("candidate theme") && !shown.contains("codebook"), "{shown}");
}

#[test]
fn stale_quotations_and_uncoded_interviews_are_left_out_and_told() {
    let folder = coded();
    folder.write("A5.txt", "Interviewer: And then?\nAnn: Nothing of the sort, I should say.\n");
    folder.write("A9.txt", "Interviewer: And then?\nAnn: We were tired, all of us, of the rain.\n");
    let answer = saturation(&folder, &["--order", "date"]);
    assert_eq!(answer["counted"], "4 codes of the codebook, which stand in 7 of 9 interviews");
    assert_eq!(numbers(&answer, "n_new"), [2, 1, 0, 1, 0, 0, 0]);
    assert_eq!(
        answer["notes"],
        serde_json::json!([
            "1 outdated quotation is left out, because the transcripts have changed; list these quotations",
            "2 interviews are left out, because nothing in them is coded yet; count candidate themes instead"
        ])
    );
}
