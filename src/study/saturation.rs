//! Whether further interviews still bring new codes or themes.

use std::collections::{BTreeMap, BTreeSet};

use super::themes::Numbering;
use super::{Snapshot, StudyError};
use crate::answers::Spread;
use crate::answers::Unshown;
use crate::answers::{GroupSaturation, InterviewAnswer, RuleAnswer, SaturationAnswer};
use crate::base::{natural_order, nearest};
use crate::codebook::standing::Standing;
use crate::codebook::{CodeId, Quotation};
use crate::compare::saturation::{
    SaturationRule, new_themes, random_orders, saturated_after, saturation_runs,
};
use crate::report::info::count;
use crate::search::query::field_name;
use crate::themes::{Place, ThemeParams};

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

/// What is counted in each interview.
struct Counted {
    /// `codes` or `themes`.
    unit: &'static str,
    /// What is counted, for people.
    description: String,
    /// By transcript: the numbers of what is spoken of in it.
    themes_of: Vec<BTreeSet<usize>>,
    /// By transcript: whether it counts as an interview.
    is_interview: Vec<bool>,
    /// What the reader must know.
    notes: Vec<String>,
}

impl Snapshot {
    /// Counts what each interview adds to the codes that people gave to quotations,
    /// or to the candidate themes where there are none.
    ///
    /// # Errors
    /// [`StudyError::NoComparison`] for an attribute that does not exist;
    /// [`StudyError::Decisions`] if the decisions cannot be read.
    pub fn saturation(
        &self,
        asked: &SaturationParams,
        params: &ThemeParams,
    ) -> Result<Unshown<SaturationAnswer>, StudyError> {
        // Mistyped attributes are told before anything is worked out.
        let order = self.interview_order(asked.order.as_deref())?;
        let groups = match &asked.by {
            Some(by) => self.interviews_by(by)?,
            None => Vec::new(),
        };
        let codes = if asked.is_of_candidates { None } else { self.counted_codes()? };
        let counted = match codes {
            Some(codes) => codes,
            None => self.counted_candidates(params)?,
        };
        let Counted { unit, description, themes_of, is_interview, mut notes } = counted;
        let order: Vec<usize> = order.into_iter().filter(|&t| is_interview[t]).collect();
        let rule = SaturationRule { base: asked.base, run: asked.run, threshold: THRESHOLDS[0] };
        let of_group = |group: Option<&str>, members: &[usize]| {
            let order: Vec<usize> = order.iter().copied().filter(|t| members.contains(t)).collect();
            self.saturation_of(group, &order, &themes_of, rule, params)
        };
        let mut answers = vec![of_group(None, &order)];
        answers.extend(groups.iter().map(|(name, members)| of_group(Some(name), members)));
        let dates: BTreeSet<i128> = order.iter().map(|&t| self.modified_ns[t]).collect();
        if asked.order.is_none() && dates.len() < order.len() {
            notes.push(
                "some files have the same date, and stand in the order of their names; \
                 `--order COLUMN` takes the order from cases.csv"
                    .to_owned(),
            );
        }
        Ok(Unshown::new(SaturationAnswer {
            counted: description,
            unit,
            order: asked.order.clone().unwrap_or_else(|| "file date".to_owned()),
            base: asked.base,
            run: asked.run,
            groups: answers,
            notes,
        }))
    }

    /// The candidate themes of each transcript: sub-themes, and themes that have
    /// none.
    fn counted_candidates(&self, params: &ThemeParams) -> Result<Counted, StudyError> {
        let terms = self.terms()?;
        let numbered = self.number_themes(&terms, params, Numbering::CarriedOn)?;
        let suggestion = &numbered.suggestion;
        // A sub-theme, or a theme that has none, gets a number of its own.
        let mut numbers: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut themes_of: Vec<BTreeSet<usize>> =
            vec![BTreeSet::new(); self.corpus.transcripts.len()];
        let mut is_interview = vec![false; self.corpus.transcripts.len()];
        for (passage, place) in numbered.passages.iter().zip(&suggestion.places) {
            let t = passage.row.transcript as usize;
            is_interview[t] = true;
            let units = units(place, &|theme| suggestion.themes[theme].subthemes.is_empty());
            for unit in units {
                let next = numbers.len();
                themes_of[t].insert(*numbers.entry(unit).or_insert(next));
            }
        }
        let n_parts: usize = suggestion.themes.iter().map(|theme| theme.subthemes.len()).sum();
        let description = match n_parts {
            0 => format!("{} candidate themes", suggestion.themes.len()),
            _ => format!(
                "{} candidate themes ({}, with sub-themes in place of those that have any)",
                numbers.len(),
                suggestion.themes.len()
            ),
        };
        let notes = vec![
            "candidate themes are what recurs across interviews, so they are known sooner than \
             the codes of a researcher would be: take this as a lower bound"
                .to_owned(),
        ];
        Ok(Counted { unit: "themes", description, themes_of, is_interview, notes })
    }

