//! `leitmotif completions` and `leitmotif man`: what shells and `man` know of the commands.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use super::{Cli, advice};
use crate::base::files::{Lasting, write_whole};
use crate::base::{Diagnostic, Remedy};
use crate::rendering::info::count;

/// Prints what lets your shell complete commands and options
///
/// Save it where your shell looks for completions, then open a new shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif completions bash > leitmotif.bash     then: source leitmotif.bash
  leitmotif completions zsh > ~/.zfunc/_leitmotif
  leitmotif completions fish > ~/.config/fish/completions/leitmotif.fish
  leitmotif completions powershell >> $PROFILE")]
pub(crate) struct CompletionsArgs {
    /// Your shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// Prints the manual page of a command
///
/// Without a command: that of the program. With `--into`, writes the pages of all commands
/// into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif man themes | man -l -
  leitmotif man --into ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// The command, such as `theme accept`
    command: Vec<String>,

    /// Folder to write all pages to; pages that are there are replaced
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    into: Option<PathBuf>,
}

pub(crate) fn run_completions(args: &CompletionsArgs, out: &mut impl Write) -> anyhow::Result<()> {
    // What it is written to may be a pipe that closes, which the crate does not expect.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "leitmotif", &mut script);
    Ok(out.write_all(&script)?)
}

pub(crate) fn run_man(args: &ManArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let mut program = Cli::command().disable_help_subcommand(true);
    // Gives every command its full name and the options that all share.
    program.build();
    if let Some(folder) = &args.into {
        let n_pages = write_pages(&program, folder)?;
        writeln!(out, "Wrote {}: {}.", folder.display(), count(n_pages, "manual page"))?;
        return Ok(());
    }
    let mut command = &program;
    for name in &args.command {
        command = command.find_subcommand(name).ok_or_else(|| {
            let known = command.get_subcommands().map(Command::get_name);
            let list = || Remedy::new("see which there are: `leitmotif help`");
            let typed = args.command.join(" ");
            let unknown = Diagnostic::new(format!("there is no command `{typed}`"))
                .with(Remedy::nearest(name, known, list));
            anyhow::anyhow!(advice::told(&unknown))
        })?;
    }
    Ok(page(command).render(out)?)
}

/// The page of a command.
fn page(command: &Command) -> Man {
    let source = format!("leitmotif {}", env!("CARGO_PKG_VERSION"));
    Man::new(command.clone()).source(source).manual("Leitmotif")
}

/// Writes the page of a command and of all under it; how many.
fn write_pages(command: &Command, folder: &Path) -> anyhow::Result<u64> {
    let page = page(command);
    let mut bytes = Vec::new();
    page.render(&mut bytes)?;
    let path = folder.join(page.get_filename());
    write_whole(&path, &bytes, Lasting::Derived)
        .with_context(|| format!("`{}` cannot be written", path.display()))?;
    let mut n_pages = 1;
    for part in command.get_subcommands().filter(|part| !part.is_hide_set()) {
        n_pages += write_pages(part, folder)?;
    }
    Ok(n_pages)
}
