//! Which passages a field of a query means.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use fixedbitset::FixedBitSet;

use super::SearchError;
use super::evaluate::Glob;
use super::finder::{Finder, KnownCode, KnownPart};
use super::index::WordField;
use crate::base::{Remedy, Span, Task, nearest};
use crate::query::parse::QueryError;
use crate::query::{FieldTest, FieldValue};
use crate::terms::{Analyzer, Language, TokenKind, fold};
use crate::transcripts::roles::Role;
use crate::transcripts::{normal_label, stem_of};

/// An interviewer's words up to this many ("And why?") prod on the same
/// question and end no answer.
const PROD_WORDS: u32 = 3;

/// Tests the fields of one query.
pub(super) struct Fields<'a, 'f> {
    pub(super) finder: &'a Finder<'f>,
    /// As typed.
    pub(super) query: &'a str,
}

impl Fields<'_, '_> {
    /// The passages that pass a test.
    pub(super) fn passages(&self, test: &FieldTest) -> Result<FixedBitSet, SearchError> {
        match test.name.as_str() {
            "speaker" => self.of_speakers(test),
            "role" => self.of_roles(test),
            "transcript" => self.of_transcripts(test),
            "theme" => self.of_themes(test),
            "code" => self.of_codes(test),
            "answers" => self.of_answers(test),
            "time" => self.of_times(test),
            "case" => {
                let cases = &self.finder.corpus.cases;
                let id = |case: usize| cases.cases[case].id.as_str();
                self.of_cases(test, &|t, s| cases.of_speaker[t][s].map(id))
            }
            name => self.of_attribute(test, name),
        }
    }

    fn of_attribute(&self, test: &FieldTest, name: &str) -> Result<FixedBitSet, SearchError> {
        self.of_cases(test, &|t, s| self.finder.corpus.cases.value(t, s, name))
    }

    fn error(&self, at: Span, problem: String, hint: String) -> SearchError {
        self.refusal(at, problem, Remedy::new(hint))
    }

    fn refusal(&self, at: Span, problem: String, remedy: Remedy) -> SearchError {
        QueryError { query: self.query.to_owned(), at, problem, remedy }.into()
    }

