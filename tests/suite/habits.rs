//! The habits of those who write transcripts: the same invented talk, laid out in many ways,
//! must give the same people and the same words.

use std::fs;

use serde_json::Value;

use crate::harness::Folder;

/// What is asked on the allotment, and what is answered.
const TALK: [(&str, &str); 8] = [
    (
        "So what brought you to the plot in the first place?",
        "My aunt had it before me and I took it over when she moved to the coast.",
    ),
    (
        "And how often do you go there now?",
        "Most evenings in summer, and on Sundays the whole day. I go by bike.",
    ),
    (
        "What do you do when it rains?",
        "I sit in the shed and sort the seeds. The roof leaks, but only in one corner.",
    ),
    (
        "Who taught you to prune the trees?",
        "Old Mister Hobb did. He never explained anything, he just did it slowly.",
    ),
    (
        "Was there a moment when you wanted to give it up?",
        "Yes, when the pigeons ate all the cabbages. Then my neighbour gave me a net.",
    ),
    (
        "How do the neighbours get on?",
        "Some talk, some don't. We share the mower and the wheelbarrow.",
    ),
    (
        "And the water, where does it come from?",
        "From the brook, we carry it. There is a pump but it has been broken since May.",
    ),
    (
        "Is there anything that we have not talked about?",
        "Only that I would miss it badly. It keeps me going.",
    ),
];

/// Who is asked in each of three files.
const NAMES: [&str; 3] = ["Harrow", "Bram", "Odile"];

/// One turn of the talk.
struct Turn {
    /// Which file it is in, from 0, and which turn of it, from 1.
    file: usize,
    n: usize,
    asks: bool,
    /// The name of who is asked there.
    name: &'static str,
    words: &'static str,
}

impl Turn {
    /// One label for who asks, another for who answers.
    fn either<'a>(&self, asker: &'a str, answerer: &'a str) -> &'a str {
        if self.asks { asker } else { answerer }
    }
}

/// The turns of a file; each begins elsewhere in the talk, so that no two are the same.
fn turns(file: usize) -> Vec<Turn> {
    let pairs = (0..TALK.len()).map(|at| TALK[(at + 3 * file) % TALK.len()]);
    let said = pairs.flat_map(|(asked, told)| [(true, asked), (false, told)]);
    let name = NAMES[file];
    (1..).zip(said).map(|(n, (asks, words))| Turn { file, n, asks, name, words }).collect()
}

/// Reads three files of such turns, and makes sure of their people and words.
#[track_caller]
fn check(habit: &str, ending: &str, head: &str, turn: &dyn Fn(&Turn) -> String, foot: &str) {
    let folder = Folder::new();
    for (file, name) in NAMES.into_iter().enumerate() {
        let body: String = turns(file).iter().map(turn).collect();
        let head = head.replace("{name}", name);
        folder.write(&format!("tape {}.{ending}", file + 1), format!("{head}{body}{foot}"));
    }
    let answer = folder.run(&["info", "--format", "json"]).out;
    let info: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let transcripts = info["transcripts"].as_array().unwrap();
    let said = |transcript: &serde_json::Value, role: &str| -> u64 {
        let speakers = transcript["speakers"].as_array().unwrap().iter();
        speakers.filter(|it| it["role"] == role).map(|it| it["n_words"].as_u64().unwrap()).sum()
    };
    let words = |asks: bool| -> u64 {
        let of = TALK.iter().map(|(asked, told)| if asks { asked } else { told });
        of.map(|words| words.split_whitespace().count() as u64).sum()
    };
    assert_eq!(info["cases"].as_array().map(Vec::len), Some(NAMES.len()), "{habit}: {answer}");
    for transcript in transcripts {
        let found = ["participant", "interviewer"].map(|role| said(transcript, role));
        assert_eq!(found, [words(false), words(true)], "{habit}: {answer}");
    }
}

/// The same, of turns a line each.
#[track_caller]
fn check_lines(habit: &str, turn: &dyn Fn(&Turn) -> String) {
    check(habit, "txt", "", &|it| turn(it) + "\n", "");
}

