//! A person's codes carried to the rest: what is proposed, accepted and rejected.

use serde_json::Value;

use crate::harness::{Folder, Ran};

/// Interviews in which people speak of a kettle or of trains; the first three are coded.
pub(crate) fn study() -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for (name, asked) in ["Ann", "Bo", "Cid", "Dora", "Eve", "Fay"].iter().zip(0..) {
        let mut text = String::new();
        for turn in 0..6 {
            let (topic, talk) = if (turn + asked) % 3 == 0 {
                ("break", "We put the kettle on and had our tea together, and nobody hurried home")
            } else {
                ("journey", "The trains were late again and the platform was cold and full of rain")
            };
            text.push_str(&format!(
                "Interviewer: And how was the {topic} for you, number {turn}?\n"
            ));
            text.push_str(&format!("{name}: {talk}, I remember the number {turn} of that week.\n"));
        }
        folder.write(&format!("{name}.txt"), text);
    }
    folder
}

/// The line of the answer that is about the kettle, of each interview.
const KETTLE: [(&str, u32); 6] =
    [("Ann", 2), ("Bo", 6), ("Cid", 4), ("Dora", 2), ("Eve", 6), ("Fay", 4)];

/// Codes the kettle in the first interviews, and their further answers about it stay.
pub(crate) fn coded() -> Folder {
    let folder = study();
    act(&folder, &["code", "add", "Company", "--definition", "Tea together"]);
    for (name, line) in &KETTLE[..3] {
        for line in [*line, line + 6] {
            let line = line.to_string();
            act(
                &folder,
                &["quote", "add", "--transcript", name, "--lines", &line, "--code", "Company"],
            );
        }
    }
    folder
}

#[track_caller]
pub(crate) fn act(folder: &Folder, args: &[&str]) -> String {
    folder.answer(&[args, &["--coder", "Efa"]].concat())
}

