//! Finds the paragraphs of who asks in a text that names nobody, where they take turns with
//! those of who answers.
//!
//! Lines come in; the questions among their paragraphs come out, if the whole file tells them:
//!
//! - every second paragraph ends in a question mark or begins as questions and invitations do,
//!   and hardly any other;
//! - or each paragraph that asks is followed by up to three that do not, an answer may ask
//!   back, and titles, a date, a few words about the talk and remarks in brackets may stand
//!   above and between them ([`in_turn`]);
//! - or the text has no punctuation, as recognisers leave it, and short paragraphs take turns
//!   with far longer ones.
//!
//! Essays, sermons, catechisms and lists of questions have that form too. Whoever asks somebody
//! else says `you`, and whoever answers says `I` ([`Address`]): where the words tell that nobody
//! else is asked, all is one person's. Where they tell nothing, questions are who asks': that
//! somebody ends every second paragraph with a question to himself is rarer than an interview,
//! and a question that is left out costs less than one that counts as somebody's answer.

use crate::base::{LineEnds, words_in};
use crate::labels::asking::{Told, Words, has_mark, sentences};
use crate::labels::heads::is_blank;
use crate::lines::{Content, Line};

/// The fewest paragraphs that are turns.
const MIN_PARAGRAPHS: usize = 8;
/// How many times as long answers are as questions, where nothing but that tells them.
const TIMES_AS_LONG: usize = 3;
/// The fewest words of a usual question then: titles of parts are shorter.
const MIN_ASKING: usize = 12;
/// The most words of a title, of a question without a mark, and of a greeting, which stands among
/// so many first paragraphs.
const TITLE_WORDS: usize = 12;
const INVITING_WORDS: usize = 15;
const GREETING_WORDS: usize = 6;
const GREETING_AMONG: usize = 3;
/// The most paragraphs about the talk above it.
const ABOVE: usize = 3;
/// The most paragraphs of a usual answer.
const ANSWER_PARAGRAPHS: usize = 3;

/// A paragraph: its first line, its bytes, and how many words it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paragraph {
    pub(super) at: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) n_words: usize,
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

/// The paragraphs of who asks, and whom they ask.
pub(super) struct Found {
    /// The first of them opens the talk.
    pub(super) questions: Vec<Paragraph>,
    /// Titles of parts of the talk, which nobody says.
    pub(super) titles: Vec<Paragraph>,
    pub(super) address: Address,
}

/// Finds the paragraphs of who asks.
pub(super) fn asking(text: &str, lines: &[Line<'_>]) -> Option<Found> {
    let all = paragraphs(text, lines)?;
    let words = Words::most_used_in(text);
    let read: Vec<Read> =
        all.iter().map(|it| Read::new(&text[it.from..it.to], words.as_ref())).collect();
    let n_punctuated = all.iter().filter(|it| is_punctuated(&text[it.from..it.to])).count();
    let (from, (parts, address)) = if n_punctuated * 4 > all.len() {
        let whole = every_second(&read, words.is_some()).map(|found| (0, found));
        whole.or_else(|| {
            let from = talk_begins(&read)?;
            Some((from, in_turn(&read[from..], words.is_some())?))
        })?
    } else if lines.iter().any(is_timed) {
        // Captions are as long as somebody reads at once.
        return None;
    } else {
        let parts: Vec<Part> = short(&all)?.into_iter().map(Part::of_asking).collect();
        let address = address_of(&runs(&read, &parts), words.is_some());
        (0, (parts, address))
    };
    // What a letter asks, it asks whom it greets.
    let is_letter = read.iter().take(GREETING_AMONG).any(Read::greets);
    let address = if is_letter { Address::Nobody } else { address };
    let those = |wanted: Part| -> Vec<Paragraph> {
        let of = all[from..].iter().zip(&parts);
        of.filter(|(_, part)| **part == wanted).map(|(paragraph, _)| *paragraph).collect()
    };
    let (questions, titles) = (those(Part::Asks), those(Part::Title));
    (questions.first()?.at == all[from].at).then_some(Found { questions, titles, address })
}

/// Whether a line has a time.
fn is_timed(line: &Line<'_>) -> bool {
    matches!(line.content, Content::Time(_)) || line.lead.is_some()
}

/// Whose a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Asks,
    Answers,
    /// Nobody's.
    Title,
}

impl Part {
    fn of_asking(asks: bool) -> Self {
        if asks { Self::Asks } else { Self::Answers }
    }
}

/// What the words of a paragraph tell.
struct Read {
    told: Told,
    n_words: usize,
    /// Whether it ends in a question mark, and whether each of its sentences does.
    has_mark: bool,
    asks_only: bool,
    /// Its last sign, without quotes and brackets.
    end: Option<char>,
}

