//! What sets a candidate theme apart: terms as spoken, a label, an order.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::features::counts::{TermCounts, carries_theme};
use crate::terms::{Analysis, AnalyzedToken, TokenKind};

/// Bits of a packed term that hold one stem.
const STEM_BITS: u32 = 21;
/// Stands for one function word between two stems: "ease of access".
const ANY_STOP_WORD: u64 = (1 << STEM_BITS) - 1;
/// Passages in which a term must stand.
const MIN_PASSAGES: usize = 3;
/// How many terms of a theme are kept.
const N_TERMS: usize = 15;
/// The strength of the prior, in uses of terms: a term needs about this many
/// uses in its theme before its share is taken at face value.
const PRIOR_USES: f64 = 500.0;

/// One to three stems, packed into a number; see [`Packed::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Packed(u64);

impl Packed {
    /// Packs stems by their columns, the last one lowest.
    fn new(parts: &[u64]) -> Self {
        Self(parts.iter().fold(0, |packed, part| packed << STEM_BITS | part))
    }

    fn parts(self) -> impl Iterator<Item = u64> {
        let mask = (1 << STEM_BITS) - 1;
        (0..3).rev().map(move |at| self.0 >> (at * STEM_BITS) & mask).filter(|&part| part != 0)
    }

    fn stems(self) -> impl Iterator<Item = u64> {
        self.parts().filter(|&part| part != ANY_STOP_WORD)
    }

    fn is_phrase(self) -> bool {
        self.0 >> STEM_BITS != 0
    }
}

/// A use of a term in a passage, with the tokens that say it.
struct Use {
    term: Packed,
    row: u32,
    first: u32,
    last: u32,
}

/// A term of a theme.
#[derive(Debug, Clone, PartialEq)]
pub struct ThemeTerm {
    /// As people mostly say it.
    pub term: String,
    /// How much it sets the theme apart: the z-score of its log-odds.
    pub weight: f64,
    /// How many cases use it in the theme.
    pub n_cases: usize,
    stems: Vec<u64>,
    is_phrase: bool,
}

impl ThemeTerm {
    /// The columns of its stems in the document-term matrix.
    pub fn columns(&self) -> impl Iterator<Item = usize> {
        self.stems.iter().map(|stem| usize::try_from(stem - 1).expect("columns fit 21 bits"))
    }
}

/// A passage that may belong to a theme.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The place of its transcript in the study.
    pub transcript: u32,
    /// Its place in the transcript.
    pub place: u32,
    /// The case that it is about.
    pub case: u32,
}

