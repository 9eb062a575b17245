//! What reads bytes that others made: every reader, the query parser, the study's own
//! tables and settings, and all importers, each with all that follows at once.
//!
//! A target takes any bytes and may refuse them; it must not panic.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::sync::OnceLock;

use leitmotif::base::{Diagnose as _, Diagnostic, Warned};
use leitmotif::codebook::Codebook;
use leitmotif::corpus::{Corpus, TextStore};
use leitmotif::exchange::matching::places;
use leitmotif::exchange::merging::merge;
use leitmotif::exchange::placing::{Here, Incoming};
use leitmotif::exchange::{ExchangeError, Received, codings, qualcoder, refi, tables, taguette};
use leitmotif::files::SourceProblem;
use leitmotif::files::{ENDINGS, decode_text};
use leitmotif::ingest::{self, Known, Params};
use leitmotif::pseudonyms::{PseudonymList, Pseudonyms};
use leitmotif::query::parse::{MAX_BYTES, parse};
use leitmotif::study::{Settings, WhoIsWho, params_of};
use leitmotif::terms::{Analysis, Language};
use leitmotif::transcripts::Transcript;
use leitmotif::transcripts::cases::CaseTable;
use leitmotif::verify::{Source, Who, paragraphs, verify};
use leitmotif::{codebook, store};

/// Reads bytes, and all that follows.
type Reads = fn(&[u8]);

/// What bytes are taken for.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// A transcript in a file with this ending.
    Transcript(&'static str),
    /// A report in a file with this ending.
    Report(&'static str),
    /// Something else: what it is called, and what reads it.
    Other(&'static str, Reads),
}

/// The endings of reports.
const REPORTS: [&str; 14] = [
    "docx", "odt", "rtf", "pdf", "html", "htm", "xlsx", "ods", "md", "txt", "csv", "tsv", "json",
    "jsonl",
];

/// All targets.
pub(crate) fn all() -> Vec<Target> {
    let others: [(&str, Reads); 10] = [
        ("query", query),
        ("cases.csv", cases),
        ("study.toml", settings),
        ("pseudonyms.csv", pseudonyms),
        ("codebook.csv", |bytes| {
            import(tables::read(bytes));
            codings::read(bytes).ok();
        }),
        ("project.qdpx", |bytes| import(refi::read_project(bytes))),
        ("codebook.qdc", |bytes| import(refi::read_codebook(bytes))),
        ("project.qda", |bytes| import(in_file(bytes, qualcoder::read_project))),
        ("project.sqlite3", |bytes| import(in_file(bytes, taguette::read_project))),
        ("journal.jsonl", journal),
    ];
    let transcripts = ENDINGS.iter().map(|ending| Target::Transcript(ending));
    let reports = REPORTS.into_iter().map(Target::Report);
    transcripts.chain(reports).chain(others.map(|(name, run)| Target::Other(name, run))).collect()
}

impl Target {
    /// What it is called: `P01.vtt`, `report.docx`, `cases.csv`.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Transcript(ending) => format!("P01.{ending}"),
            Self::Report(ending) => format!("report.{ending}"),
            Self::Other(name, _) => name.to_owned(),
        }
    }

    /// Reads the bytes, and what follows.
    pub(crate) fn run(self, bytes: &[u8]) {
        match self {
            Self::Transcript(_) => transcript(bytes, &self.name()),
            Self::Report(_) => report(bytes, &self.name()),
            Self::Other(_, run) => run(bytes),
        }
    }
}

fn transcript(bytes: &[u8], name: &str) {
    let params = Params::default();
    match ingest::read(bytes, name, &params) {
        Ok(ingested) => {
            let (known, _) = ingested.analyse(1, None, &params);
            who_is_who(&[known], &Settings::default(), "", &CaseTable::default());
        }
        Err(error) => {
            // What is told says what helps.
            assert!(error.remedy().is_some(), "{error}");
            if let SourceProblem::Internal(message) = error.problem {
                panic!("{message}");
            }
        }
    }
}

/// Who is who, if the tables and settings fit.
fn who_is_who(known: &[Known], settings: &Settings, text: &str, table: &CaseTable) {
    WhoIsWho::find(known, (settings, text), table, &|_| false).ok();
}

fn report(bytes: &[u8], name: &str) {
    let Ok(found) = paragraphs(bytes, name) else { return };
    let house = house();
    let sources: Vec<Source<'_>> = house
        .corpus
        .transcripts
        .iter()
        .zip(&house.texts)
        .map(|(known, text)| Source {
            id: &known.id,
            checksum: codebook::checksum_of(&text.text),
            transcript: text,
            is_copy: false,
            speakers: text
                .speakers
                .iter()
                .map(|_| Who { case: None, group: None, role: "participant" })
                .collect(),
        })
        .collect();
    verify(name, &found, &sources);
}

fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let attributes = ["site", "years in practice", "région"];
    match parse(&text, &attributes) {
        // What is printed is read again as the same; all its brackets may make it too long.
        Ok(query) => {
            let printed = query.to_string();
            if printed.len() <= MAX_BYTES {
                assert_eq!(parse(&printed, &attributes).as_ref(), Ok(&query));
            }
        }
        Err(error) => drop(error.to_string()),
    }
}

