//! Themes by participants: who says how much of what.

use super::{Broken, Ink, LEADING, LETTERS, Look, MARGIN, PAGE, Picture, SMALL, Sheet, Side};
use super::{broken, cut, ems, named, passages};
use crate::answers::{ThemeAnswer, ThemesAnswer, VoiceAnswer, VoicesAnswer};
use crate::rendering::tables::Table;

/// What a theme's name takes.
const NAMES: f64 = 240.0;
/// What a person takes.
const CELL: f64 = 26.0;
/// The circle of the person who says most.
const LARGEST: f64 = 11.0;
/// Between groups.
const GAP: f64 = 14.0;
/// The most that the people side by side take; others stand below.
const MOST: f64 = 1_040.0;
/// The same on a page of paper.
const MOST_ON_PAPER: f64 = 450.0;
/// What the names of groups and people take above a block, at most.
const HEADS: f64 = 160.0;
/// The most that a person's name takes.
const LONGEST: f64 = 110.0;
/// What a group's name takes, at most.
const GROUP: f64 = 130.0;

/// The people of one group that stand side by side.
struct Stretch<'a> {
    group: &'a str,
    /// The first of them, and how many.
    first: usize,
    people: &'a [VoiceAnswer],
    width: f64,
}

/// Draws who says how much of each theme. `link` gives the address of a theme, by its number,
/// or of what one person says of it, by the person's place among all; none where nothing can
/// be opened.
pub fn matrix(
    answer: &ThemesAnswer,
    voices: &VoicesAnswer,
    link: &dyn Fn(usize, Option<usize>) -> Option<String>,
) -> Picture {
    draw((&answer.themes, answer), voices, &blocks(&voices.people, MOST), link)
}

/// The same in pictures of which each fits on a page of paper.
pub fn matrix_in_parts(answer: &ThemesAnswer, voices: &VoicesAnswer) -> Vec<Picture> {
    let blocks = blocks(&voices.people, MOST_ON_PAPER);
    let mut parts = Vec::new();
    let mut themes = &answer.themes[..];
    while !themes.is_empty() {
        let mut height = 0.0;
        let fits = |theme: &&ThemeAnswer| {
            height += height_of(&name_of(theme));
            HEADS + height <= PAGE
        };
        let n = themes.iter().take_while(fits).count().max(1);
        let (here, further) = themes.split_at(n);
        let height = HEADS + here.iter().map(|it| height_of(&name_of(it))).sum::<f64>();
        let side_by_side = (1..=blocks.len()).take_while(|&n| height * n as f64 <= PAGE).last();
        for blocks in blocks.chunks(side_by_side.unwrap_or(1)) {
            parts.push(draw((here, answer), voices, blocks, &|_, _| None));
        }
        themes = further;
    }
    parts
}

/// A theme's name in lines.
fn name_of(theme: &ThemeAnswer) -> Broken {
    broken(&one_name(theme), NAMES - 12.0, LETTERS, 3)
}

/// What a theme of this name takes of the height.
fn height_of(name: &Broken) -> f64 {
    (name.height() + 8.0).max(2.0 * LEADING + 6.0)
}

