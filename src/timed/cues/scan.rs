//! Cuts a file into cues at its timing lines.

use std::collections::BTreeMap;

use crate::base::{Diagnostic, Remedy, words_in};
use crate::labels::time::{is_number, parse_timing};

/// The two formats of timed cues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// `WebVTT`: a header, comments, ids of any kind, voice tags.
    Vtt,
    /// `SubRip`: numbered cues.
    Srt,
}

/// Tells whether a text begins with the first line of a `WebVTT` file.
pub(crate) fn starts_as_vtt(text: &str) -> bool {
    text.trim_start().strip_prefix("WEBVTT").is_some_and(|rest| {
        rest.chars().next().is_none_or(char::is_whitespace) || rest.starts_with(['-', ':'])
    })
}

/// Tells whether a text begins with a `SubRip` cue: perhaps a number, then a timing line.
pub(crate) fn starts_as_srt(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_timing = |line: &str| timing(line).is_some_and(|timing| timing.is_good);
    match lines.next() {
        Some(line) if is_number(line) => lines.next().is_some_and(is_timing),
        // Where each line begins with its time, it is a plain text.
        Some(line) => is_timing(line) && !lines.next().is_some_and(is_timing),
        None => false,
    }
}

/// One cue as it stands in the file.
#[derive(Debug)]
pub(super) struct Cue<'t> {
    /// Its timing line, from 1.
    pub(super) line: usize,
    /// Its last line with words, from 1.
    pub(super) last_line: usize,
    /// The line before the timing line, if it is an id.
    pub(super) id: Option<&'t str>,
    /// What the timing line tells.
    pub(super) timing: Timing,
    /// The lines of words, with their tags.
    pub(super) lines: Vec<&'t str>,
}

/// What a timing line tells; a damaged one may tell only half.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timing {
    pub(super) start_ms: Option<u64>,
    pub(super) end_ms: Option<u64>,
    /// Both times can be read.
    pub(super) is_good: bool,
}

/// All cues of a file.
#[derive(Debug)]
pub(super) struct Scan<'t> {
    pub(super) cues: Vec<Cue<'t>>,
    /// `Language: en` in the header.
    pub(super) language: Option<String>,
    /// How many words stand before the first timing line.
    pub(super) n_stray_words: usize,
}

/// Kinds of skippable trouble: one warning each, however often it comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trouble {
    WordsBefore,
    BadTime,
    Backwards,
    Restarted,
    EndsInCue,
}

/// Counts trouble by kind, with the first line of each.
#[derive(Debug, Default)]
pub(super) struct Troubles(BTreeMap<Trouble, (usize, usize)>);

impl Troubles {
    pub(super) fn add(&mut self, trouble: Trouble, line: usize) {
        self.0.entry(trouble).or_insert((0, line)).0 += 1;
    }

    pub(super) fn warnings(self) -> Vec<Diagnostic> {
        let warning = |(trouble, (times, line)): (Trouble, (usize, usize))| {
            let (problem, hint) = match trouble {
                Trouble::WordsBefore => (
                    "words before the first time belong to no cue and are not read",
                    "if they were spoken, put a time before them",
                ),
                Trouble::BadTime => (
                    "the time of a subtitle cannot be read; its words are placed after the subtitle before it",
                    "check the times here, or export the file again",
                ),
                Trouble::Backwards => (
                    "a subtitle ends before it starts; its end time is ignored",
                    "check the times here, or export the file again",
                ),
                Trouble::Restarted => (
                    "the times start again from the beginning; the order of the file is kept",
                    "if the file holds several recordings, split it into one file each",
                ),
                Trouble::EndsInCue => (
                    "the file ends in the middle of a subtitle",
                    "copy or export the file again; the end may be missing",
                ),
            };
            let times = if times > 1 { format!(" ({times} times)") } else { String::new() };
            Diagnostic::new(format!("{problem}{times}")).on_line(line).with(Remedy::new(hint))
        };
        self.0.into_iter().map(warning).collect()
    }
}

