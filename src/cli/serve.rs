//! `leitmotif serve`.

use std::io::{BufRead as _, Write};

use anyhow::Context as _;

use crate::files::find::find;
use crate::web::{Doorkeeper, ServeParams, Workbench};

/// Opens the workbench: pages in your browser on which you do the study
///
/// The pages are shown by this program to this computer only; nothing leaves it. The
/// address works once, within a minute. Press Enter for a new one, and Ctrl-C to end.
/// What you decide there is kept as by the other commands. Ten minutes after the last
/// window is closed it ends by itself; a window that you only leave keeps it going.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif --study interviews serve
  leitmotif --study interviews serve --port 8080 --no-open
  leitmotif --study interviews serve --read-only      to show it to somebody")]
pub(crate) struct ServeArgs {
    /// The port to listen on [default: always the same one for a study, if it is free]
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,

    /// Do not open the browser; print the address only
    #[arg(long)]
    no_open: bool,

    /// Let nothing be decided on the pages
    #[arg(long)]
    pub(crate) read_only: bool,

    /// Go on when all windows are closed
    #[arg(long)]
    pub(crate) keep: bool,
}

pub(crate) fn run(
    args: &ServeArgs,
    params: ServeParams,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let port = params.port;
    let is_empty = find(&params.root, &[]).value.files.is_empty();
    let root = params.root.display().to_string();
    let workbench = Workbench::bind(params).with_context(|| match port {
        Some(port) => format!("cannot listen on port {port}; choose another one with `--port`"),
        None => "cannot listen on this computer".to_owned(),
    })?;
    let doorkeeper = workbench.doorkeeper();
    let address = doorkeeper.new_address()?;
    writeln!(out, "The workbench is open at {address}")?;
    writeln!(out, "The address works once, within a minute. Enter: a new one. Ctrl-C: end.")?;
    if is_empty {
        writeln!(out, "There is no transcript in `{root}` yet: add files on the page.")?;
    }
    out.flush()?;
    if !args.no_open && !Workbench::open_browser(&address) {
        writeln!(out, "No browser could be opened: copy the address into one.")?;
        out.flush()?;
    }
    std::thread::spawn(move || renew(&doorkeeper));
    workbench.serve().context("the workbench has stopped")
}

/// Shows a new address whenever Enter is pressed.
fn renew(doorkeeper: &Doorkeeper) {
    for _ in std::io::stdin().lock().lines().map_while(Result::ok) {
        let mut err = super::output::stderr();
        // Nobody is left to tell if standard error is closed.
        match doorkeeper.new_address() {
            Ok(address) => writeln!(err, "{address}").ok(),
            Err(error) => writeln!(err, "no new address: {error}").ok(),
        };
    }
}
