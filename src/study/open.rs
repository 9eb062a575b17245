//! Opens a study: reads what is there, brings derived data up to date, assigns roles
//! and cases.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::catalogue::{Content, Entry};
use super::derived::Derived;
use super::key::Key;
use super::namesakes::{Chosen, Read, one_of_each};
use super::own_files::read_own;
use super::snapshot::Folder;
use super::update::{UpdateReport, bring_up_to_date, params_of, terms_path, text_path};
use super::{Settings, Snapshot, StudyError};
use crate::base::{Diagnostic, Progress, Remedy};
use crate::codebook::Codebook;
use crate::corpus::recurring::{Counted, Recurring};
use crate::corpus::{Corpus, LeftOut, TextStore};
use crate::files;
use crate::files::find::{comes_upon, find};
use crate::ingest::{self, Known, speakers_of};
use crate::store::{
    self,
    cache::{load, save},
};
use crate::terms::Analysis;
use crate::transcripts::beside::roles_of;
use crate::transcripts::cases::{CaseTable, Cases, assign_cases, find_people};
use crate::transcripts::people::People;
use crate::transcripts::roles::{Role, RoleGuess};
use crate::transcripts::{Transcript, normal_label};

/// Texts and words under `cache`.
pub(crate) struct Cached {
    pub(crate) store: PathBuf,
}

impl TextStore for Cached {
    fn text(&self, known: &Known) -> Option<Transcript> {
        load(&text_path(&self.store, &known.text_key))
    }

    fn words(&self, known: &Known) -> Option<Analysis> {
        load(&terms_path(&self.store, &known.terms_key))
    }
}

/// Whether a study may be without transcripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Emptiness {
    /// Only if something was decided in it: a codebook may come before the interviews.
    IfDecided,
    /// Yes: something is about to come in.
    Allowed,
}

impl Emptiness {
    fn is_allowed(self, store: &Path) -> bool {
        self == Self::Allowed || store::holds_decisions(store)
    }
}

/// Reads the study in `root`. Of versions of one interview the one counts that was coded in the
/// `codebook`.
pub(crate) fn open(
    root: &Path,
    store: PathBuf,
    emptiness: Emptiness,
    codebook: Option<&Codebook>,
    progress: &dyn Progress,
) -> Result<(Snapshot, UpdateReport, Vec<Diagnostic>), StudyError> {
    let derived = Derived::default();
    let times = &derived.times;
    let settings_text = read_own(root, "study.toml")?.unwrap_or_default();
    let settings = Settings::parse(&settings_text)?;
    let found = times.run("find", || find(root, &settings.ignore));
    let (found, mut warnings) = (found.value, found.warnings);
    let read = found.files.iter().map(|file| file.path.as_str());
    let ignored = found.ignored.iter().map(String::as_str);
    warnings.extend(settings.patterns_of_nothing(
        &settings_text,
        &read.clone().collect::<Vec<_>>(),
        &ignored.collect::<Vec<_>>(),
    ));
    if found.files.is_empty() && !emptiness.is_allowed(&store) {
        warnings.extend(found.to_do_first());
        return Err(no_transcripts(root, warnings));
    }

    let (catalogue, report, in_use) =
        bring_up_to_date(&found.files, &store, &settings, progress, times)?;
    let mut read: Vec<Read> = Vec::with_capacity(catalogue.entries.len());
    for Entry { path, modified_ns, content, .. } in catalogue.entries {
        match content {
            Content::Transcript(known) => read.push(Read { known: *known, path, modified_ns }),
            Content::Refused(warning) => warnings.push(warning),
        }
    }
    let table = match read_own(root, "cases.csv")? {
        Some(text) => CaseTable::parse(&text)?,
        None => CaseTable::default(),
    };
    let Chosen { read, copies, left_out, told } = one_of_each(read, &table, codebook);
    let table = table.leaving_out(settings.ignore.iter().chain(copies.keys()));
    warnings.extend(read.iter().flat_map(|one| one.known.told(&one.path)));
    warnings.extend(told);
    if read.is_empty() && !emptiness.is_allowed(&store) {
        return Err(no_transcripts(root, warnings));
    }
    if read.is_empty() {
        warnings.push(
            Diagnostic::new(format!("there is no transcript in `{}` yet", root.display()))
                .with(Remedy::new("put the transcripts there")),
        );
    }
    let by_name = found.left_alone.into_iter().map(|(path, reason)| (path, reason.to_owned()));
    let mut not_transcripts: Vec<(String, String)> = by_name.chain(left_out).collect();
    not_transcripts.sort();
    let (transcripts, modified_ns): (Vec<Known>, Vec<i128>) =
        read.into_iter().map(|one| (one.known, one.modified_ns)).unzip();
    warnings.sort();

    let left_out = LazyCell::new(|| labels_left_out(root, &settings));
    let is_left_out = |label: &str| left_out.contains(&normal_label(label));
    let WhoIsWho { people, roles, cases } =
        WhoIsWho::find(&transcripts, (&settings, &settings_text), &table, &is_left_out)?;
    let cached = Box::new(Cached { store: store.clone() });
    let corpus = Corpus::new(transcripts, people, roles, cases, settings.analyzer(), cached);
    let revision = revision_of(catalogue.revision, &copies);
    let corpus = corpus.in_place_of(copies);
    let recurring =
        times.run("find what recurs", || recurring(&corpus, &store, &revision, progress))?;
    let corpus = Arc::new(corpus.leaving_out(recurring));
    let key = Key::read(root, &store, &settings, &corpus)?;
    let snapshot = Snapshot {
        folder: Arc::new(Folder { root: root.to_owned(), store, in_use }),
        settings: Arc::new(settings),
        corpus,
        not_transcripts: not_transcripts.into(),
        key: Arc::new(key),
        revision: revision.into(),
        modified_ns: modified_ns.into(),
        derived: Arc::new(derived),
        history: Arc::default(),
        found: Arc::default(),
    };
    warnings.extend(snapshot.key_out_of_place());
    let found = warnings.clone().into();
    Ok((Snapshot { found, ..snapshot }, report, warnings))
}

