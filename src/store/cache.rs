//! Derived values in files: written whole, read back only if sound.
//!
//! All of it may be deleted. A stored value is `LMTF`, the version of the format
//! (one byte), the first 16 bytes of the BLAKE3 hash of what follows, and the value
//! in postcard's format. What does not check is as good as not there.

use std::fs::{self, File};
use std::io::{self, BufWriter, IntoInnerError, Read as _, Seek as _, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::files::{Lasting, check_file, read_file, write_whole_by};

/// The version of everything stored here. A change to any stored type, to the
/// readers, to the cutting of passages or to the analyzer makes a new one.
const VERSION: u8 = 18;

const MAGIC: &[u8; 4] = b"LMTF";

const HEAD: usize = 4 + 1 + 16;

/// Bytes that are hashed and written at once.
const WRITTEN_AT_ONCE: usize = 1 << 16;

/// Reads a stored value; `None` if it is missing, damaged or of another version.
pub fn load<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let bytes = read_file(path).ok()?;
    let body = bytes.get(HEAD..)?;
    let is_sound = bytes.starts_with(MAGIC)
        && bytes[4] == VERSION
        && bytes[5..HEAD] == blake3::hash(body).as_bytes()[..16];
    if is_sound { postcard::from_bytes(body).ok() } else { None }
}

/// Whether a file holds a stored value, of whatever version.
pub fn is_stored(path: &Path) -> bool {
    let mut start = [0; MAGIC.len()];
    let read = check_file(path).and_then(|()| File::open(path)?.read_exact(&mut start));
    read.is_ok() && start == *MAGIC
}

/// Stores a value so that a reader sees the old one or the new one, never half.
///
/// # Errors
/// If the folder or the disk refuses.
pub fn save<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    write_whole_by(path, Lasting::Derived, |file| {
        // The hash comes before what it is of, which may be too long to be held as bytes.
        file.write_all(&[0; HEAD])?;
        let body = Hashed { file, hasher: blake3::Hasher::new() };
        let mut body = BufWriter::with_capacity(WRITTEN_AT_ONCE, body);
        postcard::to_io(value, &mut body).map_err(io::Error::other)?;
        let Hashed { file, hasher } = body.into_inner().map_err(IntoInnerError::into_error)?;
        let mut head = [0; HEAD];
        head[..4].copy_from_slice(MAGIC);
        head[4] = VERSION;
        head[5..].copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        file.rewind()?;
        file.write_all(&head)
    })
}

/// A file that is hashed as it is written.
struct Hashed<'f> {
    file: &'f mut File,
    hasher: blake3::Hasher,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.hasher.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The file that those hold who may still need what is stored.
const IN_USE: &str = "in-use";

/// Says that a study is open, for as long as it is kept: nothing that is stored is
/// deleted meanwhile. The operating system forgets it when the process ends, however
/// it ends.
#[derive(Debug)]
pub struct InUse {
    file: File,
    path: PathBuf,
}

impl InUse {
    /// Holds what is stored under `cache` in the store; `None` where files cannot be
    /// locked, where nothing is ever deleted either, or where there is no such folder.
    pub fn hold(store: &Path) -> Option<Self> {
        let (file, path) = open_in_use(store)?;
        file.lock_shared().ok()?;
        Some(Self { file, path })
    }

    /// Whether the store is still where it was when it was opened: its folder has not
    /// been moved, and no other stands in its place.
    pub fn is_in_place(&self) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            let same = |held: fs::Metadata, there: fs::Metadata| {
                (held.dev(), held.ino()) == (there.dev(), there.ino())
            };
            let (held, there) = (self.file.metadata(), fs::metadata(&self.path));
            held.and_then(|held| Ok(same(held, there?))).unwrap_or(false)
        }
        // Elsewhere a folder cannot be moved while a file in it is open.
        #[cfg(not(unix))]
        self.path.exists()
    }
}

/// Says that no study is open; given back when dropped.
#[derive(Debug)]
pub struct Alone {
    _file: File,
}

impl Alone {
    /// Whether nobody holds what is stored; `None` too where files cannot be locked.
    pub fn take(store: &Path) -> Option<Self> {
        let (file, _) = open_in_use(store)?;
        file.try_lock().ok()?;
        Some(Self { _file: file })
    }
}

fn open_in_use(store: &Path) -> Option<(File, PathBuf)> {
    let path = store.join("cache").join(IN_USE);
    let made = File::options().read(true).write(true).create(true).truncate(false).open(&path);
    // A folder that cannot be written to can still be read, and held.
    let file = made.or_else(|_| File::open(&path)).ok()?;
    Some((file, path))
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

    #[test]
    fn nothing_is_swept_while_a_study_is_open() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("cache")).unwrap();
        let open = [InUse::hold(folder.path()).unwrap(), InUse::hold(folder.path()).unwrap()];
        assert!(Alone::take(folder.path()).is_none());
        let [first, second] = open;
        drop(first);
        assert!(Alone::take(folder.path()).is_none());
        drop(second);
        let alone = Alone::take(folder.path());
        assert!(alone.is_some());
        drop(alone);
        assert!(InUse::hold(folder.path()).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_store_that_was_moved_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        fs::create_dir_all(old.join("cache")).unwrap();
        let open = InUse::hold(&old).unwrap();
        assert!(open.is_in_place());
        fs::rename(&old, new).unwrap();
        assert!(!open.is_in_place());
        fs::create_dir_all(old.join("cache")).unwrap();
        fs::write(old.join("cache/in-use"), "").unwrap();
        assert!(!open.is_in_place());
    }
}
