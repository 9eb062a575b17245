//! Pseudonyms of a study: what is shown, what leaks.
//!
//! The façade's answers hold names, since decisions, anchors and other answers
//! are made of them; [`Snapshot::shown`] is the door through which every answer goes
//! before anybody sees it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::key::KEY_FILE;
use super::{Snapshot, StudyError};
use crate::answers::{HideNames, KeyAnswer, KeyRow, Leak, ScanAnswer, Unshown};
use crate::base::{Diagnostic, Remedy, Span};
use crate::codebook::standing::words_in;
use crate::corpus::scanning::Scanning;
use crate::exchange::Bundle;
use crate::exchange::hiding::with_pseudonyms;
use crate::pseudonyms::identifying::folded;
use crate::pseudonyms::{PseudonymEntry, PseudonymList, Pseudonyms, Rule};
use crate::transcripts::Transcript;

impl Snapshot {
    /// The pseudonyms of the study; none if originals are shown.
    pub fn pseudonyms(&self) -> Option<&Arc<Pseudonyms>> {
        let is_used = !self.key.shows_originals && !self.key.pseudonyms.is_empty();
        is_used.then_some(&self.key.pseudonyms)
    }

    /// An answer as it is shown: with pseudonyms.
    pub fn shown<T: HideNames>(&self, answer: Unshown<T>) -> T {
        answer.shown(self.pseudonyms().map(Arc::as_ref))
    }

    /// An answer with pseudonyms, if they are shown: for what is made of shown texts.
    pub(crate) fn hidden<T: HideNames>(&self, answer: T) -> T {
        self.shown(Unshown::new(answer))
    }

