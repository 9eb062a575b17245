use std::io::Cursor;

use super::coreq::cell;
use super::methods::{AttributeFacts, Facts, SuggestionFacts, coreq_answers, methods};
use super::*;
use crate::answers::document::{
    Accepted, Candidate, CitedQuote, Document, Drawn, GivenCode, GroupPrevalence, MatrixRow,
    MemoEntry, Node, Parts, Prevalence, Proof, Sample, SampleGroup,
};
use crate::answers::{Provenance, ThemeSize};
use crate::answers::{Verdict, VerifyAnswer};
use crate::base::Span;
use crate::base::proportions::wilson;
use crate::charts;
use crate::codebook::decision::Record;
use crate::codebook::history::History;
use crate::codebook::{Change, CodeKind, Origin, Place, Verb, checksum_of, edit};
use crate::documents;
use crate::sources;
use crate::transcripts::Transcript;
use crate::verify::{self, Source, Who, paragraphs};

const ANN: &str = "Interviewer: How was it?\n\
Siân: =1+1 was the joke, \"odd\" & <b>new</b> at first; no travel *at all*, [laughs] 👍🏽 Lly\u{302}r said.\n\
Interviewer: Mm.\n\
Siân: -- and I could stay at home, which I would not have thought.\n";
const BEN: &str = "Interviewer: How was it?\n\
Ben: We missed the corridor, the talk before and after | half of the work.\n\
Interviewer: Why?\n\
Ben: I do not know why, it is what I said before.\n";

fn transcripts() -> Vec<(&'static str, Transcript)> {
    [("leaders/L01", ANN), ("participants/P01", BEN)]
        .map(|(id, text)| (id, Transcript::new(sources::read(text.as_bytes(), "P.txt").unwrap())))
        .into()
}

fn prevalence(n: usize, of: usize) -> Prevalence {
    Prevalence { n, of, interval: wilson(n, of) }
}

fn quote(number: u32, (id, text): (&str, &str), from: &str, to: &str, codes: &[u32]) -> CitedQuote {
    let start = text.find(from).unwrap();
    let end = text.find(to).unwrap() + to.len();
    let transcript = Transcript::new(sources::read(text.as_bytes(), "P.txt").unwrap());
    let lines = transcript.lines.lines_of(Span::new(start, end));
    let case = if text == ANN { "Siân" } else { "Ben" };
    let before = text[..start].chars().count();
    CitedQuote {
        quotation: number,
        at: Provenance {
            transcript: id.to_owned(),
            case: Some(case.to_owned()),
            group: Some(id.split('/').next().unwrap().to_owned()),
            speaker: case.to_owned(),
            role: "participant",
            lines: [lines.first, lines.last],
            start_ms: None,
            is_one_of_several: false,
        },
        text: text[start..end].replace("\nInterviewer: Mm.\nSiân: ", " […] "),
        codes: codes.to_vec(),
        coders: vec!["AM".to_owned()],
        codings: codes.iter().map(|&code| GivenCode { code, coder: "AM".to_owned() }).collect(),
        is_pinned: number == 2,
        proof: Proof {
            checksum: checksum_of(text)[..Proof::DIGITS].to_owned(),
            chars: [before, before + text[start..end].chars().count()],
        },
    }
}

fn node(id: u32, depth: usize, kind: &'static str, path: &str, quotes: &[usize]) -> Node {
    Node {
        id,
        kind,
        depth,
        name: path.rsplit(" > ").next().unwrap().to_owned(),
        path: path.to_owned(),
        definition: String::new(),
        include: String::new(),
        exclude: String::new(),
        rule: String::new(),
        color: None,
        accepted: None,
        n_quotations: quotes.len(),
        n_own_quotations: quotes.len(),
        prevalence: prevalence(quotes.len().min(2), 2),
        groups: vec![
            GroupPrevalence { name: "leaders".to_owned(), prevalence: prevalence(1, 1) },
            GroupPrevalence { name: "participants".to_owned(), prevalence: prevalence(1, 1) },
        ],
        stances: Vec::new(),
        largest: Some(("Siân".to_owned(), 1)),
        quotes: quotes.to_vec(),
    }
}

