//! The tantivy index over all passages: derived data that can be rebuilt.
//!
//! It is brought up to date when something is sought, and never before: what people
//! decide needs no index.
//!
//! # Fields
//!
//! | Field | Holds |
//! | --- | --- |
//! | `transcript` | the number that the study gave the transcript; deletes go by it |
//! | `key` | transcript number and place of the passage in it, as one number |
//! | `stem` | stems of content words and numbers, without accents |
//! | `exact` | every word as spoken, lower-cased, without accents |
//!
//! Words come in cut and stemmed, packed into one text a field (`packed`).
//!
//! Positions are those of [`Analysis`]: they count through a
//! transcript, so that a phrase is found also where a passage ends inside it.
//! tantivy keeps terms, postings and positions; scores are ours (see
//! [`rank`](super::rank)), because they must not depend on what was deleted
//! before, nor on how documents were spread over segments.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tantivy::directory::{MmapDirectory, RamDirectory};
use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{
    Directory as _, DocSet as _, Index, IndexReader as IndexReaderOfTantivy, IndexSettings,
    ReloadPolicy, Searcher, SegmentReader, TERMINATED, TantivyDocument, TantivyError, Term,
};

use super::SearchError;
use super::packed::{PackedWords, unpacking};
use crate::base::files::read_file;
use crate::terms::{Analysis, TokenKind, fold};

/// The file that says what the index is made of.
const META: &str = "meta.json";
/// Memory for each indexing thread, in bytes.
const WRITER_BYTES: usize = 24_000_000;
/// The name of what unpacks the words of a field.
const PACKED: &str = "packed";
/// Indexing threads; more gain little on texts of this size.
const MAX_WRITER_THREADS: usize = 4;

/// Which words a query goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WordField {
    /// Stems of content words.
    Stem,
    /// Words as spoken.
    Exact,
}

/// The index of one study, as it was last committed.
pub struct PassageIndex {
    /// As many as it has parts; what is counted is counted over all of them.
    searchers: Vec<Searcher>,
    fields: Fields,
}

/// What an index holds: by the number of a transcript, the name under which its
/// words are kept. It is the text that a commit carries.
pub type Held = BTreeMap<u32, String>;

#[derive(Clone, Copy)]
struct Fields {
    transcript: Field,
    key: Field,
    stem: Field,
    exact: Field,
}

/// Why an index was not filled.
enum Failed<E> {
    Index(SearchError),
    /// Its words could not be read, or the work was to stop.
    Words(E),
}

impl<E, T: Into<SearchError>> From<T> for Failed<E> {
    fn from(error: T) -> Self {
        Self::Index(error.into())
    }
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(PACKED)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        transcript: builder.add_u64_field("transcript", INDEXED),
        key: builder.add_u64_field("key", FAST),
        stem: builder.add_text_field("stem", text.clone()),
        exact: builder.add_text_field("exact", text),
    };
    (builder.build(), fields)
}

impl PassageIndex {
    /// Opens the index in `folder` if it is sound and holds just `wanted`.
    pub fn open(folder: &Path, wanted: &Held) -> Option<Self> {
        // Whoever reads an index writes a lock, and a folder may be only for reading.
        let meta = fs::File::options().append(true).open(folder.join(META));
        let is_read_only = meta.is_err_and(|error| error.kind() != ErrorKind::NotFound);
        let index = if is_read_only { in_memory(folder) } else { Index::open_in_dir(folder).ok() };
        let index = index?;
        if held_by(&index).ok()?? == *wanted { Self::of(&index).ok() } else { None }
    }

