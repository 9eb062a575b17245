//! Agreement of coders, by way of the executable, against figures worked by hand.

use serde_json::Value;

use crate::harness::{Folder, Ran};

/// Ten answers of one line and one length each, at the even lines.
fn study() -> Folder {
    let folder = Folder::new();
    let text =
        "Interviewer: And then, what about it?\nMair: Well, it was odd at first.\n".repeat(10);
    folder.write("study.toml", "language = \"en\"\n");
    folder.write("P1.txt", &text).write("P2.txt", text.replace("Mair", "Elin"));
    folder
}

/// Lets a coder code answers, counted from 1.
fn code(folder: &Folder, coder: &str, transcript: &str, answers: &[u32]) {
    for answer in answers {
        let line = (2 * answer).to_string();
        let args = [
            "quote",
            "add",
            "--transcript",
            transcript,
            "--lines",
            &line,
            "--code",
            "Odd",
            "--coder",
            coder,
        ];
        let ran = folder.run(&args);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
}

fn json(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

#[track_caller]
fn close(figure: &Value, expected: f64) {
    let found = figure["value"].as_f64().unwrap_or_else(|| panic!("{figure}"));
    // Answers are rounded to six digits.
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}

#[test]
fn two_coders_agree_as_in_the_published_example() {
    let folder = study();
    folder.answer(&["code", "add", "Odd"]);
    // Krippendorff (2011), example A: two observers, ten units.
    code(&folder, "MEG", "P1", &[2, 9]);
    code(&folder, "OWEN", "P1", &[1, 2, 3, 6]);
    let answer = json(&folder.run(&["agreement", "--format", "json"]));
    assert_eq!(answer["coders"], serde_json::json!(["MEG", "OWEN"]));
    assert_eq!(answer["transcripts"], serde_json::json!(["P1"]));
    let lines = &answer["units"][0];
    assert_eq!((&lines["unit"], &lines["n_units"]), (&"lines".into(), &10.into()));
    let odd = &lines["codes"][0];
    assert_eq!(
        (&odd["all"], &odd["some"], &odd["none"], &odd["only"]),
        (&1.into(), &4.into(), &5.into(), &serde_json::json!([1, 3]))
    );
    close(&odd["alpha"], 8.0 / 84.0);
    // po = .6; pe = .2·.4 + .8·.6 = .56.
    close(&odd["agreement"], 0.6);
    close(&odd["kappa"], 0.04 / 0.44);
    // "Well, it was odd at first." has 26 characters, and alpha a larger n:
    // n = 520, 1 - 519·104/(364·156).
    let characters = &answer["units"][1];
    assert_eq!(characters["n_units"], 260);
    close(&characters["codes"][0]["kappa"], 0.04 / 0.44);
    close(&characters["codes"][0]["alpha"], 1.0 - 519.0 * 104.0 / (364.0 * 156.0));
    insta::assert_snapshot!(folder.answer(&["agreement", "meg", "OWEN"]), @r"
    Agreement of MEG and OWEN on 10 lines of participants’ talk in 1 transcript

      code  both  only MEG  only OWEN  neither   agree  kappa  alpha
      Odd      1         1          3        5  60.0 %   0.09   0.10

    Agreement of MEG and OWEN on 260 characters of participants’ talk in 1
    transcript

      code  both  only MEG  only OWEN  neither   agree  kappa  alpha
      Odd     26        26         78      130  60.0 %   0.09   0.05

    The transcripts in which at least two coders have coded are compared. Only lines
    in which a participant speaks are counted.
    Krippendorff asks for an alpha of at least 0.80, or 0.667 for tentative
    conclusions. Most lines have no code, so percent agreement is always high.
    Neighbouring lines and characters are not independent: these figures describe;
    they are not a test.
    Reflexive thematic analysis does not ask for agreement between coders;
    differences are something to think about (Braun and Clarke). Nothing in
    Leitmotif depends on these figures.
    ");
    insta::assert_snapshot!(folder.answer(&["agreement", "--format", "csv"]), @r"
    unit,code,both,only MEG,only OWEN,neither,agree,kappa,alpha
    lines,Odd,1,1,3,5,60.0 %,0.09,0.10
    characters,Odd,26,26,78,130,60.0 %,0.09,0.05
    ");

    // Who works apart gives the same figures by a table.
    folder.answer(&["undo", "4"]);
    folder.write("study.toml", "language = \"en\"\nignore = [\"owen.csv\"]\n");
    folder.write("owen.csv", "transcript,lines,code\nP1,2-6,odd\nP1.txt,12,#1\n");
    let owen = folder.path().join("owen.csv");
    let by_table =
        json(&folder.run(&["agreement", "--file", owen.to_str().unwrap(), "--format", "json"]));
    assert_eq!(by_table["coders"], serde_json::json!(["MEG", "owen"]));
    assert_eq!(by_table["units"], answer["units"]);
}

#[test]
fn more_coders_have_alpha_and_miss_what_they_have_not_read() {
    let folder = study();
    folder.answer(&["code", "add", "Odd"]);
    code(&folder, "MEG", "P1", &[2, 9]);
    code(&folder, "OWEN", "P1", &[1, 2, 3, 6]);
    code(&folder, "OWEN", "P2", &[1]);
    code(&folder, "TOM", "P2", &[1]);
    let answer = json(&folder.run(&["agreement", "--format", "json"]));
    let odd = &answer["units"][0]["codes"][0];
    // P1 has 6 ones and 14 zeros, in 4 units different; P2 2 ones and 18 zeros, none
    // different: n = 40, 1 - 39·4/(32·8).
    close(&odd["alpha"], 1.0 - 39.0 * 4.0 / (32.0 * 8.0));
    assert_eq!(odd["kappa"]["value"], Value::Null);
    assert_eq!(odd["kappa"]["reason"], "not defined: kappa compares two coders");
    assert_eq!(answer["transcripts"], serde_json::json!(["P1", "P2"]));
}

#[test]
fn what_cannot_be_compared_says_why() {
    let folder = study();
    let refused = |args: &[&str]| {
        let ran = folder.run(args);
        assert_eq!(ran.code, 2, "{args:?}");
        ran.err
    };
    insta::assert_snapshot!(refused(&["agreement"]), @r"
    error: nothing is coded yet
      hint: code with a name, or compare tables with the columns transcript, lines and code: `leitmotif quote add`
    ");
    folder.answer(&["code", "add", "Odd"]);
    code(&folder, "MEG", "P1", &[2]);
    insta::assert_snapshot!(refused(&["agreement"]), @r"
    error: there is only one coder, MEG
      hint: compare with a table, with the suggestion, or code again under another name
    ");
    insta::assert_snapshot!(refused(&["agreement", "MEG", "OWN"]), @r"
    error: `OWN` has coded nothing
      hint: known coders: `MEG`
    ");
    code(&folder, "OWEN", "P2", &[2]);
    insta::assert_snapshot!(refused(&["agreement", "MEG"]), @r"
    error: there is only one coder, MEG
      hint: name another: OWEN
    ");
    insta::assert_snapshot!(refused(&["agreement", "MEG", "OWEN"]), @r"
    error: there is no transcript in which two of the coders have coded
      hint: let both code one, or name transcripts
    ");
    insta::assert_snapshot!(refused(&["agreement", "MEG", "--with", "suggestion"]), @r"
    error: no suggested theme was accepted
      hint: make a theme of a candidate: `leitmotif theme accept`
    ");
    // Named transcripts are compared even so; who coded nothing says no to all. MEG
    // says yes once: po = .9 = pe; of 20 values one differs, 1 - 19·1/(1·19).
    let ran = folder.run(&["agreement", "MEG", "OWEN", "--transcript", "P1", "--format", "json"]);
    let answer = json(&ran);
    let odd = &answer["units"][0]["codes"][0];
    close(&odd["agreement"], 0.9);
    close(&odd["kappa"], 0.0);
    close(&odd["alpha"], 0.0);
    // Both gave every line: chance alone would agree as well.
    code(&folder, "OWEN", "P1", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    code(&folder, "MEG", "P1", &[1, 3, 4, 5, 6, 7, 8, 9, 10]);
    let answer = folder.answer(&["agreement"]);
    assert!(answer.contains("not defined: both always yes"), "{answer}");
    assert!(!answer.contains("NaN"), "{answer}");
}

#[test]
fn the_suggestion_is_compared_with_who_codes() {
    let folder = Folder::sample().asking_for(6);
    folder.answer(&["themes"]);
    folder.answer(&["theme", "accept", "1", "--as", "First", "--coder", "ANN"]);
    folder.answer(&["theme", "accept", "2", "--as", "Second", "--coder", "ANN"]);
    let answer =
        json(&folder.run(&["agreement", "ANN", "--with", "suggestion", "--format", "json"]));
    assert_eq!(answer["coders"], serde_json::json!(["ANN", "the suggestion"]));
    for unit in answer["units"].as_array().unwrap() {
        assert_eq!(unit["codes"].as_array().unwrap().len(), 2);
        for code in unit["codes"].as_array().unwrap() {
            // The quotes of a theme are taken out of its passages.
            assert!(code["all"].as_u64().unwrap() > 0, "{code}");
            assert!(code["only"][1].as_u64().unwrap() > 0, "{code}");
            assert!(code["alpha"]["value"].as_f64().unwrap() < 1.0, "{code}");
        }
    }
    // A table agrees with itself.
    let table = folder.path().join("codes.csv");
    let table = table.to_str().unwrap();
    let ran = folder.run(&[
        "agreement",
        "--file",
        table,
        "--file",
        table,
        "--by-theme",
        "--format",
        "json",
    ]);
    let answer: Value = serde_json::from_str(&ran.out).unwrap();
    for unit in answer["units"].as_array().unwrap() {
        close(&unit["pooled"]["kappa"], 1.0);
        close(&unit["pooled"]["alpha"], 1.0);
    }
}

#[test]
fn proposals_are_compared_with_who_codes() {
    let folder = crate::propose::coded();
    let answer = json(&folder.run(&["agreement", "--with", "proposals", "--format", "json"]));
    assert_eq!(answer["transcripts"], serde_json::json!(["Ann", "Bo", "Cid"]));
    let code = &answer["codes"][0];
    // Six answers of eighteen are coded; each is known from those of the two others.
    assert_eq!((&code["code"], &code["both"]), (&"Company".into(), &6.into()));
    assert_eq!((&code["only_coded"], &code["only_proposed"]), (&0.into(), &0.into()));
    assert_eq!((&code["neither"], &code["found"]["of"]), (&12.into(), &6.into()));
    close(&code["kappa"], 1.0);
    assert!(code["right"]["interval"]["low"].as_f64().unwrap() < 0.7, "{code}");
    // A rule that finds the quotations themselves changes nothing here.
    folder.answer(&["code", "rule", "Company", "trains"]);
    let again = json(&folder.run(&["agreement", "--with", "proposals", "--format", "json"]));
    assert_eq!(again, answer);
    let shown = folder.answer(&["agreement", "Efa", "--with", "proposals"]);
    assert!(shown.contains("6 of 6 (61–100 %)"), "{shown}");
    assert!(shown.contains("The machine is no coder"), "{shown}");
    folder.answer(&["code", "add", "Waiting"]);
    let quote = ["quote", "add", "--transcript", "Ann", "--lines", "4", "--code", "Waiting"];
    folder.answer(&quote);
    let table = folder.answer(&["agreement", "--with", "proposals", "--format", "csv"]);
    assert_eq!(table, "code,both,only coded,only proposed,neither,kappa\nCompany,6,0,0,12,1.00\n");
    let shown = folder.answer(&["agreement", "--with", "proposals", "--format", "md"]);
    assert!(shown.contains("Fewer than three quotations: Waiting."), "{shown}");
    let ran = folder.run(&["agreement", "--with", "proposals", "--file", "x.csv"]);
    assert!(ran.code == 2 && ran.err.contains("leave out `--file`"), "{}", ran.err);
    let ran = study().run(&["agreement", "--with", "proposals"]);
    assert!(ran.err.contains("no code has three quotations"), "{}", ran.err);
}
