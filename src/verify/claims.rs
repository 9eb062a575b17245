//! What a report says about where a quote is from, and whether that fits.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

use super::Source;
use crate::base::{clock, lines_cited};
use crate::transcripts::normal_label;

/// What stands beside a quote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Claim {
    /// The participants that it names.
    pub(super) cases: BTreeSet<String>,
    /// The groups that it names.
    pub(super) groups: BTreeSet<String>,
    /// The places of the transcripts that it names.
    pub(super) sources: BTreeSet<usize>,
    /// Names that look like a participant's and are nobody's.
    pub(super) nobody: Vec<String>,
    /// First and last line.
    pub(super) lines: Option<[u32; 2]>,
    /// The time of the recording, in seconds.
    pub(super) seconds: Option<u64>,
    /// Checksum and characters.
    pub(super) proof: Option<(String, [usize; 2])>,
}

/// Everything that can be named.
pub(super) struct Names {
    cases: BTreeMap<String, String>,
    groups: BTreeMap<String, String>,
    sources: BTreeMap<String, Vec<usize>>,
    /// Those who speak and are no participants.
    others: BTreeSet<String>,
    /// The letters before the digits of participants' names: `p` of `P07`.
    prefixes: BTreeSet<String>,
}

static LINES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\blines?|\bll?\.)\s*(\d+)(?:\s*[-–—]\s*(\d+))?")
        .expect("the pattern is sound")
});
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:(\d{1,2}):)?(\d{1,2}):(\d{2})\b").expect("the pattern is sound")
});
static PROOF: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b([0-9a-f]{8}):(\d+)[-–](\d+)\b").expect("the pattern is sound")
});
static CODE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(\p{L}{1,4})[-_ ]?\d{1,4}$").expect("the pattern is sound"));

