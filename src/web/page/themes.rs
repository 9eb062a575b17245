//! Themes: the board of candidates and themes, one of them with all its evidence, what
//! fits none, and what was rejected.

use std::collections::BTreeSet;

use askama::Template;

use super::pictures;

use crate::answers::{
    Hit, MemoAnswer, RejectionAnswer, ThemeAnswer, ThemeVoices, ThemesAnswer, VoicesAnswer,
};
use crate::report::chart::Picture;
use crate::study::themes::Numbering;
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Failure, Reply, Visit};
use crate::web::words;

/// The views of the themes: title, address, name.
pub(in crate::web) const VIEWS: [(&str, &str, &str); 4] = [
    ("Themes", "/themes", "Board"),
    ("Themes by participants", "/themes/matrix", "Matrix"),
    ("Map of themes", "/themes/map", "Map"),
    ("What has changed", "/themes/grown", "What has changed"),
];

/// A theme of the board.
struct Card<'a> {
    theme: &'a ThemeAnswer,
    /// What stands for it when somebody decides on it.
    key: &'a str,
    groups: Vec<DotGroup<'a>>,
    doubts: Vec<String>,
    /// Where it can be merged into, with what is shown of it.
    others: Vec<(String, String)>,
}

/// The people of one group.
struct DotGroup<'a> {
    name: &'a str,
    dots: Vec<Dot<'a>>,
}

/// A person, and how much of a theme is theirs.
struct Dot<'a> {
    case: &'a str,
    n_passages: usize,
    /// 0 for none, up to 3.
    size: usize,
}

impl Card<'_> {
    /// How a form names it.
    fn named(&self) -> String {
        named(self.theme, self.key)
    }

    fn interval(&self) -> String {
        words::percent(self.theme.interval)
    }
}

/// How a form names a theme: by its number in the codebook, or as a candidate with what
/// stands for it.
fn named(theme: &ThemeAnswer, key: &str) -> String {
    match &theme.accepted {
        Some(accepted) => format!("theme {}", accepted.code),
        None => format!("candidate {} {key}", theme.id),
    }
}

fn dots<'a>(voices: &'a VoicesAnswer, of: &ThemeVoices) -> Vec<DotGroup<'a>> {
    let mut groups: Vec<DotGroup<'a>> = Vec::new();
    for (person, &n_passages) in voices.people.iter().zip(&of.n_passages) {
        let name = person.group.as_deref().unwrap_or_default();
        let size = match n_passages {
            0 => 0,
            1 => 1,
            2..=3 => 2,
            _ => 3,
        };
        let dot = Dot { case: &person.case, n_passages, size };
        match groups.last_mut() {
            Some(group) if group.name == name => group.dots.push(dot),
            _ => groups.push(DotGroup { name, dots: vec![dot] }),
        }
    }
    groups
}

fn card<'a>(
    answer: &'a ThemesAnswer,
    voices: &'a VoicesAnswer,
    theme: &'a ThemeAnswer,
) -> Card<'a> {
    let of = |id: usize| voices.themes.iter().find(|it| it.id == id);
    let key = |id: usize| of(id).map_or("", |it| it.key.as_str());
    let others = answer.themes.iter().filter(|other| other.id != theme.id);
    let other = |other: &ThemeAnswer| {
        let kind = if other.accepted.is_some() { "theme" } else { "candidate" };
        (named(other, key(other.id)), format!("{} {} ({kind})", other.id, other.label))
    };
    Card {
        theme,
        key: key(theme.id),
        groups: of(theme.id).map_or_else(Vec::new, |of| dots(voices, of)),
        doubts: words::doubts(theme),
        others: others.map(other).collect(),
    }
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage<'a> {
    frame: Frame,
    cards: Vec<Card<'a>>,
    n_candidates: usize,
    n_accepted: usize,
    n_uncovered: usize,
    n_rejected: usize,
    n_people: usize,
    notes: &'a [String],
}

pub(super) fn listed(visit: &Visit<'_>) -> Result<(ThemesAnswer, VoicesAnswer), Failure> {
    let study = &visit.study;
    let params = study.theme_params(None);
    let answer = study.shown(study.suggest_themes(&params, Numbering::CarriedOn)?);
    Ok((answer, study.shown(study.voices(&params)?)))
}

/// The board.
pub(in crate::web) fn board(visit: &Visit<'_>) -> Answered {
    let (answer, voices) = listed(visit)?;
    if visit.is_json {
        return Reply::json(&answer);
    }
    let n_accepted = answer.themes.iter().filter(|theme| theme.accepted.is_some()).count();
    page(&BoardPage {
        frame: Frame::of(visit, "Themes", "Themes")?,
        cards: answer.themes.iter().map(|theme| card(&answer, &voices, theme)).collect(),
        n_candidates: answer.themes.len() - n_accepted,
        n_accepted,
        n_uncovered: voices.n_uncovered,
        n_rejected: visit.study.codebook()?.rejections.len(),
        n_people: voices.people.len(),
        notes: &answer.notes,
    })
}

#[derive(Template)]
#[template(path = "theme.html")]
struct ThemePage<'a> {
    frame: Frame,
    card: Card<'a>,
    by_person: Vec<Said<'a>>,
    /// What of the evidence is shown, in words, if it is not all.
    part: Option<String>,
    picture: Picture,
    in_context: &'a [Hit],
    memos: Vec<MemoAnswer>,
}

impl ThemePage<'_> {
    fn n_shown(&self) -> usize {
        self.by_person.iter().map(|person| person.hits.len()).sum()
    }
}

