//! Small XML documents as trees, and XML that is written.
//!
//! Nothing outside the document is ever read: a document type is refused, and
//! only the five entities of XML itself and numbers of signs are known.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::ExchangeError;

/// How deep elements may stand in each other.
const MAX_DEPTH: usize = 200;

/// An element with its attributes and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Element {
    /// The name without prefix.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    /// The elements in it, in order.
    pub(super) children: Vec<Self>,
    /// The text directly in it.
    pub(super) text: String,
}

impl Element {
    /// The value of an attribute, by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The elements in it with this name.
    pub(super) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element in it with this name.
    pub(super) fn first(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The elements with this name in the first list with that one.
    pub(super) fn listed<'e>(
        &'e self,
        list: &str,
        name: &'e str,
    ) -> impl Iterator<Item = &'e Self> {
        self.first(list).into_iter().flat_map(move |list| list.all(name))
    }

    /// The text of the first element in it with this name; empty without one.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.first(name).map_or("", |child| child.text.as_str())
    }
}

/// Reads a document. `path` is its name, for messages.
///
/// # Errors
/// [`ExchangeError`] if it is damaged, nested too deeply, or declares a document
/// type.
pub(super) fn parse(xml: &str, path: &str) -> Result<Element, ExchangeError> {
    let damaged = |problem: String| ExchangeError::BadXml { path: path.to_owned(), problem };
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    let close = |open: &mut Vec<Element>, root: &mut Option<Element>| {
        if let Some(element) = open.pop() {
            match open.last_mut() {
                Some(parent) => parent.children.push(element),
                None => *root = Some(element),
            }
        }
    };
    loop {
        let event = reader.read_event().map_err(|error| damaged(error.to_string()))?;
        match event {
            Event::Start(tag) | Event::Empty(tag) if open.is_empty() && root.is_some() => {
                return Err(damaged(format!("`{}` follows its end", tag.name().as_ref())));
            }
            Event::Start(tag) => {
                if open.len() >= MAX_DEPTH {
                    return Err(damaged("its elements are nested too deeply".to_owned()));
                }
                open.push(element_of(&tag).map_err(damaged)?);
            }
            Event::Empty(tag) => {
                open.push(element_of(&tag).map_err(damaged)?);
                close(&mut open, &mut root);
            }
            Event::End(_) => close(&mut open, &mut root),
            Event::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text.xml10_content());
                }
            }
            Event::CData(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(name) => {
                let sign = name.resolve_char_ref().map_err(|error| damaged(error.to_string()))?;
                let known = quick_xml::escape::resolve_xml_entity(&name);
                let Some(element) = open.last_mut() else { continue };
                match (sign, known) {
                    (Some(sign), _) => element.text.push(sign),
                    (None, Some(known)) => element.text.push_str(known),
                    (None, None) => {
                        let name: &str = &name;
                        return Err(damaged(format!("`&{name};` is not defined")));
                    }
                }
            }
            Event::DocType(_) => return Err(ExchangeError::DocumentType(path.to_owned())),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if !open.is_empty() {
        return Err(damaged("it ends early".to_owned()));
    }
    root.ok_or_else(|| damaged("it is empty".to_owned()))
}

fn element_of(tag: &BytesStart<'_>) -> Result<Element, String> {
    let local = |name: &str| name.rsplit(':').next().unwrap_or(name).to_owned();
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name = attribute.key.as_ref();
        if name == "xmlns" || name.starts_with("xmlns:") {
            continue;
        }
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| error.to_string())?;
        attributes.push((local(name), value.into_owned()));
    }
    Ok(Element { name: local(tag.name().as_ref()), attributes, ..Element::default() })
}

/// XML that is being written: elements on lines of their own, indented.
pub(super) struct Writer {
    xml: String,
    open: Vec<&'static str>,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self { xml: "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_owned(), open: Vec::new() }
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        self.xml.extend(std::iter::repeat_n("  ", self.open.len()));
        self.xml.push('<');
        self.xml.push_str(name);
        for (name, value) in attributes {
            self.xml.push(' ');
            self.xml.push_str(name);
            self.xml.push_str("=\"");
            escape(&mut self.xml, value, true);
            self.xml.push('"');
        }
        self.xml.push_str(end);
    }

    /// Starts an element.
    pub(super) fn start(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, ">\n");
        self.open.push(name);
    }

    /// Ends the element that was started last.
    pub(super) fn end(&mut self) {
        if let Some(name) = self.open.pop() {
            self.xml.extend(std::iter::repeat_n("  ", self.open.len()));
            self.xml.push_str("</");
            self.xml.push_str(name);
            self.xml.push_str(">\n");
        }
    }

    /// Writes an element with nothing in it.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, "/>\n");
    }

    /// Writes an element with text in it.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.tag(name, &[], ">");
        escape(&mut self.xml, text, false);
        self.xml.push_str("</");
        self.xml.push_str(name);
        self.xml.push_str(">\n");
    }

    /// The document.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.xml
    }
}

/// Whether XML 1.0 can hold a sign at all.
fn is_xml_sign(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Writes text so that a reader gets it back sign by sign. Line ends that a
/// reader would fold are written as numbers; signs that XML cannot hold become
/// U+FFFD.
fn escape(xml: &mut String, text: &str, is_attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' if is_attribute => xml.push_str("&quot;"),
            '\r' => xml.push_str("&#13;"),
            '\n' | '\t' if is_attribute => {
                write!(xml, "&#{};", u32::from(c)).expect("a string takes all that is written");
            }
            c if is_xml_sign(c) => xml.push(c),
            _ => xml.push('\u{fffd}'),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check_refused(xml: &str, expected: &str) {
        let error = parse(xml, "project.qde").unwrap_err().to_string();
        assert_eq!(error.lines().next().unwrap_or_default(), expected);
    }

    #[test]
    fn entities_of_its_own_are_refused() {
        check_refused(
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
            "`project.qde` is refused: it declares a document type, which could load other files",
        );
        check_refused("<a>&x;</a>", "`project.qde` is damaged: `&x;` is not defined");
        assert!(parse("<a b=\"&x;\"/>", "project.qde").is_err());
    }

    #[test]
    fn damage_is_told() {
        check_refused("<a><b>", "`project.qde` is damaged: it ends early");
        check_refused("", "`project.qde` is damaged: it is empty");
        check_refused("<a/><b/>", "`project.qde` is damaged: `b` follows its end");
        let deep = "<a>".repeat(100_000);
        check_refused(&deep, "`project.qde` is damaged: its elements are nested too deeply");
    }

    #[test]
    fn prefixes_do_not_matter() {
        let root =
            parse("<q:a xmlns:q=\"u\" q:b=\"1\"><q:c>x&#x1f642;<![CDATA[<]]></q:c></q:a>", "");
        let root = root.unwrap();
        assert_eq!((root.name.as_str(), root.attribute("b")), ("a", Some("1")));
        assert_eq!(root.text_of("c"), "x🙂<");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(value in "\\PC*|[\r\n\t &<>\"'é🙂]*", text in "\\PC*|[\r\n\t &<>\"']*") {
            let mut writer = Writer::new();
            writer.start("a", &[("b", &value)]);
            writer.text("c", &text);
            let root = parse(&writer.finish(), "").unwrap();
            let known = |text: &str| text.replace(|c| !is_xml_sign(c), "\u{fffd}");
            prop_assert_eq!(root.attribute("b").unwrap_or_default(), known(&value));
            prop_assert_eq!(root.text_of("c"), known(&text));
        }
    }
}
