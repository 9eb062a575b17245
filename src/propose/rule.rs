//! A query that finds a code's quotations and little else: a rule that people can read.
//!
//! What was decided about a code comes in; words, phrases and words near each other go out,
//! joined with OR, in the language of `search`. People edit it and keep it with the code.

use std::collections::{BTreeMap, BTreeSet};

use super::coded::{Coded, Decisions};
use crate::base::Span;
use crate::corpus::{Corpus, CorpusError};
use crate::terms::{Analysis, AnalyzedToken, TokenKind, WordClass};

/// The most parts that are joined with OR.
const MAX_PARTS: usize = 5;
/// The most words between two that are near each other.
const NEAR: u32 = 5;
/// The fewest letters before a `*`.
const MIN_LETTERS: usize = 4;
/// How much what is found wrongly counts beside what is missed: recall counts half as much
/// as precision.
const BETA: f64 = 0.5;
/// What a part must add to the measure of a rule.
const MIN_GAIN: f64 = 0.02;
/// The least share of what a rule finds that must be quoted.
const MIN_PRECISION: f64 = 0.3;
/// Wrong passages that are taken for granted: what stands in two quotations and nowhere
/// else may be chance.
const DOUBT: f64 = 3.0;
/// How often chance may make a part in a study where there is none to find.
const CHANCE: f64 = 0.1;
/// What a part of two words must do better than one of one word; each is harder to read.
const COSTS: [f64; 3] = [0.0, 0.005, 0.01];

/// The words of a passage at some bytes of its text, each once, as spoken.
pub fn words_at(spans: &[Span], text: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let words = spans.iter().map(|span| span.of(text).split_whitespace().collect::<Vec<_>>());
    let words = words.map(|words| words.join(" "));
    words.filter(|words| seen.insert(words.to_lowercase())).collect()
}

/// A part of a rule. Words are numbered stems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A word in any form.
    Word(u32),
    /// Two words, one after the other.
    Phrase(u32, u32),
    /// Two words near each other, the lower number first.
    Near(u32, u32),
}

impl Part {
    fn cost(self) -> f64 {
        match self {
            Self::Word(_) => COSTS[0],
            Self::Phrase(..) => COSTS[1],
            Self::Near(..) => COSTS[2],
        }
    }
}

/// What a part finds.
#[derive(Debug, Default)]
struct Finds {
    /// Quotations, by their places among those of the code.
    quotations: BTreeSet<usize>,
    /// Passages that do not carry the code.
    others: BTreeSet<usize>,
}

