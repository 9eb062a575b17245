//! Which tables there are, with each of their columns.

use std::collections::{BTreeMap, BTreeSet};

use super::{Column, MadeBy, TidyTable, Values, candidate_id, given_name, in_order};
use crate::answers::{
    Band, CodingAnswer, DataAnswer, EvidenceData, PassageData, Provenance, ThemesAnswer, round,
};
use crate::codebook::Stance;

/// All tables of a study.
pub fn tables(data: &DataAnswer) -> Vec<TidyTable> {
    vec![
        transcripts(data),
        speakers(data),
        cases(data),
        passages(data),
        candidates(&data.themes),
        terms(&data.themes),
        groups(&data.themes),
        evidence(data),
        participants_candidates(data),
        codes(data),
        quotations(data),
        codings(data),
        quoted_passages(data),
        participants_codes(data),
    ]
}

/// What can stand in a column.
trait Value: Sized {
    fn into_values(values: impl Iterator<Item = Option<Self>>) -> Values;
}

macro_rules! values {
    ($($type:ty, $kind:ident, $values:ident => $convert:expr;)*) => {$(
        impl Value for $type {
            fn into_values($values: impl Iterator<Item = Option<Self>>) -> Values {
                Values::$kind($convert.collect())
            }
        }
    )*};
}

/// Counts and times are far smaller than what does not fit.
const FITS: &str = "counts and times are far smaller";

values! {
    String, Text, values => values;
    &str, Text, values => values.map(|value| value.map(str::to_owned));
    &String, Text, values => values.map(Option::<&String>::cloned);
    bool, Flag, values => values;
    f64, Number, values => values.map(|value| value.map(round));
    u32, Whole, values => values.map(|value| value.map(i64::from));
    u64, Whole, values => values.map(|value| value.map(|it| i64::try_from(it).expect(FITS)));
    usize, Whole, values => values.map(|value| value.map(|it| i64::try_from(it).expect(FITS)));
}

/// A column whose every row has a value.
fn all<V: Value>(name: &str, about: &str, values: impl Iterator<Item = V>) -> Column {
    some(name, about, values.map(Some))
}

/// A column some of whose rows have no value.
fn some<V: Value>(name: &str, about: &str, values: impl Iterator<Item = Option<V>>) -> Column {
    Column { name: name.to_owned(), about: about.to_owned(), values: V::into_values(values) }
}

/// A text, unless it is empty.
fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn transcripts(data: &DataAnswer) -> TidyTable {
    let rows = || data.transcripts.iter();
    TidyTable {
        name: "transcripts",
        about: "One row for each transcript.",
        made_by: MadeBy::Study,
        key: &["transcript"],
        links: &[],
        columns: vec![
            all(
                "transcript",
                "Its id: the path of its file, without ending.",
                rows().map(|it| &it.id),
            ),
            all("layout", "What the file was recognised as.", rows().map(|it| &it.layout)),
            all("language", "The language that is spoken.", rows().map(|it| &it.language[0])),
            all("n_turns", "Turns.", rows().map(|it| it.n_turns)),
            all("n_words", "Words of all speakers.", rows().map(|it| it.n_words)),
            some(
                "duration_ms",
                "How long it is, in milliseconds, if the file has times.",
                rows().map(|it| it.duration_ms),
            ),
        ],
    }
}

fn speakers(data: &DataAnswer) -> TidyTable {
    let rows =
        || data.transcripts.iter().flat_map(|it| it.speakers.iter().map(move |who| (&it.id, who)));
    TidyTable {
        name: "speakers",
        about: "One row for each speaker of each transcript.",
        made_by: MadeBy::Study,
        key: &["transcript", "speaker"],
        links: &[("transcript", "transcripts", "transcript"), ("case", "cases", "case")],
        columns: vec![
            all("transcript", "The transcript.", rows().map(|(id, _)| id)),
            all("speaker", "The speaker’s label, as written.", rows().map(|(_, it)| &it.label)),
            all(
                "name",
                "The fullest name of the same person in the transcript.",
                rows().map(|(_, it)| &it.name),
            ),
            all("role", "interviewer, participant or other.", rows().map(|(_, it)| it.role)),
            all(
                "is_doubtful",
                "Whether the role is a guess that the talk leaves open.",
                rows().map(|(_, it)| it.is_doubtful),
            ),
            some(
                "case",
                "The case; empty for interviewers and others.",
                rows().map(|(_, it)| it.case.as_ref()),
            ),
            all("n_words", "Words of this speaker.", rows().map(|(_, it)| it.n_words)),
        ],
    }
}

