//! The same decisions as plain lines, so that they survive a lost database.
//!
//! A line is `{"hash":"…","decision":{…}}`. The text of the decision stands in it
//! byte for byte, since the hash is over these bytes. What an editor or a
//! synchronised folder adds around the lines (a byte order mark, `\r\n`, empty
//! lines) changes nothing of what they say, and is let be. `null` stands for a
//! decision that could not be restored.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use super::StoreError;
use crate::base::files::read_file;
use crate::codebook::decision::{Decision, Record, hash_of};

/// The file.
pub(super) const NAME: &str = "journal.jsonl";

const HEAD: &str = "{\"hash\":\"";
const MIDDLE: &str = "\",\"decision\":";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What the journal holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Journal {
    /// The records of all lines before the first that is damaged or cut off: a
    /// chain from the first decision on.
    pub(super) records: Vec<Record>,
    /// How many bytes these lines have, with what stands between them.
    n_bytes: u64,
    /// Whether the last of these lines is whole but for its line end.
    lacks_end: bool,
    /// Whether nothing but a last line that was cut off follows them.
    pub(super) is_torn: bool,
    /// The first damaged line and what follows it.
    pub(super) damage: Option<Damage>,
    /// The first decision that is whole but of a later version.
    pub(super) later: Option<Later>,
}

/// Where the journal stops to be a chain, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Damage {
    /// The first damaged line, from 1.
    pub(super) line: usize,
    /// Whole records from this line on, as they stand there; each once, and none
    /// that stands before the damage.
    pub(super) left: Vec<Record>,
    /// How many lines cannot be read.
    pub(super) n_unreadable: usize,
}

/// A decision that only a later version of Leitmotif understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Later {
    /// Its number.
    pub(super) number: u32,
    /// The version that wrote it, empty if it does not say.
    pub(super) version: String,
}

/// What every version writes into a decision.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Link {
    pub(super) number: u32,
    pub(super) previous: String,
    #[serde(default)]
    version: String,
}

impl Journal {
    /// What is wrong with it, for people.
    pub(super) fn problem(&self) -> Option<String> {
        if self.is_torn {
            return Some(format!("`{NAME}` is incomplete after decision {}", self.records.len()));
        }
        self.damage.as_ref().map(|damage| format!("`{NAME}` is damaged at line {}", damage.line))
    }
}

/// Reads the journal as far as it is whole, and what it holds beyond.
pub(super) fn read(folder: &Path) -> Result<Journal, StoreError> {
    let path = folder.join(NAME);
    let bytes = match read_file(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Journal::default()),
        Err(error) => return Err(StoreError::file(&path)(error)),
    };
    Ok(parse(&bytes))
}

fn parse(bytes: &[u8]) -> Journal {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let mut journal = Journal { n_bytes: (bytes.len() - text.len()) as u64, ..Journal::default() };
    let mut last_hash = String::new();
    let mut known = BTreeSet::new();
    for (number, line) in (1..).zip(text.split_inclusive(|&byte| byte == b'\n')) {
        let has_end = line.ends_with(b"\n");
        let is_empty = line.trim_ascii().is_empty();
        let found = if is_empty { None } else { parse_line(line) };
        if journal.later.is_none() {
            journal.later = found.as_ref().and_then(later_of);
        }
        let is_next = found.as_ref().is_some_and(|record| {
            record.is_lost()
                || link_of(record).is_some_and(|link| {
                    link.previous == last_hash && link.number as usize == journal.records.len() + 1
                })
        });
        if journal.damage.is_none() && (is_empty || is_next) {
            if let Some(record) = found {
                last_hash.clone_from(&record.hash);
                known.insert(record.hash.clone());
                journal.records.push(record);
            }
            journal.n_bytes += line.len() as u64;
            journal.lacks_end = !has_end;
        } else if journal.damage.is_none() && found.is_none() && !has_end {
            journal.is_torn = true;
        } else if !is_empty {
            let none = Damage { line: number, left: Vec::new(), n_unreadable: 0 };
            let damage = journal.damage.get_or_insert(none);
            match found {
                Some(record) if known.insert(record.hash.clone()) => damage.left.push(record),
                Some(_) => {}
                None => damage.n_unreadable += 1,
            }
        }
    }
    journal
}

