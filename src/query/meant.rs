//! Pseudonyms in a query: the names that they stand for.

use super::{PhraseWord, Query};
use crate::pseudonyms::Pseudonyms;

/// The most spellings that a pseudonym in a phrase stands for.
const MAX_SPELLINGS: usize = 64;

/// A query that finds what is shown as a pseudonym, too: where it stands, the
/// names behind it are alternatives.
pub(crate) fn with_names(query: Query, typed: &str, pseudonyms: &Pseudonyms) -> Query {
    let typed = typed.to_lowercase();
    let meant: Vec<Meant> = pseudonyms
        .by_pseudonym()
        .into_iter()
        .filter(|(pseudonym, _)| typed.contains(&pseudonym.to_lowercase()))
        .map(|(pseudonym, names)| Meant {
            words: words_of(pseudonym),
            is_word: pseudonym.chars().all(|c| c.is_alphanumeric() || c == ' '),
            names: names.into_iter().map(words_of).collect(),
        })
        .collect();
    if meant.is_empty() { query } else { widened(query, &meant) }
}

/// The words of a question with the names behind its pseudonyms.
pub(crate) fn question_with_names(typed: &str, pseudonyms: &Pseudonyms) -> String {
    let mut question = typed.to_owned();
    let typed = typed.to_lowercase();
    for (pseudonym, names) in pseudonyms.by_pseudonym() {
        if typed.contains(&pseudonym.to_lowercase()) {
            for name in names {
                question.push(' ');
                question.push_str(name);
            }
        }
    }
    question
}

/// A pseudonym that a query holds.
struct Meant {
    words: Vec<String>,
    /// Whether it may be said as it is: `P07`, but not `[town]`, since the talk of
    /// towns is not shown as that.
    is_word: bool,
    names: Vec<Vec<String>>,
}

fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn widened(query: Query, meant: &[Meant]) -> Query {
    let all = |parts: Vec<Query>| parts.into_iter().map(|part| widened(part, meant)).collect();
    match query {
        Query::Word(words) => {
            let lower: Vec<String> = words.iter().flat_map(|word| words_of(word)).collect();
            match meant.iter().find(|meant| meant.words == lower) {
                Some(meant) => any_of(meant.is_word.then_some(Query::Word(words)), &meant.names),
                None => Query::Word(words),
            }
        }
        Query::Phrase { words, near } => phrase(&words, near, meant),
        Query::Near { left, right, most } => Query::Near {
            left: Box::new(widened(*left, meant)),
            right: Box::new(widened(*right, meant)),
            most,
        },
        Query::Not(part) => Query::Not(Box::new(widened(*part, meant))),
        Query::And(parts) => Query::And(all(parts)),
        Query::Or(parts) => Query::Or(all(parts)),
        Query::Beside(parts) => Query::Beside(all(parts)),
        other @ (Query::Wildcard(_) | Query::Fuzzy { .. } | Query::Field(_)) => other,
    }
}

/// The pseudonym itself, if it may be said, or any of the names.
fn any_of(own: Option<Query>, names: &[Vec<String>]) -> Query {
    let mut parts: Vec<Query> = own.into_iter().collect();
    for name in names {
        if let [word] = name.as_slice() {
            parts.push(Query::Word(vec![word.clone()]));
            continue;
        }
        // A bare word is found with all its endings, a phrase as it is spoken.
        for ending in ["", "'s"] {
            let mut words = name.clone();
            if let Some(last) = words.last_mut() {
                last.push_str(ending);
            }
            let words = words.into_iter().map(PhraseWord::Spoken).collect();
            parts.push(Query::Phrase { words, near: None });
        }
    }
    if let [Query::Word(words)] = parts.as_slice() {
        // A bare word alone would be a ranked query, which finds more than it.
        let words = words.iter().cloned().map(PhraseWord::Spoken).collect();
        parts.push(Query::Phrase { words, near: None });
    }
    Query::Or(parts)
}

/// The words of a phrase, each by itself.
fn parted(words: &[PhraseWord]) -> Vec<PhraseWord> {
    let each = |word: &PhraseWord| match word {
        PhraseWord::Joined(words) => words.iter().cloned().map(PhraseWord::Spoken).collect(),
        word => vec![word.clone()],
    };
    words.iter().flat_map(each).collect()
}

/// A phrase in every spelling of the pseudonyms in it.
fn phrase(words: &[PhraseWord], near: Option<u8>, meant: &[Meant]) -> Query {
    let is = |word: &PhraseWord, wanted: &String| matches!(word, PhraseWord::Spoken(word) if word.to_lowercase() == *wanted);
    let mut spellings: Vec<Vec<PhraseWord>> = vec![Vec::new()];
    let (mut at, mut is_meant) = (0, false);
    let (whole, words) = (words, &parted(words));
    while at < words.len() {
        let here = meant.iter().find(|meant| {
            let n = meant.words.len();
            n > 0
                && at + n <= words.len()
                && words[at..at + n].iter().zip(&meant.words).all(|(word, wanted)| is(word, wanted))
        });
        is_meant |= here.is_some();
        let n = here.map_or(1, |meant| meant.words.len());
        let may_be_said = here.is_none_or(|meant| meant.is_word);
        let own = may_be_said.then(|| words[at..at + n].to_vec());
        let names = here.into_iter().flat_map(|meant| &meant.names);
        let names = names.map(|name| name.iter().cloned().map(PhraseWord::Spoken).collect());
        let choices: Vec<Vec<PhraseWord>> = own.into_iter().chain(names).collect();
        spellings = spellings
            .iter()
            .flat_map(|begun| choices.iter().map(|choice| [begun.as_slice(), choice].concat()))
            .take(MAX_SPELLINGS)
            .collect();
        at += n;
    }
    if !is_meant {
        return Query::Phrase { words: whole.to_vec(), near };
    }
    let mut parts: Vec<Query> =
        spellings.into_iter().map(|words| Query::Phrase { words, near }).collect();
    if parts.len() == 1 { parts.remove(0) } else { Query::Or(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse::parse;

    #[track_caller]
    fn check(query: &str, expected: &str) {
        let meant = [
            Meant {
                words: words_of("P07"),
                is_word: true,
                names: vec![words_of("Siân"), words_of("Siân Powell")],
            },
            Meant {
                words: words_of("[town]"),
                is_word: false,
                names: vec![words_of("Abergavenny")],
            },
        ];
        let parsed = parse(query, &[]).unwrap();
        assert_eq!(widened(parsed, &meant).to_string(), expected);
    }

    #[test]
    fn a_pseudonym_in_a_query_stands_for_its_names() {
        check("P07", "P07 OR siân OR \"siân powell\" OR \"siân powell's\"");
        check(
            "p07 AND silence",
            "(p07 OR siân OR \"siân powell\" OR \"siân powell's\") AND silence",
        );
        check(
            "\"with P07 in [town]\"",
            "\"with P07 in abergavenny\" OR \"with siân in abergavenny\" OR \"with siân powell in abergavenny\"",
        );
        check("[town]", "abergavenny OR \"abergavenny\"");
        check("silence speaker:P07", "silence speaker:P07");
        check("\"an e-mail\"", "\"an e-mail\"");
        check("\"ex-P07\"", "\"ex P07\" OR \"ex siân\" OR \"ex siân powell\"");
    }
}
