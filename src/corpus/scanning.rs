//! What in the talk may give somebody away.
//!
//! The corpus and the key of names come in; names that are not on the key, addresses,
//! numbers and dates go out as a [`ScanAnswer`], with their places.

use std::collections::{BTreeMap, BTreeSet};

use super::{Corpus, CorpusError};
use crate::answers::{Leak, ScanAnswer};
use crate::pseudonyms::identifying::{
    Identifying, NameScan, capitals_say_nothing, folded, near_names, patterns_in,
};
use crate::pseudonyms::{PseudonymEntry, PseudonymList, Pseudonyms, Rule};
use crate::transcripts::roles::names_a_part;

/// Names shorter than this are in too many words to say that a word is near one.
const MIN_NEAR_LETTERS: usize = 4;

/// What is looked through, and for which names.
pub struct Scanning<'a> {
    corpus: &'a Corpus,
    list: &'a PseudonymList,
    pseudonyms: &'a Pseudonyms,
}

impl<'a> Scanning<'a> {
    /// Looks through a corpus with a key of names and the pseudonyms made of it.
    pub fn new(corpus: &'a Corpus, list: &'a PseudonymList, pseudonyms: &'a Pseudonyms) -> Self {
        Self { corpus, list, pseudonyms }
    }

    /// What in the transcripts may give somebody away and is not on the key; with
    /// `leaks`, what is left of it in what is shown.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn scan(&self, leaks: bool) -> Result<ScanAnswer, CorpusError> {
        let known = self.known_names();
        let mut found: BTreeMap<(Identifying, String), Leak> = BTreeMap::new();
        let mut note =
            |kind: Identifying, text: &str, count: usize, transcript: &str, line: u32| {
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let leak = found.entry((kind, folded(&text))).or_insert_with(|| Leak {
                    kind,
                    text,
                    count: 0,
                    transcript: transcript.to_owned(),
                    line,
                });
                leak.count += count;
            };
        let mut names = NameScan::new();
        let mut places: Vec<(usize, u32)> = Vec::new();
        let near = self.near_letters();
        for (t, transcript) in self.corpus.transcripts.iter().enumerate() {
            let text = self.corpus.text(t)?;
            let analyzer = self.corpus.analyzer(t);
            let id = transcript.id.as_str();
            for speaker in &text.speakers {
                let line = text
                    .turns
                    .iter()
                    .find(|turn| text.speakers[usize::from(turn.speaker)].label == speaker.label)
                    .map_or(1, |turn| text.lines.line_of(turn.span.start));
                if !names_a_part(&speaker.label)
                    && let Some(rest) = rest_of(&speaker.label, &known)
                {
                    note(Identifying::Label, &rest, speaker.n_turns as usize, id, line);
                }
            }
            for turn in &text.turns {
                let said = turn.span.of(&text.text);
                let shown = if leaks { self.pseudonyms.apply(said) } else { said.into() };
                let line_of = |at: usize| {
                    // With pseudonyms in place line breaks stay, bytes do not.
                    let n_lines = shown[..at].matches('\n').count();
                    text.lines.line_of(turn.span.start) + u32::try_from(n_lines).unwrap_or(u32::MAX)
                };
                for (kind, at) in patterns_in(&shown) {
                    if rest_of(&shown[at.clone()], &known).is_some() {
                        note(kind, &shown[at.clone()], 1, id, line_of(at.start));
                    }
                }
                if leaks {
                    for at in near_names(&shown, &near) {
                        if known.find(&shown[at.clone()]).is_empty() {
                            note(Identifying::Near, &shown[at.clone()], 1, id, line_of(at.start));
                        }
                    }
                }
                names.read_with(
                    (&shown, text.line_ends),
                    transcript.language,
                    &analyzer,
                    places.len(),
                );
                places.push((t, text.lines.line_of(turn.span.start)));
            }
        }
        for proposal in names.proposals() {
            if let Some(rest) = rest_of(&proposal.text, &known)
                && self.pseudonyms.names_shown_as(&rest).is_empty()
            {
                let (t, line) = places[proposal.place];
                let id = self.corpus.transcripts[t].id.as_str();
                note(Identifying::Name, &rest, proposal.n_capital, id, line);
            }
        }
        // What is a label, a mail address or near a name is not told twice.
        let told: BTreeSet<String> = found
            .keys()
            .filter(|(kind, _)| *kind != Identifying::Name)
            .map(|(_, text)| text.clone())
            .collect();
        let mut found: Vec<Leak> = found
            .into_iter()
            .filter(|((kind, text), _)| *kind != Identifying::Name || !told.contains(text))
            .map(|(_, leak)| leak)
            .collect();
        found.sort_by(|a, b| {
            a.kind.cmp(&b.kind).then(b.count.cmp(&a.count)).then_with(|| a.text.cmp(&b.text))
        });
        if leaks {
            // What leaves the machine tells nobody's name, not even where it is found.
            for leak in &mut found {
                leak.transcript = self.pseudonyms.apply(&leak.transcript).into_owned();
            }
        }
        Ok(ScanAnswer { is_of_leaks: leaks, found, notes: self.scan_notes() })
    }

    fn scan_notes(&self) -> Vec<String> {
        let mut notes = vec![
            "What has no form of its own, such as a rare illness or an unusual post, is not found by this: read what you share."
                .to_owned(),
        ];
        if self.corpus.languages().into_iter().any(capitals_say_nothing) {
            notes.push(
                "German writes all nouns with capitals, so that there names are proposed only after titles (Frau, Herr, Dr.); labels, addresses, numbers and dates are found as elsewhere."
                    .to_owned(),
            );
        }
        notes
    }

    /// What in a text that is to be shared may give somebody away: names on the
    /// key, words near them, proposals of [`scan`](Self::scan), addresses,
    /// numbers, dates. Lines count in the text.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn leaks(&self, text: &str) -> Result<Vec<Leak>, CorpusError> {
        let known = self.known_names();
        let mut found: BTreeMap<(Identifying, String), Leak> = BTreeMap::new();
        let mut note = |kind: Identifying, at: std::ops::Range<usize>| {
            let words = text[at.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
            let line =
                1 + u32::try_from(text[..at.start].matches('\n').count()).unwrap_or(u32::MAX);
            let leak = found.entry((kind, folded(&words))).or_insert_with(|| Leak {
                kind,
                text: words,
                count: 0,
                transcript: String::new(),
                line,
            });
            leak.count += 1;
        };
        for name in self.pseudonyms.find(text) {
            note(Identifying::Listed, name.at);
        }
        for at in near_names(text, &self.near_letters()) {
            if known.find(&text[at.clone()]).is_empty() {
                note(Identifying::Near, at);
            }
        }
        for (kind, at) in patterns_in(text) {
            if rest_of(&text[at.clone()], &known).is_some() {
                note(kind, at);
            }
        }
        let proposed = self
            .scan(false)?
            .found
            .into_iter()
            .filter(|leak| matches!(leak.kind, Identifying::Label | Identifying::Name));
        let entries = proposed
            .map(|leak| PseudonymEntry {
                name: leak.text,
                pseudonym: String::new(),
                rule: Rule::Capital,
            })
            .collect();
        let proposed = Pseudonyms::new(&PseudonymList { entries }, &self.corpus.languages());
        for name in proposed.find(text) {
            note(Identifying::Name, name.at);
        }
        Ok(found.into_values().collect())
    }

    /// All names that somebody has looked at, those to ignore too.
    fn known_names(&self) -> Pseudonyms {
        let entries = self.list.entries.iter().map(|entry| PseudonymEntry {
            rule: if entry.rule == Rule::Ignore { Rule::AnyCase } else { entry.rule },
            ..entry.clone()
        });
        Pseudonyms::new(&PseudonymList { entries: entries.collect() }, &self.corpus.languages())
    }

    /// The words of listed names by which a word is near one.
    fn near_letters(&self) -> BTreeSet<String> {
        let listed = self.list.entries.iter().filter(|entry| entry.rule != Rule::Ignore);
        let names = listed.flat_map(|entry| entry.name.split(|c: char| !c.is_alphanumeric()));
        names
            .filter(|word| word.starts_with(char::is_uppercase))
            .map(folded)
            .filter(|word| word.chars().count() >= MIN_NEAR_LETTERS)
            .collect()
    }
}

/// What is left of a text without names that are known; `None` if nothing is.
fn rest_of(text: &str, known: &Pseudonyms) -> Option<String> {
    let mut rest = String::with_capacity(text.len());
    let mut done = 0;
    for name in known.find(text) {
        rest.push_str(&text[done..name.at.start]);
        done = name.at.end;
    }
    rest.push_str(&text[done..]);
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric() && c != '+');
    let bare = rest.strip_suffix("’s").or_else(|| rest.strip_suffix("'s")).unwrap_or(rest);
    (bare.chars().filter(|c| c.is_alphanumeric()).count() > 1).then(|| bare.to_owned())
}
