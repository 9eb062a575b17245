//! Candidate themes for people: one block a theme.

use std::io::{self, Write};

use super::answers::{ThemeAnswer, ThemesAnswer};
use super::info::count;
use super::layout::{bar, wrap};
use super::quotes::write_quote;

const BAR_COLUMNS: usize = 20;

/// Writes candidate themes with their evidence, `n_quotes` quotes each.
///
/// # Errors
/// If the writer fails.
pub fn write_themes(
    out: &mut impl Write,
    answer: &ThemesAnswer,
    n_quotes: usize,
    columns: usize,
) -> io::Result<()> {
    for theme in &answer.themes {
        write_theme(out, theme, n_quotes, columns)?;
        writeln!(out)?;
    }
    let n_fitting = answer.passages.iter().filter(|passage| passage.theme.is_some()).count();
    let all = answer.passages.len();
    let summary = format!(
        "{}, candidates only: people decide. {n_fitting} of {} of participants fit one of them.",
        count(answer.themes.len() as u64, "theme"),
        count(all as u64, "passage"),
    );
    for line in wrap(&summary, columns) {
        writeln!(out, "{line}")?;
    }
    for note in &answer.notes {
        for line in wrap(&format!("note: {note}"), columns) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn write_theme(
    out: &mut impl Write,
    theme: &ThemeAnswer,
    n_quotes: usize,
    columns: usize,
) -> io::Result<()> {
    let heading = format!("{}. {}", theme.id, theme.label);
    for (at, line) in wrap(&heading, columns - 3).iter().enumerate() {
        writeln!(out, "{}\u{1b}[1m{line}\u{1b}[0m", if at == 0 { "" } else { "   " })?;
    }
    let mut facts = format!(
        "{} {} of {}, {}",
        bar(theme.n_cases, theme.of_cases, BAR_COLUMNS),
        theme.n_cases,
        count(theme.of_cases as u64, "participant"),
        count(theme.n_passages as u64, "passage")
    );
    if theme.n_cases > 1 && theme.largest_share > 0.5 {
        let percent = (theme.largest_share * 100.0).round();
        facts = format!("{facts}, {percent} % from {} alone", theme.largest_case);
    } else if theme.n_cases == 1 && theme.of_cases > 1 {
        facts.push_str(", one voice");
    }
    for line in wrap(&facts, columns - 3) {
        writeln!(out, "   {line}")?;
    }
    if theme.groups.len() > 1 {
        let groups: Vec<String> = theme
            .groups
            .iter()
            .map(|group| format!("{} {} of {}", group.name, group.n_cases, group.of_cases))
            .collect();
        for line in wrap(&groups.join(" · "), columns - 3) {
            writeln!(out, "   {line}")?;
        }
    }
    let terms: Vec<&str> = theme.terms.iter().take(10).map(|term| term.term.as_str()).collect();
    for line in wrap(&terms.join(", "), columns - 3) {
        writeln!(out, "   {line}")?;
    }
    for quote in theme.quotes.iter().take(n_quotes) {
        write_quote(out, quote, "   ", columns)?;
    }
    Ok(())
}
