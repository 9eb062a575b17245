//! Reads what a line begins with, where that may name a speaker.

use crate::base::TimeSpan;
use crate::labels::time::{Form, Stamp, scan_stamp};
use crate::labels::{MAX_CHARS, MAX_WORDS, is_name, is_role};

/// How a line names its speaker. The order breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
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

/// A line's beginning that may name a speaker.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head<'t> {
    pub(crate) kind: Kind,
    pub(crate) label: &'t str,
    pub(crate) time: Option<TimeSpan>,
    /// Where the words begin, in bytes of the text.
    pub(crate) words: usize,
    /// Whether its form alone makes a name likely.
    pub(crate) is_strong: bool,
    /// Whether its time is a time of day.
    pub(crate) is_wall_clock: bool,
    /// How its time stands there, if it stands behind the label.
    pub(crate) form: Option<Form>,
}

impl<'t> Head<'t> {
    /// A label before words, of which nothing else is known.
    pub(crate) fn before(kind: Kind, label: &'t str, words: usize) -> Self {
        Self { kind, label, time: None, words, is_strong: false, is_wall_clock: false, form: None }
    }

    /// The same on a line that begins with a time; a time of its own counts before that.
    pub(crate) fn timed(self, lead: Option<Stamp>) -> Self {
        let is_wall_clock = self.is_wall_clock || lead.is_some_and(|stamp| stamp.is_wall_clock);
        Self { time: self.time.or(lead.map(|stamp| stamp.time)), is_wall_clock, ..self }
    }
}

/// Whether a character is white space or has no width at all, as marks of direction have none.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_mark_of_direction(c) || matches!(c, '\u{feff}' | '\u{200b}')
}

/// Whether a character only tells which way the words around it run.
fn is_mark_of_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether words begin with a quotation mark: `He says: “No”` tells what somebody said.
pub(crate) fn is_quoted(words: &str) -> bool {
    words.trim_start_matches(is_blank).starts_with(['«', '“', '„', '"', '‘'])
}

/// Where a line goes on behind blanks.
pub(crate) fn skip_blanks(line: &str, at: usize) -> usize {
    line.len() - line[at..].trim_start_matches(is_blank).len()
}

/// Where a line goes on behind at most three signs of emphasis.
pub(crate) fn skip_emphasis(line: &str, at: usize) -> usize {
    let n = line[at..].bytes().take(3).take_while(|byte| matches!(byte, b'*' | b'_')).count();
    at + n
}

/// How long the rest of a link is that a text begins with, behind the time that leads to the
/// recording: `[0:12](https://…)`.
pub(crate) fn link_len(text: &str) -> usize {
    let link = text.strip_prefix('(').and_then(|it| it.split_once(')'));
    let is_link = |link: &str| link.contains("://") && !link.contains(is_blank);
    link.filter(|(link, _)| is_link(link)).map_or(0, |(link, _)| link.len() + 2)
}

/// A label without blanks, emphasis and dashes around it.
pub(crate) fn clean_label(label: &str) -> &str {
    label.trim_matches(|c| is_blank(c) || matches!(c, '*' | '_' | '-' | '–' | '—' | '|'))
}