/// A report of two participants, with what is awkward in every format.
fn document() -> Document {
    let mut joining = node(1, 0, "theme", "Joining <script> | more", &[]);
    joining.definition = "What it takes & gives.".to_owned();
    joining.color = Some("#1f77b4".to_owned());
    joining.n_quotations = 3;
    joining.prevalence = prevalence(2, 2);
    joining.accepted = Some(Accepted {
        label: "no travel".to_owned(),
        version: 1,
        size: Some(ThemeSize { n_cases: 2, of_cases: 2, n_passages: 12 }),
    });
    let mut formula = node(3, 1, "code", "Joining <script> | more > =HYPERLINK(1)", &[1]);
    formula.include = "+Anything\u{7}".to_owned();
    let mut document = Document {
        title: "Groups *online*".to_owned(),
        program: "Leitmotif 0.1.0".to_owned(),
        sample: Sample {
            n_transcripts: 2,
            n_participants: 2,
            n_words: 52,
            groups: vec![
                SampleGroup { name: "leaders".to_owned(), n: 1 },
                SampleGroup { name: "participants".to_owned(), n: 1 },
            ],
        },
        methods: vec!["Two people read <all> of it.".to_owned()],
        nodes: vec![
            joining,
            node(2, 1, "code", "Joining <script> | more > At home", &[0, 2]),
            formula,
        ],
        quotes: vec![
            quote(1, ("leaders/L01", ANN), "=1+1", "at home", &[2]),
            quote(2, ("participants/P01", BEN), "We missed", "half of the work", &[3]),
            quote(3, ("participants/P01", BEN), "I do not", "before.\n", &[2]),
        ],
        matrix: vec![
            MatrixRow {
                case: "Siân".to_owned(),
                group: Some("leaders".to_owned()),
                n_quotations: vec![1, 1, 0],
            },
            MatrixRow {
                case: "Ben".to_owned(),
                group: Some("participants".to_owned()),
                n_quotations: vec![2, 1, 1],
            },
        ],
        memos: vec![MemoEntry {
            about: "the study".to_owned(),
            text: "@ first\nthen".to_owned(),
            coder: "AM".to_owned(),
            at: "2026-03-01T10:00:00Z".to_owned(),
        }],
        candidates: vec![Candidate {
            id: 4,
            label: "sound and picture".to_owned(),
            prevalence: prevalence(1, 2),
            n_passages: 5,
        }],
        coreq: Vec::new(),
        notes: vec!["Quotation 9 is left out.".to_owned()],
        parts: Parts::default(),
        drawn: vec![Drawn::Quoted],
    };
    document.quotes[2].text = "I do not know why, it is what I said before.".to_owned();
    document.coreq = coreq::checklist(coreq_answers(&facts(), &History::default(), &document));
    document
}

fn facts() -> Facts {
    Facts {
        program: "Leitmotif 0.1.0".to_owned(),
        sample: Sample {
            n_transcripts: 16,
            n_participants: 16,
            n_words: 38_412,
            groups: vec![
                SampleGroup { name: "leaders".to_owned(), n: 4 },
                SampleGroup { name: "participants".to_owned(), n: 12 },
            ],
        },
        languages: vec!["English".to_owned()],
        interviewers: vec!["Ruth Calloway".to_owned()],
        others: Vec::new(),
        attributes: vec![
            AttributeFacts {
                name: "region".to_owned(),
                values: vec![("Scotland".to_owned(), 6), ("Wales".to_owned(), 10)],
            },
            AttributeFacts {
                name: "years".to_owned(),
                values: (4..14).map(|n| (n.to_string(), 1)).collect(),
            },
        ],
        durations_ms: vec![28 * 60_000, 61 * 60_000, 40 * 60_000],
        n_repeated: 1,
        suggestion: Some(SuggestionFacts {
            version: 3,
            n_versions: 3,
            n_candidates: 12,
            count: None,
            links: 30,
            unassigned: 0.05,
            seed: 0,
        }),
        stop_words: vec!["balint".to_owned()],
        never_merge: Vec::new(),
    }
}

