//! `leitmotif index`.

use std::io::Write;

use super::info::transcript_info;
use super::update_line;
use crate::report::info::transcript_line;
use crate::study::{Study, UpdateReport};

/// Brings derived data up to date, and says what was read
///
/// Every other command does the same first; this one tells. Only new and
/// changed files are read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  leitmotif --study interviews index")]
pub(crate) struct IndexArgs {}

pub(crate) fn run(
    _: &IndexArgs,
    study: &Study,
    report: &UpdateReport,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    for t in
        (0..study.transcripts.len()).filter(|&t| report.read.contains(&study.transcripts[t].id))
    {
        writeln!(out, "{}", transcript_line(&study.shown(transcript_info(study, t))))?;
    }
    writeln!(out, "{}: {} passages in all", update_line(report), study.n_passages())?;
    Ok(())
}
