//! Quotes of a study: what is said about this, and who says something like it.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::ops::Range;

use ndarray::Array1;

use super::{Study, StudyError};
use crate::base::{Lines, Span};
use crate::report::answers::Hit;
use crate::search::boilerplate::is_boilerplate;
use crate::search::index::WordField;
use crate::search::rank::{PassageLengths, RankParams, RankedTerm, rank};
use crate::terms::{Analyzer, Language, TokenKind, fold};
use crate::transcripts::{Transcript, normal_label};

/// What `similar` looks for.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarParams {
    /// The transcript that the quote is in.
    pub transcript: usize,
    /// The lines of the quote.
    pub lines: Lines,
    /// Whether to look in other transcripts only.
    pub elsewhere: bool,
    /// The most hits; 0 for all.
    pub limit: usize,
}

/// Weight of the words that any question about talk may hold.
const BOILERPLATE_WEIGHT: f64 = 0.15;

impl Study {
    /// Finds the passages that say most about a question, best first.
    /// `transcript` limits the search to one; a limit of 0 gives all.
    ///
    /// # Errors
    /// [`StudyError`] if the index or remembered data are gone.
    pub fn search(
        &mut self,
        question: &str,
        transcript: Option<usize>,
        limit: usize,
    ) -> Result<Vec<Hit>, StudyError> {
        let index = self.index()?;
        let within = transcript.map_or(0..self.transcripts.len(), |t| t..t + 1);
        // A question is stemmed as each language spoken here would stem it.
        let languages: BTreeSet<Language> =
            within.clone().map(|t| self.transcripts[t].language).collect();
        let analyzers: Vec<Analyzer> = languages
            .into_iter()
            .map(|language| Analyzer::new(language, &self.settings.analyzer()))
            .collect();
        let words = question_words(question, &analyzers);
        let mut times = std::mem::take(&mut self.times);
        let ranked = times.run("rank", || -> Result<Vec<(usize, f64)>, StudyError> {
            let mut terms = Vec::new();
            for (stem, weight) in &words {
                terms.push(RankedTerm {
                    postings: index.postings(WordField::Stem, stem, false)?,
                    weight: *weight,
                });
            }
            let n_words: Vec<u32> = self
                .transcripts
                .iter()
                .flat_map(|t| t.passages.iter().map(|p| p.n_words))
                .collect();
            let ranges = self.passage_ranges();
            let lengths = PassageLengths { n_words: &n_words, transcripts: &ranges };
            let named = self.named_speakers(question, &analyzers[0], &within);
            let favoured = |passage: usize| {
                let (t, place) = self.place_of(passage);
                named.contains(&(t, self.transcripts[t].passages[place].speaker))
            };
            Ok(rank(&terms, lengths, &within, &favoured, &RankParams::default()))
        });
        self.times = times;
        let stems: BTreeSet<&str> = words.iter().map(|(stem, _)| stem.as_str()).collect();
        self.hits(&ranked?, limit, &|stem| stems.contains(stem))
    }

    /// The passages of each transcript among all passages.
    fn passage_ranges(&self) -> Vec<Range<usize>> {
        let range = |(transcript, &offset): (&super::Known, &u32)| {
            offset as usize..offset as usize + transcript.passages.len()
        };
        self.transcripts.iter().zip(&self.offsets).map(range).collect()
    }

    /// Speakers whose label the question holds word for word.
    fn named_speakers(
        &self,
        question: &str,
        analyzer: &Analyzer,
        within: &Range<usize>,
    ) -> BTreeSet<(usize, u16)> {
        let words = |text: &str| -> Vec<String> {
            analyzer
                .tokens(text)
                .iter()
                .map(|token| fold(&token.span.of(text).to_lowercase()).into_owned())
                .collect()
        };
        let asked = words(question);
        let mut named = BTreeSet::new();
        for t in within.clone() {
            for (s, speaker) in (0_u16..).zip(&self.transcripts[t].speakers) {
                let label = words(&normal_label(&speaker.label));
                if !label.is_empty() && asked.windows(label.len()).any(|part| part == label) {
                    named.insert((t, s));
                }
            }
        }
        named
    }

