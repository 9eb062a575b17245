//! Which labels are one person.
//!
//! The labels of all transcripts come in, with what the heads of the files say; for
//! every speaker the person goes out. Next to nothing is joined by likeness:
//!
//! - **Within a transcript** initials, a first name or a surname join the one full
//!   name that they fit, be it a label or a name in the head of the file. Where two
//!   fit, nobody is joined. `Mr Lund` and `Mrs Lund` stay apart. A label of a few
//!   turns that is one letter off a common one is a slip of the typist. A part joins its
//!   short form (`Participant 1`, `P1`), a name what only a note or a sign parts from it
//!   (`Ada (P3)`, `Ada?`), and who opens the talk under a surname their initials.
//! - **Across transcripts** only full names join: two people called Sam, or two with
//!   the initials J. M., are two.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::header::{NamedPart, named_parts};
use super::{Transcript, normal_label};
use crate::labels::{
    Part, SURNAME_STARTS, Title, guessed, is_degree, is_name, is_of_several, is_particle, part_of,
    title_of,
};

/// In so many other transcripts initials must stand for one name.
const KNOWN_AGAIN: usize = 2;

/// From more labels on it is a survey, in which everybody has one.
const MANY: usize = 200;

/// What [`People::find`] needs to know of a transcript.
#[derive(Debug, Clone, Copy)]
pub struct Labels<'a> {
    /// The labels of its speakers.
    pub labels: &'a [String],
    /// Who is named at its head.
    pub named: &'a [NamedPart],
    /// By speaker: whether the label is words of the talk and no name.
    pub is_phrase: &'a [bool],
    /// By speaker: whether half of the turns or more ask.
    pub asks: &'a [bool],
    /// By speaker: how many turns.
    pub n_turns: &'a [u32],
    /// By speaker: the first and the last turn among all of the transcript.
    pub turns: &'a [[u32; 2]],
}

/// Who is who, by transcript and speaker.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct People {
    /// The first speaker of the transcript who is the same person.
    pub first: Vec<Vec<usize>>,
    /// By name in the head: the first speaker who is this person.
    pub in_head: Vec<Vec<Option<usize>>>,
    /// The fullest name of the person that the transcript has.
    pub names: Vec<Vec<String>>,
    /// What the person is known by in other transcripts too: a full name.
    pub keys: Vec<Vec<Option<String>>>,
}

