//! What is the same in most transcripts and so says nothing about any of them: footers
//! of programs, a consent speech that is read out, "this is the end of the interview".
//!
//! What is known of all transcripts comes in, with a way to their texts; sentences that
//! recur go out, with their places ([`Recurring`]). No list of phrases decides: what stands
//! in more than half of the transcripts, and in three at least, is found by its words.
//!
//! # Method
//! Words are compared in lower case; numbers are all one word, and so are the names of
//! those who speak in the transcript. A sentence of eight words or more recurs if three
//! quarters of its words stand in runs of five words that most transcripts have: one
//! word may differ here and there. A shorter one, of five words or more, recurs if all
//! of it does, and only near the beginning or end of each transcript, where chance does
//! not bring it. What is said more than twice a transcript is a way of speaking. What
//! leads to a question that is answered is part of the interview: the guide's questions
//! are the same everywhere, and themes need them as context.
//!
//! An interview that is there twice ([`Copied`]) counts once: its answers recur nowhere.
//!
//! Each word is looked at a fixed number of times. What was counted is remembered
//! ([`Counted`]), so that of an archive that grows only what is new is read; the answer is
//! the same as if all were.

mod copies;
mod talk;
mod tally;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::copies::{Sketch, find_copies};
use self::talk::{MIN_WORDS, Sentence, Talk};
use self::tally::{Runs, Tally};
use crate::base::{Lines, Progress, Span, Stopped};
use crate::ingest::Known;
use crate::passages::Passage;
use crate::transcripts::Transcript;

pub use copies::Copied;

/// The fewest transcripts in which something recurs.
const MIN_TRANSCRIPTS: usize = 3;
/// The share of a long sentence's words that must stand in recurring runs.
const SHARE: f64 = 0.75;

/// What recurs in a study.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Recurring {
    /// By transcript: the sentences that recur, in order.
    pub spans: Vec<Vec<Span>>,
    /// By transcript: its passages in which the speaker says nothing else.
    pub passages: Vec<BTreeSet<u32>>,
    /// What it is that recurs, in the order of its first places.
    pub sayings: Vec<Saying>,
    /// The transcripts that seem to be there twice.
    pub copies: Vec<Copied>,
}

/// Words that recur.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saying {
    /// As they stand at the first place.
    pub text: String,
    /// Where they stand: the transcript, by its place in the study, and its lines.
    pub places: Vec<(usize, Lines)>,
}

impl Saying {
    /// In how many transcripts it stands.
    pub fn n_transcripts(&self) -> usize {
        self.places.iter().map(|(t, _)| *t).collect::<BTreeSet<_>>().len()
    }
}

/// What was counted in a study, so that it need not be counted again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counted {
    heard: Vec<Heard>,
    tally: Tally,
}

/// What is remembered of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Heard {
    id: String,
    /// What it was read from, and how.
    text_key: String,
    sketch: Sketch,
    /// Whether it is in the tally: a copy is not.
    is_counted: bool,
    repeats: Vec<Repeat>,
    /// The passages that say nothing but these.
    passages: BTreeSet<u32>,
}

/// A sentence that recurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Repeat {
    /// Where the words stand that recur.
    span: Span,
    lines: Lines,
    /// The runs in it that recur, or the whole of it, by their places among all of them.
    marks: Vec<u32>,
}

fn are_most(n: usize, of: usize) -> bool {
    n >= MIN_TRANSCRIPTS && 2 * n > of
}

/// The transcripts of a study that is searched.
struct Search<'s, E> {
    transcripts: &'s [Known],
    text: &'s (dyn Fn(usize) -> Result<Transcript, E> + Sync),
    progress: &'s dyn Progress,
}

