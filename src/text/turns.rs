//! Cuts the turns of a text, with the times that stand in them.

use super::questions::ASKER;
use super::speakers::Speakers;
use crate::base::{LineEnds, Span, TimeSpan, ends_sentence, is_taken_out};
use crate::labels::time::{Form, Stamp, scan_stamp};
use crate::lines::{Content, Line, skip_list_mark, trimmed};
use crate::text::RawTurn;

/// Half a day: a time of day that falls by more has passed midnight.
const HALF_DAY_MS: u64 = 12 * 3_600_000;

/// A turn that is being read.
#[derive(Debug, Default)]
pub(super) struct OpenTurn {
    pub(super) label: Option<String>,
    pub(super) start: Option<usize>,
    pub(super) end: usize,
    pub(super) cues: Vec<(u32, TimeSpan)>,
}

impl OpenTurn {
    /// The turn; one without words is none.
    pub(super) fn close(self) -> Option<RawTurn> {
        let span = Span::new(self.start?, self.end);
        Some(RawTurn { label: self.label, span, cues: self.cues })
    }
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
        self.open = Some(OpenTurn { label, ..OpenTurn::default() });
    }

    /// Ends the open turn and begins another of the same speaker.
    fn reopen(&mut self) {
        let label = self.open.as_ref().and_then(|turn| turn.label.clone());
        self.open(label.as_deref(), None);
    }

    /// Ends the open turn. A turn without words is none.
    fn close(&mut self) {
        self.turns.extend(self.open.take().and_then(OpenTurn::close));
    }

    /// Adds the words of one line to the open turn.
    fn say(&mut self, start: usize, end: usize) {
        let (mut start, mut end) = trimmed(self.text, start, end);
        while let Some(stamp) = scan_stamp(&self.text[start..end]) {
            if stamp.form == Form::Bare && stamp.n_fields < 3 && !self.has_bare_leads {
                break;
            }
            // A time without signs around it must not stand among the words of a turn.
            if stamp.form == Form::Bare && self.open.as_ref().is_some_and(|it| it.start.is_some()) {
                self.reopen();
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

/// Whether a sign sets words off, or is white space.
fn is_emphasis(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '_')
}

/// A byte position; the text was checked to be short enough.
pub(super) fn position(at: usize) -> u32 {
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
    while let Some(found) = text[at..end].find(['[', '#', '(', '{']) {
        at += found;
        let stamp = scan_stamp(&text[at..end]).filter(|stamp| stamp.form != Form::Dotted);
        let Some(stamp) = stamp else {
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
        b'}' => '{',
        _ => return None,
    };
    let body = &text[..text.len() - 1];
    // No stamp is longer, and a long line must not be searched again and again.
    let from = (0..4).find_map(|n| {
        let from = body.len().saturating_sub(40 - n);
        body.is_char_boundary(from).then_some(from)
    })?;
    let at = from + body[from..].rfind(open)?;
    let stamp = scan_stamp(&text[at..]).filter(|stamp| at + stamp.len == text.len());
    stamp.filter(|stamp| stamp.form != Form::Dotted)
}

/// Cuts the turns.
pub(super) fn cut(text: &str, lines: &[Line<'_>], speakers: Option<&Speakers>) -> Vec<RawTurn> {
    let is_speaker =
        |line: &Line<'_>| line.head().is_some_and(|it| speakers.is_some_and(|all| all.has(&it)));
    let leads = |line: &&Line<'_>| {
        line.lead.is_some()
            || matches!(line.content, Content::Time(_))
            || (is_speaker(line) && line.head().is_some_and(|head| head.time.is_some()))
    };
    let n_leads = lines.iter().filter(leads).count();
    let follows = |line: &&Line<'_>| {
        !leads(line)
            && trailing_stamp(line.words(text)).is_some_and(|stamp| stamp.form != Form::Round)
    };
    let times_follow = lines.iter().filter(follows).count() > n_leads;
    let n_lines = lines.iter().filter(|line| !line.is_empty()).count();
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
    let mut is_page_end = false;
    // A heading that names nobody parts the talk like a rule does.
    let pauses = |line: &Line<'_>| {
        matches!(line.content, Content::Pause) || (line.is_heading && !is_speaker(line))
    };
    // Whose turn a line of a tool ended; words without a label after it go on with it.
    let mut ended: Option<Option<String>> = None;
    // What stands above the first question that only its type tells is no answer.
    let mut waits = lines.iter().any(|line| matches!(line.content, Content::Question(..)));
    for line in lines {
        match line.content {
            Content::Blank => {
                is_new = true;
                is_page_end |= is_taken_out(blanks_of(text, line));
            }
            Content::Question(from, to) => {
                waits = false;
                cutter.open(Some(ASKER), None);
                cutter.say(from, to);
                cutter.open(None, None);
                let behind = text[to..line.end].trim_start_matches(is_emphasis);
                cutter.say(line.end - behind.len(), line.end);
                is_new = true;
            }
            _ if waits => {}
            Content::Head(_) | Content::Pause if pauses(line) => {
                if speakers.is_some() && cutter.open.is_some() {
                    cutter.reopen();
                }
                is_new = true;
            }
            Content::Stop => {
                ended = cutter.open.as_ref().map(|turn| turn.label.clone()).or(ended);
                cutter.close();
                is_new = true;
            }
            Content::Time(stamp) => {
                // A time on a line of its own must not stand among the words of a turn.
                if cutter.open.is_some() && speakers.is_some() {
                    cutter.reopen();
                }
                cutter.pending = Some(stamp.time);
                is_new = true;
            }
            Content::Head(head) if is_speaker(line) => {
                cutter.open(Some(head.label), head.time);
                cutter.say(head.words, line.end);
            }
            Content::Pause => {}
            Content::Head(_) | Content::Words => {
                let mut from = line.start;
                if speakers.is_none() {
                    // A paragraph may go on on the next page.
                    let goes_on = std::mem::take(&mut is_page_end)
                        && !ends_sentence(text[..line.start].trim_end());
                    if (is_new && !goes_on) || !is_wrapped {
                        cutter.open(None, None);
                    }
                    is_new = false;
                    from += skip_list_mark(line.words(text));
                } else if line.is_change && (cutter.open.is_some() || ended.is_some()) {
                    // Somebody else speaks, and nothing says who.
                    cutter.open(None, None);
                    from += skip_list_mark(line.words(text));
                } else if let (None, Some(label)) = (&cutter.open, &ended) {
                    cutter.open(label.clone().as_deref(), None);
                }
                cutter.say(from, line.end);
            }
        }
    }
    cutter.close();
    cutter.turns
}

/// Whether the lines of unlabelled text are broken to fit a page, so that a
/// paragraph and not a line is a unit.
fn is_hard_wrapped(text: &str, lines: &[Line<'_>]) -> bool {
    let has_paragraphs = lines.windows(2).any(|pair| {
        matches!(pair[0].content, Content::Blank)
            && matches!(pair[1].content, Content::Words)
            && !is_taken_out(blanks_of(text, &pair[0]))
    });
    has_paragraphs && LineEnds::of([text]) == LineEnds::Page
}

/// The white space of a blank line, which ends where the next line starts.
fn blanks_of<'t>(text: &'t str, line: &Line<'_>) -> &'t str {
    let before = &text[..line.start];
    before.strip_suffix('\n').unwrap_or(before).rsplit('\n').next().unwrap_or_default()
}

/// Counts times of day from the first one.
pub(super) fn make_relative(turns: &mut [RawTurn]) {
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