    fn as_pseudonym<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.finder.pseudonyms.apply(text)
    }

    /// A value that nothing has.
    fn unknown(&self, test: &FieldTest, value: &str, known: &BTreeSet<&str>) -> SearchError {
        let shown = |value: &str| {
            if value.contains(' ') { format!("\"{value}\"") } else { value.to_owned() }
        };
        let by_number = known.iter().copied().find(|known| unpadded(known) == unpadded(value));
        let hint = match by_number.or_else(|| nearest(value, known.iter().copied())) {
            Some(near) => format!("did you mean `{}:{}`?", test.name, shown(near)),
            None if known.is_empty() => {
                format!("nothing in this study has an attribute `{}`", test.name)
            }
            None => {
                let some: Vec<String> =
                    known.iter().take(12).map(|value| format!("`{}`", shown(value))).collect();
                let more = if known.len() > some.len() { " and others" } else { "" };
                format!("known values: {}{more}", some.join(", "))
            }
        };
        self.error(test.at, format!("no {} has the value `{value}`", test.name), hint)
    }

    /// The value of a test that knows no bounds.
    fn plain<'t>(&self, test: &'t FieldTest, example: &str) -> Result<&'t str, SearchError> {
        match &test.value {
            FieldValue::Is(value) => Ok(value),
            FieldValue::Compare(..) | FieldValue::Between(..) => Err(self.error(
                test.at,
                format!("`{}` cannot be compared with `>` or `<`", test.name),
                format!("give one value, such as `{}:{example}`", test.name),
            )),
        }
    }

    /// The passages of all speakers that pass.
    fn by_speaker(&self, passes: &dyn Fn(usize, u16) -> bool) -> FixedBitSet {
        let corpus = self.finder.corpus;
        let mut found = FixedBitSet::with_capacity(corpus.n_passages());
        for (t, transcript) in corpus.transcripts.iter().enumerate() {
            let speakers = 0..u16::try_from(transcript.speakers.len()).unwrap_or(u16::MAX);
            let passing: Vec<bool> = speakers.map(|speaker| passes(t, speaker)).collect();
            if passing.contains(&true) {
                let offset = corpus.offsets[t] as usize;
                for (place, passage) in transcript.passages.iter().enumerate() {
                    found.set(offset + place, passing[usize::from(passage.speaker)]);
                }
            }
        }
        found
    }

    fn of_speakers(&self, test: &FieldTest) -> Result<FixedBitSet, SearchError> {
        let value = self.plain(test, "Ruth")?;
        let transcripts = &self.finder.corpus.transcripts;
        let is_named = Named::new(value);
        let label = |t: usize, s: u16| transcripts[t].speakers[usize::from(s)].label.as_str();
        let has = |label: &str| is_named.has(label) || is_named.has(&self.as_pseudonym(label));
        let found = self.by_speaker(&|t, s| has(label(t, s)));
        if found.is_clear() {
            let labels =
                transcripts.iter().flat_map(|t| t.speakers.iter().map(|s| s.label.as_str()));
            return Err(self.unknown(
                test,
                value,
                &labels.filter(|label| !label.is_empty()).collect(),
            ));
        }
        Ok(found)
    }

    fn of_roles(&self, test: &FieldTest) -> Result<FixedBitSet, SearchError> {
        let value = self.plain(test, "participant")?;
        let roles = [Role::Interviewer, Role::Participant, Role::Other];
        let one = value.strip_suffix(['s', 'S']);
        let Some(wanted) = Role::parse(value).or_else(|| one.and_then(Role::parse)) else {
            // Many a cases.csv calls what people do for a living their role.
            let cases = &self.finder.corpus.cases;
            let mut known: BTreeSet<&str> =
                cases.by(|t, s| cases.value(t, s, "role")).into_keys().collect();
            let wanted = Wanted::new(value);
            if known.iter().any(|own| wanted.is(own) || wanted.is(&self.as_pseudonym(own))) {
                return self.of_attribute(test, "role");
            }
            known.extend(roles.iter().map(|role| role.name()));
            return Err(self.unknown(test, value, &known));
        };
        Ok(self.by_speaker(&|t, s| self.finder.corpus.role_of(t, s) == wanted))
    }

    fn of_transcripts(&self, test: &FieldTest) -> Result<FixedBitSet, SearchError> {
        let value = self.plain(test, "P07")?;
        let corpus = self.finder.corpus;
        let ids = || corpus.transcripts.iter().map(|t| t.id.as_str());
        let found: Vec<bool> = if value.contains(['*', '?']) {
            let glob = Glob::new(&folded(value));
            let fits = |id: &str| glob.matches(&folded(id)) || glob.matches(&folded(stem_of(id)));
            ids().map(|id| fits(id) || fits(&self.as_pseudonym(id))).collect()
        } else {
            let found = corpus.named(value, self.finder.pseudonyms);
            (0..corpus.transcripts.len()).map(|t| found == Some(t)).collect()
        };
        if !found.contains(&true) {
            return Err(self.unknown(
                test,
                value,
                &ids().flat_map(|id| [id, stem_of(id)]).collect(),
            ));
        }
        Ok(self.by_speaker(&|t, _| found[t]))
    }

    fn of_cases<'s>(
        &'s self,
        test: &FieldTest,
        value_of: &dyn Fn(usize, usize) -> Option<&'s str>,
    ) -> Result<FixedBitSet, SearchError> {
        let passes: Box<dyn Fn(&str) -> bool> = match &test.value {
            FieldValue::Is(value) => {
                let wanted = Wanted::new(value);
                Box::new(move |value| wanted.is(value) || wanted.is(&self.as_pseudonym(value)))
            }
            FieldValue::Compare(comparison, bound) => {
                let (comparison, bound) = (*comparison, self.bound(test, bound)?);
                Box::new(move |value| {
                    bound.order(value).is_some_and(|order| comparison.holds(order))
                })
            }
            FieldValue::Between(low, high) => {
                let end = |end: &str| (!end.is_empty()).then(|| self.bound(test, end)).transpose();
                let (low, high) = (end(low)?, end(high)?);
                Box::new(move |value| {
                    let passes = |end: &Option<Bound>, wrong: Ordering| {
                        end.as_ref()
                            .is_none_or(|end| end.order(value).is_some_and(|order| order != wrong))
                    };
                    passes(&low, Ordering::Less) && passes(&high, Ordering::Greater)
                })
            }
        };
        let known = self.finder.corpus.cases.by(value_of);
        let passing: BTreeSet<&str> = known.keys().copied().filter(|value| passes(value)).collect();
        if let (FieldValue::Is(value), true) = (&test.value, passing.is_empty()) {
            return Err(self.unknown(test, value, &known.into_keys().collect()));
        }
        Ok(self.by_speaker(&|t, s| {
            value_of(t, usize::from(s)).is_some_and(|value| passing.contains(value))
        }))
    }

    fn bound(&self, test: &FieldTest, text: &str) -> Result<Bound, SearchError> {
        Bound::new(text).ok_or_else(|| {
            self.error(
                test.at,
                format!("`{text}` is neither a number nor a date"),
                format!(
                    "write for example `{name}:>10` or `{name}:>=2024-03-01`",
                    name = test.name
                ),
            )
        })
    }

    fn of_themes(&self, test: &FieldTest) -> Result<FixedBitSet, SearchError> {
        let value = self.plain(test, "3")?;
        let last = self.finder.themes.as_ref().filter(|last| !last.labels.is_empty());
        let Some(last) = last else {
            return Err(self.refusal(
                test.at,
                "there are no themes yet for the transcripts as they are now".to_owned(),
                Remedy::by(Task::SuggestThemes, "have them suggested first"),
            ));
        };
        let wanted = Wanted::new(value);
        let by_number = value.parse::<u32>().ok();
        let by_number = by_number.filter(|id| last.labels.iter().any(|(known, _)| known == id));
        let is_named = |label: &str| wanted.is(label) || wanted.is(&self.as_pseudonym(label));
        let ids: Vec<u32> = last
            .labels
            .iter()
            .filter(|(id, label)| by_number.map_or_else(|| is_named(label), |number| number == *id))
            .map(|(id, _)| *id)
            .collect();
        let is_meant = |code: &&KnownPart| {
            code.number == value || (by_number.is_none() && is_named(&code.label))
        };
        let codes: Vec<&KnownPart> = last.codes.iter().filter(is_meant).collect();
        if ids.is_empty() && codes.is_empty() {
            let labels = last.labels.iter().map(|(_, label)| label.as_str());
            let codes = last.codes.iter().map(|code| code.label.as_str());
            return Err(self.unknown(test, value, &labels.chain(codes).collect()));
        }
        let mut found = FixedBitSet::with_capacity(self.finder.corpus.n_passages());
        found.extend(codes.iter().flat_map(|code| code.passages.iter().copied()));
        for (passage, themes) in last.themes_of.iter().enumerate() {
            if themes.iter().any(|theme| ids.contains(theme)) {
                found.insert(passage);
            }
        }
        Ok(found)
    }

    /// The passages that a quotation of the code, or of one under it, touches.
    fn of_codes(&self, test: &FieldTest) -> Result<FixedBitSet, SearchError> {
        let value = self.plain(test, "tea")?;
        let codes = match &*self.finder.codes {
            Ok(codes) if codes.is_empty() => {
                return Err(self.refusal(
                    test.at,
                    "nothing has been coded in this study yet".to_owned(),
                    Remedy::by(Task::SuggestThemes, "accept a suggested theme first"),
                ));
            }
            Ok(codes) => codes,
            Err(error) => {
                let helps = || Remedy::new("leave the field out");
                let remedy = error.remedy.clone().unwrap_or_else(helps);
                return Err(self.refusal(test.at, error.problem.clone(), remedy));
            }
        };
        let mut found = FixedBitSet::with_capacity(self.finder.corpus.n_passages());
        let named = self.codes_named(codes, value);
        found.extend(named.iter().flat_map(|&at| codes[at].passages.iter().copied()));
        if named.is_empty() {
            let paths = codes.iter().flat_map(|code| {
                [code.path.as_str(), code.path.rsplit(" > ").next().unwrap_or_default()]
            });
            return Err(self.unknown(test, value, &paths.collect()));
        }
        Ok(found)
    }

    /// The places of the codes that a value names.
    pub(super) fn codes_named(&self, codes: &[KnownCode], value: &str) -> Vec<usize> {
        let wanted = Wanted::new(value);
        let is_meant = |code: &KnownCode| {
            let last = code.path.rsplit(" > ").next().unwrap_or_default();
            let names = [code.path.as_str(), last];
            names.iter().any(|name| wanted.is(name) || wanted.is(&self.as_pseudonym(name)))
        };
        (0..codes.len()).filter(|&at| is_meant(&codes[at])).collect()
    }

    fn of_times(&self, test: &FieldTest) -> Result<FixedBitSet, SearchError> {
        let FieldValue::Between(from, to) = &test.value else {
            return Err(self.error(
                test.at,
                "a time is a range".to_owned(),
                "write for example `time:00:10:00..00:20:00`, or leave one end out".to_owned(),
            ));
        };
        let end = |text: &str, open: u64| {
            if text.is_empty() {
                return Ok(open);
            }
            clock_ms(text).ok_or_else(|| {
                self.error(
                    test.at,
                    format!("`{text}` is not a time in a recording"),
                    "write hours, minutes and seconds, such as `00:10:00`".to_owned(),
                )
            })
        };
        let (from, to) = (end(from, 0)?, end(to, u64::MAX)?);
        let passages =
            self.finder.corpus.transcripts.iter().flat_map(|transcript| &transcript.passages);
        let mut found = FixedBitSet::with_capacity(self.finder.corpus.n_passages());
        let mut any_time = false;
        for (at, passage) in passages.enumerate() {
            let Some(time) = passage.time else { continue };
            any_time = true;
            found.set(at, time.start_ms <= to && time.end_ms.unwrap_or(time.start_ms) >= from);
        }
        if !any_time {
            return Err(self.error(
                test.at,
                "no transcript of this study has times".to_owned(),
                "leave the field out".to_owned(),
            ));
        }
        Ok(found)
    }

    /// Talk that follows an interviewer's question which holds all content
    /// words of the value, up to the next question.
    fn of_answers(&self, test: &FieldTest) -> Result<FixedBitSet, SearchError> {
        let value = self.plain(test, "\"what did you miss\"")?;
        let corpus = self.finder.corpus;
        let is_interviewer = |t: usize, s: u16| corpus.role_of(t, s) == Role::Interviewer;
        let mut found = FixedBitSet::with_capacity(corpus.n_passages());
        if self.by_speaker(&is_interviewer).is_clear() {
            return Err(self.refusal(
                test.at,
                "nobody in this study is an interviewer".to_owned(),
                Remedy::by(
                    Task::ListTranscripts,
                    "write the interviewers into study.toml; see who is who",
                ),
            ));
        }
        let mut analyzers: BTreeMap<Language, Analyzer> = BTreeMap::new();
        let mut holding: BTreeMap<(WordField, String), FixedBitSet> = BTreeMap::new();
        for (t, transcript) in corpus.transcripts.iter().enumerate() {
            let analyzer =
                analyzers.entry(transcript.language).or_insert_with(|| corpus.analyzer(t));
            let mut words = BTreeSet::new();
            let tokens = analyzer.tokens(value);
            for token in &tokens {
                if matches!(token.kind, TokenKind::Content | TokenKind::Number) {
                    let stem = fold(&analyzer.stem(token.span.of(value))).into_owned();
                    words.insert((WordField::Stem, stem));
                }
            }
            if words.is_empty() {
                let spoken = tokens.iter().map(|token| folded(token.span.of(value)));
                words.extend(spoken.map(|word| (WordField::Exact, word)));
            }
            for key in &words {
                if !holding.contains_key(key) {
                    let mut passages = FixedBitSet::with_capacity(corpus.n_passages());
                    for posting in self.finder.searcher.index.postings(key.0, &key.1)? {
                        passages.insert(posting.passage as usize);
                    }
                    holding.insert(key.clone(), passages);
                }
            }
            let offset = corpus.offsets[t] as usize;
            let mut is_answer = false;
            let mut passages = transcript.passages.iter().enumerate().peekable();
            while let Some((place, passage)) = passages.next() {
                if !is_interviewer(t, passage.speaker) {
                    found.set(offset + place, is_answer);
                    continue;
                }
                let (mut last, mut n_words) = (place, passage.n_words);
                while let Some((next, more)) =
                    passages.next_if(|(_, passage)| is_interviewer(t, passage.speaker))
                {
                    (last, n_words) = (next, n_words + more.n_words);
                }
                let question = offset + place..=offset + last;
                let asks = words
                    .iter()
                    .all(|word| question.clone().any(|passage| holding[word].contains(passage)));
                is_answer = asks || (is_answer && n_words <= PROD_WORDS);
            }
        }
        Ok(found)
    }
}

