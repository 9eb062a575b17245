use super::*;
use crate::sources::tests::cut_everywhere;
use crate::sources::tests::render;

/// Reads a file of a format, with the line ends of Unix and of Windows.
#[track_caller]
fn check_as(format: Format, file: &str, expected: &str) {
    assert_eq!(render(parse(file, format)), expected, "\n--- file\n{file}");
    let windows = file.replace('\n', "\r\n");
    assert_eq!(render(parse(&windows, format)), expected, "with \\r\\n");
    cut_everywhere(file.as_bytes(), if format == Format::Vtt { "a.vtt" } else { "a.srt" });
}

#[track_caller]
fn check(file: &str, expected: &str) {
    check_as(Format::Vtt, file, expected);
}

#[track_caller]
fn check_srt(file: &str, expected: &str) {
    check_as(Format::Srt, file, expected);
}

#[test]
fn teams_tags_its_voices() {
    check(
        "WEBVTT\n\n3f0c1d9e-0000-4a11-9c55-aaaabbbbcccc/14-0\n00:00:03.240 --> 00:00:07.100\n\
         <v Ada Quill>So how did\nit start?</v>\n\n3f0c1d9e-0000-4a11-9c55-aaaabbbbcccc/15-0\n\
         00:00:07.200 --> 00:00:09.000\n<v Siân Prydderch>It was odd.\n\nAt first.</v>\n",
        "Teams WebVTT\nAda Quill|3240-7100|So how did it start?\n\
         Siân Prydderch|7200-9000|It was odd. At first.",
    );
}

#[test]
fn one_cue_may_hold_several_voices() {
    check(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Dr. O&apos;Neil>Yes?</v> <v 王芳>没有 👍🏽\n\
         <v Ó Briain, Máire>No</v>.\n",
        "WebVTT with voices\nDr. O'Neil|1000-2000|Yes?\n王芳|1000-2000|没有 👍🏽\n\
         Ó Briain, Máire|1000-2000|No.",
    );
}

#[test]
fn marks_of_overlap_and_cues_of_an_editor_are_no_speakers() {
    check(
        "WEBVTT talk\n\nNOTE\nmade by a tool\n\n1\n00:00.000 --> 00:16.400\n<v >(16 seconds pause)\n\n\
         2\n00:16.400 --> 00:28.180\n<v S04>Ada: \n\n3\n00:16.400 --> 00:28.180\n<v S04>[00:00:16]\n\n\
         4\n00:16.400 --> 00:28.180\n<v S04>So how?\n\n5\n00:28.400 --> 00:38.180\n\
         <v S01>It was, I think. //S04: Right. // And then.\n\n6\n00:38.400 --> 00:48.180\n\
         <v //S04>And after? //S01: Then nothing.//\n",
        "WebVTT with voices\nS04|16400-28180|So how?\nS01|28400-38180|It was, I think.\n\
         S04|28400-38180|Right.\nS01|28400-38180|And then.\nS04|38400-48180|And after?\n\
         S01|38400-48180|Then nothing.",
    );
    check(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>See https://a.example and // so on.\n",
        "WebVTT with voices\nA|1000-2000|See https://a.example and // so on.",
    );
}

#[test]
fn words_before_the_first_time_are_told() {
    check(
        "WEBVTT\nKind: captions\n\nAda: words before any time\n\nopening\n00:01.000 --> 00:02.000\nHi.\n\n\
         STYLE\nwas what I liked\n",
        "WebVTT\n?|1000-2000|Hi. STYLE was what I liked\n\
         warning 4: words before the first time belong to no cue and are not read",
    );
}

