use proptest::prelude::*;

use super::*;
use crate::base::is_taken_out;
use crate::sources::plain::parse_with;

/// Reads a plain text or Markdown transcript that declares nobody.
pub(crate) fn parse(text: String, markdown: bool) -> Result<RawTranscript, SourceError> {
    parse_with(text, markdown, &Declared::default())
}

fn show(raw: &RawTranscript) -> String {
    let mut shown = Vec::new();
    for turn in &raw.turns {
        let first = turn.span.start;
        let time = |(at, time): &(u32, TimeSpan)| {
            let end = time.end_ms.map_or(String::new(), |end| end.to_string());
            let at = if *at == first { String::new() } else { format!("@{} ", at - first) };
            format!("{at}{}-{end}", time.start_ms)
        };
        let times = turn.cues.iter().map(time).collect::<Vec<_>>().join(" ");
        let label = turn.label.as_deref().unwrap_or("");
        let words = turn.span.of(&raw.text).replace("\r\n", "/").replace('\n', "/");
        shown.push(format!("{label}|{times}|{words}\n"));
    }
    for warning in &raw.warnings {
        shown.push(format!("!{} {}\n", warning.line().unwrap_or(0), warning.problem));
    }
    shown.concat()
}

#[track_caller]
fn check_as(text: &str, markdown: bool, expected: &str) {
    let actual = match parse(text.to_owned(), markdown) {
        Ok(raw) => {
            assert_eq!(raw.text, text);
            format!("{}\n{}", raw.layout, show(&raw))
        }
        Err(error) => format!("error: {error}\n"),
    };
    assert_eq!(actual, expected);
}

#[track_caller]
fn check(text: &str, expected: &str) {
    check_as(text, false, expected);
}

const NAMED: &str = "plain text, `Name:` turns\n";
const ALONE: &str = "plain text, one speaker\n";

#[track_caller]
fn check_named(text: &str, expected: &str) {
    check(text, &format!("{NAMED}{expected}"));
}

#[test]
fn a_talk_of_four_short_turns_has_no_head() {
    check_named(
        "Interviewer: Aa.\nP01: Aé.\nP02: Aé.\nP02: Éé.\n",
        "Interviewer||Aa.\nP01||Aé.\nP02||Aé.\nP02||Éé.\n",
    );
}

#[test]
fn labels_of_many_kinds_open_turns() {
    check_named(
        "Interviewer: How was it?\nSiân Prydderch: Odd.\nInterviewer: Why?\nSiân Prydderch: Um.\n",
        "Interviewer||How was it?\nSiân Prydderch||Odd.\nInterviewer||Why?\nSiân Prydderch||Um.\n",
    );
    check_named(
        "王芳：你好\nŁukasz: Tak\nÓ Briain: Aye 🙂\nDr. O'Neill-Katz: Yes\nPrydderch, Siân: No\n王芳：好\nŁukasz: Nie\nÓ Briain: No\nDr. O'Neill-Katz: No\nPrydderch, Siân: Yes\n",
        "王芳||你好\nŁukasz||Tak\nÓ Briain||Aye 🙂\nDr. O'Neill-Katz||Yes\nPrydderch, Siân||No\n王芳||好\nŁukasz||Nie\nÓ Briain||No\nDr. O'Neill-Katz||No\nPrydderch, Siân||Yes\n",
    );
    check_named(
        "Q: Why?\nA: Because.\nP01: Um\nSpeaker 3: Ok\nSPEAKER_00: Oh\n",
        "Q||Why?\nA||Because.\nP01||Um\nSpeaker 3||Ok\nSPEAKER_00||Oh\n",
    );
    check_named("SIÂN: One.\nSiân: Two.\n", "SIÂN||One.\nSiân||Two.\n");
    check_named(
        "[Ada]: One.\n[Ada]: Two.\n#Ben: x\n#Ben: y\n@Cy: z\n@Cy: q\n",
        "Ada||One.\nAda||Two.\nBen||x\nBen||y\nCy||z\nCy||q\n",
    );
}

#[test]
fn lines_without_a_label_go_on() {
    check_named(
        "Q: Why?\r\n\r\nA: Because\r\nit was so.\r\n\r\nNote: see http://x.org at 17:30\r\nand he said: fine\r\nQ:\r\nOk.",
        "Q||Why?\nA||Because/it was so.\nNote||see http://x.org at 17:30/and he said: fine\nQ||Ok.\n",
    );
}

#[test]
fn a_guest_who_speaks_once_is_heard_where_every_line_has_a_label() {
    let talk = "Ada: a\nBen: b\n".repeat(4);
    check_named(
        &format!("{talk}Dr. Cy d’Ó van Briain: c\nNote: d\nso far: e\n"),
        "Ada||a\nBen||b\nAda||a\nBen||b\nAda||a\nBen||b\nAda||a\nBen||b\nDr. Cy d’Ó van Briain||c\nNote||d/so far: e\n",
    );
    check_named(
        "Ada: a\nBen: b\nAda: c\nCoffee: d\nBen: e\n",
        "Ada||a\nBen||b\nAda||c/Coffee: d\nBen||e\n!4 1 line begins like a speaker who is not known, first `Coffee`\n",
    );
}

