//! Read: a transcript turn by turn, with what is coded in it.

use std::ops::Range;

use askama::Template;

use crate::answers::{MarkAnswer, ReadingAnswer, TranscriptInfo, TurnAnswer};
use crate::study::Snapshot;
use crate::study::codebook::QuotationFilter;
use crate::study::reading::ReadPart;
use crate::web::advice::remark;
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Failure, Reply, Visit};
use crate::web::words;

/// Turns up to which a transcript is shown whole.
const WHOLE: usize = 600;
/// Turns of a section of a longer one.
const SECTION: usize = 50;
/// The most turns that one request gets.
const MOST: usize = 2000;

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

#[derive(Template)]
#[template(path = "read.html")]
struct ReadPage {
    frame: Frame,
    reading: ReadingAnswer,
    before: Option<Range<usize>>,
    after: Option<Range<usize>>,
    neighbours: [Option<String>; 2],
    codes: Vec<String>,
    /// The lines that the address names.
    lines: Option<[u32; 2]>,
    /// The turn that is to be coded as a whole.
    coding: Option<usize>,
    memos: Vec<crate::answers::MemoAnswer>,
}

impl ReadPage {
    /// Whether a turn lies in the lines that the address names, or is to be coded.
    fn is_target(&self, turn: &TurnAnswer) -> bool {
        let is_named = |[first, last]: [u32; 2]| turn.lines[0] <= last && first <= turn.lines[1];
        self.lines.is_some_and(is_named) || self.coding == Some(turn.n)
    }

    /// The first of these turns.
    fn is_here(&self, turn: &TurnAnswer) -> bool {
        self.reading.turns.iter().find(|it| self.is_target(it)).map(|it| it.n) == Some(turn.n)
    }

    fn may_code(&self) -> bool {
        self.frame.may_act()
    }

    /// The turn to be coded.
    fn coded(&self) -> Option<&TurnAnswer> {
        self.reading.turns.iter().find(|turn| Some(turn.n) == self.coding)
    }
}

#[derive(Template)]
#[template(path = "part.html")]
struct PartPage {
    reading: ReadingAnswer,
    is_read_only: bool,
}

impl PartPage {
    fn may_code(&self) -> bool {
        !self.is_read_only
    }

    #[expect(clippy::unused_self, reason = "the page of a transcript has targets")]
    fn is_target(&self, _turn: &TurnAnswer) -> bool {
        false
    }

    #[expect(clippy::unused_self, reason = "the page of a transcript has targets")]
    fn is_here(&self, _turn: &TurnAnswer) -> bool {
        false
    }
}

/// `27`, `27-29`.
fn lines_asked(text: &str) -> Option<[u32; 2]> {
    let (first, last) = text.split_once(['-', '–']).unwrap_or((text, text));
    Some([first.trim().parse().ok()?, last.trim().parse().ok()?])
}

/// `50-99`, both ends included.
fn turns_asked(text: &str) -> Option<Range<usize>> {
    let [first, last] = lines_asked(text)?.map(|n| n as usize);
    (first <= last && last - first < MOST).then(|| first..last + 1)
}

/// What of a transcript is shown: all of it, or the section asked for.
fn reading(visit: &Visit<'_>) -> Result<ReadingAnswer, Failure> {
    let study: &Snapshot = &visit.study;
    if let Some(turns) = turns_asked(visit.asked("turns")) {
        return Ok(study.reading(&visit.name, &ReadPart::Turns(turns))?);
    }
    let whole = study.reading(&visit.name, &ReadPart::Turns(0..WHOLE))?;
    if whole.n_turns <= WHOLE {
        return Ok(whole);
    }
    let part = match lines_asked(visit.asked("lines")) {
        Some([first, _]) => ReadPart::FromLine(first, SECTION),
        None => ReadPart::Turns(0..SECTION),
    };
    Ok(study.reading(&visit.name, &part)?)
}

/// A transcript.
pub(in crate::web) fn show(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let reading = reading(visit)?;
    if visit.is_json {
        return Reply::json(&reading);
    }
    let shown = reading.turns.first().map_or(0, |turn| turn.n)
        ..reading.turns.last().map_or(0, |turn| turn.n + 1);
    let before = (shown.start > 0).then(|| shown.start.saturating_sub(SECTION)..shown.start);
    let after = shown.end..(shown.end + SECTION).min(reading.n_turns);
    let ids: Vec<String> =
        study.shown(study.info(&[], remark)).transcripts.into_iter().map(|it| it.id).collect();
    let at = ids.iter().position(|id| *id == reading.transcript);
    let neighbour = |at: Option<usize>| at.and_then(|at| ids.get(at).cloned());
    let neighbours =
        [neighbour(at.and_then(|at| at.checked_sub(1))), neighbour(at.map(|at| at + 1))];
    let codes = study.shown(study.code_answers()?).value;
    let about = format!("transcript {}", reading.transcript);
    let memos = study.shown(study.memo_answers()?);
    page(&ReadPage {
        frame: Frame::of(visit, "Read", &reading.transcript)?,
        before,
        after: (!after.is_empty()).then_some(after),
        neighbours,
        codes: codes.into_iter().map(|code| code.path).collect(),
        lines: lines_asked(visit.asked("lines")),
        coding: visit.asked("code").parse().ok(),
        memos: memos.into_iter().filter(|memo| memo.about == about).collect(),
        reading,
    })
}

/// A section of a long transcript, to be put into a page that is open.
pub(in crate::web) fn part(visit: &Visit<'_>) -> Answered {
    let is_read_only = visit.desk.params.read_only;
    page(&PartPage { reading: reading(visit)?, is_read_only })
}

/// The words of a turn, as a form sends them.
fn sent(turn: &TurnAnswer) -> String {
    serde_json::to_string(&[&turn.text]).unwrap_or_default()
}

/// The marks that start in a turn.
fn starting<'r>(reading: &'r ReadingAnswer, turn: &TurnAnswer) -> Vec<&'r MarkAnswer> {
    reading.marks.iter().filter(|mark| mark.from.turn == turn.n).collect()
}

/// The address of a transcript, with another question.
fn address(id: &str, asked: &str) -> String {
    format!("/read/{}?{asked}", words::encoded(id))
}
