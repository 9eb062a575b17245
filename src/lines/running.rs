//! Takes out of a text what stands on every page of it: headers, footers, page numbers.
//!
//! A text and what its lines could be come in; the same text goes out with nothing in
//! these lines, so that talk goes on across them, and a remark that tells of it.
//!
//! # Method
//! Lines are compared with every number as one sign. A line that comes three times and
//! more is of the page if its places are those of a page's end: beside form feeds; with
//! a number that grows by one; at like distances; inside sentences. What nearly always
//! stands beside such lines is of the page too, and so is nearly the same line. No list
//! of phrases decides, but for the word for a page. What stands below a label or begins
//! with one is somebody's.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::numbered::{heads_interview, heads_participant};
use super::{Content, Line};
use crate::base::{Diagnostic, Remedy, Table, ends_sentence, taken_out};
use crate::labels::bare_words;

/// How often a line comes at least that stands on every page.
const MIN_TIMES: usize = 3;
/// The fewest letters of one: `B 12` may be anything.
const MIN_LETTERS: usize = 4;
/// The words from which on nobody says the same again and again.
const LONG_WORDS: usize = 8;
/// The fewest letters of a short one that nothing but its places tells.
const MIN_LETTERS_ALONE: usize = 10;
/// The fewest lines of a page on which nothing else tells that it is one.
const MIN_PAGE_LINES: usize = 15;
/// The word for a page, and its short forms, in the languages that transcripts are in.
const PAGE: [&str; 17] = [
    "page",
    "pg",
    "pag",
    "pág",
    "seite",
    "página",
    "pagina",
    "bladzijde",
    "blz",
    "side",
    "sida",
    "sivu",
    "strona",
    "str",
    "страница",
    "стр",
    "sayfa",
];

/// A line that holds something.
struct Filled<'t> {
    /// Its place among all lines.
    at: usize,
    words: &'t str,
    /// Its words with every number as one sign.
    key: Cow<'t, str>,
    /// How many lines have the same.
    times: usize,
    /// The numbers in it.
    numbers: Vec<u32>,
    /// Whether it could be talk that goes on, or what interrupts it.
    is_open: bool,
    /// Whether it is a label alone, so that the next line is what somebody says.
    is_label: bool,
    /// Whether a page ends before it.
    is_at_page_end: bool,
}

