//! Tells of labels of those who speak that stand among the words of a turn.
//!
//! A transcript as its reader made it comes in, whatever its format; a warning goes out if some
//! of its words may be somebody else's:
//!
//! ```text
//! So it was. Ada Quill: And then?       two turns in one paragraph
//! Ada Quill And then?                   no colon
//! So it was. [Ada Quill] And then?      another sign
//! ```
//!
//! A reader that takes labels in these places for turns leaves none; this is for all that none
//! takes. Only labels that begin turns in the same file count, and a name that goes on as a
//! sentence does, `Ada came home`, is none.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashSet};

use crate::base::{Diagnostic, LineIndex, Remedy, count, ends_sentence};
use crate::labels::time::{scan_clock, scan_stamp};
use crate::labels::{MAX_WORDS, fold, is_role};
use crate::text::RawTranscript;

/// The labels that begin turns, as they are compared.
struct Labels<'r> {
    all: BTreeSet<String>,
    /// The most characters of one.
    longest: usize,
    /// The first words of them, and which signs of ASCII these begin with.
    firsts: BTreeSet<String>,
    begin: [bool; 128],
    /// The text in which they stand.
    text: &'r str,
    /// The words of it in small letters, once somebody asks for them: what follows a name and
    /// is none of these may be its second part.
    plain: OnceCell<HashSet<String>>,
}

