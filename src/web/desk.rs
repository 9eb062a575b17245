//! The study that lies open, and the work that is done on it meanwhile.
//!
//! A folder comes in. Reading it may take minutes, so it is done aside: until then, and
//! while it is read again, every address answers.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::Notify;

use super::advice::{remark, told};
use super::door::Door;
use crate::answers::{FileRemark, Unshown};
use crate::base::{Diagnose as _, Progress};
use crate::study::themes::Numbering;
use crate::study::{Opened, Person, Session, StudyError, pseudonyms_of_unopened};

/// What is served, and to whom.
#[derive(Debug, Clone)]
pub struct ServeParams {
    /// The folder of the transcripts.
    pub root: PathBuf,
    /// The folder that holds `.leitmotif`, if not the study's own.
    pub store: Option<PathBuf>,
    /// Who decides.
    pub person: Person,
    /// Whether real names are shown.
    pub originals: bool,
    /// The port; a free one if left out.
    pub port: Option<u16>,
    /// Whether nothing can be decided.
    pub read_only: bool,
    /// Whether it goes on when all windows are closed.
    pub keep: bool,
}

/// How long the workbench waits for a window once the last one is gone.
const STAY: Duration = Duration::from_mins(10);

/// The open study and the door to it.
pub(super) struct Desk {
    pub(super) params: ServeParams,
    pub(super) door: Door,
    /// Told when the workbench is to end.
    pub(super) quit: Notify,
    is_ending: AtomicBool,
    state: Mutex<State>,
    /// Told when the state is another.
    changed: Condvar,
    job: Mutex<Option<Job>>,
    /// What the next page of the study is to tell once.
    told: Mutex<Option<Told>>,
    /// When a window was last heard of, once one said that it stays.
    heard: Mutex<Option<Instant>>,
}

/// How long a page waits for a study that is being read, before it says so: a page that says
/// so asks again only a second later.
const SOON: Duration = Duration::from_millis(300);

/// A study that lies open.
pub(super) struct OpenStudy {
    pub(super) session: Session,
}

/// What there is to show.
#[derive(Clone)]
pub(super) enum State {
    /// The study is being read for the first time.
    Reading,
    /// It is open.
    Open(Arc<OpenStudy>),
    /// It cannot be opened.
    Failed(FileRemark, Vec<FileRemark>),
}

impl State {
    fn failed(error: &StudyError, params: &ServeParams) -> Self {
        let ServeParams { root, store, originals, .. } = params;
        let hides = pseudonyms_of_unopened(root, store.as_deref()).filter(|_| !originals);
        let told = |problem| remark(&Unshown::new(problem).shown(hides.as_deref()));
        let refused = match error {
            StudyError::NoTranscripts { refused, .. } => {
                refused.iter().cloned().map(told).collect()
            }
            _ => Vec::new(),
        };
        Self::Failed(told(error.diagnostic()), refused)
    }
}

/// What the next page of the study tells once.
pub(super) struct Told {
    /// What was not done, as a heading.
    pub(super) what: &'static str,
    /// Of what, and why.
    pub(super) remarks: Vec<FileRemark>,
}

/// What is said while the folder is read.
const READING: &str = "Reading the transcripts";
/// What is said while candidates are looked for.
const LOOKING: &str = "Looking for candidate themes";

/// Work that is going on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Job {
    /// What is done, for people.
    says: &'static str,
    /// How much of it is done.
    done: usize,
    /// Of how much; 0 if nobody knows.
    of: usize,
}

impl Job {
    /// What is done, and how much of how much.
    pub(super) fn text(&self) -> String {
        match self.of {
            0 => self.says.to_owned(),
            of => format!("{}: {} of {of}", self.says, self.done),
        }
    }
}

impl Desk {
    pub(super) fn new(params: ServeParams, door: Door) -> Self {
        let (state, changed) = (Mutex::new(State::Reading), Condvar::new());
        let (job, quit, is_ending) = (Mutex::new(None), Notify::new(), AtomicBool::new(false));
        let (told, heard) = (Mutex::default(), Mutex::default());
        Self { params, door, quit, is_ending, state, changed, job, told, heard }
    }

    /// Notes what the next page of the study is to tell, if there is anything.
    pub(super) fn will_tell(&self, what: &'static str, remarks: Vec<FileRemark>) {
        if !remarks.is_empty() {
            let told = Some(Told { what, remarks });
            *self.told.lock().unwrap_or_else(PoisonError::into_inner) = told;
        }
    }

