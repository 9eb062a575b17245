//! What in talk may give somebody away: names, mail addresses, phone numbers,
//! dates, as far as they can be told by their form.
//!
//! Text comes in, turn by turn; counted proposals with one place each go out. A
//! proposal is no finding: people decide. What has no form of its own (a rare
//! illness, "the only woman on the board") is not found here.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::words::pieces;
use crate::base::{LineEnds, one_line};
use crate::passages::sentences::sentences;
use crate::terms::Language;
use crate::terms::TokenKind;
use crate::terms::fold;
use crate::terms::{Analyzer, AnalyzerParams};

/// What kind of thing may identify somebody.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, schemars::JsonSchema, serde::Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Identifying {
    /// A name on the list of pseudonyms.
    Listed,
    /// A word that holds a listed name, or starts as one does.
    Near,
    /// The label of a speaker, or part of a file's name.
    Label,
    /// Words with capitals where no sentence starts.
    Name,
    /// A mail address.
    Mail,
    /// A phone number.
    Phone,
    /// A date.
    Date,
}

impl Identifying {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Listed => "name in the key",
            Self::Near => "similar to a name in the key",
            Self::Label => "speaker",
            Self::Name => "possible name",
            Self::Mail => "mail address",
            Self::Phone => "phone number",
            Self::Date => "date",
        }
    }
}

static MAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}")
        .expect("the pattern is well formed")
});

/// Groups of digits with one mark or space between them.
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\+|\b|\()\d{1,5}\)?(?:[ \u{a0}./-]{0,2}\(?\d{1,5}\)?){1,6}\b")
        .expect("the pattern is well formed")
});

/// Names of months, long and short, in the languages that are spoken most here;
/// a number must stand beside them.
const MONTHS: &str = "jan(?:uary|uar|vier|uari)?|january|feb(?:ruary|ruar|ruari)?|février|fevrier|mar(?:ch|s|zo|ço)?|märz|maerz|maart|apr(?:il|ile)?|avril|abril|may|mai|mayo|maio|mei|maggio|june?|juni|juin|junio|junho|giugno|july?|juli|juillet|julio|julho|luglio|aug(?:ust|ustus)?|août|agosto|sept?(?:ember|iembre|embre)?|septembre|settembre|setembro|oct(?:ober|obre|ubre)?|okt(?:ober)?|ottobre|outubro|nov(?:ember|embre|iembre)?|dec(?:ember)?|dez(?:ember)?|décembre|diciembre|dicembre|dezembro|enero|gennaio|janeiro|febrero|febbraio|fevereiro|ionawr|chwefror|mawrth|ebrill|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря";

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let day = r"\d{1,2}(?:st|nd|rd|th|\.|er|º)?";
    let pattern = format!(
        r"(?i)\b(?:(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|1[0-2])[-/.](?:(?:19|20)\d\d|\d\d)|{day}(?: of| de)? (?:{MONTHS})\.?(?:(?:,| de)? (?:19|20)\d\d)?|(?:{MONTHS})\.? (?:the )?{day}(?:,? (?:19|20)\d\d)?|(?:{MONTHS})\.? (?:19|20)\d\d)\b"
    );
    Regex::new(&pattern).expect("the pattern is well formed")
});

/// Titles that stand before names, whatever the language does with capitals.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "doctor",
    "sister",
    "sir",
    "lady",
    "herr",
    "herrn",
    "frau",
    "doktor",
    "monsieur",
    "madame",
    "mme",
    "mlle",
    "señor",
    "señora",
    "sr",
    "sra",
    "signor",
    "signora",
    "sig",
    "dott",
    "pan",
    "pani",
    "mevrouw",
    "meneer",
    "fru",
];

