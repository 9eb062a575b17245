//! Candidate themes with their evidence and doubt, and what becomes of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::harness::{Folder, interview, sample_path};

fn json(folder: &Folder, args: &[&str]) -> Value {
    serde_json::from_str(&folder.answer(args)).unwrap()
}

fn themes_of(folder: &Folder) -> Value {
    json(folder, &["themes", "--count", "10", "--format", "json"])
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Six people, two topics each; all of them in one theme or another.
fn two_topics(folder: &Folder) {
    folder.write("study.toml", "language = \"en\"\n[themes]\ncount = 2\n");
    for (at, name) in ["Ann", "Bo", "Cid", "Dee", "Eve", "Fay"].iter().enumerate() {
        let (first, second) = if at % 2 == 0 { ("garden", "choir") } else { ("choir", "garden") };
        let talk = interview(name, first, 10) + &interview(name, second, 10);
        folder.write(&format!("P{at}.txt"), talk);
    }
}

#[test]
fn labels_are_unlike_each_other_and_made_of_terms_as_spoken() {
    let folder = Folder::sample();
    // The .vtt and .txt files alone: what is in Word documents is packed.
    let mut talk = String::new();
    let files = ["leaders", "participants"].map(|group| sample_path().join(group));
    for file in files.iter().flat_map(|folder| fs::read_dir(folder).unwrap()) {
        let text = fs::read_to_string(file.unwrap().path()).unwrap_or_default();
        talk += &text.to_lowercase().replace('’', "'");
    }
    let answer = themes_of(&folder);
    let mut labels = BTreeSet::new();
    let (mut n_words, mut n_said) = (0, 0);
    for theme in list(&answer["themes"]) {
        assert!(labels.insert(text(&theme["label"])), "{}", theme["label"]);
        let terms: Vec<&str> = list(&theme["terms"]).iter().map(|t| text(&t["term"])).collect();
        let label = text(&theme["label"]);
        let parts: Vec<&str> = match label.strip_prefix("no good name: ") {
            Some(words) => words.split(" / ").collect(),
            None => label.split(", ").collect(),
        };
        // A question is the interviewer's; without terms there is nothing to name it by.
        let is_of_terms = !terms.is_empty() && !label.starts_with("asked: ");
        for part in parts.into_iter().filter(|_| is_of_terms) {
            assert!(terms.contains(&part), "{part} is in the label and not in {terms:?}");
        }
        for term in list(&theme["terms"]) {
            assert!(term["n_cases"].as_u64().unwrap() > 1, "{term} is one person's word");
            let words: Vec<&str> = text(&term["term"]).split(' ').collect();
            n_words += words.len();
            n_said += words.iter().filter(|word| talk.contains(**word)).count();
        }
        let weights: Vec<f64> =
            list(&theme["terms"]).iter().map(|term| term["weight"].as_f64().unwrap()).collect();
        assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
    }
    // A stem such as "silenc" would be found too, but not "accredit's".
    assert!(n_said * 100 >= n_words * 97, "{n_said} of {n_words} words were said");
}

#[test]
fn words_that_name_nothing_are_no_label_alone() {
    let folder = Folder::sample();
    for theme in list(&themes_of(&folder)["themes"]) {
        let parts: Vec<&str> = text(&theme["label"]).split(", ").collect();
        let plain =
            ["look", "see", "want", "need", "use", "called", "talking", "sat", "um", "like"];
        // A theme that nothing else tells apart is called by what there is.
        if list(&theme["terms"]).len() > 3 {
            assert!(parts.iter().all(|part| !plain.contains(part)), "{parts:?}");
        }
    }
}

#[test]
fn a_phrase_may_end_in_a_particle() {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n[themes]\ncount = 2\n");
    for (at, name) in ["Ann", "Bo", "Cid", "Dee", "Eve", "Fay"].iter().enumerate() {
        let mut talk = String::new();
        for turn in 0..8 {
            talk += &format!("Interviewer: And then, number {turn}?\n");
            talk += &format!(
                "{name}: With my camera off nobody in the group could tell whether I was crying or \
                 cooking, and that evening I had the camera off from start to end.\n"
            );
            talk += &format!("Interviewer: And before, number {turn}?\n");
            talk += &format!(
                "{name}: The drive to the hospital took an hour each way, over the moor in snow and \
                 fog, and the canteen was shut by the time we had parked.\n"
            );
        }
        folder.write(&format!("P{at}.txt"), talk);
    }
    let answer = json(&folder, &["themes", "--format", "json"]);
    let labels: Vec<&str> = list(&answer["themes"]).iter().map(|t| text(&t["label"])).collect();
    assert!(labels.iter().any(|label| label.contains("camera off")), "{labels:?}");
}

#[test]
fn quotes_are_of_different_people_first_and_not_alike() {
    let folder = Folder::sample();
    for theme in list(&themes_of(&folder)["themes"]) {
        let quotes = list(&theme["quotes"]);
        let cases: Vec<&str> = quotes.iter().map(|quote| text(&quote["case"])).collect();
        let different = cases.iter().collect::<BTreeSet<_>>().len();
        let n_cases = theme["n_cases"].as_u64().unwrap() as usize;
        assert_eq!(different, quotes.len().min(n_cases), "{cases:?}");
        for quote in quotes {
            let n_chars = text(&quote["text"]).chars().count();
            assert!(n_chars <= 400, "{quote}");
        }
        let texts: BTreeSet<&str> = quotes.iter().map(|quote| text(&quote["text"])).collect();
        assert_eq!(texts.len(), quotes.len());
        let most = theme["largest_share"].as_f64().unwrap();
        assert_eq!(most > 0.0, n_cases > 0);
        assert!(most <= 1.0);
    }
}

#[test]
fn counts_agree_with_the_passages_that_are_listed() {
    let folder = Folder::online();
    let answer = themes_of(&folder);
    let passages = list(&answer["passages"]);
    let mut n_passages: BTreeMap<u64, u64> = BTreeMap::new();
    let mut n_beside: BTreeMap<u64, u64> = BTreeMap::new();
    for passage in passages {
        let of = [&passage["theme"], &passage["also"]];
        let says: Vec<u64> = list(&passage["evidence"]).iter().filter_map(Value::as_u64).collect();
        for &id in &says {
            *n_passages.entry(id).or_default() += 1;
        }
        for id in of.into_iter().filter_map(Value::as_u64).filter(|id| !says.contains(id)) {
            *n_beside.entry(id).or_default() += 1;
        }
        let weight = passage["weight"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&weight), "{passage}");
        assert_eq!(passage["theme"].is_null(), weight == 0.0, "{passage}");
    }
    let mut n_codes = 0;
    for theme in list(&answer["themes"]) {
        let id = theme["id"].as_u64().unwrap();
        let n = |counted: &BTreeMap<u64, u64>| Some(counted.get(&id).copied().unwrap_or(0));
        assert_eq!(n(&n_passages), theme["n_passages"].as_u64(), "{id}");
        assert_eq!(n(&n_beside), theme["in_context"]["n_passages"].as_u64(), "{id}");
        let of_groups: u64 =
            list(&theme["groups"]).iter().map(|group| group["n_cases"].as_u64().unwrap()).sum();
        assert_eq!(Some(of_groups), theme["n_cases"].as_u64());
        for code in list(&theme["subthemes"]) {
            // Evidence and what stands beside it.
            let beside = code["in_context"]["n_passages"].as_u64().unwrap();
            let all = code["n_passages"].as_u64().unwrap() + beside;
            assert!(code["n_cases"].as_u64() >= Some(3), "{}", code["label"]);
            // What is evidence of a code is evidence of its theme.
            for what in ["n_passages", "n_cases"] {
                assert!(code[what].as_u64() <= theme[what].as_u64(), "{}", code["label"]);
            }
            let path = serde_json::json!([id, code["id"]]);
            let carry = passages.iter().filter(|p| list(&p["codes"]).contains(&path));
            assert_eq!(carry.count() as u64, all, "{}", code["label"]);
            n_codes += 1;
        }
    }
    assert!(n_codes >= 8, "{n_codes} codes");
}

