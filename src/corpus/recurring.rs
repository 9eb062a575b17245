//! What is the same in most transcripts and so says nothing about any of them: footers
//! of programs, a consent speech that is read out, "this is the end of the interview".
//!
//! The texts of all transcripts come in, with their passages; sentences that recur go
//! out, with their places ([`Recurring`]). No list of phrases decides: what stands in
//! more than half of the transcripts, and in three at least, is found by its words.
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
//! Each word is looked at a fixed number of times.

mod copies;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::base::{Lines, Progress, Span, Stopped, counts_alone};
use crate::passages::Passage;
use crate::passages::sentences::sentences;
use crate::transcripts::Transcript;
use crate::transcripts::people::called;

pub use copies::Copied;
use copies::find_copies;

/// The fewest transcripts in which something recurs.
const MIN_TRANSCRIPTS: usize = 3;
/// The words of a run that is counted: shorter ones are ways of speaking.
const RUN: usize = 5;
/// The fewest words of a sentence that recurs wherever it stands.
const MIN_WORDS: usize = 8;
/// The fewest words of one that recurs at the beginning or end.
const MIN_EDGE_WORDS: usize = 5;
/// The sentences of a transcript that are its beginning, and its end.
const EDGE: usize = 10;
/// The share of a long sentence's words that must stand in recurring runs.
const SHARE: f64 = 0.75;
/// Words at the end of a recurring sentence that go with it: more are somebody's own.
const MAX_LEFT: usize = 2;
/// How often a transcript that has something may have it, on average.
const MAX_TIMES: usize = 2;
/// The fewest words of an answer; "Yes, of course" agrees to be recorded.
const ANSWER_WORDS: usize = 8;
/// Sentences without a mark are cut after this many words.
const MAX_SENTENCE_WORDS: usize = 60;

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

/// A word, by its number among all words.
type Word = u32;
/// Words that follow each other.
type Run = [Word; RUN];

/// A transcript as numbers of words.
struct Read {
    words: Vec<Word>,
    /// The words of each turn.
    turns: Vec<Range<usize>>,
    /// Who speaks in each turn.
    speakers: Vec<u16>,
    sentences: Vec<Sentence>,
}

struct Sentence {
    span: Span,
    words: Range<usize>,
    is_at_edge: bool,
    /// Whether it has a question mark.
    is_question: bool,
    /// Whether it leads to what somebody else answers.
    leads_to_answer: bool,
}

/// Where a run or a short sentence was seen so far.
struct Seen {
    /// Its number among all of them.
    mark: usize,
    n_transcripts: usize,
    n: usize,
    last: Option<usize>,
    is_always_at_edge: bool,
}

impl Seen {
    fn new(mark: usize) -> Self {
        Self { mark, n_transcripts: 0, n: 0, last: None, is_always_at_edge: true }
    }

    fn note(&mut self, t: usize, is_at_edge: bool) {
        self.is_always_at_edge &= is_at_edge;
        self.n += 1;
        if self.last.replace(t) != Some(t) {
            self.n_transcripts += 1;
        }
    }

    fn recurs(&self, n_transcripts: usize) -> bool {
        are_most(self.n_transcripts, n_transcripts) && self.n <= MAX_TIMES * self.n_transcripts
    }
}

fn are_most(n: usize, of: usize) -> bool {
    n >= MIN_TRANSCRIPTS && 2 * n > of
}

/// The runs and short sentences that most transcripts have.
struct Common<'r> {
    /// By word: whether most transcripts have it. What has another one does not recur.
    words: Vec<bool>,
    runs: HashMap<Run, Seen>,
    short: HashMap<&'r [Word], Seen>,
    n_marks: usize,
}

/// A sentence that recurs.
struct Repeat {
    t: usize,
    /// Where the words stand that recur.
    span: Span,
    /// The runs in it that recur, or the whole of it.
    marks: Vec<usize>,
}

