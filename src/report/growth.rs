//! What has become of the themes, for people.

use std::io;

use super::info::count;
use super::layout::{wrap, write_hanging, write_wrapped};
use super::quotes::write_quote;
use super::style::{Style, StyledWrite};
use crate::answers::{GrowthAnswer, GrowthKind, NamedTheme, ThemeChange, ThemeSize};

/// Writes what has changed since a version, theme by theme.
///
/// # Errors
/// If the writer fails.
pub fn write_growth(
    out: &mut impl StyledWrite,
    answer: &GrowthAnswer,
    columns: usize,
) -> io::Result<()> {
    write_wrapped(out, &interviews(answer), columns)?;
    if !answer.is_asked_alike {
        let note = "note: that version was made with other settings (such as --count); this alone \
                    changes themes";
        write_wrapped(out, note, columns)?;
    }
    for change in answer.changes.iter().filter(|change| change.kind != GrowthKind::Held) {
        writeln!(out)?;
        write_change(out, answer, change, columns)?;
    }
    let held: Vec<String> = answer
        .changes
        .iter()
        .filter(|change| change.kind == GrowthKind::Held)
        .map(|change| {
            let new = match change.n_new_cases {
                0 => String::new(),
                n => format!(" (said by {n} of {} new participants)", answer.of_new_cases),
            };
            format!("{}. {}{new}", change.id.unwrap_or_default(), change.label)
        })
        .collect();
    if !held.is_empty() {
        writeln!(out)?;
        write_wrapped(out, &format!("Unchanged: {}", held.join("; ")), columns)?;
    }
    Ok(())
}

fn interviews(answer: &GrowthAnswer) -> String {
    let listed = |ids: &[String]| -> String {
        const SHOWN: usize = 8;
        let shown = ids.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
        if ids.len() > SHOWN { format!("{shown}, …") } else { shown }
    };
    let mut parts = Vec::new();
    for (ids, what) in
        [(&answer.added, "new"), (&answer.changed, "changed"), (&answer.gone, "removed")]
    {
        if !ids.is_empty() {
            let n = count(ids.len() as u64, "transcript");
            parts.push(format!("{n} {what} ({})", listed(ids)));
        }
    }
    if parts.is_empty() {
        parts.push("no transcript has changed".to_owned());
    }
    format!("Since version {}: {}.", answer.since, parts.join(", "))
}

fn write_change(
    out: &mut impl StyledWrite,
    answer: &GrowthAnswer,
    change: &ThemeChange,
    columns: usize,
) -> io::Result<()> {
    let named = |themes: &[NamedTheme]| -> String {
        let names = themes.iter().map(|theme| format!("{}. {}", theme.id, theme.label));
        names.collect::<Vec<_>>().join(" + ")
    };
    let of = |prevalence: Option<ThemeSize>| {
        prevalence.map_or_else(String::new, |p| format!("{} of {}", p.n_cases, p.of_cases))
    };
    let own = format!("{}. {}", change.id.unwrap_or_default(), change.label);
    let heading = match change.kind {
        GrowthKind::New => format!("New: {own}"),
        GrowthKind::Stronger => format!("Stronger: {own}"),
        GrowthKind::Weaker => format!("Weaker: {own}"),
        GrowthKind::Held => format!("Unchanged: {own}"),
        GrowthKind::Merged => format!("Merged: {} → {own}", named(&change.from)),
        GrowthKind::Split => format!("Split: {} → {}", named(&change.from), named(&change.into)),
        GrowthKind::Gone if change.into.is_empty() => {
            format!("No longer suggested: {}", named(&change.from))
        }
        GrowthKind::Gone => {
            format!(
                "No longer suggested: {}; its passages are now in {}",
                named(&change.from),
                named(&change.into)
            )
        }
    };
    for line in wrap(&heading, columns) {
        out.write_styled(Style::Bold, &line)?;
        writeln!(out)?;
    }
    let mut facts = Vec::new();
    match (change.before, change.now) {
        (Some(_), Some(_)) => {
            facts.push(format!("{} → {} participants", of(change.before), of(change.now)));
        }
        (None, Some(now)) => facts.push(format!(
            "{} participants, {}",
            of(change.now),
            count(now.n_passages as u64, "passage")
        )),
        (Some(_), None) => facts.push(format!("before: {} participants", of(change.before))),
        (None, None) => {}
    }
    if answer.of_new_cases > 0 && change.id.is_some() {
        facts.push(format!(
            "{} of {} new participants, {}",
            change.n_new_cases,
            answer.of_new_cases,
            count(change.n_new_passages as u64, "passage")
        ));
    }
    write_hanging(out, ["   "; 2], &facts.join("; "), columns)?;
    for quote in &change.quotes {
        write_quote(out, quote, "   ", columns)?;
    }
    Ok(())
}
