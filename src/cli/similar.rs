//! `leitmotif similar`.

use std::io::Write;

use super::lines::LineRange;
use crate::rendering::QuoteFormat;
use crate::rendering::hits::write_hits;
use crate::rendering::style::StyledWrite;
use crate::search::similar::{SimilarParams, SimilarTo};
use crate::study::Snapshot;

/// Finds passages similar to a quote (constant comparison)
///
/// Lists participants' passages that are most similar in their words and in what is
/// said around them, each with the words in common.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews similar --transcript P07 --lines 27-29
  leitmotif similar --transcript P07 --lines 27-29 --elsewhere
  leitmotif similar --transcript P07 --lines 27-29 --from-other-groups
  leitmotif --study interviews similar --text \"I could hide behind the camera\"")]
pub(crate) struct SimilarArgs {
    /// The transcript that the quote is in
    #[arg(long, value_name = "ID", requires = "lines", required_unless_present = "text")]
    transcript: Option<String>,

    /// The lines of the quote, such as `112-118`
    #[arg(long, value_name = "A-B", requires = "transcript")]
    lines: Option<LineRange>,

    /// A text of your own, instead of lines of a transcript
    #[arg(long, conflicts_with_all = ["transcript", "lines", "elsewhere", "from_other_groups"])]
    text: Option<String>,

    /// Look only in other transcripts
    #[arg(long)]
    elsewhere: bool,

    /// Look only at what other groups say
    #[arg(long)]
    from_other_groups: bool,

    /// Show at most this many results; 0 for all
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,

    /// Turns to show before and after each hit
    #[arg(short = 'C', long = "context", value_name = "N", default_value_t = 0)]
    n_context: usize,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: QuoteFormat,
}

pub(crate) fn run(
    args: &SimilarArgs,
    study: &Snapshot,
    out: &mut impl StyledWrite,
) -> anyhow::Result<()> {
    let quote = match (&args.text, &args.transcript, args.lines) {
        (None, Some(id), Some(lines)) => {
            SimilarTo::Lines { transcript: study.transcript_named(id)?, lines: lines.0 }
        }
        (text, ..) => SimilarTo::Text(text.clone().unwrap_or_default()),
    };
    let params = SimilarParams {
        quote,
        elsewhere: args.elsewhere,
        from_other_groups: args.from_other_groups,
        limit: args.limit,
        n_context: args.n_context,
    };
    let hits = study.similar(&params)?;
    let hits = study.shown(hits);
    write_hits(out, &hits, args.format, super::columns())?;
    if hits.is_empty() {
        writeln!(super::output::stderr(), "no similar passages were found")?;
    }
    Ok(())
}
