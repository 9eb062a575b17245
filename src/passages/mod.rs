//! Cuts talk into passages: the unit that is coded, clustered and found.
//!
//! A [`Transcript`] comes in; its [`Passage`]s go out. Together they hold
//! every turn exactly once and in order, so what is searched is complete.
//! A passage owns no text: it is a span of the transcript.
//!
//! A long turn is cut at sentence ends into parts of nearly equal length. A
//! short turn is joined with the same speaker's next one where nothing or
//! only listeners' "Mm-hm." stands between. What listeners say belongs to the
//! passage that they listen to, but its words are not counted as its own. Who is
//! labelled as one who asks is listened to by nobody: "Yes." is the answer.
//!
//! ```
//! use leitmotif::{files::SourceError, passages, sources, transcripts::Transcript};
//!
//! let file = "Siân: It was odd.\nInt: Mm.\nSiân: And then it was fine.\nInt: What helped?\n";
//! let transcript = Transcript::new(sources::read(file.as_bytes(), "P01.txt")?);
//! let found = passages::cut(&transcript);
//! assert_eq!(found.len(), 2);
//! assert_eq!(found[0].span.of(&transcript.text), "It was odd.\nInt: Mm.\nSiân: And then it was fine.");
//! # Ok::<(), SourceError>(())
//! ```

pub mod sentences;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::base::{Lines, Span, TimeSpan, words_in};
use crate::labels::{Part, part_of};
use crate::transcripts::{Transcript, normal_label};
use sentences::sentences;

/// Words that a passage aims at; a turn of `n` words is cut into about
/// `n / AIM_WORDS` parts.
const AIM_WORDS: usize = 80;
/// A turn of up to this many words is one passage.
const MAX_WORDS: usize = 120;
/// Words under which a speaker's talk is joined with what the same speaker
/// says next.
const SHORT_WORDS: usize = 25;
/// What people say while they listen, in many languages. "No" and "good" are answers.
const LISTENING: &str = "ah aha ahá aham aye ok okay oké okei oh ooh uh um mm mmm mhm mhmm hm hmm \
    hmhm hum huh yeah yep yup right sure exactly true wow really i see indeed ja jaja genau okey \
    ach stimmt klar eben tja ouais oui accord voilà sí claro vale ya ajá sì certo esatto sim pois \
    né joo niin juu da ага угу да так tak evet hı ναι نعم はい うん ええ 嗯 对 是的 네 예";
/// The most words of a listener.
const LISTENER_WORDS: usize = 4;

/// A stretch of one speaker's talk.
///
/// Invariant: `span` is not blank and cuts no character; `turns` are the
/// turns that it touches, the first of which is the speaker's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Whose talk it is: a place in [`Transcript::speakers`].
    pub speaker: u16,
    /// The first turn that it touches.
    pub first_turn: u32,
    /// The last turn that it touches.
    pub last_turn: u32,
    /// Its bytes in the transcript's text.
    pub span: Span,
    /// Its lines.
    pub lines: Lines,
    /// When it was said, where the file tells.
    pub time: Option<TimeSpan>,
    /// The speaker's own words in it.
    pub n_words: u32,
}

impl Passage {
    /// The turns that the passage touches.
    pub fn turns(&self) -> Range<usize> {
        self.first_turn as usize..self.last_turn as usize + 1
    }

    /// The parts of the passage that lie in turns, with their turns: labels
    /// and times between the turns are no talk.
    pub fn pieces<'t>(
        &'t self,
        transcript: &'t Transcript,
    ) -> impl Iterator<Item = (usize, Span)> + 't {
        self.turns().filter_map(move |turn| {
            let of_turn = transcript.turns[turn].span;
            let start = of_turn.start.max(self.span.start);
            let end = of_turn.end.min(self.span.end);
            (start < end).then_some((turn, Span { start, end }))
        })
    }

    /// The pieces that the passage's own speaker says.
    pub fn own_pieces<'t>(
        &'t self,
        transcript: &'t Transcript,
    ) -> impl Iterator<Item = (usize, Span)> + 't {
        self.pieces(transcript).filter(|&(turn, _)| transcript.turns[turn].speaker == self.speaker)
    }
}

