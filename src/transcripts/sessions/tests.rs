use super::*;

#[track_caller]
fn check(ids: &[&str], label: &str, expected: &[&str]) {
    let found = people_of_sessions(ids, &vec![Some(label); ids.len()]);
    let shown: Vec<String> = found.into_iter().map(Option::unwrap_or_default).collect();
    assert_eq!(shown, expected);
}

#[test]
fn sessions_of_a_participant_are_of_one_person() {
    check(&["P01_T1", "P01_T2", "P02_T1"], "Participant", &["P01", "P01", ""]);
    check(&["w/p3 session 1", "w/P3-session-2"], "Participant", &["p3", "p3"]);
    check(&["tn07_pre", "tn07_post"], "B", &["tn07", "tn07"]);
    check(&["ID3-BL", "ID3-FU", "ID4-BL"], "P", &["ID3", "ID3", ""]);
    check(&["P1 audio 1", "P1 audio 2", "audio 1"], "P", &["P1", "P1", ""]);
}

#[test]
fn a_code_that_is_label_and_name_is_one_person() {
    check(&["2024-03-01_P07", "2024-05-02_P07", "2024-05-02"], "P07", &["P07", "P07", ""]);
    check(&["March P07", "May P07"], "Participant", &["", ""]);
    check(&["2024/P07", "2025/P07"], "P07", &["P07", "P07"]);
    check(&["first interviews/P07", "follow-ups/P07"], "P07", &["P07", "P07"]);
    check(&["P07_garden", "P07_kitchen"], "P07", &["P07", "P07"]);
}

#[test]
fn the_same_code_at_two_sites_is_two_people() {
    check(&["siteA/P01", "siteB/P01"], "P01", &["", ""]);
    check(&["siteA_P01", "siteB_P01"], "P01", &["", ""]);
    for label in ["P01", "Participant"] {
        let ids = ["A/P01_T1", "A/P01_T2", "B/P01_T1", "B/P01_T2"];
        check(&ids, label, &["A/P01", "A/P01", "B/P01", "B/P01"]);
        check(&["A/pre/P01", "A/post/P01", "B/pre/P01"], label, &["A/P01", "A/P01", ""]);
        check(&["A/P01_T1", "A/P01_T2", "B/P01"], label, &["A/P01", "A/P01", ""]);
    }
    // That they might be one is told.
    check_told(&["siteA/P01", "siteB/P01", "siteB/P02"], &["P01", "P01", "P02"], &[&[0, 1]]);
}

#[test]
fn sessions_may_stand_before_the_code_in_a_folder_or_beside_the_name_of_the_label() {
    check(&["T1_P01", "T2_P01", "Int1_P02"], "Participant", &["P01", "P01", ""]);
    check(&["pre/P01", "post/P01"], "Participant", &["P01", "P01"]);
    check(&["schoolA/P01", "schoolB/P01"], "Participant", &["", ""]);
    check(&["Ana_wave1", "Ana_wave2"], "Ana", &["Ana", "Ana"]);
    check(&["2023-03_Ana", "2024-03_Ana"], "Ana", &["Ana", "Ana"]);
    check(&["Ana_1", "Ana_2"], "Ana", &["", ""]);
    check(&["Ana_wave1", "Ana_wave2"], "Participant", &["", ""]);
}

/// Shows which of `ids` may be of one person.
#[track_caller]
fn check_told(ids: &[&str], labels: &[&str], expected: &[&[usize]]) {
    let labels: Vec<Option<&str>> =
        ids.iter().zip(labels.iter().cycle()).map(|(_, label)| Some(*label)).collect();
    assert_eq!(of_one(ids, &labels).may_be, expected, "{ids:?}");
}

#[test]
fn names_that_may_be_of_one_person_are_told() {
    let pairs: [[&str; 4]; 6] = [
        ["Ana", "Ana (2)", "Bo", "Bo (2)"],
        ["School_pre", "School_post", "Ward_pre", "Ward_post"],
        ["Ana June 2024", "Ana July 2024", "Bo June 2024", "Bo July 2024"],
        ["2023-03_Ana", "2024-03_Ana", "2023-03_Bo", "2024-03_Bo"],
        ["Ana_1", "Ana_2", "Bo_1", "Bo_2"],
        ["Interview 1a", "Interview 1b", "Interview 2a", "Interview 2b"],
    ];
    for ids in pairs {
        check_told(&ids, &["Participant"], &[&[0, 1], &[2, 3]]);
    }
    check_told(&["P01", "P03a", "P03b", "P04"], &["P"], &[&[1, 2]]);
    check_told(&["Ana audio 1", "Ana audio 2", "audio 3"], &["P"], &[&[0, 1]]);
    // The labels name two people.
    check_told(&["Ana_wave1", "Ana_wave2"], &["Ana", "Bea"], &[]);
}

