//! Reads Praat's `TextGrid`, long and short.
//!
//! A decoded text comes in; a [`RawTranscript`] goes out. As Praat does, only numbers that stand alone, texts in
//! quotes and flags count, whatever is written around them:
//!
//! ```text
//! grid  = "ooTextFile" "TextGrid" from to <exists> n tier*
//! tier  = "IntervalTier" name from to n (from to text)*
//!       | "TextTier" name from to n (time text)*
//! ```
//!
//! A tier of intervals is a speaker. Tiers of points, and of single sounds (`phones`), are told
//! and not read; marks of silence (`sil`, `sp`) are no words.

use super::{Said, in_order, ms_of_seconds, span, unread_tiers};
use crate::base::{Diagnostic, Remedy};
use crate::files::{SourceError, SourceProblem};
use crate::text::RawTranscript;

/// What marks an interval in which nobody speaks.
const SILENCES: &[&str] = &["sil", "<sil>", "#", "silent", "sounding", "<p:>"];
/// Names of tiers, or what names end with, that hold single sounds.
const SOUNDS: &[&str] = &["phones", "phone", "phonemes", "phoneme", "segments", "mau", "syllables"];
/// Names of tiers that name nobody, or what follows the name of somebody.
const NOBODY: &[&str] = &[
    "words",
    "word",
    "utterances",
    "utterance",
    "utt",
    "text",
    "transcript",
    "transcription",
    "transcriptions",
    "sentence",
    "sentences",
    "speech",
    "ort",
    "ort-mau",
    "trn",
    "silences",
];

/// Reads a `TextGrid`.
///
/// # Errors
/// [`SourceError`] if it is none, or nobody speaks in it.
pub(crate) fn parse(text: &str) -> Result<RawTranscript, SourceError> {
    let mut marks = Marks { rest: text, is_broken: false };
    let mut said = Vec::new();
    let mut unread: Vec<(String, String)> = Vec::new();
    let (mut is_grid, mut is_cut) = (false, false);
    while let Some(mark) = marks.next() {
        let Mark::Text(kind) = mark else { continue };
        is_grid |= kind == "TextGrid";
        let is_interval = kind == "IntervalTier";
        if !is_interval && kind != "TextTier" {
            marks.is_broken |= !matches!(&*kind, "ooTextFile" | "TextGrid" | "");
            continue;
        }
        let (Some(Mark::Text(name)), Some(_), Some(_), Some(Mark::Number(n))) =
            (marks.next(), marks.next(), marks.next(), marks.next())
        else {
            is_cut = true;
            break;
        };
        let label = label_of(&name);
        // `ORT-MAU` are words, although `MAU` alone are sounds.
        let is_sounds = split_kind(&name, NOBODY).is_none() && split_kind(&name, SOUNDS).is_some();
        let is_talk = is_interval && !is_sounds;
        // The number is what the file says: it may be any, and too few.
        let mut n: usize = n.parse().unwrap_or(0);
        while n > 0 || matches!(marks.clone().next(), Some(Mark::Number(_))) {
            n = n.saturating_sub(1);
            let from = marks.number();
            let to = if is_interval { marks.number() } else { None };
            let Some(Mark::Text(words)) = marks.next() else {
                is_cut = true;
                break;
            };
            let words = words.trim();
            let is_silence = SILENCES.iter().any(|it| words.eq_ignore_ascii_case(it))
                || (words == "sp" || words == "spn");
            if is_silence || words.is_empty() {
                continue;
            }
            if is_talk {
                let time = span(from, to);
                let label = label.clone();
                said.push(Said { label, words: words.to_owned(), time });
            } else {
                unread.push((name.clone(), words.to_owned()));
            }
        }
    }
    if !is_grid && said.is_empty() {
        let problem = "it is not a TextGrid that Praat wrote as text".to_owned();
        return Err(SourceError::whole(SourceProblem::Truncated(problem)));
    }
    let mut warnings: Vec<_> =
        unread_tiers(unread.iter().map(|(name, words)| (&**name, &**words))).into_iter().collect();
    if is_cut {
        warnings.push(crate::documents::cut_warning());
    }
    if marks.is_broken {
        let problem = "a quote within words is not written twice; words around it are not read";
        let advice = "write `\"\"` for each quote within words, or save the file in Praat again";
        warnings.push(Diagnostic::new(problem).with(Remedy::new(advice)));
    }
    in_order(said, "Praat TextGrid, a tier for each speaker", warnings)
}

/// Whether a name is one of a list, or is somebody's name with one of them behind it.
fn split_kind<'n>(name: &'n str, kinds: &[&str]) -> Option<&'n str> {
    let is = |it: &str| kinds.iter().any(|known| it.trim().eq_ignore_ascii_case(known));
    if is(name) {
        return Some("");
    }
    name.rsplit_once(['-', '_', ':']).filter(|(_, kind)| is(kind)).map(|(whose, _)| whose.trim())
}

