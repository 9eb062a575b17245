//! Finds what stands between the turns and is nobody's: lines of the interview guide.
//!
//! Lines come in whose speakers are known; headings and questions of the guide come out
//! as no speech:
//!
//! ```text
//! 2. What does the garden mean to you?     numbers that grow
//! WHAT DOES THE GARDEN MEAN TO YOU?        capitals
//! TOPIC 2: The garden                      the word for a part
//! Question 2. What does it mean to you?    a word before the number
//! What does the garden mean to you?        a paragraph, where hardly anybody else asks
//! I: So, the garden.                       somebody's turn comes next
//! ```
//!
//! Each stands before a turn and comes more than once. They are told, since a line of
//! somebody's answer may look the same. So are remarks in round brackets on lines of their
//! own:
//!
//! ```text
//! (The participant reads the screen.)
//! **The second half**                      emphasised as a whole, and no sentence
//! ![The garden](garden.jpg)
//! ## Translator's note                     with what stands below, down to the next turn
//! This interview was edited for length.    below the last turn: told
//! ```

use std::collections::BTreeMap;

use super::questions::emphasised;
use super::speakers::Speakers;
use crate::base::{Diagnostic, Remedy, count, words_in};
use crate::labels::asking::QUESTION;
use crate::labels::heads::{Head, Kind};
use crate::labels::{
    Part, bare_words, is_aside, is_field, is_loud, is_part_of_talk, part_in, part_of,
};
use crate::lines::numbered::heads_interview;
use crate::lines::{Content, ENDED, Line, TALKING, runs};

/// The most words of a line of the guide.
const MAX_WORDS: usize = 40;
/// The fewest paragraphs that ask, and nothing more, which are nobody's.
const MIN_BARE: usize = 3;
/// The fewest words in capitals that are no exclamation.
const MIN_LOUD: usize = 2;

