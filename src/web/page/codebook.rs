//! Codebook, memos and history: what was decided.

use std::collections::BTreeSet;

use askama::Template;

use super::themes::of_group;
use crate::answers::{
    CodeAnswer, LogEntry, MemoAnswer, ProposalAnswer, ProposalsAnswer, QuotationAnswer,
    RefusalAnswer,
};
use crate::codebook::{CodeId, Stance};
use crate::propose::ProposeParams;
use crate::questions::codebook::QuotationFilter;
use crate::rendering::TableFormat;
use crate::rendering::codebook::{write_codebook, write_log, write_memos};
use crate::rendering::proposals::{percent, standing_parts};
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Failure, Reply, Visit};

/// Proposals that are shown at once.
const PROPOSALS: usize = 10;

#[derive(Template)]
#[template(path = "codebook.html")]
struct CodebookPage {
    frame: Frame,
    codes: Vec<CodeAnswer>,
    n_stale: usize,
}

/// All codes and themes.
pub(in crate::web) fn list(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let codes = study.shown(study.code_answers()?).value;
    if visit.is_csv {
        return Reply::csv(visit, |out| write_codebook(out, &codes, TableFormat::Csv, 0));
    }
    if visit.is_json {
        return Reply::json(&codes);
    }
    let stale = QuotationFilter { is_stale: true, ..QuotationFilter::default() };
    let n_stale = study.shown(study.quotation_answers(&stale)?).value.len();
    page(&CodebookPage { frame: Frame::of(visit, "Codebook", "Codebook")?, codes, n_stale })
}

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    frame: Frame,
    code: CodeAnswer,
    others: Vec<CodeAnswer>,
    quotations: Vec<QuotationAnswer>,
    /// What of its quotations is shown, in words, if it is not all.
    part: Option<String>,
    memos: Vec<MemoAnswer>,
}

/// Quotations of each side that stand beside those of the others.
const OF_A_SIDE: usize = 3;

impl CodePage {
    /// The first quotations on a side.
    fn on(&self, side: Stance) -> Vec<&QuotationAnswer> {
        let on_it = |it: &&QuotationAnswer| it.stance == Some(side) && it.at.is_some();
        self.quotations.iter().filter(on_it).take(OF_A_SIDE).collect()
    }

    /// Whether the code stands under another one.
    fn is_parent(&self, other: &CodeAnswer) -> bool {
        self.code.code.parent == Some(other.code.id)
    }
}

/// The code that the path names, and all others.
fn named(visit: &Visit<'_>) -> Result<(CodeAnswer, Vec<CodeAnswer>), Failure> {
    let id: u32 = visit.number("code")?;
    let codes = visit.study.shown(visit.study.code_answers()?).value;
    let (mut own, others): (Vec<_>, Vec<_>) =
        codes.into_iter().partition(|code| code.code.id == CodeId(id));
    let own = own.pop().ok_or_else(|| Failure::missing(&format!("code {id}")))?;
    Ok((own, others))
}

/// One code or theme with its quotations.
pub(in crate::web) fn one(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let (code, others) = named(visit)?;
    let real_path = study.codebook()?.path(code.code.id);
    let filter = QuotationFilter { code: Some(real_path), is_stale: false };
    let mut quotations = study.shown(study.quotation_answers(&filter)?).value;
    if visit.is_json {
        return Reply::json(&code);
    }
    let part = narrow(visit, &mut quotations);
    let about = format!("{} “{}”", code.code.kind.name(), code.path);
    let memos = study.shown(study.memo_answers()?);
    page(&CodePage {
        frame: Frame::of(visit, "Codebook", &code.path)?,
        others,
        quotations,
        part,
        memos: memos.into_iter().filter(|memo| memo.about == about).collect(),
        code,
    })
}

/// Keeps only the quotations that are on a side, and of a group, if one is asked for; what
/// they are called.
fn narrow(visit: &Visit<'_>, quotations: &mut Vec<QuotationAnswer>) -> Option<String> {
    let (side, group) = (visit.asked("stance"), visit.asked("group"));
    if side.is_empty() {
        return None;
    }
    quotations.retain(|it| it.at.is_some() && it.stance.is_some_and(|own| own.name() == side));
    if group.is_empty() {
        return Some(side.to_owned());
    }
    let meant = of_group(visit, visit.asked("by"), group);
    let case = |it: &QuotationAnswer| it.at.as_ref().and_then(|at| at.case.clone());
    quotations.retain(|it| case(it).is_some_and(|case| meant.contains(&case)));
    Some(format!("{side}, {group}"))
}

