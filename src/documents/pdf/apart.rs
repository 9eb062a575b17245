//! Reads a PDF in a process of its own.
//!
//! PDF is the one format that is read by a library of others, and files are made to break
//! such: they nest without end, unpack to gigabytes, or go round in circles. So the program starts
//! itself once more with [`COMMAND`], hands it the bytes and takes the pages back. That process
//! opens nothing; where it takes too long or too much memory, or fails, the file
//! is refused and all others are read.
//!
//! A library that is used without the program, as from Python, cannot start it. There the file is
//! read on a thread of its own, with the same limit of time. Memory is then only limited by what
//! parts of a file may unpack to.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use super::{File, Refused, SourceProblem, read_here};
use crate::files::{MAX_BYTES, MAX_PDF_SECONDS};

/// The argument with which the program reads a PDF from its standard input.
pub(crate) const COMMAND: &str = "read-pdf";
/// How long a file may take.
const LIMIT: Duration = Duration::from_secs(MAX_PDF_SECONDS);
/// The most bytes of the answer.
const MAX_ANSWER: u64 = 256 << 20;
/// The most memory of that process, in bytes.
#[cfg(unix)]
const MAX_MEMORY: u64 = 2 << 30;
/// How deep the library may call itself on a thread, in bytes.
const STACK: usize = 64 << 20;

/// The program that knows [`COMMAND`].
static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// What goes back: the pages, or why not.
type Answer = Result<File, Refused>;

/// Tells which program reads a PDF when it is started with [`COMMAND`]: this one.
pub(crate) fn set_program(program: PathBuf) {
    PROGRAM.get_or_init(|| program);
}

/// Reads the pages of a PDF.
pub(super) fn read(bytes: &[u8]) -> Result<File, SourceProblem> {
    let in_process = PROGRAM.get().and_then(|program| in_process(program, bytes).ok());
    let answer = in_process.unwrap_or_else(|| on_thread(bytes));
    Ok(answer.ok_or(SourceProblem::GaveUp)??)
}

/// Answers from a process of our own; none if it gave up.
///
/// # Errors
/// If it cannot be started.
fn in_process(program: &Path, bytes: &[u8]) -> io::Result<Option<Answer>> {
    let mut child = Command::new(program)
        .arg(COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (mut to, from) = (child.stdin.take(), child.stdout.take());
    let answer = thread::scope(|scope| {
        // It may end before it has read all.
        scope.spawn(move || to.as_mut().map(|to| to.write_all(bytes)));
        let (done, answer) = mpsc::channel();
        scope.spawn(move || {
            let mut answer = Vec::new();
            let read = from.map(|from| from.take(MAX_ANSWER).read_to_end(&mut answer));
            done.send(read.and_then(Result::ok).map(|_| answer)).ok();
        });
        let answer = answer.recv_timeout(LIMIT).ok().flatten();
        // Nothing is left of it, whatever it did; it may have ended by itself.
        child.kill().ok();
        child.wait().ok();
        answer
    });
    Ok(answer.and_then(|answer| postcard::from_bytes(&answer).ok()))
}

/// Answers from a thread, which goes on alone if it takes too long.
fn on_thread(bytes: &[u8]) -> Option<Answer> {
    let bytes = bytes.to_vec();
    let (done, answer) = mpsc::channel();
    let started =
        thread::Builder::new().stack_size(STACK).spawn(move || done.send(read_here(&bytes)));
    started.ok().and_then(|_| answer.recv_timeout(LIMIT).ok())
}

/// What the other process does: bytes of a PDF on standard input, pages on standard output.
///
/// # Errors
/// If either is closed.
pub(crate) fn answer() -> io::Result<()> {
    limit();
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_BYTES).read_to_end(&mut bytes)?;
    let answer = postcard::to_stdvec(&read_here(&bytes)).unwrap_or_default();
    io::stdout().lock().write_all(&answer)
}

/// Limits what this process may take, where the system can; the other one watches its time.
fn limit() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let limits = [(Resource::As, MAX_MEMORY), (Resource::Cpu, 2 * MAX_PDF_SECONDS)];
        for (resource, most) in limits {
            // A system may allow less already.
            setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) }).ok();
        }
    }
}