impl People {
    /// Finds the people behind the labels of all transcripts.
    pub fn find(transcripts: &[Labels<'_>]) -> Self {
        // What is no name in one transcript is none in another.
        let mut phrases: Vec<String> = Vec::new();
        for transcript in transcripts {
            let of = transcript.labels.iter().zip(transcript.is_phrase);
            phrases.extend(of.filter(|(_, is)| **is).map(|(label, _)| normal_label(label)));
        }
        phrases.sort_unstable();
        let mut people = Self::default();
        for transcript in transcripts {
            people.join(transcript, &phrases);
        }
        people
    }

    /// Knows `Mireille B. Reece` of one transcript as `Mireille Reece` of another, where
    /// only one middle name goes with the two. They are one case; but that is a likeness,
    /// and tells nothing of who asks.
    pub(super) fn join_with_middle_names(&mut self) {
        let ends_of = |key: &str| {
            let ((first, _), (_, last)) = (key.split_once(' ')?, key.rsplit_once(' ')?);
            Some(format!("{first} {last}"))
        };
        let mut spelled: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for key in self.keys.iter().flatten().flatten() {
            if let Some(ends) = ends_of(key) {
                spelled.entry(ends).or_default().insert(key.clone());
            }
        }
        for key in self.keys.iter_mut().flatten().flatten() {
            let Some(ends) = ends_of(key) else { continue };
            let keys = &spelled[&ends];
            if keys.len() == 2 && keys.contains(&ends) {
                *key = ends;
            }
        }
    }

    /// Shows who interviews under initials, `DB`, by the full name that these stand for in
    /// several other transcripts, where the same person interviews. `asks` are
    /// the labels of those who interview, by transcript and speaker.
    pub fn know_interviewers_again(&mut self, asks: &[Vec<Option<&str>>]) {
        let mut known: BTreeMap<String, BTreeMap<&str, (usize, &String)>> = BTreeMap::new();
        let mut open: Vec<(usize, usize, String)> = Vec::new();
        for (t, labels) in asks.iter().enumerate() {
            for (s, label) in labels.iter().enumerate() {
                let Some(label) = label.map(normal_label) else { continue };
                match &self.keys[t][s] {
                    Some(key) => {
                        let name = &self.names[t][s];
                        let of_key = known.entry(label).or_default();
                        of_key.entry(key).or_insert((0, name)).0 += 1;
                    }
                    None => open.push((t, s, label)),
                }
            }
        }
        let again = open.into_iter().filter_map(|(t, s, label)| {
            let of = known.get(&label).filter(|of| of.len() == 1)?;
            let (n, name) = of.values().next()?;
            (*n >= KNOWN_AGAIN).then(|| (t, s, (*name).clone()))
        });
        for (t, s, name) in again.collect::<Vec<_>>() {
            self.names[t][s] = name;
        }
    }

    fn join(&mut self, transcript: &Labels<'_>, phrases: &[String]) {
        let n = transcript.labels.len();
        let is_phrase = |label: &String| phrases.binary_search(&normal_label(label)).is_ok();
        // Labels, then the names in the head.
        // `M.` is a title where others are `Mme`, and else a first name.
        let is_madame = |label: &String| {
            ["mme ", "mme. ", "mlle "].iter().any(|title| normal_label(label).starts_with(title))
        };
        let is_french = transcript.labels.iter().any(is_madame);
        let read = |label: &String| match label.strip_prefix("M. ").filter(|_| is_french) {
            Some(name) => Name::read(&format!("Monsieur {name}")),
            None => Name::read(label),
        };
        let whole: BTreeSet<String> =
            transcript.labels.iter().map(|label| normal_label(label)).collect();
        let is_nobodys =
            |label: &String| is_phrase(label) || is_of_several(&normal_label(label), &whole);
        let mut names: Vec<Name> = transcript
            .labels
            .iter()
            .map(|label| if is_nobodys(label) { Name::default() } else { read(label) })
            .collect();
        names.extend(transcript.named.iter().map(|named| Name::read(&named.name)));
        let mut root: Vec<usize> = (0..names.len()).collect();
        // The same full name twice, the longest spelling first.
        let is_few = n <= MANY;
        let is_full = |at: &usize| is_few && names[*at].is_full();
        let fulls: Vec<usize> = (0..names.len()).filter(is_full).collect();
        let notes = notes_of_names(transcript, &names, &fulls);
        let is_one = |one: usize, other: usize| {
            let agree = match (&notes[one], &notes[other]) {
                // `(Interviewer)` and `(I)`.
                (Some(a), Some(b)) => {
                    let is_short = a.starts_with(b.as_str()) || b.starts_with(a.as_str());
                    a == b || is_short && part_of(a).is_some() && part_of(a) == part_of(b)
                }
                _ => true,
            };
            agree && names[one].is_same_full(&names[other])
        };
        // Whoever goes with two who are not one is neither of them.
        let likely =
            |at: usize| fulls.iter().copied().filter(move |&of| of != at && is_one(of, at));
        let is_unsure =
            |at: usize| likely(at).any(|one| likely(at).any(|of| one != of && !is_one(one, of)));
        let unsure: BTreeSet<usize> = fulls.iter().copied().filter(|&at| is_unsure(at)).collect();
        for (i, &at) in fulls.iter().enumerate() {
            let is_equal = |other: usize| names[other] == names[at] && notes[other] == notes[at];
            let same = fulls[..i].iter().copied().find(|&other| {
                is_equal(other)
                    || (is_one(other, at) && !unsure.contains(&at) && !unsure.contains(&other))
            });
            if let Some(other) = same {
                root[at] = root[other];
            }
        }
        let mut roots: Vec<usize> = fulls.iter().map(|&at| root[at]).collect();
        roots.sort_unstable();
        roots.dedup();
        let root = &root;
        let spellings = |of: usize| fulls.iter().filter(move |&&at| root[at] == of);
        let mut joined = root.clone();
        let is_short = |at: &usize| is_few && !names[*at].is_full() && !names[*at].words.is_empty();
        let short: Vec<usize> = (0..n).filter(is_short).collect();
        for &at in &short {
            let fits = |of: &&usize| spellings(**of).any(|&full| names[at].fits(&names[full]));
            // Who speaks under a full name before who is only named in the head.
            let speaks = |of: &&usize| fits(of) && spellings(**of).any(|&full| full < n);
            let one_of = |is_one: &dyn Fn(&&usize) -> bool| {
                let mut fitting = roots.iter().filter(is_one);
                fitting.next().filter(|_| fitting.next().is_none())
            };
            if let Some(&one) = one_of(&fits).or_else(|| one_of(&speaks)) {
                joined[at] = one;
            }
        }
        let normal: Vec<String> =
            transcript.labels.iter().map(|label| normal_label(label)).collect();
        if is_few {
            join_accents(&normal, &mut joined);
            join_spellings(transcript, &normal, &mut joined);
            join_parts_with_codes(&normal, &mut joined);
            join_opening_surnames(transcript, &normal, &names, &mut joined);
            join_devices(transcript, &normal, &mut joined);
        }
        join_left_over(&names, &short, &roots, &mut joined);
        join_letters(transcript, &normal, &names, &mut joined);
        join_parts(transcript, n, &mut joined);
        if is_few {
            join_misspelt(transcript, &normal, &mut joined);
        }
        for (at, named) in (n..).zip(transcript.named) {
            // A single name or a code of the head that is a label as it stands.
            let same = |label: &String| {
                normal_label(label) == normal_label(&named.name)
                    || (!names[at].words.is_empty() && Name::read(label) == names[at])
            };
            if !names[at].is_full()
                && let Some(label) = transcript.labels.iter().position(same)
            {
                joined[at] = joined[label];
            }
        }
        let in_head = (n..names.len()).map(|at| (0..n).find(|&s| joined[s] == joined[at]));
        self.in_head.push(in_head.collect());
        // A name of the head stands for the first label that is this person.
        let mut first: Vec<usize> = Vec::with_capacity(n);
        let mut fullest: Vec<String> = Vec::with_capacity(n);
        let mut keys = Vec::with_capacity(n);
        let mut firsts: BTreeMap<usize, usize> = BTreeMap::new();
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, of) in joined.iter().enumerate() {
            members.entry(*of).or_default().push(at);
        }
        for at in 0..n {
            first.push(*firsts.entry(joined[at]).or_insert(at));
            let longest = members[&joined[at]]
                .iter()
                .copied()
                .filter(|other| names[*other].is_full())
                .max_by_key(|&other| (names[other].words.len(), std::cmp::Reverse(other)));
            let written = |at: usize| {
                let head = at.checked_sub(n).map(|at| transcript.named[at].name.as_str());
                head.unwrap_or_else(|| transcript.labels[at].as_str()).to_owned()
            };
            let usual = if joined[at] < n { joined[at] } else { at };
            fullest.push(longest.map_or_else(|| written(usual), |at| shown(&written(at))));
            keys.push(longest.map(|at| names[at].key()));
        }
        // Two people of one name are told apart by their labels, and are nobody elsewhere.
        let mut bearers: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (name, of) in fullest.iter().zip(&first) {
            bearers.entry(normal_label(name)).or_default().insert(*of);
        }
        for at in 0..n {
            if bearers[&normal_label(&fullest[at])].len() > 1 {
                keys[at] = None;
                fullest[at].clone_from(&transcript.labels[first[at]]);
            }
        }
        self.first.push(first);
        self.names.push(fullest);
        self.keys.push(keys);
    }
}

