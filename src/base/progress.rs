//! What long work says of itself, and when it is to stop.

/// That work was stopped; nothing of it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped")]
pub struct Stopped;

/// Whoever waits for work that takes long.
///
/// A function of what is done and of how much is one that never stops the work.
pub trait Progress: Sync {
    /// Says how much is done of how much.
    fn tell(&self, done: usize, of: usize);

    /// Whether the work is to stop; it leaves nothing half-written then.
    fn is_stopped(&self) -> bool {
        false
    }

    /// Asked between parts of the work, a fraction of a second each.
    ///
    /// # Errors
    /// [`Stopped`] if it is to stop.
    fn go_on(&self) -> Result<(), Stopped> {
        if self.is_stopped() { Err(Stopped) } else { Ok(()) }
    }
}

impl<F: Fn(usize, usize) + Sync + ?Sized> Progress for F {
    fn tell(&self, done: usize, of: usize) {
        self(done, of);
    }
}
