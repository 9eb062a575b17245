//! `leitmotif compare`.

use std::io::Write;
use std::num::NonZeroUsize;

use crate::rendering::TableFormat;
use crate::rendering::compare::{Detail, write_comparison};
use crate::session::Session;

/// Compares groups: how many participants speak of each theme, and in which words
///
/// Groups are the values of an attribute: the sub-folder (`group`) or any column
/// of cases.csv. People are counted, not words, so that one talkative participant
/// does not stand for the group. One or two people are too few to describe a group.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews compare                       by sub-folder
  leitmotif --study interviews compare --by region --count 12
  leitmotif --study interviews compare --statistics          p, q, z and G² too
  leitmotif --study interviews compare --by role --format csv > groups.csv")]
pub(crate) struct CompareArgs {
    /// The attribute whose values are the groups
    #[arg(long, value_name = "ATTRIBUTE", default_value = "group")]
    by: String,

    /// Number of themes [default: chosen from the data]
    #[arg(long, value_name = "N")]
    count: Option<NonZeroUsize>,

    /// Show p, q, z and G² too (a table for spreadsheets or programs has them anyway)
    #[arg(long)]
    statistics: bool,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: TableFormat,
}

pub(crate) fn run(
    args: &CompareArgs,
    session: &Session,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let study = session.snapshot();
    let params = study.theme_params(args.count);
    if params == study.theme_params(None) {
        // Its themes are listed by their numbers, so that people can name them.
        session.themes_to_decide_on(&params).ok();
    }
    let answer = study.compare(&args.by, &params)?;
    let detail = if args.statistics { Detail::Statistics } else { Detail::Counts };
    Ok(write_comparison(out, &study.shown(answer), args.format, detail, super::columns())?)
}
