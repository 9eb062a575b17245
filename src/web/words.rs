//! Words and addresses in pages: what somebody said, where it stands, how many.

use std::borrow::Borrow;
use std::fmt;

use crate::answers::{Hit, Interval, Provenance};
use crate::base::Lines;
use crate::codebook::act::Pick;
use crate::rendering::quotes::own_words;
use crate::transcripts::cases::field_name;

pub(super) use crate::rendering::quotes::provenance;
pub(super) use crate::rendering::themes::doubts;

/// Words of a transcript in a page, character by character: a carriage return stays one,
/// where a browser would make a line feed of it, so that positions stay the same.
pub(super) struct Spoken<'t>(pub(super) &'t str);

impl fmt::Display for Spoken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'', '\r']) {
            f.write_str(&rest[..at])?;
            f.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                b'\'' => "&#39;",
                _ => "&#13;",
            })?;
            rest = &rest[at + 1..];
        }
        f.write_str(rest)
    }
}

/// Nothing of it is taken for markup.
impl askama::filters::HtmlSafe for Spoken<'_> {}

/// What the program says, as a page shows it: what stands between backticks is literal.
pub(super) struct Told<'t>(pub(super) &'t str);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<&str> = self.0.split('`').collect();
        // One that is not closed is a backtick like any other sign.
        let is_closed = parts.len() % 2 == 1;
        for (n, part) in parts.iter().enumerate() {
            match n % 2 {
                0 => write!(f, "{}", Spoken(part))?,
                _ if is_closed => write!(f, "<code>{}</code>", Spoken(part))?,
                _ => write!(f, "`{}", Spoken(part))?,
            }
        }
        Ok(())
    }
}

/// Nothing of it is taken for markup but what stands between backticks.
impl askama::filters::HtmlSafe for Told<'_> {}

/// The speaker's own words of a quote, in runs of what matched and what did not.
pub(super) fn runs(hit: &Hit) -> Vec<(String, bool)> {
    let mut runs: Vec<(String, bool)> = Vec::new();
    for (c, is_match) in own_words(hit) {
        match runs.last_mut() {
            Some((text, known)) if *known == is_match => text.push(c),
            _ => runs.push((c.to_string(), is_match)),
        }
    }
    runs
}

/// A problem as a sentence: unless it begins with something that has a form of its own.
pub(super) fn sentence_of(problem: &str) -> String {
    let first = problem.split(' ').next().unwrap_or_default();
    let is_word = first.chars().all(|c| c.is_ascii_lowercase());
    let (start, rest) = problem.split_at(problem.chars().next().map_or(0, char::len_utf8));
    let start = if is_word { start.to_uppercase() } else { start.to_owned() };
    let end = if problem.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{start}{rest}{end}")
}

/// A part of an address: a transcript's id, a query.
pub(super) fn encoded(text: &str) -> String {
    let written = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(written).collect::<Vec<_>>().concat()
}

/// A part of a query that asks for a value of a field: `group:"leaders"`.
pub(super) fn field(name: &str, value: &str) -> String {
    format!("{}:\"{value}\"", field_name(name))
}

/// The address of a picture of a page as a file: that of this name.
pub(super) fn as_file(here: &str, name: &str) -> String {
    format!("{here}{}as={name}", if here.contains('?') { '&' } else { '?' })
}

/// Where a quote is read: `/read/participants/P07?lines=27-29#here`.
pub(super) fn reading(at: &Provenance) -> String {
    let [first, last] = at.lines;
    format!("/read/{}?lines={first}-{last}#here", encoded(&at.transcript))
}

/// Where passages like a quote are listed.
pub(super) fn likeness(at: &Provenance) -> String {
    let [first, last] = at.lines;
    format!("/quotes/like?transcript={}&lines={first}-{last}", encoded(&at.transcript))
}

/// `line 27`, `lines 27–29`.
pub(super) fn lines(lines: impl Borrow<[u32; 2]>) -> String {
    crate::base::lines_cited(*lines.borrow())
}

