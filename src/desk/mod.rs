//! The study that lies open on the workbench, and the work that is done on it meanwhile.
//!
//! `door` says who may come to it; a second start of the workbench finds the first by a
//! `knock`. A folder comes in. Reading it may take minutes, so it is done aside: until then, and
//! while it is read again, every address answers.

pub(crate) mod advice;
pub(crate) mod door;
pub(crate) mod knock;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use serde::Serialize;
use tokio::sync::Notify;

use self::advice::{remark, told};
use self::door::Door;
use crate::answers::{FileRemark, Unshown};
use crate::base::{Diagnose as _, Progress, Warned};
use crate::listing::Numbering;
use crate::personal::Personal;
use crate::personal::drafts::Drafts;
use crate::personal::secret;
use crate::session::exchange::{self, ImportFormat, Imported, Target};
use crate::session::{Opened, Person, Session};
use crate::study::{StudyError, pseudonyms_of_unopened};

/// What is served, and to whom.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct ServeParams {
    /// The folder of the transcripts; one that is chosen on a page if left out.
    pub root: Option<PathBuf>,
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
    /// Whether it may open windows of this computer's browser.
    pub opens_browser: bool,
}

impl ServeParams {
    /// Whether it is a workbench that a second start may join: one at the study's own port,
    /// with all names hidden that are, in which things can be decided.
    pub(crate) fn is_usual(&self) -> bool {
        !self.originals && !self.read_only && self.port.is_none()
    }
}

/// How long the workbench waits for a window once the last one is gone.
const STAY: Duration = Duration::from_mins(10);

/// Where a study is, and how it is shown.
#[derive(Debug, Clone)]
pub(crate) struct StudyPlace {
    pub(crate) root: PathBuf,
    pub(crate) store: Option<PathBuf>,
    originals: bool,
}

impl StudyPlace {
    /// What stands for the study in its cookie and its port.
    pub(crate) fn name(&self) -> String {
        self.root.canonicalize().unwrap_or_else(|_| self.root.clone()).display().to_string()
    }

    /// The door of the study at this port.
    /// Pages of a study that is served as usual are found by a second start.
    fn door(&self, port: u16, is_usual: bool) -> io::Result<Door> {
        let known = secret::kept(&self.root, self.store.as_deref(), door::secret()?);
        if is_usual {
            secret::note_port(&self.root, self.store.as_deref(), port);
        }
        Door::new(port, &self.name(), known)
    }
}

/// The open study and the door to it.
pub(crate) struct Desk {
    pub(crate) params: ServeParams,
    /// The study; none before one is chosen.
    place: Mutex<Option<StudyPlace>>,
    door: Mutex<Arc<Door>>,
    /// Who decides.
    person: Mutex<Person>,
    /// Told when the workbench is to end.
    pub(crate) quit: Notify,
    is_ending: AtomicBool,
    state: Mutex<State>,
    /// Told when the state is another.
    changed: Condvar,
    job: Mutex<Option<Job>>,
    /// Whether a person has asked for an end of the work that goes on.
    is_stopped: AtomicBool,
    /// Whether the search for candidates was stopped, and is not to begin by itself.
    is_without_candidates: AtomicBool,
    /// What the next page of the study is to tell once.
    told: Mutex<Option<Told>>,
    /// When a window was last heard of, once one said that it stays.
    heard: Mutex<Option<Instant>>,
}

/// How long a page waits for a study that is being read, before it says so: a page that says
/// so asks again only a second later.
const SOON: Duration = Duration::from_millis(300);

/// A study that lies open.
pub(crate) struct OpenStudy {
    pub(crate) session: Session,
    /// What was typed on its pages and not sent.
    pub(crate) drafts: Drafts,
}

/// What there is to show.
#[derive(Clone)]
pub(crate) enum State {
    /// No study is chosen yet.
    Unchosen,
    /// The study is being read for the first time.
    Reading,
    /// It is open.
    Open(Arc<OpenStudy>),
    /// It cannot be opened.
    Failed(FileRemark, Vec<FileRemark>),
}

