//! Themes as a map: the more alike, the nearer.

use super::{Broken, Ink, LEADING, LETTERS, Look, MARGIN, Picture, SMALL, Sheet, Side};
use super::{broken, ems, named, passages};
use crate::answers::{Band, MapAnswer, MapTheme};
use crate::rendering::layout::decimal;
use crate::rendering::tables::Table;

/// The room that the middles of circles are spread over.
const ROOM: (f64, f64) = (560.0, 360.0);
/// So many themes need all of that.
const MANY: f64 = 12.0;
/// The circle of the theme with most passages.
const LARGEST: f64 = 28.0;
/// The least that can be seen.
const SMALLEST: f64 = 2.0;
/// From a circle to its ring.
const RING: f64 = 4.0;
/// What a line of a label takes, at most.
const LABEL: f64 = 150.0;
/// How often neighbours are moved apart before all of them are.
const N_PUSHES: usize = 500;
/// How often all pairs of directions are turned; ten are enough for a hundred themes.
const N_SWEEPS: usize = 30;

/// Draws themes as circles that are the nearer the more alike the themes are. `link` gives the
/// address of a theme; none where nothing can be opened.
pub fn map(answer: &MapAnswer, link: &dyn Fn(usize) -> Option<String>) -> Picture {
    let mut sheet = Sheet::default();
    let most = answer.themes.iter().map(|theme| theme.n_passages).max().unwrap_or(0).max(1);
    // Few themes need little room.
    let room = (answer.themes.len() as f64 / MANY).clamp(0.4, 1.0);
    let mut boxes: Vec<Labelled> = answer
        .themes
        .iter()
        .zip(scaled(&answer.similarities))
        .map(|(theme, (x, y))| Labelled::new(theme, most, (room * x, room * y)))
        .collect();
    spread(&mut boxes);
    let mut y = key(&mut sheet) + LEADING;
    let edge = |of: &dyn Fn(&Labelled) -> f64| boxes.iter().map(of).fold(f64::INFINITY, f64::min);
    let left = edge(&|it| it.middle.0 - it.width() / 2.0);
    let (top, bottom) = (edge(&Labelled::top), -edge(&|it| -it.bottom()));
    let right = -edge(&|it| -(it.middle.0 + it.width() / 2.0));
    let width = if boxes.is_empty() { 0.0 } else { right - left };
    let whole = (width + 2.0 * MARGIN).max(640.0);
    let start = (whole - width) / 2.0;
    for (theme, it) in answer.themes.iter().zip(&boxes) {
        let link = link(theme.id);
        sheet.open(link.as_deref(), "");
        draw(&mut sheet, theme, it, (it.middle.0 - left + start, it.middle.1 - top + y));
        sheet.close(link.as_deref());
    }
    if !boxes.is_empty() {
        y += bottom - top + LEADING;
    }
    let description = "The larger a circle, the more passages are evidence of it. The nearer two \
                       circles, the more alike the talk; distances are approximate: \
                       not all likenesses fit on paper, and circles are moved apart where \
                       their labels would touch. The table names what is most alike. Full \
                       circles are themes that people accepted; hollow ones are candidates.";
    y = sheet.sentence(y, whole, description);
    let texts = ("Map of themes and candidates".to_owned(), description.to_owned());
    sheet.finish((whole, y), texts, table(answer))
}

/// A circle and the label below it.
struct Labelled {
    middle: (f64, f64),
    r: f64,
    label: Broken,
}

impl Labelled {
    fn new(theme: &MapTheme, most: usize, middle: (f64, f64)) -> Self {
        let share = theme.n_passages as f64 / most as f64;
        let yours = if theme.is_accepted { " (yours)" } else { "" };
        let label = format!("{}{yours}", named(theme.id, &theme.label, theme.is_accepted));
        let r = (LARGEST * share.sqrt()).max(SMALLEST);
        Self { middle, r, label: broken(&label, LABEL, LETTERS, 4) }
    }

    fn width(&self) -> f64 {
        let label = self.label.lines.iter().map(|line| LETTERS * ems(line)).fold(0.0, f64::max);
        label.max(2.0 * (self.r + RING)) + 10.0
    }

    fn top(&self) -> f64 {
        self.middle.1 - self.r - RING - 4.0
    }

    fn bottom(&self) -> f64 {
        self.middle.1 + self.r + RING + 6.0 + self.label.height()
    }