#[derive(Template)]
#[template(path = "proposals.html")]
struct ProposalsPage {
    frame: Frame,
    code: CodeAnswer,
    answer: ProposalsAnswer,
    standing: Option<[String; 2]>,
    refusals: Vec<RefusalAnswer>,
}

/// Passages in which a code probably occurs.
pub(in crate::web) fn proposals(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let (code, _) = named(visit)?;
    let params =
        ProposeParams { code: Some(code.code.id), limit: PROPOSALS, ..ProposeParams::default() };
    let answer = study.shown(study.propose(&params)?);
    if visit.is_json {
        return Reply::json(&answer);
    }
    let refusals = study.shown(study.refusal_answers()?);
    page(&ProposalsPage {
        frame: Frame::of(visit, "Codebook", &format!("Proposals for {}", code.path))?,
        standing: answer.standings.first().map(standing_parts),
        refusals: refusals.into_iter().filter(|refusal| refusal.code == code.path).collect(),
        code,
        answer,
    })
}

/// Why a passage is proposed, a reason each.
fn reasons(proposal: &ProposalAnswer) -> Vec<String> {
    let because = &proposal.because;
    let words = [
        ("words that tell it", &because.words),
        ("said around it", &because.around),
        ("words of the code’s name", &because.name),
        ("found by the code’s own query", &because.rule),
        ("against it", &because.against),
    ];
    let words = words.into_iter().filter(|(_, words)| !words.is_empty());
    words.map(|(what, words)| format!("{what}: {}", words.join(", "))).collect()
}

#[derive(Template)]
#[template(path = "memos.html")]
struct MemosPage {
    frame: Frame,
    memos: Vec<MemoAnswer>,
}

/// All memos.
pub(in crate::web) fn memos(visit: &Visit<'_>) -> Answered {
    let memos = visit.study.shown(visit.study.memo_answers()?);
    if visit.is_csv {
        return Reply::csv(visit, |out| write_memos(out, &memos, TableFormat::Csv, 0));
    }
    if visit.is_json {
        return Reply::json(&memos);
    }
    page(&MemosPage { frame: Frame::of(visit, "Memos", "Memos")?, memos })
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    frame: Frame,
    log: Vec<LogEntry>,
    n_all: usize,
    /// What is looked at alone: whose decisions, and of which kind; empty for all.
    who: String,
    what: String,
    coders: BTreeSet<String>,
    verbs: BTreeSet<&'static str>,
    /// What holds, the last one first.
    undoes: Vec<u32>,
    /// What can be done again, the next one first.
    redoes: Vec<u32>,
}

impl HistoryPage {
    /// How many decisions undoing to this one takes back; `None` unless it is several.
    fn undoing(&self, number: u32) -> Option<usize> {
        steps(&self.undoes, number)
    }

    /// How many decisions redoing to this one does again; `None` unless it is several.
    fn redoing(&self, number: u32) -> Option<usize> {
        steps(&self.redoes, number)
    }
}

/// How far a number stands in a list, if it is not the first; of what is turned alone the
/// buttons above tell.
fn steps(list: &[u32], number: u32) -> Option<usize> {
    list.iter().position(|known| *known == number).filter(|at| *at > 0).map(|at| at + 1)
}

/// All decisions, the last one first.
pub(in crate::web) fn history(visit: &Visit<'_>) -> Answered {
    let mut log = visit.study.shown(visit.study.log()?);
    if visit.is_csv {
        return Reply::csv(visit, |out| write_log(out, &log, TableFormat::Csv, 0));
    }
    if visit.is_json {
        return Reply::json(&log);
    }
    log.reverse();
    let [who, what] = ["who", "what"].map(|name| visit.asked(name).to_owned());
    let n_all = log.len();
    let coders = log.iter().map(|it| it.coder.clone()).collect();
    let verbs = log.iter().map(|it| it.verb.past()).collect();
    log.retain(|it| {
        (who.is_empty() || it.coder == who) && (what.is_empty() || it.verb.past() == what)
    });
    let history = visit.study.history()?;
    let mut redoes: Vec<u32> = history.redoes().collect();
    redoes.reverse();
    let undoes = history.all_undoes().collect();
    let frame = Frame::of(visit, "History", "History")?;
    page(&HistoryPage { frame, log, n_all, who, what, coders, verbs, undoes, redoes })
}