/// Tells of labels among the words of turns, where there are any; `file` is the text of the
/// file, if it is one.
pub(super) fn strays(raw: &RawTranscript, file: Option<&str>) -> Option<Diagnostic> {
    let all: BTreeSet<String> = raw
        .turns
        .iter()
        .filter_map(|turn| turn.label.as_deref())
        .map(fold)
        .filter(|label| label.chars().any(char::is_alphabetic))
        .collect();
    let longest = all.iter().map(|label| label.chars().count()).max()?;
    let firsts: BTreeSet<String> = all.iter().map(|label| first_word(label).to_owned()).collect();
    let mut begin = [false; 128];
    for first in firsts.iter().filter_map(|first| first.bytes().next()) {
        if let Some(begins) = begin.get_mut(usize::from(first)) {
            *begins = true;
        }
    }
    let labels = Labels { all, longest, firsts, begin, text: &raw.text, plain: OnceCell::new() };
    let mut found = raw.turns.iter().flat_map(|turn| {
        let start = turn.span.range().start;
        // Where a cue begins, a line of the file may begin.
        let cues = turn.cues.iter().map(|(from, _)| *from as usize - start).collect();
        let places = labels.places(turn.span.of(&raw.text), &cues);
        places.into_iter().map(move |(at, label)| (turn, start + at, label))
    });
    let (turn, at, label) = found.next()?;
    let n = 1 + found.count();
    let time = turn.cues.iter().rev().find(|(from, _)| *from as usize <= at).map(|(_, time)| {
        let seconds = time.start_ms / 1000;
        format!(" at {}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    });
    let places = if n == 1 {
        "the label of a speaker stands"
    } else {
        &format!("labels of speakers stand {n} times")
    };
    let time = time.unwrap_or_default();
    let problem = format!("{places} among the words of a turn, first `{label}`{time}");
    Some(Diagnostic::new(problem).on_line(line_of(raw, at, file)).with(Remedy::new(
        "the words behind it were given to whoever speaks before it; if they are somebody else's, begin a turn there as elsewhere in the file",
    )))
}

impl Labels<'_> {
    /// Where labels stand in the words of a turn, and these as they are written.
    fn places<'t>(&self, said: &'t str, cues: &BTreeSet<usize>) -> Vec<(usize, &'t str)> {
        let mut found: Vec<(usize, &str)> = Vec::new();
        let (mut opens, mut is_inside) = (true, false);
        for (at, c) in said.char_indices() {
            let is_start = !std::mem::replace(&mut is_inside, c.is_alphanumeric()) && is_inside;
            if is_start
                && found.last().is_none_or(|(last, label)| last + label.len() <= at)
                && let Some(label) = self.label_at(said, at, [opens, cues.contains(&at)])
            {
                found.push((at, label));
            }
            opens = match c {
                '.' | '?' | '!' | '…' | '。' | '？' | '！' | '\n' | ']' => true,
                // Numbers, times and signs before a label are no words.
                c => opens && !c.is_alphabetic(),
            };
        }
        found
    }

    /// The label that stands at a place, if what is around it tells that it is one; whether a
    /// sentence may begin there, and whether a cue does.
    fn label_at<'t>(&self, said: &'t str, at: usize, opens: [bool; 2]) -> Option<&'t str> {
        let rest = &said[at..];
        let first = first_word(rest);
        // Of most words the first letter tells that no label begins so.
        let may_begin = first.bytes().next().is_some_and(|it| {
            !first.is_ascii() || self.begin[usize::from(it.to_ascii_lowercase())]
        });
        if !may_begin || !self.firsts.contains(&fold(first)) {
            return None;
        }
        let near = rest.char_indices().nth(self.longest + 1).map_or(rest, |(end, _)| &rest[..end]);
        let ends = near.char_indices().map(|(end, _)| end).chain([near.len()]).filter(|&end| {
            end > 0
                && near[..end].ends_with(|c: char| !c.is_whitespace())
                && !(near[..end].ends_with(char::is_alphanumeric)
                    && rest[end..].starts_with(char::is_alphanumeric))
        });
        let ends: Vec<usize> = ends.take(3 * MAX_WORDS).collect();
        let end = ends.into_iter().rev().find(|&end| self.all.contains(&fold(&rest[..end])))?;
        let (label, behind) = rest.split_at(end);
        let is_one = self.is_named(&said[..at], label, behind, opens);
        is_one.then_some(label)
    }

    /// Whether a label names who goes on to speak, by what stands before and behind it.
    fn is_named(&self, before: &str, label: &str, behind: &str, opens: [bool; 2]) -> bool {
        let [opens, opens_cue] = opens;
        let around = Around { labels: self, before, label, behind, opens_cue };
        // `CDA: WH.` calls somebody: nothing of theirs follows, and no sign of a label does.
        let is_last = !behind.contains(char::is_alphanumeric)
            && around.shares_its_line()
            && !(around.has_colon() || around.is_in_brackets());
        let signs: &[Sign] = if opens { &SIGNS } else { &SIGNS_INSIDE };
        !is_last && signs.iter().any(|(_, is)| is(&around))
    }

    /// Whether words begin as a sentence does, and not with another name.
    fn goes_on(&self, words: &str) -> bool {
        let first = words.split_whitespace().next().unwrap_or_default();
        let bare = first.trim_end_matches(|c: char| !c.is_alphanumeric());
        let plain = || {
            let words =
                self.text.split_whitespace().filter(|it| it.starts_with(char::is_lowercase));
            words.map(|it| fold(it.trim_end_matches(|c: char| !c.is_alphanumeric()))).collect()
        };
        first.starts_with(char::is_uppercase) && self.plain.get_or_init(plain).contains(&fold(bare))
    }
}

/// A label where it stands, with what is before and behind it in the turn.
struct Around<'a, 'r> {
    labels: &'a Labels<'r>,
    before: &'a str,
    label: &'a str,
    behind: &'a str,
    /// Whether a cue begins there.
    opens_cue: bool,
}

