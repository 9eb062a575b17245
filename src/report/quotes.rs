//! Quotes for people, ready to paste.

use std::io::{self, Write};

use super::answers::Hit;
use super::layout::{clock, wrap};

const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// Where a quote comes from: `P07, leaders, lines 112–118, 00:21:40`.
pub fn provenance(hit: &Hit) -> String {
    let who = match (&hit.case, hit.speaker.as_str()) {
        (Some(case), _) => case.clone(),
        (None, "") => hit.transcript.clone(),
        (None, speaker) => format!("{speaker}, {}, {}", hit.role, hit.transcript),
    };
    let [first, last] = hit.lines;
    let lines =
        if first == last { format!("line {first}") } else { format!("lines {first}–{last}") };
    let mut parts = vec![who];
    parts.extend(hit.group.clone());
    parts.push(lines);
    parts.extend(hit.start_ms.map(clock));
    parts.join(", ")
}

/// Writes a quote in its own words with where it comes from, indented, what
/// matched in bold. White space is folded to fit; the words are untouched.
///
/// # Errors
/// If the writer fails.
pub fn write_quote(
    out: &mut impl Write,
    hit: &Hit,
    indent: &str,
    columns: usize,
) -> io::Result<()> {
    let quoted = format!("“{}” ({})", hit.text.trim(), provenance(hit));
    // Wrapping moves white space only, so the other characters keep their order.
    let blank = hit.text.chars().take_while(|c| c.is_whitespace()).count();
    let is_marked = |at: usize| {
        let in_text = (at + blank).checked_sub(1);
        in_text.is_some_and(|at| {
            hit.highlights.iter().any(|[start, end]| (*start..*end).contains(&at))
        })
    };
    let mut marks = quoted
        .chars()
        .enumerate()
        .filter(|(_, c)| !c.is_whitespace())
        .map(|(at, _)| is_marked(at))
        .peekable();
    for line in wrap(&quoted, columns.saturating_sub(indent.len())) {
        let mut shown = indent.to_owned();
        let mut is_bold = false;
        for c in line.chars() {
            let wants_bold = if c.is_whitespace() {
                is_bold && marks.peek() == Some(&true)
            } else {
                marks.next().unwrap_or(false)
            };
            if wants_bold != is_bold {
                shown.push_str(if wants_bold { BOLD } else { PLAIN });
                is_bold = wants_bold;
            }
            shown.push(c);
        }
        if is_bold {
            shown.push_str(PLAIN);
        }
        writeln!(out, "{shown}")?;
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::report) fn hit(text: &str, highlights: &[[usize; 2]]) -> Hit {
        Hit {
            rank: 1,
            score: 1.0,
            transcript: "participants/P07".to_owned(),
            case: Some("P07".to_owned()),
            group: Some("leaders".to_owned()),
            speaker: "Siân".to_owned(),
            role: "participant",
            lines: [112, 118],
            start_ms: Some(1_300_000),
            end_ms: None,
            text: text.to_owned(),
            highlights: highlights.to_vec(),
            themes: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
            ties: Vec::new(),
        }
    }

    #[test]
    fn a_quote_can_be_pasted() {
        let mut out = Vec::new();
        write_quote(&mut out, &hit("It was, um,\nodd at first.", &[[8, 10], [12, 15]]), "  ", 36)
            .unwrap();
        let shown = String::from_utf8(out).unwrap().replace(BOLD, "*").replace(PLAIN, "*");
        assert_eq!(
            shown,
            "  “It was, *um*, *odd* at first.” (P07,\n  leaders, lines 112–118, 00:21:40)\n"
        );
    }
}
