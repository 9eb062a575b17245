//! `leitmotif propose`: a person's codes, carried to the rest of the talk.

use super::decided;
use super::lines::LineRange;
use crate::codebook::act::{Act, Pick};
use crate::codebook::{CodeId, RefusalId};
use crate::propose::ProposeParams;
use crate::rendering::proposals::{write_proposals, write_refusals};
use crate::rendering::style::StyledWrite;
use crate::rendering::{Format, TableFormat};
use crate::session::{Person, Session};
use crate::study::{Snapshot, StudyError};

/// Proposes passages for your codes, from the quotations that you have coded
///
/// Lists participants' passages in which a code probably occurs, most probable first,
/// each with the reason. It learns from the code's quotations, its name and definition,
/// and from what you accept and reject. Nothing is coded until you accept it.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  leitmotif --study interviews propose
  leitmotif --study interviews propose --code \"No travel\" --limit 20
  leitmotif propose --code \"Joining > No travel\" --in P07
  leitmotif propose accept 1 3
  leitmotif propose reject 2 --because \"another road\""
)]
pub(crate) struct ProposeArgs {
    #[command(subcommand)]
    act: Option<ProposeAct>,

    /// The code: its name or path, such as `Joining > No travel`. Without it: every code
    /// that has three quotations
    #[arg(long, value_name = "NAME")]
    code: Option<String>,

    /// Look only in this transcript
    #[arg(long = "in", value_name = "TRANSCRIPT")]
    transcript: Option<String>,

    /// Show at most this many passages; 0 for all
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,

    /// Look only in transcripts without any quotation
    #[arg(long)]
    uncoded: bool,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum ProposeAct {
    /// Accepts proposals: each becomes a quotation with the code
    #[command(after_help = "\
Examples:
  leitmotif propose accept 1 3
  leitmotif propose accept --transcript P07 --lines 27 --code \"No travel\"")]
    Accept(Named),
    /// Rejects proposals: they are not proposed again, and teach what the code is not
    #[command(after_help = "\
Examples:
  leitmotif propose reject 2 --because \"another road\"
  leitmotif propose reject --transcript P07 --lines 27 --code \"No travel\"")]
    Reject {
        #[command(flatten)]
        named: Named,
        /// Why, for the log
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        because: String,
    },
    /// Lists rejected proposals
    #[command(after_help = "Example:\n  leitmotif propose rejected")]
    Rejected {
        /// How to print the answer
        #[arg(long, value_enum, default_value_t)]
        format: TableFormat,
    },
    /// Restores rejected proposals: they may be proposed again
    #[command(after_help = "Example:\n  leitmotif propose restore 1", alias = "take-back")]
    Restore {
        /// Their numbers in `propose rejected`
        #[arg(required = true, value_name = "NUMBER")]
        numbers: Vec<String>,
    },
}

/// Proposals as people name them.
#[derive(Debug, clap::Args)]
struct Named {
    /// Their numbers in the list that was shown last
    #[arg(value_name = "NUMBER", required_unless_present = "transcript")]
    numbers: Vec<usize>,
    /// The transcript, instead of numbers
    #[arg(long, value_name = "ID", conflicts_with = "numbers", requires_all = ["lines", "code"])]
    transcript: Option<String>,
    /// Its lines, such as `112-118`
    #[arg(long, value_name = "A-B", requires = "transcript")]
    lines: Option<LineRange>,
    /// Only these words of the lines, exactly as written [default: all that is said]
    #[arg(long, value_name = "TEXT", requires = "transcript")]
    words: Option<String>,
    /// The code
    #[arg(long, value_name = "NAME", requires = "transcript")]
    code: Option<String>,
}

pub(crate) fn run(
    args: &ProposeArgs,
    person: &Person,
    session: &Session,
    out: &mut impl StyledWrite,
) -> anyhow::Result<()> {
    let study = session.snapshot();
    let acts = match &args.act {
        None => return list(args, session, out),
        Some(ProposeAct::Rejected { format }) => {
            let refusals = study.shown(study.refusal_answers()?);
            return Ok(write_refusals(out, &refusals, *format, super::columns())?);
        }
        Some(ProposeAct::Accept(named)) => {
            let accept = |(pick, code)| Act::AcceptProposal { pick, code };
            picked(named, &study)?.into_iter().map(accept).collect()
        }
        Some(ProposeAct::Reject { named, because }) => {
            let reject = |(pick, code)| Act::RejectProposal { pick, code, reason: because.clone() };
            picked(named, &study)?.into_iter().map(reject).collect()
        }
        Some(ProposeAct::Restore { numbers }) => {
            let codebook = study.codebook()?;
            let named = |number: &String| codebook.refusal_named(number).map(|known| known.id);
            let found: Vec<RefusalId> = numbers.iter().map(named).collect::<Result<_, _>>()?;
            found.into_iter().map(|refusal| Act::RestoreProposal { refusal }).collect::<Vec<_>>()
        }
    };
    // A decision each: every one can be undone by itself.
    acts.iter().try_for_each(|act| decided::act(session, person, act, out))
}

fn list(args: &ProposeArgs, session: &Session, out: &mut impl StyledWrite) -> anyhow::Result<()> {
    let study = session.snapshot();
    let code = args.code.as_deref().map(|name| code_named(&study, name)).transpose()?;
    let transcript = args.transcript.as_deref().map(|id| study.transcript_named(id)).transpose()?;
    let params =
        ProposeParams { code, transcript, is_uncoded_only: args.uncoded, limit: args.limit };
    let answer = study.shown(session.list_proposals(&params)?);
    Ok(write_proposals(out, &answer, args.format, super::columns())?)
}

/// What people name, as stretches of transcripts with the codes they are proposed for.
fn picked(named: &Named, study: &Snapshot) -> Result<Vec<(Pick, CodeId)>, StudyError> {
    if let (Some(transcript), Some(lines), Some(code)) =
        (&named.transcript, named.lines, &named.code)
    {
        let id = study.transcript_named(transcript)?;
        let transcript = study.corpus.transcripts[id].id.clone();
        let pick = Pick { transcript, lines: lines.0, words: named.words.clone() };
        return Ok(vec![(pick, code_named(study, code)?)]);
    }
    let listed =
        |&number: &usize| study.proposal_shown_as(number).map(|listed| (listed.pick, listed.code));
    named.numbers.iter().map(listed).collect()
}

fn code_named(study: &Snapshot, name: &str) -> Result<CodeId, StudyError> {
    Ok(study.codebook()?.code_named(name)?.id)
}
