//! Quotations that come in find their places in the transcripts that are here.
//!
//! Those of a text that is the same stay where they are; all others are found again
//! by their words, or by their lines. What has no place, or more than one, is told.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::matching::{Index, Match};
use super::words::{SHOWN, shortened};
use super::{Bundle, CodedLines, Counts, Received, Words, tables};
use crate::base::{Diagnose as _, Diagnostic, Span};
use crate::codebook::standing::talk_in;
use crate::codebook::{
    Codebook, Coding, PATH_SEPARATOR, Place, Quotation, QuotationId, Stance, checksum_of,
};
use crate::corpus::{Corpus, CorpusError};
use crate::files;
use crate::transcripts::Transcript;

/// A quotation that comes in, at its place in the study.
pub struct PlacedQuotation {
    /// Its number in the file; `None` for a quote that came without its text.
    pub id: Option<QuotationId>,
    /// Where it stands here.
    pub place: Place,
    /// Its words, as they stand here.
    pub text: String,
    /// The codes by their numbers in the file.
    pub codings: Vec<Coding>,
    /// The side that a person put it on.
    pub stance: Option<Stance>,
    /// Who made it.
    pub coder: String,
}

/// All quotations that come in and have a place.
#[derive(Default)]
pub struct Incoming {
    /// The quotations.
    pub quotations: Vec<PlacedQuotation>,
    /// How many of them were found again by their words.
    pub n_found_again: usize,
    /// What has no place, and why.
    pub warnings: Vec<Diagnostic>,
}

/// The study that rows of codings are about.
pub struct Here<'a> {
    /// Its transcripts.
    pub corpus: &'a Corpus,
    /// Its codes.
    pub codebook: &'a Codebook,
    /// The transcript that a name means, or what is wrong with the name.
    pub named: &'a dyn Fn(&str) -> Result<usize, Diagnostic>,
}

