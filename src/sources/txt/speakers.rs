//! Decides which labels are speakers, by the evidence of the whole file.

use std::collections::{BTreeMap, BTreeSet};

use super::heads::{Head, KINDS, Kind};
use super::lines::{Content, Line};
use crate::sources::labels::{fold, is_aside, is_label, is_marker, is_name, is_role, is_short_for};

/// The labels that are speakers in one file.
#[derive(Debug)]
pub(super) struct Speakers {
    pub(super) kind: Kind,
    labels: BTreeSet<String>,
}

impl Speakers {
    /// Finds the speakers by the evidence of the whole file; `None` if it
    /// names nobody.
    pub(super) fn find(text: &str, lines: &[Line<'_>], declared: &[String]) -> Option<Self> {
        let declared: BTreeSet<String> = declared.iter().map(|label| fold(label.trim())).collect();
        let heads = || {
            lines.iter().filter_map(|line| match line.content {
                Content::Head(head) => Some(head),
                _ => None,
            })
        };
        let mut counts: BTreeMap<(Kind, String), usize> = BTreeMap::new();
        for head in heads() {
            *counts.entry((head.kind, fold(head.label))).or_default() += 1;
        }
        let mut found: BTreeMap<Kind, (usize, BTreeSet<String>)> = BTreeMap::new();
        for head in heads() {
            let folded = fold(head.label);
            let is_marker = head.kind == Kind::Bracket && is_marker(head.label);
            let recurs = counts.get(&(head.kind, folded.clone())).is_some_and(|&n| n > 1);
            let is_speaker = declared.contains(&folded)
                || (!is_marker
                    && is_label(head.label)
                    && (recurs || head.is_strong || is_role(head.label)));
            if is_speaker {
                let entry = found.entry(head.kind).or_default();
                entry.0 += 1;
                entry.1.insert(folded);
            }
        }
        add_single_names(lines, &mut found);
        let most = found.values().map(|(n, _)| *n).max()?;
        let kind =
            KINDS.into_iter().find(|kind| found.get(kind).is_some_and(|(n, _)| *n == most))?;
        let (n_heads, mut labels) = found.remove(&kind)?;
        // Who speaks once under the full name speaks on under initials or a surname.
        let full_names: BTreeSet<String> = heads()
            .filter(|head| head.kind == kind && is_label(head.label) && is_name(head.label))
            .map(|head| fold(head.label))
            .filter(|full| labels.iter().any(|short| is_short_for(short, full)))
            .collect();
        labels.extend(full_names);
        // A remark between the turns is nobody's of those who talk.
        let asides = heads().filter(|head| head.kind == kind && is_aside(head.label));
        labels.extend(asides.map(|head| fold(head.label)));
        let speakers = Self { kind, labels };
        let is_sure =
            speakers.labels.iter().any(|label| declared.contains(label) || is_role(label));
        let first = lines
            .iter()
            .position(|line| matches!(line.content, Content::Head(head) if speakers.has(&head)))?;
        let is_content =
            |line: &Line<'_>| matches!(line.content, Content::Words | Content::Head(_));
        if n_heads < 2 {
            let opens = !lines[..first].iter().any(is_content);
            let is_declared = speakers.labels.iter().any(|label| declared.contains(label));
            return (is_declared || opens).then_some(speakers);
        }
        // Two lines of `Coffee:` late in a monologue are no conversation.
        let count = |lines: &[Line<'_>]| -> usize {
            let said = lines.iter().filter(|line| is_content(line));
            said.map(|line| text[line.start..line.end].split_whitespace().count()).sum()
        };
        let n_before = count(&lines[..first]);
        (is_sure || n_before * 2 <= n_before + count(&lines[first..])).then_some(speakers)
    }

    /// Whether the head is a speaker's.
    pub(super) fn has(&self, head: &Head<'_>) -> bool {
        self.labels.contains(&fold(head.label))
    }
}

/// Adds the names that occur once where almost every line names a speaker: the
/// words of a guest who speaks once must not become another person's.
fn add_single_names(lines: &[Line<'_>], found: &mut BTreeMap<Kind, (usize, BTreeSet<String>)>) {
    let n_lines = lines
        .iter()
        .filter(|line| matches!(line.content, Content::Words | Content::Head(_)))
        .count();
    let Some((n_heads, labels)) = found.get_mut(&Kind::Colon) else { return };
    if *n_heads < 6 || *n_heads * 10 < n_lines * 7 {
        return;
    }
    for line in lines {
        let Content::Head(head) = line.content else { continue };
        let is_name = head.kind == Kind::Colon && is_label(head.label) && is_name(head.label);
        if is_name && labels.insert(fold(head.label)) {
            *n_heads += 1;
        }
    }
}
