//! A concordance: every match in its context, aligned on the match.

use std::io::{self, Write};

use super::hits::totals_line;
use super::info::count;
use super::layout::{pad, shorten, shorten_left, width, write_wrapped};
use super::quotes::{PROVENANCE_HEADINGS, provenance_cells};
use super::style::{Style, StyledWrite};
use super::tables::Table;
use super::{QuoteFormat, markdown, write_json};
use crate::answers::{Concordance, ConcordanceLine, Frequency, Provenance};
use crate::base::one_line;

/// The most columns for a match, and for where it comes from.
const MAX_MATCH: usize = 24;
const MAX_PLACE: usize = 26;

/// Writes a concordance; for people with frequencies below it.
///
/// # Errors
/// If the writer fails.
pub fn write_concordance(
    out: &mut impl StyledWrite,
    answer: &Concordance,
    format: QuoteFormat,
    columns: usize,
) -> io::Result<()> {
    match format {
        QuoteFormat::Text => {
            write_lines(out, &answer.lines, columns)?;
            write_frequencies(out, answer, columns)
        }
        QuoteFormat::Json => write_json(out, &answer.lines),
        QuoteFormat::Jsonl => answer.lines.iter().try_for_each(|line| write_json(out, line)),
        QuoteFormat::Csv => table(&answer.lines).write_csv(out),
        QuoteFormat::Md => write_markdown(out, &answer.lines),
    }
}

/// Who says it and where: `P07, 112`; for others `P07 interviewer, 111`.
fn place(at: &Provenance) -> String {
    let who = at.case.clone().unwrap_or_else(|| {
        let transcript = at.transcript.rsplit('/').next().unwrap_or(&at.transcript);
        format!("{transcript} {}", at.role)
    });
    format!("{who}, {}", at.lines[0])
}

/// What the match is coded as: `Driving; The second half`.
fn codes(line: &ConcordanceLine) -> String {
    line.codes.iter().map(|code| code.path.as_str()).collect::<Vec<_>>().join("; ")
}

fn write_lines(
    out: &mut impl StyledWrite,
    lines: &[ConcordanceLine],
    columns: usize,
) -> io::Result<()> {
    let widest = |of: &dyn Fn(&ConcordanceLine) -> usize| lines.iter().map(of).max().unwrap_or(0);
    let of_match = widest(&|line| width(&one_line(&line.matched))).min(MAX_MATCH);
    let of_place = widest(&|line| width(&place(&line.at))).min(MAX_PLACE);
    let context = columns.saturating_sub(of_match + of_place + 5) / 2;
    for line in lines {
        let left = shorten_left(&one_line(&line.left), context);
        // What joins the match without a space, such as a comma, stays with it.
        let gap = if line.right.starts_with(char::is_whitespace) { " " } else { "" };
        let matched = shorten(&one_line(&line.matched), of_match);
        let room = context + 1 + of_match - width(&matched);
        let right = shorten(&format!("{gap}{}", one_line(&line.right)), room);
        let blank = " ".repeat(context - width(&left));
        write!(out, "{blank}{left} ")?;
        out.write_styled(Style::Bold, &matched)?;
        writeln!(out, "{}  {}", pad(&right, room), shorten(&place(&line.at), of_place))?;
        if !line.codes.is_empty() {
            let codes = format!("coded as {}", codes(line));
            writeln!(
                out,
                "{}{codes}",
                " ".repeat((context + 1).min(columns.saturating_sub(width(&codes))))
            )?;
        }
    }
    Ok(())
}

fn write_frequencies(out: &mut impl Write, answer: &Concordance, columns: usize) -> io::Result<()> {
    if answer.totals.n_matches == 0 {
        return Ok(());
    }
    writeln!(out)?;
    let shown = if answer.lines.len() < answer.totals.n_matches {
        format!("; {} lines shown; `--limit 0` shows all", answer.lines.len())
    } else {
        String::new()
    };
    let line = totals_line(answer.totals, usize::MAX);
    write_wrapped(out, &format!("{line}{shown}"), columns)?;
    writeln!(out)?;
    let mut rows = Vec::new();
    let row = |frequency: &Frequency, cases: String| {
        vec![
            frequency.name.clone(),
            frequency.n_matches.to_string(),
            format!("{:.1}", frequency.per_thousand()),
            cases,
        ]
    };
    for group in &answer.by_group {
        let of = count(group.of_cases as u64, "participant");
        rows.push(row(group, format!("{} of {of}", group.n_cases)));
    }
    let mut cases: Vec<&Frequency> =
        answer.by_case.iter().filter(|case| case.n_matches > 0).collect();
    cases.sort_by_key(|case| std::cmp::Reverse(case.n_matches));
    rows.extend(cases.into_iter().map(|case| row(case, String::new())));
    if answer.n_of_others > 0 {
        let others = answer.n_of_others.to_string();
        rows.push(vec!["interviewers and others".to_owned(), others, String::new(), String::new()]);
    }
    Table::new(["", "matches", "per 1,000 words", ""], rows).write_text(out, "", &[1, 2])
}

fn table(lines: &[ConcordanceLine]) -> Table {
    let rows = lines.iter().map(|line| {
        let words = [&line.left, &line.matched, &line.right].map(String::clone);
        provenance_cells(&line.at).into_iter().chain(words).chain([codes(line)]).collect()
    });
    Table::new(PROVENANCE_HEADINGS.into_iter().chain(["left", "match", "right", "codes"]), rows)
}

fn write_markdown(out: &mut impl Write, lines: &[ConcordanceLine]) -> io::Result<()> {
    writeln!(
        out,
        "| before | match | after | where | coded as |\n| ---: | --- | --- | --- | --- |"
    )?;
    for line in lines {
        let (left, right) =
            (shorten_left(&one_line(&line.left), 60), shorten(&one_line(&line.right), 60));
        writeln!(
            out,
            "| {} | **{}** | {} | {} | {} |",
            markdown(&left),
            markdown(&line.matched),
            markdown(&right),
            markdown(&place(&line.at)),
            markdown(&codes(line))
        )?;
    }
    Ok(())
}
