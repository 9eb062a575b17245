//! The tantivy index over all passages: derived data that can be rebuilt.
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
//! Positions are those of [`Analysis`]: they count through a
//! transcript, so that a phrase is found also where a passage ends inside it.
//! tantivy keeps terms, postings and positions; scores are ours (see
//! [`rank`](super::rank)), because they must not depend on what was deleted
//! before, nor on how documents were spread over segments.

use std::path::Path;
use std::sync::OnceLock;

use tantivy::directory::MmapDirectory;
use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{DocSet as _, Index, ReloadPolicy, Searcher, TERMINATED, TantivyDocument, Term};

use super::SearchError;
use crate::terms::{Analysis, TokenKind, fold};

/// Memory for each indexing thread, in bytes.
const WRITER_BYTES: usize = 24_000_000;
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

/// The index of one study.
pub struct PassageIndex {
    index: Index,
    fields: Fields,
}

#[derive(Clone, Copy)]
struct Fields {
    transcript: Field,
    key: Field,
    stem: Field,
    exact: Field,
}

/// Words of one transcript for the index.
pub struct IndexedTranscript<'a> {
    /// The number that the study gave the transcript.
    pub number: u32,
    /// Its words by passage.
    pub analysis: &'a Analysis,
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    // The tokenizer's name is never looked up: all text comes in tokens.
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
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
    /// Opens the index in `folder` if its last commit carries `payload`, else
    /// makes an empty one; the flag says whether it was made anew.
    ///
    /// # Errors
    /// [`SearchError`] if the folder cannot be written.
    pub fn open_or_create(folder: &Path, payload: &str) -> Result<(Self, bool), SearchError> {
        if let Some(index) = Self::open(folder, payload) {
            return Ok((index, false));
        }
        let at = |source| SearchError::Folder { path: folder.to_owned(), source };
        if folder.exists() {
            std::fs::remove_dir_all(folder).map_err(at)?;
        }
        std::fs::create_dir_all(folder).map_err(at)?;
        let (schema, fields) = schema();
        let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
        let index = Index::create(directory, schema, tantivy::IndexSettings::default())?;
        Ok((Self { index, fields }, true))
    }

    /// Opens the index in `folder` if it is sound and carries `payload`.
    pub fn open(folder: &Path, payload: &str) -> Option<Self> {
        let index = Index::open_in_dir(folder).ok()?;
        let (schema, fields) = schema();
        let is_current = index.schema() == schema
            && index.load_metas().ok()?.payload.as_deref() == Some(payload);
        is_current.then_some(Self { index, fields })
    }

    /// Takes out and puts in transcripts, and commits under `payload`.
    ///
    /// # Errors
    /// [`SearchError`] if another process is writing or the disk refuses.
    pub fn update(
        &self,
        removed: &[u32],
        added: &[IndexedTranscript<'_>],
        payload: &str,
    ) -> Result<(), SearchError> {
        let n_threads = rayon::current_num_threads().clamp(1, MAX_WRITER_THREADS);
        let mut writer = self.index.writer_with_num_threads(n_threads, WRITER_BYTES * n_threads)?;
        for &number in removed {
            writer.delete_term(Term::from_field_u64(self.fields.transcript, u64::from(number)));
        }
        for transcript in added {
            for document in self.documents(transcript) {
                writer.add_document(document)?;
            }
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(payload);
        commit.commit()?;
        writer.wait_merging_threads()?;
        Ok(())
    }

    fn documents<'a>(
        &'a self,
        transcript: &'a IndexedTranscript<'_>,
    ) -> impl Iterator<Item = TantivyDocument> + 'a {
        let analysis = transcript.analysis;
        let folded =
            |words: &[String]| words.iter().map(|word| fold(word).into_owned()).collect::<Vec<_>>();
        let (forms, stems) = (folded(&analysis.forms), folded(&analysis.stems));
        (0_u32..).zip(&analysis.passages).map(move |(place, tokens)| {
            let field = |words: &[String], is_in: fn(TokenKind) -> bool| PreTokenizedString {
                text: String::new(),
                tokens: tokens
                    .iter()
                    .filter(|token| is_in(token.kind))
                    .map(|token| Token {
                        offset_from: 0,
                        offset_to: 0,
                        position: token.position as usize,
                        text: words[token.form as usize].clone(),
                        position_length: 1,
                    })
                    .collect(),
            };
            let mut document = TantivyDocument::default();
            document.add_u64(self.fields.transcript, u64::from(transcript.number));
            document.add_u64(self.fields.key, key(transcript.number, place));
            document.add_pre_tokenized_text(self.fields.stem, field(&stems, is_stemmed));
            document.add_pre_tokenized_text(self.fields.exact, field(&forms, |_| true));
            document
        })
    }

    /// Reads the index as it is now. `offsets` holds, by transcript number,
    /// the place of its first passage among all passages of the study.
    ///
    /// # Errors
    /// [`SearchError`] if the files cannot be read.
    pub fn reader(&self, offsets: &[Option<u32>]) -> Result<IndexReader, SearchError> {
        let reader = self.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher = reader.searcher();
        let passage_of = |key: u64| {
            let number = usize::try_from(key >> 32).ok()?;
            let place = u32::try_from(key & u64::from(u32::MAX)).ok()?;
            Some(offsets.get(number).copied().flatten()? + place)
        };
        let mut passages = Vec::new();
        for segment in searcher.segment_readers() {
            let keys = segment.fast_fields().u64("key")?;
            let alive = segment.alive_bitset();
            let documents = 0..segment.max_doc();
            let alive = |document: &u32| alive.is_none_or(|alive| alive.is_alive(*document));
            let passage = |document: u32| {
                Some(document).filter(alive).and_then(|it| keys.first(it)).and_then(passage_of)
            };
            passages.push(documents.map(passage).collect());
        }
        Ok(IndexReader { searcher, passages, fields: self.fields, vocabulary: OnceLock::new() })
    }
}

/// Whether a token of this kind has an entry in the field of stems.
pub(super) fn is_stemmed(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Content | TokenKind::Number)
}

fn key(number: u32, place: u32) -> u64 {
    u64::from(number) << 32 | u64::from(place)
}

/// The index at one moment.
pub struct IndexReader {
    searcher: Searcher,
    /// By segment and document: the place of the passage among all passages
    /// of the study; `None` if it is gone.
    passages: Vec<Vec<Option<u32>>>,
    fields: Fields,
    vocabulary: OnceLock<Vec<String>>,
}

/// A passage that holds a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// The place of the passage among all passages of the study.
    pub passage: u32,
    /// How often the term stands there.
    pub count: u32,
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
            found.push(Posting { passage, count: postings.term_freq() });
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
        let field = match field {
            WordField::Stem => self.fields.stem,
            WordField::Exact => self.fields.exact,
        };
        let term = Term::from_field_text(field, word);
        let option = if with_positions {
            IndexRecordOption::WithFreqsAndPositions
        } else {
            IndexRecordOption::WithFreqs
        };
        for (segment, passages) in self.searcher.segment_readers().iter().zip(&self.passages) {
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
        for segment in self.searcher.segment_readers() {
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
