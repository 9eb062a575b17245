//! All transcripts of a study, with who speaks in them.
//!
//! What is known of each transcript comes in, with roles and cases, and something
//! that remembers texts; a [`Corpus`] goes out, which never changes. Whatever asks
//! about the talk asks it: passages by their places, texts, quotes with who says
//! them and where.

mod quotes;
pub mod recurring;
pub mod scanning;
mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::base::{Diagnose, Lines, Progress, Remedy, Span, Stopped, Task};
use crate::features::context::TalkPassage;
use crate::files::find::id_of;
use crate::ingest::{Known, speakers_of};
use crate::passages::Passage;
use crate::pseudonyms::Pseudonyms;
use crate::terms::{Analysis, Analyzer, AnalyzerParams, Language, analyze};
use crate::transcripts::cases::{Case, Cases, Sittings, cases_in};
use crate::transcripts::notes::{RoleNotes, listed, role_notes, voice_notes};
use crate::transcripts::people::People;
use crate::transcripts::roles::{Role, RoleGuess};
use crate::transcripts::{Speaker, Transcript, stem_of};

use self::recurring::{Counted, Recurring, find_recurring, without};
pub use quotes::{in_characters, not_own};

/// The passages of a study that match a query, by their places among all passages, each
/// with the bytes of its transcript that match; none where only fields or a negation do.
pub type Matching = BTreeMap<usize, Vec<Span>>;

/// Why something cannot be read from a corpus.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CorpusError {
    /// The text of a transcript is not remembered any more.
    #[error("`{id}` cannot be read: its remembered text is gone")]
    TextGone {
        /// The transcript.
        id: String,
    },
    /// Lines that a transcript does not have.
    #[error("`{id}` has no lines {first}-{last}")]
    UnknownLines {
        /// The transcript.
        id: String,
        /// The first line asked for.
        first: u32,
        /// The last line asked for.
        last: u32,
        /// How many lines there are.
        n_lines: u32,
    },
    /// The work was stopped before its end.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

impl Diagnose for CorpusError {
    fn remedy(&self) -> Option<Remedy> {
        Some(match self {
            Self::TextGone { .. } => Remedy::new("do it once more: the text is read again"),
            Self::UnknownLines { id, n_lines, .. } => Remedy::by(
                Task::ReadTranscript(id.clone()),
                format!("it has {n_lines} lines; read them with their numbers"),
            ),
            Self::Stopped(_) => return None,
        })
    }
}

/// What remembers the texts and words of transcripts: a cache, or memory.
pub trait TextStore: Send + Sync {
    /// The text; `None` if it is gone.
    fn text(&self, known: &Known) -> Option<Transcript>;
    /// The words; `None` if they are gone.
    fn words(&self, known: &Known) -> Option<Analysis>;
}

/// The place of a passage, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Row {
    /// The transcript, by its place in the study.
    pub transcript: u32,
    /// The place of the passage in its transcript.
    pub place: u32,
    /// The case, by its place in the study.
    pub case: u32,
}

impl Row {
    /// Who speaks, in this interview.
    pub fn sitting(self) -> (usize, usize) {
        (self.transcript as usize, self.case as usize)
    }
}

fn in_several(cases: &Cases) -> BTreeSet<usize> {
    let (mut once, mut several) = (BTreeSet::new(), BTreeSet::new());
    for of in &cases.of_speaker {
        let here: BTreeSet<usize> = of.iter().flatten().copied().collect();
        several.extend(here.into_iter().filter(|case| !once.insert(*case)));
    }
    several
}

/// Those of `sittings` whose case speaks in one of them.
pub fn who_speak(mut sittings: Sittings, passages: &[ParticipantPassage]) -> Sittings {
    let speaking = passages.iter().map(|passage| passage.row.sitting());
    let speaking: BTreeSet<usize> = cases_in(&(&speaking.collect::<Sittings>() & &sittings));
    sittings.retain(|(_, case)| speaking.contains(case));
    sittings
}

