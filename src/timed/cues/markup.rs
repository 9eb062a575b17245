//! Takes the markup out of cues.

use std::collections::BTreeSet;

use crate::base::one_line;
use crate::files::entities;
use crate::labels::time::parse_timing;

/// The longest inner part of a tag, in bytes. A `<` further from its `>` is text.
const MAX_TAG_BYTES: usize = 400;

/// Words of one cue that stand within the same voice tag, or within none.
#[derive(Debug)]
pub(super) struct Fragment {
    pub(super) voice: Option<String>,
    pub(super) text: String,
}

/// A piece of marked-up words.
#[derive(Debug)]
enum Token<'t> {
    Text(&'t str),
    Open {
        name: &'t str,
        annotation: &'t str,
        whole: &'t str,
    },
    Close {
        name: &'t str,
        whole: &'t str,
    },
    /// Markup without a meaning for the words.
    Dropped,
}

/// Takes the tags out of a cue and decodes its entities. `is_cut` says that
/// the file may end within this cue; the second answer is whether it does.
pub(super) fn fragments_of(words: &str, is_cut: bool) -> (Vec<Fragment>, bool) {
    let mut tokens = Vec::new();
    let mut closed: BTreeSet<&str> = BTreeSet::new();
    let mut rest = words;
    let mut cut = false;
    while let Some(at) = rest.find(['<', '{']) {
        let (text, marked) = rest.split_at(at);
        match tag(marked) {
            Some((token, after)) => {
                tokens.push(Token::Text(text));
                if let Token::Close { name, .. } = token {
                    closed.insert(name);
                }
                tokens.push(token);
                rest = after;
            }
            None if is_cut && is_half_tag(marked) => {
                cut = true;
                tokens.push(Token::Text(text));
                rest = "";
            }
            None => {
                // Both signs are one byte long.
                let (literal, after) = rest.split_at(at + 1);
                tokens.push(Token::Text(literal));
                rest = after;
            }
        }
    }
    tokens.push(Token::Text(rest));

    let mut fragments = vec![Fragment { voice: None, text: String::new() }];
    let mut opened: BTreeSet<&str> = BTreeSet::new();
    for token in tokens {
        let literal = match token {
            Token::Text(text) => text,
            Token::Open { name: "v", annotation, .. } => {
                let voice =
                    Some(one_line(&decode_entities(annotation))).filter(|voice| !voice.is_empty());
                fragments.push(Fragment { voice, text: String::new() });
                continue;
            }
            Token::Close { name: "v", .. } => {
                fragments.push(Fragment { voice: None, text: String::new() });
                continue;
            }
            // `<laughs>` is a remark of the transcriber, `<UNSURE>…</UNSURE>` is markup.
            Token::Open { name, whole, .. } => {
                opened.insert(name);
                if is_known_tag(name) || closed.contains(name) { "" } else { whole }
            }
            Token::Close { name, whole } => {
                if is_known_tag(name) || opened.contains(name) {
                    ""
                } else {
                    whole
                }
            }
            Token::Dropped => "",
        };
        if let Some(fragment) = fragments.last_mut() {
            fragment.text.push_str(literal);
        }
    }
    for fragment in &mut fragments {
        fragment.text = decode_entities(&fragment.text);
    }
    // The cut also shows where a voice is left open that others close; but a
    // program may leave out all the closing tags, so that alone is no sign.
    (fragments, cut)
}

fn is_known_tag(name: &str) -> bool {
    let known = ["b", "c", "font", "i", "lang", "rt", "ruby", "s", "u", "v", "br"];
    known.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether a file was cut off within a tag.
fn is_half_tag(marked: &str) -> bool {
    let starts = ["<v", "</", "<c", "<0", "<i", "<b", "{\\"];
    // The rest of the file is looked at only where it is short, or a file full
    // of `<` would take for ever.
    marked == "<"
        || marked.len() <= MAX_TAG_BYTES
            && !marked.contains('>')
            && starts.iter().any(|start| marked.starts_with(start))
}

/// Reads one tag at the start of `marked`, with what follows it. `None` if the
/// first sign is a literal one.
fn tag(marked: &str) -> Option<(Token<'_>, &str)> {
    let window = marked.get(..marked.floor_char_boundary(MAX_TAG_BYTES))?;
    if let Some(style) = window.strip_prefix("{\\") {
        let end = style.find('}')?;
        return Some((Token::Dropped, marked.get(end + 3..)?));
    }
    let inner = window.strip_prefix('<')?;
    let end = inner.find(['>', '<'])?;
    if !inner.get(end..)?.starts_with('>') {
        return None;
    }
    let (inner, whole, after) = (inner.get(..end)?, marked.get(..end + 2)?, marked.get(end + 2..)?);
    if parse_timing(inner).is_some() {
        return Some((Token::Dropped, after));
    }
    let (is_close, body) = inner.strip_prefix('/').map_or((false, inner), |body| (true, body));
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let name_len = body.find(|sign| !is_name(sign)).unwrap_or(body.len());
    let (name, more) = body.split_at(name_len);
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let is_single = more.trim_end().ends_with('/');
    let token = match more.chars().next() {
        None if is_close => Token::Close { name, whole },
        None => Token::Open { name, annotation: "", whole },
        Some(sign) if sign == '.' || sign == '/' || sign.is_whitespace() => {
            let annotation = more.split_once(char::is_whitespace).map_or("", |(_, rest)| rest);
            if is_close {
                Token::Close { name, whole }
            } else if is_single && name != "v" {
                Token::Dropped
            } else {
                Token::Open { name, annotation, whole }
            }
        }
        Some(_) => return None,
    };
    Some((token, after))
}

/// Decodes the entities of HTML. Those of marks that only guide a screen are left
/// out.
fn decode_entities(text: &str) -> String {
    let marks = ["&lrm;", "&rlm;", "&shy;", "&zwj;", "&zwnj;"];
    let words = marks.iter().fold(text.to_owned(), |words, mark| words.replace(mark, ""));
    entities::decode(&words).into_owned()
}
