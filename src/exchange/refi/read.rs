//! Reads projects and codebooks, whoever wrote them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::archive::Archive;
use super::super::names::{Unique, code_name, safe_id, without_ending};
use super::super::positions::{Claim, Doubt, Trial, is_said};
use super::super::xml::{self, Element};
use super::super::{BundleCase, ExchangeError, Received, SourceText, UNKNOWN_CODER};
use super::description;
use super::elements::{color, guid, guid_of, label, note_text, number, refs, time};
use super::texts::{Text, Texts, project_of};
use crate::base::{Diagnostic, Remedy, Span, Task, Warned, natural_order, one_line};
use crate::codebook::{
    Change, Code, CodeId, CodeKind, Codebook, Coding, Memo, MemoId, MemoTarget, Place, Quotation,
    QuotationId, checksum_of,
};
use crate::files;

/// Reads a project (`.qdpx`).
///
/// Every selection is confirmed against its text; one that is not is a warning with
/// its place and the reason, and so is everything else that is left out.
///
/// # Errors
/// [`ExchangeError`] if the archive is damaged, unsafe or holds no project.
pub fn read_project(bytes: &[u8]) -> Result<Warned<Received>, ExchangeError> {
    let mut archive = Archive::open(bytes)?;
    let (number, folder) = project_of(archive.paths()).ok_or(ExchangeError::NoProject)?;
    let path = archive.paths()[number].clone();
    let xml = archive.read(number)?;
    let root = document(&xml, &path)?;
    if root.name != "Project" {
        return Err(ExchangeError::OtherXml {
            path,
            found: root.name,
            expected: "a project of REFI-QDA",
            advice: "export the project again as REFI-QDA (`.qdpx`)",
        });
    }
    let mut reader = Reader::default();
    reader.project(&root, &mut Texts::new(archive, folder))?;
    Ok(reader.finish())
}

/// Reads a codebook (`.qdc`).
///
/// # Errors
/// [`ExchangeError`] if the file is damaged or no codebook.
pub fn read_codebook(bytes: &[u8]) -> Result<Warned<Received>, ExchangeError> {
    let root = document(bytes, "codebook")?;
    if root.name != "CodeBook" {
        return Err(ExchangeError::OtherXml {
            path: "codebook".to_owned(),
            found: root.name,
            expected: "a codebook of REFI-QDA",
            advice: "export the codebook again as REFI-QDA (`.qdc`)",
        });
    }
    let mut reader = Reader::default();
    reader.origin(&root);
    reader.codes(&root);
    reader.sets(&root, "guid");
    reader.left_out.remove("set");
    Ok(reader.finish())
}

fn document(bytes: &[u8], path: &str) -> Result<Element, ExchangeError> {
    let damaged = |problem: String| ExchangeError::BadXml { path: path.to_owned(), problem };
    // The marker of a file in UTF-8 is no part of it.
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(xml) = std::str::from_utf8(body) {
        return xml::parse(xml, path);
    }
    let xml = files::decode_text(bytes).map_err(|error| damaged(error.to_string()))?;
    xml::parse(&xml, path)
}

/// A selection of text as the file has it.
struct Selection {
    guid: String,
    claim: Claim,
    /// For people.
    label: String,
    coder: String,
    at: String,
    description: String,
    codings: Vec<(String, String)>,
    notes: Vec<String>,
}

/// A text source as the file has it.
struct Source {
    /// Its identifiers: a recording and its transcript are one text here.
    guids: Vec<String>,
    id: String,
    is_markdown: bool,
    text: Result<Text, String>,
    selections: Vec<Selection>,
    /// Attributes that the file gives to the source itself.
    values: BTreeMap<String, String>,
}

