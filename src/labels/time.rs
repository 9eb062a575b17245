//! Reads the times that people and tools write into transcripts.
//!
//! A piece of text comes in; milliseconds of the recording, a [`TimeSpan`] or
//! a [`Stamp`] with its length in bytes go out. Nothing here fails: what is no
//! time is `None`.
//!
//! ```text
//! clock := [hours ":"] minutes ":" seconds [("." | ",") digits]
//!        | hours ":" minutes ":" seconds ":" (frames | milliseconds)
//! range := clock (" --> " | " - " | " – ") clock
//! stamp := [date] clock ["AM" | "PM"] | range | "[" range "]" | "(" clock ")"
//!        | "<" clock ">" | "{" clock "}" | "#" clock ["-" tenths] "#"
//!        | "[" [hours "."] minutes "." seconds "]" | seconds blanks seconds
//!        | "[" clock ", " date "]" | [digits "h"] digits "m" digits "s"
//!        | number "hours" number "minutes" number "seconds"
//! ```
//!
//! How long a frame lasts is not told, so frames are left out.

use crate::base::TimeSpan;

/// A time at the beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Milliseconds.
    pub(crate) ms: u64,
    /// How many bytes the time takes.
    pub(crate) len: usize,
    /// 2 for minutes and seconds, 3 with hours.
    pub(crate) n_fields: usize,
}

/// How a time stands in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Without any sign around it.
    Bare,
    /// In `[ ]`, `{ }` or `< >`.
    Bracket,
    /// In `[ ]` with full stops, where the length of a pause may stand as well.
    Dotted,
    /// In `( )`, where a time of day may stand as well.
    Round,
    /// In `# #`, as f4 and its kin write it.
    Hash,
}

/// A time, or a stretch of time, with the signs around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// What it tells.
    pub(crate) time: TimeSpan,
    /// How many bytes it takes, signs included.
    pub(crate) len: usize,
    /// The signs around it.
    pub(crate) form: Form,
    /// 2 for minutes and seconds, 3 with hours.
    pub(crate) n_fields: usize,
    /// Whether it is surely a time of day (`10:03 AM`).
    pub(crate) is_wall_clock: bool,
    /// Whether a date stands beside it, as programs of messages write it.
    pub(crate) is_dated: bool,
}

/// How words for units of time begin in many languages.
const SPELLED: [(&str, char, u64); 9] = [
    ("min", 'm', 60_000),
    ("sec", 's', 1_000),
    ("sek", 's', 1_000),
    ("seg", 's', 1_000),
    ("h", 'h', 3_600_000),
    ("st", 'h', 3_600_000),
    ("uur", 'h', 3_600_000),
    ("ora", 'h', 3_600_000),
    ("ore", 'h', 3_600_000),
];

/// Reads the clock time that a text begins with. With `dash_tenths` the
/// fraction may follow a hyphen, as in f4's `00:01:02-5`.
pub(crate) fn scan_clock(text: &str, dash_tenths: bool) -> Option<Clock> {
    let bytes = text.as_bytes();
    let mut fields = [0_u64; 4];
    let mut n_digits = [0; 4];
    let mut n_fields = 0;
    let mut at = 0;
    loop {
        let from = at;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        // Four digits of minutes are more than any recording has.
        let most = [4, 2, 2, 3][n_fields];
        if at == from || at - from > most {
            return None;
        }
        n_digits[n_fields] = at - from;
        fields[n_fields] =
            bytes[from..at].iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        n_fields += 1;
        let goes_on =
            bytes.get(at) == Some(&b':') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !goes_on {
            break;
        }
        if n_fields == 4 {
            return None;
        }
        at += 1;
    }
    let (hours, minutes, seconds) = match n_fields {
        2 => (0, fields[0], fields[1]),
        3 => (fields[0], fields[1], fields[2]),
        // `1:2:3:4` is no time.
        4 if n_digits[..3] == [2, 2, 2] && n_digits[3] > 1 => (fields[0], fields[1], fields[2]),
        _ => return None,
    };
    if seconds > 59 || (n_fields > 2 && minutes > 59) {
        return None;
    }
    let mut ms = (hours * 3_600 + minutes * 60 + seconds) * 1_000;
    if n_digits[3] == 3 {
        ms += fields[3];
    }
    let opens = |byte: u8| matches!(byte, b'.' | b',') || (dash_tenths && byte == b'-');
    if bytes.get(at).is_some_and(|&byte| opens(byte))
        && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
    {
        at += 1;
        let (fraction, len) = scan_fraction(&bytes[at..]);
        ms += fraction;
        at += len;
    }
    Some(Clock { ms, len: at, n_fields: n_fields.min(3) })
}