#[test]
fn a_link_is_nobodys_speech() {
    let talk = "Ada: a\nBen: b\n".repeat(4);
    let read = talk.replace(": ", "||");
    check_named(&format!("Paper: https://example.org/1.pdf\n\n{talk}"), &read);
}

#[test]
fn a_long_note_behind_a_name_is_no_part_of_the_label() {
    check_named(
        "Ada Quill (Head of Chairs and of All the Tables): Hi.\nAda Quill: Yes.\nBen (north): a\nBen (north): b\n",
        "Ada Quill||Hi.\nAda Quill||Yes.\nBen (north)||a\nBen (north)||b\n",
    );
}

#[test]
fn colons_are_no_speakers_by_themselves() {
    check(
        "Note: one\nNote: two\n17:30 was late\nhttp://a.b\nhttp://c.d\nhe said: yes\nhe said: no\ne.g.: this\n",
        &format!(
            "{ALONE}||Note: one\n||Note: two\n||17:30 was late\n||http://a.b\n||http://c.d\n||he said: yes\n||he said: no\n||e.g.: this\n"
        ),
    );
    check(
        "It was one thing that I never told: this.\n",
        &format!("{ALONE}||It was one thing that I never told: this.\n"),
    );
}

#[test]
fn the_narrator_of_one_long_answer_is_heard() {
    check_named(
        "Interviewer: Tell me.\n\nErna: It began.\n\nAnd then it went on.\n\nInterviewer: Thank you.\n",
        "Interviewer||Tell me.\nErna||It began.//And then it went on.\nInterviewer||Thank you.\n",
    );
}

#[test]
fn labels_late_in_a_text_take_nothing_of_it() {
    let before = "We laid the path in spring.\n".repeat(9);
    let shown = "||We laid the path in spring.\n".repeat(9);
    check(
        &format!("{before}A: so\nA: well\n"),
        &format!(
            "{ALONE}{shown}||A: so\n||A: well\n!10 read as one speaker, but 2 lines begin like a speaker's, first `A`\n"
        ),
    );
    check_as(
        "# One\n\nWe came.\n\n# Two\n\nWe saw.\n\n# Three\n\nWe left.\n\n# Four\n\nAgain.\n\n[X] done\n[X] all\n",
        true,
        "Markdown, one speaker\n||We came.\n||We saw.\n||We left.\n||Again.\n||[X] done\n||[X] all\n",
    );
}

#[test]
fn a_name_and_a_time_stand_above_the_words() {
    for (a, b) in [("00:00:02", "00:01:03"), ("0 minutes 2 seconds", "1 minute 3 seconds")] {
        check(
            &format!("Ada Quill\n{a}\nSo?\nWell.\nBen Reed\n{b}\nIt was.\n"),
            "Teams text\nAda Quill|2000-|So?/Well.\nBen Reed|63000-|It was.\n",
        );
    }
    check(
        "Ada 0 minutes 2 seconds0:02\nAda 0 minutes 2 seconds\nSo?\nBen 1 minute 3 seconds1:03\nBen 1 minute 3 seconds\nNo.\n",
        "Otter text\nAda|2000-|So?\nBen|63000-|No.\n",
    );
}

#[test]
fn labels_need_no_colon() {
    let talk = [("Ada", "So how?"), ("Ben", "Well, it was."), ("Ada", "And then?"), ("Ben", "No.")];
    for (before, between) in [
        ("(", ") "),
        ("<", "> "),
        ("", " - "),
        ("", " – "),
        ("", "\t"),
        ("", "   "),
        ("**", "**\n\n"),
        ("", "\n"),
        ("[0:04] (", ") "),
    ] {
        let text = talk.map(|(who, words)| format!("{before}{who}{between}{words}\n\n")).concat();
        let raw = parse(text.clone(), false).unwrap();
        let turns: Vec<(&str, &str)> = raw
            .turns
            .iter()
            .map(|turn| (turn.label.as_deref().unwrap_or("?"), turn.span.of(&raw.text)))
            .collect();
        assert_eq!((turns.as_slice(), raw.warnings.as_slice()), (&talk[..], &[][..]), "{text}");
    }
    check(
        "ADA QUILL\nSo?\nBEN\nNo.\nADA QUILL\nOh.\nBEN\nYes.\n",
        "plain text, a line with the name before each turn\nADA QUILL||So?\nBEN||No.\nADA QUILL||Oh.\nBEN||Yes.\n",
    );
    check("Ada | 0:04\nSo?\n\nBen | 0:12\nNo.\n", "Otter text\nAda|4000-|So?\nBen|12000-|No.\n");
    check(
        "[ADA 0:04] So?\n[BEN 0:35] No.\n[ADA 1:02] Oh.\n[BEN 1:05] Yes.\n",
        "plain text, `[Name]` turns\nADA|4000-|So?\nBEN|35000-|No.\nADA|62000-|Oh.\nBEN|65000-|Yes.\n",
    );
    check(
        "0.00 4.25 SPEAKER_01 So?\n4.25 7.00 SPEAKER_00 No.\n7.00 8.00 SPEAKER_01 Oh.\n8.00 9.50 SPEAKER_00 Yes.\n",
        "plain text, a code before each turn\nSPEAKER_01|0-4250|So?\nSPEAKER_00|4250-7000|No.\nSPEAKER_01|7000-8000|Oh.\nSPEAKER_00|8000-9500|Yes.\n",
    );
}