/// The notes behind full names in brackets, in lower case, `John Smith (father)`; none where
/// somebody of that name mostly speaks without, and it is a remark: `John Smith (laughs)`.
fn notes_of_names(transcript: &Labels<'_>, names: &[Name], fulls: &[usize]) -> Vec<Option<String>> {
    let n = transcript.labels.len();
    let turns = |at: usize| transcript.n_turns.get(at).copied().unwrap_or_default();
    let note = |at: usize| {
        let label = transcript.labels.get(at)?;
        let (bare, note) = label.split_once(['(', '['])?;
        let note = normal_label(note.trim_end_matches([')', ']']));
        (bare_name(label) == bare && !note.is_empty()).then_some(note)
    };
    let mut notes: Vec<Option<String>> = vec![None; names.len()];
    for &at in fulls.iter().filter(|&&at| at < n) {
        let is_usual = |&&other: &&usize| {
            other < n && note(other).is_none() && names[other].words == names[at].words
        };
        let usual = fulls.iter().find(is_usual).map_or(0, |&other| turns(other));
        notes[at] = note(at).filter(|_| turns(at) * OFTENER > usual);
    }
    notes
}

/// Joins labels that only accents part: `José` and `Jose`.
fn join_accents(normal: &[String], joined: &mut [usize]) {
    let bare = |label: &String| -> String {
        label.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect()
    };
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (at, label) in normal.iter().enumerate() {
        let first = *first.entry(bare(label)).or_insert(at);
        if joined[at] == at {
            joined[at] = joined[first];
        }
    }
}

