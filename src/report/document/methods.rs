//! The methods section, drafted from what was recorded: the log of decisions
//! and the settings of the suggestion.
//!
//! [`Facts`] about the study and its [`History`] come in; paragraphs and answers
//! to the COREQ checklist go out. The wording is kept to what was done: the
//! program suggests candidates, people decide what becomes of them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::super::info::{count, number};
use crate::answers::document::{Document, Node, Sample};
use crate::codebook::history::History;
use crate::codebook::{
    Change, CodeId, CodeKind, Codebook, Decision, MemoTarget, QuotationId, Verb,
};

/// What is known of a study beside its decisions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// The program and its version, such as `Leitmotif 0.1.0`.
    pub program: String,
    /// How much was analysed.
    pub sample: Sample,
    /// The languages of the transcripts, the most frequent first.
    pub languages: Vec<String>,
    /// The labels of those who ask.
    pub interviewers: Vec<String>,
    /// The labels of those who are neither interviewer nor participant.
    pub others: Vec<String>,
    /// What is known of the participants.
    pub attributes: Vec<AttributeFacts>,
    /// How long each transcript's recording is, in milliseconds, where its file tells.
    pub durations_ms: Vec<u64>,
    /// Participants who speak in more than one transcript.
    pub n_repeated: usize,
    /// How themes were suggested last; `None` if they never were.
    pub suggestion: Option<SuggestionFacts>,
    /// Words that the researcher added to the stop words.
    pub stop_words: Vec<String>,
    /// Words that the researcher kept apart from others of their stem.
    pub never_merge: Vec<String>,
}

/// An attribute of the participants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeFacts {
    /// Its name.
    pub name: String,
    /// Its values with how many participants have each, in natural order.
    pub values: Vec<(String, usize)>,
}

/// How themes were suggested.
#[derive(Debug, Clone, PartialEq)]
pub struct SuggestionFacts {
    /// The number of the last version.
    pub version: u32,
    /// How many versions are kept.
    pub n_versions: usize,
    /// How many candidates the last version holds.
    pub n_candidates: usize,
    /// How many were asked for; `None` if their number was chosen from the data.
    pub count: Option<usize>,
    /// Nearest passages that each passage is linked to.
    pub links: usize,
    /// Share of the passages that is left unassigned.
    pub unassigned: f64,
    /// Start of the random order.
    pub seed: u64,
}

/// How often each coder did something.
type ByCoder<'a> = BTreeMap<&'a str, usize>;

/// What the log says was done and holds.
#[derive(Debug, Default)]
struct Tally<'a> {
    accepted: ByCoder<'a>,
    rejected: ByCoder<'a>,
    taken_back: ByCoder<'a>,
    merged: ByCoder<'a>,
    split: ByCoder<'a>,
    renamed: ByCoder<'a>,
    added: ByCoder<'a>,
    defined: ByCoder<'a>,
    removed: ByCoder<'a>,
    quoted: ByCoder<'a>,
    /// Proposed passages that were accepted and rejected.
    proposed: ByCoder<'a>,
    refused: ByCoder<'a>,
    recoded: ByCoder<'a>,
    imported: ByCoder<'a>,
    /// Quotations that came with accepted candidates, and with imports.
    n_with_candidates: usize,
    n_imported: usize,
    /// The themes and quotations of the decisions so far.
    known_codes: BTreeSet<CodeId>,
    known_quotations: BTreeSet<QuotationId>,
    /// Decisions that do not hold any more.
    n_undone: usize,
    coders: BTreeMap<&'a str, usize>,
    first: Option<&'a str>,
    last: Option<&'a str>,
}

impl<'a> Tally<'a> {
    fn new(history: &'a History) -> Self {
        let mut tally = Self::default();
        for (decision, holds) in history.decisions() {
            if decision.verb == Verb::Lost {
                continue;
            }
            tally.first.get_or_insert(&decision.at);
            tally.last = Some(&decision.at);
            if matches!(decision.verb, Verb::Undo | Verb::UndoTo | Verb::Redo | Verb::RedoTo) {
                continue;
            }
            if !holds {
                tally.n_undone += 1;
                continue;
            }
            *tally.coders.entry(&decision.coder).or_default() += 1;
            tally.add(decision);
        }
        tally
    }