#[test]
fn what_counts_turns_is_no_part_of_a_label() {
    let label = |it: &Turn| format!("{}: {}", it.either("Moderator", it.name), it.words);
    check_lines("[T001]", &|it| format!("[T{:03}] {}", it.n, label(it)));
    check_lines("1.", &|it| format!("{}. {}", it.n, label(it)));
    check_lines("(1)", &|it| format!("({}) {}", it.n, label(it)));
    check_lines("#1", &|it| format!("#{} {}", it.n, label(it)));
    check_lines("0001", &|it| format!("{:04} {}", it.n, label(it)));
    check_lines("1 in bold", &|it| format!("**{}.** {}", it.n, label(it)));
    check_lines("a table", &|it| {
        format!("{}\t{}\t{}", it.n, it.either("Moderator", it.name), it.words)
    });
    check_lines("[1] behind the label", &|it| {
        format!("{} [{}]: {}", it.either("Int", it.name), it.n, it.words)
    });
    check_lines("[1] behind the turn", &|it| format!("{} [{}]", label(it), it.n));
    check_lines("-001 behind the label", &|it| {
        format!("{}-{:03}: {}", it.either("INT", "P01"), it.n.div_ceil(2), it.words)
    });
    check_lines("Q1 and A1", &|it| {
        format!("{}{}: {}", it.either("Q", "A"), it.n.div_ceil(2), it.words)
    });
    check_lines("Q1. and A1.", &|it| {
        format!("{}{}. {}\n", it.either("Q", "A"), it.n.div_ceil(2), it.words)
    });
}

#[test]
fn what_stands_around_labels_is_no_part_of_them() {
    let label = |it: &Turn| format!("{}: {}", it.either("Interviewer", it.name), it.words);
    check_lines("a dash", &|it| format!("– {}", label(it)));
    check_lines("chevrons", &|it| format!(">> {}", label(it)));
    check_lines("square brackets", &|it| {
        format!("[{}] {}\n", it.either("INTERVIEWER", &it.name.to_uppercase()), it.words)
    });
    check_lines("bars with a time", &|it| {
        format!("{} | 00:{:02}:05 | {}", it.either("Moderator", it.name), it.n, it.words)
    });
    check_lines("a range and a label", &|it| {
        format!("00:{:02}:04 --> 00:{:02}:50 {}", it.n, it.n, label(it))
    });
    check_lines("a time, a dash, and the words below", &|it| {
        format!(
            "[00:{:02}:04] - {}\n\n{}\n",
            it.n,
            it.either("Jo Dee, Interviewer", it.name),
            it.words
        )
    });
    check_lines("a part in brackets", &|it| {
        let name = format!("{} Marsh (Participant {})", it.name, it.file + 1);
        format!("{}: {}", it.either("Ada Lund (Interviewer)", &name), it.words)
    });
    check_lines("a name first and then a letter", &|it| {
        let first = it.n < 3;
        let asker = if first { "Lane" } else { "L" };
        let answerer = if first { it.name } else { &it.name[..1] };
        format!("{}: {}", it.either(asker, answerer), it.words)
    });
    check(
        "tags of HTML",
        "md",
        "---\ntitle: x\n---\n{% include x.html %}\n\n",
        &|it| format!("<p><b>{}:</b> {}<br/></p>\n\n", it.either("Interviewer", it.name), it.words),
        "",
    );
    check(
        "tags around turns",
        "md",
        "# The talk\n\n",
        &|it| {
            let tag = it.either("interviewer", "interviewee");
            format!("<{tag}> {} </{tag}>\n\n", it.words)
        },
        "",
    );
    check(
        "tags around labels",
        "txt",
        "",
        &|it| {
            let tag = it.either("interviewer", "interviewee");
            format!("<{tag}>{}</{tag}>: {}\n", it.either("Lund", it.name), it.words)
        },
        "",
    );
    check_lines("a label behind that of the whole file", &|it| {
        format!("Participant: {}{}", it.either("MODERATOR: ", ""), it.words)
    });
    check_lines("an accent now and then", &|it| {
        let name = if it.n % 4 == 0 { "Odilé" } else { "Odile" };
        format!("{}: {}", it.either("Interviewer", name), it.words)
    });
    check(
        "terms of HTML",
        "html",
        "<html><body><dl>",
        &|it| format!("<dt>{}</dt><dd>{}</dd>\n", it.either("Interviewer", it.name), it.words),
        "</dl><footer>Contact: the office</footer></body></html>",
    );
}

