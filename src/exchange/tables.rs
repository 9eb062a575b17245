//! Codebooks and quotes kept as tables (CSV), as tools and people write them.
//!
//! ```text
//! code,parent,kind,definition,include,exclude,rule,colour     a codebook: a row a code
//! document,tag,content,coder                             quotes: a row a quote and code
//! transcript,lines,code,coder                            codings: see [`codings`]
//! ```
//!
//! A column may have any of several names, in any order; `Joining > No travel`
//! is the path of a code. A table with a column of words is one of quotes: they
//! come in as [`LooseQuote`]s, to be found again in the transcripts. One with columns
//! of transcripts, lines and codes is one of codings.

use std::collections::BTreeMap;

use super::columns::{
    CODE, CODER, COLOR, DEFINITION, EXCLUDE, INCLUDE, KIND, NUMBER, PARENT, RULE, SOURCE, Table,
    WORDS, cell,
};
use super::names::path_of;
use super::{ExchangeError, LooseQuote, Received, UNKNOWN_CODER, codings};
use crate::base::{Diagnose as _, Diagnostic, Remedy, Warned};
use crate::codebook::{Change, Code, CodeId, CodeKind, Codebook, CodebookError, edit};

/// Reads a table of quotes, of codings or a codebook, whichever it is.
///
/// # Errors
/// [`ExchangeError::BadTable`] if it is none of them.
pub fn read(bytes: &[u8]) -> Result<Warned<Received>, ExchangeError> {
    let table = Table::read(bytes)?;
    if let Some(words) = table.column(WORDS) {
        return Ok(quotes(&table, words));
    }
    match (codings::rows(&table), table.column(CODE)) {
        (Some(coded), _) => {
            let received = Received { coded, ..Received::default() };
            Ok(Warned { value: received, warnings: Vec::new() })
        }
        (None, Some(code)) => Ok(codebook(&table, code)),
        (None, None) => Err(ExchangeError::BadTable {
            problem: "it has no column of codes and none of quotes".to_owned(),
            advice: "call the columns `code` and `definition`, or `document`, `code` and `content`, or `transcript`, `lines` and `code`",
        }),
    }
}

/// Reads a table of quotes, whose words stand in this column.
fn quotes(table: &Table, words: usize) -> Warned<Received> {
    let (source, code) = (table.column(SOURCE), table.column(CODE));
    let (coder, number) = (table.column(CODER), table.column(NUMBER));
    let mut received = Received::default();
    let mut warnings = Vec::new();
    let mut known: BTreeMap<(String, String, String, String), usize> = BTreeMap::new();
    for row in &table.rows {
        let said = cell(row, Some(words));
        if said.is_empty() {
            let hint = "fill in what was said, or remove the row";
            warnings.push(warning(row.line, "the row has no words", hint));
            continue;
        }
        let path = path_of(cell(row, code));
        // A row of our own may name several coders.
        let coders = cell(row, coder).split(';').map(str::trim);
        let mut coders: Vec<&str> = coders.filter(|coder| !coder.is_empty()).collect();
        if coders.is_empty() {
            coders.push(UNKNOWN_CODER);
        }
        for coder in coders {
            let (source, words) = (cell(row, source).to_owned(), said.to_owned());
            // A quote with several codes has several rows, and so has one of several coders.
            let number = cell(row, number).to_owned();
            let key = (number, source.clone(), words.clone(), coder.to_owned());
            let place = *known.entry(key).or_insert(received.loose.len());
            if place == received.loose.len() {
                let (line, codes, coder) = (row.line, Vec::new(), coder.to_owned());
                received.loose.push(LooseQuote { line, source, words, codes, coder });
            }
            let codes = &mut received.loose[place].codes;
            if !path.is_empty() && !codes.contains(&path) {
                codes.push(path.clone());
            }
        }
    }
    let mut codebook = Codebook::default();
    for path in received.loose.iter().flat_map(|quote| &quote.codes) {
        // A path of names that are made fit is refused by no rule.
        put(&mut codebook, path).ok();
    }
    received.bundle.codebook = codebook;
    Warned { value: received, warnings }
}

/// Adds the code at a path with what is missing above.
///
/// # Errors
/// [`CodebookError`] if the rules of the codebook do not allow it.
pub fn put(codebook: &mut Codebook, path: &[String]) -> Result<CodeId, CodebookError> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    edit::put_code_at(codebook, &names, CodeKind::Code).map(|(id, _)| id)
}