/// Finds what recurs in the transcripts of a study, whose texts `text` gives by their places,
/// and what is to be remembered for the next time. `before` is what was found the last time.
///
/// # Errors
/// Those of `text`, and [`Stopped`] if `progress` says so.
pub fn find_recurring<E: From<Stopped> + Send>(
    transcripts: &[Known],
    text: &(dyn Fn(usize) -> Result<Transcript, E> + Sync),
    before: Counted,
    progress: &dyn Progress,
) -> Result<(Recurring, Counted), E> {
    let search = Search { transcripts, text, progress };
    let Counted { heard: remembered, mut tally } = before;
    let mut remembered: BTreeMap<String, Heard> =
        remembered.into_iter().map(|heard| (heard.id.clone(), heard)).collect();
    let mut kept: Vec<Option<Heard>> = Vec::with_capacity(transcripts.len());
    for Known { id, text_key, .. } in transcripts {
        let is_same = |heard: &Heard| heard.text_key == *text_key;
        kept.push(if remembered.get(id).is_some_and(is_same) {
            remembered.remove(id)
        } else {
            None
        });
    }
    let is_gone = remembered.values().any(|heard| heard.is_counted);

    let new: Vec<usize> = (0..kept.len()).filter(|&t| kept[t].is_none()).collect();
    let mut talks = search.read(&new)?;
    let sketch_of = |t: usize| match &kept[t] {
        Some(heard) => heard.sketch.clone(),
        None => Sketch::of(&talks[&t]),
    };
    let mut sketches: Vec<Sketch> = (0..kept.len()).into_par_iter().map(sketch_of).collect();
    let copies = find_copies(&sketches, &|t| {
        talks.get(&t).map_or_else(|| search.talk(t).map(Cow::Owned), |talk| Ok(Cow::Borrowed(talk)))
    })?;
    let mut counts = vec![true; kept.len()];
    for copy in &copies {
        counts[copy.second] = false;
    }

    let recurring = tally.recurring();
    let added = || new.iter().filter(|&&t| counts[t]);
    let counts_as_before = |(heard, counts): (&Option<Heard>, &bool)| {
        heard.as_ref().is_none_or(|it| it.is_counted == *counts)
    };
    let mut takes =
        !is_gone && kept.iter().zip(&counts).all(counts_as_before) && tally.takes(added().count());
    if takes {
        added().for_each(|t| tally.add(&talks[t]));
        takes = tally.recurring() == recurring;
    }
    if !takes {
        let rest: Vec<usize> = (0..kept.len()).filter(|&t| kept[t].is_some()).collect();
        talks.extend(search.read(&rest)?);
        kept.fill(None);
        let counted = talks.iter().filter(|(t, _)| counts[**t]);
        tally = Tally::of(&counted.map(|(_, talk)| talk).collect::<Vec<_>>(), progress)?;
    }
    let recurring = tally.recurring();
    let heard = kept.into_par_iter().zip(&mut sketches).enumerate().map(|(t, (kept, sketch))| {
        let hear = || search.hear(t, &talks[&t], std::mem::take(sketch), counts[t], &recurring);
        kept.map_or_else(hear, Ok)
    });
    let counted = Counted { heard: heard.collect::<Result<_, E>>()?, tally };
    Ok((search.put_together(&counted.heard, copies, recurring.len())?, counted))
}

impl<E: From<Stopped> + Send> Search<'_, E> {
    fn talk(&self, t: usize) -> Result<Talk, E> {
        self.progress.go_on()?;
        Ok(Talk::new(&(self.text)(t)?))
    }

    fn read(&self, which: &[usize]) -> Result<BTreeMap<usize, Talk>, E> {
        which.par_iter().map(|&t| Ok((t, self.talk(t)?))).collect()
    }

    /// Looks for the sentences of a transcript that recur.
    fn hear(
        &self,
        t: usize,
        talk: &Talk,
        sketch: Sketch,
        is_counted: bool,
        recurring: &Runs,
    ) -> Result<Heard, E> {
        let Known { id, text_key, passages, .. } = &self.transcripts[t];
        let found = repeats(talk, recurring);
        let (id, text_key) = (id.clone(), text_key.clone());
        let mut heard = Heard {
            id,
            text_key,
            sketch,
            is_counted,
            repeats: Vec::new(),
            passages: BTreeSet::new(),
        };
        if !found.is_empty() {
            let transcript = (self.text)(t)?;
            for (sentence, ends, marks) in found {
                let span = sentence.part_between(ends, &transcript.text);
                let lines = transcript.lines.lines_of(span);
                heard.repeats.push(Repeat { span, lines, marks });
            }
            heard.passages = wholly_within(&transcript, passages, &heard.spans());
        }
        Ok(heard)
    }

    /// What recurs: sentences that share a run are one saying, whatever else differs in them,
    /// and each saying stands in most transcripts.
    fn put_together(
        &self,
        heard: &[Heard],
        copies: Vec<Copied>,
        n_runs: usize,
    ) -> Result<Recurring, E> {
        let mut sayings = Sayings { saying_of: (0..n_runs).collect() };
        for repeat in heard.iter().flat_map(|heard| &heard.repeats) {
            sayings.join(&repeat.marks);
        }
        let mut n_transcripts: BTreeMap<usize, usize> = BTreeMap::new();
        for heard in heard.iter().filter(|heard| heard.is_counted) {
            let here: BTreeSet<usize> = heard.repeats.iter().map(|it| sayings.of(it)).collect();
            for saying in here {
                *n_transcripts.entry(saying).or_default() += 1;
            }
        }
        let n_counted = heard.iter().filter(|heard| heard.is_counted).count();
        n_transcripts.retain(|_, n| are_most(*n, n_counted));

        let mut found = Recurring { copies, ..Recurring::default() };
        let mut place_of: BTreeMap<usize, usize> = BTreeMap::new();
        for (t, heard) in heard.iter().enumerate() {
            let mut spans = Vec::new();
            for repeat in &heard.repeats {
                let saying = sayings.of(repeat);
                if !n_transcripts.contains_key(&saying) {
                    continue;
                }
                spans.push(repeat.span);
                let place = if let Some(place) = place_of.get(&saying) {
                    *place
                } else {
                    let text = repeat.span.of(&(self.text)(t)?.text).to_owned();
                    found.sayings.push(Saying { text, places: Vec::new() });
                    place_of.insert(saying, found.sayings.len() - 1);
                    found.sayings.len() - 1
                };
                found.sayings[place].places.push((t, repeat.lines));
            }
            found.passages.push(if spans.len() == heard.repeats.len() {
                heard.passages.clone()
            } else if spans.is_empty() {
                BTreeSet::new()
            } else {
                wholly_within(&(self.text)(t)?, &self.transcripts[t].passages, &spans)
            });
            found.spans.push(spans);
        }
        Ok(found)
    }
}