/// Cuts a transcript into passages.
///
/// They are in the order of the text, do not overlap, and hold every word of
/// every turn.
pub fn cut(transcript: &Transcript) -> Vec<Passage> {
    let turns = &transcript.turns;
    let n_words: Vec<usize> =
        turns.iter().map(|turn| words_in(turn.span.of(&transcript.text))).collect();
    let mut passages = Vec::new();
    let mut turn = 0;
    while turn < turns.len() {
        let speaker = turns[turn].speaker;
        if n_words[turn] > MAX_WORDS {
            cut_turn(transcript, turn, n_words[turn], &mut passages);
            turn += 1;
            continue;
        }
        let (mut last, mut own) = (turn, n_words[turn]);
        loop {
            let next = after_listeners(transcript, last, &n_words);
            let goes_on = turns.get(next).is_some_and(|turn| turn.speaker == speaker)
                && own < SHORT_WORDS
                && own + n_words[next] <= MAX_WORDS;
            if !goes_on {
                last = next - 1;
                break;
            }
            own += n_words[next];
            last = next;
        }
        let span = Span { start: turns[turn].span.start, end: turns[last].span.end };
        passages.push(passage(transcript, turn..last + 1, span, own));
        turn = last + 1;
    }
    passages
}

/// The first turn after `last` that is more than listening to it.
fn after_listeners(transcript: &Transcript, last: usize, n_words: &[usize]) -> usize {
    let turns = &transcript.turns;
    let speaker = turns[last].speaker;
    let words = |at: usize| turns[at].span.of(&transcript.text);
    let asks = |at: usize| words(at).contains(['?', '？', '؟']);
    let mut next = last + 1;
    if is_interviewers(&transcript.speakers[usize::from(speaker)].label) {
        return next;
    }
    // After a question even a short turn is an answer.
    while next < turns.len()
        && turns[next].speaker != speaker
        && n_words[next] <= LISTENER_WORDS
        && is_listening(words(next))
        && !asks(next - 1)
    {
        next += 1;
    }
    next
}

/// Whether a turn holds nothing but what people say while they listen.
fn is_listening(words: &str) -> bool {
    let words = words.to_lowercase();
    let mut words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    !words.clone().any(|word| !LISTENING.split_whitespace().any(|known| known == word))
        && words.next().is_some()
}

/// Whether a label says that its speaker asks: `Interviewer 2`.
fn is_interviewers(label: &str) -> bool {
    let label = normal_label(label);
    let word = label.trim_end_matches(|c: char| !c.is_alphabetic());
    part_of(word) == Some(Part::Asks)
}

/// Cuts one long turn at the sentence ends nearest to equal parts.
fn cut_turn(transcript: &Transcript, turn: usize, n_words: usize, passages: &mut Vec<Passage>) {
    let whole = transcript.turns[turn].span;
    let n_parts = (n_words + AIM_WORDS / 2) / AIM_WORDS;
    let mut ends: Vec<(u32, usize)> = Vec::new();
    let mut so_far = 0;
    for sentence in sentences(whole.of(&transcript.text), MAX_WORDS, transcript.line_ends) {
        let end = whole.start + sentence.end;
        so_far += words_in(&transcript.text[(whole.start + sentence.start) as usize..end as usize]);
        ends.push((end, so_far));
    }
    let mut start = whole.start;
    let mut said = 0;
    for part in 1..=n_parts {
        let aim = n_words * part / n_parts;
        let distance = |&(_, words): &(u32, usize)| words.abs_diff(aim);
        let later = ends.iter().filter(|(end, _)| *end > start);
        let best =
            if part == n_parts { ends.last() } else { later.min_by_key(|end| distance(end)) };
        let Some(&(end, words)) = best else { break };
        // The last sentence must be left for the last part.
        if end > start && words > said {
            let text = &transcript.text[start as usize..end as usize];
            let blank = text.len() - text.trim_start().len();
            let from = start + Span::new(blank, blank).start;
            let to = end - Span::new(0, text.len() - text.trim_end().len()).end;
            passages.push(passage(
                transcript,
                turn..turn + 1,
                Span { start: from, end: to },
                words - said,
            ));
            (start, said) = (end, words);
        }
    }
}

