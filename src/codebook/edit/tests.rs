//! The rules of the codebook, act by act.

use super::*;
use crate::base::{Diagnose as _, Span};

fn quote(at: u32, text: &str) -> Quote {
    let end = at + u32::try_from(text.len()).unwrap();
    let place = Place {
        transcript: "P01".to_owned(),
        checksum: "c".to_owned(),
        span: Span { start: at, end },
    };
    Quote { place, text: text.to_owned() }
}

/// Joining (theme) > No travel, Petrol; Silence; with a quotation each.
fn codebook() -> Codebook {
    let mut codebook = Codebook::default();
    let mut add = |name: &str, kind, parent: Option<u32>| {
        let changes = add_code(&codebook, name, kind, parent.map(CodeId)).unwrap();
        codebook.apply_all(&changes);
    };
    add("Joining", CodeKind::Theme, None);
    add("No travel", CodeKind::Code, Some(1));
    add("Petrol", CodeKind::Code, Some(1));
    add("Silence", CodeKind::Code, None);
    for code in 1..=4 {
        let (_, changes) =
            add_quotation(&codebook, quote(10 * code, "words"), &[CodeId(code)], "Ann").unwrap();
        codebook.apply_all(&changes);
    }
    codebook
}

/// The codebook in a line: paths with the numbers of their quotations.
fn shown(codebook: &Codebook) -> String {
    let of = |(_, code): (usize, &Code)| {
        let quotations = codebook.quotations_of(&BTreeSet::from([code.id]));
        let numbers: Vec<String> = quotations.iter().map(|q| q.id.0.to_string()).collect();
        format!("{} [{}]", codebook.path(code.id), numbers.join(" "))
    };
    codebook.tree().into_iter().map(of).collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn check(act: impl Fn(&Codebook) -> Result<Vec<Change>, CodebookError>, expected: &str) {
    let mut codebook = codebook();
    match act(&codebook) {
        Ok(changes) => {
            codebook.apply_all(&changes);
            assert_eq!(shown(&codebook), expected);
        }
        Err(error) => assert_eq!(error.diagnostic().text(), expected),
    }
}

#[test]
fn the_codebook_is_a_tree() {
    assert_eq!(
        shown(&codebook()),
        "Joining [1]; Joining > No travel [2]; Joining > Petrol [3]; Silence [4]"
    );
}

#[test]
fn names_are_found_by_path_name_and_number() {
    let codebook = codebook();
    let named = |name: &str| match codebook.code_named(name) {
        Ok(code) => code.name.clone(),
        Err(error) => error.diagnostic().text(),
    };
    assert_eq!(named("joining >  no TRAVEL"), "No travel");
    assert_eq!(named("petrol"), "Petrol");
    assert_eq!(named("#4"), "Silence");
    assert_eq!(named("Petrl"), "there is no code `Petrl`\n  hint: did you mean `Petrol`?");
}

#[test]
fn a_name_is_free_and_a_name() {
    let add = |name: &'static str, parent: Option<u32>| {
        move |codebook: &Codebook| add_code(codebook, name, CodeKind::Code, parent.map(CodeId))
    };
    check(
        add("no  Travel", Some(1)),
        "a code `Joining > No travel` already exists\n  hint: choose another name, or merge the two",
    );
    check(
        add("No travel", Some(4)),
        "Joining [1]; Joining > No travel [2]; Joining > Petrol [3]; Silence [4]; Silence > No travel []",
    );
    check(add(" ", None), "` ` cannot be used as a name\n  hint: a name needs at least one letter");
    check(
        add("#12", None),
        "`#12` cannot be used as a name\n  hint: a name cannot be a number, since codes have numbers",
    );
    check(
        add("a > b", None),
        "`a > b` cannot be used as a name\n  hint: a name cannot contain `>`, which separates the names of a path",
    );
    for number in ["3", "3.", "#3.", "# 3"] {
        let error = checked_name(number).unwrap_err().diagnostic().text();
        assert!(error.contains("codes have numbers"), "{error}");
    }
    assert_eq!(checked_name("Covid-19").unwrap(), "Covid-19");
    assert_eq!(checked_name("2.5 metres").unwrap(), "2.5 metres");
    let error = checked_name("a\u{7}b").unwrap_err().diagnostic().text();
    assert!(error.ends_with("an invisible character; type the name again"));
    for unseen in ["\u{200b}", "\u{200d}\u{2060}\u{feff}", "\u{ad}"] {
        let error = checked_name(unseen).unwrap_err().diagnostic().text();
        assert!(error.ends_with("at least one letter"), "{error}");
    }
    // A joint within an emoji is part of it.
    assert_eq!(checked_name("👩\u{200d}🌾").unwrap(), "👩\u{200d}🌾");
    check(
        |codebook| add_code(codebook, "New", CodeKind::Theme, Some(CodeId(4))),
        "a theme cannot be put under the code `Silence`\n  hint: put it under a theme, or make it a code",
    );
}

