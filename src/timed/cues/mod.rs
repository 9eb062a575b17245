//! Reads `WebVTT`, as Zoom, Teams, Webex, Whisper and caption editors write it, and `SubRip`:
//! timed blocks of words.
//!
//! The decoded text of a file comes in; a [`RawTranscript`] goes out. Zoom numbers its cues and
//! puts the name before a colon; Teams has voice tags; of `SubRip` numbers may be missing or
//! wrong, and `.` may stand for `,`:
//!
//! ```text
//! WEBVTT                             WEBVTT
//!                                                                    1
//! 1                                  3f0c1d9e-…-aaaabbbbcccc/14-0    00:00:02,656 --> 00:00:05,230
//! 00:00:02.656 --> 00:00:05.230      00:00:03.240 --> 00:00:07.100   ADA QUILL: So how did <i>it</i>
//! Ada Quill: So how did it start?    <v Ada Quill>So how did         start?
//!                                    it start?</v>
//! ```
//!
//! Both formats are a list of cues:
//!
//! ```text
//! file   = header? (note | cue)*          a header only in WebVTT
//! cue    = id? timing words*              blank lines may be missing or doubled
//! id     = number | guid "/" n "-" n | any line after a blank one (WebVTT)
//! timing = time arrow time settings?      time = [h:]m:s[.ms | ,ms]
//! words  = `<v Ada Quill>So?</v>` | `Ada Quill: So?` | `[Ada] So?` | `So?`
//! ```
//!
//! The one fixed point is the timing line: whatever stands after it belongs to
//! it, up to the next one. So a missing blank line, a doubled one, or a wrong
//! number does no harm. Headers, `NOTE`, `STYLE` and `REGION` blocks are passed over; so are
//! cue settings and all tags but the voices. Rolling captions that show each line twice are
//! told once.

mod markup;
mod scan;
mod speakers;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::markup::fragments_of;
use self::scan::{Cue, Scan, Trouble, Troubles, id_name, is_guid_id, scan};
pub(crate) use self::scan::{Format, starts_as_srt, starts_as_vtt};
use self::speakers::{Said, drop_repeats, lines_of, name_speakers, part_overlaps, voices_of};
use super::builder::TextBuilder;
use crate::base::TimeSpan;
use crate::files::{SourceError, SourceProblem};
use crate::labels::time::is_number;
use crate::text::{RawTranscript, RawTurn};

/// How far a cue may start before an earlier one and still be talk at the same
/// time. Further back, the clock was set again.
const RESTART_MS: u64 = 60_000;

/// Reads all cues of a file and names their speakers.
///
/// # Errors
/// [`SourceError`] if it has no cue, no words, or no words that belong to a time.
pub(crate) fn parse(text: &str, format: Format) -> Result<RawTranscript, SourceError> {
    let mut troubles = Troubles::default();
    let scan = scan(text, format, &mut troubles);
    if scan.cues.is_empty() {
        let problem = match format {
            _ if text.trim().is_empty() => SourceProblem::Empty,
            Format::Vtt if !starts_as_vtt(text) => SourceProblem::NotVtt,
            Format::Srt if scan.n_stray_words > 0 => SourceProblem::NotAligned,
            Format::Vtt | Format::Srt => SourceProblem::NoSpeech,
        };
        return Err(SourceError::whole(problem));
    }
    let times = times_of(&scan.cues, &mut troubles);

    let last = scan.cues.len() - 1;
    let mut fragments = Vec::with_capacity(scan.cues.len());
    for (idx, cue) in scan.cues.iter().enumerate() {
        let words = cue.lines.join("\n");
        let is_cut = idx == last && !text.ends_with('\n');
        let (found, cut) = fragments_of(&words, is_cut);
        if cut {
            troubles.add(Trouble::EndsInCue, cue.last_line);
        }
        fragments.push(found);
    }
    let has_voices = fragments.iter().flatten().any(|fragment| fragment.voice.is_some());
    let id_names: Vec<Option<&str>> = scan.cues.iter().map(|cue| id_name(cue.id)).collect();
    let has_id_names = id_names.iter().any(Option::is_some);

    let mut has_names = false;
    let said: Vec<Vec<Said>> = if has_voices {
        part_overlaps(fragments.into_iter().map(voices_of).collect())
    } else {
        let mut lines: Vec<Vec<String>> = fragments.into_iter().map(lines_of).collect();
        // Only rolling captions tell a time within the line.
        let is_karaoke = |line: &&str| line.contains("<c>") && line.contains("<0");
        let has_karaoke = scan.cues.iter().flat_map(|cue| &cue.lines).any(is_karaoke);
        drop_repeats(&mut lines, has_karaoke);
        if has_id_names {
            let cues = id_names.into_iter().zip(lines);
            let said = |(name, lines): (Option<&str>, Vec<String>)| {
                vec![Said { label: name.map(str::to_owned), words: lines.join(" ") }]
            };
            cues.map(said).collect()
        } else {
            let (said, named) = name_speakers(lines);
            has_names = named;
            said
        }
    };

    check_speech(&scan, &said)?;
    let written = in_order(&times, &said, &scan.cues, &mut troubles);
    let has_guids = scan.cues.iter().any(|cue| cue.id.is_some_and(is_guid_id));
    let is_numbered = scan.cues.iter().any(|cue| cue.id.is_some_and(is_number));
    let layout = match format {
        Format::Srt => "SubRip (SRT)",
        Format::Vtt if has_voices && has_guids => "Teams WebVTT",
        Format::Vtt if has_voices => "WebVTT with voices",
        Format::Vtt if has_id_names => "Webex WebVTT",
        Format::Vtt if has_names && is_numbered => "Zoom WebVTT",
        Format::Vtt if has_names => "WebVTT, `Name:` cues",
        Format::Vtt => "WebVTT",
    };
    let raw = RawTranscript::new(layout, written, troubles.warnings());
    Ok(RawTranscript { language: scan.language, ..raw })
}