/// Reads the label that a text begins with.
pub(crate) fn read_head(
    text: &str,
    start: usize,
    end: usize,
    is_emphasis: bool,
) -> Option<Head<'_>> {
    let rest = &text[start..end];
    let head = |kind, label, words| Head::before(kind, clean_label(label), words);
    let past = |at| skip_blanks(rest, if is_emphasis { skip_emphasis(rest, at) } else { at });
    if rest.starts_with('[') {
        let close = rest.char_indices().take(MAX_CHARS + 2).find(|(_, c)| *c == ']')?.0;
        let label = &rest[1..close];
        let after = past(close + 1);
        if let Some(stamp) = scan_stamp(&rest[after..]) {
            let words = past(after + stamp.len);
            let is_header = words == rest.len();
            // `[Ada] 10:30 is too late` begins with a time only by chance.
            if !is_header && stamp.form == Form::Bare {
                return Some(head(Kind::Bracket, label, start + after));
            }
            let kind = if is_header { Kind::Header } else { Kind::Bracket };
            return Some(Head {
                time: Some(stamp.time),
                is_strong: is_header,
                // Saved captions of meetings hold the time of day.
                is_wall_clock: (is_header && stamp.n_fields == 3) || stamp.is_wall_clock,
                ..head(kind, label, start + words)
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
    if let Some((label, len)) = quoted_label(rest) {
        return Some(head(Kind::Colon, label, start + past(len)));
    }
    let from = usize::from(rest.starts_with(['#', '@']));
    let mut previous = ' ';
    let mut has_note = false;
    let mut nickname_ends = 0;
    for (n, (at, c)) in rest.char_indices().enumerate().skip(from) {
        // A note in brackets may follow the name: `Ada Quill (Head of Chairs):`.
        has_note |= c == '(';
        if n > MAX_CHARS + if has_note { 2 * MAX_CHARS } else { 8 } {
            return None;
        }
        // `Interviewer;` is a slip of the typist.
        let is_slip = c == ';' && is_role(&rest[from..at]);
        // `Ada (00;05:14): So` is no label `Ada (00;05`.
        let is_in_time =
            has_note && rest[at + c.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
        if is_in_time && c == ':' {
            continue;
        }
        if is_slip || matches!(c, ':' | '：') {
            let after = at + c.len_utf8();
            if rest[after..].starts_with("//") {
                return None;
            }
            let words = past(after);
            return Some(head(Kind::Colon, without_long_note(&rest[from..at]), start + words));
        }
        // `William "Bill" Sayer` has a nickname.
        if matches!(c, '"' | '“') && at > from && at >= nickname_ends {
            nickname_ends = at + nickname_len(&rest[at..]).unwrap_or(0);
        }
        if at < nickname_ends {
            continue;
        }
        // `Ada?:` is a guess at who speaks.
        let is_guess = c == '?' && rest[at + 1..].starts_with(':');
        if !is_guess && matches!(c, '?' | '!' | ';' | '"' | '“' | '”' | '{' | '|' | '，' | '。')
        {
            return None;
        }
        let may_be_time =
            matches!(c, '[' | '(' | '<' | '#') || (c.is_ascii_digit() && is_blank(previous));
        if at > from
            && may_be_time
            && let Some(stamp) = scan_stamp(&rest[at..])
        {
            let stamp_end = at + stamp.len;
            let mut after = past(stamp_end + link_len(&rest[stamp_end..]));
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

/// The pseudonym in quotation marks that a text begins with before a colon, `“Grace”: `, and
/// how long it is with these.
fn quoted_label(text: &str) -> Option<(&str, usize)> {
    let open = text.chars().next().filter(|c| matches!(c, '"' | '“' | '„' | '«'))?;
    let inside = &text[open.len_utf8()..];
    let close = inside.find(['"', '”', '“', '»'])?;
    let label = &inside[..close];
    let behind = inside[close..].chars().next().map_or(0, char::len_utf8);
    let len = open.len_utf8() + close + behind;
    (text[len..].starts_with(": ") && is_name(label)).then_some((label, len + 1))
}

/// How long the nickname in quotation marks is that a text begins with, before another
/// word of a name.
fn nickname_len(text: &str) -> Option<usize> {
    let open = text.chars().next()?.len_utf8();
    let close = text[open..].find(['"', '”'])?;
    let after = &text[open + close..];
    let close_len = after.chars().next()?.len_utf8();
    let is_word = text[open..open + close].chars().all(char::is_alphabetic) && close > 0;
    let goes_on = after[close_len..].strip_prefix(' ')?.starts_with(char::is_uppercase);
    (is_word && goes_on).then_some(open + close + close_len)
}

/// A label without the note in brackets behind the name, if the two together
/// are too long for a label, or the note is a time that cannot be read.
pub(crate) fn without_long_note(label: &str) -> &str {
    let is_long =
        label.chars().count() > MAX_CHARS || label.split_whitespace().nth(MAX_WORDS).is_some();
    let is_time = |note: &str| {
        let is_in =
            |c: char| c.is_ascii_digit() || matches!(c, ':' | ';' | '.' | ',' | '-' | ' ' | ')');
        note.contains([':', ';', '.']) && note.chars().all(is_in)
    };
    match label.split_once(" (") {
        Some((name, note)) if label.ends_with(')') && (is_long || is_time(note)) => name,
        _ => label,
    }
}

/// Reads `Ada Quill | 0:04`, the words below.
pub(crate) fn read_barred(text: &str, start: usize, end: usize) -> Option<Head<'_>> {
    let (label, time) = text[start..end].split_once('|')?;
    let stamp = scan_stamp(time.trim_matches(is_blank))?;
    let head = Head::before(Kind::Header, clean_label(label), end).timed(Some(stamp));
    (stamp.len == time.trim_matches(is_blank).len()).then_some(Head {
        is_strong: true,
        form: Some(stamp.form),
        ..head
    })
}

/// Parts the time from the label where both stand in one bracket: `[ADA 0:04]`.
pub(crate) fn split_time(head: Head<'_>) -> Head<'_> {
    let Some((label, time)) = head.label.rsplit_once(is_blank) else { return head };
    match scan_stamp(time).filter(|stamp| stamp.len == time.len()) {
        Some(stamp) => Head { label: clean_label(label), time: Some(stamp.time), ..head },
        None => head,
    }
}

#[cfg(test)]
mod tests {
    use crate::text::tests::shown;

    #[test]
    fn a_pseudonym_may_stand_in_quotation_marks_and_a_part_in_brackets() {
        let text = "Hanne [I]: Why?\n“Grace”: So.\nHanne [I]: And?\n“Grace”: I said: “No”: so.\n\
            “Yes”, I said.\n";
        assert_eq!(
            shown(text, false),
            "Hanne [I]||Why?\nGrace||So.\nHanne [I]||And?\nGrace||I said: “No”: so./“Yes”, I said.\n"
        );
    }

    #[test]
    fn a_time_may_stand_between_a_name_in_brackets_and_the_words() {
        let text = "[Ada] [00:03] Why?\n[Speaker 2] (0:06) It was wet.\n[Ada] [00:09] Oh.\n\
            [Speaker 2] [00:11] 10:30 was late.\n";
        assert_eq!(
            shown(text, false),
            "Ada|3000-|Why?\nSpeaker 2|6000-|It was wet.\nAda|9000-|Oh.\n\
             Speaker 2|11000-|10:30 was late.\n"
        );
    }

    #[test]
    fn chats_have_the_date_behind_the_time_and_telephones_for_names() {
        let line = |n: usize, who: &str, said: &str| format!("[14:0{n}, 3/2/2024] {who}: {said}\n");
        let text: String = (0..6)
            .map(|n| line(n, ["Hanna Lind", "+44 7700 900123"][n % 2], ["Why?", "Well."][n % 2]))
            .collect();
        let read = shown(&text, false);
        assert!(read.starts_with("Hanna Lind|0-|Why?\n+44 7700 900123|60000-|Well.\n"), "{read}");
        assert_eq!(read.matches("900123|").count(), 3, "{read}");
        // A telephone that writes once is who writes.
        let once = [(0, "Hanna Lind"), (1, "Ruth Ash"), (2, "Hanna Lind"), (3, "+44 7700 900123")];
        let once = once.iter().chain(&[(4, "Ruth Ash"), (5, "Hanna Lind")]);
        let text: String = once.map(|(n, who)| line(*n, who, "Well.")).collect();
        let read = shown(&text, false);
        assert!(read.contains("\n+44 7700 900123|180000-|Well.\n"), "{read}");
    }

    #[test]
    fn slips_and_nicknames_are_in_labels() {
        let text = "Interviewer; Why?\nWilliam \"Bill\" Sayer: So.\nInterviewer: And?\nWilliam \"Bill\" \
            Sayer: He said \"no\": that was it.\n";
        assert_eq!(
            shown(text, false),
            "Interviewer||Why?\nWilliam \"Bill\" Sayer||So.\nInterviewer||And?\nWilliam \"Bill\" \
             Sayer||He said \"no\": that was it.\n"
        );
    }
}
