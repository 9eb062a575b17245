//! Finds the paragraphs of who asks in a text that names nobody, where they take turns with
//! those of who answers.
//!
//! Lines come in; the questions among their paragraphs come out, if the whole file tells them:
//!
//! - every second paragraph ends in a question mark or begins as questions and invitations do,
//!   and hardly any other;
//! - or the text has no punctuation, as recognisers leave it, and short paragraphs take turns
//!   with far longer ones.
//!
//! Essays, sermons, catechisms and lists of questions have that form too. Whoever asks somebody
//! else says `you`, and whoever answers says `I` ([`Address`]): where the words tell that nobody
//! else is asked, all is one person's. Where they tell nothing, questions are who asks': that
//! somebody ends every second paragraph with a question to himself is rarer than an interview,
//! and a question that is left out costs less than one that counts as somebody's answer.

use super::lines::{Content, Line};
use super::questions::asks;
use crate::base::{LineEnds, words_in};
use crate::sources::asking::{Told, Words};

/// The fewest paragraphs that are turns.
const MIN_PARAGRAPHS: usize = 8;
/// How many times as long answers are as questions, where nothing but that tells them.
const TIMES_AS_LONG: usize = 3;
/// The fewest words of a usual question then: titles of parts are shorter.
const MIN_ASKING: usize = 12;

/// A paragraph: its first line, its bytes, and how many words it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paragraph {
    pub(super) at: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    n_words: usize,
}

/// Whom questions ask, by the words for who talks and for who is talked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    /// Somebody who answers.
    Other,
    /// That is not clear, or the words of the language are not known.
    Unclear,
    /// Nobody else: it is one person who says all of it.
    Nobody,
}

