//! `leitmotif export`.

use std::io::Write;
use std::path::PathBuf;

use super::Outcome;
use crate::study::Study;
use crate::study::exchange::ExchangeFormat;

/// Writes what was decided as a file for other tools
///
/// The ending of the file says what is written: .qdpx, a project of REFI-QDA,
/// which ATLAS.ti, MAXQDA and many others read; .qdc, the codebook alone.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews export project.qdpx
  leitmotif --study interviews export codebook.qdc")]
pub(crate) struct ExportArgs {
    /// The file to write
    path: PathBuf,

    /// Write this kind of file, whatever the ending: qdpx, qdc
    #[arg(long = "as", value_name = "KIND")]
    kind: Option<String>,

    /// Write over a file that is there already
    #[arg(long)]
    overwrite: bool,
}

pub(crate) fn run(
    args: &ExportArgs,
    study: &Study,
    out: &mut impl Write,
) -> anyhow::Result<Outcome> {
    let ending = args.path.extension().unwrap_or_default().to_string_lossy().into_owned();
    let named = args.kind.as_deref().unwrap_or(&ending).trim_start_matches('.');
    if let Some(format) = ExchangeFormat::of_ending(named) {
        return super::exchange::export(&args.path, format, args.overwrite, study, out);
    }
    anyhow::bail!("`{named}` is no kind of file that is written here\n  hint: use .qdpx or .qdc")
}
