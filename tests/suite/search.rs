//! The query language on real folders: complete, exact, and shown as it is.

use std::fs;
use std::path::Path;

use leitmotif::files::find::id_of;
use leitmotif::search::answer::SearchParams;
use leitmotif::search::concordance::ConcordanceOrder;
use leitmotif::session::Session;
use leitmotif::sources;
use leitmotif::transcripts::Transcript;
use proptest::prelude::*;
use serde_json::Value;

use crate::harness::{Folder, Ran, sample_path};

fn hits(folder: &Folder, args: &[&str]) -> Vec<Value> {
    let mut all = vec!["search"];
    all.extend(args);
    all.extend(["--format", "jsonl"]);
    let ran = folder.run(&all);
    assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A folder of one English transcript.
fn one(text: &str) -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n").write("P1.txt", text);
    folder
}

/// The first words of every hit, in order.
fn beginnings(hits: &[Value], n_chars: usize) -> Vec<String> {
    hits.iter().map(|hit| hit["text"].as_str().unwrap().chars().take(n_chars).collect()).collect()
}

/// What is marked in a hit.
fn marked(hit: &Value) -> Vec<String> {
    let text: Vec<char> = hit["text"].as_str().unwrap().chars().collect();
    let at = |place: &Value| place.as_u64().unwrap() as usize;
    let spans = hit["highlights"].as_array().unwrap().iter();
    spans.map(|span| text[at(&span[0])..at(&span[1])].iter().collect()).collect()
}

/// The words of every turn of a study's transcripts, lower-cased, cut without
/// the help of the index.
fn turns_of(folder: &Path) -> Vec<Vec<String>> {
    let mut turns = Vec::new();
    let mut files: Vec<_> = ["", "leaders", "participants"]
        .iter()
        .filter_map(|sub| fs::read_dir(folder.join(sub)).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.starts_with("README")
            || id_of(name) == "cases"
            || id_of(name) == "codes"
            || name.ends_with("toml")
        {
            continue;
        }
        let raw = sources::read(&fs::read(&path).unwrap(), name).unwrap();
        let transcript = Transcript::new(raw);
        turns.extend(transcript.turns.iter().map(|turn| words_of(turn.span.of(&transcript.text))));
    }
    turns
}

/// Runs of letters and digits, with apostrophes inside.
fn words_of(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('’', "'");
    let is_word = |c: char| c.is_alphanumeric() || c == '\'';
    let words = text.split(|c| !is_word(c)).map(|word| word.trim_matches('\'').to_owned());
    words.filter(|word| !word.is_empty()).collect()
}

fn n_matches(ran: &Ran) -> usize {
    let line = ran.out.lines().find(|line| line.contains(" match")).unwrap_or("0 matches");
    line.split_whitespace().next().unwrap().replace(',', "").parse().unwrap()
}

#[test]
fn phrases_and_wildcards_are_complete() {
    let folder = Folder::sample();
    let turns = turns_of(&sample_path());
    assert!(turns.len() > 400, "{}", turns.len());
    let scan =
        |fits: &dyn Fn(&[String]) -> usize| turns.iter().map(|turn| fits(turn)).sum::<usize>();
    let phrase = |words: &[&str]| {
        scan(&|turn| turn.windows(words.len()).filter(|part| *part == words).count())
    };
    let one = |fits: fn(&str) -> bool| scan(&|turn| turn.iter().filter(|word| fits(word)).count());
    let cases: Vec<(&str, usize)> = vec![
        ("\"in the room\"", phrase(&["in", "the", "room"])),
        ("\"I think\"", phrase(&["i", "think"])),
        ("\"and\"", phrase(&["and"])),
        ("silen*", one(|word| word.starts_with("silen"))),
        ("*ing", one(|word| word.ends_with("ing"))),
        ("wom?n", one(|word| word == "woman" || word == "women")),
        (
            "\"cam* off\"",
            scan(&|turn| {
                turn.windows(2).filter(|p| p[0].starts_with("cam") && p[1] == "off").count()
            }),
        ),
        (
            "\"the * of\"",
            scan(&|turn| turn.windows(3).filter(|p| p[0] == "the" && p[2] == "of").count()),
        ),
        (
            "\"in the room\" OR \"on the screen\"",
            phrase(&["in", "the", "room"]) + phrase(&["on", "the", "screen"]),
        ),
    ];
    for (query, expected) in cases {
        assert!(expected > 0, "{query}");
        let ran = folder.run(&["search", query, "--limit", "0"]);
        assert_eq!(n_matches(&ran), expected, "{query}");
        let lines =
            folder.answer(&["search", query, "--kwic", "--limit", "0", "--format", "jsonl"]);
        assert_eq!(lines.lines().count(), expected, "{query}");
        let n_marked: usize =
            hits(&folder, &[query, "--limit", "0"]).iter().map(|hit| marked(hit).len()).sum();
        assert!(n_marked <= expected, "{query}");
    }
}