#[test]
fn who_shares_a_line_keeps_the_words() {
    let label = |it: &Turn| format!("{}: {}", it.either("Interviewer", it.name), it.words);
    check("all in one paragraph", "txt", "", &|it| label(it) + " ", "\n");
    check("two on a line", "txt", "", &|it| label(it) + it.either(" ", "\n\n"), "");
    check(
        "times glued to names",
        "txt",
        "",
        &|it| format!("{} {}:04{}", it.either("Speaker 1", "Speaker 2"), it.n, it.words),
        "\n",
    );
    check("a dash a turn", "txt", "", &|it| format!("—{}\n", it.words), "");
}

#[test]
fn what_stands_between_the_turns_is_nobodys() {
    let label = |it: &Turn| format!("{}: {}", it.either("Interviewer", it.name), it.words);
    let part = |it: &Turn| (it.asks && (it.n - 1).is_multiple_of(4)).then_some(it.n / 4 + 1);
    check_lines("topics", &|it| {
        part(it).map_or(String::new(), |n| format!("TOPIC {n}: The plot\n")) + &label(it)
    });
    check_lines("the guide in capitals", &|it| {
        part(it).map_or(String::new(), |n| format!("{n}. WHAT IS YOUR PART IN IT?\n")) + &label(it)
    });
    check(
        "fields below a title",
        "txt",
        "The garden (invented)\nProduct: Larder\nContext: the first use of it.\n\n",
        &|it| format!("{}: {}\n{}", it.either("Moderator", it.name), it.words, it.either("", "\n")),
        "",
    );
    check_lines("page ends", &|it| {
        let end = part(it).filter(|n| *n > 1);
        end.map_or(String::new(), |n| format!("\nGarden voices    Page {} of 4\n\n", n - 1))
            + &label(it)
    });
    check(
        "a head and a foot",
        "txt",
        "Speakers:\nS1 = Interviewer\nS2 = {name}\n\n",
        &|it| format!("{}: {}\n", it.either("S1", "S2"), it.words),
        "\n[End of interview]\n\nTranscribed by: J. Moss\nNotes: some hiss, and rain.\n",
    );
    check(
        "a list of who takes part",
        "md",
        "# Entrevista\n\n**Participantes:** Ada Lund (moderadora) y {name} Marsh (hortelano)\n\n",
        &|it| format!("**{}:** {}\n\n", it.either("Ada", it.name), it.words),
        "",
    );
}

#[test]
fn letters_mean_what_the_talk_tells() {
    for (asker, answerer) in
        [("P", "R"), ("R", "P"), ("E", "I"), ("I", "E"), ("I", "B"), ("Q", "A")]
    {
        check_lines(&format!("{asker} and {answerer}"), &|it| {
            format!("{}: {}", it.either(asker, answerer), it.words)
        });
    }
}

/// What `leitmotif info` tells of a study with these files, and how many people are asked.
fn told(files: &[(&str, String)]) -> (usize, String) {
    let folder = Folder::new();
    for (name, text) in files {
        folder.write(name, text.clone());
    }
    let answer = folder.run(&["info", "--format", "json"]).out;
    let info: serde_json::Value = serde_json::from_str(&answer).unwrap();
    (info["cases"].as_array().map_or(0, Vec::len), answer)
}

/// The talk of a file, a line a turn.
fn lines(file: usize, turn: &dyn Fn(&Turn) -> String) -> String {
    turns(file).iter().map(|it| turn(it) + "\n").collect()
}

