//! The machine-readable answers: a contract with whatever reads them.
//!
//! Scores, weights and shares are rounded to six digits after the point, since
//! logarithms may differ in the last bit between platforms. `lines` count from
//! 1 in the transcript's plain text, both ends included; `highlights` count
//! Unicode scalar values of `text`, half-open.

use serde::{Serialize, Serializer};

use crate::compare::proportions::Interval;
use crate::compare::saturation::Spread;
use crate::terms::evaluation::Side;
use crate::themes::stability::Band;

/// The theme of the codebook that a listed theme is, since a person accepted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AcceptedAnswer {
    /// Its number in the codebook.
    pub code: u32,
    /// Its names from the root.
    pub path: String,
}

/// Who says something and where: what every quotation carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// The transcript's id.
    pub transcript: String,
    /// The case that it is about; `None` for interviewers and others.
    pub case: Option<String>,
    /// The group of the case.
    pub group: Option<String>,
    /// The speaker's label as written.
    pub speaker: String,
    /// `interviewer`, `participant` or `other`.
    pub role: &'static str,
    /// First and last line.
    pub lines: [u32; 2],
    /// When it was said, in milliseconds of the recording.
    pub start_ms: Option<u64>,
}

/// A quote that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// The place in the list, from 1.
    pub rank: usize,
    /// How well it fits; falls with the rank. No unit.
    #[serde(serialize_with = "rounded")]
    pub score: f64,
    /// Who says it and where.
    #[serde(flatten)]
    pub at: Provenance,
    /// When it was over.
    pub end_ms: Option<u64>,
    /// The words, verbatim.
    pub text: String,
    /// What matched in `text`.
    pub highlights: Vec<[usize; 2]>,
    /// What in `text` the speaker did not say: listeners' words, with labels
    /// and times of turns between.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<[usize; 2]>,
    /// Ids of the candidate themes that the passage belongs to.
    pub themes: Vec<usize>,
    /// The talk before it, as far as it was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<ContextAnswer>,
    /// The talk after it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<ContextAnswer>,
    /// Words that tie it to the quote that it is like, strongest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ties: Vec<String>,
}

/// Talk around a quote: a turn, or the part of one that the quote leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContextAnswer {
    /// The speaker's label as written.
    pub speaker: String,
    /// First and last line.
    pub lines: [u32; 2],
    /// The words, verbatim.
    pub text: String,
}

/// The answer of `search`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchAnswer {
    /// The quotes, best first.
    pub hits: Vec<Hit>,
    /// How much matches in all; `None` if the query is ranked, since then
    /// passages come back that hold none of its words.
    pub totals: Option<Totals>,
    /// The parts of the query that are found nowhere.
    pub nowhere: Vec<String>,
    /// Whether the query holds nothing but function words to rank by.
    pub is_empty: bool,
}

/// How much matches a query, whatever of it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// Places in the talk; 0 for a query of fields alone.
    pub n_matches: usize,
    /// Passages.
    pub n_passages: usize,
    /// Cases whose own talk matches.
    pub n_cases: usize,
    /// Cases of the study.
    pub of_cases: usize,
    /// Transcripts.
    pub n_transcripts: usize,
}

/// The answer of `search --kwic`: every match in its context.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Concordance {
    /// The matches in the order asked for.
    pub lines: Vec<ConcordanceLine>,
    /// How much matches in all.
    pub totals: Totals,
    /// By case, in the order of the study; those without a match too.
    pub by_case: Vec<Frequency>,
    /// By group.
    pub by_group: Vec<Frequency>,
    /// Matches in the talk of interviewers and others.
    pub n_of_others: usize,
    /// The parts of the query that are found nowhere.
    pub nowhere: Vec<String>,
}

/// A match in its context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConcordanceLine {
    /// Who says it and where.
    #[serde(flatten)]
    pub at: Provenance,
    /// What the same turn says before it, verbatim.
    pub left: String,
    /// What matched, verbatim.
    pub matched: String,
    /// What the same turn says after it, verbatim.
    pub right: String,
}

/// How often something is said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Frequency {
    /// The case or the group.
    pub name: String,
    /// How often.
    pub n_matches: usize,
    /// How many of its cases say it.
    pub n_cases: usize,
    /// How many cases it has.
    pub of_cases: usize,
    /// Words that its cases say, split at white space.
    pub n_words: usize,
}

impl Frequency {
    /// Matches in a thousand words; 0 if nothing is said.
    pub fn per_thousand(&self) -> f64 {
        1000.0 * self.n_matches as f64 / self.n_words.max(1) as f64
    }
}

