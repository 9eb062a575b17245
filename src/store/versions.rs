//! Numbered versions, each in a file of its own: `versions/0001.json`; what is kept beside
//! one, once, is in `versions/0001.names.json`.
//!
//! Values come in and get the next number; none is ever written over, whichever
//! processes keep one at the same time. They cannot be derived again.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::files::{Lasting, read_file, write_new};

/// The versions in a store.
#[derive(Debug, Clone)]
pub struct Versions {
    folder: PathBuf,
}

impl Versions {
    /// The versions in the store `folder`.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.join("versions") }
    }

    /// The numbers of those that are kept, rising.
    pub fn numbers(&self) -> Vec<u32> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let number = |entry: fs::DirEntry| -> Option<u32> {
            let number = entry.file_name().to_str()?.strip_suffix(".json")?.parse().ok()?;
            // Other files are not ours, whatever they are called.
            (entry.file_name().to_str()? == name_of(number)).then_some(number)
        };
        let numbers: BTreeSet<u32> = entries.flatten().filter_map(number).collect();
        numbers.into_iter().collect()
    }

    /// One by its number; `None` if it is not kept or damaged.
    pub fn read<T: DeserializeOwned>(&self, number: u32) -> Option<T> {
        serde_json::from_slice(&read_file(&self.folder.join(name_of(number))).ok()?).ok()
    }

    /// What is kept beside a version; `None` if nothing is, or it is damaged.
    pub fn read_beside<T: DeserializeOwned>(&self, number: u32, what: &str) -> Option<T> {
        serde_json::from_slice(&read_file(&self.folder.join(beside(number, what))).ok()?).ok()
    }

    /// Keeps something beside a version, unless something of the kind is kept there.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn keep_beside(&self, number: u32, what: &str, value: &impl Serialize) -> io::Result<bool> {
        let text = serde_json::to_vec(value).map_err(io::Error::other)?;
        write_new(&self.folder.join(beside(number, what)), &text, Lasting::Synced)
    }

    /// Keeps what `version` makes for the next number, and returns that number.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn keep<T: Serialize>(&self, version: impl Fn(u32) -> T) -> io::Result<u32> {
        fs::create_dir_all(&self.folder)?;
        let mut last = self.numbers().last().copied().unwrap_or(0);
        loop {
            let next = last.checked_add(1);
            let number = next.ok_or_else(|| io::Error::other("no number is left"))?;
            let text = serde_json::to_vec(&version(number)).map_err(io::Error::other)?;
            if write_new(&self.folder.join(name_of(number)), &text, Lasting::Synced)? {
                return Ok(number);
            }
            // Another process has just taken it.
            last = number;
        }
    }
}

fn beside(number: u32, what: &str) -> String {
    format!("{number:04}.{what}.json")
}

fn name_of(number: u32) -> String {
    format!("{number:04}.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_kept_at_once_never_overwrite_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let versions = Versions::new(folder.path());
        std::thread::scope(|scope| {
            for thread in 0..8_u32 {
                let versions = versions.clone();
                scope.spawn(move || {
                    for _ in 0..10 {
                        let number = versions.keep(|number| (number, thread)).unwrap();
                        assert_eq!(versions.read(number), Some((number, thread)));
                    }
                });
            }
        });
        assert_eq!(versions.numbers(), (1..=80).collect::<Vec<u32>>());
        fs::write(folder.path().join("versions/81.json"), "[]").unwrap();
        fs::write(folder.path().join("versions/0009.json"), "damaged").unwrap();
        assert_eq!(versions.numbers().last(), Some(&80));
        assert_eq!(versions.read::<(u32, u32)>(9), None);
        assert!(versions.keep_beside(80, "names", &["a"]).unwrap());
        assert!(!versions.keep_beside(80, "names", &["b"]).unwrap());
        assert_eq!(versions.read_beside::<Vec<String>>(80, "names").unwrap(), ["a"]);
        assert_eq!(versions.read_beside::<Vec<String>>(79, "names"), None);
        assert_eq!(versions.numbers().len(), 80);
    }
}
