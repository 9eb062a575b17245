//! What is counted in interviews, in which order, and whether further ones still
//! bring new codes or themes.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::{AttributeError, Group, groups_by};
use super::saturation::{
    SaturationRule, new_themes, random_orders, saturated_after, saturation_runs,
};
use crate::answers::{
    GroupSaturation, InterviewAnswer, RuleAnswer, SaturationAnswer, Spread, round,
};
use crate::base::{Diagnostic, Remedy, Seed, Task, count, natural_order};
use crate::codebook::standing::Standings;
use crate::codebook::{CodeId, Codebook, Quotation};
use crate::corpus::{Corpus, ParticipantPassage};
use crate::transcripts::cases::field_name;

/// Bases and runs that Guest, Namey and Chen (2020) examine.
const BASES: [usize; 3] = [4, 5, 6];
const RUNS: [usize; 2] = [2, 3];
/// Their thresholds.
const THRESHOLDS: [f64; 2] = [0.05, 0.0];
/// Random orders of the interviews.
const N_ORDERS: usize = 1_000;

/// How saturation is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct SaturationParams {
    /// The column of cases.csv that orders the interviews; their files' dates if
    /// `None`.
    pub order: Option<String>,
    /// Interviews of the base.
    pub base: usize,
    /// Interviews of a run.
    pub run: usize,
    /// The attribute by whose values interviews are also looked at apart.
    pub by: Option<String>,
    /// Count candidate themes though there are codes with quotations.
    pub is_of_candidates: bool,
}

impl Default for SaturationParams {
    /// Two interviews against the first four, in the order of their files' dates.
    fn default() -> Self {
        Self { order: None, base: 4, run: 2, by: None, is_of_candidates: false }
    }
}

/// What is counted in each interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// `codes` or `themes`.
    unit: &'static str,
    /// What is counted, for people.
    description: String,
    /// By transcript: the numbers of what is spoken of in it.
    themes_of: Vec<BTreeSet<usize>>,
    /// By transcript: whether it counts as an interview.
    is_interview: Vec<bool>,
    /// What the reader must know.
    notes: Vec<Diagnostic>,
}

/// A theme and a code of it, from 1; 0 for a theme that has none.
pub type Unit = (usize, usize);

/// The interviews in the order asked for, all together and by groups.
pub struct Interviews<'a> {
    corpus: &'a Corpus,
    asked: &'a SaturationParams,
    /// When each transcript's file was last changed, in nanoseconds since 1970.
    modified_ns: &'a [i128],
    order: Vec<usize>,
    groups: Vec<(&'a str, Vec<usize>)>,
}

impl<'a> Interviews<'a> {
    /// Puts the transcripts in order.
    ///
    /// # Errors
    /// [`AttributeError`] for an attribute that does not exist or makes no groups.
    pub fn new(
        corpus: &'a Corpus,
        modified_ns: &'a [i128],
        asked: &'a SaturationParams,
    ) -> Result<Self, AttributeError> {
        let order = if let Some(column) = &asked.order {
            order_by(corpus, column)?
        } else {
            let mut order: Vec<usize> = (0..corpus.transcripts.len()).collect();
            order.sort_by_key(|&t| (modified_ns[t], t));
            order
        };
        let groups = match &asked.by {
            Some(by) => interviews_by(corpus, by)?,
            None => Vec::new(),
        };
        Ok(Self { corpus, asked, modified_ns, order, groups })
    }

