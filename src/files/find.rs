//! Finds the interview files of a folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::{MAX_BYTES, SourceProblem, is_transcript_ending};
use crate::base::files::read_file;
use crate::base::{Diagnose, Diagnostic, Remedy, Warned, natural_order};

/// A file that may be a transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// The path inside the study, with `/` between its parts.
    pub path: String,
    /// Where to open it.
    pub location: PathBuf,
    /// Its length in bytes.
    pub n_bytes: u64,
    /// When it was last changed, in nanoseconds since 1970; only compared.
    pub modified_ns: i128,
}

impl FoundFile {
    /// Reads its bytes.
    ///
    /// # Errors
    /// [`SourceProblem::TooLarge`], or [`SourceProblem::Unreadable`].
    pub fn read(&self) -> Result<Vec<u8>, SourceProblem> {
        if self.n_bytes > MAX_BYTES {
            return Err(SourceProblem::TooLarge);
        }
        read_file(&self.location).map_err(|error| SourceProblem::Unreadable(plain(&error)))
    }
}

/// What a folder holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Files that may be transcripts, in natural order of their paths.
    pub files: Vec<FoundFile>,
    /// Files that were left alone, with the reason, for people.
    pub left_alone: Vec<(String, &'static str)>,
    /// Files and folders that are hidden or that the settings leave out.
    pub ignored: Vec<String>,
}

impl Found {
    /// What to do first where there is no transcript yet: with recordings, and with projects of
    /// other programs.
    pub fn to_do_first(&self) -> Vec<Diagnostic> {
        let recordings = || self.left_alone.iter().filter(|(_, reason)| *reason == IS_RECORDING);
        let mut to_do = Vec::new();
        if let Some((first, _)) = recordings().next() {
            let more = recordings().count() - 1;
            let problem = match more {
                0 => "this is a recording; only a transcript of it can be read".to_owned(),
                _ => format!("this and {more} more are recordings; only transcripts can be read"),
            };
            let advice = "transcribe them first, by hand or with a program such as Whisper, noScribe, Otter, Teams or Zoom, and put the transcripts (.docx, .vtt, .srt, .txt) here";
            to_do.push(Diagnostic::new(problem).of_file(first.clone()).with(Remedy::new(advice)));
        }
        for (path, reason) in &self.left_alone {
            if is_project(&ending_of(path)).is_some() {
                let (problem, advice) = reason.split_once("; ").unwrap_or((reason, ""));
                let problem = problem.replacen("is", "this is", 1);
                to_do
                    .push(Diagnostic::new(problem).of_file(path.clone()).with(Remedy::new(advice)));
            }
        }
        to_do
    }
}

/// Names, without ending, of files that go with a study but are no talk.
const ABOUT_WORDS: &[&str] = &[
    "readme",
    "license",
    "licence",
    "license-mit",
    "license-apache",
    "copying",
    "changelog",
    "contributing",
    "code_of_conduct",
    "_index",
];
/// The same, where transcripts stand beside them.
const ABOUT_OTHERS: &[&str] = &["index", "about"];
/// Files that the study itself is described by.
pub const OWN_FILES: &[&str] = &["cases.csv", "study.toml", "pseudonyms.csv"];
/// Endings of what may lie beside transcripts without being meant as one.
const COMPANIONS: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "heic", "svg", "tif", "tiff", "webp", "toml", "yaml", "yml",
    "ini", "lnk", "url", "db", "bak", "tmp", "log", "py", "r", "rmd", "sh", "bat", "jsonl", "qdpx",
    "qda", "qdc", "sqlite", "sqlite3",
];
/// Endings of recordings.
const RECORDINGS: &[&str] = &[
    "mp3", "mp4", "m4a", "m4v", "wav", "ogg", "opus", "flac", "aac", "wma", "webm", "mov", "avi",
    "mkv", "amr", "3gp", "aiff", "aif", "wmv", "mts", "ds2", "dss",
];
/// Why a recording is left alone.
const IS_RECORDING: &str = "is a recording; only a transcript of it can be read";

/// Why a file of another program's project is left alone, and how its content comes in.
fn is_project(ending: &str) -> Option<&'static str> {
    let of = |name: &str| ending.strip_prefix(name).is_some_and(|year| year.parse::<u16>().is_ok());
    match ending {
        "nvp" | "nvpx" => {
            Some("is a project of NVivo; export it there as REFI-QDA (.qdpx), and import that")
        }
        _ if ending == "atlproj" || of("atlproj") => {
            Some("is a project of ATLAS.ti; export it there as REFI-QDA (.qdpx), and import that")
        }
        _ if of("mx") => {
            Some("is a project of MAXQDA; export it there as REFI-QDA (.qdpx), and import that")
        }
        _ => None,
    }
}
/// Folders deeper than this are taken for a mistake.
const MAX_DEPTH: usize = 32;

