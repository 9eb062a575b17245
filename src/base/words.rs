//! Words of a text, in any script.

use unicode_normalization::char::is_combining_mark;

/// Counts the words of a text: what stands between white space. Of scripts that put
/// no space between words (Chinese, Japanese, Thai, Lao, Burmese, Khmer) each
/// character counts, as is usual for them.
pub fn words_in(text: &str) -> usize {
    if text.is_ascii() {
        // White space of ASCII. Counted by pairs of bytes, many of which are looked at at once.
        let is_blank = |byte: u8| matches!(byte, b'\t'..=b'\r' | b' ');
        let bytes = text.as_bytes();
        let (first, rest) = (bytes.first(), bytes.iter().skip(1));
        let begins = bytes.iter().zip(rest).filter(|(a, b)| is_blank(**a) && !is_blank(**b));
        return begins.count() + usize::from(first.is_some_and(|first| !is_blank(*first)));
    }
    text.split_whitespace()
        .map(|piece| {
            if piece.is_ascii() {
                return 1;
            }
            let n_unspaced = piece.chars().filter(|c| counts_alone(*c)).count();
            let has_spaced = piece.chars().any(|c| c.is_alphanumeric() && !is_unspaced(c));
            n_unspaced + usize::from(has_spaced || n_unspaced == 0)
        })
        .sum()
}

/// Whether a character is counted as a word of its own.
pub fn counts_alone(c: char) -> bool {
    is_unspaced(c) && c.is_alphanumeric() && !is_combining_mark(c)
}

/// A text in one line: its words with a blank between them.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character shows nothing, such as a soft hyphen or a mark of direction.
pub fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}')
}

/// Whether a name holds what nobody can see in it: a control character, a mark of direction, a
/// soft hyphen. Two names that look alike would then be two, and one could turn round what
/// stands beside it. A joint between signs of an emoji or of a script that has them is seen.
pub fn has_unseen(name: &str) -> bool {
    let is_joint = |at: usize, c: char| {
        let (before, after) = (name[..at].chars().next_back(), name[at..].chars().nth(1));
        matches!(c, '\u{200c}' | '\u{200d}')
            && [before, after].iter().all(|c| c.is_some_and(|c| !c.is_ascii() && !is_unseen(c)))
    };
    let mut signs = name.char_indices();
    signs.any(|(at, c)| c.is_control() || (is_unseen(c) && !is_joint(at, c)))
}

/// A name without [what nobody can see in it](has_unseen).
pub fn all_seen(name: &str) -> String {
    if has_unseen(name) {
        name.chars().filter(|c| !is_unseen(*c)).collect()
    } else {
        name.to_owned()
    }
}

/// Whether a character is of a script without spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_in_a_name_is_found() {
        for name in
            ["a\u{7}b", "Te\u{200d}a", "\u{202e}aeT", "Tea\u{2066}", "Te\u{ad}a", "T\u{61c}"]
        {
            assert!(has_unseen(name), "{name:?}");
        }
        for name in ["Tea", "👩\u{200d}🌾", "می\u{200c}روم", "Zoë B.", "שלום"] {
            assert!(!has_unseen(name), "{name:?}");
        }
    }

    #[test]
    fn words_are_counted_in_scripts_without_spaces_too() {
        for (text, n) in [
            ("", 0),
            ("so it was – odd", 5),
            (" so it\twas\r\n\u{b}\u{c} odd\u{1f}  ", 4),
            ("診療所から手紙。", 7),
            ("我们 use 手机app", 6),
            ("จดหมาย มาแล้ว", 11),
            ("นั่ง", 2),
            ("아주 좋았어요", 2),
            ("…", 1),
        ] {
            assert_eq!(words_in(text), n, "{text}");
        }
    }
}
