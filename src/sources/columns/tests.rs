use proptest::prelude::*;

use super::*;

fn show(result: Result<RawTranscript, SourceError>) -> String {
    let raw = match result {
        Ok(raw) => raw,
        Err(error) => return format!("error: {error}\n"),
    };
    let mut shown = Vec::new();
    for turn in &raw.turns {
        let time = |(_, time): &(u32, TimeSpan)| {
            let end = time.end_ms.map_or(String::new(), |end| end.to_string());
            format!("{}-{end}", time.start_ms)
        };
        let times = turn.cues.iter().map(time).collect::<Vec<_>>().join(" ");
        let label = turn.label.as_deref().unwrap_or("");
        shown.push(format!("{label}|{times}|{}\n", turn.span.of(&raw.text)));
    }
    for (label, known) in &raw.attributes {
        let known: Vec<String> =
            known.iter().map(|(name, value)| format!("{name}={value}")).collect();
        shown.push(format!("@{label} {}\n", known.join(" ")));
    }
    for warning in &raw.warnings {
        shown.push(format!("!{} {}\n", warning.line().unwrap_or(0), warning.problem));
    }
    shown.concat()
}

#[track_caller]
fn check(table: &str, expected: &str) {
    assert_eq!(show(parse(table, None)), expected);
}

#[test]
fn a_row_is_a_turn_and_rows_of_one_speaker_join() {
    check(
        "\u{feff}Start,End,Speaker,Text\r\n0:01,0:02.5,Siân Prydderch,\"Well, so\"\r\n0:03,0:04,Siân Prydderch,it was odd.\r\n0:05,,\"Quill, Ada\",Why?\r\n",
        "Siân Prydderch|1000-2500 3000-4000|Well, so it was odd.\nQuill, Ada|5000-|Why?\n",
    );
}

#[test]
fn nvivo_rows_hold_a_span_of_time() {
    check(
        "Timespan\tContent\tSpeaker\n0:00.0 - 0:12.4\tSo how did it start?\tAda Quill\n1:6\tSlowly.\t王芳\n",
        "Ada Quill|0-12400|So how did it start?\n王芳|66000-|Slowly.\n",
    );
}

#[test]
fn names_of_columns_may_be_foreign_and_carry_units() {
    check("Sprecher;Inhalt\nŁukasz;Ja, gut\nAda;Nein\n", "Łukasz||Ja, gut\nAda||Nein\n");
    check("WHO | What was said\nÓ Briain | Aye 🙂\n", "Ó Briain||Aye 🙂\n");
    check("start_ms,end (ms),speaker,words\n1500,2500,A,hello\n", "A|1500-2500|hello\n");
    check("start,speaker,text\n12.4,A,hello\n", "A|12400-|hello\n");
}

#[test]
fn without_names_the_content_decides() {
    check(
        "00:01,Ada,So how did it start for you?\n00:04,Ben,It was odd at first.\n00:09,Ada,Why was that?\n",
        "Ada|1000-|So how did it start for you?\nBen|4000-|It was odd at first.\nAda|9000-|Why was that?\n",
    );
}

#[test]
fn a_survey_is_a_row_a_case() {
    check(
        "ID,Age,What did you like about it?,What would you change?\nP01,34,The quiet of it was what I liked,\"Nothing at all,\nreally, it was all fine\"\nP02,51,,The chairs were far too hard for me\n",
        "Question||What did you like about it?\nP01||The quiet of it was what I liked\n\
             Question||What would you change?\nP01||Nothing at all, really, it was all fine\n\
             Question||What would you change?\nP02||The chairs were far too hard for me\n\
             @P01 Age=34\n@P02 Age=51\n",
    );
}

#[test]
fn a_row_without_an_id_is_nobody_who_has_one() {
    let head = "ID,What did you like about it?,What would you change about it?\n";
    let rows = "R001,The quiet of it was what I liked,\n\
                ,The garden was what I liked best,\n\
                R002,,The chairs were far too hard for me\n";
    let read = show(parse(&format!("{head}{rows}"), None));
    assert!(read.contains("R002 (2)||The garden was what I liked best\n"), "{read}");
    assert!(read.contains("R002||The chairs were far too hard for me\n"), "{read}");
}

