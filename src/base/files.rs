//! Files that are written whole: whoever reads meanwhile sees the old one or the
//! new one, never half.
//!
//! What is written stands beside its place until it is whole, locked by whoever writes it.
//! So one that nobody locks was left by a process that was killed, and goes ([`sweep`]).

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::SystemTime;

use tempfile::{Builder, NamedTempFile, TempDir};

/// How the name of what is half written begins, and how many letters follow.
const HALF: &str = ".half-";
const N_RANDOM: usize = 6;

/// What holds of a file once it has been written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasting {
    /// It is on the disk, also if the power fails: for what cannot be made again.
    Synced,
    /// It may be lost with the power, as a whole: for what can be made again.
    Derived,
}

/// How long a file is, and when it was changed: another one was written since if it differs.
pub type FileStamp = (u64, Option<SystemTime>);

/// What a file is like now; `None` where there is none.
pub fn stamp_of(path: &Path) -> Option<FileStamp> {
    let found = fs::metadata(path).ok()?;
    Some((found.len(), found.modified().ok()))
}

/// Reads a file. A pipe or a device, of which nobody knows whether it ever ends, is refused
/// at once.
///
/// # Errors
/// If it is no file, or the disk refuses.
pub fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    check_file(path)?;
    fs::read(path)
}

/// Makes sure that there is a file or a folder, and neither a pipe nor a device.
///
/// # Errors
/// If not.
pub fn check_file(path: &Path) -> io::Result<()> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_file() || kind.is_dir() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a pipe or a device"))
}

/// Writes a file whole, in the place of one that may be there already.
///
/// The new file is made beside it under another name, and has the rights of the old
/// one, so that a file which only its owner may read stays so.
///
/// # Errors
/// If the folder or the disk refuses; the old file is as it was then.
pub fn write_whole(path: &Path, bytes: &[u8], lasting: Lasting) -> io::Result<()> {
    write_whole_by(path, lasting, |file| file.write_all(bytes))
}

/// Writes a file whole as [`write_whole`] does, as `write` writes it. Of a link, the file that
/// it leads to: the link stays one.
///
/// # Errors
/// If the folder, the disk or `write` refuses, or a link leads nowhere; the old file is as it
/// was then.
pub fn write_whole_by(
    path: &Path,
    lasting: Lasting,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let led = if path.is_symlink() { Some(fs::canonicalize(path)?) } else { None };
    let path = led.as_deref().unwrap_or(path);
    let half = half_of(path, lasting, write)?;
    #[cfg(unix)]
    if let Ok(old) = fs::metadata(path) {
        half.as_file().set_permissions(old.permissions())?;
    }
    half.persist(path).map_err(|error| error.error)?;
    finish(path, lasting);
    Ok(())
}

/// Writes a file whole unless there is one of this name; whether it was written.
///
/// # Errors
/// If the folder or the disk refuses.
pub fn write_new(path: &Path, bytes: &[u8], lasting: Lasting) -> io::Result<bool> {
    let half = half_of(path, lasting, |file| file.write_all(bytes))?;
    match half.persist_noclobber(path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        // Some file systems cannot rename without replacing.
        Err(_) => match File::options().write(true).create_new(true).open(path) {
            Ok(mut file) => {
                let written = file.write_all(bytes).and_then(|()| file.sync_all());
                if let Err(error) = written {
                    // Half of it would be taken for the whole.
                    fs::remove_file(path)?;
                    return Err(error);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(error),
        },
    }
    finish(path, lasting);
    Ok(true)
}

/// What became of a folder that was to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderWritten {
    /// All files are there, and no other.
    Whole,
    /// Nothing was done: the folder holds something else, by this name.
    HoldsOther(String),
}

/// Writes a folder of files whole, in the place of one that may be there already and
/// holds only files whose names are `ours`.
///
/// The new folder is made beside it under another name.
///
/// # Errors
/// If the disk refuses; the old folder is as it was then.
pub fn write_folder(
    path: &Path,
    files: &[(String, Vec<u8>)],
    is_ours: impl Fn(&str) -> bool,
) -> io::Result<FolderWritten> {
    // A link to a folder stays one.
    let old = fs::canonicalize(path).ok();
    let path = old.as_deref().unwrap_or(path);
    if old.is_some() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !is_ours(&name) || !entry.file_type()?.is_file() {
                return Ok(FolderWritten::HoldsOther(name));
            }
        }
    }
    sweep(folder_of(path));
    let (half, _held) = folder_beside(path)?;
    // What only its owner may look into stays so.
    #[cfg(unix)]
    if old.is_some() {
        fs::set_permissions(half.path(), fs::metadata(path)?.permissions())?;
    }
    for (name, bytes) in files {
        let mut file = File::create_new(half.path().join(name))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    if old.is_none() {
        fs::rename(half.path(), path)?;
    } else if !exchange(half.path(), path) {
        let (aside, _held) = folder_beside(path)?;
        let away = aside.path().join("old");
        fs::rename(path, &away)?;
        if let Err(error) = fs::rename(half.path(), path) {
            if fs::rename(&away, path).is_err() {
                // It is not where it was, and must not go with what is half written.
                let kept = aside.keep();
                return Err(io::Error::new(
                    error.kind(),
                    format!("{error}; what was there is in {}", kept.display()),
                ));
            }
            return Err(error);
        }
    }
    sync_folder(folder_of(path));
    Ok(FolderWritten::Whole)
}