/// The cases of what a query finds.
fn cases_of(folder: &Folder, query: &str) -> BTreeSet<String> {
    let found = folder.answer(&["search", query, "--limit", "9999", "--format", "jsonl"]);
    let hits = found.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    hits.map(|hit| text(&hit["case"]).to_owned()).collect()
}

#[test]
fn a_term_and_a_code_are_said_by_as_many_people_as_a_search_finds() {
    let folder = Folder::online();
    let answer = json(&folder, &["themes", "--format", "json"]);
    let (mut n_terms, mut n_codes) = (0, 0);
    for theme in list(&answer["themes"]).iter().take(12) {
        let id = &theme["id"];
        let words = list(&theme["terms"]).iter().filter(|term| !text(&term["term"]).contains(' '));
        for term in words.take(3) {
            let found = cases_of(&folder, &format!("theme:{id} AND {}", text(&term["term"])));
            assert_eq!(Some(found.len() as u64), term["n_cases"].as_u64(), "{id} {term}");
            n_terms += 1;
        }
        for code in list(&theme["subthemes"]) {
            let found = cases_of(&folder, &format!("theme:{id}.{}", code["id"]));
            assert_eq!(Some(found.len() as u64), code["n_cases"].as_u64(), "{id} {}", code["id"]);
            let named = cases_of(&folder, &format!("theme:\"{}\"", text(&code["label"])));
            assert!(found.is_subset(&named), "{}", code["label"]);
            n_codes += 1;
        }
    }
    assert!(n_terms >= 10 && n_codes >= 10, "{n_terms} {n_codes}");
    let wrong = folder.run(&["search", "theme:1.99"]).err;
    assert!(wrong.contains("no theme has the value `1.99`"), "{wrong}");
}

