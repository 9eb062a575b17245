//! The names of candidate themes and codes, from their terms.
//!
//! The terms that set each apart come in; a name goes out, or the words that name nothing,
//! said to be such.

use std::collections::BTreeSet;

use super::describe::ThemeTerm;

/// Terms in the name of a theme.
const N_NAMING: usize = 3;
/// The share of a theme's cases that use one of the terms which name it: what fewer say is
/// an accident.
pub(super) const MIN_NAMING_SHARE: f64 = 0.3;
/// The share of a theme's cases that use a phrase which leads its name.
const MIN_LEADING_SHARE: f64 = 0.35;
/// The share of a theme's evidence that says one of the terms which name it: of names that less
/// says, a reader found one in five good.
const MIN_COVERAGE: f64 = 0.5;
/// The share that says a phrase which names it alone, where nothing else does: two words say more
/// than one.
const MIN_COVERAGE_PHRASE: f64 = 0.25;
/// The share of a theme's evidence that says each of these terms: what fewer say is an
/// accident of what stands beside it.
const MIN_PART: f64 = 1.0 / 6.0;
/// So many people must say each of them, of five or fewer more than half: two may chance to.
const MIN_PEOPLE: usize = 3;
/// The share of the people who say a word, of whatever it may be, that must say it here, if it
/// leads the name: "client: 7 of 22" would else be read as all who speak of clients. Of 20 names
/// of codes that say less, three readers found 2 good and 14 misleading, of 95 others 46 and 10.
const MIN_OWN: f64 = 0.4;
/// One of them must set the theme apart for many: the least geometric mean of how far it sets the
/// theme apart and of its weight.
const MIN_NAMING_STRENGTH: f64 = 2.0;
/// A word of the name of a theme that more than this share of its evidence says is what the
/// theme is about: it names no code of it.
const WIDE: f64 = 0.5;
/// A phrase with this share of the strongest term's weight leads the name.
pub(super) const NEARLY: f64 = 0.6;

/// How well terms name a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// They say what it is about.
    Good,
    /// They would, but most of those who say the first of them say it of something else.
    SaidElsewhere,
    /// They do not.
    None,
}

/// The name of a theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// As it is shown.
    pub label: String,
    /// What it says, the first first.
    pub terms: Vec<ThemeTerm>,
    /// Whether these name the theme; else the label says that they do not.
    pub standing: Standing,
}

