//! `leitmotif agreement`.

use std::io::Write;
use std::path::PathBuf;

use super::Outcome;
use crate::compare::coders::{AgreementParams, Level};
use crate::rendering::TableFormat;
use crate::rendering::agreement::{write_agreement, write_proposal_agreement};
use crate::study::Snapshot;

/// Compares coders: percent agreement, Cohen's kappa, Krippendorff's alpha
///
/// For each code and for all codes, by lines and by characters of participants'
/// talk, in the transcripts in which at least two people have coded. Coders are the
/// people who coded in this study. The same person under another name is a re-test.
/// Somebody who works separately can give a table. Nothing in Leitmotif depends on
/// these figures, and reflexive thematic analysis does not ask for them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews agreement                      all coders
  leitmotif --study interviews agreement ANN BEN --by-theme
  leitmotif --study interviews agreement ANN \"ANN again\"      a re-test
  leitmotif --study interviews agreement ANN --file ben.csv
  leitmotif --study interviews agreement ANN --with suggestion
  leitmotif --study interviews agreement --with proposals

A table has the columns transcript, lines (12-18) and code.")]
pub(crate) struct AgreementArgs {
    /// Coders to compare [default: all]
    coders: Vec<String>,

    /// A table of another coder; may be given several times
    #[arg(long, value_name = "CSV")]
    file: Vec<PathBuf>,

    /// Compare with what the machine suggests or would propose
    #[arg(long, value_name = "WHAT")]
    with: Option<With>,

    /// A transcript that all have read; may be given several times [default: those
    /// in which two have coded]
    #[arg(long, value_name = "ID")]
    transcript: Vec<String>,

    /// Count codes under a theme as the theme
    #[arg(long, conflicts_with = "with")]
    by_theme: bool,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum With {
    /// The passages of candidates that were accepted
    Suggestion,
    /// What would be proposed for each code, learnt from other transcripts
    Proposals,
}

pub(crate) fn run(
    args: &AgreementArgs,
    study: &Snapshot,
    out: &mut impl Write,
) -> anyhow::Result<Outcome> {
    let transcripts: Result<Vec<usize>, _> =
        args.transcript.iter().map(|id| study.transcript_named(id)).collect();
    let params = AgreementParams {
        coders: args.coders.clone(),
        files: args.file.clone(),
        with_suggestion: args.with == Some(With::Suggestion),
        transcripts: transcripts?,
        level: if args.by_theme { Level::Top } else { Level::Code },
    };
    if args.with == Some(With::Proposals) {
        anyhow::ensure!(
            args.file.is_empty(),
            "a table cannot be compared with proposals: leave out `--file`, or import the table"
        );
        let answer =
            super::with_bar("learning codes", |bar| study.proposal_agreement(&params, bar))?;
        let answer = study.shown(answer);
        write_proposal_agreement(out, &answer, args.format, super::columns())?;
        return Ok(Outcome::Complete);
    }
    let answer = study.shown(study.agreement(&params)?);
    write_agreement(out, &answer.value, args.format, super::columns())?;
    Ok(super::warn(&answer.warnings))
}