#[test]
fn nearness_is_complete_and_marks_only_its_words() {
    let folder = Folder::sample();
    let turns = turns_of(&sample_path());
    // A turn holds the two near each other if any two places of theirs are close.
    let near = |a: &str, b: &str, most: usize| {
        let is_near = |turn: &&Vec<String>| {
            let at = |sought: &str| -> Vec<usize> {
                turn.iter()
                    .enumerate()
                    .filter(|(_, word)| *word == sought)
                    .map(|(at, _)| at)
                    .collect()
            };
            at(a).iter().any(|x| at(b).iter().any(|y| x.abs_diff(*y) <= most + 1))
        };
        turns.iter().filter(is_near).count()
    };
    for most in ["0", "2", "7"] {
        let expected = near("room", "screen", most.parse().unwrap());
        let query = format!("\"room screen\"~{most}");
        let found = hits(&folder, &[&query, "--limit", "0"]);
        let ran = folder.run(&["search", &query, "--limit", "0"]);
        assert!(n_matches(&ran) >= expected && (expected > 0) != found.is_empty(), "{query}");
        for hit in &found {
            let words: Vec<String> = marked(hit).iter().map(|word| word.to_lowercase()).collect();
            assert!(
                words.iter().all(|word| ["room", "screen", "room screen", "screen room"]
                    .contains(&word.as_str())),
                "{words:?}"
            );
            assert!(words.len() >= 2 || words[0].contains(' '));
        }
        let same = hits(&folder, &[&format!("\"screen\" NEAR/{most} \"room\""), "--limit", "0"]);
        assert_eq!(same, found, "{query}");
    }
}

#[test]
fn and_or_not_are_complete_by_passage() {
    let folder = Folder::sample();
    let everything =
        hits(&folder, &["role:interviewer OR role:participant OR role:other", "--limit", "0"]);
    let n_all = everything.len();
    let key = |hit: &Value| {
        format!("{} {}", hit["transcript"], hit["lines"]) + hit["text"].as_str().unwrap()
    };
    let holds = |hit: &Value, word: &str| {
        words_of(hit["text"].as_str().unwrap()).iter().any(|known| known == word)
    };
    let check = |query: &str, fits: &dyn Fn(&Value) -> bool| {
        let mut found: Vec<String> =
            hits(&folder, &[query, "--limit", "0"]).iter().map(key).collect();
        let mut expected: Vec<String> =
            everything.iter().filter(|hit| fits(hit)).map(key).collect();
        found.sort();
        expected.sort();
        assert!(!expected.is_empty() && expected.len() < n_all, "{query}");
        assert_eq!(found, expected, "{query}");
    };
    check("\"camera\" AND \"off\"", &|hit| holds(hit, "camera") && holds(hit, "off"));
    check("\"camera\" OR \"kitchen\"", &|hit| holds(hit, "camera") || holds(hit, "kitchen"));
    check("\"camera\" AND NOT \"off\"", &|hit| holds(hit, "camera") && !holds(hit, "off"));
    check("\"camera\" -\"off\"", &|hit| holds(hit, "camera") && !holds(hit, "off"));
    check("-\"the\"", &|hit| !holds(hit, "the"));
    check("(\"camera\" OR \"screen\") AND (\"off\" OR \"on\") AND NOT \"room\"", &|hit| {
        (holds(hit, "camera") || holds(hit, "screen"))
            && (holds(hit, "off") || holds(hit, "on"))
            && !holds(hit, "room")
    });
    check("\"camera\" role:interviewer", &|hit| {
        holds(hit, "camera") && hit["role"] == "interviewer"
    });
    check("\"camera\" group:leaders", &|hit| holds(hit, "camera") && hit["group"] == "leaders");
}

