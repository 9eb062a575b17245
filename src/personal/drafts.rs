//! What somebody has typed on a page and not sent: it outlives the page and the process.
//!
//! A form and the texts of its fields come in, and go out again for whoever opens the form
//! next. They are kept under the store, in one file, and in memory where it cannot be
//! written. A draft is no decision: no log holds it, and it goes when its form is sent.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::base::files::{Lasting, read_file, write_whole};
use crate::study::{Snapshot, now};

/// The file that holds them.
const NAME: &str = "drafts.json";
/// How many are kept: the oldest goes.
const MOST: usize = 100;

/// What was typed in one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What tells the form from others: what it does, and with what.
    pub form: String,
    /// The texts of its fields, by their places in the form.
    pub fields: BTreeMap<String, String>,
    /// When it was typed, in UTC.
    pub at: String,
}

/// The drafts of a study.
pub struct Drafts {
    place: PathBuf,
    kept: Mutex<Vec<Draft>>,
}

impl Drafts {
    /// Those of a study, as its last page left them.
    pub fn of(study: &Snapshot) -> Self {
        Self::at(study.folder.store.join(NAME))
    }

    fn at(place: PathBuf) -> Self {
        let read = read_file(&place).ok();
        let kept = read.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { place, kept: Mutex::new(kept) }
    }

    /// All of them, the newest last, as they are shown: without names that are hidden.
    pub fn shown(&self, study: &Snapshot) -> Vec<Draft> {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let hide = |text: &mut String| *text = study.shown_text(text).into_owned();
        for draft in &mut all {
            // A form names what it is about, as the page does now.
            hide(&mut draft.form);
            draft.fields.values_mut().for_each(hide);
        }
        all
    }

    /// Keeps what was typed in a form, in the place of what was there; nothing if all of its
    /// fields are as they were.
    pub fn keep(&self, form: &str, fields: BTreeMap<String, String>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let n_before = kept.len();
        kept.retain(|draft| draft.form != form);
        if fields.is_empty() && kept.len() == n_before {
            return;
        }
        if !fields.is_empty() {
            kept.push(Draft { form: form.to_owned(), fields, at: now() });
        }
        let n_old = kept.len().saturating_sub(MOST);
        kept.drain(..n_old);
        // Where it cannot be written, they live as long as this process.
        if let Ok(bytes) = serde_json::to_vec(&*kept) {
            write_whole(&self.place, &bytes, Lasting::Derived).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("0".to_owned(), text.to_owned())])
    }

    #[test]
    fn a_draft_outlives_its_process_and_goes_once_it_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join(NAME);
        let forms = |drafts: &Drafts| {
            let kept = drafts.kept.lock().unwrap();
            kept.iter().map(|it| (it.form.clone(), it.fields["0"].clone())).collect::<Vec<_>>()
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let drafts = Drafts::at(place.clone());
        drafts.keep("memo", fields("Ask"));
        drafts.keep("name", fields("Te"));
        drafts.keep("memo", fields("Ask her"));
        assert_eq!(
            forms(&Drafts::at(place.clone())),
            [pair("name", "Te"), pair("memo", "Ask her")]
        );
        drafts.keep("memo", BTreeMap::new());
        assert_eq!(forms(&Drafts::at(place.clone())), [pair("name", "Te")]);
        for n in 0..MOST {
            drafts.keep(&n.to_string(), fields("x"));
        }
        assert_eq!(forms(&drafts).len(), MOST);
        assert_eq!(forms(&drafts)[0], pair("0", "x"));
        std::fs::write(&place, "[").unwrap();
        assert_eq!(forms(&Drafts::at(place)), []);
    }

    #[test]
    fn where_nothing_can_be_written_a_draft_lives_in_memory() {
        let drafts = Drafts::at(PathBuf::from("/dev/null/none"));
        drafts.keep("memo", fields("Ask"));
        assert_eq!(drafts.kept.lock().unwrap().len(), 1);
    }
}