/// A log of two coders.
fn history() -> History {
    let mut history = History::default();
    let mut decide = |verb: Verb, coder: &str, changes: &dyn Fn(&History) -> Vec<Change>| {
        let changes = changes(&history);
        let decision =
            history.decide((verb, String::new()), changes, (coder, "2026-03-01T10:00:00Z"));
        let hash = Record::new(&decision).hash;
        history.add(decision, hash).unwrap();
    };
    let place = |at: usize| Place {
        transcript: "P01".to_owned(),
        checksum: "c".to_owned(),
        span: Span::new(at, at + 4),
    };
    let origin = |candidate: u32| Origin {
        version: 3,
        candidate,
        label: format!("candidate {candidate}"),
        passages: vec![place(0)],
    };
    let quote = |at: usize| edit::Quote { place: place(at), text: "some".to_owned() };
    for (candidate, coder) in [(1, "AM"), (2, "AM"), (3, "GB")] {
        decide(Verb::AcceptTheme, coder, &|history| {
            let quotes = vec![quote(candidate as usize * 10), quote(candidate as usize * 10 + 5)];
            let name = format!("Theme {}", ["one", "two", "three"][candidate as usize - 1]);
            edit::accept(history.codebook(), origin(candidate), (&name, None), quotes, coder)
                .unwrap()
                .1
        });
    }
    decide(Verb::RejectTheme, "GB", &|history| edit::reject(history.codebook(), origin(4), ""));
    decide(Verb::AddCode, "AM", &|history| {
        edit::add_code(history.codebook(), "By hand", CodeKind::Code, None).unwrap()
    });
    for at in [100, 110] {
        decide(Verb::AddQuotation, "GB", &|history| {
            let code = history.codebook().code_named("by hand").unwrap().id;
            edit::add_quotation(history.codebook(), quote(at), &[code], "GB").unwrap().1
        });
    }
    decide(Verb::AddCode, "AM", &|history| {
        edit::add_code(history.codebook(), "Mistake", CodeKind::Code, None).unwrap()
    });
    let undo = history.undo(("AM", "2026-03-02T09:00:00Z")).unwrap();
    let hash = Record::new(&undo).hash;
    history.add(undo, hash).unwrap();
    history
}

fn bytes(document: &Document, kind: FileKind, contents: Contents) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    write_document(&mut out, document, kind, contents).unwrap();
    out.into_inner()
}

fn text(document: &Document, kind: FileKind, contents: Contents) -> String {
    String::from_utf8(bytes(document, kind, contents)).unwrap()
}

fn verified(report: &[u8], name: &str) -> VerifyAnswer {
    let transcripts = transcripts();
    let sources: Vec<Source<'_>> = transcripts
        .iter()
        .map(|(id, transcript)| Source {
            id,
            checksum: checksum_of(&transcript.text),
            is_copy: false,
            transcript,
            speakers: transcript
                .speakers
                .iter()
                .map(|speaker| {
                    let is_case = speaker.label != "Interviewer";
                    Who {
                        case: is_case.then(|| speaker.label.clone()),
                        group: is_case.then(|| id.split('/').next().unwrap().to_owned()),
                        role: if is_case { "participant" } else { "interviewer" },
                    }
                })
                .collect(),
        })
        .collect();
    verify::verify(name, &paragraphs(report, name).unwrap(), &sources)
}

#[test]
fn methods_say_what_was_done_and_by_whom() {
    insta::assert_snapshot!(
        methods(&facts(), &history()).join("\n\n").replace(&history().last_hash()[..12], "HASH")
    );
}

#[test]
fn methods_of_nothing_claim_nothing() {
    let facts = Facts { program: "Leitmotif 0.1.0".to_owned(), ..Facts::default() };
    let said = methods(&facts, &History::default()).join(" ");
    for word in ["accepted", "rejected", "suggested", "coder", "undone", "emerged", "discovered"] {
        assert!(!said.contains(word), "{word}: {said}");
    }
}

