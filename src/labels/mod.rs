//! Labels and times: what may name a speaker, who asks by what is said, how times are written.
//!
//! One rule for all formats. A label has few words and the shape of a name or a
//! role: `Siân Prydderch`, `Dr. O'Neill-Katz`, `Interviewer 2`, `P01`. Whether it is
//! a speaker's is decided by the evidence of a whole file: a shape alone proves
//! nothing, since `He said:` ends in a colon too.
//!
//! ```
//! use leitmotif::labels::{Part, is_name, part_in};
//!
//! assert_eq!(part_in("interviewer 2"), Some(Part::Asks));
//! assert!(is_name("Ada van Quill") && !is_name("he said"));
//! ```

/// The longest label, in characters: f4 and MAXQDA allow no more.
pub(crate) const MAX_CHARS: usize = 63;
/// The most words of a label.
pub(crate) const MAX_WORDS: usize = 6;

pub mod asking;
mod clauses;
pub(crate) mod heads;
pub(crate) mod time;
mod titles;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::base::{Set, Table};

pub use self::clauses::SURNAME_STARTS;
use self::clauses::{CLAUSE_STARTS, COUNTS, MARKERS, PARTICLES, SAYINGS};
pub use self::titles::{Title, is_degree, title_of};
use self::words::{ASIDES, BEFORE_PARTS, NO_SPEAKERS, OF, PARTS_OF_TALK, SURNAMES_TOO, WORDS};

/// What the word of a label says of who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Asks: `Interviewer`.
    Asks,
    /// Is asked: `Participant`.
    Answers,
    /// No person of the interview: `Interpreter`, `Recording`.
    Neither,
    /// Mostly asks, unless somebody else does: `Doctor`, `Chair`.
    Leads,
    /// Mostly is asked, or sits beside who is: `Witness`, `Wife`.
    Follows,
    /// A part that says nothing: `Observer`.
    Unsaid,
    /// Whoever it was: `Unknown`, `All`.
    Stray,
    /// Nobody in particular: a label that is given out anew in each file, such as
    /// `Speaker`.
    Anybody,
}

/// What a label that is one of the known words says of who speaks; `word` is in lower
/// case.
pub fn part_of(word: &str) -> Option<Part> {
    static PARTS: LazyLock<Table<&str, Part>> = LazyLock::new(|| {
        let of = |(part, sure, more): &(Part, &'static [&str], &'static [&str])| {
            let part = *part;
            sure.iter().chain(*more).map(move |word| (*word, part))
        };
        WORDS.iter().flat_map(of).collect()
    });
    PARTS.get(word).copied()
}

/// What a label says of who speaks, as a whole or by one of its words; it is in lower
/// case: `interviewer 1`, `the chair`, `devon ash (interviewer)`.
pub fn part_in(label: &str) -> Option<Part> {
    let is_edge = |c: char| c.is_numeric() || c.is_whitespace() || "#:.()[]_-*".contains(c);
    let bare = label.trim_matches(is_edge);
    let without_number = bare.rsplit_once(' ').filter(|(_, last)| last.chars().count() == 1);
    let last = bare.rsplit(is_between).next().unwrap_or_default();
    if names_aside(bare) && !may_be_surname(bare, last) {
        return Some(Part::Neither);
    }
    let whole = part_of(bare).or_else(|| part_of(without_number?.0));
    let one = || {
        let words = || bare.split(is_between);
        // `Interview 9` is a title, and a name may be a common word.
        let is_sure = |part: &Part| matches!(part, Part::Asks | Part::Answers | Part::Neither);
        let long = || {
            words()
                .map(|word| word.trim_end_matches(char::is_numeric))
                .filter(|word| word.len() > 2 && !matches!(*word, "interview" | "question"))
        };
        let told = |word: &str| {
            let part = part_of(word)?;
            Some(if may_be_surname(bare, word) { weaker(part) } else { part })
        };
        // A `patient researcher` is who asks.
        let asks = long().next_back().and_then(told).filter(|part| *part == Part::Asks);
        asks.or_else(|| long().filter_map(told).find(is_sure)).or_else(|| {
            let is_named = words().filter(|word| !word.is_empty()).count() > 2;
            long().filter(|_| !is_named).find_map(told)
        })
    };
    whole.or_else(one)
}

