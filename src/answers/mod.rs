//! Everything that goes out: plain values for whoever prints, draws or reads them.
//!
//! The stages make them, `rendering` writes them, `cli` and pages show them. No value
//! here holds advice or writes itself. What `serde` makes of them is a contract
//! with whatever reads it: fields are added and not renamed.
//!
//! Every answer of a study holds the names that were said. It comes out of the
//! study as an [`Unshown`], and the only way to its contents is through the key of
//! names, by [`Unshown::shown`]; each type says in `names` what is hidden in it.
//!
//! Scores, weights and shares are rounded to six digits after the point, since
//! logarithms may differ in the last bit between platforms. `lines` count from
//! 1 in the transcript's plain text, both ends included; `highlights` count
//! Unicode scalar values of `text`, half-open.

mod agreement;
mod board;
mod codebook;
mod compare;
mod data;
pub mod document;
mod figures;
mod growth;
mod info;
mod names;
mod propose;
mod pseudonyms;
mod quotes;
mod reading;
mod rule;
mod saturation;
pub mod schema;
mod themes;
mod verify;

pub use crate::base::proportions::Interval;
pub use agreement::*;
pub use board::*;
pub use codebook::*;
pub use compare::*;
pub use data::*;
pub use figures::{Band, Spread, round};
pub use growth::*;
pub use info::*;
pub use names::{HideNames, Unshown};
pub use propose::*;
pub use pseudonyms::*;
pub use quotes::*;
pub use reading::*;
pub use rule::*;
pub use saturation::*;
pub use themes::*;
pub use verify::*;