fn passage(transcript: &Transcript, turns: Range<usize>, span: Span, n_words: usize) -> Passage {
    let narrow = |at: usize| u32::try_from(at).expect("a transcript has fewer turns than bytes");
    Passage {
        speaker: transcript.turns[turns.start].speaker,
        first_turn: narrow(turns.start),
        last_turn: narrow(turns.end - 1),
        span,
        lines: transcript.lines.lines_of(span),
        time: transcript.time_of(turns, span),
        n_words: narrow(n_words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources;
    use proptest::prelude::*;

    fn read(text: &str) -> Transcript {
        Transcript::new(sources::read(text.as_bytes(), "P.txt").unwrap())
    }

    fn check(text: &str, expected: &[&str]) {
        let transcript = read(text);
        let shown: Vec<String> = cut(&transcript)
            .iter()
            .map(|p| {
                let label = &transcript.speakers[usize::from(p.speaker)].label;
                format!(
                    "{label} {}-{} {}w {}",
                    p.lines.first,
                    p.lines.last,
                    p.n_words,
                    p.span.of(&transcript.text)
                )
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_short_turn_joins_the_next_across_a_listener() {
        check(
            "A: Yes.\nB: Mm-hm.\nA: It was odd.\nB: How odd was it?\nA: Very.\nB: Mm.\n",
            &[
                "A 1-3 4w Yes.\nB: Mm-hm.\nA: It was odd.",
                "B 4-4 4w How odd was it?",
                "A 5-6 1w Very.\nB: Mm.",
            ],
        );
    }

    #[test]
    fn a_short_answer_is_no_listening() {
        check(
            "Interviewer: Tell me about your work.\nP01: Nights, nursing.\n\
             Interviewer: And the winter.\nP01: Yeah.\nInterviewer: Right.\n",
            &[
                "Interviewer 1-1 5w Tell me about your work.",
                "P01 2-2 2w Nights, nursing.",
                "Interviewer 3-3 3w And the winter.",
                "P01 4-5 1w Yeah.\nInterviewer: Right.",
            ],
        );
        check(
            "Ann: I kept the stove.\nBen: Widowed.\nAnn: And after that I left.\n\
             Ben: Oh, I see.\nAnn: Yes.\n",
            &[
                "Ann 1-1 4w I kept the stove.",
                "Ben 2-2 1w Widowed.",
                "Ann 3-5 6w And after that I left.\nBen: Oh, I see.\nAnn: Yes.",
            ],
        );
    }

    #[test]
    fn talk_without_spaces_is_no_listening() {
        check(
            "聞き手：それから。\n話し手：手紙が届いたと思います。\n聞き手：はい。\n話し手：座りました。\n",
            &[
                "聞き手 1-1 4w それから。",
                "話し手 2-4 16w 手紙が届いたと思います。\n聞き手：はい。\n話し手：座りました。",
            ],
        );
    }

    #[test]
    fn a_question_is_never_swallowed() {
        check(
            "A: Yes.\nB: Why?\nA: It rained.\nB: So.\n",
            &["A 1-1 1w Yes.", "B 2-2 1w Why?", "A 3-3 2w It rained.", "B 4-4 1w So."],
        );
    }

    proptest! {
        #[test]
        fn passages_hold_every_turn_once(turns in prop::collection::vec((0..3_u8, 1..400_usize, 3..20_usize), 2..30)) {
            let mut text = String::new();
            for (speaker, n_words, sentence) in turns {
                text.push_str(["A: ", "B: ", "Cé: "][usize::from(speaker)]);
                for word in 0..n_words {
                    text.push_str(if word % sentence == sentence - 1 { "wörd. " } else { "Word " });
                }
                text.push('\n');
            }
            let transcript = read(&text);
            let passages = cut(&transcript);
            let mut last = 0;
            let mut words = 0;
            for passage in &passages {
                prop_assert!(passage.span.start >= last);
                last = passage.span.end;
                prop_assert!(!passage.span.of(&transcript.text).trim().is_empty());
                prop_assert!(passage.n_words as usize <= 2 * MAX_WORDS);
                let own: usize = passage.own_pieces(&transcript).map(|(_, s)| words_in(s.of(&transcript.text))).sum();
                prop_assert_eq!(own, passage.n_words as usize);
                words += passage.pieces(&transcript).map(|(_, s)| words_in(s.of(&transcript.text))).sum::<usize>();
            }
            prop_assert_eq!(words, transcript.n_words());
        }
    }
}
