//! Report: what will be in it, and the file.

use askama::Template;

use crate::answers::FileRemark;
use crate::answers::document::Document;
use crate::report::document::FileKind;
use crate::study::document::DocumentParams;
use crate::web::advice::remark;
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Failure, Reply, Visit};
use crate::web::words;

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    frame: Frame,
    document: Document,
    warnings: Vec<FileRemark>,
    n_without_definition: usize,
}

impl ReportPage {
    fn n_of(&self, kind: &str) -> usize {
        self.document.nodes.iter().filter(|node| node.kind == kind).count()
    }
}

fn document(visit: &Visit<'_>) -> Result<(Document, Vec<FileRemark>), Failure> {
    let params = DocumentParams {
        title: None,
        with_memos: !visit.asked("memos").is_empty(),
        with_candidates: !visit.asked("candidates").is_empty(),
    };
    let document = visit.study.shown(visit.study.document(&params)?);
    Ok((document.value, document.warnings.iter().map(remark).collect()))
}

/// What the report will hold.
pub(in crate::web) fn show(visit: &Visit<'_>) -> Answered {
    let (document, warnings) = document(visit)?;
    if visit.is_json {
        return Reply::json(&document);
    }
    let is_bare = |node: &&crate::answers::document::Node| node.definition.is_empty();
    page(&ReportPage {
        frame: Frame::of(visit, "Report", "Report")?,
        n_without_definition: document.nodes.iter().filter(is_bare).count(),
        document,
        warnings,
    })
}

/// The report as a file: its quotes are found again in it before it is handed over.
pub(in crate::web) fn file(visit: &Visit<'_>) -> Answered {
    let ending = visit.asked("as");
    let (kind, media) = match (FileKind::of_ending(ending), ending) {
        (Some(kind), "docx") => {
            (kind, "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        }
        (Some(kind), "html") => (kind, "text/html; charset=utf-8"),
        (Some(kind), "md") => (kind, "text/markdown; charset=utf-8"),
        _ => {
            let problem = format!("no report can be written as `{ending}`");
            return Err(Failure::mistake(&problem, "choose Word, web page or Markdown"));
        }
    };
    let (document, _) = document(visit)?;
    let name = format!("{}.{ending}", visit.study.name());
    let (bytes, checked) = visit.study.checked_document(&document, (kind, &name))?;
    if !checked.is_clean() {
        let n = checked.quotes.iter().filter(|quote| quote.is_wrong()).count();
        let problem =
            format!("{} of the report not found again as it stands", words::many(n, "quote"));
        return Err(Failure::mistake(&problem, "read the folder again on Study, then repeat it"));
    }
    Ok(Reply::File { name, kind: media, bytes })
}
