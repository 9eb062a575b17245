//! `leitmotif code`: codes and themes of one's own.

use clap::builder::NonEmptyStringValueParser;

use super::decided;
use crate::codebook::act::Act;
use crate::codebook::edit::CodeEdit;
use crate::codebook::{CodeKind, Color};
use crate::rendering::Format;
use crate::rendering::rules::write_rules;
use crate::rendering::style::StyledWrite;
use crate::session::{Person, Session};
use crate::study::StudyError;

/// Adds, edits, merges and removes codes, and gives them a rule
///
/// Say which code by its name; by its path (`Joining > No travel`) if several have
/// this name; or by `#` and its number in `leitmotif codebook`.
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
    /// Adds a code or a theme
    #[command(after_help = "\
Examples:
  leitmotif code add \"No travel\" --under Joining
  leitmotif code add Joining --theme --definition \"What lets people come\"")]
    Add {
        /// Its name
        name: String,
        /// Put it under this code or theme
        #[arg(long, value_name = "CODE")]
        under: Option<String>,
        /// Make a theme: codes can be put under it
        #[arg(long)]
        theme: bool,
        #[command(flatten)]
        notes: Notes,
    },
    /// Changes a code: its name, definition, colour or position
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
        /// Put it under this code or theme
        #[arg(long, value_name = "CODE", conflicts_with = "top")]
        under: Option<String>,
        /// Move it to the top level
        #[arg(long)]
        top: bool,
        /// Make it a theme or a code
        #[arg(long, value_enum)]
        kind: Option<Kind>,
        #[command(flatten)]
        notes: Notes,
    },
    /// Suggests a rule for a code: a query for its passages; or keeps one
    ///
    /// A rule is written as for `search`, and finds all passages that hold what it asks
    /// for. Without QUERY nothing changes: you see the rule that is kept, and one that
    /// the code's quotations suggest, each with what it finds and what it misses. A rule
    /// codes nothing: `propose` says where it led to a passage.
    #[command(after_help = "\
Examples:
  leitmotif code rule \"No travel\"
  leitmotif code rule \"No travel\" 'petrol OR (drive NEAR/5 hour)'
  leitmotif code rule \"No travel\" --remove")]
    Rule {
        /// The code: its name, its path, or `#` and its number
        code: String,
        /// The rule to keep
        #[arg(allow_hyphen_values = true, value_parser = NonEmptyStringValueParser::new())]
        query: Option<String>,
        /// Remove the rule
        #[arg(long, conflicts_with_all = ["query", "limit", "format"])]
        remove: bool,
        /// Show at most this many missed quotations, and as many further passages; 0 for
        /// all
        #[arg(long, value_name = "N", default_value_t = 3, conflicts_with = "query")]
        limit: usize,
        /// How to print the answer
        #[arg(long, value_enum, default_value_t, conflicts_with = "query")]
        format: Format,
    },
    /// Merges codes into one; the first one is kept
    #[command(after_help = "Example:\n  leitmotif code merge \"No travel\" Petrol")]
    Merge {
        /// The codes
        #[arg(required = true, num_args = 2..)]
        codes: Vec<String>,
        /// The name of the code [default: the name of the first]
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
    /// Removes a code, and the quotations that have no other code
    #[command(after_help = "\
Examples:
  leitmotif code remove Petrol
  leitmotif code remove Joining --with-children")]
    Remove {
        /// The code
        code: String,
        /// Also remove the codes under it
        #[arg(long)]
        with_children: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Notes {
    /// What it means
    #[arg(long, value_name = "TEXT")]
    definition: Option<String>,
    /// When to use it: inclusion criteria
    #[arg(long, value_name = "TEXT")]
    include: Option<String>,
    /// When not to use it: exclusion criteria
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
    out: &mut impl StyledWrite,
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
        CodeAct::Rule { code: which, query: None, remove: false, limit, format } => {
            let answer = study.shown(study.code_rule(code(which)?, *limit)?);
            return Ok(write_rules(out, &answer, *format, super::columns())?);
        }
        CodeAct::Rule { code: which, query, .. } => {
            let rule = Some(query.clone().unwrap_or_default());
            Act::EditCode { code: code(which)?, change: CodeEdit { rule, ..CodeEdit::default() } }
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