/// A line with or without its line end; `None` if it is cut off or altered.
fn parse_line(line: &[u8]) -> Option<Record> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = std::str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)).ok()?;
    let (hash, body) = line.strip_prefix(HEAD)?.split_once(MIDDLE)?;
    let body = body.strip_suffix('}')?;
    let record = Record { body: body.to_owned(), hash: hash.to_owned() };
    (record.is_lost() || hash_of(body) == hash).then_some(record)
}

/// How a record says that it is linked; `None` if it is no decision.
pub(super) fn link_of(record: &Record) -> Option<Link> {
    serde_json::from_str(&record.body).ok()
}

/// What a record is that was written as it stands, but that this version does
/// not understand: a decision with a verb or a change that came later.
pub(super) fn later_of(record: &Record) -> Option<Later> {
    if hash_of(&record.body) != record.hash
        || serde_json::from_str::<Decision>(&record.body).is_ok()
    {
        return None;
    }
    link_of(record).map(|link| Later { number: link.number, version: link.version })
}

fn line_of(record: &Record) -> String {
    format!("{HEAD}{}{MIDDLE}{}}}\n", record.hash, record.body)
}

/// Opens the journal for writing, without a last line that was cut off and with
/// the records that it lacks. It must be a part of `records` from the first on,
/// and not damaged: nothing else is ever cut.
pub(super) fn complete(
    folder: &Path,
    known: &Journal,
    records: &[Record],
) -> Result<File, StoreError> {
    let path = folder.join(NAME);
    let wrong = StoreError::file(&path);
    let is_new = !path.exists();
    let mut file =
        File::options().create(true).truncate(false).write(true).open(&path).map_err(&wrong)?;
    if known.is_torn {
        file.set_len(known.n_bytes).map_err(&wrong)?;
    }
    io::Seek::seek(&mut file, io::SeekFrom::End(0)).map_err(&wrong)?;
    let mut missing = String::from(if known.lacks_end { "\n" } else { "" });
    missing.extend(records[known.records.len()..].iter().map(line_of));
    if !missing.is_empty() || known.is_torn {
        file.write_all(missing.as_bytes()).map_err(&wrong)?;
        file.sync_all().map_err(&wrong)?;
    }
    if is_new {
        crate::base::files::sync_folder(folder);
    }
    Ok(file)
}

/// Adds records; they are on the disk when this returns.
pub(super) fn append(file: &mut File, records: &[(u32, Record)]) -> io::Result<()> {
    let lines: String = records.iter().map(|(_, record)| line_of(record)).collect();
    file.write_all(lines.as_bytes())?;
    file.sync_all()
}

