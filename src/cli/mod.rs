//! The command line: arguments in, one call of [`Session`], a report out.
//!
//! Data go to standard output, all else to standard error. Exit codes: 0
//! done, 1 done with warnings, 2 failed.

pub(crate) mod advice;
mod agreement;
mod code;
mod codebook;
mod compare;
mod completions;
mod decided;
mod exchange;
mod export;
mod formats;
mod guide;
mod index;
mod info;
mod lines;
mod memo;
mod output;
mod plot;
mod propose;
mod pseudonyms;
mod quote;
mod saturation;
mod schema;
mod search;
#[cfg(feature = "web")]
mod serve;
mod show;
mod similar;
mod tables;
mod theme;
mod themes;
mod verify;

use std::ffi::OsString;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::error::{ContextKind, ContextValue};
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use self::output::columns;
use crate::answers::Unshown;
use crate::base::{Diagnose as _, Diagnostic, Progress, Task};
use crate::codebook::CodebookError;
#[cfg(feature = "web")]
use crate::personal::Personal;
use crate::pseudonyms::Pseudonyms;
use crate::rendering::style::StyledWrite;
use crate::session::Person;
use crate::session::{Opened, Session};
use crate::study::{self, Snapshot, StudyError, UpdateReport};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// All was done.
    Complete,
    /// Done, but something was left out and reported.
    WithWarnings,
}

/// The exit code of a command that failed.
const FAILED: u8 = 2;

/// Finds themes and quotes in interview transcripts, on your own computer
///
/// Leitmotif reads a folder of transcripts and suggests candidate themes, each
/// with its evidence. You decide what is a theme. Nothing leaves this computer,
/// and no transcript is ever changed.
#[derive(Debug, Parser)]
#[command(
    name = "leitmotif",
    version,
    max_term_width = 80,
    after_help = "\
Examples:
  leitmotif --study interviews info         what was read, and who is who
  leitmotif --study interviews themes       candidate themes with quotes
  leitmotif help theme                      explains a command, with examples
  leitmotif guide                           guides for each task, step by step

Without --study, the study is the folder you are in.

Exit codes: 0 done, 1 done with warnings, 2 failed."
)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes, listed after its own options.
const EVERY_COMMAND: &str = "Options of every command";

#[derive(Debug, clap::Args)]
#[command(next_help_heading = EVERY_COMMAND)]
pub(crate) struct Global {
    /// Folder of the transcripts. Without it: the value of `LEITMOTIF_STUDY`, else the
    /// folder you are in, or the nearest one above it that has `.leitmotif`
    #[arg(long, global = true, value_name = "DIR")]
    study: Option<PathBuf>,

    /// Folder to keep `.leitmotif` in, if not the study itself
    #[arg(long, global = true, value_name = "DIR")]
    store: Option<PathBuf>,

    /// Your name in the log. Without it: the value of `LEITMOTIF_CODER`, or your user
    /// name
    #[arg(long, global = true, value_name = "NAME")]
    coder: Option<String>,

    /// Number of threads; this changes no answer
    #[arg(long, global = true, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// Show the real names instead of pseudonyms
    #[arg(long, global = true)]
    originals: bool,

    /// Print how long each stage took, on standard error
    #[arg(long, global = true)]
    timings: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Index(index::IndexArgs),
    Info(info::InfoArgs),
    Themes(themes::ThemesArgs),
    Search(search::SearchArgs),
    Similar(similar::SimilarArgs),
    Propose(propose::ProposeArgs),
    Compare(compare::CompareArgs),
    Saturation(saturation::SaturationArgs),
    Plot(plot::PlotArgs),
    Show(show::ShowArgs),
    #[cfg(feature = "web")]
    Serve(serve::ServeArgs),
    Theme(theme::ThemeArgs),
    Code(code::CodeArgs),
    Quote(quote::QuoteArgs),
    Memo(memo::MemoArgs),
    Codebook(codebook::CodebookArgs),
    Log(codebook::LogArgs),
    Undo(codebook::UndoArgs),
    Redo(codebook::RedoArgs),
    Restore(codebook::RestoreArgs),
    Export(export::ExportArgs),
    Import(exchange::ImportArgs),
    Verify(verify::VerifyArgs),
    Agreement(agreement::AgreementArgs),
    Pseudonyms(pseudonyms::PseudonymsArgs),
    Guide(guide::GuideArgs),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
    Man(completions::ManArgs),
}

/// How many threads are ever used: more take long to start and do nothing.
const MAX_THREADS: usize = 256;

