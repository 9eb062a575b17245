//! Reads what `WebVTT` and `SubRip` share: timed blocks of words.
//!
//! The decoded text of a file comes in; a [`RawTranscript`] goes out. Both
//! formats are a list of cues:
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
//! number does no harm.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::TextBuilder;
use super::{RawTranscript, SourceError, SourceProblem};
use crate::base::{Diagnostic, Remedy, TimeSpan};

/// How far a cue may start before an earlier one and still be talk at the same
/// time. Further back, the clock was set again.
const RESTART_MS: u64 = 60_000;
/// The longest label of a speaker, in characters.
const MAX_LABEL_CHARS: usize = 60;
/// The longest label of a speaker, in words.
const MAX_LABEL_WORDS: usize = 6;
/// The longest inner part of a tag, in bytes. A `<` further from its `>` is text.
const MAX_TAG_BYTES: usize = 400;

/// Words before a colon that name nobody.
const NOT_NAMES: &[&str] = &["note", "notes", "nb", "n.b", "ps", "http", "https", "e.g", "i.e"];

/// Words in brackets that tell of a sound, not of a speaker.
const SOUNDS: &[&str] = &[
    "applause",
    "audio",
    "background",
    "beep",
    "blank",
    "break",
    "chuckle",
    "chuckles",
    "chuckling",
    "cough",
    "coughing",
    "coughs",
    "cross",
    "crosstalk",
    "cries",
    "crying",
    "end",
    "foreign",
    "inaudible",
    "indistinct",
    "laugh",
    "laughing",
    "laughs",
    "laughter",
    "music",
    "noise",
    "overlapping",
    "pause",
    "pauses",
    "phone",
    "redacted",
    "sigh",
    "sighing",
    "sighs",
    "silence",
    "sound",
    "start",
    "unclear",
    "unintelligible",
    "vocalsound",
    "whispers",
    "whispering",
];

/// The two formats of timed cues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// `WebVTT`: a header, comments, ids of any kind, voice tags.
    Vtt,
    /// `SubRip`: numbered cues.
    Srt,
}

/// Reads all cues of a file and names their speakers.
pub(super) fn parse(text: &str, format: Format) -> Result<RawTranscript, SourceError> {
    let mut troubles = Troubles::default();
    let scan = scan(text, format, &mut troubles);
    if scan.cues.is_empty() {
        let problem = match format {
            _ if text.trim().is_empty() => SourceProblem::Empty,
            Format::Vtt if !starts_as_vtt(text) => SourceProblem::NotVtt,
            Format::Srt if scan.has_stray_words => SourceProblem::NotAligned,
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
        fragments.into_iter().map(voices_of).collect()
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
    let (text, turns) = in_order(&times, &said, &scan.cues, &mut troubles);
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
    Ok(RawTranscript {
        layout: layout.to_owned(),
        text,
        turns,
        attributes: BTreeMap::new(),
        language: scan.language,
        warnings: troubles.warnings(),
    })
}

/// Tells whether a text begins with the first line of a `WebVTT` file.
pub(super) fn starts_as_vtt(text: &str) -> bool {
    text.trim_start().strip_prefix("WEBVTT").is_some_and(|rest| {
        rest.chars().next().is_none_or(char::is_whitespace) || rest.starts_with(['-', ':'])
    })
}

/// Tells whether a text begins with a `SubRip` cue: perhaps a number, then a timing line.
pub(super) fn starts_as_srt(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_timing = |line: &str| timing(line).is_some_and(|timing| timing.is_good);
    match lines.next() {
        Some(line) if is_number(line) => lines.next().is_some_and(is_timing),
        Some(line) => is_timing(line),
        None => false,
    }
}

/// Reads `1:02:03.500`, `02:03,5` or `2:03` as milliseconds.
pub(super) fn parse_time(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_digits = |part: &str| (1..=9).contains(&part.len()) && is_number(part);
    let parts: Vec<&str> = whole.splitn(4, ':').collect();
    if !(2..=3).contains(&parts.len()) || !is_digits(fraction) {
        return None;
    }
    let mut seconds = 0_u64;
    for part in parts {
        if !is_digits(part) {
            return None;
        }
        seconds = seconds.checked_mul(60)?.checked_add(part.parse().ok()?)?;
    }
    let millis: String = fraction.chars().chain("00".chars()).take(3).collect();
    seconds.checked_mul(1_000)?.checked_add(millis.parse().ok()?)
}

/// One cue as it stands in the file.
#[derive(Debug)]
struct Cue<'t> {
    /// Its timing line, from 1.
    line: usize,
    /// Its last line with words, from 1.
    last_line: usize,
    /// The line before the timing line, if it is an id.
    id: Option<&'t str>,
    /// What the timing line tells.
    timing: Timing,
    /// The lines of words, with their tags.
    lines: Vec<&'t str>,
}

/// What a timing line tells; a damaged one may tell only half.
#[derive(Debug, Clone, Copy)]
struct Timing {
    start_ms: Option<u64>,
    end_ms: Option<u64>,
    /// Both times can be read.
    is_good: bool,
}

/// All cues of a file.
#[derive(Debug)]
struct Scan<'t> {
    cues: Vec<Cue<'t>>,
    /// `Language: en` in the header.
    language: Option<String>,
    /// Words stand before the first timing line.
    has_stray_words: bool,
}

