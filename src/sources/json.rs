//! Reads the JSON that speech recognisers write.
//!
//! The decoded text of a file comes in; a [`RawTranscript`] goes out. Known
//! layouts, by the key that tells them:
//!
//! ```text
//! {"language":"en","segments":[{"start":0.0,"end":4.2,"text":" So?"}]}      Whisper
//! … "segments":[{…,"speaker":"SPEAKER_00"}]                                 WhisperX, OpenAI diarized
//! … "segments":[{…,"words":[{"word":"So","start":0.0,"speaker":"A"}]}]      WhisperX, speakers by word
//! {"chunks":[{"timestamp":[0.0,3.1],"text":" So?"}]}                        Hugging Face
//! {"transcription":[{"offsets":{"from":0,"to":3160},"text":" So?"}]}        whisper.cpp
//! {"monologues":[{"speaker":0,"elements":[{"value":"So","ts":0.2}]}]}       Rev
//! {"utterances":[{"speaker":"A","text":"So?","start":200,"end":900}]}       AssemblyAI
//! [{"speaker":"Ada","text":"So?","start":0.2,"end":0.9}]                    a list of turns
//! ```
//!
//! Times are seconds, or milliseconds where the key says so (`start_ms`) or seconds
//! would be far too long for the words, or clock times in a string. A file of one JSON value a line (`.jsonl`) is
//! another format, and is not read here.

mod repeated;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Map, Value};

use crate::base::{Diagnostic, Remedy, TimeSpan, one_line, words_in};
use crate::files::{SourceError, SourceProblem};
use crate::labels::time::{are_millis, parse_timing, span_of};
use crate::text::RawTranscript;
use crate::timed::builder::TextBuilder;
use crate::timed::ttml::named_in_words;

/// How far ahead a word is looked for in its segment, in bytes.
const WORD_WINDOW_BYTES: usize = 240;

/// Keys of the lists that recognisers write.
const KNOWN_LISTS: [&str; 4] = ["monologues", "segments", "chunks", "transcription"];
/// Keys under which a list of turns may stand, in the order of trust.
const LIST_KEYS: &[&str] = &["turns", "utterances", "transcript", "cues", "captions", "results"];

type Object = Map<String, Value>;

/// Reads a JSON transcript.
///
/// # Errors
/// [`SourceError`] with the line if the JSON is damaged or cut off, and if it
/// is of no known layout or holds no words.
pub(super) fn parse(text: &str) -> Result<RawTranscript, SourceError> {
    if text.trim().is_empty() {
        return Err(SourceError::whole(SourceProblem::Empty));
    }
    let (value, repeated) = repeated::read(text).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        let problem = if error.is_eof() {
            SourceProblem::Truncated(message)
        } else {
            SourceProblem::BadJson(message)
        };
        SourceError::at(error.line().max(1), problem)
    })?;
    let mut unread = Vec::new();
    let found = match &value {
        Value::Array(items) => list(items, &mut unread).map(|(segments, _)| Found {
            layout: "JSON list of turns",
            language: None,
            segments,
        }),
        Value::Object(root) => known(root, &mut unread),
        _ => None,
    };
    let Found { layout, language, segments } =
        found.ok_or_else(|| SourceError::whole(SourceProblem::UnknownJson))?;

    let is_cue = |it: &Segment| it.label.is_none() && it.time.is_some();
    let are_cues = segments.len() > 1 && segments.iter().all(is_cue);
    let cues = segments.iter().map(|it| (it.time, it.words.as_str()));
    let named = if are_cues { named_in_words(cues) } else { None };
    let written = named.unwrap_or_else(|| {
        let mut builder = TextBuilder::default();
        for Segment { label, words, time } in &segments {
            builder.push(label.as_deref(), words, *time);
        }
        builder.finish()
    });
    if written.1.is_empty() {
        return Err(SourceError::whole(SourceProblem::NoSpeech));
    }
    let unread = unread.iter().map(|what| warn_of_unread(what));
    let warnings = warn_of_repeated(&repeated).into_iter().chain(unread).collect();
    Ok(RawTranscript { language, ..RawTranscript::new(layout, written, warnings) })
}

/// Tells of keys that stand twice in one object with different values.
fn warn_of_repeated(keys: &[String]) -> Option<Diagnostic> {
    let first = keys.first()?;
    let n = keys.len();
    let problem = if n == 1 {
        format!("the key `{first}` stands twice in one item; only its last value is read")
    } else {
        format!("{n} items hold a key twice, first `{first}`; only the last value is read")
    };
    Some(Diagnostic::new(problem).with(Remedy::new("give each turn an item of its own")))
}

