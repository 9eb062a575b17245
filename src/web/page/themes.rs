//! Themes: the board of candidates and themes, one of them with all its evidence, what
//! fits none, and what was rejected.

use std::collections::BTreeSet;

use askama::Template;

use super::pictures;
use super::views::{Asked, VIEWS, listed, params_of};
use crate::answers::{
    GroupAnswer, Hit, MemoAnswer, RejectionAnswer, StanceAnswer, ThemeAnswer, ThemeVoices,
    ThemesAnswer, VersionAnswer, VoicesAnswer, WithoutAnswer,
};
use crate::charts::{self, Picture};
use crate::rendering::themes::{found_again, one_voice};
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Failure, Reply, Visit};
use crate::web::words;

/// Quotes on a card of the board.
const QUOTES: usize = 2;

/// A theme of the board.
struct Card<'a> {
    theme: &'a ThemeAnswer,
    /// What stands for it when somebody decides on it.
    key: &'a str,
    groups: Vec<DotGroup<'a>>,
    doubts: Vec<String>,
    /// Where it can be merged into, with what is shown of it.
    others: Vec<(String, String)>,
    /// The quotes that are shown first.
    quotes: Vec<Hit>,
    /// What else the address asks for.
    asked: &'a Asked,
    /// Who says it in interviews that came since an earlier version: how many, and its
    /// number.
    came: Option<(usize, u32)>,
    /// How many call it a benefit or a drawback, in quotations of an accepted theme.
    sides: Vec<StanceAnswer>,
}

/// The people of one group.
struct DotGroup<'a> {
    name: &'a str,
    dots: Vec<Dot<'a>>,
}

/// A trial in which people are left out, as a bar of a card.
struct Bar {
    x: usize,
    /// Where it begins from above.
    y: usize,
    /// How much is found again, up to [`BAR_HEIGHT`].
    height: usize,
    /// Whether it is less than half.
    is_low: bool,
    told: String,
}

/// How high a bar is that stands for all of a theme, how wide, and from one to the next.
const BAR_HEIGHT: usize = 20;
const BAR_WIDTH: usize = 6;
const BAR_STEP: usize = 8;

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

    /// What is to be asked before it becomes a theme: whether it is more than one voice.
    fn one_voice(&self) -> Option<String> {
        one_voice(self.theme)
    }

    /// What its stability is the mean of.
    fn bars(&self) -> Vec<Bar> {
        let bar = |(at, trial): (usize, &WithoutAnswer)| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share")]
            let height = (trial.jaccard * BAR_HEIGHT as f64).round() as usize;
            Bar {
                x: at * BAR_STEP,
                y: BAR_HEIGHT.saturating_sub(height),
                height,
                is_low: trial.is_lost(),
                told: format!("without {} {}", trial.cases.join(", "), found_again(trial.jaccard)),
            }
        };
        self.theme.without.iter().enumerate().map(bar).collect()
    }

    fn interval(&self) -> String {
        words::percent(self.theme.interval)
    }

    /// The address of the theme, to which more can be added.
    fn at(&self) -> String {
        self.asked.address(&format!("/themes/{}", self.theme.id))
    }

    /// The board, where it shows this theme.
    fn on_board(&self) -> String {
        format!("{}#theme-{}", self.asked.address("/themes"), self.theme.id)
    }

    /// What the group says of it that is looked at alone.
    fn seen(&self) -> Option<&GroupAnswer> {
        self.theme.groups.iter().find(|group| group.name == self.asked.lens)
    }

    /// How many themes were asked for, as a form says it.
    fn count(&self) -> String {
        self.asked.count.map(|n| n.to_string()).unwrap_or_default()
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
    (answer, voices): (&'a ThemesAnswer, &'a VoicesAnswer),
    theme: &'a ThemeAnswer,
    asked: &'a Asked,
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
        quotes: theme.quotes.iter().take(QUOTES).cloned().collect(),
        asked,
        doubts: words::doubts(theme),
        came: None,
        sides: Vec::new(),
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
    asked: &'a Asked,
    /// Groups that can be looked at alone.
    lenses: Vec<String>,
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage<'a> {
    frame: Frame,
    cards: Vec<Card<'a>>,
    asked: &'a Asked,
    lenses: Vec<String>,
}

impl ListPage<'_> {
    /// Groups whose people are counted apart.
    fn groups(&self) -> Vec<&String> {
        self.lenses
            .iter()
            .filter(|lens| self.asked.lens.is_empty() || **lens == self.asked.lens)
            .collect()
    }
}

/// The names of the groups in which somebody speaks; none if there is but one.
fn lenses(voices: &VoicesAnswer) -> Vec<String> {
    let names: BTreeSet<&String> =
        voices.people.iter().filter_map(|it| it.group.as_ref()).collect();
    if names.len() < 2 { Vec::new() } else { names.into_iter().cloned().collect() }
}