/// Finds for each theme the terms that set it apart.
///
/// `theme_of` has one entry a row. A term is a stem or a phrase of two or
/// three words that passages use, by at least two cases where there are two.
/// Uses are counted by passage, so that repeating a word proves nothing.
///
/// # Formula
/// The z-score of the log-odds ratio with an informative Dirichlet prior:
/// `δ = ln (y+a)/(n+A-y-a) - ln (y'+a)/(n'+A-y'-a)`,
/// `z = δ / sqrt(1/(y+a) + 1/(y'+a))`, with `y` of `n` uses in the theme, `y'`
/// of `n'` elsewhere, and the prior `a` of `A` in the proportion of all uses;
/// times the share of the theme's cases that use the term, so that what many
/// say outranks what one says often.
///
/// # Source
/// Monroe, Colaresi and Quinn (2008), "Fightin' Words",
/// <https://doi.org/10.1093/pan/mpn018>.
pub fn theme_terms(
    rows: &[Row],
    theme_of: &[Option<usize>],
    n_themes: usize,
    analyses: &[Analysis],
    counts: &TermCounts,
) -> Vec<Vec<ThemeTerm>> {
    let mut uses: Vec<Use> = (0_u32..)
        .zip(rows)
        .collect::<Vec<_>>()
        .par_iter()
        .flat_map_iter(|(row, place)| uses_in(*row, **place, analyses, counts))
        .collect();
    uses.par_sort_unstable_by_key(|a| (a.term, a.row, a.first));
    let n_cases = rows.iter().map(|row| row.case).collect::<BTreeSet<_>>().len();
    let min_cases = if n_cases > 1 { 2 } else { 1 };

    // One group a term; uses of a term stand together now.
    let groups: Vec<&[Use]> = uses.chunk_by(|a, b| a.term == b.term).collect();
    let tallies: Vec<Option<Tally>> = groups
        .par_iter()
        .map(|group| {
            Tally::new(group, rows, theme_of, n_themes).filter(|tally| tally.n_cases >= min_cases)
        })
        .collect();
    let mut of_theme = vec![0.0; n_themes];
    let mut all = 0.0;
    for tally in tallies.iter().flatten() {
        for &(theme, n, _) in &tally.by_theme {
            of_theme[theme] += f64::from(n);
        }
        all += f64::from(tally.n);
    }
    let mut cases_of: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); n_themes];
    for (row, theme) in rows.iter().zip(theme_of) {
        if let Some(theme) = *theme {
            cases_of[theme].insert(row.case);
        }
    }
    let n_cases_of: Vec<usize> = cases_of.iter().map(BTreeSet::len).collect();
    (0..n_themes)
        .into_par_iter()
        .map(|theme| {
            let mut scored: Vec<(f64, usize, usize)> = Vec::new();
            for (at, tally) in tallies.iter().enumerate() {
                let Some(tally) = tally else { continue };
                let Some(&(_, here, cases)) = tally.by_theme.iter().find(|(t, ..)| *t == theme)
                else {
                    continue;
                };
                if cases < min_cases || here < 2 {
                    continue;
                }
                let z = log_odds_z(f64::from(here), of_theme[theme], f64::from(tally.n), all)
                    * (cases as f64 / n_cases_of[theme].max(1) as f64);
                if z > 0.0 {
                    scored.push((z, at, cases));
                }
            }
            if scored.is_empty() {
                // With one theme nothing sets it apart; what most people say names it.
                let said = |tally: &Tally| {
                    tally
                        .by_theme
                        .iter()
                        .find(|(t, ..)| *t == theme)
                        .map(|&(_, n, cases)| (n, cases))
                };
                let common = tallies
                    .iter()
                    .enumerate()
                    .filter_map(|(at, tally)| Some((at, said(tally.as_ref()?)?)));
                scored = common
                    .filter(|(_, (_, cases))| *cases >= min_cases)
                    .map(|(at, (n, cases))| (cases as f64 + f64::from(n) / (1.0 + all), at, cases))
                    .collect();
            }
            scored.sort_by(|a, b| {
                b.0.total_cmp(&a.0).then_with(|| groups[a.1][0].term.cmp(&groups[b.1][0].term))
            });
            let mut kept: Vec<ThemeTerm> = Vec::new();
            for (weight, at, n_cases) in scored {
                if kept.len() == N_TERMS {
                    break;
                }
                let term = groups[at][0].term;
                let stems: Vec<u64> = term.stems().collect();
                // A phrase says more than its words: a word that mostly stands
                // in a phrase kept already, or a phrase of words kept already
                // that is not nearly as strong, is no news.
                let covered = kept.iter().any(|known| {
                    let (short, long) = if known.stems.len() < stems.len() {
                        (&known.stems, &stems)
                    } else {
                        (&stems, &known.stems)
                    };
                    short.iter().all(|stem| long.contains(stem)) && known.is_phrase
                });
                if covered {
                    continue;
                }
                let term_text = spoken(groups[at], rows, theme_of, theme, analyses);
                let is_phrase = term.is_phrase();
                if is_phrase {
                    kept.retain(|known| {
                        let inside = known.stems.iter().all(|stem| stems.contains(stem));
                        !(inside && known.weight < 1.5 * weight)
                    });
                }
                kept.push(ThemeTerm { term: term_text, weight, n_cases, stems, is_phrase });
            }
            kept
        })
        .collect()
}

/// The uses of one term, added up.
struct Tally {
    n: u32,
    n_cases: usize,
    /// Theme, passages, cases.
    by_theme: Vec<(usize, u32, usize)>,
}

