//! Where quotations are in transcripts that may have changed since.
//!
//! Quotations come in; where each is now goes out, or why that is not certain. Only
//! texts that have changed are read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Corpus, CorpusError};
use crate::answers::{GroupCount, StanceAnswer};
use crate::base::{Diagnostic, Remedy, Span, Task};
use crate::codebook::standing::{Standing, Standings, is_whole, occurrences};
use crate::codebook::{Codebook, Place, Quotation, Stance};
use crate::transcripts::cases::{Sittings, cases_in};

impl Corpus {
    /// A stretch of a transcript, as a place that a quotation can hold.
    pub fn place(&self, t: usize, span: Span) -> Place {
        let known = &self.transcripts[t];
        Place { transcript: known.id.clone(), checksum: known.checksum.clone(), span }
    }

    /// Where the quotations of a codebook are in the transcripts of now.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn standings(&self, codebook: &Codebook) -> Result<Standings, CorpusError> {
        let mut of = BTreeMap::new();
        let mut changed: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for quotation in codebook.quotations.values() {
            let standing = self.standing(&quotation.place, &quotation.text)?;
            let counted = changed.entry(&quotation.place.transcript).or_default();
            match standing {
                Standing::Here => {}
                // That a copy is left out is told where files are read.
                Standing::Moved(_) if self.copies.contains_key(&quotation.place.transcript) => {}
                Standing::Moved(_) => counted.0 += 1,
                Standing::Stale(_) => counted.1 += 1,
            }
            of.insert(quotation.id, standing);
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

    /// Where words that a person picked at a place are now.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn standing(&self, place: &Place, words: &str) -> Result<Standing, CorpusError> {
        // What was decided in a copy that is left out is about what is read in its place.
        let known = self.with_id(&place.transcript);
        let known = known.or_else(|| self.copies.get(&place.transcript).map(|(t, _)| *t));
        let is_same = |t: &usize| self.transcripts[*t].checksum == place.checksum;
        if let Some(t) = known.filter(is_same) {
            let transcript = &self.transcripts[t].id;
            return Ok(if *transcript == place.transcript {
                Standing::Here
            } else {
                Standing::Moved(Place { transcript: transcript.clone(), ..place.clone() })
            });
        }
        let mut same: Vec<usize> = (0..self.transcripts.len()).filter(is_same).collect();
        // Of a file that has another name, and copies that nobody counts in, it is the one.
        if known.is_none() && same.iter().filter(|&&t| self.counts(t)).count() == 1 {
            same.retain(|&t| self.counts(t));
        }
        // The file may only have another name, and another file its old one: the same words
        // in that file are somebody else's. But a copy that is left of a file that was
        // corrected is no other name of it.
        if let Some(t) = known
            && same.iter().all(|&other| self.is_copy(t, other))
        {
            return self.found_again(t, words);
        }
        Ok(match same[..] {
            [] => Standing::Stale("the transcript no longer exists".to_owned()),
            [t] => {
                let transcript = self.transcripts[t].id.clone();
                Standing::Moved(Place { transcript, ..place.clone() })
            }
            ref several => {
                let ids: Vec<&str> =
                    several.iter().map(|&t| self.transcripts[t].id.as_str()).collect();
                Standing::Stale(format!(
                    "its transcript has another name now, and is there {} times: `{}`",
                    ids.len(),
                    ids.join("`, `")
                ))
            }
        })
    }

    /// Where words stand in a transcript that has changed.
    fn found_again(&self, t: usize, words: &str) -> Result<Standing, CorpusError> {
        let transcript = self.text(t)?;
        let found = occurrences(&transcript.text, words);
        let is_whole = |at: &&usize| is_whole(&transcript.text, (**at, **at + words.len()));
        let whole: Vec<usize> = found.iter().filter(is_whole).copied().collect();
        Ok(match whole[..] {
            [at] => Standing::Moved(self.place(t, Span::new(at, at + words.len()))),
            [] if found.is_empty() => {
                Standing::Stale("its words are not in the transcript any more".to_owned())
            }
            [] => Standing::Stale("its words are there only within other words".to_owned()),
            _ => Standing::Stale(format!("its words are there {} times", whole.len())),
        })
    }

    /// Whether a transcript is a copy of another: it says most of the same, or nobody is
    /// counted in it, as in what is the same word for word.
    fn is_copy(&self, of: usize, other: usize) -> bool {
        let copies = &self.recurring().copies;
        let first = |t: usize| copies.iter().find(|it| it.second == t).map_or(t, |it| it.first);
        first(of) == first(other) || (self.counts(of) && !self.counts(other))
    }

