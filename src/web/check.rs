//! Takes in a draft whose quotes are to be found again. It is read, and kept nowhere.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::http::{HeaderMap, Response, StatusCode};

use super::desk::Desk;
use super::frame::DoorPage;
use super::visit::{field, html};
use super::{Asked, answer, aside, page, refused};

/// The most bytes of a draft: a thesis with pictures.
pub(super) const MOST_BYTES: usize = 64 << 20;

/// A draft as a form hands it over.
#[derive(Default)]
struct Draft {
    fields: Vec<(String, String)>,
    /// Its name and all of it.
    file: Option<(String, Vec<u8>)>,
}

/// Checks the quotes of a draft, which is a file or words that were put in.
pub(super) async fn check_draft(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    form: Multipart,
) -> Response<Body> {
    let Draft { fields, file } = match read(form).await {
        Ok(draft) => draft,
        Err(error) => return not_taken(&error),
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

async fn read(mut form: Multipart) -> Result<Draft, MultipartError> {
    let mut draft = Draft::default();
    while let Some(part) = form.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            None => draft.fields.push((name, part.text().await?)),
            Some(file) => {
                let bytes = part.bytes().await?;
                // What a form sends where no file is chosen.
                if !file.is_empty() {
                    draft.file = Some((file, bytes.to_vec()));
                }
            }
        }
    }
    Ok(draft)
}

fn not_taken(error: &MultipartError) -> Response<Body> {
    let status = error.status();
    let problem = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "This file is larger than 64 MB.",
        _ => "The file did not arrive whole.",
    };
    html(status, DoorPage::of([problem, "Nothing was checked. Try again."]).text())
}
