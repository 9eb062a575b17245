//! `leitmotif themes`.

use std::io::Write;
use std::num::NonZeroUsize;

use crate::report::{self, Format};
use crate::study::Study;

/// Suggests candidate themes, each with its evidence
///
/// A candidate is what recurs in the talk of several participants. It comes
/// with how many of them speak of it, the words that set it apart, and quotes
/// of different people. Interviewers' words are never evidence. Passages that
/// fit no candidate stay unassigned.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews themes                 as many as the talk falls into
  leitmotif --study interviews themes --count 12      twelve, if there are so many
  leitmotif --study interviews themes --format json   for another program")]
pub(crate) struct ThemesArgs {
    /// Number of themes; chosen from the data if left out
    #[arg(long, value_name = "N")]
    count: Option<NonZeroUsize>,

    /// Quotes to show for each theme
    #[arg(long, value_name = "N", default_value_t = 2)]
    quotes: usize,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(
    args: &ThemesArgs,
    study: &mut Study,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let params = study.theme_params(args.count);
    let answer = study.suggest_themes(&params)?;
    match args.format {
        Format::Text => report::themes::write_themes(out, &answer, args.quotes, super::columns())?,
        Format::Json => report::write_json(out, &answer)?,
        Format::Jsonl => {
            answer.themes.iter().try_for_each(|theme| report::write_json(out, theme))?;
        }
    }
    Ok(())
}