#[test]
fn who_calls_from_a_telephone_or_a_device_keeps_the_words() {
    let shown: [&dyn Fn(&Turn) -> String; 3] = [
        &|it| format!("+44 7700 90012{}", it.file),
        &|it| format!("iPad von {}", it.name),
        &|it| format!("07700 90012{} (Unverified)", it.file),
    ];
    for shown in shown {
        let label = |it: &Turn| it.either("Ada Lund", &shown(it)).to_owned();
        check_lines("a name and a time above", &|it| {
            format!("{}   {}:04\n{}", label(it), it.n, it.words)
        });
        check(
            "captions of a meeting",
            "vtt",
            "WEBVTT\n\n",
            &|it| {
                let cue = format!("00:{0:02}:01.000 --> 00:{0:02}:50.000", it.n);
                format!("{cue}\n{}: {}\n\n", label(it), it.words)
            },
            "",
        );
    }
}

#[test]
fn who_interviews_elsewhere_and_seems_to_speak_alone_is_told() {
    let named = |it: &Turn| format!("{}: {}", it.either("Ada Lund", it.name), it.words);
    let unread = |it: &Turn| format!("{}: {}", it.either("Ada Lund", "____"), it.words);
    let files =
        [("a.txt", lines(0, &named)), ("b.txt", lines(1, &named)), ("c.txt", lines(2, &unread))];
    let (_, answer) = told(&files);
    assert!(answer.contains("it is not clear who interviews in c"), "{answer}");
}

#[test]
fn one_name_at_two_heads_is_one_person_whatever_the_labels_are() {
    let talk = |file| lines(file, &|it| format!("{}: {}", it.either("I", "R"), it.words));
    let file = |head: &str, file| format!("{head}\n\n{}", talk(file));
    let (n, answer) = told(&[
        ("1.txt", file("Interviewee: Rosa Blum", 0)),
        ("2.txt", file("Interviewee: Emil Fuchs", 1)),
        ("3.txt", file("Interviewee: Rosa Blum", 2)),
    ]);
    assert_eq!(n, 2, "{answer}");
    assert!(answer.contains("`Rosa Blum` in 2 transcripts counts as one participant"), "{answer}");
    // A code may be given anew at each place.
    let (n, answer) = told(&[
        ("1.txt", file("Participant ID: 07", 0)),
        ("2.txt", file("Participant ID: 09", 1)),
        ("3.txt", file("Participant ID: 07", 2)),
    ]);
    assert_eq!(n, 3, "{answer}");
    assert!(answer.contains("the heads of 1 and 3 name the same participant"), "{answer}");
}

#[test]
fn remarks_on_how_somebody_says_it_are_no_part_of_a_label() {
    let remark = |it: &Turn| match it.n {
        2 => " (F, 34)",
        6 => " (sighs)",
        10 => " [cont.]",
        14 => ", quietly",
        _ => "",
    };
    check_lines("behind a code", &|it| {
        let code = format!("P{}{}", it.file + 1, remark(it));
        format!("{}: {}", it.either("Int", &code), it.words)
    });
}

#[test]
fn heads_with_the_number_of_a_participant_part_the_file() {
    let talk = |file| lines(file, &|it| format!("{}: {}\n", it.either("I", "P"), it.words));
    let all = |head: &dyn Fn(usize) -> String| -> String {
        let part = |file| format!("{}\n\n{}\n", head(file), talk(file));
        (0..3).map(part).collect::<Vec<_>>().concat()
    };
    let (n, answer) = told(&[("round.txt", all(&|n| format!("Participant {}", n + 7)))]);
    assert_eq!(n, 3, "{answer}");
    // What stands in brackets may be a topic: it is only told.
    let (n, answer) = told(&[("ward.txt", all(&|n| format!("[Ward {}, spring]", n + 1)))]);
    assert_eq!(n, 1, "{answer}");
    assert!(answer.contains("3 parts stand under heads in brackets"), "{answer}");
}

