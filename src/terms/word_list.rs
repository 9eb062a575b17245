//! Words by number, without an allocation for each.

use std::ops::Index;

use serde::{Deserialize, Serialize};

/// Words in the order in which they were added: all their letters in one text, since a large
/// study holds millions of words that are a few bytes long.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WordList {
    letters: String,
    /// Where each word ends in `letters`.
    ends: Vec<u32>,
}

impl WordList {
    /// Adds a word; its number.
    pub fn push(&mut self, word: &str) -> u32 {
        let number = u32::try_from(self.ends.len()).expect("words are fewer than bytes");
        self.letters.push_str(word);
        self.ends.push(u32::try_from(self.letters.len()).expect("a text has less than 4 GB"));
        number
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The words, by their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| &self[at])
    }
}

impl Index<usize> for WordList {
    type Output = str;

    fn index(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.letters[start as usize..self.ends[at] as usize]
    }
}

impl<'a> FromIterator<&'a str> for WordList {
    fn from_iter<I: IntoIterator<Item = &'a str>>(words: I) -> Self {
        let mut list = Self::default();
        for word in words {
            list.push(word);
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_by_its_number() {
        let words = ["fähre", "", "sea"];
        let mut list: WordList = words.into_iter().collect();
        assert!(list.iter().eq(words));
        assert_eq!((list.push("ad"), &list[3], list.len()), (3, "ad", 4));
        assert!(!list.is_empty() && WordList::default().is_empty());
    }
}
