//! `leitmotif code`: codes and themes of one's own.

use std::io::Write;

use super::decided;
use crate::codebook::act::Act;
use crate::codebook::edit::CodeEdit;
use crate::codebook::{CodeKind, Color};
use crate::study::{Person, Session, StudyError};

/// Adds, edits, merges and removes codes
///
/// Codes are named by their names, by their paths (`Joining > No travel`) where
/// several have one name, or by `#` and their numbers in `leitmotif codebook`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews code add \"No travel\" --under Joining
  leitmotif --study interviews code edit \"No travel\" --definition \"Time saved\"
  leitmotif --study interviews code merge \"No travel\" Petrol
  leitmotif --study interviews code remove Petrol")]
pub(crate) struct CodeArgs {
    #[command(subcommand)]
    act: CodeAct,
}

#[derive(Debug, clap::Subcommand)]
enum CodeAct {
    /// Makes a code
    #[command(after_help = "\
Examples:
  leitmotif code add \"No travel\" --under Joining
  leitmotif code add Joining --theme --definition \"What lets people come\"")]
    Add {
        /// Its name
        name: String,
        /// The code or theme that it is to stand under
        #[arg(long, value_name = "CODE")]
        under: Option<String>,
        /// Make a theme, which stands above codes
        #[arg(long)]
        theme: bool,
        #[command(flatten)]
        notes: Notes,
    },
    /// Changes a code: its name, notes, colour or place
    #[command(after_help = "\
Examples:
  leitmotif code edit \"No travel\" --rename \"No roads\"
  leitmotif code edit \"No roads\" --under Joining --exclude \"Parking\"")]
    Edit {
        /// The code: its name, its path, or `#` and its number
        code: String,
        /// Its new name
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
        /// The code or theme that it is to stand under
        #[arg(long, value_name = "CODE", conflicts_with = "top")]
        under: Option<String>,
        /// Let it stand under nothing
        #[arg(long)]
        top: bool,
        /// Make it a theme or a code
        #[arg(long, value_enum)]
        kind: Option<Kind>,
        #[command(flatten)]
        notes: Notes,
    },
    /// Makes one code of several; the first one stays
    #[command(after_help = "Example:\n  leitmotif code merge \"No travel\" Petrol")]
    Merge {
        /// The codes
        #[arg(required = true, num_args = 2..)]
        codes: Vec<String>,
        /// The name of the code; the first one's if left out
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
    /// Takes a code out, with the quotations that have no other
    #[command(after_help = "\
Examples:
  leitmotif code remove Petrol
  leitmotif code remove Joining --with-children")]
    Remove {
        /// The code
        code: String,
        /// Take out the codes under it too
        #[arg(long)]
        with_children: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Notes {
    /// What it means
    #[arg(long, value_name = "TEXT")]
    definition: Option<String>,
    /// What it holds, for coders in doubt
    #[arg(long, value_name = "TEXT")]
    include: Option<String>,
    /// What it does not hold
    #[arg(long, value_name = "TEXT")]
    exclude: Option<String>,
    /// Its colour, such as `#1f77b4`
    #[arg(long, value_name = "COLOUR")]
    color: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    Theme,
    Code,
}

impl Notes {
    fn edit(&self) -> Result<CodeEdit, StudyError> {
        Ok(CodeEdit {
            definition: self.definition.clone(),
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            color: self.color.as_deref().map(str::parse::<Color>).transpose()?,
            ..CodeEdit::default()
        })
    }
}

pub(crate) fn run(
    args: &CodeArgs,
    person: &Person,
    session: &Session,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let study = session.snapshot();
    let codebook = study.codebook()?;
    let code = |name: &str| codebook.code_named(name).map(|code| code.id);
    let act = match &args.act {
        CodeAct::Add { name, under, theme, notes } => Act::AddCode {
            name: name.clone(),
            kind: if *theme { CodeKind::Theme } else { CodeKind::Code },
            under: under.as_deref().map(code).transpose()?,
            notes: notes.edit()?,
        },
        CodeAct::Edit { code: which, rename, under, top, kind, notes } => {
            let under = under.as_deref().map(code).transpose()?;
            let kind = kind.map(|kind| match kind {
                Kind::Theme => CodeKind::Theme,
                Kind::Code => CodeKind::Code,
            });
            let parent = if *top { Some(None) } else { under.map(Some) };
            let change = CodeEdit { name: rename.clone(), kind, parent, ..notes.edit()? };
            Act::EditCode { code: code(which)?, change }
        }
        CodeAct::Merge { codes, name } => Act::MergeCodes {
            codes: codes.iter().map(|name| code(name)).collect::<Result<_, _>>()?,
            name: name.clone(),
        },
        CodeAct::Remove { code: which, with_children } => {
            Act::RemoveCode { code: code(which)?, with_children: *with_children }
        }
    };
    decided::act(session, person, &act, out)
}
