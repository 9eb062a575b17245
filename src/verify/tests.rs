use proptest::prelude::*;

use super::*;
use crate::answers::{Verdict, VerifiedQuote, VerifyAnswer};
use crate::base::{Diagnose as _, lines_cited};
use crate::codebook::checksum_of;
use crate::sources;

const P07: &str = "Interviewer: How was it?\n\
P07: Right. Well, it was — um — “odd” at first, I don't know, the faces. [laughs] And then it was easier to join from the kitchen.\n\
Interviewer: Mm.\n\
P07: No travel, no parking... and the dog asleep 👍🏽 under the table.\n\
Interviewer: Anything else?\n\
P07: I told them that I would rather stay at home in the dark months.\n";
const P08: &str = "Interviewer: How was it?\n\
P08: Siân Llŷr said the boys' room was cold, and so it was in the winter.\n\
Interviewer: And then?\n\
P08: We missed the corridor, the talk before and after, which is half of the work.\n\
Interviewer: Why?\n\
P08: I do not know why, it is what I said before.\n";

struct Made {
    ids: Vec<&'static str>,
    transcripts: Vec<Transcript>,
}

impl Made {
    fn new(texts: &[(&'static str, &str)]) -> Self {
        let read = |text: &str| sources::read(text.as_bytes(), "P.txt").unwrap();
        Self {
            ids: texts.iter().map(|(id, _)| *id).collect(),
            transcripts: texts.iter().map(|(_, text)| Transcript::new(read(text))).collect(),
        }
    }

    fn sources(&self) -> Vec<Source<'_>> {
        self.ids
            .iter()
            .zip(&self.transcripts)
            .map(|(id, transcript)| Source {
                id,
                checksum: checksum_of(&transcript.text),
                transcript,
                is_copy: false,
                speakers: transcript
                    .speakers
                    .iter()
                    .map(|speaker| {
                        let is_case = speaker.label.starts_with('P');
                        Who {
                            case: is_case.then(|| speaker.label.clone()),
                            group: is_case.then(|| {
                                if speaker.label == "P07" { "leaders" } else { "participants" }
                                    .to_owned()
                            }),
                            role: if is_case { "participant" } else { "interviewer" },
                        }
                    })
                    .collect(),
            })
            .collect()
    }
}

fn verified(report: &str, name: &str) -> VerifyAnswer {
    let made = Made::new(&[("leaders/P07", P07), ("participants/P08", P08)]);
    let paragraphs = paragraphs(report.as_bytes(), name).unwrap();
    verify(name, &paragraphs, &made.sources())
}

/// One line a quote: verdict, who, lines, differences, problems.
fn render(answer: &VerifyAnswer) -> String {
    let line = |quote: &VerifiedQuote| {
        let at = quote.at.as_ref().map_or_else(String::new, |at| {
            let who = at.case.clone().unwrap_or_else(|| at.speaker.clone());
            format!(" {who} {}", lines_cited(at.lines))
        });
        let mut parts = vec![format!("{}{at}", quote.verdict.name())];
        let differences = quote.differences.iter();
        parts.extend(differences.map(|d| format!("[{} / {}]", d.report, d.transcript)));
        parts.extend(quote.problems.iter().map(|problem| format!("!{problem}")));
        parts.join(" ")
    };
    answer.quotes.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(report: &str, expected: &str) {
    assert_eq!(render(&verified(report, "report.md")), expected, "\n--- report\n{report}");
}

#[test]
fn verbatim_quotes_are_found_whatever_the_typist_did_to_marks() {
    for report in [
        "She said “it was easier to join from the kitchen.” (P07)",
        "She said \"it was easier to\njoin from the kitchen\".",
        "«It was easier to join from the kitchen» (P07, line 2)",
        "„it was easier to join from the kitchen“",
        "‘It was easier to join from the kitchen,’ she said.",
        "> It was easier to join from the kitchen.",
        "> “it was easier to join from the kitchen”\n> — P07, leaders, line 2",
        "P07: “*it was easier to join* from the **kitchen**”",
    ] {
        check(report, "exact P07 line 2");
    }
    check("“it was -- um -- \"odd\" at first, I don’t know”", "exact P07 line 2");
    check("‘Siân Llŷr said the boys’ room was cold’ (P08)", "exact P08 line 2");
    check("“Sia\u{302}n Lly\u{302}r said the boys' room” (P08)", "exact P08 line 2");
    check("“and the dog asleep 👍🏽 under the table” (P07, line 4)", "exact P07 line 4");
}

#[test]
fn marks_of_what_is_left_out_or_put_in_are_no_alteration() {
    check("“it was […] easier to join from the kitchen” (P07)", "shortened P07 line 2");
    check("“Well, it was ... easier to join (…) from the kitchen”", "shortened P07 line 2");
    check("“from the kitchen. […] No travel, no parking”", "shortened P07 lines 2–4");
    check("“[I]t was easier to join from the kitchen”", "shortened P07 line 2");
    check("“I told [the group] that I would rather stay”", "shortened P07 line 6");
    // What stands in the transcript is no mark.
    check("“the faces. [laughs] And then it was”", "exact P07 line 2");
    check("“No travel, no parking... and the dog”", "exact P07 line 4");
    check("“no parking… and the dog […] under the table”", "shortened P07 line 4");
    // A gap does not reach over the order of the words.
    check(
        "“from the kitchen […] odd at first, I don't know”",
        "altered P07 line 2 [from the kitchen / it was um] [odd at / odd” at]",
    );
}

#[test]
fn an_alteration_is_shown_word_by_word() {
    check("“it was harder to join from the kitchen” (P07)", "altered P07 line 2 [harder / easier]");
    check("“it was easier to join the kitchen”", "altered P07 line 2 [ / from]");
    check("“it was so much easier to join from the kitchen”", "altered P07 line 2 [so much / ]");
    check(
        "“I do not know, why it is what I said”",
        "altered P08 line 6 [know, why / know why] [why it / why, it]",
    );
    check("“and the Dog asleep 👍🏽 under the table”", "altered P07 line 4 [Dog / dog]");
    check(
        "“and the dog asleep 👍 under the table”",
        "altered P07 line 4 [asleep 👍 under / asleep 👍🏽 under]",
    );
    // A listener's words are left out without a mark.
    check("“from the kitchen. No travel, no parking”", "altered P07 lines 2–4 [ / Mm]");
}

#[test]
fn what_nobody_says_is_unknown() {
    check("“the quarterly figures exceeded every forecast”", "not found");
    check("It was “odd” and “at first”, as they put it.", "");
}

#[test]
fn what_stands_beside_a_quote_must_fit() {
    check(
        "“it was easier to join from the kitchen” (P08)",
        "exact P07 line 2 !P07 said it, not P08",
    );
    check(
        "“it was easier to join from the kitchen” (P09, line 2)",
        "exact P07 line 2 !there is no participant `P09`",
    );
    check(
        "“it was easier to join from the kitchen” (P07, participants)",
        "exact P07 line 2 !the speaker is in the group leaders, not participants",
    );
    check(
        "“it was easier to join from the kitchen” (P07, lines 112–118)",
        "exact P07 line 2 !it is in line 2, not in lines 112–118",
    );
    check(
        "P08: “it was easier to join from the kitchen”",
        "exact P07 line 2 !P07 said it, not P08",
    );
    check(
        "“How was it? Right. Well, it was” (P07)",
        "exact Interviewer lines 1–2 !it joins words of several speakers: Interviewer and P07",
    );
    // Prose beside a quote is no claim.
    check("“it was easier to join from the kitchen”, which P08 denied", "exact P07 line 2");
}

#[test]
fn a_proof_finds_the_place_again() {
    let start = P07[..P07.find("No travel").unwrap()].chars().count();
    let end = P07[..P07.find(" under the").unwrap()].chars().count();
    let proof = format!("proof {}:{start}-{end}", &checksum_of(P07)[..8]);
    check(&format!("“No travel, no parking” (P07; {proof})"), "exact P07 line 4");
    check(
        &format!("“Right. Well, it was” (P07; {proof})"),
        "exact P07 line 2 !its reference is for another place, in leaders/P07",
    );
    // Whoever marked it began and ended within a word: nothing but the proof tells so.
    let proof_of = |start: usize, end: usize| {
        format!("proof {}:{}-{}", &checksum_of(P07)[..8], start + 1, end - 3)
    };
    let cut: String = P07.chars().skip(start + 1).take(end - 3 - start - 1).collect();
    check(&format!("“{cut}” (P07; {})", proof_of(start, end)), "exact P07 line 4");
    // Half of the words are others; only the proof says what it was.
    check(
        &format!("“No trains, no queues... and the dog barking at a table” (P07; {proof})"),
        "altered P07 line 4 [trains / travel] [queues / parking] [barking at a / asleep under the]",
    );
}

#[test]
fn one_report_in_every_format() {
    let html = "<!DOCTYPE html><title>“the title is no quote of anybody”</title><style>p{content:\"not a quote of anybody\"}</style>\
        <p>She said &ldquo;it was <em>harder</em> to join<br>from the kitchen&rdquo; (P07)</p>\
        <blockquote>We missed the corridor, the talk<!-- ” --> before and after &amp; (P08)</blockquote><p class=\"a>b\"><q>I do not know why</q>";
    assert_eq!(
        render(&verified(html, "report.html")),
        "not found\naltered P07 line 2 [harder / easier]\nexact P08 line 4\nexact P08 line 6"
    );
    let csv = "id,Quote,case,first_line,last_line\r\n1,\"it was easier to join\",P07,2,2\r\n2,'-- um -- “odd” at first,P08,2,2\r\n3,\"I do not know why, it isn't\",P08,6,6\r\n";
    assert_eq!(
        render(&verified(csv, "quotes.csv")),
        "exact P07 line 2\nexact P07 line 2 !P07 said it, not P08\naltered P08 line 6 [isn't / is]"
    );
    // As a spreadsheet saves it where a comma parts decimals; rows keep their numbers.
    let saved = "sep=;\nQuote, verbatim;Quote;case\n;;\n;it was easier to join;P07\n";
    let answer = verified(saved, "quotes.csv");
    assert_eq!(
        (render(&answer).as_str(), answer.quotes[0].place.as_str()),
        ("exact P07 line 2", "row 3")
    );
    let json = r#"{"quotes": [{"transcript": "leaders/P07", "case": "P08", "lines": [2, 2], "text": "easier to join"}]}"#;
    assert_eq!(render(&verified(json, "r.json")), "exact P07 line 2 !P07 said it, not P08");
}

/// Each paragraph with its place, `>` before a block quote.
fn read(text: &str, name: &str) -> String {
    let shown = paragraphs(text.as_bytes(), name).unwrap().into_iter().map(|paragraph| {
        let mark = if paragraph.kind == ParagraphKind::Block { "> " } else { "" };
        format!("{}: {mark}{:?}", paragraph.place, paragraph.text)
    });
    shown.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_page_is_read_as_browsers_show_it() {
    let page = "<!DOCTYPE html>\r\n<title>A &lt;b&gt;</title>\n<style>p > q {}</style>\n<script>\"</p>\" + '<p>';</script>\n\
        <template><p>unseen</p></template>\n<p class='a>b'>\n  first\nsecond<br>third &hearts; &amp R&D\n<blockquote>\n\
        <p>said<!-- ” --> so</p>\n</blockquote>\n<pre>a\nb</pre> 5 < 6 <q>quoted</q>";
    assert_eq!(
        read(page, "r.html"),
        "line 2: \"A <b>\"\n\
         line 7: \"first second\\nthird ♥ & R&D\"\n\
         line 10: > \"said so\"\n\
         line 12: \"a\\nb\"\n\
         line 13: \"5 < 6 “quoted”\""
    );
}

#[test]
fn markdown_is_read_as_it_is_shown() {
    let text = "Heading\n---\n\n## Two *words*\n- one\n- two\n  lines\n\n> “said” [P07](#p07)\n>\n> (P07, line\\_3)\nlazy &amp; on\n\n\
                | quote | who |\n| --- | --- |\n| “so `it` was” | P07 |\n\nfirst_line and 2 \\* 3\n";
    assert_eq!(
        read(text, "r.md"),
        "line 1: \"Heading\"\n\
         line 4: \"Two words\"\n\
         line 5: \"one\"\n\
         line 6: \"two\\nlines\"\n\
         line 9: > \"“said” P07\"\n\
         line 11: > \"(P07, line_3)\\nlazy & on\"\n\
         line 14: \"quote | who | \"\n\
         line 16: \"“so it was” | P07 | \"\n\
         line 18: \"first_line and 2 * 3\""
    );
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let error = |bytes: &[u8], name: &str| paragraphs(bytes, name).unwrap_err().diagnostic().text();
    assert_eq!(
        error(b"x", "report.doc"),
        "reports of this kind cannot be read\n  hint: save it as .docx, .odt, .rtf, .pdf, .html, .md, .txt, .xlsx, .csv or .json"
    );
    assert_eq!(
        error(b"a,b\n1,2\n", "q.csv"),
        "the table has no column with quotes; its columns are `a`, `b`\n  hint: call the column `quote`"
    );
    assert_eq!(error(b"{\n]", "q.json"), "line 2: it is not JSON\n  hint: save the report again");
    assert!(error(b"PK\x03\x04", "q.docx").starts_with("the report cannot be read: "));
}

#[test]
fn a_study_without_words_knows_nothing() {
    let answer =
        verify("r.md", &paragraphs("“one two three four five”".as_bytes(), "r.md").unwrap(), &[]);
    assert_eq!(render(&answer), "not found");
}

#[test]
fn common_words_still_lead_to_the_place() {
    // Every word is said hundreds of times; only together do they tell a place.
    let mut text = String::new();
    for n in 0..400_usize {
        let words = ["so", "it", "was", "not", "like", "that", "and", "we", "did"];
        let said: Vec<&str> = (0..12).map(|at| words[(n * n + at * (n % 7 + 2)) % 9]).collect();
        text.push_str("Interviewer: And?\nP07: ");
        text.push_str(&said.join(" "));
        text.push_str(".\n");
    }
    text.push_str(
        "Interviewer: And?\nP07: so we did not like it and that was that, was it not so.\n",
    );
    let made = Made::new(&[("P07", &text)]);
    let paragraph = Paragraph {
        place: String::new(),
        text: "so we did not hate it and that was that, was it not so".to_owned(),
        kind: ParagraphKind::Cell(String::new()),
    };
    let answer = verify("", &[paragraph], &made.sources());
    assert_eq!(render(&answer), "altered P07 line 802 [hate / like]");
}

proptest! {
    #[test]
    fn any_stretch_of_a_turn_is_exact(turn in 0..6_usize, from in 0..20_usize, n in 4..12_usize) {
        let made = Made::new(&[("leaders/P07", P07), ("participants/P08", P08)]);
        let transcript = &made.transcripts[turn % 2];
        let said = transcript.turns[2 * (turn / 2) + 1].span.of(&transcript.text);
        let words = words::words(said);
        let from = from.min(words.len().saturating_sub(4));
        let to = (from + n).min(words.len());
        let text = &said[words[from].start..words[to - 1].end];
        let paragraph = Paragraph { place: String::new(), text: text.to_owned(), kind: ParagraphKind::Cell(String::new()) };
        let answer = verify("", &[paragraph], &made.sources());
        prop_assert_eq!(answer.quotes[0].verdict, Verdict::Exact);
    }

    #[test]
    fn no_report_panics(text in "[a-z“”‘’\"'«»„\\[\\](){}….,:\\\\*_<>&;#|👍\u{301}\n -]{0,200}") {
        for name in ["r.md", "r.html", "r.txt", "r.csv", "r.json"] {
            if let Ok(paragraphs) = paragraphs(text.as_bytes(), name) {
                let made = Made::new(&[("P07", P07)]);
                verify(name, &paragraphs, &made.sources());
            }
        }
    }
}

#[test]
fn beside_who_asks_a_name_is_the_transcripts() {
    let p07 = P07.replace("How was it?", "How was it when you began?");
    let made = Made::new(&[("leaders/P07", &p07), ("participants/P08", P08)]);
    for (said, expected) in [
        ("Interviewer, interviewer, leaders/P07, line 1", "exact Interviewer line 1"),
        ("Interviewer, P07, line 1", "exact Interviewer line 1"),
        ("P07, line 1", "exact Interviewer line 1 !no participant said it, not P07"),
        (
            "Interviewer, P08, line 1",
            "exact Interviewer line 1 !it is in leaders/P07, not in participants/P08",
        ),
    ] {
        let report = format!("“How was it when you began?” ({said})");
        let paragraphs = paragraphs(report.as_bytes(), "r.md").unwrap();
        assert_eq!(render(&verify("r.md", &paragraphs, &made.sources())), expected, "{said}");
    }
}

#[test]
fn a_label_alone_names_whom_the_study_knows_by_transcript_and_label() {
    let text = "Pia: I moved into the flat by the harbour that year.\nPeter: Widowed.\nPia: Yes.\nPeter: Long ago.\n";
    let made = Made::new(&[("a", text)]);
    let mut sources = made.sources();
    for who in &mut sources[0].speakers {
        who.case = who.case.as_ref().map(|label| format!("a/{label}"));
    }
    let report = "One line.\n\
        “I moved into the flat by the harbour that year” (Peter, line 1)\n\
        “I moved into the flat by the harbour that year” (Pia, line 1)\n";
    let paragraphs = paragraphs(report.as_bytes(), "r.txt").unwrap();
    let answer = verify("r.txt", &paragraphs, &sources);
    let shown: Vec<(&str, &[String])> = answer
        .quotes
        .iter()
        .map(|quote| (quote.place.as_str(), quote.problems.as_slice()))
        .collect();
    let other = ["a/Pia said it, not a/Peter".to_owned()];
    assert_eq!(shown, [("line 2", &other[..]), ("line 3", &[][..])]);
}
