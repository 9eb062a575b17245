//! How many participants have evidence of each theme: shares with their intervals, group
//! by group.

use super::{Ink, LEADING, LETTERS, Look, MARGIN, PAGE, Picture, SMALL, Sheet, Side};
use super::{broken, cut, ems, named};
use crate::answers::document::{Document, Node, Prevalence};
use crate::answers::{CompareAnswer, Interval, ThemesAnswer};
use crate::rendering::layout::interval_cell;
use crate::rendering::tables::Table;

/// What a theme's name takes.
const NAMES: f64 = 240.0;
/// From 0 to 100 %.
const SCALE: f64 = 360.0;
/// What the numbers behind it take.
const NUMBERS: f64 = 84.0;
/// What one group takes of a theme's height.
const LINE: f64 = 24.0;
/// The most that a group's name takes in the key.
const LONGEST: f64 = 220.0;
const WIDTH: f64 = NAMES + SCALE + 24.0 + NUMBERS + MARGIN;

/// How many of how many, with the interval of their share.
#[derive(Debug, Clone)]
struct Share {
    n: usize,
    of: usize,
    interval: Interval,
    /// What is opened by it.
    link: Option<String>,
}

/// What is said of one theme: a share a group.
struct Row {
    name: String,
    shares: Vec<Share>,
}

/// Draws the share of each group that has evidence of each theme. `link` gives the address of
/// what a group says of a theme; none where nothing can be opened.
pub fn compared(answer: &CompareAnswer, link: &dyn Fn(usize, &str) -> Option<String>) -> Picture {
    let groups: Vec<&str> = answer.groups.iter().map(|group| group.name.as_str()).collect();
    let row = |theme: &crate::answers::ComparedTheme| Row {
        name: named(theme.id, &theme.label, theme.accepted.is_some()),
        shares: theme
            .cells
            .iter()
            .map(|cell| Share {
                n: cell.n_cases,
                of: cell.of_cases,
                interval: cell.interval,
                link: if cell.n_cases > 0 { link(theme.id, &cell.group) } else { None },
            })
            .collect(),
    };
    let rows: Vec<Row> = answer.themes.iter().map(row).collect();
    let title = format!("Participants with evidence of each theme or candidate, by {}", answer.by);
    draw(title, ("Theme or candidate", "evidence of a theme or candidate"), &groups, &rows)
}

/// Draws the share of all participants who have evidence of each theme.
pub fn prevalence(answer: &ThemesAnswer) -> Picture {
    let row = |theme: &crate::answers::ThemeAnswer| Row {
        name: named(theme.id, &theme.label, theme.accepted.is_some()),
        shares: vec![Share {
            n: theme.n_cases,
            of: theme.of_cases,
            interval: theme.interval,
            link: None,
        }],
    };
    let rows: Vec<Row> = answer.themes.iter().map(row).collect();
    let title = "Participants with evidence of each theme or candidate".to_owned();
    draw(
        title,
        ("Theme or candidate", "evidence of a theme or candidate"),
        &["all participants"],
        &rows,
    )
}

/// Draws the share of all participants, and of each group, who are quoted under each theme
/// or code of a report, in pictures of which each fits on a page of paper.
pub fn reported_in_parts(document: &Document) -> impl Iterator<Item = Picture> {
    let n_lines = document.sample.groups.len() as f64 + 1.0;
    let height = (LINE * n_lines).max(3.0 * LEADING) + 10.0;
    let n = (1..=document.nodes.len()).take_while(|&n| height * n as f64 <= PAGE).last();
    document.nodes.chunks(n.unwrap_or(1)).map(|nodes| reported_of(document, nodes))
}

fn reported_of(document: &Document, nodes: &[Node]) -> Picture {
    let mut groups = vec!["all participants"];
    groups.extend(document.sample.groups.iter().map(|group| group.name.as_str()));
    let share = |it: &Prevalence| Share { n: it.n, of: it.of, interval: it.interval, link: None };
    let row = |node: &Node| {
        let of_groups = node.groups.iter().map(|group| share(&group.prevalence));
        let shares = std::iter::once(share(&node.prevalence)).chain(of_groups).collect();
        Row { name: node.path.clone(), shares }
    };
    let rows: Vec<Row> = nodes.iter().map(row).collect();
    let title = "Participants who are quoted under each theme or code".to_owned();
    draw(title, ("Theme or code", "a quote under a theme or code"), &groups, &rows)
}

