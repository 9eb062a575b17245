//! What every layer needs: positions in text, times, seeds, warnings.
//!
//! Nothing comes in and nothing goes out; these are the words that the other
//! modules talk in. The main types are [`Span`], [`TimeSpan`] and [`Warned`].
//!
//! ```
//! use leitmotif::base::Span;
//!
//! let text = "Siân: It was, um, odd at first.";
//! let words = Span::new(7, text.len());
//! assert_eq!(words.of(text), "It was, um, odd at first.");
//! ```

mod diagnostic;
mod figures;
pub mod files;
mod hash;
mod order;
mod progress;
pub mod proportions;
mod seed;
mod span;
mod warned;
mod words;
mod wrapping;

pub use diagnostic::{Diagnose, Diagnostic, FilePlace, Remedy, Task};
pub use figures::{count, number};
pub use hash::{Set, Table, hash_of, hash_of_words};
pub use order::{natural_order, nearest};
pub use progress::{Progress, Stopped};
pub use seed::{Numbers, Seed};
pub use span::{LineIndex, Lines, Span, TimeSpan, clock, lines_cited};
pub use warned::Warned;
pub use words::{all_seen, counts_alone, has_unseen, is_unseen, is_unspaced, one_line, words_in};
pub use wrapping::{LineEnds, ends_sentence, is_taken_out, taken_out};
