//! The query language for talk: what a query means, and how it is printed.
//!
//! # The grammar
//!
//! ```text
//! any      = all { "OR" all }
//! all      = beside { "AND" beside }
//! beside   = unary { unary }
//! unary    = ( "NOT" | "-" ) unary | near
//! near     = primary { "NEAR/" number primary }
//! primary  = "(" any ")" | word | phrase | field
//! word     = silence | silen* | *less | wom?n | recieve~ | recieve~2
//! phrase   = '"' { word | "*" } '"' [ "~" number ]
//! field    = name ":" ( value | '"' value '"' | ">" value | low ".." high )
//! ```
//!
//! - A bare word finds every form that the transcript's language gives it: its
//!   stem. Words in quotes, with `*` or `?`, or with `~` are compared as
//!   spoken. Case never matters, and accents may be left out.
//! - Things side by side are alternatives: any of them is found, the best
//!   first. Fields and `NOT` beside them narrow what is found.
//! - A query with a bare word among such alternatives is **ranked**: what is
//!   said around a passage counts too, so that passages are found that do not
//!   hold the word themselves. Any other query is **complete**: it finds all
//!   passages that hold what is asked for, and no others.
//! - `AND` and `NOT` look at one passage, some 80 words of one speaker;
//!   `NEAR/n` and `"…"~n` leave at most `n` other words between or among
//!   theirs, in any order, in one turn.
//! - A word that few passages hold is joined by words of its family (see
//!   [`Family`](crate::terms::Family)) in a ranked query, and words of near meaning stand
//!   in for it (see [`NearWord`](crate::terms::NearWord)). Two words that follow each
//!   other in it count where they do so in the talk. A word finds itself with and
//!   without a hyphen, also in quotes: `e-mail`, `email`, `e mail`.
//! - A `?` at the end of a word is a question mark; a `*` alone in a phrase is
//!   any one word.
//!
//! ```
//! use leitmotif::query::parse::parse;
//!
//! let query = parse("garden* AND \"on my own\"", &[])?;
//! assert_eq!(query.to_string(), "garden* AND \"on my own\"");
//! # Ok::<(), leitmotif::query::parse::QueryError>(())
//! ```

pub mod meant;
pub mod parse;

use std::fmt;

use crate::base::Span;

/// Names of the fields that every study has, with what they test.
pub const FIELDS: &[(&str, &str)] = &[
    ("speaker", "who speaks, by label"),
    ("role", "interviewer, participant or other"),
    ("case", "the participant (case)"),
    ("group", "the group of the case"),
    ("transcript", "the transcript's id"),
    ("theme", "number or label of a candidate theme, as last suggested"),
    ("code", "name or path of a code; what people coded with it or with one under it"),
    ("answers", "what follows an interviewer's question with these words"),
    ("time", "when it is said"),
];

/// The most words that may stand between words that are near each other: the
/// words of two turns are further apart.
pub const MAX_NEAR: u8 = 99;

/// A query, parsed. Two queries are equal if they mean the same, wherever
/// their parts stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// A bare word in any of its forms; several where a hyphen joins them.
    Word(Vec<String>),
    /// Words as spoken, one after the other; with `near`, in any order among
    /// at most so many others.
    Phrase {
        /// The words, at least one; the first and the last are not `Any`.
        words: Vec<PhraseWord>,
        /// How many other words may stand among them.
        near: Option<u8>,
    },
    /// A word as spoken with `*` for any letters and `?` for one.
    Wildcard(String),
    /// A word as spoken, give or take one or two letters.
    Fuzzy {
        /// The word.
        word: String,
        /// 1 or 2.
        edits: u8,
    },
    /// A test of who talks, where or when.
    Field(FieldTest),
    /// Both sides, with at most so many words between them.
    Near {
        /// One side.
        left: Box<Self>,
        /// The other.
        right: Box<Self>,
        /// How many words may stand between them.
        most: u8,
    },
    /// Whatever does not match.
    Not(Box<Self>),
    /// All, in one passage; at least two.
    And(Vec<Self>),
    /// Any; at least two.
    Or(Vec<Self>),
    /// Side by side; at least two. See the module's documentation.
    Beside(Vec<Self>),
}

/// A word of a phrase.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhraseWord {
    /// As spoken.
    Spoken(String),
    /// Words that a hyphen joins.
    Joined(Vec<String>),
    /// With wildcards.
    Wildcard(String),
    /// Any one word.
    Any,
}

/// A test of a field.
#[derive(Debug, Clone)]
pub struct FieldTest {
    /// The field's name: see [`field_name`](crate::transcripts::cases::field_name).
    pub name: String,
    /// What its value must be.
    pub value: FieldValue,
    /// Where the value stands in the query, for messages.
    pub at: Span,
}

impl PartialEq for FieldTest {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.value) == (&other.name, &other.value)
    }
}

impl Eq for FieldTest {}

/// What a field's value must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// This, with `*` and `?` as wildcards.
    Is(String),
    /// More or less than this.
    Compare(Comparison, String),
    /// From the one to the other, both included; either may be empty.
    Between(String, String),
}

/// How a value compares with a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// All, longest sign first.
    pub const ALL: [Self; 4] = [Self::AtMost, Self::AtLeast, Self::Less, Self::More];

    /// How it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }

    /// Whether something in this order to the bound passes.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