/// Finds what recurs in the transcripts of a study, each with its passages.
///
/// # Errors
/// [`Stopped`] if `progress` says so.
pub fn find_recurring(
    talk: &[(&Transcript, &[Passage])],
    progress: &dyn Progress,
) -> Result<Recurring, Stopped> {
    let mut numbers = HashMap::new();
    let mut read: Vec<Read> = Vec::with_capacity(talk.len());
    for (transcript, _) in talk {
        progress.go_on()?;
        read.push(Read::new(transcript, &mut numbers));
    }
    let copies = find_copies(&read, progress)?;
    let is_copy = |t: usize| copies.iter().any(|copy| copy.second == t);
    let distinct: Vec<(usize, &Read)> = (0..).zip(&read).filter(|(t, _)| !is_copy(*t)).collect();
    let common = Common::count(&distinct, numbers.len());
    let mut repeats: Vec<Repeat> = Vec::new();
    for (t, read) in read.iter().enumerate() {
        progress.go_on()?;
        repeats.extend(read.repeats((t, &talk[t].0.text), &common));
    }

    // Sentences that share a run are one saying, whatever else differs in them.
    let mut sayings = Sayings { saying_of: (0..common.n_marks).collect() };
    let mut transcripts_of: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for repeat in &repeats {
        sayings.join(&repeat.marks);
    }
    for repeat in repeats.iter().filter(|repeat| !is_copy(repeat.t)) {
        transcripts_of.entry(sayings.of(repeat.marks[0])).or_default().insert(repeat.t);
    }
    transcripts_of.retain(|_, transcripts| are_most(transcripts.len(), distinct.len()));

    let mut found = Recurring { spans: vec![Vec::new(); talk.len()], ..Recurring::default() };
    let mut place_of: BTreeMap<usize, usize> = BTreeMap::new();
    for repeat in repeats {
        let saying = sayings.of(repeat.marks[0]);
        if !transcripts_of.contains_key(&saying) {
            continue;
        }
        let transcript = talk[repeat.t].0;
        let place = *place_of.entry(saying).or_insert_with(|| {
            let text = repeat.span.of(&transcript.text).to_owned();
            found.sayings.push(Saying { text, places: Vec::new() });
            found.sayings.len() - 1
        });
        found.sayings[place].places.push((repeat.t, transcript.lines.lines_of(repeat.span)));
        found.spans[repeat.t].push(repeat.span);
    }
    let of_transcripts = talk.iter().zip(&found.spans);
    found.passages = of_transcripts
        .map(|((transcript, passages), spans)| wholly_within(transcript, passages, spans))
        .collect();
    found.copies = copies;
    Ok(found)
}

/// Which runs are of one saying.
struct Sayings {
    /// By run, another one of the same saying, or itself.
    saying_of: Vec<usize>,
}

impl Sayings {
    fn of(&self, mut mark: usize) -> usize {
        while self.saying_of[mark] != mark {
            mark = self.saying_of[mark];
        }
        mark
    }

    fn join(&mut self, marks: &[usize]) {
        for pair in marks.windows(2) {
            let (first, second) = (self.of(pair[0]), self.of(pair[1]));
            self.saying_of[first.max(second)] = first.min(second);
        }
    }
}