fn cases_of(passages: &[ParticipantPassage]) -> BTreeSet<usize> {
    passages.iter().map(|passage| passage.row.case as usize).collect()
}

/// A participant's passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ParticipantPassage {
    /// Its row among all passages of the study.
    pub passage: usize,
    /// The place of its transcript, its place there, and its case.
    pub row: Row,
    /// The speaker's own words in it.
    pub n_words: u32,
}

/// A copy of a transcript that is left out.
#[derive(Debug, Clone)]
pub struct LeftOut {
    /// What is known of it.
    pub known: Known,
    /// The id of what is read in its place.
    pub of: String,
}

/// All transcripts of a study at one moment.
pub struct Corpus {
    /// The transcripts, in natural order of their ids.
    pub transcripts: Vec<Known>,
    /// The places of the transcripts in the order of the bytes of their ids: people keep
    /// thousands of quotations, and each is looked up by its transcript.
    by_id: Vec<usize>,
    /// Copies that are left out, by their ids, with the places of the transcripts that are read
    /// in their place.
    copies: BTreeMap<String, (usize, Known)>,
    /// Cases that speak in several transcripts.
    in_several: BTreeSet<usize>,
    /// The place of each transcript's first passage among all passages.
    pub offsets: Vec<u32>,
    /// Which labels are one person.
    pub people: People,
    /// The role of every speaker of every transcript.
    pub roles: Vec<Vec<RoleGuess>>,
    /// Whom the transcripts are about.
    pub cases: Cases,
    analyzer: AnalyzerParams,
    store: Box<dyn TextStore>,
    /// What is the same in most transcripts, and so is kept out of themes.
    recurring: Recurring,
    /// Texts and words, each read once.
    texts: Vec<OnceLock<Arc<Transcript>>>,
    words: Vec<OnceLock<Arc<Analysis>>>,
}

impl Corpus {
    /// Puts transcripts, in natural order of their ids, together with what is known
    /// of their speakers.
    pub fn new(
        transcripts: Vec<Known>,
        people: People,
        roles: Vec<Vec<RoleGuess>>,
        cases: Cases,
        analyzer: AnalyzerParams,
        store: Box<dyn TextStore>,
    ) -> Self {
        let mut offset = 0;
        let offsets = transcripts
            .iter()
            .map(|known| {
                let start = offset;
                offset +=
                    u32::try_from(known.passages.len()).expect("passages are fewer than bytes");
                start
            })
            .collect();
        let n = transcripts.len();
        let mut by_id: Vec<usize> = (0..n).collect();
        by_id.sort_by(|&a, &b| transcripts[a].id.cmp(&transcripts[b].id));
        Self {
            transcripts,
            by_id,
            copies: BTreeMap::new(),
            in_several: in_several(&cases),
            offsets,
            people,
            roles,
            cases,
            analyzer,
            store,
            recurring: Recurring::default(),
            texts: (0..n).map(|_| OnceLock::new()).collect(),
            words: (0..n).map(|_| OnceLock::new()).collect(),
        }
    }

    /// Takes what is asked or decided of copies that are left out for what is read in their
    /// place: the ids of both.
    #[must_use]
    pub fn in_place_of(mut self, copies: BTreeMap<String, LeftOut>) -> Self {
        let place = |(id, LeftOut { known, of })| Some((id, (self.with_id(&of)?, known)));
        self.copies = copies.into_iter().filter_map(place).collect();
        self
    }

    /// Whether this names a copy that is left out whose text is another one than that of what
    /// is read in its place: the same words on other lines.
    pub fn is_copy_with_other_lines(&self, id: &str) -> bool {
        let is_read = |id: &str| self.with_id(id).is_some();
        let copy = self.copies.get(id).or_else(|| self.copies.get(id_of(id)));
        let is_other =
            |(t, known): &(usize, Known)| self.transcripts[*t].checksum != known.checksum;
        copy.is_some_and(is_other) && !is_read(id) && !is_read(id_of(id))
    }

