//! Which transcripts are several interviews with one person, by the names of their files.
//!
//! Ids of transcripts come in, with the label of the one participant where there is only
//! one; for each the code of the person goes out, where two transcripts or more have it:
//!
//! ```text
//! P01_T1, P01_T2; pre/P01, post/P01  a participant's code, and a session
//! 2024-03-01_P07, 2024-05-02_P07     the code that also labels the participant
//! Ana_wave1, 2024-03_Ana             the name that also labels them, and a session or a date
//! ```
//!
//! A name tells it only so plainly: `interview_1` and `interview_2` are two people. So are
//! `siteA/P01` and `siteB/P01`, or `siteA_P01` and `siteB_P01`: what stands before a code and
//! is no session or date is a place, and each place may have its own P01. Which others may be
//! of one person goes out too: `Ana_pre` and `Ana_post` are, where nearly all files are sessions
//! of somebody; `Ana_1` and `Ana_2` are only told.
//!
//! Also which may be one interview in two versions: `Bern` and `Bern-en`, `P3` and
//! `P3_summary`.

use std::collections::{BTreeMap, BTreeSet};

use super::roles::is_generic;
use super::{UNNAMED, normal_label, stem_of};
use crate::labels::part_of;

/// What codes of participants are made of, before their number.
const CODES: [&str; 16] = [
    "p",
    "pp",
    "id",
    "tn",
    "ip",
    "pt",
    "pid",
    "participant",
    "subject",
    "subj",
    "sub",
    "respondent",
    "resp",
    "patient",
    "proband",
    "teilnehmer",
];
/// What sessions are called, before or behind their number.
const SESSIONS: &[&str] = &[
    "session", "sess", "time", "visit", "wave", "round", "part", "tape", "day", "week", "month",
    "phase", "sitzung", "teil", "welle", "besuch", "sesión", "parte", "séance", "partie", "sessie",
    "deel", "część",
];
/// What pieces of a recording are called, behind the code or the name of a person.
const RECORDINGS: [&str; 8] =
    ["audio", "recording", "rec", "file", "track", "aufnahme", "grabación", "enregistrement"];
/// The same, where the number may be that of a person too.
const NUMBERED: [&str; 3] = ["t", "interview", "int"];
/// Sessions without a number.
const NAMED_SESSIONS: &[&str] = &[
    "pre", "post", "baseline", "bl", "followup", "fu", "before", "after", "first", "second",
    "third", "entry", "exit", "endline", "midline", "midterm", "start", "end", "vorher", "nachher",
    "avant", "après", "antes", "después",
];
/// Months, as names of files hold them.
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];
/// The most transcripts of one person that only numbers tell apart.
const FEW_NUMBERED: usize = 4;

/// What versions of a text are called, behind its name.
const VERSIONS: &[&str] = &[
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "ru",
    "cy",
    "sv",
    "da",
    "no",
    "fi",
    "summary",
    "translation",
    "translated",
    "original",
    "clean",
    "cleaned",
    "edited",
    "corrected",
    "anonymised",
    "anonymized",
    "redacted",
    "verbatim",
    "final",
    "raw",
    // Languages by name.
    "english",
    "german",
    "deutsch",
    "french",
    "français",
    "spanish",
    "español",
    "italian",
    "italiano",
    "portuguese",
    "português",
    "dutch",
    "nederlands",
    "polish",
    "polski",
    "russian",
    "welsh",
    "cymraeg",
    "swedish",
    "svenska",
    "danish",
    "dansk",
    "norwegian",
    "norsk",
    "finnish",
    "suomi",
    "turkish",
    "türkçe",
    "arabic",
];

