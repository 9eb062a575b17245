//! Decodes the entities of HTML: `&amp;`, `&#39;`, `&hellip;`.

use std::borrow::Cow;

/// The longest name of an entity that is written in practice, in bytes.
const MAX_NAME_BYTES: usize = 32;

/// What the entity at the start of a text stands for, and its length in bytes.
///
/// Only what ends with `;` is one: `R&D` and `AT&T` stay.
pub fn at_start(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let end = text.bytes().take(MAX_NAME_BYTES).position(|byte| byte == b';')? + 1;
    let entity = text.get(..end).filter(|it| it.starts_with('&') && !it[1..].contains('&'))?;
    let sign = htmlize::unescape(entity);
    // A control character is no sign that anybody wrote.
    let is_control = |c: char| c.is_control() && !c.is_whitespace();
    // `&nothing;` begins with the name of an old sign, and is none.
    let is_whole = &*sign == ";" || !sign.ends_with(';');
    (is_whole && !sign.contains(is_control)).then_some((sign, end))
}

/// Decodes all entities of a text, once.
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, marked) = rest.split_at(at);
        decoded.push_str(before);
        let (sign, len) = at_start(marked).unwrap_or((Cow::Borrowed("&"), 1));
        decoded.push_str(&sign);
        rest = &marked[len..];
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entity_of_html_is_known_and_decoded_once() {
        for (text, expected) in [
            ("Siân &amp;amp; &lt;b&gt; &#x1F44D;&#39;", "Siân &amp; <b> 👍'"),
            ("caf&eacute; &hellip;&nbsp;&bdquo;", "café …\u{a0}„"),
            (
                "R&D; AT&T &no thing; &copy &; & &#; &&amp;",
                "R&D; AT&T &no thing; &copy &; & &#; &&",
            ),
            ("&nothing; &semi;", "&nothing; ;"),
            ("王&", "王&"),
        ] {
            assert_eq!(decode(text), expected);
        }
        assert_eq!(at_start("&shy;y"), Some((Cow::Borrowed("\u{ad}"), 5)));
    }
}