/// Tells of a part of the file whose words were not read.
fn warn_of_unread(what: &str) -> Diagnostic {
    Diagnostic::new(format!("{what} holds words that are not read"))
        .with(Remedy::new("export it again with the words of each turn under `text`"))
}

/// What a JSON value was recognised as.
struct Found {
    layout: &'static str,
    language: Option<String>,
    segments: Vec<Segment>,
}

/// Words of one speaker in one stretch of the recording.
#[derive(Debug)]
struct Segment {
    label: Option<String>,
    words: String,
    time: Option<TimeSpan>,
}

/// What a bare number under `start` or `end` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Seconds,
    Millis,
}

/// Recognises an object by its keys.
fn known(root: &Object, unread: &mut Vec<String>) -> Option<Found> {
    let all = |key: &str| root.get(key).and_then(Value::as_array);
    // Only one of several lists is read.
    let mut lists = KNOWN_LISTS
        .iter()
        .chain(LIST_KEYS)
        .filter(|key| all(key).is_some_and(|items| items.iter().any(|it| words_of(it).is_some())));
    let read = lists.next();
    let array = |key: &str| all(key).filter(|_| read.is_none_or(|read| *read == key));
    if let Some(read) = read {
        // Recognisers tell the same words as segments and as turns; others do not.
        let told = |key: &str| -> Vec<String> {
            let words: Vec<String> = all(key).into_iter().flatten().filter_map(words_of).collect();
            words.join(" ").split_whitespace().map(str::to_lowercase).collect()
        };
        let others = lists.filter(|key| told(key) != told(read));
        unread.extend(others.map(|key| format!("the list `{key}`")));
        // Under keys that nobody knows the same words may stand once more, or some of them.
        let said: BTreeSet<String> = told(read).into_iter().collect();
        let is_other = |(key, value): &(&String, &Value)| {
            let items = value.as_array().map_or(&[][..], Vec::as_slice);
            !KNOWN_LISTS.iter().chain(LIST_KEYS).any(|known| known == key)
                && items.iter().any(|item| item.is_object() && words_of(item).is_some())
                && told(key).iter().any(|word| !said.contains(word))
        };
        unread.extend(root.iter().filter(is_other).map(|(key, _)| format!("the list `{key}`")));
    }
    let language = language(root);
    if let Some(monologues) = all("monologues") {
        let segments = monologues.iter().filter_map(Value::as_object).flat_map(monologue).collect();
        return Some(Found { layout: "Rev JSON", language, segments });
    }
    if let Some(segments) = array("segments") {
        let objects = || segments.iter().filter_map(Value::as_object);
        let has_speaker = |object: &Object| object.contains_key("speaker");
        let words = |object: &Object| object.get("words").and_then(Value::as_array).cloned();
        let by_word = objects()
            .filter_map(words)
            .flatten()
            .any(|word| word.as_object().is_some_and(has_speaker));
        let is_whisperx = root.contains_key("word_segments")
            || objects().any(|object| object.contains_key("words"))
            || !root.contains_key("task");
        let layout = match (by_word || objects().any(has_speaker), is_whisperx) {
            (false, _) => "Whisper JSON",
            (true, true) if !objects().any(|object| object.contains_key("type")) => "WhisperX JSON",
            (true, _) => "OpenAI diarized JSON",
        };
        if !segments.is_empty() && !segments.iter().any(|it| words_of(it).is_some()) {
            return None;
        }
        note_unread(segments, unread);
        let segments = objects().flat_map(segment).collect();
        return Some(Found { layout, language, segments });
    }
    let chunks = array("chunks").map(|items| (items, "Hugging Face JSON", chunk as Reads));
    let parts = || array("transcription").map(|items| (items, "whisper.cpp JSON", part as Reads));
    if let Some((items, layout, read)) = chunks.or_else(parts) {
        note_unread(items, unread);
        let segments = items.iter().filter_map(Value::as_object).filter_map(read).collect();
        return Some(Found { layout, language, segments });
    }
    for key in LIST_KEYS {
        if let Some((segments, unit)) = array(key).and_then(|items| list(items, unread)) {
            let is_assembly = *key == "utterances" && unit == Unit::Millis;
            let layout = if is_assembly { "AssemblyAI JSON" } else { "JSON list of turns" };
            return Some(Found { layout, language, segments });
        }
    }
    // Recognisers without times answer with the words alone.
    let words = root.get("text").and_then(Value::as_str)?;
    let is_answer = root.len() == 1
        || ["language", "task", "usage", "duration"].iter().any(|key| root.contains_key(*key));
    let segment = Segment { label: None, words: words.to_owned(), time: None };
    is_answer.then(|| Found { layout: "Whisper JSON", language, segments: vec![segment] })
}

