//! What people decided about a study, and where their quotations stand now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::session::replay;
use super::{Snapshot, StudyError};
use crate::base::{Diagnostic, Lines, Remedy, Span, Task};
use crate::codebook::edit::Quote;
use crate::codebook::history::History;
use crate::codebook::standing::{Standing, Standings, is_whole, occurrences, talk_in, words_in};
use crate::codebook::{CodeId, Codebook, CodebookError, Place, Quotation, checksum_of};
use crate::store::{self};
use crate::transcripts::{Transcript, Turn};

impl Snapshot {
    /// All decisions, and what they add up to.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if they cannot be read or trusted.
    pub fn history(&self) -> Result<&History, StudyError> {
        if let Some(history) = self.history.get() {
            return Ok(history);
        }
        let history = replay(&store::read(&self.folder.store)?, &self.folder.store)?;
        Ok(self.history.get_or_init(|| history))
    }

    /// What people have decided, as it stands now.
    ///
    /// # Errors
    /// As [`history`](Self::history).
    pub fn codebook(&self) -> Result<&Codebook, StudyError> {
        Ok(self.history()?.codebook())
    }

    /// How many decisions there are: what an act says that its person has seen.
    ///
    /// # Errors
    /// As [`history`](Self::history).
    pub fn n_decisions(&self) -> Result<usize, StudyError> {
        Ok(self.history()?.len())
    }

    /// A stretch of a transcript, as a place that a quotation can hold.
    pub fn place(&self, t: usize, transcript: &Transcript, span: Span) -> Place {
        Place {
            transcript: self.corpus.transcripts[t].id.clone(),
            checksum: checksum_of(&transcript.text),
            span,
        }
    }

    /// The talk in lines of a transcript, without the label and times before it;
    /// or, in these lines, the `words` that were picked.
    ///
    /// # Errors
    /// [`StudyError::Corpus`] if there are no such lines; [`StudyError::Codebook`] if nobody speaks
    /// there, or the words do not stand there exactly once.
    pub fn quote_at(
        &self,
        t: usize,
        lines: Lines,
        words: Option<&str>,
    ) -> Result<Quote, StudyError> {
        let transcript = self.corpus.text(t)?;
        let whole = self.corpus.lines_span(t, lines)?;
        let id = &self.corpus.transcripts[t].id;
        let refuse = |problem: String, remedy: Remedy| {
            Err(CodebookError::Refused { problem, remedy }.into())
        };
        let read = |advice: &str| Remedy::by(Task::ReadTranscript(id.clone()), advice);
        let span = if let Some(words) = words {
            let found = words_in(whole.of(&transcript.text), words);
            let mut spans: Vec<Span> = found
                .into_iter()
                .map(|(start, end)| {
                    let from = whole.start as usize;
                    Span::new(from + start, from + end)
                })
                .collect();
            // People pick words as they are shown to them.
            if spans.is_empty() {
                spans.extend(self.shown_words(&transcript, whole, words));
            }
            let is_said = |at: u32| {
                let holds = |turn: &Turn| turn.span.start <= at && at < turn.span.end;
                transcript.turns.iter().any(holds)
            };
            let n_written = spans.len();
            spans.retain(|span| is_said(span.start) && is_said(span.end.saturating_sub(1)));
            match spans[..] {
                [span] => span,
                [] if n_written > 0 => {
                    return refuse(
                        format!("nobody says `{words}` in these lines of `{id}`"),
                        Remedy::new("labels and times before the talk are no part of a quotation"),
                    );
                }
                [] => {
                    return refuse(
                        format!("`{words}` does not stand in these lines of `{id}`"),
                        read("give the words as they are written there"),
                    );
                }
                [_, _, ..] => {
                    return refuse(
                        format!("`{words}` stands more than once in these lines of `{id}`"),
                        Remedy::new("give fewer lines or more words"),
                    );
                }
            }
        } else {
            let Some(talk) = talk_in(&transcript, whole) else {
                return refuse(
                    format!("nobody speaks in these lines of `{id}`"),
                    read("see the lines with their numbers"),
                );
            };
            talk
        };
        Ok(Quote {
            place: self.place(t, &transcript, span),
            text: span.of(&transcript.text).to_owned(),
        })
    }

    /// Where all quotations stand in the transcripts of now.
    ///
    /// # Errors
    /// [`StudyError::Unreadable`] if a transcript's text is gone.
    pub fn standings(&self) -> Result<Standings, StudyError> {
        self.standings_of(self.codebook()?)
    }

