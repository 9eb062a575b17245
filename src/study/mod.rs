//! A study at one moment: its folder is read, and what is derived is kept up to date.
//!
//! A folder comes in; a [`Snapshot`] goes out, with what could not be used. It holds the
//! texts, who speaks in them, what people decided and the key of names, and never changes.
//! What is asked of it stands in `questions`; what people do makes the next one in
//! `session`, where a study is opened.

mod catalogue;
pub mod decisions;
pub(crate) mod derived;
mod error;
pub mod features;
mod groundwork;
pub(crate) mod inside;
mod key;
pub(crate) mod namesakes;
pub(crate) mod open;
mod own_files;
pub mod pseudonyms;
pub(crate) mod remembered;
pub mod settings;
pub mod shards;
pub(crate) mod snapshot;
pub(crate) mod update;

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

pub use derived::StageTimes;
pub(crate) use error::refused;
pub use error::{Fault, StudyError, WriteError};
pub use key::{has_key, pseudonyms_of_unopened};
pub use namesakes::{Chosen, Read, one_of_each};
pub use open::WhoIsWho;
pub use own_files::read_own;
pub use settings::{Settings, SettingsError};
pub use snapshot::Snapshot;
pub use update::{UpdateReport, params_of};

use crate::documents::pdf::apart;

/// The folder of derived data and decisions inside a study.
pub const STORE: &str = ".leitmotif";

/// What a program does before all else, by its first argument: if it was started to read a
/// PDF for another, it does that, and it is done; else it will start itself so.
pub(crate) fn read_apart(argument: Option<&OsStr>) -> Option<io::Result<()>> {
    if argument.is_some_and(|it| it == apart::COMMAND) {
        return Some(apart::answer());
    }
    if let Ok(program) = std::env::current_exe() {
        apart::set_program(program);
    }
    None
}

/// Finds the folder of a study: `given`, else the nearest folder from `working`
/// upward that holds `.leitmotif`, else `working`.
///
/// # Errors
/// [`StudyError::NoFolder`] if `given` is no folder.
pub fn find_root(given: Option<&Path>, working: &Path) -> Result<PathBuf, StudyError> {
    if let Some(given) = given {
        return if given.is_dir() {
            Ok(given.to_owned())
        } else {
            Err(StudyError::NoFolder(given.to_owned()))
        };
    }
    let holds_store = |folder: &&Path| folder.join(STORE).is_dir();
    Ok(working.ancestors().find(holds_store).unwrap_or(working).to_owned())
}

/// The time of now, in UTC to the second (RFC 3339).
pub fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}
