//! Groups of people compared: who speaks of which theme, and in which words.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::Evidence;
use super::themes::{Listed, Numbering};
use super::{Snapshot, StudyError};
use crate::answers::Unshown;
use crate::answers::{
    CompareAnswer, ComparedTerm, ComparedTheme, GroupCell, GroupContrast, GroupSize, ThemesAnswer,
};
use crate::base::nearest;
use crate::compare::fisher::fisher_exact;
use crate::compare::keyness::{WordCounts, fightin_words, log_likelihood};
use crate::compare::multiple::benjamini_hochberg;
use crate::compare::proportions::{newcombe, wilson};
use crate::corpus::ParticipantPassage;
use crate::search::query::field_name;
use crate::themes::ThemeParams;

/// Groups of fewer people than this say nothing about groups.
const MIN_CASES: usize = 3;
/// Values of an attribute beyond which it makes no groups.
const MAX_GROUPS: usize = 12;
/// Quotes that are kept for each group of a theme.
const N_QUOTES: usize = 2;
/// Terms that are shown for each group.
const N_TERMS: usize = 12;
/// The weight of the prior of word odds, in words; see [`fightin_words`].
const PRIOR_WORDS: f64 = 500.0;

/// A group with the cases in it.
struct Group<'a> {
    name: &'a str,
    cases: BTreeSet<u32>,
}

impl Snapshot {
    /// Compares groups of cases by an attribute: themes and terms.
    ///
    /// # Errors
    /// [`StudyError::NoComparison`] if the attribute does not exist or makes no groups.
    pub fn compare(
        &self,
        attribute: &str,
        params: &ThemeParams,
    ) -> Result<Unshown<CompareAnswer>, StudyError> {
        // A mistyped attribute is told before anything is worked out.
        self.groups_by(attribute)?;
        let terms = self.terms()?;
        let Listed { numbered, answer: suggested, .. } =
            self.listed(params, Numbering::CarriedOn)?;
        let passages = &numbered.passages;
        let groups = self.groups_by(attribute)?;
        let speaking: BTreeSet<u32> = passages.iter().map(|passage| passage.row.case).collect();
        let groups: Vec<Group<'_>> = groups
            .into_iter()
            .map(|(name, cases)| Group { name, cases: &cases & &speaking })
            .filter(|group| !group.cases.is_empty())
            .collect();
        let mut themes = compared_themes(&suggested, passages, &groups);
        let mut evidence =
            Evidence::new(self, &terms, &numbered.suggestion, passages, &numbered.ids);
        for (answer, theme) in themes.iter_mut().zip(&numbered.suggestion.themes) {
            for (cell, group) in answer.cells.iter_mut().zip(&groups) {
                let is_meant =
                    |passage: &ParticipantPassage| group.cases.contains(&passage.row.case);
                cell.quotes = evidence.quotes_of(theme, &is_meant, N_QUOTES)?;
            }
        }
        let mut uses: BTreeMap<u32, TermUse> = BTreeMap::new();
        for passage in passages {
            let Some(row) = terms.counts.counts.outer_view(passage.passage) else { continue };
            for (term, &count) in row.iter() {
                let of_term = uses.entry(u32::try_from(term).unwrap_or(u32::MAX)).or_default();
                *of_term.entry(passage.row.case).or_default() += count as usize;
            }
        }
        let mut compared = compared_terms(&uses, &groups);
        for (term, answer) in &mut compared {
            answer.term = terms.spoken(*term);
        }
        let terms = compared.into_iter().map(|(_, answer)| answer).collect();
        let sizes = groups
            .iter()
            .map(|group| GroupSize { name: group.name.to_owned(), of_cases: group.cases.len() });
        Ok(Unshown::new(CompareAnswer {
            by: attribute.to_owned(),
            groups: sizes.collect(),
            n_without: speaking.len() - groups.iter().map(|group| group.cases.len()).sum::<usize>(),
            notes: notes(&groups),
            themes,
            together: suggested.together,
            terms,
        }))
    }

    /// The cases by the values of an attribute.
    pub(super) fn groups_by(
        &self,
        attribute: &str,
    ) -> Result<BTreeMap<&str, BTreeSet<u32>>, StudyError> {
        let wanted = field_name(attribute);
        let mut groups: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
        for (case, known) in (0_u32..).zip(&self.corpus.cases.cases) {
            let value = known.attributes.iter().find(|(name, _)| field_name(name) == wanted);
            if let Some((_, value)) = value {
                groups.entry(value).or_default().insert(case);
            }
        }
        let refuse =
            |problem: String, hint: String| Err(StudyError::NoComparison { problem, hint });
        if groups.is_empty() {
            let names = self.corpus.attribute_names();
            let hint = match nearest(attribute, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if names.is_empty() => {
                    "put transcripts into sub-folders, or attributes into cases.csv".to_owned()
                }
                None => format!("there is `{}`", names.join("`, `")),
            };
            return refuse(format!("no case has the attribute `{attribute}`"), hint);
        }
        if groups.len() > MAX_GROUPS {
            let problem = format!("`{attribute}` has {} values", groups.len());
            let hint =
                format!("put them into at most {MAX_GROUPS} classes in a column of cases.csv");
            return refuse(problem, hint);
        }
        Ok(groups)
    }
}

/// How often a term is said by each case.
type TermUse = BTreeMap<u32, usize>;

