//! Finds questions that nothing labels but their type: a heading, emphasis, a number.
//!
//! Lines come in; where they are set apart so, the same lines come out with their
//! questions known:
//!
//! ```text
//! ## How was it?      the answer below; also ## Question 3: How was it?
//! **How was it?**     also _How was it?_ and **How was it?** So it was.
//! Question 3: words   also Frage 3. words
//! 3. How was it?      the answer on the next line
//! — How was it?       also – and -; whoever says every second dash asks
//! — So it was.
//! ――How was it?       two dashes before each question, and none before an answer
//! How was it?             a paragraph; every second one asks (see `paragraphs`)
//! ```
//!
//! A mark is believed only where nearly all that bears it asks, little else asks, and
//! an answer follows nearly every time. What asks is whose label is [`ASKER`]; all else
//! from the first question on is one person's.

use super::paragraphs::{Address, Found, Paragraph, asking, asks};
use super::speakers::Speakers;
use crate::base::{Diagnostic, Remedy, count, words_in};
use crate::documents::Type;
use crate::labels::asking::QUESTION;
use crate::labels::heads::{is_blank, skip_emphasis};
use crate::labels::{is_name, is_role};
use crate::lines::{Content, Line, is_in_capitals};
use crate::text::Declared;

/// The label of who asks where the file has none.
pub const ASKER: &str = "Question";
/// From how many words on a line that bears the mark and asks nothing is told.
const TITLE_WORDS: usize = 4;

/// How questions are set apart from answers, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Heading,
    Word,
    Type(Type),
    Number,
    Dash,
    Paragraph,
}

/// What stands on a line that bears a mark.
#[derive(Debug, Clone, Copy)]
struct Marked {
    at: usize,
    from: usize,
    to: usize,
    asks: bool,
}

/// What was found of questions in a text in which nobody is named.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The layout, for people, if somebody asks.
    pub(super) layout: Option<&'static str>,
    /// What may be wrong.
    pub(super) doubts: Vec<Diagnostic>,
}

