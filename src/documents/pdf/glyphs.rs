//! What stands where on a page: the characters that its content draws.
//!
//! A page comes in; [`Glyph`]s in the order in which the file draws them go out. What is
//! invisible counts too: the words under a scan that was recognised are.

use std::collections::BTreeMap;
use std::rc::Rc;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId};

use super::fonts::Font;
use super::{MAX_STREAM, number};

/// How deep drawings may stand in each other.
const MAX_DEPTH: usize = 12;
/// The most drawings and characters of one page.
const MAX_DRAWN: usize = 1_000;
const MAX_GLYPHS: usize = 400_000;
/// How many pages and groups of pages may hold what a page inherits.
const MAX_PARENTS: usize = 30;

/// A character on a page, in the direction in which it is read.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    pub(super) text: String,
    /// Where it begins and ends along its line.
    pub(super) start: f64,
    pub(super) end: f64,
    /// Where its line is: higher up is more.
    pub(super) height: f64,
    /// The size of its font.
    pub(super) size: f64,
    /// The direction of its line, in quarters of a right angle from that of the page.
    pub(super) direction: i32,
}

/// What a page draws.
#[derive(Default)]
pub(super) struct Drawn {
    pub(super) glyphs: Vec<Glyph>,
    /// Whether a picture is among it.
    pub(super) has_picture: bool,
    /// Whether some of it could not be read.
    pub(super) is_cut: bool,
}

/// Reads what a page draws.
pub(super) fn read_page(document: &Document, page: ObjectId) -> Drawn {
    let mut drawing =
        Drawing { document, fonts: BTreeMap::new(), drawn: Drawn::default(), n_forms: 0 };
    let resources = inherited(document, page, b"Resources").and_then(|it| it.as_dict().ok());
    match document.get_page_content_with_limit(page, MAX_STREAM) {
        Ok(content) => drawing.draw(&content, resources, State::default(), 0),
        Err(_) => drawing.drawn.is_cut = true,
    }
    drawing.drawn
}

/// What a page or the group of pages that it is in says.
fn inherited<'d>(document: &'d Document, page: ObjectId, key: &[u8]) -> Option<&'d Object> {
    let mut at = document.get_dictionary(page).ok()?;
    for _ in 0..MAX_PARENTS {
        if let Ok(found) = at.get_deref(key, document) {
            return Some(found);
        }
        at = at.get_deref(b"Parent", document).ok()?.as_dict().ok()?;
    }
    None
}

/// Moves, turns and scales: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`.
#[derive(Debug, Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const NONE: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    fn of(numbers: &[Object]) -> Option<Self> {
        let numbers: Vec<f64> = numbers.iter().filter_map(number).collect();
        numbers.try_into().ok().map(Self)
    }

    fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// First this, then `next`.
    fn then(self, next: Self) -> Self {
        let ([a, b, c, d, e, f], [na, nb, nc, nd, ne, nf]) = (self.0, next.0);
        Self([
            a * na + b * nc,
            a * nb + b * nd,
            c * na + d * nc,
            c * nb + d * nd,
            e * na + f * nc + ne,
            e * nb + f * nd + nf,
        ])
    }
}

/// What holds where content is drawn.
#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character_spacing: f64,
    word_spacing: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            matrix: Matrix::NONE,
            font: None,
            size: 1.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

/// Where text is being drawn.
#[derive(Clone, Copy)]
struct Pen {
    line: Matrix,
    at: Matrix,
}

impl Pen {
    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::shift(x, y).then(self.line);
        self.at = self.line;
    }
}

struct Drawing<'d> {
    document: &'d Document,
    /// Fonts that were read, by where they are in memory: names mean nothing elsewhere.
    fonts: BTreeMap<*const Dictionary, Rc<Font>>,
    drawn: Drawn,
    n_forms: usize,
}

impl<'d> Drawing<'d> {
    fn draw(
        &mut self,
        content: &[u8],
        resources: Option<&'d Dictionary>,
        mut state: State,
        depth: usize,
    ) {
        let read = Content::decode_strict(content);
        self.drawn.is_cut |= read.is_err();
        let operations: Vec<Operation> = match read {
            Ok(read) => read.operations,
            Err(_) => Content::decode_iter(content).map_while(Result::ok).collect(),
        };
        let mut kept: Vec<State> = Vec::new();
        let mut pen = Pen { line: Matrix::NONE, at: Matrix::NONE };
        for Operation { operator, operands } in &operations {
            if self.drawn.glyphs.len() > MAX_GLYPHS {
                self.drawn.is_cut = true;
                return;
            }
            let value = |at: usize| operands.get(at).and_then(number).unwrap_or(0.0);
            match operator.as_str() {
                "q" if kept.len() < MAX_DRAWN => kept.push(state.clone()),
                "Q" => state = kept.pop().unwrap_or(state),
                "cm" => {
                    if let Some(matrix) = Matrix::of(operands) {
                        state.matrix = matrix.then(state.matrix);
                    }
                }
                "BT" => pen = Pen { line: Matrix::NONE, at: Matrix::NONE },
                "Tf" => {
                    state.font = self.font(operands.first(), resources);
                    state.size = value(1);
                }
                "Tc" => state.character_spacing = value(0),
                "Tw" => state.word_spacing = value(0),
                "Tz" => state.stretch = value(0) / 100.0,
                "TL" => state.leading = value(0),
                "Ts" => state.rise = value(0),
                "Td" => pen.next_line(value(0), value(1)),
                "TD" => {
                    state.leading = -value(1);
                    pen.next_line(value(0), value(1));
                }
                "Tm" => {
                    if let Some(line) = Matrix::of(operands) {
                        pen = Pen { line, at: line };
                    }
                }
                "T*" => pen.next_line(0.0, -state.leading),
                "Tj" => self.show(operands, &state, &mut pen),
                "TJ" => {
                    let parts = operands.first().and_then(|it| it.as_array().ok());
                    self.show(parts.map_or(&[], Vec::as_slice), &state, &mut pen);
                }
                "'" => {
                    pen.next_line(0.0, -state.leading);
                    self.show(operands, &state, &mut pen);
                }
                "\"" => {
                    (state.word_spacing, state.character_spacing) = (value(0), value(1));
                    pen.next_line(0.0, -state.leading);
                    self.show(operands.get(2..).unwrap_or_default(), &state, &mut pen);
                }
                "Do" => self.draw_named(operands.first(), resources, &state, depth),
                "BI" | "EI" => self.drawn.has_picture = true,
                _ => {}
            }
        }
    }

