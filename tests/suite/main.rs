//! What people meet: the executable on folders, and rules of the code base.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::format_push_string,
    clippy::format_collect,
    reason = "a test that fails may panic"
)]

mod habits;
mod harness;

mod acts;
mod agreement;
#[cfg(feature = "web")]
mod browser;
#[cfg(feature = "web")]
mod browser_keys;
#[cfg(feature = "web")]
mod browser_looks;
#[cfg(feature = "web")]
mod browser_study;
#[cfg(feature = "web")]
mod browser_two;
mod commands;
mod compare;
mod counted_once;
mod damage;
mod decisions;
mod determinism;
mod everywhere;
mod exchange;
mod formats;
mod fuzz;
mod given;
mod growth;
mod guides;
mod killed;
mod laws;
mod layers;
mod limits;
#[cfg(feature = "web")]
mod markup;
mod naming;
mod output;
mod pictures;
mod propose;
mod pseudonyms;
mod report;
mod rules;
mod saturation;
mod schema;
mod search;
mod shared_data;
mod shell;
mod stance;
mod store;
mod tables;
mod themes;
#[cfg(feature = "web")]
mod web;
#[cfg(feature = "web")]
mod web_bring;
mod web_door;
#[cfg(feature = "web")]
mod web_names;
#[cfg(feature = "web")]
mod web_open;
#[cfg(feature = "web")]
mod web_pictures;
#[cfg(feature = "web")]
mod web_reading;
#[cfg(feature = "web")]
mod web_study;
#[cfg(feature = "web")]
mod web_together;
#[cfg(feature = "web")]
mod web_truth;
#[cfg(feature = "web")]
mod web_views;