/// Runs the program on the arguments of this process.
pub fn main() -> ExitCode {
    if let Some(done) = study::read_apart(std::env::args_os().nth(1).as_deref()) {
        return done.map_or(ExitCode::from(FAILED), |()| ExitCode::SUCCESS);
    }
    #[cfg(feature = "web")]
    if serve::is_double_click() {
        return ExitCode::from(run_with(["leitmotif".into(), "serve".into()]));
    }
    ExitCode::from(run_with(std::env::args_os()))
}

/// Runs the program on arguments, the first of which is its name; returns its exit code.
pub fn run_with(args: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        // The help that was asked for is no error; nobody is left to tell if its reader is gone.
        Err(told) => {
            let told = naming_study(told);
            if told.use_stderr() {
                // It repeats what was typed, which may be the name of a file.
                write!(output::stderr(), "{}", told.render()).ok();
            } else {
                told.print().ok();
            }
            return u8::try_from(told.exit_code()).unwrap_or(FAILED);
        }
    };
    let mut out = output::stdout();
    let shown = OnceLock::new();
    let outcome = run(&cli, &mut out, &shown).and_then(|outcome| {
        out.flush().context("the answer cannot be written")?;
        Ok(outcome)
    });
    match outcome {
        Ok(Outcome::Complete) => 0,
        Ok(Outcome::WithWarnings) => 1,
        // Whoever reads our answer may stop in the middle, as `head` does.
        Err(error) if is_closed_pipe(&error) => 0,
        Err(error) => {
            complain(&error, shown.get());
            FAILED
        }
    }
}

