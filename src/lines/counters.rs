//! Takes away what only counts: the lines of a page, or the turns.
//!
//! A text comes in; one of the same length and lines goes out, in which spaces stand for
//! each counter:
//!
//! ```text
//! counter := [open] [letters] number close
//! open    := "[" | "(" | "<" | "{" | "#"
//! close   := "]" | ")" | ">" | "}" | "." | ":" | "|" | TAB | blanks
//!
//! 12  words                 lines, each or every fifth
//! [T001] Moderator: words   turns before whoever speaks
//! 7. Ada: words
//! Ada [7]: words [8]
//! Q1: words                 turns of a question and its answer, in their labels
//! A1: words
//! ```
//!
//! Numbers of one shape are counters only if they grow as lines do, or as turns do and
//! stand before labels that come again. Steps of an answer, guides and shares are none.

use std::collections::{BTreeMap, BTreeSet};

use super::skip_list_mark;
use crate::labels::asking::QUESTION;
use crate::labels::heads::{clean_label, is_blank, skip_blanks, skip_emphasis};
use crate::labels::time::{parse_timing, scan_stamp};
use crate::labels::{MAX_CHARS, counts, fold, is_label, n_recurring};

/// The fewest numbers that are a series.
const MIN_SERIES: usize = 5;
/// The fewest numbers that may count lines.
const MIN_LINES: usize = 8;
/// The most digits of a counter.
const MAX_DIGITS: usize = 5;
/// The most letters before its number: `Turn`, `Question`.
const MAX_LETTERS: usize = 12;

/// How a counter is written, whatever its number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    open: Option<char>,
    letters: String,
    close: char,
}

/// One counter: bytes of the text.
#[derive(Debug, Clone, Copy)]
struct Counter {
    /// Which line it is: of those that hold something, and of all.
    line: (usize, usize),
    start: usize,
    digits: (usize, usize),
    end: usize,
    end_of_line: usize,
    number: usize,
}

/// The text without what only counts; `None` if nothing in it does.
pub(crate) fn without_counters(text: &str) -> Option<String> {
    let mut series: BTreeMap<Shape, Vec<Counter>> = BTreeMap::new();
    let mut behind: BTreeMap<char, Vec<Counter>> = BTreeMap::new();
    let mut n_lines = 0;
    let mut from = 0;
    for (n, piece) in text.split_inclusive('\n').enumerate() {
        let words = piece.trim_end_matches(is_blank);
        if !words.is_empty() {
            if let Some((shape, counter)) = read_counter(words, from, (n_lines, n)) {
                series.entry(shape).or_default().push(counter);
            } else if let Some((place, counter)) = read_bracketed(words, from, (n_lines, n)) {
                behind.entry(place).or_default().push(counter);
            }
            n_lines += 1;
        }
        from += piece.len();
    }
    // Lines that only go on with a number, `30 of us`, are none of a series of turns.
    for counters in series.values_mut().filter(|counters| !grows(counters)) {
        counters.retain(|it| label_in(&text[it.end..it.end_of_line]).is_some());
    }
    series.retain(|_, counters| counters.len() >= MIN_SERIES && grows(counters));
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let whole = |counter: &Counter| (counter.start, counter.end);
    for (shape, counters) in &series {
        let is_bare = shape.letters.is_empty();
        if (is_bare && counts_lines(counters, n_lines))
            || count_turns(text, counters)
            || head_answers(text, shape, counters)
        {
            taken.extend(counters.iter().map(whole));
        } else if has_partner(shape, &series) {
            taken.extend(counters.iter().map(|counter| counter.digits));
        }
    }
    // Notes have their numbers in brackets too, but on a few lines only.
    let is_usual = |counters: &&Vec<Counter>| {
        counters.len() >= MIN_LINES && counters.len() * 10 >= n_lines * 6 && grows(counters)
    };
    taken.extend(behind.values().filter(is_usual).flatten().map(whole));
    if taken.is_empty() {
        taken = joined_counters(text);
    }
    if taken.is_empty() {
        return None;
    }
    taken.sort_unstable();
    let mut bare = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end) in taken {
        bare.push_str(&text[at..start]);
        bare.extend(std::iter::repeat_n(' ', end - start));
        at = end;
    }
    Some(bare + &text[at..])
}