/// The text without the lines that are of its pages, and what is told of them.
pub(crate) fn without_page_lines(text: &str, lines: &[Line<'_>]) -> Option<(String, Diagnostic)> {
    let filled = filled(text, lines);
    let first_head = lines.iter().position(|line| line.head().is_some());
    let mut out = running(&filled);
    add_page_numbers(&filled, &mut out);
    // What stands above the talk may name who is in it.
    let mut seen = BTreeSet::new();
    out.retain(|&at| {
        let is_first = filled[at].has_words() && seen.insert(&filled[at].key);
        !is_first || first_head.is_none_or(|head| filled[at].at > head)
    });
    let first = &filled[*out.first()?];
    let at: BTreeSet<usize> = out.iter().map(|&place| filled[place].at).collect();
    let lines = text.split_inclusive('\n').enumerate().map(|(place, line)| {
        let bare = line.trim_end_matches('\n');
        if at.contains(&place) { taken_out(bare) + &line[bare.len()..] } else { line.to_owned() }
    });
    Some((lines.collect(), remark(&filled, &out, first)))
}

/// Tells what was taken out.
fn remark(filled: &[Filled<'_>], out: &BTreeSet<usize>, first: &Filled<'_>) -> Diagnostic {
    let shown = out.iter().map(|&at| &filled[at]).find(|it| it.has_words()).unwrap_or(first);
    let kinds: BTreeSet<&str> = out.iter().map(|&at| &*filled[at].key).collect();
    let words: String = shown.words.chars().take(60).collect();
    let n = out.len();
    let others = if kinds.len() == 1 { "" } else { " and others" };
    let times = if n == 1 { "1 line" } else { &format!("{n} lines") };
    let problem = format!(
        "not read as words: {times} of page headers, footers or page numbers (`{words}`{others})"
    );
    Diagnostic::new(problem).on_line(shown.at + 1).with(Remedy::new(
        "nothing needs to be done; if somebody said them, put `Name:` before them",
    ))
}

fn filled<'t>(text: &'t str, lines: &[Line<'_>]) -> Vec<Filled<'t>> {
    let mut filled = Vec::new();
    let mut end = 0;
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
        let words = line.words(text);
        let is_aside = words.starts_with(['[', '(', '<', '>']) || words.ends_with([':', ']', ')']);
        filled.push(Filled {
            at,
            words,
            key: key_of(words),
            times: 0,
            numbers: numbers_of(words),
            is_open: matches!(line.content, Content::Words)
                && line.lead.is_none()
                && !is_aside
                && !words.contains('?'),
            is_label: words.ends_with([':', '：'])
                || line.head().is_some_and(|head| head.words >= line.end)
                || matches!(line.content, Content::Time(_)),
            is_at_page_end: text[end..line.start].contains('\u{c}'),
        });
        end = line.end;
    }
    let mut times: Table<&str, usize> = Table::default();
    for line in &filled {
        *times.entry(&line.key).or_default() += 1;
    }
    let times: Vec<usize> = filled.iter().map(|line| times[&*line.key]).collect();
    for (line, times) in filled.iter_mut().zip(times) {
        line.times = times;
    }
    filled
}

/// The words with every number as `#` and every stretch of white space as one.
fn key_of(words: &str) -> Cow<'_, str> {
    let is_plain =
        |byte: u8| byte.is_ascii() && !matches!(byte, b'0'..=b'9' | b'\t'..=b'\r' | b'#');
    if words.bytes().all(is_plain) && !words.contains("  ") {
        return Cow::Borrowed(words);
    }
    let mut key = String::with_capacity(words.len());
    for c in words.chars() {
        let c = if c.is_numeric() {
            '#'
        } else if c.is_whitespace() {
            ' '
        } else {
            c
        };
        if !(matches!(c, '#' | ' ') && key.ends_with(c)) {
            key.push(c);
        }
    }
    Cow::Owned(key)
}

fn numbers_of(words: &str) -> Vec<u32> {
    let digits = words.split(|c: char| !c.is_ascii_digit()).filter(|it| !it.is_empty());
    digits.map(|it| it.parse().unwrap_or(u32::MAX)).collect()
}

impl Filled<'_> {
    /// Whether it has so many letters.
    fn has_letters(&self, n: usize) -> bool {
        self.key.chars().filter(|c| c.is_alphabetic()).nth(n - 1).is_some()
    }

    fn has_words(&self) -> bool {
        self.has_letters(MIN_LETTERS)
    }

    /// Whether it names a page by its word: `Page 3 of 8`.
    fn names_page(&self) -> bool {
        names_page(self.words, false)
    }

    /// Whether it ends with the number of a page of so many: `Interview 3   Page 2 of 8`.
    fn ends_with_page(&self) -> bool {
        let words = self.words;
        let starts: Vec<usize> = words
            .char_indices()
            .filter(|(at, c)| c.is_alphabetic() && !words[..*at].ends_with(char::is_alphanumeric))
            .map(|(at, _)| at)
            .skip(1)
            .collect();
        // It has the last word that is no number, or the last but one: `Page 2 of 8`.
        self.numbers.len() > 1
            && starts.iter().rev().take(2).any(|&at| names_page(&words[at..], true))
    }

    /// The number of a page alone on its line, and whether signs around it tell that it
    /// is one: `12`, `- 12 -`, `2/8`.
    fn page_number(&self) -> Option<(u32, bool)> {
        let is_plain = self.key == "#";
        let is_dashed = ["- # -", "-#-", "– # –", "–#–", "— # —"].contains(&&*self.key);
        let is_of = ["#/#", "# / #", "# of #"].contains(&&*self.key)
            && self.numbers.len() == 2
            && self.numbers[0] <= self.numbers[1];
        let number = *self.numbers.first().filter(|number| **number < 10_000)?;
        (is_plain || is_dashed || is_of).then_some((number, !is_plain))
    }
}

