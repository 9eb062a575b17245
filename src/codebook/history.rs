//! Replays decisions: what holds now, what can be undone, what can be done again.

use std::collections::BTreeSet;
use std::fmt;

use super::decision::{Decision, FileChange, Record, Verb};
use super::{Change, Code, CodeId, CodeKind, Codebook, CodebookError};
use crate::base::{Remedy, Task};

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

/// What tells later whether all decisions up to now are still those of now: the last
/// one, with its hash, which covers all before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// How many decisions there are.
    pub n_decisions: usize,
    /// The hash of the last one.
    pub hash: String,
}

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.n_decisions, self.hash)
    }
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
            if record.is_lost() {
                let lost = history.lost_decision();
                history.take(lost, record.hash.clone()).map_err(broken)?;
                continue;
            }
            let decision = record.read().map_err(broken)?;
            if decision.previous != history.last_hash {
                return Err(broken("it does not follow the one before it".to_owned()));
            }
            if decision.number as usize != number {
                return Err(broken(format!("its own number is {}", decision.number)));
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
        self.decisions
            .iter()
            .enumerate()
            .map(move |(at, decision)| (decision, is_turn(decision) || is_done(at)))
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

    /// What to keep elsewhere, so that nothing can be taken out or changed unseen;
    /// `None` without a decision.
    pub fn seal(&self) -> Option<Seal> {
        let n_decisions = self.decisions.len();
        (n_decisions > 0).then(|| Seal { n_decisions, hash: self.last_hash.clone() })
    }

    /// Whether decisions were lost, so that the others may not fit together.
    fn has_lost(&self) -> bool {
        self.decisions.iter().any(|decision| decision.verb == Verb::Lost)
    }

    fn can_be_undone(&self, at: usize) -> bool {
        self.decisions.get(at).is_some_and(|decision| !is_turn(decision))
    }

    /// What is known of the next decision if it was lost.
    fn lost_decision(&self) -> Decision {
        let about = "damaged everywhere; what it changed is not known".to_owned();
        let next = self.next(Verb::Lost, about, None, Vec::new(), ("", ""));
        Decision { version: String::new(), ..next }
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

    /// The number of the decision that would be undone next.
    pub fn undoes(&self) -> Option<u32> {
        self.done.last().map(|&at| self.decisions[at].number)
    }

    /// The numbers of all that hold, the last one first.
    pub fn all_undoes(&self) -> impl Iterator<Item = u32> {
        self.done.iter().rev().map(|&at| self.decisions[at].number)
    }

    /// Undoes the last decision that holds.
    ///
    /// # Errors
    /// [`CodebookError::Refused`] if there is none.
    pub fn undo(&self, by: (&str, &str)) -> Result<Decision, CodebookError> {
        let last = self.done.last().ok_or_else(|| CodebookError::Refused {
            problem: "there is nothing to undo".to_owned(),
            remedy: Remedy::by(Task::ListDecisions, "see the decisions"),
        })?;
        Ok(self.turn(Verb::Undo, *last, by))
    }

    /// Does again what was undone last.
    ///
    /// # Errors
    /// [`CodebookError::Refused`] if nothing was undone since the last decision.
    pub fn redo(&self, by: (&str, &str)) -> Result<Decision, CodebookError> {
        let next = self.undone.last().ok_or_else(|| CodebookError::Refused {
            problem: "there is nothing to redo".to_owned(),
            remedy: Remedy::new("only what was undone since the last decision can be redone"),
        })?;
        Ok(self.turn(Verb::Redo, *next, by))
    }

    /// Undoes the decision of this number, and all after it that hold.
    ///
    /// # Errors
    /// [`CodebookError::Refused`] if it does not hold.
    pub fn undo_to(&self, number: u32, by: (&str, &str)) -> Result<Decision, CodebookError> {
        let first = self.done.iter().position(|&at| self.decisions[at].number == number);
        match first.map(|first| &self.done[first..]) {
            None => Err(not_there(number, "undone")),
            Some([_]) => self.undo(by),
            Some(taken) => Ok(self.turn_all(Verb::UndoTo, taken[0], taken.len(), by)),
        }
    }

    /// Does again what was undone, up to the decision of this number.
    ///
    /// # Errors
    /// [`CodebookError::Refused`] if it was not undone since the last decision.
    pub fn redo_to(&self, number: u32, by: (&str, &str)) -> Result<Decision, CodebookError> {
        let last = self.undone.iter().position(|&at| self.decisions[at].number == number);
        match last.map(|last| &self.undone[last..]) {
            None => Err(not_there(number, "redone")),
            Some([_]) => self.redo(by),
            Some(taken) => Ok(self.turn_all(Verb::RedoTo, taken[0], taken.len(), by)),
        }
    }

    /// The numbers of what can be done again, the next one last.
    pub fn redoes(&self) -> impl Iterator<Item = u32> {
        self.undone.iter().map(|&at| self.decisions[at].number)
    }

    fn turn(&self, verb: Verb, at: usize, by: (&str, &str)) -> Decision {
        self.turn_all(verb, at, 1, by)
    }

    /// Turns `n` decisions at once; `at` is the farthest.
    fn turn_all(&self, verb: Verb, at: usize, n: usize, by: (&str, &str)) -> Decision {
        let of = &self.decisions[at];
        let side = if verb == Verb::RedoTo { "before" } else { "after" };
        let others = match n - 1 {
            0 => String::new(),
            1 => format!(", and 1 decision {side} it"),
            n => format!(", and {n} decisions {side} it"),
        };
        let about = format!("{}: {} {}{others}", of.number, of.verb.past(), of.about);
        self.next(verb, about, Some(of.number), Vec::new(), by)
    }

    /// What a decision that is to come changes in the study's files, in this order.
    pub fn file_changes(&self, next: &Decision) -> Vec<FileChange> {
        let turned = |all: &[usize]| -> Vec<usize> {
            let is_meant = |&at: &usize| Some(self.decisions[at].number) == next.of;
            let from = all.iter().position(is_meant).unwrap_or(all.len());
            all[from..].iter().rev().copied().collect()
        };
        let files = |at: &usize| files_of(&self.decisions[*at]);
        match next.verb {
            Verb::Undo | Verb::UndoTo => {
                let back = |at: &usize| files(at).rev().map(FileChange::reversed);
                turned(&self.done).iter().flat_map(back).collect()
            }
            Verb::Redo | Verb::RedoTo => {
                turned(&self.undone).iter().flat_map(files).cloned().collect()
            }
            _ => files_of(next).cloned().collect(),
        }
    }

    /// Whether files of the study may be others since the decision of this number.
    pub fn changes_files_after(&self, number: usize) -> bool {
        let has_files = |decision: &Decision| files_of(decision).next().is_some();
        let after = self.decisions.iter().skip(number);
        let mut after = after.filter(|decision| is_turn(decision) || has_files(decision));
        after.next().is_some() && self.decisions.iter().any(has_files)
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
        let is_turn = is_turn(&decision);
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
                let at = place(decision.of);
                if at.is_some() && self.done.last() == at.as_ref() {
                    self.done.pop();
                } else if !self.has_lost() {
                    return Err("it undoes a decision that is not the last".to_owned());
                } else {
                    self.done.retain(|&done| Some(done) != at);
                }
                self.undone.extend(at.filter(|&at| self.can_be_undone(at)));
            }
            Verb::Redo => {
                let at = place(decision.of);
                if at.is_some() && self.undone.last() == at.as_ref() {
                    self.undone.pop();
                } else if !self.has_lost() {
                    return Err("it redoes a decision that was not undone last".to_owned());
                } else {
                    self.undone.retain(|&undone| Some(undone) != at);
                }
                self.done.extend(at.filter(|&at| self.can_be_undone(at)));
                // Where decisions are lost, one may be done again out of its turn.
                self.done.sort_unstable();
                self.done.dedup();
            }
            Verb::UndoTo => {
                let first = self.done.iter().position(|&done| Some(done) == place(decision.of));
                match first {
                    Some(first) => {
                        let taken = self.done.split_off(first);
                        self.undone.extend(taken.into_iter().rev());
                    }
                    None if self.has_lost() => {}
                    None => return Err("it undoes a decision that does not hold".to_owned()),
                }
            }
            Verb::RedoTo => {
                let last = self.undone.iter().position(|&it| Some(it) == place(decision.of));
                match last {
                    Some(last) => {
                        let taken = self.undone.split_off(last);
                        self.done.extend(taken.into_iter().rev());
                        self.done.sort_unstable();
                    }
                    None if self.has_lost() => {}
                    None => return Err("it redoes a decision that was not undone".to_owned()),
                }
            }
            // Whatever it was, what follows says.
            Verb::Lost => {}
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
        if self.has_lost() {
            fill_in(&mut codebook);
        }
        self.codebook = codebook;
    }
}