    /// The texts of copies that are left out, as far as they are remembered: the place of what
    /// is read instead, the id and the text.
    pub fn texts_of_copies(&self) -> impl Iterator<Item = (usize, &str, Transcript)> {
        self.copies
            .iter()
            .filter_map(|(id, (t, known))| Some((*t, id.as_str(), self.store.text(known)?)))
    }

    /// The ids of copies that are left out.
    pub fn copies(&self) -> impl Iterator<Item = &String> {
        self.copies.keys()
    }

    /// Finds what is the same in most transcripts, and what is to be remembered of it for the
    /// next time; `before` is what was counted the last time.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more;
    /// [`CorpusError::Stopped`] if `progress` says so.
    pub fn find_recurring(
        &self,
        before: Counted,
        progress: &dyn Progress,
    ) -> Result<(Recurring, Counted), CorpusError> {
        // Not through `text`, which would keep all of them in memory.
        let text = |t: usize| {
            let known = &self.transcripts[t];
            let text = self.store.text(known);
            text.ok_or_else(|| CorpusError::TextGone { id: known.id.clone() })
        };
        find_recurring(&self.transcripts, &text, before, progress)
    }

    /// Keeps what recurs out of themes, evidence and counts from now on.
    #[must_use]
    pub fn leaving_out(self, recurring: Recurring) -> Self {
        Self { recurring, ..self }
    }

    /// What is kept out of themes, evidence and counts.
    pub fn recurring(&self) -> &Recurring {
        &self.recurring
    }

    /// What the speaker of a passage says in it that counts.
    pub fn own_talk(&self, t: usize, transcript: &Transcript, passage: &Passage) -> Vec<Span> {
        let left_out = self.recurring.spans.get(t).map_or(&[][..], Vec::as_slice);
        let pieces = passage.own_pieces(transcript);
        pieces.flat_map(|(_, piece)| without(piece, left_out)).collect()
    }

    /// How many passages all transcripts have.
    pub fn n_passages(&self) -> usize {
        self.transcripts.iter().map(|transcript| transcript.passages.len()).sum()
    }

    /// The transcript and the place in it of a passage of the study.
    pub fn place_of(&self, passage_idx: usize) -> (usize, usize) {
        let transcript = self.offsets.partition_point(|&offset| offset as usize <= passage_idx) - 1;
        (transcript, passage_idx - self.offsets[transcript] as usize)
    }

    /// The passages of a transcript among all passages.
    pub fn passages_of(&self, t: usize) -> Range<usize> {
        let start = self.offsets[t] as usize;
        start..start + self.transcripts[t].passages.len()
    }

    /// A passage of the study.
    pub fn passage(&self, passage_idx: usize) -> &Passage {
        let (transcript, place) = self.place_of(passage_idx);
        &self.transcripts[transcript].passages[place]
    }

    /// The passages of participants, in the order of the study, but for those that hold
    /// only what recurs in most transcripts.
    pub fn participant_passages(&self) -> Vec<ParticipantPassage> {
        let mut passages = self.all_of_participants();
        passages.retain(|known| {
            let left_out = self.recurring.passages.get(known.row.transcript as usize);
            left_out.is_none_or(|out| !out.contains(&known.row.place))
        });
        passages
    }

    /// All passages of participants, in the order of the study.
    pub fn all_of_participants(&self) -> Vec<ParticipantPassage> {
        let mut passages = Vec::new();
        for (t, transcript) in (0_u32..).zip(&self.transcripts) {
            for (place, passage) in (0_u32..).zip(&transcript.passages) {
                let case = self.cases.of_speaker[t as usize][usize::from(passage.speaker)];
                if let Some(case) = case
                    && self.role_of(t as usize, passage.speaker) == Role::Participant
                {
                    let case = u32::try_from(case).expect("cases are fewer than bytes");
                    passages.push(ParticipantPassage {
                        passage: (self.offsets[t as usize] + place) as usize,
                        row: Row { transcript: t, place, case },
                        n_words: passage.n_words,
                    });
                }
            }
        }
        passages
    }

