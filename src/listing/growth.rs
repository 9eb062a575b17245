//! What has become of the themes since an earlier version.
//!
//! A version and the list of now come in; what held, grew, split, merged, came and
//! went goes out, with quotes of the new interviews.

use std::collections::{BTreeMap, BTreeSet};

use super::Listed;
use super::numbering::{Overlap, Version, known_of};
use crate::answers::{GrowthAnswer, GrowthKind, NamedTheme, ThemeAnswer, ThemeChange, ThemeSize};
use crate::corpus::{Corpus, CorpusError};
use crate::themes::Words;

/// The share of a theme's passages that another must hold to be said to come
/// from it.
const PART: f64 = 0.25;
/// By how much the share of participants must rise or fall to be said to have changed.
const NOTABLE: f64 = 0.05;
/// Quotes of new interviews that are shown for each change.
const N_QUOTES: usize = 2;

/// Explains what has changed since version `before`.
///
/// # Errors
/// [`CorpusError::TextGone`] if a text is not remembered any more.
pub fn growth(
    corpus: &Corpus,
    words: Words<'_>,
    before: &Version,
    listed: &Listed,
) -> Result<GrowthAnswer, CorpusError> {
    let Listed { numbered, answer, version } = listed;
    let now = &version.transcripts;
    let overlap = Overlap::new(&before.transcripts, now);
    let known = known_of(&before.transcripts, now);
    let (mut new, mut changed) = (BTreeSet::new(), Vec::new());
    for ((t, transcript), known) in (0_u32..).zip(now).zip(&known) {
        match known {
            Some(known) if known.is_same(transcript) => {}
            Some(_) => {
                changed.push(transcript.id.clone());
                new.insert(t);
            }
            None => {
                new.insert(t);
            }
        }
    }
    let added = new.iter().map(|&t| now[t as usize].id.clone());
    let added: Vec<String> = added.filter(|id| !changed.contains(id)).collect();
    let left: BTreeSet<&str> = known.iter().flatten().map(|known| known.id.as_str()).collect();
    let ids = before.transcripts.iter().map(|known| known.id.as_str());
    let gone = ids.filter(|id| !left.contains(id)).map(str::to_owned).collect();

    let profiler = numbered.profiler(corpus, words);
    let mut changes = explain(before, &answer.themes, &overlap);
    for change in &mut changes {
        let Some(id) = change.id else { continue };
        let Some(at) = numbered.ids.iter().position(|known| *known == id) else { continue };
        let passages = &numbered.passages;
        let is_new = |&&at: &&usize| new.contains(&passages[at].row.transcript);
        let of_new = numbered.suggestion.themes[at].evidence.iter().filter(is_new);
        let cases: BTreeSet<u32> = of_new.clone().map(|&at| passages[at].row.case).collect();
        (change.n_new_cases, change.n_new_passages) = (cases.len(), of_new.count());
        change.quotes =
            profiler.quotes_of(at, &|passage| new.contains(&passage.row.transcript), N_QUOTES)?;
    }
    let new_cases: BTreeSet<u32> = numbered
        .passages
        .iter()
        .filter(|passage| new.contains(&passage.row.transcript))
        .map(|passage| passage.row.case)
        .collect();
    Ok(GrowthAnswer {
        since: before.number,
        version: listed.kept_number(),
        is_asked_alike: before.params == version.params,
        added,
        changed,
        gone,
        of_new_cases: new_cases.len(),
        changes,
        // Whoever knows proposals fills them in.
        codes: Vec::new(),
    })
}

