//! Words of one family: anonymity and anonymous, heard and hear, unseen and see.
//!
//! A stem brings the endings together that grammar needs. Endings that make another
//! word of a word stay, and so do forms that share no letters; who looks for "exhaustion"
//! means "exhausted" too. Known of English only.

use std::collections::BTreeSet;

use super::analyzer::Analyzer;
use super::language::Language;

/// The fewest letters of a word that another one is made of.
const MIN_ROOT: usize = 4;
/// The fewest letters of a root that two words share without being it.
const MIN_SHARED: usize = 6;

/// Endings that make one English word of another, as they are left in stems.
const ENDINGS: &[&str] = &[
    "ability", "ibility", "ation", "ition", "ment", "ness", "less", "ful", "ity", "ing", "ive",
    "ous", "ant", "ent", "ance", "ence", "ism", "ist", "ize", "ise", "iz", "is", "ed", "er", "or",
    "ion", "al", "ly", "li", "y", "i", "e", "s",
];

/// What stands before a word and leaves it recognisable.
const BEGINNINGS: &[&str] = &["un", "mis", "over"];

/// English verbs and nouns whose forms share no stem, a family a line.
const IRREGULAR: &str = "bear bore borne born\nbegin began begun\nbite bit bitten\nbleed bled\n\
blow blew blown\nbreak broke broken\nbring brought\nbuild built\nbuy bought\ncatch caught\n\
choose chose chosen\ncling clung\ndeal dealt\ndie died dying death dead\ndraw drew drawn\n\
dream dreamt\ndrink drank drunk\ndrive drove driven\neat ate eaten\nfall fell fallen\n\
feed fed\nfeel felt\nfight fought\nflee fled\nfly flew flown\nforget forgot forgotten\n\
forgive forgave forgiven\nfreeze froze frozen\ngrow grew grown\nhang hung\nhear heard\n\
hide hid hidden\nhold held\nkeep kept\nlead led\nleave left\nlend lent\nlose lost loss\n\
meet met\npay paid\nring rang rung\nrise rose risen\nrun ran\nsee saw seen\nseek sought\n\
sell sold\nsend sent\nshake shook shaken\nshine shone\nshoot shot\nsing sang sung\n\
sink sank sunk\nsit sat\nsleep slept\nslide slid\nspeak spoke spoken speech\nspend spent\n\
stand stood\nsteal stole stolen\nstick stuck\nsting stung\nswear swore sworn\nsweep swept\n\
swell swollen\nswim swam swum\nteach taught\ntear tore torn\nthrow threw thrown\n\
understand understood\nwake woke woken\nwear wore worn\nweep wept\nwin won\nwind wound\n\
write wrote written\nchild children\nfoot feet\ntooth teeth\nwife wives\nlife lives\nmouse mice";

/// The family of a word, as far as it is known without the study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The word's stem, what stands behind a beginning of it, and their irregular forms.
    known: BTreeSet<String>,
}

impl Analyzer {
    /// The family of a word: what may be meant with it in another form.
    pub fn family(&self, word: &str) -> Family {
        Family::of(&self.stem(word), self)
    }

    /// The stems of each family whose forms share none, worked out once.
    fn irregular(&self) -> &[BTreeSet<String>] {
        self.irregular.get_or_init(|| {
            let stems = |family: &str| family.split(' ').map(|word| self.stem(word)).collect();
            IRREGULAR.lines().map(stems).collect()
        })
    }
}

impl Family {
    /// The family of a stem; only itself where nothing is known of the language.
    fn of(stem: &str, analyzer: &Analyzer) -> Self {
        let mut known = BTreeSet::from([stem.to_owned()]);
        if analyzer.language() == Language::English {
            let behind = |beginning: &&str| {
                stem.strip_prefix(*beginning).filter(|rest| n_letters(rest) >= MIN_ROOT)
            };
            known.extend(BEGINNINGS.iter().filter_map(behind).map(str::to_owned));
            for stems in analyzer.irregular() {
                if !stems.is_disjoint(&known) {
                    known.extend(stems.iter().cloned());
                }
            }
        } else {
            known.clear();
        }
        Self { known }
    }

    /// The beginnings of all words that may belong to it.
    pub fn beginnings(&self) -> BTreeSet<&str> {
        self.known.iter().map(|stem| shortest_root(stem)).collect()
    }

    /// Whether another stem belongs to it.
    ///
    /// One may be the other with endings, if it has four letters; or both are one root of
    /// six letters with endings.
    pub fn has(&self, stem: &str) -> bool {
        self.known.contains(stem) || {
            let roots = roots(stem);
            self.known.iter().any(|known| {
                roots.contains(known.as_str()) && n_letters(known) >= MIN_ROOT
                    || roots_in_common(&roots, known, stem)
            })
        }
    }
}

fn roots_in_common(roots_of_stem: &BTreeSet<&str>, known: &str, stem: &str) -> bool {
    let is_enough =
        |root: &&str| n_letters(root) >= MIN_SHARED || *root == stem && n_letters(root) >= MIN_ROOT;
    roots(known).iter().filter(|root| is_enough(root)).any(|root| roots_of_stem.contains(root))
}

fn n_letters(word: &str) -> usize {
    word.chars().count()
}

/// A stem, and what is left of it without endings.
fn roots(stem: &str) -> BTreeSet<&str> {
    let mut roots = BTreeSet::from([stem]);
    let mut open = vec![stem];
    while let Some(word) = open.pop() {
        for root in ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending)) {
            if n_letters(root) >= MIN_ROOT && roots.insert(root) {
                open.push(root);
            }
        }
    }
    roots
}

fn shortest_root(stem: &str) -> &str {
    roots(stem).into_iter().min_by_key(|root| root.len()).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::AnalyzerParams;

    fn is_family(language: Language, word: &str, other: &str) -> bool {
        let analyzer = Analyzer::new(language, &AnalyzerParams::default());
        analyzer.family(word).has(&analyzer.stem(other))
    }

    #[test]
    fn words_made_of_one_another_are_a_family() {
        for (word, other) in [
            ("guilt", "guilty"),
            ("sleeplessness", "sleep"),
            ("socialising", "social"),
            ("anonymity", "anonymous"),
            ("overheard", "hear"),
            ("unseen", "saw"),
            ("misreading", "read"),
            ("spoke", "speaking"),
            ("exhaustion", "exhausted"),
            ("loneliness", "lonely"),
        ] {
            assert!(is_family(Language::English, word, other), "{word} {other}");
        }
    }

    #[test]
    fn likeness_alone_makes_no_family() {
        for (word, other) in [
            ("report", "port"),
            ("understand", "stand"),
            ("general", "generous"),
            ("car", "care"),
            ("organ", "origin"),
            ("sea", "seen"),
        ] {
            assert!(!is_family(Language::English, word, other), "{word} {other}");
        }
        assert!(!is_family(Language::German, "schlaflos", "schlaf"));
    }

    #[test]
    fn all_of_a_family_begin_as_it_says() {
        let analyzer = Analyzer::new(Language::English, &AnalyzerParams::default());
        let family = analyzer.family("overheard");
        assert_eq!(
            family.beginnings().into_iter().collect::<Vec<_>>(),
            ["hear", "heard", "overheard"]
        );
    }
}
