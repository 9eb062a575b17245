use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use unicode_normalization::UnicodeNormalization as _;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::{
    Bundle, BundleCase, Counting, Counts, ExchangeError, LineEnds, Received, SourceText, Unit,
};
use super::*;
use crate::base::{Span, Warned};
use crate::codebook::{
    Change, Code, CodeId, CodeKind, Coding, Memo, MemoId, MemoTarget, Place, Quotation,
    QuotationId, checksum_of,
};

mod laws;

const AT: &str = "2026-01-05T10:00:00Z";

fn written(bundle: &Bundle) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let done = write_project(&mut out, bundle, AT).unwrap();
    assert_eq!(done.warnings, []);
    assert_eq!(done.value, Counts::of(bundle));
    out.into_inner()
}

fn project_xml(bytes: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    std::io::read_to_string(zip.by_name("project.qde").unwrap()).unwrap()
}

/// An archive with these entries.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in entries {
        zip.start_file(*path, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// What a bundle says, without numbers and times.
fn said(bundle: &Bundle) -> Vec<String> {
    let codebook = &bundle.codebook;
    let mut lines = vec![bundle.name.clone()];
    lines.extend(bundle.sources.iter().map(|source| format!("{source:?}")));
    lines.extend(bundle.cases.iter().map(|case| format!("{case:?}")));
    for (depth, code) in codebook.tree() {
        let Code { kind, name, definition, include, exclude, rule, color, .. } = code;
        let rule = if rule.is_empty() { String::new() } else { format!(" rule {rule:?}") };
        lines.push(format!(
            "{depth} {kind:?} {name:?} {definition:?} {include:?} {exclude:?} {color:?}{rule}"
        ));
    }
    let quotation = |quotation: &Quotation| {
        let mut codings: Vec<String> = quotation
            .codings
            .iter()
            .map(|coding| format!("{} by {}", codebook.path(coding.code), coding.coder))
            .collect();
        codings.sort();
        let Quotation { place, text, coder, .. } = quotation;
        format!("{place:?} {text:?} {coder} {codings:?}")
    };
    let mut quotations: Vec<String> = codebook.quotations.values().map(quotation).collect();
    let mut memos: Vec<String> = codebook
        .memos
        .values()
        .map(|memo| {
            let about = match &memo.about {
                MemoTarget::Code(code) => codebook.path(*code),
                MemoTarget::Quotation(id) => quotation(&codebook.quotations[id]),
                other => format!("{other:?}"),
            };
            format!("{about}: {:?} {}", memo.text, memo.coder)
        })
        .collect();
    quotations.sort();
    memos.sort();
    lines.extend(quotations);
    lines.extend(memos);
    lines
}

/// Says that a test is skipped, where the test runner does not hide it: the check
/// counts these lines.
fn skipped(missing: &str) {
    let line = format!("skipped: `{missing}` is not here\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// Names the schema that is to hold, if it is here with the program that checks it.
fn schema(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/refi-qda").join(name);
    if !path.is_file() {
        skipped(&path.display().to_string());
        return None;
    }
    if Command::new("xmllint").arg("--version").output().is_err() {
        skipped("xmllint");
        return None;
    }
    Some(path)
}

#[track_caller]
fn check_valid(xml: &str, schema: &Path) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), xml).unwrap();
    let mut command = Command::new("xmllint");
    let output =
        command.args(["--noout", "--schema"]).arg(schema).arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}\n{xml}", String::from_utf8_lossy(&output.stderr));
}

fn code(id: u32, parent: Option<u32>, kind: CodeKind, name: &str) -> Code {
    Code::new(CodeId(id), kind, parent.map(CodeId), name.to_owned())
}

