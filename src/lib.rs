#![doc = include_str!("ARCHITECTURE.md")]

pub mod base;
pub mod features;
pub mod passages;
pub mod search;
pub mod sources;
pub mod study;
pub mod terms;
pub mod transcripts;
