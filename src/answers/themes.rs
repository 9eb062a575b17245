//! Candidate themes with their evidence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::figures::{Band, rounded, rounded_or_none};
use super::quotes::{Hit, Provenance};
use crate::base::proportions::Interval;

/// The theme of the codebook that a listed theme is, since a person accepted it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct AcceptedAnswer {
    /// Its number in the codebook.
    pub code: u32,
    /// Its names from the root.
    pub path: String,
}

/// The answer of `themes`.
#[derive(Debug, Clone, PartialEq, Default, JsonSchema, Serialize)]
pub struct ThemesAnswer {
    /// The candidate themes, the most widespread first.
    pub themes: Vec<ThemeAnswer>,
    /// Every passage of a participant, in the order of the study.
    pub passages: Vec<PassageAnswer>,
    /// Pairs of themes that are spoken of together, the most frequent first.
    pub together: Vec<TogetherAnswer>,
    /// The number under which this suggestion is kept; `None` if it cannot be.
    pub version: Option<u32>,
    /// How many themes were asked for; `None` if the data chose. It is among the
    /// parameters too.
    #[serde(skip)]
    pub asked: Option<usize>,
    /// What the suggestion cannot know, for people.
    pub notes: Vec<String>,
    /// All that is needed to repeat it.
    pub parameters: serde_json::Value,
    /// Names that a program of the researcher's gave to candidates; the labels stay.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<GivenName>,
    /// The codes that people made and gave to quotations, every parent before its children:
    /// what a coded study starts from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<CodeProgress>,
    /// What no code covers; `None` if nothing is coded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncoded: Option<UncodedTalk>,
}

/// How far a code of people's has come.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct CodeProgress {
    /// Its names from the root: `Joining > No travel`.
    pub code: String,
    /// Its number in the codebook.
    pub code_id: u32,
    /// How deep it stands; 0 at the top.
    pub depth: usize,
    /// Quotations with this code or one under it whose place is certain.
    pub n_quotations: usize,
    /// Cases that speak in them.
    pub n_cases: usize,
    /// Cases of the study that speak as participants.
    pub of_cases: usize,
    /// What is proposed for it; `None` if it has too few quotations of its own to tell.
    pub proposed: Option<ProposedMore>,
}

/// What is proposed for a code and not decided: never part of what is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct ProposedMore {
    /// Passages that carry it more probably than not.
    pub n_passages: usize,
    /// Cases that speak in them and in no quotation with the code.
    pub n_more_cases: usize,
}

/// Passages of participants that no quotation with a code touches.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize)]
pub struct UncodedTalk {
    /// How many.
    pub n_passages: usize,
    /// Of how many.
    pub of_passages: usize,
    /// Transcripts without any quotation with a code, in the order of the study.
    pub transcripts: Vec<String>,
}

/// Evidence of a theme that no code covers.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct UncodedEvidence {
    /// How many passages.
    pub n_passages: usize,
    /// How many cases they are from.
    pub n_cases: usize,
    /// Typical quotes of them, from different cases; none under a code of a theme.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quotes: Vec<Hit>,
}

/// The name that a program gave to a candidate.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct GivenName {
    /// The number of the theme.
    pub theme: usize,
    /// The number of a code under it, if that is named.
    pub code: Option<usize>,
    /// The label that the candidate had.
    pub label: String,
    /// The name.
    pub name: String,
    /// The program.
    pub program: String,
    /// Whether all that the name says is said in the candidate's evidence.
    pub is_in_their_words: bool,
}

/// A candidate theme.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct ThemeAnswer {
    /// The number under which it is listed, from 1.
    pub id: usize,
    /// A name to start from, in words as spoken.
    pub label: String,
    /// Its place in the codebook if a person has accepted it; `None` for a
    /// candidate.
    pub accepted: Option<AcceptedAnswer>,
    /// What sets it apart, strongest first.
    pub terms: Vec<TermAnswer>,
    /// How many passages are evidence of it: their own words say it.
    pub n_passages: usize,
    /// How many cases they are from.
    pub n_cases: usize,
    /// How many of these have one such passage only: what is said in passing may stand there.
    pub n_cases_once: usize,
    /// How many cases there are.
    pub of_cases: usize,
    /// What belongs to it only by what is said around it, and counts for nothing.
    pub in_context: InContext,
    /// The largest share of its passages that one case has.
    #[serde(serialize_with = "rounded")]
    pub largest_share: f64,
    /// The case that has it.
    pub largest_case: String,
    /// Wilson's 95 % interval of the share of cases.
    pub interval: Interval,
    /// How many cases of each group speak of it.
    pub groups: Vec<GroupAnswer>,
    /// Where in the interview it is spoken of: the median over its passages, 0
    /// at the start, 1 at the end.
    #[serde(serialize_with = "rounded")]
    pub position: f64,
    /// Where it is said first, in the order of the study.
    pub first: Option<Provenance>,
    /// Where it is said last.
    pub last: Option<Provenance>,
    /// How much of it is found again when cases are left out (mean Jaccard);
    /// `None` if there are too few.
    #[serde(serialize_with = "rounded_or_none")]
    pub stability: Option<f64>,
    /// What the stability means: `steady`, `valid`, `doubtful`, `dissolving`.
    pub band: Option<Band>,
    /// The cases without each of which, alone, less than half of it is found again, though most
    /// of it is on the whole.
    pub depends_on: Vec<String>,
    /// What the stability is the mean of: how much is found again in each trial, in which some
    /// cases are left out; none if there are too few.
    pub without: Vec<WithoutAnswer>,
    /// The share of its ten strongest terms that come from the questions.
    #[serde(serialize_with = "rounded")]
    pub from_questions: f64,
    /// Typical quotes, from different cases.
    pub quotes: Vec<Hit>,
    /// Quotes that are close to the theme and touch other themes too: what else is
    /// said there.
    pub also_said: Vec<Hit>,
    /// What of its evidence no code of people's covers; `None` if nothing is coded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncoded: Option<UncodedEvidence>,
    /// The candidate codes that it groups, numbered from 1, those that most people say
    /// first; none under a code.
    #[serde(rename = "subthemes")]
    pub codes: Vec<Self>,
}

