//! Quotes: where something is said, what is like it, and one quotation with its codes.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use serde::Serialize;

use crate::answers::{
    CodeAnswer, Concordance, Hit, MarkCode, MemoAnswer, QuotationAnswer, SearchAnswer,
};
use crate::base::Lines;
use crate::desk::advice::remark;
use crate::query::parse::QueryError;
use crate::questions::codebook::QuotationFilter;
use crate::rendering::QuoteFormat;
use crate::rendering::concordance::write_concordance;
use crate::rendering::hits::write_answer;
use crate::search::SearchError;
use crate::search::answer::SearchParams;
use crate::search::concordance::ConcordanceOrder;
use crate::search::similar::{SimilarParams, SimilarTo};
use crate::study::{Snapshot, StudyError};
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Failure, Reply, Visit};
use crate::web::words;

/// Hits of a first page; all of them if they are asked for.
const HITS: usize = 20;
/// What a program is told that asks nothing.
const NOT_ASKED: (&str, &str) = ("nothing is asked", "give a query: `?q=silence`");
/// Words that are offered where one is said nowhere.
const NEAR: usize = 4;
/// Values of an attribute, and codes, up to which a query can be narrowed by one click.
const CHIPS: usize = 6;
/// Lines of a concordance, likewise.
const LINES: usize = 200;

#[derive(Template)]
#[template(path = "quotes.html")]
struct QuotesPage {
    frame: Frame,
    query: String,
    sort: String,
    found: Found,
    people: Vec<Quoted>,
    codes: Vec<String>,
    /// Where nothing was found: what is said instead, by the word that is not.
    near: Vec<(String, Vec<String>)>,
    /// What the query can be narrowed to: what it is, and its part of a query.
    chips: Vec<(String, String)>,
}

/// A quote that was found, and what it is coded as.
struct Row {
    hit: Hit,
    codes: Vec<MarkCode>,
}

/// What was found of one person: the best, and what else.
struct Quoted {
    name: String,
    best: Row,
    others: Vec<Row>,
}

/// Hits with their codes, in their order.
fn rows(study: &Snapshot, hits: &[Hit]) -> Result<Vec<Row>, Failure> {
    let codes = study.codes_at(hits.iter().map(|hit| (hit.at.transcript.as_str(), hit.span)))?;
    Ok(hits.iter().cloned().zip(codes).map(|(hit, codes)| Row { hit, codes }).collect())
}

/// The same by person, in the order of the best of each. One person is not put apart.
fn by_person(rows: Vec<Row>) -> Vec<Quoted> {
    let name = |row: &Row| row.hit.at.case.clone().unwrap_or_else(|| row.hit.at.speaker.clone());
    let is_of_one = rows.iter().all(|row| name(row) == name(&rows[0]));
    let mut people: Vec<Quoted> = Vec::new();
    for row in rows {
        let own = name(&row);
        match people.iter_mut().find(|person| person.name == own && !is_of_one) {
            Some(person) => person.others.push(row),
            None => people.push(Quoted { name: own, best: row, others: Vec::new() }),
        }
    }
    people
}

/// What a query comes to.
enum Found {
    /// Nothing was asked.
    Nothing,
    Hits(SearchAnswer),
    Lines(Concordance),
    Mistake(Mistake),
}

/// A query that cannot be read: what is before the mistake, the mistake, the rest.
struct Mistake {
    parts: [String; 3],
    problem: String,
    hint: String,
}

impl Mistake {
    fn of(error: &QueryError) -> Self {
        let (start, end) = (error.at.start as usize, error.at.end as usize);
        let part = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let query = &error.query;
        Self {
            parts: [part(query.get(..start)), part(query.get(start..end)), part(query.get(end..))],
            problem: error.problem.clone(),
            hint: error.remedy.advice.clone(),
        }
    }
}

impl QuotesPage {
    /// This query as an address, with more asked of it.
    fn again(&self, more: &str) -> String {
        format!("/quotes?q={}{more}", words::encoded(&self.query))
    }

    /// All that it finds, as a table.
    fn table(&self) -> String {
        format!("/quotes.csv?q={}&all=1&sort={}", words::encoded(&self.query), self.sort)
    }

    /// This query with one word in the place of another.
    fn instead(&self, word: &str, other: &str) -> String {
        format!("/quotes?q={}", words::encoded(&self.query.replace(word, other)))
    }

    /// This query, narrowed by a field.
    fn narrowed(&self, field: &str) -> String {
        let query = format!("({}) AND {field}", self.query);
        format!("/quotes?q={}&sort={}", words::encoded(&query), self.sort)
    }

