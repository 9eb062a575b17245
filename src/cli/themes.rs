//! `leitmotif themes`.

use std::num::NonZeroUsize;

use super::Outcome;
use crate::listing::Numbering;
use crate::rendering::style::StyledWrite;
use crate::rendering::{self, QuoteFormat};
use crate::session::Session;
use crate::tidy;

/// Suggests candidate themes, each with its evidence
///
/// A candidate is something that several participants say in similar words. It
/// comes with the number of those participants, the words that are typical of it,
/// and quotes of different people. Interviewers' words are never evidence.
/// Passages that fit no candidate stay unassigned.
///
/// In a study with codings your own codes come first, with what is coded and what is
/// proposed, then what no code covers yet.
///
/// Each suggestion is saved as a numbered version. When interviews are added,
/// themes keep their numbers, and unchanged themes keep their names.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews themes                 those that are stable
  leitmotif --study interviews themes --count 12      at most twelve
  leitmotif --study interviews themes --since 3       changes since version 3
  leitmotif --study interviews themes --unassigned    what fits no theme
  leitmotif --study interviews themes --format json   for another program")]
pub(crate) struct ThemesArgs {
    /// Number of themes [default: chosen from the data]
    #[arg(long, value_name = "N")]
    count: Option<NonZeroUsize>,

    /// Quotes to show for each theme
    #[arg(long, value_name = "N", default_value_t = 2)]
    quotes: usize,

    /// Show what has changed since a version
    #[arg(
        long,
        value_name = "VERSION",
        value_parser = version,
        conflicts_with_all = ["unassigned", "afresh"]
    )]
    since: Option<u32>,

    /// List the passages that fit no theme
    #[arg(long, conflicts_with = "afresh")]
    unassigned: bool,

    /// Give the themes new numbers and names, the one with most participants first
    #[arg(long)]
    afresh: bool,

    /// Have the candidates named by the program in study.toml (`[naming]`), once for each
    /// saved version; it gets their terms and quotes, with pseudonyms
    #[arg(long, conflicts_with_all = ["since", "unassigned", "afresh", "count"])]
    name: bool,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: ThemesFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum ThemesFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object
    Json,
    /// One JSON object on each line
    Jsonl,
    /// A table, one row for each theme and code under it: that of `export tables`
    Csv,
}

/// The number of a version.
fn version(text: &str) -> Result<u32, String> {
    let wanted = "write the number of a saved version, such as `3`; `themes` prints its own first";
    text.parse().map_err(|_no_number| wanted.to_owned())
}

pub(crate) fn run(
    args: &ThemesArgs,
    session: &Session,
    out: &mut impl StyledWrite,
) -> anyhow::Result<Outcome> {
    let study = session.snapshot();
    let params = study.theme_params(args.count);
    // What the study itself asks for is kept as a version; exploring changes nothing.
    let is_kept = params == study.theme_params(None);
    super::with_bar("looking for themes", |bar| study.prepare_themes(&params, bar))?;
    if let Some(since) = args.since {
        study.known_version(since)?;
        if is_kept {
            session.themes_to_decide_on(&params).ok();
        }
        let answer = study.growth(since, &params)?;
        let answer = study.shown(answer);
        match args.format {
            ThemesFormat::Text => rendering::growth::write_growth(out, &answer, super::columns())?,
            ThemesFormat::Json => rendering::write_json(out, &answer)?,
            ThemesFormat::Csv => anyhow::bail!(
                "what has changed since a version is no table\n  hint: print it with `--format json`"
            ),
            ThemesFormat::Jsonl => {
                answer.changes.iter().try_for_each(|change| rendering::write_json(out, change))?;
            }
        }
        return Ok(Outcome::Complete);
    }
    if args.unassigned {
        let hits = study.unassigned(&params)?;
        let hits = study.shown(hits);
        let format = match args.format {
            ThemesFormat::Text => QuoteFormat::Text,
            ThemesFormat::Json => QuoteFormat::Json,
            ThemesFormat::Jsonl => QuoteFormat::Jsonl,
            ThemesFormat::Csv => QuoteFormat::Csv,
        };
        rendering::hits::write_hits(out, &hits, format, super::columns())?;
        return Ok(Outcome::Complete);
    }
    let outcome = if args.name {
        super::warn(&study.shown(session.name_themes(&params)?))
    } else {
        Outcome::Complete
    };
    let numbering = if args.afresh { Numbering::Afresh } else { Numbering::CarriedOn };
    let answer = if is_kept {
        session.list_themes(&params, numbering)?
    } else {
        study.suggest_themes(&params, numbering)?
    };
    let answer = super::with_bar("learning codes", |bar| session.with_codes(answer, bar))?;
    let answer = study.shown(answer);
    match args.format {
        ThemesFormat::Text => {
            rendering::themes::write_themes(out, &answer, args.quotes, super::columns())?;
        }
        ThemesFormat::Json => rendering::write_json(out, &answer)?,
        ThemesFormat::Csv => tidy::candidates(&answer).write_csv(out)?,
        ThemesFormat::Jsonl => {
            answer.themes.iter().try_for_each(|theme| rendering::write_json(out, theme))?;
        }
    }
    Ok(outcome)
}
