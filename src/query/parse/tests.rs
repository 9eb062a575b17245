use super::*;
use proptest::prelude::*;

const ATTRIBUTES: &[&str] = &["region", "years in practice"];

#[track_caller]
fn check(query: &str, expected: &str) {
    let parsed = parse(query, ATTRIBUTES).unwrap();
    assert_eq!(parsed.to_string(), expected, "{parsed:?}");
    assert_eq!(parse(expected, ATTRIBUTES).unwrap(), parsed);
}

#[track_caller]
fn refuse(query: &str, at: &str, problem: &str) {
    let error = parse(query, ATTRIBUTES).unwrap_err();
    let (start, end) = (error.at.start as usize, error.at.end as usize);
    assert_eq!((&query[start..end], error.problem.as_str()), (at, problem), "{error}");
}

#[test]
fn questions_are_words() {
    check("What did they think (at first) of it?", "What did they think (at first) of it");
    check("couldn't it’s well-being, 3.50 - yes", "couldn't it’s well-being 3.50 yes");
    check("  «sitting back»  ", "\"sitting back\"");
    check("what was said: 3:2 or 10:30?", "what was said 3-2 or 10-30");
    check("AND, then", "and then");
    check("‘quoted’ and/or 😀", "quoted and-or");
}

#[test]
fn between_straight_marks_words_may_stand_in_others() {
    check("theme:\"asked: “And then?”\" tea", "theme:\"asked: “And then?”\" tea");
    check("\"we said “no” then\"", "\"we said no then\"");
    // As a word processor changes them: each closes.
    check("\"sitting back” AND “tea\"", "\"sitting back\" AND \"tea\"");
    check("\"sitting back“ tea", "\"sitting back\" tea");
}

#[test]
fn operators_bind_as_the_grammar_says() {
    let shape = |query: &str| format!("{:?}", parse(query, ATTRIBUTES).unwrap());
    assert_eq!(shape("a b AND c OR d"), shape("((a b) AND c) OR d"));
    assert_eq!(shape("NOT a NEAR/5 b c"), shape("(NOT (a NEAR/5 b)) c"));
    assert_eq!(shape("-a -\"b c\""), shape("NOT a NOT \"b c\""));
    assert_ne!(shape("a (b OR c)"), shape("a b OR c"));
}

#[test]
fn wildcards_slips_and_nearness_are_kept() {
    check("silen* *less wom?n?", "silen* *less wom?n");
    check("recieve~ recieve~2, recieve~1", "recieve~ recieve~2 recieve~");
    check("\"group silence\"~5 \"sit* * back\"", "\"group silence\"~5 \"sit* * back\"");
    check("well-be*", "\"well be*\"");
    check("a NEAR/5 b NEAR/0 (c OR d*)", "a NEAR/5 b NEAR/0 (c OR d*)");
}

#[test]
fn fields_take_values_bounds_and_ranges() {
    check("role:participant Region:\"north west\"", "role:participant region:\"north west\"");
    check(
        "years-in-practice:>=10 years_in_practice:5..10",
        "years-in-practice:>=10 years-in-practice:5..10",
    );
    check("time:00:10:00..", "time:00:10:00..");
    check("answers:“what did you miss”", "answers:\"what did you miss\"");
    check("(region:\">10\" OR transcript:P*)", "region:\">10\" OR transcript:P*");
}

#[test]
fn what_cannot_be_read_is_pointed_at() {
    refuse("group \"silence", "\"", "this quotation mark is not closed");
    refuse("(a OR b", "(", "this bracket is not closed");
    refuse("a) b", ")", "this bracket was never opened");
    refuse("a AND", "", "a word, a phrase or a field is missing at the end");
    refuse("a OR AND b", "AND", "a word, a phrase or a field is missing before this");
    refuse("a ()", ")", "a word, a phrase or a field is missing before this bracket");
    refuse("rgion:Wales", "rgion", "there is no field `rgion`");
    refuse("region: Wales", "region:", "the field `region` has no value");
    refuse("a && b", "&&", "`&&` is not part of the query language");
    refuse("a * b", "*", "`*` finds every word");
    refuse("a NEAR b", "NEAR", "the number of words that may be between is missing or too large");
    refuse("a NEAR/5 -b", "-", "a word, a phrase or a field is missing before this");
    refuse(
        "a NEAR/5 (b AND c)",
        "(",
        "NEAR joins words and phrases, also those in brackets with OR",
    );
    refuse(
        "\"a b\"~100",
        "~100",
        "the number of words that may be between is missing or too large",
    );
    refuse("\"*  a\"", "*  a", "a `*` alone means one word between others");
    refuse("word~3", "word~3", "`~` must be at the end of one word");
    refuse("a~", "a~", "the word is too short: almost any word is similar to it");
    refuse(" — ", " — ", "there is no word in it");
    refuse(&"(".repeat(1000), "(", "there are too many brackets or NOTs inside each other");
    refuse(&"-".repeat(1000), &"-".repeat(1000), "there is no word in it");
}

