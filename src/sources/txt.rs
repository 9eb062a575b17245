//! Reads plain text and Markdown transcripts, however people lay them out.
//!
//! A decoded text comes in; a [`RawTranscript`] with the same text goes out.
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
//! time    := a line of its own before a turn, or a stamp (see `time`)
//! words   := to the next turn, over blank lines, stamps at both ends left out
//! silence := title | date | fields | front matter | rules | `****` lines
//! ```
//!
//! A label counts if it recurs, is a role such as `Interviewer` or `P01`, or
//! was declared by the study: `17:30`, `Note:` and `he said:` are no people.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Diagnostic, LineIndex, Remedy, Span, TimeSpan};
use crate::sources::time::{Form, Stamp, scan_stamp};
use crate::sources::{RawTranscript, RawTurn, SourceError, SourceProblem, columns};

/// The longest label, in characters: f4 and MAXQDA allow no more.
const LABEL_CHARS: usize = 63;
/// The most words of a label.
const LABEL_WORDS: usize = 6;
/// From how many unused words before the first speaker on a person should know.
const LEFT_OUT_WORDS: usize = 40;
/// Half a day: a time of day that falls by more has passed midnight.
const HALF_DAY_MS: u64 = 12 * 3_600_000;

/// Words that name a role; alone or before a short number they are a label.
const ROLES: [&str; 38] = [
    "interviewer",
    "interviewee",
    "participant",
    "moderator",
    "facilitator",
    "researcher",
    "respondent",
    "speaker",
    "unknown speaker",
    "unknown",
    "q",
    "a",
    "i",
    "p",
    "r",
    "int",
    "res",
    "mod",
    "resp",
    "doctor",
    "patient",
    "nurse",
    "host",
    "guest",
    "observer",
    "therapist",
    "client",
    "teacher",
    "student",
    "witness",
    "interviewerin",
    "befragte",
    "befragter",
    "enquêteur",
    "entrevistador",
    "entrevistadora",
    "intervistatore",
    "translator",
];

/// Words before a colon that are no speakers, however often they recur.
const NO_SPEAKERS: [&str; 48] = [
    "note",
    "notes",
    "date",
    "time",
    "place",
    "location",
    "title",
    "duration",
    "length",
    "subject",
    "topic",
    "project",
    "study",
    "recording",
    "file",
    "filename",
    "audio",
    "video",
    "transcript",
    "transcriber",
    "transcription",
    "transcribed by",
    "version",
    "language",
    "keywords",
    "comment",
    "comments",
    "summary",
    "example",
    "e.g",
    "e.g.",
    "i.e",
    "i.e.",
    "http",
    "https",
    "ftp",
    "mailto",
    "www",
    "nb",
    "n.b.",
    "ps",
    "p.s.",
    "re",
    "attendees",
    "page",
    "url",
    "link",
    "tags",
];

/// Words that begin a clause and no label.
const CLAUSE_STARTS: [&str; 32] = [
    "he", "she", "they", "we", "you", "it", "and", "but", "so", "then", "that", "this", "there",
    "because", "if", "when", "as", "or", "well", "yes", "no", "yeah", "okay", "like", "what",
    "how", "why", "where", "my", "our", "here", "for",
];

/// What a bracket may hold that is a marker and no speaker.
const MARKERS: [&str; 14] = [
    "laugh",
    "inaudible",
    "pause",
    "crosstalk",
    "music",
    "applause",
    "silence",
    "unintelligible",
    "foreign",
    "noise",
    "redacted",
    "sigh",
    "cough",
    "overlap",
];

/// How a line names its speaker. The order breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// `Name  0:49`, the words below.
    Header,
    /// The name below a time range, the words below the name.
    Named,
    /// `[00:12] Name`, the words below.
    TimedName,
    /// `[Name] words`.
    Bracket,
    /// `Name: words`.
    Colon,
    /// `### Name`, the words below.
    Heading,
}

const KINDS: [Kind; 6] =
    [Kind::Header, Kind::Named, Kind::TimedName, Kind::Bracket, Kind::Colon, Kind::Heading];

/// A line's beginning that may name a speaker.
#[derive(Debug, Clone, Copy)]
struct Head<'t> {
    kind: Kind,
    label: &'t str,
    time: Option<TimeSpan>,
    /// Where the words begin, in bytes of the text.
    words: usize,
    /// Whether its form alone makes a name likely.
    is_strong: bool,
    /// Whether its time is a time of day.
    is_wall_clock: bool,
    /// How its time stands there, if it stands behind the label.
    form: Option<Form>,
}

/// What a line could be.
#[derive(Debug, Clone, Copy)]
enum Content<'t> {
    Blank,
    /// No speech, but the turn around it goes on.
    Pause,
    /// No speech, and the turn before it is over.
    Stop,
    Time(Stamp),
    Head(Head<'t>),
    Words,
}

/// One line without the white space around it.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    start: usize,
    end: usize,
    content: Content<'t>,
    /// The time that the line begins with.
    lead: Option<Stamp>,
    /// Whether it is a Markdown heading: a speaker's, or no speech.
    is_heading: bool,
}

/// Reads a plain text or Markdown transcript.
///
/// # Errors
/// [`SourceProblem::Empty`], [`SourceProblem::NoSpeech`], or
/// [`SourceProblem::NotAligned`] if there are times but nothing said at one.
pub(super) fn parse(text: String, markdown: bool) -> Result<RawTranscript, SourceError> {
    parse_with(text, markdown, &[])
}

/// Reads a transcript in which the labels in `declared` are known to be
/// speakers, even if one speaks only once.
///
/// # Errors
/// As for [`parse`].
pub(super) fn parse_with(
    text: String,
    markdown: bool,
    declared: &[String],
) -> Result<RawTranscript, SourceError> {
    let mut lines = read_lines(&text, markdown);
    let Some(first) = lines.iter().find(|line| line.start < line.end) else {
        return Err(SourceError::whole(SourceProblem::Empty));
    };
    let first_line = &text[first.start..first.end];
    if columns::is_header(first_line, '\t') {
        return columns::parse(&text, Some('\t'));
    }
    if first_line.starts_with("@UTF8") || first_line.starts_with("@Begin") {
        let turns = cut_chat(&text, &lines);
        return finish("CHAT transcript", text, turns, Vec::new(), false);
    }
    silence_fields(&text, &mut lines);
    find_names(&text, &mut lines);
    let speakers = Speakers::find(&text, &lines, declared);
    let mut warnings = Vec::new();
    if speakers.is_some() {
        warnings.extend(warn_of_words_before(&text, &lines, speakers.as_ref()));
    }
    let layout = name_layout(&text, &lines, speakers.as_ref(), markdown);
    let is_wall_clock = lines.iter().any(|line| {
        matches!(line.content, Content::Head(head) if head.is_wall_clock
            && speakers.as_ref().is_some_and(|speakers| speakers.has(&head)))
    });
    let mut turns = cut(&text, &lines, speakers.as_ref());
    if is_wall_clock {
        make_relative(&mut turns);
    }
    let has_times = lines.iter().any(|line| matches!(line.content, Content::Time(_)));
    finish(layout, text, turns, warnings, has_times)
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
    let mut backward = (0_usize, None);
    for (at, time) in turns.iter().flat_map(|turn| &turn.cues) {
        if time.start_ms < latest {
            backward.0 += 1;
            backward.1.get_or_insert(*at);
        }
        latest = time.start_ms;
    }
    if let (n, Some(at)) = backward {
        warnings.push(
            Diagnostic::new(format!("the times run backwards in {n} place(s)"))
                .on_line(usize::try_from(LineIndex::new(&text).line_of(at)).ok())
                .with(Remedy::new("check the times there; the order of the text was kept")),
        );
    }
    Ok(RawTranscript {
        layout: layout.to_owned(),
        text,
        turns,
        attributes: BTreeMap::new(),
        language: None,
        warnings,
    })
}