/// The language that a file names, as a code.
fn language(root: &Object) -> Option<String> {
    let under = |key: &str| root.get(key).and_then(Value::as_object);
    let named = [root.get("language"), root.get("language_code"), root.get("lang")]
        .into_iter()
        .chain(["result", "params"].map(|key| under(key).and_then(|object| object.get("language"))))
        .flatten()
        .find_map(Value::as_str)?;
    let code = named.split(['-', '_']).next()?.to_ascii_lowercase();
    if (2..=3).contains(&code.len()) && code.chars().all(|letter| letter.is_ascii_lowercase()) {
        return Some(code);
    }
    // OpenAI writes the English name.
    let is_named = |lang: &&whatlang::Lang| lang.eng_name().eq_ignore_ascii_case(&code);
    whatlang::Lang::all().iter().find(is_named).map(|lang| lang.code().to_owned())
}

/// A list of turns, and what its times count; `None` if its items hold no words.
///
/// `AssemblyAI` counts whole milliseconds, which as seconds would be far too long.
fn list(items: &[Value], unread: &mut Vec<String>) -> Option<(Vec<Segment>, Unit)> {
    let words: Vec<Option<String>> = items.iter().map(words_of).collect();
    if !items.iter().any(|item| item.is_object() && words_of(item).is_some()) {
        return None;
    }
    note_unread(items, unread);
    let objects = || items.iter().filter_map(Value::as_object);
    let numbers = |keys: &'static [&'static str]| {
        objects().filter_map(move |object| keys.iter().find_map(|key| object.get(*key)))
    };
    let (starts, ends) = (|| numbers(&["start", "start_time"]), || numbers(&["end", "end_time"]));
    let first = starts().next().and_then(Value::as_u64).unwrap_or(0);
    let last = ends().chain(starts()).filter_map(Value::as_u64).max().unwrap_or(0);
    let n_words = words.iter().flatten().map(|words| words_in(words)).sum();
    let are_whole = starts().chain(ends()).all(|it| it.as_u64().is_some());
    let is_ms = are_whole && are_millis(last.saturating_sub(first), n_words);
    let unit = if is_ms { Unit::Millis } else { Unit::Seconds };
    let empty = Object::new();
    let segment = |(item, words): (&Value, Option<String>)| {
        let object = item.as_object().unwrap_or(&empty);
        Some(Segment { label: speaker(object), words: words?, time: time(object, unit) })
    };
    Some((items.iter().zip(words).filter_map(segment).collect(), unit))
}

/// Notes the items of a list that hold words which nobody finds there, and the keys beside
/// the words of a turn that hold others.
fn note_unread(items: &[Value], unread: &mut Vec<String>) {
    note_unread_keys(items, unread);
    let has_text = |item: &Value| match item {
        Value::Object(object) => object
            .iter()
            .any(|(key, value)| !SPEAKER_KEYS.contains(&key.as_str()) && has_words(value)),
        item => has_words(item),
    };
    let is_lost = |item: &&Value| words_of(item).is_none() && has_text(item);
    let n = items.iter().filter(is_lost).count();
    if let Some(first) = items.iter().position(|item| is_lost(&item)) {
        unread.push(if n == 1 {
            format!("item {} of the list", first + 1)
        } else {
            format!("each of {n} items of the list, first item {},", first + 1)
        });
    }
}

/// From how many words on a value is no name, kind or number.
const SOME_WORDS: usize = 3;

