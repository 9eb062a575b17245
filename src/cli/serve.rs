//! `leitmotif serve`.

use std::io::{BufRead as _, IsTerminal as _, Write};
use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::base::files::{Lasting, write_whole};
use crate::desk::ServeParams;
use crate::files::find::find;
use crate::study::STORE;
use crate::web::{Doorkeeper, ICON, Workbench};

/// Opens the workbench: pages in your browser on which you do the study
///
/// In a folder without a study or transcripts the page lets you choose one, or begin it.
/// The pages are shown by this program to this computer only; nothing leaves it. The
/// address works once, within a minute. Press Enter for a new one, and Ctrl-C to end.
/// What you decide there is kept as by the other commands. Ten minutes after the last
/// window is closed it ends by itself; a window that you only leave keeps it going.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif serve                                     to choose a study
  leitmotif --study interviews serve
  leitmotif --study interviews serve --port 8080 --no-open
  leitmotif --study interviews serve --read-only      to show it to somebody")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ServeArgs {
    /// The port to listen on [default: always the same one for a study, if it is free]
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,

    /// Do not open the browser; print the address only
    #[arg(long)]
    pub(crate) no_open: bool,

    /// Let nothing be decided on the pages
    #[arg(long)]
    pub(crate) read_only: bool,

    /// Go on when all windows are closed
    #[arg(long)]
    pub(crate) keep: bool,

    /// Put Leitmotif into the menu of programs of this desktop (Linux), and end
    #[arg(long)]
    pub(crate) launcher: bool,
}

/// The entry of a menu that starts a program (the Desktop Entry Specification of
/// freedesktop.org); `None` if its path cannot be written in one.
fn entry_of(program: &str, icon: &str) -> Option<String> {
    let is_plain =
        |path: &str| !path.contains(['"', '`', '$', '\\', '%']) && !path.contains(char::is_control);
    let entry = format!(
        "[Desktop Entry]\nType=Application\nName=Leitmotif\nGenericName=Qualitative analysis\n\
         Comment=Themes and quotes in interviews, on this computer only\n\
         Exec=\"{program}\" serve\nIcon={icon}\nTerminal=false\nCategories=Office;Science;\n"
    );
    (is_plain(program) && is_plain(icon)).then_some(entry)
}

/// Writes the entry and its icon for the person of this account.
pub(crate) fn write_launcher(out: &mut impl Write) -> anyhow::Result<()> {
    if !cfg!(target_os = "linux") {
        bail!(
            "only desktops of Linux have such a menu; `leitmotif guide workbench` tells what to do elsewhere"
        );
    }
    let named = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|it| it.is_absolute());
    let data = named.or_else(|| Some(std::env::home_dir()?.join(".local/share")));
    let data = data.context("there is no folder of yours to write it to")?;
    let icon = data.join("icons/hicolor/scalable/apps/leitmotif.svg");
    let place = data.join("applications/leitmotif.desktop");
    let program = std::env::current_exe().context("this program does not know where it is")?;
    let entry = program.to_str().zip(icon.to_str()).and_then(|(it, icon)| entry_of(it, icon));
    let entry = entry.context("the path of this program cannot stand in a menu; move it")?;
    for (path, bytes) in [(&icon, ICON), (&place, entry.as_bytes())] {
        let written = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        written
            .and_then(|()| write_whole(path, bytes, Lasting::Derived))
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    writeln!(out, "Leitmotif is in the menu of programs: `{}`", place.display())?;
    Ok(())
}

pub(crate) fn run(
    args: &ServeArgs,
    params: ServeParams,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let (port, root) = (params.port, params.root.clone());
    if let Some(address) = Workbench::running(&params) {
        writeln!(
            out,
            "The study lies open in a workbench already: a new window of it is at {address}"
        )?;
        out.flush()?;
        if !args.no_open && !Workbench::open_browser(&address) {
            writeln!(out, "No browser could be opened: copy the address into one.")?;
        }
        return Ok(());
    }
    let workbench = Workbench::bind(params).with_context(|| match port {
        Some(port) => format!("cannot listen on port {port}; choose another one with `--port`"),
        None => "cannot listen on this computer".to_owned(),
    })?;
    let doorkeeper = workbench.doorkeeper();
    let address = doorkeeper.new_address()?;
    writeln!(out, "The workbench is open at {address}")?;
    writeln!(out, "The address works once, within a minute. Enter: a new one. Ctrl-C: end.")?;
    match root {
        None => writeln!(out, "Choose a study on the page.")?,
        Some(root) if find(&root, &[]).value.files.is_empty() => {
            let root = root.display();
            writeln!(out, "There is no transcript in `{root}` yet: add files on the page.")?;
        }
        Some(_) => {}
    }
    out.flush()?;
    if !args.no_open && !Workbench::open_browser(&address) {
        // Nobody need read what is told: the pages are there all the same.
        writeln!(out, "No browser could be opened: copy the address into one.").ok();
        out.flush().ok();
    }
    std::thread::spawn(move || renew(&doorkeeper));
    workbench.serve().context("the workbench has stopped")
}

/// The study that is meant where none was named: the one of the folder, unless there is
/// neither a study nor a transcript in it. The person's own folder is none, whatever lies
/// there.
pub(crate) fn study_of(root: PathBuf) -> Option<PathBuf> {
    let is_home = |home: PathBuf| same_file::is_same_file(home, &root).unwrap_or(false);
    let is_home = root.parent().is_none() || std::env::home_dir().is_some_and(is_home);
    let is_known = root.join(STORE).is_dir();
    let is_meant = is_known || !(is_home || find(&root, &[]).value.files.is_empty());
    is_meant.then_some(root)
}

/// Whether the program was started by a double click: with no words, no terminal, and on a
/// desktop.
pub(crate) fn is_double_click() -> bool {
    let is_shown = |name: &str| std::env::var_os(name).is_some_and(|it| !it.is_empty());
    let has_desktop = cfg!(any(windows, target_os = "macos"))
        || ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(is_shown);
    let terminals = [
        std::io::stdin().is_terminal(),
        std::io::stdout().is_terminal(),
        std::io::stderr().is_terminal(),
    ];
    std::env::args_os().len() == 1 && has_desktop && !terminals.contains(&true)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_a_menu_starts_the_program_and_nothing_else() {
        let entry = entry_of("/opt/my programs/leitmotif", "/a.svg").unwrap();
        assert!(entry.contains("\nExec=\"/opt/my programs/leitmotif\" serve\n"), "{entry}");
        for path in ["/a\" && b", "/$HOME/b", "/%f", "/a\nExec=b", "/`b`"] {
            assert_eq!(entry_of(path, "/a.svg"), None, "{path}");
            assert_eq!(entry_of("/leitmotif", path), None, "{path}");
        }
    }
}
