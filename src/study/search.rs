//! Quotes of a study: where is this said, and what is said about this?

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::ops::Range;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::fields::Fields;
use super::snapshot::Searching;
use super::themes::LastThemes;
use super::{Snapshot, StudyError};
use crate::answers::Unshown;
use crate::answers::{ContextAnswer, Hit, SearchAnswer, Totals, round};
use crate::base::Span;
use crate::corpus::{in_characters, not_own};
use crate::ingest::Known;
use crate::passages::sentences::sentences;
use crate::search::boilerplate::is_boilerplate;
use crate::search::evaluate::{Evaluator, FieldSet, Found, Sought};
use crate::search::matches::{Match, any_of, in_passages, outermost};
use crate::search::naming::{Named, Names, name_words, smoothed};
use crate::search::parse::parse;
use crate::search::query::Query;
use crate::search::rank::{PassageLengths, RankParams, RankScope, RankedTerm, rank};
use crate::terms::{Analysis, TokenKind, fold};
use crate::transcripts::{Speaker, Transcript, Turn};

/// How a query is answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchParams {
    /// The transcript to look in, if not all.
    pub transcript: Option<usize>,
    /// The most hits; 0 for all.
    pub limit: usize,
    /// Turns to show before and after each hit.
    pub n_context: usize,
}

/// Weight of the words that any question about talk may hold.
const BOILERPLATE_WEIGHT: f64 = 0.15;
/// Weight of a speaker's name.
const NAME_WEIGHT: f64 = 0.2;
/// What the passages gain, at most, of a speaker whom a question names.
const SPEAKER_GAIN: f64 = 2.0;
/// What the passages of interviewers are worth: people look for what is answered.
pub(super) const INTERVIEWER_GAIN: f64 = 0.6;
/// A sentence is no longer than this where a match runs on into it, in words.
const MAX_SENTENCE_WORDS: usize = 120;

/// What is marked in a hit.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Stems, without accents, of words that are sought in any form.
    pub(super) stems: BTreeSet<String>,
    /// Places that match, in order.
    pub(super) matches: Vec<Match>,
}

/// Texts that answers are cut from, each read once, and what is known of them.
pub(super) struct Texts {
    known: BTreeMap<usize, Text>,
    themes: Option<LastThemes>,
}

pub(super) struct Text {
    pub(super) transcript: Arc<Transcript>,
    pub(super) analysis: Arc<Analysis>,
}

impl Texts {
    pub(super) fn new(study: &Snapshot) -> Self {
        Self { known: BTreeMap::new(), themes: study.last_themes() }
    }

    fn themes_of(&self, passage: usize) -> Vec<usize> {
        let themes = self.themes.as_ref().map_or(&[][..], |last| &last.themes_of[passage]);
        themes.iter().map(|&id| id as usize).collect()
    }

    pub(super) fn of(&mut self, study: &Snapshot, t: usize) -> Result<&Text, StudyError> {
        Ok(match self.known.entry(t) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(Text {
                transcript: study.corpus.text(t)?,
                analysis: study.corpus.words(t)?,
            }),
        })
    }
}

impl Text {
    /// The bytes of a run of words, from a passage on.
    pub(super) fn span_of(&self, place: usize, (first, last): (u32, u32)) -> Option<Span> {
        let tokens = || self.analysis.passages[place..].iter().flatten();
        let start = tokens().find(|token| token.position == first)?.span.start;
        let end = tokens().find(|token| token.position == last)?.span.end;
        Some(Span { start, end })
    }
}

/// A query over one study, ready to be evaluated.
pub(super) struct Prepared<'q> {
    text: &'q str,
    pub(super) query: Query,
    pub(super) searching: &'q Searching,
    within: Range<usize>,
    /// Whether a pseudonym in it stands for several names.
    is_widened: bool,
}

impl<'q> Prepared<'q> {
    /// Words are stemmed as each language spoken in the study would stem them.
    pub(super) fn evaluator(&self, field_set: &'q FieldSet<'q>) -> Evaluator<'q> {
        let Searching { index, analyzers, transcript_of, .. } = self.searching;
        Evaluator::new(index, analyzers, transcript_of, field_set)
    }
}

