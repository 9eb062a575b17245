//! Writes projects and codebooks.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Seek, Write};

use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::super::words::shortened;
use super::super::xml::Writer;
use super::super::{Bundle, Counts, ExchangeError};
use super::description;
use crate::base::{Diagnostic, Remedy, Warned};
use crate::codebook::{CodeId, CodeKind, Memo, MemoTarget, Quotation, checksum_of};

/// What all identifiers are made under; drawn once at random.
const NAMESPACE: Uuid = Uuid::from_u128(0x1e53_07c6_6a5e_4d0b_9a41_c7d2_8f3b_60ee);
/// The most signs of a selection's name.
const MAX_NAME: usize = 100;

/// What a codebook holds that the format has no place for, for people; empty if
/// there is nothing.
pub fn stays(bundle: &Bundle) -> Vec<String> {
    let codebook = &bundle.codebook;
    let n_pins = codebook.quotations.values().flat_map(|quotation| &quotation.codings);
    let n_pins = n_pins.filter(|coding| coding.is_pinned).count();
    let n_origins = codebook.codes.values().filter(|code| code.origin.is_some()).count();
    let n_stances = codebook.quotations.values().filter(|known| known.stance.is_some()).count();
    let counts = [
        (n_pins, "pin", "pins"),
        (n_stances, "stance of a quotation", "stances of quotations"),
        (codebook.rejections.len(), "rejected candidate", "rejected candidates"),
        (codebook.refusals.len(), "rejected proposal", "rejected proposals"),
        (n_origins, "link from a theme to its candidate", "links from themes to their candidates"),
    ];
    let said = counts.into_iter().filter(|(n, ..)| *n > 0);
    said.map(|(n, one, many)| format!("{n} {}", if n == 1 { one } else { many })).collect()
}

/// Writes a project (`.qdpx`). `at` is the time of writing, in UTC (RFC 3339):
/// the file holds no other that memos do not bring.
///
/// The value counts what was written. A quotation whose words do not stand at
/// its place is left out with a warning, and so is a memo about one.
///
/// # Errors
/// [`ExchangeError::Io`] if the writer fails.
pub fn write_project(
    out: impl Write + Seek,
    bundle: &Bundle,
    at: &str,
) -> Result<Warned<Counts>, ExchangeError> {
    let mut warnings = Vec::new();
    let mut written = bundle.clone();
    drop_what_cannot_go(&mut written, &mut warnings);
    let at = xsd_time(at);
    let project = Project::new(&written, at.as_deref());
    let (xml, files) = project.write();
    let mut zip = ZipWriter::new(out);
    // The earliest time that an archive can hold: the same study, the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let failed = |error: zip::result::ZipError| ExchangeError::Io(std::io::Error::other(error));
    zip.start_file("project.qde", options).map_err(failed)?;
    zip.write_all(xml.as_bytes())?;
    for (path, text) in files {
        zip.start_file(path, options).map_err(failed)?;
        zip.write_all(text.as_bytes())?;
    }
    zip.finish().map_err(failed)?.flush()?;
    Ok(Warned { value: Counts::of(&written), warnings })
}

/// Writes a codebook (`.qdc`). The value counts the codes and themes.
///
/// # Errors
/// [`ExchangeError::NoCodes`] without any; [`ExchangeError::Io`] if the writer
/// fails.
pub fn write_codebook(mut out: impl Write, bundle: &Bundle) -> Result<Counts, ExchangeError> {
    if bundle.codebook.codes.is_empty() {
        return Err(ExchangeError::NoCodes);
    }
    let mut project = Project::new(bundle, None);
    project.notes_of = BTreeMap::new();
    let mut xml = Writer::new();
    let namespace = ("xmlns", "urn:QDA-XML:codebook:1.0");
    xml.start("CodeBook", &[namespace, ("origin", &origin())]);
    project.codes(&mut xml);
    project.sets(&mut xml, "guid");
    out.write_all(xml.finish().as_bytes())?;
    out.flush()?;
    let all = Counts::of(bundle);
    Ok(Counts { themes: all.themes, codes: all.codes, ..Counts::default() })
}

fn origin() -> String {
    format!("Leitmotif {}", env!("CARGO_PKG_VERSION"))
}

