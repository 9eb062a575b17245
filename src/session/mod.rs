//! The one writer of an open study.
//!
//! A [`Session`] holds the study open. It carries out acts, one at a time, and swaps
//! in the next [`Snapshot`]; whoever asks meanwhile keeps the one before. Two
//! processes may each have a session: an act waits for its turn, sees what all
//! others decided before it, and says so where that is no longer what its person
//! was looking at.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use leitmotif::listing::Numbering;
//! use leitmotif::session::Session;
//!
//! let opened = Session::open(Path::new("interviews"), None, &|_: usize, _: usize| {})?;
//! let study = opened.session.snapshot();
//! let themes = study.suggest_themes(&study.theme_params(None), Numbering::default())?;
//! println!("{} themes", study.shown(themes).themes.len());
//! # Ok::<(), leitmotif::study::StudyError>(())
//! ```

mod acts;
mod adding;
pub mod candidates;
pub mod exchange;
mod key;
mod lists;
mod naming;
mod on_disk;
mod people;
mod proposal;
mod settings_edit;
mod turn;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, TryLockError};

use self::on_disk::Places;
use self::turn::Turn;
use crate::answers::{HideNames, Unshown};
use crate::base::files::sweep;
use crate::base::{Diagnostic, Progress};
use crate::codebook::act::Act;
use crate::codebook::history::History;
use crate::codebook::{Codebook, Decision};
use crate::pseudonyms::{PseudonymEntry, Pseudonyms, Rule};
use crate::store::{self, Restored, Stamp, StoreError, Writer};
use crate::study::decisions::{history_of, replay};
use crate::study::namesakes::may_count_otherwise;
use crate::study::open::{Emptiness, open};
use crate::study::{STORE, Snapshot, StudyError, UpdateReport, now};

/// Who decides, and in what: what another process is told meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The coder's name.
    pub coder: String,
    /// The command or page.
    pub command: String,
}

/// What became of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The decision; `None` for what the log does not hold.
    pub decision: Option<Decision>,
    /// What was done to what, for people: `accepted theme “Joining” from candidate 3`.
    pub says: String,
    /// The decision that undoing would take back now; `None` if nothing is left.
    pub undo: Option<u32>,
    /// What was found and mended in the store meanwhile.
    pub notes: Vec<String>,
    /// What was asked for and not done, with the reason.
    pub skipped: Vec<Diagnostic>,
}

impl Decided {
    /// What became of an act that the log does not hold: the key of names is no part
    /// of it, since it is not to travel with what was decided.
    fn outside_the_log(says: &str) -> Unshown<Self> {
        let says = says.to_owned();
        let (notes, skipped) = (Vec::new(), Vec::new());
        Unshown::new(Self { decision: None, says, undo: None, notes, skipped })
    }
}

impl HideNames for Decided {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        let Self { decision, says, undo: _, notes: _, skipped } = self;
        says.hide_names(pseudonyms);
        skipped.hide_names(pseudonyms);
        if let Some(decision) = decision {
            // What is kept says what was meant; what is shown of it has no names.
            decision.about.hide_names(pseudonyms);
        }
    }
}

/// An open study.
pub struct Session {
    current: RwLock<Snapshot>,
    /// Held while an act is carried out.
    turn: Mutex<()>,
    /// Acts that wait for their turn.
    queue: Mutex<Vec<Arc<Waiting>>>,
    /// What the store was like when its decisions were read last.
    known: Mutex<Option<Stamp>>,
}

/// Which decisions somebody has seen who decides: all up to one, and of what came after it
/// their own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// All up to this one ([`Snapshot::n_decisions`]).
    pub n: usize,
    /// The numbers of their own after that.
    pub own: BTreeSet<u32>,
}

impl From<usize> for Seen {
    fn from(n: usize) -> Self {
        Self { n, own: BTreeSet::new() }
    }
}

