//! Somebody who codes apart, by the table that they write.

use std::collections::{BTreeMap, BTreeSet};

use super::CodedLines;
use super::placing::Here;
use crate::base::{Diagnose as _, Diagnostic, Remedy};
use crate::codebook::{CodebookError, PATH_SEPARATOR, normal_path};
use crate::compare::coders::{
    AgreementError, AgreementParams, CodeNames, Coder, Level, counted, noted,
};

/// What somebody coded in the rows of the file at `path`, to be compared with others.
///
/// # Errors
/// [`AgreementError::Row`] at the first row that has no place.
pub fn coder_of_table(
    (name, path): (&str, &str),
    rows: &[CodedLines],
    here: &Here<'_>,
    params: &AgreementParams,
    names: &mut CodeNames,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Coder, AgreementError> {
    let codebook = here.codebook;
    let mut coder = Coder { name: name.to_owned(), coded: BTreeMap::new(), seen: BTreeSet::new() };
    let mut unknown: BTreeSet<String> = BTreeSet::new();
    for row in rows {
        let bad = |problem: Diagnostic| AgreementError::Row(problem.in_file(path, Some(row.line)));
        let t = (here.named)(&row.transcript).map_err(bad)?;
        coder.seen.insert(t);
        if row.code.is_empty() {
            continue;
        }
        let lines = row.lines().map_err(bad)?;
        let span = here.corpus.lines_span(t, lines).map_err(|error| bad(error.diagnostic()))?;
        let known = match codebook.code_named(&row.code) {
            Ok(known) => Some(counted(codebook, known.id, params)),
            Err(CodebookError::Unknown { .. }) => None,
            Err(error) => return Err(bad(error.diagnostic())),
        };
        let key = match known {
            Some(Some(code)) => noted(codebook, code, names),
            // It stands under no theme that was suggested.
            Some(None) => continue,
            None => {
                let mut parts: Vec<&str> = row.code.split('>').map(str::trim).collect();
                if params.level == Level::Top {
                    parts.truncate(1);
                }
                let code = parts.join(PATH_SEPARATOR);
                let key = normal_path(&code);
                if !names.contains_key(&key) {
                    unknown.insert(code.clone());
                }
                names.entry(key.clone()).or_insert(code);
                key
            }
        };
        coder.coded.entry(key).or_default().entry(t).or_default().push(span.start..span.end);
    }
    if !unknown.is_empty() && !codebook.codes.is_empty() {
        let some: Vec<String> = unknown.iter().take(5).map(|code| format!("`{code}`")).collect();
        warnings.push(
            Diagnostic::new(format!(
                "{} of its codes are not in the codebook: {}{}",
                unknown.len(),
                some.join(", "),
                if unknown.len() > some.len() { " and others" } else { "" }
            ))
            .in_file(path, None)
            .with(Remedy::new("they are compared under their own names")),
        );
    }
    Ok(coder)
}
