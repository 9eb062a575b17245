//! `leitmotif show`.

use std::io::Write;

use anyhow::Context as _;

use super::lines::LineRange;
use crate::answers::TranscriptText;
use crate::study::Snapshot;

/// Prints the text of a transcript with line numbers (quotes refer to these)
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews show P07
  leitmotif --study interviews show participants/P07 --lines 112-118")]
pub(crate) struct ShowArgs {
    /// The transcript: its path without the ending, or its file name
    transcript: String,

    /// Lines to print, such as `112-118` [default: all]
    #[arg(long, value_name = "A-B")]
    lines: Option<LineRange>,
}

pub(crate) fn run(args: &ShowArgs, study: &Snapshot, out: &mut impl Write) -> anyhow::Result<()> {
    let text = study.text(&args.transcript, args.lines.map(|range| range.0))?;
    let TranscriptText { text: shown, lines } = study.shown(text);
    let width = lines.last.to_string().len();
    let all_lines = (1..).zip(shown.split('\n'));
    for (number, line) in
        all_lines.skip(lines.first as usize - 1).take_while(|(n, _)| *n <= lines.last)
    {
        writeln!(out, "{number:>width$}  {}", line.trim_end_matches('\r'))
            .context("the lines cannot be written")?;
    }
    Ok(())
}
