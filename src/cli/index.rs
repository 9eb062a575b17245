//! `leitmotif index`.

use std::io::Write;

use super::update_line;
use crate::rendering::info::transcript_line;
use crate::study::{Snapshot, UpdateReport};

/// Reads new and changed transcripts, and lists them
///
/// Every other command does the same first, without the list. Files that have not
/// changed are not read again.
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
    writeln!(out, "{}: {} passages in total", update_line(report), study.corpus.n_passages())?;
    Ok(())
}
