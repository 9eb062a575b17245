//! Themes as pictures: by participants, as a map, and what has become of them.

use askama::Template;

use super::views::{VIEWS, listed, params_of};
use crate::answers::{GrowthAnswer, GrowthKind};
use crate::charts::{self, Picture};
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Failure, Reply, Visit};
use crate::web::words;

/// A page that is a picture.
#[derive(Template)]
#[template(path = "drawn.html")]
struct DrawnPage {
    frame: Frame,
    lead: &'static str,
    picture: Picture,
}

/// Whether the picture of a page is asked for as a file.
pub(super) fn is_file(visit: &Visit<'_>) -> bool {
    visit.asked("as") == "svg"
}

/// A picture as a file to keep.
pub(super) fn file(visit: &Visit<'_>, picture: &Picture) -> Reply {
    let name = format!("{} {}.svg", visit.study.name(), picture.title.to_lowercase());
    Reply::File { name, kind: "image/svg+xml", bytes: picture.svg.clone().into_bytes() }
}

/// Themes by participants: what a circle stands for is one click away.
pub(super) fn matrix(visit: &Visit<'_>) -> Answered {
    let (answer, voices) = listed(visit)?;
    if visit.is_json {
        return Reply::json(&voices);
    }
    let link = |theme: usize, person: Option<usize>| {
        let part = person.map_or("evidence".to_owned(), |person| format!("person-{person}"));
        Some(format!("/themes/{theme}#{part}"))
    };
    if is_file(visit) {
        return Ok(file(visit, &charts::matrix(&answer, &voices, &|_, _| None)));
    }
    page(&DrawnPage {
        frame: Frame::of(visit, "Themes", VIEWS[2].0)?,
        lead: "Choose a circle to read what that person says of the theme or candidate.",
        picture: charts::matrix(&answer, &voices, &link),
    })
}

/// Themes as a map.
pub(super) fn map(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let answer = study.shown(study.theme_map(&study.theme_params(None))?);
    if visit.is_json {
        return Reply::json(&answer);
    }
    let is_file = is_file(visit);
    let link = |theme: usize| (!is_file).then(|| format!("/themes/{theme}"));
    let picture = charts::map(&answer, &link);
    if is_file {
        return Ok(file(visit, &picture));
    }
    page(&DrawnPage {
        frame: Frame::of(visit, "Themes", VIEWS[3].0)?,
        lead: "Which themes and candidates are said in like words, and might belong together. Choose a circle to read its evidence.",
        picture,
    })
}

#[derive(Template)]
#[template(path = "grown.html")]
struct GrownPage {
    frame: Frame,
    versions: Vec<u32>,
    since: u32,
    answer: Option<GrowthAnswer>,
}

impl GrownPage {
    /// Themes of which something has changed.
    fn n_moved(&self) -> usize {
        let changes = self.answer.iter().flat_map(|answer| &answer.changes);
        changes.filter(|change| change.kind != GrowthKind::Held).count()
    }
}

/// What has become of the themes since a version: the one before this list, if none is
/// named.
pub(super) fn grown(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let versions = study.version_numbers();
    let asked = visit.asked("since");
    let since = if asked.is_empty() {
        let now = listed(visit)?.0.version;
        versions.iter().rev().copied().find(|&it| Some(it) != now).or(versions.last().copied())
    } else {
        let number = asked.parse();
        Some(number.map_err(|_no_number| Failure::missing(&format!("version `{asked}`")))?)
    };
    let params = study.theme_params(None);
    let answer = since.map(|since| study.growth(since, &params)).transpose()?;
    let answer = answer.map(|answer| study.shown(answer));
    if visit.is_json {
        // Without an earlier version there is nothing to tell.
        return answer.map_or_else(|| Reply::json(&serde_json::json!({})), |it| Reply::json(&it));
    }
    let frame = Frame::of(visit, "Themes", VIEWS[4].0)?;
    page(&GrownPage { frame, versions, since: since.unwrap_or_default(), answer })
}

/// The picture of where one theme is said, each stroke a link to its lines.
pub(super) fn dispersion(visit: &Visit<'_>, id: usize) -> Result<Option<Picture>, Failure> {
    let study = &visit.study;
    let Some(found) = study.dispersion(&params_of(visit), id)? else { return Ok(None) };
    let is_file = is_file(visit);
    let link = |transcript: &str, [first, last]: [u32; 2]| {
        let id = words::encoded(transcript);
        (!is_file).then(|| format!("/read/{id}?lines={first}-{last}#here"))
    };
    Ok(Some(charts::dispersion(&study.shown(found), &link)))
}