/// A small study with everything that travels.
fn study() -> Bundle {
    let text =
        "Int: How was it?\r\nSiân: Odd 🙂 at first. e\u{301}trange!\r\nשלום עולם 👍🏽\n".to_owned();
    let mut bundle = Bundle {
        name: "Balint & friends".to_owned(),
        sources: vec![
            SourceText { id: "leaders/L01".to_owned(), text: String::new(), is_markdown: false },
            SourceText { id: "participants/P01".to_owned(), text: text.clone(), is_markdown: true },
        ],
        cases: vec![BundleCase {
            id: "P01".to_owned(),
            attributes: BTreeMap::from([("role".to_owned(), "GP <rural>".to_owned())]),
            sources: vec!["participants/P01".to_owned()],
        }],
        ..Bundle::default()
    };
    let book = &mut bundle.codebook;
    let mut theme = code(1, None, CodeKind::Theme, "Easier to join");
    theme.definition = "It is easier.\n\nInclusion: is a word here".to_owned();
    theme.include = "no travel".to_owned();
    theme.exclude = "software\r\nand rooms".to_owned();
    theme.rule = "petrol OR \"no travel\"".to_owned();
    theme.color = Some("#1f77b4".parse().unwrap());
    book.apply(&Change::PutCode(theme));
    book.apply(&Change::PutCode(code(2, Some(1), CodeKind::Code, "No travel")));
    book.apply(&Change::PutCode(code(3, None, CodeKind::Code, "Faces & \"screens\"")));
    for (id, words) in [(1, "Odd 🙂 at first. e\u{301}trange!\r\nשלום"), (2, "עולם 👍🏽")]
    {
        let start = text.find(words).unwrap();
        let coding = |code, coder: &str| Coding::by_hand(CodeId(code), coder);
        book.apply(&Change::PutQuotation(Quotation {
            id: QuotationId(id),
            place: Place {
                transcript: "participants/P01".to_owned(),
                checksum: checksum_of(&text),
                span: Span::new(start, start + words.len()),
            },
            text: words.to_owned(),
            codings: vec![coding(id, "Ann"), coding(3, "Bea")],
            stance: None,
            coder: "Ann".to_owned(),
        }));
    }
    let targets = [
        MemoTarget::Study,
        MemoTarget::Code(CodeId(2)),
        MemoTarget::Quotation(QuotationId(2)),
        MemoTarget::Transcript("participants/P01".to_owned()),
        MemoTarget::Case("P01".to_owned()),
    ];
    for (id, about) in (1..).zip(targets) {
        let text = format!("Memo {id} \r\n about <it> {}", "and so on ".repeat(30));
        let coder = "Cara".to_owned();
        let at = AT.to_owned();
        book.apply(&Change::PutMemo(Memo { id: MemoId(id), about, text, coder, at }));
    }
    bundle
}

#[test]
fn a_study_comes_back_as_it_went() {
    let bundle = study();
    let bytes = written(&bundle);
    let received = read_project(&bytes).unwrap();
    assert_eq!(received.warnings, []);
    assert_eq!(said(&received.value.bundle), said(&bundle));
    let readings: Vec<String> = received.value.readings.iter().map(ToString::to_string).collect();
    assert_eq!(readings, ["participants/P01: 2 selections"]);
    assert_eq!(received.value.readings[0].n_by_words, 2);
    // The same study, the same bytes: even after a journey.
    assert_eq!(written(&bundle), bytes);
    assert_eq!(project_xml(&written(&received.value.bundle)), project_xml(&bytes));
}

#[test]
fn texts_go_byte_for_byte() {
    let bundle = study();
    let bytes = written(&bundle);
    let mut zip = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let paths: Vec<String> = (0..zip.len())
        .map(|number| zip.by_index(number).unwrap().name().unwrap().into_owned())
        .collect();
    assert_eq!(paths[0], "project.qde");
    assert!(
        paths[1..]
            .iter()
            .all(|path| path.starts_with("sources/") && path.len() == "sources/.txt".len() + 36)
    );
    let text = std::io::read_to_string(zip.by_index(2).unwrap()).unwrap();
    assert_eq!(text, bundle.sources[1].text);
}