/// Notes keys beside the words of a turn that hold other words, which differ as they do in
/// talk.
fn note_unread_keys(items: &[Value], unread: &mut Vec<String>) {
    let mut by_key: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for object in items.iter().filter_map(Value::as_object) {
        let Some(said) = words_of_object(object) else { continue };
        let said: BTreeSet<&str> = said.split_whitespace().collect();
        for (key, value) in object {
            let is_name = SPEAKER_KEYS.contains(&key.as_str());
            let words = value.as_str().filter(|it| !is_name && words_in(it) >= SOME_WORDS);
            let is_other = |it: &&str| it.split_whitespace().any(|word| !said.contains(word));
            if let Some(words) = words.filter(is_other) {
                by_key.entry(key).or_default().push(words);
            }
        }
    }
    let differ = |values: &Vec<&str>| {
        values.iter().collect::<BTreeSet<_>>().len() * 2 > values.len() || values.len() < SOME_WORDS
    };
    let keys = by_key.into_iter().filter(|(_, values)| differ(values));
    unread.extend(keys.map(|(key, _)| format!("the key `{key}` beside the words of a turn")));
}

/// Whether a text with a letter and a space stands anywhere in a value.
fn has_words(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().contains(' ') && text.contains(char::is_alphabetic),
        Value::Array(items) => items.iter().any(has_words),
        Value::Object(object) => object.values().any(has_words),
        _ => false,
    }
}

/// A segment of Whisper, cut where the speaker of its words changes.
fn segment(object: &Object) -> Vec<Segment> {
    let Some(text) = words_of_object(object) else { return Vec::new() };
    let text = text.as_str();
    let (label, time) = (speaker(object), time(object, Unit::Seconds));
    let words = object.get("words").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let words: Vec<&Object> = words.iter().filter_map(Value::as_object).collect();
    let whole = |label| vec![Segment { label, words: text.to_owned(), time }];
    if label.is_some() {
        return whole(label);
    }
    let speakers: Vec<Option<String>> = words.iter().map(|word| speaker(word)).collect();
    let Some(first) = speakers.iter().flatten().next() else { return whole(None) };

    // The segment's own text is cut, not the words joined: it alone knows
    // where spaces stand.
    let mut cuts: Vec<(usize, usize, &String)> = vec![(0, 0, first)];
    let mut cursor = 0;
    for (idx, (word, label)) in words.iter().zip(&speakers).enumerate() {
        let said = word.get("word").or_else(|| word.get("text")).and_then(Value::as_str);
        let said = said.map_or("", str::trim);
        let ahead = text.get(cursor..).unwrap_or_default();
        let window = ahead.get(..ahead.floor_char_boundary(WORD_WINDOW_BYTES)).unwrap_or_default();
        let Some(at) = window.find(said).filter(|_| !said.is_empty()) else { continue };
        let start = cursor + at;
        // A word without a speaker belongs to the one before.
        if let (Some(label), Some((_, _, current))) = (label, cuts.last())
            && label != *current
        {
            cuts.push((start, idx, label));
        }
        cursor = start + said.len();
    }
    if cuts.len() == 1 {
        return whole(Some(first.clone()));
    }
    let mut segments = Vec::with_capacity(cuts.len());
    for (idx, &(start, first_word, label)) in cuts.iter().enumerate() {
        let next = cuts.get(idx + 1);
        let end = next.map_or(text.len(), |next| next.0);
        let last_word = next.map_or(words.len(), |next| next.1);
        let inside = words.get(first_word..last_word).unwrap_or_default();
        let times = || inside.iter().filter_map(|word| self::time(word, Unit::Seconds));
        let starts_ms = if idx == 0 { time } else { None }.map(|time| time.start_ms);
        let start_ms = starts_ms.or_else(|| Some(times().next()?.start_ms));
        let end_ms = if next.is_none() { time.and_then(|time| time.end_ms) } else { None }
            .or_else(|| times().next_back()?.end_ms);
        segments.push(Segment {
            label: Some(label.clone()),
            words: text.get(start..end).unwrap_or_default().to_owned(),
            time: start_ms.map(|start_ms| span_of(start_ms, end_ms)),
        });
    }
    segments
}

/// Reads an item of a list.
type Reads = fn(&Object) -> Option<Segment>;

/// A chunk of the Hugging Face pipeline.
fn chunk(object: &Object) -> Option<Segment> {
    let words = words_of_object(object)?;
    let stamps = object.get("timestamp").and_then(Value::as_array);
    let stamp = |idx: usize| millis(stamps?.get(idx)?, Unit::Seconds);
    let time = stamp(0).map(|start_ms| span_of(start_ms, stamp(1)));
    Some(Segment { label: speaker(object), words, time })
}

