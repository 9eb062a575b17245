//! No word is given to somebody else, or read with a time or a name in it, unless a warning
//! says so: one talk, written in every layout and format, with what goes wrong in files.
//!
//! Every word of the talk is invented, stands in it once, and tells by its end who says it
//! ([`Talk`]). It must stand in a turn with a label of that person, or the file is refused, or
//! a warning tells of it by its line or kind. What was read wrongly is kept under
//! `target/tmp/given`.
//!
//! | Variable | Means |
//! | --- | --- |
//! | `LEITMOTIF_SEED` | other files |
//! | `LEITMOTIF_GIVEN_FILES` | how many |

mod files;
mod layouts;
mod slips;

use std::collections::{BTreeMap, BTreeSet};

use leitmotif::base::{Diagnostic, Numbers, Seed};
use leitmotif::sources::read;
use leitmotif::text::RawTranscript;

use self::files::FILES;
use self::layouts::{Cast, LAYOUTS, Layout};
use self::slips::{Mess, Row, SLIPS, SLIPS_OF_LABELS, Slip, spoil_rows, spoil_text};

/// How the words of each person end.
const ENDS: [&str; 4] = ["ren", "tik", "mol", "daf"];
/// Who talks: who asks first, then who is asked.
const CASTS: [&[&str]; 10] = [
    &["Interviewer", "Ada Quill"],
    &["INT", "P01"],
    &["I", "R"],
    &["Moderator", "Anna", "Bennett", "Cleo"],
    &["Joanne", "Samuel"],
    &["SPEAKER_00", "SPEAKER_01"],
    &["JD", "MK"],
    &["Researcher", "Participant 3"],
    &["Dr. Cyrus Reed", "Siân Ó Briain"],
    &["Q", "A"],
];

/// A talk of some people, whose words tell who says them.
struct Talk {
    people: Vec<String>,
    rows: Vec<Row>,
}

/// Whose a word is, if it is one of the talk.
fn owner(word: &str) -> Option<usize> {
    (word.len() > 5).then(|| ENDS.iter().position(|end| word.ends_with(end)))?
}

fn words_in(text: &str) -> impl Iterator<Item = String> {
    let is_end = |c: char| !c.is_alphabetic();
    text.split(is_end).map(str::to_lowercase).filter(|word| owner(word).is_some())
}

impl Talk {
    fn new(cast: Cast, dice: &mut Numbers) -> Self {
        let casts: Vec<&&[&str]> = CASTS
            .iter()
            .filter(|people| match cast {
                Cast::Any => true,
                Cast::Roles => {
                    ["Q", "I", "INT", "Interviewer"].contains(&people[0])
                        && people[1] != "Ada Quill"
                }
                Cast::Codes => people[1] == "SPEAKER_01",
            })
            .collect();
        let people: Vec<String> =
            casts[dice.next_below(casts.len())].iter().map(|it| (*it).to_owned()).collect();
        let n_turns = 12 + dice.next_below(20);
        let mut n_words = 0;
        let mut at = 2;
        let rows = (0..n_turns).map(|turn| {
            let who = if turn % 2 == 0 { 0 } else { 1 + dice.next_below(people.len() - 1) };
            let n_sentences = 1 + dice.next_below(if who == 0 { 2 } else { 4 });
            let said = (0..n_sentences).map(|_| sentence(who, &mut n_words, dice));
            let words = said.collect::<Vec<_>>().join(" ");
            at += 3 + dice.next_below(40) as u64;
            Row { label: people[who].clone(), words, at, stamp: None }
        });
        let rows = rows.collect();
        Self { people, rows }
    }
}

/// A sentence of somebody's words.
fn sentence(who: usize, n_words: &mut usize, dice: &mut Numbers) -> String {
    const FIRST: [&str; 10] = ["ba", "do", "fe", "gi", "ku", "la", "me", "no", "pi", "su"];
    const PLAIN: [&str; 8] = ["and", "so", "the", "was", "then", "well", "it", "not"];
    let n = 2 + dice.next_below(9);
    // Sentences begin with words of everybody, as they do.
    let mut words = vec![PLAIN[dice.next_below(PLAIN.len())].to_owned()];
    for _ in 0..n {
        *n_words += 1;
        let digits = [*n_words / 100 % 10, *n_words / 10 % 10, *n_words % 10];
        words.push(digits.map(|digit| FIRST[digit]).concat() + ENDS[who]);
        if dice.next_below(3) == 0 {
            words.push(PLAIN[dice.next_below(PLAIN.len())].to_owned());
        }
        if dice.next_below(8) == 0 {
            words.last_mut().unwrap().push(',');
        }
    }
    let mut said = words.join(" ").trim_end_matches(',').to_owned();
    let first = said[..1].to_uppercase();
    said.replace_range(..1, &first);
    said + if who == 0 && dice.next_below(4) > 0 { "?" } else { "." }
}

