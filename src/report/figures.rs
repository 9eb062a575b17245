//! The pictures of a report, numbered in the order in which they stand.

use crate::answers::document::{Document, Drawn, Node};
use crate::charts::{self, Picture};
use crate::rendering::tables::Table;

/// What the program finds, and people did not choose.
const FOUND: &str = "Passages that the program takes for evidence by their own words. \
                     Themes that people accepted are filled; candidates, which the program \
                     proposes, are hollow.";

/// A picture of a report with its number.
pub(super) struct Figure {
    /// From 1.
    pub(super) number: usize,
    /// What it is of, and whose finding that is.
    pub(super) caption: String,
    /// It, in parts of which each fits on a page.
    pub(super) parts: Vec<Picture>,
    /// The values that are drawn; `None` where the report has them beside it.
    pub(super) table: Option<Table>,
    /// The theme under which it stands, by its number; `None` at a glance of all.
    node: Option<u32>,
}

impl Figure {
    /// What stands below a part: `Figure 2 (part 1 of 3)`.
    pub(super) fn label(&self, part: usize) -> String {
        match self.parts.len() {
            1 => format!("Figure {}", self.number),
            n => format!("Figure {} (part {} of {n})", self.number, part + 1),
        }
    }
}

/// All pictures of a report.
pub(super) struct Figures(Vec<Figure>);

impl Figures {
    pub(super) fn of(document: &Document) -> Self {
        let mut drawn: Vec<(Option<u32>, &Drawn)> = Vec::new();
        for it in &document.drawn {
            match it {
                Drawn::Dispersion(code, _) => drawn.push((Some(*code), it)),
                _ => drawn.push((None, it)),
            }
        }
        // Those of themes follow those of all, in the order of the themes.
        let place = |code: u32| document.nodes.iter().position(|node| node.id == code);
        drawn.sort_by_key(|(code, _)| code.map(place));
        let figure = |(number, (node, it)): (usize, (Option<u32>, &Drawn))| {
            let (note, parts) = drawn_parts(document, it);
            let is_beside = matches!(it, Drawn::Quoted);
            let table = parts.first().map(|part| part.table.clone());
            let title = parts.first().map_or("", |part| part.title.as_str());
            Figure {
                number,
                caption: format!("{title}. {note}"),
                table: table.filter(|_| !is_beside),
                parts: parts.into_iter().map(Picture::untitled).collect(),
                node,
            }
        };
        Self((1..).zip(drawn).map(figure).collect())
    }

    /// Those of all themes.
    pub(super) fn of_all(&self) -> impl Iterator<Item = &Figure> {
        self.0.iter().filter(|figure| figure.node.is_none())
    }

    /// Those of one theme.
    pub(super) fn of_node(&self, node: &Node) -> impl Iterator<Item = &Figure> {
        self.0.iter().filter(move |figure| figure.node == Some(node.id))
    }

    /// Those whose values stand in an appendix, with them.
    pub(super) fn tables(&self) -> impl Iterator<Item = (&Figure, &Table)> {
        self.0.iter().filter_map(|figure| Some((figure, figure.table.as_ref()?)))
    }
}

/// The pictures of a report as a page shows them, each with what stands below it.
pub fn previews(document: &Document) -> Vec<(String, Picture)> {
    let of = |figure: Figure| {
        let captions: Vec<String> = (0..figure.parts.len())
            .map(|part| format!("{}. {}", figure.label(part), figure.caption))
            .collect();
        captions.into_iter().zip(figure.parts)
    };
    Figures::of(document).0.into_iter().flat_map(of).collect()
}

/// A picture in parts, and whose finding it is.
fn drawn_parts(document: &Document, drawn: &Drawn) -> (&'static str, Vec<Picture>) {
    match drawn {
        Drawn::Quoted => {
            let note = "Counted from the quotations that people chose.";
            (note, charts::reported_in_parts(document).collect())
        }
        Drawn::Matrix(answer, voices) => (FOUND, charts::matrix_in_parts(answer, voices)),
        Drawn::Map(answer) => (FOUND, vec![charts::map(answer, &|_| None)]),
        Drawn::Saturation(answer) => {
            let note = match answer.unit {
                "codes" => "Counted from the quotations that people coded.",
                _ => "Candidates, which the program proposes: nothing is coded yet.",
            };
            (note, vec![charts::saturation(answer)])
        }
        Drawn::Dispersion(_, answer) => {
            let note = "Passages that the program takes for evidence of this theme, quoted or not.";
            (note, charts::dispersion_in_parts(answer))
        }
    }
}