/// Where the numbers of turns stand that are joined to labels: `P01-004:`. Those of each
/// label grow, of two people or more.
fn joined_counters(text: &str) -> Vec<(usize, usize)> {
    let mut of_label: BTreeMap<String, Vec<Counter>> = BTreeMap::new();
    let mut from = 0;
    for (n, piece) in text.split_inclusive('\n').enumerate() {
        if let Some((label, counter)) = read_joined(piece, from, (n, n)) {
            of_label.entry(label).or_default().push(counter);
        }
        from += piece.len();
    }
    let n_all: usize = of_label.values().map(Vec::len).sum();
    of_label.retain(|_, counters| counters.len() >= MIN_SERIES && grows(counters));
    let n_taken: usize = of_label.values().map(Vec::len).sum();
    if of_label.len() < 2 || n_taken * 10 < n_all * 9 {
        return Vec::new();
    }
    of_label.into_values().flatten().map(|counter| (counter.start, counter.end)).collect()
}

/// Reads a label that ends in a number behind a dash.
fn read_joined(words: &str, from: usize, line: (usize, usize)) -> Option<(String, Counter)> {
    let colon = words.find(':').filter(|colon| *colon <= MAX_CHARS)?;
    let bare = words[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
    let number =
        words[bare.len()..colon].parse().ok().filter(|_| colon - bare.len() <= MAX_DIGITS)?;
    let label = bare.strip_suffix(['-', '_', '.', '/', '#']).filter(|label| is_label(label))?;
    let (start, end) = (from + label.len(), from + colon);
    let digits = (from + bare.len(), end);
    let end_of_line = from + words.len();
    Some((fold(label), Counter { line, start, digits, end, end_of_line, number }))
}

/// Where the one number in square brackets stands of a line that starts at byte `from`,
/// if it is at its end or right before the colon of a label.
fn read_bracketed(words: &str, from: usize, line: (usize, usize)) -> Option<(char, Counter)> {
    let open = words.find('[').filter(|open| !words[open + 1..].contains('['))?;
    let close = open + words[open..].find(']')?;
    let number = words[open + 1..close].parse().ok().filter(|_| close - open - 1 <= MAX_DIGITS)?;
    let place = match words[close + 1..].chars().next() {
        None => '$',
        Some(':') if open <= MAX_CHARS => ':',
        Some(_) => return None,
    };
    let digits = (from + open + 1, from + close);
    let (start, end, end_of_line) = (from + open, from + close + 1, from + words.len());
    (open > 0).then_some((place, Counter { line, start, digits, end, end_of_line, number }))
}

/// Reads what a line that starts at byte `from` of the text may count with.
fn read_counter(words: &str, from: usize, line: (usize, usize)) -> Option<(Shape, Counter)> {
    let start = skip_blanks(words, 0);
    let start = start + skip_list_mark(&words[start..]);
    let start = skip_emphasis(words, start);
    if scan_stamp(&words[start..]).is_some() {
        return None;
    }
    let mut at = start;
    let open = words[at..].chars().next().filter(|c| "[(<{#".contains(*c));
    at += open.map_or(0, char::len_utf8);
    let rest = &words[at..];
    let letters = &rest[..rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())];
    let before = rest[letters.len()..].trim_start_matches([' ', '_', '-', '#']);
    let is_joined = letters.is_empty() || rest.len() - letters.len() - before.len() < 2;
    if !is_joined || letters.chars().count() > MAX_LETTERS {
        return None;
    }
    at = if letters.is_empty() { at } else { words.len() - before.len() };
    let n_digits = words[at..].bytes().take_while(u8::is_ascii_digit).count();
    let number = words[at..at + n_digits].parse().ok().filter(|_| n_digits <= MAX_DIGITS)?;
    let digits = (from + at, from + at + n_digits);
    at += n_digits;
    let rest = &words[at..];
    let sign = rest.chars().next().unwrap_or(' ');
    let closes = match open {
        Some('[') => sign == ']',
        Some('(') => sign == ')',
        Some('<') => sign == '>',
        Some('{') => sign == '}',
        _ => matches!(sign, '.' | ')' | ':' | '|') || is_blank(sign),
    };
    // `1.5` and `3:1` are no counters.
    let is_apart = rest.chars().nth(1).is_none_or(|next| is_blank(next) || !next.is_alphanumeric());
    if !closes || !(is_blank(sign) || is_apart) {
        return None;
    }
    let is_wide = sign == '\t' || rest.starts_with("  ") || rest.is_empty();
    let close = if is_wide { '\t' } else { sign };
    let end = if is_blank(sign) { at } else { at + sign.len_utf8() };
    let (start, end, end_of_line) = (from + start, from + end, from + words.len());
    let shape = Shape { open, letters: fold(letters), close };
    Some((shape, Counter { line, start, digits, end, end_of_line, number }))
}

