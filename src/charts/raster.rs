//! A picture as PNG, for programs that draw no SVG.
//!
//! It reads what [`Sheet`](super::Sheet) writes and nothing else: rectangles, circles, lines
//! and letters. The letters are of a font that is compiled in, so that a file is the same on
//! every machine; those that it lacks (it has Latin ones) are drawn as empty boxes.

use crate::files::entities;
use quick_xml::events::{BytesStart, Event};
use tiny_skia::{
    Color, FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, StrokeDash, Transform,
};
use ttf_parser::{Face, OutlineBuilder};

/// Atkinson Hyperlegible Next, cut to Latin: the letters of the pages.
const LETTERS: &[u8] = include_bytes!("letters.ttf");
/// Dots of the image for one of the picture, so that it prints sharp enough.
const SCALE: f32 = 2.0;
/// Dots across and down that no image exceeds.
const MOST: f32 = 8_000.0;

/// Draws a picture of this module as PNG.
pub(crate) fn png(svg: &str, (width, height): (f64, f64)) -> Vec<u8> {
    #[expect(clippy::cast_possible_truncation, reason = "a part of a page")]
    let (width, height) = (width as f32, height as f32);
    let scale = SCALE.min(MOST / width).min(MOST / height);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and the most that an image has"
    )]
    let [across, down] = [width, height].map(|it| (it * scale).ceil().max(1.0) as u32);
    let mut drawing = Drawing {
        pixels: Pixmap::new(across, down).expect("an image has a width and a height"),
        moved: vec![Transform::from_scale(scale, scale)],
        letters: Face::parse(LETTERS, 0).expect("the font is a font"),
        text: None,
    };
    let mut reader = quick_xml::Reader::from_str(svg);
    loop {
        match reader.read_event().expect("a picture is well-formed XML") {
            Event::Start(element) => drawing.open(&element),
            Event::Empty(element) => drawing.shape(&element),
            Event::Text(text) => drawing.words(&text),
            Event::GeneralRef(of) => drawing.words(&format!("&{};", &*of)),
            Event::End(element) => drawing.close(element.name().as_ref()),
            Event::Eof => break,
            _ => {}
        }
    }
    drawing.pixels.encode_png().expect("an image in memory is encoded")
}

/// What is drawn so far.
struct Drawing<'f> {
    pixels: Pixmap,
    /// Where the elements around move what is in them, the innermost last.
    moved: Vec<Transform>,
    letters: Face<'f>,
    /// The text element that is open, with its words so far.
    text: Option<(Attributes, String)>,
}

/// The attributes of an element.
struct Attributes(Vec<(String, String)>);

impl Attributes {
    fn of(element: &BytesStart<'_>) -> Self {
        let of = element.attributes().flatten();
        Self(of.map(|it| (it.key.as_ref().to_owned(), it.value.into_owned())).collect())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> f32 {
        self.text(name).and_then(|value| value.parse().ok()).unwrap_or(0.0)
    }

    fn colour(&self, name: &str) -> Option<Color> {
        let digits = self.text(name)?.strip_prefix('#')?;
        let of = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Color::from_rgba8(of[1], of[2], of[3], 255))
    }
}

/// The numbers of a text, whatever stands between them.
fn numbers(text: &str) -> Vec<f32> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.');
    text.split(|c| !is_part(c)).filter_map(|part| part.parse().ok()).collect()
}

impl Drawing<'_> {
    fn here(&self) -> Transform {
        *self.moved.last().expect("the picture itself is scaled")
    }

    fn open(&mut self, element: &BytesStart<'_>) {
        let attributes = Attributes::of(element);
        let moved = match attributes.text("transform").map(numbers).as_deref() {
            Some(&[x, y]) => self.here().pre_translate(x, y),
            Some(&[angle, x, y]) => self.here().pre_concat(Transform::from_rotate_at(angle, x, y)),
            _ => self.here(),
        };
        self.moved.push(moved);
        if element.name().as_ref() == "text" {
            self.text = Some((attributes, String::new()));
        } else {
            self.shape(element);
        }
    }

    fn words(&mut self, words: &str) {
        if let Some((_, text)) = &mut self.text {
            text.push_str(&entities::decode(words));
        }
    }

    fn close(&mut self, name: &str) {
        if name == "text"
            && let Some((attributes, text)) = self.text.take()
        {
            self.write(&attributes, &text);
        }
        self.moved.pop();
    }

    fn shape(&mut self, element: &BytesStart<'_>) {
        let of = Attributes::of(element);
        let mut path = PathBuilder::new();
        match element.name().as_ref() {
            "rect" => {
                let [x, y, width, height] =
                    ["x", "y", "width", "height"].map(|name| of.number(name));
                // Nothing is drawn of a bar of no height.
                let Some(rect) = Rect::from_xywh(x, y, width, height) else { return };
                path.push_rect(rect);
            }
            "circle" => path.push_circle(of.number("cx"), of.number("cy"), of.number("r")),
            "line" => {
                path.move_to(of.number("x1"), of.number("y1"));
                path.line_to(of.number("x2"), of.number("y2"));
            }
            name @ ("polyline" | "polygon") => {
                let points = numbers(of.text("points").unwrap_or_default());
                for (at, point) in points.chunks_exact(2).enumerate() {
                    let to = if at == 0 { PathBuilder::move_to } else { PathBuilder::line_to };
                    to(&mut path, point[0], point[1]);
                }
                if name == "polygon" {
                    path.close();
                }
            }
            _ => return,
        }
        if let Some(path) = path.finish() {
            self.paint(&path, &of);
        }
    }

    fn paint(&mut self, path: &Path, of: &Attributes) {
        let here = self.here();
        let mut paint = Paint::default();
        if let Some(colour) = of.colour("fill") {
            paint.set_color(colour);
            self.pixels.fill_path(path, &paint, FillRule::Winding, here, None);
        }
        if let Some(colour) = of.colour("stroke") {
            paint.set_color(colour);
            let dash = of.text("stroke-dasharray").map(numbers).unwrap_or_default();
            let dash = StrokeDash::new(dash, 0.0);
            let stroke = Stroke { width: of.number("stroke-width"), dash, ..Stroke::default() };
            self.pixels.stroke_path(path, &paint, &stroke, here, None);
        }
    }

    fn write(&mut self, of: &Attributes, text: &str) {
        let size = of.number("font-size") / f32::from(self.letters.units_per_em());
        let glyphs: Vec<_> = text
            .chars()
            .map(|c| self.letters.glyph_index(c).unwrap_or_default())
            .map(|glyph| (glyph, self.letters.glyph_hor_advance(glyph).unwrap_or_default()))
            .collect();
        let width: f32 = glyphs.iter().map(|(_, advance)| f32::from(*advance) * size).sum();
        let is_rtl = of.text("direction") == Some("rtl");
        let before = match of.text("text-anchor") {
            Some("middle") => width / 2.0,
            Some("end") if !is_rtl => width,
            Some("start") if is_rtl => width,
            _ => 0.0,
        };
        let mut outline = Outline {
            path: PathBuilder::new(),
            size,
            at: (of.number("x") - before, of.number("y")),
        };
        for (glyph, advance) in glyphs {
            self.letters.outline_glyph(glyph, &mut outline);
            outline.at.0 += f32::from(advance) * size;
        }
        // White space has no outline.
        if let Some(path) = outline.path.finish() {
            self.paint(&path, of);
        }
    }
}