#[derive(Default)]
struct Reader {
    received: Received,
    codebook: Codebook,
    warnings: Vec<Diagnostic>,
    /// What is left out: how many of each kind.
    left_out: BTreeMap<&'static str, usize>,
    /// Whether this tool wrote the file.
    is_ours: bool,
    users: BTreeMap<String, String>,
    variables: BTreeMap<String, String>,
    codes: BTreeMap<String, CodeId>,
    /// The names of codes as the file has them.
    names: BTreeMap<CodeId, String>,
    /// Identifiers of cases; some tools list them among the codes too.
    case_guids: BTreeSet<String>,
    /// What each identifier stands for, as far as it came in.
    things: BTreeMap<String, MemoTarget>,
    /// What each note is about, in the order of the file.
    targets: BTreeMap<String, Vec<MemoTarget>>,
    /// Notes about something that did not come in.
    orphans: BTreeSet<String>,
    /// Notes that the file does not call notes: descriptions.
    memos: Vec<Memo>,
}

impl Reader {
    fn warn(&mut self, path: &str, problem: String, hint: &str) {
        self.warnings.push(Diagnostic::new(problem).in_file(path, None).with(Remedy::new(hint)));
    }

    fn leave_out(&mut self, what: &'static str, n: usize) {
        if n > 0 {
            *self.left_out.entry(what).or_default() += n;
        }
    }

    /// Keeps what notes are about.
    fn note(&mut self, notes: Vec<String>, about: &MemoTarget) {
        for note in notes {
            self.targets.entry(note).or_default().push(about.clone());
        }
    }

    fn origin(&mut self, root: &Element) {
        let origin = root.attribute("origin").unwrap_or_default().trim();
        origin.clone_into(&mut self.received.origin);
        self.is_ours = self.received.origin.starts_with("Leitmotif ");
    }

    fn project(&mut self, root: &Element, texts: &mut Texts<'_>) -> Result<(), ExchangeError> {
        self.origin(root);
        let name = root.attribute("name").unwrap_or_default();
        name.clone_into(&mut self.received.bundle.name);
        for user in root.listed("Users", "User") {
            let name = [user.attribute("name"), user.attribute("id")];
            let name = name.into_iter().flatten().find(|name| !name.trim().is_empty());
            self.users.insert(guid_of(user), name.unwrap_or(UNKNOWN_CODER).to_owned());
        }
        for variable in root.listed("Variables", "Variable") {
            let name = variable.attribute("name").unwrap_or_default().to_owned();
            self.variables.insert(guid_of(variable), name);
        }
        let cases: Vec<&Element> = root.listed("Cases", "Case").collect();
        self.case_guids = cases.iter().map(|case| guid_of(case)).collect();
        if let Some(book) = root.first("CodeBook") {
            self.codes(book);
        }
        self.sets(root, "targetGUID");
        let mut sources = self.sources(root, texts)?;
        self.quotations(&mut sources);
        self.cases(&cases, &sources);
        self.leave_out("graph", root.listed("Graphs", "Graph").count());
        self.note(refs(root, "NoteRef"), &MemoTarget::Study);
        self.links(root);
        self.notes(root, texts)?;
        Ok(())
    }

    // Codes and themes

    fn codes(&mut self, book: &Element) {
        let mut siblings: BTreeMap<Option<CodeId>, Unique> = BTreeMap::new();
        let mut open: Vec<(Option<CodeId>, &Element)> =
            book.listed("Codes", "Code").map(|code| (None, code)).collect();
        open.reverse();
        let mut last = 0;
        while let Some((parent, element)) = open.pop() {
            let guid = guid_of(element);
            let below = |parent| element.all("Code").map(move |code| (parent, code));
            if self.case_guids.contains(&guid) {
                self.leave_out("code that stands for a case", 1);
                let children: Vec<_> = below(parent).collect();
                open.extend(children.into_iter().rev());
                continue;
            }
            last += 1;
            let id = CodeId(last);
            let said = element.attribute("name").unwrap_or_default();
            let name = siblings.entry(parent).or_default().take(&code_name(said));
            if name != said {
                let advice = "a name cannot contain `>` and must differ from the others at its level; give another";
                self.warnings.push(
                    Diagnostic::new(format!("the code `{said}` is called `{name}` here"))
                        .with(Remedy::by(Task::RenameTheme, advice)),
                );
            }
            let [definition, include, exclude, rule] =
                description::split(element.text_of("Description"));
            let color = element.attribute("color").and_then(color);
            let code = Code::new(id, CodeKind::Code, parent, name);
            let code = Code { definition, include, exclude, rule, color, ..code };
            self.codebook.apply(&Change::PutCode(code));
            self.names.insert(id, said.to_owned());
            let target = MemoTarget::Code(id);
            self.note(refs(element, "NoteRef"), &target);
            self.things.insert(guid.clone(), target);
            self.codes.insert(guid, id);
            let children: Vec<_> = below(Some(id)).collect();
            open.extend(children.into_iter().rev());
        }
    }

