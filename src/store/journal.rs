//! The same decisions as plain lines, so that they survive a lost database.
//!
//! A line is `{"hash":"…","decision":{…}}`. The text of the decision stands in it
//! byte for byte, since the hash is over these bytes.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use super::StoreError;
use crate::codebook::decision::{Record, hash_of};

/// The file.
pub(super) const NAME: &str = "journal.jsonl";

const HEAD: &str = "{\"hash\":\"";
const MIDDLE: &str = "\",\"decision\":";

/// What the journal holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Journal {
    /// The records of all lines before the first that is damaged.
    pub(super) records: Vec<Record>,
    /// How many bytes these lines have.
    pub(super) n_bytes: u64,
    /// What is wrong with the first damaged line.
    pub(super) problem: Option<String>,
}

/// Reads the journal as far as it is whole.
pub(super) fn read(folder: &Path) -> Result<Journal, StoreError> {
    let path = folder.join(NAME);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Journal::default()),
        Err(error) => return Err(StoreError::file(&path)(error)),
    };
    Ok(parse(&bytes))
}

fn parse(bytes: &[u8]) -> Journal {
    let mut journal = Journal::default();
    for (number, line) in (1..).zip(bytes.split_inclusive(|&byte| byte == b'\n')) {
        let Some(record) = parse_line(line) else {
            let is_cut = !line.ends_with(b"\n");
            let what = if is_cut { "cut off" } else { "damaged" };
            journal.problem = Some(format!("`{NAME}` is {what} at line {number}"));
            break;
        };
        journal.records.push(record);
        journal.n_bytes += line.len() as u64;
    }
    journal
}

/// A line with its line end; `None` if it is cut off or altered.
fn parse_line(line: &[u8]) -> Option<Record> {
    let line = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    let (hash, body) = line.strip_prefix(HEAD)?.split_once(MIDDLE)?;
    let body = body.strip_suffix('}')?;
    (hash_of(body) == hash).then(|| Record { body: body.to_owned(), hash: hash.to_owned() })
}

fn line_of(record: &Record) -> String {
    format!("{HEAD}{}{MIDDLE}{}}}\n", record.hash, record.body)
}

/// Opens the journal for writing, without what is damaged at its end and with
/// the records that it lacks.
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
    let length = file.metadata().map_err(&wrong)?.len();
    if length > known.n_bytes {
        file.set_len(known.n_bytes).map_err(&wrong)?;
    }
    io::Seek::seek(&mut file, io::SeekFrom::End(0)).map_err(&wrong)?;
    let missing: String = records[known.records.len()..].iter().map(line_of).collect();
    if !missing.is_empty() || length > known.n_bytes {
        file.write_all(missing.as_bytes()).map_err(&wrong)?;
        file.sync_all().map_err(&wrong)?;
    }
    if is_new {
        sync_folder(folder);
    }
    Ok(file)
}

/// Adds a record; it is on the disk when this returns.
pub(super) fn append(file: &mut File, record: &Record) -> io::Result<()> {
    file.write_all(line_of(record).as_bytes())?;
    file.sync_all()
}

/// Keeps a journal that does not belong to the database under another name.
pub(super) fn put_aside(folder: &Path) -> Result<String, StoreError> {
    super::put_aside(folder, NAME)
}

/// Makes a new name in a folder last, where the system can.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        // Some systems cannot do this for folders; they need not.
        folder.sync_all().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> Vec<Record> {
        ["{\"a\":1}", "{\"a\":\"}\\n\"}", "{}"]
            .map(|body| Record { body: body.to_owned(), hash: hash_of(body) })
            .to_vec()
    }

    #[test]
    fn lines_come_back_as_far_as_they_are_whole() {
        let whole: String = records().iter().map(line_of).collect();
        assert_eq!(parse(whole.as_bytes()).records, records());
        let ends: Vec<usize> = whole.match_indices('\n').map(|(at, _)| at + 1).collect();
        for cut in 0..whole.len() {
            let found = parse(&whole.as_bytes()[..cut]);
            let n = ends.iter().filter(|end| **end <= cut).count();
            assert_eq!(found.records, records()[..n], "cut at {cut}");
            assert_eq!(found.problem.is_some(), cut > 0 && !ends.contains(&cut), "cut at {cut}");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone().into_bytes();
            damaged[at] ^= 1;
            assert!(parse(&damaged).records.len() < 3, "byte {at}");
        }
    }

    #[test]
    fn a_torn_end_is_cut_and_what_is_missing_is_added() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let first = line_of(&records()[0]);
        fs::write(&path, format!("{first}{{\"hash\":\"12")).unwrap();
        let known = read(folder.path()).unwrap();
        assert_eq!(known.problem.as_deref(), Some("`journal.jsonl` is cut off at line 2"));
        let mut file = complete(folder.path(), &known, &records()[..2]).unwrap();
        append(&mut file, &records()[2]).unwrap();
        assert_eq!(read(folder.path()).unwrap().records, records());
    }
}
