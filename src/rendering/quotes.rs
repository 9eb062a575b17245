//! Quotes for people, ready to paste.

use std::io;

use super::layout::wrap;
use super::style::{Style, StyledWrite};
use crate::answers::{Hit, Provenance};
use crate::base::{clock, lines_cited};

/// Where a quote comes from: `P07, leaders, lines 112–118, 00:21:40`; of one of several
/// interviews of somebody `P07, P07_after, lines 3–4`.
pub fn provenance(at: &Provenance) -> String {
    let who = match (&at.case, at.speaker.as_str()) {
        (Some(case), _) => case.clone(),
        (None, "") => at.transcript.clone(),
        (None, speaker) => format!("{speaker}, {}, {}", at.role, at.transcript),
    };
    let mut parts = vec![who];
    parts.extend(at.is_one_of_several.then(|| at.transcript.clone()));
    parts.extend(at.group.clone());
    parts.push(lines_cited(at.lines));
    parts.extend(at.start_ms.map(clock));
    parts.join(", ")
}

/// The headings of [`provenance_cells`].
pub(crate) const PROVENANCE_HEADINGS: [&str; 8] =
    ["transcript", "case", "group", "speaker", "role", "first_line", "last_line", "start"];

/// Where a quote comes from, for a table.
pub(crate) fn provenance_cells(at: &Provenance) -> [String; 8] {
    [
        at.transcript.clone(),
        at.case.clone().unwrap_or_default(),
        at.group.clone().unwrap_or_default(),
        at.speaker.clone(),
        at.role.to_owned(),
        at.lines[0].to_string(),
        at.lines[1].to_string(),
        at.start_ms.map(clock).unwrap_or_default(),
    ]
}

/// The speaker's words in a quote, character by character, with whether each
/// matched; `[…]` for what others say in between, as quotations show it.
pub fn own_words(hit: &Hit) -> Vec<(char, bool)> {
    let is_in = |spans: &[[usize; 2]], at: usize| {
        spans.iter().any(|[start, end]| (*start..*end).contains(&at))
    };
    let mut words: Vec<(char, bool)> = Vec::new();
    let mut is_left_out = false;
    for (at, c) in hit.text.chars().enumerate() {
        if is_in(&hit.others, at) {
            is_left_out = true;
            continue;
        }
        // Only between words of the speaker is anything left out.
        if is_left_out && !words.is_empty() && !c.is_whitespace() {
            words.extend(" […] ".chars().map(|c| (c, false)));
        }
        is_left_out &= c.is_whitespace();
        words.push((c, is_in(&hit.highlights, at)));
    }
    let is_blank = |(c, _): &(char, bool)| c.is_whitespace();
    let start = words.iter().take_while(|word| is_blank(word)).count();
    words.drain(..start);
    while words.last().is_some_and(is_blank) {
        words.pop();
    }
    words
}

/// Writes a quote in the speaker's own words with where it comes from, and the question
/// before it in brackets where it needs one; indented, what matched in bold. White space
/// is folded to fit; the words are untouched.
///
/// # Errors
/// If the writer fails.
pub fn write_quote(
    out: &mut impl StyledWrite,
    hit: &Hit,
    indent: &str,
    columns: usize,
) -> io::Result<()> {
    let words = own_words(hit);
    let text: String = words.iter().map(|(c, _)| *c).collect();
    let question = hit.question.as_ref();
    let opening = question.map_or_else(String::new, |asked| format!("[asked: “{asked}”] ")) + "“";
    let quoted = format!("{opening}{text}” ({})", provenance(&hit.at));
    // Wrapping moves white space only, so the other characters keep their order.
    let n_before = opening.chars().filter(|c| !c.is_whitespace()).count();
    let marks = words.iter().filter(|(c, _)| !c.is_whitespace()).map(|(_, is_marked)| *is_marked);
    let mut marks = std::iter::repeat_n(false, n_before).chain(marks).peekable();
    for line in wrap(&quoted, columns.saturating_sub(indent.len())) {
        write!(out, "{indent}")?;
        let mut shown = String::new();
        let mut is_bold = false;
        for c in line.chars() {
            let wants_bold = if c.is_whitespace() {
                is_bold && marks.peek() == Some(&true)
            } else {
                marks.next().unwrap_or(false)
            };
            if wants_bold != is_bold {
                out.write_all(std::mem::take(&mut shown).as_bytes())?;
                out.set_style(if wants_bold { Style::Bold } else { Style::Plain })?;
                is_bold = wants_bold;
            }
            shown.push(c);
        }
        out.write_all(shown.as_bytes())?;
        if is_bold {
            out.set_style(Style::Plain)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use super::*;
    use crate::answers::example_hit as hit;

    #[test]
    fn what_others_say_in_between_is_left_out() {
        let mut hit = hit("I do.\nRuth: Mm.\nMe: A face.", &[[22, 26]]);
        hit.others = vec![[5, 20]];
        let shown: String = own_words(&hit).iter().map(|(c, _)| *c).collect();
        assert_eq!(shown, "I do. […] A face.");
        let marked: String = own_words(&hit).iter().filter(|(_, m)| *m).map(|(c, _)| *c).collect();
        assert_eq!(marked, "face");
        hit.others = vec![[0, 20]];
        let shown: String = own_words(&hit).iter().map(|(c, _)| *c).collect();
        assert_eq!(shown, "A face.");
        hit.others = vec![[5, 27]];
        let shown: String = own_words(&hit).iter().map(|(c, _)| *c).collect();
        assert_eq!(shown, "I do.");
    }

    /// Writes a star where the style changes.
    struct Starred(Vec<u8>);

    impl Write for Starred {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl StyledWrite for Starred {
        fn set_style(&mut self, _style: Style) -> io::Result<()> {
            self.write_all(b"*")
        }
    }

    #[test]
    fn a_quote_can_be_pasted() {
        let hit = hit("It was, um,\nodd at first.", &[[8, 10], [12, 15]]);
        let mut plain = Vec::new();
        write_quote(&mut plain, &hit, "  ", 36).unwrap();
        let mut starred = Starred(Vec::new());
        write_quote(&mut starred, &hit, "  ", 36).unwrap();
        let expected =
            "  “It was, *um*, *odd* at first.” (P07,\n  leaders, lines 112–118, 00:21:40)\n";
        assert_eq!(String::from_utf8(starred.0).unwrap(), expected);
        assert_eq!(String::from_utf8(plain).unwrap(), expected.replace('*', ""));
    }

    #[test]
    fn a_quote_that_needs_its_question_has_it_in_brackets() {
        let mut hit = hit("No, odd.", &[[4, 7]]);
        hit.question = Some("Was it easy?".to_owned());
        let mut starred = Starred(Vec::new());
        write_quote(&mut starred, &hit, "  ", 80).unwrap();
        let expected =
            "  [asked: “Was it easy?”] “No, *odd*.” (P07, leaders, lines 112–118, 00:21:40)\n";
        assert_eq!(String::from_utf8(starred.0).unwrap(), expected);
    }
}