#[test]
fn courts_and_committees_set_a_full_stop_behind_who_speaks() {
    let dotted = "plain text, `Name.` turns\n";
    check(
        "Q. So how did it start?\nA. With a letter. Nobody told us.\nQ. And then?\nA. We sat.\n",
        &format!(
            "{dotted}Q||So how did it start?\nA||With a letter. Nobody told us.\nQ||And then?\nA||We sat.\n"
        ),
    );
    check(
        "   The Chairman. We thank you.\n   Ms. Quill. Thank you, Mr. Chairman. I came.\n   The Chairman. How so?\n   Mr. Reed of Dorset. Say.\n   Ms. Quill. It said.\n",
        &format!(
            "{dotted}The Chairman||We thank you.\nMs. Quill||Thank you, Mr. Chairman. I came.\nThe Chairman||How so?\nMr. Reed of Dorset||Say.\nMs. Quill||It said.\n"
        ),
    );
    let text = "          12\n 1     THE COURT:  Proceed.\n 2     Q.   So how did\n 3  it start?\n 4     A.   With a\n 5  letter.\n 6     Q.   And\n 7  then?\n 8     A.   Rain.\n 9  Yes.\n";
    let raw = parse(text.to_owned(), false).unwrap();
    assert_eq!(
        show(&raw),
        "THE COURT||Proceed.\nQ||So how did/    it start?\nA||With a/    letter.\nQ||And/    then?\nA||Rain./    Yes.\n"
    );
}

#[test]
fn chevrons_without_a_name_are_somebody_else() {
    check_named(
        ">> ADA: So?\n>> BEN: No.\n>> And you?\n>> BEN: Oh.\n>> ADA: Well.\n",
        "ADA||So?\nBEN||No.\n||And you?\nBEN||Oh.\nADA||Well.\n",
    );
}

#[test]
fn a_layout_that_is_not_known_is_told() {
    let dash = "– How did it start?\n– With a letter.\n– And then?\n– We all sat there.\n";
    check(
        dash,
        &format!(
            "{ALONE}||How did it start?\n||With a letter.\n||And then?\n||We all sat there.\n!1 one speaker, but 4 lines begin alike (a dash or `>>`)\n"
        ),
    );
    check(
        "Ada: So it was.\nBen: It was not.\n",
        &format!(
            "{ALONE}||Ada: So it was.\n||Ben: It was not.\n!1 read as one speaker, but 2 lines begin like a speaker's, first `Ada`\n"
        ),
    );
    check(
        "7h2 we came.\n7h4 we saw.\n7h9 we left.\n8h1 we slept.\n",
        &format!(
            "{ALONE}||7h2 we came.\n||7h4 we saw.\n||7h9 we left.\n||8h1 we slept.\n!1 4 lines begin with a number that is no known time\n"
        ),
    );
}

#[test]
fn closing_lines_of_tools_are_no_speech() {
    check_named(
        "0:11\nAda Quill: So?\nBen: No.\nAda Quill: And?\nBen: Well.\nTranscription ended after 00:12:39\nThis editable transcript was computer generated and might contain errors. People can also change the text.\n",
        "Ada Quill|11000-|So?\nBen||No.\nAda Quill||And?\nBen||Well.\n",
    );
    check(
        "Ada Quill hat die Transkription gestartet\nAda Quill   0:04\nUnd?\nBen   0:12\nNein.\nAda Quill hat die Transkription beendet\n",
        "Otter text\nAda Quill|4000-|Und?\nBen|12000-|Nein.\n",
    );
    check_named(
        "Q: And the transcript?\nA: I said that the transcript\nwas created by my sister.\nQ: Oh.\nA: Yes.\n",
        "Q||And the transcript?\nA||I said that the transcript/was created by my sister.\nQ||Oh.\nA||Yes.\n",
    );
}

#[test]
fn words_after_a_line_of_a_tool_are_not_lost() {
    check_named(
        "Ada: One.\nBen: Two.\nBen stopped transcription\nand three.\nAda: Four.\nBen: Five.\n",
        "Ada||One.\nBen||Two.\nBen||and three.\nAda||Four.\nBen||Five.\n",
    );
}

#[test]
fn bare_times_do_not_stand_among_the_words() {
    check_named(
        "Q: Why?\n00:00:05 So it was.\nA: Yes.\n00:00:09 And then\n00:00:12\nmore.\nQ: Oh.\nA: So.\n",
        "Q||Why?\nQ|5000-|So it was.\nA||Yes.\nA|9000-|And then\nA|12000-|more.\nQ||Oh.\nA||So.\n",
    );
}

#[test]
fn tables_of_bars_are_tables() {
    let raw = parse(
        "| Time | Speaker | Text |\n|---|---|---|\n| 00:04 | Ada | So? |\n| 00:12 | Ben | No. |\n"
            .to_owned(),
        true,
    )
    .unwrap();
    assert_eq!(
        (raw.layout.as_str(), show(&raw).as_str()),
        ("Markdown table, one row for each turn", "Ada|4000-|So?\nBen|12000-|No.\n")
    );
}

