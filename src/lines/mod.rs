//! What each line of a text could be, alone and beside its neighbours.
//!
//! A decoded text comes in. What only lays it out (`pages`, `running`), counts its lines
//! (`counters`) or marks who speaks for a program (`tags`) is taken from it; then each
//! `Line` goes out with the label, time or question that may stand in it. Who of them
//! speaks is decided by `text`.

pub(crate) mod counters;
pub(crate) mod fields;
pub(crate) mod forms;
pub(crate) mod inside;
pub(crate) mod numbered;
pub(crate) mod pages;
pub(crate) mod running;
pub(crate) mod tags;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::base::{Diagnostic, Remedy, words_in};
use crate::documents::Type;
use crate::labels::heads::{
    Head, Kind, clean_label, is_blank, link_len, read_head, skip_blanks, skip_emphasis,
};
use crate::labels::heads::{read_barred, split_time};
use crate::labels::time::{Stamp, scan_stamp};
use crate::labels::{
    Part, bare_words, fold, is_field, is_label, is_loud, is_name, is_role, part_in,
};

/// What a line could be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content<'t> {
    Blank,
    /// No speech, but the turn around it goes on.
    Pause,
    /// No speech, and the turn before it is over.
    Stop,
    Time(Stamp),
    Head(Head<'t>),
    /// A question that only its type sets apart: where its words begin and end.
    Question(usize, usize),
    Words,
}

/// One line without the white space around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'t> {
    /// Its number in the file, from 1.
    pub(crate) number: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) content: Content<'t>,
    /// The time that the line begins with.
    pub(crate) lead: Option<Stamp>,
    /// Whether it is a Markdown heading: a speaker's, or no speech.
    pub(crate) is_heading: bool,
    /// How many bytes of marks and times stand before what may be a label.
    pub(crate) skipped: usize,
    /// Whether it begins with `>>`: somebody else speaks.
    pub(crate) is_change: bool,
    /// The type that all of it is in, where most of a text is not.
    pub(crate) set_apart: Option<Type>,
}

impl<'t> Line<'t> {
    /// A line of which nothing is known but where its words are.
    pub(crate) fn bare(start: usize, end: usize) -> Self {
        Self {
            number: 0,
            start,
            end,
            content: Content::Blank,
            lead: None,
            is_heading: false,
            skipped: 0,
            is_change: false,
            set_apart: None,
        }
    }

    /// What stands on it; `text` must be the one it was read from.
    pub(crate) fn words<'s>(&self, text: &'s str) -> &'s str {
        &text[self.start..self.end]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Whether somebody may say what stands on it.
    pub(crate) fn is_said(&self) -> bool {
        matches!(self.content, Content::Words | Content::Head(_))
    }

    /// What it begins with, where that may name a speaker.
    pub(crate) fn head(&self) -> Option<Head<'t>> {
        match self.content {
            Content::Head(head) => Some(head),
            _ => None,
        }
    }

    /// The same, where a colon follows the label.
    pub(crate) fn colon(&self) -> Option<Head<'t>> {
        self.head().filter(|head| head.kind == Kind::Colon)
    }

    /// Makes it no speech.
    pub(crate) fn silence(&mut self, content: Content<'t>) {
        (self.content, self.lead) = (content, None);
    }
}

/// The stretches of lines that are all of a kind, each as long as it can be.
pub(crate) fn runs(lines: &[Line<'_>], is_in: impl Fn(&Line<'_>) -> bool) -> Vec<Range<usize>> {
    let mut to = 0;
    let stretches = lines.chunk_by(|a, b| is_in(a) == is_in(b)).map(|run| {
        to += run.len();
        to - run.len()..to
    });
    stretches.filter(|run| is_in(&lines[run.start])).collect()
}

/// The range without the blanks at both ends.
pub(crate) fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let piece = &text[start..end];
    let start = start + skip_blanks(piece, 0);
    let end = start + text[start..end].trim_end_matches(is_blank).len();
    (start, end)
}

/// Reads what each line could be on its own.
pub(crate) fn read_lines(text: &str, markdown: bool) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut from = 0;
    for (number, piece) in (1..).zip(text.split_inclusive('\n')) {
        let (start, end) = trimmed(text, from, from + piece.len());
        from += piece.len();
        lines.push(Line { number, ..read_line(text, start, end, markdown) });
    }
    if markdown {
        silence_front_matter(text, &mut lines);
    }
    lines
}

