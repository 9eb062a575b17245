//! `leitmotif schema`: what the machine-readable answers hold.

use std::io::Write;

use super::advice;
use crate::answers::schema::{ANSWERS, DescribedAnswer, FORMAT_VERSION};
use crate::base::{Diagnostic, Remedy};

/// Prints the JSON Schema of what a command prints with `--format json`
///
/// Without a command, lists the commands that have one. Every schema explains each field
/// and has a format version: new fields may come with a new version of Leitmotif; if a field
/// is renamed or removed, the format version rises.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif schema
  leitmotif schema themes > themes.schema.json
  leitmotif schema search --format jsonl     one line of it")]
pub(crate) struct SchemaArgs {
    /// The command, such as `themes --since`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

pub(crate) fn run(args: &SchemaArgs, out: &mut impl Write) -> anyhow::Result<()> {
    if args.command.is_empty() {
        for answer in ANSWERS {
            writeln!(out, "{}", answer.command)?;
        }
        writeln!(out, "\nFormat version {FORMAT_VERSION}. `leitmotif schema COMMAND` prints one.")?;
        return Ok(());
    }
    let typed = args.command.join(" ");
    // That is what is meant without it.
    let command = typed.strip_suffix(" --format json").unwrap_or(&typed);
    let Some(answer) = DescribedAnswer::of(command) else {
        let known = ANSWERS.iter().map(|answer| answer.command);
        let list = || Remedy::new("see which there are: `leitmotif schema`");
        let unknown = Diagnostic::new(format!("there is no schema of `{command}`"))
            .with(Remedy::nearest(command, known, list));
        anyhow::bail!(advice::told(&unknown));
    };
    serde_json::to_writer_pretty(&mut *out, &answer.schema())?;
    writeln!(out)?;
    Ok(())
}
