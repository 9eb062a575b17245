//! What helps against a problem, as a call of the package where one does.

use crate::answers::FileRemark;
use crate::base::{Diagnostic, Remedy, Task};

/// A problem with its place, and what helps.
pub(super) fn remark(diagnostic: &Diagnostic) -> FileRemark {
    FileRemark::of(diagnostic, hint)
}

/// What helps, in words.
pub(super) fn hint(remedy: &Remedy) -> String {
    match remedy.task.as_ref().and_then(call) {
        None => remedy.advice.clone(),
        Some(call) if remedy.advice.is_empty() => format!("`{call}`"),
        Some(call) => format!("{}: `{call}`", remedy.advice),
    }
}

/// The call that does a task; none where only words help.
fn call(task: &Task) -> Option<&'static str> {
    Some(match task {
        Task::ChooseStudy => "leitmotif.open(path)",
        Task::MoveStore => "leitmotif.open(path, store=folder)",
        Task::ListTranscripts => "study.info()",
        Task::ReadTranscript(_) => "study.table(\"passages\")",
        Task::SuggestThemes => "study.themes()",
        Task::CountCandidates => "study.saturation(candidates=True)",
        Task::OrderInterviews => "study.saturation(order=column)",
        Task::AcceptCandidate => "study.act({\"act\": \"accept-theme\", …})",
        Task::RenameTheme => "study.act({\"act\": \"rename-theme\", …})",
        Task::ListRejected => "study.rejected_themes()",
        Task::ListCodes => "study.codebook()",
        Task::AddCode => "study.act({\"act\": \"add-code\", …})",
        Task::AddQuotation => "study.act({\"act\": \"add-quotation\", …})",
        Task::ListQuotations => "study.codings()",
        Task::ListStaleQuotations => "study.codings(stale=True)",
        Task::ReanchorQuotations => "study.act({\"act\": \"reanchor-quotations\"})",
        Task::Propose => "study.propose()",
        Task::ListRefusals => "study.rejected_proposals()",
        Task::ListMemos => "study.memos()",
        Task::ListDecisions => "study.log()",
        Task::Undo => "study.act({\"act\": \"undo\"})",
        Task::VerifyReport => "study.verify(path)",
        Task::Overwrite
        | Task::ChooseContents
        | Task::ReadSettings
        | Task::Restore
        | Task::ListPseudonyms
        | Task::RemovePseudonym(_)
        | Task::ScanNames => return None,
    })
}