#[test]
fn a_declared_label_needs_no_second_turn() {
    let text = "Ada: hello to all\nand more\n";
    assert_eq!(parse(text.to_owned(), false).unwrap().turns.len(), 2);
    let declared = Declared { labels: vec!["ada".to_owned()], is_told: false };
    let raw = parse_with(text.to_owned(), false, &declared).unwrap();
    assert_eq!(show(&raw), "Ada||hello to all/and more\n");
}

#[test]
fn what_stands_before_the_first_label_is_no_speech() {
    check_named(
        "Interview 3\n\nInterviewer: Ada Quill\nParticipant: P01\nDate: 3 May\n\nInterviewer: How?\nP01: So.\n",
        "Interviewer||How?\nP01||So.\n",
    );
    check_named("Date: 3 May\nQ: How?\nA: So.\n", "Q||How?\nA||So.\n");
    let before = "word ".repeat(41);
    check_named(
        &format!("\n{before}\nQ: How?\nA: So {before}.\n"),
        &format!(
            "Q||How?\nA||So {before}.\n!2 41 words before the first speaker belong to no turn\n"
        ),
    );
    check_named(
        "It was told to me twice.\nQ: How?\nA: So it was.\n",
        "Q||How?\nA||So it was.\n!1 6 words before the first speaker belong to no turn\n",
    );
}

#[test]
fn times_stand_before_behind_and_above_labels() {
    check_named(
        "[00:00:01] Ada: a\n[00:02]Ben: b\n00:00:03.5Ada: c\n0:04 Ben: d\nAda (00:05): e\nBen: [00:00:06] f\n#00:00:07-5# Ada: g\n0:08\nBen: h\n00:00:09 - Ada: i\n",
        "Ada|1000-|a\nBen|2000-|b\nAda|3500-|c\nBen|4000-|d\nAda|5000-|e\nBen|6000-|f\nAda|7500-|g\nBen|8000-|h\nAda|9000-|i\n",
    );
}

#[test]
fn times_inside_a_turn_are_cues() {
    check_named(
        "[0:01] Q: one [00:05] two\n[0:09]\nthree [inaudible 00:10] (see 4:5)\n[0:12] A: Four\n",
        "Q|1000- @12 5000-|one [00:05] two\nQ|9000-|three [inaudible 00:10] (see 4:5)\nA|12000-|Four\n",
    );
}

#[test]
fn times_behind_paragraphs_are_their_ends() {
    check_named(
        "I: How so? #00:00:04-5#\n\nP: Well. #00:00:09-0#\nAnd more. #00:00:12-0#\n\nI: Ah. #00:00:13-1#\n",
        "I|0-4500|How so?\nP|4500-9000 @19 9000-12000|Well. #00:00:09-0#/And more.\nI|12000-13100|Ah.\n",
    );
}

#[test]
fn otter() {
    check(
        "Ada Quill  0:49\nOkay, that's a point.\n\nUnknown Speaker  1:02\nSo\n\nTranscribed by https://otter.ai\n",
        "Otter text\nAda Quill|49000-|Okay, that's a point.\nUnknown Speaker|62000-|So\n",
    );
}

#[test]
fn rev_and_trint() {
    check(
        "Speaker 1 (00:00:12):\nHi [crosstalk 00:00:13].\n\nSpeaker 2 (00:14):\nHello.\n",
        "Rev text\nSpeaker 1|12000-|Hi [crosstalk 00:00:13].\nSpeaker 2|14000-|Hello.\n",
    );
    check(
        "Ada Quill [00:00:12]\nHi\nthere.\n\nBen Ó [00:00:19]\nHello.\n",
        "plain text, a line `Name [time]` before each turn\nAda Quill|12000-|Hi/there.\nBen Ó|19000-|Hello.\n",
    );
    check(
        "[00:12] Ada Quill\nHi.\n[00:15] Ben\nYes?\n[00:17] Ada Quill\nYes.\n",
        "plain text, a line `[time] Name` before each turn\nAda Quill|12000-|Hi.\nBen|15000-|Yes?\nAda Quill|17000-|Yes.\n",
    );
}

#[test]
fn teams() {
    check(
        "Meeting on chairs\n3 May 2026, 10:00AM\nAda Quill started transcription\nAda Quill   0:04\nSo how?\nTake your time.\nBen Ó   0:09\nUm.\nAda Quill stopped transcription\n",
        "Otter text\nAda Quill|4000-|So how?/Take your time.\nBen Ó|9000-|Um.\n",
    );
    check(
        "Ada Quill  00:01:23 --> 00:01:45\nHi.\nBen  00:01:46 --> 00:01:50\nYes.\n",
        "Teams text\nAda Quill|83000-105000|Hi.\nBen|106000-110000|Yes.\n",
    );
    check(
        "0:0:5.100 --> 0:0:8.250\nAda Quill\nHi there.\n0:0:9.0 --> 0:0:9.5\nBen\nYes.\n",
        "Teams text\nAda Quill|5100-8250|Hi there.\nBen|9000-9500|Yes.\n",
    );
}

#[test]
fn zoom_captions_hold_times_of_day() {
    check(
        "[Ada Quill] 23:59:58\nHi\n\n[Siân] 00:00:03\nHello\n",
        "Zoom captions\nAda Quill|0-|Hi\nSiân|5000-|Hello\n",
    );
}

