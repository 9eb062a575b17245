//! Whether a theme only gives back the words of the questions, and which question it
//! answers.

use std::collections::BTreeSet;

use crate::base::Span;
use crate::corpus::{Corpus, CorpusError, ParticipantPassage, Row};
use crate::features::counts::TermCounts;
use crate::passages::sentences::sentences;
use crate::themes::describe::ThemeTerm;
use crate::themes::{CandidateTheme, Words};
use crate::transcripts::roles::Role;

/// Passages before an answer in which its question stands.
const QUESTION_REACH: u32 = 3;
/// Passages of a theme, the most typical, whose questions are looked at.
const N_LOOKED_AT: usize = 12;
/// Words of a question that can head a theme.
const HEADING_WORDS: std::ops::RangeInclusive<usize> = 4..=25;

/// The share of a theme's evidence that must answer a question which heads it: where it has
/// the words of the name, where these name nothing, and else.
const ANSWERED_OF_NAME: f64 = 1.0 / 3.0;
const ANSWERED_OF_NAMELESS: f64 = 0.5;
const ANSWERED: f64 = 0.75;
/// The fewest words that carry meaning in a question by which a theme is told from others.
const MIN_WORDS: usize = 3;

/// So many words of a question are few: another is the same only if it has all of them.
const FEW_WORDS: usize = 4;

/// A passage with what was asked before it, by their rows in the
/// document-term matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The passage.
    pub passage: usize,
    /// The interviewers' passages just before.
    pub questions: Vec<usize>,
}

/// The passages with the questions before them; `passages` are all of participants, `of`
/// the places of some.
pub fn answered(corpus: &Corpus, passages: &[ParticipantPassage], of: &[usize]) -> Vec<Answered> {
    let answered = |&at: &usize| {
        let ParticipantPassage { passage, row, .. } = passages[at];
        let known = &corpus.transcripts[row.transcript as usize];
        let offset = passage - row.place as usize;
        let is_asked = |place: &u32| {
            let speaker = known.passages[*place as usize].speaker;
            corpus.role_of(row.transcript as usize, speaker) == Role::Interviewer
        };
        let before = row.place.saturating_sub(QUESTION_REACH)..row.place;
        let questions = before.filter(is_asked).map(|place| offset + place as usize).collect();
        Answered { passage, questions }
    };
    of.iter().map(answered).collect()
}

/// The question that a theme answers: a whole sentence as it was asked before much of its
/// evidence, and to a third of its people or more. A third of the evidence is enough where the
/// question has most of the words that name the theme, half where these do not name it well;
/// three quarters explain any theme. `None` if it has a name of its own.
///
/// # Errors
/// [`CorpusError::TextGone`] if a text is not remembered any more.
pub fn question_of(
    corpus: &Corpus,
    words: Words,
    passages: &[ParticipantPassage],
    theme: &CandidateTheme,
) -> Result<Option<String>, CorpusError> {
    let parts = &theme.named_by;
    let says: Vec<usize> =
        theme.passages.iter().copied().filter(|at| theme.evidence.contains(at)).collect();
    let answers = answered(corpus, passages, &says);
    let asked = come_from_questions(parts, &answers, words.counts);
    let sought: BTreeSet<usize> = (parts.iter().zip(&asked))
        .filter(|(_, is_asked)| **is_asked)
        .flat_map(|(part, _)| part.columns())
        .collect();
    let n_asked = asked.iter().filter(|is_asked| **is_asked).count();
    let is_named_by_questions = 2 * n_asked > parts.len();
    let case_of = |at: usize| passages[at].row.case;
    let people: BTreeSet<u32> = says.iter().map(|&at| case_of(at)).collect();
    // How many passages of the evidence answer a question, if enough, of enough people.
    let explains = |asked: &BTreeSet<usize>| {
        let is_put = |(answer, _): &(&Answered, &usize)| {
            answer.questions.iter().any(|&question| is_like(words, question, asked))
        };
        let put_to: Vec<usize> =
            answers.iter().zip(&says).filter(is_put).map(|(_, &at)| at).collect();
        let put_to_people = put_to.iter().map(|&at| case_of(at)).collect::<BTreeSet<u32>>();
        let has_the_name =
            is_named_by_questions && 2 * asked.intersection(&sought).count() > sought.len();
        let least = match (has_the_name, theme.is_named) {
            (true, _) => ANSWERED_OF_NAME,
            (_, false) => ANSWERED_OF_NAMELESS,
            (_, true) => ANSWERED,
        };
        let is_enough = put_to.len() as f64 >= least * says.len() as f64
            && 3 * put_to_people.len() >= people.len()
            && (has_the_name || asked.len() >= MIN_WORDS);
        is_enough.then_some(put_to.len())
    };
    let mut best: Option<(usize, String)> = None;
    for (answer, &at) in answers.iter().zip(&says).take(N_LOOKED_AT) {
        let t = passages[at].row.transcript as usize;
        let first = passages[at].passage - passages[at].row.place as usize;
        for &question in &answer.questions {
            for sentence in asked_sentences(corpus, t, question - first)? {
                let asked = columns_in(words, t, question - first, sentence.span);
                let Some(n) = explains(&asked) else { continue };
                if best.as_ref().is_none_or(|(known, _)| n > *known) {
                    best = Some((n, sentence.text));
                }
            }
        }
    }
    Ok(best.map(|(_, question)| question))
}

