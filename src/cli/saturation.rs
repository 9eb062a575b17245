//! `leitmotif saturation`.

use std::io::Write;
use std::num::NonZeroUsize;

use clap::value_parser;

use crate::compare::interviews::SaturationParams;
use crate::report::TableFormat;
use crate::report::saturation::write_saturation;
use crate::study::Snapshot;

/// Tells whether further interviews still bring new codes or themes
///
/// Counts what each interview adds to the codes that were given to quotations, or
/// to the candidate themes as long as there are none, in the order in which they were made, and
/// compares what is new in a run of interviews with those of the first ones
/// (Guest, Namey and Chen 2020). The order matters, so 1,000 random orders are
/// shown beside it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews saturation                    by the files' dates
  leitmotif --study interviews saturation --order date --by group
  leitmotif --study interviews saturation --base 6 --run 3 --format md")]
pub(crate) struct SaturationArgs {
    /// Column of cases.csv whose values order the interviews, such as dates
    /// like 2024-03-01; the dates of the files if left out
    #[arg(long, value_name = "COLUMN")]
    order: Option<String>,

    /// Attribute by whose values interviews are also looked at apart
    #[arg(long, value_name = "ATTRIBUTE")]
    by: Option<String>,

    /// Interviews of the base, 4 to 6
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = value_parser!(u8).range(4..=6))]
    base: u8,

    /// Interviews of a run, 2 or 3
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = value_parser!(u8).range(2..=3))]
    run: u8,

    /// Count candidate themes, though there are codes
    #[arg(long)]
    candidates: bool,

    /// Number of candidate themes; chosen from the data if left out
    #[arg(long, value_name = "N")]
    count: Option<NonZeroUsize>,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: TableFormat,
}

pub(crate) fn run(
    args: &SaturationArgs,
    study: &Snapshot,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let asked = SaturationParams {
        order: args.order.clone(),
        base: args.base.into(),
        run: args.run.into(),
        by: args.by.clone(),
        is_of_candidates: args.candidates,
    };
    let params = study.theme_params(args.count);
    let answer = study.saturation(&asked, &params)?;
    Ok(write_saturation(out, &study.shown(answer), args.format, super::columns())?)
}
