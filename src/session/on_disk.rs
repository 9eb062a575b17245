//! Acts that change files of the study's folder: with their decision, or not at all.
//!
//! Changes come in; files are written and taken away. Before that a note under the
//! store says what is about to happen and which record belongs to it. The record comes
//! after the files, and the note goes last. Whoever finds one was not told by the
//! process that wrote it: if the record is there, all is done; else the files are put
//! back.
//!
//! | In the store | Holds |
//! | --- | --- |
//! | `changing.json` | the note: the hash of the record, and the changes |
//! | `removed/` | files that are not in the study's folder just now, by hash and name |

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::files::{Lasting, read_file, sweep, sync_folder, write_new, write_whole};
use crate::codebook::decision::Record;
use crate::codebook::{FileChange, TextEdit};
use crate::files::find::plain;
use crate::study::{Snapshot, StudyError};

/// The note of an act whose files are being changed.
const NOTE: &str = "changing.json";
/// The folder of files that are not in the study's folder.
const REMOVED: &str = "removed";

/// What the note says.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    record: String,
    changes: Vec<FileChange>,
}

/// A study's folder and its store.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    /// The folder of the transcripts.
    pub(super) root: &'a Path,
    /// The folder of derived data and decisions.
    pub(super) store: &'a Path,
}

/// Files that were changed for a record that is not kept yet.
#[derive(Debug)]
pub(super) struct Changed<'a> {
    places: Places<'a>,
    note: Note,
}

