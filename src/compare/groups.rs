//! Groups of people compared: who speaks of which theme, and in which words.

use std::collections::{BTreeMap, BTreeSet};

use super::fisher::fisher_exact;
use super::keyness::{WordCounts, fightin_words, log_likelihood};
use super::multiple::benjamini_hochberg;
use crate::answers::{
    CompareAnswer, ComparedStances, ComparedTerm, ComparedTheme, GroupCell, GroupContrast,
    GroupSize, ThemesAnswer,
};
use crate::base::proportions::{newcombe, wilson};
use crate::base::{Diagnose, Remedy, count, nearest};
use crate::codebook::Codebook;
use crate::codebook::standing::Standings;
use crate::corpus::{self, Corpus, CorpusError, ParticipantPassage};
use crate::features::counts::CountMatrix;
use crate::transcripts::cases::{Sittings, cases_in, field_name};
use crate::transcripts::notes::listed;

/// Groups of fewer people than this say nothing about groups.
const MIN_CASES: usize = 3;
/// Values of an attribute beyond which it makes no groups.
const MAX_GROUPS: usize = 12;
/// Terms that are shown for each group.
const N_TERMS: usize = 12;
/// The weight of the prior of word odds, in words; see [`fightin_words`].
const PRIOR_WORDS: f64 = 500.0;

/// An attribute by which nothing can be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct AttributeError {
    problem: String,
    remedy: Remedy,
}

impl Diagnose for AttributeError {
    fn remedy(&self) -> Option<Remedy> {
        Some(self.remedy.clone())
    }
}

impl AttributeError {
    /// No case has it; `otherwise` helps where no case has any.
    pub(super) fn unknown(corpus: &Corpus, attribute: &str, otherwise: &str) -> Self {
        let names = corpus.attribute_names();
        let hint = match nearest(attribute, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => otherwise.to_owned(),
            None => format!("known attributes: `{}`", names.join("`, `")),
        };
        let problem = format!("no case has the attribute `{attribute}`");
        Self { problem, remedy: Remedy::new(hint) }
    }
}

/// A group with the cases in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'a> {
    /// The value of the attribute.
    pub name: &'a str,
    /// Its cases, in the interviews in which they have the value.
    pub sittings: Sittings,
}

impl Group<'_> {
    /// The cases in it, by their places in the study.
    pub fn cases(&self) -> BTreeSet<usize> {
        cases_in(&self.sittings)
    }

    /// How many of its cases are among some.
    fn n_of(&self, who: &Sittings) -> usize {
        cases_in(self.sittings.intersection(who)).len()
    }
}

/// The cases by the values of an attribute.
///
/// # Errors
/// [`AttributeError`] if the attribute does not exist or makes no groups.
pub fn groups_by<'c>(
    corpus: &'c Corpus,
    attribute: &str,
) -> Result<Vec<Group<'c>>, AttributeError> {
    let wanted = field_name(attribute);
    let groups = corpus.cases.by(|t, s| corpus.cases.value(t, s, &wanted));
    if groups.is_empty() {
        let otherwise = "put transcripts into sub-folders, or attributes into cases.csv";
        return Err(AttributeError::unknown(corpus, attribute, otherwise));
    }
    if groups.len() > MAX_GROUPS {
        let hint =
            format!("combine them into at most {MAX_GROUPS} values in a column of cases.csv");
        return Err(AttributeError {
            problem: format!("`{attribute}` has {} different values", groups.len()),
            remedy: Remedy::new(hint),
        });
    }
    Ok(groups.into_iter().map(|(name, sittings)| Group { name, sittings }).collect())
}

/// The groups as far as their cases speak, and the names of those of which nobody does.
pub fn who_speak<'a>(
    groups: Vec<Group<'a>>,
    passages: &[ParticipantPassage],
) -> (Vec<Group<'a>>, Vec<&'a str>) {
    let speaking =
        |group: Group<'a>| Group { sittings: corpus::who_speak(group.sittings, passages), ..group };
    let (silent, groups): (Vec<Group<'_>>, Vec<Group<'_>>) =
        groups.into_iter().map(speaking).partition(|group| group.sittings.is_empty());
    (groups, silent.iter().map(|group| group.name).collect())
}

