//! Who is named at the head of a file: `Interviewer: Hana Brook`.
//!
//! A [`Transcript`] comes in; the names that its lines before the first turn give to a
//! part go out. The head is no speech, whoever reads it.

use serde::{Deserialize, Serialize};

use super::{Transcript, normal_label};
use crate::labels::{Part, is_name, part_in};

/// A name that the head of a file gives to a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedPart {
    /// Who asks, who is asked, or who only keeps the minutes.
    pub part: Part,
    /// The name as written.
    pub name: String,
}

/// How words for an interview begin.
const INTERVIEW: [&str; 4] = ["interview", "entrevist", "entretien", "intervist"];
/// What lists of all who take part are called, those who ask among them.
const EVERYBODY: [&str; 9] = [
    "participants",
    "participantes",
    "teilnehmer",
    "teilnehmende",
    "partecipanti",
    "deelnemers",
    "deltagare",
    "deltakere",
    "cyfranogwyr",
];
/// The most characters of a line that may be a field.
const MAX_FIELD: usize = 200;

/// Reads who is named before the first turn.
pub fn named_parts(transcript: &Transcript) -> Vec<NamedPart> {
    let end = transcript.turns.first().map_or(0, |turn| turn.span.start as usize);
    let mut named: Vec<NamedPart> = Vec::new();
    for line in transcript.text[..end].lines().filter(|line| line.len() <= MAX_FIELD) {
        let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '#' | '|'));
        if let Some((name, part)) = line.split_once(" = ")
            && let Some(part) = part_of_key(&normal_label(part))
        {
            named.push(NamedPart { part, name: name.trim_matches(is_edge).to_owned() });
            continue;
        }
        let field = line.split_once([':', '：', '\t']).and_then(|(label, names)| {
            let label = label.trim_matches(|c: char| !c.is_alphanumeric());
            let is_part = |part: &Part| matches!(part, Part::Asks | Part::Answers);
            // `Interview: Nora Dill` is a title.
            let is_title = |label: &str| matches!(label, "interview" | "question");
            let is_none = |label: &str| is_title(label) || EVERYBODY.contains(&label);
            let label = Some(normal_label(label)).filter(|label| !is_none(label))?;
            // `Participant: MODERATOR:` is the label of the first turn.
            let is_label = names.trim_end().ends_with(':');
            Some((part_in(&label).filter(is_part).filter(|_| !is_label)?, one_field(names)))
        });
        if let Some((part, names)) = field {
            named.extend(split(names).into_iter().map(|name| NamedPart { part, name }));
        } else {
            in_brackets(line, &mut named);
            line.split(". ").for_each(|sentence| in_sentences(sentence, &mut named));
        }
    }
    named.dedup();
    named
}

/// What a field holds without those that follow on the line: `Rosa Blum   Role: nurse`.
fn one_field(line: &str) -> &str {
    let Some(colon) = line.find([':', '：']) else { return line };
    let before = line[..colon].trim_end();
    before.rfind("  ").or_else(|| before.rfind(['\t', ' '])).map_or(line, |at| &line[..at])
}

/// The names of a field: `A, B, C and D`; one of two words may be `Surname, First`.
fn split(names: &str) -> Vec<String> {
    let marks = [" and ", " und ", " et ", " y ", " e ", " & ", ";", ", "];
    let is_turned = names.split(", ").all(|piece| !piece.trim().contains(' '));
    let n_marks = if is_turned && names.matches(", ").count() == 1 { 7 } else { 8 };
    let mut pieces = vec![names];
    for mark in &marks[..n_marks] {
        pieces = pieces.into_iter().flat_map(|piece| piece.split(*mark)).collect();
    }
    let bare =
        |name: &str| name.split(" (").next().unwrap_or_default().trim_matches(is_edge).to_owned();
    let is_clean = |name: &String| !name.is_empty() && name.split_whitespace().count() <= 5;
    pieces.into_iter().map(bare).filter(is_clean).collect()
}

fn is_edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '_' | '|' | '.' | ',' | ':')
}

/// Names with their part in brackets: `Present: Hana Brook (interviewer, HB)`.
fn in_brackets(line: &str, named: &mut Vec<NamedPart>) {
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('(') {
        let Some((note, behind)) = after.split_once(')') else { return };
        let name = before.rsplit([',', ';', ':']).next().unwrap_or_default().trim_matches(is_edge);
        let ands = ["and ", "und ", "et ", "y ", "e ", "en "];
        let name = ands.iter().find_map(|and| name.strip_prefix(and)).unwrap_or(name);
        let words = note.split([',', ';']).map(str::trim);
        let part = words.clone().find_map(|word| part_of_note(&normal_label(word)));
        if let Some(part) = part
            && !name.is_empty()
            && name.split_whitespace().count() <= 5
        {
            named.push(NamedPart { part, name: name.to_owned() });
        }
        rest = behind;
    }
}

