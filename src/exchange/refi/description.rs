//! The one text that a code has in REFI-QDA, for our three.
//!
//! ```text
//! It is easier to take part.
//!
//! Inclusion: no travel, no room
//!
//! Exclusion: how the software works
//! ```
//!
//! A line of a text that itself starts with one of the two marks gets a
//! backslash before it, so that all three come back as they were.

const INCLUSION: &str = "Inclusion: ";
const EXCLUSION: &str = "Exclusion: ";

/// Whether a line would be taken for a mark, also behind backslashes.
fn is_mark(line: &str) -> bool {
    let bare = line.trim_start_matches('\\');
    bare.starts_with(INCLUSION) || bare.starts_with(EXCLUSION)
}

/// Joins definition, inclusion and exclusion notes.
pub(super) fn join(definition: &str, include: &str, exclude: &str) -> String {
    let mut joined = escaped(definition);
    for (mark, text) in [(INCLUSION, include), (EXCLUSION, exclude)] {
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

/// Takes them apart again: definition, inclusion, exclusion.
pub(super) fn split(description: &str) -> [String; 3] {
    let mut parts: [Option<Vec<&str>>; 3] = [Some(Vec::new()), None, None];
    let mut part = 0;
    for line in description.split('\n') {
        let next = [INCLUSION, EXCLUSION].iter().zip(1..).find_map(|(mark, number)| {
            // Inclusion comes before exclusion; elsewhere the words are words.
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
        let joined = join("It is easier.\nFor all.", "no travel", "software");
        assert_eq!(
            joined,
            "It is easier.\nFor all.\n\nInclusion: no travel\n\nExclusion: software"
        );
        assert_eq!(split(&joined), ["It is easier.\nFor all.", "no travel", "software"]);
        assert_eq!(join("", "", "software"), "Exclusion: software");
        assert_eq!(split("aka regular"), ["aka regular", "", ""]);
        assert_eq!(split(""), ["", "", ""]);
    }

    proptest! {
        #[test]
        fn all_three_come_back(
            texts in proptest::array::uniform3("([a-z\n\r\\\\ ]|Inclusion: |Exclusion: |\n\n){0,12}"),
        ) {
            prop_assert_eq!(split(&join(&texts[0], &texts[1], &texts[2])), texts);
        }
    }
}