/// Compares groups, beside which nobody speaks in some, by the themes that were suggested of
/// `passages`, without quotes, and by the terms in `said`, which are all passages of participants. `counts` has a row for
/// each passage of the study, and `spoken` tells a term as it is said; nothing, if it is no
/// term of what is said.
pub fn compare_groups(
    attribute: &str,
    (groups, silent): (&[Group<'_>], &[&str]),
    passages: &[ParticipantPassage],
    suggested: &ThemesAnswer,
    (said, counts): (&[ParticipantPassage], &CountMatrix),
    spoken: &dyn Fn(u32) -> String,
) -> CompareAnswer {
    let mut uses: BTreeMap<u32, TermUse> = BTreeMap::new();
    for passage in said {
        let Some(row) = counts.outer_view(passage.passage) else { continue };
        for (term, &count) in row.iter() {
            let of_term = uses.entry(u32::try_from(term).unwrap_or(u32::MAX)).or_default();
            *of_term.entry(passage.row.sitting()).or_default() += count as usize;
        }
    }
    let sizes = groups
        .iter()
        .map(|group| GroupSize { name: group.name.to_owned(), of_cases: group.cases().len() });
    let speaking: Sittings = passages.iter().map(|passage| passage.row.sitting()).collect();
    let grouped = cases_in(groups.iter().flat_map(|group| &group.sittings));
    CompareAnswer {
        by: attribute.to_owned(),
        is_listed: false,
        groups: sizes.collect(),
        n_without: cases_in(&speaking).difference(&grouped).count(),
        notes: notes(groups, silent),
        themes: compared_themes(suggested, passages, groups),
        stances: Vec::new(),
        together: suggested.together.clone(),
        terms: compared_terms(&uses, groups, spoken),
    }
}

/// The codes with quotations that people put on a side, and how many of each group are
/// on which.
///
/// # Errors
/// [`CorpusError::TextGone`] if a text is not remembered any more.
pub fn compared_stances(
    corpus: &Corpus,
    codebook: &Codebook,
    standings: &Standings,
    groups: &[Group<'_>],
) -> Result<Vec<ComparedStances>, CorpusError> {
    let groups: BTreeMap<&str, Sittings> =
        groups.iter().map(|group| (group.name, group.sittings.clone())).collect();
    let mut compared = Vec::new();
    for (_, code) in codebook.tree() {
        let quotations = codebook.quotations_of(&codebook.family(code.id));
        let stances = corpus.stances(&standings.here(&quotations), &groups)?;
        if !stances.is_empty() {
            let path = codebook.path(code.id);
            compared.push(ComparedStances { code: code.id.0, path, stances });
        }
    }
    Ok(compared)
}

/// How often a term is said by each case in each interview.
type TermUse = BTreeMap<(usize, usize), usize>;

/// The cases that are in several groups: before and after are of the same people.
fn in_several(groups: &[Group<'_>]) -> BTreeSet<usize> {
    let cases: Vec<BTreeSet<usize>> = groups.iter().map(Group::cases).collect();
    let others = |at: usize| cases[..at].iter().flatten().copied().collect();
    (1..cases.len()).flat_map(|at| &cases[at] & &others(at)).collect()
}

fn notes(groups: &[Group<'_>], silent: &[&str]) -> Vec<String> {
    let mut notes = Vec::new();
    if !silent.is_empty() {
        notes.push(format!(
            "{} left out: nothing that is said there counts, since it is the same in most \
             transcripts",
            match silent {
                [one] => format!("{one} is"),
                several => format!("{} are", listed(several)),
            }
        ));
    }
    match groups {
        [] => notes.push("no group is left: nothing can be compared".to_owned()),
        [one] if !silent.is_empty() => {
            notes.push(format!("only {} is left: nothing can be compared", one.name));
        }
        [_] => notes.push("there is one group: nothing can be compared".to_owned()),
        _ => {}
    }
    let n_several = in_several(groups).len();
    if n_several > 0 {
        notes.push(format!(
            "{} in several groups, by interview: groups are counted and not tested against each \
             other, since tests take them for different people",
            match n_several {
                1 => "1 participant is".to_owned(),
                n => format!("{n} participants are"),
            }
        ));
    }
    for group in groups.iter().filter(|group| group.cases().len() < MIN_CASES) {
        notes.push(format!(
            "{} has {}: too few to describe as a group",
            group.name,
            count(group.cases().len() as u64, "participant")
        ));
    }
    notes
}

/// Pairs of groups to contrast: the one pair of two groups, else each group
/// against all others together. Groups that are too small have none.
fn contrasts(groups: &[Group<'_>], n_of: &[usize]) -> Vec<GroupContrast> {
    let sizes: Vec<usize> = groups.iter().map(|group| group.cases().len()).collect();
    let all: (usize, usize) = (n_of.iter().sum(), sizes.iter().sum());
    let n_contrasts = if groups.len() == 2 { 1 } else { groups.len() };
    let mut contrasts = Vec::new();
    let is_apart = groups.len() > 1 && in_several(groups).is_empty();
    for at in (0..n_contrasts).filter(|_| is_apart) {
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

fn cells(groups: &[Group<'_>], who: &Sittings) -> (Vec<usize>, Vec<GroupCell>) {
    let n_of: Vec<usize> = groups.iter().map(|group| group.n_of(who)).collect();
    let cells = groups.iter().zip(&n_of).map(|(group, &n_cases)| GroupCell {
        group: group.name.to_owned(),
        n_cases,
        of_cases: group.cases().len(),
        interval: wilson(n_cases, group.cases().len()),
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
            let who: Sittings = of_theme
                .filter(|(_, answer)| answer.evidence.contains(&theme.id))
                .map(|(passage, _)| passage.row.sitting())
                .collect();
            let (n_of, cells) = cells(groups, &who);
            ComparedTheme {
                id: theme.id,
                label: theme.label.clone(),
                accepted: theme.accepted.clone(),
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
/// that is large enough, the clearest first.
fn compared_terms(
    uses: &BTreeMap<u32, TermUse>,
    groups: &[Group<'_>],
    spoken: &dyn Fn(u32) -> String,
) -> Vec<ComparedTerm> {
    if !in_several(groups).is_empty() {
        return Vec::new();
    }
    let n_words_of = |who: &Sittings| -> usize {
        uses.values().flatten().filter(|(it, _)| who.contains(it)).map(|(_, n)| n).sum()
    };
    let everybody: Sittings = groups.iter().flat_map(|group| &group.sittings).copied().collect();
    let n_all = n_words_of(&everybody);
    let mut found = Vec::new();
    for group in groups {
        let others = Group { name: "", sittings: &everybody - &group.sittings };
        let (m, n) = (group.cases().len(), others.cases().len());
        if m < MIN_CASES || n < MIN_CASES {
            continue;
        }
        let n_here = n_words_of(&group.sittings);
        let mut terms: Vec<(u32, ComparedTerm)> = Vec::new();
        for (&term, of_term) in uses {
            let who: Sittings = of_term.keys().copied().collect();
            let (here, there) = (group.n_of(&who), others.n_of(&who));
            // One person makes no group, and what all say sets nobody apart.
            if here < 2 || here * n <= there * m {
                continue;
            }
            let said = |who: &Sittings| -> usize {
                of_term.iter().filter(|(it, _)| who.contains(it)).map(|(_, n)| n).sum()
            };
            let counts = WordCounts {
                of_word: [said(&group.sittings), said(&others.sittings)],
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
        // The names of those who speak are counted, and are no terms.
        let terms = terms.into_iter().map(|(term, answer)| (spoken(term), answer));
        let terms = terms.filter(|(term, _)| !term.is_empty()).take(N_TERMS);
        found.extend(terms.map(|(term, answer)| ComparedTerm { term, ..answer }));
    }
    found
}
