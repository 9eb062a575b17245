//! What people decided about a study, and where their quotations stand now.

use std::collections::BTreeSet;

use super::{Snapshot, StudyError};
use crate::base::{Lines, Remedy, Span, Task};
use crate::codebook::decision::Record;
use crate::codebook::edit::Quote;
use crate::codebook::history::History;
use crate::codebook::standing::{Standings, talk_in, words_in};
use crate::codebook::{CodeId, Codebook, CodebookError};
use crate::store::{self, StoreError};
use crate::transcripts::Turn;
use std::path::Path;

impl Snapshot {
    /// All decisions, and what they add up to.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if they cannot be read or trusted.
    pub fn history(&self) -> Result<&History, StudyError> {
        if let Some(history) = self.history.get() {
            return Ok(history);
        }
        let history = history_of(&self.folder.store)?;
        Ok(self.history.get_or_init(|| history))
    }

    /// What people have decided, as it stands now.
    ///
    /// # Errors
    /// As [`history`](Self::history).
    pub fn codebook(&self) -> Result<&Codebook, StudyError> {
        Ok(self.history()?.codebook())
    }

    /// How many decisions there are: what an act says that its person has seen.
    ///
    /// # Errors
    /// As [`history`](Self::history).
    pub fn n_decisions(&self) -> Result<usize, StudyError> {
        Ok(self.history()?.len())
    }

    /// The talk in lines of a transcript, without the label and times before it;
    /// or, in these lines, the `words` that were picked.
    ///
    /// # Errors
    /// [`StudyError::Corpus`] if there are no such lines; [`StudyError::Codebook`] if nobody speaks
    /// there, or the words do not stand there exactly once.
    pub fn quote_at(
        &self,
        t: usize,
        lines: Lines,
        words: Option<&str>,
    ) -> Result<Quote, StudyError> {
        let transcript = self.corpus.text(t)?;
        let whole = self.corpus.lines_span(t, lines)?;
        let id = &self.corpus.transcripts[t].id;
        let refuse = |problem: String, remedy: Remedy| {
            Err(CodebookError::Refused { problem, remedy }.into())
        };
        let read = |advice: &str| Remedy::by(Task::ReadTranscript(id.clone()), advice);
        let span = if let Some(words) = words {
            let found = words_in(whole.of(&transcript.text), words);
            let mut spans: Vec<Span> = found
                .into_iter()
                .map(|(start, end)| {
                    let from = whole.start as usize;
                    Span::new(from + start, from + end)
                })
                .collect();
            // People pick words as they are shown to them.
            if spans.is_empty() {
                spans.extend(self.shown_words(&transcript, whole, words));
            }
            let is_said = |at: u32| {
                let holds = |turn: &Turn| turn.span.start <= at && at < turn.span.end;
                transcript.turns.iter().any(holds)
            };
            let n_written = spans.len();
            spans.retain(|span| is_said(span.start) && is_said(span.end.saturating_sub(1)));
            match spans[..] {
                [span] => span,
                [] if n_written > 0 => {
                    return refuse(
                        format!("nobody says `{words}` in these lines of `{id}`"),
                        Remedy::new("speaker labels and times cannot be part of a quotation"),
                    );
                }
                [] => {
                    return refuse(
                        format!("`{words}` is not in these lines of `{id}`"),
                        read("give the words as they are written there"),
                    );
                }
                [_, _, ..] => {
                    return refuse(
                        format!("`{words}` stands more than once in these lines of `{id}`"),
                        Remedy::new("give fewer lines or more words"),
                    );
                }
            }
        } else {
            let Some(talk) = talk_in(&transcript, whole) else {
                return refuse(
                    format!("nobody speaks in these lines of `{id}`"),
                    read("see the lines with their numbers"),
                );
            };
            talk
        };
        Ok(Quote { place: self.corpus.place(t, span), text: span.of(&transcript.text).to_owned() })
    }

    /// Where all quotations stand in the transcripts of now.
    ///
    /// # Errors
    /// [`StudyError::Unreadable`] if a transcript's text is gone.
    pub fn standings(&self) -> Result<Standings, StudyError> {
        Ok(self.corpus.standings(self.codebook()?)?)
    }

    /// The code with this name, and everything under it.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] with the nearest name.
    pub fn code_family(&self, name: &str) -> Result<BTreeSet<CodeId>, StudyError> {
        let codebook = self.codebook()?;
        Ok(codebook.family(codebook.code_named(name)?.id))
    }
}

/// What the decisions in a store add up to.
pub(crate) fn history_of(store: &Path) -> Result<History, StudyError> {
    replay(&store::read(store)?, store)
}

/// What records add up to.
pub(crate) fn replay(records: &[Record], store: &Path) -> Result<History, StudyError> {
    Ok(History::replay(records).map_err(|broken| StoreError::Damaged {
        path: store.join("study.db"),
        problem: broken.to_string(),
    })?)
}
