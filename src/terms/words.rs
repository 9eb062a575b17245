//! Words and markers of transcribed speech.

use unicode_segmentation::UnicodeSegmentation;

use crate::base::Span;

/// What a token is good for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum TokenKind {
    /// A word that can carry a theme.
    Content,
    /// A function word: "the", "of".
    Stop,
    /// A word of speaking as such: "um", "you know", "okay".
    Filler,
    /// A number in digits.
    Number,
    /// Part of what is the same in most transcripts of a study: a consent speech.
    Recurring,
    /// The name of somebody who talks in the transcript: people address each other.
    Name,
    /// Part of what the transcriber noted or blacked out: `[inaudible]`,
    /// `(laughs)`, `xxxx`.
    Marker,
}

/// A word as spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its bytes in the text that was cut.
    pub span: Span,
    /// What it is good for.
    pub kind: TokenKind,
}

/// The longest `[…]` or `{…}` that is taken for a marker, in bytes.
const MAX_MARKER_BYTES: usize = 120;
/// The most words of a `(…)` that is taken for a marker; longer ones may be
/// speech that a transcriber put into brackets.
const MAX_ROUND_WORDS: usize = 8;

/// Cuts text into words by the rules of Unicode (`couldn't` is one), and says
/// which of them stand inside a marker. `kind_of` classifies the others. `elided` is
/// the length in bytes of the short word that a word begins with (`l'atelier`), or 0.
pub(super) fn words(
    text: &str,
    elided: impl Fn(&str) -> usize,
    mut kind_of: impl FnMut(&str) -> TokenKind,
) -> Vec<Token> {
    let markers = markers(text);
    let mut next_marker = 0;
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let pieces = text.unicode_word_indices().flat_map(|(start, word)| {
        let (head, rest) = word.split_at(elided(word));
        [(start, head), (start + head.len(), rest)]
    });
    for (start, word) in pieces.filter(|(_, word)| !word.is_empty()) {
        while markers.get(next_marker).is_some_and(|marker| (marker.end as usize) <= start) {
            next_marker += 1;
        }
        let in_marker =
            markers.get(next_marker).is_some_and(|marker| (marker.start as usize) <= start);
        let kind = if in_marker || is_redacted(word) { TokenKind::Marker } else { kind_of(word) };
        tokens.push(Token { span: Span::new(start, start + word.len()), kind });
    }
    tokens
}

/// Whether a word was blacked out: `xxxx`, `XX`, `____`.
fn is_redacted(word: &str) -> bool {
    word.len() > 1
        && (word.bytes().all(|b| b == b'x' || b == b'X') || word.bytes().all(|b| b == b'_'))
}

/// The spans of a transcriber's notes: `{vocalsound}`, `[inaudible 03:12]`,
/// `(laughs)`, `<unclear>`.
fn markers(text: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(['[', '{', '(', '<']).map(|at| from + at) {
        from = at + 1;
        let close = match text.as_bytes()[at] {
            b'[' => ']',
            b'{' => '}',
            b'(' => ')',
            _ => '>',
        };
        let window =
            &text[from..text.floor_char_boundary((from + MAX_MARKER_BYTES).min(text.len()))];
        let Some(length) = window.find(close) else { continue };
        let inside = &window[..length];
        let n_words = inside.split_whitespace().count();
        let is_marker = match close {
            ')' => n_words <= MAX_ROUND_WORDS,
            '>' => n_words <= 1,
            _ => true,
        };
        if is_marker && !inside.contains('\n') {
            from += length + 1;
            found.push(Span::new(at, from));
        }
    }
    found
}

/// The form in which words are compared: lower case, plain apostrophes.
pub(super) fn normal(word: &str) -> String {
    let lower = word.to_lowercase();
    if lower.is_ascii() { lower } else { lower.replace(['’', 'ʼ'], "'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown: Vec<String> = words(text, |_| 0, |_| TokenKind::Content)
            .iter()
            .map(|t| {
                format!("{}{}", if t.kind == TokenKind::Marker { "#" } else { "" }, t.span.of(text))
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn words_keep_their_apostrophes() {
        check("I couldn't — it’s 3.50, well-being!", "I couldn't it’s 3.50 well being");
        check("Siân 😀 aʼr 王芳", "Siân aʼr 王 芳");
    }

    #[test]
    fn a_transcribers_note_is_no_speech() {
        check(
            "so {vocalsound} we [inaudible 03:12] went (laughs) home <unclear>",
            "so #vocalsound we #inaudible #03 #12 went #laughs home #unclear",
        );
        check("an [open bracket", "an open bracket");
        check("we went to XX and xxxx", "we went to #XX and #xxxx");
        check(
            "(a long remark that the speaker made herself in brackets here)",
            "a long remark that the speaker made herself in brackets here",
        );
    }
}