/// Cuts a file into cues at its timing lines.
pub(super) fn scan<'t>(text: &'t str, format: Format, troubles: &mut Troubles) -> Scan<'t> {
    let mut scan = Scan { cues: Vec::new(), language: None, n_stray_words: 0 };
    // Words before the first cue that may be its id, and where the first stands.
    let mut stray: Option<(usize, usize)> = None;
    let mut is_header = format == Format::Vtt;
    let mut is_in_note = false;
    // The line before, where it may turn out to be the next cue's id, with
    // whether a blank line stands before it.
    let mut before: Option<(&str, bool)> = None;
    let mut is_after_blank = true;
    let mut last_number: Option<u64> = None;
    let mut has_guids = false;
    let mut n_lines = 0;

    for (idx, raw) in text.lines().enumerate() {
        let line = raw.trim();
        n_lines = idx + 1;
        if line.is_empty() {
            is_in_note = false;
            is_after_blank = true;
            is_header = false;
            before = None;
            continue;
        }
        if let Some(timing) = timing(line) {
            is_in_note = false;
            let last = scan.cues.last_mut();
            let has_words_besides = last.as_ref().is_none_or(|cue| cue.lines.len() > 1);
            let id = before.take().and_then(|(line, is_alone)| {
                let is_id = if is_number(line) {
                    is_alone || is_next(last_number, line) || has_words_besides
                } else {
                    is_guid_id(line)
                        || is_alone && format == Format::Vtt && !line.contains(['<', '>'])
                };
                is_id.then_some(line)
            });
            if let (Some(_), Some(cue)) = (id, last) {
                cue.lines.pop();
            }
            // The line above the first time may be its id.
            if let Some((line, n_words)) = stray.take() {
                let n_words = n_words - id.filter(|_| format == Format::Vtt).map_or(0, words_in);
                if n_words > 0 {
                    troubles.add(Trouble::WordsBefore, line);
                }
                scan.n_stray_words = n_words;
            }
            // Twelve digits leave room to count on.
            last_number =
                id.filter(|id| id.len() <= 12).and_then(|id| id.parse().ok()).or(last_number);
            has_guids |= id.is_some_and(is_guid_id);
            let lines = Vec::new();
            scan.cues.push(Cue { line: idx + 1, last_line: idx + 1, id, timing, lines });
            is_after_blank = false;
            continue;
        }
        if is_in_note {
            continue;
        }
        let is_style = scan.cues.is_empty() && matches!(line, "STYLE" | "REGION");
        if format == Format::Vtt && is_after_blank && (is_style || is_comment(line)) {
            is_in_note = true;
            is_after_blank = false;
            continue;
        }
        if let Some(cue) = scan.cues.last_mut() {
            cue.lines.push(line);
            cue.last_line = idx + 1;
        } else if format == Format::Vtt {
            let language = line.strip_prefix("Language:").map(str::trim);
            let is_code = |code: &&str| {
                (2..=12).contains(&code.len())
                    && code.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
            };
            scan.language = scan.language.or_else(|| {
                language.filter(is_code)?.split('-').next().map(str::to_ascii_lowercase)
            });
        }
        if scan.cues.is_empty() && !is_header && line.chars().any(char::is_alphabetic) {
            let (_, n_words) = stray.get_or_insert((idx + 1, 0));
            *n_words += words_in(line);
        }
        before = Some((line, is_after_blank));
        is_after_blank = false;
    }

    if let Some((_, n_words)) = stray {
        scan.n_stray_words = n_words;
    }
    // A file that was cut off may end with the next cue's id or half its time.
    if let (Some((line, is_alone)), false) = (before, text.ends_with('\n')) {
        let is_time_part = line.starts_with(|first: char| first.is_ascii_digit())
            && line.contains(':')
            && line.chars().all(|sign| sign.is_ascii_digit() || ":.,-> ".contains(sign));
        let is_next_id = is_alone && is_next(last_number, line);
        let is_guid_part = has_guids
            && is_alone
            && line.len() >= 4
            && line.chars().all(|sign| sign.is_ascii_hexdigit() || "-/".contains(sign));
        if let Some(cue) = scan.cues.last_mut()
            && (is_time_part || is_next_id || is_guid_part)
        {
            cue.lines.pop();
            // Before half a time stands the id of the cue that is cut off.
            let is_id =
                cue.lines.last().is_some_and(|id| is_guid_id(id) || is_next(last_number, id));
            if is_time_part && is_id {
                cue.lines.pop();
            }
            troubles.add(Trouble::EndsInCue, n_lines);
        }
    }
    if let Some(cue) = scan.cues.last()
        && cue.lines.is_empty()
        && cue.line == n_lines
        && scan.cues.len() > 1
        && !text.ends_with('\n')
    {
        troubles.add(Trouble::EndsInCue, n_lines);
        // Half a time is no bad time: one warning says it all.
        scan.cues.pop();
    }
    scan
}

