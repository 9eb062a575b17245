//! Reads a query; see [`query`](super) for the grammar.

use std::collections::BTreeSet;
use std::fmt;
use std::iter::Peekable;
use std::vec::IntoIter;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::{Comparison, FIELDS, FieldTest, FieldValue, MAX_NEAR, PhraseWord, Query};
use crate::base::{Diagnose, Remedy, Span, nearest};
use crate::transcripts::cases::{field_name, is_name_char};

/// The longest query, in bytes.
pub const MAX_BYTES: usize = 20_000;
/// How deep brackets and negations may nest.
const MAX_DEPTH: usize = 64;
/// The most words of a phrase that are to be near each other.
const MAX_NEAR_WORDS: usize = 12;
/// How much of a long query is shown around a mistake, in characters.
const SHOWN_CHARS: usize = 30;

const OPENING_QUOTES: &[char] = &['"', '“', '”', '„', '«', '»'];
const CLOSING_QUOTES: &[char] = &['"', '“', '”', '»', '«'];

/// What stands for `-`: word processors make dashes of it.
const DASHES: &[char] = &['-', '‐', '‑', '–', '—', '−'];

/// What is wrong with a query, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// The query as typed.
    pub query: String,
    /// The place.
    pub at: Span,
    /// What is wrong.
    pub problem: String,
    /// What was expected, or what helps.
    pub remedy: Remedy,
}

impl std::error::Error for QueryError {}

impl Diagnose for QueryError {
    fn remedy(&self) -> Option<Remedy> {
        Some(self.remedy.clone())
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (self.at.start as usize, self.at.end as usize);
        let visible = |text: &str| text.replace(|c: char| c.is_control(), " ");
        let before: Vec<char> = self.query[..start].chars().collect();
        let shown_before: String =
            before[before.len().saturating_sub(SHOWN_CHARS)..].iter().collect();
        let from_start: String = self.query[start..].chars().take(2 * SHOWN_CHARS).collect();
        let marked: String = self.query[start..end].chars().take(2 * SHOWN_CHARS).collect();
        let cut = |is_cut: bool| if is_cut { "…" } else { "" };
        let before = format!("{}{}", cut(before.len() > SHOWN_CHARS), visible(&shown_before));
        let rest = self.query[start..].chars().nth(2 * SHOWN_CHARS).is_some();
        writeln!(f, "the query cannot be read: {}", self.problem)?;
        writeln!(f, "  {before}{}{}", visible(&from_start), cut(rest))?;
        let carets = visible(&marked).width().max(1);
        write!(f, "  {}{}", " ".repeat(before.width()), "^".repeat(carets))
    }
}

/// Parses a query. `attributes` are the names of further fields: the
/// attributes of cases, in any spelling.
///
/// # Errors
/// [`QueryError`] with the place and what was expected there.
pub fn parse(query: &str, attributes: &[&str]) -> Result<Query, QueryError> {
    let attributes: Vec<String> = attributes.iter().map(|name| field_name(name)).collect();
    let mut lexer = Lexer { query, at: 0, attributes: &attributes };
    if query.len() > MAX_BYTES {
        let end = Span::new(0, query.chars().next().map_or(0, char::len_utf8));
        return Err(lexer.error(
            end,
            format!("it is {} bytes long", query.len()),
            format!("a query has at most {MAX_BYTES} bytes; ask for its parts one by one"),
        ));
    }
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        tokens.push(token);
    }
    if tokens.is_empty() {
        return Err(lexer.error(
            Span::new(0, query.len()),
            "there is no word in it".to_owned(),
            "write what to look for, such as `silence in the group`".to_owned(),
        ));
    }
    let mut parser = Parser { query, tokens: tokens.into_iter().peekable(), depth: 0 };
    let parsed = parser.any()?;
    match parser.tokens.next() {
        None => Ok(parsed),
        Some((_, at)) => Err(parser.error(
            at,
            "this bracket was never opened",
            "leave it out, or put a `(` before it",
        )),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Near(u8),
    Leaf(Query),
}

