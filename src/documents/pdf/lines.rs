//! Lines of a page in the order in which people read them.
//!
//! The [`Glyph`]s of a page come in, in any order; its lines go out. Characters at one height
//! are a line, a gap as wide as a space is one, and a gap between lines as wide as between
//! paragraphs is an empty line. Two columns of running text are read one after the
//! other; a narrow one of names stays beside what they say. Text that runs another way, as a
//! note on the margin, comes last.

use std::collections::BTreeMap;

use super::glyphs::Glyph;

/// From which share of the size of a font a gap parts words.
const SPACE: f64 = 0.17;
/// From which one it parts stretches of a line.
const WIDE: f64 = 1.0;
/// How far characters of one line may stand above each other, as a share of their size.
const SAME_LINE: f64 = 0.55;
/// The fewest lines of each of two columns.
const MIN_COLUMN_LINES: usize = 8;
/// The fewest words of each of two cells beside each other that are no name or time.
const MIN_CELL_WORDS: usize = 3;
/// The lines at the end of a page that may stand on every page.
const FOOT_LINES: usize = 2;

/// The lines of a page.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) text: Vec<String>,
    /// Whether they stood in two columns.
    pub(super) has_columns: bool,
    /// Whether many are cells of a table beside each other.
    pub(super) has_cells: bool,
}

/// Characters beside each other, as they were drawn.
struct Stretch {
    text: String,
    start: f64,
    end: f64,
    height: f64,
    size: f64,
}

/// Reads the lines of a page.
pub(super) fn lines_of(glyphs: Vec<Glyph>) -> Lines {
    let mut directions: BTreeMap<i32, Vec<Glyph>> = BTreeMap::new();
    for glyph in glyphs {
        directions.entry(glyph.direction).or_default().push(glyph);
    }
    let mut directions: Vec<Vec<Glyph>> = directions.into_values().collect();
    directions.sort_by_key(|glyphs| std::cmp::Reverse(glyphs.len()));
    let mut found = Lines::default();
    for glyphs in directions {
        let rows = rows(stretches(glyphs));
        if !found.text.is_empty() && !rows.is_empty() {
            found.text.push(String::new());
        }
        if let Some(gutter) = gutter(&rows) {
            found.has_columns = true;
            add_columns(rows, gutter, &mut found.text);
        } else {
            found.has_cells |= has_cells(&rows);
            add_rows(&rows, &mut found.text);
        }
    }
    found
}

/// Whether in many rows words stand beside words.
fn has_cells(rows: &[Vec<Stretch>]) -> bool {
    let n_cells = |row: &Vec<Stretch>| {
        let is_cell = |it: &&Stretch| it.text.split_whitespace().count() >= MIN_CELL_WORDS;
        row.iter().filter(is_cell).count()
    };
    let n_rows = rows.iter().filter(|row| row.len() > 1 && n_cells(row) > 1).count();
    n_rows >= MIN_COLUMN_LINES && n_rows * 10 >= rows.len() * 3
}

/// Joins characters that were drawn one after the other on one line. One that is drawn twice
/// at nearly one place, so that it looks bold, is one.
fn stretches(glyphs: Vec<Glyph>) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let mut last = None;
    for glyph in glyphs {
        let size = glyph.size.max(0.1);
        let is_twice = |&(start, height): &(f64, f64)| {
            (start - glyph.start).abs() < size * 0.06 && (height - glyph.height).abs() < size * 0.06
        };
        let is_same = found.last().is_some_and(|it| it.text.ends_with(&glyph.text));
        if is_same && last.as_ref().is_some_and(is_twice) {
            continue;
        }
        last = Some((glyph.start, glyph.height));
        let gap = |it: &&mut Stretch| (glyph.start - it.end) / size;
        let open = found.last_mut().filter(|it| (it.height - glyph.height).abs() < size * 0.05);
        match open.filter(|it| (-0.5..WIDE).contains(&gap(it))) {
            Some(open) => {
                if gap(&&mut *open) > SPACE && !open.text.ends_with(' ') && glyph.text != " " {
                    open.text.push(' ');
                }
                open.text.push_str(&glyph.text);
                open.end = open.end.max(glyph.end);
                open.size = open.size.max(size);
            }
            None => found.push(Stretch {
                text: glyph.text,
                start: glyph.start,
                end: glyph.end,
                height: glyph.height,
                size,
            }),
        }
    }
    found.retain(|it| !it.text.trim().is_empty());
    found
}

