//! Finds the quotes of a report again in the transcripts.
//!
//! The bytes of a report, exported or edited by hand, and the transcripts come
//! in; a [`VerifyAnswer`] goes out: for each quote whether it is verbatim,
//! shortened with marks, altered, or unknown, where it stands, and whether what
//! the report says beside it fits.
//!
//! A quote is what stands between quotation marks and has four words or more, a
//! block quote, or a cell of a column named `quote`. White space, the shape of
//! quotation marks and dashes, the case of its first letter, and punctuation at
//! its ends are no part of it. `[…]`, `(…)`, `…`, and words in square brackets
//! that no transcript has are marks of what was left out or put in.

mod claims;
mod markdown;
mod parts;
mod quotes;
mod reading;
mod search;
mod words;

use std::collections::BTreeSet;
use std::ops::Range;

use rayon::prelude::*;

use crate::answers::{Provenance, Verdict, VerifiedQuote, VerifyAnswer};
use crate::base::Span;
use crate::transcripts::Transcript;
use claims::{Claim, Names, Problem, Standing};
use quotes::{ReportQuote, quotes_of};
use search::{FoundAt, find_exact, find_nearest};
use words::{Corpus, fold_marks, fold_word};

pub use quotes::{Paragraph, ParagraphKind};
pub use reading::{ReportError, paragraphs};

/// A transcript in which quotes are sought.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// The transcript's id.
    pub id: &'a str,
    /// The checksum of its plain text.
    pub checksum: String,
    /// Its text and turns.
    pub transcript: &'a Transcript,
    /// Who each of its speakers is.
    pub speakers: Vec<Who>,
    /// Whether it is a copy that is left out of the study: a report may cite its lines, and it
    /// is no place more. Copies stand behind the others.
    pub is_copy: bool,
}

/// Who a speaker is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The case; `None` for interviewers and others.
    pub case: Option<String>,
    /// The case's group in this transcript.
    pub group: Option<String>,
    /// `interviewer`, `participant` or `other`.
    pub role: &'static str,
}