    /// Opens the index in `folder`, so that it holds just `wanted`. `words` is asked
    /// for the words of those that it lacks; only one process at a time may do this.
    ///
    /// All in it can be made again: one that cannot be opened or added to, as after
    /// a process that was killed, is made anew, and why is returned.
    ///
    /// # Errors
    /// [`SearchError`] if the folder cannot be written; what `words` says, and
    /// nothing is committed then.
    pub fn bring_up_to_date<E: From<SearchError>>(
        folder: &Path,
        wanted: &Held,
        words: &mut dyn FnMut(u32) -> Result<Analysis, E>,
    ) -> Result<(Self, Option<SearchError>), E> {
        let problem = match open_in(folder) {
            Ok(Some((index, held))) => {
                let filled = fill(&index, (&held, wanted), words)
                    .and_then(|()| Self::of(&index).map_err(Failed::Index));
                match filled {
                    Ok(opened) => return Ok((opened, None)),
                    Err(Failed::Words(error)) => return Err(error),
                    Err(Failed::Index(error)) => Some(error),
                }
            }
            Ok(None) => None,
            Err(error) => Some(error),
        };
        let made = create(folder).map_err(Failed::Index).and_then(|index| {
            fill(&index, (&Held::new(), wanted), words)?;
            Ok(Self::of(&index)?)
        });
        match made {
            Ok(opened) => Ok((opened, problem)),
            Err(Failed::Words(error)) => Err(error),
            Err(Failed::Index(error)) => Err(error.into()),
        }
    }

    fn of(index: &Index) -> Result<Self, SearchError> {
        let reader: IndexReaderOfTantivy =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher = reader.searcher();
        for segment in searcher.segment_readers() {
            segment.fast_fields().u64("key")?;
        }
        Ok(Self { searchers: vec![searcher], fields: schema().1 })
    }

    /// The index whose parts these are, each of other transcripts.
    pub fn of_parts(parts: impl IntoIterator<Item = Self>) -> Self {
        let searchers = parts.into_iter().flat_map(|part| part.searchers).collect();
        Self { searchers, fields: schema().1 }
    }

    /// Reads the index as it is now. `offsets` holds, by transcript number,
    /// the place of its first passage among all passages of the study.
    ///
    /// # Errors
    /// [`SearchError`] if the files cannot be read.
    pub fn reader(&self, offsets: &[Option<u32>]) -> Result<IndexReader, SearchError> {
        let passage_of = |key: u64| {
            let number = usize::try_from(key >> 32).ok()?;
            let place = u32::try_from(key & u64::from(u32::MAX)).ok()?;
            Some(offsets.get(number).copied().flatten()? + place)
        };
        let mut passages = Vec::new();
        for segment in segments_of(&self.searchers) {
            let keys = segment.fast_fields().u64("key")?;
            let alive = segment.alive_bitset();
            let documents = 0..segment.max_doc();
            let alive = |document: &u32| alive.is_none_or(|alive| alive.is_alive(*document));
            let passage = |document: u32| {
                Some(document).filter(alive).and_then(|it| keys.first(it)).and_then(passage_of)
            };
            passages.push(documents.map(passage).collect());
        }
        let searchers = self.searchers.clone();
        Ok(IndexReader { searchers, passages, fields: self.fields, vocabulary: OnceLock::new() })
    }
}

fn segments_of(searchers: &[Searcher]) -> impl Iterator<Item = &SegmentReader> {
    searchers.iter().flat_map(Searcher::segment_readers)
}

/// The index in a folder with what it holds; `None` if there is none, or one of
/// another version.
fn open_in(folder: &Path) -> Result<Option<(Index, Held)>, SearchError> {
    if !folder.join(META).exists() {
        return Ok(None);
    }
    let index = Index::open_in_dir(folder)?;
    Ok(held_by(&index)?.map(|held| (index, held)))
}

/// Opens a copy of the index in a folder.
fn in_memory(folder: &Path) -> Option<Index> {
    let copy = RamDirectory::create();
    for file in fs::read_dir(folder).ok()?.flatten() {
        // There, a lock is held for as long as its file is there.
        if file.path().extension().is_some_and(|ending| ending == "lock") {
            continue;
        }
        let bytes = read_file(&file.path()).ok()?;
        copy.atomic_write(&PathBuf::from(file.file_name()), &bytes).ok()?;
    }
    Index::open(copy).ok()
}

/// What an index holds; `None` if it is of another kind.
fn held_by(index: &Index) -> Result<Option<Held>, SearchError> {
    if index.schema() != schema().0 {
        return Ok(None);
    }
    let meta = index.load_metas()?;
    let held = match &meta.payload {
        Some(text) => serde_json::from_str(text).ok(),
        // Nothing has been committed yet.
        None => meta.segments.is_empty().then(Held::new),
    };
    Ok(held)
}