/// Whether nearly every number is as far from the one before as most are.
fn grows(counters: &[Counter]) -> bool {
    let mut steps: BTreeMap<usize, usize> = BTreeMap::new();
    for pair in counters.windows(2) {
        if let Some(step) = pair[1].number.checked_sub(pair[0].number).filter(|step| *step > 0) {
            *steps.entry(step).or_default() += 1;
        }
    }
    let most = steps.into_values().max().unwrap_or_default();
    most * 10 >= (counters.len() - 1) * 8
}

/// Whether the numbers grow as lines do, as courts and stenographers set them: on every
/// line, or on every fifth or tenth. A list in an answer stands on lines one below the
/// other.
fn counts_lines(counters: &[Counter], n_lines: usize) -> bool {
    let n_pairs = |is_one: &dyn Fn(&Counter, &Counter) -> bool| {
        counters.windows(2).filter(|pair| is_one(&pair[0], &pair[1])).count() * 10
            >= (counters.len() - 1) * 8
    };
    let step = |one: &Counter, next: &Counter| next.number.saturating_sub(one.number);
    if n_pairs(&|one, next| step(one, next) == 1) {
        return counters.len() >= MIN_LINES && counters.len() * 10 >= n_lines * 8;
    }
    n_pairs(&|one, next| step(one, next) == next.line.0 - one.line.0)
        || n_pairs(&|one, next| step(one, next) == next.line.1 - one.line.1)
}

/// Whether nearly all numbers stand before labels that come again.
fn count_turns(text: &str, counters: &[Counter]) -> bool {
    let labels = counters.iter().filter_map(|it| label_in(&text[it.end..it.end_of_line]));
    n_recurring(&counts(labels)) * 10 >= counters.len() * 7
}

/// Whether numbers of questions stand alone above the answers: `Q7:`.
fn head_answers(text: &str, shape: &Shape, counters: &[Counter]) -> bool {
    let is_alone = |it: &&Counter| text[it.end..it.end_of_line].trim().is_empty();
    QUESTION.contains(&shape.letters.as_str())
        && counters.iter().filter(is_alone).count() * 10 >= counters.len() * 9
}

/// What stands before the words of a turn, where it may be a label.
fn label_in(rest: &str) -> Option<&str> {
    let mut rest = rest.trim_start_matches(|c| is_blank(c) || matches!(c, '*' | '_' | '-'));
    if let Some(stamp) = scan_stamp(rest) {
        rest = rest[stamp.len..].trim_start_matches(|c| is_blank(c) || matches!(c, '*' | '-'));
    }
    let signs = [": ", ":*", ":_", ":\t", "\t", "] ", "  ", " - ", " – ", " — ", " | ", ". "];
    let end = signs.iter().filter_map(|sign| rest.find(sign)).min();
    // A name alone on its line is one in capitals.
    let is_loud = rest.len() > 1 && !rest.contains(char::is_lowercase);
    let end = end.or_else(|| (is_loud || rest.ends_with(':')).then_some(rest.len()))?;
    let label = clean_label(rest[..end].trim_end_matches(':'));
    let label = label.trim_start_matches('[');
    let name = label.split_once(" (").map_or(label, |(name, _)| name);
    (is_label(name) && name.split(' ').count() < 4).then_some(name)
}