/// Compares the quotes of a report with the transcripts.
///
/// The answer does not depend on the number of threads.
pub fn verify(name: &str, paragraphs: &[Paragraph], sources: &[Source<'_>]) -> VerifyAnswer {
    let corpus = Corpus::new(sources);
    let names = Names::new(sources);
    let is_verbatim = |text: &str| find_exact(&corpus, text).is_some();
    let quotes: Vec<Vec<ReportQuote>> = (0..paragraphs.len())
        .into_par_iter()
        .map(|at| quotes_of(paragraphs, at, &is_verbatim))
        .collect();
    let quotes: Vec<ReportQuote> = quotes.into_iter().flatten().collect();
    let verified: Vec<VerifiedQuote> = quotes
        .par_iter()
        .enumerate()
        .map(|(at, quote)| VerifiedQuote { number: at + 1, ..compare(&corpus, &names, quote) })
        .collect();
    let count = |verdict: Verdict| verified.iter().filter(|quote| quote.verdict == verdict).count();
    VerifyAnswer {
        report: name.to_owned(),
        n_exact: count(Verdict::Exact),
        n_shortened: count(Verdict::Shortened),
        n_altered: count(Verdict::Altered),
        n_unknown: count(Verdict::Unknown),
        n_misplaced: verified
            .iter()
            .filter(|quote| quote.verdict < Verdict::Altered && !quote.problems.is_empty())
            .count(),
        quotes: verified,
    }
}

fn compare(corpus: &Corpus<'_>, names: &Names, quote: &ReportQuote) -> VerifiedQuote {
    let claim = names.read(&quote.beside, quote.label.as_deref());
    let mut verified = VerifiedQuote {
        number: 0,
        place: quote.place.clone(),
        text: quote.text.clone(),
        beside: quote.beside.clone(),
        verdict: Verdict::Unknown,
        at: None,
        n_more: 0,
        differences: Vec::new(),
        problems: Vec::new(),
    };
    if let Some((places, is_marked)) = find_exact(corpus, &quote.text) {
        // The same may be said in several places; the one that the report means counts.
        let is_cited = |place: &&FoundAt| {
            let source = &corpus.sources[place.source];
            !source.is_copy || claim.cites(place.source, &source.checksum)
        };
        let best = places
            .iter()
            .filter(is_cited)
            .map(|place| {
                let (standing, at, mixed) = stand(corpus, place);
                let problems = claim.problems(&standing, corpus.sources);
                (problems, at, mixed)
            })
            .min_by_key(|(problems, _, mixed)| problems.len() + usize::from(mixed.is_some()));
        if let Some((problems, at, mixed)) = best {
            verified.verdict = if is_marked { Verdict::Shortened } else { Verdict::Exact };
            verified.at = Some(at);
            let own = places.iter().filter(|place| !corpus.sources[place.source].is_copy);
            verified.n_more = own.count().saturating_sub(1);
            verified.problems = said(problems.into_iter().chain(mixed));
            return verified;
        }
    }
    // Who marks words may begin or end within one; then only a proof tells that it stands so.
    if let Some(place) = stands_as_proved(corpus, &claim, &quote.text) {
        let (standing, at, mixed) = stand(corpus, &place);
        let problems = claim.problems(&standing, corpus.sources).into_iter();
        let problems = problems.filter(|problem| !matches!(problem, Problem::OtherProof(_)));
        verified.verdict = Verdict::Exact;
        verified.at = Some(at);
        verified.problems = said(problems.chain(mixed));
        return verified;
    }
    if let Some(nearest) = find_nearest(corpus, &quote.text, proved(corpus, &claim)) {
        let (standing, at, _) = stand(corpus, &nearest.place);
        verified.verdict = Verdict::Altered;
        verified.at = Some(at);
        let mut problems = claim.problems(&standing, corpus.sources);
        // Words that were put in or dropped move the ends; they are shown as such.
        problems.retain(|problem| !matches!(problem, Problem::OtherProof(_)));
        if nearest.differences.is_empty() {
            problems.push(Problem::OtherOrder);
        }
        verified.differences = nearest.differences;
        verified.problems = said(problems);
        return verified;
    }
    verified.problems = said(claim.nobodies());
    verified
}

/// Problems as people read them.
fn said(problems: impl IntoIterator<Item = Problem>) -> Vec<String> {
    problems.into_iter().map(|problem| problem.to_string()).collect()
}

/// The transcript that a proof names, if it is as it was, and the bytes of it.
fn proved_bytes(corpus: &Corpus<'_>, claim: &Claim) -> Option<(usize, Range<usize>)> {
    let (checksum, [start, end]) = claim.proof.as_ref()?;
    let source = corpus.sources.iter().position(|s| s.checksum.starts_with(checksum.as_str()))?;
    let text = &corpus.sources[source].transcript.text;
    let byte = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    Some((source, byte(*start)..byte(*end)))
}

/// The place that a proof names, if the quote stands there letter by letter, where it may
/// begin or end within a word.
fn stands_as_proved(corpus: &Corpus<'_>, claim: &Claim, quote: &str) -> Option<FoundAt> {
    let (source, bytes) = proved_bytes(corpus, claim)?;
    let text = corpus.sources[source].transcript.text.get(bytes.clone())?;
    let folded = |text: &str| -> Vec<String> {
        text.split_whitespace().map(|word| fold_marks(&fold_word(word))).collect()
    };
    if folded(text).is_empty() || folded(text) != folded(quote) {
        return None;
    }
    let words = &corpus.words[corpus.starts[source]..corpus.starts[source + 1]];
    let first = words.partition_point(|word| word.end as usize <= bytes.start);
    let last = words.partition_point(|word| (word.start as usize) < bytes.end);
    let parts = vec![[corpus.starts[source] + first, corpus.starts[source] + last]];
    (first < last).then_some(FoundAt { source, parts })
}

/// The words that a proof names, if its transcript is as it was.
fn proved(corpus: &Corpus<'_>, claim: &Claim) -> Option<[usize; 2]> {
    let (source, Range { start, end }) = proved_bytes(corpus, claim)?;
    let words = &corpus.words[corpus.starts[source]..corpus.starts[source + 1]];
    let first = words.partition_point(|word| (word.start as usize) < start);
    let last = words.partition_point(|word| (word.start as usize) < end);
    (first < last).then(|| [corpus.starts[source] + first, corpus.starts[source] + last])
}

/// Who says the words at a place and where; a problem if several people do.
fn stand(corpus: &Corpus<'_>, place: &FoundAt) -> (Standing, Provenance, Option<Problem>) {
    let source = &corpus.sources[place.source];
    let transcript = source.transcript;
    let turns: BTreeSet<u32> = place
        .parts
        .iter()
        .flat_map(|&[first, end]| &corpus.words[first..end])
        .map(|word| word.turn)
        .collect();
    let speakers: BTreeSet<u16> =
        turns.iter().map(|&turn| transcript.turns[turn as usize].speaker).collect();
    let first = place.parts.iter().map(|part| part[0]).min().unwrap_or_default();
    let last = place.parts.iter().map(|part| part[1]).max().unwrap_or_default() - 1;
    let span = Span { start: corpus.words[first].start, end: corpus.words[last].end };
    let lines = transcript.lines.lines_of(span);
    let first_turn = corpus.words[first].turn as usize;
    let last_turn = corpus.words[last].turn as usize;
    let time = transcript.time_of(first_turn..last_turn + 1, span);
    let of_turn = transcript.turns[first_turn].span;
    let turn_time = transcript.time_of(first_turn..first_turn + 1, of_turn);
    let who = |speaker: u16| &source.speakers[usize::from(speaker)];
    let cases: BTreeSet<String> = speakers.iter().filter_map(|&s| who(s).case.clone()).collect();
    let groups: BTreeSet<String> = speakers.iter().filter_map(|&s| who(s).group.clone()).collect();
    let main = transcript.turns[first_turn].speaker;
    let chars = |byte: u32| transcript.text[..byte as usize].chars().count();
    let start_chars = chars(span.start);
    let seconds = time.map(|time| {
        let start = turn_time.map_or(time.start_ms, |turn| turn.start_ms.min(time.start_ms));
        let end = time.end_ms.unwrap_or(time.start_ms).max(time.start_ms);
        [start / 1000, end.div_ceil(1000)]
    });
    let standing = Standing {
        source: place.source,
        cases,
        groups,
        lines: [lines.first, lines.last],
        seconds,
        chars: [start_chars, start_chars + span.of(&transcript.text).chars().count()],
    };
    let at = Provenance {
        transcript: source.id.to_owned(),
        case: who(main).case.clone(),
        group: who(main).group.clone(),
        speaker: transcript.speakers[usize::from(main)].label.clone(),
        role: who(main).role,
        lines: [lines.first, lines.last],
        start_ms: time.map(|time| time.start_ms),
        is_one_of_several: false,
    };
    let label = |&speaker: &u16| {
        let label = &transcript.speakers[usize::from(speaker)].label;
        who(speaker).case.as_ref().unwrap_or(label).clone()
    };
    let mixed = (speakers.len() > 1).then(|| Problem::Mixed(speakers.iter().map(label).collect()));
    (standing, at, mixed)
}

#[cfg(test)]
mod tests;