/// The transcripts whose names say that they are versions of another one, with that one.
pub(super) fn versions(ids: &[&str]) -> Vec<(usize, usize)> {
    let stem = |id: &str| {
        let at = id.rfind(['-', '_', '.', ' '])?;
        let is_version = VERSIONS.contains(&normal_label(&id[at + 1..]).as_str());
        is_version.then(|| id[..at].trim_end_matches(['-', '_', ' ']).to_owned())
    };
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (at, id) in ids.iter().enumerate() {
        first.entry(normal_label(id)).or_insert(at);
        if let Some(stem) = stem(id) {
            first.entry(normal_label(&stem)).or_insert(at);
        }
    }
    let version = |(at, id): (usize, &&str)| {
        let other = first.get(&normal_label(&stem(id)?)).copied().filter(|other| *other != at)?;
        Some((other, at))
    };
    ids.iter().enumerate().filter_map(version).collect()
}

/// The person of each transcript that is one of several of that person: the code, behind its
/// place where another place has it too. `labels` are those of the only participant of each,
/// if there is only one.
pub(super) fn people_of_sessions(ids: &[&str], labels: &[Option<&str>]) -> Vec<Option<String>> {
    let found: Vec<Option<Person<'_>>> =
        ids.iter().zip(labels).map(|(id, label)| person_of(id, (*label)?)).collect();
    // As they are written first.
    let mut several: BTreeMap<(String, String), (usize, &Person<'_>)> = BTreeMap::new();
    for person in found.iter().flatten() {
        several.entry(person.key()).or_insert((0, person)).0 += 1;
    }
    several.retain(|_, (n, _)| *n > 1);
    let key_of = |at: usize| {
        let key = found[at].as_ref().map(Person::key).or_else(|| {
            // `P01` beside `P01_T1` and `P01_T2`.
            labels[at].and_then(|_| match Named::read(ids[at]).words[..] {
                [code] => Some(Person { place: place_of(ids[at]), code }.key()),
                _ => None,
            })
        });
        key.filter(|key| several.contains_key(key))
    };
    let keys: Vec<Option<(String, String)>> = (0..ids.len()).map(key_of).collect();
    // What another place, or a file of its own, has the name of is told with its place.
    let mut places: BTreeMap<String, BTreeSet<Option<&str>>> = BTreeMap::new();
    for (id, key) in ids.iter().zip(&keys) {
        let (place, code) = match key {
            Some((place, code)) => (Some(place.as_str()), code.clone()),
            None => (None, normal_label(stem_of(id))),
        };
        places.entry(code).or_default().insert(place);
    }
    let name = |key: &(String, String)| {
        let (_, Person { place, code }) = several[key];
        let is_alone = place.is_empty() || places[&key.1].len() == 1;
        if is_alone { (*code).to_owned() } else { format!("{place}/{code}") }
    };
    keys.iter().map(|key| key.as_ref().map(name)).collect()
}

/// A person whom the name of a file tells.
struct Person<'i> {
    /// Where the code is theirs: the folders and words before it that are no session or date.
    place: String,
    /// The code or the name.
    code: &'i str,
}

impl Person<'_> {
    /// Place and code, as they are compared.
    fn key(&self) -> (String, String) {
        (normal_label(&self.place), normal_label(self.code))
    }
}

/// The folders of a file that are no session's and no date.
fn place_of(id: &str) -> String {
    let folders = id.rsplit_once('/').map_or("", |(folders, _)| folders);
    let is_place = |folder: &&str| !is_of_session(folder) && !is_date(&words_of(folder));
    folders.split('/').filter(is_place).collect::<Vec<_>>().join("/")
}

/// What diaries are called, as folders or in names of files.
const DIARIES: [&str; 10] = [
    "diary",
    "diaries",
    "journal",
    "journals",
    "logbook",
    "logbooks",
    "tagebuch",
    "tagebücher",
    "diario",
    "diarios",
];

