//! Read: a transcript turn by turn, with what is coded in it.

use std::collections::BTreeSet;
use std::ops::Range;

use askama::Template;

use crate::answers::{
    CodeAnswer, FileRemark, MarkAnswer, MemoAnswer, ProposalAnswer, ReadingAnswer, TranscriptInfo,
    TurnAnswer,
};
use crate::base::Diagnose as _;
use crate::codebook::CodeId;
use crate::desk::advice::{remark, told};
use crate::listing::Numbering;
use crate::propose::ProposeParams;
use crate::questions::codebook::QuotationFilter;
use crate::questions::reading::{Coded, ReadPart};
use crate::search::concordance::ConcordanceOrder;
use crate::study::Snapshot;
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Failure, Reply, Visit};
use crate::web::words;

/// Turns up to which a transcript is shown whole.
const WHOLE: usize = 600;
/// Turns of a section of a longer one.
const SECTION: usize = 50;
/// Codes that a key each is given.
const RECENT: usize = 9;
/// Proposals that are shown in the margin of a transcript.
const PROPOSALS: usize = 8;
/// From which probability on a proposal is shown there: one in ten carries the code.
const PROBABLE: f64 = 0.1;

#[derive(Template)]
#[template(path = "transcripts.html")]
struct ListPage {
    frame: Frame,
    transcripts: Vec<(TranscriptInfo, usize)>,
}

/// All transcripts, to choose one.
pub(in crate::web) fn list(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let info = study.shown(study.info(&[], remark));
    if visit.is_json {
        return Reply::json(&info.transcripts);
    }
    let quotations = study.shown(study.quotation_answers(&QuotationFilter::default())?).value;
    let n_coded = |id: &str| {
        let of_it = |quotation: &&crate::answers::QuotationAnswer| {
            quotation.at.as_ref().is_some_and(|at| at.transcript == id)
        };
        quotations.iter().filter(of_it).count()
    };
    let with_counts = |info: TranscriptInfo| {
        let n = n_coded(&info.id);
        (info, n)
    };
    page(&ListPage {
        frame: Frame::of(visit, "Read", "Read")?,
        transcripts: info.transcripts.into_iter().map(with_counts).collect(),
    })
}

/// Turns of a transcript, with what is marked and proposed in them and what can be done.
struct Turns {
    reading: ReadingAnswer,
    /// Proposals of the code in hand, by the turns in which they start.
    proposals: Vec<(usize, ProposalAnswer)>,
    /// The lines that the address names.
    lines: Option<[u32; 2]>,
    /// The turn that is to be coded as a whole.
    coding: Option<usize>,
    /// Candidates and themes whose evidence starts in a turn: turn, number, name, whether it
    /// is a person's own.
    candidates: Vec<(usize, usize, String, bool)>,
    /// Whether they are asked for.
    has_candidates: bool,
    /// The address of the transcript, with the code in hand: where forms come back to.
    back: String,
}

impl Turns {
    /// Whether a turn lies in the lines that the address names, or is to be coded.
    fn is_target(&self, turn: &TurnAnswer) -> bool {
        let is_named = |[first, last]: [u32; 2]| turn.lines[0] <= last && first <= turn.lines[1];
        self.lines.is_some_and(is_named) || self.coding == Some(turn.n)
    }

    /// The first of these turns.
    fn is_here(&self, turn: &TurnAnswer) -> bool {
        self.reading.turns.iter().find(|it| self.is_target(it)).map(|it| it.n) == Some(turn.n)
    }

    /// The marks that start in a turn.
    fn starting(&self, turn: &TurnAnswer) -> Vec<&MarkAnswer> {
        self.reading.marks.iter().filter(|mark| mark.from.turn == turn.n).collect()
    }

    fn proposed(&self, turn: &TurnAnswer) -> Vec<&ProposalAnswer> {
        let here = self.proposals.iter().filter(|(n, _)| *n == turn.n);
        here.map(|(_, proposal)| proposal).collect()
    }