#[test]
fn zoom_writes_names_before_a_colon() {
    check(
        "WEBVTT\n\n1\n00:00:02.656 --> 00:00:05.230\nDr Ada Quill: So how?\n\n2\n\
         00:00:05.900 --> 00:00:09.120\nP. Rowan: it was, um,\n\n3\n00:00:09.120 --> 00:00:10.000\n\
         odd. My point: no idea.\n\n4\n00:00:10.500 --> 00:00:11.000\nDr Ada Quill: I see.\n\n5\n\
         00:00:11.000 --> 00:00:12.000\nP. Rowan: Yes.\n",
        "Zoom WebVTT\nDr Ada Quill|2656-5230|So how?\n\
         P. Rowan|5900-9120,9120-10000|it was, um, odd. My point: no idea.\n\
         Dr Ada Quill|10500-11000|I see.\nP. Rowan|11000-12000|Yes.",
    );
}

#[test]
fn a_sentence_with_a_colon_is_no_label() {
    check(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nWell.\n\n00:02.000 --> 00:03.000\n\
         The rule: never at 17:30.\n\n00:03.000 --> 00:04.000\nSee https://a.example.\n",
        "WebVTT\n?|1000-2000,2000-3000,3000-4000|Well. The rule: never at 17:30. See https://a.example.",
    );
}

#[test]
fn each_cue_with_a_label_needs_no_repeat() {
    check(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nŁukasz: Hi.\n\n00:02.000 --> 00:03.000\nMary-Jane: Hello.\n",
        "WebVTT, `Name:` cues\nŁukasz|1000-2000|Hi.\nMary-Jane|2000-3000|Hello.",
    );
}

#[test]
fn webex_names_the_speaker_in_the_id() {
    check(
        "WEBVTT\n\n1 \"Ada Quill\" (123)\n00:01.000 --> 00:02.000\nHi.\n",
        "Webex WebVTT\nAda Quill|1000-2000|Hi.",
    );
}

#[test]
fn headers_and_blocks_are_passed_over() {
    check(
        "WEBVTT - Interview 3\nKind: captions\nLanguage: en\n\nSTYLE\n::cue { color: red }\n\nREGION\n\
         id:a\n\nNOTE\nnot said\n\nopening words\n00:01.000 --> 00:02.000 align:start\nHi.\n\n\
         NOTE Confidence: 0.91\n\n00:02,000 --> 1:00:03,500\nHello.\n",
        "WebVTT\n?|1000-2000,2000-3603500|Hi. Hello.",
    );
    let raw =
        parse("WEBVTT\nLanguage: en-GB\n\n00:01.000 --> 00:02.000\nHi.\n", Format::Vtt).unwrap();
    assert_eq!(raw.language.as_deref(), Some("en"));
}

#[test]
fn missing_blank_lines_do_no_harm() {
    check(
        "WEBVTT\n1\n00:01.000 --> 00:02.000\nHi.\n2\n00:02.000 --> 00:03.000\n42\n\
         00:03.000 --> 00:04.000\nYes.",
        "WebVTT\n?|1000-2000,2000-3000,3000-4000|Hi. 42 Yes.",
    );
}

#[test]
fn tags_go_and_signs_stay() {
    check(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<i>It</i> <c.b>was</c><00:00:01.500> \
         <UNSURE>odd</UNSURE> <UNIN/> a < b &lt;3 I <3 &amp;amp; &nbsp;&lrm;&#39;x&#x27; <laughs> R&D\n",
        "WebVTT\n?|1000-2000|It was odd a < b <3 I <3 &amp; 'x' <laughs> R&D",
    );
}

#[test]
fn rolling_captions_are_told_once() {
    check(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nso<00:01.200><c> how</c>\n\n00:02.000 --> 00:02.010\nso how\n \n\n\
         00:02.010 --> 00:03.000\nso how\ndid it\n\n00:03.000 --> 00:03.010\ndid it\n\n\
         00:03.010 --> 00:04.000\ndid it\nstart\n",
        "WebVTT\n?|1000-2000,2010-3000,3010-4000|so how did it start",
    );
}

#[test]
fn a_person_may_repeat_a_word() {
    check(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nYes.\n\n00:02.000 --> 00:03.000\nYes.\n\n\
         00:03.000 --> 00:04.000\nYes.\n\n00:04.000 --> 00:05.000\nYes.\n",
        "WebVTT\n?|1000-2000,2000-3000,3000-4000,4000-5000|Yes. Yes. Yes. Yes.",
    );
}