/// What somebody says within one cue.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    label: Option<String>,
    words: String,
}

/// Kinds of skippable trouble: one warning each, however often it comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Trouble {
    BadTime,
    Backwards,
    Restarted,
    EndsInCue,
}

/// Counts trouble by kind, with the first line of each.
#[derive(Debug, Default)]
struct Troubles(BTreeMap<Trouble, (usize, usize)>);

impl Troubles {
    fn add(&mut self, trouble: Trouble, line: usize) {
        self.0.entry(trouble).or_insert((0, line)).0 += 1;
    }

    fn warnings(self) -> Vec<Diagnostic> {
        let warning = |(trouble, (times, line)): (Trouble, (usize, usize))| {
            let (problem, hint) = match trouble {
                Trouble::BadTime => (
                    "the time of a cue cannot be read; its words are placed after the cue before",
                    "check the times here, or export the file again",
                ),
                Trouble::Backwards => (
                    "a cue ends before it starts; its end time is left out",
                    "check the times here, or export the file again",
                ),
                Trouble::Restarted => (
                    "the times start again; the order of the file is kept",
                    "if the file holds several recordings, split it into one file each",
                ),
                Trouble::EndsInCue => (
                    "the file ends inside a cue",
                    "copy or export the file again; the end may be missing",
                ),
            };
            let times = if times > 1 { format!(" ({times} times)") } else { String::new() };
            Diagnostic::new(format!("{problem}{times}")).on_line(line).with(Remedy::new(hint))
        };
        self.0.into_iter().map(warning).collect()
    }
}