impl Seen {
    /// The same, once they made the decision of this number: what others decided between is
    /// not seen by that.
    #[must_use]
    pub fn with(mut self, own: u32) -> Self {
        self.own.insert(own);
        while let Some(next) = self.own.first().filter(|next| **next as usize <= self.n + 1) {
            self.n = self.n.max(*next as usize);
            self.own.pop_first();
        }
        self
    }
}

/// What somebody asks for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) person: &'a Person,
    pub(super) seen: &'a Seen,
    pub(super) act: &'a Act,
}

/// An act that waits for its turn, and what became of it if another turn took it along.
struct Waiting {
    person: Person,
    seen: Seen,
    act: Act,
    result: Mutex<Option<Result<Unshown<Decided>, StudyError>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What opening a study found.
pub struct Opened {
    /// The study.
    pub session: Session,
    /// What was read.
    pub report: UpdateReport,
    /// What could not be used.
    pub warnings: Unshown<Vec<Diagnostic>>,
}

impl Session {
    /// Opens the study in `root` and brings derived data up to date. `store` is
    /// the folder that holds `.leitmotif`, if not the study's own.
    /// `progress` is told the files done and the files to do, and may stop it.
    ///
    /// # Errors
    /// [`StudyError`]; trouble with single files is in the warnings.
    pub fn open(
        root: &Path,
        store: Option<&Path>,
        progress: &dyn Progress,
    ) -> Result<Opened, StudyError> {
        Self::open_as(root, store, Emptiness::IfDecided, progress)
    }

    /// The same, also if there is nothing in it yet.
    ///
    /// # Errors
    /// As [`open`](Self::open), but for [`StudyError::NoTranscripts`].
    pub fn open_to_fill(
        root: &Path,
        store: Option<&Path>,
        progress: &dyn Progress,
    ) -> Result<Opened, StudyError> {
        Self::open_as(root, store, Emptiness::Allowed, progress)
    }

    fn open_as(
        root: &Path,
        store: Option<&Path>,
        emptiness: Emptiness,
        progress: &dyn Progress,
    ) -> Result<Opened, StudyError> {
        let store = store.unwrap_or(root).join(STORE);
        for folder in ["", "cache", "versions", "removed"] {
            sweep(&store.join(folder));
        }
        let interrupted = mend(root, &store)?;
        // Before the files, so that nothing is known as decided whose files were not read.
        // What cannot be read is told by whoever asks for it.
        let history = history_of(&store).ok();
        let codebook = history.as_ref().map(History::codebook);
        let (snapshot, report, mut warnings) = open(root, store, emptiness, codebook, progress)?;
        warnings.extend(interrupted);
        let history = Arc::new(history.map_or_else(OnceLock::new, OnceLock::from));
        let snapshot = Snapshot { history, ..snapshot };
        let current = RwLock::new(snapshot);
        let (turn, queue, known) = (Mutex::default(), Mutex::default(), Mutex::default());
        let session = Self { current, turn, queue, known };
        Ok(Opened { session, report, warnings: Unshown::new(warnings) })
    }

    /// The study as it is now.
    pub fn snapshot(&self) -> Snapshot {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn swap_in(&self, next: Snapshot) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = next;
    }

    /// Waits until no other thread of this process changes the study.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        lock(&self.turn)
    }

    /// Notes what the store is like with the decisions that are shown.
    pub(super) fn knows(&self, stamp: Stamp) {
        *lock(&self.known) = Some(stamp);
    }

    /// Shows names as they are from now on.
    pub fn show_originals(&self) {
        let now = self.snapshot();
        self.swap_in(Snapshot { key: Arc::new(now.key.showing_originals()), ..now });
    }

    /// Keeps what questions worked out, so that the next process need not.
    pub fn keep_derived(&self) {
        self.snapshot().keep_derived();
    }