#[test]
fn a_phrase_is_marked_as_a_phrase_and_a_slip_is_found() {
    let folder = one(
        "Ann: The group was quiet, and we recieved the group photo.\nBob: A group silence is a silence of the group.\nAnn: Naïve, café, Siân’s group silence.\nBob: Why?\nAnn: Just so.\nBob: I see.\n",
    );
    let found = hits(&folder, &["\"group silence\"", "--limit", "0"]);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|hit| marked(hit) == ["group silence"]), "{found:?}");
    assert_eq!(marked(&hits(&folder, &["receive~2"])[0]), ["recieved"]);
    assert_eq!(marked(&hits(&folder, &["recieved~"])[0]), ["recieved"]);
    assert_eq!(marked(&hits(&folder, &["CAFE"])[0]), ["café"]);
    assert_eq!(marked(&hits(&folder, &["naive AND cafe"])[0]), ["Naïve", "café"]);
    assert_eq!(marked(&hits(&folder, &["\"sian’s group\""])[0]), ["Siân’s group"]);
}

#[test]
fn a_phrase_is_found_where_a_passage_ends_inside_it() {
    // One turn of many sentences, so that it is cut; the phrase spans every cut there may be.
    let turn = "We sat in the grey kitchen and waited for the line. ".repeat(40);
    let folder = one(&format!("Int: And then?\nAnn: {turn}\n"));
    let ran = folder.run(&["search", "\"line We sat\"", "--limit", "0"]);
    assert_eq!(n_matches(&ran), 39, "{}", ran.out);
    let found = hits(&folder, &["\"line We sat\"", "--limit", "0"]);
    let n_marked: usize = found.iter().map(|hit| marked(hit).len()).sum();
    assert_eq!(n_marked, 39);
    assert!(found.iter().flat_map(marked).all(|words| words == "line. We sat"));
    // And never across two speakers.
    folder.write("P1.txt", "Int: And the line\nAnn: We sat down then.\n".repeat(5));
    assert_eq!(folder.run(&["search", "\"line We sat\""]).out, "");
}

#[test]
fn fields_narrow_what_is_found() {
    let folder = Folder::sample();
    let all = |query: &str, test: &dyn Fn(&Value) -> bool| {
        let found = hits(&folder, &[query, "--limit", "0"]);
        assert!(!found.is_empty(), "{query}");
        assert!(found.iter().all(test), "{query}: {found:?}");
    };
    all("camera role:participant", &|hit| hit["role"] == "participant");
    all("camera role:interviewer", &|hit| hit["role"] == "interviewer");
    all("group:leaders silence", &|hit| hit["group"] == "leaders");
    all("case:P03", &|hit| hit["case"] == "P03");
    all("speaker:siân", &|hit| hit["speaker"] == "Siân Prydderch");
    all("transcript:leaders/* camera", &|hit| {
        hit["transcript"].as_str().unwrap().starts_with("leaders/")
    });
    all("region:Wales NOT case:P01", &|hit| hit["case"] != "P01");
    all("years-in-practice:>20 camera", &|hit| hit["case"] != "P02");
    all("years-in-practice:20..25", &|hit| hit["role"] == "participant");
    all("role:gp", &|hit| hit["role"] == "participant");
    all("time:..00:01:00", &|hit| hit["start_ms"].as_u64().unwrap() <= 60_000);
    all("answers:silence -role:interviewer", &|hit| hit["role"] == "participant");
    folder.answer(&["themes"]);
    // First or second theme.
    all("theme:1", &|hit| hit["themes"].as_array().unwrap().contains(&1.into()));
}