#[test]
fn what_fits_no_theme_is_listed() {
    let folder = Folder::sample();
    let answer = json(&folder, &["themes", "--format", "json"]);
    let without: Vec<String> = list(&answer["passages"])
        .iter()
        .filter(|passage| passage["theme"].is_null())
        .map(|passage| passage["transcript"].to_string())
        .collect();
    let listed = folder.answer(&["themes", "--unassigned", "--format", "jsonl"]);
    let listed: Vec<String> = listed
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["transcript"].to_string())
        .collect();
    assert!(!without.is_empty());
    assert_eq!(without, listed);
}

#[test]
fn one_voice_is_marked() {
    let folder = Folder::new();
    two_topics(&folder);
    // One person says nearly all there is about a third thing.
    let zeppelin = interview("Ann", "zeppelin", 30);
    let once = interview("Bo", "zeppelin", 4);
    let garden = |name: &str| interview(name, "garden", 10) + &interview(name, "choir", 10);
    folder.write("P0.txt", garden("Ann") + &zeppelin).write("P1.txt", garden("Bo") + &once);
    folder.write("study.toml", "language = \"en\"\n[themes]\ncount = 3\n");
    let shown = folder.answer(&["themes", "--quotes", "0"]);
    let block = shown.split("\n\n").find(|block| block.contains("zeppelin"));
    let block = block.unwrap_or_else(|| panic!("{shown}"));
    assert!(block.contains("by one participant"), "{block}");
}

#[test]
fn an_unchanged_study_keeps_one_version() {
    let folder = Folder::new();
    two_topics(&folder);
    let versions = || fs::read_dir(folder.path().join(".leitmotif/versions")).unwrap().count();
    let first = json(&folder, &["themes", "--format", "json"]);
    assert_eq!((&first["version"], versions()), (&Value::from(1), 1));
    assert_eq!(json(&folder, &["themes", "--format", "json"]), first);
    assert_eq!(
        json(&folder, &["themes", "--afresh", "--format", "json"])["themes"],
        first["themes"]
    );
    assert_eq!(versions(), 1);
}

