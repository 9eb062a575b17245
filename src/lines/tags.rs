//! Reads tags around turns, or around labels, as the labels that they stand for.
//!
//! A text comes in; one of the same lines goes out:
//!
//! ```text
//! <interviewer> Why? </interviewer>          Interviewer: Why?
//! <interviewer>Ada Quill</interviewer>: Why? Ada Quill: Why?
//! <question><interviewer>Why? …              Interviewer: Why? …
//! ```
//!
//! Tags are labels only where some are named after who asks, some after who answers, and
//! both are closed again.

use std::collections::BTreeMap;

use crate::labels::{MAX_CHARS, Part, fold, is_label, part_of};

/// The fewest closed tags that are no chance.
const MIN_TAGS: usize = 4;
/// Shorter names are elements of HTML.
const MIN_NAME: usize = 3;
/// What tags around a question and its answer are called, whoever speaks in them.
const WRAPPERS: [&str; 2] = ["question", "answer"];

/// The part that a tag of a name stands for.
fn part(name: &str) -> Option<Part> {
    match name {
        "interview" => None,
        "answer" => Some(Part::Answers),
        name if name.chars().count() < MIN_NAME => None,
        name => part_of(name).filter(|part| matches!(part, Part::Asks | Part::Answers)),
    }
}

/// The name in lower case of the tag that a text begins with, and how long the tag is.
fn tag(text: &str) -> Option<(String, usize, bool)> {
    let inside = text.strip_prefix('<')?;
    let name = inside.strip_prefix('/').unwrap_or(inside);
    let len = name.find(|c: char| !c.is_alphanumeric())?;
    name[len..].starts_with('>').then(|| {
        let end = text.len() - name.len() + len + 1;
        (fold(&name[..len]), end, inside.starts_with('/'))
    })
}

/// The text with labels for tags that name who speaks.
pub(crate) fn without_speaker_tags(text: String) -> String {
    let mut closed: BTreeMap<String, usize> = BTreeMap::new();
    for (at, _) in text.match_indices("</") {
        if let Some((name, ..)) = tag(&text[at..]).filter(|(name, ..)| part(name).is_some()) {
            *closed.entry(name).or_default() += 1;
        }
    }
    let has = |of: Part| closed.keys().any(|name| part(name) == Some(of));
    if !has(Part::Asks) || !has(Part::Answers) || closed.values().sum::<usize>() < MIN_TAGS {
        return text;
    }
    let is_wrapped = closed.keys().any(|name| !WRAPPERS.contains(&name.as_str()));
    let is_dropped = |name: &str| is_wrapped && WRAPPERS.contains(&name);
    let known = |text: &str| tag(text).filter(|(name, ..)| closed.contains_key(name));
    let mut read = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('<') {
        read.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some((name, len, is_close)) = known(rest) else {
            read.push('<');
            rest = &rest[1..];
            continue;
        };
        rest = &rest[len..];
        if is_close || is_dropped(&name) {
            continue;
        }
        // Who is named in the tag has the words behind the colon.
        let labelled = rest.find('<').filter(|close| *close <= 2 * MAX_CHARS).and_then(|close| {
            let (of, len, is_close) = known(&rest[close..])?;
            let behind = rest[close + len..].trim_start_matches([' ', '*']);
            let is_named = is_close && of == name && behind.starts_with(':');
            (is_named && is_label(rest[..close].trim())).then_some(close)
        });
        if labelled.is_none() {
            let mut letters = name.chars();
            read.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            read.extend(letters.chain([':', ' ']));
        }
    }
    read + rest
}

#[cfg(test)]
mod tests {
    use crate::text::tests::shown;

    #[test]
    fn tags_around_turns_and_labels_are_labels() {
        let turns = "<interviewer> Why? </interviewer>\n<interviewee> It was wet.</interviewee>\n";
        let read = "Interviewer||Why?\nInterviewee||It was wet.\n";
        assert_eq!(shown(&turns.repeat(2), true), read.repeat(2));
        let turns = "<question><interviewer>Ada</interviewer>: Why?</question>\n\
            <answer><interviewee>Ben Lund</interviewee>: It was\nwet.</answer>\n";
        assert_eq!(shown(&turns.repeat(2), true), "Ada||Why?\nBen Lund||It was/wet.\n".repeat(2));
    }

    #[test]
    fn other_tags_stay_words() {
        let text = "Ada: So <laughs> it was </laughs>.\nBen: Oh <b>no</b>.\n".repeat(3);
        assert!(shown(&text, false).contains("So <laughs> it was </laughs>."));
    }
}
