//! `leitmotif export` and `import` of other tools' files.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Bar, Outcome};
use crate::base::Warned;
use crate::study::Person;
use crate::study::Snapshot;
use crate::study::exchange::{self, ExchangeFormat, ImportFormat, Target};

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
        writeln!(out, "REFI-QDA has no place for: {}.", exported.stays.join(", "))?;
    }
    tell_what_is_left(study)?;
    Ok(super::warn(&warnings))
}

/// Where names are hidden: says how much is left that may give somebody away.
pub(crate) fn tell_what_is_left(study: &Snapshot) -> anyhow::Result<()> {
    if study.pseudonyms().is_none() {
        return Ok(());
    }
    let n_left = study.scan(true)?.found.len();
    if n_left > 0 {
        let texts = crate::report::info::count(n_left as u64, "text");
        writeln!(
            super::output::stderr(),
            "note: {texts} left that may give somebody away; `leitmotif pseudonyms scan --leaks` lists them",
        )?;
    }
    Ok(())
}

/// Takes in projects, codebooks and tables of other tools
///
/// The ending of the file says what it is: .qdpx, a project of REFI-QDA, as
/// ATLAS.ti, MAXQDA and many others write it; .qdc, a codebook; .sqlite3, a
/// project of Taguette; .csv, a table of codes, or of quotes or lines with their
/// codes (columns transcript, lines, code).
/// All of it is one decision, which `leitmotif undo` undoes.
///
/// Transcripts that the study does not have are written as new files into its
/// folder, which may be empty; no file that is there is changed. Every selection
/// is proved against its text. What cannot be proved is listed and not taken.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews import project.qdpx
  leitmotif --study interviews import highlights.csv
  leitmotif --study interviews import backup --as taguette")]
pub(crate) struct ImportArgs {
    /// The file to take in
    path: PathBuf,

    /// What kind of file it is, whatever the ending
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
    /// A table of codes, or of quotes or lines with their codes
    Csv,
}

impl From<Kind> for ImportFormat {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Qdpx => Self::Qdpx,
            Kind::Qdc => Self::Qdc,
            Kind::Taguette => Self::Taguette,
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
            "`{}` is no kind of file that is taken in\n  hint: .qdpx, .qdc, .sqlite3 and .csv are; `--as` says which it is",
            args.path.display()
        );
    };
    let progress = Bar::new();
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
        writeln!(out, "{said} in transcripts that are here.")?;
    }
    if !imported.files.is_empty() {
        writeln!(out, "Wrote into the study: {}.", imported.files.join(", "))?;
    }
    match &imported.decided {
        Some(decided) => super::decided::write_decided(out, decided)?,
        None => writeln!(out, "Nothing in the codebook changes, so nothing was decided.")?,
    }
    Ok(super::warn(&warnings))
}
