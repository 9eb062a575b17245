//! The façade: opens a study folder, keeps what is derived up to date, and runs the
//! stages. `cli` calls this and nothing below it.
//!
//! A folder comes in. A [`Session`] holds it open: it is the one writer, and carries
//! out what people decide. A [`Snapshot`] is the study at one moment: it answers
//! questions and never changes.

mod acts;
mod adding;
pub mod agreement;
pub mod candidates;
mod catalogue;
pub mod codebook;
mod compare;
pub mod data;
pub mod decisions;
pub mod document;
pub mod drafts;
mod error;
pub mod exchange;
pub mod features;
pub mod folders;
mod groundwork;
mod info;
mod inside;
mod namesakes;
mod naming;
mod on_disk;
mod open;
mod people;
pub mod personal;
mod progress;
pub mod propose;
pub mod pseudonyms;
pub mod reading;
mod rule;
pub mod sample;
mod search;
pub mod secret;
mod session;
pub mod settings;
mod settings_edit;
pub mod shards;
mod snapshot;
pub mod themes;
mod turn;
mod update;
pub mod verify;
mod voices;

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

pub use error::{Fault, StudyError};
pub use namesakes::{Chosen, Read, one_of_each};
pub use open::{WhoIsWho, read_own};
pub use pseudonyms::{has_key, pseudonyms_of_unopened};
pub use session::{Decided, Opened, Person, Seen, Session, now};
pub use settings::{Settings, SettingsError};
pub use snapshot::{Snapshot, StageTimes};
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