#[test]
fn answers_follow_their_question() {
    let folder = one(
        "Interviewer: What did you miss, being online?\nAnn: The tea, and the drive home.\nInterviewer: And why?\nAnn: It let me think it over.\n\
         Interviewer: How did you find the leader?\nAnn: Kind, always kind.\nInterviewer: Do others miss things?\nAnn: Some of them do.\n",
    );
    let found = hits(&folder, &["answers:\"what did you miss\"", "--limit", "0"]);
    let texts: Vec<&str> = found.iter().map(|hit| hit["text"].as_str().unwrap()).collect();
    assert_eq!(
        texts,
        ["The tea, and the drive home.", "It let me think it over.", "Some of them do."]
    );
}

#[test]
fn what_is_wrong_with_a_query_is_pointed_at() {
    let folder = Folder::sample();
    let err = |query: &str| {
        let ran = folder.run(&["search", query]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{query}");
        ran.err
    };
    insta::assert_snapshot!(
        [
            "silence AND (camera",
            "speker:Ruth fear",
            "group:leeders fear",
            "years-in-practice:>many",
            "theme:1",
            "time:00:10",
            "case:P77"
        ]
        .map(err)
        .join("\n")
    );
    let ran = folder.run(&["search", "camera AND xylophone AND \"sat * back\""]);
    assert_eq!(
        ran.err,
        "nothing found for `camera AND xylophone AND \"sat * back\"`\n  not found: `xylophone`, `\"sat * back\"`\n"
    );
    let ran = folder.run(&["search", "\"camera\" AND \"kitchen\" AND \"monastery\""]);
    assert!(ran.err.ends_with("every part of it was found, but not together\n"), "{}", ran.err);
}

#[test]
fn queries_of_any_length_are_answered_or_refused() {
    let folder = Folder::sample();
    let letters: Vec<String> =
        ('a'..='z').flat_map(|a| ('a'..='z').map(move |b| format!("{a}{b}*"))).collect();
    for query in [
        letters.join(" OR "),
        vec!["a*"; 3000].join(" OR "),
        "word ".repeat(2000),
        "(".repeat(10_000),
        "\"a\" NEAR/9 ".repeat(900),
        format!("\"{}\"~99", "the ".repeat(2000)),
        letters.join("~2 "),
        "x".repeat(10_000),
        format!("{}~2", "x".repeat(9_000)),
    ] {
        let ran = folder.run(&["search", &query]);
        assert!(
            ran.code == 0 || ran.err.starts_with("error: the query"),
            "{}",
            &ran.err[..200.min(ran.err.len())]
        );
    }
}

#[test]
fn a_concordance_is_aligned_and_sorted() {
    let folder = Folder::sample();
    insta::assert_snapshot!(folder.answer(&["search", "silen*", "--kwic", "--sort", "right"]));
    let lines =
        folder.answer(&["search", "silence", "--kwic", "--sort", "left", "--format", "jsonl"]);
    let lefts: Vec<Vec<String>> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| words_of(line["left"].as_str().unwrap()).into_iter().rev().collect())
        .collect();
    assert!(lefts.len() > 5 && lefts.is_sorted(), "{lefts:?}");
}

#[test]
fn quotes_come_with_context_and_in_every_format() {
    let folder = Folder::sample();
    let query = "\"sitting back\" OR \"on the landing\"";
    insta::assert_snapshot!(
        ["text", "md", "csv"]
            .map(|format| folder.answer(&["search", query, "-C", "1", "--format", format]))
            .join("\n=====\n")
    );
}

#[test]
fn cells_are_no_formulas() {
    let folder = one(
        &"Ann: =HYPERLINK(\"x\") was the first thing that she typed.\nBob: -5 degrees it was.\n"
            .repeat(4),
    );
    let table = folder.answer(&["search", "typed degrees", "--format", "csv"]);
    assert!(table.contains("\"'=HYPERLINK") && table.contains(",'-5 degrees"), "{table}");
}

