//! A study in parts, for engines that spread work over many machines.
//!
//! Bytes come in and bytes go out: nothing here opens a socket or a thread of an engine, nor
//! a file but those of an index ([`crate::study::shards`]). A [`FileRead`] is a row that an engine carries; the steps between its rows and a
//! [`Model`] are those of the single machine, cut where only sums over transcripts are needed:
//!
//! | Step | Where | What |
//! | --- | --- | --- |
//! | [`FileRead::of`] | with the files | a transcript, its passages and its words |
//! | [`Plan::new`] | the driver | who is who, from what is known of all without their texts; a sample |
//! | [`Plan::hear`] | the driver | what recurs in the sample |
//! | [`Tally`] | with the transcripts | how often terms and their forms are said; the engine adds up |
//! | [`Fitting`] | the driver, and [`products`] with the transcripts | the singular vectors, by sums |
//! | [`place`] | with the transcripts | points in context: a transcript is never cut |
//! | [`Model::suggest`] | the driver | themes of the sample, as one machine suggests them |
//! | [`Model::assign`] | with the transcripts | the theme of every passage |
//! | [`Model::index`] | with the transcripts | a shard of an index that `leitmotif search` reads |
//! | [`Plan::end_index`] | the driver | what holds for all shards |
//! | [`count_all_words`] | with the transcripts | how often all words are said |
//! | [`Teaching`] | the driver | what the coded interviews of a study teach of codes |
//! | [`Spread`] | with the transcripts | how scores for codes spread; the engine adds up |
//! | [`Proposals`] | with the transcripts | passages in which codes probably occur |
//!
//! What an engine carries is written by `postcard`, and only for the same version of this
//! crate; what is kept is a [`Model`], which names its version.

mod counting;
mod fitting;
mod indexing;
mod model;
mod plan;
mod proposing;
mod reading;
#[cfg(test)]
mod tests;

pub use counting::{Lexicon, Said, Tally};
pub use fitting::{Fitting, Rows, add_up, pack_placing, place, products, unpack_placing};
pub use indexing::Indexed;
pub use model::{Assigned, FORMAT, Model};
pub use plan::{Plan, Voices};
pub use proposing::{Proposals, ProposedRow, Questions, Spread, Teaching, count_all_words};
pub use reading::{FileRead, PassageRow, Setup, passages_of, usual_language};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::{Diagnose, Remedy};
use crate::study::StudyError;

/// Why a step cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The settings or the cases have a mistake, or nothing was read.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// A row is not of this version, or was cut off.
    #[error("a row of {what} cannot be read")]
    Row {
        /// What it should hold.
        what: &'static str,
    },
    /// Two things that belong together do not.
    #[error("{0}")]
    Apart(String),
}

impl Diagnose for BatchError {
    fn place(&self) -> Option<crate::base::FilePlace> {
        match self {
            Self::Study(error) => error.place(),
            Self::Row { .. } | Self::Apart(_) => None,
        }
    }

    fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::Study(error) => error.remedy(),
            Self::Row { .. } => Some(Remedy::new(
                "ingest the files again, with the same version of the package on every machine",
            )),
            Self::Apart(_) => None,
        }
    }
}

fn packed(value: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(value).expect("what is carried has a plain form")
}

fn unpacked<T: DeserializeOwned>(bytes: &[u8], what: &'static str) -> Result<T, BatchError> {
    // What went wrong in it tells nobody anything.
    postcard::from_bytes(bytes).ok().ok_or(BatchError::Row { what })
}