impl Snapshot {
    pub(super) fn prepare<'q>(
        &'q self,
        query: &'q str,
        transcript: Option<usize>,
    ) -> Result<Prepared<'q>, StudyError> {
        let within = transcript.map_or(0..self.corpus.transcripts.len(), |t| t..t + 1);
        let parsed = parse(query, &self.attribute_names()).map_err(StudyError::Query)?;
        let widened = self.with_names(parsed.clone(), query);
        Ok(Prepared {
            text: query,
            is_widened: widened != parsed,
            query: widened,
            searching: self.searching()?,
            within,
        })
    }

    /// Finds passages, best first; see [`query`](crate::search::query) for what
    /// a query may hold.
    ///
    /// # Errors
    /// [`StudyError::Query`] for a query that cannot be read or that names
    /// what the study does not have; others if the index is gone.
    pub fn search(
        &self,
        query: &str,
        params: &SearchParams,
    ) -> Result<Unshown<SearchAnswer>, StudyError> {
        let ranked = self.derived.times.run("rank", || self.ranked(query, params));
        let answer = ranked.and_then(|ranked| {
            let hits = self.derived.times.run("quotes", || {
                self.hits(&mut Texts::new(self), &ranked.passages, &ranked.marks, params.n_context)
            })?;
            Ok(SearchAnswer {
                hits,
                totals: ranked.totals,
                nowhere: ranked.nowhere,
                is_empty: ranked.is_empty,
            })
        });
        Ok(Unshown::new(answer?))
    }

    /// The places of passages among all passages, best first, with their
    /// scores: what [`search`](Self::search) makes its answer of.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn rank_passages(
        &self,
        query: &str,
        params: &SearchParams,
    ) -> Result<Vec<(usize, f64)>, StudyError> {
        Ok(self.ranked(query, params)?.passages)
    }

    fn ranked(&self, query: &str, params: &SearchParams) -> Result<Ranked, StudyError> {
        let prepared = &self.prepare(query, params.transcript)?;
        let fields = Fields { study: self, index: &prepared.searching.index, query: prepared.text };
        let field_set = |test: &_| fields.passages(test);
        let mut evaluator = prepared.evaluator(&field_set);
        if let Some((sought, filters)) = prepared.query.ranked() {
            let mut lists = Vec::new();
            for part in sought {
                if let Query::Word(words) = part {
                    evaluator.note_word(words)?;
                } else {
                    lists.push(evaluator.find(part)?.matches);
                }
            }
            let sought = evaluator.take_sought();
            let stems = sought.iter().flat_map(|sought| sought.stems.iter().cloned()).collect();
            let mut nowhere = evaluator.take_empty();
            let mut allowed: Option<FixedBitSet> = None;
            for filter in filters {
                let passages = evaluator.find(filter)?.passages;
                match &mut allowed {
                    None => allowed = Some(passages),
                    Some(allowed) => allowed.intersect_with(&passages),
                }
            }
            nowhere.extend(evaluator.take_empty());
            let named = self.named(prepared);
            let gains = self.gains(prepared, &named);
            let is_empty = sought.is_empty();
            let terms = ranked_terms(sought, &named);
            let passages = rank_in(prepared, &terms, allowed.as_ref(), &gains, params.limit);
            let marks = Marks { stems, matches: any_of(lists) };
            return Ok(Ranked { passages, marks, totals: None, nowhere, is_empty });
        }
        let mut found = evaluator.find(&prepared.query)?;
        keep_within(&mut found, prepared);
        let terms = ranked_terms(evaluator.take_sought(), &Named::default());
        let mut passages =
            rank_in(prepared, &terms, Some(&found.passages), &prepared.searching.gains, 0);
        // What matches by a negation or by fields alone has no score.
        let mut others = found.passages.clone();
        for (passage, _) in &passages {
            others.remove(*passage);
        }
        passages.extend(others.ones().map(|passage| (passage, 0.0)));
        let totals = self.totals(&found);
        if params.limit > 0 {
            passages.truncate(params.limit);
        }
        let nowhere = evaluator.take_empty();
        let marks = Marks { stems: BTreeSet::new(), matches: found.matches };
        Ok(Ranked { passages, marks, totals: Some(totals), nowhere, is_empty: false })
    }

    /// What each passage gains from its speaker, whom the question may name.
    fn gains<'q>(&self, prepared: &Prepared<'q>, named: &Named) -> Cow<'q, [f64]> {
        let by_role = prepared.searching.gains.as_slice();
        if named.shares.is_empty() {
            return Cow::Borrowed(by_role);
        }
        let mut gains = by_role.to_vec();
        for t in prepared.within.clone() {
            let known = &self.corpus.transcripts[t];
            let share = |speaker: &Speaker| named.shares.get(&name_words(&speaker.label)).copied();
            let shares: Vec<f64> =
                known.speakers.iter().map(|speaker| share(speaker).unwrap_or(0.0)).collect();
            if shares.iter().any(|share| *share > 0.0) {
                let own: Vec<f64> =
                    known.passages.iter().map(|p| shares[usize::from(p.speaker)]).collect();
                let of_transcript = &mut gains[prepared.searching.ranges[t].clone()];
                for (gain, share) in of_transcript.iter_mut().zip(smoothed(&own)) {
                    *gain *= 1.0 + SPEAKER_GAIN * share;
                }
            }
        }
        Cow::Owned(gains)
    }

    /// Whom a question names among those who talk where it looks.
    fn named(&self, prepared: &Prepared<'_>) -> Named {
        let labels = |transcripts: &[Known]| {
            Names::new(transcripts.iter().flat_map(|t| t.speakers.iter().map(|s| s.label.as_str())))
        };
        if prepared.within.len() == self.corpus.transcripts.len() {
            let names = self.derived.names.get_or_init(|| labels(&self.corpus.transcripts));
            names.named_in(&self.question_with_names(prepared.text))
        } else {
            labels(&self.corpus.transcripts[prepared.within.clone()])
                .named_in(&self.question_with_names(prepared.text))
        }
    }

    pub(super) fn totals(&self, found: &Found) -> Totals {
        let (mut cases, mut transcripts) = (BTreeSet::new(), BTreeSet::new());
        for passage in found.passages.ones() {
            let (t, place) = self.corpus.place_of(passage);
            let speaker = self.corpus.transcripts[t].passages[place].speaker;
            transcripts.insert(t);
            cases.extend(self.corpus.cases.of_speaker[t][usize::from(speaker)]);
        }
        Totals {
            n_matches: found.matches.len(),
            n_passages: found.passages.count_ones(..),
            n_cases: cases.len(),
            of_cases: self.corpus.cases.cases.len(),
            n_transcripts: transcripts.len(),
        }
    }

    /// Turns ranked passages into answers, with what matches marked.
    pub(super) fn hits(
        &self,
        texts: &mut Texts,
        ranked: &[(usize, f64)],
        marks: &Marks,
        n_context: usize,
    ) -> Result<Vec<Hit>, StudyError> {
        let mut hits = Vec::with_capacity(ranked.len());
        for (rank, &(passage, score)) in ranked.iter().enumerate() {
            let (t, place) = self.corpus.place_of(passage);
            let themes = texts.themes_of(passage);
            let text = texts.of(self, t)?;
            let number = u32::try_from(passage).unwrap_or(u32::MAX);
            let matches = in_passages(&marks.matches, number..number.saturating_add(1));
            let mut marked = sought_words(&text.analysis, place, &marks.stems);
            let runs = matches.iter().flat_map(Match::runs);
            marked.extend(runs.filter_map(|run| text.span_of(place, run)));
            let span = self.hit_span(t, place, text, &marked);
            let mut hit = self.corpus.hit(t, &text.transcript, place, span, themes);
            hit.highlights = in_characters(&text.transcript.text, span, marked);
            hit.others =
                not_own(&text.transcript, &self.corpus.transcripts[t].passages[place], span);
            if n_context > 0 {
                (hit.before, hit.after) = context(&text.transcript, span, n_context);
            }
            hits.push(Hit { rank: rank + 1, score: round(score), ..hit });
        }
        Ok(hits)
    }

    /// The passage, and the sentence of the next one that a match runs on into.
    fn hit_span(&self, t: usize, place: usize, text: &Text, marked: &[Span]) -> Span {
        let passages = &self.corpus.transcripts[t].passages;
        let mut span = passages[place].span;
        let reach = marked.iter().map(|mark| mark.end).max().unwrap_or(0);
        for next in &passages[place + 1..] {
            if reach <= span.end {
                break;
            }
            let words = next.span.of(&text.transcript.text);
            let ends = sentences(words, MAX_SENTENCE_WORDS).into_iter();
            let mut ends = ends.map(|sentence| next.span.start + sentence.end);
            span.end = ends.find(|end| *end >= reach).unwrap_or(next.span.end);
        }
        span
    }
}