/// Lists the files under `root`.
///
/// Hidden files and folders are passed over. Links are followed, but no folder
/// is entered twice. `ignore` holds paths or patterns with `*` (any characters
/// but `/`) or `**` (any folders) relative to `root`. Trouble with one entry is a
/// warning.
pub fn find(root: &Path, ignore: &[String]) -> Warned<Found> {
    let ignored = globs(ignore);
    let mut found = Found::default();
    let mut warnings = Vec::new();
    let mut entered: BTreeSet<PathBuf> = BTreeSet::new();
    let mut open: Vec<(PathBuf, String, usize)> = vec![(root.to_owned(), String::new(), 0)];
    while let Some((folder, inside, depth)) = open.pop() {
        let warn = |path: &str, problem: String, hint: &str| {
            Diagnostic::new(problem)
                .in_file(path.to_owned(), None)
                .with(Remedy::new(hint.to_owned()))
        };
        let real = match fs::canonicalize(&folder) {
            Ok(real) => real,
            Err(error) => {
                warnings.push(warn(
                    &inside,
                    format!("the folder cannot be read: {}", plain(&error)),
                    "check that it exists and that you may read it",
                ));
                continue;
            }
        };
        if !entered.insert(real) {
            warnings.push(warn(
                &inside,
                "the folder was read before under another name".to_owned(),
                "remove the link that leads back to it",
            ));
            continue;
        }
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                warnings.push(warn(
                    &inside,
                    format!("the folder cannot be read: {}", plain(&error)),
                    "check that you may read it",
                ));
                continue;
            }
        };
        // The order of a folder's entries is the file system's affair.
        let mut names: Vec<PathBuf> =
            entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        names.sort();
        let n_talks = names.iter().filter(|path| may_be_talk(path)).count();
        for location in names {
            let Some(name) = location.file_name() else { continue };
            let Some(name) = name.to_str() else {
                let shown = format!("{inside}{}", name.to_string_lossy());
                warnings.push(warn(
                    &shown,
                    "the name is not valid Unicode".to_owned(),
                    "rename the file",
                ));
                continue;
            };
            let path = format!("{inside}{name}");
            if is_passed_over(&path, &ignored) {
                found.ignored.push(path);
                continue;
            }
            match fs::metadata(&location) {
                Ok(data) if data.is_dir() && depth >= MAX_DEPTH => {
                    warnings.push(warn(
                        &path,
                        format!("folders inside folders are read up to {MAX_DEPTH} levels"),
                        "move the transcripts up",
                    ));
                }
                Ok(data) if data.is_dir() => open.push((location, format!("{path}/"), depth + 1)),
                Ok(data) if data.is_file() => {
                    let is_index = n_talks > 1 && ABOUT_OTHERS.contains(&stem_of(name).as_str());
                    let reason = left_alone(name, inside.is_empty());
                    let reason = reason.or_else(|| is_index.then_some("describes the folder"));
                    if let Some(reason) = reason {
                        found.left_alone.push((path, reason));
                        continue;
                    }
                    let ending = ending_of(name);
                    if !ending.is_empty() && !is_transcript_ending(&ending) {
                        let problem = SourceProblem::UnknownKind(ending).diagnostic();
                        warnings.push(problem.of_file(path));
                        continue;
                    }
                    found.files.push(FoundFile {
                        path,
                        location,
                        n_bytes: data.len(),
                        modified_ns: modified_ns(&data),
                    });
                }
                Ok(_) => warnings.push(warn(
                    &path,
                    "this is neither a file nor a folder".to_owned(),
                    "remove it",
                )),
                Err(error) => {
                    let hint = "perhaps it is a link to a file that no longer exists: remove it, or restore the file";
                    warnings.push(warn(
                        &path,
                        format!("the file cannot be read: {}", plain(&error)),
                        hint,
                    ));
                }
            }
        }
    }
    found.files.sort_by(|a, b| natural_order(&a.path, &b.path));
    found.left_alone.sort();
    warnings.sort();
    Warned { value: found, warnings }
}

/// The patterns that name none of these files and folders, nor a folder above one.
pub fn name_nothing<'p>(
    patterns: &'p [String],
    paths: &[&str],
) -> impl Iterator<Item = &'p String> {
    let is_of = |path: &&str, pattern: &String| matches(path, std::slice::from_ref(pattern));
    let names_nothing = move |pattern: &&String| {
        let is_inside =
            patterns.iter().any(|other| other != *pattern && is_of(&&***pattern, other));
        !is_inside && !paths.iter().any(|path| is_of(path, pattern))
    };
    patterns.iter().filter(names_nothing)
}

/// Whether one of these patterns names a file at this path, or a folder above it.
pub fn matches(path: &str, patterns: &[String]) -> bool {
    let named = globs(patterns);
    let mut ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.any(|end| named.is_match(&path[..end]))
}

/// Whether [`find`] would come upon a file at this path relative to the root, and
/// read it or wonder what it is.
pub fn comes_upon(path: &str, ignore: &[String]) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    let ignored = globs(ignore);
    !ends.into_iter().any(|end| is_passed_over(&path[..end], &ignored))
        && left_alone(name, !path.contains('/')).is_none()
}