/// Whether a decision is one about decisions, or lost.
fn is_turn(decision: &Decision) -> bool {
    use Verb::{Lost, Redo, RedoTo, Undo, UndoTo};
    matches!(decision.verb, Undo | UndoTo | Redo | RedoTo | Lost)
}

/// What a decision changed in the study's files.
fn files_of(decision: &Decision) -> impl DoubleEndedIterator<Item = &FileChange> {
    decision.changes.iter().filter_map(|change| match change {
        Change::PutFile(file) => Some(file),
        _ => None,
    })
}

fn not_there(number: u32, done: &str) -> CodebookError {
    CodebookError::Refused {
        problem: format!("decision {number} cannot be {done} now"),
        remedy: Remedy::by(Task::ListDecisions, "see which decisions hold"),
    }
}

/// Puts codes in the place of those that others refer to and that were made by
/// decisions that are lost, so that no coding is lost with them.
fn fill_in(codebook: &mut Codebook) {
    let parents = codebook.codes.values().filter_map(|code| code.parent.map(|it| (it, code.kind)));
    let codings = codebook.quotations.values().flat_map(|quotation| &quotation.codings);
    let named: BTreeSet<(CodeId, CodeKind)> =
        parents.chain(codings.map(|coding| (coding.code, CodeKind::Code))).collect();
    for (id, kind) in named {
        if !codebook.codes.contains_key(&id) {
            let code = Code::new(id, kind, None, format!("lost {} {}", kind.name(), id.0));
            let definition = "The decision that made it is lost.".to_owned();
            codebook.apply(&Change::PutCode(Code { definition, ..code }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codebook::{CodeKind, edit};
    use proptest::prelude::*;

    /// Keeps a decision as the store would.
    fn keep(history: &mut History, records: &mut Vec<Record>, decision: Decision) {
        let record = Record::new(&decision);
        history.add(decision, record.hash.clone()).unwrap();
        records.push(record);
    }

    fn add_code(history: &History, name: &str) -> Decision {
        let changes = edit::add_code(history.codebook(), name, CodeKind::Code, None).unwrap();
        history.decide((Verb::AddCode, name.to_owned()), changes, ("Ann", "2026-01-01T00:00:00Z"))
    }

    fn names(history: &History) -> Vec<&str> {
        history.codebook().codes.values().map(|code| code.name.as_str()).collect()
    }

    #[test]
    fn what_is_undone_can_be_done_again_until_something_else_is_decided() {
        let (mut history, mut records) = (History::default(), Vec::new());
        let by = ("Ann", "2026-01-01T00:00:00Z");
        for name in ["tea", "stairs", "chapel"] {
            let decision = add_code(&history, name);
            keep(&mut history, &mut records, decision);
        }
        for expected in [vec!["tea", "stairs"], vec!["tea"]] {
            let decision = history.undo(by).unwrap();
            keep(&mut history, &mut records, decision);
            assert_eq!(names(&history), expected);
        }
        let decision = history.redo(by).unwrap();
        assert_eq!(decision.about, "2: added stairs");
        keep(&mut history, &mut records, decision);
        assert_eq!(names(&history), ["tea", "stairs"]);
        let decision = add_code(&history, "clock");
        keep(&mut history, &mut records, decision);
        assert_eq!(names(&history), ["tea", "stairs", "clock"]);
        // The number of the chapel stays taken.
        assert_eq!(history.codebook().codes.keys().map(|id| id.0).collect::<Vec<_>>(), [1, 2, 4]);
        assert!(history.redo(by).is_err());
        let holds: Vec<bool> = history.decisions().map(|(_, holds)| holds).collect();
        assert_eq!(holds, [true, true, false, true, true, true, true]);
        assert_eq!(History::replay(&records), Ok(history));
    }

    #[test]
    fn several_are_undone_and_redone_as_one() {
        let (mut history, mut records) = (History::default(), Vec::new());
        let by = ("Ann", "2026-01-01T00:00:00Z");
        for name in ["tea", "stairs", "chapel"] {
            let decision = add_code(&history, name);
            keep(&mut history, &mut records, decision);
        }
        let decision = history.undo_to(2, by).unwrap();
        assert_eq!(decision.about, "2: added stairs, and 1 decision after it");
        keep(&mut history, &mut records, decision);
        assert_eq!(names(&history), ["tea"]);
        assert_eq!(history.redoes().collect::<Vec<_>>(), [3, 2]);
        assert!(history.undo_to(2, by).is_err() && history.redo_to(1, by).is_err());
        let decision = history.redo_to(3, by).unwrap();
        assert_eq!(decision.about, "3: added chapel, and 1 decision before it");
        keep(&mut history, &mut records, decision);
        assert_eq!(names(&history), ["tea", "stairs", "chapel"]);
        assert_eq!(history.undo_to(3, by).unwrap().verb, Verb::Undo);
        assert_eq!(History::replay(&records), Ok(history));
    }

    #[test]
    fn files_go_back_in_the_reverse_order() {
        let (mut history, mut records) = (History::default(), Vec::new());
        let by = ("Ann", "2026-01-01T00:00:00Z");
        for (before, after) in [("a", "b"), ("b", "c")] {
            let change = FileChange::edited("study.toml", Some(before), after);
            let what = (Verb::SetRoles, after.to_owned());
            let decision = history.decide(what, vec![Change::PutFile(change)], by);
            assert_eq!(history.file_changes(&decision).len(), 1);
            keep(&mut history, &mut records, decision);
        }
        assert!(history.changes_files_after(1) && !history.changes_files_after(2));
        let decision = history.undo_to(1, by).unwrap();
        let new = |history: &History, decision: &Decision| -> Vec<String> {
            let changes = history.file_changes(decision).into_iter();
            changes.map(|change| change.edit.unwrap().new).collect()
        };
        assert_eq!(new(&history, &decision), ["b", "a"]);
        keep(&mut history, &mut records, decision);
        let decision = history.redo_to(2, by).unwrap();
        assert_eq!(new(&history, &decision), ["b", "c"]);
    }

    #[test]
    fn an_altered_dropped_or_swapped_record_is_noticed() {
        let (mut history, mut records) = (History::default(), Vec::new());
        for name in ["tea", "stairs", "chapel"] {
            let decision = add_code(&history, name);
            keep(&mut history, &mut records, decision);
        }
        let check = |change: &dyn Fn(&mut Vec<Record>), expected: &str| {
            let mut changed = records.clone();
            change(&mut changed);
            assert_eq!(History::replay(&changed).unwrap_err().to_string(), expected);
        };
        let hash = "decision 2 cannot be trusted: its hash does not fit its text";
        check(&|records| records[1].body = records[1].body.replace("stairs", "stares"), hash);
        let chain = "decision 2 cannot be trusted: it does not follow the one before it";
        check(&|records| drop(records.remove(1)), chain);
        check(&|records| records.swap(1, 2), chain);
        // Whoever makes the hash fit too breaks the chain behind it.
        let forged = |records: &mut Vec<Record>| {
            records[1].body = records[1].body.replace("stairs", "stares");
            records[1].hash = super::super::decision::hash_of(&records[1].body);
        };
        let behind = "decision 3 cannot be trusted: it does not follow the one before it";
        check(&forged, behind);
    }

    proptest! {
        #[test]
        fn replaying_gives_what_deciding_gave(acts in prop::collection::vec(0..4_u8, 0..40)) {
            let (mut history, mut records) = (History::default(), Vec::new());
            let by = ("Bo", "2026-01-01T00:00:00Z");
            let mut held = Vec::new();
            for (at, act) in acts.into_iter().enumerate() {
                let decision = match act {
                    0 => history.undo(by).ok(),
                    1 => history.redo(by).ok(),
                    2 if at % 3 == 0 => history.undo_to(u32::try_from(at / 2).unwrap(), by).ok(),
                    3 if at % 3 == 0 => {
                        let farthest = history.redoes().next();
                        farthest.and_then(|number| history.redo_to(number, by).ok())
                    }
                    _ => Some(add_code(&history, &format!("code {at}"))),
                };
                let Some(decision) = decision else { continue };
                keep(&mut history, &mut records, decision);
                held.push(history.codebook().clone());
            }
            prop_assert_eq!(&History::replay(&records).unwrap(), &history);
            // Undone to the first, nothing is left; done again, everything is back.
            let before = history.codebook().clone();
            let mut n = 0;
            while let Ok(decision) = history.undo(by) {
                keep(&mut history, &mut records, decision);
                n += 1;
            }
            prop_assert!(history.codebook().is_empty());
            for _ in 0..n {
                let decision = history.redo(by).unwrap();
                keep(&mut history, &mut records, decision);
            }
            prop_assert_eq!(&history.codebook().codes, &before.codes);
        }
    }
}
