//! Opens the archives that Word, `OpenDocument` and Excel files are.
//!
//! An archive may be made to unpack to far more than it is; so it is read up to
//! a bound, and only the parts that are needed.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::files::SourceProblem;
use crate::files::encoding;

/// The most that a part of the archive may unpack to, in MB.
pub(super) const MAX_MB: u64 = 200;
/// A part beyond this size, in MB, must not be packed more tightly than
/// [`MAX_RATIO`]: words never are.
pub(super) const TIGHT_MB: u64 = 20;
/// How many times larger than packed a large part may be.
const MAX_RATIO: u64 = 400;

/// The first bytes of a zip archive.
pub(super) const ZIP_START: &[u8] = b"PK\x03\x04";
/// The first bytes of old Office files, and of new ones with a password.
pub(super) const OLE_START: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// An archive in memory.
pub(super) type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Opens the archive that a file is.
pub(super) fn open(bytes: &[u8]) -> Result<Archive<'_>, SourceProblem> {
    if bytes.is_empty() {
        return Err(SourceProblem::Empty);
    }
    if bytes.starts_with(OLE_START) {
        return Err(SourceProblem::Protected);
    }
    if !bytes.starts_with(b"PK") {
        return Err(SourceProblem::BadArchive("it is not a zip archive".to_owned()));
    }
    // The table of contents of an archive is its last part.
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| match error {
        ZipError::InvalidArchive(_) | ZipError::Io(_) => {
            SourceProblem::Truncated("the archive has no readable table of contents".to_owned())
        }
        error => archive_problem(&error),
    })
}

/// Whether the archive has a part of this name.
pub(super) fn has(archive: &Archive<'_>, name: &str) -> bool {
    archive.index_for_name(name).is_some()
}

/// Reads one part of the archive as text; `None` if it is not there.
pub(super) fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, SourceProblem> {
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(archive_problem(&error)),
    };
    let bytes = read_bounded(file.compressed_size(), file)?;
    let decoded =
        encoding::decode(&bytes).map_err(|problem| SourceProblem::BadXml(problem.to_string()))?;
    Ok(Some(decoded.text))
}

/// The most bytes that a part may unpack to which takes so many of the archive.
pub(crate) fn bound_of(packed: u64) -> u64 {
    packed.saturating_mul(MAX_RATIO).clamp(TIGHT_MB * 1_000_000, MAX_MB * 1_000_000)
}

/// Reads up to the bound. Sizes that the archive itself tells are not trusted.
pub(super) fn read_bounded(packed: u64, reader: impl Read) -> Result<Vec<u8>, SourceProblem> {
    let mut bytes = Vec::new();
    let bound = bound_of(packed);
    reader.take(bound + 1).read_to_end(&mut bytes).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => {
            SourceProblem::Truncated("a part of the archive ends early".to_owned())
        }
        _ => SourceProblem::BadArchive(error.to_string()),
    })?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size <= bound) {
        Ok(bytes)
    } else {
        Err(SourceProblem::UnpacksTooLarge(bound / 1_000_000))
    }
}

/// Tells people what is wrong with an archive.
fn archive_problem(error: &ZipError) -> SourceProblem {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            SourceProblem::Protected
        }
        error => SourceProblem::BadArchive(error.to_string()),
    }
}