    fn add(&mut self, decision: &'a Decision) {
        let (mut n_quotations, mut n_from_candidates) = (0, 0);
        for change in &decision.changes {
            match change {
                Change::PutQuotation(quotation) => {
                    n_quotations += usize::from(self.known_quotations.insert(quotation.id));
                }
                Change::PutCode(code) => {
                    let is_new = self.known_codes.insert(code.id);
                    n_from_candidates += usize::from(is_new && code.origin.is_some());
                }
                _ => {}
            }
        }
        // Candidates are also accepted as they are renamed, merged and split.
        if decision.verb != Verb::Import && n_from_candidates > 0 {
            *self.accepted.entry(&decision.coder).or_default() += n_from_candidates;
            self.n_with_candidates += n_quotations;
        }
        let (counted, n) = match decision.verb {
            Verb::RejectTheme => (&mut self.rejected, 1),
            Verb::TakeBackRejection => (&mut self.taken_back, 1),
            Verb::Merge => (&mut self.merged, 1),
            Verb::Split => (&mut self.split, 1),
            Verb::Rename => (&mut self.renamed, 1),
            Verb::AddCode => (&mut self.added, 1),
            Verb::EditCode => (&mut self.defined, 1),
            Verb::RemoveCode => (&mut self.removed, 1),
            // What somebody has quoted before is one quotation still.
            Verb::AddQuotation if n_quotations == 0 => (&mut self.recoded, 1),
            Verb::AddQuotation => (&mut self.quoted, n_quotations),
            Verb::AcceptProposal => (&mut self.proposed, 1),
            Verb::RejectProposal => (&mut self.refused, 1),
            Verb::CodeQuotation | Verb::MoveQuotation | Verb::RemoveQuotation => {
                (&mut self.recoded, 1)
            }
            Verb::Import => {
                self.n_imported += n_quotations;
                (&mut self.imported, 1)
            }
            Verb::AcceptTheme
            | Verb::TakeBackProposal
            | Verb::PinQuotation
            | Verb::SetStance
            | Verb::Reanchor
            | Verb::AddMemo
            | Verb::EditMemo
            | Verb::RemoveMemo
            | Verb::SetRoles
            | Verb::SetAttribute
            | Verb::LeaveOut
            | Verb::TakeIn
            | Verb::AddFiles
            | Verb::Undo
            | Verb::UndoTo
            | Verb::Redo
            | Verb::RedoTo
            | Verb::Lost => return,
        };
        *counted.entry(&decision.coder).or_default() += n;
    }
}

/// The methods section, paragraph by paragraph.
pub fn methods(facts: &Facts, history: &History) -> Vec<String> {
    let tally = Tally::new(history);
    let mut paragraphs = vec![material(facts)];
    paragraphs.extend(suggestion(facts));
    paragraphs.extend(judgement(&tally));
    paragraphs.push(codes(history.codebook(), &tally));
    paragraphs.extend(record(history, &tally));
    paragraphs
}

fn material(facts: &Facts) -> String {
    let sample = &facts.sample;
    let mut text = vec![format!(
        "{} of {} were analysed with {} on the researchers’ own computer; nothing was sent over a network.",
        capital(&count(sample.n_transcripts as u64, "transcript")),
        count(sample.n_participants as u64, "participant"),
        facts.program
    )];
    if sample.groups.len() > 1 {
        let groups: Vec<String> =
            sample.groups.iter().map(|group| format!("{} {}", group.name, group.n)).collect();
        // Groups that add up to other than all would look like a mistake.
        let in_groups: usize = sample.groups.iter().map(|group| group.n).sum();
        let why = match in_groups.cmp(&sample.n_participants) {
            Ordering::Less => "; others are in no group",
            Ordering::Equal => "",
            Ordering::Greater => "; whoever was interviewed in several counts in each",
        };
        text.push(format!("Participants by group: {}{why}.", list(&groups)));
    }
    text.push(format!(
        "Participants say {} in total; the interviewers’ words were kept as context and not counted as evidence.",
        count(sample.n_words as u64, "word")
    ));
    if !facts.languages.is_empty() {
        text.push(format!("The language is {}.", list(&facts.languages)));
    }
    text.join(" ")
}

fn suggestion(facts: &Facts) -> Option<String> {
    let known = facts.suggestion.as_ref()?;
    let how_many = match known.count {
        Some(n) => format!("{} were asked for", count(n as u64, "candidate")),
        None => "their number was chosen from the data".to_owned(),
    };
    let mut text = vec![format!(
        "{} suggested candidate themes: passages of participants were linked with the {} nearest passages of other interviews, and groups of passages with many links among them (communities) were listed as candidates ({how_many}; seed {}; the {:.0} % of passages that fitted two candidates almost equally well were left unassigned).",
        facts.program.split(' ').next().unwrap_or("The program"),
        known.links,
        known.seed,
        known.unassigned * 100.0
    )];
    let versions = match known.n_versions {
        0 | 1 => "The suggestion".to_owned(),
        n => format!(
            "{n} versions of the suggestion were saved; the latest (number {})",
            known.version
        ),
    };
    text.push(format!("{versions} has {}.", count(known.n_candidates as u64, "candidate")));
    if !facts.stop_words.is_empty() {
        text.push(format!(
            "These words were excluded when themes were sought: {}.",
            list(&facts.stop_words)
        ));
    }
    if !facts.never_merge.is_empty() {
        text.push(format!(
            "These words were not reduced to their stem: {}.",
            list(&facts.never_merge)
        ));
    }
    Some(text.join(" "))
}

