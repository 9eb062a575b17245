//! The words of names and texts, as they are compared.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::terms::fold;

/// What is compared of a word: lower case, no accents.
pub(super) fn key(word: &str) -> String {
    fold(&lowered(word)).into_owned()
}

/// A word in lower case, without characters that are not seen.
pub(super) fn lowered(word: &str) -> String {
    let lower = word.to_lowercase();
    if lower.is_ascii() { lower } else { lower.chars().filter(|c| !is_unseen(*c)).collect() }
}

/// What is compared of a name.
pub(super) fn keys(name: &str) -> Vec<String> {
    pieces(name).into_iter().map(|piece| key(&name[piece])).collect()
}

/// Soft hyphens, joiners and marks of direction.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Scripts that put no space between words: each character may start a name.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(
        u32::from(c),
        0x0e00..=0x0eff
            | 0x1000..=0x109f
            | 0x1780..=0x17ff
            | 0x2e80..=0x9fff
            | 0xac00..=0xd7af
            | 0xf900..=0xfaff
            | 0x2_0000..=0x3_ffff
    )
}

/// What stands before a capital inside a name that is one word: `McLeod`.
const NAME_STARTS: &[&str] = &["mc", "mac", "de", "di", "la", "le", "du", "van", "von", "fitz"];

#[derive(Clone, Copy, PartialEq)]
enum PieceKind {
    Letters,
    Digits,
    /// Of a script without spaces.
    Alone,
}

/// The words of a text, in bytes: runs of letters, runs of digits; also where a
/// capital follows a small letter, as in file names.
pub(super) fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::with_capacity(text.len() / 5);
    let mut open: Option<(usize, PieceKind)> = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if let Some((start, kind)) = open {
            let goes_on = match kind {
                _ if is_combining_mark(c) || is_unseen(c) => true,
                PieceKind::Letters => {
                    c.is_alphabetic()
                        && !is_unspaced(c)
                        && !(c.is_uppercase()
                            && before.is_lowercase()
                            && !NAME_STARTS.contains(&text[start..at].to_lowercase().as_str()))
                }
                PieceKind::Digits => c.is_numeric(),
                PieceKind::Alone => false,
            };
            if goes_on {
                before = if is_combining_mark(c) || is_unseen(c) { before } else { c };
                continue;
            }
            found.push(start..at);
        }
        open = if c.is_alphabetic() {
            let kind = if is_unspaced(c) { PieceKind::Alone } else { PieceKind::Letters };
            Some((at, kind))
        } else if c.is_numeric() {
            Some((at, PieceKind::Digits))
        } else {
            None
        };
        before = c;
    }
    found.extend(open.map(|(start, _)| start..text.len()));
    found
}
