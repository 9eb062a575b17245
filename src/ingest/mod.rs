//! From the bytes of a file to what the study knows of it.
//!
//! Bytes come in; a transcript, its passages and the analysis of its words go out,
//! and what is remembered of them without the text ([`Known`]). Nothing here opens
//! a file, so that another machine can do it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::{Diagnostic, Remedy};
use crate::codebook::checksum_of;
use crate::files::SourceError;
use crate::files::find::{id_of, matches};
use crate::passages::{self, Passage};
use crate::sources;
use crate::terms::{Analysis, Analyzer, AnalyzerParams, Detected, Language, analyze};
use crate::text::Declared;
use crate::transcripts::header::{NamedPart, named_parts};
use crate::transcripts::talk::{Signs, signs};
use crate::transcripts::{Speaker, Transcript, TranscriptSpeakers};

/// Why the words of a transcript are treated as those of a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LanguageReason {
    /// `study.toml` names it.
    Set,
    /// The file names it.
    Named,
    /// The words tell it.
    Detected,
    /// The words do not tell, and most transcripts of the study are in it.
    AsMost,
    /// The words are of this language, which cannot be stemmed.
    Unsupported(String),
    /// Nothing tells.
    Unclear,
}

impl LanguageReason {
    /// The reason, for people.
    pub fn text(&self) -> &'static str {
        match self {
            Self::Set => "study.toml",
            Self::Named => "the file says so",
            Self::Detected => "detected",
            Self::AsMost => "as in most transcripts of the study",
            Self::Unsupported(_) => "detected; not supported",
            Self::Unclear => "not recognised from the text",
        }
    }
}

/// What of the settings of a study concerns single files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Params {
    /// Labels that are speakers even where they stand only once.
    pub declared: Vec<String>,
    /// Paths or patterns of texts that one person tells.
    pub told: Vec<String>,
    /// The language of every transcript, where the study sets it.
    pub language: Option<Language>,
    /// What concerns words.
    pub analyzer: AnalyzerParams,
}

impl Params {
    /// What is declared of the file at this path.
    fn declared_of(&self, path: &str) -> Declared {
        Declared { labels: self.declared.clone(), is_told: matches(path, &self.told) }
    }

    /// What the words of a transcript depend on beside its text: the end of the
    /// name under which they are kept.
    pub fn fingerprint(&self) -> String {
        let params = (&self.analyzer, self.language.map(Language::code), Analyzer::lists());
        let bytes = postcard::to_stdvec(&params).unwrap_or_default();
        format!(".{}", &blake3::hash(&bytes).to_hex()[..16])
    }
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingested {
    /// The path of the file inside the study.
    pub path: String,
    /// The text, with its turns.
    pub transcript: Transcript,
    /// The language, where it is one whose words can be stemmed.
    pub language: Option<Language>,
    /// Why this language, for people; what else it is, if it is none of ours.
    language_reason: LanguageReason,
    /// What could not be used.
    warnings: Vec<Diagnostic>,
    /// The name under which the text is kept.
    text_key: String,
}

/// Reads the bytes of the file at `path` inside the study.
///
/// # Errors
/// [`SourceError`] if they are no transcript.
pub fn read(bytes: &[u8], path: &str, params: &Params) -> Result<Ingested, SourceError> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let raw = sources::read_with(bytes, name, &params.declared_of(path))?;
    let warnings = raw.warnings.iter().map(|warning| warning.clone().of_file(path)).collect();
    let transcript = Transcript::new(raw);
    let (language, language_reason) = language_of(&transcript, params);
    let text_key = text_key(bytes, &(&transcript, &warnings, language, &language_reason));
    let path = path.to_owned();
    Ok(Ingested { path, transcript, language, language_reason, warnings, text_key })
}

impl Ingested {
    /// The name under which the text is kept: the same for the same reading of the same
    /// bytes.
    pub fn text_key(&self) -> &str {
        &self.text_key
    }