/// A file made of a talk.
struct Made {
    name: String,
    bytes: Vec<u8>,
    /// The layout and what went wrong, for people.
    what: String,
    people: Vec<String>,
    rows: Vec<Row>,
}

/// The file of this number.
fn made(seed: u64, number: u64) -> Made {
    let mut dice = Seed(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).numbers();
    let kind = dice.next_below(LAYOUTS.len() + FILES.len());
    let layout: Option<Layout> = LAYOUTS.get(kind).copied();
    let talk = Talk::new(layout.map_or(Cast::Any, |it| it.cast), &mut dice);
    let n_slips = [0, 1, 1, 1, 1, 2, 2, 3][dice.next_below(8)];
    let mut slips: Vec<Slip> = (0..n_slips).map(|_| SLIPS[dice.next_below(SLIPS.len())]).collect();
    // Of a label only one thing goes wrong.
    let mut n_of_labels = 0;
    slips.retain(|slip| {
        n_of_labels += usize::from(SLIPS_OF_LABELS.contains(slip));
        !SLIPS_OF_LABELS.contains(slip) || n_of_labels == 1
    });
    let mut mess = Mess { is_short: dice.next_below(2) == 0, slips };
    let mut rows = talk.rows;
    // Nobody could tell that `I And so` is somebody else, or whose a label is that comes once.
    let n_of = |label: &str| rows.iter().filter(|row| row.label == label).count();
    if talk.people.iter().any(|label| n_of(label) < 4) {
        mess.slips.retain(|slip| !SLIPS_OF_LABELS.contains(slip));
    }
    let is_letter = |row: &Row| row.label.chars().nth(1).is_none();
    if rows.iter().any(is_letter) {
        mess.slips.retain(|slip| *slip != Slip::NoColon);
    }
    spoil_rows(&mut rows, &mess, &mut dice);
    let (name, bytes, what) = if let Some(layout) = layout {
        let turns = layouts::turns(layout, &rows, &mess);
        let text = spoil_text(turns, &rows, &mess, &mut dice);
        let (name, bytes) = files::holding(&text, layout.is_markdown, &mut dice);
        (name, bytes, format!("{:?}", layout.turn))
    } else {
        let (name, write) = FILES[kind - LAYOUTS.len()];
        let (ending, bytes) = write(&rows, &mess, &mut dice);
        (format!("P01.{ending}"), bytes, name.to_owned())
    };
    let ending = name.rsplit('.').next().unwrap_or_default();
    let what = format!("{what} .{ending} {:?}", mess.slips);
    Made { name, bytes, what, people: talk.people, rows }
}

/// How warnings say that words are not read.
const LOST: [&str; 3] = ["not read", "belong to no turn", " look like "];
/// How warnings say that words may be given to somebody else.
const GIVEN: [&str; 6] = [
    "like a speaker",
    "lines begin alike",
    "belong to no turn",
    "do not ask",
    "among the words",
    "no name of a speaker",
];
/// How warnings tell of a time that is no time.
const TIMES: [&str; 4] = ["time", "no known time", "like a speaker", "among the words"];

/// What is wrong with how a file was read and not told, each as its kind and an example.
fn wrong(made: &Made, raw: &RawTranscript) -> Vec<(&'static str, String)> {
    let told = |of: &[&str]| {
        let says = |warning: &Diagnostic| of.iter().any(|way| warning.problem.contains(way));
        raw.warnings.iter().any(says)
    };
    let fold = |label: &str| label.to_lowercase();
    // Also who is misspelt is somebody.
    let mut labels: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for row in &made.rows {
        let who = words_in(&row.words).find_map(|word| owner(&word));
        if let Some(who) = who {
            labels.entry(who).or_default().insert(fold(&row.label));
        }
    }
    for (who, label) in made.people.iter().enumerate() {
        labels.entry(who).or_default().insert(fold(label));
    }
    let mut found = Vec::new();
    let mut said: BTreeSet<String> = BTreeSet::new();
    let all_labels: BTreeSet<&String> = labels.values().flatten().collect();
    for turn in &raw.turns {
        let text = turn.span.of(&raw.text);
        let label = turn.label.as_deref().map(fold);
        for word in words_in(text) {
            let of = owner(&word).unwrap();
            let is_theirs = label.as_ref().is_some_and(|label| labels[&of].contains(label));
            if !is_theirs && !told(&GIVEN) {
                let shown: String = text.chars().take(60).collect();
                found.push((
                    "given",
                    format!("`{word}` of {} to {label:?}: {shown}", made.people[of]),
                ));
            }
            said.insert(word);
        }
        if let Some(held) = stamp_in(text).filter(|_| !told(&TIMES)) {
            found.push(("stamp", format!("`{held}` in {label:?}: {text}")));
        }
        let lower = text.to_lowercase();
        let held = all_labels.iter().find(|label| holds_label(&lower, label));
        if let Some(held) = held.filter(|_| !told(&GIVEN)) {
            found.push(("label", format!("`{held}` in {label:?}: {text}")));
        }
    }
    let lost: Vec<String> = made
        .rows
        .iter()
        .flat_map(|row| words_in(&row.words))
        .filter(|word| !said.contains(word))
        .collect();
    if !lost.is_empty() && !told(&LOST) {
        found.push(("lost", lost.join(" ")));
    }
    found
}