/// How names of what people call from begin, in words that are no names.
const DEVICES: [&str; 13] = [
    "iphone", "ipad", "galaxy", "desktop", "laptop", "macbook", "android", "samsung", "pixel",
    "huawei", "phone", "tablet", "pc",
];

/// Joins a device or a telephone with the only person who speaks after it has fallen silent:
/// who came in from `iPad von Ruth` gives a name soon.
fn join_devices(transcript: &Labels<'_>, normal: &[String], joined: &mut [usize]) {
    let is_device = |at: usize| {
        let words = || normal[at].split(|c: char| !c.is_alphabetic()).filter(|it| !it.is_empty());
        // `PC Orme` is a constable, and `PC von Ruth` what she calls from.
        let is_rank =
            words().next() == Some("pc") && words().nth(1).is_some_and(|it| !is_particle(it));
        let is_number = normal[at].chars().filter(char::is_ascii_digit).count() > 5
            && !normal[at].chars().any(char::is_alphabetic);
        is_number || !is_rank && words().any(|word| DEVICES.contains(&word))
    };
    for at in (0..normal.len()).filter(|&at| is_device(at)) {
        let Some([_, last]) = transcript.turns.get(at) else { return };
        let comes_after = |&other: &usize| {
            !is_device(other) && transcript.turns.get(other).is_some_and(|[first, _]| first > last)
        };
        let mut after = (0..normal.len()).filter(comes_after);
        if let (Some(one), None) = (after.next(), after.next()) {
            joined[at] = joined[one];
        }
    }
}

/// How many times as many turns somebody has at least without a remark as with one.
const OFTENER: u32 = 3;

/// Joins labels that are one but for what stands around it: a guess (`Ada?`), an article
/// (`The Chair`), a note that nobody else of that name has (`Ada (P3)`).
fn join_spellings(transcript: &Labels<'_>, normal: &[String], joined: &mut [usize]) {
    // A number tells who it is, whatever is noted once behind it: `P3 (sighs)`, `P3, quietly`.
    let is_counted = |label: &str| label.ends_with(|c: char| c.is_ascii_digit());
    let noted = |label: &str| {
        let remarked = label.split_once(", ").filter(|(bare, remark)| {
            is_counted(bare)
                && !remark.contains(char::is_numeric)
                && !normal.contains(&(*remark).to_owned())
        });
        bare_name(remarked.map_or(label, |(bare, _)| bare)).trim().to_owned()
    };
    let turns = |at: usize| transcript.n_turns.get(at).copied().unwrap_or_default();
    let is_remark = |at: usize, of: usize| turns(at) > 0 && turns(at) * OFTENER <= turns(of);
    let note = |label: &str| {
        label.split_once('(').map(|(_, note)| note.trim_end_matches(')').trim().to_owned())
    };
    for (at, label) in normal.iter().enumerate() {
        let bare = noted(label);
        let n_notes = normal.iter().filter(|other| **other != bare && noted(other) == bare).count();
        let is_usual = |(of, other): (usize, &String)| {
            guessed(label) == Some(other.as_str())
                || label.strip_prefix("the ") == Some(other.as_str())
                || (bare == *other && bare != *label && (n_notes == 1 || is_remark(at, of)))
        };
        if let Some(usual) = normal.iter().enumerate().position(is_usual) {
            joined[at] = joined[usual];
        }
        // Of `Murch (M)` and `M` the first is the name, of `Respondent (R1)` and `R1` the last.
        if let Some(code) = normal.iter().position(|other| note(label).as_ref() == Some(other)) {
            let is_part = part_of(without_digits(&bare)).is_some();
            let (one, other) = if is_part { (at, code) } else { (code, at) };
            joined[one] = joined[other];
        }
    }
}

fn without_digits(label: &str) -> &str {
    label.trim_end_matches(|c: char| c.is_numeric() || c.is_whitespace())
}

