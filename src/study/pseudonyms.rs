//! Pseudonyms of a study: where the key is kept, what is shown, what leaks.
//!
//! The façade's answers hold names, since decisions, anchors and other answers
//! are made of them; [`Snapshot::shown`] is the door through which every answer goes
//! before anybody sees it.
//!
//! The key is `pseudonyms.csv` in the store (`.leitmotif`), beside what is
//! derived and apart from the transcripts, or the file that study.toml names. It
//! is never exported and never read as a transcript.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Session, Settings, Snapshot, StudyError};
use crate::answers::{HideNames, KeyAnswer, KeyRow, Leak, ScanAnswer, Unshown};
use crate::base::{Diagnostic, LineIndex, Remedy, Span};
use crate::codebook::standing::words_in;
use crate::codebook::{Codebook, MemoTarget, Place, checksum_of};
use crate::exchange::{Bundle, SourceText};
use crate::pseudonyms::identifying::{
    Identifying, NameScan, capitals_say_nothing, folded, near_names, patterns_in,
};
use crate::pseudonyms::{
    PseudonymEntry, PseudonymError, PseudonymList, Pseudonyms, Rule, ShownText,
};
use crate::sources;
use crate::sources::find::plain;
use crate::terms::{Analyzer, Language};
use crate::transcripts::Transcript;
use crate::transcripts::roles::names_a_part;

/// The name of the key's file.
pub const KEY_FILE: &str = "pseudonyms.csv";
/// Names shorter than this are in too many words to say that a word is near one.
const MIN_NEAR_LETTERS: usize = 4;

/// The key of a study, and what follows from it.
#[derive(Clone, Default)]
pub(super) struct Key {
    pub(super) file: PathBuf,
    list: PseudonymList,
    pseudonyms: Arc<Pseudonyms>,
    shows_originals: bool,
}

impl Key {
    /// Reads the key.
    pub(super) fn read(
        root: &Path,
        store: &Path,
        settings: &Settings,
        languages: &[Language],
    ) -> Result<Self, StudyError> {
        let named = settings.pseudonyms.as_ref().map(|path| root.join(path));
        let is_named = named.is_some();
        let file = named.unwrap_or_else(|| store.join(KEY_FILE));
        let unreadable =
            |problem: String| StudyError::Unreadable { path: file.display().to_string(), problem };
        let list = match fs::read(&file) {
            Ok(bytes) => {
                let text = sources::decode_text(&bytes).map_err(|e| unreadable(e.to_string()))?;
                PseudonymList::parse(&text)?
            }
            // A key that is named and missing must not let names be shown.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && is_named => {
                return Err(StudyError::NoKey { file });
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => PseudonymList::default(),
            Err(error) => return Err(unreadable(plain(&error))),
        };
        let pseudonyms = Arc::new(Pseudonyms::new(&list, languages));
        Ok(Self { file, list, pseudonyms, shows_originals: false })
    }
}

impl Key {
    /// The same key, with names shown as they are.
    pub(super) fn showing_originals(&self) -> Self {
        Self { shows_originals: true, ..self.clone() }
    }

    /// The key with other names on it, once they are written: whoever reads meanwhile
    /// sees the old ones or the new ones.
    fn with_names(&self, list: PseudonymList, languages: &[Language]) -> Result<Self, StudyError> {
        let file = &self.file;
        let cannot = |error: std::io::Error| StudyError::Store {
            path: file.clone(),
            problem: plain(&error),
        };
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(cannot)?;
        }
        let half = file.with_extension(format!("csv.{}", std::process::id()));
        let write = || -> std::io::Result<()> {
            let mut out = fs::File::create(&half)?;
            out.write_all(list.write().as_bytes())?;
            out.sync_all()?;
            fs::rename(&half, file)
        };
        write().map_err(|error| {
            // Nothing more can be done about the half file.
            fs::remove_file(&half).ok();
            cannot(error)
        })?;
        let pseudonyms = Arc::new(Pseudonyms::new(&list, languages));
        Ok(Self { file: file.clone(), list, pseudonyms, ..*self })
    }
}