#[test]
fn projects_and_codebooks_are_valid() {
    let bundle = study();
    if let Some(schema) = schema("Project-mrt2019.xsd") {
        check_valid(&project_xml(&written(&bundle)), &schema);
        check_valid(&project_xml(&written(&Bundle::default())), &schema);
    }
    if let Some(schema) = schema("Codebook-mrt2019.xsd") {
        let mut xml = Vec::new();
        write_codebook(&mut xml, &bundle).unwrap();
        check_valid(std::str::from_utf8(&xml).unwrap(), &schema);
    }
}

#[test]
fn positions_are_code_points() {
    let xml = project_xml(&written(&study()));
    // “Int: How was it?” and CRLF are 18 signs, “Siân: ” 6.
    assert!(xml.contains("startPosition=\"24\""), "{xml}");
    // 16 signs up to “first. ”, 9 of “étrange!” in nine code points, CRLF, 4 of “שלום”.
    assert!(xml.contains("endPosition=\"55\""), "{xml}");
    assert!(xml.contains("name=\"עולם 👍🏽\" startPosition=\"56\" endPosition=\"63\""), "{xml}");
}

#[test]
fn a_codebook_comes_back_as_it_went() {
    let bundle = study();
    let mut xml = Vec::new();
    let counts = write_codebook(&mut xml, &bundle).unwrap();
    assert_eq!(counts.to_string(), "1 theme, 2 codes");
    let received = read_codebook(&xml).unwrap();
    assert_eq!(received.warnings, []);
    let codes = |bundle: &Bundle| bundle.codebook.codes.clone();
    assert_eq!(codes(&received.value.bundle).len(), 3);
    let mut lines = said(&bundle);
    lines.retain(|line| line.contains(" Theme ") || line.contains(" Code "));
    assert_eq!(said(&received.value.bundle)[1..], lines);
    let empty = write_codebook(&mut Vec::new(), &Bundle::default()).unwrap_err();
    assert!(matches!(empty, ExchangeError::NoCodes));
}

#[test]
fn a_stale_quotation_does_not_go() {
    let mut bundle = study();
    bundle.sources[1].text.insert(0, 'x');
    let mut out = Cursor::new(Vec::new());
    let done = write_project(&mut out, &bundle, AT).unwrap();
    let problems: Vec<&str> =
        done.warnings.iter().map(|warning| warning.problem.as_str()).collect();
    assert_eq!(
        problems,
        [
            "quotation 1 is not exported: its words are not at its place",
            "quotation 2 is not exported: its words are not at its place",
            "memo 3 is not exported: what it is about no longer exists",
        ]
    );
    assert_eq!(done.value.to_string(), "2 transcripts, 1 case, 1 theme, 2 codes, 4 memos, 1 coder");
}

#[test]
fn what_has_no_place_in_the_format_is_counted() {
    let mut bundle = study();
    assert!(stays(&bundle).is_empty());
    let mut quotation = bundle.codebook.quotations[&QuotationId(1)].clone();
    quotation.codings[0].is_pinned = true;
    bundle.codebook.apply(&Change::PutQuotation(quotation));
    assert_eq!(stays(&bundle), ["1 pin"]);
}

// Projects of other tools

/// A project as another tool writes it: one text and selections `(start, end,
/// name, description)`, all under one code.
struct Foreign<'f> {
    origin: &'f str,
    folder: &'f str,
    text: &'f [u8],
    selections: Vec<(i64, i64, String, &'f str)>,
}