/// Joins a part with its short form, `Participant 1` and `P1`, `Interviewer` and `I`,
/// where only one fits.
fn join_parts_with_codes(normal: &[String], joined: &mut [usize]) {
    let split = |label: &str| {
        let word = label.trim_end_matches(|c: char| c.is_numeric() || " .#_-".contains(c));
        let number = label[word.len()..].trim_start_matches(|c: char| !c.is_numeric());
        (word.to_owned(), number.trim_start_matches('0').to_owned())
    };
    let parts: Vec<(String, String)> = normal.iter().map(|label| split(label)).collect();
    for (at, (short, number)) in parts.iter().enumerate() {
        let fits = |(word, of): &&(String, String)| {
            word.len() > 3
                // `M` beside `Mother` is rather a moderator.
                && matches!(part_of(word), Some(Part::Asks | Part::Answers | Part::Anybody))
                && word.starts_with(short.as_str())
                && of == number
        };
        let is_cut = normal[at].ends_with('.');
        let is_short = (1..=if is_cut { 8 } else { 3 }).contains(&short.chars().count());
        let mut fitting = parts.iter().filter(fits);
        if let (true, Some((word, _)), None) = (is_short, fitting.next(), fitting.next()) {
            let whole = parts.iter().position(|part| part.0 == *word && part.1 == *number);
            joined[at] = joined[whole.unwrap_or(at)];
        }
    }
}

/// The most turns of somebody who opens the talk under a surname.
const OPENING_TURNS: u32 = 2;

/// Joins `Thorne`, who says a word or two first, with `LT`, where both fit nobody else.
fn join_opening_surnames(
    transcript: &Labels<'_>,
    labels: &[String],
    names: &[Name],
    joined: &mut [usize],
) {
    let n = labels.len();
    let is_letter =
        |at: usize| labels[at].chars().count() == 1 && labels[at].chars().all(char::is_alphabetic);
    let is_initials = |at: usize| names[at].is_initials || is_letter(at);
    let letter = |at: usize| {
        let word = names[at].words.first().unwrap_or(&labels[at]);
        if is_initials(at) { word.chars().next_back() } else { word.chars().next() }
    };
    let is_open = |at: usize, joined: &[usize]| {
        joined[at] == at && (names[at].words.len() == 1 || is_letter(at))
    };
    for at in 0..n {
        let is_surname = is_open(at, joined)
            && !is_initials(at)
            && transcript.n_turns.get(at).is_some_and(|n| *n <= OPENING_TURNS);
        let same = |other: &usize| letter(*other) == letter(at) && is_open(*other, joined);
        let mut initials = (at + 1..n).filter(same).filter(|&other| is_initials(other));
        let is_alone = (0..n).filter(same).filter(|&other| !is_initials(other)).count() == 1;
        if let (true, true, Some(one), None) =
            (is_surname, is_alone, initials.next(), initials.next())
        {
            joined[at] = one;
        }
    }
}

/// Joins the one pair of initials that fits nobody with the one full name that
/// nobody fits, if they begin with the same letter: `LK` after a marriage.
fn join_left_over(names: &[Name], short: &[usize], roots: &[usize], joined: &mut [usize]) {
    let n = joined.len();
    let is_alone = |of: usize| (0..n).filter(|&at| joined[at] == of).count() == 1;
    let mut initials = short.iter().filter(|&&at| names[at].is_initials && is_alone(at));
    let mut full = roots.iter().filter(|&&of| is_alone(of));
    if let (Some(&at), None, Some(&of), None) =
        (initials.next(), initials.next(), full.next(), full.next())
    {
        let begins = names[of].words.first().and_then(|word| word.chars().next());
        if names[at].words[0].chars().next() == begins {
            joined[at] = of;
        }
    }
}