/// The terms that name a theme, and whether they name it well: a good part of its people use
/// one of them, and one sets it apart strongly. Else a phrase that a
/// quarter of its evidence says does; where there is none the strongest are given. The
/// strongest phrase leads if it is nearly as strong as the strongest term. No term shares a
/// word with one before, and none is among `taken`, in whatever form. Where all share a word
/// with one of `above`, only the first stays, beside what these do not say.
fn naming<'a>(
    terms: &'a [ThemeTerm],
    above: &[&ThemeTerm],
    taken: &[ThemeTerm],
) -> (Vec<&'a ThemeTerm>, Standing) {
    let shares = |a: &ThemeTerm, b: &ThemeTerm| {
        a.term == b.term
            || a.stems.iter().any(|stem| b.stems.contains(stem))
            || a.term.split(' ').any(|word| b.term.split(' ').any(|other| are_akin(word, other)))
    };
    let is_above = |term: &&ThemeTerm| above.iter().any(|other| shares(term, other));
    let is_free =
        |term: &&ThemeTerm| !taken.iter().any(|other| is_form_of(&term.term, &other.term));
    let own: Vec<&ThemeTerm> = terms.iter().filter(is_free).collect();
    let strongest = own.first().map_or(0.0, |term| term.weight);
    let unlike = |terms: &mut dyn Iterator<Item = &'a ThemeTerm>| {
        let mut parts: Vec<&ThemeTerm> = Vec::new();
        for term in terms {
            if parts.len() < N_NAMING && !parts.iter().any(|part| shares(term, part)) {
                parts.push(term);
            }
        }
        parts
    };
    let is_part = |term: &ThemeTerm| {
        term.is_telling()
            && term.is_worded()
            && term.cases.len() >= MIN_PEOPLE.min(term.of_cases / 2 + 1)
            && term.said_in.len() as f64 >= MIN_PART * term.of_passages as f64
    };
    let leads = |term: &&ThemeTerm| {
        term.is_phrase
            && term.weight >= NEARLY * strongest
            && term.cases.len() as f64 >= MIN_LEADING_SHARE * term.of_cases as f64
    };
    let mut telling: Vec<&ThemeTerm> = own.iter().copied().filter(|term| is_part(term)).collect();
    telling.sort_by(|a, b| b.naming_weight().total_cmp(&a.naming_weight()));
    let mut telling = telling.into_iter();
    let mut parts = unlike(&mut telling.clone().find(leads).into_iter().chain(telling.clone()));
    if parts.iter().all(is_above) {
        let news = telling.clone().filter(|term| !is_above(term));
        parts = unlike(&mut parts.first().copied().into_iter().chain(news));
    }
    let of_cases = terms.first().map_or(0, |term| term.of_cases);
    let of_passages = terms.first().map_or(0, |term| term.of_passages);
    // A phrase says what its words do, where these would name the theme too.
    let is_word_of = |word: &ThemeTerm, part: &ThemeTerm| {
        !word.is_phrase && word.stems.iter().all(|stem| part.stems.contains(stem))
    };
    let saying = parts.iter().flat_map(|&part| {
        let words = telling.clone().filter(move |term| is_word_of(term, part));
        words.chain([part])
    });
    let said: BTreeSet<u32> = saying.clone().flat_map(|term| &term.cases).copied().collect();
    let said_in: BTreeSet<u32> = saying.flat_map(|term| &term.said_in).copied().collect();
    let is_name_above =
        parts.len() == above.len() && parts.iter().zip(above).all(|(a, b)| a.term == b.term);
    let strength = |part: &ThemeTerm| (part.apart() * part.weight).sqrt();
    // "Mind" and "possible" are said anywhere: alone they name nothing.
    let is_anywhere = |part: &&ThemeTerm| !part.is_phrase && part.topical < 1.0;
    let is_of_another = matches!(parts[..], [word] if !word.is_phrase
        && taken.iter().any(|other| shares(word, other)));
    let is_good = !parts.iter().all(is_anywhere)
        && !is_of_another
        && parts.iter().any(|part| strength(part) >= MIN_NAMING_STRENGTH)
        && !is_name_above
        && said.len() as f64 >= MIN_NAMING_SHARE * of_cases as f64
        && said_in.len() as f64 >= MIN_COVERAGE * of_passages as f64;
    let is_own = |word: &&ThemeTerm| {
        word.is_phrase || word.cases.len() as f64 >= MIN_OWN * word.everywhere as f64
    };
    if is_good && parts.first().is_some_and(is_own) {
        return (parts, Standing::Good);
    }
    let names_alone = |term: &&ThemeTerm| {
        term.is_phrase
            && !is_above(term)
            && strength(term) >= MIN_NAMING_STRENGTH
            && term.cases.len() as f64 >= MIN_NAMING_SHARE * of_cases as f64
            && term.said_in.len() as f64 >= MIN_COVERAGE_PHRASE * of_passages as f64
    };
    if let Some(phrase) = telling.find(names_alone) {
        return (vec![phrase], Standing::Good);
    }
    if is_good {
        return (parts, Standing::SaidElsewhere);
    }
    (unlike(&mut own.into_iter().filter(|term| !is_above(term))), Standing::None)
}

/// Whether two words begin alike so far that a name of both says one thing twice, as
/// "allergies" and "allergic" do: by three fifths of the longer one, and five letters.
fn are_akin(a: &str, b: &str) -> bool {
    let n_alike = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    n_alike >= 5 && 5 * n_alike >= 3 * a.chars().count().max(b.chars().count())
}

/// Whether two terms are the same but for the forms of their words.
fn is_form_of(a: &str, b: &str) -> bool {
    let (words, others) = (a.split(' '), b.split(' '));
    words.clone().count() == others.clone().count()
        && words.zip(others).all(|(word, other)| word == other || are_akin(word, other))
}

/// The strongest phrase that people say a term of one of the themes in: its place, and the term.
pub type InPhrase<'a> = dyn Fn(usize, &ThemeTerm) -> Option<ThemeTerm> + 'a;

/// Names to start from, no two the same. Where no terms name a theme well the name says so. A
/// word that would name one alone does it `in_phrase`: "push her chair", not "push".
pub fn names(terms: &[Vec<ThemeTerm>], in_phrase: &InPhrase<'_>) -> Vec<Name> {
    let mut used = BTreeSet::new();
    let name = |(at, terms): (usize, &Vec<ThemeTerm>)| {
        name(terms, &[], &[], &|word| in_phrase(at, word), &mut used)
    };
    terms.iter().enumerate().map(name).collect()
}