impl Read {
    fn new(said: &str, words: Option<&Words>) -> Self {
        let bare = said.trim_end_matches(|c: char| c.is_whitespace() || "\"”“»’)]*_".contains(c));
        let mut sentences = sentences(said).filter(|it| it.contains(char::is_alphanumeric));
        Self {
            told: Told::by(said, words),
            n_words: words_in(said),
            has_mark: asks(said),
            asks_only: sentences.all(has_mark),
            end: bare.chars().next_back(),
        }
    }

    /// Whether it ends as a sentence does.
    fn has_end(&self) -> bool {
        let ends = ['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔'];
        self.end.is_some_and(|end| ends.contains(&end))
    }

    /// Whether it is a few words before a comma or an exclamation mark: `Dear Nan,`.
    fn greets(&self) -> bool {
        self.n_words <= GREETING_WORDS && matches!(self.end, Some(',' | '!' | '，' | '！'))
    }

    fn asks(&self) -> bool {
        self.has_mark || self.told.asks
    }

    fn has_me(&self) -> bool {
        self.told.n_me > 0
    }

    /// Whether it asks or invites as one says it to somebody, and is no title.
    fn invites(&self) -> bool {
        self.has_mark || (self.told.asks && self.has_end() && self.n_words <= INVITING_WORDS)
    }

    fn is_title(&self) -> bool {
        !self.has_end() && !self.greets() && self.n_words <= TITLE_WORDS
    }
}

/// Paragraphs that follow each other and are one person's.
#[derive(Default)]
struct Run {
    asks: bool,
    n_words: usize,
    n_me: u32,
    n_we: u32,
    n_you: u32,
}

impl Run {
    fn has_me(&self) -> bool {
        self.n_me > 0
    }

    fn has_you(&self) -> bool {
        self.n_you > 0
    }
}

/// The runs of paragraphs without titles.
fn runs(read: &[Read], parts: &[Part]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (it, part) in read.iter().zip(parts).filter(|(_, part)| **part != Part::Title) {
        let asks = *part == Part::Asks;
        if runs.last().is_none_or(|run| run.asks != asks) {
            runs.push(Run { asks, ..Run::default() });
        }
        let Some(run) = runs.last_mut() else { continue };
        run.n_words += it.n_words;
        run.n_me += it.told.n_me;
        run.n_we += it.told.n_we;
        run.n_you += it.told.n_you;
    }
    runs
}

/// The share of those of a kind of which something is so.
fn share(runs: &[Run], asking: bool, is: fn(&Run) -> bool) -> f64 {
    let of = || runs.iter().filter(|run| run.asks == asking);
    of().filter(|run| is(run)).count() as f64 / of().count().max(1) as f64
}