fn judgement(tally: &Tally<'_>) -> Option<String> {
    let mut parts = Vec::new();
    for (by, what, done) in
        [(&tally.accepted, "candidate", "accepted"), (&tally.rejected, "candidate", "rejected")]
    {
        let n = total(by);
        if n > 0 {
            parts.push(format!("{} {done}{}", were(n, what), by_whom(by)));
        }
    }
    if !tally.taken_back.is_empty() {
        let n = total(&tally.taken_back);
        parts.push(format!("{} withdrawn{}", were(n, "rejection"), by_whom(&tally.taken_back)));
    }
    if parts.is_empty() {
        return None;
    }
    Some(format!(
        "Candidates are suggestions; the researchers decided on each. {}.",
        capital(&list(&parts))
    ))
}

fn codes(codebook: &Codebook, tally: &Tally<'_>) -> String {
    let of = |kind| codebook.codes.values().filter(|code| code.kind == kind).count() as u64;
    let (n_themes, n_codes) = (of(CodeKind::Theme), of(CodeKind::Code));
    let n_quotations = codebook.quotations.len() as u64;
    let mut text = vec![format!(
        "The codebook has {}, {} and {}.",
        count(n_themes, "theme"),
        count(n_codes, "code"),
        count(n_quotations, "quotation")
    )];
    let mut done = Vec::new();
    for (by, one, several) in [
        (&tally.added, "one theme or code was added by hand", "themes or codes were added by hand"),
        (&tally.renamed, "one theme or code was renamed", "themes or codes were renamed"),
        (&tally.merged, "themes or codes were merged once", "mergers of themes or codes were made"),
        (&tally.split, "one theme or code was split", "themes or codes were split"),
        (
            &tally.defined,
            "one definition, note or position in the codebook was edited",
            "definitions, notes or positions in the codebook were edited",
        ),
        (&tally.removed, "one theme or code was removed", "themes or codes were removed"),
    ] {
        match total(by) {
            0 => {}
            1 => done.push(format!("{one}{}", by_whom(by))),
            n => done.push(format!("{} {several}{}", number(n as u64), by_whom(by))),
        }
    }
    if !done.is_empty() {
        text.push(format!("{}.", capital(&list(&done))));
    }
    let mut chosen = Vec::new();
    let n_by_hand = total(&tally.quoted);
    if n_by_hand > 0 {
        chosen.push(format!(
            "{} chosen by hand{}",
            were(n_by_hand, "quotation"),
            by_whom(&tally.quoted)
        ));
    }
    if tally.n_with_candidates > 0 {
        chosen.push(format!(
            "{} kept with accepted candidates",
            were(tally.n_with_candidates, "quotation")
        ));
    }
    let (n_proposed, n_refused) = (total(&tally.proposed), total(&tally.refused));
    if n_proposed > 0 {
        chosen.push(format!(
            "{} accepted from passages that the program proposed for a code{}",
            were(n_proposed, "quotation"),
            by_whom(&tally.proposed)
        ));
    }
    if n_refused > 0 {
        let rejected = were(n_refused, "proposed passage");
        chosen.push(format!("{rejected} rejected{}", by_whom(&tally.refused)));
    }
    if tally.n_imported > 0 {
        chosen.push(format!("{} imported from another tool", were(tally.n_imported, "quotation")));
    }
    if !tally.recoded.is_empty() {
        let n = total(&tally.recoded);
        let times = if n == 1 { "once".to_owned() } else { format!("{} times", number(n as u64)) };
        chosen.push(format!("quotations were recoded or removed {times}"));
    }
    if !chosen.is_empty() {
        text.push(format!("{}.", capital(&list(&chosen))));
    }
    text.join(" ")
}

