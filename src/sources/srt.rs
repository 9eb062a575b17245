//! Reads `SubRip` subtitles.
//!
//! The decoded text of a file comes in; a [`RawTranscript`] goes out. How cues
//! are found and who speaks in them is told in [`super::cues`]:
//!
//! ```text
//! 1
//! 00:00:02,656 --> 00:00:05,230
//! ADA QUILL: So how did <i>it</i> start?
//!
//! 2
//! 00:00:05,900 --> 00:00:09,120
//! [P. Rowan] {\an8}It was, um, odd at first.
//! ```
//!
//! Numbers may be missing or wrong, and `.` may stand for `,`.

use super::cues::{self, Format};
use super::{RawTranscript, SourceError};

/// Reads a `SubRip` file.
///
/// # Errors
/// [`SourceError`] if it has no cue, no words, or no words that belong to a time.
pub(super) fn parse(text: &str) -> Result<RawTranscript, SourceError> {
    cues::parse(text, Format::Srt)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{cut_everywhere, render};
    use super::*;

    #[track_caller]
    fn check(file: &str, expected: &str) {
        assert_eq!(render(parse(file)), expected, "\n--- file\n{file}");
        let windows = file.replace('\n', "\r\n");
        assert_eq!(render(parse(&windows)), expected, "with \\r\\n");
        cut_everywhere(file.as_bytes(), "a.srt");
    }

    #[test]
    fn numbers_blank_lines_and_commas_may_be_missing() {
        check(
            "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>Hi</i>, it\nwas odd.\n2\n00:00:02.000 -> 00:00:03.5\n\
             <font color=\"#fff\">Yes.</font>\n\n00:00:03,500 --> 00:00:04,000\n7\n",
            "SubRip (SRT)\n?|1000-2000,2000-3500,3500-4000|Hi, it was odd. Yes. 7",
        );
    }

    #[test]
    fn labels_come_in_several_styles() {
        let file = |a: &str, b: &str| {
            format!(
                "1\n00:01,000 --> 00:02,000\n{a} So?\n\n2\n00:02,000 --> 00:03,000\n{b} Hm.\n\n\
                 3\n00:03,000 --> 00:04,000\n{a} Yes.\n"
            )
        };
        let expected = "SubRip (SRT)\nADA|1000-2000|So?\nBen|2000-3000|Hm.\nADA|3000-4000|Yes.";
        for (a, b) in [
            ("ADA:", "Ben:"),
            ("[ADA]", "[Ben]"),
            ("(ADA)", "(Ben)"),
            ("[ADA]:", "[Ben]:"),
            (">> ADA:", ">> Ben:"),
            ("- ADA:", "-Ben:"),
            ("&gt;&gt; ADA:", ">>Ben:"),
            ("ADA：", "Ben："),
        ] {
            check(&file(a, b), expected);
        }
    }

    #[test]
    fn several_speakers_may_share_a_cue() {
        check(
            "1\n00:01,000 --> 00:02,000\nADA: So?\nBEN: No.\n\n2\n00:02,000 --> 00:03,000\nADA: Oh.\n\
             BEN: Well,\nyes.\n",
            "SubRip (SRT)\nADA|1000-2000|So?\nBEN|1000-2000|No.\nADA|2000-3000|Oh.\n\
             BEN|2000-3000|Well, yes.",
        );
    }

    #[test]
    fn sounds_in_brackets_are_no_speakers() {
        check(
            "1\n00:01,000 --> 00:02,000\n[Laughter] So?\n\n2\n00:02,000 --> 00:03,000\n[Laughter] No.\n",
            "SubRip (SRT)\n?|1000-2000,2000-3000|[Laughter] So? [Laughter] No.",
        );
    }

    #[test]
    fn a_name_on_the_first_line_of_each_cue_is_who_speaks() {
        check(
            "00:00:01 --> 00:00:02\nAda\nSo how?\n\n00:00:02 --> 00:00:03\nBen\nNo.\nNot at all.\n\n\
             00:00:03 --> 00:00:04\nAda\nOh.\n\n00:00:04 --> 00:00:05\nBen\nYes.\n",
            "SubRip (SRT)\nAda|1000-2000|So how?\nBen|2000-3000|No. Not at all.\n\
             Ada|3000-4000|Oh.\nBen|4000-5000|Yes.",
        );
    }

    #[test]
    fn chevrons_alone_name_nobody() {
        check(
            "1\n00:01,000 --> 00:02,000\n>> ADA: So?\n\n2\n00:02,000 --> 00:03,000\n>> ADA: No.\n\n\
             3\n00:03,000 --> 00:04,000\n>> Oh.\n",
            "SubRip (SRT)\nADA|1000-2000,2000-3000|So? No.\n?|3000-4000|Oh.",
        );
    }

    #[test]
    fn a_lost_time_leaves_the_words_with_the_cue_before() {
        check(
            "1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\nTwo.\n\n3\n00:00:03,000 --> 00:00:04,000\nThree.\n",
            "SubRip (SRT)\n?|1000-2000,3000-4000|One. 2 Two. Three.",
        );
    }

    #[test]
    fn a_file_without_timed_words_says_why() {
        check("", "error the file is empty");
        check("1", "error no speech was found in this file");
        let unaligned = "the file has times, but no words that belong to a time";
        check("some text\n00:00:00,500 --> 00:00:07,000", &format!("error 2: {unaligned}"));
        check("1\nsome text", &format!("error {unaligned}"));
    }
}
