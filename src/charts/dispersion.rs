//! Where in each interview a theme is said: a line an interview, a tick where evidence
//! stands.

use super::{Ink, LEADING, LETTERS, Look, MARGIN, PAGE, Picture, SMALL, Sheet, Side};
use super::{cut, passages};
use crate::answers::{DispersionAnswer, InterviewPlaces};
use crate::base::lines_cited;
use crate::rendering::tables::Table;

/// What an interview's name takes.
const NAMES: f64 = 200.0;
/// From the beginning to the end.
const SCALE: f64 = 400.0;
/// What an interview takes of the height.
const ROW: f64 = 20.0;
const WIDTH: f64 = NAMES + SCALE + 56.0 + MARGIN;

/// Draws where a theme is said. `link` gives the address of lines of a transcript; none
/// where nothing can be opened.
pub fn dispersion(
    answer: &DispersionAnswer,
    link: &dyn Fn(&str, [u32; 2]) -> Option<String>,
) -> Picture {
    draw((&answer.interviews, answer), link)
}

/// The same in pictures of which each fits on a page of paper.
pub fn dispersion_in_parts(answer: &DispersionAnswer) -> Vec<Picture> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few interviews")]
    let n = (PAGE / ROW) as usize;
    answer.interviews.chunks(n).map(|these| draw((these, answer), &|_, _| None)).collect()
}

/// Draws these interviews; the table is of all.
fn draw(
    (interviews, answer): (&[InterviewPlaces], &DispersionAnswer),
    link: &dyn Fn(&str, [u32; 2]) -> Option<String>,
) -> Picture {
    let mut sheet = Sheet::default();
    let mut y = MARGIN + LEADING / 2.0;
    for (x, side, text) in
        [(NAMES, Side::After, "beginning"), (NAMES + SCALE, Side::Before, "end of the interview")]
    {
        sheet.text((x, y), side, (SMALL, Ink::Faint), text);
    }
    y += LEADING;
    let ink = Ink::of_theme(answer.is_accepted);
    for interview in interviews {
        let id = &interview.transcript;
        let name = cut(id, NAMES - MARGIN - 10.0, LETTERS);
        sheet.open(None, if name == *id { "" } else { id });
        sheet.text((MARGIN, y + 4.0), Side::After, (LETTERS, Ink::Text), &name);
        sheet.close(None);
        sheet.line((NAMES, y), (NAMES + SCALE, y), Look::lined(Ink::Edge, 1.0), "");
        for place in &interview.places {
            let told = format!("{id}, {}", lines_cited(place.lines));
            let x = NAMES + SCALE * place.position;
            let link = link(id, place.lines);
            sheet.open(link.as_deref(), &told);
            sheet.line((x, y - 7.0), (x, y + 7.0), Look::lined(ink, 2.5), "");
            sheet.close(link.as_deref());
        }
        let n = interview.places.len().to_string();
        let side = (NAMES + SCALE + 44.0, y + 4.0);
        let shade = if interview.places.is_empty() { Ink::Faint } else { Ink::Text };
        sheet.text(side, Side::Before, (LETTERS, shade), &n);
        y += ROW;
    }
    y += LEADING;
    let n_silent = answer.interviews.iter().filter(|it| it.places.is_empty()).count();
    let description = format!(
        "A line is an interview, from its beginning to its end; a stroke is a passage that is \
         evidence of it ({}). The numbers count them. {}",
        passages(answer.interviews.iter().map(|it| it.places.len()).sum()),
        match n_silent {
            0 => "It is said in every interview.".to_owned(),
            1 => "It is not said in 1 interview.".to_owned(),
            n => format!("It is not said in {n} interviews."),
        }
    );
    let name = super::named(answer.id, &answer.label, answer.is_accepted);
    let title = format!("Where it is said: {name}");
    y = sheet.sentence(y, WIDTH, &description);
    sheet.finish((WIDTH, y), (title, description), table(answer))
}

fn table(answer: &DispersionAnswer) -> Table {
    let rows = answer.interviews.iter().map(|interview| {
        let lines = interview.places.iter().map(|place| lines_cited(place.lines));
        vec![
            interview.transcript.clone(),
            interview.places.len().to_string(),
            lines.collect::<Vec<_>>().join("; "),
        ]
    });
    Table::new(["Interview", "Passages", "Where"], rows)
}