    fn candidates_in(&self, turn: &TurnAnswer) -> Vec<&(usize, usize, String, bool)> {
        self.candidates.iter().filter(|(n, ..)| *n == turn.n).collect()
    }

    /// The turn to be coded.
    fn coded(&self) -> Option<&TurnAnswer> {
        self.reading.turns.iter().find(|turn| Some(turn.n) == self.coding)
    }
}

#[derive(Template)]
#[template(path = "read.html")]
struct ReadPage {
    frame: Frame,
    shown: Turns,
    sections: Vec<Section>,
    neighbours: [Option<String>; 2],
    codes: Vec<CodeAnswer>,
    /// The code in hand.
    hand: Option<CodeAnswer>,
    /// Codes that were given last, in the order of the codebook, and whether it is the
    /// very last.
    recent: Vec<(String, bool)>,
    find: Option<Find>,
    memos: Vec<MemoAnswer>,
    coded: Coded,
}

/// A section of a transcript.
struct Section {
    turns: Range<usize>,
    /// How long it is, in bytes.
    size: usize,
    is_shown: bool,
}

/// What is looked for in the transcript.
struct Find {
    words: String,
    /// Which of all matches is shown, from 1; 0 if there is none.
    at: usize,
    n: usize,
    lines: Option<[u32; 2]>,
    matched: String,
    /// Why it cannot be looked for.
    mistake: Option<FileRemark>,
}

impl ReadPage {
    /// The share of words that is coded, as a whole percent.
    fn share(&self) -> usize {
        (100 * self.coded.n_coded).div_ceil(self.coded.n_words.max(1))
    }

    /// A stretch of the overview, in thousandths of the transcript: where, and how wide.
    fn stretch(place: &[f64; 2]) -> (f64, f64) {
        let [from, to] = place.map(|part| (1000.0 * part).round());
        (from, (to - from).max(4.0))
    }

    /// This page with the candidates in its margin, or without.
    fn other_margin(&self) -> String {
        let id = &self.shown.reading.transcript;
        let address = address(id, self.hand.as_ref(), !self.shown.has_candidates);
        address.trim_end_matches(['?', '&']).to_owned()
    }

    /// Where a match is shown, by its number.
    fn found(&self, at: usize) -> String {
        let words = self.find.as_ref().map_or("", |find| find.words.as_str());
        format!("{}find={}&at={at}#here", self.shown.back, words::encoded(words))
    }

    /// This page for another transcript, with the code that is in hand.
    fn other(&self, id: &str) -> String {
        address(id, self.hand.as_ref(), self.shown.has_candidates)
    }

    fn is_in_hand(&self, code: &CodeAnswer) -> bool {
        self.hand.as_ref().is_some_and(|hand| hand.code.id == code.code.id)
    }
}

#[derive(Template)]
#[template(path = "part.html")]
struct PartPage {
    frame: Frame,
    shown: Turns,
}

/// `27`, `27-29`.
fn lines_asked(text: &str) -> Option<[u32; 2]> {
    let (first, last) = text.split_once(['-', '–']).unwrap_or((text, text));
    Some([first.trim().parse().ok()?, last.trim().parse().ok()?])
}

/// The section of a transcript that is asked for: by its number, by a turn in it or by a
/// line; all of a short one.
fn reading(
    visit: &Visit<'_>,
    n_turns: usize,
    lines: Option<[u32; 2]>,
) -> Result<ReadingAnswer, Failure> {
    let study: &Snapshot = &visit.study;
    if n_turns <= WHOLE {
        return Ok(study.reading(&visit.name, &ReadPart::Turns(0..n_turns))?);
    }
    let turn = match (visit.asked("section").parse::<usize>(), visit.asked("code").parse(), lines) {
        (Ok(section), _, _) => section.saturating_mul(SECTION),
        (_, Ok(turn), _) => turn,
        (_, _, Some([first, _])) => {
            let before = study.reading(&visit.name, &ReadPart::FromLine(first, 2))?.turns;
            let holds = before.iter().find(|turn| turn.lines[1] >= first).or(before.last());
            holds.map_or(0, |turn| turn.n)
        }
        _ => 0,
    };
    let start = turn.min(n_turns - 1) / SECTION * SECTION;
    Ok(study.reading(&visit.name, &ReadPart::Turns(start..start + SECTION))?)
}

