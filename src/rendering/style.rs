//! Words that stand out on a terminal.

use std::io::{self, Write};

/// How words look beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As all others.
    Plain,
    /// Bold.
    Bold,
    /// Fainter than others.
    Dim,
}

/// A writer of words that may stand out.
///
/// A style goes beside the bytes and never among them, so that nothing in a
/// transcript passes for one, and a writer that shows none changes no byte.
pub trait StyledWrite: Write {
    /// Gives what is written from here on another look.
    ///
    /// # Errors
    /// If the writer fails.
    fn set_style(&mut self, style: Style) -> io::Result<()>;

    /// Writes words in a style, and plain ones from there on.
    ///
    /// # Errors
    /// If the writer fails.
    fn write_styled(&mut self, style: Style, text: &str) -> io::Result<()> {
        self.set_style(style)?;
        self.write_all(text.as_bytes())?;
        self.set_style(Style::Plain)
    }
}

/// Bytes in memory have no look.
impl StyledWrite for Vec<u8> {
    fn set_style(&mut self, _style: Style) -> io::Result<()> {
        Ok(())
    }
}
