//! The key of names as people change it.

use std::sync::Arc;

use super::{Person, Session, holder_now};
use crate::pseudonyms::{PseudonymEntry, PseudonymError, PseudonymList};
use crate::store;
use crate::study::{Snapshot, StudyError};

impl Session {
    /// Adds a name to the key, or changes its rule.
    pub(super) fn add_pseudonym(
        &self,
        person: &Person,
        entry: PseudonymEntry,
    ) -> Result<(), StudyError> {
        self.change_key(person, |list| list.add(entry))
    }

    /// Takes a name off the key; returns what it was.
    pub(super) fn remove_pseudonym(
        &self,
        person: &Person,
        name: &str,
    ) -> Result<PseudonymEntry, StudyError> {
        self.change_key(person, |list| list.remove(name))
    }

    /// Changes the key as it is then: others may have written names to it meanwhile, and
    /// nobody else does until it is written.
    fn change_key<T>(
        &self,
        person: &Person,
        change: impl FnOnce(&mut PseudonymList) -> Result<T, PseudonymError>,
    ) -> Result<T, StudyError> {
        let _turn = self.turn();
        let now = self.snapshot();
        let _held = store::hold(&now.folder.store, &holder_now(person))?;
        let key =
            if now.key.is_behind() { now.key.again(&now.corpus)? } else { (*now.key).clone() };
        let mut list = key.list.clone();
        let changed = change(&mut list)?;
        let key = key.with_names(list, &now.corpus)?;
        self.swap_in(Snapshot { key: Arc::new(key), ..now });
        Ok(changed)
    }
}