fn cases(bytes: &[u8]) {
    let Ok(text) = decode_text(bytes) else { return };
    let Ok(table) = CaseTable::parse(&text) else { return };
    let known = &house().corpus.transcripts;
    who_is_who(known, &Settings::default(), "", &table.leaving_out(&["old.txt".to_owned()]));
}

fn settings(bytes: &[u8]) {
    let Ok(text) = decode_text(bytes) else { return };
    let Ok(settings) = Settings::parse(&text) else { return };
    let params = params_of(&settings);
    let read = |(at, talk): (u32, &(&str, &str))| {
        let ingested = ingest::read(talk.1.as_bytes(), talk.0, &params).ok()?;
        Some(ingested.analyse(at, None, &params).0)
    };
    let known: Vec<Known> = (0..).zip(&TALKS).filter_map(read).collect();
    who_is_who(&known, &settings, &text, &CaseTable::default());
}

fn pseudonyms(bytes: &[u8]) {
    let Ok(text) = decode_text(bytes) else { return };
    let Ok(list) = PseudonymList::parse(&text) else { return };
    assert_eq!(PseudonymList::parse(&list.write()).as_ref(), Ok(&list));
    let pseudonyms = Pseudonyms::new(&list, &[Language::English]);
    for text in &house().texts {
        let shown = pseudonyms.shown_transcript(text, &mut []);
        assert_eq!(shown.turns.len(), text.turns.len());
    }
}

/// Takes what came in over into the study, and writes it out again.
fn import(read: Result<Warned<Received>, ExchangeError>) {
    let Ok(Warned { value: mut received, .. }) = read else { return };
    let corpus = &house().corpus;
    let codebook = Codebook::default();
    let places = places(corpus, &received.bundle.sources, &BTreeMap::new()).unwrap();
    let mut incoming = Incoming::default();
    incoming.place_quotations(corpus, &received.bundle, &places).unwrap();
    incoming.place_loose(corpus, &received).unwrap();
    let named = |name: &str| {
        corpus.with_id(name).ok_or_else(|| Diagnostic::new(format!("`{name}` is not here")))
    };
    incoming.place_coded(&Here { corpus, codebook: &codebook, named: &named }, &mut received, "x");
    let at = "2026-01-05T10:00:00Z";
    let merged = merge(&codebook, corpus, &received, &incoming, &places, at);
    let mut after = codebook;
    after.apply_all(&merged.changes);
    let mut out = Cursor::new(Vec::new());
    if refi::write_project(&mut out, &received.bundle, at).is_ok() {
        refi::read_project(out.get_ref()).unwrap();
    }
}

/// Hands the bytes over as a file.
fn in_file<T>(bytes: &[u8], read: fn(&std::path::Path) -> T) -> T {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    read(file.path())
}

fn journal(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("journal.jsonl"), bytes).unwrap();
    store::read(folder.path()).ok();
    if store::restore(folder.path(), "here").is_ok() {
        store::read(folder.path()).unwrap();
    }
}

/// Two invented interviews.
const TALKS: [(&str, &str); 2] = [
    (
        "leaders/P01.txt",
        "Interviewer: What was the garden like?\nAda Lund: It was odd at first, and quiet.\n\
         Interviewer: And then?\nAda Lund: Then we laughed in the kitchen, all of us.\n",
    ),
    (
        "P02.txt",
        "Interviewer: How did it start?\nSiân: With a letter, I think it was.\n\
         Interviewer: Who wrote it?\nSiân: Nobody ever said who wrote it, not even Ada.\n",
    ),
];

/// A study in memory.
struct House {
    corpus: Corpus,
    texts: Vec<Transcript>,
}

struct Texts(BTreeMap<u32, (Transcript, Analysis)>);

impl TextStore for Texts {
    fn text(&self, known: &Known) -> Option<Transcript> {
        Some(self.0.get(&known.number)?.0.clone())
    }

    fn words(&self, known: &Known) -> Option<Analysis> {
        Some(self.0.get(&known.number)?.1.clone())
    }
}

fn house() -> &'static House {
    static HOUSE: OnceLock<House> = OnceLock::new();
    HOUSE.get_or_init(|| {
        let params = Params::default();
        let mut texts = BTreeMap::new();
        let mut transcripts = Vec::new();
        for (number, (path, talk)) in (0..).zip(TALKS) {
            let ingested = ingest::read(talk.as_bytes(), path, &params).unwrap();
            let (known, words) = ingested.analyse(number, None, &params);
            texts.insert(number, (ingested.transcript.clone(), words));
            transcripts.push(known);
        }
        let WhoIsWho { people, roles, cases } = WhoIsWho::find(
            &transcripts,
            (&Settings::default(), ""),
            &CaseTable::default(),
            &|_| false,
        )
        .unwrap();
        let all = texts.values().map(|(text, _)| text.clone()).collect();
        let store = Box::new(Texts(texts));
        let corpus = Corpus::new(transcripts, people, roles, cases, params.analyzer, store);
        House { corpus, texts: all }
    })
}