/// The code of each person who keeps a diary, a file without labels, and is interviewed in a
/// file of that name, where the code labels them: `diaries/P1` and `interviews/P1`. Below
/// folders of places, `north/diaries/P1`, each has its own people.
pub(super) fn of_diaries(ids: &[&str], labels: &[Option<&str>]) -> Vec<Option<String>> {
    /// The code with what stands above it, as it is written, and whether it is of a diary.
    type Code = ((String, String), String, bool);
    let is_word = |word: &&str| DIARIES.contains(&normal_label(word).as_str());
    let code = |at: usize| {
        let Named { folder, words } = Named::read(ids[at]);
        let is_diary =
            labels[at] == Some(UNNAMED) && words.iter().chain(&words_of(folder)).any(&is_word);
        let code = *words.iter().find(|word| !is_word(word))?;
        let has_label = labels[at].is_some_and(|label| normal_label(label) == normal_label(code));
        // What stands above the folder of diaries, or of interviews.
        let folders = ids[at].rsplit_once('/').map_or("", |(folders, _)| folders);
        let above = folders.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
        let key = (above, normal_label(code));
        (is_diary || has_label).then(|| (key, code.to_owned(), is_diary))
    };
    let codes: Vec<Option<Code>> = (0..ids.len()).map(code).collect();
    let has = |key: &(String, String), diary: bool| {
        codes.iter().flatten().any(|(known, _, is_diary)| known == key && *is_diary == diary)
    };
    let is_elsewhere = |(above, code): &(String, String)| {
        codes.iter().flatten().any(|((other, known), ..)| known == code && other != above)
    };
    let of = |code: &Option<Code>| {
        let (key, code, _) = code.as_ref()?;
        let name = if is_elsewhere(key) && !key.0.is_empty() {
            format!("{}/{code}", key.0)
        } else {
            code.clone()
        };
        (has(key, true) && has(key, false)).then_some(name)
    };
    codes.iter().map(of).collect()
}

/// What the name of a file says of whose session it is.
struct Named<'i> {
    /// The folder that holds the file, or nothing.
    folder: &'i str,
    /// The words of the name.
    words: Vec<&'i str>,
}

impl<'i> Named<'i> {
    fn read(id: &'i str) -> Self {
        let (folders, stem) = id.rsplit_once('/').unwrap_or(("", id));
        let folder = folders.rsplit('/').next().unwrap_or_default();
        Self { folder, words: words_of(stem) }
    }
}

fn words_of(name: &str) -> Vec<&str> {
    let is_between = |c: char| matches!(c, '_' | '-' | ' ' | '.' | '(' | ')');
    name.split(is_between).filter(|it| !it.is_empty()).collect()
}

/// The person in the name of a file.
fn person_of<'i>(id: &'i str, label: &'i str) -> Option<Person<'i>> {
    let Named { folder, words } = Named::read(id);
    let normal = normal_label(label);
    let is_code = |word: &str| {
        let (letters, number) = numbered(word);
        !number.is_empty() && !letters.is_empty() && letters.chars().count() <= MAX_CODE
    };
    let labelled = words.iter().position(|word| is_code(word) && normal_label(word) == normal);
    let is_person = |word: &&str| {
        let (letters, number) = numbered(word);
        CODES.contains(&normal_label(letters).as_str()) && !number.is_empty()
    };
    let coded = || match &words[..] {
        [person] if is_of_session(folder) => Some(*person).filter(is_person),
        [person, session @ ..]
            if is_person(person) && (is_session(session) || is_recording(session)) =>
        {
            Some(*person)
        }
        [session @ .., person] if is_session(session) => Some(*person).filter(is_person),
        _ => None,
    };
    let is_named = || {
        let of_label = words_of(label);
        let is_same = |of: &[&str]| {
            of.len() == of_label.len()
                && of.iter().zip(&of_label).all(|(a, b)| normal_label(a) == normal_label(b))
        };
        let (n, more) = (of_label.len(), words.len().saturating_sub(of_label.len()));
        let tells = |rest: &[&str]| is_session(rest) || is_date(rest);
        !is_generic(&normal)
            && more > 0
            && (is_same(&words[..n]) && tells(&words[n..])
                || is_same(&words[more..]) && tells(&words[..more]))
    };
    let place = place_of(id);
    if let Some(at) = labelled {
        let is_time = |word: &&&str| {
            let letters = normal_label(numbered(word).0);
            let lists = [SESSIONS, NAMED_SESSIONS, MONTHS, &NUMBERED, &RECORDINGS];
            letters.is_empty() || lists.iter().any(|list| list.contains(&letters.as_str()))
        };
        let before = &words[..at];
        let before = if is_session(before) { &[] } else { before };
        let before: Vec<&str> = before.iter().filter(|word| !is_time(word)).copied().collect();
        let place = [place, before.join(" ")];
        let place: Vec<String> = place.into_iter().filter(|it| !it.is_empty()).collect();
        return Some(Person { place: place.join("/"), code: words[at] });
    }
    let code = coded().or_else(|| is_named().then_some(label))?;
    Some(Person { place, code })
}

