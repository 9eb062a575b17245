//! Finds speakers inside a line: `Interviewer: And then? Ada: We went home.`
//!
//! Lines come in; those in which somebody else goes on come out as several, each with
//! the head of its own speaker. A label inside a line stands behind the end of a
//! sentence, and is believed if it also begins lines, is a role, or comes again and again
//! where hardly anybody begins a line. A time may part it from the words, as in what is
//! copied from the page of a recogniser: `So it was.Speaker 2 0:15We went home.`

use std::collections::BTreeMap;

use super::forms::TITLES;
use super::{Content, Line, read_line, trimmed};
use crate::base::TimeSpan;
use crate::labels::heads::{Head, Kind, is_blank, read_head, skip_blanks};
use crate::labels::time::{Clock, Form, scan_clock};
use crate::labels::{MAX_CHARS, Shapes, counts, fold, is_label, is_name, is_role};

/// The most words of a name with a time among words.
const MAX_NAME_WORDS: usize = 4;
/// How often somebody comes inside lines who never begins one.
const MIN_INSIDE: usize = 3;

/// Gives the words to who is named right behind the label of a line, `Participant:
/// MODERATOR: So?`, as exports write them that take a whole file for one person's: to a role,
/// or to somebody who begins lines too, if they are named so again.
pub(crate) fn take_inner_labels<'t>(text: &'t str, lines: &mut [Line<'t>]) {
    let mut begin: BTreeMap<String, usize> = BTreeMap::new();
    let mut inner: BTreeMap<String, Vec<(usize, Head<'t>)>> = BTreeMap::new();
    let mut shapes = Shapes::default();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_said(line)) {
        let Some(head) = line.colon().filter(|head| shapes.is_label(head.label)) else { continue };
        *begin.entry(fold(head.label)).or_default() += 1;
        let found = read_head(text, head.words, line.end, text[head.words..].starts_with('*'));
        let found = found.filter(|it| {
            it.kind == Kind::Colon && is_label(it.label) && fold(it.label) != fold(head.label)
        });
        if let Some(it) = found {
            let it = Head { time: head.time.or(it.time), is_wall_clock: head.is_wall_clock, ..it };
            inner.entry(fold(it.label)).or_default().push((at, it));
        }
    }
    for (label, found) in inner {
        if found.len() > 1 && (is_role(&label) || begin.get(&label).is_some_and(|&n| n > 1)) {
            for (at, head) in found {
                lines[at].content = Content::Head(head);
            }
        }
    }
}

/// Cuts the lines in which somebody else begins to speak.
pub(crate) fn split_lines<'t>(text: &'t str, lines: &mut Vec<Line<'t>>, markdown: bool) {
    let said = || lines.iter().enumerate().filter(|(_, line)| is_said(line));
    let mut shapes = Shapes::default();
    let heads = said().filter_map(|(_, line)| line.colon());
    let heads = heads.filter(|head| shapes.is_label(head.label));
    let begin = counts(heads.map(|head| head.label));
    let inside = said().map(|(at, line)| (at, labels_inside(text, line)));
    let inside: Vec<(usize, Vec<(usize, &str)>)> =
        inside.filter(|(_, found)| !found.is_empty()).collect();
    let found = || inside.iter().flat_map(|(_, found)| found);
    let mut all = begin.clone();
    for (label, n) in counts(found().map(|(_, label)| *label)) {
        *all.entry(label).or_default() += n;
    }
    let is_known = |label: &str| begin.get(label).is_some_and(|&n| n > 1) || is_role(label);
    let n_begin: usize = begin.values().sum();
    let often = |label: &str| all.get(&fold(label)).is_some_and(|&n| n >= MIN_INSIDE);
    let n_inside = found().filter(|(_, label)| often(label)).count();
    let is_running =
        n_inside * 2 >= n_begin && all.values().filter(|&&n| n >= MIN_INSIDE).count() > 1;
    let is_believed = |label: &str| {
        let label = fold(label);
        is_known(&label) || (is_running && often(&label))
    };
    let believed = |found: &[(usize, &str)]| -> Vec<usize> {
        found.iter().filter(|(_, label)| is_believed(label)).map(|(start, _)| *start).collect()
    };
    let starts = inside.iter().map(|(at, found)| (*at, believed(found)));
    let starts = starts.filter(|(_, starts)| !starts.is_empty()).collect();
    cut_at(text, lines, &starts, |start, end| read_line(text, start, end, markdown));
}

