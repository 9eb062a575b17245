//! Reads interview files, whatever tool wrote them.
//!
//! Bytes come in; a [`RawTranscript`] goes out: one plain text, the turns in
//! it as byte spans with the label of who speaks, and the times that the file
//! tells. One parser a format, each a pure function of its bytes; [`read`]
//! picks it by the file's ending and content.
//!
//! # The plain text
//!
//! Of a text file the plain text is the file: decoded, without a byte order
//! mark, otherwise byte for byte (a lone `\r` of old Macs becomes `\n`, an
//! entity such as `&amp;` its sign; what stands on every page is blank), so
//! that its lines are the lines an editor shows. Of a document (Word, `OpenDocument`, RTF, web
//! page) it is the paragraphs, one a line, with soft line breaks as line ends; of a PDF the
//! lines on its pages. Of timed and
//! tabular formats (subtitles, tiers, tables, JSON) it is one turn a line,
//! `Speaker: words`, where consecutive cues of one speaker are one turn.
//!
//! ```
//! use leitmotif::sources::read;
//!
//! let file = "WEBVTT\n\n00:01.000 --> 00:02.500\n<v Siân>It was, um, odd.</v>\n";
//! let raw = read(file.as_bytes(), "P01.vtt")?;
//! assert_eq!(raw.text, "Siân: It was, um, odd.\n");
//! assert_eq!(raw.turns[0].span.of(&raw.text), "It was, um, odd.");
//! # Ok::<(), leitmotif::files::SourceError>(())
//! ```

mod columns;
pub(crate) mod document;
mod json;
pub(crate) mod plain;
#[cfg(test)]
mod properties;
mod sheets;
mod strays;
mod tei;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use self::plain::parse_with;
use crate::base::{Diagnostic, Remedy, one_line};
use crate::documents::{self, Office, pdf, xml};
use crate::files::{MAX_BYTES, SourceError, SourceProblem, encoding, is_transcript_ending};
use crate::text::{Declared, RawTranscript};
use crate::timed::cues::{self, Format};
use crate::timed::{captions, elan, exmaralda, textgrid, transcriber, ttml};

/// The most speakers of one file.
pub const MAX_SPEAKERS: usize = 65_535;

/// Reads one file. `name` is its file name; the ending and the first bytes
/// decide which parser reads it.
///
/// # Errors
/// [`SourceError`] if the file is no transcript; nothing in a file panics.
pub fn read(bytes: &[u8], name: &str) -> Result<RawTranscript, SourceError> {
    read_with(bytes, name, &Declared::default())
}

/// Reads one file as [`read`] does, with what is `declared` of it.
///
/// # Errors
/// [`SourceError`] if the file is no transcript; nothing in a file panics.
pub fn read_with(
    bytes: &[u8],
    name: &str,
    declared: &Declared,
) -> Result<RawTranscript, SourceError> {
    // A defect in a parser must not stop the run: the other files are fine.
    catch_unwind(AssertUnwindSafe(|| read_unguarded(bytes, name, declared))).unwrap_or_else(
        |panic| {
            let message = panic.downcast_ref::<&str>().map(|message| (*message).to_owned());
            let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
            let message = message.unwrap_or_else(|| "unknown cause".to_owned());
            Err(SourceError::whole(SourceProblem::Internal(message)))
        },
    )
}

/// The ending of a file name, in lower case, if it has one.
fn ending_of(name: &str) -> Option<String> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let (stem, ending) = file.rsplit_once('.')?;
    let is_ending = !stem.is_empty()
        && (1..=10).contains(&ending.len())
        && ending.chars().all(|sign| sign.is_ascii_alphanumeric());
    is_ending.then(|| ending.to_ascii_lowercase())
}