#[test]
fn where_nearly_all_are_sessions_of_somebody_each_is() {
    let sessions: [[&str; 4]; 8] = [
        ["Ana_wave1", "Ana_wave2", "Bo_wave1", "Bo_wave2"],
        ["Ana_pre", "Ana_post", "Bo_pre", "Bo_post"],
        ["Ana part 1", "Ana part 2", "Bo part 1", "Bo part 2"],
        ["Ana-visit-1", "Ana-visit-2", "Bo-visit-1", "Bo-visit-2"],
        ["Ana", "Ana second interview", "Bo", "Bo second interview"],
        ["ana_t1", "ana_t2", "bo_t1", "bo_t2"],
        ["P01.1", "P01.2", "P02.1", "P02.2"],
        ["2023-05-11 P1", "2023-06-11 P1", "2023-05-12 P2", "2023-06-12 P2"],
    ];
    for ids in sessions {
        let found = of_one(&ids, &[Some("Participant"); 4]);
        let people: Vec<&str> = found.one.iter().map(|(_, name)| name.as_str()).collect();
        let [one, other] = [ids[0], ids[2]].map(|id| {
            let words = words_of(id);
            if id.starts_with('2') { words[3] } else { words[0] }
        });
        assert_eq!(people, [one, one, other, other], "{ids:?}");
    }
    let teachers = ["North_T1", "North_T2", "South_T1", "South_T2"];
    assert_eq!(of_one(&teachers, &[Some("P"); 4]).one, []);
    // Each place may have its own Ana.
    let places = ["n/Ana_pre", "n/Ana_post", "s/Ana_pre", "s/Ana_post", "s/Bo_pre", "s/Bo_post"];
    let found = of_one(&places, &[Some("Participant"); 6]);
    let people: Vec<&str> = found.one.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(people, ["n/Ana", "n/Ana", "s/Ana", "s/Ana", "Bo", "Bo"]);
    let places = ["n/pre/Ana", "n/post/Ana", "s/pre/Ana", "s/post/Ana"];
    let found = of_one(&places, &[Some("Participant"); 4]);
    let people: Vec<&str> = found.one.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(people, ["n/Ana", "n/Ana", "s/Ana", "s/Ana"]);
    // Two of five.
    let few = ["Ana_pre", "Ana_post", "Bo", "Cy", "Di"];
    assert_eq!(of_one(&few, &[Some("P"); 5]).one, []);
}

#[test]
fn a_diary_is_of_whom_an_interview_labels_by_its_name() {
    let check = |ids: &[&str], expected: &[Option<&str>]| {
        let labels: Vec<Option<&str>> =
            (0..ids.len()).map(|at| Some(if at == 0 { "P1" } else { "" })).collect();
        let found = of_diaries(ids, &labels);
        let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
        assert_eq!(found, expected, "{ids:?}");
    };
    check(&["interviews/P1", "diaries/P1", "diaries/P2"], &[Some("P1"), Some("P1"), None]);
    check(&["north/P1", "south/P1"], &[None, None]);
    // Each place may have its own P1.
    let ids = ["n/interviews/P1", "n/diaries/P1", "s/diaries/P1"];
    check(&ids, &[Some("n/P1"), Some("n/P1"), None]);
}

#[test]
fn numbers_of_a_row_of_interviews_tell_nobody() {
    check_told(&["interview_1", "interview_2"], &["Participant"], &[]);
    check_told(&["Nurse_1", "Nurse_2", "Nurse_3"], &["Participant"], &[]);
    check_told(&["before/int1", "before/int2", "after/int1"], &["Participant"], &[]);
    check_told(&["interview 2024-03-01", "interview 2024-03-02"], &["P"], &[]);
}

#[test]
fn a_label_of_all_who_are_asked_is_a_part() {
    let check = |ids: &[&str], key: &str, is_part: bool| {
        let part = part_of_all(ids, &vec![Some(key); ids.len()]);
        assert_eq!(part.is_some(), is_part, "{ids:?}");
    };
    check(&["villageA", "villageB", "villageC"], "village elder", true);
    check(&["int1", "int2", "int3"], "support worker", true);
    check(&["int1", "int2"], "support worker", false);
    check(&["lund_1", "lund_2", "lund_3"], "ada lund", false);
    check(&["al-may", "al-june", "al-july"], "ada lund", false);
    check(&["tape 1", "tape 2", "tape 3"], "ada lund", false);
}

#[test]
fn versions_of_one_interview_have_its_name() {
    assert_eq!(versions(&["Bern", "Bern-en", "Bern_summary", "Ulm"]), [(0, 1), (0, 2)]);
    assert_eq!(versions(&["w/P3-de", "w/P3-en"]), [(0, 1)]);
    assert_eq!(versions(&["B1_deutsch", "B1_english", "B2_english"]), [(0, 1)]);
    // As some systems write accents in the names of files.
    assert_eq!(versions(&["Bern", "bern-franc\u{327}ais"]), [(0, 1)]);
    assert_eq!(versions(&["P3", "P4-en", "open", "P3b", "v/P3-en"]), []);
}

#[test]
fn numbers_alone_tell_no_person() {
    check(&["interview_1", "interview_2"], "Participant", &["", ""]);
    check(&["Harbour_part1", "Harbour_part2"], "Participant", &["", ""]);
    check(&["site1_T1", "site1_T2"], "Participant", &["", ""]);
}