/// Cuts a file into cues at its timing lines.
fn scan<'t>(text: &'t str, format: Format, troubles: &mut Troubles) -> Scan<'t> {
    let mut scan = Scan { cues: Vec::new(), language: None, has_stray_words: false };
    let mut is_in_note = false;
    // The line before, where it may turn out to be the next cue's id, with
    // whether a blank line stands before it.
    let mut before: Option<(&str, bool)> = None;
    let mut is_after_blank = true;
    let mut last_number: Option<u64> = None;
    let mut has_guids = false;
    let mut n_lines = 0;

    for (idx, raw) in text.lines().enumerate() {
        let line = raw.trim();
        n_lines = idx + 1;
        if line.is_empty() {
            is_in_note = false;
            is_after_blank = true;
            before = None;
            continue;
        }
        if let Some(timing) = timing(line) {
            is_in_note = false;
            let last = scan.cues.last_mut();
            let has_words_besides = last.as_ref().is_none_or(|cue| cue.lines.len() > 1);
            let id = before.take().and_then(|(line, is_alone)| {
                let is_next =
                    last_number.zip(line.parse::<u64>().ok()).is_some_and(|(a, b)| is_after(a, b));
                let is_id = if is_number(line) {
                    is_alone || is_next || has_words_besides
                } else {
                    is_guid_id(line)
                        || is_alone && format == Format::Vtt && !line.contains(['<', '>'])
                };
                is_id.then_some(line)
            });
            if let (Some(_), Some(cue)) = (id, last) {
                cue.lines.pop();
            }
            // Twelve digits leave room to count on.
            last_number =
                id.filter(|id| id.len() <= 12).and_then(|id| id.parse().ok()).or(last_number);
            has_guids |= id.is_some_and(is_guid_id);
            let lines = Vec::new();
            scan.cues.push(Cue { line: idx + 1, last_line: idx + 1, id, timing, lines });
            is_after_blank = false;
            continue;
        }
        if is_in_note {
            continue;
        }
        if format == Format::Vtt && is_after_blank && is_comment(line) {
            is_in_note = true;
            is_after_blank = false;
            continue;
        }
        if let Some(cue) = scan.cues.last_mut() {
            cue.lines.push(line);
            cue.last_line = idx + 1;
        } else if format == Format::Vtt {
            let language = line.strip_prefix("Language:").map(str::trim);
            let is_code = |code: &&str| {
                (2..=12).contains(&code.len())
                    && code.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
            };
            scan.language = scan.language.or_else(|| {
                language.filter(is_code)?.split('-').next().map(str::to_ascii_lowercase)
            });
        } else {
            scan.has_stray_words |= line.chars().any(char::is_alphabetic);
        }
        before = Some((line, is_after_blank));
        is_after_blank = false;
    }

    // A file that was cut off may end with the next cue's id or half its time.
    if let (Some((line, is_alone)), false) = (before, text.ends_with('\n')) {
        let is_time_part = line.starts_with(|first: char| first.is_ascii_digit())
            && line.contains(':')
            && line.chars().all(|sign| sign.is_ascii_digit() || ":.,-> ".contains(sign));
        let is_next = last_number
            .zip(line.parse::<u64>().ok())
            .is_some_and(|(a, b)| is_alone && is_after(a, b));
        let is_guid_part = has_guids
            && is_alone
            && line.len() >= 4
            && line.chars().all(|sign| sign.is_ascii_hexdigit() || "-/".contains(sign));
        if let Some(cue) = scan.cues.last_mut()
            && (is_time_part || is_next || is_guid_part)
        {
            cue.lines.pop();
            // Before half a time stands the id of the cue that is cut off.
            let is_id = cue.lines.last().is_some_and(|id| {
                is_guid_id(id)
                    || last_number.zip(id.parse().ok()).is_some_and(|(a, b)| is_after(a, b))
            });
            if is_time_part && is_id {
                cue.lines.pop();
            }
            troubles.add(Trouble::EndsInCue, n_lines);
        }
    }
    if let Some(cue) = scan.cues.last()
        && cue.lines.is_empty()
        && cue.line == n_lines
        && scan.cues.len() > 1
        && !text.ends_with('\n')
    {
        troubles.add(Trouble::EndsInCue, n_lines);
        // Half a time is no bad time: one warning says it all.
        scan.cues.pop();
    }
    scan
}

/// Whether a line opens a block that is not spoken.
fn is_comment(line: &str) -> bool {
    line.strip_prefix("NOTE")
        .is_some_and(|rest| rest.chars().next().is_none_or(char::is_whitespace))
        || matches!(line, "STYLE" | "REGION")
}

/// Reads a timing line; `None` if the line is none.
fn timing(line: &str) -> Option<Timing> {
    if !line.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '-') {
        return None;
    }
    let arrows = ["-->", "->", "–>", "—>", "→"];
    let (before, after) = arrows.iter().find_map(|arrow| line.split_once(arrow))?;
    // Cue settings may follow the end time; they only matter for display.
    let (before, after) = (before.trim(), after.split_whitespace().next().unwrap_or_default());
    let (start_ms, end_ms) = (parse_time(before), parse_time(after));
    let is_good = start_ms.is_some() && end_ms.is_some();
    let is_like_time = |text: &str| {
        text.len() <= 24
            && text.contains(':')
            && text.chars().any(|sign| sign.is_ascii_digit())
            && !text.contains(char::is_whitespace)
    };
    let is_damaged = || {
        line.contains("-->")
            && (start_ms.is_some() || is_like_time(before))
            && (end_ms.is_some() || after.is_empty() || is_like_time(after))
    };
    (is_good || is_damaged()).then_some(Timing { start_ms, end_ms, is_good })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether cue `number` comes right after cue `previous`.
fn is_after(previous: u64, number: u64) -> bool {
    number.checked_sub(1) == Some(previous)
}