#[test]
fn the_checklist_is_filled_as_far_as_the_data_go() {
    let items = coreq::checklist(coreq_answers(&facts(), &history(), &document()));
    assert_eq!(items.len(), 32);
    let lines: Vec<String> =
        items.iter().map(|item| format!("{} {}: {}", item.number, item.name, cell(item))).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn who_decided_nothing_that_holds_is_no_coder() {
    let mut history = history();
    let changes = edit::add_code(history.codebook(), "Lapse", CodeKind::Code, None).unwrap();
    let who = ("ZZ", "2026-03-03T09:00:00Z");
    let added = history.decide((Verb::AddCode, String::new()), changes, who);
    let hash = Record::new(&added).hash;
    history.add(added, hash).unwrap();
    let undone = history.undo(who).unwrap();
    let hash = Record::new(&undone).hash;
    history.add(undone, hash).unwrap();
    assert_eq!(coreq_answers(&facts(), &history, &document())[&24], "2 coders: AM and GB.");
}

#[test]
fn a_report_in_markdown() {
    insta::assert_snapshot!(text(&document(), FileKind::Md, Contents::Report));
}

#[test]
fn a_page_needs_nothing_and_runs_nothing() {
    let page = text(&document(), FileKind::Html, Contents::Report);
    let body = &page
        [page.find("<h2 id=\"overview\">").unwrap()..page.find("<h2 id=\"candidates\">").unwrap()];
    insta::assert_snapshot!(body);
    assert!(page.contains("default-src 'none'"), "{page}");
    for bad in ["<script", "<b>", "http://", "https://", "src=", "url(", "\u{7}"] {
        assert!(!page.contains(bad), "{bad}");
    }
    // Every element that is opened is closed, in order.
    let mut open = Vec::new();
    for tag in page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let name = tag.split([' ', '\n']).next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            // Shapes of a picture have no content.
            None if tag.ends_with('/') || ["!DOCTYPE", "meta"].contains(&name) => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty());
}

#[test]
fn tables_come_back_through_a_reader_and_hold_no_formula() {
    let table = text(&document(), FileKind::Csv, Contents::Quotes);
    assert_eq!(table.matches("\r\n").count(), 4, "{table}");
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(table.as_bytes()).records().map(Result::unwrap).collect();
    // As many rows as quotes and codes, each with its words byte for byte.
    let words: Vec<&str> = rows.iter().map(|row| &row[2]).collect();
    let document = document();
    assert_eq!(words[0], format!("'{}", document.quotes[0].text));
    assert_eq!(words[1], document.quotes[1].text);
    assert_eq!(&rows[1][1], "Joining <script> | more > =HYPERLINK(1)");
    for contents in [Contents::Quotes, Contents::Codebook, Contents::Matrix] {
        let table = text(&document, FileKind::Csv, contents);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
        for cell in reader
            .records()
            .flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
    let matrix = text(&document, FileKind::Csv, Contents::Matrix);
    assert_eq!(
        matrix,
        "participant,group,Joining <script> | more,Joining <script> | more > At home,Joining <script> | more > =HYPERLINK(1)\r\n\
         Siân,leaders,1,1,0\r\nBen,participants,1,1,1\r\n"
    );
}

/// The text of a part of an archive.
fn part(archive: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

/// Checks that every part of an archive is well-formed XML.
#[track_caller]
fn check_xml(bytes: &[u8]) {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let ending = name.rsplit('.').next().unwrap_or_default();
        if !["xml", "rels"].contains(&ending) {
            continue;
        }
        let xml = std::io::read_to_string(&mut file).unwrap();
        let is_bad = |c: char| c.is_control() && !"\n\r\t".contains(c);
        assert!(!xml.contains(is_bad), "{name} holds what XML cannot");
        let mut reader = quick_xml::Reader::from_str(&xml);
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => panic!("{name}: {error}"),
            }
        }
    }
}

#[test]
fn a_workbook_holds_words_as_words() {
    let workbook = bytes(&document(), FileKind::Xlsx, Contents::Report);
    check_xml(&workbook);
    assert!(part(&workbook, "xl/sharedStrings.xml").contains("=1+1 was the joke"));
    let sheets = part(&workbook, "xl/workbook.xml");
    for name in ["Quotes", "Codebook", "Participants × codes", "Methods"] {
        assert!(sheets.contains(&format!("name=\"{name}\"")), "{sheets}");
    }
    for at in 1..=4 {
        let sheet = part(&workbook, &format!("xl/worksheets/sheet{at}.xml"));
        assert!(!sheet.contains("<f>"), "{sheet}");
        assert!(sheet.contains("state=\"frozen\""), "{sheet}");
    }
}