fn read_unguarded(
    bytes: &[u8],
    name: &str,
    declared: &Declared,
) -> Result<RawTranscript, SourceError> {
    let ending = ending_of(name);
    if let Some(ending) = &ending
        && !is_transcript_ending(ending)
    {
        return Err(SourceError::whole(SourceProblem::UnknownKind(ending.clone())));
    }
    if bytes.is_empty() {
        return Err(SourceError::whole(SourceProblem::Empty));
    }
    if u64::try_from(bytes.len()).is_ok_and(|n_bytes| n_bytes > MAX_BYTES) {
        return Err(SourceError::whole(SourceProblem::TooLarge));
    }
    let mut raw = if bytes.starts_with(pdf::START) || ending.as_deref() == Some("pdf") {
        let read = documents::pdf_document(bytes).map_err(SourceError::whole)?;
        document::read(read, declared)?
    } else if documents::is_packed(bytes) {
        read_packed(bytes, declared)?
    } else if documents::is_rtf(bytes) {
        let read = documents::rich_text(bytes).map_err(SourceError::whole)?;
        document::read(read, declared)?
    } else {
        read_text(bytes, ending.as_deref(), declared)?
    };
    check(&mut raw)?;
    // A blank that does not break the line is one all the same: `D.\u{a0}S.`.
    for label in raw.turns.iter_mut().filter_map(|turn| turn.label.as_mut()) {
        *label = one_line(label);
    }
    let file = std::str::from_utf8(bytes).ok();
    let told = [strays::strays(&raw, file), strays::odd_times(&raw, file)];
    let lines: BTreeSet<usize> = raw.warnings.iter().filter_map(Diagnostic::line).collect();
    let is_new = |told: &Diagnostic| told.line().is_none_or(|line| !lines.contains(&line));
    raw.warnings.extend(told.into_iter().flatten().filter(is_new));
    raw.warnings.sort_by_key(Diagnostic::line);
    Ok(raw)
}

/// Reads a file of an office program, by what is in it.
fn read_packed(bytes: &[u8], declared: &Declared) -> Result<RawTranscript, SourceError> {
    match documents::office(bytes).map_err(SourceError::whole)? {
        Office::Text(found) => document::read(found, declared),
        Office::Sheets(sheets, kind) => sheets::read(&sheets, kind),
    }
}

/// Reads a file that is no archive.
fn read_text(
    bytes: &[u8],
    ending: Option<&str>,
    declared: &Declared,
) -> Result<RawTranscript, SourceError> {
    let decoded = encoding::decode(bytes);
    let decoded = match (decoded, ending) {
        // A damaged archive is no text; its own reader says so best.
        (Err(_), Some("docx" | "odt" | "ods" | "xlsx")) => {
            return read_packed(bytes, declared);
        }
        (Err(_), None) => return Err(SourceError::whole(SourceProblem::NoEnding)),
        (decoded, _) => decoded.map_err(SourceError::whole)?,
    };
    let encoding::Decoded { text, encoding, had_errors } = decoded;
    let start = text.trim_start();
    if start.is_empty() {
        return Err(SourceError::whole(SourceProblem::Empty));
    }
    let begins =
        |mark: &str| start.get(..mark.len()).is_some_and(|it| it.eq_ignore_ascii_case(mark));
    let is_page = begins("<!doctype html") || begins("<html");
    let is_free = matches!(ending, None | Some("txt" | "text" | "md" | "markdown"));
    let mut raw = if cues::starts_as_vtt(&text) {
        cues::parse(&text, Format::Vtt)
    } else if (is_free || ending == Some("srt")) && cues::starts_as_srt(&text) {
        cues::parse(&text, Format::Srt)
    } else if is_page {
        document::read(documents::web_page(&text), declared)
    } else {
        match ending {
            Some("vtt") => cues::parse(&text, Format::Vtt),
            Some("srt") => cues::parse(&text, Format::Srt),
            Some("docx" | "odt" | "ods" | "xlsx") => read_packed(bytes, declared),
            Some("html" | "htm") => document::read(documents::web_page(&text), declared),
            Some("eaf" | "exb" | "trs" | "ttml" | "dfxp" | "tei" | "xml") => {
                read_xml(&text, declared)
            }
            Some("textgrid") => textgrid::parse(&text),
            Some("sbv") => captions::parse_sbv(&text),
            Some("lrc") => {
                captions::parse_lrc(&text).unwrap_or_else(|| parse_with(text, false, declared))
            }
            Some("json") => json::parse(&text),
            Some("csv") => columns::parse(&text, None),
            Some("tsv" | "tab") => columns::parse(&text, Some('\t')),
            Some("md" | "markdown") => parse_with(text, true, declared),
            _ => parse_with(text, false, declared),
        }
    }?;
    if had_errors {
        raw.warnings.push(
            Diagnostic::new(format!("some characters could not be read as {encoding}"))
                .with(Remedy::new("save the file as UTF-8")),
        );
    }
    Ok(raw)
}

/// Reads XML by its outermost element.
fn read_xml(text: &str, declared: &Declared) -> Result<RawTranscript, SourceError> {
    match xml::root_of(text).as_deref() {
        Some("ANNOTATION_DOCUMENT") => elan::parse(text),
        Some("basic-transcription") => exmaralda::parse(text),
        Some("Trans") => transcriber::parse(text),
        Some("tt") => ttml::parse(text),
        Some("TEI" | "TEI.2" | "teiCorpus") => tei::parse(text, declared),
        Some("html") => document::read(documents::web_page(text), declared),
        _ => Err(SourceError::whole(SourceProblem::UnknownXml)),
    }
}

