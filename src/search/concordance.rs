//! Every match of a query in its context, and how often who says it.

use std::collections::BTreeMap;

use super::SearchError;
use super::fields::Fields;
use super::finder::{Finder, Text};
use super::matches::Match;
use crate::answers::{Concordance, ConcordanceLine, Frequency};
use crate::corpus::Corpus;
use crate::transcripts::cases::{Sittings, cases_in};

/// In which order matches are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConcordanceOrder {
    /// As they stand in the transcripts.
    #[default]
    Place,
    /// By the words before, nearest first.
    Left,
    /// By the words after.
    Right,
}

/// The most bytes of context on either side of a match.
const CONTEXT_BYTES: usize = 400;

impl Finder<'_> {
    /// Lists every match of a query, bare words in all their forms. `limit` is
    /// the most lines; 0 for all. The totals count all matches.
    ///
    /// # Errors
    /// As [`Finder::ranked`].
    pub fn concordance(
        &self,
        query: &str,
        transcript: Option<usize>,
        order: ConcordanceOrder,
        limit: usize,
    ) -> Result<Concordance, SearchError> {
        let prepared = self.prepare(query, transcript)?;
        let fields = Fields { finder: self, query };
        let field_set = |test: &_| fields.passages(test);
        let mut evaluator = prepared.evaluator(&field_set);
        let mut found = evaluator.find(&prepared.query)?;
        prepared.keep_within(&mut found);
        let mut answer = frequencies(self.corpus, &found.matches);
        answer.totals = self.totals(&found);
        answer.nowhere = evaluator.take_empty();
        let all = found.matches.len();
        let n_shown = if limit == 0 { all } else { limit.min(all) };
        // Only an order by context needs the text of every match.
        let n_read = if order == ConcordanceOrder::Place { n_shown } else { all };
        for found in &found.matches[..n_read] {
            answer.lines.extend(line(self.corpus, found)?);
        }
        let key = |text: &str| text.to_lowercase();
        match order {
            ConcordanceOrder::Place => {}
            ConcordanceOrder::Right => {
                answer.lines.sort_by_cached_key(|line| words(&key(&line.right)));
            }
            ConcordanceOrder::Left => answer.lines.sort_by_cached_key(|line| {
                let mut words = words(&key(&line.left));
                words.reverse();
                words
            }),
        }
        answer.lines.truncate(n_shown);
        Ok(answer)
    }
}

/// A match between the words before and after it.
fn line(corpus: &Corpus, found: &Match) -> Result<Option<ConcordanceLine>, SearchError> {
    let (t, place) = corpus.place_of(found.passage as usize);
    let text = Text::of(corpus, t)?;
    let transcript = &text.transcript;
    let Some(span) = text.span_of(place, (found.first, found.last)) else { return Ok(None) };
    let turn = transcript.turns.partition_point(|turn| turn.span.end <= span.start);
    let Some(of_turn) = transcript.turns.get(turn) else { return Ok(None) };
    let lines = transcript.lines.lines_of(span);
    let time = transcript.time_of(turn..turn + 1, span);
    let left = &transcript.text[of_turn.span.start as usize..span.start as usize];
    let right = &transcript.text[span.end as usize..of_turn.span.end.max(span.end) as usize];
    let from = left.ceil_char_boundary(left.len().saturating_sub(CONTEXT_BYTES));
    let to = right.floor_char_boundary(CONTEXT_BYTES.min(right.len()));
    // Half a word would be half a name, which no pseudonym hides.
    let is_blank = |c: char| c.is_whitespace();
    let from =
        if from == 0 { 0 } else { left[from..].find(is_blank).map_or(left.len(), |at| from + at) };
    let to = if to == right.len() { to } else { right[..to].rfind(is_blank).unwrap_or(0) };
    Ok(Some(ConcordanceLine {
        at: corpus.provenance(t, of_turn.speaker, lines, time),
        left: left[from..].to_owned(),
        matched: span.of(&transcript.text).to_owned(),
        right: right[..to].to_owned(),
        span,
        codes: Vec::new(),
    }))
}

/// How often each case and each group says it.
fn frequencies(corpus: &Corpus, matches: &[Match]) -> Concordance {
    let mut of_case = vec![0; corpus.cases.cases.len()];
    let mut of_sitting: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut n_of_others = 0;
    for found in matches {
        let (t, place) = corpus.place_of(found.passage as usize);
        let speaker = corpus.transcripts[t].passages[place].speaker;
        match corpus.cases.of_speaker[t][usize::from(speaker)] {
            Some(case) => {
                of_case[case] += 1;
                *of_sitting.entry((t, usize::from(speaker))).or_default() += 1;
            }
            None => n_of_others += 1,
        }
    }
    let nothing = |name: &str| Frequency {
        name: name.to_owned(),
        n_matches: 0,
        n_cases: 0,
        of_cases: 0,
        n_words: 0,
    };
    let mut n_words = vec![0; corpus.cases.cases.len()];
    let mut groups: BTreeMap<&str, (Frequency, Sittings)> = BTreeMap::new();
    for (t, (transcript, cases)) in
        corpus.transcripts.iter().zip(&corpus.cases.of_speaker).enumerate()
    {
        for (s, (speaker, case)) in transcript.speakers.iter().zip(cases).enumerate() {
            let Some(case) = *case else { continue };
            n_words[case] += speaker.n_words as usize;
            let Some(group) = corpus.cases.group(t, s) else { continue };
            let (sum, saying) =
                groups.entry(group).or_insert_with(|| (nothing(group), Sittings::new()));
            sum.n_words += speaker.n_words as usize;
            if let Some(n) = of_sitting.get(&(t, s)) {
                sum.n_matches += n;
                saying.insert((t, case));
            }
        }
    }
    let members = corpus.cases.by(|t, s| corpus.cases.group(t, s));
    let by_group = groups.into_iter().map(|(group, (sum, saying))| Frequency {
        n_cases: cases_in(&saying).len(),
        of_cases: cases_in(&members[group]).len(),
        ..sum
    });
    let cases = corpus.cases.cases.iter().zip(of_case.iter().zip(&n_words));
    let by_case = cases.map(|(case, (&n_matches, &n_words))| Frequency {
        n_matches,
        n_cases: usize::from(n_matches > 0),
        of_cases: 1,
        n_words,
        ..nothing(&case.id)
    });
    Concordance {
        by_group: by_group.collect(),
        by_case: by_case.collect(),
        n_of_others,
        ..Concordance::default()
    }
}

/// The words of a context, for sorting.
fn words(text: &str) -> Vec<String> {
    let is_letter = |c: char| c.is_alphanumeric();
    text.split(|c: char| !is_letter(c) && c != '\'' && c != '’')
        .filter(|word| word.contains(is_letter))
        .map(str::to_owned)
        .collect()
}