/// The paragraphs of who asks, the first of which opens the talk, and whom they ask.
pub(super) fn asking(text: &str, lines: &[Line<'_>]) -> Option<(Vec<Paragraph>, Address)> {
    let all = paragraphs(text, lines)?;
    let words = Words::most_used_in(text);
    let read: Vec<Read> =
        all.iter().map(|it| Read::new(&text[it.from..it.to], words.as_ref())).collect();
    let n_punctuated = all.iter().filter(|it| is_punctuated(&text[it.from..it.to])).count();
    let (is_asking, address) = if n_punctuated * 4 > all.len() {
        every_second(&all, &read, words.is_some())?
    } else {
        let is_asking = short(&all)?;
        let address = address_of(&read, &is_asking, words.is_some());
        (is_asking, address)
    };
    let found: Vec<Paragraph> =
        all.iter().zip(is_asking).filter(|(_, is)| *is).map(|(paragraph, _)| *paragraph).collect();
    (found.first()?.at == all.first()?.at).then_some((found, address))
}

/// What the words of a paragraph tell, and whether it ends in a question mark.
struct Read {
    told: Told,
    has_mark: bool,
}

impl Read {
    fn new(said: &str, words: Option<&Words>) -> Self {
        Self { told: Told::by(said, words), has_mark: asks(said) }
    }

    fn asks(&self) -> bool {
        self.has_mark || self.told.asks
    }

    fn has_me(&self) -> bool {
        self.told.n_me > 0
    }

    fn has_you(&self) -> bool {
        self.told.n_you > 0
    }
}

/// Whom the paragraphs that seem to ask do ask.
fn address_of(read: &[Read], is_asking: &[bool], is_known: bool) -> Address {
    let share = |asking: bool, is: fn(&Read) -> bool| {
        let of = || read.iter().zip(is_asking).filter(|(_, it)| **it == asking).map(|(it, _)| it);
        of().filter(|it| is(it)).count() as f64 / of().count().max(1) as f64
    };
    let (you, oneself) =
        (share(true, Read::has_you), share(true, |it| it.has_me() && !it.has_you()));
    let (answers_me, answers_you) = (share(false, Read::has_me), share(false, Read::has_you));
    let is_told_you = answers_you > answers_me.max(1.0 / 3.0);
    let answers_us = share(false, |it| it.has_me() || it.told.n_we > 0);
    let is_about_nobody = you < 1.0 / 6.0 && answers_us < 1.0 / 4.0;
    if !is_known {
        Address::Unclear
    } else if oneself >= 1.0 / 3.0 || is_told_you || is_about_nobody {
        Address::Nobody
    } else if you >= 1.0 / 3.0 {
        Address::Other
    } else {
        Address::Unclear
    }
}

/// The paragraphs of a text in which nothing but words stands.
fn paragraphs(text: &str, lines: &[Line<'_>]) -> Option<Vec<Paragraph>> {
    let is_said = |line: &Line<'_>| matches!(line.content, Content::Words | Content::Head(_));
    let is_plain = |line: &Line<'_>| {
        (is_said(line) && line.lead.is_none() && !line.is_heading)
            || matches!(line.content, Content::Blank)
    };
    let words = |line: &Line<'_>| words_in(&text[line.start..line.end]);
    let n_other: usize = lines.iter().filter(|line| !is_plain(line)).map(words).sum();
    let is_wrapped = LineEnds::of([text]) == LineEnds::Page;
    let mut found: Vec<Paragraph> = Vec::new();
    let mut goes_on = false;
    for (at, line) in lines.iter().enumerate() {
        if !is_said(line) {
            goes_on = false;
            continue;
        }
        let n_words = words(line);
        if let Some(last) = found.last_mut().filter(|_| goes_on && is_wrapped) {
            (last.to, last.n_words) = (line.end, last.n_words + n_words);
        } else {
            found.push(Paragraph { at, from: line.start, to: line.end, n_words });
        }
        goes_on = true;
    }
    (n_other == 0 && found.len() >= MIN_PARAGRAPHS).then_some(found)
}

/// Whether a paragraph has marks that part sentences, wherever: its last words may be a remark.
fn is_punctuated(said: &str) -> bool {
    let marks = ['.', ',', ';', ':', '?', '!', '…', '。', '、', '？', '！', '।', '؟', '۔'];
    let mut ends = said.match_indices(marks);
    ends.any(|(at, sign)| !said[at + sign.len()..].starts_with(char::is_alphanumeric))
}

/// Every second paragraph, if nearly all of these ask and hardly any other; where the words do
/// not tell that they ask somebody, if they are shorter too: who tells a story may end each part
/// of it with a question to himself.
fn every_second(all: &[Paragraph], read: &[Read], is_known: bool) -> Option<(Vec<bool>, Address)> {
    let share = |first: usize, is: fn(&Read) -> bool| {
        let of = || read.iter().skip(first).step_by(2);
        of().filter(|it| is(it)).count() as f64 / of().count() as f64
    };
    let usual = |first: usize| {
        let mut lengths: Vec<usize> =
            all.iter().skip(first).step_by(2).map(|it| it.n_words).collect();
        lengths.sort_unstable();
        lengths[lengths.len() / 2]
    };
    let has_marks = share(0, |it| it.has_mark) >= 0.8;
    let has_words = share(0, Read::asks) >= 0.8 && share(1, Read::asks) <= 0.3;
    let is_asking: Vec<bool> = (0..all.len()).map(|at| at % 2 == 0).collect();
    let address = address_of(read, &is_asking, is_known);
    let is_shorter = usual(0) * 3 <= usual(1) * 2;
    let is_clear = share(1, |it| it.has_mark) <= 0.1
        && match address {
            Address::Other => has_marks || has_words,
            Address::Unclear | Address::Nobody => has_marks && is_shorter,
        };
    is_clear.then_some((is_asking, address))
}

/// The short paragraphs, if they take turns with far longer ones.
fn short(all: &[Paragraph]) -> Option<Vec<bool>> {
    let mut lengths: Vec<usize> = all.iter().map(|it| it.n_words).collect();
    lengths.sort_unstable();
    let middle = |of: &[usize]| of[of.len() / 2];
    // Between the two lengths that differ by most, near the middle.
    let quarter = all.len() / 4;
    let ratio = |at: &usize| lengths[*at] as f64 / lengths[at - 1].max(1) as f64;
    let at = (quarter.max(1)..all.len() - quarter).max_by(|a, b| ratio(a).total_cmp(&ratio(b)))?;
    let is_short: Vec<bool> = all.iter().map(|it| it.n_words < lengths[at]).collect();
    let (asked, told) = (middle(&lengths[..at]), middle(&lengths[at..]));
    let n_changes = is_short.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let is_clear = asked >= MIN_ASKING
        && asked * TIMES_AS_LONG <= told
        && n_changes * 4 >= (all.len() - 1) * 3;
    is_clear.then_some(is_short)
}

#[cfg(test)]
mod tests;