#[test]
fn more_like_words_that_stand_nowhere() {
    let folder = Folder::sample();
    let found = folder.answer(&[
        "similar",
        "--text",
        "I could hide behind a camera that is off",
        "--limit",
        "5",
        "--format",
        "jsonl",
    ]);
    let found: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found.len(), 5);
    assert!(found[0]["text"].as_str().unwrap().contains("camera"), "{}", found[0]);
    for hit in &found {
        let ties: Vec<&str> =
            hit["ties"].as_array().unwrap().iter().map(|tie| tie.as_str().unwrap()).collect();
        let text = hit["text"].as_str().unwrap().to_lowercase();
        assert!(
            ties.is_empty() || marked(hit).is_empty() != ties.iter().any(|tie| text.contains(tie)),
            "{hit}"
        );
    }
}

#[test]
fn other_groups_can_be_asked_alone() {
    let folder = Folder::sample();
    let args = [
        "similar",
        "--transcript",
        "P04",
        "--lines",
        "5-9",
        "--from-other-groups",
        "--format",
        "jsonl",
    ];
    let found = folder.answer(&args);
    let found: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found.len(), 10);
    assert!(found.iter().all(|hit| hit["group"] == "leaders"), "{found:?}");
    let alone = one(&"Int: And?\nAnn: It was cold in there.\n".repeat(4));
    let ran =
        alone.run(&["similar", "--transcript", "P1", "--lines", "2-2", "--from-other-groups"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("belongs to a group"), "{}", ran.err);
}

#[test]
fn what_others_say_in_between_is_left_out_of_a_quote_for_people() {
    let folder =
        one(&"Ann: It was odd.\nBob: Mm-hm.\nAnn: And the faces froze.\nBob: Why was that?\n"
            .repeat(3));
    let shown = folder.answer(&["search", "faces", "--limit", "1"]);
    assert!(shown.contains("“It was odd. […] And the faces froze.” (P1, lines"), "{shown}");
    let hit = &hits(&folder, &["faces", "--limit", "1"])[0];
    assert_eq!(hit["text"], "It was odd.\nBob: Mm-hm.\nAnn: And the faces froze.");
    assert_eq!(hit["others"], serde_json::json!([[11, 29]]));
}

#[test]
fn a_concordance_of_fields_alone_says_what_is_missing() {
    let ran = Folder::sample().run(&["search", "group:leaders", "--kwic"]);
    assert_eq!(ran.err, "a concordance lists words, but `group:leaders` contains none\n");
}

