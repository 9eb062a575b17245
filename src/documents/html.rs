//! Reads web pages: as browsers, Word and Google Docs save them.
//!
//! A decoded text comes in; paragraphs and tables go out. Blocks of the page are
//! paragraphs, `br` is a line end, and white space is one space, as on the page. Tables
//! are read as those of a Word file are. Of a transcript the head of the page, menus and forms are
//! left out; scripts, styles, comments and pictures always are.

use std::cell::RefCell;

use html5ever::TokenizerResult;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::{Collector, Document, Kind, StyledParagraph, Type, Types};
use crate::base::{Diagnostic, Remedy, words_in};

/// What web pages are called.
const WEB_PAGE: Kind = Kind { document: "web page", short: "web page" };
/// The style of paragraphs within a block quote.
const QUOTE: &str = "blockquote";

/// Reads a web page.
pub(crate) fn document(text: &str) -> Document {
    let page = read(text, true);
    let unended = page.unseen.filter(|_| page.n_unseen > 0).map(|name| {
        let n_words = page.n_unseen;
        Diagnostic::new(format!("`<{name}>` has no end; {n_words} words in it are not read"))
            .with(Remedy::new(format!("put `</{name}>` where it ends, and save the page again")))
    });
    let warnings = unended.into_iter().collect();
    Document { kind: WEB_PAGE, blocks: page.collector.blocks, warnings }
}

/// All paragraphs of a page, those of its head and menus among them.
pub fn web_paragraphs(text: &str) -> Vec<StyledParagraph> {
    read(text, false).collector.styled
}

/// Elements that are read to the end in a transcript, and left out.
const NO_TALK: &[&str] =
    &["head", "nav", "footer", "button", "select", "textarea", "noscript", "iframe"];

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

/// Where a term and its description are.
#[derive(Default, PartialEq, Eq)]
enum Term {
    #[default]
    None,
    /// The term is open.
    Open,
    /// It has ended, and its description comes.
    Named,
}

/// A page as far as it is read.
#[derive(Default)]
struct Page {
    collector: Collector,
    /// The text of the open paragraph, and the line where it starts.
    open: String,
    started: u64,
    /// How many elements are open that set their words in each type.
    n_of_type: [usize; 3],
    /// Whether the open paragraph has words that are not in it.
    has_others: Types,
    /// How many block quotes are open.
    n_quotes: usize,
    is_preformatted: bool,
    term: Term,
    /// The element whose content nobody sees, while it is open.
    unseen: Option<String>,
    /// How many words it holds.
    n_unseen: usize,
    /// Whether only talk is sought.
    is_transcript: bool,
    /// For each open table, whether it has a row.
    tables: Vec<bool>,
}

