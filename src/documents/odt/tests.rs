use super::super::tests::pack;
use crate::sources::read;
use crate::sources::tests::render;

fn text(body: &str) -> Vec<u8> {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:automatic-styles>\
         <style:style style:name=\"P1\" style:parent-style-name=\"Quotations\"/></office:automatic-styles>\
         <office:body><office:text><text:sequence-decls/>{body}</office:text></office:body></office:document-content>"
    );
    pack(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", xml.as_bytes()),
    ])
}

#[track_caller]
fn check(body: &str, expected: &str) {
    assert_eq!(render(read(&text(body), "a.odt")), expected, "\n--- body\n{body}");
}

#[track_caller]
fn check_text(body: &str, expected: &str) {
    assert_eq!(read(&text(body), "a.odt").unwrap().text, expected, "\n--- body\n{body}");
}

#[test]
fn paragraphs_headings_and_lists_are_lines() {
    check(
        "<text:h text:outline-level=\"1\">Interview 3</text:h>\n\
         <text:p text:style-name=\"P1\">Siân: It <text:span>was</text:span> &amp; is\n   odd.</text:p><text:p/>\
         <text:list><text:list-item><text:p>Ada: So?</text:p></text:list-item></text:list>\
         <text:p>Siân: Yes.</text:p><text:p>Ada: Ah.</text:p>",
        "OpenDocument text, `Name:` turns\nSiân||It was & is odd.\nAda||So?\nSiân||Yes.\nAda||Ah.",
    );
    check_text(
        "<text:p>  a<text:s text:c=\"3\"/>b<text:tab/>c<text:line-break/> d <text:span> e</text:span></text:p>",
        "a   b\tc\nd e\n",
    );
}

#[test]
fn what_no_page_shows_as_talk_is_left_out() {
    check_text(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>\
         </text:changed-region></text:tracked-changes><text:table-of-content><text:index-body><text:p>One 1</text:p>\
         </text:index-body></text:table-of-content><text:p>I<office:annotation><dc:creator>x</dc:creator><text:p>comment</text:p>\
         </office:annotation> say<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>foot</text:p>\
         </text:note-body></text:note> so.<text:change text:change-id=\"1\"/></text:p>",
        "I say so.\n",
    );
    check_text(
        "<text:p>a<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box><svg:title>t</svg:title></draw:frame>b</text:p>",
        "box\nab\n",
    );
}

fn rows(rows: &[&[&str]]) -> String {
    let cell =
        |words: &&str| format!("<table:table-cell><text:p>{words}</text:p></table:table-cell>");
    let row = |cells: &&[&str]| {
        format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
    };
    format!("<table:table>{}</table:table>", rows.iter().map(row).collect::<String>())
}

#[test]
fn a_wide_table_is_read_as_a_table() {
    check(
        &rows(&[&["Speaker", "Text"], &["Ada", "So how?"], &["Ben", "It was odd."]]),
        "OpenDocument table, one row for each turn\nAda||So how?\nBen||It was odd.",
    );
}

#[test]
fn a_spreadsheet_is_read_as_its_first_sheet_with_talk() {
    let talk = "<table:table table:name=\"T\"><table:table-row>\
        <table:table-cell><text:p>Time</text:p></table:table-cell><table:table-cell><text:p>Speaker</text:p></table:table-cell>\
        <table:table-cell><text:p>Text</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"16381\"/></table:table-row>\
        <table:table-row><table:table-cell office:value-type=\"time\"><text:p>00:00:05</text:p></table:table-cell>\
        <table:table-cell><text:p>Ada</text:p></table:table-cell><table:table-cell><text:p>So how?</text:p><text:p>And why?</text:p></table:table-cell>\
        </table:table-row><table:table-row table:number-rows-repeated=\"1048574\"><table:table-cell table:number-columns-repeated=\"16384\"/>\
        </table:table-row></table:table>";
    let xml = format!(
        "<office:document-content><office:body><office:spreadsheet>{talk}{}</office:spreadsheet></office:body></office:document-content>",
        rows(&[&["two words"]])
    );
    let file = pack(&[("content.xml", xml.as_bytes())]);
    assert_eq!(
        render(read(&file, "a.ods")),
        "OpenDocument spreadsheet, table, one row for each turn\nAda|5000-|So how? And why?\n\
         warning : 1 more sheet with 2 words not read: sheet 1 holds the transcript"
    );
}

#[test]
fn styles_of_the_file_itself_are_told_by_the_name_of_their_parent() {
    let file = text(
        "<text:p text:style-name=\"P1\">As quoted.</text:p><text:p text:style-name=\"Standard\">So.</text:p>",
    );
    let read = crate::documents::paragraphs(&file).unwrap();
    let styles: Vec<&str> = read.iter().map(|paragraph| paragraph.style.as_str()).collect();
    assert_eq!(styles, ["Quotations", "Standard"]);
}

#[test]
fn damage_says_what_is_wrong() {
    let check = |file: &[u8], expected: &str| assert_eq!(render(read(file, "a.odt")), expected);
    check(b"hello", "error the file cannot be opened: it is not a zip archive");
    check(
        &pack(&[
            ("META-INF/manifest.xml", b"<m><encryption-data/></m>"),
            ("content.xml", b"\x01\x02\xff"),
        ]),
        "error the file is protected by a password, or is an old Office file (`.doc`, `.xls`)",
    );
    check(
        &pack(&[("content.xml", b"<office:document-content><office:body>")]),
        "error the file is incomplete: the document inside ends early",
    );
    let deep = "<text:span>".repeat(50_000);
    assert!(render(read(&text(&deep), "a.odt")).contains("nested too deeply"));
}

#[test]
fn questions_in_one_type_are_of_who_asks() {
    let style = "<style:style style:name=\"T1\"><style:text-properties fo:font-weight=\"bold\"/></style:style>";
    let talk = "<text:p><text:span text:style-name=\"T1\">How was <text:span>it</text:span>?</text:span></text:p>\
        <text:p>It was wet.</text:p><text:p><text:span text:style-name=\"Emphasis\">So wet.</text:span></text:p>";
    let file = text(&(style.to_owned() + &talk.repeat(3)));
    let read = render(read(&file, "a.odt"));
    assert_eq!(
        read,
        "OpenDocument text, questions in bold or italics".to_owned()
            + &"\nQuestion||How was it?\n?||It was wet.\n?||So wet.".repeat(3)
    );
}

#[test]
fn questions_may_be_bold_by_a_style_of_the_document() {
    let named = "<?xml version=\"1.0\"?><office:document-styles><office:styles>\
        <style:style style:name=\"Asked\"><style:text-properties fo:font-weight=\"bold\"/></style:style>\
        <style:style style:name=\"Asked_20_again\" style:parent-style-name=\"Asked\"/>\
        </office:styles></office:document-styles>";
    let talk = ["Asked", "Asked_20_again", "P2", "Asked"].map(|style| {
        format!("<text:p text:style-name=\"{style}\">How was it there?</text:p><text:p>It was wet.</text:p>")
    });
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content><office:automatic-styles><style:style \
         style:name=\"P2\" style:parent-style-name=\"Asked\"/></office:automatic-styles><office:body>\
         <office:text>{}</office:text></office:body></office:document-content>",
        talk.concat()
    );
    let file = pack(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
        ("styles.xml", named.as_bytes()),
    ]);
    let read = render(read(&file, "a.odt"));
    assert!(read.contains("questions in bold or italics"), "{read}");
    assert_eq!(read.matches("Question||How was it there?").count(), 4, "{read}");
}
