//! Report: what will be in it, the file, and drafts whose quotes are found again.

use std::path::Path;

use askama::Template;

use crate::answers::document::{CitedQuote, Document, Node, Parts, PictureKind};
use crate::answers::{FileRemark, VerifyAnswer};
use crate::base::Diagnose as _;
use crate::charts::Picture;
use crate::desk::advice::{remark, told};
use crate::questions::document::DocumentParams;
use crate::questions::export::ExchangeFormat;
use crate::rendering::layout::shorten;
use crate::report::FileKind;
use crate::report::figures::previews;
use crate::study::StudyError;
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
    pictures: Vec<Choice>,
    /// The pictures with what stands below each, if somebody asks what will be in the report.
    figures: Vec<(String, Picture)>,
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

/// A picture on the form: its name there, and what is said of it.
fn told_of(kind: PictureKind) -> (&'static str, &'static str) {
    match kind {
        PictureKind::Quoted => {
            ("picture-quoted", "dots: how many participants are quoted under each theme, by group")
        }
        PictureKind::Matrix => {
            ("picture-matrix", "circles: who says how much of each accepted theme")
        }
        PictureKind::Map => ("picture-map", "a map: which accepted themes are said in like words"),
        PictureKind::Saturation => {
            ("picture-saturation", "the saturation curve: what each interview adds")
        }
        PictureKind::Dispersion => (
            "picture-dispersion",
            "strokes: where in each interview an accepted theme is said, one picture a theme",
        ),
    }
}

/// What the report is to hold: until somebody chooses, all of it, but of the pictures only
/// the one that it has by itself.
fn wanted(visit: &Visit<'_>) -> DocumentParams {
    let is_chosen = !visit.asked("chosen").is_empty();
    let part = |name: &str| !is_chosen || !visit.asked(name).is_empty();
    let usual = DocumentParams::default().pictures;
    let is_picture_in = |kind: &PictureKind| {
        if is_chosen { !visit.asked(told_of(*kind).0).is_empty() } else { usual.contains(kind) }
    };
    DocumentParams {
        title: None,
        with_memos: !visit.asked("memos").is_empty(),
        with_candidates: !visit.asked("candidates").is_empty(),
        parts: Parts {
            methods: part("methods"),
            further_quotes: part("quotes"),
            codebook: part("codebook"),
            matrix: part("matrix"),
            coreq: part("coreq"),
        },
        pictures: PictureKind::ALL.into_iter().filter(is_picture_in).collect(),
    }
}

fn choices(params: &DocumentParams) -> Vec<Choice> {
    let parts = &params.parts;
    let choice = |(name, label, is_in)| Choice { name, label, is_in };
    [
        ("methods", "the methods section, drafted from your decisions", parts.methods),
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

fn pictures(params: &DocumentParams) -> Vec<Choice> {
    let choice = |kind: PictureKind| {
        let (name, label) = told_of(kind);
        Choice { name, label, is_in: params.pictures.contains(&kind) }
    };
    PictureKind::ALL.into_iter().map(choice).collect()
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
        figures: if visit.asked("chosen").is_empty() { Vec::new() } else { previews(&document) },
        choices: choices(&params),
        pictures: pictures(&params),
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

/// Why a report is kept back: the first quote that does not fit, so that it can be found, and
/// how many more.
fn not_handed_over(checked: &VerifyAnswer) -> Failure {
    let mut wrong = checked.quotes.iter().filter(|quote| quote.is_wrong());
    let first = wrong.next();
    let text = first.map_or_else(String::new, |quote| {
        let (said, why) = (shorten(&quote.text, 80), quote.problems.join("; "));
        let why = if why.is_empty() { "not found again as it stands".to_owned() } else { why };
        format!("“{said}” {}: {why}", quote.beside)
    });
    let more = match wrong.count() {
        0 => String::new(),
        n => format!(" (and {} more)", words::many(n, "quote")),
    };
    Failure::mistake(
        &format!("a quote of the report cannot be vouched for: {text}{more}"),
        "take it out, or mark what a participant says (see Codebook); if you have changed files \
         yourself, read the folder again on Study",
    )
}

/// What is to be known of a file for other programs before it is handed over.
#[derive(Template)]
#[template(path = "handover.html")]
struct HandOverPage {
    frame: Frame,
    name: String,
    ending: String,
    warnings: Vec<FileRemark>,
    /// What such a file has no place for.
    stays: String,
}

/// The report as a file: its quotes are found again in it before it is handed over.
pub(in crate::web) fn file(visit: &Visit<'_>) -> Answered {
    let ending = visit.asked("as");
    let name = format!("{}.{ending}", visit.study.name());
    if let Some(format) = ExchangeFormat::of_ending(ending) {
        let (bytes, exported) = visit.study.exchange_bytes(Path::new(&name), format)?;
        let warnings: Vec<FileRemark> = exported.warnings.iter().map(remark).collect();
        // Nobody who asks for a file reads what is wrong with it, unless it is told first.
        if !warnings.is_empty() && visit.asked("told").is_empty() {
            let (frame, stays) =
                (Frame::of(visit, "Report", "Hand over")?, exported.value.stays.join(", "));
            return page(&HandOverPage { frame, name, ending: ending.to_owned(), warnings, stays });
        }
        return Ok(Reply::File { name, kind: "application/octet-stream", bytes });
    }
    let (kind, media) = match (FileKind::of_ending(ending), ending) {
        (Some(kind), "docx") => {
            (kind, "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        }
        (Some(kind), "html") => (kind, "text/html; charset=utf-8"),
        (Some(kind), "xlsx") => {
            (kind, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
        (Some(kind), "md") => (kind, "text/markdown; charset=utf-8"),
        _ => {
            let problem = format!("no report can be written as `{ending}`");
            return Err(Failure::mistake(&problem, "choose one of those that the page offers"));
        }
    };
    let (document, _) = document(visit, &wanted(visit))?;
    let (bytes, checked) = visit.study.checked_document(&document, (kind, &name))?;
    if !checked.is_clean() {
        return Err(not_handed_over(&checked));
    }
    Ok(Reply::File { name, kind: media, bytes })
}