/// Joins `Q` and `A` with those who open the talk under their names and go on under the
/// letters, or with the only one of each part, and `THE WITNESS` with `A`.
fn join_letters(transcript: &Labels<'_>, normal: &[String], names: &[Name], joined: &mut [usize]) {
    let place = |of: &str| normal.iter().position(|label| label.trim_end_matches('.') == of);
    let (Some(q), Some(a)) = (place("q"), place("a")) else { return };
    let asks = |at: usize| transcript.asks.get(at).is_some_and(|asks| *asks);
    let is_named = |at: usize| !names[at].words.is_empty() && !names[at].is_initials;
    let opening = q.min(a);
    if (1..=2).contains(&opening) && is_named(0) && asks(0) {
        joined[q] = joined[0];
        if opening == 2 && is_named(1) && !asks(1) && joined[1] != joined[0] {
            joined[a] = joined[1];
        }
    }
    if let Some(witness) = place("the witness").or_else(|| place("witness")) {
        joined[witness] = joined[a];
    }
    // `Q` and `A` beside one `Interviewer` and one `Respondent`.
    let only = |part: Part| {
        let is_part = |at: &usize| ![q, a].contains(at) && part_of(&normal[*at]) == Some(part);
        let mut of = (0..normal.len()).filter(is_part);
        of.next().filter(|_| of.next().is_none())
    };
    if let (Some(asks), Some(answers)) = (only(Part::Asks), only(Part::Answers)) {
        (joined[q], joined[a]) = (joined[asks], joined[answers]);
    }
}

/// The most turns of a label that is a slip, how many times as many the right one has at
/// least, and the fewest letters of both.
const SLIPS: u32 = 4;
const COMMONER: u32 = 5;
const SLIP_LETTERS: usize = 7;

/// Joins a rare label with the one common label that it is one letter off: `Particpant`.
/// Numbers must be the same, and `Mario` is nobody's slip for `Maria`.
fn join_misspelt(transcript: &Labels<'_>, normal: &[String], joined: &mut [usize]) {
    let turns = |at: usize| transcript.n_turns.get(at).copied().unwrap_or(0);
    for slip in (0..normal.len()).filter(|&at| turns(at) <= SLIPS) {
        let fits = |&at: &usize| {
            at != slip
                && turns(at) >= COMMONER * turns(slip).max(1)
                && is_slip(&normal[slip], &normal[at])
        };
        let mut fitting = (0..normal.len()).filter(fits);
        if let (true, Some(one), None) = (joined[slip] == slip, fitting.next(), fitting.next()) {
            joined[slip] = joined[one];
        }
    }
}

/// Whether two normal labels differ in one letter that is none of an ending or a number.
/// `Michaela` is nobody's slip for `Michael`; `Participants` is one for a part.
fn is_slip(one: &str, other: &str) -> bool {
    let digits = |label: &str| label.chars().filter(|c| c.is_numeric()).collect::<String>();
    let letters = |label: &str| label.chars().filter(|c| c.is_alphabetic()).count();
    let ends =
        |label: &str| label.split_whitespace().filter_map(|word| word.chars().last()).collect();
    let (ends_one, ends_other): (String, String) = (ends(one), ends(other));
    let is_longer = |short: &str, long: &str| {
        let pairs = short.split_whitespace().zip(long.split_whitespace());
        short.len() < long.len()
            && pairs.clone().all(|(short, long)| long.starts_with(short))
            && [short, long].iter().all(|label| part_of(without_digits(label)).is_none())
    };
    let is_other_ending = (one.chars().count() == other.chars().count() && ends_one != ends_other)
        || is_longer(one, other)
        || is_longer(other, one);
    letters(one).min(letters(other)) >= SLIP_LETTERS
        && one.chars().next() == other.chars().next()
        && digits(one) == digits(other)
        && !is_other_ending
        && strsim::osa_distance(one, other) == 1
}

/// Joins a label that is a part, such as `Interviewer`, with the one name that the
/// head of the file gives to this part.
fn join_parts(transcript: &Labels<'_>, n: usize, joined: &mut [usize]) {
    for part in [Part::Asks, Part::Answers] {
        let is_part = |at: &usize| part_of(&normal_label(&transcript.labels[*at])) == Some(part);
        let mut labels = (0..n).filter(is_part);
        let mut named = (0..transcript.named.len()).filter(|&at| transcript.named[at].part == part);
        if let (Some(label), None, Some(name), None) =
            (labels.next(), labels.next(), named.next(), named.next())
        {
            let is_free = !(0..n).any(|at| joined[at] == joined[n + name]);
            if is_free {
                joined[label] = joined[n + name];
            }
        }
    }
}

/// A label as a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Name {
    /// The words in lower case, or the letters of initials as one word; none if the
    /// label is no name.
    words: Vec<String>,
    is_initials: bool,
    /// Of a man or a woman, where the title tells; never [`Title::Either`].
    title: Option<Title>,
}

/// What a full name is known by across transcripts, and how it is shown; `None` if it is no
/// full name.
pub(super) fn full_name(written: &str) -> Option<(String, String)> {
    let name = Name::read(written);
    (name.is_full() && is_name(written)).then(|| (name.key(), shown(written)))
}