#[test]
fn brackets_may_hold_names_or_markers() {
    check(
        "[Ada] one\n[Ben] two\n[Ada] three\n[Ben] four\n",
        "plain text, `[Name]` turns\nAda||one\nBen||two\nAda||three\nBen||four\n",
    );
    check("[laughs] one\n[laughs] two\n", &format!("{ALONE}||[laughs] one\n||[laughs] two\n"));
}

#[test]
fn meet_has_times_alone() {
    check_named(
        "00:00:11\nAda Quill: Shall we?\nBen: Yes.\n\n00:05:00\nAda Quill: So.\nBen: Oh.\n",
        "Ada Quill|11000-|Shall we?\nBen||Yes.\nAda Quill|300000-|So.\nBen||Oh.\n",
    );
}

#[test]
fn chat() {
    check(
        "@UTF8\n@Begin\n@Participants:\tPAR Participant\n*PAR:\twell it was\n\todd . \u{15}1_20\u{15}\n%mor:\tadv|well\n\tv|be\n*INV:\twhy ? \u{15}30_40\u{15} ah . \u{15}50_60\u{15}\n@End\n",
        "CHAT transcript\nPAR|1-20|well it was/\todd .\nINV|30-40 @14 50-60|why ? \u{15}30_40\u{15} ah .\n",
    );
}

#[test]
fn iramuteq_lines_are_no_speech() {
    check(
        "**** *id_p01 *sex_f\nIt was odd.\n**** *id_p02\nNot at all.\n",
        &format!("{ALONE}||It was odd.\n||Not at all.\n"),
    );
}

#[test]
fn tables_are_left_to_the_reader_of_tables() {
    let raw =
        parse("Timespan\tContent\tSpeaker\n0:01 - 0:02\tHi\tAda\n".to_owned(), false).unwrap();
    assert_eq!(show(&raw), "Ada|1000-2000|Hi\n");
}

#[test]
fn a_label_in_bold_stands_behind_its_time() {
    check_as(
        "(0:00) **Rosa:** And how?\n(0:06) **Ida:** By bus.\n(0:20) **Rosa:** Why?\n(0:26) **Ida:** It goes.\n",
        true,
        "Markdown, `Name:` turns\nRosa|0-|And how?\nIda|6000-|By bus.\nRosa|20000-|Why?\nIda|26000-|It goes.\n",
    );
}

#[test]
fn markdown() {
    let named = "Markdown, `Name:` turns\n";
    check_as(
        "---\ntitle: x\nAda: 3\n---\n# Interview\n\n**Ada:** How?\n\n**Ben**: So *there*.\n\n## Part: two\n\nGoing on.\n\n---\n- **Ada:** *um*\n- Ben: Yes.\n> **[00:12] Ben:** No.\n",
        true,
        &format!(
            "{named}Ada||How?\nBen||So *there*.\nBen||Going on.\nAda||*um*\nBen||Yes.\nBen|12000-|No.\n"
        ),
    );
    check_as(
        "# Talk\n### Ada\nHow?\n### Ben\nSo.\n### Ada\nAh.\n### Ben\nOh.\n",
        true,
        "Markdown, a heading before each turn\nAda||How?\nBen||So.\nAda||Ah.\nBen||Oh.\n",
    );
    check_as(
        "# Notes on a day\n\nOne thing.\n\n- another\n",
        true,
        "Markdown, one speaker\n||One thing.\n||another\n",
    );
}

#[test]
fn unlabelled_lines_and_paragraphs_are_turns() {
    check("One.\n\n[00:05] Two.\nThree.\n", &format!("{ALONE}||One.\n|5000-|Two.\n||Three.\n"));
    let long = "It was a long line of words that somebody broke to fit";
    check(
        &format!("{long}\n{long}\non.\n\n{long}\nthere.\n"),
        &format!("{ALONE}||{long}/{long}/on.\n||{long}/there.\n"),
    );
    check(
        "0:01 One.\n0:05 Two.\n0:09 Three.\n",
        &format!("{ALONE}|1000-|One.\n|5000-|Two.\n|9000-|Three.\n"),
    );
}

#[test]
fn what_holds_no_speech_is_refused() {
    check("", "error: the file is empty\n");
    check(" \n\u{feff}\n", "error: the file is empty\n");
    check("0:01\n0:02\n", "error: the file has times, but no words that belong to a time\n");
    check("Q:\nA:\n", "error: no speech was found in this file\n");
}

#[test]
fn times_that_run_backwards_are_told() {
    check_named(
        "[0:09] Q: How?\n[0:05] A: So.\n",
        "Q|9000-|How?\nA|5000-|So.\n!2 the times go backwards at 1 place\n",
    );
}

const SAMPLES: [&str; 6] = [
    "[00:00:01] Siân: a (00:03) b\n#00:00:07-5# 王芳: g 🙂 #00:00:09-5#\nSiân: x\n王芳：y\n",
    "Ada Quill  0:49\nOkay.\n\nUnknown Speaker  1:02\nSo\n\nTranscribed by https://otter.ai\n",
    "0:0:5.100 --> 0:0:8.250\nAda\nHi.\n0:0:9.0 --> 0:0:9.5\nBen\nYes.\n",
    "@Begin\n*PAR:\todd . \u{15}1_20\u{15}\n%mor:\tadv|well\n*INV:\twhy ?\n",
    "---\na: b\n---\n**Ada:** How?\n### Ben\n- [x] (10:30 PM) y\n[Ada Quill] 10:03:11\nz\n",
    "Timespan\tContent\tSpeaker\n0:01 - 0:02\tHi\tAda\n",
];

