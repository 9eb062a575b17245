//! The commands on the sample study: what people see, and what machines read.

use serde_json::Value;

use crate::harness::{Folder, interview};

fn lines_of(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn info_shows_who_is_who() {
    insta::assert_snapshot!(Folder::sample().answer(&["info"]));
}

#[test]
fn themes_are_blocks_that_fit_the_terminal() {
    let shown = Folder::sample().asking_for(10).answer(&["themes"]);
    for line in shown.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_search_shows_quotes_ready_to_paste() {
    insta::assert_snapshot!(Folder::sample().answer(&[
        "search",
        "is the silence frozen or thinking",
        "--limit",
        "3"
    ]));
}

#[test]
fn quotes_are_found_verbatim_at_their_lines() {
    let folder = Folder::sample();
    let themes: Value =
        serde_json::from_str(&folder.answer(&["themes", "--format", "json"])).unwrap();
    let mut hits: Vec<Value> = Vec::new();
    for theme in themes["themes"].as_array().unwrap() {
        hits.extend(theme["quotes"].as_array().unwrap().iter().cloned());
    }
    assert!(hits.len() >= themes["themes"].as_array().unwrap().len());
    hits.extend(lines_of(&folder.answer(&[
        "search",
        "silence camera tea",
        "--exact",
        "--format",
        "jsonl",
        "--limit",
        "0",
    ])));
    let similar =
        ["similar", "--transcript", "P04", "--lines", "5-9", "--format", "jsonl", "--limit", "40"];
    hits.extend(lines_of(&folder.answer(&similar)));
    assert!(hits.len() > 150, "{}", hits.len());
    let mut seen = std::collections::BTreeMap::new();
    for hit in &hits {
        let id = hit["transcript"].as_str().unwrap();
        let shown = seen.entry(id.to_owned()).or_insert_with(|| {
            let shown = folder.answer(&["show", id]);
            shown
                .lines()
                .map(|line| line.trim_start().split_once("  ").unwrap_or(("", "")).1.to_owned())
                .collect::<Vec<_>>()
        });
        let (first, last) = (
            hit["lines"][0].as_u64().unwrap() as usize,
            hit["lines"][1].as_u64().unwrap() as usize,
        );
        let text = hit["text"].as_str().unwrap();
        let cited = shown[first - 1..last].join("\n");
        assert!(cited.contains(text), "{id} {first}-{last}: {text:?} is not in {cited:?}");
        let n_chars = text.chars().count() as u64;
        for highlight in hit["highlights"].as_array().unwrap() {
            let (start, end) = (highlight[0].as_u64().unwrap(), highlight[1].as_u64().unwrap());
            assert!(start < end && end <= n_chars, "{hit}");
        }
    }
}

#[test]
fn highlights_mark_the_words_that_match() {
    let folder = Folder::sample();
    let hits = lines_of(
        &folder.answer(&["search", "silences", "--exact", "--format", "jsonl", "--limit", "5"]),
    );
    let marked = |hit: &Value| -> Vec<String> {
        let text: Vec<char> = hit["text"].as_str().unwrap().chars().collect();
        let spans = hit["highlights"].as_array().unwrap().iter();
        let range =
            |span: &Value| span[0].as_u64().unwrap() as usize..span[1].as_u64().unwrap() as usize;
        spans.map(|span| text[range(span)].iter().collect()).collect()
    };
    let words: Vec<String> = hits.iter().flat_map(marked).collect();
    assert!(!words.is_empty());
    assert!(words.iter().all(|word| word.to_lowercase().starts_with("silen")), "{words:?}");
}

#[test]
fn interviewers_are_context_and_never_evidence() {
    let folder = Folder::sample();
    let themes: Value =
        serde_json::from_str(&folder.answer(&["themes", "--format", "json"])).unwrap();
    for theme in themes["themes"].as_array().unwrap() {
        assert_eq!(theme["of_cases"], 16);
        for quote in theme["quotes"].as_array().unwrap() {
            assert_eq!(quote["role"], "participant");
            assert!(!quote["text"].as_str().unwrap().contains("Ruth Calloway:"));
        }
    }
    let hits = lines_of(&folder.answer(&[
        "search",
        "did you miss anything",
        "--exact",
        "--format",
        "jsonl",
        "--limit",
        "0",
    ]));
    assert!(
        hits.iter().any(|hit| hit["role"] == "interviewer"),
        "interviewers' words are searchable"
    );
}

#[test]
fn similar_elsewhere_stays_out_of_the_quotes_own_transcript() {
    let folder = Folder::sample();
    let args =
        ["similar", "--transcript", "L03", "--lines", "5-8", "--elsewhere", "--format", "jsonl"];
    let hits = lines_of(&folder.answer(&args));
    assert_eq!(hits.len(), 10);
    assert!(hits.iter().all(|hit| hit["transcript"] != "leaders/L03"));
    let scores: Vec<f64> = hits.iter().map(|hit| hit["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
}

#[test]
fn hits_carry_the_theme_of_their_passage_once_there_are_themes() {
    let folder = Folder::sample();
    let themed = |folder: &Folder| {
        let hits =
            lines_of(&folder.answer(&["search", "camera off", "--exact", "--format", "jsonl"]));
        hits.iter().filter(|hit| !hit["themes"].as_array().unwrap().is_empty()).count()
    };
    assert_eq!(themed(&folder), 0);
    folder.answer(&["themes"]);
    assert!(themed(&folder) > 0);
}

#[test]
fn what_does_not_exist_is_named_with_its_nearest() {
    let folder = Folder::sample();
    let ran = folder.run(&["search", "tea", "--transcript", "participants/P010"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @r"
    error: there is no transcript `participants/P010`
      hint: did you mean `participants/P01`?
    ");
    let ran = folder.run(&["show", "P03", "--lines", "900-901"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("has no lines 900-901"), "{}", ran.err);
}

#[test]
fn nothing_found_says_so() {
    let ran = Folder::sample().run(&["search", "xyloph"]);
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (0, "", "nothing found for `xyloph`\n  not found: `xyloph`\n")
    );
}

#[test]
fn every_command_shows_an_example() {
    for command in ["index", "info", "themes", "compare", "saturation", "search", "similar", "show"]
    {
        let help = Folder::new().run(&[command, "--help"]);
        assert_eq!(help.code, 0);
        assert!(
            help.out.contains("Example") && help.out.contains("leitmotif --study"),
            "{command}: {}",
            help.out
        );
    }
}

#[test]
fn one_participant_is_told_what_cannot_be_known() {
    let folder = Folder::new();
    folder.write("P1.txt", interview("Siân", "garden", 12) + &interview("Siân", "choir", 12));
    let shown = folder.answer(&["themes"]);
    assert!(
        shown.contains("there is one participant: what recurs across people cannot be known yet"),
        "{shown}"
    );
}

#[test]
fn a_few_words_are_no_theme_and_no_failure() {
    let folder = Folder::new();
    folder.write("P1.txt", "Interviewer: Hello?\nSiân: Yes, hello, I am here and it is raining.\nInterviewer: Right.\nSiân: Bye.\n");
    folder.write("study.toml", "language = \"en\"\n");
    let shown = folder.answer(&["themes"]);
    assert!(shown.contains("0 themes, all of them suggestions"), "{shown}");
}

#[test]
fn talk_about_two_things_falls_into_two_themes() {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for (at, name) in ["Ann", "Bo", "Cid", "Dee", "Eve", "Fay"].iter().enumerate() {
        let (first, second) = if at % 2 == 0 { ("garden", "choir") } else { ("choir", "garden") };
        folder.write(
            &format!("P{at}.txt"),
            interview(name, first, 10) + &interview(name, second, 10),
        );
    }
    let themes: Value =
        serde_json::from_str(&folder.answer(&["themes", "--count", "2", "--format", "json"]))
            .unwrap();
    let labels: Vec<&str> =
        themes["themes"].as_array().unwrap().iter().map(|t| t["label"].as_str().unwrap()).collect();
    assert_eq!(labels.len(), 2);
    assert!(
        labels.iter().any(|label| label.contains("garden"))
            && labels.iter().any(|label| label.contains("choir")),
        "{labels:?}"
    );
    assert!(themes["themes"].as_array().unwrap().iter().all(|theme| theme["n_cases"] == 6));
}

#[test]
fn the_json_of_themes_has_the_promised_shape() {
    let answer: Value =
        serde_json::from_str(&Folder::sample().answer(&["themes", "--format", "json"])).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let theme = &answer["themes"][0];
    for key in [
        "id",
        "label",
        "terms",
        "n_passages",
        "n_cases",
        "of_cases",
        "largest_share",
        "groups",
        "stability",
        "quotes",
        "also_said",
        "subthemes",
    ] {
        assert!(keys(theme).contains(&key.to_owned()), "{key}");
    }
    assert_eq!(
        keys(&answer["passages"][0]),
        ["also", "codes", "evidence", "lines", "theme", "transcript", "weight"]
    );
    assert_eq!(keys(&theme["terms"][0]), ["from_questions", "n_cases", "term", "weight"]);
    assert_eq!(keys(&theme["groups"][0]), ["interval", "n_cases", "name", "of_cases"]);
    assert_eq!(keys(&answer["together"][0]), ["n_answers", "n_cases", "n_passages", "themes"]);
    for key in ["parameters", "notes", "version"] {
        assert!(keys(&answer).contains(&key.to_owned()), "{key}");
    }
    let hit = &theme["quotes"][0];
    for key in [
        "rank",
        "score",
        "transcript",
        "case",
        "speaker",
        "role",
        "lines",
        "start_ms",
        "end_ms",
        "text",
        "highlights",
        "themes",
    ] {
        assert!(keys(hit).contains(&key.to_owned()), "{key}");
    }
}

#[test]
fn the_study_is_found_from_a_folder_inside_it() {
    let folder = Folder::sample();
    folder.answer(&["index"]);
    let inside = folder.path().join("participants");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_leitmotif"));
    let output = command.current_dir(&inside).args(["info", "--format", "json"]).output().unwrap();
    let info: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(info["transcripts"].as_array().unwrap().len(), 16);
    assert!(!inside.join(".leitmotif").exists());
}

#[test]
fn a_question_is_stemmed_in_every_language_that_is_spoken() {
    let folder = Folder::new();
    folder.write("a.txt", interview("Ann", "garden", 9));
    let talk = "Interviewerin: Wie war das denn damals für Sie?\nPaula: Die Gruppen waren am Anfang sehr schweigsam, und \
        wir haben uns nach den langen Sitzungen immer noch in der Küche getroffen.\n";
    folder.write("b.txt", talk.repeat(4));
    assert!(folder.answer(&["search", "Küchen", "--limit", "1"]).contains("Küche getroffen"));
    assert!(
        folder.answer(&["search", "gardens", "--limit", "1"]).contains("the garden was strange")
    );
}

#[test]
fn a_folder_that_stands_alone_is_told_how_it_is_named() {
    let folder = Folder::new();
    folder.write("study/P1.txt", "Ada: So?\nBen: Yes.\n");
    let study = folder.path().join("study");
    let ran = folder.run(&["info", study.to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("to name the folder of a study, use `--study "), "{}", ran.err);
}
