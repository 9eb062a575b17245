//! What the pages of a study know that were let in, kept for the next process, and where they
//! are served.
//!
//! A fresh secret comes in; the one that is kept goes out, or the fresh one, kept from now
//! on. It is in `pages` under the store, for its owner's eyes only. One that others may
//! read, or that is no secret of ours, is never used. The port is in `served`: it may be that
//! of a process that is gone, so that whoever reads it must ask there.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use crate::base::files::{Lasting, read_file, write_whole};
use crate::study::STORE;

/// The file that holds it.
const NAME: &str = "pages";
/// The file that holds the port.
const PORT: &str = "served";
/// How many hexadecimal digits the secret has.
const N_DIGITS: usize = 64;

/// The secret of the study in `root`, whose store may lie elsewhere. A study that cannot be
/// written to has a fresh one each time.
pub fn kept(root: &Path, store: Option<&Path>, fresh: String) -> String {
    let folder = store.unwrap_or(root).join(STORE);
    let path = folder.join(NAME);
    if let Some(known) = read(&path) {
        return known;
    }
    // Pages are served before the study has been opened for the first time.
    fs::create_dir(&folder).ok();
    fs::remove_file(&path).ok();
    write(&path, &fresh).ok();
    fresh
}

/// Notes that the study is served at this port.
pub fn note_port(root: &Path, store: Option<&Path>, port: u16) {
    let path = store.unwrap_or(root).join(STORE).join(PORT);
    // Where it cannot be noted, a second start is not told of the first.
    write_whole(&path, port.to_string().as_bytes(), Lasting::Derived).ok();
}

/// Takes the note of this port away; one of another process stays.
pub fn forget_port(root: &Path, store: Option<&Path>, port: u16) {
    let path = store.unwrap_or(root).join(STORE).join(PORT);
    if port_in(&path) == Some(port) {
        fs::remove_file(path).ok();
    }
}

/// The port at which the study was served last, and what its pages know.
pub fn served(root: &Path, store: Option<&Path>) -> Option<(u16, String)> {
    let folder = store.unwrap_or(root).join(STORE);
    port_in(&folder.join(PORT)).zip(read(&folder.join(NAME)))
}

fn port_in(path: &Path) -> Option<u16> {
    String::from_utf8(read_file(path).ok()?).ok()?.trim().parse().ok()
}

/// Forgets the secret: pages that know it are strangers from then on.
pub fn forget(root: &Path, store: Option<&Path>) {
    // Where it cannot be removed, it could not be written either.
    fs::remove_file(store.unwrap_or(root).join(STORE).join(NAME)).ok();
}

fn read(path: &Path) -> Option<String> {
    let data = fs::symlink_metadata(path).ok()?;
    if !data.is_file() || !is_private(&data) {
        return None;
    }
    let known = String::from_utf8(read_file(path).ok()?).ok()?;
    let is_secret = known.len() == N_DIGITS && known.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_secret.then_some(known)
}

#[cfg(unix)]
fn is_private(data: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    // Six bits: what its group and others may do.
    data.permissions().mode().trailing_zeros() >= 6
}

#[cfg(not(unix))]
fn is_private(_data: &fs::Metadata) -> bool {
    true
}

fn write(path: &Path, secret: &str) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(secret.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_kept_for_its_owner_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let [first, second] = ["1", "2"].map(|digit| digit.repeat(N_DIGITS));
        assert_eq!(kept(root, None, first.clone()), first);
        assert_eq!(kept(root, None, second.clone()), first);
        forget(root, None);
        assert_eq!(kept(root, None, second.clone()), second);
        // What is no secret of ours is replaced.
        let path = root.join(STORE).join(NAME);
        fs::write(&path, "1").unwrap();
        assert_eq!(kept(root, None, first.clone()), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt as _, symlink};
            let mode = || fs::symlink_metadata(&path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(), 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert_eq!(kept(root, None, second.clone()), second);
            assert_eq!(mode(), 0o600);
            let elsewhere = root.join("elsewhere");
            fs::rename(&path, &elsewhere).unwrap();
            symlink(&elsewhere, &path).unwrap();
            assert_eq!(kept(root, None, first.clone()), first);
            assert_eq!(fs::read(elsewhere).unwrap(), second.as_bytes());
        }
    }
}
