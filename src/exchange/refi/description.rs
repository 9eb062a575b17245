//! The one text that a code has in REFI-QDA, for our four.
//!
//! ```text
//! It is easier to take part.
//!
//! Inclusion: no travel, no room
//!
//! Exclusion: how the software works
//!
//! Search rule: petrol OR "no travel"
//! ```
//!
//! A line of a text that itself starts with one of the marks gets a backslash before
//! it, so that all four come back as they were.

const INCLUSION: &str = "Inclusion: ";
const EXCLUSION: &str = "Exclusion: ";
const RULE: &str = "Search rule: ";
const MARKS: [&str; 3] = [INCLUSION, EXCLUSION, RULE];

/// Whether a line would be taken for a mark, also behind backslashes.
fn is_mark(line: &str) -> bool {
    let bare = line.trim_start_matches('\\');
    MARKS.iter().any(|mark| bare.starts_with(mark))
}

/// Joins definition, inclusion and exclusion notes, and the rule.
pub(super) fn join([definition, marked @ ..]: [&str; 4]) -> String {
    let mut joined = escaped(definition);
    for (mark, text) in MARKS.into_iter().zip(marked) {
        if text.is_empty() {
            continue;
        }
        if !joined.is_empty() {
            joined.push_str("\n\n");
        }
        joined.push_str(mark);
        // The first line stands behind the mark and can be taken for none.
        match text.split_once('\n') {
            Some((first, rest)) => {
                joined.push_str(first);
                joined.push('\n');
                joined.push_str(&escaped(rest));
            }
            None => joined.push_str(text),
        }
    }
    joined
}

fn escaped(text: &str) -> String {
    let line = |line: &str| if is_mark(line) { format!("\\{line}") } else { line.to_owned() };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Takes them apart again: definition, inclusion, exclusion, rule.
pub(super) fn split(description: &str) -> [String; 4] {
    let mut parts: [Option<Vec<&str>>; 4] = [Some(Vec::new()), None, None, None];
    let mut part = 0;
    for line in description.split('\n') {
        let next = MARKS.iter().zip(1..).find_map(|(mark, number)| {
            // The marks have an order; elsewhere the words are words.
            if number <= part { None } else { Some((line.strip_prefix(mark)?, number)) }
        });
        let line = match next {
            Some((rest, number)) => {
                part = number;
                rest
            }
            None if is_mark(line) => line.strip_prefix('\\').unwrap_or(line),
            None => line,
        };
        parts[part].get_or_insert_default().push(line);
    }
    let last = part;
    let mut number = 0;
    parts.map(|lines| {
        let mut lines = lines.unwrap_or_default();
        // The blank line before the next mark is ours.
        if number < last && lines.last() == Some(&"") {
            lines.pop();
        }
        number += 1;
        lines.join("\n")
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_description_reads_as_people_write_it() {
        let texts = ["It is easier.\nFor all.", "no travel", "software", "petrol OR bus"];
        let joined = join(texts);
        assert_eq!(
            joined,
            "It is easier.\nFor all.\n\nInclusion: no travel\n\nExclusion: software\n\n\
             Search rule: petrol OR bus"
        );
        assert_eq!(split(&joined), texts);
        assert_eq!(join(["", "", "software", ""]), "Exclusion: software");
        assert_eq!(split("aka regular"), ["aka regular", "", "", ""]);
        assert_eq!(split(""), [""; 4]);
    }

    proptest! {
        #[test]
        fn all_four_come_back(
            texts in proptest::array::uniform4(
                "([a-z\n\r\\\\ ]|Inclusion: |Exclusion: |Search rule: |\n\n){0,12}",
            ),
        ) {
            prop_assert_eq!(split(&join(texts.each_ref().map(String::as_str))), texts);
        }
    }
}