/// Makes an empty index in the place of what is there.
fn create(folder: &Path) -> Result<Index, SearchError> {
    let at = |source| SearchError::Folder { path: folder.to_owned(), source };
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(at)?;
    }
    fs::create_dir_all(folder).map_err(at)?;
    let directory = MmapDirectory::open(folder).map_err(TantivyError::from)?;
    Ok(Index::create(directory, schema().0, IndexSettings::default())?)
}

/// Takes out what is not wanted, puts in what is lacking, and commits.
fn fill<E>(
    index: &Index,
    (held, wanted): (&Held, &Held),
    words: &mut dyn FnMut(u32) -> Result<Analysis, E>,
) -> Result<(), Failed<E>> {
    if held == wanted && index.load_metas()?.payload.is_some() {
        return Ok(());
    }
    let fields = schema().1;
    index.tokenizers().register(PACKED, unpacking());
    let n_threads = rayon::current_num_threads().clamp(1, MAX_WRITER_THREADS);
    let mut writer = index.writer_with_num_threads(n_threads, WRITER_BYTES * n_threads)?;
    for (&number, _) in held.iter().filter(|(number, key)| wanted.get(number) != Some(key)) {
        writer.delete_term(Term::from_field_u64(fields.transcript, u64::from(number)));
    }
    for (&number, _) in wanted.iter().filter(|(number, key)| held.get(number) != Some(key)) {
        let analysis = words(number).map_err(Failed::Words)?;
        for document in documents(fields, number, &analysis) {
            writer.add_document(document)?;
        }
    }
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&serde_json::to_string(wanted).map_err(std::io::Error::from)?);
    commit.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}

/// The passages of a transcript as tantivy takes them.
fn documents(
    fields: Fields,
    number: u32,
    analysis: &Analysis,
) -> impl Iterator<Item = TantivyDocument> {
    let forms: Vec<Cow<'_, str>> = analysis.forms.iter().map(fold).collect();
    let stems: Vec<Cow<'_, str>> = analysis.stems.iter().map(fold).collect();
    (0_u32..).zip(&analysis.passages).map(move |(place, tokens)| {
        let field = |words: &[Cow<'_, str>], is_in: fn(TokenKind) -> bool| -> String {
            let mut packed = PackedWords::default();
            for token in tokens.iter().filter(|token| is_in(token.kind)) {
                packed.push(token.position, &words[token.form as usize]);
            }
            packed.text
        };
        let mut document = TantivyDocument::default();
        document.add_u64(fields.transcript, u64::from(number));
        document.add_u64(fields.key, key(number, place));
        document.add_text(fields.stem, field(&stems, is_stemmed));
        document.add_text(fields.exact, field(&forms, |_| true));
        document
    })
}

/// Whether a token of this kind has an entry in the field of stems.
pub(super) fn is_stemmed(kind: TokenKind) -> bool {
    use TokenKind::{Content, Name, Number, Recurring};
    matches!(kind, Content | Number | Name | Recurring)
}

fn key(number: u32, place: u32) -> u64 {
    u64::from(number) << 32 | u64::from(place)
}

/// The index at one moment.
pub struct IndexReader {
    searchers: Vec<Searcher>,
    /// By segment and document: the place of the passage among all passages
    /// of the study; `None` if it is gone.
    passages: Vec<Vec<Option<u32>>>,
    fields: Fields,
    vocabulary: OnceLock<Vec<String>>,
}

/// A passage that holds a term.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Posting {
    /// The place of the passage among all passages of the study.
    pub passage: u32,
    /// How often the term stands there; a part of once for a word that stands in for it.
    pub count: f64,
}

