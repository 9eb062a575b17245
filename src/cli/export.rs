//! `leitmotif export`.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use super::Outcome;
use super::tables::TablesArgs;
use crate::answers::document::{Document, Parts, PictureKind};
use crate::questions::document::DocumentParams;
use crate::questions::export::ExchangeFormat;
use crate::rendering::info::count;
use crate::report::{Contents, FileKind};
use crate::session::Session;

/// Writes your themes, codes and quotations to a report, a table, or a file for
/// other programs
///
/// The ending of the file name says what is written: .docx, .html, .md or .json, a
/// report with methods, themes, quotes, codebook and COREQ checklist; .xlsx, the
/// same as sheets; .csv, one table; .qdpx, a project that ATLAS.ti, MAXQDA, NVivo,
/// QualCoder and others read; .qdc, the codebook alone. Every quote has a reference
/// by which `leitmotif verify` finds it. The same decisions always give the same
/// file.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  leitmotif --study interviews export report.docx
  leitmotif --study interviews export codebook.csv --what codebook
  leitmotif --study interviews export project.qdpx
  leitmotif --study interviews export report.html --title Groups --memos
  leitmotif --study interviews export report.docx --pictures quoted,map
  leitmotif --study interviews export tables results"
)]
#[expect(clippy::doc_markdown, reason = "people read these names in `--help`")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ExportArgs {
    #[command(subcommand)]
    data: Option<ExportData>,

    /// The file to write, outside the study's folder
    #[arg(required = true)]
    path: Option<PathBuf>,

    /// Kind of file, if the ending does not say it: docx, html, md, xlsx, csv, json,
    /// qdpx, qdc
    #[arg(long = "as", value_name = "KIND")]
    kind: Option<String>,

    /// What to write [default: quotes in a .csv, the whole report in other files]
    #[arg(long, value_enum)]
    what: Option<Contents>,

    /// The title [default: the name of the study's folder]
    #[arg(long)]
    title: Option<String>,

    /// Write memos into the report
    #[arg(long)]
    memos: bool,

    /// List candidates that are not yet decided
    #[arg(long)]
    candidates: bool,

    /// Pictures in a Word file or web page, with commas between
    #[arg(long, value_name = "KIND,…", value_delimiter = ',', default_value = "quoted")]
    pictures: Vec<PictureKind>,

    /// Draw no picture
    #[arg(long, conflicts_with = "pictures")]
    no_pictures: bool,

    /// Replace the file if it exists
    #[arg(long)]
    overwrite: bool,
}

impl ExportArgs {
    fn pictures(&self) -> BTreeSet<PictureKind> {
        if self.no_pictures { BTreeSet::new() } else { self.pictures.iter().copied().collect() }
    }
}

#[derive(Debug, clap::Subcommand)]
enum ExportData {
    Tables(TablesArgs),
}

pub(crate) fn run(
    args: &ExportArgs,
    session: &Session,
    out: &mut impl Write,
) -> anyhow::Result<Outcome> {
    let study = &session.snapshot();
    let path = match (&args.data, &args.path) {
        (Some(ExportData::Tables(args)), _) => return super::tables::run(args, session, out),
        (None, Some(path)) => path,
        (None, None) => anyhow::bail!("name the file to write"),
    };
    let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
    let named = args.kind.as_deref().unwrap_or(&ending).trim_start_matches('.');
    if let Some(format) = ExchangeFormat::of_ending(named) {
        return super::exchange::export(path, format, args.overwrite, study, out);
    }
    let Some(kind) = FileKind::of_ending(named) else {
        anyhow::bail!(
            "cannot write `.{named}`\n  hint: choose .docx, .html, .md, .xlsx, .csv, .json, .qdpx or .qdc"
        );
    };
    let params = DocumentParams {
        title: args.title.clone(),
        with_memos: args.memos,
        with_candidates: args.candidates,
        pictures: args.pictures(),
        parts: Parts::default(),
    };
    let document = study.shown(study.document(&params)?);
    study.write_document(&document.value, path, (kind, args.what), args.overwrite)?;
    let contents = args.what.unwrap_or_else(|| kind.usual());
    writeln!(out, "Wrote {}: {}.", path.display(), told(&document.value, contents))?;
    let mut err = super::output::stderr();
    for note in &document.value.notes {
        writeln!(err, "warning: {note}")?;
    }
    drop(err);
    super::exchange::tell_what_is_left(study)?;
    let outcome = super::warn(&document.warnings);
    Ok(if document.value.notes.is_empty() { outcome } else { Outcome::WithWarnings })
}

/// What went into the file.
fn told(document: &Document, contents: Contents) -> String {
    let n_of = |kind: &str| document.nodes.iter().filter(|node| node.kind == kind).count() as u64;
    let nodes = format!("{} and {}", count(n_of("theme"), "theme"), count(n_of("code"), "code"));
    let quotes = count(document.quotes.len() as u64, "quote");
    match contents {
        Contents::Codebook => nodes,
        Contents::Matrix => {
            format!("{} by {nodes}", count(document.matrix.len() as u64, "participant"))
        }
        Contents::Quotes => quotes,
        Contents::Report => {
            let mut parts = vec![nodes, quotes];
            if !document.memos.is_empty() {
                parts.push(count(document.memos.len() as u64, "memo"));
            }
            if !document.candidates.is_empty() {
                parts.push(format!(
                    "{} not yet decided",
                    count(document.candidates.len() as u64, "candidate")
                ));
            }
            let n_filled = document.coreq.iter().filter(|item| item.answer.is_some()).count();
            parts.push(format!("{n_filled} of {} COREQ items filled in", document.coreq.len()));
            parts.join(", ")
        }
    }
}
