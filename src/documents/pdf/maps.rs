//! The map from the codes of a font to characters that a file holds (`ToUnicode`).
//!
//! Programs write it in many ways, so that only what counts is sought in it:
//!
//! ```text
//! n beginbfchar  (<code> <UTF-16>)*  endbfchar
//! n beginbfrange (<first> <last> (<UTF-16> | [<UTF-16>*]))*  endbfrange
//! ```

use std::collections::BTreeMap;

/// The most codes of one map.
const MAX_CODES: usize = 1 << 17;

/// Reads a map; codes that it leaves out are not in it.
pub(super) fn read_map(content: &[u8]) -> BTreeMap<u32, String> {
    let mut map = BTreeMap::new();
    let mut tokens = Tokens(content);
    let mut section = Section::Other;
    let mut codes: Vec<u32> = Vec::new();
    let mut n_left = MAX_CODES;
    while let Some(token) = tokens.next().filter(|_| n_left > 0) {
        n_left -= 1;
        match (token, section) {
            (Token::Word(b"beginbfchar"), _) => section = Section::Characters,
            (Token::Word(b"beginbfrange"), _) => section = Section::Ranges,
            (Token::Word(_), _) => {
                section = Section::Other;
                codes.clear();
            }
            (Token::Hex(bytes), Section::Characters) => match codes.pop() {
                Some(code) => {
                    map.insert(code, text_of(&units_of(&bytes)));
                }
                None => codes.push(code_of(&bytes)),
            },
            (Token::Hex(bytes), Section::Ranges) => match codes[..] {
                [first, last] => {
                    let mut units = units_of(&bytes);
                    for code in (first..=last).take(n_left) {
                        n_left -= 1;
                        map.insert(code, text_of(&units));
                        if let Some(unit) = units.last_mut() {
                            *unit = unit.wrapping_add(1);
                        }
                    }
                    codes.clear();
                }
                _ => codes.push(code_of(&bytes)),
            },
            (Token::Open, Section::Ranges) => {
                let mut code = codes.first().copied().unwrap_or_default();
                while let Some(Token::Hex(bytes)) = tokens.next() {
                    map.insert(code, text_of(&units_of(&bytes)));
                    code = code.saturating_add(1);
                }
                codes.clear();
            }
            _ => {}
        }
    }
    map
}

#[derive(Clone, Copy)]
enum Section {
    Characters,
    Ranges,
    Other,
}

enum Token<'m> {
    Hex(Vec<u8>),
    Open,
    Close,
    Word(&'m [u8]),
}

/// The parts of a map that matter.
struct Tokens<'m>(&'m [u8]);

impl<'m> Tokens<'m> {
    fn next(&mut self) -> Option<Token<'m>> {
        self.0 = self.0.trim_ascii_start();
        let (&first, rest) = self.0.split_first()?;
        match first {
            b'[' | b']' => {
                self.0 = rest;
                Some(if first == b'[' { Token::Open } else { Token::Close })
            }
            b'<' => {
                let end = rest.iter().position(|&byte| byte == b'>').unwrap_or(rest.len());
                let digits = rest[..end].iter().filter_map(|&digit| char::from(digit).to_digit(16));
                let digits: Vec<u32> = digits.collect();
                self.0 = rest.get(end + 1..).unwrap_or_default();
                // A digit that is missing at the end is 0.
                let byte = |pair: &[u32]| pair[0] * 16 + pair.get(1).copied().unwrap_or_default();
                let bytes = digits.chunks(2).filter_map(|pair| u8::try_from(byte(pair)).ok());
                Some(Token::Hex(bytes.collect()))
            }
            _ => {
                let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"<[]".contains(byte);
                let end = self.0[1..].iter().position(is_end).map_or(self.0.len(), |end| end + 1);
                let (word, rest) = self.0.split_at(end);
                self.0 = rest;
                Some(Token::Word(word))
            }
        }
    }
}

fn code_of(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |code, &byte| code << 8 | u32::from(byte))
}

fn units_of(bytes: &[u8]) -> Vec<u16> {
    match bytes {
        [one] => vec![u16::from(*one)],
        _ => bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect(),
    }
}

fn text_of(units: &[u16]) -> String {
    String::from_utf16_lossy(units)
}

#[cfg(test)]
mod tests {
    use super::read_map;

    #[track_caller]
    fn check(map: &str, expected: &[(u32, &str)]) {
        let read = read_map(map.as_bytes());
        let read: Vec<(u32, &str)> = read.iter().map(|(code, text)| (*code, &**text)).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn characters_and_ranges_are_read_however_they_are_set() {
        check(
            "/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/X def\n\
             1 begincodespacerange<0000><FFFF>endcodespacerange\n\
             2 beginbfchar<0003><0020>\n<0010> <D83DDC4D> endbfchar\n\
             2 beginbfrange\n<0020><0022><0041>\n<0030> <0031> [<00660069> <0142>]\nendbfrange",
            &[
                (3, " "),
                (0x10, "👍"),
                (0x20, "A"),
                (0x21, "B"),
                (0x22, "C"),
                (0x30, "fi"),
                (0x31, "ł"),
            ],
        );
        check("1 beginbfchar <41> <61> endbfchar <42> <62>", &[(0x41, "a")]);
    }

    #[test]
    fn a_damaged_map_is_read_as_far_as_it_goes() {
        check("beginbfchar <0001> <0041> <0002", &[(1, "A")]);
        check("beginbfrange <0001> [<0041> [ <0002> <0001> <0041>", &[(1, "A")]);
        assert!(read_map(b"beginbfrange <00000000> <ffffffff> <0041>").len() <= super::MAX_CODES);
    }
}
