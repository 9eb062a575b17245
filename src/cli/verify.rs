//! `leitmotif verify`.

use std::io::Write;
use std::path::PathBuf;

use super::Outcome;
use crate::rendering::TableFormat;
use crate::rendering::verification::write_verification;
use crate::study::Snapshot;

/// Checks every quote of a report against the transcripts
///
/// Reads a report that was exported or written by hand. A quote is a text of four
/// words or more between quotation marks, a block quote, or a cell of a column
/// named `quote`. Each is compared with the transcripts: exact, shortened (with
/// marks such as […]), altered (with the words that differ), or not found. What the
/// report says beside a quote, such as participant and lines, must be right too.
/// The exit code is 1 if there is anything to look at.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews verify report.docx
  leitmotif --study interviews verify paper.md --all
  leitmotif --study interviews verify quotes.csv --format csv > checked.csv")]
pub(crate) struct VerifyArgs {
    /// The report: .docx, .odt, .rtf, .pdf, .html, .md, .txt, .xlsx, .ods, .csv or .json
    report: PathBuf,

    /// Also list the quotes that are correct
    #[arg(long)]
    all: bool,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: TableFormat,
}

pub(crate) fn run(
    args: &VerifyArgs,
    study: &Snapshot,
    out: &mut impl Write,
) -> anyhow::Result<Outcome> {
    let answer = study.verify(&args.report)?;
    write_verification(out, &answer, args.format, args.all, super::columns())?;
    Ok(if answer.is_clean() { Outcome::Complete } else { Outcome::WithWarnings })
}