/// Cuts lines, by their places, where somebody else begins to speak; `read` makes a line of
/// where one begins and ends.
fn cut_at<'t>(
    text: &'t str,
    lines: &mut Vec<Line<'t>>,
    starts: &BTreeMap<usize, Vec<usize>>,
    read: impl Fn(usize, usize) -> Line<'t>,
) {
    if starts.is_empty() {
        return;
    }
    let mut cut = Vec::with_capacity(lines.len() + starts.values().map(Vec::len).sum::<usize>());
    for (at, line) in lines.iter().enumerate() {
        let starts = starts.get(&at).map_or(&[][..], Vec::as_slice);
        let ends = |next: Option<&usize>, start: usize| {
            next.map_or(line.end, |&next| trimmed(text, start, next).1)
        };
        let end = ends(starts.first(), line.start);
        if end > line.start || starts.is_empty() {
            cut.push(Line { end, ..*line });
        }
        for (n, &start) in starts.iter().enumerate() {
            cut.push(Line { number: line.number, ..read(start, ends(starts.get(n + 1), start)) });
        }
    }
    *lines = cut;
}

/// A speaker with a time among the words of a line, and where the label begins.
type Glued<'t> = (usize, Head<'t>);

/// Cuts the lines in which names with times stand among the words.
pub(crate) fn split_glued<'t>(text: &'t str, lines: &mut Vec<Line<'t>>) {
    let said = (0..lines.len()).filter(|&at| is_said(&lines[at]));
    let found: Vec<(usize, Vec<Glued<'t>>)> =
        said.map(|at| (at, glued_in(text, &lines[at]))).filter(|(_, it)| !it.is_empty()).collect();
    let counts = counts(found.iter().flat_map(|(_, glued)| glued).map(|(_, head)| head.label));
    let n_again = counts.values().filter(|&&n| n > 1).count();
    let n_heads = lines.iter().filter(|line| line.head().is_some()).count();
    if n_again < 2 || counts.values().sum::<usize>() <= n_heads.max(2 * MIN_INSIDE) {
        return;
    }
    let mut starts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut begun: BTreeMap<usize, Head<'t>> = BTreeMap::new();
    for (at, glued) in found {
        starts.insert(at, glued.iter().map(|(start, _)| *start).collect());
        begun.extend(glued);
    }
    cut_at(text, lines, &starts, |start, end| Line {
        content: Content::Head(begun[&start]),
        ..Line::bare(start, end)
    });
}

/// The speakers with a time among the words of a line.
fn glued_in<'t>(text: &'t str, line: &Line<'_>) -> Vec<Glued<'t>> {
    let mut found: Vec<Glued<'t>> = Vec::new();
    let mut from = line.start;
    for (at, _) in line.words(text).match_indices(' ') {
        let at = line.start + at + 1;
        let n_digits = text[at..line.end].bytes().take_while(u8::is_ascii_digit).count();
        let is_time = at > from
            && (1..=2).contains(&n_digits)
            && text[at + n_digits..line.end].starts_with(':');
        let clock = if is_time { scan_clock(&text[at..line.end], false) } else { None };
        let Some(Clock { ms, len, .. }) = clock else { continue };
        let time = Some(TimeSpan { start_ms: ms, end_ms: None });
        let words = skip_blanks(&text[..line.end], at + len);
        let near = text.floor_char_boundary(from.max(at.saturating_sub(4 * MAX_CHARS)));
        let Some(label) = name_at_end(&text[near..at - 1]).filter(|label| is_label(label)) else {
            continue;
        };
        let head = Head::before(Kind::Colon, label, words);
        let head = Head { time, is_strong: true, form: Some(Form::Bare), ..head };
        found.push((at - 1 - label.len(), head));
        from = words;
    }
    found
}

