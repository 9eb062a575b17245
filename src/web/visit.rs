//! What is asked of a page, and what it answers.

use std::io;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, Response, StatusCode};
use serde::Serialize;

use crate::answers::FileRemark;
use crate::base::{Diagnose as _, Diagnostic, Remedy};
use crate::desk::{Desk, OpenStudy};
use crate::rendering::write_json;
use crate::study::{Fault, Snapshot, StudyError};

/// Names and values of an address or a form.
pub(super) type Fields = [(String, String)];

/// One request for a page of the study.
pub(super) struct Visit<'a> {
    pub(super) desk: &'a Desk,
    /// What lies on it.
    pub(super) open: &'a OpenStudy,
    /// The study as it is while this is answered.
    pub(super) study: Snapshot,
    /// The path, as it was asked for.
    pub(super) path: String,
    /// What the path names, such as the number of a theme.
    pub(super) name: String,
    pub(super) query: Vec<(String, String)>,
    /// Whether a program asks.
    pub(super) is_json: bool,
    /// Whether it asks for a table.
    pub(super) is_csv: bool,
}

/// What a page answers.
pub(super) enum Reply {
    /// A page.
    Html(String),
    /// The same for programs.
    Json(Vec<u8>),
    /// A file to keep.
    File {
        /// Its name.
        name: String,
        /// What it is.
        kind: &'static str,
        /// All of it.
        bytes: Vec<u8>,
    },
}

/// Why there is no answer.
pub(super) enum Failure {
    /// What the study says.
    Study(StudyError),
    /// What a page says.
    Page(StatusCode, Diagnostic),
}

pub(super) type Answered = Result<Reply, Failure>;

impl<E: Into<StudyError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Study(error.into())
    }
}

impl Failure {
    /// Something is named that is not there.
    pub(super) fn missing(what: &str) -> Self {
        Self::Page(StatusCode::NOT_FOUND, Diagnostic::new(format!("there is no {what}")))
    }

    /// A page or an answer cannot be written.
    pub(super) fn broken(error: &dyn std::error::Error) -> Self {
        Self::Page(StatusCode::INTERNAL_SERVER_ERROR, Diagnostic::new(error.to_string()))
    }

    /// A form says what nobody can do.
    pub(super) fn mistake(problem: &str, advice: &str) -> Self {
        let problem = Diagnostic::new(problem).with(Remedy::new(advice));
        Self::Page(StatusCode::UNPROCESSABLE_ENTITY, problem)
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Page(status, _) => *status,
            Self::Study(error) => status_of(error),
        }
    }

    pub(super) fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::Page(_, diagnostic) => diagnostic.clone(),
            Self::Study(error) => error.diagnostic(),
        }
    }
}

/// What a mistake of this kind is answered with.
fn status_of(error: &StudyError) -> StatusCode {
    match error.fault() {
        Fault::Unknown => StatusCode::NOT_FOUND,
        Fault::Stale => StatusCode::CONFLICT,
        Fault::Mistake => StatusCode::UNPROCESSABLE_ENTITY,
        Fault::Held => StatusCode::LOCKED,
        Fault::Moved => StatusCode::GONE,
        Fault::NotKept => StatusCode::INSUFFICIENT_STORAGE,
        Fault::Study => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A problem as programs read it.
#[derive(Serialize)]
struct Refused<'a> {
    what: &'static str,
    says: &'a str,
    hint: Option<&'a str>,
}

pub(super) fn refusal_json(status: StatusCode, told: &FileRemark) -> Response<Body> {
    let what = match status {
        StatusCode::CONFLICT => "stale",
        StatusCode::LOCKED => "locked",
        StatusCode::GONE => "gone",
        StatusCode::INSUFFICIENT_STORAGE => "full",
        StatusCode::FORBIDDEN => "refused",
        StatusCode::SERVICE_UNAVAILABLE => "reading",
        _ => "mistake",
    };
    let refused = Refused { what, says: &told.problem, hint: told.hint.as_deref() };
    json(status, &refused)
}

impl Visit<'_> {
    /// A field of the address; empty if it is not there.
    pub(super) fn asked(&self, name: &str) -> &str {
        field(&self.query, name)
    }

    /// A number that the path names.
    pub(super) fn number<T: std::str::FromStr>(&self, what: &str) -> Result<T, Failure> {
        self.name
            .parse()
            .map_err(|_not_a_number| Failure::missing(&format!("{what} `{}`", self.name)))
    }

    /// The page to come back to: this one, as it was asked for.
    pub(super) fn here(&self) -> String {
        self.path.clone()
    }
}

/// The value of a field; empty if it is not there.
pub(super) fn field<'f>(fields: &'f Fields, name: &str) -> &'f str {
    let found = fields.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value.as_str())
}

impl Reply {
    /// An answer for programs, as the command line prints it.
    pub(super) fn json(value: &impl Serialize) -> Answered {
        let mut bytes = Vec::new();
        write_json(&mut bytes, value).map_err(|error| Failure::broken(&error))?;
        Ok(Self::Json(bytes))
    }

    /// The same as a table, as the command line writes it.
    pub(super) fn csv(
        visit: &Visit<'_>,
        write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
    ) -> Answered {
        let mut bytes = Vec::new();
        write(&mut bytes).map_err(|error| Failure::broken(&error))?;
        let place = visit.path.split(['?', '.']).next().unwrap_or_default();
        let place = place.trim_start_matches('/').replace('/', " ");
        let name = format!("{} {place}.csv", visit.study.name());
        Ok(Self::File { name, kind: "text/csv; charset=utf-8", bytes })
    }

    pub(super) fn into_response(self) -> Response<Body> {
        match self {
            Self::Html(text) => html(StatusCode::OK, text),
            Self::Json(bytes) => response(StatusCode::OK, "application/json", bytes),
            Self::File { name, kind, bytes } => {
                let mut file = response(StatusCode::OK, kind, bytes);
                let ascii = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ' ');
                let name: String = name.chars().map(|c| if ascii(c) { c } else { '_' }).collect();
                let saved = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
                file.headers_mut().extend(saved.ok().map(|saved| (CONTENT_DISPOSITION, saved)));
                file
            }
        }
    }
}

/// Sends a browser on to another page of ours.
pub(super) fn see(place: &str) -> Response<Body> {
    let mut sent = response(StatusCode::SEE_OTHER, "text/plain", Vec::new());
    let place = HeaderValue::from_str(place).unwrap_or(HeaderValue::from_static("/"));
    sent.headers_mut().insert(LOCATION, place);
    sent
}

/// The page to go to: one of ours, whatever the form says.
pub(super) fn back(place: &str) -> &str {
    let is_ours = place.starts_with('/')
        && !place.starts_with("//")
        && !place.contains(|c: char| c == '\\' || c.is_control() || !c.is_ascii());
    if is_ours { place } else { "/" }
}

pub(super) fn html(status: StatusCode, text: String) -> Response<Body> {
    response(status, "text/html; charset=utf-8", text.into_bytes())
}

pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    response(status, "application/json", bytes)
}

pub(super) fn response(status: StatusCode, kind: &'static str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
