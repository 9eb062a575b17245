//! Derived values in files: written whole, read back only if sound.
//!
//! All of it may be deleted. A stored value is `LMTF`, the version of the format
//! (one byte), the first 16 bytes of the BLAKE3 hash of what follows, and the value
//! in postcard's format. What does not check is as good as not there.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The version of everything stored here. A change to any stored type, to the
/// readers, to the cutting of passages or to the analyzer makes a new one.
const VERSION: u8 = 4;

const MAGIC: &[u8; 4] = b"LMTF";

const HEAD: usize = 4 + 1 + 16;

/// Reads a stored value; `None` if it is missing, damaged or of another version.
pub fn load<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let bytes = fs::read(path).ok()?;
    let body = bytes.get(HEAD..)?;
    let is_sound = bytes.starts_with(MAGIC)
        && bytes[4] == VERSION
        && bytes[5..HEAD] == blake3::hash(body).as_bytes()[..16];
    if is_sound { postcard::from_bytes(body).ok() } else { None }
}

/// Stores a value so that a reader sees the old one or the new one, never half.
pub fn save<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
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