    /// Cuts the text into passages and analyses its words; what is then known of it.
    /// `usual` is the language of most transcripts of the study, `number` the one by
    /// which the index knows this.
    pub fn analyse(
        &self,
        number: u32,
        usual: Option<Language>,
        params: &Params,
    ) -> (Known, Analysis) {
        let transcript = &self.transcript;
        let (language, language_reason) =
            with_usual((self.language, self.language_reason.clone()), usual);
        let passages = passages::cut(transcript);
        let analyzer = Analyzer::new(language, &params.analyzer);
        let analysis = analyze(transcript, &passages, &analyzer);
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let known = Known {
            number,
            id: id_of(&self.path).to_owned(),
            layout: transcript.layout.clone(),
            n_turns: narrow(transcript.turns.len()),
            n_words: narrow(transcript.n_words()),
            duration_ms: transcript.duration_ms(),
            speakers: transcript.speakers.clone(),
            signs: signs(transcript, language.code()),
            named: named_parts(transcript),
            language,
            language_reason,
            passages,
            warnings: self.warnings.clone(),
            attributes: transcript.attributes.clone(),
            text_key: self.text_key.clone(),
            checksum: checksum_of(&transcript.text),
            terms_key: terms_key(&self.text_key, language, params),
            coded: None,
        };
        (known, analysis)
    }
}

/// What is known of a transcript without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The number under which the index knows it.
    pub number: u32,
    /// The id: the path without its ending.
    pub id: String,
    /// What the file was recognised as.
    pub layout: String,
    /// Who talks.
    pub speakers: Vec<Speaker>,
    /// What the talk of each tells of who asks.
    pub signs: Vec<Signs>,
    /// Who is named at the head of the file.
    pub named: Vec<NamedPart>,
    /// How many turns.
    pub n_turns: u32,
    /// How many words, split at white space.
    pub n_words: u32,
    /// How long the recording is, where the file tells.
    pub duration_ms: Option<u64>,
    /// The language whose stems are used.
    pub language: Language,
    /// Why this language, and whether it is the one that is spoken.
    pub language_reason: LanguageReason,
    /// The passages.
    pub passages: Vec<Passage>,
    /// What could not be used.
    pub warnings: Vec<Diagnostic>,
    /// Attributes that the file gives to speakers, by label.
    pub attributes: BTreeMap<String, BTreeMap<String, String>>,
    /// The name under which its text is kept.
    pub text_key: String,
    /// The checksum of the text ([`checksum_of`]).
    pub checksum: String,
    /// The name under which its words are kept.
    pub terms_key: String,
    /// The number of the first quotation in it, as the study was opened: nothing of it is
    /// remembered here.
    #[serde(skip)]
    pub coded: Option<u32>,
}

/// What is known of the speakers of all transcripts.
pub fn speakers_of<'k>(
    transcripts: impl IntoIterator<Item = &'k Known>,
) -> Vec<TranscriptSpeakers<'k>> {
    transcripts
        .into_iter()
        .map(|Known { id, speakers, attributes, signs, named, coded, .. }| TranscriptSpeakers {
            id,
            speakers,
            attributes,
            signs,
            named,
            coded: *coded,
        })
        .collect()
}

impl Known {
    /// The language, if its file, its words or the settings tell it.
    pub fn told_language(&self) -> Option<Language> {
        use LanguageReason::{Detected, Named, Set};
        matches!(self.language_reason, Set | Named | Detected).then_some(self.language)
    }

    /// The language that is spoken, for people, as far as it is known.
    pub fn spoken_language(&self) -> String {
        match &self.language_reason {
            LanguageReason::Unsupported(spoken) => format!("{spoken} (not supported)"),
            LanguageReason::Unclear => "not recognised".to_owned(),
            _ => self.language.name().to_owned(),
        }
    }

    /// What could not be used of the file at this path, and what may be wrong with its language.
    pub fn told(&self, path: &str) -> impl Iterator<Item = Diagnostic> {
        let warning = self.language_warning().map(|it| it.of_file(path));
        self.warnings.iter().cloned().chain(warning)
    }