    /// The cases that say as participants what counts for themes, by their places in the
    /// study: those that the evidence of themes is counted among.
    pub fn speaking(&self) -> BTreeSet<usize> {
        cases_of(&self.participant_passages())
    }

    /// The cases that speak as participants, be all of it the same in most transcripts:
    /// those that what people coded is counted among.
    pub fn participants(&self) -> BTreeSet<usize> {
        cases_of(&self.all_of_participants())
    }

    /// The groups of those who are [`speaking`](Self::speaking), by name.
    pub fn groups_who_speak(&self) -> BTreeMap<&str, Sittings> {
        self.groups_among(&self.participant_passages())
    }

    /// The groups of all [`participants`](Self::participants), by name.
    pub fn groups_of_participants(&self) -> BTreeMap<&str, Sittings> {
        self.groups_among(&self.all_of_participants())
    }

    fn groups_among(&self, passages: &[ParticipantPassage]) -> BTreeMap<&str, Sittings> {
        let groups = self.cases.by(|t, s| self.cases.group(t, s));
        let groups = groups.into_iter().map(|(name, of)| (name, who_speak(of, passages)));
        groups.filter(|(_, of)| !of.is_empty()).collect()
    }

    /// All passages of the study, in order.
    pub fn talk(&self) -> Vec<TalkPassage> {
        let mut talk = Vec::with_capacity(self.n_passages());
        for ((transcript, known), roles) in (0_u32..).zip(&self.transcripts).zip(&self.roles) {
            talk.extend(known.passages.iter().map(|passage| TalkPassage {
                transcript,
                n_words: passage.n_words,
                is_asked: roles[usize::from(passage.speaker)].role == Role::Interviewer,
            }));
        }
        talk
    }

    /// The case that a passage is about; `None` for interviewers and others.
    pub fn case_of(&self, transcript: usize, speaker: u16) -> Option<&Case> {
        self.cases.of_speaker[transcript][usize::from(speaker)].map(|case| &self.cases.cases[case])
    }

    /// The role of a speaker.
    pub fn role_of(&self, transcript: usize, speaker: u16) -> Role {
        self.roles[transcript][usize::from(speaker)].role
    }

    /// Who is who in words, and what may be wrong with it.
    pub fn role_notes(&self) -> RoleNotes {
        let ids: Vec<&str> = self.transcripts.iter().map(|known| known.id.as_str()).collect();
        let speakers: Vec<&[Speaker]> =
            self.transcripts.iter().map(|known| known.speakers.as_slice()).collect();
        let mut told = role_notes(&ids, &speakers, &self.people, &self.roles, &self.cases);
        told.notes.splice(0..0, voice_notes(&speakers_of(&self.transcripts), &self.roles));
        // Of versions only one counts already.
        let counts = |t: usize| self.roles[t].iter().any(|guess| guess.role != Role::Other);
        let copies = self.recurring.copies.iter();
        let copies = copies.filter(|copy| counts(copy.first) && counts(copy.second));
        told.notes.extend(copies.map(|copy| {
            format!(
                "{} and {} seem to be the same interview: {} % of the shorter one stands in the \
                 other, word for word. If they are, add one of the files to `ignore` in \
                 study.toml: its participants may be counted twice",
                ids[copy.first], ids[copy.second], copy.percent
            )
        }));
        let speaking = self.speaking();
        let silent = (0..self.cases.cases.len()).filter(|case| !speaking.contains(case));
        let silent: Vec<&str> = silent.map(|case| self.cases.cases[case].id.as_str()).collect();
        if !silent.is_empty() && !speaking.is_empty() {
            told.notes.push(format!(
                "themes are counted among {} of {} participants: nothing that {} said counts, \
                 since it is the same in most transcripts",
                speaking.len(),
                self.cases.cases.len(),
                listed(&silent)
            ));
        }
        told
    }