impl Tally {
    fn new(
        group: &[Use],
        rows: &[Row],
        theme_of: &[Option<usize>],
        n_themes: usize,
    ) -> Option<Self> {
        if group.len() < MIN_PASSAGES {
            return None;
        }
        let mut passages: Vec<u32> = group.iter().map(|used| used.row).collect();
        passages.dedup();
        if passages.len() < MIN_PASSAGES {
            return None;
        }
        let cases: BTreeSet<u32> = passages.iter().map(|&row| rows[row as usize].case).collect();
        let mut by_theme: BTreeMap<usize, (u32, BTreeSet<u32>)> = BTreeMap::new();
        for &row in &passages {
            if let Some(theme) = theme_of[row as usize].filter(|&theme| theme < n_themes) {
                let entry = by_theme.entry(theme).or_default();
                entry.0 += 1;
                entry.1.insert(rows[row as usize].case);
            }
        }
        Some(Self {
            n: u32::try_from(passages.len()).unwrap_or(u32::MAX),
            n_cases: cases.len(),
            by_theme: by_theme
                .into_iter()
                .map(|(theme, (n, cases))| (theme, n, cases.len()))
                .collect(),
        })
    }
}

fn log_odds_z(here: f64, all_here: f64, both: f64, all_both: f64) -> f64 {
    let prior = PRIOR_USES * both / all_both;
    let (there, all_there) = (both - here, all_both - all_here);
    let log_odds = |y: f64, n: f64| ((y + prior) / (n + PRIOR_USES - y - prior)).ln();
    let delta = log_odds(here, all_here) - log_odds(there, all_there);
    delta / (1.0 / (here + prior) + 1.0 / (there + prior)).sqrt()
}

/// Every stem and phrase that a passage's own speaker uses.
fn uses_in(row: u32, place: Row, analyses: &[Analysis], counts: &TermCounts) -> Vec<Use> {
    let analysis = &analyses[place.transcript as usize];
    let columns = &counts.columns[place.transcript as usize];
    let tokens = &analysis.passages[place.place as usize];
    let stem = |token: &AnalyzedToken| {
        if carries_theme(token) {
            columns[token.form as usize].map(|column| u64::from(column) + 1)
        } else {
            None
        }
    };
    let follows = |a: usize, b: usize| {
        tokens.get(b).is_some_and(|next| next.position == tokens[a].position + 1)
    };
    let mut found = Vec::new();
    let mut push = |parts: &[u64], first: usize, last: usize| {
        let narrow = |at: usize| u32::try_from(at).expect("tokens are fewer than bytes");
        found.push(Use { term: Packed::new(parts), row, first: narrow(first), last: narrow(last) });
    };
    for (at, token) in tokens.iter().enumerate() {
        let Some(first) = stem(token) else { continue };
        push(&[first], at, at);
        if !follows(at, at + 1) {
            continue;
        }
        if let Some(second) = stem(&tokens[at + 1]) {
            if second != first {
                push(&[first, second], at, at + 1);
            }
            if follows(at + 1, at + 2)
                && let Some(third) = stem(&tokens[at + 2])
                && third != second
                && third != first
            {
                push(&[first, second, third], at, at + 2);
            }
        } else if tokens[at + 1].kind == TokenKind::Stop
            && follows(at + 1, at + 2)
            && let Some(second) = stem(&tokens[at + 2])
            && second != first
        {
            push(&[first, ANY_STOP_WORD, second], at, at + 2);
        }
    }
    found
}

/// The form in which a theme's passages mostly say a term; ties go to the
/// form that comes first in the alphabet.
fn spoken(
    group: &[Use],
    rows: &[Row],
    theme_of: &[Option<usize>],
    theme: usize,
    analyses: &[Analysis],
) -> String {
    let mut forms: BTreeMap<String, usize> = BTreeMap::new();
    for used in group.iter().filter(|used| theme_of[used.row as usize] == Some(theme)) {
        let row = rows[used.row as usize];
        let analysis = &analyses[row.transcript as usize];
        let tokens =
            &analysis.passages[row.place as usize][used.first as usize..=used.last as usize];
        let words: Vec<&str> =
            tokens.iter().map(|token| analysis.forms[token.form as usize].as_str()).collect();
        *forms.entry(words.join(" ")).or_default() += 1;
    }
    let best = forms.into_iter().max_by(|(a, m), (b, n)| m.cmp(n).then_with(|| b.cmp(a)));
    best.map_or_else(String::new, |(form, _)| form)
}

