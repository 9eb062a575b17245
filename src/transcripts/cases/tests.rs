use super::*;
use crate::base::Diagnose as _;
use crate::transcripts::Speaker;

fn speaker(label: &str, n_words: u32) -> Speaker {
    Speaker { label: label.to_owned(), n_turns: 5, n_words }
}

/// Assigns cases to `files` (`id: speaker words, …`; `Int` interviews) and
/// prints `transcript speaker = case {attributes}`.
fn check(files: &[(&str, &[(&str, u32)])], table: &str, expected: &str) {
    let nothing = BTreeMap::new();
    let speakers: Vec<Vec<Speaker>> = files
        .iter()
        .map(|(_, s)| s.iter().map(|(label, n)| speaker(label, *n)).collect())
        .collect();
    let transcripts: Vec<TranscriptSpeakers<'_>> = files
        .iter()
        .zip(&speakers)
        .map(|((id, _), speakers)| TranscriptSpeakers {
            id,
            speakers,
            attributes: &nothing,
            signs: &[],
            named: &[],
            coded: None,
        })
        .collect();
    let role = |s: &Speaker| RoleGuess {
        role: if s.label == "Int" { Role::Interviewer } else { Role::Participant },
        reason: String::new(),
        is_doubtful: false,
        is_declared: false,
    };
    let roles: Vec<Vec<RoleGuess>> =
        speakers.iter().map(|s| s.iter().map(role).collect()).collect();
    let people = find_people(&transcripts);
    let assigned = CaseTable::parse(table)
        .and_then(|table| assign_cases(&transcripts, &roles, &people, &table));
    let shown = match assigned {
        Err(error) => error.diagnostic().text(),
        Ok(cases) => {
            let mut lines = Vec::new();
            for (t, transcript) in transcripts.iter().enumerate() {
                for (s, speaker) in transcript.speakers.iter().enumerate() {
                    if let Some(at) = cases.of_speaker[t][s] {
                        let case = &cases.cases[at];
                        let known: Vec<String> =
                            case.attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
                        lines.push(format!(
                            "{} {} = {} {{{}}}",
                            transcript.id,
                            speaker.label,
                            case.id,
                            known.join(" ")
                        ));
                    }
                }
            }
            lines.join("\n")
        }
    };
    assert_eq!(shown, expected);
}

const PAIR: &[(&str, &[(&str, u32)])] = &[
    ("leaders/L01", &[("Int", 90), ("Bryn", 900)]),
    ("participants/P01", &[("Int", 90), ("Siân", 900)]),
];

#[test]
fn a_case_is_named_after_its_interview_and_grouped_by_its_folder() {
    check(
        PAIR,
        "transcript\n",
        "leaders/L01 Bryn = L01 {group=leaders}\nparticipants/P01 Siân = P01 {group=participants}",
    );
}

#[test]
fn a_folder_for_each_file_makes_no_groups() {
    let files: &[(&str, &[(&str, u32)])] = &[
        ("a/t", &[("Int", 90), ("Bryn", 900)]),
        ("b/t", &[("Int", 90), ("Siân", 900)]),
        ("c/t", &[("Int", 90), ("Mair", 900)]),
    ];
    check(files, "transcript\n", "a/t Bryn = a/t {}\nb/t Siân = b/t {}\nc/t Mair = c/t {}");
    let more: &[(&str, &[(&str, u32)])] = &[("c/u", &[("Ifor", 900)])];
    check(
        &[files, more].concat(),
        "transcript\n",
        "a/t Bryn = a/t {group=a}\nb/t Siân = b/t {group=b}\nc/t Mair = c/t {group=c}\n\
         c/u Ifor = u {group=c}",
    );
}

#[test]
fn rows_describe_by_id_by_file_name_and_by_speaker() {
    check(
        PAIR,
        "Transcript;role;Group\nP01.vtt;GP;one\nleaders/L01;leader;\n",
        "leaders/L01 Bryn = L01 {group=leaders role=leader}\nparticipants/P01 Siân = P01 {group=one role=GP}",
    );
    check(
        PAIR,
        "speaker,age\nsiân,51\n",
        "leaders/L01 Bryn = L01 {group=leaders}\nparticipants/P01 Siân = siân {age=51 group=participants}",
    );
}

#[test]
fn a_table_that_names_its_delimiter_on_its_first_line_is_read() {
    check(
        PAIR,
        "sep=;\r\nspeaker;age\r\nSiân;51\r\n",
        "leaders/L01 Bryn = L01 {group=leaders}\nparticipants/P01 Siân = Siân {age=51 group=participants}",
    );
    check(
        PAIR,
        "sep=,\nspeaker,age\nSian,51\n",
        "cases.csv:3: `Sian` is neither a transcript nor a speaker of this study\n  hint: did you mean `Siân`?",
    );
}

#[test]
fn one_person_in_two_interviews_is_one_case() {
    check(
        &[("one", &[("Siân", 900)]), ("two", &[("Siân", 900)])],
        "transcript,case,age\none,S,51\ntwo,S,51\n",
        "one Siân = S {age=51}\ntwo Siân = S {age=51}",
    );
}

