//! `leitmotif codebook`, `log`, `undo`, `redo` and `restore`.

use std::io::Write;

use clap::value_parser;

use super::Outcome;
use super::decided;
use crate::codebook::act::Act;
use crate::rendering::TableFormat;
use crate::rendering::codebook::{write_codebook, write_log};
use crate::rendering::style::StyledWrite;
use crate::session::{Person, Session};
use crate::study::Snapshot;

/// Prints the codebook: themes and codes, with how many participants are quoted
/// under each
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews codebook
  leitmotif --study interviews codebook --format csv > codebook.csv")]
pub(crate) struct CodebookArgs {
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: TableFormat,
}

pub(crate) fn run_codebook(
    args: &CodebookArgs,
    study: &Snapshot,
    out: &mut impl StyledWrite,
) -> anyhow::Result<Outcome> {
    let codes = study.shown(study.code_answers()?);
    write_codebook(out, &codes.value, args.format, super::columns())?;
    Ok(super::warn(&codes.warnings))
}

/// Lists all decisions, with time and person; none is ever deleted
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews log
  leitmotif --study interviews log --format csv > log.csv
  leitmotif --study interviews log --seal")]
pub(crate) struct LogArgs {
    /// Print only the number of decisions and the hash of the last, which covers
    /// them all: kept in another place, it shows whether any was changed later
    #[arg(long, conflicts_with = "format")]
    seal: bool,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: TableFormat,
}

pub(crate) fn run_log(
    args: &LogArgs,
    study: &Snapshot,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    if args.seal {
        let seal = study.history()?.seal();
        return Ok(writeln!(out, "{}", seal.map_or_else(|| "0".to_owned(), |it| it.to_string()))?);
    }
    Ok(write_log(out, &study.shown(study.log()?), args.format, super::columns())?)
}

/// Undoes the last decision; repeat it to go back as far as the first
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews undo
  leitmotif --study interviews undo 3
  leitmotif --study interviews undo --to 12   # decision 12 and all after it")]
pub(crate) struct UndoArgs {
    /// How many decisions
    #[arg(default_value_t = 1, value_parser = value_parser!(u32).range(1..))]
    times: u32,

    /// Undo the decision of this number and all after it, as one
    #[arg(long, value_name = "NUMBER", conflicts_with = "times")]
    to: Option<u32>,
}

pub(crate) fn run_undo(
    args: &UndoArgs,
    person: &Person,
    session: &Session,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    if let Some(number) = args.to {
        return decided::act(session, person, &Act::UndoTo { number }, out);
    }
    (0..args.times).try_for_each(|_| decided::act(session, person, &Act::Undo, out))
}

/// Redoes what was undone since the last decision
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  leitmotif --study interviews redo")]
pub(crate) struct RedoArgs {
    /// How many decisions
    #[arg(default_value_t = 1, value_parser = value_parser!(u32).range(1..))]
    times: u32,

    /// Redo what was undone, up to the decision of this number, as one
    #[arg(long, value_name = "NUMBER", conflicts_with = "times")]
    to: Option<u32>,
}

pub(crate) fn run_redo(
    args: &RedoArgs,
    person: &Person,
    session: &Session,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    if let Some(number) = args.to {
        return decided::act(session, person, &Act::RedoTo { number }, out);
    }
    (0..args.times).try_for_each(|_| decided::act(session, person, &Act::Redo, out))
}

/// Restores lost or damaged decisions from the journal or a backup
///
/// Each decision is taken from a file in which it is undamaged; what cannot be
/// restored is listed by its number. Nothing is deleted: files that are replaced are
/// kept under another name.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  leitmotif --study interviews restore")]
pub(crate) struct RestoreArgs {}

pub(crate) fn run_restore(
    person: &Person,
    session: &Session,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let Some(restored) = session.restore(person)? else {
        writeln!(out, "Nothing to restore: `study.db` is complete.")?;
        return Ok(());
    };
    let n = match restored.n_decisions {
        1 => "1 decision".to_owned(),
        n => format!("{n} decisions"),
    };
    let from: Vec<String> = restored.from.iter().map(|file| format!("`{file}`")).collect();
    writeln!(out, "Restored {n} from {}.", from.join(" and "))?;
    if !restored.lost.is_empty() {
        let lost: Vec<String> = restored.lost.iter().map(ToString::to_string).collect();
        writeln!(out, "Damaged in every file, and lost: {}.", lost.join(", "))?;
    }
    if let Some(kept) = &restored.kept {
        writeln!(out, "The old database is kept as `{kept}`.")?;
    }
    let mut err = super::output::stderr();
    for problem in &restored.problems {
        writeln!(err, "note: {problem}")?;
    }
    Ok(())
}
