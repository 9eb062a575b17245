//! Compares groups of people: shares, differences, and words that set them apart.
//!
//! Counts of participants come in; estimates with their uncertainty go out.
//! Everything counts people, not words, so that one talkative person makes no
//! group. Only [`coders`] knows transcripts.
//!
//! ```
//! use leitmotif::{base::proportions::wilson, compare::fisher::fisher_exact};
//!
//! // 5 of 6 leaders and 2 of 10 participants speak of it.
//! let interval = wilson(5, 6);
//! assert!(interval.low > 0.4 && interval.high < 0.98);
//! assert!(fisher_exact([[5, 1], [2, 8]]) < 0.05);
//! ```

pub mod agreement;
pub mod coders;
pub mod fisher;
pub mod groups;
pub mod interviews;
pub mod keyness;
pub mod multiple;
pub mod proposals;
pub mod saturation;