/// Whether a passage asks what a sentence asks, which uses these columns: it uses most of
/// them, and of few all. Guides are read out in other words to everybody; three words out of four stand
/// together by chance.
fn is_like(words: Words, question: usize, asked: &BTreeSet<usize>) -> bool {
    let row = words.counts.counts.outer_view(question);
    let uses = |column: &&usize| row.as_ref().is_some_and(|row| row.get(**column).is_some());
    let least = (3 * asked.len()).div_ceil(5).max(asked.len().min(FEW_WORDS));
    asked.iter().filter(uses).count() >= least
}

/// The last question right before a passage, as it was asked; `None` if none was.
///
/// # Errors
/// [`CorpusError::TextGone`] if a text is not remembered any more.
pub(super) fn question_before(corpus: &Corpus, row: Row) -> Result<Option<String>, CorpusError> {
    let t = row.transcript as usize;
    let Some(before) = (row.place as usize).checked_sub(1) else { return Ok(None) };
    let speaker = corpus.transcripts[t].passages[before].speaker;
    if corpus.role_of(t, speaker) != Role::Interviewer {
        return Ok(None);
    }
    Ok(asked_sentences(corpus, t, before)?.pop().map(|sentence| sentence.text))
}

/// A sentence of a transcript.
struct Sentence {
    span: Span,
    text: String,
}

/// The sentences of a passage that ask and are of a length that can head a theme.
fn asked_sentences(corpus: &Corpus, t: usize, place: usize) -> Result<Vec<Sentence>, CorpusError> {
    let transcript = corpus.text(t)?;
    let passage = &corpus.transcripts[t].passages[place];
    let mut found = Vec::new();
    for (_, piece) in passage.own_pieces(&transcript) {
        for inside in
            sentences(piece.of(&transcript.text), *HEADING_WORDS.end(), transcript.line_ends)
        {
            let span = Span { start: piece.start + inside.start, end: piece.start + inside.end };
            let text = span.of(&transcript.text).trim();
            let is_heading = HEADING_WORDS.contains(&text.split_whitespace().count());
            if is_heading && text.ends_with('?') {
                found.push(Sentence { span, text: text.to_owned() });
            }
        }
    }
    Ok(found)
}

/// The columns that a stretch of a passage uses.
fn columns_in(words: Words, t: usize, place: usize, span: Span) -> BTreeSet<usize> {
    let columns = &words.counts.columns[t];
    let tokens = words.analyses[t].passages[place].iter();
    let inside =
        tokens.filter(|token| span.start <= token.span.start && token.span.end <= span.end);
    inside.filter_map(|token| columns[token.form as usize]).map(|column| column as usize).collect()
}

/// For each term, whether at least half of the passages that use it answer a
/// question that uses it too. `passages` are those of the theme.
pub fn come_from_questions(
    terms: &[ThemeTerm],
    passages: &[Answered],
    counts: &TermCounts,
) -> Vec<bool> {
    let uses = |row: usize, column: usize| {
        counts.counts.outer_view(row).is_some_and(|row| row.get(column).is_some())
    };
    terms
        .iter()
        .map(|term| {
            // Nobody asks with a term of particles alone, "on and off".
            let columns: Vec<usize> = term.columns().collect();
            if columns.is_empty() {
                return false;
            }
            let using = passages
                .iter()
                .filter(|answered| columns.iter().all(|&column| uses(answered.passage, column)));
            let (mut n, mut n_asked) = (0, 0);
            for answered in using {
                n += 1;
                let is_asked = |&column: &usize| {
                    answered.questions.iter().any(|&question| uses(question, column))
                };
                n_asked += usize::from(columns.iter().all(is_asked));
            }
            n > 0 && 2 * n_asked >= n
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::counts::CountMatrix;

    #[test]
    fn a_question_is_the_same_if_it_has_three_in_five_of_the_words_and_of_few_all() {
        // Rows use the columns 0 to 5, 0 to 3, 0 to 2.
        let (starts, places) = (vec![0, 6, 10, 13], [0..6, 0..4, 0..3].into_iter().flatten());
        let counts = TermCounts {
            vocabulary: ["told", "later", "group", "tea", "door", "hall"]
                .map(str::to_owned)
                .to_vec(),
            counts: CountMatrix::new((3, 6), starts, places.collect(), vec![1; 13]),
            columns: Vec::new(),
        };
        let words = Words { analyses: &[], counts: &counts };
        let asks = |n: usize| [0, 1, 2].map(|row| is_like(words, row, &(0..n).collect()));
        assert_eq!(asks(6), [true, true, false]);
        assert_eq!(asks(4), [true, true, false]);
        assert_eq!(asks(3), [true, true, true]);
    }

    #[test]
    fn a_term_comes_from_the_questions_if_half_of_its_answers_were_asked_for_it() {
        // Passages 0, 2, 4, 6 answer the questions 1, 3, 5, 7. Columns: camera, tea, off.
        let rows: [&[u32]; 8] = [&[0, 2], &[0], &[0, 2], &[0], &[0, 1], &[1], &[1], &[]];
        let mut starts = vec![0];
        let mut places = Vec::new();
        for row in rows {
            places.extend_from_slice(row);
            starts.push(places.len());
        }
        let values = vec![1; places.len()];
        let counts = TermCounts {
            vocabulary: ["camera", "tea", "off"].map(str::to_owned).to_vec(),
            counts: CountMatrix::new((8, 3), starts, places, values),
            columns: Vec::new(),
        };
        let answered =
            [0, 2, 4, 6].map(|passage| Answered { passage, questions: vec![passage + 1] });
        let terms = [&[0][..], &[1], &[0, 2], &[2], &[]].map(ThemeTerm::of_columns);
        // camera: asked in 2 of 3; tea: 1 of 2; camera off and off: never in full. "On and off"
        // has no column.
        let asked = come_from_questions(&terms, &answered, &counts);
        assert_eq!(asked, [true, true, false, false, false]);
    }
}
