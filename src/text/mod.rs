//! Who says what in a text of which only the layout tells it.
//!
//! A text comes in, `LaidOut`; a [`RawTranscript`] with the same text goes out.
//! One pass reads what each line could be, evidence over the whole file
//! decides which labels are speakers, and a second pass cuts the turns.
//!
//! ```text
//! turn    := label ":" words            Siân: It was odd.
//!          | time label ":" words       [00:02:03]Siân: It was odd.
//!          | label time [":"] LF words  Siân Prydderch  0:49
//!          | "[" label "]" time LF words
//!          | range LF label LF words    0:0:5.1 --> 0:0:8.2
//!          | time label LF words        [00:12] Siân Prydderch
//!          | "###" label LF words       Markdown
//!          | "*" label ":" TAB words    CHAT
//!          | question LF words          ### How was it? (see `questions`, `paragraphs`)
//! time    := a line of its own before a turn, or a stamp (see `time`)
//! words   := to the next turn, over blank lines, stamps at both ends left out
//! silence := title | date | fields | front matter | rules | `****` lines
//!          | what stands on every page | tables | the foot of a web page
//! ```
//!
//! A label counts if it recurs, is a role such as `Interviewer` or `P01`, or
//! was declared by the study: `17:30`, `Note:` and `he said:` are no people.

pub(crate) mod blocks;
mod chat;
mod doubts;
mod front;
mod guide;
mod messages;
mod paragraphs;
mod questions;
mod speakers;
#[cfg(test)]
pub(crate) mod tests;
mod turns;

use self::chat::cut_chat;
use self::doubts::doubts;
use self::front::{
    silence_foot, silence_front, silence_headings, silence_interviews, silence_numbered_titles,
    silence_sections, silence_tables, silence_unnamed_interviews,
};
use self::guide::{silence_guide, silence_remarks, silence_set_apart, tell_of_tail};
use self::messages::find_messages;
pub use self::questions::ASKER;
use self::questions::{find_questions, type_of};
use self::speakers::Speakers;
use self::turns::{cut, make_relative};
use crate::documents::Type;
use crate::files::{SourceError, SourceProblem};
use crate::labels::heads::{Head, Kind};
use crate::labels::time::Form;
use crate::lines::counters::{with_clock_times, without_counters};
use crate::lines::fields::silence_parts;
use crate::lines::forms::{Forms, find_forms};
use crate::lines::inside::{split_glued, split_lines, take_inner_labels};
use crate::lines::pages::without_marks;
use crate::lines::running::without_page_lines;
use crate::lines::tags::without_speaker_tags;
use crate::lines::{Content, Line, find_names, read_lines, silence_closing, silence_fields};
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::{Diagnostic, LineIndex, Remedy, Span, TimeSpan, count};

/// What a parser makes of one file.
///
/// Invariant: the turns lie in `text` in order, do not overlap, cut no
/// character, and none is blank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawTranscript {
    /// What the file was recognised as, for people: "Zoom `WebVTT`".
    pub layout: String,
    /// The plain text that every later position points into.
    pub text: String,
    /// The turns, in order.
    pub turns: Vec<RawTurn>,
    /// Attributes of speakers, by label, where the file has them (the other
    /// columns of a survey).
    pub attributes: BTreeMap<String, BTreeMap<String, String>>,
    /// The language that the file itself names (ISO 639-1 or 639-3), if any.
    pub language: Option<String>,
    /// What could not be used, with lines of the original file. Paths are
    /// empty here: the caller knows the path.
    pub warnings: Vec<Diagnostic>,
}

impl RawTranscript {
    /// A text with its turns, of which nothing more is known.
    pub(crate) fn new(
        layout: impl Into<String>,
        (text, turns): (String, Vec<RawTurn>),
        warnings: Vec<Diagnostic>,
    ) -> Self {
        let (layout, attributes) = (layout.into(), BTreeMap::new());
        Self { layout, text, turns, attributes, language: None, warnings }
    }
}

/// One speaker's unbroken talk, as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawTurn {
    /// The speaker's label as written, trimmed, without its colon; `None` if
    /// the file does not say who speaks.
    pub label: Option<String>,
    /// The words, without label and times.
    pub span: Span,
    /// The times of the turn's cues, in order: the cue's first byte and when
    /// it was said. Empty if the file has no times.
    pub cues: Vec<(u32, TimeSpan)>,
}