impl Foreign<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut selections = String::new();
        for (number, (start, end, name, description)) in (0..).zip(&self.selections) {
            write!(
                selections,
                "<PlainTextSelection guid=\"5E1EC700-0000-4000-8000-{number:012}\" name=\"{name}\" \
                 startPosition=\"{start}\" endPosition=\"{end}\" creatingUser=\"{{AAAAAAAA-0000-4000-8000-000000000001}}\">\
                 <Description>{description}</Description>\
                 <Coding guid=\"C0D1C700-0000-4000-8000-{number:012}\" creatingUser=\"aaaaaaaa-0000-4000-8000-000000000001\">\
                 <CodeRef targetGUID=\"CCCCCCCC-0000-4000-8000-000000000001\"/></Coding></PlainTextSelection>"
            )
            .unwrap();
        }
        let xml = format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\
             <Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"x\" origin=\"{}\">\
             <Users><User guid=\"AAAAAAAA-0000-4000-8000-000000000001\" name=\"Ada\"/></Users>\
             <CodeBook><Codes><Code guid=\"cccccccc-0000-4000-8000-000000000001\" name=\"Oddness\" isCodable=\"true\"/></Codes></CodeBook>\
             <Sources><TextSource guid=\"BBBBBBBB-0000-4000-8000-000000000001\" name=\"P01.docx\" \
             richTextPath=\"internal://BBBBBBBB.docx\" plainTextPath=\"internal://BBBBBBBB.txt\">{selections}</TextSource></Sources></Project>",
            self.origin
        );
        archive(&[
            ("project.qde", xml.as_bytes()),
            (&format!("{}/bbbbbbbb.docx", self.folder), b"PK"),
            (&format!("{}/bbbbbbbb.txt", self.folder), self.text),
        ])
    }
}

const FOREIGN_TEXT: &str = "Int: How was it? 🙂\r\nAda: It was 👍🏽 odd at first.\r\nInt: Why?\r\nAda: The faces, all of them.\r\n";

/// The position of a byte as a tool counts it.
fn position(text: &str, byte: usize, unit: Unit, crlf_as_one: bool) -> i64 {
    let before =
        if crlf_as_one { text[..byte].replace("\r\n", "\n") } else { text[..byte].to_owned() };
    let n = match unit {
        Unit::CodePoints => before.chars().count(),
        Unit::Utf16 => before.encode_utf16().count(),
    };
    i64::try_from(n).unwrap()
}

fn foreign<'f>(
    origin: &'f str,
    folder: &'f str,
    with_mark: &'f [u8],
    (unit, crlf_as_one): (Unit, bool),
    named: bool,
) -> Foreign<'f> {
    let text = FOREIGN_TEXT;
    let selections = ["It was 👍🏽 odd at first.", "odd", "The faces, all of them."]
        .into_iter()
        .map(|words| {
            let start = text.find(words).unwrap();
            let at = |byte| position(text, byte, unit, crlf_as_one);
            let name = if named { words.to_owned() } else { String::new() };
            (at(start), at(start + words.len()), name, "")
        })
        .collect();
    Foreign { origin, folder, text: with_mark, selections }
}

#[track_caller]
fn check_foreign(project: &Foreign<'_>, reading: &str, warnings: &[&str]) -> Received {
    let Warned { value, warnings: found } = read_project(&project.bytes()).unwrap();
    let found: Vec<String> = found.iter().map(|warning| warning.problem.clone()).collect();
    assert_eq!(found, warnings);
    let readings: Vec<String> = value.readings.iter().map(ToString::to_string).collect();
    assert_eq!(readings, [reading]);
    for quotation in value.bundle.codebook.quotations.values() {
        let text = &value.bundle.sources[0].text;
        assert_eq!(quotation.place.span.of(text), quotation.text);
        assert_eq!((quotation.coder.as_str(), quotation.codings.len()), ("Ada", 1));
    }
    value
}

fn texts(received: &Received) -> Vec<&str> {
    received.bundle.codebook.quotations.values().map(|q| q.text.as_str()).collect()
}

const EXPECTED: [&str; 3] = ["It was 👍🏽 odd at first.", "odd", "The faces, all of them."];

#[test]
fn a_project_as_nvivo_writes_it() {
    // UTF-16, CRLF as two, a mark that does not count, no names, docx beside txt.
    let marked = [b"\xef\xbb\xbf".as_slice(), FOREIGN_TEXT.as_bytes()].concat();
    let project = foreign("NVivo 12", "sources", &marked, (Unit::Utf16, false), false);
    let received = check_foreign(&project, "P01: 3 selections, positions read as UTF-16", &[]);
    assert_eq!(texts(&received), EXPECTED);
    assert_eq!(received.bundle.sources[0].text, FOREIGN_TEXT);
}