fn is_between(c: char) -> bool {
    !c.is_alphanumeric() && c != '-'
}

/// The letters and digits of a text that stand together, without what is between them.
pub(crate) fn bare_words(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// How often each label comes, folded.
pub(crate) fn counts<'l>(labels: impl Iterator<Item = &'l str>) -> BTreeMap<String, usize> {
    let mut as_written: BTreeMap<&str, usize> = BTreeMap::new();
    for label in labels {
        *as_written.entry(label).or_default() += 1;
    }
    let mut counts = BTreeMap::new();
    for (label, n) in as_written {
        *counts.entry(fold(label)).or_default() += n;
    }
    counts
}

/// How often those labels come in all that come more than once.
pub(crate) fn n_recurring<L>(counts: &BTreeMap<L, usize>) -> usize {
    counts.values().filter(|&&n| n > 1).sum()
}

/// Whether a word for a part is a surname too.
pub fn is_surname(word: &str) -> bool {
    SURNAMES_TOO.contains(&word)
}

/// Whether a word for a part is rather somebody's surname: it ends a name (`Marta
/// Host`, `Frau Tolk`) or begins one that is turned round (`Host, Marta`), and stands
/// in no bracket of its own.
fn may_be_surname(label: &str, word: &str) -> bool {
    if !is_surname(word) {
        return false;
    }
    // `Frau Tolk` is a title and a name, though `Frau` alone may be a speaker's label.
    let tells_more =
        |word: &&str| *word == "frau" || (part_of(word).is_none() && !BEFORE_PARTS.contains(word));
    let pieces = || label.split(['(', '[', ',', '/']).map(str::trim);
    let ends_name = |piece: &str| {
        let mut words = piece.split(is_between).filter(|word| !word.is_empty());
        words.next_back() == Some(word) && words.next().is_some_and(|first| tells_more(&first))
    };
    let is_turned = label.split_once(", ").is_some_and(|(last, first)| {
        last == word && !first.contains(' ') && part_of(first).is_none()
    });
    is_turned || pieces().any(ends_name)
}

/// What a word for a part says where it may be a surname: it weighs, and decides nothing.
fn weaker(part: Part) -> Part {
    match part {
        Part::Asks => Part::Leads,
        Part::Answers => Part::Follows,
        Part::Neither => Part::Stray,
        part => part,
    }
}

/// A label as it is compared: without regard to case, and to how accents are stored.
pub(crate) fn fold(label: &str) -> String {
    if label.is_ascii() {
        return label.to_ascii_lowercase();
    }
    let spaced = |c: char| if matches!(c, '\u{a0}' | '\u{202f}') { ' ' } else { c };
    label.nfc().map(spaced).collect::<String>().to_lowercase()
}

/// Whether a text has the shape of a speaker's label.
pub(crate) fn is_label(label: &str) -> bool {
    let label = without_part(label);
    let folded = fold(label);
    let mut words = folded.split_whitespace();
    let first = words.next().unwrap_or_default();
    let n_more = words.clone().count();
    // `Dr.`, `J.` and `Capt.` end a word; a sentence ends with a longer one.
    let ends_sentence = |word: &str| {
        let is_long = || word.rsplit('.').find(|part| !part.is_empty());
        word.ends_with(['?', '!', ';', '…', '。'])
            || word.contains("...")
            || (word.ends_with('.') && is_long().is_some_and(|part| part.chars().count() > 4))
            || (word.ends_with('.') && word.starts_with(char::is_numeric))
    };
    // `4.36 Cleo` begins with a time.
    let is_timed = first.starts_with(|c: char| c.is_ascii_digit())
        && first.contains(['.', ';', ':'])
        && first.ends_with(|c: char| c.is_ascii_digit());
    // `van der Berg` is a surname.
    let is_surname = || {
        let last = label.split_whitespace().next_back().unwrap_or_default();
        is_particle(first) && is_name(label) && last.starts_with(char::is_uppercase)
    };
    let is_spelled = n_more > 1
        && label.starts_with(char::is_lowercase)
        && part_of(first).is_none()
        && !is_surname();
    !first.is_empty()
        && label.chars().take(MAX_CHARS + 1).count() <= MAX_CHARS
        && n_more < MAX_WORDS
        && label.chars().any(char::is_alphabetic)
        && label.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '<'))
        && !label.contains(['[', ']', '{', '}', '\\', '='])
        && (!label.contains('"') || has_nickname(label))
        && !folded.split_whitespace().any(ends_sentence)
        && !label.ends_with(',')
        // `1986    Moved to Cork` are columns.
        && !label.split_once("   ").is_some_and(|(cell, _)| cell.ends_with(char::is_numeric))
        && label.matches(", ").count() < 3
        && !names_field(&folded)
        && !is_spelled
        && !is_timed
        && (n_more == 0 || !CLAUSE_STARTS.contains(&first.trim_end_matches(',')))
        && !(n_more > 0 && words.next_back().is_some_and(|last| SAYINGS.contains(&last)))
}

