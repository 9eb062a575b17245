//! Finds labels in forms that only the evidence of a whole file makes credible.
//!
//! Lines come in; those that name a speaker in the file's own form come out as heads:
//!
//! ```text
//! Q. words               a role or a title, and a full stop
//! Ada - words            also Ada | words
//! Ada<TAB>words          also two or more spaces, or one as wide as a sign of Chinese
//! (Ada) words            also <Ada> words
//! P01 words              a code, as after the times of recognisers
//! Ada [0:12] words       a time in brackets behind it, and no colon
//! ADA                    a line of its own, the words below
//! ```
//!
//! Sentences look like each of these, so a form is believed only where at least two
//! labels come again and nearly all lines of that form bear such a label.

use std::collections::BTreeMap;

use super::{Content, Line};
use crate::base::TimeSpan;
use crate::labels::heads::{Head, Kind, clean_label, is_blank, without_long_note};
use crate::labels::time::{Form, scan_stamp};
use crate::labels::{
    MAX_CHARS, Shapes, counts, is_field, is_label, is_loud, is_marker, is_name, is_role,
    n_recurring,
};

/// How a line names its speaker, where a colon does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Dot,
    Dash,
    Gap,
    Round,
    Code,
    Timed,
    Alone,
}

/// The most words of a name that stands on a line of its own.
const MAX_ALONE_WORDS: usize = 4;
/// Words before a name that end in a full stop, and the article of an office.
pub(super) const TITLES: [&str; 14] = [
    "mr", "mrs", "ms", "mx", "dr", "prof", "hon", "sen", "rep", "the", "miss", "senator", "herr",
    "frau",
];