impl Incoming {
    /// Places quotations that came with their texts.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn place_quotations(
        &mut self,
        corpus: &Corpus,
        bundle: &Bundle,
        places: &BTreeMap<String, Match>,
    ) -> Result<(), CorpusError> {
        let mut by_source: BTreeMap<&str, Vec<&Quotation>> = BTreeMap::new();
        for quotation in bundle.codebook.quotations.values() {
            by_source.entry(&quotation.place.transcript).or_default().push(quotation);
        }
        for (source, quotations) in by_source {
            let Some(found) = places.get(source) else {
                for quotation in quotations {
                    self.lose(source, &quotation.text, "its text is not among the transcripts");
                }
                continue;
            };
            let transcript = corpus.text(found.t)?;
            let checksum = checksum_of(&transcript.text);
            // Only a text that differs needs to be searched.
            let words = (!found.is_same).then(|| Words::new(&transcript.text));
            for quotation in quotations {
                let span = match words.as_ref().map(|words| once(words, &quotation.text)) {
                    None => quotation.place.span,
                    Some(Ok(span)) => {
                        self.n_found_again += 1;
                        span
                    }
                    Some(Err(reason)) => {
                        self.lose(source, &quotation.text, reason);
                        continue;
                    }
                };
                self.quotations.push(PlacedQuotation {
                    id: Some(quotation.id),
                    place: Place {
                        transcript: corpus.transcripts[found.t].id.clone(),
                        checksum: checksum.clone(),
                        span,
                    },
                    text: span.of(&transcript.text).to_owned(),
                    codings: quotation.codings.clone(),
                    stance: quotation.stance,
                    coder: quotation.coder.clone(),
                });
            }
        }
        Ok(())
    }

    /// Finds quotes again that came without their texts.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn place_loose(&mut self, corpus: &Corpus, received: &Received) -> Result<(), CorpusError> {
        if received.loose.is_empty() {
            return Ok(());
        }
        let index = Index::new(corpus)?;
        // The text of each transcript with its words and its checksum.
        let mut read: BTreeMap<usize, (Arc<Transcript>, Words, String)> = BTreeMap::new();
        // What two people coded stands there once.
        let mut places: BTreeSet<(usize, Span)> = BTreeSet::new();
        for quote in &received.loose {
            let named = index
                .named(&quote.source)
                .or_else(|| index.named(files::find::id_of(&quote.source)));
            let within: Vec<usize> =
                named.map_or_else(|| (0..corpus.transcripts.len()).collect(), |t| vec![t]);
            let mut found: Vec<(usize, Span)> = Vec::new();
            for t in within {
                let (_, words, _) = match read.entry(t) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(place) => {
                        let transcript = corpus.text(t)?;
                        let words = Words::new(&transcript.text);
                        let checksum = checksum_of(&transcript.text);
                        place.insert((transcript, words, checksum))
                    }
                };
                found.extend(words.find(&quote.words, 2).into_iter().map(|span| (t, span)));
            }
            let name = if quote.source.is_empty() { "quotes" } else { &quote.source };
            let (t, span) = match found[..] {
                [one] => one,
                [] => {
                    self.lose(name, &quote.words, "its words were not found");
                    continue;
                }
                [_, _, ..] => {
                    self.lose(name, &quote.words, "its words are in several places");
                    continue;
                }
            };
            self.n_found_again += usize::from(places.insert((t, span)));
            let codebook = &received.bundle.codebook;
            let code = |path: &Vec<String>| {
                let code = codebook.code_named(&path.join(PATH_SEPARATOR)).ok()?;
                Some(Coding::by_hand(code.id, &quote.coder))
            };
            let (transcript, _, checksum) = &read[&t];
            self.quotations.push(PlacedQuotation {
                id: None,
                place: Place {
                    transcript: corpus.transcripts[t].id.clone(),
                    checksum: checksum.clone(),
                    span,
                },
                text: span.of(&transcript.text).to_owned(),
                codings: quote.codes.iter().filter_map(code).collect(),
                stance: None,
                coder: quote.coder.clone(),
            });
        }
        Ok(())
    }

    /// Places lines that were coded, and says how much that is. Their codes join
    /// those that came in; a row that has no place is told with its line. A row that
    /// does not say who coded was coded by whom the `file` is named after.
    pub fn place_coded(&mut self, here: &Here<'_>, received: &mut Received, file: &str) -> Counts {
        let mut by_place: BTreeMap<(Place, String), usize> = BTreeMap::new();
        let mut placed = Counts::default();
        for row in received.coded.iter().filter(|row| !row.code.is_empty()) {
            let codebook = &mut received.bundle.codebook;
            let coded = coded_at(here, row).and_then(|coded| {
                let code = tables::put(codebook, &coded.path).map_err(|it| it.diagnostic())?;
                Ok((code, coded))
            });
            let (code, Coded { place, text, .. }) = match coded {
                Ok(found) => found,
                Err(problem) => {
                    self.warnings.push(problem.on_line(row.line));
                    continue;
                }
            };
            placed.codings += 1;
            let coder = if row.coder.is_empty() { file } else { &row.coder }.to_owned();
            let coding = Coding::by_hand(code, &coder);
            let next = self.quotations.len();
            let at = *by_place.entry((place.clone(), coder.clone())).or_insert(next);
            if let Some(known) = self.quotations.get_mut(at) {
                known.codings.push(coding);
                continue;
            }
            let codings = vec![coding];
            let stance = None;
            self.quotations.push(PlacedQuotation { id: None, place, text, codings, stance, coder });
        }
        let places: BTreeSet<&Place> = by_place.keys().map(|(place, _)| place).collect();
        placed.quotations = places.len();
        placed
    }

    fn lose(&mut self, source: &str, words: &str, reason: &str) {
        let problem = format!("quotation “{}” is not imported: {reason}", shortened(words, SHOWN));
        self.warnings.push(Diagnostic::new(problem).in_file(source, None));
    }
}

/// A row of a table of codings, at its place in the study.
struct Coded {
    /// The names of its code, from the root.
    path: Vec<String>,
    place: Place,
    /// The talk in its lines.
    text: String,
}

/// What a row of a table of codings says of the corpus, or what is wrong with the row.
fn coded_at(here: &Here<'_>, row: &CodedLines) -> Result<Coded, Diagnostic> {
    let t = (here.named)(&row.transcript)?;
    let path = row.path(here.codebook).map_err(|error| error.diagnostic())?;
    let lines = row.lines()?;
    let gone = |error: CorpusError| error.diagnostic();
    let transcript = here.corpus.text(t).map_err(gone)?;
    let lines = here.corpus.lines_span(t, lines).map_err(gone)?;
    let span = talk_in(&transcript, lines).ok_or_else(|| {
        Diagnostic::new(format!("nobody speaks in these lines of `{}`", row.transcript))
    })?;
    let place = Place {
        transcript: here.corpus.transcripts[t].id.clone(),
        checksum: checksum_of(&transcript.text),
        span,
    };
    Ok(Coded { path, place, text: span.of(&transcript.text).to_owned() })
}

/// The only place where words stand.
fn once(words: &Words, wanted: &str) -> Result<Span, &'static str> {
    match words.find(wanted, 2)[..] {
        [span] => Ok(span),
        [] => Err("the transcript with this name is different, and does not contain its words"),
        _ => {
            Err("the transcript with this name is different, and contains its words more than once")
        }
    }
}