    /// Carries out what a person does who has `seen` these decisions of the study.
    ///
    /// The decision is on the disk when this returns.
    ///
    /// # Errors
    /// [`StudyError::Conflict`] if somebody has changed since what the act is about;
    /// what the codebook refuses; [`StudyError::Decisions`] if it cannot be kept.
    pub fn act(
        &self,
        person: &Person,
        seen: impl Into<Seen>,
        act: &Act,
    ) -> Result<Unshown<Decided>, StudyError> {
        let seen = seen.into();
        match act {
            Act::AddPseudonym { name, pseudonym, with_capital } => {
                let rule = match (pseudonym.is_empty(), with_capital) {
                    (true, _) => Rule::Ignore,
                    (false, true) => Rule::Capital,
                    (false, false) => Rule::AnyCase,
                };
                let (name, pseudonym) = (name.clone(), pseudonym.clone());
                self.add_pseudonym(person, PseudonymEntry { name, pseudonym, rule })?;
                return Ok(Decided::outside_the_log("changed the key of names"));
            }
            Act::RemovePseudonym { name } => {
                self.remove_pseudonym(person, name)?;
                return Ok(Decided::outside_the_log("changed the key of names"));
            }
            _ => {}
        }
        let (_turn, waiting) = match self.turn.try_lock() {
            Ok(turn) => (turn, None),
            Err(TryLockError::Poisoned(turn)) => (turn.into_inner(), None),
            // Whoever has the next turn keeps what has come up to then, all at once.
            Err(TryLockError::WouldBlock) => {
                let (person, act, result) = (person.clone(), act.clone(), Mutex::default());
                let waiting = Arc::new(Waiting { person, seen: seen.clone(), act, result });
                lock(&self.queue).push(Arc::clone(&waiting));
                (lock(&self.turn), Some(waiting))
            }
        };
        if let Some(waiting) = waiting {
            if let Some(result) = lock(&waiting.result).take() {
                return result;
            }
            lock(&self.queue).retain(|other| !Arc::ptr_eq(other, &waiting));
        }
        let mut kept = Vec::new();
        let decided = self.keep_with_others(Asked { person, seen: &seen, act }, &mut kept);
        let snapshot = self.snapshot();
        // Where files could not be put back, the copies are still needed.
        if decided.is_err() && !snapshot.places().is_interrupted() {
            for (path, hash) in &kept {
                snapshot.places().forget(path, hash);
            }
        }
        decided
    }

    /// Carries out an act, and with it those that wait for their turn: a disk takes as long
    /// for one decision as for many. Who is told nothing here has a turn of its own.
    fn keep_with_others(
        &self,
        asked: Asked<'_>,
        kept: &mut Vec<(String, String)>,
    ) -> Result<Unshown<Decided>, StudyError> {
        let mut turn = Turn::start(self, asked.person)?;
        let own = turn.act(asked, kept);
        let mut others = Vec::new();
        let waiting = std::mem::take(&mut *lock(&self.queue));
        for other in waiting {
            let Waiting { person, seen, act, result: _ } = &*other;
            let is_of_files = turn.has_changed_files || matches!(act, Act::AddFiles { .. });
            let asked = Asked { person, seen, act };
            let taken =
                if is_of_files { None } else { turn.act(asked, &mut Vec::new()).transpose() };
            match taken {
                Some(result) => others.push((other, result)),
                None => lock(&self.queue).push(other),
            }
        }
        let notes = turn.end()?;
        for (other, result) in others {
            *lock(&other.result) = Some(result.map(Unshown::new));
        }
        let decided = own?.expect("nothing stands before it that is to be kept first");
        Ok(Unshown::new(Decided { notes, ..decided }))
    }

    /// Keeps one decision, made once it is this process's turn, of the study as it is then.
    pub(super) fn write(
        &self,
        person: &Person,
        decide: impl FnOnce(&Snapshot, &History, &str) -> Result<Decision, StudyError>,
    ) -> Result<Unshown<Decided>, StudyError> {
        let _turn = lock(&self.turn);
        let mut turn = Turn::start(self, person)?;
        let decided = turn.decide(decide);
        let notes = turn.end()?;
        let decided = decided?.expect("nothing stands before it that is to be kept first");
        Ok(Unshown::new(Decided { notes, ..decided }))
    }