/// Reads `00.01.02` or `1.46` at the beginning of a text.
fn scan_dotted(text: &str) -> Option<Clock> {
    let len = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let fields: Vec<&str> = text[..len].split('.').collect();
    let are_pairs = fields.iter().skip(1).all(|field| field.len() == 2);
    let clock = scan_clock(&fields.join(":"), false)?;
    (are_pairs && clock.len == len).then_some(clock)
}

/// The bytes of the longest date.
const MAX_DATE: usize = 10;

/// How many bytes a date such as `20/11/2024, ` takes, with what parts it from the
/// time behind it; 0 if the text begins with none.
fn scan_date(text: &str) -> usize {
    let is_digits = |field: &str, most: usize| is_number(field) && field.len() <= most;
    // Whatever follows, a date is short: a line may hold thousands of brackets.
    let is_end = |byte: u8| matches!(byte, b',' | b' ' | b'T');
    let Some(end) = text.bytes().take(MAX_DATE + 1).position(is_end) else { return 0 };
    let (date, rest) = (&text[..end], &text[end + 1..]);
    let is_date = ['/', '.', '-'].into_iter().any(|sign| {
        let fields: Vec<&str> = date.split(sign).collect();
        matches!(fields.as_slice(), [a, b, c] if is_digits(a, 4) && is_digits(b, 2) && is_digits(c, 4))
    });
    let time = rest.trim_start();
    if is_date && time.starts_with(|c: char| c.is_ascii_digit()) {
        text.len() - time.len()
    } else {
        0
    }
}

/// How many bytes a date takes that stands behind a time and a comma, `, 3/2/2024`, down to
/// the bracket; 0 if there is none.
fn scan_date_behind(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(", ") else { return 0 };
    let len = rest.bytes().take(MAX_DATE + 1).position(|byte| byte == b']').unwrap_or(0);
    // With a time behind it, it must read as the date before one.
    let is_date = scan_date(&format!("{}, 0", &rest[..len])) > 0;
    if is_date { 2 + len } else { 0 }
}

/// Reads two times in seconds, as labels of a sound editor have them (`0.00 7.25`) and
/// recognisers print them (`0.00s -> 7.25s`): what they tell, and their length.
fn scan_seconds(text: &str) -> Option<(TimeSpan, usize)> {
    let one = |text: &str| {
        let len = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let ms = parse_seconds(&text[..len])?;
        let n_places = text[..len].split_once('.')?.1.len();
        (n_places > 1).then(|| (ms, len + usize::from(text[len..].starts_with('s'))))
    };
    let (start_ms, at) = one(text)?;
    let between = |c: char| matches!(c, ' ' | '\t' | '-' | '>' | '–');
    let second = text[at..].trim_start_matches(between);
    let gap = text.len() - at - second.len();
    let (end_ms, len) = one(second)?;
    let time = span_of(start_ms, Some(end_ms));
    (gap > 0 && time.end_ms.is_some()).then_some((time, at + gap + len))
}

/// Reads a time in words, as a meeting's page has it: `1 hour 2 minutes 5 seconds`,
/// also `2 Minuten 5 Sekunden`; a clock may follow at once.
fn scan_spelled(text: &str) -> Option<(u64, usize)> {
    if let Some(short) = scan_units(text) {
        return Some(short);
    }
    let mut ms = 0;
    let mut at = 0;
    let mut units = String::new();
    while let Some((number, rest)) = text[at..].split_once(' ').filter(|it| is_number(it.0)) {
        let len = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let word = rest[..len].to_lowercase();
        let (_, unit, each) = SPELLED.into_iter().find(|(start, ..)| word.starts_with(start))?;
        units.push(unit);
        ms += number.parse::<u64>().ok().filter(|&n| n < 10_000)? * each;
        at += number.len() + 1 + len;
        at += text[at..].len() - text[at..].trim_start_matches([' ', ',']).len();
    }
    let is_time = ["ms", "hms", "hm"].contains(&units.as_str());
    let clock = scan_clock(&text[at..], false).map_or(0, |clock| clock.len);
    let len = text[..at + clock].trim_end().len();
    is_time.then_some((ms, len))
}

