//! Why a file could not be read, and what a person can do about it.

use super::{MAX_MB, MAX_PDF_SECONDS};
use crate::base::{Diagnose, FilePlace, Remedy, count};

/// Why a file is no transcript. The caller adds the path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct SourceError {
    /// The line of the original file, from 1, where one can be named.
    pub line: Option<usize>,
    /// What is wrong.
    pub problem: SourceProblem,
}

impl SourceError {
    /// A problem of the file as a whole.
    pub fn whole(problem: SourceProblem) -> Self {
        Self { line: None, problem }
    }

    /// A problem at one line, from 1.
    pub fn at(line: usize, problem: SourceProblem) -> Self {
        Self { line: Some(line), problem }
    }
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceProblem {
    /// No byte, or nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// Bytes that are no text in a file that should be one.
    #[error("the file holds binary data, not text")]
    Binary,
    /// An ending that no reader knows.
    #[error("`.{0}` files are not read")]
    UnknownKind(String),
    /// A file without an ending that does not look like text.
    #[error("the file has no ending, and its content is not a known format")]
    NoEnding,
    /// Well-formed, but nobody says a word in it.
    #[error("no speech was found in this file")]
    NoSpeech,
    /// A timed file in which no words belong to a time.
    #[error("the file has times, but no words that belong to a time")]
    NotAligned,
    /// The file stops in the middle.
    #[error("the file is incomplete: {0}")]
    Truncated(String),
    /// The first line of a `WebVTT` file is missing, and no cue was found.
    #[error("the file does not start with `WEBVTT` and has no subtitles")]
    NotVtt,
    /// A damaged or foreign archive.
    #[error("the file cannot be opened: {0}")]
    BadArchive(String),
    /// A file beyond [`MAX_BYTES`](super::MAX_BYTES).
    #[error("the file is larger than {MAX_MB} MB")]
    TooLarge,
    /// More speakers than can be told apart.
    #[error("the file has {0} speakers, more than can be told apart")]
    TooManySpeakers(usize),
    /// An archive that unpacks to far more than any interview, in MB.
    #[error("the archive unpacks to more than {0} MB")]
    UnpacksTooLarge(u64),
    /// An Office file that is locked with a password.
    #[error("the file is protected by a password, or is an old Office file (`.doc`, `.xls`)")]
    Protected,
    /// A PDF that is locked with a password.
    #[error("the file is protected by a password")]
    Locked,
    /// A PDF of this many pages with pictures and none with text.
    #[error("the file holds no text, only pictures on {}: it seems to be a scan", count(*.0 as u64, "page"))]
    Scanned(usize),
    /// A PDF whose fonts do not tell which letters they draw.
    #[error("the file does not tell which letters its signs are")]
    UnknownLetters,
    /// A PDF that broke the reader, or takes too much.
    #[error(
        "reading the file failed, or takes more than {MAX_PDF_SECONDS} seconds or too much memory"
    )]
    GaveUp,
    /// Broken XML.
    #[error("the document inside the file is damaged: {0}")]
    BadXml(String),
    /// Broken JSON, or JSON of another kind.
    #[error("the file is not valid JSON: {0}")]
    BadJson(String),
    /// JSON without any of the known transcript layouts.
    #[error("the JSON is not a transcript of a known kind")]
    UnknownJson,
    /// A table without a column of words.
    #[error("the table has no column that holds what people said")]
    NoTextColumn,
    /// A table of what somebody coded, not of what people said.
    #[error("the table holds coded segments, not a transcript")]
    Codings,
    /// XML of a kind that holds no talk, or of an unknown one.
    #[error("the XML is not a transcript of a known kind")]
    UnknownXml,
    /// The file system refused.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// A defect of ours, kept away from the rest of the run.
    #[error("there was an internal error with this file: {0}")]
    Internal(String),
}

