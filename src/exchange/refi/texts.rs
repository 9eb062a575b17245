//! The texts inside the archive of a project.

use std::collections::BTreeMap;

use super::super::ExchangeError;
use super::super::archive::Archive;
use crate::files;
use crate::files::SourceProblem;

/// The entry of the project and the folder in which it lies.
pub(super) fn project_of(paths: &[String]) -> Option<(usize, String)> {
    let named = |path: &str| {
        let file = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        let ending = file.rsplit_once('.').map(|(_, ending)| ending);
        (file == "project.qde").then_some(0).or((ending == Some("qde")).then_some(1))
    };
    let found = (0..).zip(paths).filter_map(|(number, path)| {
        Some((named(path)?, path.matches('/').count(), path.as_str(), number))
    });
    let (.., path, number) = found.min()?;
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    Some((number, folder.to_lowercase()))
}

/// The texts inside the archive.
pub(super) struct Texts<'b> {
    archive: Archive<'b>,
    /// The numbers of its entries by their paths in lower case; of two, the first.
    numbers: BTreeMap<String, usize>,
    /// What stands before the paths of the project, in lower case.
    prefix: String,
}

/// A text as it came.
pub(super) struct Text {
    pub(super) text: String,
    pub(super) has_mark: bool,
}

impl<'b> Texts<'b> {
    /// The texts of a project in this folder of an archive.
    pub(super) fn new(archive: Archive<'b>, folder: String) -> Self {
        let paths = archive.paths().iter().enumerate().rev();
        let numbers = paths.map(|(number, path)| (path.to_lowercase(), number)).collect();
        let prefix = if folder.is_empty() { folder } else { folder + "/" };
        Self { archive, numbers, prefix }
    }

    /// Finds and decodes the text that `internal://name` names.
    pub(super) fn read(&mut self, uri: &str) -> Result<Result<Text, String>, ExchangeError> {
        let lower = uri.to_lowercase();
        let name = match lower.split_once("://") {
            Some(("internal", name)) => name.trim_start_matches('/'),
            Some((scheme, _)) => {
                return Ok(Err(format!("its text is outside the archive (`{scheme}://…`)")));
            }
            None => lower.trim_start_matches('/'),
        };
        let name = name.strip_prefix("sources/").unwrap_or(name);
        let prefix = &self.prefix;
        let wanted = [format!("{prefix}sources/{name}"), format!("{prefix}{name}")];
        let Some(&number) = wanted.iter().find_map(|wanted| self.numbers.get(wanted)) else {
            return Ok(Err("its text is not in the archive".to_owned()));
        };
        let bytes = self.archive.read(number)?;
        Ok(decoded(&bytes).map_err(|error| format!("its text cannot be read: {error}")))
    }
}

/// Decodes a text: as the reader of text files does, but blank ones too.
fn decoded(bytes: &[u8]) -> Result<Text, SourceProblem> {
    let utf_8 = bytes.strip_prefix(b"\xef\xbb\xbf");
    if let Ok(text) = std::str::from_utf8(utf_8.unwrap_or(bytes)) {
        let mut text = text.to_owned();
        // Old Macs ended lines with a carriage return alone.
        if !text.contains('\n') && text.contains('\r') {
            text = text.replace('\r', "\n");
        }
        return Ok(Text { text, has_mark: utf_8.is_some() });
    }
    let has_mark = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    Ok(Text { text: files::decode_text(bytes)?, has_mark })
}
