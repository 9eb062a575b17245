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
    // All say the same: the first brings both themes, and the base suffices.
    let n_new: Vec<u64> = all["interviews"]
        .as_array()
        .unwrap()
        .iter()
        .map(|interview| interview["n_new"].as_u64().unwrap())
        .collect();
    assert_eq!(n_new, [2, 0, 0, 0, 0, 0, 0]);
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
    assert!(shown.contains("2 interviews are missing"), "{shown}");
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
