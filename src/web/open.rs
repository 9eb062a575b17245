//! Open: the study is chosen, among those that were opened last and the folders of the
//! person, or begun in a new folder.
//!
//! An address names a start (the person's own folder, a drive) and folders below it; what a
//! form names is looked up in the same way, so that no path of its own is ever followed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode, header};

use super::Workbench;
use super::frame::{ErrorPage, rendered};
use super::visit::{Fields, field, html, see};
use super::words;
use crate::answers::FileRemark;
use crate::desk::Desk;
use crate::desk::knock::knock;
use crate::files::find::plain;
use crate::personal::Personal;
use crate::personal::folders::{self, Listed, Start};
use crate::personal::sample;
use crate::study::STORE;

/// The folder in which people keep their work.
const USUAL: &str = "Documents";

#[derive(Template)]
#[template(path = "open.html")]
struct OpenPage {
    key: String,
    /// The study that lies open, if one does.
    now: String,
    may_make: bool,
    recent: Vec<Recent>,
    starts: Vec<Start>,
    at: String,
    /// The folders on the way, with their addresses.
    way: Vec<(String, String)>,
    /// The folder itself, unless it is a start.
    this: Option<Listed>,
    folders: Vec<Listed>,
    inside: String,
}

/// A study that was opened before.
struct Recent {
    name: String,
    path: String,
    is_there: bool,
}

impl OpenPage {
    /// The address of a folder in the one that is shown.
    fn below(&self, name: &str) -> String {
        address(&self.at, &joined(&self.inside, name))
    }

    fn joined(&self, name: &str) -> String {
        joined(&self.inside, name)
    }
}

fn joined(inside: &str, name: &str) -> String {
    if inside.is_empty() { name.to_owned() } else { format!("{inside}/{name}") }
}

fn address(at: &str, inside: &str) -> String {
    format!("/open?at={}&in={}", words::encoded(at), words::encoded(inside))
}

/// `12 files that may be transcripts`.
fn holds(listed: &Listed) -> String {
    match (listed.n_transcripts, listed.is_more) {
        (0, _) => String::new(),
        (n, true) => format!("more than {}", words::many(n, "possible transcript")),
        (n, false) => words::many(n, "possible transcript"),
    }
}

/// The start and the folder that an address or a form names.
fn named(fields: &Fields) -> Option<(Start, PathBuf)> {
    let (at, inside) = (field(fields, "at"), field(fields, "in"));
    let mut starts = folders::starts().into_iter();
    let start = starts.find(|start| at.is_empty() || start.name == at)?;
    let folder = folders::inside(&start.folder, inside)?;
    Some((start, folder))
}

fn refusal(status: StatusCode, problem: &str, hint: &str) -> Response<Body> {
    let told = FileRemark { problem: problem.to_owned(), hint: Some(hint.to_owned()) };
    html(status, ErrorPage::of(status, told).text())
}

fn no_folder() -> Response<Body> {
    refusal(
        StatusCode::NOT_FOUND,
        "there is no such folder here",
        "choose one of those that are listed",
    )
}

/// Whether another study may be put on this desk: one that is shown to somebody stays.
fn may_choose(desk: &Desk) -> bool {
    !desk.params.read_only || desk.place().is_none()
}

/// The folders to choose among.
pub(super) fn show(desk: &Desk, query: &Fields) -> Response<Body> {
    if !may_choose(desk) {
        return see("/study");
    }
    let Some((start, folder)) = named(query) else { return no_folder() };
    let inside = field(query, "in").to_owned();
    let names: Vec<&str> = inside.split('/').filter(|name| !name.is_empty()).collect();
    let way = (1..=names.len()).map(|n| {
        let name = names[n - 1].to_owned();
        (name, address(&start.name, &names[..n].join("/")))
    });
    let way = way.collect();
    let listed = folders::list(&folder);
    let recent = Personal::read().studies.into_iter().filter_map(|path| {
        let name = path.file_name()?.to_str()?.to_owned();
        Some(Recent { name, is_there: path.is_dir(), path: path.to_str()?.to_owned() })
    });
    let page = OpenPage {
        key: desk.door().page_key().to_owned(),
        now: desk.folder(),
        may_make: !desk.params.read_only,
        recent: recent.collect(),
        starts: folders::starts(),
        way,
        this: folders::look(&folder).filter(|_| !inside.is_empty()),
        folders: listed,
        at: start.name,
        inside,
    };
    html(StatusCode::OK, rendered(&page))
}

