//! Single words of names where no sentence stands around them: in the terms and labels
//! of themes, in words that groups say.
//!
//! `Rhodri Vaughan-Pryce` is on the key; the terms of a theme may be "vaughan" and
//! "pryce", and each of them tells who is meant. A word that is said in small letters
//! outside the name (`green` of `Rose Green`) is another word and stays.
//!
//! Terms have no capitals, so a name of one word that is found by its capital only (`Palmer`,
//! `Hope`) is such a word too. It stays where it is said more often in small letters than as
//! the name: a word that is lost is better than a name that is shown.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use super::{Pseudonyms, is_plural};
use crate::pseudonyms::words::{key, pieces};

/// Hands every text of a study to a reader, one after the other.
pub type Talk = Box<dyn Fn(&mut dyn FnMut(&str)) + Send + Sync>;

/// What is shown for a word that several names have.
const SOME_NAME: &str = "[name]";
/// The fewest letters of a word that tells of a name.
const MIN_LETTERS: usize = 2;

/// The words of names of several words, and names that are found by their capital.
#[derive(Default)]
pub(super) struct Parts {
    /// What is shown instead of each, folded.
    shown_as: HashMap<String, String>,
    /// Those that are a whole name.
    whole: HashSet<String>,
    talk: Option<Talk>,
    /// Those that are also words like others; found once they are asked for.
    plain: OnceLock<HashSet<String>>,
}

impl Parts {
    /// Takes in the words of a name, unless it is one word that is found in any case.
    pub(super) fn add(&mut self, name: &str, pseudonym: &str, needs_capital: bool) {
        let pieces = pieces(name);
        let is_telling = |word: &str| {
            !word.starts_with(char::is_lowercase) && word.chars().count() >= MIN_LETTERS
        };
        let words = pieces.iter().map(|piece| &name[piece.clone()]).filter(|w| is_telling(w));
        let is_whole = pieces.len() == 1;
        for word in words.filter(|_| !is_whole || needs_capital) {
            if is_whole {
                self.whole.insert(key(word));
            }
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

    /// The words of names that are said in small letters outside them; of whole names, more
    /// often than as the name.
    fn plain_parts(&self) -> &HashSet<String> {
        self.parts.plain.get_or_init(|| {
            let mut said: BTreeMap<String, [usize; 2]> = BTreeMap::new();
            if let Some(talk) = &self.parts.talk {
                talk(&mut |text| self.note_parts(text, &mut said));
            }
            let is_plain = |(word, [plain, named]): &(String, [usize; 2])| {
                *plain > 0 && (plain > named || !self.parts.whole.contains(word))
            };
            said.into_iter().filter(is_plain).map(|(word, _)| word).collect()
        })
    }

    /// Counts words of names: in small letters outside them, and in them.
    fn note_parts(&self, text: &str, said: &mut BTreeMap<String, [usize; 2]>) {
        let mut names = self.find(text).into_iter().peekable();
        for piece in pieces(text) {
            while names.next_if(|name| name.at.end <= piece.start).is_some() {}
            let is_in_name = names.peek().is_some_and(|name| name.at.start <= piece.start);
            let word = &text[piece];
            if is_in_name || word.starts_with(char::is_lowercase) {
                let word = key(word);
                if self.parts.shown_as.contains_key(&word) {
                    said.entry(word).or_default()[usize::from(is_in_name)] += 1;
                }
            }
        }
    }
}