/// Reads `0h02m05s` or `2m05s`: what it tells, and its length.
fn scan_units(text: &str) -> Option<(u64, usize)> {
    let (mut ms, mut at, mut n) = (0, 0, 0);
    for (unit, each) in [('h', 3_600_000), ('m', 60_000), ('s', 1_000)] {
        let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
        if (1..=4).contains(&digits) && text[at + digits..].starts_with(unit) {
            ms += text[at..at + digits].parse::<u64>().ok()? * each;
            at += digits + 1;
            n += 1;
        }
    }
    let ends = !text[at..].starts_with(char::is_alphanumeric);
    (n > 1 && ends && text[..at].ends_with('s')).then_some((ms, at))
}

/// The digits after a decimal point as milliseconds, and how many there are.
fn scan_fraction(bytes: &[u8]) -> (u64, usize) {
    let len = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let places = bytes[..len].iter().copied().chain(std::iter::repeat(b'0')).take(3);
    let ms = places.fold(0, |ms, digit| ms * 10 + u64::from(digit - b'0'));
    (ms, len)
}

/// Reads a whole text such as `1:02:03`, `02:03.5` or `1:6` as milliseconds.
pub(crate) fn parse_clock(text: &str) -> Option<u64> {
    let text = text.trim();
    scan_clock(text, false).filter(|clock| clock.len == text.len()).map(|clock| clock.ms)
}

/// Reads `1:02:03.500`, `02:03,5` or `2:03` as milliseconds,
/// as cues have them: minutes may be any number.
pub(crate) fn parse_timing(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_digits = |part: &str| (1..=9).contains(&part.len()) && is_number(part);
    let parts: Vec<&str> = whole.splitn(4, ':').collect();
    if !(2..=3).contains(&parts.len()) || !is_digits(fraction) {
        return None;
    }
    let mut seconds = 0_u64;
    for part in parts {
        if !is_digits(part) {
            return None;
        }
        seconds = seconds.checked_mul(60)?.checked_add(part.parse().ok()?)?;
    }
    let millis: String = fraction.chars().chain("00".chars()).take(3).collect();
    seconds.checked_mul(1_000)?.checked_add(millis.parse().ok()?)
}

/// Whether a text is digits alone.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a whole text such as `75`, `12.4`, `12,4` or `12.4s` as milliseconds.
pub(crate) fn parse_seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let text = text.strip_suffix('s').unwrap_or(text).trim_end();
    let bytes = text.as_bytes();
    let n_whole = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if n_whole == 0 || n_whole > 12 {
        return None;
    }
    let whole: u64 = text.get(..n_whole)?.parse().ok()?;
    match bytes.get(n_whole) {
        None => Some(whole * 1_000),
        Some(b'.' | b',') => {
            let (ms, len) = scan_fraction(&bytes[n_whole + 1..]);
            (n_whole + 1 + len == bytes.len()).then_some(whole * 1_000 + ms)
        }
        Some(_) => None,
    }
}

/// Reads the time in a table cell: a clock, seconds, a range of either, with
/// or without brackets.
pub(crate) fn parse_cell(text: &str) -> Option<TimeSpan> {
    let text = text.trim();
    if let Some(stamp) = scan_stamp(text).filter(|stamp| stamp.len == text.len()) {
        return Some(stamp.time);
    }
    let one = |text: &str| parse_clock(text).or_else(|| parse_seconds(text));
    if let Some(start_ms) = one(text) {
        return Some(TimeSpan { start_ms, end_ms: None });
    }
    let (start, end) =
        text.split_once("-->").or_else(|| text.split_once('–')).or_else(|| text.split_once('-'))?;
    Some(span_of(one(start)?, Some(one(end)?)))
}

/// Whether numbers without a unit count milliseconds: as seconds, a word would take
/// longer than anybody needs for one.
pub(crate) fn are_millis(total: u64, n_words: usize) -> bool {
    const MOST_SECONDS_A_WORD: u64 = 20;
    total > MOST_SECONDS_A_WORD.saturating_mul(n_words.max(1) as u64)
}

/// A time span; an end before the start is no end.
pub(crate) fn span_of(start_ms: u64, end_ms: Option<u64>) -> TimeSpan {
    TimeSpan { start_ms, end_ms: end_ms.filter(|&end| end >= start_ms) }
}