/// What tells that a label names who goes on to speak: how it looks, and whether it is so.
type Sign = (&'static str, fn(&Around<'_, '_>) -> bool);

/// Where no sentence begins before the label.
const SIGNS_INSIDE: [Sign; 3] = [
    ("came Ada Quill: And", |it| is_sure(it.label) && it.has_colon()),
    ("came A:And", |it| it.is_capital() && it.has_tight_colon()),
    ("came P01 And", |it| it.is_code() && it.goes_on_behind(' ')),
];

/// Where a sentence may begin before it.
const SIGNS: [Sign; 18] = [
    ("So. Ada Quill: And", |it| it.has_colon()),
    ("So. [Ada Quill] And", |it| it.is_in_brackets()),
    ("So. “Ada Quill” And", |it| it.is_in_quotes() && it.words_go_on()),
    ("Ada Quill\tAnd", |it| it.behind.starts_with('\t')),
    ("Ada Quill | And", |it| it.behind.starts_with(" | ")),
    ("Ada Quill   And", |it| it.behind.starts_with("   ")),
    ("Ada Quill, on a line of its own", |it| it.is_alone() && (it.is_long() || is_sure(it.label))),
    ("A, below an empty line", |it| it.is_alone() && it.is_below_empty_line()),
    ("A, on the first line", |it| it.is_alone() && it.above().is_empty()),
    ("[0:04] Ada", |it| it.is_behind_time() && it.ends_line()),
    ("# Ada", |it| it.above().ends_with('#') && it.ends_line()),
    ("Ada [0:04] And", |it| it.is_timed()),
    ("P01 - And", |it| it.is_code() && it.has_dash()),
    ("Ada - And", |it| it.goes_on(&['-', '–', '—'])),
    ("Ada. And, on a new line", |it| it.begins_anew() && it.goes_on(&['.'])),
    ("P01. And", |it| (it.is_code() || !it.is_long()) && it.goes_on(&['.'])),
    ("Ada And", |it| (is_sure(it.label) || it.is_long()) && it.goes_on(&[])),
    ("Ada, and a line And", |it| it.ends_line() && it.words_go_on()),
];

impl Around<'_, '_> {
    /// A sure label: a code, or a role in one word.
    fn is_code(&self) -> bool {
        is_loud(self.label) || (is_role(self.label) && !self.label.contains(' '))
    }

    /// `A`, and not `a`.
    fn is_capital(&self) -> bool {
        self.label.chars().count() == 1 && self.label.starts_with(char::is_uppercase)
    }

    /// No initials.
    fn is_long(&self) -> bool {
        self.label.chars().count() > 2
    }

    fn goes_on_behind(&self, sign: char) -> bool {
        self.labels.goes_on(self.behind.strip_prefix(sign).unwrap_or_default())
    }

    fn has_tight_colon(&self) -> bool {
        self.behind.strip_prefix(':').is_some_and(|words| self.labels.goes_on(words))
    }

    /// A colon; `Mother: “No”` tells what somebody said.
    fn has_colon(&self) -> bool {
        // `**Ada:** So` and `[Ada] So`.
        let bare = self.behind.trim_start_matches(['*', '_', ' ', '\u{a0}']);
        bare.strip_prefix([':', '：', ';']).is_some_and(|words| {
            !words.trim_start().starts_with(['«', '“', '„', '"', '‘', '/', ':'])
        })
    }

    /// What stands behind `[Ada` or `**Ada`, from the sign that closes it.
    fn closing(&self, pairs: &[(&str, &'static str)]) -> Option<&str> {
        let behind = self.behind.trim_start_matches([' ', '-', '–', '.', ';']);
        let closed = pairs
            .iter()
            .find(|(open, close)| self.before.ends_with(open) && behind.starts_with(close));
        closed.map(|(_, close)| &behind[close.len()..])
    }

    /// `[Ada]` and `**Ada** -`, whatever blanks and signs stand between; `[Ada], have you`
    /// speaks to her.
    fn is_in_brackets(&self) -> bool {
        let pairs = [("[", "]"), ("(", ")"), ("<", ">"), ("*", "*")];
        self.closing(&pairs).is_some_and(|behind| !behind.starts_with(','))
    }

    /// `“Ada” So`; `"Lucio." Franco` is a name.
    fn is_in_quotes(&self) -> bool {
        self.closing(&[("“", "”"), ("\"", "\"")]).is_some()
    }

    fn words_go_on(&self) -> bool {
        self.labels.goes_on(self.rest().trim_start_matches(['”', '"']).trim_start())
    }

    /// What stands above and before the label.
    fn above(&self) -> &str {
        self.before.trim_end()
    }

    fn opens_line(&self) -> bool {
        let line = self.before.rsplit('\n').next().unwrap_or_default();
        self.opens_cue || !line.contains(char::is_alphabetic)
    }

    /// Whether other words stand on its line, or the turn begins on it behind another label.
    fn shares_its_line(&self) -> bool {
        !self.opens_line() || (self.above().is_empty() && !self.before.contains('\n'))
    }

    /// Whether what stands above is no sentence that goes on.
    fn is_ended(&self) -> bool {
        self.above().is_empty() || ends_sentence(self.above())
    }

    /// Whether no sentence goes on from the line above.
    fn begins_anew(&self) -> bool {
        self.opens_cue || (self.opens_line() && self.is_ended())
    }

    fn is_below_empty_line(&self) -> bool {
        self.before[self.above().len()..].matches('\n').count() > 1
    }

    fn is_behind_time(&self) -> bool {
        let above = self.above();
        let opened = above.rfind(['[', '(', '{']);
        above.ends_with([']', ')', '#', '}'])
            && opened.is_some_and(|at| scan_stamp(&above[at..]).is_some())
    }

    /// What stands behind the label and the signs around it; `Ada.` on a line of its own, below
    /// what is ended, has a full stop.
    fn rest(&self) -> &str {
        let rest = self.behind.trim_start_matches([' ', '\t', '\r', ']', ')', '>', '*', '_']);
        let signs: &[char] = if self.is_ended() { &[' ', '.', '-', '–'] } else { &[' '] };
        rest.trim_start_matches(signs)
    }

    fn ends_line(&self) -> bool {
        self.rest().starts_with('\n') || (self.rest().is_empty() && is_sure(self.label))
    }

    fn is_alone(&self) -> bool {
        self.ends_line() && (self.opens_line() || is_loud(self.label))
    }

    fn has_dash(&self) -> bool {
        [" - ", " – ", " — "].iter().any(|sign| self.behind.starts_with(sign))
    }

    /// Whether a sentence begins behind one of the signs, or at once if there are none.
    fn goes_on(&self, signs: &[char]) -> bool {
        let words = self.behind.trim_start_matches([' ', '\t', '\u{a0}']);
        let words = words.strip_prefix(signs).unwrap_or(if signs.is_empty() { words } else { "" });
        words.starts_with(char::is_whitespace) != signs.is_empty()
            && self.labels.goes_on(words.trim_start())
    }

    /// Whether a time stands behind it; `John 3:16 says` is a verse.
    fn is_timed(&self) -> bool {
        let stamp = self.behind.trim_start_matches([' ', '\t', '\u{a0}', '.', '-', '–', ';']);
        let digits = stamp.trim_start_matches(['[', '(', '#', '{']);
        let begins = digits.starts_with(|c: char| c.is_ascii_digit());
        let is_wide = self.behind.chars().take(2).all(char::is_whitespace) && begins;
        let read = scan_stamp(stamp);
        let behind = read.map(|it| stamp[it.len..].trim_start_matches([' ', '\t', '\r', ':']));
        let is_last = behind.is_some_and(|it| it.is_empty() || it.starts_with('\n'));
        let goes_on = behind.is_some_and(|it| !it.starts_with(char::is_lowercase));
        (stamp.len() > digits.len() && begins)
            || is_last
            || (is_wide && self.opens_line())
            || (self.is_long() && (is_wide || goes_on))
    }
}

/// The letters and digits that a text begins with.
fn first_word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())]
}

