//! Tells what stands before and behind the talk from the talk: a biography, a title
//! block, tables, the foot of a web page, the heads of several interviews in one file.
//!
//! Lines come in; those that are no speech come out as such. What is above the talk
//! stays words without a speaker, so that `doubts` tells how many they are and where;
//! what is left out elsewhere is told here.

use std::collections::{BTreeMap, BTreeSet};

use super::doubts::names_somebody;
use super::speakers::Speakers;
use crate::base::{Diagnostic, Remedy, words_in};
use crate::labels::heads::{Head, Kind, clean_label};
use crate::labels::{
    self, bare_words, fold, is_field, is_label, is_marker, is_name, is_role, n_recurring,
};
use crate::lines::numbered::{INTERVIEWS, TALK, heads_interview, heads_participant};
use crate::lines::pages::{is_row, is_rule};
use crate::lines::{Content, Line, TALKING, runs, trimmed};
use crate::text::{Declared, RawTurn, blocks};

/// What web pages write before the address they were copied from.
const RETRIEVED: [&str; 6] = [
    "retrieved from",
    "abgerufen von",
    "récupérée de",
    "obtenido de",
    "estratto da",
    "disponível em",
];
/// What they write before the names of what they belong to.
const CATEGORIES: [&str; 9] = [
    "categories",
    "category",
    "kategorien",
    "kategorie",
    "catégories",
    "catégorie",
    "categorías",
    "categoría",
    "categorie",
];
/// The most words of a line at the foot of a page.
const FOOT_WORDS: usize = 30;

/// From how many words on a table above the talk is told.
const TABLE_WORDS: usize = 12;

/// How often each label stands before a colon.
fn counts<'t>(lines: impl Iterator<Item = &'t Line<'t>>) -> BTreeMap<String, usize> {
    labels::counts(lines.filter_map(Line::colon).map(|head| head.label))
}

