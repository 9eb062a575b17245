//! Inputs: files written by the grammars, then damaged. Each is made of its number alone.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::sync::OnceLock;

use leitmotif::base::{Numbers, Seed};

/// How deep and how long what a grammar writes may be, before the last way is taken.
const MAX_DEPTH: usize = 40;
const MAX_CHARS: usize = 4_000;
/// The longest input, in bytes; what is repeated on purpose goes up to this.
const MAX_BYTES: usize = 64_000;
/// What parsers look for.
const PIECES: [&str; 64] = [
    "\0",
    "\n",
    "\r",
    "\r\n",
    "\t",
    " ",
    "\u{feff}",
    "\u{2028}",
    "\u{202e}",
    "\u{301}",
    "\u{ad}",
    "\u{1b}[2J",
    "é",
    "王",
    "🙂",
    "ﬀ",
    "İ",
    "ẞ",
    "\"",
    "'",
    "''",
    "\"\"",
    "`",
    "\\",
    "/",
    "..",
    "<",
    ">",
    "</",
    "/>",
    "<p>",
    "</p>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE x [",
    "<?",
    "?>",
    "&",
    "&amp;",
    "&#0;",
    "&#x110000;",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    ";",
    ":",
    "=",
    "|",
    "*",
    "#",
    "~",
    "-",
    "–",
    "\\u-1?",
    "\\bin9 ",
    "\\par ",
    "00:00:00.000",
    "99999999999999999999",
];
const NUMBERS: [&str; 12] = [
    "-1",
    "0",
    "65535",
    "65536",
    "2147483648",
    "4294967295",
    "9223372036854775807",
    "18446744073709551616",
    "1e308",
    "-0.0",
    "NaN",
    "0x10",
];

const SIGNS: &[u8] = b" \n\t,;:<>\"'{}[]()|&#*-";

/// A file of a kind, or what becomes of it.
pub(super) struct Input {
    pub(super) bytes: Vec<u8>,
    /// Whether it is as the grammar wrote it.
    pub(super) is_whole: bool,
    /// How many words are said in it, if it is: `w1x`, `w2x` …
    pub(super) n_words: usize,
}

type Rules = BTreeMap<&'static str, Vec<&'static str>>;

fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| {
        let mut rules = Rules::new();
        let mut name = "";
        for line in include_str!("grammars.txt").lines().filter(|line| !line.starts_with("# ")) {
            match line.strip_prefix("  ") {
                Some(way) => rules.entry(name).or_default().push(way),
                None => name = line,
            }
        }
        rules
    })
}

/// Whether there is a grammar of this kind.
pub(super) fn is_known(kind: &str) -> bool {
    rules().contains_key(kind)
}

/// The input of this number for files of a kind.
pub(super) fn input(kind: &str, seed: Seed, number: u64) -> Input {
    let mut dice = Dice(Seed(seed.0 ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).numbers());
    let other = rules().keys().nth(dice.0.next_below(rules().len()));
    // Files have wrong endings now and then.
    let is_other = dice.one_in(12);
    let (written, n_words) = dice.write(other.filter(|_| is_other).unwrap_or(&kind));
    let mut parts = parts_of(&written);
    let n_damages = if dice.one_in(4) { 0 } else { 1 + dice.0.next_below(8) };
    for _ in 0..n_damages {
        let at = dice.0.next_below(parts.len());
        dice.damage(&mut parts[at].1);
    }
    let mut bytes = match parts.as_mut_slice() {
        [(name, content)] if name.is_empty() => std::mem::take(content),
        _ => pack(&parts),
    };
    if matches!(kind, "project.qda" | "project.sqlite3") {
        bytes = database(&bytes).unwrap_or(bytes);
    }
    let is_packed = parts.len() > 1 || bytes.starts_with(b"SQLite");
    let is_damaged_outside = is_packed && n_damages > 0 && dice.one_in(3);
    if is_damaged_outside {
        dice.damage(&mut bytes);
    }
    let is_recoded = !is_packed && dice.one_in(20);
    if is_recoded {
        bytes = dice.recode(&bytes);
    }
    Input { bytes, is_whole: n_damages == 0 && !is_recoded && !is_other, n_words }
}

/// The parts of an archive; one without a name for any other file.
fn parts_of(written: &str) -> Vec<(String, Vec<u8>)> {
    let Some(parts) = written.strip_prefix('‡') else {
        return vec![(String::new(), written.as_bytes().to_vec())];
    };
    let mut parts = parts.split('‡');
    let mut found = Vec::new();
    while let (Some(name), Some(content)) = (parts.next(), parts.next()) {
        found.push((name.to_owned(), content.as_bytes().to_vec()));
    }
    found
}

