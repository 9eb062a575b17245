//! Study: what was read, who is who, and what was not read.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use serde::Serialize;

use crate::answers::{CaseInfo, InfoAnswer, ThemeVoices, TranscriptInfo};
use crate::base::natural_order;
use crate::desk::advice::remark;
use crate::desk::{Job, Told};
use crate::web::frame::{Frame, page, sentence};
use crate::web::visit::{Answered, Failure, Reply, Visit};
use crate::web::words;

#[derive(Template)]
#[template(path = "study.html")]
struct StudyPage {
    frame: Frame,
    info: InfoAnswer,
    n_words: u64,
    groups: Vec<String>,
    people: Vec<Person>,
    /// The names of all attributes.
    attributes: Vec<String>,
    /// What study.toml leaves out.
    left_out: Vec<String>,
    /// The folders of the study in which transcripts lie.
    folders: Vec<String>,
    /// By transcript, how many quotations are in it.
    n_quotations: BTreeMap<String, usize>,
    /// What the act before could not do.
    told: Option<Told>,
}

/// Somebody who speaks in the study, in one role.
struct Person {
    name: String,
    role: &'static str,
    /// In how many transcripts.
    n_transcripts: usize,
    n_words: u32,
    reason: String,
    is_doubtful: bool,
    /// The cases that are this person.
    cases: BTreeSet<String>,
    /// Passages that are evidence of something listed, and of how much; none if it is not
    /// known yet.
    evidence: Option<(usize, usize)>,
}

impl Person {
    /// What another role would move.
    fn moves(&self) -> String {
        let words = words::count(u64::from(self.n_words), "word");
        let (n, of) = self.evidence.unwrap_or_default();
        match (self.role, n) {
            ("participant", 0) => format!("otherwise {words} become context"),
            ("participant", _) => format!(
                "otherwise {words} become context, and {} of {} count no longer",
                words::many(n, "passage"),
                words::many(of, "candidate")
            ),
            _ => format!("as participant: {words} become evidence"),
        }
    }
}

/// Gives each participant what of the list rests on them, where that is known already.
fn add_evidence(visit: &Visit<'_>, people: &mut [Person]) -> Result<(), Failure> {
    let study = &visit.study;
    let voices = study.shown(study.voices(&study.theme_params(None))?);
    for person in people.iter_mut().filter(|person| !person.cases.is_empty()) {
        let own = |at: &usize| person.cases.contains(&voices.people[*at].case);
        let places: Vec<usize> = (0..voices.people.len()).filter(own).collect();
        let of = |theme: &ThemeVoices| places.iter().map(|&at| theme.n_passages[at]).sum::<usize>();
        let said: Vec<usize> = voices.themes.iter().map(of).filter(|n| *n > 0).collect();
        person.evidence = Some((said.iter().sum(), said.len()));
    }
    Ok(())
}

/// Everybody who has a name, those first who ask.
fn people(info: &InfoAnswer) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for it in &info.transcripts {
        let mut here: BTreeSet<(&str, &str)> = BTreeSet::new();
        for speaker in it.speakers.iter().filter(|speaker| !speaker.name.is_empty()) {
            let (n_words, is_doubtful) = (speaker.n_words, speaker.is_doubtful);
            let n = usize::from(here.insert((&speaker.name, speaker.role)));
            let same =
                |known: &&mut Person| known.name == speaker.name && known.role == speaker.role;
            if let Some(known) = people.iter_mut().find(same) {
                known.n_transcripts += n;
                known.n_words += n_words;
                known.is_doubtful |= is_doubtful;
                known.cases.extend(speaker.case.clone());
            } else {
                people.push(Person {
                    name: speaker.name.clone(),
                    role: speaker.role,
                    n_transcripts: n,
                    n_words,
                    reason: speaker.reason.clone(),
                    is_doubtful,
                    cases: speaker.case.clone().into_iter().collect(),
                    evidence: None,
                });
            }
        }
    }
    people.sort_by(|a, b| {
        (a.role, b.n_transcripts)
            .cmp(&(b.role, a.n_transcripts))
            .then_with(|| natural_order(&a.name, &b.name))
    });
    people
}

/// The value of an attribute of a case; empty if it has none.
fn value<'a>(case: &'a CaseInfo, attribute: &str) -> &'a str {
    case.attributes.get(attribute).map_or("", String::as_str)
}

impl StudyPage {
    /// Those whom one button confirms: who asks, and whose role is in doubt.
    fn to_confirm(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| person.role == "interviewer" || person.is_doubtful)
    }

    /// How many quotations are in a transcript, in words; nothing if none is.
    fn quoted(&self, id: &str) -> String {
        match self.n_quotations.get(id) {
            None => String::new(),
            Some(n) => format!(
                "Its {} stay in the codebook, but cannot be shown in the text. ",
                words::many(*n, "quotation")
            ),
        }
    }
}

/// What was read.
pub(in crate::web) fn show(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let info = study.shown(study.info(&study.found(), remark));
    if visit.is_json {
        return Reply::json(&info);
    }
    let groups: BTreeSet<&String> =
        info.cases.iter().filter_map(|case| case.attributes.get("group")).collect();
    let shown = |text: &str| study.shown_text(text).into_owned();
    let mut n_quotations: BTreeMap<String, usize> = BTreeMap::new();
    for quotation in study.codebook()?.quotations.values() {
        *n_quotations.entry(shown(&quotation.place.transcript)).or_default() += 1;
    }
    let folder = |it: &TranscriptInfo| it.id.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let folders: BTreeSet<String> = info.transcripts.iter().filter_map(folder).collect();
    let names = info.cases.iter().flat_map(|case| case.attributes.keys());
    let attributes: BTreeSet<&String> = names.collect();
    let mut people = people(&info);
    // Only while roles are a guess, and nobody waits for it.
    let is_known = !visit.desk.is_looking() && !visit.desk.is_without_candidates();
    if info.is_guessed && is_known {
        add_evidence(visit, &mut people)?;
    }
    page(&StudyPage {
        frame: Frame::of(visit, "Study", "Study")?,
        people,
        attributes: attributes.into_iter().cloned().collect(),
        left_out: study.settings.ignore.iter().map(|path| shown(path)).collect(),
        folders: folders.into_iter().collect(),
        n_quotations,
        told: visit.desk.take_told(),
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

/// What was typed on pages and not sent.
pub(in crate::web) fn drafts(visit: &Visit<'_>) -> Answered {
    Reply::json(&visit.open.drafts.shown(&visit.study))
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
