//! Opens an archive that comes from elsewhere, without trust.
//!
//! Nothing is unpacked to disk. Every path is checked before anything is read,
//! and sizes are counted while reading: what the archive says of itself is not
//! believed.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::ExchangeError;
use crate::documents::archive::bound_of;

/// The most entries that an archive may have.
const MAX_ENTRIES: usize = 20_000;
/// The most that all texts together may unpack to, in MB.
const MAX_ALL_MB: u64 = 1_000;

/// An archive whose paths are safe.
pub(super) struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    /// The paths with `/`, by number.
    paths: Vec<String>,
    /// How many bytes may still be unpacked.
    left: u64,
}

impl<'b> Archive<'b> {
    /// Reads the table of contents.
    ///
    /// # Errors
    /// [`ExchangeError`] if it is no archive, or holds too much, or a path leaves it.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, ExchangeError> {
        if !bytes.starts_with(b"PK") {
            return Err(ExchangeError::BadArchive("it does not start as one".to_owned()));
        }
        let zip = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| ExchangeError::BadArchive(error.to_string()))?;
        if zip.len() > MAX_ENTRIES {
            return Err(ExchangeError::TooManyEntries { n: zip.len(), most: MAX_ENTRIES });
        }
        let mut paths = Vec::with_capacity(zip.len());
        for number in 0..zip.len() {
            let name = match zip.name_for_index(number) {
                Some(Ok(name)) => name.into_owned(),
                _ => return Err(ExchangeError::BadArchive("a name cannot be read".to_owned())),
            };
            if leaves(&name) {
                return Err(ExchangeError::UnsafePath(name));
            }
            paths.push(name.replace('\\', "/"));
        }
        Ok(Self { zip, paths, left: MAX_ALL_MB * 1_000_000 })
    }

    /// The paths of all entries, by number.
    pub(super) fn paths(&self) -> &[String] {
        &self.paths
    }

    /// Unpacks an entry.
    ///
    /// # Errors
    /// [`ExchangeError`] if it is damaged or unpacks to too much.
    pub(super) fn read(&mut self, number: usize) -> Result<Vec<u8>, ExchangeError> {
        let path = self.paths[number].clone();
        let damaged = |problem: String| ExchangeError::BadArchive(format!("`{path}`: {problem}"));
        let file = self.zip.by_index(number).map_err(|error| damaged(error.to_string()))?;
        let packed = file.compressed_size();
        let bound = bound_of(packed).min(self.left);
        let mut bytes = Vec::new();
        file.take(bound + 1).read_to_end(&mut bytes).map_err(|error| damaged(error.to_string()))?;
        match self.left.checked_sub(bytes.len() as u64) {
            Some(left) if bytes.len() as u64 <= bound => self.left = left,
            _ => return Err(ExchangeError::TooLarge { path, most_mb: bound / 1_000_000 }),
        }
        Ok(bytes)
    }
}

/// Whether a path points out of the archive, on any system.
fn leaves(path: &str) -> bool {
    let is_drive = path.as_bytes().get(1) == Some(&b':')
        && path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    is_drive
        || path.starts_with(['/', '\\'])
        || path.split(['/', '\\']).any(|part| part == "..")
        || path.contains('\0')
}
