//! One process at a time writes; the next one waits, then says who holds the study.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use super::StoreError;
use crate::base::files::read_file;

/// How long a process waits for another one.
pub const WAIT: Duration = Duration::from_secs(5);
/// How often it asks meanwhile.
const ASK: Duration = Duration::from_millis(20);
/// The file that is locked. The operating system unlocks it when its process
/// ends, however it ends.
const NAME: &str = "lock";
/// Who holds it: a locked file cannot be read everywhere.
const HOLDER: &str = "holder";

/// The right to write, given back when dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a store for `holder`.
    pub(super) fn take(folder: &Path, holder: &str) -> Result<Self, StoreError> {
        let path = folder.join(NAME);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(StoreError::file(&path))?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if start.elapsed() < WAIT => {
                    std::thread::sleep(ASK);
                }
                Err(TryLockError::WouldBlock) => {
                    let by = read_file(&folder.join(HOLDER)).unwrap_or_default();
                    let by = String::from_utf8_lossy(&by).trim().to_owned();
                    let by = if by.is_empty() { "another process".to_owned() } else { by };
                    return Err(StoreError::Held { by });
                }
                Err(TryLockError::Error(error)) => return Err(StoreError::file(&path)(error)),
            }
        }
        // Only a courtesy to the process that waits: without it, it cannot say who.
        fs::write(folder.join(HOLDER), holder).ok();
        Ok(Self { _file: file })
    }
}