    /// A set that is named as a code and lists it with all codes beneath makes it
    /// a theme; any other is left out.
    fn sets(&mut self, root: &Element, member: &str) {
        let mut marked: BTreeSet<CodeId> = BTreeSet::new();
        for set in root.listed("Sets", "Set") {
            let members: BTreeSet<CodeId> = set
                .all("MemberCode")
                .filter_map(|code| code.attribute(member).or(code.attribute("targetGUID")))
                .filter_map(|target| self.codes.get(&guid(target)).copied())
                .collect();
            let name = set.attribute("name").unwrap_or_default();
            let theme = members
                .iter()
                .copied()
                .find(|id| self.names[id] == name && self.codebook.family(*id).is_subset(&members));
            match theme {
                Some(theme) => {
                    marked.insert(theme);
                }
                None => self.leave_out("set", 1),
            }
        }
        let ids: Vec<CodeId> = self.codebook.tree().iter().map(|(_, code)| code.id).collect();
        for id in ids.into_iter().filter(|id| marked.contains(id)) {
            let mut code = self.codebook.codes[&id].clone();
            let stands = code
                .parent
                .is_none_or(|parent| self.codebook.codes[&parent].kind == CodeKind::Theme);
            if stands {
                code.kind = CodeKind::Theme;
                self.codebook.apply(&Change::PutCode(code));
            }
        }
    }

    // Texts and selections

    fn sources(
        &mut self,
        root: &Element,
        texts: &mut Texts<'_>,
    ) -> Result<Vec<Source>, ExchangeError> {
        let mut sources: Vec<Source> = Vec::new();
        let mut by_path: BTreeMap<String, usize> = BTreeMap::new();
        for element in root.first("Sources").into_iter().flat_map(|all| &all.children) {
            // The elements that hold a text, with the name under which it comes in.
            let name = element.attribute("name").unwrap_or_default();
            let spoken = |text| {
                let own = Element::attribute(text, "name").unwrap_or_default();
                (text, if own.trim().is_empty() { name } else { own })
            };
            let (kind, inside): (_, Vec<(&Element, &str)>) = match element.name.as_str() {
                "TextSource" => (None, vec![(element, name)]),
                "PictureSource" => (Some("picture"), Vec::new()),
                "PDFSource" => {
                    let texts = element.all("Representation").map(|text| (text, name));
                    (Some("PDF file"), texts.collect())
                }
                "AudioSource" => {
                    (Some("sound recording"), element.all("Transcript").map(spoken).collect())
                }
                "VideoSource" => {
                    (Some("video recording"), element.all("Transcript").map(spoken).collect())
                }
                _ => (None, Vec::new()),
            };
            if let Some(kind) = kind {
                self.leave_out(kind, 1);
            }
            let mut first = None;
            for (text, name) in inside {
                let place = self.source(text, name, texts, &mut sources, &mut by_path)?;
                first.get_or_insert(place);
            }
            if let (Some(place), true) = (first, element.name != "TextSource") {
                sources[place].guids.push(guid_of(element));
                let values = self.values(element);
                sources[place].values.extend(values);
            }
            self.other_selections(element);
        }
        Ok(sources)
    }

    /// Selections that are not of text.
    fn other_selections(&mut self, element: &Element) {
        for (name, what) in [
            ("PictureSelection", "selection in a picture"),
            ("AudioSelection", "selection in a sound recording"),
            ("VideoSelection", "selection in a video recording"),
        ] {
            self.leave_out(what, element.all(name).count());
        }
        // What is selected on a page is often selected in its text too.
        let in_text: BTreeSet<String> = element
            .all("Representation")
            .flat_map(|text| text.all("PlainTextSelection"))
            .map(guid_of)
            .collect();
        let pages = element.all("PDFSelection").filter(|page| !in_text.contains(&guid_of(page)));
        self.leave_out("selection on a PDF page", pages.count());
        if element.name != "TextSource" {
            self.leave_out("code given to a whole source", element.all("Coding").count());
        }
    }

