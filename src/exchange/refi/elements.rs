//! What single elements of a project say, however their tool writes it.

use super::super::words::{SHOWN, shortened, squashed};
use super::super::xml::Element;
use crate::codebook::Color;

/// Lower case and no braces: tools write one identifier in several ways.
pub(super) fn guid(text: &str) -> String {
    text.trim().trim_start_matches('{').trim_end_matches('}').to_ascii_lowercase()
}

/// The identifier of an element; empty if it has none.
pub(super) fn guid_of(element: &Element) -> String {
    guid(element.attribute("guid").unwrap_or_default())
}

/// The identifiers of the elements `name` in `element`.
pub(super) fn refs(element: &Element, name: &str) -> Vec<String> {
    element.all(name).filter_map(|child| child.attribute("targetGUID")).map(guid).collect()
}

/// A time in UTC (RFC 3339); empty if there is none.
pub(super) fn time(element: &Element) -> String {
    let said = ["creationDateTime", "modifiedDateTime"];
    let said = said.iter().find_map(|name| element.attribute(name)).unwrap_or_default().trim();
    let exact = said.parse::<jiff::Timestamp>().ok();
    // A time without a zone is taken for UTC; a difference of hours does no harm.
    let local = || format!("{said}Z").parse::<jiff::Timestamp>().ok();
    exact.or_else(local).map_or_else(String::new, |at| at.to_string())
}

/// A colour, also where it has three digits.
pub(super) fn color(said: &str) -> Option<Color> {
    let digits = said.trim().trim_start_matches('#');
    if digits.len() == 3 {
        return digits.chars().flat_map(|c| [c, c]).collect::<String>().parse().ok();
    }
    digits.parse().ok()
}

/// A whole number that an attribute holds.
pub(super) fn number(element: &Element, name: &str) -> Option<i64> {
    element.attribute(name)?.trim().parse().ok()
}

/// A selection for people: its words, shortened, or its positions.
pub(super) fn label(words: &str, start: i64, end: i64) -> String {
    let words = shortened(words, SHOWN);
    if words.is_empty() { format!("{start}-{end}") } else { format!("“{words}”") }
}

/// A note as one text: its name, unless the words start with it, its description
/// and its words.
pub(super) fn note_text(name: &str, description: &str, content: &str) -> String {
    let bare = name.trim_end_matches('…');
    let is_start = squashed(content).starts_with(&squashed(bare));
    let mut parts: Vec<&str> = Vec::new();
    if !is_start {
        parts.push(name);
    }
    if !description.trim().is_empty() {
        parts.push(description.trim());
    }
    if parts.is_empty() {
        return content.to_owned();
    }
    if !content.trim().is_empty() {
        parts.push(content.trim());
    }
    parts.join("\n\n")
}
