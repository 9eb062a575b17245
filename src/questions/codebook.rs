//! The codebook as people read it: codes with their prevalence, quotations with
//! where they stand now, memos, the log.

use crate::answers::Unshown;
use crate::answers::{
    CodeAnswer, CodingAnswer, LogEntry, MemoAnswer, QuotationAnswer, RejectionAnswer,
};
use crate::base::{Remedy, Task, Warned};
use crate::codebook::standing::Standing;
use crate::codebook::{CodeId, Codebook, MemoTarget, Quotation};
use crate::study::{Snapshot, StudyError};

/// Which quotations are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuotationFilter {
    /// Those with this code or one under it.
    pub code: Option<String>,
    /// Those whose words are not where they were.
    pub is_stale: bool,
}

impl Snapshot {
    /// The codes, every parent before its children, with their prevalence.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if the decisions cannot be read.
    pub fn code_answers(&self) -> Result<Unshown<Warned<Vec<CodeAnswer>>>, StudyError> {
        let codebook = self.codebook()?;
        let standings = self.standings()?;
        let groups = self.corpus.groups_of_participants();
        let of_cases = self.corpus.participants().len();
        let mut codes = Vec::with_capacity(codebook.codes.len());
        for (depth, code) in codebook.tree() {
            let quotations = codebook.quotations_of(&codebook.family(code.id));
            let here = standings.here(&quotations);
            codes.push(CodeAnswer {
                code: code.clone(),
                path: codebook.path(code.id),
                depth,
                n_quotations: here.len(),
                n_stale: quotations.len() - here.len(),
                n_cases: self.corpus.cases_at(here.iter().map(|(_, place)| *place))?.len(),
                of_cases,
                stances: self.corpus.stances(&here, &groups)?,
            });
        }
        Ok(Unshown::new(Warned { value: codes, warnings: standings.warnings }))
    }

    /// Quotations with where they stand now, in the order of their places.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if there is no such code.
    pub fn quotation_answers(
        &self,
        filter: &QuotationFilter,
    ) -> Result<Unshown<Warned<Vec<QuotationAnswer>>>, StudyError> {
        let codebook = self.codebook()?;
        let quotations = if let Some(name) = &filter.code {
            codebook.quotations_of(&self.code_family(name)?)
        } else {
            let mut all: Vec<&Quotation> = codebook.quotations.values().collect();
            all.sort_by(|a, b| a.place.cmp(&b.place).then(a.id.cmp(&b.id)));
            all
        };
        let standings = self.standings()?;
        let mut answers = Vec::new();
        for quotation in quotations {
            let standing = &standings.of[&quotation.id];
            if filter.is_stale && *standing == Standing::Here {
                continue;
            }
            answers.push(self.quotation_answer(codebook, quotation, standing)?);
        }
        Ok(Unshown::new(Warned { value: answers, warnings: standings.warnings }))
    }

    fn quotation_answer(
        &self,
        codebook: &Codebook,
        quotation: &Quotation,
        standing: &Standing,
    ) -> Result<QuotationAnswer, StudyError> {
        let (place, word, reason) = match standing {
            Standing::Here => (Some(&quotation.place), "here", None),
            Standing::Moved(place) => (Some(place), "moved", None),
            Standing::Stale(reason) => (None, "stale", Some(reason.clone())),
        };
        let coding = |coding: &crate::codebook::Coding| CodingAnswer {
            code: codebook.path(coding.code),
            code_id: coding.code.0,
            coder: coding.coder.clone(),
            is_pinned: coding.is_pinned,
            is_proposed: coding.is_proposed,
        };
        Ok(QuotationAnswer {
            id: quotation.id.0,
            at: place.map(|place| self.corpus.provenance_at(place)).transpose()?,
            text: quotation.text.clone(),
            bytes: place.map(|place| [place.span.start, place.span.end]),
            stance: quotation.stance,
            codes: quotation.codings.iter().map(coding).collect(),
            standing: word,
            reason,
        })
    }

