//! One turn to write: what is decided in it is kept together, or none of it.
//!
//! A session and a person come in; each act becomes a decision of the study as it is
//! then, and at the end all are on the disk, with one wait for it.

use std::sync::{Arc, OnceLock};

use super::acts::propose;
use super::adding::add_files;
use super::proposal::Proposal;
use super::{Asked, Decided, INTERRUPTED, Person, Seen, Session, as_coded, holder, read_again};
use crate::base::has_unseen;
use crate::codebook::Decision;
use crate::codebook::act::Act;
use crate::codebook::decision::Record;
use crate::codebook::history::History;
use crate::store::{Stamp, StoreError, Writer};
use crate::study::decisions::replay;
use crate::study::now;
use crate::study::refused;
use crate::study::{Snapshot, StudyError};

/// The right to decide, with the study as it is meanwhile.
pub(super) struct Turn<'s> {
    session: &'s Session,
    snapshot: Snapshot,
    history: History,
    writer: Writer,
    now: String,
    /// What is decided and not kept yet.
    records: Vec<(u32, Record)>,
    /// Whether something was decided, and kept, that changed files of the study.
    pub(super) has_changed_files: bool,
}

impl<'s> Turn<'s> {
    /// Waits until no other process writes, and takes in what others decided. No other
    /// thread of this one may have a turn.
    pub(super) fn start(session: &'s Session, person: &Person) -> Result<Self, StudyError> {
        if has_unseen(&person.coder) {
            let problem = "the name of the coder contains an invisible character";
            return Err(refused(problem, "type the name again"));
        }
        let mut snapshot = session.snapshot();
        let store = &snapshot.folder.store.clone();
        if snapshot.folder.in_use.as_ref().is_some_and(|in_use| !in_use.is_in_place()) {
            return Err(StoreError::Moved { path: store.clone() }.into());
        }
        let now = now();
        let (mut writer, records) = Writer::open(store, &holder(&person.command, &now), &now)?;
        let history = replay(&records, store)?;
        if snapshot.places().mend(&records)? {
            writer.notes.push(INTERRUPTED.to_owned());
        }
        // What others decided belongs to the files that they changed.
        if history.changes_files_after(snapshot.n_decisions()?) {
            snapshot = read_again(&snapshot, history.codebook())?;
        }
        let (records, has_changed_files) = (Vec::new(), false);
        Ok(Self { session, snapshot, history, writer, now, records, has_changed_files })
    }

    /// Decides what an act comes to; `kept` are copies of files that it makes. `None` if it
    /// changes files while decisions before it are not kept yet: it has to wait.
    pub(super) fn act(
        &mut self,
        asked: Asked<'_>,
        kept: &mut Vec<(String, String)>,
    ) -> Result<Option<Decided>, StudyError> {
        let Asked { person, seen, act } = asked;
        let mut told = Vec::new();
        let decided = self.decide(|snapshot, history, now| {
            check_seen(history, seen, act)?;
            let by = (person.coder.as_str(), now);
            let proposal = match act {
                Act::Undo => return Ok(history.undo(by)?),
                Act::UndoTo { number } => return Ok(history.undo_to(*number, by)?),
                Act::Redo => return Ok(history.redo(by)?),
                Act::RedoTo { number } => return Ok(history.redo_to(*number, by)?),
                Act::AddFiles { folder, files } => {
                    add_files(snapshot, folder.as_deref(), files, kept)?
                }
                act => propose(act, snapshot, history.codebook(), by)?,
            };
            let Proposal { verb, about, changes, skipped } = proposal;
            told = skipped;
            Ok(history.decide((verb, about), changes, by))
        });
        Ok(decided?.map(|decided| Decided { skipped: told, ..decided }))
    }

    /// Decides; as [`act`](Self::act).
    pub(super) fn decide(
        &mut self,
        decide: impl FnOnce(&Snapshot, &History, &str) -> Result<Decision, StudyError>,
    ) -> Result<Option<Decided>, StudyError> {
        let decision = decide(&self.snapshot, &self.history, &self.now)?;
        let record = Record::new(&decision);
        let changes = self.history.file_changes(&decision);
        let numbered = (decision.number, record.clone());
        if changes.is_empty() {
            self.add(&decision, &record)?;
            self.records.push(numbered);
        } else if self.records.is_empty() {
            let before = self.snapshot.clone();
            let changed = before.places().change(changes, &record.hash)?;
            // What the study cannot be read with is not kept.
            let kept = read_again(&before, self.history.codebook()).and_then(|again| {
                self.writer.append(std::slice::from_ref(&numbered))?;
                Ok(again)
            });
            match kept {
                Ok(again) => {
                    changed.done();
                    self.snapshot = again;
                }
                Err(error) => {
                    changed.take_back();
                    return Err(error);
                }
            }
            self.has_changed_files = true;
            self.add(&decision, &record)?;
        } else {
            return Ok(None);
        }
        Ok(Some(Decided {
            says: format!("{} {}", decision.verb.past(), decision.about),
            undo: self.history.undoes(),
            decision: Some(decision),
            notes: Vec::new(),
            skipped: Vec::new(),
        }))
    }

    fn add(&mut self, decision: &Decision, record: &Record) -> Result<(), StudyError> {
        self.history.add(decision.clone(), record.hash.clone()).map_err(|broken| {
            let path = self.writer.path().to_owned();
            StoreError::Damaged { path, problem: broken.to_string() }.into()
        })
    }

    /// Keeps what is decided, and shows it: also to who decided nothing, what others did
    /// meanwhile. Returns what was found and mended in the store.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if it cannot be kept; none of it is then.
    pub(super) fn end(mut self) -> Result<Vec<String>, StudyError> {
        if !self.records.is_empty() {
            self.writer.append(&self.records)?;
        }
        // While nobody else can write.
        self.session.knows(Stamp::of(&self.snapshot.folder.store));
        let snapshot = as_coded(self.snapshot, self.history.codebook());
        let history = Arc::new(OnceLock::from(self.history));
        self.session.swap_in(Snapshot { history, ..snapshot });
        Ok(self.writer.notes)
    }
}

/// Refuses an act whose person has not seen what somebody else did to the same.
fn check_seen(history: &History, seen: &Seen, act: &Act) -> Result<(), StudyError> {
    let (is_turn, targets) = (act.is_turn(), act.targets());
    let unseen = history.decisions().map(|(decision, _)| decision).skip(seen.n);
    let unseen = unseen.filter(|decision| !seen.own.contains(&decision.number));
    let touches = |decision: &&Decision| {
        is_turn || decision.changes.iter().any(|change| targets.is_touched_by(change))
    };
    // The last of them tells what it is now.
    match unseen.filter(touches).last() {
        None => Ok(()),
        Some(decision) => Err(StudyError::Conflict {
            number: decision.number,
            coder: decision.coder.clone(),
            did: format!("{} {}", decision.verb.past(), decision.about),
        }),
    }
}