struct Reader(RefCell<Page>);

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => return page.tag(&tag),
            Token::CharacterTokens(text) => page.text(&text, line),
            Token::EOFToken => page.end(),
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
            // A page may leave out the end of its head.
            let is_over = (is_end && unseen == name) || (unseen == "head" && name == "body");
            if !is_over {
                let is_raw = !is_end && (name == "script" || name == "style");
                return if is_raw { raw(name) } else { TokenSinkResult::Continue };
            }
            self.unseen = None;
        }
        match name {
            // A picture holds no quotes; its labels are broken into lines.
            "script" | "style" | "template" | "svg" if !is_end => {
                (self.unseen, self.n_unseen) = (Some(name.to_owned()), 0);
                return raw(name);
            }
            _ if self.is_transcript && !is_end && NO_TALK.contains(&name) => {
                (self.unseen, self.n_unseen) = (Some(name.to_owned()), 0);
            }
            "br" => {
                self.trim_end();
                self.open.push('\n');
            }
            "q" => self.open.push(if is_end { '”' } else { '“' }),
            "b" | "strong" | "i" | "em" | "u" => {
                let of = match name {
                    "u" => Type::Underlined,
                    "i" | "em" => Type::Italics,
                    _ => Type::Bold,
                };
                let n = &mut self.n_of_type[of as usize];
                *n = if is_end { n.saturating_sub(1) } else { *n + 1 };
            }
            // A term and its description: who speaks, and what.
            // Pages may leave out the end of a term.
            "dt" | "dd" if self.term == Term::Open && is_end == (name == "dt") => {
                self.end_term();
                self.term = if is_end { Term::Named } else { Term::None };
            }
            "dd" if !is_end && self.term == Term::Named => self.term = Term::None,
            name if BLOCKS.contains(&name) => {
                self.term = Term::None;
                self.close();
                match name {
                    "blockquote" if is_end => self.n_quotes = self.n_quotes.saturating_sub(1),
                    "blockquote" => self.n_quotes += 1,
                    "dt" if self.is_transcript && !is_end => self.term = Term::Open,
                    "pre" => self.is_preformatted = !is_end,
                    "title" if !is_end => return TokenSinkResult::RawData(RawKind::Rcdata),
                    "table" | "tr" | "td" | "th" => self.table(name, is_end),
                    _ => {}
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }

    /// Begins or ends a part of a table. Pages may leave out the ends of rows and cells.
    fn table(&mut self, name: &str, is_end: bool) {
        match (name, is_end) {
            ("table", false) => {
                self.collector.begin_table();
                self.tables.push(false);
            }
            ("table", true) => {
                if self.tables.pop().is_some() {
                    self.collector.end_table();
                }
            }
            (_, true) => {}
            _ => {
                let Some(has_row) = self.tables.last_mut() else { return };
                let is_new_row = name == "tr" || !*has_row;
                if is_new_row {
                    *has_row = true;
                    self.collector.begin_row();
                }
                if name != "tr" {
                    self.collector.begin_cell();
                }
            }
        }
    }

    /// Takes in text that ends on a line.
    fn text(&mut self, text: &str, line: u64) {
        if self.unseen.is_some() {
            self.n_unseen += words_in(text);
            return;
        }
        if self.open.trim().is_empty() {
            let n_after = text.trim_start().matches('\n').count();
            self.started = line.saturating_sub(n_after as u64);
        }
        if text.contains(char::is_alphanumeric) {
            for (others, n) in self.has_others.iter_mut().zip(self.n_of_type) {
                *others |= n == 0;
            }
        }
        if self.is_preformatted {
            self.open.push_str(text);
            return;
        }
        // White space of the file is one space on the page.
        for sign in text.chars() {
            if !matches!(sign, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                self.open.push(sign);
            } else if !self.open.ends_with([' ', '\n']) {
                self.open.push(' ');
            }
        }
    }

    /// Ends a term: who speaks.
    fn end_term(&mut self) {
        self.trim_end();
        if !self.open.ends_with([':', '.', '?', '!']) {
            self.open.push(':');
        }
        self.open.push(' ');
    }

    fn trim_end(&mut self) {
        let n_kept = self.open.trim_end_matches(' ').len();
        self.open.truncate(n_kept);
    }

    fn close(&mut self) {
        let text = std::mem::take(&mut self.open);
        self.collector.types = std::mem::take(&mut self.has_others).map(|others| !others);
        let is_pre = self.is_preformatted;
        let text = if is_pre { text.trim_matches(['\n', '\r']) } else { text.trim() };
        if !text.trim().is_empty() {
            let style = if self.n_quotes > 0 { QUOTE } else { "" };
            self.collector.begin_paragraph(style.to_owned());
            self.collector.push(text);
            if let Some(paragraph) = self.collector.paragraphs.last_mut() {
                paragraph.line = Some(self.started);
            }
            self.collector.end_paragraph();
        }
    }

    fn end(&mut self) {
        self.close();
        while self.tables.pop().is_some() {
            self.collector.end_table();
        }
    }
}

/// How the content of an element that is no page is read.
fn raw(name: &str) -> TokenSinkResult<()> {
    match name {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" => TokenSinkResult::RawData(RawKind::Rawtext),
        _ => TokenSinkResult::Continue,
    }
}

/// Goes through a page.
fn read(text: &str, is_transcript: bool) -> Page {
    let input = BufferQueue::default();
    input.push_back(text.into());
    let page = Page { is_transcript, ..Page::default() };
    let tokenizer = Tokenizer::new(Reader(RefCell::new(page)), TokenizerOpts::default());
    // Only a script that is to run makes the tokenizer stop before the end.
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[cfg(test)]
mod tests;
