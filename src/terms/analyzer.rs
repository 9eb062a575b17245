//! Stems, stop words and spoken fillers of one language.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{LazyLock, OnceLock, RwLock};

use rust_stemmers::Stemmer;
use serde::{Deserialize, Serialize};

use super::language::Language;
use super::plain::{WordClass, linking_words, particles, plain_words};
use super::stopwords::{elided_words, fillers, lists_hash, more_stop_words};
use super::words::{Token, TokenKind, normal, words};
use crate::base::{Set, Table};

/// What a study can change about its terms.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnalyzerParams {
    /// Further words that carry no theme.
    pub stop_words: BTreeSet<String>,
    /// Words that keep their own form, because the stemmer would merge them
    /// with others: `organisation` with `organ`.
    pub never_merge: BTreeSet<String>,
}

/// Turns words as spoken into tokens and stems.
pub struct Analyzer {
    language: Language,
    stemmer: Stemmer,
    lists: &'static Lists,
    /// Further stop words of the study.
    stop_words: BTreeSet<String>,
    never_merge: BTreeSet<String>,
    /// See [`Analyzer::family`].
    pub(super) irregular: OnceLock<Vec<BTreeSet<String>>>,
}

/// The words of a language that carry no theme, or are used in its own way in the name of one.
struct Lists {
    stop_words: Set<String>,
    fillers: Set<&'static str>,
    plain: Set<&'static str>,
    particles: Set<&'static str>,
    linking: Set<&'static str>,
    elided: Set<&'static str>,
    /// Stems of words, of as many as are worth remembering: each transcript has the same ones.
    stems: RwLock<Table<String, String>>,
}

/// The most words whose stems are remembered, and how many bytes they have fewer than.
const MAX_STEMS: usize = 100_000;
const MAX_STEM_BYTES: usize = 64;

impl Lists {
    /// Those of a language, made once: each transcript has an analyzer of its own.
    fn of(language: Language) -> &'static Self {
        static KNOWN: [OnceLock<Lists>; Language::COUNT] =
            [const { OnceLock::new() }; Language::COUNT];
        KNOWN[language as usize].get_or_init(|| {
            let listed = stop_words::lookup(language.code()).unwrap_or_default().iter().copied();
            Self {
                stop_words: listed.chain(more_stop_words(language)).map(normal).collect(),
                fillers: fillers(language).collect(),
                plain: plain_words(language).collect(),
                particles: particles(language).collect(),
                linking: linking_words(language).collect(),
                elided: elided_words(language).collect(),
                stems: RwLock::default(),
            }
        })
    }
}

/// Stands before the stem of a word that is never merged, so that no other
/// word's stem can equal it.
const OWN_FORM: char = '=';

impl Analyzer {
    /// Makes the analyzer of a language.
    pub fn new(language: Language, params: &AnalyzerParams) -> Self {
        Self {
            language,
            stemmer: Stemmer::create(language.algorithm()),
            lists: Lists::of(language),
            stop_words: params.stop_words.iter().map(|word| normal(word)).collect(),
            never_merge: params.never_merge.iter().map(|word| normal(word)).collect(),
            irregular: OnceLock::new(),
        }
    }

    /// The language whose words it knows.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Stands for the word lists of all languages: what was analysed under
    /// another number must be analysed again.
    pub fn lists() -> u64 {
        static HASH: LazyLock<u64> = LazyLock::new(lists_hash);
        *HASH
    }

    /// Cuts text into tokens with their kinds.
    pub fn tokens(&self, text: &str) -> Vec<Token> {
        self.words(text, |word| self.kind(&normal(word)))
    }

    /// Cuts text into words; `kind_of` classifies those outside any marker.
    pub(super) fn words(&self, text: &str, kind_of: impl FnMut(&str) -> TokenKind) -> Vec<Token> {
        words(text, |word| self.elided(word), kind_of)
    }

    /// The length in bytes of the short word that lost its vowel before the rest of a
    /// word, with its apostrophe: 2 of `l'atelier`. Fixed phrases stay whole.
    fn elided(&self, word: &str) -> usize {
        let Some((at, mark)) = word.char_indices().find(|(_, c)| matches!(c, '\'' | '’' | 'ʼ'))
        else {
            return 0;
        };
        let end = at + mark.len_utf8();
        let is_elided = self.lists.elided.contains(word[..at].to_lowercase().as_str())
            && end < word.len()
            && !self.lists.fillers.contains(normal(word).as_str());
        if is_elided { end } else { 0 }
    }