#[test]
fn a_table_with_the_talk_and_its_translation_is_no_survey() {
    let row = |it: &Turn| {
        let who = it.either("I", it.name);
        format!("00:{:02}:00,{who},\"{}\",\"{}\"\n", it.n, it.words, it.words.to_uppercase())
    };
    check("two columns of words", "csv", "Time,Speaker,Original,Translation\n", &row, "");
}

/// How many participants and words of theirs a folder of these files has, and all that `info`
/// says of it; who asks is `Moderator`.
fn counted(files: &[(&str, String)]) -> (usize, u64, String) {
    let folder = Folder::new();
    for (name, text) in files {
        folder.write(name, text);
    }
    let answer = folder.run(&["info", "--format", "json"]).out;
    let info: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let speakers = info["transcripts"].as_array().unwrap().iter();
    let speakers = speakers.flat_map(|it| it["speakers"].as_array().unwrap());
    let words: u64 = speakers
        .filter(|it| it["role"] == "participant")
        .map(|it| it["n_words"].as_u64().unwrap())
        .sum();
    (info["cases"].as_array().unwrap().len(), words, answer)
}

/// The text of a file in which somebody under this label is asked.
fn interview(file: usize, label: &str) -> String {
    let line = |it: &Turn| format!("{}: {}\n", it.either("Moderator", label), it.words);
    turns(file).iter().map(line).collect()
}

/// How many words are answered in one file.
fn answered() -> u64 {
    TALK.iter().map(|(_, told)| told.split_whitespace().count() as u64).sum()
}

#[test]
fn what_goes_with_a_study_is_not_counted_and_told_with_what_takes_it_back() {
    let mut files = vec![
        ("P1.txt", interview(0, "P1")),
        ("P2.txt", interview(1, "P2")),
        ("Consent form.txt", "I agree to take part in this study.\n\nName: ____\n".to_owned()),
        ("questions.txt", "Who are you?\nWhere do you live?\nWhat do you grow?\n".to_owned()),
        ("Field notes.txt", "It rained. I met him at the gate and we walked up.\n".to_owned()),
    ];
    let (n, words, answer) = counted(&files);
    assert_eq!((n, words), (2, 2 * answered()), "{answer}");
    assert!(answer.contains("Consent form, Field notes and questions name nobody who speaks"));
    // A letter may be an answer.
    files.push(("P3.txt", "I grow beans. They climb up the wall.\n".to_owned()));
    assert_eq!(counted(&files).0, 3);
    files.push(("cases.csv", "transcript,role\nField notes,participant\n".to_owned()));
    assert_eq!(counted(&files).0, 4);
}

#[test]
fn one_interview_in_two_files_counts_once() {
    let same = [("P1.txt", interview(0, "P1")), ("old/P1.txt", interview(0, "P1"))];
    let (n, words, answer) = counted(&same);
    assert_eq!((n, words), (1, answered()), "{answer}");
    let versions = [("P1.txt", interview(0, "P1")), ("P1-en.txt", interview(1, "P1"))];
    let (n, words, answer) = counted(&versions);
    assert_eq!((n, words), (1, answered()), "{answer}");
    assert!(answer.contains("P1-en is another version of P1, by its name"));
}

#[test]
fn sessions_of_somebody_are_one_participant_where_nearly_all_are_so_called() {
    let files = |names: [&'static str; 4]| {
        let text = |at: usize| interview(at % 3, "Participant") + &format!("Participant: {at}.\n");
        names.into_iter().enumerate().map(move |(at, name)| (name, text(at)))
    };
    let (n, _, answer) = counted(
        &files(["Ana_pre.txt", "Ana_post.txt", "Bo_pre.txt", "Bo_post.txt"]).collect::<Vec<_>>(),
    );
    assert_eq!(n, 2, "{answer}");
    assert!(answer.contains("are taken for interviews with one person, by their names"));
}