/// What a study holds that cannot be worked out again, with its bytes.
fn kept(folder: &Folder) -> BTreeMap<PathBuf, Vec<u8>> {
    let derived = ["cache", "index"].map(|it| folder.path().join(".leitmotif").join(it));
    let (mut kept, mut open) = (BTreeMap::new(), vec![folder.path().to_owned()]);
    while let Some(next) = open.pop().filter(|it| !derived.contains(it)) {
        if next.is_dir() {
            open.extend(fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            kept.insert(next.clone(), fs::read(next).unwrap());
        }
    }
    kept
}

#[test]
fn exploring_keeps_no_version_and_renumbers_nothing() {
    let folder = Folder::new();
    two_topics(&folder);
    let first = json(&folder, &["themes", "--format", "json"]);
    let before = kept(&folder);
    let explored = json(&folder, &["themes", "--count", "3", "--format", "json"]);
    assert_eq!(explored["version"], Value::Null);
    for asked in [
        &["themes", "--count", "4", "--afresh"][..],
        &["themes", "--count", "3", "--since", "1"],
        &["themes", "--unassigned"],
        &["saturation", "--count", "3"],
        &["search", "garden"],
        &["codebook"],
        &["info"],
    ] {
        folder.answer(asked);
        assert!(kept(&folder) == before, "{asked:?}");
    }
    assert_eq!(json(&folder, &["themes", "--format", "json"]), first);
}

#[test]
fn a_code_that_no_words_name_is_shown_and_accepted_by_what_somebody_says() {
    let folder = Folder::sample();
    let found = json(&folder, &["themes", "--format", "json"]);
    let codes = list(&found["themes"])
        .iter()
        .flat_map(|theme| list(&theme["subthemes"]).iter().map(move |code| (&theme["id"], code)));
    let mut as_in = codes.filter_map(|(theme, code)| {
        let clause = text(&code["label"]).strip_prefix("no good name, as in ")?;
        Some((format!("{theme}.{}", code["id"]), clause))
    });
    let (which, clause) = as_in.next().expect("a code of the sample has no good name");
    let said = clause.trim_start_matches('“').trim_end_matches('”');
    let hits = json(&folder, &["search", &format!("\"{said}\""), "--format", "json"]);
    assert!(!list(&hits).is_empty(), "nobody says {clause}");
    // Names are hidden in it as everywhere.
    let word = said.split(' ').next_back().unwrap();
    let hidden = Folder::sample();
    assert_eq!(hidden.run(&["pseudonyms", "add", word, "[x]"]).code, 0);
    let shown = json(&hidden, &["themes", "--format", "json"])["themes"].to_string();
    assert!(!shown.contains(&format!("{word}”")) && shown.contains("[x]”"), "{word}");
    folder.answer(&["theme", "accept", &which]);
    let codebook = json(&folder, &["codebook", "--format", "json"]);
    assert!(list(&codebook).iter().any(|code| code["name"] == clause), "{codebook}");
}

#[test]
fn an_interview_more_renames_and_reorders_nothing_that_did_not_change() {
    let folder = Folder::new();
    two_topics(&folder);
    let before = json(&folder, &["themes", "--format", "json"]);
    folder.write("P9.txt", interview("Gus", "garden", 10) + &interview("Gus", "choir", 10));
    let after = json(&folder, &["themes", "--format", "json"]);
    let named = |answer: &Value| -> Vec<(u64, String)> {
        let themes = list(&answer["themes"]).iter();
        themes
            .map(|theme| (theme["id"].as_u64().unwrap(), text(&theme["label"]).to_owned()))
            .collect()
    };
    assert_eq!(named(&before), named(&after));
    assert_eq!(after["version"], 2);
    // What has changed is told with the new interview's words.
    let grown = json(&folder, &["themes", "--since", "1", "--format", "json"]);
    assert_eq!((&grown["added"], &grown["of_new_cases"]), (&serde_json::json!(["P9"]), &1.into()));
    for change in list(&grown["changes"]) {
        assert_eq!(change["kind"], "held");
        assert!(list(&change["quotes"]).iter().all(|quote| quote["transcript"] == "P9"));
        assert!(!list(&change["quotes"]).is_empty());
    }
    let shown = folder.answer(&["themes", "--since", "1"]);
    assert!(shown.starts_with("Since version 1: 1 transcript new (P9)."), "{shown}");
}

#[test]
fn a_new_topic_is_told_as_new() {
    let folder = Folder::new();
    two_topics(&folder);
    folder.answer(&["themes"]);
    for name in ["Gus", "Hal", "Ida"] {
        folder.write(&format!("{name}.txt"), interview(name, "zeppelin", 20));
    }
    folder.write("study.toml", "language = \"en\"\n[themes]\ncount = 3\n");
    let grown = json(&folder, &["themes", "--since", "1", "--format", "json"]);
    let new: Vec<&Value> =
        list(&grown["changes"]).iter().filter(|change| change["kind"] == "new").collect();
    assert_eq!(new.len(), 1, "{}", grown["changes"]);
    assert!(text(&new[0]["label"]).contains("zeppelin"), "{}", new[0]["label"]);
    assert_eq!(grown["is_asked_alike"], false);
    assert!(!list(&new[0]["quotes"]).is_empty());
}

#[test]
fn a_version_that_is_not_kept_or_damaged_is_no_disaster() {
    let folder = Folder::new();
    two_topics(&folder);
    let ran = folder.run(&["themes", "--since", "1"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("hint: none is kept yet"), "{}", ran.err);
    let first = folder.answer(&["themes"]);
    let path = folder.path().join(".leitmotif/versions/0001.json");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    // Numbering starts anew, and nothing that was kept is written over.
    let second = folder.answer(&["themes"]);
    assert_eq!(first.replace("version 1", "version 2").replace("since 1", "since 2"), second);
    let ran = folder.run(&["themes", "--since", "1"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("hint: "), "{}", ran.err);
}

#[test]
fn a_version_of_the_sample_is_small() {
    let folder = Folder::sample();
    folder.answer(&["themes"]);
    let kept = fs::metadata(folder.path().join(".leitmotif/versions/0001.json")).unwrap();
    // A few bytes a passage, and an id and a checksum a transcript.
    assert!(kept.len() < 16_000, "{}", kept.len());
}

#[test]
fn speakers_who_address_each_other_are_no_terms_of_a_theme() {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n[themes]\ncount = 2\n");
    for (group, topic) in [("G1", "garden"), ("G2", "kitchen"), ("G3", "garden")] {
        let mut text = String::new();
        for round in 0..12 {
            let other = if round % 2 == 0 { topic } else { "ferry" };
            text.push_str(&format!(
                "Paula Reed: Wendy, the {other} needs a new lock before winter number {round}.\n\
                 Wendy: As Paula told us, Paula's {other} lock froze, and the {other} stayed shut.\n"
            ));
        }
        folder.write(&format!("{group}.txt"), text);
    }
    let out = folder.run(&["themes", "--format", "json"]).out;
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    for theme in answer["themes"].as_array().unwrap() {
        for term in theme["terms"].as_array().unwrap() {
            let term = term["term"].as_str().unwrap().to_lowercase();
            assert!(!term.contains("paula") && !term.contains("wendy"), "{term}");
        }
    }
    // They are found where they are said.
    assert!(folder.run(&["search", "paula AND froze"]).out.contains("As Paula told us"));
}

/// Interviews that begin with a speech that is read out and end with a program's line.
fn with_boilerplate() -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n[themes]\ncount = 2\n");
    for (id, topic, other) in [
        ("P1", "garden", "ferry"),
        ("P2", "garden", "kitchen"),
        ("P3", "kitchen", "garden"),
        ("P4", "ferry", "kitchen"),
        ("P5", "ferry", "garden"),
    ] {
        let mut text = String::from(
            "Interviewer: This conversation is recorded for research, and you may stop whenever you like. \
             Your answers are stored without your name on a server of the university.\n\
             Participant: Yes, that is fine.\n",
        );
        for (n, about) in (0..8).zip([topic, other].iter().cycle()) {
            text.push_str(&format!(
                "Interviewer: What about the {about} in month {n}?\n\
                 Participant: The {about} of {id} kept us busy that month, and the {about} number {n} \
                 was painted by a neighbour who likes the {about}.\n"
            ));
        }
        text.push_str("Participant: Transcript created with the free tier of Scribbler.\n");
        folder.write(&format!("{id}.txt"), text);
    }
    folder
}

#[test]
fn what_is_the_same_in_most_transcripts_is_kept_out_of_themes_and_told() {
    let folder = with_boilerplate();
    let out = folder.run(&["info"]).out;
    let (_, kept_out) = out.split_once("\nKept out of themes").unwrap();
    insta::assert_snapshot!(kept_out);
    let themes = folder.run(&["themes", "--format", "json"]).out;
    let answer: serde_json::Value = serde_json::from_str(&themes).unwrap();
    let said = answer["themes"].to_string();
    for word in ["Scribbler", "scribbler", "tier", "university", "recorded"] {
        assert!(!said.contains(word), "{word}: {said}");
    }
    // All else counts, and what is kept out can be found and read.
    assert_eq!(answer["passages"].as_array().unwrap().len(), 5 * 8 + 5, "{said}");
    assert!(folder.run(&["search", "\"free tier\""]).out.contains("Scribbler"));
    assert!(folder.run(&["search", "university AND stored"]).out.contains("university"));
    assert!(folder.run(&["show", "P3"]).out.contains("Scribbler"));
}

/// Imports codings from a table that is no part of the study.
fn import(folder: &Folder, rows: &str) {
    let beside = Folder::new();
    beside.write("rows.csv", rows);
    folder.answer(&["import", beside.path().join("rows.csv").to_str().unwrap()]);
}

#[test]
fn a_coded_study_starts_from_its_codes_and_goes_on_with_what_they_leave() {
    let folder = Folder::new();
    two_topics(&folder);
    let before = json(&folder, &["themes", "--format", "json"]);
    assert!(before.get("codes").is_none() && before.get("uncoded").is_none());
    // The gardens of Ann and of Bo are coded, and some of Cid's; of Dee, Eve and Fay nothing.
    let mut rows = "transcript,lines,code\n".to_owned();
    for (transcript, lines) in [("P0", 1..11), ("P1", 11..21), ("P2", 1..5)] {
        for turn in lines {
            rows += &format!("{transcript},{},Home > Gardens\n", 2 * turn);
        }
    }
    import(&folder, &rows);
    let answer = json(&folder, &["themes", "--format", "json"]);
    let codes = list(&answer["codes"]);
    let told: Vec<(&str, u64)> =
        codes.iter().map(|code| (text(&code["code"]), code["n_cases"].as_u64().unwrap())).collect();
    assert_eq!(told, [("Home", 3), ("Home > Gardens", 3)]);
    assert_eq!(codes[0]["proposed"], Value::Null, "it has no quotation of its own");
    let more = codes[1]["proposed"]["n_more_cases"].as_u64().unwrap();
    assert!((1..=3).contains(&more), "{more} of Dee, Eve and Fay");
    assert_eq!(answer["uncoded"]["transcripts"], serde_json::json!(["P3", "P4", "P5"]));
    assert_eq!(answer["uncoded"]["of_passages"], list(&answer["passages"]).len());
    // Candidates stay what they were; beside their evidence stands what no code covers.
    for (theme, known) in list(&answer["themes"]).iter().zip(list(&before["themes"])) {
        for field in ["id", "label", "n_cases", "n_passages", "quotes"] {
            assert_eq!(theme[field], known[field]);
        }
        let left = &theme["uncoded"];
        assert!(left["n_passages"].as_u64() <= theme["n_passages"].as_u64());
        for quote in list(&left["quotes"]) {
            let line = quote["lines"][0].as_u64().unwrap();
            let is_coded = match text(&quote["transcript"]) {
                "P0" => line <= 20,
                "P1" => line > 20,
                "P2" => line <= 8,
                _ => false,
            };
            assert!(!is_coded, "{quote}");
        }
    }
    let shown = folder.answer(&["themes", "--quotes", "1"]);
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let (codes, themes) = words.split_once("No code covers").unwrap();
    assert!(codes.contains("in 3 of 6") && codes.contains(&format!("in {more} more (")), "{codes}");
    assert!(themes.contains("in P3, P4, P5 nothing is coded"), "{themes}");
    assert!(
        themes.contains("not coded yet: ") && !themes.contains("that your codes cover"),
        "{themes}"
    );
    // What was learnt is remembered, and forgotten when something else is coded.
    let progress = folder.path().join(".leitmotif/cache/progress");
    let remembered = fs::read(&progress).unwrap();
    assert_eq!(folder.answer(&["themes", "--quotes", "1"]), shown);
    assert_eq!(fs::read(&progress).unwrap(), remembered);
    fs::remove_file(&progress).unwrap();
    assert_eq!(folder.answer(&["themes", "--quotes", "1"]), shown);
    folder.answer(&[
        "quote",
        "add",
        "--transcript",
        "P3",
        "--lines",
        "22",
        "--code",
        "Home > Gardens",
    ]);
    let now = json(&folder, &["themes", "--format", "json"]);
    assert_eq!(now["codes"][1]["n_cases"], 4);
    assert_eq!(now["codes"][1]["proposed"]["n_more_cases"], more - 1);
}

#[test]
fn a_candidate_that_codes_cover_is_told_in_a_line() {
    let folder = Folder::new();
    two_topics(&folder);
    let mut rows = "transcript,lines,code\n".to_owned();
    for (at, first) in [1, 11].into_iter().cycle().take(5).enumerate() {
        for turn in first..first + 10 {
            rows += &format!("P{at},{},Gardens\n", 2 * turn);
        }
    }
    import(&folder, &rows);
    let shown = folder.answer(&["themes"]);
    let (open, covered) = shown.split_once("Candidates that your codes cover\n").unwrap();
    assert!(covered.contains("garden") && covered.contains(" coded\n"), "{covered}");
    assert!(open.contains("choir") && open.contains("not coded yet"), "{open}");
}

#[test]
fn stability_is_the_mean_over_all_who_are_left_out() {
    let folder = Folder::sample();
    let answer: Value =
        serde_json::from_str(&folder.answer(&["themes", "--format", "json"])).unwrap();
    for theme in answer["themes"].as_array().unwrap() {
        let without = theme["without"].as_array().unwrap();
        let cases: BTreeSet<&str> =
            without.iter().map(|trial| trial["cases"][0].as_str().unwrap()).collect();
        let alone = without.iter().all(|trial| trial["cases"].as_array().unwrap().len() == 1);
        assert!(alone && cases.len() == without.len());
        assert_eq!(cases.len() as u64, theme["of_cases"].as_u64().unwrap());
        let jaccard = |trial: &Value| trial["jaccard"].as_f64().unwrap();
        let mean = without.iter().map(jaccard).sum::<f64>() / without.len() as f64;
        assert!((mean - theme["stability"].as_f64().unwrap()).abs() < 1e-3, "{theme}");
        // Whoever it depends on has a bar under a half, and all who have one are named.
        let lost = without.iter().filter(|trial| jaccard(trial) < 0.5);
        let lost: Vec<&Value> = lost.map(|trial| &trial["cases"][0]).collect();
        let named: Vec<&Value> = theme["depends_on"].as_array().unwrap().iter().collect();
        let is_stable = theme["band"] != "dissolving";
        assert_eq!(named, if is_stable { lost } else { Vec::new() }, "{theme}");
    }
}
