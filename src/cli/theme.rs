//! `leitmotif theme`: what a person does with candidates and themes.

use std::io::Write;
use std::num::NonZeroUsize;

use super::decided;
use crate::codebook::act::{Act, ThemeId};
use crate::rendering::TableFormat;
use crate::rendering::codebook::write_rejections;
use crate::session::candidates::N_QUOTES;
use crate::session::{Person, Session};
use crate::study::StudyError;

/// Turns candidates into themes: accepts, renames, merges, splits, rejects
///
/// Only these commands turn a candidate into a theme. Say which candidate by its
/// number in the list of `leitmotif themes` or by its label; an accepted theme also
/// by `#` and its number in the codebook. Every change is a decision in the log, and
/// `leitmotif undo` undoes it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews theme accept 3 --as \"Easier to join\"
  leitmotif --study interviews theme merge 3 5 --as \"Joining\"
  leitmotif --study interviews theme split 4 --by-code
  leitmotif --study interviews theme reject 7 --because \"greetings\"")]
pub(crate) struct ThemeArgs {
    /// The N of `themes --count N`, if the candidate is from that list
    #[arg(long, value_name = "N", global = true)]
    count: Option<NonZeroUsize>,

    #[command(subcommand)]
    act: ThemeAct,
}

#[derive(Debug, clap::Subcommand)]
enum ThemeAct {
    /// Accepts a candidate as a theme, with its typical quotes
    #[command(after_help = "\
Examples:
  leitmotif theme accept 3
  leitmotif theme accept 3.2       only the second code under it
  leitmotif theme accept 3 --as \"Easier to join\" --quotes 10")]
    Accept {
        /// The candidate: its number or label, or 3.2 for a code under it
        candidate: String,
        /// The theme's name [default: the candidate's label]
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
        /// Put it under this theme of the codebook
        #[arg(long, value_name = "THEME")]
        under: Option<String>,
        /// How many of its quotes become quotations
        #[arg(long, value_name = "N", default_value_t = N_QUOTES)]
        quotes: usize,
    },
    /// Rejects a candidate: it is not suggested again
    #[command(after_help = "Example:\n  leitmotif theme reject 7 --because \"greetings\"")]
    Reject {
        /// The candidate: its number or label
        candidate: String,
        /// Why, for the log
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        because: String,
    },
    /// Lists rejected candidates
    #[command(after_help = "Example:\n  leitmotif theme rejected")]
    Rejected {
        /// How to print the answer
        #[arg(long, value_enum, default_value_t)]
        format: TableFormat,
    },
    /// Restores a rejected candidate: it may be suggested again
    #[command(after_help = "Example:\n  leitmotif theme restore 1", alias = "take-back")]
    Restore {
        /// The rejected candidate: its number in `theme rejected`, or its label
        candidate: String,
    },
    /// Gives a theme another name; a candidate is accepted with that name
    #[command(after_help = "\
Examples:
  leitmotif theme rename \"Easier to join\" Joining
  leitmotif theme rename 5 \"No travel\"")]
    Rename {
        /// The theme or candidate
        theme: String,
        /// The new name
        name: String,
    },
    /// Merges themes and candidates into one theme
    #[command(after_help = "Example:\n  leitmotif theme merge 3 5 --as Joining")]
    Merge {
        /// The themes and candidates; the first one is kept
        #[arg(required = true, num_args = 2..)]
        themes: Vec<String>,
        /// The name of the theme [default: the name of the first]
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
    /// Splits a theme or candidate into several themes
    #[command(after_help = "\
Examples:
  leitmotif theme split 4 --by-code
  leitmotif theme split Joining --quotes 4,7 --into \"No travel\"")]
    Split {
        /// The theme or candidate
        theme: String,
        /// Make a theme of each of its codes
        #[arg(long, conflicts_with_all = ["quotes", "into"], required_unless_present = "quotes")]
        by_code: bool,
        /// Quotations to move to a new theme, such as `4,7`
        #[arg(long, value_name = "NUMBERS", value_delimiter = ',', requires = "into")]
        quotes: Vec<String>,
        /// The name of the new theme
        #[arg(long, value_name = "NAME", requires = "quotes")]
        into: Option<String>,
    },
}

pub(crate) fn run(
    args: &ThemeArgs,
    person: &Person,
    session: &Session,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let study = session.snapshot();
    // What is decided on is listed first, and kept, so that it has a number.
    let named = |which: &str| {
        study.theme_named(which, || {
            let params = study.theme_params(args.count);
            session.themes_to_decide_on(&params)
        })
    };
    let candidate = |which: &str| match named(which)? {
        ThemeId::Candidate(candidate) => Ok(candidate),
        ThemeId::Accepted(code) => Err(study.is_theme_already(which, code)),
    };
    let code = |name: &str| {
        study.codebook()?.code_named(name).map(|code| code.id).map_err(StudyError::from)
    };
    let act = match &args.act {
        ThemeAct::Accept { candidate: which, name, under, quotes } => Act::AcceptTheme {
            candidate: candidate(which)?,
            name: name.clone(),
            under: under.as_deref().map(code).transpose()?,
            n_quotes: *quotes,
        },
        ThemeAct::Reject { candidate: which, because } => {
            Act::RejectTheme { candidate: candidate(which)?, reason: because.clone() }
        }
        ThemeAct::Rejected { format } => {
            return Ok(write_rejections(out, &study.shown(study.rejection_answers()?), *format)?);
        }
        ThemeAct::Restore { candidate } => {
            Act::RestoreCandidate { rejection: study.rejection_named(candidate)? }
        }
        ThemeAct::Rename { theme, name } => {
            Act::RenameTheme { theme: named(theme)?, name: name.clone() }
        }
        ThemeAct::Merge { themes, name } => Act::MergeThemes {
            themes: themes.iter().map(|which| named(which)).collect::<Result<_, _>>()?,
            name: name.clone(),
        },
        ThemeAct::Split { theme, quotes, into: Some(name), .. } => Act::SplitByQuotations {
            theme: match named(theme)? {
                ThemeId::Accepted(code) => code,
                ThemeId::Candidate(_) => return Err(study.is_no_theme_yet(theme).into()),
            },
            quotations: super::quote::quotations_named(&study, quotes)?,
            name: name.clone(),
        },
        ThemeAct::Split { theme, into: None, .. } => Act::SplitByCodes { theme: named(theme)? },
    };
    decided::act(session, person, &act, out)
}