    /// Adds a text; one that is there already by its path gets the selections.
    fn source(
        &mut self,
        element: &Element,
        name: &str,
        texts: &mut Texts<'_>,
        sources: &mut Vec<Source>,
        by_path: &mut BTreeMap<String, usize>,
    ) -> Result<usize, ExchangeError> {
        let selections = self.selections(element);
        self.leave_out("code given to a whole source", element.all("Coding").count());
        let path = element.attribute("plainTextPath").filter(|path| !path.trim().is_empty());
        let known = path.and_then(|path| by_path.get(&path.to_lowercase()).copied());
        let place = known.unwrap_or(sources.len());
        if known.is_none() {
            let text = match (path, element.first("PlainTextContent")) {
                (Some(path), _) => texts.read(path)?,
                (None, Some(content)) => Ok(Text { text: content.text.clone(), has_mark: false }),
                (None, None) => Err("it has no plain text".to_owned()),
            };
            if let Some(path) = path {
                by_path.insert(path.to_lowercase(), place);
            }
            let ending = name.trim().rsplit_once('.').map_or("", |(_, ending)| ending);
            let is_markdown = ending.eq_ignore_ascii_case("md");
            let own = [".md", ".txt"].into_iter().find_map(|ending| name.strip_suffix(ending));
            let name = if self.is_ours { own.unwrap_or(name) } else { without_ending(name.trim()) };
            sources.push(Source {
                guids: Vec::new(),
                id: safe_id(name),
                is_markdown,
                text,
                selections: Vec::new(),
                values: BTreeMap::new(),
            });
        }
        let values = self.values(element);
        let source = &mut sources[place];
        source.guids.push(guid_of(element));
        source.selections.extend(selections);
        source.values.extend(values);
        // What the source itself says, once it is known whether it comes in.
        let said = element.text_of("Description").trim().to_owned();
        let notes = refs(element, "NoteRef");
        let is_in = source.text.is_ok();
        let target = MemoTarget::Transcript(source.guids[0].clone());
        if is_in && !said.is_empty() {
            self.describe(element, target.clone(), said);
        }
        if is_in {
            self.note(notes, &target);
        } else {
            self.orphans.extend(notes);
        }
        Ok(place)
    }

    /// Keeps a description as a memo.
    fn describe(&mut self, element: &Element, about: MemoTarget, text: String) {
        self.memos.push(Memo {
            id: MemoId(0),
            about,
            text,
            coder: self.user(element).unwrap_or_else(|| UNKNOWN_CODER.to_owned()),
            at: time(element),
        });
    }

    /// The name of the one who made or changed an element.
    fn user(&self, element: &Element) -> Option<String> {
        let said = ["creatingUser", "creatingUserGUID", "modifyingUser", "modifyingUserGUID"];
        said.iter().find_map(|name| self.users.get(&guid(element.attribute(name)?)).cloned())
    }

    fn selections(&mut self, source: &Element) -> Vec<Selection> {
        let points: BTreeMap<String, Option<i64>> = source
            .all("SyncPoint")
            .map(|point| (guid_of(point), number(point, "position")))
            .collect();
        let mut selections = Vec::new();
        for element in &source.children {
            let ends = match element.name.as_str() {
                "PlainTextSelection" => {
                    (number(element, "startPosition"), number(element, "endPosition"))
                }
                "TranscriptSelection" => {
                    let place =
                        |name| points.get(&guid(element.attribute(name)?)).copied().flatten();
                    (place("fromSyncPoint"), place("toSyncPoint"))
                }
                _ => continue,
            };
            let name = element.attribute("name").unwrap_or_default().to_owned();
            let description = element.text_of("Description").to_owned();
            // A selection without positions is one that can be confirmed nowhere.
            let (start, end) = (ends.0.unwrap_or(-1), ends.1.unwrap_or(-1));
            let mut notes = refs(element, "NoteRef");
            let mut codings = Vec::new();
            let coder = self
                .user(element)
                .or_else(|| element.all("Coding").find_map(|coding| self.user(coding)));
            let coder = coder.unwrap_or_else(|| UNKNOWN_CODER.to_owned());
            for coding in element.all("Coding") {
                let by = self.user(coding).unwrap_or_else(|| coder.clone());
                codings.extend(refs(coding, "CodeRef").into_iter().map(|code| (code, by.clone())));
                notes.extend(refs(coding, "NoteRef"));
            }
            let words = if name.trim().is_empty() { &description } else { &name };
            let label = label(words, start, end);
            selections.push(Selection {
                guid: guid_of(element),
                claim: Claim { start, end, words: vec![name, description.clone()] },
                label,
                coder,
                at: time(element),
                description,
                codings,
                notes,
            });
        }
        selections
    }