#[test]
fn a_cell_that_would_not_fit_is_marked() {
    let mut document = document();
    document.quotes[0].text = "👍".repeat(20_000);
    let workbook = bytes(&document, FileKind::Xlsx, Contents::Report);
    let strings = part(&workbook, "xl/sharedStrings.xml");
    assert_eq!(strings.matches('👍').count(), 16_381);
    assert!(strings.contains("👍 […]"));
}

#[test]
fn a_word_file_has_headings_quotes_and_tables() {
    let file = bytes(&document(), FileKind::Docx, Contents::Report);
    check_xml(&file);
    let read = documents::paragraphs(&file).unwrap();
    let of_style = |style: &str| -> Vec<String> {
        read.iter().filter(|p| p.style == style).map(|p| p.text.clone()).collect()
    };
    assert_eq!(of_style("Title"), ["Groups *online*"]);
    assert_eq!(
        of_style("Heading1"),
        [
            "Methods",
            "Notes",
            "Themes at a glance",
            "Themes and quotes",
            "Candidates not decided",
            "Memos",
            "Appendix: codebook",
            "Appendix: who is quoted under each theme and code (1: quoted)",
            "Appendix: COREQ checklist"
        ]
    );
    assert_eq!(of_style("Heading3"), ["At home", "=HYPERLINK(1)"]);
    assert_eq!(of_style("Quote").len(), 3);
    assert!(of_style("Quote")[0].starts_with("“=1+1 was the joke, \"odd\" & <b>new</b>"));
    let styles = part(&file, "word/styles.xml");
    let ids: Vec<&str> =
        styles.split("w:styleId=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let distinct: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "{ids:?}");
    for style in read.iter().map(|paragraph| &paragraph.style).filter(|style| !style.is_empty()) {
        assert!(styles.contains(&format!("w:styleId=\"{style}\"")), "{style}");
    }
}

#[test]
fn the_same_report_has_the_same_bytes() {
    for kind in [FileKind::Docx, FileKind::Xlsx, FileKind::Html, FileKind::Md, FileKind::Json] {
        let first = bytes(&document(), kind, Contents::Report);
        // Word numbers its paragraphs; another thread has other counters.
        let again = std::thread::spawn(move || bytes(&document(), kind, Contents::Report));
        assert_eq!(first, again.join().unwrap(), "{kind:?}");
        assert_eq!(first, bytes(&document(), kind, Contents::Report), "{kind:?}");
    }
}

#[test]
fn every_format_verifies_clean() {
    let document = document();
    for (kind, contents, name) in [
        (FileKind::Docx, Contents::Report, "r.docx"),
        (FileKind::Html, Contents::Report, "r.html"),
        (FileKind::Md, Contents::Report, "r.md"),
        (FileKind::Md, Contents::Quotes, "r.md"),
        (FileKind::Csv, Contents::Quotes, "r.csv"),
        (FileKind::Json, Contents::Report, "r.json"),
    ] {
        let answer = verified(&bytes(&document, kind, contents), name);
        assert!(answer.is_clean(), "{name}: {answer:#?}");
        assert_eq!((answer.n_exact, answer.n_shortened), (2, 1), "{name}: {answer:#?}");
    }
}

#[test]
fn one_word_or_one_participant_is_found_in_every_format() {
    type Edit = fn(&mut CitedQuote);
    let edits: [(Edit, Verdict, &str); 3] = [
        (
            |quote| quote.text = quote.text.replace("corridor", "canteen"),
            Verdict::Altered,
            "corridor",
        ),
        (|quote| quote.text = quote.text.replace("the talk", "talk"), Verdict::Altered, "the"),
        (|quote| quote.at.case = Some("Siân".to_owned()), Verdict::Exact, "Ben said it, not Siân"),
    ];
    for (edit, verdict, expected) in edits {
        let mut document = document();
        edit(&mut document.quotes[1]);
        for (kind, contents, name) in [
            (FileKind::Docx, Contents::Report, "r.docx"),
            (FileKind::Html, Contents::Report, "r.html"),
            (FileKind::Md, Contents::Report, "r.md"),
            (FileKind::Csv, Contents::Quotes, "r.csv"),
        ] {
            let answer = verified(&bytes(&document, kind, contents), name);
            let wrong: Vec<_> = answer.quotes.iter().filter(|quote| quote.is_wrong()).collect();
            assert_eq!(wrong.len(), 1, "{name}: {answer:#?}");
            assert_eq!(wrong[0].verdict, verdict, "{name}");
            let told: Vec<String> = wrong[0]
                .differences
                .iter()
                .map(|difference| difference.transcript.clone())
                .chain(wrong[0].problems.clone())
                .collect();
            assert_eq!(told, [expected], "{name}");
        }
    }
}

#[test]
fn a_theme_shows_three_people_and_the_appendix_all_others_once() {
    let mut document = document();
    // Six quotes of four people, none put first but the last, which is of the first person.
    let people = ["Ann", "Ann", "Ben", "Cai", "Dai", "Ann"];
    let quote = document.quotes[0].clone();
    document.quotes = (1..)
        .zip(people)
        .map(|(number, who)| {
            let mut quote = quote.clone();
            (quote.quotation, quote.is_pinned) = (number, number == 6);
            quote.at.case = Some(who.to_owned());
            quote
        })
        .collect();
    let node = node(1, 0, "theme", "Joining", &[5, 0, 1, 2, 3, 4]);
    assert_eq!(document.chosen(&node), [5, 2, 3]);
    assert_eq!(document.further(&node), [0, 1, 4]);
    document.nodes = vec![node];
    for kind in [FileKind::Html, FileKind::Md] {
        let report = text(&document, kind, Contents::Report);
        assert_eq!(report.matches("proof").count(), 6, "{report}");
        assert!(report.contains("Appendix: further quotes"));
        document.parts = Parts { further_quotes: false, coreq: false, ..Parts::default() };
        let report = text(&document, kind, Contents::Report);
        assert_eq!(report.matches("proof").count(), 3, "{report}");
        assert!(!report.contains("COREQ checklist") && !report.contains("further quotes"));
        document.parts = Parts::default();
    }
}

#[test]
fn a_word_file_holds_the_picture_as_a_drawing() {
    let mut document = document();
    let file = bytes(&document, FileKind::Docx, Contents::Report);
    let text = |name: &str| part(&file, name);
    let page = text("word/document.xml");
    assert_eq!(page.matches("<asvg:svgBlip ").count(), 1);
    assert!(
        page.contains("r:embed=\"drawing1\"") && page.contains("A mark is the share of people")
    );
    assert!(text("word/_rels/document.xml.rels").contains("media/drawing1.png"));
    assert!(text("[Content_Types].xml").contains(
        "<Override PartName=\"/word/media/drawing1.png\" ContentType=\"image/svg+xml\" />"
    ));
    let drawn = charts::reported_in_parts(&document).next().unwrap().untitled();
    assert_eq!(text("word/media/drawing1.png"), drawn.svg);
    document.drawn.clear();
    let file = bytes(&document, FileKind::Docx, Contents::Report);
    assert!(!part(&file, "word/document.xml").contains("drawing1"));
}

#[test]
fn pictures_of_many_themes_fit_on_pages_and_show_each_once() {
    let mut document = document();
    document.nodes = (0..60).map(|n| node(n, 0, "theme", &format!("Theme {n}."), &[0])).collect();
    let pictures: Vec<_> = charts::reported_in_parts(&document).collect();
    assert!(pictures.len() > 1);
    assert!(pictures.iter().all(|picture| picture.size.1 < 1_000.0));
    for n in 0..60 {
        let name = format!(">Theme {n}.<");
        let times: usize = pictures.iter().map(|picture| picture.svg.matches(&name).count()).sum();
        assert_eq!(times, 1, "{name}");
    }
}