    /// The kind of a word that stands outside any marker; `normal` is
    /// lower-cased with plain apostrophes.
    pub(crate) fn kind(&self, normal: &str) -> TokenKind {
        if self.lists.fillers.contains(normal) {
            TokenKind::Filler
        } else if self.is_stop_word(normal) || self.is_elided(normal) {
            TokenKind::Stop
        } else if normal.starts_with(|c: char| c.is_numeric()) {
            TokenKind::Number
        } else if normal.chars().nth(1).is_none() && normal.is_ascii() {
            // A lone letter is a spelt word or a slip; one Chinese character is a word.
            TokenKind::Stop
        } else if self.is_clitic(normal) {
            TokenKind::Stop
        } else {
            TokenKind::Content
        }
    }

    /// What a word can do in the name of a theme; `normal` as for
    /// [`kind`](Self::kind).
    pub(super) fn class(&self, normal: &str) -> WordClass {
        if self.lists.particles.contains(normal) {
            WordClass::Particle
        } else if self.lists.linking.contains(normal) {
            WordClass::Linking
        } else if self.lists.plain.contains(normal) {
            WordClass::Plain
        } else {
            WordClass::Naming
        }
    }

    fn is_stop_word(&self, normal: &str) -> bool {
        self.lists.stop_words.contains(normal) || self.stop_words.contains(normal)
    }

    /// Whether a word is what stands before the apostrophe of another: `l'`.
    fn is_elided(&self, normal: &str) -> bool {
        normal.strip_suffix('\'').is_some_and(|head| self.lists.elided.contains(head))
    }

    /// Whether a word with an apostrophe is function words on both sides:
    /// "there'd", "we've".
    fn is_clitic(&self, normal: &str) -> bool {
        let Some((head, tail)) = normal.split_once('\'') else { return false };
        tail.len() <= 2 && (self.is_stop_word(head) || self.lists.fillers.contains(head))
    }

    /// The stem under which a word is counted and found.
    pub fn stem(&self, word: &str) -> String {
        let normal = normal(word);
        if self.never_merge.contains(&normal) {
            return format!("{OWN_FORM}{normal}");
        }
        // "the leader's" is about the leader.
        let bare = normal.strip_suffix("'s").filter(|bare| !bare.is_empty()).unwrap_or(&normal);
        if let Ok(stems) = self.lists.stems.read()
            && let Some(stem) = stems.get(bare)
        {
            return stem.clone();
        }
        // The Greek stemmer panics on some words; such a word is its own stem.
        let stem = catch_unwind(AssertUnwindSafe(|| self.stemmer.stem(bare).into_owned()));
        let stem = stem.ok().filter(|stem| !stem.is_empty()).unwrap_or_else(|| bare.to_owned());
        if let Ok(mut stems) = self.lists.stems.write()
            && stems.len() < MAX_STEMS
            && bare.len() < MAX_STEM_BYTES
        {
            stems.insert(bare.to_owned(), stem.clone());
        }
        stem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: Language, params: &AnalyzerParams, text: &str) -> String {
        let analyzer = Analyzer::new(language, params);
        let token = |t: &Token| match t.kind {
            TokenKind::Content => analyzer.stem(t.span.of(text)),
            TokenKind::Number => t.span.of(text).to_owned(),
            _ => "·".to_owned(),
        };
        analyzer.tokens(text).iter().map(token).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn function_words_and_fillers_carry_no_theme() {
        let text = "Um, I mean, the leader’s silences weren't, you know, like frozen [laughs] faces in 2020.";
        assert_eq!(
            shown(Language::English, &AnalyzerParams::default(), text),
            "· · · · leader silenc · · · · frozen · face · 2020"
        );
    }

    #[test]
    fn a_word_behind_an_apostrophe_is_a_word_of_its_own() {
        for (language, text, expected) in [
            (
                Language::French,
                "D'abord l’atelier, aujourd'hui qu'il n'est pas d'accord jusqu'à L'Outil",
                "· · · ateli · · · · · · · · · · outil",
            ),
            (Language::Italian, "l'amico dell'acqua c'è", "· amic · acqua · ·"),
            (Language::English, "d'you know O'Brien's l'atelier", "d'you · o'brien l'ateli"),
        ] {
            assert_eq!(shown(language, &AnalyzerParams::default(), text), expected);
        }
    }

    #[test]
    fn a_study_adds_stop_words_and_keeps_words_apart() {
        let params = AnalyzerParams {
            stop_words: BTreeSet::from(["Balint".to_owned()]),
            never_merge: BTreeSet::from(["organ".to_owned()]),
        };
        assert_eq!(
            shown(Language::English, &params, "balint organ organization"),
            "· =organ organ"
        );
    }

    #[test]
    fn no_word_makes_a_stemmer_panic() {
        // The second word is one that the Greek stemmer fails on.
        for language in Language::all() {
            let analyzer = Analyzer::new(language, &AnalyzerParams::default());
            for word in ["", "ισα", "ἀνθρώπων", "ΐ", "ÿ", "'s", "ــ", "n't"] {
                analyzer.stem(word);
            }
        }
    }
}
