//! The report of a study: what people decided, with its evidence, for a reader
//! who does not have the program.
//!
//! A [`Document`] comes in, made of plain values by `study`; it goes out as
//! Markdown, one HTML page, a Word file, a workbook, tables in CSV, or JSON.
//! Every quote carries where it stands and a [`Proof`], so that
//! [`verify`](crate::report::verify) finds it again. Nothing here reads a clock:
//! the same document gives the same bytes.

pub mod coreq;
pub mod docx;
pub mod html;
pub mod markdown;
pub mod methods;
pub mod tables;
pub mod xlsx;

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Seek, Write};

use serde::Serialize;

use super::answers::Provenance;
use super::info::count;
use super::quotes;
use crate::compare::proportions::Interval;

pub use coreq::CoreqItem;

/// Everything that a report shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// The title.
    pub title: String,
    /// The program and its version.
    pub program: String,
    /// How much was analysed.
    pub sample: Sample,
    /// The methods section, paragraph by paragraph, drafted from the log.
    pub methods: Vec<String>,
    /// Themes and codes, every parent before its children.
    pub nodes: Vec<Node>,
    /// Quotes, in the order of their places.
    pub quotes: Vec<Quote>,
    /// Which participant speaks of which theme or code.
    pub matrix: Vec<MatrixRow>,
    /// Notes that people wrote; empty if they were not asked for.
    pub memos: Vec<MemoEntry>,
    /// Candidate themes that nobody has decided on; empty if they were not asked for.
    pub candidates: Vec<Candidate>,
    /// The COREQ checklist.
    pub coreq: Vec<CoreqItem>,
    /// What the reader must know, such as quotations that were not found again.
    pub notes: Vec<String>,
}

/// How much was analysed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Transcripts.
    pub n_transcripts: usize,
    /// Participants who speak.
    pub n_participants: usize,
    /// Words that participants say, split at white space.
    pub n_words: usize,
    /// Groups with how many participants each has; empty without groups.
    pub groups: Vec<GroupSize>,
}

/// A group and how many participants it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupSize {
    /// Its name.
    pub name: String,
    /// Its participants.
    pub n: usize,
}

/// A theme or code with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Node {
    /// Its number in the codebook.
    pub id: u32,
    /// `theme` or `code`.
    pub kind: &'static str,
    /// How deep it stands, from 0.
    pub depth: usize,
    /// Its name.
    pub name: String,
    /// The names from the root: `Joining > No travel`.
    pub path: String,
    /// What it means.
    pub definition: String,
    /// What it holds.
    pub include: String,
    /// What it does not hold.
    pub exclude: String,
    /// Its colour, such as `#1f77b4`.
    pub color: Option<String>,
    /// The candidate that it was accepted from.
    pub accepted: Option<Accepted>,
    /// Quotations with it or anything under it.
    pub n_quotations: usize,
    /// Quotations with itself.
    pub n_own_quotations: usize,
    /// Participants whose words are quoted under it or anything under it.
    pub prevalence: Prevalence,
    /// The same by group; empty without groups.
    pub groups: Vec<GroupPrevalence>,
    /// The participant with the most quotations, and how many; `None` without any.
    pub largest: Option<(String, usize)>,
    /// Its own quotes, by their places in [`Document::quotes`], pinned ones first.
    pub quotes: Vec<usize>,
}

/// The candidate that a theme was accepted from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// The label under which it was suggested.
    pub label: String,
    /// The version of the suggestion.
    pub version: u32,
    /// Passages that the candidate was made of.
    pub n_passages: usize,
    /// Participants who say them.
    pub n_participants: usize,
}

/// How many of all participants.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Prevalence {
    /// How many.
    pub n: usize,
    /// Of how many.
    pub of: usize,
    /// Wilson's 95 % interval of the share.
    pub interval: Interval,
}

/// How many participants of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupPrevalence {
    /// The group.
    pub name: String,
    /// How many of how many.
    #[serde(flatten)]
    pub prevalence: Prevalence,
}

/// A quote: what one speaker says in a quotation that people keep.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quote {
    /// The number of the quotation.
    pub quotation: u32,
    /// Who says it and where.
    #[serde(flatten)]
    pub at: Provenance,
    /// The speaker's words, verbatim; `[…]` for what others say in between.
    pub text: String,
    /// The numbers of its themes and codes.
    pub codes: Vec<u32>,
    /// Who coded it.
    pub coders: Vec<String>,
    /// Whether it is shown first.
    pub is_pinned: bool,
    /// What finds it again.
    pub proof: Proof,
}

/// What finds a quote again: the text that it is from, and where it stands there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The first eight digits of the checksum of the transcript's plain text.
    pub checksum: String,
    /// The first character, and the one after the last, of the quotation:
    /// Unicode scalar values of the plain text, from 0.
    pub chars: [usize; 2],
}

impl Proof {
    /// How many digits of a checksum it shows.
    pub const DIGITS: usize = 8;
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}-{}", self.checksum, self.chars[0], self.chars[1])
    }
}

/// What a participant speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixRow {
    /// The participant.
    pub case: String,
    /// Their group.
    pub group: Option<String>,
    /// By node: how many of their quotations stand under it.
    pub n_quotations: Vec<usize>,
}

/// A note that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemoEntry {
    /// What it is about, for people.
    pub about: String,
    /// The note.
    pub text: String,
    /// Who wrote it.
    pub coder: String,
    /// When, in UTC (RFC 3339).
    pub at: String,
}