#[test]
fn an_empty_cell_goes_on_with_the_speaker_above() {
    check(
        "time,speaker,words\n[0:00],Ada,And there we go.\n,,So I have three.\n[0:30],Ben,I came.\n",
        "Ada|0-|And there we go. So I have three.\nBen|30000-|I came.\n",
    );
}

#[test]
fn whole_numbers_that_are_too_long_are_milliseconds() {
    check(
        "start\tend\ttext\n0\t7000\tIt started with a letter.\n7000\t14500\tAnd then?\n",
        "|0-7000 7000-14500|It started with a letter. And then?\n",
    );
    check(
        "start,end,text\n0,4,It started with a letter.\n4,6,And then?\n",
        "|0-4000 4000-6000|It started with a letter. And then?\n",
    );
}

#[test]
fn minutes_that_a_spreadsheet_took_for_hours_are_minutes() {
    check(
        "speaker,time,words\nAda,0:54,And how?\nBen,24:00:00,By letter.\nAda,31:42:00,And then?\n",
        "Ada|54000-|And how?\nBen|1440000-|By letter.\nAda|1902000-|And then?\n",
    );
    // Hours that are hours: nothing else tells that they are not.
    check(
        "speaker,time,words\nAda,0:01:00,And how?\nBen,1:02:00,By letter.\n",
        "Ada|60000-|And how?\nBen|3720000-|By letter.\n",
    );
}

#[test]
fn coded_segments_are_no_transcript() {
    check(
        "Document name,Code,Segment\nTalk 1,Work > Money,I needed it and it was good for us.\n",
        "error: the table holds coded segments, not a transcript\n",
    );
}

#[test]
fn words_that_begin_like_a_label_are_words_where_a_column_names_the_speaker() {
    check(
        "speaker,words\nMoss,Number 1: The bus was late.\nAda,And then?\nMoss,Number 2: I walked.\n",
        "Moss||Number 1: The bus was late.\nAda||And then?\nMoss||Number 2: I walked.\n",
    );
}

#[test]
fn cells_may_name_their_speakers() {
    check(
        "Transcript,Codes,Memo\nAda: So how?,,\nBen: With a letter.,START,early\nAda: And?,,\n",
        "Ada||So how?\nBen||With a letter.\nAda||And?\n",
    );
}

#[test]
fn every_answer_of_a_survey_is_read() {
    let (one, two) = ("I liked the quiet of it very much", "I would change nothing at all here");
    let expected = |who: &str| {
        format!(
            "Question||What helped?\n{who}||{one}\nQuestion||What would you change?\n{who}||{two}\n"
        )
    };
    for (before, cells, who, known) in [
        ("Timestamp,", "2024/05/01 10:00:11,", "R001", "Timestamp=2024/05/01 10:00:11"),
        (
            "ID,Start time,Email,",
            "P0,5/1/24 10:00:11,anonymous,",
            "P0",
            "Email=anonymous Start time=5/1/24 10:00:11",
        ),
        ("ID,Role,", "P0,nurse,", "P0", "Role=nurse"),
        ("", "", "R001", ""),
    ] {
        let table = format!("{before}What helped?,What would you change?\n{cells}{one},{two}\n");
        let known = if known.is_empty() { String::new() } else { format!("@{who} {known}\n") };
        check(&table, &(expected(who) + &known));
    }
    check(
        &format!(
            "StartDate,ResponseId,Q1,Q2\nStart,Response,What helped?,What would you change?\n\"{{\"\"ImportId\"\":1}}\",x,y,z\n2024-05-01,R_1,{one},{two}\n"
        ),
        &(expected("R_1") + "@R_1 Start=2024-05-01\n"),
    );
    check(
        &format!("ID,What helped?,In a word?\nP0,{one},calm\nP1,{two},loud\n"),
        &format!(
            "Question||What helped?\nP0||{one}\nQuestion||In a word?\nP0||calm\nQuestion||What helped?\nP1||{two}\nQuestion||In a word?\nP1||loud\n"
        ),
    );
    check(
        &format!("speaker,text,what she thought of it\nAda,So.,{one}\n"),
        "Ada||So.\n!1 the column `what she thought of it` holds words that are not read\n",
    );
}

