//! Saturation, for people and for spreadsheets.

use std::io::{self, Write};

use super::info::count;
use super::layout::write_wrapped;
use super::tables::Table;
use super::{TableFormat, markdown, write_json};
use crate::answers::{FileRemark, GroupSaturation, RuleAnswer, SaturationAnswer};
use crate::base::Diagnostic;

/// Writes what each interview adds, and where there is saturation. `told` says what helps as it
/// is done where it is read.
///
/// # Errors
/// If the writer fails.
pub fn write_saturation(
    out: &mut impl Write,
    answer: &SaturationAnswer,
    format: TableFormat,
    told: &dyn Fn(&Diagnostic) -> FileRemark,
    columns: usize,
) -> io::Result<()> {
    match format {
        TableFormat::Text => write_text(out, answer, told, columns),
        TableFormat::Json => write_json(out, answer),
        TableFormat::Csv => table(answer).write_csv(out),
        TableFormat::Md => write_markdown(out, answer, told),
    }
}

fn heading(answer: &SaturationAnswer, group: &GroupSaturation) -> String {
    let n = count(group.interviews.len() as u64, "interview");
    match &group.group {
        None => format!("{n}, in the order of: {}. Counted: {}.", answer.order, answer.counted),
        Some(name) => format!("{name}: {n}"),
    }
}

/// What was looked at and what is found by the rule that was asked for, to be put into a text.
pub fn sentence(answer: &SaturationAnswer, group: &GroupSaturation) -> String {
    format!("{}. {}", heading(answer, group).trim_end_matches('.'), verdict(answer, group))
}

/// What is found by the rule that was asked for.
pub fn verdict(answer: &SaturationAnswer, group: &GroupSaturation) -> String {
    let rule = format!("base {}, run {}", answer.base, answer.run);
    if group.n_missing > 0 {
        return format!(
            "Cannot be calculated with {rule}: {} more {} needed.",
            group.n_missing,
            if group.n_missing == 1 { "interview is" } else { "interviews are" }
        );
    }
    let asked = group.rules.iter().find(|known| {
        (known.base, known.run) == (answer.base, answer.run) && known.threshold > 0.0
    });
    let reached = match asked.and_then(|known| known.after) {
        Some(after) => {
            format!(
                "Saturation reached at {after}+{} interviews (at most 5 % new, {rule})",
                answer.run
            )
        }
        None => format!("No saturation yet (at most 5 % new, {rule})"),
    };
    let percent = (100.0 * group.share_saturated).round();
    match group.in_random_orders {
        Some(random) => format!(
            "{reached}. In 1,000 random orders: reached in {percent} %, at {}+{run} ({}+{run} to \
             {}+{run}).",
            random.median,
            random.low,
            random.high,
            run = answer.run
        ),
        None => format!("{reached}, nor in any of 1,000 random orders."),
    }
}

/// What each interview adds, a row each.
pub(crate) fn interviews(answer: &SaturationAnswer, group: &GroupSaturation) -> Table {
    let mut rows = Vec::new();
    for (number, interview) in (1..).zip(&group.interviews) {
        let random = interview.random.map_or_else(String::new, |random| {
            format!("{} ({} to {})", random.median, random.low, random.high)
        });
        rows.push(vec![
            number.to_string(),
            interview.transcript.clone(),
            interview.n_themes.to_string(),
            interview.n_new.to_string(),
            interview.n_known.to_string(),
            random,
        ]);
    }
    Table::new(
        ["", "interview", answer.unit, "new", "known so far", "known in random orders"],
        rows,
    )
}

/// `6+2`, or the share that the last run still brings.
fn rule_cell(rule: &RuleAnswer) -> String {
    match (rule.after, rule.last_ratio) {
        (Some(after), _) => format!("{after}+{}", rule.run),
        (None, Some(ratio)) => format!("not yet ({:.0} %)", 100.0 * ratio),
        (None, None) => "too few".to_owned(),
    }
}

fn rules(group: &GroupSaturation) -> Table {
    let rows = group.rules.chunks(2).map(|pair| {
        let mut row = vec![pair[0].base.to_string(), pair[0].run.to_string()];
        row.extend(pair.iter().map(rule_cell));
        row
    });
    Table::new(["base", "run", "≤ 5 % new", "0 % new"], rows)
}

/// What a reader must know beside the numbers.
fn remarks(answer: &SaturationAnswer, told: &dyn Fn(&Diagnostic) -> FileRemark) -> Vec<String> {
    let note = |note: &Diagnostic| match told(note) {
        FileRemark { problem, hint: Some(hint) } => format!("note: {problem}; {hint}"),
        FileRemark { problem, hint: None } => format!("note: {problem}"),
    };
    answer.notes.iter().map(note).chain([method(answer)]).collect()
}

/// By which rule it is told.
pub fn method(answer: &SaturationAnswer) -> String {
    format!(
        "Method: Guest, Namey and Chen (2020). The number of new {unit} in a run of interviews is \
         divided by the number of {unit} in the first interviews (the base). 6+2 means: after the \
         first six interviews, the next two added no more than the limit. Random orders: median, \
         and range from 5 to 95 %.",
        unit = answer.unit
    )
}

fn write_text(
    out: &mut impl Write,
    answer: &SaturationAnswer,
    told: &dyn Fn(&Diagnostic) -> FileRemark,
    columns: usize,
) -> io::Result<()> {
    for group in &answer.groups {
        write_wrapped(out, &heading(answer, group), columns)?;
        write_wrapped(out, &verdict(answer, group), columns)?;
        writeln!(out)?;
        interviews(answer, group).write_text(out, "  ", &[0, 2, 3, 4])?;
        writeln!(out)?;
        rules(group).write_text(out, "  ", &[0, 1])?;
        writeln!(out)?;
    }
    for remark in remarks(answer, told) {
        write_wrapped(out, &remark, columns)?;
    }
    Ok(())
}

fn table(answer: &SaturationAnswer) -> Table {
    let head = [
        "group",
        "number",
        "transcript",
        "n_themes",
        "n_new",
        "n_known",
        "random_low",
        "random_median",
        "random_high",
    ];
    let mut rows = Vec::new();
    for group in &answer.groups {
        let name = group.group.as_deref().unwrap_or("all");
        for (number, interview) in (1_usize..).zip(&group.interviews) {
            let mut cells = vec![
                name.to_owned(),
                number.to_string(),
                interview.transcript.clone(),
                interview.n_themes.to_string(),
                interview.n_new.to_string(),
                interview.n_known.to_string(),
            ];
            cells.extend(interview.random.map_or_else(Default::default, |random| {
                [random.low, random.median, random.high].map(|n| n.to_string())
            }));
            rows.push(cells);
        }
    }
    Table::new(head, rows)
}

fn write_markdown(
    out: &mut impl Write,
    answer: &SaturationAnswer,
    told: &dyn Fn(&Diagnostic) -> FileRemark,
) -> io::Result<()> {
    for group in &answer.groups {
        writeln!(
            out,
            "{} {}\n",
            markdown(&heading(answer, group)),
            markdown(&verdict(answer, group))
        )?;
        for table in [interviews(answer, group), rules(group)] {
            table.write_markdown(out)?;
            writeln!(out)?;
        }
    }
    for remark in remarks(answer, told) {
        writeln!(out, "{}\n", markdown(&remark))?;
    }
    Ok(())
}