/// Suggests a rule for a code; `None` if none of a few simple parts finds quotations of
/// several people and little else. `is_hidden` tells words that no rule may name.
///
/// # Formula
/// Parts are added one after the other, the best first, while each adds 0.02 or more to
/// `F = 1.25 P R / (0.25 P + R)`. `R` is the mean, over people who are quoted, of the share
/// of their quotations that are found; `P = q / (q + n + 3)`, with `q` quotations that are
/// found, and `n` passages that do not carry the code. A part finds quotations of two people
/// if the code has as many, and else two quotations; and it stands in so many more of them
/// than in other passages that chance would hardly make one such of all that are tried:
/// `G² >= 2 ln(10 parts)`, since a `χ²` of one degree is above `x` at most `e^(-x / 2)` of the
/// time.
///
/// # Source
/// Dunning (1993), "Accurate methods for the statistics of surprise and coincidence",
/// <https://aclanthology.org/J93-1003>.
///
/// # Errors
/// [`CorpusError::TextGone`] if words are not remembered any more.
pub fn suggest(
    corpus: &Corpus,
    decisions: &Decisions<'_>,
    coded: &Coded,
    is_hidden: &dyn Fn(&str) -> bool,
) -> Result<Option<String>, CorpusError> {
    let mut words = Words { is_hidden, ..Words::new() };
    let mut parts: BTreeMap<Part, Finds> = BTreeMap::new();
    for (at, quoted) in coded.quoted.iter().enumerate() {
        let analysis = corpus.words(quoted.transcript)?;
        let passages = corpus.passages_of(quoted.transcript);
        let of_code =
            coded.with.range(passages.clone()).map(|(passage, _)| passage - passages.start);
        for place in of_code {
            let is_in = |token: &&AnalyzedToken| {
                quoted.span.start <= token.span.start && token.span.end <= quoted.span.end
            };
            let tokens: Vec<&AnalyzedToken> =
                analysis.passages[place].iter().filter(is_in).collect();
            for part in words.parts(&analysis, &tokens, true) {
                parts.entry(part).or_default().quotations.insert(at);
            }
        }
    }
    let people = |finds: &Finds| -> BTreeSet<u32> {
        finds.quotations.iter().flat_map(|&at| coded.quoted[at].cases.iter().copied()).collect()
    };
    let n_people = coded.by_case.len().min(2);
    parts.retain(|_, finds| finds.quotations.len() > 1 && people(finds).len() >= n_people);
    let (is_unread, mut n_others) = (coded.without.is_empty(), 0);
    for known in decisions.passages() {
        let is_other = if is_unread {
            !coded.with.contains_key(&known.passage)
        } else {
            coded.without.contains(&known.passage)
        };
        if is_other {
            n_others += 1;
            let (t, place) = corpus.place_of(known.passage);
            let analysis = corpus.words(t)?;
            let tokens: Vec<&AnalyzedToken> = analysis.passages[place].iter().collect();
            for part in words.parts(&analysis, &tokens, false) {
                if let Some(finds) = parts.get_mut(&part) {
                    finds.others.insert(known.passage);
                }
            }
        }
    }
    let n_parts = parts.len() as f64;
    parts.retain(|_, finds| {
        let with = (finds.quotations.len(), coded.quoted.len());
        surprise(with, (finds.others.len(), n_others)) >= 2.0 * (n_parts / CHANCE).ln()
    });
    let chosen = choose(&parts, &coded.quoted.iter().map(|it| &it.cases).collect::<Vec<_>>());
    if chosen.is_empty() {
        return Ok(None);
    }
    for t in 0..corpus.transcripts.len() {
        words.note_forms(&*corpus.words(t)?);
    }
    let written: Vec<String> =
        chosen.iter().map(|part| words.written(*part, chosen.len() > 1)).collect();
    Ok(Some(written.join(" OR ")))
}

/// How surprising it is, `G²`, that something stands in `with.0` of `with.1` quotations and
/// in `without.0` of `without.1` passages; 0 if it stands in no larger share of quotations.
fn surprise(with: (usize, usize), without: (usize, usize)) -> f64 {
    let [a, with, b, without] = [with.0, with.1, without.0, without.1].map(|n| n as f64);
    if a * without <= b * with {
        return 0.0;
    }
    let (all, said) = (with + without, a + b);
    let cells = [
        (a, with * said),
        (b, without * said),
        (with - a, with * (all - said)),
        (without - b, without * (all - said)),
    ];
    let cells = cells.into_iter().filter(|(n, _)| *n > 0.0);
    2.0 * cells.fold(0.0, |sum, (n, product)| sum + n * (n * all / product).ln())
}

/// The parts that together find most quotations and little else, best first; none if what
/// they find is not mostly quoted. `cases` are those of each quotation.
fn choose(parts: &BTreeMap<Part, Finds>, cases: &[&BTreeSet<u32>]) -> Vec<Part> {
    let mut of_case: BTreeMap<u32, f64> = BTreeMap::new();
    for &case in cases.iter().copied().flatten() {
        *of_case.entry(case).or_default() += 1.0;
    }
    let n_people = of_case.len().max(1) as f64;
    let weights: Vec<f64> = cases
        .iter()
        .map(|cases| cases.iter().fold(0.0, |sum, case| sum + 1.0 / (of_case[case] * n_people)))
        .collect();
    let measure = |finds: &Finds| -> (f64, f64) {
        let recall = finds.quotations.iter().fold(0.0, |sum, &at| sum + weights[at]);
        let n = finds.quotations.len() as f64;
        let precision = n / (n + finds.others.len() as f64 + DOUBT);
        let square = BETA * BETA;
        let whole = square * precision + recall;
        (if whole > 0.0 { (1.0 + square) * precision * recall / whole } else { 0.0 }, precision)
    };
    let (mut chosen, mut found): (Vec<Part>, Finds) = (Vec::new(), Finds::default());
    while chosen.len() < MAX_PARTS {
        let (now, _) = measure(&found);
        let gain = |(part, finds): (&Part, &Finds)| {
            let both = Finds {
                quotations: &found.quotations | &finds.quotations,
                others: &found.others | &finds.others,
            };
            let is_new = both.quotations.len() > found.quotations.len() + 1;
            let gain = measure(&both).0 - now - part.cost();
            (is_new && gain >= MIN_GAIN).then_some((gain, *part, both))
        };
        // The first of equally good parts, which is the simplest.
        let best = parts
            .iter()
            .filter_map(gain)
            .reduce(|best, next| if next.0 > best.0 + f64::EPSILON { next } else { best });
        let Some((_, part, both)) = best else { break };
        chosen.push(part);
        found = both;
    }
    if measure(&found).1 < MIN_PRECISION { Vec::new() } else { chosen }
}

