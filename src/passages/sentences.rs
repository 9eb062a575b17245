//! Sentence ends in transcribed speech.

use std::ops::Range;

use crate::base::{LineEnds, Span, counts_alone, is_taken_out, words_in};

/// Words before a full stop that end no sentence, lower-cased, by the
/// languages that transcripts here are in.
const ABBREVIATIONS: &[&str] = &[
    "dr", "mr", "mrs", "ms", "prof", "st", "sr", "jr", "vs", "etc", "e.g", "i.e", "eg", "ie", "no",
    "approx", "dept", "fig", "hr", "fr", "nr", "bzw", "z.b", "d.h", "u.a", "ca", "usw", "dipl",
    "ing", "mme", "mlle", "m", "p.ex", "av", "sra", "dra", "srta", "ud", "uds", "dott", "sig",
    "avv", "ecc", "dhr", "mevr", "bijv", "bl.a", "t.ex", "f.eks",
];
/// Only these still end no sentence when the next word has a capital.
const TITLES: &[&str] = &[
    "dr", "mr", "mrs", "ms", "prof", "st", "sr", "jr", "hr", "fr", "mme", "mlle", "sra", "dra",
    "srta", "dott", "sig", "avv", "dhr", "mevr", "dipl", "ing", "e.g", "i.e", "z.b", "d.h", "bijv",
    "bl.a", "t.ex", "f.eks", "vs", "p.ex",
];

/// Cuts `text` into sentences: byte spans that follow each other, without the
/// white space between them.
///
/// A sentence ends at `.`, `?`, `!`, `…` and their kin, with the quotes and
/// brackets that close there, before white space and not before a small
/// letter; at a line end, of lines that fit a page at a blank line; and, where speech
/// has no such marks, before it would have more than `max_words` words, after a comma if
/// one is near. Nothing ends inside a transcriber's `[brackets]`, nor where a line was
/// taken out.
pub fn sentences(text: &str, max_words: usize, line_ends: LineEnds) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for end in ends(text, line_ends) {
        push_bounded(text, start, end, max_words, &mut found);
        start = end;
    }
    push_bounded(text, start, text.len(), max_words, &mut found);
    found
}

/// The bytes after which a sentence is over.
fn ends(text: &str, line_ends: LineEnds) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut depth = 0_u32;
    let (mut goes_on_to, mut n_lines_open) = (0, 0);
    let mut ahead = Ahead::default();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            '\n' if at < goes_on_to => {}
            '\n' => {
                if let Some(next) = beyond_line(text, at, line_ends) {
                    goes_on_to = next;
                    n_lines_open += usize::from(depth > 0);
                    // A bracket that nobody closed must not swallow the rest.
                    if n_lines_open > 1 {
                        (depth, n_lines_open) = (0, 0);
                    }
                } else {
                    (depth, n_lines_open) = (0, 0);
                    ends.push(at + 1);
                }
            }
            '。' | '？' | '！' if depth == 0 => ends.push(at + c.len_utf8()),
            '.' | '?' | '!' | '…' | '।' | '؟' | '\u{37e}' if depth == 0 => {
                let mut end = at + c.len_utf8();
                while let Some(&(next, d)) = chars.peek() {
                    if !matches!(
                        d,
                        '.' | '?' | '!' | '…' | '"' | '”' | '’' | '»' | '\'' | ')' | '“'
                    ) {
                        break;
                    }
                    end = next + d.len_utf8();
                    chars.next();
                }
                let rest = &text[end..];
                let opens = rest.is_empty() || rest.starts_with(char::is_whitespace);
                let next = ahead.next_letter(text, end, line_ends);
                let goes_on = next.is_some_and(char::is_lowercase);
                if opens && !goes_on && !(c == '.' && is_abbreviation(&text[..at], next)) {
                    ends.push(end);
                }
            }
            _ => {}
        }
    }
    ends
}

/// Where talk goes on that does not end with the line that ends at `at`.
fn beyond_line(text: &str, at: usize, line_ends: LineEnds) -> Option<usize> {
    let next = text.len() - text[at..].trim_start().len();
    let gap = &text[at + 1..next];
    let (between, indent) = gap.rsplit_once('\n').map_or((None, gap), |(a, b)| (Some(a), b));
    let is_page_end = indent.contains('\u{c}')
        || between.is_some_and(|lines| lines.split('\n').any(is_taken_out));
    let goes_on = is_page_end || (line_ends == LineEnds::Page && between.is_none());
    (next < text.len() && goes_on).then_some(next)
}

/// What was found ahead: from where to where there is no letter and no line end. Thousands of
/// full stops in a row all look for the same letter.
#[derive(Debug, Default)]
struct Ahead(Range<usize>);

impl Ahead {
    /// The first letter or digit from `from` on, as far as talk goes on.
    fn next_letter(&mut self, text: &str, from: usize, line_ends: LineEnds) -> Option<char> {
        let to_next = |from: usize| {
            let found = text[from..].find(|c: char| c.is_alphanumeric() || c == '\n');
            found.map_or(text.len(), |at| from + at)
        };
        if !self.0.contains(&from) {
            self.0 = from..to_next(from);
        }
        let mut at = self.0.end;
        loop {
            match text[at..].chars().next()? {
                '\n' => at = to_next(beyond_line(text, at, line_ends)?),
                next => return Some(next),
            }
        }
    }
}

