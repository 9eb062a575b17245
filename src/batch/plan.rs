//! Who is who in a whole study, and the sample in which themes are sought.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::reading::{Setup, Talk, known_of};
use super::{BatchError, packed, unpacked};
use crate::base::{Span, Warned, number};
use crate::corpus::recurring::Counted;
use crate::corpus::{Corpus, TextStore};
use crate::ingest::Known;
use crate::study::{Chosen, Read, StudyError, WhoIsWho, one_of_each};
use crate::terms::{Analysis, Language};
use crate::transcripts::Transcript;
use crate::transcripts::cases::Cases;
use crate::transcripts::people::People;
use crate::transcripts::roles::Role;

/// Who is who in a study, and its sample.
pub struct Plan {
    pub(super) setup: Setup,
    pub(super) transcripts: Vec<Known>,
    /// Their paths.
    paths: Vec<String>,
    n_passages: usize,
    pub(super) who: WhoIsWho,
    /// The transcripts of the sample, by their places, rising.
    sample: Vec<usize>,
    /// The study that they are by themselves, once they are heard.
    pub(super) heard: Option<Corpus>,
}

/// What the talk of a transcript cannot tell by itself: what a step with the transcripts
/// must know of the whole study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voices {
    pub(super) is_english: bool,
    /// What its words depend on.
    pub(super) terms_key: String,
    /// By speaker.
    pub(super) speakers: Vec<Voice>,
    pub(super) left_out: LeftOut,
}

/// A speaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Voice {
    pub(super) is_asked: bool,
    /// The case, of participants.
    pub(super) case: Option<String>,
}

/// What of a transcript is the same in most, and so is kept out of themes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct LeftOut {
    pub(super) spans: Vec<Span>,
    /// Passages that hold nothing else.
    pub(super) passages: BTreeSet<u32>,
}

impl Plan {
    /// Finds out who is who from all transcripts: the path, how many passages, and what is
    /// known of each. `max_passages` is how many passages the sample has about at most; a
    /// study that has no more is its own sample. Of files of one name one is taken, with a
    /// warning.
    ///
    /// # Errors
    /// [`BatchError`] for a mistake in the settings, or a row that cannot be read.
    pub fn new(
        setup: Setup,
        rows: Vec<(String, usize, Vec<u8>)>,
        max_passages: usize,
    ) -> Result<Warned<Self>, BatchError> {
        let mut read = Vec::with_capacity(rows.len());
        let mut n_passages: BTreeMap<String, usize> = BTreeMap::new();
        for (path, n, known) in rows {
            n_passages.insert(path.clone(), n);
            read.push(Read { known: known_of(&known)?, path, modified_ns: 0 });
        }
        let Chosen { read, copies, told, .. } = one_of_each(read, &setup.table, None);
        let table =
            setup.table.clone().leaving_out(setup.settings.ignore.iter().chain(copies.keys()));
        let sizes: Vec<usize> = read.iter().map(|one| n_passages[&one.path]).collect();
        let (transcripts, paths): (Vec<Known>, Vec<String>) =
            read.into_iter().map(|one| (one.known, one.path)).unzip();
        let settings = (&setup.settings, setup.settings_text.as_str());
        // Whose only files are left out cannot be told here: nothing of them was read.
        let who = WhoIsWho::find(&transcripts, settings, &table, &|_| true)?;
        let sample = sample(&who.cases, &sizes, max_passages);
        let n_passages = sizes.iter().sum();
        let plan = Self { setup, transcripts, paths, n_passages, who, sample, heard: None };
        Ok(Warned { value: plan, warnings: told })
    }

    /// How many passages all transcripts have.
    pub fn n_passages(&self) -> usize {
        self.n_passages
    }

    /// What people must know where themes were sought in a part of the study only.
    pub(super) fn note(&self) -> Option<String> {
        let heard = self.heard.as_ref()?;
        self.sample()?;
        Some(format!(
            "themes were sought in {} of {} transcripts ({} of {} passages), and all that is \
             counted here is counted in those",
            number(self.sample.len() as u64),
            number(self.transcripts.len() as u64),
            number(heard.n_passages() as u64),
            number(self.n_passages as u64),
        ))
    }

    /// The paths of the files of the sample; none if it is the whole study.
    pub fn sample(&self) -> Option<Vec<&str>> {
        let is_whole = self.sample.len() == self.transcripts.len();
        (!is_whole).then(|| self.sample.iter().map(|&t| self.paths[t].as_str()).collect())
    }

