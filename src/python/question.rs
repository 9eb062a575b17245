//! What Python asks of a study, as a value; each answer is the JSON that the command prints.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::advice::remark;
use super::error::Refusal;
use super::wait::Waiting;
use crate::answers::{HideNames, Unshown};
use crate::base::{Diagnostic, Lines, Remedy, Warned};
use crate::codebook::CodeId;
use crate::compare::coders::{AgreementParams, Level};
use crate::compare::interviews::SaturationParams;
use crate::listing::Numbering;
use crate::propose::ProposeParams;
use crate::questions::codebook::QuotationFilter;
use crate::questions::document::DocumentParams;
use crate::rendering::write_json;
use crate::search::answer::{Forms, HitOrder, SearchParams};
use crate::search::concordance::ConcordanceOrder;
use crate::search::similar::{SimilarParams, SimilarTo};
use crate::session::Session;
use crate::study::{Snapshot, StudyError};

/// A question, named as the method that asks it.
#[derive(Debug, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Question {
    Info,
    Themes { count: Option<NonZeroUsize>, afresh: bool },
    Growth { since: u32, count: Option<NonZeroUsize> },
    Unassigned { count: Option<NonZeroUsize> },
    Search { query: String, transcript: Option<String>, limit: usize, context: usize, exact: bool },
    Concordance { query: String, transcript: Option<String>, limit: usize, sort: Sort },
    Similar(Similar),
    Propose { code: Option<String>, transcript: Option<String>, uncoded: bool, limit: usize },
    RejectedProposals,
    Compare { by: String, count: Option<NonZeroUsize> },
    Saturation(Saturation),
    RejectedThemes,
    Rule { code: String, limit: usize },
    Codings { code: Option<String>, stale: bool },
    Memos,
    Codebook,
    Log,
    Report { title: Option<String>, memos: bool, candidates: bool },
    Verify { path: PathBuf },
    Agreement(Agreement),
    ProposalAgreement { coders: Vec<String>, transcripts: Vec<String> },
}

/// The orders of a concordance.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sort {
    Place,
    Left,
    Right,
}

#[derive(Debug, Deserialize)]
pub(super) struct Similar {
    text: Option<String>,
    transcript: Option<String>,
    lines: Option<(u32, u32)>,
    elsewhere: bool,
    from_other_groups: bool,
    limit: usize,
    context: usize,
}

#[derive(Debug, Deserialize)]
pub(super) struct Saturation {
    order: Option<String>,
    by: Option<String>,
    base: usize,
    run: usize,
    candidates: bool,
    count: Option<NonZeroUsize>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Agreement {
    coders: Vec<String>,
    files: Vec<PathBuf>,
    with_suggestion: bool,
    transcripts: Vec<String>,
    by_theme: bool,
}

/// An answer as it goes out.
pub(super) struct Answered {
    pub(super) json: Vec<u8>,
    /// What was left out of it.
    pub(super) warnings: Vec<Diagnostic>,
}

/// Reads a question.
pub(super) fn parse(question: &str) -> Result<Question, Refusal> {
    serde_json::from_str(question).map_err(|error| {
        let problem = in_plain_words(&error);
        refused(&format!("this cannot be asked: {problem}"), "see the method's documentation")
    })
}

/// What is wrong with JSON. Where it stands there means nothing to whoever called a method,
/// nor do the names of Rust's types.
pub(super) fn in_plain_words(error: &serde_json::Error) -> String {
    let problem = error.to_string();
    let problem = problem.split(" at line ").next().unwrap_or_default();
    problem.replace("a nonzero usize", "a whole number from 1").replace("usize", "a whole number")
}

/// A value as the command prints it.
pub(super) fn json(value: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    let mut json = Vec::new();
    write_json(&mut json, value)
        .map_err(|error| Refusal::mistake(Diagnostic::new(error.to_string())))?;
    Ok(json)
}

fn refused(problem: &str, advice: &str) -> Refusal {
    Refusal::mistake(Diagnostic::new(problem).with(Remedy::new(advice)))
}

impl Question {
    /// Answers it as the study is now, with what others have decided meanwhile.
    pub(super) fn answer(&self, session: &Session, waiting: &Waiting) -> Result<Answered, Refusal> {
        // Decisions that cannot be read are told by whoever needs them.
        session.catch_up().ok();
        let study = session.snapshot();
        let answered = self.answer_of(session, &study, waiting);
        session.keep_derived();
        answered
    }