#[test]
fn no_code_stands_under_itself() {
    let under = |parent| CodeEdit { parent: Some(parent), ..CodeEdit::default() };
    check(
        |codebook| edit_code(codebook, CodeId(1), under(Some(CodeId(2)))),
        "`Joining` cannot be put under itself\n  hint: choose a code that is not below it",
    );
    check(
        |codebook| edit_code(codebook, CodeId(4), under(Some(CodeId(1)))),
        "Joining [1]; Joining > No travel [2]; Joining > Petrol [3]; Joining > Silence [4]",
    );
    check(
        |codebook| edit_code(codebook, CodeId(4), under(None)),
        "this would not change `Silence`\n  hint: give at least one new value",
    );
}

#[test]
fn a_merger_loses_nothing() {
    let ids = |ids: &[u32]| ids.iter().copied().map(CodeId).collect::<Vec<_>>();
    check(|codebook| merge(codebook, &ids(&[4, 2, 3]), Some("All")), "Joining [1]; All [2 3 4]");
    check(
        |codebook| merge(codebook, &ids(&[4, 1]), None),
        "Silence [1 4]; Silence > No travel [2]; Silence > Petrol [3]",
    );
    check(
        |codebook| merge(codebook, &ids(&[1, 2]), None),
        "`No travel` is under `Joining`\n  hint: move it to another place first, or remove it",
    );
    check(
        |codebook| merge(codebook, &ids(&[2, 2]), None),
        "at least two codes are needed to merge\n  hint: list each of them once",
    );
    check(
        |codebook| merge(codebook, &ids(&[2, 3, 2]), None),
        "`No travel` is in the list twice\n  hint: list each of them once",
    );
    // Two codings of one quotation by one coder become one.
    let mut codebook = codebook();
    let (_, changes) = add_quotation(&codebook, quote(20, "words"), &[CodeId(3)], "Ann").unwrap();
    codebook.apply_all(&changes);
    let (id, changes) = add_quotation(&codebook, quote(20, "words"), &[CodeId(3)], "Bo").unwrap();
    codebook.apply_all(&changes);
    let changes = merge(&codebook, &ids(&[2, 3]), None).unwrap();
    codebook.apply_all(&changes);
    let coders: Vec<&str> =
        codebook.quotations[&id].codings.iter().map(|coding| coding.coder.as_str()).collect();
    assert_eq!(coders, ["Ann", "Bo"]);
}

#[test]
fn codes_below_with_one_name_become_one() {
    // Joining > No travel, Petrol; Silence > no travel > Bus: with one quotation each.
    let mut codebook = codebook();
    let mut add = |name: &str, parent: u32, code: u32| {
        let changes = add_code(&codebook, name, CodeKind::Code, Some(CodeId(parent))).unwrap();
        codebook.apply_all(&changes);
        let new = quote(100 * code, "words");
        let (_, changes) = add_quotation(&codebook, new, &[CodeId(code)], "Ann").unwrap();
        codebook.apply_all(&changes);
    };
    add("no travel", 4, 5);
    add("Bus", 5, 6);
    let about = MemoTarget::Code(CodeId(5));
    let (memo, changes) = add_memo(&codebook, about, "Ask", ("Ann", "now")).unwrap();
    codebook.apply_all(&changes);
    let changes = merge(&codebook, &[CodeId(1), CodeId(4)], None).unwrap();
    codebook.apply_all(&changes);
    assert_eq!(
        shown(&codebook),
        "Joining [1 4]; Joining > No travel [2 5]; Joining > No travel > Bus [6]; Joining > Petrol [3]"
    );
    assert_eq!(codebook.memos[&memo].about, MemoTarget::Code(CodeId(2)));
    // Two that are both new to the first one.
    let mut codebook = Codebook::default();
    for (name, parent) in [("A", None), ("B", None), ("C", None), ("x", Some(2)), ("X", Some(3))] {
        let parent = parent.map(CodeId);
        let changes = add_code(&codebook, name, CodeKind::Code, parent).unwrap();
        codebook.apply_all(&changes);
    }
    let changes = merge(&codebook, &[CodeId(1), CodeId(2), CodeId(3)], None).unwrap();
    codebook.apply_all(&changes);
    assert_eq!(shown(&codebook), "A []; A > x []");
}