#[test]
fn talk_at_the_same_time_is_told_by_its_start() {
    check(
        "WEBVTT\n\n00:05.000 --> 00:09.000\n<v A>two</v>\n\n00:01.000 --> 00:06.000\n<v B>one</v>\n",
        "WebVTT with voices\nB|1000-6000|one\nA|5000-9000|two",
    );
}

#[test]
fn two_recordings_in_one_file_are_not_shuffled() {
    check(
        "WEBVTT\n\n05:00.000 --> 05:01.000\n<v A>one</v>\n\n00:01.000 --> 00:02.000\n<v B>two</v>\n\n\
         00:03.000 --> 00:04.000\n<v A>three</v>\n",
        "WebVTT with voices\nA|300000-301000|one\nB|1000-2000|two\nA|3000-4000|three\n\
         warning 6: the times start again from the beginning; the order of the file is kept",
    );
    check(
        "WEBVTT\n\n05:00.000 --> 05:01.000\n<v A>two</v>\n\n00:01.000 --> 00:02.000\n<v B>one</v>\n",
        "WebVTT with voices\nB|1000-2000|one\nA|300000-301000|two",
    );
}

#[test]
fn damaged_times_keep_their_words() {
    check(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nHi.\n\n00:07.000 --> 00:1d.890\nTwo.\n\nxx:08 --> y:09\nThree.\n\n\
         00:09.000 --> 00:08.000\nFour.\n",
        "WebVTT\n?|1000-2000|Hi.\n?|7000-,7000-,9000-|Two. Three. Four.\n\
         warning 6: the time of a subtitle cannot be read; its words are placed after the subtitle before it (2 times)\n\
         warning 12: a subtitle ends before it starts; its end time is ignored",
    );
}

#[test]
fn a_cut_file_keeps_what_is_there() {
    let cue = "WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<v A>Hi.</v>\n\n";
    for end in ["2", "2\n00:0", "2\n00:03.000 --", "2\n00:03.000 -->", "2\n00:03.000 --> 00:04.000"]
    {
        let got = render(parse(&format!("{cue}{end}"), Format::Vtt));
        let line = if end == "2" { 7 } else { 8 };
        let expected = format!(
            "WebVTT with voices\nA|1000-2000|Hi.\nwarning {line}: the file ends in the middle of a subtitle"
        );
        assert_eq!(got, expected, "{end}");
    }
    check(
        &format!("{cue}2\n00:03.000 --> 00:04.000\n<v A>Well</"),
        "WebVTT with voices\nA|1000-2000,3000-4000|Hi. Well\nwarning 9: the file ends in the middle of a subtitle",
    );
}