fn codebook(table: &Table, code: usize) -> Warned<Received> {
    let (parent, kind) = (table.column(PARENT), table.column(KIND));
    let notes = [DEFINITION, INCLUDE, EXCLUDE, RULE].map(|names| table.column(names));
    let color = table.column(COLOR);
    let mut codebook = Codebook::default();
    let mut warnings = Vec::new();
    let mut themes: BTreeMap<CodeId, usize> = BTreeMap::new();
    // A parent may stand below its children, and may itself have a parent.
    let own: BTreeMap<String, Vec<String>> = table
        .rows
        .iter()
        .map(|row| (cell(row, Some(code)).to_lowercase(), path_of(cell(row, parent))))
        .collect();
    for row in &table.rows {
        let said = cell(row, Some(code));
        let mut path = path_of(said);
        if path.is_empty() {
            continue;
        }
        let mut above = path_of(cell(row, parent));
        let mut steps = 0;
        while let Some(name) = above.first().map(|name| name.to_lowercase()) {
            steps += 1;
            path.splice(0..0, std::mem::take(&mut above));
            if steps > 50 {
                break;
            }
            above = own.get(&name).cloned().unwrap_or_default();
        }
        if steps > 50 {
            let problem = format!("`{said}` is under itself");
            let hint = "give each code a parent that is not one of its own sub-codes";
            warnings.push(warning(row.line, &problem, hint));
            continue;
        }
        let Ok(id) = put(&mut codebook, &path) else { continue };
        if cell(row, kind).eq_ignore_ascii_case("theme") {
            themes.insert(id, row.line);
        }
        let [definition, include, exclude, rule] = notes.map(|column| cell(row, column).to_owned());
        let known = codebook.codes[&id].clone();
        let mut put = Code { definition, include, exclude, rule, ..known };
        let color = cell(row, color);
        match color.parse() {
            Ok(color) => put.color = Some(color),
            Err(_) if color.is_empty() => {}
            Err(error) => {
                let problem = format!("the colour of `{said}` is not imported: `{color}`");
                let told = Diagnostic::new(problem).on_line(row.line).with(error.remedy());
                warnings.push(told);
            }
        }
        codebook.apply(&Change::PutCode(put));
    }
    let order: Vec<CodeId> = codebook.tree().iter().map(|(_, code)| code.id).collect();
    for (id, line) in order.into_iter().filter_map(|id| Some((id, *themes.get(&id)?))) {
        let mut code = codebook.codes[&id].clone();
        let is_theme = |parent| codebook.codes[&parent].kind == CodeKind::Theme;
        if code.parent.is_none_or(is_theme) {
            code.kind = CodeKind::Theme;
            codebook.apply(&Change::PutCode(code));
        } else {
            let problem = format!("`{}` is imported as a code", code.name);
            warnings.push(warning(line, &problem, "a theme can only be under another theme"));
        }
    }
    let mut received = Received::default();
    received.bundle.codebook = codebook;
    Warned { value: received, warnings }
}

fn warning(line: usize, problem: &str, hint: &str) -> Diagnostic {
    Diagnostic::new(problem).on_line(line).with(Remedy::new(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(received: &Received) -> Vec<String> {
        let line = |(depth, code): (usize, &Code)| {
            let kind = code.kind.name();
            format!("{}{kind} {} ({})", "  ".repeat(depth), code.name, code.definition)
        };
        received.bundle.codebook.tree().into_iter().map(line).collect()
    }

    #[test]
    fn a_codebook_of_rows() {
        let file = "Code;Parent;Kind;Definition;Colour\nNo travel;Easier;code;'=1+1;#1F77B4\nEasier;Life;theme;;\nLife;;theme;all of it;red\n";
        let Warned { value, warnings } = read(file.as_bytes()).unwrap();
        assert_eq!(
            tree(&value),
            ["theme Life (all of it)", "  theme Easier ()", "    code No travel (=1+1)"]
        );
        let told: Vec<String> = warnings.iter().map(crate::base::Diagnostic::text).collect();
        assert_eq!(
            told,
            [
                "line 4: the colour of `Life` is not imported: `red`\n  hint: write six hexadecimal digits, such as #1f77b4"
            ]
        );
    }

    #[test]
    fn paths_and_circles() {
        let file = "path,description\nA > B > C,deep\nA,top\n";
        let received = read(file.as_bytes()).unwrap();
        assert_eq!(tree(&received.value), ["code A (top)", "  code B ()", "    code C (deep)"]);
        let named = read(b"sep=;\ncode;description\n1, 2;top\n").unwrap();
        assert_eq!(tree(&named.value), ["code 1, 2 (top)"]);
        let received = read(b"code,parent\nA,B\nB,A\n").unwrap();
        assert_eq!(received.warnings.len(), 2);
    }

    #[test]
    fn quotes_of_rows() {
        let file = "id,document,tag,content\n1,P01.docx,Odd,It was odd\n1,P01.docx,Early > First,It was odd\n2,P02,,\n";
        let Warned { value, warnings } = read(file.as_bytes()).unwrap();
        assert_eq!(value.loose.len(), 1);
        assert_eq!(
            value.loose[0].codes,
            [vec!["Odd".to_owned()], vec!["Early".to_owned(), "First".to_owned()]]
        );
        assert_eq!(tree(&value), ["code Early ()", "  code First ()", "code Odd ()"]);
        assert_eq!(
            (warnings[0].line(), warnings[0].problem.as_str()),
            (Some(4), "the row has no words")
        );
        assert!(read(b"a,b\n1,2\n").is_err() && read(b"").is_err());
    }
}
