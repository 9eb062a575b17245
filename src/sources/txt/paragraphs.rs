//! Finds the paragraphs of who asks in a text that names nobody, where they take turns with
//! those of who answers.
//!
//! Lines come in; the questions among their paragraphs come out, if the whole file tells them:
//!
//! - every second paragraph ends in a question mark, and hardly any other;
//! - or the text has no punctuation, as recognisers leave it, and short paragraphs take turns
//!   with far longer ones.

use super::lines::{Content, Line};
use super::questions::asks;
use crate::base::{LineEnds, ends_sentence, words_in};

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

/// The paragraphs of who asks, the first of which opens the talk.
pub(super) fn asking(text: &str, lines: &[Line<'_>]) -> Option<Vec<Paragraph>> {
    let all = paragraphs(text, lines)?;
    let is_asking = if is_punctuated(text, &all) { every_second(text, &all) } else { short(&all) }?;
    let found: Vec<Paragraph> =
        all.iter().zip(is_asking).filter(|(_, is)| *is).map(|(paragraph, _)| *paragraph).collect();
    (found.first()?.at == all.first()?.at).then_some(found)
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

/// Whether most paragraphs end as sentences do.
fn is_punctuated(text: &str, all: &[Paragraph]) -> bool {
    all.iter().filter(|it| ends_sentence(&text[it.from..it.to])).count() * 4 > all.len()
}

/// Every second paragraph, if nearly all of these ask and hardly any other, and if they are
/// shorter: who tells a story may end each part of it with a question to himself.
fn every_second(text: &str, all: &[Paragraph]) -> Option<Vec<bool>> {
    let n_asking = |first: usize| {
        let of = all.iter().skip(first).step_by(2);
        of.filter(|it| asks(&text[it.from..it.to])).count()
    };
    let (n_each, most, few) = (all.len() / 2, n_asking(0), n_asking(1));
    let usual = |first: usize| {
        let mut lengths: Vec<usize> =
            all.iter().skip(first).step_by(2).map(|it| it.n_words).collect();
        lengths.sort_unstable();
        lengths[lengths.len() / 2]
    };
    let is_clear = most * 10 >= n_each * 8 && few * 10 <= n_each && usual(0) * 3 <= usual(1) * 2;
    is_clear.then(|| (0..all.len()).map(|at| at % 2 == 0).collect())
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
mod tests {
    use super::super::tests::shown;

    #[test]
    fn questions_as_paragraphs_of_their_own_are_the_askers() {
        let turns = "How was the garden?\n\nIt was wet, and we went in.\n\n".repeat(5);
        let read = shown(&turns, false);
        let expected = "Question||How was the garden?\n||It was wet, and we went in.\n".repeat(5);
        assert!(read.starts_with(&expected), "{read}");
        assert!(read.contains("5 paragraphs were taken for questions"), "{read}");
        // Somebody asks himself now and then.
        let told = "We went in.\n\nWhat could we do?\n\nIt was wet.\n\nSo we left.\n\n".repeat(3);
        assert!(!shown(&told, false).contains("Question"));
        // So does who ends each part of a story with a question.
        let told = "We went in that year, and it was wet. What could we do?\n\nSo we went on.\n\n";
        assert!(!shown(&told.repeat(5), false).contains("Question"));
    }

    #[test]
    fn short_paragraphs_without_punctuation_that_take_turns_with_long_ones_ask() {
        let asked = "so what was it like to come to the garden in those first years";
        let told = "well it was wet and we went in and then we came out again and ".repeat(5);
        let turns = format!("{asked}\n\n{told}\n\n").repeat(5);
        assert_eq!(shown(&turns, false).matches("Question||so what").count(), 5);
        // Paragraphs of any length, one after the other, are one person's.
        let mixed = [12, 40, 60, 14, 13, 30, 90, 20, 15, 70, 80].map(|n| "we went in ".repeat(n));
        assert!(!shown(&mixed.join("\n\n"), false).contains("Question"));
    }
}