/// Makes the lines between two `---` at the top no speech.
fn silence_front_matter(text: &str, lines: &mut [Line<'_>]) {
    let is_fence = |line: &Line<'_>| line.words(text) == "---";
    if !lines.first().is_some_and(is_fence) {
        return;
    }
    if let Some(last) = lines.iter().skip(1).position(is_fence) {
        lines[..=last + 1].iter_mut().for_each(|line| line.silence(Content::Stop));
    }
}

/// Reads what one line, or the rest of one, could be; its number is not known here.
pub(crate) fn read_line(text: &str, start: usize, end: usize, markdown: bool) -> Line<'_> {
    let words = &text[start..end];
    let is_heading = markdown && is_heading(words);
    let is_change = words.starts_with(">>");
    let mut line = Line { is_heading, is_change, ..Line::bare(start, end) };
    if words.is_empty() {
        return line;
    }
    if is_footer(words) {
        return Line { content: Content::Stop, ..line };
    }
    if words.len() >= 3 && words.chars().all(|c| matches!(c, '-' | '=' | '_' | '*' | ' ')) {
        return Line { content: Content::Pause, ..line };
    }
    let at = if is_heading {
        words.len() - words.trim_start_matches('#').len()
    } else {
        skip_list_mark(words)
    };
    let mut at = skip_blanks(words, at);
    let mut is_emphasis = words[at..].starts_with('*') || words[at..].starts_with("__");
    if is_emphasis {
        at = skip_emphasis(words, at);
    }
    line.lead = scan_stamp(&words[at..]);
    if let Some(stamp) = line.lead {
        at += stamp.len;
        at += link_len(&words[at..]);
        if is_emphasis {
            at = skip_emphasis(words, at);
        }
        let rest = words[at..].trim_start_matches(|c| is_blank(c) || matches!(c, '-' | '–' | '|'));
        if rest.trim_matches(|c| is_blank(c) || c == ':').is_empty() {
            return Line { content: Content::Time(stamp), ..line };
        }
        at = words.len() - rest.len();
        is_emphasis |= rest.starts_with("**");
        if is_emphasis {
            at = skip_emphasis(words, at);
        }
    }
    line.skipped = at;
    let heading = || Head::before(Kind::Heading, clean_label(&words[at..]), end);
    let head = read_head(text, start + at, end, is_emphasis)
        .or_else(|| read_barred(text, start + at, end))
        .map(split_time)
        .or_else(|| is_heading.then(heading));
    line.content = head.map_or(Content::Words, |head| Content::Head(head.timed(line.lead)));
    // A heading that turns out to be no speaker is no speech either.
    if is_heading && !head.is_some_and(|head| is_label(head.label)) {
        line.silence(Content::Pause);
    }
    line
}

/// Whether a line of Markdown is a heading.
fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
}

/// From how many capitals on a line in capitals is more than a name or a title.
const MIN_CAPITALS: usize = 8;

/// Whether a line is all in capitals and more than a word or two: `HOW DID IT START?`
pub(super) fn is_in_capitals(line: &str) -> bool {
    let is_sentence = line.ends_with(['?', '.', '!']) && line.split_whitespace().nth(2).is_some();
    is_sentence
        && is_loud(line)
        && line.chars().filter(|c| c.is_uppercase()).count() >= MIN_CAPITALS
}

/// How the word for a written record of talk begins in the languages that tools know.
const RECORD: [&str; 7] =
    ["transcri", "transkri", "trascri", "trascriz", "transkrip", "транскри", "afschrift"];
/// Words by which somebody talks of himself or to somebody, which tools do not.
pub(crate) const TALKING: [&str; 9] = ["i", "we", "you", "my", "ich", "wir", "je", "nous", "yo"];
/// Words of tools beside it: what they did, and when it began or ended.
const TOOL_WORDS: [&str; 37] = [
    "started",
    "stopped",
    "ended",
    "generated",
    "automatically",
    "saved",
    "created",
    "exported",
    "powered",
    "by",
    "software",
    "gestartet",
    "beendet",
    "erstellt",
    "automatisch",
    "démarré",
    "commencé",
    "arrêté",
    "terminé",
    "généré",
    "automatiquement",
    "inició",
    "iniciado",
    "detuvo",
    "detenido",
    "terminó",
    "generada",
    "automáticamente",
    "avviato",
    "avviata",
    "interrotto",
    "terminato",
    "gestart",
    "gestopt",
    "iniciou",
    "interrompeu",
    "generato",
];