/// Names of the codes of a theme, no two the same: none is named by a term of a code before
/// it, nor by the very name of the theme. Where that leaves nothing, the name
/// says so.
pub fn names_under(
    theme: &[ThemeTerm],
    codes: &[&[ThemeTerm]],
    in_phrase: &InPhrase<'_>,
) -> Vec<Name> {
    let (of_theme, standing) = naming(theme, &[], &[]);
    let of_theme = if standing == Standing::Good { of_theme } else { Vec::new() };
    let (mut used, mut taken) = (BTreeSet::new(), Vec::new());
    let is_wide = |term: &&ThemeTerm| term.said_in.len() as f64 > WIDE * term.of_passages as f64;
    let wide: Vec<u64> =
        theme.iter().filter(is_wide).flat_map(|term| &term.stems).copied().collect();
    let name = |(at, terms): (usize, &&[ThemeTerm])| {
        let is_news = |term: &&ThemeTerm| !term.stems.iter().any(|stem| wide.contains(stem));
        let terms: Vec<ThemeTerm> = terms.iter().filter(is_news).cloned().collect();
        let name = name(&terms, &of_theme, &taken, &|word| in_phrase(at, word), &mut used);
        // Words that name nothing are free for others.
        taken.extend(name.terms.iter().filter(|_| name.standing == Standing::Good).cloned());
        name
    };
    codes.iter().enumerate().map(name).collect()
}

fn name(
    terms: &[ThemeTerm],
    above: &[&ThemeTerm],
    taken: &[ThemeTerm],
    in_phrase: &dyn Fn(&ThemeTerm) -> Option<ThemeTerm>,
    used: &mut BTreeSet<String>,
) -> Name {
    let (parts, mut standing) = naming(terms, above, taken);
    let mut terms: Vec<ThemeTerm> = parts.into_iter().cloned().collect();
    if let [word] = &mut terms[..]
        && standing != Standing::None
        && !word.is_phrase
    {
        let says_more = |phrase: &ThemeTerm| {
            let is_said = |stem: &u64| above.iter().any(|other| other.stems.contains(stem));
            !phrase.stems.iter().all(is_said)
                && !taken.iter().any(|it| is_form_of(&it.term, &phrase.term))
        };
        if let Some(phrase) = in_phrase(word).filter(says_more) {
            (*word, standing) = (phrase, Standing::Good);
        }
    }
    let label = match standing {
        Standing::Good => joined(&terms, ", "),
        Standing::SaidElsewhere | Standing::None => not_good(&joined(&terms, " / ")),
    };
    Name { label: unlike(&label, used), terms, standing }
}

/// Terms in a row.
fn joined(terms: &[ThemeTerm], with: &str) -> String {
    terms.iter().map(|term| term.term.as_str()).collect::<Vec<_>>().join(with)
}

/// What a label begins with that is no name.
const NO_GOOD_NAME: &str = "no good name";
/// What stands between that and a clause.
const AS_IN: &str = ", as in ";

/// What stands in the place of a name where these words are none.
fn not_good(words: &str) -> String {
    if words.is_empty() { NO_GOOD_NAME.to_owned() } else { format!("{NO_GOOD_NAME}: {words}") }
}

/// What stands in the place of a name where somebody says it so.
pub fn as_in(clause: &str) -> String {
    format!("{NO_GOOD_NAME}{AS_IN}“{clause}”")
}

/// The name that a candidate with this label has once a person accepts it without giving one: the
/// label, but where that says that it is no name the clause or the words alone.
pub fn name_to_start_from(label: &str) -> String {
    let rest = label.strip_prefix(NO_GOOD_NAME).unwrap_or_default();
    let words = || rest.strip_prefix(": ").map(|words| words.replace(" / ", ", "));
    let name = rest.strip_prefix(AS_IN).map(str::to_owned).or_else(words);
    name.unwrap_or_else(|| label.to_owned())
}

