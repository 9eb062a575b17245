//! The workbench: pages on which a person does a study, served to this computer only.
//!
//! A folder comes in; a page goes out for each question that the study answers, and an
//! act goes in for each form. The pages work nothing out themselves: a [`Snapshot`]
//! answers, and each address with `.json` behind it gives the same answer to programs.
//! The [`desk`](crate::desk) holds the study and says who may come in; `open` lets one be chosen,
//! `page` has a file a place, `act` carries out what people do.
//!
//! [`Snapshot`]: crate::study::Snapshot

mod act;
mod bring;
mod check;
mod frame;
mod open;
mod page;
mod versions;
mod visit;
mod words;

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::multipart::{Field as MultipartField, Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, Form, Path, Query, Request, State};
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::routing::{MethodRouter, get, post};
use tokio::net::TcpListener;

pub use self::frame::ICON;
use self::frame::{DoorPage, FailedPage, ReadingPage, StoppedPage};
use self::visit::{Answered, Visit, field, html, json, refusal_json, response, see};
use crate::answers::FileRemark;
use crate::codebook::act::NewFile;
use crate::desk::door::{Door, Refusal, guard, is_reading};
use crate::desk::{Desk, ServeParams, State as DeskState, knock};

/// The most bytes of a form: a long memo, with the words that it is about.
const MOST_BYTES: usize = 1 << 20;
/// The most bytes of files that are handed over at once, and how many of them.
const MOST_OF_FILES: (usize, usize) = (256 << 20, 1000);
/// How long the next part of what is handed over may take to come.
const SLOWEST: Duration = Duration::from_secs(10);
/// The ports among which a study has its own.
const PORTS: std::ops::Range<u16> = 20_000..30_000;
/// Places that are tables too: `.csv` behind the address.
const TABLES: [&str; 6] =
    ["/codebook", "/memos", "/history", "/compare", "/compare/saturation", "/quotes"];
/// How often it is asked whether all windows are gone.
const LOOK: Duration = Duration::from_secs(15);
/// How long answers that are under way are waited for at the end.
const PARTING: Duration = Duration::from_secs(2);

/// A workbench whose door is open, before anybody has come in.
pub struct Workbench {
    runtime: tokio::runtime::Runtime,
    listener: TcpListener,
    desk: Arc<Desk>,
}

/// Lets browsers into a running workbench.
#[derive(Clone)]
pub struct Doorkeeper(Arc<Desk>);

impl Doorkeeper {
    /// A new address that lets one browser in, once, within a minute.
    ///
    /// # Errors
    /// If the system gives no random numbers.
    pub fn new_address(&self) -> io::Result<String> {
        self.0.door().new_link(Instant::now())
    }
}