pub(crate) fn proposals(folder: &Folder, more: &[&str]) -> Vec<Value> {
    let args = [&["propose", "--code", "Company", "--format", "jsonl", "--limit", "0"], more];
    folder.answer(&args.concat()).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn standing(folder: &Folder) -> Value {
    let args = ["propose", "--code", "company", "--format", "json"];
    let answer: Value = serde_json::from_str(&folder.answer(&args)).unwrap();
    answer["standings"][0].clone()
}

fn place(proposal: &Value) -> (String, u64) {
    (proposal["transcript"].as_str().unwrap().to_owned(), proposal["lines"][0].as_u64().unwrap())
}

#[track_caller]
pub(crate) fn refused(ran: &Ran, expected: &str) {
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(ran.err, expected);
}

#[test]
fn what_is_like_the_quotations_of_others_comes_first_with_its_reasons() {
    let folder = coded();
    let found = proposals(&folder, &[]);
    let mut first: Vec<(String, u64)> = found[..6].iter().map(place).collect();
    first.sort();
    let expected: Vec<(String, u64)> = KETTLE[3..]
        .iter()
        .flat_map(|(name, line)| {
            [((*name).to_owned(), u64::from(*line)), ((*name).to_owned(), u64::from(*line) + 6)]
        })
        .collect();
    assert_eq!(first, expected);
    let probability = |at: usize| found[at]["probability"].as_f64().unwrap();
    assert!(probability(5) > 0.5 && probability(6) < 0.2, "{} {}", probability(5), probability(6));
    let because = &found[0]["because"];
    let words: Vec<&str> =
        because["words"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    assert!(words.contains(&"kettle") || words.contains(&"tea"), "{words:?}");
    assert_eq!(because["name"], serde_json::json!(["tea", "together"]));
    assert!(because["quotations"][0]["likeness"].as_f64().unwrap() > 0.9);
    for (at, proposal) in found.iter().enumerate() {
        assert_eq!(proposal["rank"], at + 1);
        assert_eq!(proposal["score"], proposal["probability"]);
        assert_eq!(proposal["role"], "participant");
        assert!(!KETTLE[..3].iter().any(|(name, line)| {
            let (transcript, at) = place(proposal);
            transcript == *name && [u64::from(*line), u64::from(*line) + 6].contains(&at)
        }));
    }
    // Where equally probable, everybody has their turn.
    let whose: Vec<String> = found[..6].iter().map(|proposal| place(proposal).0).collect();
    if found[0]["probability"] == found[5]["probability"] {
        assert!(whose[0] != whose[1] && whose[1] != whose[2] && whose[0] != whose[2], "{whose:?}");
    }
    // Only in one transcript, only where nothing is quoted.
    assert!(proposals(&folder, &["--in", "Eve"]).iter().all(|it| place(it).0 == "Eve"));
    let uncoded = proposals(&folder, &["--uncoded"]);
    assert!(uncoded.len() < found.len());
    assert!(uncoded.iter().all(|it| ["Dora", "Eve", "Fay"].contains(&place(it).0.as_str())));
}

#[test]
fn an_accepted_proposal_is_a_quotation_and_a_rejected_one_stays_away() {
    let folder = coded();
    let found = proposals(&folder, &[]);
    let (transcript, line) = place(&found[0]);
    let said = act(&folder, &["propose", "accept", "1"]);
    assert_eq!(
        said.split_whitespace().collect::<Vec<_>>().join(" "),
        format!(
            "Decision 8: accepted the proposal {transcript} line {line} as “Company” (quotation 7)."
        )
    );
    let quotes = folder.answer(&["quote", "list", "--format", "json"]);
    let quotes: Vec<Value> = serde_json::from_str(&quotes).unwrap();
    assert_eq!(quotes.iter().filter(|quote| quote["codes"][0]["is_proposed"] == true).count(), 1);
    assert_eq!(quotes.iter().find(|quote| quote["id"] == 7).unwrap()["text"], found[0]["text"]);
    assert!(folder.answer(&["quote", "list"]).contains("Company (Efa, from a proposal)"));
    assert!(folder.answer(&["log"]).contains("Efa accepted the proposal"));

    // By lines, whatever was shown last.
    let last = place(found.last().unwrap());
    let lines = last.1.to_string();
    let named = ["--transcript", &last.0, "--lines", &lines, "--code", "Company"];
    act(&folder, &[&["propose", "reject"], &named[..], &["--because", "trains"]].concat());
    let again = proposals(&folder, &[]);
    assert!(again.iter().all(|it| place(it) != last && place(it) != (transcript.clone(), line)));
    assert_eq!(again.len(), found.len() - 2);
    let standing_of = |key: &str| standing(&folder)[key].as_u64().unwrap();
    assert_eq!(
        ["n_quotations", "n_accepted", "n_rejected", "n_last", "n_last_accepted"].map(standing_of),
        [7, 1, 1, 2, 1]
    );
    assert!(folder.answer(&["propose", "rejected"]).contains("not Company (Efa): trains"));
    refused(
        &folder.run(&[&["propose", "reject"], &named[..]].concat()),
        "error: this is rejected for `Company` already (number 1)\n  hint: see them with their numbers: `leitmotif propose rejected`\n",
    );

    // Each is undone by itself, and taken back.
    act(&folder, &["undo"]);
    assert_eq!(folder.answer(&["propose", "rejected"]), "No rejected proposals.\n");
    act(&folder, &["redo"]);
    act(&folder, &["propose", "take-back", "1"]);
    assert_eq!(proposals(&folder, &[]).len(), found.len() - 1);
    act(&folder, &["undo"]);
    act(&folder, &["undo"]);
    act(&folder, &["undo"]);
    assert_eq!(proposals(&folder, &[]), found);
}

#[test]
fn talk_that_nobody_has_read_says_nothing_against_a_code() {
    // What was only proposed does not make a transcript one that was read.
    let folder = coded();
    let before = proposals(&folder, &["--in", "Eve"]);
    let line = place(&before[0]).1.to_string();
    act(
        &folder,
        &["propose", "accept", "--transcript", "Eve", "--lines", &line, "--code", "Company"],
    );
    let after = proposals(&folder, &["--in", "Eve"]);
    assert_eq!(after.len(), before.len() - 1);
    assert!(after[0]["probability"].as_f64().unwrap() > 0.5, "{}", after[0]["probability"]);
}

#[test]
fn a_code_without_quotations_starts_from_its_words() {
    let folder = study();
    act(&folder, &["code", "add", "Company", "--definition", "Tea together"]);
    let found = proposals(&folder, &[]);
    assert!(found[0]["text"].as_str().unwrap().contains("tea"), "{}", found[0]);
    assert_eq!(found[0]["is_rough"], true);
    assert_eq!(found[0]["because"]["words"], serde_json::json!([]));
    let shown = folder.answer(&["propose", "--code", "Company", "--limit", "1"]);
    assert!(shown.contains("too few") && shown.contains("1. about "), "{shown}");
    let nothing = "No code has three quotations yet. Name one: `leitmotif propose --code NAME`.\n";
    assert_eq!(folder.answer(&["propose"]), nothing);
    refused(
        &folder.run(&["propose", "--code", "Compan"]),
        "error: there is no code `Compan`\n  hint: did you mean `Company`?\n",
    );
    refused(
        &folder.run(&["propose", "accept", "99"]),
        "error: there is no proposal `99`\n  hint: numbers are those of the list shown last: `leitmotif propose`\n",
    );
}

#[test]
fn every_code_with_enough_quotations_is_proposed_for_at_once() {
    let folder = coded();
    act(&folder, &["code", "add", "Waiting"]);
    for (name, line) in [("Ann", "4"), ("Bo", "2"), ("Cid", "2")] {
        act(&folder, &["quote", "add", "--transcript", name, "--lines", line, "--code", "Waiting"]);
    }
    let shown = folder.answer(&["propose", "--limit", "8"]);
    assert!(shown.starts_with("Company\n") && shown.contains("\nWaiting\n"), "{shown}");
    let lists = folder.answer(&["propose", "--format", "json", "--limit", "0"]);
    let answer: Value = serde_json::from_str(&lists).unwrap();
    let score = |proposal: &Value| proposal["score"].as_f64().unwrap();
    let all = answer["proposals"].as_array().unwrap();
    assert!(all.is_sorted_by(|a, b| score(a) >= score(b)));
    let codes: std::collections::BTreeSet<&str> =
        all.iter().map(|proposal| proposal["code"].as_str().unwrap()).collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["Company", "Waiting"]);
}

#[test]
fn threads_and_a_lost_cache_do_not_change_proposals() {
    let folder = coded();
    let with = |n: &str| proposals(&folder, &["--threads", n]);
    let found = with("1");
    assert_eq!(found, with("4"));
    std::fs::remove_dir_all(folder.path().join(".leitmotif/cache")).unwrap();
    assert_eq!(found, with("2"));
}
