//! Reads RTF, as Word, `TextEdit`, `LibreOffice` and transcription services write it.
//!
//! Bytes come in; paragraphs and tables go out. RTF is groups in braces, control words, and
//! text:
//!
//! ```text
//! group   = "{" item* "}"
//! item    = group | "\" letters number? " "? | "\" sign | "\'" hex hex | byte
//! ```
//!
//! Bytes are characters of the code page of the file or of the font that they stand in; `\u8212?`
//! is a character by its number, followed by what older programs show. What no page shows
//! is left out: tables of fonts and styles, pictures, headers, comments, hidden
//! and deleted text, and the numbers of lists; footnotes with a word about it. Of a table each row is a row, and one that stands in another
//! is lines of its cell.

use std::collections::BTreeMap;

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, MACINTOSH, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257,
    WINDOWS_1258,
};

use super::xml::MAX_DEPTH;
use super::{Collector, Document, Kind, StyledParagraph, Type, Types, cut_warning, tell_of_notes};
use crate::base::words_in;
use crate::files::SourceProblem;

/// What these files are called.
const RICH_TEXT: Kind = Kind { document: "RTF text", short: "RTF" };

/// How an RTF file begins.
pub(super) const START: &[u8] = b"{\\rtf";

/// Reads an RTF file.
///
/// # Errors
/// [`SourceProblem`] if it nests too deeply.
pub(crate) fn document(bytes: &[u8]) -> Result<Document, SourceProblem> {
    let rich = Rich::read(bytes)?;
    let mut warnings: Vec<_> = tell_of_notes(words_in(&rich.notes)).into_iter().collect();
    warnings.extend(rich.is_cut.then(cut_warning));
    Ok(Document { kind: RICH_TEXT, blocks: rich.collector.blocks, warnings })
}

/// Reads all paragraphs of an RTF file, in order, with their styles.
pub(super) fn paragraphs(bytes: &[u8]) -> Result<Vec<StyledParagraph>, SourceProblem> {
    Ok(Rich::read(bytes)?.collector.styled)
}

/// What the text of a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Destination {
    #[default]
    Page,
    Fonts,
    Styles,
    Note,
    Nowhere,
}

/// What holds within a group.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    destination: Destination,
    font: i32,
    is_hidden: bool,
    is_deleted: bool,
    types: Types,
    /// How many characters stand behind each `\u` for older programs.
    n_after: u16,
}

/// A file as far as it is read.
struct Rich<'b> {
    bytes: &'b [u8],
    at: usize,
    groups: Vec<Group>,
    group: Group,
    collector: Collector,
    /// Code pages of the file and of its fonts.
    page: &'static Encoding,
    fonts: BTreeMap<i32, &'static Encoding>,
    default_font: i32,
    /// Names of styles of paragraphs, and the one that is being named.
    styles: BTreeMap<i32, String>,
    style: i32,
    style_name: String,
    /// Bytes that are not decoded yet, and their code page.
    pending: Vec<u8>,
    pending_page: &'static Encoding,
    /// The first half of a character beyond 16 bits.
    half: Option<u16>,
    /// Characters that are still to be passed over behind `\u`.
    n_passed: u16,
    /// The open paragraph.
    words: String,
    /// Whether it has words that are not in each type.
    has_others: Types,
    paragraph_style: i32,
    is_in_table: bool,
    /// Finished lines of the open cell, cells of the open row, and rows.
    cell: String,
    cells: Vec<String>,
    rows: Vec<Vec<String>>,
    is_cut: bool,
    /// The words of all footnotes.
    notes: String,
}

impl<'b> Rich<'b> {
    fn read(bytes: &'b [u8]) -> Result<Self, SourceProblem> {
        let group = Group { n_after: 1, ..Group::default() };
        let mut rich = Self {
            bytes,
            at: 0,
            groups: Vec::new(),
            group,
            collector: Collector::default(),
            page: WINDOWS_1252,
            fonts: BTreeMap::new(),
            default_font: 0,
            styles: BTreeMap::new(),
            style: 0,
            style_name: String::new(),
            pending: Vec::new(),
            pending_page: WINDOWS_1252,
            half: None,
            n_passed: 0,
            words: String::new(),
            has_others: Types::default(),
            paragraph_style: 0,
            is_in_table: false,
            cell: String::new(),
            cells: Vec::new(),
            rows: Vec::new(),
            is_cut: false,
            notes: String::new(),
        };
        rich.run()?;
        Ok(rich)
    }

