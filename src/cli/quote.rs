//! `leitmotif quote`: quotations and their codes.

use std::io::Write;

use super::Outcome;
use super::decided;
use super::lines::LineRange;
use crate::codebook::act::{Act, Pick};
use crate::codebook::{QuotationId, Stance};
use crate::questions::codebook::QuotationFilter;
use crate::rendering::TableFormat;
use crate::rendering::codebook::write_quotations;
use crate::session::{Person, Session};
use crate::study::{Snapshot, StudyError};

/// Adds, codes, moves and lists quotations
///
/// A quotation is a part of a transcript with one or more codes. Say which one by
/// its number in `leitmotif quote list`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif quote add --transcript P07 --lines 12-14 --code \"No travel\"
  leitmotif quote add --transcript P07 --lines 12 --words petrol --code Petrol
  leitmotif --study interviews quote move 7 --from Petrol --to \"No travel\"
  leitmotif --study interviews quote list --code Joining")]
pub(crate) struct QuoteArgs {
    #[command(subcommand)]
    act: QuoteAct,
}

#[derive(Debug, clap::Subcommand)]
enum QuoteAct {
    /// Adds a quotation: lines of a transcript, or some of their words, with codes
    #[command(after_help = "\
Examples:
  leitmotif quote add --transcript P07 --lines 12-14 --code \"No travel\"
  leitmotif quote add --transcript P07 --lines 12 --words petrol --code Petrol")]
    Add {
        /// The transcript: its path without the ending, or its file name
        #[arg(long, value_name = "ID")]
        transcript: String,
        /// Lines, such as `112-118`
        #[arg(long, value_name = "A-B")]
        lines: LineRange,
        /// Only these words of the lines, exactly as written [default: all that is said]
        #[arg(long, value_name = "TEXT")]
        words: Option<String>,
        /// A code; may be given several times
        #[arg(long, value_name = "CODE", required = true)]
        code: Vec<String>,
    },
    /// Adds a code to a quotation, or removes one
    #[command(after_help = "\
Examples:
  leitmotif quote code 7 --code Joining
  leitmotif quote code 7 --code Joining --remove")]
    Code {
        /// The quotation's number
        quotation: String,
        /// The code
        #[arg(long, value_name = "CODE")]
        code: String,
        /// Remove the code from it
        #[arg(long)]
        remove: bool,
    },
    /// Replaces a code of a quotation with another
    #[command(after_help = "Example:\n  leitmotif quote move 7 --from Petrol --to \"No travel\"")]
    Move {
        /// The quotation's number
        quotation: String,
        /// The code that it has
        #[arg(long, value_name = "CODE")]
        from: String,
        /// The code to put in its place
        #[arg(long, value_name = "CODE")]
        to: String,
    },
    /// Pins a quotation: it is shown first under its codes
    #[command(after_help = "\
Examples:
  leitmotif quote pin 7
  leitmotif quote pin 7 --code Joining --unpin")]
    Pin {
        /// The quotation's number
        quotation: String,
        /// Under which code [default: all its codes]
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
        /// Unpin it
        #[arg(long)]
        unpin: bool,
    },
    /// Puts a quotation on a side: a benefit, a drawback, or mixed
    #[command(after_help = "\
Examples:
  leitmotif quote stance 7 drawback
  leitmotif quote stance 7 none")]
    Stance {
        /// The quotation's number
        quotation: String,
        /// Which side; `none` takes it off
        stance: StanceName,
    },
    /// Removes a quotation from the codebook
    #[command(after_help = "Example:\n  leitmotif quote remove 7")]
    Remove {
        /// The quotation's number
        quotation: String,
    },
    /// Lists quotations
    #[command(after_help = "\
Examples:
  leitmotif quote list --code Joining
  leitmotif quote list --format csv > quotations.csv")]
    List {
        /// Only quotations with this code or one under it
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
        /// Only quotations that are not found any more in a changed transcript
        #[arg(long)]
        stale: bool,
        /// How to print the answer
        #[arg(long, value_enum, default_value_t)]
        format: TableFormat,
    },
    /// Updates quotations that were found again in changed transcripts
    #[command(after_help = "Example:\n  leitmotif quote reanchor")]
    Reanchor,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum StanceName {
    Benefit,
    Drawback,
    Mixed,
    None,
}

pub(crate) fn run(
    args: &QuoteArgs,
    person: &Person,
    session: &Session,
    out: &mut impl Write,
) -> anyhow::Result<Outcome> {
    let study = session.snapshot();
    let codebook = study.codebook()?;
    let code = |name: &String| codebook.code_named(name).map(|code| code.id);
    let quotation = |number: &str| codebook.quotation_named(number).map(|known| known.id);
    let act = match &args.act {
        QuoteAct::Add { transcript, lines, words, code: names } => {
            study.transcript_named(transcript)?;
            Act::AddQuotation {
                pick: Pick { transcript: transcript.clone(), lines: lines.0, words: words.clone() },
                codes: names.iter().map(code).collect::<Result<_, _>>()?,
            }
        }
        QuoteAct::Code { quotation: which, code: name, remove } => {
            let (quotation, code) = (quotation(which)?, code(name)?);
            if *remove {
                Act::UncodeQuotation { quotation, code }
            } else {
                Act::CodeQuotation { quotation, code }
            }
        }
        QuoteAct::Move { quotation: which, from, to } => {
            Act::MoveQuotation { quotation: quotation(which)?, from: code(from)?, to: code(to)? }
        }
        QuoteAct::Pin { quotation: which, code: name, unpin } => Act::PinQuotation {
            quotation: quotation(which)?,
            code: name.as_ref().map(code).transpose()?,
            is_pinned: !unpin,
        },
        QuoteAct::Stance { quotation: which, stance } => {
            let stance = match stance {
                StanceName::Benefit => Some(Stance::Benefit),
                StanceName::Drawback => Some(Stance::Drawback),
                StanceName::Mixed => Some(Stance::Mixed),
                StanceName::None => None,
            };
            Act::SetStance { quotation: quotation(which)?, stance }
        }
        QuoteAct::Remove { quotation: which } => {
            Act::RemoveQuotation { quotation: quotation(which)? }
        }
        QuoteAct::Reanchor => Act::ReanchorQuotations,
        QuoteAct::List { code, stale, format } => {
            let filter = QuotationFilter { code: code.clone(), is_stale: *stale };
            let found = study.shown(study.quotation_answers(&filter)?);
            write_quotations(out, &found.value, *format, super::columns())?;
            return Ok(super::warn(&found.warnings));
        }
    };
    decided::act(session, person, &act, out)?;
    Ok(Outcome::Complete)
}

/// The quotations with these numbers.
pub(super) fn quotations_named(
    study: &Snapshot,
    numbers: &[String],
) -> Result<Vec<QuotationId>, StudyError> {
    let codebook = study.codebook()?;
    let named = |number: &String| Ok(codebook.quotation_named(number)?.id);
    numbers.iter().map(named).collect()
}