impl GivenName {
    /// Whether it is the name of this theme, or of a code under it.
    pub fn is_of(&self, theme: usize, code: Option<usize>) -> bool {
        (self.theme, self.code) == (theme, code)
    }
}

/// Cases with evidence that no code covers from which on a theme is worth coding.
const MIN_UNCODED_CASES: usize = 3;

impl ThemeAnswer {
    /// Whether people's codes cover it, but for what one or two say: nothing is left to go
    /// on with. What a person accepted stays open, since it grows.
    pub fn is_covered(&self) -> bool {
        let few = MIN_UNCODED_CASES.min(self.of_cases);
        self.accepted.is_none() && self.uncoded.as_ref().is_some_and(|left| left.n_cases < few)
    }

    /// How many cases were left out at a time to see how stable it is: the fewest and the most;
    /// `None` without trials.
    pub fn left_out(&self) -> Option<[usize; 2]> {
        let sizes = self.without.iter().map(|trial| trial.cases.len());
        Some([sizes.clone().min()?, sizes.max()?])
    }

    /// Whether half of its terms or more come from the questions; of fewer than
    /// four terms nothing is said.
    pub fn restates_guide(&self) -> bool {
        self.terms.len() >= 4 && self.from_questions >= 0.5
    }
}

/// How much of a theme is found again when some cases are left out.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct WithoutAnswer {
    /// The cases: one alone, or several at once where there are more than twenty or very much
    /// talk, so that each is left out once.
    pub cases: Vec<String>,
    /// How like the theme that is found without them is, as far as it is not their own talk
    /// (Jaccard), 0 to 1.
    #[serde(serialize_with = "rounded")]
    pub jaccard: f64,
}

/// Two themes that have more than this in common (Jaccard) are one and the same: at most
/// one can be so like another.
pub const SAME_THEME: f64 = 0.5;

impl WithoutAnswer {
    /// Whether less than half of the theme is found again.
    pub fn is_lost(&self) -> bool {
        self.jaccard < SAME_THEME
    }
}

/// Passages that stand beside the evidence of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize)]
pub struct InContext {
    /// How many.
    pub n_passages: usize,
    /// Cases that have no evidence beside them.
    pub n_cases: usize,
}

/// Two themes that are spoken of together.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct TogetherAnswer {
    /// The ids of both.
    pub themes: [usize; 2],
    /// Passages that belong to both.
    pub n_passages: usize,
    /// Turns, or answers to one question, in which passages of both stand.
    pub n_answers: usize,
    /// Cases that speak of both.
    pub n_cases: usize,
}

/// A term of a theme.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct TermAnswer {
    /// As spoken.
    pub term: String,
    /// How much it sets the theme apart.
    #[serde(serialize_with = "rounded")]
    pub weight: f64,
    /// How many cases use it in the theme.
    pub n_cases: usize,
    /// Whether it mostly follows a question that holds it.
    pub from_questions: bool,
}

/// Prevalence in one group.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct GroupAnswer {
    /// The group's name.
    pub name: String,
    /// How many of its cases speak of the theme.
    pub n_cases: usize,
    /// How many cases it has.
    pub of_cases: usize,
    /// Wilson's 95 % interval of the share.
    pub interval: Interval,
}

/// Where a participant's passage belongs.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct PassageAnswer {
    /// The transcript's id.
    pub transcript: String,
    /// First and last line.
    pub lines: [u32; 2],
    /// The theme's id; `None` if it fits none.
    pub theme: Option<usize>,
    /// How well it fits, 0 to 1.
    #[serde(serialize_with = "rounded")]
    pub weight: f64,
    /// A second theme that it belongs to.
    pub also: Option<usize>,
    /// The candidate codes that it carries, by their theme and their number in it.
    pub codes: Vec<[usize; 2]>,
    /// The themes that it is evidence of, by its own words.
    pub evidence: Vec<usize>,
}

#[cfg(test)]
impl ThemeAnswer {
    /// A candidate that nobody suggested.
    pub(crate) fn invented(id: usize, label: &str) -> Self {
        let (n_cases, of_cases) = (5, 10);
        Self {
            id,
            label: label.to_owned(),
            accepted: None,
            terms: Vec::new(),
            n_passages: 10,
            n_cases,
            n_cases_once: 0,
            of_cases,
            in_context: InContext { n_passages: 0, n_cases: 0 },
            largest_share: 0.2,
            largest_case: "A".to_owned(),
            interval: crate::base::proportions::wilson(n_cases, of_cases),
            groups: Vec::new(),
            position: 0.5,
            first: None,
            last: None,
            stability: None,
            band: None,
            depends_on: Vec::new(),
            without: Vec::new(),
            from_questions: 0.0,
            quotes: Vec::new(),
            also_said: Vec::new(),
            uncoded: None,
            codes: Vec::new(),
        }
    }
}
