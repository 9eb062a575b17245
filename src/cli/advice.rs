//! What is told of a problem on the command line: the problem, its place, and the
//! command that helps.

use crate::answers::FileRemark;
use crate::base::{Diagnostic, Remedy, Task};

/// A problem as people read it, with its remedy on a line of its own.
pub(crate) fn told(diagnostic: &Diagnostic) -> String {
    let FileRemark { problem, hint } = remark(diagnostic);
    hint.map_or_else(|| problem.clone(), |hint| format!("{problem}\n  hint: {hint}"))
}

/// The same problems, of those that many files have only the first: what differs but
/// in numbers and quoted words is another. `all` is what lists every one.
pub(crate) fn together(diagnostics: &[Diagnostic], all: &str) -> Vec<Diagnostic> {
    let mut kinds: Vec<(String, &Diagnostic, usize)> = Vec::new();
    for diagnostic in diagnostics {
        let kind = kind_of(&diagnostic.problem);
        let is_same = |(known, first, _): &&mut (String, &Diagnostic, usize)| {
            *known == kind && first.remedy == diagnostic.remedy && diagnostic.place.is_some()
        };
        match kinds.iter_mut().find(is_same) {
            Some((.., n_more)) => *n_more += 1,
            None => kinds.push((kind, diagnostic, 0)),
        }
    }
    let told = kinds.into_iter().map(|(_, first, n_more)| {
        let mut told = first.clone();
        if n_more > 0 {
            let places =
                if n_more == 1 { "1 other place" } else { &format!("{n_more} other places") };
            told.problem = format!("{}; the same at {places}, see `{all}`", told.problem);
        }
        told
    });
    told.collect()
}

/// A problem without its numbers and the words that it quotes.
fn kind_of(problem: &str) -> String {
    let outside = problem.split('`').step_by(2);
    outside.flat_map(str::chars).filter(|c| !c.is_numeric() && *c != ',').collect()
}

/// A problem with its place, and its remedy in words.
pub(crate) fn remark(diagnostic: &Diagnostic) -> FileRemark {
    FileRemark::of(diagnostic, hint)
}

fn hint(remedy: &Remedy) -> String {
    match &remedy.task {
        None => remedy.advice.clone(),
        Some(task) if remedy.advice.is_empty() => format!("`{}`", command(task)),
        Some(task) => format!("{}: `{}`", remedy.advice, command(task)),
    }
}

/// The command that does a task.
pub(super) fn command(task: &Task) -> String {
    let words = match task {
        Task::ChooseStudy => return "--study DIR".to_owned(),
        Task::MoveStore => return "--store DIR".to_owned(),
        Task::Overwrite => return "--overwrite".to_owned(),
        Task::ChooseContents => return "--what".to_owned(),
        Task::CountCandidates => return "--candidates".to_owned(),
        Task::OrderInterviews => return "--order COLUMN".to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_that_many_files_have_is_told_once() {
        let found = |path: &str, n: usize| {
            Diagnostic::new(format!("{n} words before `{path}` belong to no turn"))
                .in_file(path, Some(1))
                .with(Remedy::new("put `Name:` before them"))
        };
        let other = Diagnostic::new("the file is empty").in_file("c.txt", None);
        let told =
            together(&[found("a.txt", 1_200), other.clone(), found("b.txt", 7)], "leitmotif info");
        assert_eq!(
            told[0].problem,
            "1200 words before `a.txt` belong to no turn; the same at 1 other place, see `leitmotif info`"
        );
        assert_eq!(told[1..], [other]);
    }
}