/// Whether a line opens a block that is not spoken.
fn is_comment(line: &str) -> bool {
    line.strip_prefix("NOTE")
        .is_some_and(|rest| rest.chars().next().is_none_or(char::is_whitespace))
}

/// Reads a timing line; `None` if the line is none.
fn timing(line: &str) -> Option<Timing> {
    if !line.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '-') {
        return None;
    }
    let arrows = ["-->", "->", "–>", "—>", "→"];
    let (before, after) = arrows.iter().find_map(|arrow| line.split_once(arrow))?;
    // Cue settings may follow the end time; they only matter for display.
    let (before, after) = (before.trim(), after.split_whitespace().next().unwrap_or_default());
    let (start_ms, end_ms) = (parse_timing(before), parse_timing(after));
    let is_good = start_ms.is_some() && end_ms.is_some();
    let is_like_time = |text: &str| {
        text.len() <= 24
            && text.contains(':')
            && text.chars().any(|sign| sign.is_ascii_digit())
            && !text.contains(char::is_whitespace)
    };
    let is_damaged = || {
        line.contains("-->")
            && (start_ms.is_some() || is_like_time(before))
            && (end_ms.is_some() || after.is_empty() || is_like_time(after))
    };
    (is_good || is_damaged()).then_some(Timing { start_ms, end_ms, is_good })
}

/// Whether a line is the number that comes right after that of the `last` cue.
fn is_next(last: Option<u64>, line: &str) -> bool {
    last.is_some_and(|last| {
        line.parse::<u64>().is_ok_and(|number| number.checked_sub(1) == Some(last))
    })
}

/// Whether an id is of the kind that Teams writes: `3f0c1d9e-…-cccc/14-0`, `14-0`.
pub(super) fn is_guid_id(id: &str) -> bool {
    let (guid, count) = id.rsplit_once('/').map_or((None, id), |(guid, count)| (Some(guid), count));
    let is_count = count.split_once('-').is_some_and(|(a, b)| is_number(a) && is_number(b));
    let is_guid = |text: &str| {
        text.len() >= 8
            && text.contains('-')
            && text.chars().all(|sign| sign.is_ascii_hexdigit() || sign == '-')
    };
    match guid {
        Some(guid) => is_count && is_guid(guid),
        None => is_count || id.len() == 36 && is_guid(id),
    }
}

/// The speaker in an id such as `3 "Ada Quill" (1234567)`, which Webex writes.
pub(super) fn id_name(id: Option<&str>) -> Option<&str> {
    let (number, rest) = id?.split_once(" \"")?;
    let (name, _) = rest.rsplit_once('"')?;
    (is_number(number) && !name.trim().is_empty()).then_some(name.trim())
}