impl Heard {
    fn spans(&self) -> Vec<Span> {
        self.repeats.iter().map(|repeat| repeat.span).collect()
    }
}

/// Which runs are of one saying.
struct Sayings {
    /// By run, another one of the same saying, or itself.
    saying_of: Vec<usize>,
}

impl Sayings {
    fn root(&self, mark: u32) -> usize {
        let mut mark = mark as usize;
        while self.saying_of[mark] != mark {
            mark = self.saying_of[mark];
        }
        mark
    }

    fn join(&mut self, marks: &[u32]) {
        for pair in marks.windows(2) {
            let (first, second) = (self.root(pair[0]), self.root(pair[1]));
            self.saying_of[first.max(second)] = first.min(second);
        }
    }

    fn of(&self, repeat: &Repeat) -> usize {
        self.root(repeat.marks[0])
    }
}

/// The sentences that recur in a talk: each with the first and the last of its words that do,
/// and the runs by their places among `recurring`.
fn repeats<'t>(talk: &'t Talk, recurring: &Runs) -> Vec<(&'t Sentence, [usize; 2], Vec<u32>)> {
    let mark = |place: usize| u32::try_from(place).expect("runs are fewer than bytes");
    let mut is_covered = vec![false; talk.n_words()];
    let mut mark_at: BTreeMap<usize, u32> = BTreeMap::new();
    for (words, run) in talk.runs() {
        if let Some(place) = recurring.place_of(run) {
            mark_at.insert(words.start, mark(place));
            is_covered[words].fill(true);
        }
    }
    let repeat = |sentence: &'t Sentence| {
        let words = sentence.words();
        if sentence.is_short() {
            let place = recurring.place_of(talk.whole(sentence))?;
            return Some((sentence, [words.start, words.end - 1], vec![mark(place)]));
        }
        let covered: Vec<usize> = words.clone().filter(|at| is_covered[*at]).collect();
        let marks: Vec<u32> = mark_at.range(words.clone()).map(|(_, mark)| *mark).collect();
        let recurs = words.len() >= MIN_WORDS
            && covered.len() as f64 >= SHARE * words.len() as f64
            && !marks.is_empty();
        let ends = [*covered.first()?, *covered.last()?];
        recurs.then_some((sentence, ends, marks))
    };
    talk.sentences.iter().filter(|sentence| sentence.may_recur()).filter_map(repeat).collect()
}

/// The passages in which the speaker's own words are all within `spans`.
fn wholly_within(transcript: &Transcript, passages: &[Passage], spans: &[Span]) -> BTreeSet<u32> {
    let is_said = |span: &Span| span.of(&transcript.text).contains(char::is_alphanumeric);
    let is_within = |passage: &Passage| {
        let pieces: Vec<Span> = passage.own_pieces(transcript).map(|(_, piece)| piece).collect();
        let left: Vec<Span> = pieces.iter().flat_map(|piece| without(*piece, spans)).collect();
        left != pieces && !left.iter().any(is_said)
    };
    let places = (0..).zip(passages);
    places.filter(|(_, passage)| is_within(passage)).map(|(place, _)| place).collect()
}

