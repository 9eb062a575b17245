//! Study: what was read, who is who, and what was not read.

use std::collections::BTreeSet;

use askama::Template;
use serde::Serialize;

use crate::answers::{InfoAnswer, TranscriptInfo};
use crate::web::advice::remark;
use crate::web::desk::Job;
use crate::web::frame::{Frame, page, sentence};
use crate::web::visit::{Answered, Reply, Visit};
use crate::web::words;

#[derive(Template)]
#[template(path = "study.html")]
struct StudyPage {
    frame: Frame,
    info: InfoAnswer,
    n_words: u64,
    groups: Vec<String>,
}

/// What was read.
pub(in crate::web) fn show(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let info = study.shown(study.info(&visit.open.found, remark));
    if visit.is_json {
        return Reply::json(&info);
    }
    let groups: BTreeSet<&String> =
        info.cases.iter().filter_map(|case| case.attributes.get("group")).collect();
    page(&StudyPage {
        frame: Frame::of(visit, "Study", "Study")?,
        n_words: info.transcripts.iter().map(|it| u64::from(it.n_words)).sum(),
        groups: groups.into_iter().cloned().collect(),
        info,
    })
}

/// `00:07:17`, or nothing where the file tells no times.
fn length(info: &TranscriptInfo) -> String {
    info.duration_ms.map(words::clock).unwrap_or_default()
}

/// What a window asks again and again.
#[derive(Serialize)]
struct Pulse {
    rev: usize,
    last: Option<String>,
    job: Option<Job>,
}

/// What has been decided since, and what work goes on.
pub(in crate::web) fn pulse(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let log = study.shown(study.log()?);
    let pulse = Pulse { rev: log.len(), last: log.last().map(sentence), job: visit.desk.job() };
    Reply::json(&pulse)
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    frame: Frame,
}

/// What the words on the pages mean.
pub(in crate::web) fn help(visit: &Visit<'_>) -> Answered {
    page(&HelpPage { frame: Frame::of(visit, "Help", "Help")? })
}