/// Talk of odd words, with labels, notes and long turns.
fn talk() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "silence",
        "Siân’s",
        "couldn't",
        "😀",
        "e\u{301}te",
        "王芳",
        "[laughs]",
        "the",
        "group.",
        "Why?",
        "(pause)",
        "straße",
        "3.50",
        "שלום",
    ]);
    let turn = prop::collection::vec(word, 1..160).prop_map(|words| words.join(" "));
    prop::collection::vec(turn, 3..12).prop_map(|turns| {
        let labels = ["Ann", "Int"].iter().cycle();
        let lines: Vec<String> =
            turns.iter().zip(labels).map(|(turn, label)| format!("{label}: {turn}")).collect();
        lines.join(
            "
",
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn hits_are_verbatim_and_marks_lie_inside_them(text in talk()) {
        let folder = one(&text);
        let study = Session::open(folder.path(), None, &|_: usize, _: usize| ()).unwrap().session.snapshot();
        let transcript = study.corpus.text(0).unwrap();
        let lines: Vec<&str> = transcript.text.split('\n').collect();
        for query in [
            "silence group 王芳", "\"the group\"", "sil*", "\"silence the\"~20", "ete OR strasse", "-silence", "s?lence AND group",
            "couldnt~ OR \"couldn’t\"", "role:participant", "\"group why\"", "group NEAR/3 (the OR why)",
        ] {
            let params = SearchParams { n_context: 1, ..SearchParams::default() };
            let answer = study.shown(study.search(query, &params).unwrap());
            for hit in &answer.hits {
                let [first, last] = hit.at.lines.map(|line| line as usize);
                prop_assert!(lines[first - 1..last].join("\n").contains(&hit.text), "{} {:?}", query, hit);
                let n = hit.text.chars().count();
                for spans in [&hit.highlights, &hit.others] {
                    prop_assert!(spans.iter().all(|[start, end]| start < end && *end <= n), "{} {:?}", query, hit);
                    prop_assert!(spans.windows(2).all(|pair| pair[0][1] <= pair[1][0]), "{} {:?}", query, hit);
                }
                for turn in hit.before.iter().chain(&hit.after) {
                    prop_assert!(transcript.text.contains(&turn.text));
                }
            }
            prop_assert!(answer.hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
            if let Some(totals) = answer.totals {
                prop_assert_eq!(totals.n_passages, answer.hits.len());
                let lines = study.concordance(query, None, ConcordanceOrder::Right, 0);
                let concordance = study.shown(lines.unwrap());
                prop_assert_eq!(concordance.lines.len(), totals.n_matches, "{}", query);
            }
        }
    }
}

/// Talk about other things, so that a word can be rare.
fn filled(text: &str) -> String {
    let filler = (0..120).map(|n| format!("Int: Topic {n}?\nAnn: The bus number {n} came late.\n"));
    format!("{text}{}", filler.collect::<String>())
}

#[test]
fn a_rare_word_finds_words_of_its_family_and_says_so() {
    let folder = one(&filled("Int: And?\nAnn: I feel guilty both ways.\n"));
    let found = folder.answer(&["search", "guilt", "--limit", "1"]);
    assert!(found.starts_with("also: guilty\n\n"), "{found}");
    assert!(found.contains("I feel guilty both ways."), "{found}");

    // Programs are told apart from the hits, and what is marked is what was found.
    let ran = folder.run(&["search", "guilt", "--limit", "1", "--format", "jsonl"]);
    assert_eq!(ran.err, "also: guilty\n");
    let hit: Value = serde_json::from_str(ran.out.trim()).unwrap();
    assert_eq!(marked(&hit), ["guilty"]);

    // What is said nowhere is told, too.
    let found = folder.answer(&["search", "guilt or vanity", "--limit", "1"]);
    assert!(found.starts_with("also: guilty\nnot found: vanity\n\n"), "{found}");

    let exact = folder.run(&["search", "guilt", "--exact"]);
    assert_eq!((exact.out.as_str(), exact.code), ("", 0));
    assert!(exact.err.contains("not found: `guilt`"), "{}", exact.err);
    // What is quoted is never widened.
    assert_eq!(folder.run(&["search", "\"guilt\""]).out, "");
}

#[test]
fn words_that_follow_each_other_in_a_question_are_looked_for_so() {
    let folder = one(&filled(
        "Int: Where?\nAnn: A person sat in the hall.\nInt: And then?\nAnn: We met in person.\n",
    ));
    let found = hits(&folder, &["meeting in person", "--exact", "--limit", "1"]);
    assert_eq!(beginnings(&found, 16), ["We met in person"]);
}

#[test]
fn the_best_passage_of_each_person_comes_first_for_people() {
    let folder = Folder::new();
    let more = "Int: Why?\nP: Trains, buses, and cars, and boats. \n".repeat(8);
    let first = format!("Int: How?\nP: Silence. The silence, silence.\n{more}{more}");
    folder
        .write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Int\"]\n")
        .write("P1.txt", format!("{first}Int: So?\nP: A silence, the silence again.\n"))
        .write("P2.txt", format!("Int: How?\nP: There was a silence.\n{more}"));
    let of = |hits: &[Value]| -> Vec<String> {
        hits.iter().map(|hit| hit["transcript"].as_str().unwrap().to_owned()).collect()
    };
    let by_score = hits(&folder, &["silence", "--limit", "3"]);
    assert_eq!(of(&by_score), ["P1", "P1", "P2"]);
    let people = folder.answer(&["search", "silence", "--limit", "3", "--format", "json"]);
    assert_eq!(of(&serde_json::from_str::<Vec<Value>>(&people).unwrap()), ["P1", "P2", "P1"]);
    let shown = folder.answer(&["search", "silence", "--limit", "3"]);
    let (first, further) =
        shown.split_once("\nFurther passages, also of the same people:\n\n").unwrap();
    assert!(first.contains("There was a silence.") && further.contains("again."), "{shown}");
    // In one transcript there is one person.
    let one = folder.answer(&["search", "silence", "--transcript", "P1"]);
    assert!(!one.contains("Further"), "{one}");
}

#[test]
fn words_may_be_written_as_word_processors_write_them() {
    let folder = one(&filled(
        "Int: Well?\nAnn: Silence, and tea.\nInt: And?\nAnn: A silence.\n\
         Int: So?\nAnn: I sent an e-mail.\nInt: Then?\nAnn: Another email came.\n\
         Int: And you?\nAnn: My wellbeing. My well-being.\n",
    ));
    for query in ["\"silence\" –tea", "\"silence\" —tea", "\"silence\" -tea"] {
        assert_eq!(beginnings(&hits(&folder, &[query]), 9), ["A silence"], "{query}");
    }
    // A dash between words is one of writing.
    assert_eq!(hits(&folder, &["\"silence\" – \"tea\"", "--limit", "1"]).len(), 1);
    for query in ["e-mail", "email"] {
        let found = hits(&folder, &[query, "--limit", "2"]);
        let mut found = beginnings(&found, 12);
        found.sort();
        assert_eq!(found, ["Another emai", "I sent an e-"], "{query}");
        let complete = hits(&folder, &[&format!("{query} AND (sent OR came)")]);
        assert_eq!(complete.len(), 2, "{query}");
    }
    let found = hits(&folder, &["well-being", "--limit", "1"]);
    assert_eq!(marked(&found[0]), ["wellbeing", "well-being"]);
}

#[test]
fn words_in_quotes_are_found_with_and_without_a_hyphen() {
    let folder = one(&filled(
        "Int: So?\nAnn: I sent an e-mail.\nInt: Then?\nAnn: Another email came.\n\
         Int: And?\nAnn: No e mail for me.\nInt: And you?\nAnn: My wellbeing. My well-being.\n\
         Int: Where?\nAnn: It was a way to go away.\n",
    ));
    let found = |query: &str| -> Vec<String> {
        let found = hits(&folder, &[query, "--limit", "0"]);
        let mut words: Vec<String> = found.iter().flat_map(marked).collect();
        words.sort();
        words
    };
    for query in ["\"e-mail\"", "\"email\"", "\"e mail\""] {
        assert_eq!(found(query), ["e mail", "e-mail", "email"], "{query}");
    }
    assert_eq!(found("\"an e-mail\""), ["an e-mail"]);
    assert_eq!(found("\"another e-mail came\""), ["Another email came"]);
    assert_eq!(found("\"well-being\""), ["well-being", "wellbeing"]);
    // As spoken is as spoken where no hyphen is meant.
    assert_eq!(found("\"a way\""), ["a way"]);
    assert_eq!(found("\"away\""), ["away"]);
}

/// Two participants whom `cases.csv` gives a role of their own.
fn with_roles() -> Folder {
    let folder = Folder::new();
    folder
        .write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Int\"]\n")
        .write("P07.txt", "Int: Is there silence?\nAnn: A silence, yes, and no tea.\n")
        .write("P11.txt", "Int: And the silence?\nBea: The silence was long.\n")
        .write("cases.csv", "transcript,role\nP07,GP\nP11,nurse\n");
    folder
}

#[test]
fn fields_are_answered_with_the_right_word() {
    let folder = with_roles();
    let n_found = |query: &str| hits(&folder, &[query]).len();
    assert_eq!(n_found("\"silence\" role:participants"), 2);
    assert_eq!(n_found("\"silence\" role:participant"), 2);
    assert_eq!(n_found("\"silence\" role:GP"), 1);
    let refused = |query: &str| folder.run(&["search", query]).err;
    let wrong = refused("silence role:doctors");
    for value in ["`GP`", "`nurse`", "`participant`", "`interviewer`"] {
        assert!(wrong.contains(value), "{wrong}");
    }
    let wrong = refused("silence case:P7");
    assert!(wrong.contains("did you mean `case:P07`?"), "{wrong}");
    let wrong = refused("\"a silence tea\"");
    assert!(wrong.contains("leave the quotation marks out"), "{wrong}");
}

#[test]
fn what_people_coded_is_found_by_its_code() {
    let folder = with_roles();
    let none = folder.run(&["search", "code:Tea"]).err;
    assert!(none.contains("nothing has been coded in this study yet"), "{none}");
    folder.answer(&["code", "add", "No tea"]);
    folder.answer(&["quote", "add", "--transcript", "P07", "--lines", "2", "--code", "No tea"]);
    let found = hits(&folder, &["code:\"no tea\""]);
    assert_eq!(beginnings(&found, 9), ["A silence"]);
    assert_eq!(hits(&folder, &["silence code:\"no tea\""]).len(), 1);
    let wrong = folder.run(&["search", "code:\"no te\""]).err;
    assert!(wrong.contains("did you mean `code:\"No tea\"`?"), "{wrong}");
}

#[test]
fn a_text_of_ones_own_is_compared_by_its_words() {
    let folder = Folder::new();
    let more =
        |topic: &str| format!("Int: And the {topic}?\nP: The {topic} was good, very good.\n");
    let rest = ["garden", "car", "ironing board", "tea"].map(more).concat();
    folder
        .write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Int\"]\n")
        .write("P1.txt", format!("{rest}Int: And at home?\nP: My husband overheard it all.\n"))
        .write("P2.txt", format!("{rest}Int: And at home?\nP: A husband in the next room.\n"));
    let text = ["similar", "--text", "my husband overhears what I say", "--format", "jsonl"];
    let ran = folder.run(&text);
    let found: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(beginnings(&found[..2], 9), ["My husban", "A husband"]);
}