/// What a person says of a theme.
struct Said<'a> {
    /// Their place among all who speak.
    place: usize,
    case: String,
    hits: Vec<&'a Hit>,
}

/// Those who have a value of an attribute, as they are shown.
pub(super) fn of_group(visit: &Visit<'_>, by: &str, group: &str) -> BTreeSet<String> {
    let shown = |text: &str| visit.study.shown_text(text).into_owned();
    let cases = &visit.study.corpus.cases;
    let groups = cases.by(|t, s| cases.value(t, s, by));
    let meant = groups.iter().filter(|(value, _)| shown(value) == group);
    meant.flat_map(|(_, of)| of).map(|&(_, at)| shown(&cases.cases[at].id)).collect()
}

/// One theme, or what fits none, or what was rejected.
pub(in crate::web) fn one(visit: &Visit<'_>) -> Answered {
    match visit.name.as_str() {
        "uncovered" => uncovered(visit),
        "rejected" => rejected(visit),
        "matrix" => pictures::matrix(visit),
        "map" => pictures::map(visit),
        "grown" => pictures::grown(visit),
        _ => theme(visit),
    }
}

fn theme(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let id: usize = visit.number("theme")?;
    let (answer, voices) = listed(visit)?;
    let theme = answer.themes.iter().find(|theme| theme.id == id);
    let theme = theme.ok_or_else(|| Failure::missing(&format!("theme {id} in the list of now")))?;
    if visit.is_json {
        return Reply::json(theme);
    }
    let found = study.shown(study.evidence(&study.theme_params(None), id)?);
    let missing = || Failure::missing(&format!("theme {id} in the list of now"));
    let picture = pictures::dispersion(visit, id)?.ok_or_else(missing)?;
    if pictures::is_file(visit) {
        return Ok(pictures::file(visit, picture));
    }
    let (part, evidence) = part_of(visit, theme, found.evidence)?;
    let mut by_person: Vec<Said<'_>> = Vec::new();
    for hit in &evidence {
        let case = hit.at.case.clone().unwrap_or_default();
        if let Some(known) = by_person.iter_mut().find(|known| known.case == case) {
            known.hits.push(hit);
        } else {
            let place = voices.people.iter().position(|person| person.case == case);
            by_person.push(Said { place: place.unwrap_or_default(), case, hits: vec![hit] });
        }
    }
    let about = theme.accepted.as_ref().map(|accepted| format!("theme “{}”", accepted.path));
    let memos = study.shown(study.memo_answers()?);
    let memos = memos.into_iter().filter(|memo| Some(&memo.about) == about.as_ref()).collect();
    page(&ThemePage {
        frame: Frame::of(visit, "Themes", &theme.label)?,
        card: card(&answer, &voices, theme),
        by_person,
        part,
        picture,
        in_context: &found.in_context,
        memos,
    })
}

/// The part of a theme's evidence that is asked for, and what it is called: what one group
/// says, what is evidence of one of its codes, or what is not coded yet.
fn part_of(
    visit: &Visit<'_>,
    theme: &ThemeAnswer,
    evidence: Vec<Hit>,
) -> Result<(Option<String>, Vec<Hit>), Failure> {
    let study = &visit.study;
    let (group, code) = (visit.asked("group"), visit.asked("code"));
    if !group.is_empty() {
        let meant = of_group(visit, visit.asked("by"), group);
        let says = |hit: &Hit| hit.at.case.as_ref().is_some_and(|case| meant.contains(case));
        return Ok((Some(group.to_owned()), evidence.into_iter().filter(says).collect()));
    }
    if !code.is_empty() {
        let named = theme.codes.iter().find(|known| known.id.to_string() == code);
        let named = named.ok_or_else(|| Failure::missing(&format!("code {code} under it")))?;
        let found = study.evidence_of_code(&study.theme_params(None), (theme.id, named.id))?;
        let title = format!("{}.{} {}", theme.id, named.id, named.label);
        return Ok((Some(title), study.shown(found)));
    }
    if visit.asked("uncoded").is_empty() {
        return Ok((None, evidence));
    }
    let places = evidence.iter().map(|hit| (hit.at.transcript.as_str(), hit.span));
    let codes = study.codes_at(places)?;
    let left = evidence.into_iter().zip(codes).filter(|(_, codes)| codes.is_empty());
    Ok((Some("Not coded yet".to_owned()), left.map(|(hit, _)| hit).collect()))
}

#[derive(Template)]
#[template(path = "uncovered.html")]
struct UncoveredPage {
    frame: Frame,
    hits: Vec<Hit>,
    n_passages: usize,
}

fn uncovered(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let params = study.theme_params(None);
    let hits = study.shown(study.unassigned(&params)?);
    if visit.is_json {
        return Reply::json(&hits);
    }
    let (answer, _) = listed(visit)?;
    let frame = Frame::of(visit, "Themes", "In no candidate")?;
    page(&UncoveredPage { frame, hits, n_passages: answer.passages.len() })
}

#[derive(Template)]
#[template(path = "rejected.html")]
struct RejectedPage {
    frame: Frame,
    rejections: Vec<RejectionAnswer>,
}

fn rejected(visit: &Visit<'_>) -> Answered {
    let rejections = visit.study.shown(visit.study.rejection_answers()?);
    if visit.is_json {
        return Reply::json(&rejections);
    }
    page(&RejectedPage { frame: Frame::of(visit, "Themes", "Rejected candidates")?, rejections })
}