/// The places of mail addresses, phone numbers and dates in a text, in order.
pub fn patterns_in(text: &str) -> Vec<(Identifying, Range<usize>)> {
    let mut found: Vec<(Identifying, Range<usize>)> = Vec::new();
    let mails = MAIL.find_iter(text).map(|found| (Identifying::Mail, found.range()));
    let dates = DATE.find_iter(text).map(|found| (Identifying::Date, found.range()));
    let phones = PHONE
        .find_iter(text)
        .filter(|found| is_phone(found.as_str()))
        .map(|found| (Identifying::Phone, found.range()));
    for (kind, at) in mails.chain(dates).chain(phones) {
        let is_taken = found.iter().any(|(_, other)| at.start < other.end && other.start < at.end);
        if !is_taken {
            found.push((kind, at));
        }
    }
    found.sort_by_key(|(_, at)| at.start);
    found
}

/// Whether groups of digits are a phone number: 7 to 15 digits, and no list of
/// years or of small numbers.
fn is_phone(text: &str) -> bool {
    let groups: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let n_digits: usize = groups.iter().map(|group| group.len()).sum();
    let is_year =
        |group: &&str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    let is_marked = text.starts_with(['+', '0', '(']);
    (7..=15).contains(&n_digits)
        && !groups.iter().all(is_year)
        && (is_marked || (n_digits >= 9 && groups.len() <= 4) || groups == split_local(&groups))
        && groups.iter().any(|group| group.len() >= 3)
}

/// Local numbers such as `555-0134`: three digits and four.
fn split_local<'t>(groups: &[&'t str]) -> Vec<&'t str> {
    match groups {
        [first, second] if first.len() == 3 && second.len() == 4 => vec![first, second],
        _ => Vec::new(),
    }
}

/// Gathers words that may be names over many turns of talk.
#[derive(Default)]
pub struct NameScan {
    /// By folded run: spelling, count, first place.
    runs: BTreeMap<String, Run>,
    /// How often a word stands in small letters.
    n_small: BTreeMap<String, usize>,
    /// How often a word starts a sentence with a capital.
    n_starting: BTreeMap<String, usize>,
}

#[derive(Debug, Clone)]
struct Run {
    text: String,
    count: usize,
    is_titled: bool,
    place: usize,
}

/// Words that may be a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameProposal {
    /// As first written.
    pub text: String,
    /// How often it stands with a capital.
    pub n_capital: usize,
    /// How often its words stand in small letters, the most frequent of them.
    pub n_small: usize,
    /// The number that was given to the turn of its first place.
    pub place: usize,
}

/// Of all places of a word, the share with a capital inside sentences that makes
/// it a name; talk that is written in capitals now and then does not.
const NAME_SHARE: f64 = 0.5;
/// The most words of a run.
const MAX_RUN: usize = 4;

/// Whether a language writes all its nouns with capitals, so that a capital says
/// nothing; there only names after titles are proposed.
pub fn capitals_say_nothing(language: Language) -> bool {
    language == Language::German
}

impl NameScan {
    /// Starts without talk.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a turn; `place` comes back with the proposals that it brings first.
    pub fn read(&mut self, turn: &str, language: Language, place: usize) {
        let analyzer = Analyzer::new(language, &AnalyzerParams::default());
        self.read_with((turn, LineEnds::Spoken), language, &analyzer, place);
    }

    /// As [`read`](Self::read), with what its line ends mean and the language's analyzer,
    /// for many turns.
    pub fn read_with(
        &mut self,
        (turn, line_ends): (&str, LineEnds),
        language: Language,
        analyzer: &Analyzer,
        place: usize,
    ) {
        /// The longest sentence, in words; run-on talk is cut there.
        const MAX_WORDS: usize = 200;
        for sentence in sentences(turn, MAX_WORDS, line_ends) {
            let sentence = sentence.of(turn);
            // A sentence in capitals says nothing about its words.
            if !sentence.contains(char::is_lowercase) {
                continue;
            }
            self.read_sentence(sentence, language, analyzer, place);
        }
    }

