//! The report's tables as a workbook.
//!
//! Words are written as strings, so that no spreadsheet takes them for a formula.

use std::io::{self, Seek, Write};

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError,
};

use super::coreq::cell;
use super::tables::{Cell, codebook_rows, matrix_rows, quote_rows};
use crate::answers::document::Document;
use crate::rendering::readable;

/// The most characters that a cell holds, in UTF-16 units.
const MAX_CELL: usize = 32_767;

/// Writes the sheets Quotes, Codebook, Participants × codes, and Methods.
///
/// # Errors
/// If the writer fails.
pub fn write_xlsx(out: &mut (impl Write + Seek + Send), document: &Document) -> io::Result<()> {
    let mut workbook = Workbook::new();
    fill(&mut workbook, document).map_err(io::Error::other)?;
    workbook.save_to_writer(out).map_err(io::Error::other)
}

fn fill(workbook: &mut Workbook, document: &Document) -> Result<(), XlsxError> {
    // The same report has the same bytes, whenever it is written.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new()
        .set_title(clipped(&document.title))
        .set_author(document.program.as_str())
        .set_creation_datetime(&created);
    workbook.set_properties(&properties);

    let widths = [10.0, 30.0, 80.0, 22.0, 12.0, 14.0, 18.0, 12.0, 9.0, 9.0, 10.0, 26.0];
    add_sheet(workbook, "Quotes", &quote_rows(document), &widths)?;
    let widths = [6.0, 8.0, 36.0, 26.0, 50.0, 30.0, 30.0];
    add_sheet(workbook, "Codebook", &codebook_rows(document), &widths)?;
    add_sheet(workbook, "Participants × codes", &matrix_rows(document), &[16.0, 14.0])?;
    let mut rows: Vec<Vec<Cell>> = vec![vec!["section".into(), "paragraph".into()]];
    rows.extend(document.methods.iter().map(|text| vec!["methods".into(), text.as_str().into()]));
    rows.extend(document.notes.iter().map(|text| vec!["note".into(), text.as_str().into()]));
    rows.extend(document.coreq.iter().map(|item| {
        vec![format!("COREQ {} {}", item.number, item.name).into(), cell(item).into()]
    }));
    rows.extend(document.candidates.iter().map(|candidate| {
        let text = format!(
            "{}: {} of {} participants, {} passages",
            candidate.label, candidate.prevalence.n, candidate.prevalence.of, candidate.n_passages
        );
        vec![format!("candidate {}, not decided", candidate.id).into(), text.into()]
    }));
    rows.extend(document.memos.iter().map(|memo| {
        let about = format!("memo on {} ({})", memo.about, memo.coder);
        vec![about.into(), memo.text.as_str().into()]
    }));
    add_sheet(workbook, "Methods", &rows, &[36.0, 110.0])
}

/// Adds a sheet of rows below a heading that stays in sight; its first columns have these
/// widths.
fn add_sheet(
    workbook: &mut Workbook,
    name: &str,
    rows: &[Vec<Cell>],
    widths: &[f64],
) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?;
    let head = Format::new().set_bold().set_text_wrap().set_border_bottom(FormatBorder::Thin);
    let body = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (column, &width) in (0_u16..).zip(widths) {
        sheet.set_column_width(column, width)?;
    }
    // A sheet has 1,048,576 rows; no report has as many quotes.
    for (row, cells) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            let format = if row == 0 { &head } else { &body };
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    sheet.write_string_with_format(row, column, clipped(text), format)?;
                }
                Cell::Number(n) => {
                    sheet.write_number_with_format(row, column, *n as f64, format)?;
                }
                Cell::Share(share) => {
                    let share = (share * 1e3).round() / 1e3;
                    sheet.write_number_with_format(row, column, share, format)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape();
    sheet.set_repeat_rows(0, 0)?;
    let n_columns = rows.first().map_or(0, Vec::len);
    if let (Ok(last_row), Ok(last_column)) =
        (u32::try_from(rows.len().saturating_sub(1)), u16::try_from(n_columns.saturating_sub(1)))
        && rows.len() > 1
    {
        sheet.autofilter(0, 0, last_row, last_column)?;
    }
    Ok(())
}

/// Text that fits a cell: what is left out at the end is marked.
fn clipped(text: &str) -> String {
    let text = readable(text);
    if text.encode_utf16().count() <= MAX_CELL {
        return text.into_owned();
    }
    let mark = " […]";
    let mut room = MAX_CELL - mark.encode_utf16().count();
    let kept = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= room;
        room = room.saturating_sub(c.len_utf16());
        fits
    });
    kept.chain(mark.chars()).collect()
}
