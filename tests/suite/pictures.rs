//! Pictures: what is drawn is what is answered, and a file is whole or not there.

use std::fs;

use quick_xml::events::Event;
use serde_json::Value;

use crate::harness::{Folder, interview};

/// An element of a picture with its attributes, and what is told when it is pointed at.
#[derive(Debug, Clone, Default)]
struct Part {
    name: String,
    attributes: Vec<(String, String)>,
    told: String,
}

impl Part {
    fn text(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    #[track_caller]
    fn number(&self, name: &str) -> f64 {
        self.text(name).parse().unwrap_or_else(|_| panic!("no `{name}` in {self:?}"))
    }
}

/// The parts of a picture, read as XML; a title belongs to the element around it.
fn parts(svg: &str) -> Vec<Part> {
    let mut reader = quick_xml::Reader::from_str(svg);
    let (mut parts, mut open): (Vec<Part>, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        let event = reader.read_event().unwrap();
        let is_start = matches!(event, Event::Start(_));
        match event {
            Event::Start(element) | Event::Empty(element) => {
                let attributes = element.attributes().map(Result::unwrap);
                let attributes =
                    attributes.map(|it| (it.key.as_ref().to_owned(), it.value.into_owned()));
                let name = element.name().as_ref().to_owned();
                parts.push(Part { name, attributes: attributes.collect(), told: String::new() });
                if is_start {
                    open.push(parts.len() - 1);
                }
            }
            Event::Text(text) => {
                let is_title = open.last().is_some_and(|&at| parts[at].name == "title");
                if let (true, [.., around, _]) = (is_title, &open[..]) {
                    parts[*around].told += &text;
                }
            }
            Event::End(_) => {
                open.pop();
            }
            Event::Eof => return parts,
            _ => {}
        }
    }
}

/// Draws a picture of a study, and reads it.
#[track_caller]
fn drawn(folder: &Folder, args: &[&str]) -> (String, Vec<Part>) {
    let out = Folder::new();
    let path = out.path().join("picture.svg");
    let mut all = vec!["plot", args[0], path.to_str().unwrap()];
    all.extend(&args[1..]);
    let said = folder.answer(&all);
    assert!(said.starts_with("Wrote "), "{said}");
    let svg = fs::read_to_string(path).unwrap();
    let parts = parts(&svg);
    (svg, parts)
}

fn json(folder: &Folder, args: &[&str]) -> Value {
    serde_json::from_str(&folder.answer(args)).unwrap()
}

#[track_caller]
fn close(drawn: f64, answered: f64) {
    // Places have two digits after the point.
    assert!((drawn - answered).abs() < 0.02, "{drawn} is not {answered}");
}

#[test]
fn dots_bars_and_bands_equal_the_answer() {
    let folder = Folder::sample();
    shares_equal_the_answer(&folder);
    saturation_equals_the_answer(&folder);
    let themes = json(&folder, &["themes", "--format", "json"]);
    matrix_equals_the_answer(&folder, &themes);
    dispersion_equals_the_answer(&folder, &themes);
    map_equals_the_answer(&folder, &themes);
    stability_equals_the_answer(&folder, &themes);
}

fn stability_equals_the_answer(folder: &Folder, themes: &Value) {
    for theme in themes["themes"].as_array().unwrap() {
        let (svg, parts) = drawn(folder, &["stability", "--theme", &theme["id"].to_string()]);
        let bars: Vec<&Part> = parts.iter().filter(|it| it.told.starts_with("without ")).collect();
        let without = theme["without"].as_array().unwrap();
        assert_eq!(bars.len(), without.len());
        let ends: Vec<f64> = (parts.iter().filter(|it| it.name == "line" && it.told.is_empty()))
            .map(|it| it.number("x1"))
            .collect();
        let [left, _, right] = ends[..] else { panic!("{svg}") };
        for (bar, trial) in bars.into_iter().zip(without) {
            let jaccard = trial["jaccard"].as_f64().unwrap();
            assert!(
                (bar.number("width") / (right - left) - jaccard).abs() < 1e-3,
                "{bar:?} {trial}"
            );
            assert!(bar.told.contains(trial["cases"][0].as_str().unwrap()), "{bar:?} {trial}");
        }
    }
    let ran = folder.run(&["plot", "stability", "../x.svg", "--theme", "77"]);
    assert!(ran.err.contains("there is no theme 77 in the list"), "{}", ran.err);
}

fn shares_equal_the_answer(folder: &Folder) {
    let answer = json(folder, &["compare", "--format", "json"]);
    let (_, parts) = drawn(folder, &["shares", "--by", "group"]);
    // The scale, from the marks at 0 and 100 %: lines that go down through all of it.
    let x = |at: &Part| at.number("x1");
    let is_tick = |it: &&Part| it.name == "line" && it.text("x1") == it.text("x2");
    let ticks: Vec<f64> = parts.iter().filter(is_tick).map(x).collect();
    assert_eq!(ticks.len(), 5);
    let (left, width) = (ticks[0], ticks[4] - ticks[0]);
    let mut n_marks = 0;
    for theme in answer["themes"].as_array().unwrap() {
        for (at, cell) in theme["cells"].as_array().unwrap().iter().enumerate() {
            let (n, of) = (cell["n_cases"].as_f64().unwrap(), cell["of_cases"].as_f64().unwrap());
            let start = format!("{}. ", theme["id"]);
            let of_cell = format!("{}: {n} of {of},", cell["group"].as_str().unwrap());
            let is_meant = |it: &&Part| it.told.starts_with(&start) && it.told.contains(&of_cell);
            let marks: Vec<&Part> = parts.iter().filter(is_meant).collect();
            let [interval, mark] = marks[..] else { panic!("{start}{of_cell}: {marks:?}") };
            close(interval.number("x1"), left + width * cell["interval"]["low"].as_f64().unwrap());
            close(interval.number("x2"), left + width * cell["interval"]["high"].as_f64().unwrap());
            // The first group has circles, the second squares.
            let middle = if at == 0 { mark.number("cx") } else { mark.number("x") + 4.5 };
            close(middle, left + width * n / of);
            n_marks += 1;
        }
    }
    assert!(n_marks > 10, "{n_marks}");
}

fn saturation_equals_the_answer(folder: &Folder) {
    let answer = json(folder, &["saturation", "--format", "json"]);
    let (svg, parts) = drawn(folder, &["saturation"]);
    let interviews = answer["groups"][0]["interviews"].as_array().unwrap();
    let told = |name: &str| -> Vec<&Part> {
        parts.iter().filter(|it| it.name == name && it.told.contains(" known so far")).collect()
    };
    let (bars, points) = (told("rect"), told("circle"));
    assert_eq!((bars.len(), points.len()), (interviews.len(), interviews.len()));
    // The first bar stands on the bottom; what is known after one interview is what it holds.
    let bottom = bars[0].number("y") + bars[0].number("height");
    let unit = bars[0].number("height") / interviews[0]["n_new"].as_f64().unwrap();
    let band = parts.iter().find(|it| it.name == "polygon").unwrap().text("points");
    let band: Vec<f64> =
        band.split(' ').map(|it| it.split(',').nth(1).unwrap().parse().unwrap()).collect();
    assert_eq!(band.len(), 2 * interviews.len());
    for (at, interview) in interviews.iter().enumerate() {
        let value = |of: &Value| unit * of.as_f64().unwrap();
        close(bars[at].number("height"), value(&interview["n_new"]));
        close(bottom - points[at].number("cy"), value(&interview["n_known"]));
        close(bottom - band[at], value(&interview["random"]["low"]));
        close(bottom - band[band.len() - 1 - at], value(&interview["random"]["high"]));
    }
    let text = folder.answer(&["saturation"]);
    let verdict = text.lines().nth(1).unwrap().split('(').next().unwrap();
    assert!(svg.contains(verdict.trim()), "{verdict}");
}

fn matrix_equals_the_answer(folder: &Folder, themes: &Value) {
    let (_, parts) = drawn(folder, &["matrix"]);
    // Radius by number of passages: all areas have one scale.
    let mut scale = None;
    for theme in themes["themes"].as_array().unwrap() {
        let id = theme["id"].as_u64().unwrap();
        let of_theme = |it: &&(usize, &Part)| it.1.told.contains(&format!(" of candidate {id} ("));
        let cells: Vec<(usize, &Part)> =
            parts.iter().enumerate().filter(|it| of_theme(&it)).collect();
        assert_eq!(cells.len() as u64, theme["n_cases"].as_u64().unwrap());
        let mut n_passages = 0;
        for (at, cell) in cells {
            let n: u32 =
                cell.told.split(": ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
            n_passages += n;
            let circle = parts[at..].iter().find(|it| it.name == "circle").unwrap();
            let area = circle.number("r").powi(2) / f64::from(n);
            let known = *scale.get_or_insert(area);
            assert!((area - known).abs() < 0.05 * known, "{area} {known}");
        }
        assert_eq!(u64::from(n_passages), theme["n_passages"].as_u64().unwrap());
    }
}

fn dispersion_equals_the_answer(folder: &Folder, themes: &Value) {
    let theme = &themes["themes"][0];
    let (_, parts) = drawn(folder, &["dispersion", "--theme", "1"]);
    let scale = parts.iter().find(|it| it.name == "line").unwrap();
    let (left, right) = (scale.number("x1"), scale.number("x2"));
    let mut places = Vec::new();
    let mut told = Vec::new();
    for (at, part) in parts.iter().enumerate().filter(|(_, it)| it.told.contains(", line")) {
        told.push(part.told.clone());
        places.push((parts[at + 2].number("x1") - left) / (right - left));
    }
    let passages = themes["passages"].as_array().unwrap().iter();
    let said = passages.filter(|it| it["evidence"].as_array().unwrap().contains(&theme["id"]));
    let expected: Vec<String> = said
        .map(|it| {
            let (id, lines) = (it["transcript"].as_str().unwrap(), &it["lines"]);
            if lines[0] == lines[1] {
                format!("{id}, line {}", lines[0])
            } else {
                format!("{id}, lines {}–{}", lines[0], lines[1])
            }
        })
        .collect();
    assert_eq!(told, expected);
    places.sort_by(f64::total_cmp);
    let median = f64::midpoint(places[(places.len() - 1) / 2], places[places.len() / 2]);
    assert!((median - theme["position"].as_f64().unwrap()).abs() < 1e-3, "{median}");
}

fn map_equals_the_answer(folder: &Folder, themes: &Value) {
    let (_, parts) = drawn(folder, &["map"]);
    let themes = themes["themes"].as_array().unwrap();
    let circles: Vec<&Part> =
        parts.iter().filter(|it| it.name == "circle" && !it.told.is_empty()).collect();
    assert_eq!(circles.len(), themes.len());
    for (circle, theme) in circles.iter().zip(themes) {
        let n = |theme: &Value| theme["n_passages"].as_f64().unwrap();
        let areas = (circle.number("r") / circles[0].number("r")).powi(2);
        assert!((areas / (n(theme) / n(&themes[0])) - 1.0).abs() < 0.01, "{}", circle.told);
    }
}

/// Names as people have them, and as nobody should: each is text in a picture, and stays
/// inside it.
#[test]
fn names_of_any_kind_stay_inside_a_picture() {
    let folder = Folder::new();
    for name in ["Ann", "Bea", "Cai", "Dai", "Eli", "Fay"] {
        folder.write(
            &format!("{name}.txt"),
            interview(name, "garden", 12) + &interview(name, "boiler", 12),
        );
    }
    let names = [
        "<script src=\"x\" and others & more",
        "السيارة والطريق إلى المنزل",
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    ];
    let listed = json(&folder, &["themes", "--count", "2", "--format", "json"]);
    let n = listed["themes"].as_array().unwrap().len();
    for (at, name) in names.iter().take(n).enumerate() {
        let id = (at + 1).to_string();
        folder.answer(&["theme", "accept", &id, "--count", "2", "--as", name]);
    }
    for args in [&["matrix"][..], &["shares"], &["map"], &["dispersion", "--theme", "1"]] {
        let (svg, parts) = drawn(&folder, args);
        assert!(!svg.contains("<script"), "{args:?}");
        let (width, height) = (parts[0].number("width"), parts[0].number("height"));
        for text in parts.iter().filter(|it| it.name == "text") {
            assert!((0.0..=width).contains(&text.number("x")), "{args:?} {text:?}");
            assert!((0.0..=height).contains(&text.number("y")), "{args:?} {text:?}");
        }
    }
}

#[test]
fn a_picture_shows_no_name_that_is_hidden() {
    let folder = Folder::new();
    for name in ["Siân", "Bea", "Cai", "Dai", "Eli", "Fay"] {
        folder.write(&format!("{name}.txt"), interview(name, "garden", 12));
    }
    folder.answer(&["pseudonyms", "add", "Siân", "Mair"]);
    for args in [&["matrix"][..], &["shares"], &["saturation"], &["dispersion", "--theme", "1"]] {
        let (svg, _) = drawn(&folder, args);
        assert!(!svg.contains("Siân"), "{args:?}");
    }
}

#[test]
fn no_file_is_written_over_and_none_into_the_study() {
    let (folder, out) = (Folder::sample(), Folder::new());
    let path = out.path().join("themes.svg");
    let path = path.to_str().unwrap();
    folder.answer(&["plot", "shares", path]);
    let first = fs::read(path).unwrap();
    let ran = folder.run(&["plot", "matrix", path]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is a file") && ran.err.contains("--overwrite"), "{}", ran.err);
    assert_eq!(fs::read(path).unwrap(), first);
    folder.answer(&["plot", "matrix", path, "--force"]);
    assert_ne!(fs::read(path).unwrap(), first);
    let inside = folder.path().join("themes.svg");
    let ran = folder.run(&["plot", "shares", inside.to_str().unwrap()]);
    assert!(ran.code == 2 && ran.err.contains("inside the study"), "{}", ran.err);
    for (args, expected) in [
        (&["plot", "shares", "themes.png"][..], "does not end in .svg"),
        (&["plot", "dispersion", path, "--force"], "no theme is named"),
        (&["plot", "dispersion", path, "--force", "--theme", "99"], "there is no theme 99"),
        (&["plot", "map", path, "--force", "--by", "group"], "`--by` means nothing for `plot map`"),
    ] {
        let ran = folder.run(args);
        assert!(ran.code == 2 && ran.err.contains(expected), "{args:?}: {}", ran.err);
    }
}

#[test]
fn the_same_study_gives_the_same_picture_on_any_number_of_threads() {
    let folder = Folder::sample();
    for kind in ["matrix", "shares", "saturation", "map"] {
        let one = drawn(&folder, &[kind, "--threads", "1"]).0;
        assert_eq!(one, drawn(&folder, &[kind, "--threads", "8"]).0, "{kind}");
    }
}
