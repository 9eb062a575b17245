//! What the bytes of a font's strings are: characters, and how wide each is.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object};

use super::maps::read_map;
use super::{MAX_STREAM, number};

/// The most codes whose widths one font may list.
const MAX_WIDTHS: u32 = 1 << 16;
/// Stands for a character that nothing tells.
pub(super) const UNKNOWN: &str = "\u{fffd}";

/// A font as far as words need it.
pub(super) struct Font {
    /// What the file itself says of the characters behind codes.
    told: BTreeMap<u32, String>,
    /// What is known of single bytes otherwise.
    named: Vec<String>,
    /// Whether the codes of a font with several bytes a character are UTF-16.
    is_utf16: bool,
    widths: BTreeMap<u32, f64>,
    /// The width of all other characters; without one it is guessed.
    default_width: Option<f64>,
    n_bytes: usize,
}

/// One character of a string.
pub(super) struct Code {
    /// As people read it; [`UNKNOWN`] where nothing tells.
    pub(super) text: String,
    /// How wide it is, as a share of the size of the font.
    pub(super) width: f64,
    /// Whether it is the one that word spacing goes with.
    pub(super) is_space: bool,
}

impl Font {
    /// Reads a font of a page.
    pub(super) fn read(font: &Dictionary, document: &Document) -> Self {
        let name = |key: &[u8]| font.get_deref(key, document).and_then(Object::as_name).ok();
        let kind = name(b"Subtype").unwrap_or_default();
        let is_composite = kind == b"Type0";
        let map = font.get_deref(b"ToUnicode", document).and_then(Object::as_stream).ok();
        let map = map.and_then(|map| map.get_plain_content_with_limit(MAX_STREAM).ok());
        let encoding = name(b"Encoding").map(String::from_utf8_lossy).unwrap_or_default();
        let mut read = Self {
            told: map.map(|map| read_map(&map)).unwrap_or_default(),
            named: Vec::new(),
            is_utf16: encoding.contains("UCS2") || encoding.contains("UTF16"),
            widths: BTreeMap::new(),
            default_width: None,
            n_bytes: if is_composite { 2 } else { 1 },
        };
        if is_composite {
            read.read_composite(font, document);
            return read;
        }
        read.named = read_names(font, document, kind);
        let first = font.get_deref(b"FirstChar", document).ok().and_then(number).unwrap_or(0.0);
        let widths = font.get_deref(b"Widths", document).and_then(Object::as_array);
        // A font that is drawn by the file says in which unit.
        let unit = (kind == b"Type3").then(|| font.get_deref(b"FontMatrix", document).ok());
        let unit = unit.flatten().and_then(|it| number(it.as_array().ok()?.first()?));
        let unit = unit.unwrap_or(0.001);
        for (code, width) in (code_of(first)..).zip(widths.into_iter().flatten().take(256)) {
            let width = document.dereference(width).ok().and_then(|(_, width)| number(width));
            read.widths.extend(width.map(|width| (code, width * unit)));
        }
        let descriptor = font.get_deref(b"FontDescriptor", document).and_then(Object::as_dict);
        let missing = descriptor.and_then(|it| it.get_deref(b"MissingWidth", document)).ok();
        read.default_width = missing.and_then(number).filter(|it| *it > 0.0).map(|it| it * unit);
        read
    }

    /// Reads the widths of a font with two bytes a character: `[c [w w …] c c w …]`.
    fn read_composite(&mut self, font: &Dictionary, document: &Document) {
        let fonts = font.get_deref(b"DescendantFonts", document).and_then(Object::as_array);
        let below = fonts.ok().and_then(|fonts| fonts.first());
        let below = below.and_then(|it| document.dereference(it).ok()?.1.as_dict().ok());
        let usual = below.and_then(|it| number(it.get_deref(b"DW", document).ok()?));
        self.default_width = Some(usual.unwrap_or(1000.0) / 1000.0);
        let widths = below.and_then(|it| it.get_deref(b"W", document).ok()?.as_array().ok());
        let mut before: Vec<f64> = Vec::new();
        let mut n_left = MAX_WIDTHS as usize;
        for entry in widths.into_iter().flatten() {
            let Ok((_, entry)) = document.dereference(entry) else { continue };
            if let (Ok(listed), Some(&first)) = (entry.as_array(), before.first()) {
                let listed = listed.iter().map(|it| number(it).unwrap_or(1000.0) / 1000.0);
                self.widths.extend((code_of(first)..MAX_WIDTHS).zip(listed).take(n_left));
                before.clear();
            } else if let Some(value) = number(entry) {
                before.push(value);
                if let [first, last, width] = before[..] {
                    let codes = (code_of(first)..=code_of(last)).take(n_left);
                    n_left -= codes.clone().count();
                    self.widths.extend(codes.map(|code| (code, width / 1000.0)));
                    before.clear();
                }
            }
        }
    }

