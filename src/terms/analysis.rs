//! The tokens of all passages of one transcript, in a form worth keeping.

use serde::{Deserialize, Serialize};

use super::analyzer::Analyzer;
use super::plain::WordClass;
use super::word_list::WordList;
use super::words::TokenKind;
use super::words::normal;
use crate::base::{Span, Table};
use crate::passages::Passage;
use crate::transcripts::Transcript;
use crate::transcripts::people::called;

/// How far apart the positions of words in two turns are at least: a phrase
/// never spans two speakers.
const TURN_GAP: u32 = 100;

/// A token with its place and its entries in the [`Analysis`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnalyzedToken {
    /// Its bytes in the transcript.
    pub span: Span,
    /// Its place for phrases; see [`Analysis`].
    pub position: u32,
    /// Its form in [`Analysis::forms`].
    pub form: u32,
    /// What it is good for.
    pub kind: TokenKind,
    /// Whether the passage's own speaker says it.
    pub is_own: bool,
}

/// A transcript's words.
///
/// Positions count words through the transcript; words of one turn follow
/// each other without a gap, also across passages, and words of two turns are
/// at least 100 apart, so that a phrase is found wherever it stands
/// inside a turn and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Analysis {
    /// The distinct words, lower-cased, in order of first use.
    pub forms: WordList,
    /// The stem of each form.
    pub stems: WordList,
    /// What each form can do in the name of a theme.
    pub classes: Vec<WordClass>,
    /// The tokens of each passage.
    pub passages: Vec<Vec<AnalyzedToken>>,
}

impl Analysis {
    /// Takes from the words within `spans`, which are in order, that they can carry a
    /// theme; they stay where they are and are found there.
    pub fn leave_out(&mut self, spans: &[Span]) {
        let is_within = |token: &AnalyzedToken| {
            let at = spans.partition_point(|span| span.end <= token.span.start);
            spans.get(at).is_some_and(|span| span.start <= token.span.start)
        };
        for token in self.passages.iter_mut().flatten() {
            if token.kind == TokenKind::Content && is_within(token) {
                token.kind = TokenKind::Recurring;
            }
        }
    }
}

/// Cuts every passage of a transcript into tokens.
pub fn analyze(transcript: &Transcript, passages: &[Passage], analyzer: &Analyzer) -> Analysis {
    let mut analysis = Analysis::default();
    let names = called(transcript);
    // A label may be a word like others (`Rose`): its capital makes it a name.
    let is_name = |word: &str, form: &str| {
        let bare = form.strip_suffix("'s").unwrap_or(form);
        word.starts_with(char::is_uppercase) && names.contains(bare)
    };
    let mut form_of: Table<String, (u32, TokenKind)> = Table::default();
    let mut word = String::new();
    let mut position = 0;
    let mut last_turn = None;
    for passage in passages {
        let mut tokens = Vec::with_capacity(passage.span.len() / 5);
        for (turn, piece) in passage.pieces(transcript) {
            if last_turn.replace(turn).is_some_and(|last| last != turn) {
                position += TURN_GAP;
            }
            let is_own = transcript.turns[turn].speaker == passage.speaker;
            let text = piece.of(&transcript.text);
            for token in analyzer.words(text, |_| TokenKind::Content) {
                let spoken = token.span.of(text);
                word.clear();
                if spoken.is_ascii() {
                    word.push_str(spoken);
                    word.make_ascii_lowercase();
                } else {
                    word.push_str(&normal(spoken));
                }
                let (form, kind) = form_of.get(&word).copied().unwrap_or_else(|| {
                    let form = analysis.forms.push(&word);
                    analysis.stems.push(&analyzer.stem(&word));
                    analysis.classes.push(analyzer.class(&word));
                    let known = (form, analyzer.kind(&word));
                    form_of.insert(word.clone(), known);
                    known
                });
                let kind = match (token.kind, kind) {
                    (TokenKind::Marker, _) => TokenKind::Marker,
                    (_, TokenKind::Content) if is_name(spoken, &analysis.forms[form as usize]) => {
                        TokenKind::Name
                    }
                    (_, kind) => kind,
                };
                let span = Span {
                    start: piece.start + token.span.start,
                    end: piece.start + token.span.end,
                };
                tokens.push(AnalyzedToken { span, position, form, kind, is_own });
                position += 1;
            }
        }
        analysis.passages.push(tokens);
    }
    analysis
}
