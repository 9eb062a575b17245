//! Groups compared, for people and for spreadsheets.

use std::io::{self, Write};

use super::layout::{self, decimal, shorten, write_wrapped};
use super::rules::quoted;
use super::tables::{Table, safe_cell};
use super::{TableFormat, markdown, write_json};
use crate::answers::{
    CompareAnswer, ComparedStances, ComparedTerm, ComparedTheme, GroupContrast, StanceAnswer,
};

/// The most columns for a label beside a table.
const LABEL_COLUMNS: usize = 30;

/// Pairs of themes that are shown.
const MAX_PAIRS: usize = 8;

/// How much of a comparison people see; tables for programs always have all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Counts, and differences with their intervals.
    Counts,
    /// p, q, z and G² too.
    Statistics,
}

/// Writes a comparison.
///
/// # Errors
/// If the writer fails.
pub fn write_comparison(
    out: &mut impl Write,
    answer: &CompareAnswer,
    format: TableFormat,
    detail: Detail,
    columns: usize,
) -> io::Result<()> {
    match format {
        TableFormat::Text => write_text(out, answer, detail, columns),
        TableFormat::Json => write_json(out, answer),
        TableFormat::Csv => write_csv(out, answer),
        TableFormat::Md => write_markdown(out, answer, detail),
    }
}

/// `5. camera off, black square…`.
fn short_name(id: usize, label: &str) -> String {
    shorten(&format!("{id}. {label}"), LABEL_COLUMNS).replace(",…", "…")
}

fn percent(share: f64) -> String {
    format!("{:+.0}", 100.0 * share).replace('-', "−")
}

/// A difference in percentage points, with its interval: `+63 (+15 to +87)`.
pub fn difference(contrast: &GroupContrast) -> String {
    let (low, high) = (percent(contrast.interval.low), percent(contrast.interval.high));
    format!("{} ({low} to {high})", percent(contrast.difference))
}

/// A p as people read it.
pub fn p_value(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { decimal(p, 3) }
}

/// The clearest difference of a theme.
fn clearest(theme: &ComparedTheme) -> Option<&GroupContrast> {
    theme.contrasts.iter().min_by(|a, b| a.p.total_cmp(&b.p))
}

/// The clearest difference of a theme among so many groups, in percentage points, as
/// people read it.
pub fn clearest_difference(theme: &ComparedTheme, n_groups: usize) -> Option<String> {
    let contrast = clearest(theme)?;
    let whose = if n_groups == 2 { "" } else { &format!("{} ", contrast.group) };
    Some(format!("{whose}{}", difference(contrast)))
}

/// The columns of the table with these rows.
fn table(answer: &CompareAnswer, detail: Detail, rows: Vec<Vec<String>>) -> Table {
    let of_two = answer.groups.len() == 2;
    let difference = if of_two {
        "difference, percentage points"
    } else {
        "clearest difference, percentage points"
    };
    let groups = answer.groups.iter().map(|group| group.name.as_str());
    let tests: &[&str] = if detail == Detail::Statistics { &["p", "q"] } else { &[] };
    let head = std::iter::once("").chain(groups).chain([difference]);
    Table::new(head.chain(tests.iter().copied()), rows)
}

fn row(
    answer: &CompareAnswer,
    detail: Detail,
    theme: &ComparedTheme,
    label: String,
) -> Vec<String> {
    let mut cells = vec![label];
    cells.extend(theme.cells.iter().map(|cell| format!("{} of {}", cell.n_cases, cell.of_cases)));
    match clearest(theme) {
        None => cells.push(String::new()),
        Some(contrast) => {
            cells.extend(clearest_difference(theme, answer.groups.len()));
            if detail == Detail::Statistics {
                cells.extend([p_value(contrast.p), p_value(contrast.q)]);
            }
        }
    }
    cells
}