    /// Says that words are treated as those of a language that may not be theirs.
    fn language_warning(&self) -> Option<Diagnostic> {
        let problem = match &self.language_reason {
            LanguageReason::Unsupported(spoken) => {
                format!("the language is {spoken}, which is not supported")
            }
            LanguageReason::Unclear => "the language was not recognised".to_owned(),
            _ => return None,
        };
        let problem = format!("{problem}; the words are treated as {}", self.language.name());
        let known: Vec<&str> = Language::all().map(Language::name).collect();
        let advice =
            format!("set `language` in study.toml if it is one of these: {}", known.join(", "));
        Some(Diagnostic::new(problem).with(Remedy::new(advice)))
    }

    /// Analyses the words of its text anew, after the settings changed.
    pub fn analyse_again(
        &mut self,
        transcript: &Transcript,
        (number, usual): (u32, Option<Language>),
        params: &Params,
    ) -> Analysis {
        (self.language, self.language_reason) = with_usual(language_of(transcript, params), usual);
        self.number = number;
        self.signs = signs(transcript, self.language.code());
        self.terms_key = terms_key(&self.text_key, self.language, params);
        let analyzer = Analyzer::new(self.language, &params.analyzer);
        analyze(transcript, &self.passages, &analyzer)
    }
}

/// The language of most transcripts, of equally many the first; `told` are those that are
/// told ([`Ingested::language`], [`Known::told_language`]).
pub fn usual_language(told: impl IntoIterator<Item = Language>) -> Option<Language> {
    let mut languages: BTreeMap<Language, usize> = BTreeMap::new();
    for language in told {
        *languages.entry(language).or_default() += 1;
    }
    let most = languages.iter().max_by_key(|(language, n)| (**n, std::cmp::Reverse(**language)));
    most.map(|(language, _)| *language)
}

/// The language that the words tell, if it is one of ours.
fn detect(transcript: &Transcript) -> (Option<Language>, LanguageReason) {
    let turns = transcript.turns.iter();
    let talk: Vec<&str> = turns.map(|turn| turn.span.of(&transcript.text)).collect();
    match Language::detect(&talk.join(" ")) {
        Detected::Supported(language) => (Some(language), LanguageReason::Detected),
        Detected::Unsupported(name) => (None, LanguageReason::Unsupported(name.to_owned())),
        Detected::Unclear => (None, LanguageReason::Unclear),
    }
}

/// The language of a transcript, and why, where that can be said of it alone.
fn language_of(transcript: &Transcript, params: &Params) -> (Option<Language>, LanguageReason) {
    let named = transcript.language.as_deref().and_then(Language::parse);
    match (params.language, named) {
        (Some(language), _) => (Some(language), LanguageReason::Set),
        (None, Some(language)) => (Some(language), LanguageReason::Named),
        (None, None) => detect(transcript),
    }
}

/// The language whose stems are used, where `usual` is the one of most transcripts.
fn with_usual(
    (language, reason): (Option<Language>, LanguageReason),
    usual: Option<Language>,
) -> (Language, LanguageReason) {
    let reason = match (reason, usual) {
        (LanguageReason::Unclear, Some(_)) => LanguageReason::AsMost,
        (reason, _) => reason,
    };
    (language.or(usual).unwrap_or(Language::English), reason)
}

/// The name under which a text is kept: what it was made from, and what was made of it.
fn text_key(content: &[u8], read: &impl Serialize) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(blake3::hash(content).as_bytes());
    hasher.update(&postcard::to_stdvec(read).expect("what is read has a plain form"));
    hasher.finalize().to_hex()[..32].to_owned()
}

/// The name under which the words of a text are kept.
fn terms_key(text_key: &str, language: Language, params: &Params) -> String {
    format!("{text_key}-{}{}", language.code(), params.fingerprint())
}