    fn quotations(&mut self, sources: &mut [Source]) {
        // Some tools write the transcript of a recording twice under one name.
        let mut unique = Unique::default();
        for source in sources.iter_mut().filter(|source| source.text.is_ok()) {
            source.id = unique.take(&source.id);
        }
        sources.sort_by(|a, b| natural_order(&a.id, &b.id));
        let claims: Vec<Vec<Claim>> = sources
            .iter()
            .map(|source| source.selections.iter().map(|one| one.claim.clone()).collect())
            .collect();
        let trials: Vec<Option<Trial<'_>>> = sources
            .iter()
            .zip(&claims)
            .map(|(source, claims)| {
                let text = source.text.as_ref().ok().filter(|_| !claims.is_empty())?;
                Some(Trial::new(&text.text, text.has_mark, claims, self.is_ours))
            })
            .collect();
        let mut shared: Option<Vec<usize>> = None;
        for trial in trials.iter().flatten() {
            let both = |known: Vec<usize>| {
                known.into_iter().filter(|at| trial.best().contains(at)).collect()
            };
            shared = Some(shared.map_or_else(|| trial.best().to_vec(), both));
        }
        let shared = shared.unwrap_or_default();
        for (source, trial) in sources.iter().zip(&trials) {
            let text = match &source.text {
                Ok(text) => text,
                Err(problem) => {
                    self.lose(source, problem);
                    continue;
                }
            };
            for guid in &source.guids {
                self.things.insert(guid.clone(), MemoTarget::Transcript(source.id.clone()));
            }
            let Some(trial) = trial else { continue };
            let proof = trial.prove(&shared);
            self.received.readings.push(proof.reading(&source.id));
            self.take(source, &text.text, proof.spans);
        }
        self.received.bundle.sources = sources
            .iter()
            .filter_map(|source| {
                let text = source.text.as_ref().ok()?.text.clone();
                let (id, is_markdown) = (source.id.clone(), source.is_markdown);
                Some(SourceText { id, text, is_markdown })
            })
            .collect();
    }

    /// Lists a source that does not come in, and each selection in it.
    fn lose(&mut self, source: &Source, problem: &str) {
        let hint = "export the project again with its texts inside";
        self.warn(&source.id, problem.to_owned(), hint);
        for selection in &source.selections {
            self.lose_selection(source, selection, problem);
        }
    }

    fn lose_selection(&mut self, source: &Source, selection: &Selection, reason: &str) {
        self.orphans.extend(selection.notes.iter().cloned());
        let problem = format!("quotation {} is not imported: {reason}", selection.label);
        self.warn(&source.id, problem, "");
    }