/// What people say of a file before it is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Declared {
    /// Labels of speakers, also where one stands only once.
    pub labels: Vec<String>,
    /// Whether one person tells all of a text: nobody in it asks, and no label is looked for.
    pub is_told: bool,
}

/// A text without what only lays it out on pages or counts its lines, in the same lines.
pub(crate) struct LaidOut {
    /// The text.
    pub(crate) text: String,
    markdown: bool,
    /// The lines, by their numbers from 1, that a document sets apart by their type.
    set_apart: BTreeMap<usize, Type>,
    /// What was kept out of it.
    kept_out: Option<Diagnostic>,
}

impl LaidOut {
    /// Takes from a text, perhaps in Markdown, what only lays it out.
    pub(crate) fn new(text: String, markdown: bool) -> Self {
        let text = without_speaker_tags(without_marks(text, markdown));
        let text = with_clock_times(text);
        let text = without_counters(&text).unwrap_or(text);
        let of_pages = without_page_lines(&text, &read_lines(&text, markdown));
        let (text, kept_out) = of_pages.map_or((text, None), |(text, told)| (text, Some(told)));
        Self { text, markdown, set_apart: BTreeMap::new(), kept_out }
    }

    /// The same, of which these lines are set apart by their type.
    pub(crate) fn with_set_apart(self, set_apart: BTreeMap<usize, Type>) -> Self {
        Self { set_apart, ..self }
    }

    /// The words of the first line that is not empty.
    pub(crate) fn first_line(&self) -> Option<&str> {
        let lines = read_lines(&self.text, self.markdown);
        lines.iter().find(|line| !line.is_empty()).map(|first| first.words(&self.text))
    }
}

/// Reads a transcript with what is `declared` of it.
///
/// # Errors
/// [`SourceProblem::Empty`], [`SourceProblem::NoSpeech`], or
/// [`SourceProblem::NotAligned`] if there are times but nothing said at one.
pub(crate) fn parse(laid_out: LaidOut, declared: &Declared) -> Result<RawTranscript, SourceError> {
    let LaidOut { text, markdown, set_apart, kept_out } = laid_out;
    let mut lines = read_lines(&text, markdown);
    for line in &mut lines {
        let of_document = set_apart.get(&line.number).copied();
        line.set_apart = of_document.or_else(|| type_of(line.words(&text)));
    }
    let Some(first) = lines.iter().find(|line| !line.is_empty()) else {
        return Err(SourceError::whole(SourceProblem::Empty));
    };
    let first_line = first.words(&text);
    if ["@UTF8", "@Begin", "@Font:"].iter().any(|header| first_line.starts_with(header)) {
        let turns = cut_chat(&text, &lines);
        return finish("CHAT transcript", text, turns, Vec::new(), false);
    }
    let closing = silence_closing(&text, &mut lines);
    let foot = silence_foot(&text, &mut lines);
    let table = if markdown { silence_tables(&text, &mut lines) } else { None };
    silence_sections(&mut lines, declared);
    let talk = silence_front(&text, &mut lines);
    silence_fields(&text, &mut lines);
    silence_parts(&text, &mut lines);
    silence_numbered_titles(&text, &mut lines);
    find_names(&text, &mut lines);
    take_inner_labels(&text, &mut lines);
    split_glued(&text, &mut lines);
    split_lines(&text, &mut lines, markdown);
    let sent = find_messages(&text, &mut lines);
    let forms = find_forms(&text, &mut lines);
    let asked = find_questions(&text, &mut lines, declared);
    let speakers = Speakers::find(&text, &lines[talk..], declared)
        .filter(|_| asked.layout.is_none() && !declared.is_told);
    let mut several = None;
    let mut between = sent;
    if let Some(speakers) = &speakers {
        silence_headings(&mut lines, speakers);
        several = silence_interviews(&text, &mut lines, speakers);
        between.extend(tell_of_tail(&text, &lines, speakers));
        between.extend(silence_guide(&text, &mut lines, speakers));
        between.extend(silence_remarks(&text, &mut lines, speakers));
        between.extend(silence_set_apart(&text, &mut lines, speakers));
    }
    let mut warnings = doubts(&text, &lines, speakers.as_ref(), forms);
    let unnamed =
        if speakers.is_none() { silence_unnamed_interviews(&text, &mut lines) } else { None };
    warnings.extend(kept_out);
    let several_at = warnings.len();
    warnings.extend(between.into_iter().chain([table, foot, closing].into_iter().flatten()));
    warnings.extend(asked.doubts);
    let layout = match (forms, &speakers) {
        _ if let Some(layout) = asked.layout => {
            format!("{}, {layout}", if markdown { "Markdown" } else { "plain text" })
        }
        (Forms::Found(layout), Some(_)) if markdown => layout.replace("plain text", "Markdown"),
        (Forms::Found(layout), Some(_)) => layout.to_owned(),
        _ => name_layout(&text, &lines, speakers.as_ref(), markdown).to_owned(),
    };
    let is_speaker = |head: &Head<'_>| speakers.as_ref().is_some_and(|it| it.has(head));
    let is_wall_clock =
        lines.iter().filter_map(Line::head).any(|head| head.is_wall_clock && is_speaker(&head));
    let mut turns = cut(&text, &lines, speakers.as_ref());
    if is_wall_clock {
        make_relative(&mut turns);
    }
    warnings.extend(unnamed.map(|unnamed| unnamed.tell_apart(&mut turns)));
    if let Some(several) = several {
        let told = several.tell_apart(&mut turns);
        warnings.splice(several_at..several_at, told);
    }
    let has_times = lines.iter().any(|line| matches!(line.content, Content::Time(_)));
    finish(&layout, text, turns, warnings, has_times)
}

