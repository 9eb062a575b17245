//! What people decided, for people, spreadsheets and machines: the codebook, its
//! quotations, memos, the log.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::TableFormat;
use super::info::count;
use super::layout::write_hanging;
use super::quotes::{PROVENANCE_HEADINGS, provenance, provenance_cells};
use super::style::{Style, StyledWrite};
use super::tables::{Table, write_table};
use crate::answers::{
    CodeAnswer, LogEntry, MemoAnswer, QuotationAnswer, RejectionAnswer, StanceAnswer,
};
use crate::base::one_line;
use crate::codebook::CodeKind;

/// Writes the codebook.
///
/// # Errors
/// If the writer fails.
pub fn write_codebook(
    out: &mut impl StyledWrite,
    codes: &[CodeAnswer],
    format: TableFormat,
    columns: usize,
) -> io::Result<()> {
    let table = Table::new(CODE_COLUMNS, codes.iter().map(code_row));
    write_table(out, &codes, format, &table, |out| {
        if codes.is_empty() {
            return writeln!(
                out,
                "No codes yet. `leitmotif theme accept` accepts a candidate as a theme,\n`leitmotif code add` adds a code of your own."
            );
        }
        codes.iter().try_for_each(|code| write_code(out, code, columns))
    })
}

const CODE_COLUMNS: [&str; 11] = [
    "number",
    "kind",
    "code",
    "definition",
    "include",
    "exclude",
    "rule",
    "color",
    "quotations",
    "participants",
    "of",
];

fn code_row(answer: &CodeAnswer) -> Vec<String> {
    let code = &answer.code;
    vec![
        code.id.0.to_string(),
        code.kind.name().to_owned(),
        answer.path.clone(),
        code.definition.clone(),
        code.include.clone(),
        code.exclude.clone(),
        code.rule.clone(),
        code.color.as_ref().map(ToString::to_string).unwrap_or_default(),
        answer.n_quotations.to_string(),
        answer.n_cases.to_string(),
        answer.of_cases.to_string(),
    ]
}

/// `benefit 4, drawback 2 participants`.
pub(super) fn stances_line(stances: &[StanceAnswer]) -> String {
    let sides: Vec<String> =
        stances.iter().map(|side| format!("{} {}", side.stance.name(), side.n_cases)).collect();
    let last = stances.last().map_or(0, |side| side.n_cases);
    format!("{} {}", sides.join(", "), if last == 1 { "participant" } else { "participants" })
}

fn write_code(out: &mut impl StyledWrite, answer: &CodeAnswer, columns: usize) -> io::Result<()> {
    let indent = "  ".repeat(answer.depth);
    let code = &answer.code;
    let heading = format!("#{} {}", code.id.0, code.name);
    write!(out, "{indent}")?;
    out.write_styled(
        match code.kind {
            CodeKind::Theme => Style::Bold,
            CodeKind::Code => Style::Plain,
        },
        &heading,
    )?;
    writeln!(
        out,
        "   coded in {} of {}, {}{}",
        answer.n_cases,
        count(answer.of_cases as u64, "participant"),
        count(answer.n_quotations as u64, "quotation"),
        if answer.n_stale > 0 {
            format!(", {} stale and not counted", answer.n_stale)
        } else {
            String::new()
        },
    )?;
    if !answer.stances.is_empty() {
        write_hanging(out, [&format!("{indent}   "); 2], &stances_line(&answer.stances), columns)?;
    }
    let notes = [
        ("", &code.definition),
        ("include: ", &code.include),
        ("exclude: ", &code.exclude),
        ("rule: ", &code.rule),
    ];
    for (what, text) in notes.into_iter().filter(|(_, text)| !text.is_empty()) {
        let indent = format!("{indent}   ");
        write_hanging(out, [&indent; 2], &format!("{what}{text}"), columns)?;
    }
    Ok(())
}

/// Writes quotations.
///
/// # Errors
/// If the writer fails.
pub fn write_quotations(
    out: &mut impl Write,
    quotations: &[QuotationAnswer],
    format: TableFormat,
    columns: usize,
) -> io::Result<()> {
    let head = ["number", "codes", "quote", "coders", "stance", "standing"].into_iter();
    let table = Table::new(head.chain(PROVENANCE_HEADINGS), quotations.iter().map(quotation_row));
    write_table(out, &quotations, format, &table, |out| {
        if quotations.is_empty() {
            return writeln!(out, "No quotations yet.");
        }
        for (at, quotation) in quotations.iter().enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            write_quotation(out, quotation, columns)?;
        }
        Ok(())
    })
}

fn quotation_row(answer: &QuotationAnswer) -> Vec<String> {
    let coders: BTreeSet<&str> = answer.codes.iter().map(|coding| coding.coder.as_str()).collect();
    let codes: BTreeSet<&str> = answer.codes.iter().map(|coding| coding.code.as_str()).collect();
    let joined = |names: BTreeSet<&str>| names.into_iter().collect::<Vec<_>>().join("; ");
    let mut row = vec![
        answer.id.to_string(),
        joined(codes),
        answer.text.clone(),
        joined(coders),
        answer.stance.map_or_else(String::new, |stance| stance.name().to_owned()),
        answer.standing.to_owned(),
    ];
    row.extend(answer.at.as_ref().map(provenance_cells).unwrap_or_default());
    row
}

