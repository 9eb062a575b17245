//! Compare: themes and words of groups beside each other, and what interviews add.

use askama::Template;

use super::pictures;
use crate::answers::{CompareAnswer, ComparedTerm, FileRemark};
use crate::base::Diagnose as _;
use crate::charts::{self, Picture};
use crate::compare::interviews::SaturationParams;
use crate::desk::advice::{remark, told};
use crate::rendering::TableFormat;
use crate::rendering::compare::{Detail, write_comparison};
use crate::rendering::saturation::{method, sentence, write_saturation};
use crate::study::StudyError;
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Reply, Visit};
use crate::web::words;

#[derive(Template)]
#[template(path = "compare.html")]
struct ComparePage {
    frame: Frame,
    attributes: Vec<String>,
    by: String,
    /// None without groups.
    answer: Option<CompareAnswer>,
    picture: Option<Picture>,
    problem: Option<FileRemark>,
}

impl ComparePage {
    /// Where a group, or all others who are compared, say a term.
    fn said_by(&self, term: &ComparedTerm, is_of_others: bool) -> String {
        let groups = self.answer.iter().flat_map(|answer| &answer.groups);
        let meant = groups.filter(|group| (group.name == term.group) != is_of_others);
        let fields: Vec<String> = meant.map(|group| words::field(&self.by, &group.name)).collect();
        let query = format!("({}) AND role:participant AND ({})", fields.join(" OR "), term.term);
        format!("/quotes?q={}&sort=place&all=1", words::encoded(&query))
    }
}

fn attributes(visit: &Visit<'_>) -> Vec<String> {
    visit.study.corpus.attribute_names().into_iter().map(str::to_owned).collect()
}

/// Groups by the attribute that is asked for.
pub(in crate::web) fn show(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let attributes = attributes(visit);
    let asked = visit.asked("by");
    let by = match asked {
        "" => attributes.iter().find(|name| *name == "group").or(attributes.first()),
        _ => attributes.iter().find(|name| *name == asked),
    };
    let by = by.cloned().unwrap_or_else(|| asked.to_owned());
    let (answer, problem) = match study.compare(&by, &study.theme_params(None)) {
        Ok(answer) => (Some(study.shown(answer)), None),
        Err(error) if visit.is_json => return Err(error.into()),
        Err(StudyError::NoComparison(error)) => (None, Some(told(study, error.diagnostic()))),
        Err(error) => return Err(error.into()),
    };
    if let (true, Some(answer)) = (visit.is_csv, &answer) {
        let write = |out: &mut Vec<u8>| {
            write_comparison(out, answer, TableFormat::Csv, Detail::Statistics, 0)
        };
        return Reply::csv(visit, write);
    }
    if let (true, Some(answer)) = (visit.is_json, &answer) {
        return Reply::json(answer);
    }
    let is_file = pictures::is_file(visit);
    let picture = answer.as_ref().map(|answer| {
        let link = |theme: usize, group: &str| {
            let (by, group) = (words::encoded(&by), words::encoded(group));
            (!is_file).then(|| format!("/themes/{theme}?by={by}&group={group}#evidence"))
        };
        charts::compared(answer, &link)
    });
    match picture {
        Some(picture) if is_file => Ok(pictures::file(visit, &picture)),
        picture => page(&ComparePage {
            frame: Frame::of(visit, "Compare", "Compare")?,
            attributes,
            by,
            answer,
            picture,
            problem,
        }),
    }
}

#[derive(Template)]
#[template(path = "saturation.html")]
struct SaturationPage {
    frame: Frame,
    attributes: Vec<String>,
    by: String,
    order: String,
    is_of_candidates: bool,
    /// What is found, of all interviews and of each group.
    sentences: Vec<String>,
    notes: Vec<FileRemark>,
    method: String,
    picture: Picture,
}

/// What each interview adds.
pub(in crate::web) fn saturation(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let [by, order] = ["by", "order"].map(|name| visit.asked(name).to_owned());
    let asked = SaturationParams {
        by: Some(by.clone()).filter(|by| !by.is_empty()),
        order: Some(order.clone()).filter(|order| !order.is_empty()),
        is_of_candidates: !visit.asked("candidates").is_empty(),
        ..SaturationParams::default()
    };
    let answer = study.shown(study.saturation(&asked, &study.theme_params(None))?);
    if visit.is_csv {
        return Reply::csv(visit, |out| {
            write_saturation(out, &answer, TableFormat::Csv, &remark, 0)
        });
    }
    if visit.is_json {
        return Reply::json(&answer);
    }
    let picture = charts::saturation(&answer);
    if pictures::is_file(visit) {
        return Ok(pictures::file(visit, &picture));
    }
    page(&SaturationPage {
        frame: Frame::of(visit, "Compare", "Saturation")?,
        attributes: attributes(visit),
        by,
        order,
        is_of_candidates: asked.is_of_candidates,
        sentences: answer.groups.iter().map(|group| sentence(&answer, group)).collect(),
        notes: answer.notes.iter().map(remark).collect(),
        method: method(&answer),
        picture,
    })
}