/// Puts two folders into each other's place at once; whether the system can.
fn exchange(one: &Path, other: &Path) -> bool {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
    }
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    {
        let _ = (one, other);
        false
    }
}

/// An empty folder beside a path, and what holds it; it is gone again unless it is renamed.
fn folder_beside(path: &Path) -> io::Result<(TempDir, Option<File>)> {
    let mut builder = Builder::new();
    builder.prefix(HALF);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    loop {
        let folder = builder.tempdir_in(folder_of(path))?;
        // Some systems cannot open folders; nothing is swept there either.
        let held = File::open(folder.path()).ok();
        if held.as_ref().is_none_or(|file| is_held(file, folder.path())) {
            return Ok((folder, held));
        }
    }
}

/// Locks what is half written. It was taken for one that was left if it is gone then.
fn is_held(file: &File, path: &Path) -> bool {
    // Where nothing can be locked, nothing is swept.
    file.lock().ok();
    path.exists()
}

/// Takes away what processes left half written in a folder that were killed.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let end = name.to_str().and_then(|name| name.strip_prefix(HALF));
        let is_half = end.is_some_and(|end| {
            end.len() == N_RANDOM && end.chars().all(|sign| sign.is_ascii_alphanumeric())
        });
        if !is_half {
            continue;
        }
        let Ok(file) = File::open(entry.path()) else { continue };
        if file.try_lock().is_ok() {
            // What stays costs space and nothing else.
            fs::remove_file(entry.path()).or_else(|_| fs::remove_dir_all(entry.path())).ok();
        }
    }
}

/// Makes new names in a folder last, where the system can.
pub fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        // Some systems cannot do this for folders; they need not.
        folder.sync_all().ok();
    }
}

/// The folder that a path names something in.
fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// The content under a name of its own; it is gone again unless it is renamed.
fn half_of(
    path: &Path,
    lasting: Lasting,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(HALF);
    // As any new file; otherwise nobody else could read it in a shared folder.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // Derived files are many; whoever brings them up to date sweeps once.
    if lasting == Lasting::Synced {
        sweep(folder_of(path));
    }
    let mut half = loop {
        let half = builder.tempfile_in(folder_of(path))?;
        if is_held(half.as_file(), half.path()) {
            break half;
        }
    };
    write(half.as_file_mut())?;
    if lasting == Lasting::Synced {
        half.as_file().sync_all()?;
    }
    Ok(half)
}

