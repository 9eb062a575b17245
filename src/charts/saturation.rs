//! What each interview adds: new codes or themes, those known so far, and how many would be
//! known in other orders.

use super::{Ink, LEADING, LETTERS, Look, MARGIN, Picture, SMALL, Sheet, Side};
use super::{broken, ems};
use crate::answers::{GroupSaturation, SaturationAnswer, Spread};
use crate::rendering::saturation::{interviews, verdict};
use crate::rendering::tables::Table;

const WIDTH: f64 = 680.0;
/// What the numbers of the scale take.
const LEFT: f64 = 52.0;
/// The height of a curve.
const HEIGHT: f64 = 200.0;

/// Draws what each interview adds, one curve below another for the groups.
pub fn saturation(answer: &SaturationAnswer) -> Picture {
    let mut sheet = Sheet::default();
    let unit = answer.unit;
    let mut y = key(&mut sheet, unit) + LEADING;
    let of = |group: &GroupSaturation| group.interviews.len();
    let n = answer.groups.iter().map(of).max().unwrap_or(0).max(1);
    let most = answer.groups.iter().flat_map(|group| &group.interviews);
    let highest = |random: Option<Spread>| random.map_or(0.0, |random| random.high);
    let most = most.map(|it| highest(it.random).max(it.n_known as f64)).fold(1.0, f64::max);
    let scale = Scale { n, most };
    for group in &answer.groups {
        y = curve(&mut sheet, &scale, group, &verdict(answer, group), y);
    }
    let description = format!(
        "Interviews from left to right, in the order of: {}. Bars: {unit} that no earlier \
         interview holds. The line with points: {unit} known so far. The band: how many would be \
         known after as many interviews in 1,000 random orders (5 to 95 %, the dashed line is the \
         median). What is counted: {}.",
        answer.order, answer.counted
    );
    y = sheet.sentence(y, WIDTH, &description);
    let title = format!("New {unit} by interview");
    sheet.finish((WIDTH, y), (title, description), table(answer))
}

/// How interviews and counts become places.
struct Scale {
    n: usize,
    most: f64,
}

impl Scale {
    fn step(&self) -> f64 {
        (WIDTH - LEFT - MARGIN) / self.n as f64
    }

    /// The middle of an interview.
    fn x(&self, at: usize) -> f64 {
        LEFT + self.step() * (at as f64 + 0.5)
    }

    /// How high a count stands.
    fn height(&self, count: f64) -> f64 {
        HEIGHT * count / self.most
    }

    /// Counts that are written at the side: at most six.
    fn ticks(&self) -> Vec<f64> {
        let steps = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0];
        let step = steps.into_iter().find(|step| self.most / step <= 6.0).unwrap_or(self.most);
        let ticks = std::iter::successors(Some(0.0), |at| Some(at + step));
        ticks.take_while(|at| *at <= self.most).collect()
    }
}

/// What is drawn how; where it ends.
fn key(sheet: &mut Sheet, unit: &str) -> f64 {
    let y = MARGIN + 8.0;
    let mut x = MARGIN;
    let texts = [format!("new {unit}"), "known so far".to_owned(), "random orders".to_owned()];
    for (at, text) in texts.iter().enumerate() {
        let middle = (x + 10.0, y);
        match at {
            0 => sheet.rectangle([x, y - 6.0, 20.0, 12.0], Look::filled(Ink::Candidate), ""),
            1 => {
                let look = Look::lined(Ink::Text, 2.0);
                sheet.line((x, y), (x + 20.0, y), look, "");
                sheet.circle(middle, 3.5, Look::filled(Ink::Text), "");
            }
            _ => {
                let band = Look::lined(Ink::Accent, 1.0).on(Ink::Soft);
                sheet.rectangle([x, y - 6.0, 20.0, 12.0], band, "");
                let median = Look::lined(Ink::Accent, 1.5).dashed("5 3");
                sheet.line((x, y), (x + 20.0, y), median, "");
            }
        }
        sheet.text((x + 26.0, y + 4.0), Side::After, (SMALL, Ink::Text), text);
        x += 50.0 + SMALL * ems(text);
    }
    y + 8.0
}

