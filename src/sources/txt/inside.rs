//! Finds speakers inside a line: `Interviewer: And then? Ada: We went home.`
//!
//! Lines come in; those in which somebody else goes on come out as several, each with
//! the head of its own speaker. A label inside a line stands behind the end of a
//! sentence, and is believed if it also begins lines, is a role, or comes again and again
//! where hardly anybody begins a line.

use std::collections::BTreeMap;

use super::forms::TITLES;
use super::heads::{Kind, is_blank};
use super::lines::{Content, Line, read_line, trimmed};
use crate::sources::labels::{MAX_CHARS, fold, is_label, is_name, is_role};

/// How often somebody comes inside lines who never begins one.
const MIN_INSIDE: usize = 3;

/// Cuts the lines in which somebody else begins to speak.
pub(super) fn split_lines<'t>(text: &'t str, lines: &mut Vec<Line<'t>>, markdown: bool) {
    let mut inside: Vec<(usize, Vec<(usize, &'t str)>)> = Vec::new();
    let (mut begin, mut all): (BTreeMap<String, usize>, BTreeMap<String, usize>) =
        Default::default();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_said(line)) {
        if let Content::Head(head) = line.content
            && head.kind == Kind::Colon
            && is_label(head.label)
        {
            *begin.entry(fold(head.label)).or_default() += 1;
            *all.entry(fold(head.label)).or_default() += 1;
        }
        let found = labels_inside(text, line);
        for (_, label) in &found {
            *all.entry(fold(label)).or_default() += 1;
        }
        if !found.is_empty() {
            inside.push((at, found));
        }
    }
    let is_known = |label: &str| begin.get(label).is_some_and(|&n| n > 1) || is_role(label);
    let n_begin: usize = begin.values().sum();
    let n_inside: usize = inside.iter().map(|(_, found)| found.len()).sum();
    let is_running = n_inside > n_begin && all.values().filter(|&&n| n >= MIN_INSIDE).count() > 1;
    let is_believed = |label: &str| {
        let label = fold(label);
        is_known(&label) || (is_running && all.get(&label).is_some_and(|&n| n >= MIN_INSIDE))
    };
    for (at, found) in inside.into_iter().rev() {
        let Line { number, mut end, .. } = lines[at];
        for (start, _) in found.into_iter().rev().filter(|(_, label)| is_believed(label)) {
            lines.insert(at + 1, Line { number, ..read_line(text, start, end, markdown) });
            end = trimmed(text, lines[at].start, start).1;
        }
        lines[at].end = end;
    }
}

fn is_said(line: &Line<'_>) -> bool {
    matches!(line.content, Content::Words | Content::Head(_)) && !line.is_heading
}

/// Where labels may stand among the words of a line, and these labels.
fn labels_inside<'t>(text: &'t str, line: &Line<'_>) -> Vec<(usize, &'t str)> {
    let from = match line.content {
        Content::Head(head) => head.words,
        _ => line.start + line.skipped,
    };
    let mut found = Vec::new();
    let mut at = from;
    while let Some(colon) = text[at..line.end].find(": ").map(|n| at + n) {
        at = colon + 1;
        let near = text.floor_char_boundary(from.max(colon.saturating_sub(4 * MAX_CHARS)));
        let before = &text[near..colon];
        let Some(start) = sentence_start(before).map(|n| near + n) else { continue };
        let label = text[start..colon].trim_end_matches(is_blank);
        if is_label(label) && is_name(label) && start > from {
            found.push((start, label));
        }
    }
    found
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
