//! Brings in what another program holds: a project, a codebook, or a table of codes. Study
//! tells what came in, and what could not be placed.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::extract::multipart::Multipart;
use axum::http::{HeaderMap, Response, StatusCode};

use super::check::{self, Handed};
use super::frame::ErrorPage;
use super::visit::{Failure, field, html, see};
use super::{act, aside, refused, words};
use crate::answers::FileRemark;
use crate::base::Warned;
use crate::desk::advice::remark;
use crate::desk::{Desk, State as DeskState, Told};
use crate::session::exchange::{ImportFormat, Imported};

/// The most bytes of a project.
pub(super) const MOST_BYTES: usize = 256 << 20;

/// Takes in a file of another program.
pub(super) async fn take(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    form: Multipart,
) -> Response<Body> {
    let Handed { fields, file } = match check::read(form).await {
        Ok(handed) => handed,
        Err(error) => return check::not_taken(&error, "256 MB", "Nothing was brought in."),
    };
    if let Err(refusal) = desk.door().check_key(&headers, Some(field(&fields, "key"))) {
        return refused(refusal);
    }
    aside(move || bring(&desk, file)).await
}

fn refusal(problem: String, hint: &str) -> Response<Body> {
    let (status, hint) = (StatusCode::UNPROCESSABLE_ENTITY, Some(hint.to_owned()));
    html(status, ErrorPage::of(status, FileRemark { problem, hint }).text())
}

fn bring(desk: &Arc<Desk>, file: Option<(String, Vec<u8>)>) -> Response<Body> {
    if desk.params.read_only {
        return act::read_only(None, false);
    }
    let Some((name, bytes)) = file else {
        return refusal("no file is chosen".to_owned(), "choose the other program’s file");
    };
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let Some(format) = ImportFormat::of_ending(ending) else {
        let problem = format!("`{name}` is none of the files that can be brought in");
        let hint = "let the other program write a .qdpx, .qdc, .sqlite3, .qda or .csv file";
        return refusal(problem, hint);
    };
    match desk.import((&name, &bytes), format) {
        None => {
            let problem = "other work goes on just now".to_owned();
            refusal(problem, "wait until it is done, or stop it; then bring the file in again")
        }
        Some(Ok(Warned { value, warnings })) => {
            let remarks: Vec<FileRemark> = warnings.iter().map(remark).collect();
            desk.will_tell(Told {
                what: "Brought in".to_owned(),
                lines: lines(&name, &value),
                remarks,
            });
            see("/study#told")
        }
        Some(Err(error)) => match desk.state() {
            DeskState::Open(open) => {
                Failure::Study(error).response(&open.session.snapshot(), false)
            }
            _ => see("/study"),
        },
    }
}

/// What came in, in sentences.
fn lines(name: &str, imported: &Imported) -> Vec<String> {
    let from = match imported.origin_name() {
        "" => String::new(),
        origin => format!(" (from {origin})"),
    };
    let mut lines = vec![format!("{name}{from}: {}", imported.held)];
    lines.extend(imported.readings.iter().cloned());
    if imported.n_found_again > 0 {
        let n = words::many(imported.n_found_again, "quotation");
        lines.push(format!("found by their words in your transcripts: {n}"));
    }
    if !imported.files.is_empty() {
        lines.push(format!("new files in the study: {}", imported.files.join(", ")));
    }
    lines.push(match &imported.decided {
        Some(decided) => format!("{}; Undo takes all of it back", decided.says),
        None => "the codebook had all of it already: nothing was changed".to_owned(),
    });
    lines
}