/// The text with nothing in the lines that stand on every page.
pub(crate) fn without_pages(text: &str) -> String {
    let found = without_page_lines(text, &read_lines(text, false));
    found.map_or_else(|| text.to_owned(), |(text, _)| text)
}

/// Checks what was found and puts it together.
fn finish(
    layout: &str,
    text: String,
    turns: Vec<RawTurn>,
    mut warnings: Vec<Diagnostic>,
    has_times: bool,
) -> Result<RawTranscript, SourceError> {
    if turns.is_empty() || (has_times && turns.iter().all(|turn| turn.cues.is_empty())) {
        let problem = if has_times { SourceProblem::NotAligned } else { SourceProblem::NoSpeech };
        return Err(SourceError::whole(problem));
    }
    let mut latest = 0;
    let mut backward = (0_u64, None);
    for (at, time) in turns.iter().flat_map(|turn| &turn.cues) {
        if time.start_ms < latest {
            backward.0 += 1;
            backward.1.get_or_insert(*at);
        }
        latest = time.start_ms;
    }
    if let (n, Some(at)) = backward {
        warnings.push(
            Diagnostic::new(format!("the times go backwards at {}", count(n, "place")))
                .on_line(usize::try_from(LineIndex::new(&text).line_of(at)).ok())
                .with(Remedy::new("check the times there; the order of the text was kept")),
        );
    }
    Ok(RawTranscript::new(layout, (text, turns), warnings))
}

/// Names the layout for people.
fn name_layout(
    text: &str,
    lines: &[Line<'_>],
    speakers: Option<&Speakers>,
    markdown: bool,
) -> &'static str {
    let Some(speakers) = speakers else {
        return if markdown { "Markdown, one speaker" } else { "plain text, one speaker" };
    };
    let first = lines.iter().find(|line| speakers.open(line));
    let head = first.and_then(|line| Some((line.head()?, line)));
    match (speakers.kind, head) {
        (Kind::Header, Some((head, line))) => {
            let ends_in_colon = line.words(text).ends_with(':');
            match head.form {
                None => "Zoom captions",
                Some(Form::Round) if ends_in_colon => "Rev text",
                Some(Form::Bare) if head.time.is_some_and(|time| time.end_ms.is_some()) => {
                    "Teams text"
                }
                Some(Form::Bare) => "Otter text",
                Some(_) => "plain text, a line `Name [time]` before each turn",
            }
        }
        (Kind::Named, _) => "Teams text",
        (Kind::TimedName, _) => "plain text, a line `[time] Name` before each turn",
        (Kind::Bracket, _) => "plain text, `[Name]` turns",
        (Kind::Heading, _) => "Markdown, a heading before each turn",
        _ if markdown => "Markdown, `Name:` turns",
        _ => "plain text, `Name:` turns",
    }
}