/// The cards that an address asks for: of one group only those of which it says something,
/// what more of its people say first, with its own dots and words.
fn cards<'a>(
    visit: &Visit<'_>,
    (answer, voices): (&'a ThemesAnswer, &'a VoicesAnswer),
    asked: &'a Asked,
) -> Result<Vec<Card<'a>>, Failure> {
    let all = answer.themes.iter().map(|theme| card((answer, voices), theme, asked));
    if asked.lens.is_empty() {
        return Ok(all.collect());
    }
    let said = |card: &Card<'_>| card.seen().map_or(0, |group| group.n_cases);
    let mut seen: Vec<Card<'a>> = all.filter(|card| said(card) > 0).collect();
    seen.sort_by_key(|card| std::cmp::Reverse(said(card)));
    let people = of_group(visit, "group", &asked.lens);
    for card in &mut seen {
        card.groups.retain(|group| group.name == asked.lens);
        let is_theirs = |hit: &Hit| hit.at.case.as_ref().is_some_and(|it| people.contains(it));
        card.quotes = card.theme.quotes.iter().filter(|hit| is_theirs(hit)).cloned().collect();
        if card.quotes.len() < QUOTES {
            let found = visit.study.evidence(&params_of(visit), card.theme.id)?;
            let more = visit.study.shown(found).evidence.into_iter().filter(is_theirs);
            let is_new = |hit: &Hit| !card.quotes.iter().any(|it| it.at == hit.at);
            let more: Vec<Hit> = more.filter(is_new).take(QUOTES).collect();
            card.quotes.extend(more);
        }
        card.quotes.truncate(QUOTES);
    }
    Ok(seen)
}

/// The board.
pub(in crate::web) fn board(visit: &Visit<'_>) -> Answered {
    if !visit.asked("version").is_empty() {
        return version(visit);
    }
    let (answer, voices) = listed(visit)?;
    if visit.is_json {
        return Reply::json(&answer);
    }
    let asked = Asked::of(visit);
    let mut cards = cards(visit, (&answer, &voices), &asked)?;
    if let Some(growth) = visit.study.growth_since_last(&params_of(visit))? {
        let growth = visit.study.shown(growth);
        for card in &mut cards {
            let change = growth.changes.iter().find(|it| it.id == Some(card.theme.id));
            let n = change.map_or(0, |change| change.n_new_cases);
            card.came = (n > 0).then_some((n, growth.since));
        }
    }
    let n_accepted = cards.iter().filter(|card| card.theme.accepted.is_some()).count();
    // Quotations are counted over everybody, a lens shows one group.
    if n_accepted > 0 && Asked::of(visit).lens.is_empty() {
        let mut codes = visit.study.shown(visit.study.code_answers()?).value;
        for card in &mut cards {
            let Some(accepted) = &card.theme.accepted else { continue };
            let own = codes.iter_mut().find(|it| it.code.id.0 == accepted.code);
            card.sides = own.map(|it| std::mem::take(&mut it.stances)).unwrap_or_default();
        }
    }
    page(&BoardPage {
        frame: Frame::of(visit, "Themes", "Themes")?,
        n_candidates: cards.len() - n_accepted,
        n_accepted,
        cards,
        asked: &asked,
        lenses: lenses(&voices),
        n_uncovered: voices.n_uncovered,
        n_rejected: visit.study.codebook()?.rejections.len(),
        n_people: voices.people.len(),
        notes: &answer.notes,
    })
}

#[derive(Template)]
#[template(path = "version.html")]
struct VersionPage {
    frame: Frame,
    answer: VersionAnswer,
}

/// The list as it was once: it is looked at only.
fn version(visit: &Visit<'_>) -> Answered {
    let asked = visit.asked("version");
    let number = asked.parse();
    let number = number.map_err(|_no_number| Failure::missing(&format!("version `{asked}`")))?;
    let answer = visit.study.shown(visit.study.version_answer(number)?);
    if visit.is_json {
        return Reply::json(&answer);
    }
    page(&VersionPage { frame: Frame::of(visit, "Themes", &format!("Version {number}"))?, answer })
}

/// The same as a table.
fn list(visit: &Visit<'_>) -> Answered {
    let (answer, voices) = listed(visit)?;
    if visit.is_json {
        return Reply::json(&answer);
    }
    let asked = Asked::of(visit);
    page(&ListPage {
        frame: Frame::of(visit, "Themes", VIEWS[1].0)?,
        cards: cards(visit, (&answer, &voices), &asked)?,
        asked: &asked,
        lenses: lenses(&voices),
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
    /// What its stability is the mean of; none if nobody can be left out.
    stability: Option<Picture>,
    in_context: &'a [Hit],
    memos: Vec<MemoAnswer>,
    /// Quotes that show where it ends, each with what it is.
    strip: Vec<(&'static str, Hit)>,
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
        "list" => list(visit),
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
    let params = params_of(visit);
    let found = study.shown(study.evidence(&params, id)?);
    let missing = || Failure::missing(&format!("theme {id} in the list of now"));
    let picture = pictures::dispersion(visit, id)?.ok_or_else(missing)?;
    let stability = charts::stability(theme);
    let asked = visit.asked("as");
    if let Some(picture) = [("svg", Some(&picture)), ("stability", stability.as_ref())]
        .into_iter()
        .find_map(|(name, picture)| picture.filter(|_| name == asked))
    {
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
    let compared = study.comparison(&params, id)?.map(|found| study.shown(found));
    let compared = compared.unwrap_or_default();
    let strip = [
        ("nearest of what is not in it", compared.would_join),
        ("what in it is nearest to that", compared.nearest),
        ("what in it stands farthest from the rest", compared.farthest),
    ];
    let asked = Asked::of(visit);
    page(&ThemePage {
        strip: strip.into_iter().filter_map(|(what, hit)| Some((what, hit?))).collect(),
        frame: Frame::of(visit, "Themes", &theme.label)?,
        card: card((&answer, &voices), theme, &asked),
        by_person,
        part,
        picture,
        stability,
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
        let found = study.evidence_of_code(&params_of(visit), (theme.id, named.id))?;
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
