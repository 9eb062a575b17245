//! What people decide: the commands, and that nothing acknowledged is ever lost.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use leitmotif::base::Seed;
use leitmotif::store::Writer;
use serde_json::Value;

use crate::harness::{Folder, Ran, interview};

fn small() -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for name in ["Ann", "Bo", "Cid"] {
        folder.write(&format!("{name}.txt"), interview(name, "garden", 3));
    }
    folder
}

fn json(folder: &Folder, args: &[&str]) -> Value {
    serde_json::from_str(&folder.answer(&[args, &["--format", "json"]].concat())).unwrap()
}

/// The codes in a line: paths with the number of their quotations.
fn codes(folder: &Folder) -> String {
    let codes = json(folder, &["codebook"]);
    let shown = codes
        .as_array()
        .unwrap()
        .iter()
        .map(|code| format!("{} {}", code["path"].as_str().unwrap(), code["n_quotations"]));
    shown.collect::<Vec<_>>().join("; ")
}

/// Runs a deciding command as somebody of a fixed name.
fn decide(folder: &Folder, args: &[&str]) -> String {
    folder.answer(&[args, &["--coder", "Efa"]].concat())
}

#[test]
fn a_codebook_is_built_by_hand() {
    let folder = small();
    decide(&folder, &["code", "add", "Joining", "--theme", "--color", "#1f77b4"]);
    decide(&folder, &["code", "add", "The kettle", "--under", "joining", "--definition", "Tea."]);
    let said = decide(
        &folder,
        &["quote", "add", "--transcript", "Ann", "--lines", "2", "--code", "the kettle"],
    );
    assert_eq!(said, "Decision 3: coded Ann line 2 as “The kettle” (quotation 1).\n");
    let words = ["quote", "add", "--transcript", "Bo", "--lines", "1-6", "--words"];
    let ran = folder.run(&[&words[..], &["the kettle on", "--code", "Joining"]].concat());
    assert_eq!(
        ran.err,
        "error: `the kettle on` stands more than once in these lines of `Bo`\n  hint: give fewer lines or more words\n"
    );
    decide(&folder, &["quote", "code", "1", "--code", "Joining"]);
    decide(&folder, &["memo", "add", "Ask about tea", "--on", "quote:1"]);
    decide(&folder, &["quote", "pin", "1", "--code", "Joining"]);
    assert_eq!(codes(&folder), "Joining 1; Joining > The kettle 1");
    let quotations = json(&folder, &["quote", "list"]);
    let quotation = &quotations[0];
    // Verbatim, without the label before it.
    let text = fs::read_to_string(folder.path().join("Ann.txt")).unwrap();
    let line = text.lines().nth(1).unwrap();
    assert_eq!(quotation["text"].as_str().unwrap(), line.strip_prefix("Ann: ").unwrap().trim_end());
    assert_eq!(
        (&quotation["at"]["case"], &quotation["at"]["lines"][0]),
        (&"Ann".into(), &2.into())
    );
    decide(&folder, &["quote", "move", "1", "--from", "The kettle", "--to", "Joining"]);
    assert_eq!(codes(&folder), "Joining 1; Joining > The kettle 0");
    let ran = folder.run(&["code", "remove", "Joinin"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (2, "error: there is no code `Joinin`\n  hint: did you mean `Joining`?\n")
    );
    decide(&folder, &["code", "remove", "Joining", "--with-children"]);
    assert_eq!(codes(&folder), "");
    assert_eq!(folder.answer(&["memo", "list"]), "No memos yet.\n");
}

#[test]
fn everything_is_undone_back_to_the_empty_study_and_done_again() {
    let folder = Folder::sample();
    folder.answer(&["themes"]);
    let acts: &[&[&str]] = &[
        &["theme", "accept", "1", "--as", "Seeing faces"],
        &["theme", "reject", "2", "--because", "frame"],
        &["code", "add", "Camera off", "--under", "Seeing faces"],
        &["quote", "add", "--transcript", "P07", "--lines", "55", "--code", "Camera off"],
        &["theme", "merge", "Seeing faces", "3", "--as", "Faces and doors"],
        &["memo", "add", "Ask the leaders", "--on", "theme:Faces and doors"],
        &["theme", "restore", "1"],
    ];
    let state = || {
        let lists =
            [&["codebook"][..], &["quote", "list"], &["memo", "list"], &["theme", "rejected"]];
        lists.map(|args| json(&folder, args))
    };
    let mut states = vec![state()];
    for act in acts {
        decide(&folder, act);
        states.push(state());
    }
    for expected in states.iter().rev().skip(1) {
        decide(&folder, &["undo"]);
        assert_eq!(state(), *expected);
    }
    let ran = folder.run(&["undo"]);
    assert!(ran.err.starts_with("error: there is nothing to undo"), "{}", ran.err);
    for expected in &states[1..] {
        decide(&folder, &["redo"]);
        assert_eq!(state(), *expected);
    }
    // The log keeps all of it.
    let log = json(&folder, &["log"]);
    assert_eq!(log.as_array().unwrap().len(), 3 * acts.len());
}

#[test]
fn candidates_become_themes_through_a_person_only() {
    let folder = Folder::sample();
    let themes = json(&folder, &["themes"]);
    let label = themes["themes"][0]["label"].as_str().unwrap();
    assert_eq!(codes(&folder), "");
    let said = decide(&folder, &["theme", "accept", "1"]);
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected =
        format!("Decision 1: accepted theme “{label}” from candidate 1, with 6 quotations.");
    assert_eq!(words, expected);
    // The quotations are those that were shown.
    let quotes = themes["themes"][0]["quotes"].as_array().unwrap();
    let shown: BTreeSet<&str> =
        quotes.iter().map(|quote| quote["text"].as_str().unwrap()).collect();
    let kept = json(&folder, &["quote", "list", "--code", label]);
    let kept: BTreeSet<&str> =
        kept.as_array().unwrap().iter().map(|quote| quote["text"].as_str().unwrap()).collect();
    assert_eq!(kept, shown);
    let ran = folder.run(&["theme", "accept", "1"]);
    assert!(ran.err.starts_with("error: candidate 1 is the theme"), "{}", ran.err);
    let ran = folder.run(&["theme", "accept", "99"]);
    assert!(ran.err.starts_with("error: there is no theme `99`"), "{}", ran.err);
}

#[test]
fn a_changed_transcript_moves_no_quotation_silently() {
    let folder = small();
    decide(&folder, &["code", "add", "Zeppelin"]);
    let text = "Interviewer: And?\nAnn: Once there was a zeppelin over the town, and we all ran out.\nInterviewer: Really?\nAnn: It was yellow.\n";
    folder.write("Ann.txt", text);
    decide(&folder, &["quote", "add", "--transcript", "Ann", "--lines", "2", "--code", "Zeppelin"]);
    decide(&folder, &["quote", "add", "--transcript", "Ann", "--lines", "4", "--code", "Zeppelin"]);
    // The first moves down, the second is said otherwise now.
    folder.write(
        "Ann.txt",
        format!("Interviewer: Tell me.\nAnn: Well.\n{text}").replace("yellow", "green"),
    );
    let Ran { code, err, .. } = folder.run(&["quote", "list"]);
    assert_eq!(
        (code, err.as_str()),
        (
            1,
            "warning: Ann: it has changed since it was coded: of its quotations 1 is found again, 1 is stale\n  hint: see which, then keep their new places: `leitmotif quote list --stale`\n"
        )
    );
    let listed = |args: &[&str]| -> Vec<(String, Value)> {
        let ran = folder.run(&[args, &["--format", "json"]].concat());
        let found: Value = serde_json::from_str(&ran.out).unwrap();
        let row = |quotation: &Value| {
            (quotation["standing"].as_str().unwrap().to_owned(), quotation["at"]["lines"].clone())
        };
        found.as_array().unwrap().iter().map(row).collect()
    };
    let moved = ("moved".to_owned(), serde_json::json!([4, 4]));
    let stale = ("stale".to_owned(), Value::Null);
    assert_eq!(listed(&["quote", "list", "--stale"]), [moved, stale.clone()]);
    let ran = folder.run(&["quote", "reanchor", "--coder", "Efa"]);
    assert_eq!(ran.out, "Decision 4: updated the places of 1 quotation in a changed transcript.\n");
    assert_eq!(listed(&["quote", "list", "--stale"]), [stale]);
    // A file that only has another name is found by its text.
    fs::rename(folder.path().join("Ann.txt"), folder.path().join("Anna.txt")).unwrap();
    let found: BTreeSet<String> =
        listed(&["quote", "list"]).into_iter().map(|(standing, _)| standing).collect();
    assert_eq!(found, BTreeSet::from(["moved".to_owned(), "stale".to_owned()]));
}

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_point() {
    const N_KILLS: usize = 200;
    let folder = small();
    decide(&folder, &["code", "add", "warm up"]);
    let start = Instant::now();
    folder.answer(&["codebook"]);
    // Processes take longer or shorter as the machine is busy: the time within
    // which they are killed follows, so that some die early and some late.
    let mut longest = start.elapsed();
    let mut numbers = Seed(4).numbers();
    let mut acknowledged = vec!["warm up".to_owned()];
    let mut n_killed = 0;
    for round in 0..6 * N_KILLS {
        if n_killed == N_KILLS {
            break;
        }
        let name = format!("code {round} of many");
        let mut child = Command::new(env!("CARGO_BIN_EXE_leitmotif"))
            .arg("--study")
            .arg(folder.path())
            .args(["code", "add", &name, "--coder", "Efa"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // A point in time is what is tested here, so the test has to wait for it.
        std::thread::sleep(longest.mul_f64(numbers.next_uniform()));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        // Killed by us, not ended by itself with an error.
        let is_killed = output.status.code().is_none();
        n_killed += usize::from(is_killed);
        let is_acknowledged = String::from_utf8(output.stdout).unwrap().starts_with("Decision ");
        if is_acknowledged {
            acknowledged.push(name);
        }
        longest = longest.mul_f64(if is_acknowledged { 0.9 } else { 1.03 });
    }
    assert_eq!(n_killed, N_KILLS, "the processes end before they are killed");
    // The last words: a decision after all the kills.
    decide(&folder, &["code", "add", "the end"]);
    acknowledged.push("the end".to_owned());
    let kept = json(&folder, &["codebook"]);
    let kept: BTreeSet<String> = kept
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code["name"].as_str().unwrap().to_owned())
        .collect();
    let lost: Vec<&String> = acknowledged.iter().filter(|name| !kept.contains(*name)).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    // Some processes were killed before they decided, some after.
    assert!(
        acknowledged.len() > 5 && kept.len() < 5 * N_KILLS,
        "{} {}",
        acknowledged.len(),
        kept.len()
    );
    assert_eq!(folder.answer(&["restore"]), "Nothing to restore: `study.db` is complete.\n");
    let journal = fs::read_to_string(folder.path().join(".leitmotif/journal.jsonl")).unwrap();
    assert_eq!(journal.lines().count(), kept.len());
}

#[test]
fn a_second_process_waits_and_then_says_who_holds_the_study() {
    let folder = small();
    decide(&folder, &["code", "add", "tea"]);
    let store = folder.path().join(".leitmotif");
    let now = "2026-01-01T00:00:00Z";
    let (writer, _) = Writer::open(&store, "`leitmotif import` on another desk", now).unwrap();
    let start = Instant::now();
    let ran = folder.run(&["code", "add", "stairs"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            2,
            "error: the study is in use by `leitmotif import` on another desk\n  hint: wait until it has finished; nothing was changed\n"
        )
    );
    assert!(start.elapsed() >= Duration::from_secs(5));
    // Reading needs no turn.
    assert_eq!(codes(&folder), "tea 0");
    let waiting = std::thread::scope(|scope| {
        let second = scope.spawn(|| folder.run(&["code", "add", "stairs"]));
        std::thread::sleep(Duration::from_millis(500));
        drop(writer);
        second.join().unwrap()
    });
    assert_eq!(waiting.code, 0, "{}", waiting.err);
    assert_eq!(codes(&folder), "stairs 0; tea 0");
}

#[test]
fn many_processes_at_once_lose_nothing() {
    let folder = small();
    folder.answer(&["index"]);
    std::thread::scope(|scope| {
        for at in 0..8 {
            let folder = &folder;
            scope.spawn(move || decide(folder, &["code", "add", &format!("code {at} of eight")]));
        }
    });
    assert_eq!(json(&folder, &["log"]).as_array().unwrap().len(), 8);
}

/// Runs the program where no file may grow beyond `blocks` of 512 bytes, as on a
/// disk without room.
#[cfg(unix)]
fn run_without_room(folder: &Path, blocks: u32, args: &[&str]) -> Ran {
    let program = env!("CARGO_BIN_EXE_leitmotif");
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &script])
        .arg(program)
        .arg("--study")
        .arg(folder)
        .args(args)
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
#[cfg(unix)]
fn a_full_disk_loses_nothing() {
    let folder = small();
    for name in ["tea", "stairs"] {
        decide(&folder, &["code", "add", name]);
    }
    // 100 kB of memo do not fit into files of 200 blocks that hold others already.
    let long = "and so it went on ".repeat(6_000);
    let ran = run_without_room(folder.path(), 200, &["memo", "add", &long]);
    assert_eq!(ran.code, 2, "{} {}", ran.out, ran.err);
    assert_eq!(ran.out, "");
    assert!(ran.err.starts_with("error: the decision was not kept: "), "{}", ran.err);
    assert!(ran.err.contains("hint: free some space on the disk"), "{}", ran.err);
    assert_eq!(codes(&folder), "stairs 0; tea 0");
    decide(&folder, &["code", "add", "chapel"]);
    assert_eq!(codes(&folder), "chapel 0; stairs 0; tea 0");
}

#[test]
fn a_damaged_database_is_told_and_restored() {
    let folder = small();
    for name in ["tea", "stairs", "chapel"] {
        decide(&folder, &["code", "add", name]);
    }
    let path = folder.path().join(".leitmotif/study.db");
    fs::write(&path, b"nothing of use").unwrap();
    let ran = folder.run(&["codebook"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("is damaged: ") && ran.err.contains("`leitmotif restore`"),
        "{}",
        ran.err
    );
    // What does not need it goes on.
    assert!(folder.answer(&["search", "kettle", "--limit", "1"]).contains("kettle"));
    let ran = folder.run(&["restore"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.out,
        "Restored 3 decisions from `journal.jsonl`.\nThe old database is kept as `study.damaged-1.db`.\n"
    );
    assert_eq!(codes(&folder), "chapel 0; stairs 0; tea 0");
}

/// The passages of a theme in an answer of `themes`: transcript and lines.
fn passages(answer: &Value, theme: u64) -> BTreeSet<String> {
    let passages = answer["passages"].as_array().unwrap().iter();
    let of_theme = passages.filter(|passage| passage["theme"] == theme);
    of_theme.map(|passage| format!("{} {}", passage["transcript"], passage["lines"])).collect()
}

fn theme(answer: &Value, id: u64) -> Option<&Value> {
    answer["themes"].as_array().unwrap().iter().find(|theme| theme["id"] == id)
}

#[test]
fn an_accepted_theme_keeps_number_name_and_quotes_and_grows() {
    let folder = Folder::sample().asking_for(8);
    fs::remove_file(folder.path().join("cases.csv")).unwrap();
    let new = folder.path().join("participants/P10.md");
    let later = fs::read(&new).unwrap();
    fs::remove_file(&new).unwrap();
    let args = ["themes"];
    let before = json(&folder, &args);
    let label = |answer: &Value, id: u64| theme(answer, id).map(|theme| theme["label"].clone());
    decide(&folder, &["theme", "accept", "1", "--as", "Coming home"]);
    let after = json(&folder, &args);
    assert_eq!(label(&after, 1), Some("Coming home".into()));
    assert_eq!(theme(&after, 1).unwrap()["accepted"]["path"], "Coming home");
    assert_eq!(theme(&after, 1).unwrap()["stability"], Value::Null);
    assert!(passages(&after, 1).is_superset(&passages(&before, 1)));
    fs::write(&new, later).unwrap();
    let grown = json(&folder, &args);
    assert_eq!(label(&grown, 1), Some("Coming home".into()));
    assert!(passages(&grown, 1).is_superset(&passages(&before, 1)));
    let is_new = |passage: &String| passage.contains("P10");
    assert!(passages(&grown, 1).iter().any(is_new), "it did not grow");
    // Its quotations lead its quotes, as they were accepted.
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|quote| quote["text"].to_string()).collect()
    };
    let kept = texts(&json(&folder, &["quote", "list", "--code", "Coming home"]));
    assert_eq!(texts(&theme(&grown, 1).unwrap()["quotes"])[..kept.len()], kept[..]);
    let shown = folder.answer(&args);
    assert!(shown.contains("1. Coming home (accepted, #1)"), "{shown}");
}

#[test]
fn a_quote_is_kept_where_it_was_said_though_somebody_said_the_same_before() {
    let folder = Folder::new().asking_for(2);
    for (at, name) in ["Ann", "Bo", "Cid", "Dee", "Eve", "Fay"].iter().enumerate() {
        let talk = interview(name, "garden", 10) + &interview(name, "choir", 10);
        // The interviewer reads out what will be answered.
        let said = |line: &str| line.replace(&format!("{name}: "), "Interviewer: ");
        let answers = [1, 21].map(|line| said(talk.lines().nth(line).unwrap()));
        folder.write(&format!("P{at}.txt"), format!("{}\n{talk}", answers.join("\n")));
    }
    let listed = json(&folder, &["themes"]);
    decide(&folder, &["theme", "accept", "1", "--as", "One"]);
    let place = |at: &Value| (at["transcript"].to_string(), at["lines"][0].as_u64().unwrap());
    let kept = json(&folder, &["quote", "list"]);
    let kept: BTreeSet<_> = kept.as_array().unwrap().iter().map(|it| place(&it["at"])).collect();
    let shown = theme(&listed, 1).unwrap()["quotes"].as_array().unwrap();
    assert!(!kept.is_empty() && kept == shown.iter().map(place).collect(), "{kept:?} {shown:?}");
    assert!(kept.iter().all(|(_, line)| *line > 2), "{kept:?}");
}

/// The candidates of an answer with their passages.
fn candidates(answer: &Value) -> std::collections::BTreeMap<u64, BTreeSet<String>> {
    let themes = answer["themes"].as_array().unwrap().iter();
    let open = themes.filter(|theme| theme["accepted"].is_null());
    open.map(|theme| theme["id"].as_u64().unwrap()).map(|id| (id, passages(answer, id))).collect()
}

#[test]
fn what_is_done_to_one_candidate_leaves_the_others_as_they_were() {
    for count in [None, Some(8)] {
        let folder = Folder::sample();
        let folder = if let Some(count) = count { folder.asking_for(count) } else { folder };
        let args = ["themes"];
        let before = json(&folder, &args);
        let listed = candidates(&before);
        let mut decided = BTreeSet::new();
        // Every candidate of the first list can be named by its number to the end.
        for (at, &id) in listed.keys().enumerate() {
            let act = if at % 3 == 2 { "reject" } else { "accept" };
            decide(&folder, &["theme", act, &id.to_string()]);
            decided.insert(id);
            let now = candidates(&json(&folder, &args));
            for (id, passages) in listed.iter().filter(|(id, _)| !decided.contains(id)) {
                assert_eq!(now.get(id), Some(passages), "{count:?} theme {id} after {decided:?}");
            }
        }
        assert!(candidates(&json(&folder, &args)).is_empty());
        // All of it undone, the list is as it was.
        decide(&folder, &["undo", &listed.len().to_string()]);
        let again = json(&folder, &args);
        assert_eq!(candidates(&again), listed, "{count:?}");
        for theme in again["themes"].as_array().unwrap() {
            let known = before["themes"].as_array().unwrap();
            let known = known.iter().find(|known| known["id"] == theme["id"]).unwrap();
            assert_eq!(theme["label"], known["label"]);
        }
    }
}

#[test]
fn a_theme_under_another_keeps_its_own_passages() {
    let folder = Folder::sample().asking_for(8);
    let args = ["themes"];
    let before = json(&folder, &args);
    decide(&folder, &["theme", "accept", "1", "--as", "Parent"]);
    decide(&folder, &["theme", "accept", "2", "--as", "Child", "--under", "Parent"]);
    let after = json(&folder, &args);
    assert!(passages(&after, 1).is_superset(&passages(&before, 1)));
    assert!(passages(&after, 2).is_superset(&passages(&before, 2)));
    assert_eq!(theme(&after, 2).unwrap()["accepted"]["path"], "Parent > Child");
}

#[test]
fn a_theme_is_found_again_when_its_files_have_other_names() {
    let folder = Folder::sample().asking_for(8);
    fs::remove_file(folder.path().join("cases.csv")).unwrap();
    let args = ["themes"];
    folder.answer(&args);
    decide(&folder, &["theme", "accept", "1", "--as", "Faces"]);
    let n = |answer: &Value| passages(answer, 1).len();
    let before = n(&json(&folder, &args));
    fs::rename(folder.path().join("participants"), folder.path().join("members")).unwrap();
    let ran = folder.run(&[&args[..], &["--format", "json"]].concat());
    let after: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(theme(&after, 1).unwrap()["label"], "Faces");
    assert!(n(&after) >= before, "{} of {before}", n(&after));
    // A change inside is said.
    let path = folder.path().join("members/P04.txt");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text + "\nAnd that was that.\n").unwrap();
    let shown = folder.run(&args).out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        shown.contains("“Faces” was accepted from stand in transcripts that have changed"),
        "{shown}"
    );
}

