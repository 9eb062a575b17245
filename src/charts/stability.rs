//! How much of a theme is found again when participants are left out: a bar a trial.

use super::{Ink, LEADING, LETTERS, Look, MARGIN, Picture, SMALL, Sheet, Side};
use super::{cut, named};
use crate::answers::{SAME_THEME, ThemeAnswer, WithoutAnswer};
use crate::rendering::tables::Table;
use crate::rendering::themes::{found_again, left_out};

/// What the names of those who are left out take.
const NAMES: f64 = 240.0;
/// From nothing to all of it.
const SCALE: f64 = 360.0;
/// What a trial takes of the height.
const ROW: f64 = 22.0;
const WIDTH: f64 = NAMES + SCALE + 56.0 + MARGIN;

/// Draws what a theme's stability is the mean of; `None` if there are too few people to leave
/// any out.
pub fn stability(theme: &ThemeAnswer) -> Option<Picture> {
    let mean = theme.stability?;
    let mut sheet = Sheet::default();
    let x_of = |share: f64| NAMES + SCALE * share;
    let top = MARGIN;
    let mut y = top + ROW / 2.0;
    let ink = Ink::of_theme(theme.accepted.is_some());
    for trial in &theme.without {
        let (who, value) = (who(trial), found_again(trial.jaccard));
        let name = cut(&who, NAMES - MARGIN - 10.0, LETTERS);
        sheet.open(None, if name == who { "" } else { &who });
        sheet.text((MARGIN, y + 4.0), Side::After, (LETTERS, Ink::Text), &name);
        sheet.close(None);
        let bar = [NAMES, y - 6.0, SCALE * trial.jaccard, 12.0];
        sheet.rectangle(bar, Look::filled(ink), &format!("without {who}: {value}"));
        let place = (NAMES + SCALE + 44.0, y + 4.0);
        sheet.text(place, Side::Before, (LETTERS, Ink::Text), &value);
        y += ROW;
    }
    let end = y - ROW / 2.0 + 2.0;
    for share in [0.0, SAME_THEME, 1.0] {
        let x = x_of(share);
        sheet.line((x, top), (x, end), Look::lined(Ink::Edge, 1.0), "");
        let place = (x, end + LEADING - 2.0);
        sheet.text(place, Side::Around, (SMALL, Ink::Faint), &share.to_string());
    }
    let told = format!("mean {}", found_again(mean));
    let line = Look::lined(Ink::Text, 1.5).dashed("4 3");
    sheet.line((x_of(mean), top), (x_of(mean), end), line, &told);
    let description = format!(
        "Each bar shows how much of it stays when the participants beside it are left \
         out: from 0, nothing, to 1, all of it (Jaccard index). Below {SAME_THEME} it is no longer the \
         same. The dashed line is the mean, {}: its stability.",
        found_again(mean)
    );
    let y = sheet.sentence(end + 3.0 * LEADING, WIDTH, &description);
    let name = named(theme.id, &theme.label, theme.accepted.is_some());
    let title =
        format!("Stability when participants are left out {} at a time: {name}", left_out(theme));
    Some(sheet.finish((WIDTH, y), (title, description), table(theme)))
}

fn who(trial: &WithoutAnswer) -> String {
    trial.cases.join(", ")
}

fn table(theme: &ThemeAnswer) -> Table {
    let rows = theme.without.iter().map(|trial| vec![who(trial), found_again(trial.jaccard)]);
    Table::new(["Left out", "Found again (Jaccard index)"], rows)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{elements, number};
    use super::*;

    #[test]
    fn bars_of_stability_are_as_long_as_what_is_found_again() {
        let mut theme = ThemeAnswer::invented(3, "the last bus");
        assert!(stability(&theme).is_none());
        let trial = |case: &str, jaccard| WithoutAnswer { cases: vec![case.to_owned()], jaccard };
        theme.without = vec![trial("Ann", 1.0), trial("Bo", 0.25), trial("Cy", 0.75)];
        theme.stability = Some(2.0 / 3.0);
        let picture = stability(&theme).unwrap();
        let bars: Vec<f64> = (elements(&picture.svg).iter().skip(1))
            .filter(|(name, of)| name == "rect" && number(of, "height") < 13.0)
            .map(|(_, of)| number(of, "width") / SCALE)
            .collect();
        assert_eq!(bars, [1.0, 0.25, 0.75]);
        let body: Vec<String> = picture.table.body().iter().map(|row| row.join(" ")).collect();
        assert_eq!(body, ["Ann 1.00", "Bo 0.25", "Cy 0.75"]);
        assert_eq!(
            picture.title,
            "Stability when participants are left out one at a time: 3. the last bus"
        );
        // Of 21 to 39 people some are left out alone, some with another.
        theme.without[1].cases.push("Di".to_owned());
        assert!(stability(&theme).unwrap().title.contains("left out one or two at a time"));
    }
}
