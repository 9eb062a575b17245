//! Tells people where a text may have been read wrongly.
//!
//! Lines and the speakers found in them come in; warnings go out. No word of anybody may
//! be left out or given to another without one.

use std::collections::{BTreeMap, BTreeSet};

use super::speakers::Speakers;
use crate::base::{Diagnostic, Remedy, count, words_in};
use crate::labels::heads::{Head, Kind, clean_label, is_quoted};
use crate::labels::time::scan_stamp;
use crate::labels::{
    MAX_CHARS, bare_words, counts, fold, is_label, is_marker, is_name, is_role, part_in,
};
use crate::lines::forms::Forms;
use crate::lines::{Content, Line, skip_list_mark};

/// From how many words on a line before the first speaker is more than a title.
const TITLE_WORDS: usize = 12;
/// From how many words on a sentence before the first speaker is more than a remark.
const REMARK_WORDS: usize = 5;
/// From how many words on all lines before the first speaker are more than a title.
const TITLES_WORDS: usize = 40;
/// Lines that begin alike are told from this number on.
const MIN_ALIKE: usize = 4;
/// The most words of a beginning that lines may share.
const MAX_ALIKE_WORDS: usize = 4;

/// What a person should check in a text that was read so.
pub(super) fn doubts(
    text: &str,
    lines: &[Line<'_>],
    speakers: Option<&Speakers>,
    forms: Forms<'_>,
) -> Vec<Diagnostic> {
    let has_questions = lines.iter().any(|line| matches!(line.content, Content::Question(..)));
    let doubts = match speakers {
        Some(speakers) => {
            vec![
                words_before(text, lines, Some(speakers)),
                other_labels(text, lines, speakers),
                spoken_once(text, lines, speakers),
                unnamed_times(lines, speakers),
            ]
        }
        None if has_questions => vec![words_before(text, lines, None)],
        None => vec![
            unbelieved(lines, forms).or_else(|| lines_alike(text, lines)),
            unknown_times(text, lines),
        ],
    };
    doubts.into_iter().flatten().collect()
}

/// Tells of words before the first speaker that are more than a title.
fn words_before(text: &str, lines: &[Line<'_>], speakers: Option<&Speakers>) -> Option<Diagnostic> {
    let mut n_words = 0;
    let (mut first, mut last) = (None, 0);
    let mut is_talk = false;
    // A name or a time stands before the words: they were said.
    let mut is_said = false;
    let mut is_below = false;
    for line in lines {
        match line.content {
            Content::Question(..) => break,
            Content::Head(head) if speakers.is_some_and(|it| it.has(&head)) => break,
            Content::Head(_) | Content::Words if !line.is_heading => {
                let words = line.words(text);
                let n_here = words_in(words);
                // `Slides: https://example.org` and `Interviewee: Ada Lund` are no speech.
                is_said |= !words.contains("://")
                    && !names_somebody(text, line)
                    && (begins_like_time(line, words)
                        || label_of(text, line, speakers).is_some()
                        || speakers.is_some_and(|it| it.stand_in(words)));
                let bare = words.trim_end_matches(['"', '”', '»', '’', '*', '_', ')', ']']);
                let ends = bare.ends_with(['.', '?', '!', '…', '。', '？', '！']);
                let is_sentence = ends && n_here > REMARK_WORDS;
                is_talk |= n_here > TITLE_WORDS || is_sentence || (is_said && n_here > 0);
                n_words += n_here;
                first.get_or_insert(line.number);
                last = line.number;
            }
            Content::Time(_) => is_said = true,
            Content::Blank if !is_below => is_said = false,
            _ if line.is_heading => {
                let label = clean_label(line.words(text).trim_matches(['#', ' ']));
                is_below = is_role(label);
                is_said |= is_below;
            }
            _ => {}
        }
    }
    (is_talk || n_words > TITLES_WORDS).then(|| {
        let before = if speakers.is_some() { "speaker" } else { "question" };
        let down_to =
            if first == Some(last) { String::new() } else { format!(", down to line {last}") };
        let problem = format!("{n_words} words before the first {before} belong to no turn");
        Diagnostic::new(problem + &down_to)
            .on_line(first)
            .with(Remedy::new("if they were spoken, put `Name:` before them"))
    })
}

/// Tells of names in any form whose words were given to the speaker above them.
fn other_labels(text: &str, lines: &[Line<'_>], speakers: &Speakers) -> Option<Diagnostic> {
    let mut n = 0;
    let mut first = None;
    let mut has_begun = false;
    for line in lines {
        if line.head().is_some_and(|head| speakers.has(&head)) {
            has_begun = true;
            continue;
        }
        let is_told =
            line.colon().is_some_and(|head| text.get(head.words..line.end).is_some_and(is_quoted));
        let label = label_of(text, line, Some(speakers)).filter(|label| !is_told || is_role(label));
        if let Some(label) = label.filter(|_| has_begun) {
            n += 1;
            first.get_or_insert((line.number, label));
        }
    }
    first.map(|(number, label)| {
        let lines = if n == 1 { "1 line begins" } else { &format!("{n} lines begin") };
        let problem = format!("{lines} like a speaker who is not known, first `{label}`");
        Diagnostic::new(problem).on_line(number).with(Remedy::new(
            "the words there were given to the speaker above; if it names a speaker, list it under `[roles]` in study.toml",
        ))
    })
}

/// From how many turns on one word that labels one of them is told.
const MANY_TURNS: usize = 12;

/// Tells of single words that label one turn of many, `Second: …`: it may be how a sentence
/// of the speaker above begins. Who is named by two words, by a part, in capitals or in
/// somebody's talk is a person.
fn spoken_once(text: &str, lines: &[Line<'_>], speakers: &Speakers) -> Option<Diagnostic> {
    let turns = || lines.iter().filter(|line| speakers.open(line));
    let heads: Vec<(Head<'_>, usize)> =
        turns().filter_map(|line| Some((line.head()?, line.number))).collect();
    if heads.len() < MANY_TURNS {
        return None;
    }
    let counts = counts(heads.iter().map(|(head, _)| head.label));
    let may_be_word = |(head, _): &(Head<'_>, usize)| {
        let label = head.label;
        head.kind == Kind::Colon
            && label.chars().all(char::is_alphabetic)
            && label.chars().nth(2).is_some()
            && label.chars().skip(1).all(|c| !c.is_uppercase())
            && counts.get(&fold(label)) == Some(&1)
            && part_in(&fold(label)).is_none()
            && !speakers.are_told(label)
    };
    let mut doubtful: Vec<(Head<'_>, usize)> = heads.into_iter().filter(may_be_word).collect();
    if doubtful.is_empty() {
        return None;
    }
    // A name is said or written elsewhere, and not only where a sentence begins.
    let mut inside: BTreeSet<&str> = BTreeSet::new();
    let mut goes_on = false;
    for word in text.split_whitespace() {
        if std::mem::replace(&mut goes_on, word.ends_with(|c: char| c.is_alphabetic() || c == ','))
        {
            inside.extend(bare_words(word).next());
        }
    }
    doubtful.retain(|(head, _)| !inside.contains(head.label));
    let (head, number) = doubtful.first()?;
    let n = count(doubtful.len() as u64, "speaker");
    let problem = format!("one turn and no name elsewhere: {n}, first `{}`", head.label);
    Some(Diagnostic::new(problem).on_line(*number).with(Remedy::new(
        "if it begins a sentence of the speaker above, put a dash for its colon",
    )))
}

/// Tells of times on lines of their own without a speaker beside them, where nearly all have
/// one: the label there may have been read as words.
fn unnamed_times(lines: &[Line<'_>], speakers: &Speakers) -> Option<Diagnostic> {
    let is_time = |at: &usize| matches!(lines[*at].content, Content::Time(_));
    let is_head = |at: usize| lines.get(at).is_some_and(|line| speakers.open(line));
    let is_named = |at: usize| is_head(at + 1) || at.checked_sub(1).is_some_and(is_head);
    let (named, unnamed): (Vec<usize>, Vec<usize>) =
        (0..lines.len()).filter(is_time).partition(|&at| is_named(at));
    let first = unnamed.first().filter(|_| named.len() >= MIN_ALIKE.max(4 * unnamed.len()))?;
    let n = count(unnamed.len() as u64, "time");
    Some(
        Diagnostic::new(format!("{n} without the name of a speaker beside, as others have"))
            .on_line(lines[*first].number)
            .with(Remedy::new(
                "the words there were given to the speaker above; put a name beside the time",
            )),
    )
}

/// Whether a line gives a name to a role.
pub(super) fn names_somebody(text: &str, line: &Line<'_>) -> bool {
    let Some(head) = line.head() else { return false };
    let name = text.get(head.words..line.end).unwrap_or_default();
    is_role(head.label) && !name.is_empty() && is_name(name) && words_in(name) <= MAX_ALIKE_WORDS
}

/// Whether a line begins with a time, or with what was meant for one: `[00:085.2]`.
fn begins_like_time(line: &Line<'_>, words: &str) -> bool {
    let first = words.split_whitespace().next().unwrap_or_default();
    let digits = first.trim_start_matches(['[', '(', '#', '<', '{']);
    line.lead.is_some()
        || (digits.starts_with(|c: char| c.is_ascii_digit()) && digits.contains(':'))
}

/// The label that a line seems to begin with, in whatever form; of a heading only that of
/// somebody who is known.
fn label_of<'t>(text: &'t str, line: &Line<'t>, speakers: Option<&Speakers>) -> Option<&'t str> {
    let is_known = |label: &str| is_role(label) || speakers.is_some_and(|it| it.knows(label));
    let is_name = |label: &&str| is_label(label) && is_name(label);
    let words = line.words(text);
    let in_cell = || words.split_once('\t').map(|it| clean_label(it.0.trim())).filter(is_name);
    match line.content {
        Content::Head(head) if line.is_heading => Some(head.label).filter(|label| is_known(label)),
        Content::Head(head) => {
            let is_form = head.is_strong
                || head.kind == Kind::Colon
                || speakers.is_none_or(|it| it.kind == head.kind);
            (is_form && is_like_speaker(&head)).then_some(head.label).or_else(in_cell)
        }
        Content::Words => {
            // `Ada [0:12] So it was.`
            let at = words.find('[').filter(|&at| scan_stamp(&words[at..]).is_some());
            in_cell().or_else(|| at.map(|at| clean_label(words[..at].trim())).filter(is_name))
        }
        _ => None,
    }
}

/// Whether a line's beginning has the shape of a speaker's name.
fn is_like_speaker(head: &Head<'_>) -> bool {
    let is_box = head.label.eq_ignore_ascii_case("x");
    let is_marker = head.kind == Kind::Bracket && (is_box || is_marker(head.label));
    is_label(head.label) && is_name(head.label) && !is_marker
}

/// Tells of what looks like speakers in a text that was read without any: too few to
/// tell, or too late in it.
fn unbelieved(lines: &[Line<'_>], forms: Forms<'_>) -> Option<Diagnostic> {
    let opening = lines.iter().find(|line| line.is_said()).map(|line| line.start);
    let mut n = 0;
    let mut first = None;
    let mut is_sure = false;
    let mut headings: BTreeSet<String> = BTreeSet::new();
    for line in lines {
        let Some(head) = line.head() else { continue };
        // A heading that comes once is one of a part.
        let is_part = line.is_heading && headings.insert(fold(head.label));
        if !is_part && is_like_speaker(&head) {
            n += 1;
            is_sure |= line.is_heading || is_role(head.label) || opening == Some(line.start);
            first.get_or_insert((line.number, head.label));
        }
    }
    let of_form = match forms {
        Forms::Doubtful(n, number, label) => Some((n, number, label)),
        Forms::None | Forms::Found(_) => None,
    };
    let found = first.filter(|_| n > 1 || is_sure).map(|(number, label)| (n, number, label));
    let (n, number, label) = found.or(of_form)?;
    let lines = if n == 1 { "1 line begins" } else { &format!("{n} lines begin") };
    let problem = format!("read as one speaker, but {lines} like a speaker's, first `{label}`");
    Some(Diagnostic::new(problem).on_line(number).with(Remedy::new(
        "if they name speakers, write `Name:` before each turn from the first one on",
    )))
}

/// Tells of beginnings that come again and again in a text without speakers.
fn lines_alike(text: &str, lines: &[Line<'_>]) -> Option<Diagnostic> {
    let mut counts: BTreeMap<String, (usize, usize, &str)> = BTreeMap::new();
    let (mut n_lines, mut n_dashes, mut first_dash) = (0_usize, 0_usize, None);
    for line in lines.iter().filter(|line| line.is_said() && !line.is_heading) {
        n_lines += 1;
        let words = line.words(text);
        if words.starts_with(['–', '—']) || words.starts_with("- ") || line.is_change {
            n_dashes += 1;
            first_dash.get_or_insert(line.number);
        }
        if let Some(beginning) = beginning(words.get(line.skipped..).unwrap_or(words)) {
            counts.entry(fold(beginning)).or_insert((0, line.number, beginning)).0 += 1;
        }
    }
    let warn = |n: usize, number: Option<usize>, what: &str| {
        let problem = format!("one speaker, but {n} lines begin alike ({what})");
        Diagnostic::new(problem)
            .on_line(number)
            .with(Remedy::new("if they name speakers, write `Name:` before each turn"))
    };
    let mut alike: Vec<_> = counts.into_values().filter(|(n, ..)| *n > 1).collect();
    alike.sort_by_key(|&(n, number, _)| (std::cmp::Reverse(n), number));
    let n_alike: usize = alike.iter().map(|(n, ..)| n).sum();
    if alike.len() > 1 && n_alike >= MIN_ALIKE && n_alike * 3 >= n_lines {
        let number = alike.iter().map(|&(_, number, _)| number).min();
        let shown: Vec<String> =
            alike.iter().take(2).map(|(.., beginning)| format!("`{beginning}`")).collect();
        return Some(warn(n_alike, number, &shown.join(", ")));
    }
    (n_dashes >= MIN_ALIKE && n_dashes * 2 >= n_lines)
        .then(|| warn(n_dashes, first_dash, "a dash or `>>`"))
}

/// What may be a label at the beginning of a line, with its sign; a short line whole.
fn beginning(words: &str) -> Option<&str> {
    let near = &words[..words.floor_char_boundary(MAX_CHARS)];
    let sign = |c: char| matches!(c, ':' | '：' | '.' | ')' | ']' | '>' | '}' | '|' | '\t' | '–');
    let start = near.len() - near.trim_start_matches(['(', '[', '<', '{', '*']).len();
    let end = near[start..].find(sign).map(|at| start + at);
    let is_short = |text: &str| text.split_whitespace().count() <= MAX_ALIKE_WORDS;
    let whole = (near.len() == words.len() && is_short(words)).then_some(words);
    let found = match end {
        Some(end) => {
            near.get(..end + near[end..].chars().next()?.len_utf8()).filter(|it| is_short(it))
        }
        None => near.split_once(" - ").map(|(label, _)| label).filter(|it| is_short(it)),
    };
    let found = found.or(whole)?;
    let label = clean_label(found);
    (label.contains(char::is_alphabetic) && !label.starts_with(char::is_lowercase)).then_some(label)
}

/// Tells of lines that begin with numbers which are no known time.
fn unknown_times(text: &str, lines: &[Line<'_>]) -> Option<Diagnostic> {
    let said = || lines.iter().filter(|line| line.is_said());
    let is_numbered = |line: &&Line<'_>| {
        let words = line.words(text);
        let bare =
            words[skip_list_mark(words)..].trim_start_matches(['[', '(', '{', '<', '#', '@', '*']);
        line.lead.is_none() && bare.starts_with(|c: char| c.is_ascii_digit())
    };
    let n = said().filter(is_numbered).count();
    (n >= MIN_ALIKE && n * 2 >= said().count()).then(|| {
        Diagnostic::new(format!("{n} lines begin with a number that is no known time"))
            .on_line(said().find(is_numbered).map(|line| line.number))
            .with(Remedy::new("if they are times, write them as `[0:01:02]` before the words"))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;

    #[test]
    fn one_word_that_takes_one_turn_of_many_is_told() {
        let talk = "Ada: Why?\nBen: It was wet.\n".repeat(20);
        let told = "one turn and no name elsewhere: 1 speaker, first `Later`";
        let read = shown(&format!("{talk}Later: it was cold.\n{talk}"), false);
        assert!(read.contains(told), "{read}");
        // Behind a time, too.
        let talk = "10:03 Ada: Why?\n10:04 Ben: It was wet.\n".repeat(6);
        let read = shown(&format!("{talk}10:12 Later: it was cold.\n"), false);
        assert!(read.contains(told), "{read}");
        let talk = "Ada: Why?\nBen: It was wet.\n".repeat(20);
        // Somebody calls him so, or it is a part.
        let text = format!("{talk}Tom: It was cold.\nAda: Well, Tom!\n{talk}Mother: Hm.\n{talk}");
        assert!(!shown(&text, false).contains("have one turn"));
    }

    #[test]
    fn a_speaker_behind_a_broken_time_above_the_talk_is_told() {
        let talk = "Interviewer: How?\nAda: It was wet.\nInterviewer: And?\nAda: We went.\n";
        let told = "words before the first speaker belong to no turn";
        assert!(shown(&format!("[NaN:1:2.42] Ada: so wet\n{talk}"), false).contains(told));
        assert!(!shown(&format!("The talk with Ada\n{talk}"), false).contains(told));
    }
}
