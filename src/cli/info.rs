//! `leitmotif info`.

use std::io::Write;

use crate::base::Diagnostic;
use crate::rendering::info::write_info;
use crate::rendering::{self, Format};
use crate::study::Snapshot;

const FILES: &str = r#"Example:
  leitmotif --study interviews info

study.toml, in the study's folder, may contain:
  language = "en"                    # without it: detected in each transcript
  ignore = ["codes.csv", "notes/*"]  # files that are not transcripts
  stop_words = ["balint"]            # words to ignore when themes are found
  never_merge = ["organisation"]     # words not to be reduced to their stem
  pseudonyms = "../key/names.csv"    # the key of names, if not in .leitmotif
  [roles]
  interviewer = ["Ruth Calloway"]    # also: participant, other
  [themes]
  count = 12                         # without it: chosen from the data
  [naming]
  command = ["./namer.sh"]           # names candidates: `themes --name`

cases.csv has one row for each transcript or speaker and one column for each
attribute:
  transcript,role,region
  participants/P01,GP,Wales"#;

/// Shows the transcripts, who is who and why, and what was not read
///
/// Roles are guessed from the labels and from who asks the questions. A wrong role
/// can be corrected in `study.toml` in the study's folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  leitmotif --study interviews info", after_long_help = FILES)]
pub(crate) struct InfoArgs {
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(
    args: &InfoArgs,
    study: &Snapshot,
    warnings: &[Diagnostic],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let answer = study.shown(study.info(warnings, super::advice::remark));
    match args.format {
        Format::Text => write_info(out, &answer, super::columns())?,
        Format::Json | Format::Jsonl => rendering::write_json(out, &answer)?,
    }
    Ok(())
}
