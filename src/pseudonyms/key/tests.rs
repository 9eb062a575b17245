use super::*;
use crate::base::Diagnose;
use crate::pseudonyms::PseudonymEntry;
use proptest::prelude::*;

fn list(rows: &[(&str, &str)]) -> PseudonymList {
    let mut list = PseudonymList::default();
    for (name, pseudonym) in rows {
        let (name, pseudonym) = ((*name).to_owned(), (*pseudonym).to_owned());
        list.add(PseudonymEntry { name, pseudonym, rule: Rule::AnyCase }).unwrap();
    }
    list
}

#[track_caller]
fn check(rows: &[(&str, &str)], language: Language, text: &str, expected: &str) {
    let pseudonyms = Pseudonyms::new(&list(rows), &[language]);
    assert_eq!(pseudonyms.apply(text), expected);
}

#[test]
fn names_are_found_in_every_spelling() {
    let rows =
        [("Siân Powell", "P07"), ("Siân", "P07"), ("Powell", "P07"), ("Abergavenny", "[town]")];
    check(
        &rows,
        Language::English,
        "Sian and SIÂN, Sia\u{302}n’s dog, siân powell, Siân-Powell, the Powells; Powellite.",
        "P07 and P07, P07’s dog, P07, P07, the P07; Powellite.",
    );
    check(&rows, Language::English, "In ABERGAVENNY? Aber\u{ad}gavenny.", "In [town]? [town].");
    check(
        &rows,
        Language::English,
        "SianPowell_2, sian2, interview-sian",
        "P07_2, P07-2, interview-P07",
    );
    check(
        &[("Mary Ann", "P1"), ("O’Brien", "P2"), ("J. Smith", "P3")],
        Language::English,
        "Maryann, Mary-Ann, mary ann. Mary, Ann. OBrien, O'Brien, J Smith, J.Smith.",
        "P1, P1, P1. Mary, Ann. P2, P2, P3, P3.",
    );
    check(
        &[("sian@example.org", "[mail]"), ("12 March 2021", "[date]")],
        Language::English,
        "Write to Sian@example.org on 12 March\n2021, or sian.",
        "Write to [mail] on [date]\n, or sian.",
    );
}

#[test]
fn a_line_break_inside_a_name_stays() {
    let rows = [("Siân Powell", "P07")];
    check(&rows, Language::English, "with Siân\r\nPowell and", "with P07\r\n and");
    check(&rows, Language::English, "with Siân\nPowell", "with P07\n");
    // Two paragraphs are no name.
    check(&rows, Language::English, "Siân\n\nPowell", "Siân\n\nPowell");
}

#[test]
fn the_longest_name_wins() {
    let rows =
        [("Ruth", "P1"), ("Ruth Calloway", "[leader]"), ("Ruth Calloway Hospital", "[hospital]")];
    check(
        &rows,
        Language::English,
        "Ruth, Ruth Calloway, Ruth Calloway Hospital, Ruth Calloway hospitals",
        "P1, [leader], [hospital], [hospital]",
    );
}

#[test]
fn words_that_only_look_like_names_stay() {
    check(
        &[("Ina", "P1"), ("Will", "P2"), ("Ann", "P3")],
        Language::English,
        "I will go in a minute with Will and Ina. Annual plans; Anna.",
        "I will go in a minute with P2 and P1. Annual plans; Anna.",
    );
    let mut grace = list(&[]);
    let entry = PseudonymEntry {
        name: "Grace".to_owned(),
        pseudonym: "P4".to_owned(),
        rule: Rule::Capital,
    };
    grace.add(entry).unwrap();
    let pseudonyms = Pseudonyms::new(&grace, &[Language::English]);
    assert_eq!(pseudonyms.apply("with grace, Grace, GRACE"), "with grace, P4, P4");
}

#[test]
fn names_take_the_endings_of_their_language() {
    check(
        &[("Müller", "P1")],
        Language::German,
        "Müllers, bei Müllern, müllern",
        "P1, bei P1, müllern",
    );
    check(
        &[("Иван", "P1"), ("Анна", "P2")],
        Language::Russian,
        "с Иваном и Анной, у Анны, Ивана, Ивану",
        "с P1 и P2, у P2, P1, P1",
    );
    check(&[("Pekka", "P1")], Language::Finnish, "Pekkalle", "P1");
    check(&[("Ayşe", "P1")], Language::Turkish, "Ayşe'nin, AYŞE", "P1'nin, P1");
    // English has no such endings: Anne is somebody else.
    check(&[("Ann", "P1")], Language::English, "Anne and Ann", "Anne and P1");
    check(&[("王芳", "P1")], Language::English, "我和王芳说", "我和P1说");
}