/// Whom those ask who seem to ask.
fn address_of(runs: &[Run], is_known: bool) -> Address {
    let you = share(runs, true, Run::has_you);
    let oneself = share(runs, true, |it| it.has_me() && !it.has_you());
    let answers_me = share(runs, false, Run::has_me);
    let answers_you = share(runs, false, Run::has_you);
    let is_told_you = answers_you > answers_me.max(1.0 / 3.0);
    let answers_us = share(runs, false, |it| it.n_me + it.n_we > 0);
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

/// Where the talk begins: at the first paragraph that asks, above which titles stand and a few
/// paragraphs about the talk.
fn talk_begins(read: &[Read]) -> Option<usize> {
    let from = read.iter().position(Read::invites)?;
    let n_sentences = read[..from].iter().filter(|it| !it.is_title() && !it.greets()).count();
    let n_words = |of: &[Read]| of.iter().map(|it| it.n_words).sum::<usize>();
    let is_little = n_sentences <= ABOVE && n_words(&read[..from]) <= n_words(&read[from..]);
    (is_little && read.len() - from >= MIN_PARAGRAPHS).then_some(from)
}

/// Whose each paragraph is, where each that asks is followed by some that answer; the first
/// asks. The words must tell that somebody else is asked and answers of himself: a story has
/// that form too. Where the words of a language are not known, all that asks must do nothing
/// else.
fn in_turn(read: &[Read], is_known: bool) -> Option<(Vec<Part>, Address)> {
    let mut parts: Vec<Part> = Vec::with_capacity(read.len());
    for (at, it) in read.iter().enumerate() {
        let next = read.get(at + 1);
        let next_asks = next.is_some_and(Read::invites);
        let tells = it.has_me() && !it.asks_only;
        let part = match parts.last() {
            None => Part::Asks,
            // An answer may ask back; what asks twice is one question.
            Some(Part::Asks) => {
                Part::of_asking(it.has_mark && !tells && !next_asks && next.is_some())
            }
            Some(Part::Answers) if it.is_title() && next_asks => Part::Title,
            Some(_) if it.has_mark => {
                Part::of_asking(!(tells && next.is_some_and(|next| next.has_mark)))
            }
            Some(_) => Part::of_asking(it.invites() && !next_asks && next.is_some()),
        };
        parts.push(part);
    }
    let runs = runs(read, &parts);
    let n_words = |asks: bool| -> usize {
        runs.iter().filter(|run| run.asks == asks).map(|run| run.n_words).sum()
    };
    let n_asked = runs.iter().filter(|run| run.asks).count();
    let n_answering = parts.iter().filter(|part| **part == Part::Answers).count();
    let of = read.iter().zip(&parts).filter(|(_, part)| **part == Part::Asks).map(|(it, _)| it);
    let n_marks = of.clone().filter(|it| it.has_mark).count();
    let is_regular = n_asked >= MIN_PARAGRAPHS / 2
        && (runs.len() - n_asked) * 10 >= n_asked * 9
        && n_answering <= n_asked * ANSWER_PARAGRAPHS
        && n_marks * 10 >= of.clone().count() * 4
        && n_words(true) <= n_words(false);
    let asks_only = of.clone().all(|it| it.has_mark && (is_known || it.asks_only));
    let is_shorter = n_words(true) * 3 <= n_words(false) * 2;
    let address = match address_of(&runs, is_known) {
        Address::Unclear if !asks_only || !is_shorter => Address::Nobody,
        Address::Unclear if is_known && share(&runs, false, Run::has_me) < 0.5 => Address::Nobody,
        address => address,
    };
    is_regular.then_some((parts, address))
}

/// The paragraphs of a text in which nothing but words and times stands, without headings and
/// remarks in brackets.
fn paragraphs(text: &str, lines: &[Line<'_>]) -> Option<Vec<Paragraph>> {
    let is_said = |line: &Line<'_>| {
        matches!(line.content, Content::Words | Content::Head(_)) && !line.is_heading
    };
    let is_other = |line: &Line<'_>| {
        let is_none = matches!(line.content, Content::Blank | Content::Stop | Content::Time(_));
        !is_none && !line.is_heading && !is_said(line)
    };
    let is_wrapped = LineEnds::of([text]) == LineEnds::Page;
    let mut found: Vec<Paragraph> = Vec::new();
    let mut goes_on = false;
    for (at, line) in lines.iter().enumerate() {
        let n_words = words_in(&text[line.start..line.end]);
        if is_other(line) && n_words > 0 {
            return None;
        }
        if !is_said(line) {
            goes_on = false;
            continue;
        }
        if let Some(last) = found.last_mut().filter(|_| goes_on && is_wrapped) {
            (last.to, last.n_words) = (line.end, last.n_words + n_words);
        } else {
            found.push(Paragraph { at, from: line.start, to: line.end, n_words });
        }
        goes_on = true;
    }
    found.retain(|it| !is_remark(&text[it.from..it.to]));
    (found.len() >= MIN_PARAGRAPHS).then_some(found)
}

/// Whether all of a paragraph is in brackets.
fn is_remark(said: &str) -> bool {
    let inside = [('(', ')'), ('[', ']')].into_iter().find_map(|(open, close)| {
        said.trim().trim_matches(['*', '_']).strip_prefix(open)?.strip_suffix(close)
    });
    inside.is_some_and(|inside| !inside.contains(['(', '[', ']', ')']))
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
fn every_second(read: &[Read], is_known: bool) -> Option<(Vec<Part>, Address)> {
    let share = |first: usize, is: fn(&Read) -> bool| {
        let of = || read.iter().skip(first).step_by(2);
        of().filter(|it| is(it)).count() as f64 / of().count() as f64
    };
    let usual = |first: usize| {
        let mut lengths: Vec<usize> =
            read.iter().skip(first).step_by(2).map(|it| it.n_words).collect();
        lengths.sort_unstable();
        lengths[lengths.len() / 2]
    };
    let has_marks = share(0, |it| it.has_mark) >= 0.8;
    let has_words = share(0, Read::asks) >= 0.8 && share(1, Read::asks) <= 0.3;
    let parts: Vec<Part> = (0..read.len()).map(|at| Part::of_asking(at % 2 == 0)).collect();
    let address = address_of(&runs(read, &parts), is_known);
    let is_shorter = usual(0) * 3 <= usual(1) * 2;
    let is_clear = share(1, |it| it.has_mark) <= 0.1
        && match address {
            Address::Other => has_marks || has_words,
            Address::Unclear | Address::Nobody => has_marks && is_shorter,
        };
    is_clear.then_some((parts, address))
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

/// Whether words end in a question; a remark in brackets may stand behind it.
pub(super) fn asks(words: &str) -> bool {
    let ends = |words: &str| {
        let words = words.trim_end_matches(is_edge);
        words.ends_with(['?', '？', '؟']) || (words.ends_with("か。") && !words.ends_with("とか。"))
    };
    let said = words.trim_end_matches(is_edge);
    let remark = said.rfind(['(', '[']).filter(|_| words.trim_end().ends_with([')', ']']));
    ends(words) || remark.is_some_and(|at| ends(&words[..at]))
}

/// Whether a character stands around words and belongs to their type.
fn is_edge(c: char) -> bool {
    is_blank(c) || matches!(c, '*' | '_' | '#' | '"' | '”' | '“' | '»' | ')')
}

#[cfg(test)]
mod tests;