const OWN_GROUP: &str =
    "Its group; empty for who is in several, by interview: `passages` has the group of each.";

/// The group of each case that is in one and not in several.
fn groups_of_cases(data: &DataAnswer) -> BTreeMap<&str, &String> {
    let mut groups: BTreeMap<&str, &String> = data
        .cases
        .iter()
        .filter_map(|it| Some((it.case.id.as_str(), it.case.attributes.get("group")?)))
        .collect();
    for at in data.passages.iter().map(|it| &it.hit.at) {
        if let Some(case) = &at.case
            && groups.get(case.as_str()).is_some_and(|group| at.group.as_ref() != Some(group))
        {
            groups.remove(case.as_str());
        }
    }
    groups
}

fn cases(data: &DataAnswer) -> TidyTable {
    let groups = groups_of_cases(data);
    let rows = || data.cases.iter();
    let mut columns = vec![
        all("case", "Its id.", rows().map(|it| &it.case.id)),
        some("group", OWN_GROUP, rows().map(|it| groups.get(it.case.id.as_str()).copied())),
        all(
            "is_participant",
            "Whether it speaks as a participant: one of those counted as `of_cases` of codes.",
            rows().map(|it| it.is_participant),
        ),
    ];
    let names: BTreeSet<&String> = rows().flat_map(|it| it.case.attributes.keys()).collect();
    for name in names.into_iter().filter(|name| *name != "group") {
        let taken = columns.iter().any(|known: &Column| known.name.eq_ignore_ascii_case(name));
        let values = rows().map(|it| it.case.attributes.get(name).map(|value| value.trim()));
        columns.push(Column {
            name: if taken { format!("{name} (attribute)") } else { name.clone() },
            about: format!("The attribute `{name}` of cases.csv or the transcript."),
            values: typed(values.map(|value| value.filter(|value| !value.is_empty())).collect()),
        });
    }
    TidyTable {
        name: "cases",
        about: "One row for each case (mostly a person), with its attributes.",
        made_by: MadeBy::Study,
        key: &["case"],
        links: &[],
        columns,
    }
}

/// Attributes as numbers, if all of them are; what would be written otherwise again, such as
/// `007` or `1e5`, is text.
fn typed(values: Vec<Option<&str>>) -> Values {
    fn all_as<T: std::str::FromStr + ToString>(values: &[Option<&str>]) -> Option<Vec<Option<T>>> {
        let read = |value: &str| value.parse().ok().filter(|it: &T| it.to_string() == value);
        values.iter().map(|value| value.map_or(Some(None), |it| read(it).map(Some))).collect()
    }
    let is_filled = values.iter().any(Option::is_some);
    if let Some(whole) = all_as(&values).filter(|_| is_filled) {
        return Values::Whole(whole);
    }
    if is_filled && values.iter().flatten().all(|value| is_decimal(value)) {
        return Values::Number(
            values.iter().map(|value| value.and_then(|it| it.parse().ok())).collect(),
        );
    }
    Values::Text(values.into_iter().map(|value| value.map(str::to_owned)).collect())
}