fn finish(path: &Path, lasting: Lasting) {
    if lasting == Lasting::Synced {
        sync_folder(folder_of(path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.csv");
        for (text, lasting) in [("old", Lasting::Synced), ("new", Lasting::Derived)] {
            write_whole(&path, text.as_bytes(), lasting).unwrap();
            assert_eq!(fs::read(&path).unwrap(), text.as_bytes());
        }
        assert!(!write_new(&path, b"other", Lasting::Synced).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert!(write_whole(&folder.path().join("none/x"), b"", Lasting::Derived).is_err());
        assert_eq!(names(folder.path()), ["key.csv"]);
    }

    #[test]
    fn a_folder_is_written_whole_and_takes_the_place_of_its_own_kind_alone() {
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("tables");
        let files = |texts: &[(&str, &str)]| -> Vec<(String, Vec<u8>)> {
            texts.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().into())).collect()
        };
        let is_ours = |name: &str| name.contains(".csv");
        let write = |texts: &[(&str, &str)]| write_folder(&path, &files(texts), is_ours).unwrap();
        assert_eq!(write(&[("a.csv", "1"), ("b.csv", "2")]), FolderWritten::Whole);
        assert_eq!(write(&[("a.csv", "3")]), FolderWritten::Whole);
        assert_eq!(names(&path), ["a.csv"]);
        assert_eq!(fs::read(path.join("a.csv")).unwrap(), b"3");
        fs::write(path.join("letter.docx"), "").unwrap();
        assert_eq!(write(&[]), FolderWritten::HoldsOther("letter.docx".to_owned()));
        fs::remove_file(path.join("letter.docx")).unwrap();
        // A folder is none of the files, whatever it is called.
        fs::create_dir(path.join("c.csv")).unwrap();
        assert_eq!(write(&[]), FolderWritten::HoldsOther("c.csv".to_owned()));
        let twice = files(&[("d.csv", ""), ("d.csv", "")]);
        let other = desk.path().join("other");
        assert!(write_folder(&other, &twice, is_ours).is_err());
        assert_eq!(names(desk.path()), ["tables"]);
    }

    #[cfg(unix)]
    #[test]
    fn what_a_killed_process_left_goes_and_what_somebody_writes_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.csv");
        let (writing, _held) = folder_beside(&path).unwrap();
        let half = half_of(&path, Lasting::Derived, |file| file.write_all(b"new")).unwrap();
        fs::write(folder.path().join(".half-aBc123"), "left").unwrap();
        fs::create_dir(folder.path().join(".half-123456")).unwrap();
        fs::write(folder.path().join(".half-123456/a"), "left").unwrap();
        fs::write(folder.path().join(".half-moon.txt"), "somebody's own").unwrap();
        write_whole(&path, b"old", Lasting::Synced).unwrap();
        let mut left = names(folder.path());
        left.retain(|name| !["key.csv", ".half-moon.txt"].contains(&name.as_str()));
        left.sort();
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut expected = [name(writing.path()), name(half.path())];
        expected.sort();
        assert_eq!(left, expected);
        half.persist(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_only_its_owner_reads_stays_so() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.csv");
        write_whole(&path, b"old", Lasting::Synced).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let plain = folder.path().join("plain");
        fs::write(&plain, "").unwrap();
        assert_eq!(mode(&path), mode(&plain));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        write_whole(&path, b"new", Lasting::Synced).unwrap();
        assert_eq!(mode(&path), 0o600);
        let tables = folder.path().join("tables");
        write_folder(&tables, &[], |_| true).unwrap();
        fs::set_permissions(&tables, fs::Permissions::from_mode(0o700)).unwrap();
        write_folder(&tables, &[], |_| true).unwrap();
        assert_eq!(mode(&tables), 0o700);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_the_file_that_it_leads_to_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("disk")).unwrap();
        fs::write(at("disk/key.csv"), "old").unwrap();
        std::os::unix::fs::symlink("disk/key.csv", at("key.csv")).unwrap();
        write_whole(&at("key.csv"), b"new", Lasting::Synced).unwrap();
        assert!(at("key.csv").is_symlink());
        assert_eq!(fs::read(at("disk/key.csv")).unwrap(), b"new");
        // A disk that is not there must not leave its names here.
        fs::remove_dir_all(at("disk")).unwrap();
        assert!(write_whole(&at("key.csv"), b"names", Lasting::Synced).is_err());
        assert!(at("key.csv").is_symlink());
    }
}