/// Takes out quotations that do not stand where they say, and memos about what
/// is not there.
fn drop_what_cannot_go(bundle: &mut Bundle, warnings: &mut Vec<Diagnostic>) {
    let sources: BTreeMap<&str, (&str, String)> = bundle
        .sources
        .iter()
        .map(|source| (source.id.as_str(), (source.text.as_str(), checksum_of(&source.text))))
        .collect();
    let cases: BTreeSet<&str> = bundle.cases.iter().map(|case| case.id.as_str()).collect();
    let codebook = &mut bundle.codebook;
    codebook.quotations.retain(|id, quotation| {
        let place = &quotation.place;
        let stands = sources.get(place.transcript.as_str()).is_some_and(|(text, checksum)| {
            *checksum == place.checksum
                && text.get(place.span.range()) == Some(quotation.text.as_str())
        });
        if !stands {
            warnings.push(
                Diagnostic::new(format!(
                    "quotation {} is not exported: its words are not at its place",
                    id.0
                ))
                .in_file(place.transcript.clone(), None)
                .with(Remedy::new(
                    "the transcript has changed; find the quotation again or remove it",
                )),
            );
        }
        stands
    });
    let (codes, quotations) = (&codebook.codes, &codebook.quotations);
    codebook.memos.retain(|id, memo| {
        let is_there = match &memo.about {
            MemoTarget::Study => true,
            MemoTarget::Code(code) => codes.contains_key(code),
            MemoTarget::Quotation(quotation) => quotations.contains_key(quotation),
            MemoTarget::Transcript(transcript) => sources.contains_key(transcript.as_str()),
            MemoTarget::Case(case) => cases.contains(case.as_str()),
        };
        if !is_there {
            warnings.push(
                Diagnostic::new(format!(
                    "memo {} is not exported: what it is about no longer exists",
                    id.0
                ))
                .with(Remedy::new("remove the memo, or write it about something else")),
            );
        }
        is_there
    });
}

/// Gives out identifiers: the same for the same key.
struct Guids {
    namespace: Uuid,
    given: BTreeSet<Uuid>,
}

impl Guids {
    fn new(study: &str) -> Self {
        let namespace = Uuid::new_v5(&NAMESPACE, study.as_bytes());
        Self { namespace, given: BTreeSet::new() }
    }

    fn make(&mut self, parts: &[&str]) -> String {
        let key = parts.join("\u{0}");
        let mut guid = Uuid::new_v5(&self.namespace, key.as_bytes());
        let mut number = 1;
        while !self.given.insert(guid) {
            number += 1;
            guid = Uuid::new_v5(&self.namespace, format!("{key}\u{0}{number}").as_bytes());
        }
        guid.to_string()
    }
}

/// A study with the identifiers of all its parts.
struct Project<'b> {
    bundle: &'b Bundle,
    at: Option<&'b str>,
    guids: Guids,
    users: BTreeMap<&'b str, String>,
    code_guids: BTreeMap<CodeId, String>,
    variables: BTreeMap<&'b str, String>,
    case_guids: Vec<String>,
    source_guids: Vec<String>,
    /// The identifiers of the memos about each thing, in order.
    notes_of: BTreeMap<&'b MemoTarget, Vec<String>>,
    notes: Vec<(String, &'b Memo)>,
}

impl<'b> Project<'b> {
    fn new(bundle: &'b Bundle, at: Option<&'b str>) -> Self {
        let codebook = &bundle.codebook;
        let mut guids = Guids::new(&bundle.name);
        let users =
            codebook.coders().into_iter().map(|name| (name, guids.make(&["user", name]))).collect();
        let code_guids = codebook
            .tree()
            .into_iter()
            .map(|(_, code)| (code.id, guids.make(&["code", &codebook.path(code.id)])))
            .collect();
        let names: BTreeSet<&str> = bundle
            .cases
            .iter()
            .flat_map(|case| case.attributes.keys().map(String::as_str))
            .collect();
        let variables =
            names.into_iter().map(|name| (name, guids.make(&["variable", name]))).collect();
        let case_guids = bundle.cases.iter().map(|case| guids.make(&["case", &case.id])).collect();
        let source_guids =
            bundle.sources.iter().map(|source| guids.make(&["source", &source.id])).collect();
        let mut notes_of: BTreeMap<&MemoTarget, Vec<String>> = BTreeMap::new();
        let mut notes = Vec::new();
        for memo in codebook.memos.values() {
            let guid = guids.make(&["memo", &memo.coder, &memo.text]);
            notes_of.entry(&memo.about).or_default().push(guid.clone());
            notes.push((guid, memo));
        }
        Self {
            bundle,
            at,
            guids,
            users,
            code_guids,
            variables,
            case_guids,
            source_guids,
            notes_of,
            notes,
        }
    }