/// What forms a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forms<'t> {
    /// None that could name speakers.
    None,
    /// Lines of one form, too few to tell: how many, where first, and its label.
    Doubtful(usize, usize, &'t str),
    /// One that names the speakers; the layout for people.
    Found(&'static str),
}

/// Makes heads of the lines that name a speaker in the file's own form.
pub(crate) fn find_forms<'t>(text: &'t str, lines: &mut [Line<'t>]) -> Forms<'t> {
    let mut found: BTreeMap<Shape, Vec<(usize, Head<'t>)>> = BTreeMap::new();
    let named = lines.iter().filter_map(Line::head);
    let mut shapes = Shapes::default();
    let named = named.filter(|head| head.is_strong || shapes.is_label(head.label));
    let n_named = n_recurring(&counts(named.map(|head| head.label)));
    for at in (0..lines.len()).filter(|&at| lines[at].is_said()) {
        // A name with a time behind it is one in any file.
        let is_sure = lines[at].head().is_some_and(|head| head.is_strong);
        for (shape, head) in shapes_of(text, lines, at) {
            let is_one = !is_sure
                && is_label(head.label)
                && (shape == Shape::Dot || is_name(head.label))
                && !is_marker(head.label)
                && !is_field(head.label)
                && !head.label.contains([':', '：', '?', '!', ';'])
                && (shape == Shape::Dot || !head.label.ends_with('.'));
            if is_one {
                found.entry(shape).or_default().push((at, head));
            }
        }
    }
    let n_lines = lines.iter().filter(|line| line.is_said()).count();
    found.retain(|_, heads| heads.len() > n_named);
    let doubtful = found.values().filter(|heads| heads.len() > 1 && heads.len() * 5 >= n_lines);
    let doubtful = doubtful.max_by_key(|heads| heads.len()).map_or(Forms::None, |heads| {
        Forms::Doubtful(heads.len(), lines[heads[0].0].number, heads[0].1.label)
    });
    found.retain(|_, heads| is_usual(heads, n_lines));
    let most = found.values().map(Vec::len).max();
    let best = found.into_iter().find(|(_, heads)| Some(heads.len()) == most);
    let Some((shape, mut heads)) = best else { return doubtful };
    // Where turns have times, a line above them without one names the columns.
    let is_timed = |(_, head): &(usize, Head<'_>)| head.time.is_some();
    let n_above = heads.iter().position(is_timed).unwrap_or(0);
    if heads[n_above..].iter().all(is_timed) {
        heads.drain(..n_above);
    }
    for (at, head) in heads {
        lines[at].content = Content::Head(head);
    }
    Forms::Found(match shape {
        Shape::Dot => "plain text, `Name.` turns",
        Shape::Dash => "plain text, `Name -` turns",
        Shape::Gap => "plain text, a name and a gap before each turn",
        Shape::Round => "plain text, `(Name)` turns",
        Shape::Code => "plain text, a code before each turn",
        Shape::Timed => "plain text, a name and a time before each turn",
        Shape::Alone => "plain text, a line with the name before each turn",
    })
}

/// Whether the labels of one form come again as speakers do.
fn is_usual(heads: &[(usize, Head<'_>)], n_lines: usize) -> bool {
    let counts = counts(heads.iter().map(|(_, head)| head.label));
    counts.values().filter(|&&n| n > 1).count() > 1
        && n_recurring(&counts) * 10 >= heads.len() * 7
        && heads.len() * 12 >= n_lines
}

/// What a line could be a head of.
fn shapes_of<'t>(text: &'t str, lines: &[Line<'t>], at: usize) -> Vec<(Shape, Head<'t>)> {
    let line = lines[at];
    let from = line.start + line.skipped;
    let rest = &text[from..line.end];
    let head = |kind, label, words| {
        let head = Head::before(kind, clean_label(label), words).timed(line.lead);
        Head { is_strong: true, ..head }
    };
    // Where the words begin: behind a sign and the blanks after it.
    let words = |rest: &str| line.end - rest.trim_start_matches(is_blank).len();
    let mut shapes: Vec<(Shape, Head<'t>)> = Vec::new();
    let add = |shapes: &mut Vec<_>, shape, label: &'t str, rest: &str| {
        if !rest.trim_matches(is_blank).is_empty() {
            shapes.push((shape, head(Kind::Colon, label, words(rest))));
        }
    };
    for (open, close) in [('(', ')'), ('<', '>')] {
        if let Some((label, rest)) = rest.strip_prefix(open).and_then(|it| it.split_once(close)) {
            add(&mut shapes, Shape::Round, label, rest);
        }
    }
    if rest.bytes().any(may_begin_sign)
        && let Some((label, rest)) = split_at_sign(rest)
    {
        // `Ada | 0:04 | words`
        let stamp = scan_stamp(rest);
        let timed = stamp.and_then(|stamp| {
            let rest = rest[stamp.len..].trim_start_matches(is_blank);
            Some((stamp.time, rest.strip_prefix(['|', '-', '–', '—'])?))
        });
        add(&mut shapes, Shape::Dash, label, timed.map_or(rest, |(_, rest)| rest));
        if let (Some((time, _)), Some((_, head))) = (timed, shapes.last_mut()) {
            head.time = Some(time);
        }
    }
    if let Some((label, rest)) = split_at_gap(rest) {
        add(&mut shapes, Shape::Gap, label, rest);
    }
    if let Some((label, rest)) = dotted(rest) {
        add(&mut shapes, Shape::Dot, label, rest);
    }
    if let Some((label, rest)) = rest.split_once(' ')
        && label.ends_with(|c: char| c.is_ascii_digit())
        && is_role(label)
    {
        add(&mut shapes, Shape::Code, label, rest);
    }
    if let Some((label, time, rest)) = timed(rest) {
        add(&mut shapes, Shape::Timed, label, rest);
        if let Some((Shape::Timed, head)) = shapes.last_mut() {
            head.time = head.time.or(Some(time));
        }
    }
    if line.lead.is_none() && is_alone(text, lines, at) {
        shapes.push((Shape::Alone, head(Kind::Named, rest, line.end)));
    }
    shapes
}

/// The label before a time in brackets, that time, and what follows.
fn timed(line: &str) -> Option<(&str, TimeSpan, &str)> {
    let at = line.find(['[', '(', '<', '#']).filter(|at| (1..=MAX_CHARS).contains(at))?;
    let stamp = scan_stamp(&line[at..]).filter(|stamp| stamp.form != Form::Bare)?;
    let rest = line[at + stamp.len..].trim_start_matches(['*', '_']);
    Some((clean_label(&line[..at]), stamp.time, rest))
}

/// What stands before and behind a dash or a bar.
fn split_at_sign(line: &str) -> Option<(&str, &str)> {
    let signs = [" - ", " – ", " — ", " | "];
    // A note in brackets behind the name may hold a dash of its own.
    let noted = line.find(") ").filter(|at| line[..*at].contains(" (")).map_or(0, |at| at + 1);
    let split = |sign: &&str| {
        let at = noted + line[noted..].find(*sign)?;
        Some((without_long_note(&line[..at]), &line[at + sign.len()..]))
    };
    signs.iter().find_map(split)
}

/// Whether a dash or a bar may begin with this byte.
fn may_begin_sign(byte: u8) -> bool {
    matches!(byte, b'-' | b'|' | 0xe2)
}

/// What stands before and behind a tab or two blanks.
fn split_at_gap(line: &str) -> Option<(&str, &str)> {
    let mut blanks = line.char_indices().filter(|(_, c)| is_blank(*c));
    let (at, sign) = blanks.find(|(at, c)| {
        matches!(*c, '\t' | '\u{3000}') || line[at + c.len_utf8()..].starts_with(is_blank)
    })?;
    Some((&line[..at], &line[at + sign.len_utf8()..]))
}

/// The label before a full stop, and what follows: a role, or a title with a name.
fn dotted(line: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    let first = line.split([' ', '.']).next()?.to_lowercase();
    let has_title = TITLES.contains(&first.as_str());
    while let Some(at) = line[from..].find('.').map(|at| from + at) {
        let (label, rest) = (line[..at].trim_end(), &line[at + 1..]);
        let is_title = !label.contains(' ') && TITLES.contains(&label.to_lowercase().as_str());
        if !is_title {
            if !rest.starts_with(is_blank) {
                return None;
            }
            // `The house. It was` is no `The Chairman. It was`.
            let is_named = label
                .split_whitespace()
                .nth(1)
                .is_some_and(|it| it.starts_with(char::is_uppercase));
            let is_speaker = is_role(label) || (has_title && is_named);
            return is_speaker.then_some((label, rest));
        }
        from = at + 1;
    }
    None
}

/// Whether a line is a name above words: in capitals, with emphasis, a part such as
/// `Researcher 1`, or the first line of a paragraph.
fn is_alone(text: &str, lines: &[Line<'_>], at: usize) -> bool {
    let words = lines[at].words(text);
    let is_blank_line = |line: &Line<'_>| matches!(line.content, Content::Blank);
    let is_short = words.split_whitespace().take(MAX_ALONE_WORDS + 1).count() <= MAX_ALONE_WORDS;
    if !matches!(lines[at].content, Content::Words) || !is_short {
        return false;
    }
    let below = &lines[at + 1..];
    let next = below.iter().find(|line| !is_blank_line(line));
    let opens = at == 0 || is_blank_line(&lines[at - 1]);
    let has_words_at_once = below.first().is_some_and(Line::is_said);
    let has_letters = words.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let is_marked = words.starts_with(['*', '_']) && words.ends_with(['*', '_']);
    // `Researcher 1` needs no blank line above it.
    let is_part = has_words_at_once && is_role(words);
    next.is_some_and(Line::is_said)
        && ((has_letters && is_loud(words)) || is_marked || is_part || (opens && has_words_at_once))
}

#[cfg(test)]
mod tests {
    use crate::text::tests::shown;

    #[test]
    fn a_time_in_brackets_behind_a_name_needs_no_colon() {
        let text = "**I [00:00:05]** Why?\n\n**B [00:00:07]** It was wet.\n\n".repeat(3);
        let read = "I|5000-|Why?\nB|7000-|It was wet.\n".repeat(3);
        assert!(shown(&text, true).starts_with(&read), "{}", shown(&text, true));
        let read = shown(&text.replace('*', ""), false);
        assert!(read.contains("B|7000-|It was wet.\nI|"), "{read}");
        // Times among what somebody tells.
        let text =
            "So I [00:05] went. And [00:09] there it was.\nThen [00:14] we left.\n".repeat(3);
        assert!(!shown(&text, false).contains("So I|"));
    }
}