impl<'a> Places<'a> {
    /// Changes files for the record with this hash.
    ///
    /// # Errors
    /// [`StudyError::ChangedByHand`] if a file is not what it was after the change
    /// before; [`StudyError::Store`]. All files are then as they were.
    pub(super) fn change(
        self,
        changes: Vec<FileChange>,
        record: &str,
    ) -> Result<Changed<'a>, StudyError> {
        let changed = Changed { places: self, note: Note { record: record.to_owned(), changes } };
        if changed.note.changes.is_empty() {
            return Ok(changed);
        }
        changed.note.changes.iter().try_for_each(|change| self.check_may_change(change))?;
        let path = self.store.join(NOTE);
        let text = serde_json::to_vec(&changed.note).expect("a note has text keys only");
        write_whole(&path, &text, Lasting::Synced).map_err(StudyError::cannot_write(&path))?;
        match changed.note.changes.iter().try_for_each(|change| self.carry_out(change)) {
            Ok(()) => Ok(changed),
            Err(error) => {
                changed.take_back();
                Err(error)
            }
        }
    }

    /// Whether an act was interrupted.
    pub(super) fn is_interrupted(self) -> bool {
        self.store.join(NOTE).is_file()
    }

    /// Ends an act that was interrupted; whether its files were put back. To be called by
    /// the one process that may decide, with all `records`.
    ///
    /// # Errors
    /// [`StudyError::Store`] if the note cannot be read.
    pub(super) fn mend(self, records: &[Record]) -> Result<bool, StudyError> {
        let path = self.store.join(NOTE);
        let Some(bytes) = read(&path)? else { return Ok(false) };
        let note: Note = serde_json::from_slice(&bytes)
            .map_err(|error| StudyError::Store { path, problem: error.to_string() })?;
        let is_kept = records.iter().any(|record| record.hash == note.record);
        for change in &note.changes {
            sweep(self.root.join(&change.path).parent().unwrap_or(self.root));
        }
        let changed = Changed { places: self, note };
        if is_kept {
            changed.done();
        } else {
            changed.take_back();
        }
        Ok(!is_kept)
    }

    /// Keeps bytes that are to become a file of this path; whether they were not kept yet.
    ///
    /// # Errors
    /// [`StudyError::Store`].
    pub(super) fn keep(self, path: &str, bytes: &[u8]) -> Result<bool, StudyError> {
        let hash = FileChange::hash_of(bytes);
        let place = self.kept(path, &hash);
        if read(&place)?.is_some_and(|kept| FileChange::hash_of(&kept) == hash) {
            return Ok(false);
        }
        let folder = self.store.join(REMOVED);
        fs::create_dir_all(&folder).map_err(StudyError::cannot_write(&folder))?;
        write_new(&place, bytes, Lasting::Synced).map_err(StudyError::cannot_write(&place))
    }

    /// Lets bytes go that were kept.
    pub(super) fn forget(self, path: &str, hash: &str) {
        // A copy that stays costs space and nothing else.
        fs::remove_file(self.kept(path, hash)).ok();
    }

    fn kept(self, path: &str, hash: &str) -> PathBuf {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.store.join(REMOVED).join(format!("{} {name}", &hash[..hash.len().min(12)]))
    }

    /// Refuses to change a file that is to stay as it is, whatever its folder allows.
    fn check_may_change(self, change: &FileChange) -> Result<(), StudyError> {
        let path = self.root.join(&change.path);
        let not_changed = |problem: &str| StudyError::NotChanged {
            path: change.path.clone(),
            problem: problem.to_owned(),
        };
        match fs::metadata(&path) {
            Ok(data) if data.permissions().readonly() => Err(not_changed("it is read-only")),
            Err(_) if path.is_symlink() => Err(not_changed("it is a link to a file that is gone")),
            // What else is wrong is told where the file is read or written.
            _ => Ok(()),
        }
    }

    /// Makes a file what a change says. One that is so already stays as it is.
    fn carry_out(self, change: &FileChange) -> Result<(), StudyError> {
        let path = self.root.join(&change.path);
        let by_hand = || StudyError::ChangedByHand { path: change.path.clone() };
        let now = read(&path)?;
        let is = |hash: &Option<String>| now.as_deref().map(FileChange::hash_of) == *hash;
        if is(&change.after) {
            return Ok(());
        }
        if !is(&change.before) {
            return Err(by_hand());
        }
        let now = now.unwrap_or_default();
        let next = match (&change.after, &change.edit) {
            (None, _) => None,
            (Some(_), Some(edit)) => Some(edited(&now, edit).ok_or_else(by_hand)?),
            (Some(hash), None) => {
                let place = self.kept(&change.path, hash);
                let kept = read(&place)?.filter(|bytes| FileChange::hash_of(bytes) == *hash);
                let problem = "the copy that was kept of it is gone".to_owned();
                let gone = StudyError::Store { path: path.clone(), problem };
                Some(kept.ok_or(gone)?)
            }
        };
        if change.edit.is_none() && change.before.is_some() {
            self.keep(&change.path, &now)?;
        }
        let folder = path.parent().unwrap_or(self.root);
        let written = match next {
            None => fs::remove_file(&path).map(|()| {
                sync_folder(folder);
                true
            }),
            Some(bytes) if change.before.is_some() => {
                write_whole(&path, &bytes, Lasting::Synced).map(|()| true)
            }
            Some(bytes) => {
                fs::create_dir_all(folder).and_then(|()| write_new(&path, &bytes, Lasting::Synced))
            }
        };
        match written {
            Ok(true) => Ok(()),
            Ok(false) => Err(by_hand()),
            Err(error) => {
                let (path, problem) = (change.path.clone(), plain(&error));
                Err(StudyError::NotChanged { path, problem })
            }
        }
    }
}

impl Changed<'_> {
    /// The record is kept: the note goes, and copies of what stands in the folder now.
    pub(super) fn done(self) {
        let Self { places, note } = self;
        for change in note.changes.iter().filter(|change| change.edit.is_none()) {
            if let Some(hash) = &change.after {
                places.forget(&change.path, hash);
            }
        }
        places.remove_note();
    }

    /// The record is not kept: the files become what they were, as far as they are what
    /// the act made of them.
    pub(super) fn take_back(self) {
        let Self { places, note } = self;
        let mut is_whole = true;
        for change in note.changes.iter().rev() {
            let done = places.carry_out(&change.reversed());
            // What somebody else has changed since is theirs.
            is_whole &= matches!(done, Ok(()) | Err(StudyError::ChangedByHand { .. }));
        }
        // The next one who decides tries again.
        if is_whole {
            places.remove_note();
        }
    }
}