struct Lexer<'q> {
    query: &'q str,
    at: usize,
    attributes: &'q [String],
}

impl<'q> Lexer<'q> {
    fn error(&self, at: Span, problem: String, hint: String) -> QueryError {
        QueryError { query: self.query.to_owned(), at, problem, remedy: Remedy::new(hint) }
    }

    fn rest(&self) -> &'q str {
        &self.query[self.at..]
    }

    fn next(&mut self) -> Result<Option<(Token, Span)>, QueryError> {
        loop {
            let rest = self.rest().trim_start();
            self.at = self.query.len() - rest.len();
            let Some(first) = rest.chars().next() else { return Ok(None) };
            let start = self.at;
            let one = Span::new(start, start + first.len_utf8());
            let second = rest[first.len_utf8()..].chars().next();
            match first {
                '(' | ')' => {
                    self.at += 1;
                    let token = if first == '(' { Token::Open } else { Token::Close };
                    return Ok(Some((token, one)));
                }
                _ if DASHES.contains(&first)
                    && second.is_some_and(|c| !c.is_whitespace() && !DASHES.contains(&c)) =>
                {
                    self.at += first.len_utf8();
                    return Ok(Some((Token::Not, one)));
                }
                _ if OPENING_QUOTES.contains(&first) => {
                    let leaf = self.phrase()?;
                    return Ok(Some((Token::Leaf(leaf), Span::new(start, self.at))));
                }
                _ => {
                    if let Some(token) = self.chunk()? {
                        return Ok(Some((token, Span::new(start, self.at))));
                    }
                }
            }
        }
    }

    /// The text between a quotation mark here and the one that closes it, which is left behind.
    fn quoted(&mut self) -> Result<(&'q str, Span), QueryError> {
        let mark = self.rest().chars().next().unwrap_or_default();
        let open = mark.len_utf8();
        let inside = &self.rest()[open..];
        let Some(length) = length_of_quoted(mark, inside) else {
            return Err(self.error(
                Span::new(self.at, self.at + open),
                "this quotation mark is not closed".to_owned(),
                "put another `\"` at the end of the words".to_owned(),
            ));
        };
        let close = inside[length..].chars().next().map_or(0, char::len_utf8);
        let span = Span::new(self.at + open, self.at + open + length);
        self.at += open + length + close;
        Ok((&inside[..length], span))
    }

    fn phrase(&mut self) -> Result<Query, QueryError> {
        let start = self.at;
        let (inside, span) = self.quoted()?;
        let mut words = Vec::new();
        for piece in inside.split_whitespace() {
            if piece == "*" {
                words.push(PhraseWord::Any);
                continue;
            }
            let of_piece = words_of(strip_end(piece));
            if is_joined(strip_end(piece), &of_piece) {
                words.push(PhraseWord::Joined(of_piece));
                continue;
            }
            for word in of_piece {
                let is_pattern = word.contains(['*', '?']);
                words.push(if is_pattern {
                    self.pattern(word, span)?.1
                } else {
                    PhraseWord::Spoken(word)
                });
            }
        }
        let whole = Span::new(start, self.at);
        let is_any = |word: Option<&PhraseWord>| word == Some(&PhraseWord::Any);
        if words.is_empty() {
            return Err(self.error(
                whole,
                "there is no word between the quotation marks".to_owned(),
                "put the words as spoken between them".to_owned(),
            ));
        }
        if is_any(words.first()) || is_any(words.last()) {
            return Err(self.error(
                span,
                "a `*` alone means one word between others".to_owned(),
                "put a word on both sides of it, or leave it out".to_owned(),
            ));
        }
        let near = self.near_of_phrase()?;
        let n_in = |word: &PhraseWord| match word {
            PhraseWord::Joined(words) => words.len(),
            _ => 1,
        };
        let n_words: usize = words.iter().map(n_in).sum();
        if near.is_some() && (n_words < 2 || words.contains(&PhraseWord::Any)) {
            return Err(self.error(
                whole,
                "a distance needs at least two words".to_owned(),
                "write for example `\"group silence\"~5`".to_owned(),
            ));
        }
        if near.is_some() && n_words > MAX_NEAR_WORDS {
            return Err(self.error(
                whole,
                format!("{n_words} words are too many for a distance"),
                format!("give at most {MAX_NEAR_WORDS}"),
            ));
        }
        Ok(Query::Phrase { words, near })
    }

    /// The `~5` after a phrase, if there is one.
    fn near_of_phrase(&mut self) -> Result<Option<u8>, QueryError> {
        let Some(after) = self.rest().strip_prefix('~') else { return Ok(None) };
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let at = Span::new(self.at, self.at + 1 + digits);
        let near = self.distance(&after[..digits], at)?;
        self.at += 1 + digits;
        Ok(Some(near))
    }

    fn distance(&self, digits: &str, at: Span) -> Result<u8, QueryError> {
        let found = digits.parse::<u8>().ok().filter(|near| *near <= MAX_NEAR);
        found.ok_or_else(|| {
            self.error(
                at,
                "the number of words that may be between is missing or too large".to_owned(),
                format!("write a number up to {MAX_NEAR}; words of different turns are never near each other"),
            )
        })
    }

    /// A run without white space, brackets and quotation marks; `None` if it
    /// is nothing but punctuation.
    fn chunk(&mut self) -> Result<Option<Token>, QueryError> {
        let rest = self.rest();
        let is_end = |c: char| c.is_whitespace() || "()".contains(c) || OPENING_QUOTES.contains(&c);
        let text = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        let start = self.at;
        let whole = Span::new(start, start + text.len());
        self.at += text.len();
        match text {
            "AND" => return Ok(Some(Token::And)),
            "OR" => return Ok(Some(Token::Or)),
            "NOT" => return Ok(Some(Token::Not)),
            "&&" | "||" | "!" => {
                let word = if text == "&&" {
                    "AND"
                } else if text == "||" {
                    "OR"
                } else {
                    "NOT"
                };
                return Err(self.error(
                    whole,
                    format!("`{text}` is not part of the query language"),
                    format!("write `{word}`"),
                ));
            }
            _ => {}
        }
        if let Some(distance) =
            text.strip_prefix("NEAR").filter(|after| after.is_empty() || after.starts_with('/'))
        {
            let near = self.distance(distance.trim_start_matches('/'), whole)?;
            return Ok(Some(Token::Near(near)));
        }
        if let Some(field) = self.field(text, start)? {
            return Ok(Some(Token::Leaf(Query::Field(field))));
        }
        self.word(text, whole).map(|leaf| leaf.map(Token::Leaf))
    }

    fn word(&self, text: &str, whole: Span) -> Result<Option<Query>, QueryError> {
        let stripped = strip_end(text);
        if let Some((body, edits)) = stripped.rsplit_once('~') {
            let body = words_of(body);
            if !body.is_empty() {
                return self.fuzzy(&body, edits, whole).map(Some);
            }
        }
        let mut words = words_of(stripped);
        if words.iter().any(|word| word.contains(['*', '?'])) {
            if let [word] = words.as_slice() {
                return self.pattern(word.clone(), whole).map(|(query, _)| Some(query));
            }
            let words: Result<Vec<PhraseWord>, QueryError> = words
                .into_iter()
                .map(|word| {
                    let is_pattern = word.contains(['*', '?']);
                    if is_pattern {
                        Ok(self.pattern(word, whole)?.1)
                    } else {
                        Ok(PhraseWord::Spoken(word))
                    }
                })
                .collect();
            return Ok(Some(Query::Phrase { words: words?, near: None }));
        }
        // "AND," is a word, and must not be printed as an operator.
        if let [word] = words.as_mut_slice()
            && (["AND", "OR", "NOT"].contains(&word.as_str()) || word == "NEAR")
        {
            *word = word.to_lowercase();
        }
        Ok((!words.is_empty()).then_some(Query::Word(words)))
    }

    fn fuzzy(&self, body: &[String], edits: &str, whole: Span) -> Result<Query, QueryError> {
        let edits = if edits.is_empty() { Some(1) } else { edits.parse::<u8>().ok() };
        match (body, edits) {
            ([word], Some(edits @ 1..=2)) if !word.contains(['*', '?']) => {
                if word.chars().count() > usize::from(edits) {
                    Ok(Query::Fuzzy { word: word.clone(), edits })
                } else {
                    Err(self.error(
                        whole,
                        "the word is too short: almost any word is similar to it".to_owned(),
                        "look for the word itself".to_owned(),
                    ))
                }
            }
            _ => Err(self.error(
                whole,
                "`~` must be at the end of one word".to_owned(),
                "write for example `recieve~` for one wrong letter, or `recieve~2` for two"
                    .to_owned(),
            )),
        }
    }

    /// A word with wildcards, alone and in a phrase.
    fn pattern(&self, pattern: String, at: Span) -> Result<(Query, PhraseWord), QueryError> {
        if !pattern.chars().any(|c| c.is_alphanumeric() && !is_combining_mark(c)) {
            return Err(self.error(
                at,
                format!("`{pattern}` finds every word"),
                "put letters before or after it, such as `silen*`".to_owned(),
            ));
        }
        Ok((Query::Wildcard(pattern.clone()), PhraseWord::Wildcard(pattern)))
    }

    /// `name:value`; `None` if the colon is one of writing.
    fn field(&mut self, text: &'q str, start: usize) -> Result<Option<FieldTest>, QueryError> {
        let Some((name, value)) = text.split_once(':') else { return Ok(None) };
        let is_name =
            name.starts_with(|c: char| c.is_alphabetic()) && name.chars().all(is_name_char);
        if !is_name {
            return Ok(None);
        }
        let mut known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        known.extend(self.attributes.iter().map(String::as_str));
        let mut seen = BTreeSet::new();
        known.retain(|name| seen.insert(*name));
        let name_span = Span::new(start, start + name.len());
        let typed = field_name(name);
        let is_known = known.contains(&typed.as_str());
        let is_quoted = value.is_empty() && self.rest().starts_with(OPENING_QUOTES);
        if value.is_empty() && !is_quoted {
            if !is_known {
                return Ok(None);
            }
            return Err(self.error(
                Span::new(start, start + text.len()),
                format!("the field `{name}` has no value"),
                format!(
                    "write the value right after the colon, such as `{name}:{}`",
                    example(&typed)
                ),
            ));
        }
        if !is_known {
            let hint = match nearest(&typed, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}:`? The fields are {}", list(&known)),
                None => format!("the fields are {}", list(&known)),
            };
            return Err(self.error(name_span, format!("there is no field `{name}`"), hint));
        }
        let value_at = start + name.len() + 1;
        if is_quoted {
            let (inside, at) = self.quoted()?;
            if inside.trim().is_empty() {
                return Err(self.error(
                    at,
                    format!("the field `{name}` has no value"),
                    "put one between the quotation marks".to_owned(),
                ));
            }
            let value = FieldValue::Is(inside.trim().to_owned());
            return Ok(Some(FieldTest { name: typed, value, at }));
        }
        let value = value.trim_end_matches([',', ';', '!', '?']);
        let at = Span::new(value_at, value_at + value.len());
        let compared = Comparison::ALL
            .into_iter()
            .find_map(|comparison| Some((comparison, value.strip_prefix(comparison.sign())?)));
        let parsed = match (compared, value.split_once("..")) {
            (Some((comparison, bound)), _) => (!bound.is_empty()
                && !bound.starts_with(['<', '>', '=']))
            .then(|| FieldValue::Compare(comparison, bound.to_owned())),
            (None, Some((low, high))) => {
                let is_range = (!low.is_empty() || !high.is_empty()) && !high.contains("..");
                is_range.then(|| FieldValue::Between(low.to_owned(), high.to_owned()))
            }
            (None, None) => (!value.is_empty()).then(|| FieldValue::Is(value.to_owned())),
        };
        let Some(value) = parsed else {
            return Err(self.error(
                at,
                format!("the value of `{name}` cannot be read"),
                format!("write for example `{name}:{}`", example(&typed)),
            ));
        };
        Ok(Some(FieldTest { name: typed, value, at }))
    }
}

/// A value to show how a field is written.
fn example(name: &str) -> &'static str {
    match name {
        "role" => "participant",
        "time" => "00:10:00..00:20:00",
        "theme" => "3",
        "answers" => "\"what did you miss\"",
        "transcript" | "case" => "P07",
        _ => "\"north west\"",
    }
}

fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// Without punctuation at the end; a `?` there asks, and a `*` or `~` does not.
fn strip_end(text: &str) -> &str {
    let is_mark = |c: char| {
        (c.is_ascii_punctuation() && !matches!(c, '*' | '~')) || "…’»”¿¡–—。？！，".contains(c)
    };
    text.trim_end_matches(is_mark)
}

/// Whether hyphens and nothing else stand between the `words` of a text.
fn is_joined(text: &str, words: &[String]) -> bool {
    words.len() > 1 && !text.contains(['*', '?']) && text.split(DASHES).eq(words)
}

/// The words of a text without white space as the index cuts them, `*` and
/// `?` being letters.
fn words_of(text: &str) -> Vec<String> {
    // Letters that a text hardly holds stand for the wildcards while the text
    // is cut: runes.
    let stand_ins: Vec<char> = ('ᚠ'..='ᛪ').filter(|rune| !text.contains(*rune)).take(2).collect();
    let &[star, mark] = stand_ins.as_slice() else { return Vec::new() };
    let replaced = text.replace('*', star.encode_utf8(&mut [0; 4]));
    let replaced = replaced.replace('?', mark.encode_utf8(&mut [0; 4]));
    replaced
        .unicode_words()
        .flat_map(|word| word.split(':'))
        .flat_map(|part| part.unicode_words())
        .map(|word| word.replace(star, "*").replace(mark, "?"))
        .map(|word| {
            // A mark at the start would join the character before it.
            let word = word.trim_start_matches(|c| !is_letter(c) && c != '?');
            // At the end marks stay with their letter; behind anything else they are no word's.
            let end = word.rfind(is_letter).map_or(0, |last| {
                let letter = word[last..].chars().next().map_or(0, char::len_utf8);
                let marks = &word[last + letter..];
                last + letter + marks.len() - marks.trim_start_matches(is_combining_mark).len()
            });
            word[..end].to_owned()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// Whether a word can end with it: a letter, a number, or what stands for some.
fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() && !is_combining_mark(c)) || c == '*'
}

struct Parser<'q> {
    query: &'q str,
    tokens: Peekable<IntoIter<(Token, Span)>>,
    depth: usize,
}

impl Parser<'_> {
    fn error(&self, at: Span, problem: &str, hint: &str) -> QueryError {
        QueryError {
            query: self.query.to_owned(),
            at,
            problem: problem.to_owned(),
            remedy: Remedy::new(hint),
        }
    }

    fn next_is(&mut self, token: &Token) -> bool {
        self.tokens.next_if(|(next, _)| next == token).is_some()
    }

    fn any(&mut self) -> Result<Query, QueryError> {
        let mut parts = vec![self.all()?];
        while self.next_is(&Token::Or) {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Query::Or))
    }

    fn all(&mut self) -> Result<Query, QueryError> {
        let mut parts = vec![self.beside()?];
        while self.next_is(&Token::And) {
            parts.push(self.beside()?);
        }
        Ok(one_or(parts, Query::And))
    }

    fn beside(&mut self) -> Result<Query, QueryError> {
        let mut parts = vec![self.unary()?];
        while let Some((Token::Open | Token::Not | Token::Leaf(_), _)) = self.tokens.peek() {
            parts.push(self.unary()?);
        }
        Ok(one_or(parts, Query::Beside))
    }

    fn unary(&mut self) -> Result<Query, QueryError> {
        if let Some((_, at)) = self.tokens.next_if(|(next, _)| *next == Token::Not) {
            return self.deeper(at, |parser| Ok(Query::Not(Box::new(parser.unary()?))));
        }
        self.near()
    }

    fn near(&mut self) -> Result<Query, QueryError> {
        let start = self.tokens.peek().map(|(_, at)| *at);
        let mut left = self.primary()?;
        let mut left_at = start.unwrap_or(Span::new(0, 0));
        let mut n_joined = 0;
        while let Some(&(Token::Near(most), at)) = self.tokens.peek() {
            self.tokens.next();
            n_joined += 1;
            if n_joined > MAX_DEPTH {
                return Err(self.error(
                    at,
                    "too many words are joined with NEAR",
                    &format!("join at most {MAX_DEPTH} with NEAR"),
                ));
            }
            let right_at = self.tokens.peek().map_or(at, |(_, at)| *at);
            let right = self.primary()?;
            for (side, at) in [(&left, left_at), (&right, right_at)] {
                if !side.has_places() {
                    return Err(self.error(
                        at,
                        "NEAR joins words and phrases, also those in brackets with OR",
                        "use `AND` for what must be in the same passage",
                    ));
                }
            }
            left = Query::Near { left: Box::new(left), right: Box::new(right), most };
            left_at = at;
        }
        Ok(left)
    }

    fn primary(&mut self) -> Result<Query, QueryError> {
        match self.tokens.next() {
            Some((Token::Leaf(leaf), _)) => Ok(leaf),
            Some((Token::Open, at)) => self.deeper(at, |parser| {
                let inside = parser.any()?;
                if parser.next_is(&Token::Close) {
                    Ok(inside)
                } else {
                    Err(parser.error(at, "this bracket is not closed", "close it with `)`"))
                }
            }),
            Some((token, at)) => {
                let problem = match token {
                    Token::Close => "a word, a phrase or a field is missing before this bracket",
                    _ => "a word, a phrase or a field is missing before this",
                };
                Err(self.error(
                    at,
                    problem,
                    "put one there; to look for the word itself, put it into quotation marks",
                ))
            }
            None => {
                let end = Span::new(self.query.len(), self.query.len());
                Err(self.error(
                    end,
                    "a word, a phrase or a field is missing at the end",
                    "put one there; to look for the word itself, put it into quotation marks",
                ))
            }
        }
    }

    fn deeper(
        &mut self,
        at: Span,
        inside: impl FnOnce(&mut Self) -> Result<Query, QueryError>,
    ) -> Result<Query, QueryError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error(
                at,
                "there are too many brackets or NOTs inside each other",
                &format!("use at most {MAX_DEPTH} levels"),
            ));
        }
        self.depth += 1;
        let parsed = inside(self);
        self.depth -= 1;
        parsed
    }
}

fn one_or(mut parts: Vec<Query>, join: fn(Vec<Query>) -> Query) -> Query {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => join(parts),
    }
}

/// The bytes of what a quotation mark opens. Between straight marks may stand what is quoted
/// in others, as in the label `"asked: “And then?”"`.
fn length_of_quoted(open: char, inside: &str) -> Option<usize> {
    let first = inside.find(CLOSING_QUOTES);
    let mut depth = 0;
    for (at, c) in inside.char_indices().take_while(|_| open == '"') {
        match c {
            '“' => depth += 1,
            '”' if depth > 0 => depth -= 1,
            '"' if depth == 0 => return Some(at),
            '"' | '”' | '„' | '«' | '»' => break,
            _ => {}
        }
    }
    first
}

#[cfg(test)]
mod tests;