#[test]
fn questions_and_answers_in_two_columns_are_one_talk() {
    let talk = "question,answer\nWhat do you do?,I run the desk.\nAnd what do you like?,\"It is quick, and small.\"\nGo on.,The colours.\n";
    check(
        talk,
        "Question||What do you do?\n||I run the desk.\nQuestion||And what do you like?\n\
             ||It is quick, and small.\nQuestion||Go on.\n||The colours.\n",
    );
    check(
        "nr;Frage;Antwort\n1;Was tun Sie?;Ich helfe.\n2;Und dann?;Nichts mehr.\n",
        "Question||Was tun Sie?\n||Ich helfe.\nQuestion||Und dann?\n||Nichts mehr.\n",
    );
    check(
        "url,speaker,question,answer\nu1,Ann Lag,How are prices?,They fall.\nu2,Bob Pan,Is it safe?,It is.\n",
        "Question||How are prices?\nAnn Lag||They fall.\nQuestion||Is it safe?\nBob Pan||It is.\n",
    );
    // One question put to several people is a survey.
    check(
        "id,question,answer\nP1,Why?,I came here by bus with my sister\nP2,Why?,I walked all the way up the hill\n",
        "Question||answer\nP1||I came here by bus with my sister\n\
             Question||answer\nP2||I walked all the way up the hill\n\
             @P1 question=Why?\n@P2 question=Why?\n",
    );
}

#[test]
fn cases_without_an_id_are_numbered() {
    check(
        "site,answer\nnorth,I came here by bus with my sister\nsouth,I walked all the way up the hill\n",
        "Question||answer\nR001||I came here by bus with my sister\n\
             Question||answer\nR002||I walked all the way up the hill\n\
             @R001 site=north\n@R002 site=south\n",
    );
}

#[test]
fn ragged_rows_are_kept_as_far_as_they_go() {
    check(
        "speaker,text\nAda,one, two and three\nBen\n\nAda,four\n",
        "Ada||one, two and three four\n!3 1 row with too few cells\n!2 1 row with more cells than columns\n",
    );
    check("time,speaker,text\nsoon,Ada,yes\n", "Ada||yes\n!2 1 time cannot be read\n");
}

#[test]
fn tables_without_words_are_refused() {
    check("id,age\n1,34\n2,51\n", "error: the table has no column that holds what people said\n");
    check("speaker,text\nAda,\n", "error: no speech was found in this file\n");
    check(" \n", "error: the file is empty\n");
}

#[test]
fn a_delimiter_may_be_named() {
    check("sep=;\nspeaker;text\nAda;yes, no\nBen\n", "Ada||yes, no\n!4 1 row with too few cells\n");
}

#[test]
fn tables_of_word_files_are_read_the_same_way() {
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let rows = [row(&["Name", "Text"]), row(&["Ada", "Why?"]), row(&["Ben", "Because\nit was."])];
    assert_eq!(show(parse_rows(&rows, 5)), "Ada||Why?\nBen||Because it was.\n");
    assert_eq!(show(parse_rows(&[], 1)), "error: the file is empty\n");
}

#[test]
fn a_header_is_told_from_a_line() {
    assert!(is_header("Timespan\tContent\tSpeaker", '\t'));
    assert!(!is_header("Ada\tthe text", '\t'));
    assert!(!is_header("text", '\t'));
}

#[test]
fn a_table_cut_anywhere_is_read_or_refused() {
    let table = "Start,Speaker,Text\n0:01,Siân,\"Well, \"\"so\"\"\"\n0:05,王芳,Why?\n";
    for end in (0..table.len()).filter(|&end| table.is_char_boundary(end)) {
        if let Ok(raw) = parse(&table[..end], None) {
            assert!(!raw.turns.is_empty());
        }
    }
}

proptest! {
    #[test]
    fn no_table_panics_and_turns_stay_in_order(text in "[a-zé0-9:,;\"\t|\n\r ]{0,200}", named: bool) {
        let text = if named { format!("start,speaker,text,id\n{text}") } else { text };
        if let Ok(raw) = parse(&text, None) {
            let mut last = 0;
            for turn in &raw.turns {
                prop_assert!(turn.span.range().start >= last);
                prop_assert!(!turn.span.of(&raw.text).trim().is_empty());
                last = turn.span.range().end;
            }
        }
    }
}

