//! The table of names with what is shown instead.
//!
//! The text of `pseudonyms.csv` comes in; a [`PseudonymList`] goes out, and back.
//!
//! ```text
//! name,pseudonym,rule
//! Siân Powell,P07,           any case, and the endings that names take
//! Siân,P07,                  several names may share a pseudonym
//! Abergavenny,[town],
//! Grace,P03,capital          only where it starts with a capital: grace stays
//! Zoom,,ignore               looked at, and no name
//! ```

use super::words::{key, keys, pieces};
use crate::base::{Diagnose, FilePlace, Remedy, Task};
use crate::files::tables::{Row, Table};

/// The most bytes of a name, and of what is shown instead.
const MAX_BYTES: usize = 400;

/// When a word is taken for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Rule {
    /// In any case.
    #[default]
    AnyCase,
    /// Only with a capital.
    Capital,
    /// Never: somebody looked at it, and it gives nobody away.
    Ignore,
}

impl Rule {
    const NAMES: &[(Self, &str)] =
        &[(Self::AnyCase, "any"), (Self::Capital, "capital"), (Self::Ignore, "ignore")];

    /// As it stands in the table.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(rule, _)| *rule == self).map_or("", |(_, name)| name)
    }
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PseudonymEntry {
    /// The name as it is said.
    pub name: String,
    /// What is shown instead; empty for a name to ignore.
    pub pseudonym: String,
    /// When a word is taken for it.
    pub rule: Rule,
}

/// The key: names with what is shown instead. It gives people away, and goes
/// into no answer but its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PseudonymList {
    /// In the order of the table.
    pub entries: Vec<PseudonymEntry>,
}

/// What is wrong with the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PseudonymError {
    /// A row of the table.
    #[error("{problem}")]
    Row {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
        /// What helps.
        remedy: Option<Remedy>,
    },
    /// Nothing that could be found in talk.
    #[error("`{name}` cannot be used as a name")]
    BadName {
        /// What was given.
        name: String,
    },
    /// Nothing that could be shown.
    #[error("`{pseudonym}` cannot be used as a pseudonym")]
    BadPseudonym {
        /// What was given.
        pseudonym: String,
    },
    /// The name has another pseudonym.
    #[error("`{name}` is already shown as `{pseudonym}`")]
    Taken {
        /// The name.
        name: String,
        /// What it is shown as.
        pseudonym: String,
    },
    /// A name would be seen in what is shown instead of one.
    #[error("the pseudonym `{pseudonym}` shares words with the name `{name}`")]
    Shared {
        /// The pseudonym.
        pseudonym: String,
        /// The name.
        name: String,
    },
    /// The name is not on the list.
    #[error("`{name}` is not in the key")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest, or where the list is.
        remedy: Remedy,
    },
}

impl Diagnose for PseudonymError {
    fn place(&self) -> Option<FilePlace> {
        let Self::Row { line, .. } = self else { return None };
        Some(FilePlace { path: "pseudonyms.csv".to_owned(), line: Some(*line) })
    }

    fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::Row { remedy, .. } => remedy.clone(),
            Self::BadName { .. } => Some(Remedy::new("a name needs at least two letters")),
            Self::BadPseudonym { .. } => {
                Some(Remedy::new("give letters or digits on one line, such as P07 or [town]"))
            }
            Self::Taken { name, .. } => {
                Some(Remedy::by(Task::RemovePseudonym(name.clone()), "remove it first"))
            }
            Self::Shared { .. } => Some(Remedy::new(
                "choose a pseudonym that is part of no name, such as P07 or [town]",
            )),
            Self::Unknown { remedy, .. } => Some(remedy.clone()),
        }
    }
}

impl PseudonymList {
    /// Reads the table; a first line that names no column is a row.
    ///
    /// # Errors
    /// [`PseudonymError::Row`] with the line of the first row that cannot be used.
    pub fn parse(text: &str) -> Result<Self, PseudonymError> {
        let table = Table::parse(text, None);
        let is_heading = |row: &Row| row.cell(0).eq_ignore_ascii_case("name");
        let n_headings = usize::from(table.rows.first().is_some_and(is_heading));
        let mut list = Self::default();
        for row in &table.rows[n_headings..] {
            let cell = |at: usize| row.cell(at);
            let bad = |problem: String, advice: &str| {
                let remedy = Some(Remedy::new(advice));
                PseudonymError::Row { line: row.line, problem, remedy }
            };
            let wanted = cell(2).to_lowercase();
            let rule = match wanted.as_str() {
                "" => Rule::AnyCase,
                wanted => {
                    let known = Rule::NAMES.iter().find(|(_, name)| *name == wanted);
                    known.map(|(rule, _)| *rule).ok_or_else(|| {
                        let problem = format!("`{}` is not a rule", cell(2));
                        bad(problem, "leave it empty, or write `capital` or `ignore`")
                    })?
                }
            };
            if rule != Rule::Ignore && cell(1).is_empty() {
                let problem = format!("`{}` has no pseudonym", cell(0));
                return Err(bad(problem, "give it one, or write `ignore` into the third column"));
            }
            let entry =
                PseudonymEntry { name: cell(0).to_owned(), pseudonym: cell(1).to_owned(), rule };
            list.check(&entry).map_err(|error| PseudonymError::Row {
                line: row.line,
                problem: error.to_string(),
                remedy: error.remedy(),
            })?;
            list.put(entry);
        }
        Ok(list)
    }

