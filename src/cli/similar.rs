//! `leitmotif similar`.

use std::io::Write;

use super::lines::LineRange;
use super::search::write_hits;
use crate::report::Format;
use crate::study::Study;
use crate::study::search::SimilarParams;

/// Finds more like a quote: constant comparison
///
/// Passages of participants that lie nearest to the quote by what is said in
/// and around them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  leitmotif --study interviews similar --transcript P07 --lines 112-118 --elsewhere"
)]
pub(crate) struct SimilarArgs {
    /// The transcript that the quote is in
    #[arg(long, value_name = "ID")]
    transcript: String,

    /// The lines of the quote, such as `112-118`
    #[arg(long, value_name = "A-B")]
    lines: LineRange,

    /// Look in other transcripts only
    #[arg(long)]
    elsewhere: bool,

    /// The most hits; 0 for all
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(
    args: &SimilarArgs,
    study: &mut Study,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let transcript = study.transcript_named(&args.transcript)?;
    let params = SimilarParams {
        transcript,
        lines: args.lines.0,
        elsewhere: args.elsewhere,
        limit: args.limit,
    };
    let hits = study.similar(&params)?;
    write_hits(out, &hits, args.format)
}