    /// The XML, and the texts with their paths.
    fn write(mut self) -> (String, Vec<(String, &'b str)>) {
        let mut xml = Writer::new();
        let origin = origin();
        let mut attributes = vec![
            ("xmlns", "urn:QDA-XML:project:1.0"),
            ("name", self.bundle.name.as_str()),
            ("origin", origin.as_str()),
        ];
        attributes.extend(self.at.map(|at| ("creationDateTime", at)));
        xml.start("Project", &attributes);
        if !self.users.is_empty() {
            xml.start("Users", &[]);
            for (name, guid) in &self.users {
                xml.empty("User", &[("guid", guid), ("name", name)]);
            }
            xml.end();
        }
        if !self.code_guids.is_empty() {
            xml.start("CodeBook", &[]);
            self.codes(&mut xml);
            xml.end();
        }
        self.cases(&mut xml);
        let files = self.sources(&mut xml);
        self.notes(&mut xml);
        self.links(&mut xml);
        self.sets(&mut xml, "targetGUID");
        self.note_refs(&mut xml, &MemoTarget::Study);
        (xml.finish(), files)
    }

    fn note_refs(&self, xml: &mut Writer, about: &MemoTarget) {
        for guid in self.notes_of.get(about).into_iter().flatten() {
            xml.empty("NoteRef", &[("targetGUID", guid)]);
        }
    }

    fn codes(&self, xml: &mut Writer) {
        xml.start("Codes", &[]);
        let mut open = 0;
        for (depth, code) in self.bundle.codebook.tree() {
            while open > depth {
                xml.end();
                open -= 1;
            }
            let color = code.color.as_ref().map(ToString::to_string);
            let mut attributes = vec![
                ("guid", self.code_guids[&code.id].as_str()),
                ("name", code.name.as_str()),
                ("isCodable", "true"),
            ];
            attributes.extend(color.as_deref().map(|color| ("color", color)));
            xml.start("Code", &attributes);
            open += 1;
            let texts = [&code.definition, &code.include, &code.exclude, &code.rule];
            let text = description::join(texts.map(String::as_str));
            if !text.is_empty() {
                xml.text("Description", &text);
            }
            self.note_refs(xml, &MemoTarget::Code(code.id));
        }
        for _ in 0..open {
            xml.end();
        }
        xml.end();
    }

    /// A set for each theme; projects and codebooks name the attribute of its
    /// members differently.
    fn sets(&mut self, xml: &mut Writer, member: &str) {
        let codebook = &self.bundle.codebook;
        let tree = codebook.tree();
        let themes: Vec<_> = tree.iter().filter(|(_, code)| code.kind == CodeKind::Theme).collect();
        if themes.is_empty() {
            return;
        }
        xml.start("Sets", &[]);
        for (_, theme) in themes {
            let guid = self.guids.make(&["set", &codebook.path(theme.id)]);
            xml.start("Set", &[("guid", &guid), ("name", &theme.name)]);
            let family = codebook.family(theme.id);
            for (_, code) in tree.iter().filter(|(_, code)| family.contains(&code.id)) {
                xml.empty("MemberCode", &[(member, &self.code_guids[&code.id])]);
            }
            xml.end();
        }
        xml.end();
    }

    fn cases(&self, xml: &mut Writer) {
        if !self.variables.is_empty() {
            xml.start("Variables", &[]);
            for (name, guid) in &self.variables {
                let attributes =
                    [("guid", guid.as_str()), ("name", name), ("typeOfVariable", "Text")];
                xml.empty("Variable", &attributes);
            }
            xml.end();
        }
        if self.bundle.cases.is_empty() {
            return;
        }
        xml.start("Cases", &[]);
        for (case, guid) in self.bundle.cases.iter().zip(&self.case_guids) {
            xml.start("Case", &[("guid", guid), ("name", &case.id)]);
            for (name, value) in &case.attributes {
                xml.start("VariableValue", &[]);
                xml.empty("VariableRef", &[("targetGUID", &self.variables[name.as_str()])]);
                xml.text("TextValue", value);
                xml.end();
            }
            for (source, guid) in self.bundle.sources.iter().zip(&self.source_guids) {
                if case.sources.contains(&source.id) {
                    xml.empty("SourceRef", &[("targetGUID", guid)]);
                }
            }
            xml.end();
        }
        xml.end();
    }

    fn sources(&mut self, xml: &mut Writer) -> Vec<(String, &'b str)> {
        let mut files = Vec::new();
        if self.bundle.sources.is_empty() {
            return files;
        }
        let mut quotations: BTreeMap<&str, Vec<&Quotation>> = BTreeMap::new();
        for quotation in self.bundle.codebook.quotations.values() {
            quotations.entry(&quotation.place.transcript).or_default().push(quotation);
        }
        xml.start("Sources", &[]);
        let source_guids = self.source_guids.clone();
        for (source, guid) in self.bundle.sources.iter().zip(source_guids) {
            let path = format!("internal://{guid}.txt");
            // The ending tells how the text is read when it comes back.
            let has_ending =
                source.id.rsplit_once('.').is_some_and(|(_, it)| ["md", "txt"].contains(&it));
            let ending = match source.is_markdown {
                true => ".md",
                false if has_ending => ".txt",
                false => "",
            };
            let name = format!("{}{ending}", source.id);
            let mut attributes =
                vec![("guid", guid.as_str()), ("name", &name), ("plainTextPath", &path)];
            attributes.extend(self.at.map(|at| ("creationDateTime", at)));
            xml.start("TextSource", &attributes);
            let mut here = quotations.remove(source.id.as_str()).unwrap_or_default();
            here.sort_by_key(|quotation| (quotation.place.span, quotation.id));
            let positions = code_points(&source.text, &here);
            for quotation in here {
                self.selection(xml, quotation, &positions);
            }
            self.note_refs(xml, &MemoTarget::Transcript(source.id.clone()));
            xml.end();
            files.push((format!("sources/{guid}.txt"), source.text.as_str()));
        }
        xml.end();
        files
    }

    fn selection(
        &mut self,
        xml: &mut Writer,
        quotation: &Quotation,
        positions: &BTreeMap<u32, usize>,
    ) {
        let codebook = &self.bundle.codebook;
        let span = quotation.place.span;
        let (start, end) = (positions[&span.start].to_string(), positions[&span.end].to_string());
        let keys = ["quotation", &quotation.place.transcript, &start, &end];
        let guid = self.guids.make(&keys);
        let name = shortened(&quotation.text, MAX_NAME);
        let mut attributes = vec![
            ("guid", guid.as_str()),
            ("name", &name),
            ("startPosition", &start),
            ("endPosition", &end),
            ("creatingUser", &self.users[quotation.coder.as_str()]),
        ];
        attributes.extend(self.at.map(|at| ("creationDateTime", at)));
        xml.start("PlainTextSelection", &attributes);
        // By path: numbers of codes may differ after a journey.
        let mut codings: Vec<_> = quotation.codings.iter().collect();
        codings.sort_by_cached_key(|coding| (codebook.path(coding.code), &coding.coder));
        for coding in codings {
            let Some(code) = self.code_guids.get(&coding.code) else { continue };
            let guid =
                self.guids.make(&["coding", &guid, &codebook.path(coding.code), &coding.coder]);
            let user = &self.users[coding.coder.as_str()];
            let mut attributes = vec![("guid", guid.as_str()), ("creatingUser", user)];
            attributes.extend(self.at.map(|at| ("creationDateTime", at)));
            xml.start("Coding", &attributes);
            xml.empty("CodeRef", &[("targetGUID", code)]);
            xml.end();
        }
        self.note_refs(xml, &MemoTarget::Quotation(quotation.id));
        xml.end();
    }

    fn notes(&self, xml: &mut Writer) {
        if self.notes.is_empty() {
            return;
        }
        xml.start("Notes", &[]);
        for (guid, memo) in &self.notes {
            let name = shortened(&memo.text, MAX_NAME);
            let at = xsd_time(&memo.at);
            let user = &self.users[memo.coder.as_str()];
            let mut attributes =
                vec![("guid", guid.as_str()), ("name", name.as_str()), ("creatingUser", user)];
            attributes.extend(at.as_deref().map(|at| ("creationDateTime", at)));
            xml.start("Note", &attributes);
            xml.text("PlainTextContent", &memo.text);
            xml.end();
        }
        xml.end();
    }

    /// A case cannot refer to a note, so a link joins them.
    fn links(&mut self, xml: &mut Writer) {
        let mut links = Vec::new();
        for (case, case_guid) in self.bundle.cases.iter().zip(&self.case_guids) {
            let about = MemoTarget::Case(case.id.clone());
            for note in self.notes_of.get(&about).into_iter().flatten() {
                links.push((note.clone(), case_guid.clone()));
            }
        }
        if links.is_empty() {
            return;
        }
        xml.start("Links", &[]);
        for (note, case) in links {
            let guid = self.guids.make(&["link", &note, &case]);
            xml.empty(
                "Link",
                &[
                    ("guid", &guid),
                    ("name", "memo"),
                    ("direction", "OneWay"),
                    ("originGUID", &note),
                    ("targetGUID", &case),
                ],
            );
        }
        xml.end();
    }
}

/// The time as XML Schema writes it; `None` if it is none.
fn xsd_time(at: &str) -> Option<String> {
    at.parse::<jiff::Timestamp>().ok().map(|at| at.to_string())
}

/// The code points before each byte where a quotation starts or ends.
fn code_points(text: &str, quotations: &[&Quotation]) -> BTreeMap<u32, usize> {
    let spans = quotations.iter().map(|quotation| quotation.place.span);
    let wanted: BTreeSet<u32> = spans.flat_map(|span| [span.start, span.end]).collect();
    let (mut n, mut from) = (0, 0);
    wanted
        .into_iter()
        .map(|at| {
            n += text[from..at as usize].chars().count();
            from = at as usize;
            (at, n)
        })
        .collect()
}