/// What is left of a span without others, which are in order.
pub fn without(whole: Span, others: &[Span]) -> Vec<Span> {
    let from = others.partition_point(|other| other.end <= whole.start);
    let touching = others[from..].iter().take_while(|other| other.start < whole.end);
    let mut left = Vec::new();
    let mut start = whole.start;
    for other in touching {
        if start < other.start {
            left.push(Span { start, end: other.start });
        }
        start = other.end;
    }
    if start < whole.end {
        left.push(Span { start, end: whole.end });
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Seed;
    use crate::ingest::{self, Params};

    type Interview = (Known, Transcript);

    fn read(name: &str, text: &str) -> Interview {
        let read = ingest::read(text.as_bytes(), name, &Params::default()).unwrap();
        (read.analyse(0, None, &Params::default()).0, read.transcript)
    }

    /// What is found in interviews after what was counted before.
    fn found_in(interviews: &[Interview], before: Counted) -> (Recurring, Counted) {
        let known: Vec<Known> = interviews.iter().map(|(known, _)| known.clone()).collect();
        let text = |t: usize| Ok::<_, Stopped>(interviews[t].1.clone());
        find_recurring(&known, &text, before, &|_, _| {}).unwrap()
    }

    fn found(files: &[String]) -> Recurring {
        let files = (10..).zip(files).map(|(n, text)| read(&format!("P{n}.txt"), text));
        found_in(&files.collect::<Vec<_>>(), Counted::default()).0
    }

    /// What recurs in files, each with the number of its places.
    fn recurring(files: &[String]) -> Vec<String> {
        let sayings = found(files).sayings;
        sayings.iter().map(|it| format!("{} {}", it.places.len(), it.text)).collect()
    }

    /// An interview about a topic, between an opening and an end.
    fn file(topic: &str, opening: &str, end: &str) -> String {
        format!(
            "Interviewer: {opening}\nAda: Yes.\n\
             Interviewer: How did you hear of the {topic} in the first place?\n\
             Ada: My sister told me about the {topic} when we met on a Tuesday.\n\
             Interviewer: Tell me what you remember of the very first evening there.\n\
             Ada: The {topic} was cold, and we laughed until the {topic} closed.\n\
             Interviewer: {end}\nAda: Thank you.\n"
        )
    }

    const CONSENT: &str =
        "This talk is recorded for research, and you may stop at any time you like.";

    #[test]
    fn what_is_read_out_in_most_transcripts_recurs() {
        let mut files: Vec<String> = ["garden", "choir", "clinic", "ferry"]
            .iter()
            .map(|topic| file(topic, CONSENT, "So this is the end of the interview."))
            .collect();
        // A word differs, a number is another one.
        files[1] = files[1].replace("for research", "for our study");
        files.push(file("bakery", "Shall we begin?", "Good."));
        assert_eq!(
            recurring(&files),
            [format!("4 {CONSENT}"), "4 So this is the end of the interview.".to_owned()]
        );
    }

    #[test]
    fn what_somebody_adds_to_a_recurring_sentence_stays_theirs() {
        let own = ["while coffee is hot", "unless Tom rings again", "once we sat down"];
        let opening = |own| format!("{} {own}.", CONSENT.trim_end_matches('.'));
        let files: Vec<String> =
            own.iter().map(|own| file("choir", &opening(own), "Good.")).collect();
        assert_eq!(recurring(&files)[0], format!("3 {}", CONSENT.trim_end_matches('.')));
    }

    /// A talk about a topic that is like no other.
    fn tale(topic: &str) -> String {
        let turn = |n: usize| {
            // Numbers would all be one word.
            let letters = || ('a'..='t').map(|letter| format!("{topic}{}{letter}", "x".repeat(n)));
            let answer: Vec<String> = letters().collect();
            format!("Interviewer: What came next in those days?\nAda: {}.\n", answer.join(" "))
        };
        (0..8).map(turn).collect()
    }

    #[test]
    fn the_same_interview_three_times_is_told_and_its_answers_do_not_recur() {
        let edited = tale("ferry").replace("ferryxb ", "boat ");
        let files = [tale("ferry"), edited, tale("ferry"), tale("garden")];
        let found = found(&files);
        let pairs = found.copies.iter().map(|copy| (copy.first, copy.second));
        assert_eq!(pairs.collect::<Vec<_>>(), [(0, 1), (0, 2)]);
        assert!(found.copies[0].percent > 90 && found.copies[1].percent == 100);
        assert_eq!(found.sayings, []);
    }

    #[test]
    fn a_guide_that_is_read_out_makes_no_copies() {
        let guide = "Please think of the last time that you were at the harbour with somebody \
            whom you know well, and tell me slowly how that day began and how it went on, and \
            who was there with you, and what you saw from the pier when the boats came in, and \
            what you did after that, until the evening, when everybody went home by the same \
            road along the coast, past the old mill and the school that was closed that year.";
        let own = |topic: &str| {
            let words: Vec<String> = ('a'..='z').map(|letter| format!("{topic}{letter}")).collect();
            format!(
                "Interviewer: {guide}\nAda: {}.\nInterviewer: So.\nAda: Yes.\n",
                words.join(" ")
            )
        };
        assert_eq!(found(&[own("tree"), own("song")]).copies, []);
    }

    /// An archive grows, file by file and in any order, and is read anew now and then.
    #[test]
    fn what_is_added_is_counted_as_if_all_were_counted_anew() {
        let topics = ["garden", "choir", "clinic", "ferry", "bakery", "school", "mill", "harbour"];
        let ends = ["So this is the end of the interview.", "That was all from my side today."];
        let text = |n: usize| {
            let opening = if n % 5 < 3 { CONSENT } else { "Shall we begin?" };
            // The last eight are copies of the first, with another end.
            let told = tale(&format!("{}{}", topics[n % 8], "abc".repeat(n / 8 % 2)));
            file(topics[n % 8], opening, ends[usize::from(n % 7 < 3)]) + &told
        };
        let interviews: Vec<Interview> =
            (0..24).map(|n| read(&format!("P{}.txt", n + 10), &text(n))).collect();
        let changed = read("P15.txt", &text(5).replace("laughed", "wept"));
        let mut n_alone = 0;
        for seed in 0..4 {
            let mut numbers = Seed(seed).numbers();
            let mut order: Vec<usize> = (0..interviews.len()).collect();
            order.sort_by_cached_key(|_| numbers.next_bits());
            let mut before = Counted::default();
            for n in 1..=order.len() {
                let mut now = order[..n].to_vec();
                now.sort_unstable();
                let now: Vec<Interview> = now.iter().map(|&t| interviews[t].clone()).collect();
                let (anew, _) = found_in(&now, Counted::default());
                let (added, counted) = found_in(&now, before);
                assert_eq!(added, anew, "seed {seed}, {n} interviews");
                n_alone += usize::from(counted.tally.n_added() > 0);
                before = counted;
            }
            assert!(!before.heard.iter().all(|heard| heard.is_counted), "no copies");
            // One is gone, and one has changed.
            let mut fewer = interviews[1..].to_vec();
            fewer[4] = changed.clone();
            assert_eq!(found_in(&fewer, before).0, found_in(&fewer, Counted::default()).0);
        }
        assert!(n_alone > 20, "{n_alone} were counted alone");
    }

    #[test]
    fn questions_of_the_guide_and_short_words_do_not_recur() {
        let files: Vec<String> = ["garden", "choir", "clinic"]
            .iter()
            .map(|topic| file(topic, "Hello.", "Good."))
            .collect();
        assert_eq!(recurring(&files), Vec::<String>::new());
    }

    #[test]
    fn two_transcripts_and_ways_of_speaking_are_too_little() {
        let pair: Vec<String> =
            ["garden", "choir"].iter().map(|topic| file(topic, CONSENT, "Good.")).collect();
        assert_eq!(recurring(&pair), Vec::<String>::new());
        let refrain = "Ada: We went home and put the kettle on as we always do.\nBen: Did you?\n";
        let files: Vec<String> = (0..4).map(|_| refrain.repeat(6)).collect();
        assert_eq!(recurring(&files), Vec::<String>::new());
    }

    #[test]
    fn what_is_left_of_a_span_is_what_no_other_holds() {
        let others = [Span::new(2, 4), Span::new(6, 9)];
        assert_eq!(without(Span::new(0, 8), &others), [Span::new(0, 2), Span::new(4, 6)]);
        assert_eq!(without(Span::new(2, 4), &others), []);
        assert_eq!(without(Span::new(10, 12), &others), [Span::new(10, 12)]);
    }
}
