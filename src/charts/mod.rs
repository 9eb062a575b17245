//! Pictures of answers: an answer comes in, SVG text goes out, and a table that says the
//! same.
//!
//! A [`Picture`] needs nothing else: it is drawn without scripts, has its own colours,
//! and can be told apart in black and white, since every difference is one of shape,
//! size or line as well. A page may set its colours by the classes of its parts
//! (`f-accent`, `s-edge`). Labels are broken where their space ends, by widths that no
//! usual font exceeds, so that they never run into each other.

mod dispersion;
mod map;
mod matrix;
pub(crate) mod raster;
mod saturation;
mod shares;
mod stability;

pub use dispersion::{dispersion, dispersion_in_parts};
pub use map::map;
pub use matrix::{matrix, matrix_in_parts};
pub use saturation::saturation;
pub use shares::{compared, prevalence, reported_in_parts};
pub use stability::stability;

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthChar as _;

use crate::base::one_line;
use crate::rendering::escape;
use crate::rendering::tables::Table;

/// A picture with what it shows in words.
#[derive(Debug, Clone)]
pub struct Picture {
    /// What it is of.
    pub title: String,
    /// How it is read.
    pub description: String,
    /// The picture: a whole SVG file.
    pub svg: String,
    /// How wide and high it is, in pixels.
    pub size: (f64, f64),
    /// The values that are drawn.
    pub table: Table,
    /// What is drawn below its heading, and how high that is.
    body: (String, f64),
}

impl Picture {
    /// A picture with a heading of this height.
    fn whole(
        (title, description): (String, String),
        (width, height): (f64, f64),
        (heading, down): (&str, f64),
        body: String,
        table: Table,
    ) -> Self {
        let size = (width, height + down);
        let (w, h) = (figure(size.0), figure(size.1));
        // What has links in it is no single image for those who hear it.
        let role = if body.contains("<a ") { "group" } else { "img" };
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" \
             height=\"{h}\" role=\"{role}\" font-family=\"{FONTS}\">\n<title>{}</title>\n\
             <desc>{}</desc>\n<rect width=\"{w}\" height=\"{h}\" {}/>\n{heading}<g transform=\"translate(0 {})\">\n{body}</g>\n</svg>\n",
            escape(&title),
            escape(&description),
            Look::filled(Ink::Paper).attributes(),
            figure(down)
        );
        Self { title, description, svg, size, table, body: (body, height) }
    }

    /// The same without its heading, for a page that says below it what it is of.
    #[must_use]
    pub fn untitled(self) -> Self {
        let size = (self.size.0, self.body.1);
        Self::whole((self.title, self.description), size, ("", 0.0), self.body.0, self.table)
    }
}

/// What a part is drawn with: its class, and its colour where no page sets another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ink {
    Paper,
    Text,
    Faint,
    Edge,
    Accent,
    Candidate,
    Soft,
    /// One of several, such as groups.
    Tint(usize),
}

/// The colours of groups: dark enough on white, and those of the pages.
const TINTS: [&str; 6] = ["#0b5d66", "#8a3b12", "#4a3f9e", "#2f6b1f", "#8c1d58", "#1f5490"];

impl Ink {
    fn name_and_colour(self) -> (String, &'static str) {
        let (name, colour) = match self {
            Self::Paper => ("paper", "#ffffff"),
            Self::Text => ("ink", "#1d2327"),
            Self::Faint => ("faint", "#586068"),
            Self::Edge => ("edge", "#c9c3b7"),
            Self::Accent => ("accent", "#0b5d66"),
            Self::Candidate => ("candidate", "#8a5a00"),
            Self::Soft => ("soft", "#d5e6e6"),
            Self::Tint(at) => {
                let at = at % TINTS.len();
                return (format!("t{at}"), TINTS[at]);
            }
        };
        (name.to_owned(), colour)
    }

    /// The ink of a theme of the researcher's, or of a candidate.
    fn of_theme(is_accepted: bool) -> Self {
        if is_accepted { Self::Accent } else { Self::Candidate }
    }
}

/// How a shape is painted.
#[derive(Debug, Clone, Copy)]
struct Look {
    fill: Option<Ink>,
    line: Option<(Ink, f64)>,
    /// The dashes of the line; none if it is whole.
    dash: &'static str,
}