#[test]
fn a_project_as_atlas_ti_writes_it() {
    // Code points, CRLF as one although the file has both signs, names of words.
    let text = FOREIGN_TEXT.as_bytes();
    let project = foreign("ATLAS.ti 9", "Sources", text, (Unit::CodePoints, true), true);
    let reading = "P01: 3 selections, positions read as code points, CRLF as one";
    let received = check_foreign(&project, reading, &[]);
    assert_eq!(texts(&received), EXPECTED);
    assert_eq!(received.readings[0].n_by_words, 3);
}

#[test]
fn a_project_as_maxqda_and_qualcoder_write_it() {
    let text = FOREIGN_TEXT.as_bytes();
    for (unit, named) in [(Unit::CodePoints, false), (Unit::CodePoints, true), (Unit::Utf16, true)]
    {
        let mut project = foreign("MAXQDA 2020", "sources", text, (unit, false), named);
        project.selections[0].3 = "I like this one";
        let counting = Counting { unit, line_ends: LineEnds::AsTheyAre, counts_mark: false };
        let reading = format!("P01: 3 selections, positions read as {counting}");
        let received = check_foreign(&project, &reading, &[]);
        assert_eq!(texts(&received), EXPECTED);
        // What a description says beside the words is a memo.
        let memos: Vec<&Memo> = received.bundle.codebook.memos.values().collect();
        assert_eq!(memos.len(), 1);
        assert_eq!(memos[0].text, "I like this one");
        assert_eq!(memos[0].about, MemoTarget::Quotation(QuotationId(1)));
    }
}

#[test]
fn a_selection_that_is_not_confirmed_is_listed() {
    let text = FOREIGN_TEXT.as_bytes();
    let mut project = foreign("QualCoder 3", "sources", text, (Unit::CodePoints, false), true);
    project.selections.push((3, 9, "The faces, all of…".to_owned(), ""));
    project.selections.push((60, 4000, String::new(), ""));
    project.selections.push((9, 9, String::new(), ""));
    let received = check_foreign(
        &project,
        "P01: 6 selections, 3 confirmed, positions read as code points",
        &[
            "quotation “The faces, all of…” is not imported: its words are at line 4, but its positions point to another place",
            "quotation 60-4000 is not imported: it ends after the end of the text",
            "quotation 9-9 is not imported: it has no words",
        ],
    );
    assert_eq!(texts(&received), EXPECTED);
}

#[test]
fn two_selections_of_one_place_are_one_quotation() {
    let text = FOREIGN_TEXT.as_bytes();
    let mut project = foreign("QualCoder 3", "sources", text, (Unit::CodePoints, false), true);
    project.selections.push(project.selections[1].clone());
    let received = check_foreign(&project, "P01: 4 selections, positions read as code points", &[]);
    assert_eq!(texts(&received), EXPECTED);
}

#[test]
fn a_text_that_is_not_there_is_told_with_its_selections() {
    let project = foreign("ATLAS.ti 9", "elsewhere", b"", (Unit::CodePoints, false), true);
    let Warned { value, warnings } = read_project(&project.bytes()).unwrap();
    assert!(value.bundle.sources.is_empty() && value.bundle.codebook.quotations.is_empty());
    let told: Vec<String> = warnings.iter().map(crate::base::Diagnostic::text).collect();
    assert_eq!(told.len(), 4);
    assert_eq!(
        told[0],
        "P01: its text is not in the archive\n  hint: export the project again with its texts inside"
    );
    assert_eq!(told[2], "P01: quotation “odd” is not imported: its text is not in the archive");
}