/// Gives each cue a time. A damaged one starts where the cue before ends.
fn times_of(cues: &[Cue<'_>], troubles: &mut Troubles) -> Vec<TimeSpan> {
    let mut previous_ms = 0;
    let mut times = Vec::with_capacity(cues.len());
    for cue in cues {
        let start_ms = cue.timing.start_ms.unwrap_or(previous_ms);
        let end_ms = cue.timing.end_ms.filter(|&end_ms| end_ms >= start_ms);
        if !cue.timing.is_good {
            troubles.add(Trouble::BadTime, cue.line);
        } else if end_ms.is_none() {
            troubles.add(Trouble::Backwards, cue.line);
        }
        previous_ms = end_ms.unwrap_or(start_ms);
        times.push(TimeSpan { start_ms, end_ms });
    }
    times
}

/// Refuses a file without words, or without a single time for its words.
fn check_speech(scan: &Scan<'_>, said: &[Vec<Said>]) -> Result<(), SourceError> {
    let has_words = |said: &Said| !said.words.trim().is_empty();
    let is_timed = |cue: &Cue<'_>| cue.timing.start_ms.is_some() || cue.timing.end_ms.is_some();
    let mut worded = scan.cues.iter().zip(said).filter(|(_, said)| said.iter().any(has_words));
    let mut any_words = scan.n_stray_words > 0;
    let is_aligned = worded.any(|(cue, _)| {
        any_words = true;
        is_timed(cue)
    });
    match (is_aligned, any_words) {
        (true, _) => Ok(()),
        (false, true) => {
            let line = scan.cues.first().map(|cue| cue.line);
            Err(SourceError { line, problem: SourceProblem::NotAligned })
        }
        (false, false) => Err(SourceError::whole(SourceProblem::NoSpeech)),
    }
}

/// Puts cues in the order of their start times and writes the text.
///
/// Talk at the same time is told in the order in which it starts. Where the
/// clock jumps back by more than a minute, the parts are sorted apart, because
/// two recordings in one file must not be shuffled into each other; but if no
/// speaker occurs in two parts, they are the tracks of one recording.
fn in_order(
    times: &[TimeSpan],
    said: &[Vec<Said>],
    cues: &[Cue<'_>],
    troubles: &mut Troubles,
) -> (String, Vec<RawTurn>) {
    let mut part = 0_usize;
    let mut latest_ms = 0;
    let mut restarts = Vec::new();
    let mut part_of: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    let mut are_tracks = true;
    let mut order = Vec::with_capacity(times.len());
    for (idx, (time, said)) in times.iter().zip(said).enumerate() {
        if said.iter().all(|said| said.words.trim().is_empty()) {
            continue;
        }
        if time.start_ms.saturating_add(RESTART_MS) < latest_ms {
            part += 1;
            latest_ms = 0;
            restarts.push(cues.get(idx).map_or(0, |cue| cue.line));
        }
        latest_ms = latest_ms.max(time.start_ms);
        for said in said {
            let label = said.label.as_deref();
            are_tracks &= label.is_some() && *part_of.entry(label).or_insert(part) == part;
        }
        order.push((part, time.start_ms, idx));
    }
    if part > 0 && are_tracks {
        order.sort_by_key(|&(_, start_ms, idx)| (start_ms, idx));
    } else {
        for line in restarts {
            troubles.add(Trouble::Restarted, line);
        }
        order.sort_unstable();
    }
    let mut builder = TextBuilder::default();
    for (_, _, idx) in order {
        for said in said.get(idx).into_iter().flatten() {
            builder.push(said.label.as_deref(), &said.words, times.get(idx).copied());
        }
    }
    builder.finish()
}