impl<'r> Common<'r> {
    /// Counts in transcripts, each with its place; there are `n_words` different words.
    fn count(read: &[(usize, &'r Read)], n_words: usize) -> Self {
        let mut in_transcripts = vec![(None, 0); n_words];
        for &(t, read) in read {
            for &word in &read.words {
                let (last, n) = &mut in_transcripts[word as usize];
                *n += usize::from(last.replace(t) != Some(t));
            }
        }
        let words: Vec<bool> =
            in_transcripts.into_iter().map(|(_, n)| are_most(n, read.len())).collect();
        let (mut runs, mut short) = (HashMap::new(), HashMap::new());
        let mut n_marks = 0;
        for &(t, read) in read {
            let mut new = || {
                n_marks += 1;
                Seen::new(n_marks - 1)
            };
            let is_common = |run: &[Word]| run.iter().all(|&word| words[word as usize]);
            for (_, run) in read.runs().filter(|(_, run)| is_common(run)) {
                runs.entry(run).or_insert_with(&mut new).note(t, true);
            }
            for sentence in read.sentences.iter().filter(|sentence| sentence.is_short()) {
                let words = &read.words[sentence.words.clone()];
                if is_common(words) {
                    short.entry(words).or_insert_with(&mut new).note(t, sentence.is_at_edge);
                }
            }
        }
        runs.retain(|_, seen: &mut Seen| seen.recurs(read.len()));
        short.retain(|_, seen: &mut Seen| seen.is_always_at_edge && seen.recurs(read.len()));
        Self { words, runs, short, n_marks }
    }
}

impl Sentence {
    fn is_short(&self) -> bool {
        (MIN_EDGE_WORDS..MIN_WORDS).contains(&self.words.len())
    }

    /// The part of a sentence of the text between two of its words; all of it at a side where
    /// only a word or two are left, and else those are said by somebody who goes on.
    fn part_between(&self, [first, last]: [usize; 2], text: &str) -> Span {
        let mut places: Vec<Span> = Vec::with_capacity(self.words.len());
        each_compared_word(self.span.of(text), &mut |place, _| places.push(place));
        let Span { mut start, mut end } = self.span;
        if first - self.words.start > MAX_LEFT {
            start = self.span.start + places[first - self.words.start].start;
        }
        if self.words.end - 1 - last > MAX_LEFT {
            end = self.span.start + places[last - self.words.start].end;
        }
        Span { start, end }
    }
}

impl Read {
    fn new(transcript: &Transcript, numbers: &mut HashMap<String, Word>) -> Self {
        let mut number_of = |word: &str| -> Word {
            numbers.get(word).copied().unwrap_or_else(|| {
                let next = Word::try_from(numbers.len()).expect("words are fewer than bytes");
                numbers.insert(word.to_owned(), next);
                next
            })
        };
        let name = number_of("@");
        let names: BTreeSet<Word> = called(transcript).iter().map(|it| number_of(it)).collect();
        let mut read = Self {
            words: Vec::new(),
            turns: Vec::new(),
            speakers: Vec::new(),
            sentences: Vec::new(),
        };
        for turn in &transcript.turns {
            let (first_word, first) = (read.words.len(), read.sentences.len());
            for sentence in
                sentences(turn.span.of(&transcript.text), MAX_SENTENCE_WORDS, transcript.line_ends)
            {
                let span = Span {
                    start: turn.span.start + sentence.start,
                    end: turn.span.start + sentence.end,
                };
                let text = span.of(&transcript.text);
                let from = read.words.len();
                each_compared_word(text, &mut |_, word| {
                    let word = number_of(word);
                    read.words.push(if names.contains(&word) { name } else { word });
                });
                read.sentences.push(Sentence {
                    span,
                    words: from..read.words.len(),
                    is_at_edge: false,
                    is_question: text.contains(['?', '？', '؟']),
                    leads_to_answer: false,
                });
            }
            read.turns.push(first_word..read.words.len());
            read.speakers.push(turn.speaker);
            lead_to_questions(&mut read.sentences[first..]);
        }
        let n = read.sentences.len();
        for (at, sentence) in read.sentences.iter_mut().enumerate() {
            sentence.is_at_edge = at < EDGE || at + EDGE >= n;
        }
        read.lead_to_answers(transcript);
        // All transcripts are held at once.
        read.words.shrink_to_fit();
        read.sentences.shrink_to_fit();
        read
    }

    /// A request has no question mark: what somebody else answers at length was asked.
    /// Near the beginning a consent speech comes before it in the same turn.
    fn lead_to_answers(&mut self, transcript: &Transcript) {
        let speaker = |turn: usize| transcript.turns.get(turn).map(|turn| turn.speaker);
        let is_answered = |turn: usize| {
            speaker(turn + 1).is_some_and(|next| Some(next) != speaker(turn))
                && self.turns[turn + 1].len() >= ANSWER_WORDS
        };
        let answered: Vec<bool> = (0..self.turns.len()).map(is_answered).collect();
        let n = self.sentences.len();
        for (at, sentence) in self.sentences.iter_mut().enumerate() {
            let turn = self.turns.partition_point(|turn| turn.end <= sentence.words.start);
            let is_last = self.turns.get(turn).is_some_and(|it| it.end == sentence.words.end);
            let is_answered = answered.get(turn).is_some_and(|is| *is);
            let is_opening = at < EDGE.min(n);
            sentence.leads_to_answer = match (is_answered, is_last) {
                (true, true) => true,
                (true, false) => !is_opening,
                (false, _) => sentence.leads_to_answer && !is_opening,
            };
        }
    }

    /// The runs of words inside turns, with their first words.
    fn runs(&self) -> impl Iterator<Item = (usize, Run)> + '_ {
        self.turns.iter().flat_map(|turn| {
            let words = &self.words[turn.clone()];
            let starts = turn.start..;
            starts.zip(words.windows(RUN)).filter_map(|(at, run)| Some((at, run.try_into().ok()?)))
        })
    }

    /// The sentences that recur in transcript `t`, which has this text.
    fn repeats(&self, (t, text): (usize, &str), common: &Common<'_>) -> Vec<Repeat> {
        let mut is_covered = vec![false; self.words.len()];
        let mut mark_at: BTreeMap<usize, usize> = BTreeMap::new();
        for (at, run) in self.runs() {
            if !run.iter().all(|&word| common.words[word as usize]) {
                continue;
            }
            if let Some(seen) = common.runs.get(&run) {
                is_covered[at..at + RUN].fill(true);
                mark_at.insert(at, seen.mark);
            }
        }
        let repeat = |sentence: &Sentence| -> Option<Repeat> {
            let words = sentence.words.clone();
            if sentence.is_short() {
                let seen = common.short.get(&self.words[words])?;
                return Some(Repeat { t, span: sentence.span, marks: vec![seen.mark] });
            }
            let covered: Vec<usize> = words.clone().filter(|at| is_covered[*at]).collect();
            let marks: Vec<usize> = mark_at.range(words.clone()).map(|(_, mark)| *mark).collect();
            let is_same = words.len() >= MIN_WORDS
                && covered.len() as f64 >= SHARE * words.len() as f64
                && !marks.is_empty();
            let ends = [*covered.first()?, *covered.last()?];
            is_same.then(|| Repeat { t, span: sentence.part_between(ends, text), marks })
        };
        let may_recur = |it: &&Sentence| !it.is_question && !it.leads_to_answer;
        self.sentences.iter().filter(may_recur).filter_map(repeat).collect()
    }
}

/// What stands before a question in the same turn leads to it.
fn lead_to_questions(turn: &mut [Sentence]) {
    let Some(last) = turn.iter().rposition(|sentence| sentence.is_question) else { return };
    for sentence in &mut turn[..last] {
        sentence.leads_to_answer = true;
    }
}

/// Tells `note` the words of a text as they are compared, with their bytes.
fn each_compared_word(text: &str, note: &mut dyn FnMut(Span, &str)) {
    let is_mark = |c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’');
    let mut lower = String::new();
    let mut next = 0;
    for piece in text.split_inclusive(is_mark) {
        let start = next;
        next += piece.len();
        let piece = piece.trim_end_matches(is_mark);
        if piece.is_empty() {
            continue;
        }
        let span = Span::new(start, start + piece.len());
        if !piece.is_ascii() && piece.contains(counts_alone) {
            for (at, c) in piece.char_indices() {
                let (at, n) = (start + at, c.len_utf8());
                note(Span::new(at, at + n), c.encode_utf8(&mut [0; 4]));
            }
        } else if piece.contains(char::is_numeric) {
            note(span, "#");
        } else if piece.is_ascii() {
            lower.clear();
            lower.push_str(piece);
            lower.make_ascii_lowercase();
            note(span, &lower);
        } else {
            note(span, &piece.to_lowercase().replace('’', "'"));
        }
    }
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
    use crate::passages;
    use crate::sources;

    fn read(files: &[String]) -> Vec<Transcript> {
        let read =
            |text: &String| Transcript::new(sources::read(text.as_bytes(), "P.txt").unwrap());
        files.iter().map(read).collect()
    }

    /// What recurs in files, each with the number of its places.
    fn recurring(files: &[String]) -> Vec<String> {
        let transcripts = read(files);
        let cut: Vec<Vec<Passage>> = transcripts.iter().map(passages::cut).collect();
        let talk: Vec<(&Transcript, &[Passage])> =
            transcripts.iter().zip(&cut).map(|(t, p)| (t, p.as_slice())).collect();
        let found = find_recurring(&talk, &|_, _| {}).unwrap();
        found.sayings.iter().map(|it| format!("{} {}", it.places.len(), it.text)).collect()
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
        let transcripts = read(&files);
        let talk: Vec<(&Transcript, &[Passage])> =
            transcripts.iter().map(|transcript| (transcript, [].as_slice())).collect();
        let found = find_recurring(&talk, &|_, _| {}).unwrap();
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
        let transcripts = read(&[own("tree"), own("song")]);
        let talk: Vec<(&Transcript, &[Passage])> =
            transcripts.iter().map(|transcript| (transcript, [].as_slice())).collect();
        assert_eq!(find_recurring(&talk, &|_, _| {}).unwrap().copies, []);
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