/// Whether a character is white space or has no width at all.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// The range without the blanks at both ends.
fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let piece = &text[start..end];
    let start = start + (piece.len() - piece.trim_start_matches(is_blank).len());
    let end = start + text[start..end].trim_end_matches(is_blank).len();
    (start, end)
}

/// Reads what each line could be on its own.
fn read_lines(text: &str, markdown: bool) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut from = 0;
    for piece in text.split_inclusive('\n') {
        let (start, end) = trimmed(text, from, from + piece.len());
        from += piece.len();
        let (content, lead) = read_line(text, start, end, markdown);
        let is_heading = markdown && is_heading(&text[start..end]);
        lines.push(Line { start, end, content, lead, is_heading });
    }
    if markdown {
        silence_front_matter(text, &mut lines);
    }
    lines
}

/// Makes the lines between two `---` at the top no speech.
fn silence_front_matter(text: &str, lines: &mut [Line<'_>]) {
    let is_fence = |line: &Line<'_>| &text[line.start..line.end] == "---";
    if !lines.first().is_some_and(is_fence) {
        return;
    }
    if let Some(last) = lines.iter().skip(1).position(is_fence) {
        for line in &mut lines[..=last + 1] {
            line.content = Content::Stop;
            line.lead = None;
        }
    }
}

/// Reads what one line could be. The second value is the time it begins with.
fn read_line(text: &str, start: usize, end: usize, markdown: bool) -> (Content<'_>, Option<Stamp>) {
    let line = &text[start..end];
    if line.is_empty() {
        return (Content::Blank, None);
    }
    if is_footer(line) {
        return (Content::Stop, None);
    }
    if line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '=' | '_' | '*' | ' ')) {
        return (Content::Pause, None);
    }
    let is_heading = markdown && is_heading(line);
    let mut at = if is_heading {
        line.len() - line.trim_start_matches('#').len()
    } else {
        skip_list_mark(line)
    };
    at += line[at..].len() - line[at..].trim_start_matches(is_blank).len();
    let is_emphasis = line[at..].starts_with('*') || line[at..].starts_with("__");
    if is_emphasis {
        at = skip_emphasis(line, at);
    }
    let lead = scan_stamp(&line[at..]);
    if let Some(stamp) = lead {
        at += stamp.len;
        if is_emphasis {
            at = skip_emphasis(line, at);
        }
        let rest = line[at..].trim_start_matches(|c| is_blank(c) || matches!(c, '-' | '–' | '|'));
        if rest.trim_matches(|c| is_blank(c) || c == ':').is_empty() {
            return (Content::Time(stamp), lead);
        }
        at = line.len() - rest.len();
        if is_emphasis || rest.starts_with("**") {
            at = skip_emphasis(line, at);
        }
    }
    let head = read_head(text, start + at, end, is_emphasis).map(|head| Head {
        time: head.time.or(lead.map(|stamp| stamp.time)),
        is_wall_clock: head.is_wall_clock || lead.is_some_and(|stamp| stamp.is_wall_clock),
        ..head
    });
    let content = match head {
        Some(head) => Content::Head(head),
        None if is_heading => {
            let label = clean_label(&line[at..]);
            let time = lead.map(|stamp| stamp.time);
            Content::Head(Head {
                kind: Kind::Heading,
                label,
                time,
                words: end,
                is_strong: false,
                is_wall_clock: false,
                form: None,
            })
        }
        None => Content::Words,
    };
    // A heading that turns out to be no speaker is no speech either.
    if is_heading && !matches!(content, Content::Head(head) if is_label(head.label)) {
        return (Content::Pause, None);
    }
    (content, lead)
}

/// Whether a line of Markdown is a heading.
fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
}

/// Whether a line is what a tool writes around the talk.
fn is_footer(line: &str) -> bool {
    line.starts_with("**** *")
        || line.starts_with("**** ")
        || line.starts_with("-*")
        || (line.starts_with("Transcribed by ") && line.contains("otter.ai"))
        || ((line.ends_with("started transcription") || line.ends_with("stopped transcription"))
            && line.split_whitespace().count() <= 12)
}

/// Where a line goes on behind `- `, `* `, `+ ` and `> `.
fn skip_list_mark(line: &str) -> usize {
    let mut at = 0;
    while let Some(rest) =
        ["- ", "* ", "+ ", "> ", "• "].iter().find_map(|mark| line[at..].strip_prefix(mark))
    {
        at = line.len() - rest.trim_start_matches(is_blank).len();
    }
    at
}

/// Where a line goes on behind at most three signs of emphasis.
fn skip_emphasis(line: &str, at: usize) -> usize {
    let n = line[at..].bytes().take(3).take_while(|byte| matches!(byte, b'*' | b'_')).count();
    at + n
}

/// A label without blanks, emphasis and dashes around it.
fn clean_label(label: &str) -> &str {
    label.trim_matches(|c| {
        is_blank(c) || matches!(c, '*' | '_' | '-' | '–' | '—' | '|' | '\u{200e}')
    })
}

