//! Whether a path lies inside a study, however it is spelled.
//!
//! Nothing of a study is ever written by an export: neither transcripts and tables,
//! nor what is derived and decided. A path may reach them through links, through
//! `..`, or by a name in other letters where the file system makes no difference.

use std::fs;
use std::path::{Path, PathBuf};

/// The most links that one path may go through, as file systems have it.
const MAX_LINKS: usize = 40;

/// Whether writing to `path`, a file that may not be there yet, would change
/// something inside one of `places`, which are folders or files.
pub(crate) fn is_inside(path: &Path, places: &[&Path]) -> bool {
    // A link is a file of the folder in which it lies, and stands for another one.
    let own = path.file_name().map(|name| resolved(folder_of(path), MAX_LINKS).join(name));
    let meant = resolved(path, MAX_LINKS);
    let is_there = |file: &Path| {
        file.ancestors().any(|above| places.iter().any(|place| is_same(above, place)))
    };
    is_there(&meant) || own.is_some_and(|own| is_there(&own))
}

/// Whether two paths name one file or folder that is there.
fn is_same(a: &Path, b: &Path) -> bool {
    same_file::is_same_file(a, b).unwrap_or(false)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A path without links and `..`, as far as there is something at it.
fn resolved(path: &Path, most_links: usize) -> PathBuf {
    if let Ok(whole) = fs::canonicalize(path) {
        return whole;
    }
    let Some(name) = path.file_name() else { return path.to_owned() };
    let folder = folder_of(path);
    match fs::read_link(path) {
        // A link to a file that is not there yet.
        Ok(target) if most_links > 0 => resolved(&folder.join(target), most_links - 1),
        _ => resolved(folder, most_links).join(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_inside_however_it_is_spelled() {
        let desk = tempfile::tempdir().unwrap();
        let at = |path: &str| desk.path().join(path);
        for folder in ["study/.leitmotif", "study/participants", "store", "elsewhere"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        for file in ["study/P01.txt", "elsewhere/key.csv", "elsewhere/other.csv"] {
            fs::write(at(file), "words").unwrap();
        }
        let places = [at("study"), at("store"), at("elsewhere/key.csv")];
        let places: Vec<&Path> = places.iter().map(PathBuf::as_path).collect();
        let check = |path: &str, expected: bool| {
            assert_eq!(is_inside(&at(path), &places), expected, "{path}");
        };
        for path in [
            "study/P01.txt",
            "study/new.docx",
            "study/participants/new.qdpx",
            "study/none/new.md",
            "study/.leitmotif/study.db",
            "elsewhere/../study/P01.txt",
            "store/new.json",
            "elsewhere/key.csv",
            "study",
        ] {
            check(path, true);
        }
        for path in
            ["new.docx", "elsewhere/new.docx", "elsewhere/other.csv", "study.docx", "none/x"]
        {
            check(path, false);
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            symlink(at("study"), at("elsewhere/folder")).unwrap();
            symlink(at("study/P01.txt"), at("elsewhere/file.qdpx")).unwrap();
            symlink("../study/none.md", at("elsewhere/dangling.md")).unwrap();
            symlink(at("elsewhere/out.md"), at("study/out.md")).unwrap();
            symlink("round.md", at("elsewhere/round.md")).unwrap();
            fs::hard_link(at("elsewhere/key.csv"), at("elsewhere/linked.csv")).unwrap();
            for path in [
                "elsewhere/folder/new.md",
                "elsewhere/file.qdpx",
                "elsewhere/dangling.md",
                "elsewhere/linked.csv",
                "study/out.md",
            ] {
                check(path, true);
            }
            check("elsewhere/round.md", false);
        }
    }
}