/// What became of each theme, in the order of their numbers: those that are
/// listed now first, those that are gone last.
fn explain(before: &Version, now: &[ThemeAnswer], overlap: &Overlap) -> Vec<ThemeChange> {
    // A version is a file that somebody may have cut; what it does not list is unknown.
    let listed = |id: usize| before.themes.iter().find(|theme| theme.id == id);
    let same = overlap.same().into_iter().map(|(old, new, _)| (new, old));
    let same: BTreeMap<usize, usize> = same.filter(|(_, old)| listed(*old).is_some()).collect();
    let old_named = |id: usize| -> NamedTheme {
        let label = listed(id).map(|theme| theme.label.clone());
        NamedTheme { id, label: label.unwrap_or_default() }
    };
    let new_named = |id: usize| -> NamedTheme {
        let label = now.iter().find(|theme| theme.id == id).map(|theme| &theme.label);
        NamedTheme { id, label: label.cloned().unwrap_or_default() }
    };
    let share = |n: usize, of: Option<&usize>| n as f64 / of.copied().unwrap_or(1).max(1) as f64;
    // The old themes a new one took a good part of, and where parts of an old one went.
    let sources = |new: usize| -> Vec<usize> {
        let parts =
            overlap.both.iter().filter(|((old, at), _)| *at == new && listed(*old).is_some());
        let parts = parts.filter(|((old, _), n)| share(**n, overlap.before.get(old)) >= SAME_PART);
        parts.map(|((old, _), _)| *old).collect()
    };
    let heirs = |old: usize| -> Vec<usize> {
        let parts = overlap.both.iter().filter(|((at, _), _)| *at == old);
        let parts = parts.filter(|(_, n)| share(**n, overlap.before.get(&old)) >= PART);
        parts.map(|((_, new), _)| *new).collect()
    };
    let mut changes = Vec::new();
    for theme in now {
        let mut change = ThemeChange {
            kind: GrowthKind::New,
            id: Some(theme.id),
            label: theme.label.clone(),
            from: Vec::new(),
            into: Vec::new(),
            before: None,
            now: Some(ThemeSize {
                n_cases: theme.n_cases,
                of_cases: theme.of_cases,
                n_passages: theme.n_passages,
            }),
            n_new_cases: 0,
            n_new_passages: 0,
            quotes: Vec::new(),
        };
        let merged = sources(theme.id);
        if let Some((&old, known)) = same.get(&theme.id).and_then(|old| Some((old, listed(*old)?)))
        {
            change.before = Some(ThemeSize {
                n_cases: known.n_cases,
                of_cases: known.of_cases,
                n_passages: known.n_passages,
            });
            let rise = theme.n_cases as f64 / theme.of_cases.max(1) as f64
                - known.n_cases as f64 / known.of_cases.max(1) as f64;
            change.kind = match rise {
                rise if rise >= NOTABLE => GrowthKind::Stronger,
                rise if rise <= -NOTABLE => GrowthKind::Weaker,
                _ => GrowthKind::Held,
            };
            change.from = vec![old_named(old)];
        }
        if merged.len() > 1 {
            change.kind = GrowthKind::Merged;
            change.from = merged.into_iter().map(old_named).collect();
        }
        changes.push(change);
    }
    let is_kept = |old: usize| same.values().any(|known| *known == old);
    let is_merged = |old: usize, changes: &[ThemeChange]| {
        let merged = changes.iter().filter(|change| change.kind == GrowthKind::Merged);
        merged.flat_map(|change| &change.from).any(|from| from.id == old)
    };
    for theme in &before.themes {
        if is_merged(theme.id, &changes) {
            continue;
        }
        let heirs = heirs(theme.id);
        let kind = match heirs.len() {
            2.. => GrowthKind::Split,
            _ if is_kept(theme.id) => continue,
            _ => GrowthKind::Gone,
        };
        changes.push(ThemeChange {
            kind,
            id: None,
            label: theme.label.clone(),
            from: vec![NamedTheme { id: theme.id, label: theme.label.clone() }],
            into: heirs.into_iter().map(new_named).collect(),
            before: Some(ThemeSize {
                n_cases: theme.n_cases,
                of_cases: theme.of_cases,
                n_passages: theme.n_passages,
            }),
            now: None,
            n_new_cases: 0,
            n_new_passages: 0,
            quotes: Vec::new(),
        });
    }
    changes
}

/// The share of an old theme's passages that a new one must hold to be said to
/// have taken it in.
const SAME_PART: f64 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::numbering::{VersionTheme, VersionTranscript};
    use crate::themes::ThemeParams;

    fn theme(id: usize, n_cases: usize) -> ThemeAnswer {
        ThemeAnswer { n_cases, ..ThemeAnswer::invented(id, &format!("now {id}")) }
    }

    /// Themes before and now, by passage of one transcript.
    #[track_caller]
    fn check(before: &[usize], now: &[usize], expected: &str) {
        let transcript = |themes: &[usize]| VersionTranscript {
            id: "A".to_owned(),
            content: String::new(),
            themes: themes.to_vec(),
        };
        let ids = |themes: &[usize]| -> BTreeSet<usize> {
            themes.iter().copied().filter(|&id| id > 0).collect()
        };
        let version = Version {
            number: 1,
            params: ThemeParams::default(),
            themes: ids(before)
                .into_iter()
                .map(|id| VersionTheme {
                    id,
                    label: format!("was {id}"),
                    n_passages: 10,
                    n_cases: 5,
                    of_cases: 10,
                    is_accepted: false,
                    codes: BTreeMap::new(),
                })
                .collect(),
            transcripts: vec![transcript(before)],
        };
        // Theme 7 has more people now, theme 8 fewer.
        let listed: Vec<ThemeAnswer> = ids(now)
            .into_iter()
            .map(|id| {
                theme(
                    id,
                    if id == 7 {
                        8
                    } else if id == 8 {
                        2
                    } else {
                        5
                    },
                )
            })
            .collect();
        let overlap = Overlap::new(&version.transcripts, &[transcript(now)]);
        let shown: Vec<String> = explain(&version, &listed, &overlap)
            .iter()
            .map(|change| {
                let ids = |themes: &[NamedTheme]| {
                    themes.iter().map(|theme| theme.id.to_string()).collect::<Vec<_>>().join("+")
                };
                let id = change.id.map_or_else(String::new, |id| id.to_string());
                format!("{:?} {}>{id}{}", change.kind, ids(&change.from), ids(&change.into))
            })
            .collect();
        assert_eq!(shown.join(", "), expected);
    }

    #[test]
    fn themes_hold_grow_and_shrink() {
        check(&[1, 1, 2, 2, 3, 3], &[5, 5, 7, 7, 8, 8], "Held 1>5, Stronger 2>7, Weaker 3>8");
    }

    #[test]
    fn themes_split_merge_appear_and_go() {
        check(&[1, 1, 1, 1], &[5, 5, 6, 6], "New >5, New >6, Split 1>5+6");
        check(&[1, 1, 2, 2], &[5, 5, 5, 5], "Merged 1+2>5");
        check(&[1, 1, 0, 0], &[0, 0, 5, 5], "New >5, Gone 1>");
        // Four of five stayed; the fifth is no split.
        check(&[1, 1, 1, 1, 1], &[5, 5, 5, 5, 6], "Held 1>5, New >6");
    }
}