fn keeps_invariants(text: &str, markdown: bool) {
    let Ok(raw) = parse(text.to_owned(), markdown) else { return };
    let is_kept = |(read, line): (&str, &str)| {
        read == line || (is_taken_out(read) && read.len() == line.len())
    };
    assert!(
        raw.text.split('\n').zip(text.split('\n')).all(is_kept)
            || raw.layout.starts_with("CSV")
            || text.contains(['&', '\\'])
            || (markdown && text.contains(['<', '{']))
    );
    let mut last = 0;
    for turn in &raw.turns {
        let range = turn.span.range();
        assert!(range.start >= last && range.end <= raw.text.len());
        assert!(!raw.text.get(range.clone()).unwrap().trim().is_empty());
        let mut at = range.start;
        for (byte, _) in &turn.cues {
            assert!((at..range.end).contains(&(*byte as usize)), "{text:?} {turn:?}");
            at = *byte as usize;
        }
        last = range.end;
    }
}

#[test]
fn a_file_cut_anywhere_keeps_the_invariants() {
    for text in SAMPLES {
        for end in (0..=text.len()).filter(|&end| text.is_char_boundary(end)) {
            keeps_invariants(&text[..end], false);
            keeps_invariants(&text[..end], true);
        }
    }
}

proptest! {
    #[test]
    fn no_text_breaks_the_invariants(text in "(?s).{0,120}", markdown: bool) {
        keeps_invariants(&text, markdown);
    }

    #[test]
    fn text_of_signs_keeps_the_invariants(
        text in "([-\\[\\](){}<>#@*_:：.,0-9 \t\r\n\u{15}\u{a0}é王🙂]|Ada|Q:|0:01|\\[0:02\\]|#00:00:01-5#|\n){0,60}",
        markdown: bool,
    ) {
        keeps_invariants(&text, markdown);
    }

    #[test]
    fn damaged_files_keep_the_invariants(
        which in 0..SAMPLES.len(),
        at in any::<prop::sample::Index>(),
        n_removed in 0..6_usize,
        added in "[-\\[\\]#:0-9A \n🙂]{0,4}",
        markdown: bool,
    ) {
        let chars: Vec<char> = SAMPLES[which].chars().collect();
        let at = at.index(chars.len());
        let rest = chars.iter().skip(at + n_removed);
        let text: String = chars[..at].iter().copied().chain(added.chars()).chain(rest.copied()).collect();
        keeps_invariants(&text, markdown);
    }

    #[test]
    fn written_turns_read_back(
        turns in prop::collection::vec((0..3_usize, "[a-zé]{1,8}( [a-z🙂]{1,8}){0,9}"), 1..20)
    ) {
        let labels = ["Interviewer", "P01", "Speaker 2"];
        let text = turns.iter().map(|(who, words)| format!("{}: {words}\n", labels[*who])).collect::<Vec<_>>().concat();
        let expected = turns.iter().map(|(who, words)| format!("{}||{words}\n", labels[*who])).collect::<Vec<_>>().concat();
        prop_assert_eq!(show(&parse(text, false).unwrap()), expected);
    }
}

#[test]
fn a_time_alone_on_a_line_is_no_word_of_the_turn_that_it_stands_in() {
    check(
        "Ann: I came here in spring.\n[00:01:02]\nAnd then it rained.\nBob: How was it?\nAnn: Wet.\n\
         (00:03:02):\nSo we left.\nBob: Oh.\n",
        &format!(
            "{NAMED}Ann||I came here in spring.\nAnn|62000-|And then it rained.\nBob||How was it?\n\
             Ann||Wet.\nAnn|182000-|So we left.\nBob||Oh.\n"
        ),
    );
}

/// What is read of a text, turn by turn and warning by warning.
pub(crate) fn shown(text: &str, markdown: bool) -> String {
    show(&parse(text.to_owned(), markdown).unwrap())
}

#[test]
fn marks_of_markdown_and_html_are_no_words() {
    let text = "**Ann:**{: .text-blue}\nSo R&amp;D &#8212; why\\?\n\n**Ben:** \\[00:10:12\\] It&#39;s \
        odd \\[laughs\\].\n\n\\[00:12:44\\] And {: so\n\n**Ann:** Oh.\n\n**Ben:** Yes.\n";
    assert_eq!(
        shown(text, true),
        "Ann||So R&D — why\\?\nBen|612000- @31 764000-|It's odd [laughs].//[00:12:44] And {: so\nAnn||Oh.\nBen||Yes.\n"
    );
    let text = "Ann: A&#10;B &amp; &nothing;\r\nBen: \\[R&D\\]\r\nAnn: So.\r\nBen: No.\r\n";
    assert_eq!(shown(text, false), "Ann||A B & &nothing;\nBen||\\[R&D\\]\nAnn||So.\nBen||No.\n");
}

