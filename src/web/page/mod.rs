//! The pages: a question to the study becomes the values of a template.

pub(super) mod codebook;
pub(super) mod compare;
pub(super) mod names;
mod pictures;
pub(super) mod quotes;
pub(super) mod read;
pub(super) mod report;
pub(super) mod settings;
pub(super) mod study;
pub(super) mod themes;
pub(super) mod views;