/// Reads the label that a text begins with.
fn read_head(text: &str, start: usize, end: usize, is_emphasis: bool) -> Option<Head<'_>> {
    let rest = &text[start..end];
    let head = |kind, label, words| Head {
        kind,
        label: clean_label(label),
        time: None,
        words,
        is_strong: false,
        is_wall_clock: false,
        form: None,
    };
    let past = |at: usize| {
        let mut at = at;
        if is_emphasis {
            at = skip_emphasis(rest, at);
        }
        rest.len() - rest[at..].trim_start_matches(is_blank).len()
    };
    if rest.starts_with('[') {
        let close = rest.char_indices().take(LABEL_CHARS + 2).find(|(_, c)| *c == ']')?.0;
        let label = &rest[1..close];
        let after = past(close + 1);
        if let Some(stamp) = scan_stamp(&rest[after..]) {
            let words = past(after + stamp.len);
            // Saved captions of meetings hold the time of day.
            return (words == rest.len()).then(|| Head {
                time: Some(stamp.time),
                is_strong: true,
                is_wall_clock: stamp.n_fields == 3 || stamp.is_wall_clock,
                form: None,
                ..head(Kind::Header, label, end)
            });
        }
        return Some(match rest[after..].strip_prefix(':') {
            Some(words) => {
                let after = past(rest.len() - words.len());
                head(Kind::Colon, label, start + after)
            }
            None => head(Kind::Bracket, label, start + after),
        });
    }
    let from = usize::from(rest.starts_with(['#', '@']));
    let mut previous = ' ';
    let mut has_note = false;
    for (n, (at, c)) in rest.char_indices().enumerate().skip(from) {
        // A note in brackets may follow the name: `Ada Quill (Head of Chairs):`.
        has_note |= c == '(';
        if n > LABEL_CHARS + if has_note { 2 * LABEL_CHARS } else { 8 } {
            return None;
        }
        if matches!(c, ':' | '：') {
            let after = at + c.len_utf8();
            if rest[after..].starts_with("//") {
                return None;
            }
            let words = past(after);
            return Some(head(Kind::Colon, without_long_note(&rest[from..at]), start + words));
        }
        if matches!(c, '?' | '!' | ';' | '"' | '“' | '”' | '{' | '|' | '，' | '。') {
            return None;
        }
        let may_be_time =
            matches!(c, '[' | '(' | '<' | '#') || (c.is_ascii_digit() && is_blank(previous));
        if at > from
            && may_be_time
            && let Some(stamp) = scan_stamp(&rest[at..])
        {
            let mut after = past(at + stamp.len);
            let colon = rest[after..].strip_prefix([':', '：']);
            if let Some(words) = colon {
                after = past(rest.len() - words.len());
            }
            let label = &rest[from..at];
            let gap = label.chars().rev().take_while(|c| is_blank(*c));
            let is_wide = gap.clone().count() >= 2 || gap.into_iter().any(|c| c == '\t');
            let is_header = after == rest.len();
            // `we met at 10:30 and` has no colon and goes on: no label.
            return (is_header || colon.is_some()).then(|| Head {
                time: Some(stamp.time),
                is_strong: is_header
                    && (is_wide || stamp.form != Form::Bare || stamp.time.end_ms.is_some()),
                is_wall_clock: stamp.is_wall_clock,
                form: Some(stamp.form),
                ..head(if is_header { Kind::Header } else { Kind::Colon }, label, start + after)
            });
        }
        previous = c;
    }
    None
}

/// A label without the note in brackets behind the name, if the two together
/// are too long for a label.
fn without_long_note(label: &str) -> &str {
    let is_long =
        label.chars().count() > LABEL_CHARS || label.split_whitespace().nth(LABEL_WORDS).is_some();
    match label.split_once(" (") {
        Some((name, _)) if is_long && label.ends_with(')') => name,
        _ => label,
    }
}

/// A label as it is compared: without regard to case.
fn fold(label: &str) -> String {
    label.to_lowercase()
}

/// Whether a text has the shape of a speaker's label.
fn is_label(label: &str) -> bool {
    let folded = fold(label);
    let mut words = folded.split_whitespace();
    let first = words.next().unwrap_or_default();
    let ends_as_sentence = label.ends_with([',', '…'])
        || (label.ends_with('.')
            && label
                .split([' ', '.'])
                .rfind(|part| !part.is_empty())
                .is_some_and(|part| part.chars().count() > 4));
    !first.is_empty()
        && label.chars().take(LABEL_CHARS + 1).count() <= LABEL_CHARS
        && words.clone().count() < LABEL_WORDS
        && label.chars().any(char::is_alphabetic)
        && label.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '<'))
        && !ends_as_sentence
        && label.matches(", ").count() < 3
        && !NO_SPEAKERS.contains(&folded.as_str())
        && (folded == first || !CLAUSE_STARTS.contains(&first.trim_end_matches(',')))
        && !(folded != first && words.next_back().is_some_and(is_saying))
}

/// Whether a word tells that somebody is quoted.
fn is_saying(word: &str) -> bool {
    matches!(word, "said" | "says" | "say" | "asked" | "thought" | "was" | "is" | "like" | "are")
}

/// Whether a label is a role: `Interviewer`, `Speaker 2`, `P01`, `Q`.
fn is_role(label: &str) -> bool {
    let folded = fold(label);
    let bare = folded.trim_end_matches('.');
    if ROLES.contains(&bare) {
        return true;
    }
    let is_number = |text: &str| {
        let text = text.trim_start_matches([' ', '_', '-', '#', '\u{a0}']);
        !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let letters = label.len() - label.trim_start_matches(|c: char| c.is_ascii_uppercase()).len();
    if (1..=3).contains(&letters) && is_number(&label[letters..]) {
        return true;
    }
    ROLES.iter().filter(|role| role.len() > 2).any(|role| {
        bare.strip_prefix(role).is_some_and(|rest| {
            is_number(rest)
                || rest.strip_prefix(' ').is_some_and(|rest| {
                    rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_alphabetic())
                })
        })
    })
}

/// Makes a block of fields at the top (`Date: 3 May`), which may stand below
/// a title, no speech.
fn silence_fields(text: &str, lines: &mut [Line<'_>]) {
    let mut from = 0;
    while let Some(n) = lines[from..].iter().position(|line| line.start < line.end) {
        from += n;
        let to = from + lines[from..].iter().take_while(|line| line.start < line.end).count();
        let mut n_fields = 0;
        let mut is_title = true;
        for line in &lines[from..to] {
            let n_words = text[line.start..line.end].split_whitespace().take(14).count();
            let Content::Head(head) = line.content else {
                if matches!(line.content, Content::Words) && n_words > 12 {
                    return;
                }
                continue;
            };
            is_title &= line.is_heading;
            let words = &text[head.words..line.end];
            if !line.is_heading && (head.kind != Kind::Colon || words.contains('?') || n_words > 13)
            {
                return;
            }
            n_fields += usize::from(NO_SPEAKERS.contains(&fold(head.label).as_str()));
        }
        let names_come = || lines[to..].iter().any(|line| matches!(line.content, Content::Head(_)));
        if n_fields > 0 && names_come() {
            for line in &mut lines[from..to] {
                line.content = Content::Stop;
                line.lead = None;
            }
        }
        if !is_title || n_fields > 0 {
            return;
        }
        from = to;
    }
}

/// Finds names that stand alone: below a time range, or behind a time with
/// the words below.
fn find_names<'t>(text: &'t str, lines: &mut [Line<'t>]) {
    let has_words = |line: Option<&Line<'_>>| {
        line.is_some_and(|line| {
            line.lead.is_none() && matches!(line.content, Content::Words | Content::Head(_))
        })
    };
    let mut found: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
    let (mut n_ranges, mut n_leads) = (0, 0);
    for at in 0..lines.len() {
        let line = lines[at];
        if matches!(line.content, Content::Time(stamp) if stamp.time.end_ms.is_some()) {
            n_ranges += 1;
        }
        if !matches!(line.content, Content::Words) {
            continue;
        }
        let below_range = at > 0
            && matches!(lines[at - 1].content, Content::Time(stamp) if stamp.time.end_ms.is_some());
        n_leads += usize::from(line.lead.is_some());
        if !has_words(lines.get(at + 1)) || !is_label(name_in(text, &line)) {
            continue;
        }
        if line.lead.is_some() {
            found[1].push(at);
        } else if below_range {
            found[0].push(at);
        }
    }
    let all = [found[0].len() == n_ranges, found[1].len() == n_leads && n_leads > 1];
    for ((kind, places), is_strong) in
        [Kind::Named, Kind::TimedName].into_iter().zip(found).zip(all)
    {
        // Times before a line mostly stand before words; then `Yes` is no name.
        if kind == Kind::TimedName && !is_strong {
            continue;
        }
        for at in places {
            let line = lines[at];
            let time = line.lead.map(|stamp| stamp.time);
            let is_wall_clock = line.lead.is_some_and(|stamp| stamp.is_wall_clock);
            let label = name_in(text, &line);
            let words = line.end;
            lines[at].content = Content::Head(Head {
                kind,
                label,
                time,
                words,
                is_strong,
                is_wall_clock,
                form: None,
            });
        }
    }
}