    /// Makes quotations of what is confirmed: one a place.
    fn take(&mut self, source: &Source, text: &str, spans: Vec<Result<Span, Doubt>>) {
        let checksum = checksum_of(text);
        let mut places: BTreeMap<Span, Vec<&Selection>> = BTreeMap::new();
        for (selection, span) in source.selections.iter().zip(spans) {
            match span {
                Ok(span) => places.entry(span).or_default().push(selection),
                Err(doubt) => self.lose_selection(source, selection, &doubt.to_string()),
            }
        }
        for (span, selections) in places {
            let mut codings: BTreeSet<Coding> = BTreeSet::new();
            let (mut n_cases, mut n_codings) = (0, 0);
            for (code, coder) in selections.iter().flat_map(|selection| &selection.codings) {
                n_codings += 1;
                if let Some(&code) = self.codes.get(code) {
                    codings.insert(Coding::by_hand(code, coder.clone()));
                } else if self.case_guids.contains(code) {
                    n_cases += 1;
                } else {
                    let problem = format!(
                        "{} has a code that the codebook does not have",
                        selections[0].label
                    );
                    self.warn(&source.id, problem, "");
                }
            }
            self.leave_out("selection that stands for a case", n_cases);
            let has_words =
                |one: &&Selection| !one.notes.is_empty() || !one.description.trim().is_empty();
            if codings.is_empty() && n_codings > 0 && !selections.iter().any(has_words) {
                continue;
            }
            let id = QuotationId(u32::try_from(self.codebook.quotations.len()).unwrap_or(0) + 1);
            let words = span.of(text).to_owned();
            let target = MemoTarget::Quotation(id);
            for selection in &selections {
                self.things.insert(selection.guid.clone(), target.clone());
                self.note(selection.notes.clone(), &target);
                let said = selection.description.trim();
                if !said.is_empty() && !is_said(&words, said) {
                    self.memos.push(Memo {
                        id: MemoId(0),
                        about: target.clone(),
                        text: said.to_owned(),
                        coder: selection.coder.clone(),
                        at: selection.at.clone(),
                    });
                }
            }
            let place = Place { transcript: source.id.clone(), checksum: checksum.clone(), span };
            self.codebook.apply(&Change::PutQuotation(Quotation {
                id,
                place,
                text: words,
                codings: codings.into_iter().collect(),
                stance: None,
                coder: selections[0].coder.clone(),
            }));
        }
    }

    // Cases

    fn values(&self, element: &Element) -> BTreeMap<String, String> {
        let value = |value: &Element| {
            let variable = refs(value, "VariableRef").into_iter().next()?;
            let name = self.variables.get(&variable)?.clone();
            let said = value.children.iter().find(|child| child.name != "VariableRef")?;
            (!said.text.is_empty() && !name.is_empty()).then(|| (name, said.text.clone()))
        };
        element.all("VariableValue").filter_map(value).collect()
    }