/// Keeps a journal that is damaged or does not belong to the database under
/// another name, and writes it anew; returns that name with the new file.
pub(super) fn replace(folder: &Path, records: &[Record]) -> Result<(String, File), StoreError> {
    let kept = super::put_aside(folder, NAME)?;
    Ok((kept, complete(folder, &Journal::default(), records)?))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::codebook::Verb;

    fn records() -> Vec<Record> {
        let mut previous = String::new();
        let mut records = Vec::new();
        for (number, about) in (1..).zip(["tea", "a \"}\n\" of no use", "“têa”"]) {
            let decision = Decision {
                number,
                at: "2026-11-25T10:00:00Z".to_owned(),
                coder: "Ann".to_owned(),
                verb: Verb::AddCode,
                about: about.to_owned(),
                of: None,
                changes: Vec::new(),
                version: "0.1.0".to_owned(),
                previous,
            };
            records.push(Record::new(&decision));
            previous = records[number as usize - 1].hash.clone();
        }
        records
    }

    fn lines() -> Vec<String> {
        records().iter().map(line_of).collect()
    }

    #[test]
    fn lines_come_back_as_far_as_they_are_whole() {
        let whole = lines().concat();
        assert_eq!(parse(whole.as_bytes()).records, records());
        let ends: Vec<usize> = whole.match_indices('\n').map(|(at, _)| at + 1).collect();
        for cut in 0..whole.len() {
            let found = parse(&whole.as_bytes()[..cut]);
            // A line that lacks nothing but its end is whole.
            let n = ends.iter().filter(|end| **end <= cut + 1).count();
            assert_eq!(found.records, records()[..n], "cut at {cut}");
            let is_between = ends.iter().any(|end| *end == cut || *end == cut + 1);
            assert_eq!(found.is_torn, cut > 0 && !is_between, "cut at {cut}");
            assert_eq!(found.damage, None, "cut at {cut}");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone().into_bytes();
            damaged[at] ^= 1;
            let found = parse(&damaged);
            assert!(found.records.len() < 3, "byte {at}");
            let is_last = at == whole.len() - 1;
            assert_eq!((found.is_torn, found.damage.is_some()), (is_last, !is_last), "byte {at}");
        }
    }

    #[test]
    fn what_an_editor_adds_around_lines_is_no_damage() {
        let whole = lines().concat();
        for changed in [
            whole.replace('\n', "\r\n"),
            format!("\u{feff}{whole}"),
            format!("\u{feff}{}\r\n\n", whole.replace('\n', "\r\n")),
            whole.replace('\n', "\n\n"),
            whole.trim_end().to_owned(),
            whole.replace('\n', "\r\n").trim_end().to_owned(),
        ] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(NAME), &changed).unwrap();
            let known = read(folder.path()).unwrap();
            assert_eq!((&known.records, known.problem()), (&records(), None), "{changed}");
            // It is added to, and nothing of it is written again.
            complete(folder.path(), &known, &records()).unwrap();
            let now = fs::read(folder.path().join(NAME)).unwrap();
            assert!(now.starts_with(changed.as_bytes()) && now.ends_with(b"\n"), "{changed}");
            assert_eq!(parse(&now).records, records(), "{changed}");
        }
    }

    #[test]
    fn what_stands_behind_a_damaged_line_is_known() {
        let (lines, records) = (lines(), records());
        let damaged = lines[1].replace("use", "usa");
        let left = |found: Journal| {
            let damage = found.damage.unwrap();
            (found.records.len(), damage.line, damage.left, damage.n_unreadable)
        };
        let found = parse([&lines[0], &damaged, &lines[2]].map(String::as_str).concat().as_bytes());
        assert_eq!(found.problem().as_deref(), Some("`journal.jsonl` is damaged at line 2"));
        assert_eq!(left(found), (1, 2, records[2..].to_vec(), 1));
        // A line twice tells nothing new; one before its turn does.
        let twice = [&lines[0], &lines[1], &lines[1], &lines[2]].map(String::as_str).concat();
        assert_eq!(left(parse(twice.as_bytes())), (2, 3, records[2..].to_vec(), 0));
        let early = [&lines[1], &lines[0]].map(String::as_str).concat();
        assert_eq!(
            left(parse(early.as_bytes())),
            (0, 1, vec![records[1].clone(), records[0].clone()], 0)
        );
    }

    #[test]
    fn a_decision_of_a_later_version_is_no_damage() {
        let body = records()[1].body.replace("add-code", "sing").replace("0.1.0", "9.0.0");
        let record = Record { hash: hash_of(&body), body };
        let found = parse([lines()[0].clone(), line_of(&record)].concat().as_bytes());
        assert_eq!(found.later, Some(Later { number: 2, version: "9.0.0".to_owned() }));
        let other = Record { hash: hash_of("{\"a\":1}"), body: "{\"a\":1}".to_owned() };
        let found = parse(line_of(&other).as_bytes());
        assert!(found.later.is_none() && found.damage.is_some());
    }

    #[test]
    fn a_torn_end_is_cut_and_what_is_missing_is_added() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        fs::write(&path, format!("{}{{\"hash\":\"12", lines()[0])).unwrap();
        let known = read(folder.path()).unwrap();
        assert_eq!(
            known.problem().as_deref(),
            Some("`journal.jsonl` is incomplete after decision 1")
        );
        let mut file = complete(folder.path(), &known, &records()[..2]).unwrap();
        append(&mut file, &[(3, records()[2].clone())]).unwrap();
        assert_eq!(read(folder.path()).unwrap().records, records());
    }
}