impl Places<'_> {
    fn remove_note(self) {
        if fs::remove_file(self.store.join(NOTE)).is_ok() {
            sync_folder(self.store);
        }
    }
}

/// The bytes of a text after an edit; `None` if it is not the text that was edited.
fn edited(bytes: &[u8], edit: &TextEdit) -> Option<Vec<u8>> {
    Some(edit.apply(std::str::from_utf8(bytes).ok()?)?.into_bytes())
}

/// The bytes of a file; `None` if there is none.
fn read(path: &Path) -> Result<Option<Vec<u8>>, StudyError> {
    match read_file(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StudyError::cannot_write(path)(error)),
    }
}

impl Snapshot {
    /// Where its files are, and what belongs to them.
    pub(super) fn places(&self) -> Places<'_> {
        Places { root: &self.folder.root, store: &self.folder.store }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Diagnose as _;

    struct Desk(tempfile::TempDir);

    impl Desk {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir_all(folder.path().join("store")).unwrap();
            Self(folder)
        }

        fn with<T>(&self, work: impl FnOnce(Places<'_>) -> T) -> T {
            work(Places { root: self.0.path(), store: &self.0.path().join("store") })
        }

        fn text(&self, name: &str) -> Option<String> {
            String::from_utf8(fs::read(self.0.path().join(name)).ok()?).ok()
        }

        fn kept(&self) -> usize {
            fs::read_dir(self.0.path().join("store/removed")).map_or(0, Iterator::count)
        }
    }

    fn changes() -> Vec<FileChange> {
        vec![
            FileChange::edited("study.toml", None, "a = 1\n"),
            FileChange::added("group/P01.txt", b"Ann: Hello.\n"),
        ]
    }

    fn record(hash: &str) -> Record {
        Record { body: String::new(), hash: hash.to_owned() }
    }

    #[test]
    fn files_are_changed_and_changed_back() {
        let desk = Desk::new();
        desk.with(|places| {
            assert!(places.keep("group/P01.txt", b"Ann: Hello.\n").unwrap());
            places.change(changes(), "1").unwrap().done();
        });
        assert_eq!(desk.text("study.toml").as_deref(), Some("a = 1\n"));
        assert_eq!(desk.text("group/P01.txt").as_deref(), Some("Ann: Hello.\n"));
        assert_eq!(desk.kept(), 0);
        let back: Vec<FileChange> = changes().iter().rev().map(FileChange::reversed).collect();
        desk.with(|places| places.change(back, "2").unwrap().done());
        assert_eq!((desk.text("study.toml"), desk.text("group/P01.txt")), (None, None));
        assert_eq!(desk.kept(), 1);
        desk.with(|places| places.change(changes(), "3").unwrap().done());
        assert_eq!(desk.text("group/P01.txt").as_deref(), Some("Ann: Hello.\n"));
    }

    #[test]
    fn what_was_changed_by_hand_is_left_and_so_is_all_else() {
        let desk = Desk::new();
        desk.with(|places| {
            places.keep("group/P01.txt", b"Ann: Hello.\n").unwrap();
            places.change(changes(), "1").unwrap().done();
            fs::write(places.root.join("study.toml"), "a = 2\n").unwrap();
            let back: Vec<FileChange> = changes().iter().rev().map(FileChange::reversed).collect();
            let refused = places.change(back, "2");
            assert!(
                matches!(refused, Err(StudyError::ChangedByHand { path }) if path == "study.toml")
            );
            assert!(!places.is_interrupted());
        });
        assert_eq!(desk.text("study.toml").as_deref(), Some("a = 2\n"));
        assert_eq!(desk.text("group/P01.txt").as_deref(), Some("Ann: Hello.\n"));
        // A new file never stands in the place of another one.
        desk.with(|places| {
            places.keep("study.toml", b"b = 1\n").unwrap();
            assert!(places.change(vec![FileChange::added("study.toml", b"b = 1\n")], "3").is_err());
        });
        assert_eq!(desk.text("study.toml").as_deref(), Some("a = 2\n"));
    }