/// Makes lines of the guide between the turns no speech.
pub(super) fn silence_guide(
    text: &str,
    lines: &mut [Line<'_>],
    speakers: &Speakers,
) -> Option<Diagnostic> {
    let is_turn = |line: &Line<'_>| speakers.open(line);
    let mut known: BTreeMap<&str, bool> = BTreeMap::new();
    for head in lines.iter().filter_map(Line::head) {
        let asks = || part_in(&head.label.to_lowercase()) == Some(Part::Asks);
        known.entry(head.label).or_insert_with(asks);
    }
    let asks = |line: &Line<'_>| line.head().is_some_and(|head| known[head.label]);
    let has_asker = lines.iter().any(|line| is_turn(line) && asks(line));
    let mut found: [Vec<usize>; 4] = Default::default();
    let mut number = 0;
    let is_empty = |at: usize| lines.get(at).is_none_or(Line::is_empty);
    let all_asking = lines.iter().filter(|line| line.is_said() && asks_somebody(line.words(text)));
    let n_asking = all_asking.count();
    // Whose label stands on a line of its own speaks below it.
    let mut waits = false;
    for at in 0..lines.len() {
        let line = &lines[at];
        let words = line.words(text);
        if is_turn(line) {
            waits = line.head().is_some_and(|head| !has_letters(text, head.words, line.end));
            continue;
        }
        let is_first = line.is_said() && std::mem::take(&mut waits);
        let is_said = line.is_said() && !is_first;
        if !is_said || line.is_heading || words.split_whitespace().nth(MAX_WORDS).is_some() {
            continue;
        }
        // Below it somebody begins to speak: who asks, where that is known.
        let next = lines[at + 1..].iter().find(|line| !matches!(line.content, Content::Blank));
        let is_next_asked = |line: &Line<'_>| !has_asker || is_question(words) || asks(line);
        if !next.is_some_and(|line| is_turn(line) && is_next_asked(line)) {
            continue;
        }
        let is_part = line.colon().is_some_and(|head| is_part_of_talk(head.label));
        // The last of a list is somebody's.
        let above = at.checked_sub(1).map(|at| &lines[at]).filter(|line| !is_turn(line));
        let above = above.map_or("", |line| line.words(text));
        let is_next = number_of(words).filter(|&n| n > number && number_of(above).is_none());
        if is_part {
            found[0].push(at);
        } else if let Some(n) = is_next {
            number = n;
            found[1].push(at);
        } else if is_loud_line(words) {
            found[2].push(at);
        } else if asks_somebody(words) && at.checked_sub(1).is_none_or(is_empty) && is_empty(at + 1)
        {
            found[3].push(at);
        }
    }
    // Whoever asks elsewhere may ask in a paragraph too.
    let n_bare = found[3].len();
    if n_bare < MIN_BARE || (n_asking - n_bare) * MIN_BARE > n_bare {
        found[3].clear();
    }
    let mut taken: Vec<usize> =
        found.into_iter().filter(|places| places.len() > 1).flatten().collect();
    taken.sort_unstable();
    let first = lines[*taken.first()?].number;
    for &at in &taken {
        lines[at].silence(Content::Pause);
    }
    let n = taken.len();
    Some(
        Diagnostic::new(format!(
            "{n} lines between the turns look like headings or questions of the guide"
        ))
        .on_line(first)
        .with(Remedy::new(
            "they are not read as speech; if they were spoken, put `Name:` before them",
        )),
    )
}

/// Of all words, the share up to which lines in brackets are remarks; translations are more.
const REMARKS: f64 = 0.1;
/// Fewer words in brackets, `(laughs)`, are counted with the talk as they are elsewhere.
const REMARK_WORDS: usize = 3;

/// Makes remarks in brackets on lines of their own no speech: `(She reads.)`, `[End of tape 1]`.
pub(super) fn silence_remarks(
    text: &str,
    lines: &mut [Line<'_>],
    speakers: &Speakers,
) -> Option<Diagnostic> {
    let words = |line: &Line<'_>| line.words(text);
    let is_remark = |line: &Line<'_>| {
        let inside = ["()", "[]"].iter().find_map(|signs| {
            let (open, close) = signs.split_at(1);
            let it = words(line).strip_prefix(open)?;
            let it = it.strip_suffix('.').unwrap_or(it).strip_suffix(close)?;
            Some(it).filter(|it| !it.contains(open) && !it.contains(close))
        });
        line.is_said()
            && !speakers.open(line)
            && inside.is_some_and(|inside| words_in(inside) >= REMARK_WORDS)
    };
    let found: Vec<usize> = (0..lines.len()).filter(|&at| is_remark(&lines[at])).collect();
    let first = lines[*found.first()?].number;
    let all: usize = lines.iter().map(|line| words_in(words(line))).sum();
    let n_words: usize = found.iter().map(|&at| words_in(words(&lines[at]))).sum();
    let n_lines = count(found.len() as u64, "line");
    if n_words as f64 > REMARKS * all as f64 {
        // So many are no remarks; they may say all again in another language.
        let problem = format!("{n_lines} in brackets read as speech, {n_words} words");
        let hint = "if they translate or describe what is said, remove them, or it counts twice";
        return Some(Diagnostic::new(problem).on_line(first).with(Remedy::new(hint)));
    }
    for &at in &found {
        lines[at].silence(Content::Pause);
    }
    Some(
        Diagnostic::new(format!("{n_lines} in brackets not read as speech"))
            .on_line(first)
            .with(Remedy::new("if they were spoken, take the brackets away")),
    )
}

/// The most words of a heading in bold or italics.
const HEADING_WORDS: usize = 12;

/// Makes headings in bold or italics and pictures between the turns no speech, and what stands
/// below the heading of a note or summary, which somebody else wrote.
pub(super) fn silence_set_apart(
    text: &str,
    lines: &mut [Line<'_>],
    speakers: &Speakers,
) -> Option<Diagnostic> {
    if speakers.kind == Kind::Heading {
        return None;
    }
    let is_blank = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_none_or(Line::is_empty);
    let mut found: Vec<usize> = Vec::new();
    let (mut has_begun, mut is_note, mut waits) = (false, false, false);
    for (at, line) in lines.iter().enumerate() {
        let words = line.words(text);
        if speakers.open(line) {
            (has_begun, is_note) = (true, false);
            // Whose label stands on a line of its own speaks below it.
            waits = line.head().is_some_and(|head| !has_letters(text, head.words, line.end));
            continue;
        }
        let is_said = line.is_said();
        if is_said && std::mem::take(&mut waits) {
            continue;
        }
        let is_alone = is_blank(at.checked_sub(1)) && is_blank(Some(at + 1));
        let title = match emphasised(words, 0) {
            _ if line.is_heading => Some(words.trim_start_matches('#')),
            Some((from, to, next)) if is_alone && is_said && next == words.len() => {
                Some(&words[from..to]).filter(|title| is_title(title))
            }
            _ => None,
        };
        let is_picture = is_alone && words.starts_with("![") && words.ends_with(')');
        if let Some(title) = title {
            is_note = is_aside(title.trim_matches(|c: char| c.is_whitespace() || c == ':'));
        }
        if has_begun && is_said && (is_note || is_picture || title.is_some()) {
            found.push(at);
        }
    }
    found.extend(fields_between(text, lines, speakers));
    found.sort_unstable();
    found.dedup();
    let first = lines[*found.first()?].number;
    let n_words: usize = found.iter().map(|&at| words_in(lines[at].words(text))).sum();
    for &at in &found {
        lines[at].silence(Content::Stop);
    }
    let problem = format!(
        "{n_words} words of headings, pictures and notes between the turns are not read as speech"
    );
    Some(
        Diagnostic::new(problem)
            .on_line(first)
            .with(Remedy::new("if they were spoken, put `Name:` before them")),
    )
}

/// The fewest turns, or headings above turns, that tell how a file is laid out.
const USUAL: usize = 6;
const USUAL_HEADINGS: usize = 2;

/// Tells of what may stand below the talk, and is read as the last speaker's: what follows a
/// heading with no turn below it, where all others have one; or the only paragraph that goes on
/// a turn, if it is the last, speaks of an interview, and has no word by which somebody talks.
pub(super) fn tell_of_tail(
    text: &str,
    lines: &[Line<'_>],
    speakers: &Speakers,
) -> Option<Diagnostic> {
    let turns: Vec<usize> = (0..lines.len()).filter(|&at| speakers.open(&lines[at])).collect();
    let (first, last) = (*turns.first()?, *turns.last()?);
    let is_said = |at: &usize| lines[*at].is_said() || speakers.open(&lines[*at]);
    let is_heading = |at: &usize| lines[*at].is_heading && !speakers.open(&lines[*at]);
    let leads_to_turn = |at: usize| {
        (at + 1..lines.len()).find(is_said).is_some_and(|next| speakers.open(&lines[next]))
    };
    let above: Vec<usize> = (first..last).filter(is_heading).collect();
    let are_usual =
        above.len() >= USUAL_HEADINGS && above.iter().all(|&heading| leads_to_turn(heading));
    let heading = (last..lines.len()).find(is_heading).filter(|_| are_usual);
    let from = heading.or_else(|| {
        // A paragraph that goes on a turn stands below a blank line.
        let goes_on = |at: &usize| {
            *at > first
                && lines[*at].is_said()
                && !speakers.open(&lines[*at])
                && lines[at - 1].is_empty()
        };
        let mut more = (first..lines.len()).filter(goes_on);
        let only = more.next().filter(|&at| at > last && more.next().is_none())?;
        let folded = lines[only..].iter().map(|line| line.words(text)).collect::<Vec<_>>();
        let folded = folded.join(" ").to_lowercase();
        let words = || bare_words(&folded);
        // `interview`, and no `interviewee`.
        let is_of_interview = words().any(|word| {
            let begins = |start: &&str| word.starts_with(start);
            ENDED.contains(&word) || (ENDED.iter().any(begins) && part_of(word).is_none())
        });
        let is_talk = words().any(|word| TALKING.contains(&word)) || folded.contains('?');
        (turns.len() >= USUAL && is_of_interview && !is_talk).then_some(only)
    })?;
    let below = || lines[from..].iter().filter(|line| line.is_said() && !line.is_heading);
    let n_words: usize = below().map(|line| words_in(line.words(text))).sum();
    below().next().map(|first| {
        let problem = format!("the last {n_words} words may be a note, and are read as speech");
        Diagnostic::new(problem)
            .on_line(first.number)
            .with(Remedy::new("if nobody said them, take them out of the file"))
    })
}

/// The lines of heads of further sessions, `Interview 2` and `Date: 10 May 2019`: paragraphs
/// between turns of fields alone, with a number in one of them.
fn fields_between(text: &str, lines: &[Line<'_>], speakers: &Speakers) -> Vec<usize> {
    let is_turn = |line: &Line<'_>| speakers.open(line);
    let mut found = Vec::new();
    let paragraphs = runs(lines, |line| !line.is_empty());
    for paragraph in paragraphs.into_iter().filter(|it| lines[..it.start].iter().any(is_turn)) {
        let is_head = |line: &Line<'_>| {
            let is_field = |head: &Head<'_>| is_field(head.label) && !is_aside(head.label);
            let words = line.words(text);
            words_in(words) <= HEADING_WORDS
                && !words.ends_with(['.', '?', '!'])
                && !is_turn(line)
                && (line.colon().as_ref().is_some_and(is_field) || heads_interview(words).is_some())
        };
        let of = &lines[paragraph.clone()];
        let said = of.iter().filter(|line| line.is_said());
        let is_next = |line: &&Line<'_>| line.is_said();
        let next = lines[paragraph.end..].iter().find(is_next);
        // Who says `like this:` goes on.
        let above = lines[..paragraph.start].iter().rfind(|line| !line.is_empty());
        let leads_on = above.is_some_and(|line| line.words(text).ends_with([':', ',']));
        if said.clone().count() > 0
            && !leads_on
            && said.clone().all(is_head)
            && of.iter().any(|line| line.words(text).contains(|c: char| c.is_ascii_digit()))
            && next.is_some_and(|line| is_turn(line) || is_head(line))
        {
            found.extend(paragraph.filter(|&at| lines[at].is_said()));
        }
    }
    found
}

/// Whether emphasised words are a title and nothing that somebody stresses.
fn is_title(words: &str) -> bool {
    let ends = |c: char| ".?!…,;\"”».。？！".contains(c);
    !words.trim_end().ends_with(ends)
        && !words.starts_with(char::is_lowercase)
        && words.contains(char::is_alphabetic)
        && words_in(words) <= HEADING_WORDS
}

/// Whether anything is said between two places of a text.
fn has_letters(text: &str, from: usize, to: usize) -> bool {
    text[from.min(to)..to].contains(char::is_alphanumeric)
}

/// Whether words end as a question does.
fn asks_somebody(words: &str) -> bool {
    words.trim_end_matches(['*', '_', '"', '”', '»', ')']).ends_with(['?', '？', '؟'])
}

/// The word that may stand before a number at the beginning of a line: `Question 2.`, `Q2.`
fn counting_word(words: &str) -> Option<&str> {
    let end = words.find(|c: char| !c.is_alphabetic())?;
    let is_before_number =
        words[end..].trim_start_matches(' ').starts_with(|c: char| c.is_ascii_digit());
    (words.starts_with(char::is_uppercase) && is_before_number).then(|| &words[..end])
}

/// Whether a line is called a question and has a number.
fn is_question(words: &str) -> bool {
    let bare = words.trim_start_matches(['*', '_']);
    let word = counting_word(bare).map(str::to_lowercase);
    word.is_some_and(|word| QUESTION.contains(&word.as_str())) && number_of(words).is_some()
}

/// The number that a line begins with: `2.`, `3)`, `Question 2:`
fn number_of(words: &str) -> Option<u32> {
    let words = words.trim_start_matches(['*', '_']);
    let word = counting_word(words).unwrap_or_default();
    let words = words[word.len()..].trim_start();
    let len = words.bytes().take_while(u8::is_ascii_digit).count();
    let ends = words[len..].chars().next();
    let is_end = |c: char| matches!(c, ')' | '.') || (c == ':' && !word.is_empty());
    let is_number = (1..=2).contains(&len) && ends.is_some_and(is_end);
    words[..len].parse().ok().filter(|_| is_number && words[len + 1..].starts_with(' '))
}

/// Whether words are all in capitals.
fn is_loud_line(words: &str) -> bool {
    let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    !words.starts_with(['[', '('])
        && is_loud(words)
        && words.split_whitespace().filter(is_word).count() >= MIN_LOUD
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;

    #[test]
    fn lines_of_the_guide_between_turns_are_nobodys() {
        let asked = |line: &str| format!("{line}\nInterviewer: So?\nAda: It was wet.\n");
        for guide in [
            ["TOPIC 1: The plot", "TOPIC 2: The people"],
            ["1. What is the plot to you?", "2. Who comes?"],
            ["WHAT IS THE PLOT TO YOU?", "WHO COMES TO THE PLOT?"],
            ["Question 1. What is the plot to you?", "Question 2. Who comes?"],
            ["Q1. What is the plot to you?", "Q2. Who comes?"],
        ] {
            let text = asked("Interviewer: Well.") + &guide.map(asked).concat();
            let read = shown(&text, false);
            assert_eq!(read.matches("Ada||It was wet.\n").count(), 3, "{read}");
            assert!(read.contains("!4 2 lines between the turns look like"), "{read}");
        }
    }

    #[test]
    fn questions_between_the_turns_of_a_group_are_nobodys() {
        let round = |question: &str| format!("{question}\n\nAda: It was wet.\n\nBen: So.\n\n");
        let bare = ["What is the plot to you?", "Who comes?", "And in winter?"].map(round).concat();
        let read = shown(&bare, false);
        assert_eq!(read.matches("Ben||So.\n").count(), 3, "{read}");
        assert!(read.contains("!1 3 lines between the turns look like"), "{read}");
        // Though a moderator says a word too.
        for sign in ["Question #.", "Question #:", "Q#."] {
            let counted = |n: &str| round(&format!("{} Why?", sign.replace('#', n)));
            let text = ["1", "2", "3"].map(counted).concat() + "Moderator: Thank you.\n";
            let read = shown(&text, false);
            assert_eq!(read.matches("Ben||So.\n").count(), 3, "{read}");
            let text = text.replace("\n\n", "\n").replace("Ada:", "P1:").replace("Ben:", "P2:");
            assert_eq!(shown(&text, false).matches("P2||So.\n").count(), 3);
        }
        // Who asks asks in paragraphs, too, and below a label of its own line.
        let asked = "Ada: So.\n\nAnd how was it?\n\nBen: Wet.\n\nAda: Was it?\n\nBen: Yes.\n\n";
        assert!(!shown(&asked.repeat(4), false).contains("look like headings"));
        let below = "Ada:\n\nHow was it?\n\nBen:\n\n1. Wet.\n\n".repeat(4);
        assert_eq!(shown(&below, false).matches("Ada||How was it?\n").count(), 4);
    }

    #[test]
    fn what_may_stand_below_the_talk_is_told_and_lost_nowhere() {
        let talk = "Q: Why?\n\nAda: It was wet.\n\n";
        let text = talk.repeat(4) + "This interview was edited for length and clarity.\n";
        let read = shown(&text, false);
        assert!(
            read.ends_with(
                "This interview was edited for length and clarity.\n\
                 !17 the last 8 words may be a note, and are read as speech\n"
            ),
            "{read}"
        );
        // Who talks goes on.
        let text = talk.repeat(4) + "That is all I say of it in an interview.\n";
        assert!(shown(&text, false).contains("Ada||It was wet.//That is all"));
        let part = |n: usize| format!("## Part {n}\n\n{talk}");
        let text =
            (1..4).map(part).collect::<String>() + "## Zeittafel\n\n- 1954 born\n- 1975 moved\n";
        let read = shown(&text, true);
        assert!(read.contains("1954") && read.contains("the last 6 words may be"), "{read}");
    }

    #[test]
    fn lines_in_brackets_that_may_say_all_again_are_told() {
        let turn = "INT: Wie war es denn dort?\n     (What was it like there?)\nAda: Nass war es.\n     \
            (It was very wet.)\n";
        let read = shown(&turn.repeat(4), false);
        assert!(read.contains("!2 8 lines in brackets read as speech"), "{read}");
    }

    #[test]
    fn remarks_in_brackets_between_the_turns_are_nobodys() {
        let turn = "Interviewer: And what was it like there?\nAda: It was wet, and we went in.\n";
        let text = turn.repeat(8)
            + "(Ada reads the letter.)\n[End of tape 1, side A]\nAda: So that is what it says.\n(laughs)\n";
        let read = shown(&text, false);
        assert!(!read.contains("reads the letter") && read.contains("says./(laughs)"), "{read}");
        assert!(read.contains("!17 2 lines in brackets not read as speech"), "{read}");
        // A translation of each turn.
        let text =
            "I: Oedd hi'n oer?\n(Was it cold there?)\nAda: Oedd.\n(Yes, it was.)\n".repeat(3);
        assert!(shown(&text, false).contains("(Yes, it was.)"));
    }

    #[test]
    fn headings_pictures_and_notes_between_the_turns_are_nobodys_and_told() {
        let turns = "**Interviewer:** How was it?\n\n**Ada:** It was wet.\n\n";
        let read = |between: &str| {
            let read = shown(&format!("{turns}{turns}{between}\n\n{turns}"), true);
            let told = read.contains("between the turns are not read as speech");
            (read.matches("Ada||It was wet.\n").count(), told)
        };
        for between in [
            "**The second half**",
            "***After the war***",
            "__Part two__",
            "![A photo of the garden](./a.jpg)",
            "**Translator's note**\n\nShe uses a proverb here.\n\nNobody knows it.",
            "## Interviewer's summary\n\nShe was tired.\n\nWe stopped for tea.",
        ] {
            assert_eq!(read(between), (3, true), "{between}");
        }
        let read =
            shown(&"**Interviewer:**\n\n*Go on*\n\n**Ada:**\n\nIt was wet.\n\n".repeat(3), true);
        assert!(read.contains("Go on") && !read.contains("not read as speech"), "{read}");
        // What somebody stresses, and what goes on below a heading, is said.
        for said in ["**I could not believe it.**", "**never again**"] {
            let read = shown(&format!("{turns}{said}\n\n{turns}"), true);
            assert!(read.contains(said) && !read.contains("not read as speech"), "{read}");
        }
        let read = shown(&format!("{turns}## Later\n\nIt was dry.\n\n{turns}"), true);
        assert!(read.contains("Ada||It was dry.") && !read.contains("Later"), "{read}");
    }

    #[test]
    fn the_head_of_a_further_session_is_nobodys_and_told() {
        let talk = "Hale: Where was it?\nMoss: At the lock gates.\n".repeat(3);
        for head in [
            "DATE: 10 May 2019\nLOCATION: Moss's kitchen",
            "DATE: 10 August 1991 LOCATION: the kitchen",
            "Interview 2\nDate: 10 May 2019",
        ] {
            let read = shown(&format!("{talk}\n{head}\n\n{talk}"), false);
            assert!(read.contains("gates.\nHale|") && read.contains("!8 "), "{read}");
        }
        // Who says `like this:` goes on.
        let led = "Hale: Where was it?\nMoss: In my book, like this:\n";
        let text = format!("{talk}{led}\nDate: 12 May 1962\n\n{talk}");
        assert!(shown(&text, false).contains("12 May 1962"));
        // What somebody notes is said.
        let read = shown(&format!("{talk}\nNote: it was in 1962.\n\n{talk}"), false);
        assert!(read.contains("it was in 1962."), "{read}");
    }

    #[test]
    fn lines_of_an_answer_are_somebodys() {
        // Nobody asks after them, or they come once.
        for answer in ["1. bread\n2. milk", "NO WAY NOT AGAIN", "TOPIC 1: bread"] {
            let text = format!("Interviewer: What?\nAda: This:\n{answer}\nBen: Oh.\n").repeat(3);
            let last = answer.split('\n').next_back().unwrap_or_default();
            assert!(shown(&text, false).contains(last), "{answer}");
        }
        let item = |n: usize| format!("{n}. bread\n");
        let list = |n: usize| {
            format!(
                "Interviewer: What?\nAda: This:\n{}",
                (1..=n).map(item).collect::<Vec<_>>().concat()
            )
        };
        let text = [3, 4, 5].map(list).concat() + "Interviewer: Oh.\n";
        assert!(shown(&text, false).contains("4. bread/5. bread"));
        let text =
            "Interviewer: What?\nAda: I said\nNO WAY NOT AGAIN\nInterviewer: Oh.\nAda: Yes.\n";
        assert!(shown(text, false).contains("NO WAY NOT AGAIN"));
    }
}
