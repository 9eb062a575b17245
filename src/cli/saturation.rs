//! `leitmotif saturation`.

use std::io::Write;
use std::num::NonZeroUsize;

use clap::value_parser;

use crate::compare::interviews::SaturationParams;
use crate::rendering::TableFormat;
use crate::rendering::saturation::write_saturation;
use crate::study::Snapshot;

/// Shows whether more interviews still add new codes or themes
///
/// Counts how many new codes each interview adds (or new candidate themes, if
/// nothing is coded yet), in the order in which the interviews were made. Then
/// compares a run of interviews with the first ones (Guest, Namey and Chen 2020).
/// The order matters, so the result of 1,000 random orders is shown beside it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews saturation                    by the files' dates
  leitmotif --study interviews saturation --order \"years in practice\"
  leitmotif --study interviews saturation --base 6 --run 3 --format md")]
pub(crate) struct SaturationArgs {
    /// Column of cases.csv that gives the order of the interviews, such as dates
    /// like 2024-03-01 [default: the dates of the files]
    #[arg(long, value_name = "COLUMN")]
    order: Option<String>,

    /// Also show each group alone, by this attribute
    #[arg(long, value_name = "ATTRIBUTE")]
    by: Option<String>,

    /// Number of first interviews to compare with, 4 to 6
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = value_parser!(u8).range(4..=6))]
    base: u8,

    /// Number of interviews in a run, 2 or 3
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = value_parser!(u8).range(2..=3))]
    run: u8,

    /// Count candidate themes, even if there are codes
    #[arg(long)]
    candidates: bool,

    /// Number of candidate themes [default: chosen from the data]
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
    let (answer, told) = (study.shown(answer), &super::advice::remark);
    Ok(write_saturation(out, &answer, args.format, told, super::columns())?)
}