/// Outlines of letters on their way into a path: upside down, and in their size.
struct Outline {
    path: PathBuilder,
    size: f32,
    at: (f32, f32),
}

impl Outline {
    fn to(&self, x: f32, y: f32) -> (f32, f32) {
        (self.at.0 + x * self.size, self.at.1 - y * self.size)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.to(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.to(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.to(x1, y1), self.to(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.to(x1, y1), self.to(x2, y2), self.to(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Ink, Look, Sheet, Side};
    use super::*;
    use crate::rendering::tables::Table;

    /// The colours of a picture of 100 by 60, with what is drawn on it.
    fn drawn(draw: impl FnOnce(&mut Sheet)) -> Pixmap {
        let mut sheet = Sheet::default();
        draw(&mut sheet);
        let table = Table::new(["a"], Vec::new());
        let picture = sheet.finish((100.0, 60.0), (String::new(), String::new()), table).untitled();
        Pixmap::decode_png(&png(&picture.svg, picture.size)).unwrap()
    }

    fn at(pixels: &Pixmap, x: u32, y: u32) -> [u8; 3] {
        let of = pixels.pixel(x, y).unwrap();
        [of.red(), of.green(), of.blue()]
    }

    const PAPER: [u8; 3] = [255; 3];
    const TEXT: [u8; 3] = [0x1d, 0x23, 0x27];

    #[test]
    fn shapes_stand_where_the_drawing_has_them() {
        let pixels = drawn(|sheet| {
            sheet.rectangle([10.0, 10.0, 20.0, 20.0], Look::filled(Ink::Text), "");
            sheet.circle((60.0, 30.0), 10.0, Look::lined(Ink::Text, 2.0).on(Ink::Paper), "");
            sheet.rectangle([80.0, 10.0, 10.0, 0.0], Look::filled(Ink::Text), "none");
        });
        assert_eq!((pixels.width(), pixels.height()), (200, 120));
        assert_eq!(at(&pixels, 40, 40), TEXT);
        assert_eq!(at(&pixels, 70, 40), PAPER);
        assert_eq!([at(&pixels, 120, 60), at(&pixels, 120, 40)], [PAPER, TEXT]);
        assert_eq!(at(&pixels, 170, 20), PAPER);
    }

    #[test]
    fn words_are_written_from_their_side_and_upwards() {
        // How many columns, and rows, hold ink.
        let inked = |pixels: &Pixmap| {
            let is_ink = |x, y| at(pixels, x, y) != PAPER;
            let columns = (0..200).filter(|&x| (0..120).any(|y| is_ink(x, y)));
            let rows = (0..120).filter(|&y| (0..200).any(|x| is_ink(x, y)));
            (columns.collect::<Vec<_>>(), rows.count())
        };
        let ink = (12.0, Ink::Text);
        let after = drawn(|sheet| sheet.text((50.0, 40.0), Side::After, ink, "Siân & ŵy"));
        let before = drawn(|sheet| sheet.text((50.0, 40.0), Side::Before, ink, "Siân & ŵy"));
        let upwards = drawn(|sheet| sheet.text_upwards((50.0, 55.0), ink, "Siân"));
        let (columns, rows) = inked(&after);
        assert!(columns[0] >= 100 && columns.len() > 60 && rows < 34, "{columns:?} {rows}");
        assert!(inked(&before).0.iter().all(|&x| x < 101));
        let (columns, rows) = inked(&upwards);
        assert!(columns.len() < 34 && rows > 36, "{columns:?} {rows}");
    }
}