impl Names {
    pub(super) fn new(sources: &[Source<'_>]) -> Self {
        let mut names = Self {
            cases: BTreeMap::new(),
            groups: BTreeMap::new(),
            sources: BTreeMap::new(),
            others: BTreeSet::new(),
            prefixes: BTreeSet::new(),
        };
        let mut short: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (at, source) in sources.iter().enumerate() {
            for case in source.speakers.iter().filter_map(|who| who.case.as_ref()) {
                names.cases.insert(normal_label(case), case.clone());
                names.prefixes.extend(prefix_of(case));
            }
            for group in source.speakers.iter().filter_map(|who| who.group.as_ref()) {
                names.groups.insert(normal_label(group), group.clone());
            }
            // A report says `Ben` where the study says `P03/Ben`.
            for (who, speaker) in source.speakers.iter().zip(&source.transcript.speakers) {
                let Some(case) = &who.case else {
                    names.others.insert(normal_label(&speaker.label));
                    continue;
                };
                let last = case.rsplit('/').next().unwrap_or(case);
                for name in BTreeSet::from([normal_label(last), normal_label(&speaker.label)]) {
                    short.entry(name).or_default().insert(case.clone());
                }
            }
            let stem = source.id.rsplit('/').next().unwrap_or(source.id);
            let stem = if source.is_copy { source.id } else { stem };
            let both: BTreeSet<String> = [normal_label(source.id), normal_label(stem)].into();
            for name in both {
                names.sources.entry(name).or_default().push(at);
            }
        }
        for (name, cases) in short {
            let is_taken = names.groups.contains_key(&name) || names.sources.contains_key(&name);
            let mut cases = cases.into_iter();
            if let (Some(case), None, false) = (cases.next(), cases.next(), is_taken) {
                names.cases.entry(name).or_insert(case);
            }
        }
        names
    }

    /// Reads what stands beside a quote; `label` is what stands before it and a colon.
    pub(super) fn read(&self, beside: &str, label: Option<&str>) -> Claim {
        let mut claim = Claim::default();
        let mut rest = beside.to_owned();
        if let Some(found) = PROOF.captures(beside) {
            let number = |at: usize| found[at].parse().ok();
            if let (Some(start), Some(end)) = (number(2), number(3)) {
                claim.proof = Some((found[1].to_owned(), [start, end]));
            }
            rest = rest.replace(&found[0], " ");
        }
        if let Some(found) = LINES.captures(&rest) {
            let first = found[1].parse().ok();
            let last = found.get(2).map_or(first, |last| last.as_str().parse().ok());
            claim.lines = first.zip(last).map(|(first, last)| [first, last]);
            rest = LINES.replace(&rest, " ").into_owned();
        }
        if let Some(found) = TIME.captures(&rest) {
            let number = |at: usize| found.get(at).and_then(|n| n.as_str().parse::<u64>().ok());
            let [hours, minutes, seconds] = [1, 2, 3].map(|at| number(at).unwrap_or(0));
            claim.seconds = Some(hours * 3600 + minutes * 60 + seconds);
            rest = TIME.replace(&rest, " ").into_owned();
        }
        let is_edge = |c: char| c.is_whitespace() || "()[]{}—–―-.:*_“”\"".contains(c);
        // `P02 (1)` may be the name of a file.
        let rest: Vec<&str> = rest.split([',', ';', '·', '|', '\n']).collect();
        let is_whole = |part: &&str| {
            let part = part.trim();
            let inside = part.strip_prefix(['(', '[']).unwrap_or(part);
            let mut names = [part, inside].into_iter().filter(|name| name.contains('('));
            names.find_map(|name| self.sources.get(&normal_label(name)))
        };
        let whole = |part| Some((part, is_whole(&part)?));
        claim.sources.extend(rest.iter().filter_map(|part| whole(*part)).flat_map(|it| it.1));
        let rest = rest.into_iter().filter(|part| is_whole(part).is_none());
        let parts = rest.flat_map(|part| part.split(['(', ')']));
        let parts: Vec<&str> = parts.map(|part| part.trim_matches(is_edge)).collect();
        // Beside whoever asks, `P07` is the transcript and not the participant of that name.
        let names_other = parts.iter().any(|part| self.others.contains(&normal_label(part)));
        for part in parts {
            let transcripts = self.sources.get(&normal_label(part)).filter(|_| names_other);
            claim.sources.extend(transcripts.into_iter().flatten());
            if part.is_empty() || transcripts.is_some() || self.name(part, &mut claim) {
                continue;
            }
            for word in part.split_whitespace().map(|word| word.trim_matches(is_edge)) {
                // A word within a sentence is a name only if it looks like one.
                if word.chars().any(|c| c.is_ascii_digit()) {
                    self.name(word, &mut claim);
                }
            }
        }
        if let Some(case) = label.and_then(|label| self.cases.get(&normal_label(label))) {
            claim.cases.insert(case.clone());
        }
        claim
    }

    /// Takes a name for what it names.
    fn name(&self, text: &str, claim: &mut Claim) -> bool {
        let normal = normal_label(text);
        if let Some(case) = self.cases.get(&normal) {
            claim.cases.insert(case.clone());
        } else if let Some(group) = self.groups.get(&normal) {
            claim.groups.insert(group.clone());
        } else if let Some(sources) = self.sources.get(&normal) {
            claim.sources.extend(sources);
        } else if prefix_of(text).is_some_and(|prefix| self.prefixes.contains(&prefix)) {
            claim.nobody.push(text.to_owned());
        } else {
            return false;
        }
        true
    }
}

/// The letters of a name such as `P07`, in lower case.
fn prefix_of(name: &str) -> Option<String> {
    CODE.captures(name.trim()).map(|found| found[1].to_lowercase())
}

/// Where a quote was found, as far as a claim can be about it.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) source: usize,
    /// Participants who say it; empty if an interviewer or somebody else does.
    pub(super) cases: BTreeSet<String>,
    pub(super) groups: BTreeSet<String>,
    pub(super) lines: [u32; 2],
    /// From the start of the turn to the end of the words, in seconds.
    pub(super) seconds: Option<[u64; 2]>,
    /// Characters of the plain text.
    pub(super) chars: [usize; 2],
}