    fn read_sentence(&mut self, text: &str, language: Language, analyzer: &Analyzer, place: usize) {
        let words = joined_words(text);
        let mut run: Vec<Range<usize>> = Vec::new();
        let mut is_titled = false;
        for (at, word) in words.iter().enumerate() {
            let written = &text[word.clone()];
            let key = folded(written);
            let is_first = at == 0 || opens(&text[words[at - 1].end..word.start]);
            let is_capital = written.starts_with(char::is_uppercase);
            let is_function = matches!(
                analyzer.kind(&written.to_lowercase()),
                TokenKind::Stop | TokenKind::Filler
            );
            let follows = run.last().is_some_and(|last| is_gap(&text[last.end..word.start]));
            let is_title = TITLES.contains(&key.as_str());
            if !is_capital {
                *self.n_small.entry(key).or_insert(0) += 1;
                self.close(text, &mut run, language, is_titled, place);
                is_titled = is_title && !is_first;
                continue;
            }
            if is_title {
                self.close(text, &mut run, language, is_titled, place);
                is_titled = true;
                continue;
            }
            if is_function || (is_first && !is_titled) {
                if is_first {
                    *self.n_starting.entry(key).or_insert(0) += 1;
                }
                self.close(text, &mut run, language, is_titled, place);
                is_titled = false;
                continue;
            }
            if !run.is_empty() && (!follows || run.len() == MAX_RUN) {
                self.close(text, &mut run, language, is_titled, place);
                is_titled = false;
            }
            run.push(word.clone());
        }
        self.close(text, &mut run, language, is_titled, place);
    }

    fn close(
        &mut self,
        text: &str,
        run: &mut Vec<Range<usize>>,
        language: Language,
        is_titled: bool,
        place: usize,
    ) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        let written = &text[first.start..last.end];
        if is_titled || !capitals_say_nothing(language) {
            let known = self.runs.entry(folded(written)).or_insert_with(|| Run {
                text: one_line(written),
                count: 0,
                is_titled: false,
                place,
            });
            known.count += 1;
            known.is_titled |= is_titled;
        }
        run.clear();
    }

    /// Words that stand with a capital inside sentences more often than in small
    /// letters, the most frequent first.
    pub fn proposals(&self) -> Vec<NameProposal> {
        let mut found: Vec<NameProposal> = Vec::new();
        for (key, run) in &self.runs {
            let words: Vec<&str> = key.split_whitespace().collect();
            let small = |word: &&str| self.n_small.get(*word).copied().unwrap_or(0);
            // A run is as much a name as the word that is least in small letters.
            let n_small = words.iter().map(small).min().unwrap_or(0);
            let starting = match words[..] {
                [word] => self.n_starting.get(word).copied().unwrap_or(0),
                _ => 0,
            };
            let share = run.count as f64 / (run.count + n_small) as f64;
            if run.is_titled || share >= NAME_SHARE {
                found.push(NameProposal {
                    text: run.text.clone(),
                    n_capital: run.count + starting,
                    n_small,
                    place: run.place,
                });
            }
        }
        found.sort_by(|a, b| b.n_capital.cmp(&a.n_capital).then_with(|| a.text.cmp(&b.text)));
        found
    }
}

/// Words in which a listed name is hidden: it is part of a longer word, or the
/// word starts as the name does, with a capital and up to four letters more. The
/// bytes of each, in order. `names` are folded and at least four letters long.
pub fn near_names(text: &str, names: &BTreeSet<String>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for word in joined_words(text) {
        let written = &text[word.clone()];
        let key = folded(written).replace(['\'', '-'], "");
        let is_capital = written.starts_with(char::is_uppercase);
        let n = key.chars().count();
        let is_near = names.iter().any(|name| {
            let n_name = name.chars().count();
            let starts = key.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
            let is_form = is_capital
                && starts >= 3
                && starts + 1 >= n_name
                && n <= starts + 4
                && n.abs_diff(n_name) <= 4;
            key.len() > name.len() && n_name >= 5 && key.contains(name.as_str()) || is_form
        });
        if is_near {
            found.push(word);
        }
    }
    found
}