    /// The characters of a string of this font.
    pub(super) fn codes<'f>(&'f self, bytes: &'f [u8]) -> impl Iterator<Item = Code> + 'f {
        bytes.chunks(self.n_bytes).map(|bytes| {
            let code = bytes.iter().fold(0_u32, |code, &byte| code << 8 | u32::from(byte));
            let text = self.text_of(bytes, code);
            let width = self.widths.get(&code).copied().or(self.default_width);
            let width = width.unwrap_or_else(|| usual_width(&text));
            Code { text, width, is_space: bytes == b" " }
        })
    }

    fn text_of(&self, bytes: &[u8], code: u32) -> String {
        let told = self.told.get(&code).filter(|it| !it.is_empty() && *it != "\0").cloned();
        let named = || match bytes {
            [byte] => self.named.get(usize::from(*byte)).cloned(),
            _ if self.is_utf16 => char::from_u32(code).map(String::from),
            _ => None,
        };
        let text = told.or_else(named).filter(|it| !it.is_empty());
        text.map_or_else(|| UNKNOWN.to_owned(), |text| readable(&text))
    }
}

/// Characters as people write them: ligatures are their letters, spaces spaces, and
/// nothing is left that has no width.
fn readable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ﬀ' => shown.push_str("ff"),
            'ﬁ' => shown.push_str("fi"),
            'ﬂ' => shown.push_str("fl"),
            'ﬃ' => shown.push_str("ffi"),
            'ﬄ' => shown.push_str("ffl"),
            'ﬅ' | 'ﬆ' => shown.push_str("st"),
            '\u{200b}' | '\u{feff}' => {}
            '\t' | '\u{a0}' => shown.push(' '),
            c if c.is_control() => {}
            c => shown.push(c),
        }
    }
    shown
}

/// The characters of single bytes by the encoding of a font, and what differs from it.
fn read_names(font: &Dictionary, document: &Document, kind: &[u8]) -> Vec<String> {
    let encoding = font.get_deref(b"Encoding", document).ok();
    let differing = encoding.and_then(|it| it.as_dict().ok());
    let base = encoding.and_then(|it| it.as_name().ok()).or_else(|| {
        differing.and_then(|it| it.get_deref(b"BaseEncoding", document).ok()?.as_name().ok())
    });
    let usual: &[u8] = if kind == b"TrueType" { b"WinAnsiEncoding" } else { b"StandardEncoding" };
    let base = Object::Name(base.unwrap_or(usual).to_vec());
    let all: Vec<u8> = (0..=u8::MAX).collect();
    let mut names: Vec<String> = all.iter().map(|&byte| decoded(&base, byte, document)).collect();
    let differences = differing.and_then(|it| it.get_deref(b"Differences", document).ok());
    let mut code = 0_usize;
    for entry in differences.and_then(|it| it.as_array().ok()).into_iter().flatten() {
        if let Ok(name) = entry.as_name() {
            if let Some(at) = names.get_mut(code) {
                *at = character_of(name, document);
            }
            code = code.saturating_add(1);
        } else if let Some(first) = number(entry) {
            code = code_of(first) as usize;
        }
    }
    names
}

/// The character that the name of a glyph stands for, such as `eacute` or `uni0175`.
fn character_of(name: &[u8], document: &Document) -> String {
    let of_list = |name: &[u8]| {
        let mut encoding = Dictionary::new();
        let differences = vec![Object::Integer(1), Object::Name(name.to_vec())];
        encoding.set("Differences", Object::Array(differences));
        decoded(&Object::Dictionary(encoding), 1, document)
    };
    let name = String::from_utf8_lossy(name);
    // `a.alt` is another form of `a`, and `f_i` both letters.
    let name = name.split_once('.').map_or(&*name, |(name, _)| name);
    let parts = name.split('_').map(|part| {
        let hex = part.strip_prefix("uni").or_else(|| part.strip_prefix('u'));
        let code = hex.filter(|hex| hex.len() >= 4);
        let code = code.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match code.and_then(char::from_u32) {
            Some(c) => c.to_string(),
            None => of_list(part.as_bytes()),
        }
    });
    parts.collect()
}

/// What the library makes of one byte in an encoding; nothing if it does not know.
fn decoded(encoding: &Object, byte: u8, document: &Document) -> String {
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", encoding.clone());
    let encoding = font.get_font_encoding_with_limit(document, MAX_STREAM);
    encoding.and_then(|it| it.bytes_to_string(&[byte])).unwrap_or_default()
}

/// A number of the file as a code.
fn code_of(value: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the range of codes"
    )]
    let code = value.clamp(0.0, f64::from(MAX_WIDTHS)) as u32;
    code
}

/// About how wide a character is in fonts that every program has, so that files leave
/// it out.
fn usual_width(text: &str) -> f64 {
    let of = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ':' | ';' | '\'' | '!' | ' ' => 0.28,
        'm' | 'w' | 'M' | 'W' => 0.83,
        c if c.is_uppercase() => 0.69,
        _ => 0.54,
    };
    text.chars().map(of).fold(0.0, |sum, width| sum + width)
}