impl IndexReader {
    /// The passages that hold a term (already stemmed and folded as its field
    /// asks), in the order of the study.
    ///
    /// # Errors
    /// [`SearchError`] if the files cannot be read.
    pub fn postings(&self, field: WordField, word: &str) -> Result<Vec<Posting>, SearchError> {
        let mut found = Vec::new();
        self.each_posting(field, word, false, &mut |passage, postings| {
            found.push(Posting { passage, count: f64::from(postings.term_freq()) });
        })?;
        if !found.is_sorted_by_key(|posting| posting.passage) {
            found.sort_by_key(|posting| posting.passage);
        }
        Ok(found)
    }

    fn each_posting(
        &self,
        field: WordField,
        word: &str,
        with_positions: bool,
        each: &mut impl FnMut(u32, &mut SegmentPostings),
    ) -> Result<(), SearchError> {
        let field = self.field(field);
        let term = Term::from_field_text(field, word);
        let option = if with_positions {
            IndexRecordOption::WithFreqsAndPositions
        } else {
            IndexRecordOption::WithFreqs
        };
        for (segment, passages) in segments_of(&self.searchers).zip(&self.passages) {
            let Some(mut postings) = segment.inverted_index(field)?.read_postings(&term, option)?
            else {
                continue;
            };
            let mut document = postings.doc();
            while document != TERMINATED {
                if let Some(passage) = passages[document as usize] {
                    each(passage, &mut postings);
                }
                document = postings.advance();
            }
        }
        Ok(())
    }

    /// Calls `each` with the passage and the position of every place where a
    /// term stands, segment by segment.
    ///
    /// # Errors
    /// [`SearchError`] if the files cannot be read.
    pub fn each_place(
        &self,
        field: WordField,
        word: &str,
        each: &mut impl FnMut(u32, u32),
    ) -> Result<(), SearchError> {
        let mut positions = Vec::new();
        self.each_posting(field, word, true, &mut |passage, postings| {
            postings.positions(&mut positions);
            for &position in &positions {
                each(passage, position);
            }
        })
    }

    /// The words of a field that begin so, in alphabetical order, each with how many
    /// passages hold it, those of transcripts that are gone too.
    ///
    /// # Errors
    /// [`SearchError`] if the files cannot be read.
    pub fn words_from(
        &self,
        field: WordField,
        beginning: &str,
    ) -> Result<BTreeMap<String, u32>, SearchError> {
        let field = self.field(field);
        let mut words = BTreeMap::new();
        for segment in segments_of(&self.searchers) {
            let inverted = segment.inverted_index(field)?;
            let mut stream = inverted.terms().range().ge(beginning).into_stream()?;
            while stream.advance() && stream.key().starts_with(beginning.as_bytes()) {
                let word = String::from_utf8_lossy(stream.key()).into_owned();
                *words.entry(word).or_default() += stream.value().doc_freq;
            }
        }
        Ok(words)
    }

    /// In how many passages a word stands, those of transcripts that are gone too.
    ///
    /// # Errors
    /// [`SearchError`] if the files cannot be read.
    pub fn n_holding(&self, field: WordField, word: &str) -> Result<usize, SearchError> {
        let term = Term::from_field_text(self.field(field), word);
        let mut n_holding = 0;
        for searcher in &self.searchers {
            n_holding += searcher.doc_freq(&term)?;
        }
        Ok(usize::try_from(n_holding).unwrap_or(usize::MAX))
    }

    fn field(&self, field: WordField) -> Field {
        match field {
            WordField::Stem => self.fields.stem,
            WordField::Exact => self.fields.exact,
        }
    }

    /// Every word as spoken (lower-cased, without accents) that the index
    /// knows, in alphabetical order; also words of transcripts that are gone.
    ///
    /// # Errors
    /// [`std::io::Error`] if the files cannot be read.
    pub fn vocabulary(&self) -> Result<&[String], SearchError> {
        if let Some(known) = self.vocabulary.get() {
            return Ok(known);
        }
        let mut words = Vec::new();
        for segment in segments_of(&self.searchers) {
            let inverted = segment.inverted_index(self.fields.exact)?;
            let mut stream = inverted.terms().stream()?;
            while stream.advance() {
                words.push(String::from_utf8_lossy(stream.key()).into_owned());
            }
        }
        words.sort_unstable();
        words.dedup();
        Ok(self.vocabulary.get_or_init(|| words))
    }
}