#[test]
fn two_people_cannot_decide_on_one_candidate_unseen() {
    let folder = Folder::sample();
    folder.answer(&["themes"]);
    let store = folder.path().join(".leitmotif");
    let (writer, _) = Writer::open(&store, "a test", "2026-01-01T00:00:00Z").unwrap();
    let ran = std::thread::scope(|scope| {
        let accept = |name: &'static str| {
            let folder = &folder;
            scope.spawn(move || folder.run(&["theme", "accept", "3", "--as", name]))
        };
        let both = [accept("One"), accept("Two")];
        // Both have looked at the list when the study becomes free.
        std::thread::sleep(Duration::from_secs(3));
        drop(writer);
        both.map(|ran| ran.join().unwrap())
    });
    let mut codes: Vec<i32> = ran.iter().map(|ran| ran.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 2], "{ran:?}");
    let refused = ran.iter().find(|ran| ran.code == 2).unwrap();
    let is_told =
        refused.err.starts_with("error: somebody else has changed the themes in the meantime")
            || refused.err.starts_with("error: candidate 3 is the theme");
    assert!(is_told, "{}", refused.err);
}

#[test]
fn a_rejected_candidate_is_not_suggested_again_until_it_is_taken_back() {
    let folder = Folder::sample().asking_for(8);
    let args = ["themes"];
    let before = json(&folder, &args);
    let rejected = passages(&before, 2);
    decide(&folder, &["theme", "reject", "2"]);
    let is_like = |answer: &Value| {
        answer["themes"].as_array().unwrap().iter().any(|theme| {
            let found = passages(answer, theme["id"].as_u64().unwrap());
            let both = found.intersection(&rejected).count();
            2 * both > found.len() + rejected.len() - both
        })
    };
    let after = json(&folder, &args);
    assert!(is_like(&before) && !is_like(&after));
    let notes = after["notes"].as_array().unwrap();
    let is_told = |note: &Value| note.as_str().unwrap().ends_with("not suggested again");
    assert!(notes.iter().any(is_told), "{notes:?}");
    // What a person does to one theme does not reshuffle the others.
    for id in [1, 3, 4, 5] {
        assert_eq!(passages(&after, id), passages(&before, id), "theme {id}");
    }
    decide(&folder, &["theme", "take-back", "1"]);
    assert!(is_like(&json(&folder, &args)));
}