#[test]
fn positions_follow() {
    let pseudonyms =
        Pseudonyms::new(&list(&[("Siân Powell", "P7"), ("Bo", "Person")]), &[Language::English]);
    let text = "😀 Siân Powell met Bo at ten";
    let shown = pseudonyms.show(text);
    assert_eq!(shown.text, "😀 P7 met Person at ten");
    let part = |[start, end]: [usize; 2]| -> String {
        shown.text.chars().skip(start).take(end - start).collect()
    };
    let place = |words: &str| {
        let at = text.find(words).unwrap();
        let start = text[..at].chars().count();
        [start, start + words.chars().count()]
    };
    for (original, expected) in [
        ("😀", "😀"),
        ("Siân Powell", "P7"),
        ("Powell met", "P7 met"),
        ("Siân", "P7"),
        (" met ", " met "),
        ("Bo at", "Person at"),
        ("ten", "ten"),
    ] {
        assert_eq!(part(shown.range(place(original))), expected, "{original}");
        let bytes = |words: &str| text.find(words).map(|at| [at, at + words.len()]).unwrap();
        let [from, to] = shown.byte_range(bytes(original));
        assert_eq!(&shown.text[from..to], expected, "{original}");
        assert_eq!(part(shown.range(shown.original(shown.range(place(original))))), expected);
    }
}

#[test]
fn a_table_reads_back_and_mistakes_are_named() {
    let text = "name,pseudonym,rule\nSiân Powell,P07,\n\"Grace, the\",P03,capital\nZoom,,ignore\n";
    let list = PseudonymList::parse(text).unwrap();
    assert_eq!(list.write(), text);
    assert_eq!(PseudonymList::parse("\u{feff}Siân Powell;P07\r\n\r\n").unwrap().entries.len(), 1);
    assert_eq!(PseudonymList::parse("sep=;\nname;pseudonym\nSiân;P07\n").unwrap().entries.len(), 1);
    let mistake = |text: &str| PseudonymList::parse(text).unwrap_err().diagnostic().text();
    assert_eq!(
        mistake("name,pseudonym\nSiân,\n"),
        "pseudonyms.csv:2: `Siân` has no pseudonym\n  hint: give it one, or write `ignore` into the third column"
    );
    assert_eq!(
        mistake("name,pseudonym\nSiân,P1\nSian,P2\n"),
        "pseudonyms.csv:3: `Siân` is already shown as `P1`\n  hint: remove it first"
    );
    assert_eq!(
        mistake("J,P1\n"),
        "pseudonyms.csv:1: `J` cannot be used as a name\n  hint: a name needs at least two letters"
    );
    assert_eq!(
        mistake("name,pseudonym,rule\nJo,P1,capitals\n"),
        "pseudonyms.csv:2: `capitals` is not a rule\n  hint: leave it empty, or write `capital` or `ignore`"
    );
}

#[test]
fn no_pseudonym_may_be_read_as_a_name() {
    let refused = |rows: &[(&str, &str)]| {
        let mut list = PseudonymList::default();
        rows.iter().any(|(name, pseudonym)| {
            let (name, pseudonym) = ((*name).to_owned(), (*pseudonym).to_owned());
            list.add(PseudonymEntry { name, pseudonym, rule: Rule::AnyCase }).is_err()
        })
    };
    assert!(refused(&[("Ann", "Mary"), ("Mary", "P1")]));
    assert!(refused(&[("Ann", "Mary"), ("mary jones", "P1")]));
    assert!(refused(&[("Ann", "Old Mary"), ("Mary Jones", "P1")]));
    assert!(refused(&[("Leeds", "[Leeds]")]));
    assert!(!refused(&[("University of Leeds", "[university]"), ("Ann", "Mary"), ("Jo", "Mary")]));
}

#[test]
fn a_list_says_what_is_near() {
    let mut list = list(&[("Siân Powell", "P07")]);
    assert_eq!(
        list.remove("Sian Powel").unwrap_err().diagnostic().text(),
        "`Sian Powel` is not in the key\n  hint: did you mean `Siân Powell`?"
    );
    assert_eq!(list.remove("sian  powell").unwrap().pseudonym, "P07");
    assert!(list.entries.is_empty());
}