/// Transcripts of one person by the names of their files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct OfOne {
    /// Those that are, with the person.
    pub(super) one: Vec<(usize, String)>,
    /// Those that may be, in groups.
    pub(super) may_be: Vec<Vec<usize>>,
}

/// Of the transcripts, the share that must be sessions of somebody for all of them to be.
const USUALLY: f64 = 0.8;

/// The transcripts that are or may be of one person by their names, in groups. `labels` are
/// those of the only participant of each, if there is only one.
pub(super) fn of_one(ids: &[&str], labels: &[Option<&str>]) -> OfOne {
    let mut groups: BTreeMap<String, Vec<(usize, Session<'_>)>> = BTreeMap::new();
    for (at, (id, label)) in ids.iter().zip(labels).enumerate() {
        if label.is_some()
            && let Some((person, session)) = person_and_rest(id)
        {
            groups.entry(person).or_default().push((at, session));
        }
    }
    let is_one = |of: &Vec<(usize, Session<'_>)>| {
        let names: BTreeSet<String> = of
            .iter()
            .filter_map(|&(at, _)| labels[at].map(normal_label))
            .map(|label| if is_generic(&label) { String::new() } else { label })
            .collect();
        let rests = || of.iter().map(|(_, session)| session.rest);
        let is_alike = |rest: Rest| rests().all(|one| one == rest || one == Rest::Nothing);
        let n_bare = rests().filter(|rest| *rest == Rest::Nothing).count();
        of.len() > 1
            && n_bare < 2
            && names.len() == 1
            && (is_alike(Rest::Session)
                || (of.len() <= FEW_NUMBERED && (is_alike(Rest::Number) || is_alike(Rest::Letter))))
    };
    let found: Vec<Vec<(usize, Session<'_>)>> = groups.into_values().filter(is_one).collect();
    // In a study of sessions nearly every file is one of somebody's.
    let is_sure = |of: &Vec<(usize, Session<'_>)>| {
        let sessions: BTreeSet<&str> = of.iter().map(|(_, it)| it.told.as_str()).collect();
        let is_told = |it: &Session<'_>| match it.rest {
            Rest::Nothing | Rest::Session => it.is_somebody,
            // `North_T1` may be a teacher of that school, `ana_t1` is a time of the study.
            Rest::Number => it.is_coded || (it.is_somebody && it.is_small_t),
            Rest::Letter => false,
        };
        sessions.len() == of.len() && of.iter().all(|(_, it)| is_told(it))
    };
    let places = |of: &Vec<(usize, Session<'_>)>| of.iter().map(|(at, _)| *at).collect();
    let with_codes = |mut may_be: Vec<Vec<usize>>| {
        let of_code = of_one_code(ids, labels).into_iter().filter(|of| !may_be.contains(of));
        let of_code: Vec<Vec<usize>> = of_code.collect();
        may_be.extend(of_code);
        may_be
    };
    let n_alone = labels.iter().flatten().count();
    let sure: Vec<&Vec<(usize, Session<'_>)>> = found.iter().filter(|of| is_sure(of)).collect();
    let n_in = sure.iter().map(|of| of.len()).sum::<usize>();
    if sure.len() > 1 && n_in as f64 >= USUALLY * n_alone as f64 {
        // Each place may have its own Ana.
        let mut n_of_name: BTreeMap<String, usize> = BTreeMap::new();
        for of in &sure {
            *n_of_name.entry(of[0].1.name()).or_default() += 1;
        }
        let one = sure.iter().flat_map(|of| {
            let (at, session) = &of[0];
            let (place, person) = (place_of(ids[*at]), session.shown.join(" "));
            let is_alone = n_of_name[&session.name()] == 1 || place.is_empty();
            let person = if is_alone { person } else { format!("{place}/{person}") };
            of.iter().map(move |(at, _)| (*at, person.clone()))
        });
        let one = one.collect();
        let may_be = found.iter().filter(|of| !is_sure(of)).map(places).collect();
        return OfOne { one, may_be: with_codes(may_be) };
    }
    // One person in several files beside others in one each is rather a place or a group.
    let has = |of: &[(usize, Session<'_>)], it: Rest| of.iter().any(|(_, one)| one.rest == it);
    let is_number = |of: &[(usize, Session<'_>)]| has(of, Rest::Number) || has(of, Rest::Letter);
    let numbered = || found.iter().filter(|of| is_number(of));
    let (n_numbered, n_in) = (numbered().count(), numbered().map(Vec::len).sum::<usize>());
    let numbers_tell = n_numbered > 1 && 2 * n_in >= ids.len();
    // `P03a` and `P03b` beside `P04`.
    let is_numbered = |id: &&str| id.ends_with(|c: char| c.is_ascii_digit());
    let letters_tell = |of: &[(usize, Session<'_>)]| {
        has(of, Rest::Letter) && 2 * ids.iter().filter(|id| is_numbered(id)).count() >= n_in
    };
    let told = found.iter().filter(|of| numbers_tell || !is_number(of) || letters_tell(of));
    OfOne { one: Vec::new(), may_be: with_codes(told.map(places).collect()) }
}

/// The few transcripts of different places with one code, which also labels who speaks.
fn of_one_code(ids: &[&str], labels: &[Option<&str>]) -> Vec<Vec<usize>> {
    let mut of_code: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, (id, label)) in ids.iter().zip(labels).enumerate() {
        let Some(label) = label else { continue };
        let person = person_of(id, label);
        if let Some(person) = person.filter(|it| normal_label(it.code) == normal_label(label)) {
            of_code.entry(normal_label(person.code)).or_default().push(at);
        }
    }
    of_code.into_values().filter(|of| (2..=FEW_NUMBERED).contains(&of.len())).collect()
}

/// What the name of a file tells beside the person.
struct Session<'i> {
    rest: Rest,
    /// What tells the session, in lower case.
    told: String,
    /// The words that name the person, as they are written.
    shown: Vec<&'i str>,
    /// Whether these are rather a person than a part or a place.
    is_somebody: bool,
    /// Whether they are a code of a participant.
    is_coded: bool,
    /// Whether `t1` in small letters tells the session.
    is_small_t: bool,
}

impl Session<'_> {
    /// The words that name the person, as they are compared.
    fn name(&self) -> String {
        normal_label(&self.shown.join(" "))
    }
}

/// Words for where people are, and who they are there: `Ward_T1` is nobody's second interview.
const PLACES: &[&str] = &[
    "site",
    "school",
    "class",
    "clinic",
    "ward",
    "hospital",
    "village",
    "town",
    "city",
    "group",
    "team",
    "centre",
    "center",
    "office",
    "farm",
    "church",
    "unit",
    "region",
    "district",
    "family",
    "household",
    "couple",
    "schule",
    "klasse",
    "klinik",
    "station",
    "dorf",
    "gruppe",
    "familie",
    "école",
    "classe",
    "clinique",
    "groupe",
    "famille",
    "escuela",
    "clase",
    "clínica",
    "grupo",
    "familia",
    "escola",
    "turma",
    "família",
    "scuola",
    "gruppo",
    "groep",
];

/// What stands beside the person in the name of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    Nothing,
    /// A session that tells a number, or a time of the study.
    Session,
    /// A number, a date.
    Number,
    /// A letter behind a number: `P03a`.
    Letter,
}

/// Whom a name may tell, in lower case with the folder, and what stands beside it.
fn person_and_rest(id: &str) -> Option<(String, Session<'_>)> {
    let Named { folder, words: written } = Named::read(id);
    let lower: Vec<String> = written.iter().map(|word| normal_label(word)).collect();
    let words: Vec<&str> = lower.iter().map(String::as_str).collect();
    let n = words.len();
    let ends = |of: usize| [(0..n - of, n - of..n), (of..n, 0..of)];
    let mut cut = (1..n.min(4)).rev().flat_map(ends);
    let (mut person, mut rest, mut session) = (words.join(" "), Rest::Nothing, String::new());
    let (mut shown, mut is_small_t) = (0..n, false);
    let is_small = |word: &str| word.len() < 3 && word.bytes().all(|it| it.is_ascii_digit());
    let kind = |of: &[&str]| match of {
        [word] if is_small(word) => Some(Rest::Number),
        of if is_date(of) => Some(Rest::Number),
        [word, number] | [number, word] if is_small(number) && NUMBERED.contains(word) => {
            Some(Rest::Number)
        }
        [word, "interview" | "session"] if NAMED_SESSIONS.contains(word) => Some(Rest::Session),
        [one] if NUMBERED.contains(&numbered(one).0) && !numbered(one).1.is_empty() => {
            Some(Rest::Number)
        }
        of => (is_session(of) || is_recording(of)).then_some(Rest::Session),
    };
    let is_session_folder = is_of_session(folder);
    if is_session_folder {
        (rest, session) = (Rest::Session, normal_label(folder));
    } else if let Some((who, what, kind)) =
        cut.find_map(|(who, what)| Some((who, what.clone(), kind(&words[what])?)))
    {
        is_small_t = numbered(written[what.start]).0 == "t";
        (person, rest, session) = (words[who.clone()].join(" "), kind, words[what].join(" "));
        shown = who;
    } else if let Some(numbered) = person.strip_suffix(['a', 'b', 'c'])
        && numbered.ends_with(|c: char| c.is_ascii_digit())
    {
        (person, rest) = (numbered.to_owned(), Rest::Letter);
    }
    // `interview` is nobody, and a number alone only beside its letter.
    let is_somebody = person.split(' ').any(|word| {
        let letters = numbered(word).0;
        let is_piece = |list: &[&str]| list.contains(&letters);
        !(letters.is_empty() || is_piece(SESSIONS) || is_piece(&NUMBERED) || is_piece(&RECORDINGS))
    }) || (matches!(rest, Rest::Number | Rest::Letter)
        && person.ends_with(|c: char| c.is_ascii_digit())
        && n < 3);
    let is_part = |word: &str| {
        let letters = numbered(word).0;
        PLACES.contains(&letters) || part_of(letters).is_some()
    };
    let told = &words[shown.clone()];
    let is_coded = matches!(told, [one] if CODES.contains(&numbered(one).0) && one.ends_with(|c: char| c.is_ascii_digit()));
    let is_named = is_coded || !told.iter().any(|word| is_part(word));
    let key = format!("{}/{person}", normal_label(&place_of(id)));
    let shown = written[shown].to_vec();
    let told = session;
    let session = Session { rest, told, shown, is_somebody: is_named, is_coded, is_small_t };
    is_somebody.then_some((key, session))
}

/// Whether words are a date: numbers, one of them of a year, or the name of a month.
fn is_date(words: &[&str]) -> bool {
    let is_number = |word: &&str| word.bytes().all(|it| it.is_ascii_digit());
    let is_month = |word: &&str| MONTHS.contains(&normal_label(word).as_str());
    let is_told = |word: &&str| is_month(word) || (is_number(word) && matches!(word.len(), 4 | 8));
    words.iter().any(is_told) && words.iter().all(|word| is_number(word) || is_month(word))
}

/// Whether the name of a folder is that of a session: `wave1`, `pre`, `second interviews`.
pub(super) fn is_of_session(folder: &str) -> bool {
    is_session(&words_of(folder)) || is_session(&words_of(folder.trim_end_matches('s')))
}

/// In so many transcripts at least, and this share of them, one label is of all who are
/// asked.
const SHARED: usize = 3;
const NEARLY_ALL: f64 = 0.9;

/// Whether a label or name that so many of all transcripts have is what all who are asked are
/// called.
pub(super) fn is_of_all(n: usize, n_transcripts: usize) -> bool {
    n >= SHARED && n as f64 >= NEARLY_ALL * n_transcripts as f64
}

/// The key that is that of the only participant of nearly every transcript: it is a part,
/// such as `Village Elder`, unless the names of the files tell one person or sessions.
/// `keys` are those of the only participants.
pub(super) fn part_of_all(ids: &[&str], keys: &[Option<&str>]) -> Option<String> {
    let mut of_key: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, key) in ids.iter().zip(keys) {
        if let Some(key) = key {
            of_key.entry(key).or_default().push(id);
        }
    }
    let (key, of) = of_key.into_iter().find(|(_, of)| is_of_all(of.len(), ids.len()))?;
    let is_session_alone = |id: &&str| {
        let words = Named::read(id).words;
        is_session(&words) && !words.iter().any(|word| NUMBERED.contains(&numbered(word).0))
    };
    let are_told = of.iter().any(|id| tells_of(id, key)) || of.iter().all(is_session_alone);
    (!are_told).then(|| key.to_owned())
}

/// Whether the name of a file holds a name, one of its words or its initials.
fn tells_of(id: &str, key: &str) -> bool {
    let name = || key.split(' ').filter(|word| word.chars().nth(1).is_some());
    let initials: String = key.split(' ').filter_map(|word| word.chars().next()).collect();
    let whole: String = name().collect();
    Named::read(id).words.iter().any(|word| {
        let word = normal_label(numbered(word).0);
        word == initials || word == whole || name().any(|one| word == one)
    })
}

/// The most letters of a code.
const MAX_CODE: usize = 3;

/// A word without the digits that it ends with, and these.
fn numbered(word: &str) -> (&str, &str) {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    (letters, &word[letters.len()..])
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|it| it.is_ascii_digit())
}

/// Whether words name a piece of a recording: `audio 2`.
fn is_recording(words: &[&str]) -> bool {
    let lower: Vec<String> = words.iter().map(|word| normal_label(word)).collect();
    match &lower[..] {
        [one] => {
            let (letters, number) = numbered(one);
            RECORDINGS.contains(&letters) && is_number(number)
        }
        [word, number] => RECORDINGS.contains(&word.as_str()) && is_number(number),
        _ => false,
    }
}

/// Whether words name a session: `T1`, `session 2`, `post`, `second interview`.
fn is_session(words: &[&str]) -> bool {
    let lower: Vec<String> = words.iter().map(|word| normal_label(word)).collect();
    let is_word = |word: &str| SESSIONS.contains(&word) || NUMBERED.contains(&word);
    let is_named = |word: &str| NAMED_SESSIONS.contains(&word);
    match &lower[..] {
        [one] => {
            let (letters, number) = numbered(one);
            is_named(one) || (is_word(letters) && is_number(number))
        }
        [word, other] => {
            is_word(word) && is_number(other)
                || is_named(word) && is_word(other)
                || word == "follow" && other == "up"
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