/// Stands for the texts that are read, without copies: the table may say of one that it is none.
fn revision_of(of_files: String, copies: &BTreeMap<String, LeftOut>) -> String {
    if copies.is_empty() {
        return of_files;
    }
    let mut hasher = blake3::Hasher::new();
    for part in [of_files.as_str()].into_iter().chain(copies.keys().map(String::as_str)) {
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// Who speaks in the transcripts of a study.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WhoIsWho {
    /// Which labels are one person.
    pub people: People,
    /// The role of every speaker of every transcript.
    pub roles: Vec<Vec<RoleGuess>>,
    /// Whom the transcripts are about.
    pub cases: Cases,
}

impl WhoIsWho {
    /// Finds out by what is known of all transcripts, in natural order of their ids, by the
    /// settings, with their text, and by `cases.csv`.
    ///
    /// # Errors
    /// [`StudyError`] for a mistake in one of the two.
    pub fn find(
        transcripts: &[Known],
        (settings, settings_text): (&Settings, &str),
        table: &CaseTable,
        is_left_out: &dyn Fn(&str) -> bool,
    ) -> Result<Self, StudyError> {
        let with_speakers = speakers_of(transcripts);
        let mut people = find_people(&with_speakers);
        let labels = transcripts.iter().flat_map(|t| t.speakers.iter().map(|s| s.label.as_str()));
        let labels: BTreeSet<&str> =
            labels.chain(people.names.iter().flatten().map(String::as_str)).collect();
        let mut declared = table.declared_roles(&with_speakers);
        declared.extend(settings.declared_roles(&labels, is_left_out, settings_text)?);
        let roles = roles_of(&with_speakers, &people, &declared);
        let cases = assign_cases(&with_speakers, &roles, &people, table)?;
        let mut asks: Vec<Vec<Option<&str>>> = Vec::with_capacity(transcripts.len());
        for (transcript, roles) in transcripts.iter().zip(&roles) {
            let of = transcript.speakers.iter().zip(roles);
            let label = of
                .map(|(it, guess)| (guess.role == Role::Interviewer).then_some(it.label.as_str()));
            asks.push(label.collect());
        }
        people.know_interviewers_again(&asks);
        Ok(Self { people, roles, cases })
    }
}

/// Who speaks in the files that the settings leave out, by normal labels. They are read
/// anew each time, since nothing of them is remembered.
fn labels_left_out(root: &Path, settings: &Settings) -> BTreeSet<String> {
    let files = find(root, &[]).value.files;
    let left_out = files.iter().filter(|file| !comes_upon(&file.path, &settings.ignore));
    let params = params_of(settings);
    // What cannot be read names nobody.
    let read =
        left_out.filter_map(|file| ingest::read(&file.read().ok()?, &file.path, &params).ok());
    read.flat_map(|file| file.transcript.speakers)
        .map(|speaker| normal_label(&speaker.label))
        .collect()
}

/// What is the same in most transcripts: remembered, or found in their texts, as far as they
/// were not counted before.
fn recurring(
    corpus: &Corpus,
    store: &Path,
    revision: &str,
    progress: &dyn Progress,
) -> Result<Recurring, StudyError> {
    let [path, counted] = ["recurring", "counted"].map(|name| store.join("cache").join(name));
    if let Some((known, recurring)) = load::<(String, Recurring)>(&path)
        && known == revision
    {
        return Ok(recurring);
    }
    let before: Counted = load(&counted).unwrap_or_default();
    let (found, count) = corpus.find_recurring(before, progress)?;
    // A study that cannot be written to is only slower the next time.
    save(&counted, &count).ok();
    let found = (revision.to_owned(), found);
    save(&path, &found).ok();
    Ok(found.1)
}

fn no_transcripts(root: &Path, refused: Vec<Diagnostic>) -> StudyError {
    let looked_for: Vec<String> =
        files::ENDINGS.iter().map(|ending| format!(".{ending}")).collect();
    StudyError::NoTranscripts { folder: root.to_owned(), looked_for: looked_for.join(" "), refused }
}
