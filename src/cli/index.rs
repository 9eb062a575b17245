//! `leitmotif index`.

use std::io::Write;

use super::update_line;
use crate::report::info::transcript_line;
use crate::study::{Snapshot, UpdateReport};

/// Brings derived data up to date, and says what was read
///
/// Every other command does the same first; this one tells. Only new and
/// changed files are read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  leitmotif --study interviews index")]
pub(crate) struct IndexArgs {}

pub(crate) fn run(
    _: &IndexArgs,
    study: &Snapshot,
    report: &UpdateReport,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    for info in study.shown(study.transcript_infos(&report.read)) {
        writeln!(out, "{}", transcript_line(&info))?;
    }
    writeln!(out, "{}: {} passages in all", update_line(report), study.corpus.n_passages())?;
    Ok(())
}
