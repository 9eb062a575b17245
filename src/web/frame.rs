//! What stands around every page, the pages that need no study, and the files that
//! pages are drawn with.

use std::sync::LazyLock;

use askama::Template;
use axum::body::Body;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, Response, StatusCode};

use super::visit::{Answered, Failure, Reply, Visit, html, refusal_json, response};
use super::words::sentence_of;
use crate::answers::{FileRemark, LogEntry};
use crate::desk::Desk;
use crate::desk::advice::told;
use crate::study::Snapshot;

/// The places of the workbench in the order of the work: name, address, title.
pub(super) const PLACES: [(&str, &str); 6] = [
    ("Study", "/study"),
    ("Read", "/read"),
    ("Themes", "/themes"),
    ("Quotes", "/quotes"),
    ("Compare", "/compare"),
    ("Report", "/report"),
];

/// Places that are looked up at any time.
pub(super) const SIDE_PLACES: [(&str, &str); 4] =
    [("Codebook", "/codebook"), ("Memos", "/memos"), ("History", "/history"), ("Help", "/help")];

/// What stands around every page of a study.
pub(super) struct Frame {
    pub(super) study: String,
    pub(super) title: String,
    pub(super) place: &'static str,
    /// The key that forms carry.
    pub(super) key: String,
    /// How many decisions the page shows.
    pub(super) rev: usize,
    /// The last decision, as a sentence.
    pub(super) last: Option<String>,
    /// What undoing would take back, as a sentence.
    pub(super) undo: Option<String>,
    /// What redoing would bring back, as a sentence.
    pub(super) redo: Option<String>,
    pub(super) is_read_only: bool,
    pub(super) job: Option<String>,
    pub(super) coder: String,
    pub(super) here: String,
}

impl Frame {
    /// The frame of a page with this title, in one of the places.
    pub(super) fn of(visit: &Visit<'_>, place: &'static str, title: &str) -> Result<Self, Failure> {
        let study = &visit.study;
        let history = study.history()?;
        let log = study.shown(study.log()?);
        let entry = |number: Option<u32>| {
            let found = log.iter().find(|entry| Some(entry.number) == number);
            found.map(|entry| format!("{} {}", entry.verb.past(), entry.about))
        };
        Ok(Self {
            study: study.name(),
            title: title.to_owned(),
            place,
            key: visit.desk.door().page_key().to_owned(),
            rev: study.n_decisions()?,
            last: log.last().map(sentence),
            undo: entry(history.undoes()),
            redo: entry(history.redoes().last()),
            is_read_only: visit.desk.params.read_only,
            job: visit.desk.job().map(|job| job.text()),
            coder: visit.desk.person().coder,
            here: visit.here(),
        })
    }

    /// Whether anything can be decided here.
    pub(super) fn may_act(&self) -> bool {
        !self.is_read_only
    }
}

/// A decision as a sentence.
pub(super) fn sentence(entry: &LogEntry) -> String {
    let LogEntry { number, verb, about, coder, .. } = entry;
    format!("Decision {number}: {} {about}, signed {coder}.", verb.past())
}

/// A template as an answer.
pub(super) fn page(template: &impl Template) -> Answered {
    template.render().map(Reply::Html).map_err(|error| Failure::broken(&error))
}

pub(super) fn rendered(template: &impl Template) -> String {
    template.render().expect("templates write to memory and cannot fail")
}

/// A file that pages are drawn with.
struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

/// The picture that stands for the program, as SVG.
pub const ICON: &[u8] = include_bytes!("assets/icon.svg");

const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const FONT: &str = "font/woff2";

macro_rules! assets {
    ($($name:literal: $kind:expr),+ $(,)?) => {
        &[$(Asset {
            name: $name,
            kind: $kind,
            bytes: include_bytes!(concat!("assets/", $name)),
        }),+]
    };
}

static ASSETS: &[Asset] = assets! {
    "app.css": STYLE,
    "board.js": SCRIPT,
    "commands.js": SCRIPT,
    "drafts.js": SCRIPT,
    "keys.js": SCRIPT,
    "page.js": SCRIPT,
    "places.js": SCRIPT,
    "quotes.js": SCRIPT,
    "read.js": SCRIPT,
    "select.js": SCRIPT,
    "icon.svg": "image/svg+xml",
    "sans-400.woff2": FONT,
    "sans-400-more.woff2": FONT,
    "sans-600.woff2": FONT,
    "sans-600-more.woff2": FONT,
    "serif.woff2": FONT,
    "serif-more.woff2": FONT,
};