/// Draws these themes and people; the table is of all.
fn draw(
    (themes, answer): (&[ThemeAnswer], &ThemesAnswer),
    voices: &VoicesAnswer,
    blocks: &[Vec<Stretch<'_>>],
    link: &dyn Fn(usize, Option<usize>) -> Option<String>,
) -> Picture {
    let mut sheet = Sheet::default();
    let most = voices.themes.iter().flat_map(|it| it.n_passages.iter().copied()).max();
    let most = most.unwrap_or(0);
    let names: Vec<Broken> = themes.iter().map(name_of).collect();
    let (mut y, mut width) = (MARGIN, 0.0_f64);
    for block in blocks {
        let drawn = Block { sheet: &mut sheet, themes, voices, names: &names, most, link };
        let (w, below) = drawn.draw(block, y);
        width = width.max(w);
        y = below + LEADING;
    }
    width = width.max(NAMES + 280.0);
    if most > 0 {
        let mut sizes = vec![1, most.div_ceil(2), most];
        sizes.dedup();
        let mut x = MARGIN + LARGEST;
        for n in sizes {
            let look = Look::filled(Ink::Faint);
            sheet.circle((x, y), radius(n, most), look, "");
            let text = passages(n);
            sheet.text((x + LARGEST + 4.0, y + 4.0), Side::After, (SMALL, Ink::Faint), &text);
            x += 2.0 * LARGEST + 20.0 + SMALL * ems(&text);
        }
        y += 2.0 * LEADING;
    }
    let description = "A circle stands where a person has evidence of a theme or candidate: the more \
                       passages, the larger its area. No circle: none of their passages is \
                       evidence of it. Full circles: themes that people accepted; hollow ones: \
                       candidates.";
    y = sheet.sentence(y, width, description);
    let texts = ("Themes and candidates by participants".to_owned(), description.to_owned());
    sheet.finish((width, y), texts, table(answer, voices))
}

fn radius(n: usize, most: usize) -> f64 {
    LARGEST * (n as f64 / most.max(1) as f64).sqrt()
}

/// The people in blocks that stand below each other, group by group.
fn blocks(people: &[VoiceAnswer], most: f64) -> Vec<Vec<Stretch<'_>>> {
    let mut blocks: Vec<Vec<Stretch<'_>>> = vec![Vec::new()];
    let (mut first, mut taken) = (0, 0.0);
    while first < people.len() {
        let group = people[first].group.as_deref().unwrap_or_default();
        let is_of = |it: &&VoiceAnswer| it.group.as_deref().unwrap_or_default() == group;
        let n_of = people[first..].iter().take_while(is_of).count();
        let least = (SMALL * ems(group)).min(GROUP);
        if taken + least.max(CELL) > most {
            blocks.push(Vec::new());
            taken = 0.0;
        }
        let mut n = 1;
        while n < n_of && taken + CELL * (n + 1) as f64 <= most {
            n += 1;
        }
        let width = (CELL * n as f64).max(least);
        taken += width + GAP;
        let stretch = Stretch { group, first, people: &people[first..first + n], width };
        blocks.last_mut().expect("there is a block from the start").push(stretch);
        first += n;
    }
    blocks
}

/// What a block of people is drawn from.
struct Block<'a> {
    sheet: &'a mut Sheet,
    themes: &'a [ThemeAnswer],
    voices: &'a VoicesAnswer,
    names: &'a [Broken],
    most: usize,
    link: &'a dyn Fn(usize, Option<usize>) -> Option<String>,
}

