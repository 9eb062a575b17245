//! The one [`Analyzer`]: words as spoken become tokens, stems and terms.
//!
//! Text comes in; [`Token`]s with byte spans go out, so that a stem finds its
//! way back to the spoken word. Search and themes use the same analyzer: the
//! terms of a theme find its passages.
//!
//! ```
//! use leitmotif::terms::{Analyzer, AnalyzerParams, Language, TokenKind};
//!
//! let analyzer = Analyzer::new(Language::English, &AnalyzerParams::default());
//! let text = "Um, the groups [laughs] were meeting.";
//! let tokens = analyzer.tokens(text);
//! let content: Vec<&str> =
//!     tokens.iter().filter(|t| t.kind == TokenKind::Content).map(|t| t.span.of(text)).collect();
//! assert_eq!(content, ["groups", "meeting"]);
//! assert_eq!(analyzer.stem("groups"), "group");
//! ```

mod analysis;
mod analyzer;
mod family;
mod fold;
mod language;
mod near;
mod plain;
mod stopwords;
mod word_list;
mod words;

pub use analysis::{Analysis, AnalyzedToken, analyze};
pub use analyzer::{Analyzer, AnalyzerParams};
pub use family::Family;
pub use fold::fold;
pub use language::{Detected, Language};
pub use near::{N_NUMBERS, NearWord};
pub use plain::{WordClass, points_back};
pub use word_list::WordList;
pub use words::{Token, TokenKind};
