//! What is told of a problem on the command line: the problem, its place, and the
//! command that helps.

use crate::answers::FileRemark;
use crate::base::{Diagnostic, Remedy, Task};

/// A problem as people read it, with its remedy on a line of its own.
pub(crate) fn told(diagnostic: &Diagnostic) -> String {
    let FileRemark { problem, hint } = remark(diagnostic);
    hint.map_or_else(|| problem.clone(), |hint| format!("{problem}\n  hint: {hint}"))
}

/// A problem with its place, and its remedy in words.
pub(crate) fn remark(diagnostic: &Diagnostic) -> FileRemark {
    let Diagnostic { place, problem, remedy } = diagnostic;
    let place = place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
    FileRemark { problem: format!("{place}{problem}"), hint: remedy.as_ref().map(hint) }
}

fn hint(remedy: &Remedy) -> String {
    match &remedy.task {
        None => remedy.advice.clone(),
        Some(task) if remedy.advice.is_empty() => format!("`{}`", command(task)),
        Some(task) => format!("{}: `{}`", remedy.advice, command(task)),
    }
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