    #[cfg(unix)]
    #[test]
    fn settings_that_are_a_link_stay_one_and_read_only_ones_stay_as_they_are() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let desk = Desk::new();
        let edit = || vec![FileChange::edited("study.toml", Some("a = 1\n"), "a = 2\n")];
        desk.with(|places| {
            let (link, shared) = (places.root.join("study.toml"), places.root.join("shared.toml"));
            fs::write(&shared, "a = 1\n").unwrap();
            fs::set_permissions(&shared, fs::Permissions::from_mode(0o640)).unwrap();
            symlink("shared.toml", &link).unwrap();
            places.change(edit(), "1").unwrap().done();
            assert!(link.is_symlink());
            assert_eq!(fs::read(&shared).unwrap(), b"a = 2\n");
            assert_eq!(fs::metadata(&shared).unwrap().permissions().mode() & 0o777, 0o640);
            let back = || edit().iter().map(FileChange::reversed).collect();
            fs::set_permissions(&shared, fs::Permissions::from_mode(0o440)).unwrap();
            let refused = places.change(back(), "2").unwrap_err().diagnostic().text();
            assert_eq!(
                refused,
                "study.toml: this file cannot be changed: it is read-only\n  \
                 hint: let yourself write to it, or make the change there yourself; nothing was done"
            );
            assert!(!places.is_interrupted());
            fs::remove_file(&shared).unwrap();
            let gone = places.change(edit(), "3").unwrap_err().to_string();
            assert!(gone.ends_with("it is a link to a file that is gone"), "{gone}");
            assert!(link.is_symlink() && !shared.exists());
        });
    }

    #[test]
    fn an_interrupted_act_is_whole_or_gone() {
        let desk = Desk::new();
        desk.with(|places| {
            places.keep("group/P01.txt", b"Ann: Hello.\n").unwrap();
            // As if the process ended before the record was kept.
            drop(places.change(changes(), "1").unwrap());
            assert!(places.is_interrupted());
            assert!(places.mend(&[record("0")]).unwrap());
        });
        assert_eq!((desk.text("study.toml"), desk.text("group/P01.txt")), (None, None));
        desk.with(|places| {
            drop(places.change(changes(), "1").unwrap());
            assert!(!places.mend(&[record("0"), record("1")]).unwrap());
            assert!(!places.is_interrupted());
        });
        assert_eq!(desk.text("group/P01.txt").as_deref(), Some("Ann: Hello.\n"));
        // One that ended in the middle goes back as far as it came.
        desk.with(|places| {
            let note = Note {
                record: "2".to_owned(),
                changes: vec![
                    FileChange::edited("study.toml", Some("a = 1\n"), "a = 2\n"),
                    FileChange::edited("study.toml", Some("a = 2\n"), "a = 1\n"),
                    FileChange::edited("study.toml", Some("a = 1\n"), "a = 3\n"),
                ],
            };
            let text = serde_json::to_vec(&note).unwrap();
            for middle in ["a = 1\n", "a = 2\n", "a = 3\n"] {
                fs::write(places.root.join("study.toml"), middle).unwrap();
                fs::write(places.store.join(NOTE), &text).unwrap();
                assert!(places.mend(&[]).unwrap());
                let now = fs::read(places.root.join("study.toml")).unwrap();
                assert_eq!(now, b"a = 1\n", "from {middle}");
            }
        });
    }
}