#[test]
fn one_table_of_several_interviews_keeps_those_who_are_asked_apart() {
    let rows = |id: &str| {
        format!(
            "{id},Interviewer,Why?\n{id},Participant,It was wet.\n{id},Interviewer,And?\n{id},Participant,Well.\n"
        )
    };
    let table = |head: &str| format!("{head},speaker,text\n{}", ["E1", "E2"].map(rows).concat());
    let read = show(parse(&table("interview_id"), None));
    assert!(read.contains("Participant E1||It was wet.\nInterviewer||And?\n"), "{read}");
    assert!(read.contains("Participant E2||Well.\n"), "{read}");
    assert!(
        read.contains("the column `interview_id` parts this table into 2 interviews"),
        "{read}"
    );
    // The same people talk on several topics.
    let read = show(parse(&table("topic"), None));
    assert!(read.contains("Participant||It was wet.\n") && !read.contains("parts this"), "{read}");
}

#[test]
fn a_head_in_no_known_language_stands_above_turns() {
    let row = |n: usize| {
        format!("{n}\tZed\tHow is it {n}?\n{n}\tQuill\tIt is so, and I went on to say it again.\n")
    };
    let rows: String = (1..5).map(row).collect();
    for head in ["nn\tzuk\tplim", "nr\tosoba\twypowiedź", "Tijd\tWie\tTekst"] {
        let read = show(parse(&format!("{head}\n{rows}"), Some('\t')));
        assert_eq!(read.matches("Zed|").count(), 4, "{head}: {read}");
        assert_eq!(read.matches("Quill|").count(), 4, "{head}: {read}");
        assert!(!read.contains("zuk") && !read.contains("plim"), "{read}");
    }
}

#[test]
fn rows_with_two_texts_and_both_times_are_turns_whoever_asks() {
    let row = |n: usize| {
        format!(
            "{n}000,{n}900,{},It was wet there and we all went in.,Es war nass und wir gingen alle hinein.\n",
            n % 3
        )
    };
    let rows: String = (1..8).map(row).collect();
    let read = show(parse(&format!("start,stop,speaker,original,translated\n{rows}"), None));
    assert!(read.contains("\n2||") | read.contains("2|2000"), "{read}");
    assert!(!read.contains("Question") && read.contains("!1 the column `translated`"), "{read}");
}

#[test]
fn a_table_of_questions_and_answers_needs_no_names_of_columns() {
    let rows = "How did it start then?,It was wet and we all went in.\n\
        And what did you do after that?,We sat there and we waited for hours.\n\
        Who came to look for you there?,Nobody at all came until the Sunday after.\n";
    let read = show(parse(rows, None));
    assert!(read.starts_with("Question||How did it start then?\n||It was wet and we"), "{read}");
    assert!(!read.contains("cells"), "{read}");
}

#[test]
fn students_are_who_speaks() {
    let row = |n: usize| {
        format!("{n}000,{},It was {n} and we drew it on the board.\n", ["Ada", "Ben", "Cy"][n % 3])
    };
    let rows: String = (1..8).map(row).collect();
    let read = show(parse(&format!("start,Student,Utterance\n{rows}"), None));
    assert!(read.starts_with("Ben|1000-|It was 1"), "{read}");
}

#[test]
fn a_cell_may_hold_a_whole_talk() {
    let talk = |said: &str| format!("[nurse] Why?\n[patient] {said}\n[nurse] And?\n[patient] Oh.");
    let rows =
        ["It was wet.", "It was cold that day.", "No, never once in all the years."].map(|said| {
            format!("V{},\"{}\",The patient was seen today here.\n", said.len(), talk(said))
        });
    let read = show(parse(&format!("id,dialogue,note\n{}", rows.concat()), None));
    assert!(
        read.starts_with("nurse||Why?\npatient V11||It was wet.\nnurse||And?\npatient V11||Oh.\n"),
        "{read}"
    );
    assert!(read.contains("patient V21||It was cold that day.\n"), "{read}");
    assert!(read.contains("the column `note` holds words that are not read"), "{read}");
    // Answers of several lines are answers.
    let read =
        show(parse("id,why\n1,\"So: it was wet that day\nand cold\"\n2,It was so cold\n", None));
    assert!(read.contains("1||So: it was wet that day and cold"), "{read}");
}

#[test]
fn rows_without_a_name_in_a_survey_are_told() {
    let read = show(parse(
        "narrator,place,transcript\nAda Quill,Lund,It was wet on that day.\n,Ash,We went home in \
         the rain.\nBen Moss,Lund,It was cold on that day.\n,Ash,I never went there again.\n",
        None,
    ));
    assert!(read.contains("2 rows without a name where others have one"), "{read}");
}
