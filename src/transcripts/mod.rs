//! Raw turns become transcripts: speakers, turns, lines, times.
//!
//! A [`RawTranscript`] comes in; a
//! [`Transcript`] goes out, whose text never changes again. Everything later
//! points into it by byte span. [`Roles`](roles::RoleGuess) and
//! [`Case`](cases::Case)s say whose talk is evidence.
//!
//! ```
//! use leitmotif::{files::SourceError, sources, transcripts::Transcript};
//!
//! let file = "Interviewer: How was it?\nSiân: Odd at first.\nInterviewer: Why?\nSiân: The faces.\n";
//! let transcript = Transcript::new(sources::read(file.as_bytes(), "P01.txt")?);
//! assert_eq!(transcript.speakers[1].label, "Siân");
//! assert_eq!(transcript.turns[1].span.of(&transcript.text), "Odd at first.");
//! # Ok::<(), SourceError>(())
//! ```

pub mod beside;
pub mod cases;
pub mod header;
mod in_head;
pub mod notes;
pub mod people;
pub mod roles;
mod sessions;
pub mod talk;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use self::header::NamedPart;
use self::talk::Signs;
use crate::base::{LineEnds, LineIndex, Span, TimeSpan, words_in};
use crate::text::RawTranscript;

/// The label of a speaker whom the file does not name.
pub const UNNAMED: &str = "";

/// One interview: a fixed text and the turns in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// What the file was recognised as, for people.
    pub layout: String,
    /// The plain text; see [`sources`](crate::sources).
    pub text: String,
    /// Finds the line of a byte.
    pub lines: LineIndex,
    /// What the ends of lines in the talk mean.
    pub line_ends: LineEnds,
    /// Who talks, in the order of their first words.
    pub speakers: Vec<Speaker>,
    /// The talk, in order.
    pub turns: Vec<Turn>,
    /// Attributes that the file itself gives to speakers, by label.
    pub attributes: BTreeMap<String, BTreeMap<String, String>>,
    /// The language that the file names, if any.
    pub language: Option<String>,
}

/// A label of somebody who talks in a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// The label as written; [`UNNAMED`] if the file has none.
    pub label: String,
    /// How many turns.
    pub n_turns: u32,
    /// How many words.
    pub n_words: u32,
}

/// What is known of the speakers of a transcript.
#[derive(Debug, Clone, Copy)]
pub struct TranscriptSpeakers<'a> {
    /// The transcript's id: its path without ending.
    pub id: &'a str,
    /// Who talks in it.
    pub speakers: &'a [Speaker],
    /// Attributes that the file itself gives, by label.
    pub attributes: &'a BTreeMap<String, BTreeMap<String, String>>,
    /// What the talk of each tells.
    pub signs: &'a [Signs],
    /// Who is named at the head of the file.
    pub named: &'a [NamedPart],
    /// The number of the first quotation in it, if people coded it.
    pub coded: Option<u32>,
}

/// One speaker's unbroken talk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The place of the speaker in [`Transcript::speakers`].
    pub speaker: u16,
    /// The words, without label and times.
    pub span: Span,
    /// The first byte of each cue, and when it was said.
    pub cues: Vec<(u32, TimeSpan)>,
}

/// The last part of a transcript's id.
pub fn stem_of(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

impl Transcript {
    /// Numbers the speakers of a file and counts their talk.
    ///
    /// Labels that differ only in case or white space are one speaker, under
    /// the label that comes first.
    pub fn new(raw: RawTranscript) -> Self {
        let mut speakers: Vec<Speaker> = Vec::new();
        let mut place_of: BTreeMap<String, u16> = BTreeMap::new();
        let mut turns = Vec::with_capacity(raw.turns.len());
        for turn in raw.turns {
            let label = turn.label.unwrap_or_else(|| UNNAMED.to_owned());
            let next = u16::try_from(speakers.len()).unwrap_or(u16::MAX);
            let speaker = *place_of.entry(normal_label(&label)).or_insert(next);
            if speaker == next && speakers.len() < usize::from(u16::MAX) {
                speakers.push(Speaker { label, n_turns: 0, n_words: 0 });
            }
            // No reader makes more speakers than `sources::MAX_SPEAKERS`.
            let speaker = speaker.min(u16::try_from(speakers.len() - 1).unwrap_or(u16::MAX));
            let words = turn.span.of(&raw.text);
            let counted = &mut speakers[usize::from(speaker)];
            counted.n_turns += 1;
            counted.n_words += u32::try_from(words_in(words)).unwrap_or(u32::MAX);
            turns.push(Turn { speaker, span: turn.span, cues: turn.cues });
        }
        Self {
            layout: raw.layout,
            lines: LineIndex::new(&raw.text),
            line_ends: LineEnds::of(turns.iter().map(|turn| turn.span.of(&raw.text))),
            text: raw.text,
            speakers,
            turns,
            attributes: raw.attributes,
            language: raw.language,
        }
    }

    /// How many words are said, split at white space.
    pub fn n_words(&self) -> usize {
        self.speakers.iter().map(|speaker| speaker.n_words as usize).sum()
    }

    /// How long the recording is, in milliseconds, where the file tells.
    pub fn duration_ms(&self) -> Option<u64> {
        let times = self.turns.iter().flat_map(|turn| &turn.cues).map(|(_, time)| time);
        times.map(|time| time.end_ms.unwrap_or(time.start_ms)).max()
    }

    /// When the words at `span` of turns `turns` are said: from the start of
    /// the cue that holds the first byte to the end of the last cue touched.
    pub fn time_of(&self, turns: std::ops::Range<usize>, span: Span) -> Option<TimeSpan> {
        let cues = || self.turns[turns.clone()].iter().flat_map(|turn| &turn.cues);
        let first = cues().take_while(|(at, _)| *at <= span.start).last().or_else(|| {
            // The turn's first time may stand after its first words.
            cues().next().filter(|(at, _)| *at < span.end)
        })?;
        let ends = cues().filter(|(at, _)| *at < span.end && *at >= first.0);
        let end_ms = ends.filter_map(|(_, time)| time.end_ms).max();
        Some(TimeSpan { start_ms: first.1.start_ms, end_ms })
    }
}

/// Folds what may differ between two spellings of one label.
pub fn normal_label(label: &str) -> String {
    let words = label.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_ascii() {
        return words.to_ascii_lowercase();
    }
    words.nfc().collect::<String>().to_lowercase()
}