    fn answer_of(
        &self,
        session: &Session,
        study: &Snapshot,
        waiting: &Waiting,
    ) -> Result<Answered, Refusal> {
        let of = |transcript: &Option<String>| {
            transcript.as_deref().map(|id| study.transcript_named(id)).transpose()
        };
        let found = |ids: &[String]| -> Result<Vec<usize>, StudyError> {
            ids.iter().map(|id| study.transcript_named(id)).collect()
        };
        match self {
            Self::Info => shown(study, study.info(&study.found(), remark)),
            Self::Themes { count, afresh } => themes(session, study, (*count, *afresh), waiting),
            Self::Growth { since, count } => {
                let params = study.theme_params(*count);
                study.known_version(*since)?;
                study.prepare_themes(&params, waiting)?;
                if params == study.theme_params(None) {
                    session.themes_to_decide_on(&params).ok();
                }
                shown(study, study.growth(*since, &params)?)
            }
            Self::Unassigned { count } => {
                let params = study.theme_params(*count);
                study.prepare_themes(&params, waiting)?;
                shown(study, study.unassigned(&params)?)
            }
            Self::Search { query, transcript, limit, context, exact } => {
                let warnings = study.shown(Unshown::new(study.bring_index_up_to_date(waiting)?));
                let params = SearchParams {
                    transcript: of(transcript)?,
                    limit: *limit,
                    n_context: *context,
                    order: HitOrder::People,
                    forms: if *exact { Forms::Own } else { Forms::Family },
                };
                let answer = study.shown(study.search(query, &params)?);
                Ok(Answered { json: json(&answer.hits)?, warnings })
            }
            Self::Concordance { query, transcript, limit, sort } => {
                let warnings = study.shown(Unshown::new(study.bring_index_up_to_date(waiting)?));
                let order = match sort {
                    Sort::Place => ConcordanceOrder::Place,
                    Sort::Left => ConcordanceOrder::Left,
                    Sort::Right => ConcordanceOrder::Right,
                };
                let answer = study.concordance(query, of(transcript)?, order, *limit)?;
                Ok(Answered { json: json(&study.shown(answer).lines)?, warnings })
            }
            Self::Similar(asked) => {
                let warnings = study.shown(Unshown::new(study.bring_index_up_to_date(waiting)?));
                let params = asked.params(study)?;
                let answered = shown(study, study.similar(&params)?)?;
                Ok(Answered { warnings, ..answered })
            }
            Self::Propose { code, transcript, uncoded, limit } => {
                let params = ProposeParams {
                    code: code.as_deref().map(|name| code_named(study, name)).transpose()?,
                    transcript: of(transcript)?,
                    is_uncoded_only: *uncoded,
                    limit: *limit,
                };
                shown(study, session.list_proposals(&params)?)
            }
            Self::RejectedProposals => shown(study, study.refusal_answers()?),
            Self::Compare { by, count } => {
                let params = study.theme_params(*count);
                study.prepare_themes(&params, waiting)?;
                if params == study.theme_params(None) {
                    session.themes_to_decide_on(&params).ok();
                }
                shown(study, study.compare(by, &params)?)
            }
            Self::Saturation(asked) => {
                let params = study.theme_params(asked.count);
                shown(study, study.saturation(&asked.params()?, &params)?)
            }
            Self::RejectedThemes => shown(study, study.rejection_answers()?),
            Self::Rule { code, limit } => {
                shown(study, study.code_rule(code_named(study, code)?, *limit)?)
            }
            Self::Codings { code, stale } => {
                let filter = QuotationFilter { code: code.clone(), is_stale: *stale };
                warned(study, study.quotation_answers(&filter)?)
            }
            Self::Memos => shown(study, study.memo_answers()?),
            Self::Codebook => warned(study, study.code_answers()?),
            Self::Log => shown(study, study.log()?),
            Self::Report { title, memos, candidates } => {
                let params = DocumentParams {
                    title: title.clone(),
                    with_memos: *memos,
                    with_candidates: *candidates,
                    ..DocumentParams::default()
                };
                warned(study, study.document(&params)?)
            }
            Self::Verify { path } => answered(&study.verify(path)?),
            Self::Agreement(asked) => {
                let params = AgreementParams {
                    coders: asked.coders.clone(),
                    files: asked.files.clone(),
                    with_suggestion: asked.with_suggestion,
                    transcripts: found(&asked.transcripts)?,
                    level: if asked.by_theme { Level::Top } else { Level::Code },
                };
                warned(study, study.agreement(&params)?)
            }
            Self::ProposalAgreement { coders, transcripts } => {
                let params = AgreementParams {
                    coders: coders.clone(),
                    files: Vec::new(),
                    with_suggestion: false,
                    transcripts: found(transcripts)?,
                    level: Level::Code,
                };
                shown(study, study.proposal_agreement(&params, waiting)?)
            }
        }
    }
}

/// The candidates. What the study itself asks for is kept as a version; exploring keeps
/// nothing.
fn themes(
    session: &Session,
    study: &Snapshot,
    (count, afresh): (Option<NonZeroUsize>, bool),
    waiting: &Waiting,
) -> Result<Answered, Refusal> {
    let params = study.theme_params(count);
    study.prepare_themes(&params, waiting)?;
    let numbering = if afresh { Numbering::Afresh } else { Numbering::CarriedOn };
    let answer = if params == study.theme_params(None) {
        session.list_themes(&params, numbering)?
    } else {
        study.suggest_themes(&params, numbering)?
    };
    shown(study, session.with_codes(answer, waiting)?)
}

impl Similar {
    fn params(&self, study: &Snapshot) -> Result<SimilarParams, Refusal> {
        let quote = match (&self.text, &self.transcript, self.lines) {
            (Some(text), None, None) if !(self.elsewhere || self.from_other_groups) => {
                SimilarTo::Text(text.clone())
            }
            (None, Some(id), Some((first, last))) if 0 < first && first <= last => {
                SimilarTo::Lines {
                    transcript: study.transcript_named(id)?,
                    lines: Lines { first, last },
                }
            }
            _ => {
                return Err(refused(
                    "it is not said what passages are to be similar to",
                    "give a text alone, or a transcript with lines such as (27, 29)",
                ));
            }
        };
        Ok(SimilarParams {
            quote,
            elsewhere: self.elsewhere,
            from_other_groups: self.from_other_groups,
            limit: self.limit,
            n_context: self.context,
        })
    }
}

impl Saturation {
    fn params(&self) -> Result<SaturationParams, Refusal> {
        if !(4..=6).contains(&self.base) || !(2..=3).contains(&self.run) {
            return Err(refused(
                &format!("there is no saturation with base={} and run={}", self.base, self.run),
                "base is 4 to 6, run is 2 or 3",
            ));
        }
        Ok(SaturationParams {
            order: self.order.clone(),
            base: self.base,
            run: self.run,
            by: self.by.clone(),
            is_of_candidates: self.candidates,
        })
    }
}

fn code_named(study: &Snapshot, name: &str) -> Result<CodeId, StudyError> {
    Ok(study.codebook()?.code_named(name)?.id)
}

fn answered(value: &impl Serialize) -> Result<Answered, Refusal> {
    Ok(Answered { json: json(value)?, warnings: Vec::new() })
}

fn shown<T: HideNames + Serialize>(
    study: &Snapshot,
    answer: Unshown<T>,
) -> Result<Answered, Refusal> {
    answered(&study.shown(answer))
}

fn warned<T: HideNames + Serialize>(
    study: &Snapshot,
    answer: Unshown<Warned<T>>,
) -> Result<Answered, Refusal> {
    let Warned { value, warnings } = study.shown(answer);
    Ok(Answered { json: json(&value)?, warnings })
}
