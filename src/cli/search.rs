//! `leitmotif search`.

use std::io::Write;

use crate::report::{self, Format, quotes::write_quote};
use crate::study::Study;

/// Finds what is said about something, best first
///
/// Words are found in all their forms ("meeting" finds "meetings"), and a
/// passage also counts what is said around it. A speaker's name favours what
/// that speaker says.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews search \"silence in the group\"
  leitmotif --study interviews search \"what was difficult online\" --transcript P07 --limit 5")]
pub(crate) struct SearchArgs {
    /// What to look for, in any words
    query: String,

    /// Search in one transcript
    #[arg(long, value_name = "ID")]
    transcript: Option<String>,

    /// The most hits; 0 for all
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(
    args: &SearchArgs,
    study: &mut Study,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let transcript = args.transcript.as_deref().map(|id| study.transcript_named(id)).transpose()?;
    let hits = study.search(&args.query, transcript, args.limit)?;
    write_hits(out, &hits, args.format)?;
    if hits.is_empty() {
        writeln!(anstream::stderr().lock(), "nothing found for `{}`", args.query)?;
    }
    Ok(())
}

/// Writes hits in any format.
pub(super) fn write_hits(
    out: &mut impl Write,
    hits: &[report::answers::Hit],
    format: Format,
) -> anyhow::Result<()> {
    match format {
        Format::Text => {
            for (at, hit) in hits.iter().enumerate() {
                if at > 0 {
                    writeln!(out)?;
                }
                write_quote(out, hit, "", super::columns())?;
            }
        }
        Format::Json => report::write_json(out, &hits)?,
        Format::Jsonl => hits.iter().try_for_each(|hit| report::write_json(out, hit))?,
    }
    Ok(())
}
