//! All that can be asked of a study at one moment, a file each.
//!
//! A [`Snapshot`](crate::study::Snapshot) and the parameters of a question come in; an answer goes out,
//! [`Unshown`](crate::answers::Unshown) until the key of names has been applied to it. Each question is a method
//! of the snapshot that delegates to the room of its subject. Nothing here changes the study;
//! what is written goes where a person exports it to.

pub mod agreement;
pub mod codebook;
mod compare;
pub mod data;
pub mod document;
pub mod export;
mod info;
mod progress;
pub mod propose;
pub mod reading;
mod rule;
mod search;
pub(crate) mod themes;
pub mod verify;
pub(crate) mod voices;