/// Whether the letters are labels of their own, which another label follows number by
/// number: `Q1:`, `A1:`, `Q2:`, `A2:`. Twelve people who speak once each are none.
fn has_partner(shape: &Shape, series: &BTreeMap<Shape, Vec<Counter>>) -> bool {
    let numbers = |counters: &[Counter]| -> BTreeSet<usize> {
        counters.iter().map(|counter| counter.number).collect()
    };
    let Some(own) = series.get(shape).filter(|_| !shape.letters.is_empty()) else { return false };
    series.iter().any(|(other, counters)| {
        let is_beside = other.open == shape.open && other.close == shape.close;
        let shared = numbers(own).intersection(&numbers(counters)).count();
        is_beside
            && other.letters != shape.letters
            && !other.letters.is_empty()
            && shared * 10 >= own.len().max(counters.len()) * 7
    })
}

/// Writes with a colon the times in the first column of a record, `0.40   MOSS   I came at
/// six`: where most lines have one there, and none goes back, they are no amounts.
pub(crate) fn with_clock_times(text: String) -> String {
    let time_at = |line: &str| {
        let from = line.len() - line.trim_start().len();
        let (minutes, rest) = line[from..].split_once('.')?;
        let seconds = rest.get(..2).filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()))?;
        let is_short = (1..=3).contains(&minutes.len());
        let ms = parse_timing(&format!("{minutes}:{seconds}")).filter(|_| is_short)?;
        let is_cell = rest[2..].starts_with('\t') || rest[2..].starts_with("  ");
        (is_cell && seconds < "60").then_some((ms, from + minutes.len()))
    };
    // `1.20   milk` and the number of a paragraph have no speaker behind them.
    let has_speaker = |line: &&str| {
        let cells = line.trim_start().split(['\t']).flat_map(|part| part.split("  "));
        let mut cells = cells.map(str::trim).filter(|cell| !cell.is_empty()).skip(1);
        cells.next().is_some_and(is_label) && cells.next().is_some()
    };
    // Above the record stands its head.
    let filled = text.lines().filter(|line| !line.trim().is_empty());
    let filled = filled.skip_while(|line| time_at(line).is_none());
    let times: Vec<u64> = filled.clone().filter_map(time_at).map(|(ms, _)| ms).collect();
    let n_spoken =
        filled.clone().filter(|line| time_at(line).is_some()).filter(has_speaker).count();
    if times.len() < MIN_SERIES
        || times.len() * 2 < filled.count()
        || n_spoken * 2 < times.len()
        || !times.is_sorted()
    {
        return text;
    }
    let written = |line: &str| match time_at(line) {
        Some((_, at)) => format!("{}:{}", &line[..at], &line[at + 1..]),
        None => line.to_owned(),
    };
    text.split_inclusive('\n').map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::shown;

    /// The text without counters, blanks run together, a line each.
    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let bare = without_counters(text);
        if let Some(bare) = &bare {
            assert_eq!(bare.len(), text.len());
        }
        let tidy = |text: String| {
            let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
            lines.map(|words| words.join(" ") + "\n").collect::<String>()
        };
        assert_eq!(bare.map(tidy).as_deref(), expected);
    }

    /// Eight lines, each with its number.
    fn numbered(line: impl Fn(usize) -> String) -> String {
        (1..9).map(line).collect()
    }

    #[test]
    fn times_with_a_stop_in_the_first_column_are_no_words() {
        let text = "Place: Upton\nDate: 4 May\nTime: 14.05\n\nTape  Person  Text\n\n0.05   GARROD   What was it?\n0.40   MOSS     I came at \
            six.\n1.10            The shed was open.\n1.30   GARROD   And?\n1.55   MOSS     Only the dog.\n";
        assert_eq!(
            shown(text, false),
            "GARROD|5000-|What was it?\nMOSS|40000-|I came at six.\nMOSS|70000-|The shed was open.\n\
             GARROD|90000-|And?\nMOSS|115000-|Only the dog.\n"
        );
        // Prices and numbers of paragraphs rise, too.
        let milk = "0.50   bread\n0.55   tea\n1.20   milk\n2.50   oil\n";
        assert!(shown(milk, false).contains("1.20"), "{}", shown(milk, false));
        // Amounts go up and down.
        let text = text.replace("0.40", "7.40");
        assert!(shown(&text, false).contains("7.40"));
    }

    #[test]
    fn numbers_of_turns_before_labels_that_come_again_are_taken_away() {
        let spoken = numbered(|n| format!("{}: It is {n}.\n", ["Ada", "Moderator"][n % 2]));
        let before = |counter: &dyn Fn(usize) -> String| {
            numbered(|n| format!("{}{}: It is {n}.\n", counter(n), ["Ada", "Moderator"][n % 2]))
        };
        check(&spoken, None);
        let counters: [&dyn Fn(usize) -> String; 9] = [
            &|n| format!("[T{n:03}] "),
            &|n| format!("{n}. "),
            &|n| format!("{n}) "),
            &|n| format!("({n}) "),
            &|n| format!("#{n} "),
            &|n| format!("{n}\t"),
            &|n| format!("{n:04} "),
            &|n| format!("Turn {n}: "),
            &|n| format!("- **{n}.** "),
        ];
        for counter in counters {
            let bare = without_counters(&before(counter)).expect("counters are found");
            assert!(
                bare.lines()
                    .all(|line| !line[..line.rfind(':').unwrap()].contains(char::is_numeric))
            );
        }
        let behind = numbered(|n| format!("Ada [{n}]: It is so.\n"));
        check(&behind, Some(&"Ada : It is so.\n".repeat(8)));
        check(
            &numbered(|n| format!("Ada: It is so. [{n}]\n")),
            Some(&"Ada: It is so.\n".repeat(8)),
        );
        // Nor does a line that goes on with a number.
        let text = numbered(|n| format!("{n} Ada: It was\n{} of us.\n{n}0 Ben.\n", 40 - n * n % 7));
        assert!(without_counters(&text).is_some_and(|bare| bare.contains("of us")));
        // Blank lines, and lines that go on, do not matter.
        let text = numbered(|n| format!("[{n}] Ada: It is\ngood.\n\n"));
        check(&text, Some(&"Ada: It is\ngood.\n\n".repeat(8)));
    }

    #[test]
    fn numbers_of_lines_are_taken_away() {
        check(
            &numbered(|n| format!("{n:2}  and so it went\n")),
            Some(&"and so it went\n".repeat(8)),
        );
        let every_fifth = |n: usize| {
            let number = if n.is_multiple_of(5) { format!("{n}") } else { String::new() };
            format!("{number:4} and so it went\n")
        };
        let text: String = (1..41).map(every_fifth).collect();
        check(&text, Some(&"and so it went\n".repeat(40)));
    }

    #[test]
    fn the_numbers_of_questions_and_their_answers_are_taken_from_labels() {
        let text = numbered(|n| format!("Q{n}: Why?\nA{n}: It is so.\n"));
        check(&text, Some(&"Q : Why?\nA : It is so.\n".repeat(8)));
        // Those who speak once each.
        check(&numbered(|n| format!("P{n}: It is so.\n")), None);
        // Those who speak in turn.
        let text = format!("{0}{0}", numbered(|n| format!("P{n}: Yes.\n")));
        check(&text, None);
    }

    #[test]
    fn numbers_of_turns_behind_labels_are_taken_away() {
        let text = numbered(|n| format!("INT-{n:03}: Why?\nP01-{n:03}: It is so.\n"));
        check(&text, Some(&"INT : Why?\nP01 : It is so.\n".repeat(8)));
        // Those who sit at a table.
        let text = numbered(|n| format!("M-1: Why?\nP-{n}: It is so.\n"));
        check(&text, None);
    }

    #[test]
    fn what_people_count_stays() {
        check(&numbered(|n| format!("{n}. What do you do?\nI help people.\n")), None);
        check(&numbered(|n| format!("Ada: Well.\n{n}. Word {n}: it is a list.\n")), None);
        check(&numbered(|n| format!("00:0{n} Ada: Yes.\n")), None);
        check(&numbered(|n| format!("{n}.5 Ada: Yes.\n")), None);
        check(&numbered(|n| format!("{} Ada: Yes.\n", 1900 + n * n)), None);
    }
}