fn notes(groups: &[Group<'_>]) -> Vec<String> {
    let mut notes = Vec::new();
    if groups.len() < 2 {
        notes.push("there is one group: nothing can be compared".to_owned());
    }
    for group in groups.iter().filter(|group| group.cases.len() < MIN_CASES) {
        notes.push(format!(
            "{} has {}: nothing can be said about it as a group",
            group.name,
            crate::report::info::count(group.cases.len() as u64, "participant")
        ));
    }
    notes
}

/// Pairs of groups to contrast: the one pair of two groups, else each group
/// against all others together. Groups that are too small have none.
fn contrasts(groups: &[Group<'_>], n_of: &[usize]) -> Vec<GroupContrast> {
    let sizes: Vec<usize> = groups.iter().map(|group| group.cases.len()).collect();
    let all: (usize, usize) = (n_of.iter().sum(), sizes.iter().sum());
    let n_contrasts = if groups.len() == 2 { 1 } else { groups.len() };
    let mut contrasts = Vec::new();
    for at in (0..n_contrasts).filter(|_| groups.len() > 1) {
        let first = (n_of[at], sizes[at]);
        let others = (all.0 - first.0, all.1 - first.1);
        if first.1 < MIN_CASES || others.1 < MIN_CASES {
            continue;
        }
        let against = if groups.len() == 2 { groups[1].name } else { "all others" };
        contrasts.push(GroupContrast {
            group: groups[at].name.to_owned(),
            against: against.to_owned(),
            difference: first.0 as f64 / first.1 as f64 - others.0 as f64 / others.1 as f64,
            interval: newcombe(first, others),
            p: fisher_exact([[first.0, first.1 - first.0], [others.0, others.1 - others.0]]),
            q: 1.0,
        });
    }
    contrasts
}

fn cells(groups: &[Group<'_>], who: &BTreeSet<u32>) -> (Vec<usize>, Vec<GroupCell>) {
    let n_of: Vec<usize> = groups.iter().map(|group| (&group.cases & who).len()).collect();
    let cells = groups.iter().zip(&n_of).map(|(group, &n_cases)| GroupCell {
        group: group.name.to_owned(),
        n_cases,
        of_cases: group.cases.len(),
        interval: wilson(n_cases, group.cases.len()),
        quotes: Vec::new(),
    });
    (n_of.clone(), cells.collect())
}

fn compared_themes(
    suggested: &ThemesAnswer,
    passages: &[ParticipantPassage],
    groups: &[Group<'_>],
) -> Vec<ComparedTheme> {
    let mut themes: Vec<ComparedTheme> = suggested
        .themes
        .iter()
        .map(|theme| {
            let of_theme = passages.iter().zip(&suggested.passages);
            let who: BTreeSet<u32> = of_theme
                .filter(|(_, answer)| {
                    answer.theme == Some(theme.id) || answer.also == Some(theme.id)
                })
                .map(|(passage, _)| passage.row.case)
                .collect();
            let (n_of, cells) = cells(groups, &who);
            ComparedTheme {
                id: theme.id,
                label: theme.label.clone(),
                cells,
                contrasts: contrasts(groups, &n_of),
            }
        })
        .collect();
    let p: Vec<f64> = themes.iter().flat_map(|t| t.contrasts.iter().map(|c| c.p)).collect();
    let adjusted = benjamini_hochberg(&p);
    let all = themes.iter_mut().flat_map(|theme| &mut theme.contrasts);
    for (contrast, q) in all.zip(adjusted) {
        contrast.q = q;
    }
    themes
}

/// Terms that more people of one group use than of the others, for each group
/// that is large enough, the clearest first; each with its column.
fn compared_terms(uses: &BTreeMap<u32, TermUse>, groups: &[Group<'_>]) -> Vec<(u32, ComparedTerm)> {
    let n_words_of = |cases: &BTreeSet<u32>| -> usize {
        uses.values().flatten().filter(|(case, _)| cases.contains(case)).map(|(_, n)| n).sum()
    };
    let everybody: BTreeSet<u32> = groups.iter().flat_map(|group| &group.cases).copied().collect();
    let n_all = n_words_of(&everybody);
    let mut found = Vec::new();
    for group in groups {
        let others = &everybody - &group.cases;
        if group.cases.len() < MIN_CASES || others.len() < MIN_CASES {
            continue;
        }
        let n_here = n_words_of(&group.cases);
        let mut terms: Vec<(u32, ComparedTerm)> = Vec::new();
        for (&term, of_term) in uses {
            let who: BTreeSet<u32> = of_term.keys().copied().collect();
            let (here, there) = ((&who & &group.cases).len(), (&who & &others).len());
            let (m, n) = (group.cases.len(), others.len());
            // One person makes no group, and what all say sets nobody apart.
            if here < 2 || here * n <= there * m {
                continue;
            }
            let said = |cases: &BTreeSet<u32>| -> usize {
                of_term.iter().filter(|(case, _)| cases.contains(case)).map(|(_, n)| n).sum()
            };
            let counts = WordCounts {
                of_word: [said(&group.cases), said(&others)],
                of_all: [n_here, n_all - n_here],
            };
            let answer = ComparedTerm {
                group: group.name.to_owned(),
                term: String::new(),
                n_cases: here,
                of_cases: m,
                n_others: there,
                of_others: n,
                p: fisher_exact([[here, m - here], [there, n - there]]),
                z: fightin_words(counts, PRIOR_WORDS),
                log_likelihood: log_likelihood(counts),
            };
            terms.push((term, answer));
        }
        terms.sort_by(|(s, a), (t, b)| {
            a.p.total_cmp(&b.p).then(b.z.total_cmp(&a.z)).then_with(|| s.cmp(t))
        });
        terms.truncate(N_TERMS);
        found.extend(terms);
    }
    found
}