#[test]
fn themes_are_merged_and_split() {
    let folder = Folder::sample().asking_for(8);
    folder.answer(&["themes"]);
    decide(&folder, &["theme", "merge", "1", "4", "--as", "Faces and rooms"]);
    let codes_now = json(&folder, &["codebook"]);
    assert_eq!(codes_now.as_array().unwrap().len(), 1);
    assert_eq!(codes_now[0]["n_quotations"], 12);
    decide(&folder, &["theme", "split", "Faces and rooms", "--quotes", "1,3", "--into", "Rooms"]);
    assert_eq!(codes(&folder), "Faces and rooms 10; Rooms 2");
    let ran = folder.run(&["theme", "split", "5", "--quotes", "1", "--into", "Other"]);
    assert!(ran.err.contains("accept it first"), "{}", ran.err);
    let ran = folder.run(&["theme", "merge", "5", "5"]);
    assert!(ran.err.starts_with("error: `5` is named twice"), "{}", ran.err);
}

#[test]
fn a_code_under_a_candidate_is_accepted_alone() {
    let folder = Folder::sample().asking_for(4);
    let answer = json(&folder, &["themes"]);
    let has_code = |theme: &&Value| !theme["subthemes"].as_array().unwrap().is_empty();
    let whole = answer["themes"].as_array().unwrap().iter().find(has_code).unwrap();
    let (id, code) = (whole["id"].as_u64().unwrap(), &whole["subthemes"][0]);
    let which = format!("{id}.1");
    decide(&folder, &["theme", "accept", &which, "--as", "A part"]);
    let listed = json(&folder, &["codebook"]);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(
        listed[0]["n_quotations"].as_u64(),
        Some(code["quotes"].as_array().unwrap().len() as u64)
    );
    // The theme is still a candidate, and the part has a number that no theme had.
    let after = json(&folder, &["themes"]);
    assert!(theme(&after, id).is_some_and(|theme| theme["accepted"].is_null()));
    let is_accepted = |theme: &&Value| !theme["accepted"].is_null();
    let part = after["themes"].as_array().unwrap().iter().find(is_accepted).unwrap();
    assert_eq!(part["label"], "A part");
    assert!(part["id"].as_u64().unwrap() > answer["themes"].as_array().unwrap().len() as u64);
    let ran = folder.run(&["theme", "reject", &which, "--because", "x"]);
    assert!(ran.err.contains("is a code under a candidate"), "{}", ran.err);
    let ran = folder.run(&["theme", "accept", &format!("{id}.99")]);
    assert_eq!(ran.code, 2, "{}", ran.err);
}

