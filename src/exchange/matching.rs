//! Which transcript of a study a text that comes in is.
//!
//! It is the one whose text is the same, else the one of the same name.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use super::SourceText;
use crate::codebook::checksum_of;
use crate::corpus::{Corpus, CorpusError};
use crate::files;
use crate::transcripts::stem_of;

/// Folds what may differ between two spellings of one name: case, and accents
/// written as one sign or two.
pub fn folded(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase()
}

/// The transcript that a source is, with whether its text is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Its place in the study.
    pub t: usize,
    /// Whether the text is the same, byte for byte.
    pub is_same: bool,
}

/// The transcripts of a study by checksum, id and file name.
pub struct Index {
    /// In the order of the study.
    checksums: BTreeMap<String, Vec<usize>>,
    ids: BTreeMap<String, usize>,
    /// Those whose file name only one has.
    stems: BTreeMap<String, Option<usize>>,
}

impl Index {
    /// Reads all texts.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if one is not remembered any more.
    pub fn new(corpus: &Corpus) -> Result<Self, CorpusError> {
        let mut checksums: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut ids = BTreeMap::new();
        let mut stems: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for (t, known) in corpus.transcripts.iter().enumerate() {
            checksums.entry(checksum_of(&corpus.text(t)?.text)).or_default().push(t);
            ids.entry(folded(&known.id)).or_insert(t);
            stems
                .entry(folded(stem_of(&known.id)))
                .and_modify(|only| *only = None)
                .or_insert(Some(t));
        }
        Ok(Self { checksums, ids, stems })
    }

    /// The transcript of this id, or of this file name if only one has it.
    pub fn named(&self, name: &str) -> Option<usize> {
        let id = folded(name);
        let stems = || self.stems.get(stem_of(&id)).copied().flatten();
        self.ids.get(&id).copied().or_else(stems)
    }

    /// The transcript that has this text, that of this name if several have it; else the
    /// one of this name.
    pub fn find(&self, source: &SourceText) -> Option<Match> {
        let named = self.named(&source.id);
        match (self.checksums.get(&checksum_of(&source.text)), named) {
            (Some(same), Some(t)) if same.contains(&t) => Some(Match { t, is_same: true }),
            (Some(same), _) => same.first().map(|&t| Match { t, is_same: true }),
            (None, Some(t)) => Some(Match { t, is_same: false }),
            (None, None) => None,
        }
    }
}

/// The transcript of each source, by the source's id. `written` has the path of each
/// source for which a file was made.
///
/// # Errors
/// [`CorpusError::TextGone`] if a text is not remembered any more.
pub fn places(
    corpus: &Corpus,
    sources: &[SourceText],
    written: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Match>, CorpusError> {
    let index = Index::new(corpus)?;
    let mut places = BTreeMap::new();
    for source in sources {
        let own = written.get(&source.id).map(|path| files::find::id_of(path));
        let own = own.and_then(|id| index.ids.get(&folded(id)).copied());
        let found = match own {
            Some(t) => {
                let is_same = corpus.text(t)?.text == source.text;
                Some(Match { t, is_same })
            }
            None => index.find(source),
        };
        if let Some(found) = found {
            places.insert(source.id.clone(), found);
        }
    }
    Ok(places)
}
