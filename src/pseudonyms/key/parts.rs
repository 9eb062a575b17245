//! Single words of names where no sentence stands around them: in the terms and labels
//! of themes, in words that groups say.
//!
//! `Rhodri Vaughan-Pryce` is on the key; the terms of a theme may be "vaughan" and
//! "pryce", and each of them tells who is meant. A word that is said in small letters
//! outside the name (`green` of `Rose Green`) is another word and stays.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::{Pseudonyms, is_plural};
use crate::pseudonyms::words::{key, pieces};

/// Hands every text of a study to a reader, one after the other.
pub type Talk = Box<dyn Fn(&mut dyn FnMut(&str)) + Send + Sync>;

/// What is shown for a word that several names have.
const SOME_NAME: &str = "[name]";
/// The fewest letters of a word that tells of a name.
const MIN_LETTERS: usize = 2;

/// The words of names of several words.
#[derive(Default)]
pub(super) struct Parts {
    /// What is shown instead of each, folded.
    shown_as: HashMap<String, String>,
    talk: Option<Talk>,
    /// Those that are also words like others; found once they are asked for.
    plain: OnceLock<HashSet<String>>,
}

impl Parts {
    /// Takes in the words of a name, unless it is one word.
    pub(super) fn add(&mut self, name: &str, pseudonym: &str) {
        let pieces = pieces(name);
        let is_telling = |word: &str| {
            !word.starts_with(char::is_lowercase) && word.chars().count() >= MIN_LETTERS
        };
        let words = pieces.iter().map(|piece| &name[piece.clone()]).filter(|w| is_telling(w));
        for word in words.filter(|_| pieces.len() > 1) {
            let shown = self.shown_as.entry(key(word)).or_insert_with(|| pseudonym.to_owned());
            if shown != pseudonym {
                SOME_NAME.clone_into(shown);
            }
        }
    }
}

impl Pseudonyms {
    /// The same, knowing what is said: without it, every word of a name counts as one
    /// of a name only.
    #[must_use]
    pub fn with_talk(mut self, talk: Talk) -> Self {
        self.parts.talk = Some(talk);
        self
    }

    /// Terms, or words with terms among them, as they are shown: also single words of a
    /// name are hidden.
    pub fn shown_term<'t>(&self, term: &'t str) -> Cow<'t, str> {
        let shown = self.apply(term);
        let pieces = pieces(&shown);
        let is_shown = self.shown_pieces(&shown, &pieces);
        let mut hidden = String::new();
        let mut done = 0;
        for (piece, _) in pieces.iter().zip(is_shown).filter(|(_, is_shown)| !is_shown) {
            let Some(instead) = self.part(&key(&shown[piece.clone()])) else { continue };
            hidden.push_str(&shown[done..piece.start]);
            // Two words of a name beside each other are shown as one.
            let before = hidden.trim_end_matches([' ', '-', ',']);
            if before.ends_with(instead) {
                hidden.truncate(before.len());
            } else {
                hidden.push_str(instead);
            }
            done = piece.end;
        }
        if done == 0 {
            return shown;
        }
        hidden.push_str(&shown[done..]);
        Cow::Owned(hidden)
    }

    /// What is shown for a word, folded, if it is said in a name only.
    fn part(&self, word: &str) -> Option<&str> {
        let known = &self.parts.shown_as;
        let bare = || word.strip_suffix('s').filter(|bare| is_plural(bare, "s"));
        let (word, shown) = known.get_key_value(word).or_else(|| known.get_key_value(bare()?))?;
        (!self.plain_parts().contains(word)).then_some(shown)
    }

    /// The words of names that are said in small letters outside them.
    fn plain_parts(&self) -> &HashSet<String> {
        self.parts.plain.get_or_init(|| {
            let mut plain = HashSet::new();
            if let Some(talk) = &self.parts.talk {
                talk(&mut |text| self.note_plain_parts(text, &mut plain));
            }
            plain
        })
    }

    fn note_plain_parts(&self, text: &str, plain: &mut HashSet<String>) {
        let mut names = self.find(text).into_iter().peekable();
        for piece in pieces(text) {
            while names.next_if(|name| name.at.end <= piece.start).is_some() {}
            let is_in_name = names.peek().is_some_and(|name| name.at.start <= piece.start);
            let word = &text[piece];
            if !is_in_name && word.starts_with(char::is_lowercase) {
                let word = key(word);
                if self.parts.shown_as.contains_key(&word) {
                    plain.insert(word);
                }
            }
        }
    }
}