#[test]
fn a_theme_is_split_by_its_codes() {
    let folder = Folder::online();
    let args = ["themes"];
    let answer = json(&folder, &args);
    let parts_of = |theme: &Value| theme["subthemes"].as_array().unwrap().len() as u64;
    let parted = answer["themes"].as_array().unwrap().iter().max_by_key(|theme| parts_of(theme));
    let id = parted.unwrap()["id"].as_u64().unwrap();
    assert!(parts_of(parted.unwrap()) > 1, "no theme of the study has two codes");
    decide(&folder, &["theme", "accept", &id.to_string(), "--as", "Whole"]);
    let whole = json(&folder, &args);
    let whole = theme(&whole, id).unwrap();
    let n = parts_of(whole);
    decide(&folder, &["theme", "split", "Whole", "--by-code"]);
    assert_eq!(json(&folder, &["codebook"]).as_array().unwrap().len() as u64, n + 1);
    let after = json(&folder, &args);
    let accepted: Vec<&Value> = after["themes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|theme| !theme["accepted"].is_null())
        .collect();
    // The whole is listed as long as something is left of it. Each part holds what the code
    // held in the theme, but for what another code took, under a number by which it can be named.
    for part in whole["subthemes"].as_array().unwrap() {
        // A part without a name has that of the clause that it is shown by.
        let label = part["label"].as_str().unwrap();
        let name = label.strip_prefix("no good name, as in ").unwrap_or(label);
        let kept = accepted.iter().find(|theme| theme["label"] == name).unwrap();
        let n = |theme: &Value| theme["n_passages"].as_u64().unwrap();
        assert!(3 * n(kept) >= n(part), "{} of {}", n(kept), n(part));
    }
    let number = accepted.iter().map(|theme| theme["id"].as_u64().unwrap()).max().unwrap();
    decide(&folder, &["theme", "rename", &number.to_string(), "The last part"]);
    assert_eq!(json(&folder, &["codebook"]).as_array().unwrap().len() as u64, n + 1);
    assert_eq!(theme(&json(&folder, &args), number).unwrap()["label"], "The last part");
}

/// Whoever reads a list and accepts one code after the other means the numbers of that list.
#[test]
fn a_number_of_a_code_stands_for_no_other_code() {
    let folder = Folder::online();
    let numbered = || -> BTreeMap<String, String> {
        let answer = json(&folder, &["themes"]);
        let themes = answer["themes"].as_array().unwrap().clone();
        let codes = |theme: &Value| {
            let number = theme["id"].clone();
            let codes = theme["subthemes"].as_array().unwrap().clone();
            codes.into_iter().map(move |code| {
                let label = code["label"].as_str().unwrap().to_owned();
                (format!("{number}.{}", code["id"]), label)
            })
        };
        themes.iter().flat_map(codes).collect()
    };
    let before = numbered();
    decide(&folder, &["theme", "accept", "1.1"]);
    let after = numbered();
    assert!(!after.contains_key("1.1"), "{after:?}");
    let same = after.iter().filter(|(number, label)| before.get(*number) == Some(label));
    assert!(same.count() + 3 > before.len(), "{before:?} {after:?}");
    let others = after.iter().filter(|(number, _)| before.contains_key(*number));
    assert!(others.clone().count() > 3 && others.clone().all(|(n, label)| before[n] == *label));
    let again = folder.run(&["theme", "accept", "1.1"]);
    assert!(again.err.contains("1.1"), "{}", again.err);
    assert_ne!(again.code, 0);
    decide(&folder, &["undo"]);
    assert_eq!(numbered(), before);
    // What was made of a code of an accepted theme is no code of it any more.
    let number = before.keys().next_back().unwrap();
    let (theme, _) = number.split_once('.').unwrap();
    decide(&folder, &["theme", "accept", theme, "--quotes", "1"]);
    decide(&folder, &["theme", "accept", number]);
    assert!(!numbered().contains_key(number), "{number}: {:?}", numbered());
    assert_ne!(folder.run(&["theme", "accept", number]).code, 0);
}

#[test]
fn stores_of_every_version_still_open() {
    let stores = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/stores");
    let mut n_stores = 0;
    for store in fs::read_dir(stores).unwrap() {
        let path = store.unwrap().path();
        let folder = Folder::new();
        // The interview that the decisions are about.
        folder.write("Ann.txt", "Interviewer: And?\nAnn: Once there was a zeppelin over the town.\nInterviewer: Really?\nAnn: It was yellow.\n");
        folder.write("study.toml", "language = \"en\"\n");
        folder.write(".leitmotif/study.db", fs::read(&path).unwrap());
        for _ in 0..2 {
            assert_eq!(codes(&folder), "Zeppelin 1", "{}", path.display());
            assert_eq!(json(&folder, &["quote", "list"])[0]["standing"], "here");
            // The second time round it is of the latest version.
            decide(&folder, &["memo", "edit", "1", "It was yellow"]);
            decide(&folder, &["undo"]);
        }
        assert!(folder.answer(&["memo", "list"]).contains("Ask whether it was yellow"));
        n_stores += 1;
    }
    assert_eq!(n_stores, 2);
}