/// Whether an id is of the kind that Teams writes: `3f0c1d9e-…-cccc/14-0`, `14-0`.
fn is_guid_id(id: &str) -> bool {
    let (guid, count) = id.rsplit_once('/').map_or((None, id), |(guid, count)| (Some(guid), count));
    let is_count = count.split_once('-').is_some_and(|(a, b)| is_number(a) && is_number(b));
    let is_guid = |text: &str| {
        text.len() >= 8
            && text.contains('-')
            && text.chars().all(|sign| sign.is_ascii_hexdigit() || sign == '-')
    };
    match guid {
        Some(guid) => is_count && is_guid(guid),
        None => is_count || id.len() == 36 && is_guid(id),
    }
}

/// The speaker in an id such as `3 "Ada Quill" (1234567)`, which Webex writes.
fn id_name(id: Option<&str>) -> Option<&str> {
    let (number, rest) = id?.split_once(" \"")?;
    let (name, _) = rest.rsplit_once('"')?;
    (is_number(number) && !name.trim().is_empty()).then_some(name.trim())
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
    let mut any_words = scan.has_stray_words;
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
) -> (String, Vec<super::RawTurn>) {
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

/// Words of one cue that stand within the same voice tag, or within none.
#[derive(Debug)]
struct Fragment {
    voice: Option<String>,
    text: String,
}

/// A piece of marked-up words.
#[derive(Debug)]
enum Token<'t> {
    Text(&'t str),
    Open {
        name: &'t str,
        annotation: &'t str,
        whole: &'t str,
    },
    Close {
        name: &'t str,
        whole: &'t str,
    },
    /// Markup without a meaning for the words.
    Dropped,
}

/// Takes the tags out of a cue and decodes its entities. `is_cut` says that
/// the file may end within this cue; the second answer is whether it does.
fn fragments_of(words: &str, is_cut: bool) -> (Vec<Fragment>, bool) {
    let mut tokens = Vec::new();
    let mut closed: BTreeSet<&str> = BTreeSet::new();
    let mut rest = words;
    let mut cut = false;
    while let Some(at) = rest.find(['<', '{']) {
        let (text, marked) = rest.split_at(at);
        match tag(marked) {
            Some((token, after)) => {
                tokens.push(Token::Text(text));
                if let Token::Close { name, .. } = token {
                    closed.insert(name);
                }
                tokens.push(token);
                rest = after;
            }
            None if is_cut && is_half_tag(marked) => {
                cut = true;
                tokens.push(Token::Text(text));
                rest = "";
            }
            None => {
                // Both signs are one byte long.
                let (literal, after) = rest.split_at(at + 1);
                tokens.push(Token::Text(literal));
                rest = after;
            }
        }
    }
    tokens.push(Token::Text(rest));

    let mut fragments = vec![Fragment { voice: None, text: String::new() }];
    let mut opened: BTreeSet<&str> = BTreeSet::new();
    for token in tokens {
        let literal = match token {
            Token::Text(text) => text,
            Token::Open { name: "v", annotation, .. } => {
                let voice = decode_entities(annotation);
                let voice = voice.split_whitespace().collect::<Vec<_>>().join(" ");
                let voice = Some(voice).filter(|voice| !voice.is_empty());
                fragments.push(Fragment { voice, text: String::new() });
                continue;
            }
            Token::Close { name: "v", .. } => {
                fragments.push(Fragment { voice: None, text: String::new() });
                continue;
            }
            // `<laughs>` is a remark of the transcriber, `<UNSURE>…</UNSURE>` is markup.
            Token::Open { name, whole, .. } => {
                opened.insert(name);
                if is_known_tag(name) || closed.contains(name) { "" } else { whole }
            }
            Token::Close { name, whole } => {
                if is_known_tag(name) || opened.contains(name) {
                    ""
                } else {
                    whole
                }
            }
            Token::Dropped => "",
        };
        if let Some(fragment) = fragments.last_mut() {
            fragment.text.push_str(literal);
        }
    }
    for fragment in &mut fragments {
        fragment.text = decode_entities(&fragment.text);
    }
    // The cut also shows where a voice is left open that others close; but a
    // program may leave out all the closing tags, so that alone is no sign.
    (fragments, cut)
}

fn is_known_tag(name: &str) -> bool {
    let known = ["b", "c", "font", "i", "lang", "rt", "ruby", "s", "u", "v", "br"];
    known.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether a file was cut off within a tag.
fn is_half_tag(marked: &str) -> bool {
    let starts = ["<v", "</", "<c", "<0", "<i", "<b", "{\\"];
    // The rest of the file is looked at only where it is short, or a file full
    // of `<` would take for ever.
    marked == "<"
        || marked.len() <= MAX_TAG_BYTES
            && !marked.contains('>')
            && starts.iter().any(|start| marked.starts_with(start))
}

/// Reads one tag at the start of `marked`, with what follows it. `None` if the
/// first sign is a literal one.
fn tag(marked: &str) -> Option<(Token<'_>, &str)> {
    let window = marked.get(..marked.floor_char_boundary(MAX_TAG_BYTES))?;
    if let Some(style) = window.strip_prefix("{\\") {
        let end = style.find('}')?;
        return Some((Token::Dropped, marked.get(end + 3..)?));
    }
    let inner = window.strip_prefix('<')?;
    let end = inner.find(['>', '<'])?;
    if !inner.get(end..)?.starts_with('>') {
        return None;
    }
    let (inner, whole, after) = (inner.get(..end)?, marked.get(..end + 2)?, marked.get(end + 2..)?);
    if parse_time(inner).is_some() {
        return Some((Token::Dropped, after));
    }
    let (is_close, body) = inner.strip_prefix('/').map_or((false, inner), |body| (true, body));
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let name_len = body.find(|sign| !is_name(sign)).unwrap_or(body.len());
    let (name, more) = body.split_at(name_len);
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let is_single = more.trim_end().ends_with('/');
    let token = match more.chars().next() {
        None if is_close => Token::Close { name, whole },
        None => Token::Open { name, annotation: "", whole },
        Some(sign) if sign == '.' || sign == '/' || sign.is_whitespace() => {
            let annotation = more.split_once(char::is_whitespace).map_or("", |(_, rest)| rest);
            if is_close {
                Token::Close { name, whole }
            } else if is_single && name != "v" {
                Token::Dropped
            } else {
                Token::Open { name, annotation, whole }
            }
        }
        Some(_) => return None,
    };
    Some((token, after))
}

/// Decodes the entities of HTML that occur in captions, once. Marks of
/// direction are left out: they are for the screen.
fn decode_entities(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, marked) = rest.split_at(at);
        decoded.push_str(before);
        let window = marked.get(..marked.floor_char_boundary(12)).unwrap_or_default();
        let entity = window.find(';').and_then(|end| {
            let value = entity(window.get(1..end)?)?;
            Some((value, marked.get(end + 1..)?))
        });
        if let Some((value, after)) = entity {
            decoded.push_str(&value);
            rest = after;
        } else {
            decoded.push('&');
            rest = marked.get(1..).unwrap_or_default();
        }
    }
    decoded.push_str(rest);
    decoded
}