/// Remembers which labels have the shape of a speaker's: most lines begin with one of a few.
#[derive(Default)]
pub(crate) struct Shapes<'l>(Table<&'l str, bool>);

impl<'l> Shapes<'l> {
    /// As [`is_label`].
    pub(crate) fn is_label(&mut self, label: &'l str) -> bool {
        *self.0.entry(label).or_insert_with(|| is_label(label))
    }
}

/// A label without the part in square brackets behind it: `Hanne [I]`, `Tom [P2]`.
fn without_part(label: &str) -> &str {
    let split = label.strip_suffix(']').and_then(|label| label.split_once(" ["));
    let is_part = |note: &&str| is_role(note) || part_of(&fold(note)).is_some();
    split.filter(|(_, note)| is_part(note)).map_or(label, |(name, _)| name)
}

/// Whether a text may be what a program of meetings shows of who speaks, where its place
/// tells that it is that: also a telephone or a device, `+44 7700 900123`, `iPad von Ruth`.
pub(crate) fn is_shown_name(label: &str) -> bool {
    label.chars().take(MAX_CHARS + 1).count() <= MAX_CHARS
        && label.split_whitespace().count() <= MAX_WORDS
        && label.chars().any(char::is_alphanumeric)
        && !label.contains(['[', ']', '{', '}', '\\', '=', '"'])
        && !label.ends_with(['.', ',', ';', '?', '!', '…', '。'])
        && !is_field(label)
        && !is_marker(label)
}

/// Whether a label is the number of a telephone, `+44 7700 900123`.
pub(crate) fn is_telephone(label: &str) -> bool {
    let is_part = |c: char| {
        c.is_ascii_digit() || c.is_whitespace() || matches!(c, '-' | '\u{2011}' | '(' | ')' | '.')
    };
    label.strip_prefix('+').is_some_and(|rest| {
        rest.chars().all(is_part) && rest.chars().filter(char::is_ascii_digit).count() > 6
    })
}

/// Whether one word between others stands in quotation marks: `William "Bill" Sayer`.
fn has_nickname(label: &str) -> bool {
    let pieces: Vec<&str> = label.split('"').collect();
    let is_word = |word: &str| !word.is_empty() && word.chars().all(char::is_alphabetic);
    matches!(pieces[..], [before, word, after] if is_word(word) && before.ends_with(' ') && after.starts_with(' '))
}

/// Whether a label is the name of a field or a remark: `Date`, `Note`, `e.g.`.
pub(crate) fn is_field(label: &str) -> bool {
    names_field(&fold(label))
}

/// The same of a label in lower case.
fn names_field(folded: &str) -> bool {
    static FIELDS: LazyLock<Set<&str>> = LazyLock::new(|| NO_SPEAKERS.iter().copied().collect());
    FIELDS.contains(folded.trim_end_matches('.')) || heads_part(folded)
}

/// Whether a label heads a part of the talk: `Topic 2`, `Part B`.
pub(crate) fn is_part_of_talk(label: &str) -> bool {
    heads_part(&fold(label))
}

/// The same of a label in lower case.
fn heads_part(folded: &str) -> bool {
    let numbered = folded.rsplit_once(' ').filter(|(_, last)| last.chars().count() < 3);
    numbered.is_some_and(|(word, _)| PARTS_OF_TALK.contains(&word))
}