fn pack(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        // A name that stands there twice is refused.
        if writer.start_file(name, zip::write::SimpleFileOptions::default()).is_ok() {
            writer.write_all(content).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// The database that these statements make, as far as they can be carried out.
fn database(statements: &[u8]) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().ok()?;
    let path = folder.path().join("made.db");
    let connection = rusqlite::Connection::open(&path).ok()?;
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;").ok();
    for statement in String::from_utf8_lossy(statements).split(';') {
        connection.execute_batch(statement).ok();
    }
    drop(connection);
    std::fs::read(path).ok().filter(|bytes| !bytes.is_empty())
}

struct Dice(Numbers);

impl Dice {
    fn one_in(&mut self, n: usize) -> bool {
        self.0.next_below(n) == 0
    }

    fn any<'t, T: ?Sized>(&mut self, of: &[&'t T]) -> &'t T {
        of[self.0.next_below(of.len())]
    }

    /// A file of a kind, and how many words are said in it.
    fn write(&mut self, kind: &str) -> (String, usize) {
        let mut written = String::new();
        let mut n_words = 0;
        self.expand(kind, 0, &mut written, &mut n_words);
        (written, n_words)
    }

    fn expand(&mut self, name: &str, depth: usize, out: &mut String, n_words: &mut usize) {
        match name {
            "word" => {
                *n_words += 1;
                out.push_str(&format!("w{n_words}x"));
                return;
            }
            "n" => {
                let number = match self.0.next_below(20) {
                    0 => self.any(&NUMBERS).to_owned(),
                    1..4 => self.0.next_below(10_000).to_string(),
                    4..8 => self.0.next_below(100).to_string(),
                    _ => self.0.next_below(4).to_string(),
                };
                out.push_str(&number);
                return;
            }
            _ => {}
        }
        let ways = rules().get(name).unwrap_or_else(|| panic!("`{name}` has no way to be written"));
        let is_last = depth > MAX_DEPTH || out.len() > MAX_CHARS;
        let at = if is_last { ways.len() - 1 } else { self.0.next_below(ways.len()) };
        for piece in ways[at].split('«') {
            let text = match piece.split_once('»') {
                Some((name, text)) => {
                    self.expand(name, depth + 1, out, n_words);
                    text
                }
                None => piece,
            };
            out.extend(text.chars().map(|sign| match sign {
                '¶' => '\n',
                '⇥' => '\t',
                sign => sign,
            }));
        }
    }

    /// Changes something about some bytes.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        let (from, to) = self.stretch(bytes);
        let piece = if self.one_in(3) { self.any(&NUMBERS) } else { self.any(&PIECES) }.as_bytes();
        match self.0.next_below(12) {
            0 => bytes.truncate(from),
            1 => drop(bytes.drain(from..to)),
            2 | 3 => drop(bytes.splice(from..from, piece.iter().copied())),
            4 => drop(bytes.splice(from..to, piece.iter().copied())),
            5 => {
                let copied = bytes[from..to].to_vec();
                let at = self.0.next_below(bytes.len() + 1);
                drop(bytes.splice(at..at, copied));
            }
            6 => {
                let cut: Vec<u8> = bytes.drain(from..to).collect();
                let at = self.0.next_below(bytes.len() + 1);
                drop(bytes.splice(at..at, cut));
            }
            7 if self.one_in(8) => self.repeat(bytes, from..to),
            8 => self.swap_lines(bytes),
            9 => self.change_number(bytes),
            _ => {
                for _ in 0..=self.0.next_below(4) {
                    if !bytes.is_empty() {
                        let at = self.0.next_below(bytes.len());
                        bytes[at] = match self.0.next_below(3) {
                            0 => bytes[at] ^ (1 << self.0.next_below(8)),
                            1 => SIGNS[self.0.next_below(SIGNS.len())],
                            _ => self.0.next_bits() as u8,
                        };
                    }
                }
            }
        }
        bytes.truncate(MAX_BYTES);
    }

    /// A stretch of some bytes, mostly a short one.
    fn stretch(&mut self, bytes: &[u8]) -> (usize, usize) {
        let from = self.0.next_below(bytes.len() + 1);
        let most = if self.one_in(4) { bytes.len() } else { 24 };
        (from, (from + self.0.next_below(most + 1)).min(bytes.len()))
    }

    /// Repeats a stretch: what takes the square of its length is noticed by that.
    fn repeat(&mut self, bytes: &mut Vec<u8>, at: std::ops::Range<usize>) {
        let piece = if self.one_in(2) { self.any(&PIECES).as_bytes() } else { &bytes[at.clone()] };
        if !piece.is_empty() {
            let n = self.0.next_below(MAX_BYTES / piece.len() + 1);
            let many = piece.repeat(n);
            drop(bytes.splice(at.start..at.start, many));
        }
    }

    fn swap_lines(&mut self, bytes: &mut Vec<u8>) {
        let mut lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
        if lines.len() > 1 {
            let (a, b) = (self.0.next_below(lines.len()), self.0.next_below(lines.len()));
            lines.swap(a, b);
            *bytes = lines.concat();
        }
    }

    fn change_number(&mut self, bytes: &mut Vec<u8>) {
        let is_digit = |at: &usize| bytes[*at].is_ascii_digit();
        let digits: Vec<usize> = (0..bytes.len()).filter(is_digit).collect();
        if !digits.is_empty() {
            let at = digits[self.0.next_below(digits.len())];
            let other = self.any(&NUMBERS).bytes();
            drop(bytes.splice(at..=at, other));
        }
    }

    /// The same in an encoding that files have as well.
    fn recode(&mut self, bytes: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(bytes);
        match self.0.next_below(4) {
            0 => [0xff, 0xfe]
                .into_iter()
                .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
                .collect(),
            1 => [0xfe, 0xff]
                .into_iter()
                .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
                .collect(),
            2 => text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect(),
            _ => text.replace('\n', "\r\n").into_bytes(),
        }
    }
}
