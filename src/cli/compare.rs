//! `leitmotif compare`.

use std::io::Write;
use std::num::NonZeroUsize;

use crate::report::TableFormat;
use crate::report::compare::write_comparison;
use crate::study::Session;

/// Compares groups: who speaks of which theme, and in which words
///
/// Groups are the values of an attribute: the sub-folder (`group`) or any column
/// of cases.csv. People are counted, not words, so that one talkative
/// participant makes no group. A group of one or two says nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews compare                       by sub-folder
  leitmotif --study interviews compare --by region --count 12
  leitmotif --study interviews compare --by role --format csv > groups.csv")]
pub(crate) struct CompareArgs {
    /// The attribute whose values are the groups
    #[arg(long, value_name = "ATTRIBUTE", default_value = "group")]
    by: String,

    /// Number of themes; chosen from the data if left out
    #[arg(long, value_name = "N")]
    count: Option<NonZeroUsize>,

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
    Ok(write_comparison(out, &study.shown(answer), args.format, super::columns())?)
}