/// What stands between a part and its names in a sentence.
const IS: [&str; 14] = [
    " is ", " are ", " was ", " were ", " ist ", " sind ", " war ", " waren ", " est ", " sont ",
    " es ", " son ", " è ", " sono ",
];
/// What stands between an interview and who led it.
const BY: [&str; 7] = [" by ", " von ", " durch ", " par ", " por ", " da ", " door "];

/// Names that a sentence gives to a part: `Interviewers are Ada Quill and Ben Reed.`,
/// `Interviewed by Ada Quill in May.`
fn in_sentences(line: &str, named: &mut Vec<NamedPart>) {
    let find = |marks: &[&str]| {
        let found = marks.iter().filter_map(|mark| Some((line.find(mark)?, mark.len())));
        found.min().map(|(at, len)| (&line[..at], &line[at + len..]))
    };
    let of_part = find(&IS).and_then(|(before, after)| {
        let label = normal_label(before);
        let part = part_in(&label).filter(|_| label.split(' ').count() <= 2)?;
        matches!(part, Part::Asks | Part::Answers).then_some((part, after))
    });
    let led = || {
        let (before, after) = find(&BY)?;
        let words = normal_label(before);
        let mut words = words.split(' ').rev().take(3);
        let is_one = |word: &str| INTERVIEW.iter().any(|start| word.starts_with(start));
        words.any(is_one).then_some((Part::Asks, after))
    };
    let Some((part, names)) = of_part.or_else(led) else { return };
    for name in split(names) {
        let is_over = |word: &&str| word.starts_with(char::is_lowercase) && !is_name(word);
        let words: Vec<&str> = name.split(' ').take_while(|word| !is_over(word)).collect();
        if !words.first().is_some_and(|word| word.chars().any(char::is_uppercase)) {
            return;
        }
        named.push(NamedPart { part, name: words.join(" ") });
        // The names end with the sentence.
        if words.len() < name.split(' ').count() {
            return;
        }
    }
}

/// The part that a note names as a whole: `wife of the interviewee` is none.
fn part_of_note(note: &str) -> Option<Part> {
    part_of_key(note).filter(|part| *part != Part::Neither)
}

/// The same, of what a label stands for: `P = Protokollant` takes no part.
fn part_of_key(note: &str) -> Option<Part> {
    let is_one = note.split_whitespace().count() <= 2;
    let is_part = |part: &Part| matches!(part, Part::Asks | Part::Answers | Part::Neither);
    part_in(note).filter(|part| is_one && is_part(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources;

    #[track_caller]
    fn check(head: &str, expected: &[&str]) {
        let text = format!("{head}\n\nXX: Why?\nYY: It was wet.\nXX: Oh.\nYY: Yes.\n");
        let transcript = Transcript::new(sources::read(text.as_bytes(), "P.txt").unwrap());
        let named = named_parts(&transcript);
        let shown = named.into_iter().map(|it| {
            let part = match it.part {
                Part::Asks => "asks",
                Part::Answers => "answers",
                _ => "neither",
            };
            format!("{part} {}", it.name)
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{head}");
    }

    #[test]
    fn sentences_of_the_head_name_who_asks() {
        check("Interviewers are Ada Lund and Ben Reed.", &["asks Ada Lund", "asks Ben Reed"]);
        check("It took place in May. The interviewer is Jo Row.", &["asks Jo Row"]);
        check("Interviewed by Ada Lund, 12 May 2019", &["asks Ada Lund"]);
        check("Entrevista realizada por Luis Ramos en mayo", &["asks Luis Ramos"]);
        check("The interview was long and sunny.", &[]);
        check("Interviews are by bus", &[]);
    }

    #[test]
    fn fields_name_parts_and_lists_of_all_do_not() {
        check("Interviewer: Ada Lund\nInterviewee: Cy Ost", &["asks Ada Lund", "answers Cy Ost"]);
        check("XX = Interviewer\nYY = Ada", &["asks XX"]);
        check("XX = Interviewer\nZZ = Protokollant", &["asks XX", "neither ZZ"]);
        check(
            "Participantes: Luis Ramos (Entrevistador) y Ana Paz (Estudiante)",
            &["asks Luis Ramos"],
        );
        check("Participants: Luis Ramos, Ana Paz", &[]);
        check("Entrevistada: Ana Paz      Cargo: directora", &["answers Ana Paz"]);
    }
}