/// Whether a line is a mark of a tool, or tells that the record began or ended, as
/// meetings' tools write where it does: `Ada Quill started transcription`.
fn is_footer(line: &str) -> bool {
    let is_mark = line.starts_with("**** ") || line.starts_with("-*");
    is_mark || (line.ends_with(char::is_alphabetic) && tells_of_record(line, 12, false))
}

/// Whether a line of at most so many words tells of the record and of what was done
/// with it: the record is its last words, or also its first ones.
fn tells_of_record(line: &str, most: usize, may_begin: bool) -> bool {
    let folded = line.to_lowercase();
    let words: Vec<&str> = bare_words(&folded).take(most + 1).collect();
    let is_record = |word: &&str| RECORD.iter().any(|start| word.starts_with(start));
    let begins = || may_begin && words.iter().take(3).any(is_record);
    words.len() <= most
        && (words.iter().rev().take(2).any(is_record) || begins())
        && words.iter().any(|word| TOOL_WORDS.contains(word))
        && !words.iter().any(|word| TALKING.contains(word))
        && !line.contains('?')
        && !line.contains(": ")
}

/// The most lines after the talk, with the one that tells of its end.
const MAX_CLOSING: usize = 8;

/// Makes the last lines of a file no speech that a tool or a typist wrote there: `Transcription
/// ended after 00:12:39`, `This transcript was generated by …`. What of it may have been said is
/// told.
pub(crate) fn silence_closing(text: &str, lines: &mut [Line<'_>]) -> Option<Diagnostic> {
    let is_end = |line: &Line<'_>| tells_end(line.words(text));
    let filled = (0..lines.len()).rev().filter(|&at| !lines[at].is_empty());
    let mut told = None;
    // The first of the last lines that tells of it.
    if let Some(end) = filled.take(MAX_CLOSING).filter(|&at| is_end(&lines[at])).last() {
        // Somebody may go on to talk.
        let label = |line: &Line<'_>| {
            line.head().filter(|head| is_label(head.label)).map(|head| fold(head.label))
        };
        let above: BTreeSet<String> = lines[..end].iter().filter_map(label).collect();
        if !lines[end..].iter().filter_map(label).any(|label| above.contains(&label)) {
            let words = |line: &Line<'_>| line.words(text);
            let is_said = |line: &&Line<'_>| {
                // `<v Ada>So.</v>` is no remark.
                let is_remark = line.lead.is_none()
                    && words(line).starts_with(['[', '(', '*', '<', '-', '='])
                    && !words(line).trim_start_matches('<').contains(['<', '\t']);
                // `Transcribed by: J. Petty` and `Notes: some hiss.` are of the typist.
                let is_field = line.colon().is_some_and(|head| {
                    !line.is_change
                        && !is_role(head.label)
                        && head.time.is_none()
                        && head.label.contains(char::is_alphabetic)
                        && !matches!(part_in(&fold(head.label)), Some(Part::Asks | Part::Answers))
                        && (is_field(head.label) || !words(line).ends_with(['.', '?', '!', '…']))
                });
                words_in(words(line)) > 0
                    && !is_field
                    && !is_remark
                    && !tells_of_record(words(line), 30, true)
            };
            let said = || lines[end + 1..].iter().filter(is_said);
            let n: usize = said().map(|line| words_in(words(line))).sum();
            told = said().next().map(|first| {
                let problem = format!("{n} words below the end of the record are not read");
                let hint = "if they were spoken, remove the line that tells of the end";
                Diagnostic::new(problem).on_line(first.number).with(Remedy::new(hint))
            });
            lines[end..].iter_mut().for_each(|line| line.silence(Content::Stop));
        }
    }
    for line in lines.iter_mut().rev() {
        let words = line.words(text);
        match line.content {
            Content::Blank | Content::Pause | Content::Stop => {}
            Content::Words | Content::Head(_) if tells_of_record(words, 30, true) => {
                line.silence(Content::Stop);
            }
            _ => break,
        }
    }
    told
}