    /// Where the quotations of a codebook stand in the transcripts of now.
    pub(super) fn standings_of(&self, codebook: &Codebook) -> Result<Standings, StudyError> {
        let mut texts = Texts::new(self);
        let mut of = BTreeMap::new();
        for quotation in codebook.quotations.values() {
            of.insert(quotation.id, texts.standing(quotation)?);
        }
        let mut changed: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (id, standing) in &of {
            let counted = changed.entry(&codebook.quotations[id].place.transcript).or_default();
            match standing {
                Standing::Here => {}
                Standing::Moved(_) => counted.0 += 1,
                Standing::Stale(_) => counted.1 += 1,
            }
        }
        changed.retain(|_, (moved, stale)| *moved + *stale > 0);
        let warning = |(path, (moved, stale)): (&&str, &(usize, usize))| {
            Diagnostic::new(format!(
                "it has changed since it was coded: of its quotations {moved} {} found again, \
                 {stale} {} stale",
                if *moved == 1 { "is" } else { "are" },
                if *stale == 1 { "is" } else { "are" },
            ))
            .in_file(*path, None)
            .with(Remedy::by(Task::ListStaleQuotations, "see which, then keep their new places"))
        };
        let warnings = changed.iter().map(warning).collect();
        Ok(Standings { of, warnings })
    }

    /// The cases that speak in quotations with any of these codes.
    pub fn cases_of(&self, quotations: &[&Quotation]) -> BTreeSet<usize> {
        let mut cases = BTreeSet::new();
        for quotation in quotations {
            let Some(t) =
                self.corpus.transcripts.iter().position(|t| t.id == quotation.place.transcript)
            else {
                continue;
            };
            let touched = self.corpus.transcripts[t].passages.iter().filter(|passage| {
                passage.span.start < quotation.place.span.end
                    && quotation.place.span.start < passage.span.end
            });
            cases.extend(
                touched.filter_map(|p| self.corpus.cases.of_speaker[t][usize::from(p.speaker)]),
            );
        }
        cases
    }

    /// The code with this name, and everything under it.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] with the nearest name.
    pub fn code_family(&self, name: &str) -> Result<BTreeSet<CodeId>, StudyError> {
        let codebook = self.codebook()?;
        Ok(codebook.family(codebook.code_named(name)?.id))
    }
}

/// The texts of transcripts, read when they are needed.
struct Texts<'a> {
    study: &'a Snapshot,
    /// By transcript: its text and its checksum.
    read: BTreeMap<usize, (Arc<Transcript>, String)>,
    /// The transcripts by their ids.
    by_id: BTreeMap<&'a str, usize>,
}

impl<'a> Texts<'a> {
    fn new(study: &'a Snapshot) -> Self {
        let by_id =
            study.corpus.transcripts.iter().enumerate().map(|(t, known)| (known.id.as_str(), t));
        Self { study, read: BTreeMap::new(), by_id: by_id.collect() }
    }

    fn read(&mut self, t: usize) -> Result<&(Arc<Transcript>, String), StudyError> {
        if !self.read.contains_key(&t) {
            let transcript = self.study.corpus.text(t)?;
            let checksum = checksum_of(&transcript.text);
            self.read.insert(t, (transcript, checksum));
        }
        Ok(&self.read[&t])
    }

    /// The transcripts whose text has this checksum.
    fn with_checksum(&mut self, wanted: &str) -> Result<Vec<usize>, StudyError> {
        let mut found = Vec::new();
        for t in 0..self.study.corpus.transcripts.len() {
            if self.read(t)?.1 == wanted {
                found.push(t);
            }
        }
        Ok(found)
    }

    fn standing(&mut self, quotation: &Quotation) -> Result<Standing, StudyError> {
        let place = &quotation.place;
        let known = self.by_id.get(place.transcript.as_str()).copied();
        if let Some(t) = known
            && self.read(t)?.1 == place.checksum
        {
            return Ok(Standing::Here);
        }
        // The file may only have another name, and another file its old one: the
        // same words in that file are somebody else's.
        match self.with_checksum(&place.checksum)?[..] {
            [] => {}
            [t] => {
                let transcript = self.study.corpus.transcripts[t].id.clone();
                return Ok(Standing::Moved(Place { transcript, ..place.clone() }));
            }
            ref several => {
                let ids =
                    several.iter().map(|&t| format!("`{}`", self.study.corpus.transcripts[t].id));
                return Ok(Standing::Stale(format!(
                    "its transcript has another name now, and is there {} times: {}",
                    several.len(),
                    ids.collect::<Vec<_>>().join(", ")
                )));
            }
        }
        let Some(t) = known else {
            return Ok(Standing::Stale("the transcript is gone".to_owned()));
        };
        let (transcript, checksum) = self.read(t)?;
        let words = &quotation.text;
        let found = occurrences(&transcript.text, words);
        let whole: Vec<usize> = found
            .iter()
            .copied()
            .filter(|&at| is_whole(&transcript.text, (at, at + words.len())))
            .collect();
        Ok(match whole[..] {
            [at] => Standing::Moved(Place {
                transcript: place.transcript.clone(),
                checksum: checksum.clone(),
                span: Span::new(at, at + words.len()),
            }),
            [] if found.is_empty() => {
                Standing::Stale("its words do not stand there any more".to_owned())
            }
            [] => Standing::Stale("its words stand there only within other words".to_owned()),
            _ => Standing::Stale(format!("its words stand there {} times", whole.len())),
        })
    }
}
