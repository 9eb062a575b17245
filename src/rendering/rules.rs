//! The rule of a code, for people and machines.

use std::io;

use super::info::count;
use super::layout::{write_hanging, write_wrapped};
use super::quotes::{provenance, write_quote};
use super::style::{Style, StyledWrite};
use super::{Format, write_json};
use crate::answers::{CodeRuleAnswer, RuleFound};
use crate::base::one_line;

/// Writes the rule that is kept with a code and the one that is suggested.
///
/// # Errors
/// If the writer fails.
pub fn write_rules(
    out: &mut impl StyledWrite,
    answer: &CodeRuleAnswer,
    format: Format,
    columns: usize,
) -> io::Result<()> {
    if format != Format::Text {
        return write_json(out, answer);
    }
    out.write_styled(Style::Bold, &answer.code)?;
    writeln!(out)?;
    let CodeRuleAnswer { kept, suggested, .. } = answer;
    match kept {
        Some(kept) => write_rule(out, "Rule: ", kept, columns)?,
        None => writeln!(out, "  It has no rule yet.")?,
    }
    match suggested {
        None => {
            let nothing = "No rule to suggest: no few words or phrases find quotations of several people and little else.";
            write_hanging(out, ["  "; 2], nothing, columns)
        }
        Some(found) if kept.as_ref().is_some_and(|kept| kept.query == found.query) => {
            writeln!(out, "\n  The quotations suggest the same rule.")
        }
        Some(found) => {
            writeln!(out)?;
            write_rule(out, "Suggested: ", found, columns)?;
            writeln!(out)?;
            let keep = "Keep it, or one that you have edited:";
            write_wrapped(out, keep, columns)?;
            let (code, query) = (quoted(&answer.code), quoted(&found.query));
            writeln!(out, "  leitmotif code rule {code} {query}")
        }
    }
}

fn write_rule(
    out: &mut impl StyledWrite,
    what: &str,
    found: &RuleFound,
    columns: usize,
) -> io::Result<()> {
    write_hanging(out, ["  ", "    "], &format!("{what}{}", found.query), columns)?;
    write_hanging(out, ["  "; 2], &found_line(found), columns)?;
    if !found.missed.is_empty() {
        writeln!(
            out,
            "\n  Quotations that it misses, {}:",
            n_of(found.missed.len(), found.n_quotations - found.n_covered)
        )?;
        for missed in &found.missed {
            let words = one_line(&missed.text);
            let line = format!("{}. “{words}” ({})", missed.id, provenance(&missed.at));
            write_hanging(out, ["  ", "     "], &line, columns)?;
        }
    }
    if !found.others.is_empty() {
        writeln!(
            out,
            "\n  Passages that it finds and that are not coded with it, {}:",
            n_of(found.others.len(), found.n_others)
        )?;
        for hit in &found.others {
            write_quote(out, hit, "  ", columns)?;
        }
    }
    Ok(())
}

/// `3 of 12`.
fn n_of(n: usize, of: usize) -> String {
    format!("{n} of {of}")
}

/// `Covers 9 of 12 quotations, of 5 of 6 participants, and finds 4 passages that are not
/// coded with it, of 3 participants; 1 of them was rejected for this code.`
fn found_line(found: &RuleFound) -> String {
    let covers = format!(
        "Covers {} of {}, of {} of {}",
        found.n_covered,
        count(found.n_quotations as u64, "quotation"),
        found.n_cases_covered,
        count(found.n_cases as u64, "participant"),
    );
    let others = match found.n_others {
        0 => "and finds no other passage".to_owned(),
        n => format!(
            "and finds {} that {} not coded with it, of {}",
            count(n as u64, "passage"),
            if n == 1 { "is" } else { "are" },
            count(found.n_other_cases as u64, "participant"),
        ),
    };
    let refused = match found.n_refused {
        0 => String::new(),
        1 => "; 1 of them was rejected for this code".to_owned(),
        n => format!("; {n} of them were rejected for this code"),
    };
    format!("{covers}, {others}{refused}.")
}

/// An argument as a shell takes it.
pub(super) fn quoted(argument: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    if argument.chars().all(is_plain) && !argument.is_empty() {
        return argument.to_owned();
    }
    if argument.contains('"') && !argument.contains('\'') {
        return format!("'{argument}'");
    }
    let escaped =
        argument.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('`', "\\`");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_rule_finds_is_counted_in_words() {
        let found = RuleFound {
            query: String::new(),
            n_covered: 9,
            n_quotations: 12,
            n_cases_covered: 5,
            n_cases: 6,
            n_others: 4,
            n_other_cases: 3,
            n_refused: 1,
            missed: Vec::new(),
            others: Vec::new(),
        };
        assert_eq!(
            found_line(&found),
            "Covers 9 of 12 quotations, of 5 of 6 participants, and finds 4 passages that are not coded with it, of 3 participants; 1 of them was rejected for this code."
        );
        let found = RuleFound { n_others: 0, n_other_cases: 0, n_refused: 0, ..found };
        assert!(found_line(&found).ends_with("participants, and finds no other passage."));
    }

    #[test]
    fn an_argument_can_be_pasted_into_a_shell() {
        assert_eq!(quoted("petrol"), "petrol");
        assert_eq!(quoted("No travel"), "\"No travel\"");
        assert_eq!(quoted("\"turn* off\" OR bus"), "'\"turn* off\" OR bus'");
        assert_eq!(quoted("don't OR \"a b\""), "\"don't OR \\\"a b\\\"\"");
    }
}