/// What an entity stands for; the marks of direction stand for nothing.
fn entity(name: &str) -> Option<String> {
    let sign = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "lrm" | "rlm" | "shy" | "zwj" | "zwnj" => return Some(String::new()),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|sign| !sign.is_control())?
        }
    };
    Some(sign.to_string())
}

/// The voices of one cue. Signs alone, such as a full stop after `</v>`,
/// belong to the voice before them.
fn voices_of(fragments: Vec<Fragment>) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    for Fragment { voice, text } in fragments {
        if text.trim().is_empty() {
            continue;
        }
        match said.last_mut() {
            Some(last) if voice.is_none() && !text.chars().any(char::is_alphanumeric) => {
                last.words.push_str(text.trim_end());
            }
            _ => said.push(Said { label: voice, words: text }),
        }
    }
    said
}

/// The lines of a cue without voices, trimmed, without blank ones.
fn lines_of(fragments: Vec<Fragment>) -> Vec<String> {
    let text: String = fragments.into_iter().map(|fragment| fragment.text).collect();
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Takes out the lines that rolling captions show again.
///
/// `YouTube` keeps a line on the screen while the next one is spoken, so each
/// line stands in two or three cues. A person may repeat a word too; so lines
/// are only dropped where the whole file rolls.
fn drop_repeats(cues: &mut [Vec<String>], has_karaoke: bool) {
    let mut repeats: Vec<(usize, usize)> = Vec::new();
    let mut n_worded = 0_usize;
    let mut n_new_after_repeat = 0_usize;
    let mut previous: Option<usize> = None;
    for idx in 0..cues.len() {
        let Some(cue) = cues.get(idx).filter(|cue| !cue.is_empty()) else { continue };
        n_worded += 1;
        if let Some(before) = previous.and_then(|previous| cues.get(previous)) {
            let n = n_repeated(before, cue);
            if n > 0 {
                repeats.push((idx, n));
                n_new_after_repeat += usize::from(n < cue.len());
            }
        }
        previous = Some(idx);
    }
    // New words after a repeated line are what tells rolling from a chorus.
    let is_usual = repeats.len() >= 3 && repeats.len() * 5 >= n_worded * 2;
    let rolls = n_new_after_repeat > 0 && (has_karaoke || is_usual);
    if rolls {
        for (idx, n) in repeats {
            if let Some(cue) = cues.get_mut(idx) {
                cue.drain(..n.min(cue.len()));
            }
        }
    }
}

/// How many lines at the start of a cue are the last lines of the one before.
fn n_repeated(before: &[String], cue: &[String]) -> usize {
    // No screen holds more lines; and a damaged file must not cost more.
    let most = before.len().min(cue.len()).min(4);
    (1..=most).rev().find(|&n| before.ends_with(cue.get(..n).unwrap_or_default())).unwrap_or(0)
}

/// A label at the start of a line, and how sure it is.
#[derive(Debug)]
struct Candidate<'l> {
    label: &'l str,
    words: &'l str,
    style: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `Ada Quill: words`
    Colon,
    /// `[Ada Quill] words`
    Bracket,
}

