//! Takes from a text what only lays it out on a page.
//!
//! A decoded text comes in; one of the same lines goes out, or the table in it.

use crate::files::entities;

/// A text without what tells a program how to show it: entities of HTML are the signs
/// that they stand for. In Markdown also tags of HTML, what Liquid puts in (`{% … %}`), the
/// attributes of kramdown (`{: .name}`) and the backslashes before brackets go. Lines stay
/// where they are.
pub(crate) fn without_marks(text: String, markdown: bool) -> String {
    let bare = if markdown { without_tags(text) } else { text };
    let mut bare = if bare.contains('&') { decoded_in_lines(&bare) } else { bare };
    if markdown && bare.contains("{:") {
        bare = bare.split_inclusive('\n').map(without_attributes).collect();
    }
    if markdown && bare.contains('\\') {
        for bracket in ["[", "]", "(", ")", "{", "}"] {
            bare = bare.replace(&format!("\\{bracket}"), bracket);
        }
    }
    bare
}

/// Attributes without a value.
const SWITCHES: [&str; 8] =
    ["controls", "open", "hidden", "autoplay", "loop", "muted", "nowrap", "allowfullscreen"];
/// The longest tag, in bytes.
const MAX_TAG: usize = 2000;
/// Elements of HTML that stand in Markdown.
const ELEMENTS: [&str; 48] = [
    "a",
    "abbr",
    "audio",
    "b",
    "big",
    "blockquote",
    "br",
    "center",
    "cite",
    "code",
    "details",
    "div",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "header",
    "hr",
    "i",
    "iframe",
    "img",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "q",
    "s",
    "section",
    "small",
    "source",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tr",
    "u",
    "ul",
    "video",
];

/// A text without tags, comments and what Liquid puts in. Signs of emphasis stand for bold
/// tags, and a space for one that parts words; line ends stay.
fn without_tags(text: String) -> String {
    if !text.contains('<') && !text.contains("{%") && !text.contains("{{") {
        return text;
    }
    // What has no end here has none further on.
    let mut open = vec![
        ("<!--", "-->"),
        ("{%", "%}"),
        ("{{", "}}"),
        ("<script", "</script>"),
        ("<style", "</style>"),
    ];
    let mut bare = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['<', '{']) {
        bare.push_str(&rest[..at]);
        rest = &rest[at..];
        let begun = open.iter().position(|(begins, _)| rest.starts_with(begins));
        let ended =
            begun.and_then(|place| rest.find(open[place].1).map(|at| at + open[place].1.len()));
        if let (Some(place), None) = (begun, ended) {
            open.remove(place);
        }
        let tag = ended.map(|len| (len, "")).or_else(|| read_tag(rest));
        let (len, shown) = tag.unwrap_or((1, &rest[..1]));
        bare.push_str(shown);
        if tag.is_some() {
            bare.extend(rest[..len].chars().filter(|c| *c == '\n'));
        }
        rest = &rest[len..];
    }
    bare + rest
}

/// How long the tag of HTML is that a text begins with, and what is shown for it.
fn read_tag(text: &str) -> Option<(usize, &'static str)> {
    let near = &text[..text.floor_char_boundary(MAX_TAG)];
    let inside = &near[1..near.find('>')?];
    let name = inside.trim_start_matches('/');
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    let name = name.to_ascii_lowercase();
    // `<audio skips>` is a remark of the typist.
    let attributes = &inside.trim_start_matches('/')[name.len()..];
    let mut words = attributes.trim_end_matches('/').split_whitespace();
    let are_attributes = attributes.starts_with(|c: char| c.is_whitespace() || c == '/')
        && (attributes.contains('=') || words.all(|word| SWITCHES.contains(&word)));
    let is_ended = attributes.is_empty() || are_attributes;
    let is_tag = text.starts_with('<') && is_ended && ELEMENTS.contains(&name.as_str());
    let shown = match name.as_str() {
        "b" | "strong" => "**",
        "br" | "td" | "li" | "p" | "div" | "hr" => " ",
        _ => "",
    };
    is_tag.then_some((inside.len() + 2, shown))
}

/// Decodes entities; one of a line end is a space.
fn decoded_in_lines(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let words = line.trim_end_matches(['\r', '\n']);
        let decoded = entities::decode(words);
        if decoded == words {
            return line.to_owned();
        }
        decoded.replace(['\r', '\n'], " ") + &line[words.len()..]
    });
    lines.collect()
}

/// A line without the attributes of kramdown.
fn without_attributes(line: &str) -> String {
    let mut bare = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, marked)) = rest.split_once("{:") {
        bare.push_str(before);
        let Some((_, after)) = marked.split_once('}') else {
            rest = &rest[before.len()..];
            break;
        };
        rest = after;
    }
    bare + rest
}

/// Whether a line is a row of a table drawn with bars.
pub(crate) fn is_row(line: &str) -> bool {
    line.len() > 1 && line.starts_with('|') && line.ends_with('|')
}

/// Whether a row of such a table only parts others.
pub(crate) fn is_rule(line: &str) -> bool {
    line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_in_markdown_are_no_words() {
        for (text, expected) in [
            ("<p><b>Ada:</b> So<br/>it was.</p>\n", " **Ada:** So it was. \n"),
            ("{% include a.html %}\n{{ page }}<!-- a\nb -->x", "\n\nx"),
            ("a <b and 3 < 4 {%", "a <b and 3 < 4 {%"),
            ("So <audio skips> it <audio controls>was", "So <audio skips> it was"),
            ("<Q:> <Ada> <b\nclass=\"x\">y", "<Q:> <Ada> **\ny"),
        ] {
            assert_eq!(without_marks(text.to_owned(), true), expected);
            assert_eq!(without_marks(text.to_owned(), false), text);
        }
    }
}
