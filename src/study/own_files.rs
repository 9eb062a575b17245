//! The files that a person writes for a study: `study.toml`, `cases.csv`.

use std::path::Path;

use super::StudyError;
use crate::base::files::read_file;
use crate::files;
use crate::files::find::plain;

/// Reads `study.toml` or `cases.csv`, in whatever encoding it is; `None` if there is none.
///
/// # Errors
/// [`StudyError::Unreadable`] if it is no text, or the disk refuses.
pub fn read_own(root: &Path, name: &str) -> Result<Option<String>, StudyError> {
    let unreadable = |problem: String| StudyError::Unreadable { path: name.to_owned(), problem };
    match read_file(&root.join(name)) {
        Ok(bytes) => {
            files::decode_text(&bytes).map(Some).map_err(|problem| unreadable(problem.to_string()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(plain(&error))),
    }
}
