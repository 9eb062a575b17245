//! What is kept for a person beside what they decide.
//!
//! [`Personal`] is what the workbench remembers for whoever uses this account: the studies
//! that were opened last, and the name that signs decisions. [`folders`] are the places among
//! which a study is chosen, [`sample`] is the study that comes with the program, [`drafts`]
//! are texts that were typed on a page and not sent, and by a [`secret`] a page that is open
//! knows the workbench again.
//!
//! The memory is one file in the person's own folder, outside every study, and holds no words of
//! anybody. Where it cannot be written nothing is remembered, and all else works.

pub mod drafts;
pub mod folders;
pub mod sample;
pub mod secret;

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::files::{Lasting, read_file, write_whole};

/// How many studies are remembered.
const MOST: usize = 12;
/// Where programs keep such things, inside the person's folder.
const STATE: &str = if cfg!(target_os = "macos") {
    "Library/Application Support"
} else if cfg!(windows) {
    "AppData/Local"
} else {
    ".local/state"
};

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Personal {
    /// The folders of the studies that were opened, the last one first.
    pub studies: Vec<PathBuf>,
    /// The name that signs decisions, if it was written on a page.
    pub coder: Option<String>,
}

impl Personal {
    /// What is remembered now; nothing if there is no such file.
    pub fn read() -> Self {
        place().map(|place| Self::at(&place)).unwrap_or_default()
    }

    /// Notes that a study was opened.
    pub fn note_study(root: &Path) {
        if let (Some(place), Ok(root)) = (place(), root.canonicalize()) {
            let mut known = Self::at(&place);
            known.studies.retain(|other| *other != root);
            known.studies.insert(0, root);
            known.studies.truncate(MOST);
            known.keep(&place);
        }
    }

    /// Notes the name that signs decisions from now on.
    pub fn note_coder(name: &str) {
        if let Some(place) = place() {
            Self { coder: Some(name.to_owned()), ..Self::at(&place) }.keep(&place);
        }
    }

    fn at(place: &Path) -> Self {
        let bytes = read_file(place).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// A path that is no Unicode cannot be written down, and is forgotten.
    fn keep(mut self, place: &Path) {
        self.studies.retain(|path| path.to_str().is_some());
        if let (Some(folder), Ok(bytes)) = (place.parent(), serde_json::to_vec(&self)) {
            fs::create_dir_all(folder).ok();
            write_whole(place, &bytes, Lasting::Derived).ok();
        }
    }
}

/// The file, in the folder that the system names for it, or in its usual one.
fn place() -> Option<PathBuf> {
    let named = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let named = named.filter(|path| path.is_absolute());
    let state = named.or_else(|| Some(std::env::home_dir()?.join(STATE)))?;
    Some(state.join("leitmotif").join("workbench.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_reads_back_and_a_damaged_file_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("new/workbench.json");
        assert_eq!(Personal::at(&place), Personal::default());
        let studies = vec![PathBuf::from("/a"), PathBuf::from("/b c")];
        let known = Personal { studies, coder: Some("Efa".to_owned()) };
        known.clone().keep(&place);
        assert_eq!(Personal::at(&place), known);
        fs::write(&place, "{").unwrap();
        assert_eq!(Personal::at(&place), Personal::default());
    }
}
