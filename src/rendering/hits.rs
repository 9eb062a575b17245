//! Lists of quotes, in every format.

use std::io::{self, Write};

use super::info::{count, number};
use super::layout::{wrap, write_wrapped};
use super::quotes::{PROVENANCE_HEADINGS, own_words, provenance, provenance_cells, write_quote};
use super::style::{Style, StyledWrite};
use super::tables::Table;
use super::{QuoteFormat, markdown, write_json};
use crate::answers::{ContextAnswer, Hit, SearchAnswer, Totals};
use crate::base::clock;

/// Writes the answer of a search: for people, above the quotes which other words were
/// looked for, a line between the best of each person and the others, and totals below.
///
/// # Errors
/// If the writer fails.
pub fn write_answer(
    out: &mut impl StyledWrite,
    answer: &SearchAnswer,
    format: QuoteFormat,
    columns: usize,
) -> io::Result<()> {
    let SearchAnswer { hits, totals, n_of_people, .. } = answer;
    if format != QuoteFormat::Text {
        return write_hits(out, hits, format, columns);
    }
    let remarks = remarks(answer);
    for remark in &remarks {
        write_wrapped(out, remark, columns)?;
    }
    if !remarks.is_empty() {
        writeln!(out)?;
    }
    let (first, rest) = hits.split_at(n_of_people.unwrap_or(hits.len()).min(hits.len()));
    write_hits(out, first, format, columns)?;
    if !rest.is_empty() {
        writeln!(out, "\nFurther passages, also of the same people:\n")?;
        write_hits(out, rest, format, columns)?;
    }
    if let Some(totals) = totals.filter(|totals| totals.n_passages > 0) {
        writeln!(out)?;
        write_wrapped(out, &totals_line(totals, hits.len()), columns)?;
    }
    Ok(())
}

/// The most other words that are listed; all are marked where they stand.
const N_ALSO: usize = 8;

/// Which other words were looked for, and which of the question's are said nowhere:
/// `also: anonymous`, `not found: vanity`.
pub fn remarks(answer: &SearchAnswer) -> Vec<String> {
    let SearchAnswer { hits, totals, nowhere, also, .. } = answer;
    let mut remarks = Vec::new();
    if !hits.is_empty() && !also.is_empty() {
        let (shown, more) = also.split_at(also.len().min(N_ALSO));
        let more =
            if more.is_empty() { String::new() } else { format!(", and {} more", more.len()) };
        remarks.push(format!("also: {}{more}", shown.join(", ")));
    }
    if !hits.is_empty() && totals.is_none() && !nowhere.is_empty() {
        remarks.push(format!("not found: {}", nowhere.join(", ")));
    }
    remarks
}

/// Writes quotes, best first.
///
/// # Errors
/// If the writer fails.
pub fn write_hits(
    out: &mut impl StyledWrite,
    hits: &[Hit],
    format: QuoteFormat,
    columns: usize,
) -> io::Result<()> {
    match format {
        QuoteFormat::Text => {
            for (at, hit) in hits.iter().enumerate() {
                if at > 0 {
                    writeln!(out)?;
                }
                write_context(out, &hit.before, columns)?;
                write_quote(out, hit, "", columns)?;
                if !hit.ties.is_empty() {
                    writeln!(out, "  words in common: {}", hit.ties.join(", "))?;
                }
                write_context(out, &hit.after, columns)?;
            }
        }
        QuoteFormat::Json => write_json(out, &hits)?,
        QuoteFormat::Jsonl => hits.iter().try_for_each(|hit| write_json(out, hit))?,
        QuoteFormat::Csv => table(hits).write_csv(out)?,
        QuoteFormat::Md => {
            for (at, hit) in hits.iter().enumerate() {
                if at > 0 {
                    writeln!(out)?;
                }
                write_markdown(out, hit)?;
            }
        }
    }
    Ok(())
}