    /// The codes of the quotations that stand in each transcript; `None` if no
    /// quotation with a code stands.
    ///
    /// What nobody has coded yet says nothing about saturation, so it is no
    /// interview here.
    fn counted_codes(&self) -> Result<Option<Counted>, StudyError> {
        let codebook = self.codebook()?;
        let is_coded = |quotation: &&Quotation| !quotation.codings.is_empty();
        if !codebook.quotations.values().any(|quotation| is_coded(&quotation)) {
            return Ok(None);
        }
        let standings = self.standings()?;
        let by_id: BTreeMap<&str, usize> = self
            .corpus
            .transcripts
            .iter()
            .enumerate()
            .map(|(t, known)| (known.id.as_str(), t))
            .collect();
        let mut numbers: BTreeMap<CodeId, usize> = BTreeMap::new();
        let mut themes_of: Vec<BTreeSet<usize>> =
            vec![BTreeSet::new(); self.corpus.transcripts.len()];
        let mut n_stale = 0_u64;
        for quotation in codebook.quotations.values().filter(is_coded) {
            let place = match standings.of.get(&quotation.id) {
                Some(Standing::Here) => &quotation.place,
                Some(Standing::Moved(place)) => place,
                Some(Standing::Stale(_)) | None => {
                    n_stale += 1;
                    continue;
                }
            };
            let Some(&t) = by_id.get(place.transcript.as_str()) else { continue };
            for coding in &quotation.codings {
                let next = numbers.len();
                themes_of[t].insert(*numbers.entry(coding.code).or_insert(next));
            }
        }
        if numbers.is_empty() {
            return Ok(None);
        }
        let is_interview: Vec<bool> = themes_of.iter().map(|codes| !codes.is_empty()).collect();
        let mut notes = Vec::new();
        if n_stale > 0 {
            notes.push(format!(
                "{} left out, for the transcripts have changed; `leitmotif quote list --stale` \
                 lists them",
                counted_as(n_stale, "stale quotation")
            ));
        }
        let speaking: BTreeSet<usize> = self
            .corpus
            .participant_passages()
            .iter()
            .map(|passage| passage.row.transcript as usize)
            .collect();
        let uncoded = speaking.iter().filter(|&&t| !is_interview[t]).count();
        if uncoded > 0 {
            notes.push(format!(
                "{} left out, for nothing in them is coded yet; `--candidates` counts candidate \
                 themes instead",
                counted_as(uncoded as u64, "interview")
            ));
        }
        let description = format!("{} of the codebook", count(numbers.len() as u64, "code"));
        Ok(Some(Counted { unit: "codes", description, themes_of, is_interview, notes }))
    }

    fn saturation_of(
        &self,
        group: Option<&str>,
        order: &[usize],
        themes_of: &[BTreeSet<usize>],
        rule: SaturationRule,
        params: &ThemeParams,
    ) -> GroupSaturation {
        let themes: Vec<Vec<usize>> =
            order.iter().map(|&t| themes_of[t].iter().copied().collect()).collect();
        let n_new = new_themes(&themes);
        let (random, after) = random_orders(&themes, rule, N_ORDERS, params.seed);
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
                            .map(|run| crate::answers::round(run.ratio)),
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

    /// The transcripts in the order in which they were made.
    fn interview_order(&self, column: Option<&str>) -> Result<Vec<usize>, StudyError> {
        let mut order: Vec<usize> = (0..self.corpus.transcripts.len()).collect();
        let Some(column) = column else {
            order.sort_by_key(|&t| (self.modified_ns[t], t));
            return Ok(order);
        };
        let wanted = field_name(column);
        let value = |t: usize| -> Option<&str> {
            let cases = self.corpus.cases.of_speaker[t].iter().flatten();
            let values = cases.filter_map(|&case| {
                let attributes = &self.corpus.cases.cases[case].attributes;
                attributes.iter().find(|(name, _)| field_name(name) == wanted)
            });
            values.map(|(_, value)| value.as_str()).min_by(|a, b| natural_order(a, b))
        };
        if (0..self.corpus.transcripts.len()).all(|t| value(t).is_none()) {
            let names = self.corpus.attribute_names();
            let hint = match nearest(column, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if names.is_empty() => {
                    "give cases.csv a column with the dates, such as 2024-03-01".to_owned()
                }
                None => format!("there is `{}`", names.join("`, `")),
            };
            let problem = format!("no case has the attribute `{column}`");
            return Err(StudyError::NoComparison { problem, hint });
        }
        // Interviews without a value come last.
        order.sort_by(|&a, &b| match (value(a), value(b)) {
            (Some(x), Some(y)) => natural_order(x, y).then(a.cmp(&b)),
            (x, y) => x.is_none().cmp(&y.is_none()).then(a.cmp(&b)),
        });
        Ok(order)
    }

    /// The transcripts by the values of an attribute; one whose cases differ is
    /// in each of their groups.
    fn interviews_by(&self, attribute: &str) -> Result<Vec<(String, Vec<usize>)>, StudyError> {
        let groups = self.groups_by(attribute)?;
        let speaks = |t: &usize, cases: &BTreeSet<u32>| {
            let of_transcript = self.corpus.cases.of_speaker[*t].iter().flatten();
            of_transcript.into_iter().any(|&case| {
                cases.contains(&u32::try_from(case).expect("cases are fewer than bytes"))
            })
        };
        Ok(groups
            .into_iter()
            .map(|(name, cases)| {
                let members = (0..self.corpus.transcripts.len()).filter(|t| speaks(t, &cases));
                (name.to_owned(), members.collect())
            })
            .collect())
    }
}

/// `1 interview is`, `2 interviews are`.
fn counted_as(n: u64, one: &str) -> String {
    format!("{} {}", count(n, one), if n == 1 { "is" } else { "are" })
}

/// The theme and sub-theme (0 for none) that a passage counts for: sub-themes
/// where the theme has any.
fn units(place: &Place, is_whole: &dyn Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let first = place.theme.and_then(|theme| match place.subtheme {
        Some(subtheme) => Some((theme, subtheme + 1)),
        None => is_whole(theme).then_some((theme, 0)),
    });
    let second = place.second.map(|(theme, _)| theme).filter(|&theme| is_whole(theme));
    first.into_iter().chain(second.map(|theme| (theme, 0))).collect()
}