/// Whether a text is a decimal number as people write them: `0.82`, `-3`.
fn is_decimal(text: &str) -> bool {
    let (whole, digits) = text.split_once('.').unwrap_or((text, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    // More digits than a number keeps are a name.
    let is_short = whole.len() + digits.len() <= 15;
    is_short && is_digits(whole) && is_digits(digits) && (whole == "0" || !whole.starts_with('0'))
}

/// What stands for a passage, stable while its transcript does not change.
fn passage_id(passage: &PassageData) -> String {
    format!("{}#{}", passage.hit.at.transcript, passage.number)
}

fn passages(data: &DataAnswer) -> TidyTable {
    let rows = || data.passages.iter();
    let at = || rows().map(|it| &it.hit.at);
    TidyTable {
        name: "passages",
        about: "One row for each passage of anybody’s talk, in the order of the study: the unit that is grouped and coded. Together they hold every turn once.",
        made_by: MadeBy::Study,
        key: &["passage"],
        links: &[("transcript", "transcripts", "transcript"), ("case", "cases", "case")],
        columns: vec![
            all(
                "passage",
                "Its id: the transcript and the number of the passage in it. It stays while the transcript is unchanged.",
                rows().map(passage_id),
            ),
            all("transcript", "The transcript.", at().map(|it| &it.transcript)),
            all("number", "Its number in the transcript, from 1.", rows().map(|it| it.number)),
            some(
                "case",
                "The case; empty for interviewers and others.",
                at().map(|it| it.case.as_ref()),
            ),
            some("group", "The group of the case.", at().map(|it| it.group.as_ref())),
            all("speaker", "The speaker’s label, as written.", at().map(|it| &it.speaker)),
            all("role", "interviewer, participant or other.", at().map(|it| it.role)),
            all(
                "first_line",
                "Its first line in the transcript’s text, from 1.",
                at().map(|it| it.lines[0]),
            ),
            all("last_line", "Its last line.", at().map(|it| it.lines[1])),
            some(
                "start_ms",
                "When it begins, in milliseconds of the recording, if the file has times.",
                at().map(|it| it.start_ms),
            ),
            some("end_ms", "When it ends.", rows().map(|it| it.hit.end_ms)),
            all("n_words", "The speaker’s own words in it.", rows().map(|it| it.n_words)),
            all(
                "is_counted",
                "Whether themes are made of it: a participant says it, and it is not the same in most transcripts.",
                rows().map(|it| it.is_counted),
            ),
            all(
                "text",
                "What was said, verbatim; short listeners’ words may be inside.",
                rows().map(|it| &it.hit.text),
            ),
        ],
    }
}

/// The candidates of a list: the table that `themes --format csv` prints.
pub fn candidates(themes: &ThemesAnswer) -> TidyTable {
    let rows = || in_order(&themes.themes);
    let each = || rows().map(|(_, _, it)| it);
    TidyTable {
        name: "candidates",
        about: "One row for each theme that is listed, and for each candidate code under it, in the order of `leitmotif themes`. All figures are those of `themes --format json`.",
        made_by: MadeBy::Program,
        key: &["candidate"],
        links: &[("under", "candidates", "candidate"), ("code", "codes", "code")],
        columns: vec![
            all(
                "candidate",
                "Its id: the number of the theme, such as 3; 3.2 is the second code under it. Numbers stay from version to version.",
                rows().map(|(theme, code, _)| candidate_id(theme, code)),
            ),
            some(
                "under",
                "The theme that it is a code of; empty for themes.",
                rows().map(|(theme, code, _)| code.map(|_| candidate_id(theme, None))),
            ),
            some(
                "version",
                "The number of the version of the list; empty if it is not kept.",
                rows().map(|_| themes.version),
            ),
            all(
                "label",
                "Its label: words as spoken, or the name of the accepted theme.",
                each().map(|it| &it.label),
            ),
            some(
                "given_name",
                "A name that a program gave to it, if one was asked.",
                rows().map(|(theme, code, _)| given_name(&themes.names, theme, code)),
            ),
            all(
                "state",
                "accepted: a person has accepted it as a theme; suggested: nobody has decided.",
                each().map(|it| if it.accepted.is_some() { "accepted" } else { "suggested" }),
            ),
            some(
                "code",
                "The code of the codebook that it was accepted as.",
                each().map(|it| it.accepted.as_ref().map(|accepted| accepted.code)),
            ),
            all(
                "n_passages",
                "Passages whose own words say it: its evidence.",
                each().map(|it| it.n_passages),
            ),
            all("n_cases", "Cases that they are from.", each().map(|it| it.n_cases)),
            all(
                "n_cases_once",
                "Cases of these that have one such passage only.",
                each().map(|it| it.n_cases_once),
            ),
            all(
                "of_cases",
                "Cases that say as participants what is not the same in most transcripts.",
                each().map(|it| it.of_cases),
            ),
            all(
                "low",
                "Lower end of the 95 % interval (Wilson) of the share of cases.",
                each().map(|it| it.interval.low),
            ),
            all("high", "Upper end of it.", each().map(|it| it.interval.high)),
            all(
                "n_passages_in_context",
                "Passages that belong to it only by what is said around them; they count for nothing.",
                each().map(|it| it.in_context.n_passages),
            ),
            all(
                "n_cases_in_context",
                "Cases that have only such passages.",
                each().map(|it| it.in_context.n_cases),
            ),
            all(
                "largest_share",
                "The largest share of its evidence that one case has.",
                each().map(|it| it.largest_share),
            ),
            some("largest_case", "That case.", each().map(|it| filled(&it.largest_case))),
            all(
                "position",
                "Where in interviews it is said: the median, 0 at the start, 1 at the end.",
                each().map(|it| it.position),
            ),
            some(
                "stability",
                "How much of it stays when cases are left out (mean Jaccard); empty if there are too few.",
                each().map(|it| it.stability),
            ),
            some(
                "band",
                "What that means: steady, valid, doubtful or dissolving.",
                each().map(|it| it.band.map(Band::name)),
            ),
            some(
                "depends_on",
                "The cases without each of which less than half of it stays, apart by semicolons.",
                each().map(|it| (!it.depends_on.is_empty()).then(|| it.depends_on.join("; "))),
            ),
            all(
                "from_questions",
                "The share of its ten strongest terms that come from the questions.",
                each().map(|it| it.from_questions),
            ),
            some(
                "n_passages_uncoded",
                "Passages of its evidence that no code of people’s covers; empty if nothing is coded.",
                each().map(|it| it.uncoded.as_ref().map(|left| left.n_passages)),
            ),
            some(
                "n_cases_uncoded",
                "Cases that they are from.",
                each().map(|it| it.uncoded.as_ref().map(|left| left.n_cases)),
            ),
        ],
    }
}

fn terms(themes: &ThemesAnswer) -> TidyTable {
    let rows = || {
        in_order(&themes.themes).flat_map(|(theme, code, it)| {
            (1_usize..)
                .zip(&it.terms)
                .map(move |(rank, term)| (candidate_id(theme, code), rank, term))
        })
    };
    TidyTable {
        name: "terms",
        about: "One row for each term of each candidate, strongest first.",
        made_by: MadeBy::Program,
        key: &["candidate", "rank"],
        links: &[("candidate", "candidates", "candidate")],
        columns: vec![
            all("candidate", "The candidate.", rows().map(|(candidate, _, _)| candidate)),
            all("rank", "Its place, from 1.", rows().map(|(_, rank, _)| rank)),
            all("term", "The term, as spoken.", rows().map(|(_, _, it)| &it.term)),
            all(
                "weight",
                "How much it sets the candidate apart.",
                rows().map(|(_, _, it)| it.weight),
            ),
            all(
                "n_cases",
                "Cases that use it in the candidate.",
                rows().map(|(_, _, it)| it.n_cases),
            ),
            all(
                "from_questions",
                "Whether it mostly follows a question that holds it.",
                rows().map(|(_, _, it)| it.from_questions),
            ),
        ],
    }
}

fn groups(themes: &ThemesAnswer) -> TidyTable {
    let rows = || {
        in_order(&themes.themes).flat_map(|(theme, code, it)| {
            it.groups.iter().map(move |group| (candidate_id(theme, code), group))
        })
    };
    TidyTable {
        name: "groups",
        about: "One row for each candidate and group: how many cases of the group say it.",
        made_by: MadeBy::Program,
        key: &["candidate", "group"],
        links: &[("candidate", "candidates", "candidate")],
        columns: vec![
            all("candidate", "The candidate.", rows().map(|(candidate, _)| candidate)),
            all("group", "The group.", rows().map(|(_, it)| &it.name)),
            all(
                "n_cases",
                "Its cases with evidence of the candidate.",
                rows().map(|(_, it)| it.n_cases),
            ),
            all("of_cases", "Its cases.", rows().map(|(_, it)| it.of_cases)),
            all(
                "low",
                "Lower end of the 95 % interval (Wilson) of the share.",
                rows().map(|(_, it)| it.interval.low),
            ),
            all("high", "Upper end of it.", rows().map(|(_, it)| it.interval.high)),
        ],
    }
}

fn evidence(data: &DataAnswer) -> TidyTable {
    let rows = || data.evidence.iter().map(|it| (it, &data.passages[it.passage]));
    TidyTable {
        name: "evidence",
        about: "One row for each candidate and passage that belongs to it. Count rows whose `kind` is evidence: these are `n_passages` of the candidate.",
        made_by: MadeBy::Program,
        key: &["candidate", "passage"],
        links: &[
            ("candidate", "candidates", "candidate"),
            ("passage", "passages", "passage"),
            ("case", "cases", "case"),
        ],
        columns: vec![
            all(
                "candidate",
                "The candidate.",
                rows().map(|(it, _)| candidate_id(it.theme, it.code)),
            ),
            all("passage", "The passage.", rows().map(|(_, passage)| passage_id(passage))),
            some("case", "Who says it.", rows().map(|(_, passage)| passage.hit.at.case.as_ref())),
            all(
                "kind",
                "evidence: its own words say it; context: it belongs by what is said around it, and counts for nothing.",
                rows().map(|(it, _)| if it.is_evidence { "evidence" } else { "context" }),
            ),
            some(
                "weight",
                "How well the passage fits the theme, 0 to 1: the share of its links that go there. Empty for codes, and where only a code brought the passage to its theme.",
                rows().map(|(it, _)| it.weight),
            ),
        ],
    }
}

fn participants_candidates(data: &DataAnswer) -> TidyTable {
    let mut said: BTreeMap<(usize, Option<usize>, &str), usize> = BTreeMap::new();
    let is_said = |it: &&EvidenceData| it.is_evidence;
    for it in data.evidence.iter().filter(is_said) {
        if let Some(case) = &data.passages[it.passage].hit.at.case {
            *said.entry((it.theme, it.code, case)).or_default() += 1;
        }
    }
    // The evidence of candidates is counted among those of whom anything counts.
    let counted = data.passages.iter().filter(|it| it.is_counted);
    let counted: BTreeSet<&String> = counted.filter_map(|it| it.hit.at.case.as_ref()).collect();
    let participants = || data.cases.iter().filter(|it| counted.contains(&it.case.id));
    let groups = groups_of_cases(data);
    let rows: Vec<(&str, Option<&String>, String, usize)> = participants()
        .flat_map(|case| {
            let id = case.case.id.as_str();
            let group = groups.get(id).copied();
            let n = |theme, code| said.get(&(theme, code, id)).copied().unwrap_or(0);
            in_order(&data.themes.themes)
                .map(move |(theme, code, _)| (id, group, candidate_id(theme, code), n(theme, code)))
                .collect::<Vec<_>>()
        })
        .collect();
    let rows = || rows.iter();
    TidyTable {
        name: "participants_candidates",
        about: "One row for each participant and candidate, also where nothing is said: the program’s suggestion, not what people coded.",
        made_by: MadeBy::Program,
        key: &["case", "candidate"],
        links: &[("case", "cases", "case"), ("candidate", "candidates", "candidate")],
        columns: vec![
            all("case", "The participant.", rows().map(|it| it.0)),
            some("group", OWN_GROUP, rows().map(|it| it.1)),
            all("candidate", "The candidate.", rows().map(|it| &it.2)),
            all(
                "n_passages",
                "The participant’s passages that are evidence of it.",
                rows().map(|it| it.3),
            ),
            all(
                "says_it",
                "Whether there is any. The number of rows where this is true is `n_cases` of the candidate.",
                rows().map(|it| it.3 > 0),
            ),
        ],
    }
}

fn codes(data: &DataAnswer) -> TidyTable {
    let rows = || data.codes.iter();
    let of = || rows().map(|it| &it.code);
    let origin = || of().map(|it| it.origin.as_ref());
    TidyTable {
        name: "codes",
        about: "One row for each theme or code of the codebook, every parent before its children.",
        made_by: MadeBy::People,
        key: &["code"],
        links: &[("under", "codes", "code")],
        columns: vec![
            all("code", "Its number; it is never given to another.", of().map(|it| it.id.0)),
            some(
                "under",
                "The code above it; empty at the top.",
                of().map(|it| it.parent.map(|parent| parent.0)),
            ),
            all("kind", "theme or code.", of().map(|it| it.kind.name())),
            all("name", "Its name.", of().map(|it| &it.name)),
            all("path", "Its names from the top.", rows().map(|it| &it.path)),
            some("definition", "What it means.", of().map(|it| filled(&it.definition))),
            some("include", "When it applies.", of().map(|it| filled(&it.include))),
            some("exclude", "When it does not.", of().map(|it| filled(&it.exclude))),
            some("rule", "The query that is kept with it.", of().map(|it| filled(&it.rule))),
            some(
                "colour",
                "Its colour.",
                of().map(|it| it.color.as_ref().map(ToString::to_string)),
            ),
            some(
                "from_version",
                "If it was a candidate: the version of the list.",
                origin().map(|it| it.map(|it| it.version)),
            ),
            some(
                "from_candidate",
                "The number in that list; numbers of the tables are those of now.",
                origin().map(|it| it.map(|it| it.candidate)),
            ),
            all(
                "n_quotations",
                "Quotations with it or a code under it whose place is certain.",
                rows().map(|it| it.n_quotations),
            ),
            all(
                "n_stale",
                "Quotations whose words are not found in the transcript any more; nothing counts them.",
                rows().map(|it| it.n_stale),
            ),
            all("n_cases", "Cases that speak in the former.", rows().map(|it| it.n_cases)),
            all("of_cases", "Cases that speak as participants.", rows().map(|it| it.of_cases)),
        ],
    }
}

/// A field of each place that is certain.
fn of<'a, T>(
    places: impl Iterator<Item = Option<&'a Provenance>>,
    field: impl Fn(&'a Provenance) -> T,
) -> impl Iterator<Item = Option<T>> {
    places.map(move |at| at.map(&field))
}

fn quotations(data: &DataAnswer) -> TidyTable {
    let rows = || data.quotations.iter();
    let at = || rows().map(|it| it.at.as_ref());
    TidyTable {
        name: "quotations",
        about: "One row for each quotation that people keep, with or without a code.",
        made_by: MadeBy::People,
        key: &["quotation"],
        links: &[("transcript", "transcripts", "transcript"), ("case", "cases", "case")],
        columns: vec![
            all("quotation", "Its number; it is never given to another.", rows().map(|it| it.id)),
            some(
                "transcript",
                "The transcript; empty if the quotation is stale.",
                of(at(), |it| &it.transcript),
            ),
            some("case", "The case that mostly speaks in it.", at().map(|at| at?.case.as_ref())),
            some("group", "The group of the case.", at().map(|at| at?.group.as_ref())),
            some(
                "speaker",
                "The speaker’s label, as written.",
                at().map(|at| filled(&at?.speaker)),
            ),
            some("role", "interviewer, participant or other.", of(at(), |it| it.role)),
            some(
                "first_line",
                "Its first line in the transcript’s text, from 1.",
                of(at(), |it| it.lines[0]),
            ),
            some("last_line", "Its last line.", of(at(), |it| it.lines[1])),
            some(
                "start_ms",
                "When it begins, in milliseconds of the recording, if the file has times.",
                at().map(|at| at?.start_ms),
            ),
            some(
                "stance",
                "benefit, drawback or mixed, if a person said so.",
                rows().map(|it| it.stance.map(Stance::name)),
            ),
            all(
                "standing",
                "here; moved: found again in a changed transcript; stale: not found for certain.",
                rows().map(|it| it.standing),
            ),
            all("text", "Its words, verbatim.", rows().map(|it| &it.text)),
        ],
    }
}

fn codings(data: &DataAnswer) -> TidyTable {
    let rows = || data.quotations.iter().flat_map(|it| it.codes.iter().map(|code| (it.id, code)));
    let codes = || rows().map(|(_, code): (u32, &CodingAnswer)| code);
    TidyTable {
        name: "codings",
        about: "One row for each code that a person gave to a quotation.",
        made_by: MadeBy::People,
        key: &["quotation", "code", "coder"],
        links: &[("quotation", "quotations", "quotation"), ("code", "codes", "code")],
        columns: vec![
            all("quotation", "The quotation.", rows().map(|(quotation, _)| quotation)),
            all("code", "The code.", codes().map(|it| it.code_id)),
            all("path", "The names of the code from the top.", codes().map(|it| &it.code)),
            all("coder", "Who gave it.", codes().map(|it| &it.coder)),
            all(
                "is_proposed",
                "true: the program proposed the passage and the coder accepted it; false: the coder found it.",
                codes().map(|it| it.is_proposed),
            ),
            all(
                "is_pinned",
                "Whether a person pinned it as a quote to show first.",
                codes().map(|it| it.is_pinned),
            ),
        ],
    }
}

fn quoted_passages(data: &DataAnswer) -> TidyTable {
    let rows = || data.quoted.iter();
    TidyTable {
        name: "quoted_passages",
        about: "One row for each quotation and passage that it touches: joins what people coded to passages.",
        made_by: MadeBy::People,
        key: &["quotation", "passage"],
        links: &[("quotation", "quotations", "quotation"), ("passage", "passages", "passage")],
        columns: vec![
            all("quotation", "The quotation.", rows().map(|it| it.quotation)),
            all("passage", "The passage.", rows().map(|it| passage_id(&data.passages[it.passage]))),
        ],
    }
}

fn participants_codes(data: &DataAnswer) -> TidyTable {
    let is_meant = |case: usize, n: usize| data.cases[case].is_participant || n > 0;
    let rows = || data.coded.iter().filter(|it| is_meant(it.case, it.n_quotations));
    let case = || rows().map(|it| &data.cases[it.case].case);
    let groups = groups_of_cases(data);
    TidyTable {
        name: "participants_codes",
        about: "One row for each participant and code, also where nothing is quoted: what people coded, not what the program suggests.",
        made_by: MadeBy::People,
        key: &["case", "code"],
        links: &[("case", "cases", "case"), ("code", "codes", "code")],
        columns: vec![
            all("case", "The participant.", case().map(|it| &it.id)),
            some("group", OWN_GROUP, case().map(|it| groups.get(it.id.as_str()).copied())),
            all("code", "The code.", rows().map(|it| it.code)),
            all(
                "n_quotations",
                "Quotations with it or a code under it in which the participant speaks.",
                rows().map(|it| it.n_quotations),
            ),
            all(
                "is_quoted",
                "Whether there is any. The number of rows where this is true is `n_cases` of the code.",
                rows().map(|it| it.n_quotations > 0),
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[&str], expected: &str) {
        let values = values.iter().map(|value| (!value.is_empty()).then_some(*value)).collect();
        let typed = typed(values);
        let kind = match typed {
            Values::Text(_) => "text",
            Values::Whole(_) => "whole",
            Values::Number(_) => "number",
            Values::Flag(_) => "flag",
        };
        let cells: Vec<String> = (0..typed.len()).map(|row| typed.cell(row)).collect();
        assert_eq!(format!("{kind}: {}", cells.join("|")), expected);
    }

    #[test]
    fn attributes_are_numbers_only_if_nothing_is_lost() {
        check(&["41", "", "-7"], "whole: 41||-7");
        check(&["0.5", "3", ""], "number: 0.5|3.0|");
        // Postal codes, numbers of wards, what only looks like a number.
        check(&["007", "41"], "text: 007|41");
        check(&["+1", "2"], "text: +1|2");
        check(&["1e5", "2"], "text: 1e5|2");
        check(&["NaN", "2.5"], "text: NaN|2.5");
        check(&["1,5", "2"], "text: 1,5|2");
        check(&["99999999999999999999"], "text: 99999999999999999999");
        check(&["", ""], "text: |");
        check(&["GP", "41"], "text: GP|41");
    }

    #[test]
    fn every_key_and_link_of_a_table_is_a_column() {
        let tables = tables(&DataAnswer::default());
        for table in &tables {
            let columns: Vec<&str> = table.columns.iter().map(|it| it.name.as_str()).collect();
            let linked = table.links.iter().map(|(column, ..)| column);
            for column in table.key.iter().chain(linked) {
                assert!(columns.contains(column), "{}: {column}", table.name);
            }
            for (_, other, of) in table.links {
                let other = tables.iter().find(|table| table.name == *other).unwrap();
                assert_eq!(other.key, [*of], "{}", table.name);
            }
        }
    }
}