/// Whether the full stop after `before` belongs to its last word.
fn is_abbreviation(before: &str, next: Option<char>) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || "([\"“".contains(c))
        .next()
        .unwrap_or_default();
    let mut letters = word.chars();
    let is_initial =
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none() && word != "I";
    let word = word.to_lowercase();
    is_initial
        || TITLES.contains(&word.as_str())
        || (ABBREVIATIONS.contains(&word.as_str()) && next.is_some_and(|c| !c.is_uppercase()))
}

/// Adds `text[start..end]` without the white space around it, in parts of at
/// most `max_words` words.
fn push_bounded(text: &str, start: usize, end: usize, max_words: usize, found: &mut Vec<Span>) {
    let mut push = |from: usize, to: usize| {
        let part = &text[from..to];
        let trimmed = part.trim();
        if !trimmed.is_empty() {
            let from = from + (part.len() - part.trim_start().len());
            found.push(Span::new(from, from + trimmed.len()));
        }
    };
    let mut from = start;
    let mut n_words = 0;
    let mut after_comma = None;
    let mut in_word = false;
    for (at, c) in text[start..end].char_indices() {
        let at = start + at;
        // Words end at white space; of some scripts each character is a word.
        if counts_alone(c) || (c.is_whitespace() && in_word) {
            n_words += 1;
            let has_comma = text[..at].ends_with([',', ';', '–', '—', '、', '，']);
            if has_comma && n_words * 2 > max_words {
                after_comma = Some(at);
            }
            if n_words >= max_words {
                let cut = after_comma.take().unwrap_or(at);
                push(from, cut);
                n_words = words_in(&text[cut..at]);
                from = cut;
            }
        }
        in_word = !c.is_whitespace() && !counts_alone(c);
    }
    push(from, end);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        check_lines(text, LineEnds::Spoken, expected);
    }

    #[track_caller]
    fn check_lines(text: &str, line_ends: LineEnds, expected: &[&str]) {
        let found = sentences(text, 12, line_ends);
        let found: Vec<&str> = found.into_iter().map(|span| span.of(text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_sentence_goes_on_in_the_next_line_of_a_page() {
        let page = |text, expected: &[&str]| check_lines(text, LineEnds::Page, expected);
        page(
            "We had a\nsmall house. It\nwas old.\nVery.",
            &["We had a\nsmall house.", "It\nwas old.", "Very."],
        );
        page(
            "I saw Dr.\nQuill at 5 p.m.\non the hill\n\nThen we left",
            &["I saw Dr.\nQuill at 5 p.m.\non the hill", "Then we left"],
        );
        page(
            "He [laughs. Loudly\nand long.] went. Home",
            &["He [laughs. Loudly\nand long.] went.", "Home"],
        );
        page("He [laughs\nand goes\nhome. Then", &["He [laughs\nand goes\nhome.", "Then"]);
    }

    #[test]
    fn a_sentence_goes_on_across_a_line_that_was_taken_out() {
        let text = "In the winter, in\n\n\t      \n\t\nGermany it was cold.\n\t  \nYes\nNo";
        check(text, &["In the winter, in\n\n\t      \n\t\nGermany it was cold.", "Yes", "No"]);
        check("and\n\u{c}then", &["and\n\u{c}then"]);
        check("and\n\t \n", &["and"]);
    }

    #[test]
    fn sentences_end_where_speakers_end_them() {
        check(
            "It was odd. Was it? “Yes!” And then…  fine.",
            &["It was odd.", "Was it?", "“Yes!”", "And then…  fine."],
        );
        check("First line\nsecond line", &["First line", "second line"]);
        check("没有声音。真的吗？好", &["没有声音。", "真的吗？", "好"]);
    }

    #[test]
    fn a_full_stop_does_not_always_end_one() {
        check(
            "I saw Dr. Quill at 5.30 p.m. on the 3. of May.",
            &["I saw Dr. Quill at 5.30 p.m. on the 3. of May."],
        );
        check(
            "J. Rowan said so, e.g. Ann did. That was I. Then no.",
            &["J. Rowan said so, e.g. Ann did.", "That was I.", "Then no."],
        );
        check("He [laughs. Loudly] went. Home.", &["He [laughs. Loudly] went.", "Home."]);
    }

    #[test]
    fn speech_without_marks_is_cut_all_the_same() {
        check(
            "one two three four five six seven, eight nine ten eleven twelve thirteen fourteen",
            &[
                "one two three four five six seven,",
                "eight nine ten eleven twelve thirteen fourteen",
            ],
        );
    }

    proptest! {
        #[test]
        fn sentences_keep_every_word_in_order(text in "\\PC{0,200}", extra in "[a-z. \t\n\\[\\]?!…]{0,300}", is_page: bool) {
            let text = format!("{text}{extra}");
            let line_ends = if is_page { LineEnds::Page } else { LineEnds::Spoken };
            let found = sentences(&text, 9, line_ends);
            let joined: Vec<&str> = found.iter().flat_map(|span| span.of(&text).split_whitespace()).collect();
            let all: Vec<&str> = text.split_whitespace().collect();
            prop_assert_eq!(joined.concat(), all.concat());
            prop_assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