/// A part of whisper.cpp's transcription.
fn part(object: &Object) -> Option<Segment> {
    let words = words_of_object(object)?;
    let side = |key: &str| {
        let offset = object.get("offsets").and_then(|offsets| offsets.get(key));
        let clock = object.get("timestamps").and_then(|times| times.get(key));
        offset
            .and_then(|offset| millis(offset, Unit::Millis))
            .or_else(|| millis(clock?, Unit::Seconds))
    };
    let time = side("from").map(|start_ms| span_of(start_ms, side("to")));
    Some(Segment { label: speaker(object), words, time })
}

/// A monologue of Rev: its elements joined, with a time for each sentence.
fn monologue(object: &Object) -> Vec<Segment> {
    let label = speaker(object);
    let elements = object.get("elements").and_then(Value::as_array);
    let mut segments = Vec::new();
    let mut open = Segment { label: label.clone(), words: String::new(), time: None };
    for element in elements.into_iter().flatten().filter_map(Value::as_object) {
        let value = element.get("value").and_then(Value::as_str).unwrap_or_default();
        let start_ms = element.get("ts").and_then(|ts| millis(ts, Unit::Seconds));
        let end_ms = element.get("end_ts").and_then(|ts| millis(ts, Unit::Seconds));
        // Rev marks what was not understood by the kind of the element alone.
        let is_unknown = element.get("type").and_then(Value::as_str) == Some("unknown");
        open.words.push_str(if is_unknown && value.is_empty() { "[inaudible]" } else { value });
        open.time = match (open.time, start_ms) {
            (Some(time), _) => Some(span_of(time.start_ms, end_ms.or(time.end_ms))),
            (None, Some(start_ms)) => Some(span_of(start_ms, end_ms)),
            (None, None) => None,
        };
        if value.trim_end().ends_with(['.', '?', '!', '…', '。', '？', '！']) && open.time.is_some()
        {
            let next = Segment { label: label.clone(), words: String::new(), time: None };
            segments.push(std::mem::replace(&mut open, next));
        }
    }
    segments.push(open);
    segments
}

/// The words of an item: its own, or under any of the usual keys.
fn words_of(item: &Value) -> Option<String> {
    match item {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) => words_of_object(object),
        _ => None,
    }
}

/// The words of a turn, under any of the usual keys: a text, or a list of them.
fn words_of_object(object: &Object) -> Option<String> {
    let keys = ["text", "content", "utterance", "transcript", "sentence", "value", "word", "words"];
    keys.iter().find_map(|key| {
        match object.get(*key)? {
            Value::String(text) => Some(text.clone()),
            Value::Array(items) => {
                let words: Option<Vec<String>> = items.iter().map(words_of).collect();
                words.map(|words| words.join(" "))
            }
            Value::Object(inner) => words_of_object(inner),
            _ => None,
        }
        .filter(|words| !words.trim().is_empty())
    })
}

/// Keys under which a speaker stands.
const SPEAKER_KEYS: [&str; 7] =
    ["speaker", "speaker_name", "speakerName", "speaker_label", "speaker_id", "name", "role"];

/// The speaker of a turn: a name, a number, or an object with a name.
fn speaker(object: &Object) -> Option<String> {
    SPEAKER_KEYS.iter().find_map(|key| {
        match object.get(*key)? {
            Value::String(name) => Some(one_line(name)),
            Value::Number(number) => Some(format!("Speaker {number}")),
            Value::Object(speaker) => Some(speaker.get("name")?.as_str()?.trim().to_owned()),
            _ => None,
        }
        .filter(|name| !name.is_empty())
    })
}

/// The time of a turn, whatever its keys count.
fn time(object: &Object, unit: Unit) -> Option<TimeSpan> {
    let side = |bare: &[&str], in_millis: &[&str]| {
        let find =
            |keys: &[&str], unit| keys.iter().find_map(|key| millis(object.get(*key)?, unit));
        find(in_millis, Unit::Millis).or_else(|| find(bare, unit))
    };
    let start = side(
        &["start", "start_time", "startTime", "begin", "from", "timestamp", "time"],
        &["start_ms", "startMs", "begin_ms", "from_ms"],
    );
    let end = side(
        &["end", "end_time", "endTime", "stop", "to"],
        &["end_ms", "endMs", "stop_ms", "to_ms"],
    );
    start.map(|start_ms| span_of(start_ms, end))
}