/// Names the speakers of cues that carry labels in their words.
///
/// A sentence may hold a colon, so a label is believed only if it comes up
/// again, or if each cue has one. Once labels are believed, a line without one
/// belongs to the speaker before it. The second answer is whether there are any.
fn name_speakers(cues: Vec<Vec<String>>) -> (Vec<Vec<Said>>, bool) {
    let mut counts: BTreeMap<(String, bool), usize> = BTreeMap::new();
    let key = |found: &Candidate<'_>| (found.label.to_owned(), found.style == Style::Bracket);
    for found in cues.iter().flatten().filter_map(|line| candidate(line)) {
        *counts.entry(key(&found)).or_insert(0) += 1;
    }
    let worded: Vec<&String> = cues.iter().filter_map(|cue| cue.first()).collect();
    let firsts: Vec<Option<Candidate<'_>>> = worded.iter().map(|line| candidate(line)).collect();
    let n_cues = worded.len();
    let recurs = |found: &Candidate<'_>| counts.get(&key(found)).is_some_and(|&count| count >= 2);
    let n_labelled = firsts.iter().flatten().count();
    let n_recurring = firsts.iter().flatten().filter(|found| recurs(found)).count();
    let n_bracketed = firsts.iter().flatten().filter(|found| found.style == Style::Bracket).count();
    let starts_labelled = firsts.first().is_some_and(|found| found.as_ref().is_some_and(recurs));

    let all_labelled = n_labelled == n_cues && n_cues > 0;
    let is_usual = n_recurring * 10 >= n_cues && n_recurring >= 2;
    let is_labelled = all_labelled || is_usual || (starts_labelled && n_recurring >= 2);
    let takes_single = all_labelled || n_recurring * 10 >= n_cues * 8;
    let takes_brackets = n_bracketed * 5 >= n_cues * 2;
    if !is_labelled {
        return (
            cues.into_iter().map(|cue| vec![Said { label: None, words: cue.join(" ") }]).collect(),
            false,
        );
    }
    let believes = |found: &Candidate<'_>| {
        (found.style == Style::Colon || takes_brackets)
            && (recurs(found) || takes_single && is_capitalised(found.label))
    };

    let mut named = false;
    let mut speaker: Option<String> = None;
    let mut said = Vec::with_capacity(cues.len());
    for cue in &cues {
        let n_dashes = cue.iter().filter(|line| dash(line).is_some()).count();
        let mut in_cue: Vec<Said> = Vec::new();
        for line in cue {
            let words = if let Some(found) = candidate(line).filter(&believes) {
                named = true;
                speaker = Some(found.label.split_whitespace().collect::<Vec<_>>().join(" "));
                found.words
            } else if let Some(words) = chevrons(line) {
                // `>>` alone says that somebody else speaks, not who.
                speaker = None;
                words
            } else {
                if n_dashes > 1 && dash(line).is_some() {
                    speaker = None;
                }
                line
            };
            match in_cue.last_mut() {
                Some(last) if last.label == speaker => {
                    last.words.push(' ');
                    last.words.push_str(words);
                }
                _ => in_cue.push(Said { label: speaker.clone(), words: words.to_owned() }),
            }
        }
        said.push(in_cue);
    }
    (said, named)
}

