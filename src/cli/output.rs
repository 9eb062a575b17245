//! Where answers and messages go: a terminal, or a file or pipe.
//!
//! Text comes in with styles beside it. Into a file or a pipe it goes byte for
//! byte, without styles. On a terminal, control characters of a transcript, a
//! label or a file name are shown as symbols and do nothing; the only ones that
//! reach it are line breaks, tabs and our own styles.

use std::io::{self, BufWriter, IsTerminal, StderrLock, StdoutLock, Write};

use crate::rendering::style::{Style, StyledWrite};

/// Standard output or standard error.
pub(crate) struct Output<W: Write> {
    to: BufWriter<W>,
    terminal: Option<Terminal>,
}

/// How a terminal is written to.
#[derive(Debug)]
struct Terminal {
    has_styles: bool,
    /// The first bytes of a character whose others are still to come.
    cut: Vec<u8>,
}

/// Where answers go.
pub(crate) fn stdout() -> Output<StdoutLock<'static>> {
    Output::of(io::stdout().lock())
}

/// Where all goes that is no answer. It is written when this is dropped.
pub(crate) fn stderr() -> Output<StderrLock<'static>> {
    Output::of(io::stderr().lock())
}

/// How many columns the reader has: the terminal's width, 80 without one.
pub(crate) fn columns() -> usize {
    let size = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal());
    size.map_or(80, |(width, _)| usize::from(width.0).clamp(40, 110))
}

/// Whether the person wants styles and the terminal has them.
///
/// # Source
/// <https://no-color.org>, <https://bixense.com/clicolors>.
fn wants_styles() -> bool {
    !anstyle_query::no_color()
        && anstyle_query::clicolor() != Some(false)
        && anstyle_query::term_supports_color()
        && anstyle_query::windows::enable_ansi_colors() != Some(false)
}

impl<W: Write + IsTerminal> Output<W> {
    fn of(stream: W) -> Self {
        let is_terminal = stream.is_terminal();
        Self::new(stream, is_terminal.then(wants_styles))
    }
}

impl<W: Write> Output<W> {
    /// `styles` says whether a terminal shows them; `None` is no terminal.
    fn new(to: W, styles: Option<bool>) -> Self {
        let terminal = styles.map(|has_styles| Terminal { has_styles, cut: Vec::new() });
        Self { to: BufWriter::new(to), terminal }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(terminal) = &mut self.terminal else { return self.to.write(bytes) };
        terminal.cut.extend(bytes);
        let text = std::mem::take(&mut terminal.cut);
        for chunk in text.utf8_chunks() {
            write_shown(&mut self.to, chunk.valid())?;
            match std::str::from_utf8(chunk.invalid()) {
                Ok(_) => {}
                Err(error) if error.error_len().is_none() => terminal.cut = chunk.invalid().into(),
                Err(_) => self.to.write_all("\u{fffd}".as_bytes())?,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl<W: Write> StyledWrite for Output<W> {
    fn set_style(&mut self, style: Style) -> io::Result<()> {
        if !self.terminal.as_ref().is_some_and(|terminal| terminal.has_styles) {
            return Ok(());
        }
        self.to.write_all(match style {
            Style::Plain => b"\x1b[0m",
            Style::Bold => b"\x1b[1m",
            Style::Dim => b"\x1b[2m",
        })
    }
}

fn write_shown(out: &mut impl Write, text: &str) -> io::Result<()> {
    let mut rest = text;
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_dangerous(*c)) {
        write!(out, "{}{}", &rest[..at], symbol(c))?;
        rest = &rest[at + c.len_utf8()..];
    }
    out.write_all(rest.as_bytes())
}

/// Whether a character does something to a terminal, or to the order of others,
/// instead of standing there.
fn is_dangerous(c: char) -> bool {
    let is_bidi = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    is_bidi || c.is_control() && !matches!(c, '\n' | '\t')
}

/// What stands for such a character: its picture, `␛` and a letter for a control
/// of two bytes, else its number.
fn symbol(c: char) -> String {
    let picture = |code: u32| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    match u32::from(c) {
        code @ 0..0x20 => picture(0x2400 + code).to_string(),
        0x7f => "␡".to_owned(),
        // ISO 6429 writes them as an escape and a letter too.
        code @ 0x80..0xa0 => format!("␛{}", picture(code - 0x40)),
        code => format!("<U+{code:04X}>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What arrives of a text with two words in bold, given in these pieces.
    #[track_caller]
    fn check(pieces: &[&[u8]], styles: Option<bool>, expected: &str) {
        let mut bytes = Vec::new();
        let mut out = Output::new(&mut bytes, styles);
        for piece in pieces {
            out.write_all(piece).unwrap();
        }
        out.write_styled(Style::Bold, "two words").unwrap();
        out.flush().unwrap();
        drop(out);
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    const TEXT: &str = "a\u{1b}]0;t\u{7}b\u{1b}[1m\u{7f}\u{9b}2J\r\u{202e}c\td\n";

    #[test]
    fn a_pipe_gets_every_byte_and_no_style() {
        check(&[TEXT.as_bytes()], None, &format!("{TEXT}two words"));
    }

    #[test]
    fn a_terminal_shows_control_characters_and_obeys_none() {
        let shown = "a␛]0;t␇b␛[1m␡␛[2J␍<U+202E>c\td\n";
        check(&[TEXT.as_bytes()], Some(false), &format!("{shown}two words"));
        check(&[TEXT.as_bytes()], Some(true), &format!("{shown}\u{1b}[1mtwo words\u{1b}[0m"));
        check(&[b"\0\x1f\xc2\x80\xc2\x9f"], Some(false), "␀␟␛@␛_two words");
    }

    #[test]
    fn a_character_may_come_in_two_pieces() {
        let (first, second) = "x\u{202e}y".as_bytes().split_at(2);
        check(&[first, second], Some(false), "x<U+202E>ytwo words");
        check(&["Siân \u{9b}王".as_bytes()], Some(false), "Siân ␛[王two words");
        check(&[b"a\xff\x9bb"], Some(false), "a\u{fffd}\u{fffd}btwo words");
    }
}