/// Who speaks on a tier: `Ada` on `Ada - words`, nobody that has a name on `words`.
fn label_of(name: &str) -> Option<String> {
    let whose = split_kind(name, NOBODY).unwrap_or(name).trim();
    Some(whose.to_owned()).filter(|whose| !whose.is_empty())
}

/// What counts in a grid.
enum Mark {
    Text(String),
    Number(String),
    Flag,
}

/// Goes through a grid.
#[derive(Clone)]
struct Marks<'t> {
    rest: &'t str,
    /// Whether words stood where none can: a quote in them is not doubled.
    is_broken: bool,
}

impl Marks<'_> {
    fn number(&mut self) -> Option<u64> {
        match self.next()? {
            Mark::Number(number) => ms_of_seconds(&number),
            Mark::Text(_) => {
                self.is_broken = true;
                None
            }
            Mark::Flag => None,
        }
    }
}

impl Iterator for Marks<'_> {
    type Item = Mark;

    fn next(&mut self) -> Option<Mark> {
        loop {
            self.rest = self.rest.trim_start();
            let first = self.rest.chars().next()?;
            if let Some(mut inside) = self.rest.strip_prefix('"') {
                let mut text = String::new();
                // A text that is cut off is none; two quotes within it are one.
                loop {
                    let end = inside.find('"')?;
                    text.push_str(&inside[..end]);
                    inside = &inside[end + 1..];
                    let Some(more) = inside.strip_prefix('"') else { break };
                    text.push('"');
                    inside = more;
                }
                self.rest = inside;
                return Some(Mark::Text(text));
            }
            if first == '!' {
                self.rest = self.rest.split_once('\n').map_or("", |(_, rest)| rest);
                continue;
            }
            let len = self.rest.find(|c: char| c.is_whitespace() || c == '"');
            let (word, rest) = self.rest.split_at(len.unwrap_or(self.rest.len()));
            self.rest = rest;
            if word.starts_with('<') && word.ends_with('>') {
                return Some(Mark::Flag);
            }
            if word.parse::<f64>().is_ok() && !word.starts_with(|c: char| c.is_alphabetic()) {
                return Some(Mark::Number(word.to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::tests::cut_everywhere;
    use crate::sources::tests::render;

    const LONG: &str = "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0 \nxmax = 3.5 \n\
        tiers? <exists> \nsize = 3 \nitem []: \n    item [1]:\n        class = \"IntervalTier\" \n        name = \"Siân\" \n\
        \x20       xmin = 0 \n        xmax = 3.5 \n        intervals: size = 2 \n        intervals [1]:\n\
        \x20           xmin = 0 \n            xmax = 1.25 \n            text = \"It was \"\"odd\"\", 3 times\" \n\
        \x20       intervals [2]:\n            xmin = 1.25 \n            xmax = 3.5 \n            text = \"sil\" \n\
        \x20   item [2]:\n        class = \"IntervalTier\" \n        name = \"Ada - words\" \n        xmin = 0 \n\
        \x20       xmax = 3.5 \n        intervals: size = 2 \n        intervals [1]:\n            xmin = 1 \n\
        \x20           xmax = 2 \n            text = \"Was\" \n        intervals [2]:\n            xmin = 2 \n\
        \x20           xmax = 3 \n            text = \"it?\" \n    item [3]:\n        class = \"TextTier\" \n\
        \x20       name = \"marks\" \n        xmin = 0 \n        xmax = 3.5 \n        points: size = 1 \n\
        \x20       points [1]:\n            number = 2 \n            mark = \"door slams\" \n";
    const SHORT: &str = "File type = \"ooTextFile\"\n\"TextGrid\"\n\n0\n3.5\n<exists>\n3\n\"IntervalTier\"\n\"Siân\"\n0\n3.5\n2\n\
        0\n1.25\n\"It was \"\"odd\"\", 3 times\"\n1.25\n3.5\n\"sil\"\n\"IntervalTier\"\n\"Ada - words\"\n0\n3.5\n2\n1\n2\n\"Was\"\n\
        2\n3\n\"it?\"\n\"TextTier\"\n\"marks\"\n0\n3.5\n1\n2\n\"door slams\"\n";

    #[test]
    fn the_long_and_the_short_form_say_the_same() {
        for file in [LONG, SHORT] {
            assert_eq!(
                render(parse(file)),
                "Praat TextGrid, a tier for each speaker\nSiân|0-1250|It was \"odd\", 3 times\n\
                 Ada|1000-2000,2000-3000|Was it?\n\
                 warning : 2 words of tiers beside the talk are not read: `marks`",
                "{file}"
            );
            cut_everywhere(file.as_bytes(), "a.TextGrid");
        }
    }

    #[test]
    fn sounds_are_no_words_and_a_tier_of_words_names_nobody() {
        assert_eq!(split_kind("Ada - phones", SOUNDS), Some("Ada"));
        assert_eq!(split_kind("phones of Ada", SOUNDS), None);
        assert_eq!(label_of("words"), None);
        assert_eq!(label_of("Mary-Jane"), Some("Mary-Jane".to_owned()));
    }
}