    fn run(&mut self) -> Result<(), SourceProblem> {
        while let Some(byte) = self.next() {
            match byte {
                b'{' => {
                    self.flush();
                    self.n_passed = 0;
                    if self.groups.len() >= MAX_DEPTH {
                        let problem = "its groups are nested too deeply".to_owned();
                        return Err(SourceProblem::BadXml(problem));
                    }
                    self.groups.push(self.group);
                }
                b'}' => {
                    self.flush();
                    self.n_passed = 0;
                    let Some(outer) = self.groups.pop() else { continue };
                    self.group = outer;
                    // What stands behind the last brace is no part of the file.
                    if self.groups.is_empty() {
                        break;
                    }
                }
                b'\\' => self.control(),
                b'\r' | b'\n' | 0 => {}
                byte => self.byte(byte),
            }
        }
        self.flush();
        self.is_cut = !self.groups.is_empty();
        self.group.destination = Destination::Page;
        if !self.cell.is_empty() || !self.cells.is_empty() {
            self.end_cell();
            self.end_row();
        } else if !self.words.is_empty() {
            self.end_paragraph();
        }
        self.end_table();
        Ok(())
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    /// Reads what stands behind a backslash.
    fn control(&mut self) {
        let rest = &self.bytes[self.at..];
        let n_letters = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        if n_letters == 0 {
            return self.symbol();
        }
        let (name, after) = rest.split_at(n_letters);
        let is_negative = after.first() == Some(&b'-');
        let digits = &after[usize::from(is_negative)..];
        let n_digits = digits.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let digits = std::str::from_utf8(&digits[..n_digits]).unwrap_or_default();
        let number = digits.parse::<i32>().ok().map(|n| if is_negative { -n } else { n });
        let n_sign = if n_digits > 0 { usize::from(is_negative) } else { 0 };
        self.at += n_letters + n_sign + n_digits;
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        let name = std::str::from_utf8(name).unwrap_or_default();
        if name == "bin" {
            let n_bytes = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
            self.at = self.at.saturating_add(n_bytes).min(self.bytes.len());
            return;
        }
        self.word(name, number);
    }

    /// Reads a control that is one sign.
    fn symbol(&mut self) {
        match self.next() {
            Some(b'\'') => {
                let hex = self.bytes.get(self.at..self.at + 2);
                let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
                if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    self.at += 2;
                    self.byte(byte);
                }
            }
            Some(b'*') => {
                // A destination that a program need not know; its word follows.
                let known = [b"\\shpinst".as_slice(), b"\\nesttableprops", b"\\ud"];
                let rest = self.bytes[self.at..].trim_ascii_start();
                if !known.iter().any(|known| rest.starts_with(known)) {
                    self.go(Destination::Nowhere);
                }
            }
            // `TextEdit` ends paragraphs with a backslash before the line end.
            Some(b'\r' | b'\n') => self.end_paragraph_here(),
            Some(b'~') => self.sign('\u{a0}'),
            Some(b'_') => self.sign('\u{2011}'),
            Some(sign @ (b'\\' | b'{' | b'}')) => self.byte(sign),
            Some(b'\t') => self.sign('\t'),
            _ => {}
        }
    }

    fn go(&mut self, destination: Destination) {
        self.flush();
        self.group.destination = destination;
    }

    fn word(&mut self, name: &str, number: Option<i32>) {
        let is_on = number != Some(0);
        match name {
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => self.group.n_after = number.and_then(|n| u16::try_from(n).ok()).unwrap_or(1),
            "ansicpg" => self.page = number.and_then(page_of).unwrap_or(self.page),
            "mac" => self.page = MACINTOSH,
            "deff" => {
                self.default_font = number.unwrap_or(0);
                self.group.font = self.default_font;
            }
            "f" => {
                self.flush();
                self.group.font = number.unwrap_or(0);
            }
            "fcharset" if self.group.destination == Destination::Fonts => {
                let page = number.and_then(page_of_charset);
                self.fonts.extend(page.map(|page| (self.group.font, page)));
            }
            "cpg" if self.group.destination == Destination::Fonts => {
                let page = number.and_then(page_of);
                self.fonts.extend(page.map(|page| (self.group.font, page)));
            }
            "s" if self.group.destination == Destination::Styles => {
                self.style = number.unwrap_or(0);
            }
            "s" => self.paragraph_style = number.unwrap_or(0),
            "plain" => {
                self.flush();
                self.group.font = self.default_font;
                (self.group.is_hidden, self.group.is_deleted) = (false, false);
                self.group.types = Types::default();
            }
            "b" => self.switch(|group| group.types[Type::Bold as usize] = is_on),
            "i" => self.switch(|group| group.types[Type::Italics as usize] = is_on),
            "ul" | "uld" | "uldb" | "ulw" | "ulnone" => {
                let is_on = is_on && name != "ulnone";
                self.switch(|group| group.types[Type::Underlined as usize] = is_on);
            }
            "v" => self.switch(|group| group.is_hidden = is_on),
            "deleted" => self.switch(|group| group.is_deleted = is_on),
            "pard" => (self.is_in_table, self.paragraph_style) = (false, 0),
            "intbl" => self.is_in_table = true,
            "par" | "sect" | "page" => self.end_paragraph_here(),
            "line" | "softline" | "nestrow" => self.sign('\n'),
            "tab" | "nestcell" => self.sign('\t'),
            "cell" if self.is_shown() => {
                self.flush();
                self.end_cell();
            }
            "row" if self.is_shown() => {
                self.flush();
                self.end_row();
            }
            "fonttbl" => self.go(Destination::Fonts),
            "stylesheet" => self.go(Destination::Styles),
            // The same text once more, in characters by number.
            "ud" => self.go(Destination::Page),
            "footnote" => {
                self.go(Destination::Note);
                self.notes.push(' ');
            }
            _ if is_left_out(name) => self.go(Destination::Nowhere),
            _ => {
                if let Some(sign) = sign_of(name) {
                    self.sign(sign);
                }
            }
        }
    }