/// Reads a number of the given unit, or a clock time in a string.
fn millis(value: &Value, unit: Unit) -> Option<u64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => match parse_timing(text.trim()) {
            Some(ms) => return Some(ms),
            None => text.trim().trim_end_matches('s').parse().ok()?,
        },
        _ => return None,
    };
    let seconds = if unit == Unit::Millis { number / 1_000.0 } else { number };
    // Half a millisecond more, because the rest is cut off.
    let duration =
        Duration::try_from_secs_f64(seconds).ok()?.checked_add(Duration::from_micros(500))?;
    u64::try_from(duration.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::super::tests::cut_everywhere;
    use super::*;
    use crate::sources::tests::render;

    #[track_caller]
    fn check(file: &str, expected: &str) {
        assert_eq!(render(parse(file)), expected, "\n--- file\n{file}");
        cut_everywhere(file.as_bytes(), "a.json");
    }

    #[test]
    fn names_in_the_words_of_segments_are_speakers() {
        let one =
            |n: usize, words: &str| format!(r#"{{"start":{n},"end":{},"text":"{words}"}}"#, n + 1);
        let all = ["Ada: So?", "Ben: It was.", "Ada: Oh.", "Ben: Yes."];
        let all: Vec<String> = (0..).zip(all).map(|(n, words)| one(n, words)).collect();
        check(
            &format!(r#"{{"segments":[{}]}}"#, all.join(",")),
            "Whisper JSON\nAda|0-1000|So?\nBen|1000-2000|It was.\nAda|2000-3000|Oh.\nBen|3000-4000|Yes.",
        );
    }

    #[test]
    fn whisper_has_times_but_no_speakers() {
        let file = r#"{"text":" So? It was.","language":"en","segments":[
            {"id":0,"start":0.0,"end":4.2,"text":" So?","words":[{"word":" So?","start":0.0,"end":0.3}]},
            {"id":1,"start":4.2,"end":3.0,"text":" It was."}]}"#;
        check(file, "Whisper JSON\n?|0-4200,4200-|So? It was.");
        assert_eq!(parse(file).unwrap().language.as_deref(), Some("en"));
        check(r#"{"text":"So?","language":"english"}"#, "Whisper JSON\n?||So?");
    }

    #[test]
    fn whisperx_names_speakers_by_segment_or_by_word() {
        check(
            r#"{"segments":[{"start":0.1,"end":1,"text":" So?","speaker":"SPEAKER_00","words":[]},
               {"start":1,"end":2,"text":"Łukasz 👍🏽 said","speaker":"SPEAKER_01"}]}"#,
            "WhisperX JSON\nSPEAKER_00|100-1000|So?\nSPEAKER_01|1000-2000|Łukasz 👍🏽 said",
        );
        check(
            r#"{"segments":[{"start":0.1,"end":2,"text":"So how? It, um, was.","words":[
               {"word":"So","start":0.1,"end":0.3,"speaker":"A"},{"word":"how?"},
               {"word":"It,","start":0.9,"end":1.1,"speaker":"B"},{"word":"um,","speaker":"B"},
               {"word":"was.","start":1.5,"end":1.9,"speaker":"A"}]}]}"#,
            "WhisperX JSON\nA|100-300|So how?\nB|900-1100|It, um,\nA|1500-2000|was.",
        );
    }

    #[test]
    fn other_recognisers_are_known_by_their_keys() {
        check(
            r#"{"task":"transcribe","duration":3,"segments":[
               {"type":"transcript.text.segment","start":0,"end":1,"text":"So?","speaker":"A"}]}"#,
            "OpenAI diarized JSON\nA|0-1000|So?",
        );
        check(
            r#"{"text":"So?","chunks":[{"timestamp":[0,3.16],"text":" So?"},{"timestamp":[3.16,null],"text":" No."}]}"#,
            "Hugging Face JSON\n?|0-3160,3160-|So? No.",
        );
        check(
            r#"{"result":{"language":"cy"},"transcription":[
               {"timestamps":{"from":"00:00:00,000","to":"00:00:03,160"},"offsets":{"from":0,"to":3160},"text":" So?"},
               {"timestamps":{"from":"00:00:03,160","to":"00:00:04,000"},"text":" No."}]}"#,
            "whisper.cpp JSON\n?|0-3160,3160-4000|So? No.",
        );
        check(
            r#"{"monologues":[{"speaker":0,"elements":[{"type":"text","value":"Hi","ts":0.27,"end_ts":0.48},
               {"type":"punct","value":"."},{"type":"punct","value":" "},{"type":"text","value":"So","ts":1,"end_ts":1.5},
               {"type":"punct","value":"?"}]},{"speaker":1,"elements":[{"type":"text","value":"No","ts":2,"end_ts":3}]}]}"#,
            "Rev JSON\nSpeaker 0|270-480,1000-1500|Hi. So?\nSpeaker 1|2000-3000|No",
        );
        check(
            r#"{"audio_duration":9,"utterances":[{"speaker":"A","text":"So?","start":200,"end":900}]}"#,
            "AssemblyAI JSON\nA|200-900|So?",
        );
    }

    #[test]
    fn a_list_of_turns_has_keys_of_many_kinds() {
        check(
            r#"[{"speaker":"Ó Briain","text":"So?","start":0.2,"end":0.9},
               {"speaker":{"name":"王芳"},"content":"No.","start_ms":900,"end_ms":1200},
               {"speaker":"王芳","text":"Yes.","start":"00:01:02.5"},{"text":"Who?","start":-4}]"#,
            "JSON list of turns\nÓ Briain|200-900|So?\n王芳|900-1200,62500-|No. Yes.\n?||Who?",
        );
    }

    #[test]
    fn words_that_are_not_read_are_told() {
        check(
            r#"[{"speaker":"Ada","text":["so","it"]},{"speaker":"Ben","utt":"was so odd"},"for us",
               {"speaker":"Ben","text":null,"content":"and"},{"speaker":"Ben","text":{"value":"so"}},
               {"speaker":"Ada","text":" ","content":"Oh."}]"#,
            "JSON list of turns\nAda||so it\n?||for us\nBen||and so\nAda||Oh.\n\
             warning : item 2 of the list holds words that are not read",
        );
        check(
            r#"{"segments":[{"start":0,"end":1,"text":"one"},{"words":[{"word":"two"},{"word":"three"}]}],
               "turns":[{"speaker":"A","text":"other"}]}"#,
            "Whisper JSON\n?|0-1000|one two three\n\
             warning : the list `turns` holds words that are not read",
        );
    }

    #[test]
    fn words_are_found_in_a_list_beside_an_empty_one_and_under_other_keys() {
        check(
            r#"{"segments":[],"utterances":[{"speaker":"A","text":"So?"}]}"#,
            "JSON list of turns\nA||So?",
        );
        check(
            r#"{"chunks":[{"timestamp":[0,1],"text":"So?"},{"timestamp":[1,2],"content":"No."}]}"#,
            "Hugging Face JSON\n?|0-1000,1000-2000|So? No.",
        );
    }

    #[test]
    fn a_key_that_stands_twice_loses_no_words_in_silence() {
        check(
            r#"[{"speaker":"Ada","text":"first","text":"second"},{"speaker":"Ben","text":"it","text":"it"}]"#,
            "JSON list of turns\nAda||second\nBen||it\n\
             warning : the key `text` stands twice in one item; only its last value is read",
        );
    }

    #[test]
    fn whole_numbers_that_are_too_long_are_milliseconds() {
        check(
            r#"{"utterances":[{"speaker":"A","start":250,"end":2400,"text":"So how?"},
               {"speaker":"B","start":3000,"end":61000,"text":"With a letter."}]}"#,
            "AssemblyAI JSON\nA|250-2400|So how?\nB|3000-61000|With a letter.",
        );
        check(
            r#"[{"speaker":"A","start":0,"end":3,"text":"So how?"},{"speaker":"B","start":3,"end":5,"text":"No."}]"#,
            "JSON list of turns\nA|0-3000|So how?\nB|3000-5000|No.",
        );
    }

    #[test]
    fn damage_is_told_with_its_line() {
        check("", "error the file is empty");
        check(
            "{\"segments\":[\n{\"text\":\"So",
            "error 2: the file is incomplete: EOF while parsing a string",
        );
        check("{\n\"a\":!}", "error 2: the file is not valid JSON: expected value");
        check("{\"a\":1}\n{\"b\":2}", "error 2: the file is not valid JSON: trailing characters");
        check("{\"a\":1}", "error the JSON is not a transcript of a known kind");
        check("[1,2]", "error the JSON is not a transcript of a known kind");
        check("{\"segments\":[]}", "error no speech was found in this file");
    }

    #[test]
    fn deep_nesting_is_an_error() {
        let file = "[".repeat(100_000);
        assert!(render(parse(&file)).starts_with("error "));
    }
}