#[test]
fn whoever_it_was_beside_the_only_one_who_is_asked_is_told() {
    let unknown = |line: &str| line.replacen("P1:", "Unknown Speaker:", 1);
    let text: String = interview(0, "P1")
        .lines()
        .enumerate()
        .map(|(at, line)| if at > 11 { unknown(line) } else { line.to_owned() } + "\n")
        .collect();
    let (n, words, answer) = counted(&[("P1.txt", text)]);
    assert_eq!((n, words), (1, answered()), "{answer}");
    assert!(answer.contains("`Unknown Speaker` is taken for the only participant in P1"));
}

#[test]
fn several_interviews_without_labels_are_as_many_participants() {
    let one = |n: usize| {
        let lines: String = turns(n - 1).iter().map(|it| it.words.to_owned() + "\n\n").collect();
        format!("Interview {n}\n\n{lines}")
    };
    let (n, _, answer) = counted(&[("all.txt", [1, 2, 3].map(one).concat())]);
    assert_eq!(n, 3, "{answer}");
    assert!(answer.contains("3 interviews seem to stand in this file, and nothing says who"));
}

/// An invented story whose teller asks himself, or an interview: nobody can tell.
const UNCLEAR: &str = "And what was there to eat?\n\n\
    We had turnips, and my mother made a soup of them that I would not give to a dog now.\n\n\
    And on Sundays?\n\n\
    On Sundays there was a cake, and I was let to divide it with my own thread.\n\n\
    And in the winter?\n\n\
    In the winter I slept in the kitchen. My brother had the bench and I had the floor.\n\n\
    And after the war?\n\n\
    After it I had shoes. I remember them better than my own wedding, they were so brown.\n";

#[test]
fn a_story_that_was_taken_for_an_interview_is_one_persons_once_it_is_listed_as_told() {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n").write("stories/Rosa.txt", UNCLEAR);
    let speakers = |folder: &Folder| -> (Vec<String>, usize, String) {
        let ran = folder.run(&["info", "--format", "json"]);
        let info: Value = serde_json::from_str(&ran.out).unwrap();
        let of = info["transcripts"][0]["speakers"].as_array().unwrap().iter();
        let of = of.map(|it| format!("{} {}", it["label"], it["role"]).replace('"', ""));
        (of.collect(), info["cases"].as_array().unwrap().len(), ran.out + &ran.err)
    };
    let (read, n_cases, told) = speakers(&folder);
    assert_eq!((read.len(), n_cases), (2, 1), "{told}");
    assert!(told.contains("if one person tells all of it, list the file under `told`"), "{told}");
    // The pattern names a folder, a file, or several; it is known again without it.
    for pattern in ["stories/Rosa.txt", "stories", "*/Rosa.*"] {
        folder.write("study.toml", format!("language = \"en\"\ntold = [\"{pattern}\"]\n"));
        let (read, n_cases, told) = speakers(&folder);
        assert_eq!((read, n_cases), (vec![" participant".to_owned()], 1), "{pattern}");
        assert!(!told.contains("taken for questions"), "{told}");
        folder.write("study.toml", "language = \"en\"\n");
        assert_eq!(speakers(&folder).0.len(), 2, "{pattern}");
    }
}

#[test]
fn a_report_names_no_label_for_questions_that_stand_without_one() {
    let item = |text: &str| {
        let folder = Folder::new();
        folder.write("study.toml", "language = \"en\"\n").write("Rosa.txt", text);
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("report.json");
        folder.run(&["export", path.to_str().unwrap()]);
        let report: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let items = report["coreq"].as_array().unwrap();
        items.iter().find(|item| item["number"] == 1).unwrap()["answer"].clone()
    };
    assert_eq!(item(UNCLEAR), Value::Null);
    let labels = ["Question", "Rosa"].into_iter().cycle();
    let labelled = UNCLEAR.lines().filter(|line| !line.is_empty()).zip(labels);
    let labelled: Vec<String> = labelled.map(|(line, label)| format!("{label}: {line}")).collect();
    assert_eq!(item(&labelled.join("\n")), "Labelled in the transcripts: Question.");
}
