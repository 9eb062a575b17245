//! `leitmotif info`.

use std::io::Write;

use crate::answers::{CaseInfo, InfoAnswer, SpeakerInfo, TranscriptInfo};
use crate::base::Diagnostic;
use crate::report::info::write_info;
use crate::report::{self, Format};
use crate::study::Study;

const FILES: &str = r#"Example:
  leitmotif --study interviews info

study.toml, in the study's folder, may hold:
  language = "en"                    # else detected, transcript by transcript
  ignore = ["codes.csv", "notes/*"]  # files that are no transcripts
  stop_words = ["balint"]            # words that carry no theme here
  never_merge = ["organisation"]     # words that keep their own form
  pseudonyms = "../key/names.csv"    # the key of names, if not in .leitmotif
  [roles]
  interviewer = ["Ruth Calloway"]    # also: participant, other
  [themes]
  count = 12                         # else chosen from the data

cases.csv has a row a transcript or speaker, a column an attribute:
  transcript,role,region
  participants/P01,GP,Wales"#;

/// Shows the study: transcripts, who is who and why, what was not read
///
/// Roles are guessed from the labels and from who asks the questions. What is
/// wrong can be set in `study.toml` in the study's folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  leitmotif --study interviews info", after_long_help = FILES)]
pub(crate) struct InfoArgs {
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(
    args: &InfoArgs,
    study: &Study,
    warnings: &[Diagnostic],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let transcripts = (0..study.transcripts.len()).map(|t| transcript_info(study, t)).collect();
    let cases = study.cases.cases.iter();
    let answer = InfoAnswer {
        study: study.root().display().to_string(),
        transcripts,
        cases: cases
            .map(|case| CaseInfo { id: case.id.clone(), attributes: case.attributes.clone() })
            .collect(),
        not_read: warnings.iter().map(super::advice::told).collect(),
        left_alone: study
            .left_alone
            .iter()
            .map(|(path, reason)| (path.clone(), (*reason).to_owned()))
            .collect(),
        n_passages: study.n_passages(),
    };
    let answer = study.shown(answer);
    match args.format {
        Format::Text => write_info(out, &answer, super::columns())?,
        Format::Json | Format::Jsonl => report::write_json(out, &answer)?,
    }
    Ok(())
}

/// What there is to know of one transcript.
pub(super) fn transcript_info(study: &Study, t: usize) -> TranscriptInfo {
    let known = &study.transcripts[t];
    let speakers = (0_u16..).zip(&known.speakers).map(|(s, speaker)| {
        let guess = &study.roles[t][usize::from(s)];
        SpeakerInfo {
            label: speaker.label.clone(),
            role: guess.role.name(),
            reason: guess.reason.clone(),
            case: study.case_of(t, s).map(|case| case.id.clone()),
            n_words: speaker.n_words,
        }
    });
    TranscriptInfo {
        id: known.id.clone(),
        layout: known.layout.clone(),
        language: [known.language.name().to_owned(), known.language_reason.clone()],
        n_turns: known.n_turns,
        n_words: known.n_words,
        duration_ms: known.duration_ms,
        speakers: speakers.collect(),
    }
}