impl Look {
    fn filled(ink: Ink) -> Self {
        Self { fill: Some(ink), line: None, dash: "" }
    }

    fn lined(ink: Ink, width: f64) -> Self {
        Self { fill: None, line: Some((ink, width)), dash: "" }
    }

    fn dashed(self, dash: &'static str) -> Self {
        Self { dash, ..self }
    }

    fn on(self, fill: Ink) -> Self {
        Self { fill: Some(fill), ..self }
    }

    /// The mark of a theme: full if a person accepted it, hollow if it is a candidate.
    fn of_theme(is_accepted: bool) -> Self {
        let ink = Ink::of_theme(is_accepted);
        if is_accepted { Self::filled(ink) } else { Self::lined(ink, 2.0).on(Ink::Paper) }
    }

    fn attributes(self) -> String {
        let (mut classes, mut colours) = (Vec::new(), String::new());
        match self.fill {
            Some(ink) => {
                let (name, colour) = ink.name_and_colour();
                classes.push(format!("f-{name}"));
                write!(colours, " fill=\"{colour}\"").ok();
            }
            None => colours.push_str(" fill=\"none\""),
        }
        if let Some((ink, width)) = self.line {
            let (name, colour) = ink.name_and_colour();
            classes.push(format!("s-{name}"));
            write!(colours, " stroke=\"{colour}\" stroke-width=\"{}\"", figure(width)).ok();
        }
        if !self.dash.is_empty() {
            write!(colours, " stroke-dasharray=\"{}\"", self.dash).ok();
        }
        format!("class=\"{}\"{colours}", classes.join(" "))
    }
}

/// On which side of its place a label stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// It begins there.
    After,
    /// Its middle is there.
    Around,
    /// It ends there.
    Before,
}

/// The size of letters.
const LETTERS: f64 = 13.0;
/// That of lesser ones.
const SMALL: f64 = 12.0;
/// From one line of text to the next.
const LEADING: f64 = 16.0;
/// What stays free around a picture.
const MARGIN: f64 = 12.0;
/// How high what a picture shows is at most, if it is to fit on a page of paper.
const PAGE: f64 = 720.0;
const FONTS: &str = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

/// What is drawn so far.
#[derive(Debug, Default)]
struct Sheet {
    body: String,
}

impl Sheet {
    /// An element with what it is called when it is pointed at.
    fn element(&mut self, name: &str, place: &str, look: Look, told: &str) {
        let look = look.attributes();
        if told.is_empty() {
            writeln!(self.body, "<{name} {place} {look}/>").ok();
        } else {
            let told = escape(told);
            writeln!(self.body, "<{name} {place} {look}><title>{told}</title></{name}>").ok();
        }
    }

    fn rectangle(&mut self, [x, y, width, height]: [f64; 4], look: Look, told: &str) {
        let [x, y, width, height] = [x, y, width, height].map(figure);
        let place = format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
        self.element("rect", &place, look, told);
    }