impl Workbench {
    /// Starts to listen on this computer's own address, at the port asked for or a free
    /// one.
    ///
    /// # Errors
    /// If the port is taken.
    pub fn bind(params: ServeParams) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let bind = |port: u16| runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, port)));
        let study = params.root.as_ref().map(|root| root.canonicalize().unwrap_or(root.clone()));
        let study = study.map_or_else(String::new, |root| root.display().to_string());
        let listener = match params.port {
            Some(port) => bind(port)?,
            None => bind(port_of(&study)).or_else(|_taken| bind(0))?,
        };
        let port = listener.local_addr()?.port();
        Ok(Self { runtime, listener, desk: Arc::new(Desk::new(params, port)?) })
    }

    /// A new address of the workbench in which this study lies open already. One that shows
    /// it in another way, such as without letting anything be decided, is not joined.
    pub fn running(params: &ServeParams) -> Option<String> {
        let root = params.root.as_deref().filter(|_| params.is_usual())?;
        knock::knock(root, params.store.as_deref(), None)
    }

    /// Who lets browsers in.
    pub fn doorkeeper(&self) -> Doorkeeper {
        Doorkeeper(Arc::clone(&self.desk))
    }

    /// Opens a page in this computer's browser; whether there is one to be asked.
    pub fn open_browser(address: &str) -> bool {
        opener::open_browser(address).is_ok()
    }

    /// Serves until it is told to quit, or Ctrl-C is pressed.
    ///
    /// # Errors
    /// If listening fails.
    pub fn serve(self) -> io::Result<()> {
        let Self { runtime, listener, desk } = self;
        let served = runtime.block_on(async {
            let reading = Arc::clone(&desk);
            tokio::task::spawn_blocking(move || reading.open());
            let told = Arc::clone(&desk);
            let ended = async move {
                tokio::select! {
                    () = told.quit.notified() => {}
                    () = left(&told) => told.end(),
                    _ = tokio::signal::ctrl_c() => told.end(),
                }
            };
            let late = Arc::clone(&desk);
            let too_late = async move {
                late.quit.notified().await;
                tokio::time::sleep(PARTING).await;
            };
            let serving = axum::serve(listener, router(Arc::clone(&desk)));
            tokio::select! {
                served = serving.with_graceful_shutdown(ended) => served,
                () = too_late => Ok(()),
            }
        });
        desk.forget_port();
        if let DeskState::Open(open) = desk.state() {
            open.session.keep_derived();
        }
        runtime.shutdown_timeout(PARTING);
        served
    }
}

/// The port that a study has if nobody else does: windows that are open find it again
/// once it is served again.
fn port_of(study: &str) -> u16 {
    let hash = blake3::hash(study.as_bytes());
    let [a, b, ..] = *hash.as_bytes();
    PORTS.start + u16::from_le_bytes([a, b]) % (PORTS.end - PORTS.start)
}

/// Returns once all windows have been gone for long.
async fn left(desk: &Desk) {
    while !desk.is_left(Instant::now()) {
        tokio::time::sleep(LOOK).await;
    }
}

/// What shows a page.
type Show = fn(&Visit<'_>) -> Answered;

/// The table of all addresses.
fn router(desk: Arc<Desk>) -> Router {
    let places: [(&str, Show); 25] = [
        ("/study", page::study::show),
        ("/study/names", page::names::show),
        ("/study/settings", page::settings::show),
        ("/read", page::read::list),
        ("/read/{*name}", page::read::show),
        ("/themes", page::themes::board),
        ("/themes/{name}", page::themes::one),
        ("/quotes", page::quotes::search),
        ("/quotes/like", page::quotes::like),
        ("/quotes/fields", page::quotes::fields),
        ("/quotes/{name}", page::quotes::one),
        ("/codebook", page::codebook::list),
        ("/codebook/{name}", page::codebook::one),
        ("/codebook/{name}/proposals", page::codebook::proposals),
        ("/memos", page::codebook::memos),
        ("/history", page::codebook::history),
        ("/compare", page::compare::show),
        ("/compare/saturation", page::compare::saturation),
        ("/report", page::report::show),
        ("/report/file", page::report::file),
        ("/report/check", page::report::check),
        ("/help", page::study::help),
        ("/pulse", page::study::pulse),
        ("/drafts", page::study::drafts),
        ("/part/{*name}", page::read::part),
    ];
    let mut router = Router::new();
    for (path, show) in places {
        router = router.route(path, place(show));
        // What a path names at its end may carry the ending itself.
        if !path.ends_with('}') {
            router = router.route(&format!("{path}.json"), place(show));
        }
    }
    // Of these the command line writes tables.
    for path in TABLES {
        let show = places.iter().find(|(place, _)| *place == path).map(|(_, show)| *show);
        let show = show.expect("a table is one of the places");
        router = router.route(&format!("{path}.csv"), place(show));
    }
    router
        .route("/", get(async || see("/study")))
        .route("/open", get(choose))
        .route("/do/{verb}", post(carry_out))
        .route("/files", post(take_files).layer(DefaultBodyLimit::max(MOST_OF_FILES.0)))
        .route("/bring", post(bring::take).layer(DefaultBodyLimit::max(bring::MOST_BYTES)))
        .route(
            "/report/check",
            post(check::check_draft).layer(DefaultBodyLimit::max(check::MOST_BYTES)),
        )
        // Who only looks whether the address is there does not use it up.
        .route("/enter", get(enter).head(not_so))
        .route("/again", get(ask_again).post(enter_again))
        .route("/knock", post(knocked))
        .route("/known", get(known_to_pages))
        .route("/assets/{hash}/{name}", get(asset))
        .fallback(nowhere)
        .method_not_allowed_fallback(not_so)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), keep_door))
        .with_state(desk)
}