/// What does not fit, or no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// A name that looks like a participant's and is nobody's.
    Nobody(String),
    /// Others say it than the report names: who does, whom it names.
    OtherSpeaker(BTreeSet<String>, BTreeSet<String>),
    /// Those who say it are of other groups than it names.
    OtherGroup(BTreeSet<String>, BTreeSet<String>),
    /// It stands in another transcript than those that it names.
    OtherTranscript(String, Vec<String>),
    /// It stands in other lines.
    OtherLines([u32; 2], [u32; 2]),
    /// It is said at another time, in seconds.
    OtherTime(u64, u64),
    /// Its proof names another place, in this transcript.
    OtherProof(String),
    /// It joins words of several people.
    Mixed(Vec<String>),
    /// Its parts do not stand in its order.
    OtherOrder,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = |names: &BTreeSet<String>, none: &str| match names.len() {
            0 => none.to_owned(),
            _ => names.iter().map(String::as_str).collect::<Vec<_>>().join(" and "),
        };
        match self {
            Self::Nobody(name) => write!(f, "there is no participant `{name}`"),
            Self::OtherSpeaker(says, named) => {
                write!(f, "{} said it, not {}", all(says, "no participant"), all(named, ""))
            }
            Self::OtherGroup(of, named) => {
                let (of, named) = (all(of, "no group"), all(named, ""));
                write!(f, "the speaker is in the group {of}, not {named}")
            }
            Self::OtherTranscript(at, named) => {
                write!(f, "it is in {at}, not in {}", named.join(" or "))
            }
            Self::OtherLines(at, named) => {
                write!(f, "it is in {}, not in {}", lines_cited(*at), lines_cited(*named))
            }
            Self::OtherTime(at, named) => {
                write!(f, "it is said at {}, not at {}", clock(at * 1000), clock(named * 1000))
            }
            Self::OtherProof(id) => write!(f, "its reference is for another place, in {id}"),
            Self::Mixed(labels) => {
                write!(f, "it joins words of several speakers: {}", labels.join(" and "))
            }
            Self::OtherOrder => {
                write!(f, "its parts are not in this order in one turn or passage")
            }
        }
    }
}

impl Claim {
    /// Names that are nobody's.
    pub(super) fn nobodies(&self) -> impl Iterator<Item = Problem> {
        self.nobody.iter().cloned().map(Problem::Nobody)
    }

    /// Whether it names this transcript, or has a proof of its text.
    pub(super) fn cites(&self, source: usize, checksum: &str) -> bool {
        let proof = self.proof.as_ref();
        self.sources.contains(&source)
            || proof.is_some_and(|(known, _)| checksum.starts_with(known.as_str()))
    }

    /// What does not fit.
    pub(super) fn problems(&self, at: &Standing, sources: &[Source<'_>]) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self.nobodies().collect();
        if !self.cases.is_empty() && self.cases.is_disjoint(&at.cases) {
            problems.push(Problem::OtherSpeaker(at.cases.clone(), self.cases.clone()));
        } else if !self.groups.is_empty() && self.groups.is_disjoint(&at.groups) {
            problems.push(Problem::OtherGroup(at.groups.clone(), self.groups.clone()));
        }
        let id = |source: usize| sources[source].id.to_owned();
        if !self.sources.is_empty() && !self.sources.contains(&at.source) {
            let named = self.sources.iter().map(|&source| id(source)).collect();
            problems.push(Problem::OtherTranscript(id(at.source), named));
        }
        if let Some([first, last]) = self.lines
            && (at.lines[0] < first || at.lines[1] > last)
        {
            problems.push(Problem::OtherLines(at.lines, [first, last]));
        }
        if let (Some(seconds), Some([start, end])) = (self.seconds, at.seconds)
            && (seconds < start || seconds > end)
        {
            problems.push(Problem::OtherTime(start, seconds));
        }
        if let Some((checksum, [start, end])) = &self.proof {
            let named = sources.iter().position(|source| source.checksum.starts_with(checksum));
            if let Some(named) = named
                && (named != at.source || at.chars[0] < *start || at.chars[1] > *end)
            {
                problems.push(Problem::OtherProof(id(named)));
            }
        }
        problems
    }
}
