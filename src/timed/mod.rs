//! Words with times: subtitles, and the tiers of annotation programs.
//!
//! A decoded text comes in; a [`RawTranscript`] goes out, one turn a line. `cues`,
//! `captions` and `ttml` read subtitles, `elan`, `exmaralda` and `textgrid` what
//! annotation programs keep apart, one tier for each speaker, `transcriber` the turns of one
//! more; `builder` makes lines of cues.

pub(crate) mod builder;
pub(crate) mod captions;
pub(crate) mod cues;
pub(crate) mod elan;
pub(crate) mod exmaralda;
pub(crate) mod textgrid;
pub(crate) mod transcriber;
pub(crate) mod ttml;

use std::collections::BTreeMap;

use self::builder::TextBuilder;
use crate::base::{Diagnostic, Remedy, TimeSpan, words_in};
use crate::files::{SourceError, SourceProblem};
use crate::labels::time::span_of;
use crate::text::RawTranscript;

/// What one speaker said at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) label: Option<String>,
    pub(crate) words: String,
    pub(crate) time: Option<TimeSpan>,
}

/// Writes what was said in the order in which it began; what has no time follows what stands
/// before it in the file, and talk that began together keeps the order of the file.
///
/// # Errors
/// [`SourceProblem::NoSpeech`] if nothing was said.
pub(crate) fn in_order(
    said: Vec<Said>,
    layout: &str,
    warnings: Vec<Diagnostic>,
) -> Result<RawTranscript, SourceError> {
    let mut latest_ms = 0;
    let mut label: Option<Option<String>> = None;
    let mut placed: Vec<(u64, Said)> = Vec::with_capacity(said.len());
    for one in said {
        if label.as_ref() != Some(&one.label) {
            latest_ms = 0;
            label = Some(one.label.clone());
        }
        latest_ms = one.time.map_or(latest_ms, |time| time.start_ms);
        placed.push((latest_ms, one));
    }
    placed.sort_by_key(|(start_ms, _)| *start_ms);
    as_it_stands(placed.into_iter().map(|(_, one)| one), layout, warnings)
}

/// Writes what was said in the order in which it comes.
///
/// # Errors
/// [`SourceProblem::NoSpeech`] if nothing was said.
pub(crate) fn as_it_stands(
    said: impl IntoIterator<Item = Said>,
    layout: &str,
    warnings: Vec<Diagnostic>,
) -> Result<RawTranscript, SourceError> {
    let mut builder = TextBuilder::default();
    for Said { label, words, time } in said {
        builder.push(label.as_deref(), &words, time);
    }
    let written = builder.finish();
    if written.1.is_empty() {
        return Err(SourceError::whole(SourceProblem::NoSpeech));
    }
    Ok(RawTranscript::new(layout, written, warnings))
}

/// Tells of tiers whose words are not read, with their names; nothing if they have no words.
pub(crate) fn unread_tiers<'t>(
    tiers: impl Iterator<Item = (&'t str, &'t str)>,
) -> Option<Diagnostic> {
    let mut n_words_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, words) in tiers {
        *n_words_of.entry(name).or_default() += words_in(words);
    }
    n_words_of.retain(|_, n_words| *n_words > 0);
    let n_words: usize = n_words_of.values().sum();
    let names: Vec<String> = n_words_of.keys().take(5).map(|name| format!("`{name}`")).collect();
    let more = if n_words_of.len() > 5 { " …" } else { "" };
    (n_words > 0).then(|| {
        let names = names.join(", ");
        let problem =
            format!("{n_words} words of tiers beside the talk are not read: {names}{more}");
        let advice = "if they are talk, export these tiers as text or subtitles";
        Diagnostic::new(problem).with(Remedy::new(advice))
    })
}

/// Milliseconds of a number of seconds; `None` if it is no time.
pub(crate) fn ms_of_seconds(text: &str) -> Option<u64> {
    let seconds: f64 = text.trim().parse().ok()?;
    let ms = (seconds * 1000.0).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded here")]
    (0.0..1e12).contains(&ms).then_some(ms as u64)
}

/// A time span, where its start is known.
pub(crate) fn span(start_ms: Option<u64>, end_ms: Option<u64>) -> Option<TimeSpan> {
    start_ms.map(|start_ms| span_of(start_ms, end_ms))
}