    /// The font that a page calls by this name.
    fn font(
        &mut self,
        name: Option<&Object>,
        resources: Option<&'d Dictionary>,
    ) -> Option<Rc<Font>> {
        let font = self.named(b"Font", name, resources)?.as_dict().ok()?;
        let read = || Rc::new(Font::read(font, self.document));
        Some(Rc::clone(self.fonts.entry(std::ptr::from_ref(font)).or_insert_with(read)))
    }

    fn named(
        &self,
        kind: &[u8],
        name: Option<&Object>,
        resources: Option<&'d Dictionary>,
    ) -> Option<&'d Object> {
        let all = resources?.get_deref(kind, self.document).ok()?.as_dict().ok()?;
        all.get_deref(name?.as_name().ok()?, self.document).ok()
    }

    /// Draws a picture, or a drawing that is kept apart.
    fn draw_named(
        &mut self,
        name: Option<&Object>,
        resources: Option<&'d Dictionary>,
        state: &State,
        depth: usize,
    ) {
        let found = self.named(b"XObject", name, resources).and_then(|it| it.as_stream().ok());
        let Some(stream) = found else { return };
        if !matches!(stream.dict.get(b"Subtype").and_then(Object::as_name), Ok(b"Form")) {
            self.drawn.has_picture = true;
            return;
        }
        self.n_forms += 1;
        let content = stream.get_plain_content_with_limit(MAX_STREAM);
        let (Ok(content), true) = (content, depth < MAX_DEPTH && self.n_forms < MAX_DRAWN) else {
            self.drawn.is_cut = true;
            return;
        };
        let mut state = state.clone();
        let matrix = stream.dict.get_deref(b"Matrix", self.document).and_then(Object::as_array);
        if let Some(matrix) = matrix.ok().and_then(|it| Matrix::of(it)) {
            state.matrix = matrix.then(state.matrix);
        }
        let own = stream.dict.get_deref(b"Resources", self.document).and_then(Object::as_dict);
        self.draw(&content, own.ok().or(resources), state, depth + 1);
    }

    /// Draws strings, and moves by the numbers between them.
    fn show(&mut self, parts: &[Object], state: &State, pen: &mut Pen) {
        for part in parts {
            if let Some(back) = number(part) {
                let shift = -back / 1000.0 * state.size * state.stretch;
                pen.at = Matrix::shift(shift, 0.0).then(pen.at);
            } else if let (Ok(bytes), Some(font)) = (part.as_str(), &state.font) {
                for code in font.codes(bytes) {
                    let spacing = if code.is_space { state.word_spacing } else { 0.0 };
                    let width = code.width * state.size + state.character_spacing + spacing;
                    let width = width * state.stretch;
                    self.put(code.text, width, state, pen);
                    pen.at = Matrix::shift(width, 0.0).then(pen.at);
                }
            } else if part.as_str().is_ok_and(|bytes| !bytes.is_empty()) {
                self.drawn.is_cut = true;
            }
        }
    }

    fn put(&mut self, text: String, width: f64, state: &State, pen: &Pen) {
        let [a, b, c, d, e, f] = Matrix::shift(0.0, state.rise).then(pen.at).then(state.matrix).0;
        let along = a.hypot(b);
        if text.is_empty() || !(along > 0.0 && [a, b, c, d, e, f].iter().all(|it| it.is_finite())) {
            return;
        }
        let (across, up) = (a / along, b / along);
        let start = e * across + f * up;
        #[expect(clippy::cast_possible_truncation, reason = "an angle has at most 16 such parts")]
        let direction = (up.atan2(across) / std::f64::consts::FRAC_PI_8).round() as i32;
        self.drawn.glyphs.push(Glyph {
            text,
            start,
            end: start + width * along,
            height: f * across - e * up,
            size: (c.hypot(d) * state.size).abs(),
            direction,
        });
    }
}
