//! Words with their positions in one text, as they go into the index: tantivy would keep
//! each word as a value of its own on the way, and all of them as JSON.

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};

/// Bits of a number that a byte holds; one more says whether others follow. So numbers are
/// ASCII.
const BITS: u32 = 6;
const MORE: u8 = 1 << BITS;

/// The words of a field: of each the step from the position of the one before, its length in
/// bytes, and itself.
#[derive(Default)]
pub(super) struct PackedWords {
    pub(super) text: String,
    last: u32,
}

impl PackedWords {
    /// Adds a word; positions never fall.
    pub(super) fn push(&mut self, position: u32, word: &str) {
        self.number((position - self.last) as usize);
        self.last = position;
        self.number(word.len());
        self.text.push_str(word);
    }

    fn number(&mut self, mut n: usize) {
        loop {
            let low = u8::try_from(n % usize::from(MORE)).expect("six bits fit");
            n >>= BITS;
            self.text.push(char::from(if n == 0 { low } else { low | MORE }));
            if n == 0 {
                return;
            }
        }
    }
}

/// What tantivy unpacks words with.
pub(super) fn unpacking() -> TextAnalyzer {
    TextAnalyzer::builder(Unpacker::default()).build()
}

#[derive(Clone, Default)]
struct Unpacker(Token);

struct Unpacked<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

impl Tokenizer for Unpacker {
    type TokenStream<'a> = Unpacked<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Unpacked<'a> {
        self.0.reset();
        self.0.position = 0;
        Unpacked { rest: text, token: &mut self.0 }
    }
}

impl Unpacked<'_> {
    fn number(&mut self) -> usize {
        let (mut n, mut shift) = (0, 0);
        for (at, byte) in self.rest.bytes().enumerate() {
            n |= usize::from(byte % MORE) << shift;
            shift += BITS;
            if byte < MORE {
                self.rest = &self.rest[at + 1..];
                break;
            }
        }
        n
    }
}

impl TokenStream for Unpacked<'_> {
    fn advance(&mut self) -> bool {
        if self.rest.is_empty() {
            return false;
        }
        self.token.position += self.number();
        let n = self.number();
        let (word, rest) = self.rest.split_at(n);
        self.token.text.clear();
        self.token.text.push_str(word);
        self.rest = rest;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_out_as_they_went_in() {
        let long = "ж".repeat(5_000);
        let words = [(0, "@?"), (0, ""), (63, "fähre"), (164, &*long), (1_000_000, "a b")];
        for n in 0..=words.len() {
            let mut packed = PackedWords::default();
            words[..n].iter().for_each(|(position, word)| packed.push(*position, word));
            let mut found = Vec::new();
            unpacking().token_stream(&packed.text).process(&mut |token| {
                found.push((token.position, token.text.clone()));
            });
            let expected = words[..n].iter().map(|(at, word)| (*at as usize, (*word).to_owned()));
            assert_eq!(found, expected.collect::<Vec<_>>());
        }
    }
}