    fn circle(&mut self, (x, y): (f64, f64), r: f64, look: Look, told: &str) {
        let place = format!("cx=\"{}\" cy=\"{}\" r=\"{}\"", figure(x), figure(y), figure(r));
        self.element("circle", &place, look, told);
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), look: Look, told: &str) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(figure);
        self.element(
            "line",
            &format!("x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\""),
            look,
            told,
        );
    }

    /// Lines from point to point; `name` is `polyline`, or `polygon` for a closed one.
    fn path(&mut self, name: &str, points: &[(f64, f64)], look: Look, told: &str) {
        let points: Vec<String> =
            points.iter().map(|&(x, y)| format!("{},{}", figure(x), figure(y))).collect();
        self.element(name, &format!("points=\"{}\"", points.join(" ")), look, told);
    }

    fn text(&mut self, (x, y): (f64, f64), side: Side, (size, ink): (f64, Ink), text: &str) {
        self.written((x, y), side, (size, ink), text, "");
    }

    /// A label that is read upwards.
    fn text_upwards(&mut self, (x, y): (f64, f64), (size, ink): (f64, Ink), text: &str) {
        let turned = format!(" transform=\"rotate(-90 {} {})\"", figure(x), figure(y));
        self.written((x, y), Side::After, (size, ink), text, &turned);
    }

    fn written(
        &mut self,
        (x, y): (f64, f64),
        side: Side,
        (size, ink): (f64, Ink),
        text: &str,
        more: &str,
    ) {
        let is_rtl = is_right_to_left(text);
        // The start of a text that is read from the right is its right end.
        let anchor = match (side, is_rtl) {
            (Side::Around, _) => "middle",
            (Side::After, false) | (Side::Before, true) => "start",
            (Side::Before, false) | (Side::After, true) => "end",
        };
        let direction = if is_rtl { " direction=\"rtl\"" } else { "" };
        writeln!(
            self.body,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{anchor}\"{direction}{more} {}>{}</text>",
            figure(x),
            figure(y),
            figure(size),
            Look::filled(ink).attributes(),
            escape(text)
        )
        .ok();
    }

    /// Begins what a link or a title stands for; to be ended by [`close`](Self::close).
    fn open(&mut self, link: Option<&str>, told: &str) {
        match link {
            Some(link) => write!(self.body, "<a href=\"{}\">", escape(link)).ok(),
            None => write!(self.body, "<g>").ok(),
        };
        if !told.is_empty() {
            write!(self.body, "<title>{}</title>", escape(told)).ok();
        }
    }

    fn close(&mut self, link: Option<&str>) {
        writeln!(self.body, "{}", if link.is_some() { "</a>" } else { "</g>" }).ok();
    }

    /// Lines of a label, the first one at `y`; who points at a label that is cut is told
    /// all of it.
    fn lines(&mut self, (x, y): (f64, f64), side: Side, of: &Broken) {
        self.open(None, if of.is_cut { &of.all } else { "" });
        for (at, line) in of.lines.iter().enumerate() {
            self.text((x, y + LEADING * at as f64), side, (LETTERS, Ink::Text), line);
        }
        self.close(None);
    }

    /// A sentence below a picture, in as many lines as it needs; where the next one may
    /// begin.
    fn sentence(&mut self, y: f64, width: f64, text: &str) -> f64 {
        let of = broken(text, width - 2.0 * MARGIN, SMALL, usize::MAX);
        for (at, line) in of.lines.iter().enumerate() {
            let y = y + LEADING * at as f64;
            self.text((MARGIN, y), Side::After, (SMALL, Ink::Faint), line);
        }
        y + LEADING * of.lines.len() as f64
    }

    /// The whole picture.
    fn finish(
        self,
        (width, height): (f64, f64),
        (title, description): (String, String),
        table: Table,
    ) -> Picture {
        // A file is looked at without the page that says what it is of.
        let head = broken(&title, width - 2.0 * MARGIN, LETTERS, 4);
        let mut above = Self::default();
        above.lines((MARGIN, MARGIN + 10.0), Side::After, &head);
        let heading = (above.body.as_str(), head.height() + 8.0);
        Picture::whole((title, description), (width, height), heading, self.body, table)
    }
}

