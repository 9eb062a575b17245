//! Words of transcripts and of quotes, so folded that only what was said counts.
//!
//! White space, curly or straight quotation marks, kinds of dashes, invisible
//! characters and the two ways to write an accented letter are no difference;
//! letters, their case, and punctuation are.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::Source;
use crate::base::{is_unseen, is_unspaced, one_line};

/// Whether a character shows nothing and parts nothing.
fn is_invisible(c: char) -> bool {
    is_unseen(c) || c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '＇')
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// The bytes of each word of a text.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::with_capacity(text.len() / 6);
    let mut open: Option<usize> = None;
    let mut last = '\0';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or('\0', |&(_, next)| next);
        let goes_on = is_letter(c)
            || (open.is_some() && is_invisible(c))
            || (is_apostrophe(c) && is_letter(last) && is_letter(next));
        match open {
            None if c.is_alphanumeric() => open = Some(at),
            Some(start)
                if !goes_on || ((is_unspaced(c) || is_unspaced(last)) && !is_combining_mark(c)) =>
            {
                found.push(start..at);
                open = c.is_alphanumeric().then_some(at);
            }
            _ => {}
        }
        last = c;
    }
    found.extend(open.map(|start| start..text.len()));
    found
}

/// A word as it is compared: composed, with one kind of apostrophe.
pub(super) fn fold_word(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    word.nfc()
        .filter(|&c| !is_invisible(c))
        .map(|c| if is_apostrophe(c) { '\'' } else { c })
        .collect()
}

/// A word as it is looked up: [`fold_word`] in lower case.
fn fold_lower(word: &str) -> String {
    fold_word(word).to_lowercase()
}

/// What stands between two words as it is compared.
pub(super) fn fold_marks(between: &str) -> String {
    let mut folded = String::new();
    for c in between.nfc() {
        match c {
            c if c.is_whitespace() || is_invisible(c) => {}
            '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂' => folded.push('"'),
            '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' | 'ʼ' | '＇' => folded.push('\''),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '-' => {
                // Typists write `--` for a dash.
                if !folded.ends_with('-') {
                    folded.push('-');
                }
            }
            '…' => folded.push_str("..."),
            // How an emoji is drawn is no difference either.
            '\u{fe00}'..='\u{fe0f}' => {}
            c => folded.push(c),
        }
    }
    folded
}

/// A word of a transcript.
#[derive(Debug, Clone, Copy)]
pub(super) struct WordAt {
    /// The number of its lower-case form.
    pub(super) id: u32,
    /// Its bytes in the plain text.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The turn that it stands in.
    pub(super) turn: u32,
}

/// All words that are said in all transcripts, and where each form of a word is said.
pub(super) struct Corpus<'a> {
    pub(super) sources: &'a [Source<'a>],
    pub(super) words: Vec<WordAt>,
    /// Where the words of each source start, and the end of all.
    pub(super) starts: Vec<usize>,
    ids: HashMap<String, u32>,
    /// Where the places of each form start in `places`, and the end of all.
    of_form: Vec<usize>,
    places: Vec<u32>,
    /// What stands in square brackets anywhere, folded.
    brackets: HashSet<String>,
}

/// The words of one source with numbers of its own.
struct Local {
    words: Vec<WordAt>,
    forms: Vec<String>,
    brackets: Vec<String>,
}

