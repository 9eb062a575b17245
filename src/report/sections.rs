//! The sections of a report and the tables in them, which are the same in every kind of file.

use super::{coreq, groups_cell, meaning_cell};
use crate::answers::document::{Document, Drawn};
use crate::rendering::layout::interval_cell;
use crate::rendering::tables::Table;

/// A section of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Methods,
    Notes,
    Overview,
    Themes,
    Candidates,
    Memos,
    FurtherQuotes,
    Codebook,
    Matrix,
    Figures,
    Coreq,
}

impl Section {
    const ALL: [Self; 11] = [
        Self::Methods,
        Self::Notes,
        Self::Overview,
        Self::Themes,
        Self::Candidates,
        Self::Memos,
        Self::FurtherQuotes,
        Self::Codebook,
        Self::Matrix,
        Self::Figures,
        Self::Coreq,
    ];

    /// The sections that a report has, in order.
    pub(super) fn of(document: &Document) -> impl Iterator<Item = Self> {
        let has_nodes = !document.nodes.is_empty();
        Self::ALL.into_iter().filter(move |section| match section {
            Self::Methods => document.parts.methods,
            Self::Notes => !document.notes.is_empty(),
            Self::Overview | Self::Themes => has_nodes,
            Self::Candidates => !document.candidates.is_empty(),
            Self::Memos => !document.memos.is_empty(),
            Self::FurtherQuotes => document.has_further(),
            Self::Codebook => has_nodes && document.parts.codebook,
            Self::Matrix => has_nodes && !document.matrix.is_empty() && document.parts.matrix,
            Self::Figures => document.drawn.iter().any(|drawn| *drawn != Drawn::Quoted),
            Self::Coreq => document.parts.coreq,
        })
    }

    /// Its identifier, its heading, and its name in a list of contents; without a name it is
    /// not listed.
    pub(super) fn names(self) -> (&'static str, &'static str, Option<&'static str>) {
        match self {
            Self::Methods => ("methods", "Methods", Some("Methods")),
            Self::Notes => ("notes", "Notes", None),
            Self::Overview => ("overview", "Themes at a glance", Some("Themes at a glance")),
            Self::Themes => ("themes", "Themes and quotes", Some("Themes and quotes")),
            Self::Candidates => {
                ("candidates", "Candidates not decided", Some("Candidates not decided"))
            }
            Self::Memos => ("memos", "Memos", Some("Memos")),
            Self::FurtherQuotes => ("quotes", "Appendix: further quotes", Some("Further quotes")),
            Self::Codebook => ("codebook", "Appendix: codebook", Some("Codebook")),
            Self::Matrix => {
                let heading = "Appendix: who is quoted under each theme and code (1: quoted)";
                ("matrix", heading, Some("Who is quoted"))
            }
            Self::Figures => {
                ("figures", "Appendix: the figures as tables", Some("The figures as tables"))
            }
            Self::Coreq => ("coreq", "Appendix: COREQ checklist", Some("COREQ checklist")),
        }
    }
}

/// A row a theme or code: how many participants are quoted under it. `interval` is the heading
/// of the intervals.
pub(super) fn overview(document: &Document, interval: &str) -> Table {
    let by_group = document.has_groups().then_some("By group");
    let head = ["Theme or code", "Participants", interval].into_iter().chain(by_group);
    let rows = document.nodes.iter().map(|node| {
        let mut row = vec![
            node.path.clone(),
            format!("{} of {}", node.prevalence.n, node.prevalence.of),
            interval_cell(node.prevalence.interval),
        ];
        row.extend(by_group.map(|_| groups_cell(&node.groups)));
        row.push(node.n_quotations.to_string());
        row
    });
    Table::new(head.chain(["Quotations"]), rows)
}

/// A row a candidate that nobody has decided on.
pub(super) fn candidates(document: &Document) -> Table {
    let rows = document.candidates.iter().map(|candidate| {
        vec![
            candidate.id.to_string(),
            candidate.label.clone(),
            format!("{} of {}", candidate.prevalence.n, candidate.prevalence.of),
            candidate.n_passages.to_string(),
        ]
    });
    Table::new(["Number", "Candidate", "Participants", "Passages"], rows)
}

/// A row a theme or code: what it means.
pub(super) fn codebook(document: &Document) -> Table {
    let head =
        ["Theme or code", "Kind", "Definition", "Include", "Exclude", "Quotations", "Participants"];
    let rows = document.nodes.iter().map(|node| {
        vec![
            node.path.clone(),
            node.kind.to_owned(),
            meaning_cell(node),
            node.include.clone(),
            node.exclude.clone(),
            node.n_quotations.to_string(),
            node.prevalence.n.to_string(),
        ]
    });
    Table::new(head, rows)
}

/// A row a participant, a column a theme or code: 1 if the participant is quoted under it.
pub(super) fn matrix(document: &Document) -> Table {
    let group = document.has_groups().then_some("Group");
    let paths = document.nodes.iter().map(|node| node.path.as_str());
    let rows = document.matrix.iter().map(|row| {
        let mut cells = vec![row.case.clone()];
        cells.extend(group.map(|_| row.group.clone().unwrap_or_default()));
        cells.extend(row.n_quotations.iter().map(|&n| u8::from(n > 0).to_string()));
        cells
    });
    Table::new(["Participant"].into_iter().chain(group).chain(paths), rows)
}

/// The COREQ checklist.
pub(super) fn checklist(document: &Document) -> Table {
    let rows = document.coreq.iter().map(|item| {
        let number = item.number.to_string();
        vec![number, item.domain.to_owned(), item.name.to_owned(), coreq::cell(item)]
    });
    Table::new(["Item", "Domain", "Topic", "Reported"], rows)
}
