//! What long work says of itself, and when it is to stop.

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
}

impl<F: Fn(usize, usize) + Sync + ?Sized> Progress for F {
    fn tell(&self, done: usize, of: usize) {
        self(done, of);
    }
}