impl State {
    fn failed(error: &StudyError, place: &StudyPlace) -> Self {
        let StudyPlace { root, store, originals } = place;
        let hides = pseudonyms_of_unopened(root, store.as_deref()).filter(|_| !originals);
        let told = |problem| remark(&Unshown::new(problem).shown(hides.as_deref()));
        if matches!(error, StudyError::Stopped) {
            let problem = "you have stopped the reading; no file of yours was changed".to_owned();
            let hint = "read the folder again: it begins anew".to_owned();
            return Self::Failed(FileRemark { problem, hint: Some(hint) }, Vec::new());
        }
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
pub(crate) struct Told {
    /// What was done, or not, as a heading.
    pub(crate) what: String,
    /// What was done, in sentences.
    pub(crate) lines: Vec<String>,
    /// Of what it was not done, and why.
    pub(crate) remarks: Vec<FileRemark>,
}

/// What is said while the folder is read.
const READING: &str = "Reading the transcripts";
/// What is said while another program's file is read.
const IMPORTING: &str = "Bringing the file in";
/// What is said while the index is made, before candidates are looked for.
const INDEXING: &str = "Making the index for searches";
/// What is said while candidates are looked for.
const LOOKING: &str = "Looking for candidate themes";

/// Work that is going on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Job {
    /// What is done, for people.
    says: &'static str,
    /// How much of it is done.
    done: usize,
    /// Of how much; 0 if nobody knows.
    of: usize,
}

impl Job {
    /// What is done, and how much of how much.
    pub(crate) fn text(&self) -> String {
        match self.of {
            0 => self.says.to_owned(),
            of => format!("{}: {} of {of}", self.says, self.done),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    /// A desk at this port.
    ///
    /// # Errors
    /// If the system gives no random numbers.
    pub(crate) fn new(params: ServeParams, port: u16) -> io::Result<Self> {
        let ServeParams { root, store, originals, .. } = &params;
        let (store, originals) = (store.clone(), *originals);
        let place = root.clone().map(|root| StudyPlace { root, store, originals });
        let door = match &place {
            Some(place) => place.door(port, params.is_usual())?,
            None => Door::new(port, "", door::secret()?)?,
        };
        let reading = place.is_some().then_some(Job { says: READING, done: 0, of: 0 });
        let state = if place.is_some() { State::Reading } else { State::Unchosen };
        Ok(Self {
            person: Mutex::new(params.person.clone()),
            params,
            place: Mutex::new(place),
            door: Mutex::new(Arc::new(door)),
            quit: Notify::new(),
            is_ending: AtomicBool::new(false),
            state: Mutex::new(state),
            changed: Condvar::new(),
            job: Mutex::new(reading),
            is_stopped: AtomicBool::new(false),
            is_without_candidates: AtomicBool::new(false),
            told: Mutex::default(),
            heard: Mutex::default(),
        })
    }

    /// Where the study is.
    pub(crate) fn place(&self) -> Option<StudyPlace> {
        lock(&self.place).clone()
    }

    /// The folder of the study, for people.
    pub(crate) fn folder(&self) -> String {
        self.place().map_or_else(String::new, |place| place.root.display().to_string())
    }

    /// Who may come in.
    pub(crate) fn door(&self) -> Arc<Door> {
        Arc::clone(&lock(&self.door))
    }

    /// Who decides.
    pub(crate) fn person(&self) -> Person {
        lock(&self.person).clone()
    }

    /// Lets decisions be signed with this name from now on.
    pub(crate) fn sign(&self, coder: String) {
        Personal::note_coder(&coder);
        lock(&self.person).coder = coder;
    }

    /// Puts another study on the desk and reads it: the cookie of its door. Pages of the one
    /// before are strangers to it, so that nothing is decided there by them. `None` while
    /// other work goes on.
    ///
    /// # Errors
    /// If the system gives no random numbers.
    pub(crate) fn choose(self: &Arc<Self>, root: PathBuf) -> io::Result<Option<HeaderValue>> {
        let mut job = lock(&self.job);
        if job.is_some() {
            return Ok(None);
        }
        let place = StudyPlace { root, store: None, originals: false };
        self.forget_port();
        let door = place.door(self.door().port(), self.params.is_usual())?;
        let cookie = door.cookie();
        *lock(&self.door) = Arc::new(door);
        *lock(&self.place) = Some(place);
        *lock(&self.told) = None;
        self.is_without_candidates.store(false, Ordering::Relaxed);
        *job = Some(self.begin(READING));
        drop(job);
        self.set_state(State::Reading);
        let desk = Arc::clone(self);
        std::thread::spawn(move || desk.open());
        Ok(cookie.ok())
    }

    /// Lets no second start look for the study here.
    pub(crate) fn forget_port(&self) {
        if let Some(place) = self.place() {
            secret::forget_port(&place.root, place.store.as_deref(), self.door().port());
        }
    }

    /// Whether work goes on.
    pub(crate) fn is_working(&self) -> bool {
        lock(&self.job).is_some()
    }

    /// Work that nobody has stopped yet.
    fn begin(&self, says: &'static str) -> Job {
        self.is_stopped.store(false, Ordering::Relaxed);
        Job { says, done: 0, of: 0 }
    }

    /// Stops the work that goes on, if any does.
    pub(crate) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Notes what the next page of the study is to tell.
    pub(crate) fn will_tell(&self, told: Told) {
        *lock(&self.told) = Some(told);
    }

    /// Notes what was not done, if there is anything.
    pub(crate) fn will_tell_of(&self, what: &str, remarks: Vec<FileRemark>) {
        if !remarks.is_empty() {
            self.will_tell(Told { what: what.to_owned(), lines: Vec::new(), remarks });
        }
    }

    /// What there is to tell, once.
    pub(crate) fn take_told(&self) -> Option<Told> {
        lock(&self.told).take()
    }

    /// Notes that a window was heard of; `stays` if it says so again and again.
    pub(crate) fn hear(&self, stays: bool) {
        let mut heard = lock(&self.heard);
        if stays || heard.is_some() {
            *heard = Some(Instant::now());
        }
    }

    /// Whether all windows are gone, and nothing is being done.
    pub(crate) fn is_left(&self, now: Instant) -> bool {
        let heard = *lock(&self.heard);
        let is_old = |heard| now.saturating_duration_since(heard) > STAY;
        !self.params.keep && heard.is_some_and(is_old) && self.job().is_none()
    }

    pub(crate) fn state(&self) -> State {
        lock(&self.state).clone()
    }

    /// What there is to show; while the study is read, once it is, or soon.
    pub(crate) fn state_soon(&self) -> State {
        let state = lock(&self.state);
        let is_reading = |state: &mut State| matches!(state, State::Reading);
        let waited = self.changed.wait_timeout_while(state, SOON, is_reading);
        waited.unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// The work that goes on, as people are told of it.
    pub(crate) fn job(&self) -> Option<Job> {
        let job = lock(&self.job).clone()?;
        let is_stopped = self.is_stopped.load(Ordering::Relaxed);
        // What goes on asks whether it is to stop only now and then.
        Some(if is_stopped { Job { says: "Stopping", done: 0, of: 0 } } else { job })
    }

    fn set_job(&self, job: Option<Job>) {
        *lock(&self.job) = job;
    }

    /// Reads the study, and works out what its pages need first. What lay open lies open
    /// until that is done, and stays if it cannot be: the next page tells why.
    pub(crate) fn open(&self) {
        let Some(place) = self.place() else { return };
        match (self.read(&place), self.state()) {
            (Ok(session), _) => {
                Personal::note_study(&place.root);
                let drafts = Drafts::of(&session.snapshot());
                // Before it can be asked for candidates: nobody is to work them out beside us.
                self.set_job(Some(Job { says: INDEXING, done: 0, of: 0 }));
                self.set_state(State::Open(Arc::new(OpenStudy { session, drafts })));
                self.prepare();
            }
            (Err(error), State::Open(open)) => {
                let why = told(&open.session.snapshot(), error.diagnostic());
                self.will_tell_of("Not read again: what you see is how it was before", vec![why]);
            }
            (Err(error), _) => {
                // Whoever sees this may have it read again at once.
                self.set_job(None);
                self.set_state(State::failed(&error, &place));
            }
        }
        self.set_job(None);
    }

    fn set_state(&self, state: State) {
        *lock(&self.state) = state;
        self.changed.notify_all();
    }

    /// Says that the folder is to be read again; whether nothing else is being done. What
    /// could not be opened is shown as being read from now on.
    pub(crate) fn will_read_again(&self) -> bool {
        let mut job = lock(&self.job);
        if job.is_some() {
            return false;
        }
        *job = Some(self.begin(READING));
        let mut state = lock(&self.state);
        if !matches!(*state, State::Open(_)) {
            *state = State::Reading;
        }
        true
    }

    fn read(&self, place: &StudyPlace) -> Result<Session, StudyError> {
        let says = READING;
        let StudyPlace { root, store, originals } = place;
        let reader = Reader { desk: self, says };
        let Opened { session, .. } = Session::open_to_fill(root, store.as_deref(), &reader)?;
        if *originals {
            session.show_originals();
        }
        Ok(session)
    }

    /// Brings in a file of another program, with its name and all of it: what came in, as it
    /// is shown. `None` while other work goes on.
    pub(crate) fn import(
        self: &Arc<Self>,
        file: (&str, &[u8]),
        format: ImportFormat,
    ) -> Option<Result<Warned<Imported>, StudyError>> {
        let place = self.place()?;
        {
            let mut job = lock(&self.job);
            if job.is_some() {
                return None;
            }
            *job = Some(self.begin(IMPORTING));
        }
        let done = self.imported(&place, file, format);
        match done {
            Ok((session, imported)) => {
                let imported = session.snapshot().shown(imported);
                let drafts = Drafts::of(&session.snapshot());
                self.set_state(State::Open(Arc::new(OpenStudy { session, drafts })));
                self.set_job(None);
                self.prepare_again();
                Some(Ok(imported))
            }
            Err(error) => {
                self.set_job(None);
                Some(Err(error))
            }
        }
    }

    fn imported(
        &self,
        place: &StudyPlace,
        file: (&str, &[u8]),
        format: ImportFormat,
    ) -> Result<(Session, Unshown<Warned<Imported>>), StudyError> {
        let StudyPlace { root, store, originals } = place;
        let progress = Reader { desk: self, says: IMPORTING };
        let target = Target { root, store: store.as_deref(), progress: &progress };
        let person = Person { command: "serve".to_owned(), ..self.person() };
        let (session, imported) = exchange::import_bytes(&target, &person, file, format)?;
        if *originals {
            session.show_originals();
        }
        Ok((session, imported))
    }

    /// Works the same out again, once an act has changed what there is to read; if nothing
    /// else is being done.
    pub(crate) fn prepare_again(self: &Arc<Self>) {
        self.is_without_candidates.store(false, Ordering::Relaxed);
        let mut job = lock(&self.job);
        if job.is_none() {
            *job = Some(self.begin(LOOKING));
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
        let says = INDEXING;
        self.set_job(Some(Job { says, done: 0, of: 0 }));
        study.bring_index_up_to_date(&Reader { desk: self, says }).ok();
        let says = LOOKING;
        let params = study.theme_params(None);
        let reader = Reader { desk: self, says };
        let prepared = study.prepare_themes(&params, &reader);
        let listed = prepared.and_then(|()| {
            if reader.is_stopped() {
                return Err(StudyError::Stopped);
            }
            study.suggest_themes(&params, Numbering::CarriedOn)
        });
        match listed {
            Ok(_) => open.session.keep_derived(),
            Err(StudyError::Stopped) => self.is_without_candidates.store(true, Ordering::Relaxed),
            Err(_) => {}
        }
    }

    /// Whether a person has stopped the search for candidates.
    pub(crate) fn is_without_candidates(&self) -> bool {
        self.is_without_candidates.load(Ordering::Relaxed)
    }

    /// Whether candidates are being looked for, or will be next, so that a page of them would
    /// wait long.
    pub(crate) fn is_looking(&self) -> bool {
        lock(&self.job).as_ref().is_some_and(|job| [INDEXING, LOOKING].contains(&job.says))
    }

    /// Ends the workbench.
    pub(crate) fn end(&self) {
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
        let is_set = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        is_set(&self.desk.is_ending) || is_set(&self.desk.is_stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(keep: bool) -> Desk {
        let person = Person { coder: "Ann".to_owned(), command: "serve".to_owned() };
        let params = ServeParams {
            root: None,
            store: None,
            person,
            originals: false,
            port: None,
            read_only: false,
            keep,
            opens_browser: false,
        };
        Desk::new(params, 8080).unwrap()
    }

    #[test]
    fn it_ends_ten_minutes_after_the_last_window() {
        let (late, desk) = (Instant::now() + STAY + Duration::from_mins(1), desk(false));
        // Pages without scripts never say that they stay.
        desk.hear(false);
        assert!(!desk.is_left(late));
        desk.hear(true);
        assert!(!desk.is_left(Instant::now()) && desk.is_left(late));
        desk.set_job(Some(desk.begin(READING)));
        assert!(!desk.is_left(late));
        let kept = super::tests::desk(true);
        kept.hear(true);
        assert!(!kept.is_left(late));
    }
}