/// The answer of `themes`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThemesAnswer {
    /// The candidate themes, the most widespread first.
    pub themes: Vec<ThemeAnswer>,
    /// Every passage of a participant, in the order of the study.
    pub passages: Vec<PassageAnswer>,
    /// Pairs of themes that are spoken of together, the most frequent first.
    pub together: Vec<TogetherAnswer>,
    /// The number under which this suggestion is kept; `None` if it cannot be.
    pub version: Option<u32>,
    /// What the suggestion cannot know, for people.
    pub notes: Vec<String>,
    /// All that is needed to repeat it.
    pub parameters: serde_json::Value,
}

/// A candidate theme.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// How many passages.
    pub n_passages: usize,
    /// How many cases speak of it.
    pub n_cases: usize,
    /// How many cases there are.
    pub of_cases: usize,
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
    /// The case without which it is not found again.
    pub hangs_on: Option<String>,
    /// The share of its ten strongest terms that come from the questions.
    #[serde(serialize_with = "rounded")]
    pub from_questions: f64,
    /// What is said for and against; `None` without words of evaluation.
    pub lean: Option<LeanAnswer>,
    /// Typical quotes, from different cases.
    pub quotes: Vec<Hit>,
    /// Quotes that are close to the theme and say otherwise.
    pub apart: Vec<Hit>,
    /// Smaller themes inside this one, numbered from 1; none where it does not
    /// fall apart.
    pub subthemes: Vec<Self>,
}

impl ThemeAnswer {
    /// Whether half of its terms or more come from the questions; of fewer than
    /// four terms nothing is said.
    pub fn restates_guide(&self) -> bool {
        self.terms.len() >= 4 && self.from_questions >= 0.5
    }
}

/// What is said for and against in the passages of a theme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeanAnswer {
    /// The side that outweighs the other beyond chance; `None` if neither does.
    pub leans: Option<Side>,
    /// What is called good.
    pub benefit: SideAnswer,
    /// What is called bad.
    pub drawback: SideAnswer,
}

/// One side of a lean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SideAnswer {
    /// Passages with more words of this side than of the other.
    pub n_passages: usize,
    /// Cases with such a passage.
    pub n_cases: usize,
    /// The words of evaluation that led there, most frequent first.
    pub words: Vec<String>,
    /// Quotes with these words marked, from different cases.
    pub quotes: Vec<Hit>,
}

/// Two themes that are spoken of together.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// The number of its sub-theme in the theme.
    pub subtheme: Option<usize>,
}

/// The answer of `themes --since N`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GrowthAnswer {
    /// The number of the version that this one is compared with.
    pub since: u32,
    /// The number of this version.
    pub version: Option<u32>,
    /// Whether both were asked for in the same way.
    pub is_asked_alike: bool,
    /// Transcripts that are new.
    pub added: Vec<String>,
    /// Transcripts whose text has changed.
    pub changed: Vec<String>,
    /// Transcripts that are gone.
    pub gone: Vec<String>,
    /// How many cases speak in new and changed transcripts.
    pub of_new_cases: usize,
    /// What became of each theme.
    pub changes: Vec<ThemeChange>,
}

/// What became of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GrowthKind {
    /// There was none like it.
    New,
    /// A larger share of the participants speaks of it.
    Stronger,
    /// A smaller share does.
    Weaker,
    /// Neither.
    Held,
    /// It was several themes.
    Merged,
    /// It is several themes now.
    Split,
    /// It is no theme any more.
    Gone,
}

/// A theme by its number and label in its own version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedTheme {
    /// The number.
    pub id: usize,
    /// The label.
    pub label: String,
}

/// How widespread a theme is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Prevalence {
    /// How many cases speak of it.
    pub n_cases: usize,
    /// How many cases there are.
    pub of_cases: usize,
    /// How many passages.
    pub n_passages: usize,
}

/// What became of one theme, with the new interviews' quotes behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThemeChange {
    /// What.
    pub kind: GrowthKind,
    /// Its number now; `None` if it is not listed any more.
    pub id: Option<usize>,
    /// Its label now, or then.
    pub label: String,
    /// The earlier themes that it was.
    pub from: Vec<NamedTheme>,
    /// The themes of now that hold its passages.
    pub into: Vec<NamedTheme>,
    /// How widespread it was.
    pub before: Option<Prevalence>,
    /// How widespread it is.
    pub now: Option<Prevalence>,
    /// Cases of new and changed transcripts that speak of it.
    pub n_new_cases: usize,
    /// Passages of new and changed transcripts.
    pub n_new_passages: usize,
    /// Their quotes.
    pub quotes: Vec<Hit>,
}

/// The answer of `saturation`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SaturationAnswer {
    /// What is counted, for people.
    pub counted: String,
    /// What is counted, in a word: `codes` or `themes`.
    pub unit: &'static str,
    /// By what the interviews are ordered.
    pub order: String,
    /// The rule of the random orders.
    pub base: usize,
    /// Its run.
    pub run: usize,
    /// One of all interviews, and one a group.
    pub groups: Vec<GroupSaturation>,
    /// What the reader must know.
    pub notes: Vec<String>,
}

