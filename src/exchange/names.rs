//! Names from elsewhere become names that can stand here.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::base::{is_unseen, one_line};
use crate::codebook::edit::checked_name;
use crate::codebook::normal_path;
use crate::files::is_transcript_ending;

/// The longest name of a code, in characters, as the codebook has it.
const MAX_NAME: usize = 200;
/// The longest part of a transcript's id that is made, in characters.
const MAX_PART: usize = 80;

/// A transcript's id from a name that another tool gave: parts that can be names
/// of files on every system, joined by `/`; never blank, never out of the folder.
pub fn safe_id(name: &str) -> String {
    let parts: Vec<String> =
        name.split('/').map(safe_part).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "source".to_owned() } else { parts.join("/") }
}

fn safe_part(part: &str) -> String {
    let replaced: String = part
        .chars()
        .map(|c| match c {
            '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
            c if c.is_control()
                || matches!(c, '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                ' '
            }
            c => c,
        })
        .take(MAX_PART)
        .collect();
    // Windows drops dots and blanks at the end, and a dot at the start hides a file.
    let folded = one_line(&replaced);
    let trimmed = folded.trim_start_matches('.').trim_end_matches(['.', ' ']).trim();
    let stem = trimmed.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let is_device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || stem
            .strip_prefix("COM")
            .or_else(|| stem.strip_prefix("LPT"))
            .is_some_and(|n| n.len() == 1 && n.chars().all(|c| c.is_ascii_digit()));
    if is_device { format!("{trimmed}-") } else { trimmed.to_owned() }
}

/// A name without the ending of a file that holds text: `Simon.docx` is `Simon`.
pub(super) fn without_ending(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending))
            if !stem.trim().is_empty()
                && (is_transcript_ending(ending)
                    || ["doc", "rtf", "odt", "pdf", "htm", "html", "mp3", "mp4", "m4a", "wav"]
                        .iter()
                        .any(|known| ending.eq_ignore_ascii_case(known))) =>
        {
            stem
        }
        _ => name,
    }
}

/// Gives out each name once; a second one gets a number.
#[derive(Debug, Default)]
pub(super) struct Unique {
    /// With the last number that was given to each.
    taken: BTreeMap<String, usize>,
}

impl Unique {
    /// `name`, or `name (2)` if that is taken; case does not tell names apart.
    pub(super) fn take(&mut self, name: &str) -> String {
        let normal = normal_path(name);
        let Some(mut number) = self.taken.get(&normal).copied() else {
            self.taken.insert(normal, 1);
            return name.to_owned();
        };
        loop {
            number += 1;
            let given = format!("{name} ({number})");
            if let Entry::Vacant(free) = self.taken.entry(normal_path(&given)) {
                free.insert(1);
                self.taken.insert(normal, number);
                return given;
            }
        }
    }
}

/// A code's name that the codebook can hold.
pub(super) fn code_name(name: &str) -> String {
    if let Ok(name) = checked_name(name) {
        return name;
    }
    let seen = name.chars().filter(|c| !is_unseen(*c));
    let replaced: String = seen
        .map(|c| match c {
            '>' => '›',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    let folded = one_line(&replaced);
    let short: String = if folded.chars().count() > MAX_NAME - 10 {
        folded.chars().take(MAX_NAME - 11).chain(['…']).collect()
    } else {
        folded
    };
    checked_name(&short).unwrap_or_else(|_| format!("Code {short}").trim().to_owned())
}

/// The names of a path, each made fit for the codebook.
pub(super) fn path_of(said: &str) -> Vec<String> {
    said.split('>').map(str::trim).filter(|name| !name.is_empty()).map(code_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_the_folder() {
        for (name, id) in [
            ("participants/P01", "participants/P01"),
            ("../../etc/passwd", "etc/passwd"),
            ("/etc/passwd", "etc/passwd"),
            ("C:\\temp\\a", "C--temp-a"),
            ("Mabêl 2ième ", "Mabêl 2ième"),
            ("a\u{0}b\n c", "a b c"),
            (".leitmotif/x", "leitmotif/x"),
            ("con.a", "con.a-"),
            ("..", "source"),
            ("", "source"),
        ] {
            assert_eq!(safe_id(name), id, "{name}");
        }
    }

    #[test]
    fn endings_of_texts_go() {
        assert_eq!(without_ending("Simon.docx"), "Simon");
        assert_eq!(without_ending("Interview 3.2"), "Interview 3.2");
        assert_eq!(without_ending(".txt"), ".txt");
    }

    #[test]
    fn names_of_codes_are_made_fit() {
        assert_eq!(code_name("Joining > travel"), "Joining › travel");
        assert_eq!(code_name("12"), "Code 12");
        assert_eq!(code_name(" \n"), "Code");
        let long = code_name(&"x".repeat(300));
        assert!(long.ends_with('…') && checked_name(&long).is_ok());
        let mut unique = Unique::default();
        assert_eq!([unique.take("A"), unique.take("a"), unique.take("A")], ["A", "a (2)", "A (3)"]);
    }
}