/// A line without the time before it, as a name.
fn name_in<'t>(text: &'t str, line: &Line<'_>) -> &'t str {
    let words = &text[line.start..line.end];
    let lead = line.lead.and_then(|stamp| words.get(stamp.len..));
    clean_label(lead.unwrap_or(words))
}

/// The labels that are speakers in one file.
#[derive(Debug)]
struct Speakers {
    kind: Kind,
    labels: BTreeSet<String>,
}

impl Speakers {
    /// Finds the speakers by the evidence of the whole file; `None` if it
    /// names nobody.
    fn find(text: &str, lines: &[Line<'_>], declared: &[String]) -> Option<Self> {
        let declared: BTreeSet<String> = declared.iter().map(|label| fold(label.trim())).collect();
        let heads = || {
            lines.iter().filter_map(|line| match line.content {
                Content::Head(head) => Some(head),
                _ => None,
            })
        };
        let mut counts: BTreeMap<(Kind, String), usize> = BTreeMap::new();
        for head in heads() {
            *counts.entry((head.kind, fold(head.label))).or_default() += 1;
        }
        let mut found: BTreeMap<Kind, (usize, BTreeSet<String>)> = BTreeMap::new();
        for head in heads() {
            let folded = fold(head.label);
            let is_marker =
                head.kind == Kind::Bracket && MARKERS.iter().any(|marker| folded.contains(marker));
            let recurs = counts.get(&(head.kind, folded.clone())).is_some_and(|&n| n > 1);
            let is_speaker = declared.contains(&folded)
                || (!is_marker
                    && is_label(head.label)
                    && (recurs || head.is_strong || is_role(head.label)));
            if is_speaker {
                let entry = found.entry(head.kind).or_default();
                entry.0 += 1;
                entry.1.insert(folded);
            }
        }
        add_single_names(lines, &mut found);
        let most = found.values().map(|(n, _)| *n).max()?;
        let kind =
            KINDS.into_iter().find(|kind| found.get(kind).is_some_and(|(n, _)| *n == most))?;
        let (n_heads, labels) = found.remove(&kind)?;
        let speakers = Self { kind, labels };
        let is_sure =
            speakers.labels.iter().any(|label| declared.contains(label) || is_role(label));
        let first = lines
            .iter()
            .position(|line| matches!(line.content, Content::Head(head) if speakers.has(&head)))?;
        let is_content =
            |line: &Line<'_>| matches!(line.content, Content::Words | Content::Head(_));
        if n_heads < 2 {
            let opens = !lines[..first].iter().any(is_content);
            let is_declared = speakers.labels.iter().any(|label| declared.contains(label));
            return (is_declared || opens).then_some(speakers);
        }
        // Two lines of `Coffee:` late in a monologue are no conversation.
        let count = |lines: &[Line<'_>]| -> usize {
            let said = lines.iter().filter(|line| is_content(line));
            said.map(|line| text[line.start..line.end].split_whitespace().count()).sum()
        };
        let n_before = count(&lines[..first]);
        (is_sure || n_before * 2 <= n_before + count(&lines[first..])).then_some(speakers)
    }

    /// Whether the head is a speaker's.
    fn has(&self, head: &Head<'_>) -> bool {
        self.labels.contains(&fold(head.label))
    }
}

/// Adds the names that occur once where almost every line names a speaker: the
/// words of a guest who speaks once must not become another person's.
fn add_single_names(lines: &[Line<'_>], found: &mut BTreeMap<Kind, (usize, BTreeSet<String>)>) {
    let n_lines = lines
        .iter()
        .filter(|line| matches!(line.content, Content::Words | Content::Head(_)))
        .count();
    let Some((n_heads, labels)) = found.get_mut(&Kind::Colon) else { return };
    if *n_heads < 6 || *n_heads * 10 < n_lines * 7 {
        return;
    }
    for line in lines {
        let Content::Head(head) = line.content else { continue };
        let is_name = head.kind == Kind::Colon
            && is_label(head.label)
            && name_of(head.label).split([' ', '-']).all(is_name_part);
        if is_name && labels.insert(fold(head.label)) {
            *n_heads += 1;
        }
    }
}

/// Whether a word may be part of a name: no small letter begins it, or it is
/// a particle.
fn is_name_part(word: &str) -> bool {
    !word.starts_with(char::is_lowercase)
        || word.contains(['\'', '’'])
        || matches!(
            word,
            "de" | "da"
                | "di"
                | "du"
                | "van"
                | "von"
                | "der"
                | "den"
                | "la"
                | "le"
                | "al"
                | "el"
                | "ap"
                | "ab"
                | "bin"
                | "ibn"
                | "af"
                | "av"
                | "y"
                | "e"
                | "dos"
                | "ten"
                | "ter"
        )
}

/// A label without the note in brackets behind the name.
fn name_of(label: &str) -> &str {
    label.split_once(" (").map_or(label, |(name, _)| name)
}

/// Tells of many words before the first speaker.
fn warn_of_words_before(
    text: &str,
    lines: &[Line<'_>],
    speakers: Option<&Speakers>,
) -> Option<Diagnostic> {
    let speakers = speakers?;
    let mut n_words = 0;
    let mut first = None;
    for (at, line) in lines.iter().enumerate() {
        match line.content {
            Content::Head(head) if speakers.has(&head) => break,
            Content::Head(_) | Content::Words => {
                n_words += text[line.start..line.end].split_whitespace().count();
                first.get_or_insert(at + 1);
            }
            _ => {}
        }
    }
    (n_words > LEFT_OUT_WORDS).then(|| {
        Diagnostic::new(format!("{n_words} words before the first speaker belong to no turn"))
            .on_line(first)
            .with(Remedy::new("if they were spoken, put `Name:` before them"))
    })
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
    let head = lines.iter().find_map(|line| match line.content {
        Content::Head(head) if head.kind == speakers.kind && speakers.has(&head) => {
            Some((head, line))
        }
        _ => None,
    });
    match (speakers.kind, head) {
        (Kind::Header, Some((head, line))) => {
            let ends_in_colon = text[line.start..line.end].ends_with(':');
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

/// A turn that is being read.
#[derive(Debug)]
struct OpenTurn {
    label: Option<String>,
    start: Option<usize>,
    end: usize,
    cues: Vec<(u32, TimeSpan)>,
}

/// Collects the words and times of turns.
#[derive(Debug)]
struct Cutter<'t> {
    text: &'t str,
    turns: Vec<RawTurn>,
    open: Option<OpenTurn>,
    /// A time whose words have not come yet.
    pending: Option<TimeSpan>,
    /// Whether times stand behind the words, as f4 sets them.
    times_follow: bool,
    /// Whether a bare time before words is a time of the recording.
    has_bare_leads: bool,
    latest_ms: Option<u64>,
}

impl Cutter<'_> {
    /// Ends the open turn and begins another.
    fn open(&mut self, label: Option<&str>, time: Option<TimeSpan>) {
        self.close();
        if time.is_some() {
            self.pending = time;
        }
        let label = label.map(str::to_owned);
        self.open = Some(OpenTurn { label, start: None, end: 0, cues: Vec::new() });
    }

    /// Ends the open turn. A turn without words is none.
    fn close(&mut self) {
        let Some(OpenTurn { label, start: Some(start), end, cues }) = self.open.take() else {
            return;
        };
        self.turns.push(RawTurn { label, span: Span::new(start, end), cues });
    }

    /// Adds the words of one line to the open turn.
    fn say(&mut self, start: usize, end: usize) {
        let (mut start, mut end) = trimmed(self.text, start, end);
        while let Some(stamp) = scan_stamp(&self.text[start..end]) {
            if stamp.form == Form::Bare && stamp.n_fields < 3 && !self.has_bare_leads {
                break;
            }
            self.pending = Some(stamp.time);
            (start, end) = trimmed(self.text, start + stamp.len, end);
        }
        let mut after = None;
        while let Some(stamp) = trailing_stamp(&self.text[start..end]) {
            after.get_or_insert(stamp.time);
            (start, end) = trimmed(self.text, start, end - stamp.len);
        }
        let Some(turn) = &mut self.open else { return };
        if start < end {
            turn.start.get_or_insert(start);
            turn.end = end;
            if let Some(time) = self.pending.take() {
                turn.cues.push((position(start), time));
                self.latest_ms = Some(time.start_ms);
            }
            cut_inside(self.text, start, end, turn, &mut self.latest_ms, self.times_follow);
        }
        let Some(time) = after else { return };
        if let Some((_, last)) = turn.cues.last_mut() {
            if last.end_ms.is_none() && time.start_ms >= last.start_ms {
                last.end_ms = Some(time.start_ms);
            }
        } else if let Some(first) = turn.start {
            turn.cues.push((position(first), time));
        }
        if self.times_follow {
            self.pending = Some(TimeSpan { start_ms: time.start_ms, end_ms: None });
        }
    }
}

/// A byte position; the text was checked to be short enough.
fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Finds the times among the words of one line.
fn cut_inside(
    text: &str,
    start: usize,
    end: usize,
    turn: &mut OpenTurn,
    latest_ms: &mut Option<u64>,
    times_follow: bool,
) {
    let mut at = start;
    while let Some(found) = text[at..end].find(['[', '#', '(']) {
        at += found;
        let Some(stamp) = scan_stamp(&text[at..end]) else {
            at += 1;
            continue;
        };
        at += stamp.len;
        let time = stamp.time;
        // `(10:30)` may be a time of day, so it must fit in.
        let fits = latest_ms
            .is_some_and(|latest| (latest..=latest + HALF_DAY_MS / 6).contains(&time.start_ms));
        if stamp.form == Form::Round && !fits {
            continue;
        }
        if times_follow
            && let Some((_, last)) = turn.cues.last_mut()
            && last.end_ms.is_none()
            && time.start_ms >= last.start_ms
        {
            last.end_ms = Some(time.start_ms);
        }
        *latest_ms = Some(time.start_ms);
        let (next, _) = trimmed(text, at, end);
        match turn.cues.last_mut() {
            Some((byte, last)) if *byte == position(next) => *last = time,
            _ => turn.cues.push((position(next), time)),
        }
    }
}

/// The time that a text ends with.
fn trailing_stamp(text: &str) -> Option<Stamp> {
    let open = match text.as_bytes().last()? {
        b']' => '[',
        b')' => '(',
        b'#' => '#',
        _ => return None,
    };
    let body = &text[..text.len() - 1];
    // No stamp is longer, and a long line must not be searched again and again.
    let from = (0..4).find_map(|n| {
        let from = body.len().saturating_sub(40 - n);
        body.is_char_boundary(from).then_some(from)
    })?;
    let at = from + body[from..].rfind(open)?;
    scan_stamp(&text[at..]).filter(|stamp| at + stamp.len == text.len())
}

/// Cuts the turns.
fn cut(text: &str, lines: &[Line<'_>], speakers: Option<&Speakers>) -> Vec<RawTurn> {
    let has_head = |line: &Line<'_>| {
        matches!(line.content, Content::Head(head)
        if head.time.is_some() && speakers.is_some_and(|speakers| speakers.has(&head)))
    };
    let leads = |line: &&Line<'_>| {
        line.lead.is_some() || matches!(line.content, Content::Time(_)) || has_head(line)
    };
    let n_leads = lines.iter().filter(leads).count();
    let follows = |line: &&Line<'_>| {
        !leads(line)
            && trailing_stamp(&text[line.start..line.end])
                .is_some_and(|stamp| stamp.form != Form::Round)
    };
    let times_follow = lines.iter().filter(follows).count() > n_leads;
    let n_lines = lines.iter().filter(|line| line.start < line.end).count();
    let is_bare = |line: &&Line<'_>| line.lead.is_some_and(|stamp| stamp.form == Form::Bare);
    let has_bare_leads = lines.iter().filter(is_bare).count() * 2 >= n_lines.max(2);
    let mut cutter = Cutter {
        text,
        turns: Vec::new(),
        open: None,
        // The first stretch of a recording begins with it.
        pending: times_follow.then_some(TimeSpan { start_ms: 0, end_ms: None }),
        times_follow,
        has_bare_leads,
        latest_ms: None,
    };
    let is_wrapped = speakers.is_none() && is_hard_wrapped(text, lines);
    let mut is_new = true;
    let is_speaker = |line: &Line<'_>| {
        matches!(line.content, Content::Head(head)
            if speakers.is_some_and(|speakers| speakers.has(&head)))
    };
    // A heading that names nobody parts the talk like a rule does.
    let pauses = |line: &Line<'_>| {
        matches!(line.content, Content::Pause) || (line.is_heading && !is_speaker(line))
    };
    for line in lines {
        match line.content {
            Content::Blank => is_new = true,
            Content::Head(_) | Content::Pause if pauses(line) => {
                if speakers.is_some() {
                    let label = cutter.open.as_ref().and_then(|turn| turn.label.clone());
                    if let Some(label) = label {
                        cutter.open(Some(&label), None);
                    }
                }
                is_new = true;
            }
            Content::Stop => {
                cutter.close();
                is_new = true;
            }
            Content::Time(stamp) => {
                cutter.pending = Some(stamp.time);
                is_new = true;
            }
            Content::Head(head) if speakers.is_some_and(|speakers| speakers.has(&head)) => {
                cutter.open(Some(head.label), head.time);
                cutter.say(head.words, line.end);
            }
            Content::Pause => {}
            Content::Head(_) | Content::Words => {
                if speakers.is_none() {
                    if is_new || !is_wrapped {
                        cutter.open(None, None);
                    }
                    is_new = false;
                }
                let words = &text[line.start..line.end];
                let mark = if speakers.is_none() { skip_list_mark(words) } else { 0 };
                cutter.say(line.start + mark, line.end);
            }
        }
    }
    cutter.close();
    cutter.turns
}