impl Session {
    /// Adds a name to the key, or changes its rule.
    pub(super) fn add_pseudonym(&self, entry: PseudonymEntry) -> Result<(), StudyError> {
        self.change_key(|list| list.add(entry))
    }

    /// Takes a name off the key; returns what it was.
    pub(super) fn remove_pseudonym(&self, name: &str) -> Result<PseudonymEntry, StudyError> {
        self.change_key(|list| list.remove(name))
    }

    fn change_key<T>(
        &self,
        change: impl FnOnce(&mut PseudonymList) -> Result<T, PseudonymError>,
    ) -> Result<T, StudyError> {
        let now = self.snapshot();
        let mut list = now.key.list.clone();
        let changed = change(&mut list)?;
        let key = now.key.with_names(list, &now.corpus.languages())?;
        self.swap_in(Snapshot { key: Arc::new(key), ..now });
        Ok(changed)
    }
}

impl Snapshot {
    /// The pseudonyms of the study; none if originals are shown.
    pub fn pseudonyms(&self) -> Option<&Arc<Pseudonyms>> {
        let is_used = !self.key.shows_originals && !self.key.pseudonyms.is_empty();
        is_used.then_some(&self.key.pseudonyms)
    }

    /// An answer as it is shown: with pseudonyms.
    pub fn shown<T: HideNames>(&self, answer: Unshown<T>) -> T {
        answer.shown(self.pseudonyms().map(Arc::as_ref))
    }

    /// An answer with pseudonyms, if they are shown: for what is made of shown texts.
    pub(super) fn hidden<T: HideNames>(&self, answer: T) -> T {
        self.shown(Unshown::new(answer))
    }

