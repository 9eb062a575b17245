//! What passages say, word by word and phrase by phrase: the uses of all terms.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::Relaxed;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::corpus::Row;
use crate::features::counts::{TermCounts, carries_theme};
use crate::terms::{Analysis, AnalyzedToken, WordClass};

/// Bits of a packed term that hold one part.
const PART_BITS: u32 = 21;
const PART_MASK: u64 = (1 << PART_BITS) - 1;
/// Stands for one linking word between two words: "ease of access".
const ONE_LINK: u64 = PART_MASK;
/// Stands for two: "eyes in the room".
const TWO_LINKS: u64 = PART_MASK - 1;
/// Particles are numbered down from here, stems up from 1.
const FIRST_PARTICLE: u64 = PART_MASK - 2;
/// More than there are particles in all languages together.
const MAX_PARTICLES: u64 = 1_000;
/// Bits of a packed use that say how many more tokens say it: three at most.
const MORE_BITS: u32 = 2;
/// Among how many numbers phrases are spread to tell which may be terms.
const BUCKETS: usize = 1 << 22;
/// Passages in which a term must stand.
pub(super) const MIN_PASSAGES: usize = 3;

/// Up to three parts of a term, packed into a number; see [`Packed::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Packed(u64);

impl Packed {
    /// Packs stems (their columns and 1), particles and links, the last one lowest.
    pub(super) fn new(parts: &[u64]) -> Self {
        Self(parts.iter().fold(0, |packed, part| packed << PART_BITS | part))
    }

    pub(super) fn parts(self) -> impl Iterator<Item = u64> {
        (0..3).rev().map(move |at| self.0 >> (at * PART_BITS) & PART_MASK).filter(|&part| part != 0)
    }

    pub(super) fn stems(self) -> impl Iterator<Item = u64> {
        self.parts().filter(|&part| is_stem(part))
    }

    pub(super) fn is_phrase(self) -> bool {
        self.0 >> PART_BITS != 0
    }
}

fn is_stem(part: u64) -> bool {
    part <= FIRST_PARTICLE - MAX_PARTICLES
}

/// A use of a term in a passage; in order, those of a term stand together. A large study has
/// many millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Use {
    pub(super) term: Packed,
    pub(super) row: u32,
    /// The first of the tokens that say it, how many more do ([`MORE_BITS`]), and whether it is
    /// a plain word, or begins or ends with one (the last bit).
    tokens: u32,
}

impl Use {
    fn new(term: Packed, row: u32, tokens: RangeInclusive<usize>, is_plain: bool) -> Self {
        let more = tokens.end() - tokens.start();
        let packed = (tokens.start() << MORE_BITS | more) << 1 | usize::from(is_plain);
        Self { term, row, tokens: narrow(packed) }
    }

    fn tokens(self) -> RangeInclusive<usize> {
        let packed = (self.tokens >> 1) as usize;
        let first = packed >> MORE_BITS;
        first..=first + packed % (1 << MORE_BITS)
    }

    pub(super) fn is_plain(self) -> bool {
        self.tokens % 2 == 1
    }
}

/// How often phrases are said, by a number that most of them share with no other: most are
/// said once or twice, and need not be sorted with the others.
struct PhraseCounts(Vec<AtomicU8>);

impl PhraseCounts {
    /// Of many uses, found side by side.
    fn new() -> Self {
        Self((0..BUCKETS).map(|_| AtomicU8::new(0)).collect())
    }

    fn of(&self, term: Packed) -> &AtomicU8 {
        // The multiplier of Fibonacci hashing: 2^64 over the golden ratio.
        let bucket = term.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 42;
        &self.0[usize::try_from(bucket).expect("22 bits are left")]
    }

    fn note(&self, term: Packed) {
        // More than there are passages asked for makes no difference; at once, or many threads
        // could count past what a byte holds.
        let next = |n: u8| (usize::from(n) < MIN_PASSAGES).then_some(n + 1);
        self.of(term).fetch_update(Relaxed, Relaxed, next).ok();
    }

    /// Whether a phrase may be said often enough to be a term; it surely is not where this
    /// says so.
    fn may_be_term(&self, term: Packed) -> bool {
        usize::from(self.of(term).load(Relaxed)) >= MIN_PASSAGES
    }
}

/// All uses of words, and of phrases that are said often enough to be terms (and of a few that
/// are not), in order.
pub(super) fn uses_of(
    rows: &[Row],
    (analyses, counts): (&[Arc<Analysis>], &TermCounts),
) -> Vec<Use> {
    // Stems beyond would be taken for particles.
    assert!(
        counts.counts.cols() as u64 <= FIRST_PARTICLE - MAX_PARTICLES,
        "there are too many words"
    );
    let particles = Particles::of(analyses);
    let said = PhraseCounts::new();
    rows.par_iter().for_each(|place| {
        each_use(*place, analyses, counts, &particles, &mut |term, _, _| {
            if term.is_phrase() {
                said.note(term);
            }
        });
    });
    let uses_in = |(row, place): (usize, &Row)| {
        let (row, mut found) = (narrow(row), Vec::new());
        each_use(*place, analyses, counts, &particles, &mut |term, tokens, is_plain| {
            if !term.is_phrase() || said.may_be_term(term) {
                found.push(Use::new(term, row, tokens, is_plain));
            }
        });
        found
    };
    let mut uses: Vec<Use> = rows.par_iter().enumerate().flat_map_iter(uses_in).collect();
    drop(said);
    uses.par_sort_unstable();
    uses
}

/// The particles of the languages that are spoken, by number.
struct Particles<'a>(Vec<&'a str>);