/// How the word for an end begins a line that tells of one.
const END: [&str; 14] = [
    "end",
    "ends",
    "ende",
    "fin",
    "final",
    "fine",
    "fim",
    "einde",
    "slut",
    "slutt",
    "koniec",
    "diwedd",
    "конец",
    "loppu",
];
/// Words that tell that it is over: `Meeting ended after 00:35:12`.
const OVER: [&str; 8] =
    ["ended", "ends", "over", "beendet", "terminé", "terminada", "terminó", "encerrada"];
/// How words for what ends begin.
pub(super) const ENDED: [&str; 23] = [
    "interview",
    "meeting",
    "besprechung",
    "réunion",
    "reunión",
    "record",
    "tape",
    "audio",
    "side",
    "session",
    "file",
    "transcri",
    "transkri",
    "aufnahme",
    "aufzeichnung",
    "gespräch",
    "entrevist",
    "entretien",
    "enregistrement",
    "grabaci",
    "grava",
    "intervist",
    "registra",
];

/// Whether a line tells that the record is over: `[End of interview]`, `END OF TAPE 1`.
fn tells_end(line: &str) -> bool {
    let folded = line.to_lowercase();
    let words: Vec<&str> = bare_words(&folded).collect();
    let begins = |word: &&str| ENDED.iter().any(|start| word.starts_with(start));
    let is_set_apart = line.starts_with(['[', '(', '*', '-', '<', '#', '=']);
    let is_over = || words.len() > 1 && begins(&words[0]) && OVER.contains(&words[1]);
    let is_end = || {
        END.contains(&words[0]) && (words.iter().any(begins) || (words.len() < 3 && is_set_apart))
    };
    (1..=6).contains(&words.len()) && (is_end() || is_over())
}

/// Where a line goes on behind `- `, `* `, `+ ` and `> `.
pub(crate) fn skip_list_mark(line: &str) -> usize {
    let mut at = 0;
    let marks = ["- ", "* ", "+ ", "> ", "• ", "– ", "— ", ">>>", ">>"];
    while let Some(rest) = marks.iter().find_map(|mark| line[at..].strip_prefix(mark)) {
        at = skip_blanks(line, line.len() - rest.len());
    }
    at
}