#[test]
fn a_mistake_is_shown_with_a_caret() {
    let error = parse("Siân 王芳 speker:Ruth", ATTRIBUTES).unwrap_err();
    insta::assert_snapshot!(error.diagnostic().text(), @r"
    the query cannot be read: there is no field `speker`
      Siân 王芳 speker:Ruth
                ^^^^^^
      hint: did you mean `speaker:`? The fields are `speaker`, `role`, `case`, `group`, `transcript`, `theme`, `code`, `answers`, `time`, `region`, `years-in-practice`
    ");
    let long = format!("{} \"open {}", "word ".repeat(1000), "more ".repeat(1000));
    let shown = parse(&long, ATTRIBUTES).unwrap_err().to_string();
    assert!(shown.lines().all(|line| line.chars().count() <= 110), "{shown}");
}

#[test]
fn long_chains_are_answered_or_refused() {
    let long = |part: &str| part.repeat(19_000 / part.len());
    for part in ["a* OR ", "NOT ", "(a ", "a NEAR/1 ", "\"a\" ", "-", "a~2 ", "region:x "] {
        let query = format!("{}a", long(part));
        if let Ok(parsed) = parse(&query, ATTRIBUTES) {
            assert_eq!(parse(&parsed.to_string(), ATTRIBUTES).as_ref(), Ok(&parsed));
        }
    }
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["silence", "siân", "couldn't", "and", "3.50", "x", "王"])
        .prop_map(str::to_owned)
}

fn pattern() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["silen*", "*less", "wom?n", "a*b?c"]).prop_map(str::to_owned)
}

fn leaf() -> impl Strategy<Value = Query> {
    let inner = prop_oneof![
        word().prop_map(PhraseWord::Spoken),
        pattern().prop_map(PhraseWord::Wildcard),
        Just(PhraseWord::Joined(vec!["e".to_owned(), "mail".to_owned()])),
    ];
    let phrase = (prop::collection::vec(inner, 1..4), prop::option::of(0..=MAX_NEAR)).prop_map(
        |(words, near)| {
            let near = near.filter(|_| words.len() > 1);
            Query::Phrase { words, near }
        },
    );
    let field = prop_oneof![
        word().prop_map(|value| ("speaker", FieldValue::Is(value))),
        "[a-z >.]{1,6}[a-z]".prop_map(|value| ("region", FieldValue::Is(value.trim().to_owned()))),
        Just(("years-in-practice", FieldValue::Compare(Comparison::AtLeast, "10".to_owned()))),
        Just(("time", FieldValue::Between("00:10".to_owned(), String::new()))),
    ];
    prop_oneof![
        prop::collection::vec(word(), 1..3).prop_map(Query::Word),
        phrase,
        pattern().prop_map(Query::Wildcard),
        ("[a-z]{4,8}", 1..=2_u8).prop_map(|(word, edits)| Query::Fuzzy { word, edits }),
        field.prop_map(|(name, value)| {
            Query::Field(FieldTest { name: name.to_owned(), value, at: Span::new(0, 0) })
        }),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    leaf().prop_recursive(4, 40, 4, |inner| {
        let parts = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            parts().prop_map(Query::And),
            parts().prop_map(Query::Or),
            parts().prop_map(Query::Beside),
            inner.clone().prop_map(|part| Query::Not(Box::new(part))),
            (inner.clone(), inner, 0..=MAX_NEAR).prop_map(|(left, right, most)| {
                if left.has_places() && right.has_places() {
                    Query::Near { left: Box::new(left), right: Box::new(right), most }
                } else {
                    Query::And(vec![left, right])
                }
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn a_printed_query_is_the_query(query in query()) {
        let printed = query.to_string();
        prop_assert_eq!(parse(&printed, ATTRIBUTES), Ok(query), "{}", printed);
    }
}

#[test]
fn a_mark_behind_an_apostrophe_is_no_part_of_a_word() {
    for text in ["AND'\u{ec8}?[AND", "a'\u{301}? b", "e\u{301}'? b"] {
        let parsed = parse(text, ATTRIBUTES).unwrap();
        assert_eq!(parse(&parsed.to_string(), ATTRIBUTES), Ok(parsed), "{text}");
    }
    assert_eq!(words_of("e\u{301}'? \u{301}x*"), ["e\u{301}", "x*"]);
    // A mark behind no letter is none, as the question mark before it.
    assert_eq!(parse("?.\u{c3c}?!a", ATTRIBUTES), Ok(Query::Word(vec!["a".to_owned()])));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50_000))]
    #[test]
    fn no_input_makes_the_parser_panic(text in "(\\PC|[ \"()*?~:/.>“-]|AND|OR|NOT|NEAR/|role:){0,40}") {
        if let Ok(parsed) = parse(&text, ATTRIBUTES) {
            prop_assert_eq!(parse(&parsed.to_string(), ATTRIBUTES), Ok(parsed));
        }
    }

    #[test]
    fn no_mutation_of_a_query_makes_the_parser_panic(
        query in query(),
        at in any::<prop::sample::Index>(),
        put in prop::option::of(prop::sample::select(vec!['"', '(', ')', '*', '~', ':', '-', ' ', '王', '\u{301}'])),
    ) {
        let mut chars: Vec<char> = query.to_string().chars().collect();
        let at = at.index(chars.len());
        match put {
            Some(c) => chars[at] = c,
            None => { chars.remove(at); }
        }
        let text: String = chars.into_iter().collect();
        match parse(&text, ATTRIBUTES) {
            Ok(parsed) => prop_assert_eq!(parse(&parsed.to_string(), ATTRIBUTES), Ok(parsed)),
            Err(error) => prop_assert!(!error.to_string().contains("\n  hint:")),
        }
    }
}

#[test]
fn a_pattern_without_a_letter_finds_every_word() {
    for text in ["?*", "*\u{301}"] {
        let error = parse(text, ATTRIBUTES).unwrap_err();
        assert!(error.problem.ends_with("finds every word"), "{text}: {error}");
    }
}