    /// What each interview adds to what is counted.
    pub fn saturation(&self, counted: Counted, seed: Seed) -> SaturationAnswer {
        let asked = self.asked;
        let Counted { unit, description, themes_of, is_interview, mut notes } = counted;
        let order: Vec<usize> = self.order.iter().copied().filter(|&t| is_interview[t]).collect();
        let rule = SaturationRule { base: asked.base, run: asked.run, threshold: THRESHOLDS[0] };
        let of_group = |group: Option<&str>, members: &[usize]| {
            let order: Vec<usize> = order.iter().copied().filter(|t| members.contains(t)).collect();
            self.saturation_of(group, &order, &themes_of, rule, seed)
        };
        let mut answers = vec![of_group(None, &order)];
        answers.extend(self.groups.iter().map(|(name, members)| of_group(Some(name), members)));
        let dates: BTreeSet<i128> = order.iter().map(|&t| self.modified_ns[t]).collect();
        if asked.order.is_none() && dates.len() < order.len() {
            let problem = "some files have the same date and are in the order of their names";
            let remedy = Remedy::by(
                Task::OrderInterviews,
                "take the order from what is known of the participants",
            );
            notes.push(Diagnostic::new(problem).with(remedy));
        }
        SaturationAnswer {
            counted: description,
            unit,
            order: asked.order.clone().unwrap_or_else(|| "file date".to_owned()),
            base: asked.base,
            run: asked.run,
            groups: answers,
            notes,
        }
    }

    fn saturation_of(
        &self,
        group: Option<&str>,
        order: &[usize],
        themes_of: &[BTreeSet<usize>],
        rule: SaturationRule,
        seed: Seed,
    ) -> GroupSaturation {
        let themes: Vec<Vec<usize>> =
            order.iter().map(|&t| themes_of[t].iter().copied().collect()).collect();
        let n_new = new_themes(&themes);
        let (random, after) = random_orders(&themes, rule, N_ORDERS, seed);
        let mut n_known = 0;
        let mut interviews = Vec::with_capacity(order.len());
        for ((&t, random), (n_new, themes)) in
            order.iter().zip(random).zip(n_new.iter().zip(&themes))
        {
            n_known += n_new;
            interviews.push(InterviewAnswer {
                transcript: self.corpus.transcripts[t].id.clone(),
                n_themes: themes.len(),
                n_new: *n_new,
                n_known,
                random: Some(random),
            });
        }
        let mut rules = Vec::new();
        for base in BASES {
            for run in RUNS {
                for threshold in THRESHOLDS {
                    rules.push(RuleAnswer {
                        base,
                        run,
                        threshold,
                        after: saturated_after(&n_new, SaturationRule { base, run, threshold }),
                        last_ratio: saturation_runs(&n_new, base, run)
                            .last()
                            .map(|run| round(run.ratio)),
                    });
                }
            }
        }
        GroupSaturation {
            group: group.map(str::to_owned),
            interviews,
            rules,
            share_saturated: after.len() as f64 / N_ORDERS as f64,
            in_random_orders: Spread::of(after),
            n_missing: (rule.base + rule.run).saturating_sub(order.len()),
        }
    }
}

/// The candidate codes of each transcript, and themes that have none.
///
/// `units` are those of each of `passages`; there are `n_themes` themes with `n_parts`
/// codes.
pub fn counted_candidates(
    corpus: &Corpus,
    passages: &[ParticipantPassage],
    units: &[Vec<Unit>],
    (n_themes, n_parts): (usize, usize),
) -> Counted {
    // A code, or a theme that has none, gets a number of its own.
    let mut numbers: BTreeMap<Unit, usize> = BTreeMap::new();
    let mut themes_of: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); corpus.transcripts.len()];
    let mut is_interview = vec![false; corpus.transcripts.len()];
    for (passage, units) in passages.iter().zip(units) {
        let t = passage.row.transcript as usize;
        is_interview[t] = true;
        for unit in units {
            let next = numbers.len();
            themes_of[t].insert(*numbers.entry(*unit).or_insert(next));
        }
    }
    let description = match n_parts {
        0 => format!("{n_themes} candidate themes"),
        _ => format!(
            "{} candidate codes of {n_themes} candidate themes, which count where they have none",
            numbers.len()
        ),
    };
    let notes = vec![Diagnostic::new(
        "candidate themes are what several people say, so they are complete sooner than a \
         researcher's codes would be: treat the result as a lower bound",
    )];
    Counted { unit: "candidates", description, themes_of, is_interview, notes }
}

