//! Numbers of people and quotations that go into papers, on studies that are worked by hand:
//! after files are copied, corrected and renamed, with coders beside each other, and where
//! what somebody says is the same in all interviews. All interviews here are invented.

use std::fs;

use serde_json::Value;

use crate::harness::{Folder, Ran};

/// Words that no two of these invented people say alike.
const WORDS: [&str; 24] = [
    "garden", "river", "kettle", "letter", "bridge", "winter", "market", "window", "horse",
    "stone", "summer", "lamp", "boat", "paper", "clock", "field", "bread", "chair", "kitchen",
    "money", "wood", "rain", "door", "hill",
];

/// An invented interview of six questions, another for each number: each answer stands on an
/// even line.
fn talk(name: &str, number: u64) -> String {
    let mut state = number;
    let mut word = || {
        // The multiplier and step of Knuth's MMIX.
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[usize::try_from((state >> 33) % 24).unwrap()]
    };
    let mut text = String::new();
    for _ in 0..6 {
        let asked = word();
        let answer: Vec<&str> = (0..20).map(|_| word()).collect();
        text += &format!(
            "Interviewer: What about the {asked} then?\n{name}: I {}.\n",
            answer.join(" ")
        );
    }
    text
}

/// A study of so many people, `P1`, `P2` …, with the codes `Tea` and `Coal`.
fn study(names: &[&str]) -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for (n, name) in (1..).zip(names) {
        folder.write(&format!("P{n}.txt"), talk(name, n));
    }
    for code in ["Tea", "Coal"] {
        folder.answer(&["code", "add", code]);
    }
    folder
}

fn quote(folder: &Folder, coder: &str, (transcript, lines): (&str, &str), code: &str) -> Ran {
    folder.run(&[
        "--coder",
        coder,
        "quote",
        "add",
        "--transcript",
        transcript,
        "--lines",
        lines,
        "--code",
        code,
    ])
}

/// Of a code: how many participants of how many, and quotations.
fn counts(folder: &Folder, code: &str) -> (u64, u64, u64) {
    let codes = folder.run(&["codebook", "--format", "json"]).out;
    let codes: Value = serde_json::from_str(&codes).unwrap();
    let code = codes.as_array().unwrap().iter().find(|known| known["path"] == code).unwrap();
    let number = |name: &str| code[name].as_u64().unwrap();
    (number("n_cases"), number("of_cases"), number("n_quotations"))
}

/// Changes the text of a file.
fn correct(folder: &Folder, name: &str, change: impl Fn(&str) -> String) {
    let path = folder.path().join(name);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, change(&text)).unwrap();
}