    /// What one participant says of this query.
    fn of_case(&self, case: &str) -> String {
        let query = format!("{} AND ({})", words::field("case", case), self.query);
        format!("/quotes?q={}&sort=place&all=1", words::encoded(&query))
    }
}

/// Finds what is asked for.
pub(in crate::web) fn search(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let (query, sort) = (visit.asked("q").trim().to_owned(), visit.asked("sort").to_owned());
    let all = !visit.asked("all").is_empty();
    let order = match sort.as_str() {
        "" => None,
        "left" => Some(ConcordanceOrder::Left),
        "right" => Some(ConcordanceOrder::Right),
        _ => Some(ConcordanceOrder::Place),
    };
    let found = match order {
        _ if query.is_empty() => Ok(Found::Nothing),
        Some(order) => study
            .concordance(&query, None, order, if all { 0 } else { LINES })
            .map(|answer| Found::Lines(study.shown(answer))),
        None => {
            let limit = if all { 0 } else { HITS };
            let params = SearchParams { limit, ..SearchParams::default() };
            study.search(&query, &params).map(|answer| Found::Hits(study.shown(answer)))
        }
    };
    let found = match found {
        Err(StudyError::Search(SearchError::Query(error))) if !visit.is_json => {
            Found::Mistake(Mistake::of(&error))
        }
        found => found?,
    };
    if visit.is_csv {
        return match &found {
            Found::Hits(answer) => {
                Reply::csv(visit, |out| write_answer(out, answer, QuoteFormat::Csv, 0))
            }
            Found::Lines(answer) => {
                Reply::csv(visit, |out| write_concordance(out, answer, QuoteFormat::Csv, 0))
            }
            Found::Nothing | Found::Mistake(_) => Err(Failure::mistake(NOT_ASKED.0, NOT_ASKED.1)),
        };
    }
    if visit.is_json {
        return match &found {
            Found::Hits(answer) => Reply::json(&answer.hits),
            Found::Lines(answer) => {
                let mut bytes = Vec::new();
                write_concordance(&mut bytes, answer, QuoteFormat::Json, 0)
                    .map_err(|error| Failure::broken(&error))?;
                Ok(Reply::Json(bytes))
            }
            Found::Nothing | Found::Mistake(_) => Err(Failure::mistake(NOT_ASKED.0, NOT_ASKED.1)),
        };
    }
    let people = match &found {
        Found::Hits(answer) => by_person(rows(study, &answer.hits)?),
        _ => Vec::new(),
    };
    let codes = study.shown(study.code_answers()?).value;
    let (is_found, nowhere) = match &found {
        Found::Hits(answer) => (!answer.hits.is_empty(), answer.nowhere.as_slice()),
        Found::Lines(answer) => (!answer.lines.is_empty(), answer.nowhere.as_slice()),
        Found::Nothing | Found::Mistake(_) => (false, &[][..]),
    };
    let mut near = Vec::new();
    for word in nowhere.iter().filter(|word| word.chars().all(char::is_alphanumeric)) {
        let like = study.words_like(word, NEAR)?;
        if !like.is_empty() {
            near.push((word.clone(), like));
        }
    }
    page(&QuotesPage {
        frame: Frame::of(visit, "Quotes", "Quotes")?,
        near,
        chips: if is_found { chips(visit, &query, &codes) } else { Vec::new() },
        query: study.shown_text(&query).into_owned(),
        sort,
        found,
        people,
        codes: codes.into_iter().map(|code| code.path).collect(),
    })
}

/// What a query can be narrowed to: who speaks, groups and other attributes of few values,
/// and what is coded; not what it names already.
fn chips(visit: &Visit<'_>, query: &str, codes: &[CodeAnswer]) -> Vec<(String, String)> {
    let study = &visit.study;
    let info = study.shown(study.info(&[], remark));
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in info.cases.iter().flat_map(|case| &case.attributes) {
        known.entry(name).or_default().insert(value);
    }
    let few = known.iter().filter(|(_, values)| (2..=CHIPS).contains(&values.len()));
    let attributes = few.flat_map(|(name, values)| {
        values.iter().map(move |value| (format!("{name}: {value}"), words::field(name, value)))
    });
    let role = ("participants only".to_owned(), words::field("role", "participant"));
    let coded = codes.iter().filter(|code| code.code.parent.is_none()).take(CHIPS);
    let coded =
        coded.map(|code| (format!("coded: {}", code.path), words::field("code", &code.path)));
    let all = std::iter::once(role).chain(attributes).chain(coded);
    all.filter(|(_, field)| !query.contains(field.as_str())).collect()
}

#[derive(Template)]
#[template(path = "like.html")]
struct LikePage {
    frame: Frame,
    text: String,
    whence: String,
    back: String,
    is_of_others: bool,
    has_groups: bool,
    here: String,
    rows: Vec<Row>,
    codes: Vec<String>,
}

