//! `leitmotif export tables`.

use std::io::Write;
use std::path::PathBuf;

use super::Outcome;
use crate::base::Warned;
use crate::rendering::info::count;
use crate::session::Session;
use crate::tidy::FileFormat;

/// Writes the whole study as a folder of tables for R, Python or a database
///
/// One file for each kind of thing: transcripts, speakers, cases with their attributes,
/// passages, candidates with their terms and evidence, and, apart from these, what people
/// decided: codes, quotations and codings. Ids join the tables. README.md in the folder
/// explains every column; datapackage.json says the same for programs. Every number is
/// that of `leitmotif themes --format json`.
///
/// Texts are verbatim, so a cell may begin with `=`: for a spreadsheet, export .xlsx.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews export tables results
  leitmotif --study interviews export tables results --format parquet
  leitmotif --study interviews export tables results --overwrite")]
pub(crate) struct TablesArgs {
    /// The folder to write, outside the study's folder
    #[arg(value_name = "DIR")]
    path: PathBuf,

    /// Kind of files
    #[arg(long, value_enum, default_value_t)]
    format: FileFormat,

    /// Replace the folder if it exists and holds such tables and nothing else
    #[arg(long)]
    overwrite: bool,
}

pub(crate) fn run(
    args: &TablesArgs,
    session: &Session,
    out: &mut impl Write,
) -> anyhow::Result<Outcome> {
    let study = session.snapshot();
    study.check_free(&args.path, args.overwrite)?;
    let data = session.data(&study.theme_params(None))?;
    let Warned { value: data, warnings } = study.shown(data);
    let n_tables = study.write_tables(&data, &args.path, args.format, args.overwrite)?;
    writeln!(
        out,
        "Wrote {}: {}, {} and {}; README.md there explains them.",
        args.path.display(),
        count(n_tables as u64, "table"),
        count(data.themes.themes.len() as u64, "theme"),
        count(data.quotations.len() as u64, "quotation"),
    )?;
    super::exchange::tell_what_is_left(&study)?;
    Ok(super::warn(&warnings))
}