/// Tells of what seems to be a time among the words of turns and is none that is known:
/// `[00;03:26]`, `00 :03`.
pub(super) fn odd_times(raw: &RawTranscript, file: Option<&str>) -> Option<Diagnostic> {
    let has_times = raw.turns.iter().any(|turn| !turn.cues.is_empty());
    let lines = raw.turns.iter().flat_map(|turn| {
        let said = turn.span.of(&raw.text);
        let start = turn.span.range().start;
        said.split_inclusive('\n')
            .scan(start, |at, line| Some((std::mem::replace(at, *at + line.len()), line)))
    });
    let mut found = lines.filter_map(|(at, line)| Some((at, odd_time(line, has_times)?)));
    let (at, first) = found.next()?;
    let n = count(1 + found.count() as u64, "time");
    let problem = format!("{n} among the words of turns not read, first `{first}`");
    Some(
        Diagnostic::new(problem)
            .on_line(line_of(raw, at, file))
            .with(Remedy::new("write them as the other times of the file")),
    )
}

/// What seems to be a time in a line, if it is none that is known.
fn odd_time(line: &str, has_times: bool) -> Option<&str> {
    let is_in =
        |c: char| c.is_ascii_digit() || matches!(c, ':' | ';' | '.' | ',' | '-' | '>' | ' ');
    let is_digit = |c: char| c.is_ascii_digit();
    let whole = line.trim();
    let is_split = |text: &str| {
        [";", " :"].iter().any(|sign| {
            text.split_once(sign).is_some_and(|(before, after)| {
                // `3;16` is a verse.
                let n_digits = before.chars().rev().take_while(char::is_ascii_digit).count();
                (n_digits > 1 || text[before.len() + 1..].contains([':', ';']))
                    && before.ends_with(is_digit)
                    && after.starts_with(is_digit)
                    && after[1..].starts_with(is_digit)
            })
        })
    };
    let n_numbers = whole.split(|c: char| !c.is_ascii_digit()).filter(|it| !it.is_empty()).count();
    if has_times && n_numbers > 1 && whole.chars().all(is_in) && whole.contains([':', ';', '.']) {
        return Some(whole);
    }
    if let Some(at) = whole.find(" --> ").filter(|at| whole[..*at].ends_with(is_digit)) {
        let start = whole[..at].rfind(' ').map_or(0, |blank| blank + 1);
        return Some(&whole[start..]);
    }
    // Behind the last sentence.
    let last = whole.rsplit(' ').next().unwrap_or_default();
    let before = whole[..whole.len() - last.len()].trim_end();
    let is_behind_label = before.ends_with(']');
    let is_clock = scan_clock(last, false).is_some_and(|clock| clock.len == last.len());
    if has_times && is_clock && (is_behind_label || ends_sentence(before)) {
        return Some(last);
    }
    // What stands in brackets, and any stretch of digits and signs.
    let mut from = 0;
    while let Some(start) = line[from..].find(is_digit).map(|at| from + at) {
        let len = line[start..].find(|c: char| !is_in(c)).unwrap_or(line.len() - start);
        let end =
            start + line[start..start + len].trim_end_matches([' ', '.', ',', ':', ';', '-']).len();
        let stretch = &line[start..end];
        if is_split(stretch) {
            return Some(stretch);
        }
        let is_apart =
            line[..start].ends_with(['[', '#']) && line[start + len..].starts_with([']', '#']);
        let is_first = line[..start].trim().is_empty() && line[end..].starts_with(" | ");
        if is_first && stretch.contains([':', ';', '.']) {
            return Some(stretch);
        }
        let has_sign =
            stretch.contains([':', ';']) || (stretch.contains('.') && line[..start].ends_with('#'));
        if is_apart && has_sign && scan_stamp(&line[start - 1..]).is_none() {
            return Some(stretch);
        }
        from = start + len;
    }
    None
}