fn write_quotation(
    out: &mut impl Write,
    answer: &QuotationAnswer,
    columns: usize,
) -> io::Result<()> {
    let number = format!("{}. ", answer.id);
    let indent = " ".repeat(number.len());
    let place = match (&answer.at, &answer.reason) {
        (Some(at), _) => provenance(at),
        (None, Some(reason)) => format!("not found in the changed transcript: {reason}"),
        (None, None) => "not found".to_owned(),
    };
    let moved =
        if answer.standing == "moved" { "; found again in the changed transcript" } else { "" };
    let words = one_line(&answer.text);
    let quote = format!("“{words}” ({place}{moved})");
    write_hanging(out, [&number, &indent], &quote, columns)?;
    let codes: Vec<String> = answer
        .codes
        .iter()
        .map(|coding| {
            let pinned = if coding.is_pinned { ", pinned" } else { "" };
            let proposed = if coding.is_proposed { ", from a proposal" } else { "" };
            format!("{} ({}{proposed}{pinned})", coding.code, coding.coder)
        })
        .chain(answer.stance.map(|stance| format!("stance: {}", stance.name())))
        .collect();
    write_hanging(out, [&indent; 2], &codes.join("; "), columns)
}

/// Writes memos.
///
/// # Errors
/// If the writer fails.
pub fn write_memos(
    out: &mut impl Write,
    memos: &[MemoAnswer],
    format: TableFormat,
    columns: usize,
) -> io::Result<()> {
    let row = |memo: &MemoAnswer| {
        let id = memo.id.to_string();
        vec![id, memo.about.clone(), memo.text.clone(), memo.coder.clone(), memo.at.clone()]
    };
    let table = Table::new(["number", "about", "memo", "coder", "time"], memos.iter().map(row));
    write_table(out, &memos, format, &table, |out| {
        if memos.is_empty() {
            return writeln!(out, "No memos yet.");
        }
        for memo in memos {
            let at = minute(&memo.at);
            writeln!(out, "{}. on {} ({}, {at} UTC)", memo.id, memo.about, memo.coder)?;
            for line in memo.text.lines() {
                write_hanging(out, ["   "; 2], line, columns)?;
            }
        }
        Ok(())
    })
}

/// Writes the log, oldest first.
///
/// # Errors
/// If the writer fails.
pub fn write_log(
    out: &mut impl Write,
    entries: &[LogEntry],
    format: TableFormat,
    columns: usize,
) -> io::Result<()> {
    let row = |entry: &LogEntry| {
        vec![
            entry.number.to_string(),
            entry.at.clone(),
            entry.coder.clone(),
            entry.verb.past().to_owned(),
            entry.about.clone(),
            if entry.holds { "yes" } else { "undone" }.to_owned(),
        ]
    };
    let head = ["number", "time", "coder", "did", "what", "holds"];
    let table = Table::new(head, entries.iter().map(row));
    write_table(out, &entries, format, &table, |out| {
        if entries.is_empty() {
            return writeln!(out, "No decisions yet.");
        }
        for entry in entries {
            let undone = if entry.holds { "" } else { " (undone)" };
            let number = format!("{}. ", entry.number);
            let (at, coder, did) = (minute(&entry.at), &entry.coder, entry.verb.past());
            let text = format!("{at} {coder} {did} {}{undone}", entry.about);
            write_hanging(out, [&number, &" ".repeat(number.len())], &text, columns)?;
        }
        writeln!(out, "Times are in UTC.")
    })
}

/// `2026-11-25 14:05` of an RFC 3339 time; other texts as they are.
fn minute(at: &str) -> String {
    at.get(..16).map_or_else(|| at.to_owned(), |minute| minute.replace('T', " "))
}

/// Writes rejected candidates.
///
/// # Errors
/// If the writer fails.
pub fn write_rejections(
    out: &mut impl Write,
    rejections: &[RejectionAnswer],
    format: TableFormat,
) -> io::Result<()> {
    let row = |answer: &RejectionAnswer| {
        let (id, candidate) = (answer.id.to_string(), answer.candidate.to_string());
        vec![id, candidate, answer.label.clone(), answer.reason.clone()]
    };
    let head = ["number", "candidate", "label", "reason"];
    let table = Table::new(head, rejections.iter().map(row));
    write_table(out, &rejections, format, &table, |out| {
        if rejections.is_empty() {
            return writeln!(out, "No rejected candidates.");
        }
        let rows = rejections.iter().map(|answer| {
            vec![format!("#{}", answer.id), answer.label.clone(), answer.reason.clone()]
        });
        Table::new(["", "label", "reason"], rows).write_text(out, "", &[])
    })
}