#[test]
fn the_first_colour_there_is_stays() {
    let mut codebook = codebook();
    let colored =
        |color: &str| CodeEdit { color: Some(color.parse().unwrap()), ..CodeEdit::default() };
    for (code, color) in [(3, "#222222"), (4, "#333333")] {
        let changes = edit_code(&codebook, CodeId(code), colored(color)).unwrap();
        codebook.apply_all(&changes);
    }
    let changes = merge(&codebook, &[CodeId(2), CodeId(3), CodeId(4)], None).unwrap();
    codebook.apply_all(&changes);
    assert_eq!(codebook.codes[&CodeId(2)].color, "#222222".parse().ok());
}

#[test]
fn a_merged_code_finds_what_both_rules_find() {
    let mut codebook = codebook();
    let ruled = |rule: &str| CodeEdit { rule: Some(rule.to_owned()), ..CodeEdit::default() };
    for (code, rule) in [(3, " a  b"), (4, "c")] {
        let changes = edit_code(&codebook, CodeId(code), ruled(rule)).unwrap();
        codebook.apply_all(&changes);
    }
    assert_eq!(codebook.codes[&CodeId(3)].rule, "a b");
    let changes = merge(&codebook, &[CodeId(2), CodeId(3), CodeId(4)], None).unwrap();
    codebook.apply_all(&changes);
    assert_eq!(codebook.codes[&CodeId(2)].rule, "(a b) OR (c)");
    let changes = edit_code(&codebook, CodeId(2), ruled("")).unwrap();
    codebook.apply_all(&changes);
    assert_eq!(codebook.codes[&CodeId(2)].rule, "");
}

#[test]
fn a_new_code_has_its_notes_at_once() {
    let notes = CodeEdit { definition: Some(String::new()), ..CodeEdit::default() };
    let new = ("New", CodeKind::Code, None);
    let changes = add_code_with(&codebook(), new, notes).unwrap();
    assert!(matches!(&changes[..], [Change::PutCode(code)] if code.definition.is_empty()));
}

#[test]
fn what_has_gone_meanwhile_is_unknown() {
    let codebook = codebook();
    let (code, quotation) = (CodeId(9), QuotationId(9));
    let (known, first) = (CodeId(1), QuotationId(1));
    let named = |name: &str| CodeEdit { name: Some(name.to_owned()), ..CodeEdit::default() };
    let under = CodeEdit { parent: Some(Some(code)), ..CodeEdit::default() };
    let place = quote(1, "words").place;
    let acts = [
        add_code(&codebook, "New", CodeKind::Code, Some(code)),
        edit_code(&codebook, code, named("New")),
        edit_code(&codebook, known, under),
        remove_code(&codebook, code, true),
        merge(&codebook, &[known, code], None),
        split(&codebook, code, "New", &[first]),
        split(&codebook, known, "New", &[quotation]),
        move_quotation(&codebook, quotation, known, CodeId(4)),
        move_quotation(&codebook, first, known, code),
        add_quotation(&codebook, quote(1, "words"), &[code], "Ann").map(|(_, made)| made),
        uncode_quotation(&codebook, quotation, known),
        remove_quotation(&codebook, quotation),
        pin_quotation(&codebook, quotation, None, true),
        reanchor(&codebook, &[(quotation, place)]),
        add_memo(&codebook, MemoTarget::Code(code), "Ask", ("Ann", "now")).map(|(_, made)| made),
        edit_memo(&codebook, MemoId(9), "Ask"),
    ];
    for (at, act) in acts.into_iter().enumerate() {
        let error = act.unwrap_err();
        assert!(matches!(error, CodebookError::Unknown { .. }), "{at}: {error}");
    }
}

#[test]
fn a_split_moves_picked_quotations() {
    check(
        |codebook| split(codebook, CodeId(2), "Bicycles", &[QuotationId(2)]),
        "Joining [1]; Joining > Bicycles [2]; Joining > No travel []; Joining > Petrol [3]; Silence [4]",
    );
    check(
        |codebook| split(codebook, CodeId(2), "Bicycles", &[QuotationId(4)]),
        "quotation 4 does not have the code `Joining > No travel`\n  hint: it has `Silence`",
    );
}

