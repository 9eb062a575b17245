//! Reads web pages: HTML becomes [`Paragraph`]s.

use std::cell::RefCell;

use html5ever::TokenizerResult;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::quotes::{Paragraph, ParagraphKind};

/// Elements that start a paragraph of their own.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "blockquote",
    "li",
    "ul",
    "ol",
    "table",
    "tr",
    "td",
    "th",
    "caption",
    "section",
    "article",
    "main",
    "nav",
    "header",
    "footer",
    "aside",
    "figure",
    "figcaption",
    "pre",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "body",
    "html",
    "head",
    "title",
    "hr",
    "form",
];

/// A page as far as it is read.
#[derive(Default)]
struct Page {
    found: Vec<Paragraph>,
    /// The text of the open paragraph, and the line where it starts.
    open: String,
    started: u64,
    /// How many block quotes are open.
    n_quotes: usize,
    is_preformatted: bool,
    /// The element whose content nobody sees, while it is open.
    unseen: Option<String>,
}

struct Reader(RefCell<Page>);

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => return page.tag(&tag),
            Token::CharacterTokens(text) => page.text(&text, line),
            Token::EOFToken => page.close(),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Page {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let is_end = tag.kind == TagKind::EndTag;
        let name = &*tag.name;
        if let Some(unseen) = &self.unseen {
            if is_end && unseen == name {
                self.unseen = None;
            }
            return TokenSinkResult::Continue;
        }
        match name {
            // A picture holds no quotes; its labels are broken into lines.
            "script" | "style" | "template" | "svg" if !is_end => {
                self.unseen = Some(name.to_owned());
                match name {
                    "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" => return TokenSinkResult::RawData(RawKind::Rawtext),
                    _ => {}
                }
            }
            "br" => self.open.push('\n'),
            "q" => self.open.push(if is_end { '”' } else { '“' }),
            name if BLOCKS.contains(&name) => {
                self.close();
                match name {
                    "blockquote" if is_end => self.n_quotes = self.n_quotes.saturating_sub(1),
                    "blockquote" => self.n_quotes += 1,
                    "pre" => self.is_preformatted = !is_end,
                    "title" if !is_end => return TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => {}
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }

    /// Takes in text that ends on a line.
    fn text(&mut self, text: &str, line: u64) {
        if self.unseen.is_some() {
            return;
        }
        if self.open.trim().is_empty() {
            let n_after = text.trim_start().matches('\n').count();
            self.started = line.saturating_sub(n_after as u64);
        }
        // A line end of the file is a space on the page.
        let on_page = |c| if c == '\n' && !self.is_preformatted { ' ' } else { c };
        self.open.extend(text.chars().map(on_page));
    }

    fn close(&mut self) {
        let text = std::mem::take(&mut self.open);
        if !text.trim().is_empty() {
            let is_block = self.n_quotes > 0;
            self.found.push(Paragraph {
                place: format!("line {}", self.started),
                text: text.trim().to_owned(),
                kind: if is_block { ParagraphKind::Block } else { ParagraphKind::Plain },
            });
        }
    }
}

/// The paragraphs of a page.
pub(super) fn html(text: &str) -> Vec<Paragraph> {
    let input = BufferQueue::default();
    input.push_back(text.into());
    let tokenizer = Tokenizer::new(Reader(RefCell::default()), TokenizerOpts::default());
    // Only a script that is to run makes the tokenizer stop before the end.
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.0.into_inner().found
}
