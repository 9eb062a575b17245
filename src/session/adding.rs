//! Files come into the study's folder, and are left out of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use super::exchange::is_taken;
use super::on_disk::Places;
use super::people::OwnFile;
use super::proposal::Proposal;
use super::settings_edit::{with_ignored, with_language, with_stop_word, with_told};
use crate::base::files::read_file;
use crate::base::{Diagnose as _, Diagnostic, Remedy, Task, count};
use crate::codebook::act::{CASES_FILE, NewFile, SETTINGS_FILE, SetSetting};
use crate::codebook::{Change, Codebook, CodebookError, FileChange, Verb, checksum_of};
use crate::exchange::matching::folded;
use crate::files::SourceError;
use crate::files::find::{comes_upon, find, id_of, left_alone, plain};
use crate::files::{MAX_BYTES, SourceProblem, is_transcript_ending};
use crate::sources;
use crate::study::refused;
use crate::study::{Snapshot, StudyError};
use crate::transcripts::Transcript;

/// The longest name of a file, in bytes: what file systems allow.
const MOST_OF_NAME: usize = 200;

/// Takes files in that were handed over; their bytes are `kept` by the store until the
/// decision is, as paths and hashes. What is passed over is told.
///
/// # Errors
/// If the folder is not there, or no file can be taken in.
pub(super) fn add_files(
    study: &Snapshot,
    folder: Option<&str>,
    files: &[NewFile],
    kept: &mut Vec<(String, String)>,
) -> Result<Proposal, StudyError> {
    let Places { root, store } = study.places();
    let inside = folder.map(str::trim).filter(|folder| !folder.is_empty());
    if let Some(folder) = inside {
        check_folder(root, folder)?;
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let (mut changes, mut names, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    for NewFile { name, bytes } in files {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
        let path = inside.map_or_else(|| name.to_owned(), |folder| format!("{folder}/{name}"));
        let checked = check_name(name, inside.is_none())
            .and_then(|()| check_read(study, &path))
            .and_then(|()| check_content(study, &path, bytes, &mut texts))
            .and_then(|()| check_free(root, &path, name, bytes));
        if let Err(problem) = checked {
            skipped.push(problem.of_file(name));
            continue;
        }
        if !taken.insert(folded(id_of(&path))) {
            skipped.push(another(name));
            continue;
        }
        let change = FileChange::added(&path, bytes);
        if study.places().keep(&path, bytes)? {
            kept.extend(change.after.clone().map(|hash| (path.clone(), hash)));
        }
        changes.push(Change::PutFile(change));
        names.push(path);
    }
    if names.is_empty() {
        let told: Vec<String> = skipped.iter().map(as_sentence).collect();
        let problem =
            if told.is_empty() { "no file was chosen".to_owned() } else { told.join("; ") };
        return Err(refused(problem, "choose files of interviews, such as .docx, .txt or .vtt"));
    }
    debug_assert!(store.is_dir(), "copies are kept there");
    let about = format!("{}: {}", count(names.len() as u64, "file"), names.join(", "));
    Ok(Proposal { skipped, ..Proposal::new(Verb::AddFiles, about, changes) })
}

/// A remark on a file in one sentence.
fn as_sentence(found: &Diagnostic) -> String {
    let place = found.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
    format!("{place}{}", found.problem)
}

/// Refuses a folder that is not one of the study's.
fn check_folder(root: &Path, folder: &str) -> Result<(), StudyError> {
    let is_plain = |part: Component<'_>| matches!(part, Component::Normal(name) if !name.to_string_lossy().starts_with('.'));
    if Path::new(folder).components().all(is_plain) && root.join(folder).is_dir() {
        return Ok(());
    }
    Err(refused(format!("there is no folder `{folder}` in the study"), "choose one of its folders"))
}

fn problem(text: impl Into<String>, advice: &str) -> Diagnostic {
    Diagnostic::new(text).with(Remedy::new(advice))
}

/// Refuses a name that not every file system has, or that is no transcript's.
fn check_name(name: &str, is_top: bool) -> Result<(), Diagnostic> {
    let is_bad = |c: char| c.is_control() || "<>:\"|?*".contains(c);
    let is_odd = name.is_empty()
        || name.starts_with('.')
        || name.ends_with('.')
        || name.len() > MOST_OF_NAME
        || name.contains(is_bad);
    if is_odd {
        return Err(problem("a file cannot have this name everywhere", "give it a plain name"));
    }
    if is_top && name == CASES_FILE {
        return Ok(());
    }
    if let Some(reason) = left_alone(name, is_top) {
        return Err(problem(
            format!("not read as a transcript: {reason}"),
            "rename it if it is one",
        ));
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    if is_transcript_ending(&ending) {
        return Ok(());
    }
    Err(SourceProblem::UnknownKind(ending).diagnostic())
}

/// Refuses a path that the settings leave out.
fn check_read(study: &Snapshot, path: &str) -> Result<(), Diagnostic> {
    if path == CASES_FILE || comes_upon(path, &study.settings.ignore) {
        return Ok(());
    }
    Err(problem("`ignore` in study.toml leaves it out", "give it another name or folder"))
}

/// Refuses what would be no transcript afterwards, or one that is there or among `texts`,
/// those that come with it: by what stands for a text, its name.
fn check_content(
    study: &Snapshot,
    name: &str,
    bytes: &[u8],
    texts: &mut BTreeMap<String, String>,
) -> Result<(), Diagnostic> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(SourceError::whole(SourceProblem::TooLarge).diagnostic());
    }
    if name == CASES_FILE {
        return Ok(());
    }
    let read = sources::read(bytes, name).map_err(|error| error.diagnostic())?;
    let checksum = checksum_of(&Transcript::new(read).text);
    let there = study.corpus.transcripts.iter().find(|known| known.checksum == checksum);
    match there.map(|known| &known.id).or_else(|| texts.get(&checksum)) {
        None => {
            texts.insert(checksum, id_of(name).to_owned());
            Ok(())
        }
        Some(known) => Err(problem(
            format!("this interview is here already, as {known}"),
            "two copies would count everything twice",
        )),
    }
}

/// Refuses a name that a file of the folder has.
fn check_free(root: &Path, path: &str, name: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
    let there = root.join(path);
    if read_file(&there).is_ok_and(|known| known == bytes) {
        return Err(problem("this file is here already", "nothing needs to be done"));
    }
    let folder = there.parent().unwrap_or(root);
    let is_taken = is_taken(folder, id_of(name)).map_err(|error| Diagnostic::new(plain(&error)))?;
    if is_taken || there.exists() { Err(another(name)) } else { Ok(()) }
}

fn another(name: &str) -> Diagnostic {
    problem("another file of this name is here already", "rename one of them").of_file(name)
}

/// The path of a file as `study.toml` names it; it is named by that, or by the id of its
/// transcript.
fn path_of(study: &Snapshot, file: &str) -> Result<String, StudyError> {
    let files = find(&study.folder.root, &study.settings.ignore).value.files;
    let paths = || files.iter().map(|file| file.path.as_str());
    let tests: [&dyn Fn(&str) -> bool; 4] = [
        &|path| path == file,
        &|path| id_of(path) == file,
        &|path| study.shown_text(path) == file,
        &|path| study.shown_text(id_of(path)) == file,
    ];
    let Some(path) = tests.iter().find_map(|test| paths().find(|path| test(path))) else {
        let list = || Remedy::by(Task::ListTranscripts, "see which there are");
        let remedy = Remedy::nearest(file, paths(), list);
        return Err(CodebookError::Unknown { what: "file", name: file.to_owned(), remedy }.into());
    };
    if path.contains('*') {
        return Err(refused(
            format!("`{path}` cannot be named in study.toml, since `*` stands for any letters"),
            "rename the file",
        ));
    }
    Ok(path.to_owned())
}

/// Sets what holds for the study as a whole.
///
/// # Errors
/// If it is so already, or nothing of that name is there.
pub(super) fn set_setting(study: &Snapshot, setting: &SetSetting) -> Result<Proposal, StudyError> {
    let mut file = OwnFile::read(&study.folder.root, SETTINGS_FILE)?;
    let (text, about) = match setting {
        SetSetting::Language { language: None } => {
            let about = "the language to that of each transcript".to_owned();
            (with_language(&file.text, None)?, about)
        }
        SetSetting::Language { language: Some(language) } => {
            let text = with_language(&file.text, Some(language))?;
            (text, format!("the language of all transcripts to {language}"))
        }
        SetSetting::Told { file: named, is_told } => {
            let mut known = study.settings.told.iter();
            let known = known.find(|path| *path == named || study.shown_text(path) == *named);
            let path = match known {
                Some(path) if !is_told => path.clone(),
                _ => path_of(study, named)?,
            };
            let to = if *is_told { "told by one person" } else { "an interview" };
            (with_told(&file.text, &path, *is_told)?, format!("{path} to {to}"))
        }
        SetSetting::StopWord { word, is_stopped } => {
            let word = word.trim().to_lowercase();
            if word.is_empty() || word.contains(char::is_whitespace) {
                return Err(refused("this is not one word".to_owned(), "write one word at a time"));
            }
            let to = if *is_stopped { "carry no theme" } else { "carry themes again" };
            (with_stop_word(&file.text, &word, *is_stopped)?, format!("“{word}” to {to}"))
        }
    };
    file.text = text;
    let changes: Vec<Change> = file.change().into_iter().collect();
    if changes.is_empty() {
        return Err(refused("this is so already".to_owned(), "nothing needs to be done"));
    }
    Ok(Proposal::new(Verb::SetSetting, about, changes))
}

/// Lets a file be no transcript.
///
/// # Errors
/// If there is none of this path or id.
pub(super) fn leave_out(
    study: &Snapshot,
    codebook: &Codebook,
    file: &str,
) -> Result<Proposal, StudyError> {
    let path = &path_of(study, file)?;
    let mut settings = OwnFile::read(&study.folder.root, SETTINGS_FILE)?;
    settings.text = with_ignored(&settings.text, path, true)?;
    let quotations = codebook.quotations.values();
    let n = quotations.filter(|quotation| quotation.place.transcript == id_of(path)).count();
    let with = match n {
        0 => String::new(),
        n => format!(", with {}", count(n as u64, "quotation")),
    };
    let changes = settings.change().into_iter().collect();
    Ok(Proposal::new(Verb::LeaveOut, format!("{path}{with}"), changes))
}

/// Lets a file that was left out be a transcript again.
///
/// # Errors
/// If `study.toml` does not name it.
pub(super) fn take_in(study: &Snapshot, file: &str) -> Result<Proposal, StudyError> {
    let known = &study.settings.ignore;
    let is_shown = |path: &&String| study.shown_text(path) == file;
    let Some(path) =
        known.iter().find(|path| *path == file).or_else(|| known.iter().find(is_shown))
    else {
        return Err(refused(
            format!("`{file}` is not left out in study.toml"),
            "look at the list of files again",
        ));
    };
    let mut settings = OwnFile::read(&study.folder.root, SETTINGS_FILE)?;
    settings.text = with_ignored(&settings.text, path, false)?;
    let changes = settings.change().into_iter().collect();
    Ok(Proposal::new(Verb::TakeIn, path.clone(), changes))
}
