//! Of files of one name, and of copies of a file, which one is the transcript.
//!
//! Recognisers write one recording as `talk.txt`, `talk.srt`, `talk.vtt` and `talk.json`, and
//! people keep `Copy of P02.txt`. What was read of all files comes in; of each name and of
//! each talk one transcript goes out, and what a person should know of the others. These are
//! left out as if they were not there: no number depends on whether somebody keeps a copy.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::base::{Diagnostic, Remedy, natural_order};
use crate::codebook::{Codebook, Place};
use crate::corpus::{Corpus, LeftOut};
use crate::files::find::ending_of;
use crate::ingest::{Known, speakers_of};
use crate::transcripts::UNNAMED;
use crate::transcripts::beside::copies;
use crate::transcripts::cases::CaseTable;

/// Endings of what people write or correct by hand, and then of what programs write that
/// people read; others follow.
const ENDINGS: [&str; 11] =
    ["docx", "odt", "rtf", "html", "htm", "xlsx", "ods", "md", "vtt", "srt", "txt"];
/// How many of them are documents.
const N_DOCUMENTS: usize = 7;
/// Texts that differ by more than this share of their words may be two interviews.
const SAME_WORDS: f64 = 0.1;

/// A transcript, and what else is known of its file.
pub struct Read {
    /// What is known of it.
    pub known: Known,
    /// The path of the file inside the study.
    pub path: String,
    /// When the file was last changed.
    pub modified_ns: i128,
}

/// The transcripts of a study, of which each talk is there once.
pub struct Chosen {
    /// In natural order of their ids.
    pub read: Vec<Read>,
    /// Copies that are left out, by their ids.
    pub copies: BTreeMap<String, LeftOut>,
    /// The paths of all that is left out, each with why.
    pub left_out: Vec<(String, String)>,
    /// What a person should know of what is left out.
    pub told: Vec<Diagnostic>,
}

/// Leaves of files of one name, and of copies of one talk, the transcript: the one that was
/// coded first, if any was. A copy of which the table says something else stays.
pub fn one_of_each(read: Vec<Read>, table: &CaseTable, codebook: Option<&Codebook>) -> Chosen {
    let coded = codebook.map(coded_in).unwrap_or_default();
    let (mut read, mut told, names) = one_of_each_name(read, &coded);
    read.sort_by(|a, b| natural_order(&a.known.id, &b.known.id));
    for Read { known, .. } in &mut read {
        known.coded = coded.get(known.id.as_str()).map(|texts| texts[0].1);
    }
    let speakers = speakers_of(read.iter().map(|one| &one.known));
    let mut left_out = copies(&speakers);
    left_out.retain(|&t, &mut first| !table.tells_apart(&speakers, t, first));
    let path = |t: usize| read[t].path.clone();
    let paths: Vec<(String, String)> =
        left_out.iter().map(|(&t, &first)| (path(t), path(first))).collect();
    told.extend(are_copies(&paths));
    let of_copy = |(path, of): &(String, String)| {
        (path.clone(), format!("the same interview as `{of}`, word for word"))
    };
    let of_name =
        |(path, of): &(String, String)| (path.clone(), format!("it has the name of `{of}`"));
    let why = paths.iter().map(of_copy).chain(names.iter().map(of_name)).collect();
    let copy = |(&t, &first): (&usize, &usize)| {
        let of = read[first].known.id.clone();
        (read[t].known.id.clone(), LeftOut { known: read[t].known.clone(), of })
    };
    let copies = left_out.iter().map(copy).collect();
    let mut places = 0..;
    read.retain(|_| places.next().is_some_and(|t| !left_out.contains_key(&t)));
    Chosen { read, copies, left_out: why, told }
}

/// By the ids of transcripts that hold quotations, the checksums of the texts in which they
/// were made, each with the number of its first one.
type Coded<'c> = BTreeMap<&'c str, Vec<(&'c str, u32)>>;

/// Which transcripts were coded, and in which order.
fn coded_in(codebook: &Codebook) -> Coded<'_> {
    let mut coded = Coded::new();
    for (id, quotation) in &codebook.quotations {
        let Place { transcript, checksum, .. } = &quotation.place;
        let texts = coded.entry(transcript.as_str()).or_default();
        if texts.iter().all(|(known, _)| known != checksum) {
            texts.push((checksum.as_str(), id.0));
        }
    }
    coded
}

