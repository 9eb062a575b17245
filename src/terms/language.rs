//! The languages that can be stemmed.

use rust_stemmers::Algorithm;
use serde::{Deserialize, Serialize};

/// A language with a stemmer and stop words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is the language that it names")]
pub enum Language {
    Arabic,
    Danish,
    Dutch,
    English,
    Finnish,
    French,
    German,
    Greek,
    Hungarian,
    Italian,
    Norwegian,
    Portuguese,
    Romanian,
    Russian,
    Spanish,
    Swedish,
    Tamil,
    Turkish,
}

/// Code (ISO 639-1), other codes, English name, detector's name.
type Row = (Language, &'static str, &'static [&'static str], &'static str, whatlang::Lang);

const TABLE: &[Row] = &[
    (Language::Arabic, "ar", &["ara"], "Arabic", whatlang::Lang::Ara),
    (Language::Danish, "da", &["dan"], "Danish", whatlang::Lang::Dan),
    (Language::Dutch, "nl", &["nld", "dut"], "Dutch", whatlang::Lang::Nld),
    (Language::English, "en", &["eng"], "English", whatlang::Lang::Eng),
    (Language::Finnish, "fi", &["fin"], "Finnish", whatlang::Lang::Fin),
    (Language::French, "fr", &["fra", "fre"], "French", whatlang::Lang::Fra),
    (Language::German, "de", &["deu", "ger"], "German", whatlang::Lang::Deu),
    (Language::Greek, "el", &["ell", "gre"], "Greek", whatlang::Lang::Ell),
    (Language::Hungarian, "hu", &["hun"], "Hungarian", whatlang::Lang::Hun),
    (Language::Italian, "it", &["ita"], "Italian", whatlang::Lang::Ita),
    (
        Language::Norwegian,
        "no",
        &["nor", "nb", "nob", "nn", "nno"],
        "Norwegian",
        whatlang::Lang::Nob,
    ),
    (Language::Portuguese, "pt", &["por"], "Portuguese", whatlang::Lang::Por),
    (Language::Romanian, "ro", &["ron", "rum"], "Romanian", whatlang::Lang::Ron),
    (Language::Russian, "ru", &["rus"], "Russian", whatlang::Lang::Rus),
    (Language::Spanish, "es", &["spa"], "Spanish", whatlang::Lang::Spa),
    (Language::Swedish, "sv", &["swe"], "Swedish", whatlang::Lang::Swe),
    (Language::Tamil, "ta", &["tam"], "Tamil", whatlang::Lang::Tam),
    (Language::Turkish, "tr", &["tur"], "Turkish", whatlang::Lang::Tur),
];

/// What the words of a transcript tell of its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detected {
    /// One of those that can be stemmed.
    Supported(Language),
    /// Another, by its English name.
    Unsupported(&'static str),
    /// Too few words, or words of more than one language.
    Unclear,
}

/// Bytes of talk from which a language can be told; fewer are a guess.
const MIN_DETECT_BYTES: usize = 200;
/// Bytes of talk that are looked at.
const MAX_DETECT_BYTES: usize = 20_000;

impl Language {
    /// How many there are.
    pub(super) const COUNT: usize = TABLE.len();

    /// All languages, in alphabetical order.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    fn row(self) -> &'static Row {
        TABLE.iter().find(|row| row.0 == self).expect("every language has a row")
    }

    /// The code of ISO 639-1, `en`.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// The English name, `English`.
    pub fn name(self) -> &'static str {
        self.row().3
    }

    pub(super) fn algorithm(self) -> Algorithm {
        // The enum of the stemmers cannot be copied.
        match self {
            Self::Arabic => Algorithm::Arabic,
            Self::Danish => Algorithm::Danish,
            Self::Dutch => Algorithm::Dutch,
            Self::English => Algorithm::English,
            Self::Finnish => Algorithm::Finnish,
            Self::French => Algorithm::French,
            Self::German => Algorithm::German,
            Self::Greek => Algorithm::Greek,
            Self::Hungarian => Algorithm::Hungarian,
            Self::Italian => Algorithm::Italian,
            Self::Norwegian => Algorithm::Norwegian,
            Self::Portuguese => Algorithm::Portuguese,
            Self::Romanian => Algorithm::Romanian,
            Self::Russian => Algorithm::Russian,
            Self::Spanish => Algorithm::Spanish,
            Self::Swedish => Algorithm::Swedish,
            Self::Tamil => Algorithm::Tamil,
            Self::Turkish => Algorithm::Turkish,
        }
    }

    /// Reads a code or an English name: `de`, `deu`, `de-AT`, `German`.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase();
        let code = word.split(['-', '_']).next().unwrap_or_default();
        let named =
            |row: &&Row| row.1 == code || row.2.contains(&code) || row.3.to_lowercase() == word;
        TABLE.iter().find(named).map(|row| row.0)
    }

    /// Detects the language of a whole transcript's talk. A short turn alone would
    /// mislead.
    pub fn detect(talk: &str) -> Detected {
        if talk.len() < MIN_DETECT_BYTES {
            return Detected::Unclear;
        }
        // Out of the middle, where the talk is under way.
        let skip = talk.len().saturating_sub(MAX_DETECT_BYTES) / 2;
        let start = talk.ceil_char_boundary(skip);
        let end = talk.floor_char_boundary(talk.len().min(start + MAX_DETECT_BYTES));
        let found = whatlang::detect(&talk[start..end]).filter(whatlang::Info::is_reliable);
        let Some(lang) = found.map(|info| info.lang()) else { return Detected::Unclear };
        match TABLE.iter().find(|row| row.4 == lang) {
            Some(row) => Detected::Supported(row.0),
            // The detector knows Chinese by one of its languages, and writing does not
            // tell which it is.
            None if lang == whatlang::Lang::Cmn => Detected::Unsupported("Chinese"),
            None => Detected::Unsupported(lang.eng_name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_codes_a_stemmer_and_stop_words() {
        for language in Language::all() {
            assert_eq!(Language::parse(language.code()), Some(language));
            assert_eq!(Language::parse(language.name()), Some(language));
            assert!(stop_words::lookup(language.code()).is_some(), "{}", language.name());
        }
        assert_eq!(Language::all().count(), 18);
        assert_eq!(Language::parse("de-AT"), Some(Language::German));
        assert_eq!(Language::parse("klingon"), None);
    }

    #[test]
    fn a_short_turn_tells_no_language() {
        assert_eq!(Language::detect("Yeah, no, I mean it was fine."), Detected::Unclear);
        let long =
            "I was not sure what to expect from the group, and then it turned out to be fine. "
                .repeat(5);
        assert_eq!(Language::detect(&long), Detected::Supported(Language::English));
        let long = "Am Anfang wusste ich nicht, was ich von der Gruppe erwarten sollte, und dann war es gut. ".repeat(5);
        assert_eq!(Language::detect(&long), Detected::Supported(Language::German));
    }

    #[test]
    fn a_language_without_a_stemmer_is_named_and_is_not_english() {
        for (talk, name) in [
            (
                "Na początku nie wiedziałam, czego się spodziewać po tej grupie, a potem było dobrze. ",
                "Polish",
            ),
            ("起初我不知道该对这个小组有什么期待，后来一切都很顺利，我们都很高兴。", "Chinese"),
            ("शुरू में मुझे नहीं पता था कि समूह से क्या उम्मीद करूँ, फिर सब ठीक हो गया। ", "Hindi"),
        ] {
            assert_eq!(Language::detect(&talk.repeat(4)), Detected::Unsupported(name));
        }
    }
}