/// Makes a block of fields at the top (`Date: 3 May`), which may stand below
/// a title, no speech.
pub(crate) fn silence_fields(text: &str, lines: &mut [Line<'_>]) {
    for block in runs(lines, |line| !line.is_empty()) {
        let mut n_fields = 0;
        let mut is_title = true;
        for line in &lines[block.clone()] {
            let n_words = line.words(text).split_whitespace().take(14).count();
            let Some(head) = line.head() else {
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
        if n_fields > 0 && lines[block.end..].iter().any(|line| line.head().is_some()) {
            lines[block].iter_mut().for_each(|line| line.silence(Content::Stop));
        }
        if !is_title || n_fields > 0 {
            return;
        }
    }
}

/// Finds names that stand alone: below a time range, or behind a time with
/// the words below.
pub(crate) fn find_names<'t>(text: &'t str, lines: &mut [Line<'t>]) {
    let has_words = |line: &Line<'_>| line.lead.is_none() && line.is_said();
    let is_range = |line: &Line<'_>| matches!(line.content, Content::Time(stamp) if stamp.time.end_ms.is_some());
    find_names_above(text, lines);
    let mut found: [Vec<usize>; 2] = Default::default();
    let n_ranges = lines.iter().filter(|line| is_range(line)).count();
    let mut n_leads = 0;
    for at in 0..lines.len() {
        let line = lines[at];
        if !matches!(line.content, Content::Words) {
            continue;
        }
        n_leads += usize::from(line.lead.is_some());
        // A blank line may part a name behind a time from the words.
        let is_blank = |line: &Line<'_>| matches!(line.content, Content::Blank);
        let is_far = line.lead.is_some() && lines.get(at + 1).is_some_and(is_blank);
        if !lines.get(at + 1 + usize::from(is_far)).is_some_and(has_words)
            || !is_label(name_in(text, &line))
        {
            continue;
        }
        if line.lead.is_some() {
            found[1].push(at);
        } else if at > 0 && is_range(&lines[at - 1]) {
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
            let line = &mut lines[at];
            let head = Head { is_strong, ..Head::before(kind, name_in(text, line), line.end) };
            line.content = Content::Head(head.timed(line.lead));
        }
    }
}

/// Finds names on a line of their own above a line with the time, where nearly every
/// time stands below one.
fn find_names_above<'t>(text: &'t str, lines: &mut [Line<'t>]) {
    let is_said = |line: &Line<'_>| line.is_said() || matches!(line.content, Content::Blank);
    let times: Vec<usize> =
        (0..lines.len()).filter(|&at| matches!(lines[at].content, Content::Time(_))).collect();
    let is_named = |at: &usize| {
        let Some(above) = at.checked_sub(1).map(|at| &lines[at]) else { return false };
        let label = name_in(text, above);
        matches!(above.content, Content::Words)
            && above.lead.is_none()
            && lines.get(at + 1).is_some_and(is_said)
            && is_label(label)
            && is_name(label)
            && !label.ends_with('.')
    };
    let named: Vec<usize> = times.iter().copied().filter(is_named).collect();
    if named.len() < 2 || named.len() * 10 < times.len() * 9 {
        return;
    }
    for at in named {
        let line = &mut lines[at - 1];
        let head = Head::before(Kind::Named, name_in(text, line), line.end);
        line.content = Content::Head(Head { is_strong: true, ..head });
    }
}

/// A line without marks and the time before it, as a name.
fn name_in<'t>(text: &'t str, line: &Line<'_>) -> &'t str {
    clean_label(&line.words(text)[line.skipped..])
}

#[cfg(test)]
mod tests {
    use crate::text::tests::shown;

    #[test]
    fn a_time_may_lead_to_the_recording() {
        let link = |n: usize| format!("[00:0{n}](https://example.org/a?t={n})");
        let turn =
            |n: usize| format!("**Ada**\n{}\nWhy?\n\n**Ben**\n{}\nSo.\n\n", link(n), link(n + 1));
        let read = shown(&[1, 3, 5].map(turn).concat(), true);
        assert!(!read.contains("example") && read.matches("|So.\n").count() == 3, "{read}");
        let line = |n: usize| format!("{} Ada: Why?\nBen {}: So.\n", link(n), link(n + 1));
        let read = shown(&[1, 3, 5].map(line).concat(), true);
        assert!(read.starts_with("Ada|1000-|Why?\nBen|2000-|So.\n"), "{read}");
    }

    #[test]
    fn a_name_behind_a_time_may_be_in_bold_or_an_item() {
        for (open, close) in [("", ""), ("**", "**"), ("- ", ""), ("- **", "**")] {
            let all = [(1, "Ada", "Why?"), (2, "Ben", "So."), (3, "Ada", "Oh."), (4, "Ben", "Ja.")];
            let turn = |(n, who, said)| format!("{open}[00:0{n}] {who}{close}\n{said}\n\n");
            let read = |(n, who, said)| format!("{who}|{n}000-|{said}\n");
            assert_eq!(shown(&all.map(turn).concat(), false), all.map(read).concat(), "{open}");
        }
    }

    #[test]
    fn times_of_day_in_headings_count_from_the_first() {
        let turn = |n: usize| format!("## [10:0{n} AM] Speaker {n}\n\nIt was {n}.\n\n");
        let text = [1, 2, 1, 2].map(turn).concat();
        let read = shown(&text, true);
        assert!(read.starts_with("Speaker 1|0-|It was 1.\nSpeaker 2|60000-|It was 2.\n"), "{read}");
    }

    #[test]
    fn what_stands_below_the_end_of_the_record_is_no_speech() {
        let talk = "Ann: Why?\nBob: It was wet.\nAnn: Oh.\nBob: Yes.\n";
        let expected = "Ann||Why?\nBob||It was wet.\nAnn||Oh.\nBob||Yes.\n";
        for foot in [
            "\n[End of interview]\n\nTranscribed by: J. Petty\nChecked: 12 June\nNotes: some hiss.\n",
            "\nEND OF TAPE 1\n",
            "\nMeeting ended after 00:35:12\n\nThis editable transcript was computer generated.\n",
        ] {
            assert_eq!(shown(&format!("{talk}{foot}"), false), expected, "{foot}");
        }
        let goes_on = format!("{talk}\n[End of tape 1]\n\nAnn: Shall we go on?\n");
        assert!(shown(&goes_on, false).contains("Ann||Shall we go on?\n"));
    }
}
