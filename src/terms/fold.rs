//! Words without accents, for people who leave them out.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Takes accents off a lower-cased word: `siân` → `sian`, `łódź` → `lodz`.
///
/// Marks that are vowels or letters of their own (Tamil, Arabic) stay.
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let is_accent = |c: &char| is_combining_mark(*c) && ('\u{300}'..='\u{36f}').contains(c);
    let mut folded = String::with_capacity(word.len());
    for c in word.nfd().filter(|c| !is_accent(c)) {
        match c {
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            '’' | 'ʼ' => folded.push('\''),
            _ => folded.push(c),
        }
    }
    Cow::Owned(folded.nfc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_fall_and_letters_stay() {
        for (word, folded) in [
            ("siân", "sian"),
            ("łódź", "lodz"),
            ("straße", "strasse"),
            ("cœur", "coeur"),
            ("don’t", "don't"),
            ("ünïcödé", "unicode"),
            ("король", "король"),
            ("நலம்", "நலம்"),
            ("plain", "plain"),
        ] {
            assert_eq!(fold(word), folded);
        }
    }
}