#[test]
fn unlabelled_talk_goes_on_on_the_next_page() {
    let line = |n: usize| format!("It was {n} times a long line of words that I broke to fit");
    let page = |n: usize| {
        let letter = ["a", "b", "c", "d", "e"][n];
        format!("{0}{letter}\n{letter}{0}\n\nThe Mill Papers, page {n}\n\n", line(n))
    };
    let text = (1..5).map(page).collect::<String>() + &line(5) + "\non.\n\nNew.\n";
    let raw = parse(text, false).unwrap();
    assert_eq!(raw.turns.len(), 2);
    assert!(!raw.text.contains("Mill"));
}

const ASKED: &str = "Markdown, questions in bold or italics\n";

#[test]
fn answers_below_questions_as_headings_are_not_the_interviewers() {
    check_as(
        "# Info\nInterviewee: Pia\n\n| Age | Gender |\n| --- | ------ |\n| 58  | female |\n\n# Transcript\n\n\
         ## Question 1: What keeps you busy?\n\n*\"Everyday things mostly.\"*\n\n### Is that hard?\n\n\
         *\"Shopping. I have to think.\"*\n\nThat is all.\n\n## Frage 2: Erzählen Sie.\n\n*\"All the time.\"*\n",
        true,
        "Markdown, questions as headings\nQuestion||What keeps you busy?\n||*\"Everyday things mostly.\"*\n\
         Question||Is that hard?\n||*\"Shopping. I have to think.\"*\n||That is all.\n\
         Question||Erzählen Sie.\n||*\"All the time.\"*\n",
    );
    check_as(
        "## Why?\n\nSo.\n\n##And then?\n\nWe left.\n\n## As you remember it.\n\nBy bus.\n\n## Part two\n\n## Who came?\n\nAll.\n",
        true,
        "Markdown, questions as headings\nQuestion||Why?\n||So.\nQuestion||And then?\n||We left.\n\
         Question||As you remember it.\n||By bus.\nQuestion||Who came?\n||All.\n\
         !9 1 line set apart as the questions are, asking nothing\n",
    );
    check(
        "Question 1: What do you do?\nI help people.\n\nQuestion 2: And then?\nI go home.\nI sleep.\n",
        "plain text, numbered questions\nQuestion||What do you do?\n||I help people.\nQuestion||And then?\n||I go home.\n||I sleep.\n",
    );
}

#[test]
fn questions_set_apart_by_type_are_the_askers() {
    check_as(
        "**Entrevista 1. Dueño**\n\n_¿Hace cuánto que lo tiene?_\n\nHace 44 años.\n\n_¿Y vive acá mismo?_\n\nNacido aquí.\n",
        true,
        &format!(
            "{ASKED}Question||¿Hace cuánto que lo tiene?\n||Hace 44 años.\nQuestion||¿Y vive acá mismo?\n||Nacido aquí.\n"
        ),
    );
    check_as(
        "**Talk with Luz**\n\n**1.** **How are you?**\n\nWell.\n\n**2. And why?** I slept. Who knows?\n\n3. **What else?**\n\nNothing.\n",
        true,
        &format!(
            "{ASKED}Question||How are you?\n||Well.\nQuestion||And why?\n||I slept. Who knows?\nQuestion||What else?\n||Nothing.\n"
        ),
    );
    check(
        "1. What is your role?\nI run the desk.\n2. What do you like?\nIt is quick.\n3) What would you change?\nThe colours.\n",
        "plain text, numbered questions\nQuestion||What is your role?\n||I run the desk.\nQuestion||What do you like?\n||It is quick.\nQuestion||What would you change?\n||The colours.\n",
    );
}

#[test]
fn a_request_among_questions_in_bold_is_the_askers_and_told() {
    let questions = "**Why?**\n\nSo it was.\n\n**And then?**\n\nWe went.\n\n**Who came?**\n\nAll.\n\n**Who left?**\n\nNone.\n\n";
    let raw =
        parse(format!("{questions}**Tell me of the winter.**\n\nIt was cold.\n"), true).unwrap();
    let shown = show(&raw);
    assert!(shown.contains("Question||Tell me of the winter.\n||It was cold.\n!17 1 line set apart as the questions are, asking nothing\n"), "{shown}");
}

#[test]
fn emphasis_and_numbers_are_no_questions_by_themselves() {
    // What is asked and never answered is a list; what is bold and seldom asks is stress.
    for text in [
        "1. Why?\n2. How?\n3. When?\nThat was the guide.\n",
        "**I stayed.**\n\nIt rained.\n\n**Why me?**\n\nNobody said.\n\n**I left.**\n\nAnd so on.\n",
        "**Why me?** I asked him.\n\nNobody said. And how?\n\n**Why then?** I asked.\n\nWho knows?\n",
    ] {
        let raw = parse(text.to_owned(), true).unwrap();
        assert!(raw.turns.iter().all(|turn| turn.label.is_none()), "{}", show(&raw));
    }
    // Questions as headings of parts, where turns have labels.
    check_as(
        "## How did it begin?\n\nI: So?\nP: With rain.\n\n## How did it end?\n\nI: And?\nP: With snow.\n",
        true,
        "Markdown, `Name:` turns\nI||So?\nP||With rain.\nI||And?\nP||With snow.\n",
    );
}

