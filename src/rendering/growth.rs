//! What has become of the themes, for people.

use std::io;

use super::info::count;
use super::layout::{wrap, write_hanging, write_wrapped};
use super::quotes::write_quote;
use super::rules::quoted;
use super::style::{Style, StyledWrite};
use crate::answers::{CodeGrowth, GrowthAnswer, GrowthKind, NamedTheme, ThemeChange, ThemeSize};

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
    write_codes(out, &answer.codes, columns)
}

/// Writes in which new interviews the researcher's own codes are proposed.
fn write_codes(out: &mut impl StyledWrite, codes: &[CodeGrowth], columns: usize) -> io::Result<()> {
    if codes.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    out.write_styled(Style::Bold, "Your codes in the new interviews")?;
    writeln!(out)?;
    write_wrapped(out, "These are proposals: nothing counts until you accept it.", columns)?;
    let is_found = |code: &&CodeGrowth| !code.proposed_in.is_empty() || !code.quoted_in.is_empty();
    for code in codes.iter().filter(is_found) {
        let what = format!("{}: {}", code.code, code_line(code));
        write_hanging(out, ["   ", "     "], &what, columns)?;
        if let Some(first) = code.proposed_in.first() {
            let (name, transcript) = (quoted(&code.code), quoted(first));
            writeln!(out, "     leitmotif propose --code {name} --in {transcript}")?;
        }
    }
    let none: Vec<&str> =
        codes.iter().filter(|code| !is_found(code)).map(|code| code.code.as_str()).collect();
    if !none.is_empty() {
        let what = format!("Not proposed in any of them: {}", none.join("; "));
        write_hanging(out, ["   ", "     "], &what, columns)?;
    }
    Ok(())
}

/// `proposed in 3 of 4 new interviews (P15, P16, P18); already quoted in P15`.
pub fn code_line(code: &CodeGrowth) -> String {
    let new = count(code.of_new as u64, "new interview");
    let proposed = match code.proposed_in.len() {
        0 => format!("proposed in none of {new}"),
        n => format!("proposed in {n} of {new} ({})", listed(&code.proposed_in)),
    };
    match code.quoted_in.len() {
        0 => proposed,
        _ => format!("{proposed}; already quoted in {}", listed(&code.quoted_in)),
    }
}

/// The first few ids.
fn listed(ids: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown = ids.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if ids.len() > SHOWN { format!("{shown}, …") } else { shown }
}

/// Which interviews are new, changed or gone.
pub fn interviews(answer: &GrowthAnswer) -> String {
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

/// What became of a theme, in a line.
pub fn heading(change: &ThemeChange) -> String {
    let named = |themes: &[NamedTheme]| -> String {
        let names = themes.iter().map(|theme| format!("{}. {}", theme.id, theme.label));
        names.collect::<Vec<_>>().join(" + ")
    };
    let own = format!("{}. {}", change.id.unwrap_or_default(), change.label);
    match change.kind {
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
    }
}

/// How many speak of it before and now, and in new interviews.
pub fn facts(answer: &GrowthAnswer, change: &ThemeChange) -> String {
    let of = |size: ThemeSize| format!("{} of {}", size.n_cases, size.of_cases);
    let mut facts = Vec::new();
    match (change.before.map(of), change.now.map(of)) {
        (Some(before), Some(now)) if before == now => facts.push(format!("{now} participants")),
        (Some(before), Some(now)) => facts.push(format!("{before} → {now} participants")),
        (None, Some(now)) => {
            let n_passages = change.now.map_or(0, |now| now.n_passages);
            facts.push(format!("{now} participants, {}", count(n_passages as u64, "passage")));
        }
        (Some(before), None) => facts.push(format!("before: {before} participants")),
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
    facts.join("; ")
}

fn write_change(
    out: &mut impl StyledWrite,
    answer: &GrowthAnswer,
    change: &ThemeChange,
    columns: usize,
) -> io::Result<()> {
    for line in wrap(&heading(change), columns) {
        out.write_styled(Style::Bold, &line)?;
        writeln!(out)?;
    }
    write_hanging(out, ["   "; 2], &facts(answer, change), columns)?;
    for quote in &change.quotes {
        write_quote(out, quote, "   ", columns)?;
    }
    Ok(())
}