/// Whether the lines of unlabelled text are broken to fit a page, so that a
/// paragraph and not a line is a unit.
fn is_hard_wrapped(text: &str, lines: &[Line<'_>]) -> bool {
    let (mut n_inner, mut n_long) = (0_usize, 0_usize);
    for pair in lines.windows(2) {
        if !pair.iter().all(|line| matches!(line.content, Content::Words | Content::Head(_))) {
            continue;
        }
        let n_chars = text[pair[0].start..pair[0].end].chars().take(101).count();
        if n_chars > 100 {
            return false;
        }
        n_inner += 1;
        n_long += usize::from(n_chars >= 50);
    }
    let has_paragraphs = lines.windows(2).any(|pair| {
        matches!(pair[0].content, Content::Blank) && matches!(pair[1].content, Content::Words)
    });
    n_inner > 0 && has_paragraphs && n_long * 10 >= n_inner * 8
}

/// Counts times of day from the first one.
fn make_relative(turns: &mut [RawTurn]) {
    let mut first = None;
    let mut latest = 0;
    let mut days = 0;
    for (_, time) in turns.iter_mut().flat_map(|turn| &mut turn.cues) {
        if time.start_ms.saturating_add(HALF_DAY_MS) < latest {
            days += 2 * HALF_DAY_MS;
        }
        latest = time.start_ms;
        let zero = *first.get_or_insert(time.start_ms);
        let since = |ms: u64| ms.saturating_add(days).saturating_sub(zero);
        *time = TimeSpan { start_ms: since(time.start_ms), end_ms: time.end_ms.map(since) };
    }
}

/// Cuts the main tiers of a CHAT transcript; headers and dependent tiers are
/// no speech.
fn cut_chat(text: &str, lines: &[Line<'_>]) -> Vec<RawTurn> {
    let mut turns: Vec<OpenTurn> = Vec::new();
    let mut is_main = false;
    let mut pending = None;
    for line in lines {
        let words = &text[line.start..line.end];
        let mut start = line.start;
        if let Some((label, _)) = words.strip_prefix('*').and_then(|tier| tier.split_once(':')) {
            is_main = label.chars().count() <= LABEL_CHARS;
            start += label.len() + 2;
            if is_main {
                let label = Some(label.trim().to_owned()).filter(|label| !label.is_empty());
                turns.push(OpenTurn { label, start: None, end: 0, cues: Vec::new() });
                pending = None;
            }
        } else if words.starts_with(['@', '%', '*']) {
            is_main = false;
        }
        let Some(turn) = turns.last_mut().filter(|_| is_main) else { continue };
        // Between two bullets stand the words that the second one times.
        for (n, piece) in text[start..line.end].split('\u{15}').enumerate() {
            let (from, to) = trimmed(text, start, start + piece.len());
            start += piece.len() + 1;
            if n % 2 == 1 {
                if let (Some(at), Some(time)) = (pending.take(), read_bullet(piece)) {
                    turn.cues.push((position(at), time));
                }
            } else if from < to {
                turn.start.get_or_insert(from);
                turn.end = to;
                pending.get_or_insert(from);
            }
        }
    }
    let close = |turn: OpenTurn| {
        let span = Span::new(turn.start?, turn.end);
        Some(RawTurn { label: turn.label, span, cues: turn.cues })
    };
    turns.into_iter().filter_map(close).collect()
}

/// Reads `1234_5678`, which may stand behind a media name.
fn read_bullet(text: &str) -> Option<TimeSpan> {
    let mut fields = text.trim().rsplit('_');
    let end: u64 = fields.next()?.parse().ok()?;
    let start_ms: u64 = fields.next()?.parse().ok()?;
    Some(TimeSpan { start_ms, end_ms: Some(end).filter(|&end| end >= start_ms) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(raw: &RawTranscript) -> String {
        let mut shown = Vec::new();
        for turn in &raw.turns {
            let first = turn.span.start;
            let time = |(at, time): &(u32, TimeSpan)| {
                let end = time.end_ms.map_or(String::new(), |end| end.to_string());
                let at = if *at == first { String::new() } else { format!("@{} ", at - first) };
                format!("{at}{}-{end}", time.start_ms)
            };
            let times = turn.cues.iter().map(time).collect::<Vec<_>>().join(" ");
            let label = turn.label.as_deref().unwrap_or("");
            let words = turn.span.of(&raw.text).replace("\r\n", "/").replace('\n', "/");
            shown.push(format!("{label}|{times}|{words}\n"));
        }
        for warning in &raw.warnings {
            shown.push(format!("!{} {}\n", warning.line().unwrap_or(0), warning.problem));
        }
        shown.concat()
    }

    #[track_caller]
    fn check_as(text: &str, markdown: bool, expected: &str) {
        let actual = match parse(text.to_owned(), markdown) {
            Ok(raw) => {
                assert_eq!(raw.text, text);
                format!("{}\n{}", raw.layout, show(&raw))
            }
            Err(error) => format!("error: {error}\n"),
        };
        assert_eq!(actual, expected);
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        check_as(text, false, expected);
    }

    const NAMED: &str = "plain text, `Name:` turns\n";
    const ALONE: &str = "plain text, one speaker\n";

    #[track_caller]
    fn check_named(text: &str, expected: &str) {
        check(text, &format!("{NAMED}{expected}"));
    }

    #[test]
    fn labels_of_many_kinds_open_turns() {
        check_named(
            "Interviewer: How was it?\nSiân Prydderch: Odd.\nInterviewer: Why?\nSiân Prydderch: Um.\n",
            "Interviewer||How was it?\nSiân Prydderch||Odd.\nInterviewer||Why?\nSiân Prydderch||Um.\n",
        );
        check_named(
            "王芳：你好\nŁukasz: Tak\nÓ Briain: Aye 🙂\nDr. O'Neill-Katz: Yes\nPrydderch, Siân: No\n王芳：好\nŁukasz: Nie\nÓ Briain: No\nDr. O'Neill-Katz: No\nPrydderch, Siân: Yes\n",
            "王芳||你好\nŁukasz||Tak\nÓ Briain||Aye 🙂\nDr. O'Neill-Katz||Yes\nPrydderch, Siân||No\n王芳||好\nŁukasz||Nie\nÓ Briain||No\nDr. O'Neill-Katz||No\nPrydderch, Siân||Yes\n",
        );
        check_named(
            "Q: Why?\nA: Because.\nP01: Um\nSpeaker 3: Ok\nSPEAKER_00: Oh\n",
            "Q||Why?\nA||Because.\nP01||Um\nSpeaker 3||Ok\nSPEAKER_00||Oh\n",
        );
        check_named("SIÂN: One.\nSiân: Two.\n", "SIÂN||One.\nSiân||Two.\n");
        check_named(
            "[Ada]: One.\n[Ada]: Two.\n#Ben: x\n#Ben: y\n@Cy: z\n@Cy: q\n",
            "Ada||One.\nAda||Two.\nBen||x\nBen||y\nCy||z\nCy||q\n",
        );
    }

    #[test]
    fn lines_without_a_label_go_on() {
        check_named(
            "Q: Why?\r\n\r\nA: Because\r\nit was so.\r\n\r\nNote: see http://x.org at 17:30\r\nand he said: fine\r\nQ:\r\nOk.",
            "Q||Why?\nA||Because/it was so.//Note: see http://x.org at 17:30/and he said: fine\nQ||Ok.\n",
        );
    }

    #[test]
    fn a_guest_who_speaks_once_is_heard_where_every_line_has_a_label() {
        let talk = "Ada: a\nBen: b\n".repeat(4);
        check_named(
            &format!("{talk}Dr. Cy d’Ó van Briain: c\nNote: d\nso far: e\n"),
            "Ada||a\nBen||b\nAda||a\nBen||b\nAda||a\nBen||b\nAda||a\nBen||b\nDr. Cy d’Ó van Briain||c/Note: d/so far: e\n",
        );
        check_named(
            "Ada: a\nBen: b\nAda: c\nCoffee: d\nBen: e\n",
            "Ada||a\nBen||b\nAda||c/Coffee: d\nBen||e\n",
        );
    }

    #[test]
    fn a_long_note_behind_a_name_is_no_part_of_the_label() {
        check_named(
            "Ada Quill (Head of Chairs and of All the Tables): Hi.\nAda Quill: Yes.\nBen (north): a\nBen (north): b\n",
            "Ada Quill||Hi.\nAda Quill||Yes.\nBen (north)||a\nBen (north)||b\n",
        );
    }

    #[test]
    fn colons_are_no_speakers_by_themselves() {
        check(
            "Note: one\nNote: two\n17:30 was late\nhttp://a.b\nhttp://c.d\nhe said: yes\nhe said: no\ne.g.: this\n",
            &format!(
                "{ALONE}||Note: one\n||Note: two\n||17:30 was late\n||http://a.b\n||http://c.d\n||he said: yes\n||he said: no\n||e.g.: this\n"
            ),
        );
        check(
            "It was one thing that I never told: this.\n",
            &format!("{ALONE}||It was one thing that I never told: this.\n"),
        );
    }

    #[test]
    fn a_declared_label_needs_no_second_turn() {
        let text = "Ada: hello to all\nand more\n";
        assert_eq!(parse(text.to_owned(), false).unwrap().turns.len(), 2);
        let raw = parse_with(text.to_owned(), false, &["ada".to_owned()]).unwrap();
        assert_eq!(show(&raw), "Ada||hello to all/and more\n");
    }

    #[test]
    fn what_stands_before_the_first_label_is_no_speech() {
        check_named(
            "Interview 3\n\nInterviewer: Ada Quill\nParticipant: P01\nDate: 3 May\n\nInterviewer: How?\nP01: So.\n",
            "Interviewer||How?\nP01||So.\n",
        );
        check_named("Date: 3 May\nQ: How?\nA: So.\n", "Q||How?\nA||So.\n");
        let before = "word ".repeat(41);
        check_named(
            &format!("\n{before}\nQ: How?\nA: So.\n"),
            "Q||How?\nA||So.\n!2 41 words before the first speaker belong to no turn\n",
        );
    }

    #[test]
    fn times_stand_before_behind_and_above_labels() {
        check_named(
            "[00:00:01] Ada: a\n[00:02]Ben: b\n00:00:03.5Ada: c\n0:04 Ben: d\nAda (00:05): e\nBen: [00:00:06] f\n#00:00:07-5# Ada: g\n0:08\nBen: h\n00:00:09 - Ada: i\n",
            "Ada|1000-|a\nBen|2000-|b\nAda|3500-|c\nBen|4000-|d\nAda|5000-|e\nBen|6000-|f\nAda|7500-|g\nBen|8000-|h\nAda|9000-|i\n",
        );
    }

    #[test]
    fn times_inside_a_turn_are_cues() {
        check_named(
            "[0:01] Q: one [00:05] two\n[0:09]\nthree [inaudible 00:10] (see 4:5)\n[0:12] A: Four\n",
            "Q|1000- @12 5000- @23 9000-|one [00:05] two/[0:09]/three [inaudible 00:10] (see 4:5)\nA|12000-|Four\n",
        );
    }

    #[test]
    fn times_behind_paragraphs_are_their_ends() {
        check_named(
            "I: How so? #00:00:04-5#\n\nP: Well. #00:00:09-0#\nAnd more. #00:00:12-0#\n\nI: Ah. #00:00:13-1#\n",
            "I|0-4500|How so?\nP|4500-9000 @19 9000-12000|Well. #00:00:09-0#/And more.\nI|12000-13100|Ah.\n",
        );
    }

    #[test]
    fn otter() {
        check(
            "Ada Quill  0:49\nOkay, that's a point.\n\nUnknown Speaker  1:02\nSo\n\nTranscribed by https://otter.ai\n",
            "Otter text\nAda Quill|49000-|Okay, that's a point.\nUnknown Speaker|62000-|So\n",
        );
    }

    #[test]
    fn rev_and_trint() {
        check(
            "Speaker 1 (00:00:12):\nHi [crosstalk 00:00:13].\n\nSpeaker 2 (00:14):\nHello.\n",
            "Rev text\nSpeaker 1|12000-|Hi [crosstalk 00:00:13].\nSpeaker 2|14000-|Hello.\n",
        );
        check(
            "Ada Quill [00:00:12]\nHi\nthere.\n\nBen Ó [00:00:19]\nHello.\n",
            "plain text, a line `Name [time]` before each turn\nAda Quill|12000-|Hi/there.\nBen Ó|19000-|Hello.\n",
        );
        check(
            "[00:12] Ada Quill\nHi.\n[00:15] Ben\nYes?\n[00:17] Ada Quill\nYes.\n",
            "plain text, a line `[time] Name` before each turn\nAda Quill|12000-|Hi.\nBen|15000-|Yes?\nAda Quill|17000-|Yes.\n",
        );
    }

    #[test]
    fn teams() {
        check(
            "Meeting on chairs\n3 May 2026, 10:00AM\nAda Quill started transcription\nAda Quill   0:04\nSo how?\nTake your time.\nBen Ó   0:09\nUm.\nAda Quill stopped transcription\n",
            "Otter text\nAda Quill|4000-|So how?/Take your time.\nBen Ó|9000-|Um.\n",
        );
        check(
            "Ada Quill  00:01:23 --> 00:01:45\nHi.\nBen  00:01:46 --> 00:01:50\nYes.\n",
            "Teams text\nAda Quill|83000-105000|Hi.\nBen|106000-110000|Yes.\n",
        );
        check(
            "0:0:5.100 --> 0:0:8.250\nAda Quill\nHi there.\n0:0:9.0 --> 0:0:9.5\nBen\nYes.\n",
            "Teams text\nAda Quill|5100-8250|Hi there.\nBen|9000-9500|Yes.\n",
        );
    }

    #[test]
    fn zoom_captions_hold_times_of_day() {
        check(
            "[Ada Quill] 23:59:58\nHi\n\n[Siân] 00:00:03\nHello\n",
            "Zoom captions\nAda Quill|0-|Hi\nSiân|5000-|Hello\n",
        );
    }

    #[test]
    fn brackets_may_hold_names_or_markers() {
        check(
            "[Ada] one\n[Ben] two\n[Ada] three\n[Ben] four\n",
            "plain text, `[Name]` turns\nAda||one\nBen||two\nAda||three\nBen||four\n",
        );
        check("[laughs] one\n[laughs] two\n", &format!("{ALONE}||[laughs] one\n||[laughs] two\n"));
    }

    #[test]
    fn meet_has_times_alone() {
        check_named(
            "00:00:11\nAda Quill: Shall we?\nBen: Yes.\n\n00:05:00\nAda Quill: So.\nBen: Oh.\n",
            "Ada Quill|11000-|Shall we?\nBen||Yes.\nAda Quill|300000-|So.\nBen||Oh.\n",
        );
    }

    #[test]
    fn chat() {
        check(
            "@UTF8\n@Begin\n@Participants:\tPAR Participant\n*PAR:\twell it was\n\todd . \u{15}1_20\u{15}\n%mor:\tadv|well\n\tv|be\n*INV:\twhy ? \u{15}30_40\u{15} ah . \u{15}50_60\u{15}\n@End\n",
            "CHAT transcript\nPAR|1-20|well it was/\todd .\nINV|30-40 @14 50-60|why ? \u{15}30_40\u{15} ah .\n",
        );
    }

    #[test]
    fn iramuteq_lines_are_no_speech() {
        check(
            "**** *id_p01 *sex_f\nIt was odd.\n**** *id_p02\nNot at all.\n",
            &format!("{ALONE}||It was odd.\n||Not at all.\n"),
        );
    }

    #[test]
    fn tables_are_left_to_the_reader_of_tables() {
        let raw =
            parse("Timespan\tContent\tSpeaker\n0:01 - 0:02\tHi\tAda\n".to_owned(), false).unwrap();
        assert_eq!(show(&raw), "Ada|1000-2000|Hi\n");
    }

    #[test]
    fn markdown() {
        let named = "Markdown, `Name:` turns\n";
        check_as(
            "---\ntitle: x\nAda: 3\n---\n# Interview\n\n**Ada:** How?\n\n**Ben**: So *there*.\n\n## Part: two\n\nGoing on.\n\n---\n- **Ada:** *um*\n- Ben: Yes.\n> **[00:12] Ben:** No.\n",
            true,
            &format!(
                "{named}Ada||How?\nBen||So *there*.\nBen||Going on.\nAda||*um*\nBen||Yes.\nBen|12000-|No.\n"
            ),
        );
        check_as(
            "# Talk\n### Ada\nHow?\n### Ben\nSo.\n### Ada\nAh.\n### Ben\nOh.\n",
            true,
            "Markdown, a heading before each turn\nAda||How?\nBen||So.\nAda||Ah.\nBen||Oh.\n",
        );
        check_as(
            "# Notes on a day\n\nOne thing.\n\n- another\n",
            true,
            "Markdown, one speaker\n||One thing.\n||another\n",
        );
    }

    #[test]
    fn unlabelled_lines_and_paragraphs_are_turns() {
        check("One.\n\n[00:05] Two.\nThree.\n", &format!("{ALONE}||One.\n|5000-|Two.\n||Three.\n"));
        let long = "It was a long line of words that somebody broke to fit";
        check(
            &format!("{long}\n{long}\non.\n\n{long}\nthere.\n"),
            &format!("{ALONE}||{long}/{long}/on.\n||{long}/there.\n"),
        );
        check(
            "0:01 One.\n0:05 Two.\n0:09 Three.\n",
            &format!("{ALONE}|1000-|One.\n|5000-|Two.\n|9000-|Three.\n"),
        );
    }

    #[test]
    fn what_holds_no_speech_is_refused() {
        check("", "error: the file is empty\n");
        check(" \n\u{feff}\n", "error: the file is empty\n");
        check(
            "0:01\n0:02\n",
            "error: the file has times but not one turn that belongs to a time\n",
        );
        check("Q:\nA:\n", "error: nobody says anything in this file\n");
    }

    #[test]
    fn times_that_run_backwards_are_told() {
        check_named(
            "[0:09] Q: How?\n[0:05] A: So.\n",
            "Q|9000-|How?\nA|5000-|So.\n!2 the times run backwards in 1 place(s)\n",
        );
    }

    const SAMPLES: [&str; 6] = [
        "[00:00:01] Siân: a (00:03) b\n#00:00:07-5# 王芳: g 🙂 #00:00:09-5#\nSiân: x\n王芳：y\n",
        "Ada Quill  0:49\nOkay.\n\nUnknown Speaker  1:02\nSo\n\nTranscribed by https://otter.ai\n",
        "0:0:5.100 --> 0:0:8.250\nAda\nHi.\n0:0:9.0 --> 0:0:9.5\nBen\nYes.\n",
        "@Begin\n*PAR:\todd . \u{15}1_20\u{15}\n%mor:\tadv|well\n*INV:\twhy ?\n",
        "---\na: b\n---\n**Ada:** How?\n### Ben\n- [x] (10:30 PM) y\n[Ada Quill] 10:03:11\nz\n",
        "Timespan\tContent\tSpeaker\n0:01 - 0:02\tHi\tAda\n",
    ];

    fn keeps_invariants(text: &str, markdown: bool) {
        let Ok(raw) = parse(text.to_owned(), markdown) else { return };
        assert!(raw.text == text || raw.layout.starts_with("CSV"));
        let mut last = 0;
        for turn in &raw.turns {
            let range = turn.span.range();
            assert!(range.start >= last && range.end <= raw.text.len());
            assert!(!raw.text.get(range.clone()).unwrap().trim().is_empty());
            let mut at = range.start;
            for (byte, _) in &turn.cues {
                assert!((at..range.end).contains(&(*byte as usize)), "{text:?} {turn:?}");
                at = *byte as usize;
            }
            last = range.end;
        }
    }

    #[test]
    fn a_file_cut_anywhere_keeps_the_invariants() {
        for text in SAMPLES {
            for end in (0..=text.len()).filter(|&end| text.is_char_boundary(end)) {
                keeps_invariants(&text[..end], false);
                keeps_invariants(&text[..end], true);
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_invariants(text in "(?s).{0,120}", markdown: bool) {
            keeps_invariants(&text, markdown);
        }

        #[test]
        fn text_of_signs_keeps_the_invariants(
            text in "([-\\[\\](){}<>#@*_:：.,0-9 \t\r\n\u{15}\u{a0}é王🙂]|Ada|Q:|0:01|\\[0:02\\]|#00:00:01-5#|\n){0,60}",
            markdown: bool,
        ) {
            keeps_invariants(&text, markdown);
        }

        #[test]
        fn damaged_files_keep_the_invariants(
            which in 0..SAMPLES.len(),
            at in any::<prop::sample::Index>(),
            n_removed in 0..6_usize,
            added in "[-\\[\\]#:0-9A \n🙂]{0,4}",
            markdown: bool,
        ) {
            let chars: Vec<char> = SAMPLES[which].chars().collect();
            let at = at.index(chars.len());
            let rest = chars.iter().skip(at + n_removed);
            let text: String = chars[..at].iter().copied().chain(added.chars()).chain(rest.copied()).collect();
            keeps_invariants(&text, markdown);
        }

        #[test]
        fn written_turns_read_back(
            turns in prop::collection::vec((0..3_usize, "[a-zé]{1,8}( [a-z🙂]{1,8}){0,9}"), 1..20)
        ) {
            let labels = ["Interviewer", "P01", "Speaker 2"];
            let text = turns.iter().map(|(who, words)| format!("{}: {words}\n", labels[*who])).collect::<Vec<_>>().concat();
            let expected = turns.iter().map(|(who, words)| format!("{}||{words}\n", labels[*who])).collect::<Vec<_>>().concat();
            prop_assert_eq!(show(&parse(text, false).unwrap()), expected);
        }
    }
}