    fn switch(&mut self, set: impl FnOnce(&mut Group)) {
        self.flush();
        set(&mut self.group);
    }

    fn is_shown(&self) -> bool {
        self.group.destination == Destination::Page
            && !self.group.is_hidden
            && !self.group.is_deleted
    }

    /// Takes in a byte of text.
    fn byte(&mut self, byte: u8) {
        if self.n_passed > 0 {
            self.n_passed -= 1;
            return;
        }
        if self.group.destination == Destination::Styles {
            if byte == b';' {
                self.flush();
                let name = std::mem::take(&mut self.style_name).trim().to_owned();
                self.styles.insert(self.style, name);
                self.style = 0;
                return;
            }
        } else if !self.is_shown() && self.group.destination != Destination::Note {
            return;
        }
        let page = self.fonts.get(&self.group.font).copied().unwrap_or(self.page);
        if page != self.pending_page {
            self.flush();
            self.pending_page = page;
        }
        self.half_alone();
        self.pending.push(byte);
    }

    /// Takes in a character by its number, which is written as a signed one.
    fn unicode(&mut self, number: i32) {
        self.flush();
        self.n_passed = self.group.n_after;
        let unit = if number < 0 { number.saturating_add(0x1_0000) } else { number };
        let Ok(code) = u32::try_from(unit) else { return };
        match (u16::try_from(code), self.half.take()) {
            (Ok(low @ 0xdc00..=0xdfff), Some(high)) => {
                let code =
                    0x1_0000 + ((u32::from(high) - 0xd800) << 10) + (u32::from(low) - 0xdc00);
                self.put(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            (Ok(high @ 0xd800..=0xdbff), half) => {
                if half.is_some() {
                    self.put('\u{fffd}');
                }
                self.half = Some(high);
            }
            (_, half) => {
                if half.is_some() {
                    self.put('\u{fffd}');
                }
                self.put(char::from_u32(code).filter(|c| *c != '\0').unwrap_or('\u{fffd}'));
            }
        }
    }

    /// A first half without a second is no character.
    fn half_alone(&mut self) {
        if self.half.take().is_some() {
            self.put('\u{fffd}');
        }
    }

    /// Takes in a character that a control stands for.
    fn sign(&mut self, sign: char) {
        if self.n_passed > 0 {
            self.n_passed -= 1;
            return;
        }
        self.flush();
        self.half_alone();
        self.put(sign);
    }

    fn put(&mut self, sign: char) {
        match self.group.destination {
            Destination::Styles => self.style_name.push(sign),
            Destination::Note => self.notes.push(sign),
            Destination::Page if self.is_shown() => self.add(sign.encode_utf8(&mut [0; 4])),
            _ => {}
        }
    }

    /// Decodes the bytes that wait.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let (text, _) = self.pending_page.decode_without_bom_handling(&bytes);
        match self.group.destination {
            Destination::Styles => self.style_name.push_str(&text),
            Destination::Note => self.notes.push_str(&text),
            _ => self.add(&text),
        }
    }

    /// Adds words to the open paragraph.
    fn add(&mut self, words: &str) {
        self.words.push_str(words);
        if words.contains(char::is_alphanumeric) {
            for (others, is_in) in self.has_others.iter_mut().zip(self.group.types) {
                *others |= !is_in;
            }
        }
    }

    fn end_paragraph_here(&mut self) {
        self.flush();
        self.n_passed = 0;
        if !self.is_shown() {
            return;
        }
        if self.is_in_table {
            self.end_line_of_cell();
        } else {
            self.end_table();
            self.end_paragraph();
        }
    }

    /// Hands the open paragraph over, as a part of a table or alone.
    fn end_paragraph(&mut self) {
        let style = self.styles.get(&self.paragraph_style).cloned().unwrap_or_default();
        self.collector.begin_paragraph(style);
        self.collector.types = std::mem::take(&mut self.has_others).map(|others| !others);
        self.collector.push(&std::mem::take(&mut self.words));
        self.collector.end_paragraph();
    }

    fn end_line_of_cell(&mut self) {
        let style = self.styles.get(&self.paragraph_style).cloned().unwrap_or_default();
        let line = std::mem::take(&mut self.words);
        self.has_others = Types::default();
        if !self.cell.is_empty() {
            self.cell.push('\n');
        }
        self.cell.push_str(&line);
        self.collector.styled.push(StyledParagraph { style, text: line, line: None });
    }

    fn end_cell(&mut self) {
        // What stood before the table is a paragraph that nothing ended.
        self.end_line_of_cell();
        self.cells.push(std::mem::take(&mut self.cell).trim_end().to_owned());
    }

    fn end_row(&mut self) {
        if !self.words.trim().is_empty() {
            self.end_cell();
        }
        if !self.cells.is_empty() {
            self.rows.push(std::mem::take(&mut self.cells));
        }
    }

    fn end_table(&mut self) {
        if !self.cells.is_empty() || !self.cell.is_empty() {
            self.cells.push(std::mem::take(&mut self.cell));
            self.end_row();
        }
        if !self.rows.is_empty() {
            self.collector.begin_table();
            if let Some(table) = self.collector.tables.last_mut() {
                table.rows = std::mem::take(&mut self.rows);
            }
            self.collector.end_table();
        }
    }
}

/// Destinations whose text no page shows as talk.
fn is_left_out(name: &str) -> bool {
    matches!(
        name,
        "colortbl"
            | "info"
            | "pict"
            | "annotation"
            | "header"
            | "headerl"
            | "headerr"
            | "headerf"
            | "footer"
            | "footerl"
            | "footerr"
            | "footerf"
            | "fldinst"
            | "listtext"
            | "pntext"
            | "sp"
            | "shprslt"
            | "upr"
            | "tc"
            | "tcn"
            | "xe"
            | "rxe"
            | "txe"
            | "nonesttables"
            | "objdata"
            | "listtable"
            | "listoverridetable"
            | "revtbl"
            | "rsidtbl"
            | "filetbl"
            | "generator"
            | "themedata"
            | "datastore"
            | "bkmkstart"
            | "bkmkend"
            | "atnid"
            | "atnauthor"
            | "private"
    )
}

/// The sign that a control word stands for.
fn sign_of(name: &str) -> Option<char> {
    Some(match name {
        "emdash" => '—',
        "endash" => '–',
        "lquote" => '‘',
        "rquote" => '’',
        "ldblquote" => '“',
        "rdblquote" => '”',
        "bullet" => '•',
        "enspace" => '\u{2002}',
        "emspace" => '\u{2003}',
        "qmspace" => '\u{2005}',
        "zwj" => '\u{200d}',
        "zwnj" => '\u{200c}',
        _ => return None,
    })
}

/// A code page by its number.
fn page_of(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        874 => WINDOWS_874,
        932 => SHIFT_JIS,
        936 => GBK,
        949 => EUC_KR,
        950 => BIG5,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1252 => WINDOWS_1252,
        1253 => WINDOWS_1253,
        1254 => WINDOWS_1254,
        1255 => WINDOWS_1255,
        1256 => WINDOWS_1256,
        1257 => WINDOWS_1257,
        1258 => WINDOWS_1258,
        10_000 => MACINTOSH,
        65_001 => encoding_rs::UTF_8,
        _ => return None,
    })
}

/// The code page of a font by the number of its character set; none for `0` and `1`, which
/// leave it to the file.
fn page_of_charset(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        77 => MACINTOSH,
        128 => SHIFT_JIS,
        129 | 130 => EUC_KR,
        134 => GBK,
        136 => BIG5,
        161 => WINDOWS_1253,
        162 => WINDOWS_1254,
        163 => WINDOWS_1258,
        177 => WINDOWS_1255,
        178 => WINDOWS_1256,
        186 => WINDOWS_1257,
        204 => WINDOWS_1251,
        222 => WINDOWS_874,
        238 => WINDOWS_1250,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
