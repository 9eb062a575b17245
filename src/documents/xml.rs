//! Goes through XML, without recursion: a damaged file may nest without end.
//!
//! A text comes in; a [`Visitor`] is told of its elements and words, in order.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::files::SourceProblem;

/// How deep elements may stand in each other.
pub(super) const MAX_DEPTH: usize = 10_000;

/// What is told while going through XML. Names come without their prefixes.
pub(crate) trait Visitor {
    /// An element begins. `false` leaves it out, with all that is in it.
    fn open(&mut self, name: &str, tag: &BytesStart<'_>) -> bool;
    /// An element that was not left out ends.
    fn close(&mut self, name: &str);
    /// Words of the innermost element, perhaps not all of them at once.
    fn words(&mut self, words: &str);
}

/// Goes through a text.
///
/// # Errors
/// [`SourceProblem`] if it is damaged, ends early or nests too deeply.
pub(crate) fn walk(text: &str, visitor: &mut impl Visitor) -> Result<(), SourceProblem> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let (mut depth, mut n_skipped, mut has_root) = (0_usize, 0_usize, false);
    loop {
        match reader.read_event().map_err(|error| problem_of(&error))? {
            Event::Start(tag) => {
                has_root = true;
                depth += 1;
                if depth > MAX_DEPTH {
                    let problem = "its elements are nested too deeply".to_owned();
                    return Err(SourceProblem::BadXml(problem));
                }
                if n_skipped > 0 || !visitor.open(split_name(tag.name().as_ref()).1, &tag) {
                    n_skipped += 1;
                }
            }
            Event::Empty(tag) => {
                has_root = true;
                let name = tag.name();
                let local = split_name(name.as_ref()).1;
                if n_skipped == 0 && visitor.open(local, &tag) {
                    visitor.close(local);
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                if n_skipped > 0 {
                    n_skipped -= 1;
                } else {
                    visitor.close(split_name(tag.name().as_ref()).1);
                }
            }
            Event::Text(words) if n_skipped == 0 => visitor.words(&words.xml10_content()),
            Event::CData(words) if n_skipped == 0 => visitor.words(&words.xml10_content()),
            Event::GeneralRef(name) if n_skipped == 0 => visitor.words(&sign_of(&name)),
            Event::Eof => break,
            _ => {}
        }
    }
    match (depth, has_root) {
        (0, true) => Ok(()),
        (0, false) => Err(SourceProblem::BadXml("it is empty".to_owned())),
        _ => Err(SourceProblem::Truncated("the document inside ends early".to_owned())),
    }
}

/// Tells people what is wrong with XML.
pub(super) fn problem_of(error: &quick_xml::Error) -> SourceProblem {
    let message = error.to_string();
    if matches!(error, quick_xml::Error::Syntax(_)) {
        SourceProblem::Truncated(format!("the document inside ends early, {message}"))
    } else {
        SourceProblem::BadXml(message)
    }
}

/// What an entity stands for; one that nobody knows for itself. A line end is a space on
/// the page.
pub(super) fn sign_of(name: &BytesRef<'_>) -> String {
    let sign = name.resolve_char_ref().ok().flatten();
    match (sign, quick_xml::escape::resolve_xml_entity(name)) {
        (Some('\n' | '\r' | '\t'), _) => " ".to_owned(),
        (Some(sign), _) => sign.to_string(),
        (None, Some(known)) => known.to_owned(),
        (None, None) => {
            let literal: &str = name;
            format!("&{literal};")
        }
    }
}

/// Splits `w:p` into its prefix and its name.
pub(super) fn split_name(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// The value of an attribute with this full name.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok()??;
    let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// The value of an attribute with this name, whatever its prefix.
pub(crate) fn local_attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = tag.attributes();
    let found =
        all.with_checks(false).flatten().find(|one| split_name(one.key.as_ref()).1 == name)?;
    let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// The local name of the outermost element.
pub(crate) fn root_of(text: &str) -> Option<String> {
    first_of(text, |tag| Some(split_name(tag.name().as_ref()).1.to_owned()))
}

/// What is sought of the first element that has it, up to where a text is damaged.
pub(super) fn first_of<T>(text: &str, sought: impl Fn(&BytesStart<'_>) -> Option<T>) -> Option<T> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return None,
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                if let Some(found) = sought(&tag) {
                    return Some(found);
                }
            }
            Ok(_) => {}
        }
    }
}