/// A number of a drawing: two digits after the point are finer than any screen.
fn figure(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A label in lines.
struct Broken {
    lines: Vec<String>,
    all: String,
    is_cut: bool,
}

impl Broken {
    fn height(&self) -> f64 {
        LEADING * self.lines.len() as f64
    }
}

/// Breaks a label into at most `most` lines of at most `width`, between words where it can
/// be; what does not fit is left out at the end, with `…`.
fn broken(text: &str, width: f64, size: f64, most: usize) -> Broken {
    let room = width / size;
    let all = one_line(text);
    let mut lines: Vec<String> = vec![String::new()];
    for word in all.split(' ') {
        let last = lines.last_mut().expect("there is a line from the start");
        let gap = if last.is_empty() { 0.0 } else { ems(" ") };
        if ems(last) + gap + ems(word) <= room {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
            continue;
        }
        // A word that no line holds is broken; any other begins a line.
        if !last.is_empty() {
            lines.push(String::new());
        }
        for part in word.graphemes(true) {
            let last = lines.last_mut().expect("there is a line from the start");
            if !last.is_empty() && ems(last) + ems(part) > room {
                lines.push(part.to_owned());
            } else {
                last.push_str(part);
            }
        }
    }
    let is_cut = lines.len() > most;
    if is_cut {
        lines.truncate(most.max(1));
        let last = lines.last_mut().expect("one line at least is left");
        *last = cut(&format!("{last}…"), width, size);
    }
    Broken { lines, all, is_cut }
}

/// A text as far as it fits, with `…` if it does not.
fn cut(text: &str, width: f64, size: f64) -> String {
    let room = width / size;
    if ems(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for part in text.trim_end_matches('…').graphemes(true) {
        if ems(&kept) + ems(part) + ems("…") > room {
            break;
        }
        kept.push_str(part);
    }
    format!("{}…", kept.trim_end())
}

/// How wide a text is at most, in the size of its letters, in the fonts that are used.
fn ems(text: &str) -> f64 {
    let of = |c: char| match c.width() {
        None | Some(0) => 0.0,
        Some(2..) => 1.05,
        _ if c == ' ' => 0.35,
        _ if "ijl.,:;'’|!ıíì".contains(c) => 0.33,
        _ if "frt()[]-/“”".contains(c) => 0.5,
        _ if "mwMW@%&–—…ŵŴ".contains(c) => 1.0,
        _ if c.is_uppercase() => 0.79,
        _ if c.is_ascii_lowercase() || c.is_ascii_digit() => 0.64,
        _ => 0.72,
    };
    text.chars().map(of).sum()
}

/// Whether the first letter that has a direction is read from the right.
fn is_right_to_left(text: &str) -> bool {
    let first = text.chars().find(|c| c.is_alphabetic());
    first.is_some_and(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

/// A theme as pictures name it: a candidate has a number, a theme a name.
fn named(id: usize, label: &str, is_accepted: bool) -> String {
    if is_accepted { label.to_owned() } else { format!("{id}. {label}") }
}

/// `12 passages`.
fn passages(n: usize) -> String {
    crate::rendering::info::count(n as u64, "passage")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Reads a picture as what draws it does: names and attributes of its elements.
    pub(crate) fn elements(svg: &str) -> Vec<(String, Vec<(String, String)>)> {
        let mut reader = quick_xml::Reader::from_str(svg);
        let mut found = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Start(e) | quick_xml::events::Event::Empty(e) => {
                    let attribute = |it: quick_xml::events::attributes::Attribute<'_>| {
                        (it.key.as_ref().to_owned(), it.value.into_owned())
                    };
                    let name = e.name().as_ref().to_owned();
                    found.push((name, e.attributes().map(|it| attribute(it.unwrap())).collect()));
                }
                quick_xml::events::Event::Eof => return found,
                _ => {}
            }
        }
    }

    /// A number of an element.
    pub(crate) fn number(of: &[(String, String)], name: &str) -> f64 {
        let (_, value) = of.iter().find(|(known, _)| known == name).unwrap();
        value.parse().unwrap()
    }

    #[test]
    fn a_label_keeps_to_its_room_and_all_of_it_is_told() {
        let room = |text: &str, most| broken(text, 100.0, 10.0, most);
        assert_eq!(room("one two three four five", 9).lines, ["one two three", "four five"]);
        let town = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch";
        for line in room(town, 9).lines {
            assert!(ems(&line) <= 10.0, "{line}");
        }
        let of = room(town, 2);
        assert!(of.is_cut && of.lines.len() == 2 && of.lines[1].ends_with('…'), "{:?}", of.lines);
        assert!(of.lines.iter().all(|line| ems(line) <= 10.0));
        assert_eq!(room("", 2).lines, [""]);
    }

    #[test]
    fn a_text_that_is_read_from_the_right_ends_where_others_begin() {
        let mut sheet = Sheet::default();
        sheet.text((10.0, 20.0), Side::After, (SMALL, Ink::Text), "السيارة <b>");
        let expected = "<text x=\"10\" y=\"20\" font-size=\"12\" text-anchor=\"end\" direction=\"rtl\" \
                        class=\"f-ink\" fill=\"#1d2327\">السيارة &lt;b&gt;</text>\n";
        assert_eq!(sheet.body, expected);
    }

    #[test]
    fn figures_are_short() {
        assert_eq!([0.0, -0.001, 12.0, 1.005, 2.71649].map(figure), ["0", "0", "12", "1", "2.72"]);
    }
}