    /// How far two overlap, to the side and upwards; none if they do not.
    fn overlap(&self, other: &Self) -> Option<(f64, f64)> {
        let beside = self.width().midpoint(other.width()) - (self.middle.0 - other.middle.0).abs();
        let above = self.bottom().min(other.bottom()) - self.top().max(other.top());
        (beside > 1e-6 && above > 1e-6).then_some((beside, above))
    }
}

fn draw(sheet: &mut Sheet, theme: &MapTheme, it: &Labelled, middle: (f64, f64)) {
    let mut told = format!(
        "{}: {}, {} of {} participants",
        named(theme.id, &theme.label, theme.is_accepted),
        passages(theme.n_passages),
        theme.n_cases,
        theme.of_cases
    );
    if let Some(band) = theme.band {
        told = format!("{told}, {}", holds(band));
        sheet.circle(middle, it.r + RING, ring(band), "");
    }
    sheet.circle(middle, it.r, Look::of_theme(theme.is_accepted), &told);
    let place = (middle.0, middle.1 + it.r + RING + LEADING);
    sheet.lines(place, Side::Around, &it.label);
}

/// The ring of a theme that is found again as often as this.
fn ring(band: Band) -> Look {
    match band {
        Band::Steady => Look::lined(Ink::Text, 3.0),
        Band::Valid => Look::lined(Ink::Text, 1.2),
        Band::Doubtful => Look::lined(Ink::Text, 1.2).dashed("6 4"),
        Band::Dissolving => Look::lined(Ink::Text, 1.2).dashed("1.5 4"),
    }
}

/// What the ring says.
fn holds(band: Band) -> &'static str {
    match band {
        Band::Steady => "steady",
        Band::Valid => "holds well",
        Band::Doubtful => "its edges are doubtful",
        Band::Dissolving => "falls apart without some people",
    }
}

fn key(sheet: &mut Sheet) -> f64 {
    let y = MARGIN + 8.0;
    let mut x = MARGIN + 8.0;
    for band in [Band::Steady, Band::Valid, Band::Doubtful, Band::Dissolving] {
        sheet.circle((x, y), 8.0, ring(band), "");
        sheet.text((x + 14.0, y + 4.0), Side::After, (SMALL, Ink::Text), holds(band));
        x += 34.0 + SMALL * ems(holds(band));
    }
    y + LEADING
}

/// Moves circles apart until no label touches another: each pair along the shorter way, in
/// the order of the list, so that the same map comes of the same themes.
fn spread(boxes: &mut [Labelled]) {
    loop {
        for _ in 0..N_PUSHES {
            if !push(boxes) {
                return;
            }
        }
        // Too crowded: all of it grows.
        for it in &mut *boxes {
            it.middle = (it.middle.0 * 1.2, it.middle.1 * 1.2);
        }
    }
}

/// Moves each pair apart that overlaps; whether any did.
fn push(boxes: &mut [Labelled]) -> bool {
    let mut is_moved = false;
    for first in 0..boxes.len() {
        for second in first + 1..boxes.len() {
            let Some((beside, above)) = boxes[first].overlap(&boxes[second]) else { continue };
            is_moved = true;
            let (a, b) = (boxes[first].middle, boxes[second].middle);
            let away = |from: f64, to: f64| if to < from { -1.0 } else { 1.0 };
            let by = if beside <= above {
                (away(a.0, b.0) * (beside / 2.0 + 0.5), 0.0)
            } else {
                (0.0, away(a.1, b.1) * (above / 2.0 + 0.5))
            };
            boxes[first].middle = (a.0 - by.0, a.1 - by.1);
            boxes[second].middle = (b.0 + by.0, b.1 + by.1);
        }
    }
    is_moved
}