/// What is read, with the proposals of the code in hand.
fn turns(
    visit: &Visit<'_>,
    n_turns: usize,
    lines: Option<[u32; 2]>,
    hand: Option<&CodeAnswer>,
) -> Result<Turns, Failure> {
    let study = &visit.study;
    let reading = reading(visit, n_turns, lines)?;
    let mut proposals = Vec::new();
    if let Some(hand) = hand {
        let params = ProposeParams {
            code: Some(hand.code.id),
            transcript: Some(study.transcript_named(&visit.name)?),
            limit: PROPOSALS,
            ..ProposeParams::default()
        };
        let found = study.shown(study.propose(&params)?).proposals;
        proposals.extend(found.into_iter().filter(|it| it.probability >= PROBABLE).filter_map(
            |it| {
                let starts = |turn: &&TurnAnswer| {
                    turn.speaker == it.hit.at.speaker && turn.lines[1] >= it.hit.at.lines[0]
                };
                Some((reading.turns.iter().find(starts)?.n, it))
            },
        ));
    }
    let has_candidates = !visit.asked("candidates").is_empty();
    let candidates = if has_candidates { candidates(visit, &reading)? } else { Vec::new() };
    let back = address(&reading.transcript, hand, has_candidates);
    let coding = visit.asked("code").parse().ok();
    Ok(Turns { reading, proposals, lines, coding, candidates, has_candidates, back })
}

/// What is listed whose evidence starts in these turns.
fn candidates(
    visit: &Visit<'_>,
    reading: &ReadingAnswer,
) -> Result<Vec<(usize, usize, String, bool)>, Failure> {
    let study = &visit.study;
    // Who reads does not wait for what is being worked out.
    if visit.desk.is_looking() || visit.desk.is_without_candidates() {
        return Ok(Vec::new());
    }
    let params = study.theme_params(None);
    let answer = study.shown(study.suggest_themes(&params, Numbering::CarriedOn)?);
    let here = answer.passages.iter().filter(|it| it.transcript == reading.transcript);
    let mut found = BTreeSet::new();
    for passage in here {
        let starts = |turn: &&TurnAnswer| {
            turn.role == "participant"
                && turn.lines[1] >= passage.lines[0]
                && turn.lines[0] <= passage.lines[1]
        };
        let Some(turn) = reading.turns.iter().find(starts) else { continue };
        for theme in answer.themes.iter().filter(|theme| passage.evidence.contains(&theme.id)) {
            found.insert((turn.n, theme.id, theme.label.clone(), theme.accepted.is_some()));
        }
    }
    Ok(found.into_iter().collect())
}

/// The code that the reader has in hand.
fn in_hand(visit: &Visit<'_>, codes: &[CodeAnswer]) -> Option<CodeAnswer> {
    let id = CodeId(visit.asked("hand").parse().ok()?);
    codes.iter().find(|code| code.code.id == id).cloned()
}

/// The codes that were given last: the newest quotations say.
fn recent(study: &Snapshot, codes: &[CodeAnswer]) -> Result<Vec<(String, bool)>, Failure> {
    let codebook = study.codebook()?;
    let given = codebook.quotations.values().rev().flat_map(|it| it.codings.iter().rev());
    let mut known: Vec<CodeId> = Vec::new();
    for coding in given {
        if known.len() < RECENT && !known.contains(&coding.code) {
            known.push(coding.code);
        }
    }
    let (last, known): (_, BTreeSet<CodeId>) =
        (known.first().copied(), known.into_iter().collect());
    let meant = codes.iter().filter(|code| known.contains(&code.code.id));
    Ok(meant.map(|code| (code.path.clone(), Some(code.code.id) == last)).collect())
}