/// A candidate theme that nobody has decided on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// The number under which it is listed.
    pub id: usize,
    /// The label that it was given.
    pub label: String,
    /// How many participants speak of it.
    pub prevalence: Prevalence,
    /// How many passages.
    pub n_passages: usize,
}

/// What of the report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Contents {
    /// All of it.
    Report,
    /// Quotes; in a table, a row a quote and code.
    Quotes,
    /// A row a theme or code, with its definition.
    Codebook,
    /// A row a participant, a column a theme or code, 1 where they speak of it.
    Matrix,
}

/// A kind of file that a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A Word file.
    Docx,
    /// One HTML page.
    Html,
    /// Markdown.
    Md,
    /// A workbook.
    Xlsx,
    /// A table.
    Csv,
    /// All values.
    Json,
}

impl FileKind {
    /// The kind of file with this ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        Some(match ending.to_lowercase().as_str() {
            "docx" => Self::Docx,
            "html" | "htm" => Self::Html,
            "md" | "markdown" => Self::Md,
            "xlsx" => Self::Xlsx,
            "csv" => Self::Csv,
            "json" => Self::Json,
            _ => return None,
        })
    }

    /// Whether it can hold these contents alone.
    pub fn holds(self, contents: Contents) -> bool {
        match contents {
            Contents::Report => self != Self::Csv,
            _ => matches!(self, Self::Md | Self::Csv),
        }
    }

    /// What it holds if nothing is said.
    pub fn usual(self) -> Contents {
        if self == Self::Csv { Contents::Quotes } else { Contents::Report }
    }
}

/// Writes a report as a kind of file that [`holds`](FileKind::holds) the contents.
///
/// # Errors
/// If the writer fails.
pub fn write_document(
    out: &mut (impl Write + Seek + Send),
    document: &Document,
    kind: FileKind,
    contents: Contents,
) -> io::Result<()> {
    match (kind, contents) {
        (FileKind::Docx, _) => docx::write_docx(out, document),
        (FileKind::Html, _) => html::write_html(out, document),
        (FileKind::Xlsx, _) => xlsx::write_xlsx(out, document),
        (FileKind::Json, _) => super::write_json(out, document),
        (FileKind::Csv, contents) => tables::write_csv(out, document, contents),
        (FileKind::Md, Contents::Report) => markdown::write_markdown(out, document),
        (FileKind::Md, Contents::Quotes) => markdown::write_quotes(out, document),
        (FileKind::Md, Contents::Codebook) => markdown::write_codebook(out, document),
        (FileKind::Md, Contents::Matrix) => markdown::write_matrix(out, document),
    }
}

impl Document {
    /// The node with this number.
    fn node(&self, id: u32) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// Whether participants are in groups.
    fn has_groups(&self) -> bool {
        !self.sample.groups.is_empty()
    }
}

impl Quote {
    /// Where it comes from with its proof, in brackets:
    /// `(P07, leaders, lines 112–118, 00:21:40; proof 3f2a91c0:1234-1456)`.
    fn source(&self) -> String {
        format!("({}; proof {})", quotes::provenance(&self.at), self.proof)
    }

    /// Its words in one line: white space is folded, the words are untouched.
    fn words(&self) -> String {
        readable(&self.text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
    }
}

/// `7 of 16 participants (44 %, 95 % interval 23–67 %)`.
fn prevalence_line(prevalence: &Prevalence) -> String {
    if prevalence.of == 0 {
        return "no participants".to_owned();
    }
    let Prevalence { n, of, interval } = prevalence;
    let share = percent(*n as f64 / *of as f64);
    let word = if *of == 1 { "participant" } else { "participants" };
    format!("{n} of {of} {word} ({share} %, 95 % interval {})", interval_cell(interval))
}

/// `23–67 %`.
fn interval_cell(interval: &Interval) -> String {
    format!("{}–{} %", percent(interval.low), percent(interval.high))
}

fn percent(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}

/// `leaders 2 of 4, participants 5 of 12`.
fn groups_cell(groups: &[GroupPrevalence]) -> String {
    let cells = groups
        .iter()
        .map(|group| format!("{} {} of {}", group.name, group.prevalence.n, group.prevalence.of));
    cells.collect::<Vec<_>>().join(", ")
}

/// What a node rests on, for people.
fn evidence_line(node: &Node) -> String {
    let quotations = count(node.n_quotations as u64, "quotation");
    if node.n_quotations == 0 {
        return "No quotation yet.".to_owned();
    }
    let mut parts = vec![format!("{}, {quotations}", prevalence_line(&node.prevalence))];
    if node.groups.len() > 1 {
        parts.push(format!("by group: {}", groups_cell(&node.groups)));
    }
    if let Some((case, n)) = &node.largest
        && node.n_quotations > 1
    {
        parts.push(format!("at most {n} from one person ({case})"));
    }
    if node.prevalence.n == 1 && node.n_quotations > 1 {
        parts.push("one voice".to_owned());
    }
    let line = format!("{}.", parts.join("; "));
    match &node.accepted {
        None => line,
        Some(accepted) => format!(
            "{line} Accepted from the candidate {}, which held {} of {}.",
            accepted.label,
            count(accepted.n_passages as u64, "passage"),
            count(accepted.n_participants as u64, "participant"),
        ),
    }
}

/// Text without the control characters that no page or sheet can hold; each
/// becomes `U+FFFD`.
fn readable(text: &str) -> Cow<'_, str> {
    let is_bad = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    if text.contains(is_bad) { text.replace(is_bad, "\u{fffd}").into() } else { text.into() }
}

#[cfg(test)]
pub(super) mod tests;
