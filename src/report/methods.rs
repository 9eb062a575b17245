//! The methods section, drafted from what was recorded: the log of decisions
//! and the settings of the suggestion.
//!
//! [`Facts`] about the study and its [`History`] come in; paragraphs and answers
//! to the COREQ checklist go out. The wording is kept to what was done: the
//! program suggests candidates, people decide what becomes of them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::answers::document::{Document, Node, Sample};
use crate::codebook::history::History;
use crate::codebook::{
    Change, CodeId, CodeKind, Codebook, Decision, MemoTarget, QuotationId, Verb,
};
use crate::rendering::info::{count, number};

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

/// What the log says was done and holds.
#[derive(Debug, Default)]
struct Tally<'a> {
    /// How often each coder did what.
    done: BTreeMap<Verb, BTreeMap<&'a str, usize>>,
    /// Quotations that came with accepted candidates, and with imports.
    n_with_candidates: usize,
    n_imported: usize,
    /// The themes and quotations of the decisions so far.
    known_codes: BTreeSet<CodeId>,
    known_quotations: BTreeSet<QuotationId>,
    /// Decisions that do not hold any more.
    n_undone: usize,
    coders: BTreeSet<&'a str>,
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
            tally.coders.insert(&decision.coder);
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
        let mut count = |verb: Verb, n: usize| {
            *self.done.entry(verb).or_default().entry(&decision.coder).or_default() += n;
        };
        // Candidates are also accepted as they are renamed, merged and split.
        if decision.verb != Verb::Import && n_from_candidates > 0 {
            count(Verb::AcceptTheme, n_from_candidates);
            self.n_with_candidates += n_quotations;
        }
        match decision.verb {
            Verb::AcceptTheme => {}
            Verb::Import => self.n_imported += n_quotations,
            // What somebody has quoted before is one quotation still.
            Verb::AddQuotation if n_quotations > 0 => count(Verb::AddQuotation, n_quotations),
            Verb::AddQuotation | Verb::MoveQuotation | Verb::RemoveQuotation => {
                count(Verb::CodeQuotation, 1);
            }
            verb => count(verb, 1),
        }
    }

    /// How often something was done, and by whom: ` (AM)` or ` (AM 5, GB 2)`.
    fn of(&self, verb: Verb) -> (usize, String) {
        let Some(by) = self.done.get(&verb) else { return (0, String::new()) };
        let whom = match by.keys().next() {
            Some(only) if by.len() == 1 => (*only).to_owned(),
            _ => {
                let each: Vec<String> =
                    by.iter().map(|(coder, n)| format!("{coder} {n}")).collect();
                each.join(", ")
            }
        };
        (by.values().sum(), format!(" ({whom})"))
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
    if let Some(groups) = groups_of(sample) {
        // Groups that add up to other than all would look like a mistake.
        let in_groups: usize = sample.groups.iter().map(|group| group.n).sum();
        let why = match in_groups.cmp(&sample.n_participants) {
            Ordering::Less => "; others are in no group",
            Ordering::Equal => "",
            Ordering::Greater => "; whoever was interviewed in several counts in each",
        };
        text.push(format!("Participants by group: {groups}{why}."));
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
    for (verb, what, done) in [
        (Verb::AcceptTheme, "candidate", "accepted"),
        (Verb::RejectTheme, "candidate", "rejected"),
        (Verb::TakeBackRejection, "rejection", "withdrawn"),
    ] {
        let (n, by_whom) = tally.of(verb);
        if n > 0 {
            parts.push(format!("{} {done}{by_whom}", were(n, what)));
        }
    }
    (!parts.is_empty()).then(|| {
        let decided = capital(&list(&parts));
        format!("Candidates are suggestions; the researchers decided on each. {decided}.")
    })
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
    for (verb, one, several) in [
        (
            Verb::AddCode,
            "one theme or code was added by hand",
            "themes or codes were added by hand",
        ),
        (Verb::Rename, "one theme or code was renamed", "themes or codes were renamed"),
        (Verb::Merge, "themes or codes were merged once", "mergers of themes or codes were made"),
        (Verb::Split, "one theme or code was split", "themes or codes were split"),
        (
            Verb::EditCode,
            "one definition, note or position in the codebook was edited",
            "definitions, notes or positions in the codebook were edited",
        ),
        (Verb::RemoveCode, "one theme or code was removed", "themes or codes were removed"),
    ] {
        match tally.of(verb) {
            (0, _) => {}
            (1, by_whom) => done.push(format!("{one}{by_whom}")),
            (n, by_whom) => done.push(format!("{} {several}{by_whom}", number(n as u64))),
        }
    }
    if !done.is_empty() {
        text.push(format!("{}.", capital(&list(&done))));
    }
    let mut chosen = Vec::new();
    for ((n, by_whom), what, done) in [
        (tally.of(Verb::AddQuotation), "quotation", "chosen by hand"),
        ((tally.n_with_candidates, String::new()), "quotation", "kept with accepted candidates"),
        (
            tally.of(Verb::AcceptProposal),
            "quotation",
            "accepted from passages that the program proposed for a code",
        ),
        (tally.of(Verb::RejectProposal), "proposed passage", "rejected"),
        ((tally.n_imported, String::new()), "quotation", "imported from another tool"),
    ] {
        if n > 0 {
            chosen.push(format!("{} {done}{by_whom}", were(n, what)));
        }
    }
    match tally.of(Verb::CodeQuotation).0 {
        0 => {}
        1 => chosen.push("quotations were recoded or removed once".to_owned()),
        n => {
            let n = number(n as u64);
            chosen.push(format!("quotations were recoded or removed {n} times"));
        }
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

/// `leaders 4 and participants 12`; none of a single group.
fn groups_of(sample: &Sample) -> Option<String> {
    let groups = sample.groups.iter().map(|group| format!("{} {}", group.name, group.n));
    (sample.groups.len() > 1).then(|| list(&groups.collect::<Vec<_>>()))
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
    let groups = groups_of(sample).map_or_else(String::new, |groups| format!(" ({groups})"));
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
        let cases: BTreeSet<&str> =
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
            "Every quote can be checked against the transcripts by its reference, by hand or with Leitmotif. Whether the findings follow from the quotes is for the researchers to judge.".to_owned(),
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
    let mut coders = history.codebook().coders();
    coders.extend(Tally::new(history).coders);
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