/// The form in which values are compared.
fn folded(text: &str) -> String {
    fold(&normal_label(text)).into_owned()
}

/// A name in lower case, without zeros before its numbers: `P07` is `P7`.
fn unpadded(name: &str) -> String {
    let mut found = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if found.ends_with('0') && c.is_ascii_digit() {
            let before = found.chars().rev().nth(1);
            if before.is_none_or(|before| !before.is_ascii_digit()) {
                found.pop();
            }
        }
        found.push(c);
    }
    found
}

/// A value that an attribute must have.
struct Wanted(Glob);

impl Wanted {
    fn new(value: &str) -> Self {
        Self(Glob::new(&folded(value)))
    }

    fn is(&self, value: &str) -> bool {
        self.0.matches(&folded(value))
    }
}

/// A speaker's name, or part of it.
struct Named {
    whole: Wanted,
    words: Vec<String>,
}

impl Named {
    fn new(value: &str) -> Self {
        let words = folded(value).split_whitespace().map(str::to_owned).collect();
        Self { whole: Wanted::new(value), words }
    }

    fn has(&self, label: &str) -> bool {
        let label_words = folded(label);
        let has_word = |word: &String| label_words.split_whitespace().any(|known| known == word);
        self.whole.is(label) || (!self.words.is_empty() && self.words.iter().all(has_word))
    }
}

