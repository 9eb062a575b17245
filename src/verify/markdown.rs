//! Reads Markdown, which becomes [`Paragraph`]s.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::quotes::{Paragraph, ParagraphKind};
use crate::base::LineIndex;

/// The paragraphs of a text in Markdown: those of block quotes, headings, list
/// items and rows of tables among them.
pub(super) fn markdown(text: &str) -> Vec<Paragraph> {
    let lines = LineIndex::new(text);
    let mut found = Vec::new();
    let (mut open, mut started, mut n_quotes) = (String::new(), 0, 0_usize);
    let mut close = |open: &mut String, started: usize, n_quotes: usize| {
        let text = std::mem::take(open);
        if !text.trim().is_empty() {
            let line = u32::try_from(started).map_or(0, |byte| lines.line_of(byte));
            let kind = if n_quotes > 0 { ParagraphKind::Block } else { ParagraphKind::Plain };
            found.push(Paragraph { place: format!("line {line}"), text, kind });
        }
    };
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let words = match &event {
            Event::Text(words)
            | Event::Code(words)
            | Event::Html(words)
            | Event::InlineHtml(words) => words,
            Event::SoftBreak | Event::HardBreak => "\n",
            Event::End(TagEnd::TableCell) => " | ",
            Event::Start(tag) if is_inline(tag.to_end()) => "",
            Event::End(tag) if is_inline(*tag) => "",
            _ => {
                close(&mut open, started, n_quotes);
                match event {
                    Event::Start(Tag::BlockQuote(_)) => n_quotes += 1,
                    Event::End(TagEnd::BlockQuote(_)) => n_quotes = n_quotes.saturating_sub(1),
                    _ => {}
                }
                ""
            }
        };
        if open.trim().is_empty() {
            started = range.start;
        }
        open.push_str(words);
    }
    close(&mut open, started, n_quotes);
    found
}

/// Whether an element stands within a paragraph.
fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image | TagEnd::TableCell
    )
}