/// Finds the questions of a text in which nobody is named, and marks their lines.
pub(super) fn find_questions(text: &str, lines: &mut [Line<'_>], declared: &Declared) -> Asked {
    if declared.is_told {
        return Asked::default();
    }
    let Some(FoundMarks { mark, marked, titles, address }) = find_marked(text, lines, declared)
    else {
        return Asked::default();
    };
    let mut is_marked = vec![false; lines.len()];
    for marked in &marked {
        is_marked[marked.at] = true;
    }
    let first = marked[0].at;
    let mut rest = lines.to_vec();
    let is_title = |at: &usize| titles.iter().any(|title| title.at == *at);
    for at in (0..lines.len()).filter(|at| *at < first || is_marked[*at] || is_title(at)) {
        rest[at].content = Content::Stop;
    }
    // Below questions as headings few labels are fields and remarks: `Source: a letter`.
    let n_asking = marked.iter().filter(|it| it.asks).count();
    let labels = Speakers::find(text, &rest, declared);
    let labelled: Vec<usize> = (0..rest.len())
        .filter(|&at| labels.as_ref().is_some_and(|it| it.open(&rest[at])))
        .collect();
    if labels.is_some() && (mark != Mark::Heading || labelled.len() >= n_asking) {
        return Asked::default();
    }
    let doubt =
        doubt_of(mark, (&marked, &titles), address).map(|doubt| doubt.on_line(lines[first].number));
    if address == Address::Nobody {
        return Asked { layout: None, doubts: doubt.into_iter().collect() };
    }
    if mark == Mark::Dash {
        let is_dashed = |line: &&mut Line<'_>| dashed(text, line).is_some();
        for line in lines.iter_mut().filter(is_dashed) {
            line.start = dashed(text, line).unwrap_or(line.start);
        }
    }
    let mut tells = marked.iter().filter(|it| !it.asks && mark != Mark::Dash);
    let n_tells = count(tells.clone().count() as u64, "line");
    let doubt = tells.next().map_or(doubt, |first| {
        let problem = format!("{n_tells} set apart as the questions are, asking nothing");
        Some(Diagnostic::new(problem).on_line(lines[first.at].number).with(Remedy::new(
            "they were given to who asks; if they are answers, write `Name:` before each turn",
        )))
    });
    let labelled = labelled.first().map(|&first| {
        let n = count(labelled.len() as u64, "line");
        let problem = format!("{n} below the questions begin like a speaker's");
        Diagnostic::new(problem).on_line(lines[first].number).with(Remedy::new(
            "they were left to who answers; if they name speakers, write `Name:` before each turn",
        ))
    });
    let doubts = doubt.into_iter().chain(in_other_types(text, lines, mark)).chain(labelled);
    let doubts = doubts.collect();
    for title in &titles {
        for line in lines[title.at..].iter_mut().take_while(|line| line.start < title.to) {
            (line.content, line.lead) = (Content::Stop, None);
        }
    }
    for Marked { at, from, to, .. } in marked {
        lines[at].content = Content::Question(from, to);
        lines[at].lead = None;
        lines[at].end = lines[at].end.max(to);
        // The lines on which it goes on.
        for line in lines[at + 1..].iter_mut().take_while(|line| line.start < to) {
            line.content = Content::Blank;
        }
    }
    let layout = Some(match mark {
        Mark::Heading => "questions as headings",
        Mark::Type(Type::Capitals) => "questions in capitals",
        Mark::Type(_) => "questions in bold or italics",
        Mark::Word | Mark::Number => "numbered questions",
        Mark::Dash => "a dash before each turn",
        Mark::Paragraph => "paragraphs in turn",
    });
    Asked { layout, doubts }
}

/// Tells of lines that are set apart in another type than the questions and are more than a title.
fn in_other_types(text: &str, lines: &[Line<'_>], mark: Mark) -> Option<Diagnostic> {
    let Mark::Type(of) = mark else { return None };
    let is_other = |line: &&Line<'_>| {
        line.is_said()
            && line.set_apart.is_some_and(|other| other != of)
            && (asks(line.words(text)) || words_in(line.words(text)) >= TITLE_WORDS)
    };
    let mut others = lines.iter().filter(is_other);
    let n = count(others.clone().count() as u64, "line");
    others.next().map(|first| {
        let problem = format!("{n} in another type than the questions");
        Diagnostic::new(problem).on_line(first.number).with(Remedy::new(
            "they were left to who answers; if they are questions, set them as the others are",
        ))
    })
}

/// What sets questions apart, where, and whom they ask.
struct FoundMarks {
    mark: Mark,
    /// Never none.
    marked: Vec<Marked>,
    /// What stands between questions and answers and is nobody's.
    titles: Vec<Paragraph>,
    address: Address,
}

/// Finds what sets questions apart.
fn find_marked(text: &str, lines: &[Line<'_>], declared: &Declared) -> Option<FoundMarks> {
    // Who asks is set apart in one type: beside bold questions, italics are stressed.
    let n_asking = |of: &Type| {
        let marked = lines.iter().filter_map(|line| read_mark(text, line, Mark::Type(*of)));
        std::cmp::Reverse(marked.filter(|it| it.asks).count())
    };
    let mut types = [Type::Bold, Type::Underlined, Type::Italics, Type::Capitals];
    types.sort_by_cached_key(n_asking);
    let by_mark = [Mark::Heading, Mark::Word]
        .into_iter()
        .chain(types.map(Mark::Type))
        .chain([Mark::Number, Mark::Dash])
        .find_map(|mark| Some((mark, believed(text, lines, mark)?)))
        .or_else(|| Some((Mark::Dash, asking_dashes(text, lines)?)));
    if let Some((mark, marked)) = by_mark {
        let (titles, address) = (Vec::new(), Address::Other);
        return (!marked.is_empty()).then_some(FoundMarks { mark, marked, titles, address });
    }
    // Where somebody is named, paragraphs need not be read.
    if Speakers::find(text, lines, declared).is_some() {
        return None;
    }
    let Found { questions, titles, address } = asking(text, lines)?;
    let marked = |it: Paragraph| Marked { at: it.at, from: it.from, to: it.to, asks: true };
    let marked: Vec<Marked> = questions.into_iter().map(marked).collect();
    Some(FoundMarks { mark: Mark::Paragraph, marked, titles, address })
}

/// What may be wrong where only paragraphs that take turns tell who asks.
fn doubt_of(
    mark: Mark,
    (marked, titles): (&[Marked], &[Paragraph]),
    address: Address,
) -> Option<Diagnostic> {
    if mark != Mark::Paragraph {
        return None;
    }
    let n = marked.len();
    let taken = format!(
        "nobody is named; {n} paragraphs were taken for questions, since they take turns with the \
         others"
    );
    let taken = match titles {
        [] => taken,
        titles => {
            let n_words: usize = titles.iter().map(|title| title.n_words).sum();
            format!(
                "{taken}, and {} with {n_words} words for titles, which are not read",
                titles.len()
            )
        }
    };
    let (problem, advice) = match address {
        Address::Nobody => (
            format!(
                "nobody is named; {n} paragraphs ask in turn with the others, but nobody else by \
                 their words: all was read as one person's"
            ),
            "if somebody else asks, write `Name:` before each turn",
        ),
        Address::Other => (taken, ONE_TELLS),
        Address::Unclear => {
            (format!("{taken}; their words do not tell whether they ask anybody"), ONE_TELLS)
        }
    };
    Some(Diagnostic::new(problem).with(Remedy::new(advice)))
}

/// What helps where one person says all.
const ONE_TELLS: &str = "if one person tells all of it, list the file under `told` in study.toml; \
     else write `Name:` before each turn";

/// The fewest dashes that are turns.
const MIN_DASHES: usize = 6;

/// Where the words of a line begin behind its dash.
fn dashed(text: &str, line: &Line<'_>) -> Option<usize> {
    let words = &text[line.start..line.end];
    let rest = words.strip_prefix(['—', '–', '―']).or_else(|| words.strip_prefix("- "))?;
    let rest = rest.trim_start_matches(is_blank);
    (!line.is_heading && rest.contains(char::is_alphabetic)).then_some(line.end - rest.len())
}

/// The turns of whoever asks, where a dash opens each turn of two people.
fn asking_dashes(text: &str, lines: &[Line<'_>]) -> Option<Vec<Marked>> {
    let is_said = |line: &&Line<'_>| matches!(line.content, Content::Words | Content::Head(_));
    let n_said = lines.iter().filter(is_said).count();
    let turns: Vec<Marked> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| is_said(line))
        .filter_map(|(at, line)| {
            let from = dashed(text, line)?;
            Some(Marked { at, from, to: line.end, asks: asks(&text[from..line.end]) })
        })
        .collect();
    if turns.len() < MIN_DASHES || turns.len() * 2 < n_said {
        return None;
    }
    let n_asking = |first: usize| turns.iter().skip(first).step_by(2).filter(|it| it.asks).count();
    let asker = usize::from(n_asking(1) > n_asking(0));
    let (most, few) = (n_asking(asker), n_asking(1 - asker));
    let n_each = turns.len() / 2;
    let is_clear = most * 10 >= n_each * 6 && few * 10 <= n_each * 2;
    is_clear.then(|| turns.into_iter().skip(asker).step_by(2).collect())
}

/// The fewest marked lines that ask.
const MIN_ASKING: usize = 2;

/// The lines with a mark that are the asker's, if the mark sets questions apart.
fn believed(text: &str, lines: &[Line<'_>], mark: Mark) -> Option<Vec<Marked>> {
    let is_plain = |line: &Line<'_>| {
        matches!(line.content, Content::Words | Content::Head(_)) && !line.is_heading
    };
    // Behind a dash what ends as a sentence is said, however short: `I see.` In the type of the
    // questions, so is what has no end: `Right, I see`.
    let is_typed = |line: &Line<'_>| line.set_apart.is_some_and(|of| mark == Mark::Type(of));
    let is_by_who_asks = |found: &Marked| {
        is_typed(&lines[found.at])
            || (mark == Mark::Dash && text[found.from..found.to].ends_with(['.', '!', '…', '。']))
    };
    let found: Vec<Option<Marked>> = lines.iter().map(|line| read_mark(text, line, mark)).collect();
    if found.iter().flatten().filter(|found| found.asks).count() < MIN_ASKING {
        return None;
    }
    let (mut marked, mut n_plain, mut n_plain_asking) = (Vec::new(), 0_usize, 0_usize);
    let (mut n_asking, mut n_answered, mut waits) = (0_usize, 0_usize, false);
    let (mut n_before, mut n_words) = (0_usize, 0_usize);
    for (at, (line, found)) in lines.iter().zip(found).enumerate() {
        if let Some(found) = found.map(|found| Marked { at, ..found }) {
            n_asking += usize::from(found.asks);
            // An answer may stand behind its question.
            let is_answered = found.asks && text[found.to..line.end].contains(char::is_alphabetic);
            n_answered += usize::from(is_answered);
            waits = found.asks && !is_answered;
            // A title above the talk is nobody's.
            if n_asking > 0 {
                marked.push(found);
            }
        } else if is_plain(line) {
            let words = &text[line.start..line.end];
            n_answered += usize::from(std::mem::take(&mut waits));
            let n = words_in(words);
            n_words += n;
            if n_asking == 0 {
                // What is set apart there in another type is a title.
                n_before += if line.set_apart.is_none() { n } else { 0 };
            } else if line.set_apart.is_none() || !matches!(mark, Mark::Type(_)) {
                // What is set apart in another type is told of.
                n_plain += 1;
                n_plain_asking += usize::from(asks(words));
            }
        }
    }
    // Who tells a story may ask twice in italics, and answer; more than a title stands before.
    let n_needed = match mark {
        Mark::Number | Mark::Dash => 3,
        Mark::Type(_) if n_before * 3 >= n_words => 3,
        _ => MIN_ASKING,
    };
    // Beside questions as headings stand headings of parts.
    let is_usual = if mark == Mark::Heading {
        n_asking * 2 >= marked.len()
    } else {
        // Type and dashes are set by hand: whoever asks there may also just invite.
        let is_by_hand = mark == Mark::Dash || marked.iter().all(|it| is_typed(&lines[it.at]));
        let share = if is_by_hand { 5 } else { 8 };
        let invites = |it: &&Marked| text[it.from..it.to].ends_with(':');
        n_asking * 10 >= (marked.len() - marked.iter().filter(invites).count()) * share
    };
    let is_believed = n_asking >= n_needed
        && is_usual
        && n_answered * 10 >= n_asking * 8
        && n_plain_asking * 10 <= n_plain * 3
        && n_before * 2 <= n_words;
    marked.retain(|found| found.asks || is_by_who_asks(found) || is_said(text, mark, found));
    is_believed.then_some(marked)
}

/// Whether what bears the mark and asks nothing is more than a title: `Tell me of it.`
fn is_said(text: &str, mark: Mark, marked: &Marked) -> bool {
    let words = &text[marked.from..marked.to];
    words_in(words) >= TITLE_WORDS
        && (mark != Mark::Heading || words.ends_with(['.', '!', '…', '。']))
}

/// What a line says behind a mark; its place is not known here.
fn read_mark(text: &str, line: &Line<'_>, mark: Mark) -> Option<Marked> {
    if matches!(line.content, Content::Blank | Content::Stop | Content::Time(_)) {
        return None;
    }
    let words = &text[line.start..line.end];
    // The blank behind `##` is easily forgotten.
    let is_heading = line.is_heading || words.starts_with("##");
    if is_heading != (mark == Mark::Heading)
        || (matches!(line.content, Content::Pause) && !line.is_heading)
    {
        return None;
    }
    let found = |from: usize, to: usize, asks: bool| {
        let to = from
            + words
                .get(from..to)?
                .trim_end_matches(|c| is_blank(c) || matches!(c, '*' | '_' | '#'))
                .len();
        let (from, to) = (line.start + from, line.start + to);
        (from < to).then_some(Marked { at: 0, from, to, asks })
    };
    match mark {
        Mark::Heading => {
            let at = skip_emphasis(
                words,
                blanks(words, words.len() - words.trim_start_matches('#').len()),
            );
            let labelled = skip_question_word(words, at);
            let from = labelled.or_else(|| skip_number(words, at)).unwrap_or(at);
            let has_mark = words.contains(['?', '？', '؟']);
            found(from, words.len(), labelled.is_some() || has_mark)
        }
        Mark::Dash => {
            let rest = words.trim_start_matches(['―', '─']);
            let is_double = words[..words.len() - rest.len()].chars().count() > 1;
            is_double
                .then(|| found(blanks(words, words.len() - rest.len()), words.len(), asks(rest)))?
        }
        Mark::Paragraph => None,
        Mark::Word => {
            let at = skip_emphasis(words, 0);
            let from = skip_question_word(words, at)?;
            found(skip_emphasis(words, from), words.len(), true)
        }
        Mark::Type(of) => {
            let mut at = skip_number(words, 0).unwrap_or(0);
            if let Some((_, to, next)) = emphasised(words, at)
                && skip_number(words, skip_emphasis(words, at)) == Some(to)
            {
                // `**2.** **How was it?**`
                at = blanks(words, next);
            }
            let in_type = emphasised(words, at).filter(|_| sign_type(&words[at..]) == Some(of));
            let whole = || (line.set_apart == Some(of)).then_some((0, words.len(), words.len()));
            let (from, to, next) = in_type.or_else(whole)?;
            let from = skip_question_word(words, from)
                .or_else(|| skip_number(words, from))
                .unwrap_or(from);
            let inner = words.get(from..to)?;
            let is_whole = !words[next..].contains(char::is_alphanumeric);
            // `I: So?` in bold has a label of its own; `Go on:` is none.
            let is_label = line
                .colon()
                .is_some_and(|head| is_role(head.label) || (is_name(head.label) && !asks(words)));
            let is_quote = inner.starts_with(['"', '“', '„', '«']);
            ((is_whole || asks(inner)) && !is_label && !is_quote)
                .then(|| found(from, to, asks(inner)))?
        }
        Mark::Number => {
            let from = skip_number(words, 0)?;
            found(from, words.len(), asks(words))
        }
    }
}

/// Where a line goes on behind blanks.
fn blanks(words: &str, at: usize) -> usize {
    words.len() - words[at..].trim_start_matches(is_blank).len()
}

/// Where emphasis begins and ends at a place, and where the line goes on behind it.
pub(super) fn emphasised(words: &str, at: usize) -> Option<(usize, usize, usize)> {
    let from = skip_emphasis(words, at);
    let sign = words.get(at..from).filter(|sign| !sign.is_empty())?;
    let to = from + words[from..].find(sign)?;
    Some((from, to, skip_emphasis(words, to)))
}

/// The type that signs of emphasis at the beginning of a text stand for.
fn sign_type(words: &str) -> Option<Type> {
    match skip_emphasis(words, 0) {
        0 => None,
        1 => Some(Type::Italics),
        _ => Some(Type::Bold),
    }
}

/// The type that all of a line is in, by its signs of emphasis or its capitals.
pub(super) fn type_of(words: &str) -> Option<Type> {
    let is_whole = |(_, _, next): &(usize, usize, usize)| *next == words.len();
    let of_signs = emphasised(words, 0).filter(is_whole).and_then(|_| sign_type(words));
    of_signs.or_else(|| is_in_capitals(words).then_some(Type::Capitals))
}

/// Where a line goes on behind `3.` or `3)`, if it begins so; at its end too.
fn skip_number(words: &str, at: usize) -> Option<usize> {
    let rest = &words[at..];
    let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let behind = rest[n_digits..].strip_prefix(['.', ')'])?;
    let is_number = (1..4).contains(&n_digits)
        && (behind.is_empty() || behind.starts_with(|c| is_blank(c) || matches!(c, '*' | '_')));
    is_number.then(|| blanks(words, words.len() - behind.len()))
}

/// Where a line goes on behind `Question 3:`, if it begins so.
fn skip_question_word(words: &str, at: usize) -> Option<usize> {
    let rest = &words[at..];
    let sign = rest.find([':', '：', '.', ')', '-', '–'])?;
    let label = rest[..sign].trim().to_lowercase();
    let word = label.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_question = word.len() < label.len() && QUESTION.contains(&word.trim_end());
    let behind = rest[sign..].trim_start_matches(|c| {
        is_blank(c) || matches!(c, ':' | '：' | '.' | ')' | '-' | '–' | '*')
    });
    is_question.then(|| words.len() - behind.len())
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;

    #[test]
    fn whoever_says_every_second_dash_asks() {
        let text = "Rosa\n\n—¿Cómo fue?\n—Muy bien.\n—Ya. ¿Y luego?\n—Luego llovió.\n—Cuénteme.\n—Pues \
            sí.\n—¿Se fue?\n—Sí.\n";
        assert_eq!(
            shown(text, false),
            "Question||¿Cómo fue?\n||Muy bien.\nQuestion||Ya. ¿Y luego?\n||Luego llovió.\n\
             Question||Cuénteme.\n||Pues sí.\nQuestion||¿Se fue?\n||Sí.\n"
        );
        // Before questions alone two of them stand, in Japanese ones that end without a mark.
        let text = "――なぜですか。\n\n雨でした。\n\n――どこへ。\n\n家とか。\n\n――寒いですか。\n\n\
                    はい。\n\n――いつですか。\n\n冬です。\n";
        let read = shown(text, false);
        assert!(read.starts_with("Question||なぜですか。\n||雨でした。\n"), "{read}");
        assert!(read.contains("Question||寒いですか。\n||はい。\n"), "{read}");
        // So it is where who asks is in capitals, also once without a mark.
        let turn = "HOW WAS IT AT THE HARBOUR?\n\nIt was wet.\n\n";
        let text = format!("{turn}TELL ME OF THE HARBOUR.\n\nWell.\n\n{}", turn.repeat(2));
        let read = shown(&text, false);
        let expected = "Question||HOW WAS IT AT THE HARBOUR?\n||It was wet.\n\
                        Question||TELL ME OF THE HARBOUR.\n||Well.\n";
        assert!(read.starts_with(expected), "{read}");
        // Beside questions in bold, a loud answer is an answer.
        let turn = "**How was it there for you?**\n\nIt was wet.\n\nI WAS SO ANGRY AT HIM.\n\nSo I \
                    went home.\n\n";
        let read = shown(&turn.repeat(3), true);
        assert!(read.contains("||It was wet.\n||I WAS SO ANGRY AT HIM.\n"), "{read}");
        // A list asks nothing.
        let list = "- bread\n- milk\n- eggs\n- salt\n- oil\n- tea\n";
        assert!(!shown(list, false).contains("Question"));
    }

    #[test]
    fn who_asks_in_bold_invites_so_and_answers_stress_in_italics() {
        let text = "**How was it?**\n\nIt was wet.\n\n*So very wet.*\n\n**Go on:**\n\nWell.\n\n*Who knows?*\n\n\
                    **Ada:**\n\nHm.\n\n**Why?**\n\nSo.\n\n**And then?**\n\nWe left.\n";
        let read = shown(text, true);
        for said in [
            "||*So very wet.*\nQuestion||Go on:\n||Well.\n||*Who knows?*\n||**Ada:**\n",
            "!11 1 line in another type",
        ] {
            assert!(read.contains(said), "{read}");
        }
    }

    #[test]
    fn questions_in_another_type_do_not_unmake_the_questions_and_are_told() {
        let turn = "*Why was it so?*\n\nIt was wet.\n\n**And what then?**\n\nWe left.\n\n";
        let read = shown(&turn.repeat(5), true);
        assert!(
            read.contains("Question||Why was it so?\n")
                || read.contains("Question||And what then?\n")
        );
        assert!(read.contains("5 lines in another type than the questions"), "{read}");
    }

    #[test]
    fn fields_below_questions_as_headings_are_no_speakers_and_told() {
        let asked = |more: &str| format!("### How was it there?\nIt was wet.\n{more}");
        let text = ["Source: a letter.\n", "", "Source: a letter.\n", ""].map(asked).concat();
        let read = shown(&text, true);
        assert_eq!(read.matches("Question||How was it there?\n").count(), 4, "{read}");
        assert!(read.contains("!3 2 lines below the questions begin like a speaker's"), "{read}");
        // Those who talk below each heading.
        let text = asked("Ada: Why?\nBen: So.\nAda: Oh.\n").repeat(4);
        assert!(shown(&text, true).contains("Ben||So.\n"));
    }

    #[test]
    fn a_story_in_which_two_questions_stand_in_italics_is_no_interview() {
        let read = shown(
            "We slept above the shop.\n\n*Was it warm?*\n\nIt was.\n\n*Who does that now?*\n\nNobody.\n",
            true,
        );
        assert!(!read.contains("Question|"), "{read}");
        // A line above the first question is a title.
        let talk = "*How did you begin?*\n\nMy uncle kept two hives behind the old dairy.\n\n*And \
            the first winter?*\n\nCold, and we lost one of them before the thaw.\n";
        let read = shown(&format!("Talk with a beekeeper.\n\n{talk}"), true);
        assert!(read.contains("Question||How did you begin?\n"), "{read}");
    }
}
