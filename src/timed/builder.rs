//! Puts the plain text of timed and tabular formats together: one turn a line.

use crate::base::{Span, TimeSpan, one_line};
use crate::text::RawTurn;

/// A silence that ends a line where nobody is named, in milliseconds.
const PAUSE_MS: u64 = 2_000;
/// Words after which a line ends at the next sentence end where nobody is named.
const LONG_LINE_WORDS: usize = 60;
/// Words after which it ends anyway: automatic captions have no full stops.
const LONGEST_LINE_WORDS: usize = 120;

/// Builds a text of lines `Speaker: words` from cues in order.
///
/// Consecutive cues of one speaker are one turn, and so one line. Cues without
/// any label are cut into lines at pauses and, when long, at sentence ends:
/// an hour of talk on one line could not be cited.
#[derive(Debug, Default)]
pub(crate) struct TextBuilder {
    text: String,
    turns: Vec<RawTurn>,
    /// Words of the last turn; counted once, as they come.
    n_words: usize,
}

impl TextBuilder {
    /// Appends one cue. White space in `words` is folded to single spaces,
    /// because a cue breaks its lines to fit a screen, not because of what was
    /// said. A cue without words is passed over.
    pub(crate) fn push(&mut self, label: Option<&str>, words: &str, time: Option<TimeSpan>) {
        let words = one_line(words);
        if words.is_empty() {
            return;
        }
        let label = label.map(str::trim).filter(|label| !label.is_empty());
        if self.continues(label, time) {
            self.text.push(' ');
        } else {
            self.n_words = 0;
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            if let Some(label) = label {
                self.text.push_str(label);
                self.text.push_str(": ");
            }
            let start = self.text.len();
            let label = label.map(str::to_owned);
            self.turns.push(RawTurn { label, span: Span::new(start, start), cues: Vec::new() });
        }
        let start = self.text.len();
        self.text.push_str(&words);
        self.n_words += words.split(' ').count();
        let turn = self.turns.last_mut().expect("a turn was opened above");
        turn.span = Span { end: Span::new(0, self.text.len()).end, ..turn.span };
        turn.cues.extend(time.map(|time| (Span::new(start, start).start, time)));
    }

    /// Whether a cue belongs to the turn before it.
    fn continues(&self, label: Option<&str>, time: Option<TimeSpan>) -> bool {
        let Some(last) = self.turns.last() else { return false };
        if last.label.as_deref() != label {
            return false;
        }
        if label.is_some() {
            return true;
        }
        let ended = last.cues.last().and_then(|(_, time)| time.end_ms);
        let pause = ended.zip(time).map_or(0, |(end, time)| time.start_ms.saturating_sub(end));
        let said = last.span.of(&self.text);
        let is_ended = said.ends_with(['.', '?', '!', '…', '。', '？', '！']);
        let is_long = self.n_words >= if is_ended { LONG_LINE_WORDS } else { LONGEST_LINE_WORDS };
        pause < PAUSE_MS && !is_long
    }

    /// The text, which ends with a line end if it holds anything, and its turns.
    pub(crate) fn finish(mut self) -> (String, Vec<RawTurn>) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        (self.text, self.turns)
    }
}