/// Where something is said in the transcript: all of it, whatever is shown.
fn find(visit: &Visit<'_>) -> Result<Option<Find>, Failure> {
    let (study, words) = (&visit.study, visit.asked("find").trim().to_owned());
    if words.is_empty() {
        return Ok(None);
    }
    let t = study.transcript_named(&visit.name)?;
    let nothing = Find {
        words: words.clone(),
        at: 0,
        n: 0,
        lines: None,
        matched: String::new(),
        mistake: None,
    };
    let found = match study.concordance(&words, Some(t), ConcordanceOrder::Place, 0) {
        Ok(found) => study.shown(found).lines,
        Err(error) => {
            let mistake = Some(told(study, error.diagnostic()));
            return Ok(Some(Find { mistake, ..nothing }));
        }
    };
    let at = visit.asked("at").parse().unwrap_or(1).clamp(1, found.len().max(1));
    let line = found.get(at - 1);
    Ok(Some(Find {
        at: line.map_or(0, |_| at),
        n: found.len(),
        lines: line.map(|line| line.at.lines),
        matched: line.map_or_else(String::new, |line| line.matched.clone()),
        ..nothing
    }))
}

/// A transcript.
pub(in crate::web) fn show(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let find = find(visit)?;
    let found = find.as_ref().and_then(|find| find.lines);
    let lines = found.or_else(|| lines_asked(visit.asked("lines")));
    let sizes = study.section_sizes(&visit.name, SECTION)?;
    let n_turns = study.reading(&visit.name, &ReadPart::Turns(0..0))?.n_turns;
    let codes = study.shown(study.code_answers()?).value;
    let hand = in_hand(visit, &codes);
    let shown = turns(visit, n_turns, lines, hand.as_ref())?;
    if visit.is_json {
        return Reply::json(&shown.reading);
    }
    let sections = if n_turns <= WHOLE {
        vec![Section { turns: 0..n_turns, size: sizes.iter().sum(), is_shown: true }]
    } else {
        let first = shown.reading.turns.first().map_or(0, |turn| turn.n);
        let section = |(n, size): (usize, usize)| {
            let start = n * SECTION;
            Section { turns: start..(start + SECTION).min(n_turns), size, is_shown: start == first }
        };
        sizes.into_iter().enumerate().map(section).collect()
    };
    let ids: Vec<String> =
        study.shown(study.info(&[], remark)).transcripts.into_iter().map(|it| it.id).collect();
    let at = ids.iter().position(|id| *id == shown.reading.transcript);
    let neighbour = |at: Option<usize>| at.and_then(|at| ids.get(at).cloned());
    let about = format!("transcript {}", shown.reading.transcript);
    let memos = study.shown(study.memo_answers()?);
    page(&ReadPage {
        frame: Frame::of(visit, "Read", &shown.reading.transcript)?,
        neighbours: [
            neighbour(at.and_then(|at| at.checked_sub(1))),
            neighbour(at.map(|at| at + 1)),
        ],
        recent: recent(study, &codes)?,
        memos: memos.into_iter().filter(|memo| memo.about == about).collect(),
        shown,
        sections,
        codes,
        hand,
        find,
        coded: study.coded_in(&visit.name)?,
    })
}

/// A section of a long transcript, to be put into a page that is open.
pub(in crate::web) fn part(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let n_turns = study.reading(&visit.name, &ReadPart::Turns(0..0))?.n_turns;
    let hand = match visit.asked("hand") {
        "" => None,
        _ => in_hand(visit, &study.shown(study.code_answers()?).value),
    };
    let shown = turns(visit, n_turns, None, hand.as_ref())?;
    page(&PartPage { frame: Frame::of(visit, "Read", &shown.reading.transcript)?, shown })
}

/// The words of a turn, as a form sends them.
fn sent(turn: &TurnAnswer) -> String {
    words::as_json(&[&turn.text])
}

/// The address of a transcript with the code in hand, to which more can be added.
fn address(id: &str, hand: Option<&CodeAnswer>, has_candidates: bool) -> String {
    let hand = hand.map_or_else(String::new, |hand| format!("hand={}&", hand.code.id.0));
    let candidates = if has_candidates { "candidates=1&" } else { "" };
    format!("/read/{}?{hand}{candidates}", words::encoded(id))
}