    /// Finds the passages that lie nearest to a quote and its context, best first.
    ///
    /// # Errors
    /// [`StudyError`] for lines that do not exist, or if remembered data are gone.
    pub fn similar(&mut self, params: &SimilarParams) -> Result<Vec<Hit>, StudyError> {
        let text = self.read_transcript(params.transcript)?;
        self.lines_span(params.transcript, &text, params.lines)?;
        let points = self.points(None)?;
        let offset = self.offsets[params.transcript] as usize;
        let own = self.transcripts[params.transcript].passages.iter().enumerate();
        let own: Vec<usize> = own
            .filter(|(_, p)| {
                p.lines.first <= params.lines.last && params.lines.first <= p.lines.last
            })
            .map(|(place, _)| offset + place)
            .collect();
        let mut quote = Array1::<f32>::zeros(points.ncols());
        for &passage in &own {
            quote += &points.row(passage);
        }
        let length = quote.dot(&quote).sqrt();
        if length > 0.0 {
            quote /= length;
        }
        let mut ranked: Vec<(usize, f64)> = Vec::new();
        for (t, range) in self.passage_ranges().into_iter().enumerate() {
            for passage in range.filter(|passage| !own.contains(passage)) {
                let speaker = self.passage(passage).speaker;
                let is_evidence = self.case_of(t, speaker).is_some();
                if is_evidence && !(params.elsewhere && t == params.transcript) {
                    ranked.push((passage, f64::from(points.row(passage).dot(&quote))));
                }
            }
        }
        ranked.retain(|(_, score)| *score > 0.0);
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        self.hits(&ranked, params.limit, &|_| false)
    }

    /// Turns ranked passages into answers, with the words of `is_sought` stems marked.
    fn hits(
        &self,
        ranked: &[(usize, f64)],
        limit: usize,
        is_sought: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<Hit>, StudyError> {
        let shown = if limit == 0 { ranked } else { &ranked[..limit.min(ranked.len())] };
        let themes = self.last_themes();
        let mut texts: BTreeMap<usize, (Transcript, Analyzer)> = BTreeMap::new();
        let mut hits = Vec::with_capacity(shown.len());
        for (rank, &(passage, score)) in shown.iter().enumerate() {
            let (t, place) = self.place_of(passage);
            let (transcript, analyzer) = match texts.entry(t) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => entry.insert((self.read_transcript(t)?, self.analyzer(t))),
            };
            let known = &self.transcripts[t].passages[place];
            let in_themes =
                themes.get(passage).copied().flatten().map(|id| id as usize).into_iter().collect();
            let mut hit = self.hit(t, transcript, place, known.span, in_themes);
            let pieces: Vec<Span> = known.pieces(transcript).map(|(_, piece)| piece).collect();
            hit.highlights = highlights(&transcript.text, known.span, &pieces, analyzer, is_sought);
            hits.push(Hit { rank: rank + 1, score: crate::report::answers::round(score), ..hit });
        }
        Ok(hits)
    }
}

/// The stems that a question asks for, each with its weight.
fn question_words(question: &str, analyzers: &[Analyzer]) -> Vec<(String, f64)> {
    let mut words: Vec<(String, f64)> = Vec::new();
    for analyzer in analyzers {
        let tokens = analyzer.tokens(question).into_iter();
        for token in tokens.filter(|t| matches!(t.kind, TokenKind::Content | TokenKind::Number)) {
            let word = token.span.of(question);
            let stem = fold(&analyzer.stem(word)).into_owned();
            let weight =
                if is_boilerplate(&word.to_lowercase()) { BOILERPLATE_WEIGHT } else { 1.0 };
            if words.iter().all(|(known, _)| *known != stem) {
                words.push((stem, weight));
            }
        }
    }
    words
}

/// The words of a passage whose stems are sought, in characters of its text.
fn highlights(
    text: &str,
    span: Span,
    pieces: &[Span],
    analyzer: &Analyzer,
    is_sought: &dyn Fn(&str) -> bool,
) -> Vec<[usize; 2]> {
    let mut found: Vec<[usize; 2]> = Vec::new();
    let chars_before = |byte: u32| text[span.start as usize..byte as usize].chars().count();
    for piece in pieces {
        let words = piece.of(text);
        for token in analyzer.tokens(words) {
            let is_word = matches!(token.kind, TokenKind::Content | TokenKind::Number);
            if is_word && is_sought(&fold(&analyzer.stem(token.span.of(words)))) {
                found.push([
                    chars_before(piece.start + token.span.start),
                    chars_before(piece.start + token.span.end),
                ]);
            }
        }
    }
    found
}