#[test]
fn a_file_without_timed_words_says_why() {
    check("", "error the file is empty");
    check("WEBVTT\n", "error no speech was found in this file");
    check("WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "error no speech was found in this file");
    check("hello\n", "error the file does not start with `WEBVTT` and has no subtitles");
    check(
        "WEBVTT\n\nx0:aa --> b1:cc\nHi.\n",
        "error 3: the file has times, but no words that belong to a time",
    );
}

#[test]
fn numbers_blank_lines_and_commas_may_be_missing() {
    check_srt(
        "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>Hi</i>, it\nwas odd.\n2\n00:00:02.000 -> 00:00:03.5\n\
         <font color=\"#fff\">Yes.</font>\n\n00:00:03,500 --> 00:00:04,000\n7\n",
        "SubRip (SRT)\n?|1000-2000,2000-3500,3500-4000|Hi, it was odd. Yes. 7",
    );
}

#[test]
fn labels_come_in_several_styles() {
    let file = |a: &str, b: &str| {
        format!(
            "1\n00:01,000 --> 00:02,000\n{a} So?\n\n2\n00:02,000 --> 00:03,000\n{b} Hm.\n\n\
             3\n00:03,000 --> 00:04,000\n{a} Yes.\n"
        )
    };
    let expected = "SubRip (SRT)\nADA|1000-2000|So?\nBen|2000-3000|Hm.\nADA|3000-4000|Yes.";
    for (a, b) in [
        ("ADA:", "Ben:"),
        ("[ADA]", "[Ben]"),
        ("(ADA)", "(Ben)"),
        ("[ADA]:", "[Ben]:"),
        (">> ADA:", ">> Ben:"),
        ("- ADA:", "-Ben:"),
        ("&gt;&gt; ADA:", ">>Ben:"),
        ("ADA：", "Ben："),
    ] {
        check_srt(&file(a, b), expected);
    }
}

#[test]
fn several_speakers_may_share_a_cue() {
    check_srt(
        "1\n00:01,000 --> 00:02,000\nADA: So?\nBEN: No.\n\n2\n00:02,000 --> 00:03,000\nADA: Oh.\n\
         BEN: Well,\nyes.\n",
        "SubRip (SRT)\nADA|1000-2000|So?\nBEN|1000-2000|No.\nADA|2000-3000|Oh.\n\
         BEN|2000-3000|Well, yes.",
    );
}

#[test]
fn sounds_in_brackets_are_no_speakers() {
    check_srt(
        "1\n00:01,000 --> 00:02,000\n[Laughter] So?\n\n2\n00:02,000 --> 00:03,000\n[Laughter] No.\n",
        "SubRip (SRT)\n?|1000-2000,2000-3000|[Laughter] So? [Laughter] No.",
    );
}

#[test]
fn a_name_on_the_first_line_of_each_cue_is_who_speaks() {
    check_srt(
        "00:00:01 --> 00:00:02\nAda\nSo how?\n\n00:00:02 --> 00:00:03\nBen\nNo.\nNot at all.\n\n\
         00:00:03 --> 00:00:04\nAda\nOh.\n\n00:00:04 --> 00:00:05\nBen\nYes.\n",
        "SubRip (SRT)\nAda|1000-2000|So how?\nBen|2000-3000|No. Not at all.\n\
         Ada|3000-4000|Oh.\nBen|4000-5000|Yes.",
    );
}

#[test]
fn chevrons_alone_name_nobody() {
    check_srt(
        "1\n00:01,000 --> 00:02,000\n>> ADA: So?\n\n2\n00:02,000 --> 00:03,000\n>> ADA: No.\n\n\
         3\n00:03,000 --> 00:04,000\n>> Oh.\n",
        "SubRip (SRT)\nADA|1000-2000,2000-3000|So? No.\n?|3000-4000|Oh.",
    );
}

#[test]
fn a_lost_time_leaves_the_words_with_the_cue_before() {
    check_srt(
        "1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\nTwo.\n\n3\n00:00:03,000 --> 00:00:04,000\nThree.\n",
        "SubRip (SRT)\n?|1000-2000,3000-4000|One. 2 Two. Three.",
    );
}

#[test]
fn an_srt_file_without_timed_words_says_why() {
    check_srt("", "error the file is empty");
    check_srt("1", "error no speech was found in this file");
    let unaligned = "the file has times, but no words that belong to a time";
    check_srt("some text\n00:00:00,500 --> 00:00:07,000", &format!("error 2: {unaligned}"));
    check_srt("1\nsome text", &format!("error {unaligned}"));
}

#[test]
fn who_opens_under_the_full_name_is_named() {
    let cue =
        |n: usize, words: &str| format!("{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{words}\n\n");
    let said =
        ["Ada Quill: Hello.", "Ben Ash: So.", "Ada: Why?", "Ben: It was.", "Ada: Oh.", "Ben: Ja."];
    let file: String = (1..).zip(said).map(|(n, words)| cue(n, words)).collect();
    let read = render(parse(&file, Format::Srt));
    assert!(read.contains("Ada Quill|1000-1900|Hello.\nBen Ash|2000-2900|So.\nAda|"), "{read}");
}
