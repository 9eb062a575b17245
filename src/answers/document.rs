//! The report of a study: what people decided, with its evidence.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use super::codebook::StanceAnswer;
use super::quotes::Provenance;
use super::{DispersionAnswer, MapAnswer, SaturationAnswer, ThemeSize, ThemesAnswer, VoicesAnswer};
use crate::base::proportions::Interval;

/// What is written of a report beside its themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Parts {
    /// The methods section.
    pub methods: bool,
    /// The quotes that no theme shows, in an appendix.
    pub further_quotes: bool,
    /// The codebook.
    pub codebook: bool,
    /// Who is quoted under what.
    pub matrix: bool,
    /// The COREQ checklist.
    pub coreq: bool,
}

impl Default for Parts {
    /// All of them.
    fn default() -> Self {
        Self { methods: true, further_quotes: true, codebook: true, matrix: true, coreq: true }
    }
}

/// A picture that a report can hold, if it is a Word file or a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PictureKind {
    /// How many participants are quoted under each theme and code.
    Quoted,
    /// Who says how much of each theme.
    Matrix,
    /// Which themes are alike.
    Map,
    /// What each interview adds.
    Saturation,
    /// Where in each interview a theme is said: one for each theme.
    Dispersion,
}

impl PictureKind {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 5] =
        [Self::Quoted, Self::Matrix, Self::Map, Self::Saturation, Self::Dispersion];
}

/// What a picture is drawn from.
#[derive(Debug, Clone, PartialEq)]
pub enum Drawn {
    /// The themes and codes of the report.
    Quoted,
    /// Themes that are listed, with who says how much of each.
    Matrix(Box<ThemesAnswer>, VoicesAnswer),
    /// How alike themes are that are listed.
    Map(MapAnswer),
    /// What each interview adds.
    Saturation(SaturationAnswer),
    /// Where the theme of this number is said.
    Dispersion(u32, DispersionAnswer),
}

/// Everything that a report shows.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
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
    pub quotes: Vec<CitedQuote>,
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
    /// What is written of it.
    #[serde(skip)]
    pub parts: Parts,
    /// Its pictures.
    #[serde(skip)]
    pub drawn: Vec<Drawn>,
}

/// How much was analysed.
#[derive(Debug, Clone, Default, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Sample {
    /// Transcripts.
    pub n_transcripts: usize,
    /// Participants who speak.
    pub n_participants: usize,
    /// Words that participants say, split at white space.
    pub n_words: usize,
    /// Groups with how many participants each has; empty without groups.
    pub groups: Vec<SampleGroup>,
}

/// A group and how many participants it has.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct SampleGroup {
    /// Its name.
    pub name: String,
    /// Its participants.
    pub n: usize,
}

/// A theme or code with its evidence.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
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
    /// A query for its passages; empty if it has none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rule: String,
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
    /// How many of them are on each side that people put quotations on.
    pub stances: Vec<StanceAnswer>,
    /// The participant with the most quotations, and how many; `None` without any.
    pub largest: Option<(String, usize)>,
    /// Its own quotes, by their places in [`Document::quotes`], pinned ones first.
    pub quotes: Vec<usize>,
}

/// The candidate that a theme was accepted from.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Accepted {
    /// The label under which it was suggested.
    pub label: String,
    /// The version of the suggestion.
    pub version: u32,
    /// Its evidence, as that version lists it; `None` for a part of a candidate, and where
    /// the version is not kept.
    pub size: Option<ThemeSize>,
}

/// How many of all participants.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema, Serialize)]
pub struct Prevalence {
    /// How many.
    pub n: usize,
    /// Of how many.
    pub of: usize,
    /// Wilson's 95 % interval of the share.
    pub interval: Interval,
}

/// How many participants of a group.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct GroupPrevalence {
    /// The group.
    pub name: String,
    /// How many of how many.
    #[serde(flatten)]
    pub prevalence: Prevalence,
}

/// A quote: what one speaker says in a quotation that people keep.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct CitedQuote {
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
    /// Who gave which theme or code.
    pub codings: Vec<GivenCode>,
    /// Whether it is shown first.
    pub is_pinned: bool,
    /// What finds it again.
    pub proof: Proof,
}

/// A code that somebody gave to a quotation.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct GivenCode {
    /// The number of the theme or code.
    pub code: u32,
    /// Who gave it.
    pub coder: String,
}

/// What finds a quote again: the text that it is from, and where it stands there.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct MatrixRow {
    /// The participant.
    pub case: String,
    /// Their group.
    pub group: Option<String>,
    /// By node: how many of their quotations stand under it.
    pub n_quotations: Vec<usize>,
}

/// A note that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
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

impl MemoEntry {
    /// The day on which it was written.
    pub fn day(&self) -> &str {
        self.at.split('T').next().unwrap_or_default()
    }
}

/// A candidate theme that nobody has decided on.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
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

/// Quotes that a theme shows beside those that a person put first.
const N_CHOSEN: usize = 3;

impl Document {
    /// The quotes that stand under a node: those that a person put first, and one each of
    /// further people, three in all. The others stand in an appendix.
    pub fn chosen(&self, node: &Node) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::new();
        for &at in &node.quotes {
            let quote = &self.quotes[at];
            let who = |at: &usize| self.quotes[*at].at.case == quote.at.case;
            let is_new = chosen.len() < N_CHOSEN && !chosen.iter().any(who);
            if quote.is_pinned || is_new {
                chosen.push(at);
            }
        }
        chosen
    }

    /// The quotes of a node that do not stand under it.
    pub fn further(&self, node: &Node) -> Vec<usize> {
        let chosen = self.chosen(node);
        node.quotes.iter().copied().filter(|at| !chosen.contains(at)).collect()
    }

    /// The nodes that have such quotes, with them.
    pub fn further_by_node(&self) -> impl Iterator<Item = (&Node, Vec<usize>)> {
        let further = self.nodes.iter().map(|node| (node, self.further(node)));
        further.filter(|(_, quotes)| !quotes.is_empty())
    }

    /// Whether there is an appendix of quotes.
    pub fn has_further(&self) -> bool {
        self.parts.further_quotes && self.further_by_node().next().is_some()
    }

    /// The node with this number.
    pub fn node(&self, id: u32) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// Whether participants are in groups.
    pub fn has_groups(&self) -> bool {
        !self.sample.groups.is_empty()
    }
}

/// An item of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct CoreqItem {
    /// Its number, 1 to 32.
    pub number: u8,
    /// The domain that it belongs to.
    pub domain: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What to report, in short.
    pub asks: &'static str,
    /// What the data say; `None` where only the researcher can.
    pub answer: Option<String>,
}