/// Saturation among the interviews of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupSaturation {
    /// The group; `None` for all interviews.
    pub group: Option<String>,
    /// The interviews in order.
    pub interviews: Vec<InterviewAnswer>,
    /// Where each rule finds saturation.
    pub rules: Vec<RuleAnswer>,
    /// After how many interviews, in random orders; `None` if never, or if there
    /// are too few.
    pub in_random_orders: Option<Spread>,
    /// The share of random orders in which there is saturation.
    #[serde(serialize_with = "rounded")]
    pub share_saturated: f64,
    /// Interviews that are missing for the rule asked for.
    pub n_missing: usize,
}

/// What an interview brings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InterviewAnswer {
    /// The transcript's id.
    pub transcript: String,
    /// How many themes it holds.
    pub n_themes: usize,
    /// How many of them no earlier interview holds.
    pub n_new: usize,
    /// How many are known after it.
    pub n_known: usize,
    /// How many are known after as many interviews in random orders.
    pub random: Option<Spread>,
}

/// Saturation by one rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleAnswer {
    /// Interviews of the base.
    pub base: usize,
    /// Interviews of a run.
    pub run: usize,
    /// The threshold, 0 to 1.
    pub threshold: f64,
    /// After how many interviews, without the run; `None` if not yet.
    pub after: Option<usize>,
    /// The share of new themes in the last run; `None` if there are too few
    /// interviews.
    pub last_ratio: Option<f64>,
}

/// The answer of `compare`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CompareAnswer {
    /// The attribute.
    pub by: String,
    /// Its values, with how many cases that speak have each.
    pub groups: Vec<GroupSize>,
    /// Cases that speak and do not have the attribute; they are left out.
    pub n_without: usize,
    /// What cannot be said, for people.
    pub notes: Vec<String>,
    /// The candidate themes, as they are listed.
    pub themes: Vec<ComparedTheme>,
    /// Pairs of themes that are spoken of together, over all participants.
    pub together: Vec<TogetherAnswer>,
    /// Terms that more people of one group use, group by group.
    pub terms: Vec<ComparedTerm>,
}

/// A group and its size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupSize {
    /// The value of the attribute.
    pub name: String,
    /// How many cases have it.
    pub of_cases: usize,
}

/// A candidate theme in each group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedTheme {
    /// The number under which it is listed.
    pub id: usize,
    /// Its label.
    pub label: String,
    /// One a group.
    pub cells: Vec<GroupCell>,
    /// The differences; none of groups that are too small.
    pub contrasts: Vec<GroupContrast>,
}

/// How many of a group speak of a theme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupCell {
    /// The group.
    pub group: String,
    /// How many of its cases speak of it.
    pub n_cases: usize,
    /// How many it has.
    pub of_cases: usize,
    /// Wilson's 95 % interval of the share.
    pub interval: Interval,
    /// Typical quotes of its cases.
    pub quotes: Vec<Hit>,
}

/// A difference between a group and another, or all others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupContrast {
    /// The group.
    pub group: String,
    /// The other group, or `all others`.
    pub against: String,
    /// The share of the first minus that of the second, -1 to 1.
    #[serde(serialize_with = "rounded")]
    pub difference: f64,
    /// Newcombe's 95 % interval of the difference.
    pub interval: Interval,
    /// Fisher's exact test, two-sided.
    #[serde(serialize_with = "rounded")]
    pub p: f64,
    /// `p` adjusted over all differences shown (Benjamini and Hochberg).
    #[serde(serialize_with = "rounded")]
    pub q: f64,
}

/// A term that more people of one group use than of the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedTerm {
    /// The group that uses it more.
    pub group: String,
    /// The term as spoken.
    pub term: String,
    /// How many cases of the group use it.
    pub n_cases: usize,
    /// How many cases the group has.
    pub of_cases: usize,
    /// How many others use it.
    pub n_others: usize,
    /// How many others there are.
    pub of_others: usize,
    /// Fisher's exact test of who uses it, two-sided, for one term alone.
    #[serde(serialize_with = "rounded")]
    pub p: f64,
    /// The z-score of its log-odds over words.
    #[serde(serialize_with = "rounded")]
    pub z: f64,
    /// The log-likelihood over words.
    #[serde(serialize_with = "rounded")]
    pub log_likelihood: f64,
}

/// Rounds to six digits after the point.
pub fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn rounded<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(round(*value))
}

#[expect(clippy::ref_option, reason = "serde asks for a reference")]
fn rounded_or_none<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    value.map(round).serialize(serializer)
}
