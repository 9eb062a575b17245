//! Replays decisions: what holds now, what can be undone, what can be done again.

use super::decision::{Decision, Record, Verb};
use super::{Change, Codebook, CodebookError};

/// All decisions of a study, and what they add up to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    decisions: Vec<Decision>,
    last_hash: String,
    /// The places of the decisions that hold, oldest first.
    done: Vec<usize>,
    /// The places of those that were undone and can be done again, the next one last.
    undone: Vec<usize>,
    codebook: Codebook,
}

/// A record that does not follow from those before it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("decision {number} cannot be trusted: {problem}")]
pub struct BrokenChain {
    /// The place of the record, from 1.
    pub number: usize,
    /// What is wrong.
    pub problem: String,
}

impl History {
    /// Replays records, checking each hash and the chain.
    ///
    /// # Errors
    /// [`BrokenChain`] at the first record that is not what was written after the
    /// one before it.
    pub fn replay(records: &[Record]) -> Result<Self, BrokenChain> {
        let mut history = Self::default();
        for (number, record) in (1..).zip(records) {
            let broken = |problem: String| BrokenChain { number, problem };
            let decision = record.read().map_err(broken)?;
            if decision.previous != history.last_hash {
                return Err(broken("it does not follow the one before it".to_owned()));
            }
            if decision.number as usize != number {
                return Err(broken(format!("it says that it is number {}", decision.number)));
            }
            history.take(decision, record.hash.clone()).map_err(broken)?;
        }
        history.rebuild();
        Ok(history)
    }

    /// What holds now.
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// All decisions, oldest first, with whether each holds.
    pub fn decisions(&self) -> impl DoubleEndedIterator<Item = (&Decision, bool)> {
        let is_done = |at: usize| self.done.binary_search(&at).is_ok();
        self.decisions.iter().enumerate().map(move |(at, decision)| {
            let is_turn = matches!(decision.verb, Verb::Undo | Verb::Redo);
            (decision, is_turn || is_done(at))
        })
    }

    /// How many decisions there are.
    pub fn len(&self) -> usize {
        self.decisions.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.decisions.is_empty()
    }

    /// The hash of the last decision, empty without any.
    pub fn last_hash(&self) -> &str {
        &self.last_hash
    }

    /// Writes down what a person decided, as it follows from what is there.
    pub fn decide(
        &self,
        (verb, about): (Verb, String),
        changes: Vec<Change>,
        (coder, at): (&str, &str),
    ) -> Decision {
        self.next(verb, about, None, changes, (coder, at))
    }

    /// Undoes the last decision that holds.
    ///
    /// # Errors
    /// [`CodebookError::Refused`] if there is none.
    pub fn undo(&self, by: (&str, &str)) -> Result<Decision, CodebookError> {
        let last = self.done.last().ok_or_else(|| CodebookError::Refused {
            problem: "there is nothing to undo".to_owned(),
            hint: "`leitmotif log` lists what was decided".to_owned(),
        })?;
        Ok(self.turn(Verb::Undo, *last, by))
    }

    /// Does again what was undone last.
    ///
    /// # Errors
    /// [`CodebookError::Refused`] if nothing was undone since the last decision.
    pub fn redo(&self, by: (&str, &str)) -> Result<Decision, CodebookError> {
        let next = self.undone.last().ok_or_else(|| CodebookError::Refused {
            problem: "there is nothing to do again".to_owned(),
            hint: "only what was undone since the last decision can be done again".to_owned(),
        })?;
        Ok(self.turn(Verb::Redo, *next, by))
    }

    fn turn(&self, verb: Verb, at: usize, by: (&str, &str)) -> Decision {
        let of = &self.decisions[at];
        let about = format!("{}: {} {}", of.number, of.verb.past(), of.about);
        self.next(verb, about, Some(of.number), Vec::new(), by)
    }

    fn next(
        &self,
        verb: Verb,
        about: String,
        of: Option<u32>,
        changes: Vec<Change>,
        (coder, at): (&str, &str),
    ) -> Decision {
        Decision {
            number: u32::try_from(self.decisions.len() + 1).expect("decisions are made by hand"),
            at: at.to_owned(),
            coder: coder.to_owned(),
            verb,
            about,
            of,
            changes,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            previous: self.last_hash.clone(),
        }
    }

    /// Adds a decision that was written down.
    ///
    /// # Errors
    /// [`BrokenChain`] if it does not follow from what is there.
    pub fn add(&mut self, decision: Decision, hash: String) -> Result<(), BrokenChain> {
        let number = self.decisions.len() + 1;
        let is_turn = matches!(decision.verb, Verb::Undo | Verb::Redo);
        let changes = if is_turn { Vec::new() } else { decision.changes.clone() };
        self.take(decision, hash).map_err(|problem| BrokenChain { number, problem })?;
        if is_turn {
            self.rebuild();
        } else {
            self.codebook.apply_all(&changes);
        }
        Ok(())
    }

    fn take(&mut self, decision: Decision, hash: String) -> Result<(), String> {
        let place = |number: Option<u32>| (number? as usize).checked_sub(1);
        match decision.verb {
            Verb::Undo => {
                let at = self.done.pop();
                if at.is_none() || at != place(decision.of) {
                    return Err("it undoes what is not the last decision".to_owned());
                }
                self.undone.extend(at);
            }
            Verb::Redo => {
                let at = self.undone.pop();
                if at.is_none() || at != place(decision.of) {
                    return Err("it does again what was not undone last".to_owned());
                }
                self.done.extend(at);
            }
            _ => {
                self.done.push(self.decisions.len());
                self.undone.clear();
            }
        }
        self.decisions.push(decision);
        self.last_hash = hash;
        Ok(())
    }

    /// Adds up the decisions that hold. Numbers that undone ones gave stay taken.
    fn rebuild(&mut self) {
        let mut every = Codebook::default();
        for decision in &self.decisions {
            every.apply_all(&decision.changes);
        }
        let mut codebook = Codebook { last: every.last, ..Codebook::default() };
        for &at in &self.done {
            codebook.apply_all(&self.decisions[at].changes);
        }
        self.codebook = codebook;
    }
}