    /// Writes the table.
    pub fn write(&self) -> String {
        let mut table = csv::Writer::from_writer(Vec::new());
        let head = ["name", "pseudonym", "rule"];
        let rows = self.entries.iter().map(|entry| {
            let rule = if entry.rule == Rule::AnyCase { "" } else { entry.rule.name() };
            [entry.name.as_str(), entry.pseudonym.as_str(), rule]
        });
        for row in std::iter::once(head).chain(rows) {
            table.write_record(row).expect("memory takes every row");
        }
        let bytes = table.into_inner().expect("memory takes every row");
        String::from_utf8(bytes).expect("the cells are text")
    }

    /// Adds a name, or changes the rule of one that has this pseudonym.
    ///
    /// # Errors
    /// [`PseudonymError`] if it cannot be found or shown, or has another pseudonym.
    pub fn add(&mut self, entry: PseudonymEntry) -> Result<(), PseudonymError> {
        self.check(&entry)?;
        self.put(entry);
        Ok(())
    }

    /// Takes a name off the list.
    ///
    /// # Errors
    /// [`PseudonymError::Unknown`] with the nearest name.
    pub fn remove(&mut self, name: &str) -> Result<PseudonymEntry, PseudonymError> {
        let key = keys(name);
        let at = self.entries.iter().position(|entry| keys(&entry.name) == key);
        at.map(|at| self.entries.remove(at)).ok_or_else(|| {
            let names = self.entries.iter().map(|entry| entry.name.as_str());
            let remedy = Remedy::nearest(name, names, || {
                Remedy::by(Task::ListPseudonyms, "see which there are")
            });
            PseudonymError::Unknown { name: name.to_owned(), remedy }
        })
    }

    /// Whether the name stands on the list, with a pseudonym or to be ignored.
    pub fn has(&self, name: &str) -> bool {
        let key = keys(name);
        self.entries.iter().any(|entry| keys(&entry.name) == key)
    }

    fn put(&mut self, entry: PseudonymEntry) {
        let key = keys(&entry.name);
        match self.entries.iter_mut().find(|known| keys(&known.name) == key) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }

    fn check(&self, entry: &PseudonymEntry) -> Result<(), PseudonymError> {
        let name = keys(&entry.name);
        let is_long = |text: &str| text.len() > MAX_BYTES;
        if name.concat().chars().nth(1).is_none()
            || entry.name.contains('\n')
            || is_long(&entry.name)
        {
            return Err(PseudonymError::BadName { name: entry.name.clone() });
        }
        if entry.rule == Rule::Ignore {
            return Ok(());
        }
        if keys(&entry.pseudonym).is_empty()
            || entry.pseudonym.contains(['\n', '\r'])
            || is_long(&entry.pseudonym)
        {
            return Err(PseudonymError::BadPseudonym { pseudonym: entry.pseudonym.clone() });
        }
        let known = self.entries.iter().filter(|known| known.rule != Rule::Ignore);
        for known in known.chain(std::iter::once(entry)) {
            if keys(&known.name) == name && known.pseudonym != entry.pseudonym {
                return Err(PseudonymError::Taken {
                    name: known.name.clone(),
                    pseudonym: known.pseudonym.clone(),
                });
            }
            for (one, other) in [(known, entry), (entry, known)] {
                if shares_words(&one.pseudonym, &keys(&other.name)) {
                    return Err(PseudonymError::Shared {
                        pseudonym: one.pseudonym.clone(),
                        name: other.name.clone(),
                    });
                }
            }
        }
        Ok(())
    }
}

/// Whether a pseudonym, or words that run on into it or out of it, could be read
/// as the name: then one could not be told from the other in what is shown.
fn shares_words(pseudonym: &str, name: &[String]) -> bool {
    let pieces = pieces(pseudonym);
    let shown: Vec<String> = pieces.iter().map(|piece| key(&pseudonym[piece.clone()])).collect();
    let is_open_start = pieces.first().is_some_and(|piece| piece.start == 0);
    let is_open_end = pieces.last().is_some_and(|piece| piece.end == pseudonym.len());
    let most = shown.len().min(name.len());
    let runs_in = |n: usize| shown[shown.len() - n..] == name[..n];
    let runs_out = |n: usize| shown[..n] == name[name.len() - n..];
    shown.concat() == name.concat()
        || shown.windows(name.len()).any(|part| part == name)
        || (is_open_start && is_open_end && name.windows(shown.len()).any(|part| part == shown))
        || (is_open_end && (1..=most).any(runs_in))
        || (is_open_start && (1..=most).any(runs_out))
}