    /// Whether anybody is counted in a transcript.
    fn counts(&self, t: usize) -> bool {
        self.cases.of_speaker[t].iter().any(Option::is_some)
    }

    /// A codebook with its quotations and rejected proposals where they stand now: what is
    /// done to the talk of now is about these places. What is stale stays as it was.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn as_it_stands<'c>(
        &self,
        codebook: &'c Codebook,
    ) -> Result<Cow<'c, Codebook>, CorpusError> {
        let mut moved = Cow::Borrowed(codebook);
        for (id, known) in &codebook.quotations {
            if let Standing::Moved(place) = self.standing(&known.place, &known.text)?
                && let Some(known) = moved.to_mut().quotations.get_mut(id)
            {
                known.place = place;
            }
        }
        for (id, known) in &codebook.refusals {
            if let Standing::Moved(place) = self.standing(&known.place, &known.text)?
                && let Some(known) = moved.to_mut().refusals.get_mut(id)
            {
                known.place = place;
            }
        }
        Ok(moved)
    }

    /// The transcript whose text a place is in, by its id or, if the file has another name
    /// now, by its text; `None` if it has changed.
    pub fn transcript_of(&self, place: &Place) -> Option<usize> {
        let is_same = |t: &usize| self.transcripts[*t].checksum == place.checksum;
        self.with_id(&place.transcript).filter(is_same).or_else(|| {
            let mut same = (0..self.transcripts.len()).filter(is_same);
            same.next().filter(|_| same.next().is_none())
        })
    }

    /// The passages that a place touches, among all passages.
    pub fn passages_at(&self, place: &Place) -> Range<usize> {
        let Some(t) = self.with_id(&place.transcript) else { return 0..0 };
        let passages = &self.transcripts[t].passages;
        let first = passages.partition_point(|passage| passage.span.end <= place.span.start);
        let last = passages.partition_point(|passage| passage.span.start < place.span.end);
        let offset = self.offsets[t] as usize;
        offset + first..offset + last.max(first)
    }

    /// The cases that speak at places, as [`sittings_at`](Self::sittings_at) tells.
    ///
    /// # Errors
    /// As there.
    pub fn cases_at<'a>(
        &self,
        places: impl Iterator<Item = &'a Place>,
    ) -> Result<BTreeSet<usize>, CorpusError> {
        Ok(cases_in(&self.sittings_at(places)?))
    }

    /// Who speaks at places, by the turns that these touch: every count of people who were
    /// coded.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn sittings_at<'a>(
        &self,
        places: impl Iterator<Item = &'a Place>,
    ) -> Result<Sittings, CorpusError> {
        let mut sittings = Sittings::new();
        for place in places {
            let Some(t) = self.with_id(&place.transcript) else { continue };
            let text = self.text(t)?;
            // Turns are in order: nothing is looked for in all of a long transcript.
            let first = text.turns.partition_point(|turn| turn.span.end <= place.span.start);
            let touched = text.turns[first..].iter();
            let touched = touched.take_while(|turn| turn.span.start < place.span.end);
            let of_speaker = &self.cases.of_speaker[t];
            let cases = touched.filter_map(|turn| of_speaker[usize::from(turn.speaker)]);
            sittings.extend(cases.map(|case| (t, case)));
        }
        Ok(sittings)
    }

    /// How many of these quotations, at their places, and how many people in them are
    /// on each side that people put quotations on; also by group.
    ///
    /// # Errors
    /// As [`sittings_at`](Self::sittings_at).
    pub fn stances(
        &self,
        quotations: &[(&Quotation, &Place)],
        groups: &BTreeMap<&str, Sittings>,
    ) -> Result<Vec<StanceAnswer>, CorpusError> {
        let mut stances = Vec::new();
        for stance in Stance::ALL {
            let on = quotations.iter().filter(|(known, _)| known.stance == Some(stance));
            let n_quotations = on.clone().count();
            if n_quotations == 0 {
                continue;
            }
            let who = self.sittings_at(on.map(|(_, place)| *place))?;
            let count = |(name, members): (&&str, &Sittings)| GroupCount {
                name: (*name).to_owned(),
                n_cases: cases_in(members.intersection(&who)).len(),
                of_cases: cases_in(members).len(),
            };
            let groups = groups.iter().map(count).collect();
            stances.push(StanceAnswer {
                stance,
                n_quotations,
                n_cases: cases_in(&who).len(),
                groups,
            });
        }
        Ok(stances)
    }
}
