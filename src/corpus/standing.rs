//! Where quotations are in transcripts that may have changed since.
//!
//! Quotations come in; where each is now goes out, or why that is not certain. Only
//! texts that have changed are read.

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
        let known = self.with_id(&place.transcript);
        if known.is_some_and(|t| self.transcripts[t].checksum == place.checksum) {
            return Ok(Standing::Here);
        }
        // The file may only have another name, and another file its old one: the
        // same words in that file are somebody else's.
        let is_same = |known: &&crate::ingest::Known| known.checksum == place.checksum;
        let same: Vec<&str> =
            self.transcripts.iter().filter(is_same).map(|known| known.id.as_str()).collect();
        match same[..] {
            [] => {}
            [id] => {
                let transcript = id.to_owned();
                return Ok(Standing::Moved(Place { transcript, ..place.clone() }));
            }
            ref several => {
                return Ok(Standing::Stale(format!(
                    "its transcript has another name now, and is there {} times: `{}`",
                    several.len(),
                    several.join("`, `")
                )));
            }
        }
        let Some(t) = known else {
            return Ok(Standing::Stale("the transcript no longer exists".to_owned()));
        };
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
            let touched = text.turns.iter().filter(|turn| {
                turn.span.start < place.span.end && place.span.start < turn.span.end
            });
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
