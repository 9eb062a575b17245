//! The stages on an invented corpus of fixed size: 40 interviews of 60 turns.
//!
//! Each bench checks its answer, so that it cannot get fast by doing nothing.

use std::env::var_os;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use leitmotif::features::context::TalkPassage;
use leitmotif::features::counts::count_terms;
use leitmotif::features::meaning::meanings;
use leitmotif::features::space::{SpaceParams, place_passages};
use leitmotif::features::tfidf::{Rarity, tf_idf};
use leitmotif::search::answer::SearchParams;
use leitmotif::session::Session;
use leitmotif::terms::{Analysis, Analyzer, AnalyzerParams, Language, analyze};
use leitmotif::transcripts::Transcript;
use leitmotif::{base::Seed, passages, sources};

const N_INTERVIEWS: u64 = 40;
const N_TURNS: usize = 60;
const WORDS: &[&str] = &[
    "silence",
    "group",
    "camera",
    "kitchen",
    "doctor",
    "evening",
    "screen",
    "face",
    "leader",
    "patient",
    "travel",
    "garden",
    "signal",
    "colleague",
    "story",
    "winter",
    "anger",
    "children",
    "chair",
    "supervision",
];

/// An invented interview; the same seed gives the same words.
fn interview(seed: u64) -> String {
    let mut random = Seed(seed).numbers();
    let mut text = String::new();
    for turn in 0..N_TURNS {
        text.push_str(if turn % 2 == 0 {
            "Interviewer: And how was the"
        } else {
            "Participant: Well, I think the"
        });
        for word in 0..if turn % 2 == 0 { 6 } else { 60 } {
            text.push(' ');
            text.push_str(WORDS[random.next_below(WORDS.len())]);
            text.push_str(if word % 9 == 8 { ". Then" } else { "" });
        }
        text.push_str(".\n");
    }
    text
}

fn stages(criterion: &mut Criterion) {
    let files: Vec<String> = (0..N_INTERVIEWS).map(interview).collect();
    let read = |file: &String| {
        Transcript::new(sources::read(file.as_bytes(), "P.txt").expect("invented text reads"))
    };
    criterion.bench_function("read/40x60", |bencher| {
        bencher.iter(|| {
            let n_turns: usize = files.iter().map(|file| read(file).turns.len()).sum();
            assert_eq!(n_turns, 40 * N_TURNS);
        });
    });
    let transcripts: Vec<Transcript> = files.iter().map(read).collect();
    let cut: Vec<Vec<passages::Passage>> = transcripts.iter().map(passages::cut).collect();
    let analyzer = Analyzer::new(Language::English, &AnalyzerParams::default());
    let run = || -> Vec<Analysis> {
        transcripts
            .iter()
            .zip(&cut)
            .map(|(transcript, passages)| analyze(transcript, passages, &analyzer))
            .collect()
    };
    criterion.bench_function("analyse/40x60", |bencher| {
        bencher.iter(|| assert_eq!(run().len(), 40));
    });
    let analyses = run();
    let counts = count_terms(&analyses);
    let weights = tf_idf(&counts.counts, &Rarity::of(&counts.counts, 2));
    let meanings = meanings(&analyses, &vec![true; analyses.len()], &counts);
    let talk: Vec<TalkPassage> = (0..)
        .zip(&cut)
        .flat_map(|(transcript, passages)| {
            passages.iter().map(move |passage| TalkPassage {
                transcript,
                n_words: passage.n_words,
                is_asked: passage.speaker == 0,
            })
        })
        .collect();
    criterion.bench_function("place/40x60", |bencher| {
        bencher.iter(|| {
            let params = SpaceParams::default();
            let space = place_passages(&weights, &meanings, &talk, &params, &|_, _| {});
            let space = space.expect("nobody stops it");
            assert_eq!(space.points.nrows(), talk.len());
        });
    });
}

/// Searches in process: over invented interviews, over real meetings where they are at hand
/// (they are no part of this package), and over the study in the folder `LEITMOTIF_STUDY`, with
/// the questions in the file `LEITMOTIF_QUESTIONS`, one a line.
fn searches(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for the study");
    for seed in 0..N_INTERVIEWS {
        let path = folder.path().join(format!("P{seed}.txt"));
        fs::write(path, interview(seed)).expect("the folder can be written");
    }
    let questions = ["silence in the group", "what did the leader say of the kitchen in winter"];
    search_in(criterion, "40x60", folder.path(), "*ing", &questions.map(str::to_owned));
    let meetings = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/qmsum");
    if meetings.is_dir() {
        let mut questions = Vec::new();
        let both = tempfile::tempdir().expect("a folder for the study");
        for part in ["train", "val"] {
            for file in fs::read_dir(meetings.join(part).join("transcripts")).expect("it is there")
            {
                let file = file.expect("it can be read");
                let target = both.path().join(file.file_name());
                fs::copy(file.path(), target).expect("it can be copied");
            }
            let lines = fs::read(meetings.join(part).join("queries.jsonl"));
            let lines = lines.expect("the questions are there");
            for line in String::from_utf8_lossy(&lines).lines().step_by(7) {
                let line: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
                questions.extend(line["query"].as_str().map(str::to_owned));
            }
        }
        search_in(criterion, "qmsum", both.path(), "*ing", &questions);
    }
    if let (Some(study), Some(questions)) =
        (var_os("LEITMOTIF_STUDY"), var_os("LEITMOTIF_QUESTIONS"))
    {
        let questions = fs::read(questions).expect("the questions can be read");
        let questions = String::from_utf8_lossy(&questions);
        let questions: Vec<String> = questions.lines().map(str::to_owned).collect();
        search_in(criterion, "given", Path::new(&study), "*a", &questions);
    }
}

#[expect(clippy::print_stdout, reason = "the program says what it measured")]
fn search_in(
    criterion: &mut Criterion,
    name: &str,
    folder: &Path,
    wildcard: &str,
    questions: &[String],
) {
    let opened = Session::open(folder, None, &|_: usize, _: usize| ()).expect("the study opens");
    let study = opened.session.snapshot();
    let params = SearchParams { limit: 10, ..SearchParams::default() };
    // What people wait for is not the mean: a few questions take far longer than most.
    let mut waited: Vec<Duration> = questions
        .iter()
        .map(|question| {
            let once = |_| {
                let begin = Instant::now();
                study.rank_passages(question, &params).expect("a question is a query");
                begin.elapsed()
            };
            (0..5).map(once).min().unwrap_or_default()
        })
        .collect();
    waited.sort_unstable();
    let at = |share: usize| waited.get(waited.len() * share / 100).copied().unwrap_or_default();
    println!("rank/{name}: median {:?}, 95th percentile {:?}", at(50), at(95));
    let mut next = 0;
    criterion.bench_function(&format!("rank/{name}"), |bencher| {
        bencher.iter(|| {
            next += 1;
            let question = &questions[next % questions.len()];
            study.rank_passages(question, &params).expect("a question is a query")
        });
    });
    criterion.bench_function(&format!("search/{name}"), |bencher| {
        bencher.iter(|| {
            next += 1;
            let question = &questions[next % questions.len()];
            study.shown(study.search(question, &params).expect("a question is a query")).hits.len()
        });
    });
    criterion.bench_function(&format!("wildcard/{name}"), |bencher| {
        bencher.iter(|| {
            let found =
                study.shown(study.search(wildcard, &params).expect("a wildcard is a query"));
            assert!(found.totals.is_some_and(|totals| totals.n_matches > 0));
        });
    });
}

criterion_group!(benches, stages, searches);
criterion_main!(benches);