/// Adds how a folder is named to what is told of one that stands alone.
fn naming_study(mut told: clap::Error) -> clap::Error {
    if let Some(ContextValue::String(argument)) = told.get(ContextKind::InvalidArg)
        && std::path::Path::new(argument).is_dir()
    {
        let tip = format!("to name the folder of a study, use `--study {argument}`");
        told.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    told
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// Says what went wrong; what is meant may be named after somebody.
fn complain(error: &anyhow::Error, pseudonyms: Option<&Arc<Pseudonyms>>) {
    let mut err = output::stderr();
    let of_study: Option<&StudyError> = error.downcast_ref();
    // What is wrong with the key itself can only be said with the names in it.
    let is_of_key = matches!(of_study, Some(StudyError::Pseudonym(_)));
    let pseudonyms = pseudonyms.filter(|_| !is_of_key).map(Arc::as_ref);
    if let Some(StudyError::NoTranscripts { refused, .. }) = of_study {
        write_warnings(&mut err, &Unshown::new(refused.clone()).shown(pseudonyms));
    }
    let of_codebook: Option<&CodebookError> = error.downcast_ref();
    let diagnostic = of_study
        .map(StudyError::diagnostic)
        .or_else(|| of_codebook.map(CodebookError::diagnostic))
        .unwrap_or_else(|| Diagnostic::new(format!("{error:#}")));
    // Nobody is left to tell if standard error is closed.
    let diagnostic = Unshown::new(diagnostic).shown(pseudonyms);
    writeln!(err, "error: {}", advice::told(&diagnostic)).ok();
}

fn run(
    cli: &Cli,
    out: &mut impl StyledWrite,
    shown: &OnceLock<Arc<Pseudonyms>>,
) -> anyhow::Result<Outcome> {
    if let Some(threads) = cli.global.threads {
        // A pool exists already only if this process runs a second command.
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads.get().min(MAX_THREADS))
            .build_global()
            .ok();
    }
    if tell_of_itself(&cli.command, out)? {
        return Ok(Outcome::Complete);
    }
    let working = std::env::current_dir().context("the folder you are in no longer exists")?;
    let named = std::env::var_os("LEITMOTIF_STUDY").filter(|name| !name.is_empty());
    let given = cli.global.study.clone().or_else(|| named.map(PathBuf::from));
    let root = study::find_root(given.as_deref(), &working)?;
    let person = person(cli.global.coder.as_deref(), cli.command.name());
    if let Command::Import(args) = &cli.command {
        // The folder may still be empty, so that there is no study to open.
        return exchange::import(args, &person, (&root, cli.global.store.as_deref()), out);
    }
    #[cfg(feature = "web")]
    if let Command::Serve(args) = &cli.command {
        if args.launcher {
            serve::write_launcher(out)?;
            return Ok(Outcome::Complete);
        }
        // Who is named by nobody signs as on a page before.
        let is_named = cli.global.coder.is_some() || std::env::var_os("LEITMOTIF_CODER").is_some();
        let known = Personal::read().coder.filter(|_| !is_named);
        let coder = known.unwrap_or_else(|| person.coder.clone());
        let person = Person { coder, ..person };
        // The pages answer while the study is being opened.
        let params = crate::desk::ServeParams {
            root: if given.is_some() { Some(root) } else { serve::study_of(root) },
            store: cli.global.store.clone(),
            person,
            originals: cli.global.originals,
            port: args.port,
            read_only: args.read_only,
            keep: args.keep,
            opens_browser: !args.no_open,
        };
        serve::run(args, params, out)?;
        return Ok(Outcome::Complete);
    }
    let store = cli.global.store.as_deref();
    if let Command::Search(args) = &cli.command
        && let Some(index) = &args.index
    {
        let key_in = (!cli.global.originals).then_some((&*root, store));
        let study = Snapshot::of_index(index, key_in)?;
        study.pseudonyms().map(|pseudonyms| shown.set(Arc::clone(pseudonyms)));
        let outcome = warn(&study.found());
        search::run(args, &study, out)?;
        return Ok(outcome);
    }
    let opened = with_bar("reading", |bar| Session::open(&root, store, bar));
    let Opened { session, report, warnings } = opened.inspect_err(|_| {
        let hides = study::pseudonyms_of_unopened(&root, store).filter(|_| !cli.global.originals);
        hides.map(|pseudonyms| shown.set(pseudonyms));
    })?;
    if cli.global.originals {
        session.show_originals();
    }
    let study = session.snapshot();
    study.pseudonyms().map(|pseudonyms| shown.set(Arc::clone(pseudonyms)));
    let mut warnings = study.shown(warnings);
    warnings.extend(study.shown(study.same_when_shown()));
    // What `info` answers is these remarks, so they are not told twice.
    if !matches!(cli.command, Command::Info(_)) {
        let told = advice::together(&warnings, &advice::command(&Task::ListTranscripts));
        write_warnings(&mut output::stderr(), &told);
    }
    let mut outcome = if warnings.is_empty() { Outcome::Complete } else { Outcome::WithWarnings };
    if matches!(cli.command, Command::Index(_) | Command::Search(_) | Command::Similar(_)) {
        outcome = outcome.max(warn(&study.bring_index_up_to_date(&|_, _| {})?));
    }
    match &cli.command {
        Command::Index(args) => index::run(args, &study, &report, out)?,
        Command::Info(args) => info::run(args, &study, &warnings, out)?,
        Command::Themes(args) => outcome = outcome.max(themes::run(args, &session, out)?),
        Command::Search(args) => search::run(args, &study, out)?,
        Command::Similar(args) => similar::run(args, &study, out)?,
        Command::Propose(args) => propose::run(args, &person, &session, out)?,
        Command::Compare(args) => compare::run(args, &session, out)?,
        Command::Saturation(args) => saturation::run(args, &study, out)?,
        Command::Plot(args) => plot::run(args, &study, out)?,
        Command::Show(args) => show::run(args, &study, out)?,
        Command::Agreement(args) => outcome = outcome.max(agreement::run(args, &study, out)?),
        Command::Pseudonyms(args) => pseudonyms::run(args, &person, &session, out)?,
        Command::Theme(args) => theme::run(args, &person, &session, out)?,
        Command::Code(args) => code::run(args, &person, &session, out)?,
        Command::Quote(args) => outcome = outcome.max(quote::run(args, &person, &session, out)?),
        Command::Memo(args) => memo::run(args, &person, &session, out)?,
        Command::Codebook(args) => {
            outcome = outcome.max(codebook::run_codebook(args, &study, out)?);
        }
        Command::Log(args) => codebook::run_log(args, &study, out)?,
        Command::Undo(args) => codebook::run_undo(args, &person, &session, out)?,
        Command::Redo(args) => codebook::run_redo(args, &person, &session, out)?,
        Command::Restore(_) => codebook::run_restore(&person, &session, out)?,
        // Done above: an import opens the study itself, and these need none.
        Command::Import(_)
        | Command::Guide(_)
        | Command::Schema(_)
        | Command::Completions(_)
        | Command::Man(_) => {}
        #[cfg(feature = "web")]
        Command::Serve(_) => {}
        Command::Export(args) => outcome = outcome.max(export::run(args, &session, out)?),
        Command::Verify(args) => outcome = outcome.max(verify::run(args, &study, out)?),
    }
    session.keep_derived();
    if cli.global.timings {
        let mut err = output::stderr();
        for (stage, duration) in session.snapshot().times() {
            writeln!(err, "{stage}: {:.3} s", duration.as_secs_f64())?;
        }
    }
    Ok(outcome)
}

/// Carries out a command that needs no study; whether it is one.
fn tell_of_itself(command: &Command, out: &mut impl Write) -> anyhow::Result<bool> {
    match command {
        Command::Guide(args) => guide::run(args, out)?,
        Command::Schema(args) => schema::run(args, out)?,
        Command::Completions(args) => completions::run_completions(args, out)?,
        Command::Man(args) => completions::run_man(args, out)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Who decides: `coder`, or whoever the environment names; and in which command.
pub(crate) fn person(coder: Option<&str>, command: &str) -> Person {
    let named = |name: &str| std::env::var(name).ok();
    let names =
        [coder.map(str::to_owned), named("LEITMOTIF_CODER"), named("USER"), named("USERNAME")];
    let is_name = |name: &String| !name.trim().is_empty();
    let coder = names.into_iter().flatten().find(is_name);
    Person {
        coder: coder.map_or_else(|| "coder".to_owned(), |name| name.trim().to_owned()),
        command: command.to_owned(),
    }
}

impl Command {
    fn name(&self) -> &'static str {
        match self {
            Self::Index(_) => "index",
            Self::Info(_) => "info",
            Self::Themes(_) => "themes",
            Self::Search(_) => "search",
            Self::Similar(_) => "similar",
            Self::Propose(_) => "propose",
            Self::Compare(_) => "compare",
            Self::Saturation(_) => "saturation",
            Self::Plot(_) => "plot",
            Self::Show(_) => "show",
            #[cfg(feature = "web")]
            Self::Serve(_) => "serve",
            Self::Verify(_) => "verify",
            Self::Export(_) => "export",
            Self::Agreement(_) => "agreement",
            Self::Pseudonyms(_) => "pseudonyms",
            Self::Theme(_) => "theme",
            Self::Code(_) => "code",
            Self::Quote(_) => "quote",
            Self::Memo(_) => "memo",
            Self::Codebook(_) => "codebook",
            Self::Log(_) => "log",
            Self::Undo(_) => "undo",
            Self::Redo(_) => "redo",
            Self::Restore(_) => "restore",
            Self::Import(_) => "import",
            Self::Guide(_) => "guide",
            Self::Schema(_) => "schema",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }
}

/// Prints warnings about a command's answer; says how it ended.
fn warn(warnings: &[Diagnostic]) -> Outcome {
    write_warnings(&mut output::stderr(), warnings);
    if warnings.is_empty() { Outcome::Complete } else { Outcome::WithWarnings }
}

/// Prints warnings for people, each once.
fn write_warnings(err: &mut impl Write, warnings: &[Diagnostic]) {
    for warning in warnings {
        // Nobody is left to tell if standard error is closed.
        writeln!(err, "warning: {}", advice::told(warning)).ok();
    }
}

/// Shows how far work is, if it takes long.
fn with_bar<T>(says: &'static str, work: impl FnOnce(&Bar) -> T) -> T {
    let bar = Bar::new(says);
    let done = work(&bar);
    bar.clear();
    done
}

/// A bar for work that takes more than a second, on a terminal only.
struct Bar {
    says: &'static str,
    start: Instant,
    shown: OnceLock<ProgressBar>,
}

impl Bar {
    const PATIENCE: Duration = Duration::from_secs(1);

    fn new(says: &'static str) -> Self {
        Self { says, start: Instant::now(), shown: OnceLock::new() }
    }

    fn clear(&self) {
        if let Some(bar) = self.shown.get() {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn tell(&self, done: usize, all: usize) {
        if self.start.elapsed() < Self::PATIENCE {
            return;
        }
        let bar = self.shown.get_or_init(|| {
            let template = format!("{} {{bar:40}} {{pos}} of {{len}}", self.says);
            let style = ProgressStyle::with_template(&template);
            let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::with_draw_target(Some(all as u64), ProgressDrawTarget::stderr())
                .with_style(style)
        });
        bar.set_position(done as u64);
    }
}

/// One line of what an update did: "read 2 transcripts, 14 unchanged".
fn update_line(report: &UpdateReport) -> String {
    let mut parts = vec![match report.n_read {
        1 => "read 1 transcript".to_owned(),
        n => format!("read {n} transcripts"),
    }];
    if report.n_kept > 0 {
        parts.push(format!("{} unchanged", report.n_kept));
    }
    if report.n_removed > 0 {
        parts.push(format!("{} removed", report.n_removed));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Cli::command().debug_assert();
    }

    /// Looks at the help of a command and of all under it.
    fn check_help(command: &mut clap::Command) {
        let help = command.clone().render_long_help().to_string();
        let name = command.get_name().to_owned();
        let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(after.contains("Example"), "`{name}` has no example");
        // Wider lines would be broken, and a broken example cannot be copied.
        let long = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
        for line in after.lines().chain(long.lines()) {
            assert!(line.chars().count() <= 80, "`{name}`: {line}");
        }
        for line in help.lines() {
            assert!(!line.contains('\\') && !line.contains("[`"), "`{name}`: {line}");
        }
        for part in command.get_subcommands_mut().filter(|part| part.get_name() != "help") {
            check_help(part);
        }
    }

    #[test]
    fn every_command_has_an_example_and_no_line_of_help_is_broken() {
        check_help(&mut Cli::command());
    }
}