/// The words of a study as far as rules go.
struct Words<'a> {
    numbers: BTreeMap<String, u32>,
    /// By number, how often each form is said, in quotations and in all talk.
    forms: Vec<BTreeMap<String, [usize; 2]>>,
    is_hidden: &'a dyn Fn(&str) -> bool,
}

impl Words<'_> {
    fn new() -> Self {
        Self { numbers: BTreeMap::new(), forms: Vec::new(), is_hidden: &|_| false }
    }

    /// The number of a token's stem, given to it if it may stand in a rule and is new.
    fn number(
        &mut self,
        analysis: &Analysis,
        token: &AnalyzedToken,
        is_quoted: bool,
    ) -> Option<u32> {
        let form = &analysis.forms[token.form as usize];
        let may_be = matches!(token.kind, TokenKind::Content | TokenKind::Stop);
        if !token.is_own || !may_be {
            return None;
        }
        let stem = &analysis.stems[token.form as usize];
        let known = self.numbers.get(stem).copied();
        if !is_quoted || known.is_none() && (self.is_hidden)(form) {
            return known;
        }
        let number = known.unwrap_or_else(|| {
            let next = u32::try_from(self.forms.len()).expect("words are fewer than bytes");
            self.numbers.insert(stem.to_owned(), next);
            self.forms.push(BTreeMap::new());
            next
        });
        self.forms[number as usize].entry(form.to_owned()).or_default()[0] += 1;
        Some(number)
    }

    /// The parts that tokens in a row hold.
    fn parts(
        &mut self,
        analysis: &Analysis,
        tokens: &[&AnalyzedToken],
        is_quoted: bool,
    ) -> BTreeSet<Part> {
        let known: Vec<(u32, u32, &AnalyzedToken)> = tokens
            .iter()
            .filter_map(|token| {
                Some((self.number(analysis, token, is_quoted)?, token.position, *token))
            })
            .collect();
        let is_content = |token: &AnalyzedToken| token.kind == TokenKind::Content;
        let is_naming = |token: &AnalyzedToken| {
            is_content(token) && analysis.classes[token.form as usize] == WordClass::Naming
        };
        let mut parts = BTreeSet::new();
        for (at, &(a, position, token)) in known.iter().enumerate() {
            if is_naming(token) {
                parts.insert(Part::Word(a));
            }
            let near =
                known[at + 1..].iter().take_while(|(_, next, _)| *next <= position + NEAR + 1);
            for &(b, next, other) in near {
                // "turned off" and "cold room", not "the room".
                let ends = is_content(other)
                    || analysis.classes[other.form as usize] == WordClass::Particle;
                if next == position + 1 && is_content(token) && ends {
                    parts.insert(Part::Phrase(a, b));
                }
                let are_two = a != b && is_content(token) && is_content(other);
                if are_two && (is_naming(token) || is_naming(other)) {
                    parts.insert(Part::Near(a.min(b), a.max(b)));
                }
            }
        }
        parts
    }

    /// Notes in which forms words are said at all.
    fn note_forms(&mut self, analysis: &Analysis) {
        for token in analysis.passages.iter().flatten() {
            let form = &analysis.forms[token.form as usize];
            if let Some(&number) = self.numbers.get(&analysis.stems[token.form as usize]) {
                self.forms[number as usize].entry(form.to_owned()).or_default()[1] += 1;
            }
        }
    }

    /// A part as a query.
    fn written(&self, part: Part, is_beside: bool) -> String {
        match part {
            Part::Word(word) => self.usual(word).to_owned(),
            Part::Phrase(a, b) => format!("\"{} {}\"", self.in_phrase(a), self.in_phrase(b)),
            Part::Near(a, b) => {
                let near = format!("{} NEAR/{NEAR} {}", self.usual(a), self.usual(b));
                if is_beside { format!("({near})") } else { near }
            }
        }
    }

    /// The form in which a word is said most in quotations.
    fn usual(&self, word: u32) -> &str {
        let forms = self.forms[word as usize].iter();
        let best = forms.max_by(|(a, m), (b, n)| {
            m[0].cmp(&n[0]).then(b.len().cmp(&a.len())).then_with(|| b.cmp(a))
        });
        best.map_or("", |(form, _)| form)
    }

    /// A word as a phrase finds it in all its forms: `turn*`. As it is said most where
    /// they have too little in common.
    fn in_phrase(&self, word: u32) -> String {
        let usual = self.usual(word);
        let forms = || self.forms[word as usize].keys();
        let common = forms().fold(usual, |common, form| {
            let same = common.char_indices().zip(form.chars()).find(|((_, a), b)| a != b);
            let end = same.map_or(common.len().min(form.len()), |((at, _), _)| at);
            &common[..end]
        });
        let is_telling = common.chars().count() >= MIN_LETTERS;
        if forms().nth(1).is_some() && is_telling { format!("{common}*") } else { usual.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(quotations: &[usize], others: &[usize]) -> Finds {
        Finds {
            quotations: quotations.iter().copied().collect(),
            others: others.iter().copied().collect(),
        }
    }

    #[test]
    fn parts_are_chosen_by_what_they_add() {
        let cases: Vec<BTreeSet<u32>> = (0..6).map(|case| BTreeSet::from([case / 2])).collect();
        let cases: Vec<&BTreeSet<u32>> = cases.iter().collect();
        let mut parts = BTreeMap::from([
            (Part::Word(0), finds(&[0, 1, 2], &[])),
            (Part::Word(1), finds(&[0, 1, 2], &[7, 8])),
            (Part::Phrase(1, 2), finds(&[3, 4], &[])),
            // As good as a phrase, and harder to read.
            (Part::Near(1, 2), finds(&[3, 4], &[])),
        ]);
        assert_eq!(choose(&parts, &cases), [Part::Word(0), Part::Phrase(1, 2)]);
        // What finds one more is no rule but that quotation.
        parts.insert(Part::Word(9), finds(&[5], &[]));
        assert_eq!(choose(&parts, &cases), [Part::Word(0), Part::Phrase(1, 2)]);
        // Mostly other talk: 2 / (2 + 9 + 3) is too little.
        let common =
            BTreeMap::from([(Part::Word(0), finds(&[0, 3], &[1, 2, 3, 4, 5, 6, 7, 8, 9]))]);
        assert_eq!(choose(&common, &cases), []);
        assert_eq!(choose(&BTreeMap::new(), &cases), []);
    }

    #[test]
    fn surprise_agrees_with_a_case_worked_by_hand() {
        // In 4 of 9 quotations and in none of 171 passages: 4 ln(4 / .2) + 5 ln(5 / 8.8) + 171
        // ln(171 / 167.2), twice.
        let expected =
            8.0 * 20.0_f64.ln() + 10.0 * (5.0_f64 / 8.8).ln() + 342.0 * (171.0_f64 / 167.2).ln();
        assert!((surprise((4, 9), (0, 171)) - expected).abs() < 1e-9);
        assert!((expected - 25.998).abs() < 1e-3, "{expected}");
        assert!(surprise((1, 9), (60, 171)).abs() < 1e-12);
        assert!(surprise((3, 3), (0, 0)).abs() < 1e-12);
    }

    #[test]
    fn words_are_written_as_people_would_look_for_them() {
        let forms = |forms: &[(&str, usize)]| -> BTreeMap<String, [usize; 2]> {
            forms.iter().map(|(form, n)| ((*form).to_owned(), [*n, 9])).collect()
        };
        let mut words = Words::new();
        words.forms = vec![
            forms(&[("turned", 3), ("turn", 1), ("turning", 0)]),
            forms(&[("off", 3)]),
            forms(&[("easy", 2), ("easier", 2)]),
        ];
        assert_eq!(words.written(Part::Word(0), true), "turned");
        assert_eq!(words.written(Part::Phrase(0, 1), true), "\"turn* off\"");
        assert_eq!(words.written(Part::Phrase(2, 1), true), "\"easy off\"");
        assert_eq!(words.written(Part::Near(0, 2), true), "(turned NEAR/5 easy)");
        assert_eq!(words.written(Part::Near(0, 2), false), "turned NEAR/5 easy");
    }
}