/// `15 of 16 participants`.
pub(super) fn people(n: impl Borrow<usize>, of: impl Borrow<usize>) -> String {
    format!("{} of {}", n.borrow(), many(of, "participant"))
}

/// `1,289 words`.
pub(super) fn count(n: impl Borrow<u64>, one: &str) -> String {
    crate::base::count(*n.borrow(), one)
}

/// `1,289`.
pub(super) fn number(n: impl Borrow<u32>) -> String {
    crate::base::number(u64::from(*n.borrow()))
}

/// `00:07:17`.
pub(super) fn clock(ms: impl Borrow<u64>) -> String {
    crate::base::clock(*ms.borrow())
}

/// `2026-11-26, 19:36 UTC`, of a moment as records hold it.
pub(super) fn moment(at: &str) -> String {
    match at.split_once('T') {
        Some((day, time)) => format!("{day}, {} UTC", time.get(..5).unwrap_or(time)),
        None => at.to_owned(),
    }
}

/// `72 to 99 %`.
pub(super) fn percent(interval: impl Borrow<Interval>) -> String {
    crate::rendering::themes::percent(*interval.borrow())
}

/// `27 passages`.
pub(super) fn many(n: impl Borrow<usize>, one: &str) -> String {
    crate::base::count(*n.borrow() as u64, one)
}

/// The step of the tints that a code is shown in.
pub(super) fn tint(code: impl Borrow<u32>) -> u32 {
    code.borrow() % 8
}

/// The steps by which names are moved in.
pub(super) fn step(depth: impl Borrow<usize>) -> usize {
    (*depth.borrow()).min(4)
}

/// A p as people read it.
pub(super) fn p_value(p: impl Borrow<f64>) -> String {
    crate::rendering::compare::p_value(*p.borrow())
}

/// A decimal with two digits.
pub(super) fn decimal(value: f64) -> String {
    crate::rendering::layout::decimal(value, 2)
}

/// What a form sends for a quote that is ticked.
pub(super) fn pick(hit: &Hit) -> String {
    let [first, last] = hit.at.lines;
    as_json(&Pick {
        transcript: hit.at.transcript.clone(),
        lines: Lines { first, last },
        words: Some(hit.text.clone()),
    })
}

/// Words as a form sends them: a browser would change their line ends.
pub(super) fn as_json(words: &(impl serde::Serialize + ?Sized)) -> String {
    serde_json::to_string(words).unwrap_or_default()
}

/// A value as JSON inside a page, where `<` would end it.
pub(super) fn data(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shown_and_never_obeyed() {
        let shown = Spoken("<b>\"Siân\" & 'I'\r\n{{ x }}\u{202e}").to_string();
        assert_eq!(shown, "&lt;b&gt;&quot;Siân&quot; &amp; &#39;I&#39;&#13;\n{{ x }}\u{202e}");
    }

    #[test]
    fn what_stands_between_backticks_is_literal() {
        assert_eq!(
            Told("no `<a>` in `b`").to_string(),
            "no <code>&lt;a&gt;</code> in <code>b</code>"
        );
        assert_eq!(Told("a ` b & c").to_string(), "a ` b &amp; c");
    }

    #[test]
    fn a_problem_becomes_a_sentence_and_names_stay_as_they_are() {
        assert_eq!(sentence_of("there is no code 3"), "There is no code 3.");
        assert_eq!(sentence_of("p07.txt: not read."), "p07.txt: not read.");
        assert_eq!(sentence_of("`x` is no field"), "`x` is no field.");
    }

    #[test]
    fn a_field_of_a_query_is_named_as_queries_name_it() {
        assert_eq!(field("years in practice", "more than 9"), "years-in-practice:\"more than 9\"");
    }

    #[test]
    fn a_moment_is_told_by_day_and_minute() {
        assert_eq!(moment("2026-11-26T19:36:55Z"), "2026-11-26, 19:36 UTC");
        assert_eq!(moment("some day"), "some day");
    }

    #[test]
    fn an_id_becomes_an_address() {
        assert_eq!(encoded("participants/Siân #1?"), "participants/Si%C3%A2n%20%231%3F");
    }
}