#[test]
fn a_biography_under_a_persons_name_is_no_speech() {
    check_as(
        "## Herman Bruyn\n\nHerman Bruyn was born in Turnhout. He went to Leuven.\n\n## Interview\n\nPeter Asar:\n\nWhere did you grow up?\n\nHerman Bruyn:\n\nIn a village.\n\nPeter Asar:\n\nAnd?\n\nHerman Bruyn:\n\nI left.\n",
        true,
        "Markdown, `Name:` turns\nPeter Asar||Where did you grow up?\nHerman Bruyn||In a village.\nPeter Asar||And?\nHerman Bruyn||I left.\n!3 10 words before the first speaker belong to no turn\n",
    );
    check_as(
        "## About Dora Lund\n\nDora Lund: Dora Lund was born in 1949 in Riga.\n\nShe teaches.\n\n# 2. Interview\n\nAda: So?\n\nDora Lund: Well.\n\nAda: Oh.\n\nDora Lund: Yes.\n",
        true,
        "Markdown, `Name:` turns\nAda||So?\nDora Lund||Well.\nAda||Oh.\nDora Lund||Yes.\n!3 12 words before the first speaker belong to no turn, down to line 5\n",
    );
    // What was asked and answered above is talk.
    check_as(
        "# Start\n\nI: Ready?\n\nP: Yes.\n\n# Interview\n\nI: So?\n\nP: Well.\n",
        true,
        "Markdown, `Name:` turns\nI||Ready?\nP||Yes.\nI||So?\nP||Well.\n",
    );
}

#[test]
fn a_title_with_a_name_and_a_colon_is_no_turn() {
    check_named(
        "RACHID ALAMI: An Interview Conducted by Selma Sab, 31 August 2011\n\nIt is kept in the archive of Riga.\n\nQ: Where were you born?\nAlami: By the sea.\nQ: And?\nAlami: I left the town with my three sisters.\n",
        "Q||Where were you born?\nAlami||By the sea.\nQ||And?\nAlami||I left the town with my three sisters.\n!1 19 words before the first speaker belong to no turn, down to line 3\n",
    );
    check_named(
        "Gail Swan: This is an interview with Malvy Sol, 2 May 1990\nQ: And your name?\nA: Malvy.\nQ: So?\nA: Yes.\nGail Swan: Thanks.\n",
        "Gail Swan||This is an interview with Malvy Sol, 2 May 1990\nQ||And your name?\nA||Malvy.\nQ||So?\nA||Yes.\nGail Swan||Thanks.\n",
    );
}

#[test]
fn fields_below_the_heading_of_the_talk_are_no_speech() {
    check_as(
        "# About\n\nIt was kept in Riga.\n\n## Interview\n\nINTERVIEW: Rachid Alami\nINTERVIEWER: Selma Sab\nDATE: 31 August 2011\n\nQ:\n\nSo?\n\nAlami:\n\nWell.\n\nQ:\n\nAnd?\n\nAlami:\n\nNo.\n",
        true,
        "Markdown, `Name:` turns\nQ||So?\nAlami||Well.\nQ||And?\nAlami||No.\n",
    );
}

#[test]
fn headings_with_a_colon_name_nobody() {
    check_as(
        "INTERVIEWEE: Chris Atke\nINTERVIEWER: Selma Saba\n\n### Home: Kitchen\n\nQ:\n\nWhat did you build?\n\nAtke:\n\nShelves.\n\n### Home: Garden\n\nQ:\n\nAnd there?\n\nAtke:\n\nA pump.\n",
        true,
        "Markdown, `Name:` turns\nQ||What did you build?\nAtke||Shelves.\nQ||And there?\nAtke||A pump.\n",
    );
    check_as(
        "### Ada: So?\n\n### Ben: No.\n\n### Ada: Oh.\n\n### Ben: Yes.\n",
        true,
        "Markdown, `Name:` turns\nAda||So?\nBen||No.\nAda||Oh.\nBen||Yes.\n",
    );
}

#[test]
fn the_foot_of_a_web_page_is_no_speech() {
    check_named(
        "Q: So?\nA: Well.\nQ: And?\nA: I left, see\nhttps://example.org/a\n\nRetrieved from \"https://example.org/w/index.php?title=Talk\"\n\nCategories: Robots, Talk\n",
        "Q||So?\nA||Well.\nQ||And?\nA||I left, see/https://example.org/a\n!7 6 words at the end look like the foot of a web page\n",
    );
    check_named(
        "Q: So?\nA: Well.\nQ: And?\nA: See\nhttps://example.org/a\n",
        "Q||So?\nA||Well.\nQ||And?\nA||See/https://example.org/a\n",
    );
}

#[test]
fn tables_beside_the_talk_are_no_speech() {
    check_as(
        "Ada: So?\nBen: No.\n\n| Item | Score |\n|---|---|\n| The chairs were too hard for all of us | 3 |\n| The light was good | 4 |\n\nAda: Oh.\nBen: Yes, and the rest of it was as good as anything we had ever seen before that day.\n",
        true,
        "Markdown, `Name:` turns\nAda||So?\nBen||No.\nAda||Oh.\nBen||Yes, and the rest of it was as good as anything we had ever seen before that day.\n!4 17 words in tables are not read as speech\n",
    );
}

#[test]
fn a_list_with_bullets_is_no_defect() {
    let talk = "• Bring bread\nAda: So?\nBen: Yes.\nAda: Why?\nBen: No.\n";
    assert_eq!(parse(talk.to_owned(), false).unwrap().turns.len(), 4);
}
