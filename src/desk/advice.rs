//! What is told of a problem on a page: the problem with its place, and what helps.

use crate::answers::{FileRemark, Unshown};
use crate::base::{Diagnostic, Task};
use crate::study::Snapshot;

/// A problem as people read it on a page.
pub(crate) fn remark(diagnostic: &Diagnostic) -> FileRemark {
    FileRemark::of(diagnostic, |remedy| match remedy.task.as_ref().and_then(place_of) {
        None => remedy.advice.clone(),
        Some(place) if remedy.advice.is_empty() => format!("see {place}"),
        Some(place) => format!("{} (see {place})", remedy.advice),
    })
}

/// The same as it is shown in this study: without names that are on the key.
pub(crate) fn told(study: &Snapshot, problem: Diagnostic) -> FileRemark {
    remark(&study.shown(Unshown::new(problem)))
}

/// The place of the workbench where a task is done; none where only words help.
fn place_of(task: &Task) -> Option<&'static str> {
    Some(match task {
        Task::ListTranscripts | Task::ReadTranscript(_) => "Read",
        Task::SuggestThemes | Task::AcceptCandidate | Task::RenameTheme => "Themes",
        Task::ListRejected => "Themes, rejected",
        Task::ListCodes | Task::AddCode | Task::ListQuotations | Task::ListStaleQuotations => {
            "Codebook"
        }
        Task::ListMemos => "Memos",
        Task::ListDecisions | Task::Undo => "History",
        Task::ListPseudonyms | Task::RemovePseudonym(_) | Task::ScanNames => "Study, names",
        _ => return None,
    })
}