impl<'a> Corpus<'a> {
    pub(super) fn new(sources: &'a [Source<'a>]) -> Self {
        let locals: Vec<Local> = sources.par_iter().map(read).collect();
        let mut corpus = Self {
            sources,
            words: Vec::with_capacity(locals.iter().map(|local| local.words.len()).sum()),
            starts: vec![0],
            ids: HashMap::new(),
            of_form: Vec::new(),
            places: Vec::new(),
            brackets: HashSet::new(),
        };
        for local in locals {
            let ids: Vec<u32> = local
                .forms
                .into_iter()
                .map(|form| {
                    let next = narrow(corpus.ids.len());
                    *corpus.ids.entry(form).or_insert(next)
                })
                .collect();
            let words = local.words.into_iter();
            corpus.words.extend(words.map(|word| WordAt { id: ids[word.id as usize], ..word }));
            corpus.starts.push(corpus.words.len());
            corpus.brackets.extend(local.brackets);
        }
        let mut counts = vec![0_usize; corpus.ids.len() + 1];
        for word in &corpus.words {
            counts[word.id as usize + 1] += 1;
        }
        for at in 1..counts.len() {
            counts[at] += counts[at - 1];
        }
        let mut next = counts.clone();
        corpus.places = vec![0; corpus.words.len()];
        for (at, word) in corpus.words.iter().enumerate() {
            corpus.places[next[word.id as usize]] = narrow(at);
            next[word.id as usize] += 1;
        }
        corpus.of_form = counts;
        corpus
    }

    /// The number of a word's form; `None` if nobody says it.
    pub(super) fn id_of(&self, word: &str) -> Option<u32> {
        self.ids.get(&fold_lower(word)).copied()
    }

    /// Where a form is said.
    pub(super) fn places_of(&self, id: u32) -> &[u32] {
        &self.places[self.of_form[id as usize]..self.of_form[id as usize + 1]]
    }

    /// The source of a word.
    pub(super) fn source_of(&self, place: usize) -> usize {
        self.starts.partition_point(|&start| start <= place) - 1
    }

    /// A word as it is written.
    pub(super) fn word(&self, source: usize, place: usize) -> &'a str {
        let word = self.words[place];
        &self.sources[source].transcript.text[word.start as usize..word.end as usize]
    }

    /// What stands between a word and the next one, without labels and times of turns.
    pub(super) fn between(&self, source: usize, place: usize) -> String {
        let transcript = self.sources[source].transcript;
        let (word, next) = (self.words[place], self.words[place + 1]);
        let (end, start) = (word.end as usize, next.start as usize);
        if word.turn == next.turn {
            return transcript.text[end..start].to_owned();
        }
        let first = transcript.turns[word.turn as usize].span.range();
        let second = transcript.turns[next.turn as usize].span.range();
        format!("{} {}", &transcript.text[end..first.end], &transcript.text[second.start..start])
    }

    /// Whether a transcript has these words in square brackets.
    pub(super) fn has_bracket(&self, content: &str) -> bool {
        self.brackets.contains(&fold_bracket(content))
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).expect("a study has fewer words than four thousand million")
}

fn fold_bracket(content: &str) -> String {
    one_line(content).to_lowercase()
}

/// The longest content of square brackets, in bytes, that is taken for a remark.
pub(super) const MAX_BRACKET: usize = 120;

fn read(source: &Source<'_>) -> Local {
    let text = &source.transcript.text;
    let mut local = Local { words: Vec::new(), forms: Vec::new(), brackets: Vec::new() };
    let mut ids: HashMap<String, u32> = HashMap::new();
    for (turn, span) in (0_u32..).zip(source.transcript.turns.iter().map(|turn| turn.span)) {
        let said = span.of(text);
        for range in words(said) {
            let form = fold_lower(&said[range.clone()]);
            let known = ids.get(&form).copied();
            let id = known.unwrap_or_else(|| {
                let id = narrow(local.forms.len());
                local.forms.push(form.clone());
                ids.insert(form, id);
                id
            });
            let (start, end) = (span.start + narrow(range.start), span.start + narrow(range.end));
            local.words.push(WordAt { id, start, end, turn });
        }
        let mut rest = said;
        while let Some(open) = rest.find('[') {
            rest = &rest[open + 1..];
            let remark = &rest[..rest.floor_char_boundary(MAX_BRACKET + 1)];
            local.brackets.extend(remark.split_once(']').map(|(within, _)| fold_bracket(within)));
        }
    }
    local
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = words(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn words_are_letters_and_what_joins_them() {
        check("I don’t know -- well, it's 3.5!", &["I", "don’t", "know", "well", "it's", "3", "5"]);
        check("‘Tis the boys’ co-op", &["Tis", "the", "boys", "co", "op"]);
        check("Sia\u{302}n 👍🏽 Llŷr", &["Sia\u{302}n", "Llŷr"]);
        check("in\u{ad}stead", &["in\u{ad}stead"]);
        check("我不知道", &["我", "不", "知", "道"]);
        check("", &[]);
    }

    #[test]
    fn typography_is_no_difference() {
        assert_eq!(fold_word("don’t"), "don't");
        assert_eq!(fold_word("Sia\u{302}n"), "Siân");
        assert_eq!(fold_word("in\u{ad}stead"), "in\u{ad}stead".replace('\u{ad}', ""));
        assert_eq!(fold_marks(" — “"), "-\"");
        assert_eq!(fold_marks("\u{a0}-- \""), "-\"");
        assert_eq!(fold_marks("… "), fold_marks("..."));
        assert_ne!(fold_marks(","), fold_marks(";"));
    }
}