/// The words of a label that may be words of a name, in lower case.
pub(super) fn name_words(label: &str) -> Vec<String> {
    let name = Name::read(label);
    if name.is_initials { Vec::new() } else { name.words }
}

/// The words, in lower case, by which those who talk in a transcript may be called:
/// those of their labels and of the names in its head.
pub fn called(transcript: &Transcript) -> BTreeSet<String> {
    let labels = transcript.speakers.iter().map(|speaker| speaker.label.clone());
    let head = named_parts(transcript).into_iter().map(|named| named.name);
    let words: Vec<String> = labels.chain(head).flat_map(|name| name_words(&name)).collect();
    let parts = words.iter().flat_map(|word| word.split('-'));
    parts.filter(|part| part.chars().nth(1).is_some()).map(str::to_owned).collect()
}

impl Name {
    /// Reads a label: without a note in brackets, titles, degrees, and the word for a
    /// part behind a comma; `Surname, First` is turned round, and of `Unknown (Mayor
    /// Hall)` the note is the name.
    fn read(label: &str) -> Self {
        let bare = bare_name(label);
        let is_no_more = |piece: &str| part_of(&normal_label(piece)).is_some();
        let pieces = bare.split(',').map(str::trim).filter(|piece| !piece.is_empty());
        let pieces: Vec<&str> = (0..)
            .zip(pieces)
            .filter(|(at, piece)| !(is_no_more(piece) || *at > 0 && is_degree(piece)))
            .map(|(_, piece)| piece)
            .collect();
        let turned = match pieces[..] {
            [surname, first] if !is_title_only(first) => format!("{first} {surname}"),
            [first, ..] => first.to_owned(),
            [] => return Self::default(),
        };
        let mut name = Self::default();
        let mut written: Vec<&str> = Vec::new();
        for word in turned.split_whitespace() {
            let lower = word.trim_end_matches('.').to_lowercase();
            match title_of(&lower) {
                Some(Title::Either) if written.is_empty() => {}
                Some(title) if written.is_empty() => name.title = name.title.or(Some(title)),
                _ => written.push(word),
            }
        }
        while written.len() > 2 && written.last().is_some_and(|last| is_degree(last)) {
            written.pop();
        }
        let is_number = |word: &&str| word.chars().any(char::is_numeric);
        let is_letter = |word: &&str| word.chars().filter(|c| c.is_alphanumeric()).count() < 2;
        // `Grad C` and `Speaker 2` are numbers; `Ruth C.` and `J. Marsh` are names.
        let is_code = written.iter().any(is_number)
            || written.last().is_some_and(|last| is_letter(last) && !last.ends_with('.'));
        let is_part = |word: &&str| part_of(&normal_label(word)).is_some();
        // `D. S.` are initials as `D.S.` are.
        let are_letters = written.len() > 1 && written.iter().all(is_letter);
        let together = if are_letters { written.concat() } else { String::new() };
        let one = if are_letters { Some(together.as_str()) } else { written.first().copied() };
        if let Some(one) = one.filter(|_| are_letters || written.len() == 1)
            && let Some(letters) = initials(one)
        {
            return Self { words: vec![letters], is_initials: true, title: name.title };
        }
        if !is_code && !written.iter().any(is_part) {
            name.words = written
                .iter()
                .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
                .filter(|word| !word.is_empty())
                .collect();
        }
        name
    }

    /// Whether it is a first name and a surname; `De la Cruz` is a surname.
    fn is_full(&self) -> bool {
        self.words.len() > 1 && !SURNAME_STARTS.contains(&self.words[0].as_str())
    }

    /// What the name is known by across transcripts.
    fn key(&self) -> String {
        let title = match self.title {
            Some(Title::Man) => "m ",
            Some(Title::Woman) => "f ",
            Some(Title::Either) | None => "",
        };
        // A title before a full name adds nothing.
        let title = if self.is_full() { "" } else { title };
        format!("{title}{}", self.words.join(" "))
    }

    /// Whether two full names are one: the same words, or first and last the same and
    /// only one with words between.
    fn is_same_full(&self, other: &Self) -> bool {
        let ends = |name: &Self| (name.words.first().cloned(), name.words.last().cloned());
        let is_apart = self.title.is_some() && other.title.is_some() && self.title != other.title;
        !is_apart
            && (self.words == other.words
                || ends(self) == ends(other) && (self.words.len() == 2 || other.words.len() == 2))
    }