/// Takes out what is found outside the transcripts to look in.
pub(super) fn keep_within(found: &mut Found, prepared: &Prepared<'_>) {
    let ranges = &prepared.searching.ranges[prepared.within.clone()];
    let start = ranges.first().map_or(0, |range| range.start);
    let end = ranges.last().map_or(start, |range| range.end);
    found.passages.set_range(..start, false);
    found.passages.set_range(end.., false);
    found.matches.retain(|found| (start..end).contains(&(found.passage as usize)));
    if prepared.is_widened {
        // "Siân" in "Siân Powell" is the same place of the same pseudonym.
        let transcript_of = &prepared.searching.transcript_of;
        found.matches = outermost(std::mem::take(&mut found.matches), transcript_of);
    }
}

fn rank_in(
    prepared: &Prepared<'_>,
    terms: &[RankedTerm],
    allowed: Option<&FixedBitSet>,
    gains: &[f64],
    limit: usize,
) -> Vec<(usize, f64)> {
    let Searching { n_words, ranges, .. } = prepared.searching;
    let lengths = PassageLengths { n_words, transcripts: ranges };
    let within = prepared.within.clone();
    let scope = RankScope { within, allowed, gains: Some(gains), limit };
    rank(terms, lengths, &scope, &RankParams::default())
}