/// Places whose distances come near to those that likenesses stand for, spread over the
/// room.
///
/// # Formula
/// Classical scaling: with `d² = 2 (1 - s)` and `J = I - 11ᵀ/n`, the two largest
/// eigenvalues `λ` and unit eigenvectors `v` of `-J D² J / 2` give the coordinates
/// `√λ v`. The largest coordinate of each direction is made positive.
///
/// # Source
/// Torgerson (1952), "Multidimensional scaling: I. Theory and method",
/// <https://doi.org/10.1007/BF02288916>.
fn scaled(similarities: &[Vec<f64>]) -> Vec<(f64, f64)> {
    let n = similarities.len();
    let squares = |i: usize, j: usize| 2.0 * (1.0 - similarities[i][j]);
    let row = |i: usize| (0..n).map(|j| squares(i, j)).sum::<f64>() / n as f64;
    let means: Vec<f64> = (0..n).map(row).collect();
    let mean = means.iter().sum::<f64>() / n.max(1) as f64;
    let centered = |i: usize, j: usize| -0.5 * (squares(i, j) - means[i] - means[j] + mean);
    let inner: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| centered(i, j)).collect()).collect();
    let (values, vectors) = eigen(inner);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    let direction = |place: usize| -> Vec<f64> {
        let Some(&at) = order.get(place) else { return vec![0.0; n] };
        let of = vectors.iter().map(|row| row[at] * values[at].max(0.0).sqrt());
        let of: Vec<f64> = of.collect();
        let largest =
            of.iter().copied().fold(0.0, |a: f64, b| if b.abs() > a.abs() + 1e-9 { b } else { a });
        of.into_iter().map(|x| if largest < 0.0 { -x } else { x }).collect()
    };
    let (xs, ys) = (direction(0), direction(1));
    let extent = |of: &[f64]| {
        let (low, high) = of.iter().fold((0.0_f64, 0.0_f64), |(l, h), &x| (l.min(x), h.max(x)));
        (high - low).max(1e-9)
    };
    let scale = (ROOM.0 / extent(&xs)).min(ROOM.1 / extent(&ys));
    // Themes that are all alike have no distances to be shown.
    let scale = if scale.is_finite() && scale < 1e6 { scale } else { 0.0 };
    xs.into_iter().zip(ys).map(|(x, y)| (x * scale, y * scale)).collect()
}

/// Eigenvalues of a symmetric matrix, and the eigenvectors as columns.
///
/// # Source
/// The cyclic method of Jacobi: Golub and Van Loan (2013), "Matrix Computations", 8.5.
fn eigen(mut matrix: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = matrix.len();
    let unit = |at: usize| (0..n).map(|other| f64::from(u8::from(at == other))).collect();
    let mut vectors: Vec<Vec<f64>> = (0..n).map(unit).collect();
    for _ in 0..N_SWEEPS {
        for first in 0..n {
            for second in first + 1..n {
                if matrix[first][second].abs() > 1e-15 {
                    rotate(&mut matrix, &mut vectors, (first, second));
                }
            }
        }
    }
    ((0..n).map(|at| matrix[at][at]).collect(), vectors)
}