#[test]
fn words_of_near_meaning_stand_in_for_one_that_nobody_says() {
    let folder = Folder::new();
    folder.write(
        "P01.txt",
        "Interviewer: How was the evening?\nAnn: I was so tired that I fell asleep on the sofa.\n\
         Interviewer: And the garden?\nAnn: The roses have come up well in the new bed.\n",
    );
    folder.write(
        "P02.txt",
        "Interviewer: How was the evening?\nBen: We had soup and then we watched the river.\n",
    );
    folder.write("study.toml", "language = \"en\"\n");
    let found = folder.answer(&["search", "exhaustion", "--limit", "1"]);
    assert!(found.starts_with("also: tired"), "{found}");
    assert!(found.contains("not found: exhaustion\n\n“I was so tired"), "{found}");
    // What nobody says at all, and what is asked for alone, is not found.
    let exact = folder.run(&["search", "exhaustion", "--exact"]);
    assert_eq!((exact.out.as_str(), exact.code), ("", 0));
    assert_eq!(folder.run(&["search", "\"exhaustion\""]).out, "");
}

#[test]
fn the_nearer_a_word_is_the_more_it_stands_for_one_that_nobody_says() {
    let folder = Folder::new();
    let file = |who: &str, said: &str| format!("Interviewer: And then?\n{who}: {said}\n");
    folder.write("P01.txt", file("Ann", "I had a cigarette outside, and then another cigarette."));
    folder.write("P02.txt", file("Ben", "Somebody had brought a bit of weed to the party."));
    folder.write("P03.txt", file("Cid", "We had soup, and then we watched the river go by."));
    folder.write("study.toml", "language = \"en\"\n");
    assert_eq!(beginnings(&hits(&folder, &["cannabis"])[..2], 8), ["Somebody", "I had a "]);
}