fn write_text(
    out: &mut impl Write,
    answer: &CompareAnswer,
    detail: Detail,
    columns: usize,
) -> io::Result<()> {
    let rows = answer.themes.iter();
    let rows =
        rows.map(|theme| row(answer, detail, theme, short_name(theme.id, &theme.label))).collect();
    let right: Vec<usize> = (1..=answer.groups.len()).collect();
    table(answer, detail, rows).write_text(out, "", &right)?;
    let label = |id: usize| {
        let theme = answer.themes.iter().find(|theme| theme.id == id);
        theme.map_or_else(String::new, |theme| short_name(id, &theme.label))
    };
    if !answer.together.is_empty() {
        writeln!(out, "\nCo-occurrence: themes in the same passage or answer")?;
        let pairs = answer.together.iter().take(MAX_PAIRS);
        let rows = pairs.map(|pair| {
            let [a, b] = pair.themes;
            let numbers = [pair.n_passages, pair.n_answers, pair.n_cases];
            let mut row = vec![format!("  {}", label(a)), label(b)];
            row.extend(numbers.map(|n| n.to_string()));
            row
        });
        let head = ["", "", "passages", "answers", "participants"];
        Table::new(head, rows).write_text(out, "", &[2, 3, 4])?;
    }
    if !answer.stances.is_empty() {
        writeln!(out, "\nBenefits and drawbacks, as you marked them (participants)")?;
        let groups = answer.groups.iter().map(|group| group.name.as_str());
        let head = ["", ""].into_iter().chain(groups);
        let right: Vec<usize> = (2..2 + answer.groups.len()).collect();
        Table::new(head, stance_rows(answer)).write_text(out, "", &right)?;
    }
    for group in &answer.groups {
        let terms: Vec<&ComparedTerm> =
            answer.terms.iter().filter(|term| term.group == group.name).collect();
        if terms.is_empty() {
            continue;
        }
        writeln!(
            out,
            "\nTypical words of {} (used by more of them than of the others)",
            group.name
        )?;
        let rows: Vec<Vec<String>> = terms
            .iter()
            .map(|term| {
                let mut cells = vec![
                    format!("  {}", term.term),
                    format!("{} of {}", term.n_cases, term.of_cases),
                    format!("{} of {} others", term.n_others, term.of_others),
                ];
                if detail == Detail::Statistics {
                    cells.push(format!("p {}", p_value(term.p)));
                    cells.push(format!("z {}", decimal(term.z, 1)));
                    cells.push(format!("G² {}", decimal(term.log_likelihood, 1)));
                }
                cells
            })
            .collect();
        for line in layout::table(&rows, &[1, 2]) {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out)?;
    for note in remarks(answer, detail) {
        write_wrapped(out, &note, columns)?;
    }
    Ok(())
}

/// A row for each side of each code: how many of each group are on it.
fn stance_rows(answer: &CompareAnswer) -> Vec<Vec<String>> {
    let of_code = |code: &ComparedStances| {
        let row = |side: &StanceAnswer| {
            let mut row = vec![
                shorten(&format!("  {}", code.path), LABEL_COLUMNS),
                side.stance.name().to_owned(),
            ];
            let groups = side.groups.iter();
            row.extend(groups.map(|group| format!("{} of {}", group.n_cases, group.of_cases)));
            row
        };
        code.stances.iter().map(row).collect::<Vec<_>>()
    };
    answer.stances.iter().flat_map(of_code).collect()
}

/// What a reader must know beside the numbers.
fn remarks(answer: &CompareAnswer, detail: Detail) -> Vec<String> {
    let mut remarks: Vec<String> =
        answer.notes.iter().map(|note| format!("note: {note}")).collect();
    if answer.n_without > 0 {
        remarks.push(format!(
            "note: {} without a value of `{}` left out",
            super::info::count(answer.n_without as u64, "participant"),
            answer.by
        ));
    }
    remarks.push(
        "Numbers of participants with evidence of a theme. The difference is in percentage points \
         with its 95 % interval (Newcombe)."
            .to_owned(),
    );
    if detail == Detail::Statistics {
        remarks.push(
            "p: Fisher's exact test; q: p adjusted for the number of tests in the table (Benjamini \
             and Hochberg); z and G²: how much more often the group uses a word. Words were chosen \
             because they differ, so their p proves nothing."
                .to_owned(),
        );
    }
    if let (true, Some(theme), Some(group)) =
        (answer.is_listed, answer.themes.first(), answer.groups.first())
    {
        let value = if group.name.contains(' ') {
            format!("\"{}\"", group.name)
        } else {
            group.name.clone()
        };
        let field = crate::transcripts::cases::field_name(&answer.by);
        let query = format!("theme:{} {field}:{value}", theme.id);
        let query = if query.contains('\'') { quoted(&query) } else { format!("'{query}'") };
        remarks.push(format!("To read the quotes behind a number: leitmotif search {query}"));
    }
    remarks
}

fn write_csv(out: &mut impl Write, answer: &CompareAnswer) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "kind",
        "id",
        "label",
        "group",
        "n",
        "of",
        "share_low",
        "share_high",
        "against",
        "difference",
        "difference_low",
        "difference_high",
        "p",
        "q",
    ])?;
    for theme in &answer.themes {
        for cell in &theme.cells {
            let contrast = theme.contrasts.iter().find(|contrast| contrast.group == cell.group);
            let number = |value: fn(&GroupContrast) -> f64| {
                contrast.map_or_else(String::new, |contrast| format!("{:.6}", value(contrast)))
            };
            let cells = [
                "theme".to_owned(),
                theme.id.to_string(),
                theme.label.clone(),
                cell.group.clone(),
                cell.n_cases.to_string(),
                cell.of_cases.to_string(),
                format!("{:.6}", cell.interval.low),
                format!("{:.6}", cell.interval.high),
                contrast.map_or_else(String::new, |contrast| contrast.against.clone()),
                number(|contrast| contrast.difference),
                number(|contrast| contrast.interval.low),
                number(|contrast| contrast.interval.high),
                number(|contrast| contrast.p),
                number(|contrast| contrast.q),
            ];
            write_cells(&mut table, &cells)?;
        }
    }
    for code in &answer.stances {
        for side in &code.stances {
            for group in &side.groups {
                let mut cells = vec![
                    "stance".to_owned(),
                    code.code.to_string(),
                    format!("{}: {}", code.path, side.stance.name()),
                    group.name.clone(),
                    group.n_cases.to_string(),
                    group.of_cases.to_string(),
                ];
                cells.resize(14, String::new());
                write_cells(&mut table, &cells)?;
            }
        }
    }
    for term in &answer.terms {
        let cells = [
            "term".to_owned(),
            String::new(),
            term.term.clone(),
            term.group.clone(),
            term.n_cases.to_string(),
            term.of_cases.to_string(),
            String::new(),
            String::new(),
            format!("{} of {} others", term.n_others, term.of_others),
            String::new(),
            String::new(),
            String::new(),
            format!("{:.6}", term.p),
            String::new(),
        ];
        write_cells(&mut table, &cells)?;
    }
    table.flush()
}