/// The name that a text ends with, behind the end of a sentence or at its beginning.
fn name_at_end(text: &str) -> Option<&str> {
    let mut start = text.len();
    for word in text.rsplit(' ').take(MAX_NAME_WORDS) {
        let end = word
            .rfind(['.', '?', '!', '…', '"', '”', ')', ']'])
            .map(|at| at + word[at..].chars().next().map_or(1, char::len_utf8));
        let begins =
            word[end.unwrap_or(0)..].starts_with(|c: char| c.is_uppercase() || c.is_numeric());
        if !begins {
            // The sentence ended before a blank.
            return (end == Some(word.len()) && start < text.len()).then(|| &text[start..]);
        }
        start -= word.len() - end.unwrap_or(0);
        if end.is_some() || start == 0 {
            return Some(&text[start..]);
        }
        start -= 1;
    }
    None
}

fn is_said(line: &Line<'_>) -> bool {
    line.is_said() && !line.is_heading
}

/// Where labels may stand among the words of a line, and these labels.
fn labels_inside<'t>(text: &'t str, line: &Line<'_>) -> Vec<(usize, &'t str)> {
    let from = line.head().map_or(line.start + line.skipped, |head| head.words);
    let mut found = Vec::new();
    let colons = text[from..line.end].match_indices(':').map(|(n, _)| from + n);
    for colon in colons.filter(|at| text[at + 1..line.end].starts_with(is_blank)) {
        let near = text.floor_char_boundary(from.max(colon.saturating_sub(4 * MAX_CHARS)));
        let before = &text[near..colon];
        let behind = sentence_start(before).map(|n| near + n);
        let label = |start: usize| text[start..colon].trim_end_matches(is_blank);
        let is_one =
            |start: &usize| is_label(label(*start)) && is_name(label(*start)) && *start > from;
        let glued = glued_role(before).map(|n| near + n);
        let loud = || loud_role(before).map(|n| near + n);
        let start = glued.or(behind.filter(is_one)).or_else(loud);
        found.extend(start.filter(|start| *start > from).map(|start| (start, label(start))));
    }
    found
}

/// The fewest letters of a role in capitals that no sentence has: `MODERATOR`.
const LOUD: usize = 4;

/// Where the role in capitals begins that a text ends with, wherever the sentence stops:
/// `select fewer days MODERATOR`, `and then INTERVIEWER 2`.
fn loud_role(before: &str) -> Option<usize> {
    let is_number = |c: char| c.is_ascii_digit() || c == ' ';
    let word = before.trim_end_matches(is_number).rsplit(is_blank).next()?;
    let is_loud = word.chars().count() >= LOUD && word.chars().all(char::is_uppercase);
    let start = before.trim_end_matches(is_number).len() - word.len();
    (is_loud && is_role(&before[start..])).then_some(start)
}

/// Where the role begins that a text ends with right behind a sentence, as where lines were
/// lost: `So it was.Interviewer`.
fn glued_role(before: &str) -> Option<usize> {
    let end = before.rfind(['.', '?', '!', '…', '"', '”'])?;
    let start = end + before[end..].chars().next().map_or(1, char::len_utf8);
    let role = &before[start..];
    (role.chars().count() >= LOUD && role.starts_with(char::is_uppercase) && is_role(role))
        .then_some(start)
}

/// Where the last sentence of a text begins, behind `?`, `!`, `.` and the like.
fn sentence_start(before: &str) -> Option<usize> {
    let mut start = None;
    let mut ended = false;
    for (at, c) in before.char_indices() {
        if is_blank(c) {
            continue;
        }
        if ended && before[..at].ends_with(is_blank) && !is_abbreviation(&before[..at]) {
            start = Some(at);
        }
        ended = matches!(c, '.' | '?' | '!' | '…')
            || (ended && matches!(c, '"' | '”' | '’' | '\'' | ')' | ']' | '»'));
    }
    start
}