fn record(history: &History, tally: &Tally<'_>) -> Option<String> {
    let (first, last) = (tally.first?, tally.last?);
    let day = |at: &str| at.split('T').next().unwrap_or(at).to_owned();
    let (first, last) = (day(first), day(last));
    let when =
        if first == last { format!("on {first}") } else { format!("from {first} to {last}") };
    let (all, are) = match history.len() {
        1 => ("The one decision".to_owned(), "is"),
        n => (format!("All {}", count(n as u64, "decision")), "are"),
    };
    let mut text = vec![format!(
        "{all} made {when} {are} kept in a log. Every decision is checked by a hash of all decisions before it (the last hash begins with {}).",
        history.last_hash().get(..12).unwrap_or(history.last_hash())
    )];
    if tally.n_undone > 0 {
        let n = tally.n_undone;
        text.push(format!(
            "{} undone and {} not counted here.",
            capital(&were(n, "decision")),
            if n == 1 { "is" } else { "are" }
        ));
    }
    Some(text.join(" "))
}

/// `1 quotation was`, `22 quotations were`.
fn were(n: usize, one: &str) -> String {
    format!("{} {}", count(n as u64, one), if n == 1 { "was" } else { "were" })
}

fn total(by: &ByCoder<'_>) -> usize {
    by.values().sum()
}

/// ` (AM)` or ` (AM 5, GB 2)`.
fn by_whom(by: &ByCoder<'_>) -> String {
    match by.len() {
        0 => String::new(),
        1 => format!(" ({})", by.keys().next().copied().unwrap_or_default()),
        _ => {
            let parts: Vec<String> = by.iter().map(|(coder, n)| format!("{coder} {n}")).collect();
            format!(" ({})", parts.join(", "))
        }
    }
}

