//! The researcher's codes, carried to the rest of the talk.
//!
//! The words of all passages come in, with the codebook and where its quotations stand;
//! for a code, the passages in which it probably occurs go out, the most probable first,
//! each with its reasons. Nothing is coded by it: a person accepts or rejects each. What
//! they reject teaches too.
//!
//! [`wording`] counts what passages say, [`coded`] gathers what was decided, [`learning`]
//! learns a code ([`logistic`] is the solver, [`name`] its own words as a query,
//! [`calibration`] the promise), [`ranking`] puts passages in order, and [`listing`] makes
//! the list, with what [`because`] tells. [`rule`] suggests a query that says of a code what
//! its quotations have in common. The main type is [`Proposer`].
//!
//! ```
//! use leitmotif::propose::calibration::Curve;
//!
//! // Scores of passages that were left out, with whether people gave them the code.
//! let left_out = [(2.1, true), (1.7, true), (1.2, false), (0.3, false), (-0.4, false)];
//! let curve = Curve::fit(&left_out).expect("there are right and wrong ones");
//! assert!(curve.at(2.0) > 0.5 && curve.at(0.0) < 0.5);
//! ```

pub mod because;
pub mod calibration;
pub mod coded;
pub mod learning;
pub mod listing;
pub mod logistic;
pub mod name;
pub mod ranking;
pub mod rule;
pub mod wording;

pub use listing::{Judged, PROBABLE, ProposeParams, Proposer};