/// Whether words name a page: `Page 3`, `Page 3 of 8`; of so many, if that is asked.
fn names_page(words: &str, of_many: bool) -> bool {
    // Few lines begin so, and most are long.
    let first = bare_words(words).next().unwrap_or_default();
    if !PAGE.contains(&first.to_lowercase().as_str()) {
        return false;
    }
    let folded = words.to_lowercase();
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let between =
        |word: &str| ["of", "von", "de", "sur", "di", "van", "av", "af", "z", "из"].contains(&word);
    let rest: Vec<&str> = bare_words(&folded).skip(1).take(4).collect();
    match rest[..] {
        [n] => !of_many && is_number(n),
        [n, of] => is_number(n) && is_number(of),
        [n, of, all] => is_number(n) && between(of) && is_number(all),
        _ => false,
    }
}

/// What is before and after each line that is not of the page.
struct Around<'f, 't> {
    filled: &'f [Filled<'t>],
    before: Vec<Option<usize>>,
    after: Vec<Option<usize>>,
}

impl<'f, 't> Around<'f, 't> {
    fn new(filled: &'f [Filled<'t>], is_out: impl Fn(usize) -> bool) -> Self {
        let nearest = |last: &mut Option<usize>, at: usize| {
            let known = *last;
            if !is_out(at) {
                *last = Some(at);
            }
            Some(known)
        };
        let before = (0..filled.len()).scan(None, &nearest).collect();
        let mut after: Vec<_> = (0..filled.len()).rev().scan(None, &nearest).collect();
        after.reverse();
        Self { filled, before, after }
    }

    /// Whether it cuts a sentence: the talk before it is not ended, or goes on in small
    /// letters.
    fn cuts(&self, at: usize) -> bool {
        let is_unended = self.before[at].is_some_and(|before| {
            let before = &self.filled[before];
            !before.is_label && !ends_sentence(before.words)
        });
        is_unended && self.after[at].is_some_and(|after| !self.filled[after].is_label)
    }

    /// Whether it surely does: the talk goes on in small letters.
    fn surely_cuts(&self, at: usize) -> bool {
        let goes_on = self.after[at]
            .is_some_and(|after| self.filled[after].words.starts_with(char::is_lowercase));
        goes_on && self.cuts(at)
    }

    fn is_said(&self, at: usize) -> bool {
        self.before[at].is_some_and(|before| self.filled[before].is_label)
    }
}

/// The lines that stand on every page, by their places.
fn running(filled: &[Filled<'_>]) -> BTreeSet<usize> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let often = |(_, line): &(usize, &Filled<'_>)| line.times >= MIN_TIMES && line.has_words();
    for (at, line) in filled.iter().enumerate().filter(often) {
        places.entry(&line.key).or_default().push(at);
    }
    let comes_again: BTreeSet<usize> =
        places.values().flatten().copied().filter(|&at| filled[at].is_open).collect();
    let may_be_out = |at: usize| comes_again.contains(&at) || filled[at].page_number().is_some();
    let around = Around::new(filled, may_be_out);
    let is_open = |places: &Vec<usize>| places.iter().all(|&at| filled[at].is_open);
    let sure: Vec<&Vec<usize>> =
        places.values().filter(|places| is_open(places) && is_of_pages(&around, places)).collect();
    let mut out: BTreeSet<usize> = sure.into_iter().flatten().copied().collect();
    if out.is_empty() {
        return out;
    }
    // Footers of several lines: what always stands beside them is one of them.
    loop {
        let beside = |at: &usize| {
            let is_out = |at: Option<usize>| at.is_some_and(|at| out.contains(&at));
            is_out(at.checked_sub(1)) || is_out(Some(at + 1))
        };
        let more: Vec<usize> = places
            .values()
            .filter(|places| !out.contains(&places[0]) && is_open(places))
            .filter(|places| places.iter().filter(|at| beside(at)).count() * 10 >= places.len() * 8)
            .flatten()
            .copied()
            .collect();
        if more.is_empty() {
            break;
        }
        out.extend(more);
    }
    add_alike(filled, &mut out);
    out
}

