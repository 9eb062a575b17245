//! The index that one command searches: a shard with the transcripts of a part.

use std::path::Path;

use super::model::Model;
use super::plan::Plan;
use super::reading::{Talk, known_of};
use super::{BatchError, unpacked};
use crate::study::shards::{Archive, ShardWriter};

/// What an engine carries of a transcript, for an index.
pub struct Indexed<'a> {
    /// Its place among all, in the order of [`Plan::voices`].
    pub number: u32,
    /// What is known of it.
    pub known: &'a [u8],
    /// Its passages and its words.
    pub talk: &'a [u8],
    /// Its text.
    pub text: &'a [u8],
    /// Its [`Voices`](super::Voices).
    pub voices: &'a [u8],
}

impl Model {
    /// Adds a transcript to a shard, with the themes that its passages are evidence of.
    ///
    /// # Errors
    /// [`BatchError`] if it cannot be read, or the shard cannot be written.
    pub fn index(&self, shard: &mut ShardWriter, of: &Indexed<'_>) -> Result<(), BatchError> {
        let known = known_of(of.known)?;
        let Talk { passages, words } = unpacked(of.talk, "passages")?;
        let mut themes = vec![Vec::new(); passages.len()];
        for assigned in self.assign(&known.id, of.talk, of.voices)? {
            themes[assigned.place as usize] = assigned.evidence;
        }
        let text = unpacked(of.text, "texts")?;
        Ok(shard.add(of.number, &known, (passages, themes), &text, &words)?)
    }
}

impl Plan {
    /// Ends the index in a folder, of which all shards are written; `hides_names` tells
    /// whether the study has a key of names.
    ///
    /// # Errors
    /// [`BatchError::Study`] if a shard is missing or cannot be read.
    pub fn end_index(
        &self,
        folder: &Path,
        (model, shards): (&Model, Vec<String>),
        hides_names: bool,
    ) -> Result<(), BatchError> {
        let archive = Archive {
            settings: self.setup.settings_text.clone(),
            hides_names: hides_names || self.setup.settings.pseudonyms.is_some(),
            transcripts: self.transcripts.clone(),
            who: self.who.clone(),
            labels: model.labels()?,
            shards,
        };
        Ok(archive.end(folder)?)
    }
}