#[test]
fn attributes_of_texts_cases_and_links_come_in() {
    let xml = "<q:Project xmlns:q=\"urn:QDA-XML:project:1.0\" name=\"x\" origin=\"MAXQDA 2020\">\
        <q:CodeBook><q:Codes>\
        <q:Code guid=\"{C1}\" name=\"Joining\" isCodable=\"false\" color=\"#abc\"><q:Code guid=\"C2\" name=\"a &gt; b\" isCodable=\"true\"/><q:Code guid=\"C3\" name=\"A &gt; B\" isCodable=\"true\"/></q:Code>\
        <q:Code guid=\"K1\" name=\"Ada\" isCodable=\"true\"/>\
        </q:Codes></q:CodeBook>\
        <q:Variables><q:Variable guid=\"V1\" name=\"age\" typeOfVariable=\"Integer\"/></q:Variables>\
        <q:Cases><q:Case guid=\"k1\" name=\"Ada\"><q:Description>a GP</q:Description><q:SourceRef targetGUID=\"S1\"/></q:Case></q:Cases>\
        <q:Sources>\
        <q:TextSource guid=\"s1\" name=\"Talk 1\"><q:PlainTextContent>Hello there.</q:PlainTextContent>\
        <q:PlainTextSelection guid=\"P1\" startPosition=\"0\" endPosition=\"5\"/>\
        <q:VariableValue><q:VariableRef targetGUID=\"v1\"/><q:IntegerValue>41</q:IntegerValue></q:VariableValue></q:TextSource>\
        <q:AudioSource guid=\"A1\" name=\"Talk 2.mp3\"><q:Transcript guid=\"T1\" name=\"\"><q:PlainTextContent>One two three</q:PlainTextContent>\
        <q:SyncPoint guid=\"Y1\" position=\"4\" timeStamp=\"10\"/><q:SyncPoint guid=\"Y2\" position=\"7\" timeStamp=\"20\"/>\
        <q:TranscriptSelection guid=\"P2\" fromSyncPoint=\"y1\" toSyncPoint=\"y2\"><q:Coding guid=\"D1\"><q:CodeRef targetGUID=\"c2\"/></q:Coding></q:TranscriptSelection>\
        </q:Transcript><q:AudioSelection guid=\"P3\" begin=\"1\" end=\"2\"/></q:AudioSource>\
        <q:PictureSource guid=\"I1\"/><q:PictureSource guid=\"I2\"/>\
        </q:Sources>\
        <q:Notes><q:Note guid=\"N1\" name=\"Why\"><q:PlainTextContent>because</q:PlainTextContent></q:Note>\
        <q:Note guid=\"N2\" name=\"Lost\"><q:PlainTextContent>Lost and found</q:PlainTextContent></q:Note></q:Notes>\
        <q:Links><q:Link guid=\"L1\" originGUID=\"n1\" targetGUID=\"p1\"/><q:Link guid=\"L2\" originGUID=\"n2\" targetGUID=\"p3\"/><q:Link guid=\"L3\" originGUID=\"p1\" targetGUID=\"p2\"/></q:Links>\
        <q:Graphs><q:Graph guid=\"G1\"/></q:Graphs>\
        </q:Project>";
    let Warned { value, warnings } =
        read_project(&archive(&[("a/Project.QDE", xml.as_bytes())])).unwrap();
    let told: Vec<&str> = warnings.iter().map(|warning| warning.problem.as_str()).collect();
    insta::assert_snapshot!(told.join("\n"), @r##"
    the code `a > b` is called `a › b` here
    the code `A > B` is called `A › B (2)` here
    the memo “Lost and found” is about something that is not imported
    left out: 1 code that stands for a case
    left out: 1 graph
    left out: 1 link
    left out: 2 pictures
    left out: 1 selection in a sound recording
    left out: 1 sound recording
    "##);
    insta::assert_snapshot!(said(&value.bundle).join("\n"), @r##"
    x
    SourceText { id: "Talk 1", text: "Hello there.", is_markdown: false }
    SourceText { id: "Talk 2", text: "One two three", is_markdown: false }
    BundleCase { id: "Ada", attributes: {"age": "41"}, sources: ["Talk 1"] }
    0 Code "Joining" "" "" "" Some(Color("#aabbcc"))
    1 Code "a › b" "" "" "" None
    1 Code "A › B (2)" "" "" "" None
    Place { transcript: "Talk 1", checksum: "80e1d1fb6a50f2b764d9a1ea259cfd6b", span: Span { start: 0, end: 5 } } "Hello" unknown []
    Place { transcript: "Talk 2", checksum: "8b8ea11d668b7250a60552429d140787", span: Span { start: 4, end: 7 } } "two" unknown ["Joining > a › b by unknown"]
    Case("Ada"): "a GP" unknown
    Place { transcript: "Talk 1", checksum: "80e1d1fb6a50f2b764d9a1ea259cfd6b", span: Span { start: 0, end: 5 } } "Hello" unknown []: "Why\n\nbecause" unknown
    Study: "Lost and found" unknown
    "##);
}

#[test]
fn the_published_project_of_atlas_ti() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/refi-qda/atlasti8-mac.qdpx");
    let Ok(bytes) = std::fs::read(&path) else {
        skipped(&path.display().to_string());
        return;
    };
    // As published its archive holds no texts: all eight selections are listed.
    let Warned { value, warnings } = read_project(&bytes).unwrap();
    let lost = warnings.iter().filter(|warning| warning.problem.starts_with("quotation "));
    assert_eq!(lost.count(), 8);
    assert!(value.bundle.codebook.quotations.is_empty());
    insta::assert_snapshot!(Counts::of(&value.bundle).to_string(), @"14 codes, 2 memos, 1 coder");
    // With texts that have the words where the tool says they are, all are confirmed.
    let mut zip = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let xml = std::io::read_to_string(zip.by_name("Project.qde").unwrap()).unwrap();
    let texts = filled(&xml);
    let mut entries: Vec<(&str, &[u8])> = vec![("Project.qde", xml.as_bytes())];
    entries.extend(texts.iter().map(|(path, text)| (path.as_str(), text.as_bytes())));
    let Warned { value, warnings } = read_project(&archive(&entries)).unwrap();
    let told: Vec<String> = warnings.iter().map(crate::base::Diagnostic::text).collect();
    insta::assert_snapshot!(told.join("\n"), @r##"
    the memo “My favorite Coke ad This version is much better than the new…” is about something that is not imported
      hint: it is kept as a memo about the whole study
    left out: 2 PDF files
      hint: their text is imported if the file contains it
    left out: 1 graph
    left out: 1 picture
    left out: 1 selection in a picture
    left out: 2 selections in a video recording
    left out: 2 selections on a PDF page
    left out: 16 sets
      hint: groups of codes or texts that are not themes are not imported
    left out: 1 sound recording
    left out: 2 video recordings
    "##);
    let readings: Vec<String> =
        value.readings.iter().map(|reading| reading.to_string().nfc().collect()).collect();
    insta::assert_snapshot!(readings.join("\n"), @r##"
    1994 Diet Coke-Diet Coke Break: 1 selection
    Mabel: 1 selection
    Mabêl 2ième: 1 selection
    Pay de Limón con Base de Granola - Kellogg's ®: 2 selections
    Simon: 3 selections
    "##);
    insta::assert_snapshot!(Counts::of(&value.bundle).to_string(), @"8 transcripts, 14 codes, 8 quotations, 9 codings, 4 memos, 1 coder");
    let confirmed: usize = value.readings.iter().map(|reading| reading.n_confirmed).sum();
    assert_eq!(confirmed, 8);
    // And what came in goes out and in again.
    let again = read_project(&written(&value.bundle)).unwrap();
    assert_eq!(again.warnings, []);
    assert_eq!(said(&again.value.bundle), said(&value.bundle));
}

/// Invents a text for each one that the published project names: filler, and the
/// words of each selection, as far as the project has them, at its positions.
fn filled(xml: &str) -> Vec<(String, String)> {
    let root = super::super::xml::parse(xml, "").unwrap();
    let sources = root.first("Sources").unwrap();
    let of = |element: &super::super::xml::Element| {
        let path = element.attribute("plainTextPath").unwrap().replace("internal://", "Sources/");
        let mut text: Vec<char> = "la la ".chars().cycle().take(1200).collect();
        let mut selections: Vec<_> = element.all("PlainTextSelection").collect();
        // Long ones first: the short ones may lie in them.
        let ends = |one: &super::super::xml::Element| {
            let number = |name| one.attribute(name).unwrap().parse::<usize>().unwrap();
            (number("startPosition"), number("endPosition"))
        };
        selections.sort_by_key(|one| std::cmp::Reverse(ends(one).1 - ends(one).0));
        for one in selections {
            let (start, end) = ends(one);
            let name = one.attribute("name").unwrap();
            let words = name.trim_end_matches('…');
            // “damage done by fatty foods” is a label that somebody gave.
            if words == name && words.chars().count() != end - start {
                continue;
            }
            for (at, sign) in (start..end).zip(words.chars()) {
                text[at] = sign;
            }
        }
        (path, text.into_iter().collect::<String>())
    };
    let mut texts: Vec<(String, String)> = sources.all("TextSource").map(of).collect();
    texts.extend(sources.all("PDFSource").flat_map(|pdf| pdf.all("Representation")).map(of));
    texts
}

// What is refused

#[track_caller]
fn check_refused(bytes: &[u8], expected: &str) {
    let error = read_project(bytes).unwrap_err().to_string();
    assert_eq!(error.lines().next().unwrap_or_default(), expected);
}

#[test]
fn archives_that_are_unsafe_are_refused() {
    let xml = b"<Project name=\"x\"/>".as_slice();
    for path in ["../evil.txt", "a/../../evil.txt", "/etc/passwd", "C:/evil.txt", "..\\evil.txt"] {
        let refused =
            format!("the archive is refused: its entry `{path}` points out of the archive");
        check_refused(&archive(&[("project.qde", xml), (path, b"x")]), &refused);
    }
    check_refused(
        b"nothing",
        "the file cannot be read as a project archive: it does not start as one",
    );
    check_refused(&archive(&[("a.txt", b"x")]), "the archive does not contain `project.qde`");
    let entity =
        b"<!DOCTYPE Project [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Project name=\"&x;\"/>";
    check_refused(
        &archive(&[("project.qde", entity)]),
        "`project.qde` is refused: it declares a document type, which could load other files",
    );
    check_refused(
        &archive(&[("project.qde", b"<CodeBook/>")]),
        "`project.qde` contains `CodeBook`, not a project of REFI-QDA",
    );
    let error = read_codebook(b"<Project/>").unwrap_err().to_string();
    assert!(
        error.starts_with("`codebook` contains `Project`, not a codebook of REFI-QDA"),
        "{error}"
    );
}

#[test]
fn bombs_are_refused_while_they_are_read() {
    let blank = vec![b' '; 25_000_000];
    check_refused(
        &archive(&[("project.qde", &blank)]),
        "the archive is refused: `project.qde` unpacks to more than 20 MB",
    );
    let xml = b"<Project name=\"x\"><Sources><TextSource guid=\"a\" plainTextPath=\"internal://a.txt\"/></Sources></Project>";
    check_refused(
        &archive(&[("project.qde", xml), ("sources/a.txt", &blank)]),
        "the archive is refused: `sources/a.txt` unpacks to more than 20 MB",
    );
    let names: Vec<String> = (0..20_001).map(|n| n.to_string()).collect();
    let entries: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    check_refused(
        &archive(&entries),
        "the archive is refused: it has 20001 entries, more than 20000",
    );
}

#[test]
fn a_path_in_the_project_finds_nothing_outside() {
    let xml = b"<Project name=\"x\"><Sources><TextSource guid=\"a\" name=\"../../P01\" plainTextPath=\"internal://../../../etc/passwd\"/>\
                <TextSource guid=\"b\" name=\"P02\" plainTextPath=\"absolute:///etc/passwd\"/></Sources></Project>";
    let Warned { value, warnings } = read_project(&archive(&[("project.qde", xml)])).unwrap();
    assert!(value.bundle.sources.is_empty());
    let told: Vec<String> =
        warnings.iter().map(|w| format!("{}: {}", w.place.as_ref().unwrap(), w.problem)).collect();
    assert_eq!(
        told,
        [
            "P01: its text is not in the archive",
            "P02: its text is outside the archive (`absolute://…`)",
        ]
    );
}