/// Turns away who may not come in, and gives every answer what protects it.
async fn keep_door(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response<Body> {
    let headers = request.headers();
    let is_entering = matches!(request.uri().path(), "/enter" | "/again" | "/knock");
    let door = desk.door();
    let checked = door
        .check_origin(headers)
        .and_then(|()| Door::check_length(request.uri(), headers))
        .and_then(|()| if is_entering { Ok(()) } else { door.check_cookie(headers) });
    let mut response = match checked {
        Ok(()) => {
            desk.hear(request.uri().path() == "/pulse");
            next.run(request).await
        }
        Err(refusal) => refused(refusal),
    };
    guard(response.headers_mut());
    response
}

fn refused(refusal: Refusal) -> Response<Body> {
    html(refusal.status(), DoorPage::of(refusal.text()).text())
}

/// Lets a browser in that has a fresh link, and sends it on to a clean address.
async fn enter(
    State(desk): State<Arc<Desk>>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response<Body> {
    match desk.door().enter(field(&query, "link"), Instant::now()) {
        Ok(cookie) => {
            let mut sent = see("/");
            sent.headers_mut().insert(header::SET_COOKIE, cookie);
            sent
        }
        Err(refusal) => refused(refusal),
    }
}

/// Asks a page that was let in before what only such a page can answer.
async fn ask_again(State(desk): State<Arc<Desk>>) -> Response<Body> {
    match desk.door().new_question(Instant::now()) {
        Ok(question) => response(StatusCode::OK, "text/plain", question.into_bytes()),
        // Only a system that gives no random numbers.
        Err(_no_question) => refused(Refusal::Stranger),
    }
}

/// Tells a second start of the same study a new address, so that it opens a window here.
async fn knocked(
    State(desk): State<Arc<Desk>>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response<Body> {
    let (question, answer) = (field(&fields, "question"), field(&fields, "answer"));
    let (door, now) = (desk.door(), Instant::now());
    match door.check_answer(question, answer, now).map(|()| door.new_link(now)) {
        Ok(Ok(address)) => response(StatusCode::OK, "text/plain", address.into_bytes()),
        Ok(Err(_no_link)) => refused(Refusal::Stranger),
        Err(refusal) => refused(refusal),
    }
}

/// Tells a page that was let in what lets it in again.
async fn known_to_pages(State(desk): State<Arc<Desk>>) -> Response<Body> {
    response(StatusCode::OK, "text/plain", desk.door().known_to_pages().as_bytes().to_vec())
}

/// Lets a page in again that answers, and gives it the key that its forms are to carry.
async fn enter_again(
    State(desk): State<Arc<Desk>>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response<Body> {
    let (question, answer) = (field(&fields, "question"), field(&fields, "answer"));
    match desk.door().enter_again(question, answer, Instant::now()) {
        Ok(cookie) => {
            let mut sent =
                json(StatusCode::OK, &serde_json::json!({ "key": desk.door().page_key() }));
            sent.headers_mut().insert(header::SET_COOKIE, cookie);
            sent
        }
        Err(refusal) => refused(refusal),
    }
}

fn place(show: Show) -> MethodRouter<Arc<Desk>> {
    get(
        move |State(desk): State<Arc<Desk>>,
              Path(names): Path<Vec<(String, String)>>,
              Query(query): Query<Vec<(String, String)>>,
              uri: Uri| async move {
            let path = uri.path_and_query().map_or_else(String::new, ToString::to_string);
            let is_csv = TABLES.iter().any(|place| uri.path().strip_suffix(".csv") == Some(*place));
            let is_told = matches!(uri.path(), "/pulse" | "/drafts");
            let is_json = is_csv || is_told || uri.path().strip_suffix(".json").is_some();
            let name = names.into_iter().next().map(|(_, name)| name).unwrap_or_default();
            let name = name.strip_suffix(".json").map_or(name.clone(), str::to_owned);
            aside(move || answer(&desk, show, Asked { path, name, query, is_json, is_csv })).await
        },
    )
}

/// What a page is asked.
struct Asked {
    path: String,
    name: String,
    query: Vec<(String, String)>,
    is_json: bool,
    is_csv: bool,
}

fn answer(desk: &Desk, show: impl FnOnce(&Visit<'_>) -> Answered, asked: Asked) -> Response<Body> {
    let Asked { path, name, query, is_json, is_csv } = asked;
    let needs_themes = path.starts_with("/themes") || path.starts_with("/compare");
    match if is_json { desk.state() } else { desk.state_soon() } {
        DeskState::Open(_) if needs_themes && !is_json && desk.is_looking() => {
            html(StatusCode::OK, ReadingPage::of(desk).text())
        }
        DeskState::Open(_) if needs_themes && !is_json && desk.is_without_candidates() => {
            html(StatusCode::OK, StoppedPage::of(desk).text())
        }
        DeskState::Open(open) => {
            // What cannot be read is told by the page that needs it.
            open.session.catch_up().ok();
            let study = open.session.snapshot();
            let visit = Visit { desk, open: &open, study, path, name, query, is_json, is_csv };
            match show(&visit) {
                Ok(reply) => reply.into_response(),
                Err(failure) => failure.response(&visit.study, is_json),
            }
        }
        DeskState::Unchosen if is_json => {
            let problem = "no study is chosen yet".to_owned();
            refusal_json(StatusCode::CONFLICT, &FileRemark { problem, hint: None })
        }
        DeskState::Unchosen if path == "/help" => html(StatusCode::OK, frame::bare_help()),
        DeskState::Unchosen => see("/open"),
        DeskState::Reading if is_json => {
            let says = desk.job().map_or_else(|| "Reading".to_owned(), |job| job.text());
            let told = FileRemark { problem: says, hint: None };
            refusal_json(StatusCode::SERVICE_UNAVAILABLE, &told)
        }
        DeskState::Reading => html(StatusCode::OK, ReadingPage::of(desk).text()),
        DeskState::Failed(told, _) if is_json => {
            refusal_json(StatusCode::INTERNAL_SERVER_ERROR, &told)
        }
        DeskState::Failed(..) if path == "/help" => html(StatusCode::OK, frame::bare_help()),
        DeskState::Failed(told, refused) => {
            html(StatusCode::OK, FailedPage::of(desk, told, refused).text())
        }
    }
}

/// Shows the folders among which a study is chosen.
async fn choose(
    State(desk): State<Arc<Desk>>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response<Body> {
    aside(move || open::show(&desk, &query)).await
}

/// Carries out what a form asks for.
async fn carry_out(
    State(desk): State<Arc<Desk>>,
    Path(verb): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response<Body> {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_json = accept.is_some_and(|accept| accept.starts_with("application/json"));
    if let Err(refusal) = desk.door().check_key(&headers, Some(field(&fields, "key"))) {
        let [problem, hint] = refusal.text().map(str::to_owned);
        return if is_json {
            refusal_json(StatusCode::FORBIDDEN, &FileRemark { problem, hint: Some(hint) })
        } else {
            refused(refusal)
        };
    }
    aside(move || act::carry_out(&desk, &verb, &fields, is_json)).await
}

/// Takes files in that a form hands over.
async fn take_files(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    mut form: Multipart,
) -> Response<Body> {
    let (mut fields, mut files): (Vec<(String, String)>, Vec<NewFile>) = (Vec::new(), Vec::new());
    loop {
        let part = match in_time(form.next_field()).await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(status) => return not_taken(status),
        };
        let name = part.name().unwrap_or_default().to_owned();
        let Some(file) = part.file_name().map(str::to_owned) else {
            match in_time(part.text()).await {
                Ok(text) => fields.push((name, text)),
                Err(status) => return not_taken(status),
            }
            continue;
        };
        // The key stands before the files: nobody else’s are read.
        if let Err(refusal) = desk.door().check_key(&headers, Some(field(&fields, "key"))) {
            return refused(refusal);
        }
        if files.len() == MOST_OF_FILES.1 {
            let text = ["These are more than 1000 files.", "Nothing was added. Choose fewer."];
            return html(StatusCode::PAYLOAD_TOO_LARGE, DoorPage::of(text).text());
        }
        match whole(part).await {
            // What a form sends where no file is chosen.
            Ok(bytes) if file.is_empty() && bytes.is_empty() => {}
            Ok(bytes) => files.push(NewFile { name: file, bytes }),
            Err(status) => return not_taken(status),
        }
    }
    if let Err(refusal) = desk.door().check_key(&headers, Some(field(&fields, "key"))) {
        return refused(refusal);
    }
    aside(move || act::add_files(&desk, &fields, files)).await
}

/// All bytes of a file, however large, as long as they keep coming.
async fn whole(mut part: MultipartField<'_>) -> Result<Vec<u8>, StatusCode> {
    let mut bytes = Vec::new();
    while let Some(chunk) = in_time(part.chunk()).await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What comes of a form, unless it stays away: nobody holds a connection for nothing.
async fn in_time<T>(
    coming: impl Future<Output = Result<T, MultipartError>>,
) -> Result<T, StatusCode> {
    match tokio::time::timeout(SLOWEST, coming).await {
        Ok(come) => come.map_err(|error| error.status()),
        Err(_late) => Err(StatusCode::BAD_REQUEST),
    }
}

/// Files that cannot be read to their end.
fn not_taken(status: StatusCode) -> Response<Body> {
    let problem = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "These files are larger than 256 MB together.",
        _ => "The files did not arrive whole.",
    };
    html(status, DoorPage::of([problem, "Nothing was added. Choose fewer, or try again."]).text())
}

/// Runs work that may take long where it holds up nobody.
async fn aside(work: impl FnOnce() -> Response<Body> + Send + 'static) -> Response<Body> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_panicked| {
        let told = FileRemark {
            problem: "this page has failed".to_owned(),
            hint: Some("nothing was decided by it; the other pages still work".to_owned()),
        };
        html(
            StatusCode::INTERNAL_SERVER_ERROR,
            DoorPage::of([&told.problem, "Go back and choose another page."]).text(),
        )
    })
}

async fn asset(Path((_, name)): Path<(String, String)>) -> Response<Body> {
    frame::asset(&name).unwrap_or_else(not_there)
}

async fn nowhere() -> Response<Body> {
    not_there()
}

fn not_there() -> Response<Body> {
    let text = [
        "There is no such page.",
        "Go back, or start at the address without what follows the port.",
    ];
    html(StatusCode::NOT_FOUND, DoorPage::of(text).text())
}

async fn not_so(request: Request) -> Response<Body> {
    let what = if is_reading(request.method()) { "only shown by a form" } else { "not done here" };
    let text = format!("This is {what}: nothing was changed.");
    html(
        StatusCode::METHOD_NOT_ALLOWED,
        DoorPage::of([&text, "Go back to the page before."]).text(),
    )
}