/// Writes a row in which only number, label and group may look like formulas: negative
/// numbers are numbers.
fn write_cells<W: Write>(table: &mut csv::Writer<W>, cells: &[String]) -> io::Result<()> {
    let safe = cells.iter().enumerate().map(|(at, cell)| {
        if (1..=3).contains(&at) { safe_cell(cell).into_owned() } else { cell.clone() }
    });
    Ok(table.write_record(safe)?)
}

fn write_markdown(out: &mut impl Write, answer: &CompareAnswer, detail: Detail) -> io::Result<()> {
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let table = table(answer, detail, Vec::new());
    let head = table.rows()[0].iter().map(|cell| markdown(cell)).collect();
    writeln!(out, "{}\n{}", line(head), line(vec!["---".to_owned(); table.n_columns()]))?;
    for theme in &answer.themes {
        // Only the label needs escapes; `<0.001` is shown as it is.
        let label = markdown(&format!("{}. {}", theme.id, theme.label));
        writeln!(out, "{}", line(row(answer, detail, theme, label)))?;
    }
    if !answer.stances.is_empty() {
        writeln!(out, "\nBenefits and drawbacks, as you marked them (participants):\n")?;
        let groups = answer.groups.iter().map(|group| markdown(&group.name));
        let head: Vec<String> = [String::new(), String::new()].into_iter().chain(groups).collect();
        let rule = line(vec!["---".to_owned(); head.len()]);
        writeln!(out, "{}\n{rule}", line(head))?;
        for row in stance_rows(answer) {
            writeln!(out, "{}", line(row.iter().map(|cell| markdown(cell.trim())).collect()))?;
        }
    }
    writeln!(out)?;
    for remark in remarks(answer, detail) {
        writeln!(out, "{}\n", markdown(&remark))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::GroupSize;

    #[test]
    fn the_search_behind_a_number_can_be_pasted_into_a_shell() {
        let shown = |name: &str| {
            let theme = ComparedTheme {
                id: 2,
                label: String::new(),
                accepted: None,
                cells: vec![],
                contrasts: vec![],
            };
            let answer = CompareAnswer {
                by: "group".to_owned(),
                is_listed: true,
                groups: vec![GroupSize { name: name.to_owned(), of_cases: 1 }],
                n_without: 0,
                notes: vec![],
                themes: vec![theme],
                stances: vec![],
                together: vec![],
                terms: vec![],
            };
            let remarks = remarks(&answer, Detail::Counts);
            remarks[1].rsplit_once("search ").unwrap().1.to_owned()
        };
        assert_eq!(shown("two words"), "'theme:2 group:\"two words\"'");
        assert_eq!(shown("Women’s"), "'theme:2 group:Women’s'");
        assert_eq!(shown("Women's"), "\"theme:2 group:Women's\"");
    }
}