#[test]
fn a_group_interview_is_about_each_speaker() {
    check(
        &[("FG1", &[("Ada", 300), ("Bo", 200)])],
        "case\n",
        "FG1 Ada = FG1/Ada {}\nFG1 Bo = FG1/Bo {}",
    );
    check(
        &[("P1", &[("Ada", 900), ("Husband", 9)])],
        "case\n",
        "P1 Ada = P1 {}\nP1 Husband = P1/Husband {}",
    );
}

#[test]
fn a_full_name_is_one_person_across_transcripts_and_a_first_name_is_not() {
    check(
        &[
            ("a", &[("Edda Brannock", 9), ("EB", 90)]),
            ("b", &[("Brannock, Edda", 90)]),
            ("c", &[("Sam", 90)]),
            ("d", &[("Sam", 90)]),
        ],
        "case\n",
        "a Edda Brannock = Edda Brannock {}\na EB = Edda Brannock {}\n\
         b Brannock, Edda = Edda Brannock {}\nc Sam = c {}\nd Sam = d {}",
    );
}

#[test]
fn a_row_about_a_person_holds_for_all_labels_of_the_person() {
    check(
        &[("a", &[("Mara Quill", 9), ("MQ", 90)])],
        "transcript,speaker,case\na,MQ,M1\n",
        "a Mara Quill = M1 {}\na MQ = M1 {}",
    );
}

#[test]
fn a_row_about_nobody_names_line_and_nearest() {
    check(
        PAIR,
        "transcript,age\nP01,1\nPO1,3\n",
        "cases.csv:3: `PO1` is not a transcript of this study\n  hint: did you mean `P01`?",
    );
    check(
        PAIR,
        "speaker\nSian\n",
        "cases.csv:2: `Sian` is neither a transcript nor a speaker of this study\n  hint: did you mean `Siân`?",
    );
    check(
        PAIR,
        "age\n3\n",
        "cases.csv:1: no column says which transcript or speaker a row is about\n  hint: name one column `transcript` or `speaker`",
    );
}

#[test]
fn a_file_name_that_two_transcripts_share_is_no_name() {
    check(
        &[("a/P1", &[("X", 9)]), ("b/P1", &[("Y", 9)])],
        "transcript\nP1\n",
        "cases.csv:2: `P1` could be a/P1 or b/P1\n  hint: write the path of the transcript, without its ending",
    );
}

#[test]
fn a_code_of_two_sites_makes_two_cases_of_two_names() {
    let people: &[(&str, u32)] = &[("Int", 90), ("P01", 900)];
    check(
        &[("siteA/P01", people), ("siteB/P01", people)],
        "case\n",
        "siteA/P01 P01 = siteA/P01 {group=siteA}\nsiteB/P01 P01 = siteB/P01 {group=siteB}",
    );
    check(
        &[("A/P01_T1", people), ("A/P01_T2", people), ("B/P01", people)],
        "case\n",
        "A/P01_T1 P01 = A/P01 {group=A}\nA/P01_T2 P01 = A/P01 {group=A}\n\
         B/P01 P01 = P01 {group=B}",
    );
}

#[test]
fn what_differs_between_interviews_of_a_person_is_told_of_each() {
    check(
        &[("P1_T1", &[("P1", 900)]), ("P1_T2", &[("P1", 900)])],
        "transcript,wave,age\nP1_T1,before,51\nP1_T2,after,\n",
        "P1_T1 P1 = P1 {age=51 wave=after; before}\nP1_T2 P1 = P1 {age=51 wave=after; before}",
    );
    let of = |t: usize, wave: &str| {
        let cases = Cases {
            cases: vec![Case {
                id: "P1".to_owned(),
                attributes: BTreeMap::from([("age".to_owned(), "51".to_owned())]),
            }],
            of_speaker: vec![vec![Some(0)], vec![Some(0)]],
            varying: BTreeMap::from([(
                "Wave".to_owned(),
                vec![vec![Some("before".to_owned())], vec![None]],
            )]),
            ..Cases::default()
        };
        assert_eq!(cases.value(t, 0, "wave").unwrap_or_default(), wave);
        assert_eq!(cases.value(t, 0, "age"), Some("51"));
        let sample = cases.of_sample(&[1, 0]);
        assert_eq!(sample.value(1 - t, 0, "wave").unwrap_or_default(), wave);
        assert_eq!(cases.by(|t, s| cases.value(t, s, "wave")).len(), 1);
    };
    of(0, "before");
    of(1, "");
}

#[test]
fn rows_that_contradict_each_other_are_a_mistake() {
    let one: &[(&str, &[(&str, u32)])] = &[("P1", &[("Ada", 900)])];
    check(
        one,
        "transcript,age\nP1,30\nP1.txt,50\n",
        "cases.csv:3: `age` of P1 is `50` here, and `30` in line 2\n  \
         hint: correct one of the rows, or name the speaker in each",
    );
    // One that names the speaker in the transcript counts first, wherever it stands.
    check(one, "transcript,speaker,age\nP1,Ada,30\nP1,,50\n,Ada,50\n", "P1 Ada = Ada {age=30}");
    check(
        one,
        "transcript,age,Age\nP1,30,50\n",
        "cases.csv:1: two columns are called `Age`\n  hint: give each column a name of its own",
    );
}
