//! Tells the head of an interview from its talk: `Interviewer: Hana Brook`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Content, Line, runs};
use crate::labels::heads::{Head, Kind};
use crate::labels::{Part, counts, fold, is_field, is_name, part_in};

/// The most words that a field may hold, `Place` and `Topic` too.
const MAX_WORDS: usize = 12;

/// The most words on who somebody is, behind the name.
const MAX_TOLD_WORDS: usize = 4;

/// Makes fields that name who asks and who is asked no speech, with the fields around
/// them, wherever they stand and in whatever language.
///
/// Fields stand together in a paragraph, before the talk of it; each label occurs once
/// in the file, but for a part that also labels the talk. What a part holds is names.
pub(crate) fn silence_parts(text: &str, lines: &mut [Line<'_>]) {
    let counts = counts(lines.iter().filter_map(Line::head).map(|head| head.label));
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for Range { start, end: to } in runs(lines, |line| !line.is_empty()) {
        let (mut n_fields, mut n_parts, mut n_once, mut end) = (0, 0, 0, start);
        for (at, line) in (start..).zip(&lines[start..to]) {
            let Some(head) = line.head() else {
                let n_words = line.words(text).split_whitespace().count();
                if matches!(line.content, Content::Words) && n_words > MAX_WORDS {
                    break;
                }
                continue;
            };
            let folded = fold(head.label);
            let value = &text[head.words..line.end];
            let is_once = counts.get(&folded) == Some(&1);
            let is_part = !seen.contains(&folded) && names_part(&head, value);
            let is_short = value.split_whitespace().count() <= MAX_WORDS && !value.contains('?');
            // Only of a part is it known that `Dr.` and `J.` are no sentences: they are names.
            let is_ended = value.trim_end().ends_with(['.', '!', '?', '…']);
            let is_other = is_once && is_short && !is_ended && head.kind == Kind::Colon;
            if !is_part && !is_other && !is_field(head.label) {
                break;
            }
            n_fields += 1;
            n_parts += usize::from(is_part);
            n_once += usize::from(is_once);
            end = at + 1;
        }
        seen.extend(lines[start..to].iter().filter_map(Line::head).map(|head| fold(head.label)));
        let names_somebody = |line: &Line<'_>| {
            let value = line.head().map(|head| &text[head.words..line.end]);
            value.is_some_and(|value| value.split_whitespace().count() > 1)
        };
        // A label that also stands before talk is a field only in a paragraph of fields.
        let is_sure = if n_once == n_fields {
            n_fields > 1 || lines[start..end].iter().all(names_somebody)
        } else {
            end == to && n_fields > 1 && n_once > 0
        };
        if n_parts > 0 && is_sure && lines[end..].iter().any(|line| line.head().is_some()) {
            lines[start..end].iter_mut().for_each(|line| line.silence(Content::Stop));
        }
    }
}

/// Whether a line gives names to a part: `Befragter: Herr Lamm`.
fn names_part(head: &Head<'_>, value: &str) -> bool {
    let value = &without_notes(value);
    let is_and = |word: &str| matches!(word, "and" | "und" | "et" | "y" | "e" | "&");
    let is_named = |word: &str| word.starts_with(char::is_alphanumeric) && is_name(word);
    // A name may have a word on who it is: `Quill Marsh, gardener; Ada Lund, moderator`.
    let names = || value.split([';', ',']).map(str::trim).filter(|name| !name.is_empty());
    let is_told = |name: &str| {
        !name.chars().any(char::is_uppercase) && name.split_whitespace().count() <= MAX_TOLD_WORDS
    };
    let is_full = |name: &str| name.split_whitespace().count() > 1;
    let are_names = |name: &str| {
        name.split_whitespace().all(|word| is_and(word) || is_named(word.trim_end_matches('.')))
    };
    let are_told = names().next().is_some_and(|name| is_full(name) && are_names(name))
        && names().all(|name| are_names(name) || is_told(name));
    let mut words = value.split_whitespace();
    head.kind == Kind::Colon
        && matches!(
            part_in(&fold(head.label)),
            Some(Part::Asks | Part::Answers | Part::Neither | Part::Unsaid)
        )
        // `Interviewer  2:66:67.5` holds a time, `Participant ID: 07` a number.
        && !value.trim().is_empty()
        && (value.contains(char::is_alphabetic) || !value.contains([':', '.']))
        && !value.contains('?')
        && !ends_sentence(value)
        && value.split_whitespace().count() <= MAX_WORDS
        && (are_told
            || words.all(|word| is_and(word) || is_named(word.trim_end_matches([',', ';', '.']))))
}

/// Words without what stands in brackets.
fn without_notes(value: &str) -> String {
    let mut bare = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('(') {
        let Some((_, behind)) = after.split_once(')') else { break };
        bare.push_str(before.trim_end());
        rest = behind;
    }
    bare + rest
}

/// Whether words end like a sentence; `Dr.` and `J.` are too short to.
fn ends_sentence(value: &str) -> bool {
    let last = value.split_whitespace().next_back().unwrap_or_default();
    last.ends_with(['!', '?', '…']) || (last.ends_with('.') && last.chars().count() > 4)
}

#[cfg(test)]
mod tests {
    use crate::text::tests::shown;

    #[test]
    fn a_heading_above_the_talk_that_names_the_translator_is_no_turn() {
        let talk = "**Interviewer:** Why?\n\n**Ada:** It was wet.\n\n".repeat(3);
        let read = shown(&format!("# Talk\n\n### Translator: Ola Berg\n\n{talk}"), true);
        assert!(!read.contains("Translator"), "{read}");
        // Who translates speaks too.
        let text = format!("{talk}**Translator:** She says: yes.\n\n{talk}");
        assert!(shown(&text, true).contains("Translator||She says: yes.\n"));
    }

    #[test]
    fn fields_hold_names_or_numbers_and_no_times_and_are_not_empty() {
        let talk = "Interviewer: Why?\nAda: It was wet.\n".repeat(3);
        let read = shown(&format!("Participant ID: 07\nPlace: here\n\n{talk}"), false);
        assert!(!read.contains("Participant ID"), "{read}");
        // A name, a gap and a time that is none.
        let text = format!("Ben: It was so.\nInterviewer  2:66:67.5\nWhy?\n\n{talk}");
        assert!(shown(&text, false).contains("It was so."));
        let text = format!("{talk}\nPapers:\nWhat the interviewee hands in:\nNext time in May.\n");
        assert!(shown(&text, false).contains("hands in:"));
    }
}