    /// The transcript with exactly this id.
    pub fn with_id(&self, id: &str) -> Option<usize> {
        let at = self.by_id.partition_point(|&t| *self.transcripts[t].id < *id);
        self.by_id.get(at).copied().filter(|&t| self.transcripts[t].id == id)
    }

    /// The transcript with this id or with its pseudonym, or with this file name if
    /// only one has it, or that is read in place of a copy with this id.
    pub fn named(&self, id: &str, pseudonyms: &Pseudonyms) -> Option<usize> {
        let bare = id_of(id);
        let by = |test: &dyn Fn(&str) -> bool| {
            let mut found = (0..self.transcripts.len()).filter(|&t| test(&self.transcripts[t].id));
            found.next().filter(|_| found.next().is_none())
        };
        by(&|known| known == id)
            .or_else(|| by(&|known| known == bare))
            .or_else(|| by(&|known| stem_of(known) == id))
            .or_else(|| by(&|known| pseudonyms.apply(known) == id))
            .or_else(|| by(&|known| pseudonyms.apply(stem_of(known)) == id))
            .or_else(|| {
                let copy = self.copies.get(id).or_else(|| self.copies.get(bare));
                copy.map(|(t, _)| *t)
            })
    }

    /// The names of all attributes of cases, as written.
    pub fn attribute_names(&self) -> Vec<&str> {
        let names = self.cases.cases.iter().flat_map(|case| case.attributes.keys());
        names.map(String::as_str).collect::<BTreeSet<&str>>().into_iter().collect()
    }

    /// The languages of the transcripts.
    pub fn languages(&self) -> Vec<Language> {
        let languages: BTreeSet<Language> =
            self.transcripts.iter().map(|known| known.language).collect();
        languages.into_iter().collect()
    }

    /// The analyzer of a language, with the study's own words.
    pub fn analyzer_of(&self, language: Language) -> Analyzer {
        Analyzer::new(language, &self.analyzer)
    }

    /// The analyzer of a transcript's language.
    pub fn analyzer(&self, t: usize) -> Analyzer {
        self.analyzer_of(self.transcripts[t].language)
    }

    /// The text of a transcript, read when it is first asked for.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if it is not remembered any more.
    pub fn text(&self, t: usize) -> Result<Arc<Transcript>, CorpusError> {
        if let Some(text) = self.texts[t].get() {
            return Ok(Arc::clone(text));
        }
        let known = &self.transcripts[t];
        let text = self.store.text(known);
        let text = text.ok_or_else(|| CorpusError::TextGone { id: known.id.clone() })?;
        Ok(Arc::clone(self.texts[t].get_or_init(|| Arc::new(text))))
    }

    /// The words of a transcript, read when they are first asked for, or made again.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if neither they nor the text are remembered.
    pub fn words(&self, t: usize) -> Result<Arc<Analysis>, CorpusError> {
        if let Some(words) = self.words[t].get() {
            return Ok(Arc::clone(words));
        }
        let known = &self.transcripts[t];
        let mut words = match self.store.words(known) {
            Some(words) => words,
            None => analyze(&*self.text(t)?, &known.passages, &self.analyzer(t)),
        };
        if let Some(spans) = self.recurring.spans.get(t) {
            words.leave_out(spans);
        }
        Ok(Arc::clone(self.words[t].get_or_init(|| Arc::new(words))))
    }

    /// The bytes of lines of a transcript.
    ///
    /// # Errors
    /// [`CorpusError::UnknownLines`] if it has no such lines.
    pub fn lines_span(&self, t: usize, lines: Lines) -> Result<Span, CorpusError> {
        let text = self.text(t)?;
        text.lines.span_of(lines).ok_or_else(|| CorpusError::UnknownLines {
            id: self.transcripts[t].id.clone(),
            first: lines.first,
            last: lines.last,
            n_lines: text.lines.n_lines(),
        })
    }
}