/// The line of a place, if the file has the same there.
fn line_of(raw: &RawTranscript, at: usize, file: Option<&str>) -> Option<usize> {
    let number =
        usize::try_from(LineIndex::new(&raw.text).line_of(u32::try_from(at).ok()?)).ok()?;
    let line = |text: &str| text.lines().nth(number - 1).map(|line| line.trim().to_owned());
    Some(number).filter(|_| file.is_some_and(|file| line(file) == line(&raw.text)))
}

/// Whether a label is hardly a word of what somebody says: a role, a code, initials, or two
/// words and more.
fn is_sure(label: &str) -> bool {
    let n = label.chars().filter(|c| c.is_alphabetic()).count();
    n > 1
        && (is_loud(label)
            || is_role(label)
            || label.contains(|c: char| c.is_numeric() || c == '_' || c == ' '))
}

/// Whether a label is in capitals.
fn is_loud(label: &str) -> bool {
    label.chars().filter(|c| c.is_alphanumeric()).count() > 1
        && !label.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::super::read;

    #[track_caller]
    fn check(file: &str, name: &str, expected: Option<&str>) {
        let raw = read(file.as_bytes(), name).unwrap();
        let told = raw.warnings.iter().map(|told| (told.line(), told.problem.as_str()));
        let told: Vec<String> = told
            .filter(|(_, problem)| problem.contains("among the words"))
            .map(|(line, problem)| format!("{}: {problem}", line.unwrap_or(0)))
            .collect();
        assert_eq!(told.first().map(String::as_str), expected, "{file}");
    }

    #[test]
    fn a_label_among_the_words_of_a_turn_is_told() {
        let talk = "[Ada Lund] Why?\n[Ben] It was wet.\n".repeat(3);
        check(
            &format!("{talk}[Ada Lund] And? [Ben] So it was.\n"),
            "P01.txt",
            Some("7: the label of a speaker stands among the words of a turn, first `Ben`"),
        );
        check(
            &format!("{talk}[Ada Lund] So it was. [Ben]\n"),
            "P01.txt",
            Some("7: the label of a speaker stands among the words of a turn, first `Ben`"),
        );
        let cue =
            |n: usize, words: &str| format!("{n}\n00:00:0{n},000 --> 00:00:09,000\n{words}\n\n");
        let talk = cue(1, "Ada Lund: Why?") + &cue(2, "Ben: It was so.") + &cue(3, "Ada Lund: Oh.");
        check(
            &(talk + &cue(4, "Ben: So. Ada Lund: Well.") + &cue(5, "Ben: Yes.")),
            "P01.srt",
            Some(
                "0: the label of a speaker stands among the words of a turn, first `Ada Lund` at 0:00:04",
            ),
        );
    }

    #[test]
    fn what_seems_to_be_a_time_among_the_words_is_told() {
        let talk = "[00:01:02] Ada Lund: Why?\n[00:01:08] Ben: It was wet.\n".repeat(3);
        let told = |said: &str| {
            let file = format!("{talk}[00:01:09] Ada Lund: {said}\nBen: So.\n");
            let raw = read(file.as_bytes(), "P01.txt").unwrap();
            raw.warnings.iter().any(|told| told.problem.contains("among the words of turns"))
        };
        for said in ["So. [00;03:26]", "00 :03:12 So.", "So.\n7.31\nIt was."] {
            assert!(told(said), "{said}");
        }
        for said in
            ["At 9:30 we left.", "It was 7.31 in all.", "Twice (2.5) a day.", "So; 20 came."]
        {
            assert!(!told(said), "{said}");
        }
    }

    #[test]
    fn what_somebody_says_of_others_is_no_label() {
        let talk = "Ada Lund: Why?\nBen: It was wet.\n".repeat(3);
        for said in [
            "Ada Lund came. Ben and I stayed.",
            "I said to Ben: no.",
            "Ben. He was there.",
            "So Ben (Ada Lund) came.",
            "Ben Ash was there, so.",
            // Calls somebody, or speaks to them.
            "Ben.",
            "We have a minute left. Ben",
            "[Ben], do you have more?",
            // Another's name, verses, and a line that goes on.
            "It is my name. \"Ben.\" Ash, that is.",
            "As Ben 3:16 says, so.",
            "Ben 3:16 says so.",
            "In verse 3;16 we read of it.",
            "So you are\nBen. It is so.",
        ] {
            check(&format!("{talk}Ada Lund: {said}\nBen: So.\n"), "P01.txt", None);
        }
    }
}
