//! `leitmotif export` and `import` of other tools' files.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Bar, Outcome};
use crate::base::Warned;
use crate::questions::export::ExchangeFormat;
use crate::session::Person;
use crate::session::exchange::{self, ImportFormat, Target};
use crate::study::Snapshot;

/// Writes the study as a project or codebook that other tools read.
pub(crate) fn export(
    path: &Path,
    format: ExchangeFormat,
    overwrite: bool,
    study: &Snapshot,
    out: &mut impl Write,
) -> anyhow::Result<Outcome> {
    let Warned { value: exported, warnings } = study.export_exchange(path, format, overwrite)?;
    writeln!(out, "Wrote {}: {}.", path.display(), exported.counts)?;
    if !exported.stays.is_empty() {
        writeln!(
            out,
            "Not exported, because REFI-QDA has no place for it: {}.",
            exported.stays.join(", ")
        )?;
    }
    tell_what_is_left(study)?;
    Ok(super::warn(&warnings))
}

/// Where names are hidden: says how much is still visible that may identify somebody.
pub(crate) fn tell_what_is_left(study: &Snapshot) -> anyhow::Result<()> {
    if study.pseudonyms().is_none() {
        return Ok(());
    }
    let n_left = study.scan(true)?.found.len();
    if n_left > 0 {
        let texts = crate::rendering::pseudonyms::identifying(n_left);
        writeln!(
            super::output::stderr(),
            "note: {texts}, still visible; `leitmotif pseudonyms scan --leaks` lists them",
        )?;
    }
    Ok(())
}

/// Imports projects, codebooks and tables of other programs
///
/// The ending of the file name says what it is: .qdpx, a project of REFI-QDA, as
/// ATLAS.ti, MAXQDA and many others write it; .qdc, a codebook; .sqlite3, a
/// project of Taguette; .qda, one of QualCoder (its folder, or a zip of it); .csv, a table
/// of codes, or of quotes or lines with their
/// codes (columns transcript, lines, code).
/// All of it is one decision, which `leitmotif undo` undoes.
///
/// Transcripts that the study does not have become new files in its folder, which
/// may be empty. No existing file is changed. The words of every quotation are
/// compared with the transcript; what does not match is listed and left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews import project.qdpx
  leitmotif --study interviews import highlights.csv
  leitmotif --study interviews import project.qda
  leitmotif --study interviews import backup --as taguette")]
pub(crate) struct ImportArgs {
    /// The file to import
    path: PathBuf,

    /// Kind of file, if the ending does not say it
    #[arg(long = "as", value_enum, value_name = "KIND")]
    format: Option<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// A project of REFI-QDA
    Qdpx,
    /// A codebook of REFI-QDA
    Qdc,
    /// A project of Taguette
    Taguette,
    /// A project of QualCoder
    #[value(name = "qualcoder")]
    QualCoder,
    /// A table of codes, or of quotes or lines with their codes
    Csv,
}

impl From<Kind> for ImportFormat {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Qdpx => Self::Qdpx,
            Kind::Qdc => Self::Qdc,
            Kind::Taguette => Self::Taguette,
            Kind::QualCoder => Self::QualCoder,
            Kind::Csv => Self::Csv,
        }
    }
}

pub(crate) fn import(
    args: &ImportArgs,
    person: &Person,
    (root, store): (&Path, Option<&Path>),
    out: &mut impl Write,
) -> anyhow::Result<Outcome> {
    let ending = args.path.extension().unwrap_or_default().to_string_lossy().into_owned();
    let Some(format) =
        args.format.map(ImportFormat::from).or_else(|| ImportFormat::of_ending(&ending))
    else {
        anyhow::bail!(
            "cannot import `{}`\n  hint: choose a .qdpx, .qdc, .sqlite3, .qda or .csv file, or give its kind with `--as`",
            args.path.display()
        );
    };
    let progress = Bar::new("reading");
    let target = Target { root, store, progress: &progress };
    let imported = exchange::import(&target, person, &args.path, format);
    progress.clear();
    let (session, imported) = imported?;
    let study = session.snapshot();
    let Warned { value: imported, warnings } = study.shown(imported);
    let from = match imported.origin_name() {
        "" => String::new(),
        origin => format!(" (from {origin})"),
    };
    let path = args.path.display().to_string();
    writeln!(out, "Read {}{from}: {}.", study.shown_text(&path), imported.held)?;
    for reading in &imported.readings {
        writeln!(out, "  {reading}")?;
    }
    if imported.n_found_again > 0 {
        let said = match imported.n_found_again {
            1 => "1 quotation was found by its words".to_owned(),
            n => format!("{n} quotations were found by their words"),
        };
        writeln!(out, "{said} in transcripts of this study.")?;
    }
    if !imported.files.is_empty() {
        writeln!(out, "New files in the study: {}.", imported.files.join(", "))?;
    }
    match &imported.decided {
        Some(decided) => super::decided::write_decided(out, decided)?,
        None => writeln!(out, "The codebook already has all of it, so there is no new decision.")?,
    }
    Ok(super::warn(&warnings))
}
