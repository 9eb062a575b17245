use super::super::tests::pack;
use super::*;
use crate::sources::read;
use crate::sources::tests::render;

const BOOK: &[u8] = b"<workbook><sheets><sheet name=\"Talk\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"Codes\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>";
const RELATIONS: &[u8] =
    b"<Relationships><Relationship Id=\"rId2\" Target=\"/xl/worksheets/sheet2.xml\"/>\
    <Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
const STYLES: &[u8] = b"<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"[h]:mm:ss\"/></numFmts>\
    <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
const SHARED: &[u8] = "<sst><si><t>Start</t></si><si><t>Speaker</t></si><si><t>Text</t></si><si><t>Siân</t></si>\
    <si><r><t xml:space=\"preserve\">It was </t></r><r><t>odd.</t></r><rPh><t>no</t></rPh></si></sst>".as_bytes();

fn book(sheet: &str, second: &str) -> Vec<u8> {
    pack(&[
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/styles.xml", STYLES),
        ("xl/sharedStrings.xml", SHARED),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>").as_bytes(),
        ),
        (
            "xl/worksheets/sheet2.xml",
            format!("<worksheet><sheetData>{second}</sheetData></worksheet>").as_bytes(),
        ),
    ])
}

#[test]
fn cells_are_read_as_they_are_shown() {
    let sheet = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\"><v>2</v></c></row>\
        <row r=\"2\"><c r=\"A2\" s=\"1\"><v>0.000752314814814815</v></c><c r=\"B2\" t=\"s\"><v>3</v></c><c r=\"C2\" t=\"s\"><v>4</v></c></row>\
        <row r=\"3\"><c r=\"B3\" t=\"inlineStr\"><is><t>Ada</t></is></c><c r=\"C3\" t=\"str\"><f>A1</f><v>Really?</v></c></row>";
    let second = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>3</v></c></row>";
    assert_eq!(
        render(read(&book(sheet, second), "a.xlsx")),
        "Excel workbook, table, one row for each turn\nSiân|65000-|It was odd.\nAda||Really?\n\
         warning : 1 more sheet with 1 word not read: sheet 1 holds the transcript"
    );
}

#[test]
fn numbers_of_days_are_times_and_dates_by_their_format() {
    // 44 927 is 1 January 2023, and 60 + 1 the day after Excel's 29 February 1900.
    assert_eq!(show("44927", Shown::Date), "2023-01-01");
    assert_eq!(show("61.5", Shown::Date), "1900-03-01 12:00");
    assert_eq!(show("1.0416666666666667", Shown::Time), "25:00:00");
    assert_eq!(show("0.00001736111", Shown::Time), "0:00:01.500");
    assert_eq!(show("3.25", Shown::Number), "3.25");
    for (code, expected) in [
        ("mm:ss.0", Shown::Time),
        ("yyyy\\-mm\\-dd", Shown::Date),
        ("0.00 \"days\"", Shown::Number),
        ("[Red]#,##0", Shown::Number),
        ("[mm]:ss", Shown::Time),
    ] {
        assert_eq!(shown_by(code), expected, "{code}");
    }
    assert_eq!((column_of("A1"), column_of("AB12"), column_of("12")), (Some(0), Some(27), None));
}

#[test]
fn cells_far_apart_and_words_shown_often_are_no_bombs() {
    let far = "<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>".repeat(1_000);
    assert!(read(&book(&far, ""), "a.xlsx").is_err());
    let long = format!("<sst><si><t>{}</t></si></sst>", "word ".repeat(100_000));
    let often = "<row><c t=\"s\"><v>0</v></c></row>".repeat(1_000);
    let file = pack(&[
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/sharedStrings.xml", long.as_bytes()),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData>{often}</sheetData></worksheet>").as_bytes(),
        ),
    ]);
    assert_eq!(render(read(&file, "a.xlsx")), "error the archive unpacks to more than 200 MB");
}