/// The codes of the quotations that stand in each transcript; `None` if no
/// quotation with a code stands.
///
/// What nobody has coded yet says nothing about saturation, so it is no
/// interview here.
pub fn counted_codes(
    corpus: &Corpus,
    codebook: &Codebook,
    standings: &Standings,
) -> Option<Counted> {
    let is_coded = |quotation: &&Quotation| !quotation.codings.is_empty();
    let ids = corpus.transcripts.iter().map(|known| known.id.as_str());
    let by_id: BTreeMap<&str, usize> = ids.zip(0..).collect();
    let mut numbers: BTreeMap<CodeId, usize> = BTreeMap::new();
    let mut themes_of: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); corpus.transcripts.len()];
    let mut n_stale = 0_u64;
    for quotation in codebook.quotations.values().filter(is_coded) {
        let Some(place) = standings.place_of(quotation) else {
            n_stale += 1;
            continue;
        };
        let Some(&t) = by_id.get(place.transcript.as_str()) else { continue };
        for coding in &quotation.codings {
            let next = numbers.len();
            themes_of[t].insert(*numbers.entry(coding.code).or_insert(next));
        }
    }
    if numbers.is_empty() {
        return None;
    }
    let is_interview: Vec<bool> = themes_of.iter().map(|codes| !codes.is_empty()).collect();
    let mut notes = Vec::new();
    if n_stale > 0 {
        let what = counted_as(n_stale, "outdated quotation");
        let remedy = Remedy::by(Task::ListStaleQuotations, "list these quotations");
        let problem = format!("{what} left out, because the transcripts have changed");
        notes.push(Diagnostic::new(problem).with(remedy));
    }
    let speaking: BTreeSet<usize> = corpus
        .participant_passages()
        .iter()
        .map(|passage| passage.row.transcript as usize)
        .collect();
    let uncoded = speaking.iter().filter(|&&t| !is_interview[t]).count();
    if uncoded > 0 {
        let what = counted_as(uncoded as u64, "interview");
        let remedy = Remedy::by(Task::CountCandidates, "count candidate themes instead");
        let problem = format!("{what} left out, because nothing in them is coded yet");
        notes.push(Diagnostic::new(problem).with(remedy));
    }
    let mut description = format!("{} of the codebook", count(numbers.len() as u64, "code"));
    if uncoded > 0 {
        let coded = is_interview.iter().filter(|is_interview| **is_interview).count();
        let all = count((coded + uncoded) as u64, "interview");
        description = format!("{description}, which stand in {coded} of {all}");
    }
    Some(Counted { unit: "codes", description, themes_of, is_interview, notes })
}

/// The transcripts in the order of a column of cases.csv.
fn order_by(corpus: &Corpus, column: &str) -> Result<Vec<usize>, AttributeError> {
    let wanted = field_name(column);
    let value = |t: usize| -> Option<&str> {
        let speakers = 0..corpus.cases.of_speaker[t].len();
        let values = speakers.filter_map(|s| corpus.cases.value(t, s, &wanted));
        values.min_by(|a, b| natural_order(a, b))
    };
    if (0..corpus.transcripts.len()).all(|t| value(t).is_none()) {
        let otherwise = "give cases.csv a column with the dates, such as 2024-03-01";
        return Err(AttributeError::unknown(corpus, column, otherwise));
    }
    let mut order: Vec<usize> = (0..corpus.transcripts.len()).collect();
    // Interviews without a value come last.
    order.sort_by(|&a, &b| match (value(a), value(b)) {
        (Some(x), Some(y)) => natural_order(x, y).then(a.cmp(&b)),
        (x, y) => x.is_none().cmp(&y.is_none()).then(a.cmp(&b)),
    });
    Ok(order)
}

/// The transcripts by the values of an attribute; one whose cases differ is
/// in each of their groups.
fn interviews_by<'c>(
    corpus: &'c Corpus,
    attribute: &str,
) -> Result<Vec<(&'c str, Vec<usize>)>, AttributeError> {
    let groups = groups_by(corpus, attribute)?.into_iter();
    let members = |group: &Group<'_>| {
        let transcripts: BTreeSet<usize> = group.sittings.iter().map(|&(t, _)| t).collect();
        transcripts.into_iter().collect()
    };
    Ok(groups.map(|group| (group.name, members(&group))).collect())
}

/// `1 interview is`, `2 interviews are`.
fn counted_as(n: u64, one: &str) -> String {
    format!("{} {}", count(n, one), if n == 1 { "is" } else { "are" })
}