impl Diagnose for SourceError {
    fn place(&self) -> Option<FilePlace> {
        self.line.map(|line| FilePlace { path: String::new(), line: Some(line) })
    }

    fn remedy(&self) -> Option<Remedy> {
        self.problem.remedy()
    }
}

impl Diagnose for SourceProblem {
    fn remedy(&self) -> Option<Remedy> {
        let advice = match self {
            Self::Empty => "export the transcript again, or remove the file",
            Self::Binary => "export the transcript as text, VTT, SRT or docx",
            Self::UnknownKind(ending) => advice_for(ending),
            Self::NoEnding => SAVE_AS,
            Self::NoSpeech => "check that the export contains the spoken words",
            Self::NotAligned => {
                "export it again with a time before each turn, or as plain text without times"
            }
            Self::Truncated(_) => "copy or export the file again; this copy is incomplete",
            Self::NotVtt => "export it again as WebVTT, or rename it to what it is (.srt, .txt)",
            Self::BadArchive(_) | Self::BadXml(_) => {
                "open it in the program that made it, or in LibreOffice, and save it again"
            }
            Self::TooLarge => "split it into one file for each interview",
            Self::TooManySpeakers(_) => {
                "check that the words before a colon are names; else split it into several files"
            }
            Self::UnpacksTooLarge(_) => "save only the text as .txt or .docx",
            Self::Protected => {
                "open it in Word, Excel or LibreOffice and save it as .docx or .xlsx without a password"
            }
            Self::Locked => {
                "open it with its password, and print it into a new PDF or save it as .docx"
            }
            Self::Scanned(_) => RECOGNISE,
            Self::UnknownLetters => {
                "ask for the file that it was made of, or recognise its text (OCR) as that of a scan"
            }
            Self::GaveUp => "open it in Word or LibreOffice and save it as .docx or .txt",
            Self::BadJson(_) => {
                "export the JSON again; a program that stopped early leaves half a file"
            }
            Self::UnknownJson => {
                "Whisper, WhisperX, whisper.cpp and Rev JSON are known; else export VTT, SRT or text"
            }
            Self::NoTextColumn => {
                "name the column `text` (also known: words, content, utterance, transcript, answer), or list the file under `ignore` in study.toml"
            }
            Self::Codings => {
                "import it as another tool's codings, and list it under `ignore` in study.toml"
            }
            Self::UnknownXml => {
                "TEI, ELAN, EXMARaLDA and TTML are known; else export subtitles or text, or list it under `ignore` in study.toml"
            }
            Self::Unreadable(_) => "check that the file still exists and that you may read it",
            Self::Internal(_) => {
                "please report this to the makers of Leitmotif; the other files are not affected"
            }
        };
        Some(Remedy::new(advice))
    }
}

/// What helps with a file of a kind that is not read.
const SAVE_AS: &str = "save it as .docx, .odt, .pdf, .txt, .md, .vtt, .srt, .csv or .xlsx, or list it under `ignore` in study.toml";

/// What helps with pages that are pictures.
pub(crate) const RECOGNISE: &str = "recognise its text first (OCR), with a program such as Acrobat, ABBYY FineReader or OCRmyPDF, and put the new file here";

/// What helps with a file of this ending.
fn advice_for(ending: &str) -> &'static str {
    match ending {
        "doc" | "dot" | "wpd" | "wps" => "open it in Word or LibreOffice and save it as .docx",
        "xls" | "xlsb" | "numbers" => {
            "open it in Excel, Numbers or LibreOffice and save it as .xlsx or .csv"
        }
        "pages" | "gdoc" => "export it as a Word file (.docx) from Pages or Google Docs",
        "fodt" | "sxw" | "ott" | "docm" | "dotx" => {
            "open it in LibreOffice or Word and save it as .odt or .docx"
        }
        "zip" | "7z" | "rar" | "gz" | "tar" => "unpack it and put the transcripts into the folder",
        _ => SAVE_AS,
    }
}