/// A report as values, written outside of the study.
fn report(folder: &Folder) -> Value {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("report.json");
    folder.run(&["export", path.to_str().unwrap()]);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn a_copy_that_is_left_of_a_corrected_interview_takes_no_quotation() {
    // As it was, nobody counts in the copy; then it is found to be the same by its words.
    for headline in ["A headline of the typist.\n\n", ""] {
        let folder = study(&["Ann", "Bea", "Cem"]);
        folder.write("old/P1.txt", talk("Ann", 1));
        quote(&folder, "Zoe", ("P1", "4"), "Tea");
        quote(&folder, "Zoe", ("P2", "4"), "Tea");
        assert_eq!(counts(&folder, "Tea"), (2, 3, 2));
        correct(&folder, "P1.txt", |text| headline.to_owned() + &text.replace("river", "brook"));
        let listed = folder.run(&["quote", "list"]).out;
        assert!(!listed.contains("old/P1"), "{listed}");
    }
    let folder = study(&["Ann", "Bea", "Cem"]);
    folder.write("old/P1.txt", talk("Ann", 1));
    quote(&folder, "Zoe", ("P1", "4"), "Tea");
    correct(&folder, "P1.txt", |text| format!("A headline of the typist.\n\n{text}"));
    assert_eq!(counts(&folder, "Tea"), (1, 3, 1));
}

#[test]
fn what_counts_is_the_same_whatever_copies_lie_beside_an_interview() {
    let folder = study(&["Ann", "Bea", "Cem"]);
    for transcript in ["P1", "P2", "P3"] {
        quote(&folder, "Zoe", (transcript, "4"), "Tea");
    }
    let themes = |folder: &Folder| folder.run(&["themes", "--count", "2", "--format", "json"]);
    let alone = themes(&folder);
    for copy in ["Copy of P2", "Kopie von P2", "P2 (1)", "P2 copy", "backup/P2"] {
        let path = format!("{copy}.txt");
        // A program that copies may end lines otherwise.
        folder.write(&path, talk("Bea", 2).replace('\n', "\r\n\r\n"));
        assert_eq!(counts(&folder, "Tea"), (3, 3, 3), "{copy}");
        let beside = themes(&folder);
        assert_eq!(beside.out, alone.out, "{copy}");
        let told = format!("warning: {path}: this file is the same interview as `P2.txt`");
        assert!(beside.err.starts_with(&told), "{}", beside.err);
        fs::remove_file(folder.path().join(path)).unwrap();
        assert_eq!(themes(&folder), alone, "{copy}");
    }
    // What is coded in a copy counts for the interview, whichever of them is left.
    let (original, copy) = (folder.path().join("P2.txt"), folder.path().join("Copy of P2.txt"));
    fs::rename(&original, &copy).unwrap();
    quote(&folder, "Zoe", ("Copy of P2", "6"), "Coal");
    for part in ["original", "both", "copy"] {
        match part {
            "both" => drop(fs::copy(&copy, &original).unwrap()),
            "copy" => fs::remove_file(&copy).unwrap(),
            _ => {}
        }
        assert_eq!(
            (counts(&folder, "Tea"), counts(&folder, "Coal")),
            ((3, 3, 3), (1, 3, 1)),
            "{part}"
        );
    }
}

#[test]
fn a_copy_counts_on_its_own_if_the_table_says_who_speaks_in_it() {
    let folder = study(&["Ann", "Bea", "Cem"]);
    folder.write("P2 (1).txt", talk("Bea", 2));
    let n_cases = |folder: &Folder| {
        let info: Value =
            serde_json::from_str(&folder.run(&["info", "--format", "json"]).out).unwrap();
        info["cases"].as_array().unwrap().len()
    };
    assert_eq!(n_cases(&folder), 3);
    // What the table says of both is said of the interview.
    folder.write("cases.csv", "transcript,site\nP2,North\nP2 (1),South\n");
    assert_eq!(n_cases(&folder), 3);
    folder.write("cases.csv", "transcript,speaker,role\nP2 (1),Bea,participant\n");
    assert_eq!(n_cases(&folder), 4);
}

#[test]
fn a_renamed_interview_keeps_its_quotations_though_a_copy_is_left() {
    let folder = study(&["Ann", "Bea", "Cem"]);
    folder.write("old/P1.txt", talk("Ann", 1));
    quote(&folder, "Zoe", ("P1", "4"), "Tea");
    fs::rename(folder.path().join("P1.txt"), folder.path().join("P1 Ann.txt")).unwrap();
    assert_eq!(counts(&folder, "Tea"), (1, 3, 1));
}

#[test]
fn what_is_coded_again_in_a_corrected_interview_is_one_quotation() {
    let folder = study(&["Ann", "Bea", "Cem"]);
    quote(&folder, "Zoe", ("P1", "4"), "Tea");
    correct(&folder, "P1.txt", |text| format!("A headline of the typist.\n\n{text}"));
    let again = quote(&folder, "Zoe", ("P1", "6"), "Tea");
    assert_eq!(again.code, 2);
    assert!(again.err.contains("quotation 1 already has this code"), "{}", again.err);
    assert_eq!(quote(&folder, "Yan", ("P1", "6"), "Tea").code, 0);
    assert_eq!(counts(&folder, "Tea"), (1, 3, 1));
    // Nor do the same codings come in twice.
    folder.write("codings.csv", "transcript,lines,code,coder\nP1,6,Tea,Zoe\nP1,6,Coal,Zoe\n");
    correct(&folder, "P1.txt", |text| format!("Another line.\n\n{text}"));
    let place = folder.path().join("codings.csv");
    fs::write(&place, "transcript,lines,code,coder\nP1,8,Tea,Zoe\nP1,8,Coal,Zoe\n").unwrap();
    let outside = tempfile::tempdir().unwrap();
    let table = outside.path().join("codings.csv");
    fs::rename(place, &table).unwrap();
    folder.run(&["import", table.to_str().unwrap()]);
    assert_eq!((counts(&folder, "Tea"), counts(&folder, "Coal")), ((1, 3, 1), (1, 3, 1)));
}

#[test]
fn nobody_who_is_coded_is_missing_among_all_participants() {
    const STATEMENT: &str = "I have read the sheet of paper and I agree to take part in this \
        study here today. I know that I can stop at any time and that nobody will ask me why I \
        stopped or think badly of me.";
    let folder = study(&["Ann", "Bea", "Cem", "Dora", "Eli"]);
    let asked = format!("Interviewer: Could you read the statement for us?\nNAME: {STATEMENT}\n");
    for (n, name) in (1..).zip(["Ann", "Bea", "Cem", "Dora", "Eli", "Finn"]) {
        let own = if name == "Finn" { String::new() } else { talk(name, n) };
        folder.write(&format!("P{n}.txt"), own + &asked.replace("NAME", name));
        quote(&folder, "Zoe", (&format!("P{n}"), if name == "Finn" { "2" } else { "14" }), "Tea");
    }
    // Nothing that Finn says counts for themes.
    assert!(folder.run(&["info"]).out.contains("themes are counted among 5 of 6 participants"));
    assert_eq!(counts(&folder, "Tea"), (6, 6, 6));
    let report = report(&folder);
    assert_eq!(report["sample"]["n_participants"], 6);
    assert_eq!(report["matrix"].as_array().unwrap().len(), 6);
    let tea = report["nodes"].as_array().unwrap().iter().find(|node| node["path"] == "Tea");
    let prevalence = &tea.unwrap()["prevalence"];
    assert_eq!((&prevalence["n"], &prevalence["of"]), (&Value::from(6), &Value::from(6)));
    assert!(prevalence["interval"]["low"].is_number(), "{prevalence}");
    // Proposals tell of the same people.
    let answer = folder.run(&["propose", "--code", "Tea", "--format", "json"]).out;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let standing = &answer["standings"][0];
    assert_eq!((&standing["n_cases"], &standing["of_cases"]), (&Value::from(6), &Value::from(6)));
}

#[test]
fn a_report_counts_no_guide_and_no_copy_among_the_transcripts() {
    let folder = study(&["Ann", "Bea", "Cem"]);
    folder.write("old/P1.txt", talk("Ann", 1));
    folder.write("Interview guide.txt", "What about tea?\n\nWhat about coal?\n\nAnd then what?\n");
    let report = report(&folder);
    assert_eq!(report["sample"]["n_transcripts"], 3);
    let methods = report["methods"][0].as_str().unwrap();
    assert!(methods.starts_with("3 transcripts of 3 participants were analysed"), "{methods}");
    let others = report["coreq"].as_array().unwrap().iter().find(|item| item["number"] == 15);
    assert_eq!(others.unwrap()["answer"], Value::Null);
}

#[test]
fn the_size_of_an_accepted_candidate_is_that_of_its_list_also_when_files_are_renamed() {
    let folder = Folder::online();
    let listed = folder.answer(&["themes", "--format", "json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let first = &listed["themes"][0];
    folder.answer(&["theme", "accept", "1", "--as", "Faces"]);
    let is_listed = |folder: &Folder| {
        let size = report(folder)["nodes"][0]["accepted"]["size"].clone();
        for name in ["n_cases", "of_cases", "n_passages"] {
            assert_eq!(size[name], first[name], "{name}");
        }
    };
    is_listed(&folder);
    fs::rename(
        folder.path().join("participants/P03.txt"),
        folder.path().join("participants/P33.txt"),
    )
    .unwrap();
    correct(&folder, "cases.csv", |text| text.replace("participants/P03", "participants/P33"));
    is_listed(&folder);
}

#[test]
fn quotes_of_two_coders_come_in_from_a_table_with_both() {
    let folder = study(&["Ann", "Bea", "Cem"]);
    let words = |n: u64| talk("Ann", n).lines().nth(3).unwrap()["Ann: I ".len()..].to_owned();
    let (one, two) = (words(1), words(2));
    let table = format!(
        "document,code,content,coder\nP1,Tea,{one},Zoe\nP1,Tea,{one},Yan\nP1,Coal,{one},Yan\n\
         P2,Tea,{two},Zoe\n"
    );
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path().join("quotes.csv");
    fs::write(&path, table).unwrap();
    folder.answer(&["import", path.to_str().unwrap()]);
    let codings = |folder: &Folder| -> Vec<String> {
        let listed = folder.answer(&["quote", "list", "--format", "json"]);
        let listed: Value = serde_json::from_str(&listed).unwrap();
        let of = |quote: &Value| {
            let codes = quote["codes"].as_array().unwrap().iter();
            let codes: Vec<String> = codes
                .map(|it| format!("{} {}", it["code"], it["coder"]).replace('"', ""))
                .collect();
            format!("{}: {}", quote["at"]["transcript"], codes.join(", ")).replace('"', "")
        };
        listed.as_array().unwrap().iter().map(of).collect()
    };
    let expected = ["P1: Tea Yan, Tea Zoe, Coal Yan", "P2: Tea Zoe"];
    assert_eq!(codings(&folder), expected);
    // The table that a report writes says who gave which code, and can be read again.
    let path = outside.path().join("again.csv");
    folder.answer(&["export", path.to_str().unwrap()]);
    let written = fs::read_to_string(&path).unwrap();
    let coders = |code: &str| {
        let rows = written.lines().filter(|row| row.contains(&format!(",{code},")));
        rows.map(|row| row.rsplit(',').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (coders("Tea"), coders("Coal")),
        (vec!["Yan; Zoe".into(), "Zoe".into()], vec!["Yan".into()])
    );
    let other = study(&["Ann", "Bea", "Cem"]);
    other.answer(&["import", path.to_str().unwrap()]);
    assert_eq!(codings(&other), expected);
}

#[test]
fn who_comes_to_one_session_alone_is_no_group_beside_those_who_come_to_two() {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for (n, path) in (1..).zip(["before/P01", "before/P02", "before/P03", "after/P01", "after/P02"])
    {
        folder.write(&format!("{path}.txt"), talk(path.split('/').nth(1).unwrap(), n));
    }
    let info: Value = serde_json::from_str(&folder.answer(&["info", "--format", "json"])).unwrap();
    let cases = info["cases"].as_array().unwrap();
    let ids: Vec<&str> = cases.iter().map(|case| case["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["P01", "P02", "P03"]);
    assert!(cases.iter().all(|case| case["attributes"].get("group").is_none()), "{cases:?}");
}

/// Two people of whom one is in a group and in an interview of their own.
fn in_two_groups() -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    let both = talk("Ada Stone", 3) + &talk("Ben Hill", 4);
    folder.write("talks/FG1.txt", both);
    folder.write("alone/I1.txt", talk("Ada Stone", 1));
    folder.write("alone/I2.txt", talk("Finn Moss", 2));
    folder.answer(&["code", "add", "Tea"]);
    folder
}

#[test]
fn the_group_of_an_interview_is_no_wrong_group_to_verify() {
    let folder = in_two_groups();
    for place in [("talks/FG1", "2"), ("alone/I1", "2")] {
        assert_eq!(quote(&folder, "Zoe", place, "Tea").code, 0);
    }
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path().join("report.md");
    folder.answer(&["export", path.to_str().unwrap()]);
    let shown = folder.answer(&["verify", path.to_str().unwrap()]);
    assert!(shown.contains("2 quotes, 2 exact."), "{shown}");
    assert!(!shown.contains("is in the group"), "{shown}");
}

#[test]
fn groups_that_do_not_add_up_say_why() {
    let folder = in_two_groups();
    let methods = report(&folder)["methods"][0].as_str().unwrap().to_owned();
    let groups = "Participants by group: alone 2 and talks 2; whoever was interviewed in several";
    assert!(methods.contains(groups), "{methods}");
}

#[test]
fn what_differs_between_interviews_comes_back_as_no_group_of_its_own() {
    let folder = in_two_groups();
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path().join("study.qdpx");
    let written = folder.run(&["export", path.to_str().unwrap()]);
    assert!(written.out.contains("`group` where they differ"), "{}", written.out);
    let other = Folder::new();
    other.write("study.toml", "language = \"en\"\n");
    other.run(&["import", path.to_str().unwrap()]);
    let groups = |folder: &Folder| -> Vec<String> {
        let answer = folder.run(&["compare", "--format", "json"]).out;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let groups = answer["groups"].as_array().unwrap().iter();
        groups.map(|group| format!("{} {}", group["name"], group["of_cases"])).collect()
    };
    assert_eq!(groups(&other), groups(&folder));
}

#[test]
fn themes_of_another_number_are_not_told_to_be_found_by_theirs() {
    let folder = Folder::sample();
    assert!(folder.answer(&["compare"]).contains("leitmotif search 'theme:1 "));
    assert!(!folder.answer(&["compare", "--count", "4"]).contains("leitmotif search 'theme:"));
}

#[test]
fn themes_are_not_found_where_somebody_else_is_asked_now() {
    let folder = study(&["Ann", "Bea", "Cem", "Dora", "Eli"]);
    folder.run(&["themes"]);
    assert_eq!(folder.run(&["search", "theme:1"]).code, 0);
    folder.write("study.toml", "language = \"en\"\n[roles]\nother = [\"Ann\"]\n");
    let ran = folder.run(&["search", "theme:1"]);
    assert!(
        ran.err.contains("there are no themes yet for the transcripts as they are now"),
        "{ran:?}"
    );
}

#[test]
fn a_quotation_that_two_people_coded_is_chosen_once() {
    let folder = study(&["Ann", "Bea", "Cem"]);
    quote(&folder, "Zoe", ("P1", "4"), "Tea");
    quote(&folder, "Yan", ("P1", "4"), "Tea");
    let methods = report(&folder)["methods"].to_string();
    assert!(methods.contains("1 quotation was chosen by hand (Zoe)"), "{methods}");
}

#[test]
fn a_case_that_is_written_in_two_ways_is_one_person() {
    let folder = study(&["Ann", "Bea", "Cem"]);
    folder.write("cases.csv", "transcript,case,site\nP1,Ada,North\nP2,ada,North\n");
    let info: Value = serde_json::from_str(&folder.answer(&["info", "--format", "json"])).unwrap();
    let ids: Vec<&Value> = info["cases"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, ["Ada", "P3"]);
}

#[test]
fn who_speaks_alone_and_in_a_group_under_one_code_is_told() {
    let folder = study(&["P1", "P2", "P3"]);
    folder.write("FG.txt", (1..4).map(|n| talk(&format!("P{n}"), n + 9)).collect::<String>());
    let info: Value = serde_json::from_str(&folder.answer(&["info", "--format", "json"])).unwrap();
    let told = "`P1` speaks in P1 and in FG, and so it is with 2 others: each counts as another";
    let notes = info["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note.as_str().unwrap().starts_with(told)), "{notes:?}");
}

/// The people of a study of these files, each of one invented interview whose participant
/// has this label.
fn people(files: &[(&str, &str)]) -> Vec<String> {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for (n, (path, label)) in (1..).zip(files) {
        folder.write(&format!("{path}.txt"), talk(label, n));
    }
    let info: Value = serde_json::from_str(&folder.answer(&["info", "--format", "json"])).unwrap();
    let cases = info["cases"].as_array().unwrap().iter();
    cases.map(|case| case["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn people_of_one_name_at_two_places_are_two() {
    let label = "Participant";
    let sites = ["north/Ana_pre", "north/Ana_post", "south/Ana_pre", "south/Ana_post"];
    assert_eq!(people(&sites.map(|path| (path, label))), ["north/Ana", "south/Ana"]);
    let beside = ["Ana_pre", "Ana_post", "Bo_pre", "Bo_post", "south/Ana"];
    assert_eq!(people(&beside.map(|path| (path, label))), ["Ana", "Bo", "south/Ana"]);
    let coded = [("P01_T1", "P01"), ("P01_T2", "P01"), ("south/P01", "P01"), ("south/P02", "P02")];
    assert_eq!(people(&coded), ["P01", "P02", "south/P01"]);
}

#[test]
fn a_proposal_of_an_interview_that_was_corrected_is_not_accepted_by_its_number() {
    let folder = study(&["Ann", "Bea", "Cem", "Dora"]);
    for transcript in ["P1", "P2", "P3"] {
        quote(&folder, "Zoe", (transcript, "4"), "Tea");
    }
    let listed = folder.answer(&["propose", "--code", "Tea", "--in", "P4", "--limit", "1"]);
    assert!(listed.contains("1. "), "{listed}");
    correct(&folder, "P4.txt", |text| format!("A headline of the typist.\n{text}"));
    let ran = folder.run(&["propose", "accept", "1"]);
    let told = "error: `P4` has changed since proposal 1 was listed";
    assert!(ran.code == 2 && ran.err.starts_with(told), "{}", ran.err);
    assert_eq!(counts(&folder, "Tea"), (3, 4, 3));
}

#[test]
fn a_group_whose_talk_is_the_same_in_most_transcripts_is_told_to_be_left_out() {
    const STATEMENT: &str = "I have read the sheet of paper and I agree to take part in this \
        study here today. I know that I can stop at any time and that nobody will ask me why I \
        stopped or think badly of me.";
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for (n, name) in (1..).zip(["Ann", "Bea", "Cem", "Dora", "Eli", "Finn"]) {
        let own = if n > 3 { String::new() } else { talk(name, n) };
        let group = if n > 3 { "south" } else { "north" };
        let asked = "Interviewer: Could you read the statement for us?";
        folder.write(&format!("{group}/P{n}.txt"), format!("{own}{asked}\n{name}: {STATEMENT}\n"));
    }
    let answer: Value =
        serde_json::from_str(&folder.run(&["compare", "--format", "json"]).out).unwrap();
    let told = "south is left out: nothing that is said there counts, since it is the same in \
        most transcripts";
    assert_eq!(answer["notes"][0], told, "{answer}");
    assert_eq!(answer["notes"][1], "only north is left: nothing can be compared");
}

#[test]
fn a_renamed_interview_is_nobody_new() {
    let folder = study(&["Ann", "Bea", "Cem", "Dora"]).asking_for(2);
    folder.run(&["themes"]);
    fs::rename(folder.path().join("P2.txt"), folder.path().join("Bea.txt")).unwrap();
    let growth = folder.run(&["themes", "--since", "1", "--format", "json"]).out;
    let growth: Value = serde_json::from_str(&growth).unwrap();
    for (name, expected) in
        [("added", "[]"), ("changed", "[]"), ("gone", "[]"), ("of_new_cases", "0")]
    {
        assert_eq!(growth[name].to_string(), expected, "{name}: {growth}");
    }
    folder.write("P5.txt", talk("Eli", 5));
    let growth = folder.run(&["themes", "--since", "1", "--format", "json"]).out;
    let growth: Value = serde_json::from_str(&growth).unwrap();
    assert_eq!(
        (growth["added"].to_string(), &growth["of_new_cases"]),
        ("[\"P5\"]".to_owned(), &Value::from(1))
    );
}

#[test]
fn a_group_that_is_written_in_two_ways_is_one_group_and_told() {
    let folder = study(&["Ann", "Bea", "Cem", "Dora"]);
    let table = "transcript,group\nP1,North\nP2,north \nP3,North\nP4,South\n";
    folder.write("cases.csv", table);
    let info: Value = serde_json::from_str(&folder.answer(&["info", "--format", "json"])).unwrap();
    let groups: Vec<&Value> =
        info["cases"].as_array().unwrap().iter().map(|it| &it["attributes"]["group"]).collect();
    assert_eq!(groups, ["North", "North", "North", "South"]);
    let told = "`group` is written `North` and `north`: all count as `North`";
    assert!(info["notes"].as_array().unwrap().iter().any(|note| note == told), "{info}");
}

#[test]
fn a_citation_tells_which_interview_of_somebody_it_is() {
    let folder = in_two_groups();
    for place in [("alone/I1", "2"), ("alone/I2", "2")] {
        assert_eq!(quote(&folder, "Zoe", place, "Tea").code, 0);
    }
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path().join("report.md");
    folder.answer(&["export", path.to_str().unwrap()]);
    let report = fs::read_to_string(path).unwrap();
    assert!(report.contains("(Ada Stone, alone/I1, alone, line 2;"), "{report}");
    assert!(report.contains("(I2, alone, line 2;"), "{report}");
}

#[test]
fn who_is_in_two_groups_has_none_of_both_names_in_a_table() {
    let folder = in_two_groups();
    let outside = tempfile::tempdir().unwrap();
    folder.run(&["export", "tables", outside.path().join("t").to_str().unwrap()]);
    for file in fs::read_dir(outside.path().join("t")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            let table = fs::read_to_string(&path).unwrap();
            assert!(!table.contains("alone; talks"), "{}: {table}", path.display());
        }
    }
}

/// `Ann` as a recogniser writes her.
fn raw(name: &str, number: u64) -> String {
    talk(name, number)
        .replace("Interviewer:", "Speaker 1:")
        .replace(&format!("{name}:"), "Speaker 2:")
}

#[test]
fn of_a_raw_transcript_and_its_correction_the_one_that_was_coded_counts() {
    let folder = study(&["Ann", "Bea", "Cem"]);
    folder.write("P2.txt", raw("Bea", 2));
    folder.write("P2 corrected.txt", talk("Dr Evans", 2));
    // Nobody coded them yet: the one that names who speaks.
    let told = folder.run(&["info"]);
    let told = (told.out + &told.err).replace("\n  ", " ");
    assert!(told.contains("P2 is another version of P2 corrected"), "{told}");
    quote(&folder, "Zoe", ("P1", "4"), "Tea");
    quote(&folder, "Zoe", ("P2", "4"), "Tea");
    assert_eq!(counts(&folder, "Tea"), (2, 3, 2));
    let told = folder.run(&["info"]);
    let told = (told.out + &told.err).replace("\n  ", " ");
    assert!(told.contains("P2 corrected is another version of P2, by its name"), "{told}");
    assert!(told.contains("only P2 counts, which was coded"), "{told}");
    // What the table tells of the other one is told of the interview.
    folder.write("cases.csv", "transcript,age\nP1,30\nP2 corrected,40\n");
    let info: Value = serde_json::from_str(&folder.run(&["info", "--format", "json"]).out).unwrap();
    let mut cases = info["cases"].as_array().unwrap().iter();
    assert!(cases.any(|case| case["id"] == "P2" && case["attributes"]["age"] == "40"), "{info}");
    // Both are coded, the other one first once that is undone.
    quote(&folder, "Zoe", ("P2 corrected", "6"), "Coal");
    assert_eq!((counts(&folder, "Tea"), counts(&folder, "Coal")), ((2, 3, 2), (0, 3, 1)));
    folder.answer(&["quote", "remove", "2"]);
    assert_eq!((counts(&folder, "Tea"), counts(&folder, "Coal")), ((1, 3, 1), (1, 3, 1)));
}

#[test]
fn a_file_of_the_same_name_that_comes_later_takes_nothing_from_the_one_that_was_coded() {
    let folder = study(&["Ann", "Bea", "Cem"]);
    quote(&folder, "Zoe", ("P2", "4"), "Tea");
    // A document counts before a text where nothing is coded.
    folder.write("P2.md", talk("Bea", 2).replace('\n', "\n\n"));
    let shown = folder.run(&["show", "P2"]);
    assert!(shown.err.contains("P2.md: this file has the name of `P2.txt`"), "{}", shown.err);
    assert_eq!(counts(&folder, "Tea"), (1, 3, 1));
}

/// The interview of `P2` once more, with empty lines between its turns.
fn with_a_spaced_copy() -> Folder {
    let folder = study(&["Ann", "Bea", "Cem"]);
    folder.write("Copy of P2.txt", talk("Bea", 2).replace('\n', "\n\n"));
    folder.write("old/P3.txt", talk("Cem", 3));
    folder
}

#[test]
fn each_copy_that_is_left_out_is_named_with_what_it_is_a_copy_of() {
    let folder = with_a_spaced_copy();
    let info = folder.run(&["info", "--format", "json"]).out;
    let info: Value = serde_json::from_str(&info).unwrap();
    let reason = |of: &str| format!("the same interview as `{of}`, word for word");
    let expected =
        serde_json::json!([["Copy of P2.txt", reason("P2.txt")], ["old/P3.txt", reason("P3.txt")]]);
    let told: Vec<&Value> = info["not_transcripts"].as_array().unwrap().iter().collect();
    let is_copy = |row: &&&Value| row[1].as_str().is_some_and(|why| why.contains("interview"));
    let copies: Vec<&Value> = told.iter().filter(is_copy).copied().collect();
    assert_eq!(copies.into_iter().cloned().collect::<Value>(), expected);
    let shown = folder.run(&["info"]).out;
    assert!(shown.contains("old/P3.txt: the same interview as `P3.txt`"), "{shown}");
}

#[test]
fn lines_of_a_copy_are_never_looked_up_in_what_is_read_in_its_place() {
    let folder = with_a_spaced_copy();
    let ran = quote(&folder, "Zoe", ("Copy of P2", "3"), "Tea");
    assert_eq!(ran.code, 2, "{}", ran.out);
    let told = "`Copy of P2` is not read: it is the same interview as `P2`, word for word";
    assert!(ran.err.contains(told) && ran.err.contains("hint: name `P2`"), "{}", ran.err);
    assert_eq!(counts(&folder, "Tea"), (0, 3, 0));
    // On the same lines, it is the same.
    quote(&folder, "Zoe", ("old/P3", "4"), "Tea");
    assert_eq!(counts(&folder, "Tea"), (1, 3, 1));
}

#[test]
fn a_citation_of_a_copy_is_right_by_its_own_lines() {
    let folder = with_a_spaced_copy();
    let text = talk("Bea", 2);
    let said = text.lines().nth(3).unwrap().strip_prefix("Bea: ").unwrap();
    let verify = |citation: &str| {
        let place = tempfile::tempdir().unwrap();
        let report = place.path().join("report.md");
        fs::write(&report, format!("> {said}\n> ({citation})\n")).unwrap();
        let ran = folder.run(&["verify", report.to_str().unwrap(), "--format", "json"]);
        let answer: Value = serde_json::from_str(&ran.out).unwrap();
        let quote = &answer["quotes"][0];
        (quote["at"]["transcript"].clone(), quote["problems"].as_array().unwrap().len())
    };
    assert_eq!(verify("P2, line 4"), (Value::from("P2"), 0));
    assert_eq!(verify("Copy of P2, line 7"), (Value::from("Copy of P2"), 0));
    assert_eq!(verify("Copy of P2, line 4").1, 1);
    assert_eq!(verify("P2, line 7").1, 1);
}

#[test]
fn a_pattern_of_the_settings_that_names_no_file_is_told_with_the_nearest() {
    let folder = study(&["Ann", "Bea", "Cem"]);
    folder.write("notes/plan.txt", "We go on.");
    let told = |settings: &str| {
        folder.write("study.toml", settings);
        let told = folder.run(&["info"]).out;
        told.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let err = told("language = \"en\"\nignore = [\"notes/*\", \"P9.txt\"]\ntold = [\"P1.docx\"]\n");
    let of = |field: &str, name: &str, line: usize| {
        format!("study.toml:{line}: no file has the name `{name}`, which is under `{field}`")
    };
    assert_eq!(err.matches(&of("ignore", "P9.txt", 2)).count(), 1, "{err}");
    assert_eq!(err.matches(&of("told", "P1.docx", 3)).count(), 1, "{err}");
    assert!(err.contains("did you mean `P1.txt`?") && !err.contains("`notes/*`"), "{err}");
    let err =
        told("language = \"en\"\nignore = [\"notes\", \"notes/plan.txt\"]\ntold = [\"P*\"]\n");
    assert!(!err.contains("no file has the name"), "{err}");
}