/// Whether a file or folder is hidden, open in Word, or to be ignored.
fn is_passed_over(path: &str, ignored: &GlobSet) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with('.') || name.starts_with("~$") || ignored.is_match(path)
}

/// Why a file is taken for something that goes with the transcripts.
pub fn left_alone(name: &str, at_top: bool) -> Option<&'static str> {
    if at_top && OWN_FILES.contains(&name.to_lowercase().as_str()) {
        Some("has settings or attributes of the study")
    } else if ABOUT_WORDS.contains(&stem_of(name).as_str()) {
        Some("describes the folder")
    } else if COMPANIONS.contains(&ending_of(name).as_str()) {
        Some("is no transcript")
    } else if RECORDINGS.contains(&ending_of(name).as_str()) {
        Some(IS_RECORDING)
    } else {
        is_project(&ending_of(name))
    }
}

/// Whether the name of a file is that of a possible transcript.
pub fn may_be_talk(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| {
        let is_hidden = name.starts_with('.') || name.starts_with("~$");
        let ending = ending_of(name);
        !is_hidden
            && !OWN_FILES.contains(&name)
            && left_alone(name, false).is_none()
            && !ending.is_empty()
            && is_transcript_ending(&ending)
    })
}

/// A name in lower case, without its ending.
fn stem_of(name: &str) -> String {
    let lower = name.to_lowercase();
    lower.rsplit_once('.').map_or(lower.clone(), |(stem, _)| stem.to_owned())
}

/// The ending of a file's name in lower case, without its dot.
pub fn ending_of(name: &str) -> String {
    name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase())
}

/// A path's id: the path without its ending.
pub fn id_of(path: &str) -> &str {
    let name_at = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[name_at..].rfind('.') {
        Some(dot) if dot > 0 => &path[..name_at + dot],
        _ => path,
    }
}

fn modified_ns(data: &fs::Metadata) -> i128 {
    let Ok(time) = data.modified() else { return 0 };
    let wide = |nanos: u128| i128::try_from(nanos).unwrap_or(i128::MAX);
    match time.duration_since(std::time::UNIX_EPOCH) {
        Ok(since) => wide(since.as_nanos()),
        Err(before) => -wide(before.duration().as_nanos()),
    }
}

/// What an error of the file system says, without its number.
pub fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// The paths of `ignore`, ready to be compared. Of the signs of globs only `*` is one:
/// brackets and question marks stand in the names of files.
fn globs(ignore: &[String]) -> GlobSet {
    let mut globs = GlobSetBuilder::new();
    for pattern in ignore {
        let pieces: Vec<String> =
            pattern.trim_end_matches('/').split('*').map(globset::escape).collect();
        let glob = GlobBuilder::new(&pieces.join("*"))
            .literal_separator(true)
            .backslash_escape(false)
            .build();
        globs.add(glob.expect("stars and escaped signs make a pattern"));
    }
    globs.build().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_files_and_folders() {
        for (pattern, path, expected) in [
            ("codes.csv", "codes.csv", true),
            ("codes.csv", "a/codes.csv", false),
            ("notes", "notes/a/b.txt", true),
            ("*/field notes*.txt", "P1/field notes 2.txt", true),
            ("*.csv", "codes.csv", true),
            ("*.csv", "a/codes.csv", false),
            ("a*b*c.txt", "aXbXc.txt", true),
            ("a*b*c.txt", "aXcXb.txt", false),
            ("**/old.txt", "a/b/old.txt", true),
            ("P1 [copy]?.txt", "P1 [copy]?.txt", true),
            ("P1 [copy].txt", "P1 c.txt", false),
            ("old/", "old/P1.txt", true),
        ] {
            assert_eq!(!comes_upon(path, &[pattern.to_owned()]), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_page_about_the_transcripts_is_left_alone_and_a_lone_one_is_read() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["_index.md", "a.md", "b.md", "index.md", "one/index.md"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "Words.").unwrap();
        }
        let found = find(folder.path(), &[]).value;
        let paths: Vec<&str> = found.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["a.md", "b.md", "one/index.md"]);
        let left: Vec<&str> = found.left_alone.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(left, ["_index.md", "index.md"]);
    }

    #[test]
    fn a_text_of_300_mb_is_not_refused_as_an_archive() {
        let file = FoundFile {
            path: "P01.txt".to_owned(),
            location: PathBuf::from("P01.txt"),
            n_bytes: 300_000_000,
            modified_ns: 0,
        };
        let problem = file.read().unwrap_err();
        assert_eq!(
            problem.diagnostic().text(),
            "the file is larger than 256 MB\n  hint: split it into one file for each interview"
        );
    }

    #[test]
    fn an_id_is_a_path_without_its_ending() {
        assert_eq!(id_of("participants/P01.vtt"), "participants/P01");
        assert_eq!(id_of("a.b/notes"), "a.b/notes");
        assert_eq!(id_of("2021.03.04 Siân.docx"), "2021.03.04 Siân");
        assert_eq!(id_of("a/.hidden"), "a/.hidden");
    }
}