    fn cases(&mut self, elements: &[&Element], sources: &[Source]) {
        let mut unique = Unique::default();
        let mut cases: Vec<BundleCase> = Vec::new();
        for (number, element) in (1..).zip(elements) {
            let said = element.attribute("name").unwrap_or_default();
            let name = one_line(said);
            let name = if name.is_empty() { format!("case {number}") } else { name };
            let id = unique.take(if self.is_ours && !said.is_empty() { said } else { &name });
            let mut of: Vec<String> = refs(element, "SourceRef")
                .iter()
                .filter_map(|guid| match self.things.get(guid) {
                    Some(MemoTarget::Transcript(source)) => Some(source.clone()),
                    _ => None,
                })
                .collect();
            of.sort_by(|a, b| natural_order(a, b));
            of.dedup();
            self.leave_out("selection that stands for a case", element.all("SelectionRef").count());
            self.leave_out("code given to a case", element.all("CodeRef").count());
            let target = MemoTarget::Case(id.clone());
            self.things.insert(guid_of(element), target.clone());
            let description = element.text_of("Description").trim();
            if !description.is_empty() {
                self.describe(element, target, description.to_owned());
            }
            cases.push(BundleCase { id, attributes: self.values(element), sources: of });
        }
        // Some tools give the attributes to the text instead of a case.
        let mut about: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, case) in cases.iter().enumerate() {
            if let [only] = &case.sources[..] {
                about.entry(only.clone()).or_default().push(place);
            }
        }
        for source in sources.iter().filter(|source| !source.values.is_empty()) {
            let known = about.get(&source.id).map(Vec::as_slice);
            let place = if let Some([only]) = known {
                *only
            } else {
                cases.push(BundleCase {
                    id: unique.take(&source.id),
                    attributes: BTreeMap::new(),
                    sources: vec![source.id.clone()],
                });
                cases.len() - 1
            };
            for (name, value) in &source.values {
                cases[place].attributes.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
        cases.sort_by(|a, b| natural_order(&a.id, &b.id));
        self.received.bundle.cases = cases;
    }

    // Memos

    fn links(&mut self, root: &Element) {
        let notes: BTreeSet<String> = root.listed("Notes", "Note").map(guid_of).collect();
        for link in root.listed("Links", "Link") {
            let end = |name| link.attribute(name).map(guid).unwrap_or_default();
            let (from, to) = (end("originGUID"), end("targetGUID"));
            let (note, thing) = match (notes.contains(&from), notes.contains(&to)) {
                (true, false) => (from, to),
                (false, true) => (to, from),
                _ => {
                    self.leave_out("link", 1);
                    continue;
                }
            };
            match self.things.get(&thing).cloned() {
                Some(target) => self.note(vec![note], &target),
                None => {
                    self.orphans.insert(note);
                }
            }
        }
    }

    fn notes(&mut self, root: &Element, texts: &mut Texts<'_>) -> Result<(), ExchangeError> {
        let description = root.text_of("Description").trim();
        if !description.is_empty() {
            self.describe(root, MemoTarget::Study, description.to_owned());
        }
        let mut memos = Vec::new();
        for note in root.listed("Notes", "Note") {
            let guid = guid_of(note);
            let name = note.attribute("name").unwrap_or_default().trim();
            let content = match note.attribute("plainTextPath") {
                Some(path) if note.first("PlainTextContent").is_none() => match texts.read(path)? {
                    Ok(text) => text.text,
                    Err(problem) => {
                        self.warn("", format!("the memo `{name}` has no text: {problem}"), "");
                        String::new()
                    }
                },
                _ => note.text_of("PlainTextContent").to_owned(),
            };
            let text = note_text(name, note.text_of("Description"), &content);
            if text.trim().is_empty() {
                continue;
            }
            let n_codings: usize = note
                .all("PlainTextSelection")
                .map(|selection| selection.all("Coding").count())
                .sum();
            self.leave_out("code given to a memo", n_codings + note.all("Coding").count());
            let mut targets = self.targets.remove(&guid).unwrap_or_default();
            targets.dedup();
            if targets.is_empty() {
                if self.orphans.contains(&guid) {
                    let short = label(&text, 0, 0);
                    let problem =
                        format!("the memo {short} is about something that is not imported");
                    self.warn("", problem, "it is kept as a memo about the whole study");
                }
                targets.push(MemoTarget::Study);
            }
            for about in targets {
                memos.push(Memo {
                    id: MemoId(0),
                    about,
                    text: text.clone(),
                    coder: self.user(note).unwrap_or_else(|| UNKNOWN_CODER.to_owned()),
                    at: time(note),
                });
            }
        }
        let described = std::mem::take(&mut self.memos);
        for (number, memo) in (1..).zip(memos.into_iter().chain(described)) {
            let about = match memo.about {
                // Until here a text was named by an identifier.
                MemoTarget::Transcript(guid) => {
                    self.things.get(&guid).cloned().unwrap_or(MemoTarget::Transcript(guid))
                }
                other => other,
            };
            self.codebook.apply(&Change::PutMemo(Memo { id: MemoId(number), about, ..memo }));
        }
        Ok(())
    }

    fn finish(mut self) -> Warned<Received> {
        for (what, n) in std::mem::take(&mut self.left_out) {
            let (one, rest) = what.split_once(' ').unwrap_or((what, ""));
            // “selections in a picture”, but “PDF files” and “sound recordings”.
            let is_noun_last = matches!(what, "PDF file" | "sound recording" | "video recording");
            let counted = match (n, is_noun_last) {
                (1, _) => format!("1 {what}"),
                (n, true) => format!("{n} {what}s"),
                (n, false) => format!("{n} {one}s {rest}"),
            };
            let hint = match what {
                "set" => "groups of codes or texts that are not themes are not imported",
                "PDF file" => "their text is imported if the file contains it",
                _ => "",
            };
            self.warn("", format!("left out: {}", counted.trim_end()), hint);
        }
        self.received.bundle.codebook = self.codebook;
        Warned { value: self.received, warnings: self.warnings }
    }
}