/// What is like lines of a transcript, or like words of one's own.
pub(in crate::web) fn like(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let (id, text) = (visit.asked("transcript"), visit.asked("text"));
    let is_of_others = !visit.asked("others").is_empty();
    let lines = visit.asked("lines");
    let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
    let (quote, whence, back, words_there) = if id.is_empty() {
        (SimilarTo::Text(text.to_owned()), String::new(), String::new(), text.to_owned())
    } else {
        let t = study.transcript_named(id)?;
        let (Ok(first), Ok(last)) = (first.parse(), last.parse()) else {
            return Err(Failure::mistake(
                "no lines are named",
                "choose a quote, then More like this",
            ));
        };
        let lines = Lines { first, last };
        let spoken = study.quote_at(t, lines, None)?;
        let whence = format!("{id}, {}", words::lines([first, last]));
        let back = format!("/read/{}?lines={first}-{last}#here", words::encoded(id));
        let spoken = study.shown_text(&spoken.text).into_owned();
        (SimilarTo::Lines { transcript: t, lines }, whence, back, spoken)
    };
    let params = SimilarParams {
        quote,
        elsewhere: !id.is_empty(),
        from_other_groups: is_of_others,
        limit: HITS,
        n_context: 0,
    };
    let hits = study.shown(study.similar(&params)?);
    if visit.is_json {
        return Reply::json(&hits);
    }
    let codes = study.shown(study.code_answers()?).value;
    page(&LikePage {
        frame: Frame::of(visit, "Quotes", "More like this")?,
        text: words_there,
        whence,
        back,
        is_of_others,
        has_groups: study.corpus.groups_who_speak().len() > 1,
        here: format!("/quotes/like?transcript={}&lines={lines}", words::encoded(id)),
        rows: rows(study, &hits)?,
        codes: codes.into_iter().map(|code| code.path).collect(),
    })
}

#[derive(Template)]
#[template(path = "quotation.html")]
struct QuotationPage {
    frame: Frame,
    quotation: QuotationAnswer,
    codes: Vec<String>,
    memos: Vec<MemoAnswer>,
}

impl QuotationPage {
    /// Whether it is shown first under all its codes.
    fn is_pinned(&self) -> bool {
        !self.quotation.codes.is_empty()
            && self.quotation.codes.iter().all(|coding| coding.is_pinned)
    }
}

/// One quotation that is kept.
pub(in crate::web) fn one(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let id: u32 = visit.number("quotation")?;
    let all = study.shown(study.quotation_answers(&QuotationFilter::default())?).value;
    let found = all.into_iter().find(|quotation| quotation.id == id);
    let quotation = found.ok_or_else(|| Failure::missing(&format!("quotation {id}")))?;
    if visit.is_json {
        return Reply::json(&quotation);
    }
    let codes = study.shown(study.code_answers()?).value;
    let about = format!("quotation {id}");
    let memos = study.shown(study.memo_answers()?);
    page(&QuotationPage {
        frame: Frame::of(visit, "Codebook", &format!("Quotation {id}"))?,
        quotation,
        codes: codes.into_iter().map(|code| code.path).collect(),
        memos: memos.into_iter().filter(|memo| memo.about == about).collect(),
    })
}

/// A field of queries, and what it can be.
#[derive(Serialize)]
struct KnownField {
    name: String,
    values: Vec<String>,
}

/// What a query may ask for, to be offered while it is typed.
pub(in crate::web) fn fields(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let info = study.shown(study.info(&[], remark));
    let codes = study.shown(study.code_answers()?).value;
    let speakers = info.transcripts.iter().flat_map(|it| &it.speakers);
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::from([
        ("answers".to_owned(), BTreeSet::new()),
        ("case".to_owned(), info.cases.iter().map(|it| it.id.clone()).collect()),
        ("code".to_owned(), codes.into_iter().map(|it| it.path).collect()),
        ("role".to_owned(), speakers.clone().map(|it| it.role.to_owned()).collect()),
        ("speaker".to_owned(), speakers.map(|it| it.name.clone()).collect()),
        ("transcript".to_owned(), info.transcripts.iter().map(|it| it.id.clone()).collect()),
    ]);
    for (name, value) in info.cases.iter().flat_map(|case| &case.attributes) {
        known.entry(name.clone()).or_default().insert(value.clone());
    }
    let values =
        |values: BTreeSet<String>| values.into_iter().filter(|it| !it.is_empty()).collect();
    let field = |(name, known)| KnownField { name, values: values(known) };
    Reply::json(&known.into_iter().map(field).collect::<Vec<_>>())
}