impl Block<'_> {
    /// Draws a block from `y` on; how wide it is, and where it ends.
    fn draw(mut self, block: &[Stretch<'_>], y: f64) -> (f64, f64) {
        let named = block.iter().flat_map(|stretch| stretch.people);
        let longest = named.map(|it| SMALL * ems(&it.case)).fold(0.0, f64::max).min(LONGEST);
        let groups = block.iter().map(|it| broken(it.group, it.width, SMALL, 2).height());
        let above = groups.fold(0.0, f64::max);
        let top = y + above + longest + 10.0;
        let people: f64 = block.iter().map(|stretch| stretch.width + GAP).sum();
        let right = NAMES + people;
        self.heads(block, (y, top));
        let mut row = top;
        for (at, theme) in self.themes.iter().enumerate() {
            let height = height_of(&self.names[at]);
            self.row(block, at, (row, height), right);
            let edge = Look::lined(Ink::Edge, 1.0);
            self.sheet.line((MARGIN, row), (right + 84.0, row), edge, "");
            let n = format!("{} of {}", theme.n_cases, theme.of_cases);
            let middle = row + height / 2.0;
            let link = (self.link)(theme.id, None);
            self.sheet.open(link.as_deref(), "");
            self.sheet.text((right, middle - 3.0), Side::After, (LETTERS, Ink::Text), &n);
            self.sheet.close(link.as_deref());
            let kind = if theme.accepted.is_some() { "yours" } else { "candidate" };
            self.sheet.text((right, middle + 12.0), Side::After, (SMALL, Ink::Faint), kind);
            row += height;
        }
        (right + 84.0 + MARGIN, row + 6.0)
    }

    /// The names of groups and people.
    fn heads(&mut self, block: &[Stretch<'_>], (y, top): (f64, f64)) {
        let mut x = NAMES;
        for stretch in block {
            let name = broken(stretch.group, stretch.width, SMALL, 2);
            self.sheet.open(None, stretch.group);
            for (at, line) in name.lines.iter().enumerate() {
                let y = y + LEADING * at as f64 + 10.0;
                self.sheet.text((x, y), Side::After, (SMALL, Ink::Faint), line);
            }
            self.sheet.close(None);
            for (at, person) in stretch.people.iter().enumerate() {
                let place = (x + CELL * (at as f64 + 0.5) + 4.0, top - 6.0);
                let name = cut(&person.case, LONGEST, SMALL);
                self.sheet.open(None, if name == person.case { "" } else { &person.case });
                self.sheet.text_upwards(place, (SMALL, Ink::Text), &name);
                self.sheet.close(None);
            }
            x += stretch.width + GAP;
        }
    }

    /// A theme: its name and its circles.
    fn row(&mut self, block: &[Stretch<'_>], at: usize, (y, height): (f64, f64), right: f64) {
        let theme = &self.themes[at];
        let name = &self.names[at];
        let start = y + (height - name.height()) / 2.0 + 12.0;
        self.sheet.lines((MARGIN, start), Side::After, name);
        let Some(of) = self.voices.themes.iter().find(|it| it.id == theme.id) else { return };
        let middle = y + height / 2.0;
        self.sheet.line((NAMES, middle), (right - GAP, middle), Look::lined(Ink::Soft, 1.0), "");
        let look = Look::of_theme(theme.accepted.is_some());
        let mut x = NAMES;
        for stretch in block {
            for (place, person) in stretch.people.iter().enumerate() {
                let n = of.n_passages[stretch.first + place];
                if n == 0 {
                    continue;
                }
                let told = format!("{}: {} of {}", person.case, passages(n), told_of(theme));
                let link = (self.link)(theme.id, Some(stretch.first + place));
                let center = (x + CELL * (place as f64 + 0.5), middle);
                self.sheet.open(link.as_deref(), &told);
                if link.is_some() {
                    // The whole cell can be hit, not only a small circle.
                    let cell = [center.0 - CELL / 2.0, middle - CELL / 2.0, CELL, CELL];
                    self.sheet.rectangle(cell, Look::filled(Ink::Paper), "");
                }
                self.sheet.circle(center, radius(n, self.most), look, "");
                self.sheet.close(link.as_deref());
            }
            x += stretch.width + GAP;
        }
    }
}

fn one_name(theme: &ThemeAnswer) -> String {
    named(theme.id, &theme.label, theme.accepted.is_some())
}

fn told_of(theme: &ThemeAnswer) -> String {
    let kind = if theme.accepted.is_some() { "theme" } else { "candidate" };
    format!("{kind} {} ({})", theme.id, theme.label)
}

fn table(answer: &ThemesAnswer, voices: &VoicesAnswer) -> Table {
    let people = voices.people.iter().map(|person| person.case.as_str());
    let head = ["Theme or candidate", "Participants"].into_iter().chain(people);
    let rows = answer.themes.iter().map(|theme| {
        let mut row = vec![one_name(theme), format!("{} of {}", theme.n_cases, theme.of_cases)];
        let of = voices.themes.iter().find(|it| it.id == theme.id);
        row.extend(of.into_iter().flat_map(|of| of.n_passages.iter().map(ToString::to_string)));
        row
    });
    Table::new(head, rows)
}