/// Whether a label stands before somebody else's remark on the talk: `Note`, `Researcher
/// note`, `Notas de observación`.
pub(crate) fn is_aside(label: &str) -> bool {
    names_aside(&fold(label))
}

/// The same of a label in lower case.
fn names_aside(folded: &str) -> bool {
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let is_aside = |word: &&str| ASIDES.contains(word);
    match &words[..] {
        [first, of, _, ..] if is_aside(first) && OF.contains(of) => true,
        words => words.last().is_some_and(is_aside),
    }
}

/// The words of a label in lower case.
fn words_of(label: &str) -> Vec<String> {
    let words = fold(label);
    let words = words.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The first and the last letter.
fn ends(of: &str) -> (Option<char>, Option<char>) {
    (of.chars().next(), of.chars().next_back())
}

/// Labels that may be short for full names: initials, or some of the words. So that
/// thousands of them can be asked, each lies under the word of it that fewest have.
#[derive(Debug, Default)]
pub(crate) struct ShortLabels {
    by_word: BTreeMap<String, Vec<Vec<String>>>,
    initials: BTreeSet<String>,
    ends: BTreeSet<(Option<char>, Option<char>)>,
    /// Whether one has no word, and so none that a full name lacks.
    has_wordless: bool,
}

impl ShortLabels {
    pub(crate) fn new(labels: &BTreeSet<&str>) -> Self {
        let mut shorts = Self::default();
        let all: BTreeSet<Vec<String>> = labels.iter().map(|label| words_of(label)).collect();
        let mut n_with: BTreeMap<&String, usize> = BTreeMap::new();
        for word in all.iter().flatten() {
            *n_with.entry(word).or_default() += 1;
        }
        for words in &all {
            match words.iter().min_by_key(|word| (n_with[word], *word)) {
                Some(rarest) => {
                    shorts.by_word.entry(rarest.clone()).or_default().push(words.clone());
                }
                None => shorts.has_wordless = true,
            }
        }
        for label in labels {
            let letters = words_of(label).concat();
            let are_capitals = label.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
            if are_capitals && (2..=4).contains(&letters.chars().count()) {
                shorts.ends.insert(ends(&letters));
                shorts.initials.insert(letters);
            }
        }
        shorts
    }

    /// Whether one of the labels may be short for a full name.
    pub(crate) fn have_one_for(&self, full: &str) -> bool {
        let all = words_of(full);
        if all.len() < 2 {
            return false;
        }
        let initials: String = all.iter().filter_map(|word| word.chars().next()).collect();
        let is_of_words =
            |few: &Vec<String>| few.len() < all.len() && few.iter().all(|word| all.contains(word));
        self.has_wordless
            || all.iter().filter_map(|word| self.by_word.get(word)).flatten().any(is_of_words)
            || initials.char_indices().any(|(at, _)| self.initials.contains(&initials[at..]))
            // A middle name may be left out of the full name: `Peter Moss`, `PJM`.
            || self.ends.contains(&ends(&initials))
    }
}

/// The labels that one label puts together, of those who speak at once: `P1/P2`, `Ada and
/// Ben`; fewer than two if it does not.
pub fn put_together(label: &str) -> Vec<&str> {
    let ands = [" and ", " und ", " et ", " y ", " e ", " en ", " och ", " og ", " a "];
    let mut pieces = vec![label];
    for and in ands {
        pieces = pieces.into_iter().flat_map(|piece| piece.split(and)).collect();
    }
    let pieces = pieces.into_iter().flat_map(|piece| piece.split(['/', '&', '+', ',', ';']));
    pieces.map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

/// What parts one of several from all of them, as languages write it behind a word.
const PLURALS: [&str; 10] = ["s", "e", "n", "en", "er", "i", "들", "たち", "们", "們"];
/// From more labels on only whole ones are looked for in one that puts several together.
const MANY_LABELS: usize = 200;

/// Whether a label puts together those whom others of the same talk name: `P1/P2`, `Student 1,
/// 2`, `Ada & Ben` beside `Ada Quill`, or `Ss` beside `S1`. All are in lower case.
pub fn is_of_several(label: &str, others: &BTreeSet<String>) -> bool {
    let is_counted = |c: char| c.is_numeric() || " .:_-".contains(c);
    let of_number = |one: &str| {
        let mut begin = others.range(one.to_owned()..).take_while(|it| it.starts_with(one));
        begin.any(|it| it.len() > one.len() && it[one.len()..].chars().all(is_counted))
    };
    let is_plural = |ending: &str| {
        label.strip_suffix(ending).is_some_and(|one| {
            let is_word = ending == "s" || one.chars().nth(1).is_some();
            is_word && one.ends_with(char::is_alphabetic) && of_number(one)
        })
    };
    let pieces = put_together(label);
    if pieces.len() < 2 {
        return PLURALS.into_iter().any(is_plural);
    }
    // `Quill, Ada` is one.
    let by_words = !label.contains([',', ';']) && others.len() <= MANY_LABELS;
    let bearers = |piece: &str| -> Vec<&String> {
        let has = |it: &&String| *it != label && it.split(' ').any(|word| word == piece);
        match others.get(piece) {
            Some(one) => vec![one],
            None if by_words => others.iter().filter(has).collect(),
            None => Vec::new(),
        }
    };
    let first = pieces[0].trim_end_matches(char::is_numeric);
    let of_each = pieces.iter().map(|piece| {
        let is_number = piece.chars().all(char::is_numeric);
        bearers(&if is_number { format!("{first}{piece}") } else { (*piece).to_owned() })
    });
    let of_each: Vec<Vec<&String>> = of_each.collect();
    let is_one = |one: &&String| of_each.iter().all(|bearers| bearers.contains(one));
    of_each.iter().all(|bearers| !bearers.is_empty()) && !of_each[0].iter().any(is_one)
}

/// A label without the sign that it is a guess: `Ada?`; `None` if it is none.
pub fn guessed(label: &str) -> Option<&str> {
    label.strip_suffix('?').map(|bare| bare.trim_end_matches(['?', ' ']))
}

/// Whether the words in a bracket tell of a sound or a gap.
pub(crate) fn is_marker(label: &str) -> bool {
    bare_words(&fold(label)).any(|word| MARKERS.contains(&word))
}

/// Whether a label is a role wherever it stands: `Interviewer`, `Speaker 2`, `P01`.
pub(crate) fn is_role(label: &str) -> bool {
    let folded = fold(label);
    let bare = folded.trim_end_matches('.');
    let mut sure = WORDS.iter().flat_map(|(_, sure, _)| *sure);
    let is_number = |text: &str| {
        let text = text.trim_start_matches([' ', '_', '-', '#', '\u{a0}']);
        !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let letters = label.len() - label.trim_start_matches(|c: char| c.is_ascii_uppercase()).len();
    let is_code = || (1..=3).contains(&letters) && is_number(&label[letters..]);
    sure.any(|word| {
        bare.strip_prefix(word).is_some_and(|rest| {
            let is_letter =
                |rest: &str| matches!(rest.as_bytes(), [byte] if byte.is_ascii_alphabetic());
            let is_counted = || is_number(rest) || rest.strip_prefix(' ').is_some_and(is_letter);
            rest.is_empty() || (word.len() > 2 && is_counted())
        })
    }) || is_code()
}

/// Whether the letters of a text are capitals, as far as its script has any.
pub(crate) fn is_loud(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

/// Whether a label in lower case counts what somebody says: `first`, `zweitens`.
pub(crate) fn is_count(folded: &str) -> bool {
    COUNTS.contains(&folded)
}

/// Whether a label is only a number, as those who sit at a table may have one: `1`, `#12`.
pub(crate) fn is_number(label: &str) -> bool {
    let digits = label.trim_start_matches('#');
    (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a word in lower case is one of the small ones within names: `Ada van Quill`.
pub(crate) fn is_particle(word: &str) -> bool {
    SURNAME_STARTS.contains(&word) || PARTICLES.contains(&word)
}

/// Whether each word of a label could be part of a name: `Ada van Quill`, `王芳`,
/// `Speaker 1`. A note in brackets behind the name does not matter.
pub fn is_name(label: &str) -> bool {
    let name = label.split_once('(').filter(|it| it.0.ends_with(char::is_whitespace));
    let name = name.map_or(label, |(name, _)| name.trim_end());
    let is_part = |word: &str| {
        !word.starts_with(char::is_lowercase) || word.contains(['\'', '’']) || is_particle(word)
    };
    let is_between = |c: char| c.is_whitespace() || c == '-';
    !is_particle(name) && name.split(is_between).all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_labels_are_initials_or_some_of_the_words() {
        let have = |shorts: &[&str], full: &str| {
            ShortLabels::new(&shorts.iter().copied().collect()).have_one_for(full)
        };
        for short in ["Ada", "Quill", "ada quill", "AMQ", "MQ", "AQ", "PJQ AQ", "?"] {
            let is_one = short != "PJQ AQ";
            assert_eq!(have(&[short, "Ben"], "Ada M. Quill"), is_one, "{short}");
        }
        // Not of itself, of one word, or with a word that the name lacks.
        assert!(!have(&["Ada M. Quill", "Speaker 2"], "Ada M. Quill"));
        assert!(!have(&["Ada"], "Ada"));
        assert!(!have(&["Ada Reed", "aq"], "Ada Quill"));
        assert!(have(&["Speaker 1", "Speaker 2", "Speaker"], "Speaker 7"));
    }

    #[test]
    fn labels_have_the_shape_of_names_and_roles() {
        for label in [
            "Siân Prydderch",
            "Dr. O'Neill-Katz",
            "王芳",
            "Prydderch, Siân",
            "P01",
            "ada",
            "’t Hooft",
            "speaker number two",
            "Capt. Quill",
        ] {
            assert!(is_label(label), "{label}");
        }
        for label in [
            "",
            "17",
            "He said",
            "so far",
            "Note",
            "E.G.",
            "It was odd indeed. Ada",
            "one more thing",
            "a, b, c, d",
            "Well...",
            "x = y",
            "One Two Three Four Five Six Seven",
        ] {
            assert!(!is_label(label), "{label}");
        }
        assert!(is_label(&"Q".repeat(MAX_CHARS)) && !is_label(&"Q".repeat(MAX_CHARS + 1)));
    }

    #[test]
    fn roles_are_known_wherever_they_stand() {
        for label in ["Interviewer", "Q", "INT.", "Speaker 2", "P01", "SPEAKER_00", "Speaker B"] {
            assert!(is_role(label), "{label}");
        }
        for label in ["Question", "I1b", "Ada", "Speakers", "P 12345", "Q B"] {
            assert!(!is_role(label), "{label}");
        }
    }

    #[test]
    fn a_surname_that_is_a_role_word_decides_nothing() {
        for (label, expected) in [
            ("marta host", Some(Part::Leads)),
            ("host, marta", Some(Part::Leads)),
            ("frau tolk", Some(Part::Anybody)),
            ("sue clerk", Some(Part::Stray)),
            ("bill client", Some(Part::Follows)),
            ("sue ann clerk", None),
            ("the clerk", Some(Part::Neither)),
            ("court clerk", Some(Part::Neither)),
            ("host 2", Some(Part::Asks)),
            ("second host", Some(Part::Asks)),
            ("host marta", Some(Part::Asks)),
            ("marta lund (host)", Some(Part::Asks)),
            ("marta lund, host", Some(Part::Asks)),
            ("lead researcher", Some(Part::Asks)),
            ("researcher note", Some(Part::Neither)),
            ("patient researcher", Some(Part::Asks)),
            ("patient (wife)", Some(Part::Answers)),
            ("notas de la investigadora", Some(Part::Neither)),
            ("marta note", Some(Part::Stray)),
        ] {
            assert_eq!(part_in(label), expected, "{label}");
        }
    }

    #[test]
    fn no_word_stands_in_the_list_twice() {
        let words: Vec<&str> =
            WORDS.iter().flat_map(|(_, sure, more)| [*sure, *more].concat()).collect();
        let distinct: std::collections::BTreeSet<&str> = words.iter().copied().collect();
        assert_eq!(distinct.len(), words.len());
    }
}
