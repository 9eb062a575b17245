//! Finds who writes the messages of a chat, as programs export it.
//!
//! Lines come in; where nearly all that begin with a date go on `who: words`, each of them
//! comes out with its sender, however that is written:
//!
//! ```text
//! 12/03/2024, 10:01 - +44 7700 900123: words    a telephone, perhaps within marks of direction
//! [12/03/2024, 10:01:02] ~ dee: words           the name that somebody goes by
//! 12/03/2024, 10:02 - Ben added Cy              no sender: a notice, which nobody wrote
//! 12/03/2024, 10:03 - Missed call: Ben          a sender or a bracket for words: a notice too
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Diagnostic, Remedy, count};
use crate::labels::heads::{Head, Kind, clean_label, is_blank};
use crate::labels::{MAX_CHARS, MAX_WORDS, counts, fold, is_telephone};
use crate::lines::{Content, Line};

/// The fewest messages of a chat.
const MIN_MESSAGES: usize = 4;

/// Makes heads of all senders, and notices no speech; what a person should check goes out.
pub(super) fn find_messages<'t>(text: &'t str, lines: &mut [Line<'t>]) -> Vec<Diagnostic> {
    let is_dated = |line: &Line<'_>| line.lead.is_some_and(|it| it.is_dated);
    let dated: Vec<usize> = (0..lines.len()).filter(|&at| is_dated(&lines[at])).collect();
    let sent: Vec<(usize, Head<'t>)> =
        dated.iter().filter_map(|&at| Some((at, sender_of(text, &lines[at])?))).collect();
    let n_of = counts(sent.iter().map(|(_, head)| head.label));
    let comes_again = |label: &str| n_of.get(&fold(label)).is_some_and(|&n| n > 1);
    if sent.len() < MIN_MESSAGES
        || sent.len() * 10 < dated.len() * 7
        || !sent.iter().any(|(_, head)| comes_again(head.label))
    {
        return Vec::new();
    }
    let said = |(at, head): &(usize, Head<'t>)| text[head.words..lines[*at].end].trim();
    // `Ben changed the subject to: Garden`; `Ben Ash` and `Ben van Ash` are people.
    let goes_on = |label: &str| {
        let senders = label.match_indices(' ').filter(|(at, _)| comes_again(&label[..*at]));
        senders.map(|(at, _)| &label[at..]).any(|more| more.split_whitespace().nth(1).is_some())
    };
    // `Missed call: Ben`, however often; `Dee: Ben` answers, and `Dee Ash: Ben` who is asked.
    let mut only_names: BTreeMap<String, bool> = BTreeMap::new();
    for (n, one) in sent.iter().enumerate() {
        let is_asked = n.checked_sub(1).is_some_and(|above| said(&sent[above]).ends_with('?'))
            && one.1.label.split(' ').all(|word| word.starts_with(char::is_uppercase));
        let is_name = comes_again(said(one)) && one.1.label.contains(' ') && !is_asked;
        let all = only_names.entry(fold(one.1.label)).or_insert(true);
        *all = *all && is_name && fold(said(one)) != fold(one.1.label);
    }
    let is_notice = |one: &(usize, Head<'t>)| {
        let (label, words) = (one.1.label, said(one));
        let is_name = label
            .split_whitespace()
            .next_back()
            .is_some_and(|last| last.starts_with(char::is_uppercase));
        // `IMG-20240312: (file attached)` has the name of a file.
        let is_file = words.starts_with(['(', '<'])
            && words.ends_with([')', '>'])
            && label.contains(|c: char| c.is_ascii_digit());
        let is_once = !comes_again(label) && !is_telephone(label);
        only_names[&fold(label)] || is_once && (is_file || (!is_name && goes_on(&fold(label))))
    };
    let sent: Vec<_> = sent.into_iter().filter(|one| !is_notice(one)).collect();
    let messages: BTreeSet<usize> = sent.iter().map(|(at, _)| *at).collect();
    let is_once =
        |(_, head): &&(usize, Head<'t>)| !comes_again(head.label) && !is_telephone(head.label);
    let once: Vec<(usize, &str)> =
        sent.iter().filter(is_once).map(|(at, head)| (lines[*at].number, head.label)).collect();
    for (at, head) in sent {
        lines[at].content = Content::Head(head);
    }
    let notices: Vec<usize> = dated.into_iter().filter(|at| !messages.contains(at)).collect();
    for &at in &notices {
        // A notice goes on up to the next message.
        let n_more = lines[at + 1..].iter().take_while(|line| !is_dated(line)).count();
        lines[at..=at + n_more].iter_mut().for_each(|line| line.silence(Content::Pause));
    }
    let told = notices.first().map(|first| {
        let n = count(notices.len() as u64, "message");
        Diagnostic::new(format!("{n} without a sender, taken for notices of the program, not read"))
            .on_line(lines[*first].number)
            .with(Remedy::new("if somebody did, put the name and a colon behind the time"))
    });
    let single = once.first().map(|(number, label)| {
        let n = count(once.len() as u64, "sender");
        Diagnostic::new(format!("{n} with one message each, first `{label}`"))
            .on_line(*number)
            .with(Remedy::new("look whether it is a person, or a notice of the program"))
    });
    told.into_iter().chain(single).collect()
}

/// Who sends the message on a dated line: what stands before the first colon with a blank.
fn sender_of<'t>(text: &'t str, line: &Line<'t>) -> Option<Head<'t>> {
    let rest = &text[line.start + line.skipped..line.end];
    let colon = rest.find(": ").or_else(|| rest.strip_suffix(':').map(str::len))?;
    let label = clean_label(&rest[..colon]).trim_start_matches(|c| c == '~' || is_blank(c));
    let is_short =
        label.chars().count() <= MAX_CHARS && label.split_whitespace().count() <= MAX_WORDS;
    let after = rest[colon + 1..].trim_start_matches(is_blank);
    let head = Head::before(Kind::Colon, label, line.end - after.len()).timed(line.lead);
    (is_short && !label.is_empty()).then_some(Head { is_strong: true, ..head })
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;

    fn chat(messages: &[&str]) -> String {
        let line = |(n, words): (usize, &&str)| format!("12/03/2024, 10:0{n} - {words}\n");
        shown(&messages.iter().enumerate().map(line).collect::<String>(), false)
    }

    #[test]
    fn whoever_writes_once_in_a_chat_is_the_sender_however_it_is_written() {
        for (written, label) in [
            ("\u{202a}+44 7700 900123\u{202c}", "+44 7700 900123"),
            ("+1 (212) 555\u{2011}1234", "+1 (212) 555\u{2011}1234"),
            ("+44\u{a0}7700\u{a0}900123", "+44\u{a0}7700\u{a0}900123"),
            ("~ dee", "dee"),
            ("~\u{202f}Dee", "Dee"),
            ("mum", "mum"),
            ("Tom 🐶!!", "Tom 🐶!!"),
        ] {
            let read = chat(&[
                "Ada: So?",
                "Ben: Yes.",
                &format!("{written}: Me too: yes."),
                "Ada: Oh.",
                "Ben: No.",
            ]);
            assert!(read.contains(&format!("\n{label}|120000-|Me too: yes.\nAda|")), "{read}");
            assert_eq!(
                read.contains("1 sender with one message"),
                !label.starts_with('+'),
                "{read}"
            );
        }
    }

    #[test]
    fn who_writes_a_name_or_in_brackets_is_a_person_and_a_notice_is_none_however_often() {
        let read = chat(&[
            "Ada: Who broke it?",
            "Dee: Ben",
            "dee ash: (crying with laughter)",
            "Missed call: Ben",
            "Ben: No!",
            "Missed call: Ben",
            "Ada: Oh.",
            "Ben: Well.",
        ]);
        let said = "Dee|60000-|Ben\ndee ash|120000-|(crying with laughter)\nBen|240000-|No!\nAda|";
        assert!(read.contains(said), "{read}");
        assert!(read.contains("!4 2 messages without a sender"), "{read}");
    }

    #[test]
    fn who_is_asked_and_answers_with_a_name_is_a_person() {
        let read =
            chat(&["Ada: Why?", "Ben: No.", "Ada: Who broke it?", "Dee Ash: Ben", "Ben: No!"]);
        assert!(read.contains("\nDee Ash|180000-|Ben\n"), "{read}");
        assert!(read.contains("!4 1 sender with one message each, first `Dee Ash`"), "{read}");
    }

    #[test]
    fn notices_of_a_chat_are_nobodys_and_told() {
        for notice in [
            "Ben added Cy Smith",
            "Missed call: Ben",
            "Verpasster Anruf: Ben",
            "IMG-20240312: (file attached)",
            "Ben changed the subject to: Garden",
        ] {
            // What stands below belongs to the notice.
            let notice = format!("{notice}\nwe meet on Mondays");
            let read = chat(&["Ada: So?", "Ben: Yes.", &notice, "Ada: Oh.", "Ben: And more."]);
            assert!(read.starts_with("Ada|0-|So?\nBen|60000-|Yes.\nAda|180000-|Oh.\n"), "{read}");
            assert!(read.contains("!3 1 message without a sender"), "{read}");
        }
    }
}