/// Makes headings with a colon no speech, `Early Life: School and Town`, unless they name
/// those who speak.
pub(super) fn silence_sections(lines: &mut [Line<'_>], declared: &Declared) {
    let in_talk = counts(lines.iter().filter(|line| !line.is_heading));
    let in_headings = counts(lines.iter().filter(|line| line.is_heading));
    let n_headings = lines.iter().filter(|line| line.is_heading).count();
    let n_labels = in_headings.values().filter(|&&n| n > 1).count();
    let are_turns = n_labels > 1 && n_recurring(&in_headings) * 10 >= n_headings * 7;
    let is_known = |label: &str| {
        let folded = fold(label);
        is_role(label)
            || declared.labels.iter().any(|known| fold(known.trim()) == folded)
            || in_talk.get(&folded).is_some_and(|&n| n > 1)
    };
    for line in lines.iter_mut().filter(|line| line.is_heading && !are_turns) {
        if line.colon().is_some_and(|head| !is_known(head.label)) {
            line.silence(Content::Pause);
        }
    }
}

/// Makes labels in the front matter plain words: what stands above a heading such as
/// `Interview`, and a title with a colon, `ADA QUILL: An interview by Ben Reed, 2011`.
/// The line comes out with which the talk may begin.
pub(super) fn silence_front(text: &str, lines: &mut [Line<'_>]) -> usize {
    let of_file = counts(lines.iter());
    let talk = lines.iter().position(|line| heads_talk(text, line));
    let talk = talk.filter(|&at| is_front(text, &lines[..at], &lines[at..])).unwrap_or(0);
    for (at, line) in lines.iter_mut().enumerate() {
        // The heading above the talk names nobody, wherever it stands.
        if heads_talk(text, line) || (at < talk && line.is_heading) {
            line.content = Content::Pause;
        } else if at < talk && line.head().is_some() {
            line.content = Content::Words;
        }
    }
    for line in lines {
        let Some(head) = line.colon().filter(|_| !line.is_heading) else { continue };
        if of_file.get(&fold(head.label)).is_some_and(|&n| n > 1) {
            break;
        }
        if is_title(&text[head.words..line.end]) {
            line.content = Content::Words;
        }
    }
    talk
}

/// Whether a line is the heading above the talk.
fn heads_talk(text: &str, line: &Line<'_>) -> bool {
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '#' | '.' | '*' | '_' | ':' | ' ');
    let words = line.words(text).split(" (").next().unwrap_or_default();
    line.is_heading && TALK.contains(&fold(words.trim_matches(is_number)).as_str())
}

/// Whether lines hold no talk of those who speak below them.
fn is_front(text: &str, above: &[Line<'_>], below: &[Line<'_>]) -> bool {
    let named = || {
        let heads = above.iter().filter_map(|line| Some((line.colon()?, line.end)));
        heads.filter(|(head, _)| is_label(head.label) && is_name(head.label))
    };
    n_recurring(&counts(below.iter())) > 1
        && labels::counts(named().map(|(head, _)| head.label)).values().all(|&n| n == 1)
        && !named().any(|(head, end)| text[head.words..end].contains(['?', '？']))
}

/// Whether words behind a name are the title of an interview: with a year, and no
/// sentence that somebody says.
fn is_title(words: &str) -> bool {
    let folded = fold(words);
    let mut parts = bare_words(&folded);
    let is_year = |word: &str| {
        word.len() == 4
            && (word.starts_with("19") || word.starts_with("20"))
            && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    INTERVIEWS.iter().any(|word| folded.contains(word))
        && parts.clone().any(is_year)
        && !parts.any(|word| TALKING.contains(&word) || word == "this")
        && !words.contains('?')
        && !words.trim_end().ends_with(['.', '!', '…'])
}

/// Makes titles of interviews with their number no labels: `Interview 2: Ben`.
pub(super) fn silence_numbered_titles(text: &str, lines: &mut [Line<'_>]) {
    let of_file = counts(lines.iter());
    let mut number = 0;
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let n = heads_interview(line.words(text)).filter(|&n| n > number);
        let is_once = |head: Head<'_>| of_file.get(&fold(head.label)) == Some(&1);
        if let Some(n) = n.filter(|_| line.colon().is_none_or(is_once)) {
            number = n;
            found.push(at);
        }
    }
    for at in found.iter().filter(|_| found.len() > 1) {
        if lines[*at].colon().is_some() {
            lines[*at].content = Content::Words;
        }
    }
}

/// How a title goes on that names who is asked: `Interview with Ada`.
const WITH: [&str; 12] =
    ["with", "mit", "avec", "con", "com", "med", "met", "z", "ze", "gyda", "à", "a"];
/// The most words of such a title.
const TITLE_WORDS: usize = 9;

/// Whether a line may be the title of the interview with somebody: `Interview with Ada`,
/// or `Participant 2 (Ben)`.
fn names_interview(words: &str) -> bool {
    let folded = fold(words);
    let mut told = bare_words(&folded).take(TITLE_WORDS + 1);
    let Some(first) = told.next() else { return false };
    let second = told.next().unwrap_or_default();
    let is_interview = INTERVIEWS.iter().any(|start| first.starts_with(start));
    let is_title = (is_interview && WITH.contains(&second)) || heads_participant(words);
    is_title && told.count() < TITLE_WORDS - 1 && !words.trim_end().ends_with(['.', '?', '!', ','])
}

/// The number of the interview or participant that a head begins with.
fn number_in(words: &str) -> Option<u32> {
    let of_participant = || {
        let digits = words.split(|c: char| !c.is_ascii_digit()).find(|it| !it.is_empty())?;
        digits.parse().ok().filter(|_| heads_participant(words))
    };
    heads_interview(words).or_else(of_participant)
}

/// Several interviews in one file.
pub(super) struct Several {
    /// Where each begins, in bytes, and the number of the line of the second.
    starts: Vec<usize>,
    second: usize,
    /// What each is called: the number in its head, or its place if not all have one.
    names: Vec<String>,
    /// Whether the heads tell that these are interviews, or may head parts of one.
    is_sure: bool,
}

/// How many of several interviews have begun where a turn does.
fn n_begun(starts: &[usize], turn: &RawTurn) -> usize {
    starts.partition_point(|&start| start <= turn.span.range().start)
}

impl Several {
    /// Tells those apart who are somebody else in each interview, and tells of it.
    pub(super) fn tell_apart(&self, turns: &mut [RawTurn]) -> Option<Diagnostic> {
        let of = |turn: &RawTurn| n_begun(&self.starts, turn).saturating_sub(1);
        let named: Vec<(usize, &str)> =
            turns.iter().filter_map(|turn| Some((of(turn), turn.label.as_deref()?))).collect();
        let anew = blocks::given_anew(&blocks::shared(&named));
        if !self.is_sure {
            let n = self.starts.len();
            let told = Diagnostic::new(format!(
                "{n} parts stand under heads in brackets; who has the same label in each counts \
                 as one"
            ));
            let hint = "if they are interviews with others, put each into a file of its own";
            return (!anew.is_empty()).then(|| told.on_line(self.second).with(Remedy::new(hint)));
        }
        let labels: BTreeSet<String> = named.iter().map(|(_, label)| fold(label)).collect();
        let behind = blocks::behind(&self.names, &anew, &labels);
        for turn in turns.iter_mut() {
            let at = of(turn);
            if let Some(label) = turn.label.as_mut().filter(|label| anew.contains(&fold(label))) {
                label.push_str(&behind[at]);
            }
        }
        let n = self.starts.len();
        let counts = if anew.is_empty() {
            "who has the same label in each counts as one"
        } else {
            "who is asked counts as another participant in each"
        };
        Some(
            Diagnostic::new(format!("{n} interviews seem to stand in this file; {counts}"))
                .on_line(self.second)
                .with(Remedy::new("put each interview into a file of its own")),
        )
    }
}

/// The most lines that tell of somebody below the number of an interview.
const MAX_ABOUT: usize = 6;

/// Whether a line is a head in brackets, `[Ward 4, session 2]`, and no remark on a sound.
fn is_bracketed(words: &str) -> bool {
    let words = words.trim();
    let inside = [('[', ']'), ('<', '>')].into_iter().find_map(|(open, close)| {
        words.strip_prefix(open)?.strip_suffix(close).filter(|it| !it.contains([open, close]))
    });
    inside.is_some_and(|inside| {
        inside.chars().any(char::is_alphabetic) && !inside.contains(':') && !is_marker(inside)
    })
}

/// Makes the heads of several interviews in one file no speech: numbered ones, or titles
/// between which talk stands.
pub(super) fn silence_interviews(
    text: &str,
    lines: &mut [Line<'_>],
    speakers: &Speakers,
) -> Option<Several> {
    let is_turn = |line: &Line<'_>| speakers.open(line);
    let is_blank = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_none_or(Line::is_empty);
    let mut number = 0;
    let (mut found, mut titles, mut bracketed) = (Vec::new(), Vec::new(), Vec::new());
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !is_turn(line)) {
        let words = line.words(text);
        let n = heads_interview(words).filter(|&n| n > number);
        number = n.unwrap_or(number);
        found.extend(n.map(|_| at));
        let is_alone = is_blank(at.checked_sub(1)) && is_blank(Some(at + 1));
        if is_alone && names_interview(words) {
            titles.push(at);
        }
        if is_alone && is_bracketed(words) {
            bracketed.push(at);
        }
    }
    // Between two titles people talk, and none comes again, as what stands on a page does.
    let talks =
        |pair: &[usize]| lines[pair[0]..pair[1]].iter().filter(|line| is_turn(line)).count() > 2;
    let are_heads = |of: &[usize]| {
        let words = of.iter().map(|&at| lines[at].words(text));
        words.collect::<BTreeSet<&str>>().len() == of.len() && of.windows(2).all(talks)
    };
    let mut is_sure = true;
    if found.len() < 2 && are_heads(&titles) {
        found = titles;
    }
    // The first of the heads in brackets stands above the talk.
    let opens = |at: usize| !lines[..at].iter().any(is_turn);
    if found.len() < 2 && bracketed.first().is_some_and(|&at| opens(at)) && are_heads(&bracketed) {
        (found, is_sure) = (bracketed, false);
    }
    let begun: Vec<usize> =
        found.into_iter().filter(|&at| lines[at..].iter().any(is_turn)).collect();
    let second = lines[*begun.get(1)?].number;
    for &at in begun.iter().filter(|_| is_sure) {
        let n = lines[at..].iter().take(MAX_ABOUT + 1).position(is_turn).unwrap_or(1);
        lines[at..at + n].iter_mut().for_each(|line| line.silence(Content::Stop));
    }
    let numbers: Option<Vec<u32>> =
        begun.iter().map(|&at| number_in(lines[at].words(text))).collect();
    let are_apart = |of: &Vec<u32>| of.iter().collect::<BTreeSet<_>>().len() == of.len();
    let places = || (1..).take(begun.len()).collect();
    let names = numbers.filter(are_apart).unwrap_or_else(places);
    let names = names.iter().map(u32::to_string).collect();
    let starts = begun.into_iter().map(|at| lines[at].start).collect();
    Some(Several { starts, second, names, is_sure })
}

/// The fewest lines of an interview below its head, where nobody is named.
const MIN_LINES: usize = 4;

/// What whoever is asked is called in each of several interviews that name nobody.
const ASKED: &str = "Interviewee";

/// Several interviews in a file that names nobody who speaks.
pub(super) struct Unnamed {
    /// Where each begins, in bytes, and the number of the line of the second.
    starts: Vec<usize>,
    second: usize,
    /// The words above the first.
    n_above: usize,
}

/// Makes the numbered heads of several interviews, and what stands above the first, no
/// speech, in a file that names nobody.
pub(super) fn silence_unnamed_interviews(text: &str, lines: &mut [Line<'_>]) -> Option<Unnamed> {
    let mut number = 0;
    let mut found: Vec<usize> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(n) = heads_interview(line.words(text)).filter(|&n| n == number + 1) {
            number = n;
            found.push(at);
        }
    }
    let number = |at: usize| lines[at].number;
    let is_apart = found.windows(2).all(|pair| number(pair[1]) - number(pair[0]) > MIN_LINES);
    let second = number(*found.get(1).filter(|_| is_apart)?);
    let n_above = lines[..found[0]].iter().map(|line| words_in(line.words(text))).sum();
    for at in (0..found[0]).chain(found.iter().copied()) {
        lines[at].silence(Content::Stop);
    }
    let starts = found.into_iter().map(|at| lines[at].start).collect();
    Some(Unnamed { starts, second, n_above })
}

impl Unnamed {
    /// Names who is asked by the number of the interview, and tells of it.
    pub(super) fn tell_apart(&self, turns: &mut [RawTurn]) -> Diagnostic {
        for turn in turns.iter_mut().filter(|turn| turn.label.is_none()) {
            turn.label = Some(format!("{ASKED} {}", n_begun(&self.starts, turn)));
        }
        let n = self.starts.len();
        let above = match self.n_above {
            0 => String::new(),
            n => format!("; {n} words above them are no speech"),
        };
        Diagnostic::new(format!(
            "{n} interviews seem to stand in this file, and nothing says who speaks: each counts \
             as the words of one participant{above}"
        ))
        .on_line(self.second)
        .with(Remedy::new(
            "put each interview into a file of its own, with `Name:` before each turn",
        ))
    }
}

/// Makes headings above the talk no turns, though they name somebody who speaks below:
/// what stands under them is about that person.
pub(super) fn silence_headings(lines: &mut [Line<'_>], speakers: &Speakers) {
    if speakers.kind == Kind::Heading {
        return;
    }
    for line in lines {
        if speakers.open(line) {
            return;
        }
        if line.head().is_some_and(|head| head.kind == Kind::Heading) {
            line.content = Content::Pause;
        }
    }
}

/// Makes the foot of a web page no speech.
pub(super) fn silence_foot(text: &str, lines: &mut [Line<'_>]) -> Option<Diagnostic> {
    let mut found = Vec::new();
    let mut paragraph = Vec::new();
    for (at, line) in lines.iter().enumerate().rev() {
        match line.content {
            // What goes on with a paragraph may have been said.
            Content::Blank | Content::Pause | Content::Stop => found.append(&mut paragraph),
            Content::Words | Content::Head(_) if is_foot(line.words(text)) => {
                paragraph.push(at);
            }
            _ => break,
        }
    }
    let first = *found.last()?;
    let n_words: usize = found.iter().map(|&at| words_in(lines[at].words(text))).sum();
    for at in found {
        lines[at].silence(Content::Stop);
    }
    let problem = format!("{n_words} words at the end look like the foot of a web page");
    Some(Diagnostic::new(problem).on_line(lines[first].number).with(Remedy::new(
        "they are not read as speech; if they were spoken, put `Name:` before them",
    )))
}

/// Whether a line stands at the foot of web pages.
fn is_foot(line: &str) -> bool {
    let folded = fold(line);
    let bare = folded.trim_start_matches(['*', '_', '>', '-', '"', ' ']);
    let has_address = folded.contains("://");
    let is_category = bare
        .split_once(':')
        .is_some_and(|(label, _)| CATEGORIES.contains(&label.trim_end_matches([' ', '*', '_'])));
    let is_retrieved = RETRIEVED.iter().any(|start| bare.starts_with(start)) && has_address;
    let is_address = has_address && !bare.contains(char::is_whitespace);
    let is_notice =
        bare.starts_with('©') || (bare.starts_with("copyright ") && bare.contains(['©', '1', '2']));
    let is_short = line.split_whitespace().count() <= FOOT_WORDS;
    is_short && (is_category || is_retrieved || is_address || is_notice)
}

/// Reads tables of Markdown that stand in a text of other lines: a row whose cell names
/// somebody who also speaks outside is a turn; other tables are made no speech and told.
pub(super) fn silence_tables<'t>(text: &'t str, lines: &mut [Line<'t>]) -> Option<Diagnostic> {
    let ends_head = |line: &Line<'_>| line.words(text).contains("--") && is_rule(line.words(text));
    let said = |line: &Line<'_>| {
        let words = line.words(text).split_whitespace();
        words.filter(|word| word.contains(char::is_alphanumeric)).count()
    };
    let mut tables = runs(lines, |line| is_row(line.words(text)));
    tables.retain(|rows| lines[rows.clone()].iter().take(2).any(ends_head));
    let n_words: usize = tables.iter().flat_map(|rows| &lines[rows.clone()]).map(said).sum();
    // Where most is in a table, the table is the talk.
    if n_words * 2 > lines.iter().map(said).sum() {
        return None;
    }
    let spoken = counts(lines.iter());
    let (mut n_words, mut first) = (0, None);
    for rows in tables {
        // Above the talk a small table tells of the interview, as headings and fields do.
        let is_above = |line: &Line<'_>| match line.content {
            Content::Head(_) if line.is_heading => true,
            Content::Head(head) => is_field(head.label) || names_somebody(text, line),
            Content::Words | Content::Time(_) | Content::Question(..) => false,
            Content::Blank | Content::Pause | Content::Stop => true,
        };
        let n_in = lines[rows.clone()].iter().map(said).sum::<usize>();
        let is_front = n_in <= TABLE_WORDS && lines[..rows.start].iter().all(is_above);
        let mut turns = turns_in(text, &lines[rows.clone()], &spoken);
        for at in rows {
            let line = &mut lines[at];
            line.silence(Content::Pause);
            match turns.remove(&line.number) {
                Some((head, end)) => (line.content, line.end) = (Content::Head(head), end),
                None if !ends_head(line) && !is_front => {
                    n_words += said(line);
                    first.get_or_insert(line.number);
                }
                None => {}
            }
        }
    }
    let problem = format!("{n_words} words in tables are not read as speech");
    (n_words > 0).then(|| {
        Diagnostic::new(problem)
            .on_line(first)
            .with(Remedy::new("if they were spoken, write them as lines `Name: words`"))
    })
}

/// The rows of a table of Markdown that are turns, by their numbers: what they begin with
/// and where their words end. In most rows the last cell but one names somebody who
/// speaks outside the table as well, and the last holds the words.
fn turns_in<'t>(
    text: &'t str,
    rows: &[Line<'_>],
    spoken: &BTreeMap<String, usize>,
) -> BTreeMap<usize, (Head<'t>, usize)> {
    let turn = |row: &Line<'_>, column: usize| {
        let bars: Vec<usize> =
            row.words(text).match_indices('|').map(|(at, _)| row.start + at).collect();
        let [from, bar, to] = *bars.get(column..)? else { return None };
        let label = clean_label(text[from + 1..bar].trim()).trim_end_matches(':');
        let (words, end) = trimmed(text, bar + 1, to);
        let head = Head::before(Kind::Colon, label, words);
        let is_spoken = spoken.get(&fold(label)).is_some_and(|&n| n > 1);
        (is_spoken && words < end).then_some((row.number, (head, end)))
    };
    let found = (0..2)
        .map(|column| rows.iter().filter_map(|row| turn(row, column)).collect::<BTreeMap<_, _>>());
    found
        .max_by_key(BTreeMap::len)
        .filter(|turns| turns.len() * 2 + 2 > rows.len())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;
    use super::*;

    #[test]
    fn the_number_of_an_interview_heads_it() {
        for (words, number) in [
            ("INTERVIEW 2", Some(2)),
            ("## Transcript 3: a nurse", Some(3)),
            ("Entrevista n.º 4", Some(4)),
            ("Interview with Ada", None),
            ("Interview 2019", None),
            ("The interview 2", None),
            ("Interviewer 2", None),
        ] {
            assert_eq!(heads_interview(words), number, "{words}");
        }
    }

    #[test]
    fn who_is_asked_under_each_title_is_somebody_else() {
        let talk = "Interviewer: Why?\n\nParticipant: It was wet.\n\n".repeat(2);
        let one = |title: &str| format!("{title}\n\n{talk}");
        for titles in
            [["Interview with Ada", "Interview with Ben"], ["## Participant 1", "## Participant 2"]]
        {
            let read = shown(&titles.map(one).concat(), true);
            assert_eq!(read.matches("Participant 2||It was wet.\n").count(), 2, "{read}");
            assert_eq!(read.matches("Interviewer||Why?\n").count(), 4, "{read}");
            assert!(
                read.contains("2 interviews seem to stand in this file; who is asked"),
                "{read}"
            );
        }
        // One title is that of the file.
        assert!(shown(&one("Interview with Ada"), true).contains("Participant||It was wet."));
    }

    #[test]
    fn several_interviews_in_one_file_are_told() {
        let talk = "I: Why?\nR: It was wet.\nI: And?\nR: Well.\n";
        let one = |n: usize| format!("INTERVIEW {n}\nA nurse, 31\n\n{talk}");
        let text = [1, 2, 3].map(one).concat();
        let read = shown(&text, false);
        for n in 1..4 {
            assert!(read.contains(&format!("R {n}||Well.\n")), "{read}");
        }
        assert!(read.contains("!8 3 interviews seem to stand in this file"), "{read}");
    }

    #[test]
    fn interviews_of_one_file_have_the_numbers_of_their_heads() {
        let talk = "I: Why?\nR: It was wet.\nI: And?\nR: Well.\n";
        let read = shown(&[7, 9, 12].map(|n| format!("INTERVIEW {n}\n\n{talk}")).concat(), false);
        for n in [7, 9, 12] {
            assert!(read.contains(&format!("R {n}||Well.\n")), "{read}");
        }
        let talk = "Interviewer: Why?\nParticipant: NAME.\nInterviewer: And?\n\
                    Participant: Well.\n\n";
        let one =
            |n: usize| format!("## Participant {n}\n\n{}", talk.replace("NAME", &n.to_string()));
        let read = shown(&[1, 3, 2].map(one).concat(), true);
        for n in 1..4 {
            assert!(read.contains(&format!("Participant {n}||{n}.\n")), "{read}");
        }
        // A label that somebody has is given to nobody else.
        let two = format!("{talk}Participant 2: So.\nInterviewer: Oh?\nParticipant 2: Yes.\n\n");
        let read = shown(&format!("INTERVIEW 1\n\n{two}INTERVIEW 2\n\n{talk}"), false);
        assert!(read.contains("Participant 2||So."), "{read}");
        assert!(read.contains("Participant, interview 2||Well."), "{read}");
    }
}