/// Adds lines that are nearly the same as one that is out: scanners err.
fn add_alike(filled: &[Filled<'_>], out: &mut BTreeSet<usize>) {
    let keys: BTreeSet<&str> = out.iter().map(|&at| &*filled[at].key).collect();
    let is_alike = |key: &str| {
        let n_chars = key.chars().count();
        keys.iter().any(|known| {
            let n_known = known.chars().count();
            let same = |pair: &(char, char)| pair.0 == pair.1;
            let front = key.chars().zip(known.chars()).take_while(same).count();
            let back = key.chars().rev().zip(known.chars().rev()).take_while(same).count();
            n_known >= 20 && n_chars.max(n_known) * 8 <= (front + back) * 10
        })
    };
    let alike = filled.iter().enumerate().filter(|(_, line)| line.is_open && is_alike(&line.key));
    let alike: Vec<usize> = alike.map(|(at, _)| at).collect();
    out.extend(alike);
}

/// Whether places of a line are where pages end.
fn is_of_pages(around: &Around<'_, '_>, places: &[usize]) -> bool {
    let filled = around.filled;
    let n = places.len();
    let share =
        |is: &dyn Fn(usize) -> bool| places.iter().filter(|&&at| is(at)).count() as f64 / n as f64;
    // Several interviews in one file have their numbers too.
    let first = filled[places[0]].words;
    if (heads_interview(first).is_some() || heads_participant(first)) && counts_up(filled, places) {
        return false;
    }
    // A line below a label is what somebody says; a scanner's lines may end in a colon.
    if share(&|at| around.is_said(at)) > 0.2 {
        return false;
    }
    let at_page_end = share(&|at| {
        filled[at].is_at_page_end || filled.get(at + 1).is_some_and(|next| next.is_at_page_end)
    });
    let cuts = share(&|at| around.cuts(at));
    let is_numbered = counts_up(filled, places);
    let is_long = filled[places[0]].words.split_whitespace().count() >= LONG_WORDS;
    let has_pages = page_lines(places, 0.5).is_some_and(|n| n >= MIN_PAGE_LINES);
    // What somebody says now and then never comes at the same distance.
    let has_like_pages = page_lines(places, 0.15).is_some_and(|n| n >= MIN_PAGE_LINES);
    let is_short = !filled[places[0]].has_letters(MIN_LETTERS_ALONE) || n == MIN_TIMES;
    at_page_end >= 0.6
        || (is_numbered && (cuts >= 0.3 || has_pages))
        || (is_long && n > MIN_TIMES && (cuts >= 0.3 || has_pages))
        || (!is_short && n > MIN_TIMES + 1 && cuts >= 0.5 && has_like_pages)
}

/// Whether a number in a line grows by one from place to place, or by two where left
/// and right pages differ.
fn counts_up(filled: &[Filled<'_>], places: &[usize]) -> bool {
    let n_numbers = places.iter().map(|&at| filled[at].numbers.len()).min().unwrap_or(0);
    let steps = (places.len() - 1) * 7;
    (1..=n_numbers).any(|from_end| {
        let number = |at: usize| {
            let numbers = &filled[at].numbers;
            numbers[numbers.len() - from_end]
        };
        [1, 2].into_iter().any(|step| {
            let grows = |pair: &&[usize]| number(pair[1]) == number(pair[0]).saturating_add(step);
            places.windows(2).filter(grows).count() * 10 >= steps
        })
    })
}

/// How many lines lie between places, if most differ from that by this share at most.
fn page_lines(places: &[usize], slack: f64) -> Option<usize> {
    let mut gaps: Vec<usize> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    let middle = gaps[gaps.len() / 2];
    let is_near = |gap: &&usize| gap.abs_diff(middle) as f64 <= slack * middle as f64;
    (gaps.iter().filter(is_near).count() * 10 >= gaps.len() * 7).then_some(middle)
}

/// Adds numbers alone on a line that are pages' or those of lines.
fn add_page_numbers(filled: &[Filled<'_>], out: &mut BTreeSet<usize>) {
    let numbers: Vec<(usize, u32, bool)> = filled
        .iter()
        .enumerate()
        .filter_map(|(at, line)| line.page_number().map(|(number, is_sure)| (at, number, is_sure)))
        .collect();
    let of_numbers: BTreeSet<usize> = numbers.iter().map(|(at, ..)| *at).collect();
    let around = Around::new(filled, |at| out.contains(&at) || of_numbers.contains(&at));
    let ends = |line: &Filled<'_>| line.times > 1 && line.ends_with_page();
    let mut found: BTreeSet<usize> = (0..filled.len())
        .filter(|&at| (filled[at].names_page() || ends(&filled[at])) && !around.is_said(at))
        .collect();
    // Numbers of lines, which a program put below the page that they were on.
    for block in numbers.chunk_by(|(at, ..), (next, ..)| *next == at + 1) {
        let n_steps = block.windows(2).filter(|pair| pair[1].1 == pair[0].1 + 1).count();
        if n_steps > 1 && n_steps * 10 >= (block.len() - 1) * 7 {
            found.extend(block.iter().map(|(at, ..)| *at));
        }
    }
    for &(at, _, is_sure) in &numbers {
        let is_beside =
            |at: Option<usize>| at.is_some_and(|at| out.contains(&at) || found.contains(&at));
        let is_at_page_end =
            filled[at].is_at_page_end || filled.get(at + 1).is_some_and(|it| it.is_at_page_end);
        if (is_beside(at.checked_sub(1)) || is_beside(Some(at + 1)) || is_at_page_end)
            || (is_sure && around.surely_cuts(at))
        {
            found.insert(at);
        }
    }
    // Numbers that grow by one from page to page and stand inside sentences.
    let chain = longest_chain(&numbers);
    let n_cuts = chain.iter().filter(|at| around.cuts(**at)).count();
    let is_said = chain.iter().any(|&at| around.is_said(at));
    // Or they stand above or below the same line, wherever the page ends.
    let beside = |step: fn(usize) -> Option<usize>| -> Vec<usize> {
        let places: Vec<usize> = chain.iter().filter_map(|&at| step(at)).collect();
        let key = |at: usize| filled.get(at).map(|line| &*line.key);
        let most = places.iter().filter(|&&at| key(at) == places.first().and_then(|&at| key(at)));
        let most: Vec<usize> = most.copied().collect();
        let is_one = most.len() >= MIN_TIMES
            && most.len() * 10 >= chain.len() * 8
            && most.iter().all(|&at| {
                let line = &filled[at];
                line.has_words() && !line.is_label && !ends_sentence(line.words)
            });
        if is_one { most } else { Vec::new() }
    };
    let lines = [beside(|at| at.checked_sub(1)), beside(|at| at.checked_add(1))].concat();
    if !is_said && !lines.is_empty() {
        found.extend(chain.iter().copied().chain(lines));
    }
    if chain.len() >= MIN_TIMES && !is_said && n_cuts * 10 >= chain.len() * 3 {
        found.extend(chain);
    }
    out.extend(found);
}

/// The most numbers of which each is the one before it and one more, by their places.
fn longest_chain(numbers: &[(usize, u32, bool)]) -> Vec<usize> {
    // By number: the length of the longest chain to it, and its last link.
    let mut chain_to: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    let mut before: Vec<Option<usize>> = Vec::new();
    for (link, &(_, number, _)) in numbers.iter().enumerate() {
        let known = number.checked_sub(1).and_then(|number| chain_to.get(&number).copied());
        let len = known.map_or(1, |(len, _)| len + 1);
        before.push(known.map(|(_, link)| link));
        if chain_to.get(&number).is_none_or(|(longest, _)| *longest < len) {
            chain_to.insert(number, (len, link));
        }
    }
    let last = chain_to.into_values().max_by_key(|(len, _)| *len).map(|(_, link)| link);
    let mut chain: Vec<usize> =
        std::iter::successors(last, |&link| before[link]).map(|link| numbers[link].0).collect();
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use crate::text::tests::parse;

    /// What each turn says with its white space folded, and what is told.
    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let raw = parse(text.to_owned(), false).unwrap();
        assert_eq!(raw.text.len(), text.len());
        let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = raw.turns.iter().map(|turn| fold(turn.span.of(&raw.text))).collect();
        (said, raw.warnings.iter().map(crate::base::Diagnostic::text).collect())
    }

    const PLACES: [&str; 5] = ["river", "mill", "station", "market", "school"];

    #[test]
    fn a_footer_that_counts_pages_is_taken_out_of_the_answer_that_it_cuts() {
        let page = |(n, place): (usize, &str)| {
            format!(
                "Q: What of the {place}?\nA: We lived near the {place}, and in the winter, in\n\n\
                 Contact us for more of this collection\nRiver Archives RA-1*010 {n}\n\
                 February at last, the {place} froze.\n"
            )
        };
        let text: String = (1..).zip(PLACES).map(page).collect();
        let (said, told) = read(&text);
        assert_eq!(
            said[1],
            "We lived near the river, and in the winter, in February at last, the river froze."
        );
        assert_eq!(
            told,
            ["line 4: not read as words: 10 lines of page headers, footers or page numbers \
              (`Contact us for more of this collection` and others)\n  hint: nothing needs to be \
              done; if somebody said them, put `Name:` before them"]
        );
    }

    #[test]
    fn a_long_line_that_cuts_answers_again_and_again_is_taken_out() {
        let page = |place: &str| {
            format!(
                "Q: And the {place}?\nA: It was the {place} that we\nThis is a verbatim record of \
                 spoken words and not the source.\nliked most at the {place}.\n"
            )
        };
        let text: String = PLACES.map(page).concat();
        assert_eq!(read(&text).0[1], "It was the river that we liked most at the river.");
    }

    #[test]
    fn a_long_line_at_the_end_of_every_page_is_taken_out_between_turns_too() {
        let turn = |n: usize| format!("A: The {n}th day was cold.\nB: Was it?\n");
        let footer = "This is a verbatim record of spoken words and not the source.\n";
        let pages = |n_turns: usize| {
            (1..6).map(|_| (0..n_turns).map(turn).collect::<String>() + footer).collect::<String>()
        };
        assert!(!read(&pages(10)).0.iter().any(|said| said.contains("verbatim")));
        // Nothing tells that so few lines are a page.
        assert!(read(&pages(3)).0.iter().any(|said| said.contains("verbatim")));
    }

    #[test]
    fn what_is_said_again_and_again_stays() {
        let text = "Q: And then?\nA: We went home.\nI do not know what else I could say of it.\n"
            .repeat(5);
        let (said, told) = read(&text);
        assert_eq!(said[1], "We went home. I do not know what else I could say of it.");
        assert!(told.is_empty());
        // Questions by number, each below the last answer.
        let asked = |n: usize| format!("Ann:\nQuestion number {n}\nBen:\nWell, the {n}\n");
        let text: String = (1..6).map(asked).collect();
        assert_eq!(read(&text).0.len(), 10);
        let refrain =
            |place: &str| format!("A: At the {place}\nno more of that, thank you\nB: Mm.\n");
        let (said, told) = read(&PLACES.map(refrain).concat());
        assert_eq!((said[0].as_str(), told.len()), ("At the river no more of that, thank you", 0));
    }

    #[test]
    fn numbers_of_pages_and_lines_alone_on_a_line_are_no_words() {
        let text = "Dan:\nWhat did you do?\nAnn:\nI compared the values versus the actual\n1\n2\n3\n4\n\
            2/8\nvalues in the table.\nDan:\nAnd then?\nAnn:\nThe report, although it said\n- 12 -\nthat \
            the model was wrong.\nPage 3 of 8\nDan:\nHow many?\nAnn:\n12\nDan:\nAnd in May?\nAnn:\n2/8\n";
        let (said, told) = read(text);
        assert_eq!(
            said,
            [
                "What did you do?",
                "I compared the values versus the actual values in the table.",
                "And then?",
                "The report, although it said that the model was wrong.",
                "How many?",
                "12",
                "And in May?",
                "2/8"
            ]
        );
        assert_eq!(told.len(), 1);
    }

    #[test]
    fn page_numbers_that_grow_from_page_to_page_are_no_words() {
        let page = |(n, place): (usize, &str)| {
            format!("Ann: We went to the {place}, to the\n{n}\nTown Hall, and home.\nBob: Mm.\n")
        };
        let text: String = (7..).zip(PLACES).map(page).collect();
        assert_eq!(read(&text).0[0], "We went to the river, to the Town Hall, and home.");
        // Numbers that somebody said.
        let text: String = (1..6).fold(String::new(), |text, n| {
            format!("{text}Ann: How many?\nBob: This many.\n{n}\nNo more.\n")
        });
        assert_eq!(read(&text).0[1], "This many. 1 No more.");
    }

    #[test]
    fn form_feeds_tell_what_stands_on_every_page() {
        let page =
            |place: &str| format!("\u{c}The Mill Papers\nAnn: We saw the {place}.\nBob: Mm.\n");
        let (said, told) = read(&("Ann: So.\n".to_owned() + &PLACES.map(page).concat()));
        assert_eq!((said[2].as_str(), told.len()), ("Mm.", 1));
        assert!(!said.iter().any(|it| it.contains("Papers")));
    }
}
