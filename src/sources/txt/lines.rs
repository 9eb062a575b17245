//! Reads what each line of a text could be, alone and beside its neighbours.

use super::heads::{Head, Kind, clean_label, is_blank, read_head, skip_emphasis};
use crate::sources::labels::{is_field, is_label};
use crate::sources::time::{Stamp, scan_stamp};

/// What a line could be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content<'t> {
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
pub(super) struct Line<'t> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) content: Content<'t>,
    /// The time that the line begins with.
    pub(super) lead: Option<Stamp>,
    /// Whether it is a Markdown heading: a speaker's, or no speech.
    pub(super) is_heading: bool,
}

/// The range without the blanks at both ends.
pub(super) fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let piece = &text[start..end];
    let start = start + (piece.len() - piece.trim_start_matches(is_blank).len());
    let end = start + text[start..end].trim_end_matches(is_blank).len();
    (start, end)
}

/// Reads what each line could be on its own.
pub(super) fn read_lines(text: &str, markdown: bool) -> Vec<Line<'_>> {
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
pub(super) fn skip_list_mark(line: &str) -> usize {
    let mut at = 0;
    while let Some(rest) =
        ["- ", "* ", "+ ", "> ", "• "].iter().find_map(|mark| line[at..].strip_prefix(mark))
    {
        at = line.len() - rest.trim_start_matches(is_blank).len();
    }
    at
}

/// Makes a block of fields at the top (`Date: 3 May`), which may stand below
/// a title, no speech.
pub(super) fn silence_fields(text: &str, lines: &mut [Line<'_>]) {
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
            n_fields += usize::from(is_field(head.label));
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
pub(super) fn find_names<'t>(text: &'t str, lines: &mut [Line<'t>]) {
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