    /// Takes in what other processes have decided since the last act, and the names that they
    /// wrote to the key. While an act is carried out there is nothing else to do: it takes the
    /// decisions in itself.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if the decisions cannot be read; [`StudyError`] if the key
    /// cannot be.
    pub fn catch_up(&self) -> Result<(), StudyError> {
        if self.snapshot().key.is_behind() {
            // A name that somebody hid must not be shown once more: this one waits.
            let _turn = self.turn();
            let now = self.snapshot();
            if now.key.is_behind() {
                let key = Arc::new(now.key.again(&now.corpus)?);
                self.swap_in(Snapshot { key, ..now });
            }
        }
        let snapshot = self.snapshot();
        let stamp = Stamp::of(&snapshot.folder.store);
        if lock(&self.known).as_ref() == Some(&stamp) {
            return Ok(());
        }
        let Ok(_turn) = self.turn.try_lock() else { return Ok(()) };
        let snapshot = self.snapshot();
        let store = &snapshot.folder.store;
        // Before the decisions: what comes meanwhile is then seen the next time.
        let stamp = Stamp::of(store);
        let records = store::read(store)?;
        let n_seen = snapshot.n_decisions()?;
        if records.len() != n_seen {
            let history = replay(&records, store)?;
            let is_behind = history.changes_files_after(n_seen);
            let codebook = history.codebook();
            let next = if is_behind { read_again(&snapshot, codebook)? } else { snapshot.clone() };
            let next = as_coded(next, codebook);
            let history = Arc::new(OnceLock::from(history));
            self.swap_in(Snapshot { history, ..next });
        }
        self.knows(stamp);
        Ok(())
    }

    /// Builds the store anew from what is left of it; `None` if nothing is lost.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if there is nothing to build it from.
    pub fn restore(&self, person: &Person) -> Result<Option<Restored>, StudyError> {
        let _turn = lock(&self.turn);
        let snapshot = self.snapshot();
        let restored = store::restore(&snapshot.folder.store, &holder(&person.command, &now()))?;
        self.swap_in(Snapshot { history: Arc::default(), ..snapshot });
        Ok(restored)
    }
}

/// What is told of an act that ended before its decision was kept.
pub(super) const INTERRUPTED: &str =
    "an act was interrupted before it was kept; the files that it had changed are as they were";

/// Ends an act of a process that was interrupted; says so if its files were put back. Who
/// still holds the study is alive, and ends its act itself.
fn mend(root: &Path, store: &Path) -> Result<Option<Diagnostic>, StudyError> {
    let places = Places { root, store };
    if !places.is_interrupted() {
        return Ok(None);
    }
    let now = now();
    let (_writer, records) = match Writer::open(store, &holder("opening", &now), &now) {
        Err(StoreError::Held { .. }) => return Ok(None),
        opened => opened?,
    };
    Ok(places.mend(&records)?.then(|| Diagnostic::new(INTERRUPTED)))
}

/// The study as its files are now, of which the one counts that was coded.
pub(super) fn read_again(now: &Snapshot, codebook: &Codebook) -> Result<Snapshot, StudyError> {
    let (root, store) = (&now.folder.root, now.folder.store.clone());
    let (next, ..) =
        open(root, store, Emptiness::Allowed, Some(codebook), &|_: usize, _: usize| {})?;
    Ok(Snapshot { key: Arc::new(next.key.shown_as(&now.key)), ..next })
}

/// The study with another version of an interview, if decisions make that one count. What cannot
/// be read again at this moment is as it was until the study is opened the next time.
pub(super) fn as_coded(now: Snapshot, codebook: &Codebook) -> Snapshot {
    if may_count_otherwise(&now.corpus, codebook) {
        read_again(&now, codebook).unwrap_or(now)
    } else {
        now
    }
}

/// Who holds the study from now on, for another process that waits.
pub(super) fn holder_now(person: &Person) -> String {
    holder(&person.command, &now())
}

pub(super) fn holder(command: &str, now: &str) -> String {
    format!("`leitmotif {command}` (process {}, since {now})", std::process::id())
}