/// How much matches in all: `14 matches in 12 passages of 5 transcripts; 7 of 16 participants`.
pub fn totals_line(totals: Totals, n_shown: usize) -> String {
    let passages = count(totals.n_passages as u64, "passage");
    let places = if totals.n_matches == 0 {
        passages
    } else {
        let word = if totals.n_matches == 1 { "match" } else { "matches" };
        format!("{} {word} in {passages}", number(totals.n_matches as u64))
    };
    let shown = if n_shown < totals.n_passages {
        format!("; {n_shown} shown; `--limit 0` shows all")
    } else {
        String::new()
    };
    format!(
        "{places} of {}, {} of {}{shown}",
        count(totals.n_transcripts as u64, "transcript"),
        totals.n_cases,
        count(totals.of_cases as u64, "participant"),
    )
}

fn write_context(
    out: &mut impl StyledWrite,
    turns: &[ContextAnswer],
    columns: usize,
) -> io::Result<()> {
    for turn in turns {
        for line in wrap(&said(turn), columns.saturating_sub(2)) {
            write!(out, "  ")?;
            out.write_styled(Style::Dim, &line)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

/// `Ruth: And then?`; words alone if the transcript does not name who says them.
fn said(turn: &ContextAnswer) -> String {
    let colon = if turn.speaker.is_empty() { "" } else { ": " };
    format!("{}{colon}{}", turn.speaker, turn.text)
}

fn table(hits: &[Hit]) -> Table {
    let turns = |turns: &[ContextAnswer]| turns.iter().map(said).collect::<Vec<_>>().join("\n");
    let rows = hits.iter().map(|hit| {
        let themes = hit.themes.iter().map(usize::to_string).collect::<Vec<_>>();
        let rest = [
            hit.end_ms.map(clock).unwrap_or_default(),
            hit.text.clone(),
            turns(&hit.before),
            turns(&hit.after),
            hit.ties.join(", "),
            themes.join(", "),
        ];
        let first = [hit.rank.to_string(), hit.score.to_string()];
        first.into_iter().chain(provenance_cells(&hit.at)).chain(rest).collect()
    });
    let head = ["rank", "score"].into_iter().chain(PROVENANCE_HEADINGS);
    Table::new(head.chain(["end", "quote", "before", "after", "shares", "themes"]), rows)
}

fn write_markdown(out: &mut impl Write, hit: &Hit) -> io::Result<()> {
    let turn = |turn: &ContextAnswer| format!("> {}", markdown(&said(turn)));
    let quote = format!("> “{}” ({})", marked(hit), markdown(&provenance(&hit.at)));
    let before = hit.before.iter().map(turn);
    let paragraphs: Vec<String> = before.chain([quote]).chain(hit.after.iter().map(turn)).collect();
    writeln!(out, "{}", paragraphs.join("\n>\n"))
}

/// A quote's words in Markdown, what matched in bold.
fn marked(hit: &Hit) -> String {
    let mut shown = String::new();
    for run in own_words(hit).chunk_by(|(_, a), (_, b)| a == b) {
        let text: String = run.iter().map(|(c, _)| *c).collect();
        let gap = |is_blank: bool| if is_blank { " " } else { "" };
        let folded = markdown(&text);
        let mark = if run[0].1 && !folded.is_empty() { "**" } else { "" };
        let before = gap(text.starts_with(char::is_whitespace) && !shown.ends_with(' '));
        let after = gap(text.ends_with(char::is_whitespace) && !folded.is_empty());
        shown.extend([before, mark, &folded, mark, after]);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_are_bold_in_markdown() {
        let hit = crate::answers::example_hit("It was *so*,\num, odd.", &[[7, 11], [13, 15]]);
        assert_eq!(marked(&hit), r"It was **\*so\***, **um**, odd.");
    }

    #[test]
    fn totals_are_said_in_words() {
        let totals =
            Totals { n_matches: 1, n_passages: 1, n_cases: 1, of_cases: 16, n_transcripts: 1 };
        assert_eq!(
            totals_line(totals, 1),
            "1 match in 1 passage of 1 transcript, 1 of 16 participants"
        );
        let totals = Totals { n_matches: 1400, n_passages: 12, n_transcripts: 5, ..totals };
        assert_eq!(
            totals_line(totals, 10),
            "1,400 matches in 12 passages of 5 transcripts, 1 of 16 participants; 10 shown; `--limit 0` shows all"
        );
    }
}
