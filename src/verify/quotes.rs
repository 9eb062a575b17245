//! Finds what a report quotes, and what it says beside each quote.

use std::collections::BTreeMap;

use crate::base::one_line;

/// A paragraph, a cell or a block of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// Where it stands in the report, for people: `line 12`, `row 3`.
    pub place: String,
    /// Its words, white space as it comes.
    pub text: String,
    /// What it is.
    pub kind: ParagraphKind,
}

impl Paragraph {
    /// Where one of its lines stands in the report, so many below its first.
    fn place_of(&self, n_above: usize) -> String {
        let first = self.place.strip_prefix("line ").and_then(|line| line.parse::<usize>().ok());
        first.map_or_else(|| self.place.clone(), |first| format!("line {}", first + n_above))
    }
}

/// What a paragraph of a report is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParagraphKind {
    /// Running text: quotes stand between quotation marks.
    Plain,
    /// A block quote: all of it is quoted, with or without marks.
    Block,
    /// A cell that holds a quote; what the other cells say of where it is from.
    Cell(String),
}

/// Something that may be the quote, since the marks do not tell for certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) text: String,
    pub(super) beside: String,
    /// The byte after it in the paragraph.
    end: usize,
}

/// A quote of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReportQuote {
    pub(super) place: String,
    pub(super) text: String,
    pub(super) beside: String,
    /// What stands before it and a colon.
    pub(super) label: Option<String>,
}

/// The fewest words between quotation marks that are taken for a quote.
const MIN_WORDS: usize = 4;
/// Closing marks that are tried.
const MAX_ENDS: usize = 24;
/// The bytes up to which a further end is looked for.
const MAX_INSIDE: usize = 2_000;
/// The longest text beside a quote that tells where it is from, in bytes.
const MAX_BESIDE: usize = 300;

/// Finds the quotes of paragraphs, in order. `is_verbatim` tells of a text
/// whether the transcripts hold it word for word: where the closing mark is
/// uncertain, since quotation marks and apostrophes may stand in a quote, the
/// longest verbatim text is the quote.
pub(super) fn quotes_of(
    paragraphs: &[Paragraph],
    at: usize,
    is_verbatim: &dyn Fn(&str) -> bool,
) -> Vec<ReportQuote> {
    let paragraph = &paragraphs[at];
    let next = paragraphs.get(at + 1).filter(|next| next.kind == ParagraphKind::Plain);
    let next = next.map_or("", |next| next.text.trim_start());
    let next = if opens_source(next) { next } else { "" };
    let quote = |n_above: usize, text: &str, beside: &str, label: Option<String>| ReportQuote {
        place: paragraph.place_of(n_above),
        text: text.trim().to_owned(),
        beside: shortened(beside),
        label,
    };
    match &paragraph.kind {
        ParagraphKind::Cell(beside) => {
            let text = without_marks(paragraph.text.trim());
            if n_words(text) == 0 { Vec::new() } else { vec![quote(0, text, beside, None)] }
        }
        ParagraphKind::Block if closers(paragraph.text.trim_start(), 0).is_none() => {
            let (text, beside) = split_source(&paragraph.text);
            let beside = if beside.is_empty() { next } else { beside };
            if n_words(text) < MIN_WORDS { Vec::new() } else { vec![quote(0, text, beside, None)] }
        }
        ParagraphKind::Block | ParagraphKind::Plain => {
            let mut found = Vec::new();
            let text = &paragraph.text;
            let last_ends = last_ends(text);
            let (mut from, mut counted, mut n_above) = (0, 0, 0);
            while let Some((start, options, default)) = next_quote(text, from, next, &last_ends) {
                let is_quote = |option: &Reading| n_words(&option.text) >= MIN_WORDS;
                // What is verbatim is so from its beginning: a shorter one that is not ends
                // the search, unless it cuts a bracket in two.
                let mut verbatim = None;
                for (at, option) in options.iter().enumerate().filter(|(_, it)| is_quote(it)) {
                    if is_verbatim(&option.text) {
                        verbatim = Some(at);
                    } else if !cuts_bracket(&option.text) {
                        break;
                    }
                }
                let chosen = &options[verbatim.unwrap_or(default)];
                if is_quote(chosen) {
                    let label = label_before(&text[from..start]);
                    n_above += text[counted..start].matches('\n').count();
                    counted = start;
                    found.push(quote(n_above, &chosen.text, &chosen.beside, label));
                }
                from = chosen.end;
            }
            found
        }
    }
}

/// Whether a bracket opens in a text that does not close there.
fn cuts_bracket(text: &str) -> bool {
    let n = |mark: char| text.matches(mark).count();
    n('[') > n(']') || n('(') > n(')')
}

fn n_words(text: &str) -> usize {
    super::words::words(text).len()
}

fn shortened(beside: &str) -> String {
    one_line(&beside[..beside.floor_char_boundary(MAX_BESIDE)])
}

/// The marks that close what the mark at a byte opens; `None` if it opens nothing.
fn closers(text: &str, at: usize) -> Option<&'static [char]> {
    let c = text[at..].chars().next()?;
    let before = text[..at].chars().next_back();
    let after = text[at + c.len_utf8()..].chars().next();
    let is_start =
        before.is_none_or(|c| !c.is_alphanumeric()) && after.is_some_and(|c| !c.is_whitespace());
    match c {
        '“' | '‟' => Some(&['”']),
        '„' => Some(&['“', '”']),
        '«' => Some(&['»']),
        '»' if is_start => Some(&['«']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        '"' if is_start => Some(&['"']),
        '‘' if is_start => Some(&['’']),
        '‚' if is_start => Some(&['‘', '’']),
        _ => None,
    }
}