impl<'a> Particles<'a> {
    fn of(analyses: &'a [Arc<Analysis>]) -> Self {
        let forms =
            analyses.iter().flat_map(|analysis| analysis.forms.iter().zip(&analysis.classes));
        let found: BTreeSet<&str> = forms
            .filter(|(_, class)| **class == WordClass::Particle)
            .map(|(form, _)| form)
            .collect();
        Self(found.into_iter().collect())
    }

    fn code(&self, form: &str) -> Option<u64> {
        let at = u64::try_from(self.0.binary_search(&form).ok()?).ok()?;
        (at < MAX_PARTICLES).then(|| FIRST_PARTICLE - at)
    }
}

/// Tells `note` every stem and phrase that a passage's own speaker uses: the term, the tokens
/// that say it, and whether it is a plain word, or begins or ends with one.
fn each_use(
    place: Row,
    analyses: &[Arc<Analysis>],
    counts: &TermCounts,
    particles: &Particles,
    note: &mut dyn FnMut(Packed, RangeInclusive<usize>, bool),
) {
    let analysis = &analyses[place.transcript as usize];
    let columns = &counts.columns[place.transcript as usize];
    let tokens = &analysis.passages[place.place as usize];
    let class = |at: usize| analysis.classes[tokens[at].form as usize];
    let stem = |at: usize| {
        let column = columns[tokens[at].form as usize].filter(|_| carries_theme(&tokens[at]));
        column.map(|column| u64::from(column) + 1)
    };
    let particle = |at: usize| {
        let is_particle = class(at) == WordClass::Particle && tokens[at].is_own;
        is_particle.then(|| particles.code(&analysis.forms[tokens[at].form as usize])).flatten()
    };
    // Whether the tokens from one to another follow each other in one turn.
    let follows = |from: usize, to: usize| {
        tokens
            .get(to)
            .is_some_and(|next| next.position == tokens[from].position + narrow(to - from))
    };
    let is_link = |at: usize| matches!(class(at), WordClass::Linking | WordClass::Particle);
    let mut push = |parts: &[u64], first: usize, last: usize, is_plain: bool| {
        note(Packed::new(parts), first..=last, is_plain);
    };
    let is_plain = |at: usize| class(at) != WordClass::Naming;
    for at in 0..tokens.len() {
        let Some(first) = stem(at) else {
            if let Some(first) = particle(at) {
                push(&[first], at, at, true);
                if follows(at, at + 2)
                    && class(at + 1) == WordClass::Linking
                    && let Some(last) = particle(at + 2)
                {
                    push(&[first, ONE_LINK, last], at, at + 2, false);
                }
            }
            continue;
        };
        push(&[first], at, at, is_plain(at));
        if !follows(at, at + 1) {
            continue;
        }
        if let Some(particle) = particle(at + 1) {
            push(&[first, particle], at, at + 1, false);
        }
        if let Some(second) = stem(at + 1) {
            if second != first && !(is_plain(at) && is_plain(at + 1)) {
                push(&[first, second], at, at + 1, is_plain(at) || is_plain(at + 1));
            }
            if follows(at, at + 2)
                && let Some(third) = stem(at + 2)
                && third != second
                && third != first
            {
                let is_plain = is_plain(at) || is_plain(at + 2);
                push(&[first, second, third], at, at + 2, is_plain);
            }
            continue;
        }
        for (n_links, link) in [(1, ONE_LINK), (2, TWO_LINKS)] {
            let last = at + n_links + 1;
            if follows(at, last)
                && (at + 1..last).all(is_link)
                && let Some(second) = stem(last)
                && second != first
                && !(is_plain(at) && is_plain(last))
            {
                push(&[first, link, second], at, last, is_plain(at) || is_plain(last));
            }
        }
    }
}

/// The words of a use, as spoken.
pub(super) fn spoken<'a>(used: Use, rows: &[Row], analyses: &'a [Arc<Analysis>]) -> Cow<'a, str> {
    let row = rows[used.row as usize];
    let analysis = &analyses[row.transcript as usize];
    let tokens = &analysis.passages[row.place as usize][used.tokens()];
    let form = |token: &AnalyzedToken| &analysis.forms[token.form as usize];
    match tokens {
        [token] => Cow::Borrowed(form(token)),
        _ => Cow::Owned(tokens.iter().map(form).collect::<Vec<_>>().join(" ")),
    }
}

pub(super) fn narrow(n: usize) -> u32 {
    u32::try_from(n).expect("there are fewer words than bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_packed_and_unpacked() {
        let packed = Packed::new(&[7, ONE_LINK, 9]);
        assert_eq!(packed.stems().collect::<Vec<_>>(), [7, 9]);
        assert!(packed.is_phrase() && !Packed::new(&[7]).is_phrase());
    }

    #[test]
    fn uses_are_packed_and_unpacked_and_those_of_a_term_stand_together() {
        let [tea, pot] = [7, 9].map(|stem| Packed::new(&[stem]));
        let mut uses =
            [(pot, 0, 4..=4), (tea, 2, 0..=0), (tea, 1, 90_000..=90_003), (tea, 1, 3..=4)]
                .map(|(term, row, tokens)| Use::new(term, row, tokens, row == 1));
        uses.sort_unstable();
        let found = uses.map(|used| (used.term, used.row, used.tokens(), used.is_plain()));
        let expected = [
            (tea, 1, 3..=4, true),
            (tea, 1, 90_000..=90_003, true),
            (tea, 2, 0..=0, false),
            (pot, 0, 4..=4, false),
        ];
        assert_eq!(found, expected);
    }
}