/// What a value is compared with.
enum Bound {
    Number(f64),
    /// A day, `2024-03-01`: its digits sort as the days do.
    Day(String),
}

impl Bound {
    fn new(text: &str) -> Option<Self> {
        if let Ok(number) = text.trim().replace(',', ".").parse::<f64>() {
            return number.is_finite().then_some(Self::Number(number));
        }
        let is_day = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() });
        is_day.then(|| Self::Day(text.to_owned()))
    }

    /// How a value stands to the bound; `None` if they cannot be compared.
    fn order(&self, value: &str) -> Option<Ordering> {
        match (self, Self::new(value)?) {
            (Self::Number(bound), Self::Number(value)) => value.partial_cmp(bound),
            (Self::Day(bound), Self::Day(value)) => Some(value.cmp(bound)),
            _ => None,
        }
    }
}

/// `1:02:03`, `02:03` or `90` as milliseconds.
fn clock_ms(text: &str) -> Option<u64> {
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    let mut seconds = 0_u64;
    for part in parts {
        let number: u64 = part.parse().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit()))?;
        seconds = seconds.checked_mul(60)?.checked_add(number)?;
    }
    seconds.checked_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_recording_are_read() {
        assert_eq!(clock_ms("00:10:00"), Some(600_000));
        assert_eq!(clock_ms("1:02:03"), Some(3_723_000));
        assert_eq!(clock_ms("02:03"), Some(123_000));
        for bad in ["", "a", "1:2:3:4", "-1", "1:-2", "99999999999999999999"] {
            assert_eq!(clock_ms(bad), None, "{bad}");
        }
    }

    #[test]
    fn zeros_before_a_number_name_nobody_else() {
        assert_eq!(unpadded("P07"), "p7");
        assert_eq!(unpadded("p007"), unpadded("P7"));
        assert_eq!(unpadded("P070"), "p70");
        assert_eq!(unpadded("P0"), "p0");
        assert_ne!(unpadded("P10"), unpadded("P1"));
    }

    #[test]
    fn values_compare_as_numbers_or_days() {
        let order = |bound: &str, value: &str| Bound::new(bound).unwrap().order(value);
        assert_eq!(order("10", "9"), Some(Ordering::Less));
        assert_eq!(order("10", "10.0"), Some(Ordering::Equal));
        assert_eq!(order("2024-03-01", "2024-11-01"), Some(Ordering::Greater));
        assert_eq!(order("10", "2024-11-01"), None);
        assert_eq!(order("10", "many"), None);
        assert!(Bound::new("ten").is_none() && Bound::new("NaN").is_none());
    }

    #[test]
    fn a_speaker_is_found_by_part_of_the_name() {
        assert!(Named::new("sian").has("Dr Siân Hughes"));
        assert!(Named::new("Hughes Siân").has("Dr Siân  Hughes"));
        assert!(Named::new("dr*").has("Dr Siân Hughes"));
        assert!(!Named::new("sia").has("Siân"));
    }
}