impl Query {
    /// Whether the query only narrows what others find: fields and negations.
    pub fn is_filter(&self) -> bool {
        match self {
            Self::Field(_) | Self::Not(_) => true,
            Self::And(parts) | Self::Or(parts) | Self::Beside(parts) => {
                parts.iter().all(Self::is_filter)
            }
            _ => false,
        }
    }

    /// Whether matches have places in the talk, so that something can stand
    /// near them.
    pub fn has_places(&self) -> bool {
        match self {
            Self::Word(_)
            | Self::Phrase { .. }
            | Self::Wildcard(_)
            | Self::Fuzzy { .. }
            | Self::Near { .. } => true,
            Self::Or(parts) | Self::Beside(parts) => parts.iter().all(Self::has_places),
            Self::Field(_) | Self::Not(_) | Self::And(_) => false,
        }
    }

    /// All tests of fields in it.
    pub fn fields(&self) -> Vec<&FieldTest> {
        match self {
            Self::Field(test) => vec![test],
            Self::Not(part) => part.fields(),
            Self::And(parts) | Self::Or(parts) | Self::Beside(parts) => {
                parts.iter().flat_map(Self::fields).collect()
            }
            // The parser lets no field stand near something.
            _ => Vec::new(),
        }
    }

    /// The parts of a ranked query: what is sought, and what narrows it;
    /// `None` if the query is complete.
    pub fn ranked(&self) -> Option<(Vec<&Self>, Vec<&Self>)> {
        let (mut sought, mut filters) = (Vec::new(), Vec::new());
        self.lay_out(&mut sought, &mut filters);
        let has_word = sought.iter().any(|part| matches!(part, Self::Word(_)));
        let all_plain = sought.iter().all(|part| part.has_places());
        (has_word && all_plain).then_some((sought, filters))
    }

    fn lay_out<'q>(&'q self, sought: &mut Vec<&'q Self>, filters: &mut Vec<&'q Self>) {
        match self {
            // Brackets around part of what stands side by side change nothing,
            // unless a filter inside them is meant for that part alone.
            Self::Beside(parts) => {
                for part in parts {
                    let is_open =
                        !matches!(part, Self::Beside(inner) if inner.iter().any(Self::is_filter));
                    if part.is_filter() {
                        filters.push(part);
                    } else if is_open {
                        part.lay_out(sought, filters);
                    } else {
                        sought.push(part);
                    }
                }
            }
            part if part.is_filter() => filters.push(part),
            part => sought.push(part),
        }
    }

    /// How strongly a part binds: what binds less needs brackets inside it.
    fn strength(&self) -> u8 {
        match self {
            Self::Or(_) => 0,
            Self::And(_) => 1,
            Self::Beside(_) => 2,
            Self::Not(_) => 3,
            Self::Near { .. } => 4,
            _ => 5,
        }
    }

    fn write_inside(&self, f: &mut fmt::Formatter<'_>, least: u8) -> fmt::Result {
        if self.strength() < least { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

impl fmt::Display for Query {
    /// Writes the query so that parsing it gives the same query.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, parts: &[Self], with: &str, least: u8| {
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    f.write_str(with)?;
                }
                part.write_inside(f, least)?;
            }
            Ok(())
        };
        match self {
            Self::Word(words) => f.write_str(&words.join("-")),
            Self::Phrase { words, near } => {
                let words: Vec<String> = words
                    .iter()
                    .map(|word| match word {
                        PhraseWord::Spoken(word) | PhraseWord::Wildcard(word) => word.clone(),
                        PhraseWord::Joined(words) => words.join("-"),
                        PhraseWord::Any => "*".to_owned(),
                    })
                    .collect();
                write!(f, "\"{}\"", words.join(" "))?;
                near.map_or(Ok(()), |near| write!(f, "~{near}"))
            }
            Self::Wildcard(pattern) => f.write_str(pattern),
            Self::Fuzzy { word, edits: 1 } => write!(f, "{word}~"),
            Self::Fuzzy { word, edits } => write!(f, "{word}~{edits}"),
            Self::Field(FieldTest { name, value, .. }) => write!(f, "{name}:{value}"),
            Self::Near { left, right, most } => {
                left.write_inside(f, 4)?;
                write!(f, " NEAR/{most} ")?;
                right.write_inside(f, 5)
            }
            Self::Not(part) => {
                f.write_str("NOT ")?;
                part.write_inside(f, 3)
            }
            Self::And(parts) => joined(f, parts, " AND ", 2),
            Self::Or(parts) => joined(f, parts, " OR ", 1),
            Self::Beside(parts) => joined(f, parts, " ", 3),
        }
    }
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(value) => {
                let is_plain =
                    value.chars().all(|c| !c.is_whitespace() && !"()\"“”„«»".contains(c))
                        && !value.starts_with(['<', '>'])
                        && !value.ends_with([',', ';', '!', '?'])
                        && !value.contains("..");
                if is_plain { f.write_str(value) } else { write!(f, "\"{value}\"") }
            }
            Self::Compare(comparison, bound) => write!(f, "{}{bound}", comparison.sign()),
            Self::Between(low, high) => write!(f, "{low}..{high}"),
        }
    }
}