/// The form in which names are compared here.
pub fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    let folded = fold(&lower);
    let bare = folded.strip_suffix("'s").unwrap_or(&folded);
    one_line(bare)
}

/// Words with what apostrophes and hyphens join to them.
fn joined_words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for piece in pieces(text) {
        if let Some(last) = words.last_mut()
            && matches!(&text[last.end..piece.start], "" | "'" | "’" | "-")
        {
            last.end = piece.end;
        } else {
            words.push(piece);
        }
    }
    words
}

/// Whether what stands between two words starts a sentence or a quotation.
fn opens(between: &str) -> bool {
    between.contains(['.', '!', '?', ':', '…', '"', '“', '„', '«', '‘', '—', '(', '[', '\n'])
}

/// Whether what stands between two words leaves them one run.
fn is_gap(between: &str) -> bool {
    between.chars().all(char::is_whitespace) && between.matches('\n').count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found: Vec<String> = patterns_in(text)
            .into_iter()
            .map(|(kind, at)| format!("{}={}", kind.name(), &text[at]))
            .collect();
        assert_eq!(found.join("; "), expected);
    }

    #[test]
    fn addresses_numbers_and_dates_are_told_by_their_form() {
        check(
            "Write to sian.powell@example.co.uk, or siân@beispiel.de.",
            "mail address=sian.powell@example.co.uk; mail address=siân@beispiel.de",
        );
        check(
            "Ring 029 2087 4000, +44 (0)20 7946 0958, 07700900123 or 555-0134.",
            "phone number=029 2087 4000; phone number=+44 (0)20 7946 0958; phone number=07700900123; phone number=555-0134",
        );
        check(
            "On 12 March 2021, March 3rd, 3.4.2020, 2020-04-03, 12. März, 3 de mayo de 2019, in May 2020.",
            "date=12 March 2021; date=March 3rd; date=3.4.2020; date=2020-04-03; date=12. März; date=3 de mayo de 2019; date=May 2020",
        );
        check("In 2019 2020 2021, 10 20 30, 1,000,000 people, at 00:01:02.500, page 12-18.", "");
        check("I may go, 2 by 2, and we march on.", "");
        check("12 августа 2020 г.", "date=12 августа 2020");
    }

    fn scan(language: Language, turns: &[&str]) -> Vec<String> {
        let mut scan = NameScan::new();
        for (place, turn) in turns.iter().enumerate() {
            scan.read(turn, language, place);
        }
        let shown =
            |p: &NameProposal| format!("{} {}:{} @{}", p.text, p.n_capital, p.n_small, p.place);
        scan.proposals().iter().map(shown).collect()
    }

    #[test]
    fn capitals_inside_sentences_are_proposed() {
        assert_eq!(
            scan(
                Language::English,
                &[
                    "Well, I met Siân Powell in Leeds. Leeds was wet. The Group, well, the group was new.",
                    "Then Siân’s group met. I'm sure the group liked Leeds, and Dr Bell did too.",
                ],
            ),
            ["Leeds 3:0 @0", "Bell 1:0 @1", "Siân Powell 1:0 @0", "Siân’s 1:0 @1"],
        );
    }

    #[test]
    fn german_nouns_are_not_proposed_and_names_after_titles_are() {
        assert_eq!(
            scan(Language::German, &["Also die Gruppe war mit Frau Berger im Haus von Dr. Klein."]),
            ["Berger 1:0 @0", "Klein 1:0 @0"],
        );
    }

    #[test]
    fn a_name_inside_a_word_is_near() {
        let names = BTreeSet::from(["nowak".to_owned(), "sian".to_owned(), "powell".to_owned()]);
        let text = "Nowakiem, sianpowell@x, a powellite, Siannie, siannie, novel, Power";
        let found: Vec<&str> = near_names(text, &names).into_iter().map(|at| &text[at]).collect();
        assert_eq!(found, ["Nowakiem", "sianpowell", "powellite", "Siannie"]);
    }
}