    /// What there is to tell, once.
    pub(super) fn take_told(&self) -> Option<Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Notes that a window was heard of; `stays` if it says so again and again.
    pub(super) fn hear(&self, stays: bool) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if stays || heard.is_some() {
            *heard = Some(Instant::now());
        }
    }

    /// Whether all windows are gone, and nothing is being done.
    pub(super) fn is_left(&self, now: Instant) -> bool {
        let heard = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = |heard| now.saturating_duration_since(heard) > STAY;
        !self.params.keep && heard.is_some_and(is_old) && self.job().is_none()
    }

    pub(super) fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What there is to show; while the study is read, once it is, or soon.
    pub(super) fn state_soon(&self) -> State {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_reading = |state: &mut State| matches!(state, State::Reading);
        let waited = self.changed.wait_timeout_while(state, SOON, is_reading);
        waited.unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    pub(super) fn job(&self) -> Option<Job> {
        self.job.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_job(&self, job: Option<Job>) {
        *self.job.lock().unwrap_or_else(PoisonError::into_inner) = job;
    }

    /// Reads the study, and works out what its pages need first. What lay open lies open
    /// until that is done, and stays if it cannot be: the next page tells why.
    pub(super) fn open(&self) {
        match (self.read(), self.state()) {
            (Ok(session), _) => {
                self.set_state(State::Open(Arc::new(OpenStudy { session })));
                self.prepare();
            }
            (Err(error), State::Open(open)) => {
                let why = told(&open.session.snapshot(), error.diagnostic());
                self.will_tell("Not read again: what you see is how it was before", vec![why]);
            }
            (Err(error), _) => self.set_state(State::failed(&error, &self.params)),
        }
        self.set_job(None);
    }

    fn set_state(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
        self.changed.notify_all();
    }

    /// Says that the folder is to be read again; whether nothing else is being done. What
    /// could not be opened is shown as being read from now on.
    pub(super) fn will_read_again(&self) -> bool {
        let mut job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        if job.is_some() {
            return false;
        }
        *job = Some(Job { says: READING, done: 0, of: 0 });
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(*state, State::Open(_)) {
            *state = State::Reading;
        }
        true
    }

    fn read(&self) -> Result<Session, StudyError> {
        let says = READING;
        self.set_job(Some(Job { says, done: 0, of: 0 }));
        let ServeParams { root, store, originals, .. } = &self.params;
        let reader = Reader { desk: self, says };
        let Opened { session, .. } = Session::open_to_fill(root, store.as_deref(), &reader)?;
        if *originals {
            session.show_originals();
        }
        Ok(session)
    }

    /// Works the same out again, once an act has changed what there is to read; if nothing
    /// else is being done.
    pub(super) fn prepare_again(self: &Arc<Self>) {
        let mut job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        if job.is_none() {
            *job = Some(Job { says: LOOKING, done: 0, of: 0 });
            let desk = Arc::clone(self);
            std::thread::spawn(move || {
                desk.prepare();
                desk.set_job(None);
            });
        }
    }

    /// Works out what the first page of each place would wait for. What fails here fails
    /// again where it is asked for, and is told there.
    fn prepare(&self) {
        let State::Open(open) = self.state() else { return };
        let study = open.session.snapshot();
        let says = "Making the index for searches";
        self.set_job(Some(Job { says, done: 0, of: 0 }));
        study.bring_index_up_to_date(&Reader { desk: self, says }).ok();
        let says = LOOKING;
        let params = study.theme_params(None);
        let prepared = study.prepare_themes(&params, &Reader { desk: self, says });
        let listed = prepared.and_then(|()| study.suggest_themes(&params, Numbering::CarriedOn));
        if listed.is_ok() {
            open.session.keep_derived();
        }
    }

    /// Whether candidates are being looked for, so that a page of them would wait long.
    pub(super) fn is_looking(&self) -> bool {
        self.job().is_some_and(|job| job.says == LOOKING)
    }

    /// Ends the workbench.
    pub(super) fn end(&self) {
        self.is_ending.store(true, Ordering::Relaxed);
        self.quit.notify_waiters();
    }
}

/// Tells the desk how far reading is.
struct Reader<'a> {
    desk: &'a Desk,
    says: &'static str,
}

impl Progress for Reader<'_> {
    fn tell(&self, done: usize, of: usize) {
        self.desk.set_job(Some(Job { says: self.says, done, of }));
    }

    fn is_stopped(&self) -> bool {
        self.desk.is_ending.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(keep: bool) -> Desk {
        let person = Person { coder: "Ann".to_owned(), command: "serve".to_owned() };
        let params = ServeParams {
            root: PathBuf::from("none"),
            store: None,
            person,
            originals: false,
            port: None,
            read_only: false,
            keep,
        };
        Desk::new(params, Door::new(8080, "none", "none".to_owned()).unwrap())
    }

    #[test]
    fn it_ends_ten_minutes_after_the_last_window() {
        let (late, desk) = (Instant::now() + STAY + Duration::from_mins(1), desk(false));
        // Pages without scripts never say that they stay.
        desk.hear(false);
        assert!(!desk.is_left(late));
        desk.hear(true);
        assert!(!desk.is_left(Instant::now()) && desk.is_left(late));
        desk.set_job(Some(Job { says: READING, done: 0, of: 0 }));
        assert!(!desk.is_left(late));
        let kept = super::tests::desk(true);
        kept.hear(true);
        assert!(!kept.is_left(late));
    }
}