#[test]
fn what_is_removed_takes_what_has_no_other_code() {
    check(
        |codebook| remove_code(codebook, CodeId(1), false),
        "there are codes under `Joining`: `No travel`, `Petrol`\n  hint: move them first, or remove them too",
    );
    check(|codebook| remove_code(codebook, CodeId(1), true), "Silence [4]");
    let mut codebook = codebook();
    let (_, changes) = add_quotation(&codebook, quote(20, "words"), &[CodeId(4)], "Ann").unwrap();
    codebook.apply_all(&changes);
    let changes = remove_code(&codebook, CodeId(2), false).unwrap();
    codebook.apply_all(&changes);
    assert_eq!(shown(&codebook), "Joining [1]; Joining > Petrol [3]; Silence [2 4]");
}

#[test]
fn pinned_quotations_come_first() {
    let mut codebook = codebook();
    let (_, changes) = add_quotation(&codebook, quote(5, "words"), &[CodeId(4)], "Ann").unwrap();
    codebook.apply_all(&changes);
    let numbers = |codebook: &Codebook| {
        let found = codebook.quotations_of(&BTreeSet::from([CodeId(4)]));
        found.iter().map(|quotation| quotation.id.0).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&codebook), [5, 4]);
    let changes = pin_quotation(&codebook, QuotationId(4), None, true).unwrap();
    codebook.apply_all(&changes);
    assert_eq!(numbers(&codebook), [4, 5]);
    assert!(pin_quotation(&codebook, QuotationId(4), None, true).is_err());
    assert!(pin_quotation(&codebook, QuotationId(4), Some(CodeId(1)), false).is_err());
}

#[test]
fn a_path_is_made_as_far_as_it_is_missing() {
    let mut codebook = codebook();
    let mut put = |path: &[&str]| put_code_at(&mut codebook, path, CodeKind::Code).unwrap();
    let (id, changes) = put(&["joining", "Weather", "Rain"]);
    assert_eq!(put(&["Silence"]), (CodeId(4), Vec::new()));
    assert_eq!(codebook.path(id), "Joining > Weather > Rain");
    assert_eq!(changes.len(), 2);
}

#[test]
fn an_accepted_proposal_is_a_quotation_that_says_so_until_somebody_codes_it_by_hand() {
    let mut codebook = codebook();
    let (id, changes) = accept_proposal(&codebook, quote(100, "words"), CodeId(2), "Ann").unwrap();
    codebook.apply_all(&changes);
    let codings = |codebook: &Codebook| -> Vec<(u32, bool)> {
        let codings = codebook.quotations[&id].codings.iter();
        codings.map(|coding| (coding.code.0, coding.is_proposed)).collect()
    };
    assert_eq!(codings(&codebook), [(2, true)]);
    // Another code on the same words is another decision.
    let (_, changes) = add_quotation(&codebook, quote(100, "words"), &[CodeId(3)], "Ann").unwrap();
    codebook.apply_all(&changes);
    assert_eq!(codings(&codebook), [(2, true), (3, false)]);
    // What was proposed for one and coded by hand for the other was coded by hand.
    codebook.apply_all(&merge(&codebook, &[CodeId(2), CodeId(3)], None).unwrap());
    assert_eq!(codings(&codebook), [(2, false)]);
}

#[test]
fn a_rejected_proposal_is_kept_once_and_goes_with_its_code() {
    let refuse = |codebook: &Codebook, at: u32| {
        reject_proposal(codebook, quote(at, "words"), CodeId(3), " another road ", "Ann")
    };
    let mut codebook = codebook();
    let (id, changes) = refuse(&codebook, 100).unwrap();
    codebook.apply_all(&changes);
    assert_eq!(codebook.refusals[&id].reason, "another road");
    let text = |result: Result<_, CodebookError>| result.unwrap_err().diagnostic().text();
    assert_eq!(
        text(refuse(&codebook, 100)),
        "this is rejected for `Petrol` already (number 1)\n  hint: see them with their numbers"
    );
    assert_eq!(
        text(refuse(&codebook, 32)),
        "quotation 3 has the code `Petrol` there\n  hint: take the code from the quotation instead"
    );
    let mut merged = codebook.clone();
    merged.apply_all(&merge(&merged, &[CodeId(2), CodeId(3)], None).unwrap());
    assert_eq!(merged.refusals[&id].code, CodeId(2));
    let mut removed = codebook.clone();
    removed.apply_all(&remove_code(&removed, CodeId(3), false).unwrap());
    assert!(removed.refusals.is_empty());
    // Whoever accepts it has changed their mind.
    let (_, changes) = accept_proposal(&codebook, quote(100, "words"), CodeId(3), "Bo").unwrap();
    codebook.apply_all(&changes);
    assert!(codebook.refusals.is_empty());
    // Numbers are never given twice.
    assert_eq!(refuse(&codebook, 200).unwrap().0, RefusalId(2));
}
