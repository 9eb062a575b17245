//! Compare: themes and words of groups beside each other.

use askama::Template;

use crate::answers::{CompareAnswer, ComparedTheme};
use crate::report::compare::clearest_difference;
use crate::web::advice::told;
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Reply, Visit};

#[derive(Template)]
#[template(path = "compare.html")]
struct ComparePage {
    frame: Frame,
    attributes: Vec<String>,
    by: String,
    /// None without groups.
    answer: Option<CompareAnswer>,
    problem: Option<crate::answers::FileRemark>,
}

/// Groups by the attribute that is asked for.
pub(in crate::web) fn show(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let attributes: Vec<String> =
        study.corpus.attribute_names().into_iter().map(str::to_owned).collect();
    let asked = visit.asked("by");
    let by = match asked {
        "" => attributes.iter().find(|name| *name == "group").or(attributes.first()),
        _ => attributes.iter().find(|name| *name == asked),
    };
    let by = by.cloned().unwrap_or_else(|| asked.to_owned());
    let params = study.theme_params(None);
    let answer = match study.compare(&by, &params) {
        Ok(answer) => Ok(study.shown(answer)),
        Err(error) if visit.is_json => return Err(error.into()),
        Err(crate::study::StudyError::NoComparison(error)) => Err(error),
        Err(error) => return Err(error.into()),
    };
    if let (true, Ok(answer)) = (visit.is_json, &answer) {
        return Reply::json(answer);
    }
    let (answer, problem) = match answer {
        Ok(answer) => (Some(answer), None),
        Err(error) => {
            let problem = crate::base::Diagnose::diagnostic(&error);
            (None, Some(told(study, problem)))
        }
    };
    page(&ComparePage {
        frame: Frame::of(visit, "Compare", "Compare")?,
        attributes,
        by,
        answer,
        problem,
    })
}

fn difference(theme: &ComparedTheme, n_groups: usize) -> String {
    clearest_difference(theme, n_groups).unwrap_or_default()
}
