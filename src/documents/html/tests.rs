use crate::sources::read as read_file;
use crate::sources::tests::cut_everywhere;
use crate::sources::tests::render;

#[track_caller]
fn check(file: &str, expected: &str) {
    assert_eq!(render(read_file(file.as_bytes(), "a.html")), expected, "\n--- file\n{file}");
    cut_everywhere(file.as_bytes(), "a.html");
}

#[test]
fn blocks_are_lines_and_menus_are_no_talk() {
    check(
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>Interview</title><style>p { color: red }</style></head>\n\
         <body><nav><a href=x>Home</a></nav><script>if (a < b) { x(\"<p>no</p>\") }</script>\n\
         <h1>Interview 3</h1><p><b>Siân:</b> It was,\n   um, odd &amp; <i>new</i> &#x1F44D;.</p>\n<p>Ada: So<br>how?<p>Siân: <q>Yes</q>.\n\
         <ul><li>Ada: Ah.</ul><!-- not said --><svg><text>no</text></svg></body></html>",
        "web page, `Name:` turns\nSiân||It was, um, odd & new 👍.\nAda||So\nhow?\nSiân||“Yes”.\nAda||Ah.",
    );
}

#[test]
fn word_saved_as_web_page_loses_its_conditions() {
    check(
        "<html xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"x\"><head><meta http-equiv=Content-Type content=\"text/html; charset=windows-1252\">\n\
         <!--[if gte mso 9]><xml><o:Author>Ada</o:Author></xml><![endif]--></head><body lang=EN-GB><div class=WordSection1>\n\n\
         <p class=MsoNormal><b>Ada:</b> So how\nwas it?<o:p></o:p></p>\n\n<p class=MsoNormal><o:p>&nbsp;</o:p></p>\n\n\
         <p class=MsoNormal>Ben: <![if !supportLists]><span>-<span>&nbsp; </span></span><![endif]>Odd.<o:p></o:p></p>\n\
         <p class=MsoNormal>Ada: Yes?</p><p class=MsoNormal>Ben: Yes.</p></div></body></html>",
        "web page, `Name:` turns\nAda||So how was it?\nBen||-\u{a0} Odd.\nAda||Yes?\nBen||Yes.",
    );
}

#[test]
fn tables_are_read_as_tables() {
    check(
        "<html><body><table><tr><th>Speaker<th>Text<tr><td>Ada<td><p>So how?</p><p>And why?</p><tr><td>Ben<td>Odd.</table></body></html>",
        "web page table, one row for each turn\nAda||So how? And why?\nBen||Odd.",
    );
}

#[test]
fn a_page_is_known_by_its_beginning() {
    let page = "<html><p>Ada: How?</p><p>Ben: So.</p><p>Ada: Ah.</p><p>Ben: Ja.</p></html>";
    let expected = "web page, `Name:` turns\nAda||How?\nBen||So.\nAda||Ah.\nBen||Ja.";
    assert_eq!(render(read_file(page.as_bytes(), "a.txt")), expected);
    let deep = format!("<html>{}Ada: How?", "<table><tr><td>".repeat(100_000));
    assert!(read_file(deep.as_bytes(), "a.html").is_ok());
}

#[test]
fn questions_in_bold_are_of_who_asks() {
    let turn = "<p><strong>How was <i>it</i>?</strong></p><p>It was <b>very</b> wet.</p>";
    let page = format!("<html><body>{}</body></html>", turn.repeat(3));
    let read = "\nQuestion||How was it?\n?||It was very wet.".repeat(3);
    check(&page, &format!("web page, questions in bold or italics{read}"));
}