/// Opens the study that a form names, or begins it.
pub(super) fn carry_out(desk: &Arc<Desk>, verb: &str, fields: &Fields) -> Response<Body> {
    if !may_choose(desk) {
        let hint = "start the workbench so that it may decide";
        return refusal(StatusCode::FORBIDDEN, "this study is only shown here", hint);
    }
    // Before anything is made that could not be opened then.
    if desk.is_working() {
        return at_work();
    }
    let made = match verb {
        "open-recent" => {
            let path = Path::new(field(fields, "path"));
            let known = Personal::read().studies.iter().any(|known| known == path);
            return if known && path.is_dir() { open(desk, path) } else { no_folder() };
        }
        _ => match named(fields) {
            None => return no_folder(),
            Some((_, folder)) if verb == "open" => return open(desk, &folder),
            Some(_) if desk.params.read_only => return no_folder(),
            Some((_, folder)) if verb == "open-new" => {
                folders::make(&folder, field(fields, "name").trim())
            }
            Some((start, _)) => {
                let documents = start.folder.join(USUAL);
                sample::in_folder(if documents.is_dir() { &documents } else { &start.folder })
            }
        },
    };
    match made {
        Ok(folder) => open(desk, &folder),
        Err(error) => not_made(&error),
    }
}

fn not_made(error: &io::Error) -> Response<Body> {
    let (problem, hint) = match error.kind() {
        io::ErrorKind::AlreadyExists => {
            ("something of this name is there already".to_owned(), "choose another name")
        }
        io::ErrorKind::InvalidInput => (
            "this cannot be the name of a folder".to_owned(),
            "write a name without / \\ or : that does not begin with a full stop",
        ),
        _ => (format!("the folder cannot be made: {}", plain(error)), "choose another place"),
    };
    refusal(StatusCode::UNPROCESSABLE_ENTITY, &problem, hint)
}

fn at_work() -> Response<Body> {
    refusal(
        StatusCode::CONFLICT,
        "work on the study that lies open is still going on",
        "stop it at the foot of its pages, or wait until it is done",
    )
}

/// Puts a study on the desk, and sends the browser there with what lets it in.
fn open(desk: &Arc<Desk>, folder: &Path) -> Response<Body> {
    let is_start = folders::starts().iter().any(|start| start.folder == folder);
    if is_start && !folder.join(STORE).is_dir() {
        return refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            "this folder holds everything of yours, so it is no study",
            "choose the folder of the interviews, or make a new one",
        );
    }
    // Two may be started before a study is chosen in either.
    let own_port = Some(desk.door().port());
    if let Some(address) = Some(folder)
        .filter(|_| desk.params.is_usual())
        .and_then(|folder| knock(folder, None, own_port))
    {
        let opens = desk.params.opens_browser && Workbench::open_browser(&address);
        let hint = format!(
            "{}copy this address into your browser, within a minute: `{address}`",
            if opens { "a window of it is opened; if you see none, " } else { "" }
        );
        let problem = "this study lies open already, in another workbench on this computer";
        return refusal(StatusCode::LOCKED, problem, &hint);
    }
    match desk.choose(folder.to_owned()) {
        Ok(Some(cookie)) => {
            let mut sent = see("/study");
            sent.headers_mut().insert(header::SET_COOKIE, cookie);
            sent
        }
        Ok(None) => at_work(),
        Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, &plain(&error), "try again"),
    }
}
