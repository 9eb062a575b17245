//! `leitmotif memo`: notes on anything.

use std::io::Write;

use super::decided;
use crate::codebook::act::Act;
use crate::rendering::TableFormat;
use crate::rendering::codebook::write_memos;
use crate::session::{Person, Session};

/// Writes, edits, removes and lists memos
///
/// A memo is a note on the study, a code, a quotation, a transcript or a case.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews memo add \"Ask about travel next time\"
  leitmotif --study interviews memo add \"Only leaders\" --on \"code:No travel\"
  leitmotif --study interviews memo list")]
pub(crate) struct MemoArgs {
    #[command(subcommand)]
    act: MemoAct,
}

#[derive(Debug, clap::Subcommand)]
enum MemoAct {
    /// Writes a memo
    #[command(after_help = "\
Examples:
  leitmotif memo add \"Ask about travel next time\"
  leitmotif memo add \"Only leaders say so\" --on \"code:No travel\"
  leitmotif memo add \"Tired that day\" --on case:P07")]
    Add {
        /// The note
        text: String,
        /// What it is about: study, code:NAME, quote:7, transcript:P07, case:P07
        #[arg(long, value_name = "WHAT", default_value = "study")]
        on: String,
    },
    /// Changes a memo
    #[command(after_help = "Example:\n  leitmotif memo edit 2 \"Two leaders say so\"")]
    Edit {
        /// Its number
        memo: String,
        /// The new text
        text: String,
    },
    /// Removes a memo
    #[command(after_help = "Example:\n  leitmotif memo remove 2")]
    Remove {
        /// Its number
        memo: String,
    },
    /// Lists memos
    #[command(after_help = "Example:\n  leitmotif memo list --format md > memos.md")]
    List {
        /// How to print the answer
        #[arg(long, value_enum, default_value_t)]
        format: TableFormat,
    },
}

pub(crate) fn run(
    args: &MemoArgs,
    person: &Person,
    session: &Session,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let study = session.snapshot();
    let codebook = study.codebook()?;
    let act = match &args.act {
        MemoAct::Add { text, on } => {
            Act::AddMemo { about: study.memo_target(codebook, on)?, text: text.clone() }
        }
        MemoAct::Edit { memo, text } => {
            Act::EditMemo { memo: codebook.memo_named(memo)?.id, text: text.clone() }
        }
        MemoAct::Remove { memo } => Act::RemoveMemo { memo: codebook.memo_named(memo)?.id },
        MemoAct::List { format } => {
            let memos = study.shown(study.memo_answers()?);
            return Ok(write_memos(out, &memos, *format, super::columns())?);
        }
    };
    decided::act(session, person, &act, out)
}