/// Turns two directions so that nothing is left between them.
fn rotate(matrix: &mut [Vec<f64>], vectors: &mut [Vec<f64>], (first, second): (usize, usize)) {
    let difference = matrix[second][second] - matrix[first][first];
    let tau = difference / (2.0 * matrix[first][second]);
    let sign = if tau < 0.0 { -1.0 } else { 1.0 };
    let tangent = sign / (tau.abs() + tau.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    let turned = |a: f64, b: f64| (cosine * a - sine * b, sine * a + cosine * b);
    for row in matrix.iter_mut().chain(vectors) {
        (row[first], row[second]) = turned(row[first], row[second]);
    }
    let [upper, lower] = matrix.get_disjoint_mut([first, second]).expect("two rows of it");
    for (a, b) in upper.iter_mut().zip(lower.iter_mut()) {
        (*a, *b) = turned(*a, *b);
    }
}

fn table(answer: &MapAnswer) -> Table {
    let nearest = |at: usize| {
        let others = (0..answer.themes.len()).filter(|&other| other != at);
        let nearest = others.max_by(|&a, &b| {
            answer.similarities[at][a].total_cmp(&answer.similarities[at][b]).then(b.cmp(&a))
        });
        nearest.map_or_else(String::new, |other| {
            let theme = &answer.themes[other];
            let likeness = decimal(answer.similarities[at][other], 2);
            format!("{} ({likeness})", named(theme.id, &theme.label, theme.is_accepted))
        })
    };
    let rows = answer.themes.iter().enumerate().map(|(at, theme)| {
        vec![
            named(theme.id, &theme.label, theme.is_accepted),
            theme.n_passages.to_string(),
            format!("{} of {}", theme.n_cases, theme.of_cases),
            theme.band.map_or("", holds).to_owned(),
            nearest(at),
        ]
    });
    let head = ["Theme or candidate", "Passages", "Participants", "Holds", "Most alike (0 to 1)"];
    Table::new(head, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::tests::{elements, number};

    fn theme(id: usize, n_passages: usize) -> MapTheme {
        MapTheme {
            id,
            label: format!("label of theme {id}, which is long"),
            is_accepted: id == 2,
            n_passages,
            n_cases: 3,
            of_cases: 4,
            band: Some(Band::Doubtful),
        }
    }

    #[test]
    fn distances_that_fit_on_paper_are_kept() {
        // Points at 0, 90 and 180 degrees of a circle: s = 0, 0 and -1, so that distances
        // are √2, √2 and 2.
        let places = scaled(&[vec![1.0, 0.0, -1.0], vec![0.0, 1.0, 0.0], vec![-1.0, 0.0, 1.0]]);
        let distance =
            |a: usize, b: usize| (places[a].0 - places[b].0).hypot(places[a].1 - places[b].1);
        assert!((distance(0, 1) / distance(0, 2) - 2.0_f64.sqrt() / 2.0).abs() < 1e-9);
        assert!((distance(1, 2) / distance(0, 2) - 2.0_f64.sqrt() / 2.0).abs() < 1e-9);
        assert!((distance(0, 2) - ROOM.0).abs() < 1e-6);
    }

    #[test]
    fn eigenvalues_agree_with_a_case_worked_by_hand() {
        // (2 - x)² - 1 = 0.
        let (mut values, vectors) = eigen(vec![vec![2.0, 1.0], vec![1.0, 2.0]]);
        values.sort_by(f64::total_cmp);
        assert!((values[0] - 1.0).abs() < 1e-9 && (values[1] - 3.0).abs() < 1e-9);
        assert!((vectors[0][0].abs() - 0.5_f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn labels_never_touch_though_themes_are_the_same() {
        let n = 24;
        let mut boxes: Vec<Labelled> =
            (0..n).map(|id| Labelled::new(&theme(id, 10), 10, (0.0, 0.0))).collect();
        spread(&mut boxes);
        for (at, it) in boxes.iter().enumerate() {
            assert!(boxes[at + 1..].iter().all(|other| it.overlap(other).is_none()));
        }
    }

    #[test]
    fn areas_are_as_passages_and_all_is_in_the_picture() {
        let answer = MapAnswer {
            themes: vec![theme(1, 40), theme(2, 10), theme(3, 20)],
            similarities: vec![vec![1.0, 0.9, 0.1], vec![0.9, 1.0, 0.2], vec![0.1, 0.2, 1.0]],
        };
        let picture = map(&answer, &|_| None);
        let elements = elements(&picture.svg);
        let (width, height) = (number(&elements[0].1, "width"), number(&elements[0].1, "height"));
        let circles = elements.iter().filter(|(name, of)| {
            name == "circle"
                && of.iter().any(|(_, value)| value == "f-accent" || value == "f-paper s-candidate")
        });
        let areas: Vec<f64> = circles.map(|(_, of)| number(of, "r").powi(2)).collect();
        assert_eq!(areas.len(), 3);
        assert!(
            (areas[0] / areas[1] - 4.0).abs() < 0.02 && (areas[0] / areas[2] - 2.0).abs() < 0.02
        );
        for (name, of) in elements.iter().filter(|(name, _)| name == "circle" || name == "text") {
            let (x, y) = if name == "circle" { ("cx", "cy") } else { ("x", "y") };
            assert!((0.0..=width).contains(&number(of, x)), "{of:?}");
            assert!((0.0..=height).contains(&number(of, y)), "{of:?}");
        }
        assert_eq!(picture.table.rows()[1][4], "label of theme 2, which is long (0.90)");
        assert_eq!(map(&answer, &|_| None).svg, picture.svg);
    }

    #[test]
    fn one_theme_or_none_is_a_map_too() {
        assert!(
            map(&MapAnswer { themes: Vec::new(), similarities: Vec::new() }, &|_| None)
                .svg
                .contains("</svg>")
        );
        let one = MapAnswer { themes: vec![theme(1, 3)], similarities: vec![vec![1.0]] };
        assert!(map(&one, &|_| None).svg.contains("1. label of"));
    }
}