/// A label that is not used yet: with a number behind it where it is.
pub fn unlike(label: &str, used: &mut BTreeSet<String>) -> String {
    let mut unique = label.to_owned();
    let mut n = 2;
    while !used.insert(unique.clone()) {
        unique = format!("{label} ({n})");
        n += 1;
    }
    unique
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    /// A term that `cases` of ten use.
    fn said(text: &str, weight: f64, stems: &[u64], cases: std::ops::Range<u32>) -> ThemeTerm {
        ThemeTerm {
            term: text.to_owned(),
            weight,
            cases: cases.clone().collect(),
            // As many passages as cases say it.
            said_in: cases.clone().collect(),
            of_passages: 10,
            of_cases: 10,
            stems: stems.to_vec(),
            is_phrase: stems.len() > 1,
            topical: 1.0,
            everywhere: cases.len(),
        }
    }

    fn term(text: &str, weight: f64, stems: &[u64]) -> ThemeTerm {
        said(text, weight, stems, 0..10)
    }

    #[track_caller]
    fn check(themes: &[Vec<ThemeTerm>], expected: &[&str]) {
        let labels: Vec<String> =
            names(themes, &|_, _| None).into_iter().map(|name| name.label).collect();
        assert_eq!(labels, expected);
    }

    #[test]
    fn a_name_leads_with_a_strong_phrase_and_repeats_no_word() {
        let terms = [
            said("silence", 4.0, &[1], 0..6),
            said("group silence", 3.0, &[2, 1], 0..6),
            said("clock", 2.5, &[3], 4..8),
            said("chapel", 2.0, &[4], 7..10),
        ];
        check(&[terms.to_vec()], &["group silence, clock, chapel"]);
        // A phrase that is much weaker than the strongest word does not lead.
        let weak = [said("silence", 9.0, &[1], 0..6), said("long clock", 3.0, &[5, 3], 5..9)];
        check(&[weak.to_vec()], &["silence, long clock"]);
    }

    #[test]
    fn what_few_of_its_people_say_or_chance_may_bring_does_not_name_a_theme() {
        // Two of ten people each, where three are asked for; apart by 1 / .3 = 3.3.
        let few = [said("mind", 1.0, &[1], 0..2), said("drop", 0.4, &[2], 2..4)];
        let enough = [said("mind", 1.3, &[1], 0..3), said("night", 0.9, &[3], 2..5)];
        // Apart by .9 / .3 = 3, of a strength of √2.7 = 1.6; apart by 1.2 / .8 = 1.5.
        let weak = [said("bus", 0.9, &[4], 0..3), said("tram", 1.2, &[5], 0..8)];
        let chance = [said("tram", 1.2, &[5], 0..8)];
        check(
            &[few.to_vec(), enough.to_vec(), weak.to_vec(), chance.to_vec(), Vec::new()],
            &[
                "no good name: mind / drop",
                "mind, night",
                "no good name: bus / tram",
                "no good name: tram",
                "no good name",
            ],
        );
    }

    #[test]
    fn a_code_is_named_by_more_than_its_theme_and_by_nothing_of_a_code_before() {
        let theme = [said("camera", 4.0, &[1], 0..5), said("face", 3.0, &[2], 4..9)];
        let off = [term("camera off", 5.0, &[1, 3]), term("chair", 4.5, &[4])];
        // The chair is taken, and the camera in the name of the theme; the dog is news.
        let dog = [term("camera", 4.0, &[1]), term("chair", 3.5, &[4]), term("dog", 2.0, &[5])];
        let cat = [term("face", 3.0, &[2]), said("cat", 0.1, &[6], 0..1)];
        let found = names_under(&theme, &[&off, &dog, &cat, &theme], &|_, _| None);
        let labels: Vec<&str> = found.iter().map(|name| name.label.as_str()).collect();
        assert_eq!(labels, ["camera off, chair", "camera, dog", "face", "no good name"]);
    }

    #[test]
    fn a_code_is_not_named_by_what_half_of_its_theme_says() {
        let silence = said("silence", 4.0, &[1], 0..6);
        let line = said("line is dead", 4.0, &[2, 3], 0..6);
        let code = [said("long silence", 5.0, &[4, 1], 0..6), line];
        let found = names_under(&[silence], &[&code], &|_, _| None);
        assert_eq!(found[0].label, "line is dead");
    }

    #[test]
    fn a_word_that_most_of_its_people_say_of_something_else_is_no_name() {
        // Six of fifteen are two in five, six of sixteen are less; a phrase says more.
        let client = |everywhere, stems: &[u64]| {
            let theme = [ThemeTerm { everywhere, ..said("client", 4.0, stems, 0..6) }];
            let name = names(&[theme.to_vec()], &|_, _| None).remove(0);
            (name.label, name.standing)
        };
        assert_eq!(client(15, &[1]), ("client".to_owned(), Standing::Good));
        assert_eq!(client(16, &[1]), ("no good name: client".to_owned(), Standing::SaidElsewhere));
        assert_eq!(client(16, &[1, 2]).1, Standing::Good);
    }

    #[test]
    fn what_is_accepted_is_not_called_nameless() {
        assert_eq!(name_to_start_from(&as_in("I wait a bit")), "“I wait a bit”");
        assert_eq!(name_to_start_from(&not_good("a / b")), "a, b");
        assert_eq!(name_to_start_from(&not_good("")), "no good name");
        assert_eq!(name_to_start_from("tea / coffee"), "tea / coffee");
    }

    #[test]
    fn of_a_few_people_more_than_half_say_what_names_a_code() {
        let few = |n| ThemeTerm { of_cases: 4, of_passages: 4, ..said("coffee", 4.0, &[1], 0..n) };
        let label = |n| names(&[vec![few(n)]], &|_, _| None).remove(0).label;
        assert_eq!((label(2), label(3)), ("no good name: coffee".into(), "coffee".into()));
    }

    #[test]
    fn a_word_that_comes_back_anywhere_names_nothing_alone() {
        let mut mind = said("mind", 4.0, &[1], 0..6);
        mind.topical = 0.8;
        let tea = said("tea", 3.0, &[2], 4..9);
        check(&[vec![mind.clone()], vec![mind, tea]], &["no good name: mind", "mind, tea"]);
    }

    #[test]
    fn a_word_alone_names_in_the_phrase_that_people_say_it_in() {
        let push = said("push", 4.0, &[1], 0..7);
        let door = said("door", 3.0, &[6], 4..9);
        let chair = said("push her chair", 1.5, &[1, 2], 0..2);
        let in_phrase = |_: usize, word: &ThemeTerm| Some(chair.clone()).filter(|_| *word == push);
        let label = |theme: &[ThemeTerm], code: &[ThemeTerm]| {
            names_under(theme, &[code], &in_phrase)[0].label.clone()
        };
        assert_eq!(label(&[], from_ref(&push)), "push her chair");
        // Beside another word it stands as it is, and where its theme says all of the phrase.
        assert_eq!(label(&[], &[push.clone(), door]), "push, door");
        let theme = [said("chair", 4.0, &[2], 0..5), said("push back", 3.0, &[1, 3], 4..9)];
        assert_eq!(label(&theme, from_ref(&push)), "push");
    }

    #[test]
    fn a_code_is_not_named_by_another_form_of_what_names_one_before() {
        let theme = [said("cluster", 9.0, &[1], 0..9)];
        let codes = [[term("highlighting", 5.0, &[2])], [term("highlight", 4.0, &[3])]];
        let found = names_under(&theme, &[&codes[0], &codes[1]], &|_, _| None);
        let labels: Vec<&str> = found.iter().map(|name| name.label.as_str()).collect();
        assert_eq!(labels, ["highlighting", "no good name"]);
    }

    #[test]
    fn a_code_has_not_the_name_of_its_theme() {
        let theme = [said("face", 4.0, &[1], 0..5)];
        let code = [said("face", 3.0, &[1], 1..7)];
        let found = names_under(&theme, &[&code], &|_, _| None);
        assert_eq!(found[0].label, "no good name");
    }

    #[test]
    fn words_of_little_of_the_evidence_and_numbers_of_tasks_name_nothing() {
        let mut rare = said("mouth", 9.0, &[1], 0..4);
        rare.said_in = vec![0, 1];
        let task = said("c.iii", 9.0, &[2], 0..9);
        check(&[vec![rare], vec![task]], &["no good name: mouth", "no good name: c.iii"]);
    }

    #[test]
    fn what_one_passage_in_ten_says_is_no_part_of_a_name() {
        let mut accident = said("surprise", 8.0, &[2], 0..9);
        accident.said_in = vec![4];
        check(&[vec![said("silence", 9.0, &[1], 0..6), accident]], &["silence"]);
    }

    #[test]
    fn a_name_says_nothing_twice() {
        let twice = [term("allergies", 9.0, &[1]), term("allergic", 8.0, &[2])];
        check(&[twice.to_vec()], &["allergies"]);
        assert!(!are_akin("community", "communication") && !are_akin("wait", "waited"));
    }

    #[test]
    fn no_two_themes_have_one_label() {
        let same = vec![term("tea", 5.0, &[1])];
        check(&[same.clone(), same, Vec::new()], &["tea", "tea (2)", "no good name"]);
    }
}