    /// Memos, in the order of their numbers.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if the decisions cannot be read.
    pub fn memo_answers(&self) -> Result<Unshown<Vec<MemoAnswer>>, StudyError> {
        let codebook = self.codebook()?;
        let memo = |memo: &crate::codebook::Memo| MemoAnswer {
            id: memo.id.0,
            about: about(codebook, &memo.about),
            text: memo.text.clone(),
            coder: memo.coder.clone(),
            at: memo.at.clone(),
        };
        Ok(Unshown::new(codebook.memos.values().map(memo).collect()))
    }

    /// All decisions, oldest first.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if the decisions cannot be read.
    pub fn log(&self) -> Result<Unshown<Vec<LogEntry>>, StudyError> {
        let entry = |(decision, holds): (&crate::codebook::Decision, bool)| LogEntry {
            number: decision.number,
            at: decision.at.clone(),
            coder: decision.coder.clone(),
            verb: decision.verb,
            about: decision.about.clone(),
            holds,
            version: decision.version.clone(),
        };
        Ok(Unshown::new(self.history()?.decisions().map(entry).collect()))
    }

    /// The candidates that were rejected.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if the decisions cannot be read.
    pub fn rejection_answers(&self) -> Result<Unshown<Vec<RejectionAnswer>>, StudyError> {
        let answer = |rejection: &crate::codebook::Rejection| RejectionAnswer {
            id: rejection.id.0,
            label: rejection.candidate.label.clone(),
            candidate: rejection.candidate.candidate,
            reason: rejection.reason.clone(),
        };
        Ok(Unshown::new(self.codebook()?.rejections.values().map(answer).collect()))
    }

    /// What a memo is about, from `study`, `code:NAME`, `quote:7`,
    /// `transcript:P07` or `case:P07`.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] or [`StudyError::UnknownTranscript`] with the
    /// nearest name.
    pub fn memo_target(&self, codebook: &Codebook, text: &str) -> Result<MemoTarget, StudyError> {
        let (kind, name) = text.split_once(':').unwrap_or((text, ""));
        match kind.trim().to_lowercase().as_str() {
            "study" if name.trim().is_empty() => Ok(MemoTarget::Study),
            "code" | "theme" => Ok(MemoTarget::Code(codebook.code_named(name)?.id)),
            "quote" | "quotation" => Ok(MemoTarget::Quotation(codebook.quotation_named(name)?.id)),
            "transcript" => {
                let t = self.transcript_named(name.trim())?;
                Ok(MemoTarget::Transcript(self.corpus.transcripts[t].id.clone()))
            }
            "case" | "participant" => {
                let ids = || self.corpus.cases.cases.iter().map(|case| case.id.as_str());
                if let Some(id) = ids().find(|id| id.eq_ignore_ascii_case(name.trim())) {
                    return Ok(MemoTarget::Case(id.to_owned()));
                }
                let remedy = Remedy::nearest(name, ids(), || {
                    Remedy::by(Task::ListTranscripts, "see the cases")
                });
                let name = name.to_owned();
                Err(crate::codebook::CodebookError::Unknown { what: "case", name, remedy }.into())
            }
            _ => Err(crate::codebook::CodebookError::Refused {
                problem: format!("a memo cannot be on `{text}`"),
                remedy: Remedy::new("write study, code:NAME, quote:7, transcript:P07 or case:P07"),
            }
            .into()),
        }
    }
}

/// What a memo is about, for people.
fn about(codebook: &Codebook, target: &MemoTarget) -> String {
    let code = |id: &CodeId| {
        let kind = codebook.codes.get(id).map_or("code", |code| code.kind.name());
        format!("{kind} “{}”", codebook.path(*id))
    };
    match target {
        MemoTarget::Study => "the study".to_owned(),
        MemoTarget::Code(id) => code(id),
        MemoTarget::Quotation(id) => format!("quotation {}", id.0),
        MemoTarget::Transcript(id) => format!("transcript {id}"),
        MemoTarget::Case(id) => format!("case {id}"),
    }
}
