//! What is remembered of every file between two runs.
//!
//! All of it is derived and may be deleted. A stored value is
//! `LMTF`, the version of the format (one byte), the first 16 bytes of the
//! BLAKE3 hash of what follows, and the value in postcard's format. What does
//! not check is as good as not there.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::base::Diagnostic;
use crate::passages::Passage;
use crate::terms::Language;
use crate::transcripts::Speaker;

/// The version of everything stored here. A change to any stored type, to the
/// readers, to the cutting of passages or to the analyzer makes a new one.
const VERSION: u8 = 3;
const MAGIC: &[u8; 4] = b"LMTF";
const HEAD: usize = 4 + 1 + 16;

/// All files as they were when last read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Catalogue {
    /// What the index's last commit carries if it belongs to this catalogue.
    pub(super) revision: String,
    /// The number that the next new transcript gets.
    pub(super) next_number: u32,
    /// Labels that were declared when the files were read.
    pub(super) declared: Vec<String>,
    /// One entry a file, in natural order of their paths.
    pub(super) entries: Vec<Entry>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) n_bytes: u64,
    pub(super) modified_ns: i128,
    pub(super) hash: [u8; 32],
    pub(super) content: Content,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Content {
    Transcript(Box<Known>),
    /// No transcript, and why.
    Refused(Diagnostic),
}

/// What is known of a transcript without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The number under which the index knows it.
    pub number: u32,
    /// The id: the path without its ending.
    pub id: String,
    /// What the file was recognised as.
    pub layout: String,
    /// Who talks.
    pub speakers: Vec<Speaker>,
    /// How many turns.
    pub n_turns: u32,
    /// How many words, split at white space.
    pub n_words: u32,
    /// How long the recording is, where the file tells.
    pub duration_ms: Option<u64>,
    /// The language whose stems are used.
    pub language: Language,
    /// Why this language, for people.
    pub language_reason: String,
    /// The passages.
    pub passages: Vec<Passage>,
    /// What could not be used.
    pub warnings: Vec<Diagnostic>,
    /// Attributes that the file gives to speakers, by label.
    pub attributes: std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>,
    /// The name under which its text is kept.
    pub(super) text_key: String,
    /// The name under which its words are kept.
    pub(super) terms_key: String,
}

/// Reads a stored value; `None` if it is missing, damaged or of another version.
pub(super) fn load<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let bytes = fs::read(path).ok()?;
    let body = bytes.get(HEAD..)?;
    let is_sound = bytes.starts_with(MAGIC)
        && bytes[4] == VERSION
        && bytes[5..HEAD] == blake3::hash(body).as_bytes()[..16];
    if is_sound { postcard::from_bytes(body).ok() } else { None }
}

/// Stores a value so that a reader sees the old one or the new one, never half.
pub(super) fn save<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    let body = postcard::to_stdvec(value).map_err(io::Error::other)?;
    // Two processes may store the same value at once; each has its own file.
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}-{:?}", std::process::id(), std::thread::current().id()));
    let half = path.with_file_name(name);
    let mut file = fs::File::create(&half)?;
    file.write_all(MAGIC)?;
    file.write_all(&[VERSION])?;
    file.write_all(&blake3::hash(&body).as_bytes()[..16])?;
    file.write_all(&body)?;
    drop(file);
    fs::rename(&half, path).inspect_err(|_| {
        // Nothing more can be done about the half file; the next clean-up finds it.
        fs::remove_file(&half).ok();
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_value_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("value");
        save(&path, &vec![1_u32, 2, 3]).unwrap();
        assert_eq!(load::<Vec<u32>>(&path), Some(vec![1, 2, 3]));
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(&path, &damaged).unwrap();
            assert_eq!(load::<Vec<u32>>(&path), None, "byte {at}");
            fs::write(&path, &whole[..at]).unwrap();
            assert_eq!(load::<Vec<u32>>(&path), None, "cut at {at}");
        }
    }
}