/// What stands for all of them: they name each other, so they change together.
static EDITION: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = blake3::Hasher::new();
    for asset in ASSETS {
        hasher.update(asset.bytes);
    }
    hasher.finalize().to_hex()[..12].to_owned()
});

/// The address of a file that pages are drawn with.
pub(super) fn address(name: &str) -> String {
    format!("/assets/{}/{name}", *EDITION)
}

/// Such a file; it may be kept for ever, since another one has another address.
pub(super) fn asset(name: &str) -> Option<Response<Body>> {
    let asset = ASSETS.iter().find(|asset| asset.name == name)?;
    let mut sent = response(StatusCode::OK, asset.kind, asset.bytes.to_vec());
    let kept = HeaderValue::from_static("private, max-age=31536000, immutable");
    sent.headers_mut().insert(CACHE_CONTROL, kept);
    Some(sent)
}

/// A page for somebody who is not let in.
#[derive(Template)]
#[template(path = "door.html")]
pub(super) struct DoorPage<'a> {
    problem: &'a str,
    hint: &'a str,
}

impl<'a> DoorPage<'a> {
    pub(super) fn of([problem, hint]: [&'a str; 2]) -> Self {
        Self { problem, hint }
    }

    pub(super) fn text(&self) -> String {
        rendered(self)
    }
}

/// The page that is shown while the study is read.
#[derive(Template)]
#[template(path = "reading.html")]
pub(super) struct ReadingPage {
    study: String,
    says: String,
    key: String,
}

impl ReadingPage {
    pub(super) fn of(desk: &Desk) -> Self {
        let says =
            desk.job().map_or_else(|| "Reading the transcripts".to_owned(), |job| job.text());
        Self { study: desk.folder(), says, key: desk.door().page_key().to_owned() }
    }

    pub(super) fn text(&self) -> String {
        rendered(self)
    }
}

/// The page that is shown instead of candidates once the search for them was stopped.
#[derive(Template)]
#[template(path = "stopped.html")]
pub(super) struct StoppedPage {
    key: String,
}

impl StoppedPage {
    pub(super) fn of(desk: &Desk) -> Self {
        Self { key: desk.door().page_key().to_owned() }
    }

    pub(super) fn text(&self) -> String {
        rendered(self)
    }
}

/// What the words on the pages mean, without a study around it.
#[derive(Template)]
#[template(path = "help-bare.html")]
struct BareHelpPage;

pub(super) fn bare_help() -> String {
    rendered(&BareHelpPage)
}

/// The page of a study that cannot be opened.
#[derive(Template)]
#[template(path = "failed.html")]
pub(super) struct FailedPage {
    study: String,
    told: FileRemark,
    refused: Vec<FileRemark>,
    key: String,
    may_act: bool,
}

impl FailedPage {
    pub(super) fn of(desk: &Desk, told: FileRemark, refused: Vec<FileRemark>) -> Self {
        let (study, may_act) = (desk.folder(), !desk.params.read_only);
        let told = FileRemark { problem: sentence_of(&told.problem), ..told };
        Self { study, told, refused, key: desk.door().page_key().to_owned(), may_act }
    }

    pub(super) fn text(&self) -> String {
        rendered(self)
    }
}

/// The page of something that cannot be shown or done.
#[derive(Template)]
#[template(path = "error.html")]
pub(super) struct ErrorPage {
    title: &'static str,
    told: FileRemark,
    is_stale: bool,
}

impl ErrorPage {
    pub(super) fn of(status: StatusCode, told: FileRemark) -> Self {
        let title = match status {
            StatusCode::NOT_FOUND => "Not found",
            StatusCode::CONFLICT => "Changed meanwhile",
            StatusCode::UNPROCESSABLE_ENTITY => "Not possible as it is",
            _ => "Not done",
        };
        let told = FileRemark { problem: sentence_of(&told.problem), ..told };
        Self { title, told, is_stale: status == StatusCode::CONFLICT }
    }

    pub(super) fn text(&self) -> String {
        rendered(self)
    }
}

impl Failure {
    /// The answer that tells it, as a page or for programs.
    pub(super) fn response(&self, study: &Snapshot, is_json: bool) -> Response<Body> {
        let (status, told) = (self.status(), told(study, self.diagnostic()));
        if is_json {
            return refusal_json(status, &told);
        }
        html(status, ErrorPage::of(status, told).text())
    }
}