/// Reads the time that a text begins with, with the signs around it.
pub(crate) fn scan_stamp(text: &str) -> Option<Stamp> {
    let (open, close, form) = match text.as_bytes().first()? {
        b'[' => (1, "]", Form::Bracket),
        b'{' => (1, "}", Form::Bracket),
        b'<' => (1, ">", Form::Bracket),
        b'(' => (1, ")", Form::Round),
        b'#' => (1, "#", Form::Hash),
        b'0'..=b'9' => (0, "", Form::Bare),
        _ => return None,
    };
    let inside = &text[open..];
    let blank =
        |text: &str| text.len() - text.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
    let mut at = if form == Form::Bare { 0 } else { blank(inside) };
    let whole = |time, len, form| Stamp {
        time,
        len,
        form,
        n_fields: 3,
        is_wall_clock: false,
        is_dated: false,
    };
    if form == Form::Bare {
        if let Some((time, len)) = scan_seconds(inside) {
            let ends = !inside[len..].starts_with(|c: char| !c.is_whitespace());
            return ends.then(|| whole(time, len, form));
        }
        if let Some((ms, len)) = scan_spelled(inside) {
            return Some(Stamp { n_fields: 2, ..whole(span_of(ms, None), len, form) });
        }
    } else if form == Form::Bracket {
        let rest = &inside[at..];
        let dotted = scan_dotted(rest).map(|it| (span_of(it.ms, None), it.len, Form::Dotted));
        let seconds = scan_seconds(rest).map(|(time, len)| (time, len, form));
        for (time, len, form) in [dotted, seconds].into_iter().flatten() {
            let len = at + len + blank(&rest[len..]);
            if inside[len..].starts_with(close) {
                return Some(whole(time, open + len + close.len(), form));
            }
        }
    }
    let date = scan_date(&inside[at..]);
    at += date;
    let first = scan_clock(&inside[at..], form == Form::Hash)?;
    at += first.len;
    let mut ms = first.ms;
    let mut end_ms = None;
    let mut has_half = false;
    let rest = &inside[at..];
    let gap = blank(rest);
    let after = &rest[gap..];
    if let Some(arrow) = ["-->", "->", "–", "-"].into_iter().find(|arrow| after.starts_with(arrow))
    {
        let from = at + gap + arrow.len();
        let from = from + blank(&inside[from..]);
        if let Some(second) = scan_clock(&inside[from..], form == Form::Hash) {
            end_ms = Some(second.ms);
            at = from + second.len;
        }
    } else if let Some(half) = after.get(..2).filter(|_| ms < 13 * 3_600_000) {
        let ends = !after[2..].starts_with(char::is_alphanumeric);
        let hours = if first.n_fields == 2 { ms / 60_000 } else { ms / 3_600_000 };
        if ends && (half.eq_ignore_ascii_case("am") || half.eq_ignore_ascii_case("pm")) {
            // Of a time of day the first field is the hour, even without seconds.
            if first.n_fields == 2 {
                ms *= 60;
            }
            at += gap + 2;
            has_half = true;
            let noon = 12 * 3_600_000;
            if half.eq_ignore_ascii_case("pm") && hours < 12 {
                ms += noon;
            } else if half.eq_ignore_ascii_case("am") && hours == 12 {
                ms = ms.saturating_sub(noon);
            }
        }
    }
    if date > 0 && first.n_fields == 2 && !has_half {
        ms *= 60;
    }
    // Chats have the date behind it: `[14:03, 3/2/2024]`.
    let behind =
        if form == Form::Bracket && date == 0 { scan_date_behind(&inside[at..]) } else { 0 };
    at += behind;
    if behind > 0 && first.n_fields == 2 && !has_half {
        ms *= 60;
    }
    let is_dated = date > 0 || behind > 0;
    let is_wall_clock = is_dated || has_half;
    if form == Form::Bare {
        // `10:30ish` and `1:2:3:4` are no times; `00:03:40.5Name` is one.
        let next = inside[at..].chars().next();
        let runs_on = next.is_some_and(|next| {
            next.is_ascii_digit()
                || (next.is_alphanumeric() && first.n_fields == 2 && !is_wall_clock)
                || (next == ':' && inside[at + 1..].starts_with(|c: char| c.is_ascii_digit()))
        });
        if runs_on {
            return None;
        }
    } else {
        at += blank(&inside[at..]);
        if !inside[at..].starts_with(close) {
            return None;
        }
        at += close.len();
    }
    let time = span_of(ms, end_ms);
    Some(Stamp { time, len: open + at, form, n_fields: first.n_fields, is_wall_clock, is_dated })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Shows a stamp as `start-end` and what follows it.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let actual = scan_stamp(text).map_or("none".to_owned(), |stamp| {
            let end = stamp.time.end_ms.map_or(String::new(), |end| end.to_string());
            format!("{}-{end}|{}", stamp.time.start_ms, &text[stamp.len..])
        });
        assert_eq!(actual, expected, "{text}");
    }

    #[test]
    fn times_are_read_in_all_their_clothes() {
        check("[00:01:02] Ada", "62000-| Ada");
        check("(00:12)", "12000-|");
        check("0h02m05s so", "125000-| so");
        check("2m05s", "125000-|");
        check("[14:03, 3/2/2024] Ada", "50580000-| Ada");
        check("[14:03, so]", "none");
        check("5m", "none");
        check("[00:01:02.500]", "62500-|");
        check("#00:01:02-5# yes", "62500-| yes");
        check("#00:01:15#", "75000-|");
        check("00:03:40.5Name: text", "220500-|Name: text");
        check("02:06 T: text", "126000-| T: text");
        check("0:0:5.100 --> 0:0:8.250", "5100-8250|");
        check("[0:05 - 0:09]", "5000-9000|");
        check("1:02:03.1234", "3723123-|");
        check("10:03 PM", "79380000-|");
        check("12:03 am", "180000-|");
        check("[00:01:02:15] Ada", "62000-| Ada");
        check("01:00:10:00\tSo", "3610000-|\tSo");
        check("00:00:04:07 - 00:00:10:12", "4000-10000|");
        check("#00:00:04:300# Ada", "4300-| Ada");
        check("{00:00:04} [Ann]", "4000-| [Ann]");
        check("[00.01.04] x", "64000-| x");
        check("[1.46] x", "106000-| x");
        check("0.000 13.500 SPEAKER_01 So", "0-13500| SPEAKER_01 So");
        check("[0.00s -> 7.25s] So", "0-7250| So");
        check("1 hour 2 minutes 5 seconds1:02:05", "3725000-|");
        check("0 Minuten 4 Sekunden", "4000-|");
        check("(20/11/2024, 10:15 AM)", "36900000-|");
        check("20.11.2024, 10:15 - Ada: x", "36900000-| - Ada: x");
        check("[2024-11-20 10:15:30] x", "36930000-| x");
    }

    #[test]
    fn what_is_no_time_is_none() {
        check("10:30ish", "none");
        check("1:2:3:4", "none");
        check("[1.5]", "none");
        check("[3.141]", "none");
        check("2 minutes later", "none");
        check("3.50 a day", "none");
        check("20/11/2024", "none");
        check("[00:01:02", "none");
        check("[inaudible]", "none");
        check("12:99", "none");
        check("1:75:00", "none");
        check("99999:00", "none");
        check("#3", "none");
        check("", "none");
    }

    #[test]
    fn an_end_before_the_start_is_dropped() {
        check("0:09 --> 0:05", "9000-|");
    }

    #[test]
    fn cells_hold_clocks_seconds_and_ranges() {
        let read = |text| parse_cell(text).map(|time| (time.start_ms, time.end_ms));
        assert_eq!(read("0:00.0 - 0:12.4"), Some((0, Some(12_400))));
        assert_eq!(read("75"), Some((75_000, None)));
        assert_eq!(read("1:6"), Some((66_000, None)));
        assert_eq!(read("12,5"), Some((12_500, None)));
        assert_eq!(read("1.5-2.5"), Some((1_500, Some(2_500))));
        assert_eq!(read("00:01:00.250"), Some((60_250, None)));
        assert_eq!(read("soon"), None);
        assert_eq!(read("123456789012345"), None);
        assert_eq!(read(""), None);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_the_length_is_a_border(text in "[-\\[\\](#<>0-9:.,/ampuéstT{} ]{0,24}") {
            if let Some(stamp) = scan_stamp(&text) {
                prop_assert!(text.is_char_boundary(stamp.len));
            }
            parse_cell(&text);
        }

        #[test]
        fn a_written_clock_reads_back(ms in 0..86_400_000_u64) {
            let (seconds, rest) = (ms / 1_000, ms % 1_000);
            let clock =
                format!("{}:{:02}:{:02}.{rest:03}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
            prop_assert_eq!(parse_clock(&clock), Some(ms));
        }
    }
}
