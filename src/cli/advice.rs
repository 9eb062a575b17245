//! What is told of a problem on the command line: the problem, its place, and the
//! command that helps.

use crate::base::{Diagnostic, Task};

/// A problem as people read it, with its remedy on a line of its own.
pub(crate) fn told(diagnostic: &Diagnostic) -> String {
    joined(diagnostic, "\n  hint: ")
}

/// A problem with its remedy in one line, as in a list.
pub(crate) fn in_one_line(diagnostic: &Diagnostic) -> String {
    joined(diagnostic, "; ")
}

fn joined(diagnostic: &Diagnostic, between: &str) -> String {
    let Diagnostic { place, problem, remedy } = diagnostic;
    let mut text = place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
    text.push_str(problem);
    if let Some(remedy) = remedy {
        text.push_str(between);
        text.push_str(&remedy.advice);
        if let Some(task) = &remedy.task {
            if !remedy.advice.is_empty() {
                text.push_str(": ");
            }
            text = format!("{text}`{}`", command(task));
        }
    }
    text
}

/// The command that does a task.
fn command(task: &Task) -> String {
    let words = match task {
        Task::ChooseStudy => return "--study DIR".to_owned(),
        Task::MoveStore => return "--store DIR".to_owned(),
        Task::Overwrite => return "--overwrite".to_owned(),
        Task::ChooseContents => return "--what".to_owned(),
        Task::ListTranscripts => "info",
        Task::ReadSettings => "info --help",
        Task::ReadTranscript(id) => return format!("leitmotif show {id}"),
        Task::SuggestThemes => "themes",
        Task::AcceptCandidate => "theme accept",
        Task::RenameTheme => "theme rename",
        Task::ListRejected => "theme rejected",
        Task::ListCodes => "codebook",
        Task::AddCode => "code add",
        Task::AddQuotation => "quote add",
        Task::ListQuotations => "quote list",
        Task::ListStaleQuotations => "quote list --stale",
        Task::ReanchorQuotations => "quote reanchor",
        Task::Propose => "propose",
        Task::ListRefusals => "propose rejected",
        Task::ListMemos => "memo list",
        Task::ListDecisions => "log",
        Task::Undo => "undo",
        Task::Restore => "restore",
        Task::ListPseudonyms => "pseudonyms list",
        Task::RemovePseudonym(name) => return format!("leitmotif pseudonyms remove \"{name}\""),
        Task::ScanNames => "pseudonyms scan",
        Task::VerifyReport => "verify",
    };
    format!("leitmotif {words}")
}
