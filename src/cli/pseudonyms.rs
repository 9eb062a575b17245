//! `leitmotif pseudonyms`.

use std::io::Write;

use clap::Subcommand;

use crate::codebook::act::Act;
use crate::pseudonyms::Rule;
use crate::rendering::TableFormat;
use crate::rendering::info::count;
use crate::rendering::pseudonyms::{write_key, write_scan};
use crate::session::{Person, Session};

/// Hides names in everything that is shown, found and exported
///
/// The key says what is shown instead of each name: P07 for a person, `[town]`
/// for a place. Every answer shows pseudonyms, in every spelling of the name,
/// with the endings of its language; the transcripts stay as they are. You can
/// search for a person by name and by pseudonym.
///
/// The key is .leitmotif/pseudonyms.csv, or the file that study.toml names with
/// `pseudonyms = "…"`. It tells who is who: do not store it with anything you share.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews pseudonyms scan
  leitmotif --study interviews pseudonyms add \"Siân Powell\" P07
  leitmotif --study interviews pseudonyms add Abergavenny \"[town]\"
  leitmotif --study interviews pseudonyms scan --leaks
  leitmotif --study interviews --originals show P07        the real words")]
pub(crate) struct PseudonymsArgs {
    #[command(subcommand)]
    act: KeyAct,
}

#[derive(Debug, Subcommand)]
enum KeyAct {
    /// Adds a name to the key
    #[command(after_help = "\
Examples:
  leitmotif pseudonyms add \"Siân Powell\" P07
  leitmotif pseudonyms add Siân P07
  leitmotif pseudonyms add Grace P03 --capital     grace stays as it is")]
    Add {
        /// The name, as it is said
        name: String,

        /// What is shown instead; several names may share it
        pseudonym: String,

        /// Only where it is written with a capital
        #[arg(long)]
        capital: bool,
    },
    /// Removes a name from the key
    #[command(after_help = "Example:\n  leitmotif pseudonyms remove Siân")]
    Remove {
        /// The name
        name: String,
    },
    /// Marks words that identify nobody, so that they are not listed again
    #[command(after_help = "Example:\n  leitmotif pseudonyms ignore Zoom")]
    Ignore {
        /// The word
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// Prints the key, with how often each name is said
    #[command(after_help = "Example:\n  leitmotif pseudonyms list")]
    List {
        /// How to print the answer
        #[arg(long, value_enum, default_value_t)]
        format: TableFormat,
    },
    /// Lists what may identify somebody: possible names, addresses, numbers, dates
    #[command(after_help = "\
Examples:
  leitmotif pseudonyms scan
  leitmotif pseudonyms scan --leaks      what may still identify somebody")]
    Scan {
        /// Look for what is still visible with pseudonyms in place
        #[arg(long)]
        leaks: bool,

        /// How to print the answer
        #[arg(long, value_enum, default_value_t)]
        format: TableFormat,
    },
}

pub(crate) fn run(
    args: &PseudonymsArgs,
    person: &Person,
    session: &Session,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let columns = super::columns();
    let act = |act: &Act| session.act(person, 0, act).map(|_| ());
    match &args.act {
        KeyAct::Add { name, pseudonym, capital } => {
            let (name, pseudonym) = (name.trim().to_owned(), pseudonym.trim().to_owned());
            if pseudonym.is_empty() {
                anyhow::bail!(
                    "the pseudonym for `{name}` is empty\n  hint: give a pseudonym, or use `pseudonyms ignore` for a word that is not a name"
                );
            }
            let (shown, with_capital) = (pseudonym.clone(), *capital);
            act(&Act::AddPseudonym { name: name.clone(), pseudonym, with_capital })?;
            let study = session.snapshot();
            let n_places = study.n_places(&name)?;
            writeln!(out, "{name} is shown as {shown} in {}", count(n_places as u64, "place"))?;
            let n_small = if *capital { 0 } else { study.n_small(&name)? };
            if n_small > 0 && n_places > 0 {
                let small = count(n_small as u64, "time");
                writeln!(
                    super::output::stderr(),
                    "  it is also written in small letters {small}; if that is another word, add the name again with --capital"
                )?;
            }
        }
        KeyAct::Remove { name } => {
            let known = session.snapshot().key_entry(name).cloned();
            act(&Act::RemovePseudonym { name: name.clone() })?;
            let becomes = match &known {
                Some(entry) if entry.rule == Rule::Ignore => {
                    "can be listed again as a possible name"
                }
                _ => "is no longer hidden",
            };
            writeln!(out, "{} {becomes}", known.map_or(name.clone(), |entry| entry.name))?;
        }
        KeyAct::Ignore { names } => {
            for name in names {
                let (name, pseudonym) = (name.trim().to_owned(), String::new());
                act(&Act::AddPseudonym { name, pseudonym, with_capital: false })?;
            }
            writeln!(out, "{} will not be listed again", count(names.len() as u64, "word"))?;
        }
        KeyAct::List { format } => write_key(out, &session.snapshot().key()?, *format, columns)?,
        KeyAct::Scan { leaks, format } => {
            write_scan(out, &session.snapshot().scan(*leaks)?, *format, columns)?;
        }
    }
    Ok(())
}