/// Names to start from, no two the same: each theme's strongest phrase, if it
/// has one that is nearly as strong as its strongest word, and further terms
/// that share no word with it.
pub fn labels(terms: &[Vec<ThemeTerm>]) -> Vec<String> {
    const NEARLY: f64 = 0.6;
    const N_PARTS: usize = 3;
    let mut used: BTreeSet<String> = BTreeSet::new();
    terms
        .iter()
        .map(|terms| {
            let strongest = terms.first().map_or(0.0, |term| term.weight);
            let phrases =
                terms.iter().filter(|term| term.is_phrase && term.weight >= NEARLY * strongest);
            let order: Vec<&ThemeTerm> = phrases.take(2).chain(terms).collect();
            let mut parts: Vec<&ThemeTerm> = Vec::new();
            for term in order {
                let is_new = parts
                    .iter()
                    .all(|part| part.stems.iter().all(|stem| !term.stems.contains(stem)));
                if is_new && parts.len() < N_PARTS {
                    parts.push(term);
                }
            }
            let label = parts.iter().map(|part| part.term.as_str()).collect::<Vec<_>>().join(", ");
            let label = if label.is_empty() { "without a common word".to_owned() } else { label };
            let mut unique = label.clone();
            let mut n = 2;
            while !used.insert(unique.clone()) {
                unique = format!("{label} ({n})");
                n += 1;
            }
            unique
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_agrees_with_a_case_worked_by_hand() {
        // 8 of a theme's 40 uses, 2 of the other 160; the prior is 500 · 10/200 = 25.
        // δ = ln(33/507) - ln(27/633) = 0.422630; variance 1/33 + 1/27.
        let expected = ((33.0_f64 / 507.0).ln() - (27.0_f64 / 633.0).ln())
            / (1.0_f64 / 33.0 + 1.0 / 27.0).sqrt();
        assert!((log_odds_z(8.0, 40.0, 10.0, 200.0) - expected).abs() < 1e-9);
        assert!((expected - 1.628_634_633).abs() < 1e-8);
    }

    fn term(text: &str, weight: f64, stems: &[u64]) -> ThemeTerm {
        ThemeTerm {
            term: text.to_owned(),
            weight,
            n_cases: 2,
            stems: stems.to_vec(),
            is_phrase: stems.len() > 1,
        }
    }

    #[test]
    fn a_label_leads_with_a_strong_phrase_and_repeats_no_word() {
        let terms = [
            term("silence", 4.0, &[1]),
            term("group silence", 3.0, &[2, 1]),
            term("clock", 2.5, &[3]),
            term("chapel", 2.0, &[4]),
        ];
        assert_eq!(labels(&[terms.to_vec()]), ["group silence, clock, chapel"]);
        // A phrase that is much weaker than the strongest word does not lead.
        let weak = [term("silence", 9.0, &[1]), term("long clock", 3.0, &[5, 3])];
        assert_eq!(labels(&[weak.to_vec()]), ["silence, long clock"]);
    }

    #[test]
    fn no_two_themes_have_one_label() {
        let same = vec![term("tea", 1.0, &[1])];
        assert_eq!(
            labels(&[same.clone(), same, Vec::new()]),
            ["tea", "tea (2)", "without a common word"]
        );
    }

    #[test]
    fn stems_are_packed_and_unpacked() {
        let packed = Packed::new(&[7, ANY_STOP_WORD, 9]);
        assert_eq!(packed.stems().collect::<Vec<_>>(), [7, 9]);
        assert!(packed.is_phrase() && !Packed::new(&[7]).is_phrase());
    }
}
