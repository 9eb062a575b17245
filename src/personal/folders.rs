//! The folders of a person, to choose that of a study on a page: a browser cannot hand us one.
//!
//! A place to start from and names of folders below it come in; the names of the folders
//! there go out, with how many files in each may be transcripts. Nothing else of a file is
//! looked at. Nobody walks upward, through a link, or into what is hidden.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::base::natural_order;
use crate::files::find::may_be_talk;
use crate::study::STORE;

/// How many entries of a folder, and of those in it, are looked at to count.
const MOST_ENTRIES: usize = 1000;
/// How deep.
const DEPTH: usize = 2;

/// Where walking starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// What it is called in an address and on a page.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
}

/// A folder, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its own name.
    pub name: String,
    /// How many files in it, and in the folders in it, may be transcripts.
    pub n_transcripts: usize,
    /// Whether it holds more than was looked at.
    pub is_more: bool,
    /// Whether a study lies there.
    pub is_study: bool,
}

/// The person's own folder, and drives that are put in.
pub fn starts() -> Vec<Start> {
    let home = std::env::home_dir().filter(|home| home.is_dir());
    let home = home.map(|folder| Start { name: "home".to_owned(), folder });
    let user = std::env::var("USER").unwrap_or_default();
    let media = [format!("/media/{user}"), format!("/run/media/{user}"), "/Volumes".to_owned()];
    let drives = media.iter().flat_map(|place| folders_in(Path::new(place)));
    let drive =
        |folder: PathBuf| Some(Start { name: folder.file_name()?.to_str()?.to_owned(), folder });
    home.into_iter().chain(drives.filter_map(drive)).collect()
}

/// The folder inside another one that is named by the names of folders, with `/` between
/// them; `None` if there is none, or if the way leads upward, through a link or into what is
/// hidden.
pub fn inside(start: &Path, names: &str) -> Option<PathBuf> {
    let mut folder = start.to_owned();
    if !names.is_empty() {
        for name in names.split('/') {
            folder.push(name_of_folder(name)?);
            // Of a link this is no folder.
            if !fs::symlink_metadata(&folder).ok()?.is_dir() {
                return None;
            }
        }
    }
    folder.is_dir().then_some(folder)
}

/// What may name one folder, and nothing else.
fn name_of_folder(name: &str) -> Option<&str> {
    let mut parts = Path::new(name).components();
    let is_one = matches!(parts.next(), Some(Component::Normal(part)) if part == name);
    let is_plain = !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0']);
    (is_one && parts.next().is_none() && is_plain).then_some(name)
}

/// The folders in one, by their names.
pub fn list(folder: &Path) -> Vec<Listed> {
    let mut listed: Vec<Listed> = folders_in(folder).iter().filter_map(|it| look(it)).collect();
    listed.sort_by(|a, b| natural_order(&a.name, &b.name));
    listed
}

/// What is shown of a folder; `None` if its name is no Unicode.
pub fn look(folder: &Path) -> Option<Listed> {
    let name = folder.file_name()?.to_str()?.to_owned();
    let (mut n_transcripts, mut n_seen) = (0, 0);
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((at, depth)) = open.pop() {
        for entry in fs::read_dir(&at).into_iter().flatten().flatten() {
            n_seen += 1;
            if n_seen > MOST_ENTRIES {
                break;
            }
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth + 1 < DEPTH && is_shown(&path) => {
                    open.push((path, depth + 1));
                }
                Ok(kind) if kind.is_file() => n_transcripts += usize::from(may_be_talk(&path)),
                _ => {}
            }
        }
    }
    let is_study = folder.join(STORE).is_dir();
    Some(Listed { name, n_transcripts, is_more: n_seen > MOST_ENTRIES, is_study })
}

/// Makes a new, empty folder; its path.
///
/// # Errors
/// If the name is none, something of this name is there, or the disk refuses.
pub fn make(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let name = name_of_folder(name).filter(|name| !name.contains(char::is_control));
    let name = name.ok_or(io::ErrorKind::InvalidInput)?;
    let made = folder.join(name);
    fs::create_dir(&made)?;
    Ok(made)
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.map(|entry| entry.path()).filter(|path| is_shown(path)).collect()
}

fn is_shown(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name_of_folder(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_walks_upward_through_a_link_or_into_what_is_hidden() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join("Documents/Study 1")).unwrap();
        fs::create_dir(home.path().join(".hidden")).unwrap();
        fs::write(home.path().join("Documents/a.txt"), "Ann: Aye.").unwrap();
        let at = |names: &str| inside(home.path(), names);
        assert_eq!(at(""), Some(home.path().to_owned()));
        assert_eq!(at("Documents/Study 1"), Some(home.path().join("Documents/Study 1")));
        let documents = Path::new(home.path()).join("Documents");
        for names in [
            "..",
            "Documents/..",
            "Documents/../.hidden",
            ".",
            "./Documents",
            "/",
            "/etc",
            "Documents/",
            "Documents//Study 1",
            ".hidden",
            "Documents/a.txt",
            "Documents\\Study 1",
            "C:",
            "Documents\0",
            "none",
            documents.to_str().unwrap(),
        ] {
            assert_eq!(at(names), None, "{names}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/", home.path().join("out")).unwrap();
            assert_eq!(at("out"), None);
            assert_eq!(at("out/etc"), None);
        }
        assert_eq!(list(home.path()).len(), 1);
    }

    #[test]
    fn a_folder_tells_how_many_transcripts_and_whether_a_study_is_there() {
        let home = tempfile::tempdir().unwrap();
        let study = home.path().join("Interviews");
        fs::create_dir_all(study.join("leaders/deeper/deepest")).unwrap();
        fs::create_dir(study.join(STORE)).unwrap();
        for name in ["a.txt", "b.docx", "c.jpg", "cases.csv", "~$b.docx", "leaders/d.vtt"] {
            fs::write(study.join(name), "").unwrap();
        }
        fs::write(study.join("leaders/deeper/e.txt"), "").unwrap();
        let listed = list(home.path());
        let expected = Listed {
            name: "Interviews".to_owned(),
            n_transcripts: 3,
            is_more: false,
            is_study: true,
        };
        assert_eq!(listed, [expected]);
    }

    #[test]
    fn a_new_folder_takes_nobodys_place() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(make(home.path(), "New").unwrap(), home.path().join("New"));
        for name in ["New", "", "..", "a/b", ".hidden", "/etc/x", "a\nb", "\u{1b}[31mred"] {
            assert!(make(home.path(), name).is_err(), "{name}");
        }
    }
}