/// Whether words end in a title or an initial: `Dr.`, `J.`
fn is_abbreviation(words: &str) -> bool {
    let last = words.split_whitespace().next_back().unwrap_or_default();
    let bare = last.trim_end_matches('.');
    last.ends_with('.') && (bare.chars().count() == 1 || TITLES.contains(&fold(bare).as_str()))
}

#[cfg(test)]
mod tests {
    use crate::text::tests::shown;

    #[test]
    fn who_goes_on_in_the_same_line_keeps_the_words() {
        let text = "Interviewer: How was it? Quill: Wet. I said: no. Interviewer: Why? Quill: So. \
            Interviewer: And Dr. Amsel? Quill: He went (late). Dr. Amsel: Yes.\n";
        assert_eq!(
            shown(text, false),
            "Interviewer||How was it?\nQuill||Wet. I said: no.\nInterviewer||Why?\nQuill||So.\n\
             Interviewer||And Dr. Amsel?\nQuill||He went (late). Dr. Amsel: Yes.\n"
        );
        let text = "Ada: With fewer days MODERATOR: Why?\nAda: So. I said INTERVIEWERS: no.\n";
        assert_eq!(
            shown(text, false),
            "Ada||With fewer days\nMODERATOR||Why?\nAda||So. I said INTERVIEWERS: no.\n"
        );
        let text = "Ada: One. Ben: Two.\nBen: Three.\nAda: Four. Note: five.\nBen: Six.\n";
        assert_eq!(
            shown(text, false),
            "Ada||One.\nBen||Two.\nBen||Three.\nAda||Four. Note: five.\nBen||Six.\n"
        );
    }

    #[test]
    fn roles_right_behind_a_sentence_begin_turns() {
        let text = "Interviewer: Why?Interviewee:\u{a0}So. Oh.Interviewer: And?Interviewee: No.\n";
        assert_eq!(
            shown(text, false),
            "Interviewer||Why?\nInterviewee||So. Oh.\nInterviewer||And?\nInterviewee||No.\n"
        );
    }

    #[test]
    fn a_label_right_behind_another_has_the_words() {
        let asked = "Participant: MODERATOR: Why?\nParticipant: It was so: wet.\n";
        let read = "MODERATOR||Why?\nParticipant||It was so: wet.\n";
        assert_eq!(shown(&asked.repeat(2), false), read.repeat(2));
        // What is named once, or is nobody.
        let text = "Ada: Box plot: a box.\nBen: MODERATOR: oh.\nAda: Box plot: no.\nBen: Yes.\n";
        assert_eq!(
            shown(text, false),
            "Ada||Box plot: a box.\nBen||MODERATOR: oh.\nAda||Box plot: no.\nBen||Yes.\n"
        );
    }

    #[test]
    fn what_somebody_quotes_is_theirs() {
        let text = "Ada: I asked. Mother: no, she said.\nBen: And?\nAda: So I went.\nBen: Oh.\n";
        assert_eq!(
            shown(text, false),
            "Ada||I asked. Mother: no, she said.\nBen||And?\nAda||So I went.\nBen||Oh.\n"
        );
    }

    #[test]
    fn names_with_a_time_between_sentences_begin_turns() {
        let turn = |n: usize| format!("Speaker 1 {n}:04Why {n}?Speaker 2 {n}:15At 9 it was. Yes.");
        let text = [0, 1, 2, 3].map(turn).concat() + "\n";
        let read = |n: usize| {
            let (asked, told) = (n * 60_000 + 4000, n * 60_000 + 15_000);
            format!("Speaker 1|{asked}-|Why {n}?\nSpeaker 2|{told}-|At 9 it was. Yes.\n")
        };
        let expected = [0, 1, 2, 3].map(read).concat();
        assert_eq!(shown(&text, false), expected);
        // A time that somebody tells.
        let text = "Ada: We met. Then at 9:30 we left.\nBen: Oh.\nAda: Yes.\nBen: Good.\n";
        assert!(shown(text, false).starts_with("Ada||We met. Then at 9:30 we left.\n"));
    }
}