    /// Whether initials, a first name or a surname may stand for a full name.
    fn fits(&self, full: &Self) -> bool {
        if self.title.is_some() && full.title.is_some() && self.title != full.title {
            return false;
        }
        let (Some(word), [_, ..]) = (self.words.first(), &full.words[..]) else { return false };
        // A surname in capitals may be as short as initials: `ASH`.
        if !self.is_initials || full.words.contains(word) {
            return full.words.contains(word);
        }
        let words: Vec<&str> = full.words.iter().map(String::as_str).collect();
        let (outer, last) = ([words[0], words[words.len() - 1]], words[words.len() - 1]);
        let ends = letters_of(outer);
        // A middle name left out before a surname of two parts: `Ada M. Quill-Reed`, `AQR`.
        let ends_by_parts = letters_of([words[0]].into_iter().chain(last.split('-')));
        let by_parts = letters_of(words.iter().flat_map(|word| word.split('-')));
        // Where the surname stands first, initials may turn it round.
        let turned = match words[..] {
            [surname, given, _] => letters_of([given, surname]),
            _ => String::new(),
        };
        let whole = letters_of(words);
        // A middle name may be left out of the full name: `Peter Moss`, `PJM`.
        let mut letters = word.chars();
        let outer: String = letters.next().into_iter().chain(letters.next_back()).collect();
        let has_middle = word.chars().count() == 3 && full.words.len() == 2 && outer == ends;
        has_middle || [whole, by_parts, ends, ends_by_parts, turned].contains(word)
    }
}

/// The first letters of words, together.
fn letters_of<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    words.into_iter().filter_map(|word| word.chars().next()).collect()
}

/// A label without a note in brackets; the note, where the rest names nobody.
fn bare_name(label: &str) -> &str {
    let Some((bare, note)) = label.split_once(['(', '[']) else { return label };
    let note = note.trim_end_matches([')', ']']);
    let is_nobody = part_of(&normal_label(bare)) == Some(Part::Stray);
    let has_title = note.split(' ').next().is_some_and(|first| {
        note.contains(' ') && title_of(&first.trim_end_matches('.').to_lowercase()).is_some()
    });
    if is_nobody && has_title { note } else { bare }
}

/// A name as it is shown: `Surname, First` turned round, without a note.
fn shown(written: &str) -> String {
    let bare = bare_name(written).trim();
    match bare.split_once(", ") {
        Some((name, more)) if more.split(',').all(is_degree) => name.to_owned(),
        Some((surname, first)) if part_of(&normal_label(first)).is_none() => {
            format!("{first} {surname}")
        }
        Some((name, _)) => name.to_owned(),
        None => bare.to_owned(),
    }
}

fn is_title_only(text: &str) -> bool {
    text.split_whitespace().all(|word| {
        title_of(&word.trim_end_matches('.').to_lowercase()).is_some() || word.len() < 3
    })
}

/// The letters of initials in lower case: `MF`, `M.F.`, `JMR`, with those of small words that
/// begin a surname `PvdB`.
fn initials(word: &str) -> Option<String> {
    let letters: String = word.chars().filter(|c| !matches!(c, '.' | '-')).collect();
    let is_short = (2..=4).contains(&letters.chars().count());
    let is_small = |c: char| SURNAME_STARTS.iter().any(|start| start.starts_with(c));
    let outer = [letters.chars().next(), letters.chars().next_back()];
    let is_one = letters.chars().all(|c| c.is_uppercase() || is_small(c))
        && outer.iter().flatten().all(|c| c.is_uppercase());
    (is_short && is_one).then(|| letters.to_lowercase())
}

/// The people of whom a key is told, by key: in how many transcripts they speak.
pub(super) fn n_transcripts(keys: &[Vec<Option<String>>]) -> BTreeMap<&str, usize> {
    let mut n: BTreeMap<&str, usize> = BTreeMap::new();
    for of_transcript in keys {
        let mut distinct: Vec<&str> = of_transcript.iter().flatten().map(String::as_str).collect();
        distinct.sort_unstable();
        distinct.dedup();
        for key in distinct {
            *n.entry(key).or_default() += 1;
        }
    }
    n
}

#[cfg(test)]
mod tests;
