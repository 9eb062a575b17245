//! `leitmotif plot`.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use crate::base::{Diagnostic, Remedy, Task};
use crate::charts::{self, Picture};
use crate::compare::interviews::SaturationParams;
use crate::listing::Numbering;
use crate::study::{Snapshot, StudyError};

/// Draws a picture of themes, groups or saturation, as an SVG file
///
/// Browsers, Word and Inkscape open such a file, and it prints sharp at any size. Nothing is told by colour alone, so it can be printed in black and white. The
/// values are those of `themes`, `compare` and `saturation`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews plot matrix matrix.svg
  leitmotif --study interviews plot shares groups.svg --by group
  leitmotif --study interviews plot dispersion theme3.svg --theme 3
  leitmotif --study interviews plot saturation saturation.svg --overwrite")]
pub(crate) struct PlotArgs {
    /// What to draw
    #[arg(value_enum)]
    kind: Kind,

    /// The file to write, outside the study's folder
    path: PathBuf,

    /// Show the groups of this attribute (`shares`, `saturation`)
    #[arg(long, value_name = "ATTRIBUTE")]
    by: Option<String>,

    /// The number of the theme (`dispersion`, `stability`)
    #[arg(long, value_name = "N")]
    theme: Option<usize>,

    /// Number of themes [default: chosen from the data]
    #[arg(long, value_name = "N")]
    count: Option<NonZeroUsize>,

    /// Replace the file if it exists
    #[arg(long, visible_alias = "force")]
    overwrite: bool,
}

/// What can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Who has how many passages of each theme
    Matrix,
    /// How many participants have evidence of each theme, with intervals
    Shares,
    /// What each interview adds
    Saturation,
    /// Where in each interview a theme is said
    Dispersion,
    /// How well a theme holds when participants are left out
    Stability,
    /// Which themes are alike
    Map,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Matrix => "matrix",
            Self::Shares => "shares",
            Self::Saturation => "saturation",
            Self::Dispersion => "dispersion",
            Self::Stability => "stability",
            Self::Map => "map",
        }
    }
}

pub(crate) fn run(args: &PlotArgs, study: &Snapshot, out: &mut impl Write) -> anyhow::Result<()> {
    if let Some(problem) = mistake(args) {
        anyhow::bail!("{}", super::advice::told(&problem));
    }
    // Nothing is worked out for a file that cannot be written.
    study.check_free(&args.path, args.overwrite)?;
    let picture = draw(args, study)?;
    study.write_picture(&args.path, &picture.svg, args.overwrite)?;
    Ok(writeln!(out, "Wrote {}: {}.", args.path.display(), picture.title)?)
}

/// What is asked for and means nothing.
fn mistake(args: &PlotArgs) -> Option<Diagnostic> {
    let kind = args.kind;
    let is_of_one = matches!(kind, Kind::Dispersion | Kind::Stability);
    let is_svg = args.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("svg"));
    let unused = |option: &str| format!("`{option}` means nothing for `plot {}`", kind.name());
    let (problem, advice) = if !is_svg {
        let name = args.path.display();
        (format!("`{name}` does not end in .svg"), "a picture is written as .svg: name it so")
    } else if args.by.is_some() && !matches!(kind, Kind::Shares | Kind::Saturation) {
        (unused("--by"), "leave it out, or draw `shares` or `saturation`")
    } else if args.theme.is_some() && !is_of_one {
        (unused("--theme"), "leave it out, or draw `dispersion` or `stability`")
    } else if args.theme.is_none() && is_of_one {
        ("no theme is named".to_owned(), "name one: `--theme 3`")
    } else {
        return None;
    };
    Some(Diagnostic::new(problem).with(Remedy::new(advice)))
}

fn draw(args: &PlotArgs, study: &Snapshot) -> anyhow::Result<Picture> {
    let params = study.theme_params(args.count);
    let listed = || -> Result<_, StudyError> {
        Ok(study.shown(study.suggest_themes(&params, Numbering::CarriedOn)?))
    };
    let told = |problem: Diagnostic| anyhow::anyhow!("{}", super::advice::told(&problem));
    let number = args.theme.unwrap_or_default();
    let missing = || {
        let remedy = Remedy::by(Task::SuggestThemes, "see which there are");
        told(Diagnostic::new(format!("there is no theme {number} in the list")).with(remedy))
    };
    Ok(match args.kind {
        Kind::Matrix => {
            charts::matrix(&listed()?, &study.shown(study.voices(&params)?), &|_, _| None)
        }
        Kind::Shares => match &args.by {
            Some(by) => charts::compared(&study.shown(study.compare(by, &params)?), &|_, _| None),
            None => charts::prevalence(&listed()?),
        },
        Kind::Saturation => {
            let asked = SaturationParams { by: args.by.clone(), ..SaturationParams::default() };
            charts::saturation(&study.shown(study.saturation(&asked, &params)?))
        }
        Kind::Dispersion => {
            let found = study.dispersion(&params, number)?.ok_or_else(missing)?;
            charts::dispersion(&study.shown(found), &|_, _| None)
        }
        Kind::Stability => {
            let answer = listed()?;
            let theme = answer.themes.iter().find(|theme| theme.id == number);
            charts::stability(theme.ok_or_else(missing)?).ok_or_else(|| {
                let problem = format!("nobody was left out to see how well theme {number} holds");
                let remedy = Remedy::new("draw a candidate, in a study of three people or more");
                told(Diagnostic::new(problem).with(remedy))
            })?
        }
        Kind::Map => charts::map(&study.shown(study.theme_map(&params)?), &|_| None),
    })
}