/// The words after a dash that opens a line of dialogue.
fn dash(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(['-', '–', '—'])?;
    let opens = rest.starts_with(char::is_whitespace)
        || line.starts_with('-') && rest.starts_with(char::is_alphabetic);
    opens.then(|| rest.trim_start())
}

/// The words after `>>`, the captioners' sign for another speaker.
fn chevrons(line: &str) -> Option<&str> {
    Some(line.strip_prefix(">>")?.trim_start_matches('>').trim_start())
}

/// Finds what may be a label at the start of a line.
fn candidate(line: &str) -> Option<Candidate<'_>> {
    let line = chevrons(line).or_else(|| dash(line)).unwrap_or(line);
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let Some(rest) = line.strip_prefix(open) {
            let (label, words) = near(rest).find(close).map(|at| rest.split_at(at))?;
            let words = words.strip_prefix(close).unwrap_or(words).trim_start();
            let words = words.strip_prefix(':').unwrap_or(words).trim_start();
            let is_sound = label
                .split(|sign: char| !sign.is_alphanumeric())
                .any(|word| SOUNDS.contains(&word.to_lowercase().as_str()));
            let is_label =
                is_name(label) && is_capitalised(label) && !is_sound && !words.is_empty();
            return is_label.then_some(Candidate {
                label: label.trim(),
                words,
                style: Style::Bracket,
            });
        }
    }
    let at = near(line).find([':', '：'])?;
    let (label, rest) = line.split_at(at);
    let label = label.trim();
    let words = rest.strip_prefix([':', '：'])?;
    // `17:30`, `https://` and the like run on without a space.
    let runs_on = words.starts_with(|next: char| next.is_ascii_digit() || "/\\:)".contains(next));
    let is_label = !runs_on
        && is_name(label)
        && !NOT_NAMES.contains(&label.to_lowercase().trim_end_matches('.'));
    is_label.then_some(Candidate { label, words: words.trim_start(), style: Style::Colon })
}

/// The start of a line, as far as a label could reach.
fn near(line: &str) -> &str {
    line.get(..line.floor_char_boundary(4 * MAX_LABEL_CHARS + 8)).unwrap_or_default()
}

/// Whether a text has the shape of a name or a role: few words, no sentence.
fn is_name(label: &str) -> bool {
    let label = label.trim();
    let Some(first) = label.chars().next() else { return false };
    let words: Vec<&str> = label.split_whitespace().collect();
    // `Dr.`, `J.` and `St.` end a word; a sentence ends with a longer one.
    let ends_sentence = |word: &&str| {
        word.ends_with(['?', '!', ';', '…', '。'])
            || word.ends_with('.') && word.chars().count() > 6
            || word.contains("...")
    };
    let is_spelled = first.is_lowercase() && words.len() > 2;
    label.chars().count() <= MAX_LABEL_CHARS
        && words.len() <= MAX_LABEL_WORDS
        && first.is_alphanumeric()
        && label.chars().any(char::is_alphabetic)
        && !label.contains(['<', '>', '[', ']', '{', '}', '/', '\\', '=', '"'])
        && !words.iter().any(ends_sentence)
        && !is_spelled
}

/// Whether each word could begin a name: `Ada van Quill`, `王芳`, `Speaker 1`.
fn is_capitalised(label: &str) -> bool {
    let particles =
        ["van", "von", "der", "den", "de", "da", "di", "du", "la", "le", "bin", "al", "y"];
    let is_part = |word: &str| {
        particles.contains(&word) || word.starts_with(|first: char| !first.is_lowercase())
    };
    label.split_whitespace().enumerate().all(|(idx, word)| {
        if idx == 0 { word.starts_with(|first: char| !first.is_lowercase()) } else { is_part(word) }
    })
}