/// Whether a text in small letters holds a label as a word, or before a colon if it is short.
fn holds_label(text: &str, label: &str) -> bool {
    text.match_indices(label).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + label.len()..]);
        let is_word =
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        is_word && (label.chars().count() > 2 || after.trim_start().starts_with([':', '：', ';']))
    })
}

/// A time in a text that no signs set apart, or that stands at one of its ends.
fn stamp_in(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    for at in 1..bytes.len() {
        let is_sign = matches!(bytes[at], b':' | b';' | b'.');
        if !is_sign || !is_digit(at - 1) || !is_digit(at + 1) || !is_digit(at + 2) {
            continue;
        }
        let is_in = |c: char| c.is_ascii_digit() || ":;.,-".contains(c);
        let start = text[..at].trim_end_matches(is_in).len();
        let end = text.len() - text[at..].trim_start_matches(is_in).len();
        let is_apart = text[..start].ends_with(['[', '(', '#', '{', '<'])
            && text[end..].starts_with([']', ')', '#', '}', '>']);
        // Also how long a pause lasts stands in brackets: `[2.26]`.
        let is_pause = is_apart && bytes[at] == b'.' && end - start < 6;
        if is_pause {
            continue;
        }
        if !is_apart || start == 1 || end + 1 == text.len() {
            return Some(text[start..end].to_owned());
        }
    }
    None
}

/// How many files are read in each run.
const N_FILES: u64 = 600;

/// What is wrong with the files of a seed, by kind: how many, and the first of them.
fn found(seed: u64, numbers: std::ops::Range<u64>) -> BTreeMap<String, (u64, String)> {
    let mut kinds: BTreeMap<String, (u64, String)> = BTreeMap::new();
    for number in numbers {
        let made = made(seed, number);
        let Ok(raw) = read(&made.bytes, &made.name) else { continue };
        if let Some((kind, example)) = wrong(&made, &raw).into_iter().next() {
            let told = || format!("{number} as `{}`: {example}", raw.layout);
            let (n, _) =
                kinds.entry(format!("{kind} {}", made.what)).or_insert_with(|| (0, told()));
            *n += 1;
            if *n == 1 {
                let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("given");
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(folder.join(format!("{number}-{}", made.name)), &made.bytes)
                    .unwrap();
            }
        }
    }
    kinds
}

#[test]
fn no_word_is_given_to_somebody_else_in_silence() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let seed = number("LEITMOTIF_SEED").unwrap_or(12);
    let kinds = found(seed, 0..number("LEITMOTIF_GIVEN_FILES").unwrap_or(N_FILES));
    let told: Vec<String> =
        kinds.iter().map(|(kind, (n, first))| format!("{n} of {kind}, first {first}")).collect();
    assert!(told.is_empty(), "seed {seed}, {} kinds:\n{}", told.len(), told.join("\n"));
}

#[test]
fn what_is_given_to_somebody_else_or_read_with_a_time_or_a_name_is_found() {
    let row = |label: &str, words: &str| Row {
        label: label.to_owned(),
        words: words.to_owned(),
        at: 0,
        stamp: None,
    };
    let check = |text: &str, expected: &[&str]| {
        let made = Made {
            name: String::new(),
            bytes: Vec::new(),
            what: String::new(),
            people: vec!["Joanne".to_owned(), "Samuel".to_owned()],
            rows: vec![row("Joanne", "Bababaren."), row("Samuel", "Babadotik bababatik.")],
        };
        let mut raw = read(&b"Joanne: Oh.\nSamuel: So.\n".repeat(2), "P01.txt").unwrap();
        raw.turns.truncate(2);
        raw.text = text.to_owned();
        let (joanne, samuel) = text.split_once('\n').unwrap();
        let starts = [0, joanne.len() + 1];
        for (turn, (start, said)) in
            raw.turns.iter_mut().zip(starts.into_iter().zip([joanne, samuel]))
        {
            turn.span = leitmotif::base::Span::new(start, start + said.len());
        }
        let kinds: Vec<&str> = wrong(&made, &raw).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, expected, "{text}");
    };
    check("Bababaren.\nBabadotik bababatik.", &[]);
    check("Bababaren. Babadotik.\nBababatik.", &["given"]);
    check("Bababaren.\n0:12 Babadotik bababatik.", &["stamp"]);
    check("Bababaren. Samuel\nBabadotik bababatik.", &["label"]);
    check("Bababaren.\nBababatik.", &["lost"]);
}