/// Whether a closing mark at a byte ends a quote, and is no apostrophe.
fn ends_quote(text: &str, at: usize, mark: char) -> bool {
    let after = text[at + mark.len_utf8()..].chars().next();
    !(matches!(mark, '’' | '"') && after.is_some_and(char::is_alphanumeric))
}

/// Where each closing mark ends a quote for the last time: a text of opening marks must not
/// be searched to its end for each of them.
fn last_ends(text: &str) -> BTreeMap<char, usize> {
    let is_mark = |c: char| "”“»«」』\"’‘".contains(c);
    text.char_indices()
        .filter(|&(at, c)| is_mark(c) && ends_quote(text, at, c))
        .map(|(at, c)| (c, at))
        .collect()
}

/// Where the next quote starts, what it may be, and what it is by its marks alone.
fn next_quote(
    text: &str,
    from: usize,
    next: &str,
    last_ends: &BTreeMap<char, usize>,
) -> Option<(usize, Vec<Reading>, usize)> {
    let (start, mark, close) = text[from..]
        .char_indices()
        .find_map(|(at, c)| Some((from + at, c, closers(text, from + at)?)))?;
    let inside = start + mark.len_utf8();
    let mut options = Vec::new();
    let (mut depth, mut default) = (0_usize, None);
    let end = close.iter().filter_map(|c| last_ends.get(c)).max().map_or(0, |&at| at + 4);
    let searched = text.get(inside..text.floor_char_boundary(end)).unwrap_or_default();
    for (at, c) in searched.char_indices().map(|(at, c)| (inside + at, c)) {
        if at - inside > MAX_INSIDE && !options.is_empty() {
            break;
        }
        if !(close.contains(&c) && ends_quote(text, at, c)) {
            depth += usize::from(c == mark && mark != '"');
            // A further opening mark: what went before is closed.
            if c == '‘' && mark == '‘' && default.is_none() && !options.is_empty() {
                default = Some(options.len() - 1);
            }
            continue;
        }
        let end = at + c.len_utf8();
        let rest = &text[end..];
        let beside = if rest.trim_start().is_empty() { next } else { source_after(rest) };
        options.push(Reading { text: text[inside..at].to_owned(), beside: beside.to_owned(), end });
        if depth == 0 && default.is_none() && mark != '‘' {
            default = Some(options.len() - 1);
        }
        depth = depth.saturating_sub(1);
        if options.len() == MAX_ENDS {
            break;
        }
    }
    if options.is_empty() {
        // A quote of several paragraphs opens each of them and closes the last.
        let is_open = matches!(mark, '“' | '„' | '«' | '「' | '『');
        let end = if is_open { text.len() } else { inside };
        let text = text[inside..end].to_owned();
        options.push(Reading { text, beside: String::new(), end });
    }
    let default = default.unwrap_or(options.len() - 1);
    Some((start, options, default))
}

/// Whether a paragraph says where the quote before it is from.
fn opens_source(text: &str) -> bool {
    text.starts_with(['(', '[', '—', '–', '―']) && text.len() <= MAX_BESIDE
}

/// What follows a quote and says where it is from: brackets that end within twice
/// [`MAX_BESIDE`], or all after a dash.
fn source_after(rest: &str) -> &str {
    let rest = &rest[..rest.floor_char_boundary(2 * MAX_BESIDE)];
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || ".,;:".contains(c));
    let close = match rest.chars().next() {
        Some('(') => ')',
        Some('[') => ']',
        Some('—' | '–' | '―' | '-') => {
            let end = rest.find(['“', '„', '«', '"', '\n']).unwrap_or(rest.len());
            return &rest[..end];
        }
        _ => return "",
    };
    rest.find(close).map_or("", |end| &rest[..end + close.len_utf8()])
}

/// Parts a block quote without marks from what says where it is from.
fn split_source(text: &str) -> (&str, &str) {
    let text = text.trim();
    if text.ends_with(')')
        && let Some(open) = text.rfind('(')
        && open > 0
        && !matches!(text[open..].trim_matches(['(', ')']).trim(), "…" | "...")
    {
        return (&text[..open], &text[open..]);
    }
    let last_line = text.rfind('\n').map_or(0, |at| at + 1);
    if last_line > 0 && opens_source(text[last_line..].trim_start()) {
        return (&text[..last_line], &text[last_line..]);
    }
    match text.rfind(['—', '―']) {
        Some(dash) if dash > 0 && text.len() - dash <= 80 && n_words(&text[dash..]) <= 6 => {
            (&text[..dash], &text[dash..])
        }
        _ => (text, ""),
    }
}

/// The words between the last sentence and a colon: `P07: “…”`.
fn label_before(before: &str) -> Option<String> {
    let before = before.trim_end().strip_suffix(':')?;
    let start = before
        .rfind(['.', '!', '?', '\n', ')', '”'])
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let label = before[start..].trim();
    (!label.is_empty()).then(|| label.to_owned())
}

/// The words of a cell without the quotation marks around all of it.
fn without_marks(text: &str) -> &str {
    let mut chars = text.chars();
    match (chars.next(), chars.next_back()) {
        (Some('“'), Some('”')) | (Some('„'), Some('“' | '”')) | (Some('«'), Some('»')) => {
            chars.as_str()
        }
        _ => text,
    }
}
