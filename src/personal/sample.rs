//! The sample study, which comes with the program: sixteen invented interviews.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::folders;

/// The name of its folder.
pub const NAME: &str = "Leitmotif sample study";

macro_rules! files {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_bytes!(concat!("../../corpora/balint-online/", $path)))),+]
    };
}

/// Its files, by their paths inside it.
const FILES: &[(&str, &[u8])] = files![
    "README.md",
    "cases.csv",
    "study.toml",
    "guide.md",
    "leaders/L01.docx",
    "leaders/L02.vtt",
    "leaders/L03.txt",
    "leaders/L04.txt",
    "leaders/L05.srt",
    "leaders/L06.vtt",
    "participants/P01.vtt",
    "participants/P02.docx",
    "participants/P03.txt",
    "participants/P04.txt",
    "participants/P05.srt",
    "participants/P06.vtt",
    "participants/P07.docx",
    "participants/P08.txt",
    "participants/P09.txt",
    "participants/P10.md",
];

/// Its folder inside another one, into which it is written unless it is there already.
///
/// # Errors
/// If the disk refuses; what was written by then is taken away.
pub fn in_folder(folder: &Path) -> io::Result<PathBuf> {
    let place = folder.join(NAME);
    if place.is_dir() {
        return Ok(place);
    }
    let made = folders::make(folder, NAME)?;
    let write = |(path, bytes): &(&str, &[u8])| {
        let path = made.join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, bytes)
    };
    FILES.iter().try_for_each(write).inspect_err(|_refused| {
        fs::remove_dir_all(&made).ok();
    })?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_holds_every_interview_of_its_folder_and_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let made = in_folder(folder.path()).unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/balint-online");
        for group in ["leaders", "participants"] {
            for file in fs::read_dir(source.join(group)).unwrap() {
                let file = file.unwrap();
                let written = fs::read(made.join(group).join(file.file_name())).unwrap();
                assert_eq!(written, fs::read(file.path()).unwrap());
            }
        }
        fs::write(made.join("leaders/L03.txt"), "Changed.").unwrap();
        assert_eq!(in_folder(folder.path()).unwrap(), made);
        assert_eq!(fs::read(made.join("leaders/L03.txt")).unwrap(), b"Changed.");
    }
}
