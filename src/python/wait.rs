//! Work that goes on while Python waits: on a thread of its own, so that other threads of
//! Python go on and Ctrl-C ends the waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use pyo3::prelude::*;

use crate::base::Progress;

/// How often Python is asked whether somebody pressed Ctrl-C.
const LOOK: Duration = Duration::from_millis(50);

/// Whoever waits for the work.
#[derive(Default)]
pub(super) struct Waiting {
    is_gone: AtomicBool,
}

impl Progress for Waiting {
    fn tell(&self, _done: usize, _of: usize) {}

    fn is_stopped(&self) -> bool {
        self.is_gone.load(Ordering::Relaxed)
    }
}

/// Does the work, and returns what it gives.
///
/// # Errors
/// `KeyboardInterrupt`, or what else a signal raises. The work is then told to stop; what
/// cannot be stopped ends by itself, and nobody sees what it gives. It may only be asking, so
/// that nothing is lost with it.
pub(super) fn wait_for<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&Waiting) -> T + Send + 'static,
) -> PyResult<T> {
    let waiting = Arc::new(Waiting::default());
    let (sender, receiver) = channel();
    let worker = {
        let waiting = Arc::clone(&waiting);
        // If nobody waits any more, nobody misses the answer.
        std::thread::spawn(move || sender.send(work(&waiting)).ok())
    };
    py.detach(move || {
        loop {
            match receiver.recv_timeout(LOOK) {
                Ok(done) => return Ok(done),
                Err(RecvTimeoutError::Timeout) => Python::attach(|py| go_on(py, &waiting))?,
                // It panicked; whoever asked is told the same.
                Err(RecvTimeoutError::Disconnected) => match worker.join() {
                    Ok(_) => unreachable!("work that ends sends what it gives"),
                    Err(panic) => std::panic::resume_unwind(panic),
                },
            }
        }
    })
}

/// Whether the work is to go on; it is told if not.
fn go_on(py: Python<'_>, waiting: &Waiting) -> PyResult<()> {
    py.check_signals().inspect_err(|_| waiting.is_gone.store(true, Ordering::Relaxed))
}