/// `a, b and c`.
fn list(parts: &[impl AsRef<str>]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [rest @ .., last] => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", rest.join(", "), last.as_ref())
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Values of an attribute beyond which only their number is told.
const MAX_VALUES: usize = 8;
/// Names that are listed before the rest is counted.
const MAX_NAMES: usize = 12;

/// What the data say to the items of the COREQ checklist, by item number.
pub fn coreq_answers(
    facts: &Facts,
    history: &History,
    document: &Document,
) -> BTreeMap<u8, String> {
    let mut answers = BTreeMap::new();
    let sample = &facts.sample;
    if !facts.interviewers.is_empty() {
        answers.insert(1, format!("Labelled in the transcripts: {}.", names(&facts.interviewers)));
    }
    let groups = if sample.groups.len() > 1 {
        let groups: Vec<String> =
            sample.groups.iter().map(|group| format!("{} {}", group.name, group.n)).collect();
        format!(" ({})", list(&groups))
    } else {
        String::new()
    };
    answers.insert(
        12,
        format!(
            "{}{groups} in {}.",
            count(sample.n_participants as u64, "participant"),
            count(sample.n_transcripts as u64, "transcript")
        ),
    );
    if !facts.others.is_empty() {
        answers
            .insert(15, format!("Others who speak in the transcripts: {}.", names(&facts.others)));
    }
    let described: Vec<String> = facts.attributes.iter().map(describe).collect();
    answers.insert(16, described.join(" "));
    if facts.n_repeated > 0 {
        answers.insert(
            18,
            format!(
                "{} in more than one transcript.",
                match facts.n_repeated {
                    1 => "1 participant speaks".to_owned(),
                    n => format!("{} participants speak", number(n as u64)),
                }
            ),
        );
    }
    answers.insert(21, durations(&facts.durations_ms, sample.n_transcripts));
    let coders = coders(history);
    if !coders.is_empty() {
        answers.insert(24, format!("{}: {}.", count(coders.len() as u64, "coder"), list(&coders)));
    }
    let of_kind = |kind: &str| -> Vec<&Node> {
        document.nodes.iter().filter(|node| node.kind == kind).collect()
    };
    let (themes, codes) = (of_kind("theme"), of_kind("code"));
    if !document.nodes.is_empty() {
        let deepest = document.nodes.iter().map(|node| node.depth + 1).max().unwrap_or(0);
        answers.insert(
            25,
            format!(
                "{} and {} on {}; see the codebook.",
                count(themes.len() as u64, "theme"),
                count(codes.len() as u64, "code"),
                count(deepest as u64, "level")
            ),
        );
        let n_accepted = document.nodes.iter().filter(|node| node.accepted.is_some()).count();
        let derivation = match n_accepted {
            0 => "Themes and codes were made by the researchers, or imported.".to_owned(),
            n => format!(
                "{} accepted by the researchers from candidates suggested from the data; {} made by the researchers, or imported.",
                capital(&were(n, "theme")),
                match document.nodes.len() - n {
                    1 => "1 theme or code was".to_owned(),
                    n => format!("{} themes and codes were", number(n as u64)),
                }
            ),
        };
        answers.insert(26, derivation);
    }
    answers.insert(27, format!("{}.", facts.program));
    if !document.quotes.is_empty() {
        let identified = document.quotes.iter().filter(|quote| quote.at.case.is_some()).count();
        let cases: std::collections::BTreeSet<&str> =
            document.quotes.iter().filter_map(|quote| quote.at.case.as_deref()).collect();
        answers.insert(
            29,
            format!(
                "{} of {} presented, each with transcript and lines; {} with the participant.",
                count(document.quotes.len() as u64, "quote"),
                count(cases.len() as u64, "participant"),
                if identified == document.quotes.len() {
                    "all".to_owned()
                } else {
                    number(identified as u64)
                }
            ),
        );
        answers.insert(
            30,
            "Every quote can be checked against the transcripts by its reference (leitmotif verify). Whether the findings follow from the quotes is for the researchers to judge.".to_owned(),
        );
    }
    let (major, minor): (Vec<&Node>, Vec<&Node>) = themes
        .iter()
        .filter(|node| node.n_quotations > 0)
        .partition(|node| 2 * node.prevalence.n >= node.prevalence.of);
    let named = |nodes: &[&Node]| -> String {
        let shown: Vec<String> = nodes
            .iter()
            .map(|node| format!("{} ({} of {})", node.path, node.prevalence.n, node.prevalence.of))
            .collect();
        names(&shown)
    };
    if !major.is_empty() {
        answers.insert(
            31,
            format!("Themes with quotes of at least half of the participants: {}.", named(&major)),
        );
    }
    if !minor.is_empty() {
        answers.insert(32, format!("Themes with quotes of fewer participants: {}.", named(&minor)));
    }
    answers
}

/// Everybody who decided something that holds, or coded.
fn coders(history: &History) -> Vec<&str> {
    let codebook = history.codebook();
    let mut coders = codebook.coders();
    coders.extend(history.decisions().map(|(decision, _)| decision.coder.as_str()));
    coders.into_iter().collect()
}

/// `a, b, … and 3 more`.
fn names(names: &[String]) -> String {
    if names.len() <= MAX_NAMES {
        return list(names);
    }
    format!("{} and {} more", names[..MAX_NAMES].join(", "), names.len() - MAX_NAMES)
}

/// `region: Wales 3, Yorkshire 2.`; for numbers of many values their range.
fn describe(attribute: &AttributeFacts) -> String {
    let values = &attribute.values;
    if values.len() <= MAX_VALUES {
        let shown: Vec<String> = values.iter().map(|(value, n)| format!("{value} {n}")).collect();
        return format!("{}: {}.", attribute.name, shown.join(", "));
    }
    let numbers: Option<Vec<f64>> = values
        .iter()
        .map(|(value, _)| value.trim().parse::<f64>().ok().filter(|n| n.is_finite()))
        .collect();
    let ends = numbers.and_then(|numbers| {
        let low = numbers.iter().copied().min_by(f64::total_cmp)?;
        Some((low, numbers.into_iter().max_by(f64::total_cmp)?))
    });
    match ends {
        Some((low, high)) => format!("{}: {low} to {high}.", attribute.name),
        None => format!("{}: {} values.", attribute.name, values.len()),
    }
}

/// `28 to 61 minutes, median 44; 12 of 16 transcripts tell.`
fn durations(durations_ms: &[u64], n_transcripts: usize) -> String {
    let mut minutes: Vec<u64> = durations_ms.iter().map(|ms| (ms + 30_000) / 60_000).collect();
    minutes.sort_unstable();
    let (Some(low), Some(high)) = (minutes.first(), minutes.last()) else { return String::new() };
    let n = minutes.len();
    let median = u64::midpoint(minutes[(n - 1) / 2], minutes[n / 2]);
    let range = if low == high {
        count(*low, "minute")
    } else {
        format!("{low} to {high} minutes, median {median}")
    };
    let known = if n < n_transcripts {
        format!("; known for {n} of {n_transcripts} transcripts")
    } else {
        String::new()
    };
    format!("{range}{known}, from the times in the transcripts.")
}

/// What a memo is about, for people.
pub fn memo_about(codebook: &Codebook, about: &MemoTarget) -> String {
    match about {
        MemoTarget::Study => "the study".to_owned(),
        MemoTarget::Code(id) => match codebook.codes.get(id) {
            Some(code) => format!("{} {}", code.kind.name(), codebook.path(*id)),
            None => "a code that was removed".to_owned(),
        },
        MemoTarget::Quotation(id) => format!("quotation {}", id.0),
        MemoTarget::Transcript(id) => format!("transcript {id}"),
        MemoTarget::Case(id) => format!("participant {id}"),
    }
}
