//! Reads two small formats of timed lines: `YouTube`'s SBV and LRC.
//!
//! A decoded text comes in; a [`RawTranscript`] goes out.
//!
//! ```text
//! SBV   0:00:01.500,0:00:04.000       LRC   [ti:Interview 3]
//!       Ada: So how did                     [00:01.50]Ada: So how did it start?
//!       it start?                           [00:04.00]Ben: It was <00:05.10>odd.
//! ```

use super::cues::{self, Format};
use super::ttml::{Cue, read_cues};
use crate::base::{Diagnostic, Remedy, words_in};
use crate::files::{SourceError, SourceProblem};
use crate::labels::time::{parse_timing, scan_stamp};
use crate::text::RawTranscript;

/// The two times of a line of SBV.
fn sbv_times(line: &str) -> Option<(&str, &str)> {
    let (from, to) = line.trim().split_once(',')?;
    (parse_timing(from).is_some() && parse_timing(to).is_some()).then_some((from, to))
}

/// Reads subtitles of `YouTube`.
///
/// # Errors
/// [`SourceError`] if no words belong to a time.
pub(crate) fn parse_sbv(text: &str) -> Result<RawTranscript, SourceError> {
    let line = |line: &str| match sbv_times(line) {
        Some((from, to)) => format!("{from} --> {to}\n"),
        None => format!("{line}\n"),
    };
    // It is `SubRip` but for the sign between the times, line by line.
    let raw = cues::parse(&text.lines().map(line).collect::<String>(), Format::Srt)?;
    Ok(RawTranscript { layout: "YouTube subtitles (SBV)".to_owned(), ..raw })
}

/// Reads LRC; `None` of words without any time, which are to be read as text.
///
/// # Errors
/// [`SourceError`] if nobody speaks in it.
pub(crate) fn parse_lrc(text: &str) -> Option<Result<RawTranscript, SourceError>> {
    let mut lines: Vec<(u64, String)> = Vec::new();
    // Where the words before the first time stand, and how many they are.
    let (mut n_before, mut first) = (0, None);
    for (number, line) in (1..).zip(text.lines()) {
        let mut rest = line.trim();
        let mut times = Vec::new();
        while let Some(stamp) = scan_stamp(rest).filter(|_| rest.starts_with('[')) {
            times.push(stamp.time.start_ms);
            rest = rest[stamp.len..].trim_start();
        }
        let is_field = rest.starts_with('[') && rest.ends_with(']') && rest.contains(':');
        if times.is_empty() && is_field {
            continue;
        }
        let words = without_word_times(rest);
        match lines.last_mut() {
            // A line without a time goes on with the one above.
            Some((_, last)) if times.is_empty() => {
                last.push(' ');
                last.push_str(&words);
            }
            None if times.is_empty() => {
                n_before += words_in(&words);
                first = first.or(Some(number).filter(|_| n_before > 0));
            }
            _ => lines.extend(times.into_iter().map(|ms| (ms, words.clone()))),
        }
    }
    if lines.is_empty() {
        let nothing = || Err(SourceError::whole(SourceProblem::NoSpeech));
        return (n_before == 0).then(nothing);
    }
    lines.sort_by_key(|(ms, _)| *ms);
    let ends = lines.iter().skip(1).map(|(ms, _)| Some(*ms)).chain([None]);
    let cues = lines.iter().zip(ends).map(|((start_ms, words), end_ms)| Cue {
        start_ms: Some(*start_ms),
        end_ms,
        label: None,
        words,
    });
    let before = first.map(|number| {
        Diagnostic::new(format!("{n_before} words before the first time are not read"))
            .on_line(number)
            .with(Remedy::new("if they were spoken, put a time before them, such as `[00:01.50]`"))
    });
    Some(read_cues(cues, "LRC lines with times").map(|mut raw| {
        raw.warnings.extend(before);
        raw
    }))
}

/// A line without the times of its single words, `<00:05.10>`.
fn without_word_times(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('<') {
        let (before, marked) = rest.split_at(at);
        kept.push_str(before);
        let end = marked.bytes().take(16).position(|byte| byte == b'>');
        let inner = end.map(|end| &marked[1..end]).filter(|inner| parse_timing(inner).is_some());
        let len = inner.map_or(1, |inner| inner.len() + 2);
        if inner.is_none() {
            kept.push('<');
        }
        rest = &marked[len..];
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::tests::cut_everywhere;
    use crate::sources::tests::render;

    #[test]
    fn sbv_is_read_as_subtitles() {
        let file = "0:00:01.500,0:00:04.000\nAda: So how did\nit start?\n\n0:00:04.000,0:00:05.250\nBen: Odd.\n\n\
                    0:00:05.250,0:00:06.000\nAda: In 1999, 2000.\n";
        let expected = "YouTube subtitles (SBV)\nAda|1500-4000|So how did it start?\nBen|4000-5250|Odd.\n\
                        Ada|5250-6000|In 1999, 2000.";
        assert_eq!(render(parse_sbv(file)), expected);
        assert_eq!(render(parse_sbv(&file.replace('\n', "\r\n"))), expected);
        cut_everywhere(file.as_bytes(), "a.sbv");
    }

    #[test]
    fn lrc_loses_its_fields_and_keeps_its_times() {
        let file = "[ti:Interview 3]\n[00:01.50]Ada: So how did it start?\n[00:04.00]Ben: It was <00:05.10>odd, a <3.\n\
                    [00:06.00]Ada: Yes?\nAnd then?\n";
        assert_eq!(
            render(parse_lrc(file).unwrap()),
            "LRC lines with times\nAda|1500-4000|So how did it start?\nBen|4000-6000|It was odd, a <3.\n\
             Ada|6000-6000|Yes? And then?"
        );
        cut_everywhere(file.as_bytes(), "a.lrc");
    }
}