    /// Takes the texts of the sample: the path, and what a
    /// [`FileRead`](super::FileRead) carries of the talk and the text. Files that are none of
    /// it, such as one of two of one name, may be there too.
    ///
    /// # Errors
    /// [`BatchError`] if one is missing or cannot be read.
    pub fn hear(&mut self, texts: Vec<(String, Vec<u8>, Vec<u8>)>) -> Result<(), BatchError> {
        let mut by_path: BTreeMap<String, (Vec<u8>, Vec<u8>)> =
            texts.into_iter().map(|(path, talk, text)| (path, (talk, text))).collect();
        let mut held = Held::default();
        let mut sampled = Vec::with_capacity(self.sample.len());
        for &t in &self.sample {
            let known = &self.transcripts[t];
            let Some((talk, text)) = by_path.remove(&self.paths[t]) else {
                return Err(BatchError::Apart(format!(
                    "`{}` is missing from the sample",
                    known.id
                )));
            };
            let Talk { passages, words } = unpacked(&talk, "passages")?;
            let transcript: Transcript = unpacked(&text, "texts")?;
            held.0.insert(known.id.clone(), (transcript, words));
            sampled.push(Known { passages, ..known.clone() });
        }
        let WhoIsWho { people, roles, cases } = &self.who;
        let people = People {
            first: self.of_sample(&people.first),
            in_head: self.of_sample(&people.in_head),
            names: self.of_sample(&people.names),
            keys: self.of_sample(&people.keys),
        };
        let cases = cases.of_sample(&self.sample);
        let roles = self.of_sample(roles);
        let analyzer = self.setup.settings.analyzer();
        let corpus = Corpus::new(sampled, people, roles, cases, analyzer, Box::new(held));
        let found = corpus.find_recurring(Counted::default(), &|_, _| {});
        let (recurring, _) = found.map_err(StudyError::from)?;
        self.heard = Some(corpus.leaving_out(recurring));
        Ok(())
    }

    fn of_sample<T: Clone>(&self, by_transcript: &[T]) -> Vec<T> {
        self.sample.iter().map(|&t| by_transcript[t].clone()).collect()
    }

    /// The path of each transcript, in natural order of their ids, with what a step must know of it.
    pub fn voices(&self) -> Vec<(String, Vec<u8>)> {
        let mut left_out = self.left_out();
        let voices = |(t, known): (usize, &Known)| {
            let roles = self.who.roles[t].iter().map(|guess| guess.role);
            let speakers = roles.zip(&self.who.cases.of_speaker[t]).map(|(role, case)| Voice {
                is_asked: role == Role::Interviewer,
                case: case
                    .filter(|_| role == Role::Participant)
                    .map(|case| self.who.cases.cases[case].id.clone()),
            });
            let voices = Voices {
                is_english: known.language == Language::English,
                terms_key: known.terms_key.clone(),
                speakers: speakers.collect(),
                left_out: left_out.remove(&known.id).unwrap_or_default(),
            };
            (self.paths[t].clone(), packed(&voices))
        };
        self.transcripts.iter().enumerate().map(voices).collect()
    }

    /// What recurs in the sample, by transcript.
    pub(super) fn left_out(&self) -> BTreeMap<String, LeftOut> {
        let Some(corpus) = &self.heard else { return BTreeMap::new() };
        let recurring = corpus.recurring();
        let of = |(t, known): (usize, &Known)| {
            let spans = recurring.spans.get(t).cloned().unwrap_or_default();
            let passages = recurring.passages.get(t).cloned().unwrap_or_default();
            (known.id.clone(), LeftOut { spans, passages })
        };
        corpus.transcripts.iter().enumerate().map(of).collect()
    }
}

/// Chooses whole transcripts until they have about `max_passages` passages: of each group
/// its share, spread evenly over its transcripts in their order. All, if they are no more.
fn sample(cases: &Cases, sizes: &[usize], max_passages: usize) -> Vec<usize> {
    let n_passages: usize = sizes.iter().sum();
    if n_passages <= max_passages {
        return (0..sizes.len()).collect();
    }
    let mut strata: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    for (t, speakers) in cases.of_speaker.iter().enumerate() {
        let first = speakers.iter().position(Option::is_some);
        strata.entry(first.and_then(|s| cases.group(t, s))).or_default().push(t);
    }
    let mut chosen = Vec::new();
    for transcripts in strata.values() {
        // A transcript is taken where the passages up to it reach the next whole share.
        let (mut passed, mut taken) = (0, 0);
        for &t in transcripts {
            passed += sizes[t];
            if taken * n_passages < passed * max_passages {
                chosen.push(t);
                taken += sizes[t];
            }
        }
    }
    chosen.sort_unstable();
    chosen
}

/// Texts and words in memory.
#[derive(Default)]
struct Held(BTreeMap<String, (Transcript, Analysis)>);

impl TextStore for Held {
    fn text(&self, known: &Known) -> Option<Transcript> {
        self.0.get(&known.id).map(|(text, _)| text.clone())
    }

    fn words(&self, known: &Known) -> Option<Analysis> {
        self.0.get(&known.id).map(|(_, words)| words.clone())
    }
}