/// What is sought, weighed: words that any question may hold say little, and
/// a speaker's name says who, not what.
fn ranked_terms(sought: Vec<Sought>, named: &Named) -> Vec<RankedTerm> {
    let weight = |words: &[String]| {
        let all = |test: &dyn Fn(&str) -> bool| {
            !words.is_empty() && words.iter().all(|word| test(&word.to_lowercase()))
        };
        if all(&|word| named.words.contains(fold(word).as_ref())) {
            NAME_WEIGHT
        } else if all(&is_boilerplate) {
            BOILERPLATE_WEIGHT
        } else {
            1.0
        }
    };
    sought
        .into_iter()
        .map(|sought| RankedTerm { weight: weight(&sought.words), postings: sought.postings })
        .collect()
}

struct Ranked {
    passages: Vec<(usize, f64)>,
    marks: Marks,
    totals: Option<Totals>,
    nowhere: Vec<String>,
    is_empty: bool,
}

fn is_content(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Content | TokenKind::Number)
}

/// The words of a passage whose stems are sought.
fn sought_words(analysis: &Analysis, place: usize, stems: &BTreeSet<String>) -> Vec<Span> {
    if stems.is_empty() {
        return Vec::new();
    }
    let is_sought = |form: u32| stems.contains(fold(&analysis.stems[form as usize]).as_ref());
    let tokens = analysis.passages[place].iter();
    tokens
        .filter(|token| is_content(token.kind) && is_sought(token.form))
        .map(|token| token.span)
        .collect()
}

/// `n` turns before and after a span, and what it leaves of its own turns.
fn context(
    transcript: &Transcript,
    span: Span,
    n: usize,
) -> (Vec<ContextAnswer>, Vec<ContextAnswer>) {
    let turns = &transcript.turns;
    let first = turns.partition_point(|turn| turn.span.end <= span.start);
    let last = turns.partition_point(|turn| turn.span.start < span.end);
    let answer = |turn: &Turn, part: Span| {
        let text = part.of(&transcript.text);
        let blank = text.len() - text.trim_start().len();
        let part =
            Span::new(part.start as usize + blank, part.start as usize + blank + text.trim().len());
        let lines = transcript.lines.lines_of(part);
        (!text.trim().is_empty()).then(|| ContextAnswer {
            speaker: transcript.speakers[usize::from(turn.speaker)].label.clone(),
            lines: [lines.first, lines.last],
            text: part.of(&transcript.text).to_owned(),
        })
    };
    let whole = |turn: &Turn| answer(turn, turn.span);
    let mut before: Vec<ContextAnswer> =
        turns[first.saturating_sub(n)..first].iter().filter_map(whole).collect();
    if let Some(turn) = turns.get(first).filter(|turn| turn.span.start < span.start) {
        before.extend(answer(turn, Span { start: turn.span.start, end: span.start }));
    }
    let mut after = Vec::new();
    if let Some(turn) = turns[..last].last().filter(|turn| turn.span.end > span.end) {
        after.extend(answer(turn, Span { start: span.end, end: turn.span.end }));
    }
    after.extend(turns[last..(last + n).min(turns.len())].iter().filter_map(whole));
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources;

    #[test]
    fn context_is_whole_turns_and_the_rest_of_the_own_one() {
        let file = "A: One. Two. Three.\nB: Why?\nA: Four.\nB: And?\n";
        let transcript = Transcript::new(sources::read(file.as_bytes(), "P.txt").unwrap());
        let at = file.find("Two.").unwrap();
        let (before, after) = context(&transcript, Span::new(at, at + 4), 1);
        let shown = |turns: &[ContextAnswer]| -> Vec<String> {
            turns.iter().map(|turn| format!("{} {}", turn.speaker, turn.text)).collect()
        };
        assert_eq!(shown(&before), ["A One."]);
        assert_eq!(shown(&after), ["A Three.", "B Why?"]);
    }
}