/// The curve of a group; where it ends.
fn curve(
    sheet: &mut Sheet,
    scale: &Scale,
    group: &GroupSaturation,
    verdict: &str,
    mut y: f64,
) -> f64 {
    let n = crate::rendering::info::count(group.interviews.len() as u64, "interview");
    let name = group.group.as_deref().unwrap_or("All that are counted");
    for line in broken(&format!("{name}: {n}"), WIDTH - 2.0 * MARGIN, LETTERS, 2).lines {
        y += LEADING;
        sheet.text((MARGIN, y), Side::After, (LETTERS, Ink::Text), &line);
    }
    let bottom = y + LEADING + HEIGHT;
    for tick in scale.ticks() {
        let at = bottom - scale.height(tick);
        sheet.line((LEFT, at), (WIDTH - MARGIN, at), Look::lined(Ink::Edge, 1.0), "");
        let place = (LEFT - 6.0, at + 4.0);
        sheet.text(place, Side::Before, (SMALL, Ink::Faint), &tick.to_string());
    }
    band(sheet, scale, group, bottom);
    let width = (scale.step() * 0.6).min(28.0);
    let mut known = Vec::new();
    for (at, interview) in group.interviews.iter().enumerate() {
        let told = format!(
            "{}. {}: {} new, {} known so far",
            at + 1,
            interview.transcript,
            interview.n_new,
            interview.n_known
        );
        let (x, high) = (scale.x(at), scale.height(interview.n_new as f64));
        let bar = [x - width / 2.0, bottom - high, width, high];
        sheet.rectangle(bar, Look::filled(Ink::Candidate), &told);
        known.push(((x, bottom - scale.height(interview.n_known as f64)), told));
    }
    let points: Vec<(f64, f64)> = known.iter().map(|(point, _)| *point).collect();
    sheet.path("polyline", &points, Look::lined(Ink::Text, 2.0), "");
    for (point, told) in &known {
        sheet.circle(*point, (scale.step() / 3.0).min(3.5), Look::filled(Ink::Text), told);
    }
    // Numbers that would touch are left out.
    let widest = SMALL * ems(&scale.n.to_string()) + 8.0;
    let every =
        (1..scale.n).find(|&every| scale.step() * every as f64 >= widest).unwrap_or(scale.n);
    for at in (0..group.interviews.len()).filter(|at| at % every == 0) {
        let place = (scale.x(at), bottom + LEADING);
        sheet.text(place, Side::Around, (SMALL, Ink::Faint), &(at + 1).to_string());
    }
    sheet.sentence(bottom + 2.5 * LEADING, WIDTH, verdict) + LEADING
}

/// How many are known in random orders.
fn band(sheet: &mut Sheet, scale: &Scale, group: &GroupSaturation, bottom: f64) {
    let spread = |of: fn(&Spread) -> f64| -> Vec<(f64, f64)> {
        let interviews = group.interviews.iter().enumerate();
        let known = interviews.filter_map(|(at, it)| Some((at, it.random?)));
        known.map(|(at, it)| (scale.x(at), bottom - scale.height(of(&it)))).collect()
    };
    let (low, high) = (spread(|it| it.low), spread(|it| it.high));
    if low.is_empty() {
        return;
    }
    let around: Vec<(f64, f64)> = low.into_iter().chain(high.into_iter().rev()).collect();
    sheet.path("polygon", &around, Look::lined(Ink::Accent, 1.0).on(Ink::Soft), "");
    let median = Look::lined(Ink::Accent, 1.5).dashed("5 3");
    sheet.path("polyline", &spread(|it| it.median), median, "");
}

fn table(answer: &SaturationAnswer) -> Table {
    let mut rows = Vec::new();
    let mut head = Vec::new();
    for group in &answer.groups {
        let of = interviews(answer, group);
        let name = group.group.as_deref().unwrap_or("all");
        head = of.head().to_vec();
        let with_group = |row: &Vec<String>| [&[name.to_owned()], &row[..]].concat();
        rows.extend(of.body().iter().map(with_group));
    }
    let head = std::iter::once("group").chain(head.iter().map(String::as_str));
    let head: Vec<&str> = head.map(|name| if name.is_empty() { "number" } else { name }).collect();
    Table::new(head, rows)
}