    /// A text as it is shown: with pseudonyms.
    pub fn shown_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.pseudonyms().map_or(Cow::Borrowed(text), |pseudonyms| pseudonyms.apply(text))
    }

    /// A transcript as it is shown, with the `places` in it.
    pub(super) fn shown_transcript(
        &self,
        transcript: &Transcript,
        places: &mut [Span],
    ) -> Transcript {
        let mut transcript = transcript.clone();
        let Some(pseudonyms) = self.pseudonyms() else { return transcript };
        let original = std::mem::take(&mut transcript.text);
        let shown = pseudonyms.show(&original);
        let moved = |span: Span| {
            let [start, end] = shown.byte_range([span.start as usize, span.end as usize]);
            Span::new(start, end)
        };
        for turn in &mut transcript.turns {
            turn.span = moved(turn.span);
            for (at, _) in &mut turn.cues {
                *at = moved(Span { start: *at, end: *at }).start;
            }
        }
        for place in places {
            *place = moved(*place);
        }
        for speaker in &mut transcript.speakers {
            speaker.label.hide_names(pseudonyms);
        }
        transcript.lines = LineIndex::new(&shown.text);
        transcript.text = shown.text.into_owned();
        transcript
    }

    /// All pseudonyms, whatever is shown: what people may type.
    pub(super) fn every_pseudonym(&self) -> &Pseudonyms {
        &self.key.pseudonyms
    }

    /// Where words stand in lines of a transcript that are written there as they are
    /// shown, with pseudonyms; `None` unless once.
    pub(super) fn shown_words(
        &self,
        transcript: &Transcript,
        lines: Span,
        words: &str,
    ) -> Option<Span> {
        let original = lines.of(&transcript.text);
        let shown = self.pseudonyms()?.show(original);
        let [(from, to)] = words_in(&shown.text, words)[..] else { return None };
        let n_chars = |at: usize| shown.text[..at].chars().count();
        let [start, end] = shown.original([n_chars(from), n_chars(to)]);
        let byte = |n: usize| original.char_indices().nth(n).map_or(original.len(), |(at, _)| at);
        let from = lines.start as usize;
        Some(Span::new(from + byte(start), from + byte(end)))
    }

    /// What goes to another tool, as it is shown: texts, and with them the places of
    /// quotations, ids, codes, memos and attributes.
    pub(super) fn shown_bundle(&self, mut bundle: Bundle) -> Bundle {
        let Some(pseudonyms) = self.pseudonyms() else { return bundle };
        bundle.name.hide_names(pseudonyms);
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut texts: BTreeMap<String, (String, ShownText<'_>)> = BTreeMap::new();
        for source in &bundle.sources {
            // Two transcripts that one pseudonym names are two still.
            let shown = pseudonyms.apply(&source.id).into_owned();
            let others = (2..).map(|n| format!("{shown} ({n})"));
            let mut free = std::iter::once(shown.clone()).chain(others);
            let id = free.find(|id| !taken.contains(id)).expect("numbers do not run out");
            taken.insert(id.clone());
            ids.insert(source.id.clone(), id);
            let text = pseudonyms.show(&source.text);
            texts.insert(source.id.clone(), (checksum_of(&text.text), text));
        }
        let new_id = |id: &mut String| match ids.get(id) {
            Some(shown) => shown.clone_into(id),
            None => id.hide_names(pseudonyms),
        };
        let move_place = |place: &mut Place| {
            if let Some((checksum, shown)) = texts.get(&place.transcript) {
                let span = [place.span.start as usize, place.span.end as usize];
                let [start, end] = shown.byte_range(span);
                place.span = Span::new(start, end);
                checksum.clone_into(&mut place.checksum);
            }
            new_id(&mut place.transcript);
        };
        let Codebook { codes, quotations, memos, rejections, .. } = &mut bundle.codebook;
        let origins = codes.values_mut().map(|code| {
            code.name.hide_names(pseudonyms);
            code.definition.hide_names(pseudonyms);
            code.include.hide_names(pseudonyms);
            code.exclude.hide_names(pseudonyms);
            code.origin.as_mut()
        });
        let rejected = rejections.values_mut().map(|rejection| {
            rejection.reason.hide_names(pseudonyms);
            Some(&mut rejection.candidate)
        });
        for origin in origins.chain(rejected).flatten() {
            origin.label.hide_names(pseudonyms);
            origin.passages.iter_mut().for_each(&move_place);
        }
        for quotation in quotations.values_mut() {
            let transcript = quotation.place.transcript.clone();
            move_place(&mut quotation.place);
            match texts.get(&transcript) {
                Some((_, shown)) => {
                    quotation.place.span.of(&shown.text).clone_into(&mut quotation.text);
                }
                None => quotation.text.hide_names(pseudonyms),
            }
        }
        for memo in memos.values_mut() {
            memo.text.hide_names(pseudonyms);
            match &mut memo.about {
                MemoTarget::Transcript(id) => new_id(id),
                MemoTarget::Case(id) => id.hide_names(pseudonyms),
                MemoTarget::Study | MemoTarget::Code(_) | MemoTarget::Quotation(_) => {}
            }
        }
        for case in &mut bundle.cases {
            case.id.hide_names(pseudonyms);
            case.attributes.values_mut().for_each(|value| value.hide_names(pseudonyms));
            case.sources.iter_mut().for_each(new_id);
        }
        let shown: Vec<(String, String)> = bundle
            .sources
            .iter()
            .map(|source| (ids[&source.id].clone(), texts[&source.id].1.text.clone().into_owned()))
            .collect();
        bundle.sources = shown.into_iter().map(|(id, text)| SourceText { id, text }).collect();
        bundle
    }

    /// Transcripts that pseudonyms leave with one id: quotes could not be told apart.
    pub fn same_when_shown(&self) -> Unshown<Vec<Diagnostic>> {
        let mut by_shown: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for known in &self.corpus.transcripts {
            by_shown.entry(self.shown_text(&known.id).into_owned()).or_default().push(&known.id);
        }
        Unshown::new(
            by_shown
                .into_iter()
                .filter(|(_, ids)| ids.len() > 1)
                .map(|(shown, ids)| {
                    Diagnostic::new(format!("{} transcripts are shown as `{shown}`", ids.len()))
                        .with(Remedy::new("give their names different pseudonyms"))
                })
                .collect(),
        )
    }

    /// A key where nobody reads it: names would be shown that people think hidden.
    pub(super) fn key_out_of_place(&self) -> Option<Diagnostic> {
        let other = self.folder.root.join(KEY_FILE);
        (other.is_file() && self.key.file != other).then(|| {
            Diagnostic::new("the key of pseudonyms is not used where it lies")
                .in_file(KEY_FILE, None)
                .with(Remedy::new(format!(
                    "move it to `{}`, or write `pseudonyms = \"{KEY_FILE}\"` into study.toml",
                    self.folder.store.join(KEY_FILE).display()
                )))
        })
    }

    /// In how many places a name on the key stands in the talk.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn n_places(&self, name: &str) -> Result<usize, StudyError> {
        Ok(self.count_names()?.remove(name).unwrap_or(0))
    }

    /// The entry of the key for a name, however it is spelt.
    pub fn key_entry(&self, name: &str) -> Option<&PseudonymEntry> {
        let wanted = folded(name.trim());
        self.key.list.entries.iter().find(|entry| folded(&entry.name) == wanted)
    }

    /// How often a name is taken to stand in the talk in small letters.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn n_small(&self, name: &str) -> Result<usize, StudyError> {
        let entry = PseudonymEntry {
            name: name.to_owned(),
            pseudonym: "[ ]x".to_owned(),
            rule: Rule::AnyCase,
        };
        let list = PseudonymList { entries: vec![entry] };
        let alone = Pseudonyms::new(&list, &self.corpus.languages());
        let mut n_small = 0;
        for t in 0..self.corpus.transcripts.len() {
            let text = &self.corpus.text(t)?.text;
            let is_small = |found: &crate::pseudonyms::FoundName| {
                !text[found.at.clone()].contains(char::is_uppercase)
            };
            n_small += alone.find(text).iter().filter(|found| is_small(found)).count();
        }
        Ok(n_small)
    }

    /// The key, with how often each name is said. It is for those who keep it: names
    /// are shown in it.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn key(&self) -> Result<KeyAnswer, StudyError> {
        let counts = self.count_names()?;
        let row = |entry: &PseudonymEntry| {
            KeyRow::new(entry, counts.get(&entry.name).copied().unwrap_or(0))
        };
        Ok(KeyAnswer {
            file: self.key.file.display().to_string(),
            names: self.key.list.entries.iter().map(row).collect(),
        })
    }

    fn count_names(&self) -> Result<BTreeMap<String, usize>, StudyError> {
        let mut counts = BTreeMap::new();
        for t in 0..self.corpus.transcripts.len() {
            let text = &self.corpus.text(t)?.text;
            for found in self.key.pseudonyms.find(text) {
                *counts.entry(self.key.pseudonyms.name_of(&found).to_owned()).or_insert(0) += 1;
            }
        }
        Ok(counts)
    }

    /// What in the transcripts may give somebody away and is not on the key; with
    /// `leaks`, what is left of it in what is shown.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn scan(&self, leaks: bool) -> Result<ScanAnswer, StudyError> {
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
            let analyzer = Analyzer::new(transcript.language, &self.settings.analyzer());
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
                let shown = if leaks { self.key.pseudonyms.apply(said) } else { said.into() };
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
                names.read_with(&shown, transcript.language, &analyzer, places.len());
                places.push((t, text.lines.line_of(turn.span.start)));
            }
        }
        for proposal in names.proposals() {
            if let Some(rest) = rest_of(&proposal.text, &known)
                && self.key.pseudonyms.names_shown_as(&rest).is_empty()
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
                leak.transcript = self.key.pseudonyms.apply(&leak.transcript).into_owned();
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
    /// [`StudyError`] if remembered data are gone.
    pub fn leaks(&self, text: &str) -> Result<Vec<Leak>, StudyError> {
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
        for name in self.key.pseudonyms.find(text) {
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
        let entries = self.key.list.entries.iter().map(|entry| PseudonymEntry {
            rule: if entry.rule == Rule::Ignore { Rule::AnyCase } else { entry.rule },
            ..entry.clone()
        });
        Pseudonyms::new(&PseudonymList { entries: entries.collect() }, &self.corpus.languages())
    }

    /// The words of listed names by which a word is near one.
    fn near_letters(&self) -> BTreeSet<String> {
        let listed = self.key.list.entries.iter().filter(|entry| entry.rule != Rule::Ignore);
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
