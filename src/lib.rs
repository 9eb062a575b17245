#![doc = include_str!("ARCHITECTURE.md")]

pub mod base;
pub mod cli;
pub mod codebook;
pub mod compare;
pub mod exchange;
pub mod features;
pub mod passages;
pub mod report;
pub mod search;
pub mod sources;
pub mod store;
pub mod study;
pub mod terms;
pub mod themes;
pub mod transcripts;
