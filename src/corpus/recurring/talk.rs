//! The talk of a transcript as it is compared with others: its words as numbers.
//!
//! A transcript comes in; runs of its words and its sentences go out.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::base::{Span, counts_alone, hash_of, hash_of_words};
use crate::passages::sentences::sentences;
use crate::transcripts::Transcript;
use crate::transcripts::people::called;

/// The words of a run that is counted: shorter ones are ways of speaking.
const RUN: usize = 5;
/// The fewest words of a sentence that recurs wherever it stands.
pub(super) const MIN_WORDS: usize = 8;
/// The fewest words of one that recurs at the beginning or end.
const MIN_EDGE_WORDS: usize = 5;
/// The sentences of a transcript that are its beginning, and its end.
const EDGE: usize = 10;
/// Words at the end of a recurring sentence that go with it: more are somebody's own.
const MAX_LEFT: usize = 2;
/// The fewest words of an answer; "Yes, of course" agrees to be recorded.
const ANSWER_WORDS: usize = 8;
/// Sentences without a mark are cut after this many words.
const MAX_SENTENCE_WORDS: usize = 60;

/// A run of words, or a short sentence: a number that is another one for others.
pub(super) type Run = u64;

/// A transcript as numbers of words.
#[derive(Clone)]
pub(super) struct Talk {
    words: Vec<u32>,
    /// The words of each turn.
    turns: Vec<Range<u32>>,
    /// Who speaks in each turn.
    speakers: Vec<u16>,
    pub(super) sentences: Vec<Sentence>,
}

#[derive(Clone)]
pub(super) struct Sentence {
    pub(super) span: Span,
    words: Range<u32>,
    pub(super) is_at_edge: bool,
    /// Whether it has a question mark.
    is_question: bool,
    /// Whether it leads to what somebody else answers.
    leads_to_answer: bool,
}

impl Sentence {
    pub(super) fn words(&self) -> Range<usize> {
        usizes(&self.words)
    }

    pub(super) fn is_short(&self) -> bool {
        (MIN_EDGE_WORDS..MIN_WORDS).contains(&self.words.len())
    }

    /// Whether it may be the same everywhere: a guide's questions, and what leads to them, are
    /// part of the interview.
    pub(super) fn may_recur(&self) -> bool {
        !self.is_question && !self.leads_to_answer
    }

    /// The part of a sentence of the text between two of its words; all of it at a side where
    /// only a word or two are left, and else those are said by somebody who goes on.
    pub(super) fn part_between(&self, [first, last]: [usize; 2], text: &str) -> Span {
        let mut places: Vec<Span> = Vec::with_capacity(self.words.len());
        each_compared_word(self.span.of(text), &mut |place, _| places.push(place));
        let Span { mut start, mut end } = self.span;
        let words = self.words();
        if first - words.start > MAX_LEFT {
            start = self.span.start + places[first - words.start].start;
        }
        if words.end - 1 - last > MAX_LEFT {
            end = self.span.start + places[last - words.start].end;
        }
        Span { start, end }
    }
}

impl Talk {
    pub(super) fn new(transcript: &Transcript) -> Self {
        // Numbers of other words may be the same, once in four thousand million times.
        let number_of = |word: &str| (hash_of_words([word]) >> 32) as u32;
        let name = number_of("@");
        let names: BTreeSet<u32> = called(transcript).iter().map(|it| number_of(it)).collect();
        let mut words: Vec<u32> = Vec::new();
        let mut talk = Self {
            words: Vec::new(),
            turns: Vec::new(),
            speakers: Vec::new(),
            sentences: Vec::new(),
        };
        let narrow = |n: usize| u32::try_from(n).expect("words are fewer than bytes");
        for turn in &transcript.turns {
            let (first_word, first) = (words.len(), talk.sentences.len());
            for sentence in
                sentences(turn.span.of(&transcript.text), MAX_SENTENCE_WORDS, transcript.line_ends)
            {
                let span = Span {
                    start: turn.span.start + sentence.start,
                    end: turn.span.start + sentence.end,
                };
                let text = span.of(&transcript.text);
                let from = words.len();
                each_compared_word(text, &mut |_, word| {
                    let word = number_of(word);
                    words.push(if names.contains(&word) { name } else { word });
                });
                talk.sentences.push(Sentence {
                    span,
                    words: narrow(from)..narrow(words.len()),
                    is_at_edge: false,
                    is_question: text.contains(['?', '？', '؟']),
                    leads_to_answer: false,
                });
            }
            talk.turns.push(narrow(first_word)..narrow(words.len()));
            talk.speakers.push(turn.speaker);
            lead_to_questions(&mut talk.sentences[first..]);
        }
        talk.words = words;
        let n = talk.sentences.len();
        for (at, sentence) in talk.sentences.iter_mut().enumerate() {
            sentence.is_at_edge = at < EDGE || at + EDGE >= n;
        }
        talk.lead_to_answers(transcript);
        // Those of all transcripts may be held at once.
        talk.words.shrink_to_fit();
        talk.sentences.shrink_to_fit();
        talk
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

    /// The runs of words inside turns, each with the places of its words.
    pub(super) fn runs(&self) -> impl Iterator<Item = (Range<usize>, Run)> + '_ {
        self.turns.iter().flat_map(|turn| {
            let turn = usizes(turn);
            let starts = turn.start..;
            let runs = self.words[turn].windows(RUN);
            starts.zip(runs).map(|(at, run)| (at..at + RUN, hash_of(run, 0)))
        })
    }

    /// The different runs, in order.
    pub(super) fn distinct_runs(&self) -> Vec<Run> {
        in_order(self.runs().map(|(_, run)| run).collect())
    }

    /// The different runs of each speaker, in order.
    pub(super) fn runs_by_speaker(&self) -> Vec<Vec<Run>> {
        let mut of_speaker: Vec<Vec<Run>> = Vec::new();
        for (words, run) in self.runs() {
            let turn = self.turns.partition_point(|turn| turn.end as usize <= words.start);
            let speaker = self.speakers.get(turn).copied().map_or(0, usize::from);
            if of_speaker.len() <= speaker {
                of_speaker.resize(speaker + 1, Vec::new());
            }
            of_speaker[speaker].push(run);
        }
        of_speaker.into_iter().map(in_order).collect()
    }

    /// A short sentence as a whole.
    pub(super) fn whole(&self, sentence: &Sentence) -> Run {
        hash_of(&self.words[sentence.words()], sentence.words.len() as u64)
    }

    pub(super) fn n_words(&self) -> usize {
        self.words.len()
    }
}

fn in_order(mut runs: Vec<Run>) -> Vec<Run> {
    runs.sort_unstable();
    runs.dedup();
    runs
}

fn usizes(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
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
