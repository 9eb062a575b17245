//! From the bytes of a file to a row that an engine carries.

use serde::{Deserialize, Serialize};

use super::{BatchError, packed, unpacked};
use crate::base::Diagnose as _;
use crate::features::counts::count_terms;
use crate::files::find::{comes_upon, id_of};
use crate::ingest::{self, Known, Params};
use crate::passages::Passage;
use crate::study::{Settings, StudyError, params_of};
use crate::terms::{Analysis, Language};
use crate::transcripts::Transcript;
use crate::transcripts::cases::CaseTable;

/// What a researcher decides about the study as a whole.
pub struct Setup {
    pub(super) settings: Settings,
    pub(super) settings_text: String,
    pub(super) table: CaseTable,
    params: Params,
    key: String,
}

impl Setup {
    /// From the texts of `study.toml` and `cases.csv`; either may be empty.
    ///
    /// # Errors
    /// [`StudyError`] for a mistake in one of them.
    pub fn parse(settings_text: &str, cases: &str) -> Result<Self, StudyError> {
        let settings = Settings::parse(settings_text)?;
        let table = if cases.is_empty() { CaseTable::default() } else { CaseTable::parse(cases)? };
        let table = table.leaving_out(&settings.ignore);
        let params = params_of(&settings);
        let key = blake3::hash(&packed(&(&params, &settings.ignore))).to_hex()[..16].to_owned();
        Ok(Self { settings, settings_text: settings_text.to_owned(), table, params, key })
    }

    /// Stands for all that the reading of a file depends on.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether every transcript's language is set.
    pub fn has_language(&self) -> bool {
        self.params.language.is_some()
    }

    /// Whether a file at this path inside the study may be a transcript.
    pub fn reads(&self, path: &str) -> bool {
        comes_upon(path, &self.settings.ignore)
    }

    /// The language that the bytes of a file tell; none if they are no transcript.
    pub fn told_language(&self, path: &str, bytes: &[u8]) -> Option<Language> {
        ingest::read(bytes, path, &self.params).ok()?.language
    }
}

/// The code of the language of most transcripts, of so many in each.
pub fn usual_language(told: &[(String, u64)]) -> Option<&'static str> {
    let languages = told.iter().filter_map(|(code, n)| Some((Language::parse(code)?, *n)));
    let each = languages.flat_map(|(language, n)| (0..n).map(move |_| language));
    ingest::usual_language(each).map(Language::code)
}

/// What an engine carries of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRead {
    /// The id: the path without its ending.
    pub id: String,
    /// Why it is no transcript; all below is empty then.
    pub problem: Option<String>,
    /// The code of the language whose stems are used.
    pub language: &'static str,
    /// How many passages.
    pub n_passages: usize,
    /// How many words, split at white space.
    pub n_words: u32,
    /// What is known of it without its text and its passages ([`Known`]).
    pub known: Vec<u8>,
    /// Its passages and its words.
    pub talk: Vec<u8>,
    /// Its text with its turns.
    pub text: Vec<u8>,
}

/// The passages and the words of a transcript.
#[derive(Serialize, Deserialize)]
pub(super) struct Talk {
    pub(super) passages: Vec<Passage>,
    pub(super) words: Analysis,
}

impl FileRead {
    /// Reads the file at `path` inside the study; `usual` is the language of most
    /// transcripts.
    pub fn of(setup: &Setup, path: &str, bytes: &[u8], usual: Option<Language>) -> Self {
        let empty = Self {
            id: id_of(path).to_owned(),
            problem: None,
            language: "",
            n_passages: 0,
            n_words: 0,
            known: Vec::new(),
            talk: Vec::new(),
            text: Vec::new(),
        };
        let ingested = match ingest::read(bytes, path, &setup.params) {
            Ok(ingested) => ingested,
            Err(error) => return Self { problem: Some(error.diagnostic().problem), ..empty },
        };
        let (mut known, words) = ingested.analyse(0, usual, &setup.params);
        let passages = std::mem::take(&mut known.passages);
        Self {
            language: known.language.code(),
            n_passages: passages.len(),
            n_words: known.n_words,
            known: packed(&known),
            talk: packed(&Talk { passages, words }),
            text: packed(&ingested.transcript),
            ..empty
        }
    }
}

/// A passage as a row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageRow {
    /// Its place in the transcript.
    pub place: u32,
    /// The label of who talks.
    pub speaker: String,
    /// Its first and last line.
    pub lines: [u32; 2],
    /// The speaker's own words in it.
    pub n_words: u32,
    /// What is said, verbatim.
    pub text: String,
    /// The stems that may be terms of a theme, and how often each is said.
    pub terms: Vec<(String, u32)>,
}

/// The passages of a transcript, from what a [`FileRead`] carries.
///
/// # Errors
/// [`BatchError::Row`] if it cannot be read.
pub fn passages_of(talk: &[u8], text: &[u8]) -> Result<Vec<PassageRow>, BatchError> {
    let Talk { passages, words } = unpacked(talk, "passages")?;
    let transcript: Transcript = unpacked(text, "texts")?;
    let counted = count_terms(std::slice::from_ref(&words));
    let row = |(place, passage): (u32, &Passage)| {
        let terms = counted.counts.outer_view(place as usize);
        let terms = terms.iter().flat_map(|row| row.iter());
        PassageRow {
            place,
            speaker: transcript.speakers[usize::from(passage.speaker)].label.clone(),
            lines: [passage.lines.first, passage.lines.last],
            n_words: passage.n_words,
            text: passage.span.of(&transcript.text).to_owned(),
            terms: terms.map(|(column, &n)| (counted.vocabulary[column].clone(), n)).collect(),
        }
    };
    Ok((0..).zip(&passages).map(row).collect())
}

/// What is known of a transcript, from what a [`FileRead`] carries.
pub(super) fn known_of(bytes: &[u8]) -> Result<Known, BatchError> {
    unpacked(bytes, "transcripts")
}