/// Puts stretches of one height into rows, from top to bottom.
fn rows(mut stretches: Vec<Stretch>) -> Vec<Vec<Stretch>> {
    stretches.sort_by(|a, b| b.height.total_cmp(&a.height).then(a.start.total_cmp(&b.start)));
    let mut rows: Vec<Vec<Stretch>> = Vec::new();
    for stretch in stretches {
        let open = rows.last_mut().filter(|row| {
            let biggest = row.iter().map(|it| it.size).fold(stretch.size, f64::max);
            row[0].height - stretch.height < biggest * SAME_LINE
        });
        match open {
            Some(row) => row.push(stretch),
            None => rows.push(vec![stretch]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.start.total_cmp(&b.start));
        row.dedup_by(|next, it| {
            next.text == it.text && (next.start - it.start).abs() < it.size * 0.15
        });
    }
    rows
}

/// The place between two columns, if a page has them: hardly any row goes over it, and on
/// both sides of it lines are about as wide as there is room.
fn gutter(rows: &[Vec<Stretch>]) -> Option<f64> {
    let all = || rows.iter().flatten();
    let left = all().map(|it| it.start).fold(f64::INFINITY, f64::min);
    let right = all().map(|it| it.end).fold(f64::NEG_INFINITY, f64::max);
    if rows.len() < MIN_COLUMN_LINES {
        return None;
    }
    let crossing = |at: f64| all().filter(|it| it.start < at && at < it.end).count();
    let places = (38..=62).map(|percent| left + (right - left) * f64::from(percent) / 100.0);
    let (n_crossing, at) = places
        .map(|at| (crossing(at), at))
        .min_by_key(|(n, at)| (*n, (at - f64::midpoint(left, right)).abs().to_bits()))?;
    let is_full = |(from, to): (f64, f64)| {
        // Several cells beside each other are a table.
        let mut widths: Vec<f64> = rows
            .iter()
            .filter_map(|row| {
                let mut inside = row.iter().filter(|it| from <= it.start && it.end <= to);
                let first = inside.next()?;
                Some(if inside.next().is_none() { first.end - first.start } else { 0.0 })
            })
            .collect();
        widths.sort_by(f64::total_cmp);
        widths.len() >= MIN_COLUMN_LINES && widths[widths.len() / 2] > (to - from) * 0.65
    };
    let is_column = n_crossing * 10 <= rows.len() && is_full((left, at)) && is_full((at, right));
    is_column.then_some(at)
}

/// Adds two columns, the left one first, between rows that go over both.
fn add_columns(rows: Vec<Vec<Stretch>>, gutter: f64, lines: &mut Vec<String>) {
    let (mut left, mut right): (Vec<Vec<Stretch>>, Vec<Vec<Stretch>>) = (Vec::new(), Vec::new());
    let mut flush = |left: &mut Vec<Vec<Stretch>>, right: &mut Vec<Vec<Stretch>>| {
        add_rows(&std::mem::take(left), lines);
        add_rows(&std::mem::take(right), lines);
    };
    for row in rows {
        if row.iter().any(|it| it.start < gutter && gutter < it.end) {
            flush(&mut left, &mut right);
            left.push(row);
            flush(&mut left, &mut right);
            continue;
        }
        let (before, after): (Vec<_>, Vec<_>) = row.into_iter().partition(|it| it.start < gutter);
        left.extend((!before.is_empty()).then_some(before));
        right.extend((!after.is_empty()).then_some(after));
    }
    flush(&mut left, &mut right);
}

/// Adds rows as lines, with an empty one where a paragraph ends; not beside the last ones, so
/// that talk goes on over what stands at the foot of every page.
fn add_rows(rows: &[Vec<Stretch>], lines: &mut Vec<String>) {
    let gaps = || rows.windows(2).map(|pair| pair[0][0].height - pair[1][0].height);
    let mut sorted: Vec<f64> = gaps().collect();
    sorted.sort_by(f64::total_cmp);
    let usual = sorted.get(sorted.len() / 4).copied().unwrap_or_default();
    let is_paragraph = std::iter::once(false).chain(gaps().map(|gap| gap > usual * 1.4));
    for (at, (row, is_paragraph)) in rows.iter().zip(is_paragraph).enumerate() {
        if is_paragraph && at + FOOT_LINES < rows.len() {
            lines.push(String::new());
        }
        let mut line = String::new();
        let mut end = f64::INFINITY;
        for it in row {
            let is_apart = it.start - end > it.size * SPACE;
            if is_apart && !line.ends_with(' ') && !it.text.starts_with(' ') {
                line.push(' ');
            }
            line.push_str(&it.text);
            end = it.end;
        }
        let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
        lines.push(words.join(" "));
    }
}
