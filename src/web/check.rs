//! Takes in a draft whose quotes are to be found again. It is read, and kept nowhere.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::http::{HeaderMap, Response, StatusCode};

use super::frame::DoorPage;
use super::visit::{field, html};
use super::{Asked, answer, aside, page, refused};
use crate::desk::Desk;

/// The most bytes of a draft: a thesis with pictures.
pub(super) const MOST_BYTES: usize = 64 << 20;

/// One file as a form hands it over.
#[derive(Default)]
pub(super) struct Handed {
    pub(super) fields: Vec<(String, String)>,
    /// Its name and all of it.
    pub(super) file: Option<(String, Vec<u8>)>,
}

/// Checks the quotes of a draft, which is a file or words that were put in.
pub(super) async fn check_draft(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    form: Multipart,
) -> Response<Body> {
    let Handed { fields, file } = match read(form).await {
        Ok(draft) => draft,
        Err(error) => return not_taken(&error, "64 MB", "Nothing was checked."),
    };
    if let Err(refusal) = desk.door().check_key(&headers, Some(field(&fields, "key"))) {
        return refused(refusal);
    }
    let words = || ("the draft.txt".to_owned(), field(&fields, "words").as_bytes().to_vec());
    let (name, bytes) = file.unwrap_or_else(words);
    let path = "/report/check".to_owned();
    let asked =
        Asked { path, name: String::new(), query: Vec::new(), is_json: false, is_csv: false };
    aside(move || answer(&desk, |visit| page::report::checked(visit, &name, &bytes), asked)).await
}

/// The fields of a form and its file.
pub(super) async fn read(mut form: Multipart) -> Result<Handed, MultipartError> {
    let mut handed = Handed::default();
    while let Some(part) = form.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            None => handed.fields.push((name, part.text().await?)),
            Some(file) => {
                let bytes = part.bytes().await?;
                // What a form sends where no file is chosen.
                if !file.is_empty() {
                    handed.file = Some((file, bytes.to_vec()));
                }
            }
        }
    }
    Ok(handed)
}

/// A file that cannot be read to its end; `most` is what one may have, `kept` what was not
/// done.
pub(super) fn not_taken(error: &MultipartError, most: &str, kept: &str) -> Response<Body> {
    let status = error.status();
    let problem = match status {
        StatusCode::PAYLOAD_TOO_LARGE => format!("This file is larger than {most}."),
        _ => "The file did not arrive whole.".to_owned(),
    };
    html(status, DoorPage::of([&problem, &format!("{kept} Try again.")]).text())
}