fn words() -> impl Strategy<Value = String> {
    let word = proptest::sample::select(vec![
        "siân",
        "Sian",
        "POWELL",
        "powell",
        "Ruth",
        "mary",
        "Ann",
        "anns",
        "will",
        "Will",
        "P7",
        "[town]",
        "Leeds",
        "of",
        "McLeod",
        "RuthPowell",
        "x9",
        "王芳",
        "😀",
        "dog",
        "Sia\u{302}n",
        "Person",
    ]);
    let gap = proptest::sample::select(vec![
        " ", "-", "’", ", ", ". ", "\n", "\r\n", "", "  ", "_", "’s ", "\n\n",
    ]);
    proptest::collection::vec((word, gap), 0..14)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, gap)| [word, gap]).collect())
}

fn sample() -> Pseudonyms {
    let rows = [
        ("Siân", "P7"),
        ("Siân Powell", "P7"),
        ("Powell", "Person"),
        ("Ruth", "P"),
        ("Mary Ann", "Bo Q"),
        ("Will", "[x]"),
        ("University of Leeds", "[university]"),
        ("Leeds", "[town]"),
        ("McLeod", "P8"),
        ("王芳", "P9"),
    ];
    Pseudonyms::new(&list(&rows), &[Language::English, Language::German])
}

#[test]
fn a_name_with_a_capital_is_hidden_in_terms_unless_it_is_mostly_another_word() {
    let entry = |name: &str, pseudonym: &str| PseudonymEntry {
        name: name.to_owned(),
        pseudonym: pseudonym.to_owned(),
        rule: Rule::Capital,
    };
    let list = PseudonymList { entries: vec![entry("Palmer", "P9"), entry("Hope", "P8")] };
    let text = "Palmer came. A palmer, said Palmer. We hope so, I hope, Hope.";
    let pseudonyms =
        Pseudonyms::new(&list, &[Language::English]).with_talk(Box::new(move |read| read(text)));
    assert_eq!(pseudonyms.apply(text), "P9 came. A palmer, said P9. We hope so, I hope, P8.");
    assert_eq!(pseudonyms.shown_term("palmer near"), "P9 near");
    assert_eq!(pseudonyms.shown_term("hope"), "hope");
}

proptest! {
    #[test]
    fn what_is_shown_stays_as_it_is(text in words()) {
        let pseudonyms = sample();
        let once = pseudonyms.apply(&text).into_owned();
        prop_assert!(matches!(pseudonyms.apply(&once), Cow::Borrowed(_)), "{:?} {:?}", once, pseudonyms.apply(&once));
        prop_assert_eq!(once.matches('\n').count(), text.matches('\n').count());
    }

    #[test]
    fn no_name_is_left(text in words()) {
        let shown = sample().apply(&text).into_owned();
        // Cut without the help of the matcher.
        let bare: String = shown.chars().filter(|c| *c != '\u{302}').collect();
        let words: Vec<&str> = bare.split(|c: char| !c.is_alphanumeric()).collect();
        for name in ["sian", "powell", "ruth", "leeds", "mcleod"] {
            let is_name = |word: &&str| word.replace('â', "a").to_lowercase() == name;
            prop_assert!(!words.iter().any(is_name), "{:?} {}", shown, name);
        }
        // "will" is a word, and "Ruthpowell" is somebody else.
        for name in ["Will", "RuthPowell"] {
            prop_assert!(!words.contains(&name), "{:?} {}", shown, name);
        }
        prop_assert!(!shown.contains("王芳") && !shown.contains("Mary Ann"), "{:?}", shown);
    }

    #[test]
    fn positions_keep_their_order(text in words(), a in 0..60_usize, b in 0..60_usize) {
        let pseudonyms = sample();
        let shown = pseudonyms.show(&text);
        let n = text.chars().count();
        let (a, b) = (a.min(b).min(n), a.max(b).min(n));
        let [start, end] = shown.range([a, b]);
        prop_assert!(start <= end && end <= shown.text.chars().count());
        prop_assert_eq!(shown.range([0, n]), [0, shown.text.chars().count()]);
        prop_assert!(shown.range([0, a])[1] <= shown.range([0, b])[1]);
        // What no name touches is shown as it is.
        let touched = shown.edits.iter().any(|edit| edit.from.start < b && a < edit.from.end);
        if !touched {
            let part = |text: &str, a: usize, b: usize| text.chars().skip(a).take(b - a).collect::<String>();
            prop_assert_eq!(part(&text, a, b), part(&shown.text, start, end));
        }
    }

    #[test]
    fn any_text_is_shown(text in ".*") {
        let pseudonyms = sample();
        let shown = pseudonyms.show(&text);
        if shown.edits.is_empty() {
            prop_assert!(matches!(shown.text, Cow::Borrowed(same) if same == text));
        }
    }
}