fn draw(title: String, (what, has): (&str, &str), groups: &[&str], rows: &[Row]) -> Picture {
    let mut sheet = Sheet::default();
    let mut y = key(&mut sheet, groups) + 8.0;
    let top = y;
    let x_of = |share: f64| NAMES + SCALE * share;
    y += 6.0;
    let mut marks = Sheet::default();
    for row in rows {
        let name = broken(&row.name, NAMES - MARGIN - 16.0, LETTERS, 3);
        let height = name.height().max(LINE * row.shares.len() as f64) + 10.0;
        let start = y + (height - name.height()) / 2.0 + 12.0;
        marks.lines((MARGIN, start), Side::After, &name);
        let mut line = y + (height - LINE * row.shares.len() as f64) / 2.0 + LINE / 2.0;
        for ((at, share), group) in row.shares.iter().enumerate().zip(groups) {
            mark(&mut marks, (at, line), share, &format!("{}: {group}", row.name), &x_of);
            line += LINE;
        }
        y += height;
        marks.line((MARGIN, y), (WIDTH - MARGIN, y), Look::lined(Ink::Edge, 1.0), "");
    }
    for percent in [0_u32, 25, 50, 75, 100] {
        let x = x_of(f64::from(percent) / 100.0);
        sheet.line((x, top), (x, y), Look::lined(Ink::Edge, 1.0), "");
        let text = format!("{percent} %");
        sheet.text((x, y + LEADING), Side::Around, (SMALL, Ink::Faint), &text);
    }
    sheet.body.push_str(&marks.body);
    y += 2.5 * LEADING;
    let description = format!(
        "A mark is the share of people who have {has}; the line through it is its 95 % interval. \
         Where few people were asked, the lines are long: differences between marks may be chance."
    );
    y = sheet.sentence(y, WIDTH, &description);
    sheet.finish((WIDTH, y), (title, description), table(what, groups, rows))
}

/// The marks of the groups; where they end.
fn key(sheet: &mut Sheet, groups: &[&str]) -> f64 {
    let (mut x, mut y) = (MARGIN, MARGIN + 8.0);
    for (at, group) in groups.iter().enumerate() {
        let name = cut(group, LONGEST, SMALL);
        let width = 34.0 + SMALL * ems(&name);
        if x > MARGIN && x + width > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + LINE);
        }
        sheet.open(None, if name == *group { "" } else { group });
        shape(sheet, at, (x + 6.0, y), "");
        sheet.text((x + 16.0, y + 4.0), Side::After, (SMALL, Ink::Text), &name);
        sheet.close(None);
        x += width;
    }
    y + LINE / 2.0
}

/// A share on its line, with its interval and its numbers.
fn mark(
    sheet: &mut Sheet,
    (at, y): (usize, f64),
    share: &Share,
    told: &str,
    x_of: &dyn Fn(f64) -> f64,
) {
    let (n, of, interval) = (share.n, share.of, share.interval);
    let numbers = format!("{n} of {of}");
    if of > 0 {
        let told = format!("{told}: {numbers}, 95 % interval {}", interval_cell(interval));
        let ends = (x_of(interval.low), x_of(interval.high));
        sheet.line((ends.0, y), (ends.1, y), Look::lined(Ink::Tint(at), 1.5), &told);
        shape(sheet, at, (x_of(n as f64 / of as f64), y), &told);
    }
    let place = (x_of(1.0) + 24.0, y + 4.0);
    let link = share.link.as_deref();
    sheet.open(link, "");
    sheet.text(place, Side::After, (SMALL, Ink::Text), &numbers);
    sheet.close(link);
}

/// The mark of a group: another shape for each, so that no colour is needed.
fn shape(sheet: &mut Sheet, at: usize, (x, y): (f64, f64), told: &str) {
    let ink = Ink::Tint(at);
    let full = Look::filled(ink);
    let hollow = Look::lined(ink, 2.0).on(Ink::Paper);
    match at % 6 {
        0 => sheet.circle((x, y), 5.0, full, told),
        1 => sheet.rectangle([x - 4.5, y - 4.5, 9.0, 9.0], hollow, told),
        2 => {
            let corners = [(x - 6.0, y + 4.5), (x + 6.0, y + 4.5), (x, y - 6.0)];
            sheet.path("polygon", &corners, full, told);
        }
        3 => {
            let corners = [(x - 6.0, y), (x, y - 6.0), (x + 6.0, y), (x, y + 6.0)];
            sheet.path("polygon", &corners, hollow, told);
        }
        4 => sheet.rectangle([x - 4.5, y - 4.5, 9.0, 9.0], full, told),
        _ => sheet.circle((x, y), 4.5, hollow, told),
    }
}

fn table(what: &str, groups: &[&str], rows: &[Row]) -> Table {
    let head = [what, "Group", "Participants", "95 % interval"];
    let rows = rows.iter().flat_map(|row| {
        row.shares.iter().zip(groups).map(|(share, group)| {
            vec![
                row.name.clone(),
                (*group).to_owned(),
                format!("{} of {}", share.n, share.of),
                interval_cell(share.interval),
            ]
        })
    });
    Table::new(head, rows.collect::<Vec<_>>())
}
