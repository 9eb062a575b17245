//! `leitmotif theme`: what a person does with candidates and themes.

use std::io::Write;

use super::decided::write_decided;
use crate::report::TableFormat;
use crate::report::codebook::write_rejections;
use crate::study::Study;
use crate::study::candidates::N_QUOTES;
use crate::study::decisions::Person;

/// Makes themes of candidates: accepts, renames, merges, splits, rejects
///
/// A candidate becomes a theme only here. Candidates are named by their numbers in
/// the list of `leitmotif themes`, or by their labels; accepted themes also by
/// `#` and their numbers in the codebook. Every act is a decision in the log, and
/// `leitmotif undo` takes it back.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews theme accept 3 --as \"Easier to join\"
  leitmotif --study interviews theme merge 3 5 --as \"Joining\"
  leitmotif --study interviews theme split 4 --by-subtheme
  leitmotif --study interviews theme reject 7 --because \"greetings\"")]
pub(crate) struct ThemeArgs {
    #[command(subcommand)]
    act: ThemeAct,
}

#[derive(Debug, clap::Subcommand)]
enum ThemeAct {
    /// Makes a theme of a candidate, with its typical quotes
    #[command(after_help = "\
Examples:
  leitmotif theme accept 3
  leitmotif theme accept 3 --as \"Easier to join\" --quotes 10")]
    Accept {
        /// The candidate: its number or label
        candidate: String,
        /// The theme's name; the candidate's label if left out
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
        /// A theme of the codebook that it is to stand under
        #[arg(long, value_name = "THEME")]
        under: Option<String>,
        /// How many of its quotes become quotations
        #[arg(long, value_name = "N", default_value_t = N_QUOTES)]
        quotes: usize,
    },
    /// Puts a candidate aside: it is not suggested again
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
    /// Takes a rejection back: the candidate may be suggested again
    #[command(after_help = "Example:\n  leitmotif theme take-back 1")]
    TakeBack {
        /// The rejected candidate: its number in `theme rejected`, or its label
        candidate: String,
    },
    /// Gives a theme another name; accepts a candidate under it
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
    /// Makes one theme of several themes and candidates
    #[command(after_help = "Example:\n  leitmotif theme merge 3 5 --as Joining")]
    Merge {
        /// The themes and candidates; the first one stays
        #[arg(required = true, num_args = 2..)]
        themes: Vec<String>,
        /// The name of the theme; the first one's if left out
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
    /// Makes several themes of one
    #[command(after_help = "\
Examples:
  leitmotif theme split 4 --by-subtheme
  leitmotif theme split Joining --quotes 4,7 --into \"No travel\"")]
    Split {
        /// The theme or candidate
        theme: String,
        /// Make a theme of each sub-theme
        #[arg(long, conflicts_with_all = ["quotes", "into"], required_unless_present = "quotes")]
        by_subtheme: bool,
        /// Quotations that go to a new theme, such as `4,7`
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
    study: &mut Study,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let decided = match &args.act {
        ThemeAct::Accept { candidate, name, under, quotes } => {
            study.accept_theme(person, candidate, (name.as_deref(), under.as_deref()), *quotes)
        }
        ThemeAct::Reject { candidate, because } => study.reject_theme(person, candidate, because),
        ThemeAct::Rejected { format } => {
            return Ok(write_rejections(out, &study.shown(study.rejection_answers()?), *format)?);
        }
        ThemeAct::TakeBack { candidate } => study.take_back_rejection(person, candidate),
        ThemeAct::Rename { theme, name } => study.rename_theme(person, theme, name),
        ThemeAct::Merge { themes, name } => {
            let themes: Vec<&str> = themes.iter().map(String::as_str).collect();
            study.merge_themes(person, &themes, name.as_deref())
        }
        ThemeAct::Split { theme, quotes, into, .. } => match into {
            Some(name) => {
                let quotes: Vec<&str> = quotes.iter().map(String::as_str).collect();
                study.split_by_quotes(person, theme, &quotes, name)
            }
            None => study.split_by_subtheme(person, theme),
        },
    };
    write_decided(out, &decided?)
}
