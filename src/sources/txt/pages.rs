//! Takes from a text what only lays it out on a page.
//!
//! A decoded text comes in; one of the same lines goes out, or the table in it.

use crate::files::entities;
use crate::sources::{RawTranscript, SourceError, columns};

/// A text without what tells a program how to show it: entities of HTML are the signs
/// that they stand for. In Markdown also the attributes of kramdown (`{: .name}`) and the
/// backslashes before brackets go. Lines stay where they are.
pub(super) fn without_marks(text: String, markdown: bool) -> String {
    let mut bare = if text.contains('&') { decoded_in_lines(&text) } else { text };
    if markdown && bare.contains("{:") {
        bare = bare.split_inclusive('\n').map(without_attributes).collect();
    }
    if markdown && bare.contains('\\') {
        for bracket in ["[", "]", "(", ")", "{", "}"] {
            bare = bare.replace(&format!("\\{bracket}"), bracket);
        }
    }
    bare
}

/// Decodes entities; one of a line end is a space.
fn decoded_in_lines(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let words = line.trim_end_matches(['\r', '\n']);
        let decoded = entities::decode(words);
        if decoded == words {
            return line.to_owned();
        }
        decoded.replace(['\r', '\n'], " ") + &line[words.len()..]
    });
    lines.collect()
}

/// A line without the attributes of kramdown.
fn without_attributes(line: &str) -> String {
    let mut bare = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, marked)) = rest.split_once("{:") {
        bare.push_str(before);
        let Some((_, after)) = marked.split_once('}') else {
            rest = &rest[before.len()..];
            break;
        };
        rest = after;
    }
    bare + rest
}

/// A text without the numbers of its lines, as courts and stenographers set them; `None`
/// if its lines are not numbered. Each number becomes spaces, so that all else stays in
/// its place.
pub(super) fn without_line_numbers(text: &str) -> Option<String> {
    let number = |line: &str| {
        let start = line.trim_start();
        let len = start.bytes().take_while(u8::is_ascii_digit).count();
        let ends = start[len..].is_empty() || start[len..].starts_with("  ");
        let at = line.len() - start.len();
        (len > 0 && len < 3 && ends).then(|| (at, at + len, start[..len].parse().unwrap_or(0_u32)))
    };
    let filled = || text.lines().filter(|line| !line.trim().is_empty());
    let numbers: Vec<u32> = filled().filter_map(number).map(|(.., n)| n).collect();
    let n_steps = numbers.windows(2).filter(|pair| pair[1] == pair[0] + 1).count();
    if numbers.len() < 8
        || numbers.len() * 10 < filled().count() * 8
        || n_steps * 10 < numbers.len() * 8
    {
        return None;
    }
    let bare = |line: &str| match number(line.trim_end_matches(['\r', '\n'])) {
        Some((from, to, _)) => line[..from].to_owned() + &" ".repeat(to - from) + &line[to..],
        None => line.to_owned(),
    };
    Some(text.split_inclusive('\n').map(bare).collect())
}

/// Reads a text that is a table drawn with bars, as Markdown has them; `None` if it is
/// none. Lines outside the table are told.
pub(super) fn read_barred_table(text: &str) -> Option<Result<RawTranscript, SourceError>> {
    let is_row = |line: &&str| line.len() > 1 && line.starts_with('|') && line.ends_with('|');
    let filled = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let n_rows = filled().filter(is_row).count();
    if n_rows < 3 || n_rows * 10 < filled().count() * 8 {
        return None;
    }
    let is_rule = |line: &&str| line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
    let rows = || filled().filter(is_row).filter(|line| !is_rule(line));
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let rows: Vec<Vec<String>> = rows().map(cells).collect();
    let first = text.lines().position(|line| is_row(&line.trim()))?;
    let mut read = columns::parse_rows(&rows, first + 1);
    if let Ok(raw) = &mut read {
        raw.layout = raw.layout.replace("CSV", "Markdown");
        let mut outside = (1..)
            .zip(text.lines())
            .filter(|(_, line)| line.contains(char::is_alphabetic) && !is_row(&line.trim()));
        let is_spoken = |line: &str| line.split_whitespace().nth(3).is_some();
        raw.warnings.extend(
            outside
                .find(|(_, line)| is_spoken(line))
                .map(|(number, _)| super::doubts::outside(number)),
        );
    }
    Some(read)
}