    /// A text as it is shown: with pseudonyms.
    pub fn shown_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.pseudonyms().map_or(Cow::Borrowed(text), |pseudonyms| pseudonyms.apply(text))
    }

    /// All pseudonyms, whatever is shown: what people may type.
    pub(crate) fn every_pseudonym(&self) -> &Pseudonyms {
        &self.key.pseudonyms
    }

    /// Where words stand in lines of a transcript that are written there as they are
    /// shown, with pseudonyms; `None` unless once.
    pub(crate) fn shown_words(
        &self,
        transcript: &Transcript,
        lines: Span,
        words: &str,
    ) -> Option<Span> {
        let original = lines.of(&transcript.text);
        let shown = self.pseudonyms()?.show(original);
        let [(from, to)] = words_in(&shown.text, words)[..] else { return None };
        let n_chars = |at: usize| shown.text[..at].chars().count();
        let [start, end] = shown.original([n_chars(from), n_chars(to)]);
        let byte = |n: usize| original.char_indices().nth(n).map_or(original.len(), |(at, _)| at);
        let from = lines.start as usize;
        Some(Span::new(from + byte(start), from + byte(end)))
    }

    /// Transcripts that pseudonyms leave with one id: quotes could not be told apart.
    pub fn same_when_shown(&self) -> Unshown<Vec<Diagnostic>> {
        let mut by_shown: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for known in &self.corpus.transcripts {
            by_shown.entry(self.shown_text(&known.id).into_owned()).or_default().push(&known.id);
        }
        Unshown::new(
            by_shown
                .into_iter()
                .filter(|(_, ids)| ids.len() > 1)
                .map(|(shown, ids)| {
                    Diagnostic::new(format!("{} transcripts are shown as `{shown}`", ids.len()))
                        .with(Remedy::new("give their names different pseudonyms"))
                })
                .collect(),
        )
    }

    /// A key where nobody reads it: names would be shown that people think hidden.
    pub(crate) fn key_out_of_place(&self) -> Option<Diagnostic> {
        let other = self.folder.root.join(KEY_FILE);
        (other.is_file() && self.key.file != other).then(|| {
            Diagnostic::new("there is a key of names in a place where it is not used")
                .in_file(KEY_FILE, None)
                .with(Remedy::new(format!(
                    "move it to `{}`, or write `pseudonyms = \"{KEY_FILE}\"` into study.toml",
                    self.folder.store.join(KEY_FILE).display()
                )))
        })
    }

    /// In how many places a name on the key stands in the talk.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn n_places(&self, name: &str) -> Result<usize, StudyError> {
        Ok(self.count_names()?.remove(name).unwrap_or(0))
    }

    /// The entry of the key for a name, however it is spelt.
    pub fn key_entry(&self, name: &str) -> Option<&PseudonymEntry> {
        let wanted = folded(name.trim());
        self.key.list.entries.iter().find(|entry| folded(&entry.name) == wanted)
    }

    /// How often a name is taken to stand in the talk in small letters.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn n_small(&self, name: &str) -> Result<usize, StudyError> {
        let entry = PseudonymEntry {
            name: name.to_owned(),
            pseudonym: "[ ]x".to_owned(),
            rule: Rule::AnyCase,
        };
        let list = PseudonymList { entries: vec![entry] };
        let alone = Pseudonyms::new(&list, &self.corpus.languages());
        let mut n_small = 0;
        for t in 0..self.corpus.transcripts.len() {
            let text = &self.corpus.text(t)?.text;
            let is_small = |found: &crate::pseudonyms::FoundName| {
                !text[found.at.clone()].contains(char::is_uppercase)
            };
            n_small += alone.find(text).iter().filter(|found| is_small(found)).count();
        }
        Ok(n_small)
    }

    /// The key, with how often each name is said. It is for those who keep it: names
    /// are shown in it.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn key(&self) -> Result<KeyAnswer, StudyError> {
        let counts = self.count_names()?;
        let row = |entry: &PseudonymEntry| {
            KeyRow::new(entry, counts.get(&entry.name).copied().unwrap_or(0))
        };
        Ok(KeyAnswer {
            file: self.key.file.display().to_string(),
            names: self.key.list.entries.iter().map(row).collect(),
        })
    }

    fn count_names(&self) -> Result<BTreeMap<String, usize>, StudyError> {
        let mut counts = BTreeMap::new();
        for t in 0..self.corpus.transcripts.len() {
            let text = &self.corpus.text(t)?.text;
            for found in self.key.pseudonyms.find(text) {
                *counts.entry(self.key.pseudonyms.name_of(&found).to_owned()).or_insert(0) += 1;
            }
        }
        Ok(counts)
    }

    /// What in the transcripts may give somebody away and is not on the key; with
    /// `leaks`, what is left of it in what is shown.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn scan(&self, leaks: bool) -> Result<ScanAnswer, StudyError> {
        Ok(self.scanning().scan(leaks)?)
    }

    /// What in a text that is to be shared may give somebody away: names on the
    /// key, words near them, proposals of [`scan`](Self::scan), addresses,
    /// numbers, dates. Lines count in the text.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn leaks(&self, text: &str) -> Result<Vec<Leak>, StudyError> {
        Ok(self.scanning().leaks(text)?)
    }

    fn scanning(&self) -> Scanning<'_> {
        Scanning::new(&self.corpus, &self.key.list, &self.key.pseudonyms)
    }

    /// What goes to another tool, as it is shown.
    pub(crate) fn shown_bundle(&self, bundle: Bundle) -> Bundle {
        match self.pseudonyms() {
            Some(pseudonyms) => with_pseudonyms(bundle, pseudonyms),
            None => bundle,
        }
    }

    /// A transcript as it is shown.
    pub(crate) fn shown_transcript(&self, t: usize) -> Result<Arc<Transcript>, StudyError> {
        let transcript = self.corpus.text(t)?;
        Ok(match self.pseudonyms() {
            Some(pseudonyms) => Arc::new(pseudonyms.shown_transcript(&transcript, &mut [])),
            None => transcript,
        })
    }

    /// The same of a text that is none of the study's transcripts.
    pub(crate) fn shown_text_of(&self, transcript: Transcript) -> Transcript {
        match self.pseudonyms() {
            Some(pseudonyms) => pseudonyms.shown_transcript(&transcript, &mut []),
            None => transcript,
        }
    }
}