/// Whether another transcript may count than did with fewer quotations: where one in which
/// nobody counts may be a version of another, and something was coded for the first time.
pub(crate) fn may_count_otherwise(corpus: &Corpus, codebook: &Codebook) -> bool {
    let is_left_out = |cases: &Vec<Option<usize>>| cases.iter().all(Option::is_none);
    let coded = coded_in(codebook);
    let first = |known: &Known| coded.get(known.id.as_str()).map(|texts| texts[0].1);
    corpus.cases.of_speaker.iter().any(is_left_out)
        && corpus.transcripts.iter().any(|known| known.coded != first(known))
}

/// Leaves of each name the transcript that was coded, else the one that says most of who speaks
/// and when: one that names people, then a document, then one with times.
/// Comes out with what is to be told, and the paths of what is left out with that of what is read.
fn one_of_each_name(
    read: Vec<Read>,
    coded: &Coded<'_>,
) -> (Vec<Read>, Vec<Diagnostic>, Vec<(String, String)>) {
    let mut by_name: BTreeMap<String, Vec<Read>> = BTreeMap::new();
    for one in read {
        by_name.entry(one.known.id.clone()).or_default().push(one);
    }
    let mut kept = Vec::with_capacity(by_name.len());
    let (mut told, mut left_out) = (Vec::new(), Vec::new());
    for mut same in by_name.into_values() {
        let first_coded = |known: &Known| {
            let texts = coded.get(known.id.as_str())?;
            texts.iter().position(|(checksum, _)| *checksum == known.checksum)
        };
        same.sort_by_cached_key(|one| (first_coded(&one.known).unwrap_or(usize::MAX), rank(one)));
        let mut same = same.into_iter();
        let Some(first) = same.next() else { continue };
        for other in same {
            let (n, n_first) = (f64::from(other.known.n_words), f64::from(first.known.n_words));
            if (n - n_first).abs() > SAME_WORDS * n.max(n_first) {
                told.push(differs(&first, &other));
            } else {
                left_out.push((other.path, first.path.clone()));
            }
        }
        kept.push(first);
    }
    left_out.sort();
    told.extend(are_left_out(&left_out));
    (kept, told, left_out)
}

/// The order in which files of one name are taken.
fn rank(one: &Read) -> (Reverse<bool>, Reverse<bool>, Reverse<bool>, usize, String) {
    let Known { speakers, duration_ms, .. } = &one.known;
    let n_named = speakers.iter().filter(|speaker| speaker.label != UNNAMED).count();
    let ending = ending_of(&one.path);
    let place = ENDINGS.iter().position(|known| *known == ending).unwrap_or(ENDINGS.len());
    let is_document = place < N_DOCUMENTS;
    let times = Reverse(duration_ms.is_some());
    (Reverse(n_named > 1), Reverse(is_document), times, place, one.path.clone())
}

/// Tells of a file that may be another interview.
fn differs(first: &Read, other: &Read) -> Diagnostic {
    let (n, n_first) = (other.known.n_words, first.known.n_words);
    let problem = format!(
        "this file of {n} words is not read, because `{}` of {n_first} words has the same name",
        first.path
    );
    Diagnostic::new(problem).of_file(other.path.clone()).with(Remedy::new(
        "if both are interviews, rename one; else list this one under `ignore` in study.toml",
    ))
}

/// Tells of files that hold the words of another one.
fn are_copies(left_out: &[(String, String)]) -> Option<Diagnostic> {
    let (path, of) = left_out.first()?;
    let problem = match left_out.len() - 1 {
        0 => format!(
            "this file is the same interview as `{of}`, word for word, which is read in its place"
        ),
        more => format!(
            "this and {more} more are the same interview as another file, word for word, which is read in their place; here `{of}`"
        ),
    };
    Some(Diagnostic::new(problem).of_file(path.clone()).with(Remedy::new(
        "list copies under `ignore` in study.toml; one that is an interview of its own counts if cases.csv has a row for it that gives somebody in it a role",
    )))
}

/// Tells of files that are another one in another format.
fn are_left_out(left_out: &[(String, String)]) -> Option<Diagnostic> {
    let (path, of) = left_out.first()?;
    let problem = match left_out.len() - 1 {
        0 => format!("this file has the name of `{of}`, which is read in its place"),
        more => format!(
            "this and {more} more have the name of another file, which is read in their place; here `{of}`"
        ),
    };
    Some(Diagnostic::new(problem).of_file(path.clone()).with(Remedy::new(
        "if they are interviews of their own, rename them; else list them under `ignore` in study.toml",
    )))
}