/// Makes sure of what [`RawTranscript`] promises, whatever parser made it.
fn check(raw: &mut RawTranscript) -> Result<(), SourceError> {
    let broken = |what: &str| Err(SourceError::whole(SourceProblem::Internal(what.to_owned())));
    let mut end = 0;
    let mut speaks = false;
    for turn in &raw.turns {
        let Some(words) = raw.text.get(turn.span.range()) else {
            return broken("a turn lies outside the text");
        };
        if turn.span.start < end {
            return broken("the turns are out of order");
        }
        if words.trim().is_empty() {
            return broken("a turn is blank");
        }
        end = turn.span.end;
        speaks |= words.chars().any(char::is_alphabetic);
    }
    let labels: BTreeSet<&Option<String>> = raw.turns.iter().map(|turn| &turn.label).collect();
    if labels.len() > MAX_SPEAKERS {
        return Err(SourceError::whole(SourceProblem::TooManySpeakers(labels.len())));
    }
    if !speaks {
        return Err(SourceError::whole(SourceProblem::NoSpeech));
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::{Span, TimeSpan};
    use crate::text::RawTurn;

    /// Renders a transcript as `label|start-end,…|words` lines, after its layout.
    pub(crate) fn render(result: Result<RawTranscript, SourceError>) -> String {
        match result {
            Ok(raw) => {
                let mut lines = vec![raw.layout.clone()];
                for turn in &raw.turns {
                    let label = turn.label.as_deref().unwrap_or("?");
                    let time = |(_, time): &(u32, TimeSpan)| {
                        let end = time.end_ms.map_or(String::new(), |end| end.to_string());
                        format!("{}-{end}", time.start_ms)
                    };
                    let times: Vec<String> = turn.cues.iter().map(time).collect();
                    lines.push(format!("{label}|{}|{}", times.join(","), turn.span.of(&raw.text)));
                }
                for warning in &raw.warnings {
                    let line = warning.line().map_or(String::new(), |line| line.to_string());
                    lines.push(format!("warning {line}: {}", warning.problem));
                }
                lines.join("\n")
            }
            Err(error) => {
                let line = error.line.map_or(String::new(), |line| format!("{line}: "));
                format!("error {line}{error}")
            }
        }
    }

    /// Cuts a file at each byte and reads it: no cut may be a defect of ours.
    pub(crate) fn cut_everywhere(file: &[u8], name: &str) {
        for end in 0..file.len() {
            let cut = read(&file[..end], name);
            if let Err(SourceError { problem: SourceProblem::Internal(message), .. }) = cut {
                panic!("cut at byte {end}: {message}");
            }
        }
    }

    #[track_caller]
    fn check_read(file: &[u8], name: &str, expected: &str) {
        assert_eq!(render(read(file, name)), expected);
    }

    #[test]
    fn the_ending_picks_the_parser() {
        let vtt = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n";
        check_read(vtt, "a.VTT", "WebVTT\n?|1000-2000|Hello.");
        check_read(b"P1: Hello.\n", "a.txt", "plain text, `Name:` turns\nP1||Hello.");
        check_read(b"**P1:** Hello.\n", "a.md", "Markdown, `Name:` turns\nP1||Hello.");
        check_read(b"P1: Hello.\n", "a", "plain text, `Name:` turns\nP1||Hello.");
        check_read(
            b"speaker\ttext\nAda\tHi\n",
            "a.tsv",
            "CSV table, one row for each turn\nAda||Hi",
        );
        check_read(b"[{\"text\":\"Hi\"}]", "a.json", "JSON list of turns\n?||Hi");
    }

    #[test]
    fn the_content_wins_where_it_is_certain() {
        let vtt = b"\xef\xbb\xbfWEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nHello.\r\n";
        for name in ["a.txt", "a.srt", "a.docx", "a.json", "a"] {
            check_read(vtt, name, "WebVTT\n?|1000-2000|Hello.");
        }
        let srt = b"\n1\n00:00:01,000 --> 00:00:02,000\nHello.\n";
        check_read(srt, "a.txt", "SubRip (SRT)\n?|1000-2000|Hello.");
        check_read(srt, "a.vtt", "WebVTT\n?|1000-2000|Hello.");
    }

    #[test]
    fn a_file_that_is_no_transcript_says_why() {
        check_read(b"", "a.txt", "error the file is empty");
        check_read(b" \n\n", "a.vtt", "error the file is empty");
        check_read(b"x", "tape.MP3", "error `.mp3` files are not read");
        check_read(
            b"\0\x01\x02",
            "a",
            "error the file has no ending, and its content is not a known format",
        );
        check_read(b"\0\x01\x02", "a.txt", "error the file holds binary data, not text");
        check_read(b"P1: 17, 18\n", "a.txt", "error no speech was found in this file");
        check_read(
            b"\xd0\xcf\x11\xe0\0\0",
            "a.docx",
            "error the file is protected by a password, or is an old Office file (`.doc`, `.xls`)",
        );
    }

    #[test]
    fn bytes_that_cannot_be_decoded_are_a_warning() {
        // A file that was cut in the middle of its last character.
        let file = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHell\xc3\xb6. H\xc3";
        let expected = "WebVTT\n?|1000-2000|Hell\u{f6}. H\n\
                        warning : some characters could not be read as UTF-8";
        check_read(file, "a.vtt", expected);
    }

    #[test]
    fn what_is_a_label_in_a_text_is_one_in_captions_too() {
        // 62 characters: captions had another limit than texts.
        let long = format!("{} Prydderch", "Siân".repeat(13));
        for (label, is_one) in [
            (long.as_str(), true),
            ("Dr. O'Neill", true),
            ("Subject", false),
            ("He said", false),
            ("e.g.", false),
        ] {
            let lines = [("Q", "Why?"), (label, "One."), ("Q", "How?"), (label, "Two.")];
            let text = lines.map(|(label, words)| format!("{label}: {words}\n")).concat();
            let cue = |at: usize, line: &str| format!("00:0{at}.000 --> 00:0{at}.900\n{line}\n\n");
            let cues: String = text.lines().enumerate().map(|(at, line)| cue(at, line)).collect();
            for (file, name) in [(text, "a.txt"), (format!("WEBVTT\n\n{cues}"), "a.vtt")] {
                let raw = read(file.as_bytes(), name).unwrap();
                let is_found = raw.turns.iter().any(|turn| turn.label.as_deref() == Some(label));
                assert_eq!(is_found, is_one, "{label} in {name}");
            }
        }
    }

    #[test]
    fn endings_are_known_in_any_case() {
        assert!(is_transcript_ending("DOCX") && is_transcript_ending("vtt"));
        assert!(!is_transcript_ending("doc") && !is_transcript_ending(""));
    }

    #[test]
    fn turns_that_break_the_invariant_are_refused() {
        let raw = |spans: &[(usize, usize)]| {
            let turns = spans.iter().map(|&(a, b)| RawTurn {
                label: None,
                span: Span::new(a, b),
                cues: Vec::new(),
            });
            RawTranscript::new("", ("é one two".to_owned(), turns.collect()), Vec::new())
        };
        assert!(check(&mut raw(&[(0, 6), (7, 10)])).is_ok());
        for bad in [&[(1, 6)][..], &[(0, 99)], &[(0, 6), (5, 10)], &[(2, 3), (3, 6)], &[]] {
            assert!(check(&mut raw(bad)).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_a_defect_of_ours(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            ending in proptest::sample::select(crate::files::ENDINGS),
        ) {
            let result = read(&bytes, &format!("a.{ending}"));
            let is_ours = matches!(
                result,
                Err(SourceError { problem: SourceProblem::Internal(_), .. })
            );
            prop_assert!(!is_ours);
        }

        #[test]
        fn no_words_are_a_defect_of_ours(
            parts in proptest::collection::vec(
                prop_oneof![
                    "\\PC{0,12}",
                    proptest::sample::select(vec![
                        "\n", "\n\n", "00:01.000 --> 00:02.000\n", "00:0", " --> ", "<v Siân>", "</v>",
                        "<", ">", "&amp;", "&#x", ";", "Ada: ", "王芳：", "[Ada] ", ">> ", "- ", "{\\an8}",
                        "12\n", "NOTE ", "WEBVTT\n\n", "99:99:99,999 --> 0:0\n", "👍🏽", "\r\n", "<c.é",
                        "3f0c1d9e-0000/1-0\n", "{", "[", "\"text\":", "\"segments\":[", "]", "}",
                    ]).prop_map(str::to_owned),
                ],
                0..40,
            ),
            ending in proptest::sample::select(vec!["vtt", "srt", "json"]),
        ) {
            let file = parts.concat();
            let result = read(file.as_bytes(), &format!("a.{ending}"));
            let is_ours = matches!(
                result,
                Err(SourceError { problem: SourceProblem::Internal(_), .. })
            );
            prop_assert!(!is_ours);
        }
    }
}
