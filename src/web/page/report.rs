//! Report: what will be in it, the file, and drafts whose quotes are found again.

use askama::Template;

use crate::answers::document::{CitedQuote, Document, Node, Parts};
use crate::answers::{FileRemark, VerifyAnswer};
use crate::base::Diagnose as _;
use crate::report::document::FileKind;
use crate::study::StudyError;
use crate::study::document::DocumentParams;
use crate::web::advice::{remark, told};
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Failure, Reply, Visit};
use crate::web::words;

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    frame: Frame,
    document: Document,
    warnings: Vec<FileRemark>,
    gaps: Vec<Gap>,
    choices: Vec<Choice>,
}

/// Something that a reader of the report would miss.
struct Gap {
    what: String,
    /// The themes and codes that have it: number and name.
    nodes: Vec<(u32, String)>,
}

/// A part of a report that can be left out.
struct Choice {
    name: &'static str,
    label: &'static str,
    is_in: bool,
}

impl ReportPage {
    fn n_of(&self, kind: &str) -> usize {
        self.document.nodes.iter().filter(|node| node.kind == kind).count()
    }

    /// The quotes that a theme shows.
    fn chosen(&self, node: &Node) -> Vec<&CitedQuote> {
        self.document.chosen(node).into_iter().map(|at| &self.document.quotes[at]).collect()
    }
}

/// What the report is to hold: all of it, until somebody chooses.
fn wanted(visit: &Visit<'_>) -> DocumentParams {
    let is_chosen = !visit.asked("chosen").is_empty();
    let part = |name: &str| !is_chosen || !visit.asked(name).is_empty();
    DocumentParams {
        title: None,
        with_memos: !visit.asked("memos").is_empty(),
        with_candidates: !visit.asked("candidates").is_empty(),
        parts: Parts {
            methods: part("methods"),
            pictures: part("pictures"),
            further_quotes: part("quotes"),
            codebook: part("codebook"),
            matrix: part("matrix"),
            coreq: part("coreq"),
        },
    }
}

fn choices(params: &DocumentParams) -> Vec<Choice> {
    let parts = &params.parts;
    let choice = |(name, label, is_in)| Choice { name, label, is_in };
    [
        ("methods", "the methods section, drafted from your decisions", parts.methods),
        ("pictures", "a picture of who is quoted under what", parts.pictures),
        ("quotes", "an appendix with all further quotes", parts.further_quotes),
        ("codebook", "the codebook", parts.codebook),
        ("matrix", "a table of participants by themes", parts.matrix),
        ("coreq", "the COREQ checklist", parts.coreq),
        ("memos", "your memos", params.with_memos),
        ("candidates", "the candidates that you have not decided on", params.with_candidates),
    ]
    .into_iter()
    .map(choice)
    .collect()
}

fn gaps(document: &Document) -> Vec<Gap> {
    let gap = |what: fn(usize) -> String, is_meant: fn(&Node) -> bool| {
        let nodes = document.nodes.iter().filter(|node| is_meant(node));
        let nodes: Vec<(u32, String)> = nodes.map(|it| (it.id, it.path.clone())).collect();
        (!nodes.is_empty()).then(|| Gap { what: what(nodes.len()), nodes })
    };
    [
        gap(
            |n| match n {
                1 => "1 theme or code has no definition".to_owned(),
                n => format!("{n} themes or codes have no definition"),
            },
            |node| node.definition.is_empty(),
        ),
        gap(
            |n| match n {
                1 => "1 theme or code has no quotation".to_owned(),
                n => format!("{n} themes or codes have no quotation"),
            },
            |node| node.n_quotations == 0,
        ),
        gap(
            |n| match n {
                1 => "1 theme or code is quoted from one participant only".to_owned(),
                n => format!("{n} themes or codes are quoted from one participant only"),
            },
            |node| node.prevalence.n == 1,
        ),
        gap(
            |n| match n {
                1 => "1 theme is quoted from fewer participants than its candidate had; \
                      the report counts who is quoted, so look for more passages"
                    .to_owned(),
                n => format!(
                    "{n} themes are quoted from fewer participants than their candidates had; \
                     the report counts who is quoted, so look for more passages"
                ),
            },
            |node| {
                let size = node.accepted.as_ref().and_then(|it| it.size);
                size.is_some_and(|size| size.n_cases > node.prevalence.n)
            },
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn document(
    visit: &Visit<'_>,
    params: &DocumentParams,
) -> Result<(Document, Vec<FileRemark>), Failure> {
    let document = visit.study.shown(visit.study.document(params)?);
    Ok((document.value, document.warnings.iter().map(remark).collect()))
}

/// What the report will hold.
pub(in crate::web) fn show(visit: &Visit<'_>) -> Answered {
    let params = wanted(visit);
    let (document, warnings) = document(visit, &params)?;
    if visit.is_json {
        return Reply::json(&document);
    }
    page(&ReportPage {
        frame: Frame::of(visit, "Report", "Report")?,
        gaps: gaps(&document),
        choices: choices(&params),
        document,
        warnings,
    })
}

#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    frame: Frame,
    answer: Option<VerifyAnswer>,
    problem: Option<FileRemark>,
}

/// Where a draft is handed over.
pub(in crate::web) fn check(visit: &Visit<'_>) -> Answered {
    let frame = Frame::of(visit, "Report", "Check a draft")?;
    page(&CheckPage { frame, answer: None, problem: None })
}

/// The quotes of a draft, found again or not. A draft that cannot be read is told there.
pub(in crate::web) fn checked(visit: &Visit<'_>, name: &str, bytes: &[u8]) -> Answered {
    let frame = Frame::of(visit, "Report", "Check a draft")?;
    let (answer, problem) = match visit.study.verify_bytes(bytes, name) {
        Ok(answer) => (Some(answer), None),
        Err(error @ StudyError::Report { .. }) => {
            (None, Some(told(&visit.study, error.diagnostic())))
        }
        Err(error) => return Err(error.into()),
    };
    page(&CheckPage { frame, answer, problem })
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
    let (document, _) = document(visit, &wanted(visit))?;
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
